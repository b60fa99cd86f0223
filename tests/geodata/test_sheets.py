"""Any table as text cells. All numbers are invented."""

import zipfile
from pathlib import Path

import openpyxl
import pytest
from corredor.geodata.errors import DataFileError
from corredor.geodata.sheets.sheet import open_sheet
from corredor.geodata.sheets.values import value_text

HEADER = ("Departamento", "2016", "2017")
ROWS = (("Áncash", "1433", "12"), ("Perú", "3", "4"))


def csv_text(separator: str) -> str:
    return "".join(f"{separator.join(row)}\r\n" for row in (HEADER, *ROWS))


def write(tmp_path: Path, text: str, encoding: str = "utf-8", name: str = "tabla.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def workbook(tmp_path: Path, rows, name="libro.xlsx"):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    return book, tmp_path / name


def said(messages) -> str:
    return " | ".join(str(message) for message in messages)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1", "cp850"]
)
def test_separator_and_encoding_are_found_out(tmp_path, separator, encoding):
    text = ("\ufeff" if encoding == "utf-16-le" else "") + csv_text(separator)
    sheet = open_sheet(write(tmp_path, text, encoding))
    assert (sheet.header, sheet.rows, sheet.row_numbers) == (HEADER, ROWS, (2, 3))


def test_commas_in_numbers_do_not_part_cells(tmp_path):
    sheet = open_sheet(write(tmp_path, "Dep;2016;2017\nLima;1,433;1,500\nIca;2,000;3,000\n"))
    assert sheet.rows[0] == ("Lima", "1,433", "1,500")


def test_a_sep_line_is_believed_and_counts_as_a_row(tmp_path):
    sheet = open_sheet(write(tmp_path, "sep=;\nDep;2016\nLima;5\n"))
    assert (sheet.header, sheet.row_numbers) == (("Dep", "2016"), (3,))


def test_text_converted_twice_is_mended_and_said(tmp_path):
    text = csv_text(";").encode().decode("latin-1")
    sheet = open_sheet(write(tmp_path, text))
    assert sheet.rows == ROWS
    assert "converted twice in 2 cell(s)" in said(sheet.mended)


def test_titles_and_footnotes_become_notes(tmp_path):
    text = (
        "Cuadro 1;;\nDenuncias, 2016-2017;;\n\nDepartamento;2016;2017\nÁncash;1433;12\nPerú;3;4\n\n"
        "1/ Cifras de prueba.\nFuente: Oficina inventada; elaboración propia\n"
    )
    sheet = open_sheet(write(tmp_path, text))
    assert (sheet.header, sheet.rows, sheet.row_numbers) == (HEADER, ROWS, (5, 6))
    assert "above the table: Denuncias, 2016-2017" in said(sheet.notes)
    assert "below the table: Fuente: Oficina inventada; elaboración propia" in said(sheet.notes)


def test_a_header_in_two_rows_is_joined(tmp_path):
    text = "Departamento;2016;;2017;\n;Denuncias;Víctimas;Denuncias;Víctimas\nIca;1;2;3;4\n"
    sheet = open_sheet(write(tmp_path, text))
    assert sheet.header[1:] == (
        "2016 Denuncias", "2016 Víctimas", "2017 Denuncias", "2017 Víctimas",
    )  # fmt: skip
    assert sheet.rows == (("Ica", "1", "2", "3", "4"),)


def test_columns_and_rows_without_a_cell_are_dropped(tmp_path):
    sheet = open_sheet(write(tmp_path, "Departamento,2016,,\n\nIca,1,,\n,,,\n"))
    assert (sheet.header, sheet.rows) == (("Departamento", "2016"), (("Ica", "1"),))


def test_a_repeated_header_is_no_row(tmp_path):
    sheet = open_sheet(write(tmp_path, "Departamento,2016\nIca,1\nDepartamento,2016\nPuno,2\n"))
    assert [row[0] for row in sheet.rows] == ["Ica", "Puno"]
    assert "repeated 1 time(s)" in said(sheet.notes)


def test_a_column_without_a_name_gets_its_letters(tmp_path):
    assert open_sheet(write(tmp_path, ",2016\nIca,1\n")).header == ("column A", "2016")


