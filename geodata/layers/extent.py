"""Where on earth a layer lies: its reference system, judged by the extent of Peru's regions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..errors import DataFileError
from ..messages import Message
from ..places.gazetteer import region_codes

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray
    from pyproj import CRS

    Array = NDArray[np.float64]

WGS84 = "EPSG:4326"
# West, south, east, north of Peru with about 70 km around it.
PERU = (-82.0, -19.0, -68.0, 0.6)
BUFFER = 0.4
CANDIDATES = ("EPSG:4326", "EPSG:32717", "EPSG:32718", "EPSG:32719", "EPSG:3857", "EPSG:32617",
              "EPSG:32618", "EPSG:32619")  # fmt: skip


def locate(
    table: gpd.GeoDataFrame, *, file: str, regions: Sequence[str | None], crs: str | None = None
) -> tuple[gpd.GeoDataFrame, list[Message]]:
    """Bring a layer to degrees, after making sure that it lies where its units are.

    A new table in EPSG:4326, and what was assumed.
    """
    import shapely

    bounds = shapely.bounds(table.geometry.to_numpy())
    centres = np.column_stack(
        [(bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2]
    )
    declared = _parse(crs, file) if crs is not None else table.crs
    boxes = _boxes(regions)
    plain = declared is not None and declared.to_epsg() == 4326
    if declared is not None:
        degrees = centres if plain else _to_degrees(centres, declared)
        if _fits(degrees, boxes):
            if plain:
                note = Message("Reference system: {crs}.", crs="WGS 84 (EPSG:4326)")
                return (table if crs is None else table.set_crs(WGS84, allow_override=True)), [note]
            note = Message(
                "Reference system: {crs}; brought to WGS 84 (EPSG:4326).", crs=_name(declared)
            )
            return table.set_crs(declared, allow_override=True).to_crs(WGS84), [note]
    if (declared is None or declared.is_geographic) and _fits(centres[:, ::-1], boxes):
        return _swapped(table), [
            Message(
                "Latitude and longitude stood in the wrong order in all {n} units and were"
                " exchanged.",
                n=len(table),
            )
        ]
    if declared is None and _fits(centres, boxes):
        return table.set_crs(WGS84, allow_override=True), [
            Message(
                "The layer names no reference system; its degrees fit Peru and were taken for"
                " EPSG:4326. If it is older (PSAD56), say so with crs=...; it lies about 400 m off."
            )
        ]
    raise _refusal(file, declared, centres, boxes, asked=crs is not None)


def _parse(crs: str, file: str) -> CRS:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        if ":" in crs and not crs.upper().startswith(("EPSG:", "ESRI:", "OGC:")):
            raise CRSError(crs)
        return CRS.from_user_input(crs)
    except CRSError as error:
        raise DataFileError(
            Message(
                "{file}: there is no reference system '{crs}'. Use for example EPSG:4326 (degrees)"
                " or EPSG:32718 (UTM zone 18 south).",
                file=file,
                crs=crs,
            )
        ) from error


def _name(crs: CRS) -> str:
    code = crs.to_authority()
    return f"{crs.name} ({':'.join(code)})" if code else crs.name


def _to_degrees(points: Array, crs: CRS | str) -> Array:
    """Return points in degrees; infinite where they can't lie in this system."""
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    if crs == WGS84:
        return points
    try:
        transformer = Transformer.from_crs(crs, WGS84, always_xy=True)
    except ProjError:  # not of this planet, for one
        return np.full_like(points, np.inf)
    return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))


def _boxes(regions: Sequence[str | None]) -> Array:
    """Return the box that the middle of each unit must lie in: its region's, or Peru's."""
    known = region_codes()
    around = np.array([-BUFFER, -BUFFER, BUFFER, BUFFER])
    codes = [code for code in set(regions) if code is not None and code in known]
    boxes = np.array([PERU, *(np.array(known[code].box) + around for code in codes)])
    places = {code: at for at, code in enumerate(codes, start=1)}
    return boxes[[places.get(code or "", 0) for code in regions]]


def _fits(points: Array, boxes: Array) -> bool:
    """Tell whether nearly all points lie in their boxes, and all of them in Peru."""
    x, y = points[:, 0], points[:, 1]
    inside = (x >= boxes[:, 0]) & (y >= boxes[:, 1]) & (x <= boxes[:, 2]) & (y <= boxes[:, 3])
    west, south, east, north = PERU
    in_peru = (x >= west) & (y >= south) & (x <= east) & (y <= north)
    return bool(in_peru.mean() >= 0.9 and inside.mean() >= 0.9)


