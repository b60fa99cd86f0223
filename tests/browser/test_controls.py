"""Layers, choices, hints and keys."""

from __future__ import annotations

import re

import pytest
from steps import (
    FLOW_COLOUR,
    ITINERARY_COLOUR,
    MP_2007_2014,
    OPENING,
    SERIES,
    choose_region,
    choose_series,
    count_pixels,
    ends_of,
    has_spot,
    panel_text,
    picture,
    point_at,
    region,
    region_values,
    spot,
    squeeze,
)
from watch import PHONE

pytestmark = pytest.mark.browser


def legend(page) -> str:
    return squeeze(page.locator("#controls").inner_text())


def status(page) -> str:
    return squeeze(page.locator("#status").inner_text())


def fills(page) -> list[str]:
    return [path.get_attribute("fill") for path in page.locator("[data-region]").all()]


def test_switching_flows_off_takes_arrows_legend_and_count_away(watched) -> None:
    before = picture(watched)
    assert count_pixels(watched, FLOW_COLOUR) > 1000
    assert "fuentes independientes" in legend(watched)
    watched.uncheck("#layer-flows")
    assert count_pixels(watched, FLOW_COLOUR) == 0
    assert count_pixels(watched, ITINERARY_COLOUR) > 200
    assert "fuentes independientes" not in legend(watched)
    assert "0 de 155 flujos reportados" in status(watched)
    watched.check("#layer-flows")
    assert picture(watched) == before
    assert "155 de 155 flujos reportados" in status(watched)


def test_switching_itineraries_off_takes_lines_and_legend_away(watched) -> None:
    before = picture(watched)
    assert "por río" in legend(watched)
    watched.uncheck("#layer-itineraries")
    assert count_pixels(watched, ITINERARY_COLOUR) == 0
    assert count_pixels(watched, FLOW_COLOUR) > 1000
    assert "por río" not in legend(watched)
    watched.check("#layer-itineraries")
    assert picture(watched) == before


def test_switching_places_off_takes_mining_zones_and_legend_away(watched) -> None:
    before = picture(watched)
    assert "zona minera" in legend(watched)
    watched.uncheck("#layer-places")
    assert picture(watched) != before
    assert "zona minera" not in legend(watched)
    watched.check("#layer-places")
    assert picture(watched) == before


def test_switching_regions_off_takes_colours_legend_and_sum_away(watched) -> None:
    before = fills(watched)
    assert len(set(before)) == 6  # five classes, and unstable rates of the lowest
    watched.uncheck("#layer-regions")
    assert len(set(fills(watched))) == 1
    assert "por 100,000 habitantes y año" not in legend(watched)
    assert watched.locator("#choose-register").count() == 0
    assert "Suma de las regiones" not in status(watched)
    watched.check("#layer-regions")
    assert fills(watched) == before


def test_place_to_place_draws_other_arrows_and_says_how_many(watched, data) -> None:
    by_region = picture(watched)
    watched.select_option("#choose-level", "place")
    assert picture(watched) != by_region
    # More pairs than anybody can read: the strongest, until the reader asks for more.
    pairs = {(a, b) for a, b in ends_of(data, "place")}
    assert len(pairs) > 100
    assert "Solo los 100 pares con más fuentes" in status(watched)
    watched.select_option("#choose-top", "250")
    drawn = sum(has_spot(data, a) and has_spot(data, b) for a, b in ends_of(data, "place"))
    assert f"{drawn} de 155 flujos reportados" in status(watched)
    assert squeeze(
        watched.locator("#controls label", has=watched.locator("#layer-flows")).inner_text()
    ).endswith(f" {drawn}")
    watched.select_option("#choose-top", "0")
    watched.select_option("#choose-level", "region")
    assert picture(watched) == by_region


