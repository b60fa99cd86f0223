"""Corridors: the roads, rivers and flights that reported flows are likely to run along.

Inferred, never reported: nobody observed these ways. They are what fits reported ends and travel
times, with a likelihood and its range.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import networkx as nx
import numpy as np
import pandas as pd
from corredor.geodata import Publication
from corredor.geodata.errors import NetworkError
from corredor.geodata.flows import weight_of_flows
from corredor.geodata.messages import Message

from .demand import gather_pairs, list_left_out
from .ends import locate_places, name_places
from .legs import as_objects, build_legs, merge, users_of
from .links import TRANSFER_HOURS, Floats, Ints, to_links
from .network import (
    BOATS,
    DEFAULT_BOATS,
    DEFAULT_SEASON,
    SEASONS,
    SURFACE,
    build_network,
)
from .passing import NEAR_KM, NO_TOWN, find_visits, near_places
from .paths import link_table
from .ranges import Ranges, find_ranges
from .simplify import merge_junctions
from .spread import Spread, on_links, pair_probability, passages, spread_links
from .theta import DEFAULT_LEVEL, read_theta

# Links and places that no pair passes with at least this probability are left out.
AT_LEAST = 0.001
LINK_COLUMNS = [
    "link_id", "from", "to", "mode", "ref", "km", "hours", "hours_back", "load_forward",
    "load_back", "load", "load_low", "load_high", "share", "share_low", "share_high", "flow_ids",
    "source_ids", "kind",
]  # fmt: skip


@dataclass(frozen=True)
class Corridors:
    """The corridors of a study.

    Parameters
    ----------
    links : DataFrame
        One row per link that some pair passes: ``link_id``, ``from``, ``to``, ``mode``, ``ref``,
        ``km``, ``hours``, ``hours_back``; ``load`` (weight expected to pass it: the weights of
        the pairs times the probability that they do), ``load_low`` and ``load_high`` (its range,
        see `Ranges`); ``load_forward`` and ``load_back`` (the parts of it from -> to and back);
        ``share`` (load over the weight of all routed pairs, 0 to 1) with ``share_low`` and
        ``share_high``; ``flow_ids`` and ``source_ids`` (of the pairs that pass it with a
        probability of at least 0.05, or those likeliest to); ``kind`` (of the weight).
    legs : DataFrame
        Named legs, ranked by load: ``leg_id``, ``rank``, ``name`` (places), ``way_es``, ``way_en``
        (route codes, river, flight), ``refs``, ``modes``, ``place_ids``, ``link_ids`` (tuples),
        ``near_ids`` (places of the network at most 25 km from it that it does not pass), ``km``,
        ``hours`` (in the direction of ``place_ids``, which most of the load takes), ``load``,
        ``load_low``, ``load_high``, ``share`` (means over the length), ``flow_ids``,
        ``source_ids``, ``first_year``, ``last_year`` (Int64, of the periods reported).
    visits : DataFrame
        Places that routed pairs pass, or come near to: see `find_visits`.
    pairs : DataFrame
        One row per pair of network places: ``origin``, ``destination``, ``via``, ``weight``,
        ``status`` ("routed", "internal", "unreachable"), ``theta`` (per hour), ``hours`` and
        ``km`` of the fastest path, ``flow_ids``, ``source_ids``, ``first_year``, ``last_year``.
    ends : DataFrame
        Where the places of the study lie on the network, and by which rule: see `locate_places`.
    left_out : DataFrame
        Flows that no link carries, or only in part: ``flow_id``, ``origin``, ``destination`` (as
        reported), ``reason`` (a key of `REASONS`), ``source_id``.
    spread : Spread
        The spread behind it, for further questions.
    ranges : Ranges
        The same in every case that loads are uncertain by.
    kind : {"evidence", "count", "share_of_origin", "share_of_destination"}
        What the weights are.
    theta : float or str
        As it was chosen.
    modes : tuple of str
        Modes of travel that were allowed.
    boats, season : str
        Class of boat and season of the hours.
    publication : Publication
        What they were found from; writing them publishes it.
    """

    links: pd.DataFrame
    legs: pd.DataFrame
    visits: pd.DataFrame
    pairs: pd.DataFrame
    ends: pd.DataFrame
    left_out: pd.DataFrame
    spread: Spread
    ranges: Ranges
    kind: str
    theta: float | str
    modes: tuple[str, ...]
    boats: str
    season: str
    publication: Publication = field(repr=False)

    @property
    def network(self) -> nx.MultiGraph[str]:
        """The network the flows were spread over."""
        return self.spread.network


def find_corridors(
    publication: Publication,
    *,
    theta: float | str = DEFAULT_LEVEL,
    modes: Collection[str] = SURFACE,
    kind: str | None = None,
    boats: str = DEFAULT_BOATS,
    season: str = DEFAULT_SEASON,
    dangerous: bool = False,
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
    kind : {"evidence", "count", "share_of_origin", "share_of_destination"}, optional
        What the weights are; one kind at a time, see `gather_pairs`. Without it people where one
        source counts every flow, else evidence.
    boats, season, dangerous : str, str, bool
        Class of boat and season of the hours, and whether links called dangerous are used: see
        `build_network`.
    transfer : mapping of (means, means) to float
        Hours lost at a change of means.
    network : MultiGraph, optional
        Another network than that of the study, such as one of `read_network`; ``modes``, ``boats``
        and ``season`` are then those it has. Places without a name get one by `name_places`.

    Returns
    -------
    Corridors
        Links, named legs, places passed, and what became of every flow.

    Raises
    ------
    NetworkError
        If theta, a mode or the kind is not known, or no flow carries a number of the kind.

    Examples
    --------
    >>> from corredor.geodata import embedded_study, protect, read_study
    >>> corridors = find_corridors(protect(read_study(embedded_study())))
    >>> len(corridors.legs) > 50
    True
    """
    choice = read_theta(theta)
    kind = kind or weight_of_flows(publication.tables.flows)
    demand = find_demand(
        publication, modes=modes, kind=kind, boats=boats, season=season, dangerous=dangerous,
        network=network,
    )  # fmt: skip
    if len(publication.tables.flows) and (demand.left["reason"] == "other_kind").sum() == len(
        publication.tables.flows
    ):
        raise NetworkError(
            Message("No reported flow carries a number of the kind '{kind}'. Use evidence.",
                    kind=kind)
        )  # fmt: skip
    G, pairs = demand.network, demand.pairs
    spread = spread_links(G, to_links(G, transfer), pairs, choice)
    others = {
        name: spread_links(other, to_links(other, transfer), pairs, choice)
        for name, other in demand.others.items()
    }
    ranges = find_ranges(spread, pairs, kind, choice, others)
    told = pairs.assign(
        status=spread.pairs["status"], theta=spread.pairs["theta"], hours=spread.pairs["hours"],
        km=_fastest_km(spread),
    )  # fmt: skip
    links, by_pair, used = _links(spread, told, ranges, kind)
    touched = set(pairs["origin"]) | set(pairs["destination"])
    return Corridors(
        links=links,
        legs=_with_near(build_legs(G, links, by_pair, touched, told, ranges.loads[:, used]), G),
        visits=find_visits(spread, at_least=AT_LEAST, near_km=NEAR_KM),
        pairs=told.drop(columns="publications"),
        ends=demand.ends,
        left_out=list_left_out(demand.left, told, publication.tables.flows),
        spread=spread,
        ranges=ranges,
        kind=kind,
        theta=choice,
        modes=demand.modes,
        boats=boats,
        season=season,
        publication=publication,
    )


