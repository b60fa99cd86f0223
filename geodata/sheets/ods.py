"""OpenDocument spreadsheets (.ods) as rows of cells.

The format states value, type and repetitions of each cell in plain XML, which is read here in a
stream: readers that fill in all repetitions first can be made to fill the memory.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

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
)
from .xlsx import Book

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")


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
