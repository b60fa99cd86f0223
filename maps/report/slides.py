"""The report as slides: one picture each with its alternative text, the sources in the notes."""

from __future__ import annotations

import datetime
import io
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import PP_ALIGN
from pptx.util import Emu, Pt

from .content import Block, Content
from .zipped import MOST_PROPERTY, same_bytes

_WIDTH, _HEIGHT = Emu(12192000), Emu(6858000)  # 16:9
_EPOCH = datetime.datetime(2020, 1, 1)
_ROWS = 8
_BANDS = ("ffffff", "f1efe9")


def write_slides(content: Content) -> bytes:
    """Return the report as .pptx; tables are cut to what can be read from the last row."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = _WIDTH, _HEIGHT
    properties = deck.core_properties
    properties.title = content.title[:MOST_PROPERTY]
    properties.subject = content.subtitle[:MOST_PROPERTY]
    properties.author = f"Corredor {content.scene['study']['version']}"
    properties.created = properties.modified = _EPOCH
    properties.last_modified_by, properties.revision = "", 1
    accent = _colour(content.house.accent[1:])
    cover = deck.slides.add_slide(deck.slide_layouts[0])
    cover.shapes.title.text = content.title
    cover.placeholders[1].text = content.subtitle
    _place(cover.shapes.title, 0.08, 0.3, 0.84, 0.25)
    _place(cover.placeholders[1], 0.08, 0.56, 0.84, 0.2)
    if content.house.logo:
        logo = io.BytesIO(content.house.logo)
        shape = cover.shapes.add_picture(
            logo, int(_WIDTH * 0.08), int(_HEIGHT * 0.06), height=int(_HEIGHT * 0.12)
        )
        shape._element.nvPicPr.cNvPr.set("descr", content.words.t("Logo"))
    sources = "\n".join(
        f"[{block['mark']}] {block['text']} {block['url']}"
        for block in content.blocks
        if block["kind"] == "source"
    )
    heading = content.title
    for block in _until_sheets(content):
        if block["kind"] == "heading":
            heading = block["text"]
        elif block["kind"] == "picture":
            _picture(deck, block, sources)
        elif block["kind"] == "table":
            _table(deck, heading, block, sources, accent)
    for slide in deck.slides:
        for run in slide.shapes.title.text_frame.paragraphs[0].runs:
            run.font.color.rgb = accent
    target = io.BytesIO()
    deck.save(target)
    return same_bytes(target.getvalue())


def _colour(text: str) -> RGBColor:
    return RGBColor(*bytes.fromhex(text))  # type: ignore[no-untyped-call]


def _until_sheets(content: Content) -> list[Block]:
    """Return the blocks before the sheets of regions, which are too many for slides."""
    last = content.words.t("Region by region")
    blocks: list[Block] = []
    for block in content.blocks:
        if block["kind"] == "heading" and block["text"] == last:
            break
        blocks.append(block)
    return blocks


def _place(shape: Any, left: float, top: float, width: float, height: float) -> None:
    """Put a shape where shares of the slide say."""
    shape.left, shape.width = int(_WIDTH * left), int(_WIDTH * width)
    shape.top, shape.height = int(_HEIGHT * top), int(_HEIGHT * height)


def _picture(deck: Any, block: Block, sources: str) -> None:
    figure = block["figure"]
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = figure.title
    _place(slide.shapes.title, 0.04, 0.02, 0.92, 0.08)
    slide.shapes.title.text_frame.paragraphs[0].runs[0].font.size = Pt(20)
    width, height = figure.extent
    scale = min(_WIDTH * 0.92 / width, _HEIGHT * 0.86 / height)
    shape = slide.shapes.add_picture(
        io.BytesIO(figure.to_png(dpi=160)),
        int((_WIDTH - width * scale) / 2),
        int(_HEIGHT * 0.12),
        int(width * scale),
        int(height * scale),
    )
    about = shape._element.nvPicPr.cNvPr
    about.set("descr", block["alt"])
    slide.notes_slide.notes_text_frame.text = f"{block['caption']}\n\n{sources}"


def _table(deck: Any, heading: str, block: Block, sources: str, accent: RGBColor) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = heading
    _place(slide.shapes.title, 0.04, 0.02, 0.92, 0.12)
    slide.shapes.title.text_frame.paragraphs[0].runs[0].font.size = Pt(24)
    rows = [block["header"], *block["rows"][:_ROWS]]
    frame = slide.shapes.add_table(
        len(rows), len(rows[0]), int(_WIDTH * 0.04), int(_HEIGHT * 0.17), int(_WIDTH * 0.92), 0
    )
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            cell = frame.table.cell(i, j)
            cell.text = text
            # The colours of the study, not of the theme that the library brings.
            cell.fill.solid()
            cell.fill.fore_color.rgb = accent if i == 0 else _colour(_BANDS[i % 2])
            if j in block["numbers"]:
                cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
            for run in cell.text_frame.paragraphs[0].runs:
                run.font.size = Pt(12)
    slide.notes_slide.notes_text_frame.text = f"{block['caption']}\n\n{sources}"
