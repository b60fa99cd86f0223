"""A picture as PDF, made by Typst: tagged (PDF/UA-1), with an alternative text, text as text."""

from __future__ import annotations

import re

from corredor.geodata.errors import missing_extra
from corredor.geodata.messages import Message

from .svg import font_files

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


def picture_to_pdf(
    svg: str, *, title: str, alt: str, extent: tuple[float, float], lang: str
) -> bytes:
    """Return a PDF of one page as large as the picture (``extent`` in CSS pixels)."""
    inputs = {
        "svg": svg,
        "title": title,
        "alt": alt,
        "lang": lang,
        "width": f"{extent[0]:.2f}",
        "height": f"{extent[1]:.2f}",
    }
    return compile_pdf(_DOCUMENT, inputs)


def compile_pdf(document: str, inputs: dict[str, str]) -> bytes:
    """Return a Typst document as PDF/UA-1, with the same bytes for the same inputs.

    Raises
    ------
    MissingExtraError
        Without the extra ``pdf``.
    """
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
