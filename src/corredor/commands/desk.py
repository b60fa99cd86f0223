"""``corredor desk``: from files to a map and a report on one local page."""

from __future__ import annotations

from pathlib import Path

import click

from corredor.geodata.errors import missing_extra
from corredor.geodata.messages import Message

from ..options import PATH, argument, option, say
from ..speech import Command

DEFAULT_STUDY = "Corredor"


def desk(study: Path | None, port: int, open_: bool) -> None:
    """Serve the desk."""
    try:
        import starlette  # noqa: F401 - what is missing is said before anything is done
        import uvicorn  # noqa: F401

        from ..desk.serve import serve
    except ImportError as error:
        raise missing_extra("desk") from error

    def told(address: str) -> None:
        click.echo(say(Message("The desk is open: {address}", address=address)))
        click.echo(say(Message("It ends when its page is closed, or with Ctrl-C.")))

    serve(_study_meant(study), port=port, open_browser=open_, say=told)


def _study_meant(given: Path | None) -> Path:
    """Return the study given, that of this folder, or the one in the user's own folder."""
    if given is not None:
        return given.parent if given.name == "study.toml" else given
    return Path() if Path("study.toml").is_file() else Path.home() / DEFAULT_STUDY


COMMAND = Command(
    "desk",
    callback=desk,
    help=say(
        Message(
            "Make a map and a report of your files on a page in the browser, without further"
            " commands. Nothing leaves this machine."
        )
    ),
    params=[
        argument("study", metavar=Message("[STUDY]"), required=False, type=PATH,
                 help=Message("Folder of the study, or one to make; if left out, the study of this"
                              " folder, else the folder Corredor of your own.")),
        option("--port", type=click.IntRange(0, 65535), default=0,
               help=Message("Port; a free one if left out.")),
        option("open_", "--open/--no-open", default=True,
               help=Message("Open the page in the browser.")),
    ],
)  # fmt: skip
