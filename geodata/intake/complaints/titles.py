"""What titles, footnotes and numbers say of a complaint table beyond its columns."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...errors import DataFileError, fold
from ...messages import Message
from ...sheets.sheet import Sheet
from ..columns import measures_of
from .cells import Cell

_THOUSANDS = re.compile(r"\b(en|in) (miles|millones|thousands|millions)\b")


def refuse_thousands(sheet: Sheet, lines: Sequence[str]) -> None:
    """Refuse a table that says its numbers are thousands.

    Parameters
    ----------
    sheet : Sheet
        The table.
    lines : sequence of str
        Titles and footnotes.

    Raises
    ------
    DataFileError
        If a title, a footnote or a column name says so.
    """
    for text in (*lines, *sheet.header):
        if found := _THOUSANDS.search(fold(text)):
            raise DataFileError(
                Message(
                    "{file}: its numbers are rounded to thousands or millions ('{text}'), so the"
                    " counts themselves are not known. Use a table with whole numbers.",
                    file=sheet.file,
                    text=text if text in (*sheet.lines, *sheet.header) else found[0],
                )
            )


def other_measure(sheet: Sheet, measure: str) -> list[Message]:
    """Say where the title names another thing that is counted.

    Parameters
    ----------
    sheet : Sheet
        The table.
    measure : str
        What the caller says is counted.

    Returns
    -------
    list of Message
        At most one.
    """
    for text in sheet.lines[:2]:
        said = measures_of(fold(text))
        if said and measure not in said:
            return [
                Message(
                    "the title speaks of {found}, but the counts were taken for {measure}: {text}",
                    found=", ".join(said),
                    measure=measure,
                    text=text,
                )
            ]
    return []


def thousands_marks(cells: Sequence[Cell]) -> list[Message]:
    """Say that a point or comma was taken for a thousands mark.

    Parameters
    ----------
    cells : sequence of Cell
        Cells that were read.

    Returns
    -------
    list of Message
        At most one.
    """
    marked = [cell for cell in cells if cell.count.thousands in (".", ",")]
    if not marked:
        return []
    return [
        Message(
            "'{sign}' was taken for a thousands mark in {n} count(s), for example {value:,.0f}",
            sign=marked[0].count.thousands,
            n=len(marked),
            value=marked[0].count.value,
        )
    ]
