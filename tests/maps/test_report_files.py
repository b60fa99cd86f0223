"""Reports: the same content in every kind of file, with sources, captions and alternative texts."""

from __future__ import annotations

import base64
import re
import zipfile
from io import BytesIO

import pytest
from corredor.geodata import DataFileError, protect
from corredor.maps import write_report
from corredor.maps.report.content import build_content
from corredor.routes import ask_posts, place_posts
from docx import Document
from PIL import Image
from pptx import Presentation

KINDS = (".docx", ".html", ".pdf", ".pptx")


@pytest.fixture(scope="module")
def content(peru_publication, peru_corridors):
    return build_content(peru_publication, lang="en", corridors=peru_corridors)


@pytest.fixture(scope="module")
def word(peru_publication, peru_corridors, tmp_path_factory):
    path = tmp_path_factory.mktemp("r") / "r.docx"
    return write_report(peru_publication, path, lang="en", corridors=peru_corridors)


def test_every_citation_is_listed_and_every_source_cited(content):
    listed = {b["mark"] for b in content.blocks if b["kind"] == "source"}
    said = " ".join(
        text
        for block in content.blocks
        for row in [[block.get("caption", "")], *block.get("rows", [])]
        for text in row
    )
    cited = {int(n) for marks in re.findall(r"\[([\d, ]+)\]", said) for n in marks.split(",")}
    assert cited == listed == set(range(1, len(listed) + 1))
    assert len(listed) > 20


def test_only_own_counts_have_a_sensitivity_sheet(content):
    assert "Sensitivity sheet" not in [b.get("text") for b in content.blocks]


def test_numbers_of_the_tables_are_those_of_the_study(content, peru_publication):
    """The sheet of a region says what its rows say: checked for one, by hand from the table."""
    complaints = peru_publication.tables.complaints
    row = complaints[
        (complaints["register"] == "MININTER")
        & (complaints["period_end"] == "2023-12")
        & (complaints["ubigeo"] == "17")
    ]
    assert row["value"].tolist() == [92]
    blocks = content.blocks
    start = next(i for i, b in enumerate(blocks) if b.get("text") == "Madre de Dios")
    rows = next(b["rows"] for b in blocks[start:] if b["kind"] == "table")
    assert any(cells[2] == "2017–2023" and cells[3] == "92" for cells in rows)


def test_inferred_is_never_called_reported(content):
    legs = next(b for b in content.blocks if b["kind"] == "table" and b["header"][0] == "Leg")
    assert "expected load" in legs["caption"]
    text = next(b["text"] for b in content.blocks if b.get("text", "").startswith("Inferred, not"))
    assert "not where people were seen" in text


def test_says_where_totals_were_read(content):
    """The report says it beside the map, and so does every picture of that series."""
    said = [block["text"] for block in content.blocks if block["kind"] == "text"]
    assert any("third-party copy" in text for text in said)
    pictures = [b["figure"] for b in content.blocks if b["kind"] == "picture"]
    assert any("third-party copy" in figure.svg for figure in pictures)


def test_a_heading_stands_with_its_picture(content):
    """What stands before a picture on its page, and the picture, are no higher than A4 allows."""
    for number, block in enumerate(content.blocks):
        if block["kind"] != "picture":
            continue
        assert block["figure"].extent[1] <= 860
        before = content.blocks[number - 1 :: -1]
        page = next(
            n for n, b in enumerate(before) if b["kind"] in ("page", "table") or b.get("level") == 1
        )
        assert all(b["kind"] in ("heading", "text") for b in before[:page])


def test_places_of_help_are_those_of_the_posts_with_ranges_and_sources(content, peru_publication):
    question = ask_posts(peru_publication)
    posts = place_posts(question, 5).table
    table = next(b for b in content.blocks if b["kind"] == "table" and "All so far" in b["header"])
    assert "inferred ways" in table["caption"]
    names = {place: data["name"] for place, data in question.spread.network.nodes(data=True)}
    for row, post in zip(table["rows"], posts.to_dict("records"), strict=True):
        assert row[0] == names[post["place_id"]]
        assert row[2] == f"{post['alone'] * 100:.0f}\u00a0%"
        assert row[4] == f"{post['reach'] * 100:.0f}\u00a0%"
        low, high = (float(part) for part in row[3].replace("%", "").split("–"))
        assert low <= float(row[2].rstrip("%")) <= high
        assert row[5].startswith("[")


def test_word_has_styles_captions_and_alternative_texts(word, content):
    document = Document(str(word))
    styles = {p.style.name for p in document.paragraphs}
    assert {"Title", "Heading 1", "Heading 2", "Caption"} <= styles
    pictures = [b for b in content.blocks if b["kind"] == "picture"]
    about = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert about == [b["alt"] for b in pictures]
    assert all(about)
    assert len(document.tables) == sum(b["kind"] == "table" for b in content.blocks)
    body = document.element.xml
    assert "TOC \\o" in body
    assert body.count("SEQ Table") == len(document.tables)
    assert document.core_properties.language == "en-US"


