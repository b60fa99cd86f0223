"""Complementary suppression: which further cells are withheld so that no small count comes back.

The promise, for every cell that is withheld: as far as anybody can compute from what is printed, it
may be 0 and it may be ``k``. So no withheld cell can be told from any other, whether it is small
itself or withheld for others' sake. Besides, an attacker who is told which of them are small cannot
pin one of them down to a number.

The method is Fischetti and Salazar's: a set-covering programme chooses cells, linear programmes
look for bounds that break the promise, and the multipliers of each such bound say of which cells at
least one more must be withheld.

References
----------
M. Fischetti and J. J. Salazar-Gonzalez (2001), "Solving the cell suppression problem on tabular
data with linear constraints", Management Science 47(7), 1008-1027.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from .exchange import Exchange
from .freedom import NEAR, Freedom, Indices, Numbers
from .linked import System
from .work import UnprotectedError as UnprotectedError
from .work import Work

Mask = NDArray[np.bool_]
# Proof for every bound; for those where it is found at once; any fractions will do.
Proof = Literal["all", "easy", "none"]

# Bounds on the work, in steps and not in seconds: the same input gives the same pattern everywhere.
CUTS_A_ROUND = 80
HELPERS = (2, 5, 10**6)
SMALL_POOL = 100
FEW_CUTS = 60
FREE_ROUNDS = 12
ROUNDS = 90
NODES = 1
GAP = 0.0
TRIED_WITHOUT, TRIED_CELLS = 40, 20_000
SWAP_ROUNDS = 12
TRANSFERS = 20_000
PACKED = 300


@dataclass(frozen=True)
class Pattern:
    """Which cells are withheld, and tables that show why nothing can be computed back.

    Parameters
    ----------
    withheld : array of bool
        One per cell of the system.
    alternatives : sparse array
        Tables that agree with every printed cell, one a row: what they add to each atom.
    told : sparse array
        Such tables in which every small cell is small too.
    """

    withheld: Mask
    alternatives: sp.csr_array
    told: sp.csr_array


@dataclass(frozen=True)
class _Cut:
    """At least one of some cells must be withheld (``owner``: if that cell is)."""

    cells: tuple[int, ...]
    parts: tuple[float, ...]
    owner: int


@dataclass
class _Check:
    """What was found out about a pattern: cells that keep the promise, cuts for the others."""

    low: Mask
    high: Mask
    cuts: list[_Cut] = field(default_factory=list)
    tables: list[sp.csr_array] = field(default_factory=list)


def suppress(
    system: System,
    k: int,
    *,
    cells: str = "every",
    also: Mask | None = None,
    work: Work | None = None,
) -> Pattern:
    """Choose the cells that are withheld.

    Parameters
    ----------
    system : System
        All cells of a release.
    k : int
        Smallest count that is printed.
    cells : {"every", "small"}
        Which withheld cells must keep the promise; "small" is what tau-Argus promises at most, and
        is there to compare with.
    also : array of bool, optional
        Cells that are withheld whatever they count, such as those that would show a small change.
    work : Work, optional
        What it may cost.

    Returns
    -------
    Pattern
        The pattern with few cells, and its proof.

    Raises
    ------
    UnprotectedError
        If none was found within the bounds on the work: print a coarser table.
    """
    return _Search(system, k, also, work or Work(), every=cells == "every").run()


class _Search:
    def __init__(
        self, system: System, k: int, also: Mask | None, work: Work, *, every: bool
    ) -> None:
        self.k, self.every, self.work = k, every, work
        self.atoms, self.dimensions = system.atoms, system.dimensions
        twin, first = _twins(system.holds)
        self.twin = twin  # cells of the same atoms are printed or withheld together
        self.holds = sp.csr_array(system.holds[first])
        self.values = system.values[first]
        self.small = self.values < k
        self.always = self.small.copy()  # withheld for themselves
        if also is not None:
            self.always |= np.bincount(twin, also) > 0
        self.candidates = np.flatnonzero(~self.always)
        self.place = np.full(len(first), -1)
        self.place[self.candidates] = np.arange(len(self.candidates))
        # Fewest cells first; among equals the smaller ones, which need less to be moved.
        self.cost = np.bincount(twin)[self.candidates] + 1e-3 * np.log(
            self.values[self.candidates] / k
        ) / max(1.0, float(np.log(self.values.max(initial=1) + 1)))
        self.cuts: dict[_Cut, None] = {}
        self.pool: list[sp.csr_array] = []  # tables found for any pattern: most agree with others
        self.rng = np.random.default_rng(11)

    def run(self) -> Pattern:
        base = _Check(self.always & False, self.always & False)
        self._check(self.always, base, self.always, limit=CUTS_A_ROUND, proof="easy")
        if not base.cuts:
            return self._finish(base, self.always)
        return self._finish(base, self._without(base, self._start(base)))

    def _start(self, base: _Check) -> Mask:
        """Return a pattern: from a small neighbourhood of what fails, or from all candidates."""
        for helpers in HELPERS:
            pool = self._pool(base, helpers)
            try:
                return self._grow(base, pool)
            except UnprotectedError:
                if pool.all():
                    break
        raise UnprotectedError

    def _pool(self, base: _Check, helpers: int) -> Mask:
        """Return the candidates whose codes are those of failing cells, or a few more that help.

        The programme is hard with many candidates, and cells far from those that fail don't help.
        """
        shape = [len(d.leaves) for d in self.dimensions]
        failing = np.flatnonzero(self.always & ~(base.low & base.high))
        inside = sp.csr_array(self.holds[failing]).indices
        near = np.ones(shape, dtype=bool)
        codes = np.unravel_index(np.unique(inside), shape)
        for axis, used in enumerate(codes):
            mine = np.zeros(shape[axis], dtype=bool)
            mine[used] = True
            ask = tuple(i for i in range(len(shape)) if i != axis)
            others = np.ix_(
                *[
                    np.unique(codes[i]) if i != axis else np.arange(shape[axis])
                    for i in range(len(shape))
                ]
            )
            weight = self.atoms.reshape(shape)[others].sum(axis=ask)
            mine[np.argsort(np.where(mine, np.inf, weight), kind="stable")[:helpers]] = True
            near &= mine.reshape([-1 if i == axis else 1 for i in range(len(shape))])
        outside = np.asarray(self.holds @ (~near.ravel()).astype(np.int64))
        return np.asarray(outside[self.candidates] == 0)

    def _grow(self, base: _Check, pool: Mask) -> Mask:
        """Return a pattern that keeps the promise.

        At first every choice is open; then what was withheld stays withheld, so that this ends.
        """
        self.cuts = dict.fromkeys(base.cuts)
        forced = self.always & False
        for round_ in range(ROUNDS):
            withheld = self._choose(forced, pool)
            check = self._fresh(base)
            if self._keeps(withheld, check):
                return withheld
            few = pool.sum() <= SMALL_POOL or len(self.cuts) <= FEW_CUTS
            if round_ >= FREE_ROUNDS or not few:
                forced = forced | (withheld & ~self.always)
            self._learn(check.cuts, forced)
        raise UnprotectedError

    def _without(self, base: _Check, withheld: Mask) -> Mask:
        """Print again what need not be withheld, the largest cells first."""
        extra = np.flatnonzero(withheld & ~self.always)
        if len(extra) * len(self.values) > TRIED_CELLS:
            return withheld
        for cell in extra[np.argsort(-self.values[extra], kind="stable")][:TRIED_WITHOUT]:
            fewer = withheld.copy()
            fewer[cell] = False
            if self._keeps(fewer, self._fresh(base), limit=1):
                withheld = fewer
        return withheld

    def _finish(self, base: _Check, withheld: Mask) -> Pattern:
        """Withhold what an attacker needs who is told which cells are small; gather the proof."""
        self.cuts = dict.fromkeys(base.cuts)
        for _ in range(ROUNDS):
            check = self._fresh(base)
            if self._keeps(withheld, check, proof="all"):
                told = self._told(withheld, check)
                if told is not None:
                    tables = [*base.tables, *check.tables]
                    return Pattern(withheld[self.twin], self._moves(tables), self._moves(told))
            forced = withheld & ~self.always
            self._learn(check.cuts, forced)
            withheld = self._choose(forced)
        raise UnprotectedError

    def _moves(self, tables: list[sp.csr_array]) -> sp.csr_array:
        none = sp.csr_array((0, len(self.atoms)), dtype=np.int64)
        return sp.csr_array(sp.vstack([none, *tables], format="csr"))

    def _fresh(self, base: _Check) -> _Check:
        """Return what holds with nothing but small cells withheld: it holds with more withheld."""
        return _Check(base.low.copy(), base.high.copy())

    def _keeps(
        self,
        withheld: Mask,
        check: _Check,
        limit: int = CUTS_A_ROUND,
        proof: Proof = "none",
    ) -> bool:
        """Check the cells withheld for others first: they are few, and fail more often."""
        if self.every:
            self._check(withheld, check, withheld & ~self.always, limit=limit, proof=proof)
            if check.cuts:
                return False
        self._check(withheld, check, withheld & self.always, limit=limit, proof=proof)
        return not check.cuts

    def _learn(self, cuts: Iterable[_Cut], forced: Mask) -> None:
        """Keep what a failed check taught; cells that stay withheld need no condition."""
        before = len(self.cuts)
        for cut in cuts:
            always = cut.owner >= 0 and forced[cut.owner]
            self.cuts[_Cut(cut.cells, cut.parts, -1) if always else cut] = None
        if len(self.cuts) == before:
            raise UnprotectedError

    def _choose(self, forced: Mask, pool: Mask | None = None) -> Mask:
        """Return the cheapest pattern that obeys all cuts found so far."""
        may = np.zeros(len(self.values), dtype=bool)
        may[self.candidates] = True if pool is None else pool
        asked: dict[tuple[tuple[tuple[int, float], ...], int], None] = {}
        for cut in self.cuts:
            if cut.owner < 0 or may[cut.owner]:
                pairs = zip(cut.cells, cut.parts, strict=True)
                asked[tuple((cell, part) for cell, part in pairs if may[cell]), cut.owner] = None
        rows, columns, parts, least = [], [], [], []
        for row, (pairs_, owner) in enumerate(asked):
            for cell, part in (*pairs_, *([(owner, -1.0)] if owner >= 0 else [])):
                rows.append(row)
                columns.append(self.place[cell])
                parts.append(part)
            least.append(1.0 if owner < 0 else 0.0)
        shape = (len(least), len(self.candidates))
        table = sp.csr_array((parts, (rows, columns)), shape=shape)
        result = milp(
            self.cost,
            constraints=LinearConstraint(table, np.array(least), np.inf),
            integrality=np.ones(shape[1], dtype=int),
            bounds=Bounds(forced[self.candidates], may[self.candidates]),
            options={"node_limit": NODES, "mip_rel_gap": GAP, "time_limit": self.work.left()},
        )
        self.work.spend(20 * len(parts))
        withheld = self.always.copy()
        if result.x is None:
            raise UnprotectedError
        withheld[self.candidates[result.x > 0.5]] = True
        return withheld

    def _check(
        self, withheld: Mask, check: _Check, which: Mask, *, limit: int, proof: Proof
    ) -> None:
        """Find a table for each bound that the promise needs, or a cut that shows there is none."""
        freedom = Freedom(self.holds, self.atoms, withheld, work=self.work)
        mine = which[freedom.cells]
        high = ~mine | check.high[freedom.cells]
        low = ~mine | check.low[freedom.cells]
        for row in np.flatnonzero(mine & (freedom.known > 0)).tolist():
            # Printed atoms inside a withheld cell: it can't be zero.
            cell = freedom.cells[row]
            inside = self.holds.indices[self.holds.indptr[cell] : self.holds.indptr[cell + 1]]
            printed = freedom.printed_atom[inside]
            check.cuts += [
                _Cut((int(part),), (1.0,), self._owner(cell)) for part in printed[printed >= 0]
            ]
        mine &= freedom.known == 0
        prover = _Prover(freedom, self.k, low | ~mine, high | ~mine, self.rng, proof)
        prover.recall(self.pool)
        known = len(prover.tables)
        for row, sign, bound, worth in prover.failures(limit):
            cell = int(freedom.cells[row])
            cells, weights, exact = freedom.proof(cell, sign, worth)
            lacks = self.k - bound if sign > 0 else bound
            check.cuts.append(self._cut(cell, cells, weights, lacks))
            if exact and not self.always[cell]:
                # An equation: whichever of its cells is withheld alone is known.
                equation = {cell, *cells.tolist()}
                for other in equation - {cell}:
                    rest = tuple(sorted(equation - {other}))
                    check.cuts.append(_Cut(rest, (1.0,) * len(rest), other))
        check.tables += prover.tables
        self.pool += prover.tables[known:]
        check.high[freedom.cells[prover.high & mine]] = True
        check.low[freedom.cells[prover.low & mine]] = True

    def _owner(self, cell: int) -> int:
        return -1 if self.always[cell] else int(cell)

    def _cut(self, cell: int, cells: Indices, weights: Numbers, lacks: float) -> _Cut:
        """Return what a bound teaches: withholding a cell frees its sum, upwards without end."""
        parts = np.where(
            weights > 0, 1.0, np.minimum(1.0, np.abs(weights) * self.values[cells] / lacks)
        )
        # Rounded up, so that parts which are enough together stay enough.
        parts = np.minimum(1.0, np.ceil(parts * 1e4) / 1e4)
        return _Cut(tuple(cells.tolist()), tuple(parts.tolist()), self._owner(cell))

    def _told(self, withheld: Mask, check: _Check) -> list[sp.csr_array] | None:
        """Return tables with the same small cells in which every withheld cell differs, or None."""
        freedom = Freedom(
            self.holds, self.atoms, withheld, small=self.small, most=self.k - 1, work=self.work
        )
        truth = self.values[freedom.cells]
        pinned = np.ones(len(truth), dtype=bool)
        top = np.maximum(self.k, 2 * freedom.now)
        tables: list[sp.csr_array] = []

        def note(amounts: Numbers | None) -> bool:
            if amounts is None or not freedom.agrees(amounts):
                return False
            low, high = freedom.reach(np.rint(amounts))
            moved = pinned & ((low < truth) | (high > truth))
            if moved.any():
                tables.append(freedom.table(amounts))
                pinned[moved] = False
            return bool(moved.any())

        note(freedom.now)
        self._swap(freedom, pinned, tables)
        while pinned.any():
            cost = self._stir(freedom, pinned, truth)
            amounts = _solved(freedom, cost, top)[0]
            if not (note(amounts) or note(freedom.mend(amounts, top))):
                break
        for row in np.flatnonzero(pinned):
            if not pinned[row]:
                continue
            cell = int(freedom.cells[row])
            cells: set[int] = set()
            for sign in (1, -1):
                cost = np.zeros(len(top))
                mine = slice(freedom.part.indptr[row], freedom.part.indptr[row + 1])
                cost[freedom.part.indices[mine]] = -sign
                amounts, worth = _solved(freedom, cost, top)
                if (note(amounts) or note(freedom.mend(amounts, top))) and not pinned[row]:
                    break
                cells |= set(freedom.proof(cell, sign, -worth)[0].tolist())
            else:
                names = tuple(sorted(cells))
                check.cuts.append(_Cut(names, (1.0,) * len(names), self._owner(cell)))
        return None if check.cuts else tables

    def _swap(self, freedom: Freedom, pinned: Mask, tables: list[sp.csr_array]) -> None:
        """Move two records where no printed sum changes: by lot, then into what is left."""
        records = freedom.free[self.atoms[freedom.free] > 0]
        if len(records) < 2:
            return
        self._transfer(freedom, records, pinned, tables)
        shape = [len(d.leaves) for d in self.dimensions]
        exchange = Exchange(shape, self.holds[freedom.rows], freedom.free, records, self.rng)
        cells = self.holds[freedom.cells]
        for round_ in range(SWAP_ROUNDS):
            left = np.flatnonzero(pinned)
            if not len(left):
                return
            if round_ % 3:
                change = exchange.into(self._one_of_each(freedom, cells, left))
            else:
                change = exchange.by_lot()
            self._keep_moves(freedom, change, pinned, tables)

    def _transfer(
        self, freedom: Freedom, records: Indices, pinned: Mask, tables: list[sp.csr_array]
    ) -> None:
        """Let one record have other codes where no printed sum would change.

        This reaches what no record has the codes of: places and years in which nobody is.
        """
        weights = self.rng.integers(1, 2**62, len(freedom.rows), dtype=np.int64)
        names = np.asarray(self.holds[freedom.rows].T @ weights)
        order = np.argsort(names[records], kind="stable")
        known = names[records][order]
        low, high = (np.searchsorted(known, names[freedom.free], s) for s in ("left", "right"))
        reached = np.flatnonzero(high > low)
        for _ in range(SWAP_ROUNDS):
            if not pinned.any() or not len(reached):
                return
            to = reached[self.rng.integers(len(reached), size=TRANSFERS)]
            spot = low[to] + (self.rng.random(TRANSFERS) * (high - low)[to]).astype(int)
            pair = np.column_stack([records[order[spot]], freedom.free[to]])
            pair = pair[pair[:, 0] != pair[:, 1]]
            columns = np.repeat(np.arange(len(pair)), 2)
            signs = np.tile([-1, 1], len(pair))
            change = sp.csc_array(
                (signs, (pair.ravel(), columns)), (len(self.atoms), len(pair)), dtype=np.int64
            )
            self._keep_moves(freedom, change, pinned, tables)

    def _keep_moves(
        self, freedom: Freedom, change: sp.csc_array, pinned: Mask, tables: list[sp.csr_array]
    ) -> None:
        """Keep each move, one a column, after which a pinned cell differs; the small stay so."""
        values = self.values[freedom.cells]
        most = np.where(self.small[freedom.cells], self.k - 1, np.inf)
        effect = sp.csc_array(self.holds[freedom.cells] @ change)
        effect.eliminate_zeros()
        n, touched = change.shape[1], effect.indices
        column = np.repeat(np.arange(n), np.diff(effect.indptr))
        over = values[touched] + effect.data > most[touched]
        helps = np.bincount(column[pinned[touched]], minlength=n) > 0
        for move in np.flatnonzero(helps & (np.bincount(column[over], minlength=n) == 0)):
            mine = touched[effect.indptr[move] : effect.indptr[move + 1]]
            if pinned[mine].any():
                tables.append(sp.csr_array(change[:, [move]].T))
                pinned[mine] = False

    def _one_of_each(self, freedom: Freedom, cells: sp.csr_array, rows: Indices) -> Indices:
        """Return a free atom of each of some cells, by lot."""
        inside = [cells.indices[cells.indptr[row] : cells.indptr[row + 1]] for row in rows]
        inside = [atoms[np.isin(atoms, freedom.free)] for atoms in inside]
        return np.unique([self.rng.choice(atoms) for atoms in inside if len(atoms)]).astype(int)

    def _stir(self, freedom: Freedom, pinned: Mask, truth: NDArray[np.int64]) -> Numbers:
        """Return costs that move many cells away from their true values at once."""
        cost = 1e-3 * self.rng.normal(size=len(freedom.now))
        room = freedom.rest.copy()
        for row in self.rng.permutation(np.flatnonzero(pinned)):
            groups = freedom.touched.indices[
                freedom.touched.indptr[row] : freedom.touched.indptr[row + 1]
            ]
            group = groups[self.rng.integers(len(groups))]
            if truth[row] > 0 and self.rng.random() < 0.5:
                cost[group] += 1
                continue
            sums = freedom.columns.indices[
                freedom.columns.indptr[group] : freedom.columns.indptr[group + 1]
            ]
            more = max(1.0, float(freedom.now[group]))
            if len(sums) == 0 or room[sums].min() >= more:
                room[sums] -= more
                cost[group] -= 1
        return cost


class _Prover:
    """Looks for tables in which withheld cells are 0, or ``k`` and more."""

    def __init__(
        self,
        freedom: Freedom,
        k: int,
        low: Mask,
        high: Mask,
        rng: np.random.Generator,
        proof: Proof,
    ) -> None:
        self.freedom, self.k, self.rng, self.proof = freedom, k, rng, proof
        self.low, self.high = low, high
        self.top = np.maximum(k + 1, freedom.now)
        self.tables: list[sp.csr_array] = []

    def failures(self, limit: int) -> Iterable[tuple[int, int, float, Numbers]]:
        """Yield row, direction, bound and multipliers of each bound that can't be reached."""
        self._note(self.freedom.now)
        for sign, done in ((1, self.high), (-1, self.low)):
            hopeless = np.zeros(len(done), dtype=bool)
            failed = 0
            if sign > 0:
                bounds, sums = self.freedom.ceiling()
                hopeless = ~done & (bounds < self.k)
                for row in np.flatnonzero(hopeless):
                    worth = np.zeros(len(self.freedom.rest))
                    worth[sums[row]] = 1.0
                    yield int(row), sign, float(bounds[row]), worth
            while (todo := np.flatnonzero(~done & ~hopeless)).size:
                if self._draw(self._pack(todo, sign)):
                    continue
                row = todo[0]
                cost = np.zeros(len(self.top))
                reach = self.freedom.touched if sign > 0 else self.freedom.held
                mine = reach.indices[reach.indptr[row] : reach.indptr[row + 1]]
                cost[mine] = -float(sign)
                solved = self.freedom.solve(cost)
                if solved is None:  # nothing printed bounds it
                    cost[self.freedom.limited] = 0
                    solved = _solved(self.freedom, cost, self.top)
                amounts, worth = solved
                self._note(amounts)
                if done[row]:
                    continue
                reached = self.freedom.reach(amounts)
                bound = float(reached[1][row] if sign > 0 else reached[0][row])
                if bound >= self.k - NEAR if sign > 0 else bound <= NEAR:
                    # Only fractions reach it so far. Well beyond the bound whole numbers do, too.
                    if self.proof == "easy":
                        hopeless[row] = True
                        continue
                    whole = self.freedom.mend(amounts, self.top, goal=mine if sign > 0 else None)
                    if whole is not None and self._note(whole) and done[row]:
                        continue
                    whole = self.freedom.whole(mine, self.k, np.inf)
                    if whole is not None and self._note(whole) and done[row]:
                        continue
                    # No multipliers tell why: withhold one of the sums that the cell is in.
                    worth = -(np.asarray(self.freedom.sums[:, mine].sum(axis=1)) > 0).astype(float)
                    bound = self.k - 1.0
                yield int(row), sign, bound, -worth
                same = self._same_fate(todo, mine, reach, sign, -worth)
                hopeless[same] = True
                failed += 1
                if failed >= limit:
                    return

    def _same_fate(
        self, todo: Indices, mine: Indices, reach: sp.csr_array, sign: int, worth: Numbers
    ) -> Indices:
        """Return the rows to which the same multipliers give a bound that is as bad."""
        rows = reach[todo]
        if sign > 0:
            cover = self.freedom.sums.T @ worth
            if cover.min(initial=0) > -NEAR:
                enough = rows @ (cover > 1 - NEAR).astype(float)
                return np.asarray(todo[enough == np.diff(rows.indptr)])
        goal = np.zeros(reach.shape[1])
        goal[mine] = 1
        alike = (rows @ goal == len(mine)) & (np.diff(rows.indptr) == len(mine))
        return np.asarray(todo[alike])

    def recall(self, pool: list[sp.csr_array]) -> None:
        """Take tables that were found for other patterns, where they agree with this one."""
        if pool and not (self.low.all() and self.high.all()):
            for amounts in self.freedom.agreeing(pool):
                self._note(amounts)

    def _draw(self, cost: Numbers) -> bool:
        """Look for a table by its costs; tell if it helps."""
        only = np.flatnonzero((cost < -0.1) | (self.freedom.now > 0))
        return self._note(_solved(self.freedom, cost, self.top, only=only)[0])

    def _note(self, amounts: Numbers) -> bool:
        """Mark the cells whose bounds a table reaches.

        A table that is not in whole numbers is a proof only well beyond the bound.
        """
        whole = self.freedom.agrees(amounts)
        if whole:
            amounts = np.rint(amounts)
        least, most = self.freedom.reach(amounts)
        enough = self.k if whole or self.proof == "none" else self.k + 1
        low, high = ~self.low & (least <= NEAR), ~self.high & (most >= enough - NEAR)
        if not (low.any() or high.any()):
            return False
        self.low |= low
        self.high |= high
        self.tables.append(self.freedom.table(amounts))
        return True

    def _pack(self, todo: Indices, sign: int) -> Numbers:
        """Return costs that draw many cells to their bound at once: as many as the sums leave."""
        freedom = self.freedom
        cost = 1e-3 * self.rng.random(len(self.top))
        if sign < 0:
            chosen = todo[self.rng.random(len(todo)) < 0.7] if len(todo) > 1 else todo
            np.add.at(cost, freedom.held[chosen].indices, 1.0)
            return cost
        room, weight = freedom.rest.copy(), self.rng.random(len(self.high))
        columns, touched = freedom.columns, freedom.touched
        free = 0
        for row in self.rng.permutation(todo)[:PACKED]:
            groups = touched.indices[touched.indptr[row] : touched.indptr[row + 1]]
            group = groups[self.rng.integers(len(groups))]
            sums = columns.indices[columns.indptr[group] : columns.indptr[group + 1]]
            if len(sums) == 0 or room[sums].min() >= self.k:
                room[sums] -= self.k
                cost[group] -= 0.5 + weight[row]
                free += 1
        if not free:
            np.add.at(cost, touched[todo[:1]].indices, -1.0)
        return cost


def _solved(
    freedom: Freedom, cost: Numbers, top: Numbers, *, only: Indices | None = None
) -> tuple[Numbers, Numbers]:
    solved = freedom.solve(cost, top, only=only)
    if solved is None:
        raise UnprotectedError
    return solved


def _twins(holds: sp.csr_array) -> tuple[Indices, Indices]:
    """Return the class of each cell, cells of the same atoms being one, and the first of each."""
    first: dict[bytes, int] = {}
    firsts: list[int] = []
    twin = np.zeros(holds.shape[0], dtype=int)
    for row in range(holds.shape[0]):
        name = holds.indices[holds.indptr[row] : holds.indptr[row + 1]].tobytes()
        if name not in first:
            first[name] = len(firsts)
            firsts.append(row)
        twin[row] = first[name]
    return twin, np.array(firsts, dtype=int)
