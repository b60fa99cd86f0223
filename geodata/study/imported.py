"""Imported tables as files of a study: what it still lacks, and how each is written."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..account import Reading
from ..errors import DataFileError, SuppressionError
from ..files import write_csv, write_layer, write_whole
from ..intake.read import read_any
from ..lines.network import TransportTables
from ..messages import Message
from ..places.build import add_places, build_resolver
from ..places.resolver import Resolver
from .model import Study, Tables

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

_SHOWN = 8
_PLACE_COLUMNS = ("origin", "destination", "via", "place_id")


def resolver_of(tables: Tables) -> Resolver:
    """Return a resolver of the places of a study."""
    return build_resolver(
        places=tables.places,
        population=tables.population,
        layer=tables.regions,
        network_places=tables.network_places,
    )


def import_for_study(
    kind: str,
    file: Path,
    options: Mapping[str, Any],
    output: Path,
    study: Study,
    resolver: Resolver,
    places: Path | None,
) -> Reading[Any]:
    """Import a table with the places of a study, and say in its account what the study lacks.

    ``places`` is a file for the study's table of places with those added that were missing.
    """
    source_id = options.get("source_id") or "own"
    defaults = {"source_id": source_id, "id_prefix": f"{source_id}-"}
    reading = read_any(kind, file, {**options, "resolver": resolver}, defaults=defaults)
    # The study was read for its places alone: its other tables may be replaced by what is imported.
    write_table(reading, output, replaces=[one for part in study.files.values() for one in part])
    if places is not None:
        # The study's own table of places may be replaced by itself with more rows.
        write_places(reading, study, resolver, places)
    return say_needs(reading, study.tables, added=places)


def missing_places(table: pd.DataFrame, tables: Tables) -> list[str]:
    """Return the ids of places that a table names and the study does not have, in their order."""
    had = set(tables.places["place_id"])
    # A flow may name several places on its way, blanks between.
    named = [
        name for column in _PLACE_COLUMNS if column in table
        for cell in table[column] for name in cell.split()
    ]  # fmt: skip
    return [name for name in dict.fromkeys(named) if name not in had]


def say_needs(reading: Reading[Any], tables: Tables, *, added: Path | None) -> Reading[Any]:
    """Add to the account which rows ``sources``, ``registers`` and ``places`` of the study lack.

    ``added`` is the file that holds the missing places, if one was written.
    """
    table, needs = reading.table, []
    for column, name in (("source_id", "sources"), ("register", "registers")):
        if column in table:
            had = set(getattr(tables, name)[column])
            lacking = [value for value in dict.fromkeys(table[column]) if value not in had]
            if lacking:
                needs.append(
                    Message(
                        "Before you use it in the study, add to its table '{table}' a row for:"
                        " {names}.",
                        table=name,
                        names=_few(lacking),
                    )
                )
    places = missing_places(table, tables)
    if places and added is None:
        needs.append(
            Message(
                "The study's table 'places' lacks {n} place(s): {names}. --places FILE writes that"
                " table with them added.",
                n=len(places),
                names=_few(places),
            )
        )
    elif places:
        needs.append(
            Message(
                "{n} place(s) were added in {file}: {names}.",
                n=len(places),
                file=added,
                names=_few(places),
            )
        )
    account = replace(reading.account, notes=(*reading.account.notes, *needs))
    return Reading(table, account)


def write_places(reading: Reading[Any], study: Study, resolver: Resolver, path: Path) -> Path:
    """Write the study's table of places with those added that an imported table names."""
    lacking = missing_places(reading.table, study.tables)
    table = add_places(study.tables.places, resolver, lacking)
    return write_table_file(table, path, replaces=study.files.get("places", ()))


def _few(names: Sequence[str]) -> str:
    return ", ".join([*names[:_SHOWN], *(["..."] if len(names) > _SHOWN else [])])


def write_table(reading: Reading[Any], path: Path, *, replaces: Collection[Path] = ()) -> Path:
    """Write the table of a reading, whole or not at all."""
    if getattr(reading.table, "published", True) is False:
        raise SuppressionError(
            Message(
                "{file}: counts of a register of cases may identify people, so they are written"
                " into a study only, which protects them. 'corredor new FOLDER {file}' makes one.",
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
