"""Checks of the columns that part a place further: other crimes, other regions, counted twice."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations

from ...errors import Fault, TableError, fold
from ...messages import Message
from ...places.gazetteer import unit_keys
from ...places.keys import key_of
from ...places.resolver import Resolver
from ...sheets.sheet import Sheet
from ...words import is_not_given, is_total, words_of
from ..columns import holds_counts
from .cells import Cell
from .columns import Layout

_SHOWN = 10
_CRIME_COLUMN = re.compile(r"\b(delitos?|crimes?|offen[cs]es?|ilicitos?)\b")
# Trafficking in the penal code: 153 and 153-A until 2022, 129-A and 129-B from 2023.
_TRAFFICKING = re.compile(
    r"\btrata\b|traffick|trafico de (personas|seres)|explotacion|\b153|\b129 ?[ab]\b|\btp\b"
)
_LEVEL_OF = {"provincia": 4, "prov": 4, "nombprov": 4, "distrito": 6, "dist": 6, "nombdist": 6}
_BAND = re.compile(r"(\d{1,3}) ?(?:-|–|a|hasta|to) ?(\d{1,3})\b.*")
_FROM = re.compile(r"(?:mas de |mayor(?:es)? de |> ?)?(\d{1,3}) ?(?:\+|a? ?(?:y|o|and) mas\b.*)")
_OLDEST = 130


def refuse_other_crimes(sheet: Sheet, layout: Layout, finer: Sequence[str]) -> None:
    """Refuse rows that count another crime.

    Parameters
    ----------
    sheet : Sheet
        The table.
    layout : Layout
        What its columns are.
    finer : sequence of str
        Columns that part a place further.

    Raises
    ------
    TableError
        If a column of crimes names one that is not trafficking in persons.
    """
    faults = []
    for name in (*layout.unused, *finer):
        cells = sheet.column(name)
        if not _CRIME_COLUMN.search(words_of(name)) or holds_counts(cells):
            continue
        first = {cell: row for row, cell in zip(sheet.row_numbers[::-1], cells[::-1], strict=True)}
        faults += [
            Fault(
                first[cell],
                name,
                cell,
                Message("This is another crime than trafficking in persons."),
                Message(
                    "Keep the rows of trafficking only; if all rows are, correct or delete this"
                    " column."
                ),
            )
            for cell in dict.fromkeys(cells)
            if not (is_not_given(cell) or is_total(cell) or _TRAFFICKING.search(words_of(cell)))
        ]
    if faults:
        raise TableError("complaints", sheet.file, faults[:_SHOWN], more=len(faults[_SHOWN:]))


def refuse_other_regions(
    cells: Sequence[Cell], sheet: Sheet, finer: Sequence[str], resolver: Resolver
) -> None:
    """Refuse a province or district that lies in another region than the one beside it.

    Parameters
    ----------
    cells : sequence of Cell
        Cells of regions.
    sheet : Sheet
        The table.
    finer : sequence of str
        Columns that part a region further.
    resolver : Resolver
        Known regions.

    Raises
    ------
    TableError
        With each such name; a name that is not known passes.
    """
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
    """Refuse to add up rows of which one holds the others.

    Parameters
    ----------
    cells : sequence of Cell
        Cells without sums that were recognised.
    sheet : Sheet
        The table.
    finer : sequence of str
        Columns whose rows are added up.

    Raises
    ------
    TableError
        If two age groups share ages, or one value of a column is everywhere the sum of the others.
    """
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
    plain = re.sub(r"^(de|entre) ", "", fold(text).replace(" anos", ""))
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
