"""The cells of a complaint table, each with its place, its period and its count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from ...errors import Fault, TableError, fold
from ...messages import Message
from ...places.codes import region_of_code
from ...places.gazetteer import LIMA, inei_by_reniec
from ...places.keys import clean_place
from ...places.resolver import INEI_CODES, Match, MatchKind, Resolver
from ...sheets.numbers import Count, Period, Problem, read_counts, read_month, read_period
from ...sheets.sheet import Sheet
from ...words import is_missing, is_total, words_of
from ..columns import ValueColumn
from .layout import Layout, Unit

# What a label of a complaint table means here: a count of the country is the total of all places,
# and an area is a group of regions, which `totals` compares with them.
_KINDS: dict[MatchKind, MatchKind] = {"country": "total", "area": "unknown", "several": "unknown"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One count of a complaint table.

    Parameters
    ----------
    row : int
        Row in the file.
    column : str
        Column of the count.
    place : str
        Place as printed, without footnote signs.
    match : Match
        What it stands for.
    period : Period
        Months it covers.
    count : Count
        The count.
    finer : tuple of str
        Cells of the columns that part the region further; empty for all.
    """

    row: int
    column: str
    place: str
    match: Match
    period: Period
    count: Count
    finer: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cells:
    """All cells, and those of the columns and months that add others up."""

    parts: tuple[Cell, ...]
    sums: tuple[Cell, ...]


def read_cells_of(
    sheet: Sheet,
    layout: Layout,
    resolver: Resolver,
    *,
    unit: Unit,
    period: Period | None,
    finer: tuple[str, ...],
) -> Cells:
    """Read the cells of a complaint table."""
    faults: list[Fault] = []
    down = [] if layout.across else _places(sheet, layout, resolver, unit, faults)
    across = _places_across(layout, resolver, unit)
    periods = _periods(sheet, layout, period, faults)
    counts = _counts(sheet, layout, faults)
    if faults:
        raise TableError("complaints", sheet.file, sorted(faults, key=lambda f: f.row or 0))
    positions = [sheet.header.index(name) for name in finer]
    folded = cache(_finer_text)
    below: dict[tuple[str, ...], tuple[str, ...]] = {}
    parts: list[Cell] = []
    sums: list[Cell] = []
    columns = (*layout.values, *layout.totals)
    series = [(c.name, c in layout.totals, periods[c.name], counts[c.name]) for c in columns]
    for i, (row, number) in enumerate(zip(sheet.rows, sheet.row_numbers, strict=True)):
        finer_cells = tuple(folded(row[position]) for position in positions)
        finer_cells = below.setdefault(finer_cells, finer_cells)
        for name, adds_up, months_of, count_of in series:
            months, summed = months_of[i]
            place, match = across[name] if layout.across else down[i]
            cell = Cell(number, name, place, match, months, count_of[i], finer_cells)
            (sums if summed or adds_up else parts).append(cell)
    return Cells(tuple(parts), tuple(sums))


_MEN, _WOMEN = r"(?:h|hombres?|varon(?:es)?|masculino)", r"(?:m|mujer(?:es)?|femenino)"
_BOTH = re.compile(rf"{_MEN} ?(?:y|e|[/+-]) ?{_WOMEN}|{_WOMEN} ?(?:y|[/+-]) ?{_MEN}|ambos .*")


def _finer_text(text: str) -> str:
    """Return the value of a finer column; "" for all, never for a value that is not stated."""
    folded = fold(text)
    return "" if not words_of(text) or is_total(text) or _BOTH.fullmatch(folded) else folded


def read_place(name: str, resolver: Resolver, unit: Unit) -> Match:
    """Return what the label of a row or column of complaints means."""
    kind = "region" if unit == "national" else unit
    match = resolver.find(name, kind=kind, whole=True)
    return replace(match, kind=_KINDS.get(match.kind, match.kind))


