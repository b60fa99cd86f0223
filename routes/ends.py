"""Where reported flows begin and end on the network, and by which rule."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
from corredor.geodata import Tables
from corredor.geodata.errors import casefolded
from corredor.geodata.messages import Message
from corredor.geodata.study.tables import as_records

from .links import Floats

# A place that is not on the network by name is put at the nearest one, if that is not farther.
NEAR_KM = 25.0
# A place all of whose links are shorter is a second name of its neighbour.
ALIAS_KM = 0.5
# A place of the study names a place without a name as near as this.
NAME_KM = 5.0
# Other places are called after the nearest known place, if that is not farther.
ABOUT_KM = 60.0
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
        ``rule`` (a key of `RULES`), ``share`` (1, or 1/n for an area with n places, found or not)
        and ``distance_km`` (float64; NaN where nothing was measured). A place that cannot be found
        has no row.
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
                {**end, "place_id": key, "rule": "area", "share": 1 / len(members)}
                for end in at
                if end
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
        Tables of a `Publication`; ``places``, ``population`` and ``network_places`` are used.

    Returns
    -------
    MultiGraph
        ``G`` itself if all its places are named, else a copy. A place of the study, a capital, a
        place of its network or else one of the embedded network gives name, kind and region to the
        nearest place without a name, if that is at most 5 km away. The others are called after the
        nearest known place with the distance, "Mazuko (~12 km)", up to 60 km, with the attribute
        ``about`` (its name); all that have no name of their own have ``unnamed``.
    """
    from corredor.geodata.lines.tables import name_point

    bare = [
        place for place, data in G.nodes(data=True)
        if data.get("name") == name_point(data["x"], data["y"])
    ]  # fmt: skip
    if not bare:
        return G
    from corredor.geodata.lines.noding import on_sphere

    known = _known_places(tables)
    known = known[known["name"] != [name_point(x, y) for x, y in known[["lon", "lat"]].to_numpy()]]
    named = G.copy()
    if known.empty:
        return named
    there = on_sphere(known[["lon", "lat"]].to_numpy(dtype=float))
    free = dict.fromkeys(place for place in bare if not is_alias(G, place))
    taken = {
        (casefolded(str(data.get("name"))), data.get("ubigeo", "")[:2])
        for _, data in G.nodes(data=True)
    }
    if free:
        places = list(free)
        away, at = _nearest_points(_points(G, places), there)
        for row, metres, number in zip(as_records(known), away, at, strict=True):
            place, key = places[number], (casefolded(row["name"]), row["ubigeo"][:2])
            if metres <= NAME_KM * 1000 and place in free and key not in taken:
                taken.add(key)
                del free[place]
                ubigeo = G.nodes[place].get("ubigeo") or row["ubigeo"]
                named.nodes[place].update(name=row["name"], kind=row["kind"], ubigeo=ubigeo)
    rest = [place for place in bare if named.nodes[place]["name"] == G.nodes[place]["name"]]
    if not rest:
        return named
    away, at = _nearest_points(there, _points(G, rest))
    titles = known["name"].tolist()
    for place, metres, number in zip(rest, away, at, strict=True):
        named.nodes[place]["unnamed"] = True
        if metres <= ABOUT_KM * 1000:
            title = f"{titles[number]} (~{max(metres / 1000, 1.0):.0f} km)"
            named.nodes[place].update(name=title, about=titles[number])
    return named


def _points(G: nx.MultiGraph[str], places: list[str]) -> Floats:
    from corredor.geodata.lines.noding import on_sphere

    return on_sphere(np.array([(G.nodes[place]["x"], G.nodes[place]["y"]) for place in places]))


def _nearest_points(points: Floats, to: Floats) -> tuple[list[float], list[int]]:
    """Return how far the nearest of the points is from each of ``to``, and its number."""
    from scipy.spatial import cKDTree

    away, at = cKDTree(points).query(to)
    return np.atleast_1d(away).tolist(), np.atleast_1d(at).tolist()


def _known_places(tables: Tables) -> pd.DataFrame:
    """Return places with name, kind, region and point: those of the study before others."""
    from corredor.geodata import embedded_study

    columns = ["name", "kind", "ubigeo", "lat", "lon"]
    capitals = tables.population.assign(name=tables.population["capital"], kind="city")
    embedded = pd.read_csv(embedded_study() / "network_places.csv", dtype={"ubigeo": str})
    network = pd.concat([tables.network_places, embedded]).rename(columns={"place": "name"})
    network = network[~network["note"].fillna("").str.startswith("alias")]
    every = pd.concat([table[columns] for table in (tables.places, capitals, network)])
    every = every[every["name"].fillna("") != ""].dropna(subset=["lat", "lon"])
    return every.fillna({"ubigeo": "", "kind": ""}).drop_duplicates(
        ["name", "ubigeo"], ignore_index=True
    )


def is_alias(G: nx.MultiGraph[str], place: str) -> bool:
    """Tell whether a place is a second name of its neighbour."""
    links = [link["km"] for *_, link in G.edges(place, data=True)]
    return bool(links) and max(links) <= ALIAS_KM


def _index(G: nx.MultiGraph[str]) -> _Index:
    named: dict[tuple[str, str], str] = {}
    in_region: dict[str, list[str]] = {}
    for place, data in G.nodes(data=True):
        if is_alias(G, place):
            continue
        region = data.get("ubigeo", "")[:2]
        named.setdefault((region, casefolded(data.get("name", place))), place)
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
        name = casefolded(capital["capital"])
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
    at = index.named.get((region, casefolded(place["name"])))
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
    """Return the distance of two points on a sphere, in km."""
    phi, other_phi = math.radians(lat), math.radians(other_lat)
    half = math.sin((other_phi - phi) / 2) ** 2
    half += math.cos(phi) * math.cos(other_phi) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(half, 1.0)))
