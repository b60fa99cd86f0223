"""Pieces of lines as the two tables of a transport network: places and links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..errors import Fault, TableError
from ..messages import Message
from .columns import LinkColumns
from .noding import Pieces, connect, ends_of

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from .noding import Floats, Shapes

# A stated length may be this much shorter than the straight line: rounding.
SHORTEST, LEAST_KM = 0.98, 0.05
# And so many times longer than the line that is drawn, as straight lines for winding rivers are.
LONGEST = 20.0
# Slowest and fastest journeys in km/h; crossing a border is waiting.
SPEED_RANGE: dict[str, tuple[int, int]] = {"road": (2, 150), "river": (1, 80), "air": (60, 1_100)}
MODE_WORDS = {"road": Message("road"), "river": Message("river"), "air": Message("air")}
MOST_FAULTS = 200


def lengths_km(shapes: Shapes) -> Floats:
    """Return the geodesic length of lines in degrees, in kilometres on WGS 84."""
    import shapely
    from pyproj import Geod

    at, owner = shapely.get_coordinates(shapes, return_index=True)
    same = owner[1:] == owner[:-1]
    a, b = at[:-1][same], at[1:][same]
    _, _, metres = Geod(ellps="WGS84").inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])
    return np.bincount(owner[1:][same], weights=metres, minlength=len(shapes)) / 1000


def straight_km(shapes: Shapes) -> Floats:
    """Return the geodesic distance between the two ends of lines, in kilometres."""
    from pyproj import Geod

    first, last = ends_of(shapes)
    _, _, metres = Geod(ellps="WGS84").inv(first[:, 0], first[:, 1], last[:, 0], last[:, 1])
    return np.asarray(metres) / 1000


def refuse_implausible(
    shapes: Shapes,
    columns: LinkColumns,
    rows: NDArray[np.int64],
    named: Mapping[str, str],
    file: str,
) -> None:
    """Refuse lengths and hours that can't be: all rows at once, with what they would mean.

    A length is at least that of the straight line between the ends, and not many times that of the
    drawn line; hours go with a speed that the mode has. Such figures come from metres, minutes or
    miles, or from the length of a whole route in the row of each of its parts.
    """
    import shapely

    merged = shapely.line_merge(shapes)
    single = shapely.get_type_id(merged) == 1
    straight = np.zeros(len(shapes))
    straight[single] = straight_km(merged[single])
    drawn = lengths_km(shapes)
    faults = []
    for at in rows.tolist():
        mode, km = columns.mode[at], columns.km[at]
        if np.isfinite(km) and km < SHORTEST * straight[at] - LEAST_KM:
            reason = Message(
                "This is shorter than the straight line between the ends, {km:.1f} km.",
                km=straight[at],
            )
            faults.append(_fault(columns, named, at, "km", km, reason))
        elif np.isfinite(km) and km > LONGEST * drawn[at] + LEAST_KM * 100:
            reason = Message("The line is drawn with {km:.1f} km.", km=drawn[at])
            faults.append(_fault(columns, named, at, "km", km, reason))
            continue
        way = km if np.isfinite(km) else drawn[at]
        for role, hours in (("hours", columns.hours[at]), ("hours_back", columns.hours_back[at])):
            if mode not in SPEED_RANGE or not np.isfinite(hours) or way <= LEAST_KM:
                continue
            low, high = SPEED_RANGE[mode]
            if not hours:
                reason = Message("Nothing travels {km:,.1f} km in no time.", km=way)
                faults.append(_fault(columns, named, at, role, hours, reason))
            elif not low <= (speed := way / hours) <= high:
                reason = Message(
                    "For {km:,.1f} km that is {speed:,.1f} km/h; by {mode} it is {low} to {high}.",
                    km=way, speed=speed, mode=MODE_WORDS[mode], low=low, high=high,
                )  # fmt: skip
                faults.append(_fault(columns, named, at, role, hours, reason))
        if "speed" in named and mode in SPEED_RANGE and np.isfinite(columns.stated[at]):
            low, high = SPEED_RANGE[mode]
            if columns.stated[at] and not low <= columns.stated[at] <= high:
                reason = Message("By {mode} it is {low} to {high} km/h.",
                                 mode=MODE_WORDS[mode], low=low, high=high)  # fmt: skip
                faults.append(_fault(columns, named, at, "speed", columns.stated[at], reason))
    if faults:
        raise TableError("network_links", file, faults[:MOST_FAULTS],
                         more=max(0, len(faults) - MOST_FAULTS))  # fmt: skip


def _fault(
    columns: LinkColumns,
    named: Mapping[str, str],
    at: int,
    role: str,
    value: float,
    reason: Message,
) -> Fault:
    fix = Message("Give kilometres, hours and km/h, or leave the cell empty: then it is measured.")
    return Fault(columns.rows[at], named.get(role, role), f"{value:.6g}", reason, fix)


def name_point(lon: float, lat: float) -> str:
    """Return a point as people read it: ``13.5330 S 71.9550 W``."""
    return f"{abs(lat):.4f} {'S' if lat < 0 else 'N'} {abs(lon):.4f} {'W' if lon < 0 else 'E'}"


def build_places(pieces: Pieces) -> pd.DataFrame:
    """Return the nodes as the table ``network_places``, without names of their own."""
    lon, lat = pieces.nodes.T
    degrees = pieces.degrees()
    return pd.DataFrame(
        {
            "place_id": [f"n{number}" for number in range(1, len(lon) + 1)],
            "place": [name_point(x, y) for x, y in pieces.nodes.tolist()],
            "region": "",
            "ubigeo": "",
            "lat": lat,
            "lon": lon,
            "kind": np.where(degrees == 1, "end", "junction"),
            "note": "",
            "source_id": "",
        }
    )


def build_links(
    pieces: Pieces,
    columns: LinkColumns,
    row: NDArray[np.int64],
    *,
    places: Sequence[str],
    ids: Sequence[str],
    shapes: Shapes,
) -> gpd.GeoDataFrame:
    """Return the pieces as the table ``network_links`` with their lines.

    EPSG:4326; ``km`` as stated or geodesic, ``hours`` as stated or kilometres by speed.
    """
    import geopandas as gpd

    own, km = row[pieces.line], columns.km
    length = lengths_km(pieces.shapes)
    whole = np.bincount(row, weights=lengths_km(shapes), minlength=len(ids))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(whole[own] > 0, length / whole[own], 1.0)
    travelled = np.where(np.isfinite(km[own]), km[own] * share, length)
    stated = columns.hours[own] * share
    hours = np.where(np.isfinite(stated), stated, travelled / columns.kmh[own])
    return gpd.GeoDataFrame(
        {
            "link_id": _link_ids(own, ids),
            "from": [places[node] for node in pieces.start.tolist()],
            "to": [places[node] for node in pieces.end.tolist()],
            "mode": [columns.mode[at] for at in own.tolist()],
            "ref": [columns.ref[at] for at in own.tolist()],
            "surface": [columns.surface[at] for at in own.tolist()],
            "km": travelled,
            "hours": hours,
            "hours_back": columns.hours_back[own] * share,
            "basis": np.where(np.isfinite(km[own]), "derived", "estimated"),
            "note": "",
        },
        geometry=pieces.shapes,
        crs="EPSG:4326",
    )


def _link_ids(own: NDArray[np.int64], ids: Sequence[str]) -> list[str]:
    """Return the name of its row for a link; numbered where a row was cut."""
    pieces = np.bincount(own, minlength=len(ids))
    seen: dict[int, int] = {}
    names = []
    for at in own.tolist():
        seen[at] = seen.get(at, 0) + 1
        names.append(f"{ids[at]}.{seen[at]}" if pieces[at] > 1 else ids[at])
    return names


def row_ids(cells: Sequence[str], numbers: Sequence[int], row: NDArray[np.int64]) -> list[str]:
    """Return a name for each row: its own where all are there and differ, else its number."""
    used = {cells[at] for at in set(row.tolist())}
    usable = "" not in used and len(used) == len(set(row.tolist()))
    if usable and not any("." in cell for cell in used):
        return list(cells)
    return [str(number) for number in numbers]


def join_transfers(
    places: pd.DataFrame, links: gpd.GeoDataFrame
) -> tuple[pd.DataFrame, gpd.GeoDataFrame, list[str]]:
    """Make the two ends of a transfer one place, and return the names of those places too.

    A transfer is where travellers change from one means to another, no road: the hours it takes
    belong to the change (`routes.TRANSFER_HOURS`).
    """
    transfers = links[links["mode"] == "transfer"]
    if transfers.empty:
        return places, links, []
    number = {place: at for at, place in enumerate(places["place_id"])}
    start, end = (transfers[side].map(number).to_numpy(dtype=np.int64) for side in ("from", "to"))
    labels = connect(start, end, len(places))
    first = np.full(int(labels.max()) + 1, len(places))
    np.minimum.at(first, labels, np.arange(len(places)))
    meant = dict(zip(places["place_id"], places["place_id"].to_numpy()[first[labels]], strict=True))
    rest = links[links["mode"] != "transfer"]
    rest = rest.assign(**{side: rest[side].map(meant) for side in ("from", "to")})
    kept = places[[meant[place] == place for place in places["place_id"]]]
    names = dict(zip(places["place_id"], places["place"], strict=True))
    joined = list(dict.fromkeys(names[meant[place]] for place in transfers["from"]))
    return kept.reset_index(drop=True), rest.reset_index(drop=True), joined
