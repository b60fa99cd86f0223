"""Long tables on their way into the page: each column as one text of digits, and back.

A column of 100,000 flows as a list of JSON numbers takes several bytes a flow even deflated. Here
it becomes a list of its distinct values and, for each row, the position in that list, written in
base 64: first the highest digit of all rows, then the next. Digits of one place are alike, so the
deflated page spends little more on them than their entropy.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
_BASE = len(DIGITS)
_DIGIT = np.frombuffer(DIGITS.encode("ascii"), dtype=np.uint8)
# Which of two ways to write a column is shorter is judged by this many of its rows.
_SAMPLE = 1 << 15

Packed = dict[str, Any]


def pack_numbers(numbers: Sequence[int] | NDArray[np.integer[Any]]) -> Packed:
    """Pack whole numbers.

    Parameters
    ----------
    numbers : sequence of int
        Any whole numbers, negative ones included.

    Returns
    -------
    dict
        ``codes`` (str: the digits in base 64, highest of all rows first), ``digits`` (int: how many
        each row has), ``low`` (int: what code 0 stands for) and ``step`` (bool: whether the codes
        are differences to the row before, the first to 0).
    """
    plain = np.asarray(numbers, dtype=np.int64)
    forms = [_digits(plain, step=False)]
    if len(plain) > 1:
        forms.append(_digits(np.diff(plain, prepend=0), step=True))
    return min(forms, key=_cost)


def unpack_numbers(packed: Packed) -> NDArray[np.int64]:
    """Return the numbers that `pack_numbers` packed."""
    digits = packed["digits"]
    codes = np.frombuffer(packed["codes"].encode("ascii"), dtype=np.uint8)
    value = np.zeros(256, dtype=np.int64)
    value[_DIGIT] = np.arange(_BASE)
    numbers = np.zeros(len(codes) // digits, dtype=np.int64)
    for plane in codes.reshape(digits, -1):
        numbers = numbers * _BASE + value[plane]
    numbers += packed["low"]
    return np.cumsum(numbers) if packed["step"] else numbers


def pack_values(values: pd.Series[Any]) -> Packed:
    """Pack a column of any values as its distinct values and the position of each row's.

    Parameters
    ----------
    values : Series
        Text or numbers; a missing one becomes None.

    Returns
    -------
    dict
        The packed positions of `pack_numbers`, and ``words``: the distinct values in order of first
        mention.
    """
    positions, words = pd.factorize(values, use_na_sentinel=False)
    listed = [None if pd.isna(word) else word for word in words.tolist()]
    return {**pack_numbers(positions), "words": listed}


def pack_ids(ids: Sequence[str]) -> Packed:
    """Pack identifiers; those that are a word and a number, such as F001, as their numbers.

    Parameters
    ----------
    ids : sequence of str
        One identifier a row.

    Returns
    -------
    dict
        The packed numbers with ``prefix`` and ``places`` (how many digits a number is written with
        at least); or, where the identifiers are of another kind, ``words`` alone.
    """
    names = list(ids)
    first = names[0] if names else ""
    prefix = first.rstrip("0123456789")
    if first[len(prefix) :]:
        start, width = int(first[len(prefix) :]), len(first) - len(prefix)
        count = range(start, start + len(names))
        if width < 16 and names == [f"{prefix}{number:0{width}}" for number in count]:
            return {**pack_numbers(np.array(count)), "prefix": prefix, "places": width}
    tails = [name[len(prefix) :] for name in names]
    if first[len(prefix) :] and all(t.isdecimal() and t.isascii() and len(t) < 16 for t in tails):
        width = min(map(len, tails))
        numbers = [int(tail) for tail in tails]
        if names == [f"{prefix}{number:0{width}}" for number in numbers]:
            return {**pack_numbers(numbers), "prefix": prefix, "places": width}
    return {"words": names}


def unpack_values(packed: Packed) -> list[Any]:
    """Return the values that `pack_values` packed."""
    words = packed["words"]
    return [words[position] for position in unpack_numbers(packed).tolist()]


def unpack_ids(packed: Packed) -> list[str]:
    """Return the identifiers that `pack_ids` packed."""
    if "codes" not in packed:
        return list(packed["words"])
    prefix, places = packed["prefix"], packed["places"]
    return [f"{prefix}{number:0{places}}" for number in unpack_numbers(packed).tolist()]


def _digits(numbers: NDArray[np.int64], *, step: bool) -> Packed:
    low = int(numbers.min()) if len(numbers) else 0
    rest = numbers - low
    planes: list[NDArray[np.uint8]] = []
    while not planes or rest.any():
        planes.append(_DIGIT[rest % _BASE])
        rest //= _BASE
    codes = b"".join(plane.tobytes() for plane in reversed(planes)).decode("ascii")
    return {"codes": codes, "digits": len(planes), "low": low, "step": step}


def _cost(packed: Packed) -> int:
    rows = len(packed["codes"]) // packed["digits"] or 1
    codes = np.frombuffer(packed["codes"].encode("ascii"), dtype=np.uint8)
    sample = codes.reshape(packed["digits"], rows)[:, :_SAMPLE] if len(codes) else codes
    return len(zlib.compress(sample.tobytes(), 1))
