"""Data out: what every row says, that other programs read it, and that nothing else goes out."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import networkx as nx
import openpyxl
import pandas as pd
import pyogrio
import pytest
from corredor.geodata import DataFileError, StudyError, protect, read_study
from corredor.geodata.intake.read import read_any
from corredor.geodata.study.model import View
from corredor.geodata.study.publication import narrow
from corredor.maps import write_export
from corredor.maps.export.dictionary import list_fields
from corredor.maps.export.tables import gather_parts
from corredor.maps.figure import palette
from corredor.maps.figure.views import choropleth, flows_shown
from corredor.maps.scene.build import build_scene
from corredor.routes import find_corridors
from frictionless import Package, system

FORMATS = ("csv", "geojson", "gpkg", "graphml", "parquet", "xlsx")


@pytest.fixture(scope="module")
def corridors(peru_publication):
    return find_corridors(peru_publication)


@pytest.fixture(scope="module")
def exported(peru_publication, corridors, tmp_path_factory):
    """Return the folders of all formats, in English."""
    parent = tmp_path_factory.mktemp("out")
    return {
        format_: write_export(
            peru_publication, parent / format_, format=format_, lang="en", corridors=corridors
        )
        for format_ in FORMATS
    }


def _csv(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", dtype={"ubigeo": str}, keep_default_na=False)


def test_every_row_says_what_it_is_and_who_says_so(exported, peru_publication):
    known = peru_publication.tables.sources.set_index("source_id")
    told = {
        "figures": "reported", "complaints": "reported", "rankings": "reported",
        "flows": "reported", "flow_pairs": "reported", "itineraries": "documented",
        "corridor_legs": "inferred", "corridor_links": "inferred", "corridor_places": "inferred",
        "map_mininter_records": "reported", "context": "context",
    }  # fmt: skip
    for name, status in told.items():
        table = _csv(exported["csv"], name)
        assert len(table), name
        assert set(table["status"]) == {status}, name
        assert table["what"].ne("").all()
        column = "source_ids" if "source_ids" in table else "source_id"
        for row in table.to_dict("records"):
            cited = row[column].split("; ")
            assert row["source_publisher"] == "; ".join(known.loc[cited, "publisher"]), name
            assert row["source_url"] == "; ".join(known.loc[cited, "url"]), name
            assert row["source_title"], name
            assert "source_date" in row
    inferred = _csv(exported["csv"], "corridor_legs")["what"]
    assert inferred.str.contains("inferred corridor, not reported").all()


def test_nothing_of_the_publication_is_lost(exported, peru_publication):
    tables = peru_publication.tables
    for name in ("complaints", "rankings", "flows", "itineraries", "sources", "registers",
                 "context", "places", "regions"):  # fmt: skip
        assert len(_csv(exported["csv"], name)) == len(getattr(tables, name)), name
    printed = _csv(exported["csv"], "complaints")["value"]
    assert printed.tolist() == tables.complaints["value"].tolist()
    figures = _csv(exported["csv"], "figures")
    one = figures[
        (figures["register"] == "MININTER") & (figures["period_end"] == "2023-12")
        & (figures["ubigeo"] == "17") & (figures["measure"] == "records")
    ]  # fmt: skip
    assert one["value"].tolist() == [92]
    assert one["name"].tolist() == ["Madre de Dios"]


def test_only_what_the_publication_holds_goes_out(peru_study, tmp_path):
    """A publication may hold less than its study; the rest is in no file."""
    publication = protect(peru_study)
    complaints = publication.tables.complaints
    gone = complaints["register"] == "MININTER"
    fewer = narrow(
        publication,
        meta=dataclasses.replace(
            publication.meta, opening=View(series={"register": "MP"}), stories=()
        ),
        tables=dataclasses.replace(
            publication.tables, complaints=complaints[~gone].reset_index(drop=True)
        ),
    )
    folder = write_export(fewer, tmp_path / "out", format="csv", lang="en", corridors=False)
    for name in ("figures", "complaints"):
        assert "MININTER" not in set(_csv(folder, name)["register"])
    assert [file.name for file in folder.glob("map_*")] == ["map_mp_complaints.csv"]
    assert not list(folder.glob("corridor*"))


@pytest.mark.parametrize("format_", FORMATS)
def test_the_package_validates(exported, format_):
    with system.use_context(trusted=True):
        report = Package(str(exported[format_] / "datapackage.json")).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "note", "message"])[:5]
    assert report.stats["tasks"] == len(report.tasks) > 1 or format_ == "gpkg"


def test_a_changed_file_does_not_validate(exported, tmp_path):
    for file in exported["csv"].iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    path = tmp_path / "flows.csv"
    path.write_text(path.read_text("utf-8").replace("reported", "observed"), encoding="utf-8")
    with system.use_context(trusted=True):
        assert not Package(str(tmp_path / "datapackage.json")).validate().valid


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_tags_and_pcodes_validate_and_are_read_again(peru_publication, tmp_path, format_):
    folder = write_export(
        peru_publication, tmp_path / "out", format=format_, hxl=True, pcodes=True, corridors=False
    )
    with system.use_context(trusted=True):
        assert Package(str(folder / "datapackage.json")).validate().valid
    if format_ == "csv":
        rows = pd.read_csv(folder / "map_mininter_records.csv", dtype=str)
        assert rows["pcode"].tolist()[:2] == ["#adm1+code+v_pcode", "PE01"]
        back = read_any(
            "hxl", folder / "flow_pairs.csv", {"source_id": "x", "value_kind": "none"}
        ).table
        pairs = set(zip(back["origin"], back["destination"], strict=True))
        sent = rows_of(folder / "flow_pairs.csv")
        assert pairs == set(zip(sent["origin"], sent["destination"], strict=True))


def rows_of(file: Path) -> pd.DataFrame:
    """Return a table without its row of tags."""
    return pd.read_csv(file, dtype=str)[1:]


@pytest.mark.parametrize("format_", FORMATS)
def test_two_exports_have_the_same_bytes(exported, peru_publication, corridors, tmp_path, format_):
    again = write_export(
        peru_publication, tmp_path / "again", format=format_, lang="en", corridors=corridors
    )
    first = {file.name: file.read_bytes() for file in exported[format_].iterdir()}
    assert {file.name: file.read_bytes() for file in again.iterdir()} == first
    assert {"README.txt", "datapackage.json"} < set(first)


def test_the_workbook_has_numbers_notes_and_frozen_headers(exported):
    book = openpyxl.load_workbook(exported["xlsx"] / "corredor.xlsx")
    assert book.sheetnames[:3] == ["Read me", "Dictionary", "figures"]
    assert "reports, not crimes" in " ".join(
        str(row[0]) for row in book["Read me"].iter_rows(values_only=True)
    )
    sheet = book["figures"]
    assert sheet.freeze_panes == "B2"
    head = [cell.value for cell in sheet[1]]
    for name, kind in (("value", "n"), ("rate", "n"), ("whole", "b"), ("ubigeo", "s")):
        column = head.index(name) + 1
        kinds = {sheet.cell(row, column).data_type for row in range(2, sheet.max_row + 1)
                 if sheet.cell(row, column).value is not None}  # fmt: skip
        assert kinds == {kind}, name
    widths = [sheet.column_dimensions[cell.column_letter].width for cell in sheet[1]]
    assert min(widths) > 5
    said = {(row[0], row[2]) for row in book["Dictionary"].iter_rows(min_row=2, values_only=True)}
    for name in book.sheetnames[2:]:
        for cell in book[name][1]:
            assert (name, cell.value) in said


def test_formulas_stay_text(toy_folder, change, tmp_path):
    study = change("sources.csv", "ONG inventada", "=HYPERLINK(1)")
    publication = protect(study)
    workbook = write_export(publication, tmp_path / "x", format="xlsx", corridors=False)
    cells = [
        cell
        for sheet in openpyxl.load_workbook(workbook / "corredor.xlsx")
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and "HYPERLINK" in cell.value
    ]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells if cell.value.startswith("="))
    text = write_export(publication, tmp_path / "c", format="csv", corridors=False)
    assert re.search(r"(^|,)\"?=", (text / "sources.csv").read_text("utf-8"), re.M) is None
    assert "'=HYPERLINK(1)" in (text / "sources.csv").read_text("utf-8")


def test_the_geopackage_holds_layers_tables_and_styles(exported, peru_publication):
    path = exported["gpkg"] / "corredor.gpkg"
    layers = dict(pyogrio.list_layers(path))
    assert layers["flow_pairs"] == layers["corridor_legs"] == "LineString"
    assert layers["flow_pairs_within"] == layers["places"] == "Point"
    assert layers["map_mininter_records"].endswith("Polygon")
    assert layers["figures"] is layers["dictionary"] is layers["notes"] is None
    styles = pyogrio.read_dataframe(path, layer="layer_styles")
    styled = set(styles["f_table_name"])
    drawn = {name for name, kind in layers.items() if kind}
    # Links and places of the network have no look of their own on the map either.
    assert drawn - styled == {"corridor_links", "corridor_places"}
    assert styles["useAsDefault"].all()
    assert set(styles["f_geometry_column"]) == {"geom"}
    within = pyogrio.read_dataframe(path, layer="flow_pairs_within")
    assert (within["origin"] == within["destination"]).all()


def _rules(path: Path, layer: str) -> tuple[list[dict[str, str]], ET.Element]:
    styles = pyogrio.read_dataframe(path, layer="layer_styles").set_index("f_table_name")
    root = ET.fromstring(styles.loc[layer, "styleQML"].partition("\n")[2])
    return [rule.attrib for rule in root.iter("rule")], root


def test_styles_have_the_classes_colours_and_widths_of_the_map(exported, peru_publication):
    path, scene = exported["gpkg"] / "corredor.gpkg", build_scene(peru_publication)
    rules, root = _rules(path, "map_mininter_records")
    areas = choropleth(scene, scene["study"]["opening"]["series"], "rate")
    labels = [rule["label"] for rule in rules if "class" in rule["filter"]]
    assert [float(label.split(" – ")[1]) for label in labels] == pytest.approx(
        areas.breaks, abs=0.005
    )
    fills = [
        option.get("value")
        for symbol in root.iter("symbol")
        for option in symbol.findall("layer/Option/Option[@name='color']")
    ]
    for colour, fill in zip(palette.class_colours(len(labels)), fills, strict=False):
        assert fill == f"{int(colour[1:3], 16)},{int(colour[3:5], 16)},{int(colour[5:], 16)},255"
    layer = pyogrio.read_dataframe(path, layer="map_mininter_records").set_index("ubigeo")
    for region, shown in zip(scene["regions"], areas.shown, strict=True):
        row = layer.loc[region["id"]]
        assert row["state"] == shown.state
        assert (row["class"] == shown.class_ + 1) if shown.class_ is not None else True
    rules, root = _rules(path, "flow_pairs")
    assert rules[0]["filter"] == '"evidence" >= 3'
    assert rules[1]["checkstate"] == "0"
    pairs = pyogrio.read_dataframe(path, layer="flow_pairs")
    strong = pairs[pairs["evidence"] >= 3]
    shown = [p for p in flows_shown(peru_publication, scene, level="region", grade=3).pairs
             if p.start != p.end]  # fmt: skip
    assert sorted(strong["evidence"]) == sorted(p.evidence for p in shown)
    width = next(
        option.find("Option[@name='expression']").get("value")
        for option in root.iter("Option")
        if option.get("name") == "arrowWidth"
    )
    px = scene["widths"]["evidence"]["px"]
    assert f'{px:g} * "evidence"' in width


def test_lines_go_from_origin_to_destination(exported, peru_publication):
    scene = build_scene(peru_publication)
    at = {place["id"]: place["at"] or place["label"] for place in scene["places"]}
    flows = gpd.read_file(exported["geojson"] / "flows.geojson")
    assert len(flows) + len(gpd.read_file(exported["geojson"] / "flows_within.geojson")) == 155
    for row in flows.itertuples():
        start, end = row.geometry.coords[0], row.geometry.coords[-1]
        assert start == pytest.approx(at[row.origin][::-1], abs=1e-5)
        assert end == pytest.approx(at[row.destination][::-1], abs=1e-5)


def test_graphs_keep_reported_and_inferred_apart(exported, peru_publication):
    flows = nx.read_graphml(exported["graphml"] / "flows.graphml", force_multigraph=True)
    assert flows.number_of_edges() == len(peru_publication.tables.flows)
    assert {data["status"] for *_, data in flows.edges(data=True)} == {"reported"}
    assert all(data["source_publisher"] for *_, data in flows.edges(data=True))
    inferred = nx.read_graphml(exported["graphml"] / "corridors.graphml", force_multigraph=True)
    loaded = [data for *_, data in inferred.edges(data=True) if data["load"] > 0]
    assert {data["status"] for data in loaded} == {"inferred"}


def test_signs_that_xml_cannot_hold_do_not_stop_a_graph(change, tmp_path):
    publication = protect(change("places.csv", "pozo,Pozo", "pozo,Po\x01zo"))
    folder = write_export(publication, tmp_path / "g", format="graphml", corridors=False)
    G = nx.read_graphml(folder / "flows.graphml", force_multigraph=True)
    assert "Pozo" in nx.get_node_attributes(G, "name").values()


def test_parquet_keeps_shapes_and_types(exported):
    regions = gpd.read_parquet(exported["parquet"] / "regions.parquet")
    assert len(regions) == 25
    assert regions.crs == "EPSG:4326"
    figures = pd.read_parquet(exported["parquet"] / "figures.parquet")
    assert figures["value"].dtype == "Int64"
    assert figures["whole"].dtype == bool


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_column_has_a_meaning(peru_publication, corridors, lang):
    scene = build_scene(peru_publication, corridors=corridors)
    parts = gather_parts(peru_publication, scene, corridors, lang=lang, pcodes=True)
    for part in parts:
        for field in list_fields(part):
            text = field.meaning.render(lang)
            assert text
            assert lang == "en" or text != field.meaning.render("en"), field


def test_own_counts_go_out_protected_or_marked(toy_folder, tmp_path):
    path = toy_folder / "sources.csv"
    text = path.read_text("utf-8")
    path.write_text(text.replace("registro,2026-01-02,public", "registro,2026-01-02,own"), "utf-8")
    study = read_study(toy_folder)
    small = study.tables.complaints.query("source_id == 'police' and value < 10")
    assert len(small)
    folder = write_export(protect(study), tmp_path / "a", format="csv", lang="en")
    shown = _csv(folder, "complaints").query("source_id == 'police'")["value"]
    assert (shown >= study.meta.threshold).all()
    assert "Own counts are protected" in (folder / "README.txt").read_text("utf-8")
    inside = write_export(protect(study, internal=True), tmp_path / "b", format="csv", lang="en")
    rows = _csv(inside, "complaints")
    assert len(rows) == len(study.tables.complaints)
    assert rows["what"].str.startswith("INTERNAL").all()


def test_what_cannot_be_written_is_refused_in_a_sentence(toy_publication, toy_study, tmp_path):
    with pytest.raises(DataFileError, match="no place for a row of HXL tags"):
        write_export(toy_publication, tmp_path / "a", format="gpkg", hxl=True)
    with pytest.raises(ValueError, match="format"):
        write_export(toy_publication, tmp_path / "a", format="shp")
    with pytest.raises(TypeError, match="protect"):
        write_export(toy_study, tmp_path / "a")
    assert not (tmp_path / "a").exists()
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "mine.txt").write_text("mine")
    with pytest.raises(StudyError, match="not empty"):
        write_export(toy_publication, tmp_path / "b")
    assert [file.name for file in (tmp_path / "b").iterdir()] == ["mine.txt"]


def test_the_command_lists_what_it_wrote(command, toy_folder, tmp_path):
    run = command("export", toy_folder, "-o", tmp_path / "out", "--format", "csv", "--pcodes")
    assert run.code == 0
    assert "datapackage.json" in run.out
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text("utf-8"))
    names = [field["name"] for r in package["resources"] if r["name"] == "figures"
             for field in r["schema"]["fields"]]  # fmt: skip
    assert names[names.index("ubigeo") + 1] == "pcode"
