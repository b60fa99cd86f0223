"""What is drawn over the regions: places, flows with their widths, roles and itineraries."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from corredor.geodata import Tables, add_up_counts, origin_of_sources
from corredor.geodata.flows import LEVELS, Level, unit_of_places
from corredor.geodata.places.gazetteer import aliases
from corredor.geodata.study.tables import as_rows
from corredor.routes import count_flow_evidence

from .pack import pack_ids, pack_numbers, pack_values
from .positions import Positions, Scene, TextPool, Units

# Width of a line per independent source in CSS pixels, and the widest line of a map.
PX_PER_SOURCE = 1.1
WIDEST_PX = 11.0

# By what the width of a flow can speak; never by two of them at once.
SHARES = ("share_of_origin", "share_of_destination")


def place_rows(tables: Tables, units: Units) -> list[Scene]:
    """Return the places and the units that flows are rolled up to, each with its spot if any.

    A place without coordinates stands in the middle of its unit, unless it is an area.
    """
    records = [
        _place(
            row.place_id,
            [row.name, row.name_en or row.name],
            row.kind,
            units.find(row.ubigeo),
            at=(None if row.kind == "region" else _point(row.lat, row.lon))
            or (None if row.kind == "area" else units.spot(row.ubigeo))
            or _point(row.lat, row.lon),
            label=_point(row.label_lat, row.label_lon),
        )
        for row in as_rows(tables.places)
    ]
    return records + _unit_rows(tables, units)


def _place(
    id_: str,
    name: list[str],
    kind: str,
    region: int,
    *,
    at: list[float] | None,
    label: list[float] | None = None,
) -> Scene:
    return {"id": id_, "name": name, "kind": kind, "region": region, "at": at, "label": label}


def _point(lat: float, lon: float) -> list[float] | None:
    return None if math.isnan(lat) else [lat, lon]


def _unit_rows(tables: Tables, units: Units) -> list[Scene]:
    """Return the units without a place of their own that ends of flows lie in.

    Each stands in its middle; one whose limits nobody knows, in the middle of its places.
    """
    places = tables.places
    known, rows = set(places["place_id"]), []
    named = _codes(tables)
    for level in study_levels(tables):
        digits = LEVELS[level]
        codes = sorted({code[:digits] for code in named if len(code) >= digits} - known)
        known |= set(codes)
        means = places[["lat", "lon"]].groupby(places["ubigeo"].str[:digits]).mean().round(4)
        spots = dict(zip(means.index, means.to_numpy().tolist(), strict=True))
        for code in codes:
            lat, lon = spots[code]
            rows.append(
                _place(
                    code,
                    [_unit_name(code, units.names)] * 2,
                    level,
                    units.find(code),
                    at=units.spot(code) or _point(lat, lon),
                )
            )
    return rows


def _unit_name(code: str, regions: dict[str, str]) -> str:
    if code in regions:
        return regions[code]
    from corredor.geodata.places.gazetteer import official_name

    return official_name(code) or code


def alias_rows(places: list[Scene], regions: Positions) -> list[list[Any]]:
    """Return other names by which readers look for places: ``[alias, kind, position]``."""
    at = Positions(place["id"] for place in places)
    rows: list[list[Any]] = []
    for alias, targets in aliases():
        first = targets.split()[0]
        if first in regions.of:
            rows.append([alias, "region", regions.of[first]])
        elif first in at.of:
            rows.append([alias, "place", at.of[first]])
    return rows


def study_levels(tables: Tables) -> list[Level]:
    """Return the levels that flows can be rolled up to, from the largest units to the smallest.

    Regions always; provinces and districts where a flow names places with such codes.
    """
    digits = max(map(len, _codes(tables)), default=0)
    return [level for level, length in LEVELS.items() if level == "region" or length <= digits]


def _codes(tables: Tables) -> set[str]:
    """Return the codes of the places that flows name."""
    named = {*tables.flows["origin"].unique(), *tables.flows["destination"].unique()}
    pairs = zip(tables.places["place_id"], tables.places["ubigeo"], strict=True)
    return {code for place, code in pairs if place in named}


def level_nodes(tables: Tables, places: list[Scene]) -> Scene:
    """Return for each level the position of the place that each place is rolled up to, packed."""
    at = Positions(place["id"] for place in places)
    codes = dict(zip(tables.places["place_id"], tables.places["ubigeo"], strict=True))
    ids = [place["id"] for place in places]
    ubigeos = [codes.get(id_, id_) for id_ in ids]
    table = pd.DataFrame({"place_id": ids, "ubigeo": ubigeos}, dtype=str)
    nodes: Scene = {}
    for level in study_levels(tables):
        unit = unit_of_places(table, level)
        nodes[level] = pack_numbers([at.of.get(unit[id_], at.of[id_]) for id_ in ids])
    return nodes


def flow_columns(tables: Tables, at: Positions, sources: Positions, pool: TextPool) -> Scene:
    """Return the reported flows as packed columns, in the order of their table."""
    flows = tables.flows
    notes = list(zip(flows["note_es"].tolist(), flows["note_en"].tolist(), strict=True))
    pooled = {note: pool.add(*note) for note in dict.fromkeys(notes)}
    return {
        "id": pack_ids(flows["flow_id"].tolist()),
        "from": pack_numbers(at.of_column(flows["origin"])),
        "to": pack_numbers(at.of_column(flows["destination"])),
        "value": pack_values(flows["value"]),
        "kind": pack_values(flows["value_kind"]),
        "start": pack_values(flows["period_start"]),
        "end": pack_values(flows["period_end"]),
        "purpose": pack_values(flows["purpose"]),
        "source": pack_numbers(sources.of_column(flows["source_id"])),
        "note": pack_values(pd.Series([pooled[note] for note in notes], dtype=object)),
    }


def role_rows(
    rolled: pd.DataFrame, sources: pd.DataFrame, regions: Positions
) -> list[Scene | None]:
    """Return the role of each region in the graph of its flows, None where none names it."""
    counted = count_flow_evidence(rolled, sources)
    evidence: dict[Any, Any] = counted.to_dict("index")
    return [evidence.get(ubigeo) for ubigeo in regions.of]


def width_scales(rolled: pd.DataFrame, sources: pd.DataFrame) -> Scene:
    """Return the scale of lines for each thing that their width can speak by, from regions' flows.

    Widths are proportional. The largest value is that between regions, which no smaller unit
    exceeds, so a width means the same at every level.
    """
    counts = add_up_counts(rolled)
    most = {"evidence": _most_evidence(rolled, sources)}
    if len(counts):
        most["count"] = float(counts["high"].max())
    for kind in SHARES:
        shares = rolled.loc[rolled["value_kind"] == kind, "value"].dropna()
        if len(shares):
            most[kind] = float(shares.max())
    least = rolled.loc[rolled["value_kind"] == "count", "value"].min()
    return {by: _scale(value, by, least if by == "count" else 0) for by, value in most.items()}


def width_kinds(tables: Tables) -> list[str]:
    """Return by what the width of a study's flows can speak; evidence always."""
    valued = tables.flows.loc[tables.flows["value"].notna(), "value_kind"].unique()
    return ["evidence", *(kind for kind in ("count", *SHARES) if kind in valued)]


