"""What a complaint table is laid out as: columns of places, periods and counts; what titles say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

from ...errors import DataFileError, casefolded
from ...messages import Message
from ...places.codes import code_of, is_code
from ...places.gazetteer import Level
from ...places.resolver import Resolver
from ...sheets.periods import read_month, read_period
from ...sheets.sheet import Sheet
from ...words import is_abroad, is_total, words_of
from ..columns import (
    KINDS,
    PERIOD_WORD,
    ValueColumn,
    find_column,
    holds_counts,
    is_ratio,
    is_spelled,
    level_of,
    measure_of,
    measures_of,
    office_in,
    read_value_header,
    require_column,
    role_of,
    says_region,
)
from ..personal import listed_columns, safe_header
from ..subject import other_subject, refuse_other_column, says_counts

Unit = Literal["national", "region", "province", "district", "judicial_district", "fiscal_district"]
_MOST = 0.8
_SPELLED = ("place", "code", "year", "month", "period", "start", "end", "unit")


@dataclass(frozen=True)
class Layout:
    """What the columns of a table are."""

    roles: dict[str, str]  # column name in the file by role
    values: tuple[ValueColumn, ...]  # columns of counts to read
    totals: tuple[ValueColumn, ...] = ()  # columns that add others up
    finer: tuple[str, ...] = ()  # columns that part a region further
    # columns that are not read; those that may hold personal data
    unused: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    across: bool = False  # whether each column of counts is a place, with the periods down the side
    # columns that the column of counts adds up (men, women); they are only compared with it
    parts: tuple[str, ...] = ()
    # columns by level that say where a province or district lies
    above: dict[str, str] = field(default_factory=dict)

    @property
    def wide(self) -> bool:
        """Whether periods stand in the header."""
        return any(column.period or column.month for column in self.values)


def find_layout(
    sheet: Sheet,
    resolver: Resolver,
    *,
    measure: str,
    columns: Mapping[str, str] | None = None,
    personal: tuple[str, ...] = (),
    unit: Unit | None = None,
    level: Level = "region",
    add_up: Sequence[str] = (),
) -> Layout:
    """Find out what the columns of a complaint table are."""
    roles = _given_roles(sheet, columns or {})
    given = roles.get("place")
    for role in _SPELLED:
        name = find_column(sheet, role) if role not in roles else None
        if name is not None and name not in roles.values() and name not in personal:
            roles[role] = name
    roles = _period_or_month(sheet, roles)
    if "place" not in roles and "code" not in (columns or {}):
        taken = {name for role, name in roles.items() if role != "code"} | set(personal)
        if code := _code_column(sheet, taken):
            roles["code"] = code
    above = _to_level(sheet, roles, level, personal) if level != "region" else {}
    if across := _places_across(sheet, roles, personal, resolver):
        return across
    # A police station is never shown, but its token still tells rows of one place apart.
    left = [name for name in sheet.header if name not in (*roles.values(), *above.values())]
    finer = tuple(name for name in left if is_spelled(name, "finer"))
    free = [name for name in left if name not in finer and name not in personal]
    if "place" not in roles and "code" not in roles:
        place = _place_by_content(sheet, [*free, *finer], resolver, unit)
        roles["place"] = place
        free = [name for name in free if name != place]
        finer = tuple(name for name in finer if name != place)
    if given and unit is None and level == "region" and "code" not in roles:
        _refuse_smaller(sheet, given, resolver)
    if unit is None and level == "region" and not {"place", "code"} & set(columns or {}):
        _refuse_title_of_smaller(sheet, roles)
    values, totals = choose_values(sheet, free, roles, measure, add_up)
    used = {column.name for column in (*values, *totals)}
    unused = tuple(name for name in free if name not in used)
    parts = parts_of_total(sheet, values)
    return Layout(roles, values, totals, finer, unused, personal, parts=parts, above=above)


def _code_column(sheet: Sheet, taken: Set[str]) -> str | None:
    """Return the one column of codes of units, told by its header and its cells."""
    found = []
    for name in sheet.header:
        cells = {cell for cell in sheet.column(name) if cell and not is_total(cell)}
        if name in taken or not cells:
            continue
        lettered = all(cell[:2].upper() == "PE" for cell in cells) and all(map(is_code, cells))
        if (
            is_spelled(name, "code")
            or lettered
            or (level_of(name) == "code" and all(map(is_code, cells)))
        ):
            found.append(name)
    if len(found) > 1 and (one := _longest_code(sheet, found)):
        return one
    if len(found) > 1:
        raise DataFileError(
            Message(
                "{file}: columns {columns} all hold codes of places. Say which to use with"
                " columns={{'code': '{column}'}}.",
                file=sheet.file,
                columns=listed_columns(found),
                column=next((name for name in found if "inei" in casefolded(name)), found[0]),
            )
        )
    return found[0] if found else None


def _longest_code(sheet: Sheet, names: Sequence[str]) -> str | None:
    """Return the most exact of columns of codes that say the same of every row, or None."""
    codes = {name: [code_of(cell) or "" for cell in sheet.column(name)] for name in names}
    longest = max(names, key=lambda name: (sum(map(len, codes[name])), "inei" in casefolded(name)))
    agree = all(
        whole.startswith(part)
        for name in names
        for whole, part in zip(codes[longest], codes[name], strict=True)
    )
    return longest if agree and all(codes[longest]) else None


def _to_level(
    sheet: Sheet, roles: dict[str, str], level: Level, personal: Sequence[str]
) -> dict[str, str]:
    """Make the column of provinces (or districts) the place; return those of the units above."""
    by_level: dict[str, str] = {}
    for name in sheet.header:
        if name not in personal and (at_level := level_of(name)):
            by_level.setdefault(at_level, name)
    place = roles.pop("place", None)
    own = place if place and level_of(place) in (level, "") else by_level.get(level)
    if own is not None:
        roles["place"] = own
    if "place" not in roles and "code" not in roles:
        raise DataFileError(
            Message(
                "{file}: there is no column of {units}, nor one with their ubigeo. Say which it is"
                " with columns={{'place': '...'}}. Columns: {columns}.",
                file=sheet.file,
                units=PLURALS[level],
                columns=listed_columns(sheet.header),
            )
        )
    larger = ("region", "province")[: 1 if level == "province" else 2]
    return {one: by_level[one] for one in larger if one in by_level and by_level[one] != own}


def holds_courts(sheet: Sheet, name: str, resolver: Resolver) -> bool:
    """Tell whether a column of "districts" means courts: nearly all names are, two no region's."""
    cells = {cell for cell in sheet.column(name) if cell}
    courts = [cell for cell in cells if resolver.names_court(cell)]
    only = [cell for cell in courts if not resolver.names_region(cell)]
    # A few districts are called like a court: Santa, Sullana, Ventanilla.
    return len(only) > 1 and len(courts) >= _MOST * len(cells)


