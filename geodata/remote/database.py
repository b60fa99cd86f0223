"""Tables and layers in PostgreSQL and PostGIS: read, never written, without personal columns.

Every statement runs in a read-only transaction with a time limit, as one SELECT whose columns are
named one by one; nobody's name or address is sent by the server in the first place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..account import Account, Reading
from ..errors import DataFileError, suggestion
from ..messages import Message
from .address import DatabaseAddress, check_select, parse_address
from .server import (
    DatabaseColumn,
    Origin,
    connect_read_only,
    find_query,
    find_table,
    quote_name,
    run_select,
)

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray
    from sqlalchemy import Connection

LARGEST = 500_000
NUMBERS = ("int2", "int4", "int8", "float4", "float8", "numeric")
SPATIAL = ("geometry", "geography")

_SYSTEM = "SELECT auth_name, auth_srid, srtext FROM {schema}.spatial_ref_sys WHERE srid = %(srid)s"


@dataclass(frozen=True)
class _Layer:
    column: DatabaseColumn
    kinds: tuple[str, ...]
    srid: int

    @property
    def points(self) -> bool:
        return any("POINT" in k or "COLLECTION" in k for k in self.kinds)


def read_database(
    address: str,
    *,
    table: str | None = None,
    query: str | None = None,
    geometry: str | None = None,
    limit: int = LARGEST,
    timeout: float = 60.0,
) -> Reading[pd.DataFrame | gpd.GeoDataFrame]:
    """Read one table, view or query of a PostgreSQL database.

    Parameters
    ----------
    address : str
        ``postgresql://user@host/database?table=schema.name`` or ``...?query=SELECT ...``.
    table, query : str, optional
        The same, where they do not stand in the address.
    geometry : str, optional
        The geometry column, where there are several, or to read points on purpose.
    limit : int
        Most rows that are read; a table with more is refused.
    timeout : float
        Seconds that one statement may take.

    Returns
    -------
    Reading
        Without geometry a DataFrame of text cells, the empty string where there is none. With
        polygons or lines a GeoDataFrame: numbers float64 or int64, all else text, ``geometry`` in
        the CRS that the database states (None where it states none). Rows in the order of their
        texts for a table, in the order of the query else; index from 0. Personal-looking columns
        and points are not asked for; the account names them.

    Raises
    ------
    DataFileError
        If the server, the database, the table or the permission is missing, the query is no single
        SELECT, or there are too many rows; one sentence says what to do.
    MissingExtraError
        If the extra ``postgres`` is not installed.
    """
    place = parse_address(address, table=table, query=query, geometry=geometry)
    if place.query:
        check_select(place.query, place.shown)
    with connect_read_only(place, timeout) as connection:
        origin = find_query(connection, place) if place.query else find_table(connection, place)
        layer, points = _find_layer(connection, place, origin)
        plain = [column for column in origin.columns if column.kind not in SPATIAL]
        wanted, personal = _without_personal(plain, of_areas=layer is not None)
        if not wanted and layer is None:
            raise _nothing_left(place, personal)
        frame, shapes = _fetch(connection, place, origin, wanted, layer, limit)
        crs = _crs(connection, layer)
    if not origin.ordered and wanted:
        order = frame.sort_values(list(frame.columns), kind="stable").index.to_numpy()
        frame = frame.loc[order].reset_index(drop=True)
        shapes = shapes[order] if shapes is not None else None
    if layer is None or shapes is None:
        frame, more = _without_personal_cells(frame, wanted)
        notes = [*origin.notes, *_said([*personal, *more], points)]
        return Reading(frame, _account(place, frame, Message("a table in PostgreSQL"), notes))
    gdf = _layer_table(frame, wanted, shapes, crs)
    taken_for = Message(
        "a layer in PostGIS ({kinds}, {crs})",
        kinds=", ".join(layer.kinds),
        crs=crs or Message("no coordinate reference system"),
    )
    notes = [*origin.notes, *_said(personal, points)]
    return Reading(gdf, _account(place, gdf, taken_for, notes))


def _find_layer(
    connection: Connection, place: DatabaseAddress, origin: Origin
) -> tuple[_Layer | None, list[str]]:
    """Return the geometry to read, and the names of point columns that are not read."""
    spatial = [column for column in origin.columns if column.kind in SPATIAL]
    if place.geometry:
        named = [column for column in spatial if column.name == place.geometry]
        if not named:
            raise DataFileError(
                Message(
                    "{address}: there is no geometry column '{name}'. {hint}",
                    address=place.shown,
                    name=place.geometry,
                    hint=suggestion(place.geometry, [column.name for column in spatial]),
                )
            )
        return _describe(connection, place, origin, named[0]), []
    described = [_describe(connection, place, origin, column) for column in spatial]
    areas = [layer for layer in described if not layer.points]
    if len(areas) > 1:
        raise DataFileError(
            Message(
                "{address}: there are several geometry columns. Choose one with geometry=:"
                " {names}.",
                address=place.shown,
                names=", ".join(layer.column.name for layer in areas),
            )
        )
    return (areas[0] if areas else None), [x.column.name for x in described if x.points]


def _describe(
    connection: Connection, place: DatabaseAddress, origin: Origin, column: DatabaseColumn
) -> _Layer:
    """Ask which kinds of geometry a column holds, and in which reference system."""
    shape = _shape(connection, column)
    kind, srid = (
        quote_name(connection, column.schema, name) for name in ("geometrytype", "st_srid")
    )
    found = run_select(
        connection,
        f"SELECT DISTINCT {kind}({shape}), {srid}({shape}) FROM {origin.sql}"
        f" WHERE {quote_name(connection, column.name)} IS NOT NULL ORDER BY 1, 2 LIMIT %(most)s",
        most=50,
    )
    systems = sorted({row[1] for row in found})
    if len(systems) > 1:
        raise DataFileError(
            Message(
                "{address}: the geometries of '{name}' are in several reference systems (SRID"
                " {systems}). Bring them into one with ST_Transform.",
                address=place.shown,
                name=column.name,
                systems=", ".join(str(system) for system in systems),
            )
        )
    return _Layer(column, tuple(sorted({row[0] for row in found})), systems[0] if systems else 0)


def _shape(connection: Connection, column: DatabaseColumn) -> str:
    """Return a geometry column in SQL, also where it is of the type geography."""
    kind = quote_name(connection, column.schema, "geometry")
    return f"{quote_name(connection, column.name)}::{kind}"


def _without_personal(
    columns: Sequence[DatabaseColumn], *, of_areas: bool
) -> tuple[list[DatabaseColumn], list[str]]:
    """Leave out columns whose header looks personal; in a layer a name is the name of an area."""
    from ..intake.personal import looks_personal_header, safe_header

    # With a word for a place beside it only headers that are personal in any case are found.
    beside = " distrito" if of_areas else ""
    kept, personal = [], []
    for position, column in enumerate(columns):
        if looks_personal_header(column.name + beside):
            personal.append(safe_header(column.name, position))
        else:
            kept.append(column)
    return kept, personal


def _without_personal_cells(
    frame: pd.DataFrame, columns: Sequence[DatabaseColumn]
) -> tuple[pd.DataFrame, list[str]]:
    """Leave out text columns that hold e-mail addresses, telephone numbers and the like."""
    from ..intake.personal import personal_content, safe_header

    found = [
        column.name
        for column in columns
        if column.kind not in NUMBERS and personal_content(frame[column.name].tolist(), names=False)
    ]
    said = [safe_header(name, list(frame.columns).index(name)) for name in found]
    return frame.drop(columns=found), said


def _fetch(
    connection: Connection,
    place: DatabaseAddress,
    origin: Origin,
    columns: Sequence[DatabaseColumn],
    layer: _Layer | None,
    limit: int,
) -> tuple[pd.DataFrame, NDArray[np.object_] | None]:
    """Fetch the named columns as text, and the geometry as well-known binary."""
    parts = [f"{quote_name(connection, column.name)}::text" for column in columns]
    if layer is not None:
        schema = layer.column.schema
        binary, straight = (
            quote_name(connection, schema, name) for name in ("st_asbinary", "st_curvetoline")
        )
        parts.append(f"{binary}({straight}({_shape(connection, layer.column)}))")
    sql = f"SELECT {', '.join(parts)} FROM {origin.sql} LIMIT %(rows)s"
    rows = run_select(connection, sql, rows=limit + 1)
    if len(rows) > limit:
        raise DataFileError(
            Message(
                "{address}: there are more than {limit:,} rows. Sum them up in a query (GROUP BY),"
                " or raise the limit.",
                address=place.shown,
                limit=limit,
            )
        )
    cells = {
        column.name: pd.Series(["" if row[i] is None else row[i] for row in rows], dtype=str)
        for i, column in enumerate(columns)
    }
    frame = pd.DataFrame(cells, index=pd.RangeIndex(len(rows)))
    if layer is None:
        return frame, None
    import shapely

    return frame, np.asarray(shapely.from_wkb([row[-1] for row in rows]), dtype=object)


def _layer_table(
    frame: pd.DataFrame,
    columns: Sequence[DatabaseColumn],
    shapes: NDArray[np.object_],
    crs: str | None,
) -> gpd.GeoDataFrame:
    import geopandas as gpd

    table = frame.copy()
    for column in columns:
        if column.kind in NUMBERS:
            table[column.name] = pd.to_numeric(table[column.name])
    # A column called "geometry" that is none would be overwritten.
    if "geometry" in table:
        table = table.rename(columns={"geometry": "geometry_text"})
    return gpd.GeoDataFrame(table, geometry=list(shapes), crs=crs)


def _crs(connection: Connection, layer: _Layer | None) -> str | None:
    """Return the reference system that the database states for a layer."""
    if layer is None or layer.srid == 0:
        return None
    sql = _SYSTEM.format(schema=quote_name(connection, layer.column.schema))
    for authority, code, text in run_select(connection, sql, srid=layer.srid):
        return f"{authority}:{code}" if authority and code else str(text)
    return None


def _nothing_left(place: DatabaseAddress, personal: Sequence[str]) -> DataFileError:
    return DataFileError(
        Message(
            "{address}: no column is left to read; left out because they look personal: {columns}."
            " Sum up in a query and name its columns with AS.",
            address=place.shown,
            columns=", ".join(personal) or "-",
        )
    )


def _account(
    place: DatabaseAddress, table: pd.DataFrame, taken_for: Message, notes: list[Message]
) -> Account:
    columns = ", ".join(str(name) for name in table.columns)
    return Account(
        file=place.shown,
        taken_for=taken_for,
        why=(Message("Columns found: {columns}.", columns=columns),),
        notes=tuple(notes),
        rows_in=len(table),
        rows_out=len(table),
    )


def _said(personal: Sequence[str], points: Sequence[str]) -> list[Message]:
    said = []
    if personal:
        said.append(
            Message(
                "Not read because they look personal: the columns {columns}. A column that holds"
                " places can be read with a query that renames it (AS region).",
                columns=", ".join(personal),
            )
        )
    if points:
        said.append(
            Message(
                "Not read because points may show where somebody is: the column {columns}. If they"
                " are public places, name it with geometry=.",
                columns=", ".join(points),
            )
        )
    return said
