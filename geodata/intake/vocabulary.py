"""Words for purposes, sex, age and ways of travelling, brought to the few words used here."""

from __future__ import annotations

import re
from functools import lru_cache

from ..words import is_not_given, words_of

# Patterns in order; the first that is found decides.
_PURPOSES: tuple[tuple[str, str], ...] = (
    ("mixed", r"mixt[ao]|mixed|(sexual.*laboral|laboral.*sexual|sexual.*labou?r|labou?r.*sexual)"),
    ("sexual", r"sexual|prostitucion|pornografia|proxenetismo"),
    ("labour", r"laboral|trabajo forzoso|trabajos forzados|labou?r|forced work|esclavitud"
     r"|servidumbre|servitude|slavery|domestic|mendicidad|begging|forced"),
    ("organs", r"organos|tejidos|organ"),
    ("other", r"venta de ninos|adopcion|otr[ao]s?|other"),
)  # fmt: skip
_MODES: tuple[tuple[str, str], ...] = (
    ("road", r"terrestre|carretera|bus|road|via terrestre|camion|auto|omnibus"),
    ("river", r"fluvial|rio|lancha|bote|river|barco|navega"),
    ("air", r"aere[ao]|avion|vuelo|air"),
    ("border", r"frontera|frontera|border|cruce"),
)
_FEMALE = re.compile(r"f|m[ui]jer(es)?|fem\w*|female|woman|women|nina|2")
_MALE = re.compile(r"m|h|hombres?|varon(es)?|masc\w*|male|man|men|nino|1")
_BAND = re.compile(r"(?:de )?(\d{1,2}) (?:a |y |to |hasta )?(\d{1,2})(?: anos| years)?")
_AGE = re.compile(r"(\d{1,3})(?: 0)?(?: anos| ano| years)?")
_FROM = re.compile(r"(?:de )?(\d{1,2}) (?:anos )?(?:a mas|y mas|mas|o mas|and over|and more)")
_MINOR = re.compile(
    r"menor(es)?( de edad)?|nin[oa]s?.*|adolescentes?|nna|minors?|child(ren)?|bebes?|infan\w+|"
    r"(under|menor(es)? de|menos de) 18( anos)?"
)
_ADULT = re.compile(
    r"mayor(es)?( de edad)?|adult[oa]?s?( mayor(es)?)?|jovenes adultos|"
    r"(over|mayor(es)? de) 18( anos)?"
)


@lru_cache(maxsize=2_000)
def read_purpose(text: str) -> str | None:
    """Return the purpose that a cell means: ``unknown`` for none, None for words not known."""
    if is_not_given(text):
        return "unknown" if words_of(text) not in ("otro", "otros", "otras", "other") else "other"
    return _first(_PURPOSES, text)


def read_mode(text: str) -> str | None:
    """Return the way of travelling that a cell means, None for other words."""
    return "unknown" if is_not_given(text) else _first(_MODES, text)


def read_sex(text: str) -> str:
    """Return ``female``, ``male`` or ``unknown``; the codes 1 and 2 are not guessed."""
    words = words_of(text)
    if words.isdigit():
        return "unknown"
    if _FEMALE.fullmatch(words):
        return "female"
    return "male" if _MALE.fullmatch(words) else "unknown"


def read_age_group(text: str) -> str:
    """Return ``0-17``, ``18+`` or ``unknown`` for an age or a group of ages."""
    words = words_of(text)
    if found := _AGE.fullmatch(words):
        age = int(found[1])
        return "unknown" if age > 110 else "0-17" if age < 18 else "18+"
    if found := _BAND.fullmatch(words):
        low, high = int(found[1]), int(found[2])
        return "0-17" if low <= high < 18 else "18+" if 18 <= low <= high else "unknown"
    if found := _FROM.fullmatch(words):
        return "18+" if int(found[1]) >= 18 else "unknown"
    if _MINOR.fullmatch(words):
        return "0-17"
    return "18+" if _ADULT.fullmatch(words) else "unknown"


def _first(patterns: tuple[tuple[str, str], ...], text: str) -> str | None:
    words = words_of(text)
    return next((name for name, pattern in patterns if re.search(rf"\b(?:{pattern})", words)), None)
