"""The layout ``BD_TRATADP`` of MININTER/PNP (Observatorio Nacional de Seguridad Ciudadana).

It has one row per month, place and item: ``ANIO;MES;CCDD;DEPARTAMENTO;PROVINCIA;DISTRITO;COMISARIA;
categoria;Denuncias por comision;Valor``. Each ``categoria`` (purpose, age, means, ...) splits the
same victims anew, and has a row of its total, so that only one category may be added up, without
its totals.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, Unpack

import pandas as pd

from ...account import Reading, Tally
from ...errors import DataFileError, Fault, casefolded
from ...messages import Message
from ...places.build import embedded_resolver
from ...places.codes import region_of_code
from ...places.gazetteer import region_codes
from ...places.keys import key_of
from ...places.resolver import Match
from ...sheets.periods import Period, read_month, read_period
from ...sheets.sheet import Opening, Sheet
from ...words import is_total
from ..columns import find_column, required_columns
from ..complaints.cells import read_place
from ..complaints.rows import hint_at, row_of
from ..personal import guarded, open_screened
from . import Line, read_lines, set_repeated_apart, to_reading

_COLUMNS = ("anio", "mes", "departamento", "categoria", "denuncias por comision", "valor")


@guarded
def read_mininter(
    path: str | Path | Sheet,
    *,
    source_id: str,
    category: str | None = None,
    by: Literal["year", "month"] = "year",
    **opening: Unpack[Opening],
) -> Reading[pd.DataFrame]:
    """Read ``BD_TRATADP`` of MININTER/PNP.

    Parameters
    ----------
    path : str, Path or Sheet
        CSV or Excel in the layout named above.
    source_id : str
        Key of the source.
    category : str, optional
        The ``categoria`` to add up; needed where categories disagree.
    by : {"year", "month"}
        Whether months are added up to years.
    **opening : optional
        ``sheet``, ``encoding`` and ``header_row``, as in `open_sheet`.

    Returns
    -------
    Reading of DataFrame
        Contract ``complaints``: one row per region and year (or month), register ``MININTER``,
        measure ``complaints``, ``value`` in records of the police (one is one victim). A year
        whose last months are missing ends with its last month. Police stations are only used to
        tell repeated rows, and are not kept.

    Raises
    ------
    DataFileError
        If columns are missing, or no category can be chosen.
    TableError
        If cells are not what they should be, code and name disagree, or repeated rows differ.
    """
    opened = open_screened(path, table="complaints", **opening).sheet
    names = required_columns(opened, _COLUMNS)
    left = Tally()
    lines, reniec = _read_rows(opened, names, left)
    station = opened.find("comisaria")
    once, repeated = _once(lines, opened.file, by_station=station is not None)
    if repeated:
        left.leave_out(
            Message("rows that repeat an earlier row of the same month; counted once"),
            len(repeated),
            sum(line.value for line in repeated),
        )
    chosen, remarks = choose_category(once, category, opened.file)
    used = [line for line in once if line.what[0] == chosen and not _is_sum(line)]
    if others := len(once) - len(used):
        reason = Message("totals, and categories that split the same records another way")
        left.leave_out(reason, others)
    gaps, spans = missing_months(once)
    notes = [*remarks, *gaps.values(), *_parts_of_lima(opened.column(names["departamento"]))]
    if reniec:
        notes.append(
            Message(
                "column {column} holds RENIEC codes, as the names beside them show; the names were"
                " used",
                column=opened.find("ccdd") or "",
            )
        )
    notes.append(Message("each count is one victim's record, although the title says complaints"))
    if station:
        notes.append(Message("column {column} was not kept", column=station))
    sums: dict[tuple[str, tuple[str, str]], float] = defaultdict(float)
    for line in used:
        months = line.months.start, line.months.end
        sums[line.place, months if by == "month" else spans[months[0][:4]]] += line.value
    rows = [
        row_of("region", embedded_resolver().region_names[ubigeo], ubigeo, months, value,
               *([gap] if by == "year" and (gap := gaps.get(months[0][:4])) else []))
        for (ubigeo, months), value in sums.items()
    ]  # fmt: skip
    return to_reading(
        rows,
        opened,
        taken_for=Message("open data of MININTER/PNP on trafficking (BD_TRATADP)"),
        columns=tuple(names.values())[3:],
        series={"register": "MININTER", "measure": "records", "source_id": source_id},
        left=left,
        notes=notes,
        used=len(used),
    )


def _parts_of_lima(names: Sequence[str]) -> list[Message]:
    resolver = embedded_resolver()
    parts = [name for name in dict.fromkeys(names) if read_place(name, resolver, "region").part]
    if not parts:
        return []
    return [Message("counted in the region of Lima: {names}", names=", ".join(parts))]


_TOTALS = Message("totals over places or months")
_ENOUGH = 2  # regions whose codes are RENIEC's, before the whole column is taken for such
_GEOGRAPHY = ("departamento", "provincia", "distrito", "anio", "mes")


def _read_rows(sheet: Sheet, names: dict[str, str], left: Tally) -> tuple[list[Line], bool]:
    """Return one line per row, and whether the codes are RENIEC's."""
    resolver = embedded_resolver()
    columns = {name: sheet.column(column) for name, column in names.items()}
    code_column = sheet.find("ccdd")
    codes = sheet.column(code_column) if code_column else ("",) * len(sheet.rows)
    places = [sheet.header.index(c) for name in _GEOGRAPHY if (c := find_column(sheet, name))]
    known = {name: read_place(name, resolver, "region") for name in set(columns["departamento"])}
    years = {text: read_period(text) for text in set(columns["anio"])}
    months = {text: read_month(text) for text in set(columns["mes"])}
    totals = {cell for row in sheet.rows for i in places if is_total(cell := row[i])}
    pairs = {(codes[i], known[name].ubigeo) for i, name in enumerate(columns["departamento"])}
    reniec = _are_reniec(pairs)

    def read(i: int, _: float | None) -> Line | Message | list[Fault]:
        if totals and any(sheet.rows[i][place] in totals for place in places):
            return _TOTALS
        match = known[columns["departamento"][i]]
        year, month = years[columns["anio"][i]], months[columns["mes"][i]]
        agrees = reniec or not codes[i] or region_of_code(codes[i]) == match.ubigeo
        if not (match.kind == "place" and agrees and year and month):
            return _faults(sheet, names, i, match, codes[i], year, month)
        text = f"{year.start[:4]}-{month:02}"
        what = (columns["categoria"][i], columns["denuncias por comision"][i])
        return Line(match.ubigeo, Period(text, text), what)

    apart = [i for i, name in enumerate(sheet.header) if name != names["valor"]]
    return read_lines(sheet, names["valor"], apart, read, left), reniec


