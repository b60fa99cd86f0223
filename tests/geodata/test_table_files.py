"""Files on their way in: CSV as it is found in the wild, Excel, and what is no table at all."""

import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from corredor.geodata import DataFileError, MissingExtraError, TableError, read_checked

HEADER = ["register", "name_es", "name_en", "counts_es", "counts_en"]
ROWS = [
    ["MP", "Fiscalía", "Prosecutors", "Denuncias", ""],
    ["PNP", "Policía", "Police", "", "a, b"],
]


def csv_text(separator: str = ",", newline: str = "\n") -> str:
    lines = [[f'"{cell}"' if separator in cell else cell for cell in row] for row in ROWS]
    return newline.join(separator.join(row) for row in [HEADER, *lines]) + newline


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def write_workbook(path: Path, rows: list[list[object]]) -> Path:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    workbook.save(path)
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_csv_of_any_spreadsheet_gives_the_same_cells(tmp_path, separator, newline, encoding):
    path = write(tmp_path / "registers.csv", csv_text(separator, newline), encoding)
    table = read_checked(path, "registers")
    assert list(table.columns) == HEADER
    assert table.to_numpy().tolist() == ROWS


def test_blanks_around_cells_and_empty_lines_at_the_end_do_not_matter(tmp_path):
    text = csv_text().replace("Fiscalía", "  Fiscalía ").replace("name_es", " name_es ") + "\n\n"
    table = read_checked(write(tmp_path / "registers.CSV", text), "registers")
    assert table.to_numpy().tolist() == ROWS


def test_a_header_alone_is_an_empty_table(tmp_path):
    table = read_checked(write(tmp_path / "registers.csv", ",".join(HEADER)), "registers")
    assert table.shape == (0, 5)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (csv_text().replace('"a, b"', "a, b"),
         r"registers\.csv: row 3 has 6 cells, the header has 5\. Put quotes around cells that"
         r" contain ','\.$"),
        (csv_text().replace(",Denuncias,", ",Denuncias"),
         r"registers\.csv: row 2 has 4 cells, the header has 5\. Put quotes around cells"),
        (csv_text().replace("counts_es", "name_es"),
         r"the header names column 'name_es' more than once\. Rename one of them\.$"),
        (csv_text().replace("Policía", '"Policía'), r"a quote is not closed, or stands inside"),
        ("", r"this is an empty file\.$"),
        ("\n" + csv_text(), r"row 1 holds no column names\.$"),
        (csv_text().replace("MP", "M\0P"), r"a text with NUL characters, so it was damaged"),
    ],
)  # fmt: skip
def test_broken_csv_is_refused_with_the_row(tmp_path, text, message):
    with pytest.raises(DataFileError, match=message):
        read_checked(write(tmp_path / "registers.csv", text), "registers")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_csv_as_excel_saves_it_in_other_encodings_is_read(tmp_path, encoding):
    path = write(tmp_path / "registers.csv", csv_text(), encoding)
    assert read_checked(path, "registers").to_numpy().tolist() == ROWS


def test_blank_rows_of_csv_are_rows_without_values(tmp_path):
    path = write(tmp_path / "registers.csv", csv_text().replace("\nPNP", "\n\nPNP"))
    with pytest.raises(TableError) as caught:
        read_checked(path, "registers")
    assert {fault.row for fault in caught.value.faults} == {3}


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path):
    text = csv_text().replace("Fiscalía", '"Fis\ncalía"').replace("\nPNP", "\n")
    with pytest.raises(TableError) as caught:
        read_checked(write(tmp_path / "registers.csv", text), "registers")
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [(3, "register")]


@pytest.mark.parametrize("name", ["registers.ods", "registers.xlsx", "registers"])
def test_the_content_tells_what_a_table_is_not_its_name(tmp_path, name):
    path = write(tmp_path / name, csv_text())
    assert read_checked(path, "registers").to_numpy().tolist() == ROWS


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_a_missing_file_is_named(tmp_path, suffix):
    with pytest.raises(DataFileError, match=rf"gone\{suffix}: there is no such file\.$"):
        read_checked(tmp_path / f"gone{suffix}", "registers")


def test_a_file_that_another_program_holds_is_a_data_file_error(tmp_path, monkeypatch):
    path = write(tmp_path / "registers.csv", csv_text())

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refuse)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DataFileError, match=r"registers\.csv: it cannot be read"):
        read_checked(path, "registers")


def test_excel_gives_the_same_cells_as_csv(tmp_path):
    rows = [HEADER, *[[cell or None for cell in row] for row in ROWS]]
    path = write_workbook(tmp_path / "registers.xlsx", rows)
    from_csv = read_checked(write(tmp_path / "registers.csv", csv_text()), "registers")
    pd.testing.assert_frame_equal(read_checked(path, "registers"), from_csv)


def test_excel_keeps_codes_and_takes_numbers(tmp_path):
    header = ["ubigeo", "name", "population", "year", "source_id"]
    rows = [["01", "NA", 1000, 2017, "s"], ["02", "B", 2e3, "2017", "s"]]
    path = write_workbook(tmp_path / "population.xlsx", [header, *rows])
    table = read_checked(path, "population")
    assert table["ubigeo"].tolist() == ["01", "02"]
    assert table["name"].tolist() == ["NA", "B"]
    assert table["population"].tolist() == [1000.0, 2000.0]
    assert table["year"].tolist() == ["2017", "2017"]


def test_excel_that_lost_the_leading_zero_is_refused_with_the_row(tmp_path):
    header = ["district", "canonical", "ubigeo", "source_id"]
    rows = [["A", "A", "01", "s"], ["B", "B", 2, "s"]]
    path = write_workbook(tmp_path / "districts.xlsx", [header, *rows])
    with pytest.raises(TableError, match=r"row 3, column ubigeo, '2': .*INEI codes as text"):
        read_checked(path, "districts")


def test_rows_of_excel_are_counted_with_the_blank_ones(tmp_path):
    path = write_workbook(tmp_path / "registers.xlsx", [HEADER, ROWS[0], [], ROWS[1]])
    with pytest.raises(TableError) as caught:
        read_checked(path, "registers")
    assert {fault.row for fault in caught.value.faults} == {3}


def test_excel_that_names_a_column_twice_is_refused(tmp_path):
    path = write_workbook(tmp_path / "registers.xlsx", [[*HEADER, "name_es"], [*ROWS[0], "other"]])
    with pytest.raises(DataFileError, match="names column 'name_es' more than once"):
        read_checked(path, "registers")


def test_an_empty_workbook_is_refused(tmp_path):
    with pytest.raises(DataFileError, match=r"registers\.xlsx"):
        read_checked(write_workbook(tmp_path / "registers.xlsx", []), "registers")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04 and then nothing", "damaged or half-downloaded archive"),
        (b"PAR1 and then nothing", r"corredor\[parquet\]|not a readable"),
        (b"%PDF-1.4", "a PDF document"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, content, message):
    path = tmp_path / "registers.csv"
    path.write_bytes(content)
    with pytest.raises((DataFileError, MissingExtraError), match=message):
        read_checked(path, "registers")


def test_a_missing_extra_is_named(tmp_path, monkeypatch):
    path = tmp_path / "registers.xlsx"
    path.write_bytes(b"PAR1 and then nothing")
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'corredor\[parquet\]'") as caught:
        read_checked(path, "registers")
    assert isinstance(caught.value, ImportError)
    assert "pip install 'corredor[parquet]'" in caught.value.render("es")
