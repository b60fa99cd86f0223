"""Typed values of a workbook or Parquet file as text, and the names of columns."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

from ..errors import DataFileError
from ..messages import Message

_ERROR_CELL = re.compile(
    r"#(REF|DIV/0|VALUE|N/A|NAME|NULL|NUM|SPILL|CALC)[!?]?|(Err|Error):\d+", re.IGNORECASE
)


def value_text(value: object, form: str = "") -> str:
    """Write a typed value as text.

    Whole numbers without decimals, other numbers with as many as they need (never exactly three,
    which could be read as a thousands mark), codes with the zeros their format shows, percentages
    with their sign, dates as ``YYYY-MM-DD``, or ``YYYY-MM`` where no day is shown; the empty string
    for None and NaN.
    """
    if value is None or value != value:  # NaN is not equal to itself
        return ""
    if isinstance(value, bool | str):
        return str(value).upper() if isinstance(value, bool) else value
    if isinstance(value, datetime.datetime):
        value = value.date() if value.time() == datetime.time() else value
    if isinstance(value, datetime.date):
        shows_day = (
            not form
            or form == "General"
            or "d" in re.sub(r"\[[^]]*\]|\"[^\"]*\"", "", form).casefold()
        )
        return value.isoformat() if shows_day else value.isoformat()[:7]
    if isinstance(value, int | float):
        return number_text(value, form)
    return str(value)


def number_text(value: float, form: str = "") -> str:
    """Write a number as `value_text` does."""
    if "%" in form:
        return f"{value * 100:.10g}%"
    if value == value // 1 and abs(value) < 1e15:
        whole = str(int(value))
        return whole.zfill(len(form)) if re.fullmatch("0+", form) else whole
    text = repr(float(value))
    return f"{text}0" if re.fullmatch(r"-?\d+\.\d{3}", text) else text


def matters(form: str) -> bool:
    """Tell whether `value_text` needs a number format: percentages, codes, dates without a day."""
    plain = re.sub(r"\[[^]]*\]|\"[^\"]*\"|\\.", "", form).casefold()
    return "%" in plain or re.fullmatch("00+", form) is not None or (
        "y" in plain and "m" in plain and "d" not in plain
    )  # fmt: skip


def column_letters(number: int) -> str:
    """Return the letters of a column, counted from 1, as a spreadsheet shows them."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the number of a column, counted from 1, from its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell, row and column counted from 1: ``B3``."""
    return f"{column_letters(column)}{row}"


def is_error_value(text: str) -> bool:
    """Tell whether a cell holds an error such as ``#DIV/0!``."""
    return text[:1] in "#Ee" and _ERROR_CELL.fullmatch(text) is not None


_KINDS = {
    ".xlsx": Message("Excel workbook (.xlsx)"),
    ".xls": Message("Excel workbook (.xls)"),
    ".ods": Message("spreadsheet (.ods)"),
    ".parquet": Message("Parquet file"),
    ".sav": Message("SPSS file (.sav)"),
    ".dta": Message("Stata file (.dta)"),
}


def refuse_damaged(path: Path, kind: str) -> DataFileError:
    """Return the refusal of a file that can't be read as what it seems to be (``.xlsx`` ...)."""
    return DataFileError(
        Message("{file}: this is not a readable {kind}.", file=path, kind=_KINDS[kind])
    )


ERROR = Message(
    "{file}, sheet '{sheet}': cell {cell} holds the error {value}. Mend the formula or clear the"
    " cell."
)
UNCALCULATED = Message(
    "{file}, sheet '{sheet}': cell {cell} holds a formula without its result ({n} such cell(s))."
    " Open the file in Excel, let it calculate, and save it again."
)
SPREAD = Message(
    "{file}, sheet '{sheet}': its cells reach to {cell}, which is more than is read. Delete what"
    " stands far from the table, or split the table."
)


def refuse_cell(why: Message, path: Path, sheet: str, cell: str, **values: object) -> DataFileError:
    """Return the refusal of a cell: an error, a formula without result, or too far away."""
    return DataFileError(Message(why.text, file=path, sheet=sheet, cell=cell, **values))


def hidden_notes(sheet: str, rows: list[int], columns: bool) -> tuple[Message, ...]:
    """Say that hidden rows and columns of a sheet were read."""
    notes = []
    if rows:
        notes.append(
            Message(
                "sheet '{sheet}' has {n} hidden row(s) (the first is row {row}); they were read"
                " too",
                sheet=sheet,
                n=len(rows),
                row=rows[0],
            )
        )
    if columns:
        notes.append(Message("sheet '{sheet}' has hidden columns; they were read too", sheet=sheet))
    return tuple(notes)
