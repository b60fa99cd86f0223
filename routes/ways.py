"""The few distinct ways between two places, and how likely each is.

A way is made of two fastest paths: from the origin to some point, and on from there to the
destination. It is listed if the two overlap by a good part of the trip (so it holds no small
detours), if it takes not much more than the fastest, and if it is not nearly the same as a faster
one that is listed. Odds are a link-nested logit. See docs/method.md, "Corridors".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .links import Bools, Floats, Ints, Numbers
from .trees import Graph, Trees, grow_trees

# The path before a point and the path on from it are both fastest on at least this part of the
# hours of the fastest way.
OVERLAP = 0.1
# No way takes more than this many times the hours of the fastest.
LONGEST = 2.5
QUICK = 1.2
# A way is the same as a faster one if it shares more than this part of its own hours with it (as
# in Abraham et al. 2013).
ALIKE = 0.8
# Ways listed for a pair at most.
MOST = 5
# Which of the ways (columns) are in a set of them, written as a number with a bit for each.
SETS = ((np.arange(1 << MOST)[:, None] >> np.arange(MOST)) & 1).astype(float)
# Pairs are searched together: as many as have this many nodes in all, which stay in the cache; and
# their ways listed together: as many as have this many arcs in all, which bounds the memory.
ROOM, BOARD = 300_000, 20_000_000
# Ways of a pair unfolded at a time: most lists are full, or at their end, after these.
AT_ONCE = 8
# Hours and arcs of a way, and with which sets of ways it shares which of its hours.
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
    shared_way, shared_set, shared_hours : ndarray
        For each way its hours on links that it shares with the same set of ways of its pair,
        written as a number with a bit for each rank.
    """

    pair: Ints
    rank: Ints
    hours: Floats
    first: Ints
    arcs: Ints
    shared_way: Ints
    shared_set: Ints
    shared_hours: Floats

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
            shared_hours=self.shared_hours[shared],
        )

    def odds(self, theta: Floats) -> Floats:
        """Return the probability of every way, for a theta (per hour) of every pair.

        Link-nested logit with a nest parameter of 1/2: on a link that ways share, all together
        weigh as much as the root of the sum of their squared weights, each by its square.
        """
        if not len(self.pair):
            return np.zeros(0)
        beyond = self.hours - self.fastest()
        with np.errstate(invalid="ignore"):
            weight = np.exp(-np.where(beyond > 0, theta[self.pair] * beyond, 0.0))
        on_links = np.bincount(self.shared_way, self.shared_hours, minlength=len(self.pair))
        weight /= on_links  # for each hour of the way
        table = np.zeros((int(self.pair.max()) + 1, MOST))
        table[self.pair, self.rank] = weight
        on_link = table[self.pair[self.shared_way]] * SETS[self.shared_set]
        total = np.sqrt(np.square(on_link).sum(axis=1))
        own = weight[self.shared_way]
        part = np.divide(own**2, total, out=np.zeros(len(total)), where=total > 0)
        likely = np.bincount(self.shared_way, self.shared_hours * part, minlength=len(self.pair))
        odds: Floats = likely / np.bincount(self.pair, likely)[self.pair]
        return odds


