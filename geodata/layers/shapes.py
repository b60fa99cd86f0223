"""The shapes of a layer: repaired, joined into larger units, measured, and surveyed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..messages import Message

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Shapes = NDArray[np.object_]

# The ellipsoid of WGS 84: its half axis in km, and the square of its eccentricity.
HALF_AXIS_KM, ECCENTRICITY_2 = 6378.137, 0.00669437999014
_AUTHALIC = [HALF_AXIS_KM * (1 - ECCENTRICITY_2) * (k + 1) / (2 * k + 1) for k in range(5)]
# Shapes projected at once: memory that is used again costs half the time of fresh memory.
AT_ONCE = 50
# More single edges than this, and gaps and overlaps are counted by unit only.
MOST_EDGES = 20_000
SMALLEST_LAKE_KM2 = 1.0
# Less is the noise of coordinates that were rounded.
SMALLEST_OVERLAP_KM2 = 0.005
SHOWN = 5
MOST_CROSSINGS = 100_000
# Layers of more points are surveyed only when asked.
MOST_POINTS = 100_000


def area_km2(shapes: Shapes) -> NDArray[np.float64]:
    """Return the area of shapes in degrees.

    Computed in the cylindrical equal-area projection of the ellipsoid (Snyder 1987, equations
    10-14, 10-15 and 3-12), written out because PROJ takes five times as long for it.

    Parameters
    ----------
    shapes : ndarray of shapely geometries
        In EPSG:4326.

    Returns
    -------
    ndarray of float64
        Square kilometres.

    References
    ----------
    Snyder, J. P. (1987). Map projections: a working manual. USGS Professional Paper 1395.
    """
    import shapely

    some = (shapes[at : at + AT_ONCE] for at in range(0, len(shapes), AT_ONCE))
    areas = [shapely.area(shapely.transform(part, _equal_area)) for part in some]
    return np.concatenate(areas) if areas else np.zeros(0)


def _equal_area(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Project to kilometres."""
    sine = degrees[:, 1] * (math.pi / 180)
    np.sin(sine, out=sine)
    square = ECCENTRICITY_2 * sine
    square *= sine
    # q of equation 3-12 as a series in (e sin(latitude))^2; what is left out is below 1e-11.
    y = np.full_like(sine, _AUTHALIC[-1])
    for term in _AUTHALIC[-2::-1]:
        y *= square
        y += term
    flat = np.empty_like(degrees)
    np.multiply(degrees[:, 0], HALF_AXIS_KM * math.pi / 180, out=flat[:, 0])
    np.multiply(y, sine, out=flat[:, 1])
    return flat


def repair(shapes: Shapes) -> tuple[Shapes, NDArray[np.bool_]]:
    """Make shapes valid, keeping polygons only.

    Shapes without a third coordinate, and which of them had to be repaired; one that has no area
    becomes an empty polygon. Where nothing changes it is the same array.
    """
    import shapely

    mended = shapely.force_2d(shapes) if shapely.has_z(shapes).any() else shapes
    wrong = np.asarray(~shapely.is_valid(mended) | (shapely.get_type_id(mended) == 7))
    mended = mended.copy() if wrong.any() else mended
    for at in np.flatnonzero(wrong):
        mended[at] = polygons_of(shapely.make_valid(mended[at], method="structure"))
    return mended, wrong


def tangled(shapes: Shapes) -> NDArray[np.bool_]:
    """Tell which outlines cross themselves so often that repairing them would take for ever.

    Edges whose boxes meet bound their crossings from above: in a drawn outline an edge meets its
    few neighbours, in a tangle of n edges it meets a good part of all.
    """
    import shapely

    knots = np.zeros(len(shapes), dtype=bool)
    for at in np.flatnonzero(shapely.get_num_coordinates(shapes) ** 2 > MOST_CROSSINGS).tolist():
        if shapely.is_valid(shapes[at]) and shapely.is_simple(shapes[at]):
            continue
        parts = np.asarray(shapely.get_parts(shapes[at]))
        lines = shapely.get_rings(parts) if (shapely.get_type_id(parts) == 3).any() else parts
        ends, ring = shapely.get_coordinates(lines, return_index=True)
        same = ring[1:] == ring[:-1]
        edges = np.asarray(
            shapely.linestrings(np.stack([ends[:-1][same], ends[1:][same]], axis=1)), dtype=object
        )
        tree = shapely.STRtree(edges)
        meetings = 0
        for start in range(0, len(edges), AT_ONCE):  # all at once would fill the memory
            meetings += tree.query(edges[start : start + AT_ONCE]).shape[1]
            if meetings > MOST_CROSSINGS + 50 * len(edges):
                knots[at] = True
                break
    return knots


def polygons_of(shape: Any) -> Any:
    """Return the polygons of a shape of any kind as one; an empty polygon if it has none."""
    import shapely

    parts = np.array([shape], dtype=object)
    while (shapely.get_type_id(parts) >= 4).any():  # collections may hold collections
        parts = shapely.get_parts(parts)
    flat = parts[(shapely.get_type_id(parts) == 3) & ~shapely.is_empty(parts)]
    return (
        flat[0] if len(flat) == 1 else shapely.union_all(flat) if len(flat) else shapely.Polygon()
    )


def dissolve(shapes: Shapes, groups: Sequence[str]) -> dict[str, Any]:
    """Join the shapes of each group.

    One shape per group, in the order of the groups' first members.
    """
    places: dict[str, list[int]] = {}
    for at, group in enumerate(groups):
        places.setdefault(group, []).append(at)
    return {
        group: shapes[at[0]] if len(at) == 1 else _union(shapes[at]) for group, at in places.items()
    }


