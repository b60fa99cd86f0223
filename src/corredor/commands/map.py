"""``corredor map``: a study, or files as they are, as one HTML file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corredor.geodata.arguments import check_choice
from corredor.geodata.messages import Language, Message
from corredor.geodata.text import clean

from ..options import INTERNAL, LANGUAGES, OVERWRITE, PATH, argument, option, output, say
from ..speech import Command
from ..terminal import may_write, open_study, protect_aloud, show_progress
from .new import FILE_OPTIONS, make_study, page_of, refuse_options

if TYPE_CHECKING:
    from corredor.geodata import Study
    from corredor.geodata.places.gazetteer import Level

LEVELS = ("region", "province", "district")
DEFAULT_MAP = Path("corredor_peru.html")


def draw_map(
    what: tuple[Path, ...],
    output: Path,
    lang: Language,
    open_: bool,
    overwrite: bool,
    region: str | None,
    internal: bool,
    without: tuple[str, ...],
    **given: Any,
) -> None:
    """Draw a study, or files."""
    may_write(output, overwrite=overwrite, suffixes=(".html", ".htm"))
    with show_progress(Message("Drawing the map ...")):
        from corredor.maps import atlas, write_page

        if region is not None:
            given["level"] = given["level"] or ["district"]
        publication = protect_aloud(_study_of(what, given), internal=internal)
        if region is not None:
            from corredor.geodata.study.part import part_of

            publication = part_of(publication, region)
        path = write_page(atlas(publication, lang=lang, closed=without), output).resolve()
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


def _study_of(what: tuple[Path, ...], given: dict[str, Any]) -> Study:
    """Return the study that is meant, or one made of the files that are."""
    if len(what) == 1 and (what[0].is_dir() or what[0].name == "study.toml"):
        return open_study(what[0], level=_level_of(given))
    if not what or not any(path.exists() for path in what):
        return open_study(what[0] if what else None, level=None if what else _level_of(given))
    from corredor.geodata import read_study

    with tempfile.TemporaryDirectory() as folder:
        name = given["title"] or " + ".join(path.stem for path in what)
        made = make_study(Path(folder) / "study", what, **{**given, "title": name})
        click.echo(clean(page_of(made)) + "\n", err=True)
        return read_study(made.path)


def _level_of(given: dict[str, Any]) -> Level | None:
    """Return the units to draw of a study, to which no other option of files means anything."""
    refuse_options(given, but=("level",))
    (*_, last) = given["level"] or (None,)
    if last is not None:
        check_choice(last, LEVELS, "level")
    return last


COMMAND = Command(
    "map",
    callback=draw_map,
    help=say(
        Message(
            "Draw a study, or your files as they are, as one HTML file that opens without a"
            " network. An option of files means all of them, or one as FILE=VALUE."
        )
    ),
    params=[
        argument("what", metavar=Message("[STUDY|FILE]..."), type=PATH, nargs=-1,
                 help=Message("Folder with study.toml, or tables and layers; if left out, the study"
                              " of this folder, else the embedded one.")),
        output(Message("File to write."), default=DEFAULT_MAP, show_default=True),
        option(
            "--lang", type=LANGUAGES, default="es", show_default=True,
            help=Message("Language the page opens in; readers can switch."),
        ),
        option("open_", "--open", is_flag=True, help=Message("Open the map in the browser.")),
        option("--region", metavar=Message("REGION"),
               help=Message("Only this region, by name or code, with its districts.")),
        option("--without", metavar=Message("LEG|PLACE"), multiple=True,
               help=Message("Also show what would be expected to move if this leg of a corridor,"
                            " link or place were closed; may be repeated.")),
        INTERNAL,
        OVERWRITE,
        *FILE_OPTIONS,
    ],
)  # fmt: skip
