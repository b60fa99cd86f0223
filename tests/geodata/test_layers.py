"""Opening layers: encodings, reference systems, and files that are not what they seem to be.

All shapes are invented squares in the middle of real regions.
"""

import importlib.util
import io
import json
import socket
import struct
import zipfile

import geopandas as gpd
import pytest
import shapely
from corredor.geodata import DataFileError, MissingExtraError, TableError, read_regions
from corredor.geodata.layers.open import open_layer
from corredor.geodata.places.gazetteer import region_codes

CODES = ("02", "10", "12", "22", "15")


@pytest.fixture
def regions() -> gpd.GeoDataFrame:
    """Five regions with accents in their names."""
    known = region_codes()
    boxes = [known[code].box for code in CODES]
    middles = [((west + east) / 2, (south + north) / 2) for west, south, east, north in boxes]
    return gpd.GeoDataFrame(
        {"CCDD": list(CODES), "NOMBDEP": [known[code].name for code in CODES]},
        geometry=[shapely.box(x, y, x + 0.1, y + 0.1) for x, y in middles],
        crs=4326,
    )


@pytest.fixture
def shapefile(regions, tmp_path):
    """Write the regions as a Shapefile, whose text is put in one encoding or another."""

    def write(encoding: str = "utf-8", *, cpg: str | None = None, names: list[str] | None = None):
        layer = regions.assign(NOMBDEP=names) if names else regions
        layer.assign(NOMBDEP=[f"NAME{at:026}" for at in range(5)]).to_file(tmp_path / "r.shp")
        table = (tmp_path / "r.dbf").read_bytes()
        for at, name in enumerate(layer["NOMBDEP"]):
            table = table.replace(f"NAME{at:026}".encode(), name.encode(encoding).ljust(30))
        (tmp_path / "r.dbf").write_bytes(table)
        (tmp_path / "r.cpg").unlink()
        if cpg:
            (tmp_path / "r.cpg").write_text(cpg)
        return tmp_path / "r.shp"

    return write


NAMES = ["Áncash", "Huánuco", "Junín", "Lima", "San Martín"]


@pytest.mark.parametrize("cpg", [None, "UTF-8", "ISO-8859-1", "nonsense"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "cp850", "mac_roman"])
def test_letters_are_read_whatever_their_bytes(shapefile, encoding, cpg):
    path = shapefile(encoding, cpg=cpg)
    raw = open_layer(path).table["NOMBDEP"].tolist()
    assert set(raw) == set(NAMES)
    assert read_regions(path).table["name"].tolist() == NAMES


@pytest.mark.parametrize("encoding", ["cp1252", "cp850"])
def test_capitals_tell_the_code_page_too(shapefile, encoding):
    names = ["ÁNCASH", "HUÁNUCO", "JUNÍN", "SAN MARTÍN", "LIMA"]
    assert open_layer(shapefile(encoding, names=names)).table["NOMBDEP"].tolist() == names


def test_an_encoding_can_be_said_and_must_fit(shapefile):
    path = shapefile("cp1252")
    assert "Huánuco" in open_layer(path, encoding="cp1252").table["NOMBDEP"].tolist()
    with pytest.raises(DataFileError, match="the text is not in utf-8"):
        read_regions(path, encoding="utf-8")
    with pytest.raises(DataFileError, match="there is no encoding 'latin-99'"):
        read_regions(path, encoding="latin-99")


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        (lambda name: name.encode().decode("latin-1"), "converted twice"),
        (lambda name: name.replace("ú", "u\u0301").replace("í", "i\u0301"), "NFD"),
        (lambda name: name.replace(" ", "\u00a0"), "unusual blanks"),
        (lambda name: f"\u200b{name}", "invisible characters"),
        (lambda name: f"{name}\u0091", "control characters"),
    ],
)
def test_damaged_text_is_mended_and_said(regions, tmp_path, damage, what):
    path = tmp_path / "r.geojson"
    regions.assign(NOMBDEP=[damage(name) for name in regions["NOMBDEP"]]).to_file(path)
    reading = read_regions(path)
    assert reading.table["name"].tolist() == NAMES
    assert what in reading.account.render()