def _refuse_smaller(sheet: Sheet, name: str, resolver: Resolver) -> None:
    """Refuse to read provinces or districts as regions, though some bear a region's name."""
    named = level_of(name)
    if named not in ("province", "district") or holds_courts(sheet, name, resolver):
        return
    raise DataFileError(
        Message(
            "{file}: column '{column}' names {units}, not regions, and there is no column with the"
            " region or the ubigeo, though units of one name lie in several. Add one, or say"
            " level='{level}'.",
            file=sheet.file,
            column=name,
            units=PLURALS[named],
            level=named,
        )
    )


_TITLED = re.compile(
    r"\b(?:por|segun|by|per|a nivel de) (?:(provincias?|provinces?)|(distritos?|districts?))\b"
    r"(?! (?:fiscal|judicial))"
)
_OF_REGION = re.compile(r"\b(departament\w*|region(?:es)?|regions?|departments?)\b")


def _refuse_title_of_smaller(sheet: Sheet, roles: Mapping[str, str]) -> None:
    """Refuse a table whose title speaks of provinces or districts, unless its places say more."""
    place = roles.get("place", "")
    if not place or "code" in roles or level_of(place) or is_spelled(place, "smaller"):
        return
    for line in sheet.lines:
        words = words_of(line)
        found = _TITLED.search(words)
        if found and not any(_OF_REGION.search(words_of(text)) for text in (line, *sheet.header)):
            named: Level = "province" if found[1] else "district"
            raise DataFileError(
                Message(
                    "{file}: its title speaks of {units}, and many of them bear the name of a"
                    " region. Say level='{level}', or columns={{'place': '{column}'}} if the rows"
                    " are regions.",
                    file=sheet.file,
                    units=PLURALS[named],
                    level=named,
                    column=safe_header(place, sheet.header.index(place)),
                )
            )


