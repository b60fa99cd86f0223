"""The attack on a release, written apart from the protector: it shares the keys and nothing else.

It knows what an attacker knows: the keys of all cells, the values of those that are printed, and
``k``. It computes the lowest and the highest value that each withheld cell may have. Tables that
others offer as counter-examples save linear programmes; each is looked at before it counts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from .linked import Dimension, Key, System

SLACK = 1e-6


@dataclass(frozen=True)
class Finding:
    """What an attack found.

    Parameters
    ----------
    printed : int
        How many cells are printed.
    withheld : int
        How many are not.
    small : tuple of int
        Cells that are printed though they are fewer than ``k``.
    recovered : tuple of int
        Withheld cells of which the value follows from what is printed.
    narrow : tuple of int
        Withheld cells that can't be 0, or can't be ``k``.
    told : tuple of int
        Withheld cells of which the value follows for who is told which cells are small.
    digest : str
        SHA-256 of the printed cells, of ``k`` and of this finding.
    """

    printed: int
    withheld: int
    small: tuple[int, ...]
    recovered: tuple[int, ...]
    narrow: tuple[int, ...]
    told: tuple[int, ...]
    digest: str

    @property
    def is_safe(self) -> bool:
        """Whether the attack failed throughout."""
        return not (self.small or self.recovered or self.narrow or self.told)


def attack(
    system: System,
    withheld: NDArray[np.bool_],
    k: int,
    *,
    alternatives: sp.csr_array | None = None,
    told: sp.csr_array | None = None,
) -> Finding:
    """Attack every withheld cell, plainly and told which are small.

    Parameters
    ----------
    system : System
        All cells. Values of withheld cells are used to tell which are small, and whether one that
        could be computed is the true one.
    withheld : array of bool
        Which cells are not printed.
    k : int
        Smallest count that is printed.
    alternatives, told : sparse array, optional
        Tables offered as counter-examples: what each adds to the atoms.

    Returns
    -------
    Finding
        `Finding.is_safe` if nothing was found.
    """
    held = _membership(system.dimensions, system.keys)
    truth = system.atoms
    values = np.asarray(held @ truth)
    small = values < k
    plain = _Attacker(held, truth, withheld, np.inf, np.zeros(len(values), dtype=bool))
    plain.look_at(alternatives)
    narrow, recovered = [], []
    for cell in plain.cells[plain.doubtful(0, k)]:
        low, high = plain.interval(int(cell), k)
        if low == high:
            recovered.append(int(cell))
        if low > 0 or high < k:
            narrow.append(int(cell))
    inside = _Attacker(held, truth, withheld, k - 1, small)
    inside.look_at(told)
    known = []
    for cell in inside.cells[inside.low == inside.high]:
        low, high = inside.interval(int(cell), values[cell])
        if low == high:
            known.append(int(cell))
    printed = np.flatnonzero(~withheld)
    seen = np.flatnonzero(~withheld & small).tolist()
    cells = sorted([*system.keys[cell], int(values[cell])] for cell in printed)
    found = json.dumps([k, cells, seen, recovered, narrow, known], ensure_ascii=False)
    digest = hashlib.sha256(found.encode()).hexdigest()
    return Finding(
        printed=len(printed),
        withheld=int(withheld.sum()),
        small=tuple(seen),
        recovered=tuple(recovered),
        narrow=tuple(narrow),
        told=tuple(known),
        digest=digest,
    )


def _membership(dimensions: Sequence[Dimension], keys: Sequence[Key]) -> sp.csr_array:
    """Return which atoms each key holds, from the keys alone."""
    shape = [len(d.leaves) for d in dimensions]
    number = [{leaf: i for i, leaf in enumerate(d.leaves)} for d in dimensions]
    parts: dict[tuple[int, str], list[int]] = {}
    steps = [int(np.prod(shape[axis + 1 :], dtype=int)) for axis in range(len(shape))]
    columns: list[int] = []
    ends = [0]
    for key in keys:
        for axis, code in enumerate(key):
            if (axis, code) not in parts:
                leaves = dimensions[axis].members(code)
                parts[axis, code] = [number[axis][leaf] * steps[axis] for leaf in leaves]
        columns += map(sum, product(*(parts[axis, code] for axis, code in enumerate(key))))
        ends.append(len(columns))
    ones = np.ones(len(columns), dtype=np.int64)
    return sp.csr_array((ones, columns, ends), shape=(len(keys), int(np.prod(shape))))


class _Attacker:
    """Bounds on withheld cells, from printed sums, and from a bound on cells known to be small."""

    def __init__(
        self,
        held: sp.csr_array,
        truth: NDArray[np.int64],
        withheld: NDArray[np.bool_],
        most: float,
        small: NDArray[np.bool_],
    ) -> None:
        self.truth, self.most = truth, most
        self.printed = held[np.flatnonzero(~withheld)]
        self.limits = held[np.flatnonzero(small & withheld)]
        self.cells = np.flatnonzero(withheld)
        self.row = {int(cell): row for row, cell in enumerate(self.cells)}
        self.mine = held[self.cells]
        # Atoms in the same printed and limited cells can change places.
        both = sp.csc_array(sp.vstack([self.printed, self.limits], format="csc"))
        both.sort_indices()
        alike: dict[bytes, int] = {}
        self.kind = np.array(
            [
                alike.setdefault(
                    both.indices[both.indptr[a] : both.indptr[a + 1]].tobytes(), len(alike)
                )
                for a in range(len(truth))
            ],
            dtype=int,
        )
        self.count = np.bincount(self.kind)
        gather = sp.csr_array(
            (np.ones(len(truth), dtype=np.int64), (np.arange(len(truth)), self.kind)),
            shape=(len(truth), len(alike)),
        )
        self.gather = gather
        self.share = sp.csr_array(self.mine @ gather)
        chosen = np.zeros(len(alike), dtype=int)
        chosen[self.kind[::-1]] = np.arange(len(truth))[::-1]
        self.sums = sp.csr_array(self.printed[:, chosen]).astype(float)
        self.bounds = sp.csr_array(self.limits[:, chosen]).astype(float)
        single = np.diff(self.limits.indptr) == 1
        atoms = self.limits[np.flatnonzero(single)].indices
        self.each = np.full(len(alike), np.inf)  # bound on each atom of a kind
        self.each[self.kind[atoms]] = most
        # A sum over a kind of several atoms, each with its own bound.
        self.ceiling = self.each * self.count
        self.bounds = self.bounds[np.flatnonzero(~single)]
        self.low = np.full(len(self.cells), np.inf)
        self.high = np.full(len(self.cells), -np.inf)
        self._see(np.asarray(truth @ gather))

    def look_at(self, moves: sp.csr_array | None) -> None:
        """Take tables as counter-examples after checking that each is one."""
        if moves is None or not moves.shape[0]:
            return
        moves = sp.csr_array(moves)
        same = np.asarray(np.abs(moves @ self.printed.T).sum(axis=1)) < SLACK
        over = _plain(moves @ self.limits.T)
        room = self.most - self.limits @ self.truth
        for row in np.flatnonzero(same):
            table = self.truth.astype(moves.dtype)
            part = slice(moves.indptr[row], moves.indptr[row + 1])
            np.add.at(table, moves.indices[part], moves.data[part])
            at = slice(over.indptr[row], over.indptr[row + 1])
            if table.min() >= -SLACK and (over.data[at] <= room[over.indices[at]]).all():
                self._see(np.asarray(table @ self.gather))

    def _see(self, amount: NDArray[np.int64] | NDArray[np.float64]) -> None:
        """Widen the intervals by a table, given by its sums over the kinds of atoms.

        Fractions say that a cell may be a whole number that is one less, or that it may be 0.
        """
        share, kinds = self.share.data, self.share.indices
        total, others = amount[kinds], self.count[kinds] - share
        each = self.each[kinds]
        with np.errstate(invalid="ignore"):
            elsewhere = np.where(others == 0, 0.0, each * others)
        least = np.maximum(total - elsewhere, 0.0)
        most = np.minimum(total, each * share)
        starts = self.share.indptr[:-1]
        low, high = np.add.reduceat(least, starts), np.add.reduceat(most, starts)
        if np.abs(amount - np.rint(amount)).max(initial=0) > SLACK:
            low = np.where(low <= SLACK, 0.0, np.inf)
            high = np.where(high >= 1, np.floor(high + SLACK) - 1, -np.inf)
        np.minimum(self.low, low, out=self.low)
        np.maximum(self.high, high, out=self.high)

    def doubtful(self, low: int, high: int) -> NDArray[np.bool_]:
        return np.asarray((self.low > low) | (self.high < high))

    def interval(self, cell: int, enough: float) -> tuple[float, float]:
        """Return the lowest and the highest whole number that a cell may be."""
        row = self.row[cell]
        kinds = self.share.indices[self.share.indptr[row] : self.share.indptr[row + 1]]
        part = self.share.data[self.share.indptr[row] : self.share.indptr[row + 1]]
        # Upwards all that touches the cell may be in it; downwards only what has no other place.
        for direction, mine in ((-1, kinds), (1, kinds[part == self.count[kinds]])):
            self._push(row, mine, direction, enough)
        return float(self.low[row]), float(self.high[row])

    def _push(
        self, row: int, kinds: NDArray[np.signedinteger[Any]], direction: int, enough: float
    ) -> None:
        goal = np.zeros(len(self.count))
        goal[kinds] = direction
        fixed = np.asarray(self.printed @ self.truth).astype(float)
        several = np.full(self.bounds.shape[0], self.most)
        result = linprog(  # type: ignore[call-overload]  # the stubs lack sparse tables
            goal,
            A_eq=self.sums if len(fixed) else None,
            b_eq=fixed if len(fixed) else None,
            A_ub=self.bounds if len(several) else None,
            b_ub=several if len(several) else None,
            bounds=np.column_stack([np.zeros(len(goal)), self.ceiling]),
            method="highs",
        )
        if result.x is None:  # nothing printed limits it
            if direction < 0:
                self.high[row] = np.inf
            return
        if np.abs(result.x - np.rint(result.x)).max() < SLACK:
            self._see(np.rint(result.x).astype(np.int64))
            return
        if direction < 0 and -result.fun >= enough + 1:
            self.high[row] = max(self.high[row], np.floor(-result.fun - SLACK))
            return
        if direction > 0 and result.fun <= SLACK:
            self.low[row] = min(self.low[row], 0.0)
            return
        # Close to what was promised, only whole numbers count.
        limits = [LinearConstraint(self.sums, fixed, fixed)] if len(fixed) else []
        if len(several):
            limits.append(LinearConstraint(self.bounds, -np.inf, several))
        whole = milp(
            goal,
            constraints=limits,
            integrality=np.ones(len(goal), dtype=int),
            bounds=Bounds(0, self.ceiling),
            options={"node_limit": 1000},
        )
        if whole.x is not None:
            self._see(np.rint(whole.x).astype(np.int64))


def _plain(table: sp.csr_array) -> sp.csr_array:
    """Return the table without the zeros that cancelled out."""
    table = sp.csr_array(table)
    table.eliminate_zeros()
    return table
