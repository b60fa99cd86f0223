"""Inferred corridors on their way to the map: legs, loads, ranges, flows, and closures."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely
from corredor.geodata import Publication, Tables
from corredor.geodata.messages import Message
from corredor.geodata.study.tables import as_rows

from .pack import pack_numbers
from .positions import Positions, Scene

if TYPE_CHECKING:
    import networkx as nx
    from corredor.routes import Comparison, Corridors

# The widest band of a map in CSS pixels: likelihood, not evidence, so not on the scale of flows.
WIDEST_BAND_PX = 18.0
# Coordinates of lines are packed in ten-thousandths of a degree, about 11 m.
LINE_SCALE = 10_000
# So many places where flows come together are listed.
HUBS = 8


def has_network(publication: Publication) -> bool:
    """Tell whether a study has flows and a network that they can be routed over."""
    tables = publication.tables
    return bool(len(tables.flows) and len(tables.network_links))


def corridor_rows(corridors: Corridors, tables: Tables, *, shown: float = 0.01) -> Scene | None:
    """Return the corridors of a study as plain data.

    Parameters
    ----------
    corridors : Corridors
        From `corredor.routes.find_corridors`.
    tables : Tables
        The tables they were found for; ``regions``, ``places`` and ``flows`` are used.
    shown : float
        Legs that carry less than this share of the whole weight are not drawn; they are counted in
        ``unshown``.

    Returns
    -------
    dict or None
        ``kind`` (what the loads are: expected evidence, count or share), ``theta``, ``modes``,
        ``scale`` (``px`` for each unit of load and ``legend``), ``legs`` (one record each: name,
        way, places, modes, km, hours, load with its range, share, years, ``regions`` and ``stops``
        (regions passed and places of the study passed, as positions), ``line`` as packed
        differences), ``hubs`` (places that most of the flows touch: ``name``, ``stop`` or None,
        ``share`` and ``through``), ``flows`` (for each leg how many and which, packed), ``left``
        (flows that no link carries: for each ``reason``, in both languages, which), ``least``
        (``shown``) and ``unshown`` (``legs``, how many, and ``share``, their part of load times
        kilometres). None where no flow could be routed.
    """
    legs = corridors.legs[corridors.legs["share"] >= shown]
    if legs.empty:
        return None
    network = corridors.network
    flows = Positions(tables.flows["flow_id"])
    through = [sorted(flows.all(ids)) for ids in legs["flow_ids"]]
    lines = _lines(network, legs)
    regions = _regions_passed(corridors, legs, lines, tables)
    stops = _stops(corridors.ends, Positions(tables.places["place_id"]))
    return {
        "kind": corridors.kind,
        "theta": corridors.theta,
        "modes": list(corridors.modes),
        "scale": band_scale(float(legs["load"].max())),
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
                "regions": passed,
                "stops": sorted({stop for place in row.place_ids for stop in stops[place]}),
                "line": _pack_line(line),
            }
            for row, passed, line in zip(as_rows(legs), regions, lines, strict=True)
        ],
        "flows": {
            "count": pack_numbers([len(ids) for ids in through]),
            "row": pack_numbers([flow for ids in through for flow in ids]),
        },
        "hubs": _hubs(corridors, stops),
        "left": [
            {"reason": _in_words(str(reason)), "flows": pack_numbers(flows.all(rows["flow_id"]))}
            for reason, rows in corridors.left_out.groupby("reason", sort=True)
        ],
        "least": shown,
        "unshown": _unshown(corridors.legs, shown),
    }


def _hubs(corridors: Corridors, stops: dict[str, list[int]]) -> list[Scene]:
    """Return the places that most of the flows touch, with the part that only passes through."""
    from corredor.routes.measures import flow_betweenness

    table = flow_betweenness(corridors.visits, corridors.pairs)
    table = table[table["role"] != "minor"].sort_values(
        ["share", "place_id"], ascending=[False, True]
    )
    return [
        {
            "name": corridors.network.nodes[row.place_id]["name"],
            "stop": next(iter(stops[row.place_id]), None),
            "share": round(row.share, 4),
            "through": round(row.betweenness, 4),
        }
        for row in as_rows(table.head(HUBS))
    ]


def _unshown(legs: pd.DataFrame, shown: float) -> Scene:
    """Return how many legs are not drawn and which part of all load they are, by kilometres."""
    work = legs["load"] * legs["km"]
    hidden = legs["share"] < shown
    return {"legs": int(hidden.sum()), "share": round(float(work[hidden].sum() / work.sum()), 4)}


def _in_words(reason: str) -> list[str]:
    from corredor.routes.demand import REASONS

    return [REASONS[reason].render("es"), REASONS[reason].render("en")]


def _stops(ends: pd.DataFrame, places: Positions) -> dict[str, list[int]]:
    """Return for places of the network which places of the study lie there by themselves.

    A region or an area stands for more than the place where its flows meet the network.
    """
    alone = ends[~ends["rule"].isin(["region_capital", "area"])]
    stops: dict[str, list[int]] = defaultdict(list)
    for row in as_rows(alone):
        stops[row.network_place].append(places.of[row.place_id])
    return stops


def _regions_passed(
    corridors: Corridors,
    legs: pd.DataFrame,
    lines: list[list[tuple[float, float]]],
    tables: Tables,
) -> list[list[int]]:
    """Return the regions each leg passes: those its places name, else those its line crosses."""
    regions = Positions(tables.regions["ubigeo"])
    codes = {place: data.get("ubigeo") for place, data in corridors.network.nodes(data=True)}
    passed: list[list[int]] = []
    for place_ids, line in zip(legs["place_ids"], lines, strict=True):
        named = [str(codes[place] or "")[:2] for place in place_ids]
        found = [regions.of[code] for code in named if code in regions.of]
        if not found and len(line) > 1:
            course = shapely.LineString(line)
            found = tables.regions.sindex.query(course, "intersects").tolist()
        passed.append(sorted(set(found)))
    return passed


def band_scale(most: float) -> Scene:
    """Return pixels for each unit of load, and the loads of the legend."""
    steps = [n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500) if n <= 0.8 * most]
    return {"px": round(WIDEST_BAND_PX / most, 5), "legend": steps[-3:] or [round(most, 1)]}


def packed_lines(network: nx.MultiGraph[str], legs: pd.DataFrame) -> list[list[int]]:
    """Return the lines of legs as packed differences."""
    return [_pack_line(line) for line in _lines(network, legs)]


def _lines(network: nx.MultiGraph[str], legs: pd.DataFrame) -> list[list[tuple[float, float]]]:
    """Return the lines of legs, given their places and links."""
    at = {place: (data["x"], data["y"]) for place, data in network.nodes(data=True)}
    edges = {key: data for _, _, key, data in network.edges(keys=True, data=True)}
    return [
        _line(places, links, at, edges)
        for places, links in zip(legs["place_ids"], legs["link_ids"], strict=True)
    ]


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


def closure_rows(found: Comparison) -> Scene:
    """Return what a closure changes, inferred twice over: plain data, texts in both languages.

    ``title``, ``account`` (of the pairs), ``note``, ``more``, ``less`` and ``all`` are texts;
    ``kind`` and ``scale`` are as for corridors; ``legs`` have ``name``, ``before``, ``after``,
    ``load`` (how much it changes) and ``line``, the largest change first.
    """
    from corredor.routes import closure_account, closure_note

    (what,) = found.pairs["scenario"].unique()
    legs = found.legs
    lines = packed_lines(found.corridors.network, legs)
    texts = {
        "title": Message("Change if {what} were closed", what=what),
        "account": closure_account(found.pairs),
        "note": closure_note(),
        "more": Message("More would be expected here"),
        "less": Message("Less would be expected here"),
        "all": Message("Stretches that would change: {n}", n=len(legs)),
    }
    return {
        **{name: [text.render("es"), text.render("en")] for name, text in texts.items()},
        "kind": found.corridors.kind,
        "scale": band_scale(float(legs["change"].abs().max()) if len(legs) else 1.0),
        "legs": [
            {
                "name": row.name.replace(" - ", " – "),
                "before": round(row.before, 1),
                "after": round(row.after, 1),
                "load": round(abs(row.change), 2),
                "line": line,
            }
            for row, line in zip(as_rows(legs), lines, strict=True)
        ],
    }
