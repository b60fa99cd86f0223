"""Opening the tables of a study: any of the file kinds a study may use, as columns of text."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from ..errors import DataFileError, MissingExtraError
from ..messages import Message

LARGEST_TABLE = 100_000_000
# The cells of a table as text, by column.
Cells = dict[str, list[str]]
Lines = tuple[list[str], list[list[str]]]


def read_cells(path: Path) -> Cells:
    """Read a file as columns of text cells.

    Parameters
    ----------
    path : Path
        ``.csv`` (UTF-8; comma, semicolon or tab), ``.xlsx`` (first sheet) or ``.parquet``.

    Returns
    -------
    dict of str to list of str
        The cells of each column, stripped of blanks, the empty string where there is nothing.

    Raises
    ------
    DataFileError
        If the file is missing or too large, is not text, has ragged rows or a header that names a
        column twice.
    MissingExtraError
        If the package that reads this kind of file is not installed.
    """
    if not path.is_file():
        raise DataFileError(Message("{file}: there is no such file.", file=path))
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise DataFileError(
            Message(
                "{file}: tables are read from .csv, .xlsx or .parquet, not from '{suffix}'.",
                file=path,
                suffix=path.suffix,
            )
        )
    if (size := path.stat().st_size) > LARGEST_TABLE:
        raise DataFileError(
            Message(
                "{file}: {size:,.0f} MB is more than is read ({limit:,.0f} MB).",
                file=path,
                size=size / 1e6,
                limit=LARGEST_TABLE / 1e6,
            )
        )
    header, rows = reader(path)
    names = [name.strip() for name in header]
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise DataFileError(
            Message(
                "{file}: the header names column '{name}' more than once. Rename one of them.",
                file=path,
                name=twice[0],
            )
        )
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    return {name: list(map(str.strip, cells)) for name, cells in zip(names, columns, strict=True)}


def _read_csv(path: Path) -> Lines:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except PermissionError as error:
        raise DataFileError(
            Message(
                "{file}: it cannot be read ({detail}); another program may hold it open.",
                file=path,
                detail=error.strerror,
            )
        ) from error
    except UnicodeDecodeError as error:
        raise DataFileError(
            Message(
                "{file}: byte {position} is not UTF-8. Save the table as 'CSV UTF-8'.",
                file=path,
                position=error.start,
            )
        ) from error
    first_line = text.split("\n", 1)[0]
    if "\0" in text or not first_line.strip():
        raise DataFileError(
            Message("{file}: this is not a text table with a header line.", file=path)
        )
    separator = max(",;\t", key=first_line.count)
    try:
        lines = csv.reader(
            io.StringIO(text.rstrip("\r\n"), newline=""), delimiter=separator, strict=True
        )
        header, *rows = lines
    except csv.Error as error:
        raise DataFileError(
            Message(
                "{file}: a quote is not closed, or stands inside a cell ({detail}). Open the table"
                " in a spreadsheet and save it again as CSV.",
                file=path,
                detail=error,
            )
        ) from error
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise DataFileError(
                Message(
                    "{file}: row {row} has {found} cells, the header has {wanted}. Put quotes"
                    " around cells that contain '{separator}'.",
                    file=path,
                    row=number,
                    found=len(row),
                    wanted=len(header),
                    separator=separator,
                )
            )
    return header, rows


def _read_excel(path: Path) -> Lines:
    from ..sheets.source import find_source
    from ..sheets.xlsx import damaged, list_xlsx, read_xlsx_grid

    source = find_source(path)
    if source.kind != "xlsx":
        raise damaged(path)
    book = list_xlsx(source)
    rows = dict(read_xlsx_grid(source, (*book.names, *book.hidden)[0]).rows)
    if not rows:
        raise DataFileError(Message("{file}: the first sheet of the workbook is empty.", file=path))
    width = max(map(len, rows.values()))
    # Blank rows stay, so that rows count as a spreadsheet counts them.
    lines = [rows.get(number, ()) for number in range(1, max(rows) + 1)]
    header, *body = [[*cells, *[""] * (width - len(cells))] for cells in lines]
    return header, body


def _read_parquet(path: Path) -> Lines:
    try:
        cells = pd.read_parquet(path)
    except ImportError as error:
        raise _missing_extra(path, "parquet") from error
    except (OSError, ValueError) as error:
        raise DataFileError(
            Message("{file}: this is not a readable Parquet file.", file=path)
        ) from error
    return _split(cells.astype(object).where(cells.notna(), ""))


def _split(cells: pd.DataFrame) -> Lines:
    return [str(name) for name in cells.columns], cells.astype(str).to_numpy().tolist()


_READERS: dict[str, Callable[[Path], Lines]] = {
    ".csv": _read_csv,
    ".xlsx": _read_excel,
    ".parquet": _read_parquet,
}


def _missing_extra(path: Path, extra: str) -> MissingExtraError:
    return MissingExtraError(
        Message(
            "{file}: reading this kind of file needs an extra: pip install 'corredor[{extra}]'.",
            file=path,
            extra=extra,
        )
    )
