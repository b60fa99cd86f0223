"""OpenDocument spreadsheets (.ods) as rows of cells.

The format states value, type and repetitions of each cell in plain XML, which is read here in a
stream: readers that fill in all repetitions first can be made to fill the memory. Where the XML
holds nothing but plain values, calamine reads them, ten times as fast.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

from python_calamine import CalamineWorkbook

from ..messages import Message
from .source import Source
from .text import MOST_CELLS, Grid, Span
from .values import (
    ERROR,
    SPREAD,
    UNCALCULATED,
    cell_name,
    hidden_notes,
    is_error_value,
    number_text,
    refuse_cell,
    refuse_damaged,
    value_text,
)
from .xlsx import Book

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")


# Plain values: the usual names of namespaces, and no sign of what calamine hides (formulas, errors,
# formats, merged and hidden cells, parts of texts) or would fill in without end (repetitions).
_USUAL = (
    b'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"',
    b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"',
    b'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"',
    b'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"',
)
_SIGNS = (
    b"table:formula=", b'"percentage"', b'"time"', b'"boolean"', b'spanned="', b"<table:covered",
    b'visibility="', b"<text:s", b"<text:tab", b"<text:line", b"<text:a", b"</text:p><text:p",
    b"<office:annotation", b"string-value=", b"<!", b"<table:table-source", b"is-sub-table",
)  # fmt: skip
_CODE_OR_TIME = (re.compile(rb"<text:p>0\d"), re.compile(rb'date-value="[^"]{11}'))
_REPEATED = rb'<table:table-cell[^>]*number-columns-repeated="\d{3}'
_TO_THE_END = re.compile(
    rb'<table:table-cell(?![^>]*value-type)[^>]*number-columns-repeated="\d{3}[^>]*/>\s*'
    rb"</table:table-row>"
)
_TIMES = re.compile(rb'<table:table-cell[^>]*number-columns-repeated="(\d{1,2})"')
_SHEETS = re.compile(rb'<table:table (?=[^>]*table:name="([^"]*)")([^>]*)')
_HIDDEN = re.compile(
    rb'<style:style (?=[^>]*style:name="([^"]*)")[^>]*>\s*<style:table-properties[^>]*'
    rb'table:display="false"'
)


def _plain_book(source: Source) -> Book | None:
    """List the sheets of a spreadsheet of plain values; None where it holds anything else."""
    if source.data is not None:
        return _book_of(source.data)
    stat = source.path.stat()
    return _book_in(source.path, (stat.st_mtime_ns, stat.st_size))


@lru_cache(maxsize=4)
def _book_in(path: Path, stamp: tuple[int, int]) -> Book | None:
    # A book is listed before each of its sheets is read, and looking through it takes time.
    return _book_of(path.read_bytes())


def _book_of(archive: bytes) -> Book | None:
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            data = opened.read("content.xml")
    except Exception:
        return None
    if not all(name in data[:65536] for name in _USUAL) or any(sign in data for sign in _SIGNS):
        return None
    if any(pattern.search(data) for pattern in _CODE_OR_TIME):
        return None
    blank = data.find(b"number-rows-repeated")
    if blank >= 0 and data.find(b"value-type", blank) >= 0:
        return None
    if len(re.findall(_REPEATED, data)) != len(_TO_THE_END.findall(data)):
        return None
    if data.count(b"<table:table-cell") + sum(map(int, _TIMES.findall(data))) > MOST_CELLS:
        return None
    unseen = {found[1] for found in _HIDDEN.finditer(data)}
    names: dict[bool, list[str]] = {True: [], False: []}
    for found in _SHEETS.finditer(data):
        style = re.search(rb'table:style-name="([^"]*)"', found[2])
        away = style is not None and style[1] in unseen
        names[away].append(html.unescape(found[1].decode("utf-8", "replace")))
    return Book(tuple(names[False]), tuple(names[True]))


def _read_plain(source: Source, sheet: str) -> list[tuple[int, tuple[str, ...]]] | None:
    """Return the rows of a sheet of plain values; None where the careful way is needed."""
    try:
        with source.open() as file:
            values = CalamineWorkbook.from_filelike(file).get_sheet_by_name(sheet)
            if values.total_height * values.total_width > MOST_CELLS:
                return None  # which says the cell that lies too far away
            found = values.to_python(skip_empty_area=False)
    except Exception:
        return None
    rows = []
    for number, row in enumerate(found, start=1):
        cells = [value if type(value) is str else value_text(value) for value in row]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            texts = (cell if cell.strip() else "" for cell in cells)
            rows.append((number, tuple(texts)))
    return rows


@dataclass
class _Page:
    """What was read of one sheet."""

    name: str
    rows: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    merged: list[Span] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: bool = False
    uncalculated: list[str] = field(default_factory=list)
    cells: int = 0


def list_ods(source: Source) -> Book:
    """List the sheets of a spreadsheet."""
    if (plain := _plain_book(source)) is not None:
        return plain
    hidden_styles: set[str] = set()
    shown: list[str] = []
    hidden: list[str] = []
    for event, element in _events(source):
        if event == "start" and element.tag == f"{_TABLE}table":
            name = element.get(f"{_TABLE}name", "")
            style = element.get(f"{_TABLE}style-name", "")
            (hidden if style in hidden_styles else shown).append(name)
        elif event == "end" and element.tag == f"{_STYLE}style":
            properties = element.find(f"{_STYLE}table-properties")
            if properties is not None and properties.get(f"{_TABLE}display") == "false":
                hidden_styles.add(element.get(f"{_STYLE}name", ""))
    return Book(tuple(shown), tuple(hidden))


def read_ods_grid(source: Source, sheet: str) -> Grid:
    """Read one sheet of a spreadsheet as rows of text cells.

    Cells as `value_text` writes them.
    """
    page = _Page(sheet)
    try:
        if _plain_book(source) is not None and (rows := _read_plain(source, sheet)) is not None:
            page.rows = rows
        else:
            _read_page(source, page)
    except (ValueError, OverflowError) as error:  # a number that is none
        raise refuse_damaged(source.path, ".ods") from error
    if page.uncalculated:
        n = len(page.uncalculated)
        raise refuse_cell(UNCALCULATED, source.path, sheet, page.uncalculated[0], n=n)
    return Grid(
        rows=tuple(page.rows),
        why=(Message("spreadsheet (.ods), sheet '{sheet}'", sheet=sheet),),
        notes=hidden_notes(sheet, page.hidden_rows, page.hidden_columns),
        merged=tuple(page.merged),
    )


def _read_page(source: Source, page: _Page) -> None:
    inside = False
    number = 1
    for event, element in _events(source):
        if event == "start":
            if element.tag == f"{_TABLE}table":
                inside = element.get(f"{_TABLE}name", "") == page.name
        elif inside and element.tag == f"{_TABLE}table-row":
            number += _read_row(source.path, page, element, number)
        elif inside and element.tag == f"{_TABLE}table-column":
            page.hidden_columns |= element.get(f"{_TABLE}visibility") in ("collapse", "filter")
        elif element.tag == f"{_TABLE}table":
            inside = False


def _events(source: Source) -> Iterator[tuple[str, ElementTree.Element]]:
    """Yield the elements of the content; tables and rows are emptied once they are read."""
    try:
        with source.open() as file, zipfile.ZipFile(file) as archive:
            with archive.open("content.xml") as part:
                if b"<!DOCTYPE" in part.read(65536):
                    raise ValueError("document type")
            with archive.open("content.xml") as part:
                depth = 0
                for event, element in ElementTree.iterparse(part, events=("start", "end")):
                    depth += 1 if event == "start" else -1
                    if depth > 100:
                        raise ValueError("nested too deeply")
                    yield event, element
                    if event == "end" and element.tag in (
                        f"{_TABLE}table-row", f"{_TABLE}table", f"{_STYLE}style",
                    ):  # fmt: skip
                        element.clear()
    except Exception as error:  # damaged archives and XML raise many kinds
        raise refuse_damaged(source.path, ".ods") from error


def _repeated(element: ElementTree.Element, what: str) -> int:
    return max(1, int(element.get(f"{_TABLE}number-{what}-repeated", "1")))


def _read_row(path: Path, page: _Page, row: ElementTree.Element, number: int) -> int:
    """Add a row, as often as it is repeated; return how many rows it fills."""
    times = _repeated(row, "rows")
    texts: list[str] = []
    gap = 0
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        n = _repeated(cell, "columns")
        at = len(texts) + gap + 1
        text = _cell_text(path, page, cell, number, at)
        if cell.tag == _CELLS[0]:
            _note_span(page, cell, number, at)
        if not text.strip():
            gap += n
            continue
        if (at + n) * times + page.cells > MOST_CELLS:
            raise refuse_cell(SPREAD, path, page.name, cell_name(number + times - 1, at + n - 1))
        texts += [""] * gap + [text] * n
        gap = 0
    if texts:
        page.cells += len(texts) * times
        cells = tuple(texts)
        page.rows += [(number + i, cells) for i in range(times)]
        if row.get(f"{_TABLE}visibility") in ("collapse", "filter"):
            page.hidden_rows += range(number, number + times)
    return times


def _note_span(page: _Page, cell: ElementTree.Element, row: int, column: int) -> None:
    down = int(cell.get(f"{_TABLE}number-rows-spanned", "1"))
    across = int(cell.get(f"{_TABLE}number-columns-spanned", "1"))
    if down > 1 or across > 1:
        page.merged.append(Span(row, column, row + down - 1, column + across - 1))


def _cell_text(path: Path, page: _Page, cell: ElementTree.Element, row: int, column: int) -> str:
    kind = cell.get(f"{_OFFICE}value-type", "")
    shown = "\n".join("".join(p.itertext()) for p in cell.findall(f"{_TEXT}p"))
    formula = cell.get(f"{_TABLE}formula") is not None
    if formula and is_error_value(shown.strip()):
        raise refuse_cell(ERROR, path, page.name, cell_name(row, column), value=shown.strip())
    if formula and not kind:
        page.uncalculated.append(cell_name(row, column))
    if kind in ("float", "currency", "percentage"):
        value = float(cell.get(f"{_OFFICE}value", ""))
        return number_text(value, "%" if kind == "percentage" else _zeros(shown))
    if kind == "date":
        return cell.get(f"{_OFFICE}date-value", "").removesuffix("T00:00:00")
    return shown


def _zeros(shown: str) -> str:
    """Return the number format of a code such as ``01``."""
    return "0" * len(shown) if shown.isdigit() and shown.startswith("0") else ""
