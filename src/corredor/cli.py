"""The command line: one short command per task.

Exit codes: 0 done; 1 the input was refused, nothing was written; 2 the command was not understood;
130 interrupted.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corredor.geodata.errors import CorredorError, CorredorWarning
from corredor.geodata.messages import Language, Message

if TYPE_CHECKING:
    from rich.status import Status

DEFAULT_MAP = "corredor_peru.html"
QUIET_SECONDS = 1.0


class Lang(StrEnum):
    """Languages of the interface."""

    ES = "es"
    EN = "en"


def spoken_language() -> Language:
    """Return the language of the terminal: ``CORREDOR_LANG``, else the locale, else English."""
    for name in ("CORREDOR_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "es" if value.lower().startswith("es") else "en"
    return "en"


SPOKEN = spoken_language()


def say(text: Message) -> str:
    """Return a message in the language of the terminal."""
    return text.render(SPOKEN)


StudyPath = Annotated[
    Path | None,
    typer.Argument(
        metavar="STUDY",
        help=say(Message("Folder with study.toml; the embedded Peru study if left out.")),
        show_default=False,
    ),
]

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help=say(Message("Maps of reported human trafficking in Peru: offline, sourced, bilingual.")),
)


@app.command(
    "map", help=say(Message("Draw a study as one HTML file that opens without a network."))
)
def draw_map(
    study: StudyPath = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", help=say(Message("File to write.")))
    ] = Path(DEFAULT_MAP),
    lang: Annotated[
        Lang, typer.Option(help=say(Message("Language the page opens in; readers can switch.")))
    ] = Lang.ES,
    open_: Annotated[
        bool, typer.Option("--open", help=say(Message("Open the map in the browser.")))
    ] = False,
) -> None:
    """Draw a study."""
    with _progress(Message("Drawing the map ...")):
        from corredor.geodata import embedded_study, protect, read_study
        from corredor.maps import atlas, write_page

        publication = protect(read_study(study or embedded_study()))
        language: Language = "es" if lang is Lang.ES else "en"
        path = write_page(atlas(publication, lang=language), output).resolve()
    size = path.stat().st_size / 1000
    typer.echo(say(Message("{path} ({size:.0f} kB)", path=path, size=size)))
    if open_:
        typer.launch(path.as_uri())


@app.command(
    help=say(Message("Check a study: what each table holds, what matched, what was left out."))
)
def check(study: StudyPath = None) -> None:
    """Check a study."""
    with _progress(Message("Reading the study ...")):
        from corredor.geodata import embedded_study, read_study
        from corredor.geodata.report import describe_study, render_sections

        text = render_sections(describe_study(read_study(study or embedded_study())), SPOKEN)
    typer.echo(text)


@app.command(
    help=say(Message("Make a study of your own, as a copy of the embedded one to change."))
)
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=say(Message("Folder to make.")))],
) -> None:
    """Copy the embedded study."""
    from corredor.geodata import copy_embedded

    path = copy_embedded(folder)
    typer.echo(
        say(Message("{path}: change the tables, then run 'corredor map {path}'.", path=path))
    )


def _show_version(wanted: bool) -> None:
    if wanted:
        from corredor import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_show_version,
            is_eager=True,
            help=say(Message("Show the version.")),
        ),
    ] = False,
) -> None:
    """Take the options before the command."""


@contextmanager
def _progress(text: Message) -> Iterator[None]:
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


def _show_warning(message: Warning | str, category: type[Warning], *_: object) -> None:
    if issubclass(category, CorredorWarning):
        typer.secho(str(message), fg="yellow", err=True)


def main() -> None:
    """Run the command line."""
    gc.disable()  # a command is short: looking for garbage among imports only takes time
    warnings.showwarning = _show_warning  # type: ignore[assignment]
    try:
        app()
    except CorredorError as error:
        typer.echo(error.render(SPOKEN), err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
