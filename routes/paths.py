"""Least-cost paths: the fastest way of every pair, and what every link carries if all take it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import networkx as nx
import numpy as np
import pandas as pd

from .links import TRANSFER_HOURS, Floats, Links, Numbers, to_links
from .network import check_place
from .trees import Graph, Trees, build_graph, grow_for_pairs, walk_fastest

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
    start, end = links.numbers(origins), links.numbers(destinations)
    rows = {path[0]: path[1:] for path in walk_fastest(build_graph(links), start, end)}
    records = []
    for pair, (origin, destination) in enumerate(zip(origins, destinations, strict=True)):
        hours, arcs = rows.get(pair, (np.nan, []))
        data = [links.data[arc // 2] for arc in arcs]
        records.append(
            {
                "origin": origin,
                "destination": destination,
                "hours": hours,
                "km": sum(link["km"] for link in data) if pair in rows else np.nan,
                "place_ids": tuple(places_along(links, int(start[pair]), arcs))
                if pair in rows
                else (),
                "link_ids": tuple(links.link_ids[arc // 2] for arc in arcs),
                "modes": tuple(link["mode"] for link in data),
            }
        )
    return pd.DataFrame(records, columns=PATH_COLUMNS, index=pairs.index)


def places_along(links: Links, start: int, arcs: list[int]) -> list[str]:
    """Return the places that arcs lead through from a place on."""
    heads = [int((links.end, links.start)[arc % 2][arc // 2]) for arc in arcs]
    return [links.places[place] for place in (start, *heads)]


def fastest_hours(links: Links, pairs: pd.DataFrame, closed: Collection[str] = ()) -> Floats:
    """Return the hours of the fastest path of every pair; infinite where no path exists."""
    graph = build_graph(links, links.numbers(closed).tolist())
    start, end = links.numbers(pairs["origin"]), links.numbers(pairs["destination"])
    hours = np.full(len(start), np.inf)
    for rows, trees, tree, leaf in grow_for_pairs(graph, start, end):
        hours[rows] = trees.hours[tree, leaf]
    hours[start == end] = 0.0
    return hours


def overline(
    G: nx.MultiGraph[str],
    pairs: pd.DataFrame,
    *,
    transfer: Mapping[tuple[str, str], float] = TRANSFER_HOURS,
) -> pd.DataFrame:
    """Add up the pairs on every link, each pair on its fastest path.

    The demand of all pairs of one root is pushed up its shortest-path tree at once, so the work
    grows with the number of places, and what overlaps is never cut or counted twice: load times
    length adds up to weight times length of the paths.

    Parameters
    ----------
    G : MultiGraph
        A network of `build_network`.
    pairs : DataFrame
        ``origin``, ``destination`` (place_id) and ``weight`` (in one unit; 1 if the column is not
        there). Pairs within one place or without a path load nothing.
    transfer : mapping of (means, means) to float
        Hours lost at a change.

    Returns
    -------
    DataFrame
        One row per link, in the order of the graph: ``link_id``, ``from``, ``to``, ``mode``,
        ``load_forward`` (from -> to), ``load_back`` and their sum ``load`` (float64, in the unit of
        the weights).

    Raises
    ------
    NetworkError
        If an end is not in the network.
    """
    for place in dict.fromkeys([*pairs["origin"], *pairs["destination"]]):
        check_place(G, place)
    links = to_links(G, transfer)
    graph, weight = build_graph(links), weights_of(pairs)
    start, end = links.numbers(pairs["origin"]), links.numbers(pairs["destination"])
    load = np.zeros(len(graph.tail))
    for rows, trees, tree, leaf in grow_for_pairs(graph, start, end):
        reached = np.isfinite(trees.hours[tree, leaf])
        demand = np.zeros(trees.hours.shape)
        np.add.at(demand, (tree[reached], leaf[reached]), weight[rows[reached]])
        for own, next_ in zip(demand, trees.next_, strict=True):
            load += _push(graph, trees, own, next_)
    return link_table(links, load[: graph.on_links : 2], load[1 : graph.on_links : 2])


def _push(graph: Graph, trees: Trees, demand: Floats, next_: Numbers) -> Floats:
    """Push the demand at the nodes of a tree to its root, and return the load of each arc."""
    carried = _subtree_sums(demand, next_)
    used = np.flatnonzero((carried > 0) & (next_ >= 0))
    ends = used, next_[used].astype(np.int64)
    arcs = graph.arcs_between(*(ends if trees.turned else ends[::-1]))
    return np.bincount(arcs, weights=carried[used], minlength=len(graph.tail)).astype(float)


def _subtree_sums(demand: Floats, next_: Numbers) -> Floats:
    """Return for each node the demand at it and at all nodes behind it.

    After k rounds every node holds the sum over the nodes less than 2**k steps behind it.
    """
    nodes = len(demand)
    up = np.append(np.where(next_ >= 0, next_, nodes).astype(np.int64), nodes)
    total = np.append(demand, 0.0)
    while len(moving := np.flatnonzero((up < nodes) & (total > 0))):
        total = total + np.bincount(up[moving], weights=total[moving], minlength=nodes + 1)
        up = up[up]
    return total[:nodes]


def weights_of(pairs: pd.DataFrame) -> Floats:
    """Return the weights of pairs, 1 where the table has none."""
    if "weight" not in pairs:
        return np.ones(len(pairs))
    return pairs["weight"].to_numpy(dtype=float)


def link_table(links: Links, forward: Floats, back: Floats) -> pd.DataFrame:
    """Return loads from -> to and back as a table of links, see `overline`."""
    return pd.DataFrame(
        {
            "link_id": list(links.link_ids),
            "from": [links.places[place] for place in links.start.tolist()],
            "to": [links.places[place] for place in links.end.tolist()],
            "mode": [data["mode"] for data in links.data],
            "load_forward": forward,
            "load_back": back,
            "load": forward + back,
        }
    )
