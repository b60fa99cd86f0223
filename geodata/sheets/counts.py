"""Counts as Peruvian tables write them: ``1 433``, ``1.433``, ``12 (p)``, ``n.d.``, ``<5``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..errors import Fault
from ..messages import Message
from ..words import is_missing

Mark = Literal["", "noted", "preliminary", "rounded", "bound"]

MOST_PEOPLE = 35_000_000
LONGEST = 80  # characters of a count or a period

MARKED = re.compile(
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
    """A cell of a column of counts."""

    value: float | None  # A whole number, 0 or more; None where the cell gives none
    # what stood beside it: a footnote sign, a mark of preliminary figures, a sign of rounding;
    # ``bound`` is ``<5`` and its like, which give no value
    mark: Mark = ""
    # the separators that were taken for a thousands mark and a decimal mark, if any
    thousands: str = ""
    decimal: str = ""


@dataclass(frozen=True)
class Problem:
    """Why a cell is no count or no period, and how to mend it."""

    reason: Message
    fix: Message

    def at(self, row: int, column: str, value: str | None) -> Fault:
        """Return the fault of a cell."""
        return Fault(row, column, value, self.reason, self.fix)


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

    The count, without value where the cell gives none; or what is wrong with it.
    """
    plain = text.strip().translate({0xA0: " ", 0x2009: " ", 0x202F: " ", 0x2212: "-"})
    if is_missing(plain):
        return Count(None, "preliminary" if plain.casefold() in ("p/", "(p)") else "")
    if len(plain) > LONGEST:
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
    if marked := MARKED.search(plain):
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

    In the order of ``texts``. Where one sign stands both before three digits and before other
    decimals (``1.433`` beside ``1.5``), or two signs part the thousands, each cell that could be
    read in two ways is a problem.
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
