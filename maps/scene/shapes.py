"""Shapes on their way into the page: label points, rings and lines packed as whole numbers."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely

# Coordinates are stored in thousandths of a degree, about 110 m.
SCALE = 1000


def pack_rings(geometry: shapely.Geometry, *, scale: int = SCALE) -> list[list[int]]:
    """Pack the rings of a polygon as differences between whole numbers.

    Parameters
    ----------
    geometry : Polygon or MultiPolygon
        EPSG:4326.
    scale : int
        Steps per degree.

    Returns
    -------
    list of list of int
        One list per ring, holes included (they are told by the even-odd rule):
        ``[lon, lat, dlon, dlat, ...]`` in 1 / ``scale`` degrees, without the closing point. Rings
        that shrink to fewer than three points are left out.
    """
    rings = [_pack(shapely.get_coordinates(ring)[:-1], scale) for ring in _rings(geometry)]
    return [ring for ring in rings if len(ring) >= 6]


def pack_line(line: shapely.LineString, *, scale: int = SCALE) -> list[int]:
    """Pack the points of a line in the same way.

    Parameters
    ----------
    line : LineString
        EPSG:4326.
    scale : int
        Steps per degree.

    Returns
    -------
    list of int
        ``[lon, lat, dlon, dlat, ...]`` in 1 / ``scale`` degrees.
    """
    return _pack(shapely.get_coordinates(line), scale)


def _pack(points: np.ndarray, scale: int) -> list[int]:
    packed: list[int] = []
    lon = lat = 0
    for x, y in np.rint(points * scale).astype(int).tolist():
        if not packed or x != lon or y != lat:
            packed += (x - lon, y - lat)
            lon, lat = x, y
    return packed


def label_point(geometry: shapely.Geometry) -> list[float]:
    """Return ``[lat, lon]`` of the middle of the largest circle inside the largest part."""
    parts = shapely.get_parts(geometry)
    largest = parts[int(np.argmax(shapely.area(parts)))]
    tolerance = float(np.sqrt(largest.area)) / 50
    circle = shapely.maximum_inscribed_circle(largest, tolerance=tolerance)
    lon, lat = shapely.get_coordinates(circle)[0]
    return [round(float(lat), 3), round(float(lon), 3)]


def _rings(geometry: shapely.Geometry) -> Iterable[shapely.LinearRing]:
    for polygon in shapely.get_parts(geometry):
        if polygon.geom_type == "Polygon" and not polygon.is_empty:
            yield polygon.exterior
            yield from polygon.interiors
