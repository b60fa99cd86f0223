"""Excel workbooks (.xlsx, .xlsm) as rows of cells, read with calamine.

calamine gives values fast, but neither errors nor number formats, and fills the rectangle of all
cells. So the XML of a sheet is passed once before (`scan_sheet`), in pieces that end at a row, with
regular expressions: a parser would take longer than calamine takes for the whole sheet.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from ..messages import Message
from .source import Source
from .text import MOST_CELLS, Grid, Span
from .values import (
    ERROR,
    SPREAD,
    UNCALCULATED,
    cell_name,
    column_number,
    hidden_notes,
    matters,
    refuse_cell,
    refuse_damaged,
    value_text,
)


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


# What calamine does not say of a sheet: extent, errors, formulas without result, formats.

_PIECE = 1 << 20
_LONGEST_ROW = 1 << 26
_FILLED = re.compile(rb' r="([A-Z]{1,3})(\d{1,7})"[^>]*+(?<!/)>')
_CELL = re.compile(rb"<(?:\w+:)?c[\s>]")
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)"
    rb"\s*(?:</(?:\w+:)?c>|<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)"
)
_ERROR = re.compile(
    rb'<(?:\w+:)?c\b([^>]*\st=["\']e["\'][^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)',
    re.DOTALL,
)
_STYLED = re.compile(rb"<(?:\w+:)?c\s([^>]*[^/>])>")
_STYLE = re.compile(rb'\bs="(\d+)"')
_NAME = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\bhidden=\"(?:1|true)\"[^>]*>")
_HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*?\bhidden=\"(?:1|true)\"[^>]*>")
_ROW_NUMBER = re.compile(rb"\br=\"(\d+)\"")
# Formats that every workbook knows without stating them.
_BUILT_IN = {9: "0%", 10: "0.00%", 17: "mmm-yy"}


@dataclass
class Scan:
    """What the XML of a sheet says."""

    # lower right corner of all cells that hold something, counted from 1
    last_row: int = 0
    last_column: int = 0
    # cells that hold an error, and which
    errors: list[tuple[str, str]] = field(default_factory=list)
    # cells with a formula without its result; an empty text is a result
    uncalculated: list[str] = field(default_factory=list)
    # by row: columns whose number format changes how a value is read, and the format
    formats: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)  # hidden rows
    hidden_columns: bool = False  # whether columns are hidden


def refuse_entities(archive: zipfile.ZipFile) -> None:
    """Raise ValueError for XML with a document type: no spreadsheet program writes one."""
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")):
            with archive.open(name) as part:
                if b"<!DOCTYPE" in part.read(65536):
                    raise ValueError(name)


def list_parts(archive: zipfile.ZipFile) -> dict[str, tuple[str, bool]]:
    """Return the part of each sheet, and whether it is hidden, in the order of the workbook."""
    targets = {
        element.get("Id", ""): element.get("Target", "")
        for element in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")
        if element.get("Type", "").endswith("/worksheet")
    }
    parts = {}
    for element in _elements(archive, "xl/workbook.xml", "sheet"):
        key = next((v for name, v in element.attrib.items() if name.endswith("}id")), "")
        if key in targets:
            target = targets[key]
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            hidden = element.get("state", "visible") != "visible"
            parts[element.get("name", "")] = (posixpath.normpath(part), hidden)
    return parts


def read_formats(archive: zipfile.ZipFile) -> dict[bytes, str]:
    """Return the number formats that matter, by the number of the style."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    known = dict(_BUILT_IN)
    styles: dict[bytes, str] = {}
    inside = False
    n = 0
    for element in _elements(archive, "xl/styles.xml", "numFmt", "xf", "cellXfs", starts=True):
        name = _local(element)
        if name == "numFmt" and (element.get("numFmtId") or "").isdigit():
            known[int(element.get("numFmtId", ""))] = element.get("formatCode", "")
        elif name == "cellXfs":
            inside = True
        elif inside:
            form = known.get(int(element.get("numFmtId") or 0), "")
            if matters(form):
                styles[str(n).encode()] = form
            n += 1
    return styles


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _elements(
    archive: zipfile.ZipFile, part: str, *names: str, starts: bool = False
) -> Iterator[ElementTree.Element]:
    """Yield the elements of some names, one at a time; ``starts`` in the order they begin."""
    with archive.open(part) as file:
        for event, element in ElementTree.iterparse(file, events=("start", "end")):
            if (event == "start") is starts and _local(element) in names:
                yield element
            if event == "end":
                element.clear()


def scan_sheet(archive: zipfile.ZipFile, part: str, formats: Mapping[bytes, str]) -> Scan:
    """Pass the XML of a sheet."""
    scan = Scan()
    with archive.open(part) as file:
        rest = b""
        first = True
        while piece := file.read(_PIECE):
            text = rest + piece
            if first and (b"\0" in text[:200] or b"<" not in text[:200]):
                raise ValueError(part)
            first = False
            cut = max(text.rfind(b"</row>"), text.rfind(b":row>"))
            text, rest = text[: cut + 6], text[cut + 6 :]
            if len(rest) > _LONGEST_ROW:
                raise ValueError(part)
            _scan_piece(text, scan, formats)
        _scan_piece(rest, scan, formats)
    return scan


def _scan_piece(text: bytes, scan: Scan, formats: Mapping[bytes, str]) -> None:
    names = _FILLED.findall(text)
    if names:
        letters = {name for name, _ in names}
        scan.last_column = max(
            scan.last_column, *(column_number(name.decode()) for name in letters)
        )
        scan.last_row = max(scan.last_row, *(int(row) for row in {row for _, row in names}))
    _count_nameless(text, scan, len(names))
    if b't="e"' in text or b"t='e'" in text:
        scan.errors += [(_name(a), value.decode("utf-8", "replace"))
                        for a, value in _ERROR.findall(text)]  # fmt: skip
    if b"f>" in text or b"f/>" in text or b"<f " in text:
        # An empty text (t="str") is a result.
        scan.uncalculated += [_name(a) for a in _FORMULA.findall(text) if b't="str"' not in a]
    if b'hidden="' in text:
        scan.hidden_columns |= _HIDDEN_COLUMN.search(text) is not None
        found = [_ROW_NUMBER.search(row) for row in _HIDDEN_ROW.findall(text)]
        scan.hidden_rows += [int(number.group(1)) for number in found if number]
    if any(b's="' + style + b'"' in text for style in formats):
        _note_formats(text, scan, formats)


def _count_nameless(text: bytes, scan: Scan, named: int) -> None:
    """Take cells without a name for cells in a row; some programs leave the names out."""
    if named or not _CELL.search(text):
        return
    rows = re.split(rb"<(?:\w+:)?row\b", text)[1:]
    if b' r="' in text and _NAME.search(text):
        return  # only empty cells, which have names
    scan.last_row += len(rows)
    scan.last_column = max(scan.last_column, *(len(_CELL.findall(row)) for row in rows), 0)


def _note_formats(text: bytes, scan: Scan, formats: Mapping[bytes, str]) -> None:
    for attributes in _STYLED.findall(text):
        style, name = _STYLE.search(attributes), _NAME.search(attributes)
        if style and name and style.group(1) in formats:
            row, column = int(name.group(2)), column_number(name.group(1).decode())
            scan.formats.setdefault(row, []).append((column, formats[style.group(1)]))


def _name(attributes: bytes) -> str:
    name = _NAME.search(attributes)
    return (name.group(1) + name.group(2)).decode() if name else "?"
