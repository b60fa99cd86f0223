"""Files are written whole or not at all, and never onto another file of the same run."""

import os
import socket
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pandas as pd
import pytest
from corredor.geodata import DataFileError, StudyError
from corredor.geodata.files import (
    inspect_file,
    note_read,
    one_run,
    refuse_same,
    safe_cell,
    write_csv,
    write_folder,
    write_layer,
    write_whole,
)

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")


def write(path: Path, text: str = "new", **rest) -> Path:
    return write_whole(path, lambda part: part.write_text(text), **rest)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# Onto what was read or written.


@pytest.mark.parametrize("dress", ["itself", "relative", "link", "hard link"])
def test_what_was_read_is_not_replaced(tmp_path, monkeypatch, dress):
    monkeypatch.chdir(tmp_path)
    source = tmp_path / "in.csv"
    source.write_text("years of work")
    target = {"itself": source, "relative": Path("in.csv")}.get(dress, tmp_path / "other.csv")
    if dress == "link":
        target.symlink_to(source)
    elif dress == "hard link":
        os.link(source, target)
    with one_run():
        inspect_file(source)
        with pytest.raises(DataFileError, match="this file was read for the result"):
            write(target)
    assert source.read_text() == target.read_text() == "years of work"


def test_two_outputs_do_not_fall_on_one_file(tmp_path):
    with one_run():
        write(tmp_path / "a.csv", "table")
        (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")
        for name in ("a.csv", "b.csv"):
            with pytest.raises(DataFileError, match="two outputs would be written"):
                write(tmp_path / name, "account")
    assert (tmp_path / "a.csv").read_text() == "table"


def test_what_may_be_replaced_is_named(tmp_path):
    places = tmp_path / "places.csv"
    places.write_text("old")
    with one_run():
        note_read(places)
        write(places, "old and more", replaces=[places])
    assert places.read_text() == "old and more"


def test_another_run_may_replace_what_this_one_read_and_wrote(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("old")
    with one_run():
        note_read(path)
    for text in ("first", "second"):
        with one_run():
            write(path, text)
    assert path.read_text() == "second"
    note_read(path)  # as in a notebook, outside of any run
    write(path, "third")
    assert path.read_text() == "third"


def test_what_another_run_wrote_meanwhile_is_not_replaced(tmp_path):
    path = tmp_path / "map.html"
    with one_run():
        os.utime(write_elsewhere(path), (2**33, 2**33))
        with pytest.raises(DataFileError, match="another program wrote this file while"):
            write(path)
    assert path.read_text() == "theirs"


def write_elsewhere(path: Path) -> Path:
    path.write_text("theirs")
    return path


def test_of_two_that_write_at_once_one_is_refused(tmp_path):
    path = tmp_path / "map.html"
    inside, done = threading.Event(), threading.Event()

    def slowly(part: Path) -> None:
        part.write_text("first")
        inside.set()
        done.wait(20)

    first = threading.Thread(target=write_whole, args=(path, slowly))
    first.start()
    assert inside.wait(20)
    with pytest.raises(DataFileError, match="another run is writing this file"):
        write(path, "second")
    write(tmp_path / "other.html", "in the same folder")
    done.set()
    first.join()
    assert path.read_text() == "first"
    assert names(tmp_path) == ["map.html", "other.html"]


# Links, pipes, devices, names.


@posix
@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path, there):
    published = tmp_path / "published"
    published.mkdir()
    if there:
        (published / "map.html").write_text("old")
    link = tmp_path / "map.html"
    link.symlink_to(published / "map.html")
    write(link)
    assert link.is_symlink()
    assert (published / "map.html").read_text() == "new"


@posix
@pytest.mark.parametrize("kind", ["pipe", "socket", "link to a pipe", "device", "stdout"])
def test_pipes_and_devices_are_refused_and_stay(tmp_path, kind):
    path = tmp_path / "out.csv"
    if kind.endswith("pipe"):
        os.mkfifo(tmp_path / "pipe")
        path = tmp_path / "pipe"
    if kind == "link to a pipe":
        path = tmp_path / "out.csv"
        path.symlink_to(tmp_path / "pipe")
    if kind == "socket":
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(os.fspath(path))
    if kind == "device":
        path = Path("/dev/full")
    if kind == "stdout":
        path = Path("/dev/stdout")
    before = path.lstat().st_mode
    with pytest.raises(DataFileError, match="this is a device or a pipe"):
        write(path)
    assert path.lstat().st_mode == before


@posix
def test_a_link_to_itself_is_refused(tmp_path):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(DataFileError, match="a link to nothing"):
        write(tmp_path / "loop")
    assert (tmp_path / "loop").is_symlink()


@pytest.mark.parametrize("letter", ["a", "ñ"])
def test_names_of_any_legal_length_are_written(tmp_path, letter):
    length = 250 // len(os.fsencode(letter))
    path = tmp_path / f"{letter * length}.csv"
    write(path)
    assert path.read_text() == "new"
    assert len(names(tmp_path)) == 1


def test_the_file_is_made_under_its_own_name(tmp_path):
    """Programs write the name of a file into it, as GDAL that of the layer."""
    seen = []
    write_whole(tmp_path / "rutas.geojson", lambda part: seen.append(part) or part.write_text("x"))
    assert seen[0].name == "rutas.geojson"


@posix
def test_what_is_being_written_is_for_nobody_else(tmp_path):
    modes = []

    def look(part: Path) -> None:
        part.write_text("counts")
        modes.append(stat.S_IMODE(part.parent.stat().st_mode))

    write_whole(tmp_path / "a.csv", look)
    assert modes == [0o700]


@posix
def test_permissions_of_a_replaced_file_stay(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("old")
    path.chmod(0o640)
    write(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


# Killed, interrupted, full.

KILLED = """\
import os, sys, signal
from pathlib import Path
from corredor.geodata.files import write_whole
def stop(part):
    part.write_text("half of it")
    os.kill(os.getpid(), signal.SIGKILL)
write_whole(Path(sys.argv[1]), stop)
"""


@posix
@pytest.mark.parametrize("following", ["map.html", "other.csv"])
def test_what_a_killed_run_left_is_gone_after_the_next(tmp_path, following):
    path = tmp_path / "map.html"
    path.write_text("old")
    done = subprocess.run([sys.executable, "-c", KILLED, os.fspath(path)], check=False)
    assert done.returncode < 0
    assert path.read_text() == "old"
    assert len(names(tmp_path)) == 2
    write(tmp_path / following)
    assert names(tmp_path) == sorted({"map.html", following})


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("when", ["writing", "fsync", "replace"])
def test_whatever_stops_it_the_old_file_stays_alone(tmp_path, monkeypatch, error, when):
    path = tmp_path / "map.html"
    path.write_text("old")

    def fail(*_, **__):
        raise error

    if when != "writing":
        monkeypatch.setattr(*((os, "fsync") if when == "fsync" else (Path, "replace")), fail)
    wanted = DataFileError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(wanted) as caught:
        write_whole(path, fail) if when == "writing" else write(path)
    monkeypatch.undo()
    if wanted is DataFileError:
        assert "cannot write here (No space left on device)" in str(caught.value)
    assert path.read_text() == "old"
    assert names(tmp_path) == ["map.html"]


def test_what_gdal_says_of_a_full_disk_is_one_sentence(tmp_path):
    errors = pytest.importorskip("pyogrio.errors")

    def fail(_part: Path) -> None:
        raise errors.DataSourceError("sqlite3_exec failed: disk full\nmore")

    with pytest.raises(DataFileError, match=r"cannot write here \(sqlite3_exec failed: disk full"):
        write_whole(tmp_path / "a.gpkg", fail)


def test_faults_of_the_program_are_not_taken_for_the_disk(tmp_path):
    def fail(_part: Path) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_whole(tmp_path / "a.csv", fail)
    assert names(tmp_path) == []


def test_a_written_file_is_on_the_disk(tmp_path, monkeypatch):
    synced = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(os.fstat(handle)) or real(handle))
    path = write(tmp_path / "a.csv")
    assert [os.path.samestat(one, path.stat()) for one in synced] == [True, False]
    assert os.path.samestat(synced[1], tmp_path.stat())


# Folders.


def fill(folder: Path) -> None:
    for name in ("a.csv", "b.csv", "study.toml"):
        (folder / name).write_text(name)


@pytest.mark.parametrize("prepare", ["absent", "nested", "empty", "interrupted"])
def test_a_folder_appears_whole(tmp_path, prepare):
    target = tmp_path / ("x/y/mine" if prepare == "nested" else "mine")
    if prepare in ("empty", "interrupted"):
        target.mkdir()
    if prepare == "interrupted":
        (target / "a.csv").write_text("a.csv")
    assert write_folder(target, fill, last="study.toml") == target
    assert names(target) == ["a.csv", "b.csv", "study.toml"]
    assert names(target.parent) == ["mine"]


def test_a_folder_killed_half_way_is_filled_by_the_next_call(tmp_path, monkeypatch):
    target = tmp_path / "mine"
    target.mkdir()
    moved = []
    real = Path.replace

    def stop(part: Path, other: Path) -> Path:
        moved.append(other.name)
        if len(moved) == 3:
            raise KeyboardInterrupt
        return real(part, other)

    monkeypatch.setattr(Path, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        write_folder(target, fill, last="study.toml")
    monkeypatch.undo()
    assert moved[-1] == "study.toml"
    write_folder(target, fill, last="study.toml")
    assert names(target) == ["a.csv", "b.csv", "study.toml"]
    assert names(tmp_path) == ["mine"]


@pytest.mark.parametrize("there", ["notes.txt", "a.csv", "study.toml"])
def test_a_folder_with_other_files_is_refused(tmp_path, there):
    target = tmp_path / "mine"
    target.mkdir()
    (target / there).write_text("years of work")
    with pytest.raises(StudyError, match="exists already and is not empty"):
        write_folder(target, fill, last="study.toml")
    assert names(target) == [there]
    assert names(tmp_path) == ["mine"]


# Cells of CSV.


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+51 987", "'+51 987"),
        ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
        ("\t=1", "'\t=1"),
        ("-12.046", "-12.046"),
        ("+3", "+3"),
        ("-1.5e-07", "-1.5e-07"),
        ("Ucayali", "Ucayali"),
        ("a=b", "a=b"),
        ("", ""),
        (-3, -3),
    ],
)
def test_no_cell_is_a_formula(cell, written):
    assert safe_cell(cell) == written


def test_tables_are_written_without_formulas(tmp_path):
    table = pd.DataFrame({"name": ["=1+1", "Puno"], "lat": [-15.5, 2.0]})
    write_csv(table, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text() == "name,lat\n'=1+1,-15.5\nPuno,2.0\n"


@pytest.mark.parametrize(("driver", "suffix"), [("GPKG", ".gpkg"), ("GeoJSON", ".geojson")])
def test_layers_have_the_same_bytes_whenever_they_are_written(toy_study, tmp_path, driver, suffix):
    regions = toy_study.tables.regions
    files = [tmp_path / f"{folder}{suffix}" for folder in "ab"]
    for file in files:
        write_layer(regions, file, driver=driver, layer="regions")
        time.sleep(0.02)  # a GeoPackage would tell milliseconds
    assert files[0].read_bytes() == files[1].read_bytes()


def test_outputs_of_one_command_are_told_apart_before_it_works(tmp_path):
    (tmp_path / "a.csv").write_text("old")
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")
    refuse_same(tmp_path / "a.csv", None, None, tmp_path / "c.csv")
    with pytest.raises(DataFileError, match="two outputs would be written"):
        refuse_same(tmp_path / "a.csv", None, tmp_path / "b.csv")
