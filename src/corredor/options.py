"""The words of the command line: its language, and every option, written once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from corredor.geodata.messages import Language, Message
from corredor.geodata.text import clean


def spoken_language() -> Language:
    """Return the language of the terminal: ``CORREDOR_LANG``, else the locale, else English."""
    for name in ("CORREDOR_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "es" if value.lower().startswith("es") else "en"
    return "en"


SPOKEN = spoken_language()


def say(text: Message) -> str:
    """Return a message in the language of the terminal, without what a terminal would obey."""
    return clean(text.render(SPOKEN))


def _pairs(_ctx: object, _param: object, texts: tuple[str, ...]) -> dict[str, str]:
    """Split ``role=header`` options; one option may hold several, with commas."""
    pairs = [pair for text in texts for pair in text.split(",")]
    for pair in pairs:
        if "=" not in pair:
            raise click.BadParameter(
                say(Message("'{pair}' is not of the form role=header", pair=pair))
            )
    return {role.strip(): header.strip() for role, header in (p.split("=", 1) for p in pairs)}


def _period(_ctx: object, _param: object, text: str | None) -> tuple[str, str] | None:
    """Split ``2017-01/2023-12``."""
    found = re.fullmatch(r"([0-9]{4}-[0-9]{2})/([0-9]{4}-[0-9]{2})", text or "")
    if text is not None and found is None:
        raise click.BadParameter(
            say(Message("'{text}' is not a period such as 2017-01/2023-12", text=text))
        )
    return (found[1], found[2]) if found else None


def _listed(_ctx: object, _param: object, texts: tuple[str, ...]) -> list[str]:
    return list(texts)


PATH = click.Path(path_type=Path)
WHOLE, DECIMAL = click.IntRange(), click.FloatRange()
WHOLE.name, DECIMAL.name = say(Message("whole number")), say(Message("number"))
LANGUAGES = click.Choice(["es", "en"])
FORMATS = click.Choice(["text", "json", "html"])


def option(*names: str, **rest: Any) -> click.Option:
    """Return an option; its help is a Message, and its place holder a word in capitals."""
    for text in ("help", "metavar"):
        if isinstance(rest.get(text), Message):
            rest[text] = say(rest[text])
    return click.Option(names, **rest)


def argument(name: str, **rest: Any) -> click.Argument:
    """Return an argument, as `option` does."""
    for text in ("help", "metavar"):
        if isinstance(rest.get(text), Message):
            rest[text] = say(rest[text])
    return click.Argument([name], **rest)


FILE, COLUMN, TEXT, ROW = Message("FILE"), Message("COLUMN"), Message("TEXT"), Message("ROW")
STUDY = argument(
    "study",
    metavar=Message("[STUDY]"),
    required=False,
    type=PATH,
    help=Message(
        "Folder with study.toml; if left out, the study of this folder, else the embedded one."
    ),
)
LANG = option(
    "--lang", type=LANGUAGES, help=Message("Language of the words in the file."), default=None
)
OVERWRITE = option(
    "--overwrite",
    is_flag=True,
    help=Message("Replace a file that Corredor did not write."),
)
INTERNAL = option(
    "--internal",
    is_flag=True,
    help=Message("Show own counts as they are, for the organisation itself; every output says so."),
)
FORMAT = option(
    "format_", "--format", type=FORMATS, default="text", show_default=True,
    help=Message("How the account is written."),
)  # fmt: skip
REPORT = option(
    "report", "--report", type=PATH, metavar=FILE,
    help=Message("File for the account; the terminal if left out."),
)  # fmt: skip


def output(help_: Message, **rest: Any) -> click.Option:
    """Return ``-o``, whose meaning each command says itself."""
    return option("output", "-o", "--output", type=PATH, metavar=FILE, help=help_, **rest)


# The options of readers, by the name of the argument in Python. Which kind takes which is told by
# the signature of its reader, never by a list of ours.
READER: Mapping[str, Callable[[], click.Option]] = {
    "source_id": lambda: option(
        "source_id", "--source", metavar=TEXT, default="own", show_default=True,
        help=Message("source_id of the rows."),
    ),
    "register": lambda: option(
        "--register", metavar=TEXT, help=Message("Register that counts (complaints, cases).")
    ),
    "measure": lambda: option(
        "--measure", type=click.Choice(["complaints", "records", "victims", "rescued"]),
        help=Message("What is counted."),
    ),
    "unit": lambda: option(
        "--unit", type=click.Choice(["region", "judicial_district", "fiscal_district"]),
        help=Message("What the places of the rows are."),
    ),
    "category": lambda: option(
        "--category", metavar=TEXT, help=Message("The categoria of MININTER to count.")
    ),
    "value_kind": lambda: option(
        "value_kind", "--value-kind",
        type=click.Choice(["count", "share_of_origin", "share_of_destination", "none"]),
        help=Message("What the numbers of flows are."),
    ),
    "shares": lambda: option(
        "--shares", type=click.Choice(["percent", "fraction"]),
        help=Message("How shares are written."),
    ),
    "kind": lambda: option(
        "kind", "--place-kind", type=click.Choice(["region", "province", "district", "city"]),
        help=Message("What bare names of places mean."),
    ),
    "date_order": lambda: option(
        "date_order", "--date-order", type=click.Choice(["dmy", "mdy"]),
        help=Message("Order of day and month in dates such as 01/02/2017."),
    ),
    "engine": lambda: option(
        "--engine", type=click.Choice(["auto", "pandas", "polars", "duckdb", "spark"]),
        help=Message("What counts registers too large for memory: CSV or Parquet files, also"
                     " several by a pattern such as 'lake/*.parquet'; auto is DuckDB."),
    ),
    "add_up": lambda: option(
        "add_up", "--add-up", multiple=True, callback=_listed, metavar=COLUMN,
        help=Message("Column whose rows are added up (sex, age group)."),
    ),
    "level": lambda: option(
        "--level", type=click.Choice(["region", "province", "district"]),
        help=Message("Level of the units."),
    ),
    "codes": lambda: option(
        "--codes", type=click.Choice(["inei", "reniec"]), help=Message("Whose ubigeo it is.")
    ),
    "lima": lambda: option(
        "--lima", type=click.Choice(["merge", "keep"]),
        help=Message("merge or keep the two parts of Lima."),
    ),
    "layer": lambda: option(
        "--layer", metavar=TEXT, help=Message("Layer of a file that holds several.")
    ),
    "mode": lambda: option(
        "--mode", type=click.Choice(["road", "river", "air", "border"]),
        help=Message("Mode of all links."),
    ),
    "close_gaps_m": lambda: option(
        "close_gaps_m", "--close-gaps-m", type=DECIMAL, metavar=Message("METRES"),
        help=Message("Close gaps between parts of a network up to so wide."),
    ),
    "allow_unmatched": lambda: option(
        "allow_unmatched", "--allow-unmatched", is_flag=True,
        help=Message("Leave out places that are not known."),
    ),
    "same_as": lambda: option(
        "same_as", "--same-as", multiple=True, callback=_pairs, metavar="NAME=PLACE",
        help=Message("Read a name of the table as a place that is known: Limma=Lima. May be"
                     " repeated."),
    ),
    "columns": lambda: option(
        "--columns", multiple=True, callback=_pairs, metavar="ROLE=COL,...",
        help=Message("Columns by role: ubigeo=COD,name=NOM. May be repeated."),
    ),
    "year": lambda: option(
        "--year", metavar=TEXT, help=Message("Year of the population to read; the latest if left"
                                             " out."),
    ),
    "sheet": lambda: option("--sheet", metavar=TEXT, help=Message("Sheet of a workbook.")),
    "header_row": lambda: option(
        "header_row", "--header-row", type=WHOLE, metavar=ROW,
        help=Message("Row of the column names."),
    ),
    "encoding": lambda: option(
        "--encoding", metavar=TEXT, help=Message("Encoding of the text.")
    ),
    "crs": lambda: option(
        "--crs", metavar=TEXT, help=Message("Reference system of a layer: EPSG:32718.")
    ),
    "period": lambda: option(
        "--period", callback=_period, metavar="2017-01/2023-12",
        help=Message("Period of the counts."),
    ),
}  # fmt: skip


def reader_options(arguments: Iterable[str]) -> list[click.Option]:
    """Return the options for those arguments of a reader that the command line offers."""
    return [READER[name]() for name in arguments if name in READER]


def read_with(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that were given."""
    return {name: value for name, value in given.items() if value not in (None, False, [], {})}


