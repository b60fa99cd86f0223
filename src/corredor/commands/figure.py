"""``corredor figure``: one view of a study as a picture for a report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from corredor.geodata.messages import Message

from ..options import INTERNAL, LANGUAGES, OVERWRITE, STUDY, option, output, say
from ..speech import Command
from ..terminal import may_write, open_study, protect_aloud, show_progress

LEVELS = ("region", "province", "district", "place")
SIZES = ("column", "page", "slide", "social")


def figure(
    study: Path | None, output: Path | None, overwrite: bool, internal: bool, **given: Any
) -> None:
    """Draw one view of a study."""
    target = output or Path("corredor_figure.svg")
    may_write(target, overwrite=overwrite, suffixes=(".svg", ".png", ".pdf"))
    with show_progress(Message("Drawing the figure ...")):
        from corredor.maps import draw_figure

        publication = protect_aloud(open_study(study), internal=internal)
        path = draw_figure(publication, **given).save(target)
    size = path.stat().st_size / 1000
    click.echo(say(Message("{path} ({size:.0f} kB)", path=path.resolve(), size=size)))


COMMAND = Command(
    "figure",
    callback=figure,
    help=say(Message("Draw one view of a study as a picture for a report: SVG, PNG or PDF.")),
    params=[
        STUDY,
        output(Message("File to write: .svg, .png or .pdf.")),
        option(
            "--view", default="complaints", show_default=True, metavar=Message("VIEW"),
            help=Message(
                "complaints, flows, corridors, matrix, multiples, or number or title of a story."
            ),
        ),
        option(
            "--size", type=click.Choice(SIZES), default="page", show_default=True,
            help=Message("For a column (85 mm) or page (170 mm) of A4, a slide, or a square."),
        ),
        option("--lang", type=LANGUAGES, default="es", show_default=True,
               help=Message("Language of the figure.")),
        option("--region", metavar=Message("REGION"),
               help=Message("Zoom to this region, by name or code.")),
        option("--level", type=click.Choice(LEVELS), default="region", show_default=True,
               help=Message("Level at which flows begin and end.")),
        option("--grade", type=click.IntRange(min=1), metavar="1-",
               help=Message("Only pairs that at least so many independent sources name.")),
        INTERNAL,
        OVERWRITE,
    ],
)  # fmt: skip
