"""Checks of a complaint table once its cells are known: repeated, overlapping and future months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import date
from heapq import nsmallest

from ...errors import Fault, TableError
from ...messages import Message
from ...places.keys import key_of
from ...sheets.numbers import Count, read_counts
from ...sheets.sheet import Sheet
from .cells import Cell
from .columns import Layout

_SHOWN = 10
_KEPT = 1000


def refuse_twice(
    cells: Sequence[Cell], sheet: Sheet, layout: Layout, finer: tuple[str, ...]
) -> None:
    """Refuse a place and period that stands twice; adding or choosing would be a guess.

    Parameters
    ----------
    cells : sequence of Cell
        Cells without sums.
    sheet : Sheet
        The table.
    layout : Layout
        What its columns are.
    finer : tuple of str
        Columns that part a place further.

    Raises
    ------
    TableError
        With every repetition.
    """
    found = sum(1 for _ in _repeats(cells))
    if not found:
        return
    pairs = nsmallest(_KEPT, _repeats(cells), key=lambda pair: pair[1].row)
    rows = dict(zip(sheet.row_numbers, sheet.rows, strict=True))
    free = [name for name in layout.unused if name not in finer]
    apart = {name: sheet.header.index(name) for name in free}
    raise TableError(
        "complaints",
        sheet.file,
        [
            _twice_fault(first, second, _twice_fix(rows[first.row], rows[second.row], apart))
            for first, second in pairs
        ],
        more=found - len(pairs),
    )


def _repeats(cells: Sequence[Cell]) -> Iterator[tuple[Cell, Cell]]:
    """Yield each cell whose place and months stood before, behind the first such cell."""
    for same in _by_place(cells):
        seen: dict[tuple[str, str], Cell] = {}
        for cell in same:
            first = seen.setdefault((cell.period.start, cell.period.end), cell)
            if first is not cell:
                yield first, cell


def _twice_fault(first: Cell, second: Cell, fix: Message) -> Fault:
    return Fault(
        second.row,
        second.column,
        second.place,
        Message(
            "The same place and months stand in row {first} ({one}) and here ({two}).",
            first=first.row,
            one=_shown(first),
            two=_shown(second),
        ),
        fix,
    )


def refuse_overlap(cells: Sequence[Cell], file: str) -> None:
    """Refuse two counts of one place that share months: their sum would count them twice.

    Parameters
    ----------
    cells : sequence of Cell
        Cells without sums.
    file : str
        Name of the file.

    Raises
    ------
    TableError
        With the pairs.
    """
    faults = []
    for group in _by_place(cells):
        same = [cell for cell in group if cell.count.value is not None and cell.period.start]
        if len({cell.period for cell in same}) < 2:
            continue
        same.sort(key=lambda cell: (cell.period.start, cell.period.end))
        last = same[0]
        for cell in same[1:]:
            if cell.period.start <= last.period.end and cell.period != last.period:
                faults.append(_overlap_fault(cell.row, cell.column, cell.place, last.row))
            if cell.period.end > last.period.end:
                last = cell
    if faults:
        raise TableError("complaints", file, faults)


def _overlap_fault(row: int, column: str, place: str, other: int) -> Fault:
    return Fault(
        row,
        column,
        place,
        Message(
            "Its months overlap those of row {row} for the same place, so that adding them up would"
            " count twice.",
            row=other,
        ),
        Message("Keep the rows of one set of periods: whole years, or months, or the newest cut."),
    )


def refuse_future(cells: Sequence[Cell], file: str) -> None:
    """Refuse counts of months that have not begun: the year is a slip of the hand.

    Parameters
    ----------
    cells : sequence of Cell
        All cells.
    file : str
        Name of the file.

    Raises
    ------
    TableError
        With one fault for each period.
    """
    today = f"{date.today():%Y-%m}"
    faults = {
        cell.period.start: Fault(
            cell.row,
            cell.column,
            cell.period.start,
            Message("These months have not begun yet."),
            Message("Correct the year."),
        )
        for cell in reversed(cells)
        if cell.period.start > today
    }
    if faults:
        raise TableError("complaints", file, list(faults.values()))


def compare_parts(sheet: Sheet, layout: Layout) -> list[Message]:
    """Compare a column of totals with the columns it adds up (men, women).

    Parameters
    ----------
    sheet : Sheet
        The table.
    layout : Layout
        What its columns are.

    Returns
    -------
    list of Message
        A note for each row where they differ; none where a part is no number.
    """
    if not layout.parts:
        return []
    total = layout.values[0].name
    columns = [read_counts(sheet.column(name)) for name in (total, *layout.parts)]
    notes = []
    for row, counts in zip(sheet.row_numbers, zip(*columns, strict=True), strict=True):
        values = [count.value for count in counts if isinstance(count, Count)]
        if len(values) < len(counts) or values[0] is None:
            continue
        found = sum(value or 0 for value in values[1:])
        if found != values[0] and (found > values[0] or None not in values):
            notes.append(
                Message(
                    "row {row}: column '{column}' says {said:,.0f}, {parts} add up to {found:,.0f};"
                    " '{column}' was used",
                    row=row,
                    column=total,
                    said=values[0],
                    parts=", ".join(layout.parts),
                    found=found,
                )
            )
    more = len(notes) - _SHOWN
    rest = [Message("... and {n} more sums differ from their parts", n=more)] if more > 0 else []
    return [*notes[:_SHOWN], *rest]


def _by_place(cells: Sequence[Cell]) -> list[list[Cell]]:
    """Return the cells of each place; two spellings of one place are one."""
    groups: dict[Hashable, list[Cell]] = defaultdict(list)
    for cell in cells:
        name = "" if cell.match.key else key_of(cell.place)
        groups[cell.match, name, cell.finer].append(cell)
    return list(groups.values())


def _shown(cell: Cell) -> str:
    return "-" if cell.count.value is None else f"{cell.count.value:,.0f}"


def _twice_fix(first: Sequence[str], second: Sequence[str], columns: Mapping[str, int]) -> Message:
    apart = next((name for name, at in columns.items() if first[at] != second[at]), None)
    if apart:
        return Message(
            "Column '{column}' tells them apart: choose one of its values, or add them up with"
            " add_up=['{column}'].",
            column=apart,
        )
    return Message("Keep the row that is right.")
