"""Itineraries: routes printed as ``A -> B -> C``, as origin, ways and destination, or as stops."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Unpack

import pandas as pd

from ..account import Account, Reading, Tally
from ..errors import Fault, TableError, one_fault
from ..messages import Message
from ..places.ends import EndCells, EndFinder, split_known
from ..places.resolver import Resolver
from ..sheets.sheet import Opening, Sheet
from ..study.tables import check_table
from ..words import read_mode
from .columns import Roles, find_roles
from .flows.lines import source_ids
from .personal import HIDDEN, guarded, listed_columns, open_screened, safe_cell
from .subject import INFERRED, reported_rows

_MODES = re.compile(r"\s*[,;/+]\s*|\s+(?:y|and|luego|then)\s+")
_SEVERAL_MODES = Message(
    "several ways of travelling are named without saying which leg each belongs to; the legs are"
    " marked as unknown"
)
_ONE_STOP = Message("it names fewer than two places")
_UNKNOWN = Message("a place on the way is not known")


@dataclass(frozen=True)
class Stop:
    """One place of a route as printed, and the mode of the leg that follows."""

    row: int
    column: str
    place: EndCells
    mode: str = "unknown"


@guarded
def read_itineraries(
    path: str | Path | Sheet,
    *,
    source_id: str,
    resolver: Resolver,
    columns: Mapping[str, str] | None = None,
    kind: Literal["region", "province", "district", "city"] | None = None,
    allow_unmatched: bool = False,
    **opening: Unpack[Opening],
) -> Reading[pd.DataFrame]:
    """Read documented routes.

    Parameters
    ----------
    path : str, Path or Sheet
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
    allow_unmatched : bool
        Whether a route with a name that is no known place is left out and counted, instead of
        being an error.
    **opening : optional
        ``sheet``, ``encoding`` and ``header_row``, as in `open_sheet`.

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
    asked = tuple((columns or {}).values())
    screened = open_screened(path, table="itineraries", asked=asked, **opening)
    opened, hidden, skip = screened.sheet, screened.personal, screened.hidden
    roles = find_roles(
        opened.header, table="itineraries", file=opened.file, columns=columns, skip=skip
    )
    faults: list[Fault] = []
    left, notes = Tally(), Tally()
    resolver = resolver.with_units(kind)
    reader = _Reader(opened, roles, resolver, kind, faults, notes)
    routes = reader.routes(source_ids(opened, roles, source_id, notes))
    rows: list[dict[str, str]] = []
    finder = EndFinder(resolver, kind, notes)
    kept = 0
    _, places, status = reported_rows(opened)
    inferred = {opened.row_numbers[i] for i in places}
    for (route_id, source), stops in routes.items():
        if any(stop.row in inferred for stop in stops):  # without that stop it is another route
            left.add(INFERRED, example=status)
            continue
        found = _find_stops(stops, finder, faults, notes, not allow_unmatched)
        if found is None or len(found) < 2:
            shown = [safe_cell(stop.place.text) for stop in stops]
            printed = " - ".join(shown) if HIDDEN not in shown else ""
            left.add(_UNKNOWN if found is None else _ONE_STOP, example=printed)
            continue
        kept += 1
        rows += _rows(route_id, found, source)
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


Routes = dict[tuple[str, str], list[Stop]]


