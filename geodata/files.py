"""Files: what one really is, told by its first bytes, and how one is written, whole or not."""

from __future__ import annotations

import errno
import filecmp
import hashlib
import os
import re
import shutil
import stat
import struct
import time
import zipfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from .errors import CorredorError, DataFileError, StudyError, clip
from .messages import Message

if TYPE_CHECKING:
    import pandas as pd

FileKind = Literal[
    "text", "json", "xlsx", "ods", "zip", "xls", "parquet", "geopackage", "sqlite", "flatgeobuf",
    "shapefile", "dbf", "spss", "stata",
]  # fmt: skip

LARGEST_FILE = 2_000_000_000
LARGEST_ARCHIVE = 1_000_000_000
LARGEST_RATIO = 200
MOST_MEMBERS = 10_000
# Hidden folders in which files are made; what is left of one was made by a run that was killed.
_STAGING = ".corredor-"
# What a spreadsheet would take for a formula, but for numbers.
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?([eE][+-]?[0-9]+)?")

# Release, byte order and type of file of Stata up to version 12.
_OLD_STATA = re.compile(rb"[\x69-\x73][\x01\x02]\x01")

_REFUSED: tuple[tuple[bytes, Message], ...] = (
    (b"version https://git-lfs", Message("a Git LFS pointer: the real file was not downloaded")),
    (b"%PDF", Message("a PDF document: copy its table to a spreadsheet")),
    (b"{\\rtf", Message("an RTF document: copy its table to a spreadsheet")),
    (b"\x1f\x8b", Message("a gzip archive: unpack it first")),
    (b"PK\x05\x06", Message("an archive without any file in it")),
    (b"7z\xbc\xaf\x27\x1c", Message("a 7z archive: unpack it first")),
    (b"Rar!", Message("a RAR archive: unpack it first")),
    (b"\x89PNG", Message("a PNG picture")),
    (b"\xff\xd8\xff", Message("a JPEG picture")),
    (b"MZ", Message("a Windows program")),
    (b"\x7fELF", Message("a program")),
    (b"ENCRYPTEDSAV", Message("an SPSS file with a password: save it without one in SPSS")),
    (b"\0" * 12 + b"\xc2\xea\x81\x60", Message("a SAS data set: export its table as CSV")),
)
_XML: tuple[tuple[bytes, Message], ...] = (
    (b"<kml", Message("a KML file: open it in QGIS and export the layer as GeoPackage")),
    (b"opengis.net/gml", Message("a GML file: open it in QGIS and export the layer as GeoPackage")),
    (b"<ogrvrt", Message("a virtual layer that points to other files: name the real file")),
    (b"exceptionreport", Message("the error message of a map server")),
)


def inspect_file(path: Path) -> FileKind:
    """Tell what a file is, or refuse it.

    Parameters
    ----------
    path : Path
        A file.

    Returns
    -------
    str
        One of `FileKind`. ``text`` is anything without binary characters that is not JSON.

    Raises
    ------
    DataFileError
        If there is no such file, it is no regular file, is empty or too large, or is something
        that can't hold a table or layer; the sentence says what it really is.
    """
    if str(path).startswith("/vsi") or ":/" in str(path)[2:]:
        raise DataFileError(
            Message("{file}: only files on this computer are read. Download it first.", file=path)
        )
    try:
        status = path.stat()
    except OSError as error:
        raise DataFileError(Message("{file}: there is no such file.", file=path)) from error
    note_read(path)
    if not stat.S_ISREG(status.st_mode):
        raise DataFileError(Message("{file}: this is not a regular file.", file=path))
    if status.st_size > LARGEST_FILE:
        raise DataFileError(
            Message(
                "{file}: {size:,.0f} MB is more than is read ({limit:,.0f} MB).",
                file=path,
                size=status.st_size / 1e6,
                limit=LARGEST_FILE / 1e6,
            )
        )
    try:
        with path.open("rb") as file:
            return inspect_content(path, file, status.st_size)
    except PermissionError as error:
        raise DataFileError(
            Message("{file}: it cannot be read ({detail}).", file=path, detail=error.strerror)
        ) from error


def inspect_content(path: Path, file: BinaryIO, size: int) -> FileKind:
    """Tell what the bytes of a file are, or refuse them.

    See `inspect_file`.
    """
    if size == 0:
        raise _refusal(path, Message("an empty file"))
    head = file.read(4096)
    for magic, name in _REFUSED:
        if head.startswith(magic):
            raise _refusal(path, name)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<script", b"<table", b"<meta")):
        if b"<table" in start or b"office:excel" in start:
            raise _refusal(path, Message("a web page with a table: open it in Excel and save it as"
                                         " .xlsx"))  # fmt: skip
        raise _refusal(path, Message("a web page, perhaps an error page saved under this name"))
    if start.startswith(b"<?xml") and b"excel.sheet" in start:
        raise _refusal(path, Message("an Excel 2003 XML workbook: save it as .xlsx"))
    if start.startswith((b"<?xml", b"<svg", b"<kml", b"<gml", b"<ogrvrt")):
        for mark, what in _XML:
            if mark in start:
                raise _refusal(path, what)
        raise _refusal(path, Message("an XML document"))
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(path, file, size)
    return _plain_kind(path, head, start)