def _places(
    sheet: Sheet, layout: Layout, resolver: Resolver, unit: Unit, faults: list[Fault]
) -> list[tuple[str, Match]]:
    name_of, code_of = layout.roles.get("place"), layout.roles.get("code")
    names = sheet.column(name_of) if name_of else ("",) * len(sheet.rows)
    codes = sheet.column(code_of) if code_of else ("",) * len(sheet.rows)
    known = {name: read_place(name, resolver, unit) for name in dict.fromkeys(names)}
    shown = {name: _shown(name, match) for name, match in known.items()}
    split = {"PE-LMA", "PE-LIM"} <= {code.strip().upper() for code in codes}
    once: dict[tuple[str, Match], tuple[str, Match]] = {}
    found: list[tuple[str, Match]] = []
    for number, name, code in zip(sheet.row_numbers, names, codes, strict=True):
        match = known[name]
        if code and unit == "region":
            match = _with_code(name, code, match, resolver)
            if match.kind == "unknown" and known[name].kind == "place":
                faults.append(_disagreement(number, code_of, code, known[name], resolver))
            elif match.kind == "blank" and any(map(str.isdigit, code)):
                faults.append(
                    Fault(
                        number,
                        code_of,
                        code,
                        Message("No region has this code."),
                        Message("Use INEI codes: 01 to 25, or six digits that begin so."),
                    )
                )
        if split and not name and match.ubigeo == LIMA:
            # ISO 3166-2 has a code for the city and one for the rest of the department.
            city = code.strip().upper() == "PE-LMA"
            match = replace(match, part="city" if city else "rest")
        region = code if match.part else resolver.region_names.get(match.ubigeo, code)
        place = (shown[name] or region, match)
        found.append(once.setdefault(place, place))
    return found


def _shown(name: str, match: Match) -> str:
    """Return a place as printed, without footnote signs; the name of the region for its code."""
    return match.about if match.note is INEI_CODES and not match.part else clean_place(name)


def _places_across(layout: Layout, resolver: Resolver, unit: Unit) -> dict[str, tuple[str, Match]]:
    names = [column.name for column in layout.values] if layout.across else []
    known = {name: read_place(name, resolver, unit) for name in names}
    return {name: (_shown(name, match), match) for name, match in known.items()}


def _with_code(name: str, code: str, match: Match, resolver: Resolver) -> Match:
    """Let name and code confirm each other; a name that is not known stays so."""
    region = region_of_code(code)
    if match.kind == "place":
        return match if region == match.ubigeo else Match()
    if not name and not code.strip("0"):
        return Match("total")  # 00 stands for the whole country
    if not name and region in resolver.region_names:
        return Match("place", region or "", region or "")
    return match


def _disagreement(
    number: int, column: str | None, code: str, match: Match, resolver: Resolver
) -> Fault:
    region = region_of_code(code) or ""
    fix = Message("Correct one of them.")
    if inei_by_reniec().get(region) == match.ubigeo:
        fix = Message(
            "The codes look like RENIEC's, which differ from INEI's: delete the column of codes"
            " and read by name."
        )
    return Fault(
        number,
        column,
        code,
        Message(
            "The code means {meant}, the name says {said}.",
            meant=resolver.region_names.get(region, Message("no region")),
            said=resolver.region_names.get(match.ubigeo, match.ubigeo),
        ),
        fix,
    )


def _counts(sheet: Sheet, layout: Layout, faults: list[Fault]) -> dict[str, list[Count]]:
    columns = (*layout.values, *layout.totals)
    cells = {column.name: sheet.column(column.name) for column in columns}
    flat = read_counts([cell for name in cells for cell in cells[name]])
    counts: dict[str, list[Count]] = {}
    found = iter(flat)
    for name, texts in cells.items():
        kept = counts[name] = []
        for i, text in enumerate(texts):
            count = next(found)
            if isinstance(count, Problem):
                faults.append(Fault(sheet.row_numbers[i], name, text, count.reason, count.fix))
            else:
                kept.append(count)
    return counts


