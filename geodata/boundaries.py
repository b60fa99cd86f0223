"""Regions and neighbouring countries from geographic files, in EPSG:4326."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .errors import DataFileError, Fault, TableError
from .messages import Message

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

CRS = "EPSG:4326"
# South America Albers equal area (ESRI:102033), written out because looking it up takes longer
# than projecting every region.
EQUAL_AREA = "+proj=aea +lat_0=-32 +lon_0=-60 +lat_1=-5 +lat_2=-42 +ellps=GRS80"
SUFFIXES = (".zip", ".shp", ".gpkg", ".geojson", ".json")


def read_regions(path: Path) -> gpd.GeoDataFrame:
    """Read first-level regions.

    Parameters
    ----------
    path : Path
        Shapefile (plain or zipped), GeoPackage or GeoJSON with the columns ``ubigeo`` and ``name``.

    Returns
    -------
    GeoDataFrame
        One row per region in order of ``ubigeo`` (index from 0), EPSG:4326, with the columns
        ``ubigeo`` (two digits, text), ``name``, ``level`` ("region"), ``area_km2`` (float64,
        equal-area projection) and ``geometry``.

    Raises
    ------
    DataFileError
        If the file cannot be read or has no coordinate reference system.
    TableError
        If columns are missing, codes repeat or geometries are empty or invalid.
    """
    layer = _read_layer(path)
    missing = [name for name in ("ubigeo", "name") if name not in layer]
    if missing:
        found = ", ".join(str(name) for name in layer.columns if name != "geometry")
        raise TableError(
            "regions",
            path.name,
            [
                Fault(
                    None,
                    name,
                    None,
                    Message("This column is missing."),
                    Message("Columns found: {columns}.", columns=found),
                )
                for name in missing
            ],
        )
    if layer.crs is None:
        raise DataFileError(
            Message(
                "{file}: the layer does not say its coordinate reference system. Add the .prj file"
                " that belongs to it.",
                file=path,
            )
        )
    layer = layer.to_crs(CRS) if layer.crs != CRS else layer.copy()
    layer["ubigeo"] = layer["ubigeo"].astype(str)
    layer["name"] = layer["name"].astype(str)
    faults = _region_faults(layer)
    if faults:
        raise TableError("regions", path.name, faults)
    layer["level"] = "region"
    layer["area_km2"] = _area_km2(layer.geometry.to_numpy())
    layer = layer[["ubigeo", "name", "level", "area_km2", "geometry"]]
    return layer.sort_values("ubigeo", ignore_index=True)


def read_neighbours(path: Path) -> gpd.GeoDataFrame:
    """Read the land drawn behind the regions.

    Parameters
    ----------
    path : Path
        Layer with the columns ``iso_a2``, ``name_es`` and ``name_en``; a country without names is
        drawn without a label.

    Returns
    -------
    GeoDataFrame
        One row per country, EPSG:4326.

    Raises
    ------
    DataFileError
        If the file cannot be read.
    """
    layer = _read_layer(path)
    layer = layer.to_crs(CRS) if layer.crs != CRS else layer.copy()
    for column in ("iso_a2", "name_es", "name_en"):
        layer[column] = layer[column].fillna("").astype(str) if column in layer else ""
    return layer[["iso_a2", "name_es", "name_en", "geometry"]]


def _read_layer(path: Path) -> gpd.GeoDataFrame:
    if not path.is_file():
        raise DataFileError(Message("{file}: there is no such file.", file=path))
    if path.suffix.lower() not in SUFFIXES:
        raise DataFileError(
            Message(
                "{file}: layers are read from {suffixes}, not from '{suffix}'.",
                file=path,
                suffixes=", ".join(SUFFIXES),
                suffix=path.suffix,
            )
        )
    import geopandas as gpd
    from pyogrio.errors import DataSourceError

    try:
        return gpd.read_file(path)
    except (DataSourceError, ValueError, UnicodeDecodeError) as error:
        raise DataFileError(
            Message(
                "{file}: this is not a readable geographic layer ({detail}).",
                file=path,
                detail=str(error).split("\n", 1)[0],
            )
        ) from error


def _area_km2(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return the area of shapes in EPSG:4326."""
    import shapely
    from pyproj import Proj

    project = Proj(EQUAL_AREA)
    flat = shapely.transform(shapes, lambda at: np.column_stack(project(at[:, 0], at[:, 1])))
    return np.asarray(shapely.area(flat)) / 1e6


def _region_faults(layer: gpd.GeoDataFrame) -> list[Fault]:
    faults: list[Fault] = []
    geometry = layer.geometry
    seen: set[str] = set()
    for row, (code, shape) in enumerate(zip(layer["ubigeo"], geometry, strict=True), start=1):
        if not (len(code) == 2 and code.isdigit()):
            reason, fix = (
                Message("This is not in the form used."),
                Message("Write INEI codes as text with 2, 4 or 6 digits, for example 01."),
            )
        elif code in seen:
            reason, fix = (
                Message("This value stands in an earlier row too."),
                Message("Merge the parts of one region into one row."),
            )
        elif shape is None or shape.is_empty:
            reason, fix = (
                Message("The region has no geometry."),
                Message("Draw it or leave the row out."),
            )
        elif not shape.is_valid:
            reason, fix = (
                Message("The geometry crosses itself."),
                Message("Repair it, for example with 'Fix geometries' in QGIS."),
            )
        elif shape.geom_type not in ("Polygon", "MultiPolygon"):
            reason, fix = (
                Message("The geometry is a {kind}.", kind=shape.geom_type),
                Message("Regions need polygons."),
            )
        else:
            seen.add(code)
            continue
        faults.append(Fault(row, "ubigeo", code, reason, fix))
    return faults
