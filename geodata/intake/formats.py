"""Formats of the field: HTCDS, KoboToolbox and ODK, HXL, CTDC; brought to words that readers know.

Each is told by its own column names and rewritten as a plain sheet: technical columns go, the
others get the names that the readers of registers, complaints and flows understand. What looks
personal is judged by those readers, as in any other table.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from ..account import Account, Reading, Tally
from ..errors import DataFileError
from ..messages import Message
from ..places.build import embedded_resolver
from ..places.resolver import Resolver
from ..sheets.sheet import Sheet, open_sheet
from ..study.tables import empty_table
from ..words import is_country, is_not_given, words_of
from .cases import CaseTables, read_cases
from .columns import role_of
from .complaints import read_complaints
from .flows import read_flows
from .personal import find_personal_columns, guarded, has_columns, listed_columns

FormatKind = Literal["htcds", "kobo", "hxl", "ctdc"]
_ENOUGH = 10  # people in a line of an account, at least


@dataclass(frozen=True)
class Format:
    """A format that was recognised: its kind, its sheet in plain words, and what was told."""

    kind: FormatKind
    sheet: Sheet
    why: Message
    measure: str = "complaints"
    left: tuple[tuple[Message, int], ...] = ()


def know_format(sheet: Sheet) -> Format | None:
    """Return the format that a sheet is in, or None if it is a plain table."""
    refuse_countries(sheet)
    for know in (_know_hxl, _know_htcds, _know_ctdc, _know_kobo):
        if (found := know(sheet)) is not None:
            return found
    return None


def refuse_countries(sheet: Sheet) -> None:
    """Say what a table of UNODC is: countries, of which none is a region of Peru."""
    if all(sheet.find(name) for name in ("Iso3_code", "Country", "Indicator", "Year")):
        raise DataFileError(
            Message(
                "{file}: this is a table of countries as UNODC publishes them (Iso3_code, Indicator"
                " ...). It says nothing of the regions of Peru, so there is nothing to map here.",
                file=sheet.file,
            )
        )


def _rebuilt(
    sheet: Sheet, columns: Sequence[tuple[str, int]], keep: Sequence[int] | None = None
) -> Sheet:
    """Return the sheet with some of its columns under other names, and some of its rows."""
    rows = range(len(sheet.rows)) if keep is None else keep
    return replace(
        sheet,
        header=tuple(name for name, _ in columns),
        rows=tuple(tuple(sheet.rows[i][at] for _, at in columns) for i in rows),
        row_numbers=tuple(sheet.row_numbers[i] for i in rows),
    )


# HTCDS: IOM's Human Trafficking Case Data Standard.

_HTCDS = {
    "vic_LocationOfRecruitment": "departamento de captación",
    "vic_LocationOfExploitation": "departamento de explotación",
    "vic_TypeOfExploitation": "tipo de explotación",
    "cas_IncomingReferralDate": "fecha",
    "prs_Gender": "sexo",
}
_NO_VICTIM = Message("people whom the register itself calls no victims of trafficking")
_EMPTY = Message("rows without a case")


def _know_htcds(sheet: Sheet) -> Format | None:
    if not (sheet.find("vic_LocationOfRecruitment") and sheet.find("vic_LocationOfExploitation")):
        return None
    at = {name: sheet.header.index(found) for name in _HTCDS if (found := sheet.find(name))}
    of_case = [i for i, name in enumerate(sheet.header) if name.startswith(("vic_", "cas_"))]
    status = sheet.find("vic_TraffickingStatus")
    filled = [i for i, row in enumerate(sheet.rows) if any(row[c] for c in of_case)]
    cells = sheet.column(status) if status else ("",) * len(sheet.rows)
    keep = [i for i in filled if not words_of(cells[i]).startswith("nota")]
    plain = _rebuilt(sheet, [(_HTCDS[name], place) for name, place in at.items()], keep)
    resolver = embedded_resolver()
    ends = [n for n, name in enumerate(plain.header) if name.startswith("departamento")]
    rows = tuple(
        tuple(
            _region_of(cell, resolver) if n in ends else _spaced(cell) for n, cell in enumerate(row)
        )
        for row in plain.rows
    )
    left = ((_NO_VICTIM, len(filled) - len(keep)), (_EMPTY, len(sheet.rows) - len(filled)))
    why = Message("Human Trafficking Case Data Standard (HTCDS)")
    return Format("htcds", replace(plain, rows=rows), why, "victims", left)


def _region_of(text: str, resolver: Resolver) -> str:
    """Return the region that "Venue or town, Region, Country" ends with; a country if another."""
    parts = [part.strip() for part in re.split(r"[,;|/]", text) if part.strip()]
    for part in reversed(parts):
        if is_country(part):
            continue
        return part if resolver.names_region(part) or len(parts) > 1 else text
    return text


def _spaced(text: str) -> str:
    """Return ``Forced Labour`` for ``ForcedLabour``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)


