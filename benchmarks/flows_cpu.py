"""CPU time and bytes of a map of many flows, beside folium's GeoJson layer of the same flows.

    python benchmarks/flows_cpu.py [FLOWS] [RUNS]

Each run is a process of its own. What is beyond imports is the time of a run less that of the same
program with one flow; for Corredor, which also reads and checks the study, that leaves everything
from the CSV to the page that the flows cost.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from many_flows import folium_map, write_study

ABOVE_IMPORTS = 1.0
BYTES_A_FLOW = 8.0


def cpu_seconds(command: list[str]) -> float:
    """Return user + system seconds of one finished process."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[0]} ended with status {status}")
    return usage.ru_utime + usage.ru_stime


def main(flows: int, runs: int) -> None:
    """Measure and print."""
    corredor = str(Path(sys.executable).with_name("corredor"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for n in (1, flows):
            write_study(folder / str(n), n)

        def command(program: str, n: int) -> list[str]:
            page = str(folder / f"{program}{n}.html")
            if program == "corredor":
                return [corredor, "map", str(folder / str(n)), "-o", page]
            return [sys.executable, __file__, "folium", str(folder / str(n)), page]

        beyond: dict[str, list[float]] = {}
        for program in ("corredor", "folium"):
            cpu_seconds(command(program, 1))  # warm the file cache
            beyond[program] = [
                cpu_seconds(command(program, flows)) - cpu_seconds(command(program, 1))
                for _ in range(runs if program == "corredor" else 1)
            ]
        print(f"{flows} flows between 1,874 places")
        for program, seconds in beyond.items():
            sizes = [(folder / f"{program}{n}.html").stat().st_size for n in (1, flows)]
            each = (sizes[1] - sizes[0]) / flows
            print(
                f"{program:10} {statistics.median(seconds):6.2f} CPU s more than for one flow,"
                f" {sizes[1] / 1e6:.2f} MB, {each:.1f} bytes a flow"
            )
        print(f"goals      {ABOVE_IMPORTS:.2f} CPU s, {BYTES_A_FLOW} bytes a flow")


if __name__ == "__main__":
    if sys.argv[1:2] == ["folium"]:
        folium_map(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        numbers = [int(word) for word in sys.argv[1:]]
        main(*numbers, *(100_000, 3)[len(numbers) :])
