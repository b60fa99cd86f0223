"""Corridors: the roads, rivers and flights that reported flows are likely to run along.

Inferred, never reported: nobody observed these ways. They are what fits reported ends and travel
times, with a likelihood and its range.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import networkx as nx
import numpy as np
import pandas as pd
from corredor.geodata import Publication

from .arcs import TRANSFER_HOURS, Floats
from .assign import Demand
from .demand import gather_pairs, list_left_out
from .ends import locate_places, name_places
from .journeys import plan_journeys, signed_ways
from .legs import USES, as_objects, build_legs, merge
from .network import SURFACE, build_network
from .overline import link_table
from .passing import link_values, list_visits, pass_probabilities
from .paths import walk_paths
from .spread import Model, Spread, build_model, spread_model
from .theta import DEFAULT_LEVEL, read_theta, thetas_of

# The range of a load is taken over these levels and the chosen one.
RANGE = ("few", "some", "many")
# Links and places that no pair passes with at least this probability are left out.
AT_LEAST = 0.001
LINK_COLUMNS = [
    "link_id", "from", "to", "mode", "ref", "km", "hours", "hours_back", "load_forward",
    "load_back", "load", "load_low", "load_high", "share", "flow_ids", "source_ids", "kind",
]  # fmt: skip


@dataclass(frozen=True)
class Corridors:
    """The corridors of a study.

    Parameters
    ----------
    links : DataFrame
        One row per link that some pair passes: ``link_id``, ``from``, ``to``, ``mode``, ``ref``,
        ``km``, ``hours``, ``hours_back``; ``load`` (weight expected to pass it: the weights of
        the pairs times the probability that they do, circles left out), ``load_low`` and
        ``load_high`` (its range from few to many alternatives); ``load_forward`` and ``load_back``
        (the parts of it from -> to and back); ``share`` (load over the weight of all routed
        pairs, 0 to 1); ``flow_ids`` and ``source_ids`` (of the pairs that pass it with a
        probability of at least 0.05); ``kind`` (of the weight).
    legs : DataFrame
        Named legs, ranked by load: ``leg_id``, ``rank``, ``name`` (places), ``way_es``, ``way_en``
        (route codes, river, flight), ``refs``, ``modes``, ``place_ids``, ``link_ids`` (tuples),
        ``km``, ``hours`` (in the direction of ``place_ids``, which most of the load takes),
        ``load``, ``load_low``, ``load_high``, ``share`` (means over the length), ``flow_ids``,
        ``source_ids``, ``first_year``, ``last_year`` (Int64, of the periods reported).
    visits : DataFrame
        ``origin``, ``destination``, ``place_id``, ``probability``: places that routed pairs pass.
    pairs : DataFrame
        One row per pair of network places: ``origin``, ``destination``, ``weight``, ``status``
        ("routed", "internal", "unreachable"), ``theta`` (per hour), ``hours`` and ``km`` of the
        fastest path, ``flow_ids``, ``source_ids``, ``first_year``, ``last_year``.
    ends : DataFrame
        Where the places of the study lie on the network, and by which rule: see `locate_places`.
    left_out : DataFrame
        Flows that no link carries, or only in part: ``flow_id``, ``origin``, ``destination`` (as
        reported), ``reason`` (a key of `REASONS`), ``source_id``.
    spread : Spread
        The spread behind it, for further questions.
    kind : {"evidence", "count", "share_of_origin", "share_of_destination"}
        What the weights are.
    theta : float or str
        As it was chosen.
    modes : tuple of str
        Modes of travel that were allowed.
    """

    links: pd.DataFrame
    legs: pd.DataFrame
    visits: pd.DataFrame
    pairs: pd.DataFrame
    ends: pd.DataFrame
    left_out: pd.DataFrame
    spread: Spread
    kind: str
    theta: float | str
    modes: tuple[str, ...]

    @property
    def network(self) -> nx.MultiGraph[str]:
        """The network the flows were spread over."""
        return self.spread.network


def find_corridors(
    publication: Publication,
    *,
    theta: float | str = DEFAULT_LEVEL,
    modes: Collection[str] = SURFACE,
    kind: str = "evidence",
    transfer: Mapping[tuple[str, str], float] = TRANSFER_HOURS,
    network: nx.MultiGraph[str] | None = None,
) -> Corridors:
    """Find the corridors behind the reported flows of a study.

    Parameters
    ----------
    publication : Publication
        A protected study.
    theta : float or {"fastest", "few", "some", "many"}
        How strongly time counts, see `spread_flows`.
    modes : collection of {"road", "river", "air", "border"}
        What people may travel by; flights only if asked for.
    kind : {"evidence", "count", "share_of_origin", "share_of_destination"}
        What the weights are; one kind at a time, see `gather_pairs`.
    transfer : mapping of (means, means) to float
        Hours lost at a change of means.
    network : MultiGraph, optional
        Another network than that of the study, such as one of `read_network`; ``modes`` are then
        those it has. Places without a name get one by `name_places`.

    Returns
    -------
    Corridors
        Links, named legs, places passed, and what became of every flow.

    Raises
    ------
    NetworkError
        If theta, a mode or the kind is not known.

    Examples
    --------
    >>> from corredor.geodata import embedded_study, protect, read_study
    >>> corridors = find_corridors(protect(read_study(embedded_study())))
    >>> len(corridors.legs) > 50
    True
    """
    choice = read_theta(theta)
    tables = publication.tables
    if network is None:
        network = build_network(tables.network_places, tables.network_links, modes=modes)
    else:
        modes = {str(link["mode"]) for *_, link in network.edges(data=True)}
    network = name_places(network, tables)
    ends = locate_places(tables, network)
    gathered, left = gather_pairs(tables, ends, kind)
    model = build_model(network, gathered, transfer)
    hours, km = _fastest(model)
    spread, others = _plan(model, choice, np.nan_to_num(hours, nan=np.inf))
    pairs = gathered.assign(
        status=spread.pairs["status"], theta=spread.pairs["theta"], hours=hours, km=km
    )
    by_link, by_place = pass_probabilities(spread)
    links, by_pair = _links(spread, pairs, by_link.to_numpy(), others, kind)
    touched = set(pairs["origin"]) | set(pairs["destination"])
    return Corridors(
        links=links,
        legs=build_legs(network, links, by_pair, touched, pairs),
        visits=list_visits(spread, by_place, AT_LEAST),
        pairs=pairs,
        ends=ends,
        left_out=list_left_out(left, pairs, tables.flows),
        spread=spread,
        kind=kind,
        theta=choice,
        modes=tuple(sorted(modes)),
    )


def _fastest(model: Model) -> tuple[Floats, Floats]:
    """Return hours and kilometres of the fastest path of every pair, NaN where there is none."""
    hours, km = np.full((2, len(model.start)), np.nan)
    for pair, time, _, links in walk_paths(model.links, model.start, model.end):
        hours[pair], km[pair] = time, sum(model.links.data[link]["km"] for link in links)
    return hours, km


def _plan(model: Model, choice: float | str, hours: Floats) -> tuple[Spread, list[Floats]]:
    """Spread the pairs, and return the load of every link at the other levels of `RANGE`.

    All levels are solved for together: many pairs have the same theta at one level as others have
    at another, and each theta is factorised once.
    """
    spread, rows = spread_model(model, choice, hours), model.rows
    others = [thetas_of(level, hours[rows]) for level in RANGE if level != choice]
    thetas = others if spread.is_fastest else [spread.demand.theta, *others]
    count = len(thetas)
    demand = Demand(
        np.tile(model.start[rows], count),
        np.tile(model.end[rows], count),
        np.tile(model.weight[rows], count),
        np.concatenate(thetas),
    )
    journeys = plan_journeys(model.arcs, demand)
    lots = [journeys[part * len(rows) : (part + 1) * len(rows)] for part in range(count)]
    loads = [
        model.weight[rows] @ link_values(model, np.abs(signed_ways(lot, model.arcs)))[rows]
        for lot in lots[count - len(others) :]
    ]
    return spread if spread.is_fastest else replace(spread, planned=lots[0]), loads


def _links(
    spread: Spread, pairs: pd.DataFrame, by_link: Floats, others: list[Floats], kind: str
) -> tuple[pd.DataFrame, Floats]:
    """Return the table of links that are used, and what every pair puts on them (`_directed`)."""
    model = spread.model
    passes, weight, rows = np.nan_to_num(by_link), model.weight, model.rows
    used = np.flatnonzero((passes >= AT_LEAST).any(axis=0))
    loads = np.stack([weight @ passes, *others])[:, used]
    total = weight[rows].sum()
    directed = weight[:, None] * _directed(spread, passes)
    there, back = np.maximum(directed, 0.0).sum(axis=0), np.maximum(-directed, 0.0).sum(axis=0)
    table = link_table(model.links, there, back).iloc[used].reset_index(drop=True)
    table = table.reindex(columns=LINK_COLUMNS)
    for name in ("ref", "km", "hours", "hours_back"):
        table[name] = [model.links.data[link].get(name) for link in used]
    flow_ids, source_ids = pairs["flow_ids"].tolist(), pairs["source_ids"].tolist()
    users = [np.flatnonzero(passes[:, link] >= USES).tolist() for link in used]
    table = table.assign(
        load=loads[0],
        load_low=loads.min(axis=0),
        load_high=loads.max(axis=0),
        share=loads[0] / total if total else 0.0,
        flow_ids=as_objects([merge(flow_ids[pair] for pair in user) for user in users]),
        source_ids=as_objects([merge(source_ids[pair] for pair in user) for user in users]),
        kind=kind,
    )
    return table, directed[:, used]


def _directed(spread: Spread, passes: Floats) -> Floats:
    """Return how likely every pair passes every link, below 0 from ``to`` to ``from``."""
    model, arcs = spread.model, spread.model.arcs
    sign = np.ones(passes.shape)
    if spread.is_fastest:
        for pair, _, places, links in walk_paths(model.links, model.start, model.end):
            sign[pair, links] = np.where(model.links.start[links] == places[:-1], 1.0, -1.0)
    else:
        signed = signed_ways(spread.journeys, arcs)
        if signed.size:
            sign[model.rows] = np.where(signed < 0, -1.0, 1.0)[:, arcs.way_of_link] * arcs.along
    directed: Floats = passes * sign
    return directed
