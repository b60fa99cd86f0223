"""The command line: one short command per task.

Exit codes: 0 done; 1 the input was refused, nothing was written; 2 the command was not understood;
130 interrupted.
"""

from __future__ import annotations

import gc
import os
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corredor.geodata.errors import CorredorError
from corredor.geodata.messages import Language, Message

from .embedding import EMBED_HELP, embed_map
from .options import (
    SPOKEN,
    TABULAR,
    AddUpOption,
    CategoryOption,
    CloseGapsOption,
    CodesOption,
    ColumnOption,
    CrsOption,
    DateOrderOption,
    EncodingOption,
    FormatOption,
    HeaderRowOption,
    Kind,
    Lang,
    LayerOption,
    LevelOption,
    LimaOption,
    ModeOption,
    PeriodOption,
    PlaceKindOption,
    PlacesOption,
    ReportFormat,
    ReportOption,
    SharesOption,
    SheetOption,
    StudyOption,
    StudyPath,
    UnitOption,
    UnmatchedOption,
    ValueKindOption,
    read_pairs,
    read_period,
    say,
    say_flags,
)
from .posts_command import HELP, posts
from .quick import QuickCommand, QuickGroup
from .routing import add_commands
from .terminal import show_progress, show_warning, write_text

if TYPE_CHECKING:
    from corredor.geodata import Account

DEFAULT_MAP = "corredor_peru.html"


app = typer.Typer(
    cls=QuickGroup,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help=say(Message("Maps of reported human trafficking in Peru: offline, sourced, bilingual.")),
)


@app.command(
    "map",
    cls=QuickCommand,
    help=say(Message("Draw a study as one HTML file that opens without a network.")),
)
def draw_map(
    study: StudyPath = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", help=say(Message("File to write.")))
    ] = Path(DEFAULT_MAP),
    lang: Annotated[
        Lang, typer.Option(help=say(Message("Language the page opens in; readers can switch.")))
    ] = Lang.ES,
    open_: Annotated[
        bool, typer.Option("--open", help=say(Message("Open the map in the browser.")))
    ] = False,
) -> None:
    """Draw a study."""
    with show_progress(Message("Drawing the map ...")):
        from corredor.geodata import embedded_study, protect, read_study
        from corredor.maps import atlas, write_page

        publication = protect(read_study(study or embedded_study()))
        language: Language = "es" if lang is Lang.ES else "en"
        path = write_page(atlas(publication, lang=language), output).resolve()
    size = path.stat().st_size / 1000
    typer.echo(say(Message("{path} ({size:.0f} kB)", path=path, size=size)))
    if open_:
        typer.launch(path.as_uri())


@app.command(
    help=say(
        Message(
            "Check a study, a file or a database table: what it was taken for, what matched, what"
            " was mended and what was left out."
        )
    )
)
def check(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="STUDY|FILE",
            help=say(
                Message(
                    "Folder with study.toml, a table, a layer of boundaries or roads, or an address"
                    " postgresql://...; the embedded study if left out."
                )
            ),
            show_default=False,
        ),
    ] = None,
    kind: Annotated[
        Kind | None, typer.Option("--as", help=say(Message("What the file is; told if left out.")))
    ] = None,
    format_: FormatOption = ReportFormat.TEXT,
    output: ReportOption = None,
    level: LevelOption = None,
    columns: ColumnOption = None,
    sheet: SheetOption = None,
    header_row: HeaderRowOption = None,
    encoding: EncodingOption = None,
    crs: CrsOption = None,
    period: PeriodOption = None,
    unit: UnitOption = None,
    category: CategoryOption = None,
    value_kind: ValueKindOption = None,
    shares: SharesOption = None,
    place_kind: PlaceKindOption = None,
    date_order: DateOrderOption = None,
    add_up: AddUpOption = None,
    codes: CodesOption = None,
    lima: LimaOption = None,
    layer: LayerOption = None,
    allow_unmatched: UnmatchedOption = False,
    study: StudyOption = None,
) -> None:
    """Check a study, a file or a database table."""
    if what is None or Path(what).is_dir() or Path(what).name == "study.toml":
        _check_study(None if what is None else Path(what), format_, output)
        return
    with show_progress(Message("Reading {what} ...", what=Path(what).name)):
        from corredor.geodata import is_database_address
        from corredor.intake import check_database, check_file
        from corredor.into_study import read_resolver

        if is_database_address(what):
            account = check_database(what)
        else:
            options = {
                "level": level, "columns": read_pairs(columns), "sheet": sheet,
                "header_row": header_row, "encoding": encoding, "crs": crs,
                "period": read_period(period), "unit": unit, "category": category,
                "value_kind": value_kind, "shares": shares, "kind": place_kind,
                "date_order": date_order, "add_up": add_up, "codes": codes, "lima": lima,
                "layer": layer, **_unmatched(allow_unmatched),
            }  # fmt: skip
            if study is not None:
                options["resolver"] = read_resolver(study)
            account = check_file(Path(what), options, kind=kind)
    _write_report(account, format_, output)


def _unmatched(allowed: bool) -> dict[str, object]:
    """Return the option as the readers of complaints and of flows call it."""
    return {"allow_unmatched": allowed, "unknown_places": "leave_out" if allowed else None}


def _check_study(study: Path | None, format_: ReportFormat, output: Path | None) -> None:
    with show_progress(Message("Reading the study ...")):
        from corredor.geodata import embedded_study, read_study
        from corredor.reports import render_study

        text = render_study(read_study(study or embedded_study()), format_, SPOKEN)
    write_text(text, output)


