"""Which columns of a complaint table hold the counts, and what period and measure they state."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ...errors import DataFileError, fold
from ...messages import Message
from ...sheets.numbers import read_period
from ...sheets.sheet import Sheet
from ..columns import (
    PERIOD_WORD,
    ValueColumn,
    holds_counts,
    is_ratio,
    measure_of,
    read_value_header,
)
from ..personal import listed_columns

_ANY_VALUE = re.compile(
    r"cantidad|total|valor|value|numero|nro|n|count|conteo|frecuencia|cifra|registros?|n casos|cant"
)
_PART = re.compile(
    r"hombre|mujer|varon|masculin|femenin|\bmenor|\bmayor|adult|\bnin[oa]s?\b|adolescent|\bnna\b|"
    r"no especific|sin dato|sin inform|desconoc|\bsexo\b"
)
# Names of columns that may be periods, and how to write them so that they are.
_UNCLEAR = (
    (
        re.compile(r"(19|20)\d\d ?[-_/ ] ?(i{1,3}|iv|0?[1-4])|(i{1,3}|iv) ?[-_/ ] ?(19|20)\d\d"),
        Message("a half-year or a quarter. Write '2017-S1' for the one, '2017-T1' for the other."),
    ),
    (
        re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.](19|20)\d\d"),
        Message("a day, a month or a year. Write the year as 2017, the month as 2017-01."),
    ),
    (
        re.compile(r"'?(0\d|[1289]\d|3[0-5])"),
        Message("a year or a number. Write years with four digits."),
    ),
)
_LOOKALIKES = str.maketrans("lio|zsb", "1101258")


Values = tuple[tuple[ValueColumn, ...], tuple[ValueColumn, ...]]


def choose_values(
    sheet: Sheet, free: Sequence[str], roles: Mapping[str, str], measure: str
) -> Values:
    """Choose the columns of counts.

    Parameters
    ----------
    sheet : Sheet
        The table.
    free : sequence of str
        Columns that play no other part.
    roles : mapping of str to str
        Columns by role; ``value`` where the caller says which.
    measure : str
        What is to be read.

    Returns
    -------
    tuple of (tuple of ValueColumn, tuple of ValueColumn)
        The columns of counts, and those that add them up.

    Raises
    ------
    DataFileError
        If no column holds counts, or several could.
    """
    if "value" in roles:
        return (read_value_header(roles["value"]),), ()
    headers = [read_value_header(name) for name in free if not is_ratio(name)]
    dated = [column for column in headers if column.period or column.month]
    if dated:
        return _dated_columns(sheet, headers, dated, measure)
    numeric = [column for column in headers if holds_counts(sheet.column(column.name))]
    said = [column for column in numeric if measure_of(column.words) == measure]
    plain = [c for c in numeric if _ANY_VALUE.fullmatch(c.words) or "total" in c.words.split()]
    other = [c for c in numeric if measure_of(c.words) not in (None, measure)]
    for found in (said, plain, [c for c in numeric if c not in other]):
        if len(found) == 1:
            return (found[0],), ()
        if len(found) > 1:
            break
    if other and len(other) == len(numeric):
        raise DataFileError(
            Message(
                "{file}: its counts are {found} (column '{column}'), not {measure}. Say"
                " measure='{found}', or use another table.",
                file=sheet.file,
                found=measure_of(other[0].words),
                column=other[0].name,
                measure=measure,
            )
        )
    _refuse_unclear_periods(sheet, numeric)
    raise DataFileError(
        Message(
            "{file}: {found} Say which column holds the counts with columns={{'value': '...'}}."
            " Columns: {columns}.",
            file=sheet.file,
            found=Message("several columns could hold the counts.")
            if numeric
            else Message("no column of counts was recognised."),
            columns=listed_columns([c.name for c in numeric] or sheet.header),
        )
    )


def told_measure(sheet: Sheet) -> str | None:
    """Return what the headers say that the table counts, if they name one thing only."""
    said = {measure_of(fold(name)) for name in sheet.header if not is_ratio(name)} - {None}
    return said.pop() if len(said) == 1 else None


def parts_of_total(sheet: Sheet, values: Sequence[ValueColumn]) -> tuple[str, ...]:
    """Name the columns (men and women, minors and adults) that one column of totals adds up."""
    if len(values) != 1 or "total" not in values[0].words.split():
        return ()
    found = [
        name
        for name in sheet.header
        if name != values[0].name
        and _PART.search(fold(name))
        and not is_ratio(name)
        and holds_counts(sheet.column(name))
    ]
    return tuple(found) if len(found) > 1 else ()


def _dated_columns(
    sheet: Sheet, headers: list[ValueColumn], dated: list[ValueColumn], measure: str
) -> Values:
    """Choose among columns with a period in their name; find those that add others up."""
    measures = {measure_of(column.words) for column in dated}
    if measures - {None, measure} and measure in measures:
        dated = [column for column in dated if measure_of(column.words) in (None, measure)]
    totals = [
        column
        for column in headers
        if "total" in column.words.split() and not (column.period or column.month)
    ]
    spans: dict[tuple[object, ...], list[ValueColumn]] = {}
    for column in dated:
        start = (column.period.start, column.period.end) if column.period else (column.month,)
        spans.setdefault(start, []).append(column)
    values: list[ValueColumn] = []
    for same in spans.values():
        if len(same) == 1:
            values += same
            continue
        whole = [column for column in same if "total" in column.words.split()] or [
            column for column in same if not column.words
        ]
        if len(whole) != 1:
            raise DataFileError(
                Message(
                    "{file}: columns {columns} all state the same period. Keep one of them, or say"
                    " which with columns={{'value': '...'}} and period=...",
                    file=sheet.file,
                    columns=", ".join(f"'{column.name}'" for column in same),
                )
            )
        values += whole
    summed = [column for column in values if _adds_others(column, values)]
    values = [column for column in values if column not in summed]
    _refuse_unread(sheet, headers, dated)
    _refuse_overlap(sheet, values)
    return tuple(values), (*totals, *summed)


def _refuse_unclear_periods(sheet: Sheet, numeric: list[ValueColumn]) -> None:
    """Say why "2017-I", "17" and "01/02/2017" above counts are no period."""
    for pattern, what in _UNCLEAR:
        if unclear := [column.name for column in numeric if pattern.fullmatch(fold(column.name))]:
            raise DataFileError(
                Message(
                    "{file}: column '{column}' may be a period, but it can be read in several"
                    " ways: {what}",
                    file=sheet.file,
                    column=unclear[0],
                    what=what,
                )
            )


def _refuse_unread(sheet: Sheet, headers: list[ValueColumn], dated: list[ValueColumn]) -> None:
    """Refuse a column such as "2202" among columns of years: its counts would be lost."""
    for column in headers:
        name = column.name.strip()
        if column in dated or column.period or not re.search(r"\d", name):
            continue
        bare = re.fullmatch(r"'?\d{1,4}(\.0)?", name) or re.search(r"(?<!\d)\d{4}(?!\d)", name)
        named = any(PERIOD_WORD.match(word) for word in column.words.split())
        slip = read_period(fold(name).translate(_LOOKALIKES))  # "20l8", "2O18"
        if (bare or named or slip) and holds_counts(sheet.column(column.name)):
            raise DataFileError(
                Message(
                    "{file}: column '{column}' stands among columns of periods, but its name is no"
                    " year, month or span of months. Correct the name, or delete the column.",
                    file=sheet.file,
                    column=column.name,
                )
            )


def _refuse_overlap(sheet: Sheet, values: list[ValueColumn]) -> None:
    """Refuse columns that count the same months twice ("Ene-Mar", "Ene-Jun")."""
    dated = [(column.period, column) for column in values if column.period]
    for i, (first, one) in enumerate(dated):
        for second, other in dated[i + 1 :]:
            if first.start <= second.end and second.start <= first.end:
                raise DataFileError(
                    Message(
                        "{file}: columns '{one}' and '{other}' cover the same months, so that"
                        " adding them up would count twice. Read one of them with"
                        " columns={{'value': '{other}'}}.",
                        file=sheet.file,
                        one=one.name,
                        other=other.name,
                    )
                )


def _adds_others(column: ValueColumn, values: list[ValueColumn]) -> bool:
    """Tell whether a column's period is parted by other columns (a year beside its months)."""
    if not column.period or ("total" not in column.words.split() and column.words):
        return False
    inside = [
        other
        for other in values
        if other.period
        and other is not column
        and column.period.start <= other.period.start
        and other.period.end <= column.period.end
    ]
    return len(inside) > 1
