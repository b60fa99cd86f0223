"""Make the public-domain regions and the land around of the embedded study.

    python geodata/peru/make_layers.py WORLD_MAP.gpkg REGIONS.geojson

``WORLD_MAP.gpkg`` is ``/usr/share/qgis/resources/data/world_map.gpkg`` of Debian's
``qgis-common`` (Natural Earth 4.1, generalised; public domain). ``REGIONS.geojson`` is our own
derivation of its ``states_provinces``: Lima and Lima Province merged, Callao redrawn by hand
(columns ``ubigeo``, ``iso``, ``nombre``; public domain). Written beside this file:
``regions.zip`` (zipped Shapefile, EPSG:4326, UTF-8) and ``neighbours.geojson``, whose countries
reach the limits of ``units.zip``: run make_units.py before.
"""

import sys
import tempfile
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from corredor.geodata import read_regions

HERE = Path(__file__).parent
VIEW = shapely.box(-98.0, -34.0, -50.0, 14.0)
TOLERANCE_DEG = 0.06
# The land of Peru lies so far inside its regions, and its neighbours reach so far under them, that
# neither shows a second border beside that of the regions.
UNDER_DEG = 0.02
# A part of the old outline with more of the coast than this was sea.
MOST_COAST = 0.2
NAMES = {  # the countries named on the map
    "AR": ("Argentina", "Argentina"),
    "BO": ("Bolivia", "Bolivia"),
    "BR": ("Brasil", "Brazil"),
    "CL": ("Chile", "Chile"),
    "CO": ("Colombia", "Colombia"),
    "EC": ("Ecuador", "Ecuador"),
    "PA": ("Panamá", "Panama"),
    "PY": ("Paraguay", "Paraguay"),
    "VE": ("Venezuela", "Venezuela"),
}


def make_regions(source: Path) -> None:
    """Write ``regions.zip``, with fixed time stamps so that a rebuild gives the same bytes."""
    regions = gpd.read_file(source)
    regions = regions.rename(columns={"nombre": "name"})[["ubigeo", "iso", "name", "geometry"]]
    regions = regions.sort_values("ubigeo", ignore_index=True)
    with tempfile.TemporaryDirectory() as folder:
        regions.to_file(Path(folder) / "regions.shp", encoding="utf-8")
        with zipfile.ZipFile(HERE / "regions.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for part in ("shp", "shx", "dbf", "prj", "cpg"):
                info = zipfile.ZipInfo(f"regions.{part}", date_time=(2026, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                content = (Path(folder) / f"regions.{part}").read_bytes()
                if part == "dbf":  # bytes 1-3 hold the day of writing
                    content = content[:1] + bytes([126, 1, 1]) + content[4:]
                archive.writestr(info, content)


def make_neighbours(source: Path) -> None:
    """Write ``neighbours.geojson``: the countries in view, simplified as one coverage."""
    countries = gpd.read_file(source, layer="countries")[["iso_a2", "geometry"]]
    countries = countries[countries.intersects(VIEW)]
    countries["name_es"] = [NAMES.get(code, ("", ""))[0] for code in countries["iso_a2"]]
    countries["name_en"] = [NAMES.get(code, ("", ""))[1] for code in countries["iso_a2"]]
    geometry = shapely.coverage_simplify(countries.geometry.values, TOLERANCE_DEG)
    geometry = fit_to_units(geometry, countries["iso_a2"].tolist())
    geometry = shapely.intersection(shapely.make_valid(geometry), VIEW)
    countries["geometry"] = shapely.set_precision(geometry, 0.001)
    countries = countries.sort_values("iso_a2", ignore_index=True)
    columns = ["iso_a2", "name_es", "name_en", "geometry"]
    target = HERE / "neighbours.geojson"
    countries = countries[columns]
    countries.to_file(target, driver="GeoJSON", COORDINATE_PRECISION=3)


def fit_to_units(shapes: np.ndarray, codes: list[str]) -> np.ndarray:
    """Return the countries with their borders moved to the limits of Peru's units.

    What the old outline of Peru has beyond them goes to the neighbour it borders on, unless it is
    sea. Peru itself, drawn last, is the land under its regions.
    """
    units = read_regions(HERE / "units.zip", layer="regions").table.geometry.to_numpy()
    peru = shapely.union_all(units)
    peru = shapely.multipolygons([shapely.Polygon(p.exterior) for p in shapely.get_parts(peru)])
    at = codes.index("PE")
    fitted, old = shapes.copy(), shapes[at]
    others = np.delete(shapes, at)
    coast = shapely.difference(old.boundary, shapely.buffer(shapely.union_all(others), 0.001))
    for part in shapely.get_parts(shapely.difference(old, peru)):
        shared = shapely.length(shapely.intersection(shapely.buffer(part, 0.001), coast))
        beside = shapely.area(shapely.intersection(shapes, shapely.buffer(part, 0.01)))
        beside[at] = 0
        if shared < MOST_COAST * part.length and beside.max() > 0:
            nearest = int(beside.argmax())
            more = shapely.simplify(shapely.buffer(part, 2 * UNDER_DEG), UNDER_DEG)
            fitted[nearest] = shapely.union(fitted[nearest], more)
    fitted[at] = shapely.simplify(shapely.buffer(peru, -UNDER_DEG), UNDER_DEG / 2)
    return fitted


if __name__ == "__main__":
    world_map, region_layer = (Path(argument) for argument in sys.argv[1:3])
    make_regions(region_layer)
    make_neighbours(world_map)
