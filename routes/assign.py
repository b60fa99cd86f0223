"""Loads of all pairs, destination by destination: one solve forward, a few backward."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .arcs import Arcs, Floats, Ints, changes
from .walks import Columns, Walks

# Destinations solved for at once; bounds the memory at a few hundred bytes an arc.
BLOCK = 16
# Below this a weight has lost its precision, and the destination is done again with a potential.
SMALLEST = 1e-200


@dataclass(frozen=True)
class Demand:
    """What travels, as numbers of places.

    Parameters
    ----------
    origin, destination : ndarray of int
        Ends of every pair; distinct, and joined by the network.
    weight, theta : ndarray of float
        Weight of every pair, and how strongly time counts for it, per hour.
    """

    origin: Ints
    destination: Ints
    weight: Floats
    theta: Floats


@dataclass(frozen=True)
class Reach:
    """How journeys from many origins reach one destination for the first time.

    Parameters
    ----------
    destination : int
        Where they end.
    pairs, origins : ndarray of int
        Rows of the demand, and their origins.
    last : ndarray of int
        The arcs into the destination.
    by : ndarray of float, shape (origins, last)
        Weight of the journeys whose last arc is each of these.
    back : ndarray of float, shape (last, last)
        Z among them.
    """

    destination: int
    pairs: Ints
    origins: Ints
    last: Ints
    by: Floats
    back: Floats

    @property
    def total(self) -> Floats:
        """h: weight of all journeys, per origin."""
        total: Floats = self.by.sum(axis=1)
        return total


@dataclass(frozen=True)
class Block:
    """Some destinations solved for together.

    Parameters
    ----------
    walks : Walks
        The journeys; with a potential for a destination that lies very far.
    reaches : list of Reach
        One per destination.
    onward : ndarray of float, shape (arcs, reaches)
        Weight of what leads from the head of each arc to the destination.
    columns : Columns
        Z[:, last], for the arcs into all destinations that were solved for together.
    starts : list of int
        The first column of each reach.
    """

    walks: Walks
    reaches: list[Reach]
    onward: Floats
    columns: Columns
    starts: list[int]

    def own(self, number: int) -> slice:
        """Return the columns of a reach."""
        return slice(self.starts[number], self.starts[number] + len(self.reaches[number].last))


def arcs_by(ends: Ints, count: int) -> tuple[Ints, Ints]:
    """Return the arcs sorted by an end, and where those of each place start in this order."""
    return np.argsort(ends, kind="stable"), np.concatenate(
        [[0], np.cumsum(np.bincount(ends, minlength=count))]
    )


def solve_blocks(arcs: Arcs, demand: Demand) -> Iterator[Block]:
    """Solve for all destinations, some at a time.

    Parameters
    ----------
    arcs : Arcs
        The network.
    demand : Demand
        The pairs. The work grows with the number of destinations (and of distinct theta), not of
        pairs.

    Yields
    ------
    Block
        Each pair is in one block; blocks of one theta follow each other.
    """
    count = int(max(arcs.tail.max(), demand.origin.max(), demand.destination.max())) + 1
    order, at = arcs_by(arcs.head, count)
    for theta in np.unique(demand.theta):
        walks = Walks(arcs, float(theta))
        rows = np.flatnonzero(demand.theta == theta)
        rows = rows[np.argsort(demand.destination[rows], kind="stable")]
        goals, starts = np.unique(demand.destination[rows], return_index=True)
        bounds = np.append(starts, len(rows))
        for lot in range(0, len(goals), BLOCK):
            jobs = [
                (int(goal), order[at[goal] : at[goal + 1]], rows[bounds[i] : bounds[i + 1]])
                for i, goal in enumerate(goals[lot : lot + BLOCK], start=lot)
            ]
            yield from _solve(walks, arcs, demand, jobs)


def _solve(
    walks: Walks,
    arcs: Arcs,
    demand: Demand,
    jobs: list[tuple[int, Ints, Ints]],
    rescued: bool = False,
) -> Iterator[Block]:
    targets = np.concatenate([last for _, last, _ in jobs])
    columns = walks.columns(targets)
    origins = np.unique(np.concatenate([demand.origin[pairs] for *_, pairs in jobs]))
    starts = start_values(walks, columns, origins)
    ends = columns.at(targets)
    reaches, factors, begins, far = [], [], [], []
    place = 0
    for goal, last, pairs in jobs:
        own = slice(place, place + len(last))
        place += len(last)
        back = ends[own, own]
        come = starts[np.searchsorted(origins, demand.origin[pairs]), own]
        by = np.maximum(np.linalg.solve(back.T, come.T).T, 0.0)
        if not rescued and not (by.sum(axis=1) > SMALLEST).all():
            far.append((goal, last, pairs))
            continue
        begins.append(own.start)
        reaches.append(Reach(goal, pairs, demand.origin[pairs], last, by, back))
        mixed = np.zeros(len(targets))
        mixed[own] = np.linalg.solve(back, np.ones(len(last)))
        factors.append(mixed)
    if reaches:
        onward = np.maximum(columns.mix(np.stack(factors, axis=1)), 0.0)
        for number, reach in enumerate(reaches):
            onward[reach.last, number] = 1.0
        yield Block(walks, reaches, onward, columns, begins)
    for job in far:
        potential = find_potential(arcs, walks.theta, job[0])
        yield from _solve(Walks(arcs, walks.theta, potential), arcs, demand, [job], True)


def start_values(walks: Walks, columns: Columns, origins: Ints) -> Floats:
    """Return the weight of all journeys from each origin to each target.

    Parameters
    ----------
    walks : Walks
        The journeys.
    columns : Columns
        Columns of Z, one per target.
    origins : ndarray of int
        Places, sorted, none twice.

    Returns
    -------
    ndarray of float, shape (origins, targets)
        In the order of ``origins``.
    """
    tail = walks.arcs.tail
    chosen = np.flatnonzero(np.isin(tail, origins))
    chosen = chosen[np.argsort(tail[chosen], kind="stable")]
    values = walks.first[chosen][:, None] * columns.at(chosen)
    first = np.flatnonzero(np.append(True, np.diff(tail[chosen]) > 0))
    total: Floats = np.add.reduceat(values, first, axis=0)
    return total


def _departures(block: Block, weights: list[Floats]) -> Floats:
    """Return what sets out on each arc, less what arrives, so that nothing goes on beyond."""
    tail = block.walks.arcs.tail
    sources = np.zeros((len(tail), len(block.reaches)))
    sent = np.zeros(int(tail.max()) + 1)
    for number, (reach, weight) in enumerate(zip(block.reaches, weights, strict=True)):
        per_unit = weight / reach.total
        np.add.at(sent, reach.origins, per_unit)
        sources[:, number] = block.walks.first * sent[tail]
        sources[reach.last, number] -= per_unit @ reach.by
        sent[reach.origins] = 0.0
    return sources


def load_arcs(arcs: Arcs, demand: Demand) -> Floats:
    """Return the expected passages of each arc, all pairs together.

    Parameters
    ----------
    arcs : Arcs
        The network.
    demand : Demand
        The pairs.

    Returns
    -------
    ndarray of float, shape (arcs,)
        In the unit of the weights.
    """
    load = np.zeros(len(arcs.tail))
    for block in solve_blocks(arcs, demand):
        load += load_block(block, demand)
    return load


def load_block(block: Block, demand: Demand) -> Floats:
    """Return the expected passages of each arc by the pairs of a block.

    Parameters
    ----------
    block : Block
        Some destinations.
    demand : Demand
        The pairs.

    Returns
    -------
    ndarray of float, shape (arcs,)
        In the unit of the weights.
    """
    weights = [demand.weight[reach.pairs] for reach in block.reaches]
    come = np.maximum(block.walks.arrive(_departures(block, weights)), 0.0)
    for number, (reach, weight) in enumerate(zip(block.reaches, weights, strict=True)):
        come[reach.last, number] = (weight / reach.total) @ reach.by
    load: Floats = np.einsum("at,at->a", come, block.onward)
    return load


def find_potential(arcs: Arcs, theta: float, goal: int) -> tuple[Floats, Floats]:
    """Return the least cost from each state to a place, in the unit of theta x hours.

    Parameters
    ----------
    arcs : Arcs
        The network.
    theta : float
        How strongly time counts, per hour.
    goal : int
        The place.

    Returns
    -------
    tuple of two ndarray of float
        One value per state: minus the logarithm of the best single journey from there, after
        arriving in it and when ready to leave it.
    """
    import scipy.sparse as sp
    from scipy.sparse.csgraph import dijkstra

    states = arcs.states
    count = len(states.place)
    one, other = changes(states)
    lost = theta * arcs.penalty[states.means[one], states.means[other]]
    cost = -arcs.logs(theta)
    # Reversed, with a second layer of states: arrived (0 ..) and ready to go (count ..).
    rows = np.concatenate([states.into, other + count])
    columns = np.concatenate([states.out_of + count, one])
    values = np.concatenate([cost, lost])
    order = np.lexsort((values, columns, rows))
    rows, columns, values = rows[order], columns[order], values[order]
    fresh = np.append(True, (np.diff(rows) != 0) | (np.diff(columns) != 0))
    graph = sp.csr_array((values[fresh], (rows[fresh], columns[fresh])), shape=(2 * count,) * 2)
    ends = np.flatnonzero(states.place == goal)
    found: Floats = dijkstra(graph, indices=ends, min_only=True)
    found = np.where(np.isfinite(found), found, found[np.isfinite(found)].max())
    return found[:count], found[count:]
