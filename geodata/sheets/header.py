"""The parts of a table: titles, the header (perhaps in several rows), the body, the footnotes."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from ..errors import DataFileError, casefolded, clip
from ..messages import Message
from ..places.keys import key_of
from .text import SEPARATORS, Grid
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

    Index in ``grid.rows`` of the first row that is filled like the others, says no numbers but
    years and codes, and of several the first with a word that headers use.
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

    The names, the index of the first row of the header, and how many rows it fills.
    """
    while start and (_merged_down(grid, start) or _named_above(grid, start)):
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


def _named_above(grid: Grid, index: int) -> bool:
    """Tell whether names that stand twice in this row are told apart by groups in the row above."""
    names = [casefolded(cell) for cell in grid.rows[index][1] if cell]
    (number, above), row = grid.rows[index - 1], grid.rows[index][0]
    return (
        len(set(names)) < len(names) and number == row - 1 and 1 < _filled(above) < len(names) + 1
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
    # "Departamento, Provincia" below "Origen" and "Destino" goes on from the first cell.
    levels = all(key_of(cell) in HEADER_WORDS for cell in filled) and len(set(filled)) < len(filled)
    gaps = any(not cell for cell in above[1:]) and (not cells[0] or levels)
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
    """Drop columns without name and cell, and name those that hold something."""
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
    """Refuse a header that names a column twice, also with other case or accents."""
    seen: dict[str, str] = {}
    for name in header:
        key = casefolded(name)
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

    The text on one line, cut to 300 characters.
    """
    glue = f"{separator} " if separator and separator.strip() else " "
    text = glue.join(dict.fromkeys(cell for cell in cells if cell))
    return Message("{where}: {text}", where=where, text=clip(text, 300))


# The body below the header

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

    Rows of the table, as wide as the header, with their numbers; and notes.
    """
    body: list[Row] = []
    notes: list[Message] = []
    repeated = 0
    covered = _merged_cells(path, grid, start, header)
    keys = _keys(header)
    # Rows begin with their number as a rule, which is no name of a column.
    numbered = bool(keys) and keys[0].isdigit()
    first_key = cache(lambda cell: "" if cell.isdigit() and not numbered else key_of(cell))
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
        if NUMERIC.fullmatch(text) and not _YEAR_NAMES.search(casefolded(header[span.left - 1])):
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
