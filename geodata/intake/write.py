"""Imported tables as files: CSV, layers, and the two tables of a network."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..account import Reading
from ..errors import DataFileError, SuppressionError
from ..files import write_csv, write_layer, write_whole
from ..lines.network import TransportTables
from ..messages import Message

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


def write_table(reading: Reading[Any], path: Path, *, replaces: Collection[Path] = ()) -> Path:
    """Write the table of a reading, whole or not at all."""
    if getattr(reading.table, "published", True) is False:
        raise SuppressionError(
            Message(
                "{file}: counts of a register of cases may identify people. Audited suppression of"
                " small counts is not built yet, so nothing was written. 'corredor check' shows"
                " what the register holds.",
                file=reading.account.file,
            )
        )
    if isinstance(reading.table, TransportTables):
        return _write_network(reading.table, path)
    return write_table_file(reading.table, path, replaces=replaces)


def write_table_file(
    table: pd.DataFrame | gpd.GeoDataFrame, path: Path, *, replaces: Collection[Path] = ()
) -> Path:
    """Write one table, whole or not at all."""
    return write_whole(path, lambda part: _write(table, part, path), replaces=replaces)


def _write_network(tables: TransportTables, path: Path) -> Path:
    """Write both tables: two layers of a GeoPackage, or two CSV files in a folder."""
    if path.suffix.lower() == ".gpkg":
        return write_whole(path, lambda part: _write_layers(tables, part))
    if path.suffix:
        raise DataFileError(
            Message(
                "{file}: a network is two tables. Name a .gpkg file, or a folder for"
                " network_places.csv and network_links.csv.",
                file=path,
            )
        )
    path.mkdir(parents=True, exist_ok=True)
    for name in ("places", "links"):
        table = getattr(tables, name).drop(columns="geometry", errors="ignore")
        # 0.0000001 degrees are a centimetre; the tables of a study take no exponents.
        table = table.apply(lambda cells: cells.map(_plain) if cells.dtype == "float64" else cells)
        file = path / f"network_{name}.csv"
        write_whole(file, partial(_write, table, path=file))
    return path


def _plain(value: float) -> str:
    return f"{value:.7f}".rstrip("0").rstrip(".") if value == value else ""


def _write_layers(tables: TransportTables, part: Path) -> None:
    import geopandas as gpd

    at = gpd.points_from_xy(tables.places["lon"], tables.places["lat"], crs=tables.links.crs)
    places = gpd.GeoDataFrame(tables.places, geometry=at)
    write_layer(places, part, driver="GPKG", layer="places")
    write_layer(tables.links, part, driver="GPKG", layer="links", append=True)


def _write(table: pd.DataFrame | gpd.GeoDataFrame, part: Path, path: Path) -> None:
    geographic = {".geojson": "GeoJSON", ".gpkg": "GPKG", ".fgb": "FlatGeobuf"}
    suffix = path.suffix.lower()
    if "geometry" in table:
        if suffix not in geographic:
            raise DataFileError(
                Message(
                    "{file}: regions are written as .geojson, .gpkg or .fgb, not as '{suffix}'.",
                    file=path,
                    suffix=path.suffix,
                )
            )
        name = re.sub(r"\W+", "_", path.stem)  # else the layer has the name of the temporary file
        write_layer(table, part, driver=geographic[suffix], layer=name)
    elif suffix == ".csv":
        whole = {
            column: table[column].map(lambda value: f"{value:.15g}" if value == value else "")
            for column in table.columns
            if table[column].dtype == "float64"
        }
        write_csv(table.assign(**whole), part)
    else:
        raise DataFileError(
            Message("{file}: tables are written as .csv, not as '{suffix}'.", file=path,
                    suffix=path.suffix)
        )  # fmt: skip
