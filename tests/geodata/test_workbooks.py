"""Workbooks of other makes, and tables inside archives. All numbers are invented."""

import datetime
import io
import zipfile
from html import escape

import openpyxl
import pytest
import xlwt
from corredor.geodata.errors import DataFileError
from corredor.geodata.sheets import ods
from corredor.geodata.sheets import xlsx as xlsx_reader
from corredor.geodata.sheets.sheet import open_sheet
from corredor.geodata.sheets.source import find_source

ROWS = [
    ["Código", "Departamento", "2016", "Porcentaje", "Corte"],
    ["02", "Áncash", 1433, 0.125, datetime.date(2017, 1, 5)],
    ["15", "Lima", None, 1.433, None],
]
CELLS = (("02", "Áncash", "1433", "12.5%", "2017-01-05"), ("15", "Lima", "", "143.3%", ""))


def xlsx(path, rows=ROWS):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cell in book.active["D"][1:]:
        cell.number_format = "0.0%"
    book.save(path)


def xls(path, rows=ROWS):
    book = xlwt.Workbook()
    page = book.add_sheet("Hoja")
    formats = {float: "0.0%", datetime.date: "YYYY-MM-DD"}
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            form = xlwt.easyxf(num_format_str=formats.get(type(value), "General"))
            page.write(i, j, value, form)
    book.save(str(path))


def write_ods(path, rows=ROWS, more=""):
    def cell(value):
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, str):
            kind = 'office:value-type="string"'
        elif isinstance(value, datetime.date):
            kind = f'office:value-type="date" office:date-value="{value}"'
        else:
            word = "percentage" if isinstance(value, float) else "float"
            kind = f'office:value-type="{word}" office:value="{value}"'
        return f"<table:table-cell {kind}><text:p>{escape(str(value))}</text:p></table:table-cell>"

    lines = "".join(f"<table:table-row>{''.join(map(cell, r))}</table:table-row>" for r in rows)
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="Hoja">{lines}{more}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )


WRITERS = {"xlsx": xlsx, "xls": xls, "ods": write_ods}


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("zipped", [False, True])
def test_every_make_gives_the_same_cells(tmp_path, kind, zipped):
    path = tmp_path / f"tabla.{kind}"
    WRITERS[kind](path)
    if zipped:
        archive = tmp_path / "datos.zip"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.write(path, f"carpeta/{path.name}")
            packed.writestr("carpeta/LEEME.txt", "Datos inventados.")
        path = archive
    sheet = open_sheet(path)
    assert sheet.header == tuple(ROWS[0])
    assert sheet.rows == CELLS
    assert sheet.file == f"tabla.{kind}"


def test_a_csv_inside_an_archive_is_read_and_nothing_is_unpacked(tmp_path):
    path = tmp_path / "datos.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tabla.csv", "Departamento;2016\nÁncash;5\n".encode("cp1252"))
        archive.writestr("__MACOSX/._tabla.csv", b"\0\1")
    assert open_sheet(path).rows == (("Áncash", "5"),)
    assert [file.name for file in tmp_path.iterdir()] == ["datos.zip"]


@pytest.mark.parametrize(
    ("members", "match"),
    [
        ({"a.csv": "x;y\n1;2\n", "b.csv": "x;y\n1;2\n"}, r"holds 2 tables: a\.csv, b\.csv"),
        ({"a.docx": "x"}, r"holds no table"),
        ({"a.csv": b"PK\x03\x04"}, r"a damaged or half-downloaded archive"),
        ({"a.csv": ""}, r"an empty file"),
    ],
)
def test_an_archive_without_one_table_is_refused(tmp_path, members, match):
    path = tmp_path / "datos.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(DataFileError, match=match):
        open_sheet(path)


def test_a_table_that_unpacks_to_too_much_is_refused_by_its_declared_size(tmp_path):
    path = tmp_path / "bomba.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("a.csv", "w", force_zip64=True) as member:
            for _ in range(310):
                member.write(bytes(1_000_000))
        archive.writestr("LEEME.txt", bytes(range(256)) * 4, zipfile.ZIP_STORED)
    with pytest.raises(DataFileError, match="would unpack to 310 MB"):
        open_sheet(path)


def change_xlsx(path, old, new):
    """Change the XML of the first sheet."""
    changed = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith("sheet1.xml"):
                assert old in data
                data = data.replace(old, new)
            target.writestr(name, data)
    path.write_bytes(changed.getvalue())


def test_a_cell_far_away_is_refused_before_the_rectangle_is_filled(tmp_path):
    path = tmp_path / "lejos.xlsx"
    xlsx(path, [["Departamento", 2016], ["Ica", 1]])
    change_xlsx(
        path,
        b"</sheetData>",
        b'<row r="1048576"><c r="XFD1048576"><v>5</v></c></row></sheetData>',
    )
    with pytest.raises(DataFileError, match=r"cells reach to XFD1048576"):
        open_sheet(path)


def test_empty_cells_with_a_style_far_away_do_no_harm(tmp_path):
    path = tmp_path / "lejos.xlsx"
    xlsx(path, [["Departamento", 2016], ["Ica", 1]])
    change_xlsx(
        path,
        b"</sheetData>",
        b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>',
    )
    assert open_sheet(path).rows == (("Ica", "1"),)


def test_cells_without_names_are_counted(tmp_path):
    path = tmp_path / "sin_nombres.xlsx"
    xlsx(path, [["Departamento", 2016], ["Ica", 1]])
    for name in (b"A1", b"B1", b"A2", b"B2"):
        change_xlsx(path, b' r="%s"' % name, b"")
    assert open_sheet(path).rows == (("Ica", "1"),)


