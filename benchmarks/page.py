"""Run the benchmarks and write docs/benchmarks.md: what each printed, the machine, versions, date.

    python benchmarks/page.py [--quick]

Everything on the page is what the scripts printed in this run; nothing is written by hand but the
sentences between. Peers are installed into a folder of their own (build/peers), one by one: the
environment of the project stays as it is, and one that can't be installed is named and left out.
``--quick`` runs the short ones only.
"""

from __future__ import annotations

import datetime
import importlib.metadata
import os
import platform
import re
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "benchmarks.md"
PEERS = HERE.parent / "build" / "peers"
# Beside what the extras for work bring.
WANTED = ("igraph", "duckdb", "polars", "narwhals", "pyarrow", "pyspark")
SHOWN = (
    "numpy", "pandas", "scipy", "shapely", "geopandas", "networkx", "folium", "igraph", "duckdb",
    "polars", "narwhals", "pyspark",
)  # fmt: skip
STARTS = {
    "python -c pass": ["-c", "pass"],
    "import corredor": ["-c", "import corredor"],
    "corredor --help": ["-m", "corredor", "--help"],
    "corredor check": ["-m", "corredor", "check"],
}
# Title, script, its arguments, what is to be said of it, and whether it is short.
RUNS = (
    ("Points to districts", "points.py", ["1e6"], "", True),
    ("Cases to flows and complaints: 100,000", "cases.py",
     ["1e5", "sql by hand,pandas by hand,duckdb,polars,pandas,read_cases"],
     "Row by row (`read_cases`), on engines, and by hand. On few rows the two passes of engines,"
     " the resolver and the judge of personal data are most of it: slower than SQL or pandas by"
     " hand.", True),
    ("Cases: 1,000,000", "cases.py", ["1e6", "sql by hand,pandas by hand,duckdb,polars,pandas"],
     "", False),
    ("Cases: 10,000,000", "cases.py", ["1e7", "sql by hand,duckdb"],
     "Corredor is slower than SQL by hand, and takes more memory: it reads the files twice"
     " (distinct values are judged and understood first), and checks each flow that comes out.",
     False),
    ("Least cost: 1,874 places, all pairs", "routing.py",
     ["1874", "all", "corredor least cost"], "", False),
    ("CSV to HTML with 100,000 flows beside folium's GeoJson layer", "flows_cpu.py",
     ["100000", "1"], "", False),
    ("Ways and least cost: 196 places, 10,000 pairs", "routing.py",
     ["196", "10000", "corredor least cost,scipy trees,igraph,corredor ways"],
     "The row of scipy grows trees alone and adds nothing up. Ways are up to five alternatives of"
     " each pair with their odds, which no peer lists: of all rows the slowest.", False),
    ("A map of the embedded study beside a bare folium script", "map_cpu.py", ["3"],
     "Corredor is slower: it reads, checks and protects a study, finds corridors with their ranges,"
     " and writes a page that needs no network.", True),
    ("Cases on a local Spark: 100,000", "cases.py", ["1e5", "sql by hand,spark"],
     "The same totals. The seconds are those of Python alone, without those of the Java machine; on"
     " one machine Spark is the slowest way by far.", False),
)  # fmt: skip


def main(quick: bool) -> None:
    """Run all and write the page."""
    missing = install_peers()
    texts = ["# Benchmarks", facts(missing), "## Starting", starts()]
    slope: dict[str, dict[float, float]] = {}
    for title, script, arguments, said, short in RUNS:
        if quick and not short:
            continue
        print(f"{title} ...", flush=True)
        found = run([sys.executable, str(HERE / script), *arguments])
        if script == "cases.py":
            rows = float(arguments[0])
            for line in found.splitlines():
                if cells := re.match(r"(.{16}) +([\d.]+) CPU s", line):
                    slope.setdefault(cells[1].strip(), {}).setdefault(rows, float(cells[2]))
        command = f"`python benchmarks/{script} {' '.join(map(quoted, arguments))}`"
        texts += [f"## {title}", *([said] if said else []), command, f"```text\n{found}\n```"]
        growth = ["## Growth with the number of cases", told] if (told := slopes(slope)) else []
        # After each, so that a run that is ended leaves what it has.
        PAGE.write_text("\n\n".join([*texts, *growth]) + "\n", encoding="utf-8")
    print(PAGE)


def install_peers() -> list[str]:
    """Install what is wanted and not there; return what could not be."""
    missing = []
    for name in WANTED:
        try:
            importlib.metadata.version(name)
            continue
        except importlib.metadata.PackageNotFoundError:
            pass
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(PEERS), name]
        if (
            not list(PEERS.glob(f"{name}-*.dist-info"))
            and subprocess.run(pip, capture_output=True, check=False).returncode
        ):
            missing.append(name)
    sys.path.append(str(PEERS))
    return missing


def run(command: list[str]) -> str:
    """Return what a benchmark printed, or how it ended."""
    paths = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), str(PEERS)]))
    done = subprocess.run(
        ["nice", "-n", "10", *command], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": paths, "PYTHONWARNINGS": "ignore"},
    )  # fmt: skip
    text = done.stdout.strip()
    if done.returncode:
        text += f"\nended with status {done.returncode}: {done.stderr.strip().splitlines()[-1:]}"
    return text.replace(str(HERE.parent) + os.sep, "")


def quoted(argument: str) -> str:
    """Return an argument as a shell takes it."""
    return f'"{argument}"' if re.search(r"[ ,]", argument) else argument


def facts(missing: list[str]) -> str:
    """Return the machine, the versions and the day."""
    model = next((line.split(":", 1)[1].strip() for line in
                  Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
                  if line.startswith("model name")), platform.processor())  # fmt: skip
    versions = []
    for name in SHOWN:
        try:
            versions.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    load = os.getloadavg()[1]
    return (
        f"Written by `make bench` on {datetime.datetime.now(datetime.UTC):%Y-%m-%d}:"
        f" {platform.system()}, {model}, {os.cpu_count()} processors (load {load:.1f} when it"
        f" began), Python {platform.python_version()}, {', '.join(versions)}. CPU seconds are user"
        " and system time of all threads; every side runs in a process of its own. On a busy"
        " machine figures are higher, and only ratios within one table say much."
        + (f" Peers that could not be installed here: {', '.join(missing)}." if missing else "")
    )


def starts() -> str:
    """Return the CPU seconds of starting, median of seven."""
    lines = ["| command | CPU s, median of 7 | least and most |", "|---|---|---|"]
    for name, arguments in STARTS.items():
        spent = []
        for _ in range(8):  # the first makes the bytecode
            process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)  # fmt: skip
            usage = os.wait4(process.pid, 0)[2]
            spent.append(usage.ru_utime + usage.ru_stime)
        spent = spent[1:]
        lines.append(f"| `{name}` | {statistics.median(spent):.2f} |"
                     f" {min(spent):.2f}, {max(spent):.2f} |")  # fmt: skip
    return "\n".join(lines)


def slopes(found: dict[str, dict[float, float]]) -> str:
    """Return how cost grows: the power of rows between the last two sizes."""
    import math

    lines = ["| side | rows | power of the number of rows |", "|---|---|---|"]
    for side, points in found.items():
        if len(points) > 1:
            (few, short), (many, long) = sorted(points.items())[-2:]
            power = math.log(long / short) / math.log(many / few)
            lines.append(f"| {side} | {few:,.0f} to {many:,.0f} | {power:.2f} |")
    return "\n".join(lines) if len(lines) > 2 else ""


if __name__ == "__main__":
    main("--quick" in sys.argv[1:])
