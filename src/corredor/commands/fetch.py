"""``corredor fetch``: official files, on request."""

from __future__ import annotations

from pathlib import Path

import click

from corredor.geodata.messages import Message

from .. import options
from ..options import PATH, argument, option, say
from ..speech import Command


def fetch(name: str | None, folder: Path) -> None:
    """Download an official file."""
    from rich.progress import Progress

    from corredor.geodata import fetch as download
    from corredor.geodata import list_remote

    if name is None:
        for row in list_remote().to_dict("records"):
            click.echo(f"{row['name']}: {row['publisher']}, {row[f'title_{options.SPOKEN}']}")
            click.echo(f"    {row['format']} · {row[f'licence_{options.SPOKEN}']}")
        return
    with Progress(transient=True) as bars:
        task = bars.add_task(name, total=None)
        path = download(
            name,
            folder,
            progress=lambda done, total: bars.update(task, completed=done, total=total),
            notify=lambda message: click.echo(say(message), err=True),
        )
    click.echo(str(path))


COMMAND = Command(
    "fetch",
    callback=fetch,
    help=say(
        Message(
            "Download an official layer or open-data file; without a name, list what there is."
            " Nothing is ever downloaded by itself."
        )
    ),
    params=[
        argument("name", metavar=Message("[NAME]"), required=False),
        option("folder", "-o", "--output", type=PATH, default=Path(), metavar=Message("FOLDER"),
               help=Message("Folder to write to.")),
    ],
)  # fmt: skip