def test_what_is_left_of_a_double_conversion_stays_spanish(tmp_path):
    path = tmp_path / "p.geojson"
    shape = shapely.box(-76.2, -12.8, -76, -12.6)
    names = ["CA\u00d1\u0091ETE"]
    gpd.GeoDataFrame({"IDPROV": ["1505"], "NOMBPROV": names}, geometry=[shape], crs=4326).to_file(
        path
    )
    assert read_regions(path, level="province").table["name"].tolist() == ["Cañete"]


def test_json_in_latin_1_is_read(regions, tmp_path):
    path = tmp_path / "r.geojson"
    path.write_bytes(json.dumps(json.loads(regions.to_json()), ensure_ascii=False).encode("cp1252"))
    assert "San Martín" in read_regions(path).table["name"].tolist()


# Reference systems ----------------------------------------------------------------------------


def without_prj(layer: gpd.GeoDataFrame, tmp_path):
    layer.to_file(tmp_path / "r.shp")
    (tmp_path / "r.prj").unlink()
    return tmp_path / "r.shp"


@pytest.mark.parametrize("epsg", [32717, 32718, 32719, 3857])
def test_other_systems_are_brought_to_degrees(regions, tmp_path, epsg):
    regions.to_crs(epsg).to_file(tmp_path / "r.gpkg")
    table = read_regions(tmp_path / "r.gpkg").table
    assert table.total_bounds == pytest.approx(regions.total_bounds, abs=1e-4)


def test_degrees_without_prj_are_taken_for_wgs84_and_said(regions, tmp_path):
    reading = read_regions(without_prj(regions, tmp_path))
    assert reading.table.crs == "EPSG:4326"
    assert "names no reference system; its degrees fit Peru" in reading.account.render()


@pytest.mark.parametrize("epsg", [32717, 32718, 32719])
def test_metres_without_prj_are_a_question(regions, tmp_path, epsg):
    path = without_prj(regions.to_crs(epsg), tmp_path)
    with pytest.raises(DataFileError, match=rf"Add the \.prj .* pass crs='EPSG:{epsg}'"):
        read_regions(path)
    table = read_regions(path, crs=f"EPSG:{epsg}").table
    assert table.total_bounds == pytest.approx(regions.total_bounds, abs=1e-4)


@pytest.mark.parametrize(("real", "said"), [(32718, 4326), (4326, 32718), (32719, 32718)])
def test_a_wrong_prj_is_refused_with_the_one_that_fits(regions, tmp_path, real, said):
    regions.to_crs(real).set_crs(said, allow_override=True).to_file(tmp_path / "r.gpkg")
    with pytest.raises(DataFileError, match=rf"the layer says .* pass crs='EPSG:{real}'"):
        read_regions(tmp_path / "r.gpkg")


def test_one_region_in_the_wrong_zone_is_noticed(tmp_path):
    """Madre de Dios taken six degrees west would still lie in Peru."""
    layer = gpd.GeoDataFrame(
        {"CCDD": ["17"], "NOMBDEP": ["MADRE DE DIOS"]},
        geometry=[shapely.box(-71, -12, -70, -11)],
        crs=4326,
    )
    layer.to_crs(32719).set_crs(32718, allow_override=True).to_file(tmp_path / "r.gpkg")
    with pytest.raises(DataFileError, match="pass crs='EPSG:32719'"):
        read_regions(tmp_path / "r.gpkg")


def test_swapped_axes_are_exchanged_and_said(regions, tmp_path):
    turned = [shapely.transform(shape, lambda at: at[:, ::-1]) for shape in regions.geometry]
    regions.set_geometry(turned, crs=4326).to_file(tmp_path / "r.geojson")
    reading = read_regions(tmp_path / "r.geojson")
    assert reading.table.total_bounds == pytest.approx(regions.total_bounds)
    assert "wrong order in all 5 units" in reading.account.render()


