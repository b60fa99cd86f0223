"""What a table of complaints means, and when it is refused. Persons and numbers are invented."""

import shutil
from pathlib import Path

import openpyxl
import pytest
from corredor.geodata import (
    DataFileError,
    StudyError,
    TableError,
    build_resolver,
    read_complaints,
    read_regions,
    read_study,
)
from corredor.geodata.intake.flows import read_flows
from corredor.geodata.intake.read import check_file
from corredor.geodata.study.tables import LARGEST_TABLE, read_cells

HEAD = "Departamento;2017\n"
LONG = "Año;Departamento;Sexo;Casos\n"
REFUSED = {
    "a letter in a year": (
        "Departamento;2017;20l8\nCusco;5;6\n", r"column '20l8' stands among columns of periods"),
    "half-years or quarters": (
        "Departamento;2017-I;2017-II\nCusco;5;6\n", r"'2017-I' may be.*'2017-S1' for the one"),
    "days or years": (
        "Departamento;01/01/2016;01/01/2017\nCusco;5;6\n", r"'01/01/2016' may be a period"),
    "months without a year": (
        "Departamento;Enero;Febrero\nCusco;5;6\n", r"name months, but no year is stated"),
    "the error of a formula": (
        f"{HEAD}Cusco;#N/A\nPuno;#¡REF!\n", r"row 2.*'#N/A': This is the error of a formula"),
    "only other crimes": (
        "Año;Departamento;Delito;Casos\n2017;Cusco;Hurto;5\n2017;Puno;Robo;6\n",
        r"row 2, column Delito, 'Hurto': This is another crime"),
    "another crime in one row": (
        "Año;Departamento;Delito;Casos\n2017;Cusco;Trata de personas;5\n2017;Puno;Robo;6\n",
        r"1 fault.*\n.*row 3, column Delito, 'Robo'"),
    "a province of another region": (
        "Año;Departamento;Provincia;Casos\n2017;Loreto;Maynas;5\n2017;Loreto;Tambopata;6\n",
        r"row 3, column Provincia, 'Tambopata': This lies in Madre de Dios, but .* Loreto"),
    "Lima and Callao in one count": (
        f"{HEAD}Lima y Callao;15\nPuno;4\n", r"one count for two regions, .* shared out"),
    "a note that Callao is inside": (f"{HEAD}Lima (incluye Callao);15\n", r"count for two regions"),
    "another separator in one row": (
        "Departamento;2016;2017\nLima,1,2\nPuno;3;4\n", r"row 2 has 1 cells.*Complete the row, or"),
    "a row that is cut off": (
        "Departamento;2016;2017\nLima;1;2\nPuno;3", r"row 3 has 2 cells.*Complete the row"),
    "sums below no name": (
        "Departamento;2016;2017;\nLima;1;2;3\nPuno;3;4;7\n", r"column D, beyond the header"),
    "a month that is not given": (
        "Año;Mes;Departamento;Casos\n2017;;Lima;3\n2017;Enero;Puno;4\n",
        r"row 2.*Año, Mes, '2017 '"),
    "a control character between two numbers": (
        f"{HEAD}Lima;66\x0c26\n", r"row 2, column 2017, '66\ufffd26': This is not a number"),
    "numbers in thousands": (
        f"Denuncias (en miles)\n{HEAD}Lima;3\n", r"rounded to thousands or millions \('Denuncias"),
    "another measure than asked for": (
        "Año;Departamento;Víctimas\n2017;Lima;3\n",
        r"its counts are victims \(column 'Víctimas'\)"),
    "districts without their regions": (
        "Año;Distrito;Casos\n2017;Santa Rosa;3\n",
        r"column 'Distrito' names districts, not regions"),
    "a place that nothing looks like": (f"{HEAD}Atlántida;5\n", r"allow_unmatched=True"),
}  # fmt: skip
READ = {
    "counts and percentages by year": (
        "Departamento;2017 N°;2017 %\nLima;5;41.7\nPuno;7;58.3\n", 12),
    "counts and percentages below the years": (
        "Departamento;2016;;2017;\n;Abs.;%;Abs.;%\nLima;1;33.3;4;44.4\nPuno;2;66.7;5;55.6\n", 12),
    "a pivot table": (
        "Cuenta de casos;Etiquetas de columna;;\nEtiquetas de fila;2016;2017;Total general\n"
        "Lima;1;4;5\nPuno;2;5;7\nTotal general;3;9;12\n", 12),
    "a total in English": (f"{HEAD}Cusco;5\nPuno;7\nGrand total;12\n", 12),
    "a total with its letters apart": (f"{HEAD}Cusco;5\nPuno;7\nT O T A L;12\n", 12),
    "the word region behind the name": (f"{HEAD}Cusco Region;5\nMadre de Dios Region;7\n", 12),
    "codes of ISO beside names": ("Código;Departamento;2017\nPE-CUS;Cusco;5\nPE-PUN;Puno;7\n", 12),
    "crimes that are all trafficking": (
        "Año;Departamento;Delito;Casos\n2017;Cusco;Trata de personas;5\n"
        "2017;Puno;Art. 153-A;6\n2017;Ica;129-B;1\n", 12),
    "a province with a name of its own list": (
        "Año;Departamento;Provincia;Casos\n2017;Loreto;Maynas;5\n2017;Loreto;Nueva;7\n", 12),
}  # fmt: skip


