"""What is drawn behind the data: the land around, rivers and lakes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ..errors import DataFileError, Fault, TableError
from ..messages import Message
from .extent import WGS84
from .open import open_layer

if TYPE_CHECKING:
    import geopandas as gpd

FORMS = {"river": ("LineString", "MultiLineString"), "lake": ("Polygon", "MultiPolygon")}
RANKS = (1, 2, 3)


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
        If the file cannot be read or names no coordinate reference system.
    """
    return _read_layer(path, ["iso_a2", "name_es", "name_en"])


def read_waters(path: Path) -> gpd.GeoDataFrame:
    """Read the rivers and lakes drawn over the regions and under the data.

    Parameters
    ----------
    path : Path
        Layer of lines (``kind`` river) and polygons (``kind`` lake) with the columns ``rank``
        (1 to 3: the lower, the earlier it is drawn as one zooms in), ``name_es`` and ``name_en``.

    Returns
    -------
    GeoDataFrame
        One row per river or lake, EPSG:4326, ``rank`` as int64.

    Raises
    ------
    DataFileError
        If the file cannot be read or names no coordinate reference system.
    TableError
        If a kind, a rank or a geometry is not one of these.

    Examples
    --------
    >>> from corredor.geodata import embedded_study
    >>> read_waters(embedded_study() / "waters.geojson")["kind"].unique().tolist()
    ['lake', 'river']
    """
    table = _read_layer(path, ["kind", "rank", "name_es", "name_en"])
    faults = []
    for row, (kind, shape) in enumerate(
        zip(table["kind"], table.geometry.geom_type, strict=True), start=1
    ):
        if shape not in FORMS.get(kind, ()):
            reason = Message("The geometry is a {kind}.", kind=shape)
            fix = Message("A river is a line, a lake a polygon: kind is river or lake.")
            faults.append(Fault(row, "kind", kind, reason, fix))
    ranks = pd.to_numeric(table["rank"], errors="coerce")
    for row in table.index[~ranks.isin(RANKS)]:
        reason = Message("This rank is not known.")
        fix = Message("Use one of: {choices}.", choices="1, 2, 3")
        faults.append(Fault(int(row) + 1, "rank", table.at[row, "rank"], reason, fix))
    if faults:
        raise TableError("waters", Path(path).name, faults)
    return table.assign(rank=ranks.astype("int64"))


def _read_layer(path: Path, columns: list[str]) -> gpd.GeoDataFrame:
    """Return a layer in EPSG:4326 with these columns as text, empty where there are none."""
    table = open_layer(Path(path)).table
    if table.crs is None:
        raise DataFileError(
            Message(
                "{file}: the layer does not say its coordinate reference system. Add the .prj file"
                " that belongs to it.",
                file=path,
            )
        )
    table = table.to_crs(WGS84) if table.crs != WGS84 else table.copy()
    for column in columns:
        table[column] = table[column].fillna("").astype(str) if column in table else ""
    if table.geometry.name != "geometry":
        table = table.rename_geometry("geometry")
    return table[[*columns, "geometry"]]
