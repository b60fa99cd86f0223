"""Excel workbooks (.xlsx, .xlsm) as rows of cells, read with calamine.

calamine gives values fast, but neither errors nor number formats, and fills the rectangle of all
cells. So the XML of a sheet is passed once before, in pieces, by `sheet_xlsx_scan`.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from ..messages import Message
from .source import Source
from .text import MOST_CELLS, Grid, Span
from .values import (
    ERROR,
    SPREAD,
    UNCALCULATED,
    cell_name,
    hidden_notes,
    refuse_cell,
    refuse_damaged,
    value_text,
)
from .xlsx_scan import Scan, list_parts, read_formats, refuse_entities, scan_sheet


@dataclass(frozen=True)
class Book:
    """The sheets of a workbook, in its order."""

    names: tuple[str, ...]  # visible sheets
    hidden: tuple[str, ...]  # hidden sheets


def list_xlsx(source: Source) -> Book:
    """List the sheets of a workbook.

    Names of its sheets; sheets of charts are none.
    """
    parts = _parts(source)
    return Book(
        tuple(name for name, (_, hidden) in parts.items() if not hidden),
        tuple(name for name, (_, hidden) in parts.items() if hidden),
    )


def _parts(source: Source) -> dict[str, tuple[str, bool]]:
    try:
        with source.open() as file, zipfile.ZipFile(file) as archive:
            refuse_entities(archive)
            parts = list_parts(archive)
    except Exception as error:  # damaged archives and XML raise many kinds
        raise refuse_damaged(source.path, ".xlsx") from error
    if not parts:
        raise refuse_damaged(source.path, ".xlsx")
    return parts


def read_xlsx_grid(source: Source, sheet: str) -> Grid:
    """Read one sheet of a workbook as rows of text cells.

    Cells as `value_text` writes them.
    """
    calamine = import_module("python_calamine")
    part = _parts(source)[sheet][0]
    try:
        with source.open() as file, zipfile.ZipFile(file) as archive:
            scan = scan_sheet(archive, part, read_formats(archive))
    except Exception as error:  # damaged archives and XML raise many kinds
        raise refuse_damaged(source.path, ".xlsx") from error
    _refuse(source.path, sheet, scan)
    page = _load(calamine, source, sheet)
    rows = tuple(_rows(page, scan))
    filled = {number for number, _ in rows}
    return Grid(
        rows=rows,
        why=(Message("Excel workbook, sheet '{sheet}'", sheet=sheet),),
        notes=hidden_notes(
            sheet, [row for row in scan.hidden_rows if row in filled], scan.hidden_columns
        ),
        merged=tuple(
            Span(top + 1, left + 1, bottom + 1, right + 1)
            for (top, left), (bottom, right) in page.merged_cell_ranges or ()
        ),
    )


def _refuse(path: Path, sheet: str, scan: Scan) -> None:
    if scan.errors:
        cell, value = scan.errors[0]
        raise refuse_cell(ERROR, path, sheet, cell, value=value)
    if scan.uncalculated:
        n = len(scan.uncalculated)
        raise refuse_cell(UNCALCULATED, path, sheet, scan.uncalculated[0], n=n)
    if scan.last_row * scan.last_column > MOST_CELLS:
        raise refuse_cell(SPREAD, path, sheet, cell_name(scan.last_row, scan.last_column))


def _load(calamine: Any, source: Source, sheet: str) -> Any:
    """Load one sheet; a panic of its Rust code is no `Exception`."""
    try:
        # Given a path, calamine believes the suffix, and many an .xls holds an .xlsx.
        with source.open() as file:
            return calamine.load_workbook(file).get_sheet_by_name(sheet)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise refuse_damaged(source.path, ".xlsx") from error


def _rows(page: Any, scan: Scan) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield rows that hold anything, from row 1 and column A on."""
    if page.start is None:
        return
    first = page.start[1]
    known: dict[object, str] = {}
    formats = scan.formats
    for number, row in enumerate(page.iter_rows(), start=1):
        texts = []
        for value in row:
            # 1, 1.0 and True are equal: the type belongs to the key.
            key = value if value.__class__ is str else (value.__class__, value)
            text = known.get(key)
            if text is None:
                text = known[key] = value_text(value)
            texts.append(text)
        for column, form in formats.get(number, ()):
            if 0 <= column - 1 - first < len(row):
                texts[column - 1 - first] = value_text(row[column - 1 - first], form)
        while texts and not texts[-1].strip():
            texts.pop()
        if texts:
            yield number, (*("",) * first, *texts)
