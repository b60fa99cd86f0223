"""Inferred corridors against published itineraries: a test of the model, never its food.

Of an itinerary the model is told only where it starts and ends. What is compared is how likely its
journeys pass the stops in between, and how much of the way that the stops describe they cover.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
from corredor.geodata import Publication, Tables
from corredor.geodata.errors import casefolded
from corredor.geodata.study.contracts import MODES
from corredor.geodata.study.tables import as_records

from .ends import locate_places
from .network import DEFAULT_BOATS, SURFACE, build_network
from .passing import NEAR_KM, on_ways, pass_probabilities
from .paths import least_cost_paths
from .spread import pair_probability, spread_flows

THETAS = ("fastest", "few", "some", "many")
CHOICES = (SURFACE, MODES)
COLUMNS = [
    "route_id", "source_id", "origin", "destination", "theta", "modes", "stops", "not_found",
    "stops_share", "near_share", "km", "km_share", "unknown_km",
]  # fmt: skip


def compare_itineraries(
    publication: Publication,
    *,
    thetas: Sequence[float | str] = THETAS,
    choices: Sequence[Collection[str]] = CHOICES,
    boats: str = DEFAULT_BOATS,
    near_km: float = NEAR_KM,
    hubs: bool = False,
) -> pd.DataFrame:
    """Compare published itineraries with the journeys that the model finds between their ends.

    Parameters
    ----------
    publication : Publication
        A protected study with itineraries and a network.
    thetas : sequence of float or str
        How strongly time counts, see `spread_flows`.
    choices : sequence of collection of str
        Modes of travel to choose from.
    boats : {"lancha", "rapido"}
        Class of boat, see `build_network`.
    near_km : float
        How near a journey comes to a stop, in km, to count as passing it in ``near_share``.
    hubs : bool
        Whether the model is told the capitals of regions that the itinerary names on the way too,
        and spreads the journey stage by stage; shares are then of the other stops.

    Returns
    -------
    DataFrame
        One row per itinerary (route and source), choice of modes and theta: ``route_id``,
        ``source_id``, ``origin``, ``destination`` (network places of the first and last stop),
        ``theta``, ``modes`` (tuple), ``stops`` (how many lie in between and were found on the
        network), ``not_found`` (how many were not), ``stops_share`` (0 to 1: probability that a
        journey passes such a stop, mean over the stops; NaN without any), ``near_share`` (the same
        for coming at most ``near_km`` near to it), ``km`` (of the way the
        stops describe: the fastest way from each to the next by the means that the publication
        names), ``km_share`` (0 to 1: share of these kilometres that a journey is expected to
        pass), ``unknown_km`` (kilometres of stages without a stated means). ``km_share`` is NaN
        where no way joins the ends.

    Notes
    -----
    Where an itinerary names only its two ends, both shares say nothing: there is no stop, and the
    way between the ends is itself the fastest one.
    """
    tables = publication.tables
    every = build_network(tables.network_places, tables.network_links, boats=boats, dangerous=True)
    ends = locate_places(tables, every)
    at = ends[ends["share"] == 1].set_index("place_id")["network_place"].to_dict()
    routes = [
        _route(str(key[0]), str(key[1]), stops, at)
        for key, stops in tables.itineraries.groupby(["route_id", "source_id"], sort=False)
    ]
    routes = [route for route in routes if len(route["places"]) > 1]
    if hubs:
        capitals = _capitals(tables, every)
        for route in routes:
            route["via"] = tuple(place for place in route["places"][1:-1] if place in capitals)
    records: list[dict[str, Any]] = []
    for modes in choices:
        G = build_network(
            tables.network_places, tables.network_links, modes=tuple(modes), boats=boats
        )
        ways = [_way(every, G, route) for route in routes]
        for theta in thetas:
            records += _compared(G, routes, ways, theta, tuple(modes), near_km)
    return pd.DataFrame(records, columns=COLUMNS)


def _capitals(tables: Tables, G: nx.MultiGraph[str]) -> set[str]:
    """Return the places of a network that are capitals of regions."""
    names = {(row["ubigeo"], casefolded(row["capital"])) for row in as_records(tables.population)}
    return {
        place for place, data in G.nodes(data=True)
        if (data["ubigeo"][:2], casefolded(data["name"])) in names
    }  # fmt: skip


def _route(
    route_id: str, source_id: str, stops: pd.DataFrame, at: Mapping[Any, str]
) -> dict[str, Any]:
    """Return an itinerary as network places and the means from each to the next."""
    rows = as_records(stops.sort_values("seq"))
    found = [(at[row["place_id"]], row["mode_to_next"]) for row in rows if row["place_id"] in at]
    # A stop that was not found, or two that are one place, make one stage of two.
    places: list[str] = []
    means: list[str] = []
    for place, mode in found:
        if places and places[-1] == place:
            means[-1] = mode
            continue
        places.append(place)
        means.append(mode)
    return {
        "route_id": route_id,
        "source_id": source_id,
        "places": places,
        "means": means[:-1],
        "not_found": len(rows) - len(found),
    }


def _way(
    every: nx.MultiGraph[str], chosen: nx.MultiGraph[str], route: dict[str, Any]
) -> tuple[dict[str, float], float]:
    """Return the kilometres of each link of the way that the stops describe, and the unknown."""
    way: dict[str, float] = {}
    unknown = 0.0
    for origin, destination, mode in zip(
        route["places"][:-1], route["places"][1:], route["means"], strict=True
    ):
        stated = mode in MODES
        G = _only(every, {mode, "border"}) if stated else chosen
        links = _links(G, origin, destination) or _links(every, origin, destination)
        way |= links
        unknown += 0.0 if stated else sum(links.values())
    return way, unknown


def _only(G: nx.MultiGraph[str], modes: Collection[str]) -> nx.MultiGraph[str]:
    H = G.copy()
    for u, v, key, link in G.edges(keys=True, data=True):
        if link["mode"] not in modes:
            H.remove_edge(u, v, key=key)
    return H


def _links(G: nx.MultiGraph[str], origin: str, destination: str) -> dict[str, float]:
    """Return the links of the fastest way and their kilometres; none if there is no way."""
    pair = pd.DataFrame({"origin": [origin], "destination": [destination]})
    keys = least_cost_paths(G, pair)["link_ids"].iloc[0]
    length = {key: float(link["km"]) for _, _, key, link in G.edges(keys=True, data=True)}
    return {key: length[key] for key in keys} if isinstance(keys, tuple | list) else {}


def _compared(
    G: nx.MultiGraph[str],
    routes: list[dict[str, Any]],
    ways: list[tuple[dict[str, float], float]],
    theta: float | str,
    modes: tuple[str, ...],
    near_km: float,
) -> list[dict[str, Any]]:
    """Return one record per route for one theta."""
    pairs = pd.DataFrame(
        {
            "origin": [route["places"][0] for route in routes],
            "destination": [route["places"][-1] for route in routes],
            "via": [route.get("via", ()) for route in routes],
        }
    )
    spread = spread_flows(G, pairs, theta=theta)
    by_link, _ = pass_probabilities(spread)
    exact, near = (
        pd.DataFrame(pair_probability(spread, on_ways(spread, km)), columns=list(G))
        for km in (0.0, near_km)
    )
    records = []
    for number, (route, (way, unknown)) in enumerate(zip(routes, ways, strict=True)):
        inner = [
            place
            for place in dict.fromkeys(route["places"][1:-1])
            if place not in (route["places"][0], route["places"][-1], *route.get("via", ()))
        ]
        km = sum(way.values())
        row = by_link.iloc[number]
        passed = row.reindex(list(way))
        if row.notna().any():  # a link of another mode is not in this network: it is not passed
            passed = passed.fillna(0.0)
        records.append(
            {
                "route_id": route["route_id"],
                "source_id": route["source_id"],
                "origin": route["places"][0],
                "destination": route["places"][-1],
                "theta": theta,
                "modes": modes,
                "stops": len(inner),
                "not_found": route["not_found"],
                "stops_share": exact.iloc[number][inner].mean() if inner else np.nan,
                "near_share": near.iloc[number][inner].mean() if inner else np.nan,
                "km": km,
                "km_share": float(passed @ np.array(list(way.values()))) / km if km else np.nan,
                "unknown_km": unknown,
            }
        )
    return records
