"""The documentation site: Sphinx, with the pages of this folder as they are.

Sphinx and not MkDocs Material: our docstrings are numpydoc, whose tool is a Sphinx extension that
the checks of this project need anyway, signatures come from the code itself, and broken references
fail the build. The site loads nothing from other hosts: formulas become MathML, faces are the
system's.
"""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

from corredor.geodata.messages import Language
from latex2mathml.converter import convert

import corredor

DOCS = Path(__file__).parent
MADE = DOCS / "made"

project = "Corredor"
author = "The Corredor authors"
copyright = "2026, The Corredor authors"
version = release = corredor.__version__
language = "en"
extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc"]
exclude_patterns = ["site", "tutorial", "images"]
html_theme = "furo"
html_title = "Corredor"
html_show_sphinx = False
html_copy_source = False
html_math_renderer = "mathml"
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
numpydoc_show_class_members = False

PACKAGES = {
    "corredor.geodata": "Reading, studies and protection",
    "corredor.routes": "Graphs, corridors and posts",
    "corredor.maps": "Maps, figures, reports and data out",
}
PICTURES = (
    ("complaints", "Reported counts by region, with classes, register, period and sources"),
    ("flows", "Reported flows; the width is how many independent publications name them"),
    ("corridors", "Inferred corridors: hatched, numbered, never like what is reported"),
    ("matrix", "The same flows as a matrix, which needs no map to be read"),
)


def make_reference() -> None:
    """Write a page of all public names, from their docstrings."""
    lines = [
        "# Reference",
        "",
        "Every public name, from its docstring. All are also in `corredor`.",
    ]
    for package, title in PACKAGES.items():
        module = __import__(package, fromlist=["__all__"])
        lines += ["", f"## {title}", "", "```{eval-rst}", f".. currentmodule:: {package}"]
        for name in module.__all__:
            kind = "autoclass" if inspect.isclass(getattr(module, name)) else "autofunction"
            lines += ["", f".. {kind}:: {name}"]
        lines += ["```"]
    _write("reference.md", lines)


def make_dictionary(lang: Language) -> None:
    """Write the data dictionary of what `corredor export` writes, from the embedded study."""
    from corredor.maps.export.dictionary import dictionary_rows
    from corredor.maps.export.tables import gather_parts
    from corredor.maps.scene.build import build_scene

    parts = gather_parts(PUBLICATION, build_scene(PUBLICATION, corridors=CORRIDORS), CORRIDORS,
                         lang=lang, pcodes=True)  # fmt: skip
    said = {"es": ("Diccionario de datos", "columna", "tipo", "significado"),
            "en": ("Data dictionary", "column", "type", "meaning")}[lang]  # fmt: skip
    lines = [f"# {said[0]}"]
    rows = dictionary_rows(parts, lang)
    for part in parts:
        if part.name.startswith("map_") and not part.name.startswith("map_mininter"):
            continue
        lines += ["", f"## {part.name}", "", f"*{part.status}*: {part.what.render(lang)}", "",
                  f"| {said[1]} | {said[2]} | {said[3]} |", "|---|---|---|"]  # fmt: skip
        for row in rows[rows["table"] == part.name].to_dict("records"):
            lines.append(f"| `{row['column']}` | {row['type']} | {row['meaning']} |")
    _write("diccionario.md" if lang == "es" else "dictionary.md", lines)


def make_gallery() -> None:
    """Draw the pictures of the gallery, and the page that shows them."""
    from corredor.maps import draw_figure

    lines = ["# Gallery", "", "Made by `corredor figure` from the embedded study, in these pages as"
             " SVG; PNG and PDF are one suffix away."]  # fmt: skip
    for view, caption in PICTURES:
        figure = draw_figure(PUBLICATION, view, lang="en", size="page")
        path = MADE / f"{view}.svg"
        if not path.exists() or path.read_text("utf-8") != figure.svg:
            path.write_text(figure.svg, encoding="utf-8")
        alt = figure.alt.replace("\n", " ").replace("[", "(").replace("]", ")")
        lines += ["", f"## {view.capitalize()}", "", f"![{alt}]({view}.svg)", "", f"*{caption}.*"]
        lines += ["", "```", f"corredor figure --view {view} -o {view}.svg", "```"]
    _write("gallery.md", lines)


def _write(name: str, lines: list[str]) -> None:
    """Write a page unless it is there already, so that only what changed is built again."""
    text = "\n".join(lines) + "\n"
    path = MADE / name
    if not path.exists() or path.read_text("utf-8") != text:
        path.write_text(text, encoding="utf-8")


def _unlink_outside(_app: object, _page: str, content: list[str]) -> None:
    """Leave links to files beside the documentation as plain words: the site has no such pages."""
    content[0] = re.sub(r"\[([^\]]+)\]\(\.\./[^)]*\)", r"\1", content[0])
    content[0] = re.sub(r"\[([^\]]+)\]\([a-z_/]+\.(?:py|xlsx|csv)\)", r"\1", content[0])


def _inline(writer: Any, node: Any) -> None:
    writer.body.append(convert(node.astext()))
    raise _skip()


def _block(writer: Any, node: Any) -> None:
    writer.body.append(convert(node.astext(), display="block"))
    raise _skip()


def _skip() -> Exception:
    from docutils.nodes import SkipNode

    return SkipNode()


def setup(app: Any) -> None:
    """Register what stands above."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    app.connect("source-read", _unlink_outside)


PUBLICATION = corredor.protect(corredor.read_study())
CORRIDORS = corredor.find_corridors(PUBLICATION)
MADE.mkdir(exist_ok=True)
make_reference()
make_dictionary("es")
make_dictionary("en")
make_gallery()
