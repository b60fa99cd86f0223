"""Itineraries: routes printed as ``A -> B -> C``, as origin, ways and destination, or as stops."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from ..account import Account, Reading
from ..errors import Fault, TableError
from ..messages import Message
from ..naming.name_keys import is_not_given
from ..naming.resolver import Resolver
from ..tables import check_table
from ..tabular.sheets import Sheet, open_sheet
from .flow_columns import EndCells, Roles, find_roles, kept_columns
from .personal import find_personal_columns
from .tally import Tally
from .vocabulary import read_mode

_ARROWS = re.compile(r"\s*(?:-+>|=+>|[→⇒➔➝➜›»>;|])\s*|\s+[-–—]+\s+")
_ONE_STOP = Message("it names fewer than two places")
_UNKNOWN = Message("a place on the way is not known")


@dataclass(frozen=True)
class Stop:
    """One place of a route as printed, and the mode of the leg that follows."""

    row: int
    column: str
    place: EndCells
    mode: str


def split_stops(text: str) -> list[str]:
    """Split ``A -> B; C`` at arrows, semicolons, bars and dashes between blanks."""
    return [part for part in _ARROWS.split(text) if not is_not_given(part)]


def read_itineraries(
    path: Path | Sheet,
    *,
    source_id: str,
    resolver: Resolver,
    columns: Mapping[str, str] | None = None,
    kind: Literal["region", "province", "district", "city"] | None = None,
    unknown_places: Literal["refuse", "leave_out"] = "refuse",
    sheet: str | None = None,
    encoding: str | None = None,
    header_row: int | None = None,
) -> Reading[pd.DataFrame]:
    """Read documented routes.

    Parameters
    ----------
    path : Path or Sheet
        CSV, Excel or Parquet with one route a row, either in one column (``Cusco -> Mazuko ->
        Puerto Maldonado``) or as origin, one or more columns of ways, and destination; or with
        one stop a row (``route_id``, ``seq``, place).
    source_id : str
        Source of the routes.
    resolver : Resolver
        Knows the places.
    columns : mapping of str to str, optional
        Header by role, where the headers don't tell: ``route``, ``origin``, ``via``,
        ``destination``, ``route_id``, ``seq``, ``mode``.
    kind : {"region", "province", "district", "city"}, optional
        Level of places that don't say it; a bare "Puno" is the region if left out.
    unknown_places : {"refuse", "leave_out"}
        Whether a name that is no known place is an error, or its route is left out and counted.
    sheet, encoding, header_row : optional
        As in `open_sheet`.

    Returns
    -------
    Reading of DataFrame
        The contract ``itineraries``: one row per stop, ``seq`` from 1; ``mode_to_next`` is
        "unknown" where the table does not say it, and empty at the last stop. The account counts
        routes.

    Raises
    ------
    DataFileError
        If the file is no table.
    TableError
        If columns are missing or places are not known, with all faults at once.
    """
    opened = open_sheet(path, sheet=sheet, encoding=encoding, header_row=header_row)
    hidden = find_personal_columns(opened.header, opened.rows, keep=kept_columns(opened.header))
    skip = frozenset(column.position for column in hidden)
    roles = find_roles(
        opened.header, table="itineraries", file=opened.file, columns=columns, skip=skip
    )
    faults: list[Fault] = []
    routes = _routes(opened, roles, faults)
    left, notes = Tally(), Tally()
    rows: list[dict[str, str]] = []
    kept = 0
    for route_id, stops in routes.items():
        found = _find_stops(stops, resolver, kind, faults, notes, unknown_places == "refuse")
        if found is None or len(found) < 2:
            printed = " - ".join(stop.place.text for stop in stops)
            left.add(_UNKNOWN if found is None else _ONE_STOP, example=printed)
            continue
        kept += 1
        rows += _rows(route_id, found, source_id)
    if faults:
        raise TableError("itineraries", opened.file, faults)
    names = ("route_id", "seq", "place_id", "mode_to_next", "source_id")
    table = check_table(
        {name: [row[name] for row in rows] for name in names}, "itineraries", file=opened.file
    )
    if hidden:
        dropped = Message(
            "dropped unread, because they look personal: {columns}.",
            columns=", ".join(column.header for column in hidden),
        )
    account = Account(
        file=opened.file,
        taken_for=Message("table of routes"),
        why=opened.why,
        mended=opened.mended,
        left_out=left.left_out(),
        notes=(*notes.notes(), *([dropped] if hidden else []), *opened.notes),
        rows_in=len(routes),
        rows_out=kept,
        extra={"stops": len(table)},
    )
    return Reading(table, account)


def _routes(opened: Sheet, roles: Roles, faults: list[Fault]) -> dict[str, list[Stop]]:
    """Return the stops of each route in their order."""
    if "seq" in roles.simple:
        return _stops_by_row(opened, roles, faults)
    one_column = "route" in roles.simple
    ends = roles.ends["origin"] and roles.ends["destination"]
    if not one_column and not ends:
        raise TableError(
            "itineraries",
            opened.file,
            [
                Fault(
                    None,
                    None,
                    None,
                    Message(
                        "There is no column of routes, nor are there origins and destinations."
                    ),
                    Message(
                        "Say which it is with columns={{'route': '...'}}. Columns found:"
                        " {columns}.",
                        columns=", ".join(opened.header),
                    ),
                )
            ],
        )
    routes: dict[str, list[Stop]] = {}
    for n, (number, row) in enumerate(zip(opened.row_numbers, opened.rows, strict=True), start=1):
        mode = _mode(opened, roles, number, row, faults)
        if ends:
            stops = _ends_and_ways(opened, roles, number, row, mode)
        else:
            column = opened.header[roles.simple["route"]]
            names = split_stops(row[roles.simple["route"]])
            stops = [Stop(number, column, EndCells({"place": name}), mode) for name in names]
        route_id = row[roles.simple["route_id"]] if "route_id" in roles.simple else ""
        route_id = route_id or f"R{n:03}"
        if route_id in routes:
            faults.append(
                Fault(
                    number,
                    opened.header[roles.simple["route_id"]],
                    route_id,
                    Message("This value stands in an earlier row too."),
                    Message("Give each row its own."),
                )
            )
        routes[route_id] = stops
    return routes


def _ends_and_ways(
    opened: Sheet, roles: Roles, number: int, row: Sequence[str], mode: str
) -> list[Stop]:
    stops = [Stop(number, "origin", EndCells.of_row(row, roles.ends["origin"]), mode)]
    for place in roles.via:
        stops += [
            Stop(number, opened.header[place], EndCells({"place": name}), mode)
            for name in split_stops(row[place])
        ]
    end = EndCells.of_row(row, roles.ends["destination"])
    return [*stops, Stop(number, "destination", end, mode)]


def _stops_by_row(opened: Sheet, roles: Roles, faults: list[Fault]) -> dict[str, list[Stop]]:
    place = roles.ends["reported"] or roles.ends["origin"]
    if not place or ("route_id" not in roles.simple and "route" not in roles.simple):
        raise TableError(
            "itineraries",
            opened.file,
            [
                Fault(
                    None,
                    "place",
                    None,
                    Message("This column is missing."),
                    Message("Columns found: {columns}.", columns=", ".join(opened.header)),
                )
            ],
        )
    by = roles.simple.get("route_id", roles.simple.get("route", 0))
    found: dict[str, dict[int, Stop]] = {}
    for number, row in zip(opened.row_numbers, opened.rows, strict=True):
        printed = row[roles.simple["seq"]].strip()
        stops = found.setdefault(row[by], {})
        if not re.fullmatch(r"[0-9]{1,4}", printed) or int(printed) in stops:
            faults.append(
                Fault(
                    number,
                    opened.header[roles.simple["seq"]],
                    printed or None,
                    Message("This is not the place of one stop in its route."),
                    Message("Number the stops of each route 1, 2, 3 ..."),
                )
            )
            continue
        mode = _mode(opened, roles, number, row, faults)
        stops[int(printed)] = Stop(number, "place", EndCells.of_row(row, place), mode)
    return {route: [stops[seq] for seq in sorted(stops)] for route, stops in found.items()}


def _mode(opened: Sheet, roles: Roles, number: int, row: Sequence[str], faults: list[Fault]) -> str:
    if "mode" not in roles.simple:
        return "unknown"
    text = row[roles.simple["mode"]]
    mode = read_mode(text)
    if mode is None:
        faults.append(
            Fault(
                number,
                opened.header[roles.simple["mode"]],
                text,
                Message("This is not one of the words allowed here."),
                Message("Use one of: {choices}.", choices="road, river, air, border, unknown"),
            )
        )
    return mode or "unknown"


def _find_stops(
    stops: Sequence[Stop],
    resolver: Resolver,
    kind: str | None,
    faults: list[Fault],
    notes: Tally,
    refuse: bool,
) -> list[tuple[str, str]] | None:
    """Return (place id, mode to the next), or None where a place is not known."""
    found: list[tuple[str, str]] = []
    known = True
    for stop in stops:
        if not stop.place.cells:
            continue
        match = stop.place.match(resolver, kind=kind)
        if match.place is None:
            known = False
            if refuse:
                faults.append(
                    Fault(stop.row, stop.column, stop.place.text, match.reason, match.fix)
                )
            continue
        if match.note is not None:
            notes.add(match.note, example=stop.place.text)
        if found and found[-1][0] == match.place.place_id:
            notes.add(
                Message("a place named twice in a row was taken once"), example=stop.place.text
            )
            continue
        found.append((match.place.place_id, stop.mode))
    return found if known else None


def _rows(route_id: str, stops: Sequence[tuple[str, str]], source_id: str) -> list[dict[str, str]]:
    return [
        {
            "route_id": route_id,
            "seq": str(n),
            "place_id": place_id,
            "mode_to_next": "" if n == len(stops) else mode,
            "source_id": source_id,
        }
        for n, (place_id, mode) in enumerate(stops, start=1)
    ]