def find_ways(graph: Graph, start: Ints, end: Ints) -> Ways:
    """Find the distinct ways of pairs; a pair that no path joins has none."""
    origins, of_start = np.unique(start, return_inverse=True)
    goals, of_end = np.unique(end, return_inverse=True)
    if graph.plain and np.array_equal(graph.links.there, graph.links.back):
        # As long one way as the other: a tree from a place is the tree to it.
        places = np.union1d(origins, goals)
        trees = grow_trees(graph, places)
        forth = _side(graph, trees.of(np.searchsorted(places, origins)), of_start)
        back = _side(graph, replace(trees.of(np.searchsorted(places, goals)), turned=True), of_end)
    else:
        forth = _side(graph, grow_trees(graph, origins), of_start)
        back = _side(graph, grow_trees(graph, goals, turned=True), of_end)
    network = _Network(graph)
    listed: list[list[Way]] = [[] for _ in start]
    # Origin by origin, as its tree then stays at hand.
    order = np.lexsort((of_end, of_start))
    at_once = max(1, BOARD // max(graph.on_links, 1))
    for first in range(0, len(order), at_once):
        pairs = order[first : first + at_once]
        found = _Search(network, forth.of(pairs), back.of(pairs), graph.arrive[end[pairs]]).ways()
        for pair, ways in zip(pairs.tolist(), found, strict=True):
            listed[pair] = ways
    return _collect(listed)


@dataclass(frozen=True)
class _Side:
    """Trees of fastest paths of one end: hours, the next node towards it, and the arc to that.

    ``arcs`` are those of the way of travel, -1 for changes; ``next_`` is -1 at the end itself and
    beyond its reach. ``tree`` is the tree (row) of each pair; the methods take pairs and nodes.
    """

    trees: Floats
    next_: Numbers
    arcs: Numbers
    tree: Ints

    def of(self, pairs: Ints) -> _Side:
        """Return the same trees for some of the pairs."""
        return replace(self, tree=self.tree[pairs])

    def hours(self, pair: Ints, node: Ints) -> Floats:
        """Return the hours between nodes and the ends."""
        return self.trees.take(self._at(pair, node))

    def next(self, pair: Ints, node: Ints) -> Ints:
        """Return the nodes one step nearer to the ends, or -1."""
        return self.next_.take(self._at(pair, node)).astype(np.int64)

    def arc(self, pair: Ints, node: Ints) -> Ints:
        """Return the arcs between nodes and the next ones, or -1."""
        return self.arcs.take(self._at(pair, node)).astype(np.int64)

    def _at(self, pair: Ints, node: Ints) -> Ints:
        # One index into the flat array is twice as fast as two.
        place: Ints = self.tree[pair] * self.trees.shape[1] + node
        return place

    def walk(self, pair: Ints, node: Ints) -> Ints:
        """Return the nodes from some to the ends (rows of the result), then -1."""
        steps, root = [node], self._at(pair, np.zeros_like(node))
        while ((node := np.where(node >= 0, self.next_.take(root + node), -1)) >= 0).any():
            steps.append(node)
        return np.stack(steps, axis=1)


def _side(graph: Graph, trees: Trees, tree: Ints) -> _Side:
    tails, heads = np.divmod(graph.keys, graph.nodes)
    far, near = (tails, heads) if trees.turned else (heads, tails)
    via = np.where(graph.via < graph.on_links, graph.via, -1).astype(np.int32)
    arc = np.full(trees.next_.shape, -1, dtype=np.int32)
    for own, next_ in zip(arc, trees.next_, strict=True):
        used = np.flatnonzero(next_[far] == near)
        own[far[used]] = via[used]
    return _Side(trees.hours, np.maximum(trees.next_, -1), arc, tree)


class _Network:
    """What the search for ways needs of a network."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.hours = graph.hours[: graph.on_links]
        both_ways = self.hours + self.hours[np.arange(graph.on_links) ^ 1]
        # A point on a link is reached sooner from its tail up to this part of what is sooner there.
        self.part = np.divide(self.hours, both_ways, out=np.zeros(graph.on_links),
                              where=both_ways > 0)  # fmt: skip
        # Only long links hold much of an overlap by themselves: arcs and nodes by such a link.
        self.longest = np.argsort(-self.hours, kind="stable")
        self.reach = np.zeros(graph.nodes)
        np.maximum.at(self.reach, graph.tail[: graph.on_links], self.hours)
        np.maximum.at(self.reach, graph.head[: graph.on_links], self.hours)
        self.farthest = np.argsort(-self.reach, kind="stable")
        self.long_hours, self.far_reach = -self.hours[self.longest], -self.reach[self.farthest]


def _first(counts: Ints, order: Ints) -> tuple[Ints, Ints]:
    """Return for every row as many of the first of ``order`` as it counts, beside their rows."""
    rows = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    return rows, order[place]


@dataclass(frozen=True)
class _Candidates:
    """Ways that overlap enough, by pair and then the fastest first: by a node, or else an arc."""

    pair: Ints
    hours: Floats
    node: Ints
    arc: Ints

    def of(self, rows: Ints | Bools) -> _Candidates:
        """Return some of them."""
        return _Candidates(self.pair[rows], self.hours[rows], self.node[rows], self.arc[rows])


def _columns(found: _Candidates) -> tuple[Ints, Floats, Ints, Ints]:
    return found.pair, found.hours, found.node, found.arc


class _Search:
    """The search for ways of some pairs at once, which end at some nodes."""

    def __init__(self, network: _Network, forth: _Side, back: _Side, end: Ints) -> None:
        self.network, self.graph = network, network.graph
        self.forth, self.back, self.end = forth, back, end
        self.best = forth.hours(np.arange(len(end)), end)
        self.listed: list[list[tuple[float, Ints]]] = [[] for _ in end]
        # Which of the listed ways of a pair (rows) pass each arc, a bit for each rank.
        self.mark = np.zeros((len(end), self.graph.on_links), dtype=np.uint8)

    def ways(self) -> list[list[Way]]:
        """Return the listed ways of the pairs, the fastest first."""
        open_ = np.flatnonzero(np.isfinite(self.best))
        fastest = _Candidates(
            open_, self.best[open_], self.end[open_], np.full(len(open_), -1, dtype=np.int64)
        )
        self._list(fastest)
        # Where ways are many those that take little longer fill the list, and no other counts.
        for quick, longest in ((0.0, QUICK), (QUICK, LONGEST)):
            open_ = np.array([row for row in open_ if len(self.listed[row]) < MOST], dtype=np.int64)
            if len(open_):
                at_once = max(1, ROOM // self.graph.nodes)
                parts = [
                    self._candidates(open_[first : first + at_once], longest)
                    for first in range(0, len(open_), at_once)
                ]
                found = _Candidates(*map(np.concatenate, zip(*map(_columns, parts), strict=True)))
                known = found.hours <= quick * self.best[found.pair] * (1 - CLOSE)
                self._list(found.of(~known))
        return [
            [
                (hours, own, *self._shared(rank, self.mark[row, own], own))
                for rank, (hours, own) in enumerate(ways)
            ]
            for row, ways in enumerate(self.listed)
        ]

    def _list(self, found: _Candidates) -> None:
        """Add to the lists of pairs those ways that are not nearly the same as one in them."""
        place = np.arange(len(found.pair)) - np.searchsorted(found.pair, found.pair)
        while len(found.pair):
            now = place < AT_ONCE
            for row, hours, own in self._unfold(found.of(now)):
                self._add(row, hours, own)
            full = np.array([len(ways) == MOST for ways in self.listed])
            later = ~now & ~full[found.pair]
            found, place = found.of(later), place[later] - AT_ONCE

    def _add(self, row: int, hours: float, own: Ints) -> None:
        listed, mark = self.listed[row], self.mark[row]
        if len(listed) == MOST:
            return
        if listed:
            by_set = np.bincount(mark[own], self.network.hours[own])
            total = by_set.sum()
            if not total > 0 or (by_set @ SETS[: len(by_set)]).max() > ALIKE * (1 + CLOSE) * total:
                return
        mark[own] |= 1 << len(listed)
        listed.append((hours, own.copy()))  # not to keep all that were unfolded with it

    def _shared(self, rank: int, marks: NDArray[np.uint8], own: Ints) -> tuple[Ints, Floats]:
        """Return with which sets of ways a way shares some of its hours, and these hours."""
        shared = np.bincount(marks, self.network.hours[own]).astype(float)
        kinds = np.flatnonzero(shared)
        if not len(kinds):  # a way without hours shares nothing
            return np.array([1 << rank]), np.ones(1)
        return kinds, shared[kinds]

    def _unfold(self, found: _Candidates) -> Iterator[tuple[int, float, Ints]]:
        """Yield pair, hours and arcs of those ways that pass no place twice."""
        graph, row, by_node = self.graph, found.pair, found.arc < 0
        first = np.where(by_node, found.node, graph.tail[found.arc])
        then = np.where(by_node, found.node, graph.head[found.arc])
        before, after = self.forth.walk(row, first), self.back.walk(row, then)
        arcs = np.concatenate(
            [
                np.where(before >= 0, self.forth.arc(row[:, None], before), -1)[:, ::-1],
                found.arc[:, None],
                np.where(after >= 0, self.back.arc(row[:, None], after), -1),
            ],
            axis=1,
        )
        # The last node before is the first one after where the way is given by a node.
        after[by_node, 0] = -1
        nodes = np.concatenate([before[:, ::-1], after], axis=1)
        twice = self._twice(np.where(nodes >= 0, graph.place[nodes], -1))
        passed = arcs >= 0
        ends = np.cumsum(passed.sum(axis=1)).tolist()
        every = arcs[passed]
        for at, (pair, hours) in enumerate(zip(row.tolist(), found.hours.tolist(), strict=True)):
            if not twice[at]:
                yield pair, hours, every[ends[at - 1] if at else 0 : ends[at]]

    def _twice(self, places: Ints) -> Bools:
        """Tell which rows pass a place again that they have left; to change means is no leaving."""
        count = places.shape[1]
        order = np.argsort(places, axis=1, kind="stable")
        ranked = np.take_along_axis(places, order, axis=1)
        again = (ranked[:, 1:] == ranked[:, :-1]) & (ranked[:, 1:] >= 0)
        if not self.graph.plain:
            present = np.take_along_axis(np.cumsum(places >= 0, axis=1), order, axis=1)
            again &= np.diff(present, axis=1) > 1
        return again.any(axis=1) if count > 1 else np.zeros(len(places), dtype=bool)

    def _candidates(self, open_: Ints, longest: float) -> _Candidates:
        """Return the ways of some pairs that overlap enough and take at most so much longer."""
        forth, back = self.forth.of(open_), self.back.of(open_)
        least = OVERLAP * self.best[open_] * (1 - CLOSE)
        most = longest * self.best[open_] * (1 + CLOSE)
        network = self.network
        total = forth.trees[forth.tree] + back.trees[back.tree]
        near = total <= most[:, None]
        # Arcs of both trees, by the node at their head, lie in chains, one for each way.
        row, head = np.divmod(np.flatnonzero(near), self.graph.nodes)
        up = forth.next(row, head)
        both_trees = np.flatnonzero((up >= 0) & (back.next(row, up) == head))
        row, head, up = row[both_trees], head[both_trees], up[both_trees]
        inner = np.zeros(near.shape, dtype=bool)
        inner[row, up] = True
        top, length = self._chains(forth, row, head, up)
        last = ~inner[row, head]
        far = length + network.reach[head] + network.reach[top] >= least[row]
        # Nodes that touch no such arc.
        inner[row, head] = True
        ends = last & far
        counts = np.searchsorted(network.far_reach, -least / 2, side="right")
        row_, single = _first(counts, network.farthest)
        alone = near[row_, single] & ~inner[row_, single]
        row, head, top, length = (
            np.concatenate(both)
            for both in (
                (row[ends], row_[alone]),
                (head[ends], single[alone]),
                (top[ends], single[alone]),
                (length[ends], np.zeros(int(alone.sum()))),
            )
        )
        along = length + self._beside(forth, back, row, top) + self._beside(back, forth, row, head)
        fit = along >= least[row]
        row, head = row[fit], head[fit]
        by_link = self._by_link(forth, back, least, most)
        none = np.full(len(row), -1, dtype=np.int64)
        pair, hours, node, arc = (
            np.concatenate(both)
            for both in zip((row, total[row, head], head, none), by_link, strict=True)
        )
        return _Candidates(open_[pair], hours, node, arc).of(np.lexsort((arc, node, hours, pair)))

    def _chains(self, forth: _Side, row: Ints, head: Ints, top: Ints) -> tuple[Ints, Floats]:
        """Return for arcs of both trees where their chain begins, and its hours up to them."""
        place = np.full((len(forth.tree), self.graph.nodes), -1, dtype=np.int32)
        place[row, head] = np.arange(len(head))
        arc = forth.arc(row, head)
        length: Floats = np.where(arc >= 0, self.network.hours[arc], 0.0)
        up = place[row, top]
        while len(rows := np.flatnonzero(up >= 0)):
            above = up[rows]
            length[rows] += length[above]
            top[rows], up[rows] = top[above], up[above]
        return top, length

    def _beside(self, own: _Side, other: _Side, row: Ints, node: Ints) -> Floats:
        """Return the hours of the link next to nodes that is fastest over them only from a point.

        The link on their side of ``own``: of it the part nearer to the nodes counts.
        """
        arc = own.arc(row, node)
        near = np.maximum(own.next(row, node), 0)
        gain = self.network.hours[arc ^ 1] + other.hours(row, near) - other.hours(row, node)
        return np.where(arc >= 0, self.network.part[arc] * gain, 0.0)

    def _by_link(
        self, forth: _Side, back: _Side, least: Floats, most: Floats
    ) -> tuple[Ints, Floats, Ints, Ints]:
        """Return the ways along arcs that are in neither tree and hold an overlap themselves."""
        network = self.network
        counts = np.searchsorted(network.long_hours, -least, side="right")
        row, arcs = _first(counts, network.longest)
        tail, head = self.graph.tail[arcs], self.graph.head[arcs]
        total = forth.hours(row, tail) + network.hours[arcs] + back.hours(row, head)
        kept = np.flatnonzero(total <= most[row])
        row, arcs, tail, head = (column[kept] for column in (row, arcs, tail, head))
        free = (forth.arc(row, head) != arcs) & (back.arc(row, tail) != arcs)
        kept = kept[free]
        row, arcs, tail, head = (column[free] for column in (row, arcs, tail, head))
        there, opposite = network.hours[arcs], network.hours[arcs ^ 1]
        # Up to here it is fastest from its tail, and from there on by its head.
        up_to = np.minimum(
            opposite + forth.hours(row, head) - forth.hours(row, tail), there + opposite
        )
        down_from = np.maximum(there + back.hours(row, head) - back.hours(row, tail), 0.0)
        fit = network.part[arcs] * (up_to - down_from) >= least[row]
        row, arcs = row[fit], arcs[fit]
        return row, total[kept[fit]], np.full(len(row), -1, dtype=np.int64), arcs


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
        shared_hours=np.concatenate([np.zeros(0), *parts]),
    )
