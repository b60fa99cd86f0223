"""Light and dark: the system's choice, the reader's, and paper."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

THEME = "document.documentElement.dataset.theme"
GROUND = "getComputedStyle(document.querySelector('.panel')).backgroundColor"


def lightness(colour: str) -> float:
    """Return the mean of red, green and blue of ``rgb(...)``."""
    parts = colour[colour.index("(") + 1 : -1].split(",")
    return sum(map(float, parts[:3])) / 3


def sea(page) -> float:
    return lightness(
        page.evaluate("getComputedStyle(document.querySelector('.folium-map')).backgroundColor")
    )


def fills(page) -> set[str]:
    found = {element.get_attribute("fill") for element in page.locator("[data-region]").all()}
    return {fill for fill in found if not fill.startswith("url")}  # patterns keep their names


@pytest.mark.parametrize(("system", "dark"), [("light", False), ("dark", True)])
def test_page_follows_the_system(open_page, system, dark) -> None:
    page = open_page(color_scheme=system)
    assert page.evaluate(THEME) == system
    assert (lightness(page.evaluate(GROUND)) < 60) == dark
    assert (sea(page) < 60) == dark
    assert lightness(page.evaluate(GROUND)) > 15  # never black


def test_page_follows_the_system_while_open(open_page) -> None:
    page = open_page(color_scheme="light")
    before = fills(page)
    page.emulate_media(color_scheme="dark")
    page.wait_for_selector("html[data-theme=dark]", state="attached")
    assert not fills(page) & before
    page.emulate_media(color_scheme="light")
    page.wait_for_selector("html[data-theme=light]", state="attached")
    assert fills(page) == before


def test_the_reader_decides(open_page) -> None:
    page = open_page(color_scheme="light")
    page.click("#theme")
    assert page.evaluate(THEME) == "dark"
    assert page.locator("#theme").get_attribute("aria-label") == "Colores claros"
    page.emulate_media(color_scheme="dark")
    page.emulate_media(color_scheme="light")
    assert page.evaluate(THEME) == "dark"
    page.click("#theme")
    assert page.evaluate(THEME) == "light"


def test_paper_is_light(open_page) -> None:
    page = open_page(color_scheme="dark")
    dark = fills(page)
    page.emulate_media(media="print", color_scheme="dark")
    page.wait_for_selector("html[data-theme=light]", state="attached")
    assert not fills(page) & dark
    page.emulate_media(media="screen", color_scheme="dark")
    page.wait_for_selector("html[data-theme=dark]", state="attached")
    assert fills(page) == dark
