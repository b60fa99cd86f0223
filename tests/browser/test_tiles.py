"""Tiles of another host: nothing before the reader asks, that host alone afterwards."""

from __future__ import annotations

import base64
import re

import pytest
from corredor.maps import atlas, write_page
from steps import squeeze
from watch import READY

pytestmark = pytest.mark.browser

TILE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg=="
)
ADDRESS = "https://tiles.example.org/{z}/{x}/{y}.png"


def test_tiles_are_loaded_when_asked_for_and_only_from_their_host(
    browser, peru_publication, tmp_path
) -> None:
    file = write_page(
        atlas(peru_publication, tiles=ADDRESS, tiles_credit="<b>Invented</b>"), tmp_path / "t.html"
    )
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.route(
        re.compile("^https:"), lambda route: route.fulfill(body=TILE, content_type="image/png")
    )
    page.goto(file.as_uri())
    page.wait_for_selector(READY, state="attached")
    page.wait_for_timeout(300)
    assert len(asked) == 1
    offer = page.locator(".tiles")
    assert "tiles.example.org. Ese servidor sabrá" in squeeze(offer.inner_text())
    page.click("#tiles")
    page.wait_for_timeout(400)
    tiles = asked[1:]
    assert len(tiles) > 4
    assert all(re.fullmatch(r"https://tiles\.example\.org/\d+/\d+/\d+\.png", url) for url in tiles)
    assert "<b>Invented</b>" in offer.inner_text()
    assert said == []
    page.evaluate("new Image().src = 'https://other.example.org/x.png'")
    page.wait_for_timeout(200)
    assert [text for text in said if "Content Security Policy" in text and "other." in text]
    before = len(asked)
    page.click("#tiles")
    page.evaluate("void corredorMap.setZoom(7, { animate: false })")
    page.wait_for_timeout(300)
    assert len(asked) == before
    page.close()


def test_no_offer_without_tiles(watched) -> None:
    assert watched.locator("#tiles").count() == 0
