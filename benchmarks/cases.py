"""Counting a register of cases of any size: CPU time and memory, beside SQL written by hand.

    python benchmarks/cases.py [ROWS] [SIDES]

Cases are invented (seeded): 100,000 pairs of districts of origin and of exploitation, days of ten
years, purposes, sexes and ages, as CSV with about 100 bytes a case. Each side runs in a process of
its own and gives flows by pair, purpose and year, and complaints by district and year; all must
give the same totals. The SQL by hand knows the places and words before it begins (they are in its
tables), judges nothing and accounts for nothing.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SIDES = ("sql by hand", "pandas by hand", "duckdb", "polars", "pandas", "spark", "read_cases")
# So many pairs of districts stand in the register, however long it is.
PAIRS = 100_000
# Of more rows these would take all memory or minutes.
MOST = {"pandas by hand": 1_000_000, "pandas": 1_000_000, "read_cases": 100_000}
HEADER = (
    "Caso", "Departamento de captación", "Provincia de captación", "Distrito de captación",
    "Departamento de explotación", "Provincia de explotación", "Distrito de explotación",
    "Fecha de denuncia", "Finalidad", "Sexo", "Edad",
)  # fmt: skip
PURPOSES = {
    "Explotación sexual": "sexual", "Explotación laboral": "labour", "Mendicidad": "labour",
}  # fmt: skip


def known_districts() -> Any:
    """Return the districts of Peru: ``code``, ``region``, ``province``, ``district``."""
    import pandas as pd
    from corredor.geodata.places.gazetteer import region_names, unit_names

    names = {**unit_names(), **region_names()}
    codes = sorted(code for code in names if len(code) == 6)
    return pd.DataFrame(
        [(code, names[code[:2]], names[code[:4]], names[code]) for code in codes],
        columns=["code", "region", "province", "district"],
    )


def write_cases(path: Path, rows: int) -> None:
    """Write a register of so many invented cases."""
    import numpy as np
    import pandas as pd

    places = known_districts()
    text = (places["region"] + "," + places["province"] + "," + places["district"]).to_numpy()
    rng = np.random.default_rng(7)
    often = 1 / (10 + rng.permutation(len(places)))
    often /= often.sum()
    pairs = rng.choice(len(places), (PAIRS, 2), p=often)
    days = pd.date_range("2014-01-01", periods=3652).strftime("%Y-%m-%d").to_numpy()
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(HEADER) + "\n")
        for begin in range(0, rows, 500_000):
            count = min(500_000, rows - begin)
            parts = (
                range(begin + 1, begin + count + 1),
                *text[pairs[rng.integers(0, PAIRS, count)]].T,
                days[rng.integers(0, len(days), count)],
                np.array(list(PURPOSES))[rng.integers(0, 3, count)],
                np.array(["F", "M"])[rng.integers(0, 2, count)],
                rng.integers(8, 60, count),
            )
            columns = (part if isinstance(part, range) else part.tolist() for part in parts)
            file.writelines(",".join(map(str, row)) + "\n" for row in zip(*columns, strict=True))


def resolver() -> Any:
    """Return the resolver of the embedded study."""
    from corredor.geodata import embedded_study, read_study
    from corredor.geodata.study.imported import resolver_of

    return resolver_of(read_study(embedded_study()).tables)


def known_places() -> Any:
    """Return the districts with the places and units that Corredor takes them for."""
    from corredor.geodata.intake.cases import unit_of
    from corredor.geodata.places.ends import EndCells

    known, table = resolver().with_units("district"), known_districts()
    found = [
        EndCells({"region": row.region, "province": row.province, "district": row.district})
        .match(known, kind="district").place
        for row in table.itertuples()
    ]  # fmt: skip
    return table.assign(
        code=[place.place_id for place in found],
        unit=[unit_of(place, "district") for place in found],
    )


def by_corredor(path: Path, engine: str) -> tuple[float, dict[str, float]]:
    from corredor.geodata import read_cases

    known = resolver()
    given: Any = {"source_id": "bench", "register": "bench", "resolver": known, "kind": "district"}
    begun = cpu()
    tables = read_cases(path, engine=None if engine == "read_cases" else engine, **given).table
    return cpu() - begun, totals(tables.flows, tables.complaints)


def by_sql(path: Path) -> tuple[float, dict[str, float]]:
    """Two questions to one table of codes, read from the file once."""
    import duckdb
    import pandas as pd

    home = duckdb.connect(config={"memory_limit": "1GB"})
    home.register("places", known_places())
    home.register("words", pd.DataFrame({"text": list(PURPOSES), "word": list(PURPOSES.values())}))
    begun = cpu()
    o, d = (f'c."{a} de {b}"' for a, b in (("X", "captación"), ("X", "explotación")))

    def same(of: str, alias: str) -> str:
        return " AND ".join(
            f"{of.replace('X', column)} = {alias}.{name}"
            for column, name in (("Departamento", "region"), ("Provincia", "province"),
                                 ("Distrito", "district"))
        )  # fmt: skip

    found = home.sql(
        f"""SELECT o.code AS origin, d.code AS destination, d.unit,
          year(CAST("Fecha de denuncia" AS DATE)) AS y, w.word, COUNT(*) AS value,
          GROUPING(o.code) AS other
        FROM read_csv('{path}', all_varchar = true, header = true) c
        JOIN places o ON {same(o, "o")} JOIN places d ON {same(d, "d")}
        JOIN words w ON c."Finalidad" = w.text
        GROUP BY GROUPING SETS ((o.code, d.code, y, w.word), (d.unit, y))"""
    ).df()
    spent = cpu() - begun
    return spent, totals(found[found["other"] == 0], found[found["other"] == 1])


def by_pandas(path: Path) -> tuple[float, dict[str, float]]:
    import pandas as pd

    places = known_places()
    begun = cpu()
    table = pd.read_csv(path, usecols=list(HEADER[1:9]), dtype="category")
    names = ["region", "province", "district"]
    for end, at in (("origin", 1), ("destination", 4)):
        known = places.rename(columns={**dict(zip(names, HEADER[at:at + 3], strict=True)),
                                       "code": end, "unit": f"{end} unit"})  # fmt: skip
        table = table.merge(known, on=list(HEADER[at : at + 3]))
    table["year"] = table[HEADER[7]].astype(str).str[:4]
    table["purpose"] = table[HEADER[8]].map(PURPOSES)
    flows = table.groupby(["origin", "destination", "year", "purpose"], observed=True).size()
    complaints = table.groupby(["destination unit", "year"], observed=True).size()
    spent = cpu() - begun
    return spent, totals(flows.rename("value").reset_index(),
                         complaints.rename("value").reset_index())  # fmt: skip


def totals(flows: Any, complaints: Any) -> dict[str, float]:
    """Return what all sides must agree in."""
    return {
        "flows": len(flows), "cases": float(flows["value"].sum()),
        "squares": float((flows["value"].astype(float) ** 2).sum()),
        "complaints": len(complaints), "reported": float(complaints["value"].sum()),
    }  # fmt: skip


def cpu() -> float:
    """Return the CPU seconds of this process and of those it waited for."""
    return sum(sum(resource.getrusage(who)[:2])
               for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))  # fmt: skip


def run(side: str, path: Path) -> None:
    """Run one side and print what it took."""
    work = {"sql by hand": by_sql, "pandas by hand": by_pandas}
    spent, found = work[side](path) if side in work else by_corredor(path, side)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": spent, "mb": peak, **found}))


def main(rows: int, sides: tuple[str, ...]) -> None:
    """Run all sides, each in a process of its own, and print a table."""
    with tempfile.TemporaryDirectory(prefix="corredor-bench-") as folder:
        path = Path(folder) / "cases.csv"
        write_cases(path, rows)
        print(f"{rows:,} cases, {path.stat().st_size / 1e6:,.0f} MB, {os.cpu_count()} processors")
        agreed: dict[str, Any] = {}
        for side in sides:
            if rows > MOST.get(side, rows):
                print(f"{side:16} left out: not run with more than {MOST[side]:,} cases")
                continue
            command = [sys.executable, __file__, "--side", side, str(path)]
            begun = time.perf_counter()
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            whole = time.perf_counter() - begun
            if done.returncode and (
                "ModuleNotFound" in done.stderr or "MissingExtra" in done.stderr
            ):
                print(f"{side:16} left out: {done.stderr.strip().splitlines()[-1]}")
                continue
            if done.returncode:
                sys.exit(done.stderr)
            row = json.loads(done.stdout.strip().splitlines()[-1])
            seconds, mb = row.pop("seconds"), row.pop("mb")
            agreed = agreed or row
            same = "" if row == agreed else f"  OTHER TOTALS {row}, not {agreed}"
            print(f"{side:16} {seconds:8.2f} CPU s  {mb:6.0f} MB  {whole:6.1f} s in all{same}",
                  flush=True)  # fmt: skip


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments and arguments[0] == "--side":
        run(arguments[1], Path(arguments[2]))
    else:
        many = int(float(arguments[0])) if arguments else 1_000_000
        main(many, SIDES if len(arguments) < 2 else tuple(arguments[1].split(",")))
