"""Checks of flows as printed: totals against their parts, hidden shares, repeated pairs."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from typing import NamedTuple

import pandas as pd

from ...errors import Fault
from ...messages import Message
from ...places.keys import key_of
from ...words import is_country, is_total, total_of


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
            return Fault(
                None,
                cells[0].column or None,
                None,
                Message("The numbers add up to 100 each time, so they may be percentages."),
                Message(
                    "Say value_kind='share_of_origin' or value_kind='share_of_destination'"
                    " (or value_kind='count')."
                ),
            )
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