def test_a_logo_and_a_colour_stand_in_every_kind(toy_publication, tmp_path):
    logo = tmp_path / "logo.png"
    Image.new("RGB", (40, 20), "#7a1f3d").save(logo)
    for suffix in KINDS:
        how = {"lang": "en", "accent": "#7a1f3d", "logo": logo}
        path = write_report(toy_publication, tmp_path / f"r{suffix}", **how)
        plain = write_report(toy_publication, tmp_path / f"p{suffix}", lang="en")
        assert path.stat().st_size > plain.stat().st_size
        if suffix == ".html":
            text = path.read_text("utf-8")
            assert "--accent: #7a1f3d" in text
            assert base64.b64encode(logo.read_bytes()).decode() in text
            assert "img-src data:" in text
            assert "img-src" not in plain.read_text("utf-8")
        elif suffix in (".docx", ".pptx"):
            with zipfile.ZipFile(path) as archive:
                members = {name: archive.read(name) for name in archive.namelist()}
            assert logo.read_bytes() in members.values()
            assert any(b"7A1F3D" in content for content in members.values())


@pytest.mark.parametrize(("accent", "said"), [("#ffee00", "contrast"), ("red", "no colour")])
def test_a_colour_that_cannot_be_read_is_refused(toy_publication, tmp_path, accent, said):
    with pytest.raises(ValueError, match=said):
        write_report(toy_publication, tmp_path / "r.html", accent=accent)
    assert not (tmp_path / "r.html").exists()


def test_a_logo_that_is_no_picture_is_refused(toy_publication, tmp_path):
    (tmp_path / "logo.png").write_text("no picture")
    with pytest.raises(DataFileError, match="PNG or JPEG"):
        write_report(toy_publication, tmp_path / "r.html", logo=tmp_path / "logo.png")


def test_slides_carry_alternative_texts_and_sources(peru_publication, tmp_path):
    deck = Presentation(str(write_report(peru_publication, tmp_path / "r.pptx", lang="en")))
    pictures = [s for slide in deck.slides for s in slide.shapes if s.shape_type == 13]
    assert len(pictures) >= 4
    for shape in pictures:
        assert shape._element.nvPicPr.cNvPr.get("descr")
    notes = [
        slide.notes_slide.notes_text_frame.text for slide in deck.slides if slide.has_notes_slide
    ]
    assert len(notes) >= len(pictures)
    assert all("http" in text for text in notes)


@pytest.mark.parametrize("kind", KINDS)
def test_same_input_same_bytes(toy_publication, tmp_path, kind):
    one, other = (
        write_report(toy_publication, tmp_path / f"{name}{kind}").read_bytes() for name in "ab"
    )
    assert one == other


def test_archives_hold_no_time_of_writing(word):
    with zipfile.ZipFile(BytesIO(word.read_bytes())) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("lang", ["es", "en"])
def test_page_is_whole_and_asks_for_nothing(peru_publication, tmp_path, lang):
    html = write_report(peru_publication, tmp_path / "r.html", lang=lang).read_text("utf-8")
    assert f'<html lang="{lang}">' in html
    assert "default-src 'none'" in html
    assert "<script" not in html
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    used = set(re.findall(r"url\(#([^)]+)\)", html))
    assert used <= set(ids)


def test_text_of_a_table_is_never_markup(change, tmp_path):
    """Invented names that would break out of HTML, Typst or XML if written as they are."""
    nasty = "</p><script>alert(1)</script> #panic() $x$ {{7*191}}"
    study = change("sources.csv", "Registro,", f"{nasty},")
    publication = protect(study)
    html = write_report(publication, tmp_path / "r.html").read_text("utf-8")
    assert "<script>" not in html
    assert "1337" not in html
    for kind in (".docx", ".pdf", ".pptx"):
        assert write_report(publication, tmp_path / f"r{kind}").stat().st_size > 1000


def test_one_region_and_a_template(toy_publication, tmp_path):
    template = tmp_path / "ours.docx"
    ours = Document()
    ours.sections[0].footer.paragraphs[0].text = "Invented organisation"
    ours.save(str(template))
    path = write_report(toy_publication, tmp_path / "r.docx", region="Cobre", template=template)
    document = Document(str(path))
    assert document.sections[0].footer.paragraphs[0].text == "Invented organisation"
    names = [p.text for p in document.paragraphs if p.style.name == "Heading 2"]
    assert "Cobre" in names
    assert "Duna" not in names


def test_other_kinds_of_file_are_refused(toy_publication, tmp_path):
    with pytest.raises(ValueError, match=r"path: '\.odt' is none of"):
        write_report(toy_publication, tmp_path / "r.odt")