# KoboToolbox and ODK: names of groups and questions, technical columns, split answers.

_KOBO = {
    "_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status", "_submitted_by",
    "__version__", "_tags", "_index", "formhub/uuid", "meta/instanceid", "meta/instancename",
    "_parent_index", "_parent_table_name", "_xform_id_string", "_attachments", "_geolocation",
    "meta/rootuuid", "_bamboo_dataset_id",
}  # fmt: skip
_ODK = {
    "submissiondate", "key", "meta-instanceid", "instanceid", "submitterid", "submittername",
    "attachmentspresent", "attachmentsexpected", "reviewstate", "deviceid", "edits", "formversion",
    "meta-instancename", "set-of-", "parent_key",
}  # fmt: skip
_TECHNICAL = {"start", "end", "today", "deviceid", "username", "phonenumber", "simserial",
              "subscriberid", "starttime", "endtime", "simid", "devicephonenum"}  # fmt: skip


def _know_kobo(sheet: Sheet) -> Format | None:
    names = [name.strip().lower() for name in sheet.header]
    kobo, odk = len(_KOBO & set(names)), len(_ODK & set(names))
    if kobo < 2 and odk < 2:
        return None
    slash = any("/" in name for name in sheet.header)
    mark = "/" if slash else "-" if odk >= 2 else "/"
    columns = []
    for at, name in enumerate(sheet.header):
        low = names[at]
        technical = low in _KOBO | _ODK | _TECHNICAL or low.startswith(("_", "meta"))
        # "Question/Answer" beside "Question" only says yes or no to one of its answers.
        split = any(low.startswith(f"{other}{mark}") for other in names if other != low)
        if not technical and not split:
            columns.append((_question(name, mark), at))
    dated = any((role_of(name) or ("",))[0] in ("date", "year", "period") for name, _ in columns)
    sent = next((i for i, n in enumerate(names) if n in ("_submission_time", "submissiondate")), -1)
    if not dated and sent >= 0:
        columns.append(("fecha", sent))
    times: Counter[str] = Counter()
    unique = []
    for name, at in columns:
        times[name] += 1
        unique.append((name if times[name] == 1 else f"{name} {times[name]}", at))
    why = Message("export of KoboToolbox or ODK, one answer a row")
    return Format("kobo", _rebuilt(sheet, unique), why)


def _question(header: str, mark: str) -> str:
    """Return the question of ``group/question``; the group only where it tells the end."""
    parts = [part.strip() for part in header.split(mark) if part.strip()]
    if len(parts) < 2:
        return header
    role = role_of(parts[-1])
    if role is None or role[0] == "reported":
        for group in reversed(parts[:-1]):
            told = role_of(f"{parts[-1]} {group}")
            if told is not None and told[0] in ("origin", "destination"):
                return f"{parts[-1]} {group}"
    return parts[-1]


# HXL: a row of tags below (or instead of) the names.


