"""Access: axe-core finds nothing in any state, and everything is reached without a mouse."""

from __future__ import annotations

import re

import pytest
from axe import RUN, TAGS, find_axe, violations
from corredor.maps import write_report
from steps import choose_language, choose_region
from watch import PHONE, WIDE

pytestmark = pytest.mark.browser

PHONE_OPTIONS = {"viewport": PHONE, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
SCREENS = {
    "light": {"viewport": WIDE, "color_scheme": "light"},
    "dark": {"viewport": WIDE, "color_scheme": "dark"},
    "phone": PHONE_OPTIONS,
}


def opening(page) -> None:
    pass


def english(page) -> None:
    choose_language(page, "en")


def region(page) -> None:
    choose_region(page, "17")


def pair(page) -> None:
    choose_region(page, "17")
    page.locator("#panel .flow").first.click()


def sources(page) -> None:
    page.click("#open-sources")


def table(page) -> None:
    page.click("#open-table")
    page.locator("dialog[open] table").first.wait_for()


def story(page) -> None:
    page.locator("#panel button", has_text="Puno").first.click()
    page.locator("#story-title").wait_for()


def corridors(page) -> None:
    page.check("#layer-corridors")
    page.locator(".corridor-list").first.wait_for()
    page.locator("#panel summary", has_text="tramos más").click()


def corridor(page) -> None:
    page.check("#layer-corridors")
    page.locator(".corridor-list button").first.click()
    page.locator("#panel .facts").wait_for()


def corridor_table(page) -> None:
    corridor(page)
    page.click("#open-table")
    page.locator("#table tr[aria-current]").wait_for()


def matrix(page) -> None:
    page.click("#open-table")
    page.click("#tab-matrix")
    page.locator(".matrix").wait_for()


def arrivals(page) -> None:
    page.click("#open-table")
    page.click("#tab-ends")
    page.locator("#table td").first.wait_for()


def small_maps(page) -> None:
    page.click("#open-table")
    page.click("#tab-multiples")
    page.locator("#table svg, #table p").first.wait_for()


def counts(page) -> None:
    page.locator("label", has=page.locator("#show-count")).click()


def changed(page) -> None:
    page.locator("#choose-pair").select_option(index=3)
    page.locator("#choose-base").wait_for()


def searching(page) -> None:
    page.fill("#find", "pu")
    page.locator("#found [role=option]").first.wait_for()


def saving(page) -> None:
    page.click("#save")
    page.locator("#save-png").wait_for()


def orders(page) -> None:
    page.check("#layer-leading")


def nothing_drawn(page) -> None:
    boxes = page.locator("[id^='layer-']")
    for name in [box.get_attribute("id") for box in boxes.all()]:
        page.uncheck(f"#{name}")


def pull_up(page) -> None:
    """Pull the sheet of a phone up, and let no edge cut what is in it; wide screens have none."""
    page.evaluate(
        """() => {
            const panel = document.getElementById("panel");
            panel.dataset.sheet = "half";
            if (getComputedStyle(panel).position === "fixed")
                Object.assign(panel.style, { position: "static", maxHeight: "none" });
        }"""
    )


MAIN = (opening, region, pair, sources, table, story, corridors, corridor, corridor_table, matrix)
MORE = (arrivals, small_maps, counts, changed, searching, saving, orders)
STATES = (*MAIN, *MORE, english, nothing_drawn)
CASES = [("light", state) for state in STATES]
CASES += [(screen, state) for screen in ("dark", "phone") for state in MAIN]


@pytest.fixture(scope="module")
def axe() -> str:
    return find_axe()


@pytest.mark.parametrize(
    ("screen", "state"), CASES, ids=[f"{screen}-{state.__name__}" for screen, state in CASES]
)
def test_axe_finds_nothing(open_page, axe, screen, state) -> None:
    page = open_page(**SCREENS[screen])
    pull_up(page)
    state(page)
    page.evaluate("window.scrollTo(0, 0)")
    assert violations(page, axe) == []


def test_axe_is_able_to_find_something(open_page, axe) -> None:
    page = open_page()
    page.evaluate("document.querySelector('#theme').ariaLabel = ''")
    page.evaluate("document.querySelector('#theme').title = ''")
    page.evaluate("document.querySelector('.status').style.color = '#ddd'")
    found = "\n".join(violations(page, axe))
    assert "button-name" in found
    assert "color-contrast" in found


def size_of_targets(page) -> list[str]:
    """Return what can be pressed and is smaller than 24 by 24 pixels, except links in sentences."""
    return page.evaluate(
        """() => [...document.querySelectorAll("button, select, summary, input, a[href]")]
            .filter((element) => element.checkVisibility() && !element.closest("p"))
            .filter((element) => !element.matches(".skip"))
            .map((element) => {
                const boxes = [element, ...(element.labels ?? [])]
                    .map((part) => part.getBoundingClientRect());
                const most = (side) => Math.max(...boxes.map((box) => box[side]));
                return [element, most("width"), most("height")];
            })
            .filter(([, width, height]) => width < 23.9 || height < 23.9)
            .map(([element, width, height]) =>
                `${element.outerHTML.slice(0, 120)} ${width}x${height}`)"""
    )


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize(
    "state", [opening, region, sources, corridors], ids=lambda state: state.__name__
)
def test_targets_are_large_enough(open_page, screen, state) -> None:
    page = open_page(**SCREENS[screen])
    pull_up(page)
    state(page)
    assert size_of_targets(page) == []


# Without a mouse ------------------------------------------------------------------------------

FOCUSED = """() => {
    const element = document.activeElement;
    return element.dataset.region ?? (element.id || element.className || element.tagName);
}"""


def tab_through(page, most: int) -> list[str]:
    """Return what has the focus after each press of the tab key, until it leaves the page."""
    order = []
    for _ in range(most):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUSED)
        if here == "BODY":
            break
        order.append(here)
    return order


