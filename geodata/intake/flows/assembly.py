"""From flows as printed to the table of flows: numbers read, totals compared, places found."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import pandas as pd

from ...account import LeftOut, Tally
from ...errors import Fault, TableError, one_fault
from ...messages import Message
from ...places.ends import EndCells, EndFinder
from ...places.keys import key_of
from ...places.resolver import Resolver
from ...sheets.counts import Problem, read_counts
from ...study.tables import check_table
from ...words import (
    header_words,
    is_country,
    is_missing,
    is_not_given,
    is_total,
    total_of,
    words_of,
)
from ..personal import HIDDEN, safe_cell

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


# The numbers: counts or shares, and the totals printed beside them.

_KINDS = {
    "count": Message("counts"),
    "share_of_origin": Message("percentages of the origin"),
    "share_of_destination": Message("percentages of the destination"),
    "none": Message("no numbers of their own"),
}
SHARE_KINDS = ("share_of_origin", "share_of_destination")
_SHARE = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,6}))?\s*(%?)")
_PERCENT_WORDS = re.compile(r"porcentaje|percent|participacion")
_FRACTION_WORDS = re.compile(r"proporcion|proportion|fraccion|fraction")
COUNT_WORDS = re.compile(
    r"cantidad|numero|number|n|nro|no|conteo|count|frecuencia|freq|casos|victimas|denuncias|personas|cases|"
    r"victims|complaints|people|rescatad[oa]s"
)
_SAY_KIND = Message(
    "Say value_kind='share_of_origin' or value_kind='share_of_destination' (or value_kind='count')."
)
_OUT_OF_RANGE = Problem(
    Message("A share lies between 0 and 100 percent."),
    Message("Mend the number, or say what it is."),
)
_NO_SHARE = Problem(Message("This is not a share."), Message("Write a number such as 33 or 33.5."))


@dataclass(frozen=True)
class Value:
    """One cell: its number, or NaN where it is empty, a dash, a bound (``<5``) or unknown."""

    number: float
    empty: bool = False
    dash: bool = False
    bound: bool = False


def choose_kind(
    header: str, cells: Sequence[str], *, file: str, value_kind: str | None
) -> tuple[str, Message]:
    """Tell whether numbers are counts or shares."""
    if value_kind is not None:
        return value_kind, Message(
            "the numbers are read as {kind}, as asked", kind=_KINDS[value_kind]
        )
    words = header_words(header)
    shares = "%" in header or any("%" in cell for cell in cells)
    shares = shares or bool(_PERCENT_WORDS.search(words) or _FRACTION_WORDS.search(words))
    shares = shares or "share" in words
    counts = bool(COUNT_WORDS.fullmatch(words.split(" ")[0])) if words else False
    decimals = any(re.fullmatch(r"\d{1,3}[.,]\d{1,2}", cell.strip()) for cell in cells)
    if shares or (decimals and not counts):
        refuse_mixed(cells, header=header, file=file)
        for kind, pattern in zip(
            SHARE_KINDS, ("origen|origin", "destino|destination"), strict=True
        ):
            if shares and re.search(pattern, words):
                return kind, Message("the numbers are read as {kind}", kind=_KINDS[kind])
        reason = Message("The numbers look like shares, but nothing says of what.")
        raise one_fault("flows", file, reason, _SAY_KIND, column=header or None)
    why = Message("the numbers are read as counts")
    if COUNT_WORDS.search(words):
        why = Message(
            "the numbers are read as counts, as the column '{column}' says", column=header
        )
    return "count", why


def read_values(
    cells: Sequence[str], kind: str, *, header: str, file: str, shares: str | None
) -> list[Value | Problem]:
    """Read the numbers of a column or matrix."""
    if kind == "count":
        return [
            count
            if isinstance(count, Problem)
            else _missing(cell, bound=count.mark == "bound")
            if count.value is None
            else Value(count.value)
            for cell, count in zip(cells, read_counts(cells), strict=True)
        ]
    scale = _scale(cells, header=header, file=file, shares=shares)
    return [_read_share(cell, scale) for cell in cells]


def refuse_mixed(cells: Sequence[str], *, header: str, file: str) -> None:
    """Refuse numbers of which only some carry a sign of per cent."""
    filled = [cell for cell in cells if not is_missing(cell)]
    signs = sum("%" in cell for cell in filled)
    if "%" in header or not 0 < signs < len(filled):
        return
    reason = Message(
        "{n} of {all} numbers have the sign % and the others have not, so counts and shares seem"
        " to be mixed.",
        n=signs,
        all=len(filled),
    )
    fix = Message(
        "Write counts and shares into columns of their own, or say shares='percent' if all are"
        " percentages."
    )
    raise one_fault("flows", file, reason, fix, column=header or None)


def _missing(cell: str, *, bound: bool = False) -> Value:
    plain = cell.strip()
    dash = bool(plain) and not plain.strip("-–—")
    return Value(math.nan, empty=not plain, dash=dash, bound=bound)


def _read_share(cell: str, scale: str) -> Value | Problem:
    if is_missing(cell):
        return _missing(cell)
    found = _SHARE.fullmatch(cell.strip())
    if found is None:
        return _NO_SHARE
    number = Decimal(f"{found[1]}.{found[2] or '0'}")
    if scale == "fraction" and not found[3]:
        number *= 100
    return Value(float(number)) if number <= 100 else _OUT_OF_RANGE


def _scale(cells: Sequence[str], *, header: str, file: str, shares: str | None) -> str:
    """Return ``percent`` or ``fraction``; never by the size of the numbers alone."""
    filled = [cell.strip() for cell in cells if not is_missing(cell)]
    signs = sum("%" in cell for cell in filled)
    words = header_words(header)
    found = [_SHARE.fullmatch(cell) for cell in filled]
    largest = max((float(f"{f[1]}.{f[2] or 0}") for f in found if f), default=0.0)
    if shares is not None:
        return shares
    refuse_mixed(cells, header=header, file=file)
    if filled and signs == len(filled):
        return "percent"
    if not signs and largest > 1 and ("%" in header or _PERCENT_WORDS.search(words)):
        return "percent"
    if not signs and largest <= 1 and _FRACTION_WORDS.search(words):
        return "fraction"
    reason = Message(
        "Nothing says whether the shares go to 1 or to 100 (the largest is {largest:g}).",
        largest=largest,
    )
    fix = Message("Say shares='percent' or shares='fraction'.")
    raise one_fault("flows", file, reason, fix, column=header or None)


class Printed(NamedTuple):
    """A number with the names beside it, as printed; NaN where the cell gives none."""

    row: int
    column: str
    origin: str
    destination: str
    group: tuple[str, ...]
    value: float
    sure: bool


def check_totals(cells: Sequence[Printed], *, slack: float) -> tuple[list[Fault], list[Message]]:
    """Compare rows and columns of totals with the parts they add up."""
    parts = [cell for cell in cells if not _is_total(cell)]
    sums: dict[tuple[str, str, tuple[str, ...]], float] = defaultdict(float)
    hidden: Counter[tuple[str, str, tuple[str, ...]]] = Counter()
    for part in parts:
        for origin in (key_of(part.origin), ""):
            for destination in (key_of(part.destination), ""):
                for group in {part.group, ()}:
                    sums[origin, destination, group] += 0 if math.isnan(part.value) else part.value
                    hidden[origin, destination, group] += not part.sure
    named = {key_of(name) for part in parts for name in (part.origin, part.destination)}
    faults, notes = [], 0
    for cell, block in zip(cells, _blocks(cells), strict=True):
        if not _is_total(cell) or math.isnan(cell.value):
            continue
        key = (_summed(cell.origin, named), _summed(cell.destination, named), cell.group)
        if key not in sums:
            key = (*key[:2], ())
        added = sums.get(key, 0.0)
        if abs(added - cell.value) <= slack or abs(block - cell.value) <= slack:
            continue
        if hidden[key] and cell.value > added:
            notes += 1
            continue
        reason = Message("This total is not the sum of its parts, which is {sum:g}.", sum=added)
        fix = Message("Mend the total or the parts, or take the row or column of totals out.")
        country = next((end for end in (cell.origin, cell.destination) if is_country(end)), None)
        if country:
            reason = Message(
                "'{place}' is the whole country, and this is not the sum of the places, which is"
                " {sum:g}.",
                place=country,
                sum=added,
            )
            fix = Message("Write the region, or take these rows out.")
        faults.append(Fault(cell.row, cell.column, f"{cell.value:g}", reason, fix))
    if not notes:
        return faults, []
    return faults, [
        Message("{n} total(s) are larger than the parts printed, of which some are hidden", n=notes)
    ]


def _summed(name: str, named: Set[str]) -> str:
    """Return the key of the place a label names or adds up; "" for all of them."""
    of = total_of(name)
    if of is None:
        return key_of(name)
    # A total of words that are no place of the table ("TOTAL INMIGRANTES") is one of all places.
    return key_of(of) if key_of(of) in named else ""


def _blocks(cells: Sequence[Printed]) -> list[float]:
    """Return for each total the sum of its column since the total before it, else NaN."""
    running: dict[str, float] = {}
    blocks = []
    for cell in cells:
        total = _is_total(cell)
        blocks.append(running.pop(cell.column, math.nan) if total else math.nan)
        if not total and not math.isnan(cell.value):
            running[cell.column] = running.get(cell.column, 0.0) + cell.value
    return blocks


def _is_total(cell: Printed) -> bool:
    return is_total(cell.origin) or is_total(cell.destination)


def refuse_hidden_shares(cells: Sequence[Printed]) -> Fault | None:
    """Return a fault where whole numbers add up to 100 for every origin or every destination."""
    for end in ("origin", "destination"):
        sums: dict[str, float] = defaultdict(float)
        for cell in cells:
            if not _is_total(cell) and not math.isnan(cell.value):
                sums[key_of(getattr(cell, end))] += cell.value
        filled = [total for total in sums.values() if total]
        if len(filled) > 1 and all(abs(total - 100) <= 1 for total in filled):
            reason = Message("The numbers add up to 100 each time, so they may be percentages.")
            return Fault(None, cells[0].column or None, None, reason, _SAY_KIND)
    return None


def shares_over_100(cells: Sequence[Printed], kinds: Sequence[str]) -> list[Message]:
    """Say which origins or destinations have shares of more than 100 % in all."""
    sums: dict[tuple[str, ...], list[float]] = defaultdict(list)
    for cell, kind in zip(cells, kinds, strict=True):
        if kind.startswith("share_of_") and not _is_total(cell) and not math.isnan(cell.value):
            end = getattr(cell, kind.removeprefix("share_of_"))
            sums[(end, *cell.group)].append(cell.value)
    over = {key[0]: sum(parts) for key, parts in sums.items() if sum(parts) > 100 + len(parts) / 2}
    if not over:
        return []
    shown = [f"{place} {total:g} %" for place, total in over.items()]
    return [Message("shares add up to more than 100 %: {places}", places="; ".join(shown[:5]))]


def internal_flows(table: pd.DataFrame) -> list[Message]:
    """Say how many flows stay within one place."""
    inside = int((table["origin"] == table["destination"]).sum())
    return [Message("{n} flow(s) stay within one place", n=inside)] if inside else []
