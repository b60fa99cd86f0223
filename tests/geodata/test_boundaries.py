"""Regions, provinces and districts from layers of many makes; shapes are invented squares."""

import json
import math
import os
import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from corredor.geodata import DataFileError, TableError, read_regions
from corredor.geodata.layers.shapes import area_km2
from corredor.geodata.places.gazetteer import inei_by_reniec, region_codes
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from toy import geojson, square

SHARED = Path(os.environ.get("CORREDOR_SHARED", Path(__file__).parents[3] / "shared"))
REAL = SHARED / "data" / "boundaries"
REGIONS = {code: one for code, one in region_codes().items() if len(code) == 2}


def patch(code: str) -> dict[str, object]:
    """Return a small square in the middle of a region's box."""
    west, south, east, north = region_codes()[code].box
    return square(round((west + east) / 2, 2), round((south + north) / 2, 2), 0.1)


def layer(rows: list[dict[str, object]], codes: list[str]) -> str:
    return geojson(*((row, patch(code)) for row, code in zip(rows, codes, strict=True)))


@pytest.fixture
def write(tmp_path):
    def write_(text: str, name: str = "regions.geojson") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write_


def every(**columns) -> str:
    """Return a layer of the 25 regions; each column is made from a row of the crosswalk."""
    rows = [{key: make(one) for key, make in columns.items()} for one in REGIONS.values()]
    return layer(rows, list(REGIONS))


def said(reading) -> str:
    return reading.account.render()


# The table ------------------------------------------------------------------------------------


def test_regions_come_in_order_of_their_code(toy_folder):
    regions = read_regions(toy_folder / "regions.geojson").table
    assert list(regions.columns) == ["ubigeo", "name", "level", "area_km2", "geometry"]
    assert regions["ubigeo"].tolist() == ["01", "02", "03", "04"]
    assert regions["name"].tolist() == ["Ámbar", "Brisa", "Cobre", "Duna"]
    assert set(regions["level"]) == {"region"}
    assert regions.crs == "EPSG:4326"
    assert regions.geometry.iloc[0].bounds == (-76, -9, -75, -8)


def test_areas_are_those_of_the_sphere_to_one_percent(toy_folder):
    regions = read_regions(toy_folder / "regions.geojson").table
    for area, shape in zip(regions["area_km2"], regions.geometry, strict=True):
        _, south, _, north = (math.radians(degrees) for degrees in shape.bounds)
        on_sphere = 6371.0**2 * math.radians(1) * (math.sin(north) - math.sin(south))
        assert area == pytest.approx(on_sphere, rel=0.01)


@given(st.floats(-80, 78), st.floats(-179, 178), st.floats(0.001, 1))
def test_areas_are_those_of_proj(south, west, size):
    shapes = np.array([shapely.box(west, south, west + size, south + size), shapely.Polygon()])
    known = gpd.GeoSeries(shapes, crs="EPSG:4326").to_crs("+proj=cea +ellps=WGS84").area / 1e6
    assert area_km2(shapes) == pytest.approx(known.to_numpy(), rel=1e-6)


def test_unknown_names_are_said_to_be_taken_as_they_are(toy_folder):
    assert "No name is one of Peru's" in said(read_regions(toy_folder / "regions.geojson"))


