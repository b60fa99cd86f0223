"""What a file really is, told by its first bytes, before anything opens it."""

from __future__ import annotations

import json
import stat
import struct
import zipfile
from pathlib import Path
from typing import BinaryIO, Literal

from .errors import DataFileError
from .messages import Message

FileKind = Literal[
    "text", "json", "xlsx", "ods", "zip", "xls", "parquet", "geopackage", "sqlite", "flatgeobuf",
    "shapefile", "dbf",
]  # fmt: skip

LARGEST_FILE = 2_000_000_000
LARGEST_ARCHIVE = 1_000_000_000
LARGEST_RATIO = 200
MOST_MEMBERS = 10_000

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

    Parameters
    ----------
    path : Path
        File shown in errors; its suffix tells a few kinds apart.
    file : binary file
        The bytes, at their start.
    size : int
        How many there are.

    Returns
    -------
    str
        See `inspect_file`.

    Raises
    ------
    DataFileError
        If they can't hold a table or layer.
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

    Parameters
    ----------
    head : bytes
        The first bytes of a file.

    Returns
    -------
    str or None
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
        raise DataFileError(
            Message("{file}: it is locked with a password. Save it without one.", file=path)
        )
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


def read_json(path: Path) -> object:
    """Read a JSON file, refusing what is cut off or nested too deeply.

    Parameters
    ----------
    path : Path
        A JSON file in UTF-8.

    Returns
    -------
    object
        What it holds.

    Raises
    ------
    DataFileError
        If it is not valid JSON; the sentence names the line.
    """
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise DataFileError(
            Message(
                "{file}: this is not valid JSON from line {line} on; perhaps the file was cut off.",
                file=path,
                line=error.lineno,
            )
        ) from error
    except UnicodeDecodeError as error:
        raise DataFileError(Message("{file}: this JSON is not in UTF-8.", file=path)) from error
    except RecursionError as error:
        raise DataFileError(
            Message("{file}: this JSON is nested too deeply.", file=path)
        ) from error


def _refusal(path: Path, name: Message) -> DataFileError:
    return DataFileError(Message("{file}: this is {what}.", file=path, what=name))
