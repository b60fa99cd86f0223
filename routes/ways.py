"""The few distinct ways between two places, and how likely each is.

A way is made of two fastest paths: from the origin to some point, and on from there to the
destination. It is listed if the two overlap by a good part of the trip (so it holds no small
detours), if it takes not much more than the fastest, and if it is not nearly the same as a faster
one that is listed. See docs/method.md, "Corridors".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from .links import Bools, Floats, Ints, Numbers
from .trees import Graph, Trees, grow_trees, walk

# The path before a point and the path on from it are both fastest on at least this part of the
# hours of the fastest way.
OVERLAP = 0.1
# No way takes more than this many times the hours of the fastest.
LONGEST = 2.5
QUICK = 1.2
# A way is the same as a faster one if it shares more than this part of its own hours with it.
ALIKE = 0.7
# Ways listed for a pair at most.
MOST = 5
# Hours and arcs of a way, and with which sets of ways it shares which parts of its hours.
Way = tuple[float, Ints, Ints, Floats]
# Hours that differ by less than this part are the same.
CLOSE = 1e-9


@dataclass(frozen=True)
class Ways:
    """The listed ways of pairs.

    Parameters
    ----------
    pair, rank : ndarray of int
        One entry per way: its pair, and its place among the ways of that pair, the fastest 0.
    hours : ndarray of float
        Hours with changes.
    first : ndarray of int
        Where the arcs of each way begin in ``arcs`` (one entry more than ways).
    arcs : ndarray of int
        Arcs of links in the order of travel.
    shared_way, shared_set, shared_part : ndarray
        For each way the parts of its hours on links that it shares with the same set of ways of
        its pair, written as a number with a bit for each rank.
    """

    pair: Ints
    rank: Ints
    hours: Floats
    first: Ints
    arcs: Ints
    shared_way: Ints
    shared_set: Ints
    shared_part: Floats

    def fastest(self) -> Floats:
        """Return for each way the hours of the fastest of its pair."""
        starts = np.flatnonzero(self.rank == 0)
        return np.repeat(self.hours[starts], np.diff(np.append(starts, len(self.rank))))

    def fastest_of_pairs(self, count: int) -> Floats:
        """Return the hours of the fastest way of each of so many pairs, NaN without any."""
        hours = np.full(count, np.nan)
        first = self.rank == 0
        hours[self.pair[first]] = self.hours[first]
        return hours

    def of(self, kept: Bools) -> Ways:
        """Return the ways of the pairs that are kept, which are numbered anew."""
        rows = kept[self.pair] if len(self.pair) else np.zeros(0, dtype=bool)
        number, length = np.cumsum(kept) - 1, np.diff(self.first)
        shared = rows[self.shared_way]
        return Ways(
            pair=number[self.pair[rows]] if len(self.pair) else self.pair,
            rank=self.rank[rows],
            hours=self.hours[rows],
            first=np.cumsum([0, *length[rows].tolist()]),
            arcs=self.arcs[np.repeat(rows, length)],
            shared_way=(np.cumsum(rows) - 1)[self.shared_way[shared]],
            shared_set=self.shared_set[shared],
            shared_part=self.shared_part[shared],
        )

    def odds(self, theta: Floats) -> Floats:
        """Return the probability of every way, for a theta (per hour) of every pair.

        Path-size logit: exp(-theta * hours) times the size of the way, the mean over its hours of
        the best weight on a link over the sum of all weights on it.
        """
        if not len(self.pair):
            return np.zeros(0)
        beyond = self.hours - self.fastest()
        with np.errstate(invalid="ignore"):
            weight = np.exp(-np.where(beyond > 0, theta[self.pair] * beyond, 0.0))
        table = np.zeros((int(self.pair.max()) + 1, MOST))
        table[self.pair, self.rank] = weight
        bits = (self.shared_set[:, None] >> np.arange(MOST)) & 1
        on_link = table[self.pair[self.shared_way]] * bits
        total = on_link.sum(axis=1)
        part = np.divide(on_link.max(axis=1), total, out=np.zeros(len(total)), where=total > 0)
        size = np.bincount(self.shared_way, self.shared_part * part, minlength=len(self.pair))
        likely = weight * size
        whole = np.bincount(self.pair, likely)
        odds: Floats = likely / whole[self.pair]
        return odds


def find_ways(graph: Graph, start: Ints, end: Ints) -> Ways:
    """Find the distinct ways of pairs; a pair that no path joins has none."""
    listing = _Listing(graph)
    origins, of_start = np.unique(start, return_inverse=True)
    goals, of_end = np.unique(end, return_inverse=True)
    if graph.plain and np.array_equal(graph.links.there, graph.links.back):
        # As long one way as the other: a tree from a place is the tree to it.
        places = np.union1d(origins, goals)
        trees = grow_trees(graph, places)
        forth = _sides(graph, trees.of(np.searchsorted(places, origins)))
        back = _sides(graph, replace(trees.of(np.searchsorted(places, goals)), turned=True))
    else:
        forth = _sides(graph, grow_trees(graph, origins))
        back = _sides(graph, grow_trees(graph, goals, turned=True))
    listed: list[list[Way]] = [[] for _ in start]
    # Origin by origin, as its tree then stays at hand.
    for pair in np.lexsort((of_end, of_start)).tolist():
        listed[pair] = listing.ways(
            forth[of_start[pair]], back[of_end[pair]], int(graph.arrive[end[pair]])
        )
    return _collect(listed)


@dataclass(frozen=True)
class _Side:
    """The tree of fastest paths of one end: hours, the next node towards it, and the arc to it.

    ``near`` is the next node with 0 for none and ``own`` the node itself with -2 for none, so that
    two trees are compared in one step; ``arc`` is that of the way of travel, -1 for changes.
    """

    hours: Floats
    next_: Numbers
    near: Numbers
    own: Numbers
    arc: Numbers


def _moved(places: list[int]) -> list[int]:
    """Return places with those left out where only the means changes."""
    return [places[0], *(b for a, b in pairwise(places) if a != b)]


def _sides(graph: Graph, trees: Trees) -> list[_Side]:
    tails, heads = np.divmod(graph.keys, graph.nodes)
    far, near = (tails, heads) if trees.turned else (heads, tails)
    nodes = np.arange(graph.nodes, dtype=np.int32)
    via = np.where(graph.via < graph.on_links, graph.via, -1).astype(np.int32)
    sides = []
    for hours, next_ in zip(trees.hours, trees.next_, strict=True):
        arc = np.full(graph.nodes, -1, dtype=np.int32)
        used = np.flatnonzero(next_[far] == near)
        arc[far[used]] = via[used]
        there = next_ >= 0
        near_ = np.where(there, next_, 0)
        sides.append(_Side(hours, next_, near_, np.where(there, nodes, -2), arc))
    return sides


class _Listing:
    """What the search for ways needs of a network, and room to mark the arcs of one pair."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.hours = graph.hours[: graph.on_links]
        both_ways = self.hours + self.hours[np.arange(graph.on_links) ^ 1]
        # A point on a link is reached sooner from its tail up to this part of what is sooner there.
        self.part = np.divide(self.hours, both_ways, out=np.zeros(graph.on_links),
                              where=both_ways > 0)  # fmt: skip
        self.mark = np.zeros(graph.on_links, dtype=np.int64)
        # Only long links hold much of an overlap by themselves: arcs and nodes by such a link.
        self.longest = np.argsort(-self.hours, kind="stable")
        self.reach = np.zeros(graph.nodes)
        np.maximum.at(self.reach, graph.tail[: graph.on_links], self.hours)
        np.maximum.at(self.reach, graph.head[: graph.on_links], self.hours)
        self.farthest = np.argsort(-self.reach, kind="stable")
        self.long_hours, self.far_reach = -self.hours[self.longest], -self.reach[self.farthest]

    def ways(self, forth: _Side, back: _Side, end: int) -> list[Way]:
        """Return the listed ways of a pair, the fastest first."""
        best = float(forth.hours[end])
        if not np.isfinite(best):
            return []
        # Where ways are many those that take little longer fill the list, and no other counts.
        quick = self._list(forth, back, end, best, QUICK)
        return quick if len(quick) == MOST else self._list(forth, back, end, best, LONGEST)

    def _list(self, forth: _Side, back: _Side, end: int, best: float, longest: float) -> list[Way]:
        """Return the listed ways that take at most so many times the hours of the fastest."""
        listed: list[tuple[float, Ints]] = []
        for hours, node, arc in [(best, end, -1), *self._candidates(forth, back, best, longest)]:
            own = self._unfold(forth, back, node, arc)
            if own is None:
                continue
            time, marks = self.hours[own], self.mark[own]
            total = float(time.sum())
            limit = ALIKE * (1 + CLOSE) * total
            if listed and not total > 0:
                continue
            if any(time[(marks >> known) & 1 > 0].sum() > limit for known in range(len(listed))):
                continue
            self.mark[own] |= 1 << len(listed)
            listed.append((hours, own))
            if len(listed) == MOST:
                break
        found = [(hours, own, *self._shared(rank, own)) for rank, (hours, own) in enumerate(listed)]
        for _, own in listed:
            self.mark[own] = 0
        return found

    def _shared(self, rank: int, own: Ints) -> tuple[Ints, Floats]:
        """Return with which sets of ways a way shares parts of its hours, and these parts."""
        shared = np.bincount(self.mark[own], self.hours[own])
        kinds = np.flatnonzero(shared)
        if not len(kinds):  # a way without hours shares nothing
            return np.array([1 << rank]), np.ones(1)
        parts = shared[kinds]
        return kinds, parts / parts.sum()

    def _unfold(self, forth: _Side, back: _Side, node: int, arc: int) -> Ints | None:
        """Return the arcs of the way by a node or an arc; None if it passes a place twice."""
        graph = self.graph
        first, then = (node, node) if arc < 0 else (int(graph.tail[arc]), int(graph.head[arc]))
        before, after = walk(forth.next_, first), walk(back.next_, then)
        before.reverse()
        nodes = np.array(before + after)
        places = before + after if graph.plain else _moved(graph.place[nodes].tolist())
        # The last of ``before`` is the first of ``after`` where the way is given by a node.
        if len(set(places)) + (graph.plain and arc < 0) < len(places):
            return None
        arcs = np.concatenate([forth.arc[nodes[1 : len(before)]], [arc], back.arc[after[:-1]]])
        own: Ints = arcs[arcs >= 0].astype(np.int64)
        return own

    def _candidates(
        self, forth: _Side, back: _Side, best: float, longest: float
    ) -> list[tuple[float, int, int]]:
        """Return hours, node and arc (or -1) of ways that overlap enough, the fastest first."""
        least, most = OVERLAP * best * (1 - CLOSE), longest * best * (1 + CLOSE)
        total = forth.hours + back.hours
        near = total <= most
        # Arcs of both trees, by the node at their head, lie in chains, one for each way.
        both = np.flatnonzero((back.next_[forth.near] == forth.own) & near)
        top, length = self._chains(forth, both)
        inner = np.zeros(self.graph.nodes, dtype=bool)
        inner[forth.near[both]] = True
        last = ~inner[both]
        heads, tops, along = both[last], top[last], length[last]
        far = along + self.reach[heads] + self.reach[tops] >= least
        # Nodes that touch no such arc.
        inner[both] = True
        count = int(np.searchsorted(self.far_reach, -least / 2, side="right"))
        single = self.farthest[:count]
        single = single[near[single] & ~inner[single]]
        heads = np.concatenate([heads[far], single])
        tops = np.concatenate([tops[far], single])
        along = np.concatenate([along[far], np.zeros(len(single))])
        fit = along + self._before(forth, back, tops) + self._beyond(forth, back, heads) >= least
        found = [
            (hours, node, -1)
            for hours, node in zip(total[heads[fit]].tolist(), heads[fit].tolist(), strict=True)
        ]
        count = int(np.searchsorted(self.long_hours, -least, side="right"))
        if count:
            found += self._by_link(forth, back, self.longest[:count], least, most)
        return sorted(found)

    def _chains(self, forth: _Side, heads: Ints) -> tuple[Ints, Floats]:
        """Return for arcs of both trees where their chain begins, and its hours up to them."""
        place = np.full(self.graph.nodes, -1, dtype=np.int32)
        place[heads] = np.arange(len(heads))
        top: Ints = forth.near[heads].astype(np.int64)
        arc = forth.arc[heads]
        length: Floats = np.where(arc >= 0, self.hours[arc], 0.0)
        up = place[top]
        while len(rows := np.flatnonzero(up >= 0)):
            above = up[rows]
            length[rows] += length[above]
            top[rows], up[rows] = top[above], up[above]
        return top, length

    def _before(self, forth: _Side, back: _Side, nodes: Ints) -> Floats:
        """Return the hours of the link into nodes from which the fastest path leads over them."""
        arc = forth.arc[nodes]
        gain = self.hours[arc ^ 1] + back.hours[forth.near[nodes]] - back.hours[nodes]
        return np.where(arc >= 0, self.part[arc] * gain, 0.0)

    def _beyond(self, forth: _Side, back: _Side, nodes: Ints) -> Floats:
        """Return the hours of the link out of nodes up to which the path over them is fastest."""
        arc = back.arc[nodes]
        gain = self.hours[arc ^ 1] + forth.hours[back.near[nodes]] - forth.hours[nodes]
        return np.where(arc >= 0, self.part[arc] * gain, 0.0)

    def _by_link(
        self, forth: _Side, back: _Side, arcs: Ints, least: float, most: float
    ) -> list[tuple[float, int, int]]:
        """Return the ways along arcs that are in neither tree and hold an overlap themselves."""
        tail, head = self.graph.tail[arcs], self.graph.head[arcs]
        total = forth.hours[tail] + self.hours[arcs] + back.hours[head]
        kept = (total <= most) & (forth.arc[head] != arcs) & (back.arc[tail] != arcs)
        arcs, tail, head, total = arcs[kept], tail[kept], head[kept], total[kept]
        there, opposite = self.hours[arcs], self.hours[arcs ^ 1]
        # Up to here it is fastest from its tail, and from there on by its head.
        up_to = np.minimum(opposite + forth.hours[head] - forth.hours[tail], there + opposite)
        down_from = np.maximum(there + back.hours[head] - back.hours[tail], 0.0)
        fit = self.part[arcs] * (up_to - down_from) >= least
        return [
            (hours, -1, arc)
            for hours, arc in zip(total[fit].tolist(), arcs[fit].tolist(), strict=True)
        ]


def _collect(listed: list[list[Way]]) -> Ways:
    """Return the ways of all pairs as one table of arrays."""
    every = [
        (pair, rank, *way) for pair, ways in enumerate(listed) for rank, way in enumerate(ways)
    ]
    none = np.zeros(0, dtype=np.int64)
    columns = list(zip(*every, strict=True)) or [()] * 6
    pair, rank, hours, arcs, sets, parts = columns
    return Ways(
        pair=np.array(pair, dtype=np.int64),
        rank=np.array(rank, dtype=np.int64),
        hours=np.array(hours, dtype=float),
        first=np.cumsum([0, *map(len, arcs)]),
        arcs=np.concatenate([none, *arcs]),
        shared_way=np.repeat(np.arange(len(sets)), [len(kinds) for kinds in sets]),
        shared_set=np.concatenate([none, *sets]),
        shared_part=np.concatenate([np.zeros(0), *parts]),
    )
