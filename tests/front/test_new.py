"""`corredor new DIR FILE...` and `corredor map FILE...`: from an NGO's files to a map."""

import tomllib

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from corredor.geodata import StudyError, embedded_study, new_study, protect, read_study
from corredor.geodata.figures import figures
from corredor.geodata.study.questions import FilesError, answer
from corredor.maps import build_scene

MATRIX = "Origen \\ Destino;Lima;Madre de Dios;TOTAL\nCusco;5;9;14\nPuno;2;7;9\nTOTAL;7;16;23\n"
CASES = "N°;Apellidos y nombres;origen;destino;fecha\n1;Persona Inventada;Puno;Mazuko;2022-03-01\n"


@pytest.fixture
def excel(tmp_path):
    """An NGO's workbook: a title, a blank row, years across, a total. All numbers are invented."""
    book = openpyxl.Workbook()
    for row in (["Casos atendidos por la organización, por región"], [],
                ["Región", 2022, 2023], ["CUSCO", 12, 15], ["Puno", 21, 18], ["Loreto", 10, 11],
                ["TOTAL", 43, 44]):  # fmt: skip
        book.active.append(row)
    book.save(tmp_path / "Casos atendidos.xlsx")
    return tmp_path / "Casos atendidos.xlsx"


@pytest.fixture
def matrix(tmp_path):
    (tmp_path / "matriz.csv").write_text(MATRIX, encoding="utf-8")
    return tmp_path / "matriz.csv"


@pytest.fixture
def layer(tmp_path):
    """The 25 regions under names and columns of their own."""
    regions = read_study(embedded_study()).tables.regions
    table = regions[["ubigeo", "name", "geometry"]]
    table = table.rename(columns={"ubigeo": "CCDD", "name": "DEPARTAMEN"})
    gpd.GeoDataFrame(table).to_file(tmp_path / "departamentos.gpkg")
    return tmp_path / "departamentos.gpkg"


PUBLIC = ("--public", "https://example.org/memoria")
OPTIONS = ("--register", "CAMINOS", "--measure", "victims", *PUBLIC)


def test_two_commands_from_excel_matrix_and_layer_to_a_map(command, excel, matrix, layer, tmp_path):
    folder = tmp_path / "mi estudio"
    made = command("new", folder, excel, matrix, layer, *OPTIONS)
    assert (made.code, made.err) == (0, "")
    for said in ("Casos atendidos.xlsx: ", "-> complaints.csv", "matriz.csv: ", "-> flows.csv",
                 "departamentos.gpkg: ", "-> regions.geojson", "totals of all places",
                 f"corredor map '{folder}'"):  # fmt: skip
        assert said in made.out
    study = read_study(folder)
    assert study.tables.complaints["value"].sum() == 87
    assert study.tables.flows["value"].sum() == 23
    assert set(study.tables.registers["register"]) == {"CAMINOS"}
    assert protect(study).mode == "public"
    assert not study.meta.stories
    page = tmp_path / "mapa.html"
    assert command("map", folder, "-o", page).code == 0
    assert "Mi estudio" in page.read_text(encoding="utf-8")


def test_only_sources_in_use_are_in_it(command, excel, tmp_path):
    assert command("new", tmp_path / "e", excel, *OPTIONS).code == 0
    tables = read_study(tmp_path / "e").tables
    named = [tables.complaints, tables.flows, tables.population, tables.places, tables.districts,
             tables.network_places]  # fmt: skip
    used = {one for table in named for one in table.get("source_id", pd.Series(dtype=str))}
    assert set(tables.sources["source_id"]) == used - {""}
    (own,) = tables.sources[tables.sources["source_id"] == "casos_atendidos"].to_dict("records")
    assert (own["publisher"], own["title"]) == ("CAMINOS", "Casos atendidos.xlsx")
    assert (
        "districts" not in tomllib.loads((tmp_path / "e/study.toml").read_text("utf-8"))["tables"]
    )