@pytest.mark.parametrize("name", ["r.shp", "r.zip", "r.gpkg", "r.fgb", "r.topojson"])
def test_every_kind_of_layer_gives_the_same_regions(toy_folder, tmp_path, name):
    folder = tmp_path / "layer"
    (folder / "nested").mkdir(parents=True)
    source = gpd.read_file(toy_folder / "regions.geojson")
    if name == "r.topojson":
        (folder / name).write_text(json.dumps(topology(source)), encoding="utf-8")
    elif name == "r.zip":
        source.to_file(folder / "nested" / "r.shp")
        shutil.make_archive(str(tmp_path / "packed"), "zip", folder)
        (tmp_path / "packed.zip").rename(folder / name)
    else:
        source.to_file(folder / name)
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    from_json = read_regions(toy_folder / "regions.geojson").table
    regions = read_regions(folder / name).table
    assert_frame_equal(regions.drop(columns="geometry"), from_json.drop(columns="geometry"))
    assert shapely.equals(regions.geometry.to_numpy(), from_json.geometry.to_numpy()).all()
    assert before == {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def topology(source: gpd.GeoDataFrame) -> dict[str, object]:
    """Return a TopoJSON in which every ring is an arc, in steps of a hundredth of a degree."""
    arcs, units = [], []
    for row in source.itertuples():
        steps = np.rint(np.array(row.geometry.exterior.coords) * 100).astype(int)
        arcs.append([steps[0].tolist(), *np.diff(steps, axis=0).tolist()])
        properties = {"ubigeo": row.ubigeo, "name": row.name}
        units.append({"type": "Polygon", "arcs": [[len(arcs) - 1]], "properties": properties})
    return {
        "type": "Topology",
        "transform": {"scale": [0.01, 0.01], "translate": [0, 0]},
        "arcs": arcs,
        "objects": {"regions": {"type": "GeometryCollection", "geometries": units}},
    }


# Makes and codes ------------------------------------------------------------------------------

MAKES = {
    "INEI 2017": {"CCDD": lambda r: r.inei, "NOMBDEP": lambda r: r.name.upper()},
    "number": {"CCDD": lambda r: int(r.inei), "NOMBDEP": lambda r: r.name},
    "float": {"IDDPTO": lambda r: float(r.inei), "NOMBDEP": lambda r: r.name},
    "padded": {"UBIGEO": lambda r: f"{r.inei}0000", "NOMBDEP": lambda r: r.name},
    "OCHA": {"ADM1_PCODE": lambda r: f"PE{r.inei}", "ADM1_ES": lambda r: r.name},
    "GADM": {"GID_1": lambda r: r.gadm, "NAME_1": lambda r: r.name.replace(" ", "")},
    "geoBoundaries": {
        "shapeName": lambda r: r.name,
        "shapeISO": lambda r: r.iso,
        "shapeGroup": lambda _: "PER",
    },
    "Natural Earth": {"iso_3166_2": lambda r: r.iso, "woe_name": lambda _: "Callao"},
    "names": {"departamento": lambda r: r.name.upper()},
    "RENIEC": {"ubigeo": lambda r: r.reniec, "nombre": lambda r: r.name},
    "cut by dBase": {"COD_DEPART": lambda r: f"{r.inei}0000", "DEPARTAMEN": lambda r: r.name},
}


@pytest.mark.parametrize("make", MAKES)
def test_every_make_gives_the_25_official_regions(write, make):
    reading = read_regions(write(every(**MAKES[make])))
    assert reading.table["ubigeo"].tolist() == list(REGIONS)
    assert reading.table["name"].tolist() == [one.name for one in REGIONS.values()]
    assert (reading.account.rows_in, reading.account.rows_out) == (25, 25)
    for code, shape in zip(REGIONS, reading.table.geometry, strict=True):
        assert shape.centroid.within(shapely.box(*REGIONS[code].box))


def test_codes_without_names_are_judged_by_their_place(write):
    inei = read_regions(write(every(ubigeo=lambda r: r.inei)))
    reniec = read_regions(write(every(ubigeo=lambda r: r.reniec)))
    assert "RENIEC codes in column ubigeo, told by where" in said(reniec)
    assert_frame_equal(inei.table, reniec.table)


def test_another_make_is_read_by_naming_its_columns(write):
    path = write(every(k=lambda r: r.inei, v=lambda r: r.name))
    with pytest.raises(DataFileError, match=r"no column .* recognised\. Say which with --columns"):
        read_regions(path)
    assert len(read_regions(path, columns={"ubigeo": "k", "name": "v"}).table) == 25
    with pytest.raises(DataFileError, match=r"there is no column 'kk'\. Did you mean 'k'"):
        read_regions(path, columns={"ubigeo": "kk"})


def test_a_code_that_contradicts_its_name_is_refused(write):
    rows = [{"CCDD": one.inei, "NOMBDEP": one.name} for one in REGIONS.values()]
    rows[6]["NOMBDEP"] = "CUSCO"
    with pytest.raises(TableError) as caught:
        read_regions(write(layer(rows, list(REGIONS))))
    (fault,) = caught.value.faults
    assert (fault.row, fault.column, fault.value) == (7, "CCDD", "07")
    assert "this is Callao, but the name says 'CUSCO'" in fault.render()


def test_asking_for_the_wrong_system_is_refused(write):
    path = write(every(**MAKES["RENIEC"]))
    with pytest.raises(
        TableError, match="In INEI's list this is Callao, but the name says 'Cusco'"
    ):
        read_regions(path, codes="inei")


def test_districts_in_reniec_codes_become_inei_codes(write):
    rows = [{"ubigeo": "070101", "distrito": "CUSCO"}, {"ubigeo": "240101", "distrito": "CALLAO"}]
    table = read_regions(write(layer(rows, ["08", "07"])), level="district").table
    assert table["ubigeo"].tolist() == ["070101", "080101"]
    assert table["name"].tolist() == ["Callao", "Cusco"]
    assert inei_by_reniec()["240101"] == "070101"


@pytest.mark.parametrize("lima", ["merge", "keep"])
def test_lima_is_merged_or_kept_apart(write, lima):
    rows = [{"NAME_1": one.name, "CC_1": one.inei, "GID_0": "PER"} for one in REGIONS.values()]
    rows.append({"NAME_1": "LimaProvince", "CC_1": "15", "GID_0": "PER"})
    path = write(layer(rows, [*REGIONS, "1501"]))
    reading = read_regions(path, lima=lima)
    found = dict(zip(reading.table["ubigeo"], reading.table["name"], strict=True))
    if lima == "merge":
        assert (len(found), found["15"], reading.account.merged) == (25, "Lima", 1)
        assert "15 Lima + LimaProvince" in said(reading)
    else:
        assert len(found) == 26
        assert (found["1501"], found["1599"]) == ("Lima Metropolitana", "Lima Provincias")


def test_missing_regions_are_named(write):
    rows = [{"CCDD": one.inei, "NOMBDEP": one.name} for one in REGIONS.values() if one.inei != "17"]
    reading = read_regions(write(layer(rows, [code for code in REGIONS if code != "17"])))
    assert "24 of 25 regions; missing: Madre de Dios." in said(reading)


def test_other_countries_are_left_out(write):
    rows = [{"iso_a2": "PE", "name": "Puno"}, {"iso_a2": "BO", "name": "La Paz"}]
    reading = read_regions(write(layer(rows, ["21", "21"])))
    assert reading.table["name"].tolist() == ["Puno"]
    assert [part.rows for part in reading.account.left_out] == [1]


def test_finer_units_are_joined_by_code(write):
    text = geojson(
        ({"UBIGEO": "080101", "NOMBDIST": "CUSCO"}, square(-72, -13.5, 0.5)),
        ({"UBIGEO": "080102", "NOMBDIST": "CCORCA"}, square(-71.5, -13.5, 0.5)),
        ({"UBIGEO": "080901", "NOMBDIST": "SANTA ANA"}, square(-72, -13, 0.5)),
    )
    reading = read_regions(write(text), level="province")
    assert reading.table["ubigeo"].tolist() == ["0801", "0809"]
    assert reading.table["name"].tolist() == ["Cusco", "La Convención"]
    assert reading.table.geometry.iloc[0].bounds == (-72, -13.5, -71, -13)
    assert reading.account.merged == 1
    region = read_regions(write(text))
    assert "08 Cusco (2/13)" in said(region)
    with pytest.raises(DataFileError, match="this layer holds regions, not districts"):
        read_regions(write(every(**MAKES["OCHA"])), level="district")


def test_rows_of_one_unit_are_joined_and_said(write):
    text = geojson(
        ({"FIRST_IDPR": "2001", "NOMBPROV": "PUIRA"}, square(-80.5, -5, 0.5)),
        ({"FIRST_IDPR": "2001", "NOMBPROV": "PIURA"}, square(-80, -5, 0.5)),
    )
    reading = read_regions(write(text), level="province")
    assert reading.table[["ubigeo", "name"]].to_numpy().tolist() == [["2001", "Piura"]]
    assert "1 unit(s) in several rows, joined by code: 2001 PUIRA + PIURA" in said(reading)


# Shapes ---------------------------------------------------------------------------------------

BOW_TIE = {
    "type": "Polygon",
    "coordinates": [[[-70, -15], [-69.5, -14.5], [-69.5, -15], [-70, -14.5], [-70, -15]]],
}


def test_crossed_geometry_is_repaired_and_said(write):
    reading = read_regions(write(geojson(({"CCDD": "21", "NOMBDEP": "PUNO"}, BOW_TIE))))
    (shape,) = reading.table.geometry
    assert shape.is_valid
    assert shape.area == pytest.approx(0.125)
    assert "1 geometry(ies) that crossed themselves: 21 PUNO" in said(reading)


def test_units_without_geometry_are_left_out_by_name(write):
    rows = (({"CCDD": "21", "NOMBDEP": "PUNO"}, patch("21")),
            ({"CCDD": "08", "NOMBDEP": "CUSCO"}, None))  # fmt: skip
    reading = read_regions(write(geojson(*rows)))
    assert reading.table["ubigeo"].tolist() == ["21"]
    (part,) = reading.account.left_out
    assert (part.rows, part.examples) == (1, ("08 CUSCO",))


def test_lakes_are_counted_with_their_area(write):
    ring = shapely.box(-71, -15, -70, -14).difference(shapely.box(-70.6, -14.6, -70.4, -14.4))
    text = geojson(({"CCDD": "21", "NOMBDEP": "PUNO"}, json.loads(shapely.to_geojson(ring))))
    assert "1 lake(s) or other hole(s) of 1 km2 or more, 477 km2" in said(read_regions(write(text)))


def test_overlaps_are_counted_with_their_area(write):
    text = geojson(({"CCDD": "21", "NOMBDEP": "PUNO"}, square(-71, -15)),
                   ({"CCDD": "08", "NOMBDEP": "CUSCO"}, square(-71.5, -14.5)))  # fmt: skip
    assert "1 overlap(s) of units, 2," in said(read_regions(write(text)))


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ({"type": "Point", "coordinates": [-70, -15]}, "holds Point geometries; boundaries are"),
        ({"type": "LineString", "coordinates": [[-70, -15], [-71, -15]]}, "LineString geometries"),
        (None, "no unit has a geometry that can be drawn"),
        (
            {"type": "Polygon", "coordinates": [[[-70, "x"], [-71, -15], [-70, -14]]]},
            "feature 1 is",
        ),
    ],
)
def test_what_has_no_area_is_refused(write, shape, message):
    with pytest.raises(DataFileError, match=message):
        read_regions(write(geojson(({"CCDD": "21", "NOMBDEP": "PUNO"}, shape))))


