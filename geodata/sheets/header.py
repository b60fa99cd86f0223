"""The parts of a table: titles, the header (perhaps in several rows), the body, the footnotes."""

from __future__ import annotations

import math
import re
from collections import Counter
from pathlib import Path

from ..errors import DataFileError, clip, fold
from ..messages import Message
from ..places.keys import key_of
from .text import Grid
from .values import column_letters

HEADER_WITHIN = 30

NUMERIC = re.compile(r"-?[\d.,'’ ]*\d")
_YEAR = re.compile(r"'?(19|20)\d{2}(\.0)?")
_CODE = re.compile(r"(0[1-9]|1\d|2[0-5])(\d{4})?")
HEADER_WORDS = {
    "departamento", "dpto", "dep", "region", "provincia", "distrito", "distritofiscal",
    "distritojudicial", "distritofiscalfn", "ubigeo", "ano", "anio", "mes", "periodo", "denuncias",
    "casos", "victimas", "cantidad", "valor", "ambito", "value", "year", "month", "origen",
    "destino", "origin", "destination", "lugar", "place", "nombre", "codigo", "coddep", "ccdd",
    "etiquetasdefila", "rowlabels",
}  # fmt: skip


def _filled(cells: tuple[str, ...]) -> int:
    return len({cell for cell in cells if cell})


def is_count(cell: str) -> bool:
    """Tell whether a cell is a number that is neither a year nor an INEI code."""
    return bool(NUMERIC.fullmatch(cell)) and not (_YEAR.fullmatch(cell) or _CODE.fullmatch(cell))


def find_header(grid: Grid, header_row: int | None) -> int | None:
    """Find the row with the column names.

    Parameters
    ----------
    grid : Grid
        Mended cells.
    header_row : int or None
        Row of the file that holds the names, where it is known.

    Returns
    -------
    int or None
        Index in ``grid.rows`` of the first row that is filled like the others, says no numbers
        but years and codes, and of several the first with a word that headers use.
    """
    if header_row is not None:
        return next((i for i, (number, _) in enumerate(grid.rows) if number == header_row), None)
    widths = Counter(sum(map(bool, cells)) for _, cells in grid.rows[: 10 * HEADER_WITHIN])
    if not widths:
        return None
    width = max(widths.items(), key=lambda item: (item[1], item[0]))[0]
    need = max(min(2, width), math.ceil(width / 2))
    found = []
    for i, (_, cells) in enumerate(grid.rows[:HEADER_WITHIN]):
        filled = [cell for cell in cells if cell]
        corner = not cells[0] and len(filled) > 0
        named = corner or any(not NUMERIC.fullmatch(cell) for cell in filled)
        few_counts = sum(map(is_count, filled)) * 2 < len(filled)
        if named and few_counts and len(filled) + corner >= need:
            found.append(i)
    known = [i for i in found if any(key_of(c) in HEADER_WORDS for c in grid.rows[i][1])]
    return next(iter(known or found), None)


def read_header(grid: Grid, start: int) -> tuple[list[str], int, int]:
    """Read the column names, also from two or three rows (a year over its months).

    Parameters
    ----------
    grid : Grid
        Mended cells.
    start : int
        Index of a row of the header.

    Returns
    -------
    tuple of (list of str, int, int)
        The names, the index of the first row of the header, and how many rows it fills.
    """
    while start and _merged_down(grid, start):
        start -= 1
    rows = [_spread(grid, start)]
    while len(rows) < 3 and _is_second_header(grid, start, rows):
        rows.append(_spread(grid, start + len(rows)))
    if not grid.merged:
        rows = [*(_forward(row, rows[-1]) for row in rows[:-1]), rows[-1]]
    width = max(len(row) for row in rows)
    names = []
    for column in range(width):
        parts = [row[column] for row in rows if column < len(row) and row[column]]
        names.append(" ".join(dict.fromkeys(parts)))
    while names and not names[-1]:
        names.pop()
    return names, start, len(rows)


