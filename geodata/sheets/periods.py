"""Periods and dates as tables write them: ``Ene. - Jun. 2018``, ``2017-T1``, ``05/03/2017``.

Of a date only year and month are kept.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..errors import casefolded
from ..messages import Message
from ..words import MONTHS
from .counts import LONGEST, MARKED, Mark


@dataclass(frozen=True)
class Period:
    """A span of whole months."""

    # first and last month, ``YYYY-MM``
    start: str
    end: str
    mark: Mark = ""  # A footnote sign, or a mark of preliminary figures


_MONTH_OF = {name: i for i, names in enumerate(MONTHS, start=1) for name in names}
_M = f"({'|'.join(sorted(_MONTH_OF, key=len, reverse=True))})"
# Years of which there may be figures; 2202 and 1017 are slips of the hand.
_Y = r"((?:19[89]|20[0-3])[0-9])"
_Y2 = r"((?:19[89]|20[0-3])[0-9]|[0-9]{2})"
_N = r"(0?[1-9]|1[0-2])"
_PART = r"(1|2|3|4|iv|iii|ii|i)"
_ORDINALS = {"primer": "1", "primero": "1", "segundo": "2", "tercer": "3", "cuarto": "4",
             "1er": "1", "1ro": "1", "2do": "2", "3er": "3", "4to": "4"}  # fmt: skip
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def read_month(text: str) -> int | None:
    """Read the name or number of a month.

    1 to 12; None if it is no month.
    """
    word = casefolded(text).strip(" .")
    if word.isascii() and re.fullmatch(r"0?[1-9]|1[0-2]|([1-9]|1[0-2])\.0", word):
        return int(float(word))
    return _MONTH_OF.get(word)


@lru_cache(maxsize=20_000)
def read_period(text: str) -> Period | None:
    """Read a year, a month or a span of months.

    None if it is no period, or could be read in two ways (``01/02/2017``, ``2018-I``).
    """
    plain = text.strip()
    if len(plain) > LONGEST:
        return None
    mark: Mark = ""
    while marked := MARKED.search(plain):
        mark = "preliminary" if marked.group("preliminary") else mark or "noted"
        plain = plain[: marked.start()].strip()
    months = _months_of(_plain_period(plain))
    if months is None:
        return None
    (year, month), (last_year, last_month) = months
    if (year, month) > (last_year, last_month):
        return None
    return Period(f"{year:04}-{month:02}", f"{last_year:04}-{last_month:02}", mark)


def _plain_period(text: str) -> str:
    words = casefolded(text).lstrip("'").replace("–", "-").replace("—", "-").replace("_", " ")
    words = re.sub(r"(?<=[a-z])\.", "", words)
    words = re.sub(r"[()]", " ", words)
    words = re.sub(r"^entre (.+) y (.+)$", r"\1 - \2", words)
    words = re.sub(rf"^({_Y}-{_N})/({_Y}-{_N})$", r"\1 - \4", words)
    words = re.sub(r"\b(de|del|desde|ano|anio|year)\b", " ", words)
    words = re.sub(r"\s+(a|al|hasta|to)\s+", " - ", words)
    return " ".join(_ORDINALS.get(word, word) for word in words.split())


Months = tuple[tuple[int, int], tuple[int, int]]


def _months_of(text: str, depth: int = 0) -> Months | None:
    """Return first and last (year, month) of a plain text."""
    if match := re.fullmatch(_Y + r"(?:\.0)?", text):
        return (int(match[1]), 1), (int(match[1]), 12)
    if match := re.fullmatch(rf"{_Y} ?[-/] ?{_Y}", text):
        return (int(match[1]), 1), (int(match[2]), 12)
    if match := re.fullmatch(rf"{_Y}(?:[-/]{_N}|(0[1-9]|1[0-2]))", text):
        return _one(match[1], int(match[2] or match[3]))
    if match := re.fullmatch(rf"{_N}[-/]{_Y}", text):
        return _one(match[2], int(match[1]))
    if match := re.fullmatch(rf"{_Y}-(0[1-9]|1[0-2])-([0-3][0-9])(?:[t ]00:00(?::00)?)?", text):
        valid = 1 <= int(match[3]) <= monthrange(int(match[1]), int(match[2]))[1]
        return _one(match[1], int(match[2])) if valid else None
    if match := re.fullmatch(rf"{_M}[ \-/']*{_Y2}", text):
        return _one(match[2], _MONTH_OF[match[1]])
    if match := re.fullmatch(rf"{_Y}[ \-/,:]*{_M}", text):
        return _one(match[1], _MONTH_OF[match[2]])
    if match := re.fullmatch(rf"{_M} ?[-/] ?{_M}[ ,\-]*{_Y2}", text):
        return _span(match[3], _MONTH_OF[match[1]], _MONTH_OF[match[2]])
    if match := re.fullmatch(rf"{_Y}[ ,:\-]*{_M} ?[-/] ?{_M}", text):
        return _span(match[1], _MONTH_OF[match[2]], _MONTH_OF[match[3]])
    if (part := _part_of_year(text)) is not None:
        return part
    ends = text.split(" - ")
    if depth == 0 and len(ends) == 2:
        first, last = (_months_of(end, 1) for end in ends)
        return (first[0], last[1]) if first and last else None
    return None


def _part_of_year(text: str) -> Months | None:
    """Return the months of a half or quarter of a year."""
    kinds = (("s", "sem", "semestre", 6), ("[tq]", "trim", "(?:trimestre|quarter)", 3))
    for letter, short, name, months in kinds:
        before = re.fullmatch(rf"{_PART}[ \-]*(?:{name}|{short})[ ,\-]*{_Y}", text)
        before = before or re.fullmatch(rf"{letter}{_PART}[ \-]+{_Y}", text)
        before = before or re.fullmatch(rf"{_PART} ?{letter}[ \-]+{_Y}", text)
        after = re.fullmatch(rf"{_Y}[ \-]*(?:{name}|{short}|{letter})[ \-]*{_PART}", text)
        # "2021 I Sem", as a header over two rows reads; "2021-I" alone may be either.
        after = after or re.fullmatch(rf"{_Y}[ \-]+{_PART}[ \-]*(?:{name}|{short})", text)
        if not (before or after):
            continue
        year, part = (
            (before[2], before[1]) if before else (after[1], after[2]) if after else ("", "")
        )
        number = _ROMAN.get(part) or int(part)
        if number * months > 12:
            return None
        return _span(year, (number - 1) * months + 1, number * months)
    return None


def _one(year: str, month: int) -> Months:
    return _span(year, month, month)


def _span(year: str, first: int, last: int) -> Months:
    whole = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 50 else 1900)
    return (whole, first), (whole, last)


_YMD = re.compile(r"((?:19|20)\d{2})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T].*)?")
_COMPACT = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_TWO = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.]((?:19|20)\d{2})(?:[ T].*)?")

_NO_DATE = Message("This is not a date that can be read.")
_WHICH = Message("It is not clear which number is the month.")
_NO_MONTH = Message("This date has no month.")


@dataclass(frozen=True)
class CaseDate:
    """Year and month of a case; month 0 where it is not told."""

    year: int
    month: int


def find_order(texts: Sequence[str]) -> str | None:
    """Return "dmy" or "mdy" if the dates of a column tell it, else None."""
    pairs = [(int(m[1]), int(m[2])) for m in map(_TWO.fullmatch, texts) if m]
    first, second = any(a > 12 for a, _ in pairs), any(b > 12 for _, b in pairs)
    if first == second:
        return None
    return "dmy" if first else "mdy"


def read_case_date(
    text: str, *, order: str | None, month: str = "", by_month: bool
) -> CaseDate | Message:
    """Read year and month of a date."""
    plain = text.strip()
    date: CaseDate | Message = _NO_DATE
    if found := _YMD.fullmatch(plain) or _COMPACT.fullmatch(plain):
        date = _valid(int(found[1]), int(found[2]), int(found[3]))
    elif found := _TWO.fullmatch(plain):
        date = _two(int(found[1]), int(found[2]), int(found[3]), order, by_month)
    elif (span := read_period(plain)) is not None and span.start[:4] == span.end[:4]:
        same = span.start == span.end
        date = CaseDate(int(span.start[:4]), int(span.start[5:]) if same else 0)
    if isinstance(date, CaseDate) and not date.month and month.strip():
        read = read_month(month)
        date = _NO_DATE if read is None else CaseDate(date.year, read)
    if isinstance(date, CaseDate) and by_month and not date.month:
        return _NO_MONTH
    return date


def _two(
    first: int, second: int, year: int, order: str | None, by_month: bool
) -> CaseDate | Message:
    if order == "mdy":
        return _valid(year, first, second)
    if order == "dmy" or not by_month:
        # Only the year is used unless the month matters, so either order will do.
        read = _valid(year, second, first)
        return _valid(year, first, second) if isinstance(read, Message) and not order else read
    return _WHICH if first != second else _valid(year, first, second)


def _valid(year: int, month: int, day: int) -> CaseDate | Message:
    return CaseDate(year, month) if 1 <= month <= 12 and 1 <= day <= 31 else _NO_DATE
