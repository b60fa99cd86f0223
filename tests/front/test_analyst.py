"""What an analyst does with her own files, as docs/data.md says it. All figures are invented."""

import csv
import json
import re

import pytest
from click.testing import CliRunner
from corredor.geodata import CorredorWarning

from corredor.cli import app

COMPLAINTS = "Departamento;2022;2023\nCUSCO;112;1 433\nPuno;85;97\nTOTAL;197;1 530\n"
FLOWS = (
    "Lugar de captación;Lugar de explotación;Víctimas;Periodo;Finalidad\n"
    "Puno;Mazuco;14;2022;Explotación sexual\nNazca;Lima;21;2022;laboral\n"
)
ROUTES = "Ruta;Medio\nCusco - Urcos - Mazuko;terrestre\nIquitos - Nauta;fluvial\n"
CASES = "N°;Apellidos y nombres;origen;destino;fecha\n1;Persona Inventada;Puno;Mazuko;2022\n"
SOURCE = "source_id,publisher,title,date,url\nmia,Una ONG,Cuadro inventado,2024-05,\n"


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("analyst")
    for name, text in (("denuncias", COMPLAINTS), ("flujos", FLOWS), ("rutas", ROUTES),
                       ("casos", CASES)):  # fmt: skip
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    study = folder / "estudio"
    assert run("new", study).exit_code == 0
    (study / "mis_fuentes.csv").write_text(SOURCE, encoding="utf-8")
    return folder


def imported(files, kind, name, *options):
    study = files / "estudio"
    result = run("import", kind, files / f"{name}.csv", "-o", study / f"mis_{name}.csv",
                 "--source", "mia", "--study", study, *options)  # fmt: skip
    assert result.exit_code == 0, result.output
    return result.output


def test_a_study_with_tables_of_ones_own(files):
    study = files / "estudio"
    said = imported(files, "complaints", "denuncias", "--register", "MP", "--measure", "complaints")
    assert "add to its table 'sources' a row for: mia" in said
    assert "lacks 1 place(s): nazca" in imported(files, "flows", "flujos")
    said = imported(files, "flows", "flujos", "--places", study / "places.csv",
                    "--overwrite")  # fmt: skip
    assert "1 place(s) were added in" in said
    imported(files, "itineraries", "rutas")

    config = study / "study.toml"
    text = config.read_text(encoding="utf-8")
    for table, mine in (("complaints", "denuncias"), ("flows", "flujos"), ("itineraries", "rutas")):
        new = f'{table} = {{ file = ["{table}.csv", "mis_{mine}.csv"] }}'
        text, n = re.subn(rf"^{table} = .*$", new, text, flags=re.MULTILINE)
        assert n == 1
    text = text.replace('{ file = "sources.csv" }', '{ file = ["sources.csv", "mis_fuentes.csv"] }')
    config.write_text(text, encoding="utf-8")

    result = run("check", study, "--format", "json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    titles = [section["title"] for section in report["sections"]]
    assert "Flows: 157 rows" in titles
    assert "Itineraries: 13 routes" in titles
    assert "mia" in report["own"]
    page = files / "mapa.html"
    with pytest.warns(CorredorWarning, match="were written for other figures"):
        assert run("map", study, "-o", page).exit_code == 0
    assert page.stat().st_size > 100_000


def test_cases_are_counted_for_a_look_but_not_written(files):
    out = files / "casos_tidy.csv"
    result = run("import", "cases", files / "casos.csv", "-o", out, "--register", "PNP")
    assert result.exit_code == 1
    assert not out.exists()
    assert "into a study only, which protects them" in result.exception.render()
    assert "dropped before anything else" in run("check", files / "casos.csv").output


def test_flows_of_several_imports_can_stand_in_one_study(files):
    with (files / "estudio" / "mis_flujos.csv").open(encoding="utf-8", newline="") as table:
        assert [row["flow_id"] for row in csv.DictReader(table)] == ["mia-001", "mia-002"]


def test_names_are_those_of_the_study(tmp_path, files):
    study = tmp_path / "propio"
    assert run("new", study).exit_code == 0
    table = tmp_path / "flujos.csv"
    table.write_text("origen;destino;casos\nLa Sierra;Lima;2\n", encoding="utf-8")
    refused = run("import", "flows", table, "-o", tmp_path / "tidy.csv", "--study", study)
    assert "This is an area" in refused.exception.render()
    with (study / "places.csv").open("r+", encoding="utf-8", newline="") as places:
        writer = csv.DictWriter(places, csv.DictReader(places).fieldnames)
        places.seek(0, 2)
        writer.writerow({"place_id": "sierra", "name": "La Sierra", "kind": "area"})
    assert run("import", "flows", table, "-o", tmp_path / "tidy.csv", "--study", study,
               "--source", "mia").exit_code == 0  # fmt: skip
    assert "mia-001,sierra,15,2,count" in (tmp_path / "tidy.csv").read_text(encoding="utf-8")
    checked = run("check", table, "--study", study)
    assert "total 2 in, 2 out" in checked.output


def test_a_study_is_described_as_a_page_that_allows_nothing(files, tmp_path):
    page = tmp_path / "estudio.html"
    assert run("check", files / "estudio", "--format", "html", "--report", page).exit_code == 0
    text = page.read_text(encoding="utf-8")
    assert "default-src 'none'; style-src 'sha256-" in text
    assert "<script" not in text
    assert text.count('class="attention"') == 4  # the copied stories and small counts, among them