@dataclass(frozen=True)
class Demand:
    """What is to be routed, and the network it is to be routed over.

    ``others`` are the networks of the other class of boat and the other season.
    """

    network: nx.MultiGraph[str]
    others: dict[str, nx.MultiGraph[str]]
    modes: tuple[str, ...]
    ends: pd.DataFrame
    pairs: pd.DataFrame
    left: pd.DataFrame


def find_demand(
    publication: Publication,
    *,
    modes: Collection[str],
    kind: str,
    boats: str,
    season: str,
    dangerous: bool = False,
    network: nx.MultiGraph[str] | None = None,
) -> Demand:
    """Bring the flows of a study to a network."""
    tables, others = publication.tables, {}
    if network is None:
        places, links = tables.network_places, tables.network_links

        def built(boats: str, season: str) -> nx.MultiGraph[str]:
            return build_network(places, links, modes=modes, boats=boats, season=season,
                                 dangerous=dangerous)  # fmt: skip

        network = built(boats, season)
        if "river" in modes and links.get("fast_hours", pd.Series(dtype=float)).notna().any():
            others["boats"] = built(next(one for one in BOATS if one != boats), season)
        if links.get("wet_hours", pd.Series(dtype=float)).notna().any():
            others["season"] = built(boats, next(one for one in SEASONS if one != season))
    else:
        modes = {str(link["mode"]) for *_, link in network.edges(data=True)}
    network = merge_junctions(name_places(network, tables))
    ends = locate_places(tables, network)
    pairs, left = gather_pairs(tables, ends, kind)
    return Demand(network, others, tuple(sorted(modes)), ends, pairs, left)