_ARGUMENTS = "|".join(
    (
        "add_up", "category", "codes", "crs", "date_order", "encoding", "engine", "header_row",
        "layer", "level", "lima", "measure", "mode", "period", "register", "shares", "sheet",
        "unit", "value_kind", "year",
    )
)  # fmt: skip
# Compiled when it is first needed: most commands have nothing to say.
_ARGUMENT = (
    rf"\b(?P<name>{_ARGUMENTS})="
    r"(?:\('(?P<first>[^']*)', '(?P<last>[^']*)'\)|\['(?P<item>[^']*)'\]|(?P<rest>'[^']*'|\.\.\.)?)"
)
_NAMED_OTHERWISE = (
    ("allow_unmatched=True", "--allow-unmatched"),
    ("kind='city'", "--place-kind city"),
    ("allow_unmatched=...", "--allow-unmatched"),
    ("close_gaps_m=...", "--close-gaps-m"),
    ("source_id=...", "--source"),
    ("columns=...", "--columns"),
)
_COLUMNS = re.compile(r"\bcolumns=\{(?P<pairs>[^{}]*)\}")
_PAIR = re.compile(r"'(?P<role>[^']*)': '(?P<header>[^']*)'")


def say_flags(text: str) -> str:
    """Name the arguments of Python as options: ``shares='percent'`` as ``--shares percent``."""

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
    text = re.sub(r"\bkind=\.\.\.", "--place-kind", text)
    return re.sub(_ARGUMENT, argument, _COLUMNS.sub(columns, text))


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value
