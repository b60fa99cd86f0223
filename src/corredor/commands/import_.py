"""``corredor import KIND FILE``: a file as it was published becomes a table of a study."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corredor.geodata.files import refuse_same
from corredor.geodata.messages import Message

from .. import options
from ..options import (
    FORMAT,
    OVERWRITE,
    REPORT,
    argument,
    option,
    output,
    read_with,
    reader_options,
    say,
)
from ..speech import Command, Group
from ..terminal import find_study, may_write, open_study, show_progress, write_text

if TYPE_CHECKING:
    from corredor.geodata import Resolver, Study

# Each kind by its Spanish name, and what it is.
KINDS: dict[str, tuple[str, Message]] = {
    "complaints": ("denuncias", Message("Reported complaints by place and period.")),
    "flows": ("flujos", Message("Origins and destinations: a list, a matrix or routes.")),
    "itineraries": ("itinerarios", Message("Documented routes with their stages.")),
    "cases": ("casos", Message("A register with one row a case; only its counts are taken.")),
    "regions": ("regiones", Message("A layer of regions, provinces or districts.")),
    "network": ("red", Message("A layer of roads or rivers.")),
    "mininter": ("mininter", Message("Open data of the police (MININTER).")),
    "mpfn": ("mpfn", Message("Open data of the public prosecutor (MPFN).")),
    "htcds": ("htcds", Message("A register in the Human Trafficking Case Data Standard.")),
    "kobo": ("kobo", Message("An export of KoboToolbox or ODK.")),
    "hxl": ("hxl", Message("A table with HXL tags.")),
    "ctdc": ("ctdc", Message("People by country, as CTDC publishes them; only checked.")),
    "population": ("poblacion", Message("Population of regions, provinces or districts.")),
    "migration": ("migracion", Message("Migration between regions: context, no reported flows.")),
}
# Kinds whose tables name places of a study.
_NO_STUDY = ("regions", "network", "ctdc", "population", "migration")
TABULAR = [kind for kind in KINDS if kind not in _NO_STUDY]
_BY_NAME = {name: kind for kind, (spanish, _) in KINDS.items() for name in (kind, spanish)}


def kind_names() -> list[str]:
    """Return all names of kinds, those of the terminal's language first."""
    return [*dict.fromkeys([*map(shown_name, KINDS), *_BY_NAME])]


def kind_called(name: str) -> str:
    """Return the kind of a name in Spanish or in English."""
    return _BY_NAME[name]


def shown_name(kind: str) -> str:
    """Return the name of a kind in the language of the terminal."""
    return KINDS[kind][0] if options.SPOKEN == "es" else kind


def place_study(study: Path | None) -> tuple[Study, Resolver]:
    """Return the study whose places names mean, and its resolver."""
    from corredor.geodata.study.imported import resolver_of

    opened = open_study(study)
    return opened, resolver_of(opened.tables)


class Kinds(Group):
    """One command for each kind, made when it is asked for: its options are its reader's."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a kind, by either of its names."""
        return _command(_BY_NAME[cmd_name]) if cmd_name in _BY_NAME else None


def _command(kind: str) -> click.Command:
    from corredor.geodata.intake.read import options_of

    own = [
        option("study", "--study", type=click.Path(path_type=Path), metavar=Message("FOLDER"),
               help=Message("Study the table is meant for; if left out, that of this folder, else"
                            " the embedded one.")),
        option("places", "--places", type=click.Path(path_type=Path), metavar=Message("FILE"),
               help=Message("File for the study's table of places, with those added that were"
                            " missing.")),
    ] if kind in TABULAR else []  # fmt: skip
    return Command(
        shown_name(kind),
        callback=lambda **given: import_file(kind, **given),
        help=say(KINDS[kind][1]),
        params=[
            argument("file", metavar=Message("FILE"), type=click.Path(path_type=Path)),
            output(Message("File to write."), required=True),
            *reader_options(options_of(kind)),
            *own,
            FORMAT,
            REPORT,
            OVERWRITE,
        ],
    )


def import_file(
    what: str,
    *,
    file: Path,
    output: Path,
    format_: str,
    report: Path | None,
    overwrite: bool,
    study: Path | None = None,
    places: Path | None = None,
    **given: Any,
) -> None:
    """Turn a file as it was published into a table of a study."""
    _ask_together(what, given)
    refuse_same(output, places, report)
    for path in (output, places):
        if path is not None:
            may_write(path, overwrite=overwrite)
    given_options = read_with(given)
    with show_progress(Message("Reading {what} ...", what=file.name)):
        from corredor.geodata.intake.read import read_any
        from corredor.geodata.study.imported import write_table

        from ..reports import render_account

        if what in TABULAR:
            from corredor.geodata.study.imported import import_for_study

            opened, resolver = place_study(study)
            reading = import_for_study(what, file, given_options, output, opened, resolver, places)
        else:
            reading = read_any(what, file, given_options)
            write_table(reading, output)
        text = render_account(reading.account, format_, options.SPOKEN)
    write_text(text, report, overwrite=overwrite)


def _ask_together(kind: str, given: dict[str, Any]) -> None:
    """Ask for all that only the user can know in one sentence."""
    counted = ("cases", "htcds", "kobo", "hxl")
    needed = {
        "complaints": ("register", "measure"), **dict.fromkeys(counted, ("register",)),
    }.get(kind, ())  # fmt: skip
    missing = [f"--{name}" for name in needed if given[name] is None]
    if missing:
        raise click.UsageError(
            say(
                Message(
                    "Say what is counted: {options} must be given. --register names who counts, as"
                    " in the study's table 'registers' ({registers}), or a register of your own;"
                    " --measure is complaints, records, victims or rescued.",
                    options=", ".join(missing),
                    registers=", ".join(_registers()),
                )
            )
        )


def _registers() -> list[str]:
    from corredor.geodata import read_study

    return [*read_study(find_study(None)).tables.registers["register"]]


COMMAND = Kinds(
    "import",
    # What is listed and suggested; the commands themselves need their readers, which take time.
    commands={shown_name(kind): Command(help=say(text)) for kind, (_, text) in KINDS.items()},
    help=say(Message("Turn a file as it was published into a table of a study.")),
    subcommand_metavar=say(Message("KIND FILE -o FILE [OPTIONS]")),
    options_metavar="",
)
