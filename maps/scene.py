"""The scene: everything a map shows, as plain data, in both languages.

A scene is what the page receives as its one JSON block. It says what is drawn (figures, classes,
widths, places) and never how a browser draws it, so that other outputs can show the same.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pandas as pd
import shapely
from corredor.geodata import (
    Publication,
    Tables,
    add_rates,
    build_figures,
    build_pairs,
    list_series,
    match_complaints,
    roll_up,
)
from corredor.geodata.complaints import SERIES
from corredor.geodata.tables import as_records, as_rows
from corredor.routes import build_flow_graph, count_evidence

import corredor

from .classify import SCHEMES, find_breaks
from .geometry import label_point, pack_rings

Scene = dict[str, Any]

# Line width per independent source, in CSS pixels, and the widest line of a map.
PX_PER_SOURCE = 1.1
WIDEST_PX = 12.0


class TextPool:
    """Bilingual texts stored once each; a text is known by its number."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}

    def add(self, es: str, en: str) -> int | None:
        """Return the number of a text, or None for an empty one; one language fills the other."""
        if not es and not en:
            return None
        return self._numbers.setdefault((es or en, en or es), len(self._numbers))

    def texts(self) -> list[list[str]]:
        """Return all texts as ``[es, en]`` in order of their numbers."""
        return [list(pair) for pair in self._numbers]


def build_scene(publication: Publication) -> Scene:
    """Build the scene of a publication.

    Parameters
    ----------
    publication : Publication
        Protected tables.

    Returns
    -------
    dict
        JSON-ready: ``study``, ``texts``, ``sources``, ``registers``, ``regions``, ``land``,
        ``series``, ``figures``, ``rankings``, ``districts``, ``places``, ``flows``, ``levels``,
        ``widths``, ``itineraries`` and ``account``. Rows refer to each other by position.
    """
    tables, pool = publication.tables, TextPool()
    sources = Positions(tables.sources["source_id"])
    regions = Positions(tables.regions["ubigeo"])
    account = match_complaints(tables.complaints, tables.districts, ubigeos=set(regions.of))
    figures = add_rates(build_figures(account, tables.districts), tables.regions)
    series = list_series(figures, regions=len(tables.regions))
    labels = {u: label_point(g) for u, g in zip(regions.of, tables.regions.geometry, strict=True)}
    places = _places(tables, regions, labels)
    at = Positions(tables.places["place_id"])
    levels = _levels(tables, places, at)
    scene = {
        "study": _study(publication, series),
        "sources": _sources(tables, pool),
        "registers": _registers(tables),
        "regions": _regions(tables, sources, labels),
        "land": _land(tables),
        "series": _series(series, figures),
        "figures": _figures(figures, series, regions, sources, pool),
        "rankings": _rankings(tables, regions, sources),
        "districts": _districts(tables, regions, sources, pool),
        "places": places,
        "flows": _flows(tables, at, sources, pool),
        "levels": levels,
        "roles": _roles(tables, regions),
        "widths": _widths(levels),
        "itineraries": _itineraries(tables, at, sources),
        "account": {
            "complaints": {
                name: {"rows": len(rows), "value": float(rows["value"].sum())}
                for name, rows in vars(account).items()
            },
            "unmatched": [
                {"place": row.place or row.ubigeo, "value": row.value}
                for row in as_rows(account.unmatched)
            ],
            "flows": len(tables.flows),
            "withheld": len(publication.withheld),
        },
    }
    return {**scene, "texts": pool.texts()}


class Positions:
    """Position of each key in a column."""

    def __init__(self, keys: Iterable[str]) -> None:
        self.of = {key: number for number, key in enumerate(keys)}

    def all(self, keys: Iterable[str]) -> list[int]:
        """Return the positions of several keys."""
        return [self.of[key] for key in keys]


def _study(publication: Publication, series: pd.DataFrame) -> Scene:
    meta, opening = publication.meta, publication.meta.opening
    wanted = (series["register"] == opening.register) & (series["measure"] == opening.measure)
    wanted &= series["period_start"] == opening.period_start
    wanted &= series["period_end"] == opening.period_end
    first = int(wanted.to_numpy().argmax()) if wanted.any() else 0
    return {
        "title": [meta.title.es, meta.title.en],
        "subtitle": [meta.subtitle.es, meta.subtitle.en],
        "boundaries": [meta.boundaries_note.es, meta.boundaries_note.en],
        "series": first,
        "show": opening.show,
        "threshold": meta.threshold,
        "fingerprint": meta.fingerprint,
        "version": corredor.__version__,
    }


def _sources(tables: Tables, pool: TextPool) -> list[Scene]:
    return [
        {
            "id": row.source_id,
            "origin": row.origin_id or row.source_id,
            "publisher": row.publisher,
            "title": row.title,
            "date": row.date,
            "url": row.url,
            "accessed": row.accessed,
            "note": pool.add(row.note_es, row.note_en),
        }
        for row in as_rows(tables.sources)
    ]


def _registers(tables: Tables) -> dict[str, Scene]:
    return {
        row.register: {
            "name": [row.name_es, row.name_en],
            "counts": [row.counts_es or row.counts_en, row.counts_en or row.counts_es],
        }
        for row in as_rows(tables.registers)
    }


