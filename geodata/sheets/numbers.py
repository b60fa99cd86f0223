"""Counts and periods as Peruvian tables write them: ``1 433``, ``n.d.``, ``Ene. - Jun. 2018``."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ..errors import fold
from ..messages import Message
from ..words import MONTHS, is_missing

Mark = Literal["", "noted", "preliminary", "rounded", "bound"]

MOST_PEOPLE = 35_000_000
_LONGEST = 80  # characters of a count or a period

_MARKED = re.compile(
    r"\s*(?:(?P<star>\*{1,3}|[¹²³⁴]|\((?:\d|\*+|[ae-oq-z])\)|(?<=\s)[\dace]/)"
    r"|(?P<preliminary>\(?[pP]/?\)|[pP]/|\(preliminar\)|(?<=\s)[pP]))$"
)
_ROUNDED = re.compile(r"(?:≈|~|∼|aprox\.?|aproximadamente|cerca de|unas|unos)\s*", re.IGNORECASE)
_BOUND = re.compile(
    r"(?:<|>|≤|≥|&lt;|&gt;|menos de|más de|mas de|menor a|hasta)\s*=?\s*\d", re.IGNORECASE
)
_UNIT = re.compile(r"\s*(denuncias?|casos?|v[ií]ctimas?|personas?)$", re.IGNORECASE)
_GROUPED = re.compile(
    r"([1-9][0-9]{0,2})(?:([ ,.'’´`ʼ])[0-9]{3})(?:\2[0-9]{3})*(?:([.,])([0-9]+))?"
)
_DECIMAL = re.compile(r"[0-9]+([.,])([0-9]+)")


@dataclass(frozen=True)
class Count:
    """A cell of a column of counts.

    Parameters
    ----------
    value : float or None
        A whole number, 0 or more; None where the cell gives none.
    mark : {"", "noted", "preliminary", "rounded", "bound"}
        What stood beside it: a footnote sign, a mark of preliminary figures, a sign of rounding;
        ``bound`` is ``<5`` and its like, which give no value.
    thousands, decimal : str
        The separators that were taken for a thousands mark and a decimal mark, if any.
    """

    value: float | None
    mark: Mark = ""
    thousands: str = ""
    decimal: str = ""


@dataclass(frozen=True)
class Problem:
    """Why a cell is no count or no period, and how to mend it."""

    reason: Message
    fix: Message


_NOT_WHOLE = Problem(
    Message("This is not a count: it has decimals."),
    Message("Write a whole number, 0 or more; a rate or a mean does not belong here."),
)
_NEGATIVE = Problem(
    Message("A count can't be negative."), Message("Write a whole number, 0 or more.")
)
_PERCENT = Problem(
    Message("This is a percentage, not a count."),
    Message("Use the column that holds the counts."),
)
_TOO_MANY = Problem(
    Message("This is more than the people of Peru."),
    Message("Check the number: digits of two cells may have run together."),
)
_FORMULA_ERROR = Problem(
    Message("This is the error of a formula, not a count."),
    Message("Mend the formula in the spreadsheet, or clear the cell if there is no figure."),
)
_ERROR = re.compile(r"#(¡?[A-Z]+[!?]|¿NOMBRE\?|¡DIV/0!|DIV/0!|N/[AD])", re.IGNORECASE)
_NO_NUMBER = Problem(
    Message("This is not a number."),
    Message("Write a whole number, or leave the cell empty where there is none."),
)


def read_count(text: str) -> Count | Problem:
    """Read one count.

    Parameters
    ----------
    text : str
        The cell. A point or comma with exactly three digits behind it is taken for a thousands
        mark; use `read_counts` for a column, which sees when that does not hold.

    Returns
    -------
    Count or Problem
        The count, without value where the cell gives none; or what is wrong with it.
    """
    plain = text.strip().translate({0xA0: " ", 0x2009: " ", 0x202F: " ", 0x2212: "-"})
    if is_missing(plain):
        return Count(None, "preliminary" if plain.casefold() in ("p/", "(p)") else "")
    if len(plain) > _LONGEST:
        return _NO_NUMBER
    if "%" in plain:
        return _PERCENT
    if _ERROR.fullmatch(plain):
        return _FORMULA_ERROR
    if _BOUND.match(plain):
        return Count(None, "bound")
    if re.fullmatch(r"'[0-9].*", plain):
        plain = plain[1:]  # a spreadsheet marks numbers kept as text so
    mark: Mark = ""
    if re.fullmatch(r"-\s*[0-9][0-9., ]*|\([0-9., ]+\)", plain):
        return _NEGATIVE
    if marked := _MARKED.search(plain):
        mark = "preliminary" if marked.group("preliminary") else "noted"
        plain = plain[: marked.start()].strip()
    if rounded := _ROUNDED.match(plain):
        mark = "rounded"
        plain = plain[rounded.end() :]
    plain = _UNIT.sub("", plain)
    return _plain_count(plain, mark)


def _plain_count(text: str, mark: Mark) -> Count | Problem:
    count = _any_count(text, mark)
    if isinstance(count, Count) and count.value is not None and count.value > MOST_PEOPLE:
        return _TOO_MANY
    return count


def _any_count(text: str, mark: Mark) -> Count | Problem:
    if len(text) > 18:
        return _NO_NUMBER
    if text.isascii() and text.isdigit():
        return Count(float(text), mark)
    if grouped := _GROUPED.fullmatch(text):
        thousands, decimal, rest = grouped.group(2), grouped.group(3) or "", grouped.group(4) or ""
        if decimal == thousands:
            return _NO_NUMBER
        if rest.strip("0"):
            return _NOT_WHOLE
        whole = text[: -len(rest) - 1] if decimal else text
        return Count(float(re.sub("[^0-9]", "", whole)), mark, thousands, decimal)
    if decimals := _DECIMAL.fullmatch(text):
        if decimals.group(2).strip("0"):
            return _NOT_WHOLE
        return Count(float(text[: decimals.start(1)]), mark, "", decimals.group(1))
    return _NO_NUMBER


def read_counts(texts: Sequence[str]) -> list[Count | Problem]:
    """Read the counts of a column, or of all count columns of a table.

    Parameters
    ----------
    texts : sequence of str
        The cells.

    Returns
    -------
    list of (Count or Problem)
        In the order of ``texts``. Where one sign stands both before three digits and before other
        decimals (``1.433`` beside ``1.5``), or two signs part the thousands, each cell that could
        be read in two ways is a problem.
    """
    known = {text: read_count(text) for text in dict.fromkeys(texts)}
    counts = [count for count in known.values() if isinstance(count, Count)]
    thousands = {c.thousands for c in counts if c.thousands in (".", ",")}
    decimals = {c.decimal for c in counts if c.decimal}
    decimals |= {
        match.group(1)
        for text, count in known.items()
        if count is _NOT_WHOLE and (match := _DECIMAL.search(text))
    }
    if clash := (thousands & decimals) or (thousands if len(thousands) > 1 else set()):
        problem = Problem(
            Message(
                "The column uses {sign} in two ways, so it is not clear whether this is thousands"
                " or decimals.",
                sign=" ".join(f"'{sign}'" for sign in sorted(clash)),
            ),
            Message("Write all counts without a thousands mark: 1433."),
        )
        known.update(
            {
                text: problem
                for text, count in known.items()
                if isinstance(count, Count) and count.thousands in clash
            }
        )
    return [known[text] for text in texts]


@dataclass(frozen=True)
class Period:
    """A span of whole months.

    Parameters
    ----------
    start, end : str
        First and last month, ``YYYY-MM``.
    mark : {"", "noted", "preliminary"}
        A footnote sign, or a mark of preliminary figures.
    """

    start: str
    end: str
    mark: Mark = ""


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

    Parameters
    ----------
    text : str
        ``Ene.``, ``enero``, ``Setiembre``, ``1``, ``01``.

    Returns
    -------
    int or None
        1 to 12; None if it is no month.
    """
    word = fold(text).strip(" .")
    if word.isascii() and re.fullmatch(r"0?[1-9]|1[0-2]|([1-9]|1[0-2])\.0", word):
        return int(float(word))
    return _MONTH_OF.get(word)


