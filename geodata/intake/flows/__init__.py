"""Reported flows from tables as people have them: long lists and origin-destination matrices."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, Unpack

import pandas as pd

from ...account import Account, Reading, Tally
from ...errors import DataFileError, Fault, TableError, one_fault
from ...messages import Message
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
    row_number_columns,
)
from ..formats import plain_flows
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
    said = [header_words(text) for text in (header, *opened.header[:1], *lines)]
    if any(_REPORTS.search(words) or TRAFFICKING.search(words) for words in said):
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
    """Return by row the cells of the columns that play no part."""
    described = {roles.simple[name] for name in ("sex", "age", "age_group") if name in roles.simple}
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
    said = " ".join(opened.lines)
    years = set(re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", said))
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