PLURALS = {
    "region": Message("regions"),
    "province": Message("provinces"),
    "district": Message("districts"),
    "judicial_district": Message("judicial districts"),
    "fiscal_district": Message("fiscal districts"),
    "national": Message("the whole country"),
}


def _places_across(
    sheet: Sheet, roles: Mapping[str, str], personal: Sequence[str], resolver: Resolver
) -> Layout | None:
    """Return the layout of a table with its places across the top and its periods down the side."""
    left = [name for name in sheet.header if name not in personal]
    places = [name for name in left if _is_place(name, resolver)]
    if len(places) < 2 or "code" in roles:
        return None
    corner = next((name for name in left if name not in places and _all_periods(sheet, name)), None)
    if roles.get("place") not in (None, corner):
        return None
    dated = {role: name for role, name in roles.items() if role in ("year", "month", "period")}
    if not dated and corner is not None:
        dated = {"period": corner}
    counts = [
        name
        for name in left
        if name not in dated.values()
        and not is_ratio(name)
        and (name in places or holds_counts(sheet.column(name)))
    ]
    if not dated or 2 * len(places) < len(counts):
        return None
    used = {*counts, *dated.values()}
    return Layout(
        dated,
        tuple(ValueColumn(name) for name in counts),
        unused=tuple(name for name in left if name not in used),
        personal=tuple(personal),
        across=True,
    )


def _is_place(name: str, resolver: Resolver) -> bool:
    return resolver.names_region(name) or resolver.names_court(name)


def _all_periods(sheet: Sheet, name: str) -> bool:
    cells = {cell for cell in sheet.column(name) if cell}
    others = (cell for cell in cells if not (read_period(cell) or read_month(cell)))
    strange = len(list(islice(others, 2)))  # two are enough, of thousands
    return strange < min(2, len(cells))


def _given_roles(sheet: Sheet, columns: Mapping[str, str]) -> dict[str, str]:
    for role, name in columns.items():
        if role not in KINDS["complaints"]:
            raise DataFileError(
                Message(
                    "columns: '{role}' is not a role. Use {roles}.",
                    role=role,
                    roles=", ".join(KINDS["complaints"]),
                )
            )
        require_column(sheet, name)
    return dict(columns)


def _period_or_month(sheet: Sheet, roles: dict[str, str]) -> dict[str, str]:
    """Take a period column without years for months, and months with their year for periods."""
    other, read = ("month", read_month) if "year" in roles else ("period", read_period)
    role = "period" if other == "month" else "month"
    if role not in roles or other in roles:
        return roles
    cells = {cell for cell in sheet.column(roles[role]) if cell}
    if cells and all(read(cell) is not None for cell in cells):
        return {(other if known == role else known): name for known, name in roles.items()}
    return roles


