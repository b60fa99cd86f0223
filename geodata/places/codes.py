"""Codes of regions, provinces and districts in any dress, and the two systems that look alike.

INEI and RENIEC both number Peru's units with two, four and six digits, and differ: 07 is Callao in
INEI's list and Cusco in RENIEC's. Corredor works with INEI's.
"""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from importlib import resources
from typing import Literal

from ..errors import fold

Level = Literal["region", "province", "district"]
System = Literal["inei", "reniec"]

DIGITS: dict[Level, int] = {"region": 2, "province": 4, "district": 6}
LIMA_CITY, LIMA_REST = "1501", "1599"
MOST_DIGITS = 10

_NUMBER = re.compile(r"'?(?:pe|per)?[\s_.-]?(\d{1,10})(?:[.,]0+)?", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\d\.\d+e[+-]?\d{1,2}", re.IGNORECASE)
_HIDDEN = re.compile("[\u200b-\u200f\u2060\ufeff]")
_SMALL_WORDS = frozenset(("de", "del", "la", "las", "los", "y", "el"))
_WORD_STARTS = re.compile(r"(^|[-(.'])(\w)")
_NO_SIGNS = partial(re.compile(r"[\W_]+").sub, "")
_LEVEL_WORDS = re.compile(
    r"(?:departamento|dpto|depto|dep|region|reg|department)\.? (?:de |del |of )?(.+)"
    r"|(.+) (?:region|department|departamento)"
)
_UNIT_WORDS: dict[Level, re.Pattern[str]] = {
    "province": re.compile(r"(?:provincia|province|prov)\.? (?:de |del |of )?(.+)|(.+) province"),
    "district": re.compile(r"(?:distrito|district|dist)\.? (?:de |del |of )?(.+)|(.+) district"),
}


@dataclass(frozen=True)
class RegionCode:
    """One row of the crosswalk of the 25 regions (and the two parts of Lima, with four digits).

    Parameters
    ----------
    inei, name : str
        INEI's code and the official name.
    reniec, iso, hasc, gadm : str
        The same region in RENIEC's list, ISO 3166-2, HASC and GADM; empty where there is none.
    box : tuple of float
        West, south, east and north edge in degrees, rounded outwards.
    aliases : tuple of str
        Other names in use.
    """

    inei: str
    name: str
    reniec: str
    iso: str
    hasc: str
    gadm: str
    box: tuple[float, float, float, float]
    aliases: tuple[str, ...]


@cache
def region_codes() -> Mapping[str, RegionCode]:
    """Return the crosswalk by INEI code: 25 regions, then the two parts of Lima."""
    return {
        row["inei"]: RegionCode(
            inei=row["inei"],
            name=row["name"],
            reniec=row["reniec"],
            iso=row["iso"],
            hasc=row["hasc"],
            gadm=row["gadm"],
            box=(float(row["west"]), float(row["south"]), float(row["east"]), float(row["north"])),
            aliases=tuple(filter(None, row["aliases"].split(";"))),
        )
        for row in _rows("region_codes.csv")
    }


@cache
def unit_names() -> Mapping[str, str]:
    """Return the names of the provinces and districts by INEI code (4 and 6 digits)."""
    table = _columns("units.csv")
    return dict(zip(table["inei"], table["name"], strict=True))


@cache
def unit_keys() -> Mapping[str, str]:
    """Return the `name_key` of the provinces and districts by INEI code, made in one go."""
    together = "/".join(unit_names().values()).casefold()
    plain = unicodedata.normalize("NFKD", together).encode("ascii", "ignore").decode()
    return dict(zip(unit_names(), re.sub("[^a-z0-9/]", "", plain).split("/"), strict=True))


@cache
def inei_by_reniec() -> Mapping[str, str]:
    """Return INEI's code for each of RENIEC's, at all three levels."""
    pairs = {code.reniec: code.inei for code in region_codes().values() if code.reniec}
    table = _columns("units.csv")
    pairs |= dict(zip(table["reniec"], table["inei"], strict=True))
    pairs.pop("", None)
    return pairs


def official_name(code: str) -> str | None:
    """Return the name of the unit with this INEI code, or None if there is none."""
    region = region_codes().get(code)
    return region.name if region else unit_names().get(code) if len(code) > 2 else None


@lru_cache(maxsize=20_000)
def name_key(name: str) -> str:
    """Return what spellings of one name share: no accents, case, blanks or punctuation."""
    plain = name.lower() if name.isascii() else fold(name)
    return plain.replace(" ", "") if plain.replace(" ", "").isalnum() else _NO_SIGNS(plain)


def find_region(text: str) -> str | None:
    """Return the INEI code of a region given by name, ISO 3166-2, HASC or GADM code.

    Parameters
    ----------
    text : str
        ``CUZCO``, ``Dpto. de Cusco``, ``SanMartín``, ``PE-CUS``, ``PE.CS``, ``PER.8_1``.

    Returns
    -------
    str or None
        Two digits; ``1501`` and ``1599`` for metropolitan Lima and the rest of Lima.
    """
    known = _region_keys()
    if found := known.get(text.strip().casefold()) or known.get(name_key(text)):
        return found
    bare = _LEVEL_WORDS.fullmatch(fold(text))
    return known.get(name_key(bare[1] or bare[2])) if bare else None


@cache
def _region_keys() -> Mapping[str, str]:
    keys: dict[str, str] = {}
    for code in region_codes().values():
        spellings = (code.iso, code.hasc, code.gadm, code.gadm.removesuffix("_1") + "_2")
        keys |= {spelling.casefold(): code.inei for spelling in spellings if spelling[:1] == "P"}
        keys |= {name_key(name): code.inei for name in (code.name, *code.aliases)}
    return keys


@cache
def _sorted_codes(level: Level) -> Sequence[str]:
    return sorted(code for code in unit_names() if len(code) == DIGITS[level])


@lru_cache(maxsize=2_000)
def units_by_name(level: Level, within: str) -> Mapping[str, str]:
    """Return the INEI codes of provinces or districts by name key.

    A name that several of the units share is left out: it can't tell them apart.

    Parameters
    ----------
    level : {"province", "district"}
        What they are.
    within : str
        INEI code of the region or province they lie in; "" for all of Peru.
    """
    every = _sorted_codes(level)
    here = every[bisect_left(every, within) : bisect_left(every, f"{within}:")]
    keys = [unit_keys()[code] for code in here]
    shared = {key for key, times in Counter(keys).items() if times > 1}
    return {key: code for key, code in zip(keys, here, strict=True) if key not in shared}


def find_unit(name: str, level: Level, *, within: str = "") -> str | None:
    """Return the INEI code of a province or district by its name.

    Parameters
    ----------
    name : str
        Its name; accents, case, blanks and punctuation don't matter.
    level : {"region", "province", "district"}
        What it is.
    within : str, optional
        INEI code of the region or province it lies in.

    Returns
    -------
    str or None
        Four or six digits; None if there is no such unit, or more than one.
    """
    if level == "region":
        return find_region(name)
    known, key = units_by_name(level, within), name_key(name)
    if found := known.get(_UNIT_SPELLINGS.get(key, key)):
        return found
    bare = _UNIT_WORDS[level].fullmatch(fold(name)) if " " in name.strip() else None
    key = name_key(bare[1] or bare[2]) if bare else ""
    return known.get(_UNIT_SPELLINGS.get(key, key))


_UNIT_SPELLINGS = {
    name_key(one): name_key(other)
    for one, other in (
        ("Nasca", "Nazca"), ("Prov. Const. del Callao", "Callao"), ("El Callao", "Callao"),
        ("Provincia Constitucional del Callao", "Callao"), ("Cuzco", "Cusco"),
        ("Antonio Raimondi", "Antonio Raymondi"), ("Kimbiri", "Quimbiri"),
        ("Lima Metropolitana", "Lima"), ("Datem del Marañon", "Datem del Marañón"),
    )
}  # fmt: skip


def digits_of(value: object) -> str | None:
    """Return the digits of a code in any dress, or None if it is no number.

    Parameters
    ----------
    value : object
        ``1``, ``17.0``, ``"01"``, ``"PE01"``, ``"'010000"``; NaN and blanks give None.

    Returns
    -------
    str or None
        The digits as they stand, zeros at the front included.
    """
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS:
        return value
    if isinstance(value, float):
        return str(int(value)) if math.isfinite(value) and value == int(value) else None
    text = _HIDDEN.sub("", str(value)).strip()
    if found := _NUMBER.fullmatch(text):
        return found[1]
    return digits_of(float(text)) if _SCIENTIFIC.fullmatch(text) else None


def pad_codes(digits: Sequence[str | None], level: Level | None = None) -> list[str | None]:
    """Bring the codes of one column to full length.

    Parameters
    ----------
    digits : sequence of str or None
        From `digits_of`.
    level : {"region", "province", "district"}, optional
        What the codes name; told by the longest one if left out.

    Returns
    -------
    list of str or None
        Two, four or six digits; zeros lost at the front come back, and zeros that only fill up
        (010000 for region 01) go. None where a value can't be such a code.
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

    Parameters
    ----------
    hits, odd : int
        Units whose name agrees with the code; units whose name is not the listed one.
    misses : tuple of int
        Positions of the units whose name belongs to another code.
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
    """Compare codes with names, taking the codes for those of one system.

    Parameters
    ----------
    codes : sequence of str
        Codes of one length.
    system : {"inei", "reniec"}
        Whose codes they are taken for.
    regions : sequence of str or None, optional
        INEI code of the region that each row names.
    names : sequence of str, optional
        Names of the provinces or districts themselves.

    Returns
    -------
    Evidence
        Hits, oddities and misses.
    """
    hits = odd = 0
    misses = []
    for at, code in enumerate(codes):
        inei = code if system == "inei" else to_inei(code, system)
        said = regions[at] if regions else None
        region = (inei or to_inei(code[:2], system) or "")[:2]
        if said is not None and said[:2] != region:
            misses.append(at)
            continue
        verdict = _verdict(inei, names[at]) if names and len(code) > 2 else None
        if verdict == "miss":
            misses.append(at)
        elif verdict == "odd":
            odd += 1
        elif verdict == "hit" or said is not None:
            hits += 1
    return Evidence(hits, odd, tuple(misses))


def _verdict(inei: str | None, name: str) -> Literal["hit", "odd", "miss"]:
    if inei is None or not name:
        return "odd"
    if bears_listed_name(inei, name):
        return "hit"
    level: Level = "province" if len(inei) == 4 else "district"
    other = find_unit(name, level, within=inei[:-2])
    return "miss" if inei in unit_names() and other not in (None, inei) else "odd"


def bears_listed_name(code: str, name: str) -> bool:
    """Tell whether this is the name on INEI's list of the province or district with this code."""
    key = name_key(name)
    return unit_keys().get(code) == _UNIT_SPELLINGS.get(key, key)


def spanish_title(name: str) -> str:
    """Return a name in capitals as Spanish writes it: ``MADRE DE DIOS`` is ``Madre de Dios``."""
    first, *words = name.lower().split() or [""]
    return " ".join(
        [_capitalised(first)]
        + [word if word in _SMALL_WORDS else _capitalised(word) for word in words]
    )


def _capitalised(word: str) -> str:
    if word.isalpha():
        return word.capitalize()
    return _WORD_STARTS.sub(lambda found: found[1] + found[2].upper(), word)


def region_names(codes: Iterable[str]) -> str:
    """Return the names of regions as one text, in the order of their codes."""
    return ", ".join(region_codes()[code].name for code in sorted(codes))


def _columns(file: str) -> dict[str, tuple[str, ...]]:
    text = resources.files("corredor.geodata.peru").joinpath(file).read_text(encoding="utf-8")
    return {
        header: tuple(cells) for header, *cells in zip(*csv.reader(text.splitlines()), strict=True)
    }


def _rows(file: str) -> list[dict[str, str]]:
    table = _columns(file)
    return [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]