@app.command(
    "import",
    help=say(
        Message(
            "Turn a file as it was published into a table of a study. KIND: {kinds}.",
            kinds=", ".join(Kind),
        )
    ),
)
def import_file(
    kind: Annotated[Kind, typer.Argument(metavar="KIND", show_default=False)],
    file: Annotated[str, typer.Argument(metavar="FILE", show_default=False)],
    output: Annotated[Path, typer.Option("--output", "-o", help=say(Message("File to write.")))],
    source_id: Annotated[
        str, typer.Option("--source", help=say(Message("source_id of the rows.")))
    ] = "own",
    register: Annotated[
        str | None, typer.Option(help=say(Message("Register that counts (complaints, cases).")))
    ] = None,
    measure: Annotated[
        str | None, typer.Option(help=say(Message("complaints, victims or rescued.")))
    ] = None,
    unit: UnitOption = None,
    category: CategoryOption = None,
    value_kind: ValueKindOption = None,
    shares: SharesOption = None,
    place_kind: PlaceKindOption = None,
    date_order: DateOrderOption = None,
    add_up: AddUpOption = None,
    level: LevelOption = None,
    codes: CodesOption = None,
    lima: LimaOption = None,
    layer: LayerOption = None,
    mode: ModeOption = None,
    close_gaps_m: CloseGapsOption = None,
    allow_unmatched: UnmatchedOption = False,
    columns: ColumnOption = None,
    sheet: SheetOption = None,
    header_row: HeaderRowOption = None,
    encoding: EncodingOption = None,
    crs: CrsOption = None,
    period: PeriodOption = None,
    study: StudyOption = None,
    places: PlacesOption = None,
    format_: FormatOption = ReportFormat.TEXT,
    report: ReportOption = None,
) -> None:
    """Turn a file as it was published into a table of a study."""
    options = {
        "source_id": source_id, "id_prefix": f"{source_id}-",
        "register": register, "measure": measure, "unit": unit,
        "category": category, "value_kind": value_kind, "shares": shares, "kind": place_kind,
        "date_order": date_order, "add_up": add_up, "level": level, "codes": codes, "lima": lima,
        "layer": layer, "mode": mode, "close_gaps_m": close_gaps_m, **_unmatched(allow_unmatched),
        "columns": read_pairs(columns), "sheet": sheet, "header_row": header_row,
        "encoding": encoding, "crs": crs, "period": read_period(period),
    }  # fmt: skip
    if kind in (Kind.COMPLAINTS, Kind.CASES):
        for name in ("register",) if kind is Kind.CASES else ("register", "measure"):
            if options[name] is None:
                raise typer.BadParameter(
                    say(Message("say what is counted: --{name} is needed", name=name))
                )
    with show_progress(Message("Reading {what} ...", what=Path(file).name)):
        from corredor.intake import read_any, write_table
        from corredor.into_study import import_for_study

        if kind in TABULAR:
            reading = import_for_study(kind, Path(file), options, output, study, places)
        else:
            reading = read_any(kind, Path(file), options)
            write_table(reading, output)
    _write_report(reading.account, format_, report)


@app.command(
    help=say(
        Message(
            "Download an official layer or open-data file; without a name, list what there is."
            " Nothing is ever downloaded by itself."
        )
    )
)
def fetch(
    name: Annotated[str | None, typer.Argument(metavar="NAME", show_default=False)] = None,
    folder: Annotated[
        Path, typer.Option("--output", "-o", help=say(Message("Folder to write to.")))
    ] = Path(),
) -> None:
    """Download an official file."""
    from rich.progress import Progress

    from corredor.geodata import fetch as download
    from corredor.geodata import list_remote

    if name is None:
        for row in list_remote().to_dict("records"):
            typer.echo(f"{row['name']}: {row['publisher']}, {row[f'title_{SPOKEN}']}")
            typer.echo(f"    {row['format']} · {row[f'licence_{SPOKEN}']}")
        return
    with Progress(transient=True) as bars:
        task = bars.add_task(name, total=None)
        path = download(
            name,
            folder,
            progress=lambda done, total: bars.update(task, completed=done, total=total),
            notify=lambda message: typer.echo(say(message), err=True),
        )
    typer.echo(str(path))


def _write_report(account: Account, format_: ReportFormat, output: Path | None) -> None:
    from corredor.reports import render_account

    write_text(render_account(account, format_, SPOKEN), output)


@app.command(
    help=say(Message("Make a study of your own, as a copy of the embedded one to change."))
)
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=say(Message("Folder to make.")))],
) -> None:
    """Copy the embedded study."""
    from corredor.geodata import copy_embedded

    path = copy_embedded(folder)
    typer.echo(
        say(Message("{path}: change the tables, then run 'corredor map {path}'.", path=path))
    )


app.command("embed", help=EMBED_HELP)(embed_map)
add_commands(app)


app.command(help=say(HELP))(posts)


def _show_version(wanted: bool) -> None:
    if wanted:
        from corredor import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_show_version,
            is_eager=True,
            help=say(Message("Show the version.")),
        ),
    ] = False,
) -> None:
    """Take the options before the command."""


def main() -> None:
    """Run the command line."""
    gc.disable()  # a command is short: looking for garbage among imports only takes time
    # Matrices are small here: a pool of threads would wait for work, which is work for the machine.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    warnings.showwarning = show_warning  # type: ignore[assignment]
    try:
        app()
    except CorredorError as error:
        typer.echo(say_flags(error.render(SPOKEN)), err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        gc.freeze()  # nor at the end, when the system takes back all memory at once


if __name__ == "__main__":
    main()