def _merged_down(grid: Grid, index: int) -> bool:
    """Tell whether a cell of the row above reaches down into this row."""
    number = grid.rows[index][0]
    return any(span.top < number <= span.bottom and span.right > 0 for span in grid.merged) and (
        _filled(grid.rows[index - 1][1]) > 1
    )


def _spread(grid: Grid, index: int) -> list[str]:
    """Return the cells of a header row, merged ones copied over the cells they cover."""
    number, cells = grid.rows[index]
    filled = list(cells)
    by_number = dict(grid.rows)
    for span in grid.merged:
        if span.top <= number <= span.bottom:
            anchor = by_number.get(span.top, ())
            text = anchor[span.left - 1] if span.left <= len(anchor) else ""
            filled += [""] * (span.right - len(filled))
            filled[span.left - 1 : span.right] = [text] * (span.right - span.left + 1)
    return filled


def _is_second_header(grid: Grid, start: int, rows: list[list[str]]) -> bool:
    """Tell whether the next row continues the column names (a year over its months)."""
    index = start + len(rows)
    if index + 1 >= len(grid.rows):
        return False
    number, cells = grid.rows[index]
    above = rows[-1]
    filled = [cell for cell in cells if cell]
    if not filled or any(map(is_count, filled)):
        return False
    merged = any(
        span.top <= number - 1 <= span.bottom and (span.right > span.left or span.bottom >= number)
        for span in grid.merged
    )
    gaps = any(not cell for cell in above[1:]) and not cells[0]
    return merged or (gaps and len(filled) > 1 and not grid.merged)


def _forward(row: list[str], below: list[str]) -> list[str]:
    """Fill gaps of a header row from the left, where the row below has a name."""
    filled = [*row, *[""] * (len(below) - len(row))]
    for i in range(1, len(filled)):
        if not filled[i] and i < len(below) and below[i]:
            filled[i] = filled[i - 1]
    return filled


def drop_empty(
    header: list[str], rows: list[tuple[str, ...]]
) -> tuple[tuple[str, ...], list[tuple[str, ...]], list[Message]]:
    """Drop columns without name and cell, and name those that hold something.

    Parameters
    ----------
    header : list of str
        Column names, perhaps empty.
    rows : list of tuple of str
        Cells, as wide as the header.

    Returns
    -------
    tuple of (tuple of str, list of tuple of str, list of Message)
        Header, rows and notes.
    """
    notes: list[Message] = []
    keep = []
    names = []
    for i, name in enumerate(header):
        if not name and not any(row[i] for row in rows):
            continue
        keep.append(i)
        names.append(name or f"column {column_letters(i + 1)}")
        if not name:
            notes.append(
                Message(
                    "column {column} has no name and is called '{name}'",
                    column=column_letters(i + 1),
                    name=names[-1],
                )
            )
    if len(keep) < len(header):
        n = len(header) - len(keep)
        notes.append(Message("{n} empty column(s) without a name were dropped", n=n))
        rows = [tuple(row[i] for i in keep) for row in rows]
    return tuple(names), rows, notes


def refuse_twice(path: Path, header: tuple[str, ...]) -> None:
    """Refuse a header that names a column twice, also with other case or accents.

    Parameters
    ----------
    path : Path
        File shown in the error.
    header : tuple of str
        Column names.

    Raises
    ------
    DataFileError
        If a name stands twice.
    """
    seen: dict[str, str] = {}
    for name in header:
        key = fold(name)
        if key in seen:
            raise DataFileError(
                Message(
                    "{file}: the header names column '{name}' more than once. Rename one of them.",
                    file=path,
                    name=clip(name),
                )
            )
        seen[key] = name


def row_note(where: Message, cells: tuple[str, ...], separator: str = "") -> Message:
    """Return a title or footnote as a note.

    Parameters
    ----------
    where : Message
        Where it stands.
    cells : tuple of str
        Its cells.
    separator : str
        What stood between the cells, where a sentence was cut at it.

    Returns
    -------
    Message
        The text on one line, cut to 300 characters.
    """
    glue = f"{separator} " if separator and separator.strip() else " "
    text = glue.join(dict.fromkeys(cell for cell in cells if cell))
    return Message("{where}: {text}", where=where, text=clip(text, 300))
