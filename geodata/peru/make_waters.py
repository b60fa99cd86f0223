"""Make the rivers and lakes of the embedded study from public-domain lines.

    python geodata/peru/make_waters.py RIVERS.gpkg

``RIVERS.gpkg`` holds Natural Earth's ``ne_10m_rivers_lake_centerlines`` (public domain), clipped
to Peru and one degree around, with the columns ``name`` and ``scalerank``. Lines are simplified
and joined by river. The two lakes are drawn here by hand, only approximately. Written beside this
file: ``waters.geojson``, with ``kind`` (river or lake), ``rank`` (1, 2 or 3: from which zoom it is
drawn), ``name_es`` and ``name_en``.
"""

import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

HERE = Path(__file__).parent
TOLERANCE_DEG = 0.02
SHORTEST_DEG = 0.6
MAIN = {"Amazonas", "Ucayali", "Marañón"}
SECOND = {"Madre de Dios", "Huallaga", "Napo", "Putumayo", "Purús", "Caquetá", "Beni"}
FAR = {"Ajajú", "Jutaí", "Uaupés", "Mira", "Japurá"}  # of Colombia and Brazil
TITICACA = [
    (-70.02, -15.84), (-69.97, -15.73), (-69.88, -15.74), (-69.77, -15.66), (-69.86, -15.52),
    (-69.97, -15.40), (-69.87, -15.27), (-69.72, -15.30), (-69.61, -15.26), (-69.50, -15.36),
    (-69.43, -15.48), (-69.26, -15.52), (-69.19, -15.64), (-69.06, -15.76), (-68.99, -15.88),
    (-68.80, -16.02), (-68.84, -16.14), (-68.72, -16.14), (-68.60, -16.28), (-68.57, -16.44),
    (-68.72, -16.40), (-68.84, -16.46), (-68.83, -16.57), (-69.02, -16.57), (-69.06, -16.42),
    (-69.01, -16.30), (-68.90, -16.24), (-69.08, -16.16), (-69.14, -16.24), (-69.28, -16.26),
    (-69.44, -16.20), (-69.52, -16.06), (-69.61, -15.96), (-69.80, -15.94), (-69.92, -15.90),
]  # fmt: skip
JUNIN = [
    (-76.22, -10.88), (-76.13, -10.90), (-76.08, -10.98), (-76.02, -11.04), (-75.99, -11.12),
    (-76.05, -11.16), (-76.12, -11.12), (-76.14, -11.03), (-76.21, -10.96),
]  # fmt: skip
LAKES = [
    ("Lago Titicaca", "Lake Titicaca", 1, TITICACA),
    ("Lago Junín", "Lake Junín", 3, JUNIN),
]


def rivers(source: Path) -> gpd.GeoDataFrame:
    """Return one row per river that is long enough to see."""
    lines = gpd.read_file(source)
    lines["name"] = lines["name"].fillna("")
    lines = lines[["name", "geometry"]].dissolve("name", as_index=False)
    merged = shapely.line_merge(lines.geometry.values)
    geometry = shapely.set_precision(shapely.simplify(merged, TOLERANCE_DEG), 0.001)
    table = gpd.GeoDataFrame({"name_es": lines["name"], "geometry": geometry}, crs=lines.crs)
    long = shapely.length(geometry) > SHORTEST_DEG
    table = table[long & ~table["name_es"].isin(FAR | {""})]
    table["kind"] = "river"
    table["rank"] = [1 if n in MAIN else 2 if n in SECOND else 3 for n in table["name_es"]]
    table["name_en"] = table["name_es"].replace({"Amazonas": "Amazon"}) + " River"
    table["name_es"] = "Río " + table["name_es"]
    return table


def lakes() -> gpd.GeoDataFrame:
    """Return the two lakes."""
    return gpd.GeoDataFrame(
        {
            "kind": "lake",
            "rank": [rank for _, _, rank, _ in LAKES],
            "name_es": [es for es, _, _, _ in LAKES],
            "name_en": [en for _, en, _, _ in LAKES],
            "geometry": [shapely.Polygon(ring) for _, _, _, ring in LAKES],
        },
        crs="EPSG:4326",
    )


if __name__ == "__main__":
    waters = pd.concat([lakes(), rivers(Path(sys.argv[1]))], ignore_index=True)
    waters = waters.sort_values(["kind", "rank", "name_es"], ignore_index=True)
    columns = ["kind", "rank", "name_es", "name_en", "geometry"]
    target = HERE / "waters.geojson"
    waters[columns].to_file(target, driver="GeoJSON", COORDINATE_PRECISION=3)
