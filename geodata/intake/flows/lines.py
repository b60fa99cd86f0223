"""The rows of a table of flows as lines: their ends, numbers, periods, purposes and sources."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ...account import Tally
from ...errors import Fault
from ...messages import Message
from ...places.ends import EndCells, split_known
from ...sheets.counts import Count, read_count
from ...sheets.periods import Period, find_order, read_case_date, read_month, read_period
from ...sheets.sheet import Sheet
from ...study.contracts import VALUE_KINDS
from ...words import is_not_given, is_total
from ..columns import Roles
from ..personal import shown_cell
from ..vocabulary import read_purpose
from .assembly import Line, Wishes

Ends = Callable[[Sequence[str]], tuple[EndCells, EndCells]]

_VALUE_KINDS = {
    "casos": "count", "conteo": "count", "cantidad": "count", "victimas": "count",
    "porcentaje del origen": "share_of_origin", "porcentaje del destino": "share_of_destination",
    "ninguno": "none", "": "none",
}  # fmt: skip
_OTHER_PURPOSE = Message("purposes of other words were taken for 'other'")
_FILL = Message("Fill in the name that holds for the row, or write 'no especificado'.")
_ENOUGH_EMPTY = 5  # one row in so many, before empty cells are taken for merged ones


def both_ends(roles: Roles, header: Sequence[str]) -> Ends:
    """Return how to read both ends of a row from their columns."""

    def ends(row: Sequence[str]) -> tuple[EndCells, EndCells]:
        return (
            EndCells.of_row(row, roles.ends["origin"], header),
            EndCells.of_row(row, roles.ends["destination"], header),
        )

    return ends


def route_ends(roles: Roles, header: Sequence[str], wishes: Wishes) -> Ends:
    """Return how to read both ends of a row from a route such as ``A -> B -> C``."""
    column = header[roles.simple["route"]]

    def ends(row: Sequence[str]) -> tuple[EndCells, EndCells]:
        stops = split_known(row[roles.simple["route"]], wishes.resolver, wishes.kind)
        if len(stops) < 2:
            return EndCells({}), EndCells({})
        return EndCells({"place": stops[0]}, column), EndCells({"place": stops[-1]}, column)

    return ends


def long_lines(
    opened: Sheet, roles: Roles, wishes: Wishes, ends: Ends, faults: list[Fault], notes: Tally
) -> list[Line]:
    """Return one line for each row of a long table."""

    def cell(row: Sequence[str], role: str) -> str:
        return row[roles.simple[role]] if role in roles.simple else ""

    lines = []
    faults += _merged_cells(opened, roles)
    sources = source_ids(opened, roles, wishes.source_id, notes)
    dates = [row[roles.simple["date"]] for row in opened.rows] if "date" in roles.simple else []
    order = find_order(dates)
    value_column = opened.header[roles.simple["value"]] if "value" in roles.simple else ""
    for number, row, source_id in zip(opened.row_numbers, opened.rows, sources, strict=True):
        origin, destination = ends(row)
        period = _period(opened, roles, row, number, wishes.period, order, faults)
        purpose = wishes.purpose
        if printed := cell(row, "purpose"):
            known = read_purpose(printed)
            purpose = known or "other"
            if known is None:
                notes.add(_OTHER_PURPOSE, example=shown_cell(printed))
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
                purpose, source_id,
            )
        )  # fmt: skip
    return lines


def wide_lines(
    opened: Sheet,
    roles: Roles,
    wishes: Wishes,
    spread: Mapping[int, Period],
    faults: list[Fault],
    notes: Tally,
) -> list[Line]:
    """Return one line for each row and column of a period; a column of totals is only checked."""
    ends = both_ends(roles, opened.header)
    lines = long_lines(opened, roles, wishes, ends, faults, notes)
    faults += _row_totals(opened, roles, spread)
    return [
        replace(line, column=opened.header[i], value=row[i], period=(period.start, period.end))
        for line, row in zip(lines, opened.rows, strict=True)
        for i, period in spread.items()
    ]


def period_columns(opened: Sheet, roles: Roles, hidden: frozenset[int]) -> dict[int, Period]:
    """Return the columns whose header is a period, where no other column holds the numbers."""
    if "value" in roles.simple and not is_total(opened.header[roles.simple["value"]]):
        return {}
    free = (i for i in range(len(opened.header)) if i not in hidden | roles.used)
    found = {i: read_period(opened.header[i]) for i in free}
    return {i: period for i, period in found.items() if period is not None}


def _merged_cells(opened: Sheet, roles: Roles) -> list[Fault]:
    """Refuse empty cells that look as if they went on from the cell above."""
    found = []
    for end in ("origin", "destination"):
        columns = list(roles.ends[end].values())
        if len(columns) != 1:
            continue
        cells = [row[columns[0]].strip() for row in opened.rows]
        other = roles.ends["destination" if end == "origin" else "origin"]
        beside = [any(row[i].strip() for i in other.values()) for row in opened.rows]
        empty = [
            n for n, cell, given in zip(opened.row_numbers, cells, beside, strict=True)
            if not cell and given
        ]  # fmt: skip
        named = [cell for cell in cells if cell and not is_total(cell)]
        if cells[:1] == [""] or len(empty) * _ENOUGH_EMPTY < len(cells) or len(empty) < 2:
            continue
        if len(set(named)) == len(named):
            found.append(
                Fault(
                    empty[0],
                    opened.header[columns[0]],
                    None,
                    Message(
                        "Here and in {n} other row(s) the cell is empty, as if the one above went"
                        " on.",
                        n=len(empty) - 1,
                    ),
                    _FILL,
                )
            )
    return found


def _row_totals(opened: Sheet, roles: Roles, spread: Mapping[int, Period]) -> list[Fault]:
    """Compare the column of totals with the columns of periods."""
    if "value" not in roles.simple:
        return []
    total = roles.simple["value"]
    faults = []
    for number, row in zip(opened.row_numbers, opened.rows, strict=True):
        printed, parts = _count(row[total]), [_count(row[i]) for i in spread]
        added = sum(part for part in parts if part is not None)
        hidden = any(part is None and row[i].strip() for i, part in zip(spread, parts, strict=True))
        if printed is None or printed == added or (hidden and printed > added):
            continue
        faults.append(
            Fault(
                number,
                opened.header[total],
                row[total],
                Message("This total is not the sum of its parts, which is {sum:g}.", sum=added),
                Message("Mend the total or the parts, or take the row or column of totals out."),
            )
        )
    return faults


def _count(cell: str) -> float | None:
    count = read_count(cell)
    return count.value if isinstance(count, Count) else None


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
    order: str | None,
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
        read = read_period(text) or (_day(text, order) if role == "date" else None)
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


def _day(text: str, order: str | None) -> Period | None:
    """Return the month of a date such as 15/03/2019."""
    date = read_case_date(text, order=order, by_month=True)
    if isinstance(date, Message):
        return None
    month = f"{date.year}-{date.month:02}"
    return Period(month, month)


def _period_fault(row: int, column: str, text: str) -> Fault:
    return Fault(
        row,
        column,
        text,
        Message("This is not a period that can be read in one way only."),
        Message("Write months as YYYY-MM or 2017-01/2017-06, years as 2017 or 2017-2019."),
    )


_SOURCE_ID = re.compile(r"[\w.-]{1,40}")


def source_ids(opened: Sheet, roles: Roles, source_id: str, notes: Tally) -> list[str]:
    """Return the source of each row."""
    if "source_id" not in roles.simple:
        return [source_id] * len(opened.rows)
    column = opened.header[roles.simple["source_id"]]
    cells = [row[roles.simple["source_id"]].strip() for row in opened.rows]
    named = [cell for cell in cells if cell]
    if all(_SOURCE_ID.fullmatch(cell) for cell in named):
        for cell in named:
            notes.add(Message("sources as in the column '{column}'", column=column), example=cell)
        return [cell or source_id for cell in cells]
    said = Message(
        "the column '{column}' names {n} source(s) by title, and all rows have the source_id"
        " '{source_id}'. To keep them apart, write in this column the source_id that each has"
        " in the table 'sources'",
        column=column,
        n=len(set(named)),
        source_id=source_id,
    )
    for _ in named:
        notes.add(said)
    return [source_id] * len(opened.rows)
