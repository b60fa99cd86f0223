"""What the terminal shows beside results: a line of progress, and warnings."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from corredor.geodata.errors import CorredorWarning
from corredor.geodata.messages import Message

from .options import say, say_flags

if TYPE_CHECKING:
    from rich.status import Status

QUIET_SECONDS = 1.0


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
        said = say(text) if isinstance(text, Message) else str(text)
        typer.secho(say_flags(said), fg="yellow", err=True)


def write_text(text: str, output: Path | None) -> None:
    """Write a text to a file, whole or not at all, or to the terminal."""
    from corredor.geodata.writing import write_whole

    if output is None:
        typer.echo(text)
    else:
        write_whole(output, lambda part: part.write_text(f"{text}\n", encoding="utf-8"))
        typer.echo(str(output))
