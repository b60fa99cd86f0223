"""Complaint tables of any shape, wide or long, to the contract ``complaints`` of `tables`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, Unpack

import pandas as pd

from ...account import Account, Reading, Tally
from ...errors import DataFileError, casefolded
from ...messages import Message
from ...places.build import build_resolver, embedded_resolver
from ...places.codes import code_of
from ...places.gazetteer import DIGITS, Level
from ...places.keys import key_of
from ...places.resolver import COURT_KINDS, READ_LOOSELY, Resolver
from ...sheets.periods import Period, read_period
from ...sheets.sheet import Opening, Sheet
from ...study.contracts import MEASURES
from ...words import words_of
from ..columns import is_spelled, level_of, measure_of, require_column, role_of
from ..personal import guarded, listed_columns, open_screened, safe_header
from ..subject import (
    INFERRED,
    TRAFFICKING,
    also_counted,
    beyond_published,
    refuse_other_subject,
    reported_rows,
    sum_in,
)
from .cells import (
    Cell,
    compare_parts,
    read_cells_of,
    refuse_double,
    refuse_future,
    refuse_other_crimes,
    refuse_other_regions,
    refuse_overlap,
    refuse_twice,
    thousands_marks,
)
from .layout import (
    PLURALS,
    Layout,
    Unit,
    find_layout,
    holds_courts,
    other_measure,
    refuse_thousands,
)
from .rows import (
    Work,
    crosswalk_notes,
    leave_out_sums,
    leave_out_unplaced,
    sum_of,
    to_rows,
    to_table,
)


@guarded
def read_complaints(
    path: str | Path | Sheet,
    *,
    register: str,
    measure: str,
    source_id: str,
    districts: pd.DataFrame | None = None,
    regions: Mapping[str, str] | None = None,
    unit: Literal["national", "region", "judicial_district", "fiscal_district"] | None = None,
    level: Level = "region",
    columns: Mapping[str, str] | None = None,
    add_up: Sequence[str] = (),
    period: tuple[str, str] | None = None,
    purpose: str = "all",
    allow_unmatched: bool = False,
    **opening: Unpack[Opening],
) -> Reading[pd.DataFrame]:
    """Read a table of complaints by region, province, district, or judicial or fiscal district.

    Parameters
    ----------
    path : str, Path or Sheet
        CSV, Excel or Parquet; one column per period (wide) or one row per place and period (long).
    register, measure, source_id : str
        What the counts are: key of the register, one of ``complaints``, ``victims`` and
        ``rescued``, and key of the source.
    districts : DataFrame, optional
        Crosswalk from districts to regions; the embedded one if left out.
    regions : mapping of str to str, optional
        Name of each region by its INEI code; the 25 of Peru if left out.
    unit : {"region", "judicial_district", "fiscal_district"}, optional
        What the places are; told by the header and the names if left out.
    level : {"region", "province", "district"}
        The level of the rows that are made. Counts of provinces and districts are added up to
        their region unless this asks for them; then ``unit`` is "region" and ``ubigeo`` has four
        or six digits.
    columns : mapping of str to str, optional
        Column names by role: place, code, year, month, period, start, end, value.
    add_up : sequence of str
        Further columns (sex, age group) whose rows are to be added up. Provinces and districts of
        a region are always added up.
    period : tuple of (str, str), optional
        First and last month, for a table that does not state its months.
    purpose : str
        Purpose of exploitation of all counts.
    allow_unmatched : bool
        Whether places that are not known may be left out with the counts they carry.
    **opening : optional
        ``sheet``, ``encoding`` and ``header_row``, as in `open_sheet`.

    Returns
    -------
    Reading of DataFrame
        The columns of ``CONTRACTS["complaints"]``, one row per place and period in the order of
        the file, ``value`` in reported complaints (or victims); and the account. A cell without a
        figure gives no row. ``account.rows_in`` counts cells, not lines.

    Raises
    ------
    DataFileError
        If the file is no table, or its columns can't be told apart.
    TableError
        If cells are no counts or periods, a place and period stands twice, or a place is not
        known and carries a count.
    """
    if measure not in MEASURES:
        raise DataFileError(Message("measure: use one of {choices}.", choices=", ".join(MEASURES)))
    # Police stations part a region further; they are added up and never shown.
    asked = [*(columns or {}).values(), *(name for name in add_up if not is_spelled(name, "finer"))]
    screened = open_screened(path, table="complaints", asked=asked, **opening)
    opened, inferred, status = reported_rows(screened.sheet)
    refuse_thousands(opened, screened.lines)
    resolver = embedded_resolver(level)
    if regions is not None or districts is not None:
        resolver = build_resolver(regions=regions, courts=districts).with_units(level)
    layout = find_layout(
        opened,
        resolver,
        measure=measure,
        columns=columns,
        personal=screened.names,
        unit=unit,
        level=level,
        add_up=add_up,
    )
    found_unit, why = _find_unit(opened, layout, resolver, unit, register, level)
    finer = _finer_columns(opened, layout, add_up, found_unit)
    refuse_other_crimes(opened, layout, finer)
    refuse_other_subject(opened, screened.lines, layout.unused, "complaints")
    cells = read_cells_of(
        opened,
        layout,
        resolver,
        unit=found_unit,
        period=_given(opened, layout, period),
        finer=finer,
    )
    if not cells.parts:
        raise DataFileError(Message("{file}: there is no row below the header.", file=opened.file))
    refuse_future(cells.parts, opened.file)
    findings = Tally(compare_parts(opened, layout))
    if inferred:
        names = [column.name for column in layout.values]
        total = sum_in(screened.sheet, inferred, names)
        findings.leave_out(INFERRED, len(inferred) * len(names), total, [status])
    parts = leave_out_sums(cells, opened.file, findings)
    refuse_twice(
        [cell for cell in parts if cell.column not in _same_period(layout)], opened, layout, finer
    )
    if found_unit == "region":
        refuse_other_regions(parts, opened, finer, resolver)
    refuse_double(parts, opened, finer)
    refuse_overlap(parts, opened.file)
    work = Work(opened, resolver, found_unit, findings, measure)
    parts = leave_out_unplaced(parts, work, allow_unmatched)
    table = to_table(
        to_rows(parts, work), opened.file, measure=measure, register=register, purpose=purpose,
        source_id=source_id,
    )  # fmt: skip
    used = [cell for cell in parts if cell.count.value is not None]
    beyond = beyond_published((cell.period, cell.count.value or 0) for cell in used)
    says_what = any(
        measure_of(casefolded(text)) for text in (*opened.header, *screened.lines)
    ) or any(TRAFFICKING.search(words_of(line)) for line in screened.lines)
    # "CANTIDAD" and bare years may be of anything: so many need a word that says of what.
    anything = any(_ANYTHING.fullmatch(column.words) for column in layout.values)
    if beyond is not None and anything and not says_what:
        raise DataFileError(
            Message(
                "{file}: {beyond}. No column and no title says what is counted: if it is"
                " trafficking, write it there, for example 'Denuncias por trata'.",
                file=opened.file,
                beyond=beyond,
            )
        )
    if beyond is not None:
        findings.said.append(beyond)
    findings.said += also_counted(screened.lines)
    lost = sum(part.total or 0 for part in findings.left_out())
    account = Account(
        file=opened.file,
        taken_for=_taken_for(layout, found_unit),
        why=(*opened.why, *why, *_columns_said(layout)),
        mended=opened.mended,
        left_out=findings.left_out(),
        notes=(*findings.said, *cells.notes, *_notes_of(layout, finer, work, parts), *opened.notes),
        rows_in=len(cells.parts) + len(cells.sums) + len(inferred) * len(layout.values),
        rows_out=len(table),
        merged=len(used) - len(table),
        total_in=sum_of(used) + lost,
        total_out=float(table["value"].sum()),
    )
    return Reading(table, account)


def _given(sheet: Sheet, layout: Layout, period: tuple[str, str] | None) -> Period | None:
    """Return the period given by the caller, or ask for it with what the title says."""
    stated = {"year", "month", "period", "start"} & set(layout.roles)
    has_own = all(column.period for column in layout.values) or bool(stated - {"month"})
    if period is not None:
        first, last = read_period(period[0]), read_period(period[1])
        if first is None or last is None or last.end < first.start:
            raise DataFileError(
                Message("period: write first and last month, for example ('2017-01', '2017-12').")
            )
        if has_own:
            raise DataFileError(
                Message(
                    "{file}: the table states its own months; leave out period=...",
                    file=sheet.file,
                )
            )
        return Period(first.start, last.end)
    if not has_own and any(column.month for column in layout.values):
        raise DataFileError(
            Message(
                "{file}: the columns name months, but no year is stated. Give it with"
                " period=('2017-01', '2017-12').{hint}",
                file=sheet.file,
                hint=_title_hint(sheet),
            )
        )
    dated = [name for name in sheet.header if role_of(name) == ("date", "")]
    if not has_own and dated:
        raise DataFileError(
            Message(
                "{file}: nothing says that its counts are told apart by the dates of column"
                " '{column}'. If they are, say columns={{'period': '{column}'}} (dates as"
                " 2022-03-01); if not, give the months with period=('2017-01', '2017-12').",
                file=sheet.file,
                column=safe_header(dated[0], sheet.header.index(dated[0])),
            )
        )
    if not has_own:
        raise DataFileError(
            Message(
                "{file}: the table does not say which months it covers. Give them with"
                " period=('2017-01', '2017-12').{hint}",
                file=sheet.file,
                hint=_title_hint(sheet),
            )
        )
    return None


def _title_hint(sheet: Sheet) -> Message | str:
    if not sheet.lines:
        return ""
    return Message(" Its title: {title}", title=Message("'{text}'", text=sheet.lines[0]))


def _find_unit(
    sheet: Sheet,
    layout: Layout,
    resolver: Resolver,
    unit: Unit | None,
    register: str,
    level: Level,
) -> tuple[Unit, list[Message]]:
    """Tell whether places are regions or judicial or fiscal districts."""
    if unit is not None:
        return unit, []
    name = layout.roles.get("place")
    if level != "region" or (
        name is not None
        and level_of(name) in ("province", "district")
        and not holds_courts(sheet, name, resolver)
    ):
        return level, []
    if name is None and not layout.across:
        return "region", []
    key = key_of(name or "")
    if "fiscal" in key or key == "df":
        return "fiscal_district", []
    if "judicial" in key or key == "dj" or "corte" in key:
        return "judicial_district", []
    down = sheet.column(name) if name else [column.name for column in layout.values]
    cells = {cell for cell in down if cell}
    only = [
        cell for cell in cells if resolver.names_court(cell) and not resolver.names_region(cell)
    ]
    if len(only) < 2 or any(word in key for word in ("depart", "dpto", "region")):
        return "region", []
    found_unit: Unit = (
        "fiscal_district" if register.upper().startswith("MP") else "judicial_district"
    )
    why = Message(
        "the places are judicial or fiscal districts ('{name}' is no region)", name=sorted(only)[0]
    )
    return found_unit, [why]


_ANYTHING = re.compile(
    r"|total|cantidad|cant|valor|value|n|nro|numero|count|conteo|frecuencia|cifras?"
)


def _same_period(layout: Layout) -> frozenset[str]:
    """Return all but the first of the columns of one period, which are added up to it."""
    seen: set[object] = set()
    later = set()
    for column in layout.values:
        span = column.name if layout.across else column.period or column.month
        if span in seen:
            later.add(column.name)
        seen.add(span)
    return frozenset(later)


def _finer_columns(
    sheet: Sheet, layout: Layout, add_up: Sequence[str], unit: Unit
) -> tuple[str, ...]:
    for name in add_up:
        require_column(sheet, name)
    counts = {column.name for column in layout.values}
    more = (name for name in add_up if name not in layout.finer and name not in counts)
    named = (*layout.finer, *more)
    code = layout.roles.get("code")
    if code is None or unit in ("district", *COURT_KINDS) or code in named:
        return named
    # Districts told apart by their code alone are added up like those with a name.
    codes: dict[tuple[str, ...], set[str]] = defaultdict(set)
    digits = DIGITS["province"] if unit == "province" else DIGITS["region"]
    for cell, *names in zip(*map(sheet.column, (code, *named)), strict=True):
        if len(full := code_of(cell) or "") > digits:
            codes[full[:digits], *names].add(full)
    return (*named, code) if any(len(same) > 1 for same in codes.values()) else named


def _taken_for(layout: Layout, unit: Unit) -> Message:
    shape = (
        Message("one column per place")
        if layout.across
        else Message("one column per period")
        if layout.wide
        else Message("one row per place and period")
    )
    return Message("table of complaints by {unit}, {shape}", unit=PLURALS[unit], shape=shape)


def _columns_said(layout: Layout) -> list[Message]:
    values = [column.name for column in layout.values]
    shown = listed_columns(values[:6]) + (", ..." if len(values) > 6 else "")
    stated = [
        Message("{role} in column '{column}'", role=_ROLES.get(role, role), column=name)
        for role, name in layout.roles.items()
    ]
    return [*stated, Message("counts in column(s) {columns}", columns=shown)]


_ROLES = {
    "place": Message("place"),
    "code": Message("code"),
    "year": Message("year"),
    "month": Message("month"),
    "period": Message("period"),
    "start": Message("first month"),
    "end": Message("last month"),
    "unit": Message("unit"),
}


def _notes_of(
    layout: Layout, finer: tuple[str, ...], work: Work, cells: list[Cell]
) -> list[Message]:
    notes = [*other_measure(work.sheet, work.measure), *thousands_marks(cells)]
    if layout.personal:
        notes.append(
            Message(
                "columns that may hold personal data were not read: {columns}",
                columns=listed_columns(layout.personal),
            )
        )
    if _same_period(layout):
        names = listed_columns([column.name for column in layout.values])
        notes.append(Message("columns of one period were added up: {columns}", columns=names))
    unused = [name for name in layout.unused if name not in finer]
    if unused:
        notes.append(Message("columns not used: {columns}", columns=listed_columns(unused)))
    if finer:
        notes.append(Message("rows were added up over: {columns}", columns=", ".join(finer)))
    district = work.unit in COURT_KINDS
    loose = [cell for cell in cells if cell.match.note is READ_LOOSELY]
    shown = sorted({f"{cell.place} = {cell.match.about}" for cell in loose})
    if shown:
        notes.append(
            Message(
                "{what} ({n} row(s): {examples})",
                what=READ_LOOSELY,
                n=len(loose),
                examples="; ".join(shown[:5]),
            )
        )
    notes += _absent(work, cells)
    lima = list(dict.fromkeys(c.place for c in cells if c.match.part))
    if lima:
        notes.append(Message("brought to Lima (15): {names}", names=", ".join(lima)))
    if district:
        notes += crosswalk_notes(work, cells)
    return notes


def _absent(work: Work, cells: list[Cell]) -> list[Message]:
    """Name the regions that have no row, which is not the same as none reported."""
    held = {cell.match.ubigeo for cell in cells if cell.match.kind == "place"}
    names = [name for code, name in work.resolver.region_names.items() if code not in held]
    if work.unit != "region" or not held or not names:
        return []
    if len(names) > len(held):
        return [Message("{n} region(s) are not in the table", n=len(names))]
    return [Message("not in the table: {regions}", regions=", ".join(names))]
