"""Bringing files through the command line. All figures but those of the study are invented."""

import csv
import inspect
import json
import re
import zipfile
from pathlib import Path

import click
import geopandas as gpd
import openpyxl
import pytest
import shapely
from babel.messages.pofile import read_po
from click.testing import CliRunner
from corredor.geodata import DataFileError, embedded_study, read_checked, read_network
from corredor.geodata.arguments import accepted
from corredor.geodata.intake.read import FILE_KINDS, check_file, options_of, reader_of
from corredor.geodata.study.contracts import MEASURES
from pandas.testing import assert_frame_equal

from corredor.cli import app
from corredor.commands.import_ import KINDS, _command
from corredor.options import READER, say_flags

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
    assert "into a study only, which protects them" in str(result.exception)
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


def roads(path: Path) -> Path:
    """Write two invented roads that cross, and one beyond a gap of 550 m."""
    shapes = [
        shapely.linestrings([[-74.0, -10.0], [-73.96, -10.0]]),
        shapely.linestrings([[-73.99, -10.01], [-73.99, -9.99]]),
        shapely.linestrings([[-73.955, -10.0], [-73.94, -10.0]]),
    ]
    gpd.GeoDataFrame({"ref": ["PE-1", "", ""]}, geometry=shapes, crs="EPSG:4326").to_file(path)
    return path


def test_check_takes_a_line_layer_for_a_network(tmp_path):
    result = run("check", roads(tmp_path / "vias.geojson"), "--format", "json")
    assert result.exit_code == 0, result.output
    account = json.loads(result.stdout)
    assert "lines of a transport network" in account["taken_for"]
    assert (account["parts"], account["rows"]["out"]) == (2, 5)


def test_an_imported_network_can_be_read_again(tmp_path):
    target = tmp_path / "red.gpkg"
    result = run("import", "network", roads(tmp_path / "vias.geojson"), "-o", target,
                 "--close-gaps-m", "1000", "--mode", "road")  # fmt: skip
    assert result.exit_code == 0, result.output
    again, account = read_network(target)
    assert (len(again.places), len(again.links), account.extra["parts"]) == (7, 6, 1)
    first = read_network(roads(tmp_path / "vias.geojson"), close_gaps_m=1000).table
    columns = ["from", "to", "mode", "ref", "km", "hours"]
    assert_frame_equal(again.links[columns], first.links[columns])


def test_an_imported_network_is_a_pair_of_tables_of_a_study(tmp_path):
    folder = tmp_path / "red"
    result = run("import", "network", roads(tmp_path / "vias.geojson"), "-o", folder)
    assert result.exit_code == 0, result.output
    places = read_checked(folder / "network_places.csv", "network_places")
    links = read_checked(
        folder / "network_links.csv", "network_links", known={"network_places": places}
    )
    assert (len(places), len(links)) == (7, 5)
    assert links["ref"].tolist() == ["PE-1", "PE-1", "", "", ""]
    whole = read_network(tmp_path / "vias.geojson").table.links
    assert links["km"].to_numpy() == pytest.approx(whole["km"].to_numpy(), abs=1e-6)


def test_a_network_of_very_short_links_makes_a_table_without_exponents(tmp_path):
    """A link of a metre takes 0.00003 hours."""
    path = tmp_path / "corto.gpkg"
    shapes = [shapely.linestrings([[-74.0, -10.0], [-74.0 + 9e-6, -10.0]])]
    gpd.GeoDataFrame(geometry=shapes, crs="EPSG:4326").to_file(path)
    result = run("import", "network", path, "-o", tmp_path / "red")
    assert result.exit_code == 0, result.output
    links = read_checked(tmp_path / "red" / "network_links.csv", "network_links")
    assert links["hours"].tolist() == pytest.approx([0.000986 / 35], abs=1e-6)


def test_a_network_is_not_written_where_it_has_no_room(tmp_path):
    target = tmp_path / "red.geojson"
    result = run("import", "network", roads(tmp_path / "vias.geojson"), "-o", target)
    assert result.exit_code == 1
    assert "a network is two tables" in str(result.exception)
    assert not target.exists()


@pytest.mark.parametrize(
    ("argument", "flag"),
    [
        ("shares='percent' or shares='fraction'", "--shares percent or --shares fraction"),
        ("with columns={'origin': '...', 'destination': 'A b'}.",
         'with --columns "origin=...,destination=A b".'),
        ("with period=('2017-01', '2017-12').", "with --period 2017-01/2017-12."),
        ("leave out period=...", "leave out --period ..."),
        ("add_up=['Sexo']", "--add-up Sexo"),
        ("value_kind='none' to read", "--value-kind none to read"),
        ("the value ='x' stays", "the value ='x' stays"),
    ],
)  # fmt: skip
def test_arguments_are_named_as_options(argument, flag):
    assert say_flags(argument) == flag


