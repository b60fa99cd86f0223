"""Official layouts of open data: what they share, and for each a file with its own.

A layout is told by the columns in ``columns.KINDS``, and read in steps: each row becomes a `Line`,
rows that stand twice are set apart, the rest is added up by place and months.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from ...account import Account, Reading, Tally
from ...errors import Fault, TableError
from ...messages import Message
from ...sheets.counts import Problem, read_counts
from ...sheets.periods import Period
from ...sheets.sheet import Sheet
from ..complaints.rows import to_table
from ..personal import has_columns

NO_NUMBER = Message("no number is given, which is not the same as none")


@dataclass(frozen=True)
class Line:
    """One row of a layout; two rows with the same ``key`` are one row printed twice."""

    place: str  # code of the region, or the district as printed
    months: Period
    what: tuple[str, ...]  # the cells that say what is counted
    row: int = 0
    value: float = 0
    key: tuple[str, ...] = field(repr=False, default=())


def read_lines(
    sheet: Sheet,
    column: str,
    apart: Sequence[int],
    read: Callable[[int, float | None], Line | Message | list[Fault]],
    left: Tally,
) -> list[Line]:
    """Read each row: a line, or the reason why it is left out, or what is wrong with it.

    ``column`` holds the counts; the cells ``apart`` tell whether rows repeat each other.
    """
    faults: list[Fault] = []
    lines = []
    for i, count in enumerate(read_counts(sheet.column(column))):
        number, row = sheet.row_numbers[i], sheet.rows[i]
        found = read(i, None if isinstance(count, Problem) else count.value)
        if isinstance(found, Message):
            left.add(found)
        elif isinstance(found, list):
            faults += found
        elif isinstance(count, Problem):
            faults.append(count.at(number, column, row[sheet.header.index(column)]))
        elif count.value is None:
            left.add(NO_NUMBER)
        else:
            key = tuple(row[at] for at in apart)
            lines.append(replace(found, row=number, value=count.value, key=key))
    if faults:
        raise TableError("complaints", sheet.file, faults)
    return lines


def set_repeated_apart(
    lines: Iterable[Line],
    file: str,
    column: str,
    *,
    reason: Callable[[Line], Message],
    fix: Message,
    matters: Callable[[Line], bool] = lambda line: True,
) -> tuple[list[Line], list[Line]]:
    """Set rows apart that repeat an earlier one; two counts for one that matters are refused."""
    seen: dict[tuple[str, ...], Line] = {}
    once: list[Line] = []
    repeated: list[Line] = []
    faults: list[Fault] = []
    for line in lines:
        first = seen.setdefault(line.key, line)
        if first is not line and first.value == line.value:
            repeated.append(line)
            continue
        once.append(line)
        if first is not line and matters(line):
            faults.append(Fault(line.row, column, f"{line.value:.0f}", reason(first), fix))
    if faults:
        raise TableError("complaints", file, faults)
    return once, repeated


def to_reading(
    rows: Sequence[Mapping[str, str]],
    opened: Sheet,
    *,
    taken_for: Message,
    columns: Sequence[str],
    series: dict[str, str],
    left: Tally,
    notes: Sequence[Message],
    used: int,
) -> Reading[pd.DataFrame]:
    """Return the contract ``complaints`` of all rows, and the account.

    ``series`` is register, measure and source; ``used`` are the lines that were added up.
    """
    table = to_table(rows, opened.file, purpose="all", **series)
    total = float(table["value"].sum())
    account = Account(
        file=opened.file,
        taken_for=taken_for,
        why=(*opened.why, has_columns(columns)),
        mended=opened.mended,
        left_out=left.left_out(),
        notes=(*notes, *opened.notes),
        rows_in=len(opened.rows),
        rows_out=len(table),
        merged=used - len(table),
        total_in=total + sum(part.total or 0 for part in left.left_out()),
        total_out=total,
    )
    return Reading(table, account)
