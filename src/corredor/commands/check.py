"""``corredor check``: what a study, a file or a database table is taken for, and what was lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from corredor.geodata.messages import Message

from .. import options
from ..options import FORMAT, OVERWRITE, READER, REPORT, argument, option, read_with, say
from ..speech import Command
from ..terminal import find_study, open_study, show_progress, write_text
from .import_ import KINDS, kind_called, kind_names, place_study, shown_name


def check(
    what: str | None,
    as_: str | None,
    format_: str,
    report: Path | None,
    study: Path | None,
    overwrite: bool,
    **given: Any,
) -> None:
    """Check a study, a file or a database table."""
    from ..reports import render_account, render_study

    if what is None or Path(what).is_dir() or Path(what).name == "study.toml":
        with show_progress(Message("Reading the study ...")):
            opened = open_study(None if what is None else Path(what))
            text = render_study(opened, format_, options.SPOKEN)
    else:
        with show_progress(Message("Reading {what} ...", what=Path(what).name)):
            from corredor.geodata import is_database_address, read_database
            from corredor.geodata.intake.read import check_file

            if is_database_address(what):
                account = read_database(what).account
            else:
                given_options = read_with(given)
                if study is not None or find_study(None) == Path():
                    given_options["resolver"] = place_study(study)[1]
                kind = None if as_ is None else kind_called(as_)
                account = check_file(Path(what), given_options, kind=kind)
            text = render_account(account, format_, options.SPOKEN)
    write_text(text, report, overwrite=overwrite)


COMMAND = Command(
    "check",
    callback=check,
    help=say(
        Message(
            "Check a study, a file or a database table: what it was taken for, what matched, what"
            " was mended and what was left out."
        )
    ),
    params=[
        argument(
            "what", metavar=Message("[STUDY|FILE]"), required=False,
            help=Message(
                "Folder with study.toml, a table, a layer of boundaries or roads, or an address"
                " postgresql://...; if left out, the study of this folder, else the embedded one."
            ),
        ),
        option("as_", "--as", type=click.Choice(kind_names()), metavar=Message("KIND"),
               help=Message("What the file is, told if left out: {kinds}.",
                            kinds=", ".join(shown_name(kind) for kind in KINDS))),
        FORMAT,
        REPORT,
        OVERWRITE,
        option("study", "--study", type=click.Path(path_type=Path), metavar=Message("FOLDER"),
               help=Message("Study whose places the names mean; if left out, that of this folder,"
                            " else the embedded one.")),
        *(make() for name, make in READER.items() if name != "source_id"),
    ],
)  # fmt: skip
