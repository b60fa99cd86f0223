"""Writing a report: the kind of file is told by its name."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from corredor.geodata import Publication
from corredor.geodata.arguments import as_path, check_choice
from corredor.geodata.errors import missing_extra
from corredor.geodata.files import write_whole
from corredor.geodata.messages import Language

from ..checks import check_publication
from .content import build_content
from .house import read_house

if TYPE_CHECKING:
    from corredor.routes import Corridors

SUFFIXES = (".docx", ".html", ".pdf", ".pptx")


def write_report(
    publication: Publication,
    path: str | os.PathLike[str],
    *,
    lang: Language = "es",
    region: str | None = None,
    template: str | os.PathLike[str] | None = None,
    accent: str | None = None,
    logo: str | os.PathLike[str] | None = None,
    corridors: Corridors | None = None,
    progress: Callable[[], None] = lambda: None,
) -> Path:
    """Write a report: key figures, maps, flows, corridors, a sheet for each region, sources.

    Parameters
    ----------
    publication : Publication
        Protected tables, from `protect`.
    path : str or path-like
        File to write: ``.docx``, ``.html``, ``.pdf`` or ``.pptx``; complete or not there.
    lang : {"es", "en"}
        Language of the report.
    region : str, optional
        Name or ubigeo of the one region whose sheet is wanted; all regions if left out.
    template : str or path-like, optional
        A Word document whose styles, header and footer are used (``.docx`` only).
    accent : str, optional
        Colour of headings and links, ``#7a1f3d``: readable on white. Maps keep their colours, by
        which reported and inferred are told apart. A ``template`` brings its own.
    logo : str or path-like, optional
        PNG or JPEG that stands on the cover.
    corridors : Corridors, optional
        From `corredor.routes.find_corridors`; found where the study has a network.
    progress : callable, optional
        Called between the parts of the work.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    StudyError
        If no region has that name.
    ValueError
        If the name ends in nothing that can be written, or the colour can't be read on white.
    DataFileError
        If the logo is no picture.
    MissingExtraError
        If the extra for that kind of file is missing: ``report``, ``pdf`` or ``slides``.
    """
    check_publication(publication)
    target = as_path(path)
    check_choice(target.suffix.lower(), SUFFIXES, "path")
    suffix = target.suffix.lower()
    content = build_content(
        publication,
        lang=lang,
        size="slide" if suffix == ".pptx" else "report",
        region=region,
        corridors=corridors,
        house=read_house(accent, as_path(logo) if logo else None),
        progress=progress,
    )
    if suffix == ".html":
        from .page import write_html

        written = write_html(content)
    elif suffix == ".pdf":
        from .pdf import write_pdf

        written = write_pdf(content)
    elif suffix == ".docx":
        try:
            from .word import write_word
        except ImportError:
            raise missing_extra("report") from None
        written = write_word(content, template=as_path(template) if template else None)
    else:
        try:
            from .slides import write_slides
        except ImportError:
            raise missing_extra("slides") from None
        written = write_slides(content)
    write_whole(target, lambda part: part.write_bytes(written))
    return target
