"""What is left when a run of Corredor is killed, interrupted, out of disk, or not alone?

    python tests/kills.py --n 500      500 kills, 100 full disks, 50 interrupts, 50 pairs of writers

A child process writes the map and the tables of a protected study (invented cases) and is stopped
at a moment by lot. Each time the old output or the new one must be there, whole; what is new must
stand in the ledger; and the next run must leave nothing beside its output.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from corredor.geodata import CorredorError, Publication
from corredor.geodata.study.ledger import ENTRIES, HEAD, read_ledger
from corredor.maps import atlas, write_export, write_page

OLD = b"what stood here before"
KINDS = ("kill", "full disk", "interrupt", "two writers")


class Trial:
    """A protected publication that is written again and again into one folder."""

    def __init__(self, publication: Publication, folder: Path) -> None:
        self.publication, self.folder = publication, folder
        self.study = Path(publication.folder)
        start = time.perf_counter()
        self._write()
        self.seconds = time.perf_counter() - start
        self.new = self._seen()
        self.size = max(f.stat().st_size for f in self.folder.rglob("*") if f.is_file())

    def run(self, kind: str, lot: random.Random) -> list[str]:
        """Stop a run in one way; return what is wrong afterwards."""
        shutil.rmtree(self.folder / "tables", ignore_errors=True)
        (self.folder / "map.html").write_bytes(OLD)
        for name in (ENTRIES, HEAD):
            (self.study / name).unlink(missing_ok=True)
        limit = lot.randrange(self.size) if kind == "full disk" else None
        children = [self._child(limit) for _ in range(2 if kind == "two writers" else 1)]
        if kind in ("kill", "interrupt"):
            time.sleep(lot.random() * self.seconds)
            os.kill(children[0], signal.SIGKILL if kind == "kill" else signal.SIGINT)
        ends = [os.waitpid(child, 0)[1] for child in children]
        wrong = ["a traceback" for end in ends if os.waitstatus_to_exitcode(end) == 9]
        wrong += self._faults()
        shutil.rmtree(self.folder / "tables", ignore_errors=True)
        self._write()
        left = [f for place in (self.folder, self.study) for f in place.rglob("*.part")]
        wrong += [f"left: {path.name}" for path in left]
        wrong += [] if self._seen() == self.new else ["the next run wrote something else"]
        return wrong

    def _write(self) -> None:
        write_page(atlas(self.publication, corridors=False), self.folder / "map.html")
        write_export(self.publication, self.folder / "tables", format="csv", corridors=False)

    def _child(self, limit: int | None) -> int:
        child = os.fork()
        if child:
            return child
        end = 9
        try:
            if limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
            self._write()
            end = 0
        except CorredorError:
            end = 1
        except KeyboardInterrupt:
            end = 130
        finally:
            os._exit(end)

    def _seen(self) -> dict[str, str]:
        """Return the digest of each output: the map, and all tables together."""
        tables = sorted((self.folder / "tables").glob("*"))
        told = {"tables": b"".join(f.name.encode() + f.read_bytes() for f in tables)}
        told["map.html"] = (self.folder / "map.html").read_bytes()
        return {name: hashlib.sha256(content).hexdigest() for name, content in told.items()}

    def _faults(self) -> list[str]:
        old = {"map.html": hashlib.sha256(OLD).hexdigest(), "tables": hashlib.sha256().hexdigest()}
        seen = self._seen()
        wrong = [f"half written: {n}" for n in seen if seen[n] not in (old[n], self.new[n])]
        try:
            released = read_ledger(self.study).releases
        except CorredorError:
            return [*wrong, "the ledger is broken"]
        if seen != old and not released:
            wrong.append("published and not in the ledger")
        return wrong


def try_all(publication: Publication, folder: Path, counts: dict[str, int]) -> dict[str, list[str]]:
    """Return for each way of stopping what was wrong."""
    trial, lot = Trial(publication, folder), random.Random(1)
    return {kind: [w for _ in range(n) for w in trial.run(kind, lot)] for kind, n in counts.items()}


def invented(folder: Path, make: Callable[[Path, int], Path]) -> Publication:
    """Return the publication of a study of 400 invented cases."""
    from click.testing import CliRunner
    from corredor.geodata import protect, read_study

    from corredor.cli import app

    made = CliRunner().invoke(app, ["new", str(folder / "st"), str(make(folder / "c.csv", 400))])
    assert made.exit_code == 0, made.output
    return protect(read_study(folder / "st"))


def main() -> int:
    """Stop runs in every way; end with 1 if anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--n", type=int, default=50, help="how many kills; of others fewer")
    n = parser.parse_args().n
    sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent / "front")]
    from test_own_counts import register

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        publication = invented(folder, register)
        (folder / "out").mkdir()
        counts = dict(
            zip(KINDS, (n, max(1, n // 5), max(1, n // 10), max(1, n // 10)), strict=True)
        )
        found = try_all(publication, folder / "out", counts)
    for kind, wrong in found.items():
        print(f"{kind}: {counts[kind]} runs, {len(wrong)} faults {sorted(set(wrong))}")
    return int(any(found.values()))


if __name__ == "__main__":
    sys.exit(main())