@pytest.mark.parametrize(
    ("cells", "wrong"), [(("x", "01", "y"), ["x", "y"]), (("01", "0102"), ["01"])]
)
def test_codes_that_are_none_are_all_named(write, cells, wrong):
    rows = [{"ubigeo": cell, "name": f"N{at}"} for at, cell in enumerate(cells)]
    with pytest.raises(TableError) as caught:
        read_regions(write(layer(rows, ["01"] * len(rows))))
    assert [fault.value for fault in caught.value.faults] == wrong


def test_an_unknown_name_gets_the_nearest(write):
    with pytest.raises(TableError, match=r"row 2, column region, 'Huanucu': .*mean 'Huánuco'"):
        read_regions(
            write(layer([{"region": "Puno"}, {"region": "Huanucu"}, {"region": "Ica"},
                         {"region": "Lima"}], ["21", "10", "11", "15"]))
        )  # fmt: skip


# Real files -----------------------------------------------------------------------------------

COUNTS = [
    ("embed_candidates/B_ne_pd_25_callao_redrawn.geojson", 25, 25, None, None),
    ("fixtures_schema/gadm36_like_shp/gadm36_PER_1.shp", 25, 26, None, None),
    ("fixtures_schema/gadm41_like_PER_1.json", 25, 26, None, None),
    ("fixtures_schema/geoBoundaries_like-PER-ADM1_simplified.geojson", 25, 26, None, None),
    ("fixtures_schema/ocha_cod_like_shp/per_admbnda_adm1_ign_20200714.shp", 25, 25, None, None),
    ("fixtures_schema/inei_latin1_utm18s_shp/PROVINCIAS.shp", 25, 26, 196, None),
    ("inei2007_minam/peru_departamental_simple.geojson", 25, 25, None, None),
    ("inei2007_minam/peru_provincial_simple.geojson", 25, 26, 195, None),
    ("inei2007_minam/peru_distrital_simple.geojson", 25, 26, 195, 1826),
    ("inei2017_ccdd/LIM_DEPARTAMENTAL_PERU_MIN.json", 25, 25, None, None),
    ("inei2017_ccdd/LIM_PROVINCIAL_PERU_MIN.json", 25, 26, 196, None),
    ("innovar/innovar_Peru_districts.gpkg", 25, 26, 196, 1874),
    ("lima_callao/lima_callao_distritos_simple.geojson", 2, 2, 2, 50),
    ("mapsperu/mapsPERU_map_DEP.gpkg", 25, 25, None, None),
    ("mapsperu/mapsPERU_map_REG.gpkg", 25, 26, None, None),
    ("mapsperu/mapsPERU_map_PROV.gpkg", 25, 26, 196, None),
    ("mapsperu/mapsPERU_map_DIST.gpkg", None, None, None, 1891),
    ("naturalearth/qgis_world_map_states_provinces_PER.gpkg", 25, 26, None, None),
    ("ocha_cod/mdd_districts.shp", 1, 1, 3, 11),
]
NAMES = {"0803": "Anta", "1505": "Cañete", "1402": "Ferreñafe"}


