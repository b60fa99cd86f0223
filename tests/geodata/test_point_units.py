"""Points brought to the units they lie in: as all shapes asked about all points. Invented."""

import numpy as np
import pandas as pd
import pytest
import shapely
from corredor.geodata import TableError, read_regions
from corredor.geodata.layers.points import find_units, replace_points
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.fixture(scope="module")
def districts(peru_study):
    from importlib import resources

    layer = resources.files("corredor.geodata.peru") / "units.zip"
    return read_regions(str(layer), layer="districts", level="district").table


def by_force(lon, lat, shapes):
    inside = np.array([shapely.intersects_xy(shape, lon, lat) for shape in shapes])
    return np.where(inside.any(axis=0), inside.argmax(axis=0), -1)


def test_points_of_peru_are_in_the_districts_that_hold_them(districts):
    rng = np.random.default_rng(5)
    west, south, east, north = districts.total_bounds
    lon, lat = rng.uniform(west, east, 3_000), rng.uniform(south, north, 3_000)
    # Corners of shapes, where two or more meet, and what is no number.
    corners = shapely.get_coordinates(districts.geometry.iloc[::40].to_numpy())[::25]
    lon, lat = np.append(lon, corners[:, 0]), np.append(lat, corners[:, 1])
    lon[:3], lat[2:5] = np.nan, np.inf
    shapes = districts.geometry.to_numpy()
    found = find_units(lon, lat, shapes)
    assert (found == by_force(lon, lat, shapes)).all()
    assert (found[:5] == -1).all()
    assert len(np.unique(found)) > 500


@given(
    points=st.lists(st.tuples(st.integers(-1, 7), st.integers(-1, 7)), max_size=40),
    boxes=st.lists(st.tuples(*[st.integers(0, 6)] * 2, *[st.integers(1, 3)] * 2), max_size=6),
)
@settings(max_examples=60)
def test_the_first_of_shapes_that_touch_or_overlap_holds_a_point(points, boxes):
    shapes = np.array([shapely.box(x, y, x + w, y + h) for x, y, w, h in boxes], dtype=object)
    at = np.array(points, dtype=float).reshape(-1, 2)
    found = find_units(at[:, 0], at[:, 1], shapes)
    expected = [
        next((i for i, (x, y, w, h) in enumerate(boxes)
              if x <= px <= x + w and y <= py <= y + h), -1)
        for px, py in points
    ]  # fmt: skip
    assert found.tolist() == expected


def test_coordinates_are_gone_and_records_outside_are_counted(districts):
    cases = pd.DataFrame(
        {"x": ["-71.97", "", "-90", "-77.03"], "y": ["-13.52", "-13", "0", "-12.05"], "n": range(4)}
    )
    found, lost = replace_points(cases, districts, lon="x", lat="y")
    assert list(found) == ["n", "ubigeo"]
    assert found["ubigeo"].tolist() == ["080101", "", "", "150101"]
    assert lost == 2
    assert list(cases) == ["x", "y", "n"]
    with pytest.raises(TableError, match="column x: These numbers are no degrees"):
        replace_points(cases.assign(x=500_000), districts, lon="x", lat="y")
