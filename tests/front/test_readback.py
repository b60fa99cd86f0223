"""What is written of own counts is read back before it is there; every record is invented."""

import csv
import dataclasses
import hashlib
import io
import json
import pickle

import pandas as pd
import pytest
from corredor.geodata import SuppressionError, protect, read_study
from corredor.geodata.study.publication import narrow, own_sources
from corredor.geodata.study.readback import reader_of
from corredor.maps import atlas, draw_figure, write_export, write_page, write_report
from corredor.routes import find_corridors, write_corridors
from test_own_counts import register

WRITERS = {
    "page": lambda made, to: write_page(atlas(made, corridors=False), to / "x.html"),
    **{
        name: lambda made, to, name=name: write_export(made, to / "x", format=name, corridors=False)
        for name in ("csv", "xlsx", "gpkg", "geojson", "parquet")
    },
    "html": lambda made, to: write_report(made, to / "x.html"),
    "docx": lambda made, to: write_report(made, to / "x.docx"),
    "pptx": lambda made, to: write_report(made, to / "x.pptx"),
}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    from click.testing import CliRunner

    from corredor.cli import app

    folder = tmp_path_factory.mktemp("readback")
    register(folder / "casos.csv", 400)
    made = CliRunner().invoke(app, ["new", str(folder / "st"), str(folder / "casos.csv")])
    assert made.exit_code == 0, made.output
    return read_study(folder / "st")


@pytest.fixture(scope="module")
def publication(study):
    return protect(study)


def reader(publication):
    tables = publication.tables
    return reader_of(tables, publication.released.parts, own_sources(tables.sources))


def leaking(publication, study, table):
    """Return the publication as a faulty program would: with one withheld row of the study."""
    shown, whole = getattr(publication.tables, table), getattr(study.tables, table)
    keys = {
        "complaints": ["ubigeo", "period_start", "period_end", "purpose"],
        "flows": ["origin", "destination"],
    }[table]
    known = set(map(tuple, shown[keys].to_numpy()))
    small = whole[[tuple(row) not in known for row in whole[keys].to_numpy()]]
    small = small.head(1)
    if table == "flows":
        small = small.assign(flow_id="R99")
    rows = pd.concat([shown, small[shown.columns]], ignore_index=True)
    places = pd.concat([publication.tables.places, study.tables.places])
    places = places.drop_duplicates("place_id", ignore_index=True)
    tables = dataclasses.replace(publication.tables, **{table: rows, "places": places})
    return narrow(publication, tables=tables)


def changed(publication, table):
    """Return the publication with counts that are others than the released ones."""
    shown = getattr(publication.tables, table)
    rows = shown.assign(value=shown["value"] + 97)
    return narrow(publication, tables=dataclasses.replace(publication.tables, **{table: rows}))


@pytest.mark.parametrize("kind", WRITERS)
def test_what_is_released_is_written(kind, publication, tmp_path):
    WRITERS[kind](publication, tmp_path)
    assert list(tmp_path.iterdir())


