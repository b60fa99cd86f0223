"""Where the bytes of a table come from: a file, or the one table inside a ZIP archive."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from ..errors import DataFileError
from ..files import FileKind, inspect_content, inspect_file
from ..messages import Message

LARGEST_MEMBER = 300_000_000
_TABLES = (".csv", ".txt", ".tsv", ".tab", ".xlsx", ".xlsm", ".xls", ".ods", ".parquet", ".sav",
           ".zsav", ".dta")  # fmt: skip
_LAYERS = (".shp", ".gpkg", ".geojson", ".topojson", ".json", ".fgb", ".geoparquet", ".dbf")


@dataclass(frozen=True)
class Source:
    """A table that can be opened."""

    path: Path  # the file; for a table inside an archive the archive and the name inside it
    kind: FileKind  # what its content is
    # the content, where it is not a file of its own
    data: bytes | None = field(default=None, repr=False)

    def open(self) -> BinaryIO:
        """Open the bytes."""
        return self.path.open("rb") if self.data is None else io.BytesIO(self.data)

    def read(self) -> bytes:
        """Return all bytes."""
        return self.path.read_bytes() if self.data is None else self.data


def find_source(path: Path) -> Source:
    """Tell what a file is, and look into an archive for its one table.

    The file itself, or the table in it; nothing is written to disk.
    """
    kind = inspect_file(path)
    if kind != "zip":
        return Source(path, kind)
    names = tables_inside(path)
    if len(names) != 1:
        raise _no_single_table(path, names)
    shown = path / PurePosixPath(names[0]).name
    data = _read_member(path, names[0])
    kind = inspect_content(shown, io.BytesIO(data), len(data))
    if kind == "zip":
        raise DataFileError(
            Message("{file}: this is an archive inside an archive. Unpack it first.", file=shown)
        )
    return Source(shown, kind, data)


def tables_inside(path: Path) -> tuple[str, ...]:
    """Name the tables inside an archive; none if it holds a layer of boundaries."""
    with zipfile.ZipFile(path) as archive:
        names = [
            name
            for name in archive.namelist()
            if not name.endswith("/")
            and not any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)
        ]
    suffixes = {PurePosixPath(name).suffix.lower() for name in names}
    if suffixes & set(_LAYERS):
        return ()
    found = [name for name in names if PurePosixPath(name).suffix.lower() in _TABLES]
    notes = [name for name in found if _is_readme(name)]
    return tuple(found if len(notes) == len(found) else [n for n in found if n not in notes])


def _is_readme(name: str) -> bool:
    """Tell whether a text file explains the table beside it."""
    path = PurePosixPath(name)
    words = ("readme", "leeme", "léeme", "licen", "metadat", "diccionario")
    return path.suffix.lower() == ".txt" and path.stem.casefold().startswith(words)


def _no_single_table(path: Path, names: Sequence[str]) -> DataFileError:
    if not names:
        return DataFileError(Message("{file}: this archive holds no table.", file=path))
    return DataFileError(
        Message(
            "{file}: this archive holds {n} tables: {names}. Unpack the one you need.",
            file=path,
            n=len(names),
            names=", ".join(sorted(names)[:10]),
        )
    )


def _read_member(path: Path, name: str) -> bytes:
    try:
        with zipfile.ZipFile(path) as archive:
            declared = archive.getinfo(name).file_size
            if declared > LARGEST_MEMBER:
                raise DataFileError(
                    Message(
                        "{file}: '{name}' would unpack to {size:,.0f} MB, which is more than is"
                        " read.",
                        file=path,
                        name=name,
                        size=declared / 1e6,
                    )
                )
            with archive.open(name) as member:
                data = member.read(declared + 1)
    except DataFileError:
        raise
    except Exception as error:  # zlib.error, BadZipFile and their like have no common root
        raise DataFileError(
            Message("{file}: '{name}' in this archive is damaged.", file=path, name=name)
        ) from error
    if len(data) != declared:
        raise DataFileError(
            Message("{file}: '{name}' in this archive is damaged.", file=path, name=name)
        )
    return data
