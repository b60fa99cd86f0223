"""The cells of a complaint table, each with place, period and count, and the checks of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from heapq import nsmallest
from itertools import combinations
from typing import NamedTuple

from ...errors import Fault, TableError, casefolded
from ...messages import Message
from ...places.codes import code_of, is_code, region_of_code
from ...places.ends import EndCells
from ...places.gazetteer import inei_by_reniec, unit_keys
from ...places.keys import clean_place, key_of
from ...places.resolver import COURT_KINDS, INEI_CODES, RENIEC_CODES, Match, MatchKind, Resolver
from ...sheets.counts import Count, Problem, read_counts
from ...sheets.periods import Period, read_month, read_period
from ...sheets.sheet import Sheet
from ...words import header_words, is_missing, is_not_given, is_total, words_of
from ..columns import ValueColumn
from ..subject import TRAFFICKING, refuse_cells
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
        declared = cells.get("region" if unit in ("province", "district") else "place", "")
        named = resolver.find(declared, kind="region") if unit not in COURT_KINDS else Match()
        if named.kind == "place" and (code := region_of_code(cells.get("code", ""))):
            pairs.add((code, named.ubigeo[:2]))
    differ = {declared for code, declared in pairs if code != declared}
    meant = all(inei_by_reniec().get(code) == declared for code, declared in pairs)
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


# Checks of a table with its cells: counted twice, other crimes, other regions.

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
    # Days of one month are told apart by their dates, which were cut to the month.
    dated = [layout.roles["period"]] if "period" in layout.roles else []
    free = [*dated, *(name for name in layout.unused if name not in finer)]
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
        one=_count_shown(first),
        two=_count_shown(second),
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


def _count_shown(cell: Cell) -> str:
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
                printed = _as_printed(sheet, cell.row, column)
                faults.setdefault(key, _other_region(cell, column, printed, inside, resolver))
    if faults:
        every = sorted(faults.values(), key=lambda fault: fault.row or 0)
        raise TableError("complaints", sheet.file, every)


def _other_region(
    cell: Cell, column: str, printed: str, inside: frozenset[str], resolver: Resolver
) -> Fault:
    return Fault(
        cell.row,
        column,
        printed,
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
