"""Regions and what colours them: outlines, series, figures, rankings, notes of districts."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence, Set
from typing import Any

import pandas as pd
import shapely
from corredor.geodata import Tables
from corredor.geodata.figures import SERIES, poisson_interval
from corredor.geodata.flows import Level
from corredor.geodata.study.tables import as_records, as_rows

from .classes import SCHEMES, find_breaks
from .positions import Positions, Scene, TextPool, Units
from .shapes import pack_borders

FAMILY = SERIES[:3]
# Steps of a degree in which borders are stored: about 110, 55 and 28 m.
SCALES: dict[Level, int] = {"region": 1000, "province": 2000, "district": 4000}
# Breaks shared by many periods are found in so many quantiles of all their values.
POOLED = 600


def region_rows(tables: Tables, sources: Positions, units: Units) -> tuple[list[Scene], Scene]:
    """Return the units with their rings, label points and inhabitants, and the borders of rings."""
    scale = SCALES[units.level]
    borders, rings = pack_borders(tables.regions.geometry.to_numpy(), scale=scale)
    rows = [
        {
            "id": row.ubigeo,
            "name": row.name,
            "people": None if pd.isna(row.population) else int(row.population),
            "year": row.population_year,
            "source": sources.of.get(row.population_source),
            "at": units.spot(row.ubigeo),
            "rings": numbers,
            # Where units are many, a name is written once there is room for it.
            **({} if units.level == "region" else {"wide": _width(row.geometry)}),
        }
        for row, numbers in zip(as_rows(tables.regions), rings, strict=True)
    ]
    return rows, {"scale": scale, "lines": borders}


def _width(shape: shapely.Geometry) -> float:
    west, _, east, _ = shapely.bounds(shape)
    return round(float(east - west), 2)


def series_rows(
    series: pd.DataFrame, figures: pd.DataFrame, pool: TextPool, *, own: Set[str] = frozenset()
) -> list[Scene]:
    """Return the series with their class breaks, for rates and for counts.

    Of a series of ``own`` sources every region without a figure is withheld, small or not.
    """
    drawn = _values_of(figures, SERIES)
    notes = _common_notes(figures, pool)
    families = _number(as_records(series), FAMILY)
    withheld_rows = figures[[not own.isdisjoint(ids) for ids in figures["source_ids"]]]
    withheld = {_key(row, SERIES) for row in as_records(withheld_rows)}
    return [
        {
            **{column: row[column] for column in SERIES},
            "family": families[_key(row, FAMILY)],
            "covered": row["covered"],
            "complete": row["complete"],
            "partial": row["partial"],
            "note": notes.get(_key(row, SERIES)),
            "total": row["total"],
            "national": list(row["national"]),
            "breaks": _breaks(drawn[_key(row, SERIES)]),
            **({"withheld": True} if _key(row, SERIES) in withheld else {}),
        }
        for row in as_records(series)
    ]


def _common_notes(figures: pd.DataFrame, pool: TextPool) -> dict[tuple[str, ...], int | None]:
    """Return for each series the note that all its figures on the map carry, if there is one.

    What holds for every figure belongs to the legend, where nobody can miss it.
    """
    notes_of: dict[tuple[str, ...], set[tuple[tuple[str, str], ...]]] = defaultdict(set)
    for row in as_records(figures[figures["shown"]]):
        notes_of[_key(row, SERIES)].add(tuple((es, en) for _, es, en in row["notes"]))
    return {
        key: pool.add(*next(iter(notes))[0])
        for key, notes in notes_of.items()
        if len(notes) == 1 and len(next(iter(notes))) == 1
    }


def family_rows(series: pd.DataFrame, figures: pd.DataFrame) -> list[Scene]:
    """Return what all periods of one register, measure and purpose share.

    Class breaks over the values of all of them, so that a colour means the same in each, and the
    highest count, by which circles are scaled.
    """
    drawn = _values_of(figures, FAMILY)
    records = []
    for family in _number(as_records(series), FAMILY):
        values = {show: _thin(numbers) for show, numbers in drawn[family].items()}
        records.append({"breaks": _breaks(values), "most": max(values["count"], default=0)})
    return records


def _key(row: dict[str, Any], columns: list[str]) -> tuple[str, ...]:
    return tuple(row[column] for column in columns)


def _number(rows: list[dict[str, Any]], columns: list[str]) -> dict[tuple[str, ...], int]:
    distinct = dict.fromkeys(_key(row, columns) for row in rows)
    return {key: number for number, key in enumerate(distinct)}


def _values_of(
    figures: pd.DataFrame, columns: list[str]
) -> dict[tuple[str, ...], dict[str, list[float]]]:
    """Return the rates and counts that are shown, for each value of some columns."""
    values: dict[tuple[str, ...], dict[str, list[float]]]
    values = defaultdict(lambda: {"rate": [], "count": []})
    for row in as_records(figures[figures["shown"]]):
        found = values[_key(row, columns)]
        found["count"].append(row["value"])
        if not math.isnan(row["rate"]):
            found["rate"].append(row["rate"])
    return values


def _breaks(values: dict[str, list[float]]) -> Scene:
    return {
        show: {scheme: find_breaks(numbers, scheme=scheme) for scheme in SCHEMES}
        for show, numbers in values.items()
    }


def _thin(values: Sequence[float]) -> list[float]:
    """Return evenly spaced quantiles, the lowest and the highest among them, where values are many.

    Finding natural breaks takes time with the square of the number of values.
    """
    if len(values) <= POOLED:
        return list(values)
    ordered = sorted(values)
    step = (len(ordered) - 1) / (POOLED - 1)
    return [ordered[round(number * step)] for number in range(POOLED)]


def figure_rows(
    figures: pd.DataFrame,
    series: pd.DataFrame,
    regions: Positions,
    sources: Positions,
    pool: TextPool,
) -> list[Scene]:
    """Return the figures, each with its series, sources and notes."""
    number = _number(as_records(series), SERIES)
    records = []
    for row in as_records(figures):
        key = _key(row, SERIES)
        records.append(
            {
                "id": row["figure_id"],
                "level": row["level"],
                "region": regions.of.get(row["ubigeo"], -1),
                "series": number.get(key, -1),
                **{column: row[column] for column in SERIES},
                "value": row["value"],
                "rate": None if pd.isna(row["rate"]) else row["rate"],
                "interval": None if pd.isna(row["rate"]) else _interval(row["value"]),
                "parts": [list(part) for part in row["parts"]],
                "whole": row["whole"],
                "basis": row["basis"],
                "sources": sources.all(row["source_ids"]),
                "notes": [
                    [sources.of[source], pool.add(es, en)] for source, es, en in row["notes"]
                ],
                "disputed": bool(row["disputed"]),
                "shown": bool(row["shown"]),
            }
        )
    return records


def _interval(count: float) -> list[float]:
    """Return the 95 per cent interval of a count, in hundredths."""
    return [round(bound, 2) for bound in poisson_interval(count)]


def ranking_rows(tables: Tables, regions: Positions, sources: Positions) -> list[Scene]:
    """Return the regions that sources name as leading, in their order."""
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


def context_rows(
    tables: Tables, regions: Positions, sources: Positions, pool: TextPool
) -> list[Scene]:
    """Return the facts that help to read a region, or the country (region -1)."""
    return [
        {
            "region": regions.of.get(row.ubigeo[:2], -1) if row.ubigeo else -1,
            "text": pool.add(row.text_es, row.text_en),
            "source": sources.of[row.source_id],
        }
        for row in as_rows(tables.context)
        if not row.ubigeo or row.ubigeo[:2] in regions.of
    ]


def district_rows(
    tables: Tables, regions: Positions, sources: Positions, pool: TextPool
) -> list[Scene]:
    """Return the districts whose limits differ from those of their region."""
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
