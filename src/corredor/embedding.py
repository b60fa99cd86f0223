"""``corredor embed``: the frame that shows a map in another page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from corredor.geodata.messages import Message

from .options import Lang, say

EMBED_HELP = say(Message("Print the frame that shows a map in a website or a report."))


def embed_map(
    page: Annotated[
        Path,
        typer.Argument(metavar="MAP.html", help=say(Message("A map that 'corredor map' wrote."))),
    ],
    src: Annotated[
        str | None,
        typer.Option(
            help=say(Message("Address where the map will stand; its file name if left out."))
        ),
    ] = None,
    lang: Annotated[
        Lang | None, typer.Option(help=say(Message("Language of the frame.")), show_default=False)
    ] = None,
    view: Annotated[
        str,
        typer.Option(help=say(Message("View to open: what stands behind # in the address."))),
    ] = "",
    height: Annotated[int, typer.Option(min=200, help=say(Message("Height in pixels.")))] = 720,
    ratio: Annotated[
        str | None,
        typer.Option(help=say(Message("Width to height instead of a height, such as 4:3."))),
    ] = None,
    inline: Annotated[
        bool,
        typer.Option(
            "--inline",
            help=say(Message("Put the whole map into the frame instead of its address.")),
        ),
    ] = False,
    no_style: Annotated[
        bool,
        typer.Option(
            "--no-style",
            help=say(Message("For pages whose security policy forbids inline styles.")),
        ),
    ] = False,
    links: Annotated[
        bool, typer.Option("--links", help=say(Message("Let links to sources open.")))
    ] = False,
    downloads: Annotated[
        bool, typer.Option("--downloads", help=say(Message("Let the table be saved as a file.")))
    ] = False,
) -> None:
    """Print the frame that shows a map in another page."""
    from corredor.maps import render_embed

    sides = None
    if ratio is not None:
        found = re.fullmatch(r"([1-9]\d{0,3})[:/x]([1-9]\d{0,3})", ratio)
        if not found:
            raise typer.BadParameter(say(Message("Write the ratio as two numbers, such as 4:3.")))
        sides = int(found[1]), int(found[2])
    try:
        snippet = render_embed(
            page, src=src, lang=lang.value if lang else None, view=view, height=height,
            ratio=sides, inline=inline, style=not no_style, links=links, downloads=downloads,
        )  # fmt: skip
    except ValueError as error:
        (text,) = error.args
        raise typer.BadParameter(say(text) if isinstance(text, Message) else str(text)) from error
    typer.echo(snippet, nl=False)