def test_a_layer_of_elsewhere_is_refused(regions, tmp_path):
    moved = regions.set_geometry(regions.translate(60, 50))
    moved.to_file(tmp_path / "r.geojson")
    with pytest.raises(DataFileError, match="Its units lie far from Peru"):
        read_regions(tmp_path / "r.geojson")
    with pytest.raises(DataFileError, match="there is no reference system 'EPSG:1'"):
        read_regions(tmp_path / "r.geojson", crs="EPSG:1")


def test_one_unit_out_of_its_region_is_named(regions, tmp_path):
    known = region_codes()
    rows = [code for code in known if len(code) == 2]
    shapes = [shapely.box(*known[code].box).centroid.buffer(0.05) for code in rows]
    shapes[20] = shapely.transform(shapes[0], lambda at: at + 0.01)
    layer = gpd.GeoDataFrame(
        {"CCDD": rows, "NOMBDEP": [known[code].name for code in rows]}, geometry=shapes, crs=4326
    )
    layer.to_file(tmp_path / "r.geojson")
    with pytest.raises(TableError, match=r"row 21, .*21 Puno.*does not lie in its region"):
        read_regions(tmp_path / "r.geojson")


# What a file really is ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("suffix", "message"),
    [(".dbf", r"the \.dbf file that belongs to this Shapefile is missing"),
     (".shx", r"the \.shx file that belongs to this Shapefile is missing")],
)  # fmt: skip
def test_a_missing_part_of_a_shapefile_is_named(shapefile, suffix, message):
    path = shapefile()
    path.with_suffix(suffix).unlink()
    with pytest.raises(DataFileError, match=message):
        read_regions(path)


@pytest.mark.parametrize("suffix", [".shp", ".shx", ".dbf"])
@pytest.mark.parametrize("kept", [0.6, 0.1])
def test_a_cut_shapefile_is_said_to_be_cut(shapefile, suffix, kept):
    path = shapefile()
    part = path.with_suffix(suffix)
    part.write_bytes(part.read_bytes()[: int(part.stat().st_size * kept)])
    with pytest.raises(DataFileError, match="cut off"):
        read_regions(path)


def test_parts_of_two_shapefiles_are_refused(shapefile, regions, tmp_path):
    path = shapefile()
    regions.head(3).to_file(tmp_path / "other.shp")
    (tmp_path / "r.dbf").write_bytes((tmp_path / "other.dbf").read_bytes())
    with pytest.raises(DataFileError, match="have 5 and 3 rows; they do not belong together"):
        read_regions(path)


def test_a_table_without_shapes_is_refused_and_one_with_them_read(shapefile):
    path = shapefile()
    assert len(read_regions(path.with_suffix(".dbf")).table) == 5
    path.unlink()
    with pytest.raises(DataFileError, match="only the attribute table of a Shapefile"):
        read_regions(path.with_suffix(".dbf"))


WRONG = [
    ("r.zip", b"<!DOCTYPE html><html>404", "this is a web page"),
    ("r.shp", b"version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer"),
    ("r.zip", b"PK\x03\x04 and then nothing", "damaged or half-downloaded archive"),
    ("r.geojson", b'{"type": "FeatureCollection", "features": [', "not valid JSON from line 1"),
    ("r.geojson", b'{"a":' * 100_000, "nested too deeply"),
    ("r.geojson", b"[1, 2]", "JSON, but no map layer"),
    ("r.json", b'{"type": "gdal_streamed_alg", "command_line": "gdal"}', "JSON, but no map layer"),
    ("r.geojson", b'{"type": "FeatureCollection", "features": []}', "the layer is empty"),
    ("r.gpkg", b"SQLite format 3\0" + bytes(200), "GeoPackage is damaged"),
    ("r.fgb", b"fgb\x03fgb\x00" + bytes(200), "damaged or incomplete"),
    ("r.vrt", b"<OGRVRTDataSource><OGRVRTLayer/></OGRVRTDataSource>", "points to other files"),
    ("r.csv", b"ubigeo,name\n01,Amazonas\n", "layers are read from"),
    ("r.shp", struct.pack(">i", 9994) + bytes(50), r"the \.shx file"),
    ("r.txt", b"hello", "layers are read from"),
    ("r.geojson", b"hello", "not valid JSON"),
]


