"""Official layers and open data: fetched from a list of sources, only when asked for by name."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pandas as pd

from ..errors import DataFileError, UnknownPlaceError, suggestion
from ..files import inspect_file, write_whole
from ..messages import Language, Message
from .download import Limits, Notify, Progress, discard, download

RemoteFormat = Literal["csv", "xlsx", "geojson", "gpkg", "zip", "rar"]

# What a file of each format is by its first bytes (the part has no suffix that tells a GeoPackage).
_KINDS: dict[RemoteFormat, tuple[str, ...]] = {
    "csv": ("text",),
    "xlsx": ("xlsx",),
    "geojson": ("json",),
    "gpkg": ("geopackage", "sqlite"),
    "zip": ("zip",),
}


@dataclass(frozen=True)
class RemoteSource:
    """One file that others publish.

    Parameters
    ----------
    name : str
        Short name; the file is written under it.
    publisher, title_es, title_en : str
        Who publishes what.
    page : str
        Page where the publisher presents it.
    url : str
        Address of the file; empty where only the page is known.
    format : {"csv", "xlsx", "geojson", "gpkg", "zip", "rar"}
        What arrives must really be this.
    licence_es, licence_en : str
        What may be done with it.
    may_redistribute : bool
        Whether it may be passed on; False where the licence does not say.
    sha256 : str
        Checksum in hexadecimal digits, empty where none is known.
    note_es, note_en : str
        What to know before using it.
    """

    name: str
    publisher: str
    title_es: str
    title_en: str
    page: str
    url: str
    format: RemoteFormat
    licence_es: str
    licence_en: str
    may_redistribute: bool
    sha256: str = ""
    note_es: str = ""
    note_en: str = ""

    @property
    def file(self) -> str:
        """Name of the file that is written."""
        return f"{self.name}.{self.format}"


@cache
def remote_sources() -> tuple[RemoteSource, ...]:
    """Return the list of sources, in the order of ``remote_sources.toml``."""
    text = (resources.files("corredor.geodata.peru") / "remote_sources.toml").read_text("utf-8")
    return tuple(RemoteSource(**source) for source in tomllib.loads(text)["source"])


def list_remote() -> pd.DataFrame:
    """List what can be fetched.

    Returns
    -------
    DataFrame
        One row per source, index from 0, with the columns of `RemoteSource`: ``name``,
        ``publisher``, ``title_es``, ``title_en``, ``page``, ``url`` (empty where the file has to
        be downloaded from its page by hand), ``format``, ``licence_es``, ``licence_en``,
        ``may_redistribute`` (bool), ``sha256`` (empty where unknown), ``note_es``, ``note_en``.
    """
    return pd.DataFrame([asdict(source) for source in remote_sources()])


def find_source(name: str) -> RemoteSource:
    """Return the source of this name.

    The source.
    """
    by_name = {source.name: source for source in remote_sources()}
    if name not in by_name:
        raise UnknownPlaceError(
            Message(
                "'{name}' is not in the list of sources. {hint}",
                name=name,
                hint=suggestion(name, by_name),
            )
        )
    return by_name[name]


def fetch(
    name: str | RemoteSource,
    folder: str | Path,
    *,
    progress: Progress | None = None,
    notify: Notify | None = None,
    limits: Limits | None = None,
    base_url: str | None = None,
) -> Path:
    """Download one file of the list into a folder.

    The bytes go to ``NAME.part`` and replace an earlier file only when all are there, the checksum
    is right (where one is known) and the file is what its format says. ``NAME.source.json`` beside
    it keeps where it came from, when, its checksum and its licence.

    Parameters
    ----------
    name : str or RemoteSource
        A ``name`` of `list_remote`, or a source of one's own.
    folder : str or Path
        Where the file goes; made if it is not there.
    progress : callable, optional
        Called with the bytes so far and the bytes in all (None where the server does not say).
    notify : callable, optional
        Called with what the user should know: the licence before anything is opened, a redirect to
        another host, a new start.
    limits : Limits, optional
        Size, time and number of tries.
    base_url : str, optional
        Asked instead of the publisher's host, for tests.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    UnknownPlaceError
        If no source has this name.
    DataFileError
        If the file can't be downloaded, its checksum differs or it is something else; an earlier
        file stays as it was.
    """
    source = find_source(name) if isinstance(name, str) else name
    said = notify or (lambda _: None)
    said(_licence(source))
    if not source.url:
        raise DataFileError(
            Message(
                "{name}: its publisher gives no lasting address. Open {page} in a browser and save"
                " the file.",
                name=source.name,
                page=source.page,
            )
        )
    if not re.fullmatch(r"[\w-]+", source.name):
        raise DataFileError(
            Message("'{name}' is no name for a file: use letters, digits and -.", name=source.name)
        )
    folder = Path(folder)
    path = folder / source.file
    part = path.with_name(path.name + ".part")
    _make_folder(folder)
    try:
        came_from = download(
            _address(source, base_url), part, limits=limits, progress=progress, notify=said
        )
    except DataFileError as error:
        raise _failed(source, error.message) from error
    try:
        digest = _checked(part, source)
    except DataFileError as error:
        discard(part)
        raise _failed(source, error.message) from error
    size = part.stat().st_size
    part.replace(path)
    discard(part)
    _write_account(path, source, came_from, digest, size)
    return path


def _address(source: RemoteSource, base_url: str | None) -> str:
    return source.url if base_url is None else base_url.rstrip("/") + urlsplit(source.url).path


def _licence(source: RemoteSource) -> Message:
    licence = _TwoTexts(source.licence_en, source.licence_es)
    said = Message("{publisher}, licence: {licence}", publisher=source.publisher, licence=licence)
    if source.may_redistribute:
        return said
    return Message("{said} Do not pass the file on.", said=said)


@dataclass(frozen=True, init=False)
class _TwoTexts(Message):
    """A text of the list of sources, which has it in both languages."""

    spanish: str

    def __init__(self, english: str, spanish: str) -> None:
        super().__init__(english)
        object.__setattr__(self, "spanish", spanish)

    def render(self, language: Language = "en") -> str:
        return self.spanish if language == "es" else self.text


def _failed(source: RemoteSource, why: Message) -> DataFileError:
    return DataFileError(
        Message(
            "{name} was not fetched: {why} The page of the publisher is {page}.",
            name=source.name,
            why=why,
            page=source.page,
        )
    )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataFileError(
            Message("{folder}: this folder cannot be made here.", folder=folder)
        ) from error


def _checked(part: Path, source: RemoteSource) -> str:
    """Return the checksum of a part that is what it should be."""
    with part.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        head = file.read(65536)
    if source.format == "rar":
        if not head.startswith(b"Rar!"):
            inspect_file(part)
            raise _other(source)
    elif inspect_file(part) not in _KINDS[source.format] or not _plausible(head, source.format):
        raise _other(source)
    if source.sha256 and digest != source.sha256.lower():
        raise DataFileError(
            Message(
                "its checksum is {found}…, expected was {wanted}…: the file was changed by its"
                " publisher or on the way, and was not kept.",
                found=digest[:12],
                wanted=source.sha256[:12],
            )
        )
    return digest


def _plausible(head: bytes, file_format: RemoteFormat) -> bool:
    if file_format == "csv":
        return any(separator in head.split(b"\n", 1)[0] for separator in (b",", b";", b"\t"))
    if file_format == "geojson":
        return b"FeatureCollection" in head
    return True


def _other(source: RemoteSource) -> DataFileError:
    return DataFileError(
        Message("what came is not a {format} file, and was not kept.", format=source.format)
    )


def _write_account(
    path: Path, source: RemoteSource, came_from: str, digest: str, size: int
) -> None:
    """Write down beside the file where it came from."""
    account = {
        "name": source.name,
        "file": path.name,
        "publisher": source.publisher,
        "title": {"es": source.title_es, "en": source.title_en},
        "page": source.page,
        "url": source.url,
        "came_from": came_from,
        "accessed": datetime.now(UTC).isoformat(timespec="seconds"),
        "bytes": size,
        "sha256": digest,
        "sha256_was_known": bool(source.sha256),
        "licence": {"es": source.licence_es, "en": source.licence_en},
        "may_redistribute": source.may_redistribute,
        "note": {"es": source.note_es, "en": source.note_en},
    }
    text = json.dumps(account, ensure_ascii=False, indent=2) + "\n"
    write_whole(
        path.with_name(f"{source.name}.source.json"),
        lambda part: part.write_text(text, encoding="utf-8"),
    )
