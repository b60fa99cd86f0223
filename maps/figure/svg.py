"""SVG as a tree of elements: text is escaped by the library, numbers are short and always alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree as ET

from corredor.geodata.errors import missing_extra
from corredor.geodata.text import clean

from .curves import Curve, Point

NAMESPACE = "http://www.w3.org/2000/svg"
FONT = "Lato, 'Segoe UI', 'Helvetica Neue', Arial, 'Noto Sans', sans-serif"
# Advance widths of Lato from space to tilde, in thousandths of the size of type.
_WIDTHS = (
    193, 343, 397, 580, 580, 786, 703, 230, 300, 300, 400, 580, 212, 347, 212, 373, 580, 580, 580,
    580, 580, 580, 580, 580, 580, 580, 252, 252, 580, 580, 580, 398, 822, 680, 647, 685, 753, 581,
    566, 734, 756, 307, 444, 681, 514, 920, 756, 798, 611, 798, 644, 530, 590, 730, 680, 1019, 643,
    629, 624, 300, 375, 300, 580, 394, 307, 507, 559, 467, 559, 524, 337, 511, 556, 256, 254, 524,
    256, 821, 556, 556, 552, 559, 403, 434, 373, 556, 512, 766, 504, 512, 462, 300, 300, 300, 580,
)  # fmt: skip
_OTHER_WIDTH = 570
_NEEDLESS = re.compile(r"\.?0+(?=[,LZ]|$)")
_MINUS_ZERO = re.compile(r"-0(?=[,LZ]|$)")
# The faces that a viewer may take instead are up to a tenth wider.
_ALLOWANCE = 1.08


def element(name: str, text: str | None = None, /, **attributes: object) -> ET.Element:
    """Return an element; ``fill_opacity`` becomes ``fill-opacity``, None is left out."""
    found = ET.Element(
        name,
        {
            key.rstrip("_").replace("_", "-"): number(value)
            if isinstance(value, float)
            else clean(str(value))
            for key, value in attributes.items()
            if value is not None and value != ""
        },
    )
    if text is not None:
        found.text = clean(text)
    return found


def number(value: float) -> str:
    """Write a number with at most two digits after the point."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a text is at most, in pixels."""
    return _pixels(_units(text), size, bold=bold)


def _pixels(units: int, size: float, *, bold: bool) -> float:
    return units / 1000 * size * _ALLOWANCE * (1.04 if bold else 1)


@lru_cache(maxsize=1 << 14)  # the words of a report come again and again
def _units(text: str) -> int:
    return sum(_WIDTHS[ord(c) - 32] if 32 <= ord(c) < 127 else _OTHER_WIDTH for c in text)


def wrap(text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines no wider than ``width``; a longer word is broken too."""
    lines: list[str] = []
    line, taken, gap = "", 0, _units(" ")
    # A no-break space holds: "26 %" stays on one line.
    for word in re.split(r"[^\S\u00a0]+", text.strip()):
        while text_width(word, size, bold=bold) > width and len(word) > 4:
            keep = len(word)
            while keep > 4 and text_width(word[:keep], size, bold=bold) > width:
                keep -= 1
            lines += [line] if line else []
            lines.append(word[:keep])
            line, word = "", word[keep:]
        longer = taken + gap + _units(word)
        if line and _pixels(longer, size, bold=bold) > width:
            lines.append(line)
            line = ""
        line, taken = (f"{line} {word}", longer) if line else (word, _units(word))
    return [*lines, line] if line else lines


def path_of_rings(rings: Iterable[list[Point]]) -> str:
    """Return the path of closed rings."""
    return _short("".join(f"M{_corners(ring)}Z" for ring in rings if ring))


def path_of_line(points: list[Point]) -> str:
    """Return the path of an open line."""
    return _short(f"M{_corners(points)}")


def _corners(points: list[Point]) -> str:
    return "L".join([f"{x:.2f},{y:.2f}" for x, y in points])


def _short(path: str) -> str:
    """Write all numbers of a path as `number` does: one pass, for there are tens of thousands."""
    return _MINUS_ZERO.sub("0", _NEEDLESS.sub("", path))


def path_of_smooth(points: list[Point]) -> str:
    """Return the path of a smooth line through all points (Catmull-Rom), as the page draws it."""
    d = "M" + ",".join(map(number, points[0]))
    for i in range(len(points) - 1):
        before, start, end, after = (
            points[max(0, min(len(points) - 1, i + n))] for n in (-1, 0, 1, 2)
        )
        turns = [
            (
                start[axis] + (end[axis] - before[axis]) / 6,
                end[axis] - (after[axis] - start[axis]) / 6,
            )
            for axis in (0, 1)
        ]
        corners = [*zip(*turns, strict=True), end]
        d += "C" + " ".join(f"{number(x)},{number(y)}" for x, y in corners)
    return d


def path_of_curve(curve: Curve) -> str:
    """Return the path of a cubic curve."""
    (x, y), *rest = curve
    return f"M{number(x)},{number(y)}C" + " ".join(f"{number(a)},{number(b)}" for a, b in rest)


def render(root: ET.Element) -> str:
    """Return the picture as text: one file, the same bytes for the same tree."""
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def font_files() -> list[Path]:
    """Return the files of Lato (OFL), the face of pictures and PDFs on every machine."""
    try:
        from font_lato import font_directory
    except ImportError:
        raise missing_extra("pictures") from None
    return sorted(Path(font_directory).glob("Lato-*.ttf"))
