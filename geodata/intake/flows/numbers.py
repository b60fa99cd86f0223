"""The numbers of flows: counts or shares, and the totals printed beside them."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import pandas as pd

from ...errors import Fault, one_fault
from ...messages import Message
from ...places.keys import key_of
from ...sheets.counts import Problem, read_counts
from ...words import header_words, is_country, is_missing, is_total, total_of

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
