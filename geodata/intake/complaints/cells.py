"""The cells of a complaint table, each with its place, its period and its count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from ...errors import Fault, TableError, casefolded
from ...messages import Message
from ...places.codes import code_of, is_code, region_of_code
from ...places.ends import EndCells
from ...places.gazetteer import inei_by_reniec
from ...places.keys import clean_place
from ...places.resolver import COURT_KINDS, INEI_CODES, RENIEC_CODES, Match, MatchKind, Resolver
from ...sheets.counts import Count, Problem, read_counts
from ...sheets.periods import Period, read_month, read_period
from ...sheets.sheet import Sheet
from ...words import header_words, is_missing, is_not_given, is_total, words_of
from ..columns import ValueColumn
from .layout import Layout, Unit

# What a label of a complaint table means here: a count of the country is the total of all places,
# and an area is a group of regions, which `totals` compares with them.
_KINDS: dict[MatchKind, MatchKind] = {"country": "total", "area": "unknown", "several": "unknown"}
_ENOUGH = 2  # regions whose codes are RENIEC's, before the whole column is taken for such


@dataclass(frozen=True, slots=True)
class Cell:
    """One count of a complaint table."""

    row: int  # row in the file
    column: str  # column of the count
    place: str  # place as printed, without footnote signs
    match: Match  # what it stands for
    period: Period  # months it covers
    count: Count  # the count
    finer: tuple[str, ...] = ()  # cells of the columns that part the region further; empty for all

    def fault(self, reason: Message, fix: Message) -> Fault:
        """Return the fault of this cell."""
        return Fault(self.row, self.column, self.place, reason, fix)


@dataclass(frozen=True)
class Cells:
    """All cells, and those of the columns and months that add others up."""

    parts: tuple[Cell, ...]
    sums: tuple[Cell, ...]
    notes: tuple[Message, ...] = ()


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
    down, notes = ([], []) if layout.across else _places(sheet, layout, resolver, unit, faults)
    across = _places_across(layout, resolver, unit)
    periods = _periods(sheet, layout, period, faults)
    counts = _counts(sheet, layout, faults)
    if faults:
        raise TableError("complaints", sheet.file, sorted(faults, key=lambda f: f.row or 0))
    positions = [sheet.header.index(name) for name in finer]
    folded, code = cache(_finer_text), layout.roles.get("code")
    below: dict[tuple[str, ...], tuple[str, ...]] = {}
    longest = (
        max((len(code_of(cell) or "") for cell in sheet.column(code)), default=0) if code else 0
    )
    parts: list[Cell] = []
    sums: list[Cell] = []
    columns = (*layout.values, *layout.totals)
    series = [(c.name, c in layout.totals, periods[c.name], counts[c.name]) for c in columns]
    for i, (row, number) in enumerate(zip(sheet.rows, sheet.row_numbers, strict=True)):
        finer_cells = tuple(
            _finer_code(row[at], longest) if name == code else folded(row[at])
            for name, at in zip(finer, positions, strict=True)
        )
        finer_cells = below.setdefault(finer_cells, finer_cells)
        for name, adds_up, months_of, count_of in series:
            months, summed = months_of[i]
            place, match = across[name] if layout.across else down[i]
            cell = Cell(number, name, place, match, months, count_of[i], finer_cells)
            (sums if summed or adds_up else parts).append(cell)
    return Cells(tuple(parts), tuple(sums), tuple(notes))


_MEN, _WOMEN = r"(?:h|hombres?|varon(?:es)?|masculino)", r"(?:m|mujer(?:es)?|femenino)"
_BOTH = re.compile(rf"{_MEN} ?(?:y|e|[/+-]) ?{_WOMEN}|{_WOMEN} ?(?:y|[/+-]) ?{_MEN}|ambos .*")


def _finer_text(text: str) -> str:
    """Return the value of a finer column; "" for all, never for a value that is not stated."""
    folded = casefolded(text)
    return "" if not words_of(text) or is_total(text) or _BOTH.fullmatch(folded) else folded


def _finer_code(text: str, longest: int) -> str:
    """Return a code of the smallest units of the table; "" for one of those above them."""
    code = code_of(text) or ""
    return code if len(code) == longest else ""


def read_place(name: str, resolver: Resolver, unit: Unit) -> Match:
    """Return what the label of a row or column of complaints means."""
    kind = "region" if unit == "national" else unit
    match = resolver.find(name, kind=kind, whole=True)
    return replace(match, kind=_KINDS.get(match.kind, match.kind))


class Label(NamedTuple):
    """What the cells of a row say of its place: as shown, what it means, and what is wrong."""

    text: str
    match: Match
    reason: Message = Message()
    fix: Message = Message()


def _places(
    sheet: Sheet, layout: Layout, resolver: Resolver, unit: Unit, faults: list[Fault]
) -> tuple[list[tuple[str, Match]], list[Message]]:
    """Return what stands in each row for its place and what it means, and notes."""
    roles: dict[str, str] = {
        one: layout.roles[one] for one in ("place", "code") if one in layout.roles
    }
    columns: dict[str, str] = {**roles, **layout.above}
    rows = list(zip(*map(sheet.column, columns.values()), strict=True))
    levels = list(columns)
    every = [dict(zip(levels, row, strict=True)) for row in dict.fromkeys(rows)]
    reniec = _are_reniec(roles.get("code", ""), every, resolver, unit)
    known = {
        tuple(cells.values()): _label(_with_inei(cells) if reniec else cells, resolver, unit)
        for cells in every
    }
    _part_iso(known)
    for number, row in zip(sheet.row_numbers, rows, strict=True):
        label = known[row]
        if label.reason.text:
            code = row[list(columns).index("code")]
            faults.append(Fault(number, roles["code"], code, label.reason, label.fix))
    notes = [reniec] if reniec else []
    coded = any(label.match.note is INEI_CODES for label in known.values()) or any(
        cells.get("code", "")[:1].isdigit() for cells in every
    )
    named = any((name := cells.get("place", "")) and not is_code(name) for cells in every)
    if coded and not reniec and not named:
        notes.append(
            Message("the codes were read as those of INEI, since no names stand beside them")
        )
    once: dict[tuple[str, Match], tuple[str, Match]] = {}
    found = [(known[row].text, known[row].match) for row in rows]
    return [once.setdefault(place, place) for place in found], notes


def _label(cells: Mapping[str, str], resolver: Resolver, unit: Unit) -> Label:
    if unit in ("province", "district"):
        return _label_of_unit(cells, resolver, unit)
    name, code = cells.get("place", ""), cells.get("code", "")
    match = read_place(name, resolver, unit)
    if not code or unit != "region":
        return Label(_shown(name, match), match)
    coded = _read_code(code, resolver, unit)
    if match.kind == "blank" and coded.kind in ("place", "total"):
        return Label(_shown(code, coded), coded)
    if match.kind == "blank" and not (is_total(code) or is_not_given(code)):
        fix = Message("Use INEI codes: 01 to 25, or six digits that begin so.")
        return Label(code, match, Message("No region has this code."), fix)
    if match.kind == "place" and coded.ubigeo != match.ubigeo:
        reason = Message(
            "The code means {meant}, the name says {said}.",
            meant=resolver.region_names.get(coded.ubigeo, Message("no region")),
            said=resolver.region_names.get(match.ubigeo, match.ubigeo),
        )
        return Label(clean_place(name), match, reason, Message("Correct one of them."))
    return Label(_shown(name or code, match), match)


def _label_of_unit(cells: Mapping[str, str], resolver: Resolver, unit: Unit) -> Label:
    """Return what the cells of a row of provinces or districts mean together."""
    name, code = cells.get("place", ""), cells.get("code", "")
    above = {level: cells[level] for level in ("province", "region") if cells.get(level, "")}
    if not name.strip() or is_total(name):
        coded = _read_code(code, resolver, unit) if code else Match("blank")
        if coded.kind == "place" and not is_total(name):
            return Label(_shown(code, coded), coded)
        # A row without a name of its own adds up the unit above it, or all of them.
        upper = next(((one, text) for one, text in above.items() if not is_total(text)), None)
        if upper is None:
            return Label(clean_place(name), Match("total" if above or name else "blank"))
        whole = EndCells({upper[0]: upper[1], "region": above.get("region", "")}).match(resolver)
        return Label(upper[1], replace(whole, kind="subtotal" if whole.place else "unknown"))
    label = read_place(name, resolver, unit)
    if label.kind in ("unstated", "abroad"):
        return Label(clean_place(name), label)
    given = {unit: name, **above, **({"code": code} if code else {})}
    match = EndCells({one: text for one, text in given.items() if not is_not_given(text)}).match(
        resolver
    )
    if match.place is not None and match.place.level != unit:
        match = replace(match, kind="unknown", key="", ubigeo="", place=None)
    kind: MatchKind = "place" if match.place is not None else "unknown"
    return Label(clean_place(name), replace(match, kind=kind))


def _read_code(code: str, resolver: Resolver, unit: Unit) -> Match:
    """Return the unit that a code means; 00 stands for the whole country."""
    if not code.strip("0 "):
        return Match("total")
    match = resolver.find(code, kind=unit)
    return match if is_code(code) else Match()


def _are_reniec(
    header: str, every: Sequence[Mapping[str, str]], resolver: Resolver, unit: Unit
) -> Message | None:
    """Return a note if the codes are RENIEC's, as the header or the names beside them say."""
    if "reniec" in header_words(header).split():
        return Message("the codes were read as RENIEC's, as the header of their column says")
    pairs = set()
    for cells in every:
        said = cells.get("region" if unit in ("province", "district") else "place", "")
        named = resolver.find(said, kind="region") if unit not in COURT_KINDS else Match()
        if named.kind == "place" and (code := region_of_code(cells.get("code", ""))):
            pairs.add((code, named.ubigeo[:2]))
    differ = {said for code, said in pairs if code != said}
    meant = all(inei_by_reniec().get(code) == said for code, said in pairs)
    return RENIEC_CODES if len(differ) >= _ENOUGH and meant else None


def _with_inei(cells: Mapping[str, str]) -> dict[str, str]:
    code = cells.get("code", "")
    return {**cells, "code": inei_by_reniec().get(code_of(code) or "", code)}


def _part_iso(known: dict[tuple[str, ...], Label]) -> None:
    """Take PE-LIM for the rest of Lima where PE-LMA, its capital, stands beside it."""
    texts = {text.strip().upper() for row in known for text in row}
    if not {"PE-LIM", "PE-LMA"} <= texts:
        return
    for row, label in known.items():
        if "PE-LIM" in (text.strip().upper() for text in row):
            known[row] = label._replace(text="PE-LIM", match=replace(label.match, part="rest"))


def _shown(name: str, match: Match) -> str:
    """Return a place as printed, without footnote signs; the name of the region for its code."""
    return match.about if is_code(name) and match.place and not match.part else clean_place(name)


def _places_across(layout: Layout, resolver: Resolver, unit: Unit) -> dict[str, tuple[str, Match]]:
    names = [column.name for column in layout.values] if layout.across else []
    known = {name: read_place(name, resolver, unit) for name in names}
    return {name: (_shown(name, match), match) for name, match in known.items()}


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
                faults.append(count.at(sheet.row_numbers[i], name, text))
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
