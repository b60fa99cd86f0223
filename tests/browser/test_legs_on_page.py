"""Inferred corridors on the page: what is not drawn, their table, where they pass, by keyboard."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from corredor.maps.scene.pack import unpack_numbers
from steps import choose_language, choose_region, panel_text, picture, squeeze
from watch import PHONE

pytestmark = pytest.mark.browser


@pytest.fixture
def page(watched):
    """The map with corridors and without what lies over them."""
    watched.uncheck("#layer-flows")
    watched.check("#layer-corridors")
    return watched


@pytest.fixture(scope="module")
def legs(data) -> list[dict]:
    return data["corridors"]["legs"]


@pytest.fixture(scope="module")
def flows_of(data) -> list[list[int]]:
    """The flows of each leg, as the data block has them."""
    packed = data["corridors"]["flows"]
    rows = unpack_numbers(packed["row"]).tolist()
    return [
        [rows.pop(0) for _ in range(count)] for count in unpack_numbers(packed["count"]).tolist()
    ]


def text_of(page, element: str) -> str:
    return squeeze(page.locator(element).inner_text())


def open_table(page) -> None:
    page.click("#open-table")
    page.click("#tab-corridors")


def read_csv(page) -> list[dict[str, str]]:
    with page.expect_download() as waiting:
        page.click("#table-save")
    assert waiting.value.suggested_filename == "corredor-inferred-corridors.csv"
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def titles(page) -> list[str]:
    return page.locator("#panel .corridor-list .flow span:first-child").all_text_contents()


# What is not drawn ----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["es", "en"])
def test_legs_that_are_not_drawn_are_counted_everywhere(page, data, language) -> None:
    choose_language(page, language)
    found = data["corridors"]
    hidden, share = found["unshown"]["legs"], 100 * found["unshown"]["share"]
    drawn, all_legs = len(found["legs"]), len(found["legs"]) + hidden
    wanted = (
        [
            f"{drawn} de {all_legs} tramos inferidos",
            f"Los otros {hidden}",
            f"el {share:.1f} % de la carga",
        ]
        if language == "es"
        else [
            f"{drawn} of {all_legs} inferred legs",
            f"The other {hidden}",
            f"{share:.1f} % of load",
        ]
    )
    on_leg = "en ningún tramo" if language == "es" else "on no leg"
    page.click("#open-table")
    page.click("#tab-corridors")
    texts = [text_of(page, element) for element in ("#controls", "#status", "#table")]
    page.keyboard.press("Escape")
    page.emulate_media(media="print")
    page.locator("#paper p").first.wait_for()
    texts.append(text_of(page, "#status"))
    for text in texts:
        for words in [*wanted, on_leg]:
            assert words in text


def test_a_flow_on_no_leg_is_named_with_the_reason(page, data) -> None:
    open_table(page)
    note = text_of(page, "#table")
    for group in data["corridors"]["left"]:
        assert group["reason"][0] in note
    assert "En ningún tramo, porque" in note


def test_without_the_layer_nothing_is_said_of_legs(watched) -> None:
    assert "tramos inferidos" not in text_of(watched, "#status")
    watched.check("#layer-corridors")
    assert "tramos inferidos" in text_of(watched, "#status")
    assert "tramos inferidos" in text_of(watched, "#said")


def test_filters_leave_corridors_alone_and_the_page_says_so(page) -> None:
    before = picture(page)
    sentence = page.locator("#controls .corridor-notes p", has_text="no cambia con los filtros")
    assert "flag" not in sentence.get_attribute("class")
    page.check("#layer-flows")
    page.evaluate("document.getElementById('filters').open = true")
    page.select_option("#choose-purpose", "=sexual")
    page.uncheck("#layer-flows")
    assert "flag" in sentence.get_attribute("class")
    assert picture(page) == before


# The table ------------------------------------------------------------------------------------


def test_the_table_holds_every_leg_and_says_of_each_that_it_is_inferred(
    page, data, legs, flows_of
) -> None:
    open_table(page)
    rows = read_csv(page)
    assert [row["corridor"] for row in rows] == [leg["name"] for leg in legs]
    assert {row["basis"] for row in rows} == {"inferido"}
    ids = [f"F{n:03d}" for n in unpack_numbers(data["flows"]["id"])]
    sources = unpack_numbers(data["flows"]["source"]).tolist()
    for row, leg, flows in zip(rows, legs, flows_of, strict=True):
        numbers = [row[f"expected_{name}"] for name in ("low", "load", "high")]
        assert [float(number) for number in numbers] == [leg["low"], leg["load"], leg["high"]]
        assert (float(row["km"]), float(row["hours"])) == (leg["km"], leg["hours"])
        assert row["flow_ids"].split() == [ids[flow] for flow in flows]
        assert int(row["flows"]) == len(flows)
        named = {data["sources"][sources[flow]]["id"] for flow in flows}
        assert set(row["source_ids"].split()) == named
        assert row["load_kind"] == "evidence"
    shown = page.locator("#table tbody tr")
    assert shown.count() == len(legs)
    assert shown.locator("td:nth-child(2)").all_inner_texts() == ["inferido"] * len(legs)


def test_reported_rows_and_inferred_ones_are_never_in_one_table(page, legs) -> None:
    page.check("#layer-flows")
    page.click("#open-table")
    names = {leg["name"] for leg in legs}
    for tab in ("regions", "flows", "itineraries"):
        page.click(f"#tab-{tab}")
        assert "inferido" not in text_of(page, "#table tbody")
        assert not names & set(page.locator("#table tbody th").all_inner_texts())


def test_the_table_is_sorted_and_a_row_leads_to_its_leg_and_back(page, legs) -> None:
    before = picture(page)
    open_table(page)
    page.click("#sort-km")
    longest = max(legs, key=lambda leg: leg["km"])
    first = page.locator("#table tbody th button").first
    assert first.inner_text() == longest["name"]
    first.focus()
    page.keyboard.press("Enter")
    assert not page.locator("#table").is_visible()
    assert panel_text(page).startswith(longest["name"])
    assert picture(page) != before
    page.click("#open-table")
    assert page.locator("#tab-corridors").get_attribute("aria-pressed") == "true"
    marked = page.locator("#table tr[aria-current=true] th")
    assert marked.all_inner_texts() == [longest["name"]]


# Where they pass ------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["16", "17", "08"])
def test_a_region_lists_the_legs_through_it(watched, data, legs, code) -> None:
    """Even while the layer is off: the first click draws it."""
    region = next(n for n, row in enumerate(data["regions"]) if row["id"] == code)
    mine = [leg["name"] for leg in legs if region in leg["regions"]]
    assert len(mine) > 1
    assert "Corredores inferidos que pasan por aquí" in choose_region(watched, code)
    assert titles(watched) == mine
    watched.locator("#panel .corridor-list button").first.click()
    assert watched.locator("#layer-corridors").is_checked()
    assert panel_text(watched).startswith(mine[0])
    assert data["regions"][region]["name"] in watched.locator("#panel .go").all_inner_texts()


def test_a_town_lists_the_legs_through_it(watched, data, legs) -> None:
    regions = {region["name"] for region in data["regions"]}
    stops = [stop for leg in legs for stop in leg["stops"]]
    place = next(stop for stop in stops if data["places"][stop]["name"][0] not in regions)
    watched.locator("#find").fill(data["places"][place]["name"][0])
    watched.locator("[role=option]").first.click()
    assert panel_text(watched).startswith(data["places"][place]["name"][0])
    assert titles(watched) == [leg["name"] for leg in legs if place in leg["stops"]]


def test_a_flow_lists_the_legs_it_may_follow_and_a_leg_its_flows(
    watched, data, legs, flows_of
) -> None:
    choose_region(watched, "17")
    watched.locator("#panel .flow").first.click()
    ends = squeeze(watched.locator("#panel-title").inner_text())
    listed = titles(watched)
    assert 0 < len(listed) < len(legs)
    watched.locator("#panel .corridor-list button").first.click()
    flows = watched.locator("#panel .flows:not(.corridor-list) .flow span:first-child")
    assert ends in flows.all_inner_texts()
    told = re.search(r"(\d+) flujos reportados que probablemente pasan", panel_text(watched))
    number = next(n for n, leg in enumerate(legs) if leg["name"] == listed[0])
    assert int(told[1]) == len(flows_of[number])


def test_flows_of_a_leg_are_listed_whatever_the_filters(page) -> None:
    page.locator("#panel .corridor-list button").first.click()
    everything = panel_text(page)
    page.check("#layer-flows")
    page.evaluate("document.getElementById('filters').open = true")
    page.select_option("#choose-purpose", "=labour") if page.locator(
        "#choose-purpose option[value='=labour']"
    ).count() else page.select_option("#choose-purpose", "=sexual")
    assert panel_text(page) == everything


# By keyboard ----------------------------------------------------------------------------------


def test_every_leg_is_reached_and_announced_by_keyboard(page, legs) -> None:
    page.locator("#panel summary", has_text="tramos más").press("Enter")
    buttons = page.locator("#panel .corridor-list button")
    assert buttons.count() == len(legs)
    assert all(button.is_visible() for button in buttons.all())
    for number in (0, 9, 10, len(legs) - 1):
        buttons.nth(number).press("Enter")
        said = text_of(page, "#said")
        assert said.startswith(f"{legs[number]['name']}. Corredor inferido, carga esperada")
        page.keyboard.press("Escape")
        page.locator("#panel summary", has_text="tramos más").press("Enter")


def test_the_address_of_a_leg_opens_it(open_page, page_file, legs) -> None:
    page = open_page(viewport=PHONE)
    page.evaluate("location.hash = 'selected=corridor~3&layers=corridors'")
    page.wait_for_function("document.getElementById('panel-title').textContent.includes('–')")
    assert panel_text(page).startswith(legs[3]["name"])
