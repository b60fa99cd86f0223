"""Column contracts of all tables, the reader that opens them, and the one check at the door.

After `read_checked` a table can be trusted: the columns are there and in order, text is ``str``
(the empty string where there is none), numbers are float64 (NaN where there is none), months read
``YYYY-MM``.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from .errors import DataFileError, Fault, MissingExtraError, TableError, suggestion
from .messages import Message

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


def empty_table(table: str) -> pd.DataFrame:
    """Return table ``table`` with all its columns and no row."""
    return check_table(pd.DataFrame(columns=[c.name for c in CONTRACTS[table]], dtype=str), table)


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


def read_cells(path: Path) -> pd.DataFrame:
    """Read a file as a table of text cells, the header as column names.

    Parameters
    ----------
    path : Path
        ``.csv`` (UTF-8; comma, semicolon or tab), ``.xlsx`` (first sheet) or ``.parquet``.

    Returns
    -------
    DataFrame
        All cells as ``str``, the empty string where there is nothing; index from 0.

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
    cells = reader(path)
    names = [str(name).strip() for name in cells.columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DataFileError(
            Message(
                "{file}: the header names column '{name}' more than once. Rename one of them.",
                file=path,
                name=twice[0],
            )
        )
    cells.columns = pd.Index(names)
    return cells.apply(lambda column: column.str.strip())


def _read_csv(path: Path) -> pd.DataFrame:
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
    header = text.split("\n", 1)[0]
    if "\0" in text or not header.strip():
        raise DataFileError(
            Message("{file}: this is not a text table with a header line.", file=path)
        )
    separator = max(",;\t", key=header.count)
    try:
        cells = pd.read_csv(
            io.StringIO(text), sep=separator, header=None, dtype=str, keep_default_na=False
        )
    except (pd.errors.ParserError, csv.Error) as error:
        raise DataFileError(
            Message(
                "{file}: a row has more cells than the header, or a quote is not closed"
                " ({detail}). Open it in a spreadsheet and save it again as CSV.",
                file=path,
                detail=str(error).split("C error: ")[-1].strip(),
            )
        ) from error
    names = cells.iloc[0].fillna("")
    table = cells.iloc[1:].reset_index(drop=True).fillna("")
    table.columns = pd.Index(names)
    return table


def _read_excel(path: Path) -> pd.DataFrame:
    try:
        cells = pd.read_excel(path, dtype=str, keep_default_na=False)
    except ImportError as error:
        raise _missing_extra(path, "excel") from error
    except Exception as error:  # openpyxl raises many kinds for a file that is no workbook
        raise DataFileError(
            Message("{file}: this is not a readable Excel workbook (.xlsx).", file=path)
        ) from error
    return cells.fillna("").astype(str)


def _read_parquet(path: Path) -> pd.DataFrame:
    try:
        cells = pd.read_parquet(path)
    except ImportError as error:
        raise _missing_extra(path, "parquet") from error
    except (OSError, ValueError) as error:
        raise DataFileError(
            Message("{file}: this is not a readable Parquet file.", file=path)
        ) from error
    return cells.astype(object).where(cells.notna(), "").astype(str)


_READERS: dict[str, Callable[[Path], pd.DataFrame]] = {
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
    cells: pd.DataFrame,
    table: str,
    *,
    file: str | None = None,
    known: Mapping[str, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Check text cells against the contract of ``table`` and return them typed.

    Parameters
    ----------
    cells : DataFrame
        Text cells, one row per row of the file, index from 0.
    table : str
        A key of `CONTRACTS`.
    file : str, optional
        Name shown in errors; the table's name if left out.
    known : mapping of str to DataFrame, optional
        Tables already checked, for columns that refer to them.

    Returns
    -------
    DataFrame
        A new table with the columns of the contract, in its order.

    Raises
    ------
    TableError
        With all faults at once.
    """
    contract = CONTRACTS[table]
    faults = _missing_columns(cells, contract)
    if faults:
        raise TableError(table, file or table, faults)
    checked: dict[str, pd.Series] = {}
    for column in contract:
        if column.name not in cells:
            text = pd.Series("", index=cells.index, dtype=str)
        else:
            text = cells[column.name].astype(str)
            faults += _column_faults(text, column, known or {})
        checked[column.name] = (
            pd.to_numeric(text, errors="coerce").astype("float64")
            if column.kind in ("number", "count")
            else text
        )
    result = pd.DataFrame(checked, index=cells.index)
    faults += _period_faults(result)
    if faults:
        faults.sort(key=lambda fault: fault.row or 0)
        raise TableError(table, file or table, faults)
    return result


def _missing_columns(cells: pd.DataFrame, contract: tuple[Column, ...]) -> list[Fault]:
    spare = [name for name in cells.columns if name not in {c.name for c in contract}]
    return [
        Fault(
            None,
            column.name,
            None,
            Message("This column is missing."),
            suggestion(column.name, spare)
            if spare
            else Message("Columns found: {columns}.", columns=", ".join(cells.columns)),
        )
        for column in contract
        if column.required and column.name not in cells
    ]


def _column_faults(
    text: pd.Series, column: Column, known: Mapping[str, pd.DataFrame]
) -> list[Fault]:
    """Return the faults of one column; only distinct values are looked at one by one."""
    faults: list[Fault] = []
    if not column.empty:
        faults += [
            Fault(
                int(row) + 2,
                column.name,
                None,
                Message("This cell is empty."),
                Message("Every row needs a value here."),
            )
            for row in text.index[text == ""]
        ]
    targets: list[str] | None = None
    if column.refers_to and column.refers_to in known:
        targets = known[column.refers_to].iloc[:, 0].tolist()
    allowed = set(targets) if targets is not None else set()
    for value in text.unique():
        if value == "":
            continue
        problem = _value_problem(value, column)
        if problem is None and targets is not None and value not in allowed:
            problem = (
                Message("This is not in the table '{table}'.", table=column.refers_to),
                suggestion(value, targets),
            )
        if problem:
            faults += [
                Fault(int(row) + 2, column.name, value, *problem)
                for row in text.index[text == value]
            ]
    if column.unique:
        repeated = text[(text != "") & text.duplicated()]
        faults += [
            Fault(
                int(row) + 2,
                column.name,
                value,
                Message("This value stands in an earlier row too."),
                Message("Give each row its own."),
            )
            for row, value in repeated.items()
        ]
    return faults


def _value_problem(value: str, column: Column) -> tuple[Message, Message] | None:
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
    number = re.fullmatch(r"-?\d+(\.\d+)?", value)
    if not number or len(value) > 18:
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


def _period_faults(table: pd.DataFrame) -> list[Fault]:
    if not {"period_start", "period_end"} <= set(table.columns):
        return []
    start, end = table["period_start"], table["period_end"]
    backwards = (start != "") & (end != "") & (end < start)
    return [
        Fault(
            int(row) + 2,
            "period_end",
            end[row],
            Message("The period ends before it starts ({start}).", start=start[row]),
            Message("Swap the two months."),
        )
        for row in table.index[backwards]
    ]
