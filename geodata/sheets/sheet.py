"""Opening any table as text cells, whatever its format, with titles and footnotes set apart."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any, TypedDict

from ..errors import DataFileError, missing_extra
from ..files import inspect_file
from ..messages import Message
from ..places.keys import key_of
from ..text import MENDS, mend_text
from .coded import PROGRAMS, label_codes, read_coded_grid
from .header import (
    HEADER_WITHIN,
    drop_empty,
    find_header,
    read_header,
    refuse_twice,
    row_note,
    split_body,
)
from .ods import list_ods, read_ods_grid
from .source import Source, find_source
from .text import MOST_CELLS, Grid, read_text_grid
from .values import refuse_damaged, value_text
from .xls import list_xls, read_xls_grid
from .xlsx import Book, list_xlsx, read_xlsx_grid

MOST_COLUMNS = 4_000  # a matrix of all districts has 1,891
_LARGEST_JSON = 50_000_000


class Opening(TypedDict, total=False):
    """How a table is opened, as every reader of tables takes it; see `open_sheet`."""

    sheet: str | None
    encoding: str | None
    header_row: int | None


@dataclass(frozen=True)
class Sheet:
    """A table as text cells."""

    file: str  # name of the file
    header: tuple[str, ...]  # column names, each once
    # cells, mended, as many in each row as in the header; the empty string where there is nothing
    rows: tuple[tuple[str, ...], ...]
    # row of each in the file, as a spreadsheet counts (from 1, header included)
    row_numbers: tuple[int, ...]
    mended: tuple[Message, ...]  # repairs of the text
    why: tuple[Message, ...]  # what the file was recognised by
    # title rows, footnotes, other sheets, hidden rows, and columns without a cell
    notes: tuple[Message, ...]
    # what the columns are called beside their short names, where the file says it
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def lines(self) -> tuple[str, ...]:
        """Titles above and footnotes below the table, in the order of the file."""
        notes = [dict(note.values) for note in self.notes]
        return tuple(str(line["text"]) for line in notes if "text" in line and "where" in line)

    def column(self, name: str) -> tuple[str, ...]:
        """Return the cells of a column."""
        if name not in self.header:
            raise KeyError(name)
        place = self.header.index(name)
        return tuple(row[place] for row in self.rows)

    def find(self, *spellings: str) -> str | None:
        """Return the column that is written like the first spelling that any column has.

        The header as it stands in the table.
        """
        keys = {key_of(name): name for name in reversed(self.header)}
        return next((keys[key] for key in map(key_of, spellings) if key in keys), None)


def open_sheet(
    path: str | Path | Sheet,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    header_row: int | None = None,
) -> Sheet:
    """Open a table as text cells.

    Parameters
    ----------
    path : str, Path or Sheet
        A table: CSV (comma, semicolon, tab or vertical bar), Excel (.xlsx, .xlsm, .xls),
        OpenDocument (.ods), Parquet, SPSS, Stata or JSON records, told by its content, not by
        its name; or a ZIP archive with one of these. A sheet that is already open is returned
        as it is.
    sheet : str, optional
        Sheet of the workbook; needed where several hold a table.
    encoding : str, optional
        Encoding of a text table; found out if left out.
    header_row : int, optional
        Row of the column names, as a spreadsheet counts; found out if left out.

    Returns
    -------
    Sheet
        Header and rows; titles above and footnotes below stand in ``notes``.

    Raises
    ------
    DataFileError
        If the file is no table, holds errors or uncalculated formulas, names a column twice, or
        has rows of different lengths.
    MissingExtraError
        If the package that reads this kind of file is not installed.
    """
    if isinstance(path, Sheet):
        return path
    source = find_source(Path(path))
    if source.kind == "json" and (records := open_records(source.path)) is not None:
        return records
    if source.kind in PROGRAMS:
        grid, labels = read_coded_grid(source)
        return replace(_build(source.path, grid, 0), labels=labels)
    if source.kind in _WORKBOOKS:
        grid, labels = _choose_sheet(source, sheet, header_row)
        return replace(_build(source.path, grid, header_row), labels=labels)
    return _build(source.path, open_grid(source, encoding=encoding), header_row)


def open_grid(
    source: Source,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    header_row: int | None = None,
) -> Grid:
    """Open the cells of a table just as they stand, before header, titles and notes are told."""
    if source.kind == "text":
        return read_text_grid(source, encoding=encoding)
    if source.kind in _WORKBOOKS:
        return _choose_sheet(source, sheet, header_row)[0]
    if source.kind in PROGRAMS:
        return read_coded_grid(source)[0]
    if source.kind == "parquet":
        return _read_parquet(source)
    raise DataFileError(
        Message(
            "{file}: this is not a table but {what}. Tables are read from CSV, Excel (.xlsx,"
            " .xls), .ods or Parquet.",
            file=source.path,
            what=_NO_TABLE.get(source.kind, source.kind),
        )
    )


_WORKBOOKS: dict[str, tuple[Callable[[Source], Book], Callable[[Source, str], Grid]]] = {
    "xlsx": (list_xlsx, read_xlsx_grid),
    "xls": (list_xls, read_xls_grid),
    "ods": (list_ods, read_ods_grid),
}


_NO_TABLE = {
    "json": Message("a JSON file"),
    "dbf": Message("the table of a shapefile (.dbf)"),
    "shapefile": Message("a layer of boundaries"),
    "geopackage": Message("a layer of boundaries"),
    "flatgeobuf": Message("a layer of boundaries"),
    "sqlite": Message("a SQLite database"),
}


def _read_parquet(source: Source) -> Grid:
    path = source.path
    try:
        parquet = import_module("pyarrow.parquet")
    except ImportError as error:
        raise missing_extra("parquet", path) from error
    try:
        with source.open() as file, parquet.ParquetFile(file) as opened:
            size = opened.metadata.num_rows * opened.metadata.num_columns
            table = opened.read() if size <= MOST_CELLS else None
            columns = _text_columns(table) if table is not None else []
    except Exception as error:  # pyarrow raises many kinds for a damaged file
        raise refuse_damaged(path, ".parquet") from error
    if table is None:
        raise DataFileError(
            Message("{file}: more than {n:,} cells are not read.", file=path, n=MOST_CELLS)
        )
    lines = enumerate(zip(*columns, strict=True), start=2)
    rows = ((number, cells) for number, cells in lines if any(cells))
    return Grid(
        rows=((1, tuple(map(str, table.column_names))), *rows), why=(Message("Parquet table"),)
    )


def _text_columns(table: Any) -> list[list[str]]:
    """Return the columns of an Arrow table as text."""
    return [[value_text(value) for value in column.to_pylist()] for column in table.columns]


def _choose_sheet(
    source: Source, wanted: str | None, header_row: int | None
) -> tuple[Grid, Mapping[str, str]]:
    """Read the sheet asked for, or the only one that holds a table; and labels of its columns."""
    list_names, read_grid = _WORKBOOKS[source.kind]
    book = list_names(source)
    names = (*book.names, *book.hidden)
    if wanted is not None and wanted not in names:
        raise DataFileError(
            Message(
                "{file}: there is no sheet '{sheet}'. It has: {sheets}.",
                file=source.path,
                sheet=wanted,
                sheets=", ".join(names),
            )
        )
    candidates = (wanted,) if wanted is not None else book.names or book.hidden
    grids = {name: read_grid(source, name) for name in candidates}
    # What codes mean often stands on a sheet that is hidden, or not the one asked for.
    others = {name: grid for name in names if name not in grids
              and (grid := _grid_or_none(read_grid, source, name)) is not None}  # fmt: skip
    labelled = label_codes({**grids, **others}, candidates) if others or len(grids) > 1 else None
    if labelled is not None:
        name, grid, labels = labelled
        return _with_others(grid, names, name, book.hidden), labels
    if len(candidates) == 1:
        return _with_others(grids[candidates[0]], names, candidates[0], book.hidden), {}
    if (joined := _flowmap(grids)) is not None:
        used = next(n for n in names if _key(n) == "flows")
        return _with_others(joined, names, used, ()), {}
    tables = [name for name, grid in grids.items() if _holds_table(grid, header_row)]
    if len(tables) == 1:
        return _with_others(grids[tables[0]], names, tables[0], book.hidden), {}
    raise DataFileError(
        Message(
            "{file}: {n} sheets hold a table: {sheets}. Say which with sheet='...'.",
            file=source.path,
            n=len(tables),
            sheets=", ".join(tables or candidates),
        )
    )


def _grid_or_none(read: Callable[[Source, str], Grid], source: Source, name: str) -> Grid | None:
    try:
        return read(source, name)
    except DataFileError:  # an error in a sheet that is not read is nobody's fault
        return None


def _key(name: str) -> str:
    return name.strip().casefold()


def _flowmap(grids: Mapping[str, Grid]) -> Grid | None:
    """Join the sheets ``locations`` and ``flows`` of FlowmapBlue: ids of ends become names."""
    sheets = {_key(name): grid.rows for name, grid in grids.items()}
    places, flows = sheets.get("locations", ()), sheets.get("flows", ())
    if not places or not flows:
        return None
    heads = [[_key(cell) for cell in rows[0][1]] for rows in (places, flows)]
    if not {"id", "name"} <= set(heads[0]) or not {"origin", "dest"} <= set(heads[1]):
        return None
    id_, name = heads[0].index("id"), heads[0].index("name")
    named = {cells[id_].strip(): cells[name] for _, cells in places[1:]}
    ends = (heads[1].index("origin"), heads[1].index("dest"))
    header = tuple("destination" if cell == "dest" else cell for cell in heads[1])
    rows = [
        # An id of no location is no code of a region either.
        (number, tuple(named.get(cell.strip(), f"id {cell}") if i in ends else cell
                       for i, cell in enumerate(cells)))
        for number, cells in flows[1:]
    ]  # fmt: skip
    why = Message("sheets 'locations' and 'flows' of FlowmapBlue; ids of ends were named")
    return Grid(((flows[0][0], header), *rows), (why,))


def _holds_table(grid: Grid, header_row: int | None) -> bool:
    start = find_header(grid, header_row)
    return start is not None and any(
        sum(map(bool, cells)) > 1 for _, cells in grid.rows[start + 1 :]
    )


def _with_others(grid: Grid, names: tuple[str, ...], used: str, hidden: tuple[str, ...]) -> Grid:
    others = [
        Message("hidden sheet '{sheet}' was not read", sheet=name)
        if name in hidden
        else Message("sheet '{sheet}' was not read", sheet=name)
        for name in names
        if name != used
    ]
    if used in hidden:
        others.append(Message("sheet '{sheet}' is hidden in the workbook", sheet=used))
    return Grid(grid.rows, grid.why, (*grid.notes, *others), grid.merged)


def _build(path: Path, grid: Grid, header_row: int | None) -> Sheet:
    grid, mended = _mend(grid)
    start = find_header(grid, header_row)
    if start is None:
        raise DataFileError(
            Message(
                "{file}: no row with column names was found in the first {n} rows. Write the names"
                " above the columns, or say where they stand with header_row=...",
                file=path,
                n=HEADER_WITHIN,
            )
        )
    names, start, used = read_header(grid, start)
    if len(names) > MOST_COLUMNS:
        raise DataFileError(
            Message(
                "{file}: more than {n:,} columns are not read. Delete those that are not needed.",
                file=path,
                n=MOST_COLUMNS,
            )
        )
    notes = [row_note(Message("above the table"), cells) for _, cells in grid.rows[:start]]
    why = grid.why
    if start or used > 1:
        why = (*why, Message("column names in row {row}", row=grid.rows[start][0]))
    body, below = split_body(path, grid, start + used, names)
    header, rows, dropped = drop_empty(names, [cells for _, cells in body])
    refuse_twice(path, header)
    return Sheet(
        file=path.name,
        header=header,
        rows=tuple(rows),
        row_numbers=tuple(number for number, _ in body),
        mended=tuple(mended),
        why=why,
        notes=(*notes, *below, *grid.notes, *dropped),
    )


def _mend(grid: Grid) -> tuple[Grid, list[Message]]:
    """Mend the text of all cells, and say where letters are lost."""
    times = Counter(chain.from_iterable(cells for _, cells in grid.rows))
    better: dict[str, str] = {}
    repairs: Counter[str] = Counter()
    for text, count in times.items():
        better[text], done = mend_text(text)
        repairs.update(dict.fromkeys(done, count))
    mended = [
        Message("{what} in {n} cell(s)", what=MENDS[name], n=repairs[name])
        for name in MENDS
        if repairs[name]
    ]
    lost = sum(count for text, count in times.items() if "\N{REPLACEMENT CHARACTER}" in text)
    changed = any(new != old for old, new in better.items())
    rows = grid.rows
    if changed:
        rows = tuple((number, tuple(map(better.__getitem__, cells))) for number, cells in rows)
    notes = grid.notes
    if lost:
        notes = (
            *notes,
            Message(
                "{n} cell(s) hold letters that were lost before (\N{REPLACEMENT CHARACTER})", n=lost
            ),
        )
    return Grid(rows, grid.why, notes, grid.merged, grid.separator), mended


def open_records(path: Path) -> Sheet | None:
    """Open records of an open-data portal (JSON) as a sheet; None where a file holds none."""
    if inspect_file(path) != "json" or path.stat().st_size > _LARGEST_JSON:
        return None
    with path.open("rb") as file:
        head = file.read(2_000)
    if re.search(rb'"(FeatureCollection|Topology|Feature|esriGeometry\w+|geometryType)"', head):
        return None  # a layer; to parse it twice would take time
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return None
    records, names = _records_in(found)
    if not records:
        return None
    if all(isinstance(record, dict) for record in records):
        names = list(dict.fromkeys(name for record in records for name in record))
        cells = [[record.get(name) for name in names] for record in records]
    elif names and all(isinstance(r, list) and len(r) == len(names) for r in records):
        cells = records
    else:
        return None
    if any(isinstance(cell, dict | list) for row in cells for cell in row):
        return None  # nested: a layer, or no table
    rows = tuple(tuple(value_text(cell) for cell in row) for row in cells)
    why = (Message("records of a JSON file"),)
    numbers = tuple(range(1, len(rows) + 1))
    return Sheet(path.name, tuple(map(str, names)), rows, numbers, mended=(), why=why, notes=())


def _records_in(found: Any) -> tuple[list[Any], list[str]]:
    """Return the records of a JSON document and the names of its fields."""
    for _ in range(3):
        if not isinstance(found, dict):
            break
        fields = found.get("fields") or found.get("columns") or []
        names = [
            str(f.get("id") or f.get("name")) if isinstance(f, dict) else str(f) for f in fields
        ]
        for key in ("records", "data", "rows"):
            if isinstance(found.get(key), list):
                return found[key], names
        found = found.get("result")
    return (found, []) if isinstance(found, list) else ([], [])
