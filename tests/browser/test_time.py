"""Time, the view in the address, and stories."""

from __future__ import annotations

import re

import pytest
from steps import MP_2007_2014, SERIES, choose_series, panel_text, picture, read_rows, squeeze

pytestmark = pytest.mark.browser

FLOWS = read_rows("flows")


def status(page) -> str:
    return squeeze(page.locator("#status").inner_text())


def touching(start: str, end: str) -> int:
    dated = [row for row in FLOWS if row["period_start"] or row["period_end"]]
    return sum(
        (row["period_start"] or "0") <= end and (row["period_end"] or "9999") >= start
        for row in dated
    )


def test_one_step_moves_figures_flows_legend_and_totals(watched, data) -> None:
    choose_series(watched, data, MP_2007_2014)
    before = picture(watched)
    watched.locator("#time-slider").focus()
    watched.keyboard.press("ArrowRight")
    rows = [tuple(row[column] for column in SERIES) for row in data["series"]]
    mp = sorted(row for row in rows if row[:3] == MP_2007_2014[:3])
    following = mp[mp.index(MP_2007_2014) + 1]
    assert following[3:] == ("2009-01", "2014-12")
    assert f"{touching(*following[3:])} de 155 flujos" in status(watched)
    assert "Fiscalía), 2009–2014" in status(watched)
    undated = sum(not row["period_start"] and not row["period_end"] for row in FLOWS)
    assert f"{undated} flujos no indican periodo" in status(watched)
    assert picture(watched) != before
    slider = watched.locator("#time-slider")
    assert slider.get_attribute("aria-valuetext").startswith("2009–2014, 24 de 25")
    assert watched.evaluate("document.activeElement.id") == "time-slider"
    watched.keyboard.press("Home")
    assert slider.get_attribute("aria-valuenow") == "1"
    watched.keyboard.press("End")
    assert slider.get_attribute("aria-valuenow") == slider.get_attribute("aria-valuemax")
    watched.click("#time-all")
    assert "155 de 155 flujos" in status(watched)


def test_flows_without_a_period_can_be_kept(watched, data) -> None:
    choose_series(watched, data, MP_2007_2014)
    watched.click("#time-back") if watched.locator("#time-back").is_enabled() else None
    watched.locator("#time-slider").focus()
    watched.keyboard.press("ArrowRight")
    watched.check("#undated")
    shown = int(re.search(r"(\d+) de 155 flujos", status(watched))[1])
    undated = sum(not row["period_start"] and not row["period_end"] for row in FLOWS)
    assert shown > undated
    watched.click("#chip-period")
    assert "155 de 155" in status(watched)


def test_spans_are_as_long_as_their_periods(watched, data) -> None:
    choose_series(watched, data, MP_2007_2014)
    widths = watched.evaluate(
        "[...document.querySelectorAll('.time-bar')].map((bar) => +bar.getAttribute('width'))"
    )
    rows = [tuple(row[column] for column in SERIES) for row in data["series"]]
    months = [
        (int(end[:4]) - int(start[:4])) * 12 + int(end[5:]) - int(start[5:]) + 1
        for *key, start, end in sorted(row for row in rows if row[:3] == MP_2007_2014[:3])
    ]
    assert len(widths) == len(months)
    scale = widths[0] / months[0]
    for width, n in zip(widths, months, strict=True):
        assert width == pytest.approx(max(2, n * scale), abs=0.2)


def test_play_goes_on_by_itself_and_pauses(watched, data) -> None:
    choose_series(watched, data, MP_2007_2014)
    watched.clock.install()
    watched.click("#time-play")
    first = watched.locator("#time-slider").get_attribute("aria-valuenow")
    watched.clock.run_for(4000)
    assert int(watched.locator("#time-slider").get_attribute("aria-valuenow")) > int(first)
    watched.click("#time-play")
    there = watched.locator("#time-slider").get_attribute("aria-valuenow")
    watched.clock.run_for(9000)
    assert watched.locator("#time-slider").get_attribute("aria-valuenow") == there


def hash_of(page) -> str:
    return str(page.evaluate("location.hash"))


def test_the_address_holds_the_view_and_gives_it_back(watched, open_page, page_file) -> None:
    assert hash_of(watched) == ""
    watched.check("#show-count", force=True)
    watched.select_option("#choose-scheme", "quantiles")
    watched.uncheck("#layer-itineraries")
    watched.locator("#find").fill("loreto")
    watched.keyboard.press("Enter")
    address, panel, line = hash_of(watched), panel_text(watched), status(watched)
    assert "show=count" in address
    watched.goto("about:blank")
    watched.goto(page_file.as_uri() + address)
    watched.wait_for_selector("[data-ready=true]", state="attached")
    assert panel_text(watched) == panel
    assert status(watched) == line
    assert watched.locator("#choose-scheme").input_value() == "quantiles"
    assert not watched.locator("#layer-itineraries").is_checked()
    assert hash_of(watched) == address
    watched.evaluate("location.hash = 'show=change'")
    watched.wait_for_function("document.querySelector('#show-change').checked")
    assert not panel_text(watched).startswith("Loreto")


def test_a_broken_address_shows_the_opening_view(watched, page_file) -> None:
    line = status(watched)
    watched.goto("about:blank")
    watched.goto(page_file.as_uri() + "#series=%E0%A4%A&show=&focus=x~y&selected=pair~a&at=1 2 3")
    watched.wait_for_selector("[data-ready=true]", state="attached")
    assert status(watched) == line


def test_stories_are_prepared_views_one_after_the_other(watched, data) -> None:
    titles = [story["title"][0] for story in data["stories"]]
    assert len(titles) >= 4
    watched.get_by_role("button", name=titles[1]).click()
    assert titles[1] in panel_text(watched)
    assert "Relato 2 de 4" in panel_text(watched)
    assert watched.evaluate("document.activeElement.id") == "story-title"
    assert "Solo los flujos que salen de Loreto" in watched.locator("#controls").inner_text()
    assert "story=1" in hash_of(watched)
    watched.get_by_role("button", name="Relato siguiente").click()
    assert titles[2] in panel_text(watched)
    assert "Cusco, Puno" in watched.locator("#chip-focus").inner_text()
    watched.get_by_role("button", name="Salir del relato").click()
    assert hash_of(watched) == ""
    assert "155 de 155 flujos" in status(watched)
