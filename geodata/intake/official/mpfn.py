"""``mpfn-delitos`` of the Ministerio Público.

It has one row per fiscal district, year and article of the penal code: ``periodo_denuncia;
anio_denuncia;...;distrito_fiscal;...;articulo;...;cantidad;ubigeo``. The ubigeo is the seat of the
district and is not used as the place.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Unpack

import pandas as pd

from ...account import Account, Reading, Tally
from ...errors import DataFileError, Fault, TableError, fold
from ...messages import Message
from ...places.build import build_resolver, embedded_resolver
from ...places.keys import clean_place, key_of
from ...places.resolver import Resolver
from ...sheets.counts import Count, Problem, read_counts
from ...sheets.periods import Period, read_period
from ...sheets.sheet import Opening, Sheet
from ...words import is_total
from ..columns import required_columns
from ..complaints.rows import Bilingual, hint_at
from ..personal import guarded, has_columns, open_screened
from . import official_row, official_table

_COLUMNS = ("periodo_denuncia", "anio_denuncia", "distrito_fiscal", "articulo", "cantidad")


@guarded
def read_mpfn(
    path: str | Path | Sheet,
    *,
    source_id: str,
    districts: pd.DataFrame | None = None,
    **opening: Unpack[Opening],
) -> Reading[pd.DataFrame]:
    """Read ``mpfn-delitos`` of the Ministerio Público.

    Parameters
    ----------
    path : str, Path or Sheet
        CSV or Excel in the layout named above.
    source_id : str
        Key of the source.
    districts : DataFrame, optional
        Crosswalk from fiscal districts to regions; the embedded one if left out.
    **opening : optional
        ``sheet``, ``encoding`` and ``header_row``, as in `open_sheet`.

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
    opened = open_screened(path, table="complaints", **opening).sheet
    names = required_columns(opened, _COLUMNS)
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
        rows.append(official_row("fiscal_district", place, ubigeo, start, end, value, note))
    table = official_table(rows, "MP", source_id, opened.file)
    total = float(table["value"].sum())
    account = Account(
        file=opened.file,
        taken_for=Message("open data of the Ministerio Público on crimes (mpfn-delitos)"),
        why=(*opened.why, has_columns(tuple(names.values())[2:])),
        mended=opened.mended,
        left_out=found.left.left_out(),
        notes=(*found.notes, *opened.notes),
        rows_in=len(opened.rows),
        rows_out=len(table),
        merged=found.used - len(table),
        total_in=total + sum(part.total or 0 for part in found.left.left_out()),
        total_out=total,
    )
    return Reading(table, account)


# Trafficking in the penal code: Ley 31146 moved it from one title to another.
ARTICLES_UNTIL_2022 = frozenset({"153", "153-A"})
ARTICLES_FROM_2023 = frozenset({"129-A", "129-B"})
_DATES = ("fecha_descarga", "fecha_corte")
_WHOLE_YEAR = ("anual", "todo el ano", "ano completo", "anual total")
_TOTALS = Message("totals over all districts")
_NO_NUMBER = Message("no number is given, which is not the same as none")


@dataclass
class MpfnRows:
    """What came out of the rows.

    Parameters
    ----------
    sums : dict
        By district, code and months: the sum, and the notes of the crosswalk (es, en).
    left : Tally
        Rows of other articles, repeated rows.
    notes : list of Message
        What the reader must know.
    used : int
        Rows that went into ``sums``.
    articles : list of str
        All articles of the file.
    """

    sums: dict[tuple[str, str, str, str], tuple[float, str, str]] = field(default_factory=dict)
    left: Tally = field(default_factory=Tally)
    notes: list[Message] = field(default_factory=list)
    used: int = 0
    articles: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Line:
    row: int
    district: str
    article: str
    months: Period
    value: float
    key: tuple[str, ...]


def article_of(text: str) -> str:
    """Return an article as ``153-A``."""
    match = re.fullmatch(
        r"(?:art(?:iculo)?\.?)?\s*([0-9]{1,3})(?:\.0|[°º])?\s*-?\s*([a-z]?)\.?", fold(text)
    )
    if not match:
        return text.upper()
    return match[1] + (f"-{match[2].upper()}" if match[2] else "")