def _place_by_content(sheet: Sheet, free: list[str], resolver: Resolver, unit: Unit | None) -> str:
    fits = []
    strange = ""
    smaller = next((name for name in free if level_of(name) in ("province", "district")), None)
    for name in free:
        if (
            unit is None
            and level_of(name) in ("province", "district")
            and not holds_courts(sheet, name, resolver)
        ):
            continue  # a province called Lima is not the region
        cells = {cell for cell in sheet.column(name) if cell}
        known = [cell for cell in cells if _is_place(cell, resolver)]
        # The level in the header counts: provinces often bear the name of their region.
        if cells and len(known) * 2 > len(cells) and not is_spelled(name, "smaller"):
            if says_region(name) or holds_courts(sheet, name, resolver):
                fits.append(name)
            else:
                strange = name
    if len(fits) == 1:
        return fits[0]
    if smaller is not None and not fits:
        _refuse_smaller(sheet, smaller, resolver)
    if strange and not fits and (office := office_in(strange)):
        raise DataFileError(
            Message(
                "{file}: column '{column}' names units of an office ('{office}'). They bear names"
                " of regions, but their bounds are others. Add a column with the region; if they"
                " do have the bounds of the regions, say columns={{'place': '{column}'}}.",
                file=sheet.file,
                column=safe_header(strange, sheet.header.index(strange)),
                office=office,
            )
        )
    if strange and not fits:
        raise DataFileError(
            Message(
                "{file}: column '{column}' holds names that regions bear, but cities, provinces and"
                " offices bear them too, and its header does not say that they are regions. If"
                " they are, say columns={{'place': '{column}'}}.",
                file=sheet.file,
                column=safe_header(strange, sheet.header.index(strange)),
            )
        )
    for name in free:
        cells = {cell for cell in sheet.column(name) if cell}
        if cells and sum(map(is_abroad, cells)) * 2 > len(cells):
            raise DataFileError(
                Message(
                    "{file}: column '{column}' names countries, and there is none with regions of"
                    " Peru, so there is nothing to map here.",
                    file=sheet.file,
                    column=name,
                )
            )
    raise DataFileError(
        Message(
            "{file}: {found} Say which column holds the places with columns={{'place': '...'}}."
            " Columns: {columns}.",
            file=sheet.file,
            found=Message("several columns hold names of places.")
            if fits
            else Message("no column of places was recognised."),
            columns=listed_columns(sheet.header),
        )
    )


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
_EARLY = re.compile(r"1[0-9]{3}")  # before 1980: of censuses, of no register
_LOOKALIKES = str.maketrans("lio|zsb", "1101258")


Values = tuple[tuple[ValueColumn, ...], tuple[ValueColumn, ...]]