_NO_PERIOD = Period("", "")


def _periods(
    sheet: Sheet, layout: Layout, given: Period | None, faults: list[Fault]
) -> dict[str, list[tuple[Period, bool]]]:
    """Return the period of each cell, and whether it adds up others (a row of all months)."""
    roles = layout.roles
    named = ("year", "month", "period", "start", "end")
    texts = {role: sheet.column(roles[role]) for role in named if role in roles}
    rows = list(zip(*texts.values(), strict=True)) if texts else [()] * len(sheet.rows)
    periods: dict[str, list[tuple[Period, bool]]] = {}
    for column in (*layout.values, *layout.totals):
        known: dict[tuple[str, ...], tuple[Period, bool]] = {}
        unread: set[tuple[str, ...]] = set()
        for key in dict.fromkeys(rows):
            months, summed = _period_of(column, dict(zip(texts, key, strict=True)), given)
            if column in layout.totals:
                months, summed = column.period or months or _NO_PERIOD, True
            if months is None:
                unread.add(key)
            known[key] = (months or _NO_PERIOD, summed)
        periods[column.name] = [known[key] for key in rows]
        for number, key in zip(sheet.row_numbers, rows, strict=True) if unread else ():
            if key in unread:
                cells = dict(zip(texts, key, strict=True))
                faults += _period_fault(number, cells, roles, column)
    return periods


def _period_of(
    column: ValueColumn, cells: dict[str, str], given: Period | None
) -> tuple[Period | None, bool]:
    if column.period:
        return column.period, False
    year = read_period(cells["year"]) if "year" in cells else None
    if "year" in cells and is_total(cells["year"]):
        return _NO_PERIOD, True
    if column.month is not None:
        base = year or given
        whole = base is not None and base.start[:4] == base.end[:4]
        return (_month_of(base, column.month) if base and whole else None), False
    if "month" in cells:
        return _year_and_month(cells["month"], year or given)
    if "period" in cells:
        if is_total(cells["period"]):
            return year or _NO_PERIOD, True
        return _period_text(cells["period"], year), False
    if "start" in cells and "end" in cells:
        first, last = read_period(cells["start"]), read_period(cells["end"])
        return (Period(first.start, last.end) if first and last else None), False
    return (year if "year" in cells else given), False


def _month_of(year: Period, month: int) -> Period:
    text = f"{year.start[:4]}-{month:02}"
    return Period(text, text, year.mark)


def _year_and_month(text: str, year: Period | None) -> tuple[Period | None, bool]:
    if year is None or year.start[:4] != year.end[:4]:
        whole = read_period(text)  # "enero 2017" in the column of months
        return (whole if year is None else None), False
    if is_total(text):
        return year, True
    if is_missing(text):
        return None, False  # of which month it is nobody knows, so it is no whole year either
    month = read_month(text)
    if month is not None:
        return _month_of(year, month), False
    return _period_text(text, year), False


def _period_text(text: str, year: Period | None) -> Period | None:
    """Read a period, with the year from another column where the text has none."""
    months = read_period(text)
    if months is None and year is not None:
        return read_period(f"{text} {year.start[:4]}")
    if months and year and not (year.start <= months.start and months.end <= year.end):
        return None
    return months


def _period_fault(
    number: int, cells: dict[str, str], roles: dict[str, str], column: ValueColumn
) -> Iterator[Fault]:
    if not cells:
        yield Fault(
            None,
            column.name,
            None,
            Message("The table does not say which months this column covers."),
            Message("Give them with period=('2017-01', '2017-12')."),
        )
        return
    named = [role for role in cells if role in roles]
    yield Fault(
        number,
        ", ".join(roles[role] for role in named),
        " ".join(cells[role] for role in named) or None,
        Message("This is not a year, a month or a span of months that can be read in one way."),
        Message("Write 2017, 2017-01, 2017-T1 or 'ene-jun 2018'."),
    )
