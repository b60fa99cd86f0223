"""Protection measured: time and cells withheld, by themselves and beside pytauargus.

    python benchmarks/protection.py            tables of 25 x 25, with years and purposes
    python benchmarks/protection.py random N [FIRST]   N random tables, attacked by a programme that
                                                       shares nothing with protector and audit

CPU seconds. tau-Argus publishes zeros, so it is only compared on tables without any; a pattern
counts as equal protection if the same attack finds nothing in it.
"""

from __future__ import annotations

import contextlib
import itertools
import sys
import tempfile
import time

import numpy as np
from corredor.geodata.study.audit import attack
from corredor.geodata.study.linked import Dimension, System, build_system
from corredor.geodata.study.protector import UnprotectedError, suppress
from scipy import optimize

try:
    import pytauargus
except ImportError:
    pytauargus = None


def system_of(table: np.ndarray, groups=None) -> System:
    dimensions = [
        Dimension(f"d{axis}", tuple(f"c{i:02d}" for i in range(size)), (groups or {}).get(axis, {}))
        for axis, size in enumerate(table.shape)
    ]
    counts = {
        tuple(f"c{i:02d}" for i in at): int(value) for at, value in np.ndenumerate(table) if value
    }
    return build_system(dimensions, counts)


def gravity(shape: tuple[int, ...], records: int, seed: int) -> np.ndarray:
    """Spread records as in an OD matrix: few large places, many small ones."""
    random = np.random.default_rng(seed)
    weight = np.exp(random.normal(0, 0.6, shape))
    for axis, size in enumerate(shape):
        along = [1] * len(shape)
        along[axis] = size
        weight = weight * np.exp(random.normal(0, 1.2 if size > 5 else 0.3, along))
    return random.multinomial(records, (weight / weight.sum()).ravel()).reshape(shape)


def tau_argus(table: np.ndarray, system: System, k: int) -> tuple[np.ndarray, float]:
    """Return what pytauargus withholds, and its CPU seconds."""
    names = [dimension.name for dimension in system.dimensions]
    records = {name: [] for name in names} | {"v": []}
    for at, value in np.ndenumerate(table):
        for name, i in zip(names, at, strict=True):
            records[name] += [f"c{i:02d}"] * int(value)
        records["v"] += [1] * int(value)
    # It leaves logs where it runs.
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        start = time.process_time()
        result = pytauargus.protect(
            records, [names], "v", safety_rules=f"FREQ({k},100)", workdir=folder
        )
        spent = time.process_time() - start
        frame = result.tables[0].dataframe()
    out = {
        tuple("" if code == "Total" else code for code in row[:-1])
        for row in frame[[*names, "status"]].itertuples(index=False)
        if row[-1] in ("U", "M")
    }
    return np.array([key in out for key in system.keys]), spent


def measure(name: str, table: np.ndarray, k: int = 10) -> None:
    system = system_of(table)
    start = time.process_time()
    try:
        pattern = suppress(system, k)
    except UnprotectedError:
        print(f"{name}: refused after {time.process_time() - start:.1f} s")
        return
    spent = time.process_time() - start
    start = time.process_time()
    finding = attack(
        system, pattern.withheld, k, alternatives=pattern.alternatives, told=pattern.told
    )
    small, withheld = int((system.values < k).sum()), int(pattern.withheld.sum())
    print(
        f"{name}: {len(system.keys)} cells, {small} small, {withheld} withheld, safe"
        f" {finding.is_safe}, {spent:.2f} s, audit {time.process_time() - start:.2f} s",
        flush=True,
    )
    if pytauargus and table.min() > 0:
        theirs, spent = tau_argus(table, system, k)
        found = attack(system, theirs, k)
        print(
            f"    pytauargus: {int(theirs.sum())} withheld, {len(found.recovered)} recovered,"
            f" {len(found.narrow)} too narrow, {len(found.told)} known if told, {spent:.2f} s"
        )
        only = suppress(system, k, cells="small")
        print(f"    here, if only small cells need their range: {int(only.withheld.sum())}")