@pytest.mark.shared
@pytest.mark.parametrize(("file", "regions", "kept", "provinces", "districts"), COUNTS)
def test_real_layers_hold_the_right_number_of_units(file, regions, kept, provinces, districts):
    path = REAL / file
    if not path.is_file():
        pytest.skip(f"{REAL.name}/{file} is not beside the checkout")
    wanted = {"region": regions, "province": provinces, "district": districts}
    for level, count in wanted.items():
        if count is None:
            continue
        reading = read_regions(path, level=level)
        table, account = reading
        assert len(table) == count
        assert table.geometry.is_valid.all()
        left = sum(part.rows for part in account.left_out)
        assert account.rows_in == account.rows_out + account.merged + left
        if level == "province" and count > 190:
            names = table.set_index("ubigeo")["name"]
            assert {code: names[code] for code in NAMES} == NAMES
    if regions == 25:
        assert len(read_regions(path, lima="keep").table) == kept


@pytest.mark.shared
def test_eight_districts_without_geometry_are_named():
    path = REAL / "inei2007_minam" / "peru_distrital_simple.geojson"
    if not path.is_file():
        pytest.skip("the boundary files are not beside the checkout")
    (part,) = read_regions(path, level="district").account.left_out
    assert part.rows == 8
    assert "210103 AMANTANI" in part.examples
