"""Randomised shortest paths: pairs spread over all ways between their ends.

A journey never turns round on the road and ends when it first reaches its destination. A journey
of c hours has a probability proportional to exp(-theta * c) times the reference weights of its arcs
(all ways on from a fork are alike). See docs/method.md, "Corridors".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import networkx as nx
import numpy as np
import pandas as pd

from .arcs import TRANSFER_HOURS, Arcs, Floats, Ints, Links, join_links, place_numbers, to_links
from .assign import Demand, load_arcs
from .network import check_place
from .overline import link_table, overline, weights_of
from .paths import fastest_hours
from .theta import DEFAULT_LEVEL, read_theta, thetas_of

STATUSES = ("routed", "internal", "unreachable")


@dataclass(frozen=True)
class Spread:
    """Pairs spread over a network.

    Parameters
    ----------
    links : DataFrame
        One row per link: ``link_id``, ``from``, ``to``, ``mode``, ``load_forward`` (expected
        passages from -> to), ``load_back`` and ``load`` (their sum), float64 in the unit of the
        weights.
    pairs : DataFrame
        One row per pair given, same index: ``origin``, ``destination``, ``weight``, ``status``
        ("routed"; "internal": both ends are one place; "unreachable": no way joins them) and
        ``theta`` (per hour; infinite where only the fastest path is taken).
    network : MultiGraph
        What they were spread over.
    transfer : mapping
        Hours lost at a change of means.
    """

    links: pd.DataFrame
    pairs: pd.DataFrame
    network: nx.MultiGraph[str]
    transfer: Mapping[tuple[str, str], float]


def spread_flows(
    G: nx.MultiGraph[str],
    pairs: pd.DataFrame,
    *,
    theta: float | str = DEFAULT_LEVEL,
    transfer: Mapping[tuple[str, str], float] = TRANSFER_HOURS,
) -> Spread:
    """Spread pairs over all ways between their ends.

    Parameters
    ----------
    G : MultiGraph
        A network of `build_network`.
    pairs : DataFrame
        ``origin``, ``destination`` (place_id) and ``weight`` (in one unit; 1 if the column is not
        there).
    theta : float or {"fastest", "few", "some", "many"}
        How strongly time counts. A number is taken per hour for all pairs; the larger, the fewer
        alternatives. A level fits it to the length of each journey: with "some", a route that
        takes a tenth longer is 0.6 times as likely.
    transfer : mapping of (means, means) to float
        Hours lost at a change between ``"land"`` (road and border), ``"river"`` and ``"air"``.

    Returns
    -------
    Spread
        Expected passages of every link, and what became of every pair.

    Raises
    ------
    NetworkError
        If an end is not in the network, or theta is neither a level nor above 0.

    References
    ----------
    Saerens, M., Achbany, Y., Fouss, F., Yen, L. (2009). Randomized shortest-path problems: two
    related models. *Neural Computation* 21(8), 2363-2404.
    Fosgerau, M., Frejinger, E., Karlstrom, A. (2013). A link based network route choice model with
    unrestricted choice set. *Transportation Research Part B* 56, 70-80.

    Examples
    --------
    >>> import networkx as nx
    >>> G = nx.MultiGraph()
    >>> for key, hours in (("coast", 2.0), ("sierra", 3.0)):
    ...     _ = G.add_edge("a", "b", key=key, tail="a", mode="road", hours=hours, hours_back=hours)
    >>> pairs = pd.DataFrame({"origin": ["a"], "destination": ["b"]})
    >>> spread_flows(G, pairs, theta=1.0).links["load"].round(3).tolist()
    [0.731, 0.269]
    """
    choice = read_theta(theta)
    for place in dict.fromkeys([*pairs["origin"], *pairs["destination"]]):
        check_place(G, place)
    told = pairs[["origin", "destination"]].assign(
        weight=weights_of(pairs), status=_statuses(G, pairs)
    )
    if isinstance(choice, str):
        hours = np.array(fastest_hours(G, told, transfer=transfer).tolist())
        told["theta"] = thetas_of(choice, hours)
    else:
        told["theta"] = choice
    if choice == np.inf:
        return Spread(overline(G, told, transfer=transfer), told, G, transfer)
    model = build_model(G, told, transfer)
    load = load_arcs(model.arcs, model.demand) if len(model.rows) else None
    return Spread(link_table(G, *_link_loads(model, load)), told, G, transfer)


@dataclass(frozen=True)
class Model:
    """A network and the routed pairs as arrays.

    Parameters
    ----------
    links : Links
        The network.
    arcs : Arcs
        What is left of it for these pairs.
    demand : Demand
        The pairs that are routed.
    rows : ndarray of int
        Their rows in the table of pairs.
    """

    links: Links
    arcs: Arcs
    demand: Demand
    rows: Ints


def build_model(
    G: nx.MultiGraph[str], pairs: pd.DataFrame, transfer: Mapping[tuple[str, str], float]
) -> Model:
    """Turn a network and pairs into arrays.

    Parameters
    ----------
    G : MultiGraph
        A network.
    pairs : DataFrame
        ``pairs`` of a `Spread`.
    transfer : mapping
        Hours lost at a change of means.

    Returns
    -------
    Model
        The same in numbers.
    """
    links = to_links(G, transfer)
    rows = np.flatnonzero(pairs["status"].to_numpy() == "routed")
    routed = pairs.iloc[rows]
    demand = Demand(
        place_numbers(links, routed["origin"]),
        place_numbers(links, routed["destination"]),
        routed["weight"].to_numpy(dtype=float),
        routed["theta"].to_numpy(dtype=float),
    )
    ends = set(demand.origin.tolist()) | set(demand.destination.tolist())
    return Model(links, join_links(links, ends), demand, rows)


def _statuses(G: nx.MultiGraph[str], pairs: pd.DataFrame) -> list[str]:
    component = {
        place: number for number, part in enumerate(nx.connected_components(G)) for place in part
    }
    return [
        "internal" if origin == destination
        else "routed" if component[origin] == component[destination]
        else "unreachable"
        for origin, destination in zip(pairs["origin"], pairs["destination"], strict=True)
    ]  # fmt: skip


def _link_loads(model: Model, load: Floats | None) -> tuple[Floats, Floats]:
    """Return the load of every link from -> to and back."""
    way, along = model.arcs.way_of_link, model.arcs.along
    if load is None:
        return np.zeros(len(way)), np.zeros(len(way))
    inside = way >= 0
    there = np.where(inside, load[2 * way + (along < 0)], 0.0)
    back = np.where(inside, load[2 * way + (along > 0)], 0.0)
    return there, back
