"""The table of what is drawn, and the CSV of it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from steps import FLOW_COLOUR, OPENING, count_pixels, panel_text, read_rows, region_values

pytestmark = pytest.mark.browser


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def save(page) -> str:
    with page.expect_download() as waiting:
        page.click("#table-save")
    return Path(waiting.value.path()).read_text(encoding="utf-8")


def test_csv_of_the_regions_holds_the_figures_with_their_sources(watched) -> None:
    watched.click("#open-table")
    text = save(watched)
    assert text.startswith("\ufeff")
    rows = rows_of(text[1:])
    values = region_values(OPENING)
    assert len(rows) == 25
    for row in rows:
        assert {float(row["count"])} == values[row["ubigeo"]]
        assert float(row["low"]) < float(row["rate"]) < float(row["high"])
        assert row["source_ids"]


def test_csv_of_the_flows_follows_the_filters(watched) -> None:
    watched.select_option("#choose-purpose", "=labour") if watched.locator(
        '#choose-purpose option[value="=labour"]'
    ).count() else watched.select_option("#choose-purpose", "=sexual")
    wanted = watched.locator("#choose-purpose").input_value()[1:]
    watched.click("#open-table")
    watched.click("#tab-flows")
    rows = rows_of(save(watched)[1:])
    flows = {row["flow_id"]: row for row in read_rows("flows") if row["purpose"] == wanted}
    told = [flow for row in rows for flow in row["flow_ids"].split()]
    assert sorted(told) == sorted(flows)
    for row in rows:
        sources = {flows[flow]["source_id"] for flow in row["flow_ids"].split()}
        assert set(row["source_ids"].split()) == sources


def test_the_table_is_sorted_by_keyboard_and_leads_to_the_map(watched) -> None:
    watched.locator("#open-table").focus()
    watched.keyboard.press("Enter")
    watched.locator("#sort-rate").focus()
    watched.keyboard.press("Enter")
    head = watched.locator("#table th", has=watched.locator("#sort-rate"))
    assert head.get_attribute("aria-sort") == "descending"
    first = watched.locator("#table tbody th button").first
    assert first.inner_text() == "Madre de Dios"
    watched.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    first.focus()
    name = first.inner_text()
    watched.keyboard.press("Enter")
    assert not watched.locator("#table").is_visible()
    assert panel_text(watched).startswith(name)


def test_the_text_of_the_table_can_be_copied(watched) -> None:
    watched.click("#open-table")
    text = save(watched)
    watched.click("#table-copy")
    assert watched.locator("#table-text").input_value() == text[1:].replace("\r\n", "\n")
    chosen = "(box) => box.selectionEnd - box.selectionStart === box.value.length"
    assert watched.locator("#table-text").evaluate(chosen)


def test_layers_that_are_off_are_not_in_the_table(watched) -> None:
    watched.uncheck("#layer-flows")
    assert count_pixels(watched, FLOW_COLOUR) == 0
    watched.click("#open-table")
    watched.click("#tab-flows")
    assert watched.locator("#table tbody tr").count() == 0
    assert "no se dibuja nada" in watched.locator("#table").inner_text()


def test_inside_a_sandbox_the_text_is_offered(watched, page_file, tmp_path) -> None:
    """A frame with allow-scripts alone may not download; the text can still be copied."""
    host = tmp_path / "host.html"
    host.write_text(
        f'<iframe sandbox="allow-scripts" width="1200" height="800" src="{page_file.as_uri()}">'
    )
    page = watched.context.new_page()
    try:
        page.goto(host.as_uri())
        frame = page.frame_locator("iframe")
        frame.locator("#open-table").click()
        assert "Copie el texto" in frame.locator("#table").inner_text()
        downloads = []
        page.on("download", lambda download: downloads.append(download))
        frame.locator("#table-save").click()
        frame.locator("#table-copy").click()
        assert "Madre de Dios" in frame.locator("#table-text").input_value()
        page.wait_for_timeout(200)
        assert downloads == []
    finally:
        page.close()


def test_the_matrix_counts_sources_and_leads_to_the_pair(watched) -> None:
    """Cells are the evidence of pairs, sums are sources of their own, and a cell is a button."""
    watched.click("#open-table")
    watched.click("#tab-flows")
    pairs = {(row["origin"], row["destination"]): row for row in rows_of(save(watched)[1:])}
    watched.click("#tab-matrix")
    rows = rows_of(save(watched)[1:])
    *cells, total = rows
    assert sum(bool(row[to]) for row in cells for to in row if to not in ("origin", "sources")) == (
        len(pairs)
    )
    for (origin, destination), pair in pairs.items():
        (row,) = [row for row in cells if row["origin"] == origin]
        assert row[destination] == pair["evidence"]
    ranks = [int(row["sources"]) for row in cells]
    assert ranks == sorted(ranks, reverse=True)
    assert max(ranks) <= int(total["sources"]) <= 29  # publications, retellings counted once
    watched.click(".matrix button[aria-label^='Cusco → Madre de Dios']")
    assert not watched.locator("#table").is_visible()
    assert "Cusco → Madre de Dios" in panel_text(watched)
    watched.click("#open-table")
    watched.click("#tab-matrix")
    assert watched.locator(".matrix button[aria-pressed=true]").count() == 1
