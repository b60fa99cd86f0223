"""The rows of a list, or the cells of a matrix, as lines: ends, numbers, periods, purposes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ...account import Tally
from ...errors import Fault, one_fault
from ...messages import Message
from ...places.codes import code_of
from ...places.ends import EndCells, split_known
from ...places.gazetteer import LIMA
from ...places.resolver import COARSER, IN_REGION, Resolver
from ...sheets.counts import Count, read_count
from ...sheets.periods import Period, find_order, read_case_date, read_month, read_period
from ...sheets.sheet import Sheet
from ...study.contracts import VALUE_KINDS
from ...words import is_not_given, is_total, words_of
from ..columns import Roles
from ..personal import listed_columns, shown_cell
from ..subject import purpose_of
from .assembly import FlowOptions, Line

# Origin, destination, and the places named between them.
Ends = Callable[[Sequence[str]], tuple[EndCells, EndCells, tuple[EndCells, ...]]]

_VALUE_KINDS = {
    "casos": "count", "conteo": "count", "cantidad": "count", "victimas": "count",
    "porcentaje del origen": "share_of_origin", "porcentaje del destino": "share_of_destination",
    "ninguno": "none", "": "none",
}  # fmt: skip
_FILL = Message("Fill in the name that holds for the row, or write 'no especificado'.")
_ENOUGH_EMPTY = 5  # one row in so many, before empty cells are taken for merged ones


def both_ends(roles: Roles, header: Sequence[str], options: FlowOptions) -> Ends:
    """Return how to read both ends of a row, and what lies between, from their columns."""
    # A table in the form of the contract names places by their ids, blanks between.
    level = "code" if "flow_id" in roles.simple else "place"

    def split(cell: str) -> list[str]:
        return split_known(cell, options.resolver, options.kind)

    def ends(row: Sequence[str]) -> tuple[EndCells, EndCells, tuple[EndCells, ...]]:
        return (
            EndCells.of_row(row, roles.ends["origin"], header),
            EndCells.of_row(row, roles.ends["destination"], header),
            tuple(
                EndCells({level: name}, header[i])
                for i in roles.via
                for name in (row[i].split() if level == "code" else split(row[i]))
            ),
        )

    return ends


def route_ends(roles: Roles, header: Sequence[str], options: FlowOptions) -> Ends:
    """Return how to read both ends of a row from a route such as ``A -> B -> C``."""
    column = header[roles.simple["route"]]

    def ends(row: Sequence[str]) -> tuple[EndCells, EndCells, tuple[EndCells, ...]]:
        stops = split_known(row[roles.simple["route"]], options.resolver, options.kind)
        if len(stops) < 2:
            return EndCells({}), EndCells({}), ()
        first, *between, last = (EndCells({"place": stop}, column) for stop in stops)
        return first, last, tuple(between)

    return ends


def long_lines(
    opened: Sheet, roles: Roles, options: FlowOptions, ends: Ends, faults: list[Fault], notes: Tally
) -> list[Line]:
    """Return one line for each row of a long table."""

    def cell(row: Sequence[str], role: str) -> str:
        return row[roles.simple[role]] if role in roles.simple else ""

    lines = []
    faults += _merged_cells(opened, roles)
    sources = source_ids(opened, roles, options.source_id, notes)
    dates = [row[roles.simple["date"]] for row in opened.rows] if "date" in roles.simple else []
    order = find_order(dates)
    value_column = opened.header[roles.simple["value"]] if "value" in roles.simple else ""
    for number, row, source_id in zip(opened.row_numbers, opened.rows, sources, strict=True):
        origin, destination, via = ends(row)
        period = _period(opened, roles, row, number, options.period, order, faults)
        purpose = options.purpose
        if printed := cell(row, "purpose"):
            purpose = purpose_of(printed, notes, example=shown_cell(printed))
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
                purpose, source_id, via,
            )
        )  # fmt: skip
    return lines


def wide_lines(
    opened: Sheet,
    roles: Roles,
    options: FlowOptions,
    spread: Mapping[int, Period],
    faults: list[Fault],
    notes: Tally,
) -> list[Line]:
    """Return one line for each row and column of a period; a column of totals is only checked."""
    ends = both_ends(roles, opened.header, options)
    lines = long_lines(opened, roles, options, ends, faults, notes)
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
    note = Message(
        "the column '{column}' names {n} source(s) by title, and all rows have the source_id"
        " '{source_id}'. To keep them apart, write in this column the source_id that each has"
        " in the table 'sources'",
        column=column,
        n=len(set(named)),
        source_id=source_id,
    )
    for _ in named:
        notes.add(note)
    return [source_id] * len(opened.rows)


# Matrices: places down the side and across the top.


@dataclass(frozen=True)
class Matrix:
    """Where the parts of a matrix stand."""

    names: int  # column of the names of the rows
    numbers: tuple[int, ...]  # columns of the numbers
    transposed: bool  # whether the rows are destinations
    direction: Message  # what that was told by
    repeated: tuple[Fault, ...] = ()  # places that stand twice down the side or across the top


def find_matrix(
    opened: Sheet,
    resolver: Resolver,
    *,
    kind: str | None,
    skip: frozenset[int],
    across: str | None = None,
) -> Matrix:
    """Find the parts of a matrix."""
    columns = [i for i in range(len(opened.header)) if i not in skip]
    names = next((i for i in columns if not _all_codes(opened, i)), 0)
    numbers = [i for i in columns if i > names]
    places = [i for i in numbers if resolver.match(opened.header[i], kind=kind).place is not None]
    plain = [i for i in numbers if not _names_no_place(opened.header[i])]
    if not places or 2 * len(places) < len(plain):
        raise one_fault(
            "flows",
            opened.file,
            Message(
                "There are no columns of origins and destinations, and the header does not name"
                " places either."
            ),
            Message(
                "Say which columns they are with columns={{'origin': '...', 'destination': '...'}}."
                " Columns found: {columns}.",
                columns=listed_columns(opened.header),
            ),
        )
    corner = words_of(opened.header[names])
    to, back = (
        _position(corner, ("destino", "destination", "explotacion")),
        _position(corner, ("origen", "origin", "captacion", "procedencia")),
    )
    transposed = to is not None and (back is None or to < back)
    if across is not None:
        transposed = across == "origin"
        direction = (
            Message("the columns are origins, as the cell above them says")
            if transposed
            else Message("the columns are destinations, as the cell above them says")
        )
    elif transposed:
        direction = Message("the rows are destinations, as the corner '{corner}' says",
                            corner=opened.header[names])  # fmt: skip
    elif back is not None:
        direction = Message("the rows are origins, as the corner '{corner}' says",
                            corner=opened.header[names])  # fmt: skip
    else:
        direction = Message("the rows were taken for origins, the columns for destinations")
    top = [(None, opened.header[i], opened.header[i]) for i in numbers]
    side = [
        (number, opened.header[names], row[names])
        for number, row in zip(opened.row_numbers, opened.rows, strict=True)
    ]
    repeated = (*_repeated(top, resolver, kind), *_repeated(side, resolver, kind))
    return Matrix(names, tuple(numbers), transposed, direction, repeated)


def without_whole_lima(opened: Sheet, names: int, resolver: Resolver) -> tuple[Sheet, int]:
    """Leave out "Lima" where it is the sum of its two parts beside it; return how many cells."""

    def parts_in(labels: Sequence[str]) -> tuple[int, int, int] | None:
        found = [resolver.find(label, kind="region") for label in labels]
        lima = {m.part: i for i, m in enumerate(found) if m.ubigeo == LIMA and m.kind == "place"}
        return (lima[""], lima["city"], lima["rest"]) if len(lima) == 3 else None

    left = 0
    if (at := parts_in(opened.header)) is not None:
        cells = [[_count(row[i]) or 0.0 for i in at] for row in opened.rows]
        if all(whole == city + rest for whole, city, rest in cells):
            keep = [i for i in range(len(opened.header)) if i != at[0]]
            rows = tuple(tuple(row[i] for i in keep) for row in opened.rows)
            header = tuple(opened.header[i] for i in keep)
            opened, left = replace(opened, header=header, rows=rows), len(rows)
    if (at := parts_in([row[names] for row in opened.rows])) is not None:
        columns = [i for i in range(len(opened.header)) if i > names]
        cells = [[_count(opened.rows[r][i]) or 0.0 for r in at] for i in columns]
        if all(whole == city + rest for whole, city, rest in cells):
            keep = [r for r in range(len(opened.rows)) if r != at[0]]
            numbers = tuple(opened.row_numbers[r] for r in keep)
            rows = tuple(opened.rows[r] for r in keep)
            opened, left = replace(opened, rows=rows, row_numbers=numbers), left + len(columns)
    return opened, left


def _repeated(
    names: Sequence[tuple[int | None, str, str]], resolver: Resolver, kind: str | None
) -> list[Fault]:
    """Find places that stand twice; two parts of one region may."""
    seen: dict[str, str] = {}
    faults = []
    for row, column, name in names:
        match = resolver.match(name, kind=kind)
        if _names_no_place(name) or match.place is None or match.note in (COARSER, IN_REGION):
            continue
        first = seen.setdefault(match.place.place_id, name)
        if first is not name:
            faults.append(
                Fault(
                    row,
                    column,
                    None if row is None else name,
                    Message("'{first}' is the same place and stands before it.", first=first),
                    Message("Add the two up, or mend the name."),
                )
            )  # fmt: skip
    return faults


def matrix_lines(
    opened: Sheet, matrix: Matrix
) -> Iterator[tuple[int, str, EndCells, EndCells, str]]:
    """Yield row, column, origin, destination and number of each cell of a matrix."""
    for number, row in zip(opened.row_numbers, opened.rows, strict=True):
        for i in matrix.numbers:
            side, top = _end(row[matrix.names]), _end(opened.header[i])
            origin, destination = (top, side) if matrix.transposed else (side, top)
            yield number, opened.header[i], origin, destination, row[i]


def _names_no_place(name: str) -> bool:
    return is_total(name) or is_not_given(name)


def _end(name: str) -> EndCells:
    return EndCells({"place": name})


def _position(words: str, wanted: tuple[str, ...]) -> int | None:
    found = [words.find(word) for word in wanted if word in words]
    return min(found, default=None)


def _all_codes(opened: Sheet, position: int) -> bool:
    """Tell whether a column holds codes beside a column of names."""
    cells = [row[position] for row in opened.rows if row[position]]
    beside = position + 1 < len(opened.header) and any(
        any(c.isalpha() for c in row[position + 1]) for row in opened.rows
    )
    return beside and bool(cells) and all(code_of(cell) for cell in cells)
