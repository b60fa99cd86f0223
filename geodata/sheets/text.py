"""Text tables (CSV and its relatives) as rows of cells: encoding and separator are found out."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import DataFileError
from ..files import utf16_without_mark
from ..messages import Message
from .source import Source

MOST_CELLS = 10_000_000
SEPARATORS = (";", "\t", "|", ",")
SAMPLE_LINES = 200

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_SPANISH = set("áéíóúñüÁÉÍÓÚÑÜ")
_SIGNS = set("°ºª¿¡«»–—“”‘’…·€´±≥≤×•\u00a0\u00ad")
_ENCODING_NAMES = {
    "utf-8-sig": "UTF-8",
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252",
    "latin-1": "Latin-1",
    "cp850": "CP850 (MS-DOS)",
}
_SEPARATOR_NAMES = {
    ",": Message("comma"),
    ";": Message("semicolon"),
    "\t": Message("tab"),
    "|": Message("vertical bar"),
}


@dataclass(frozen=True)
class Span:
    """Merged cells: rows and columns from first to last, counted from 1."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Grid:
    """Cells of a file before anything is known about them."""

    # rows that hold anything, each with its number as a spreadsheet counts
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    # what the file was recognised by, and what the reader must know
    why: tuple[Message, ...] = ()
    notes: tuple[Message, ...] = ()
    merged: tuple[Span, ...] = ()  # merged cells
    separator: str = ""  # what separates the cells of a text table; the empty string elsewhere
    mended: tuple[Message, ...] = field(default=())


def read_text_grid(source: Source, *, encoding: str | None = None) -> Grid:
    """Read a text table as rows of cells.

    Cells as they stand in the file.
    """
    path = source.path
    text, used = _decode(source, encoding)
    if "\0" in text:
        raise DataFileError(Message("{file}: this is not a text table.", file=path))
    first, _, rest = text.partition("\n")
    skipped = 0
    declared = re.fullmatch(r'"?sep=(.)"?\s*', first, re.IGNORECASE)
    if declared:
        text, skipped, separator = rest, 1, declared.group(1)
    else:
        separator = find_separator(text)
    why = (
        Message(
            "text in {encoding}, cells separated by {separator}",
            encoding=_ENCODING_NAMES.get(used, used),
            separator=_SEPARATOR_NAMES.get(separator, separator),
        ),
    )
    return Grid(rows=_split(path, text, separator, skipped), why=why, separator=separator)


def _split(
    path: Path, text: str, separator: str, skipped: int
) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Split text into rows; a row's number counts records, as a spreadsheet does."""
    known: dict[str, str] = {}
    rows: list[tuple[int, tuple[str, ...]]] = []
    cells = 0
    number = skipped
    try:
        lines = map(re.Match.group, _LINE.finditer(text))  # io.StringIO would copy the text
        for row in csv.reader(lines, delimiter=separator, strict=True):
            number += 1
            if not (row and (row[0].strip() or any(map(str.strip, row)))):
                continue
            cells += len(row)
            if cells > MOST_CELLS:
                raise DataFileError(
                    Message("{file}: more than {n:,} cells are not read.", file=path, n=MOST_CELLS)
                )
            rows.append((number, tuple(map(known.setdefault, row, row))))
    except csv.Error as error:
        raise DataFileError(
            Message(
                "{file}: after row {row} a quote is not closed, or stands inside a cell. Open the"
                " table in a spreadsheet and save it again as CSV.",
                file=path,
                row=number,
            )
        ) from error
    return tuple(rows)


def find_separator(text: str) -> str:
    """Find what separates the cells of a text table.

    The separator that gives the most lines the same number of cells; of equals the one that gives
    more cells, and a comma last, since commas also stand in numbers.
    """
    sample = [line for line in text[:200_000].splitlines()[:SAMPLE_LINES] if line.strip()]
    best = (0, 0)
    found = ","
    for separator in SEPARATORS:
        try:
            counts = Counter(
                len(row) for row in csv.reader(sample, delimiter=separator) if any(row)
            )
        except csv.Error:
            continue
        counts.pop(1, None)
        if not counts:
            continue
        width, lines = max(counts.items(), key=lambda item: (item[1], item[0]))
        if (lines, width) > best:
            best, found = (lines, width), separator
    return found


def _decode(source: Source, encoding: str | None) -> tuple[str, str]:
    raw, path = source.read(), source.path
    if encoding is not None:
        try:
            return raw.decode(encoding).removeprefix("\ufeff"), encoding
        except (LookupError, UnicodeError) as error:
            raise DataFileError(
                Message(
                    "{file}: the text can't be read as '{encoding}'.", file=path, encoding=encoding
                )
            ) from error
    return decode(raw, path)


def decode(raw: bytes, path: Path) -> tuple[str, str]:
    """Decode text whose encoding is not known.

    The text, and the codec that fits: a byte order mark decides, then UTF-8, then the one of
    Windows-1252, Latin-1 and CP850 that gives Spanish words.
    """
    for mark, codec in _BOMS:
        if raw.startswith(mark):
            try:
                return raw.decode(codec), codec
            except UnicodeError:
                break
    if (unmarked := utf16_without_mark(raw[:4096])) is not None:
        try:
            return raw.decode(unmarked), "utf-16"
        except UnicodeError:
            pass
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeError:
        pass
    if raw.rstrip()[-4:] and (short := _cut_utf8(raw)) is not None:
        return short, "utf-8"
    scores = []
    for codec in ("cp1252", "latin-1", "cp850"):
        try:
            text = raw.decode(codec)
        except UnicodeError:
            continue
        scores.append((_spanishness(text), codec, text))
    best = max(score for score, _, _ in scores)
    fits = [(codec, text) for score, codec, text in scores if score == best]
    if any(codec == "cp850" for codec, _ in fits) and len(fits) > 1:
        raise DataFileError(
            Message(
                "{file}: the letters with accents fit Windows-1252 and CP850 equally well. Say"
                " which with encoding='cp1252' or encoding='cp850', or save the table as"
                " 'CSV UTF-8'.",
                file=path,
            )
        )
    return fits[0][1], fits[0][0]


def _cut_utf8(raw: bytes) -> str | None:
    """Return text in UTF-8 whose very last character was cut, or None."""
    for missing in (1, 2, 3):
        try:
            return raw[:-missing].decode("utf-8") if raw[-missing] > 0xC1 else None
        except UnicodeError:
            continue
    return None


def _spanishness(text: str) -> int:
    """Score how well the letters beyond ASCII sit in Spanish words; 0 is neutral."""
    score = 0
    for match in re.finditer(r"[^\x00-\x7f]+", text):
        before = text[match.start() - 1] if match.start() else " "
        after = text[match.end()] if match.end() < len(text) else " "
        for char in match.group():
            if char in _SPANISH:
                beside = [c for c in (before, after) if c.isascii() and c.isalpha()]
                wrong = char.isupper() and before.isalpha() and before.islower()
                wrong |= char.islower() and bool(beside) and all(c.isupper() for c in beside)
                wrong |= before.isdigit() or after.isdigit()
                # A non-breaking blank behind a word is "á" in CP850; few words end in one.
                blank = char == "á" and not after.isalpha()
                score += -2 if wrong else -1 if blank else 2
            elif char in _SIGNS and not (before.isalpha() and after.isalpha()):
                score += 0
            else:
                score -= 3
    return score
