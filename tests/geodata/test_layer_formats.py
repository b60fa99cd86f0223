"""Formats and makes of layers, and rows that are no unit. All shapes are invented."""

import json
import sqlite3
import unicodedata

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from corredor.geodata import DataFileError, TableError, read_regions
from corredor.geodata.layers.shapes import dissolve
from corredor.geodata.places.gazetteer import region_codes
from hypothesis import given
from hypothesis import strategies as st

REGIONS = {code: one for code, one in region_codes().items() if len(code) == 2}
CODES = list(REGIONS)
NAMES = [one.name for one in REGIONS.values()]


def place(code: str) -> shapely.Polygon:
    """Return a small box in the middle of a region."""
    west, south, east, north = REGIONS[code].box
    return shapely.box(west, south, east, north).centroid.buffer(0.05, cap_style="square")


def table(codes=CODES, **columns) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=[place(code) for code in codes], crs=4326)


def regions() -> gpd.GeoDataFrame:
    return table(CCDD=CODES, NOMBDEP=NAMES)


def with_row(code: str, name: str, shape=None) -> gpd.GeoDataFrame:
    extra = gpd.GeoDataFrame(
        {"CCDD": [code], "NOMBDEP": [name]},
        geometry=[shape or shapely.box(-70, -16, -69.9, -15.9)],
        crs=4326,
    )
    return gpd.GeoDataFrame(pd.concat([regions(), extra], ignore_index=True), crs=4326)


def save(layer: gpd.GeoDataFrame, folder, name="r.geojson"):
    layer.to_file(folder / name)
    return folder / name


def said(reading) -> str:
    assert reading.account.render("es") != reading.account.render("en")
    return reading.account.render()


# Formats --------------------------------------------------------------------------------------


def as_lines(layer: dict) -> str:
    return "\n".join(json.dumps(feature) for feature in layer["features"])


@pytest.mark.parametrize(
    ("name", "dress"),
    [
        ("r.geojsonl", as_lines),
        ("r.geojson", as_lines),
        ("r.ndjson", lambda layer: f"{as_lines(layer)}\n\n"),
        ("r.geojsons", lambda layer: "".join(f"\x1e{json.dumps(f)}\n" for f in layer["features"])),
        ("r.json", lambda layer: json.dumps(layer["features"])),
    ],
)
def test_features_without_a_collection_are_read(tmp_path, name, dress):
    (tmp_path / name).write_text(dress(json.loads(regions().to_json())), encoding="utf-8")
    assert read_regions(tmp_path / name).table["ubigeo"].tolist() == CODES


@pytest.mark.parametrize("shapes", ["to_wkb", "to_wkt"])
def test_plain_parquet_with_shapes_in_a_column_is_read(tmp_path, shapes):
    pd.DataFrame(getattr(regions(), shapes)()).to_parquet(tmp_path / "r.parquet")
    reading = read_regions(tmp_path / "r.parquet")
    assert reading.table["ubigeo"].tolist() == CODES
    assert "names no reference system" in said(reading)


def test_rows_are_counted_from_one_whatever_the_index_says(tmp_path):
    layer = regions().set_index(pd.RangeIndex(100, 125))
    layer.loc[103, "CCDD"] = "05"
    layer.to_parquet(tmp_path / "r.parquet")
    with pytest.raises(TableError, match="row 4, column CCDD, '05'"):
        read_regions(tmp_path / "r.parquet")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("r.json", 'var peru = {"type": "FeatureCollection"};', "this is JavaScript, not JSON"),
        (
            "r.json",
            '{"error": {"message": "Invalid URL"}}',
            "of a server: Invalid URL",
        ),
        ("r.json", '{"type": "Polygon", "coordinates": []}', "shapes without a table"),
        ("r.json", f'{{"a": {"9" * 5000}}}', "thousands of digits"),
        ("r.json", '{"type": "FeatureCollection", "features": [null]}', "feature 1 is empty"),
        ("r.kml", '<?xml version="1.0"?><kml xmlns="x"/>', "a KML file: open it in QGIS"),
        ("r.gml", '<?xml version="1.0"?><a xmlns:gml="http://www.opengis.net/gml"/>', "a GML file"),
        ("r.zip", "<?xml version='1.0'?><ows:ExceptionReport/>", "error message of a map server"),
    ],
)
def test_what_is_no_layer_is_called_by_its_name(tmp_path, name, text, message):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError, match=message):
        read_regions(tmp_path / name)


