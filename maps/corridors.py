"""Inferred corridors on their way to the map: legs with their lines, loads, ranges and flows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd
from corredor.geodata import Publication
from corredor.geodata.tables import as_rows

from .pack import pack_numbers
from .positions import Positions, Scene

if TYPE_CHECKING:
    from corredor.routes import Corridors

# The widest band of a map in CSS pixels: likelihood, not evidence, so not on the scale of flows.
WIDEST_BAND_PX = 15.0
# Coordinates of lines are packed in ten-thousandths of a degree, about 11 m.
LINE_SCALE = 10_000


def has_network(publication: Publication) -> bool:
    """Tell whether a study has flows and a network that they can be routed over."""
    tables = publication.tables
    return bool(len(tables.flows) and len(tables.network_links))


def corridor_rows(corridors: Corridors, flows: Positions, *, shown: float = 0.01) -> Scene | None:
    """Return the corridors of a study as plain data.

    Parameters
    ----------
    corridors : Corridors
        From `corredor.routes.find_corridors`.
    flows : Positions
        Positions of the ``flow_id`` of the flows.
    shown : float
        Legs that carry less than this share of the whole weight are not drawn; they are counted in
        ``unshown``.

    Returns
    -------
    dict or None
        ``kind`` (what the loads are: expected evidence, count or share), ``theta``, ``modes``,
        ``scale`` (``px`` for each unit of load and ``legend``), ``legs`` (one record each: name,
        way, places, modes, km, hours, load with its range, share, years, ``line`` as packed
        differences), ``flows`` (for each leg how many and which, packed), ``left`` (number of
        flows that no link carries) and ``unshown``. None where no flow could be routed.
    """
    legs = corridors.legs[corridors.legs["share"] >= shown]
    if legs.empty:
        return None
    network = corridors.network
    at = {place: (data["x"], data["y"]) for place, data in network.nodes(data=True)}
    edges = {key: data for _, _, key, data in network.edges(keys=True, data=True)}
    through = [sorted(flows.all(ids)) for ids in legs["flow_ids"]]
    most = float(legs["load_high"].max())
    return {
        "kind": corridors.kind,
        "theta": corridors.theta,
        "modes": list(corridors.modes),
        "scale": band_scale(most),
        "legs": [
            {
                "name": row.name.replace(" - ", " – "),
                "way": [row.way_es, row.way_en],
                "modes": list(row.modes),
                "places": [network.nodes[place]["name"] for place in row.place_ids],
                "km": round(row.km),
                "hours": round(row.hours, 1),
                "load": round(row.load, 2),
                "low": round(row.load_low, 2),
                "high": round(row.load_high, 2),
                "share": round(row.share, 4),
                "first": None if pd.isna(row.first_year) else int(row.first_year),
                "last": None if pd.isna(row.last_year) else int(row.last_year),
                "line": _pack_line(_line(row.place_ids, row.link_ids, at, edges)),
            }
            for row in as_rows(legs)
        ],
        "flows": {
            "count": pack_numbers([len(ids) for ids in through]),
            "row": pack_numbers([flow for ids in through for flow in ids]),
        },
        "left": len(corridors.left_out),
        "unshown": len(corridors.legs) - len(legs),
    }


def band_scale(most: float) -> Scene:
    """Return pixels for each unit of load, and the loads of the legend."""
    steps = [n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500) if n <= 0.8 * most]
    return {"px": round(WIDEST_BAND_PX / most, 5), "legend": steps[-3:] or [round(most, 1)]}


def _line(
    places: tuple[str, ...],
    links: tuple[str, ...],
    at: dict[str, tuple[float, float]],
    edges: dict[str, Any],
) -> list[tuple[float, float]]:
    """Return the course of a leg: the geometry of its links, else straight from place to place."""
    points = [at[places[0]]]
    for start, end, link in zip(places[:-1], places[1:], links, strict=True):
        geometry = edges[link].get("geometry")
        course = list(geometry.coords) if geometry is not None else [at[start], at[end]]
        if _apart(course[-1], at[start]) < _apart(course[0], at[start]):
            course.reverse()
        points += [(x, y) for x, y, *_ in course[1:]]
    return [point for point in points if not math.isnan(point[0])]


def _apart(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2


def _pack_line(points: list[tuple[float, float]]) -> list[int]:
    packed: list[int] = []
    lon = lat = 0
    for x, y in points:
        packed += [round(x * LINE_SCALE) - lon, round(y * LINE_SCALE) - lat]
        lon, lat = lon + packed[-2], lat + packed[-1]
    return packed
