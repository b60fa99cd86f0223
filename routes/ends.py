"""Where reported flows begin and end on the network, and by which rule."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
from corredor.geodata import Tables
from corredor.geodata.errors import fold
from corredor.geodata.messages import Message
from corredor.geodata.tables import as_records

# A place that is not on the network by name is put at the nearest one, if that is not farther.
NEAR_KM = 25.0
# A place all of whose links are shorter is a second name of its neighbour.
ALIAS_KM = 0.5
# A place of the study names a place without a name as near as this.
NAME_KM = 5.0
EARTH_KM = 6371.0

RULES: dict[str, Message] = {
    "same_place": Message("the place itself"),
    "region_capital": Message("the capital stands for the region"),
    "same_name": Message("the place of that name in the region"),
    "nearest": Message("the nearest place of the network, at most {km:.0f} km away", km=NEAR_KM),
    "area": Message("the area is spread evenly over the places listed for it"),
}
END_COLUMNS = ["place_id", "network_place", "rule", "share", "distance_km"]


@dataclass(frozen=True)
class _Index:
    """The places of a network by name and by region."""

    G: nx.MultiGraph[str]
    named: dict[tuple[str, str], str]
    in_region: dict[str, list[str]]


def locate_places(tables: Tables, G: nx.MultiGraph[str]) -> pd.DataFrame:
    """Find the places of the study on a network.

    Parameters
    ----------
    tables : Tables
        Tables of a `Publication`; ``places`` and ``population`` are used.
    G : MultiGraph
        A network of `build_network`.

    Returns
    -------
    DataFrame
        One row per place and network place that stands for it: ``place_id``, ``network_place``,
        ``rule`` (a key of `RULES`), ``share`` (1, or 1/n for an area spread over n places) and
        ``distance_km`` (float64; NaN where nothing was measured). A place that cannot be found has
        no row.
    """
    index = _index(G)
    capitals = {row["ubigeo"]: row for row in as_records(tables.population)}
    places = {row["place_id"]: row for row in as_records(tables.places)}
    found = {key: _locate(row, capitals, index) for key, row in places.items()}
    records = []
    for key, row in places.items():
        members = row["members"].split()
        if row["kind"] == "area" and members:
            at = [found[member] for member in members if found.get(member)]
            records += [
                {**end, "place_id": key, "rule": "area", "share": 1 / len(at)} for end in at if end
            ]
        elif end := found[key]:
            records.append({**end, "place_id": key, "share": 1.0})
    return pd.DataFrame(records, columns=END_COLUMNS)


def name_places(G: nx.MultiGraph[str], tables: Tables) -> nx.MultiGraph[str]:
    """Name the places of a network that have only their coordinates for a name.

    Parameters
    ----------
    G : MultiGraph
        A network, such as one from a line layer.
    tables : Tables
        Tables of a `Publication`; ``places`` and ``network_places`` are used.

    Returns
    -------
    MultiGraph
        ``G`` itself if all its places are named, else a copy in which each place of the study gives
        its name to the nearest place without one, if that is at most 5 km away.
    """
    from corredor.geodata.geographic.link_tables import name_point

    bare = [
        place for place, data in G.nodes(data=True)
        if data.get("name") == name_point(data["x"], data["y"])
    ]  # fmt: skip
    if not bare:
        return G
    named = G.copy()
    lat = np.radians([G.nodes[place]["y"] for place in bare])
    lon = np.radians([G.nodes[place]["x"] for place in bare])
    known = tables.network_places[["place", "lat", "lon"]]
    more = tables.places[["name", "lat", "lon"]].set_axis(known.columns, axis=1)
    for row in as_records(pd.concat([known, more]).dropna().drop_duplicates("place")):
        y, x = math.radians(row["lat"]), math.radians(row["lon"])
        half = np.sin((lat - y) / 2) ** 2
        half += math.cos(y) * np.cos(lat) * np.sin((lon - x) / 2) ** 2
        near = int(half.argmin())
        if 2 * EARTH_KM * math.asin(math.sqrt(min(float(half[near]), 1.0))) <= NAME_KM:
            named.nodes[bare[near]]["name"] = row["place"]
    return named


def _index(G: nx.MultiGraph[str]) -> _Index:
    named: dict[tuple[str, str], str] = {}
    in_region: dict[str, list[str]] = {}
    for place, data in G.nodes(data=True):
        links = [link["km"] for *_, link in G.edges(place, data=True)]
        if links and max(links) <= ALIAS_KM:
            continue
        region = data.get("ubigeo", "")[:2]
        named.setdefault((region, fold(data.get("name", place))), place)
        in_region.setdefault(region, []).append(place)
    return _Index(G, named, in_region)


def _locate(
    place: dict[str, Any], capitals: dict[str, dict[str, Any]], index: _Index
) -> dict[str, Any] | None:
    region = place["ubigeo"][:2]
    if place["kind"] == "region":
        capital = capitals.get(region)
        if capital is None or not capital["capital"]:
            return None
        # A network of one's own may not say in which region its places lie.
        name = fold(capital["capital"])
        at = index.named.get((region, name)) or index.named.get(("", name))
        if at:
            return {"network_place": at, "rule": "region_capital", "distance_km": math.nan}
        near = _nearest(capital["lat"], capital["lon"], index, region) or _nearest(
            capital["lat"], capital["lon"], index, None
        )
        return {**near, "rule": "region_capital"} if near else None
    if place["place_id"] in index.G:
        return {
            "network_place": place["place_id"], "rule": "same_place", "distance_km": math.nan,
        }  # fmt: skip
    at = index.named.get((region, fold(place["name"])))
    if at:
        return {"network_place": at, "rule": "same_name", "distance_km": math.nan}
    near = _nearest(place["lat"], place["lon"], index, None)
    return {**near, "rule": "nearest"} if near else None


def _nearest(lat: float, lon: float, index: _Index, region: str | None) -> dict[str, Any] | None:
    if math.isnan(lat) or math.isnan(lon):
        return None
    # Of a network from a line layer nobody says in which region its places lie.
    groups = index.in_region.values() if region is None else [
        index.in_region.get(code, []) for code in (region, "")
    ]  # fmt: skip
    best, distance = None, NEAR_KM
    for place in (place for group in groups for place in group):
        data = index.G.nodes[place]
        away = great_circle_km(lat, lon, data["y"], data["x"])
        if away <= distance:
            best, distance = place, away
    return None if best is None else {"network_place": best, "distance_km": distance}


def great_circle_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the distance of two points on a sphere, in km.

    Parameters
    ----------
    lat, lon, other_lat, other_lon : float
        Degrees.

    Returns
    -------
    float
        At least 0.
    """
    phi, other_phi = math.radians(lat), math.radians(other_lat)
    half = math.sin((other_phi - phi) / 2) ** 2
    half += math.cos(phi) * math.cos(other_phi) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(half, 1.0)))
