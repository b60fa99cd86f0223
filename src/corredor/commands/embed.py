"""``corredor embed``: the frame that shows a map in another page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from corredor.geodata.messages import Message

from ..options import LANGUAGES, PATH, argument, option, say
from ..speech import Command


def _sides(_ctx: object, _param: object, ratio: str | None) -> tuple[int, int] | None:
    found = re.fullmatch(r"([1-9]\d{0,3})[:/x]([1-9]\d{0,3})", ratio or "")
    if ratio is not None and found is None:
        raise click.BadParameter(say(Message("Write the ratio as two numbers, such as 4:3.")))
    return (int(found[1]), int(found[2])) if found else None


def embed(page: Path, no_style: bool, **given: Any) -> None:
    """Print the frame that shows a map in another page."""
    from corredor.maps import render_embed

    try:
        snippet = render_embed(page, style=not no_style, **given)
    except ValueError as error:
        (text,) = error.args
        raise click.BadParameter(say(text) if isinstance(text, Message) else str(text)) from error
    click.echo(snippet, nl=False)
    if given["inline"]:
        note = Message(
            "The whole map stands in the frame. A site whose security policy forbids inline scripts"
            " (script-src without 'unsafe-inline') shows an empty box instead: upload the map as a"
            " file there and leave out --inline."
        )
        click.echo(say(note), err=True)


COMMAND = Command(
    "embed",
    callback=embed,
    help=say(Message("Print the frame that shows a map in a website or a report.")),
    params=[
        argument("page", metavar="MAP.html", type=PATH,
                 help=Message("A map that 'corredor map' wrote.")),
        option("--src", metavar=Message("ADDRESS"),
               help=Message("Address where the map will stand; its file name if left out.")),
        option("--lang", type=LANGUAGES, help=Message("Language of the frame.")),
        option("--view", metavar=Message("TEXT"), default="",
               help=Message("View to open: what stands behind # in the address.")),
        option("--height", type=click.IntRange(min=200), default=720, show_default=True,
               metavar="200-", help=Message("Height in pixels.")),
        option("--ratio", callback=_sides, metavar="4:3",
               help=Message("Width to height instead of a height, such as 4:3.")),
        option("--inline", is_flag=True,
               help=Message("Put the whole map into the frame instead of its address.")),
        option("--no-style", is_flag=True,
               help=Message("For pages whose security policy forbids inline styles.")),
        option("--no-links", "links", is_flag=True, flag_value=False, default=True,
               help=Message("Keep links to sources from opening.")),
        option("--downloads", is_flag=True, help=Message("Let the table be saved as a file.")),
    ],
)  # fmt: skip
