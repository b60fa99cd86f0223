"""Studies of one's own: with tables left out, and with figures the embedded one does not have."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from corredor.geodata import protect, read_study
from corredor.geodata.study.part import part_of
from corredor.maps import atlas, write_page
from steps import CRAWL, OPENING, SERIES, choose_region, own_study, panel_text, squeeze

pytestmark = pytest.mark.browser

WITHOUT = {
    "complaints": ["complaints"],
    "flows": ["flows"],
    "population": ["population"],
    "districts": ["districts"],
    "places and what lies between them": ["places", "flows", "itineraries"],
    "all that may be left out": [
        "neighbours", "waters", "registers", "population", "districts", "complaints", "rankings",
        "places", "flows", "itineraries", "network_places", "network_links",
    ],
}  # fmt: skip


def draw(study: Path) -> Path:
    return write_page(atlas(protect(read_study(study))), study.parent / "map.html")


def edit_complaints(study: Path, *rows: dict[str, str]) -> None:
    """Leave only some complaints in a study, each like the first but for what is given."""
    file = study / "complaints.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        first = next(csv.DictReader(lines))
    plain = {"unit": "region", "basis": "published", "note_es": "", "note_en": ""}
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(first))
        writer.writeheader()
        writer.writerows({**first, **plain, **row} for row in rows)


@pytest.mark.parametrize("left_out", WITHOUT)
def test_study_without_a_table_still_opens(open_page, tmp_path, left_out) -> None:
    study = own_study(tmp_path / "study")
    config = (study / "study.toml").read_text(encoding="utf-8")
    for name in WITHOUT[left_out]:
        config, found = re.subn(rf"(?m)^{name} = .*\n", "", config)
        assert found == 1
    (study / "study.toml").write_text(config, encoding="utf-8")
    page = open_page(draw(study))
    crawled = page.evaluate(CRAWL, {"perRegion": 1})
    assert len(crawled["titles"]) == 25
    assert not [text for text in crawled["texts"] if re.search("undefined|NaN|null|Infinity", text)]


def test_zero_one_and_disputed_figures_are_told_apart(open_page, tmp_path) -> None:
    study = own_study(tmp_path / "study")
    sources = ["seed_livinginperu2018_x", "elcomercio2018_07_x"]
    same = dict(zip(SERIES, OPENING, strict=True))
    edit_complaints(
        study,
        {**same, "ubigeo": "01", "value": "0"},
        {**same, "ubigeo": "02", "value": "1"},
        {**same, "ubigeo": "03", "value": "30", "source_id": sources[0]},
        {**same, "ubigeo": "03", "value": "31", "source_id": sources[1]},
        {**same, "ubigeo": "04", "value": "40", "source_id": sources[0]},
        {**same, "ubigeo": "04", "value": "40", "source_id": sources[1]},
        {**same, "unit": "city", "place": "Ica", "ubigeo": "11", "value": "50"},
    )
    page = open_page(draw(study))
    legend = squeeze(page.locator("#controls").inner_text())
    assert "cero registrado 1 región" in legend
    assert "las fuentes difieren 1 región" in legend
    fills = {
        code: page.locator(f"[data-region='{code}']").get_attribute("fill")
        for code in ("01", "02", "03", "04", "05")
    }
    assert len(set(fills.values())) == 5
    assert "0 registros de víctimas" in choose_region(page, "01")
    assert re.search(r"\b1 registros? de víctima", choose_region(page, "02"))
    disputed = choose_region(page, "03")
    assert "30 registros" in disputed
    assert "31 registros" in disputed
    assert "El Comercio" in choose_region(page, "04")
    assert "Living in Peru" in panel_text(page)
    assert "Suma de las regiones: 41." in squeeze(page.locator("#status").inner_text())
    assert "Ica 50" in choose_region(page, "11")


def test_row_that_matches_no_region_is_counted_and_named(open_page, tmp_path) -> None:
    study = own_study(tmp_path / "study")
    same = dict(zip(SERIES, OPENING, strict=True))
    edit_complaints(
        study,
        {**same, "ubigeo": "01", "value": "5"},
        {**same, "ubigeo": "", "place": "Lugar perdido", "value": "7"},
    )
    page = open_page(draw(study))
    assert "1 fila de denuncias" in squeeze(page.locator("#status").inner_text())
    page.click("#open-sources")
    assert "Lugar perdido (7)" in squeeze(page.locator("#sources").inner_text())


def test_place_without_a_point_is_not_drawn_but_listed(open_page, tmp_path) -> None:
    study = own_study(tmp_path / "study")
    file = study / "places.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        if row["place_id"] == "costa":
            row["label_lat"] = row["label_lon"] = ""
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    page = open_page(draw(study))
    status = squeeze(page.locator("#status").inner_text())
    (drawn,) = re.findall(r"(\d+) de 155 flujos", status)
    assert int(drawn) < 155
    assert "no se dibuja" in choose_region(page, "16")


def test_a_study_of_one_region_speaks_of_that_region(open_page, tmp_path) -> None:
    part = part_of(protect(read_study(level="district")), "Cusco")
    page = open_page(write_page(atlas(part), tmp_path / "cusco.html"))
    assert page.locator("#panel-title").inner_text() == "Cusco"
    choose_region(page, "080101")
    assert page.locator("#panel-title").inner_text() == "Cusco"
    page.keyboard.press("Escape")
    phone = open_page(
        write_page(atlas(part), tmp_path / "cusco.html"), viewport={"width": 390, "height": 844}
    )
    told = phone.locator("#panel .finding-small")
    assert "a Madre de Dios desde Cusco (" in squeeze(told.inner_text())
    box = told.bounding_box()
    assert box["y"] + box["height"] <= 844
