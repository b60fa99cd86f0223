"""Curved arrows on paper: the bends, gaps and heads that the page draws, in the figure's pixels.

The choices are those of ``maps/js/draw/bends.js`` and ``maps/js/core/geometry.js``, so that a
printed arrow is shaped like the one on the screen; a test runs both over the same flows.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Point = tuple[float, float]
Box = tuple[float, float, float, float]
# A cubic curve: start, two control points, end.
Curve = tuple[Point, Point, Point, Point]

REACH_PX = 420
LOOP_PX = 15
_ALONE = (1, -1, 1.25, -1.25, 0.8, -0.8, 1.5, -1.5)
_TWO_WAY = (1, 0.8, 1.25, 1.5)
_LOOPS = tuple(math.radians(angle) for angle in (-90, -45, -135, 0, 180, 45, 135, 90))
_CELL = 5
_MOST_POINTS = 120
_SYMBOL_WEIGHT, _NAME_WEIGHT, _LINE_WEIGHT = 12, 1.2, 0.1
# With more flows than this nobody can follow one by eye, and all bend the same way.
_MOST_CHOOSING = 450


@dataclass(frozen=True)
class Link:
    """What is to become an arrow: its ends as numbers of places and as points, and its width."""

    start: int
    end: int
    start_at: Point
    end_at: Point
    width: float


@dataclass(frozen=True)
class Arrow:
    """The shaft as a curve, and the four corners of the head."""

    shaft: Curve
    head: tuple[Point, Point, Point, Point]


class Crowd:
    """How crowded each cell of the paper is."""

    def __init__(self, cell: float = _CELL) -> None:
        self.cell = cell
        self._weights: dict[tuple[int, int], float] = defaultdict(float)

    def _key(self, x: float, y: float) -> tuple[int, int]:
        return math.floor(x / self.cell), math.floor(y / self.cell)

    def at(self, x: float, y: float) -> float:
        """Return the weight of the cell of a point."""
        return self._weights.get(self._key(x, y), 0.0)

    def add(self, x: float, y: float, weight: float) -> None:
        """Make the cell of a point more crowded."""
        self._weights[self._key(x, y)] += weight

    def add_box(self, box: Box, weight: float) -> None:
        """Make all cells of a box more crowded."""
        for x in _steps(box[0], box[2] + self.cell, self.cell):
            for y in _steps(box[1], box[3] + self.cell, self.cell):
                self.add(min(x, box[2]), min(y, box[3]), weight)

    def in_box(self, box: Box) -> float:
        """Return the sum over the cells of a box."""
        return sum(
            self.at(x, y)
            for x in _steps(box[0], box[2], self.cell)
            for y in _steps(box[1], box[3], self.cell)
        )


def _steps(first: float, last: float, step: float) -> Iterable[float]:
    while first < last:
        yield first
        first += step


def distance(a: Point, b: Point) -> float:
    """Return the distance of two points."""
    return math.hypot(a[0] - b[0], a[1] - b[1])


def bend(a: Point, b: Point, turn: float = 1) -> Curve:
    """Return a curve to the left of the direction of travel; longer ones curve more."""
    share = turn * (0.1 + 0.17 * min(1, distance(a, b) / REACH_PX))
    dx, dy = b[0] - a[0], b[1] - a[1]
    control = ((a[0] + b[0]) / 2 + dy * share, (a[1] + b[1]) / 2 - dx * share)

    def part(end: Point) -> Point:
        return (
            end[0] + (control[0] - end[0]) * 2 / 3,
            end[1] + (control[1] - end[1]) * 2 / 3,
        )

    return a, part(a), part(b), b


def loop(at: Point, size: float, angle: float) -> Curve:
    """Return a loop that leaves a place towards ``angle`` and comes back to it."""
    reach = size * 2.4

    def out(turn: float) -> Point:
        return at[0] + reach * math.cos(angle + turn), at[1] + reach * math.sin(angle + turn)

    return at, out(0.67), out(-0.67), at


def point_on(curve: Curve, s: float) -> Point:
    """Return the point of a curve at a parameter from 0 to 1."""
    r = 1 - s
    weights = (r * r * r, 3 * s * r * r, 3 * s * s * r, s * s * s)
    return (
        sum(w * p[0] for w, p in zip(weights, curve, strict=True)),
        sum(w * p[1] for w, p in zip(weights, curve, strict=True)),
    )


def choose_turns(
    links: Sequence[Link], obstacles: Sequence[tuple[int, Point, float, Box | None]]
) -> list[float]:
    """Choose for each link, strongest first, the turn of its bend or the angle of its loop.

    ``obstacles`` are symbols and names: number of the place (-1: none), point, radius, box of the
    name. A link keeps clear of them and of the links that chose before it.
    """
    if len(links) > _MOST_CHOOSING:
        return [_LOOPS[0] if link.start == link.end else 1.0 for link in links]
    crowd, radius = Crowd(), {}
    for place, (x, y), size, name in obstacles:
        if place >= 0:
            radius[place] = size
        crowd.add_box((x - size, y - size, x + size, y + size), _SYMBOL_WEIGHT)
        if name:
            crowd.add_box(name, _NAME_WEIGHT)
    pairs = {(link.start, link.end) for link in links}
    turns = []
    for link in links:
        within = link.start == link.end
        choices: Sequence[float] = (
            _LOOPS if within else _TWO_WAY if (link.end, link.start) in pairs else _ALONE
        )
        best, kept, least = choices[0], [], math.inf
        for rank, choice in enumerate(choices):
            price = rank * (0.15 if within else 0.35)
            if price >= least - 1e-9:
                break
            points = _clear_points(_curve(link, choice, LOOP_PX + 2), link, radius)
            cost = price + sum(crowd.at(x, y) for x, y in points)
            if cost < least - 1e-9:
                best, kept, least = choice, points, cost
        weight = _LINE_WEIGHT * (1 + link.width / 3)
        for x, y in kept:
            crowd.add(x, y, weight)
        turns.append(float(best))
    return turns


def _curve(link: Link, turn: float, loop_px: float) -> Curve:
    if link.start == link.end:
        return loop(link.start_at, loop_px + link.width, turn)
    return bend(link.start_at, link.end_at, turn)


def _clear_points(curve: Curve, link: Link, radius: dict[int, float]) -> list[Point]:
    """Return the points along a curve that lie clear of the symbols at its own ends."""
    near_start = radius.get(link.start, 0) + _CELL
    near_end = radius.get(link.end, 0) + _CELL
    length = distance(link.start_at, link.end_at) or 100
    pieces = max(6, min(_MOST_POINTS, math.ceil(length * 1.1 / _CELL)))
    points = (point_on(curve, i / pieces) for i in range(1, pieces))
    return [
        point
        for point in points
        if distance(point, link.start_at) >= near_start and distance(point, link.end_at) >= near_end
    ]


def make_arrow(link: Link, turn: float, *, start_gap: float, end_gap: float) -> Arrow:
    """Return the arrow of a link, its head stopping ``end_gap`` short of the end."""
    curve = _curve(link, turn, LOOP_PX)
    first, last = _leaves(curve, start_gap, back=False), _leaves(curve, end_gap, back=True)
    whole = _between(curve, first, max(first, last))
    room = distance(whole[0], whole[3])
    full = 5 + 1.15 * link.width
    closed = distance(curve[0], curve[3]) < 1e-6
    # Where there is little room the head shrinks, so that something of the shaft is left.
    size = full if closed else min(full, max(room * 0.55, 2))
    half = (2.6 + 0.72 * link.width) * (0.4 + 0.6 * size / full)
    tip, base = whole[3], point_on(whole, _leaves(whole, size, back=True))
    length = distance(tip, base) or 1
    ux, uy = (tip[0] - base[0]) / length, (tip[1] - base[1]) / length
    head = (
        tip,
        (base[0] - uy * half, base[1] + ux * half),
        (tip[0] - ux * size * 0.78, tip[1] - uy * size * 0.78),
        (base[0] + uy * half, base[1] - ux * half),
    )
    return Arrow(_between(whole, 0, _leaves(whole, size * 0.7, back=True)), head)


def _leaves(curve: Curve, gap: float, *, back: bool) -> float:
    """Return the parameter at which a curve is ``gap`` away from its start, or from its end.

    It is looked for in the half that belongs to that end, so a loop has two answers.
    """
    if gap <= 0:
        return 1.0 if back else 0.0
    end = curve[3] if back else curve[0]
    near, far = (1.0, 0.5) if back else (0.0, 0.5)
    for _ in range(14):
        middle = (near + far) / 2
        if distance(point_on(curve, middle), end) < gap:
            near = middle
        else:
            far = middle
    return (near + far) / 2


def _between(curve: Curve, first: float, last: float) -> Curve:
    right = _split(curve, first)[1] if first > 0 else curve
    return _split(right, (last - first) / (1 - first))[0] if last < 1 else right


def _split(curve: Curve, s: float) -> tuple[Curve, Curve]:
    def mix(a: Point, b: Point) -> Point:
        return a[0] + (b[0] - a[0]) * s, a[1] + (b[1] - a[1]) * s

    a, b, c = (mix(curve[i], curve[i + 1]) for i in range(3))
    d, e = mix(a, b), mix(b, c)
    middle = mix(d, e)
    return (curve[0], a, d, middle), (middle, e, c, curve[3])
