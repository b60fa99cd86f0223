"""What is drawn over the regions: places, flows with their widths, roles and itineraries."""

from __future__ import annotations

from typing import Any

import pandas as pd
from corredor.geodata import Tables, build_pairs, roll_up
from corredor.geodata.tables import as_rows
from corredor.routes import build_flow_graph, count_evidence

from .positions import Positions, Scene, TextPool

# Line width per independent source, in CSS pixels, and the widest line of a map.
PX_PER_SOURCE = 1.1
WIDEST_PX = 12.0


def place_rows(tables: Tables, regions: Positions, labels: dict[str, list[float]]) -> list[Scene]:
    """Return the places, each with its spot on the map if it has one."""
    records = []
    for row in as_rows(tables.places):
        region = regions.of.get(row.ubigeo[:2], -1)
        at = None if pd.isna(row.lat) else [row.lat, row.lon]
        if row.kind == "region":
            at = labels.get(row.ubigeo, at)
        records.append(
            {
                "id": row.place_id,
                "name": [row.name, row.name_en or row.name],
                "kind": row.kind,
                "region": region,
                "at": at,
                "label": None if pd.isna(row.label_lat) else [row.label_lat, row.label_lon],
            }
        )
    return records


def flow_rows(tables: Tables, at: Positions, sources: Positions, pool: TextPool) -> list[Scene]:
    """Return the reported flows."""
    return [
        {
            "id": row.flow_id,
            "from": at.of[row.origin],
            "to": at.of[row.destination],
            "value": None if pd.isna(row.value) else row.value,
            "kind": row.value_kind,
            "start": row.period_start,
            "end": row.period_end,
            "purpose": row.purpose,
            "source": sources.of[row.source_id],
            "note": pool.add(row.note_es, row.note_en),
        }
        for row in as_rows(tables.flows)
    ]


def pair_levels(tables: Tables, places: list[Scene], at: Positions) -> dict[str, list[Scene]]:
    """Return the pairs by region and by place; a pair with an end that has no spot is not drawn."""
    flow_at = Positions(tables.flows["flow_id"])
    rolled = roll_up(tables.flows, tables.places)
    # A region that a flow was rolled up to needs a place of its own to be drawn at.
    missing = ~(rolled["origin"].isin(at.of) & rolled["destination"].isin(at.of))
    rolled = rolled.where(~missing, tables.flows)
    levels = {}
    for level, flows in (("region", rolled), ("place", tables.flows)):
        pairs = build_pairs(flows, tables.sources)
        levels[level] = [
            {
                "from": at.of[row.origin],
                "to": at.of[row.destination],
                "evidence": int(row.evidence),
                "flows": flow_at.all(row.flow_ids),
                "drawn": all(
                    places[at.of[end]]["at"] or places[at.of[end]]["label"]
                    for end in (row.origin, row.destination)
                ),
            }
            for row in as_rows(pairs)
        ]
    return levels


def role_rows(tables: Tables, regions: Positions) -> list[Scene | None]:
    """Return the role of each region in the flow graph, None where no flow names it."""
    graph = build_flow_graph(roll_up(tables.flows, tables.places), tables.places, tables.sources)
    evidence: dict[Any, Any] = count_evidence(graph).to_dict("index")
    return [evidence.get(ubigeo) for ubigeo in regions.of]


def width_scale(levels: dict[str, list[Scene]]) -> Scene:
    """Return the scale of flow lines: their width is proportional to the evidence."""
    most = max((pair["evidence"] for pairs in levels.values() for pair in pairs), default=1)
    steps = [n for n in (1, 2, 5, 10, 20, 50, 100) if n <= 0.7 * most] + [most]
    return {
        "px_per_source": round(min(PX_PER_SOURCE, WIDEST_PX / most), 3),
        "legend": steps if len(steps) <= 4 else [steps[0], *steps[-3:]],
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
