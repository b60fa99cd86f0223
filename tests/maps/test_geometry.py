"""Shapes packed for the page, unpacked as the page does it."""

from collections import Counter

import numpy as np
import pytest
import shapely
from corredor.geodata import embedded_study, read_regions
from corredor.maps.scene.shapes import label_point, pack_borders, pack_rings
from hypothesis import given
from hypothesis import strategies as st

SQUARE = shapely.box(-76, -9, -75, -8)
DONUT = shapely.Polygon(
    [(0, 0), (4, 0), (4, 4), (0, 4)],
    [[(1, 1), (1, 2), (2, 2), (2, 1)], [(3, 3), (3, 3.5), (3.5, 3)]],
)


def unpack(ring: list[int], scale: int) -> list[tuple[float, float]]:
    """Undo `pack_rings`, written after unpack() of maps/js/core/geometry.js."""
    points, lon, lat = [], 0, 0
    for step in range(0, len(ring), 2):
        lon += ring[step]
        lat += ring[step + 1]
        points.append((lon / scale, lat / scale))
    return points


def join(ring: list[int], lines: list[list[tuple[float, float]]]) -> list[tuple[float, float]]:
    """Undo `pack_borders`, written after joinBorders() of maps/js/core/geometry.js."""
    return [p for n in ring for p in (lines[n] if n >= 0 else lines[~n][::-1])[:-1]]


def test_a_border_that_two_squares_share_is_packed_once():
    east, island = shapely.box(-75, -9, -74, -8), shapely.box(-75.5, -8.75, -75.25, -8.5)
    west = shapely.difference(SQUARE, island)
    lines, rings = pack_borders(np.array([west, east, island]), scale=100)
    assert len(lines) == 4  # two outer borders, the one in common, and the coast of the island
    (outer, hole), (other,), (coast,) = rings
    assert len({max(n, ~n) for n in outer} & {max(n, ~n) for n in other}) == 1
    assert max(hole[0], ~hole[0]) == max(coast[0], ~coast[0])
    unpacked = [unpack(line, 100) for line in lines]
    for shape, ring in ((SQUARE, outer), (east, other), (island, coast)):
        assert shapely.Polygon(join(ring, unpacked)).equals(shape)


@pytest.mark.parametrize("level", ["province", "district"])
def test_the_units_of_peru_share_their_borders(level):
    file = embedded_study() / "units.zip"
    shapes = read_regions(file, level=level).table.geometry.to_numpy()
    lines, rings = pack_borders(shapes, scale=4000)
    unpacked = [unpack(line, 4000) for line in lines]
    used = Counter(max(n, ~n) for unit in rings for ring in unit for n in ring)
    assert set(used.values()) == {1, 2}
    for shape, unit in zip(shapes, rings, strict=True):
        drawn = shapely.Polygon()
        for ring in unit:
            drawn = drawn.symmetric_difference(shapely.Polygon(join(ring, unpacked)).buffer(0))
        assert drawn.symmetric_difference(shape).area < 0.05 * shape.area


def test_a_square_by_hand():
    (ring,) = pack_rings(shapely.Polygon([(-76, -9), (-75, -9), (-75, -8.5)]))
    assert ring == [-76000, -9000, 1000, 0, 0, 500]


def test_the_closing_point_is_left_out():
    (ring,) = pack_rings(SQUARE)
    assert len(ring) == 8
    assert set(unpack(ring, 1000)) == {(-76, -9), (-75, -9), (-75, -8), (-76, -8)}


@pytest.mark.parametrize("scale", [100, 1000])
def test_holes_and_parts_are_rings_of_their_own(scale):
    shape = shapely.MultiPolygon([DONUT, SQUARE])
    rings = [unpack(ring, scale) for ring in pack_rings(shape, scale=scale)]
    assert [len(ring) for ring in rings] == [4, 4, 3, 4]
    holes = [shapely.Polygon(ring) for ring in rings[1:3]]
    rebuilt = shapely.Polygon(rings[0]).difference(shapely.union_all(holes))
    assert shapely.union_all([rebuilt, shapely.Polygon(rings[3])]).equals(shape)


def test_rings_that_shrink_to_nothing_are_left_out():
    speck = shapely.box(0, 0, 0.0004, 0.0004)
    assert pack_rings(speck) == []
    assert len(pack_rings(shapely.MultiPolygon([SQUARE, shapely.box(5, 5, 5.0001, 5.0001)]))) == 1


@given(
    st.floats(-180, 179), st.floats(-89, 88), st.floats(0.01, 1), st.integers(3, 30), st.just(1000)
)
def test_packing_moves_no_point_by_more_than_half_a_step(west, south, size, corners, scale):
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    shape = shapely.Polygon(np.c_[west + size * np.cos(angles), south + size * np.sin(angles)])
    (ring,) = pack_rings(shape, scale=scale)
    unpacked = shapely.MultiPoint(unpack(ring, scale))
    for point in shapely.get_parts(shapely.MultiPoint(shape.exterior.coords)):
        assert point.distance(unpacked) <= np.sqrt(0.5) / scale + 1e-9


def test_every_region_of_the_scene_unpacks_to_its_shape(peru_scene, peru_study):
    shapes = peru_study.tables.regions.geometry
    borders = peru_scene["borders"]
    lines = [unpack(line, borders["scale"]) for line in borders["lines"]]
    for region, shape in zip(peru_scene["regions"], shapes, strict=True):
        rings = [shapely.Polygon(join(ring, lines)).buffer(0) for ring in region["rings"]]
        drawn = rings[0]
        for ring in rings[1:]:
            drawn = drawn.symmetric_difference(ring)  # the even-odd rule
        assert drawn.symmetric_difference(shape).area < 0.02 * shape.area, region["id"]


def test_labels_stand_in_the_middle_of_the_largest_part():
    far_and_small = shapely.box(10, 10, 10.1, 10.1)
    lat, lon = label_point(shapely.MultiPolygon([far_and_small, SQUARE]))
    assert (lat, lon) == pytest.approx((-8.5, -75.5), abs=0.03)


def test_labels_are_inside_their_region(peru_scene, peru_study):
    shapes = peru_study.tables.regions.geometry
    for region, shape in zip(peru_scene["regions"], shapes, strict=True):
        lat, lon = region["at"]
        assert shape.contains(shapely.Point(lon, lat)), region["id"]