def read_mpfn_rows(sheet: Sheet, names: dict[str, str], resolver: Resolver) -> MpfnRows:
    """Read the rows of the layout."""
    left = Tally()
    lines = _lines(sheet, names, resolver, left)
    once, repeated = _once(lines, sheet.file)
    found = MpfnRows(left=left)
    found.articles = sorted({line.article for line in lines if line.article})[:20]
    kept = [line for line in once if _is_trafficking(line)]
    others = [line for line in once if not _is_trafficking(line)]
    _leave_out_others(others, found)
    if repeated:
        found.left.leave_out(
            Message("rows that repeat an earlier row; counted once"),
            len(repeated),
            sum(line.value for line in repeated),
        )
    for line in kept:
        match = resolver.find(line.district, kind="fiscal_district")
        canonical, ubigeo = match.key, match.ubigeo
        court = resolver.courts.get(_district_key(line.district))
        es, en = (court.note_es, court.note_en) if court else ("", "")
        key = (canonical, ubigeo, line.months.start, line.months.end)
        found.sums[key] = (found.sums.get(key, (0.0, "", ""))[0] + line.value, es, en)
    found.used = len(kept)
    _say(found, kept, sheet, resolver)
    return found


def _district_key(name: str) -> str:
    return key_of(clean_place(name))


def _is_trafficking(line: _Line) -> bool:
    articles = ARTICLES_UNTIL_2022 if line.months.end < "2023" else ARTICLES_FROM_2023
    return line.article in articles


def _lines(sheet: Sheet, names: dict[str, str], resolver: Resolver, left: Tally) -> list[_Line]:
    columns = {name: sheet.column(column) for name, column in names.items()}
    counts = read_counts(columns["cantidad"])
    apart = [
        i
        for i, name in enumerate(sheet.header)
        if name not in (names["cantidad"], *(sheet.find(date) for date in _DATES))
    ]
    known = {
        name: resolver.find(name, kind="fiscal_district")
        for name in set(columns["distrito_fiscal"])
    }
    spans = set(zip(columns["periodo_denuncia"], columns["anio_denuncia"], strict=True))
    months = {span: _months(*span) for span in spans}
    faults: list[Fault] = []
    lines = []
    for i, row in enumerate(sheet.rows):
        number, district = sheet.row_numbers[i], columns["distrito_fiscal"][i]
        span = months[columns["periodo_denuncia"][i], columns["anio_denuncia"][i]]
        count, article = counts[i], article_of(columns["articulo"][i])
        if is_total(district):
            left.add(_TOTALS)
        elif known[district].kind != "place":
            faults.append(
                Fault(
                    number,
                    names["distrito_fiscal"],
                    district or None,
                    Message("This fiscal district is not known."),
                    hint_at(district, resolver, "fiscal_district"),
                )
            )
        elif span is None:
            text = f"{columns['periodo_denuncia'][i]} {columns['anio_denuncia'][i]}"
            reason = Message("These are no months of one year.")
            fix = Message("Write for example ENERO - DICIEMBRE and 2023.")
            faults.append(Fault(number, names["periodo_denuncia"], text, reason, fix))
        elif isinstance(count, Problem):
            text = columns["cantidad"][i]
            faults.append(Fault(number, names["cantidad"], text, count.reason, count.fix))
        elif count.value is None:
            left.add(_NO_NUMBER)
        elif not article and any("trata de personas" in fold(row[place]) for place in apart):
            reason = Message("This row is about trafficking, but its article is missing.")
            fix = Message("Write the article: 153, 153-A, 129-A or 129-B.")
            faults.append(Fault(number, names["articulo"], None, reason, fix))
        else:
            key = tuple(row[place] for place in apart)
            lines.append(_line(number, district, article, span, count, key))
    if faults:
        raise TableError("complaints", sheet.file, faults)
    return lines


def _line(
    row: int, district: str, article: str, months: Period, count: Count, key: tuple[str, ...]
) -> _Line:
    return _Line(row, district, article, months, count.value or 0, key)