@pytest.fixture
def read(tmp_path):
    def read_(text, **options):
        path = tmp_path / "tabla.csv"
        path.write_text(text, encoding="utf-8")
        return read_complaints(path, register="X", measure="complaints", source_id="s", **options)

    return read_


@pytest.mark.parametrize(("text", "match"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_with_the_true_reason(read, text, match):
    with pytest.raises((DataFileError, TableError), match=match) as caught:
        read(text)
    assert caught.value.render("es") != caught.value.render("en")


@pytest.mark.parametrize(("text", "total"), READ.values(), ids=READ)
def test_it_is_read_to_its_total(read, text, total):
    assert read(text).table["value"].sum() == total


def test_damaged_names_are_read_and_said(read):
    table, account = read(f"{HEAD}Jun?n;5\nHu\ufffdnuco;7\nLORET0;1\n")
    assert dict(zip(table["ubigeo"], table["value"], strict=True)) == {"12": 5, "10": 7, "16": 1}
    assert "understood (3 row(s)" in account.render()
    assert "Jun?n = Junín" in account.render()
    with pytest.raises(TableError, match=r"'L\?m'.*not known"):
        read(f"{HEAD}L?m;5\n")


def test_a_point_taken_for_a_thousands_mark_is_said(read):
    account = read(f"{HEAD}Lima;1.433\nPuno;7\n").account.render()
    assert "'.' was taken for a thousands mark in 1 count(s), for example 1,433" in account


def test_a_title_that_speaks_of_another_measure_is_said(read):
    titled = read(f"VÍCTIMAS DE TRATA\n{HEAD}Lima;1\n").account.render()
    assert "the title speaks of victims, but the counts were taken for complaints" in titled
    assert "speaks of" not in read(f"Denuncias y víctimas\n{HEAD}Lima;1\n").account.render()


def test_both_sexes_are_a_total(read):
    rows = "2017;Cusco;H;4\n2017;Cusco;M;6\n2017;Cusco;H y M;10\n"
    table, account = read(LONG + rows, add_up=["Sexo"])
    assert table["value"].tolist() == [10]
    assert account.left_out[0].rows == 1


def test_a_total_under_another_name_is_not_added_to_its_parts(read):
    rows = "2017;{0};H;4\n2017;{0};M;6\n2017;{0};En conjunto;10\n"
    text = LONG + rows.format("Cusco") + rows.format("Puno").replace("6", "7").replace("10", "11")
    with pytest.raises(TableError, match="row 4, column Sexo, 'En conjunto': Its counts"):
        read(text, add_up=["Sexo"])
    other = text.replace(";11\n", ";12\n")
    assert read(other, add_up=["Sexo"]).table["value"].tolist() == [20, 23]
    known = text.replace("En conjunto", "Todas las personas")
    assert read(known, add_up=["Sexo"]).table["value"].tolist() == [10, 11]


def test_codes_under_the_word_for_regions_are_read_and_it_is_said(read):
    reading = read("Región;2017\n15;5\n210000;6\nPE03;7\n")
    assert reading.table["ubigeo"].tolist() == ["15", "21", "03"]
    assert reading.table["place"].tolist() == ["Lima", "Puno", "Apurímac"]
    assert "the codes were read as those of INEI" in str(
        [str(note) for note in reading.account.notes]
    )


@pytest.mark.parametrize(
    ("bands", "refused"),
    [
        (("0-17", "14-17", "18 a más"), "'14-17': It shares ages with '0-17' .row 2"),
        (("0 a 17 años", "18 a 29", "25 y más"), "'25 y más': It shares ages with '18 a 29'"),
        (("0-17", "18-29", "30+"), None),
    ],
)
def test_age_groups_that_overlap_are_not_added_up(read, bands, refused):
    rows = "".join(f"2017;Cusco;{band};{n}\n" for n, band in enumerate(bands, start=1))
    text = LONG.replace("Sexo", "Edad") + rows
    if refused:
        with pytest.raises(TableError, match=refused):
            read(text, add_up=["Edad"])
    else:
        assert read(text, add_up=["Edad"]).table["value"].tolist() == [6]


def test_very_many_repeated_rows_are_counted_and_few_kept(read):
    with pytest.raises(TableError, match=r"2,?999 fault") as caught:
        read(HEAD + "Lima;3\n" * 3000)
    assert len(caught.value.faults) == 1000
    assert "and 2979 more" in caught.value.render()


def test_a_register_without_names_is_no_table_of_flows(tmp_path, peru_study):
    path = tmp_path / "registro.csv"
    path.write_text("fecha_hecho,sexo,edad,lugar_captacion,lugar_explotacion\n"
                    "2019-02-03,F,15,Iquitos,Lima\n2019-03-03,F,25,Iquitos,Lima\n")  # fmt: skip
    with pytest.raises(TableError, match=r"one row a case: .*fecha_hecho, sexo, edad"):
        read_flows(path, source_id="s", resolver=build_resolver(places=peru_study.tables.places))


def test_a_workbook_is_read_whatever_its_suffix(tmp_path):
    book = openpyxl.Workbook()
    for row in (("Departamento", 2017), ("Cusco", 5)):
        book.active.append(row)
    book.save(tmp_path / "tabla.xlsx")
    shutil.copy(tmp_path / "tabla.xlsx", tmp_path / "tabla.xls")
    table, _ = read_complaints(
        tmp_path / "tabla.xls", register="X", measure="complaints", source_id="s"
    )
    assert table["value"].tolist() == [5]


@pytest.mark.parametrize(
    ("name", "content", "match"),
    [
        ("vacio.zip", b"PK\x05\x06" + bytes(18), "an archive without any file in it"),
        ("dañado.csv", b"Departamento;2017\nLi\0ma;3\nPuno;4\n", "a text with NUL characters"),
        ("binario.csv", bytes(range(256)) * 4 + bytes(900), "binary file of a kind"),
    ],
)
def test_what_a_file_really_is(tmp_path, name, content, match):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataFileError, match=match):
        read_complaints(tmp_path / name, register="X", measure="complaints", source_id="s")


@pytest.mark.parametrize("address", ["https://example.org/d.csv", "/vsicurl/http://h/d.csv"])
def test_a_web_address_is_not_opened(address):
    with pytest.raises(DataFileError, match="only files on this computer are read"):
        read_complaints(Path(address), register="X", measure="complaints", source_id="s")


def test_deep_toml_is_refused(tmp_path):
    (tmp_path / "study.toml").write_text("a=" + "[" * 100_000)
    with pytest.raises(StudyError, match="not valid TOML"):
        read_study(tmp_path)


def test_an_empty_layer_is_never_the_one_that_is_meant(tmp_path):
    shape = {"type": "Polygon", "arcs": [[0]], "properties": {"ubigeo": "08", "name": "Cusco"}}
    objects = {
        "paises": {"type": "GeometryCollection", "geometries": []},
        "regiones": {"type": "GeometryCollection", "geometries": [shape]},
    }
    arc = [[-73, -13], [-72, -13], [-72, -14], [-73, -13]]
    path = tmp_path / "dos.topojson"
    path.write_text(str({"type": "Topology", "arcs": [arc], "objects": objects}).replace("'", '"'))
    assert read_regions(path).table["ubigeo"].tolist() == ["08"]
    with pytest.raises(DataFileError, match="it has no rows"):
        read_regions(path, layer="paises")
    path.write_text('{"type": "Topology", "arcs": [], "objects": {}}')
    with pytest.raises(DataFileError, match="no map layer"):
        read_regions(path)


def test_a_study_does_not_read_tables_without_end(tmp_path):
    path = tmp_path / "flows.csv"
    with path.open("wb") as file:
        file.write(b"flow_id,origin\n" * 400)
        file.truncate(LARGEST_TABLE + 1)  # takes no room on the disk
    with pytest.raises(DataFileError, match=r"100 MB is more than is read \(100 MB\)"):
        read_cells(path)


def test_the_year_of_another_sheet_is_not_offered(tmp_path, peru_study):
    book = openpyxl.Workbook()
    book.active.title = "2022"
    for row in (("Origen", "Destino", "Casos"), ("Puno", "Lima", 3)):
        book.active.append(row)
    book.create_sheet("2021").append(("otra",))
    book.save(tmp_path / "flujos.xlsx")
    resolver = build_resolver(places=peru_study.tables.places)
    account = read_flows(
        tmp_path / "flujos.xlsx", source_id="s", sheet="2022", resolver=resolver
    ).account
    assert "sheet '2021' was not read" in account.render()
    assert "names 2021" not in account.render()


def test_a_table_of_very_many_columns_is_refused_in_one_sentence(read):
    names = ";".join(f"c{n}" for n in range(5000))
    with pytest.raises(DataFileError, match="more than 4,000 columns are not read") as caught:
        read(f"Departamento;{names}\nLima{';1' * 5000}\n")
    assert len(caught.value.render()) < 200


def test_of_many_columns_few_are_named(tmp_path):
    path = tmp_path / "tabla.csv"
    names = ",".join(f"c{n}" for n in range(100))
    path.write_text(f"{names}\n{','.join(['x'] * 100)}\n")
    with pytest.raises(DataFileError) as caught:
        check_file(path, {})
    assert "c3" in caught.value.render()
    assert "c30" not in caught.value.render()
