"""Registers with one row a case: counted at reading, so that no person's row goes on.

Columns that look personal are dropped before anything else happens, and of all others only those
that are counted are kept. No message, table or account holds a cell of the file: faults name row
and column only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, Unpack, get_args

import pandas as pd

from ..account import Account, Reading, Tally
from ..errors import DataFileError, Fault, TableError, missing_extra, one_fault
from ..messages import Message
from ..places.ends import EndCells, EndFinder
from ..places.gazetteer import Place
from ..places.resolver import Match, Resolver
from ..sheets.counts import Problem, read_counts
from ..sheets.periods import CaseDate, find_order, read_case_date
from ..sheets.sheet import Opening, Sheet
from ..study.tables import check_table, empty_table
from ..words import header_words, is_not_given, is_total, read_age_group, read_sex
from .columns import Roles, find_roles, role_of, row_number_columns
from .personal import PersonalColumn, not_read, open_screened, safe_header
from .subject import INFERRED, purpose_of, reported_rows

By = Literal["origin", "destination", "purpose", "year", "month", "sex", "age_group"]
BY: tuple[By, ...] = get_args(By)
Engine = Literal["auto", "pandas", "polars", "duckdb", "spark"]

_OF_COMPLAINTS = re.compile(r"denuncia|complaint")
_TOTALS = Message("row of totals, no case")
_MEASURE = {
    "complaints": Message("complaints"),
    "records": Message("victim records"),
    "victims": Message("victims"),
    "rescued": Message("rescued people"),
}
_WRITE_DATES = Message("Write dates as YYYY-MM-DD.")
_EITHER_ORDER = Message("Write dates as YYYY-MM-DD, or say date_order='dmy' or date_order='mdy'.")
_ABROAD = {
    "origin": Message("the origin lies in another country"),
    "destination": Message("the destination lies in another country"),
}
_NO_FLOW = {
    ("origin", False): Message("the origin is not given"),
    ("origin", True): Message("the origin is not a known place"),
    ("destination", False): Message("the destination is not given"),
    ("destination", True): Message("the destination is not a known place"),
}


@dataclass(frozen=True)
class CaseTables:
    """What a register was counted to.

    Parameters
    ----------
    flows : DataFrame
        The contract ``flows``; ``sex`` and ``age_group`` are added where they were asked for.
    complaints : DataFrame
        The contract ``complaints``: counts per region and period, purpose "all".
    published : bool
        Always False: such counts are protected before they are shown.
    """

    flows: pd.DataFrame
    complaints: pd.DataFrame
    published: Literal[False] = False


def read_cases(
    path: Any,
    *,
    source_id: str,
    register: str,
    resolver: Resolver,
    by: Sequence[By] = ("origin", "destination", "purpose", "year"),
    measure: Literal["complaints", "records", "victims", "rescued"] | None = None,
    columns: Mapping[str, str] | None = None,
    kind: Literal["region", "province", "district", "city"] | None = None,
    period: tuple[str, str] | None = None,
    date_order: Literal["dmy", "mdy"] | None = None,
    engine: Engine | None = None,
    **opening: Unpack[Opening],
) -> Reading[CaseTables]:
    """Count the cases of a register.

    Parameters
    ----------
    path : str, Path, Sheet, or a frame of pandas, Polars, DuckDB or PySpark
        CSV, Excel or Parquet with one row a case: origin, destination, and where they are there
        date or year, purpose, sex, age or age group, and the place of the complaint. A frame is
        counted by its own engine (a relation of DuckDB must be of the default connection).
    source_id, register : str
        Source and register of the counts.
    resolver : Resolver
        Knows the places.
    by : sequence of {"origin", "destination", "purpose", "year", "month", "sex", "age_group"}
        What flows are told apart by; origin and destination always.
    measure : {"complaints", "records", "victims", "rescued"}, optional
        What one row is. For victims and rescued people a column of their number, if there is one,
        is added up; otherwise each row counts one. Without it complaints where a column speaks of
        them, else records: an organisation that attends people takes no complaints.
    columns : mapping of str to str, optional
        Header by role, where the headers don't tell (see `read_flows`).
    kind : {"region", "province", "district", "city"}, optional
        Level of places that don't say it; a bare "Puno" is the region if left out.
    period : tuple of (str, str), optional
        First and last month of the whole register, ``YYYY-MM``, where it has no dates.
    date_order : {"dmy", "mdy"}, optional
        Order of day and month, where ``by`` has "month" and the dates don't tell.
    engine : {"auto", "pandas", "polars", "duckdb", "spark"}, optional
        What counts files that are too large for this: CSV (UTF-8, names in the first line) or
        Parquet, also several by a pattern such as ``lake/*.parquet``; "auto" is DuckDB. The same
        tables come out; rows are not named in the account.
    **opening : optional
        ``sheet``, ``encoding`` and ``header_row``, as in `open_sheet`.

    Returns
    -------
    Reading of CaseTables
        Counts of flows and of complaints. The account counts cases: ``rows_out`` are rows of
        flows, ``merged`` the cases that were added to another in them. Dropped columns are named.
        The counts are not published: protect them before they are shown.

    Raises
    ------
    DataFileError
        If the file is no table.
    TableError
        If columns are missing or cells can't be read. No cell is repeated in it.
    """
    check_by(by)
    if engine is not None or not isinstance(path, str | Path | Sheet):
        try:
            # It reads cells by the functions of this module, so it can't be imported above.
            count_by_engine = import_module(".engine", __package__).count_by_engine
        except ModuleNotFoundError as error:
            raise missing_extra("big") from error
        if any(opening.values()):
            raise DataFileError(
                Message("sheet, encoding and header_row mean nothing for an engine: it reads CSV in"
                        " UTF-8 with the names in the first line, or Parquet.")
            )  # fmt: skip
        reading: Reading[CaseTables] = count_by_engine(
            path, engine or "auto", resolver=resolver.with_units(kind), by=by, measure=measure,
            columns=columns, kind=kind, period=period, date_order=date_order, source_id=source_id,
            register=register,
        )  # fmt: skip
        return reading
    cells = open_cases(path, columns=columns, **opening)
    measure = measure or measure_of(cells)
    flows_left, complaints_left, notes = Tally(), Tally(), Tally()
    cases, rows = _read_rows(
        cells, resolver.with_units(kind), by, measure, kind, period, date_order, flows_left, notes
    )
    return count_cases(
        cells, cases, cases, rows, flows_left, complaints_left, notes, by=by, source_id=source_id,
        register=register, measure=measure,
    )  # fmt: skip


def count_cases(
    cells: CaseCells,
    moved: pd.DataFrame,
    reported: pd.DataFrame,
    rows: int,
    flows_left: Tally,
    complaints_left: Tally,
    notes: Tally,
    *,
    by: Sequence[str],
    source_id: str,
    register: str,
    measure: str,
) -> Reading[CaseTables]:
    """Count cases, or cases that were counted in part: those that moved, and those reported."""
    flows = count_flows(moved, by, source_id, cells.file)
    complaints = count_complaints(
        reported, register, source_id, measure, cells.file, complaints_left
    )
    # A register without origins and destinations is accounted for by its counts of regions.
    moves = bool(cells.ends.keys() & {"origin", "destination"})
    table = flows if moves else complaints
    left_out = (*flows_left.left_out(), *(() if moves else complaints_left.left_out()))
    counted = rows - sum(part.rows for part in left_out)
    account = Account(
        file=cells.file,
        taken_for=Message("register with one row a case; it was counted and no row was kept"),
        why=(*cells.why, _what_counts(cells, measure)),
        mended=cells.mended,
        left_out=left_out,
        notes=(*cells.notes, *notes.notes(), *_notes(complaints, complaints_left)),
        rows_in=rows,
        rows_out=len(table),
        merged=counted - len(table),
        total_in=float(reported["weight"].sum()),
        total_out=float(table["value"].sum()),
        extra={
            "published": False,
            "dropped_columns": list(cells.dropped),
            "complaints": {
                "total": float(complaints["value"].sum()),
                "left_out": [
                    {"reason": part.reason, "rows": part.rows, "total": part.total}
                    for part in complaints_left.left_out()
                ],
            },
        },
    )
    return Reading(CaseTables(flows, complaints), account)


def check_by(by: Sequence[str]) -> None:
    """Refuse what flows can't be told apart by."""
    wrong = [word for word in by if word not in BY]
    if wrong or not {"origin", "destination"} <= set(by):
        raise ValueError(
            Message(
                "by must hold origin and destination, and beside them only: {choices}.",
                choices=", ".join(BY[2:]),
            ).render()
        )


def measure_of(cells: CaseCells) -> Literal["complaints", "records"]:
    """Return what a row counts as, where nobody says it."""
    declared = any(_OF_COMPLAINTS.search(header_words(name)) for name in cells.headers)
    return "complaints" if "reported" in cells.ends or declared else "records"


def _what_counts(cells: CaseCells, measure: str) -> Message:
    if "reported" in cells.ends:
        return Message("{measure} count in the region of the complaint", measure=_MEASURE[measure])
    return Message(
        "{measure} count in the region of destination, as no column says where the complaint was"
        " made",
        measure=_MEASURE[measure],
    )


def _notes(complaints: pd.DataFrame, left: Tally) -> list[Message]:
    found = [
        Message("in no region's count: {rows} case(s), {why}", rows=part.rows, why=part.reason)
        for part in left.left_out()
    ]
    found.append(
        Message(
            "the counts of regions add up to {total:,.0f}", total=float(complaints["value"].sum())
        )
    )
    found.append(
        Message(
            "These counts are the organisation's own: before anything is shown, small ones are"
            " withheld, and others from which a small one could be computed."
        )
    )
    return found


def _read_rows(
    cells: CaseCells,
    resolver: Resolver,
    by: Sequence[str],
    measure: str,
    kind: str | None,
    period: tuple[str, str] | None,
    date_order: str | None,
    left: Tally,
    notes: Tally,
) -> tuple[pd.DataFrame, int]:
    """Return a row of `COUNTED` for each case; the cells go no further than this."""
    faults: list[Fault] = []
    weights = read_weights(cells, measure, faults)
    dates = read_dates(cells, by, period, date_order, faults)
    if faults:
        raise TableError("cases", cells.file, faults)
    say_rows_apart(cells, left)
    cases: list[tuple[Any, ...]] = []
    finder = EndFinder(resolver, kind, notes, shown=False)
    for i, row in enumerate(cells.row_numbers):
        ends = {
            end: EndCells.of_row(cells.rows[i], cells.ends.get(end, {}))
            for end in ("origin", "destination", "reported")
        }
        found = {end: finder.match(row, text) for end, text in ends.items()}
        places = {end: match.place for end, match in found.items()}
        missing = next((e for e in ("origin", "destination") if places[e] is None), None)
        weight = weights[i]
        if missing is not None and cells.ends.keys() & {"origin", "destination"}:
            where = Message("row {row}", row=row).render()
            given = bool(ends[missing].cells)
            left.add(why_no_flow(missing, found[missing], given=given), total=weight,
                     example=where if given else "")  # fmt: skip
        origin, destination = places["origin"], places["destination"]
        at = places["reported"] if "reported" in cells.ends else destination
        both = origin is not None and destination is not None
        cases.append(
            (
                origin.place_id if origin and both else "",
                destination.place_id if destination and both else "",
                unit_of(at, kind),
                *dates[i],
                *(
                    read_word(cells, i, role, notes) if role in by else none
                    for role, none in WORDS.items()
                ),
                1,
                weight,
            )
        )
    table = pd.DataFrame(cases, columns=COUNTED)
    return table, len(cells.row_numbers) + cells.totals + cells.inferred


def say_rows_apart(cells: CaseCells, left: Tally) -> None:
    """Count the rows that are no cases."""
    if cells.totals:
        left.leave_out(_TOTALS, cells.totals)
    if cells.inferred:
        left.leave_out(INFERRED, cells.inferred, examples=[cells.status])


def why_no_flow(end: str, found: Match, *, given: bool) -> Message:
    """Return why a case is in no flow, by the end that is missing."""
    return _ABROAD[end] if found.kind == "abroad" else _NO_FLOW[end, given]


def unit_of(place: Place | None, kind: str | None) -> str:
    """Return the unit whose complaint a case is: its region, or the smaller unit asked for."""
    if place is None:
        return ""
    return (
        place.ubigeo if kind in ("province", "district") and place.level == kind else place.region
    )


def read_word(cells: CaseCells, row: int, role: str, notes: Tally) -> str:
    """Return a code word for a cell: never the cell itself."""
    if role == "age_group":
        groups = [read_age_group(cells.cell(row, name)) for name in ("age_group", "age")]
        return next((group for group in groups if group != "unknown"), "unknown")
    text = cells.cell(row, role)
    if role == "sex":
        return read_sex(text)
    return purpose_of(text, notes)


def read_weights(cells: CaseCells, measure: str, faults: list[Fault]) -> list[float]:
    """Return how many people each case is about, or 1."""
    rows = len(cells.row_numbers)
    if measure in ("complaints", "records") or "value" not in cells.simple:
        return [1.0] * rows
    counts = read_counts([cells.cell(i, "value") for i in range(rows)])
    weights = []
    for row, count in zip(cells.row_numbers, counts, strict=True):
        if isinstance(count, Problem):
            faults.append(count.at(row, cells.header("value"), None))
            weights.append(0.0)
        else:
            # A row without a number is one person at least.
            weights.append(1.0 if count.value is None else count.value)
    return weights


def read_dates(
    cells: CaseCells,
    by: Sequence[str],
    period: tuple[str, str] | None,
    date_order: str | None,
    faults: list[Fault],
) -> list[tuple[str, str]]:
    """Return first and last month of each case."""
    rows = len(cells.row_numbers)
    role = next((name for name in ("date", "period", "year") if name in cells.simple), None)
    if role is None:
        if period is None:
            faults.append(
                Fault(
                    None,
                    None,
                    None,
                    Message("There is no column of dates or years."),
                    Message("Say the period of the register with period=('2017-01', '2017-12')."),
                )
            )
        return [period or ("", "")] * rows
    texts = [cells.cell(i, role) for i in range(rows)]
    months = [cells.cell(i, "month") for i in range(rows)] if "month" in cells.simple else None
    by_month = "month" in by
    order = date_order or find_order(texts)
    dates: list[CaseDate | None] = []
    for i, text in enumerate(texts):
        date: CaseDate | Message | None = None
        if not is_not_given(text):
            date = read_case_date(
                text, order=order, month=months[i] if months else "", by_month=by_month
            )
            if isinstance(date, Message):
                other = {"dmy": ("mdy",), "mdy": ("dmy",)}.get(order or "", ("dmy", "mdy"))
                ways = [read_case_date(text, order=way, by_month=by_month) for way in other]
                readable = any(not isinstance(way, Message) for way in ways)
                fix = _EITHER_ORDER if readable else _WRITE_DATES
                faults.append(Fault(cells.row_numbers[i], cells.header(role), None, date, fix))
        dates.append(date if isinstance(date, CaseDate) else None)
    return _spans(dates, by)


def _spans(dates: Sequence[CaseDate | None], by: Sequence[str]) -> list[tuple[str, str]]:
    years = [date.year for date in dates if date is not None]
    if "month" in by:
        return [
            (f"{d.year}-{d.month:02}", f"{d.year}-{d.month:02}") if d and d.month else ("", "")
            for d in dates
        ]
    if "year" in by:
        return [(f"{d.year}-01", f"{d.year}-12") if d else ("", "") for d in dates]
    whole = (f"{min(years)}-01", f"{max(years)}-12") if years else ("", "")
    return [whole if date else ("", "") for date in dates]


_NO_END = {
    "origin": Message("No column says where the people of the cases come from."),
    "destination": Message("No column says where the people of the cases were taken."),
}
_COUNTED = (
    "date", "period", "year", "month", "purpose", "sex", "age", "age_group", "value",
)  # fmt: skip


@dataclass(frozen=True)
class CaseCells:
    """The cells that are counted, and nothing else of the file."""

    file: str  # name of the file
    # counted columns only; left out of ``repr``
    rows: tuple[tuple[str, ...], ...] = field(repr=False)
    row_numbers: tuple[int, ...]  # row of each in the file
    # rows of totals and rows that the column ``status`` calls no reports; not among them
    totals: int
    inferred: int
    status: str
    # positions in ``rows`` by role, as in `Roles`
    simple: Mapping[str, int]
    ends: Mapping[str, Mapping[str, int]]
    headers: tuple[str, ...]  # headers of the counted columns
    dropped: tuple[str, ...]  # headers of the columns that look personal
    # parts of the account
    why: tuple[Message, ...]
    mended: tuple[Message, ...]
    notes: tuple[Message, ...]

    def cell(self, row: int, role: str) -> str:
        """Return a cell, empty if no column has the role."""
        return self.rows[row][self.simple[role]] if role in self.simple else ""

    def header(self, role: str) -> str:
        """Return the header of the column with a role."""
        return self.headers[self.simple[role]]


def open_cases(
    path: str | Path | Sheet,
    *,
    columns: Mapping[str, str] | None = None,
    **opening: Unpack[Opening],
) -> CaseCells:
    """Open a register and keep only what is counted."""
    asked = tuple((columns or {}).values())
    screened = open_screened(path, table="cases", asked=asked, register=True, **opening)
    opened, personal = screened.sheet, screened.personal
    roles = find_roles(
        opened.header,
        table="cases",
        file=opened.file,
        columns=columns,
        skip=screened.hidden | row_number_columns(opened.header, opened.rows),
    )
    _check_ends(opened, roles, personal)
    reported, inferred, status = reported_rows(opened, register=True)
    if status:
        status = safe_header(status, opened.header.index(status))
    dropped = tuple(column.header for column in personal)
    return _keep(reported, roles, dropped, len(inferred), status)


def _check_ends(opened: Sheet, roles: Roles, personal: Sequence[PersonalColumn]) -> None:
    missing = [end for end in ("origin", "destination") if not roles.ends[end]]
    for column in personal:
        part = role_of(opened.header[column.position])
        if part is not None and part[0] in missing:
            raise not_read("cases", opened.file, column)
    if len(missing) == 2 and not roles.ends["reported"]:
        raise one_fault(
            "cases",
            opened.file,
            Message(
                "This is a register with one row a case, and no column says where people come from"
                " and were taken, or where the case was reported."
            ),
            Message(
                "Say it with columns={'reported': '...'}, or with columns={'origin': '...',"
                " 'destination': '...'}; columns that hold personal data are not read."
            ),
        )
    if len(missing) == 1:
        raise one_fault(
            "cases",
            opened.file,
            _NO_END[missing[0]],
            Message(
                "Say which it is with columns={{'{end}': '...'}}; columns that hold personal data"
                " are not read.",
                end=missing[0],
            ),
        )


def _keep(
    opened: Sheet, roles: Roles, dropped: tuple[str, ...], inferred: int, status: str
) -> CaseCells:
    simple = {role: place for role, place in roles.simple.items() if role in _COUNTED}
    ends = {end: columns for end, columns in roles.ends.items() if columns}
    used = sorted({*simple.values(), *(p for columns in ends.values() for p in columns.values())})
    at = {place: i for i, place in enumerate(used)}
    notes = []
    if dropped:
        notes.append(
            Message(
                "dropped before anything else, because they look personal: {columns}",
                columns=", ".join(dropped),
            )
        )
    unused = len(opened.header) - len(used) - len(dropped)
    if unused:
        notes.append(Message("columns that are not needed and were not read: {n}", n=unused))
    if not ends.keys() & {"origin", "destination"}:
        notes.append(
            Message(
                "no column says where people come from and where they were taken, so there are no"
                " flows, only counts of the region of the complaint"
            )
        )
    if opened.notes:
        notes.append(
            Message(
                "{n} line(s) above or below the table, or other remarks on it, are not repeated"
                " here",
                n=len(opened.notes),
            )
        )
    of_ends = [place for columns in ends.values() for place in columns.values()]
    cases = [
        (number, tuple(row[place] for place in used))
        for number, row in zip(opened.row_numbers, opened.rows, strict=True)
        if not any(is_total(row[place]) for place in (0, *of_ends))
    ]
    return CaseCells(
        file=opened.file,
        rows=tuple(row for _, row in cases),
        row_numbers=tuple(number for number, _ in cases),
        totals=len(opened.rows) - len(cases),
        inferred=inferred,
        status=status,
        simple={role: at[place] for role, place in simple.items()},
        ends={end: {level: at[p] for level, p in c.items()} for end, c in ends.items()},
        headers=tuple(opened.header[place] for place in used),
        dropped=dropped,
        why=opened.why,
        mended=opened.mended,
        notes=tuple(notes),
    )


_NO_REGION = Message("the place lies in no region, or is not known")
_NO_DATE = Message("no date is given")


# What is counted of a case: ids, code words and numbers, no text of the file.
COUNTED = [
    "origin", "destination", "region", "period_start", "period_end", "purpose", "sex", "age_group",
    "rows", "weight",
]  # fmt: skip
# Words by role, and what stands where flows are not told apart by them.
WORDS = {"purpose": "unknown", "sex": "", "age_group": ""}


def count_flows(cases: pd.DataFrame, by: Sequence[str], source_id: str, file: str) -> pd.DataFrame:
    """Count the cases whose two places are known."""
    names = ["origin", "destination", "period_start", "period_end", *WORDS]
    known = cases[(cases["origin"] != "") & (cases["destination"] != "")]
    counts = known.groupby(names, as_index=False, sort=True)["weight"].sum()
    width = max(3, len(str(len(counts))))
    cells = {
        **{name: counts[name].tolist() for name in names[:5]},
        "flow_id": [f"F{n:0{width}}" for n in range(1, len(counts) + 1)],
        "value": [f"{value:.10g}" for value in counts["weight"]],
        "value_kind": ["count"] * len(counts),
        "source_id": [source_id] * len(counts),
    }
    table = check_table(cells, "flows", file=file)
    return table.assign(
        **{name: pd.Series(counts[name].tolist(), dtype=str) for name in names[5:] if name in by}
    )


def count_complaints(
    cases: pd.DataFrame, register: str, source_id: str, measure: str, file: str, left: Tally
) -> pd.DataFrame:
    """Count the cases of each region and period."""
    lost, undated = cases["region"] == "", cases["period_start"] == ""
    for why, which in ((_NO_REGION, lost), (_NO_DATE, ~lost & undated)):
        if which.any():
            found = cases[which]
            left.leave_out(why, int(found["rows"].sum()), float(found["weight"].sum()))
    keys = ["region", "period_start", "period_end"]
    counts = cases[~(lost | undated)].groupby(keys, as_index=False, sort=True)["weight"].sum()
    if counts.empty:
        return empty_table("complaints")
    rows = len(counts)
    return check_table(
        {
            "unit": ["region"] * rows,
            "ubigeo": counts["region"].tolist(),
            "period_start": counts["period_start"].tolist(),
            "period_end": counts["period_end"].tolist(),
            "measure": [measure] * rows,
            "register": [register] * rows,
            "purpose": ["all"] * rows,
            "value": [f"{value:.10g}" for value in counts["weight"]],
            "basis": ["derived"] * rows,
            "source_id": [source_id] * rows,
        },
        "complaints",
        file=file,
    )
