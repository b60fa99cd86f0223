"""The look of an organisation in a report: its colour and its logo. Maps keep their own colours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from corredor.geodata.errors import DataFileError
from corredor.geodata.messages import Message

# The colour of headings, links and lines where no other is asked for.
ACCENT = "#21677c"
# Text in it must be readable on white: the least contrast of WCAG 2.2, level AA.
LEAST_CONTRAST = 4.5
LARGEST_LOGO = 1_000_000
_KINDS: tuple[tuple[bytes, Literal["png", "jpeg"]], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"),
)  # fmt: skip


@dataclass(frozen=True)
class House:
    """The colour of headings, and a logo for the cover (its bytes, and what they are)."""

    accent: str = ACCENT
    logo: bytes = b""
    kind: Literal["png", "jpeg"] = "png"


def read_house(accent: str | None, logo: Path | None) -> House:
    """Return the look asked for.

    Raises `ValueError` for a colour that is none or can't be read on white, and `DataFileError` for
    a logo that is missing, too large, or neither PNG nor JPEG.
    """
    colour = (accent or ACCENT).lower()
    if not re.fullmatch("#[0-9a-f]{6}", colour):
        raise ValueError(Message("'{colour}' is no colour. Write it as #21677c.", colour=accent))
    if contrast_on_white(colour) < LEAST_CONTRAST:
        raise ValueError(
            Message(
                "{colour} has a contrast of {found:.1f} on white, too little to be read: {least} is"
                " the least. Take a darker one.",
                colour=accent,
                found=contrast_on_white(colour),
                least=LEAST_CONTRAST,
            )
        )
    if logo is None:
        return House(colour)
    try:
        content = logo.read_bytes()
    except OSError as error:
        raise DataFileError(Message("{file}: there is no such file.", file=logo)) from error
    kinds = [kind for start, kind in _KINDS if content.startswith(start)]
    if not kinds or len(content) > LARGEST_LOGO:
        raise DataFileError(Message("{file}: a logo is a PNG or JPEG of at most 1 MB.", file=logo))
    return House(colour, content, kinds[0])


def contrast_on_white(colour: str) -> float:
    """Return the contrast of a colour with white, from 1 to 21 (WCAG 2.2)."""
    parts = [int(pair, 16) / 255 for pair in re.findall("..", colour[1:])]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    light = sum(weight * p for weight, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 1.05 / (light + 0.05)
