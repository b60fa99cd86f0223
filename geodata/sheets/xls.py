"""Old Excel workbooks (.xls) as rows of cells, read with xlrd."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from ..errors import DataFileError
from ..files import refuse_locked
from ..messages import Message
from .source import Source
from .text import Grid, Span
from .values import (
    ERROR,
    UNCALCULATED,
    cell_name,
    hidden_notes,
    refuse_cell,
    refuse_damaged,
    value_text,
)
from .xlsx import Book

_LARGEST = 200_000_000
# What stands in the file before the name of the stream that holds a locked workbook.
_LOCKED = "EncryptedPackage".encode("utf-16-le")


def list_xls(source: Source) -> Book:
    """List the sheets of an old workbook."""
    book = _open(source)
    sheets = list(zip(book.sheet_names(), book._sheet_visibility, strict=True))
    return Book(
        tuple(name for name, state in sheets if not state),
        tuple(name for name, state in sheets if state),
    )


def read_xls_grid(source: Source, sheet: str) -> Grid:
    """Read one sheet of an old workbook as rows of text cells.

    Cells as `value_text` writes them.
    """
    book = _open(source)
    try:
        page = book.sheet_by_name(sheet)
        uncalculated: list[str] = []
        rows = tuple(_rows(source.path, book, page, uncalculated))
        hidden = [
            n for n, _ in rows if n - 1 in page.rowinfo_map and page.rowinfo_map[n - 1].hidden
        ]
        columns = any(info.hidden for info in page.colinfo_map.values())
        merged = tuple(
            Span(top + 1, left + 1, bottom, right) for top, bottom, left, right in page.merged_cells
        )
    except DataFileError:
        raise
    except Exception as error:  # xlrd raises many kinds for a damaged workbook
        raise refuse_damaged(source.path, ".xls") from error
    if uncalculated:
        raise refuse_cell(UNCALCULATED, source.path, sheet, uncalculated[0], n=len(uncalculated))
    return Grid(
        rows=rows,
        why=(Message("Excel workbook, sheet '{sheet}'", sheet=sheet),),
        notes=hidden_notes(sheet, hidden, columns),
        merged=merged,
    )


def _open(source: Source) -> Any:
    xlrd = import_module("xlrd")
    data = source.read()
    if len(data) > _LARGEST:
        raise refuse_damaged(source.path, ".xls")
    if _LOCKED in data:
        raise refuse_locked(source.path)
    try:
        return xlrd.open_workbook(
            file_contents=data, formatting_info=True, on_demand=True, logfile=_Silence()
        )
    except xlrd.XLRDError as error:
        if "encrypted" in str(error):
            raise refuse_locked(source.path) from error
        raise refuse_damaged(source.path, ".xls") from error
    except Exception as error:  # xlrd raises many kinds for a damaged workbook
        raise refuse_damaged(source.path, ".xls") from error


class _Silence:
    """Takes what xlrd prints about files it finds odd."""

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        """Do nothing."""


def _rows(
    path: Path, book: Any, page: Any, uncalculated: list[str]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    forms = [_format_of(book, xf) for xf in book.xf_list]
    for i in range(page.nrows):
        texts = []
        for j, cell in enumerate(page.row(i)):
            if cell.ctype == 5:
                value = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?",
                         36: "#NUM!"}.get(cell.value, "#N/A")  # fmt: skip
                raise refuse_cell(ERROR, path, page.name, cell_name(i + 1, j + 1), value=value)
            if cell.ctype == 1 and not cell.value:
                uncalculated.append(cell_name(i + 1, j + 1))
            texts.append(_text(cell, forms[cell.xf_index], book.datemode))
        while texts and not texts[-1].strip():
            texts.pop()
        if texts:
            yield i + 1, tuple(texts)


def _format_of(book: Any, xf: Any) -> str:
    known = book.format_map.get(xf.format_key)
    return str(known.format_str) if known is not None else ""


def _text(cell: Any, form: str, datemode: int) -> str:
    """Write a cell as text; types: 1 text, 2 number, 3 date, 4 truth value."""
    if cell.ctype == 3:
        xldate = import_module("xlrd.xldate")
        value: datetime.datetime = xldate.xldate_as_datetime(cell.value, datemode)
        return value_text(value, form)
    if cell.ctype in (2, 4):
        return value_text(bool(cell.value) if cell.ctype == 4 else cell.value, form)
    return str(cell.value)