def _are_reniec(pairs: set[tuple[str, str]]) -> bool:
    """Tell whether codes differ from INEI's and agree with RENIEC's wherever a name is known."""
    both = [(region_of_code(code), ubigeo) for code, ubigeo in pairs if code and ubigeo]
    reniec = {code.inei: code.reniec for code in region_codes().values()}
    differ = {ubigeo for code, ubigeo in both if code != ubigeo}
    return len(differ) >= _ENOUGH and all(code == reniec[ubigeo] for code, ubigeo in both)


def _faults(
    sheet: Sheet,
    names: dict[str, str],
    i: int,
    match: Match,
    code: str,
    year: Period | None,
    month: int | None,
) -> list[Fault]:
    number = sheet.row_numbers[i]
    cell = {name: sheet.rows[i][sheet.header.index(column)] for name, column in names.items()}
    faults = []
    if match.kind != "place":
        fix = hint_at(cell["departamento"], embedded_resolver(), "region")
        faults.append(
            Fault(number, names["departamento"], cell["departamento"],
                  Message("This place is not known."), fix)
        )  # fmt: skip
    elif code and (meant := region_of_code(code)) != match.ubigeo:
        known = embedded_resolver().region_names.get(meant or "")
        reason = Message("The code means {meant}, the name says {said}.",
                         meant=known, said=cell["departamento"])  # fmt: skip
        if known is None:
            reason = Message("No region has this code; the name says {said}.",
                             said=cell["departamento"])  # fmt: skip
        faults.append(
            Fault(number, sheet.find("ccdd"), code, reason, Message("Correct one of them."))
        )
    for name, value, fix in (
        ("anio", year, Message("Write a year: 2017.")),
        ("mes", month, Message("Write a month: 1 to 12.")),
    ):
        if value is None:
            reason = Message("This is not a year or month.")
            faults.append(Fault(number, names[name], cell[name] or None, reason, fix))
    return faults


def _is_sum(line: Line) -> bool:
    """Tell whether a row adds others up (``F1_TOTAL``, ``EM_SUB TOTAL``)."""
    return _says_total(line.what[1])


@cache
def _says_total(item: str) -> bool:
    return "total" in casefolded(item).replace("_", " ").split()


def _once(lines: list[Line], file: str, *, by_station: bool) -> tuple[list[Line], list[Line]]:
    if not by_station:
        return _whole_months_once(lines)
    return set_repeated_apart(
        lines,
        file,
        "Valor",
        reason=lambda first: Message(
            "Row {first} is the same month, place and item with {one:,.0f}.",
            first=first.row,
            one=first.value,
        ),
        fix=Message("Keep the row that is right."),
    )


