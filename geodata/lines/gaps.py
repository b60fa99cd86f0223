"""Gaps between the connected parts of a network: found, listed, and closed only on request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .noding import METRES_PER_DEGREE, Pieces, add_lines, metres_between, nearest_on

if TYPE_CHECKING:
    from .noding import Floats, Ints

# How many ends are compared with all lines at a time.
BLOCK = 400


@dataclass(frozen=True)
class Gap:
    """The narrowest place between two parts of a network.

    Parameters
    ----------
    metres : float
        How wide it is.
    node : int
        The end that leads nowhere, a row of the nodes.
    point : ndarray of float64
        Longitude and latitude of the other side.
    """

    metres: float
    node: int
    point: Floats


def find_gaps(pieces: Pieces, *, widest_m: float) -> list[Gap]:
    """Find the gaps that keep the parts of a network from being one.

    The fewest and narrowest that would join the parts, the narrowest first; each from an end that
    leads nowhere to the nearest point of a link of another part.
    """
    part = pieces.components()
    if int(part.max(initial=0)) == 0:
        return []
    loose = np.flatnonzero(pieces.degrees() == 1)
    best: dict[tuple[int, int], Gap] = {}
    for block in np.array_split(loose, max(1, len(loose) // BLOCK)):
        for gap, pair in _around(pieces, part, block, widest_m):
            if pair not in best or gap.metres < best[pair].metres:
                best[pair] = gap
    ranked = sorted(best.items(), key=lambda item: (item[1].metres, item[0]))
    parts = np.arange(int(part.max()) + 1)
    chosen = []
    for (one, other), gap in ranked:
        if parts[one] != parts[other]:
            parts[parts == parts[one]] = parts[other]
            chosen.append(gap)
    return chosen


def _around(
    pieces: Pieces, part: Ints, nodes: Ints, widest_m: float
) -> list[tuple[Gap, tuple[int, int]]]:
    """Return for each end and each other part near it the narrowest gap."""
    import shapely

    points = pieces.nodes[nodes]
    reach = (
        widest_m
        / METRES_PER_DEGREE
        / np.cos(np.radians(min(85.0, float(np.abs(points[:, 1]).max()))))
    )
    at, lines = shapely.STRtree(pieces.shapes).query(
        shapely.points(points), predicate="dwithin", distance=reach
    )
    other = part[pieces.start[lines]] != part[nodes[at]]
    at, lines = at[other], lines[other]
    if not len(at):
        return []
    there = nearest_on(pieces.shapes[lines], points[at])
    metres = metres_between(there, points[at])
    order = np.argsort(metres, kind="stable")
    found: dict[tuple[int, int], tuple[Gap, tuple[int, int]]] = {}
    for number in order[metres[order] <= widest_m].tolist():
        node, line = int(nodes[at[number]]), lines[number]
        pair = tuple(sorted((int(part[node]), int(part[pieces.start[line]]))))
        gap = Gap(float(metres[number]), node, there[number])
        found.setdefault((pair[0], pair[1]), (gap, (pair[0], pair[1])))
    return list(found.values())


def close_gaps(pieces: Pieces, gaps: list[Gap]) -> tuple[Pieces, Ints]:
    """Join the two sides of each gap by a straight link.

    A new network, in which a link over a gap comes from the line of the end that led nowhere; and
    the numbers of those links.
    """
    import shapely

    own = np.full(len(pieces.nodes), -1)
    own[pieces.start] = np.arange(len(pieces.start))
    own[pieces.end] = np.arange(len(pieces.end))
    ends = np.array([own[gap.node] for gap in gaps], dtype=np.int64)
    sides = np.stack([np.vstack([pieces.nodes[gap.node], gap.point]) for gap in gaps])
    over = np.asarray(shapely.linestrings(sides), dtype=object)
    # Numbers below nought mark the links over gaps until the whole is cut.
    marks = -1 - np.arange(len(gaps))
    joined = add_lines(pieces, over, marks, pieces.group[ends])
    made = np.flatnonzero(joined.line < 0)
    line = joined.line.copy()
    line[made] = pieces.line[ends][-1 - line[made]]
    return (
        Pieces(joined.shapes, line, joined.group, joined.start, joined.end, joined.nodes,
               joined.counts),
        made,
    )  # fmt: skip
