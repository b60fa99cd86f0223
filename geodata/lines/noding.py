"""Lines made into links and junctions: cut where they meet, joined where they nearly do.

What is joined, and what is not:

* an end that lies on another line (within `EXACT_M`) is a junction, whatever the level or mode;
* two lines that cross are a junction only within one *group* (same mode, same level): a bridge does
  not join the road below it, nor a road the river it crosses;
* an end that leads nowhere is drawn on to what lies within ``snap_m``: any junction, or a line of
  its group;
* nothing else is moved. Wider gaps are listed by `find_gaps` and closed only on request.

Gaps between separate parts are found, listed, and closed only on request.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import NetworkError
from ..messages import Message

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Shapes = NDArray[np.object_]


# Points nearer than this are one point; about the rounding of seven decimals of a degree.
EXACT_M = 0.1
EARTH_M = 6_371_008.8
METRES_PER_DEGREE = 110_500.0
MOST_CROSSINGS = 100_000


@dataclass(frozen=True)
class Pieces:
    """Lines cut into links.

    Parameters
    ----------
    shapes : ndarray of LineString
        In degrees, each in the direction of the line it comes from.
    line : ndarray of int
        Which of the given lines each comes from.
    group : ndarray of int
        Mode and level of each; see the head of this module.
    start, end : ndarray of int
        Rows of ``nodes``.
    nodes : ndarray of float64, shape (n, 2)
        Longitude and latitude of the junctions and ends.
    counts : dict of str to int
        What was done: ``touches``, ``crossings``, ``snapped``, ``duplicates``.
    """

    shapes: Shapes
    line: Ints
    group: Ints
    start: Ints
    end: Ints
    nodes: Floats
    counts: dict[str, int] = field(default_factory=dict)
    # The lines of which links were left out as duplicates, each as often as that was so.
    dropped: tuple[int, ...] = ()

    def degrees(self) -> Ints:
        """Return how many ends of links meet at each node."""
        ends = np.concatenate([self.start, self.end])
        return np.bincount(ends, minlength=len(self.nodes)).astype(np.int64)

    def components(self) -> Ints:
        """Return the number of the connected part of each node, the largest part first."""
        labels = connect(self.start, self.end, len(self.nodes))
        sizes = np.bincount(labels[self.start], minlength=int(labels.max(initial=-1)) + 1)
        order = np.argsort(-sizes, kind="stable")
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        return np.asarray(rank[labels])

    def count(self, **more: int) -> Pieces:
        """Return a copy with some counts added."""
        counts = dict(self.counts)
        for name, number in more.items():
            counts[name] = counts.get(name, 0) + number
        return replace(self, counts=counts)


def connect(start: Ints, end: Ints, n: int) -> Ints:
    """Return the connected component of each of ``n`` nodes."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(start)), (start, end)), shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def on_sphere(points: Floats) -> Floats:
    """Return points in degrees as metres in space, so that chords are distances."""
    lon, lat = np.radians(points[:, 0]), np.radians(points[:, 1])
    flat = np.cos(lat)
    axes = (flat * np.cos(lon), flat * np.sin(lon), np.sin(lat))
    return EARTH_M * np.column_stack(axes)


def metres_between(a: Floats, b: Floats) -> Floats:
    """Return the straight distance in metres between rows of two arrays of points in degrees."""
    return np.asarray(np.linalg.norm(on_sphere(a) - on_sphere(b), axis=1))


def merge_points(points: Floats, metres: float) -> tuple[Ints, Floats]:
    """Make points that lie within ``metres`` of each other one; return labels and the points."""
    from scipy.spatial import cKDTree

    distinct, back = np.unique(points, axis=0, return_inverse=True)
    pairs = cKDTree(on_sphere(distinct)).query_pairs(metres, output_type="ndarray")
    labels = connect(pairs[:, 0], pairs[:, 1], len(distinct))
    kept = np.full(int(labels.max(initial=-1)) + 1, len(distinct))
    np.minimum.at(kept, labels, np.arange(len(distinct)))
    return np.asarray(labels[back.reshape(-1)]), np.asarray(distinct[kept])


