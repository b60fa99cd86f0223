"""Excel workbooks (.xlsx) as rows of cells, with what openpyxl does not say: merges, hidden rows.

Values come from openpyxl; the XML of a sheet is passed once more, in pieces, for merged cells,
hidden rows and columns, and formulas that were never calculated.
"""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from ..errors import DataFileError, MissingExtraError
from ..messages import Message
from .sheet_text import MOST_CELLS, Grid, Span

_PIECE = 1 << 20
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)"
    rb"\s*(?:</(?:\w+:)?c>|<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)"
)
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref=\"([A-Z]+)(\d+):([A-Z]+)(\d+)\"")
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\bhidden=\"(?:1|true)\"[^>]*>")
_HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*?\bhidden=\"(?:1|true)\"[^>]*>")
_CELL_NAME = re.compile(rb"\br=\"([A-Z]+\d+)\"")
_ROW_NUMBER = re.compile(rb"\br=\"(\d+)\"")
_ERROR_CELL = re.compile(r"#(REF|DIV/0|VALUE|N/A|NAME|NULL|NUM|SPILL|CALC)[!?]?", re.IGNORECASE)


@dataclass(frozen=True)
class Book:
    """The sheets of a workbook, in its order.

    Parameters
    ----------
    names : tuple of str
        Visible sheets.
    hidden : tuple of str
        Hidden sheets.
    """

    names: tuple[str, ...]
    hidden: tuple[str, ...]


@dataclass(frozen=True)
class _Extras:
    merged: tuple[Span, ...]
    hidden_rows: tuple[int, ...]
    hidden_columns: int
    uncalculated: tuple[str, ...]


def list_sheets(path: Path) -> Book:
    """List the sheets of a workbook.

    Parameters
    ----------
    path : Path
        An .xlsx file.

    Returns
    -------
    Book
        Names of its sheets.

    Raises
    ------
    DataFileError
        If it is no readable workbook.
    MissingExtraError
        If openpyxl is not installed.
    """
    book = _open(path)
    try:
        shown = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
        hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
        return Book(tuple(shown), tuple(hidden))
    finally:
        book.close()


def read_excel_grid(path: Path, sheet: str) -> Grid:
    """Read one sheet of a workbook as rows of text cells.

    Parameters
    ----------
    path : Path
        An .xlsx file.
    sheet : str
        Name of the sheet.

    Returns
    -------
    Grid
        Whole numbers without decimals, other numbers with as many as they need (never exactly
        three, which could be read as a thousands mark), codes with the zeros their format shows,
        percentages with their sign, dates as ``YYYY-MM-DD``, or ``YYYY-MM`` where no day is shown.

    Raises
    ------
    DataFileError
        If a cell holds an error or a formula that was never calculated, or the file is damaged.
    MissingExtraError
        If openpyxl is not installed.
    """
    book = _open(path)
    try:
        page = book[sheet]
        extras = _read_extras(page)
        if extras.uncalculated:
            raise DataFileError(
                Message(
                    "{file}, sheet '{sheet}': cell {cell} holds a formula without its result ({n}"
                    " such cell(s)). Open the file in Excel, let it calculate, and save it again.",
                    file=path,
                    sheet=sheet,
                    cell=extras.uncalculated[0],
                    n=len(extras.uncalculated),
                )
            )
        rows = tuple(_rows(path, sheet, page))
    except (DataFileError, MissingExtraError):
        raise
    except Exception as error:  # openpyxl raises many kinds for a damaged workbook
        raise _damaged(path) from error
    finally:
        book.close()
    return Grid(
        rows=rows,
        why=(Message("Excel workbook, sheet '{sheet}'", sheet=sheet),),
        notes=_hidden_notes(sheet, extras, rows),
        merged=extras.merged,
    )


def _open(path: Path) -> Any:
    try:
        openpyxl = import_module("openpyxl")
    except ImportError as error:
        raise MissingExtraError(
            Message(
                "{file}: reading this kind of file needs an extra: pip install"
                " 'corredor[{extra}]'.",
                file=path,
                extra="excel",
            )
        ) from error
    _refuse_entities(path)
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of styles it does not know
            return openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl raises many kinds for a file that is no workbook
        raise _damaged(path) from error


def _damaged(path: Path) -> DataFileError:
    return DataFileError(
        Message("{file}: this is not a readable Excel workbook (.xlsx).", file=path)
    )