def test_a_repeated_cell_of_a_spreadsheet_cannot_fill_the_memory(tmp_path):
    path = tmp_path / "bomba.ods"
    write_ods(
        path,
        more='<table:table-row table:number-rows-repeated="1048576"><table:table-cell'
        ' table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
        "</table:table-row>",
    )
    with pytest.raises(DataFileError, match="more than is read"):
        open_sheet(path)


def row_of(*cells, times=""):
    inner = "".join(f"<table:table-cell {c}</table:table-cell>" if "<" in c
                    else f"<table:table-cell {c}/>" for c in cells)  # fmt: skip
    return f"<table:table-row{times}>{inner}</table:table-row>"


REPEATED = "table:number-columns-repeated="
PLAIN = {
    "as it is": "",
    "equal cells written once": row_of(f'{REPEATED}"3" office:value-type="float" office:value="4"'),
    "a blank row": row_of() + row_of("", 'office:value-type="string"><text:p>&amp; Ñ</text:p>'),
    "blank rows to the end": row_of(
        f'{REPEATED}"1024"', times=' table:number-rows-repeated="1048000"'
    ),
    "blank cells to the end": row_of(
        'office:value-type="currency" office:value="12.5"', f'{REPEATED}"1000"'
    ),
    "numbers": "".join(
        row_of(f'office:value-type="float" office:value="{n}"') for n in (0, 1.204, -3, 1e9, 0.1)
    ),
    "a date": row_of(
        'office:value-type="date" office:date-value="2022-03-04"><text:p>04/03/22</text:p>'
    ),
}


@pytest.mark.parametrize("more", PLAIN)
def test_plain_spreadsheets_are_read_in_both_ways_alike(tmp_path, monkeypatch, more):
    path = tmp_path / "tabla.ods"
    rows = [["Departamento", "Casos", "Nota"], ["Ica", 1, None], [" Lima ", 20, "a\tb"]]
    write_ods(path, rows, more=PLAIN[more])
    source = find_source(path)
    assert ods._read_plain(source, "Hoja") is not None
    quick = ods.read_ods_grid(source, "Hoja")
    monkeypatch.setattr(ods, "_plain_book", lambda source: None)
    assert quick.rows == ods.read_ods_grid(source, "Hoja").rows
    assert ods.list_ods(source).names == ("Hoja",)


@pytest.mark.parametrize(
    "cell",
    ['table:formula="of:=1" office:value-type="float" office:value="1"',
     'office:value-type="percentage" office:value="0.5"', 'table:number-columns-spanned="2"',
     'table:number-columns-repeated="16384" office:value-type="float" office:value="1"',
     'office:value-type="boolean" office:boolean-value="true"'],
)  # fmt: skip
def test_what_calamine_hides_is_read_the_careful_way(tmp_path, cell):
    path = tmp_path / "tabla.ods"
    write_ods(path, more=f"<table:table-row><table:table-cell {cell}/></table:table-row>")
    assert ods._plain_book(find_source(path)) is None


@pytest.mark.parametrize(
    ("cell", "match"),
    [
        ('table:formula="of:=1/0" office:value-type="string"', r"cell A4 holds the error #DIV/0!"),
        ('table:formula="of:=B1"', r"cell A4 holds a formula without its result"),
        ('office:value-type="float" office:value="mil"', r"not a readable spreadsheet"),
    ],
)
def test_errors_and_formulas_of_a_spreadsheet_are_refused(tmp_path, cell, match):
    path = tmp_path / "tabla.ods"
    shown = "#DIV/0!" if "1/0" in cell else "x"
    write_ods(
        path,
        more=f"<table:table-row><table:table-cell {cell}><text:p>{shown}</text:p>"
        "</table:table-cell></table:table-row>",
    )
    with pytest.raises(DataFileError, match=match):
        open_sheet(path)


def test_a_formula_of_an_old_workbook_without_result_is_refused(tmp_path):
    book = xlwt.Workbook()
    page = book.add_sheet("Hoja")
    for i, (place, count) in enumerate((("Departamento", "2016"), ("Ica", 1))):
        page.write(i, 0, place)
        page.write(i, 1, count)
    page.write(2, 0, "Puno")
    page.write(2, 1, xlwt.Formula("B2*2"))
    book.save(str(tmp_path / "viejo.xls"))
    with pytest.raises(DataFileError, match=r"cell B3 holds a formula without its result"):
        open_sheet(tmp_path / "viejo.xls")


def test_a_locked_workbook_says_so(tmp_path):
    path = tmp_path / "cerrado.xlsx"
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    path.write_bytes(head + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600)
    with pytest.raises(DataFileError, match="locked with a password"):
        open_sheet(path)


def test_a_panic_of_the_reader_is_an_error_of_ours(tmp_path, monkeypatch):
    class Panic(BaseException):
        pass

    def load(*_):
        raise Panic

    path = tmp_path / "tabla.xlsx"
    xlsx(path)
    monkeypatch.setattr("python_calamine.load_workbook", load)
    with pytest.raises(DataFileError, match="not a readable Excel workbook"):
        xlsx_reader.read_xlsx_grid(xlsx_reader.Source(path, "xlsx"), "Sheet")


def test_text_in_utf16_without_a_mark_is_read(tmp_path):
    for codec in ("utf-16-le", "utf-16-be"):
        path = tmp_path / f"{codec}.csv"
        path.write_bytes("Departamento;2016\nÁncash;5\n".encode(codec))
        assert open_sheet(path).rows == (("Áncash", "5"),)