def _plain_kind(path: Path, head: bytes, start: bytes) -> FileKind:
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"$FL2", b"$FL3")):
        return "spss"
    if head.startswith(b"<stata_dta>") or _OLD_STATA.match(head):
        return "stata"
    if head.startswith(b"SQLite format 3\0"):
        return "geopackage" if path.suffix.lower() == ".gpkg" else "sqlite"
    if head.startswith(b"fgb"):
        return "flatgeobuf"
    if head.startswith(struct.pack(">i", 9994)):
        return "shapefile"
    if path.suffix.lower() == ".dbf":
        return "dbf"
    if start.startswith((b"{", b"[")):
        return "json"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    if b"\0" in head and utf16_without_mark(head) is None:
        if head.count(b"\0") * 20 < len(head):
            raise _refusal(path, Message("a text with NUL characters, so it was damaged: get it"
                                         " again, or save it anew as CSV"))  # fmt: skip
        raise _refusal(path, Message("a binary file of a kind that is not known"))
    return "text"


def utf16_without_mark(head: bytes) -> Literal["utf-16-le", "utf-16-be"] | None:
    """Tell whether bytes are text in UTF-16 without a byte order mark.

    The codec, if nearly every second byte is zero as in text of Western languages.
    """
    half = len(head) // 2
    even, odd = head[: 2 * half : 2].count(0), head[1 : 2 * half : 2].count(0)
    if half > 3 and odd > 0.9 * half and not even:
        return "utf-16-le"
    return "utf-16-be" if half > 3 and even > 0.9 * half and not odd else None