def lies_in(table: gpd.GeoDataFrame, regions: Sequence[str]) -> bool:
    """Tell whether nearly all units lie in the regions given; False where that can't be told.

    Whether at least 9 of 10 do, and all regions are codes.
    """
    import shapely

    if table.crs is None or not all(regions):
        return False
    shapes = table.geometry.to_numpy()
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    bounds = shapely.bounds(shapes[there])
    centres = np.column_stack(
        [(bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2]
    )
    boxes = _boxes([code for code, here in zip(regions, there, strict=True) if here])
    return bool(there.any()) and _fits(_to_degrees(centres, table.crs), boxes)


def refuse_abroad(table: gpd.GeoDataFrame, file: str) -> None:
    """Refuse a layer whose units lie in another country."""
    import shapely

    bounds = shapely.bounds(table.geometry.to_numpy())
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    centres = (bounds[:, :2] + bounds[:, 2:]) / 2
    if not len(centres) or (table.crs is None and not _fits_world(centres)):
        return
    if abroad := _abroad(centres, table.crs):
        raise DataFileError(Message("{file}: {what}", file=file, what=abroad))


def _fits_world(points: Array) -> bool:
    return bool((np.abs(points) <= [180, 90]).all())


def _abroad(centres: Array, crs: CRS | None) -> Message | None:
    """Say in which other country most points lie; None where it is none or can't be told."""
    import json
    from importlib import resources

    import shapely

    points = centres if crs is None else _to_degrees(centres, crs)
    if not np.isfinite(points).all():
        return None
    west, south, east, north = PERU
    x, y = points[:, 0], points[:, 1]
    text = (
        resources.files("corredor.geodata.peru").joinpath("neighbours.geojson").read_text("utf-8")
    )
    lands = [one for one in json.loads(text)["features"] if one["properties"]["name_en"]]
    shapes = shapely.from_geojson([json.dumps(one["geometry"]) for one in lands])
    inside = [int(shapely.contains_xy(shape, points).sum()) for shape in shapes]
    best = max(range(len(lands)), key=inside.__getitem__)
    if inside[best] <= 0.5 * len(points):
        here = (x >= west) & (x <= east) & (y >= south) & (y <= north)
        if here.any() or not _fits_world(points):
            return None
        where = f"{x.mean():.2f}, {y.mean():.2f}"
        return Message("Its units lie far from Peru (the middle is at {where}).", where=where)
    names = lands[best]["properties"]
    country = " / ".join(dict.fromkeys((names["name_es"], names["name_en"])))
    return Message("Its units lie in {country}: it is no layer of Peru.", country=country)


def units_elsewhere(table: gpd.GeoDataFrame, regions: Sequence[str | None]) -> NDArray[np.bool_]:
    """Tell which units lie outside their region, or reach out of Peru.

    One value per row.
    """
    bounds = table.geometry.bounds.to_numpy()
    boxes = _boxes(regions)
    x, y = (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2
    west, south, east, north = PERU
    inside = (x >= boxes[:, 0]) & (y >= boxes[:, 1]) & (x <= boxes[:, 2]) & (y <= boxes[:, 3])
    reach = (bounds[:, 0] >= west - 1) & (bounds[:, 1] >= south - 1)
    reach &= (bounds[:, 2] <= east + 1) & (bounds[:, 3] <= north + 1)
    return np.asarray(~(inside & reach))


def _swapped(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    import shapely

    turned = shapely.transform(table.geometry.to_numpy(), lambda at: at[:, ::-1])
    return table.set_geometry(turned, crs=WGS84)


def _refusal(
    file: str, declared: CRS | None, centres: Array, boxes: Array, *, asked: bool
) -> DataFileError:
    degrees = _fits_world(centres)  # near 0, 0 they would fit a zone as metres too
    possible = CANDIDATES[:1] if degrees else CANDIDATES
    fitting = [one for one in possible if _fits(_to_degrees(centres, one), boxes)]
    middle = centres.mean(axis=0)
    where = Message("x {x:,.6g}, y {y:,.6g}", x=middle[0], y=middle[1])
    if fitting:
        fix = Message("The coordinates fit {crs}: pass crs='{first}'.",
                      crs=", ".join(fitting), first=fitting[0])  # fmt: skip
    else:
        fix = Message("No usual reference system of Peru puts them there. Is it a layer of Peru?")
        fix = _abroad(centres, declared) or fix
    if declared is None:
        text = Message(
            "{file}: the layer does not say its coordinate reference system (its middle is at"
            " {where}). Add the .prj file that belongs to it, or say it: {fix}",
            file=file,
            where=where,
            fix=fix,
        )
    else:
        text = Message(
            "{file}: {who} {crs}, but then its units lie outside their place in Peru (the middle"
            " is at {where}). {fix}",
            file=file,
            who=Message("you say") if asked else Message("the layer says"),
            crs=declared.name,
            where=where,
            fix=fix,
        )
    return DataFileError(text)