def ends_of(shapes: Shapes) -> tuple[Floats, Floats]:
    """Return the first and the last point of each line."""
    import shapely

    first = shapely.get_coordinates(shapely.get_point(shapes, 0))
    last = shapely.get_coordinates(shapely.get_point(shapes, -1))
    return np.asarray(first), np.asarray(last)


def node_lines(
    shapes: Shapes, group: Ints, *, snap_m: float, slowness: Floats | None = None
) -> Pieces:
    """Cut lines into links between junctions.

    Links, in the order of the lines; exact duplicates are left out and counted.
    """
    import shapely

    line = np.arange(len(shapes))
    simple = shapely.is_simple(shapes)
    if not simple.all():  # a line that crosses itself
        parts = [[one] if ok else list(shapely.get_parts(shapely.node(one)))
                 for one, ok in zip(shapes, simple, strict=True)]  # fmt: skip
        line = np.repeat(line, [len(part) for part in parts])
        shapes = np.array([one for part in parts for one in part], dtype=object)
    group = group[line]
    at, crossings = _crossings(shapes, group)
    shapes, origin = cut(shapes, *at)
    line, group = line[origin], group[origin]
    pieces = _joined(shapes, line, group).count(crossings=crossings)
    pieces = _snapped(pieces, snap_m) if snap_m > EXACT_M else pieces
    slow = np.zeros(len(pieces.shapes)) if slowness is None else slowness[pieces.line]
    return _without_duplicates(pieces, max(snap_m, 1.0), slow)


def add_lines(pieces: Pieces, shapes: Shapes, line: Ints, group: Ints) -> Pieces:
    """Add connecting lines, and cut what their ends lie on."""
    every = np.concatenate([pieces.shapes, shapes])
    joined = _joined(
        every, np.concatenate([pieces.line, line]), np.concatenate([pieces.group, group])
    )
    return replace(joined, counts=pieces.counts).count(**joined.counts)


def _crossings(shapes: Shapes, group: Ints) -> tuple[tuple[Ints, Floats], int]:
    """Return where lines of one group cross or run together, and at how many points."""
    import shapely

    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    wanted = (one < other) & (group[one] == group[other])
    one, other = one[wanted], other[wanted]
    if len(one) > MOST_CROSSINGS and len(one) > 30 * len(shapes):
        raise NetworkError(
            Message("its lines cross one another {n:,} times, as no roads do.", n=len(one))
        )
    shared = np.asarray(shapely.intersection(shapes[one], shapes[other]))
    several = shapely.get_type_id(shared) == 5
    shared[several] = shapely.line_merge(shared[several])
    parts, pair = shapely.get_parts(shared, return_index=True)
    # Where they run together, cut both at the two ends of the common stretch.
    along = shapely.get_type_id(parts) == 1
    first, last = ends_of(parts[along])
    points = np.concatenate([shapely.get_coordinates(parts[~along]), first, last])
    pair = np.concatenate([pair[~along], pair[along], pair[along]])
    # What lies at an end of one of them is a touch, which `_joined` sees to.
    inside = ~(_at_an_end(shapes[one[pair]], points) | _at_an_end(shapes[other[pair]], points))
    one, other, points = one[pair[inside]], other[pair[inside]], points[inside]
    found = np.unique(np.round(points, 7), axis=0)
    return (np.concatenate([one, other]), np.concatenate([points, points])), len(found)


def _at_an_end(shapes: Shapes, points: Floats) -> NDArray[np.bool_]:
    first, last = ends_of(shapes)
    return np.asarray(
        (metres_between(first, points) <= EXACT_M) | (metres_between(last, points) <= EXACT_M)
    )


