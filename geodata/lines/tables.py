"""Pieces of lines as the two tables of a transport network: places and links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .columns import LinkColumns
from .noding import Pieces, ends_of

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from .noding import Floats, Shapes

# A stated length may be this much shorter than the straight line: rounding.
SHORTEST = 0.98


def lengths_km(shapes: Shapes) -> Floats:
    """Return the geodesic length of lines in degrees, in kilometres on WGS 84."""
    import shapely
    from pyproj import Geod

    at, owner = shapely.get_coordinates(shapes, return_index=True)
    same = owner[1:] == owner[:-1]
    a, b = at[:-1][same], at[1:][same]
    _, _, metres = Geod(ellps="WGS84").inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])
    return np.bincount(owner[1:][same], weights=metres, minlength=len(shapes)) / 1000


def straight_km(shapes: Shapes) -> Floats:
    """Return the geodesic distance between the two ends of lines, in kilometres."""
    from pyproj import Geod

    first, last = ends_of(shapes)
    _, _, metres = Geod(ellps="WGS84").inv(first[:, 0], first[:, 1], last[:, 0], last[:, 1])
    return np.asarray(metres) / 1000


def checked_km(shapes: Shapes, km: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the stated lengths that are possible, NaN for the others, and which these are."""
    import shapely

    merged = shapely.line_merge(shapes)
    single = shapely.get_type_id(merged) == 1
    shortest = np.zeros(len(shapes))
    shortest[single] = SHORTEST * straight_km(merged[single])
    wrong = np.isfinite(km) & (km < shortest)
    return np.where(wrong, np.nan, km), wrong


def name_point(lon: float, lat: float) -> str:
    """Return a point as people read it: ``13.5330 S 71.9550 W``."""
    return f"{abs(lat):.4f} {'S' if lat < 0 else 'N'} {abs(lon):.4f} {'W' if lon < 0 else 'E'}"


def build_places(pieces: Pieces) -> pd.DataFrame:
    """Return the nodes as the table ``network_places``, without names of their own."""
    lon, lat = pieces.nodes.T
    degrees = pieces.degrees()
    return pd.DataFrame(
        {
            "place_id": [f"n{number}" for number in range(1, len(lon) + 1)],
            "place": [name_point(x, y) for x, y in pieces.nodes.tolist()],
            "region": "",
            "ubigeo": "",
            "lat": lat,
            "lon": lon,
            "kind": np.where(degrees == 1, "end", "junction"),
            "note": "",
            "source_id": "",
        }
    )


def build_links(
    pieces: Pieces,
    columns: LinkColumns,
    row: NDArray[np.int64],
    *,
    places: Sequence[str],
    ids: Sequence[str],
    km: Floats,
    shapes: Shapes,
) -> gpd.GeoDataFrame:
    """Return the pieces as the table ``network_links`` with their lines.

    Parameters
    ----------
    pieces : Pieces
        A noded network.
    columns : LinkColumns
        What the rows of the layer say.
    row : ndarray of int
        The row that each line (``pieces.line``) comes from.
    places : sequence of str
        ``place_id`` of each node.
    ids : sequence of str
        Name of each row, all different.
    km : ndarray of float64
        Stated length of each row, NaN where there is none.
    shapes : ndarray of LineString
        The lines as given; a stated length or time is shared out over the pieces of its row by
        their geodesic length.

    Returns
    -------
    GeoDataFrame
        EPSG:4326; ``km`` as stated or geodesic, ``hours`` as stated or kilometres by speed.
    """
    import geopandas as gpd

    own = row[pieces.line]
    length = lengths_km(pieces.shapes)
    whole = np.bincount(row, weights=lengths_km(shapes), minlength=len(ids))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(whole[own] > 0, length / whole[own], 1.0)
    travelled = np.where(np.isfinite(km[own]), km[own] * share, length)
    stated = columns.hours[own] * share
    hours = np.where(np.isfinite(stated), stated, travelled / columns.kmh[own])
    return gpd.GeoDataFrame(
        {
            "link_id": _link_ids(own, ids),
            "from": [places[node] for node in pieces.start.tolist()],
            "to": [places[node] for node in pieces.end.tolist()],
            "mode": [columns.mode[at] for at in own.tolist()],
            "ref": [columns.ref[at] for at in own.tolist()],
            "surface": [columns.surface[at] for at in own.tolist()],
            "km": travelled,
            "hours": hours,
            "hours_back": columns.hours_back[own] * share,
            "basis": np.where(np.isfinite(km[own]), "derived", "estimated"),
            "note": "",
        },
        geometry=pieces.shapes,
        crs="EPSG:4326",
    )


def _link_ids(own: NDArray[np.int64], ids: Sequence[str]) -> list[str]:
    """Return the name of its row for a link; numbered where a row was cut."""
    pieces = np.bincount(own, minlength=len(ids))
    seen: dict[int, int] = {}
    names = []
    for at in own.tolist():
        seen[at] = seen.get(at, 0) + 1
        names.append(f"{ids[at]}.{seen[at]}" if pieces[at] > 1 else ids[at])
    return names


def row_ids(cells: Sequence[str], numbers: Sequence[int], row: NDArray[np.int64]) -> list[str]:
    """Return a name for each row: its own where all are there and differ, else its number."""
    used = {cells[at] for at in set(row.tolist())}
    usable = "" not in used and len(used) == len(set(row.tolist()))
    if usable and not any("." in cell for cell in used):
        return list(cells)
    return [str(number) for number in numbers]