def _with_near(legs: pd.DataFrame, G: nx.MultiGraph[str]) -> pd.DataFrame:
    """Return legs with the towns near to them that they do not pass."""
    if legs.empty:
        return legs
    near, places = near_places(G, NEAR_KM), list(G)
    row = {key: at for at, (*_, key) in enumerate(G.edges(keys=True))}
    town = [data.get("kind") not in NO_TOWN for _, data in G.nodes(data=True)]
    found = []
    for links, passed in zip(legs["link_ids"], legs["place_ids"], strict=True):
        beside = np.unique(near[[row[link] for link in links]].indices).tolist()
        found.append(tuple(places[at] for at in beside if town[at] and places[at] not in passed))
    return legs.assign(near_ids=as_objects(found))


def _fastest_km(spread: Spread) -> Floats:
    """Return the kilometres of the fastest way of every pair, NaN where there is none."""
    ways = spread.ways
    length = np.array([link["km"] for link in spread.graph.links.data], dtype=float)
    along = np.repeat(np.arange(len(ways.pair)), np.diff(ways.first))
    km = np.bincount(along, length[ways.arcs // 2], minlength=len(ways.pair))
    first = ways.rank == 0
    found = np.bincount(spread.stage_pair[ways.pair[first]], km[first], minlength=len(spread.pairs))
    return np.where(np.isfinite(spread.pairs["hours"]), found, np.nan)


def _links(
    spread: Spread, pairs: pd.DataFrame, ranges: Ranges, kind: str
) -> tuple[pd.DataFrame, Floats, Ints]:
    """Return the table of links that are used, what every pair puts on them, and which they are.

    What a pair puts on a link is its weight times the probability, from -> to and back apart.
    """
    links = spread.graph.links
    passes = np.nan_to_num(pair_probability(spread, on_links(spread)))
    weight = pairs["weight"].to_numpy(dtype=float)
    used = np.flatnonzero((passes >= AT_LEAST).any(axis=0))
    both = passages(spread)[:, :, used]
    # A pair of several stages may pass a link more than once; its load counts it once.
    once = np.divide(passes[:, used], both.sum(axis=0), out=np.zeros(both.shape[1:]),
                     where=both.sum(axis=0) > 0)  # fmt: skip
    directed = weight[:, None] * both * once
    there, back = directed.sum(axis=1)
    loads = ranges.loads[:, used]
    totals = ranges.totals[:, None]
    shares = np.divide(loads, totals, out=np.zeros(loads.shape), where=totals > 0)
    flow_ids, source_ids = pairs["flow_ids"].tolist(), pairs["source_ids"].tolist()
    users = [np.flatnonzero(users_of(passes[:, link])).tolist() for link in used]
    table = link_table(links, *np.zeros((2, passes.shape[1])))
    table = table.iloc[used].reset_index(drop=True).reindex(columns=LINK_COLUMNS)
    for name in ("ref", "km", "hours", "hours_back"):
        table[name] = [links.data[link].get(name) for link in used]
    table = table.assign(
        load_forward=there,
        load_back=back,
        load=loads[0],
        load_low=loads.min(axis=0),
        load_high=loads.max(axis=0),
        share=shares[0],
        share_low=shares.min(axis=0),
        share_high=shares.max(axis=0),
        flow_ids=as_objects([merge(flow_ids[pair] for pair in user) for user in users]),
        source_ids=as_objects([merge(source_ids[pair] for pair in user) for user in users]),
        kind=kind,
    )
    return table, directed, used
