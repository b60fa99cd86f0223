"""Fuzz the readers: whatever is read has the truth's totals, whatever is not is refused in words.

    python tests/fuzz/run.py --n 20000 --seed 1

Each input depends on the seed and its number alone: ``--only 1234`` repeats one. Inputs are either
printed from a truth (so that the right answer is known), damaged in one cell (so that the right
answer is known too), or damaged in their bytes (where only crashes, hangs and numbers that the
file does not hold are looked for). Ends with 1 if anything was found.
"""

from __future__ import annotations

import argparse
import re
import signal
import sys
import tempfile
import time
import traceback
import unicodedata
import warnings
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import layers
import meanings
import others
from damage import REFUSE, damage_bytes, damage_cell
from truth import Printed, invent, print_table, to_csv, to_parquet, to_xlsx

SECONDS = 10  # of processor time: a busy machine is no hang
KINDS = ("print", "print", "print", "cell", "cell", "bytes", "bytes", "flows", "opendata", "cases",
         "layer", "layers", "study", *meanings.TRIES)  # fmt: skip


@dataclass
class Outcome:
    """What became of one input; ``fault`` is what a reader may never do."""

    number: int
    kind: str
    refused: str = ""
    fault: str = ""


class Hang(BaseException):
    """A reader took too long."""


def _on_alarm(*_: object) -> None:
    raise Hang


@cache
def _resolver():
    from corredor.geodata.intake.read import study_resolver

    return study_resolver()


def _complaints(path: Path, measure: str = "complaints"):
    from corredor.geodata import open_sheet, read_complaints, recognise_table

    opened = open_sheet(path)
    recognise_table(opened)
    return read_complaints(opened, register="X", measure=measure, source_id="s")


def _counts(table) -> dict[tuple[str, str, str], float]:
    keys = zip(table["ubigeo"], table["period_start"], table["period_end"], strict=True)
    return dict(zip(keys, table["value"].astype(float), strict=True))


def _write(random: Random, folder: Path, printed: Printed) -> Path:
    kind = random.choice(("csv", "csv", "csv", "xlsx", "parquet"))
    if kind == "parquet" and max(printed.truth.values(), default=0) > 600:
        kind = "csv"  # without a title nobody can tell what so many are
    path = folder / f"tabla.{kind}"
    writer = {"csv": to_csv, "xlsx": to_xlsx}.get(kind)
    path.write_bytes(writer(random, printed.rows) if writer else to_parquet(printed))
    return path


def _ragged(printed: Printed) -> bool:
    return len({len(row) for row in printed.rows}) > 1


def try_print(random: Random, folder: Path) -> str:
    """A printed table is read to its truth."""
    printed = print_table(random, invent(random))
    return _compare(_complaints(_write(random, folder, printed)).table, printed)


def try_cell(random: Random, folder: Path) -> str:
    """A table with one wrong cell is refused, or read to what the others say."""
    printed = print_table(random, invent(random))
    expected = damage_cell(random, printed)
    if _ragged(printed):
        path = folder / "tabla.csv"
        path.write_bytes(to_csv(random, printed.rows))
    else:
        path = _write(random, folder, printed)
    reading = _complaints(path)
    if expected == REFUSE:
        return f"read although a cell is wrong: {path.read_bytes()[:1500]!r}"
    return _compare(reading.table, printed)


def _compare(table, printed: Printed) -> str:
    got, wanted = _counts(table), printed.truth
    if got == wanted:
        return ""
    differ = {k: (wanted.get(k), got.get(k)) for k in wanted.keys() | got.keys()
              if wanted.get(k) != got.get(k)}  # fmt: skip
    return f"(true, read) differ: {dict(list(differ.items())[:3])}"


def try_bytes(random: Random, folder: Path) -> str:
    """A table with damaged bytes is refused, or read to numbers that it holds."""
    printed = print_table(random, invent(random))
    path = _write(random, folder, printed)
    content = path.read_bytes()
    if path.suffix == ".xlsx" and random.random() < 0.7:
        path.write_bytes(others.damaged_zip(random, content, damage_bytes))
    else:
        path.write_bytes(damage_bytes(random, content))
    reading = _complaints(path)
    return _invented(reading.table, path) if path.suffix == ".csv" else ""


