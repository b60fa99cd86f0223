"""Reported flows from tables as people have them: long lists and origin-destination matrices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pandas as pd

from ..account import Account, Reading
from ..contracts import VALUE_KINDS
from ..errors import Fault, TableError
from ..messages import Message
from ..naming.name_keys import is_not_given
from ..naming.resolver import Resolver
from ..tabular.numbers import Count, Period, read_count, read_month, read_period
from ..tabular.sheets import Sheet, open_sheet
from .flow_assembly import Line, Wishes, assemble
from .flow_columns import (
    EndCells,
    Roles,
    find_roles,
    ids_for_names,
    kept_columns,
    row_number_columns,
)
from .flow_matrix import find_matrix, matrix_lines
from .itinerary_tables import read_itineraries, split_stops
from .personal import PersonalColumn, find_personal_columns
from .tally import Tally
from .vocabulary import read_purpose

__all__ = ["read_flows", "read_itineraries"]

_MATRIX = Message("origin-destination matrix")
_VALUE_KINDS = {
    "casos": "count", "conteo": "count", "cantidad": "count", "victimas": "count",
    "porcentaje del origen": "share_of_origin", "porcentaje del destino": "share_of_destination",
    "ninguno": "none", "": "none",
}  # fmt: skip


def read_flows(
    path: Path | Sheet,
    *,
    source_id: str,
    resolver: Resolver,
    columns: Mapping[str, str] | None = None,
    value_kind: str | None = None,
    shares: Literal["percent", "fraction"] | None = None,
    kind: Literal["region", "province", "district", "city"] | None = None,
    period: tuple[str, str] = ("", ""),
    purpose: str = "unknown",
    unknown_places: Literal["refuse", "leave_out"] = "refuse",
    sheet: str | None = None,
    encoding: str | None = None,
    header_row: int | None = None,
) -> Reading[pd.DataFrame]:
    """Read flows from a long table, a table of routes, or an origin-destination matrix.

    Parameters
    ----------
    path : Path or Sheet
        CSV, Excel or Parquet. A long table has a column of origins and one of destinations (names
        or codes; region, province and district beside them are used together). A matrix has the
        origins in its first column and the destinations in its header.
    source_id : str
        Source of rows that don't name one in a column ``source_id``.
    resolver : Resolver
        Knows the places.
    columns : mapping of str to str, optional
        Header by role, where the headers don't tell: ``origin``, ``destination``,
        ``origin_region``, ``value``, ``period``, ``year``, ``purpose`` ...
    value_kind : {"count", "share_of_origin", "share_of_destination", "none"}, optional
        What the numbers are, where the header does not tell.
    shares : {"percent", "fraction"}, optional
        Scale of shares, where neither sign nor header tells.
    kind : {"region", "province", "district", "city"}, optional
        Level of the places of columns that don't say it; a bare "Puno" is the region if left out.
    period : tuple of (str, str)
        First and last month, ``YYYY-MM``, of rows without a period of their own.
    purpose : str
        Purpose of rows without one.
    unknown_places : {"refuse", "leave_out"}
        Whether a name that is no known place is an error, or its row is left out and counted.
    sheet, encoding, header_row : optional
        As in `open_sheet`.

    Returns
    -------
    Reading of DataFrame
        The contract ``flows``, one row per flow printed, in the order of the file, ``flow_id`` from
        ``F001``. ``value`` is a count, or a share in percent; NaN with ``value_kind`` "none" where
        a flow is named without a number. 0 is a value; an empty cell of a matrix is no flow.

    Raises
    ------
    DataFileError
        If the file is no table.
    TableError
        If cells or columns can't be read, or could be in two ways, with all faults at once.
    """
    opened = open_sheet(path, sheet=sheet, encoding=encoding, header_row=header_row)
    wishes = Wishes(
        source_id, resolver, kind, period, purpose, value_kind, shares, unknown_places == "refuse"
    )
    personal = [
        column
        for column in find_personal_columns(
            opened.header, opened.rows, keep=kept_columns(opened.header)
        )
        if opened.header[column.position] not in (columns or {}).values()
    ]
    hidden = frozenset(column.position for column in personal)
    hidden |= row_number_columns(opened.header, opened.rows)
    roles = find_roles(opened.header, table="flows", file=opened.file, columns=columns, skip=hidden)
    if "flow_id" in roles.simple:
        # A table in the form of the contract: its places are ids, not names.
        roles = ids_for_names(roles)
        wishes = replace(wishes, shares=shares or "percent")
    notes = Tally()
    faults: list[Fault] = []
    directions: tuple[Message, ...] = ()
    spread = _period_columns(opened, roles, hidden)
    if roles.ends["origin"] and roles.ends["destination"] and spread:
        taken = Message("table of flows with a column for each period")
        lines = _wide_lines(opened, roles, wishes, spread, faults, notes)
        directions = (Message("each cell with a number counts as a row"),)
    elif roles.ends["origin"] and roles.ends["destination"]:
        _refuse_lost_numbers(opened, roles, hidden, value_kind)
        taken = Message("table of flows, one a row")
        lines = _long_lines(opened, roles, wishes, _both_ends(roles), faults, notes)
    elif "route" in roles.simple:
        taken = Message("table of routes; each is a flow from its first place to its last")
        lines = _long_lines(opened, roles, wishes, _route_ends(roles), faults, notes)
    else:
        taken = _MATRIX
        matrix = find_matrix(opened, resolver, kind=kind, skip=hidden)
        lines = [
            Line(row, column, origin, destination, value, None, period, purpose, source_id)
            for row, column, origin, destination, value in matrix_lines(opened, matrix)
        ]
        directions = (matrix.direction, Message("each cell with a number counts as a row"))
        spread = {0: Period("", "")}
    flows = assemble(
        lines,
        wishes,
        file=opened.file,
        header=opened.header[roles.simple["value"]] if "value" in roles.simple else "",
        numbers=bool(spread) or "value" in roles.simple,
        matrix=bool(spread),
        faults=faults,
        notes=notes,
    )
    table = flows.table
    account = Account(
        file=opened.file,
        taken_for=taken,
        why=(*opened.why, *directions, *flows.why),
        mended=opened.mended,
        left_out=flows.left_out,
        notes=(*notes.notes(), *_columns_notes(opened, roles, personal, spread), *opened.notes),
        rows_in=len(lines),
        rows_out=len(table),
        total_in=flows.total_in,
        total_out=flows.total_out,
    )
    return Reading(table, account)


def _period_columns(opened: Sheet, roles: Roles, hidden: frozenset[int]) -> dict[int, Period]:
    """Return the columns whose header is a period, where no other column holds the numbers."""
    if "value" in roles.simple:
        return {}
    free = (i for i in range(len(opened.header)) if i not in hidden | roles.used)
    found = {i: read_period(opened.header[i]) for i in free}
    return {i: period for i, period in found.items() if period is not None}


def _refuse_lost_numbers(
    opened: Sheet, roles: Roles, hidden: frozenset[int], value_kind: str | None
) -> None:
    """Refuse a table with a column of numbers of which nobody knows what they are."""
    if "value" in roles.simple or value_kind == "none":
        return
    for i, name in enumerate(opened.header):
        cells = [row[i] for row in opened.rows if row[i].strip()]
        ordered = cells == [str(n) for n in range(1, len(cells) + 1)]
        if i in hidden | roles.used or not cells or (ordered and len(cells) > 1):
            continue
        counts = [read_count(cell) for cell in cells]
        known = sum(isinstance(c, Count) and c.value is not None for c in counts)
        if 2 * known >= len(cells):
            raise TableError(
                "flows",
                opened.file,
                [
                    Fault(
                        None,
                        name,
                        None,
                        Message("This column holds numbers, but its name does not say of what."),
                        Message(
                            "Say columns={{'value': '{column}'}}, or value_kind='none' to read the"
                            " flows without numbers.",
                            column=name,
                        ),
                    )
                ],
            )


def _wide_lines(
    opened: Sheet,
    roles: Roles,
    wishes: Wishes,
    spread: Mapping[int, Period],
    faults: list[Fault],
    notes: Tally,
) -> list[Line]:
    """Return one line for each row and column of a period."""
    lines = _long_lines(opened, roles, wishes, _both_ends(roles), faults, notes)
    return [
        replace(line, column=opened.header[i], value=row[i], period=(period.start, period.end))
        for line, row in zip(lines, opened.rows, strict=True)
        for i, period in spread.items()
    ]


def _columns_notes(
    opened: Sheet, roles: Roles, personal: Sequence[PersonalColumn], spread: Mapping[int, Period]
) -> list[Message]:
    """Name the columns that were not used."""
    found = []
    hidden = {column.position for column in personal}
    dropped = [column.header for column in personal]
    if dropped:
        found.append(
            Message(
                "dropped unread, because they look personal: {columns}. A register with one row a"
                " case is read with read_cases.",
                columns=", ".join(dropped),
            )
        )
    matrix = (
        not (roles.ends["origin"] and roles.ends["destination"]) and "route" not in roles.simple
    )
    used = roles.used | hidden | set(spread)
    unused = [] if matrix else [name for i, name in enumerate(opened.header) if i not in used]
    if unused:
        found.append(Message("columns not used: {columns}", columns=", ".join(unused)))
    if roles.via:
        found.append(Message("places on the way are read with read_itineraries"))
    return found


Ends = Callable[[Sequence[str]], tuple[EndCells, EndCells]]


def _both_ends(roles: Roles) -> Ends:
    def ends(row: Sequence[str]) -> tuple[EndCells, EndCells]:
        return (
            EndCells.of_row(row, roles.ends["origin"]),
            EndCells.of_row(row, roles.ends["destination"]),
        )

    return ends


def _route_ends(roles: Roles) -> Ends:
    def ends(row: Sequence[str]) -> tuple[EndCells, EndCells]:
        stops = split_stops(row[roles.simple["route"]])
        if len(stops) < 2:
            return EndCells({}), EndCells({})
        return EndCells({"place": stops[0]}), EndCells({"place": stops[-1]})

    return ends


def _long_lines(
    opened: Sheet, roles: Roles, wishes: Wishes, ends: Ends, faults: list[Fault], notes: Tally
) -> list[Line]:
    """Return one line for each row of a long table."""

    def cell(row: Sequence[str], role: str) -> str:
        return row[roles.simple[role]] if role in roles.simple else ""

    lines = []
    value_column = opened.header[roles.simple["value"]] if "value" in roles.simple else ""
    for number, row in zip(opened.row_numbers, opened.rows, strict=True):
        origin, destination = ends(row)
        period = _period(opened, roles, row, number, wishes.period, faults)
        purpose = wishes.purpose
        if printed := cell(row, "purpose"):
            purpose = read_purpose(printed) or printed
            if read_purpose(printed) is None:
                notes.add(Message("purposes kept as printed"), example=printed)
        kind = None
        if "value_kind" in roles.simple:
            word = cell(row, "value_kind").strip().casefold()
            kind = _VALUE_KINDS.get(word, word)
            if kind not in VALUE_KINDS:
                faults.append(_word_fault(number, opened.header[roles.simple["value_kind"]], word))
                kind = "none"
        lines.append(
            Line(
                number, value_column, origin, destination, cell(row, "value"), kind, period,
                purpose, cell(row, "source_id") or wishes.source_id,
            )
        )  # fmt: skip
    return lines


def _word_fault(row: int, column: str, word: str) -> Fault:
    return Fault(
        row,
        column,
        word or None,
        Message("This is not one of the words allowed here."),
        Message("Use one of: {choices}.", choices=", ".join(VALUE_KINDS)),
    )


def _period(
    opened: Sheet,
    roles: Roles,
    row: Sequence[str],
    number: int,
    default: tuple[str, str],
    faults: list[Fault],
) -> tuple[str, str]:
    """Return first and last month of a row."""
    texts = {
        role: row[roles.simple[role]]
        for role in ("period", "date", "period_start", "period_end", "year", "month")
        if role in roles.simple
    }
    given = {role: text for role, text in texts.items() if not is_not_given(text)}
    if not given:
        return default
    found: dict[str, Period] = {}
    for role, text in given.items():
        if role == "month":
            continue
        read = read_period(text)
        if read is None:
            faults.append(_period_fault(number, opened.header[roles.simple[role]], text))
            return default
        found[role] = read
    if "month" in given and "year" in found:
        month = read_month(given["month"])
        if month is None:
            faults.append(
                _period_fault(number, opened.header[roles.simple["month"]], given["month"])
            )
            return default
        start = f"{found['year'].start[:4]}-{month:02}"
        return start, start
    if "period_start" in found or "period_end" in found:
        first, last = found.get("period_start"), found.get("period_end")
        return first.start if first else default[0], last.end if last else default[1]
    one = next((found[role] for role in ("period", "date", "year") if role in found), None)
    return (one.start, one.end) if one else default


def _period_fault(row: int, column: str, text: str) -> Fault:
    return Fault(
        row,
        column,
        text,
        Message("This is not a period that can be read in one way only."),
        Message("Write months as YYYY-MM, for example 2017-01."),
    )
