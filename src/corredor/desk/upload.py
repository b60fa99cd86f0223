"""Files from a form: written to the disk as they come, under a limit, after its token."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from corredor.geodata.errors import DataFileError
from corredor.geodata.messages import Message

from .private import make_private, safe_name

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

LARGEST_MB = 300
MOST_FILES = 20
_LONGEST_FIELD = 20_000


class ForeignFormError(Exception):
    """A form that is none of ours, or that is older than what it would change."""


@dataclass
class _Part:
    name: str = ""
    file: str | None = None
    header: bytearray = field(default_factory=bytearray)
    value: bytearray = field(default_factory=bytearray)
    headers: dict[str, str] = field(default_factory=dict)
    written: IO[bytes] | None = None


def too_large() -> DataFileError:
    """Return the error of more than is taken."""
    return DataFileError(
        Message("These files are larger than {limit} MB in all. Give fewer of them, or only the"
                " sheets that count.", limit=LARGEST_MB)
    )  # fmt: skip


async def receive_files(
    request: Request, target: Path, check: Callable[[dict[str, str]], None]
) -> list[Path]:
    """Write the files of a form below ``target``, each in a folder of its own.

    ``check`` is called with the fields before the first file, and raises if nothing may be written.

    Raises
    ------
    DataFileError
        If they are too large or too many, or the disk is full.
    ForeignFormError
        If this is no form with files of ours.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise ForeignFormError
    limit = LARGEST_MB * 1_000_000
    declared = request.headers.get("content-length", "0")
    if not declared.isdigit() or int(declared) > limit:
        raise too_large()
    if shutil.disk_usage(target).free < 3 * int(declared):
        raise DataFileError(Message("The disk of this machine is too full for these files."))
    form = _Form(target, check)
    parser = MultipartParser(boundary, form.callbacks())
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > limit:
                raise too_large()
            parser.write(chunk)
        parser.finalize()
        form.check_once()
    except (MultipartParseError, ClientDisconnect) as error:
        form.drop()
        raise ForeignFormError from error
    except BaseException:
        form.drop()
        raise
    return form.files


class _Form:
    """The form as it comes in: fields in memory, files on the disk."""

    def __init__(self, target: Path, check: Callable[[dict[str, str]], None]) -> None:
        self.target, self.check = target, check
        self.fields: dict[str, str] = {}
        self.files: list[Path] = []
        self.made: list[Path] = []
        self.part = _Part()
        self.checked = False

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers,
        }

    def check_once(self) -> None:
        if not self.checked:
            self.checked = True
            self.check(self.fields)

    def drop(self) -> None:
        """Leave nothing of a form that was not taken."""
        if self.part.written:
            self.part.written.close()
        for folder in self.made:
            shutil.rmtree(folder, ignore_errors=True)

    def _begin(self) -> None:
        self.part = _Part()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self.part.header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self.part.value += data[start:end]

    def _header_end(self) -> None:
        name = self.part.header.decode("latin-1").lower()
        self.part.headers[name] = self.part.value.decode("utf-8", "replace")
        self.part.header.clear()
        self.part.value.clear()

    def _headers(self) -> None:
        said = self.part.headers.get("content-disposition", "")
        _, options = parse_options_header(said.encode())
        self.part.name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in options:
            return
        self.part.file = options[b"filename"].decode("utf-8", "replace")
        if not self.part.file:
            return  # no file was chosen
        self.check_once()
        if len(self.files) >= MOST_FILES:
            raise DataFileError(Message("At most {n} files at once.", n=MOST_FILES))
        taken = [int(one.name) for one in self.target.iterdir() if one.name.isdigit()]
        folder = make_private(self.target / str(max(taken, default=0) + 1))
        self.made.append(folder)
        path = folder / safe_name(self.part.file)
        self.files.append(path)
        self.part.written = path.open("xb")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self.part.written:
            self.part.written.write(data[start:end])
        elif self.part.file is None:
            self.part.value += data[start:end]
            if len(self.part.value) > _LONGEST_FIELD:
                raise ForeignFormError

    def _end(self) -> None:
        if self.part.written:
            self.part.written.close()
            self.part.written = None
        elif self.part.file is None:
            self.fields[self.part.name] = self.part.value.decode("utf-8", "replace")