def _refuse_entities(path: Path) -> None:
    """Refuse XML with a document type: no spreadsheet program writes one."""
    try:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith((".xml", ".rels")):
                    with archive.open(name) as part:
                        if b"<!DOCTYPE" in part.read(65536):
                            raise _damaged(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        if isinstance(error, DataFileError):
            raise
        raise _damaged(path) from error
    except Exception as error:  # zlib.error and its like have no common root
        raise _damaged(path) from error


def _rows(path: Path, sheet: str, page: Any) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield rows that hold anything; the declared size of the sheet is not believed."""
    page.reset_dimensions()
    known: dict[str, str] = {}
    cells = 0
    for number, row in enumerate(page.iter_rows(min_row=1, min_col=1), start=1):
        texts = [_cell_text(path, sheet, cell) if cell.value is not None else "" for cell in row]
        while texts and not texts[-1].strip():
            texts.pop()
        if not texts:
            continue
        cells += len(texts)
        if cells > MOST_CELLS:
            raise DataFileError(
                Message("{file}: more than {n:,} cells are not read.", file=path, n=MOST_CELLS)
            )
        yield number, tuple(known.setdefault(text, text) for text in texts)


def _cell_text(path: Path, sheet: str, cell: Any) -> str:
    value = cell.value
    if isinstance(value, str):
        if cell.data_type == "e" or _ERROR_CELL.fullmatch(value):
            raise DataFileError(
                Message(
                    "{file}, sheet '{sheet}': cell {cell} holds the error {value}. Mend the formula"
                    " or clear the cell.",
                    file=path,
                    sheet=sheet,
                    cell=cell.coordinate,
                    value=value,
                )
            )
        return value
    return value_text(value, str(cell.number_format or ""))


def value_text(value: object, form: str = "") -> str:
    """Write a typed value as text.

    Parameters
    ----------
    value : object
        Number, date, truth value or text.
    form : str
        The number format of its cell.

    Returns
    -------
    str
        See `read_excel_grid`; the empty string for None and NaN.
    """
    if value is None or value != value:  # NaN is not equal to itself
        return ""
    if isinstance(value, bool | str):
        return str(value).upper() if isinstance(value, bool) else value
    if isinstance(value, datetime.datetime):
        value = value.date() if value.time() == datetime.time() else value
    if isinstance(value, datetime.date):
        shows_day = (
            not form or form == "General" or "d" in re.sub(r"\[[^]]*\]|\"[^\"]*\"", "", form)
        )
        return value.isoformat() if shows_day else value.isoformat()[:7]
    if isinstance(value, int | float):
        return _number_text(value, form)
    return str(value)


def _number_text(value: float, form: str) -> str:
    if "%" in form:
        return f"{value * 100:.10g}%"
    if value == value // 1 and abs(value) < 1e15:
        whole = str(int(value))
        return whole.zfill(len(form)) if re.fullmatch("0+", form) else whole
    text = repr(float(value))
    return f"{text}0" if re.fullmatch(r"-?\d+\.\d{3}", text) else text


def _read_extras(page: Any) -> _Extras:
    """Pass the XML of a sheet for merged cells, hidden rows and uncalculated formulas."""
    merged: list[Span] = []
    hidden: list[int] = []
    uncalculated: list[str] = []
    columns = 0
    with page._get_source() as source:  # the sheet's own XML, wherever the workbook keeps it
        rest = b""
        while piece := source.read(_PIECE):
            text = rest + piece
            cut = max(text.rfind(b"<c "), text.rfind(b":c "), text.rfind(b"<row "), 0)
            cut = cut if len(piece) == _PIECE else len(text)
            text, rest = text[:cut], text[cut:]
            uncalculated += _uncalculated(text)
            columns += len(_HIDDEN_COLUMN.findall(text))
            hidden += _hidden_rows(text)
            merged += [_span(match) for match in _MERGE.finditer(text)]
        uncalculated += _uncalculated(rest)
        hidden += _hidden_rows(rest)
        merged += [_span(match) for match in _MERGE.finditer(rest)]
    return _Extras(tuple(merged), tuple(hidden), columns, tuple(uncalculated))


def _uncalculated(text: bytes) -> list[str]:
    """Name the formulas without result; an empty text (t="str") is a result."""
    names = []
    for match in _FORMULA.finditer(text):
        if b't="str"' not in match.group(1):
            name = _CELL_NAME.search(match.group(1))
            names.append(name.group(1).decode() if name else "?")
    return names


def _hidden_rows(text: bytes) -> list[int]:
    found = [_ROW_NUMBER.search(row) for row in _HIDDEN_ROW.findall(text)]
    return [int(number.group(1)) for number in found if number]


def _span(match: re.Match[bytes]) -> Span:
    left, top, right, bottom = match.groups()
    return Span(int(top), _column_number(left), int(bottom), _column_number(right))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def column_letters(number: int) -> str:
    """Return the letters of a column, counted from 1, as a spreadsheet shows them."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _hidden_notes(
    sheet: str, extras: _Extras, rows: tuple[tuple[int, tuple[str, ...]], ...]
) -> tuple[Message, ...]:
    filled = {number for number, _ in rows}
    hidden = [number for number in extras.hidden_rows if number in filled]
    notes = []
    if hidden:
        notes.append(
            Message(
                "sheet '{sheet}' has {n} hidden row(s) (the first is row {row}); they were read"
                " too",
                sheet=sheet,
                n=len(hidden),
                row=hidden[0],
            )
        )
    if extras.hidden_columns:
        notes.append(Message("sheet '{sheet}' has hidden columns; they were read too", sheet=sheet))
    return tuple(notes)
