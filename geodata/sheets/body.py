"""The rows of a table below its header: footnotes, repeated headers, merged cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from ..errors import DataFileError, clip, fold
from ..messages import Message
from ..places.keys import key_of
from .header import HEADER_WORDS, NUMERIC, is_count, row_note
from .text import SEPARATORS, Grid
from .values import column_letters

_FOOTNOTE = re.compile(
    r"(fuentes?|notas?|elaboraci[oó]n|elaborado|leyenda|source|note|actualizado|fecha de|"
    r"\(?[*\d]{1,3}/|\(?p\)?/|\(\*+\)|\(\d\)|\*+|[12]/|a/|p/)\s*[:.\s]",
    re.IGNORECASE,
)
_YEAR_NAMES = re.compile(r"a[nñ]i?o|year|period|ubigeo|c[oó]d|cc", re.IGNORECASE)

Row = tuple[int, tuple[str, ...]]


def split_body(
    path: Path, grid: Grid, start: int, header: list[str]
) -> tuple[list[Row], list[Message]]:
    """Set footnotes and repeated headers apart from the rows of the table.

    Parameters
    ----------
    path : Path
        File shown in errors.
    grid : Grid
        Mended cells.
    start : int
        Index of the first row below the header.
    header : list of str
        Column names.

    Returns
    -------
    tuple of (list of (int, tuple of str), list of Message)
        Rows of the table, as wide as the header, with their numbers; and notes.

    Raises
    ------
    DataFileError
        If a row has more or fewer cells than the header, or merged cells hold a number.
    """
    body: list[Row] = []
    notes: list[Message] = []
    repeated = 0
    covered = _merged_cells(path, grid, start, header)
    keys = _keys(header)
    first_key = cache(key_of)
    for entry in grid.rows[start:]:
        number, cells = entry
        if _is_footnote(cells, len(header)):
            notes.append(row_note(Message("below the table"), cells, grid.separator))
        elif keys and first_key(cells[0]) == keys[0] and _keys(cells) == keys:
            repeated += 1
        elif keys and first_key(cells[0]) == keys[0] and _is_other_header(cells):
            raise DataFileError(
                Message(
                    "{file}: row {row} holds column names again, but not the same ('{names}'), so"
                    " two tables stand one below the other. Put each on a sheet of its own.",
                    file=path,
                    row=number,
                    names=clip("', '".join(cell for cell in cells if cell)),
                )
            )
        else:
            fitted = _fit(path, grid, number, cells, header, covered)
            body.append(entry if fitted is cells else (number, fitted))
    if repeated:
        notes.append(Message("the header was repeated {n} time(s) within the table", n=repeated))
    while len(header) > 1 and body and _is_remark(body):
        number, cells = body.pop()
        notes.append(row_note(Message("below the table"), cells))
    return body, notes


def _keys(cells: Sequence[str]) -> list[str]:
    keys = list(map(key_of, cells))
    while keys and not keys[-1]:
        keys.pop()
    return keys


def _is_other_header(cells: tuple[str, ...]) -> bool:
    """Tell whether a row names columns again: its first cell does, and no other is a count."""
    filled = [cell for cell in cells[1:] if cell]
    return key_of(cells[0]) in HEADER_WORDS and bool(filled) and not any(map(is_count, filled))


def _is_remark(body: list[Row]) -> bool:
    """Tell whether the last row is a sentence below the table, not a place without figures."""
    number, cells = body[-1]
    if not cells[0] or any(cells[1:]):
        return False
    apart = len(body) > 1 and number - body[-2][0] > 1
    return apart or len(cells[0]) > 40 or any(sign in cells[0] for sign in ".:")


def _is_footnote(cells: tuple[str, ...], width: int) -> bool:
    if width < 2 or not _FOOTNOTE.match(cells[0] + " "):
        return False
    filled = [cell for cell in cells[1:] if cell]
    return len(filled) <= 1 or not any(map(is_count, filled))


def _fit(
    path: Path,
    grid: Grid,
    number: int,
    cells: tuple[str, ...],
    header: list[str],
    covered: dict[tuple[int, int], str],
) -> tuple[str, ...]:
    """Return a row as wide as the header, or refuse it."""
    wide = len(header)
    if len(cells) == wide and not covered:
        return cells
    fitted = list(cells)
    while len(fitted) > wide and not fitted[-1]:
        fitted.pop()
    short_text = bool(grid.separator) and len(fitted) < wide and sum(map(bool, fitted)) > 1
    if len(fitted) > wide or short_text or _is_cut_otherwise(fitted, grid.separator, wide):
        raise DataFileError(_no_fit(path, grid, number, fitted, wide))
    fitted += [""] * (wide - len(fitted))
    if covered:
        fitted = [cell or covered.get((number, i), "") for i, cell in enumerate(fitted)]
    return tuple(fitted)


def _is_cut_otherwise(cells: list[str], separator: str, wide: int) -> bool:
    """Tell whether the only cell of a row is a whole row with another separator."""
    if not separator or len(cells) != 1 or wide < 2:
        return False
    parts = (cells[0].split(other) for other in SEPARATORS if other != separator)
    return any(len(part) == wide and any(map(is_count, part[1:])) for part in parts)


def _no_fit(path: Path, grid: Grid, number: int, cells: list[str], wide: int) -> Message:
    """Say why a row is not as wide as the header."""
    given = {"file": path, "row": number, "found": len(cells), "wanted": wide}
    if len(cells) < wide:
        return Message(
            "{file}: row {row} has {found} cells, the header has {wanted}. Complete the row, or"
            " separate its cells with '{separator}' as the others.",
            separator=grid.separator,
            **given,
        )
    if grid.separator and not _has_unnamed(grid, len(cells)):
        return Message(
            "{file}: row {row} has {found} cells, the header has {wanted}. Put quotes"
            " around cells that contain '{separator}'.",
            separator=grid.separator,
            **given,
        )
    return Message(
        "{file}: row {row} has a cell in column {column}, beyond the header ('{value}')."
        " Give the column a name or clear the cell.",
        file=path,
        row=number,
        column=column_letters(len(cells)),
        # Only a short number is shown: text beyond the columns may name a person.
        value=cells[-1] if re.fullmatch(r"[\d.,]{1,6}", cells[-1]) else "...",
    )


def _has_unnamed(grid: Grid, width: int) -> bool:
    """Tell whether most rows have so many cells, so that a column lacks its name."""
    return 2 * sum(len(cells) >= width for _, cells in grid.rows) > len(grid.rows)


def _merged_cells(
    path: Path, grid: Grid, start: int, header: list[str]
) -> dict[tuple[int, int], str]:
    """Return the text of cells merged downwards; a merged count would be read several times."""
    covered: dict[tuple[int, int], str] = {}
    if not grid.merged or start >= len(grid.rows):
        return covered
    by_number = dict(grid.rows)
    first = grid.rows[start][0]
    for span in grid.merged:
        if span.top < first or span.bottom == span.top or span.left > len(header):
            continue
        anchor = by_number.get(span.top, ())
        text = anchor[span.left - 1] if span.left <= len(anchor) else ""
        if NUMERIC.fullmatch(text) and not _YEAR_NAMES.search(fold(header[span.left - 1])):
            corners = (span.left, span.top), (span.right, span.bottom)
            cells = [f"{column_letters(column)}{row}" for column, row in corners]
            raise DataFileError(
                Message(
                    "{file}: cells {first}:{last} are merged and hold the number {value}; it is not"
                    " clear which row it belongs to. Undo the merge and write it where it belongs.",
                    file=path,
                    first=cells[0],
                    last=cells[1],
                    value=text,
                )
            )
        for row in range(span.top, min(span.bottom, grid.rows[-1][0]) + 1):
            covered[row, span.left - 1] = text
    return covered
