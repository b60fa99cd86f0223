"""The numbers of a table of flows: counts, or shares of an origin or a destination."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ...errors import Fault, TableError
from ...messages import Message
from ...sheets.counts import Problem, read_counts
from ...words import is_missing, words_of

_KINDS = {
    "count": Message("counts"),
    "share_of_origin": Message("percentages of the origin"),
    "share_of_destination": Message("percentages of the destination"),
    "none": Message("no numbers of their own"),
}
SHARE_KINDS = ("share_of_origin", "share_of_destination")
_SHARE = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,6}))?\s*(%?)")
_PERCENT_WORDS = re.compile(r"porcentaje|percent|participacion")
_FRACTION_WORDS = re.compile(r"proporcion|proportion|fraccion|fraction")
COUNT_WORDS = re.compile(
    r"cantidad|numero|number|n|nro|no|conteo|count|frecuencia|freq|casos|victimas|denuncias|personas|cases|"
    r"victims|complaints|people|rescatad[oa]s"
)
_OUT_OF_RANGE = Problem(
    Message("A share lies between 0 and 100 percent."),
    Message("Mend the number, or say what it is."),
)
_NO_SHARE = Problem(Message("This is not a share."), Message("Write a number such as 33 or 33.5."))


@dataclass(frozen=True)
class Value:
    """One cell: its number, or NaN where it is empty, a dash, a bound (``<5``) or unknown."""

    number: float
    empty: bool = False
    dash: bool = False
    bound: bool = False


def choose_kind(
    header: str, cells: Sequence[str], *, file: str, value_kind: str | None
) -> tuple[str, Message]:
    """Tell whether numbers are counts or shares."""
    if value_kind is not None:
        return value_kind, Message(
            "the numbers are read as {kind}, as asked", kind=_KINDS[value_kind]
        )
    words = words_of(header.replace("_", " "))
    shares = "%" in header or any("%" in cell for cell in cells)
    shares = shares or bool(_PERCENT_WORDS.search(words) or _FRACTION_WORDS.search(words))
    shares = shares or "share" in words
    counts = bool(COUNT_WORDS.fullmatch(words.split(" ")[0])) if words else False
    decimals = any(re.fullmatch(r"\d{1,3}[.,]\d{1,2}", cell.strip()) for cell in cells)
    if shares or (decimals and not counts):
        refuse_mixed(cells, header=header, file=file)
        for kind, pattern in zip(
            SHARE_KINDS, ("origen|origin", "destino|destination"), strict=True
        ):
            if shares and re.search(pattern, words):
                return kind, Message("the numbers are read as {kind}", kind=_KINDS[kind])
        raise TableError(
            "flows",
            file,
            [
                Fault(
                    None,
                    header or None,
                    None,
                    Message("The numbers look like shares, but nothing says of what."),
                    Message(
                        "Say value_kind='share_of_origin' or value_kind='share_of_destination'"
                        " (or value_kind='count')."
                    ),
                )
            ],
        )
    why = Message("the numbers are read as counts")
    if COUNT_WORDS.search(words):
        why = Message(
            "the numbers are read as counts, as the column '{column}' says", column=header
        )
    return "count", why


def read_values(
    cells: Sequence[str], kind: str, *, header: str, file: str, shares: str | None
) -> list[Value | Problem]:
    """Read the numbers of a column or matrix."""
    if kind == "count":
        return [
            count
            if isinstance(count, Problem)
            else _missing(cell, bound=count.mark == "bound")
            if count.value is None
            else Value(count.value)
            for cell, count in zip(cells, read_counts(cells), strict=True)
        ]
    scale = _scale(cells, header=header, file=file, shares=shares)
    return [_read_share(cell, scale) for cell in cells]


def refuse_mixed(cells: Sequence[str], *, header: str, file: str) -> None:
    """Refuse numbers of which only some carry a sign of per cent."""
    filled = [cell for cell in cells if not is_missing(cell)]
    signs = sum("%" in cell for cell in filled)
    if "%" in header or not 0 < signs < len(filled):
        return
    reason = Message(
        "{n} of {all} numbers have the sign % and the others have not, so counts and shares seem"
        " to be mixed.",
        n=signs,
        all=len(filled),
    )
    fix = Message(
        "Write counts and shares into columns of their own, or say shares='percent' if all are"
        " percentages."
    )
    raise TableError("flows", file, [Fault(None, header or None, None, reason, fix)])


def _missing(cell: str, *, bound: bool = False) -> Value:
    plain = cell.strip()
    dash = bool(plain) and not plain.strip("-–—")
    return Value(math.nan, empty=not plain, dash=dash, bound=bound)


def _read_share(cell: str, scale: str) -> Value | Problem:
    if is_missing(cell):
        return _missing(cell)
    found = _SHARE.fullmatch(cell.strip())
    if found is None:
        return _NO_SHARE
    number = Decimal(f"{found[1]}.{found[2] or '0'}")
    if scale == "fraction" and not found[3]:
        number *= 100
    return Value(float(number)) if number <= 100 else _OUT_OF_RANGE


def _scale(cells: Sequence[str], *, header: str, file: str, shares: str | None) -> str:
    """Return ``percent`` or ``fraction``; never by the size of the numbers alone."""
    filled = [cell.strip() for cell in cells if not is_missing(cell)]
    signs = sum("%" in cell for cell in filled)
    words = words_of(header.replace("_", " "))
    found = [_SHARE.fullmatch(cell) for cell in filled]
    largest = max((float(f"{f[1]}.{f[2] or 0}") for f in found if f), default=0.0)
    if shares is not None:
        return shares
    refuse_mixed(cells, header=header, file=file)
    if filled and signs == len(filled):
        return "percent"
    if not signs and largest > 1 and ("%" in header or _PERCENT_WORDS.search(words)):
        return "percent"
    if not signs and largest <= 1 and _FRACTION_WORDS.search(words):
        return "fraction"
    raise TableError(
        "flows",
        file,
        [
            Fault(
                None,
                header or None,
                None,
                Message(
                    "Nothing says whether the shares go to 1 or to 100 (the largest is"
                    " {largest:g}).",
                    largest=largest,
                ),
                Message("Say shares='percent' or shares='fraction'."),
            )
        ],
    )
