"""Context, never read as complaints or reported flows: population, migration, people by country."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, Unpack

import pandas as pd

from ..account import Account, Reading, Tally
from ..errors import DataFileError, Fault, TableError
from ..messages import Message
from ..places.codes import code_of, digits_of
from ..places.ends import EndCells
from ..places.gazetteer import LEVEL_OF_DIGITS, Place
from ..places.resolver import RENIEC_CODES, Match, Resolver
from ..sheets.counts import Count, Problem, read_counts
from ..sheets.periods import read_period
from ..sheets.sheet import Opening, Sheet
from ..study.tables import check_table, empty_table
from ..words import COUNTRY_CODES, header_words, is_missing, is_not_given, is_total, words_of
from .cases import CaseTables
from .columns import find_column, holds_counts, is_spelled, measure_of, read_value_header
from .flows.assembly import Printed, check_totals
from .formats import in_format
from .personal import (
    guarded,
    has_columns,
    listed_columns,
    open_guarded,
    open_screened,
    safe_cell,
)

_POPULATION = re.compile(r"\b(pob|poblacion|population|habitantes|inhabitants)\b")
_PART = re.compile(
    r"\b(hombres?|mujer(es)?|varon(es)?|male|female|men|women|urbana?|rural|censada|omitida|"
    r"menor(es)?|mayor(es)?|edad|grupo|anos|tasa|densidad|porcentaje|viviendas?|hogares)\b"
)
_UNITS = {"departamento": 2, "provincia": 4, "distrito": 6}
_LEVELS = {"departamento": "region", "provincia": "province", "distrito": "district"}
_NOT_KNOWN = Message("This is not a known unit of its level.")
_TOTALS = Message("totals, which were checked against their parts")
_NO_NUMBER = Message("no number is given, which is not the same as none")
_EARLIEST = 1876  # the first census
_FEWEST_SHOWN = 10  # people in a line of an account


# Population.


def is_population(sheet: Sheet) -> bool:
    """Tell whether a table gives the population of units, by a header or by its title."""
    if any(measure_of(header_words(name)) for name in sheet.header):
        return False  # complaints with the population beside them
    headers = any(
        _POPULATION.search(header_words(name)) and holds_counts(sheet.column(name))
        for name in sheet.header
    )
    titled = any(_POPULATION.search(words_of(line)) for line in sheet.lines[:3])
    about_it = not any(re.search(r"\b(trata|denuncias?)\b", words_of(t)) for t in sheet.lines[:3])
    years = any(read_period(name) for name in sheet.header)
    return headers or (titled and about_it and years)


@guarded
def read_population(
    path: str | Path | Sheet,
    *,
    source_id: str,
    resolver: Resolver,
    year: str | None = None,
    **opening: Unpack[Opening],
) -> Reading[pd.DataFrame]:
    """Read the population of regions, provinces or districts to the contract ``population``.

    One row per unit of the smallest level that the table names, in ``year`` or the latest.
    """
    opened = open_screened(path, table="population", numbers=True, **opening).sheet
    opened, remarks, years = _one_year(opened, year)
    wanted = remarks or (max(years) if year is None else year)
    if wanted not in years:
        raise DataFileError(
            Message(
                "{file}: there is no population of {year}. There is: {years}.",
                file=opened.file,
                year=wanted,
                years=", ".join(sorted(years)) or "-",
            )
        )
    column = years[wanted]
    level, units = _unit_columns(opened)
    left, faults = Tally(), []
    counted: list[Counted] = []
    notes: list[Message] = []
    resolver = resolver.with_units(LEVEL_OF_DIGITS.get(level))
    counts = read_counts(list(opened.column(column)))
    for i, (number, row) in enumerate(zip(opened.row_numbers, opened.rows, strict=True)):
        cells = {name: row[at] for name, at in units.items()}
        count = counts[i]
        if any(is_total(cell) for cell in cells.values()) or not any(cells.values()):
            left.add(_TOTALS)
            continue
        if isinstance(count, Problem):
            faults.append(count.at(number, column, row[opened.header.index(column)]))
            continue
        if count.value is None:
            left.add(_NO_NUMBER)
            continue
        match = _unit_of(cells, resolver)
        place = match.place
        if place is None or len(place.ubigeo) > level:
            shown = safe_cell(" / ".join(cell for cell in cells.values() if cell))
            reason = match.reason if match.kind == "several" or "code" in cells else _NOT_KNOWN
            fix = Message("Write the region, or the ubigeo of INEI, beside it.")
            faults.append(Fault(number, None, shown, reason, fix))
            continue
        if len(place.ubigeo) < level:
            left.add(Message("sums of larger units"), total=None, example=place.name)
            continue
        if match.note is RENIEC_CODES and RENIEC_CODES not in notes:
            notes.append(RENIEC_CODES)
        rest = cells.get("code", "").strip().upper() == "PE-LIM"
        counted.append(Counted(number, place, "rest" if rest else match.part, count.value))
    kept, merged = _join_lima(counted, left, notes, faults)
    if faults:
        raise TableError("population", opened.file, faults)
    rows = [
        {"ubigeo": one.place.ubigeo, "name": one.place.name, "population": f"{one.value:.0f}",
         "year": wanted, "source_id": source_id}
        for one in kept
    ]  # fmt: skip
    total_in = sum(one.value for one in kept)
    table = check_table(pd.DataFrame(rows), "population", file=opened.file)
    words = {2: Message("regions"), 4: Message("provinces"), 6: Message("districts")}
    if others := sorted(set(years) - {wanted}):
        notes.append(
            Message(
                "the population of {year} was read; there is also that of {years} (year='...')",
                year=wanted,
                years=", ".join(others),
            )
        )
    account = Account(
        file=opened.file,
        taken_for=Message("population by {unit}, {year}", unit=words[level], year=wanted),
        why=(*opened.why, has_columns([*(opened.header[at] for at in units.values()), column])),
        mended=opened.mended,
        left_out=left.left_out(),
        notes=(*notes, *opened.notes),
        rows_in=len(opened.rows),
        rows_out=len(table),
        merged=merged,
        total_in=total_in,
        total_out=float(table["population"].sum()),
    )
    return Reading(table, account)


def _one_year(sheet: Sheet, year: str | None) -> tuple[Sheet, str | None, dict[str, str]]:
    """Return the rows of the year asked for, or the latest, where a column holds years.

    Returned with the year that was so chosen, if any, and the columns of people by year.
    """
    people = [
        name for name in sheet.header
        if _POPULATION.search(header_words(name)) and not re.search(r"\d{4}", name)
        and not _PART.search(header_words(name)) and holds_counts(sheet.column(name))
    ]  # fmt: skip
    dated = find_column(sheet, "year")
    if len(people) == 1 and dated is not None:
        cells = [cell.strip()[:4] for cell in sheet.column(dated)]
        years = sorted({cell for cell in cells if re.fullmatch(r"\d{4}", cell)})
        if years:
            wanted = years[-1] if year is None else year
            keep = [i for i, cell in enumerate(cells) if cell == wanted]
            rows = tuple(sheet.rows[i] for i in keep)
            numbers = tuple(sheet.row_numbers[i] for i in keep)
            one = replace(sheet, rows=rows, row_numbers=numbers)
            return one, wanted if keep else None, dict.fromkeys(years, people[0])
    texts = (*sheet.header, *sheet.lines[:3])
    undated = not any(re.search(r"(?<!\d)(?:18|19|20)\d{2}(?!\d)", text) for text in texts)
    if len(people) == 1 and year is not None and undated:
        return sheet, year, {year: people[0]}
    return sheet, None, _year_columns(sheet)


def _year_columns(sheet: Sheet) -> dict[str, str]:
    """Return the column of all people by year; the title tells the year of one that does not."""
    found: dict[str, list[str]] = defaultdict(list)
    declared = [
        y for t in sheet.lines[:3] for y in re.findall(r"(?<!\d)(?:18|19|20)\d{2}(?!\d)", t)
    ]
    for name in sheet.header:
        words = header_words(name)
        period = read_value_header(name).period
        stated = re.search(r"(?<!\d)((?:18|19|20)\d{2})(?!\d)", name)
        year = period.start[:4] if period else stated[1] if stated else None
        people = _POPULATION.search(words) or "total" in words.split() or not re.search(
            r"[a-z]{3}", words
        )  # fmt: skip
        if not people or _PART.search(words) or not holds_counts(sheet.column(name)):
            continue
        if year is None and (_POPULATION.search(words) or "total" in words.split()) and declared:
            year = declared[-1]
        if year is not None and int(year) >= _EARLIEST:
            found[year].append(name)
    several = [names for names in found.values() if len(names) > 1]
    for names in several:
        totals = [name for name in names if "total" in words_of(name).split()]
        names[:] = totals[:1] or names[:1]
    if not found:
        raise DataFileError(
            Message(
                "{file}: no column of population with a year was found. Write the year above it, or"
                " say it with year='2017'. Columns: {columns}.",
                file=sheet.file,
                columns=listed_columns(sheet.header),
            )
        )
    return {year: names[0] for year, names in found.items()}


def _unit_columns(sheet: Sheet) -> tuple[int, dict[str, int]]:
    """Return the digits of the smallest level, and the columns of units by what they say."""
    units: dict[str, int] = {}
    for i, name in enumerate(sheet.header):
        words = header_words(name)
        level = next((unit for unit in _UNITS if unit[:5] in words or words == unit[:4]), None)
        if is_spelled(name, "code") or "ubigeo" in words:
            units.setdefault("code", i)
        elif level is not None:
            units.setdefault(level, i)
        elif is_spelled(name, "place"):
            units.setdefault("departamento", i)
    if "prov" not in units and (place := find_column(sheet, "place")) and not units:
        units["departamento"] = sheet.header.index(place)
    if not units:
        raise DataFileError(
            Message(
                "{file}: no column names regions, provinces or districts. Columns: {columns}.",
                file=sheet.file,
                columns=listed_columns(sheet.header),
            )
        )
    named = [digits for unit, digits in _UNITS.items() if unit in units]
    if named:
        return max(named), units
    # A code of ISO 3166-2 is of a region, also that of metropolitan Lima, which INEI counts as one
    # of its provinces.
    codes = [cell for cell in sheet.column(sheet.header[units["code"]]) if digits_of(cell)]
    return max((len(code_of(code) or "") for code in codes), default=2), units


class Counted(NamedTuple):
    """The people of one row: where, and of which part of Lima."""

    row: int
    place: Place
    part: str
    value: float


def _join_lima(
    counted: Sequence[Counted], left: Tally, notes: list[Message], faults: list[Fault]
) -> tuple[list[Counted], int]:
    """Add up the two parts of Lima, which INEI prints as two regions; refuse a unit twice."""
    groups: dict[str, list[Counted]] = defaultdict(list)
    for one in counted:
        groups[one.place.ubigeo].append(one)
    kept, merged = [], 0
    for same in groups.values():
        parts = {one.part: one for one in same}
        both = parts["city"].value + parts["rest"].value if {"city", "rest"} <= parts.keys() else 0
        if len(same) == 1 or (len(same) == 3 and both and parts.get("", same[0]).value == both):
            kept.append(parts.get("", same[0]))
            for _ in same[1:]:
                left.add(Message("parts of Lima, whose sum stands beside them"))
        elif len(same) == 2 and both:
            kept.append(same[0]._replace(value=both))
            merged += 1
            notes.append(Message("Lima is the sum of its two parts"))
        else:
            reason = Message("The same unit stands in row {row} too.", row=same[0].row)
            fix = Message("Keep the row that is right.")
            faults.append(Fault(same[1].row, None, same[0].place.name, reason, fix))
    return kept, merged


def _unit_of(cells: dict[str, str], resolver: Resolver) -> Match:
    """Return the unit that code and names of a row mean together."""
    given = {_LEVELS.get(one, one): cell for one, cell in cells.items() if not is_not_given(cell)}
    return EndCells(given).match(resolver)


# Migration.

_MIGRATION = re.compile(r"\b(in|e)?migra(cion|ciones|ntes?|toria|torios)\b|\bmigration\b")
_SUMS = re.compile(r"(total )?(de )?((in|e)migrantes|(in|e)migracion)( total(es)?)?")
# The corner of tables of the census: where people were born, or lived before.
_MOVED = re.compile(r"\bnacimiento\b|\bresidencia\b|\bbirth\b|\bresidence\b|empadronamiento")
_BOTH = re.compile(
    r"lima (y |e )?(prov const )?callao|callao (y )?lima|lima metropolitana y callao"
)
LIMA_AND_CALLAO = "07+15"
_REST = re.compile(r"resto (del? )?(pais|peru)|(el )?extranjero|exterior|otro pais|no especificado")


def is_migration(sheet: Sheet) -> bool:
    """Tell whether a matrix counts people who moved house, not people who were reported."""
    labels = [*sheet.header, *(row[0] for row in sheet.rows)]
    titled = any(_MIGRATION.search(words_of(line)) for line in sheet.lines[:4])
    moved = bool(sheet.header) and _MOVED.search(words_of(sheet.header[0])) is not None
    return titled or moved or any(_SUMS.fullmatch(words_of(label)) for label in labels)


@guarded
def read_migration(
    path: str | Path | Sheet,
    *,
    source_id: str,
    resolver: Resolver,
    period: tuple[str, str] | None = None,
    **opening: Unpack[Opening],
) -> Reading[pd.DataFrame]:
    """Read a matrix of internal migration as context flows, never shown as reported ones.

    Origins stand down the side unless the corner says otherwise. The table has ``origin`` and
    ``destination`` (INEI codes; "07+15" for Lima and Callao together), ``value`` in people,
    ``period_start``, ``period_end``, ``topic`` ("migration") and ``source_id``.
    """
    # Joined first: "MADRE" above "D.DIOS" would be somebody's mother.
    whole = _joined_header(open_guarded(path, **opening))
    corner = words_of(whole.header[0])
    # A place of birth is a person's in a register, not at the corner of a matrix.
    whole = replace(whole, header=("departamento", *whole.header[1:]))
    screened = open_screened(whole, table="migration", numbers=True)
    opened = screened.sheet
    when = period or _period_of_title(screened.lines)
    transposed = (
        "destino" in corner
        or "empadronamiento" in corner
        or (
            "residencia" in corner
            and not re.search(r"anterior|hace|previa|previous|nacimiento", corner)
        )
    )
    left, faults = Tally(), []
    top = {i: _end(name, resolver) for i, name in enumerate(opened.header) if i > 0}
    flat = read_counts([cell for row in opened.rows for cell in row[1:]])
    width = len(opened.header) - 1
    values: dict[tuple[int, int], float] = {}
    side: dict[int, str | None] = {}
    for r, (number, row) in enumerate(zip(opened.row_numbers, opened.rows, strict=True)):
        side[r] = _end(row[0], resolver)
        if side[r] is None:
            faults.append(_unknown(number, row[0]))
        for i in range(1, width + 1):
            count = flat[r * width + i - 1]
            if isinstance(count, Problem):
                faults.append(count.at(number, opened.header[i], row[i]))
            elif isinstance(count, Count) and count.value is not None:
                values[r, i] = count.value
    faults += [_unknown(None, opened.header[i]) for i, end in top.items() if end is None]
    if not faults:
        faults = _wrong_sums(opened, values, side, top)
    if faults:
        raise TableError("migration", opened.file, faults)
    rows = []
    for r, row in enumerate(opened.rows):
        for i in range(1, width + 1):
            ends = (side[r], top[i])
            if _TOTAL in ends:
                left.add(_TOTALS)
            elif (r, i) not in values:
                left.add(Message("no number is given") if not is_missing(row[i]) else _SAME)
            elif _ELSEWHERE in ends:
                left.add(Message("the rest of the country, or abroad"), total=values[r, i])
            elif values[r, i] == 0 or ends[0] == ends[1]:
                left.add(_SAME, total=values[r, i])
            else:
                origin, destination = ends[::-1] if transposed else ends
                rows.append({"origin": origin, "destination": destination, "value": values[r, i]})
    table = pd.DataFrame(rows, columns=["origin", "destination", "value"]).assign(
        period_start=when[0], period_end=when[1], topic="migration", source_id=source_id
    )
    lost = sum(part.total or 0.0 for part in left.left_out())
    notes = [Message("context: people who moved house, never reported flows")]
    if LIMA_AND_CALLAO in {*top.values(), *side.values()}:
        notes.append(Message("Lima and Callao are one area of two regions here (07+15)"))
    account = Account(
        file=opened.file,
        taken_for=Message("migration between regions: context flows, no reported flows"),
        why=opened.why,
        mended=opened.mended,
        left_out=left.left_out(),
        notes=(*notes, *opened.notes),
        rows_in=len(opened.rows) * width,
        rows_out=len(table),
        total_in=float(table["value"].sum()) + lost,
        total_out=float(table["value"].sum()),
    )
    return Reading(table, account)


_TOTAL, _ELSEWHERE = "total", "elsewhere"
_SAME = Message("within one region, or none")


def _end(name: str, resolver: Resolver) -> str | None:
    """Return the region of a label, the area of Lima and Callao, or what else it stands for."""
    words = words_of(name)
    if _SUMS.fullmatch(words) or is_total(name):
        return _TOTAL
    if _BOTH.fullmatch(words):
        return LIMA_AND_CALLAO
    if _REST.fullmatch(words):
        return _ELSEWHERE
    match = resolver.find(_SHORTENED.get(words, name), kind="region")
    return match.ubigeo[:2] if match.kind == "place" and match.ubigeo else None


_SHORTENED = {
    "madre d dios": "Madre de Dios", "m dios": "Madre de Dios", "m d dios": "Madre de Dios",
    "s martin": "San Martín", "la lib": "La Libertad", "huancav": "Huancavelica",
    "lambay": "Lambayeque", "cajam": "Cajamarca",
}  # fmt: skip


def _unknown(number: int | None, name: str) -> Fault:
    return Fault(
        number,
        None,
        safe_cell(name),
        Message("This is not a known region."),
        Message("Write the name of the region in full."),
    )


def _joined_header(sheet: Sheet) -> Sheet:
    """Join names that are cut over two rows: ``LIMA -`` above ``CALLAO``."""
    if not sheet.rows or sheet.rows[0][0].strip():
        return sheet
    first = sheet.rows[0]
    if any(cell and any(map(str.isdigit, cell)) for cell in first):
        return sheet
    names = tuple(
        f"{name} {more}".strip() if more else name
        for name, more in zip(sheet.header, first, strict=True)
    )
    return replace(sheet, header=names, rows=sheet.rows[1:], row_numbers=sheet.row_numbers[1:])


def _period_of_title(lines: Sequence[str]) -> tuple[str, str]:
    for line in lines[:4]:
        if found := re.search(r"(?<!\d)((?:19|20)\d{2})\s*[-–/a]+\s*((?:19|20)\d{2})(?!\d)", line):
            return f"{found[1]}-01", f"{found[2]}-12"
    for line in lines[:4]:
        if found := re.search(r"(?<!\d)((?:19|20)\d{2})(?!\d)", line):
            return f"{found[1]}-01", f"{found[1]}-12"
    return "", ""


def _wrong_sums(
    sheet: Sheet,
    values: dict[tuple[int, int], float],
    side: dict[int, str | None],
    top: dict[int, str | None],
) -> list[Fault]:
    """Compare totals with their parts, whatever words stand beside them."""
    cells = [
        Printed(sheet.row_numbers[r], sheet.header[i], side[r] or "", top[i] or "", (), value, True)
        for (r, i), value in values.items()
    ]
    return check_totals(cells, slack=0.5)[0]


# CTDC: people by the countries of their citizenship and of their exploitation.


def _country(cell: str) -> str:
    text = cell.strip().upper()
    known = re.fullmatch(r"[A-Z]{2,3}", text) is not None
    return COUNTRY_CODES.get(text, text) if known and not is_not_given(cell) else ""


def read_ctdc(path: str | Path | Sheet, **opening: Unpack[Opening]) -> Reading[CaseTables]:
    """Count the people of a table of CTDC by the countries they moved between.

    The tables are empty, since countries are no regions of Peru. The account says how many people
    crossed the border of Peru, by pair of countries where they are ten or more.
    """
    opened = open_guarded(path, register=True, **opening)
    found = in_format(opened, "ctdc")
    left = Tally()
    pairs: Counter[tuple[str, str]] = Counter()
    for _, citizenship, exploited in found.sheet.rows:
        pair = _country(citizenship), _country(exploited)
        if "" in pair:
            left.add(Message("a country is not given"))
        elif pair == ("PE", "PE"):
            left.add(Message("from Peru to Peru, without a region"))
        elif "PE" not in pair:
            left.add(Message("neither country is Peru"))
        else:
            pairs[pair] += 1
    shown = [(pair, n) for pair, n in pairs.most_common() if n >= _FEWEST_SHOWN]
    notes = [
        Message("{n} people crossed the border of Peru", n=sum(pairs.values())),
        *(
            Message("{origin} -> {destination}: {n}", origin=pair[0], destination=pair[1], n=n)
            for pair, n in shown
        ),
        Message("pairs of fewer than {n} people are not listed", n=_FEWEST_SHOWN),
    ]
    account = Account(
        file=opened.file,
        taken_for=found.why,
        why=(*opened.why, has_columns(found.sheet.header)),
        mended=opened.mended,
        left_out=left.left_out(),
        notes=tuple(notes),
        rows_in=len(found.sheet.rows),
        rows_out=sum(pairs.values()),
        extra={"published": False},
    )
    return Reading(CaseTables(empty_table("flows"), empty_table("complaints")), account)
