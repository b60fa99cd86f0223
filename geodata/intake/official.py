"""Readers of the official open-data layouts of MININTER/PNP and MPFN.

``BD_TRATADP`` of MININTER/PNP (Observatorio Nacional de Seguridad Ciudadana) has one row per month,
place and item: ``ANIO;MES;CCDD;DEPARTAMENTO;PROVINCIA;DISTRITO;COMISARIA;categoria;Denuncias por
comision;Valor``. Each ``categoria`` (purpose, age, means, ...) splits the same victims anew, and
has a row of its total, so that only one category may be added up, without its totals.

``mpfn-delitos`` of the Ministerio Público has one row per fiscal district, year and article of the
penal code: ``periodo_denuncia;anio_denuncia;...;distrito_fiscal;...;articulo;...;cantidad;ubigeo``.
The ubigeo is the seat of the district and is not used as the place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pandas as pd

from ..account import Account, LeftOut, Reading
from ..errors import DataFileError, Fault, TableError, suggestion
from ..messages import Message
from ..places.codes import region_of_code
from ..places.gazetteer import region_codes
from ..places.resolver import Match, build_resolver, embedded_resolver
from ..sheets.numbers import Period, Problem, read_counts, read_month, read_period
from ..sheets.sheet import Sheet
from ..study.tables import check_table
from ..words import is_total
from .columns import find_column
from .complaints.cells import read_place
from .complaints.rows import Bilingual, hint_at
from .mininter import Item, choose_category, count_blocks_once, missing_months
from .mpfn import read_mpfn_rows
from .personal import guarded, open_screened
from .read import columns_reason
from .tally import Tally


@guarded
def read_mininter(
    path: Path | Sheet,
    *,
    source_id: str,
    category: str | None = None,
    by: Literal["year", "month"] = "year",
    sheet: str | None = None,
    encoding: str | None = None,
    header_row: int | None = None,
) -> Reading[pd.DataFrame]:
    """Read ``BD_TRATADP`` of MININTER/PNP.

    Parameters
    ----------
    path : Path or Sheet
        CSV or Excel in the layout named above.
    source_id : str
        Key of the source.
    category : str, optional
        The ``categoria`` to add up; needed where categories disagree.
    by : {"year", "month"}
        Whether months are added up to years.
    sheet, encoding, header_row : optional
        See `open_sheet`.

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
    opened = open_screened(
        path, table="complaints", sheet=sheet, encoding=encoding, header_row=header_row
    ).sheet
    names = _required(opened, ("anio", "mes", "departamento", "categoria", "denuncias por comision",
                               "valor"))  # fmt: skip
    tally = Tally()
    items, reniec = _mininter_items(opened, names, tally)
    left = list(tally.left_out())
    station = opened.find("comisaria")
    once, repeated = count_blocks_once(items, opened.file, by_station=station is not None)
    if repeated:
        left.append(
            LeftOut(
                Message("rows that repeat an earlier row of the same month; counted once"),
                len(repeated),
                sum(item.value for item in repeated),
            )
        )
    chosen, said = choose_category(once, category, opened.file)
    used = [item for item in once if item.category == chosen and not item.is_total]
    if others := len(once) - len(used):
        reason = Message("totals, and categories that split the same records another way")
        left.append(LeftOut(reason, others))
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
    table = _to_table(rows, "MININTER", source_id, opened.file)
    total = float(table["value"].sum())
    account = Account(
        file=opened.file,
        taken_for=Message("open data of MININTER/PNP on trafficking (BD_TRATADP)"),
        why=(*opened.why, columns_reason(opened, "mininter")),
        mended=opened.mended,
        left_out=tuple(left),
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


def _required(sheet: Sheet, wanted: tuple[str, ...]) -> dict[str, str]:
    found = {name: find_column(sheet, name) for name in wanted}
    missing = [name for name, column in found.items() if column is None]
    if missing:
        free = [name for name in sheet.header if name not in found.values()]
        raise DataFileError(
            Message(
                "{file}: column '{column}' is missing, so this is not the layout expected. {hint}",
                file=sheet.file,
                column=missing[0],
                hint=suggestion(missing[0], free),
            )
        )
    return {name: column for name, column in found.items() if column is not None}


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


Row = dict[str, str]


def _mininter_rows(
    used: list[Item], everything: list[Item], by: Literal["year", "month"]
) -> tuple[list[Row], list[Message]]:
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
        rows.append(_row("region", names[ubigeo], ubigeo, start, end, value, [gap] if gap else []))
    return rows, list(gaps.values())


def _row(
    unit: str, place: str, ubigeo: str, start: str, end: str, value: float, notes: list[Message]
) -> Row:
    return {
        "unit": unit,
        "place": place,
        "ubigeo": ubigeo,
        "period_start": start,
        "period_end": end,
        "value": f"{value:.0f}",
        "basis": "derived",
        "note_es": "; ".join(note.render("es") for note in notes),
        "note_en": "; ".join(note.render("en") for note in notes),
    }


def _to_table(rows: list[Row], register: str, source_id: str, file: str) -> pd.DataFrame:
    fixed = {"measure": "complaints", "register": register, "purpose": "all",
             "source_id": source_id}  # fmt: skip
    columns = ["unit", "place", "ubigeo", "period_start", "period_end", "value", "basis", "note_es",
               "note_en", *fixed]  # fmt: skip
    frame = pd.DataFrame([{**row, **fixed} for row in rows], columns=columns)
    return check_table(frame, "complaints", file=file)


@guarded
def read_mpfn(
    path: Path | Sheet,
    *,
    source_id: str,
    districts: pd.DataFrame | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    header_row: int | None = None,
) -> Reading[pd.DataFrame]:
    """Read ``mpfn-delitos`` of the Ministerio Público.

    Parameters
    ----------
    path : Path or Sheet
        CSV or Excel in the layout named above.
    source_id : str
        Key of the source.
    districts : DataFrame, optional
        Crosswalk from fiscal districts to regions; the embedded one if left out.
    sheet, encoding, header_row : optional
        See `open_sheet`.

    Returns
    -------
    Reading of DataFrame
        Contract ``complaints``: one row per fiscal district and period, register ``MP``, measure
        ``complaints``: articles 153 and 153-A until 2022, 129-A and 129-B from 2023. The region is
        that of the crosswalk; its approximations stand in the notes.

    Raises
    ------
    DataFileError
        If columns are missing.
    TableError
        If cells are not what they should be, a district is not known, or repeated rows differ.
    """
    opened = open_screened(
        path, table="complaints", sheet=sheet, encoding=encoding, header_row=header_row
    ).sheet
    names = _required(opened, ("periodo_denuncia", "anio_denuncia", "distrito_fiscal", "articulo",
                               "cantidad"))  # fmt: skip
    resolver = embedded_resolver() if districts is None else build_resolver(courts=districts)
    found = read_mpfn_rows(opened, names, resolver)
    if not found.sums:
        raise DataFileError(
            Message(
                "{file}: no row is about trafficking. Articles found: {articles}. Counted are"
                " 153 and 153-A until 2022, 129-A and 129-B from 2023.",
                file=opened.file,
                articles=", ".join(found.articles) or "-",
            )
        )
    rows = []
    for (place, ubigeo, start, end), (value, es, en) in found.sums.items():
        note: list[Message] = [Bilingual(es, en)] if en else []
        rows.append(_row("fiscal_district", place, ubigeo, start, end, value, note))
    table = _to_table(rows, "MP", source_id, opened.file)
    total = float(table["value"].sum())
    account = Account(
        file=opened.file,
        taken_for=Message("open data of the Ministerio Público on crimes (mpfn-delitos)"),
        why=(*opened.why, columns_reason(opened, "mpfn")),
        mended=opened.mended,
        left_out=tuple(found.left_out),
        notes=(*found.notes, *opened.notes),
        rows_in=len(opened.rows),
        rows_out=len(table),
        merged=found.used - len(table),
        total_in=total + sum(part.total or 0 for part in found.left_out),
        total_out=total,
    )
    return Reading(table, account)