def test_counts_are_circles_over_the_rates(watched) -> None:
    by_rate, colours, before = legend(watched), fills(watched), picture(watched)
    assert "9.32 1 región" in by_rate
    watched.check("#show-count", force=True)
    by_count = legend(watched)
    assert "Registros de víctimas, cantidad" in by_count
    assert "Áreas proporcionales" in by_count
    assert fills(watched) == colours
    assert picture(watched) != before
    watched.select_option("#choose-ground", "plain")
    assert len(set(fills(watched))) == 1
    watched.select_option("#choose-ground", "rate")
    watched.check("#show-rate", force=True)
    assert (legend(watched), picture(watched)) == (by_rate, before)


def test_counts_as_colours_come_with_a_warning(watched) -> None:
    colours = fills(watched)
    watched.check("#show-count", force=True)
    watched.select_option("#choose-ground", "count")
    by_count = legend(watched)
    values = sorted(value for (value,) in region_values(OPENING).values())
    assert f"{values[-1]:,.0f}" in by_count
    assert f"{values[0]:,.0f} – " in by_count
    assert "engañan" in by_count
    assert fills(watched) != colours


def test_legend_counts_every_region_once_in_every_scheme(watched) -> None:
    texts = set()
    for show in ("rate", "count"):
        watched.check(f"#show-{show}", force=True)
        if show == "count":
            watched.select_option("#choose-ground", "count")
        for scheme in ("jenks", "quantiles", "equal"):
            watched.select_option("#choose-scheme", scheme)
            text = squeeze(watched.locator("#controls .legend-block").first.inner_text())
            counts = re.findall(r"(\d+) regi(?:ón|ones)\b", text)
            assert sum(map(int, counts)) == 25
            texts.add(text)
    assert len(texts) == 6


def test_rates_of_few_reports_are_hatched_and_say_their_interval(watched) -> None:
    few = [ubigeo for ubigeo, (value,) in region_values(OPENING).items() if value < 20]
    assert 0 < len(few) < 25
    assert f"{len(few)} de ellas con menos de 20 registros" in legend(watched)
    hatched = watched.locator('[data-region][fill^="url(#unstable"]')
    assert sorted(e.get_attribute("data-region") for e in hatched.all()) == sorted(few)
    assert "intervalo del 95 %" in region(watched, few[0]).get_attribute("aria-label")


def test_own_bounds_of_classes(watched) -> None:
    watched.select_option("#choose-scheme", "manual")
    watched.fill("#class-bounds", "1; 2,5")
    watched.press("#class-bounds", "Tab")
    assert "2.50 – 9.32" in legend(watched)
    assert "0.00 – 1.00" in legend(watched)
    watched.fill("#class-bounds", "5 1")
    watched.press("#class-bounds", "Tab")
    assert "ascendentes" in watched.locator("#bounds-wrong").inner_text()
    assert "2.50 – 9.32" in legend(watched)


def test_change_is_marked_only_where_it_is_more_than_chance(watched, data) -> None:
    """Against scipy's exact test of the same counts."""
    stats = pytest.importorskip("scipy.stats")
    choose_series(watched, data, MP_2007_2014)
    watched.check("#show-change", force=True)
    rows = [tuple(row[column] for column in SERIES) for row in data["series"]]
    base = ("MP", "complaints", "all", "2016-01", "2016-12")
    watched.select_option("#choose-base", str(rows.index(base)))
    before, after = region_values(MP_2007_2014), region_values(base)
    whole = {
        data["regions"][f["region"]]["id"]
        for f in data["figures"]
        if f["series"] == rows.index(base) and f["shown"] and f["rate"] is not None
    }
    tests = []
    for code in whole:
        (a,), (b,) = before[code], after[code]
        p = stats.binomtest(int(b), int(a + b), 12 / (88 + 12)).pvalue
        tests.append((p, code, b / 12 / (a / 88)))
    reached, sure = 0.0, {}
    for rank, (p, code, factor) in enumerate(sorted(tests)):
        reached = max(reached, min(1, p * (len(tests) - rank)))
        if reached < 0.05:
            sure[code] = factor
    assert len(sure) > 0
    for _, code, factor in tests:
        label = region(watched, code).get_attribute("aria-label")
        assert ("; más allá del azar" in label) == (code in sure), label
        percent = round((factor - 1) * 100)
        assert f"{abs(percent):,} %" in label
    assert f"corrección de Holm para {len(tests)} regi" in legend(watched)


