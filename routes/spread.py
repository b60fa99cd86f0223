"""Randomised shortest paths: pairs spread over all ways between their ends.

A journey never turns round on the road and ends when it first reaches its destination. A journey
of c hours has a probability proportional to exp(-theta * c) times the reference weights of its arcs
(all ways on from a fork are alike). See docs/method.md, "Corridors".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import networkx as nx
import numpy as np
import pandas as pd

from .arcs import TRANSFER_HOURS, Arcs, Floats, Ints, Links, join_links, place_numbers, to_links
from .assign import Demand, load_arcs
from .journeys import Journey, plan_journeys
from .network import check_place
from .overline import link_table, load_fastest, weights_of
from .paths import fastest_hours
from .theta import DEFAULT_LEVEL, read_theta, thetas_of

STATUSES = ("routed", "internal", "unreachable")


@dataclass(frozen=True)
class Spread:
    """Pairs spread over a network.

    Parameters
    ----------
    pairs : DataFrame
        One row per pair given, same index: ``origin``, ``destination``, ``weight``, ``status``
        ("routed"; "internal": both ends are one place; "unreachable": no way joins them) and
        ``theta`` (per hour; infinite where only the fastest path is taken).
    model : Model
        The same in numbers, for further questions.
    planned : list of Journey, optional
        The journeys, if they are known.
    """

    pairs: pd.DataFrame
    model: Model
    planned: list[Journey] | None = None

    @property
    def network(self) -> nx.MultiGraph[str]:
        """What the pairs were spread over."""
        return self.model.network

    @property
    def is_fastest(self) -> bool:
        """Whether all pairs take their fastest path."""
        return bool(np.isinf(self.pairs["theta"]).all())

    @cached_property
    def demand(self) -> Demand:
        """The routed pairs with their theta."""
        return self.model.demand(self.pairs["theta"].to_numpy())

    @cached_property
    def journeys(self) -> list[Journey]:
        """The journeys of the routed pairs without circles (not for the fastest level)."""
        if self.planned is not None:
            return self.planned
        return plan_journeys(self.model.arcs, self.demand)

    @cached_property
    def links(self) -> pd.DataFrame:
        """What every link carries, circles counted.

        One row per link: ``link_id``, ``from``, ``to``, ``mode``, ``load_forward`` (expected
        passages from -> to), ``load_back`` and ``load`` (their sum), float64 in the unit of the
        weights.
        """
        model = self.model
        if self.is_fastest:
            taken = load_fastest(model.links, model.start, model.end, model.weight)
            return link_table(model.links, taken[0::2], taken[1::2])
        load = load_arcs(model.arcs, self.demand) if len(model.rows) else None
        return link_table(model.links, *_link_loads(model.arcs, load))


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
    model = build_model(G, pairs, transfer)
    return spread_model(model, choice)


def spread_model(model: Model, theta: float | str, hours: Floats | None = None) -> Spread:
    """Spread the pairs of a model, see `spread_flows`.

    Parameters
    ----------
    model : Model
        A network and pairs.
    theta : float or str
        Result of `read_theta`.
    hours : ndarray of float, optional
        Fastest hours of every pair, if they are known.

    Returns
    -------
    Spread
        Expected passages.
    """
    thetas: Floats = np.full(len(model.start), np.inf)
    if not isinstance(theta, str):
        thetas[:] = theta
    else:
        if hours is None:
            hours = fastest_hours(model.links, model.start, model.end)
        thetas = thetas_of(theta, hours)
    return Spread(model.pairs.assign(theta=thetas), model)


@dataclass(frozen=True)
class Model:
    """A network and pairs as arrays.

    Parameters
    ----------
    network : MultiGraph
        The network.
    pairs : DataFrame
        ``origin``, ``destination``, ``weight``, ``status``.
    links : Links
        The links of the network.
    arcs : Arcs
        What is left of it for these pairs.
    start, end : ndarray of int
        Both ends of every pair.
    weight : ndarray of float
        Weight of every pair.
    rows : ndarray of int
        The pairs that are routed.
    """

    network: nx.MultiGraph[str]
    pairs: pd.DataFrame
    links: Links
    arcs: Arcs
    start: Ints
    end: Ints
    weight: Floats
    rows: Ints

    def demand(self, thetas: Floats) -> Demand:
        """Return the routed pairs with their theta."""
        rows = self.rows
        return Demand(self.start[rows], self.end[rows], self.weight[rows], thetas[rows])


def build_model(
    G: nx.MultiGraph[str], pairs: pd.DataFrame, transfer: Mapping[tuple[str, str], float]
) -> Model:
    """Turn a network and pairs into arrays.

    Parameters
    ----------
    G : MultiGraph
        A network.
    pairs : DataFrame
        ``origin``, ``destination`` and perhaps ``weight``.
    transfer : mapping
        Hours lost at a change of means.

    Returns
    -------
    Model
        The same in numbers.

    Raises
    ------
    NetworkError
        If an end is not in the network.
    """
    for place in dict.fromkeys([*pairs["origin"], *pairs["destination"]]):
        check_place(G, place)
    statuses, weight = _statuses(G, pairs), weights_of(pairs)
    told = pairs[["origin", "destination"]].assign(weight=weight, status=statuses)
    links = to_links(G, transfer)
    start = place_numbers(links, pairs["origin"])
    end = place_numbers(links, pairs["destination"])
    rows = np.flatnonzero(np.array(statuses) == "routed")
    ends = np.union1d(start[rows], end[rows])
    return Model(G, told, links, join_links(links, ends), start, end, weight, rows)


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


def _link_loads(arcs: Arcs, load: Floats | None) -> tuple[Floats, Floats]:
    """Return the load of every link from -> to and back."""
    way, along = arcs.way_of_link, arcs.along
    if load is None:
        return np.zeros(len(way)), np.zeros(len(way))
    there = np.where(way >= 0, load[2 * way + (along < 0)], 0.0)
    back = np.where(way >= 0, load[2 * way + (along > 0)], 0.0)
    return there, back
