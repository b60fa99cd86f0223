"""Make the regions, provinces and districts of the embedded study from one layer of districts.

    python geodata/peru/make_units.py DISTRICTS.gpkg

``DISTRICTS.gpkg`` holds the 1,874 districts of ``data/Peru.rda`` of *innovar* (MIT; the limits are
INEI's) with the column ``ubigeo``. Written beside this file: ``units.zip``, a zipped TopoJSON whose
three layers share their borders, so that a border is the same line at every level, and
``unit_points.csv``, where each unit's name stands. Needs shapely 2.2 (GEOS 3.14) for
`coverage_clean`; the same layer gives the same bytes.
"""

from __future__ import annotations

import csv
import json
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

HERE = Path(__file__).parent
STEPS_PER_DEGREE = 10_000  # about 11 m
GAP_DEG = 0.0005  # what is narrower between two districts is a slip of the pen, not a lake
# From coarse to fine, in degrees; a border is drawn as coarsely as both its districts bear.
TOLERANCES = (0.014, 0.01, 0.007, 0.005, 0.0035, 0.0025)
# A district may exchange so much of its area with its neighbours.
MOST_MOVED = 0.05
LEVELS = {"regions": 2, "provinces": 4, "districts": 6}
NOTICE = (
    "Limits of INEI (Instituto Nacional de Estadística e Informática), which states no licence of"
    " its own, as in the R package innovar, https://github.com/healthinnovation/innovar;"
    " simplified. Copyright (c) 2021 innovar authors, MIT License: its text stands in the README"
    " of this folder. For reference only."
)

Shapes = NDArray[Any]
Line = NDArray[Any]