def test_a_parquet_table_without_shapes_is_said_to_be_one(tmp_path):
    pd.DataFrame({"CCDD": CODES}).to_parquet(tmp_path / "r.parquet")
    with pytest.raises(DataFileError, match="Parquet table without shapes"):
        read_regions(tmp_path / "r.parquet")


def test_the_parts_of_a_shapefile_are_found_in_any_spelling(tmp_path):
    regions().to_file(tmp_path / "perú.shp")
    decomposed = unicodedata.normalize("NFD", "PERÚ")
    (tmp_path / "perú.dbf").rename(tmp_path / f"{decomposed}.DBF")
    assert len(read_regions(tmp_path / "perú.shp").table) == 25


def test_a_transfer_limit_of_the_server_is_told(tmp_path):
    layer = {**json.loads(regions().to_json()), "exceededTransferLimit": True}
    (tmp_path / "r.json").write_text(json.dumps(layer), encoding="utf-8")
    assert "The server sent only part of this layer" in said(read_regions(tmp_path / "r.json"))


# GeoPackages that would run something ---------------------------------------------------------

ENDLESS = "with recursive t(x) as (select 1 union all select x + 1 from t)"


@pytest.mark.parametrize(
    ("statements", "message"),
    [
        (
            [
                f"create view v as {ENDLESS} select r.* from r, t",
                "update gpkg_contents set table_name = 'v'",
                "update gpkg_geometry_columns set table_name = 'v'",
            ],
            "'v' is a stored query, which is not run",
        ),
        (
            [
                "alter table gpkg_contents rename to c",
                f"create view gpkg_contents as {ENDLESS} select c.* from c, t",
            ],
            "'gpkg_contents' is a stored query",
        ),
        (
            ["alter table r add z text generated always as (hex(zeroblob(400000000))) virtual"],
            "'r' is a table with computed columns",
        ),
    ],
)
def test_a_geopackage_runs_nothing(tmp_path, statements, message):
    path = save(regions(), tmp_path, "r.gpkg")
    with sqlite3.connect(path) as connection:
        triggers = "select name from sqlite_master where type = 'trigger'"
        for (name,) in connection.execute(triggers).fetchall():
            connection.execute(f'drop trigger "{name}"')
        for statement in statements:
            connection.execute(statement)
    connection.close()
    before = path.read_bytes()
    with pytest.raises(DataFileError, match=message):
        read_regions(path)
    assert path.read_bytes() == before


def test_a_view_that_is_no_layer_does_no_harm(tmp_path):
    path = save(regions(), tmp_path, "r.gpkg")
    with sqlite3.connect(path) as connection:
        connection.execute(f"create view v as {ENDLESS} select count(*) as n from t")
    connection.close()
    assert len(read_regions(path).table) == 25


# Makes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "schema"),
    [
        ({"NAM_0": "Peru", "NAM_1": NAMES, "ADM1CD_c": "PER001"}, "World Bank"),
        ({"ADM0_CODE": 195, "ADM1_CODE": range(2480, 2505), "ADM1_NAME": NAMES}, "FAO GAUL"),
        ({"osm_id": range(25), "name": NAMES, "admin_level": "4"}, "OpenStreetMap"),
        ({"adm1_name": NAMES, "adm1_pcode": [f"PE{c}" for c in CODES], "iso3": "PER"}, "OCHA"),
        ({"name": [f"{name} Region" for name in NAMES]}, None),
        ({"nombre": [f"Departamento de {name}" for name in NAMES], "id": range(25)}, None),
    ],
)
def test_makes_are_recognised(tmp_path, columns, schema):
    reading = read_regions(save(table(**columns), tmp_path))
    assert reading.table["ubigeo"].tolist() == CODES
    assert f"({schema}" in said(reading) if schema else True


def test_rows_of_other_levels_are_left_out(tmp_path):
    layer = table(name=NAMES, admin_level="4")
    finer = table(["04"], name=["Provincia de Arequipa"], admin_level="6")
    both = gpd.GeoDataFrame(pd.concat([layer, finer], ignore_index=True), crs=4326)
    reading = read_regions(save(both, tmp_path))
    assert len(reading.table) == 25
    assert "left out: 1 row(s), of other levels (admin_level)" in said(reading)
    provinces = read_regions(tmp_path / "r.geojson", level="province").table
    assert provinces["ubigeo"].tolist() == ["0401"]


def test_a_plain_name_below_a_region_is_a_province(tmp_path):
    layer = table(["04", "08"], NOMBRE=["PROVINCIA DE ISLAY", "PROVINCIA DE CANAS"],
                  REGION=["Arequipa", "Cusco"])  # fmt: skip
    read = read_regions(save(layer, tmp_path), level="province").table
    assert read["ubigeo"].tolist() == ["0407", "0805"]


