"""The layers of a GeoPackage, listed before GDAL opens it.

A view is a query that runs whenever it is read, and a computed column is a formula that does;
either can take for ever. Only layers that are plain tables are read.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from ..errors import DataFileError
from ..messages import Message

# Tables that GDAL looks into when it opens a file; as views they could do anything.
_SYSTEM = re.compile(r"(?:gpkg|sqlite|rtree|ogr)_|geometry_columns|spatial_ref_sys|spatialite_",
                     re.IGNORECASE)  # fmt: skip
_COMPUTED = re.compile(r"\bas\s*\(", re.IGNORECASE)
MOST_STEPS = 100


def plain_layers(data: Path | bytes, file: str) -> list[str] | None:
    """Return the layers of a GeoPackage that are plain tables.

    Names in the order of its table of contents; None if it has no such table.
    """
    connection = _connect(data)
    try:
        connection.set_progress_handler(_Patience(), 100_000)
        schema = {
            str(name): str(sql or "")
            for name, sql in connection.execute("SELECT name, sql FROM sqlite_master")
        }
        _refuse_queries({name: sql for name, sql in schema.items() if _SYSTEM.match(name)}, file)
        if not {"gpkg_contents", "gpkg_geometry_columns"} <= {name.lower() for name in schema}:
            _refuse_queries(schema, file)
            return None
        rows = connection.execute(
            "SELECT table_name FROM gpkg_contents JOIN gpkg_geometry_columns USING (table_name)"
            " ORDER BY gpkg_contents.rowid"
        ).fetchall()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise DataFileError(
            Message("{file}: this GeoPackage is damaged or incomplete.", file=file)
        ) from error
    finally:
        connection.close()
    by_key = {name.lower(): name for name in schema}
    layers = [by_key[str(name).lower()] for (name,) in rows if str(name).lower() in by_key]
    _refuse_queries({name: schema[name] for name in layers}, file)
    return layers


class _Patience:
    """Ends a query that does not end by itself."""

    def __init__(self) -> None:
        self.steps = 0

    def __call__(self) -> bool:
        self.steps += 1
        return self.steps > MOST_STEPS


def _connect(data: Path | bytes) -> sqlite3.Connection:
    if isinstance(data, Path):
        return sqlite3.connect(f"{data.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    connection = sqlite3.connect(":memory:")
    connection.deserialize(data)
    return connection


def _refuse_queries(schema: Mapping[str, str], file: str) -> None:
    for name, sql in schema.items():
        start = sql[:40].lower().split()
        if "view" in start[:3] or ("virtual" in start[:3] and not _SYSTEM.match(name)):
            what = Message("a stored query")
        elif start[:2] == ["create", "table"] and _COMPUTED.search(sql):
            what = Message("a table with computed columns")
        else:
            continue
        raise DataFileError(
            Message(
                "{file}: '{layer}' is {what}, which is not run. Save the layer as a file of its"
                " own.",
                file=file,
                layer=name,
                what=what,
            )
        )
