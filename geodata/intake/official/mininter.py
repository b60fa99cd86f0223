"""``BD_TRATADP`` of MININTER/PNP (Observatorio Nacional de Seguridad Ciudadana).

It has one row per month, place and item: ``ANIO;MES;CCDD;DEPARTAMENTO;PROVINCIA;DISTRITO;COMISARIA;
categoria;Denuncias por comision;Valor``. Each ``categoria`` (purpose, age, means, ...) splits the
same victims anew, and has a row of its total, so that only one category may be added up, without
its totals.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, Unpack

import pandas as pd

from ...account import Account, Reading, Tally
from ...errors import DataFileError, Fault, TableError, fold
from ...messages import Message
from ...places.build import embedded_resolver
from ...places.codes import region_of_code
from ...places.gazetteer import region_codes
from ...places.keys import key_of
from ...places.resolver import Match
from ...sheets.counts import Problem, read_counts
from ...sheets.periods import Period, read_month, read_period
from ...sheets.sheet import Opening, Sheet
from ...words import is_total
from ..columns import find_column, required_columns
from ..complaints.cells import read_place
from ..complaints.rows import hint_at
from ..personal import guarded, has_columns, open_screened
from . import official_row, official_table

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
    tally = Tally()
    items, reniec = _mininter_items(opened, names, tally)
    station = opened.find("comisaria")
    once, repeated = count_blocks_once(items, opened.file, by_station=station is not None)
    if repeated:
        tally.leave_out(
            Message("rows that repeat an earlier row of the same month; counted once"),
            len(repeated),
            sum(item.value for item in repeated),
        )
    chosen, said = choose_category(once, category, opened.file)
    used = [item for item in once if item.category == chosen and not item.is_total]
    if others := len(once) - len(used):
        reason = Message("totals, and categories that split the same records another way")
        tally.leave_out(reason, others)
    rows, gaps = _mininter_rows(used, once, by)
    notes = [*said, *gaps, *_parts_of_lima(opened.column(names["departamento"]))]
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
    table = official_table(rows, "MININTER", source_id, opened.file, measure="records")
    total = float(table["value"].sum())
    account = Account(
        file=opened.file,
        taken_for=Message("open data of MININTER/PNP on trafficking (BD_TRATADP)"),
        why=(*opened.why, has_columns(tuple(names.values())[3:])),
        mended=opened.mended,
        left_out=tally.left_out(),
        notes=(*notes, *opened.notes),
        rows_in=len(opened.rows),
        rows_out=len(table),
        merged=len(used) - len(table),
        total_in=total + sum(item.value for item in repeated),
        total_out=total,
    )
    return Reading(table, account)


def _parts_of_lima(names: Sequence[str]) -> list[Message]:
    resolver = embedded_resolver()
    parts = [name for name in dict.fromkeys(names) if read_place(name, resolver, "region").part]
    if not parts:
        return []
    return [Message("counted in the region of Lima: {names}", names=", ".join(parts))]


_TOTALS = Message("totals over places or months")
_NO_NUMBER = Message("no number is given, which is not the same as none")
_ENOUGH = 2  # regions whose codes are RENIEC's, before the whole column is taken for such
_GEOGRAPHY = ("departamento", "provincia", "distrito", "anio", "mes")


def _mininter_items(sheet: Sheet, names: dict[str, str], left: Tally) -> tuple[list[Item], bool]:
    """Return one item per row, and whether the codes are RENIEC's.

    All cells but the value tell whether rows repeat each other.
    """
    resolver = embedded_resolver()
    columns = {name: sheet.column(column) for name, column in names.items()}
    code_column = sheet.find("ccdd")
    codes = sheet.column(code_column) if code_column else ("",) * len(sheet.rows)
    counts = read_counts(columns["valor"])
    at = sheet.header.index(names["valor"])
    places = [sheet.header.index(c) for name in _GEOGRAPHY if (c := find_column(sheet, name))]
    known = {name: read_place(name, resolver, "region") for name in set(columns["departamento"])}
    years = {text: read_period(text) for text in set(columns["anio"])}
    months = {text: read_month(text) for text in set(columns["mes"])}
    totals = {cell for row in sheet.rows for i in places if is_total(cell := row[i])}
    pairs = {(codes[i], known[name].ubigeo) for i, name in enumerate(columns["departamento"])}
    reniec = _are_reniec(pairs)
    faults: list[Fault] = []
    items = []
    for i, row in enumerate(sheet.rows):
        number, count = sheet.row_numbers[i], counts[i]
        value = None if isinstance(count, Problem) else count.value
        if totals and any(row[place] in totals for place in places):
            left.add(_TOTALS)
            continue
        match = known[columns["departamento"][i]]
        year, month = years[columns["anio"][i]], months[columns["mes"][i]]
        agrees = reniec or not codes[i] or region_of_code(codes[i]) == match.ubigeo
        if not (match.kind == "place" and agrees and year and month):
            faults += _item_faults(sheet, names, i, match, codes[i], year, month)
        elif isinstance(count, Problem):
            text = columns["valor"][i]
            faults.append(Fault(number, names["valor"], text, count.reason, count.fix))
        elif value is None:
            left.add(_NO_NUMBER)
        else:
            items.append(
                Item(
                    number,
                    year.start[:4],
                    month,
                    match.ubigeo,
                    columns["categoria"][i],
                    columns["denuncias por comision"][i],
                    value,
                    (*row[:at], *row[at + 1 :]),
                )
            )
    if faults:
        raise TableError("complaints", sheet.file, faults)
    return items, reniec


def _are_reniec(pairs: set[tuple[str, str]]) -> bool:
    """Tell whether codes differ from INEI's and agree with RENIEC's wherever a name is known."""
    both = [(region_of_code(code), ubigeo) for code, ubigeo in pairs if code and ubigeo]
    reniec = {code.inei: code.reniec for code in region_codes().values()}
    differ = {ubigeo for code, ubigeo in both if code != ubigeo}
    return len(differ) >= _ENOUGH and all(code == reniec[ubigeo] for code, ubigeo in both)


def _item_faults(
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


def _mininter_rows(
    used: list[Item], everything: list[Item], by: Literal["year", "month"]
) -> tuple[list[dict[str, str]], list[Message]]:
    """Add up items to regions and years (or months), and state months that are missing."""
    names = embedded_resolver().region_names
    gaps, spans = missing_months(everything)
    sums: dict[tuple[str, str, str], float] = defaultdict(float)
    for item in used:
        if by == "month":
            month = f"{item.year}-{item.month:02}"
            sums[item.ubigeo, month, month] += item.value
        else:
            sums[item.ubigeo, *spans[item.year]] += item.value
    rows = []
    for (ubigeo, start, end), value in sums.items():
        gap = gaps.get(start[:4]) if by == "year" else None
        rows.append(
            official_row("region", names[ubigeo], ubigeo, start, end, value, [gap] if gap else [])
        )
    return rows, list(gaps.values())


@dataclass(frozen=True)
class Item:
    """One row of the layout.

    Parameters
    ----------
    row : int
        Row in the file.
    year : str
        Year.
    month : int
        1 to 12.
    ubigeo : str
        Code of the region.
    category, item : str
        The two columns that say what is counted.
    value : float
        The count.
    key : tuple of str
        All cells but the count: two rows with the same are one row printed twice.
    """

    row: int
    year: str
    month: int
    ubigeo: str
    category: str
    item: str
    value: float
    key: tuple[str, ...] = field(repr=False, default=())

    @property
    def is_total(self) -> bool:
        """Whether the row adds others up (``F1_TOTAL``, ``EM_SUB TOTAL``)."""
        return _is_total(self.item)


@cache
def _is_total(item: str) -> bool:
    return "total" in fold(item).replace("_", " ").split()


def count_blocks_once(
    items: list[Item], file: str, *, by_station: bool
) -> tuple[list[Item], list[Item]]:
    """Set rows apart that repeat an earlier one."""
    if not by_station:
        return _whole_months_once(items)
    seen: dict[tuple[str, ...], Item] = {}
    once: list[Item] = []
    repeated: list[Item] = []
    faults: list[Fault] = []
    for item in items:
        first = seen.setdefault(item.key, item)
        if first is item:
            once.append(item)
        elif first.value == item.value:
            repeated.append(item)
        else:
            faults.append(
                Fault(
                    item.row,
                    "Valor",
                    f"{item.value:.0f}",
                    Message(
                        "Row {first} is the same month, place and item with {one:,.0f}.",
                        first=first.row,
                        one=first.value,
                    ),
                    Message("Keep the row that is right."),
                )
            )
    if faults:
        raise TableError("complaints", file, faults)
    return once, repeated


def _whole_months_once(items: list[Item]) -> tuple[list[Item], list[Item]]:
    months: dict[tuple[str, int], list[Item]] = defaultdict(list)
    for item in items:
        months[item.year, item.month].append(item)
    once: list[Item] = []
    repeated: list[Item] = []
    for rows in months.values():
        times = Counter((*row.key, row.value) for row in rows)
        keys = {row.key for row in rows}
        fold_count = math.gcd(*times.values()) if len(keys) == len(times) else 1
        left = {key: count // fold_count for key, count in times.items()}
        for row in rows:
            key = (*row.key, row.value)
            (once if left[key] > 0 else repeated).append(row)
            left[key] -= 1
    return once, repeated


def choose_category(items: list[Item], wanted: str | None, file: str) -> tuple[str, list[Message]]:
    """Choose the category whose items are added up."""
    sums: dict[str, dict[Hashable, float]] = {}
    for item in items:
        if not item.is_total:
            cells = sums.setdefault(item.category, defaultdict(float))
            cells[item.year, item.month, item.ubigeo] += item.value
    said = [
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
        return found[0], said
    consistent = [name for name in sums if _adds_up(name, items, sums[name])]
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
    return chosen, [Message("the items of category '{name}' were added up", name=chosen), *said]


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


def _adds_up(name: str, items: list[Item], sums: dict[Hashable, float]) -> bool:
    """Tell whether the items of a category add up to its totals, month by month."""
    prefixes = {item.item.split("_")[0] for item in items if item.category == name}
    totals: dict[Hashable, float] = defaultdict(float)
    for item in items:
        if (
            item.is_total
            and item.item.split("_")[0] in prefixes
            and (item.category in (name, item.item))
        ):
            totals[item.year, item.month, item.ubigeo] += item.value
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
    items: list[Item],
) -> tuple[dict[str, Message], dict[str, tuple[str, str]]]:
    """Find months without any row."""
    months: dict[str, set[int]] = defaultdict(set)
    for item in items:
        months[item.year].add(item.month)
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