def test_focus_goes_from_the_head_over_the_map_to_controls_panel_and_status(watched, data) -> None:
    order = tab_through(watched, 400)
    codes = [region["id"] for region in data["regions"]]
    assert order[0] == "skip"
    assert [name for name in order if name in codes] == codes
    marks = ["skip", "theme", codes[0], "layer-regions", "layer-flows", "open-sources"]
    assert [order.index(mark) for mark in marks] == sorted(order.index(mark) for mark in marks)
    assert order.count("open-sources") == 1


def test_skip_link_leads_past_the_map_and_leaves_the_view_as_it_is(watched) -> None:
    watched.uncheck("#layer-itineraries")
    watched.locator("#skip").focus()
    before = watched.evaluate("window.location.hash")
    watched.keyboard.press("Enter")
    watched.keyboard.press("Tab")
    assert watched.evaluate("document.querySelector('#panel').contains(document.activeElement)")
    assert watched.evaluate("window.location.hash") == before
    assert not watched.is_checked("#layer-itineraries")


def test_focus_is_always_seen(watched) -> None:
    """Whatever has the focus by keyboard has an outline, or, on the map, a line around it."""
    for _ in range(60):
        watched.keyboard.press("Tab")
        shown = watched.evaluate(
            """() => {
                const element = document.activeElement;
                const style = getComputedStyle(element);
                const near = getComputedStyle(element.nextElementSibling ?? element);
                const lines = (of) => of.outlineStyle !== "none" && parseFloat(of.outlineWidth) > 0;
                return lines(style) || lines(near) || parseFloat(style.strokeWidth) >= 3;
            }"""
        )
        assert shown, watched.evaluate(FOCUSED)


def test_every_region_says_its_name_and_its_figure(watched, data) -> None:
    for code in [region["id"] for region in data["regions"]]:
        element = watched.locator(f"[data-region='{code}']")
        name = next(region["name"] for region in data["regions"] if region["id"] == code)
        assert re.match(rf"{name}: .*\d", element.get_attribute("aria-label"))
        assert element.get_attribute("role") == "button"


def test_choices_are_announced(watched) -> None:
    said = watched.locator("#said")
    assert said.get_attribute("role") == "status"
    watched.locator("[data-region='17']").press("Enter")
    assert re.match(r"Madre de Dios\. [\d,.]+ por 100,000", said.inner_text())
    watched.locator("#panel .flow").first.press("Enter")
    assert re.search(r" → .*Flujo reportado, nombrado por \d+ fuente", said.inner_text())
    watched.keyboard.press("Escape")
    assert said.inner_text() == "Nada seleccionado"
    watched.locator("#layer-flows").press("Space")
    assert "0 de 155 flujos reportados" in said.inner_text()


def test_every_flow_is_reached_from_the_panel_of_a_region(watched, data) -> None:
    """Each pair of regions stands as a button in the panels of its ends."""
    reached = set()
    for code in [region["id"] for region in data["regions"]]:
        watched.locator(f"[data-region='{code}']").press("Enter")
        for flow in watched.locator("#panel .flow span:first-child").all_inner_texts():
            reached.add(flow)
    assert len(reached) > 60


def test_nothing_moves_for_readers_who_ask_for_it(open_page) -> None:
    page = open_page(reduced_motion="reduce")
    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((element) => {
            const style = getComputedStyle(element);
            return [style.transitionDuration, style.animationDuration]
                .some((text) => text.split(",").some((part) => parseFloat(part) > 0.01));
        }).map((element) => element.className.baseVal ?? element.className)"""
    )
    assert moving == []
    page.locator(".leaflet-control-zoom-in").click()
    assert page.evaluate("corredorMap._animatingZoom") is not True


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_report(browser, axe, toy_publication, tmp_path, scheme) -> None:
    file = write_report(toy_publication, tmp_path / "informe.html", lang="es")
    page = browser.new_page(color_scheme=scheme, bypass_csp=True)
    page.goto(file.as_uri())
    page.evaluate(axe)
    found = page.evaluate(RUN, {"runOnly": list(TAGS)})
    page.close()
    assert found["passed"] > 100
    assert found["violations"] == []
