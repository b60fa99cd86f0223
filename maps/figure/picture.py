"""Figures: one view of a publication as a picture, without a browser."""

from __future__ import annotations

import os
import re
import struct
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from corredor.geodata import Publication, StudyError
from corredor.geodata.arguments import as_path, check_choice
from corredor.geodata.errors import missing_extra, suggestion
from corredor.geodata.files import write_whole
from corredor.geodata.messages import Language, Message
from corredor.geodata.study.publication import publishing

from ..scene.build import build_scene
from ..scene.positions import Scene
from .sheet import PAPERS, Size, compose
from .svg import font_files, render
from .views import choose_view
from .words import Words

if TYPE_CHECKING:
    from corredor.routes import Corridors

SUFFIXES = (".svg", ".png", ".pdf")
Level = Literal["region", "province", "district", "place"]
Show = Literal["rate", "count"]
_DPI = 300
# How Typst names signs that no font has, and for how many of them it is asked again.
_UNKNOWN = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)
_MOST_UNKNOWN = 100

# Title, text and picture come in as values: nothing of a study is ever read as markup.
_DOCUMENT = """
#set document(title: sys.inputs.title, author: "Corredor")
#set text(lang: sys.inputs.lang)
#let size(name) = float(sys.inputs.at(name)) * 0.75pt
#set page(width: size("width"), height: size("height"), margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg", alt: sys.inputs.alt, width: 100%)
"""


