"""What places and links are to the reported flows: hubs and brokers, points of no way round.

All of it is about reported flows and the network as it is written: neither unreported flows nor
ways that are not in the network are known.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import networkx as nx
import numpy as np
import pandas as pd
from corredor.geodata.errors import NetworkError, suggestion
from corredor.geodata.messages import Message

from .links import TRANSFER_HOURS, to_links
from .network import check_place
from .paths import fastest_hours
from .posts import rank_posts

# A pair counts as delayed from this many hours on.
LEAST_DETOUR = 1e-6


def flow_betweenness(visits: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return how much of the flow comes together at a place, and how much only passes through.

    Betweenness with flows as weights (Freeman 1977, with the expected passages of randomised
    shortest paths in place of the shortest one): of the flow that neither starts nor ends at a
    place, the share that is expected to pass it. A *hub* has much flow of any kind; a *broker*
    joins others: much flow passes through, little starts or ends there.

    Parameters
    ----------
    visits, pairs : DataFrame
        As for `rank_posts`.

    Returns
    -------
    DataFrame
        One row per place, the largest betweenness first: ``place_id``, ``betweenness`` (0 to 1),
        ``through``, ``starts`` and ``ends`` (in the unit of the weights), ``share`` (of all flow
        that passes, starts or ends here) and ``role`` ("hub": at least half of what touches the
        place starts or ends there; "broker": more passes through; "minor": less than one per cent
        of the flow).

    References
    ----------
    Freeman, L. C. (1977). A set of measures of centrality based on betweenness. *Sociometry* 40(1),
    35-41.
    """
    ranked = rank_posts(visits, pairs)
    total = ranked["load"] / ranked["share"]
    others = total - ranked["starts"] - ranked["ends"]
    table = ranked.assign(
        betweenness=np.where(others > 0, ranked["through"] / others.where(others > 0, 1.0), 0.0)
    )
    own = table["starts"] + table["ends"]
    table["role"] = np.select(
        [table["share"] < 0.01, own >= table["through"]], ["minor", "hub"], "broker"
    )
    columns = ["place_id", "betweenness", "through", "starts", "ends", "share", "role"]
    order = table.sort_values(["betweenness", "place_id"], ascending=[False, True])
    return order[columns].reset_index(drop=True)


def articulation_places(G: nx.MultiGraph[str], pairs: pd.DataFrame) -> pd.DataFrame:
    """Find the places that have no way round, and the flow that must pass them.

    Parameters
    ----------
    G : MultiGraph
        A network of `build_network`.
    pairs : DataFrame
        ``origin``, ``destination`` (place_id) and ``weight`` (1 if the column is not there).

    Returns
    -------
    DataFrame
        One row per articulation place, the most flow first: ``place_id``, ``bound_weight`` (weight
        of the pairs that have no way without it; pairs that start or end there are not counted),
        ``bound_pairs`` (how many), ``cut_off`` (places that would lose the larger part of their
        network).

    Raises
    ------
    NetworkError
        If an end of a pair is not in the network.

    References
    ----------
    Hopcroft, J., Tarjan, R. (1973). Algorithm 447: efficient algorithms for graph manipulation.
    *Communications of the ACM* 16(6), 372-378.
    """
    for place in {*pairs["origin"], *pairs["destination"]}:
        check_place(G, place)
    simple = nx.Graph((u, v) for u, v in G.edges() if u != v)
    tree, home = _block_tree(simple)
    weight = dict.fromkeys(nx.articulation_points(simple), 0.0)
    count = dict.fromkeys(weight, 0)
    weights = pairs["weight"] if "weight" in pairs else pd.Series(1.0, index=pairs.index)
    for origin, destination, one in zip(
        pairs["origin"], pairs["destination"], weights, strict=True
    ):
        if origin == destination or origin not in home or destination not in home:
            continue
        if not nx.has_path(tree, home[origin], home[destination]):
            continue
        for kind, name in nx.shortest_path(tree, home[origin], home[destination])[1:-1]:
            place = str(name)
            if kind == "place" and place not in (origin, destination):
                weight[place] += float(one)
                count[place] += 1
    cut_off = _cut_off(tree)
    table = pd.DataFrame(
        {
            "place_id": list(weight),
            "bound_weight": list(weight.values()),
            "bound_pairs": list(count.values()),
            "cut_off": [cut_off[place] for place in weight],
        }
    )
    order = ["bound_weight", "cut_off", "place_id"]
    return table.sort_values(order, ascending=[False, False, True]).reset_index(drop=True)