def test_no_text_names_an_argument_that_the_command_line_does_not_have(repository):
    """Every text of the catalogue, in both languages, as the command line shows it."""
    catalogue = repository / "src/corredor/locale/es/LC_MESSAGES/corredor.po"
    with catalogue.open("rb") as source:
        texts = [t for m in read_po(source) if m.id for t in (str(m.id), str(m.string))]
    filled = [re.sub(r"\{([a-z_]+)[^{}]*\}", r"\1", text) for text in texts]
    shown = [say_flags(text.replace("{{", "{").replace("}}", "}")) for text in filled]
    left = [text for text in shown if re.search(r"\b[a-z]+(_[a-z]+)*=(['({\[]|\.\.\.)", text)]
    assert [text for text in left if "--columns" not in text and "?table=" not in text] == []
    flags = {flag for text in shown for flag in re.findall(r"--[a-z-]+", text)}
    known = {
        option
        for command in [*app.commands.values(), *(_command(kind) for kind in FILE_KINDS)]
        for parameter in command.params
        for option in parameter.opts
    }
    assert flags - known <= {"--name", "--force-reinstall"}  # the latter is pip's


def test_check_takes_the_options_that_its_errors_name(tmp_path):
    path = tmp_path / "flujos.csv"
    path.write_text("origen,destino,valor\nPuno,Cusco,12.5\nPuno,Lima,87.5\n", encoding="utf-8")
    result = run("check", path)
    assert "value_kind='share_of_origin'" in str(result.exception)
    options = ["--value-kind", "share_of_origin", "--shares", "percent"]
    assert run("check", path, *options).exit_code == 0


def test_check_reads_the_sheet_it_is_told(tmp_path):
    book = openpyxl.Workbook()
    for page in (book.active, book.create_sheet("Otra")):
        for row in (["Departamento", 2016], ["Ica", 1 if page.title == "Otra" else 2]):
            page.append(row)
    book.save(tmp_path / "libro.xlsx")
    assert "sheet='...'" in str(run("check", tmp_path / "libro.xlsx").exception)
    assert "total 1 in, 1 out" in run("check", tmp_path / "libro.xlsx", "--sheet", "Otra").output


def test_a_table_in_an_archive_is_told_from_a_layer(table, tmp_path):
    path = tmp_path / "datos.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(table, table.name)
    assert "total 1,452 in, 1,452 out" in run("check", path).output
    assert "region" in run("check", embedded_study() / "regions.zip").output


@pytest.mark.parametrize(
    ("option", "named"),
    [
        (("--mode", "river"), "--mode"),
        (("--lima", "keep"), "--lima"),
        (("--date-order", "mdy"), "--date-order"),
        (("--value-kind", "share_of_origin"), "--value-kind"),
        (("--crs", "EPSG:1"), "--crs"),
        (("--category", "EDAD"), "--category"),
        (("--place-kind", "city"), "--place-kind"),
        (("--close-gaps-m", "3"), "--close-gaps-m"),
    ],
)
def test_an_option_that_means_nothing_for_the_kind_is_refused_by_name(
    table, tmp_path, option, named
):
    out = tmp_path / "o.csv"
    result = run("import", "complaints", table, "-o", out, "--register", "MP", "--measure",
                 "complaints", *option)  # fmt: skip
    assert result.exit_code == 2
    assert named in result.output
    assert not out.exists()


@pytest.mark.parametrize(
    ("option", "kinds"),
    [("mode", "network"), ("lima", "regions"), ("category", "mininter"), ("kind", "flows")],
)
def test_a_reader_is_given_no_option_that_means_nothing_for_it(table, option, kinds):
    with pytest.raises(DataFileError, match="means nothing for complaints") as caught:
        check_file(table, {option: "x"})
    assert kinds in caught.value.render()


def test_the_options_of_a_kind_are_those_of_its_reader():
    for kind in FILE_KINDS:
        assert "columns" not in options_of(kind) or kind not in ("mininter", "mpfn")
    assert {"register", "measure", "add_up", "allow_unmatched"} <= set(options_of("complaints"))
    assert "mode" in options_of("network")
    assert "path" not in options_of("flows")


def test_the_kinds_of_the_command_line_are_those_of_the_readers():
    assert set(KINDS) == set(FILE_KINDS)


@pytest.mark.parametrize("kind", FILE_KINDS)
def test_the_choices_of_options_are_those_of_the_readers(kind):
    for argument, wanted in accepted(inspect.unwrap(reader_of(kind))).items():
        choices = {str(one) for part in wanted if isinstance(part, tuple) for one in part}
        made = READER[argument]() if argument in READER else None
        if made is not None and isinstance(made.type, click.Choice) and choices:
            if argument != "measure":  # a register of cases has fewer
                assert set(made.type.choices) <= choices, argument
            assert choices - set(made.type.choices) <= {"national"}, argument


def test_the_measures_are_those_of_the_contract():
    assert tuple(READER["measure"]().type.choices) == MEASURES
