"""The colours of a printed figure: the page's light palette, and the looks of what has no class."""

from __future__ import annotations

# The same values as COLOURS of maps/js (a test compares them).
SEA, LAND, COAST, BORDER = "#dfe8ec", "#f1efe9", "#c9c6bc", "#ffffff"
INK, MUTED, CASING = "#23303a", "#66727b", "#ffffff"
CLASSES = ("#dfe8c2", "#a4cab0", "#6fafaa", "#3a8596", "#154f6c")
FLOW, ITINERARY, CIRCLE = "#3c1f52", "#b3560b", "#2a4b63"
WATER, LAKE = "#8fb0bf", "#d3e1e7"
ZERO, EMPTY, NODATA, HATCH, QUIET = "#ffffff", "#f7f5ef", "#f4f2ec", "#c3bfb3", "#b9b5a8"
DOTS, SWATCH, COUNTRY, SEA_NAME = "#6fafaa", "#8a9398", "#8f8c82", "#7f9aa6"
CORRIDOR, CORRIDOR_EDGE = "#e3c56a", "#5c4a0c"

# What the lines of a flow look like by what its ends are.
DASHES = {"plain": "", "area": "6 4", "border": "10 3 2 3", "unvalued": "1.5 3"}
MODE_DASHES = {"road": "", "river": "9 5", "air": "2 6", "border": "", "unknown": "2 4"}


def class_colours(n: int) -> list[str]:
    """Return the colours of ``n`` classes, from few to many."""
    chosen = {1: [2], 2: [1, 3], 3: [0, 2, 4], 4: [0, 1, 3, 4]}.get(n, [0, 1, 2, 3, 4])
    return [CLASSES[i] for i in chosen]


def flow_alpha(width: float) -> float:
    """Return the opacity of an arrow: thin flows are paler, so that the picture has depth."""
    return min(0.94, 0.6 + 0.11 * width)