@dataclass(frozen=True)
class _Reader:
    """Reads the stops of a table, whatever its form."""

    opened: Sheet
    roles: Roles
    resolver: Resolver
    kind: str | None
    faults: list[Fault]
    notes: Tally

    def routes(self, sources: Sequence[str]) -> Routes:
        """Return the stops of each route and source in their order."""
        if "seq" in self.roles.simple:
            return self._stops_by_row(sources)
        ends = self.roles.ends["origin"] and self.roles.ends["destination"]
        if "route" not in self.roles.simple and not ends:
            raise one_fault(
                "itineraries",
                self.opened.file,
                Message("There is no column of routes, nor are there origins and destinations."),
                Message(
                    "Say which it is with columns={{'route': '...'}}. Columns found: {columns}.",
                    columns=listed_columns(self.opened.header),
                ),
            )
        routes: Routes = {}
        for n, (number, row) in enumerate(
            zip(self.opened.row_numbers, self.opened.rows, strict=True), start=1
        ):
            stops = self._ends_and_ways(number, row) if ends else self._one_cell(number, row)
            printed = self._cell(row, "route_id")
            key = (printed or f"R{n:03}", sources[n - 1])
            if key in routes:
                column = self.opened.header[self.roles.simple["route_id"]]
                reason = Message("This value stands in an earlier row too.")
                fix = Message("Give each row its own.")
                self.faults.append(Fault(number, column, printed, reason, fix))
            routes[key] = self._with_modes(number, row, stops)
        return routes

    def _cell(self, row: Sequence[str], role: str) -> str:
        return row[self.roles.simple[role]].strip() if role in self.roles.simple else ""

    def _one_cell(self, number: int, row: Sequence[str]) -> list[Stop]:
        column = self.opened.header[self.roles.simple["route"]]
        names = split_known(self._cell(row, "route"), self.resolver, self.kind)
        return [Stop(number, column, EndCells({"place": name})) for name in names]

    def _ends_and_ways(self, number: int, row: Sequence[str]) -> list[Stop]:
        header, ends = self.opened.header, self.roles.ends
        first = EndCells.of_row(row, ends["origin"], header)
        last = EndCells.of_row(row, ends["destination"], header)
        ways = [
            Stop(number, header[place], EndCells({"place": name}))
            for place in self.roles.via
            for name in split_known(row[place], self.resolver, self.kind)
        ]
        return [Stop(number, first.column, first), *ways, Stop(number, last.column, last)]

    def _with_modes(self, number: int, row: Sequence[str], stops: list[Stop]) -> list[Stop]:
        """Give each stop the mode of the leg that follows."""
        text = self._cell(row, "mode")
        if not text:
            return stops
        modes = [read_mode(part) for part in _MODES.split(text)]
        if any(mode is None for mode in modes):
            self.faults.append(self._no_mode(number, text))
            return stops
        if len(set(modes)) > 1 and len(modes) != len(stops) - 1:
            self.notes.add(_SEVERAL_MODES)
            return stops
        each = modes if len(modes) > 1 else modes * len(stops)
        return [
            replace(stop, mode=mode or "unknown")
            for stop, mode in zip(stops, [*each, *each[-1:] * len(stops)], strict=False)
        ]

    def _no_mode(self, number: int, text: str) -> Fault:
        return Fault(
            number,
            self.opened.header[self.roles.simple["mode"]],
            text,
            Message("This is not one of the words allowed here."),
            Message("Use one of: {choices}.", choices="road, river, air, border, unknown"),
        )

    def _stops_by_row(self, sources: Sequence[str]) -> Routes:
        place = self.roles.ends["reported"] or self.roles.ends["origin"]
        by = self.roles.simple.get("route_id", self.roles.simple.get("route"))
        if not place or by is None:
            raise one_fault(
                "itineraries",
                self.opened.file,
                Message("No column says the place of each stop, or the route it belongs to."),
                Message(
                    "Say which with columns={{'reported': '...', 'route_id': '...'}}. Columns"
                    " found: {columns}.",
                    columns=listed_columns(self.opened.header),
                ),
            )
        found: dict[tuple[str, str], dict[int, Stop]] = {}
        column = self.opened.header[self.roles.simple["seq"]]
        for number, row, source in zip(
            self.opened.row_numbers, self.opened.rows, sources, strict=True
        ):
            printed = self._cell(row, "seq")
            stops = found.setdefault((row[by], source), {})
            if not re.fullmatch(r"[0-9]{1,4}", printed):
                reason = Message("This is not the number of a stop.")
                fix = Message("Number the stops of each route 1, 2, 3 ...")
                self.faults.append(Fault(number, column, printed or None, reason, fix))
            elif int(printed) in stops:
                reason = Message("Row {first} has this number too.", first=stops[int(printed)].row)
                fix = Message("Number the stops of each route 1, 2, 3 ...")
                self.faults.append(Fault(number, column, printed, reason, fix))
            else:
                cells = EndCells.of_row(row, place, self.opened.header)
                mode = read_mode(self._cell(row, "mode"))
                if mode is None:
                    self.faults.append(self._no_mode(number, self._cell(row, "mode")))
                stops[int(printed)] = Stop(number, cells.column, cells, mode or "unknown")
        return {key: [stops[seq] for seq in sorted(stops)] for key, stops in found.items()}


def _find_stops(
    stops: Sequence[Stop],
    finder: EndFinder,
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
        match = finder.match(stop.row, stop.place)
        if match.place is None:
            known = False
            if refuse:
                faults.append(
                    Fault(stop.row, stop.column or None, stop.place.text, match.reason, match.fix)
                )
            continue
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