def cut(shapes: Shapes, lines: Ints, points: Floats) -> tuple[Shapes, Ints]:
    """Cut lines at points that lie on them; return the pieces and the line of each."""
    import shapely

    if not len(lines):
        return shapes, np.arange(len(shapes))
    at = shapely.line_locate_point(shapes[lines], shapely.points(points))
    order = np.lexsort((at, lines))
    lines, at, points = lines[order], at[order], points[order]
    firsts = np.flatnonzero(np.r_[True, lines[1:] != lines[:-1]])
    spans = dict(
        zip(lines[firsts].tolist(), np.split(np.arange(len(lines)), firsts[1:]), strict=True)
    )
    parts: list[Any] = []
    origin: list[int] = []
    for number, shape in enumerate(shapes):
        pieces = [shape]
        if number in spans:
            pieces = _cut_one(shape, at[spans[number]], points[spans[number]])
        parts += pieces
        origin += [number] * len(pieces)
    return np.array(parts, dtype=object), np.array(origin, dtype=np.int64)


def _cut_one(shape: Any, at: Floats, points: Floats) -> list[Any]:
    import shapely

    coordinates = shapely.get_coordinates(shape)
    steps = np.hypot(*np.diff(coordinates, axis=0).T)
    travelled = np.r_[0.0, np.cumsum(steps)]
    pieces = []
    start: list[Floats] = []
    position = 0.0
    for place, point in zip(np.r_[at, np.inf], np.vstack([points, coordinates[-1:]]), strict=True):
        between = coordinates[(travelled > position) & (travelled < place)]
        begin = start if start else [coordinates[:1]]
        path = np.vstack([*begin, between, point[None, :]])
        keep = np.r_[True, (np.diff(path, axis=0) != 0).any(axis=1)]
        path = path[keep]
        if len(path) > 1:
            pieces.append(shapely.linestrings(path))
            start, position = [point[None, :]], place
    return pieces


def _joined(shapes: Shapes, line: Ints, group: Ints) -> Pieces:
    """Cut lines where ends lie on them, and give every end its node."""
    import shapely

    first, last = ends_of(shapes)
    points = np.unique(np.concatenate([first, last]), axis=0)
    lines, at = _near(shapes, points, EXACT_M)
    inside = ~_at_an_end(shapes[lines], points[at])
    touches = len(np.unique(at[inside]))
    shapes, origin = cut(shapes, lines[inside], points[at[inside]])
    line, group = line[origin], group[origin]
    first, last = ends_of(shapes)
    labels, nodes = merge_points(np.concatenate([first, last]), EXACT_M)
    start, end = labels[: len(shapes)], labels[len(shapes) :]
    shapes = _moved(shapes, nodes[start], nodes[end])
    zero = (start == end) & (shapely.length(shapes) * METRES_PER_DEGREE <= EXACT_M)
    pieces = Pieces(shapes[~zero], line[~zero], group[~zero], start[~zero], end[~zero], nodes)
    return _renumbered(pieces).count(touches=touches)


def _near(shapes: Shapes, points: Floats, metres: float) -> tuple[Ints, Ints]:
    """Return the pairs (line, point) that lie within ``metres``."""
    import shapely

    widest = np.cos(np.radians(min(85.0, float(np.abs(points[:, 1]).max(initial=0)))))
    reach = metres / METRES_PER_DEGREE / widest
    at, lines = shapely.STRtree(shapes).query(
        shapely.points(points), predicate="dwithin", distance=reach
    )
    close = metres_between(nearest_on(shapes[lines], points[at]), points[at]) <= metres
    return np.asarray(lines[close]), np.asarray(at[close])


def nearest_on(shapes: Shapes, points: Floats) -> Floats:
    """Return the point of each line that lies nearest to the given one."""
    import shapely

    along = shapely.line_locate_point(shapes, shapely.points(points))
    return np.asarray(shapely.get_coordinates(shapely.line_interpolate_point(shapes, along)))


def _moved(shapes: Shapes, first: Floats, last: Floats) -> Shapes:
    """Return lines whose ends lie exactly at the given points."""
    import shapely

    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    heads = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
    tails = np.r_[heads[1:] - 1, len(owner) - 1]
    coordinates[heads], coordinates[tails] = first, last
    return np.asarray(shapely.linestrings(coordinates, indices=owner))


def _renumbered(pieces: Pieces) -> Pieces:
    """Drop nodes without a link."""
    used, labels = np.unique(np.concatenate([pieces.start, pieces.end]), return_inverse=True)
    n = len(pieces.start)
    return replace(pieces, start=labels[:n], end=labels[n:], nodes=pieces.nodes[used])


