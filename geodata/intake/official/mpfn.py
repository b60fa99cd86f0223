"""The layout ``mpfn-delitos`` of the Ministerio Público.

It has one row per fiscal district, year and article of the penal code: ``periodo_denuncia;
anio_denuncia;...;distrito_fiscal;...;articulo;...;cantidad;ubigeo``. The ubigeo is the seat of the
district and is not used as the place.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Unpack

import pandas as pd

from ...account import Reading, Tally
from ...errors import DataFileError, Fault, casefolded
from ...messages import Message
from ...places.build import build_resolver, embedded_resolver
from ...places.keys import clean_place, key_of
from ...places.resolver import Resolver
from ...sheets.periods import Period, read_period
from ...sheets.sheet import Opening, Sheet
from ...words import is_total
from ..columns import required_columns
from ..complaints.rows import Bilingual, hint_at, row_of
from ..personal import guarded, open_screened
from . import Line, read_lines, set_repeated_apart, to_reading

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
    left = Tally()
    lines = _read_rows(opened, names, resolver, left)
    once, repeated = set_repeated_apart(
        lines,
        opened.file,
        "cantidad",
        reason=lambda first: Message(
            "Row {first} is the same in all but the count ({one:,.0f}).",
            first=first.row,
            one=first.value,
        ),
        fix=Message("Keep the row that is right, or the newest download."),
        matters=_is_trafficking,
    )
    kept = [line for line in once if _is_trafficking(line)]
    if not kept:
        raise DataFileError(
            Message(
                "{file}: no row is about trafficking. Articles found: {articles}. Counted are"
                " 153 and 153-A until 2022, 129-A and 129-B from 2023.",
                file=opened.file,
                articles=", ".join(sorted({line.what[0] for line in lines} - {""})[:20]) or "-",
            )
        )
    _leave_out_others([line for line in once if not _is_trafficking(line)], left)
    if repeated:
        left.leave_out(
            Message("rows that repeat an earlier row; counted once"),
            len(repeated),
            sum(line.value for line in repeated),
        )
    sums: dict[tuple[str, str, tuple[str, str]], float] = defaultdict(float)
    remarks: dict[tuple[str, str], Message] = {}
    for line in kept:
        match = resolver.find(line.place, kind="fiscal_district")
        sums[match.key, match.ubigeo, (line.months.start, line.months.end)] += line.value
        court = resolver.courts.get(key_of(clean_place(line.place)))
        if court and court.note_en:
            remarks[match.key, match.ubigeo] = Bilingual(court.note_es, court.note_en)
    rows = [
        row_of("fiscal_district", place, ubigeo, months, value,
               *([remarks[place, ubigeo]] if (place, ubigeo) in remarks else []))
        for (place, ubigeo, months), value in sums.items()
    ]  # fmt: skip
    notes = [
        *_notes(kept, opened),
        *_overlaps(sums),
        *(
            Message(
                "the fiscal district {district} was counted in the region {region}; this is an"
                " approximation: {note}",
                district=place,
                region=resolver.region_names.get(ubigeo, ubigeo),
                note=note,
            )
            for (place, ubigeo), note in remarks.items()
        ),
    ]
    return to_reading(
        rows,
        opened,
        taken_for=Message("open data of the Ministerio Público on crimes (mpfn-delitos)"),
        columns=tuple(names.values())[2:],
        series={"register": "MP", "measure": "complaints", "source_id": source_id},
        left=left,
        notes=notes,
        used=len(kept),
    )


# Trafficking in the penal code: Ley 31146 moved it from one title to another.
ARTICLES_UNTIL_2022 = frozenset({"153", "153-A"})
ARTICLES_FROM_2023 = frozenset({"129-A", "129-B"})
_DATES = ("fecha_descarga", "fecha_corte")
_WHOLE_YEAR = ("anual", "todo el ano", "ano completo", "anual total")
_TOTALS = Message("totals over all districts")
_YEAR = ("01", "12")


def article_of(text: str) -> str:
    """Return an article as ``153-A``."""
    match = re.fullmatch(
        r"(?:art(?:iculo)?\.?)?\s*([0-9]{1,3})(?:\.0|[°º])?\s*-?\s*([a-z]?)\.?", casefolded(text)
    )
    if not match:
        return text.upper()
    return match[1] + (f"-{match[2].upper()}" if match[2] else "")


def _is_trafficking(line: Line) -> bool:
    articles = ARTICLES_UNTIL_2022 if line.months.end < "2023" else ARTICLES_FROM_2023
    return line.what[0] in articles


def _speaks_of_trafficking(row: Sequence[str], places: Sequence[int]) -> bool:
    return any("trata de personas" in casefolded(row[place]) for place in places)


def _read_rows(sheet: Sheet, names: dict[str, str], resolver: Resolver, left: Tally) -> list[Line]:
    """Return one line per row; what is no count and no date of download tells rows apart."""
    columns = {name: sheet.column(column) for name, column in names.items()}
    dates = (names["cantidad"], *(sheet.find(date) for date in _DATES))
    apart = [i for i, name in enumerate(sheet.header) if name not in dates]
    kinds = {
        name: resolver.find(name, kind="fiscal_district").kind
        for name in set(columns["distrito_fiscal"])
    }
    spans = list(zip(columns["periodo_denuncia"], columns["anio_denuncia"], strict=True))
    months = {span: _months(*span) for span in set(spans)}

    def read(i: int, value: float | None) -> Line | Message | list[Fault]:
        number, district, span = sheet.row_numbers[i], columns["distrito_fiscal"][i], spans[i]
        article, when = article_of(columns["articulo"][i]), months[spans[i]]
        if is_total(district):
            return _TOTALS
        if kinds[district] != "place":
            reason = Message("This fiscal district is not known.")
            fix = hint_at(district, resolver, "fiscal_district")
            return [Fault(number, names["distrito_fiscal"], district or None, reason, fix)]
        if when is None:
            reason = Message("These are no months of one year.")
            fix = Message("Write for example ENERO - DICIEMBRE and 2023.")
            return [Fault(number, names["periodo_denuncia"], " ".join(span), reason, fix)]
        if value is not None and not article and _speaks_of_trafficking(sheet.rows[i], apart):
            reason = Message("This row is about trafficking, but its article is missing.")
            fix = Message("Write the article: 153, 153-A, 129-A or 129-B.")
            return [Fault(number, names["articulo"], None, reason, fix)]
        return Line(district, when, (article,))

    return read_lines(sheet, names["cantidad"], apart, read, left)


def _months(span: str, year: str) -> Period | None:
    """Read ``ENERO - DICIEMBRE`` with its year."""
    whole = read_period(year)
    if whole is None or whole.start[:4] != whole.end[:4]:
        return None
    if not span.strip():
        return None
    if casefolded(span) in _WHOLE_YEAR:
        return whole
    months = read_period(f"{span} {whole.start[:4]}") or read_period(span)
    return months if months and whole.start <= months.start and months.end <= whole.end else None


def _leave_out_others(lines: list[Line], left: Tally) -> None:
    """List trafficking articles of the other years one by one, all other articles together."""
    related: dict[str, list[Line]] = defaultdict(list)
    rest = []
    for line in lines:
        if line.what[0] in ARTICLES_UNTIL_2022 | ARTICLES_FROM_2023:
            related[line.what[0]].append(line)
        else:
            rest.append(line)
    for article, same in related.items():
        years = ", ".join(sorted({line.months.start[:4] for line in same}))
        left.leave_out(
            Message(
                "article {article} is not the one of trafficking in {years}",
                article=article,
                years=years,
            ),
            len(same),
            sum(line.value for line in same),
        )
    if rest:
        names = tuple(dict.fromkeys(line.what[0] for line in rest))[:5]
        left.leave_out(
            Message("other articles of the penal code"),
            len(rest),
            sum(line.value for line in rest),
            names,
        )


def _notes(kept: Sequence[Line], sheet: Sheet) -> list[Message]:
    articles = ", ".join(sorted({line.what[0] for line in kept}))
    notes = [Message("articles counted: {articles}", articles=articles)]
    if seat := sheet.find("ubigeo", "ubigeo_pjfs"):
        notes.append(
            Message(
                "column {column} is the seat of the fiscal district and was not used as the place",
                column=seat,
            )
        )
    partial = sorted(
        {m.start[:4] for m in (line.months for line in kept) if (m.start[5:], m.end[5:]) != _YEAR}
    )
    if partial:
        notes.append(Message("years not covered whole: {years}", years=", ".join(partial)))
    return notes


def _overlaps(sums: Iterable[tuple[str, str, tuple[str, str]]]) -> list[Message]:
    """Say where a district has counts of periods that overlap, as a half and a whole year do."""
    spans: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for district, _, months in sums:
        spans[district].add(months)
    years = sorted(
        {
            later[0][:4]
            for of_one in spans.values()
            for former, later in pairwise(sorted(of_one))
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
