"""The ledger of releases: what was published stays known, and small changes stay untold."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from corredor.geodata import DataFileError, SuppressionError
from corredor.geodata.files import one_run, write_whole
from corredor.geodata.study import ledger as books
from corredor.geodata.study.ledger import (
    ENTRIES,
    HEAD,
    check_release,
    read_ledger,
    releasing,
    small_changes,
)
from corredor.geodata.study.linked import Dimension, build_system
from corredor.geodata.study.printed import Printed, printed

# Invented counts throughout.
PLACES = ("a", "b", "c")


def release_of(table, withheld=(), *, name="register", groups=None, leaves=None, public=()):
    """Return what is printed of a table of places (and years) but for some keys."""
    table = np.atleast_2d(np.asarray(table))
    leaves = leaves or PLACES[: table.shape[0]]
    dimensions = [
        Dimension("place", tuple(leaves), groups or {}),
        Dimension("year", tuple(str(2020 + i) for i in range(table.shape[1]))),
    ]
    counts = {
        (dimensions[0].leaves[i], dimensions[1].leaves[j]): int(value)
        for (i, j), value in np.ndenumerate(table)
    }
    system = build_system(dimensions, counts)
    out = np.array([key in set(withheld) for key in system.keys])
    return printed(name, system, out, public=public)


FIRST = release_of([[20, 30], [40, 50]])


def publish(folder: Path, *systems: Printed, k: int = 10, artefact: str = "map.html"):
    with releasing(folder, systems, k=k, artefact=artefact) as release:
        (folder / artefact).write_text("map")
    return release


def test_releases_are_numbered_and_kept(tmp_path):
    first = publish(tmp_path, FIRST)
    second = publish(tmp_path, release_of([[30, 30], [40, 60]]), artefact="later.html")
    assert (first.number, second.number) == (1, 2)
    ledger = read_ledger(tmp_path, study=first.study)
    assert [release.artefacts for release in ledger.releases] == [("map.html",), ("later.html",)]
    assert all(release.done for release in ledger.releases)
    assert ledger.study == first.study == second.study != ""
    assert ledger.releases[0].systems[0].cells == dict(FIRST.cells)


def test_the_same_content_is_the_same_release(tmp_path):
    assert publish(tmp_path, FIRST).number == 1
    assert publish(tmp_path, FIRST, artefact="matrix.csv").number == 1
    before = (tmp_path / ENTRIES).read_bytes()
    assert publish(tmp_path, FIRST).number == 1
    assert (tmp_path / ENTRIES).read_bytes() == before
    (release,) = read_ledger(tmp_path).releases
    assert release.artefacts == ("map.html", "matrix.csv")


@pytest.mark.parametrize("by", [1, 9, -1, -9])
def test_a_small_change_is_refused_and_not_told(tmp_path, by):
    publish(tmp_path, FIRST)
    before = (tmp_path / ENTRIES).read_bytes()
    with pytest.raises(
        SuppressionError, match=r"tell of at least 4 cells that they changed by 1 to 9"
    ):
        publish(tmp_path, release_of([[20, 30], [40, 50 + by]]), artefact="new.html")
    assert (tmp_path / ENTRIES).read_bytes() == before
    assert not (tmp_path / "new.html").exists()


@pytest.mark.parametrize("by", [10, 25, -10])
def test_what_changes_by_k_or_not_at_all_passes(tmp_path, by):
    publish(tmp_path, FIRST)
    assert publish(tmp_path, release_of([[20, 30], [40, 50 + by]])).number == 2


def test_every_earlier_release_counts_and_not_only_the_last(tmp_path):
    publish(tmp_path, FIRST)
    publish(tmp_path, release_of([[20, 30], [40, 65]]))
    with pytest.raises(SuppressionError, match=r"\(release 1\)"):
        publish(tmp_path, release_of([[20, 30], [40, 55]]))
    with pytest.raises(SuppressionError, match=r"\(release 1, 2\)"):
        publish(tmp_path, release_of([[20, 30], [40, 58]]))


def test_other_registers_are_other_records(tmp_path):
    publish(tmp_path, FIRST)
    other = release_of([[20, 30], [40, 51]], name="another register")
    assert publish(tmp_path, other).number == 2


def test_the_larger_threshold_of_both_holds(tmp_path):
    publish(tmp_path, FIRST, k=11)
    with pytest.raises(SuppressionError):
        publish(tmp_path, release_of([[20, 30], [40, 60]]), k=5)


def test_earlier_figures_can_be_published_again(tmp_path):
    publish(tmp_path, FIRST)
    publish(tmp_path, release_of([[20, 30], [40, 65]]))
    kept = read_ledger(tmp_path).releases[0].systems
    assert publish(tmp_path, *kept).number == 1


def test_what_must_not_be_printed_is_named_to_the_protector(tmp_path):
    """What has not changed is named too: else what is withheld would say that it has."""
    publish(tmp_path, FIRST)
    later = release_of([[20, 30], [40, 53]])
    keys = small_changes(read_ledger(tmp_path), [later], k=10)
    assert keys == {"register": set(later.cells)}
    grown = release_of([[20, 30], [40, 65]])
    keys = small_changes(read_ledger(tmp_path), [grown], k=10)
    changed = {("b", "2021"), ("b", ""), ("", "2021"), ("", "")}
    assert keys == {"register": set(grown.cells) - changed}


# What it holds.


def test_nothing_withheld_stands_in_it(tmp_path):
    hidden = [(place, year) for place in ("b", "c") for year in ("", "2020", "2021")]
    publish(tmp_path, release_of([[120, 130], [3, 4], [7, 77777]], hidden))
    text = (tmp_path / ENTRIES).read_text(encoding="utf-8")
    assert "77777" not in text
    entry = json.loads(text.split("\n")[0].rpartition("\t")[0])
    (system,) = entry["systems"]
    assert system["codes"] == [["", "a"], ["", "2020", "2021"]]
    assert system["dimensions"][0]["leaves"] == ["a"]
    assert system["withheld"] == []


def test_codes_of_public_dimensions_stand_there_whatever_was_counted(tmp_path):
    hidden = [("b", year) for year in ("", "2020", "2021")]
    system = release_of([[120, 130], [3, 4]], hidden, public=["place"])
    publish(tmp_path, system)
    (kept,) = read_ledger(tmp_path).releases[0].systems
    assert kept == system


def test_the_name_of_a_file_is_kept_without_its_folders(tmp_path):
    with releasing(tmp_path, [FIRST], k=10, artefact="/home/ana/casos/mapa.html"):
        pass
    assert "ana" not in (tmp_path / ENTRIES).read_text(encoding="utf-8")
    assert read_ledger(tmp_path).releases[0].artefacts == ("mapa.html",)


def test_the_same_release_makes_the_same_bytes(tmp_path):
    for name in ("x", "y"):
        (tmp_path / name).mkdir()
        publish(tmp_path / name, FIRST)
    assert (tmp_path / "x" / ENTRIES).read_bytes() == (tmp_path / "y" / ENTRIES).read_bytes()


def test_a_copied_study_keeps_its_history(tmp_path):
    (tmp_path / "one").mkdir()
    first = publish(tmp_path / "one", FIRST)
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    assert read_ledger(tmp_path / "two", study=first.study).study == first.study
    with pytest.raises(SuppressionError):
        publish(tmp_path / "two", release_of([[20, 30], [40, 51]]))


# Cut, edited, killed.


@pytest.mark.parametrize(
    "damage", ["last line", "first line", "a value", "entries", "head", "empty", "half a line"]
)
def test_a_cut_or_edited_ledger_is_refused(tmp_path, damage):
    publish(tmp_path, FIRST)
    publish(tmp_path, release_of([[20, 30], [40, 65]]))
    entries = tmp_path / ENTRIES
    lines = entries.read_text().splitlines(keepends=True)
    assert len(lines) == 4
    if damage == "entries":
        entries.unlink()
    elif damage == "head":
        (tmp_path / HEAD).unlink()
    else:
        text = {
            "last line": "".join(lines[:-1]),
            "first line": "".join(lines[1:]),
            "a value": "".join(lines).replace("20]", "21]", 1),
            "empty": "",
            "half a line": "".join(lines)[:-40],
        }[damage]
        assert text != entries.read_text()
        entries.write_text(text)
    for action in (read_ledger, lambda folder: publish(folder, FIRST)):
        with pytest.raises(DataFileError, match="was cut, edited or removed"):
            action(tmp_path)


def test_a_ledger_that_was_removed_is_missed_where_the_id_is_known(tmp_path):
    first = publish(tmp_path, FIRST)
    for name in (ENTRIES, HEAD):
        (tmp_path / name).unlink()
    assert read_ledger(tmp_path).releases == ()
    with pytest.raises(DataFileError, match="was cut, edited or removed"):
        read_ledger(tmp_path, study=first.study)


KILLED = """\
import os, sys, signal
from corredor.geodata.study import ledger
from corredor.geodata.study.printed import Printed
from corredor.geodata.study.linked import Dimension
when, folder = sys.argv[1:]
system = Printed("register", (Dimension("place", ("a",)),), {("",): 50, ("a",): 50}, frozenset())
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
if when == "before the head":
    ledger._write_head = die
