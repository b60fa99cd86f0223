"""CPU time of ``corredor map`` beside the bare folium script, each in fresh processes, in turn.

    python benchmarks/map_cpu.py [RUNS]

Prints the median of each and the median of the ratios taken pair by pair.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

BASELINE = Path(__file__).with_name("baseline_folium.py")


def cpu_seconds(command: list[str]) -> float:
    """Return user + system seconds of one finished process."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[0]} ended with status {status}")
    return usage.ru_utime + usage.ru_stime


def main(runs: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        ours = [str(Path(sys.executable).with_name("corredor")), "map", "-o", f"{folder}/a.html"]
        theirs = [sys.executable, str(BASELINE), f"{folder}/b.html"]
        cpu_seconds(ours), cpu_seconds(theirs)  # warm the file cache
        pairs = [(cpu_seconds(ours), cpu_seconds(theirs)) for _ in range(runs)]
        sizes = [Path(folder, name).stat().st_size / 1000 for name in ("a.html", "b.html")]
    print(f"corredor map   {statistics.median(a for a, _ in pairs):.2f} CPU s, {sizes[0]:.0f} kB")
    print(f"bare folium    {statistics.median(b for _, b in pairs):.2f} CPU s, {sizes[1]:.0f} kB")
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"ratio          {ratio:.2f}  (goal: at most 1.30; {runs} pairs)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
