"""An organisation's own register on the page, protected and internal; every record is invented."""

from __future__ import annotations

import csv
import re

import pytest
from axe import find_axe, violations
from corredor.geodata import protect, read_study
from corredor.geodata.study.new import new_study
from corredor.maps import atlas, write_page
from steps import choose_region, squeeze
from watch import PHONE, WIDE

pytestmark = pytest.mark.browser

# Cases of invented people: (origin, destination, how many).
CASES = [("Cusco", "Madre de Dios", 57), ("Loreto", "Madre de Dios", 31), ("Loreto", "Lima", 26),
         ("Puno", "Madre de Dios", 22), ("Piura", "Tumbes", 2)]  # fmt: skip
SCREENS = {"wide": {"viewport": WIDE}, "phone": {"viewport": PHONE, "is_mobile": True}}


@pytest.fixture(scope="module", params=["protected", "internal"])
def own_page(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    with (folder / "casos.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        header = ["Nº", "Edad", "Fecha", "Departamento de origen", "Departamento de destino"]
        rows.writerow(header)
        cases = [pair for *pair, n in CASES for _ in range(n)]
        for n, (origin, end) in enumerate(cases, 1):
            rows.writerow([n, 20, f"{1 + n % 28:02}/05/{2021 + n % 2}", origin, end])
    new_study(folder / "study", [folder / "casos.csv"])
    publication = protect(read_study(folder / "study"), internal=request.param == "internal")
    return request.param, write_page(atlas(publication), folder / "map.html")


def test_the_finding_panel_and_sheet_speak_of_people(open_page, own_page) -> None:
    page = open_page(own_page[1], locale="es-PE", viewport=WIDE)
    finding = squeeze(page.locator("#finding").inner_text())
    assert re.search(r"a Madre de Dios desde Cusco \(57 personas\)( y|,) Loreto \(31 pers", finding)
    said = choose_region(page, "17")
    # Of the protected map the pair of Puno is withheld.
    people = {"internal": 110, "protected": 88}[own_page[0]]
    assert f"Personas contadas: {people} llegan, 0 salen, 0 quedan dentro." in said
    assert "Fuentes que la nombran" not in said
    page.emulate_media(media="print")
    page.locator(".paper-sheet").wait_for()
    sheet = squeeze(page.locator(".paper-sheet").inner_text())
    assert re.search(r"Flujos reportados Personas Fuentes Cusco → Madre de Dios 57", sheet)
    assert page.pdf(prefer_css_page_size=True).count(b"/MediaBox") == 1


@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing_and_internal_is_marked(open_page, own_page, screen) -> None:
    mode, file = own_page
    page = open_page(file, locale="es-PE", **SCREENS[screen])
    mark = page.evaluate(
        "getComputedStyle(document.getElementById('internal'), '::before').content"
    )
    assert ("Uso interno" in mark) == (mode == "internal")
    choose_region(page, "17")
    page.evaluate(
        "Object.assign(document.getElementById('panel').style,"
        " { position: 'static', maxHeight: 'none' })"
    )
    assert violations(page, find_axe()) == []
