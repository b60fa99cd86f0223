"""What ``corredor check FILE`` and ``corredor import`` do: find the reader, and write its table."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corredor.geodata import (
    Account,
    DataFileError,
    Reading,
    Sheet,
    SuppressionError,
    TransportTables,
    build_resolver,
    embedded_study,
    inspect_file,
    open_sheet,
    read_cases,
    read_complaints,
    read_database,
    read_flows,
    read_itineraries,
    read_mininter,
    read_mpfn,
    read_network,
    read_regions,
    read_study,
    recognise_table,
)
from corredor.geodata.intake.complaints.values import told_measure
from corredor.geodata.layers.sources import JSON_SUFFIXES, has_shapes
from corredor.geodata.lines.network import holds_lines
from corredor.geodata.messages import Message
from corredor.geodata.sheets.source import tables_inside
from corredor.geodata.writing import write_whole

from .options import Kind

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from corredor.geodata import Resolver

GEOGRAPHIC = ("json", "geopackage", "sqlite", "flatgeobuf", "shapefile", "dbf")


def embedded_resolver() -> Resolver:
    """Return a resolver of the places of the embedded study."""
    tables = read_study(embedded_study()).tables
    return build_resolver(
        places=tables.places,
        population=tables.population,
        layer=tables.regions,
        network_places=tables.network_places,
    )


def guess_kind(sheet: Sheet) -> tuple[Kind, tuple[Message, ...]]:
    """Tell what a table is to be read as, and why.

    Raises
    ------
    DataFileError
        If it is no table that is known.
    """
    found, why = recognise_table(sheet)
    kinds = {
        "mininter": Kind.MININTER,
        "mpfn": Kind.MPFN,
        "complaints_wide": Kind.COMPLAINTS,
        "complaints_long": Kind.COMPLAINTS,
        "flows": Kind.FLOWS,
        "od_matrix": Kind.FLOWS,
        "itineraries": Kind.ITINERARIES,
        "cases": Kind.CASES,
    }
    if found not in kinds and why and "file" in dict(why[-1].values):
        raise DataFileError(
            Message(
                "{why} If it is no table of complaints, say what it is with --as KIND, with KIND"
                " one of {kinds}.",
                why=why[-1],
                kinds=", ".join(Kind),
            )
        )
    if found not in kinds:
        raise DataFileError(
            Message(
                "{file}: this table is not recognised. {why} Say what it is: corredor check {file}"
                " --as KIND, with KIND one of {kinds}.",
                file=sheet.file,
                why=why[-1] if why else "",
                kinds=", ".join(Kind),
            )
        )
    return kinds[found], why


def is_layer(path: Path) -> bool:
    """Tell whether a file is a layer of boundaries, not a table.

    Raises
    ------
    DataFileError
        If it can be neither.
    """
    kind = inspect_file(path)
    if kind == "zip":
        return not tables_inside(path)
    if kind == "parquet":
        return has_shapes(path)
    return kind in GEOGRAPHIC or path.suffix.lower() in (".shp", *JSON_SUFFIXES)


def read_any(kind: Kind, path: Path | Sheet, options: Mapping[str, Any]) -> Reading[Any]:
    """Read a file as ``kind``, with those options that its reader knows and that were given."""
    readers: dict[Kind, tuple[Callable[..., Reading[Any]], tuple[str, ...]]] = {
        Kind.REGIONS: (
            read_regions,
            ("level", "columns", "crs", "encoding", "codes", "lima", "layer"),
        ),
        Kind.COMPLAINTS: (
            read_complaints,
            (
                "register", "measure", "source_id", "unit", "columns", "add_up", "sheet",
                "header_row", "encoding", "period", "allow_unmatched",
            ),
        ),
        Kind.MININTER: (read_mininter, ("source_id", "category", "sheet")),
        Kind.MPFN: (read_mpfn, ("source_id", "sheet")),
        Kind.FLOWS: (
            read_flows,
            (
                "source_id", "columns", "value_kind", "shares", "kind", "period",
                "unknown_places", "id_prefix", "sheet", "encoding", "header_row", "resolver",
            ),
        ),
        Kind.ITINERARIES: (
            read_itineraries,
            (
                "source_id", "columns", "kind", "unknown_places", "sheet", "encoding",
                "header_row", "resolver",
            ),
        ),
        Kind.NETWORK: (
            read_network,
            ("columns", "mode", "close_gaps_m", "crs", "encoding", "layer"),
        ),
        Kind.CASES: (
            read_cases,
            (
                "source_id", "register", "measure", "columns", "kind", "period", "date_order",
                "sheet",
                "encoding", "header_row", "resolver",
            ),
        ),
    }  # fmt: skip
    reader, known = readers[kind]
    given = {
        name: options[name] for name in known if options.get(name) not in (None, (), {}, False)
    }
    if "resolver" in known:
        given["resolver"] = options.get("resolver") or embedded_resolver()
    return reader(path, **given)


def check_file(path: Path, options: Mapping[str, Any], *, kind: Kind | None = None) -> Account:
    """Read a file for its account alone, as ``kind`` or as what it looks like.

    Raises
    ------
    CorredorError
        If the file can't be read.
    """
    opened: Path | Sheet = path
    why: tuple[Message, ...] = ()
    if kind is None and is_layer(path):
        kind = Kind.REGIONS
    elif kind is None:
        told = {name: options.get(name) for name in ("sheet", "encoding", "header_row")}
        opened = open_sheet(path, **told)
        kind, why = guess_kind(opened)
    counted = told_measure(opened) if isinstance(opened, Sheet) else None
    defaults = {"source_id": "-", "register": "-", "measure": counted or "complaints"}
    try:
        account = read_any(kind, opened, {**defaults, **options}).account
    except DataFileError:
        if kind is not Kind.REGIONS or not holds_lines(path, encoding=options.get("encoding")):
            raise
        account = read_any(Kind.NETWORK, path, options).account
    fresh = tuple(message for message in why if message not in account.why)
    return Account(**{**vars(account), "why": (*fresh, *account.why)})


def check_database(address: str) -> Account:
    """Read a table of a database for its account alone.

    Raises
    ------
    DataFileError
        If the database can't be read.
    """
    return read_database(address).account


def write_table(reading: Reading[Any], path: Path) -> Path:
    """Write the table of a reading, whole or not at all.

    Raises
    ------
    SuppressionError
        If the table holds counts of a register of cases: these may not leave the program until
        audited suppression is built.
    DataFileError
        If the file can't be written.
    """
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
    return write_table_file(reading.table, path)


def write_table_file(table: pd.DataFrame | gpd.GeoDataFrame, path: Path) -> Path:
    """Write one table, whole or not at all.

    Raises
    ------
    DataFileError
        If the file can't be written.
    """
    return write_whole(path, lambda part: _write(table, part, path))


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
    places.to_file(part, layer="places", driver="GPKG")
    tables.links.to_file(part, layer="links", driver="GPKG", mode="a")


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
        table.to_file(part, driver=geographic[suffix], layer=name)  # type: ignore[operator]
    elif suffix == ".csv":
        whole = {
            column: table[column].map(lambda value: f"{value:.15g}" if value == value else "")
            for column in table.columns
            if table[column].dtype == "float64"
        }
        table.assign(**whole).to_csv(part, index=False, lineterminator="\n")
    else:
        raise DataFileError(
            Message("{file}: tables are written as .csv, not as '{suffix}'.", file=path,
                    suffix=path.suffix)
        )  # fmt: skip
