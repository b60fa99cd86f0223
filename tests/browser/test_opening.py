"""The map opens from a file, alone, on any screen."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from chromium import FLAGS, find_chromium
from PIL import Image
from steps import FLOW_COLOUR, squeeze
from watch import PHONE, WIDE

pytestmark = pytest.mark.browser

LARGEST_KB = 420
PHONE_OPTIONS = {"viewport": PHONE, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
SCREENS = {
    "wide": {"viewport": WIDE},
    "phone": PHONE_OPTIONS,
    "tablet": {"viewport": {"width": 900, "height": 1100}},
    "small": {"viewport": {"width": 320, "height": 640}},
    "laptop": {"viewport": {"width": 1280, "height": 720}},
}


@pytest.mark.parametrize("screen", SCREENS)
def test_opens_alone_with_the_map_first_and_whole(open_page, screen) -> None:
    page = open_page(**SCREENS[screen])  # open_page fails the test on any request or error
    width, height = page.viewport_size["width"], page.viewport_size["height"]
    inside = page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth")
    assert inside, "the page is wider than the screen"

    stage = page.locator(".leaflet-container").bounding_box()
    controls, panel = (page.locator(part).bounding_box() for part in ("#controls", "#panel"))
    assert stage["y"] < 0.3 * height
    assert min(stage["y"] + stage["height"], height) - stage["y"] > 0.6 * height
    first, last = stage["x"], stage["x"] + stage["width"]
    if width >= 900:
        first, last = controls["x"] + controls["width"], panel["x"]
    else:
        # The panel is a sheet of which a line can be seen; the rest of the page follows the map.
        assert stage["y"] + stage["height"] <= controls["y"]
        assert 0 < height - panel["y"] <= 80

    regions = [element.bounding_box() for element in page.locator("[data-region]").all()]
    assert len(regions) == 25
    assert first <= min(box["x"] for box in regions)
    assert max(box["x"] + box["width"] for box in regions) <= last
    low = page.locator("#time").bounding_box() if width >= 900 else panel
    assert max(box["y"] + box["height"] for box in regions) <= low["y"]


def test_file_is_small(page_file: Path) -> None:
    assert page_file.stat().st_size <= LARGEST_KB * 1000


def test_page_says_what_it_needs_where_there_is_no_script(open_unwatched, page_file) -> None:
    page, watch = open_unwatched(page_file, java_script_enabled=False)
    text = squeeze(page.locator("body").inner_text())
    assert "Este mapa necesita JavaScript" in text
    assert "This map needs JavaScript" in text
    assert not [problem for problem in watch.problems if problem.startswith("request")]


def test_page_says_what_it_needs_where_the_browser_cannot_inflate(browser, page_file) -> None:
    page = browser.new_context(locale="en-US").new_page()
    page.add_init_script("delete window.DecompressionStream")
    page.goto(page_file.as_uri())
    text = squeeze(page.locator("body").inner_text())
    page.context.close()
    assert "Este mapa necesita un navegador de 2023 o posterior" in text
    assert "This map needs a browser from 2023 or later" in text


def test_that_sentence_is_gone_where_the_map_starts(watched) -> None:
    assert watched.locator("#stopped").count() == 0


def test_title_and_status_line_say_what_the_map_shows(watched) -> None:
    assert watched.title() == "Trata de personas en el Perú: lo denunciado y lo reportado"
    assert watched.locator("h1").inner_text() == watched.title()
    assert "cada dato con su fuente" in watched.locator("#subtitle").inner_text()
    status = squeeze(watched.locator("#status").inner_text())
    assert "155 de 155 flujos reportados" in status
    assert "no prevalencia" in status
    assert "Suma de las regiones: 3,822." in status
    assert "Publicado para todo el país: 3,822." in status


def test_policy_allows_nothing_unsafe(page_file: Path) -> None:
    page = page_file.read_text(encoding="utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    rules = dict(rule.strip().split(" ", 1) for rule in policy[1].split(";") if rule.strip())
    assert rules["default-src"] == "'none'"
    assert rules["base-uri"] == rules["form-action"] == rules["img-src"] == "'none'"
    for kind in ("script-src", "style-src"):
        assert all(re.fullmatch(r"'sha256-[\w+/]{43}='", item) for item in rules[kind].split())
    assert "unsafe" not in policy[1]
    assert "*" not in policy[1]
    assert page.index("Content-Security-Policy") < page.index("<style")


INTRUSIONS = [
    "const s = document.createElement('script'); s.textContent = 'window.__hit = 1';"
    " document.body.append(s)",
    "document.body.insertAdjacentHTML('beforeend', '<p onclick=\"window.__hit = 1\">p</p>');"
    " document.body.lastElementChild.click()",
    "const a = document.createElement('a'); a.href = 'javascript:window.__hit = 1';"
    " document.body.append(a); a.click()",
    "setTimeout('window.__hit = 1')",
    "const i = new Image(); i.onload = () => { window.__hit = 1 };"
    " i.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA='",
    "fetch('data:text/plain,x').then(() => { window.__hit = 1 }, () => {})",
]


def test_policy_stops_what_gets_into_the_document(open_unwatched, page_file) -> None:
    page, watch = open_unwatched(page_file)
    for intrusion in INTRUSIONS:
        watch.problems.clear()
        page.evaluate(f"() => {{ {intrusion} }}")
        page.wait_for_timeout(150)
        assert page.evaluate("window.__hit") is None, intrusion
        assert any("Content Security Policy" in problem for problem in watch.problems), intrusion


def test_a_browser_that_takes_a_picture_by_itself_takes_a_whole_one(page_file, tmp_path) -> None:
    """As planners do it, without waiting for anything: all of the page is in the picture."""
    picture = tmp_path / "map.png"
    take = ("--headless", "--window-size=1440,900", f"--screenshot={picture}", page_file.as_uri())
    subprocess.run([find_chromium(), *FLAGS, *take], check=True, capture_output=True, timeout=60)
    with Image.open(picture) as image:
        image = image.convert("RGB")
        cards = [image.crop(box) for box in ((20, 130, 300, 700), (1080, 130, 1400, 700))]
        country = image.crop((500, 150, 900, 700))
    # Text on both cards, and the colours of classes and arrows between them.
    assert all(len(card.getcolors(1 << 20)) > 50 for card in cards)
    seen = {colour for _, colour in country.getcolors(1 << 20)}
    assert {(0x15, 0x4F, 0x6C), FLOW_COLOUR} <= seen