def _union(shapes: Shapes) -> Any:
    """Join shapes: by dropping the edges they share, or where they overlap, by cutting them up."""
    import shapely

    try:
        joined = shapely.coverage_union_all(shapes)
    except shapely.errors.GEOSException:  # they overlap
        return shapely.union_all(shapes)
    whole = math.isclose(shapely.area(joined), shapely.area(shapes).sum(), rel_tol=1e-9)
    return joined if whole and shapely.is_valid(joined) else shapely.union_all(shapes)


def survey(shapes: Shapes, *, look: bool | None = None) -> list[Message]:
    """Report lakes (holes of 1 km2 or more that belong to no unit) and smaller gaps between units.

    Where neighbours' borders hardly ever fit, only how many do not. ``look`` is whether to look at
    all; None looks where it takes no time.
    """
    import shapely

    if look is None:
        look = int(shapely.get_num_coordinates(shapes).sum()) <= MOST_POINTS
        if not look:
            return [Message("Lakes and gaps were not counted in a layer this detailed.")]
    if not look:
        return []
    edges, owners = _single_edges(shapes)
    if len(edges) > MOST_EDGES:
        return [
            Message(
                "The borders of {n} of {all} units do not fit their neighbours' (each was"
                " simplified by itself): there are small gaps and overlaps everywhere.",
                n=len(np.unique(owners)),
                all=len(shapes),
            )
        ]
    lines = shapely.unary_union(shapely.linestrings(edges.reshape(-1, 2, 2)))
    faces = shapely.get_parts(shapely.polygonize([lines]))
    if not len(faces):
        return []
    areas = area_km2(faces)
    inside = shapely.point_on_surface(faces)
    found = shapely.STRtree(shapes).query(inside, predicate="within")[0]
    over = np.bincount(found, minlength=len(faces))
    kinds = (
        (
            Message("{n} lake(s) or other hole(s) of 1 km2 or more, {km2:,.0f} km2 in all."),
            (over == 0) & (areas >= SMALLEST_LAKE_KM2),
        ),
        (
            Message("{n} small gap(s) between units, {km2:,.2f} km2 in all."),
            (over == 0) & (areas < SMALLEST_LAKE_KM2),
        ),
    )
    return [
        Message(message.text, n=int(which.sum()), km2=float(areas[which].sum()))
        for message, which in kinds
        if which.any()
    ]


def overlap_notes(
    shapes: Shapes, names: Sequence[str], *, look: bool | None = None
) -> list[Message]:
    """Name the units that cover one another, the largest overlaps first, with their area.

    Edges tell nothing here: a unit inside another may share its whole outline with it. In layers
    too detailed to compare all neighbours only units whose inside lies in another are compared.
    """
    import shapely

    tree = shapely.STRtree(shapes)
    if look or (look is None and shapely.get_num_coordinates(shapes).sum() <= MOST_POINTS):
        one, other = tree.query(shapes, predicate="intersects")
    else:
        one, other = tree.query(shapely.point_on_surface(shapes), predicate="within")
    pairs = np.unique(np.sort(np.column_stack([one, other])[one != other], axis=1), axis=0)
    if not len(pairs):
        return []
    areas = area_km2(shapely.intersection(shapes[pairs[:, 0]], shapes[pairs[:, 1]]))
    found = np.flatnonzero(areas >= SMALLEST_OVERLAP_KM2)
    if not len(found):
        return []
    shown = [
        Message(
            "{one} and {other} {km2:,.2f} km2",
            one=names[pairs[at, 0]],
            other=names[pairs[at, 1]],
            km2=float(areas[at]),
        )
        for at in found[np.argsort(-areas[found], kind="stable")][:SHOWN]
    ]
    units: Message = shown[0]
    for part in (*shown[1:], *(["..."] if len(found) > SHOWN else [])):
        units = Message("{first}; {second}", first=units, second=part)
    return [
        Message(
            "{n} overlap(s) of units, {km2:,.2f} km2 in all: {units}.",
            n=len(found),
            km2=float(areas[found].sum()),
            units=units,
        )
    ]


def _single_edges(shapes: Shapes) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the edges that only one unit has, and which unit: coast, border, lakes, misfits."""
    import shapely

    parts, part_owner = shapely.get_parts(shapes, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    ring_owner = part_owner[ring_part]
    at, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    ends = np.concatenate([at[:-1][same], at[1:][same]], axis=1)
    owner = ring_owner[ring[1:][same]]
    turned = (ends[:, 0] > ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] > ends[:, 3]))
    ends[turned] = ends[turned][:, [2, 3, 0, 1]]
    keys = ends.view(np.uint64)
    hashed = keys[:, 0] * np.uint64(0x9E3779B97F4A7C15)
    for column in (1, 2, 3):
        hashed ^= hashed >> np.uint64(29)
        hashed = (hashed + keys[:, column]) * np.uint64(0xBF58476D1CE4E5B9)
    order = np.argsort(hashed, kind="stable")
    ranked = hashed[order]
    repeated = np.zeros(len(ranked), dtype=bool)
    equal = ranked[1:] == ranked[:-1]
    repeated[1:] |= equal
    repeated[:-1] |= equal
    alone = order[~repeated]
    return ends[alone], np.asarray(owner[alone])
