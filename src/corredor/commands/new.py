"""``corredor new``: a study of one's own, from files as they are."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corredor.geodata.messages import Message
from corredor.geodata.text import clean

from .. import options
from ..options import PATH, READER, argument, option, say, say_flags
from ..speech import Command
from ..terminal import show_progress
from .import_ import kind_called, kind_names

if TYPE_CHECKING:
    from corredor.geodata import NewStudy

# The options of all readers, each for all files, or for one of them as FILE=VALUE.
OF_FILES = [name for name in READER if name not in ("source_id", "allow_unmatched")]


def _offered(name: str) -> click.Option:
    made = READER[name]()
    choices = made.type.choices if isinstance(made.type, click.Choice) else ()
    metavar = "|".join(map(str, choices)) or made.metavar
    return click.Option([made.name or name, *made.opts], multiple=True, help=made.help,
                        metavar=metavar)  # fmt: skip


# What a study is called and of whom it is, also of one without files.
ABOUT = ("title",)
FILE_OPTIONS = [
    option("--title", metavar=Message("TEXT"),
           help=Message("Heading of the map; the name of the folder if left out.")),
    option("--publisher", metavar=Message("TEXT"), default="",
           help=Message("Who stands behind the figures; the register if left out.")),
    option("--public", multiple=True, metavar=Message("[FILE=]ADDRESS"),
           help=Message("Where anybody can read these figures already; own counts, which are"
                        " protected, if left out.")),
    option("as_", "--as", multiple=True, metavar=Message("[FILE=]KIND"),
           help=Message("What a file is, told if left out.")),
    *map(_offered, OF_FILES),
    READER["allow_unmatched"](),
]  # fmt: skip


def make_study(
    folder: Path,
    files: Sequence[Path],
    *,
    title: str | None,
    publisher: str,
    public: Sequence[str],
    as_: Sequence[str],
    allow_unmatched: bool,
    **given: Sequence[str],
) -> NewStudy:
    """Make a study from files with the options of the command line."""
    from corredor.geodata import new_study

    by_file = _by_file(files, {"kind_of_file": as_, **given})
    addresses = _by_file(files, {"public": public})
    if allow_unmatched:
        by_file[""] |= {"allow_unmatched": True, "unknown_places": "leave_out"}
    return new_study(
        folder,
        files,
        options=by_file,
        title=title or "",
        publisher=publisher,
        public={name: one["public"] for name, one in addresses.items() if one},
    )


def _by_file(
    files: Sequence[Path], given: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, Any]]:
    """Sort ``VALUE`` and ``FILE=VALUE`` by file, "" for all, and convert what they say."""
    names = {path.name for path in files}
    by_file: dict[str, dict[str, list[str]]] = {"": {}}
    for name, values in given.items():
        for value in values:
            head, _, rest = value.partition("=")
            file, text = (Path(head).name, rest) if Path(head).name in names else ("", value)
            by_file.setdefault(file, {}).setdefault(name, []).append(text)
    return {
        file: {name: _converted(name, texts) for name, texts in options_.items()}
        for file, options_ in by_file.items()
    }


def _converted(name: str, texts: list[str]) -> Any:
    if name == "public":
        return texts[-1]
    if name == "kind_of_file":
        if texts[-1] not in kind_names():
            raise click.BadParameter(
                say(Message("'{value}' is none of: {choices}", value=texts[-1],
                            choices=", ".join(kind_names()))),
                param_hint="'--as'",
            )  # fmt: skip
        return kind_called(texts[-1])
    made = READER[name]()
    return made.process_value(
        click.get_current_context(), tuple(texts) if made.multiple else texts[-1]
    )


def refuse_options(given: Mapping[str, Any], *, but: Sequence[str] = ()) -> None:
    """Refuse options of files where there are none: they would mean nothing."""
    for one in FILE_OPTIONS:
        if given.get(str(one.name)) and one.name not in but:
            raise click.UsageError(
                say(Message("{option} is for files, and none was given.", option=one.opts[-1]))
            )


def page_of(study: NewStudy) -> str:
    """Return in one page what each file was taken for, what was left out, and what is next."""
    parts = []
    for account, file in study.accounts:
        into = f" -> {file}" if file else ""
        first, *rest = say_flags(account.render(options.SPOKEN)).split("\n")
        parts.append("\n".join([first + into, *rest]))
    parts += [say_flags(say(note)) for note in study.notes]
    return "\n\n".join(parts)


def new(folder: Path, files: tuple[Path, ...], empty: bool, **given: Any) -> None:
    """Make a study of one's own."""
    from corredor.geodata import copy_embedded, empty_study

    if empty and files:
        raise click.UsageError(say(Message("--empty makes a study without files.")))
    if files:
        with show_progress(Message("Reading {what} ...", what=", ".join(f.name for f in files))):
            study = make_study(folder, files, **given)
        click.echo(clean(page_of(study)) + "\n")
        text = Message("{path}: look at it, then run 'corredor map {quoted}'.")
    else:
        refuse_options(given, but=ABOUT if empty else ())
        if empty:
            empty_study(folder, title=given["title"] or "")
        else:
            copy_embedded(folder)
        text = Message("{path}: change the tables, then run 'corredor map {quoted}'.")
    click.echo(say(Message(text.text, path=folder, quoted=shlex.quote(str(folder)))))


COMMAND = Command(
    "new",
    callback=new,
    help=say(
        Message(
            "Make a study of your own from your files: tables of complaints, flows or routes,"
            " layers of boundaries or roads, as they are. Without files, a copy of the embedded"
            " study. An option means all files, or one of them as FILE=VALUE."
        )
    ),
    params=[
        argument("folder", metavar=Message("FOLDER"), type=PATH, help=Message("Folder to make.")),
        argument("files", metavar=Message("[FILE]..."), type=PATH, nargs=-1,
                 help=Message("Files to make it from.")),
        option("--empty", is_flag=True, help=Message("Make headers only.")),
        *FILE_OPTIONS,
    ],
)  # fmt: skip
