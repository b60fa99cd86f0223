"""Checks of a complaint table with its cells: counted twice, other crimes, other regions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from heapq import nsmallest
from itertools import combinations

from ...errors import Fault, TableError, casefolded
from ...messages import Message
from ...places.gazetteer import unit_keys
from ...places.keys import key_of
from ...places.resolver import Resolver
from ...sheets.counts import Count, read_counts
from ...sheets.sheet import Sheet
from ...words import words_of
from ..subject import TRAFFICKING, refuse_cells
from .cells import Cell
from .layout import Layout

_SHOWN = 10
_KEPT = 1000


def refuse_twice(
    cells: Sequence[Cell], sheet: Sheet, layout: Layout, finer: tuple[str, ...]
) -> None:
    """Refuse a place and period that stands twice; adding or choosing would be a guess."""
    found = sum(1 for _ in _repeats(cells))
    if not found:
        return
    pairs = nsmallest(_KEPT, _repeats(cells), key=lambda pair: pair[1].row)
    rows = dict(zip(sheet.row_numbers, sheet.rows, strict=True))
    free = [name for name in layout.unused if name not in finer]
    apart = {name: sheet.header.index(name) for name in free}
    raise TableError(
        "complaints",
        sheet.file,
        [
            _twice_fault(first, second, _twice_fix(rows[first.row], rows[second.row], apart))
            for first, second in pairs
        ],
        more=found - len(pairs),
    )


def _repeats(cells: Sequence[Cell]) -> Iterator[tuple[Cell, Cell]]:
    """Yield each cell whose place and months stood before, behind the first such cell."""
    for same in _by_place(cells):
        seen: dict[tuple[str, str], Cell] = {}
        for cell in same:
            first = seen.setdefault((cell.period.start, cell.period.end), cell)
            if first is not cell:
                yield first, cell


def _twice_fault(first: Cell, second: Cell, fix: Message) -> Fault:
    reason = Message(
        "The same place and months stand in row {first} ({one}) and here ({two}).",
        first=first.row,
        one=_shown(first),
        two=_shown(second),
    )
    return second.fault(reason, fix)


def refuse_overlap(cells: Sequence[Cell], file: str) -> None:
    """Refuse two counts of one place that share months: their sum would count them twice."""
    faults = []
    for group in _by_place(cells):
        same = [cell for cell in group if cell.count.value is not None and cell.period.start]
        if len({cell.period for cell in same}) < 2:
            continue
        same.sort(key=lambda cell: (cell.period.start, cell.period.end))
        last = same[0]
        for cell in same[1:]:
            if cell.period.start <= last.period.end and cell.period != last.period:
                faults.append(_overlap_fault(cell, last.row))
            if cell.period.end > last.period.end:
                last = cell
    if faults:
        raise TableError("complaints", file, faults)


def _overlap_fault(cell: Cell, other: int) -> Fault:
    reason = Message(
        "Its months overlap those of row {row} for the same place, so that adding them up would"
        " count twice.",
        row=other,
    )
    fix = Message("Keep the rows of one set of periods: whole years, or months, or the newest cut.")
    return cell.fault(reason, fix)


def refuse_future(cells: Sequence[Cell], file: str) -> None:
    """Refuse counts of months that have not begun: the year is a slip of the hand."""
    today = f"{date.today():%Y-%m}"
    faults = {
        cell.period.start: Fault(
            cell.row,
            cell.column,
            cell.period.start,
            Message("These months have not begun yet."),
            Message("Correct the year."),
        )
        for cell in reversed(cells)
        if cell.period.start > today
    }
    if faults:
        raise TableError("complaints", file, list(faults.values()))


def compare_parts(sheet: Sheet, layout: Layout) -> list[Message]:
    """Compare a column of totals with the columns it adds up (men, women)."""
    if not layout.parts:
        return []
    total = layout.values[0].name
    columns = [read_counts(sheet.column(name)) for name in (total, *layout.parts)]
    notes = []
    for row, counts in zip(sheet.row_numbers, zip(*columns, strict=True), strict=True):
        values = [count.value for count in counts if isinstance(count, Count)]
        if len(values) < len(counts) or values[0] is None:
            continue
        found = sum(value or 0 for value in values[1:])
        if found != values[0] and (found > values[0] or None not in values):
            notes.append(
                Message(
                    "row {row}: column '{column}' says {said:,.0f}, {parts} add up to {found:,.0f};"
                    " '{column}' was used",
                    row=row,
                    column=total,
                    said=values[0],
                    parts=", ".join(layout.parts),
                    found=found,
                )
            )
    more = len(notes) - _SHOWN
    rest = [Message("... and {n} more sums differ from their parts", n=more)] if more > 0 else []
    return [*notes[:_SHOWN], *rest]


def _by_place(cells: Sequence[Cell]) -> list[list[Cell]]:
    """Return the cells of each place; two spellings of one place are one."""
    groups: dict[Hashable, list[Cell]] = defaultdict(list)
    for cell in cells:
        name = "" if cell.match.key else key_of(cell.place)
        groups[cell.match, name, cell.finer].append(cell)
    return list(groups.values())


def _shown(cell: Cell) -> str:
    return "-" if cell.count.value is None else f"{cell.count.value:,.0f}"


def _twice_fix(first: Sequence[str], second: Sequence[str], columns: Mapping[str, int]) -> Message:
    apart = next((name for name, at in columns.items() if first[at] != second[at]), None)
    if apart:
        return Message(
            "Column '{column}' tells them apart: choose one of its values, or add them up with"
            " add_up=['{column}'].",
            column=apart,
        )
    return Message("Keep the row that is right.")


_CRIME_COLUMN = re.compile(r"\b(delitos?|crimes?|offen[cs]es?|ilicitos?)\b")
# Trafficking in the penal code: 153 and 153-A until 2022, 129-A and 129-B from 2023.
_LEVEL_OF = {"provincia": 4, "prov": 4, "nombprov": 4, "distrito": 6, "dist": 6, "nombdist": 6}
_BAND = re.compile(r"(\d{1,3}) ?(?:-|–|a|hasta|to) ?(\d{1,3})\b.*")
_FROM = re.compile(r"(?:mas de |mayor(?:es)? de |> ?)?(\d{1,3}) ?(?:\+|a? ?(?:y|o|and) mas\b.*)")
_OLDEST = 130


def refuse_other_crimes(sheet: Sheet, layout: Layout, finer: Sequence[str]) -> None:
    """Refuse rows that count another crime."""
    columns = [n for n in (*layout.unused, *finer) if _CRIME_COLUMN.search(words_of(n))]
    reason = Message("This is another crime than trafficking in persons.")
    refuse_cells(
        sheet, columns, "complaints", reason, lambda cell: not TRAFFICKING.search(words_of(cell))
    )


def refuse_other_regions(
    cells: Sequence[Cell], sheet: Sheet, finer: Sequence[str], resolver: Resolver
) -> None:
    """Refuse a province or district that lies in another region than the one beside it."""
    faults: dict[tuple[str, str, str], Fault] = {}
    levels = [(at, name, _LEVEL_OF.get(key_of(name).removesuffix("hecho"))) for at, name in
              enumerate(finer)]  # fmt: skip
    for at, column, digits in levels:
        if digits is None:
            continue
        known = _regions_by_name(digits)
        for cell in cells:
            inside = known.get(key_of(cell.finer[at])) if cell.finer[at] else None
            region = cell.match.ubigeo
            if cell.match.kind == "place" and inside and region not in inside:
                key = (column, cell.finer[at], region)
                said = _as_printed(sheet, cell.row, column)
                faults.setdefault(key, _other_region(cell, column, said, inside, resolver))
    if faults:
        every = sorted(faults.values(), key=lambda fault: fault.row or 0)
        raise TableError("complaints", sheet.file, every)


def _other_region(
    cell: Cell, column: str, said: str, inside: frozenset[str], resolver: Resolver
) -> Fault:
    return Fault(
        cell.row,
        column,
        said,
        Message(
            "This lies in {regions}, but the row says {region}.",
            regions=", ".join(resolver.region_names.get(code, code) for code in sorted(inside)),
            region=resolver.region_names.get(cell.match.ubigeo, cell.place),
        ),
        Message("Correct the region or this name."),
    )


@cache
def _regions_by_name(digits: int) -> Mapping[str, frozenset[str]]:
    regions: dict[str, set[str]] = defaultdict(set)
    for code, key in unit_keys().items():
        if len(code) == digits:
            regions[key].add(code[:2])
    return {key: frozenset(codes) for key, codes in regions.items()}


def refuse_double(cells: Sequence[Cell], sheet: Sheet, finer: Sequence[str]) -> None:
    """Refuse to add up rows of which one holds the others."""
    for at, column in enumerate(finer):
        rows: dict[str, int] = {}
        for cell in cells:
            rows.setdefault(cell.finer[at], cell.row)
        for one, other in _overlapping(list(rows)):
            text = Message(
                "It shares ages with '{other}' (row {row}), so that adding them up would count"
                " people twice.",
                other=_as_printed(sheet, rows[other], column),
                row=rows[other],
            )
            fix = Message("Keep the rows of age groups that do not overlap.")
            raise _double(sheet, rows[one], column, text, fix)
        if (whole := _sum_of_the_others(cells, at)) is not None:
            text = Message("Its counts are everywhere the sum of the other rows of this column.")
            fix = Message("Delete these rows if they are totals, or call them 'Total'.")
            raise _double(sheet, rows[whole], column, text, fix)


def _double(sheet: Sheet, row: int, column: str, text: Message, fix: Message) -> TableError:
    fault = Fault(row, column, _as_printed(sheet, row, column), text, fix)
    return TableError("complaints", sheet.file, [fault])


def _as_printed(sheet: Sheet, row: int, column: str) -> str:
    return sheet.column(column)[sheet.row_numbers.index(row)]


def _overlapping(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    bands = [(text, band) for text in texts if (band := _band_of(text))]
    for (one, (first, last)), (other, (start, end)) in combinations(bands, 2):
        if first < end and start < last and (first, last) != (start, end):
            yield other, one


def _band_of(text: str) -> tuple[int, int] | None:
    plain = re.sub(r"^(de|entre) ", "", casefolded(text).replace(" anos", ""))
    if found := _BAND.fullmatch(plain):
        return int(found[1]), int(found[2])
    found = _FROM.fullmatch(plain)
    return (int(found[1]), _OLDEST) if found else None


def _sum_of_the_others(cells: Sequence[Cell], at: int) -> str | None:
    """Return the value that adds up all others, in two groups of three rows or more."""
    groups: dict[tuple[object, ...], dict[str, float]] = defaultdict(dict)
    for cell in cells:
        rest = (*cell.finer[:at], *cell.finer[at + 1 :])
        key = (cell.match, cell.place if not cell.match.key else "", cell.period, rest)
        groups[key][cell.finer[at]] = cell.count.value or 0
    large = [group for group in groups.values() if len(group) > 2 and any(group.values())]
    if len(large) < 2:
        return None
    for value in large[0]:
        if all(value in group and 2 * group[value] == sum(group.values()) for group in large):
            return value
    return None


def thousands_marks(cells: Sequence[Cell]) -> list[Message]:
    """Say that a point or comma was taken for a thousands mark."""
    marked = [cell for cell in cells if cell.count.thousands in (".", ",")]
    if not marked:
        return []
    return [
        Message(
            "'{sign}' was taken for a thousands mark in {n} count(s), for example {value:,.0f}",
            sign=marked[0].count.thousands,
            n=len(marked),
            value=marked[0].count.value,
        )
    ]