@pytest.mark.parametrize(("name", "data", "message"), WRONG)
def test_what_is_no_layer_gets_one_sentence(tmp_path, name, data, message):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DataFileError, match=message):
        read_regions(tmp_path / name)


@pytest.mark.parametrize("path", ["/vsicurl/http://127.0.0.1/r.shp", "http://127.0.0.1/r.geojson"])
def test_addresses_are_not_opened(monkeypatch, path):
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("connected"))
    with pytest.raises(DataFileError):
        read_regions(path)


@pytest.mark.parametrize("kind", ["link", "name"])
def test_an_address_inside_a_file_is_not_followed(regions, tmp_path, kind):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/crs"
        content = json.loads(regions.to_json())
        content["crs"] = {"type": kind, "properties": {"href": address, "name": address}}
        (tmp_path / "r.geojson").write_text(json.dumps(content))
        assert len(read_regions(tmp_path / "r.geojson").table) == 5
        with pytest.raises(TimeoutError):
            server.accept()


def pack(tmp_path, **members: bytes):
    with zipfile.ZipFile(tmp_path / "r.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return tmp_path / "r.zip"


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"readme.txt": b"x"}, "it holds no map layer"),
        ({"r.dbf": b"x"}, "parts of a Shapefile, but no .shp file"),
        ({"inner.zip": b"x"}, "it holds another archive"),
        ({"r.geojson": b" " * 60_000_000}, "it would unpack to 60 MB"),
        ({"../evil.geojson": b"{}"}, "but no map layer"),
    ],
)
def test_archives_without_a_layer_get_one_sentence(tmp_path, members, message):
    path = pack(tmp_path, **members)
    with pytest.raises(DataFileError, match=message):
        read_regions(path)
    assert [file.name for file in tmp_path.iterdir()] == ["r.zip"]


def test_a_damaged_member_is_noticed(regions, tmp_path):
    path = pack(tmp_path, **{"a/r.geojson": regions.to_json().encode()})
    data = bytearray(path.read_bytes())
    data[60:90] = bytes(30)
    path.write_bytes(data)
    with pytest.raises(DataFileError, match="damaged or half-downloaded archive"):
        read_regions(path)


def test_the_layer_of_the_right_level_is_chosen_among_several(regions, tmp_path):
    path = tmp_path / "r.gpkg"
    regions.to_file(path, layer="departamentos")
    provinces = regions.head(1).assign(IDPROV="0201", NOMBPROV="HUARAZ")
    provinces.to_file(path, layer="provincias")
    regions.set_geometry(regions.representative_point()).to_file(path, layer="capitales")
    reading = read_regions(path)
    assert len(reading.table) == 5
    assert "Layer 'departamentos' of" in reading.account.render()
    assert read_regions(path, level="province").table["ubigeo"].tolist() == ["0201"]
    regions.to_file(path, layer="otra")
    with pytest.raises(DataFileError, match=r"several layers \(departamentos, .*Say which with"):
        read_regions(path)
    assert len(read_regions(path, layer="otra").table) == 5
    with pytest.raises(DataFileError, match=r"no layer 'otro' .* Did you mean 'otra'"):
        read_regions(path, layer="otro")


def test_geoparquet_needs_its_extra(tmp_path):
    (tmp_path / "r.parquet").write_bytes(b"PAR1" + bytes(100) + b"PAR1")
    missing = importlib.util.find_spec("pyarrow") is None
    with pytest.raises(MissingExtraError if missing else DataFileError):
        read_regions(tmp_path / "r.parquet")


def test_geoparquet_is_read(regions, tmp_path):
    pytest.importorskip("pyarrow", reason="the extra 'parquet' is not installed")
    buffer = io.BytesIO()
    regions.to_parquet(buffer)
    (tmp_path / "r.parquet").write_bytes(buffer.getvalue())
    assert len(read_regions(tmp_path / "r.parquet").table) == 5