def choose_values(
    sheet: Sheet,
    free: Sequence[str],
    roles: Mapping[str, str],
    measure: str,
    add_up: Sequence[str] = (),
) -> Values:
    """Choose the columns of counts."""
    if "value" in roles:
        refuse_other_column(sheet, roles["value"])
        return (read_value_header(roles["value"]),), ()
    # A sex or an age group of 1 and 2 is a code, no count.
    described = {
        name for name in free if (role_of(name) or ("",))[0] in ("sex", "age", "age_group")
    }
    named = [name for name in free if not is_ratio(name) and name not in described]
    headers = [read_value_header(name) for name in named if says_counts(name)]
    strange = [name for name in named if not says_counts(name)]
    if not any(holds_counts(sheet.column(column.name)) for column in headers):
        others = [name for name in free if is_ratio(name) and other_subject(name)]
        counted = [n for n in (*strange, *others) if holds_counts(sheet.column(n))]
        _ask_what_is_counted(sheet, counted)
    dated = [column for column in headers if column.period or column.month]
    if dated:
        return _dated_columns(sheet, headers, dated, measure, add_up)
    numeric = [column for column in headers if holds_counts(sheet.column(column.name))]
    declared = [column for column in numeric if measure_of(column.words) == measure]
    plain = [c for c in numeric if _ANY_VALUE.fullmatch(c.words) or "total" in c.words.split()]
    other = [c for c in numeric if measure_of(c.words) not in (None, measure)]
    parts = [c for c in numeric if _PART.search(c.words) and "total" not in c.words.split()]
    if any(column.name in add_up for column in parts):
        return tuple(parts), ()
    for found in (declared, plain, [c for c in numeric if c not in other]):
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
    if len(parts) > 1 and len(parts) == len(numeric):
        raise DataFileError(
            Message(
                "{file}: columns {columns} count parts of the same people. Add them up with"
                " add_up=['{column}'].",
                file=sheet.file,
                columns=", ".join(f"'{column.name}'" for column in parts),
                column=parts[0].name,
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


def _ask_what_is_counted(sheet: Sheet, strange: Sequence[str]) -> None:
    """Refuse numbers of which no header says that they count complaints or victims."""
    if not strange:
        return
    for name in strange:
        if other_subject(name) is not None:
            refuse_other_column(sheet, name)
    raise DataFileError(
        Message(
            "{file}: no column says that it counts complaints or victims of trafficking. If one"
            " does, say which with columns={{'value': '...'}}. Columns: {columns}.",
            file=sheet.file,
            columns=listed_columns(strange),
        )
    )


def declared_measure(sheet: Sheet) -> str | None:
    """Return what the headers say that the table counts, if they name one thing only."""
    counted = [casefolded(name) for name in sheet.header if not is_ratio(name)]
    declared = {measure_of(name) for name in counted} - {None}
    return declared.pop() if len(declared) == 1 else None


def parts_of_total(sheet: Sheet, values: Sequence[ValueColumn]) -> tuple[str, ...]:
    """Name the columns (men and women, minors and adults) that one column of totals adds up."""
    if len(values) != 1 or "total" not in values[0].words.split():
        return ()
    found = [
        name
        for name in sheet.header
        if name != values[0].name
        and _PART.search(casefolded(name))
        and not is_ratio(name)
        and holds_counts(sheet.column(name))
    ]
    return tuple(found) if len(found) > 1 else ()


def _dated_columns(
    sheet: Sheet,
    headers: list[ValueColumn],
    dated: list[ValueColumn],
    measure: str,
    add_up: Sequence[str],
) -> Values:
    """Choose among columns with a period in their name; find those that add others up."""
    parts = {read_value_header(name).words for name in add_up} - {""}
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
        whole = (
            [column for column in same if "total" in column.words.split()]
            or [column for column in same if not column.words]
            or [column for column in same if not _PART.search(column.words)]
        )
        if len(whole) != 1 and not any(column.words in parts for column in same):
            # Women and men, minors and adults: to keep one would lose the others.
            raise DataFileError(
                Message(
                    "{file}: columns {columns} all state the same period. If they are parts of one"
                    " count, add them up with add_up=['{column}'].",
                    file=sheet.file,
                    columns=", ".join(f"'{column.name}'" for column in same),
                    column=same[0].name,
                )
            )
        values += whole if len(whole) == 1 else same
    summed = [column for column in values if _adds_others(column, values)]
    values = [column for column in values if column not in summed]
    _refuse_unread(sheet, headers, dated)
    _refuse_overlap(sheet, values)
    return tuple(values), (*totals, *summed)


def _refuse_unclear_periods(sheet: Sheet, numeric: list[ValueColumn]) -> None:
    """Say why "2017-I", "17", "1940" and "01/02/2017" above counts are no period."""
    if early := [column.name for column in numeric if _EARLY.fullmatch(column.name.strip())]:
        raise DataFileError(
            Message(
                "{file}: column '{column}' is a year before any register of trafficking (1980).",
                file=sheet.file,
                column=early[0],
            )
        )
    for pattern, what in _UNCLEAR:
        if unclear := [
            column.name for column in numeric if pattern.fullmatch(casefolded(column.name))
        ]:
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
        bare = re.fullmatch(r"'?\d+(\.0)?", name) or re.search(r"(?<!\d)\d{4}(?!\d)", name)
        named = any(PERIOD_WORD.match(word) for word in column.words.split())
        slip = read_period(casefolded(name).translate(_LOOKALIKES))  # "20l8", "2O18"
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
            apart = first != second  # those of one period are parts to be added up
            if apart and first.start <= second.end and second.start <= first.end:
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


_THOUSANDS = re.compile(r"\b(en|in) (miles|millones|thousands|millions)\b")


def refuse_thousands(sheet: Sheet, lines: Sequence[str]) -> None:
    """Refuse a table that says its numbers are thousands."""
    for text in (*lines, *sheet.header):
        if found := _THOUSANDS.search(casefolded(text)):
            raise DataFileError(
                Message(
                    "{file}: its numbers are rounded to thousands or millions ('{text}'), so the"
                    " counts themselves are not known. Use a table with whole numbers.",
                    file=sheet.file,
                    text=text if text in (*sheet.lines, *sheet.header) else found[0],
                )
            )


def other_measure(sheet: Sheet, measure: str) -> list[Message]:
    """Say where the title names another thing that is counted."""
    for text in sheet.lines[:2]:
        declared = measures_of(casefolded(text))
        if declared and measure not in declared:
            return [
                Message(
                    "the title speaks of {found}, but the counts were taken for {measure}: {text}",
                    found=", ".join(declared),
                    measure=measure,
                    text=text,
                )
            ]
    return []
