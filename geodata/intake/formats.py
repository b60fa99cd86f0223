"""Formats of the field, each rewritten as a plain sheet.

HTCDS, KoboToolbox and ODK, HXL and CTDC are told by their own column names: technical columns go,
the others get the names that readers understand. What looks personal is judged by those readers, as
in any other table.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from ..account import Reading, Tally
from ..errors import DataFileError, Fault, TableError
from ..messages import Message
from ..places.build import embedded_resolver
from ..places.codes import is_code
from ..places.resolver import Resolver
from ..sheets.periods import CaseDate, find_order, read_case_date
from ..sheets.sheet import Sheet
from ..words import (
    COUNTRIES,
    COUNTRY_NAMES,
    header_words,
    is_abroad,
    is_country,
    is_not_given,
    words_of,
)
from .columns import role_of
from .personal import find_personal_columns, listed_columns, safe_header
from .subject import says_counts

FormatKind = Literal["htcds", "kobo", "hxl", "ctdc"]
FORMATS: tuple[FormatKind, ...] = get_args(FormatKind)
_NAMES = {"kobo": "KoboToolbox / ODK"}


@dataclass(frozen=True)
class Format:
    """A format that was recognised: its kind, its sheet in plain words, and what was told."""

    kind: FormatKind
    sheet: Sheet
    why: Message
    measure: str = "complaints"
    left: tuple[tuple[Message, int], ...] = ()
    notes: tuple[Message, ...] = ()


def in_format(sheet: Sheet, kind: str) -> Format:
    """Return a sheet that is to be in a format, rewritten, or refuse it."""
    found = know_format(sheet)
    if found is None or found.kind != kind:
        raise DataFileError(
            Message(
                "{file}: these are not the columns of {name}. Columns: {columns}.",
                file=sheet.file,
                name=_NAMES.get(kind, kind.upper()),
                columns=listed_columns(sheet.header),
            )
        )
    return found


def know_format(sheet: Sheet) -> Format | None:
    """Return the format that a sheet is in, or None if it is a plain table."""
    refuse_countries(sheet)
    for know in (_know_hxl, _know_htcds, _know_ctdc, _know_kobo):
        if (found := know(sheet)) is not None:
            return found
    return None


def refuse_countries(sheet: Sheet) -> None:
    """Say what a table of countries is (UNODC's and others): none of them is a region of Peru."""
    if all(sheet.find(name) for name in ("Iso3_code", "Country", "Indicator", "Year")):
        raise DataFileError(
            Message(
                "{file}: this is a table of countries as UNODC publishes them (Iso3_code, Indicator"
                " ...). It says nothing of the regions of Peru, so there is nothing to map here.",
                file=sheet.file,
            )
        )

    resolver = embedded_resolver()
    countries = ""
    filled = [{row[at] for row in sheet.rows} for at in range(len(sheet.header))]
    # Columns of few values first: a register has thousands of names, and one region is enough.
    for at, name in sorted(enumerate(sheet.header), key=lambda column: len(filled[column[0]])):
        cells = {cell for cell in filled[at] if not is_not_given(cell)}
        words = [cell for cell in cells if not cell.isdigit()]
        if any(resolver.names_region(cell) or is_code(cell) for cell in words):
            return
        if cells and all(map(_is_nation, cells)):
            countries = countries or name
    if countries and _know_ctdc(sheet) is None:
        raise DataFileError(
            Message(
                "{file}: column '{column}' names countries, and there is none with regions of"
                " Peru, so there is nothing to map here.",
                file=sheet.file,
                column=safe_header(countries, sheet.header.index(countries)),
            )
        )


def _is_nation(cell: str) -> bool:
    return is_country(cell) or is_abroad(cell) or cell.strip().upper() in COUNTRIES


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
    events = _event_columns(sheet)
    at = {
        name: sheet.header.index(found) for name in _HTCDS
        if (found := sheet.find(name, name.partition("_")[2]))
    }  # fmt: skip
    flat = {"vic_LocationOfRecruitment", "vic_LocationOfExploitation"} <= at.keys()
    if not flat and not events:
        return None
    prefixed = (i for i, name in enumerate(sheet.header) if name.startswith(("vic_", "cas_")))
    of_case = {*prefixed, *at.values(), *events.values()}
    status = sheet.find("vic_TraffickingStatus")
    filled = [i for i, row in enumerate(sheet.rows) if any(row[c] for c in of_case)]
    cells = sheet.column(status) if status else ("",) * len(sheet.rows)
    keep = [i for i in filled if not words_of(cells[i]).startswith("nota")]
    left = ((_NO_VICTIM, len(filled) - len(keep)), (_EMPTY, len(sheet.rows) - len(filled)))
    why = Message("Human Trafficking Case Data Standard (HTCDS)")
    notes: tuple[Message, ...] = ()
    if flat:
        plain = _rebuilt(sheet, [(_HTCDS[name], place) for name, place in at.items()], keep)
        resolver = embedded_resolver()
        ends = [n for n, name in enumerate(plain.header) if name.startswith("departamento")]
        rows = tuple(
            tuple(
                _region_of(cell, resolver) if n in ends else _spaced(cell)
                for n, cell in enumerate(row)
            )
            for row in plain.rows
        )
        plain = replace(plain, rows=rows)
    else:
        plain, notes = _cases_of_events(sheet, events, at, keep)
    return Format("htcds", plain, why, "victims", left, notes)


# Events of HTCDS 2.0 ("Historic Trafficking Events"): `hte_Type` says whether somebody was
# recruited, in transit or exploited at a place; one row an event, or all of a case in one row.

_EVENT_WORDS = {
    "recruitment": "recruitment", "captacion": "recruitment", "reclutamiento": "recruitment",
    "transit": "transit", "transito": "transit", "traslado": "transit",
    "exploitation": "exploitation", "explotacion": "exploitation",
}  # fmt: skip
_EVENT_FIELDS = {
    "type": "type", "tipo": "type", "city": "city", "ciudad": "city", "state": "state",
    "departamento": "state", "region": "state", "location": "location", "lugar": "location",
    "country": "country", "pais": "country", "date": "date", "fecha": "date",
}  # fmt: skip
_CASE = re.compile(
    r"(cas|vic|prs|hte)? ?(case|caso|parent|submission)( (id|number|no|nro|num|uuid|index|key))?|"
    r"(id|cod|codigo|n|numero|nro|no)( del?)? caso|parent (key|index)|submission id|"
    r"(cas|vic|prs) (id|number|uuid)"
)
# Number and kind of an event, which a wide table has in its headers, and what a column says of it.
EventColumn = tuple[str, str, str]


def _event_columns(sheet: Sheet) -> dict[EventColumn, int]:
    """Return the columns of events by number, kind and field: ``hte_State_2``, ``hte_Type``.

    Without the prefix they are columns of events if one of types holds nothing else.
    """
    found: dict[EventColumn, int] = {}
    split = [re.sub(r"\bhte(\d+)", r"hte \1", header_words(h)).split() for h in sheet.header]
    bare = not any("hte" in words for words in split)
    for at, words in enumerate(split):
        if bare and (len(words) > 3 or not _EVENT_FIELDS.keys() & {words[0] if words else ""}):
            continue
        if not bare and "hte" not in words:
            continue
        kinds = [kind for word in words if (kind := _EVENT_WORDS.get(word))]
        fields = [field for word in words if (field := _EVENT_FIELDS.get(word))]
        number = next((word for word in words if word.isdigit()), "")
        if len(kinds) < 2 and len(fields) == 1 and not (kinds and (bare or fields == ["type"])):
            found.setdefault((number, "".join(kinds), fields[0]), at)
    if not bare:
        return found if any(kind or field == "type" for _, kind, field in found) else {}
    typed = found.get(("", "", "type"))
    cells = {words_of(row[typed]) for row in sheet.rows} if typed is not None else set()
    return found if len(cells - {""}) > 1 and cells <= {*_EVENT_WORDS, ""} else {}


def _cases_of_events(
    sheet: Sheet, columns: Mapping[EventColumn, int], at: Mapping[str, int], keep: Sequence[int]
) -> tuple[Sheet, tuple[Message, ...]]:
    """Return one row a case: where it was recruited, and where it was exploited first after."""
    if not any(field in ("city", "state", "location") for _, _, field in columns):
        reason = Message("no column says where an event was (hte_State, hte_City or hte_Location)")
        raise _no_events(sheet, reason)
    number = sheet.header.index(name) if (name := _case_column(sheet, columns)) else None
    groups = list(dict.fromkeys((n, kind) for n, kind, _ in columns))
    order = find_order([sheet.rows[i][c] for i in keep for c in _dated(columns)])
    events: dict[str, list[Event]] = {}
    first: dict[str, int] = {}
    for i in keep:
        row = sheet.rows[i]
        # Events without a number of their case belong to nobody's pair, each to itself.
        case = f"row {i}" if number is None or not row[number] else row[number]
        first.setdefault(case, i)
        events.setdefault(case, []).extend(_events_in(sheet, i, columns, groups, order))
    resolver = embedded_resolver()
    rows, transit, further = [], 0, 0
    for case, found in events.items():
        row = sheet.rows[first[case]]
        found.sort(key=lambda event: event.when)
        start = next((n for n, e in enumerate(found) if e.kind == "recruitment"), None)
        after = [e for e in found[start:] if e.kind == "exploitation"]
        end = next(iter(after or [e for e in found if e.kind == "exploitation"]), None)
        transit += sum(event.kind == "transit" for event in found)
        further += sum(e.kind != "transit" for e in found) - (start is not None) - (end is not None)
        dated = next((e.date for e in (end, *found) if e is not None and e.date), "")
        rows.append(
            (
                *(
                    _region_of(event.place, resolver) if event else ""
                    for event in (found[start] if start is not None else None, end)
                ),
                row[at["cas_IncomingReferralDate"]] if "cas_IncomingReferralDate" in at else dated,
                *(_spaced(row[at[name]]) for name in _OF_PERSON if name in at),
            )
        )
    header = (
        "lugar de captación", "lugar de explotación", "fecha",
        *(_HTCDS[name] for name in _OF_PERSON if name in at),
    )  # fmt: skip
    numbers = tuple(sheet.row_numbers[i] for i in first.values())
    plain = replace(sheet, header=header, rows=tuple(rows), row_numbers=numbers)
    if not any(row[2] for row in rows):  # no dates: the period is asked for
        plain = _rebuilt(plain, [(name, n) for n, name in enumerate(header) if n != 2])
    notes = []
    if transit:
        notes.append(
            Message(
                "{n} event(s) of transit are no ends of a pair and were not counted; the ways of"
                " single persons are not kept",
                n=transit,
            )
        )
    if further:
        notes.append(
            Message(
                "{n} further event(s) of a case that has a pair already were not counted: a case"
                " goes from its first recruitment to the first exploitation after it",
                n=further,
            )
        )
    return plain, tuple(notes)


_OF_PERSON = ("vic_TypeOfExploitation", "prs_Gender")


@dataclass(frozen=True)
class Event:
    """One event of a case."""

    kind: str
    place: str  # "City, State, Country"
    date: str
    when: str  # to sort by; "" where the date can't be read


def _events_in(
    sheet: Sheet,
    row: int,
    columns: Mapping[EventColumn, int],
    groups: Sequence[tuple[str, str]],
    order: str | None,
) -> list[Event]:
    found = []
    for number, kind in groups:
        cells = {
            field: sheet.rows[row][columns[number, kind, field]].strip()
            for field in dict.fromkeys(_EVENT_FIELDS.values())
            if (number, kind, field) in columns
        }  # fmt: skip
        if not any(cells.values()):
            continue
        event = kind or _EVENT_WORDS.get(words_of(cells.get("type", "")), "")
        if not event:
            column = sheet.header[columns.get((number, kind, "type"), 0)]
            reason = Message("This is no type of event (hte_Type).")
            fix = Message("Write Recruitment, Transit or Exploitation.")
            fault = Fault(sheet.row_numbers[row], column, None, reason, fix)
            raise TableError("cases", sheet.file, [fault])
        place = [cells[f] for f in ("city", "location", "state", "country") if cells.get(f)]
        date = cells.get("date", "")
        found.append(Event(event, ", ".join(place), date, _when(date, order)))
    return found


def _dated(columns: Mapping[EventColumn, int]) -> list[int]:
    return [place for (_, _, field), place in columns.items() if field == "date"]


def _when(text: str, order: str | None) -> str:
    """Return a date as a text that sorts by time."""
    if re.match(r"\d{4}-\d{2}", text):
        return text[:10]
    date = read_case_date(text, order=order, by_month=True)
    return f"{date.year}-{date.month or 0:02}" if isinstance(date, CaseDate) else ""


def _case_column(sheet: Sheet, columns: Mapping[EventColumn, int]) -> str | None:
    """Return the column that says which case an event belongs to; None where a row is a case."""
    if len({(number, kind) for number, kind, _ in columns}) > 1:
        return None
    named = [name for name in sheet.header if _CASE.fullmatch(header_words(name))]
    repeated = (n for n in named if len(set(sheet.column(n))) < len(sheet.rows))
    column = next(repeated, named[0] if named and len(sheet.rows) == 1 else None)
    if column is None:
        reason = Message(
            "no column says which case an event belongs to, as cas_CaseNumber does; without it"
            " recruitment and exploitation cannot be brought together"
        )
        raise _no_events(sheet, reason)
    return column


def _no_events(sheet: Sheet, reason: Message) -> DataFileError:
    return DataFileError(
        Message(
            "{file}: these are events of HTCDS (hte_Type), but {why}. Add it, or put both places"
            " into one row a case, as vic_LocationOfRecruitment and vic_LocationOfExploitation.",
            file=sheet.file,
            why=reason,
        )
    )


def _region_of(text: str, resolver: Resolver) -> str:
    """Return the region that "Venue or town, Region, Country" ends with; a country if another."""
    parts = [part.strip() for part in re.split(r"[,;|/]", text) if part.strip()]
    if parts:
        parts[-1] = COUNTRY_NAMES.get(parts[-1].upper(), parts[-1])
    if parts and is_abroad(parts[-1]):
        return parts[-1]
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
            end = role_of(f"{parts[-1]} {group}")
            if end is not None and end[0] in ("origin", "destination"):
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
    counted = {tag.lower().replace(" ", "").partition("+")[0] for tag in tags}
    if "#population" in counted and not counted & {"#affected", "#value", "#indicator", "#inneed"}:
        raise DataFileError(
            Message(
                "{file}: its HXL tags say that it counts the population (#population). Take the row"
                " of tags out to read it as such.",
                file=sheet.file,
            )
        )
    named = not _are_tags(sheet.header)
    tagged = {_role(name) for name in map(_name_of_tag, tags) if name}
    columns = []
    for at, (name, tag) in enumerate(zip(sheet.header, tags, strict=True)):
        plain = _name_of_tag(tag)
        of_people = re.sub(r"\b(gente|personas?|people|persons?)\b", "", words_of(name))
        if plain.startswith("víctimas") and named and not says_counts(of_people):
            plain = name  # "affected" by floods: the name above the tag says of what
        # What a tag says goes before the header of another column that plays the same part.
        spare = f"HXL {at + 1}" if tag and _role(name) in tagged else name
        columns.append((plain or spare, at))
    times: Counter[str] = Counter(name for name, _ in columns)
    columns = [(sheet.header[at] if times[name] > 1 else name, at) for name, at in columns]
    victims = any(tag.lower().replace(" ", "").startswith("#affected") for tag in tags)
    why = Message("table with HXL tags; the row of tags is no data")
    return Format(
        "hxl", _rebuilt(sheet, columns, body), why, "victims" if victims else "complaints"
    )


def _role(name: str) -> str:
    return (role_of(name) or ("",))[0]


def _are_tags(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    tagged = [cell for cell in filled if re.match(r"#[a-z]", cell.strip(), re.IGNORECASE)]
    return len(tagged) >= 2 and len(tagged) * 2 >= len(filled)


_LEVELS = {"#adm1": "departamento", "#adm2": "provincia", "#adm3": "distrito", "#loc": "lugar"}


def _name_of_tag(tag: str) -> str:
    """Return the name that readers know for a tag such as ``#adm1 +name +origin``."""
    first, *more = [part.strip() for part in tag.lower().replace(" ", "").split("+")]
    attributes = set(more)
    end = (
        " de origen" if attributes & {"origin", "from", "source"}
        else " de destino" if attributes & {"dest", "destination", "to"}
        else ""
    )  # fmt: skip
    if first == "#loc" and "code" in attributes:
        return ""  # whose code it is, nobody says
    if first in _LEVELS:
        code = attributes & {"code", "v_pcode", "pcode", "v_ubigeo", "id"}
        return f"ubigeo{end}" if code else f"{_LEVELS[first]}{end}"
    if first == "#indicator" and "code" not in attributes:
        return "indicador"  # what was counted
    if first == "#date":
        return (
            "año" if "year" in attributes else "mes" if "month" in attributes
            else "desde" if "start" in attributes else "hasta" if "end" in attributes else "fecha"
        )  # fmt: skip
    if first in ("#affected", "#inneed", "#population") or (first == "#value" and not more):
        sex = " mujeres" if "f" in attributes else " hombres" if "m" in attributes else ""
        return {"#affected": f"víctimas{sex}", "#value": "valor"}.get(first, "")
    return ""


# CTDC: people by the countries of their citizenship and of their exploitation.


def _know_ctdc(sheet: Sheet) -> Format | None:
    wanted = ("yearOfRegistration", "citizenship", "CountryOfExploitation")
    if not all(sheet.find(name) for name in wanted):
        return None
    columns = [(name, sheet.header.index(sheet.find(name) or name)) for name in wanted]
    why = Message("Counter Trafficking Data Collaborative (CTDC): one row a person, by country")
    return Format("ctdc", _rebuilt(sheet, columns), why, "victims")


def add_format(reading: Reading[Any], known: Format, opened: Sheet) -> Reading[Any]:
    """Add to an account what the format told, and name the columns dropped on the way."""
    account, left, dropped = reading.account, Tally(), []
    notes, extra = (*known.notes, *account.notes), dict(account.extra)
    if known.kind == "htcds":
        personal = find_personal_columns(opened.header, opened.rows[:200])
        dropped = [c.header for c in personal if c.header not in _HTCDS]
    if dropped:
        note = Message(
            "dropped before anything else, because they look personal: {columns}",
            columns=", ".join(dropped),
        )
        notes = (note, *notes)
    if "dropped_columns" in extra:
        extra["dropped_columns"] = [*extra["dropped_columns"], *dropped]
    for reason, rows in known.left:
        if rows:
            left.leave_out(reason, rows)
    account = replace(
        account,
        why=(known.why, *account.why),
        notes=notes,
        left_out=(*account.left_out, *left.left_out()),
        rows_in=account.rows_in + sum(rows for _, rows in known.left),
        extra=extra,
    )
    return Reading(reading.table, account)
