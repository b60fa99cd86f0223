"""The source of each row of a table of flows or routes."""

from __future__ import annotations

import re

from ...messages import Message
from ...sheets.sheet import Sheet
from ..columns import Roles
from ..tally import Tally

_SOURCE_ID = re.compile(r"[\w.-]{1,40}")


def source_ids(opened: Sheet, roles: Roles, source_id: str, notes: Tally) -> list[str]:
    """Return the source of each row.

    Parameters
    ----------
    opened : Sheet
        The table.
    roles : Roles
        Its columns.
    source_id : str
        Source of rows that don't name one.
    notes : Tally
        Says where sources were taken from, or that titles of sources can't be.

    Returns
    -------
    list of str
        One id per row. A column counts if all it holds are ids, words without a blank.
    """
    if "source_id" not in roles.simple:
        return [source_id] * len(opened.rows)
    column = opened.header[roles.simple["source_id"]]
    cells = [row[roles.simple["source_id"]].strip() for row in opened.rows]
    named = [cell for cell in cells if cell]
    if all(_SOURCE_ID.fullmatch(cell) for cell in named):
        for cell in named:
            notes.add(Message("sources as in the column '{column}'", column=column), example=cell)
        return [cell or source_id for cell in cells]
    said = Message(
        "the column '{column}' names {n} source(s) by title, and all rows have the source_id"
        " '{source_id}'. To keep them apart, write in this column the source_id that each has"
        " in the table 'sources'",
        column=column,
        n=len(set(named)),
        source_id=source_id,
    )
    for _ in named:
        notes.add(said)
    return [source_id] * len(opened.rows)