def test_regions_without_figure_have_their_own_fill_and_words(watched, data) -> None:
    series = ("PNP-RETA", "complaints", "all", "2019-01", "2019-07")
    choose_series(watched, data, series)
    bare = {row["id"] for row in data["regions"]} - set(region_values(series))
    assert f"sin cifra en esta serie {len(bare)} regiones" in legend(watched)
    assert sum("nodata" in fill for fill in fills(watched)) == len(bare)
    assert "sin cifra en esta serie" in choose_region(watched, min(bare))


def test_period_says_how_many_regions_it_covers(watched) -> None:
    options = watched.locator("#choose-period option").all_inner_texts()
    assert "2017–2023 (2023 parcial) · 25 de 25 regiones" in options
    assert all(re.search(r" · \d+ de 25 regiones$", option) for option in options)


def test_escape_clears_the_choice_but_first_closes_the_dialog(watched) -> None:
    choose_region(watched, "17")
    watched.click("#open-sources")
    watched.keyboard.press("Escape")
    assert watched.locator("#sources").is_hidden()
    assert watched.locator("#panel-title").inner_text() == "Madre de Dios"
    watched.keyboard.press("Escape")
    assert watched.locator("#panel-title").inner_text() == "Perú"
    assert watched.locator("[data-region][aria-pressed=true]").count() == 0


def test_closing_button_leads_back_to_the_country(watched) -> None:
    choose_region(watched, "17")
    watched.locator("#panel button[aria-label^='Volver']").click()
    assert watched.locator("#panel-title").inner_text() == "Perú"


def test_chosen_region_is_marked_and_its_flows_stand_out(watched) -> None:
    before = count_pixels(watched, FLOW_COLOUR)
    choose_region(watched, "24")
    chosen = watched.locator("[data-region][aria-pressed=true]")
    assert chosen.get_attribute("data-region") == "24"
    assert 0 < count_pixels(watched, FLOW_COLOUR) < before / 2


def test_a_region_chosen_by_keyboard_leads_to_its_panel_and_back(watched) -> None:
    choose_region(watched, "17")
    assert watched.evaluate("document.activeElement.id") == "panel-title"
    watched.keyboard.press("Escape")
    assert watched.evaluate("document.activeElement.dataset.region") == "17"


def test_keys_reach_languages_regions_controls_panel_and_sources(watched) -> None:
    reached = []
    for _ in range(260):
        watched.keyboard.press("Tab")
        reached.append(
            watched.evaluate(
                """() => {
                    const e = document.activeElement;
                    const part = e.closest("#languages, #controls, #panel, #status")?.id ?? "";
                    return e.dataset.region ? `region ${e.dataset.region}` : e.id || part;
                }"""
            )
        )
        if reached[-1] == "open-sources":
            break
    assert reached[0] == "skip"
    assert [name for name in reached if name.startswith("region ")] == [
        f"region {n:02d}" for n in range(1, 26)
    ]
    assert {
        "languages", "layer-regions", "choose-register", "choose-measure", "choose-period",
        "show-rate", "choose-scheme", "layer-flows", "choose-level", "choose-width",
        "layer-itineraries", "layer-places", "panel", "open-sources",
    } <= set(reached)  # fmt: skip


def test_map_has_a_name(watched) -> None:
    stage = watched.locator(".leaflet-container[tabindex='0']")
    assert stage.get_attribute("role") in ("application", "group", "region")
    assert stage.get_attribute("aria-label")


def test_whatever_can_be_used_has_a_name(watched) -> None:
    choose_region(watched, "17")
    nameless = watched.evaluate(
        """() => [...document.querySelectorAll("a, button, select, input, summary, [role=button]")]
            .filter((e) => !(e.ariaLabel || e.textContent.trim() || e.labels?.[0]?.textContent))
            .map((e) => e.outerHTML)"""
    )
    assert nameless == []