def _zip_kind(path: Path, file: BinaryIO, size: int) -> FileKind:
    """Tell a workbook from an archive, and refuse what would unpack to too much."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _refusal(path, Message("a damaged or half-downloaded archive")) from error
    declared = sum(member.file_size for member in members)
    if (
        len(members) > MOST_MEMBERS
        or declared > LARGEST_ARCHIVE
        or (declared > 50_000_000 and declared / size > LARGEST_RATIO)
    ):
        raise DataFileError(
            Message(
                "{file}: it would unpack to {size:,.0f} MB in {n} files, which is more than is"
                " read.",
                file=path,
                size=declared / 1e6,
                n=len(members),
            )
        )
    if any(member.flag_bits & 1 for member in members):
        raise refuse_locked(path)
    names = {member.filename for member in members}
    if "xl/workbook.xml" in names:
        return "xlsx"
    for name, what in _OFFICE:
        if name in names:
            raise _refusal(path, what)
    return "ods" if {"content.xml", "META-INF/manifest.xml"} <= names else "zip"


_OFFICE = (
    ("xl/workbook.bin", Message("a binary Excel workbook (.xlsb): save it as .xlsx")),
    ("word/document.xml", Message("a Word document: copy its table to a spreadsheet")),
    ("ppt/presentation.xml", Message("a PowerPoint presentation")),
    ("Index/Document.iwa", Message("an Apple Numbers document: export it as .xlsx")),
)


def refuse_locked(path: Path) -> DataFileError:
    """Return the refusal of a file that is locked with a password."""
    return DataFileError(
        Message("{file}: it is locked with a password. Save it without one.", file=path)
    )


def _refusal(path: Path, name: Message) -> DataFileError:
    return DataFileError(Message("{file}: this is {what}.", file=path, what=name))


class Run:
    """What one command has read and written so far, so that no output falls on another file.

    Files are known by device and number, which links share, and by their resolved paths, which stay
    when a file is replaced.
    """

    def __init__(self) -> None:
        self.started = time.time()
        self.read: set[object] = set()
        self.written: set[object] = set()


_RUN: ContextVar[Run | None] = ContextVar("run", default=None)


@contextmanager
def one_run() -> Iterator[None]:
    """Let what is read and written inside belong to one command; within another it changes nothing.

    Outside of it, as in a notebook, a file that was read may be replaced by what was made of it.
    """
    if _RUN.get() is not None:
        yield
        return
    token = _RUN.set(Run())
    try:
        yield
    finally:
        _RUN.reset(token)


def note_read(path: Path) -> None:
    """Remember that the command reads a file, so that no output is put in its place."""
    run = _RUN.get()
    if run is not None:
        run.read |= _marks_of(path)


def _marks_of(path: Path) -> set[object]:
    try:
        status = path.stat()
    except OSError:
        return {os.path.realpath(path)}
    return {os.path.realpath(path), (status.st_dev, status.st_ino)}


def refuse_same(*outputs: Path | None) -> None:
    """Refuse outputs that would be one file, before anything is written."""
    seen: set[object] = set()
    for path in outputs:
        marks = _marks_of(path) if path is not None else set()
        if path is not None and marks & seen:
            raise _two_outputs(path)
        seen |= marks


def _two_outputs(path: Path) -> DataFileError:
    return DataFileError(
        Message("{file}: two outputs would be written to this file. Name another.", file=path)
    )


def _refuse_onto(path: Path, run: Run, replaces: Collection[Path]) -> None:
    """Refuse a file that the command has read or written, or that another wrote meanwhile."""
    marks = _marks_of(path)
    if marks & run.written:
        raise _two_outputs(path)
    if marks & run.read and not any(marks & _marks_of(one) for one in replaces):
        raise DataFileError(
            Message(
                "{file}: this file was read for the result, which would replace it. Name another.",
                file=path,
            )
        )
    try:
        changed = path.stat().st_mtime
    except OSError:
        return
    # Another command that started later may be done sooner: the second one must not win unseen.
    if changed > run.started:
        raise DataFileError(
            Message(
                "{file}: another program wrote this file while the command ran. Look at it, then"
                " run the command again.",
                file=path,
            )
        )


_LOOK: ContextVar[Callable[[Path], object] | None] = ContextVar("look", default=None)


@contextmanager
def looked_at(look: Callable[[Path], object]) -> Iterator[None]:
    """Let ``look`` read what is written inside before it is moved into place, and refuse it."""
    token = _LOOK.set(_both(_LOOK.get(), look))
    try:
        yield
    finally:
        _LOOK.reset(token)


def _with_look(write: Callable[[Path], object]) -> Callable[[Path], object]:
    look = _LOOK.get()
    return write if look is None else _both(write, look)


def _both(
    one: Callable[[Path], object] | None, other: Callable[[Path], object]
) -> Callable[[Path], object]:
    return other if one is None else lambda part: (one(part), other(part))


def write_whole(
    path: Path, write: Callable[[Path], object], *, replaces: Collection[Path] = ()
) -> Path:
    """Let ``write`` fill a file and move it to ``path`` once it is complete and on the disk.

    ``write`` takes the path of a file to write, with the name of ``path`` (cut where it is very
    long), in a hidden folder beside it that only the user can read. What a killed run left in such
    folders is removed. ``replaces`` are files that were read and may be replaced.

    Raises `DataFileError` if the file can't be written, is no regular file, was read or written in
    the same `one_run`, or another run is writing it.
    """
    run = _RUN.get()
    target = _real_target(path)
    if run is not None:
        _refuse_onto(path, run, replaces)
    _put(path, target, _with_look(write))
    if run is not None:
        run.written |= _marks_of(target)
    return path


def write_book(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file that the program keeps of itself: like `write_whole`, as often as a run needs.

    No other run writes it while ``write`` works. Raises `DataFileError`, caused by a
    `FileExistsError` if another one is just writing it.
    """
    _put(path, _real_target(path), write)


def _put(path: Path, target: Path, write: Callable[[Path], object]) -> None:
    with _telling(path), _staging(target) as staging:
        part = staging / _short_name(target.name)
        write(part)
        if target.exists():
            shutil.copymode(target, part)
        _sync(part)
        part.replace(target)
        _sync(target.parent)


def write_folder(path: Path, fill: Callable[[Path], object], *, last: str) -> Path:
    """Let ``fill`` put files into a folder that is absent or empty, and show it once complete.

    Where the folder exists, as the one a user stands in, the files follow one another with ``last``
    at the end: without it the folder does not count as complete, and the next call fills it anew.
    """
    target = Path(os.path.realpath(path))
    with _telling(path):
        target.parent.mkdir(parents=True, exist_ok=True)
        with _staging(target) as staging:
            whole = staging / "whole"
            whole.mkdir()
            _with_look(fill)(whole)
            files = sorted(whole.iterdir(), key=lambda file: (file.name == last, file.name))
            for file in files:
                _sync(file)
            if not _is_free(target, files, last):
                raise StudyError(
                    Message(
                        "{folder}: this exists already and is not empty. Name another.",
                        folder=path,
                    )
                )
            if target.exists():
                for file in files:
                    file.replace(target / file.name)
            else:
                whole.rename(target)
            _sync(target)
            _sync(target.parent)
    return path


def _is_free(target: Path, files: Sequence[Path], last: str) -> bool:
    """Tell whether a folder is absent, or empty but for files of an interrupted call."""
    if not target.exists():
        return True
    if not target.is_dir() or (target / last).exists():
        return False
    ours = {file.name: file for file in files}
    return all(
        entry.name in ours
        and entry.is_file()
        and filecmp.cmp(entry, ours[entry.name], shallow=False)
        for entry in target.iterdir()
    )


