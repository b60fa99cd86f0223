"""Filters of the flows, the place in focus, and the search field."""

from __future__ import annotations

import re

import pytest
from steps import FLOW_COLOUR, choose_region, count_pixels, panel_text, picture, read_rows, squeeze

pytestmark = pytest.mark.browser

SOURCES = {row["source_id"]: row for row in read_rows("sources")}
FLOWS = read_rows("flows")


REGION_OF = {row["place_id"]: row["ubigeo"][:2] for row in read_rows("places")}


def pairs_of_regions() -> list[tuple[int, int]]:
    """Return for each pair its evidence and its number of flows, the strongest first."""
    rows: dict[tuple[str, str], list[str]] = {}
    for row in FLOWS:
        ends = [REGION_OF[row[end]] or row[end] for end in ("origin", "destination")]
        rows.setdefault((ends[0], ends[1]), []).append(row["source_id"])
    origin = {key: row["origin_id"] or key for key, row in SOURCES.items()}
    counted = [(len({origin[source] for source in told}), len(told)) for told in rows.values()]
    return sorted(counted, key=lambda pair: -pair[0])


def status(page) -> str:
    return squeeze(page.locator("#status").inner_text())


def drawn(page) -> int:
    found = re.search(r"(\d+) de 155 flujos reportados en el mapa", status(page))
    assert found, status(page)
    return int(found[1])


def open_filters(page) -> None:
    page.evaluate("document.getElementById('filters').open = true")


def find(page, text: str) -> None:
    page.locator("#find").fill(text)


def test_a_purpose_leaves_its_flows_and_says_how_many(watched) -> None:
    everything = picture(watched)
    open_filters(watched)
    watched.select_option("#choose-purpose", "=sexual")
    assert drawn(watched) == sum(row["purpose"] == "sexual" for row in FLOWS)
    assert picture(watched) != everything
    assert "Filtros (1)" in squeeze(watched.locator("#controls").inner_text())
    watched.click("#filters-clear")
    assert drawn(watched) == len(FLOWS)
    assert picture(watched) == everything


def test_a_publisher_leaves_what_it_published(watched) -> None:
    open_filters(watched)
    watched.select_option("#choose-publisher", "=RPP")
    rpp = [row for row in FLOWS if SOURCES[row["source_id"]]["publisher"] == "RPP"]
    assert drawn(watched) == len(rpp)


def test_the_strongest_flows_are_said_with_their_share_of_the_evidence(watched) -> None:
    open_filters(watched)
    watched.select_option("#choose-top", "10")
    pairs = pairs_of_regions()
    share = sum(n for n, _ in pairs[:10]) / sum(n for n, _ in pairs)
    assert f"{100 * share:.0f} % de la evidencia" in status(watched)
    assert drawn(watched) == sum(flows for _, flows in pairs[:10])


def test_the_strongest_are_those_of_what_the_width_shows(watched) -> None:
    """By shares at the destination: flows without one have no rank, and the page says how many."""
    shares = [row for row in FLOWS if row["value_kind"] == "share_of_destination"]
    pairs = {
        tuple(REGION_OF[row[end]] or row[end] for end in ("origin", "destination"))
        for row in shares
    }
    of_pairs = [
        row
        for row in FLOWS
        if tuple(REGION_OF[row[end]] or row[end] for end in ("origin", "destination")) in pairs
    ]
    open_filters(watched)
    watched.select_option("#choose-width", "share_of_destination")
    watched.select_option("#choose-top", "50")
    assert len(pairs) < 50
    assert drawn(watched) == len(of_pairs)
    text = status(watched)
    assert "Los mayores por proporción en el destino, como muestra el grosor" in text
    assert f"{len(FLOWS) - len(of_pairs)} flujos sin ese dato quedan sin rango" in text
    watched.select_option("#choose-width", "evidence")
    assert "Los mayores por número de fuentes" in status(watched)
    assert "sin ese dato" not in status(watched)


