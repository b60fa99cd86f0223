"""Registers with one row a case, given to a reader of aggregates."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import Fault, TableError
from ..messages import Message
from ..sheets.sheet import Sheet
from ..words import words_of
from .flows.columns import role_of, row_number_columns
from .personal import PERSON_ROLES, PersonalColumn, names_one_person

_ROW_NUMBERS = ("n", "no", "nro", "num", "numero")


def refuse_register(opened: Sheet, personal: Sequence[PersonalColumn], table: str) -> None:
    """Refuse a table that names or describes persons and has no column of counts.

    Parameters
    ----------
    opened : Sheet
        The table.
    personal : sequence of PersonalColumn
        Its columns that look personal.
    table : str
        Shown in the error.

    Raises
    ------
    TableError
        If each row seems to be one person's case; only headers are named.
    """
    skip = {column.position for column in personal}
    skip |= row_number_columns(opened.header, opened.rows)
    counted = any(
        role_of(name) == ("value", "") and words_of(name) not in _ROW_NUMBERS
        for i, name in enumerate(opened.header)
        if i not in skip
    )
    named = [column.header for column in personal if names_one_person(column)]
    described = [
        name
        for i, name in enumerate(opened.header)
        if i not in skip and (role_of(name) or ("",))[0] in PERSON_ROLES
    ]
    if len(described) > 1:  # sex and age, or date and sex: each row is somebody
        named += described
    if counted or not named:
        return
    raise TableError(
        table,
        opened.file,
        [
            Fault(
                None,
                None,
                None,
                Message(
                    "This is a register with one row a case: it has the columns {columns}.",
                    columns=", ".join(named),
                ),
                Message(
                    "Read it with 'corredor check FILE --as cases', which counts the cases and"
                    " keeps no row."
                ),
            )
        ],
    )
