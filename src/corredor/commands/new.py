"""``corredor new``: a study of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from corredor.geodata.messages import Message

from ..options import PATH, argument, say
from ..speech import Command


def new(folder: Path) -> None:
    """Copy the embedded study."""
    from corredor.geodata import copy_embedded

    path = copy_embedded(folder)
    click.echo(
        say(Message("{path}: change the tables, then run 'corredor map {path}'.", path=path))
    )


COMMAND = Command(
    "new",
    callback=new,
    help=say(Message("Make a study of your own, as a copy of the embedded one to change.")),
    params=[argument("folder", metavar=Message("FOLDER"), type=PATH,
                     help=Message("Folder to make."))],
)  # fmt: skip
