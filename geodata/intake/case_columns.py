"""The columns of a register that are counted; everything else is dropped at the door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import CorredorError, DataFileError, Fault, MissingExtraError, TableError
from ..messages import Message
from ..sheets.sheet import Sheet, open_sheet
from ..words import is_total
from .columns import Roles, find_roles, role_of, row_number_columns
from .personal import PersonalColumn, not_read, open_screened

_NO_END = {
    "origin": Message("No column says where the people of the cases come from."),
    "destination": Message("No column says where the people of the cases were taken."),
}
_COUNTED = (
    "date", "period", "year", "month", "purpose", "sex", "age", "age_group", "value",
)  # fmt: skip
# Gaps of messages that never hold a cell.
_SAFE_GAPS = frozenset(
    {"file", "row", "found", "wanted", "separator", "extra", "kind", "n", "size", "limit", "line",
     "position", "what", "first", "last", "suffix"}
)  # fmt: skip


@dataclass(frozen=True)
class CaseCells:
    """The cells that are counted, and nothing else of the file.

    Parameters
    ----------
    file : str
        Name of the file.
    rows : tuple of tuple of str
        Counted columns only; left out of ``repr``.
    row_numbers : tuple of int
        Row of each in the file.
    totals : int
        Rows of totals, which are not among them.
    simple, ends : mapping
        Positions in ``rows`` by role, as in `Roles`.
    headers : tuple of str
        Headers of the counted columns.
    dropped : tuple of str
        Headers of the columns that look personal.
    why, mended, notes : tuple of Message
        Parts of the account.
    """

    file: str
    rows: tuple[tuple[str, ...], ...] = field(repr=False)
    row_numbers: tuple[int, ...]
    totals: int
    simple: Mapping[str, int]
    ends: Mapping[str, Mapping[str, int]]
    headers: tuple[str, ...]
    dropped: tuple[str, ...]
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
    path: Path | Sheet,
    *,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    header_row: int | None = None,
) -> CaseCells:
    """Open a register and keep only what is counted.

    Parameters
    ----------
    path : Path or Sheet
        CSV, Excel or Parquet.
    columns : mapping of str to str, optional
        Header by role.
    sheet, encoding, header_row : optional
        As in `open_sheet`.

    Returns
    -------
    CaseCells
        Cells of places, dates, purpose, sex, age and numbers.

    Raises
    ------
    DataFileError
        If the file is no table; cells in the reason are masked.
    TableError
        If there are no columns of origins and destinations, or one of them holds personal data.
    """
    screened = open_screened(
        _open_masked(path, sheet, encoding, header_row),
        table="cases",
        asked=tuple((columns or {}).values()),
        register=True,
    )
    opened, personal = screened.sheet, screened.personal
    roles = find_roles(
        opened.header,
        table="cases",
        file=opened.file,
        columns=columns,
        skip=frozenset(column.position for column in personal)
        | row_number_columns(opened.header, opened.rows),
    )
    _check_ends(opened, roles, personal)
    return _keep(opened, roles, tuple(column.header for column in personal))


def _open_masked(
    path: Path | Sheet, sheet: str | None, encoding: str | None, header_row: int | None
) -> Sheet:
    """Open a table; an error keeps its sentence but none of the cells it quotes."""
    try:
        return open_sheet(path, sheet=sheet, encoding=encoding, header_row=header_row)
    except CorredorError as error:
        text, values = error.message.text, dict(error.message.values)
        extra = isinstance(error, MissingExtraError)
    # Outside the handler, so that the first error does not hang on to the new one.
    masked = {
        name: value if name in _SAFE_GAPS else Message("not shown")
        for name, value in values.items()
    }
    if "size" in masked or "limit" in masked:
        masked = values
    message = Message(text, **masked)
    raise MissingExtraError(message) if extra else DataFileError(message)


def _check_ends(opened: Sheet, roles: Roles, personal: Sequence[PersonalColumn]) -> None:
    missing = [end for end in ("origin", "destination") if not roles.ends[end]]
    for column in personal:
        part = role_of(opened.header[column.position])
        if part is not None and part[0] in missing:
            raise not_read("cases", opened.file, column)
    if missing and not (len(missing) == 2 and roles.ends["reported"]):
        raise _fault(
            opened.file,
            _NO_END[missing[0]],
            Message(
                "Say which it is with columns={{'{end}': '...'}}; columns that hold personal data"
                " are not read.",
                end=missing[0],
            ),
        )


def _keep(opened: Sheet, roles: Roles, dropped: tuple[str, ...]) -> CaseCells:
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
        simple={role: at[place] for role, place in simple.items()},
        ends={end: {level: at[p] for level, p in c.items()} for end, c in ends.items()},
        headers=tuple(opened.header[place] for place in used),
        dropped=dropped,
        why=opened.why,
        mended=opened.mended,
        notes=tuple(notes),
    )


def _fault(file: str, reason: Message, fix: Message) -> TableError:
    return TableError("cases", file, [Fault(None, None, None, reason, fix)])