def test_columns_are_found_in_any_spelling(tmp_path):
    sheet = open_sheet(write(tmp_path, "AÑO,Dpto.,Distrito_Fiscal\n2017,Ica,Ica\n"))
    assert sheet.find("anio", "año") == "AÑO"
    assert sheet.find("distrito fiscal", "dpto") == "Distrito_Fiscal"
    assert sheet.find("provincia") is None
    assert sheet.column("Dpto.") == ("Ica",)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("Dep,2016\nIca,1\nLima,1,433\n", r"row 3 has 3 cells, the header has 2"),
        ("Dep,2016,2017\nIca,1\nLima,1,4\n", r"row 2 has 2 cells, the header has 3"),
        ("Dep,2016,2016\nIca,1,2\n", r"names column '2016' more than once"),
        ("Año,AÑO,x\n1,2,3\n", r"names column 'AÑO' more than once"),
        ('Dep,2016\nIca,"1\n', r"after row 1 a quote is not closed"),
        ("12,13\n14,15\n", r"no row with column names"),
        ("<html><body>", r"this is a web page"),
        ('{"a": 1}', r"this is not a table"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(tmp_path, text, match):
    with pytest.raises(DataFileError, match=match):
        open_sheet(write(tmp_path, text))


def test_an_old_workbook_is_refused_by_its_content(tmp_path):
    path = tmp_path / "viejo.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    with pytest.raises(DataFileError, match=r"not a readable Excel workbook \(\.xls\)"):
        open_sheet(path)


def test_excel_merged_headers_titles_formats_and_other_sheets(tmp_path):
    book, path = workbook(
        tmp_path,
        [
            ["Cuadro 1. Denuncias inventadas"],
            [],
            ["Código", "Departamento", 2017, None],
            [None, None, "Denuncias", "Víctimas"],
            [1, "Áncash", 1433.0, 12.5],
            [2, "Lima", None, 1.433],
            ["Fuente: inventada"],
        ],
    )
    page = book.active
    for cells in ("A1:D1", "C3:D3", "A3:A4", "B3:B4"):
        page.merge_cells(cells)
    page["A5"].number_format = page["A6"].number_format = "00"
    page.row_dimensions[6].hidden = True
    book.create_sheet("Notas").append(["nada"])
    book.create_sheet("Oculta").sheet_state = "hidden"
    book.save(path)
    sheet = open_sheet(path)
    assert sheet.header == ("Código", "Departamento", "2017 Denuncias", "2017 Víctimas")
    assert sheet.rows == (("01", "Áncash", "1433", "12.5"), ("02", "Lima", "", "1.4330"))
    assert sheet.row_numbers == (5, 6)
    notes = said(sheet.notes)
    for note in ("1 hidden row(s)", "sheet 'Notas' was not read", "hidden sheet 'Oculta'"):
        assert note in notes


def test_several_tables_ask_for_the_sheet(tmp_path):
    book, path = workbook(tmp_path, [["Departamento", 2016], ["Ica", 1]])
    other = book.create_sheet("Víctimas")
    for row in (["Departamento", 2016], ["Ica", 2]):
        other.append(row)
    book.save(path)
    with pytest.raises(DataFileError, match=r"2 sheets hold a table: Sheet, Víctimas"):
        open_sheet(path)
    assert open_sheet(path, sheet="Víctimas").rows == (("Ica", "2"),)
    with pytest.raises(DataFileError, match=r"there is no sheet 'Otra'"):
        open_sheet(path, sheet="Otra")


@pytest.mark.parametrize(
    ("cell", "match"),
    [("=B2*2", r"cell B3 holds a formula without its result"), ("#REF!", r"B3 holds the error")],
)
def test_formulas_without_result_and_errors_are_refused(tmp_path, cell, match):
    book, path = workbook(tmp_path, [["Departamento", 2016], ["Ica", 1], ["Puno", cell]])
    book.save(path)
    with pytest.raises(DataFileError, match=match):
        open_sheet(path)


def test_a_merged_number_is_refused_and_a_merged_name_is_copied(tmp_path):
    rows = [["Departamento", "Año", "Casos"], ["Ica", 2016, 1], [None, 2017, 2], ["Puno", 2016, 5]]
    book, path = workbook(tmp_path, rows)
    book.active.merge_cells("A2:A3")
    book.save(path)
    assert open_sheet(path).column("Departamento") == ("Ica", "Ica", "Puno")
    book.active.merge_cells("C3:C4")
    book.save(path)
    with pytest.raises(DataFileError, match=r"cells C3:C4 are merged and hold the number 2"):
        open_sheet(path)


def test_a_declared_size_is_not_believed(tmp_path):
    book, path = workbook(tmp_path, [["Departamento", 2016], ["Ica", 1]])
    book.save(path)
    grown = tmp_path / "grande.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(grown, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith("sheet1.xml"):
                data = data.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
                assert b"XFD1048576" in data
            target.writestr(name, data)
    assert open_sheet(grown).rows == (("Ica", "1"),)


def test_xml_entities_in_a_workbook_are_refused(tmp_path):
    book, path = workbook(tmp_path, [["Departamento", 2016], ["Ica", 1]])
    book.save(path)
    evil = tmp_path / "malo.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(evil, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith("sheet1.xml"):
                data = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + data
            target.writestr(name, data)
    with pytest.raises(DataFileError, match="not a readable Excel workbook"):
        open_sheet(evil)


def test_numbers_of_a_workbook_can_not_be_taken_for_thousands():
    assert value_text(1.433) == "1.4330"
    assert value_text(0.125, "0%") == "12.5%"
    assert value_text(7, "000000") == "000007"


def test_parquet(tmp_path):
    pytest.importorskip("pyarrow")
    import pandas as pd

    path = tmp_path / "t.parquet"
    pd.DataFrame({"dep": ["Ica", "Puno"], "n": [1.0, None]}).to_parquet(path)
    assert open_sheet(path).rows == (("Ica", "1"), ("Puno", ""))