def _regions(tables: Tables, sources: Positions, labels: dict[str, list[float]]) -> list[Scene]:
    return [
        {
            "id": row.ubigeo,
            "name": row.name,
            "people": None if pd.isna(row.population) else int(row.population),
            "year": row.population_year,
            "source": sources.of.get(row.population_source),
            "at": labels[row.ubigeo],
            "rings": pack_rings(row.geometry),
        }
        for row in as_rows(tables.regions)
    ]


def _land(tables: Tables) -> list[Scene]:
    if tables.neighbours is None:
        return []
    west, south, east, north = tables.regions.total_bounds
    window = shapely.box(west - 4, south - 3, east + 4, north + 3)
    records = []
    for row in as_rows(tables.neighbours):
        near = row.geometry.intersection(window) if row.name_es or row.name_en else None
        records.append(
            {
                "name": [row.name_es or row.name_en, row.name_en or row.name_es],
                "at": label_point(near) if near is not None and near.area > 1 else None,
                "rings": pack_rings(row.geometry, scale=100),
            }
        )
    return records


def _series(series: pd.DataFrame, figures: pd.DataFrame) -> list[Scene]:
    drawn: dict[tuple[str, ...], list[Scene]] = defaultdict(list)
    for row in as_records(figures):
        if row["level"] == "region" and not row["disputed"]:
            drawn[tuple(row[column] for column in SERIES)].append(row)
    records = []
    for row in as_records(series):
        members = drawn[tuple(row[column] for column in SERIES)]
        values = {
            "rate": [m["rate"] for m in members if not math.isnan(m["rate"])],
            "count": [m["value"] for m in members],
        }
        records.append(
            {
                **{column: row[column] for column in SERIES},
                "covered": row["covered"],
                "complete": row["complete"],
                "total": row["total"],
                "national": list(row["national"]),
                "breaks": {
                    show: {scheme: find_breaks(numbers, scheme=scheme) for scheme in SCHEMES}
                    for show, numbers in values.items()
                },
            }
        )
    return records


def _figures(
    figures: pd.DataFrame,
    series: pd.DataFrame,
    regions: Positions,
    sources: Positions,
    pool: TextPool,
) -> list[Scene]:
    number = {
        tuple(row[column] for column in SERIES): n for n, row in enumerate(as_records(series))
    }
    records = []
    for row in as_records(figures):
        key = tuple(row[column] for column in SERIES)
        records.append(
            {
                "id": row["figure_id"],
                "level": row["level"],
                "region": regions.of.get(row["ubigeo"], -1),
                "series": number.get(key, -1),
                **{column: row[column] for column in SERIES},
                "value": row["value"],
                "rate": None if pd.isna(row["rate"]) else round(row["rate"], 4),
                "parts": [list(part) for part in row["parts"]],
                "whole": row["whole"],
                "basis": row["basis"],
                "sources": sources.all(row["source_ids"]),
                "notes": [
                    [sources.of[source], pool.add(es, en)] for source, es, en in row["notes"]
                ],
                "disputed": bool(row["disputed"]),
            }
        )
    return records


def _rankings(tables: Tables, regions: Positions, sources: Positions) -> list[Scene]:
    records = []
    keys = ["register", "measure", "period_start", "period_end", "source_id"]
    for key, group in tables.rankings.groupby(keys, sort=False):
        named: dict[str, Any] = dict(zip(keys, key, strict=True))
        ordered = group.sort_values("rank")
        records.append(
            {
                **{column: named[column] for column in keys[:-1]},
                "source": sources.of[named["source_id"]],
                "regions": [regions.of[u] for u in ordered["ubigeo"] if u in regions.of],
            }
        )
    return records


def _districts(
    tables: Tables, regions: Positions, sources: Positions, pool: TextPool
) -> list[Scene]:
    return [
        {
            "name": row.district,
            "region": regions.of[row.ubigeo],
            "source": sources.of[row.source_id],
            "note": pool.add(row.note_es, row.note_en),
        }
        for row in as_rows(tables.districts)
        if row.ubigeo in regions.of and (row.note_es or row.note_en)
    ]


def _places(tables: Tables, regions: Positions, labels: dict[str, list[float]]) -> list[Scene]:
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


def _flows(tables: Tables, at: Positions, sources: Positions, pool: TextPool) -> list[Scene]:
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


def _levels(tables: Tables, places: list[Scene], at: Positions) -> dict[str, list[Scene]]:
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


def _roles(tables: Tables, regions: Positions) -> list[Scene | None]:
    graph = build_flow_graph(roll_up(tables.flows, tables.places), tables.places, tables.sources)
    evidence: dict[Any, Any] = count_evidence(graph).to_dict("index")
    return [evidence.get(ubigeo) for ubigeo in regions.of]


def _widths(levels: dict[str, list[Scene]]) -> Scene:
    """Return the scale of flow lines: their width is proportional to the evidence."""
    most = max((pair["evidence"] for pairs in levels.values() for pair in pairs), default=1)
    steps = [n for n in (1, 2, 5, 10, 20, 50, 100) if n <= 0.7 * most] + [most]
    return {
        "px_per_source": round(min(PX_PER_SOURCE, WIDEST_PX / most), 3),
        "legend": steps if len(steps) <= 4 else [steps[0], *steps[-3:]],
    }


def _itineraries(tables: Tables, at: Positions, sources: Positions) -> list[Scene]:
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