if when == "before the entry":
    ledger.write_book = die
with ledger.releasing(folder, [system], k=10, artefact="map.html"):
    if when == "before the file":
        die()
    open(folder + "/map.html", "w").write("map")
    if when == "after the file":
        die()
"""


@pytest.mark.parametrize(
    "when", ["before the entry", "before the head", "before the file", "after the file"]
)
def test_who_is_killed_after_the_intent_has_released(tmp_path, when):
    run = subprocess.run([sys.executable, "-c", KILLED, when, os.fspath(tmp_path)], check=False)
    assert run.returncode < 0
    releases = read_ledger(tmp_path).releases
    assert len(releases) == (0 if when == "before the entry" else 1)
    later = Printed(
        "register", FIRST.dimensions[:1], {("",): 53, ("a",): 53}, frozenset(), frozenset()
    )
    check = check_release(read_ledger(tmp_path), [later], k=10)
    assert check.passes == (when == "before the entry")
    if releases:
        assert not releases[0].done
        with pytest.raises(SuppressionError):
            publish(tmp_path, later)
    else:
        publish(tmp_path, later)
    assert len(read_ledger(tmp_path).releases) == 1


def test_a_kill_before_the_first_head_locks_nobody_out(tmp_path):
    """The first entry stands there without its head; the next must not look like a cut ledger."""
    publish(tmp_path, FIRST)
    entries, head = tmp_path / ENTRIES, tmp_path / HEAD
    entries.write_text(entries.read_text(encoding="utf-8").partition("\n")[0] + "\n", "utf-8")
    head.unlink()
    assert publish(tmp_path, FIRST, artefact="other.html").number == 1
    assert read_ledger(tmp_path).releases[0].artefacts == ("map.html", "other.html")
    head.unlink()
    with pytest.raises(DataFileError, match="cut, edited or removed"):
        read_ledger(tmp_path)


def test_what_a_killed_run_left_beside_the_ledger_is_gone_after_the_same_release(tmp_path):
    publish(tmp_path, FIRST)
    left = tmp_path / ".corredor-0123456789abcdef.part"
    left.mkdir()
    publish(tmp_path, FIRST)
    assert not left.exists()


def test_a_file_that_fails_counts_as_released(tmp_path):
    with pytest.raises(ZeroDivisionError), releasing(tmp_path, [FIRST], k=10):
        raise ZeroDivisionError
    (release,) = read_ledger(tmp_path).releases
    assert not release.done
    assert publish(tmp_path, FIRST).number == 1
    assert read_ledger(tmp_path).releases[0].done


@pytest.mark.parametrize("when", [0, 1])
def test_on_a_full_disk_nothing_is_published_without_an_entry(tmp_path, monkeypatch, when):
    publish(tmp_path, FIRST)
    before = (tmp_path / ENTRIES).read_bytes()
    calls = []
    real = os.fsync

    def full(handle):
        calls.append(handle)
        if len(calls) > when:
            raise OSError(28, "No space left on device")
        return real(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DataFileError, match="No space left on device"):
        publish(tmp_path, release_of([[20, 30], [40, 65]]), artefact="new.html")
    monkeypatch.undo()
    assert not (tmp_path / "new.html").exists()
    assert len(read_ledger(tmp_path).releases) in (1, 2)
    if not when:
        assert (tmp_path / ENTRIES).read_bytes() == before
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


# Two at once.


def test_of_two_that_release_at_once_the_second_is_checked_against_the_first(tmp_path, monkeypatch):
    """Both have looked before either writes."""
    looked = threading.Barrier(2)
    real = books.check_release

    def check(ledger, systems, *, k):
        found = real(ledger, systems, k=k)
        if not ledger.releases:
            looked.wait(20)
        return found

    monkeypatch.setattr(books, "check_release", check)
    tables = {"x": release_of([[20, 30], [40, 50]]), "y": release_of([[20, 30], [40, 53]])}
    outcome = {}

    def run(name):
        try:
            outcome[name] = publish(tmp_path, tables[name], artefact=f"{name}.html").number
        except SuppressionError:
            outcome[name] = "refused"

    threads = [threading.Thread(target=run, args=(name,)) for name in tables]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcome.values())) == ["1", "refused"]
    assert len(read_ledger(tmp_path).releases) == 1


def test_many_writers_leave_one_ledger_in_order(tmp_path):
    code = (
        "import sys; from corredor.geodata.study.ledger import releasing;"
        "from corredor.geodata.study.printed import Printed;"
        "from corredor.geodata.study.linked import Dimension;"
        "n = int(sys.argv[2]); d = (Dimension('place', ('a',)),);"
        "s = Printed(f'register {n}', d, {('a',): 50 + n}, frozenset());\n"
        "with releasing(sys.argv[1], [s], k=10, artefact=f'{n}.html'): pass"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", code, os.fspath(tmp_path), str(n)])
        for n in range(6)
    ]
    assert [run.wait(120) for run in runs] == [0] * 6
    ledger = read_ledger(tmp_path)
    assert [release.number for release in ledger.releases] == [1, 2, 3, 4, 5, 6]
    assert {release.systems[0].name for release in ledger.releases} == {
        f"register {n}" for n in range(6)
    }
    assert all(release.done for release in ledger.releases)
    assert sorted(path.name for path in tmp_path.iterdir()) == [HEAD, ENTRIES]


def test_no_output_falls_on_the_ledger(tmp_path):
    publish(tmp_path, FIRST)
    with one_run(), releasing(tmp_path, [FIRST], k=10, artefact="x.html"):
        with pytest.raises(DataFileError, match="this file was read for the result"):
            write_whole(tmp_path / ENTRIES, lambda part: part.write_text("map"))
        write_whole(tmp_path / "x.html", lambda part: part.write_text("map"))
    assert read_ledger(tmp_path).releases[0].artefacts == ("map.html", "x.html")
