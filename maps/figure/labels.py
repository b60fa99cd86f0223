"""Names on a printed map: placed greedily, most important first, never one over another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .curves import Box, Crowd, Point
from .svg import text_width

# Right, left, above, below, corners. The name of an area stands on it, or a line up or down on it.
_ON = ((0, 0), (0, -1), (0, 1), (0, -2), (0, 2))
_OFFSETS = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, 1), (1, 1), (-1, -1))
# What a less usual spot costs, in the measure of the crowd of lines.
_RANK_COST = 1.2


@dataclass(frozen=True)
class Name:
    """A name, the point it belongs to, its size of type, and how it looks."""

    text: str
    at: Point
    size: float
    gap: float
    centred: bool
    style: Mapping[str, object] = field(default_factory=dict)


def place_labels(
    wanted: Sequence[Name], taken: Iterable[Box], frame: Box, crowd: Crowd
) -> list[tuple[int, Point]]:
    """Return the number and the middle of each name that fits.

    Among the free spots inside the frame the one that covers least of the ``crowd`` of lines is
    taken, as on the page (``maps/js/draw/labels.js``).
    """
    boxes, placed = list(taken), []
    for number, name in enumerate(wanted):
        width, height = text_width(name.text, name.size) + 4, name.size * 1.25
        best: tuple[float, Point, Box] | None = None
        for rank, (dx, dy) in enumerate((*_ON, *_OFFSETS) if name.centred else _OFFSETS):
            x = name.at[0] + dx * (width / 2 + name.gap)
            y = name.at[1] + dy * (height / 2 + name.gap * (0.4 if dx else 1))
            box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
            if not _within(box, frame) or any(_overlap(box, other) for other in boxes):
                continue
            cost = rank * _RANK_COST + crowd.in_box(box)
            if best is None or cost < best[0]:
                best = cost, (x, y), box
        if best:
            boxes.append(best[2])
            placed.append((number, best[1]))
    return placed


def _within(box: Box, frame: Box) -> bool:
    return box[0] >= frame[0] and box[1] >= frame[1] and box[2] <= frame[2] and box[3] <= frame[3]


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
