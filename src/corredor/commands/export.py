"""``corredor export``: a study as files that Excel, QGIS, R, Gephi and others read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from corredor.geodata.messages import Message

from ..options import INTERNAL, LANGUAGES, STUDY, option, output, say
from ..speech import Command
from ..terminal import open_study, protect_aloud, show_progress

FORMATS = ("xlsx", "csv", "gpkg", "geojson", "parquet", "graphml")
DEFAULT_FOLDER = Path("corredor_export")


def export(study: Path | None, output: Path, internal: bool, **given: Any) -> None:
    """Write the tables of a study as files of other programs."""
    with show_progress(Message("Writing the files ...")):
        from corredor.maps import write_export

        publication = protect_aloud(open_study(study), internal=internal)
        folder = write_export(publication, output, **given)
    for file in sorted(folder.iterdir()):
        size = file.stat().st_size / 1000
        click.echo(say(Message("{path} ({size:.0f} kB)", path=file.resolve(), size=size)))


COMMAND = Command(
    "export",
    callback=export,
    help=say(
        Message(
            "Write figures, flows, corridors and places as files for Excel, QGIS or statistics,"
            " each row with its sources."
        )
    ),
    params=[
        STUDY,
        output(Message("Folder to make; it must be new or empty."), default=DEFAULT_FOLDER,
               show_default=True),
        option("format", "--format", type=click.Choice(FORMATS), default="xlsx", show_default=True,
               help=Message("Excel, CSV, GeoPackage with QGIS styles, GeoJSON, Parquet or"
                            " graphs.")),
        option("--lang", type=LANGUAGES, default="es", show_default=True,
               help=Message("Language of the words in the files.")),
        option("--hxl", is_flag=True,
               help=Message("Put a row of HXL tags below the names of columns (xlsx, csv).")),
        option("--pcodes", is_flag=True, help=Message("Put the P-code beside each INEI code.")),
        INTERNAL,
    ],
)  # fmt: skip
