"""What the columns of a complaint table are: places, codes, periods, counts, and what is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ...errors import DataFileError, suggestion
from ...messages import Message
from ...places.resolver import Resolver
from ...sheets.numbers import read_month, read_period
from ...sheets.sheet import Sheet
from ..columns import KINDS, ValueColumn, find_column, holds_counts, is_ratio, is_spelled
from ..personal import listed_columns
from .values import choose_values, parts_of_total

Unit = Literal["national", "region", "judicial_district", "fiscal_district"]
_SPELLED = ("place", "code", "year", "month", "period", "start", "end", "unit")


@dataclass(frozen=True)
class Layout:
    """What the columns of a table are.

    Parameters
    ----------
    roles : dict of str to str
        Column name in the file by role.
    values : tuple of ValueColumn
        Columns of counts to read.
    totals : tuple of ValueColumn
        Columns that add others up.
    finer : tuple of str
        Columns that part a region further.
    unused, personal : tuple of str
        Columns that are not read; those that may hold personal data.
    across : bool
        Whether each column of counts is a place, with the periods down the side.
    parts : tuple of str
        Columns that the column of counts adds up (men, women); they are only compared with it.
    """

    roles: dict[str, str]
    values: tuple[ValueColumn, ...]
    totals: tuple[ValueColumn, ...] = ()
    finer: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    across: bool = False
    parts: tuple[str, ...] = ()

    @property
    def wide(self) -> bool:
        """Whether periods stand in the header."""
        return any(column.period or column.month for column in self.values)


def find_layout(
    sheet: Sheet,
    resolver: Resolver,
    *,
    measure: str,
    columns: Mapping[str, str] | None = None,
    personal: tuple[str, ...] = (),
) -> Layout:
    """Find out what the columns of a complaint table are.

    Parameters
    ----------
    sheet : Sheet
        The table.
    resolver : Resolver
        Known places, for columns told by their cells.
    measure : str
        What is to be read: ``complaints``, ``victims`` or ``rescued``.
    columns : mapping of str to str, optional
        Column names by role, where the caller knows.
    personal : tuple of str
        Columns that look personal and hold tokens.

    Returns
    -------
    Layout
        The columns.

    Raises
    ------
    DataFileError
        If no column holds places or counts, or several could; the text says which option to pass.
    """
    roles = _given_roles(sheet, columns or {})
    for role in _SPELLED:
        name = find_column(sheet, role) if role not in roles else None
        if name is not None and name not in roles.values() and name not in personal:
            roles[role] = name
    roles = _period_or_month(sheet, roles)
    if across := _places_across(sheet, roles, personal, resolver):
        return across
    # A police station is never shown, but its token still tells rows of one place apart.
    left = [name for name in sheet.header if name not in roles.values()]
    finer = tuple(name for name in left if is_spelled(name, "finer"))
    free = [name for name in left if name not in finer and name not in personal]
    if "place" not in roles and "code" not in roles:
        place = _place_by_content(sheet, [*free, *finer], resolver)
        roles["place"] = place
        free = [name for name in free if name != place]
        finer = tuple(name for name in finer if name != place)
    values, totals = choose_values(sheet, free, roles, measure)
    used = {column.name for column in (*values, *totals)}
    unused = tuple(name for name in free if name not in used)
    return Layout(
        roles, values, totals, finer, unused, personal, parts=parts_of_total(sheet, values)
    )


def _places_across(
    sheet: Sheet, roles: Mapping[str, str], personal: Sequence[str], resolver: Resolver
) -> Layout | None:
    """Return the layout of a table with its places across the top and its periods down the side."""
    left = [name for name in sheet.header if name not in personal]
    places = [name for name in left if _is_place(name, resolver)]
    corner = next((name for name in left if name not in places and _all_periods(sheet, name)), None)
    named = roles.get("place")
    if len(places) < 2 or "code" in roles or (named is not None and named != corner):
        return None
    dated = {role: name for role, name in roles.items() if role in ("year", "month", "period")}
    if not dated and corner is not None:
        dated = {"period": corner}
    counts = [
        name
        for name in left
        if name not in dated.values()
        and not is_ratio(name)
        and (name in places or holds_counts(sheet.column(name)))
    ]
    if not dated or 2 * len(places) < len(counts):
        return None
    used = {*counts, *dated.values()}
    return Layout(
        dated,
        tuple(ValueColumn(name) for name in counts),
        unused=tuple(name for name in left if name not in used),
        personal=tuple(personal),
        across=True,
    )


def _is_place(name: str, resolver: Resolver) -> bool:
    return resolver.names_region(name) or resolver.names_court(name)


def _all_periods(sheet: Sheet, name: str) -> bool:
    cells = {cell for cell in sheet.column(name) if cell}
    known = [cell for cell in cells if read_period(cell) or read_month(cell)]
    return bool(known) and len(cells) - len(known) <= 1


def _given_roles(sheet: Sheet, columns: Mapping[str, str]) -> dict[str, str]:
    for role, name in columns.items():
        if role not in KINDS["complaints"]:
            raise DataFileError(
                Message(
                    "columns: '{role}' is not a role. Use {roles}.",
                    role=role,
                    roles=", ".join(KINDS["complaints"]),
                )
            )
        if name not in sheet.header:
            raise DataFileError(
                Message(
                    "{file}: there is no column '{column}'. {hint}",
                    file=sheet.file,
                    column=name,
                    hint=suggestion(name, sheet.header),
                )
            )
    return dict(columns)


def _period_or_month(sheet: Sheet, roles: dict[str, str]) -> dict[str, str]:
    """Take a period column without years for months, and months with their year for periods."""
    other, read = ("month", read_month) if "year" in roles else ("period", read_period)
    role = "period" if other == "month" else "month"
    if role not in roles or other in roles:
        return roles
    cells = {cell for cell in sheet.column(roles[role]) if cell}
    if cells and all(read(cell) is not None for cell in cells):
        return {(other if known == role else known): name for known, name in roles.items()}
    return roles


def _place_by_content(sheet: Sheet, free: list[str], resolver: Resolver) -> str:
    fits = []
    for name in free:
        cells = {cell for cell in sheet.column(name) if cell}
        known = [cell for cell in cells if _is_place(cell, resolver)]
        if cells and len(known) * 2 > len(cells):
            fits.append(name)
    if len(fits) == 1:
        return fits[0]
    smaller = next((n for n in free if is_spelled(n, "smaller")), None)
    if smaller is not None and not fits:
        raise DataFileError(
            Message(
                "{file}: it has a column '{column}', but none with the region, and units of one"
                " name lie in several. Add a column with the region, or with the ubigeo.",
                file=sheet.file,
                column=smaller,
            )
        )
    raise DataFileError(
        Message(
            "{file}: {found} Say which column holds the places with columns={{'place': '...'}}."
            " Columns: {columns}.",
            file=sheet.file,
            found=Message("several columns hold names of places.")
            if fits
            else Message("no column of places was recognised."),
            columns=listed_columns(sheet.header),
        )
    )