def test_skip_link_leads_past_the_map(watched) -> None:
    watched.keyboard.press("Tab")
    watched.keyboard.press("Enter")
    assert watched.evaluate("document.activeElement.id") == "panel"


def test_choices_keep_the_focus_when_they_are_drawn_again(watched) -> None:
    for name in ("layer-places", "show-rate", "choose-scheme"):
        watched.locator(f"#{name}").focus()
        watched.keyboard.press("Space" if name.startswith("layer") else "ArrowDown")
        focused = watched.evaluate("document.activeElement.id")
        assert focused == {"show-rate": "show-count"}.get(name, name)


def test_pointer_on_an_arrow_shows_what_it_is_and_a_click_opens_it(watched, data) -> None:
    ends = [next(p["at"] for p in data["places"] if p["id"] == code) for code in ("16", "15")]
    (x0, y0), (x1, y1) = (spot(watched, end) for end in ends)
    middle = ((x0 + x1) / 2, (y0 + y1) / 2)
    across = (y1 - y0, x0 - x1)
    for step in range(60):
        share = (step - 30) / 100
        at = (round(middle[0] + share * across[0]), round(middle[1] + share * across[1]))
        if point_at(watched, at) == "Loreto → Lima":
            break
    else:
        pytest.fail("no arrow from Loreto to Lima under the pointer")
    assert "fuentes independientes" in watched.locator("#hint").inner_text()
    watched.mouse.click(*at)
    assert watched.locator("#panel-title").inner_text() == "Loreto → Lima"
    watched.mouse.move(5, 5)
    assert not watched.locator("#hint").is_visible()


def test_pointer_on_a_region_shows_its_figure(watched, data) -> None:
    for layer in ("flows", "itineraries"):
        watched.uncheck(f"#layer-{layer}")
    madre = next(row for row in data["regions"] if row["id"] == "17")
    assert point_at(watched, spot(watched, madre["at"])) == "Madre de Dios"
    assert "9.32 por 100,000" in watched.locator("#hint").inner_text()


def test_dragging_the_map_chooses_nothing(watched) -> None:
    watched.mouse.move(800, 500)
    watched.mouse.down()
    watched.mouse.move(760, 460, steps=4)
    watched.mouse.up()
    assert watched.locator("#panel-title").inner_text() == "Perú"


def test_zooming_draws_the_arrows_again(watched) -> None:
    before = picture(watched)
    watched.locator(".leaflet-control-zoom-in").click()
    watched.wait_for_timeout(400)
    assert picture(watched) != before
    assert count_pixels(watched, FLOW_COLOUR) > 1000


def test_itinerary_opens_from_its_region_with_stops_and_source(watched) -> None:
    choose_region(watched, "16")
    watched.locator("#panel button", has_text="Santa Rosa").first.click()
    text = panel_text(watched)
    assert "Ruta documentada" in text
    assert watched.locator("#panel ol li").count() >= 3
    assert watched.locator("#panel button[aria-label^='Fuente: ']").count() >= 1


def test_touch_opens_a_region_in_a_sheet_below_it(open_page, data) -> None:
    page = open_page(viewport=PHONE, is_mobile=True, has_touch=True)
    page.evaluate("document.getElementById('layer-flows').click()")
    page.evaluate("document.getElementById('layer-itineraries').click()")
    page.evaluate("window.scrollTo(0, 0)")
    loreto = next(row for row in data["regions"] if row["id"] == "16")
    page.touchscreen.tap(*spot(page, loreto["at"]))
    assert page.locator("#panel-title").inner_text() == "Loreto"
    # The panel is a sheet over the lower part of the map, and what was chosen stays in sight above.
    assert page.locator("#panel").get_attribute("data-sheet") == "half"
    page.wait_for_timeout(100)
    assert spot(page, loreto["at"])[1] < page.locator("#panel").bounding_box()["y"]
    assert page.evaluate("window.scrollY") == 0


def test_regions_are_buttons_with_names(watched) -> None:
    for code in ("01", "17", "25"):
        element = region(watched, code)
        assert element.get_attribute("role") == "button"
        assert element.get_attribute("tabindex") == "0"
