"""Bringing files through the command line. All figures but those of the study are invented."""

import csv
import json
from pathlib import Path

import pytest
from corredor.geodata import embedded_study
from typer.testing import CliRunner

from corredor.cli import app

TABLE = "Departamento;2016;2017\nCUSCO;12;1 433\nPuno;-;7\nTOTAL;12;1 440\n"
CASES = "caso;origen;destino;fecha;nombre\n1;Puno;Lima;2017-03-01;ZZPERSONA123\n"


def run(*arguments):
    """Run a command; a CorredorError is an outcome, not an accident."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "denuncias.csv"
    path.write_bytes(TABLE.encode("cp1252"))
    return path


def rows_of(path: Path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_wide_table_becomes_tidy_rows(table, tmp_path):
    tidy = tmp_path / "tidy.csv"
    result = run("import", "complaints", table, "-o", tidy, "--register", "MP",
                 "--measure", "complaints", "--source", "own")  # fmt: skip
    assert result.exit_code == 0, result.output
    assert [(row["ubigeo"], row["period_start"], row["value"]) for row in rows_of(tidy)] == [
        ("08", "2016-01", "12"),
        ("08", "2017-01", "1433"),
        ("21", "2017-01", "7"),
    ]
    assert "total 1,452 in, 1,452 out" in result.output


def test_the_32_judicial_districts_arrive_complete(tmp_path):
    """As printed in the study's own source, in capitals, brought to 25 regions."""
    printed = [
        row
        for row in rows_of(embedded_study() / "complaints.csv")
        if row["source_id"] == "andina2014_districts" and row["unit"] == "judicial_district"
    ]
    lines = [f"{row['place'].upper()};{row['value']}" for row in printed]
    path = tmp_path / "distritos.csv"
    path.write_text("\n".join(["Distrito judicial;Denuncias", *lines, "TOTAL;1976"]) + "\n")
    tidy = tmp_path / "tidy.csv"
    result = run("import", "complaints", path, "-o", tidy, "--register", "MP", "--measure",
                 "complaints", "--period", "2007-01/2014-04")  # fmt: skip
    assert result.exit_code == 0, result.output
    assert len(rows_of(tidy)) == 32
    assert sum(int(row["value"]) for row in rows_of(tidy)) == 1976


def test_the_account_comes_as_json_and_as_escaped_html(table, tmp_path):
    result = run("check", table, "--format", "json")
    account = json.loads(result.stdout)
    assert account["total"] == {"in": 1452, "out": 1452}
    hostile = tmp_path / "<b>x.csv"
    hostile.write_text(TABLE, encoding="utf-8")
    report = tmp_path / "report.html"
    assert run("check", hostile, "--format", "html", "--report", report).exit_code == 0
    page = report.read_text(encoding="utf-8")
    assert "&lt;b&gt;x.csv" in page
    assert "<b>" not in page


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--period", "2017"], "not a period"),
        (["--columns", "ubigeo"], "role=header"),
        ([], "--register"),
    ],
)
def test_options_that_cannot_be_read_are_usage_errors(table, tmp_path, options, words):
    result = run("import", "complaints", table, "-o", tmp_path / "x.csv", *options)
    assert result.exit_code == 2
    assert words in result.output
    assert not (tmp_path / "x.csv").exists()


def test_a_refused_file_leaves_the_earlier_output(table, tmp_path):
    tidy = tmp_path / "tidy.csv"
    tidy.write_text("kept")
    table.write_bytes(b"Departamento;2017\nCusco;12.5\n")
    result = run("import", "complaints", table, "-o", tidy, "--register", "MP", "--measure",
                 "complaints")  # fmt: skip
    assert result.exception is not None
    assert tidy.read_text() == "kept"
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


def test_counts_of_cases_are_not_written(tmp_path):
    path = tmp_path / "casos.csv"
    path.write_text(CASES, encoding="utf-8")
    target = tmp_path / "out.csv"
    result = run("import", "cases", path, "-o", target, "--register", "MP")
    assert "nothing was written" in str(result.exception)
    assert not target.exists()
    assert "ZZPERSONA" not in result.output + str(result.exception)


def test_regions_are_written_as_a_layer(tmp_path):
    target = tmp_path / "regions.geojson"
    assert run("import", "regions", embedded_study() / "regions.zip", "-o", target).exit_code == 0
    layer = json.loads(target.read_text(encoding="utf-8"))
    assert len(layer["features"]) == 25


def test_fetch_without_a_name_lists_licences_and_downloads_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run("fetch")
    assert result.exit_code == 0
    assert "gadm" in result.output
    assert list(tmp_path.iterdir()) == []