def test_many_sources_are_asked_for(watched) -> None:
    open_filters(watched)
    watched.select_option("#choose-grade", "3")
    assert drawn(watched) == sum(flows for n, flows in pairs_of_regions() if n >= 3)


def test_flows_across_the_border(watched) -> None:
    open_filters(watched)
    watched.select_option("#choose-direction", "border")
    abroad = {row["place_id"] for row in read_rows("places") if not row["ubigeo"]} - {"costa"}
    assert drawn(watched) == sum(
        (row["origin"] in abroad) != (row["destination"] in abroad) for row in FLOWS
    )


def test_only_the_flows_that_leave_a_region(watched) -> None:
    before = count_pixels(watched, FLOW_COLOUR)
    choose_region(watched, "16")
    watched.select_option("#choose-focus", "out")
    leaving = [
        row
        for row in FLOWS
        if REGION_OF[row["origin"]] == "16" and REGION_OF[row["destination"]] != "16"
    ]
    assert drawn(watched) == len(leaving)
    assert 0 < count_pixels(watched, FLOW_COLOUR) < before
    assert "Solo los flujos que salen de Loreto" in squeeze(
        watched.locator("#chip-focus").inner_text()
    )
    # The focus goes along to the next region, and Escape ends it.
    choose_region(watched, "21")
    assert "Puno" in watched.locator("#chip-focus").inner_text()
    watched.keyboard.press("Escape")
    assert drawn(watched) == len(FLOWS)
    assert watched.locator("#chip-focus").count() == 0


def test_search_finds_without_accents_by_keyboard_alone(watched) -> None:
    watched.locator("#find").focus()
    watched.keyboard.type("ancas")
    field = watched.locator("#find")
    assert field.get_attribute("aria-expanded") == "true"
    chosen = field.get_attribute("aria-activedescendant")
    assert "Áncash" in watched.locator(f"#{chosen}").inner_text()
    watched.keyboard.press("Enter")
    assert field.get_attribute("aria-expanded") == "false"
    assert panel_text(watched).startswith("Áncash")
    assert drawn(watched) < len(FLOWS)


def test_search_goes_to_a_town_and_shows_its_flows(watched) -> None:
    find(watched, "juliaca")
    watched.keyboard.press("Enter")
    assert panel_text(watched).startswith("Juliaca")
    named = [row for row in FLOWS if "juliaca" in (row["origin"], row["destination"])]
    assert drawn(watched) == len(named) > 0


def test_search_moves_with_the_arrows_and_closes_with_escape(watched) -> None:
    watched.locator("#find").focus()
    watched.keyboard.type("ma")
    first = watched.locator("#find").get_attribute("aria-activedescendant")
    watched.keyboard.press("ArrowDown")
    assert watched.locator("#find").get_attribute("aria-activedescendant") != first
    watched.keyboard.press("ArrowUp")
    assert watched.locator("#find").get_attribute("aria-activedescendant") == first
    watched.keyboard.press("Escape")
    assert not watched.locator("#found").is_visible()


def test_search_says_when_nothing_is_found(watched) -> None:
    find(watched, "zzz")
    assert "0 lugares encontrados" in watched.locator("#search [role=status]").inner_text()
    assert "Sin resultados para «zzz»" in watched.locator("#found").inner_text()


def test_search_knows_other_names_and_one_wrong_letter(watched) -> None:
    for asked, found in (("cuzco", "Cusco"), ("MDD", "Madre de Dios"), ("mazuca", "Mazuko")):
        find(watched, asked)
        assert found in watched.locator("#found li").first.inner_text()


def test_search_goes_to_a_place_that_no_flow_names(watched) -> None:
    find(watched, "mazuco")
    watched.keyboard.press("Enter")
    assert watched.evaluate("corredorMap.getZoom()") >= 8
    assert panel_text(watched).startswith("Mazuko")
    # The flows of its region stay.
    assert drawn(watched) > 20
    assert "Solo los flujos de Madre de Dios" in squeeze(watched.locator("#controls").inner_text())