def _know_hxl(sheet: Sheet) -> Format | None:
    tags = sheet.header
    body = list(range(len(sheet.rows)))
    if not _are_tags(tags):
        if not sheet.rows or not _are_tags(sheet.rows[0]):
            return None
        tags, body = sheet.rows[0], body[1:]
    columns = []
    for at, (name, tag) in enumerate(zip(sheet.header, tags, strict=True)):
        columns.append((_name_of_tag(tag) or name, at))
    times: Counter[str] = Counter(name for name, _ in columns)
    columns = [(sheet.header[at] if times[name] > 1 else name, at) for name, at in columns]
    victims = any(tag.lower().replace(" ", "").startswith("#affected") for tag in tags)
    why = Message("table with HXL tags; the row of tags is no data")
    return Format(
        "hxl", _rebuilt(sheet, columns, body), why, "victims" if victims else "complaints"
    )


def _are_tags(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    tagged = [cell for cell in filled if re.match(r"#[a-z]", cell.strip(), re.IGNORECASE)]
    return len(tagged) >= 2 and len(tagged) * 2 >= len(filled)


_LEVELS = {"#adm1": "departamento", "#adm2": "provincia", "#adm3": "distrito", "#loc": "lugar"}


def _name_of_tag(tag: str) -> str:
    """Return the name that readers know for a tag such as ``#adm1 +name +origin``."""
    first, *more = [part.strip() for part in tag.lower().replace(" ", "").split("+")]
    said = set(more)
    end = (
        " de origen" if said & {"origin", "from", "source"}
        else " de destino" if said & {"dest", "destination", "to"}
        else ""
    )  # fmt: skip
    if first in _LEVELS:
        code = said & {"code", "v_pcode", "pcode", "v_ubigeo", "id"}
        return f"ubigeo{end}" if code else f"{_LEVELS[first]}{end}"
    if first == "#date":
        return (
            "año" if "year" in said else "mes" if "month" in said
            else "desde" if "start" in said else "hasta" if "end" in said else "fecha"
        )  # fmt: skip
    if first in ("#affected", "#inneed", "#population") or (first == "#value" and not more):
        return {"#affected": "víctimas", "#value": "valor"}.get(first, "")
    return ""


# CTDC: people by the countries of their citizenship and of their exploitation.

_ISO2 = {
    "PER": "PE", "BOL": "BO", "BRA": "BR", "CHL": "CL", "COL": "CO", "ECU": "EC", "ARG": "AR",
    "VEN": "VE", "PRY": "PY", "URY": "UY", "MEX": "MX", "ESP": "ES", "USA": "US", "ITA": "IT",
    "PAN": "PA", "CUB": "CU", "HTI": "HT", "DOM": "DO", "CAN": "CA", "JPN": "JP", "KOR": "KR",
}  # fmt: skip


def _know_ctdc(sheet: Sheet) -> Format | None:
    wanted = ("yearOfRegistration", "citizenship", "CountryOfExploitation")
    if not all(sheet.find(name) for name in wanted):
        return None
    columns = [(name, sheet.header.index(sheet.find(name) or name)) for name in wanted]
    why = Message("Counter Trafficking Data Collaborative (CTDC): one row a person, by country")
    return Format("ctdc", _rebuilt(sheet, columns), why, "victims")


def _country(cell: str) -> str:
    text = cell.strip().upper()
    known = re.fullmatch(r"[A-Z]{2,3}", text) is not None
    return _ISO2.get(text, text) if known and not is_not_given(cell) else ""


@guarded
def read_ctdc(
    path: str | Path | Sheet,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    header_row: int | None = None,
) -> Reading[CaseTables]:
    """Count the people of a table in the layout of CTDC by the countries they moved between.

    Parameters
    ----------
    path : str, Path or Sheet
        CSV or Excel of the Counter Trafficking Data Collaborative.
    sheet, encoding, header_row : optional
        As in `open_sheet`.

    Returns
    -------
    Reading of CaseTables
        Empty tables: countries are no regions of Peru. The account says how many people crossed
        the border of Peru, by pair of countries where they are ten or more.

    Raises
    ------
    DataFileError
        If the file is no such table.
    """
    opened = open_sheet(path, sheet=sheet, encoding=encoding, header_row=header_row)
    found = _know_ctdc(opened)
    if found is None:
        raise _no_format(opened, "CTDC")
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
    shown = [(pair, n) for pair, n in pairs.most_common() if n >= _ENOUGH]
    notes = [
        Message("{n} people crossed the border of Peru", n=sum(pairs.values())),
        *(
            Message("{origin} -> {destination}: {n}", origin=pair[0], destination=pair[1], n=n)
            for pair, n in shown
        ),
        Message("pairs of fewer than {n} people are not listed", n=_ENOUGH),
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


def _no_format(sheet: Sheet, name: str) -> DataFileError:
    return DataFileError(
        Message(
            "{file}: these are not the columns of {name}. Columns: {columns}.",
            file=sheet.file,
            name=name,
            columns=listed_columns(sheet.header),
        )
    )


def _as(kind: FormatKind, name: str, path: str | Path | Sheet, **how: Any) -> tuple[Sheet, Format]:
    """Open a file that is to be in a format."""
    opened = open_sheet(path, **how)
    found: Callable[[Sheet], Format | None] = {
        "htcds": _know_htcds, "kobo": _know_kobo, "hxl": _know_hxl, "ctdc": _know_ctdc,
    }[kind]  # fmt: skip
    known = found(opened)
    if known is None:
        raise _no_format(opened, name)
    return opened, known


def _told(reading: Reading[Any], known: Format, opened: Sheet) -> Reading[Any]:
    """Add to an account what the format told, and name the columns dropped on the way."""
    account = reading.account
    personal = find_personal_columns(opened.header, opened.rows[:200])
    gone = [column.header for column in personal if column.header not in known.sheet.header]
    dropped = gone if known.kind == "htcds" else []
    notes = account.notes
    if dropped and known.kind == "htcds":
        notes = (
            Message(
                "dropped before anything else, because they look personal: {columns}",
                columns=", ".join(dropped),
            ),
            *notes,
        )
    left = Tally()
    for reason, rows in known.left:
        if rows:
            left.leave_out(reason, rows)
    left_out = (*account.left_out, *left.left_out())
    rows_in = account.rows_in + sum(rows for _, rows in known.left)
    why = (known.why, *account.why)
    extra = dict(account.extra)
    if "dropped_columns" in extra:
        extra["dropped_columns"] = [*extra["dropped_columns"], *dropped]
    account = replace(
        account, why=why, notes=notes, left_out=left_out, rows_in=rows_in, extra=extra
    )
    return Reading(reading.table, account)


@guarded
def read_htcds(
    path: str | Path | Sheet,
    *,
    source_id: str,
    register: str,
    resolver: Resolver,
    measure: Literal["complaints", "victims", "rescued"] = "victims",
    sheet: str | None = None,
    encoding: str | None = None,
    header_row: int | None = None,
) -> Reading[CaseTables]:
    """Count the cases of a register in the Human Trafficking Case Data Standard (HTCDS).

    Parameters
    ----------
    path : str, Path or Sheet
        CSV or Excel with the columns of the standard; people move from
        ``vic_LocationOfRecruitment`` to ``vic_LocationOfExploitation``.
    source_id, register : str
        Source and register of the counts.
    resolver : Resolver
        Knows the places.
    measure : {"complaints", "victims", "rescued"}
        What one row is.
    sheet, encoding, header_row : optional
        As in `open_sheet`.

    Returns
    -------
    Reading of CaseTables
        As `read_cases`; places are brought to their regions.

    Raises
    ------
    DataFileError
        If the file is no such table.
    TableError
        If cells can't be read. No cell is repeated in it.
    """
    how = {"sheet": sheet, "encoding": encoding, "header_row": header_row}
    opened, known = _as("htcds", "HTCDS", path, **how)
    reading = read_cases(
        known.sheet, source_id=source_id, register=register, resolver=resolver, measure=measure
    )
    return _told(reading, known, opened)


@guarded
def read_kobo(
    path: str | Path | Sheet,
    *,
    source_id: str,
    register: str,
    resolver: Resolver,
    measure: Literal["complaints", "victims", "rescued"] = "complaints",
    columns: Mapping[str, str] | None = None,
    period: tuple[str, str] | None = None,
    date_order: Literal["dmy", "mdy"] | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    header_row: int | None = None,
) -> Reading[CaseTables]:
    """Count the cases of an export of KoboToolbox or ODK.

    Parameters
    ----------
    path : str, Path or Sheet
        CSV or Excel with one answer a row and columns named ``group/question``.
    source_id, register : str
        Source and register of the counts.
    resolver : Resolver
        Knows the places.
    measure : {"complaints", "victims", "rescued"}
        What one row is.
    columns : mapping of str to str, optional
        Question by role, where the questions don't tell (see `read_flows`).
    period : tuple of (str, str), optional
        First and last month of the register, where it has no dates.
    date_order : {"dmy", "mdy"}, optional
        Order of day and month, where the dates don't tell.
    sheet, encoding, header_row : optional
        As in `open_sheet`.

    Returns
    -------
    Reading of CaseTables
        As `read_cases`.

    Raises
    ------
    DataFileError
        If the file is no such table.
    TableError
        If cells can't be read. No cell is repeated in it.
    """
    how = {"sheet": sheet, "encoding": encoding, "header_row": header_row}
    opened, known = _as("kobo", "KoboToolbox / ODK", path, **how)
    reading = read_cases(
        known.sheet, source_id=source_id, register=register, resolver=resolver, measure=measure,
        columns=columns, period=period, date_order=date_order,
    )  # fmt: skip
    return _told(reading, known, opened)


@guarded
def read_hxl(
    path: str | Path | Sheet,
    *,
    source_id: str,
    register: str,
    resolver: Resolver,
    measure: Literal["complaints", "victims", "rescued"] | None = None,
    add_up: Sequence[str] = (),
    period: tuple[str, str] | None = None,
    allow_unmatched: bool = False,
    sheet: str | None = None,
    encoding: str | None = None,
    header_row: int | None = None,
) -> Reading[Any]:
    """Read a table with HXL tags as complaints, or as flows if its tags name both ends.

    Parameters
    ----------
    path : str, Path or Sheet
        CSV or Excel with a row of tags such as ``#adm1+name``, ``#affected``, ``#date+year``.
    source_id, register : str
        Source and register of the counts.
    resolver : Resolver
        Knows the places of flows.
    measure : {"complaints", "victims", "rescued"}, optional
        What is counted; told by the tags if left out.
    add_up : sequence of str
        Further columns whose rows are to be added up.
    period : tuple of (str, str), optional
        First and last month, for a table that does not state its months.
    allow_unmatched : bool
        Whether places that are not known may be left out and counted.
    sheet, encoding, header_row : optional
        As in `open_sheet`.

    Returns
    -------
    Reading of DataFrame
        As `read_complaints` or `read_flows`.

    Raises
    ------
    DataFileError
        If the file is no such table.
    TableError
        If cells can't be read.
    """
    how = {"sheet": sheet, "encoding": encoding, "header_row": header_row}
    opened, known = _as("hxl", "HXL", path, **how)
    ends = {(role_of(name) or ("",))[0] for name in known.sheet.header}
    if {"origin", "destination"} <= ends:
        flows = read_flows(
            known.sheet, source_id=source_id, resolver=resolver, add_up=add_up,
            allow_unmatched=allow_unmatched, period=period or ("", ""),
        )  # fmt: skip
        return _told(flows, known, opened)
    reading = read_complaints(
        known.sheet, source_id=source_id, register=register, add_up=add_up, period=period,
        measure=measure or known.measure, allow_unmatched=allow_unmatched,
    )  # fmt: skip
    return _told(reading, known, opened)
