"""From flows as printed to the table of flows: numbers read, places found, totals set apart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ...account import LeftOut, Tally
from ...errors import Fault, TableError
from ...messages import Message
from ...places.ends import EndCells, EndFinder
from ...places.keys import key_of
from ...places.resolver import Resolver
from ...sheets.counts import Problem
from ...study.tables import check_table
from ...words import is_country, is_not_given, is_total, words_of
from ..personal import HIDDEN, safe_cell
from .numbers import (
    COUNT_WORDS,
    SHARE_KINDS,
    Printed,
    Value,
    check_totals,
    choose_kind,
    internal_flows,
    read_values,
    refuse_hidden_shares,
    shares_over_100,
)

_TOTALS = Message("totals, which were checked against their parts")
_NO_FLOW = Message("an empty cell says that there is no flow")
_ZERO = Message("a zero says that nobody was reported, which is no flow")
_DASH = Message("a dash instead of a number does not say whether there was a flow")
_NO_DATA = Message("the cell says that there are no data")
_NO_PLACE = Message("the origin or the destination is not given")
_UNKNOWN = Message("the origin or the destination is not a known place")
_VIA = Message("places on the way are kept, and corridors go by them")
_NO_VIA = Message("places on the way that are no known place are passed over")
_BOUND = Message("only a bound is given (such as <5): kept as flows without a number")
_NO_NUMBER = Message("no number is given: kept as flows without a number")


@dataclass(frozen=True)
class Line:
    """One flow as printed, before its places are found."""

    row: int
    column: str
    origin: EndCells
    destination: EndCells
    value: str
    kind: str | None = None
    period: tuple[str, str] = ("", "")
    purpose: str = "unknown"
    source_id: str = ""
    via: tuple[EndCells, ...] = ()  # places named between, in this order
    repeats: bool = False  # of a pair that another route has named, which is no second flow


@dataclass(frozen=True)
class FlowOptions:
    """What the caller says about a table; see `read_flows`."""

    source_id: str
    resolver: Resolver
    kind: str | None
    period: tuple[str, str]
    purpose: str
    value_kind: str | None
    shares: str | None
    refuse_unknown: bool
    id_prefix: str = "F"
    add_up: bool = False


@dataclass(frozen=True)
class Flows:
    """The table of flows and its part of the account; totals are None for shares."""

    table: pd.DataFrame
    left_out: tuple[LeftOut, ...]
    why: tuple[Message, ...]
    notes: tuple[Message, ...]
    merged: int
    total_in: float | None
    total_out: float | None


def assemble(
    lines: Sequence[Line],
    options: FlowOptions,
    *,
    file: str,
    header: str,
    numbers: bool,
    matrix: bool,
    faults: list[Fault],
    notes: Tally,
    left: Tally,
    apart: Mapping[int, Mapping[str, str]],
) -> Flows:
    """Read the numbers and find the places of all lines.

    ``apart`` holds by row the cells of columns that are not used, which may tell rows apart.
    """
    kinds, why = _kinds(lines, options, file, header, numbers)
    values = _values(lines, kinds, options, file, header, faults)
    printed = [
        Printed(
            line.row, line.column, line.origin.text, line.destination.text,
            (*line.period, line.purpose, line.source_id), value.number,
            not math.isnan(value.number) or value.empty,
        )
        for line, value in zip(lines, values, strict=True)
    ]  # fmt: skip
    shared = any(kind in SHARE_KINDS for kind in kinds)
    if not faults:
        wrong, more = check_totals(printed, slack=1.0 if shared else 0.0)
        faults += wrong
        why += more
    if options.value_kind is None and numbers and not COUNT_WORDS.search(words_of(header)):
        hidden = None if any(line.kind for line in lines) else refuse_hidden_shares(printed)
        faults += [hidden] if hidden and not shared else []
    finder = _Finder(options, faults, notes)
    rows: list[dict[str, str]] = []
    pairs = _Pairs(options.add_up, apart, faults)
    for line, value, kind in zip(lines, values, kinds, strict=True):
        if reason := _no_flow(line, value, matrix, numbers):
            left.add(reason)
            continue
        total = 0.0 if math.isnan(value.number) else value.number
        carried = None if shared or not numbers else total
        origin, destination = finder.find(line, line.origin), finder.find(line, line.destination)
        if origin is None or destination is None:
            given = _is_given(line.origin) and _is_given(line.destination)
            shown = [safe_cell(end.text) for end in (line.origin, line.destination)]
            example = " - ".join(shown) if given and HIDDEN not in shown else ""
            left.add(_UNKNOWN if given else _NO_PLACE, total=carried, example=example)
            continue
        if math.isnan(value.number) and numbers:
            notes.add(_BOUND if value.bound else _NO_NUMBER)
        row = _row(line, value, kind, origin, destination, finder.find_way(line))
        if pairs.is_new(line, row):
            rows.append(row)
    if faults:
        raise TableError("flows", file, sorted(faults, key=lambda fault: fault.row or 0))
    table = _table(rows, file, options.id_prefix)
    known = [v.number for v, p in zip(values, lines, strict=True) if not _has_total(p)]
    counted = numbers and not shared
    return Flows(
        table=table,
        left_out=left.left_out(),
        why=tuple(why),
        notes=(*shares_over_100(printed, kinds), *internal_flows(table)),
        merged=pairs.merged,
        total_in=float(sum(n for n in known if not math.isnan(n))) if counted else None,
        total_out=float(table["value"].sum()) if counted else None,
    )


def _kinds(
    lines: Sequence[Line], options: FlowOptions, file: str, header: str, numbers: bool
) -> tuple[list[str], list[Message]]:
    if not numbers:
        return ["none"] * len(lines), [Message("there is no column of numbers")]
    if any(line.kind is not None for line in lines):
        return [line.kind or "none" for line in lines], []
    texts = [line.value for line in lines]
    kind, why = choose_kind(header, texts, file=file, value_kind=options.value_kind)
    return [kind] * len(lines), [why]


def _values(
    lines: Sequence[Line],
    kinds: Sequence[str],
    options: FlowOptions,
    file: str,
    header: str,
    faults: list[Fault],
) -> list[Value]:
    """Read the numbers, those of one kind together."""
    values = [Value(math.nan, empty=True) for _ in lines]
    for kind in dict.fromkeys(kinds):
        places = [i for i, other in enumerate(kinds) if other == kind]
        texts = [lines[i].value for i in places]
        if kind == "none":
            faults += [
                Fault(
                    lines[i].row,
                    lines[i].column,
                    lines[i].value,
                    Message("This row has a number, but its kind is 'none'."),
                    Message("Say what the number is, or take it out."),
                )
                for i in places
                if not is_not_given(lines[i].value)
            ]
            continue
        read = read_values(texts, kind, header=header, file=file, shares=options.shares)
        for i, value in zip(places, read, strict=True):
            if isinstance(value, Problem):
                line = lines[i]
                faults.append(value.at(line.row, line.column, line.value))
            else:
                values[i] = value
    return values


def _is_given(end: EndCells) -> bool:
    return any(not is_not_given(cell) for cell in end.cells.values())


def _has_total(line: Line) -> bool:
    return any(
        is_total(cell) for end in (line.origin, line.destination) for cell in end.cells.values()
    )


def _names_country(line: Line) -> bool:
    """Tell whether an end is the whole country, which without numbers is no total of anything."""
    ends = (line.origin, line.destination)
    return any(is_country(cell) for end in ends for cell in end.cells.values())


def _no_flow(line: Line, value: Value, matrix: bool, numbers: bool) -> Message | None:
    if _has_total(line) and (numbers or not _names_country(line)):
        return _TOTALS
    if value.dash and numbers:
        return _DASH
    if matrix and value.empty:
        return _NO_FLOW
    if matrix and math.isnan(value.number) and not value.bound:
        return _NO_DATA
    if value.number == 0:
        return _ZERO
    return None


class _Pairs:
    """Tells a pair that stands twice, which adding up would count twice unless asked for."""

    def __init__(
        self, add_up: bool, apart: Mapping[int, Mapping[str, str]], faults: list[Fault]
    ) -> None:
        self._add_up, self._apart, self._faults = add_up, apart, faults
        self._seen: dict[tuple[str, ...], tuple[Line, dict[str, str]]] = {}
        self.merged = 0

    def is_new(self, line: Line, row: dict[str, str]) -> bool:
        """Tell whether a row stands for itself; else it was added to an earlier one, or refused."""
        # Two districts of one region are two rows, although both are drawn from the region.
        printed = (key_of(line.origin.text), key_of(line.destination.text))
        key = (*printed, *(value for name, value in row.items() if name != "value"))
        first, kept = self._seen.setdefault(key, (line, row))
        if first is line:
            return True
        if line.repeats or (self._add_up and row["value_kind"] in ("count", "none")):
            if row["value"]:
                kept["value"] = f"{float(kept['value']) + float(row['value']):.10g}"
            self.merged += 1
            return False
        self._faults.append(self._repeated(first, line))
        return False

    def _repeated(self, first: Line, line: Line) -> Fault:
        here, there = self._apart.get(line.row, {}), self._apart.get(first.row, {})
        column = next((name for name in here if here[name] != there.get(name)), None)
        fix = Message(
            "Keep the row that is right, or name the source of each in a column 'source_id'."
        )
        if column is not None:
            fix = Message(
                "Column '{column}' tells them apart: choose one of its values, or add them up with"
                " add_up=['{column}'].",
                column=column,
            )
        return Fault(
            line.row,
            line.column or None,
            None,
            Message(
                "The same pair, months, purpose and source stand in row {first} too.",
                first=first.row,
            ),
            fix,
        )


class _Finder:
    """Finds the places of lines; a name that is none is a fault, once a row."""

    def __init__(self, options: FlowOptions, faults: list[Fault], notes: Tally) -> None:
        self._refuses, self._faults, self._notes = options.refuse_unknown, faults, notes
        self._ends = EndFinder(options.resolver, options.kind, notes)
        self._refused: set[tuple[int | None, str]] = set()

    def find(self, line: Line, end: EndCells) -> str | None:
        if not _is_given(end):
            return None
        match = self._ends.match(line.row, end)
        if match.place is not None:
            return match.place.place_id
        row = None if end.text == line.column else line.row
        if self._refuses and (row, end.text) not in self._refused:
            self._refused.add((row, end.text))
            shown = safe_cell(end.text)
            column = end.column or (shown if row is None else None)
            self._faults.append(Fault(row, column, shown if row else None, match.reason, match.fix))
        return None

    def find_way(self, line: Line) -> list[str]:
        """Return the places named between the ends."""
        found = [self.find(line, stop) for stop in line.via]
        for note in dict.fromkeys(_VIA if place else _NO_VIA for place in found):
            self._notes.add(note)
        return [place for place in found if place is not None]


def _row(
    line: Line, value: Value, kind: str, origin: str, destination: str, via: Sequence[str]
) -> dict[str, str]:
    named_only = math.isnan(value.number)
    return {
        "origin": origin,
        "destination": destination,
        "value": "" if named_only else f"{value.number:.10g}",
        "value_kind": "none" if named_only else kind,
        "period_start": line.period[0],
        "period_end": line.period[1],
        "purpose": line.purpose,
        "via": " ".join(via),
        "source_id": line.source_id,
    }


def _table(rows: list[dict[str, str]], file: str, prefix: str) -> pd.DataFrame:
    width = max(3, len(str(len(rows))))
    columns = (
        "origin", "destination", "value", "value_kind", "period_start", "period_end", "purpose",
        "via", "source_id",
    )  # fmt: skip
    cells = {name: [row[name] for row in rows] for name in columns}
    cells["flow_id"] = [f"{prefix}{n:0{width}}" for n in range(1, len(rows) + 1)]
    return check_table(cells, "flows", file=file)