def _months(span: str, year: str) -> Period | None:
    """Read ``ENERO - DICIEMBRE`` with its year."""
    whole = read_period(year)
    if whole is None or whole.start[:4] != whole.end[:4]:
        return None
    if not span.strip():
        return None
    if fold(span) in _WHOLE_YEAR:
        return whole
    months = read_period(f"{span} {whole.start[:4]}") or read_period(span)
    return months if months and whole.start <= months.start and months.end <= whole.end else None


def _once(lines: list[_Line], file: str) -> tuple[list[_Line], list[_Line]]:
    """Set repeated rows apart; two counts for one article of trafficking are refused."""
    seen: dict[tuple[str, ...], _Line] = {}
    once: list[_Line] = []
    repeated: list[_Line] = []
    faults: list[Fault] = []
    for line in lines:
        first = seen.setdefault(line.key, line)
        if first is not line and first.value == line.value:
            repeated.append(line)
            continue
        once.append(line)
        if first is not line and _is_trafficking(line):
            faults.append(
                Fault(
                    line.row,
                    "cantidad",
                    f"{line.value:.0f}",
                    Message(
                        "Row {first} is the same in all but the count ({one:,.0f}).",
                        first=first.row,
                        one=first.value,
                    ),
                    Message("Keep the row that is right, or the newest download."),
                )
            )
    if faults:
        raise TableError("complaints", file, faults)
    return once, repeated


def _leave_out_others(lines: list[_Line], found: MpfnRows) -> None:
    """List trafficking articles of the other years one by one, all other articles together."""
    related: dict[str, list[_Line]] = defaultdict(list)
    rest = []
    for line in lines:
        if line.article in ARTICLES_UNTIL_2022 | ARTICLES_FROM_2023:
            related[line.article].append(line)
        else:
            rest.append(line)
    for article, same in related.items():
        years = ", ".join(sorted({line.months.start[:4] for line in same}))
        found.left.leave_out(
            Message(
                "article {article} is not the one of trafficking in {years}",
                article=article,
                years=years,
            ),
            len(same),
            sum(line.value for line in same),
        )
    if rest:
        names = tuple(dict.fromkeys(line.article for line in rest))[:5]
        found.left.leave_out(
            Message("other articles of the penal code"),
            len(rest),
            sum(line.value for line in rest),
            names,
        )


def _say(found: MpfnRows, kept: list[_Line], sheet: Sheet, resolver: Resolver) -> None:
    articles = ", ".join(sorted({line.article for line in kept})) or "-"
    found.notes.append(Message("articles counted: {articles}", articles=articles))
    if seat := sheet.find("ubigeo", "ubigeo_pjfs"):
        found.notes.append(
            Message(
                "column {column} is the seat of the fiscal district and was not used as the place",
                column=seat,
            )
        )
    partial = sorted(
        {m.start[:4] for m in (k.months for k in kept) if m.end[5:] != "12" or m.start[5:] != "01"}
    )
    if partial:
        found.notes.append(Message("years not covered whole: {years}", years=", ".join(partial)))
    found.notes += _overlaps(found)
    for canonical, ubigeo, es_en in _remarks(found):
        found.notes.append(
            Message(
                "the fiscal district {district} was counted in the region {region}; this is an"
                " approximation: {note}",
                district=canonical,
                region=resolver.region_names.get(ubigeo, ubigeo),
                note=es_en,
            )
        )


def _overlaps(found: MpfnRows) -> list[Message]:
    """Say where a district has counts of periods that overlap, as a half and a whole year do."""
    spans: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for district, _, start, end in found.sums:
        spans[district].add((start, end))
    years = sorted(
        {
            later[0][:4]
            for months in spans.values()
            for former, later in pairwise(sorted(months))
            if later[0] <= former[1]
        }
    )
    if not years:
        return []
    return [
        Message(
            "counts of overlapping periods stand side by side and are not to be added up: {years}",
            years=", ".join(years),
        )
    ]


def _remarks(found: MpfnRows) -> list[tuple[str, str, Message]]:
    seen = {(key[0], key[1]): value for key, value in found.sums.items() if value[2]}
    return [(place, code, Bilingual(es, en)) for (place, code), (_, es, en) in seen.items()]
