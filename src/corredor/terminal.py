"""What the terminal shows beside results, which study a command means, and where it may write."""

from __future__ import annotations

import sys
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corredor.geodata.errors import CorredorWarning, DataFileError
from corredor.geodata.messages import Message
from corredor.geodata.text import clean

from . import options
from .options import say, say_flags

if TYPE_CHECKING:
    from rich.status import Status

    from corredor.geodata import Publication, Study
    from corredor.geodata.places.gazetteer import Level

QUIET_SECONDS = 1.0
# One of them stands in every page and picture that Corredor writes; maps of the first version have
# the second.
MARKS = (
    b'<meta name="generator" content="Corredor',
    b'id="corredor-data"',
    b"<generator>Corredor",
    b"Software\x00Corredor",
    b"/Author (Corredor)",
    b"<rdf:li>Corredor</rdf:li>",
)


@contextmanager
def show_progress(text: Message) -> Iterator[None]:
    """Show a line of progress on a terminal once the work inside takes longer than a second."""
    if not sys.stderr.isatty():
        yield
        return
    started: list[Status] = []

    def start() -> None:
        from rich.console import Console

        started.append(Console(stderr=True).status(say(text)))
        started[0].start()

    timer = threading.Timer(QUIET_SECONDS, start)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        for status in started:
            status.stop()


def show_warning(message: Warning | str, category: type[Warning], *_: object) -> None:
    """Print a warning of the program; those of libraries are not for people."""
    if issubclass(category, CorredorWarning):
        text = message.args[0] if isinstance(message, Warning) and message.args else message
        said = say(text) if isinstance(text, Message) else clean(str(text))
        click.secho(say_flags(said), fg="yellow", err=True)


def find_study(given: Path | None) -> Path:
    """Return the study a command means: the one given, that of this folder, or the embedded one."""
    from corredor.geodata import embedded_study

    if given is not None:
        return given
    return Path() if Path("study.toml").is_file() else embedded_study()


def open_study(given: Path | None, *, level: Level | None = None) -> Study:
    """Read the study a command means, and say on stderr which it was."""
    from corredor.geodata import embedded_study, read_study

    path = find_study(given)
    study = read_study(path, level=level)
    title = study.meta.title.es if options.SPOKEN == "es" else study.meta.title.en
    where = (
        Message("embedded in Corredor")
        if path == embedded_study()
        else str(path.parent if path.name == "study.toml" else path.resolve())
    )
    click.echo(say(Message("Study: {title} ({where})", title=title, where=where)), err=True)
    return study


def protect_aloud(study: Study, *, internal: bool = False) -> Publication:
    """Protect a study, and say on stderr how, and how many small counts are public already."""
    from corredor.geodata import protect
    from corredor.geodata.study.publication import describe_small

    publication = protect(study, internal=internal)
    small = describe_small(publication.tables, publication.threshold)
    for note in (*publication.notes, *([small] if small else [])):
        click.echo(say(note), err=True)
    return publication


def may_write(path: Path, *, overwrite: bool, suffixes: Collection[str] = ()) -> None:
    """Refuse a file whose name says another format, or that somebody else wrote.

    Raises
    ------
    DataFileError
        If nothing may be written there.
    """
    if suffixes and path.suffix.lower() not in suffixes:
        raise DataFileError(
            Message(
                "{file}: this is written as {suffixes}, not as '{suffix}'.",
                file=path,
                suffixes=", ".join(suffixes),
                suffix=path.suffix,
            )
        )
    if not overwrite and path.is_file() and not _is_ours(path):
        raise DataFileError(
            Message(
                "{file}: this file exists and was not written by Corredor, or may have been edited"
                " since. Name another, or add --overwrite.",
                file=path,
            )
        )


def _is_ours(path: Path) -> bool:
    try:
        content = path.read_bytes()
    except OSError:
        return False
    return any(mark in content for mark in MARKS)


def write_text(text: str, output: Path | None, *, overwrite: bool = False) -> None:
    """Write a text to a file, whole or not at all, or to the terminal."""
    from corredor.geodata.files import write_whole

    if output is None:
        click.echo(clean(text))
    else:
        may_write(output, overwrite=overwrite)
        write_whole(output, lambda part: part.write_text(f"{text}\n", encoding="utf-8"))
        click.echo(str(output))
