"""``corredor map``: a study as one HTML file."""

from __future__ import annotations

from pathlib import Path

import click

from corredor.geodata.messages import Language, Message

from ..options import LANGUAGES, OVERWRITE, STUDY, option, output, say
from ..speech import Command
from ..terminal import may_write, open_study, show_progress

DEFAULT_MAP = Path("corredor_peru.html")


def draw_map(
    study: Path | None, output: Path, lang: Language, open_: bool, overwrite: bool
) -> None:
    """Draw a study."""
    may_write(output, overwrite=overwrite, suffixes=(".html", ".htm"))
    with show_progress(Message("Drawing the map ...")):
        from corredor.geodata import protect
        from corredor.maps import atlas, write_page

        publication = protect(open_study(study))
        path = write_page(atlas(publication, lang=lang), output).resolve()
    tables = publication.tables
    click.echo(
        say(
            Message(
                "{path} ({size:.0f} kB): {complaints} rows of complaints, {flows} reported flows",
                path=path,
                size=path.stat().st_size / 1000,
                complaints=len(tables.complaints),
                flows=len(tables.flows),
            )
        )
    )
    if open_:
        click.launch(path.as_uri())


COMMAND = Command(
    "map",
    callback=draw_map,
    help=say(Message("Draw a study as one HTML file that opens without a network.")),
    params=[
        STUDY,
        output(Message("File to write."), default=DEFAULT_MAP, show_default=True),
        option(
            "--lang", type=LANGUAGES, default="es", show_default=True,
            help=Message("Language the page opens in; readers can switch."),
        ),
        option("open_", "--open", is_flag=True, help=Message("Open the map in the browser.")),
        OVERWRITE,
    ],
)  # fmt: skip