def test_what_only_the_user_knows_is_asked_at_once_and_nothing_is_written(
    command, excel, matrix, tmp_path
):
    (tmp_path / "otro.csv").write_text("Región;2021\nIca;3\nPuno;8\n", encoding="utf-8")
    run = command("new", tmp_path / "e", excel, tmp_path / "otro.csv", matrix)
    assert (run.code, run.out) == (1, "")
    assert "who counts (Casos atendidos.xlsx, otro.csv): --register NAME" in run.err
    assert "what is counted (" in run.err
    assert "MININTER" in run.err
    assert not (tmp_path / "e").exists()
    assert not list(tmp_path.glob(".e*"))


def test_an_option_may_mean_one_file_alone(command, excel, tmp_path):
    other = tmp_path / "otro.csv"
    other.write_text("Región;2021\nIca;3\nPuno;8\n", encoding="utf-8")
    run = command("new", tmp_path / "e", excel, other, "--register", "CAMINOS", "--register",
                  "otro.csv=PNP", "--measure", "victims", *PUBLIC)  # fmt: skip
    assert run.code == 0, run.err
    complaints = read_study(tmp_path / "e").tables.complaints
    assert complaints.groupby("register")["value"].sum().to_dict() == {"CAMINOS": 87, "PNP": 11}


def test_all_that_is_wrong_is_said_at_once(command, excel, tmp_path):
    (tmp_path / "nada.csv").write_text("a;b\nx;y\n", encoding="utf-8")
    (tmp_path / "malo.csv").write_text("Región;2021\nAtlántida;3\n", encoding="utf-8")
    run = command("new", tmp_path / "e", excel, tmp_path / "nada.csv", tmp_path / "malo.csv",
                  *OPTIONS)  # fmt: skip
    assert run.code == 1
    assert "2 things stand in the way" in run.err
    assert "nada.csv" in run.err
    assert "malo.csv" in run.err
    assert not (tmp_path / "e").exists()


def test_of_a_register_of_cases_the_counts_alone_become_part_of_it(command, excel, tmp_path):
    (tmp_path / "casos.csv").write_text(CASES, encoding="utf-8")
    run = command("new", tmp_path / "e", excel, tmp_path / "casos.csv", *OPTIONS)
    assert run.code == 0, run.err
    assert "casos.csv: register with one row a case" in run.out
    assert "-> complaints_casos.csv, flows.csv" in run.out
    written = "".join(path.read_text("utf-8", "replace") for path in (tmp_path / "e").iterdir())
    assert "Inventada" not in run.out + run.err + written


