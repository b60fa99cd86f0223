"""Shapes of layers that lie over one another, are no numbers, tangled, or no unit of Peru."""

import json
import time

import geopandas as gpd
import numpy as np
import pytest
import shapely
from corredor.geodata import (
    DataFileError,
    TableError,
    describe_study,
    read_regions,
    read_study,
    render_sections,
)


def km2(shape):
    """Return square kilometres in another equal-area projection, as pyproj has it."""
    return gpd.GeoSeries([shape], crs=4326).to_crs(6933).area.iloc[0] / 1e6


@pytest.fixture(scope="module")
def regions(peru_study):
    return peru_study.tables.regions[["ubigeo", "name", "geometry"]]


def save(table, path):
    table.to_file(path, driver="GeoJSON")
    return path


def joined(table, ubigeo, *others):
    """Let one unit cover others too, as in a layer whose parts were merged by mistake."""
    shapes = table.set_index("ubigeo").geometry
    whole = shapely.union_all([shapes[code] for code in (ubigeo, *others)])
    return table.assign(
        geometry=[whole if code == ubigeo else shape for code, shape in shapes.items()]
    )


def test_a_unit_that_contains_another_is_named_with_the_area(regions, tmp_path):
    reading = read_regions(save(joined(regions, "21", "17"), tmp_path / "a.geojson"))
    (note,) = reading.account.extra["overlaps"]
    text = note.render()
    assert "Madre de Dios and Puno" in text
    area = km2(regions.set_index("ubigeo").geometry["17"])
    assert dict(note.values)["km2"] == pytest.approx(area, rel=0.01)
    assert text in reading.account.render()
    assert "Puno" in note.render("es")


def test_a_unit_that_covers_half_of_another_is_named(regions, tmp_path):
    shapes = regions.set_index("ubigeo").geometry
    west, south, east, north = shapes["08"].bounds
    half = shapes["08"].intersection(shapely.box(west, south, (west + east) / 2, north))
    table = regions.assign(
        geometry=[shape.union(half) if code == "05" else shape for code, shape in shapes.items()]
    )
    (note,) = read_regions(save(table, tmp_path / "a.geojson")).account.extra["overlaps"]
    assert dict(note.values)["km2"] == pytest.approx(km2(half), rel=0.01)
    assert "Ayacucho and Cusco" in note.render()


def test_a_unit_inside_another_that_shares_no_edge_is_named(regions, tmp_path):
    shapes = regions.set_index("ubigeo").geometry
    inside = shapes["16"].representative_point().buffer(0.3)
    table = regions.assign(
        geometry=[inside if code == "07" else shape for code, shape in shapes.items()]
    )
    with pytest.raises(TableError, match="does not lie in its region"):
        read_regions(save(table, tmp_path / "a.geojson"))
    table = regions[regions["ubigeo"].isin(["16", "22"])].assign(
        geometry=[shapes["16"], shapes["22"].union(inside)]
    )
    (note,) = read_regions(save(table, tmp_path / "b.geojson")).account.extra["overlaps"]
    assert "Loreto and San Martín" in note.render()


def test_many_overlaps_are_added_up_and_the_largest_named(regions, tmp_path):
    reading = read_regions(save(joined(regions, "12", "02", "09", "11", "19", "05", "10"),
                                tmp_path / "a.geojson"))  # fmt: skip
    (note,) = reading.account.extra["overlaps"]
    assert dict(note.values)["n"] == 6
    assert note.render().endswith("; ....")
    assert note.render().index("Ayacucho") < note.render().index("Huancavelica")


def test_detailed_layers_are_looked_at_for_units_inside_others(regions, tmp_path, monkeypatch):
    monkeypatch.setattr("corredor.geodata.layers.shapes.MOST_POINTS", 100)
    path = save(joined(regions, "21", "17"), tmp_path / "a.geojson")
    (note,) = read_regions(path).account.extra["overlaps"]
    assert "Madre de Dios and Puno" in note.render()


def test_the_embedded_layer_has_no_overlaps(peru_study):
    assert peru_study.boundaries.extra["overlaps"] == []


