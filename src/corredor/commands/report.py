"""``corredor report``: a study as a Word document, a web page, a PDF or slides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from corredor.geodata.messages import Message

from ..options import FILE, INTERNAL, LANGUAGES, OVERWRITE, PATH, STUDY, option, output, say
from ..speech import Command
from ..terminal import may_write, open_study, protect_aloud, show_progress

DEFAULT_REPORT = Path("corredor_report.html")


def report(study: Path | None, output: Path, overwrite: bool, internal: bool, **given: Any) -> None:
    """Write a report of a study."""
    may_write(output, overwrite=overwrite, suffixes=(".docx", ".html", ".pdf", ".pptx"))
    with show_progress(Message("Writing the report ...")):
        from corredor.maps import write_report

        publication = protect_aloud(open_study(study), internal=internal)
        path = write_report(publication, output, **given)
    size = path.stat().st_size / 1000
    click.echo(say(Message("{path} ({size:.0f} kB)", path=path.resolve(), size=size)))


COMMAND = Command(
    "report",
    callback=report,
    help=say(
        Message("Write a study as a report with maps, tables and sources: Word, HTML, PDF, slides.")
    ),
    params=[
        STUDY,
        output(Message("File to write: .docx, .html, .pdf or .pptx."), default=DEFAULT_REPORT,
               show_default=True),
        option("--lang", type=LANGUAGES, default="es", show_default=True,
               help=Message("Language of the report.")),
        option("--region", metavar=Message("REGION"),
               help=Message("Only the sheet of this region, by name or code.")),
        option("--template", type=PATH, metavar=Message("FILE.docx"),
               help=Message("Word document whose styles, header and footer are used.")),
        option("--accent", metavar="#RRGGBB",
               help=Message("Colour of headings, readable on white.")),
        option("--logo", type=PATH, metavar=FILE, help=Message("PNG or JPEG for the cover.")),
        INTERNAL,
        OVERWRITE,
    ],
)  # fmt: skip