def _most_evidence(rolled: pd.DataFrame, sources: pd.DataFrame) -> float:
    if rolled.empty:
        return 1
    origins = origin_of_sources(sources)
    numbers = Positions(dict.fromkeys(origins.values()))
    codes, words = pd.factorize(rolled["source_id"])
    publication = np.array([numbers.of[origins[word]] for word in words])[codes]
    starts, ends = (pd.factorize(rolled[end]) for end in ("origin", "destination"))
    pair = starts[0] * len(ends[1]) + ends[0]
    reports = np.unique(pair * len(numbers.of) + publication)
    return float(np.unique(reports // len(numbers.of), return_counts=True)[1].max())


def _scale(most: float, by: str, least: float) -> Scene:
    per_unit = WIDEST_PX / most if most else 1.0
    if by == "evidence":
        per_unit = min(PX_PER_SOURCE, per_unit)
        steps = [n for n in (1.0, 2, 5, 10, 20, 50, 100) if n <= 0.7 * most]
    else:
        power = 10 ** math.floor(math.log10(most)) if most >= 1 else 1
        steps = [n * power for n in (0.1, 0.2, 0.5, 1, 2, 5) if n * power <= 0.7 * most]
    steps = [step for step in steps if step * per_unit >= 1 or by == "evidence"]
    # No arrow is thinner than that of the least number, which begins the legend where none is.
    if steps and steps[0] < least < most:
        steps = [least, *(step for step in steps if step >= 1.4 * least)]
    legend = [*steps[:1], *steps[1:][-2:], most]
    return {
        "px": round(per_unit, 4 if per_unit > 0.1 else 9),
        "legend": [int(step) if step == int(step) else step for step in legend],
    }


def itinerary_rows(tables: Tables, at: Positions, sources: Positions) -> list[Scene]:
    """Return the documented itineraries, stop by stop."""
    records = []
    for key, stops in tables.itineraries.groupby(["route_id", "source_id"], sort=False):
        route, source = map(str, key)
        ordered = stops.sort_values("seq")
        records.append(
            {
                "id": route,
                "source": sources.of[source],
                "stops": at.all(ordered["place_id"]),
                "modes": ordered["mode_to_next"].tolist()[:-1],
            }
        )
    return records
