"""On paper: one A4 page that says how to read the map and where its figures come from."""

from __future__ import annotations

import re

import pytest
from corredor.maps import atlas, write_page
from steps import FLOW_COLOUR, choose_language, choose_region, count_pixels, squeeze
from watch import PHONE, WIDE

pytestmark = pytest.mark.browser

A4 = (595, 842)


def print_page(page) -> list[tuple[int, int]]:
    """Return the size of each printed page in points."""
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == len(re.findall(rb"/MediaBox", pdf))
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)", pdf)
    return [(round(float(width)), round(float(height))) for width, height in boxes]


def show_paper(page) -> None:
    page.emulate_media(media="print")
    page.locator("#paper p").first.wait_for()


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("language", ["es", "en"])
def test_prints_one_page_of_a4(open_page, screen, language) -> None:
    page = open_page(viewport=screen)
    choose_language(page, language)
    assert print_page(page) == [A4]


def test_prints_the_map_and_a_sheet_of_what_is_chosen(watched, data) -> None:
    choose_region(watched, "17")
    longest = max(range(len(data["series"])), key=lambda n: data["series"][n]["covered"] % 25)
    watched.select_option("#choose-register", data["series"][longest]["register"])
    watched.select_option("#choose-period", str(longest))
    watched.select_option("#choose-level", "place")
    # A region brings its sheet, with full references: of the one with most sources two pages more.
    pages = print_page(watched)
    assert set(pages) == {A4}
    assert 2 <= len(pages) <= 3


@pytest.mark.parametrize("language", ["es", "en"])
def test_prints_one_page_with_corridors_and_everything_else(watched, language) -> None:
    choose_language(watched, language)
    watched.check("#layer-corridors")
    assert print_page(watched) == [A4]


def test_paper_says_how_to_read_it_and_names_its_sources(watched) -> None:
    assert watched.locator("#paper").is_hidden()
    show_paper(watched)
    paper = squeeze(watched.locator("#paper").inner_text())
    assert "Nunca se suman registros" in paper
    assert "Evidencia no es volumen" in paper
    for kind in ("cifras", "flujos", "rutas"):
        assert f"Fuentes de las {kind}" in paper or f"Fuentes de los {kind}" in paper
    assert "Living in Peru, 2018" in paper
    assert re.search(r"huella de los datos [0-9a-f]{12}\.", paper)
    status = squeeze(watched.locator("#status").inner_text())
    assert "155 de 155 flujos reportados" in status
    for part in ("#languages", "#panel", "#choose-register", "#open-sources", "#hint"):
        assert watched.locator(part).is_hidden(), part
    assert "cortes naturales (Jenks)" in watched.locator("#controls").inner_text()


def test_paper_names_only_the_sources_of_what_is_drawn(watched) -> None:
    watched.uncheck("#layer-flows")
    show_paper(watched)
    paper = squeeze(watched.locator("#paper").inner_text())
    assert "Fuentes de los flujos" not in paper
    assert "Living in Peru, 2018" not in paper


def test_printed_map_carries_regions_and_flows(watched, data) -> None:
    show_paper(watched)
    assert count_pixels(watched, FLOW_COLOUR) > 3000
    assert count_pixels(watched, (0x15, 0x4F, 0x6C)) > 3000  # the darkest class


def test_screen_comes_back_after_printing(watched) -> None:
    lima = watched.locator("[data-region='15']")
    before = lima.bounding_box()
    show_paper(watched)
    assert lima.bounding_box() != before
    watched.emulate_media(media="null")
    watched.wait_for_timeout(200)
    assert lima.bounding_box() == pytest.approx(before, abs=1)
    assert watched.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth")


def test_a_short_sheet_leaves_no_empty_page(open_page, toy_publication, tmp_path) -> None:
    page = open_page(write_page(atlas(toy_publication), tmp_path / "toy.html"))
    choose_region(page, "01")
    assert print_page(page) == [A4]
