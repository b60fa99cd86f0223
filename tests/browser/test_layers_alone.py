"""The layers of the atlas on a plain Folium map, whose Leaflet is the page's own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import folium
import pytest
from corredor.maps import CorridorLayer, FlowLayer, ItineraryLayer, Legend, RegionLayer, SymbolLayer
from corredor.maps.vendor import leaflet_script, leaflet_style
from corredor.routes import find_corridors
from steps import FLOW_COLOUR, count_pixels, picture

pytestmark = pytest.mark.browser

ON_MAP = "() => Object.values(window).find((value) => value instanceof L.Map)"


@pytest.fixture
def show(browser, tmp_path: Path):
    """Return a function that opens a map as Folium saves it; Leaflet comes from no host."""
    pages = []

    def show_(map_: folium.Map) -> tuple[Any, list[str]]:
        file = tmp_path / "plain.html"
        map_.save(str(file))
        page = browser.new_page(viewport={"width": 1000, "height": 800})
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.route(
            re.compile("^https?:"),
            lambda route: route.fulfill(**answer(route.request.url)),
        )
        page.goto(file.as_uri())
        page.wait_for_timeout(600)
        pages.append(page)
        return page, problems

    yield show_
    for page in pages:
        page.close()


def answer(address: str) -> dict[str, str]:
    """Return Leaflet from its package, and nothing for what else Folium links."""
    if address.endswith("leaflet.js"):
        return {"body": leaflet_script(), "content_type": "text/javascript"}
    if address.endswith("leaflet.css"):
        return {"body": leaflet_style(), "content_type": "text/css"}
    kind = "javascript" if address.endswith(".js") else "css"
    return {"body": "", "content_type": f"text/{kind}"}


def plain() -> folium.Map:
    return folium.Map([-9, -75], zoom_start=5, tiles=None)


def test_flows_are_drawn_and_the_layer_control_takes_them_away(show, peru_publication) -> None:
    map_ = plain()
    FlowLayer(peru_publication, top=10).add_to(map_)
    folium.LayerControl(collapsed=False).add_to(map_)
    page, problems = show(map_)
    assert problems == []
    drawn = count_pixels(page, FLOW_COLOUR)
    assert drawn > 500
    box = page.locator(".leaflet-control-layers-overlays label")
    assert box.inner_text().strip() == "Flujos reportados"
    box.click()
    page.wait_for_timeout(200)
    assert count_pixels(page, FLOW_COLOUR) == 0
    box.click()
    page.wait_for_timeout(200)
    assert count_pixels(page, FLOW_COLOUR) == pytest.approx(drawn, rel=0.2)


def test_regions_say_their_figures_and_sources(show, peru_publication) -> None:
    map_ = plain()
    RegionLayer(peru_publication, lang="en").add_to(map_)
    page, problems = show(map_)
    regions = page.locator("[data-region]")
    assert regions.count() == 25
    assert "Madre de Dios: 9.32 per 100,000" in page.locator("[data-region='17']").get_attribute(
        "aria-label"
    )
    page.locator("[data-region='17']").press("Enter")
    popup = page.locator(".leaflet-popup")
    assert "Madre de Dios" in popup.inner_text()
    assert popup.locator("a[href^='http']").count() >= 1
    assert problems == []


def test_all_layers_share_one_legend_and_one_study(show, peru_publication) -> None:
    map_ = plain()
    for layer in (RegionLayer, ItineraryLayer, FlowLayer, SymbolLayer):
        layer(peru_publication, lang="en").add_to(map_)
    CorridorLayer(peru_publication, find_corridors(peru_publication), lang="en").add_to(map_)
    Legend(peru_publication, lang="en").add_to(map_)
    folium.LayerControl(collapsed=False).add_to(map_)
    page, problems = show(map_)
    legend = page.locator(".corredor-legend")
    titles = legend.locator("h2").all_inner_texts()
    assert titles == [
        "Figures by region",
        "Reported flows",
        "Documented itineraries",
        "Inferred corridors",
        "Places and mining zones",
    ]
    assert "not prevalence" in legend.inner_text()
    page.locator(".leaflet-control-layers-overlays label", has_text="Reported flows").click()
    page.wait_for_timeout(200)
    assert "Reported flows" not in legend.locator("h2").all_inner_texts()
    text = map_.get_root().render()
    assert text.count('type="text/plain" id="corredor-') == 1
    assert text.count("window.corredorStage =") == 1
    assert problems == []


def test_names_of_layers_stay_text(show, peru_publication) -> None:
    map_ = plain()
    SymbolLayer(peru_publication, name="<img src=x onerror=window.__hit=1>").add_to(map_)
    folium.LayerControl(collapsed=False).add_to(map_)
    page, _ = show(map_)
    label = page.locator(".leaflet-control-layers-overlays label")
    assert label.inner_text().strip() == "<img src=x onerror=window.__hit=1>"
    assert page.evaluate("window.__hit") is None


def test_layers_not_shown_wait_for_the_reader(show, peru_publication) -> None:
    map_ = plain()
    FlowLayer(peru_publication, show=False).add_to(map_)
    folium.LayerControl(collapsed=False).add_to(map_)
    page, _ = show(map_)
    assert page.locator("canvas").count() == 0
    page.locator(".leaflet-control-layers-overlays label").click()
    page.wait_for_timeout(400)
    assert count_pixels(page, FLOW_COLOUR) > 500


def test_inferred_corridors_are_a_layer_too(show, peru_publication) -> None:
    map_ = plain()
    CorridorLayer(peru_publication, find_corridors(peru_publication), lang="en").add_to(map_)
    folium.LayerControl(collapsed=False).add_to(map_)
    page, problems = show(map_)
    label = page.locator(".leaflet-control-layers-overlays label")
    assert label.inner_text().strip() == "Inferred corridors"
    before = picture(page)
    label.click()
    page.wait_for_timeout(300)
    assert picture(page) != before
    assert problems == []
