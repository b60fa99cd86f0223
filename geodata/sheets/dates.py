"""Dates of cases: only year and month are kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..messages import Message
from .numbers import read_month, read_period

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
