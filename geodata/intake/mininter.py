"""Parts of the MININTER/PNP layout: repeated rows, categories, missing months."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import cache

from ..errors import DataFileError, Fault, TableError, fold
from ..messages import Message
from ..places.keys import key_of


@dataclass(frozen=True)
class Item:
    """One row of the layout.

    Parameters
    ----------
    row : int
        Row in the file.
    year : str
        Year.
    month : int
        1 to 12.
    ubigeo : str
        Code of the region.
    category, item : str
        The two columns that say what is counted.
    value : float
        The count.
    key : tuple of str
        All cells but the count: two rows with the same are one row printed twice.
    """

    row: int
    year: str
    month: int
    ubigeo: str
    category: str
    item: str
    value: float
    key: tuple[str, ...] = field(repr=False, default=())

    @property
    def is_total(self) -> bool:
        """Whether the row adds others up (``F1_TOTAL``, ``EM_SUB TOTAL``)."""
        return _is_total(self.item)


@cache
def _is_total(item: str) -> bool:
    return "total" in fold(item).replace("_", " ").split()


def count_blocks_once(
    items: list[Item], file: str, *, by_station: bool
) -> tuple[list[Item], list[Item]]:
    """Set rows apart that repeat an earlier one.

    Parameters
    ----------
    items : list of Item
        Rows in the order of the file.
    file : str
        Name of the file.
    by_station : bool
        Whether rows name the police station. Where they do not, equal rows may be of two stations,
        and only a month of which every row is repeated counts as repeated.

    Returns
    -------
    tuple of (list of Item, list of Item)
        Each row once, and the repetitions.

    Raises
    ------
    TableError
        If two rows of one station differ in nothing but the count.
    """
    if not by_station:
        return _whole_months_once(items)
    seen: dict[tuple[str, ...], Item] = {}
    once: list[Item] = []
    repeated: list[Item] = []
    faults: list[Fault] = []
    for item in items:
        first = seen.setdefault(item.key, item)
        if first is item:
            once.append(item)
        elif first.value == item.value:
            repeated.append(item)
        else:
            faults.append(
                Fault(
                    item.row,
                    "Valor",
                    f"{item.value:.0f}",
                    Message(
                        "Row {first} is the same month, place and item with {one:,.0f}.",
                        first=first.row,
                        one=first.value,
                    ),
                    Message("Keep the row that is right."),
                )
            )
    if faults:
        raise TableError("complaints", file, faults)
    return once, repeated


def _whole_months_once(items: list[Item]) -> tuple[list[Item], list[Item]]:
    months: dict[tuple[str, int], list[Item]] = defaultdict(list)
    for item in items:
        months[item.year, item.month].append(item)
    once: list[Item] = []
    repeated: list[Item] = []
    for rows in months.values():
        times = Counter((*row.key, row.value) for row in rows)
        keys = {row.key for row in rows}
        fold_count = math.gcd(*times.values()) if len(keys) == len(times) else 1
        left = {key: count // fold_count for key, count in times.items()}
        for row in rows:
            key = (*row.key, row.value)
            (once if left[key] > 0 else repeated).append(row)
            left[key] -= 1
    return once, repeated


def choose_category(items: list[Item], wanted: str | None, file: str) -> tuple[str, list[Message]]:
    """Choose the category whose items are added up.

    Parameters
    ----------
    items : list of Item
        Each row once.
    wanted : str or None
        The category asked for.
    file : str
        Name of the file.

    Returns
    -------
    tuple of (str, list of Message)
        The category, and what is to be said about it and the others.

    Raises
    ------
    DataFileError
        If the category asked for is not there, or several add up and disagree.
    """
    sums: dict[str, dict[Hashable, float]] = {}
    for item in items:
        if not item.is_total:
            cells = sums.setdefault(item.category, defaultdict(float))
            cells[item.year, item.month, item.ubigeo] += item.value
    said = [
        Message("category '{name}': {total:,.0f}", name=name, total=sum(cells.values()))
        for name, cells in sums.items()
    ]
    if not sums:
        raise DataFileError(
            Message(
                "{file}: all rows are totals, and which of them to count can't be told. Use the"
                " file with the items of each category.",
                file=file,
            )
        )
    if wanted is not None:
        found = [name for name in sums if key_of(name) == key_of(wanted)]
        if not found:
            raise _ask(file, sums, Message("There is no category '{name}'.", name=wanted))
        return found[0], said
    consistent = [name for name in sums if _adds_up(name, items, sums[name])]
    groups: dict[Hashable, list[str]] = defaultdict(list)
    for name in consistent:
        filled = {key: value for key, value in sums[name].items() if value}
        groups[tuple(sorted(filled.items(), key=repr))].append(name)
    agree = len(groups) == 1
    chosen = consistent[0] if agree else _dominant(list(groups.values()), sums)
    if chosen is None:
        reason = (
            Message("Several categories add up to different totals.")
            if groups
            else Message("No category adds up to its own totals.")
        )
        raise _ask(file, sums, reason)
    return chosen, [Message("the items of category '{name}' were added up", name=chosen), *said]


def _ask(file: str, sums: dict[str, dict[Hashable, float]], reason: Message) -> DataFileError:
    listed = "; ".join(f"{name}: {sum(cells.values()):,.0f}" for name, cells in sums.items())
    return DataFileError(
        Message(
            "{file}: {reason} Say which to count with category='...'. Categories: {categories}.",
            file=file,
            reason=reason,
            categories=listed,
        )
    )


def _adds_up(name: str, items: list[Item], sums: dict[Hashable, float]) -> bool:
    """Tell whether the items of a category add up to its totals, month by month."""
    prefixes = {item.item.split("_")[0] for item in items if item.category == name}
    totals: dict[Hashable, float] = defaultdict(float)
    for item in items:
        if (
            item.is_total
            and item.item.split("_")[0] in prefixes
            and (item.category in (name, item.item))
        ):
            totals[item.year, item.month, item.ubigeo] += item.value
    return all(total == sums.get(key, 0) for key, total in totals.items())


def _dominant(groups: list[list[str]], sums: dict[str, dict[Hashable, float]]) -> str | None:
    """Return a category of the agreeing majority if no other counts more anywhere."""
    if not groups:
        return None
    groups = sorted(groups, key=len, reverse=True)
    first = groups[0]
    if len(first) < 2 or len(groups[1]) == len(first):
        return None
    best = sums[first[0]]
    for others in groups[1:]:
        if any(value > best.get(key, 0) for key, value in sums[others[0]].items()):
            return None
    return first[0]


def missing_months(
    items: list[Item],
) -> tuple[dict[str, Message], dict[str, tuple[str, str]]]:
    """Find months without any row.

    Parameters
    ----------
    items : list of Item
        Each row once.

    Returns
    -------
    tuple of (dict of str to Message, dict of str to (str, str))
        By year: what is missing (only years that are incomplete), and first and last month.
    """
    months: dict[str, set[int]] = defaultdict(set)
    for item in items:
        months[item.year].add(item.month)
    gaps: dict[str, Message] = {}
    spans: dict[str, tuple[str, str]] = {}
    for year, there in sorted(months.items()):
        spans[year] = (f"{year}-{min(there):02}", f"{year}-{max(there):02}")
        missing = sorted(set(range(1, 13)) - there)
        if missing:
            gaps[year] = Message(
                "{year} is incomplete: no figures for month(s) {months}",
                year=year,
                months=", ".join(map(str, missing)),
            )
    return gaps, spans
