"""The words of the command line: its language, its options, and how their values are read."""

from __future__ import annotations

import os
import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from corredor.geodata.messages import Language, Message


class Lang(StrEnum):
    """Languages of the interface."""

    ES = "es"
    EN = "en"


def spoken_language() -> Language:
    """Return the language of the terminal: ``CORREDOR_LANG``, else the locale, else English."""
    for name in ("CORREDOR_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "es" if value.lower().startswith("es") else "en"
    return "en"


SPOKEN = spoken_language()


def say(text: Message) -> str:
    """Return a message in the language of the terminal."""
    return text.render(SPOKEN)


StudyPath = Annotated[
    Path | None,
    typer.Argument(
        metavar="STUDY",
        help=say(Message("Folder with study.toml; the embedded Peru study if left out.")),
        show_default=False,
    ),
]


class Kind(StrEnum):
    """What a file can be imported as."""

    REGIONS = "regions"
    COMPLAINTS = "complaints"
    MININTER = "mininter"
    MPFN = "mpfn"
    FLOWS = "flows"
    ITINERARIES = "itineraries"
    CASES = "cases"
    NETWORK = "network"


TABULAR = (Kind.COMPLAINTS, Kind.MININTER, Kind.MPFN, Kind.FLOWS, Kind.ITINERARIES, Kind.CASES)


class ReportFormat(StrEnum):
    """How an account is written."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


FormatOption = Annotated[
    ReportFormat, typer.Option("--format", help=say(Message("How the account is written.")))
]
ReportOption = Annotated[
    Path | None,
    typer.Option("--report", help=say(Message("File for the account; the terminal if left out."))),
]
LevelOption = Annotated[
    str | None, typer.Option(help=say(Message("region, province or district, for layers.")))
]
ColumnOption = Annotated[
    list[str] | None,
    typer.Option(
        "--columns", help=say(Message("Columns by role: ubigeo=COD,name=NOM. May be repeated."))
    ),
]
SheetOption = Annotated[str | None, typer.Option(help=say(Message("Sheet of a workbook.")))]
HeaderRowOption = Annotated[int | None, typer.Option(help=say(Message("Row of the column names.")))]
UnitOption = Annotated[
    str | None,
    typer.Option(help=say(Message("region, judicial_district or fiscal_district."))),
]
CategoryOption = Annotated[
    str | None, typer.Option(help=say(Message("The categoria of MININTER to count.")))
]
ValueKindOption = Annotated[
    str | None,
    typer.Option(
        help=say(
            Message(
                "What the numbers of flows are: count, share_of_origin, share_of_destination or"
                " none."
            )
        )
    ),
]
SharesOption = Annotated[str | None, typer.Option(help=say(Message("percent or fraction.")))]
PlaceKindOption = Annotated[
    str | None,
    typer.Option(help=say(Message("region, province, district or city, for bare names."))),
]
DateOrderOption = Annotated[
    str | None, typer.Option(help=say(Message("dmy or mdy, for dates such as 01/02/2017.")))
]
AddUpOption = Annotated[
    list[str] | None,
    typer.Option(help=say(Message("Column whose rows are added up (sex, age group)."))),
]
CodesOption = Annotated[str | None, typer.Option(help=say(Message("inei or reniec.")))]
LimaOption = Annotated[
    str | None, typer.Option(help=say(Message("merge or keep the two parts of Lima.")))
]
LayerOption = Annotated[
    str | None, typer.Option(help=say(Message("Layer of a file that holds several.")))
]
StudyOption = Annotated[
    Path | None,
    typer.Option(
        "--study",
        help=say(Message("Study whose places the names mean; the embedded one if left out.")),
    ),
]
PlacesOption = Annotated[
    Path | None,
    typer.Option(
        "--places",
        help=say(
            Message("File for the study's table of places, with those added that were missing.")
        ),
    ),
]
UnmatchedOption = Annotated[
    bool, typer.Option(help=say(Message("Leave out places that are not known.")))
]
EncodingOption = Annotated[str | None, typer.Option(help=say(Message("Encoding of the text.")))]
CrsOption = Annotated[
    str | None, typer.Option(help=say(Message("Reference system of a layer: EPSG:32718.")))
]
PeriodOption = Annotated[
    str | None, typer.Option(help=say(Message("Period of the counts: 2017-01/2023-12.")))
]
ModeOption = Annotated[
    str | None,
    typer.Option("--mode", help=say(Message("Mode of all links: road, river, air or border."))),
]
CloseGapsOption = Annotated[
    float | None,
    typer.Option(
        "--close-gaps-m", help=say(Message("Close gaps between parts of a network up to so wide."))
    ),
]


_ARGUMENTS = "|".join(
    (
        "add_up", "category", "codes", "crs", "date_order", "encoding", "header_row",
        "layer", "level", "lima", "measure", "mode", "period", "register", "shares", "sheet",
        "unit", "value_kind",
    )
)  # fmt: skip
# Compiled when it is first needed: most commands have nothing to say.
_ARGUMENT = (
    rf"\b(?P<name>{_ARGUMENTS})="
    r"(?:\('(?P<first>[^']*)', '(?P<last>[^']*)'\)|\['(?P<item>[^']*)'\]|(?P<rest>'[^']*'|\.\.\.)?)"
)
_NAMED_OTHERWISE = (
    ("unknown_places='leave_out'", "--allow-unmatched"),
    ("allow_unmatched=True", "--allow-unmatched"),
    ("kind='city'", "--place-kind city"),
)
_COLUMNS = re.compile(r"\bcolumns=\{(?P<pairs>[^{}]*)\}")
_PAIR = re.compile(r"'(?P<role>[^']*)': '(?P<header>[^']*)'")


def say_flags(text: str) -> str:
    """Name the arguments of Python as the options of the command line.

    Parameters
    ----------
    text : str
        A text for people, such as "Say shares='percent'."

    Returns
    -------
    str
        The same text with ``--shares percent``; ``columns={'place': 'Dpto'}`` becomes ``--columns
        place=Dpto``.
    """

    def columns(found: re.Match[str]) -> str:
        pairs = (f"{p['role']}={p['header']}" for p in _PAIR.finditer(found["pairs"]))
        return f"--columns {_quoted(','.join(pairs))}"

    def argument(found: re.Match[str]) -> str:
        flag = f"--{found['name'].replace('_', '-')}"
        if found["first"] is not None:
            return f"{flag} {found['first']}/{found['last']}"
        value = found["item"] if found["item"] is not None else (found["rest"] or "...").strip("'")
        return f"{flag} {_quoted(value)}"

    for python, flag in _NAMED_OTHERWISE:
        text = text.replace(python, flag)
    return re.sub(_ARGUMENT, argument, _COLUMNS.sub(columns, text))


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value


def read_pairs(texts: list[str] | None) -> dict[str, str]:
    """Split ``role=header`` options; one option may hold several, with commas."""
    pairs = [pair for text in texts or [] for pair in text.split(",")]
    for pair in pairs:
        if "=" not in pair:
            raise typer.BadParameter(
                say(Message("'{pair}' is not of the form role=header", pair=pair))
            )
    return {role.strip(): header.strip() for role, header in (p.split("=", 1) for p in pairs)}


def read_period(text: str | None) -> tuple[str, str] | None:
    """Split ``2017-01/2023-12``."""
    if text is None:
        return None
    start, _, end = text.partition("/")
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}", start) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}", end):
        raise typer.BadParameter(
            say(Message("'{text}' is not a period such as 2017-01/2023-12", text=text))
        )
    return start, end