def test_the_row_of_a_fault_is_that_of_the_file(tmp_path):
    layer = table(["01", "02", "03"], adm0_a3=["BOL", "PER", "PER"], name=["Beni", "Áncash", "Ica"],
                  iso_3166_2=["BO-N", "PE-ANC", "PE-APU"])  # fmt: skip
    with pytest.raises(TableError, match=r"row 3, .* code of Apurímac, but the name says 'Ica'"):
        read_regions(save(layer, tmp_path))


# Rows that are no unit, and units that are not what they seem -----------------------------------


@pytest.mark.parametrize(
    ("code", "name", "reason"),
    [
        ("99", "LAGO TITICACA", "that are water (LAGO TITICACA)"),
        (None, "Laguna de Arapa", "that are water"),
        ("00", "PERÚ", "for the whole country"),
        (None, None, "without code and name"),
    ],
)
def test_water_and_the_whole_country_are_left_out(tmp_path, code, name, reason):
    reading = read_regions(save(with_row(code, name), tmp_path))
    assert reading.table["ubigeo"].tolist() == CODES
    assert f"left out: 1 row(s), {reason}" in said(reading)


def test_a_code_of_no_region_is_a_fault(tmp_path):
    with pytest.raises(TableError, match="row 26, column CCDD, '99 ZONA EN LITIGIO': There is no"):
        read_regions(save(with_row("99", "ZONA EN LITIGIO"), tmp_path))


def test_one_shape_cannot_be_two_regions(tmp_path):
    with pytest.raises(TableError, match=r"row 26, .*same shape stands in row 4 for 04 Arequipa"):
        read_regions(save(with_row("05", "AYACUCHO", place("04")), tmp_path))


def test_a_region_told_by_its_name_alone_is_said_to_be(tmp_path):
    layer = regions()
    layer.loc[0, "CCDD"] = "9007199254740993"
    reading = read_regions(save(layer, tmp_path))
    assert reading.table["ubigeo"].tolist() == CODES
    assert "told by name: Amazonas '9007199254740993'" in said(reading)


def test_a_column_without_usable_codes_is_named(tmp_path):
    reading = read_regions(save(table(codigo=[f"X-{c}" for c in CODES], nombre=NAMES), tmp_path))
    assert "Column codigo holds no code that can be used." in said(reading)


def test_names_that_lost_their_letters_are_listed(tmp_path):
    broken = [name.encode("ascii", "replace").decode() for name in NAMES]
    reading = read_regions(save(table(CCDD=CODES, NOMBDEP=broken), tmp_path))
    assert "5 unit(s) bear another name than on INEI's list: 02 ?ncash (Áncash)" in said(reading)


def test_who_covers_callao_is_said(tmp_path):
    layer = regions()
    layer.loc[CODES.index("15"), "geometry"] = shapely.box(-77.3, -12.4, -76.3, -11.5)
    reading = read_regions(save(layer[layer["CCDD"] != "07"], tmp_path))
    assert "24 of 25 regions; missing: Callao." in said(reading)
    assert "Callao has no shape of its own; 15 Lima covers its place." in said(reading)


def test_a_layer_of_a_neighbour_is_called_by_its_country(tmp_path):
    shapes = [shapely.box(x, -17, x + 0.2, -16.8) for x in (-66, -65, -64)]
    layer = gpd.GeoDataFrame({"codigo": ["01", "02", "03"]}, geometry=shapes, crs=4326)
    with pytest.raises(DataFileError, match="Its units lie in Bolivia: it is no layer of Peru"):
        read_regions(save(layer, tmp_path))


def test_the_reference_system_is_told(tmp_path):
    path = save(regions().to_crs(32718), tmp_path, "r.gpkg")
    assert "Reference system: WGS 84 / UTM zone 18S (EPSG:32718)" in said(read_regions(path))


# Joining --------------------------------------------------------------------------------------

CORNER = st.integers(0, 5)


@given(st.lists(st.tuples(CORNER, CORNER, st.integers(1, 3), st.integers(1, 3)), min_size=2))
def test_joining_gives_the_union_whether_shapes_touch_or_overlap(boxes):
    shapes = gpd.GeoSeries([shapely.box(x, y, x + dx, y + dy) for x, y, dx, dy in boxes])
    joined = dissolve(shapes.to_numpy(), ["a"] * len(boxes))["a"]
    assert joined.is_valid
    assert joined.equals(shapely.union_all(shapes.to_numpy()))
