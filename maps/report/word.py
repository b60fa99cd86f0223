"""The report as a Word document: real styles, captions, a table of contents, alternative texts."""

from __future__ import annotations

import datetime
import io
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.text import WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.shared import Mm, Pt, RGBColor

from .content import WHOLE_ROWS, Block, Content
from .zipped import MOST_PROPERTY, same_bytes

_INK = RGBColor(0x23, 0x30, 0x3A)
# Word says when a document was made; ours says what it was made from instead.
_EPOCH = datetime.datetime(2020, 1, 1)
_WIDTH_MM = 165
_BAND = "F1EFE9"


def write_word(content: Content, *, template: Path | None = None) -> bytes:
    """Return the report as .docx; a ``template`` brings its own styles, header and footer."""
    document = Document(str(template) if template else None)
    if template is None:
        _dress(document, _accent(content))
    _set_properties(document, content)
    _cover(document, content)
    counters = {"table": 0, "picture": 0}
    for block in content.blocks:
        _WRITERS[block["kind"]](document, content, block, counters)
    target = io.BytesIO()
    document.save(target)
    return same_bytes(target.getvalue())


def _accent(content: Content) -> RGBColor:
    return RGBColor(*bytes.fromhex(content.house.accent[1:]))


def _dress(document: Any, accent: RGBColor) -> None:
    """Set page, face and colours of the plain template."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin = section.bottom_margin = Mm(22)
    styles = document.styles
    for name, size, bold in (
        ("Normal", 10.5, False),
        ("Title", 26, True),
        ("Subtitle", 14, False),
        ("Heading 1", 17, True),
        ("Heading 2", 13, True),
        ("Caption", 9, False),
    ):
        font = styles[name].font
        font.name, font.size, font.bold = "Calibri", Pt(size), bold
        font.color.rgb = accent if name.startswith(("Heading", "Subtitle")) else _INK
        # The theme's own face would win over the name for East Asian and complex text.
        styles[name].element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "Calibri")
    styles["Caption"].paragraph_format.space_after = Pt(10)
    # Bands that guide the eye along a row and leave the numbers to be read.
    for shade in styles["Light Shading"].element.iter(qn("w:shd")):
        shade.set(qn("w:fill"), _BAND)


def _set_properties(document: Any, content: Content) -> None:
    properties = document.core_properties
    properties.title = content.title[:MOST_PROPERTY]
    properties.subject = content.subtitle[:MOST_PROPERTY]
    properties.author = f"Corredor {content.scene['study']['version']}"
    properties.language = "es-PE" if content.words.language == "es" else "en-US"
    properties.created = properties.modified = _EPOCH
    properties.last_modified_by = properties.comments = ""
    properties.revision = 1
    for style in ("Normal",):
        fonts = document.styles[style].element.get_or_add_rPr()
        lang = OxmlElement("w:lang")
        lang.set(qn("w:val"), properties.language)
        fonts.append(lang)


def _cover(document: Any, content: Content) -> None:
    if content.house.logo:
        picture = io.BytesIO(content.house.logo)
        shape = document.add_paragraph().add_run().add_picture(picture, height=Mm(18))
        shape._inline.docPr.set("descr", content.words.t("Logo"))
    for _ in range(5):
        document.add_paragraph()
    document.add_paragraph(content.title, style="Title")
    document.add_paragraph(content.subtitle, style="Subtitle")
    study = content.scene["study"]
    made = content.words.t(
        "Made with Corredor {version}; data {fingerprint}.",
        version=study["version"],
        fingerprint=study["fingerprint"],
    )
    document.add_paragraph(made)
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    # No heading style: the list of contents is no part of itself.
    head = document.add_paragraph()
    run = head.add_run(content.words.t("Contents"))
    run.bold, run.font.size, run.font.color.rgb = True, Pt(17), _accent(content)
    # Word puts page numbers here when the field is updated; until then it is a plain list.
    listed = [
        "    " * (block["level"] - 1) + block["text"]
        for block in content.blocks
        if block["kind"] == "heading"
    ]
    _field(document.add_paragraph(), 'TOC \\o "1-2" \\h \\z \\u', "\n".join(listed))


def _field(paragraph: Any, code: str, shown: str) -> None:
    """Add a field that Word computes; ``shown`` stands there until it does."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("shown", shown), ("end", "")):
        run = paragraph.add_run()
        if kind == "shown":
            run.text = text
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        else:
            instruction = OxmlElement("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = text
            run._r.append(instruction)


def _heading(document: Any, _: Content, block: Block, __: dict[str, int]) -> None:
    heading = document.add_heading(block["text"], level=block["level"])
    # Said at the heading too, where the style of a template says something else.
    heading.paragraph_format.page_break_before = block["page"]


def _text(document: Any, _: Content, block: Block, __: dict[str, int]) -> None:
    document.add_paragraph().add_run(block["text"]).bold = block["strong"] or None


def _caption(document: Any, kind: str, text: str, number: int, *, keep: bool) -> None:
    paragraph = document.add_paragraph(style="Caption")
    paragraph.paragraph_format.keep_with_next = keep
    paragraph.add_run(f"{kind} ")
    _field(paragraph, f"SEQ {kind} \\* ARABIC", str(number))
    paragraph.add_run(f". {text}")


def _picture(document: Any, content: Content, block: Block, counters: dict[str, int]) -> None:
    counters["picture"] += 1
    figure = block["figure"]
    width, height = figure.extent
    scale = min(Mm(_WIDTH_MM) / width, Mm(205) / height)
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(
        io.BytesIO(figure.to_png(dpi=220)), width=int(width * scale)
    )
    about = shape._inline.docPr
    about.set("descr", block["alt"])
    about.set("title", figure.title)
    _caption(document, content.words.t("Figure"), block["caption"], counters["picture"], keep=False)


def _table(document: Any, content: Content, block: Block, counters: dict[str, int]) -> None:
    counters["table"] += 1
    _caption(document, content.words.t("Table"), block["caption"], counters["table"], keep=True)
    table = document.add_table(rows=0, cols=len(block["header"]), style="Light Shading")
    table.autofit = False
    widths = _column_widths(block)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    rows = [block["header"], *block["rows"]]
    whole = len(rows) - 1 <= WHOLE_ROWS
    for n, row in enumerate(rows):
        keep = whole and n < len(rows) - 1
        table._tbl.append(_row(row, widths, block["numbers"], head=n == 0, keep=keep))
    document.add_paragraph()


def _row(
    texts: list[str], widths: list[float], numbers: list[int], *, head: bool, keep: bool
) -> Any:
    """Return a row as XML: the library needs a hundred calls for it, and a report has hundreds."""
    # Readers and Word repeat the head on each page of the table.
    parts = [f"<w:tr {nsdecls('w')}>", "<w:trPr><w:tblHeader/></w:trPr>" if head else ""]
    for n, (text, width) in enumerate(zip(texts, widths, strict=True)):
        right = '<w:jc w:val="right"/>' if n in numbers else ""
        parts.append(
            f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{Mm(width).twips}"/></w:tcPr>'
            f'<w:p><w:pPr>{"<w:keepNext/>" if keep else ""}<w:spacing w:after="0"/>{right}</w:pPr>'
            f'<w:r><w:rPr><w:b w:val="{int(head)}"/><w:sz w:val="18"/></w:rPr>'
            f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:tc>'
        )
    return parse_xml("".join([*parts, "</w:tr>"]))


def _column_widths(block: Block) -> list[float]:
    """Return millimetres: no word is broken, and texts share what is left by their length."""
    columns = list(zip(block["header"], *block["rows"], strict=True))
    widths = [max(len(word) for cell in cells for word in cell.split(" ")) for cells in columns]
    least = [min(40.0, 5 + 2.1 * width) for width in widths]
    texts = {
        n: min(40, max(map(len, cells)))
        for n, cells in enumerate(columns)
        if n not in block["numbers"]
    }
    rest = max(0.0, _WIDTH_MM - sum(least)) / max(1, sum(texts.values()))
    return [wide + texts.get(n, 0) * rest for n, wide in enumerate(least)]


def _source(document: Any, content: Content, block: Block, __: dict[str, int]) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.left_indent = Mm(9)
    paragraph.paragraph_format.first_line_indent = Mm(-9)
    paragraph.add_run(f"[{block['mark']}] {block['text']} ")
    if block["url"]:
        link = OxmlElement("w:hyperlink")
        target = paragraph.part.relate_to(
            block["url"], RELATIONSHIP_TYPE.HYPERLINK, is_external=True
        )
        link.set(qn("r:id"), target)
        run = paragraph.add_run(block["url"])
        run.font.color.rgb, run.font.underline = _accent(content), True
        link.append(run._r)
        paragraph._p.append(link)


def _page(document: Any, _: Content, __: Block, ___: dict[str, int]) -> None:
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


_WRITERS = {
    "heading": _heading,
    "text": _text,
    "picture": _picture,
    "table": _table,
    "source": _source,
    "page": _page,
}