def write_csv(table: pd.DataFrame, part: Path) -> None:
    """Write a table as CSV, the same bytes everywhere, with `safe_cells`."""
    safe_cells(table).to_csv(part, index=False, lineterminator="\n")


def write_layer(
    table: pd.DataFrame,
    part: Path,
    *,
    driver: str,
    layer: str,
    append: bool = False,
    **options: Any,
) -> None:
    """Write a table as a layer of a geographic file, the same bytes whenever it is written."""
    import pyogrio

    # Else a GeoPackage says when each layer was written.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2000-01-01T00:00:00.000Z"})
    try:
        pyogrio.write_dataframe(table, part, driver=driver, layer=layer, append=append, **options)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def safe_cells(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table for CSV in which no cell is a formula; see `safe_cell`."""
    from pandas.api.types import is_numeric_dtype

    safe = {
        str(name): table[name].map(safe_cell)
        for name in table.columns
        if not is_numeric_dtype(table[name])
    }
    return table.assign(**safe)


def safe_cell(value: object) -> object:
    """Return what stands in a cell of CSV: text that a spreadsheet would run gets an apostrophe."""
    return f"'{value}" if isinstance(value, str) and is_formula(value) else value


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet would run a text, or a person's edit make it run."""
    return bool(_FORMULA.match(text)) and not _NUMBER.fullmatch(text)


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    """Turn what a disk or a library says while a file is written into an error in one sentence."""
    try:
        yield
    except CorredorError:
        raise
    except Exception as error:
        # pyogrio tells a full disk with errors of its own, which are no OSError.
        if not isinstance(error, OSError) and not type(error).__module__.startswith("pyogrio"):
            raise
        detail = getattr(error, "strerror", None) or clip(str(error).partition("\n")[0])
        raise DataFileError(
            Message("{file}: cannot write here ({detail}).", file=path, detail=detail)
        ) from error


def _real_target(path: Path) -> Path:
    """Return where a path really leads: links stay, and what is no file is refused."""
    target = Path(os.path.realpath(path))
    # /dev/stdout is a link to a pipe, which has no path of its own.
    special = path.exists() and not (path.is_file() or path.is_dir())
    if special or os.fspath(path).startswith(("/dev/fd/", "/dev/std", "/proc/")):
        raise DataFileError(
            Message(
                "{file}: this is a device or a pipe, and only files are written. Name a file.",
                file=path,
            )
        )
    if target.is_dir() or target.is_symlink():  # a link that leads to itself
        raise DataFileError(
            Message("{file}: this is a folder or a link to nothing. Name a file.", file=path)
        )
    return target


@contextmanager
def _staging(target: Path) -> Iterator[Path]:
    """Make the hidden folder in which a file is made, held by a lock as long as it is.

    Its name follows from that of the file, so that of two runs only one writes it.
    """
    remove_left(target.parent)
    name = hashlib.sha256(os.fsencode(target.name)).hexdigest()[:16]
    staging = target.parent / f"{_STAGING}{name}.part"
    lock = None
    for _ in range(9):
        try:
            staging.mkdir(mode=0o700)
        except FileExistsError as error:
            raise DataFileError(
                Message(
                    "{file}: another run is writing this file. Wait until it is done.", file=target
                )
            ) from error
        lock = _lock(staging)
        if lock is not None:  # else a run that cleaned up was faster than the lock
            break
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def remove_left(folder: Path) -> None:
    """Remove what killed runs left in a folder; a run that is still at work holds the lock."""
    for staging in folder.glob(f"{_STAGING}*.part"):
        lock = _lock(staging)
        if lock is not None:
            shutil.rmtree(staging, ignore_errors=True)
            os.close(lock)


def _lock(folder: Path) -> int | None:
    """Take hold of a folder; None where another run has it, or removed it meanwhile."""
    try:
        from fcntl import LOCK_EX, LOCK_NB, flock
    except ImportError:  # Windows has no locks of folders; it keeps open files from being removed
        return os.open(os.devnull, os.O_RDONLY)
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return None
    try:
        flock(handle, LOCK_EX | LOCK_NB)
        if os.path.samestat(os.fstat(handle), folder.stat()):
            return handle
    except OSError:
        pass
    os.close(handle)
    return None


def _short_name(name: str) -> str:
    """Return a name with room for what databases add to it while they write."""
    path = Path(name)
    return f"{os.fsencode(path.stem)[:100].decode('utf-8', 'ignore')}{path.suffix}"


def _sync(path: Path) -> None:
    """Make sure that a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # not all systems can do so for a folder
            raise
    finally:
        os.close(handle)
