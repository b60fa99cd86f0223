"""CPU time of reading, checking and joining 1,874 districts, beside geopandas and pandas alone.

    python benchmarks/join_districts.py FILE [RUNS]

FILE is a layer of districts with a column ``ubigeo``, such as innovar's. The counts joined to it
are invented. Each side runs in fresh processes, in turn; printed are the medians, the median of the
ratios taken pair by pair, and the same for the work alone: geopandas and pandas are imported before
its clock starts, on both sides, but not what they import when they are first used.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path


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
    from corredor.geodata.boundaries import read_regions

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


if __name__ == "__main__":
    if sys.argv[1] in ("ours", "plain"):
        {"ours": ours, "plain": plain}[sys.argv[1]](sys.argv[2])
    else:
        main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 9)
