"""The one check at the door: text cells against the contract of their table.

After `read_checked` a table can be trusted: the columns are there and in order, text is ``str``
(the empty string where there is none), numbers are float64 (NaN where there is none), months read
``YYYY-MM``.
"""

from __future__ import annotations

import math
import re
from collections import Counter, namedtuple
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..errors import DataFileError, Fault, TableError, casefolded, nearest, suggestion
from ..messages import Message
from ..sheets.sheet import open_grid
from ..sheets.source import find_source
from .contracts import CONTRACTS, Column
from .points import point_faults

LARGEST_TABLE = 100_000_000
# The cells of a table as text, by column.
Cells = dict[str, list[str]]
_PATTERNS: dict[str, tuple[re.Pattern[str], Message]] = {
    "month": (
        re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])"),
        Message("Write months as YYYY-MM, for example 2017-01."),
    ),
    "date": (
        re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"),
        Message("Write dates as YYYY, YYYY-MM or YYYY-MM-DD."),
    ),
    "ubigeo": (
        re.compile(r"[0-9]{2}|[0-9]{4}|[0-9]{6}"),
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
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def as_rows(table: pd.DataFrame) -> Iterable[Any]:
    """Return the rows of a table as named tuples (pandas' own type knows no column)."""
    return map(_row_type(tuple(table.columns))._make, _rows(table))


def as_records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as dictionaries."""
    names = [str(name) for name in table.columns]
    return [dict(zip(names, row, strict=True)) for row in _rows(table)]


@cache
def _row_type(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names, rename=True)


def _rows(table: pd.DataFrame) -> Iterable[tuple[Any, ...]]:
    return zip(*(_values(column) for _, column in table.items()), strict=True)


def _values(column: pd.Series[Any]) -> list[Any]:
    """Return the values of a column as Python's own; text all at once, not cell by cell."""
    if isinstance(column.dtype, pd.StringDtype):
        text: list[Any] = column.to_numpy(dtype=object).tolist()
        return text
    values = column.tolist()
    if column.dtype == object:
        return [value.item() if isinstance(value, np.generic) else value for value in values]
    return values


def empty_table(table: str) -> pd.DataFrame:
    """Return table ``table`` with all its columns and no row.

    Parameters
    ----------
    table : str
        Name of a table of a study, for example ``"flows"``.

    Returns
    -------
    DataFrame
        Its columns with their types.
    """
    return check_table({column.name: [] for column in CONTRACTS[table]}, table)


def read_cells(path: Path) -> Cells:
    """Read a file of a study as columns of text cells, stripped of blanks.

    Unlike in `open_sheet` nothing is guessed or left out: row 1 is the header, and every row below
    it is a row of the table, blank ones too, so that rows count as in a spreadsheet.
    """
    source = find_source(path)
    if source.data is None and (size := path.stat().st_size) > LARGEST_TABLE:
        raise DataFileError(
            Message(
                "{file}: {size:,.0f} MB is more than is read ({limit:,.0f} MB).",
                file=path,
                size=size / 1e6,
                limit=LARGEST_TABLE / 1e6,
            )
        )
    grid = open_grid(source)
    rows = dict(grid.rows)
    names = [name.strip() for name in rows.pop(1, ())]
    if not names:
        raise DataFileError(Message("{file}: row 1 holds no column names.", file=path))
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise DataFileError(
            Message(
                "{file}: the header names column '{name}' more than once. Rename one of them.",
                file=path,
                name=twice[0],
            )
        )
    width = len(names)
    for number, row in rows.items():
        # A spreadsheet leaves the empty cells at the end of a row out, a text table never does.
        if len(row) > width or (len(row) < width and grid.separator):
            raise DataFileError(
                Message(
                    "{file}: row {row} has {found} cells, the header has {wanted}. Put quotes"
                    " around cells that contain '{separator}'.",
                    file=path,
                    row=number,
                    found=len(row),
                    wanted=width,
                    separator=grid.separator or ",",
                )
            )
    blank = ("",) * width
    lines = [rows.get(number, blank) for number in range(2, max(rows, default=1) + 1)]
    columns = (
        zip(*(row + blank[len(row) :] for row in lines), strict=True) if lines else [()] * width
    )
    return {name: list(map(str.strip, cells)) for name, cells in zip(names, columns, strict=True)}


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
    distinct = dict.fromkeys(cells)
    free = column.kind == "text" and not column.choices and column.refers_to not in known
    free = free and (column.empty or "" not in distinct)
    if free and (not column.unique or len(distinct) == len(cells)):
        return []  # any text will do; ids are many
    targets: list[str] | None = None
    if column.refers_to and column.refers_to in known:
        targets = known[column.refers_to].iloc[:, 0].tolist()
    allowed = None if targets is None else set(targets)
    judged: dict[str, tuple[Message, Message] | None] = {}
    unknown: set[str] = set()  # said once, however many rows they stand in
    for value in distinct:
        judged[value] = _value_problem(value, column)
        parts = value.split() if column.several else [value]
        if value and judged[value] is None and allowed is not None and not allowed >= {*parts}:
            times = cells.count(value)
            reason = Message("This is not in the table '{table}'.", table=column.refers_to)
            if times > 1:
                unknown.add(value)
                reason = Message(
                    "This is not in the table '{table}', and stands in {n} rows.",
                    table=column.refers_to,
                    n=times,
                )
            lost = next(part for part in parts if part not in allowed)
            judged[value] = (reason, _add_or_mend(lost, column.refers_to or "", targets or []))
    repeated = column.unique and len(judged) < len(cells)
    if not repeated and not any(judged.values()):
        return []
    faults: list[Fault] = []
    seen: set[str] = set()
    for row, value in enumerate(cells, start=2):
        problem = judged[value]
        if value in unknown and value in seen:
            continue
        if problem is None and column.unique and value in seen:
            problem = _REPEATED
        seen.add(value)
        if problem:
            faults.append(Fault(row, column.name, value or None, *problem))
    return faults


def _add_or_mend(value: str, table: str, targets: list[str]) -> Message:
    """Offer the nearest known key, or say where to add the row that is missing."""
    if nearest(value, targets) is not None:
        return suggestion(value, targets)
    contract = CONTRACTS[table]
    if not all(column.required for column in contract):  # a file need not have all columns
        return Message("Add a row for it to the table '{table}'.", table=table)
    cells = ["" if column.empty else f"<{column.name}>" for column in contract]
    return Message(
        "Add a line for it to the table '{table}': {line}",
        table=table,
        line=",".join([value, *cells[1:]]),
    )


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


def read_table(
    files: tuple[Path, ...], name: str, known: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Read the files of one table and put their rows together; no file makes an empty table.

    Raises what `read_checked` raises, and `TableError` if two files hold the same key.
    """
    if not files:
        return empty_table(name)
    parts = [read_checked(file, name, known=known) for file in files]
    for file, part in zip(files, parts, strict=True):
        _CHECKS.get(name, _no_check)(part, file, known)
    _refuse_twice(files, parts, name)
    if name == "places":
        _check_members(files, parts)
    if len(parts) == 1:
        return parts[0]
    whole = pd.concat(parts, ignore_index=True)
    _CHECKS.get(name, _no_check)(whole, files[-1], known)
    return whole


def _refuse_twice(files: tuple[Path, ...], parts: Sequence[pd.DataFrame], name: str) -> None:
    """Refuse a key that stands in two files."""
    if len(files) < 2:
        return
    for column in CONTRACTS[name]:
        if not column.unique:
            continue
        seen: dict[str, str] = {}
        for file, part in zip(files, parts, strict=True):
            faults = [
                Fault(
                    row,
                    column.name,
                    value,
                    Message("This value stands in {file} too.", file=seen[value]),
                    Message("Give each row its own, over all files of the table."),
                )
                for row, value in enumerate(part[column.name], start=2)
                if value in seen
            ]
            if faults:
                raise TableError(name, file.name, faults)
            seen |= dict.fromkeys(part[column.name], file.name)


def _check_members(files: tuple[Path, ...], parts: Sequence[pd.DataFrame]) -> None:
    """Refuse an area whose members are not places, or are areas themselves."""
    kinds = {
        place: kind
        for part in parts
        for place, kind in zip(part["place_id"], part["kind"], strict=True)
    }
    points = [place for place, kind in kinds.items() if kind != "area"]
    for file, part in zip(files, parts, strict=True):
        faults = []
        for row, entry in enumerate(as_rows(part), start=2):
            for member in entry.members.split():
                if entry.kind != "area":
                    reason = Message("Only a place of the kind area has members.")
                    fix = Message("Leave the cell empty, or make the place an area.")
                elif kinds.get(member, "area") == "area":
                    reason = Message("This is no place of the table that is not an area itself.")
                    fix = suggestion(member, points)
                else:
                    continue
                faults.append(Fault(row, "members", member, reason, fix))
        if faults:
            raise TableError("places", file.name, faults)


def _check_coordinates(places: pd.DataFrame, file: Path, known: Mapping[str, Any]) -> None:
    half = places["lat"].isna() != places["lon"].isna()
    faults = [
        Fault(
            int(row) + 2,
            "lat",
            str(places.iloc[row, 0]),
            Message("Only one of lat and lon is given."),
            Message("Give both, or neither for a place without a point."),
        )
        for row in np.flatnonzero(half).tolist()
    ]
    name = {"place_id": "places", "ubigeo": "population"}[str(places.columns[0])]
    name = "network_places" if "place" in places else name
    if "regions" in known:
        faults += point_faults(places, known["regions"], near=name == "network_places")
    if faults:
        raise TableError(name, file.name, sorted(faults, key=lambda fault: fault.row or 0))


def _check_districts(districts: pd.DataFrame, file: Path, _known: Mapping[str, Any]) -> None:
    """Refuse two spellings of one district (but for accents and case) that mean different ones."""
    seen: dict[str, tuple[str, str]] = {}
    faults = []
    for row, entry in enumerate(as_rows(districts), start=2):
        meant = seen.setdefault(casefolded(entry.district), (entry.canonical, entry.ubigeo))
        if meant != (entry.canonical, entry.ubigeo):
            reason = Message("The same name stands in an earlier row for another district.")
            fix = Message("Accents and case do not tell districts apart. Correct one of them.")
            faults.append(Fault(row, "district", entry.district, reason, fix))
    if faults:
        raise TableError("districts", file.name, faults)


def _check_sources(sources: pd.DataFrame, file: Path, _known: Mapping[str, Any]) -> None:
    """Refuse a public source that nobody else can look up."""
    faults = [
        Fault(
            row,
            column,
            None,
            Message("A public source needs an address and the day it was read there."),
            Message("Fill in {column}, or write access = own: its counts are protected then.",
                    column=column),
        )
        for row, entry in enumerate(as_rows(sources), start=2)
        if entry.access == "public"
        for column in ("url", "accessed")
        if not getattr(entry, column)
    ]  # fmt: skip
    if faults:
        raise TableError("sources", file.name, faults)


def _no_check(table: pd.DataFrame, file: Path, known: Mapping[str, Any]) -> None:
    """Most tables need no more than their contract."""


_CHECKS = {
    "sources": _check_sources,
    "places": _check_coordinates,
    "population": _check_coordinates,
    "network_places": _check_coordinates,
    "districts": _check_districts,
}