@dataclass(frozen=True)
class Figure:
    """A picture of one view.

    Parameters
    ----------
    svg : str
        The picture as SVG: text stays text, with title, description and all sources inside.
    drawn : dict of str to list of str
        What is drawn: codes of ``regions``, and ``pairs`` as ``"origin>destination"``.
    title, alt : str
        What the picture is, and what it says, in words.
    extent : tuple of float
        Width and height in CSS pixels.
    lang : {"es", "en"}
        Language of all texts.
    publication : Publication
        What is drawn of; writing the picture publishes it.
    zoom : float
        How much larger than in CSS pixels the picture is meant to be shown.
    """

    svg: str
    drawn: dict[str, list[str]]
    title: str
    alt: str
    extent: tuple[float, float]
    lang: Language
    publication: Publication = field(repr=False)
    zoom: float = 1.0

    def _repr_svg_(self) -> str:
        return self.svg

    def to_png(self, *, dpi: int = _DPI) -> bytes:
        """Return the picture as PNG.

        Parameters
        ----------
        dpi : int
            Pixels an inch; CSS has 96.

        Returns
        -------
        bytes
            A PNG file. The face is Lato from the package ``font-lato``, so that the bytes are the
            same on every machine.

        Raises
        ------
        MissingExtraError
            Without the extra ``pictures``.
        """
        try:
            import resvg_py
        except ImportError:
            raise missing_extra("pictures") from None
        return _sign_png(
            resvg_py.svg_to_bytes(
                svg_string=self.svg,
                zoom=dpi / 96 * self.zoom,
                skip_system_fonts=True,
                font_files=[str(path) for path in font_files()],
                sans_serif_family="Lato",
            )
        )

    def to_pdf(self) -> bytes:
        """Return the picture as a PDF of its own size, with an alternative text.

        Returns
        -------
        bytes
            A PDF file.

        Raises
        ------
        MissingExtraError
            Without the extra ``pdf``.
        """
        inputs = {
            "svg": self.svg,
            "title": self.title,
            "alt": self.alt,
            "lang": self.lang,
            "width": f"{self.extent[0]:.2f}",
            "height": f"{self.extent[1]:.2f}",
        }
        return compile_pdf(_DOCUMENT, inputs)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture as the name says: ``.svg``, ``.png`` or ``.pdf``.

        Parameters
        ----------
        path : str or path-like
            File to write; it is complete or not there.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        ValueError
            If the name ends in nothing that can be written.
        MissingExtraError
            If the extra for that kind of file is missing.
        """
        target = as_path(path)
        check_choice(target.suffix.lower(), SUFFIXES, "path")
        suffix = target.suffix.lower()
        content = (
            self.svg.encode()
            if suffix == ".svg"
            else self.to_png()
            if suffix == ".png"
            else self.to_pdf()
        )
        with publishing(self.publication, target):
            write_whole(target, lambda place: place.write_bytes(content))
        return target


def draw_figure(
    publication: Publication,
    view: str = "complaints",
    *,
    size: Size = "page",
    lang: Language = "es",
    region: str | None = None,
    level: Level = "region",
    grade: int | None = None,
    series: int | None = None,
    show: Show | None = None,
    corridors: Corridors | None = None,
) -> Figure:
    """Draw one view as a picture fit for print.

    Parameters
    ----------
    publication : Publication
        Protected tables, from `protect`.
    view : str
        "complaints", "flows", "corridors", "matrix", "multiples", or a story of the study by its
        number or title.
    size : {"column", "page", "slide", "social"}
        85 mm or 170 mm wide for an A4 report, 16:9, or a square.
    lang : {"es", "en"}
        Language of all texts.
    region : str, optional
        Name or ubigeo of a region to zoom to; the whole country if left out.
    level : {"region", "province", "district", "place"}
        To what the ends of flows are rolled up.
    grade : int, optional
        Draw only pairs that at least so many independent sources name; left out: as many as can be
        read, and the figure says from how many sources on.
    series : int, optional
        Position of the series of complaints (`corredor.geodata.list_series`); the opening one if
        left out.
    show : {"rate", "count"}, optional
        What colours the regions; as the study opens if left out.
    corridors : Corridors, optional
        From `corredor.routes.find_corridors`; found when the view needs them.

    Returns
    -------
    Figure
        Shows itself in a notebook; `Figure.save` writes it.

    Raises
    ------
    StudyError
        If the study has nothing for that view, or no such story or region.
    ValueError
        If a choice is none of those above.
    """
    if corridors is None and view not in ("complaints", "flows", "matrix", "multiples"):
        from corredor.routes import find_corridors

        from ..scene.corridors import has_network

        corridors = find_corridors(publication) if has_network(publication) else None
    scene = build_scene(publication, corridors=corridors)
    return draw_scene(
        publication,
        scene,
        view,
        size=size,
        lang=lang,
        region=region,
        level=level,
        grade=grade,
        series=series,
        show=show,
    )


def draw_scene(
    publication: Publication,
    scene: Scene,
    view: str,
    *,
    size: str,
    lang: Language,
    region: str | None = None,
    **choices: Any,
) -> Figure:
    """Draw one view of a scene that was built before."""
    chosen = choose_view(publication, scene, view, lang=lang, **choices)
    paper, words = PAPERS[size], Words(lang)
    if view == "matrix":
        from .matrix import compose_matrix

        root, drawn = compose_matrix(scene, chosen, paper, words)
    elif view == "multiples":
        from .multiples import compose_multiples

        root, drawn = compose_multiples(scene, chosen, paper, words)
    else:
        regions = [find_region(scene, region)] if region else None
        root, drawn = compose(scene, chosen, paper, words, regions=regions)
    extent = float(root.get("width", 0)), float(root.get("height", 0))
    title, alt = (root.findtext(name, "") for name in ("title", "desc"))
    return Figure(render(root), drawn, title, alt, extent, lang, publication, paper.zoom)


def _sign_png(content: bytes) -> bytes:
    """Return a PNG with the note of who made it, as pages and SVG have one."""
    kind, text = b"tEXt", b"Software\x00Corredor"
    note = struct.pack(">I", len(text)) + kind + text + struct.pack(">I", zlib.crc32(kind + text))
    head = 8 + 25  # the signature, and the chunk that says how large the picture is
    return bytes(content[:head]) + note + bytes(content[head:])


def compile_pdf(document: str, inputs: dict[str, str]) -> bytes:
    """Return a Typst document as PDF/UA-1, with the same bytes for the same inputs."""
    try:
        import typst
    except ImportError:
        raise missing_extra("pdf") from None
    for _ in range(_MOST_UNKNOWN):
        try:
            return bytes(
                # Its stubs want folders of fonts to be of the type of the document.
                typst.compile(  # type: ignore[call-overload]
                    document.encode(),
                    format="pdf",
                    font_paths=[font_files()[0].parent],
                    ignore_system_fonts=True,
                    sys_inputs=inputs,
                    pdf_standards=["ua-1"],
                    timestamp=0,
                )
            )
        except typst.TypstError as error:
            unknown = set("".join(map(_unescaped, _UNKNOWN.findall(str(error)))))
            if not unknown:
                raise
            # PDF/UA forbids a sign that no font has: a mark stands in its place.
            shown = {ord(sign): " " if sign.isspace() else "?" for sign in unknown}
            inputs = {name: text.translate(shown) for name, text in inputs.items()}
    raise ValueError(Message("The texts hold too many signs that no font of the PDF has."))


def _unescaped(text: str) -> str:
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda found: chr(int(found[1], 16)), text)


def find_region(scene: Scene, region: str) -> int:
    """Return the position of a region by its name or ubigeo."""
    from corredor.geodata.places.build import find_region as find_code
    from corredor.geodata.places.keys import key_of

    names = {key_of(row["name"]): n for n, row in enumerate(scene["regions"])}
    names |= {row["id"]: n for n, row in enumerate(scene["regions"])}
    name = next((one for one in (region, key_of(region)) if one in names), None)
    if name is None and not region.isdigit():
        name = find_code(region)
    if name not in names:
        raise StudyError(
            Message(
                "No region is called '{name}'. {near}",
                name=region,
                near=suggestion(region, [row["name"] for row in scene["regions"]]),
            )
        )
    return names[name]