def test_the_report_of_a_study_tells_overlaps(tmp_path, regions):
    save(joined(regions, "21", "17"), tmp_path / "regions.geojson")
    (tmp_path / "sources.csv").write_text("source_id,publisher,title,date,url\n")
    texts = "".join(
        f'[{name}]\nes = "x"\nen = "x"\n' for name in ("title", "subtitle", "boundaries_note")
    )
    (tmp_path / "study.toml").write_text(
        f'{texts}[tables]\nregions = {{ file = "regions.geojson" }}\n'
        'sources = { file = "sources.csv" }\n'
    )
    text = render_sections(describe_study(read_study(tmp_path)))
    assert "! 1 overlap(s) of units" in text


@pytest.mark.parametrize("level", ["one", "many"])
def test_a_vertex_that_is_no_number_is_said_to_be_one(regions, tmp_path, level):
    features = json.loads(regions.to_json())
    for feature in features["features"][: 2 if level == "many" else 1]:
        ring = feature["geometry"]["coordinates"][0]
        (ring if feature["geometry"]["type"] == "Polygon" else ring[0])[3] = [float("nan"), -9.5]
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps(features))
    with pytest.raises(DataFileError, match=r"coordinates that are no numbers: 01 Amazonas"):
        read_regions(path)


def test_one_name_that_is_not_known_does_not_refuse_all(regions, tmp_path):
    table = regions[["name", "geometry"]].copy()
    table.loc[3, "name"] = "Zona en litigio"
    path = save(table, tmp_path / "a.geojson")
    with pytest.raises(TableError, match=r"row 4.*Or leave such rows out with allow_unmatched"):
        read_regions(path)
    reading = read_regions(path, allow_unmatched=True)
    assert len(reading.table) == 24
    (part,) = reading.account.left_out
    assert (part.rows, part.examples) == (1, ("Zona en litigio",))


@pytest.mark.parametrize("code", ["99", "X7", ""])
def test_rows_without_a_code_of_peru_may_be_left_out(regions, tmp_path, code):
    table = regions.copy()
    table.loc[3, ["ubigeo", "name"]] = [code, "Zona en litigio"]
    path = save(table, tmp_path / "a.geojson")
    with pytest.raises(TableError):
        read_regions(path)
    reading = read_regions(path, allow_unmatched=True)
    assert len(reading.table) == 24
    assert reading.account.rows_in == 25
    assert sum(part.rows for part in reading.account.left_out) == 1


def test_a_layer_of_names_of_which_none_is_known_is_refused_all_the_same(regions, tmp_path):
    table = regions[["geometry"]].assign(departamento=[f"zona {n}" for n in range(25)])
    with pytest.raises((TableError, DataFileError)):
        read_regions(save(table, tmp_path / "a.geojson"), allow_unmatched=True)


def test_codes_that_contradict_names_are_refused_all_the_same(regions, tmp_path):
    table = regions.copy()
    table.loc[[3, 4], "ubigeo"] = table.loc[[4, 3], "ubigeo"].to_numpy()
    with pytest.raises(TableError):
        read_regions(save(table, tmp_path / "a.geojson"), allow_unmatched=True)


def test_a_tangle_is_refused_before_it_fills_the_memory(tmp_path):
    corners = np.random.default_rng(1).uniform((-71, -15), (-70, -14), (2_000, 2))
    tangle = shapely.Polygon(corners)
    table = gpd.GeoDataFrame({"ubigeo": ["21"], "name": ["Puno"]}, geometry=[tangle], crs=4326)
    start = time.process_time()
    with pytest.raises(DataFileError, match="outline of 21 Puno crosses itself in very many"):
        read_regions(save(table, tmp_path / "a.geojson"))
    assert time.process_time() - start < 3


def test_an_outline_that_crosses_itself_here_and_there_is_mended(tmp_path):
    turn = np.linspace(0, 2 * np.pi, 3_000, endpoint=False)
    wave = 0.4 + 0.01 * np.sin(300 * turn)
    corners = np.column_stack([-70.5 + wave * np.cos(turn), -14.5 + wave * np.sin(turn)])
    corners[[100, 104]] = corners[[104, 100]]
    corners[[900, 903]] = corners[[903, 900]]
    table = gpd.GeoDataFrame(
        {"ubigeo": ["21"], "name": ["Puno"]}, geometry=[shapely.Polygon(corners)], crs=4326
    )
    assert (
        "that crossed themselves"
        in read_regions(save(table, tmp_path / "a.geojson")).account.render()
    )
