"""What can be taken away, and the function of the library that writes it."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from corredor.geodata.messages import Language, Message
from corredor.geodata.study.new import source_id_of
from corredor.geodata.study.publication import publishing

from .work import Work

Write = Callable[[Work, Path, Language], object]


@dataclass(frozen=True)
class Output:
    """Something to take away.

    Parameters
    ----------
    name : str
        Its name in addresses, and the end of the name of its file.
    suffix : str
        What its file ends in.
    title, about, making : Message
        What it is, what it is for, and what is said while it is made.
    write : callable
        Writes it.
    public : bool
        Whether only a study may be handed on so of which everything is public.
    """

    name: str
    suffix: str
    title: Message
    about: Message
    making: Message
    write: Write
    public: bool = False


def _map(work: Work, path: Path, language: Language) -> None:
    from corredor.maps import atlas, write_page

    write_page(atlas(work.publication, lang=language), path)


def _report(work: Work, path: Path, language: Language) -> None:
    from corredor.maps import write_report

    write_report(work.publication, path, lang=language)


def _picture(work: Work, path: Path, language: Language) -> None:
    from corredor.maps import draw_figure

    view = "complaints" if len(work.publication.tables.complaints) else "flows"
    draw_figure(work.publication, view=view, lang=language).save(path)


def _tables(work: Work, path: Path, language: Language) -> None:
    """Write a folder of tables as one file."""
    from corredor.maps import write_export

    format_: Literal["gpkg", "xlsx"] = "gpkg" if "gpkg" in path.name else "xlsx"
    folder = path.with_suffix("")
    shutil.rmtree(folder, ignore_errors=True)
    write_export(work.publication, folder, format=format_, lang=language)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.writestr(zipfile.ZipInfo(file.name), file.read_bytes(), zipfile.ZIP_DEFLATED)


def _archive(work: Work, path: Path, language: Language) -> None:
    from corredor.maps import write_archive

    if work.standing.study is not None:
        write_archive(work.standing.study, path, lang=language)


OUTPUTS = {
    one.name: one
    for one in (
        Output("map", ".html", Message("Map"),
               Message("One file that opens in any browser, without internet."),
               Message("Drawing the map ..."), _map),
        Output("word", ".docx", Message("Report in Word"),
               Message("Key figures, maps, tables and sources, to edit."),
               Message("Writing the report ..."), _report),
        Output("picture", ".png", Message("Picture"),
               Message("The map of the figures, for a document or a slide."),
               Message("Drawing the picture ..."), _picture),
        Output("slides", ".pptx", Message("Slides"),
               Message("The same as a presentation, to edit."),
               Message("Writing the slides ..."), _report),
        Output("pdf", ".pdf", Message("Report in PDF"),
               Message("To print or to send."),
               Message("Writing the report ..."), _report),
        Output("excel", ".zip", Message("Tables for Excel"),
               Message("All figures with their sources, and what each column means."),
               Message("Writing the files ..."), _tables),
        Output("gpkg", ".zip", Message("GeoPackage for QGIS"),
               Message("The same with shapes and styles, as layers."),
               Message("Writing the files ..."), _tables),
        Output("archive", ".crate.zip", Message("Archive"),
               Message("The whole study with its outputs, to make them again. Only where all"
                       " figures are published."),
               Message("Writing the archive ..."), _archive, public=True),
    )
}  # fmt: skip


def offered(work: Work) -> list[tuple[Output, Path | None]]:
    """Return what can be taken away, and its file where it was made already."""
    is_public = work.publication.mode == "public"
    fit = [one for one in OUTPUTS.values() if is_public or not one.public]
    return [(one, made(work, one, work.language)) for one in fit]


def made(work: Work, output: Output, language: Language) -> Path | None:
    """Return the file of an output of the study as it is now."""
    path = _place(work, output, language)
    return path if path.is_file() else None


def make(work: Work, output: Output, language: Language) -> Path:
    """Make an output; it is noted in the ledger of the study as part of a release."""
    path = _place(work, output, language)
    with publishing(work.publication, path):
        output.write(work, path, language)
    return path


def snippet(work: Work, language: Language) -> str:
    """Return the frame that shows the map in another page, once there is one."""
    from corredor.maps import render_embed

    path = made(work, OUTPUTS["map"], language)
    return render_embed(path, lang=language) if path else ""


def preview(work: Work) -> Path:
    """Return the map to look at, drawn once for each state of the study; it is no release."""
    folder = work.place.temporary / "map"
    path = folder / f"{work.revision}-{work.language}.html"
    if not path.is_file():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _map(work, path, work.language)
    return path


def _place(work: Work, output: Output, language: Language) -> Path:
    folder = work.place.temporary / "out" / str(work.revision)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / _file_name(work, output, language)


def _file_name(work: Work, output: Output, language: Language) -> str:
    """Return a name that says what is in the file, of plain letters."""
    study = work.standing.study
    title = study.meta.title.es if study is not None else work.folder.name
    name = source_id_of(Path(f"{title.replace('/', ' ')}.html"))
    return f"{name}_{output.name}_{language}{output.suffix}"
