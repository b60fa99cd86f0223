"""What may still be true once some cells are printed: the protector's view of an attacker.

Everything is said in atoms. A printed cell fixes the sum of its atoms; atoms that no printed cell
tells apart are one group, of which only the sum matters. This makes the linear programmes small.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from .work import UnprotectedError, Work

Numbers = NDArray[np.float64]
Indices = NDArray[np.signedinteger[Any]]
NEAR = 1e-6
MILP = 400  # steps that a number in a programme of whole numbers counts for


class Freedom:
    """The tables of counts that agree with what is printed.

    Parameters
    ----------
    holds : sparse array
        Cells by atoms.
    atoms : array of int64
        True counts of the atoms.
    withheld : array of bool
        Which cells are not printed.
    small : array of bool, optional
        Cells of which the attacker is told besides that they are at most ``most``.
    most : int
        See ``small``.
    work : Work, optional
        What the programmes may cost together.
    """

    def __init__(
        self,
        holds: sp.csr_array,
        atoms: NDArray[np.int64],
        withheld: NDArray[np.bool_],
        *,
        small: NDArray[np.bool_] | None = None,
        most: int = 0,
        work: Work | None = None,
    ) -> None:
        self.work = work or Work()
        values = np.asarray(holds @ atoms)
        self.holds, self.atoms, self.values = holds, atoms, values
        size = np.diff(holds.indptr)
        printed = np.flatnonzero(~withheld)
        alone = printed[size[printed] == 1]
        self.printed_atom = np.full(holds.shape[1], -1)
        self.printed_atom[holds.indices[holds.indptr[alone]]] = alone
        self.free = np.flatnonzero(self.printed_atom < 0)
        known = np.where(self.printed_atom >= 0, values[self.printed_atom], 0)

        sums = printed[size[printed] > 1]
        inner = sp.csr_array(holds[sums][:, self.free])
        self.rows = sums[_first_of_each(inner)]
        inner = sp.csr_array(holds[self.rows][:, self.free])
        self.rest = (values[self.rows] - holds[self.rows] @ known).astype(float)

        told = np.zeros(0, dtype=int) if small is None else np.flatnonzero(small)
        single = told[size[told] == 1]
        bounded = np.zeros(len(self.free), dtype=bool)
        bounded[np.searchsorted(self.free, holds.indices[holds.indptr[single]])] = True
        told = told[size[told] > 1]
        below = sp.csr_array(holds[told][:, self.free])
        pattern = sp.csr_array(
            sp.vstack([inner, below, sp.csr_array(bounded[None, :].astype(np.int64))], format="csr")
        )
        _, first, group = np.unique(
            _signatures(sp.csr_array(pattern.T)), return_index=True, return_inverse=True
        )
        self.sizes = np.bincount(group)
        self.group = group
        # From sums over atoms to sums over groups; the sum over a group is one variable.
        merge = sp.csr_array(
            (np.ones(len(group), dtype=np.int64), (np.arange(len(group)), group)),
            shape=(len(group), len(first)),
        )
        self.sums = sp.csr_array(inner[:, first]).astype(float)
        self.below = sp.csr_array(below[:, first]).astype(float)
        self.most = most
        self.top = np.where(bounded[first], most * self.sizes, np.inf)
        self.limited = np.flatnonzero(np.diff(sp.csc_array(self.sums).indptr) > 0)
        self.columns = sp.csc_array(self.sums)
        self.now: Numbers = np.zeros(len(first))
        np.add.at(self.now, group, atoms[self.free])

        self.cells = np.flatnonzero(withheld)
        mine = holds[self.cells]
        self.known = np.asarray(mine @ known)
        part = sp.csr_array(mine[:, self.free] @ merge)
        part.sum_duplicates()  # sorted, so that all three tables below have one order
        self.part = part
        self.touched, self.held = part.astype(float), part.astype(float)
        self.touched.data[:] = 1
        self.held.data[:] = part.data == self.sizes[part.indices]
        self.held.eliminate_zeros()

    def reach(self, amounts: Numbers) -> tuple[Numbers, Numbers]:
        """Return how low and how high each withheld cell may be, given the sums of groups.

        The members of a group can change places, so a part of it may have all, or nothing.
        """
        part, groups = self.part.data, self.part.indices
        amount, size = amounts[groups], self.sizes[groups]
        each = self.top[groups] / size
        with np.errstate(invalid="ignore"):  # without bound times no member
            others = np.where(part == size, 0.0, each * (size - part))
        low, high = np.maximum(0.0, amount - others), np.minimum(amount, each * part)
        ends = [
            sp.csr_array((side, groups, self.part.indptr), self.part.shape).sum(axis=1)
            for side in (low, high)
        ]
        return self.known + ends[0], self.known + ends[1]

    def agrees(self, amounts: Numbers) -> bool:
        """Tell whether sums of groups are whole numbers that agree with what is printed."""
        return bool(
            np.abs(amounts - np.rint(amounts)).max(initial=0) < NEAR
            and np.array_equal(self.sums @ np.rint(amounts), self.rest)
        )

    def solve(
        self, cost: Numbers, top: Numbers | None = None, *, only: Indices | None = None
    ) -> tuple[Numbers, Numbers] | None:
        """Return the sums of groups that cost least, and the worth of each printed sum.

        Groups that are not among ``only`` stay empty. None if the cost has no bound, which only
        happens without ``top``.
        """
        columns = np.arange(len(cost)) if only is None else only
        upper = (self.top if top is None else np.minimum(self.top, top))[columns]
        bounds = np.column_stack([np.zeros(len(upper)), upper])
        sums, told = len(self.rest) > 0, self._told()
        result = linprog(  # type: ignore[call-overload]  # the stubs lack sparse tables
            cost[columns],
            A_eq=self.sums[:, columns] if sums else None,
            b_eq=self.rest if sums else None,
            A_ub=self.below[:, columns] if told else None,
            b_ub=self._most() if told else None,
            bounds=bounds,
            method="highs-ds",
            options={"time_limit": self.work.left()},
        )
        self.work.spend((int(result.nit) + 20) * (len(columns) + len(self.rest)))
        if result.x is None:
            if result.status == 1:  # out of time
                raise UnprotectedError
            return None
        amounts = np.zeros(len(cost))
        amounts[columns] = result.x
        return amounts, np.asarray(result.eqlin.marginals) if sums else np.zeros(0)

    def mend(
        self, amounts: Numbers, top: Numbers, *, goal: Indices | None = None
    ) -> Numbers | None:
        """Return whole numbers near fractional sums of groups, or None if none were found.

        Only groups change of which every sum has a fraction. With a ``goal``, groups whose sum must
        not fall, all groups change that now hold anything.
        """
        near = np.rint(amounts)
        fractions = np.flatnonzero(np.abs(amounts - near) > NEAR)
        if not len(fractions):
            return None
        sums = np.zeros(len(self.rest), dtype=bool)
        sums[sp.csc_array(self.columns[:, fractions]).indices] = True
        may = self.sums.T @ (~sums).astype(float) == 0
        limits = []
        if goal is not None:
            may |= (self.now > 0) | (near > 0)
            may[goal] = True
        columns = np.flatnonzero(may)
        if goal is not None:
            aim = np.isin(columns, goal).astype(float)
            limits.append(
                LinearConstraint(aim[None, :], np.floor(amounts[goal].sum() + NEAR), np.inf)
            )
        near[columns] = 0
        if len(self.rest):
            rest = self.rest - self.sums @ near
            limits.append(LinearConstraint(self.sums[:, columns], rest, rest))
        if self._told():
            left = self._most() - self.below @ near
            limits.append(LinearConstraint(self.below[:, columns], -np.inf, left))
        result = milp(
            -amounts[columns] if goal is None else np.zeros(len(columns)),
            constraints=limits,
            integrality=np.ones(len(columns), dtype=int),
            bounds=Bounds(0, np.minimum(self.top, top)[columns]),
            options={"node_limit": 1, "mip_rel_gap": 0.5, "time_limit": self.work.left()},
        )
        self.work.spend(MILP * int(self.sums[:, columns].nnz))
        if result.x is None:
            return None
        near[columns] = np.rint(result.x)
        return near

    def whole(self, groups: Indices, least: float, most: float) -> Numbers | None:
        """Return sums of groups in whole numbers, some of which add up as asked, or None."""
        goal = np.zeros((1, len(self.now)))
        goal[0, groups] = 1
        limits = [LinearConstraint(goal, least, most)]
        if len(self.rest):
            limits.append(LinearConstraint(self.sums, self.rest, self.rest))
        if self._told():
            limits.append(LinearConstraint(self.below, -np.inf, self._most()))
        result = milp(
            np.zeros(len(self.now)),
            constraints=limits,
            integrality=np.ones(len(self.now), dtype=int),
            bounds=Bounds(0, self.top),
            options={"node_limit": 3, "time_limit": self.work.left()},
        )
        self.work.spend(MILP * int(self.sums.nnz))
        return None if result.x is None else np.rint(result.x)

    def _told(self) -> bool:
        return bool(self.below.shape[0] > 0)

    def _most(self) -> Numbers:
        return np.full(self.below.shape[0], float(self.most))

    def ceiling(self) -> tuple[Numbers, Indices]:
        """Return for each withheld cell a bound that one printed sum gives, and which sum it is.

        A cheap bound: a cell can't be larger than what a sum that holds all of it leaves.
        """
        bound = np.full(len(self.cells), np.inf)
        which = np.full(len(self.cells), -1)
        by_group = self.touched @ self.sums.T  # groups that a cell and a sum share
        count = np.diff(self.touched.indptr)
        shared = sp.csr_array(by_group)
        rows = np.repeat(np.arange(len(self.cells)), np.diff(shared.indptr))
        inside = shared.data >= count[rows] - NEAR
        rows, sums = rows[inside], shared.indices[inside]
        order = np.lexsort((sums, self.rest[sums], rows))
        rows, sums = rows[order], sums[order]
        cells, first = np.unique(rows, return_index=True)
        bound[cells], which[cells] = self.rest[sums[first]], sums[first]
        return bound, which

    def table(self, amounts: Numbers) -> sp.csr_array:
        """Return what a table with these sums of groups adds to each atom, in one row.

        A group's sum goes into as few of its atoms as may be. Fractions stay fractions.
        """
        rest = np.rint(amounts).astype(np.int64) if self.agrees(amounts) else amounts
        atoms = self.atoms.astype(rest.dtype)
        atoms[self.free] = 0
        order = np.argsort(self.group, kind="stable")
        first = np.searchsorted(self.group[order], np.arange(len(rest)))
        unbounded = np.isinf(self.top)
        atoms[self.free[order[first[unbounded]]]] = rest[unbounded]
        for group in np.flatnonzero(~unbounded & (rest > 0)):
            mine = self.free[order[first[group] : first[group] + self.sizes[group]]]
            full, left = divmod(int(rest[group]), self.most)
            atoms[mine[:full]] = self.most
            if left:
                atoms[mine[full]] = left
        return sp.csr_array((atoms - self.atoms)[None, :])

    def agreeing(self, tables: Sequence[sp.csr_array]) -> Iterator[Numbers]:
        """Yield the sums of groups of those tables that agree with what is printed."""
        moves = sp.csr_array(sp.vstack(tables, format="csr"))
        printed = np.ones(self.holds.shape[0], dtype=bool)
        printed[self.cells] = False
        effect = np.abs(moves @ self.holds[np.flatnonzero(printed)].T)
        same = np.flatnonzero(np.asarray(effect.sum(axis=1)) < NEAR)
        change = moves[same][:, self.free]
        for row in range(len(same)):
            part = slice(change.indptr[row], change.indptr[row + 1])
            amounts = self.now.copy()
            np.add.at(amounts, self.group[change.indices[part]], change.data[part])
            yield amounts

    def proof(self, cell: int, sign: int, worth: Numbers) -> tuple[Indices, Numbers, bool]:
        """Return the printed cells from which the bound of a cell follows, with their weights.

        ``worth`` are the multipliers of the printed sums; those of single printed atoms follow.
        Last comes whether the cell is a sum of these cells, so that it is known to the unit.
        """
        weight = np.zeros(len(self.values))
        weight[self.rows] = worth
        gap = -(self.holds.T @ weight)
        inside = self.holds.indices[self.holds.indptr[cell] : self.holds.indptr[cell + 1]]
        gap[inside] += sign
        at = np.flatnonzero((self.printed_atom >= 0) & (np.abs(gap) > NEAR))
        weight[self.printed_atom[at]] += gap[at]
        used = np.flatnonzero(np.abs(weight) > NEAR)
        return used, weight[used], bool(np.abs(gap[self.free]).max(initial=0) < NEAR)


def _signatures(rows: sp.csr_array) -> NDArray[np.int64]:
    """Return one number per row; rows with the same columns have the same."""
    weights = np.random.default_rng(7).integers(1, 2**62, rows.shape[1], dtype=np.int64)
    return np.asarray(rows.astype(np.int64) @ weights)


def _first_of_each(rows: sp.csr_array) -> Indices:
    """Return the first of each set of equal rows, without rows that are empty."""
    _, first = np.unique(_signatures(rows), return_index=True)
    return np.sort(first[np.diff(rows.indptr)[first] > 0])
