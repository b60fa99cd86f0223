"""Points of places against where they should lie: each in its region, none where nobody lives."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ..errors import Fault
from ..layers.extent import PERU
from ..messages import Message

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# How far beyond its region a point may lie, in degrees: outlines are generalised, and a port or a
# border crossing stands at the edge.
MARGIN = 0.2
# West, south, east, north: where places lie that a network of Peru reaches.
AROUND = (-95.0, -35.0, -50.0, 13.0)
# South of this nobody lives; a place of Peru whose lat and lon are exchanged lies there.
SOUTHERNMOST = -60.0


def point_faults(table: pd.DataFrame, regions: gpd.GeoDataFrame, *, near: bool) -> list[Fault]:
    """Return a fault for each point that lies outside its region, or where no place can be.

    ``near`` is whether places without a region must lie around Peru too, as those of a network.
    Row numbers are those of a spreadsheet.
    """
    lat, lon = table["lat"].to_numpy(dtype=float), table["lon"].to_numpy(dtype=float)
    codes = table["ubigeo"].str[:2].to_numpy(dtype=str)
    wrong = np.isfinite(lat) & np.isfinite(lon) & ~_fits(lat, lon, codes, regions, near=near)
    key = table.columns[0]
    return [
        Fault(
            at + 2,
            "lat",
            str(table[key].iloc[at]),
            _where(lat[at], lon[at], codes[at], regions),
            _mend(lat[at], lon[at], codes[at], regions),
        )
        for at in np.flatnonzero(wrong).tolist()
    ]


def _fits(
    lat: Floats, lon: Floats, codes: NDArray[np.str_], regions: gpd.GeoDataFrame, *, near: bool
) -> NDArray[np.bool_]:
    """Tell which points lie where their codes say, or, without a code, where places can lie."""
    import shapely

    own = regions["ubigeo"].str[:2].to_numpy(dtype=str)
    west, south, east, north = AROUND if near else (-180.0, SOUTHERNMOST, 180.0, 90.0)
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    inside &= (np.abs(lat) > 1e-9) | (np.abs(lon) > 1e-9)
    finite = np.isfinite(lat) & np.isfinite(lon)
    for code in np.unique(codes[codes != ""]):
        here = (codes == code) & finite
        shapes = regions.geometry.to_numpy()[own == code]
        if not len(shapes):  # a layer of a part of the country
            west, south, east, north = PERU
            inside[here] &= (lon[here] >= west) & (lon[here] <= east)
            inside[here] &= (lat[here] >= south) & (lat[here] <= north)
            continue
        points = shapely.points(lon[here], lat[here])
        found = shapely.STRtree(shapes).query(points, predicate="dwithin", distance=MARGIN)[0]
        inside[here] = np.isin(np.arange(len(points)), found)
    return np.asarray(inside)


def _where(lat: float, lon: float, code: str, regions: gpd.GeoDataFrame) -> Message:
    if not code:
        return Message("No place can lie at lat {lat:g}, lon {lon:g}.", lat=lat, lon=lon)
    names = dict(zip(regions["ubigeo"], regions["name"], strict=True))
    return Message(
        "The point at lat {lat:g}, lon {lon:g} does not lie in its region, {region}.",
        lat=lat,
        lon=lon,
        region=names.get(code, code),
    )


def _mend(lat: float, lon: float, code: str, regions: gpd.GeoDataFrame) -> Message:
    """Return which slip of the pen would explain the point, or what to look at."""
    for lat_, lon_, message in _slips(lat, lon):
        at = np.array([lat_]), np.array([lon_]), np.array([code])
        west, south, east, north = PERU
        if west <= lon_ <= east and south <= lat_ <= north and _fits(*at, regions, near=True)[0]:
            return Message(message.text, lat=lat_, lon=lon_)
    return Message(
        "Check lat, lon and ubigeo; leave lat and lon empty for a place without a point."
    )


def _slips(lat: float, lon: float) -> Iterator[tuple[float, float, Message]]:
    minus = Message("A minus sign was lost: write lat {lat:g}, lon {lon:g}.")
    turned = Message("lat and lon are exchanged: write lat {lat:g}, lon {lon:g}.")
    yield lon, lat, turned
    yield -abs(lat), -abs(lon), minus
    yield -abs(lon), -abs(lat), turned
    for lat_by, lon_by in itertools.product((1, 10, 100, 0.1, 0.01), repeat=2):
        slipped = Message("The decimal point slipped: write lat {lat:g}, lon {lon:g}.")
        yield -abs(lat) * lat_by, -abs(lon) * lon_by, slipped