def test_files_are_drawn_as_they_are(command, excel, matrix, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = command("map", excel, matrix, "-o", "m.html", "--title", "Nuestros casos", *OPTIONS)
    assert run.code == 0, run.err
    assert "6 rows of complaints, 4 reported flows" in run.out
    assert "Casos atendidos.xlsx: " in run.err
    assert "Nuestros casos" in (tmp_path / "m.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == [excel.name, "m.html", "matriz.csv"]


def test_an_empty_study_has_headers_and_can_be_drawn(command, tmp_path):
    folder = tmp_path / "vacío"
    assert command("new", folder, "--empty", "--title", "Nada aún").code == 0
    for name in ("complaints", "flows", "itineraries", "places", "registers"):
        text = (folder / f"{name}.csv").read_text(encoding="utf-8")
        assert text.count("\n") == 1, name
    assert command("map", folder, "-o", tmp_path / "m.html").code == 0


@pytest.mark.parametrize("words", [["map"], ["new", "x"]])
def test_options_of_files_without_files_are_refused(command, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    run = command(*words, "--register", "PNP")
    assert run.code == 2
    assert "--register is for files" in run.err
    assert list(tmp_path.iterdir()) == []


def test_the_same_files_give_the_same_bytes(command, excel, matrix, tmp_path):
    for name in ("uno", "dos"):
        made = command("new", tmp_path / name, excel, matrix, "--title", "A", *OPTIONS)
        assert made.code == 0
    for path in (tmp_path / "uno").iterdir():
        assert path.read_bytes() == (tmp_path / "dos" / path.name).read_bytes()


def test_it_speaks_spanish(process, excel, tmp_path):
    run = process("new", tmp_path / "e", excel, CORREDOR_LANG="es")
    assert run.code == 1
    assert "Solo usted puede saber quién cuenta (Casos atendidos.xlsx)" in run.err


def test_flows_between_regions_are_drawn_over_provinces_too(command, tmp_path, matrix):
    table = tmp_path / "provincias.csv"
    table.write_text(
        "Región;Provincia;2022\nCusco;La Convención;14\nPuno;San Román;21\n", encoding="utf-8"
    )
    made = command("new", tmp_path / "e", table, matrix, "--level", "province", *OPTIONS)
    assert made.code == 0, made.err
    study = read_study(tmp_path / "e")
    assert set(study.tables.complaints["ubigeo"]) == {"0809", "2111"}
    assert set(study.tables.regions["level"]) == {"province"}
    assert "  4 of 4 reported flows drawn." in command("check", tmp_path / "e").out
    scene = build_scene(protect(study))
    assert all(place["at"] for place in scene["places"])


def test_population_of_ones_own_gives_rates_by_province(command, tmp_path):
    table, people = tmp_path / "provincias.csv", tmp_path / "poblacion.csv"
    table.write_text(
        "Región;Provincia;2022\nCusco;La Convención;14\nPuno;San Román;21\n", encoding="utf-8"
    )
    people.write_text(
        "ubigeo;departamento;provincia;Población 2022\n0809;Cusco;La Convención;140000\n"
        "2111;Puno;San Román;300000\n",
        encoding="utf-8",
    )
    made = command("new", tmp_path / "e", table, people, "--level", "province", *OPTIONS)
    assert made.code == 0, made.err
    assert "poblacion.csv: population by provinces" in made.out
    assert "-> population.csv" in made.out
    found = figures(protect(read_study(tmp_path / "e"))).set_index("ubigeo")
    assert found["rate"].round(2).to_dict() == {"0809": 10.0, "2111": 7.0}


def test_context_stays_outside(command, tmp_path, excel):
    path = tmp_path / "migracion.csv"
    path.write_text(
        "Migración interna 2017\nOrigen \\ Destino;Lima;Cusco\nLima;0;18\nCusco;39;0\n", "utf-8"
    )
    made = command("new", tmp_path / "e", excel, path, *OPTIONS)
    assert made.code == 0, made.err
    assert "migracion.csv is context, neither complaints nor reported flows" in made.out
    assert read_study(tmp_path / "e").tables.flows.empty


def test_a_table_of_provinces_becomes_a_map_of_provinces(command, tmp_path):
    """Names alone, invented counts: the study draws the units that are counted."""
    rows = ["Departamento,Provincia,2022,2023", "Cusco,Anta,12,15", "Cusco,La Convención,21,18",
            "Puno,Azángaro,14,11"]  # fmt: skip
    (tmp_path / "provincias.csv").write_text("\n".join(rows), encoding="utf-8")
    made = command(
        "new", tmp_path / "p", tmp_path / "provincias.csv", "--level", "province", *OPTIONS
    )
    assert (made.code, made.err) == (0, "")
    study = read_study(tmp_path / "p")
    assert len(study.tables.regions) == 196
    assert set(study.tables.complaints["ubigeo"]) == {"0803", "0809", "2102"}


def test_a_map_of_other_units_or_of_one_region(command, tmp_path):
    page = tmp_path / "mapa.html"
    made = command("map", "--region", "Cuzco", "-o", page)
    assert made.code == 0
    assert "36 reported flows" in made.out
    assert "Cusco" in page.read_text(encoding="utf-8")
    assert command("map", "--level", "province", "-o", page).code == 0
    assert command("map", "--level", "distrito", "-o", page).code != 0
    assert command("map", "--region", "Atlantis", "-o", page).code != 0


def test_faults_of_a_table_are_said_one_by_one(command, excel, tmp_path):
    """Not only how many there are."""
    (tmp_path / "malo.csv").write_text("Región;2021\nIca;tres\nPuno;8\n", encoding="utf-8")
    run = command("new", tmp_path / "e", excel, tmp_path / "malo.csv", *OPTIONS)
    assert run.code == 1
    assert "malo.csv (table complaints): 1 fault(s).\n  row 2, column 2021, 'tres'" in run.err


def test_what_is_asked_and_what_is_wrong_is_data_too(excel, tmp_path):
    months = tmp_path / "meses.csv"
    months.write_text("Región,mes,víctimas\nIca,1,3\nPuno,2,4\n", encoding="utf-8")
    with pytest.raises(FilesError) as raised:
        new_study(tmp_path / "e", [excel, months], options={"meses.csv": {"register": "X"}})
    asked = {(one.file, one.option): one for one in raised.value.questions}
    assert asked.keys() == {
        (excel.name, "register"), (excel.name, "measure"), ("meses.csv", "period")}  # fmt: skip
    assert "victims" in asked[excel.name, "measure"].choices
    assert raised.value.errors.keys() == {"meses.csv"}
    told = answer({"register": "X"}, asked["meses.csv", "period"], "2022-01/2022-02")
    made = new_study(tmp_path / "e", [months], options={"meses.csv": told})
    assert made.accounts[0][0].total_out == 7
    assert answer(told, asked["meses.csv", "period"], "") == {"register": "X"}
    with pytest.raises(StudyError, match="none of"):
        answer({}, asked[excel.name, "measure"], "crimes")


def test_columns_to_choose_from_are_those_that_may_be_shown(tmp_path):
    file = tmp_path / "dos.csv"
    file.write_text(
        "Región,Nombre de la víctima,columna A,columna B\nIca,Persona Inventada,3,4\n", "utf-8"
    )
    with pytest.raises(FilesError) as raised:
        new_study(tmp_path / "e", [file], options={"": {"register": "X", "measure": "victims"}})
    for question in raised.value.questions:
        assert "Persona Inventada" not in question.choices


def test_a_name_can_be_read_as_a_known_place(command, tmp_path):
    """By the nearest names, in cells and in the header of a matrix, and it is said."""
    table, matrix = tmp_path / "casos.csv", tmp_path / "matriz.csv"
    table.write_text("Región;2021\nLimma;30\nCuzko;50\nPuno;20\n", encoding="utf-8")
    matrix.write_text("Origen \\ Destino;Limma;Tacna\nPuno;12;20\nCusco;15;30\n", encoding="utf-8")
    told = {"": {"register": "X", "measure": "victims"}}
    with pytest.raises(FilesError) as raised:
        new_study(tmp_path / "e", [table, matrix], options=told)
    asked = {(one.file, one.role): one for one in raised.value.questions if one.role}
    assert "Lima" in asked["casos.csv", "Limma"].choices
    options = answer({}, asked["casos.csv", "Limma"], "Lima")
    options = answer(options, asked["casos.csv", "Cuzko"], "Cusco")
    assert options == {"same_as": {"Limma": "Lima", "Cuzko": "Cusco"}}
    told |= {"casos.csv": options, "matriz.csv": {"same_as": {"Limma": "Lima"}}}
    made = new_study(tmp_path / "e", [table, matrix], options=told)
    assert "'Limma' was read as 'Lima' in 1 cell(s)" in made.accounts[0][0].render()
    tables = read_study(tmp_path / "e").tables
    assert tables.complaints.set_index("ubigeo")["value"].to_dict() == {
        "15": 30,
        "08": 50,
        "21": 20,
    }
    assert set(tables.flows["destination"]) == {"15", "23"}
    run = command("new", tmp_path / "f", table, matrix, "--same-as", "Limma=Lima", "--same-as",
                  "Cuzko=Cusco", "--register", "X", "--measure", "victims")  # fmt: skip
    assert run.code == 0, run.err
    assert (tmp_path / "f/complaints.csv").read_bytes() == (
        tmp_path / "e/complaints.csv"
    ).read_bytes()
