"""Flows and corridors as a reader meets them: what they stand for, what is under the pointer."""

from __future__ import annotations

import math

import pytest
from steps import FLOW_COLOUR, count_pixels, panel_text, picture, point_at, spot, squeeze

pytestmark = pytest.mark.browser

DRAWN = ".leaflet-flows-pane canvas[data-drawn]"


def middle_of_flow(page, data, origin: str, destination: str) -> tuple[int, int]:
    """Search the line that crosses a flow half-way for a point where the hint names it."""
    spots = {row["name"]: spot(page, row["at"]) for row in data["regions"]}
    (ax, ay), (bx, by) = spots[origin], spots[destination]
    length = math.hypot(bx - ax, by - ay)
    for off in sorted(range(-150, 151, 3), key=abs):  # it bends to one side
        x = (ax + bx) / 2 - (by - ay) / length * off
        y = (ay + by) / 2 + (bx - ax) / length * off
        if point_at(page, (round(x), round(y))) == f"{origin} → {destination}":
            return round(x), round(y)
    raise AssertionError(f"no point half-way is under {origin} → {destination}")


def zoom_to(page, zoom: float) -> None:
    page.evaluate("(zoom) => { window.corredorMap.setZoom(zoom, { animate: false }); }", zoom)


def test_a_thin_flow_can_be_pointed_at_and_chosen(watched, data) -> None:
    at = middle_of_flow(watched, data, "Lambayeque", "Madre de Dios")
    watched.mouse.click(*at)
    assert "Lambayeque → Madre de Dios" in panel_text(watched)


def test_the_level_follows_the_zoom_until_it_is_chosen(watched) -> None:
    level = watched.locator("#choose-level")
    assert level.input_value() == "auto"
    assert "por región" in level.locator("option:checked").inner_text()
    zoom_to(watched, 8)
    assert "lugar a lugar" in level.locator("option:checked").inner_text()
    zoom_to(watched, 5)
    assert "por región" in level.locator("option:checked").inner_text()
    watched.select_option("#choose-level", "region")
    zoom_to(watched, 8)
    assert level.input_value() == "region"


def test_only_kinds_with_values_are_offered_as_width(watched) -> None:
    offered = watched.locator("#choose-width option").evaluate_all("all => all.map(o => o.value)")
    assert offered == ["evidence", "share_of_destination"]


def test_widths_by_share_say_what_has_none(watched) -> None:
    by_evidence = picture(watched)
    watched.select_option("#choose-width", "share_of_destination")
    assert picture(watched) != by_evidence
    legend = squeeze(watched.locator("#controls").inner_text())
    assert "100 %" in legend
    assert "flujos sin ese dato" in legend
    assert "fuentes independientes nombran el par" not in legend


def test_corridors_are_off_until_asked_for_and_say_that_they_are_inferred(watched) -> None:
    assert not watched.locator("#layer-corridors").is_checked()
    without = picture(watched)
    watched.check("#layer-corridors")
    assert picture(watched) != without
    legend = squeeze(watched.locator("#controls").inner_text())
    assert "Inferido, no reportado" in legend
    watched.uncheck("#layer-corridors")
    assert picture(watched) == without


def test_a_corridor_opens_with_its_range_flows_and_sources(watched) -> None:
    watched.uncheck("#layer-regions")
    watched.check("#layer-corridors")
    flows = count_pixels(watched, FLOW_COLOUR)
    watched.locator(".corridor-list button").first.click()
    text = panel_text(watched)
    assert "Corredor inferido, número 1" in text
    assert "Nadie reportó esta vía" in text
    for fact in ("km", "horas", "desde pocas hasta muchas vías", "Proporción de todos los flujos"):
        assert fact in text
    assert "flujos reportados que probablemente pasan" in text
    assert watched.locator("#panel button[aria-label^='Fuente: ']").count() > 1
    assert 0 < count_pixels(watched, FLOW_COLOUR) < flows  # the flows that do not use it fade


def test_the_picture_says_when_it_is_complete(watched) -> None:
    assert watched.locator(DRAWN).count() == 1
