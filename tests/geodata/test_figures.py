"""The way from complaints to figures, as one function."""

import dataclasses
import json

from corredor.geodata import protect
from corredor.geodata.figures import figures, join_figures, poisson_interval


def test_figures_of_a_publication_have_rate_interval_and_outline(toy_study):
    found = figures(protect(toy_study))
    assert len(found) == len(found["figure_id"].unique()) > 0
    assert found.crs == "EPSG:4326"
    assert found.geometry.notna().all()
    assert set(found["level"]) <= {"region", "city"}
    for row in found.itertuples():
        assert (row.low, row.high) == poisson_interval(row.value)
        assert row.low <= row.value <= row.high
    outlines = toy_study.tables.regions.set_index("ubigeo").geometry
    assert all(row.geometry.equals(outlines[row.ubigeo]) for row in found.itertuples())


def test_figures_are_those_of_the_scene(peru_study):
    table = join_figures(peru_study.tables).table
    found = figures(protect(peru_study)).set_index("figure_id")
    of_regions = table[table["level"] != "national"].set_index("figure_id")
    assert found.index.tolist() == of_regions.index.tolist()
    assert found["value"].tolist() == of_regions["value"].tolist()
    shown = found[found["shown"]]
    key = ["register", "measure", "purpose", "period_start", "period_end", "ubigeo"]
    assert not shown.duplicated(key).any()


def test_a_study_without_complaints_has_no_figures(toy_study):
    bare = dataclasses.replace(toy_study.tables, complaints=toy_study.tables.complaints.head(0))
    found = figures(protect(dataclasses.replace(toy_study, tables=bare)))
    assert len(found) == 0
    assert {"rate", "low", "high", "geometry"} <= set(found.columns)


def test_figures_are_fit_for_a_file(toy_study):
    found = json.loads(figures(protect(toy_study)).to_json())
    assert found["features"][0]["properties"]["register"]