def _whole_months_once(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """Set months apart that were pasted in several times; without stations rows may be alike."""
    months: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        months[line.months.start].append(line)
    once: list[Line] = []
    repeated: list[Line] = []
    for rows in months.values():
        times = Counter((*row.key, row.value) for row in rows)
        keys = {row.key for row in rows}
        pasted = math.gcd(*times.values()) if len(keys) == len(times) else 1
        left = {key: count // pasted for key, count in times.items()}
        for row in rows:
            key = (*row.key, row.value)
            (once if left[key] > 0 else repeated).append(row)
            left[key] -= 1
    return once, repeated


def choose_category(lines: list[Line], wanted: str | None, file: str) -> tuple[str, list[Message]]:
    """Choose the category whose items are added up."""
    sums: dict[str, dict[Hashable, float]] = {}
    for line in lines:
        if not _is_sum(line):
            cells = sums.setdefault(line.what[0], defaultdict(float))
            cells[line.months, line.place] += line.value
    remarks = [
        Message("category '{name}': {total:,.0f}", name=name, total=sum(cells.values()))
        for name, cells in sums.items()
    ]
    if not sums:
        raise DataFileError(
            Message(
                "{file}: all rows are totals, and which of them to count can't be told. Use the"
                " file with the items of each category.",
                file=file,
            )
        )
    if wanted is not None:
        found = [name for name in sums if key_of(name) == key_of(wanted)]
        if not found:
            raise _ask(file, sums, Message("There is no category '{name}'.", name=wanted))
        return found[0], remarks
    consistent = [name for name in sums if _adds_up(name, lines, sums[name])]
    groups: dict[Hashable, list[str]] = defaultdict(list)
    for name in consistent:
        filled = {key: value for key, value in sums[name].items() if value}
        groups[tuple(sorted(filled.items(), key=repr))].append(name)
    agree = len(groups) == 1
    chosen = consistent[0] if agree else _dominant(list(groups.values()), sums)
    if chosen is None:
        reason = (
            Message("Several categories add up to different totals.")
            if groups
            else Message("No category adds up to its own totals.")
        )
        raise _ask(file, sums, reason)
    return chosen, [Message("the items of category '{name}' were added up", name=chosen), *remarks]


def _ask(file: str, sums: dict[str, dict[Hashable, float]], reason: Message) -> DataFileError:
    listed = "; ".join(f"{name}: {sum(cells.values()):,.0f}" for name, cells in sums.items())
    return DataFileError(
        Message(
            "{file}: {reason} Say which to count with category='...'. Categories: {categories}.",
            file=file,
            reason=reason,
            categories=listed,
        )
    )


def _adds_up(name: str, lines: list[Line], sums: dict[Hashable, float]) -> bool:
    """Tell whether the items of a category add up to its totals, month by month."""
    prefixes = {line.what[1].split("_")[0] for line in lines if line.what[0] == name}
    totals: dict[Hashable, float] = defaultdict(float)
    for line in lines:
        category, item = line.what
        if _is_sum(line) and item.split("_")[0] in prefixes and category in (name, item):
            totals[line.months, line.place] += line.value
    return all(total == sums.get(key, 0) for key, total in totals.items())


def _dominant(groups: list[list[str]], sums: dict[str, dict[Hashable, float]]) -> str | None:
    """Return a category of the agreeing majority if no other counts more anywhere."""
    if not groups:
        return None
    groups = sorted(groups, key=len, reverse=True)
    first = groups[0]
    if len(first) < 2 or len(groups[1]) == len(first):
        return None
    best = sums[first[0]]
    for others in groups[1:]:
        if any(value > best.get(key, 0) for key, value in sums[others[0]].items()):
            return None
    return first[0]


def missing_months(
    lines: list[Line],
) -> tuple[dict[str, Message], dict[str, tuple[str, str]]]:
    """Find months without any row."""
    months: dict[str, set[int]] = defaultdict(set)
    for line in lines:
        months[line.months.start[:4]].add(int(line.months.start[5:]))
    gaps: dict[str, Message] = {}
    spans: dict[str, tuple[str, str]] = {}
    for year, there in sorted(months.items()):
        spans[year] = (f"{year}-{min(there):02}", f"{year}-{max(there):02}")
        missing = sorted(set(range(1, 13)) - there)
        if missing:
            gaps[year] = Message(
                "{year} is incomplete: no figures for month(s) {months}",
                year=year,
                months=", ".join(map(str, missing)),
            )
    return gaps, spans
