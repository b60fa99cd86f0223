"""What a reader takes along: pictures, links, citations, workbooks, a sheet on paper."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET

import openpyxl
import pytest
from PIL import Image
from steps import choose_region, squeeze

pytestmark = pytest.mark.browser


def save(page, button: str):
    page.click("#save")
    with page.expect_download() as waiting:
        page.click(button)
    return waiting.value


@pytest.fixture
def shipped(open_page, shipped_file):
    return open_page(shipped_file)


def test_the_map_opens_with_its_main_finding(shipped) -> None:
    finding = squeeze(shipped.locator("#finding").inner_text())
    assert "a Madre de Dios desde Cusco (12 fuentes) y Puno (6 fuentes)" in finding
    status = squeeze(shipped.locator("#status").inner_text())
    assert "69 de 155 flujos" in status
    assert "Registros de víctimas" in status
    assert "2017–2023 (2023 parcial)" in status
    legend = squeeze(shipped.locator("#controls").inner_text())
    assert "copia de terceros" in legend
    assert "12 fuentes independientes" in legend


def test_the_rest_is_one_tap_away(shipped) -> None:
    shipped.click("#flows-rest")
    assert "155 de 155 flujos" in squeeze(shipped.locator("#status").inner_text())
    assert "rest=1" in shipped.evaluate("location.hash")
    shipped.click("#map-home")
    assert "69 de 155 flujos" in squeeze(shipped.locator("#status").inner_text())


def test_no_change_is_drawn_between_what_counts_different_things(shipped) -> None:
    shipped.evaluate("location.hash = 'show=change'")
    legend = shipped.locator("#controls .legend-block").first
    legend.get_by_text("No se dibuja ningún cambio").wait_for()


def test_a_picture_is_twice_the_screen_and_says_what_the_map_says(shipped) -> None:
    path = save(shipped, "#save-png").path()
    picture = Image.open(path)
    assert picture.width > 2000
    # Sea, land and the strongest class are in it.
    colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 24)}
    assert {(223, 232, 236), (21, 79, 108), (60, 31, 82)} <= colours


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_picture_in_vectors_holds_title_legend_caveat_and_sources(
    open_page, shipped_file, scheme
) -> None:
    page = open_page(shipped_file, color_scheme=scheme)
    text = save(page, "#save-svg").path().read_text(encoding="utf-8")
    root = ET.fromstring(text)
    words = " ".join("".join(e.itertext()) for e in root.iter() if e.tag.endswith("}text"))
    for wanted in ("Trata de personas", "Madre de Dios", "cortes naturales", "300 km",
                   "observatorio.mininter.gob.pe", "huella de los datos"):  # fmt: skip
        assert wanted in words, wanted
    # Paper is light, and the page is afterwards as it was.
    assert "#dfe8ec" in text
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    assert page.locator(".picture-part").count() == 0


def test_the_same_view_gives_the_same_picture(shipped) -> None:
    one, other = (save(shipped, "#save-svg").path().read_bytes() for _ in range(2))
    assert one == other


def test_a_workbook_holds_the_table_with_full_sources(shipped) -> None:
    shipped.click("#open-table")
    shipped.click("#tab-regions")
    with shipped.expect_download() as waiting:
        shipped.click("#table-xlsx")
    data = io.BytesIO(waiting.value.path().read_bytes())
    head, *rows = openpyxl.load_workbook(data).active.iter_rows(values_only=True)
    first = dict(zip(head, rows[0], strict=True))
    assert first["ubigeo"] == "01"  # text: the zero stays
    assert first["addresses"].startswith("https://observatorio.mininter.gob.pe/")
    assert "2023 parcial" in first["caveat"]
    assert len(rows) == 25


def test_a_figure_is_copied_with_its_source(shipped) -> None:
    choose_region(shipped, "17")
    shipped.get_by_role("button", name="Copiar la cifra con su fuente").first.click()
    said = shipped.locator("#notice, .by-hand textarea").first
    said.wait_for()
    text = said.input_value() if said.evaluate("e => 'value' in e") else said.inner_text()
    assert "Madre de Dios: 92 registros de víctimas (9.32 por 100,000" in text
    assert re.search(r"Ministerio del Interior.*https://observatorio", text)
