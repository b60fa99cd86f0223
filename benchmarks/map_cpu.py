"""CPU time of ``corredor map`` beside the bare folium script, each in fresh processes, in turn.

    python benchmarks/map_cpu.py [RUNS]

Prints the median and the least of each, and the median of the ratios taken pair by pair. All
packages have their bytecode, as pip leaves them: one that lacks it gets it in the first run, which
does not count.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

BASELINE = Path(__file__).with_name("baseline_folium.py")
NAMES = ("corredor map", "bare folium")
ENVIRONMENT = {key: val for key, val in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def cpu_seconds(command: list[str]) -> float:
    """Return user + system seconds of one finished process."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[0]} ended with status {status}")
    return usage.ru_utime + usage.ru_stime


def main(runs: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        ours = [str(Path(sys.executable).with_name("corredor")), "map", "-o", f"{folder}/a.html"]
        theirs = [sys.executable, str(BASELINE), f"{folder}/b.html"]
        cpu_seconds(ours), cpu_seconds(theirs)  # warm the file cache, write bytecode
        pairs = [(cpu_seconds(ours), cpu_seconds(theirs)) for _ in range(runs)]
        sizes = [Path(folder, name).stat().st_size / 1000 for name in ("a.html", "b.html")]
    for name, times, size in zip(NAMES, zip(*pairs, strict=True), sizes, strict=True):
        middle, least = statistics.median(times), min(times)
        print(f"{name:14} {middle:.2f} CPU s (least {least:.2f}), {size:.0f} kB")
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"ratio          {ratio:.2f}  (goal: at most 1.20; {runs} pairs)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
