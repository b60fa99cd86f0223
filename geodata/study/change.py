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
        self.grown = True
        nothing = np.zeros(len(self.keys))
        try:
            self.grown = self._solve(nothing, nothing)
            self._draw()
            for which in range(2):
                for cell in np.flatnonzero(self.small[which] | self.none[which]).tolist():
                    for sign in (1.0, -1.0):
                        if self.small[which][cell] or self.none[which][cell]:
                            self._one(cell, sign, which)
            for cell in np.flatnonzero(self.change).tolist():
                for sign in (1.0, -1.0):
                    if self.change[cell]:
                        self._one(cell, sign, 2)
        except UnprotectedError:
            return

    def _left(self) -> int:
        return int(sum(part.sum() for part in (self.change, *self.small, *self.none)))

    def _draw(self) -> None:
        """Draw all that is left at once to none or to much, as long as that strikes some."""
        idle, lot = 0, 0
        while (left := self._left()) and idle < IDLE:
            few = 1.0 if lot < IDLE else FEW
            counts = [
                (self.small[which] | self.none[which])
                * (self.rng.random(len(self.keys)) < few)
                * self.rng.choice([-1.0, 1.0], len(self.keys))
                for which in range(2)
            ]
            change = self.change * self.rng.random(len(self.keys)) * (1 if lot % 2 else -1)
            self._solve(counts[0] + change, counts[1] - change)
            idle = 0 if self._left() < left - IDLE else idle + 1
            lot += 1

    def _one(self, cell: int, sign: float, which: int) -> None:
        """Look for the least or the largest count, or change, of one cell."""
        cost = np.zeros((2, len(self.keys)))
        cost[0, cell] = sign * {0: 1.0, 1: 0.0, 2: -1.0}[which]
        cost[1, cell] = sign * {0: 0.0, 1: 1.0, 2: 1.0}[which]
        self._solve(cost[0], cost[1])

    def _solve(self, before: NDArray[np.float64], after: NDArray[np.float64]) -> bool:
        """Find a table of both releases by the costs of their cells; tell if there is one."""
        first, second = self.before.T @ before, self.after.T @ after
        atoms = len(first)
        none = sp.csr_array((self.printed[0].shape[0], atoms), dtype=np.int64)
        # The second half is what was added, or all that was there later.
        again = (
            self.printed[1] if self.grown else sp.csr_array(self.printed[1].shape, dtype=np.int64)
        )
        equal = sp.vstack(
            [sp.hstack([self.printed[0], none]), sp.hstack([again, self.printed[1]])], format="csr"
        )
        cost = np.concatenate([first + second if self.grown else first, second])
        # Costs without bound are drawn to a bound that is more than any count asked for.
        most = np.full(2 * atoms, max(2.0 * self.k, float(self.values.max(initial=0))))
        result = linprog(  # type: ignore[call-overload]  # the stubs lack sparse tables
            cost,
            A_eq=equal if equal.shape[0] else None,
            b_eq=self.values if equal.shape[0] else None,
            bounds=np.column_stack([np.zeros(2 * atoms), most]),
            method="highs-ds",
            options={"time_limit": self.work.left()},
        )
        self.work.spend((int(result.nit) + 20) * (2 * atoms + equal.shape[0]))
        if result.x is None:
            return False
        old = result.x[:atoms]
        self._note(old, result.x[atoms:] + (old if self.grown else 0))
        return True

    def _note(self, old: NDArray[np.float64], new: NDArray[np.float64]) -> None:
        """Strike what a table shows to be possible."""
        counts = self.before @ old, self.after @ new
        change = np.abs(counts[1] - counts[0])
        self.change &= (change > SLACK) & (change < self.k - SLACK)
        for which, count in enumerate(counts):
            self.small[which] &= (count > SLACK) & (count < self.k - SLACK)
            self.none[which] &= count < 1 - SLACK


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
