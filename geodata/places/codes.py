"""Codes of regions, provinces and districts in any dress, and the two systems that look alike.

INEI and RENIEC both number Peru's units with two, four and six digits, and differ: 07 is Callao in
INEI's list and Cusco in RENIEC's. Corredor works with INEI's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .gazetteer import (
    DIGITS,
    LEVEL_OF_DIGITS,
    LIMA_CITY,
    LIMA_REST,
    Level,
    bears_listed_name,
    find_region_code,
    find_unit,
    inei_by_reniec,
    unit_names,
)

System = Literal["inei", "reniec"]

MOST_DIGITS = 10

_NUMBER = re.compile(r"'?(?:per?[\s_.-]?)?(\d{1,10})(?:[.,]0+)?", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\d\.\d+e[+-]?\d{1,2}", re.IGNORECASE)
_HIDDEN = re.compile("[\u200b-\u200f\u2060\ufeff]")


def digits_of(value: object) -> str | None:
    """Return the digits of a code in any dress as they stand, or None if it is no number.

    ``1``, ``17.0``, ``"01"``, OCHA's ``"PE01"``, ``"'010000"``; NaN and blanks give None.
    """
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS:
        return value
    if isinstance(value, float):
        return str(int(value)) if math.isfinite(value) and value == int(value) else None
    text = _HIDDEN.sub("", str(value)).strip()
    if found := _NUMBER.fullmatch(text):
        return found[1]
    return digits_of(float(text)) if _SCIENTIFIC.fullmatch(text) else None


def code_of(text: str) -> str | None:
    """Return the INEI code that one cell holds (two, four or six digits), or None.

    ``8``, ``08``, ``080000``, ``PE08``, ``8.0``, ``PE-CUS`` are region 08: zeros lost at the front
    come back, zeros that pad a region or province go. A whole column tells more: see `pad_codes`.
    """
    digits = digits_of(text)
    if digits is None or len(digits) > DIGITS["district"]:
        return find_region_code(text)
    digits = digits.zfill(len(digits) + len(digits) % 2)
    while len(digits) > 2 and digits.endswith("00"):
        digits = digits[:-2]
    return digits


def region_of_code(text: str) -> str | None:
    """Return the region (two digits) of a code of any length, or None if it is no code."""
    return (code_of(text) or "")[:2] or None


def is_code(text: str) -> bool:
    """Tell whether a cell holds a code, not a name."""
    return code_of(text) is not None


def pad_codes(digits: Sequence[str | None], level: Level | None = None) -> list[str | None]:
    """Bring the codes of one column to full length (two, four or six digits).

    ``digits`` come from `digits_of`; the longest one tells the level if none is given. Zeros lost
    at the front come back, and zeros that only fill up (010000 for region 01) go. None where a
    value can't be such a code.
    """
    if level == "region" and any(text and text[:4] in (LIMA_CITY, LIMA_REST) for text in digits):
        digits = [_cut_region(text) for text in digits]
        return [text if text and len(text) in (2, 4) else None for text in digits]
    given = [text for text in digits if text]
    longest = max(map(len, given), default=0)
    longest += longest % 2
    if longest > 6 or not longest:
        return [None] * len(digits)
    full = [text.zfill(longest) if text else None for text in digits]
    while longest > 2 and all(text[-2:] == "00" for text in full if text):
        longest -= 2
        full = [text[:longest] if text else None for text in full]
    wanted = DIGITS[level] if level else longest
    if longest < wanted:
        full = [text.zfill(wanted) if text else None for text in full]
    return [text if text and len(text) == wanted and int(text[:2]) else None for text in full]


def _cut_region(text: str | None) -> str | None:
    """Cut 010000 to 01, and leave the parts of Lima their four digits."""
    if text is None or len(text) not in (2, 4, 6):
        return text.zfill(2) if text and len(text) == 1 else None
    kept = text[:4] if text[:4] in (LIMA_CITY, LIMA_REST) else text[:2]
    return kept if not text[len(kept) :].strip("0") else None


def to_inei(code: str, system: System) -> str | None:
    """Return INEI's code for a code of either system, or None where it is not known."""
    return code if system == "inei" else inei_by_reniec().get(code)


@dataclass(frozen=True)
class Evidence:
    """How well codes fit what else is said of their units, under one system.

    ``hits`` have a name that agrees with the code, ``odd`` one that is not listed, ``misses`` (by
    position) the name of another code.
    """

    hits: int
    odd: int
    misses: tuple[int, ...]


def weigh_codes(
    codes: Sequence[str],
    system: System,
    *,
    regions: Sequence[str | None] | None = None,
    names: Sequence[str] | None = None,
) -> Evidence:
    """Compare codes of one length with the regions and names beside them, under one system."""
    hits = odd = 0
    misses = []
    for at, code in enumerate(codes):
        inei = code if system == "inei" else to_inei(code, system)
        named = regions[at] if regions else None
        region = (inei or to_inei(code[:2], system) or "")[:2]
        if named is not None and named[:2] != region:
            misses.append(at)
            continue
        verdict = _verdict(inei, names[at]) if names and len(code) > 2 else None
        if verdict == "miss":
            misses.append(at)
        elif verdict == "odd":
            odd += 1
        elif verdict == "hit" or named is not None:
            hits += 1
    return Evidence(hits, odd, tuple(misses))


def _verdict(inei: str | None, name: str) -> Literal["hit", "odd", "miss"]:
    if inei is None or not name:
        return "odd"
    if bears_listed_name(inei, name):
        return "hit"
    other = find_unit(name, LEVEL_OF_DIGITS[len(inei)], within=inei[:-2])
    return "miss" if inei in unit_names() and other not in (None, inei) else "odd"
