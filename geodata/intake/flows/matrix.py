"""Origin-destination matrices: places down the side and across the top."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ...errors import Fault, TableError
from ...messages import Message
from ...places.codes import code_of
from ...places.ends import EndCells
from ...places.gazetteer import LIMA
from ...places.resolver import COARSER, IN_REGION, Resolver
from ...sheets.counts import Count, read_count
from ...sheets.sheet import Sheet
from ...words import is_not_given, is_total, words_of
from ..personal import listed_columns


@dataclass(frozen=True)
class Matrix:
    """Where the parts of a matrix stand.

    Parameters
    ----------
    names : int
        Column of the names of the rows.
    numbers : tuple of int
        Columns of the numbers.
    transposed : bool
        Whether the rows are destinations.
    direction : Message
        What that was told by.
    repeated : tuple of Fault
        Places that stand twice down the side or across the top.
    """

    names: int
    numbers: tuple[int, ...]
    transposed: bool
    direction: Message
    repeated: tuple[Fault, ...] = ()


def find_matrix(
    opened: Sheet,
    resolver: Resolver,
    *,
    kind: str | None,
    skip: frozenset[int],
    across: str | None = None,
) -> Matrix:
    """Find the parts of a matrix."""
    columns = [i for i in range(len(opened.header)) if i not in skip]
    names = next((i for i in columns if not _all_codes(opened, i)), 0)
    numbers = [i for i in columns if i > names]
    places = [i for i in numbers if resolver.match(opened.header[i], kind=kind).place is not None]
    plain = [i for i in numbers if not _names_no_place(opened.header[i])]
    if not places or 2 * len(places) < len(plain):
        raise TableError(
            "flows",
            opened.file,
            [
                Fault(
                    None,
                    None,
                    None,
                    Message(
                        "There are no columns of origins and destinations, and the header does not"
                        " name places either."
                    ),
                    Message(
                        "Say which columns they are with columns={{'origin': '...', 'destination':"
                        " '...'}}. Columns found: {columns}.",
                        columns=listed_columns(opened.header),
                    ),
                )
            ],
        )
    corner = words_of(opened.header[names])
    to, back = (
        _position(corner, ("destino", "destination", "explotacion")),
        _position(corner, ("origen", "origin", "captacion", "procedencia")),
    )
    transposed = to is not None and (back is None or to < back)
    if across is not None:
        transposed = across == "origin"
        direction = (
            Message("the columns are origins, as the cell above them says")
            if transposed
            else Message("the columns are destinations, as the cell above them says")
        )
    elif transposed:
        direction = Message("the rows are destinations, as the corner '{corner}' says",
                            corner=opened.header[names])  # fmt: skip
    elif back is not None:
        direction = Message("the rows are origins, as the corner '{corner}' says",
                            corner=opened.header[names])  # fmt: skip
    else:
        direction = Message("the rows were taken for origins, the columns for destinations")
    top = [(None, opened.header[i], opened.header[i]) for i in numbers]
    side = [
        (number, opened.header[names], row[names])
        for number, row in zip(opened.row_numbers, opened.rows, strict=True)
    ]
    repeated = (*_repeated(top, resolver, kind), *_repeated(side, resolver, kind))
    return Matrix(names, tuple(numbers), transposed, direction, repeated)


def without_whole_lima(opened: Sheet, names: int, resolver: Resolver) -> tuple[Sheet, int]:
    """Leave out "Lima" where it is the sum of its two parts beside it; return how many cells."""

    def parts_in(labels: Sequence[str]) -> tuple[int, int, int] | None:
        found = [resolver.find(label, kind="region") for label in labels]
        lima = {m.part: i for i, m in enumerate(found) if m.ubigeo == LIMA and m.kind == "place"}
        return (lima[""], lima["city"], lima["rest"]) if len(lima) == 3 else None

    left = 0
    if (at := parts_in(opened.header)) is not None:
        cells = [[_plain_count(row[i]) for i in at] for row in opened.rows]
        if all(whole == city + rest for whole, city, rest in cells):
            keep = [i for i in range(len(opened.header)) if i != at[0]]
            rows = tuple(tuple(row[i] for i in keep) for row in opened.rows)
            header = tuple(opened.header[i] for i in keep)
            opened, left = replace(opened, header=header, rows=rows), len(rows)
    if (at := parts_in([row[names] for row in opened.rows])) is not None:
        columns = [i for i in range(len(opened.header)) if i > names]
        cells = [[_plain_count(opened.rows[r][i]) for r in at] for i in columns]
        if all(whole == city + rest for whole, city, rest in cells):
            keep = [r for r in range(len(opened.rows)) if r != at[0]]
            numbers = tuple(opened.row_numbers[r] for r in keep)
            rows = tuple(opened.rows[r] for r in keep)
            opened, left = replace(opened, rows=rows, row_numbers=numbers), left + len(columns)
    return opened, left


def _plain_count(cell: str) -> float:
    count = read_count(cell)
    return count.value or 0.0 if isinstance(count, Count) else 0.0


def _repeated(
    names: Sequence[tuple[int | None, str, str]], resolver: Resolver, kind: str | None
) -> list[Fault]:
    """Find places that stand twice; two parts of one region may."""
    seen: dict[str, str] = {}
    faults = []
    for row, column, name in names:
        match = resolver.match(name, kind=kind)
        if _names_no_place(name) or match.place is None or match.note in (COARSER, IN_REGION):
            continue
        first = seen.setdefault(match.place.place_id, name)
        if first is not name:
            faults.append(
                Fault(
                    row,
                    column,
                    None if row is None else name,
                    Message("'{first}' is the same place and stands before it.", first=first),
                    Message("Add the two up, or mend the name."),
                )
            )  # fmt: skip
    return faults


def matrix_lines(
    opened: Sheet, matrix: Matrix
) -> Iterator[tuple[int, str, EndCells, EndCells, str]]:
    """Yield row, column, origin, destination and number of each cell of a matrix."""
    for number, row in zip(opened.row_numbers, opened.rows, strict=True):
        for i in matrix.numbers:
            side, top = _end(row[matrix.names]), _end(opened.header[i])
            origin, destination = (top, side) if matrix.transposed else (side, top)
            yield number, opened.header[i], origin, destination, row[i]


def _names_no_place(name: str) -> bool:
    return is_total(name) or is_not_given(name)


def _end(name: str) -> EndCells:
    return EndCells({"place": name})


def _position(words: str, wanted: tuple[str, ...]) -> int | None:
    found = [words.find(word) for word in wanted if word in words]
    return min(found, default=None)


def _all_codes(opened: Sheet, position: int) -> bool:
    """Tell whether a column holds codes beside a column of names."""
    cells = [row[position] for row in opened.rows if row[position]]
    beside = position + 1 < len(opened.header) and any(
        any(c.isalpha() for c in row[position + 1]) for row in opened.rows
    )
    return beside and bool(cells) and all(code_of(cell) for cell in cells)
