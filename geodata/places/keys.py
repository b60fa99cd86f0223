"""How names of places are compared: one key, footnotes, words for a level, hints, damage."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast

from ..errors import casefolded
from ..text import mend_text
from ..words import ABBREVIATIONS, COURTS, LEVELS, LEVELS_BEHIND, words_of

PlaceLevel = Literal["region", "province", "district", "city"]

# No name is longer; what is longer is text, and patterns need not look at it.
LONGEST_NAME = 200
_LOOKED_AT = 300

_MARK = re.compile(r"\s*(\*+|\(?\d\)|\(?\d/\)?|[¹²³⁴]|\([a-z]\)|\b[a-c]/)$")
_PARTS = re.compile(r"\s*[,;/|()]\s*|\s+[-–—]\s+")
_INVERTED = re.compile(r"([^,;/|()]+),\s*([^,;/|()]+)")


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_PREFIX = re.compile(rf"({_any_of(LEVELS)}) (?:del? |of )?(.+)")
_SUFFIX = re.compile(rf"(.+) ({_any_of(LEVELS_BEHIND)})")
_COURT = re.compile(rf"({_any_of(COURTS)}) (?:del? |of )?(.+)")

# What a scanner or a broken encoding leaves in place of a letter.
_LOST = re.compile(r"[?\ufffd¤$#@*|!]+")
_BROKEN = re.compile("[?\ufffd¤]")
_DIGITS = {"0": "[o]", "1": "[il]", "3": "[e]", "4": "[a]", "5": "[s]", "6": "[g]", "8": "[b]"}
_TOKEN = re.compile(r"[^\s.,/()-]+\.?")
_LONGEST_SHORT = 7
_FEWEST_LETTERS = 3


@dataclass(frozen=True)
class WantedName:
    """One way to read a cell: key, the level it says, keys of the units it lies in."""

    key: str
    level: PlaceLevel | None
    within: tuple[str, ...] = ()


def key_of(name: str) -> str:
    """Return what spellings of one name share, of places and columns alike.

    ``Quince Mil`` and ``QUINCEMIL`` are one, and so are ``AÑO_HECHO`` and ``Ano hecho``.
    """
    return words_of(name).replace(" ", "")


def clean_place(name: str) -> str:
    """Return a printed name without footnote signs; of a long text only its beginning."""
    # Looking for a mark at the end is quadratic in what is looked at, so that is bounded.
    plain = name[:_LOOKED_AT].strip()
    while (marked := _MARK.search(plain)) and marked.start():
        plain = plain[: marked.start()].strip()
    return plain.rstrip(":").strip()


@lru_cache(maxsize=20_000)
def wanted_names(name: str) -> tuple[WantedName, ...]:
    """Return the ways a cell can be read, the most literal first.

    The whole name; ``Libertad, La`` turned round; the name without the word for its level; the
    smallest unit first in larger ones (``Santa Rosa (Loreto)``) and the other way round.
    """
    text = mend_text(name)[0]
    ways = [WantedName(key_of(name), None)]
    if turned := _INVERTED.fullmatch(text):
        ways.append(WantedName(key_of(f"{turned[2]} {turned[1]}"), None))
    ways.append(_without_level(name))
    parts = [part for part in _PARTS.split(text) if part and key_of(part) != "peru"]
    if parts and parts[0] != name:
        for order in (parts, parts[::-1]):
            first = _without_level(order[0])
            within = tuple(_without_level(part).key for part in order[1:])
            levels = [LEVELS.get(words_of(part)) for part in order[1:]]
            named = cast("PlaceLevel | None", next((level for level in levels if level), None))
            within = tuple(key for key, level in zip(within, levels, strict=True) if not level)
            ways.append(WantedName(key_of(order[0]), named, within))
            ways.append(WantedName(first.key, first.level or named, within))
    return tuple(way for way in dict.fromkeys(ways) if way.key)


def _without_level(name: str) -> WantedName:
    words = words_of(name)
    if not court_name(words):
        for pattern, level, bare in ((_PREFIX, 1, 2), (_SUFFIX, 2, 1)):
            if found := pattern.fullmatch(words):
                level_word = cast("PlaceLevel", LEVELS[found[level]])
                return WantedName(found[bare].replace(" ", ""), level_word)
    return WantedName(words.replace(" ", ""), None)


def court_name(words: str) -> str:
    """Return what follows ``distrito fiscal``, ``corte superior de justicia`` ..., or ""."""
    found = _COURT.fullmatch(words)
    return found[2] if found else ""


def has_lost_letters(name: str) -> bool:
    """Tell whether a broken encoding left marks in place of letters."""
    return _BROKEN.search(name[:_LOOKED_AT]) is not None


def find_loosely(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return those of ``known`` (as `words_of` writes them) that a damaged name can stand for.

    A lost character stands for one letter, a figure inside a word for the letter it looks like, a
    letter with a point for any word that begins so: ``CA?ETE``, ``LORET0``, ``S.J. de Lurigancho``.
    None where nothing in it is damaged or shortened, or too little of it is left.
    """
    pattern = _loose_pattern(name[:LONGEST_NAME])
    return tuple(filter(pattern.fullmatch, known)) if pattern else ()


def _loose_pattern(name: str) -> re.Pattern[str] | None:
    parts, whole, loose = [], 0, False
    for token in _TOKEN.findall(mend_text(name)[0]):
        word = token.rstrip(".")
        plain = casefolded(_LOST.sub(lambda lost: "\x00" * len(lost[0]), word))
        if not plain.replace("\x00", ""):
            return None
        shortened = len(plain) == 1 or (token.endswith(".") and len(plain) <= _LONGEST_SHORT)
        if shortened and plain.isalpha() and plain not in ABBREVIATIONS:
            parts.append(rf"{plain}\w*")
            loose = True
            whole = max(whole, len(plain))
            continue
        letters = sum(c.isalpha() for c in plain)
        if "\x00" in plain or (letters and letters < len(plain)):
            loose = True
            plain = "".join(r"\w?" if c == "\x00" else _DIGITS.get(c, re.escape(c)) for c in plain)
            parts.append(plain)
        else:
            parts.append(re.escape(ABBREVIATIONS.get(plain, plain)))
        whole = max(whole, letters)
    if not loose or whole < _FEWEST_LETTERS:
        return None
    return re.compile(" ".join(parts))