def _invented(table, path: Path) -> str:
    """Name a number of the table that no cell of the text holds, parsed by other means."""
    raw = path.read_bytes()
    missing = [0.0]
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1", "cp850"):
        try:
            text = unicodedata.normalize("NFC", raw.decode(encoding))
        except UnicodeError:
            continue
        held = {number for pattern in _CELL_ENDS for cell in re.split(pattern, text)
                for number in _numbers_of(cell)}  # fmt: skip
        missing = [value for value in table["value"] if f"{value:.0f}" not in held]
        if not missing:
            return ""
    return f"read numbers that do not stand there: {missing[:3]}"


# Commas part cells, or thousands.
_CELL_ENDS = (r'[;\t|\r\n"]', r'[;\t|\r\n",]')
# Characters that mean nothing to a reader, though they stand between the digits.
_NOTHING = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\x00-\x08\x0e-\x1f\x7f-\x9f]")


def _numbers_of(cell: str) -> set[str]:
    """Return all that a cell might mean: its digits to the first other sign, and each run."""
    plain = re.sub(r"[ ,.'\u00a0]|[.,]0+$", "", _NOTHING.sub("", re.sub(r"[.,]0+\b", "", cell)))
    runs = re.findall(r"\d+", cell)
    runs += [re.sub(r"\D", "", run) for run in re.findall(r"\d{1,3}(?:[ ,.'\u00a0]\d{3})+", cell)]
    return {str(int(text)) for text in (*runs, re.sub(r"\D.*$", "", plain)) if text.isdigit()}


def try_flows(random: Random, folder: Path) -> str:
    """Flows keep their total; damaged ones don't crash."""
    from corredor.geodata import open_sheet, read_flows, read_itineraries, recognise_table

    rows, total = others.flows(random)
    path = folder / random.choice(("flujos.csv", "flujos.xlsx"))
    content = to_csv(random, rows) if path.suffix == ".csv" else to_xlsx(random, rows)
    whole = random.random() < 0.5
    path.write_bytes(content if whole else damage_bytes(random, content))
    opened = open_sheet(path)
    recognise_table(opened)
    if not whole and random.random() < 0.3:
        read_itineraries(opened, source_id="s", resolver=_resolver())
        return ""
    table = read_flows(opened, source_id="s", resolver=_resolver()).table
    got = float(table["value"].sum())
    return f"total {total}, read {got}" if whole and got != total else ""


def try_opendata(random: Random, folder: Path) -> str:
    """Open data keep their total; damaged files don't crash."""
    from corredor.geodata import read_mininter, read_mpfn

    make, read = random.choice(((others.mininter, read_mininter), (others.mpfn, read_mpfn)))
    rows, total = make(random)
    whole = random.random() < 0.5
    if whole and random.random() < 0.5:
        header, body = rows[0], rows[1:]
        random.shuffle(body)
        rows = [header, *body, *random.sample(body, min(3, len(body)))]
        rows = rows if make is others.mpfn or len(body) < 20 else [header, *body]
    content = to_csv(random, rows)
    path = folder / "datos.csv"
    path.write_bytes(content if whole else damage_bytes(random, content))
    got = read(path, source_id="s").table["value"].sum()
    return f"total {total}, read {got}" if whole and got != total else ""


def try_cases(random: Random, folder: Path) -> str:
    """Registers are counted, and nothing of a person is said."""
    from corredor.geodata import read_cases

    rows, total = others.cases(random)
    path = folder / random.choice(("casos.csv", "casos.xlsx"))
    content = to_csv(random, rows) if path.suffix == ".csv" else to_xlsx(random, rows)
    whole = random.random() < 0.5
    path.write_bytes(content if whole else damage_bytes(random, content))
    reading = read_cases(path, source_id="s", register="X", resolver=_resolver())
    if "ZZPERSONA" in reading.account.render("es") + reading.table.flows.to_csv():
        return "a person's name is said"
    got = reading.table.flows["value"].sum()
    return f"{total} cases, counted {got}" if whole and got != total else ""


def try_layer(random: Random, folder: Path) -> str:
    """Layers are read whole; damaged ones don't crash."""
    from corredor.geodata import read_regions

    path = folder / random.choice(("capa.geojson", "capa.zip"))
    content = others.geojson(random) if path.suffix == ".geojson" else others.shapefile(random)
    kind = random.choice(("whole", "bytes", "member"))
    if kind == "member" and path.suffix == ".zip":
        content = others.damaged_zip(random, content, damage_bytes)
    elif kind != "whole":
        content = damage_bytes(random, content)
    path.write_bytes(content)
    table = read_regions(path, level="region").table
    return f"{len(table)} regions of 25" if kind == "whole" and len(table) != 25 else ""


