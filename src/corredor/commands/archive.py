"""``corredor archive`` and ``corredor rerun``: a study with its outputs, and made again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from corredor.geodata.messages import Message

from ..options import FILE, LANGUAGES, OVERWRITE, PATH, STUDY, argument, option, output, say
from ..speech import Command
from ..terminal import may_write, open_study, show_progress

DEFAULT_ARCHIVE = Path("study.crate.zip")


def archive(study: Path | None, output: Path, overwrite: bool, **given: Any) -> None:
    """Put a study and its outputs into one file."""
    may_write(output, overwrite=overwrite, suffixes=(".zip",))
    with show_progress(Message("Writing the archive ...")):
        from corredor.maps import write_archive

        path = write_archive(open_study(study), output, **given)
    size = path.stat().st_size / 1000
    click.echo(say(Message("{path} ({size:.0f} kB)", path=path.resolve(), size=size)))


def rerun(file: Path) -> None:
    """Make the outputs of an archive again, and say what differs."""
    with show_progress(Message("Making everything again ...")):
        from corredor.maps import rerun_archive

        found = rerun_archive(file)
    for name in found.inputs:
        click.echo(say(Message("Another file than the archive was made of: {name}", name=name)))
    for name, (then, here) in found.versions.items():
        click.echo(
            say(
                Message("Another version: {name} {here} here, {then} in the archive",
                        name=name, here=here, then=then)
            )
        )  # fmt: skip
    for name in found.different:
        click.echo(say(Message("Other bytes: {name}", name=name)))
    if found.same:
        click.echo(say(Message("The same bytes: {n} files.", n=len(found.outputs))))
    else:
        sys.exit(1)


COMMAND = Command(
    "archive",
    callback=archive,
    help=say(
        Message(
            "Put a study, its map, report and tables into one file from which they can be made"
            " again (RO-Crate)."
        )
    ),
    params=[
        STUDY,
        output(Message("File to write: .zip."), default=DEFAULT_ARCHIVE, show_default=True),
        option("--lang", type=LANGUAGES, default="es", show_default=True,
               help=Message("Language of the outputs.")),
        OVERWRITE,
    ],
)  # fmt: skip
RERUN = Command(
    "rerun",
    callback=rerun,
    help=say(
        Message(
            "Make the outputs of an archive again: the same bytes, or which file or version"
            " differs."
        )
    ),
    params=[
        argument("file", metavar=FILE, type=PATH, help=Message("File of 'corredor archive'.")),
    ],
)
