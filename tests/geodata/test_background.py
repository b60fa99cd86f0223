"""What is drawn behind the data: the land around, rivers and lakes."""

import geopandas as gpd
import pytest
import shapely
from corredor.geodata import (
    DataFileError,
    TableError,
    embedded_study,
    read_neighbours,
    read_waters,
)
from toy import RIVER, geojson, square


@pytest.fixture
def write(tmp_path):
    def write_(text: str):
        path = tmp_path / "layer.geojson"
        path.write_text(text, encoding="utf-8")
        return path

    return write_


def test_neighbours_without_names_are_kept_without_label(toy_folder):
    land = read_neighbours(toy_folder / "neighbours.geojson")
    assert land[["iso_a2", "name_es", "name_en"]].to_numpy().tolist() == [
        ["XX", "Vecino", "Neighbour"],
        ["", "", ""],
    ]
    assert shapely.area(land.geometry.to_numpy()).tolist() == [4, 1]


def test_neighbours_need_no_column_at_all(write):
    land = read_neighbours(write(geojson(({"other": 1}, square(0, 0)))))
    assert land[["iso_a2", "name_es", "name_en"]].to_numpy().tolist() == [["", "", ""]]


def test_rivers_keep_their_lines_and_lakes_their_polygons(toy_folder):
    waters = read_waters(toy_folder / "waters.geojson")
    assert waters[["kind", "rank", "name_es"]].to_numpy().tolist() == [
        ["river", 1, "Río Manso"],
        ["lake", 3, "Lago Claro"],
    ]
    assert shapely.get_coordinates(waters.geometry[0]).tolist() == RIVER["coordinates"]
    assert waters.geometry[1].area == pytest.approx(0.0625)


def test_waters_in_other_coordinates_are_brought_to_degrees(tmp_path, toy_folder):
    plain = read_waters(toy_folder / "waters.geojson")
    gpd.GeoDataFrame(plain).to_crs("EPSG:32718").to_file(tmp_path / "waters.gpkg")
    again = read_waters(tmp_path / "waters.gpkg")
    assert shapely.get_coordinates(again.geometry.values) == pytest.approx(
        shapely.get_coordinates(plain.geometry.values)
    )


def test_all_faults_of_waters_come_at_once(write):
    rows = [
        ({"kind": "river", "rank": 1}, square(0, 0)),
        ({"kind": "lake", "rank": 9}, square(0, 0)),
        ({"kind": "sea", "rank": 1}, square(0, 0)),
    ]
    with pytest.raises(TableError, match="A river is a line, a lake a polygon") as caught:
        read_waters(write(geojson(*rows)))
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (1, "kind"),
        (3, "kind"),
        (2, "rank"),
    ]


def test_a_layer_that_is_not_there(tmp_path):
    with pytest.raises(DataFileError, match=r"waters\.geojson"):
        read_waters(tmp_path / "waters.geojson")


def test_the_embedded_waters_lie_in_and_around_peru_and_are_small():
    file = embedded_study() / "waters.geojson"
    waters = read_waters(file)
    assert file.stat().st_size < 30_000
    names = set(waters["name_es"])
    assert {"Río Amazonas", "Río Ucayali", "Río Marañón", "Lago Titicaca", "Lago Junín"} <= names
    west, south, east, north = waters.total_bounds
    assert (west > -82, south > -20, east < -67, north < 2) == (True,) * 4
    lake = waters.set_index("name_es").geometry["Lago Titicaca"]
    assert lake.contains(shapely.Point(-69.4, -15.8))
    assert not lake.contains(shapely.Point(-70.13, -15.5))  # Juliaca is on dry land
