"""The base map: our own vectors that stay behind the data, in whole numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from corredor.geodata import Tables
from corredor.geodata.study.tables import as_rows

from .positions import Scene
from .shapes import SCALE, label_point, pack_line, pack_rings


def build_basemap(tables: Tables) -> Scene:
    """Return rivers, lakes, roads and capitals as far as a study has them.

    Parameters
    ----------
    tables : Tables
        Tables of a study, EPSG:4326.

    Returns
    -------
    dict
        ``rivers`` and ``lakes`` (``name``, ``rank``, ``at`` of the label as [lat, lon], ``lines``
        or ``rings`` as `shapes.pack_rings` packs them), ``roads`` (packed lines,
        straight between the places of the network) and ``capitals`` (``name``, ``at``).
    """
    return {
        "rivers": _waters(tables, "river"),
        "lakes": _waters(tables, "lake"),
        "roads": _roads(tables),
        "capitals": [
            {"name": row.capital, "at": [row.lat, row.lon]}
            for row in as_rows(tables.population)
            if row.capital and not pd.isna(row.lat) and not pd.isna(row.lon)
        ],
    }


def _waters(tables: Tables, kind: str) -> list[Scene]:
    if tables.waters is None:
        return []
    records = []
    for row in as_rows(tables.waters[tables.waters["kind"] == kind]):
        record = {"name": [row.name_es or row.name_en, row.name_en or row.name_es]}
        if kind == "lake":
            record |= {"at": label_point(row.geometry), "rings": pack_rings(row.geometry)}
        else:
            parts = shapely.get_parts(row.geometry)
            longest = parts[int(np.argmax(shapely.length(parts)))]
            points = shapely.get_coordinates(longest)
            lon, lat = points[len(points) // 2]
            record |= {
                "at": [round(float(lat), 3), round(float(lon), 3)],
                "lines": [pack_line(part) for part in parts],
            }
        records.append({**record, "rank": int(row.rank)})
    return records


def _roads(tables: Tables) -> list[list[int]]:
    """Return the roads of the network, joined where only two meet."""
    spots = {
        row.place_id: (row.lon, row.lat)
        for row in as_rows(tables.network_places)
        if not pd.isna(row.lat)
    }
    links = tables.network_links[tables.network_links["mode"] == "road"]
    ends = [
        (spots[start], spots[end])
        for start, end in zip(links["from"], links["to"], strict=True)
        if start in spots and end in spots and spots[start] != spots[end]
    ]
    if not ends:
        return []
    merged = shapely.line_merge(shapely.multilinestrings(np.asarray(ends)))
    return sorted(pack_line(part, scale=SCALE) for part in shapely.get_parts(merged))


def land_rows(tables: Tables) -> list[Scene]:
    """Return the countries around, each with its label point where enough of it is in sight."""
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