def try_study(random: Random, folder: Path) -> str:
    """A study with a damaged file is read or refused."""
    from corredor.geodata import protect, read_study

    protect(read_study(others.study(random, folder / "estudio", damage_bytes)))
    return ""


TRIES = {
    "print": try_print, "cell": try_cell, "bytes": try_bytes, "flows": try_flows,
    "opendata": try_opendata, "cases": try_cases, "layer": try_layer,
    "layers": layers.try_layers, "study": try_study, **meanings.TRIES,
}  # fmt: skip


def run_one(seed: int, number: int, folder: Path, kind: str | None = None) -> Outcome:
    """Make one input and read it.

    Parameters
    ----------
    seed, number : int
        What the input depends on.
    folder : Path
        Folder for the input, emptied before.
    kind : str, optional
        One of `TRIES`; chosen if left out.

    Returns
    -------
    Outcome
        Never raises, but for an interruption.
    """
    from corredor.geodata import CorredorError

    random = Random(f"{seed}:{number}")
    kind = kind or random.choice(KINDS)
    outcome = Outcome(number, kind)
    for old in folder.iterdir():
        if old.is_file():
            old.unlink()
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        outcome.fault = TRIES[kind](random, folder)
    except CorredorError as error:
        outcome.refused = error.render("en")
        if not error.render("es").strip() or "ZZPERSONA" in error.render("es") + outcome.refused:
            outcome.fault = f"says what it should not: {outcome.refused}"
    except (KeyboardInterrupt, SystemExit):
        raise
    except Hang:
        outcome.fault = f"took more than {SECONDS} s"
    except BaseException:
        outcome.fault = traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return outcome


def run(
    seed: int,
    numbers: range,
    *,
    seconds: float = 1e9,
    keep: Path | None = None,
    kind: str | None = None,
) -> list[Outcome]:
    """Try many inputs, until the time is over.

    Parameters
    ----------
    seed : int
        Seed of all inputs.
    numbers : range
        Which inputs.
    seconds : float
        When to stop.
    keep : Path, optional
        Folder for inputs that were read wrongly.
    kind : str, optional
        One of `TRIES`, to try nothing else.

    Returns
    -------
    list of Outcome
        One for each input tried.
    """
    signal.signal(signal.SIGPROF, _on_alarm)
    end = time.monotonic() + seconds
    outcomes = []
    with tempfile.TemporaryDirectory() as name, warnings.catch_warnings():
        from corredor.geodata import CorredorWarning

        warnings.simplefilter("error")
        warnings.simplefilter("ignore", CorredorWarning)
        warnings.simplefilter("ignore", ResourceWarning)
        for number in numbers:
            if time.monotonic() > end:
                break
            outcome = run_one(seed, number, Path(name), kind)
            outcomes.append(outcome)
            if outcome.fault and keep is not None:
                for file in Path(name).iterdir():
                    if file.is_file():
                        target = keep / f"{seed}_{number}_{file.name}"
                        target.write_bytes(file.read_bytes())
    return outcomes


def main() -> int:
    """Run from the command line."""
    sys.path.append(str(Path(__file__).parents[1]))  # the toy study lies there
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--n", type=int, default=20_000, help="how many inputs")
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="repeat one input")
    parser.add_argument("--seconds", type=float, default=1e9, help="stop after so long")
    parser.add_argument("--kind", choices=sorted(TRIES), help="try nothing else")
    parser.add_argument("--keep", type=Path, help="folder for inputs that were read wrongly")
    told = parser.parse_args()
    if told.keep is not None:
        told.keep.mkdir(exist_ok=True)
    first = told.first if told.only is None else told.only
    numbers = range(first, first + (told.n if told.only is None else 1))
    started = time.monotonic()
    outcomes = run(told.seed, numbers, seconds=told.seconds, keep=told.keep, kind=told.kind)
    faults = [outcome for outcome in outcomes if outcome.fault]
    for outcome in faults:
        print(f"--only {outcome.number} ({outcome.kind}): {outcome.fault}")
    if told.only is not None and not faults:
        print(outcomes[0])
    tried, refused = (
        Counter(o.kind for o in outcomes),
        Counter(o.kind for o in outcomes if o.refused),
    )
    print(", ".join(f"{kind} {tried[kind]} ({refused[kind]} refused)" for kind in sorted(tried)))
    print(f"{len(outcomes)} inputs, seed {told.seed}, {len(faults)} faults,"
          f" {time.monotonic() - started:.0f} s")  # fmt: skip
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