def make_units(source: Path) -> None:
    """Write ``units.zip`` and ``unit_points.csv``."""
    districts = gpd.read_file(source).sort_values("ubigeo", ignore_index=True)
    codes = districts["ubigeo"].tolist()
    # Newer than its stubs.
    clean = shapely.coverage_clean  # type: ignore[attr-defined]
    whole = clean(districts.geometry.to_numpy(), gap_width=GAP_DEG)
    shapes = on_grid(Coverage(whole), whole)
    drawn, names = Coverage(shapes), official_names()
    objects, points = {}, []
    for name, digits in LEVELS.items():
        groups = np.array([code[:digits] for code in codes])
        units = sorted(set(groups))
        joined = [shapely.coverage_union_all(shapes[groups == unit]) for unit in units]
        geometries = [
            {
                "type": "MultiPolygon",
                "properties": {"ubigeo": unit, "name": names[unit]},
                "arcs": [
                    [[drawn.arc(piece) for piece in drawn.cut(ring)] for ring in rings_of(part)]
                    for part in shapely.get_parts(shape)
                ],
            }
            for unit, shape in zip(units, joined, strict=True)
        ]
        points += [(unit, *middle_of(shape)) for unit, shape in zip(units, joined, strict=True)]
        objects[name] = {"type": "GeometryCollection", "geometries": geometries}
    step = 1 / STEPS_PER_DEGREE
    content = {
        "type": "Topology",
        "notice": NOTICE,
        "transform": {"scale": [step, step], "translate": [0, 0]},
        "objects": objects,
        "arcs": [np.diff(arc, axis=0, prepend=[[0, 0]]).astype(int).tolist() for arc in drawn.arcs],
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    write_zip(HERE / "units.zip", (text + "\n").encode("utf-8"))
    with (HERE / "unit_points.csv").open("w", encoding="utf-8", newline="\n") as table:
        table.write("ubigeo,lat,lon\n")
        table.writelines(f"{code},{lat:.3f},{lon:.3f}\n" for code, lat, lon in sorted(points))


def write_zip(path: Path, content: bytes) -> None:
    """Write a topology as an archive, with a fixed time stamp; its notice stands outside too."""
    info = zipfile.ZipInfo("units.topojson", date_time=(2026, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info, content, compresslevel=9)
        archive.comment = NOTICE.encode("utf-8")


def official_names() -> dict[str, str]:
    """Return INEI's names with their accents; the layer has none, and writes N for Ñ."""
    names: dict[str, str] = {}
    for file in ("region_codes.csv", "units.csv"):
        with (HERE / file).open(encoding="utf-8", newline="") as table:
            names |= {row["inei"]: row["name"] for row in csv.DictReader(table)}
    return names


def middle_of(shape: Any) -> tuple[float, float]:
    """Return latitude and longitude of the middle of the largest circle in the largest part."""
    largest = max(shapely.get_parts(shape), key=shapely.area)
    circle = shapely.maximum_inscribed_circle(largest, tolerance=largest.area**0.5 / 50)
    lon, lat = shapely.get_coordinates(circle)[0] / STEPS_PER_DEGREE
    return float(lat), float(lon)


class Coverage:
    """The borders of shapes that fit each other, each once: pieces of rings between junctions."""

    def __init__(self, shapes: Shapes) -> None:
        rings = [ring for shape in shapes for ring in rings_of(shape)]
        edges = {edge for ring in rings for edge in map(frozenset, pairwise(ring))}
        degree = Counter(point for edge in edges for point in edge)
        self.junctions = {point for point, number in degree.items() if number > 2}
        self.arcs: list[Line] = []
        self._known: dict[tuple[Any, ...], int] = {}
        for ring in rings:
            for piece in self.cut(ring):
                self.arc(piece)

    def cut(self, ring: Sequence[Any]) -> list[list[Any]]:
        """Return the pieces of a ring; one without a junction is a piece that begins anywhere."""
        open_ring = list(ring[:-1])
        at = [number for number, point in enumerate(open_ring) if point in self.junctions]
        if not at:
            first = open_ring.index(min(open_ring))
            turned = open_ring[first:] + open_ring[:first]
            return [[*turned, turned[0]]]
        turned = open_ring[at[0] :] + open_ring[: at[0]] + [open_ring[at[0]]]
        stops = [number - at[0] for number in at] + [len(open_ring)]
        return [turned[a : b + 1] for a, b in pairwise(stops)]

    def arc(self, piece: list[Any]) -> int:
        """Return the number of a piece, as a topology writes it: ~n for n turned round."""
        forward, back = tuple(piece), tuple(reversed(piece))
        if forward in self._known:
            return self._known[forward]
        if back in self._known:
            return ~self._known[back]
        self._known[forward] = len(self.arcs)
        self.arcs.append(np.array(piece))
        return self._known[forward]


def rings_of(shape: Any) -> Iterator[list[Any]]:
    """Yield the rings of polygons as lists of points."""
    for ring in shapely.get_rings(shapely.get_parts(shape)):
        yield list(map(tuple, shapely.get_coordinates(ring).tolist()))


def on_grid(coverage: Coverage, shapes: Shapes) -> Shapes:
    """Return the districts simplified, in whole steps, each as coarsely as it bears.

    One tolerance for all would wipe out the districts of Lima, or keep every bend of the forest.
    Simplifying a coverage leaves junctions where they are, so borders of several tolerances fit.
    """
    steps = [shapely.coverage_simplify(shapes, tolerance) for tolerance in TOLERANCES]
    lines = [_lines(coverage, shapes, step) for step in steps]
    chosen = np.zeros(len(shapes), dtype=int)
    for number, step in enumerate(steps[:-1]):
        moved = shapely.area(shapely.symmetric_difference(step, shapes)) / shapely.area(shapes)
        chosen[moved > MOST_MOVED] = number + 1
    used = [
        [
            [[coverage.arc(piece) for piece in coverage.cut(ring)] for ring in rings_of(part)]
            for part in shapely.get_parts(shape)
        ]
        for shape in shapes
    ]
    nothing = shapely.Polygon()
    while True:
        finest = np.zeros(len(coverage.arcs), dtype=int)
        for at, parts in enumerate(used):
            for arc in (arc for rings in parts for ring in rings for arc in ring):
                number = max(arc, ~arc)
                finest[number] = max(finest[number], chosen[at])
        arcs = [lines[step][number] for number, step in enumerate(finest)]
        built = np.array([_assemble(parts, arcs) for parts in used])
        wrong = ~shapely.is_valid(built)
        sound = built.copy()
        sound[wrong] = nothing
        wrong |= ~shapely.is_empty(shapely.coverage_invalid_edges(sound))
        if not wrong.any():
            return built
        if (chosen[wrong] == len(TOLERANCES) - 1).all():
            raise SystemExit(f"{int(wrong.sum())} districts stay crossed: a finer grid is needed")
        chosen[wrong] = np.minimum(chosen[wrong] + 1, len(TOLERANCES) - 1)


def _lines(coverage: Coverage, shapes: Shapes, step: Shapes) -> dict[int, Line]:
    """Return each border as simplified, in whole steps of the grid, by its number."""
    lines: dict[int, Line] = {}
    for whole, coarse in zip(shapes, step, strict=True):
        for ring, thin in zip(rings_of(whole), rings_of(coarse), strict=True):
            if _turns_left(ring) != _turns_left(thin):  # simplifying turns some rings round
                thin = thin[::-1]
            pieces = coverage.cut(ring)
            if pieces[0][0] in coverage.junctions:
                at = thin.index(pieces[0][0])
                thin = [*thin[at:-1], *thin[: at + 1]]
                cut = coverage.cut(thin)
            else:
                cut = [thin]
            for piece, line in zip(pieces, cut, strict=True):
                number = coverage.arc(piece)
                if max(number, ~number) not in lines:
                    snapped = np.rint(np.array(line) * STEPS_PER_DEGREE)
                    moved = np.append(True, (np.diff(snapped, axis=0) != 0).any(axis=1))
                    lines[max(number, ~number)] = snapped[moved][:: 1 if number >= 0 else -1]
    return lines


def _turns_left(ring: list[Any]) -> bool:
    return bool(shapely.is_ccw(shapely.LinearRing(ring)))


def _assemble(parts: list[list[list[int]]], arcs: Sequence[Line]) -> Any:
    """Build a district; islets that the grid swallows are left out."""
    polygons = [
        [
            np.concatenate([arcs[at] if at >= 0 else arcs[~at][::-1] for at in ring])
            for ring in rings
        ]
        for rings in parts
    ]
    shapes = [shapely.Polygon(rings[0], rings[1:]) for rings in polygons if len(rings[0]) > 3]
    return shapely.MultiPolygon([shape for shape in shapes if shape.area > 0])


if __name__ == "__main__":
    make_units(Path(sys.argv[1]))
