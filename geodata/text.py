"""Text as it should have been: broken encodings, hidden characters and odd blanks mended."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from .messages import Message

_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_BLANK = re.compile(r"[\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# What XML cannot hold, what steers a terminal, and marks that turn the direction of text.
_UNWRITABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
# What stood between two digits was a sign of its own, so that joining them would make a number up.
_IN_NUMBER = re.compile(rf"(?<=[0-9]){_CONTROL.pattern}+(?=[0-9])")
# Letters beyond the Latin ones: what is left of "Ñ" may look like half of a Cyrillic letter.
_FOREIGN = "[\u0250-\u1dff\u3000-\ufaff]"  # takes long to compile and is rarely needed
# What any text that needs mending has: a letter beyond ASCII, a control, or a blank too many.
_ODD = re.compile(r"[^ -~\n]|&|  |^ | $", re.MULTILINE)
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#[0-9]{2,5});")
_SUSPECT = re.compile("[ÃÂâÐ\u0080-\u009f]")

MENDS = {
    "encoding": Message("text that had been converted twice"),
    "entity": Message("letters written as HTML"),
    "control": Message("control characters"),
    "hidden": Message("invisible characters"),
    "blank": Message("unusual blanks"),
    "form": Message("letters written as two characters (NFD)"),
}


def clean(text: str) -> str:
    """Return text without what XML cannot hold, or what a terminal would obey."""
    return _UNWRITABLE.sub("", text)


def mend_text(text: str) -> tuple[str, tuple[str, ...]]:
    """Mend one text.

    The text in NFC, with single blanks and none at the ends, and the keys of `MENDS` that applied
    (outer and doubled plain blanks go without mention).
    """
    if text.isascii() and text.isprintable() and "  " not in text and "&" not in text:
        return text.strip(), ()
    done = []
    mended = _undo_double_encoding(text)
    if mended != text:
        done.append("encoding")
    spelt = _ENTITY.sub(_letter, mended)
    if spelt != mended:
        done.append("entity")
        mended = spelt
    mended = _IN_NUMBER.sub("\N{REPLACEMENT CHARACTER}", mended)
    for name, pattern in (("hidden", _HIDDEN), ("control", _CONTROL)):
        shorter = pattern.sub("", mended)
        if shorter != mended:
            done.append(name)
            mended = shorter
    if any(blank not in " \t\r\n" for run in _BLANK.findall(mended) for blank in run):
        done.append("blank")
    mended = _BLANK.sub(" ", mended).strip()
    composed = unicodedata.normalize("NFC", mended)
    if composed != mended:
        done.append("form")
    return composed, tuple(done)


def mend_texts(texts: Iterable[str]) -> tuple[list[str], list[Message]]:
    """Mend many texts; returns them in order, and one message for each kind of repair."""
    texts = list(texts)
    lines = "\n".join(texts)
    if lines.count("\n") == len(texts) - 1 and not _ODD.search(lines):
        return texts, []
    counts: Counter[str] = Counter()
    mended = []
    known: dict[str, tuple[str, tuple[str, ...]]] = {}
    for text in texts:
        if text not in known:
            known[text] = mend_text(text)
        better, done = known[text]
        mended.append(better)
        counts.update(done)
    messages = [
        Message("{what} in {n} cell(s)", what=MENDS[name], n=counts[name])
        for name in MENDS
        if counts[name]
    ]
    return mended, messages


def _letter(entity: re.Match[str]) -> str:
    """Return the letter or blank that an entity stands for; signs of markup stay spelt out."""
    sign = html.unescape(entity[0])
    return sign if sign.isalpha() or sign.isspace() else entity[0]


def _undo_double_encoding(text: str) -> str:
    """Undo UTF-8 that was read as Latin-1 or Windows-1252, up to three times over."""
    for _ in range(3):
        if not _SUSPECT.search(text):
            return text
        for codec in ("cp1252", "latin-1"):
            try:
                better = text.encode(codec).decode("utf-8")
            except UnicodeError:
                continue
            if better != text and not re.search(_FOREIGN, better):
                text = better
                break
        else:
            return text
    return text
