"""What colours the regions: series, figures, rankings, and the notes of their districts."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

import pandas as pd
from corredor.geodata import Tables
from corredor.geodata.complaints import SERIES
from corredor.geodata.tables import as_records, as_rows

from .classify import SCHEMES, find_breaks
from .positions import Positions, Scene, TextPool


def series_rows(series: pd.DataFrame, figures: pd.DataFrame) -> list[Scene]:
    """Return the series with their class breaks, for rates and for counts."""
    drawn: dict[tuple[str, ...], list[Scene]] = defaultdict(list)
    for row in as_records(figures):
        if row["shown"]:
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


def figure_rows(
    figures: pd.DataFrame,
    series: pd.DataFrame,
    regions: Positions,
    sources: Positions,
    pool: TextPool,
) -> list[Scene]:
    """Return the figures, each with its series, sources and notes."""
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
                "rate": None if pd.isna(row["rate"]) else row["rate"],
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
