"""Provinces and districts of the embedded study, and the layer that can stand for its regions."""

import csv
import json
import os
import re
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from corredor.geodata import copy_embedded, embedded_study, read_regions, read_study

SHARED = Path(os.environ.get("CORREDOR_SHARED", Path(__file__).parents[2].parent / "shared"))
OFFICIAL = SHARED / "data/boundaries/inei2017_ccdd/LIM_DEPARTAMENTAL_PERU_MIN.json"
UNITS = {"region": 25, "province": 196, "district": 1874}


@pytest.fixture(scope="module")
def units():
    """Return each level, read as a study reads it."""
    file = embedded_study() / "units.zip"
    return {level: read_regions(file, level=level).table for level in UNITS}


@pytest.mark.parametrize("level", UNITS)
def test_each_level_is_whole_and_without_gaps_or_overlaps(units, level):
    table = units[level]
    assert len(table) == UNITS[level]
    assert shapely.coverage_is_valid(table.geometry.to_numpy())
    assert (table["area_km2"] > 0.5).all()
    assert table["area_km2"].sum() == pytest.approx(1_285_000 - 5_000, rel=0.01)  # without lakes


def test_a_border_is_the_same_line_at_every_level(units):
    """All points of the regions are points of the provinces, and those of the districts."""
    points = {
        level: set(map(tuple, shapely.get_coordinates(table.geometry.to_numpy()).round(6)))
        for level, table in units.items()
    }
    assert points["region"] < points["province"] < points["district"]


@pytest.mark.parametrize(("fine", "coarse"), [("district", "province"), ("province", "region")])
def test_units_add_up_to_those_above(units, fine, coarse):
    digits = len(units[coarse]["ubigeo"].iloc[0])
    added = units[fine]["area_km2"].groupby(units[fine]["ubigeo"].str[:digits]).sum()
    above = units[coarse].set_index("ubigeo")["area_km2"]
    assert np.allclose(added.reindex(above.index), above, rtol=1e-6)


def test_names_are_the_official_ones_with_their_accents(units):
    with (embedded_study() / "units.csv").open(encoding="utf-8", newline="") as table:
        official = {row["inei"]: row["name"] for row in csv.DictReader(table)}
    official["1501"] = "Lima Metropolitana"  # "Lima" alone is the region
    for level in ("province", "district"):
        table = units[level]
        assert dict(zip(table["ubigeo"], table["name"], strict=True)).items() <= official.items()
    assert {"Ferreñafe", "Cañete", "La Convención"} <= set(units["province"]["name"])


@pytest.mark.skipif(not OFFICIAL.is_file(), reason="INEI's layer is not here")
def test_the_regions_lie_where_the_official_ones_lie(units):
    official = gpd.read_file(OFFICIAL).sort_values("CCDD")
    theirs = shapely.make_valid(official.geometry.to_numpy())
    ours = units["region"].geometry.to_numpy()
    both = shapely.area(shapely.intersection(ours, theirs))
    overlap = both / shapely.area(shapely.union(ours, theirs))
    assert overlap.mean() > 0.99
    assert overlap.min() > 0.95


def test_the_file_names_its_source_and_licence():
    with zipfile.ZipFile(embedded_study() / "units.zip") as archive:
        content = json.loads(archive.read("units.topojson"))
        notices = (content["notice"], archive.comment.decode("utf-8"))
    for word in ("INEI", "no licence", "innovar", "MIT License", "Copyright (c) 2021"):
        assert all(word in notice for notice in notices)
    assert "2021 innovar authors" in (embedded_study() / "README.md").read_text(encoding="utf-8")


def test_one_line_chooses_the_public_domain_regions(tmp_path):
    file = copy_embedded(tmp_path / "mine") / "study.toml"
    text = file.read_text(encoding="utf-8")
    swapped = re.sub(
        r"^regions = .*\n((?:#.*\n)*?)# (regions = .*zip.*)$", r"\1\2", text, flags=re.M
    )
    assert swapped != text
    file.write_text(swapped, encoding="utf-8")
    study = read_study(file)
    assert "Natural Earth" in study.meta.boundaries_note.en
    assert len(study.tables.regions) == 25
    assert "INEI" in read_study().meta.boundaries_note.es


def test_neighbours_reach_the_regions_and_peru_lies_under_them(peru_study):
    """No strip of sea between Peru and a neighbour, and no second border beside a region's."""
    lands = peru_study.tables.neighbours.set_index("iso_a2").geometry
    peru = shapely.union_all(peru_study.tables.regions.geometry.to_numpy())
    assert lands["PE"].within(peru.buffer(0.001)) or lands["PE"].difference(peru).area < 0.2
    for code, at in (("EC", (-78.0, -3.4)), ("BR", (-72.9, -9.4)), ("BO", (-69.0, -12.5))):
        seam = shapely.Point(at).buffer(0.6).difference(peru)
        assert seam.difference(lands[code]).area < 0.01 * seam.area
