"""Shapes on their way into the page: label points, rings and lines packed as whole numbers."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

# More steps than there are from the equator, or from Greenwich.
_OFFSET = 2**30
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


def pack_borders(
    shapes: NDArray[np.object_], *, scale: int
) -> tuple[list[list[int]], list[list[list[int]]]]:
    """Pack shapes that fit each other with every border once, as a TopoJSON does.

    Parameters
    ----------
    shapes : ndarray of Polygon or MultiPolygon
        EPSG:4326. Where they do not fit, borders stand twice.
    scale : int
        Steps per degree.

    Returns
    -------
    tuple of (list of list of int, list of list of list of int)
        The borders as `pack_line` packs them, and for each shape its rings, holes included: the
        numbers of their borders in order, ~n for border n turned round. A ring begins and ends
        with the same point.
    """
    parts, part_of = shapely.get_parts(shapes, return_index=True)
    rings, ring_of = shapely.get_rings(parts, return_index=True)
    degrees, at = shapely.get_coordinates(rings, return_index=True)
    points = np.rint(degrees * scale).astype(np.int64)
    moved = np.append(True, (np.diff(points, axis=0) != 0).any(axis=1) | (np.diff(at) != 0))
    points, at = points[moved], at[moved]
    keys = (points[:, 0] + _OFFSET) * 2 * _OFFSET + points[:, 1] + _OFFSET
    edge = np.flatnonzero(at[1:] == at[:-1])
    ends = np.sort(np.stack([keys[edge], keys[edge + 1]], axis=1), axis=1)
    corners, degree = np.unique(np.unique(ends, axis=0), return_counts=True)
    meets = np.isin(keys, corners[degree > 2])
    known: dict[bytes, int] = {}
    borders: list[list[int]] = []
    numbered: list[list[list[int]]] = [[] for _ in shapes]
    stops = np.flatnonzero(np.diff(at)) + 1
    for ring in np.split(np.arange(len(at)), stops):
        if len(ring) < 4:
            continue
        numbers = []
        for piece in _pieces(ring[:-1], meets, keys):
            line = points[piece]
            forward, back = line.tobytes(), line[::-1].tobytes()
            if forward not in known and back not in known:
                known[forward] = len(borders)
                borders.append(np.diff(line, axis=0, prepend=[[0, 0]]).ravel().tolist())
            numbers.append(known[forward] if forward in known else ~known[back])
        numbered[part_of[ring_of[at[ring[0]]]]].append(numbers)
    return borders, numbered


def _pieces(
    ring: NDArray[np.int64], meets: NDArray[np.bool_], keys: NDArray[np.int64]
) -> list[NDArray[np.int64]]:
    """Cut an open ring of positions where borders meet; one where none do is one closed piece."""
    cuts = np.flatnonzero(meets[ring])
    first = int(cuts[0]) if len(cuts) else int(keys[ring].argmin())
    turned = np.roll(ring, -first)
    closed = np.append(turned, turned[0])
    stops = [*(cuts - first).tolist(), len(ring)] if len(cuts) else [0, len(ring)]
    return [closed[a : b + 1] for a, b in pairwise(stops)]


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
