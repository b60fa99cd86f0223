"""Make the two geographic layers of the embedded study from public-domain files.

    python geodata/peru/make_layers.py WORLD_MAP.gpkg REGIONS.geojson

``WORLD_MAP.gpkg`` is ``/usr/share/qgis/resources/data/world_map.gpkg`` of Debian's
``qgis-common`` (Natural Earth 4.1, generalised; public domain). ``REGIONS.geojson`` is our own
derivation of its ``states_provinces``: Lima and Lima Province merged, Callao redrawn by hand
(columns ``ubigeo``, ``iso``, ``nombre``; public domain). Written beside this file:
``regions.zip`` (zipped Shapefile, EPSG:4326, UTF-8) and ``neighbours.geojson``.
"""

import sys
import tempfile
import zipfile
from pathlib import Path

import geopandas as gpd
import shapely

HERE = Path(__file__).parent
VIEW = shapely.box(-98.0, -34.0, -50.0, 14.0)
TOLERANCE_DEG = 0.06
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
    geometry = shapely.intersection(shapely.make_valid(geometry), VIEW)
    countries["geometry"] = shapely.set_precision(geometry, 0.001)
    countries = countries.sort_values("iso_a2", ignore_index=True)
    columns = ["iso_a2", "name_es", "name_en", "geometry"]
    target = HERE / "neighbours.geojson"
    countries = countries[columns]
    countries.to_file(target, driver="GeoJSON", COORDINATE_PRECISION=3)


if __name__ == "__main__":
    world_map, region_layer = (Path(argument) for argument in sys.argv[1:3])
    make_regions(region_layer)
    make_neighbours(world_map)