def _snapped(pieces: Pieces, snap_m: float) -> Pieces:
    """Draw ends that lead nowhere on to the nearest junction or line of their group."""
    import shapely

    targets = _targets(pieces, snap_m)
    if not targets:
        return pieces
    shapes = pieces.shapes.copy()
    for node, point in targets.items():
        for number in np.flatnonzero((pieces.start == node) | (pieces.end == node)):
            path = shapely.get_coordinates(shapes[number])
            ends = (
                [point[None, :], path] if pieces.start[number] == node else [path, point[None, :]]
            )
            shapes[number] = shapely.linestrings(np.vstack(ends))
    joined = _joined(shapes, pieces.line, pieces.group)
    return replace(joined, counts=pieces.counts).count(snapped=len(targets), **joined.counts)


def _targets(pieces: Pieces, snap_m: float) -> dict[int, Floats]:
    """Return where each end that leads nowhere is drawn on to."""
    from scipy.spatial import cKDTree

    loose = np.flatnonzero(pieces.degrees() == 1)
    own = np.full(len(pieces.nodes), -1)
    own[pieces.start] = np.arange(len(pieces.start))
    own[pieces.end] = np.arange(len(pieces.end))
    space = on_sphere(pieces.nodes)
    tree = cKDTree(space)
    chosen: dict[int, int] = {}
    targets: dict[int, Floats] = {}
    for node in loose.tolist():
        piece = own[node]
        others = [
            other
            for other in tree.query_ball_point(space[node], snap_m)
            if other not in (pieces.start[piece], pieces.end[piece])
        ]
        if others:
            best = min(others, key=lambda other: float(np.linalg.norm(space[other] - space[node])))
            chosen[node] = best
            if chosen.get(best) != node:  # two loose ends meet once
                targets[node] = pieces.nodes[best]
    rest = np.array([node for node in loose.tolist() if node not in chosen], dtype=np.int64)
    lines, at = _near(pieces.shapes, pieces.nodes[rest], snap_m)
    wanted = (lines != own[rest[at]]) & (pieces.group[lines] == pieces.group[own[rest[at]]])
    for line, node in zip(lines[wanted], rest[at[wanted]].tolist(), strict=True):
        point = nearest_on(pieces.shapes[[line]], pieces.nodes[[node]])[0]
        old = targets.get(node)
        here = pieces.nodes[[node]]
        if old is None or (
            metres_between(point[None, :], here)[0] < metres_between(old[None, :], here)[0]
        ):
            targets[node] = point
    return targets


def _without_duplicates(pieces: Pieces, metres: float, slow: Floats) -> Pieces:
    """Leave out links that run along a faster one between the same junctions.

    Of equally fast ones the first stays, so that only figures decide, not the order of rows.
    """
    import shapely

    pair = np.sort(np.column_stack([pieces.start, pieces.end]), axis=1)
    keys = np.column_stack([pair, pieces.group])
    which = np.unique(keys, axis=0, return_inverse=True)[1].reshape(-1)
    drop = np.zeros(len(pieces.shapes), dtype=bool)
    order = np.argsort(which, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(which[order])) + 1)
    for numbers in groups:
        kept: list[int] = []
        numbers = numbers[np.argsort(slow[numbers], kind="stable")]
        for number in numbers.tolist() if len(numbers) > 1 else []:
            apart = shapely.hausdorff_distance(
                pieces.shapes[kept], pieces.shapes[number], densify=0.1
            )
            drop[number] = bool(len(kept)) and float(np.min(apart)) * METRES_PER_DEGREE <= metres
            if not drop[number]:
                kept.append(number)
    kept_ones = _renumbered(
        replace(
            pieces,
            shapes=pieces.shapes[~drop],
            line=pieces.line[~drop],
            group=pieces.group[~drop],
            start=pieces.start[~drop],
            end=pieces.end[~drop],
        )
    )
    gone = replace(kept_ones, dropped=tuple(pieces.line[drop].tolist()))
    return gone.count(duplicates=int(drop.sum()))


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
