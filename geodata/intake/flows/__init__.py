"""Reported flows from tables as people have them: long lists and origin-destination matrices."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, Unpack

import pandas as pd

from ...account import Account, Reading, Tally
from ...errors import DataFileError, Fault, TableError, one_fault
from ...messages import Message
from ...places.keys import key_of
from ...places.resolver import Resolver
from ...sheets.counts import Count, read_count
from ...sheets.periods import Period
from ...sheets.sheet import Opening, Sheet
from ...words import header_words
from ..columns import (
    Roles,
    find_roles,
    ids_for_names,
    place_columns,
    require_column,
    role_of,
    row_number_columns,
)
from ..personal import PersonalColumn, guarded, open_guarded, open_screened
from ..subject import (
    INFERRED,
    TRAFFICKING,
    far_beyond,
    refuse_other_column,
    refuse_other_subject,
    reported_rows,
    says_flows,
)
from .assembly import FlowOptions, Line, assemble
from .lines import (
    both_ends,
    find_matrix,
    long_lines,
    matrix_lines,
    period_columns,
    route_ends,
    wide_lines,
    without_whole_lima,
)

_MATRIX = Message("origin-destination matrix")


@guarded
def read_flows(
    path: str | Path | Sheet,
    *,
    source_id: str,
    resolver: Resolver,
    columns: Mapping[str, str] | None = None,
    value_kind: str | None = None,
    shares: Literal["percent", "fraction"] | None = None,
    kind: Literal["region", "province", "district", "city"] | None = None,
    period: tuple[str, str] = ("", ""),
    purpose: str = "unknown",
    add_up: Sequence[str] = (),
    allow_unmatched: bool = False,
    id_prefix: str = "F",
    **opening: Unpack[Opening],
) -> Reading[pd.DataFrame]:
    """Read flows from a long table, a table of routes, or an origin-destination matrix.

    Parameters
    ----------
    path : str, Path or Sheet
        CSV, Excel or Parquet. A long table has a column of origins and one of destinations (names
        or codes; region, province and district beside them are used together). A matrix has the
        origins in its first column and the destinations in its header.
    source_id : str
        Source of rows that don't name one in a column ``source_id``.
    resolver : Resolver
        Knows the places.
    columns : mapping of str to str, optional
        Header by role, where the headers don't tell: ``origin``, ``destination``,
        ``origin_region``, ``value``, ``period``, ``year``, ``purpose`` ...
    value_kind : {"count", "share_of_origin", "share_of_destination", "none"}, optional
        What the numbers are, where the header does not tell.
    shares : {"percent", "fraction"}, optional
        Scale of shares, where neither sign nor header tells.
    kind : {"region", "province", "district", "city"}, optional
        Level of the places of columns that don't say it; a bare "Puno" is the region if left out.
    period : tuple of (str, str)
        First and last month, ``YYYY-MM``, of rows without a period of their own.
    purpose : str
        Purpose of rows without one.
    add_up : sequence of str
        Columns (sex, age group) that tell rows of one pair apart, whose rows are to be added up.
    allow_unmatched : bool
        Whether a row with a name that is no known place is left out and counted, instead of
        being an error.
    id_prefix : str
        What ``flow_id`` begins with, so that the rows of several files can stand in one study.
    **opening : optional
        ``sheet``, ``encoding`` and ``header_row``, as in `open_sheet`.

    Returns
    -------
    Reading of DataFrame
        The contract ``flows``, one row per flow printed, in the order of the file, ``flow_id`` from
        ``F001``. ``value`` is a count, or a share in percent; NaN with ``value_kind`` "none" where
        a flow is named without a number. A zero and an empty cell of a
        matrix are no flows; they are counted in the account.

    Raises
    ------
    DataFileError
        If the file is no table.
    TableError
        If cells or columns can't be read, or could be in two ways, with all faults at once.
    """
    whole = open_guarded(path, **opening)
    # Before anything is judged, so that no coordinate of a case goes further.
    plain, done = plain_flows(whole, resolver)
    screened = open_screened(plain, table="flows", asked=(*(columns or {}).values(), *add_up))
    for name in add_up:
        require_column(screened.sheet, name)
    options = FlowOptions(
        source_id, resolver.with_units(kind), kind, period, purpose, value_kind, shares,
        not allow_unmatched, id_prefix, bool(add_up),
    )  # fmt: skip
    refuse_other_subject(screened.sheet, screened.lines, (), "flows")
    opened, inferred, status = reported_rows(screened.sheet)
    left = Tally()
    for _ in inferred:
        left.add(INFERRED, example=status)
    reading = _read(opened, options, columns, screened.personal, left, screened.lines)
    account = replace(reading.account, notes=(*done, *reading.account.notes))
    return Reading(reading.table, account)


def _read(
    opened: Sheet,
    options: FlowOptions,
    columns: Mapping[str, str] | None,
    personal: Sequence[PersonalColumn],
    left: Tally,
    lines_said: Sequence[str],
) -> Reading[pd.DataFrame]:
    """Read a table that was opened; see `read_flows`."""
    inferred = sum(part.rows for part in left.left_out())
    hidden = frozenset(column.position for column in personal)
    hidden |= row_number_columns(opened.header, opened.rows)
    across = place_columns(opened.header)
    if across:
        names = [across[i][1] if i in across else name for i, name in enumerate(opened.header)]
        opened = replace(opened, header=tuple(names))
    roles = Roles({}, {end: {} for end in ("origin", "destination", "reported")}, ())
    if not across:
        roles = find_roles(
            opened.header, table="flows", file=opened.file, columns=columns, skip=hidden
        )
    if "flow_id" in roles.simple:
        # A table in the form of the contract: its places are ids, not names.
        roles = ids_for_names(roles)
        options = replace(options, shares=options.shares or "percent")
    notes = Tally()
    faults: list[Fault] = []
    directions: tuple[Message, ...] = ()
    spread = period_columns(opened, roles, hidden)
    header = opened.header[roles.simple["value"]] if "value" in roles.simple else ""
    if header:
        refuse_other_column(opened, header)
        listed = roles.ends["origin"] and roles.ends["destination"]  # in a matrix it is a total
        if listed and header not in (columns or {}).values() and not says_flows(header):
            raise _of_what(opened, header)
    if roles.ends["origin"] and roles.ends["destination"] and spread:
        taken = Message("table of flows with a column for each period")
        lines = wide_lines(opened, roles, options, spread, faults, notes)
        directions = (Message("each cell with a number counts as a row"),)
    elif roles.ends["origin"] and roles.ends["destination"]:
        _refuse_lost_numbers(opened, roles, hidden, options.value_kind)
        taken = Message("table of flows, one a row")
        lines = long_lines(
            opened, roles, options, both_ends(roles, opened.header, options), faults, notes
        )
    elif "route" in roles.simple:
        taken = Message("table of routes; each is a flow from its first place to its last")
        ends = route_ends(roles, opened.header, options)
        lines = long_lines(opened, roles, options, ends, faults, notes)
        if "value" not in roles.simple:
            lines = [replace(line, repeats=True) for line in lines]
    else:
        taken, header = _MATRIX, ""
        first = next((i for i in range(len(opened.header)) if i not in hidden), 0)
        opened, whole = without_whole_lima(opened, first, options.resolver)
        if whole:
            left.leave_out(Message("Lima as the sum of its two parts"), whole)
            inferred += whole
        matrix = find_matrix(
            opened, options.resolver, kind=options.kind, skip=hidden,
            across=next(iter(across.values()))[0] if across else None,
        )  # fmt: skip
        lines = [
            Line(
                row, column, origin, destination, value, None, options.period, options.purpose,
                options.source_id,
            )
            for row, column, origin, destination, value in matrix_lines(opened, matrix)
        ]  # fmt: skip
        faults += matrix.repeated
        directions = (matrix.direction, Message("each cell with a number counts as a row"))
        spread = {0: Period("", "")}
    flows = assemble(
        lines,
        options,
        file=opened.file,
        header=header,
        numbers=bool(spread) or "value" in roles.simple,
        matrix=bool(spread),
        faults=faults,
        notes=notes,
        left=left,
        apart=_cells_apart(opened, roles, hidden),
    )
    table = flows.table
    question = _far_beyond(table, header, opened, lines_said)
    account = Account(
        file=opened.file,
        taken_for=taken,
        why=(*opened.why, *directions, *flows.why),
        mended=opened.mended,
        left_out=flows.left_out,
        notes=(
            *question,
            *flows.notes,
            *notes.notes(),
            *_columns_notes(opened, roles, personal, spread),
            *_year_of_title(opened, table),
            *opened.notes,
        ),
        rows_in=len(lines) + inferred,
        rows_out=len(table),
        merged=flows.merged,
        total_in=flows.total_in,
        total_out=flows.total_out,
    )
    return Reading(table, account)


_REPORTS = re.compile(r"\b(casos?|victimas?|denuncias?|cases?|victims?|complaints?|rescatad\w*)\b")


def _far_beyond(
    table: pd.DataFrame, header: str, opened: Sheet, lines: Sequence[str]
) -> list[Message]:
    """Question counts far beyond any register; refuse them where nothing says what is counted."""
    total = float(table.loc[table["value_kind"] == "count", "value"].sum())
    question = far_beyond(total)
    if question is None:
        return []
    declared = [header_words(text) for text in (header, *opened.header[:1], *lines)]
    if any(_REPORTS.search(words) or TRAFFICKING.search(words) for words in declared):
        return [question]
    raise DataFileError(
        Message(
            "{file}: {beyond}. No column and no title says what is counted: if it is trafficking,"
            " write it there, for example 'Víctimas de trata'.",
            file=opened.file,
            beyond=question,
        )
    )


def _cells_apart(opened: Sheet, roles: Roles, hidden: frozenset[int]) -> dict[int, dict[str, str]]:
    """Return by row the cells of the columns that play no part, and dates, cut to the month."""
    words = ("date", "sex", "age", "age_group")
    described = {roles.simple[name] for name in words if name in roles.simple}
    used = roles.used - described - set(roles.ends["reported"].values())
    free = [i for i in range(len(opened.header)) if i not in hidden | used]
    return {
        number: {opened.header[i]: row[i] for i in free}
        for number, row in zip(opened.row_numbers, opened.rows, strict=True)
    }


def _year_of_title(opened: Sheet, table: pd.DataFrame) -> list[Message]:
    """Ask for the period where only a line beside the table names a year."""
    if len(table) == 0 or (table["period_start"] != "").any():
        return []
    beside = " ".join(opened.lines)
    years = set(re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", beside))
    if len(years) != 1:
        return []
    return [
        Message(
            "no period is given, but a line beside the table names {year}: if all numbers are of"
            " that year, say period=('{year}-01', '{year}-12')",
            year=years.pop(),
        )
    ]


def _refuse_lost_numbers(
    opened: Sheet, roles: Roles, hidden: frozenset[int], value_kind: str | None
) -> None:
    """Refuse a table with a column of numbers of which nobody knows what they are."""
    if "value" in roles.simple or value_kind == "none":
        return
    for i, name in enumerate(opened.header):
        cells = [row[i] for row in opened.rows if row[i].strip()]
        ordered = cells == [str(n) for n in range(1, len(cells) + 1)]
        if i in hidden | roles.used or not cells or (ordered and len(cells) > 1):
            continue
        counts = [read_count(cell) for cell in cells]
        known = sum(isinstance(c, Count) and c.value is not None for c in counts)
        if 2 * known >= len(cells):
            refuse_other_column(opened, name)
            raise _of_what(opened, name)


def _of_what(opened: Sheet, name: str) -> TableError:
    """Ask what a column of numbers counts."""
    return one_fault(
        "flows",
        opened.file,
        Message("This column holds numbers, but its name does not say of what."),
        Message(
            "Say columns={{'value': '{column}'}}, or value_kind='none' to read the flows"
            " without numbers.",
            column=name,
        ),
        column=name,
    )


def _columns_notes(
    opened: Sheet, roles: Roles, personal: Sequence[PersonalColumn], spread: Mapping[int, Period]
) -> list[Message]:
    """Name the columns that were not used."""
    found = []
    hidden = {column.position for column in personal}
    dropped = [column.header for column in personal]
    if dropped:
        found.append(
            Message(
                "dropped unread, because they look personal: {columns}. A register with one row a"
                " case is read with 'corredor check FILE --as cases'.",
                columns=", ".join(dropped),
            )
        )
    matrix = (
        not (roles.ends["origin"] and roles.ends["destination"]) and "route" not in roles.simple
    )
    used = roles.used | hidden | set(spread)
    unused = [] if matrix else [name for i, name in enumerate(opened.header) if i not in used]
    if unused:
        found.append(Message("columns not used: {columns}", columns=", ".join(unused)))
    return found


# Tables of flows in other shapes: i, j, fij; one column each way; coordinates.

_BACK = re.compile(r"(vuelta|regreso|retorno|back|return)( .*)?")
_THERE = re.compile(r"(ida|going|there|outward)( .*)?")
_POINT = re.compile(
    r"(origin|origen|from|o|start|captacion|dest|destination|destino|to|d|end|explotacion) ?"
    r"(lat|latitud|latitude|y|lon|lng|long|longitud|longitude|x)"
    r"|(lat|latitud|latitude|y|lon|lng|long|longitud|longitude|x) ?(?:de |del )?"
    r"(origin|origen|from|o|start|captacion|dest|destination|destino|to|d|end|explotacion)"
)
_DESTINATIONS = ("dest", "destination", "destino", "to", "d", "end", "explotacion")
_EARTH_KM = 6371.0
_FAR_KM = 300.0  # no unit of Peru lies that far from every known place (190 km at most)
_FAR = Message("This point lies more than 300 km from every known place.")
_TURNED = Message("Latitude and longitude seem to be exchanged: exchange them.")
_CORRECT = Message("Correct the coordinates (a lost sign or a slipped point?), or name the place.")


def plain_flows(sheet: Sheet, resolver: Resolver) -> tuple[Sheet, tuple[Message, ...]]:
    """Return a table of flows with one row a pair and names of ends, and what was done for it."""
    named: tuple[Message, ...] = ()
    sheet = _matrix_letters(sheet)
    if (points := _points(sheet)) is not None:
        sheet, named = _nearest(sheet, points, resolver)
    return _both_ways(sheet), named


def _matrix_letters(sheet: Sheet) -> Sheet:
    """Read ``i``, ``j``, ``fij`` as origin, destination and flow."""
    keys = [key_of(name) for name in sheet.header]
    if not {"i", "j"} <= set(keys) or not {"fij", "flow", "value", "n"} & set(keys):
        return sheet
    names = {"i": "origen", "j": "destino", "fij": "flujos", "flow": "flujos"}
    header = tuple(names.get(k, name) for k, name in zip(keys, sheet.header, strict=True))
    return replace(sheet, header=header)


def _both_ways(sheet: Sheet) -> Sheet:
    """Make two rows of one with a count each way (``ida``, ``vuelta``); nothing is dropped."""
    words = [header_words(name) for name in sheet.header]
    there = [i for i, text in enumerate(words) if _THERE.fullmatch(text)]
    back = [i for i, text in enumerate(words) if _BACK.fullmatch(text)]
    roles = [role_of(name) for name in sheet.header]
    ends: dict[str, dict[str, int]] = {"origin": {}, "destination": {}}
    for i, role in enumerate(roles):
        if role is not None and role[0] in ends:
            ends[role[0]][role[1]] = i
    same = ends["origin"].keys() == ends["destination"].keys()
    if len(there) != 1 or len(back) != 1 or not ends["origin"] or not same:
        return sheet
    swap = {ends["origin"][level]: ends["destination"][level] for level in ends["origin"]}
    swap |= {other: one for one, other in swap.items()}
    kept = [i for i in range(len(words)) if i not in back]
    rows, numbers = [], []
    for number, row in zip(sheet.row_numbers, sheet.rows, strict=True):
        turned = [row[swap.get(i, i)] for i in range(len(row))]
        turned[there[0]] = row[back[0]]
        rows += [tuple(row[i] for i in kept), tuple(turned[i] for i in kept)]
        numbers += [number, number]
    header = tuple("casos" if i in there else sheet.header[i] for i in kept)
    return replace(sheet, header=header, rows=tuple(rows), row_numbers=tuple(numbers))


def _points(sheet: Sheet) -> Mapping[tuple[str, str], int] | None:
    """Return the columns of coordinates of both ends, if no column names an end."""
    if any((role_of(name) or ("",))[0] in ("origin", "destination") for name in sheet.header):
        return None
    found: dict[tuple[str, str], int] = {}
    for i, name in enumerate(sheet.header):
        match = _POINT.fullmatch(header_words(name))
        if match is not None:
            end = match[1] or match[4]
            axis = match[2] or match[3]
            which = "destination" if end in _DESTINATIONS else "origin"
            found[which, "lat" if axis[:3] == "lat" or axis == "y" else "lon"] = i
    wanted = {(end, axis) for end in ("origin", "destination") for axis in ("lat", "lon")}
    return found if found.keys() == wanted else None


def _nearest(
    sheet: Sheet, points: Mapping[tuple[str, str], int], resolver: Resolver
) -> tuple[Sheet, tuple[Message, ...]]:
    """Bring both ends to the nearest place known, and drop the coordinates at once."""
    known = [place for place in resolver.places.values() if not math.isnan(place.lat)]
    kept = [i for i in range(len(sheet.header)) if i not in points.values()]
    far: list[float] = []
    rows, faults = [], []
    for number, row in zip(sheet.row_numbers, sheet.rows, strict=True):
        ends = []
        for end in ("origin", "destination"):
            at = _number(row[points[end, "lat"]]), _number(row[points[end, "lon"]])
            if None in at or not known:
                ends.append("")
                continue
            best, km = min(((p, _km(at, (p.lat, p.lon))) for p in known), key=lambda pair: pair[1])
            if km > _FAR_KM:
                turned = min(_km(at[::-1], (p.lat, p.lon)) for p in known) <= _FAR_KM
                faults.append(
                    Fault(number, sheet.header[points[end, "lat"]], None, _FAR,
                          _TURNED if turned else _CORRECT)
                )  # fmt: skip
            far.append(km)
            ends.append(best.place_id)
        rows.append((*ends, *(row[i] for i in kept)))
    if faults:
        raise TableError("flows", sheet.file, faults[:10], more=len(faults[10:]))
    header = ("código de origen", "código de destino", *(sheet.header[i] for i in kept))
    note = Message(
        "both ends were brought to the nearest known place, {median:.0f} km away as a rule and"
        " {most:.0f} km at most; the coordinates were dropped",
        median=sorted(far)[len(far) // 2] if far else 0.0,
        most=max(far, default=0.0),
    )
    return replace(sheet, header=header, rows=tuple(rows)), (note,)


def _number(text: str) -> float | None:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None


def _km(one: tuple[Any, Any], other: tuple[float, float]) -> float:
    """Return the great-circle distance of two points in degrees."""
    (a, b), (c, d) = (tuple(map(math.radians, point)) for point in (one, other))
    chord = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, chord)))