def random_table(seed: int) -> tuple[System, int]:
    """Return a table of two or three dimensions, a third of them nested, with k of 5, 10 or 11."""
    random = np.random.default_rng(seed)
    k = (5, 10, 11)[seed // 3 % 3]
    if seed % 3 == 0:
        shape = tuple(random.integers(3, 13, 2))
    elif seed % 3 == 1:
        shape = tuple(random.integers(2, 7, 3))
    else:
        shape = (int(random.integers(4, 9)), int(random.integers(2, 5)), 2)
    spread = np.exp(random.normal(0, random.choice([0.1, 0.6, 1.3]), shape))
    table = random.poisson(random.choice([1, 4, 10, 15, 25, 60]) * spread / spread.mean())
    leaves = [f"c{i:02d}" for i in range(shape[0])]
    groups = {0: {"g0": tuple(leaves[:2]), "g1": tuple(leaves[2:])}} if seed % 3 == 2 else {}
    return system_of(table, groups), k


def attack_apart(keys, dimensions, atoms, withheld, k: int) -> dict[str, list]:
    """Attack a release knowing keys, printed values and k, then told which cells are small.

    Written from the definition, without the program: one variable an atom, one equation a printed
    cell. Returns the cells that break the promise, by how.
    """
    leaves = [list(dimension.leaves) for dimension in dimensions]
    every = list(itertools.product(*leaves))
    held = np.zeros((len(keys), len(every)))
    for row, key in enumerate(keys):
        inside = [set(d.leaves if c == "" else d.groups.get(c, (c,)))
                  for d, c in zip(dimensions, key, strict=True)]  # fmt: skip
        held[row] = [all(c in s for c, s in zip(atom, inside, strict=True)) for atom in every]
    values = held @ np.asarray(atoms, dtype=float)
    shown = ~np.asarray(withheld)
    most = optimize.Bounds(0, 10 * (values.max() + k))  # no table needs more; else without end
    equal = optimize.LinearConstraint(held[shown], values[shown], values[shown])
    small = held[(values < k) & ~shown]
    told = [equal, optimize.LinearConstraint(small, -np.inf, k - 1)] if len(small) else [equal]

    def reach(cell: int, sign: int, limits: list, wanted: float) -> bool:
        """Tell whether a table of whole numbers brings a cell to what is wanted, or beyond."""
        goal = optimize.LinearConstraint(sign * held[cell], wanted, np.inf)
        for whole in (0, 1):
            found = optimize.milp(
                -sign * held[cell] if not whole else np.zeros(len(every)),
                constraints=[*limits, goal],
                integrality=np.full(len(every), whole),
                bounds=most,
            )
            if found.x is None:
                return False
            table = np.rint(found.x)
            if np.abs(found.x - table).max() < 1e-6:
                break
        seen = held @ table
        return bool((seen[shown] == values[shown]).all() and sign * seen[cell] >= wanted)

    broken: dict[str, list] = {"small": [], "narrow": [], "told": []}
    broken["small"] = np.flatnonzero(shown & (values < k)).tolist()
    for cell in np.flatnonzero(~shown).tolist():
        if not (reach(cell, 1, [equal], k) and reach(cell, -1, [equal], 0)):
            broken["narrow"].append(cell)
        more, less = values[cell] + 1, 1 - values[cell]
        if not (reach(cell, 1, told, more) or (values[cell] and reach(cell, -1, told, less))):
            broken["told"].append(cell)
    return broken


def attack_random(tables: int, first: int = 0) -> None:
    """Attack protected random tables by a programme of its own, and by the audit without help."""
    refused = unsafe = cells = missed = 0
    spent = 0.0
    for seed in range(first, first + tables):
        system, k = random_table(seed)
        start = time.process_time()
        try:
            pattern = suppress(system, k)
        except UnprotectedError:
            refused += 1
            continue
        finally:
            spent += time.process_time() - start
        broken = attack_apart(system.keys, system.dimensions, system.atoms, pattern.withheld, k)
        finding = attack(system, pattern.withheld, k)
        cells += finding.withheld
        missed += finding.is_safe == any(broken.values())
        if any(broken.values()):
            unsafe += 1
            print(f"table {seed}: {broken}", flush=True)
    print(
        f"{tables} tables from {first}, {cells} cells withheld, {unsafe} unsafe, {missed} judged"
        f" otherwise by the audit, {refused} refused, {spent:.0f} s for protection",
        flush=True,
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["random"]:
        attack_random(*map(int, sys.argv[2:]))
        sys.exit()
    if pytauargus is None:
        print("pytauargus is not installed: nothing to compare with")
    measure("25 x 25, 400 records", gravity((25, 25), 400, 1))
    measure("25 x 25, 2,000 records", gravity((25, 25), 2000, 2))
    measure("25 x 25, 10,000 records", gravity((25, 25), 10_000, 3))
    measure("25 x 25, about 15 each", np.maximum(1, np.random.default_rng(4).poisson(15, (25, 25))))
    measure("25 x 25, about 20 each", np.maximum(1, np.random.default_rng(5).poisson(20, (25, 25))))
    measure("25 x 25, 2,000 and 1 each", gravity((25, 25), 2000, 2) + 1)
    measure("25 x 25 x 5, 400 records", gravity((25, 25, 5), 400, 1))
    measure("25 x 25 x 5, 2,000 records", gravity((25, 25, 5), 2000, 1))
    measure("25 x 25 x 5 x 3, 400 records", gravity((25, 25, 5, 3), 400, 1))
