"""CPU time of reading, checking and joining 1,874 districts, beside geopandas and pandas alone.

    python benchmarks/join_districts.py [FILE] [RUNS]

FILE is a layer of districts with a column ``ubigeo``, such as innovar's; left out, the regions of
the embedded study are cut into as many invented ones with as many points. The counts joined to it
are invented. Each side runs in fresh processes, in turn; printed are the medians, the median of the
ratios taken pair by pair, and the same for the work alone: geopandas and pandas are imported before
its clock starts, on both sides, but not what they import when they are first used.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# A published layer has about as many points to a district.
POINTS = 98


def plain(file: str) -> float:
    """Join as a script without Corredor would, and return the sum over the regions."""
    import geopandas as gpd
    import pandas as pd

    start = time.process_time()
    districts = gpd.read_file(file)
    counts = pd.DataFrame({"ubigeo": districts["ubigeo"], "value": range(len(districts))})
    joined = districts.merge(counts, on="ubigeo", how="left", validate="one_to_one")
    totals = joined.groupby(joined["ubigeo"].str[:2])["value"].sum()
    print(time.process_time() - start, int(totals.sum()))
    return float(totals.sum())


def ours(file: str) -> float:
    """Read with every check, join, and return the sum over the regions."""
    import geopandas  # noqa: F401  # loaded before the clock starts, as on the other side
    import pandas as pd
    from corredor.geodata.layers.regions import read_regions

    start = time.process_time()
    districts, account = read_regions(Path(file), level="district")
    counts = pd.DataFrame({"ubigeo": districts["ubigeo"], "value": range(len(districts))})
    joined = districts.merge(counts, on="ubigeo", how="left", validate="one_to_one")
    totals = joined.groupby(joined["ubigeo"].str[:2])["value"].sum()
    print(time.process_time() - start, int(totals.sum()))
    assert account.rows_in == account.rows_out == len(joined)
    return float(totals.sum())


def measure(side: str, file: str) -> tuple[float, float, int]:
    """Return the CPU seconds of one process, those of the work in it, and the total it found."""
    command = [sys.executable, __file__, side, file]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    seconds, total = process.stdout.read().split()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    if status:
        raise SystemExit(f"{side} ended with status {status}")
    return usage.ru_utime + usage.ru_stime, float(seconds), int(total)


def main(file: str, runs: int) -> None:
    measure("ours", file), measure("plain", file)  # warm the file cache
    pairs = [(measure("ours", file), measure("plain", file)) for _ in range(runs)]
    assert len({one[2] for pair in pairs for one in pair}) == 1, "the totals differ"
    for at, what in ((0, "process"), (1, "work only")):
        mine = statistics.median(a[at] for a, _ in pairs)
        theirs = statistics.median(b[at] for _, b in pairs)
        ratio = statistics.median(a[at] / b[at] for a, b in pairs)
        print(f"{what:10} corredor {mine:.3f} CPU s, plain {theirs:.3f} CPU s, ratio {ratio:.2f}")
    print(f"goal: at most 2.00 for either ({runs} pairs)")


def invent(file: Path) -> None:
    """Write a layer of 1,874 districts: the regions cut along lines of latitude and longitude."""
    import geopandas as gpd
    import numpy as np
    import shapely
    from corredor.geodata import embedded_study
    from corredor.geodata.layers.regions import read_regions

    rows = []
    regions, _ = read_regions(embedded_study() / "regions.zip", level="region")
    for code, name, shape in regions[["ubigeo", "name", "geometry"]].itertuples(index=False):
        west, south, east, north = shape.bounds
        xs, ys = np.linspace(west, east, 16), np.linspace(south, north, 16)
        cells = shapely.box(xs[:-1, None], ys[:-1], xs[1:, None], ys[1:]).ravel()
        parts = shapely.intersection(cells, shape)
        parts = parts[shapely.area(parts) > 0][:75]
        parts = shapely.segmentize(parts, shapely.length(parts) / POINTS)
        rows += [(f"{code}01{at:02d}", f"{name} {at}", part) for at, part in enumerate(parts, 1)]
    table = gpd.GeoDataFrame(rows, columns=["ubigeo", "distrito", "geometry"], crs="EPSG:4326")
    table.iloc[:1874].to_file(file)


if __name__ == "__main__":
    sides = {"ours": ours, "plain": plain}
    if sys.argv[1:2] and sys.argv[1] in sides:
        sides[sys.argv[1]](sys.argv[2])
    else:
        named = [one for one in sys.argv[1:] if not one.isdigit()]
        runs = next((int(one) for one in sys.argv[1:] if one.isdigit()), 9)
        with tempfile.TemporaryDirectory() as folder:
            if not named:
                named = [f"{folder}/districts.gpkg"]
                invent(Path(named[0]))
            main(named[0], runs)
