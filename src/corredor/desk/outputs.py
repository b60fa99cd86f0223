"""What can be taken away, and the function of the library that writes it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corredor.geodata.errors import StudyError
from corredor.geodata.messages import Language, Message
from corredor.geodata.study.new import source_id_of

from .work import Work

if TYPE_CHECKING:
    from corredor.geodata import Publication

Write = Callable[["Publication", Path, Language], object]


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
    """

    name: str
    suffix: str
    title: Message
    about: Message
    making: Message
    write: Write


def _map(publication: Publication, path: Path, language: Language) -> None:
    from corredor.maps import atlas, write_page

    write_page(atlas(publication, lang=language), path)


def _report(publication: Publication, path: Path, language: Language) -> None:
    from corredor.maps import write_report

    write_report(publication, path, lang=language)


def _picture(publication: Publication, path: Path, language: Language) -> None:
    from corredor.maps import draw_figure

    view = "complaints" if len(publication.tables.complaints) else "flows"
    draw_figure(publication, view=view, lang=language).save(path)


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
    )
}  # fmt: skip


def offered(work: Work) -> list[tuple[Output, Path | None]]:
    """Return what can be taken away, and its file where it was made already."""
    return [(one, made(work, one, work.language)) for one in OUTPUTS.values()]


def made(work: Work, output: Output, language: Language) -> Path | None:
    """Return the file of an output of the study as it is now."""
    path = work.place.temporary / "out" / str(work.revision) / _file_name(work, output, language)
    return path if path.is_file() else None


def make(work: Work, output: Output, language: Language) -> Path:
    """Make an output."""
    return work.write(
        _file_name(work, output, language),
        lambda publication, path: output.write(publication, path, language),
    )


def preview(work: Work) -> Path:
    """Return the map to look at, drawn once for each state of the study."""
    folder = work.place.temporary / "map"
    path = folder / f"{work.revision}-{work.language}.html"
    if path.is_file():
        return path
    publication = work.standing.publication
    if publication is None:
        raise work.standing.refusal or StudyError(Message("There is no study yet."))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _map(publication, path, work.language)
    return path


def _file_name(work: Work, output: Output, language: Language) -> str:
    """Return a name that says what is in the file, of plain letters."""
    study = work.standing.study
    title = study.meta.title.es if study is not None else work.folder.name
    name = source_id_of(Path(f"{title.replace('/', ' ')}.html"))
    return f"{name}_{output.name}_{language}{output.suffix}"
