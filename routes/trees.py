"""Trees of fastest paths: from origins and to destinations, one node per place and means.

A place that is reached by one means has one node; where means meet, each has its own, arcs between
them hold the hours lost at a change, and one node more to set out from and one to arrive at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .links import Floats, Ints, Links, Numbers

if TYPE_CHECKING:
    import scipy.sparse as sp

# Trees grown at once; bounds the memory.
BLOCK = 64


@dataclass(frozen=True)
class Graph:
    """A network as a graph of nodes.

    ``place`` is the place of each node; ``tail`` and ``head`` the nodes of each arc (2k: link k
    there, 2k + 1: back; then changes) with its ``hours``; ``leave`` and ``arrive`` the nodes that
    journeys from and to a place begin and end at; ``keys`` (tail * nodes + head, sorted) and
    ``via`` tell the fastest arc between two nodes.
    """

    links: Links
    place: Ints
    tail: Ints
    head: Ints
    hours: Floats
    leave: Ints
    arrive: Ints
    keys: Ints
    via: Ints

    @property
    def on_links(self) -> int:
        """How many arcs are those of links; changes of means follow them."""
        return 2 * len(self.links.start)

    @property
    def plain(self) -> bool:
        """Whether every place has one node."""
        return len(self.place) == len(self.links.places)

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return len(self.place)

    def arcs_between(self, tails: Ints, heads: Ints) -> Ints:
        """Return the arc from each tail to each head."""
        arcs: Ints = self.via[np.searchsorted(self.keys, tails * self.nodes + heads)]
        return arcs

    def matrix(self, *, turned: bool = False) -> sp.csr_array:
        """Return the graph for scipy, with every arc the other way round if it is turned."""
        import scipy.sparse as sp

        tails, heads, hours = *np.divmod(self.keys, self.nodes), self.hours[self.via]
        ends = (heads, tails) if turned else (tails, heads)
        return sp.csr_array((hours, ends), shape=(self.nodes, self.nodes))


def build_graph(links: Links, closed: Collection[int] = ()) -> Graph:
    """Return the graph of a network; journeys begin and end at closed places, but none passes."""
    count, kinds = len(links.places), max(len(links.penalty), 1)
    keys = np.stack([links.start * kinds + links.means, links.end * kinds + links.means], axis=1)
    lonely = np.setdiff1d(np.arange(count), np.concatenate([links.start, links.end]))
    found, at = np.unique(np.concatenate([keys.ravel(), lonely * kinds]), return_inverse=True)
    at = at[: keys.size].reshape(-1, 2)
    place, means = np.divmod(found, kinds)
    first = np.searchsorted(place, np.arange(count))
    shut = np.isin(np.arange(count), list(closed))
    several = np.flatnonzero((np.bincount(place, minlength=count) > 1) | shut)
    leave, arrive = first.copy(), first.copy()
    leave[several] = len(place) + np.arange(len(several))
    arrive[several] = len(place) + len(several) + np.arange(len(several))
    tails = [np.where(shut[place[at]], leave[place[at]], at).ravel()]
    heads = [np.where(shut[place[at]], arrive[place[at]], at)[:, ::-1].ravel()]
    hours = [np.stack([links.there, links.back], axis=1).ravel()]
    for number in several[~shut[several]].tolist():
        own = np.flatnonzero(place == number)
        one, other = (side.ravel() for side in np.meshgrid(own, own, indexing="ij"))
        one, other = one[one != other], other[one != other]
        tails += [one, np.full(len(own), leave[number]), own]
        heads += [other, own, np.full(len(own), arrive[number])]
        hours += [links.penalty[means[one], means[other]], np.zeros(2 * len(own))]
    place = np.concatenate([place, several, several])
    tail, head, time = np.concatenate(tails), np.concatenate(heads), np.concatenate(hours)
    order = np.lexsort((np.arange(len(tail)), time, head, tail))
    order = order[tail[order] != head[order]]
    keys = tail[order] * len(place) + head[order]
    fresh = np.append(True, np.diff(keys) != 0)[: len(keys)]
    return Graph(links, place, tail, head, time, leave, arrive, keys[fresh], order[fresh])


@dataclass(frozen=True)
class Trees:
    """Trees of fastest paths from some roots, or to them if they are ``turned``.

    ``hours`` and ``next_`` (the node one step nearer to the root, negative at it and beyond reach)
    have one row per root.
    """

    turned: bool
    hours: Floats
    next_: Numbers

    def of(self, rows: Ints) -> Trees:
        """Return some of the trees."""
        return Trees(self.turned, self.hours[rows], self.next_[rows])


def grow_trees(graph: Graph, roots: Ints, *, turned: bool = False) -> Trees:
    """Grow a tree from (or, turned, to) each of the places."""
    from scipy.sparse.csgraph import dijkstra

    nodes = (graph.arrive if turned else graph.leave)[roots]
    hours, next_ = dijkstra(graph.matrix(turned=turned), indices=nodes, return_predecessors=True)
    return Trees(turned, np.atleast_2d(hours), np.atleast_2d(next_))


def walk(next_: Numbers, node: int) -> list[int]:
    """Return the nodes from one to the root of its tree."""
    steps, before = [node], memoryview(next_.data)
    while (node := before[node]) >= 0:
        steps.append(node)
    return steps


def walk_fastest(graph: Graph, start: Ints, end: Ints) -> Iterator[tuple[int, float, list[int]]]:
    """Yield every pair that a path joins with its hours and the arcs of its fastest path."""
    for rows, trees, at, leaf in grow_for_pairs(graph, start, end):
        for pair, tree, node in zip(rows.tolist(), at.tolist(), leaf.tolist(), strict=True):
            hours = float(trees.hours[tree, node])
            if np.isfinite(hours):
                steps = walk(trees.next_[tree], node)
                yield pair, hours, arcs_along(graph, steps if trees.turned else steps[::-1])


def arcs_along(graph: Graph, nodes: list[int]) -> list[int]:
    """Return the arcs of links along nodes."""
    steps = np.array(nodes, dtype=np.int64)
    arcs = graph.arcs_between(steps[:-1], steps[1:])
    return arcs[arcs < graph.on_links].tolist()  # type: ignore[no-any-return]


def grow_for_pairs(
    graph: Graph, start: Ints, end: Ints
) -> Iterator[tuple[Ints, Trees, Ints, Ints]]:
    """Grow one tree per origin or destination of pairs, whichever are fewer, a block at a time.

    Yields pairs, trees, and for each pair its tree and the node at the other end of the path.
    """
    turned = len(np.unique(end)) < len(np.unique(start))
    ends = (end, graph.leave[start]) if turned else (start, graph.arrive[end])
    roots, tree = np.unique(ends[0], return_inverse=True)
    order = np.argsort(tree, kind="stable")
    bounds = np.searchsorted(tree[order], np.arange(len(roots) + 1))
    for first in range(0, len(roots), BLOCK):
        last = min(first + BLOCK, len(roots))
        rows = np.sort(order[bounds[first] : bounds[last]])
        trees = grow_trees(graph, roots[first:last], turned=turned)
        yield rows, trees, tree[rows] - first, ends[1][rows]
