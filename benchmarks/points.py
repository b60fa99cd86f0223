"""CPU time of bringing points to districts, beside a tree of shapes and geopandas' spatial join.

    python benchmarks/points.py [POINTS]

POINTS (1,000,000) invented points lie anywhere in the frame of Peru; the districts are those of the
embedded study. Each side must give every point the same district, or none; points on a border, of
which there is practically none here, may differ.
"""

from __future__ import annotations

import sys
import time
from importlib import resources
from typing import Any

import numpy as np


def main(count: int) -> None:
    """Run all sides and print a table."""
    import geopandas as gpd
    import shapely
    from corredor.geodata import read_regions
    from corredor.geodata.layers.points import find_units

    layer = resources.files("corredor.geodata.peru") / "units.zip"
    districts = read_regions(str(layer), layer="districts", level="district").table
    shapes = districts.geometry.to_numpy()
    rng = np.random.default_rng(11)
    west, south, east, north = districts.total_bounds
    lon, lat = rng.uniform(west, east, count), rng.uniform(south, north, count)

    def tree() -> Any:
        found = np.full(count, -1)
        point, shape = shapely.STRtree(shapes).query(shapely.points(lon, lat), "intersects")
        found[point[::-1]] = shape[::-1]
        return found

    def join() -> Any:
        points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=districts.crs)
        joined = points.sjoin(districts[["geometry"]].reset_index(drop=True), how="left")
        joined = joined[~joined.index.duplicated()]
        return joined["index_right"].fillna(-1).to_numpy().astype(int)

    sides = {
        "corredor": lambda: find_units(lon, lat, shapes), "shapely STRtree": tree,
        "geopandas sjoin": join,
    }  # fmt: skip
    print(f"{count:,} points, {len(shapes):,} districts")
    first: Any = None
    for side, work in sides.items():
        spent = []
        for _ in range(3):
            begun = time.process_time()
            found = work()
            spent.append(time.process_time() - begun)
        first = found if first is None else first
        other = int((found != first).sum())
        print(f"{side:16} {sorted(spent)[1]:6.2f} CPU s ({min(spent):.2f} to {max(spent):.2f}),"
              f" {int((found >= 0).sum()):,} in a district, {other} otherwise than the first",
              flush=True)  # fmt: skip


if __name__ == "__main__":
    main(int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000)
