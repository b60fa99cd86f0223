"""Text stays text: nothing that a table says becomes markup, script, style, template or request."""

from __future__ import annotations

import csv
import dataclasses
import json
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import folium
import pytest
from blocks import inflate
from conftest import UNFOLD
from corredor.geodata import (
    CONTRACTS,
    CorredorError,
    Publication,
    TableError,
    check_table,
    embedded_study,
    protect,
    read_study,
)
from corredor.geodata.study.model import Bilingual
from corredor.geodata.study.publication import narrow
from corredor.maps import (
    CorridorLayer,
    FlowLayer,
    ItineraryLayer,
    RegionLayer,
    SymbolLayer,
    atlas,
    draw_figure,
    write_page,
    write_report,
)
from corredor.maps.report.content import build_content
from corredor.routes import find_corridors
from hostile import HOSTILE_ADDRESSES, PAYLOADS, REFUSED_ADDRESSES, make_hostile
from steps import CRAWL, choose_language, point_at, read_rows, spot
from watch import READY, STANDARD, Watch

SHORT = [text for text in PAYLOADS if len(text) < 200]

# Keeps what the page writes on its canvas, where no element shows it.
KEEP_CANVAS_TEXT = """
    window.__painted = new Set();
    const paint = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
        window.__painted.add(text);
        return paint.call(this, text, ...rest);
    };
"""


TAKE_COPIES = """
    Object.defineProperty(navigator, "clipboard", { value: { writeText: async () => {} } });
"""


@pytest.fixture(scope="module")
def hostile_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_hostile(tmp_path_factory.mktemp("hostile") / "study")


@pytest.fixture(scope="module")
def hostile_publication(hostile_study: Path) -> Publication:
    return protect(read_study(hostile_study))


@pytest.fixture(scope="module")
def hostile_file(hostile_study: Path, hostile_publication: Publication) -> Path:
    return write_page(atlas(hostile_publication), hostile_study.parent / "map.html")


