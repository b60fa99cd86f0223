"""Layers on their way through the front door: told from tables, and written whole."""

import geopandas as gpd
import pytest
from corredor.geodata import DataFileError
from corredor.geodata.intake.read import is_layer, read_any
from corredor.geodata.study.imported import write_table


@pytest.mark.parametrize("name", ["salida 2023.gpkg", "salida.geojson", "salida.fgb"])
def test_regions_are_written_in_every_format_under_the_name_of_the_file(tmp_path, toy_folder, name):
    reading = read_any("regions", toy_folder / "regions.geojson", {})
    write_table(reading, tmp_path / name)
    assert sorted(gpd.read_file(tmp_path / name)["ubigeo"]) == ["01", "02", "03", "04"]
    layers = gpd.list_layers(tmp_path / name)["name"].tolist()
    assert layers == [name.split(".")[0].replace(" ", "_")]


def test_a_refusal_while_writing_is_said_once(tmp_path, toy_folder):
    reading = read_any("regions", toy_folder / "regions.geojson", {})
    with pytest.raises(DataFileError, match=r"o\.csv: regions are written as \.geojson") as caught:
        write_table(reading, tmp_path / "o.csv")
    assert "cannot write here" not in str(caught.value)
    assert list(tmp_path.glob(".*")) == []


@pytest.mark.parametrize("name", ["r.parquet", "r.sqlite", "r.geojsonl", "r.dbf"])
def test_layers_are_told_from_tables(tmp_path, toy_folder, name):
    layer = gpd.read_file(toy_folder / "regions.geojson")
    writers = {
        "r.parquet": layer.to_parquet,
        "r.dbf": lambda path: layer.to_file(path.with_suffix(".shp")),
        "r.geojsonl": lambda path: layer.to_file(path, driver="GeoJSONSeq"),
        "r.sqlite": lambda path: layer.to_file(path, driver="SQLite"),
    }
    writers[name](tmp_path / name)
    assert is_layer(tmp_path / name)
    layer.drop(columns="geometry").to_parquet(tmp_path / "t.parquet")
    assert not is_layer(tmp_path / "t.parquet")
