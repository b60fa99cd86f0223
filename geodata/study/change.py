"""What two releases tell together: by how much a cell has changed.

Cells printed in both are subtracted. For the others, and for sums that follow from what is printed,
both releases are linked into one system: the atoms of the earlier one, and what was added to each
since. A register grows, so an attacker takes it that nothing was taken away, unless the printed
figures say otherwise. Linear programmes look for tables that agree with both releases in which a
cell has not changed, or has changed by k or more; where there is none, the change is known to be
small. In the same way they look whether a withheld count is known to be small beside the other
release.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import linprog

from .linked import ALL, Key
from .printed import Printed
from .work import UnprotectedError, Work

SLACK = 1e-6
IDLE, FEW = 4, 0.3  # tables are drawn for many cells at once, until a few in a row strike few
OTHER = "\0"  # leaves of an earlier release that its ledger does not name


@dataclass(frozen=True)
class Change:
    """Cells that two releases together say too much about.

    Parameters
    ----------
    changed : frozenset of tuple of str
        Cells known to have changed by 1 to k - 1.
    opened : frozenset of tuple of str
        Cells withheld in one release of which the count is known, beside the other, to be small.
    """

    changed: frozenset[Key]
    opened: frozenset[Key]


def compare(earlier: Printed, later: Printed, k: int, *, work: Work | None = None) -> Change:
    """Compare two releases of the same records.

    Parameters
    ----------
    earlier, later : Printed
        What was printed, and what would be.
    k : int
        Smallest count that is printed.
    work : Work, optional
        What the programmes may cost. Cells that it does not suffice for count as given away.

    Returns
    -------
    Change
        Without cells if both together tell no small change.
    """
    both = earlier.cells.keys() & later.cells.keys()
    changed = {key for key in both if 0 < abs(later.cells[key] - earlier.cells[key]) < k}
    if earlier.cells == later.cells and earlier.dimensions == later.dimensions:
        return Change(frozenset(), frozenset())
    if [d.name for d in earlier.dimensions] != [d.name for d in later.dimensions]:
        # Nothing links their atoms, so that only what both print can be compared.
        return Change(frozenset(changed), frozenset())
    linked = _Linked(earlier, later, k, work or Work())
    return Change(frozenset(changed | linked.changed()), frozenset(linked.opened()))


class _Linked:
    """Both releases as one system of atoms, and the tables that agree with it."""

    def __init__(self, earlier: Printed, later: Printed, k: int, work: Work) -> None:
        self.k, self.work, self.rng = k, work, np.random.default_rng(5)
        self.grown = True  # nothing was taken away
        self.keys = list(
            dict.fromkeys(
                (*later.cells, *sorted(later.withheld), *earlier.cells, *sorted(earlier.withheld))
            )
        )
        before = _sums(self.keys, earlier, later, side=0)
        after = _sums(self.keys, earlier, later, side=1)
        # A total of the earlier years is compared with the same years, whatever it holds now.
        apart = np.flatnonzero(np.asarray(np.abs(before - after).sum(axis=1)) > 0)
        self.before = sp.csr_array(sp.vstack([before, before[apart]], format="csr"))
        self.after = sp.csr_array(sp.vstack([after, before[apart]], format="csr"))
        self.keys += [self.keys[cell] for cell in apart]
        row = {key: i for i, key in enumerate(self.keys[: before.shape[0]])}
        first = [row[key] for key in earlier.cells]
        second = [row[key] for key in later.cells]
        self.values = np.array([*earlier.cells.values(), *later.cells.values()], dtype=float)
        self.printed = (self.before[first], self.after[second])
        self._group()
        self.known = np.zeros(len(self.keys), dtype=bool)
        self.known[[row[key] for key in earlier.cells.keys() & later.cells.keys()]] = True
        # Of which cells a count is withheld, before and after.
        self.out = [np.zeros(len(self.keys), dtype=bool) for _ in range(2)]
        for out, system in zip(self.out, (earlier, later), strict=True):
            out[[row[key] for key in system.withheld]] = True
        # What is still to be shown: that a change may be none or large; that a count may be none
        # or large, and that it is not known to be none.
        self.change = ~self.known
        self.small = [out.copy() for out in self.out]
        self.none = [out.copy() for out in self.out]
        self._look()

    def changed(self) -> set[Key]:
        """Return the cells of which the change is known to be small."""
        return {self.keys[cell] for cell in np.flatnonzero(self.change)}

    def opened(self) -> set[Key]:
        """Return the withheld cells that are known to be small."""
        left = np.any([*self.small, *self.none], axis=0)
        return {self.keys[cell] for cell in np.flatnonzero(left)}

    def _look(self) -> None:
        try:
            self._solve(np.zeros(self.size), first=True)
            self._draw()
            for which, left in enumerate((*self.small, *self.none, self.change)):
                for cell in np.flatnonzero(left).tolist():
                    for down in (True, False):
                        if left[cell]:
                            self._one(cell, which if which == 4 else which % 2, down=down)
        except UnprotectedError:
            return

    def _group(self) -> None:
        """Take atoms together that no printed cell tells apart: of a group only the sum matters.

        The sum of a group may lie on any of its atoms. So what a cell holds of it is between none,
        or all where the whole group is in the cell, and all, or none where nothing of it is.
        """
        first, again = (sp.csr_array(part) for part in self.printed)
        halves = [[first, sp.csr_array(first.shape, dtype=np.int64)]]
        # What was added to each atom, or all that was there later where figures have fallen.
        halves.append([again if self.grown else sp.csr_array(again.shape, dtype=np.int64), again])
        equal = sp.vstack([sp.hstack(half) for half in halves], format="csr")
        weights = self.rng.integers(1, 2**62, equal.shape[0], dtype=np.int64)
        _, one, group = np.unique(equal.T @ weights, return_index=True, return_inverse=True)
        self.equal, self.size = sp.csr_array(equal[:, one]).astype(float), len(one)
        sizes = np.bincount(group)
        gather = sp.csr_array(
            (np.ones(len(group), dtype=np.int64), (np.arange(len(group)), group)),
            shape=(len(group), len(one)),
        )
        none = sp.csr_array(self.before.shape, dtype=np.int64)
        later = [self.after if self.grown else none, self.after]
        counts = [sp.hstack([self.before, none]), sp.hstack(later)]
        self.least, self.most = [], []
        for cells in (*counts, counts[1] - counts[0]):
            more, less = (sp.csr_array((sign * cells > 0).astype(np.int64) @ gather)
                          for sign in (1, -1))  # fmt: skip
            self.least.append(_whole(more, sizes) - _any(less))
            self.most.append(_any(more) - _whole(less, sizes))

    def _left(self) -> int:
        return int(sum(part.sum() for part in (self.change, *self.small, *self.none)))

    def _draw(self) -> None:
        """Draw all that is left at once to none or to much, as long as that strikes some."""
        idle, lot = 0, 0
        while (left := self._left()) and idle < IDLE:
            few = 1.0 if lot < IDLE else FEW
            cost = np.zeros(self.size)
            for which in range(3):
                mine = self.change if which == 2 else self.small[which] | self.none[which]
                mine = mine * (self.rng.random(len(self.keys)) < few)
                down = self.rng.random(len(self.keys)) < (lot % 2 if which == 2 else 0.5)
                weight = self.rng.random(len(self.keys)) * mine
                cost += self.least[which].T @ (weight * down)
                cost -= self.most[which].T @ (weight * ~down)
            self._solve(cost)
            idle = 0 if self._left() < left else idle + 1
            lot += 1

    def _one(self, cell: int, which: int, *, down: bool) -> None:
        """Look for the least or the largest count, or change, of one cell."""
        of = min(which, 2)
        rows = self.least[of][[cell]] if down else -self.most[of][[cell]]
        self._solve(rows.toarray()[0])

    def _solve(self, cost: NDArray[np.float64], *, first: bool = False) -> None:
        """Find a table of both releases by the costs of its groups, and note what it shows."""
        # Costs without bound are drawn to a bound that is more than any count asked for.
        most = max(2.0 * self.k, float(self.values.max(initial=0)))
        result = linprog(  # type: ignore[call-overload]  # the stubs lack sparse tables
            cost,
            A_eq=self.equal if self.equal.shape[0] else None,
            b_eq=self.values if self.equal.shape[0] else None,
            bounds=(0, most),
            method="highs-ds",
            options={"time_limit": self.work.left()},
        )
        self.work.spend((int(result.nit) + 20) * sum(self.equal.shape))
        if result.x is not None:
            self._note(result.x)
        elif first and self.grown:  # some were taken away in between
            self.grown = False
            self._group()
            self._solve(np.zeros(self.size))

    def _note(self, sums: NDArray[np.float64]) -> None:
        """Strike what a table shows to be possible, wherever the sums of its groups lie."""
        low, high = ([part @ sums for part in parts] for parts in (self.least, self.most))
        none = (low[2] <= SLACK) & (high[2] >= -SLACK)
        self.change &= ~none & (np.maximum(high[2], -low[2]) < self.k - SLACK)
        for which in range(2):
            self.small[which] &= (low[which] > SLACK) & (high[which] < self.k - SLACK)
            self.none[which] &= high[which] < 1 - SLACK


def _any(parts: sp.csr_array) -> sp.csr_array:
    """Return 1 where some of a group is in a cell."""
    return sp.csr_array((parts > 0).astype(float))


def _whole(parts: sp.csr_array, sizes: NDArray[np.int64]) -> sp.csr_array:
    """Return 1 where all of a group is in a cell."""
    parts = parts.astype(float)
    parts.data = (parts.data == sizes[parts.indices]).astype(float)
    parts.eliminate_zeros()
    return parts


def _sums(keys: list[Key], earlier: Printed, later: Printed, *, side: int) -> sp.csr_array:
    """Return which atoms of both releases each key holds in one of them."""
    parts: list[dict[str, list[int]]] = []
    for old, new in zip(earlier.dimensions, later.dimensions, strict=True):
        groups = {**old.groups, **new.groups}
        closed = old.name in earlier.public
        leaves = [
            leaf
            for leaf in dict.fromkeys((*new.leaves, *old.leaves, *([] if closed else [OTHER])))
            if leaf not in groups
        ]
        place = {leaf: i for i, leaf in enumerate(leaves)}
        here = set(new.leaves if side else old.leaves if closed else leaves)
        inside = {ALL: [place[leaf] for leaf in leaves if leaf in here]}
        for code, members in groups.items():
            # The members of a group that the ledger does not name are among the others.
            more = {OTHER} if not closed and not side else set()
            mine = {*(groups[code] if side else (*old.groups.get(code, ()), *members)), *more}
            inside[code] = [place[leaf] for leaf in leaves if leaf in mine & here]
        inside |= {leaf: [place[leaf]] if leaf in here else [] for leaf in leaves}
        inside["size"] = [len(leaves)]
        parts.append(inside)
    shape = [part.pop("size")[0] for part in parts]
    columns, ends = [], [0]
    for key in keys:
        held = product(*(part[code] for part, code in zip(parts, key, strict=True)))
        atoms = list(held)
        if atoms:
            columns.append(np.ravel_multi_index(tuple(np.array(atoms).T), shape))
        ends.append(ends[-1] + len(atoms))
    indices = np.concatenate(columns) if columns else np.zeros(0, dtype=int)
    ones = np.ones(len(indices), dtype=np.int64)
    return sp.csr_array((ones, indices, ends), shape=(len(keys), int(np.prod(shape))))