@lru_cache(maxsize=20_000)
def read_period(text: str) -> Period | None:
    """Read a year, a month or a span of months.

    Parameters
    ----------
    text : str
        ``2017``, ``2017*``, ``Ene-17``, ``enero 2017``, ``2017-01``, ``2017/1``, ``01/2017``,
        ``Ene. - Jun. 2018``, ``2017 (p)``, ``2020 1/``, ``2016-2018``, ``I semestre 2018``, ``2018
        T1``.

    Returns
    -------
    Period or None
        None if it is no period, or could be read in two ways (``01/02/2017``, ``2018-I``).
    """
    plain = text.strip()
    if len(plain) > _LONGEST:
        return None
    mark: Mark = ""
    while marked := _MARKED.search(plain):
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
    words = fold(text).lstrip("'").replace("–", "-").replace("—", "-").replace("_", " ")
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
    kinds = (("s", "sem", "semestre", 6), ("t", "trim", "trimestre", 3))
    for letter, short, name, months in kinds:
        before = re.fullmatch(rf"{_PART}[ \-]*(?:{name}|{short})[ ,\-]*{_Y}", text)
        before = before or re.fullmatch(rf"{letter}{_PART}[ \-]+{_Y}", text)
        after = re.fullmatch(rf"{_Y}[ \-]*(?:{name}|{short}|{letter})[ \-]*{_PART}", text)
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
