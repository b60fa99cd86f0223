"""Journeys without their circles: what each pair puts on each way once to and fro is cancelled.

The journeys of `spread` may go in a circle and come back to where they were. Nobody plans to, and
the longer a journey, the less a circle costs it. Passages of a link in its two directions by one
pair therefore cancel: a circle is as likely one way round as the other, so what is left is the
journey with its circles taken out. Where rivers are faster down than up a little of a circle
remains; it is taken out too. What is left has no circle, so passages are probabilities.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from .arcs import Arcs, Floats
from .assign import Block, Demand, solve_blocks

# Smaller passages are rounding.
TINY = 1e-9


@dataclass(frozen=True)
class Journey:
    """The steps of one pair, in an order in which nobody arrives after leaving.

    Parameters
    ----------
    origin, destination : int
        Places.
    steps : list of (int, int, int, float)
        Tail, head, way and probability.
    """

    origin: int
    destination: int
    steps: list[tuple[int, int, int, float]]

    def passing(self) -> dict[int, float]:
        """Return the probability to pass each place."""
        passed: dict[int, float] = defaultdict(float)
        passed[self.origin] = 1.0
        for _, head, _, flow in self.steps:
            passed[head] += flow
        return {place: min(value, 1.0) for place, value in passed.items()}

    def meeting(self, places: Collection[int], ways: Collection[int]) -> float:
        """Return the probability to pass at least one of the places or use one of the ways."""
        if self.origin in places or self.destination in places:
            return 1.0
        out: dict[int, float] = defaultdict(float)
        for tail, _, _, flow in self.steps:
            out[tail] += flow
        # The probability to arrive without having met any: only what has not met goes on.
        clear: dict[int, float] = {self.origin: 1.0}
        for tail, head, way, flow in self.steps:
            if way not in ways and head not in places:
                clear[head] = clear.get(head, 0.0) + clear.get(tail, 0.0) * flow / out[tail]
        return 1.0 - min(clear.get(self.destination, 0.0), 1.0)


def net_flows(arcs: Arcs, demand: Demand) -> Floats:
    """Return what every pair puts on every way, to and fro cancelled.

    Parameters
    ----------
    arcs : Arcs
        The network.
    demand : Demand
        The pairs; the work grows with their number.

    Returns
    -------
    ndarray of float, shape (pairs, ways)
        Between -1 and 1, positive along arc 2k of way k.
    """
    net = np.zeros((len(demand.origin), len(arcs.tail) // 2))
    if net.size:
        for block in solve_blocks(arcs, demand):
            _fill(net, block)
    return net


def _fill(net: Floats, block: Block) -> None:
    walks, tail = block.walks, block.walks.arcs.tail
    sources, per_unit = [], []
    for reach in block.reaches:
        by = reach.by / reach.total[:, None]
        leaving = walks.first[:, None] * (tail[:, None] == reach.origins) / reach.total
        leaving[reach.last] -= by.T
        sources.append(leaving)
        per_unit.append(by)
    come = np.maximum(walks.arrive(np.concatenate(sources, axis=1)), 0.0)
    first = 0
    for number, (reach, by) in enumerate(zip(block.reaches, per_unit, strict=True)):
        own = come[:, first : first + len(by)]
        own[reach.last] = by.T
        passages = own * block.onward[:, number, None]
        net[reach.pairs] = (passages[0::2] - passages[1::2]).T
        first += len(by)


def plan_journeys(arcs: Arcs, demand: Demand) -> list[Journey]:
    """Return the journeys of every pair without circles.

    Parameters
    ----------
    arcs : Arcs
        The network.
    demand : Demand
        The pairs.

    Returns
    -------
    list of Journey
        One per pair.
    """
    net = net_flows(arcs, demand)
    ends = zip(demand.origin.tolist(), demand.destination.tolist(), strict=True)
    return [
        Journey(origin, destination, _untangle(arcs, net[pair]))
        for pair, (origin, destination) in enumerate(ends)
    ]


def _untangle(arcs: Arcs, net: Floats) -> list[tuple[int, int, int, float]]:
    """Return the steps of a pair in order, with every circle taken out.

    A step comes when all that lead to its tail have come; where none can, there is a circle.
    """
    ways = np.flatnonzero(np.abs(net) > TINY)
    ahead = 2 * ways + (net[ways] < 0)
    tails, heads = arcs.tail[ahead].tolist(), arcs.head[ahead].tolist()
    flows = np.abs(net[ways]).tolist()
    leaving: dict[int, list[int]] = {}
    for step, tail in enumerate(tails):
        leaving.setdefault(tail, []).append(step)
    waiting = Counter(heads)
    ready = [place for place in leaving if place not in waiting]
    order: list[int] = []
    left = len(tails)
    while True:
        while ready:
            for step in leaving.get(ready.pop(), ()):
                if flows[step] > TINY:
                    order.append(step)
                    left -= 1
                    head = heads[step]
                    waiting[head] -= 1
                    if not waiting[head]:
                        ready.append(head)
        if not left:
            numbers = ways.tolist()
            return [(tails[step], heads[step], numbers[step], flows[step]) for step in order]
        circle = _find_circle(order, tails, heads, flows)
        least = min(flows[step] for step in circle)
        for step in circle:
            flows[step] -= least
            if flows[step] <= TINY:
                left -= 1
                waiting[heads[step]] -= 1
                if not waiting[heads[step]]:
                    ready.append(heads[step])


def _find_circle(
    order: list[int], tails: list[int], heads: list[int], flows: list[float]
) -> list[int]:
    """Return the steps of a circle: walking back, one comes to a place for the second time."""
    done = set(order)
    arriving = {
        head: step for step, head in enumerate(heads) if step not in done and flows[step] > TINY
    }
    place = next(iter(arriving))
    seen: dict[int, int] = {}
    walked: list[int] = []
    while place not in seen:
        seen[place] = len(walked)
        walked.append(arriving[place])
        place = tails[walked[-1]]
    return walked[seen[place] :]


def signed_ways(journeys: list[Journey], arcs: Arcs) -> Floats:
    """Return the probability of every way, with the sign of its direction.

    Parameters
    ----------
    journeys : list of Journey
        One per pair.
    arcs : Arcs
        The network.

    Returns
    -------
    ndarray of float, shape (pairs, ways)
        Positive along arc 2k of way k, negative along arc 2k + 1.
    """
    values = np.zeros((len(journeys), len(arcs.tail) // 2))
    tail = arcs.tail.tolist()
    for pair, journey in enumerate(journeys):
        for start, _, way, flow in journey.steps:
            values[pair, way] = flow if tail[2 * way] == start else -flow
    return np.clip(values, -1.0, 1.0)
