"""Least-cost paths: the fastest way of every pair, and what every link carries if all take it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pandas as pd

from .arcs import (
    TRANSFER_HOURS,
    Arcs,
    Floats,
    Ints,
    Links,
    Numbers,
    States,
    changes,
    place_numbers,
    plain_arcs,
    to_links,
)
from .network import check_place

if TYPE_CHECKING:
    import scipy.sparse as sp

# Trees grown at once; bounds the memory.
BLOCK = 64
PATH_COLUMNS = ["origin", "destination", "hours", "km", "place_ids", "link_ids", "modes"]


def least_cost_paths(
    G: nx.MultiGraph[str],
    pairs: pd.DataFrame,
    *,
    transfer: Mapping[tuple[str, str], float] = TRANSFER_HOURS,
) -> pd.DataFrame:
    """Find the fastest path of every pair, changes of means included.

    Parameters
    ----------
    G : MultiGraph
        A network of `build_network`.
    pairs : DataFrame
        ``origin`` and ``destination`` (place_id); further columns are not looked at.
    transfer : mapping of (means, means) to float
        Hours lost at a change between ``"land"`` (road and border), ``"river"`` and ``"air"``.

    Returns
    -------
    DataFrame
        One row per row of ``pairs``, same index: ``origin``, ``destination``, ``hours`` and ``km``
        (float64; NaN where no path exists, 0 where both ends are one place), ``place_ids``,
        ``link_ids`` and ``modes`` (tuples in the order of the journey). Of equally fast paths one
        is taken, always the same.

    Raises
    ------
    NetworkError
        If an end is not in the network.

    Examples
    --------
    >>> import networkx as nx
    >>> G = nx.MultiGraph()
    >>> link = {"tail": "a", "mode": "road", "km": 60.0, "hours": 1.0, "hours_back": 1.0}
    >>> _ = G.add_edge("a", "b", key="L1", **link)
    >>> least_cost_paths(G, pd.DataFrame({"origin": ["b"], "destination": ["a"]}))["hours"].item()
    1.0
    """
    origins, destinations = pairs["origin"].tolist(), pairs["destination"].tolist()
    for place in dict.fromkeys([*origins, *destinations]):
        check_place(G, place)
    links = to_links(G, transfer)
    start, end = place_numbers(links, origins), place_numbers(links, destinations)
    rows = {path[0]: path[1:] for path in walk_paths(links, start, end)}
    records = []
    for pair, (origin, destination) in enumerate(zip(origins, destinations, strict=True)):
        hours, places, passed = rows.get(pair, (np.nan, [], []))
        records.append(
            {
                "origin": origin,
                "destination": destination,
                "hours": hours,
                "km": sum(links.data[link]["km"] for link in passed) if pair in rows else np.nan,
                "place_ids": tuple(links.places[place] for place in places),
                "link_ids": tuple(links.link_ids[link] for link in passed),
                "modes": tuple(links.data[link]["mode"] for link in passed),
            }
        )
    return pd.DataFrame(records, columns=PATH_COLUMNS, index=pairs.index)


def walk_paths(
    links: Links, start: Ints, end: Ints
) -> Iterator[tuple[int, float, list[int], list[int]]]:
    """Walk the fastest path of every pair.

    Parameters
    ----------
    links : Links
        A network.
    start, end : ndarray of int
        Places at both ends of every pair.

    Yields
    ------
    tuple of int, float, list of int, list of int
        A pair, its hours, the places and the links in order; pairs without a path are left out.
    """
    for forest in grow_trees(links, start, end):
        for pair in forest.pairs.tolist():
            path = forest.walk(pair)
            if path is not None:
                yield pair, *path


def fastest_hours(links: Links, start: Ints, end: Ints) -> Floats:
    """Return the hours of the fastest path of every pair, without the paths.

    Parameters
    ----------
    links : Links
        A network.
    start, end : ndarray of int
        Places at both ends of every pair.

    Returns
    -------
    ndarray of float
        One per pair; infinite where no path exists.
    """
    hours = np.full(len(start), np.inf)
    for forest in grow_trees(links, start, end):
        hours[forest.pairs] = forest.hours[forest.tree, forest.leaf]
    return hours


@dataclass(frozen=True)
class Forest:
    """Shortest-path trees of some roots.

    Parameters
    ----------
    arcs : Arcs
        The network, reversed if the roots are destinations.
    states : States
        Places by the means of arrival; nodes of the trees, followed by the starts.
    start_place : ndarray of int
        The place of each start node beyond the states.
    reversed_ : bool
        Whether the roots are destinations.
    roots : ndarray of int
        Root node of each tree.
    hours : ndarray of float, shape (roots, nodes)
        Hours from the root.
    before : ndarray of int, shape (roots, nodes)
        The node before; negative at the root and beyond reach.
    pairs, tree, leaf : ndarray of int
        Rows of the pairs that belong here, their tree and the node where they end.
    keys, via : ndarray of int
        Edges of the graph as tail * nodes + head, sorted, and the arc behind each.
    """

    arcs: Arcs
    states: States
    start_place: Ints
    reversed_: bool
    roots: Ints
    hours: Floats
    before: Numbers
    pairs: Ints
    tree: Ints
    leaf: Ints
    keys: Ints
    via: Ints

    def arc_between(self, tails: Ints, heads: Ints) -> Ints:
        """Return the arc behind each edge."""
        nodes = self.hours.shape[1]
        arc: Ints = self.via[np.searchsorted(self.keys, tails * nodes + heads)]
        return arc

    def place_of(self, node: int) -> int:
        """Return the place of a node."""
        states = len(self.states.place)
        return int(self.states.place[node] if node < states else self.start_place[node - states])

    def walk(self, pair: int) -> tuple[float, list[int], list[int]] | None:
        """Return hours, places and links of a pair, None if there is no path."""
        at = int(np.searchsorted(self.pairs, pair))
        tree, node = int(self.tree[at]), int(self.leaf[at])
        hours = float(self.hours[tree, node])
        if not np.isfinite(hours):
            return None
        nodes, before = [node], self.before[tree]
        while (node := int(before[node])) >= 0:
            nodes.append(node)
        places = [self.place_of(node) for node in nodes]
        arcs = self.arc_between(np.array(nodes[1:], dtype=np.int64), np.array(nodes[:-1]))
        links = (arcs // 2).tolist()
        if self.reversed_:
            return hours, places, links
        return hours, places[::-1], links[::-1]


def grow_trees(links: Links, start: Ints, end: Ints) -> Iterator[Forest]:
    """Grow one tree per origin or per destination, whichever are fewer.

    Parameters
    ----------
    links : Links
        A network.
    start, end : ndarray of int
        Places at both ends of every pair.

    Yields
    ------
    Forest
        Each pair is in one forest.
    """
    from scipy.sparse.csgraph import dijkstra

    if not len(start):
        return
    turned = len(np.unique(end)) < len(np.unique(start))
    arcs = plain_arcs(links)
    if turned:
        start, end = end, start
        arcs = plain_arcs(links, turned=True)
    states = arcs.states
    root_places, tree_of_pair = np.unique(start, return_inverse=True)
    graph, roots, start_place, via = _cost_graph(arcs, states, root_places, np.unique(end))
    nodes = graph.shape[0]
    lines = np.repeat(np.arange(nodes), np.diff(graph.indptr))
    keys = lines * nodes + graph.indices
    order = np.argsort(tree_of_pair, kind="stable")
    bounds = np.searchsorted(tree_of_pair[order], np.arange(len(roots) + 1))
    for first in range(0, len(roots), BLOCK):
        last = min(first + BLOCK, len(roots))
        hours, before = dijkstra(graph, indices=roots[first:last], return_predecessors=True)
        pairs = np.sort(order[bounds[first] : bounds[last]])
        tree = tree_of_pair[pairs] - first
        leaf = _best_nodes(states, start_place, hours, tree, end[pairs])
        yield Forest(
            arcs, states, start_place, turned, roots[first:last], hours, before,
            pairs, tree, leaf, keys, via,
        )  # fmt: skip


def _cost_graph(
    arcs: Arcs, states: States, root_places: Ints, end_places: Ints
) -> tuple[sp.csr_array, Ints, Ints, Ints]:
    """Return the graph of states, the root nodes, the places of start nodes, and arcs by edge."""
    import scipy.sparse as sp

    count = len(states.place)
    one, other = changes(states)
    order = np.argsort(other, kind="stable")
    one, other = one[order], other[order]
    ways = np.bincount(other, minlength=count)[states.out_of]
    via = np.repeat(np.arange(len(arcs.tail)), ways)
    offset = np.arange(len(via)) - np.repeat(np.cumsum(ways) - ways, ways)
    tails = one[np.searchsorted(other, states.out_of)[via] + offset]
    cost = arcs.hours[via] + arcs.penalty[states.means[tails], arcs.means[via]]
    # A place reached by several means needs a node to set out from without a change; a place
    # without links needs a node at all.
    size = int(max(root_places.max(), end_places.max(), states.place.max(initial=0))) + 1
    number = np.bincount(states.place, minlength=size)
    start_place = np.union1d(
        root_places[number[root_places] != 1], end_places[number[end_places] == 0]
    )
    roots = np.searchsorted(states.place, root_places)
    own = np.isin(root_places, start_place)
    roots[own] = count + np.searchsorted(start_place, root_places[own])
    outward = np.flatnonzero(np.isin(arcs.tail, start_place))
    tails = np.concatenate([tails, count + np.searchsorted(start_place, arcs.tail[outward])])
    via, cost = np.concatenate([via, outward]), np.concatenate([cost, arcs.hours[outward]])
    heads = states.into[via]
    order = np.lexsort((via, cost, heads, tails))
    tails, heads, cost, via = tails[order], heads[order], cost[order], via[order]
    fresh = np.append(True, (np.diff(tails) != 0) | (np.diff(heads) != 0))[: len(tails)]
    nodes = count + len(start_place)
    lines = np.concatenate([[0], np.cumsum(np.bincount(tails[fresh], minlength=nodes))])
    graph = sp.csr_array((cost[fresh], heads[fresh], lines), shape=(nodes, nodes))
    return graph, roots, start_place, via[fresh]


def _best_nodes(states: States, start_place: Ints, hours: Floats, tree: Ints, place: Ints) -> Ints:
    """Return for each pair the fastest node of the place where it ends."""
    owner = np.concatenate([states.place, start_place])
    nodes = np.argsort(owner, kind="stable")
    owner = owner[nodes]
    first = np.searchsorted(owner, place)
    last = np.searchsorted(owner, place, side="right")
    best = nodes[first]
    for step in range(int((last - first).max(initial=0))):
        candidate = nodes[np.minimum(first + step, last - 1)]
        best = np.where(hours[tree, candidate] < hours[tree, best], candidate, best)
    return best
