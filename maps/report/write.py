"""Writing a report as its file name says; HTML and PDF here, which are templates filled."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from corredor.geodata import Publication
from corredor.geodata.arguments import as_path, check_choice
from corredor.geodata.errors import missing_extra
from corredor.geodata.files import write_whole
from corredor.geodata.messages import Language
from corredor.geodata.study.publication import publishing

from ..figure.picture import compile_pdf
from .content import WHOLE_ROWS, Content, build_content
from .house import ACCENT, read_house

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
        written = _html(content)
    elif suffix == ".pdf":
        written = _pdf(content)
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
    with publishing(publication, target):
        write_whole(target, lambda part: part.write_bytes(written))
    return target


def _html(content: Content) -> bytes:
    """Return one file: pictures inside, no scripts, no address asked for anything."""
    from jinja2 import Environment
    from markupsafe import Markup

    folder = resources.files("corredor.maps") / "templates"
    css = (resources.files("corredor.maps") / "css" / "report.css").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((folder / "report.html").read_text(encoding="utf-8"))
    # Pictures of ours are markup; an id stands only once in a page, so each gets its own.
    pictures = {
        id(block): Markup(_renamed(block["figure"].svg, number))
        for number, block in enumerate(content.blocks)
        if block["kind"] == "picture"
    }
    return template.render(
        content=content,
        blocks=content.blocks,
        pictures=pictures,
        key=id,
        css=Markup(css.replace(ACCENT, content.house.accent)),
        logo=_logo(content),
        words=content.words,
        study=content.scene["study"],
    ).encode()


def _logo(content: Content) -> str:
    """Return the logo as an address that holds it; empty where there is none."""
    house = content.house
    coded = base64.b64encode(house.logo).decode()
    return f"data:image/{house.kind};base64,{coded}" if coded else ""


def _renamed(svg: str, number: int) -> str:
    """Return a picture without its XML head, its ids made unlike those of other pictures."""
    body = svg.partition("?>")[2]
    for before in ('id="', "url(#", 'aria-labelledby="'):
        body = body.replace(before, f"{before}p{number}-")
    return body.replace(
        f'aria-labelledby="p{number}-title desc"',
        f'aria-labelledby="p{number}-title p{number}-desc"',
    )


def _pdf(content: Content) -> bytes:
    """Return a PDF by Typst, tagged for screen readers (PDF/UA-1: no picture without its text)."""
    words = content.words
    plain = [
        {key: value for key, value in block.items() if key != "figure"} for block in content.blocks
    ]
    study = content.scene["study"]
    said = {
        "title": content.title,
        "subtitle": content.subtitle,
        "lang": words.language,
        "made": words.t(
            "Made with Corredor {version}; data {fingerprint}.",
            version=study["version"],
            fingerprint=study["fingerprint"],
        ),
        "contents": words.t("Contents"),
        "figure": words.t("Figure"),
        "table": words.t("Table"),
        "blocks": plain,
        "accent": content.house.accent,
        "logo": list(content.house.logo),
        "whole": WHOLE_ROWS,
    }
    template = resources.files("corredor.maps") / "templates" / "report.typ"
    return compile_pdf(template.read_text("utf-8"), {"data": json.dumps(said, ensure_ascii=False)})
