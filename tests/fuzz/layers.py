"""Layers of many makes and formats: whole, wrong in one known way, or damaged in their bytes."""

from __future__ import annotations

import io
import json
import tempfile
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import geopandas as gpd
import numpy as np
import shapely
from damage import damage_bytes
from others import _boxes, damaged_zip
from truth import REGIONS

FORMATS = (".shp", ".zip", ".gpkg", ".geojson", ".geojsonl", ".topojson", ".fgb", ".parquet")


def _dress(random: Random, codes: list[str]) -> dict[str, list[object]]:
    """Return the columns of one make."""
    names = [REGIONS[code] for code in codes]
    upper = [name.upper() for name in names]
    return random.choice(
        (
            {"CCDD": codes, "NOMBDEP": upper, "CAPITAL": ["X"] * len(codes)},
            {"ADM1_PCODE": [f"PE{code}" for code in codes], "ADM1_ES": names},
            {"GID_0": ["PER"] * len(codes), "CC_1": codes, "NAME_1": names},
            {"COD_DEPARTAMENTO": [f"{code}0000" for code in codes], "DEPARTAMENTO": names},
            {"ubigeo": [int(code) for code in codes], "nombre": upper},
            {"id_region": [float(code) for code in codes], "region": names},
            {"shapeName": names, "shapeGroup": ["PER"] * len(codes)},
        )
    )


def invent(random: Random) -> tuple[gpd.GeoDataFrame, set[str]]:
    """Return an invented layer of some of the regions, and their codes."""
    codes = sorted(random.sample(sorted(REGIONS), random.choice((25, 25, random.randint(2, 24)))))
    boxes = _boxes()
    shapes = [shapely.Polygon(boxes[code]) for code in codes]
    return gpd.GeoDataFrame(_dress(random, codes), geometry=shapes, crs=4326), set(codes)


def exchange_names(random: Random, table: gpd.GeoDataFrame) -> gpd.GeoDataFrame | None:
    """Give two rows each other's name: with codes beside them that is a contradiction."""
    column = next(c for c in table.columns if str(table[c].iloc[0]).upper() in UPPER)
    if len(table.columns) == 3 and "shapeName" in table:
        return None
    a, b = random.sample(range(len(table)), 2)
    table.loc[[a, b], column] = table.loc[[b, a], column].to_numpy()
    return table


def exchange_shapes(random: Random, table: gpd.GeoDataFrame) -> gpd.GeoDataFrame | None:
    """Put two regions that lie far apart in each other's place."""
    shapes = table.geometry.to_numpy()
    a, b = random.sample(range(len(table)), 2)
    if shapely.distance(shapes[a], shapes[b]) < 6:
        return None
    turned = np.array(shapes, dtype=object)
    turned[[a, b]] = turned[[b, a]]
    return table.set_geometry(turned, crs=4326)


def move_away(random: Random, table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Move the whole layer out of Peru."""
    return table.set_geometry(table.translate(random.choice((-40, 25, 60)), 0))


def lose_signs(random: Random, table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Lose the signs of the coordinates."""
    return table.set_geometry(shapely.transform(table.geometry.to_numpy(), np.abs), crs=4326)


UPPER = {name.upper() for name in REGIONS.values()}
WRONG: tuple[Callable[[Random, gpd.GeoDataFrame], gpd.GeoDataFrame | None], ...] = (
    exchange_names, exchange_shapes, move_away, lose_signs,
)  # fmt: skip


def _topojson(table: gpd.GeoDataFrame) -> dict[str, object]:
    arcs, members = [], []
    for _, row in table.iterrows():
        points = np.rint(shapely.get_coordinates(row.geometry) * 1e4).astype(int)
        arcs.append([points[0].tolist(), *np.diff(points, axis=0).tolist()])
        cells = json.loads(row.drop("geometry").to_json())
        members.append({"type": "Polygon", "arcs": [[len(arcs) - 1]], "properties": cells})
    return {"type": "Topology", "arcs": arcs,
            "transform": {"scale": [1e-4, 1e-4], "translate": [0, 0]},
            "objects": {"capa": {"type": "GeometryCollection", "geometries": members}}}  # fmt: skip


def write(random: Random, folder: Path, table: gpd.GeoDataFrame) -> Path:
    """Write a layer in one of the formats; returns the file to name."""
    suffix = random.choice(FORMATS)
    path = folder / f"capa{suffix}"
    if suffix == ".parquet":
        table.to_parquet(path, geometry_encoding=random.choice(("WKB", "geoarrow")))
    elif suffix == ".topojson":
        path.write_text(json.dumps(_topojson(table)), encoding="utf-8")
    elif suffix == ".geojsonl":
        features = json.loads(table.to_json())["features"]
        path.write_text("\n".join(map(json.dumps, features)), encoding="utf-8")
    elif suffix == ".zip":
        path.write_bytes(_zipped(random, table))
    else:
        table.to_file(path)
    return path


def _zipped(random: Random, table: gpd.GeoDataFrame) -> bytes:
    target, inside = io.BytesIO(), random.choice(("", "Límites 2023/"))
    with tempfile.TemporaryDirectory() as name, zipfile.ZipFile(target, "w", 8) as archive:
        table.to_file(Path(name) / "capa.shp", encoding=random.choice(("UTF-8", "ISO-8859-1")))
        for part in sorted(Path(name).iterdir()):
            archive.write(part, inside + part.name)
    return target.getvalue()


def _damage(random: Random, path: Path) -> None:
    parts = sorted(path.parent.glob("capa.*"))
    chosen = random.choice(parts)
    if path.suffix == ".zip" and random.random() < 0.7:
        path.write_bytes(damaged_zip(random, path.read_bytes(), damage_bytes))
    elif len(parts) > 1 and random.random() < 0.2:
        chosen.unlink()
    else:
        chosen.write_bytes(damage_bytes(random, chosen.read_bytes()))


def try_layers(random: Random, folder: Path) -> str:
    """A layer is read whole or refused; returns what is wrong with what was read.

    Parameters
    ----------
    random : Random
        Source of all choices.
    folder : Path
        Empty folder for the files.

    Returns
    -------
    str
        Empty if nothing is wrong.
    """
    from corredor.geodata import read_regions

    table, codes = invent(random)
    kind = random.choice(("whole", "wrong", "bytes", "bytes", "bytes"))
    if kind == "wrong":
        wrong = random.choice(WRONG)(random, table)
        kind, table = ("whole", table) if wrong is None else (kind, wrong)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a Shapefile cuts column names
        path = write(random, folder, table)
    if kind == "bytes":
        _damage(random, path)
    reading = read_regions(path)
    account, read = reading.account, reading.table
    if kind == "wrong":
        return f"read a layer that is wrong: {account.render()}"
    left = sum(part.rows for part in account.left_out)
    if account.rows_in != account.rows_out + account.merged + left:
        return f"rows do not add up: {account.render()}"
    if kind == "whole" and set(read["ubigeo"]) != codes:
        return f"{sorted(codes)} were read as {sorted(read['ubigeo'])}: {account.render()}"
    centres = {code: np.mean(_boxes()[code], axis=0) for code in REGIONS}
    middle = shapely.get_coordinates(shapely.centroid(read.geometry.to_numpy()))
    far = [code for code, at in zip(read["ubigeo"], middle, strict=True)
           if np.abs(at - centres[code]).max() > 5]  # fmt: skip
    return f"read in another place: {far}: {account.render()}" if far else ""
