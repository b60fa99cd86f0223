"""Overline: what every link carries if each pair takes its fastest path."""

from __future__ import annotations

from collections.abc import Mapping

import networkx as nx
import numpy as np
import pandas as pd

from .arcs import TRANSFER_HOURS, Floats, Ints, Links, Numbers, place_numbers, to_links
from .network import check_place
from .paths import Forest, grow_trees


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
    start = place_numbers(links, pairs["origin"])
    end = place_numbers(links, pairs["destination"])
    load = load_fastest(links, start, end, weights_of(pairs))
    return link_table(links, load[0::2], load[1::2])


def load_fastest(links: Links, start: Ints, end: Ints, weight: Floats) -> Floats:
    """Return what every link carries there and back, see `overline`.

    Parameters
    ----------
    links : Links
        A network.
    start, end : ndarray of int
        Places at both ends of every pair.
    weight : ndarray of float
        Weight of every pair.

    Returns
    -------
    ndarray of float, shape (2 x links,)
        Link 0 there, link 0 back, link 1 there, ...
    """
    load = np.zeros(2 * len(links.link_ids))
    for forest in grow_trees(links, start, end):
        load += _push(forest, weight)
    return load


def weights_of(pairs: pd.DataFrame) -> Floats:
    """Return the weights of pairs, 1 where the table has none."""
    if "weight" not in pairs:
        return np.ones(len(pairs))
    return pairs["weight"].to_numpy(dtype=float)


def link_table(links: Links, forward: Floats, back: Floats) -> pd.DataFrame:
    """Return loads as a table of links.

    Parameters
    ----------
    links : Links
        A network.
    forward, back : ndarray of float
        Load of every link from -> to and back.

    Returns
    -------
    DataFrame
        See `overline`.
    """
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


def _push(forest: Forest, weight: Floats) -> Floats:
    """Push the demand at the leaves towards the roots, and return the load of each arc."""
    trees, nodes = forest.hours.shape
    demand = np.zeros((trees, nodes))
    reached = np.isfinite(forest.hours[forest.tree, forest.leaf])
    np.add.at(demand, (forest.tree[reached], forest.leaf[reached]), weight[forest.pairs[reached]])
    load = np.zeros(len(forest.arcs.tail))
    for tree in range(trees):
        carried = _subtree_sums(demand[tree], forest.before[tree])
        used = np.flatnonzero((carried > 0) & (forest.before[tree] >= 0))
        arcs = forest.arc_between(forest.before[tree][used].astype(np.int64), used)
        load += np.bincount(arcs, weights=carried[used], minlength=len(load))
    return load


def _subtree_sums(demand: Floats, before: Numbers) -> Floats:
    """Return for each node the demand at it and at all nodes behind it.

    After k rounds every node holds the sum over the nodes less than 2**k steps behind it.
    """
    nodes = len(demand)
    up = np.where(before >= 0, before, nodes).astype(np.int64)
    up = np.append(up, nodes)
    total = np.append(demand, 0.0)
    while True:
        moving = np.flatnonzero((up < nodes) & (total > 0))
        if not len(moving):
            return total[:nodes]
        total = total + np.bincount(up[moving], weights=total[moving], minlength=nodes + 1)
        up = up[up]