Knot = tuple[str, str | int]


def _block_tree(simple: nx.Graph[str]) -> tuple[nx.Graph[Knot], dict[str, Knot]]:
    """Return the tree of blocks and articulation places, and the knot of each place."""
    tree: nx.Graph[Knot] = nx.Graph()
    cuts = set(nx.articulation_points(simple))
    home: dict[str, Knot] = {place: ("place", place) for place in cuts}
    for number, nodes in enumerate(nx.biconnected_components(simple)):
        block = set(map(str, nodes))
        knot: Knot = ("block", number)
        inner = block - cuts
        tree.add_node(knot, size=len(inner))
        for place in inner:
            home[place] = knot
        for place in block & cuts:
            tree.add_node(("place", place), size=1)
            tree.add_edge(knot, ("place", place))
    return tree, home


def _cut_off(tree: nx.Graph[Knot]) -> dict[str, int]:
    """Return for each articulation place how many places its loss separates from the most."""
    found: dict[str, int] = {}
    for part in nx.connected_components(tree):
        total = sum(tree.nodes[knot]["size"] for knot in part)
        root = min(part, key=str)
        below = {knot: tree.nodes[knot]["size"] for knot in part}
        parts: dict[Knot, list[int]] = {knot: [] for knot in part}
        for parent, child in reversed(list(nx.bfs_edges(tree, root))):
            below[parent] += below[child]
            parts[parent].append(below[child])
        for knot in part:
            if knot[0] == "place":
                sides = [*parts[knot], total - below[knot]]
                found[str(knot[1])] = sum(sides) - max(sides)
    return found


def close_links(
    G: nx.MultiGraph[str],
    pairs: pd.DataFrame,
    *,
    links: Collection[str] = (),
    places: Collection[str] = (),
    transfer: Mapping[tuple[str, str], float] = TRANSFER_HOURS,
) -> pd.DataFrame:
    """Return what becomes of every pair when links or places are closed.

    Parameters
    ----------
    G : MultiGraph
        A network of `build_network`; it is not changed.
    pairs : DataFrame
        ``origin``, ``destination`` (place_id), and what else is to be kept.
    links : collection of str
        Links (link_id) that nobody can pass.
    places : collection of str
        Places that nobody can pass; pairs that start or end there keep only that end.
    transfer : mapping of (means, means) to float
        Hours lost at a change of means.

    Returns
    -------
    DataFrame
        ``pairs`` with ``hours`` and ``hours_closed`` (of the fastest path, before and after;
        infinite where there is none), ``detour_hours`` (how much longer it takes; infinite where
        the way is lost, 0 where there was none) and ``change`` ("same", "longer", "lost",
        "no way": not even before).

    Raises
    ------
    NetworkError
        If a link, a place or an end of a pair is not in the network.
    """
    every = {key: (u, v) for u, v, key in G.edges(keys=True)}
    for link in links:
        if link not in every:
            raise NetworkError(
                Message("The network has no link '{link}'. {fix}", link=link,
                        fix=suggestion(link, every))
            )  # fmt: skip
    for place in {*places, *pairs["origin"], *pairs["destination"]}:
        check_place(G, place)
    kept = G.copy()
    for link in links:
        kept.remove_edge(*every[link], key=link)
    before, after = (
        pd.Series(fastest_hours(to_links(H, transfer), pairs, shut), index=pairs.index)
        for H, shut in ((G, ()), (kept, places))
    )
    there = np.isfinite(before)
    detour = np.where(there, after - before.where(there, 0.0), 0.0)
    change = np.select(
        [~there, ~np.isfinite(after), detour > LEAST_DETOUR], ["no way", "lost", "longer"], "same"
    )
    return pairs.assign(hours=before, hours_closed=after, detour_hours=detour, change=change)
