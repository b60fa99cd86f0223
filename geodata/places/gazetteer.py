"""The gazetteer behind place names: the tables and layers whose names a `Resolver` knows."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import pandas as pd

from ..study.contracts import CONTRACTS
from ..study.tables import as_records
from .fallbacks import geonames_place
from .keys import Level, key_of
from .resolver import Match, Place, Resolver

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Match", "Place", "Resolver", "add_places", "build_resolver"]

_LEVEL_OF_CODE: dict[int, Level] = {2: "region", 4: "province", 6: "district"}
# Kinds of the network's places in the words of the contract of places.
_NETWORK_KINDS = {
    "river_port": "river_port", "mining_zone": "mining_zone", "border_crossing": "border",
}  # fmt: skip


def build_resolver(
    *,
    places: pd.DataFrame,
    population: pd.DataFrame | None = None,
    layer: gpd.GeoDataFrame | None = None,
    network_places: pd.DataFrame | None = None,
) -> Resolver:
    """Gather all names of places.

    Parameters
    ----------
    places : DataFrame
        Checked table ``places``.
    population : DataFrame, optional
        Checked table ``population``: adds regions and their capitals.
    layer : GeoDataFrame, optional
        Regions, provinces or districts with ``ubigeo``, ``name`` and ``geometry`` (EPSG:4326): adds
        their names, and places cities of GeoNames.
    network_places : DataFrame, optional
        Checked table ``network_places``: adds towns, ports, mines and crossings.

    Returns
    -------
    Resolver
        Knows these places by their names and by the aliases embedded for Peru
        (``aliases.csv``). A place that stands in several tables has its id in ``places``, or else
        in ``network_places``.
    """
    known: dict[str, Place] = {}
    aliases: list[tuple[str, str]] = list(_aliases())
    for row in as_records(places):
        known[row["place_id"]] = _from_places(row)
        if row["name_en"]:
            aliases.append((row["name_en"], row["place_id"]))
            aliases.append((row["name_en"].split("(")[0], row["place_id"]))
    regions = {place.ubigeo: place for place in known.values() if place.level == "region"}
    units = [] if population is None else as_records(population)
    units += [] if layer is None else as_records(pd.DataFrame(layer[["ubigeo", "name"]]))
    for row in units:
        code = str(row["ubigeo"])
        if code in regions:
            aliases.append((str(row["name"]), regions[code].place_id))
        elif code not in known and len(code) in _LEVEL_OF_CODE:
            known[code] = _from_unit(code, str(row["name"]), "layer")
    seen = {_city_key(place) for place in known.values() if place.level == "city"}
    for place in (*_network(network_places), *_capitals(population)):
        if place.place_id not in known and _city_key(place) not in seen:
            known[place.place_id] = place
            seen.add(_city_key(place))
    return _index(known, aliases, layer)


def add_places(places: pd.DataFrame, resolver: Resolver, ids: Iterable[str]) -> pd.DataFrame:
    """Add the places that flows or itineraries name to the table of places.

    Parameters
    ----------
    places : DataFrame
        Checked table ``places``.
    resolver : Resolver
        The resolver that gave the ids.
    ids : iterable of str
        Ids as they stand in ``origin``, ``destination`` or ``place_id``, also those of cities of
        GeoNames.

    Returns
    -------
    DataFrame
        ``places`` with one row more for each id it did not have; provinces and districts get the
        kind ``region`` and their own ubigeo.

    Raises
    ------
    KeyError
        If the resolver does not know an id.
    """
    had = set(places["place_id"])
    rows = []
    for name in dict.fromkeys(ids):
        if name in had:
            continue
        place = geonames_place(name) or resolver.places[name]
        row: dict[str, object] = {
            column.name: math.nan if column.kind == "number" else ""
            for column in CONTRACTS["places"]
        }
        row.update(place_id=place.place_id, name=place.name, ubigeo=place.ubigeo, kind=place.kind)
        if place.level == "city":
            row.update(lat=place.lat, lon=place.lon, source_id=place.source_id)
        rows.append(row)
    if not rows:
        return places.copy()
    return pd.concat([places, pd.DataFrame(rows, columns=places.columns)], ignore_index=True)


def _from_places(row: Mapping[str, object]) -> Place:
    code = str(row["ubigeo"])
    level = _LEVEL_OF_CODE.get(len(code), "city") if row["kind"] == "region" else "city"
    return Place(
        place_id=str(row["place_id"]),
        name=str(row["name"]),
        level=level,
        kind=str(row["kind"]),
        region=code[:2],
        ubigeo=code,
        lat=float(str(row["lat"])),
        lon=float(str(row["lon"])),
        origin="places",
    )


def _from_unit(code: str, name: str, origin: str) -> Place:
    return Place(
        code, name, _LEVEL_OF_CODE[len(code)], "region", code[:2], code, math.nan, math.nan, origin
    )


def _network(table: pd.DataFrame | None) -> list[Place]:
    """Return the places of the network, without those that only stand in for a region."""
    if table is None:
        return []
    rows = as_records(table)
    at: dict[tuple[float, float], int] = defaultdict(int)
    for row in rows:
        at[row["lat"], row["lon"]] += 1
    return [
        Place(
            place_id=row["place_id"],
            name=row["place"],
            level="city",
            kind=_NETWORK_KINDS.get(row["kind"], "city"),
            region=row["ubigeo"][:2],
            ubigeo=row["ubigeo"],
            lat=row["lat"],
            lon=row["lon"],
            origin="network",
            source_id=str(row["source_id"]),
        )
        for row in rows
        if not (
            at[row["lat"], row["lon"]] > 1 and key_of(row["place"]) == key_of(row["region"] or "-")
        )
    ]


def _capitals(population: pd.DataFrame | None) -> list[Place]:
    if population is None:
        return []
    return [
        Place(
            place_id=f"capital_{row['ubigeo']}",
            name=row["capital"],
            level="city",
            kind="city",
            region=row["ubigeo"][:2],
            ubigeo=row["ubigeo"],
            lat=row["lat"],
            lon=row["lon"],
            origin="population",
        )
        for row in as_records(population)
        if row["capital"]
    ]


def _city_key(place: Place) -> tuple[str, str]:
    return key_of(place.name), place.region


def _index(
    places: Mapping[str, Place], aliases: list[tuple[str, str]], layer: gpd.GeoDataFrame | None
) -> Resolver:
    index: dict[str, dict[str, Place]] = defaultdict(dict)
    for place in places.values():
        for name in (place.name, place.name.split("(")[0], *place.name.split(" / ")):
            if key := key_of(name):
                index[key][place.place_id] = place
    decided = set()
    for alias, targets in aliases:
        # Several targets: the first that is known.
        known = next((places[target] for target in targets.split() if target in places), None)
        if known is not None and (key := key_of(alias)):
            index[key][known.place_id] = known
    for alias, target in _aliases():
        if target in places and key_of(alias) == key_of(places[target].name):
            decided.add(key_of(alias))
    return Resolver(
        places=places,
        index={key: tuple(found.values()) for key, found in index.items()},
        homonyms=_homonyms(),
        decided=frozenset(decided),
        layer=layer,
    )


@cache
def _aliases() -> tuple[tuple[str, str], ...]:
    """Return the embedded other names: (alias, ids separated by blanks)."""
    return tuple((row["alias"], row["place_id"]) for row in _embedded("aliases.csv"))


@cache
def _homonyms() -> dict[str, tuple[str, ...]]:
    """Return the names that provinces or districts of several regions bear."""
    return {key_of(row["name"]): tuple(row["regions"].split()) for row in _embedded("homonyms.csv")}


def _embedded(name: str) -> list[dict[str, str]]:
    text = (resources.files("corredor.geodata.peru") / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