@pytest.mark.parametrize("table", ["complaints", "flows"])
@pytest.mark.parametrize("kind", [kind for kind in WRITERS if kind not in ("html", "docx", "pptx")])
def test_a_withheld_count_is_never_written(kind, table, study, publication, tmp_path):
    with pytest.raises(SuppressionError, match="none of the release"):
        WRITERS[kind](leaking(publication, study, table), tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        *((kind, "complaints") for kind in WRITERS if kind not in ("docx", "pptx")),
        *((kind, "flows") for kind in WRITERS),
    ],
)
def test_another_count_than_the_released_one_is_never_written(kind, table, publication, tmp_path):
    with pytest.raises(SuppressionError, match="none of the release"):
        WRITERS[kind](changed(publication, table), tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_refusal_tells_no_number(study, publication, tmp_path):
    with pytest.raises(SuppressionError) as refused:
        WRITERS["csv"](leaking(publication, study, "flows"), tmp_path)
    assert [int(n) for n in str(refused.value).split() if n.isdigit()] == [1]


FIGURE = {"register": "casos", "measure": "records", "purpose": "all", "ubigeo": "17",
          "period_start": "2019-01", "period_end": "2023-12", "source_ids": "casos",
          "value": "202", "low": "", "high": "", "rate": ""}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "passes"),
    [
        ({}, True),
        ({"value": "201"}, False),
        ({"ubigeo": "08"}, False),
        ({"period_start": "2020-01"}, False),
        ({"purpose": "sexual"}, False),
        ({"value": "", "rate": "28.6"}, False),
        ({"value": ""}, True),
        ({"rate": "28.63826469128801"}, True),
        ({"rate": "28.5"}, False),
        ({"low": "175.1022", "high": "231.8590"}, True),
        ({"low": "174.1", "high": "231.8590"}, False),
        ({"source_ids": "", "value": "201"}, False),
        ({"register": "", "value": "201"}, False),
        ({"register": "", "source_ids": "gestion_census2017", "value": "201"}, True),
        ({"parts": "La Convención: 101; Cusco: 101"}, True),
        ({"parts": "La Convención: 101; Cusco: 7"}, False),
    ],
)
def test_a_row_says_what_was_released_and_what_follows_from_it(
    change, passes, publication, tmp_path
):
    """Rates, intervals and sums tell the count, too."""
    assert 202 in publication.tables.complaints.query("ubigeo == '17'")["value"].tolist()
    text = io.StringIO()
    writer = csv.DictWriter(text, [*FIGURE, "parts"])
    writer.writeheader()
    writer.writerow({**FIGURE, "parts": "", **change})
    (tmp_path / "x.csv").write_text(text.getvalue(), encoding="utf-8")
    look = reader(publication)
    if passes:
        look(tmp_path)
    else:
        with pytest.raises(SuppressionError, match="1 figures in it"):
            look(tmp_path)


def test_graphs_and_answers_are_read_too(publication, tmp_path):
    look = reader(publication)
    row = {"origin": "08", "destination": "17", "value": 58, "source_ids": "casos"}
    (tmp_path / "x.json").write_text(json.dumps({"rows": [row, {**row, "value": 57}]}))
    with pytest.raises(SuppressionError, match="1 figures"):
        look(tmp_path / "x.json")
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_edge("08", "17", value=58, source_ids="casos")
    graph.add_edge("08", "15", value=42, source_ids="casos")
    nx.write_graphml(graph, tmp_path / "x.graphml")
    with pytest.raises(SuppressionError, match="1 figures"):
        look(tmp_path / "x.graphml")


def test_python_publishes_as_the_command_line_does(publication, study, tmp_path):
    """Whoever writes from a notebook stands in the ledger too."""
    write_corridors(find_corridors(publication), tmp_path / "legs.csv")
    draw_figure(publication, "flows").save(tmp_path / "flows.svg")
    ledger = (study.path / "releases.jsonl").read_text(encoding="utf-8")
    assert '"legs.csv"' in ledger
    assert '"flows.svg"' in ledger


def test_a_publication_holds_no_value_of_a_withheld_cell(study, publication):
    """So nothing that draws or writes one can tell it, whatever it does."""
    kept = publication.released.parts[0].printed
    assert kept.withheld
    assert not set(kept.withheld) & set(kept.cells)
    assert min(kept.cells.values()) >= 10
    whole = pickle.dumps((publication.meta, publication.released, publication.notes))
    assert b"holds" not in whole
    assert b"atoms" not in whole


def test_the_fingerprint_is_made_of_what_is_shown(study, publication):
    """A digest of the files would tell whoever guesses a withheld count that the guess is right."""
    assert publication.meta.fingerprint != study.meta.fingerprint
    digest = hashlib.sha256(publication.digest.encode())
    for name in ("complaints", "rankings", "flows", "itineraries", "context"):
        digest.update(getattr(publication.tables, name).to_csv(index=False).encode())
    assert publication.meta.fingerprint == digest.hexdigest()[:12]
