"""Names with damaged or shortened words: ``CA?ETE``, ``LORET0``, ``S.J. de Lurigancho``."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..errors import fold
from ..text import mend_text
from .keys import SHORT

# What a scanner or a broken encoding leaves in place of a letter.
_LOST = re.compile(r"[?\ufffd¤$#@*|!]+")
_BROKEN = re.compile("[?\ufffd¤]")
_DIGITS = {"0": "[o]", "1": "[il]", "3": "[e]", "4": "[a]", "5": "[s]", "6": "[g]", "8": "[b]"}
_TOKEN = re.compile(r"[^\s.,/()-]+\.?")
_LONGEST_SHORT = 4
_FEWEST_LETTERS = 3


def has_lost_letters(name: str) -> bool:
    """Tell whether a broken encoding left marks in place of letters."""
    return _BROKEN.search(name) is not None


def find_loosely(name: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """Find the names that a damaged or shortened one can stand for.

    Parameters
    ----------
    name : str
        As printed. A lost character stands for one letter, a figure inside a word for the letter
        it looks like, a letter with a point for any word that begins so.
    known : mapping of str to str
        Names by their words (see `words_of`).

    Returns
    -------
    tuple of str
        Names it can stand for, each spelling once; none where nothing in it is damaged or
        shortened, or too little of it is left.
    """
    pattern = _pattern(name)
    if pattern is None:
        return ()
    return tuple(one for words, one in known.items() if pattern.fullmatch(words))


def _pattern(name: str) -> re.Pattern[str] | None:
    parts, whole, loose = [], 0, False
    for token in _TOKEN.findall(mend_text(name)[0]):
        word = token.rstrip(".")
        plain = fold(_LOST.sub(lambda lost: "\x00" * len(lost[0]), word))
        if not plain.replace("\x00", ""):
            return None
        shortened = len(plain) == 1 or (token.endswith(".") and len(plain) <= _LONGEST_SHORT)
        if shortened and plain.isalpha() and plain not in SHORT:
            parts.append(rf"{plain}\w*")
            loose = True
            continue
        letters = sum(c.isalpha() for c in plain)
        if "\x00" in plain or (letters and letters < len(plain)):
            loose = True
            plain = "".join(r"\w?" if c == "\x00" else _DIGITS.get(c, re.escape(c)) for c in plain)
            parts.append(plain)
        else:
            parts.append(re.escape(SHORT.get(plain, plain)))
        whole = max(whole, letters)
    if not loose or whole < _FEWEST_LETTERS:
        return None
    return re.compile(" ".join(parts))