def visit_file(browser, file: Path) -> list[str]:
    """Open a file and return what it did that a document may not: scripts, requests, dialogs."""
    page = browser.new_context(**STANDARD).new_page()
    done: list[str] = []
    page.on("request", lambda request: done.append(request.url))
    page.on("dialog", lambda dialog: (done.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: done.append(message.text))
    page.goto(file.as_uri())
    page.mouse.move(300, 300)
    page.wait_for_timeout(300)
    if page.evaluate("window.__hit") is not None:
        done.append("a script ran")
    page.close()
    return [one for one in done if one != file.as_uri()]


@pytest.fixture(scope="module")
def visit(browser, open_unwatched, hostile_file: Path, page_file: Path) -> dict[str, Any]:
    """Go through the hostile map as a reader would, in both languages, and keep what was there."""
    page = browser.new_context(**STANDARD).new_page()
    page.add_init_script(KEEP_CANVAS_TEXT)
    # Without it, what a browser forbids to copy is offered in a box, at a moment of its own.
    page.add_init_script(TAKE_COPIES)
    watch = Watch(page)
    watch.start(hostile_file.as_uri())
    page.goto(hostile_file.as_uri())
    page.wait_for_selector(READY)
    page.evaluate(UNFOLD)
    crawls = []
    for language in ("es", "en"):
        choose_language(page, language)
        crawls.append(page.evaluate(CRAWL, {"perRegion": 40}))
        assert crawls[-1]["opened"] > 60
        for option in page.locator("#choose-register option").all()[::9]:
            page.select_option("#choose-register", option.get_attribute("value"))
        for at in ([-12, -70], [-4, -75], [-9, -77], [-14, -72]):
            point_at(page, spot(page, at))
        page.mouse.click(*spot(page, [-4, -75]))
    page.select_option("#choose-level", "place")
    crawls.append(page.evaluate(CRAWL, {"perRegion": 1}))
    found = {
        name: {item for crawl in crawls for item in crawl[name]}
        for name in ("texts", "labels", "links", "tags", "attributes")
    }
    clean, _ = open_unwatched(page_file)
    ours = clean.evaluate(CRAWL, {"perRegion": 1})
    return {
        **found,
        "new tags": found["tags"] - set(ours["tags"]),
        "new attributes": found["attributes"] - set(ours["attributes"]),
        "panel titles": crawls[0]["titles"],
        "title": page.title(),
        "address": page.url,
        "hit": page.evaluate("window.__hit"),
        "painted": set(page.evaluate("[...window.__painted]")),
        "prototypes": page.evaluate(
            "(() => { const k = []; for (const n in []) k.push(n); return k })()"
        ),
        "problems": watch.problems,
    }


@pytest.mark.browser
def test_nothing_ran_and_nothing_left_the_page(visit, hostile_file) -> None:
    assert visit["hit"] is None
    assert visit["problems"] == []
    assert visit["address"].partition("#")[0] == hostile_file.as_uri()
    assert visit["prototypes"] == []


@pytest.mark.browser
def test_no_element_and_no_attribute_came_out_of_a_text(visit) -> None:
    assert visit["new tags"] == set()
    assert visit["new attributes"] == set()


@pytest.mark.browser
def test_no_template_was_evaluated(visit, hostile_file) -> None:
    everything = visit["texts"] | visit["labels"] | visit["painted"] | {visit["title"]}
    assert not [text for text in everything if "1337" in text]
    assert "1337" not in inflate(hostile_file.read_text(encoding="utf-8"))


@pytest.mark.browser
def test_links_lead_to_web_addresses_only(visit) -> None:
    addresses = {link.split(" | ")[0] for link in visit["links"]}
    inside = {address for address in addresses if address.startswith("#")}
    assert all(re.match(r"https?://[^/]", address) for address in addresses - inside)
    assert "https://example.org/A" in addresses
    assert not [address for address in addresses if "not-an-address" in address]
    for link in visit["links"]:
        if not link.startswith("#"):
            assert link.endswith(" | _blank | noopener noreferrer")


@pytest.mark.browser
def test_every_payload_stands_on_the_page_as_text(visit) -> None:
    page = "\n".join(visit["texts"])
    assert [text for text in PAYLOADS if squeeze(text) not in page] == []


@pytest.mark.browser
@pytest.mark.parametrize(
    ("file", "columns"),
    [
        ("sources", ("publisher", "title", "note_es", "note_en")),
        ("registers", ("name_es", "name_en", "counts_es", "counts_en")),
        ("flows", ("purpose", "note_es", "note_en")),
        ("complaints", ("purpose", "note_es", "note_en")),
        ("fiscal_districts", ("district", "note_es", "note_en")),
    ],
)
def test_columns_stand_on_the_page_as_they_are_in_the_table(
    visit, hostile_study, file, columns
) -> None:
    page = "\n".join(visit["texts"])
    rows = rows_of(hostile_study / f"{file}.csv")
    words = {row["purpose"] for row in read_rows("complaints")}
    wanted = {squeeze(row[column]) for row in rows for column in columns} - words
    assert len(wanted) >= len(PAYLOADS)
    assert {text for text in wanted if text not in page} == set()


@pytest.mark.browser
def test_names_of_places_stand_on_the_page_as_they_are(visit, hostile_study) -> None:
    page = "\n".join(visit["texts"])
    layer = json.loads((hostile_study / "regions.geojson").read_text(encoding="utf-8"))
    regions = [feature["properties"]["name"] for feature in layer["features"]]
    assert list(map(visible, visit["panel titles"])) == list(map(visible, regions))
    assert set(visit["panel titles"]) & visit["painted"]
    flows = rows_of(hostile_study / "flows.csv")
    used = {row[end] for row in flows for end in ("origin", "destination")}
    for row in rows_of(hostile_study / "places.csv"):
        if row["place_id"] in used:
            assert squeeze(row["name"]) in page
            assert squeeze(row["name_en"]) in page


@pytest.mark.browser
def test_rows_that_match_no_region_are_listed_as_text(visit) -> None:
    listed = [text for text in visit["texts"] if text.startswith("Not matched and not on the map:")]
    for text in PAYLOADS:
        assert any(f": {squeeze(text)} (3)" in line for line in listed), text


@pytest.mark.browser
def test_title_of_a_study_stays_text(visit) -> None:
    for text in SHORT:
        if text.isprintable():
            assert squeeze(text) in squeeze(visit["title"])


@pytest.mark.browser
@pytest.mark.parametrize("view", ["complaints", "flows", "corridors", "matrix"])
def test_texts_stay_texts_in_figures(browser, hostile_publication, tmp_path, view) -> None:
    """Opened as a picture of its own, which could run scripts and ask for files."""
    file = draw_figure(hostile_publication, view).save(tmp_path / "figure.svg")
    text = file.read_text(encoding="utf-8")
    known = {"svg", "title", "desc", "defs", "metadata", "generator", "source", "g", "path", "rect",
             "circle", "text", "pattern"}  # fmt: skip
    tree = ET.fromstring(text)
    assert {node.tag.rpartition("}")[2] for node in tree.iter()} <= known
    said = [part for node in tree.iter() for part in (node.text or "", *node.attrib.values())]
    assert not [part for part in said if re.search(r"\b1337\b", part)]
    assert visit_file(browser, file) == []


@pytest.mark.browser
def test_texts_stay_texts_in_the_report_as_a_page(browser, hostile_publication, tmp_path) -> None:
    file = write_report(hostile_publication, tmp_path / "report.html", lang="en")
    assert visit_file(browser, file) == []
    assert "1337" not in re.sub(r"<[^>]*>", "", file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", [".docx", ".pptx"])
def test_texts_stay_texts_in_documents(hostile_publication, tmp_path, kind) -> None:
    """No field, object or link comes out of a text, and no formula is worked out."""
    file = write_report(hostile_publication, tmp_path / f"report{kind}", lang="en")
    said, fields = [], []
    with zipfile.ZipFile(file) as parts:
        for name in parts.namelist():
            assert not re.search(r"vba|embed|activeX|oleObject", name), name
            if not name.endswith((".xml", ".rels")):
                continue
            for node in ET.fromstring(parts.read(name)).iter():
                tag = node.tag.rpartition("}")[2]
                if tag in ("t", "instrText"):
                    (said if tag == "t" else fields).append(node.text or "")
                if tag == "Relationship" and node.get("TargetMode") == "External":
                    assert re.match(r"https?://", node.get("Target"), re.IGNORECASE)
    assert "{{7*191}}" in "\n".join(said)
    assert not [text for text in said if re.search(r"\b1337\b", text)]
    assert all(re.match(r"\s*(TOC|SEQ|PAGE)\b", field) for field in fields if field.strip())


def test_texts_stay_texts_on_the_way_to_a_pdf(hostile_publication, tmp_path) -> None:
    """Typst is given texts as values, and would stop at the markup that stands in them."""
    content = build_content(hostile_publication, lang="en")
    said = json.dumps([{k: v for k, v in b.items() if k != "figure"} for b in content.blocks])
    assert "#let x" in said
    assert "{{7*191}}" in said
    file = write_report(hostile_publication, tmp_path / "report.pdf", lang="en")
    raw = file.read_bytes()
    assert raw.startswith(b"%PDF")
    assert not re.search(rb"/(JavaScript|JS|Launch|EmbeddedFile)\b", raw)


@pytest.mark.browser
@pytest.mark.parametrize("name", PAYLOADS)
def test_names_of_layers_stay_text(browser, toy_publication, tmp_path, name) -> None:
    """In the layer control of a Folium map, whose names are markup and a template to others."""
    corridors = find_corridors(toy_publication)
    drawn = folium.Map([-9, -75], zoom_start=5, tiles=None)
    for layer in (RegionLayer, FlowLayer, ItineraryLayer, SymbolLayer):
        layer(toy_publication, name=name).add_to(drawn)
    CorridorLayer(toy_publication, corridors, name=name).add_to(drawn)
    folium.LayerControl(collapsed=False).add_to(drawn)
    script = re.sub(
        r"<script type=.text/plain.*?</script>", "", drawn.get_root().render(), flags=re.S
    )
    assert "1337" not in re.sub(r"[0-9a-f]{16,}|corredor-\w+", "", script)
    (control,) = re.findall(r"overlays : *\{(.*?)\n *\},?\n", script, re.DOTALL)
    assert "<" not in control
    assert "{" not in control


@pytest.mark.browser
def test_long_words_do_not_widen_the_page(open_unwatched, hostile_file) -> None:
    for width in (1440, 390):
        page, _ = open_unwatched(hostile_file, viewport={"width": width, "height": 844})
        assert page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth"), width


@pytest.mark.browser
def test_a_title_leaves_the_elements_of_the_page_as_they_are(browser, tmp_path) -> None:
    """A browser reads each page, without running it, and finds the same elements."""
    publication = protect(read_study(embedded_study()))
    empty = ("rankings", "places", "flows", "itineraries")
    tables = dataclasses.replace(
        publication.tables,
        regions=publication.tables.regions[:2],
        neighbours=None,
        **{name: getattr(publication.tables, name)[:0] for name in empty},
    )
    page = browser.new_page()
    shapes = set()
    for text in ["plain", *(text for text in PAYLOADS if set(text) & set('<"{'))]:
        both = Bilingual(es=text, en=text)
        meta = dataclasses.replace(
            publication.meta, title=both, subtitle=both, boundaries_note=both, stories=()
        )
        map_ = atlas(narrow(publication, meta=meta, tables=tables))
        title, shape = page.evaluate(
            """(html) => {
                const parsed = new DOMParser().parseFromString(html, "text/html");
                const shape = [...parsed.querySelectorAll("*")].map(
                    (e) => e.localName + [...e.attributes].map((a) => ` ${a.name}`).join(""));
                return [parsed.querySelector("title").textContent, shape.join("\\n")];
            }""",
            map_.get_root().render(),
        )
        assert title == text
        shapes.add(shape)
    page.close()
    assert len(shapes) == 1


@pytest.mark.parametrize("address", REFUSED_ADDRESSES)
def test_address_that_is_no_web_address_is_refused(address) -> None:
    row = {**read_rows("sources")[0], "url": address}
    with pytest.raises(TableError, match="address"):
        check_table({name: [cell] for name, cell in row.items()}, "sources")


@pytest.mark.parametrize("address", HOSTILE_ADDRESSES)
def test_odd_web_address_is_accepted_as_text(address) -> None:
    row = {**read_rows("sources")[0], "url": address}
    checked = check_table({name: [cell] for name, cell in row.items()}, "sources")
    assert checked["url"].tolist() == [address]


@pytest.mark.parametrize("table", CONTRACTS)
def test_columns_with_a_form_or_a_choice_refuse_every_payload(table) -> None:
    name = {"districts": "fiscal_districts"}.get(table, table)
    row = read_rows(name)[0]
    for column in CONTRACTS[table]:
        if column.kind == "text" and not column.choices:
            continue
        for text in PAYLOADS:
            cells = {**row, column.name: text}
            with pytest.raises(TableError):
                check_table({key: [cell] for key, cell in cells.items()}, table)


def test_hostile_region_code_does_not_get_in(hostile_study, tmp_path) -> None:
    study = shutil.copytree(hostile_study, tmp_path / "study")
    file = study / "regions.geojson"
    layer = file.read_text(encoding="utf-8")
    assert layer.count('"ubigeo": "17"') == 1
    file.write_text(layer.replace('"ubigeo": "17"', '"ubigeo": "<b>"'), encoding="utf-8")
    try:
        codes = read_study(study).tables.regions["ubigeo"].tolist()
    except CorredorError:
        codes = []
    assert "<b>" not in codes
    assert all(re.fullmatch("[0-9]{2}", code) for code in codes)


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def squeeze(text: str) -> str:
    """Return a text as the crawler keeps it: blanks of HTML made one and cut off at the ends."""
    return re.sub(r"[ \n\t]+", " ", text).strip(" \n\t\u2028\u2029\u0085\ufeff")


def visible(text: str) -> str:
    """Return a text without blanks and without signs that have no shape of their own."""
    return "".join(sign for sign in text if sign.isprintable() and not sign.isspace())
