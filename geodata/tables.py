"""Column contracts of all tables, the reader that opens them, and the one check at the door.

After `read_checked` a table can be trusted: the columns are there and in order, text is ``str``
(the empty string where there is none), numbers are float64 (NaN where there is none), months read
``YYYY-MM``.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from .errors import DataFileError, Fault, MissingExtraError, TableError, suggestion
from .messages import Message

# The cells of a table as text, by column.
Cells = dict[str, list[str]]
Kind = Literal["text", "number", "count", "month", "date", "ubigeo", "url"]

_PATTERNS: dict[str, tuple[re.Pattern[str], Message]] = {
    "month": (
        re.compile(r"\d{4}-(0[1-9]|1[0-2])"),
        Message("Write months as YYYY-MM, for example 2017-01."),
    ),
    "date": (
        re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"),
        Message("Write dates as YYYY, YYYY-MM or YYYY-MM-DD."),
    ),
    "ubigeo": (
        re.compile(r"\d{2}|\d{4}|\d{6}"),
        Message("Write INEI codes as text with 2, 4 or 6 digits, for example 01."),
    ),
    "url": (
        re.compile(r"https?://[^\s\"'<>]+", re.IGNORECASE),
        Message("Give a full http:// or https:// address, or leave it empty."),
    ),
}


_EMPTY = (Message("This cell is empty."), Message("Every row needs a value here."))
_REPEATED = (
    Message("This value stands in an earlier row too."),
    Message("Give each row its own."),
)
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True)
class Column:
    """The contract of one column.

    Parameters
    ----------
    name : str
        Column name.
    kind : {"text", "number", "count", "month", "date", "ubigeo", "url"}
        ``count`` is a whole number that is not negative.
    empty : bool
        Whether a cell may be empty.
    required : bool
        Whether the column must be there (one that is not there is added empty).
    choices : tuple of str
        The values allowed; none listed means any.
    unique : bool
        Whether a value may stand only once.
    refers_to : str or None
        Name of the table whose first column must hold the value.
    low, high : float
        Bounds of a number.
    """

    name: str
    kind: Kind = "text"
    empty: bool = False
    required: bool = True
    choices: tuple[str, ...] = ()
    unique: bool = False
    refers_to: str | None = None
    low: float = float("-inf")
    high: float = float("inf")


PERIOD = (Column("period_start", "month"), Column("period_end", "month"))
OPEN_PERIOD = (
    Column("period_start", "month", empty=True),
    Column("period_end", "month", empty=True),
)
NOTES = (
    Column("note_es", empty=True, required=False),
    Column("note_en", empty=True, required=False),
)
SOURCE = Column("source_id", refers_to="sources")
LAT = Column("lat", "number", empty=True, low=-90, high=90)
LON = Column("lon", "number", empty=True, low=-180, high=180)

UNITS = ("national", "region", "judicial_district", "fiscal_district", "city")
MEASURES = ("complaints", "victims", "rescued")
VALUE_KINDS = ("none", "count", "share_of_origin", "share_of_destination")
PLACE_KINDS = ("region", "city", "river_port", "mining_zone", "border", "area")
MODES = ("road", "river", "air", "border")

CONTRACTS: dict[str, tuple[Column, ...]] = {
    "sources": (
        Column("source_id", unique=True),
        Column("origin_id", empty=True, required=False),
        Column("publisher"),
        Column("title"),
        Column("date", "date", empty=True),
        Column("url", "url", empty=True),
        Column("accessed", "date", empty=True, required=False),
        *NOTES,
    ),
    "registers": (
        Column("register", unique=True),
        Column("name_es"),
        Column("name_en"),
        Column("counts_es", empty=True),
        Column("counts_en", empty=True),
    ),
    "population": (
        Column("ubigeo", "ubigeo", unique=True),
        Column("name"),
        Column("population", "count", low=1),
        Column("year", "date"),
        Column("capital", empty=True, required=False),
        Column("lat", "number", empty=True, required=False, low=-90, high=90),
        Column("lon", "number", empty=True, required=False, low=-180, high=180),
        SOURCE,
    ),
    "districts": (
        Column("district", unique=True),
        Column("canonical"),
        Column("ubigeo", "ubigeo"),
        SOURCE,
        *NOTES,
    ),
    "complaints": (
        Column("unit", choices=UNITS, required=False, empty=True),
        Column("place", empty=True, required=False),
        Column("ubigeo", "ubigeo", empty=True),
        *PERIOD,
        Column("measure", choices=MEASURES),
        Column("register", refers_to="registers"),
        Column("purpose", empty=True, required=False),
        Column("value", "count"),
        Column("basis", choices=("published", "rounded", "derived"), empty=True, required=False),
        SOURCE,
        *NOTES,
    ),
    "rankings": (
        Column("register", refers_to="registers"),
        Column("measure", choices=MEASURES),
        *PERIOD,
        Column("rank", "count", low=1),
        Column("ubigeo", "ubigeo"),
        SOURCE,
    ),
    "places": (
        Column("place_id", unique=True),
        Column("name"),
        Column("name_en", empty=True, required=False),
        Column("ubigeo", "ubigeo", empty=True),
        Column("kind", choices=PLACE_KINDS),
        LAT,
        LON,
        Column("label_lat", "number", empty=True, required=False, low=-90, high=90),
        Column("label_lon", "number", empty=True, required=False, low=-180, high=180),
        Column("source_id", refers_to="sources", empty=True, required=False),
    ),
    "flows": (
        Column("flow_id", unique=True),
        Column("origin", refers_to="places"),
        Column("destination", refers_to="places"),
        Column("value", "number", empty=True, low=0),
        Column("value_kind", choices=VALUE_KINDS),
        *OPEN_PERIOD,
        Column("purpose", empty=True),
        SOURCE,
        *NOTES,
    ),
    "itineraries": (
        Column("route_id"),
        Column("seq", "count", low=1),
        Column("place_id", refers_to="places"),
        Column("mode_to_next", choices=("road", "river", "air", "border", "unknown"), empty=True),
        SOURCE,
    ),
    "network_places": (
        Column("place_id", unique=True),
        Column("place"),
        Column("region", empty=True),
        Column("ubigeo", "ubigeo", empty=True),
        LAT,
        LON,
        Column("kind"),
        Column("note", empty=True),
        Column("source_id", refers_to="sources", empty=True, required=False),
    ),
    "network_links": (
        Column("link_id", unique=True),
        Column("from", refers_to="network_places"),
        Column("to", refers_to="network_places"),
        Column("mode", choices=MODES),
        Column("ref", empty=True),
        Column("surface", empty=True),
        Column("km", "number", low=0),
        Column("hours", "number", low=0),
        Column("hours_back", "number", empty=True, low=0),
        Column("basis", choices=("published", "derived", "estimated")),
        Column("note", empty=True, required=False),
    ),
}


def as_rows(table: pd.DataFrame) -> Iterable[Any]:
    """Return the rows of a table as named tuples (pandas' own type knows no column)."""
    return table.itertuples(index=False)


def as_records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as dictionaries."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def empty_table(table: str) -> pd.DataFrame:
    """Return table ``table`` with all its columns and no row."""
    return check_table({column.name: [] for column in CONTRACTS[table]}, table)


def read_checked(
    path: Path, table: str, *, known: Mapping[str, pd.DataFrame] | None = None
) -> pd.DataFrame:
    """Read a table from a file and check it against its contract.

    Parameters
    ----------
    path : Path
        ``.csv``, ``.xlsx`` or ``.parquet``.
    table : str
        A key of `CONTRACTS`.
    known : mapping of str to DataFrame, optional
        Tables already checked, for columns that refer to them. A table that is not given is not
        compared.

    Returns
    -------
    DataFrame
        The rows of the file in their order; the columns of the contract in its order.

    Raises
    ------
    DataFileError
        If the file cannot be read as a table.
    TableError
        If a cell or column breaks the contract, with all faults at once.
    """
    return check_table(read_cells(path), table, file=path.name, known=known)


def read_cells(path: Path) -> Cells:
    """Read a file as columns of text cells.

    Parameters
    ----------
    path : Path
        ``.csv`` (UTF-8; comma, semicolon or tab), ``.xlsx`` (first sheet) or ``.parquet``.

    Returns
    -------
    dict of str to list of str
        The cells of each column, stripped of blanks, the empty string where there is nothing.

    Raises
    ------
    DataFileError
        If the file is missing, is not text, has ragged rows or a header that names a column twice.
    MissingExtraError
        If the package that reads this kind of file is not installed.
    """
    if not path.is_file():
        raise DataFileError(Message("{file}: there is no such file.", file=path))
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise DataFileError(
            Message(
                "{file}: tables are read from .csv, .xlsx or .parquet, not from '{suffix}'.",
                file=path,
                suffix=path.suffix,
            )
        )
    header, rows = reader(path)
    names = [name.strip() for name in header]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise DataFileError(
            Message(
                "{file}: the header names column '{name}' more than once. Rename one of them.",
                file=path,
                name=twice[0],
            )
        )
    return {name: [row[i].strip() for row in rows] for i, name in enumerate(names)}


def _read_csv(path: Path) -> tuple[list[str], list[list[str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataFileError(
            Message(
                "{file}: byte {position} is not UTF-8. Save the table as 'CSV UTF-8'.",
                file=path,
                position=error.start,
            )
        ) from error
    first_line = text.split("\n", 1)[0]
    if "\0" in text or not first_line.strip():
        raise DataFileError(
            Message("{file}: this is not a text table with a header line.", file=path)
        )
    separator = max(",;\t", key=first_line.count)
    try:
        lines = csv.reader(
            io.StringIO(text.rstrip("\r\n"), newline=""), delimiter=separator, strict=True
        )
        header, *rows = lines
    except csv.Error as error:
        raise DataFileError(
            Message(
                "{file}: a quote is not closed, or stands inside a cell ({detail}). Open the table"
                " in a spreadsheet and save it again as CSV.",
                file=path,
                detail=error,
            )
        ) from error
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise DataFileError(
                Message(
                    "{file}: row {row} has {found} cells, the header has {wanted}. Put quotes"
                    " around cells that contain '{separator}'.",
                    file=path,
                    row=number,
                    found=len(row),
                    wanted=len(header),
                    separator=separator,
                )
            )
    return header, rows


def _read_excel(path: Path) -> tuple[list[str], list[list[str]]]:
    try:
        cells = pd.read_excel(path, dtype=str, keep_default_na=False)
    except ImportError as error:
        raise _missing_extra(path, "excel") from error
    except Exception as error:  # openpyxl raises many kinds for a file that is no workbook
        raise DataFileError(
            Message("{file}: this is not a readable Excel workbook (.xlsx).", file=path)
        ) from error
    return _split(cells.fillna(""))


def _read_parquet(path: Path) -> tuple[list[str], list[list[str]]]:
    try:
        cells = pd.read_parquet(path)
    except ImportError as error:
        raise _missing_extra(path, "parquet") from error
    except (OSError, ValueError) as error:
        raise DataFileError(
            Message("{file}: this is not a readable Parquet file.", file=path)
        ) from error
    return _split(cells.astype(object).where(cells.notna(), ""))


def _split(cells: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
    return [str(name) for name in cells.columns], cells.astype(str).to_numpy().tolist()


_READERS: dict[str, Callable[[Path], tuple[list[str], list[list[str]]]]] = {
    ".csv": _read_csv,
    ".xlsx": _read_excel,
    ".parquet": _read_parquet,
}


def _missing_extra(path: Path, extra: str) -> MissingExtraError:
    return MissingExtraError(
        Message(
            "{file}: reading this kind of file needs an extra: pip install 'corredor[{extra}]'.",
            file=path,
            extra=extra,
        )
    )


def check_table(
    cells: Cells | pd.DataFrame,
    table: str,
    *,
    file: str | None = None,
    known: Mapping[str, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Check text cells against the contract of ``table`` and return them typed.

    Parameters
    ----------
    cells : mapping of str to list of str, or DataFrame
        Text cells by column, in the order of the file.
    table : str
        A key of `CONTRACTS`.
    file : str, optional
        Name shown in errors; the table's name if left out.
    known : mapping of str to DataFrame, optional
        Tables already checked, for columns that refer to them.

    Returns
    -------
    DataFrame
        A new table with the columns of the contract, in its order, index from 0.

    Raises
    ------
    TableError
        With all faults at once.
    """
    if isinstance(cells, pd.DataFrame):
        cells = {str(name): cells[name].astype(str).tolist() for name in cells.columns}
    contract = CONTRACTS[table]
    faults = _missing_columns(list(cells), contract)
    if faults:
        raise TableError(table, file or table, faults)
    rows = len(next(iter(cells.values()), []))
    columns: Cells = {}
    for column in contract:
        columns[column.name] = cells.get(column.name, [""] * rows)
        if column.name in cells:
            faults += _column_faults(columns[column.name], column, known or {})
    faults += _period_faults(columns)
    if faults:
        faults.sort(key=lambda fault: fault.row or 0)
        raise TableError(table, file or table, faults)
    return pd.DataFrame(
        {
            column.name: [float(cell) if cell else math.nan for cell in columns[column.name]]
            if column.kind in ("number", "count")
            else pd.Series(columns[column.name], dtype=str)
            for column in contract
        }
    )


def _missing_columns(names: list[str], contract: tuple[Column, ...]) -> list[Fault]:
    spare = [name for name in names if name not in {c.name for c in contract}]
    return [
        Fault(
            None,
            column.name,
            None,
            Message("This column is missing."),
            suggestion(column.name, spare)
            if spare
            else Message("Columns found: {columns}.", columns=", ".join(names)),
        )
        for column in contract
        if column.required and column.name not in names
    ]


def _column_faults(
    cells: list[str], column: Column, known: Mapping[str, pd.DataFrame]
) -> list[Fault]:
    """Return the faults of one column; each distinct value is judged once."""
    targets: list[str] | None = None
    if column.refers_to and column.refers_to in known:
        targets = known[column.refers_to].iloc[:, 0].tolist()
    allowed = None if targets is None else set(targets)
    judged: dict[str, tuple[Message, Message] | None] = {}
    faults: list[Fault] = []
    seen: set[str] = set()
    for row, value in enumerate(cells, start=2):
        if value not in judged:
            judged[value] = _value_problem(value, column)
            if value and judged[value] is None and allowed is not None and value not in allowed:
                judged[value] = (
                    Message("This is not in the table '{table}'.", table=column.refers_to),
                    suggestion(value, targets or []),
                )
        problem = judged[value]
        if problem is None and column.unique and value in seen:
            problem = _REPEATED
        seen.add(value)
        if problem:
            faults.append(Fault(row, column.name, value or None, *problem))
    return faults


def _value_problem(value: str, column: Column) -> tuple[Message, Message] | None:
    if value == "":
        return None if column.empty else _EMPTY
    if column.choices and value not in column.choices:
        return (
            Message("This is not one of the words allowed here."),
            Message("Use one of: {choices}.", choices=", ".join(column.choices)),
        )
    if column.kind in _PATTERNS:
        pattern, fix = _PATTERNS[column.kind]
        return None if pattern.fullmatch(value) else (Message("This is not in the form used."), fix)
    if column.kind == "text":
        return None
    if not _NUMBER.fullmatch(value) or len(value) > 18:
        return (
            Message("This is not a number."),
            Message("Write digits only, with a point for decimals: 1433 or 12.5."),
        )
    if column.kind == "count" and (float(value) < 0 or float(value) % 1):
        return (
            Message("This is not a count."),
            Message("Write a whole number, 0 or more."),
        )
    if not column.low <= float(value) <= column.high:
        return (
            Message("This number is out of range."),
            Message("It must lie between {low:g} and {high:g}.", low=column.low, high=column.high),
        )
    return None


def _period_faults(columns: Cells) -> list[Fault]:
    if "period_start" not in columns:
        return []
    spans = zip(columns["period_start"], columns["period_end"], strict=True)
    return [
        Fault(
            row,
            "period_end",
            end,
            Message("The period ends before it starts ({start}).", start=start),
            Message("Swap the two months."),
        )
        for row, (start, end) in enumerate(spans, start=2)
        if start and end and end < start
    ]
