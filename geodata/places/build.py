"""The tables and layers whose names a `Resolver` knows, gathered into one."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from ..study.contracts import CONTRACTS
from ..study.tables import as_records
from .gazetteer import (
    LEVEL_OF_DIGITS,
    LIMA,
    Court,
    Place,
    aliases,
    courts_of,
    embedded_courts,
    find_unit_by_code,
    geonames_place,
    place_of_unit,
    region_codes,
    region_keys,
    region_names,
)
from .keys import PlaceLevel, key_of
from .resolver import PARTS_OF_LIMA, Resolver

if TYPE_CHECKING:
    import geopandas as gpd

# Kinds of the network's places in the words of the contract of places.
_NETWORK_KINDS = {
    "river_port": "river_port", "mining_zone": "mining_zone", "border_crossing": "border",
}  # fmt: skip


def build_resolver(
    *,
    places: pd.DataFrame | None = None,
    population: pd.DataFrame | None = None,
    layer: gpd.GeoDataFrame | None = None,
    network_places: pd.DataFrame | None = None,
    regions: Mapping[str, str] | None = None,
    courts: pd.DataFrame | None = None,
) -> Resolver:
    """Gather all names of places.

    Parameters
    ----------
    places : DataFrame, optional
        Checked table ``places``.
    population : DataFrame, optional
        Checked table ``population``: adds regions and their capitals.
    layer : GeoDataFrame, optional
        Regions, provinces or districts with ``ubigeo``, ``name`` and ``geometry`` (EPSG:4326): adds
        their names, and places cities of GeoNames.
    network_places : DataFrame, optional
        Checked table ``network_places``: adds towns, ports, mines and crossings.
    regions : mapping of str to str, optional
        Names of regions by INEI code; the 25 of Peru where no table holds any.
    courts : DataFrame, optional
        Checked table ``districts`` (judicial and fiscal); the embedded one if left out.

    Returns
    -------
    Resolver
        Knows these places by their names and by the aliases embedded for Peru
        (``region_codes.csv``, ``aliases.csv``). A place that stands in several tables has its id in
        ``places``, or else in ``network_places``.
    """
    known: dict[str, Place] = {}
    others: list[tuple[str, str]] = [*_names_of_regions(), *aliases()]
    for row in as_records(places) if places is not None else ():
        known[row["place_id"]] = _from_places(row)
        if row["name_en"]:
            others.append((row["name_en"], row["place_id"]))
            others.append((row["name_en"].split("(")[0], row["place_id"]))
    held = {place.ubigeo: place for place in known.values() if place.level == "region"}
    units = [] if population is None else as_records(population)
    units += [] if layer is None else as_records(pd.DataFrame(layer[["ubigeo", "name"]]))
    named = [(str(row["ubigeo"]), str(row["name"])) for row in units]
    if not held and not named and regions is None:
        regions = region_names()
    for code, name in (*named, *(regions or {}).items()):
        if code in held:
            others.append((name, held[code].place_id))
        elif code not in known and len(code) in LEVEL_OF_DIGITS:
            known[code] = place_of_unit(code, name, "layer")
    seen = {_city_key(place) for place in known.values() if place.level == "city"}
    for place in (*_network(network_places), *_capitals(population)):
        if place.place_id not in known and _city_key(place) not in seen:
            known[place.place_id] = place
            seen.add(_city_key(place))
    return _index(known, others, embedded_courts() if courts is None else courts_of(courts), layer)


@cache
def embedded_resolver(level: str = "region") -> Resolver:
    """Return the resolver that knows the regions, court districts, and the units of a level."""
    return build_resolver().with_units(level)


def find_region(text: str) -> str | None:
    """Return the INEI code of a region by name or code; 1501 and 1599 for the parts of Lima."""
    match = embedded_resolver().find(text, kind="region", whole=True)
    if match.kind != "place":
        return None
    return next((code for code, part in PARTS_OF_LIMA.items() if part == match.part), match.ubigeo)


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
        unit = find_unit_by_code(name) if name not in resolver.places else None
        place = geonames_place(name) or (place_of_unit(*unit[:2], "list") if unit else None)
        place = place or resolver.places[name]
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


def _names_of_regions() -> list[tuple[str, str]]:
    """Return (name, ids) of regions; a part of Lima is the region where it is not kept apart."""
    return [
        (name, one.inei if len(one.inei) == 2 else f"{one.inei} {LIMA}")
        for one in region_codes().values()
        for name in (one.name, *one.aliases)
    ]


def _from_places(row: Mapping[str, object]) -> Place:
    code = str(row["ubigeo"])
    level: PlaceLevel = "city"
    if row["kind"] == "region":
        level = LEVEL_OF_DIGITS.get(len(code), "city")
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
    places: Mapping[str, Place],
    others: list[tuple[str, str]],
    courts: Mapping[str, Court],
    layer: gpd.GeoDataFrame | None,
) -> Resolver:
    index: dict[str, dict[str, Place]] = defaultdict(dict)
    for place in places.values():
        for name in (place.name, place.name.split("(")[0], *place.name.split(" / ")):
            if key := key_of(name):
                index[key][place.place_id] = place
    for alias, targets in others:
        # Several targets: the first that is known.
        known = next((places[target] for target in targets.split() if target in places), None)
        if known is not None and (key := key_of(alias)):
            index[key][known.place_id] = known
    decided = {
        key_of(alias)
        for alias, target in aliases()
        if target in places and key_of(alias) == key_of(places[target].name)
    }
    partial = {key_of(alias) for alias, targets in aliases() if len(targets.split()[-1]) == 2}
    return Resolver(
        places=places,
        index={key: tuple(found.values()) for key, found in index.items()},
        decided=frozenset(decided),
        partial=frozenset(partial - region_keys().keys()),
        courts=courts,
        layer=layer,
    )
