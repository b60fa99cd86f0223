"""Views beside the map: what arrives and leaves, small maps of periods, orders without counts."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from corredor.geodata import (
    embedded_study,
    protect,
    read_study,
    roll_up,
)
from corredor.maps import atlas, build_scene, write_page
from corredor.maps.figure.multiples import comparable
from corredor.maps.figure.views import choropleth
from corredor.routes import count_flow_evidence
from steps import own_study, panel_text
from test_table import rows_of, save

pytestmark = pytest.mark.browser

YEARS = ("2015", "2016", "2017", "2018")


def write_years(study: Path) -> None:
    """Leave four whole years of one register (invented), half a year, and one of few regions."""
    file = study / "complaints.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        first = next(csv.DictReader(lines))
    plain = {"unit": "region", "basis": "published", "note_es": "", "note_en": ""}
    regions = read_study(embedded_study()).tables.regions.set_index("ubigeo")["name"]
    spans = [(year, f"{year}-01", f"{year}-12", 25) for year in YEARS]
    spans += [("2019", "2019-01", "2019-06", 25), ("2014", "2014-01", "2014-12", 3)]
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(first))
        writer.writeheader()
        for year, start, end, most in spans:
            for n, (ubigeo, name) in enumerate(list(regions.items())[:most]):
                writer.writerow(
                    {**first, **plain, "ubigeo": ubigeo, "place": name, "register": "MP",
                     "measure": "complaints", "purpose": "all", "value": 20 + n + int(year) % 7,
                     "period_start": start, "period_end": end}
                )  # fmt: skip


@pytest.fixture(scope="module")
def years(tmp_path_factory) -> Path:
    study = own_study(tmp_path_factory.mktemp("years") / "study")
    write_years(study)
    config = study / "study.toml"
    text = config.read_text(encoding="utf-8").replace('"MININTER"', '"MP"', 1)
    text = text.replace('"records"', '"complaints"', 1)
    text = text.replace('"2017-01"', '"2018-01"', 1).replace('"2023-12"', '"2018-12"', 1)
    config.write_text(text, encoding="utf-8")
    return study


def test_what_arrives_and_leaves_is_counted_in_sources(watched, peru_publication) -> None:
    tables = peru_publication.tables
    counted = count_flow_evidence(roll_up(tables.flows, tables.places), tables.sources)
    watched.click("#open-table")
    watched.click("#tab-ends")
    rows = {row["place"]: row for row in rows_of(save(watched)[1:])}
    for ubigeo, name in tables.regions.set_index("ubigeo")["name"].items():
        if ubigeo not in counted.index:
            continue
        told, found = rows[name], counted.loc[ubigeo]
        assert int(told["into"]) == found["inflow"], name
        assert int(told["out"]) == found["outflow"], name
        assert int(told["within"]) == found["internal"], name
        assert int(told["net"]) == found["inflow"] - found["outflow"], name
        assert "volume" in told["caveat"] or "volumen" in told["caveat"]
    watched.click("#table .listing th button:text-is('Madre de Dios')")
    assert "más como destino que como origen" in panel_text(watched)


def test_an_order_without_counts_stands_on_the_map_as_no_figure(watched, data) -> None:
    """Off until asked for; said to be no figure; with its source; in the address; off again."""
    assert not watched.locator("#layer-leading").is_checked()
    before = watched.locator("#controls").inner_text()
    watched.check("#layer-leading")
    legend = watched.locator(".layer", has=watched.locator("#layer-leading"))
    order = data["rankings"][0]
    for n, region in enumerate(order["regions"], start=1):
        assert f"{n} {data['regions'][region]['name']}" in legend.inner_text()
    assert "no es una cifra" in legend.inner_text()
    assert legend.locator("a, button.mark").count() >= 1
    assert "leading" in watched.evaluate("location.hash")
    watched.select_option("#choose-leading", "1")
    assert "leading=1" in watched.evaluate("location.hash")
    watched.uncheck("#layer-leading")
    watched.wait_for_timeout(100)
    assert watched.locator("#controls").inner_text() == before
    row = watched.locator("#panel li", has_text="Mostrar en el mapa").first
    row.locator("button", has_text="Mostrar en el mapa").click()
    assert watched.locator("#layer-leading").is_checked()


def test_small_maps_stand_side_by_side_for_comparable_periods(open_page, years) -> None:
    """The same periods as in the figure; each map leads to its period; rows hold the values."""
    publication = protect(read_study(years))
    scene = build_scene(publication)
    opening = scene["study"]["opening"]["series"]
    numbers = comparable(scene, choropleth(scene, opening, "rate"))
    assert len(numbers) == len(YEARS)
    page = open_page(write_page(atlas(publication), years.parent / "map.html"))
    page.click("#open-table")
    page.click("#tab-multiples")
    maps = page.locator(".multiples li > button")
    assert [text.strip() for text in maps.all_inner_texts()] == list(YEARS)
    rows = rows_of(save(page)[1:])
    assert len(rows) == 25
    shown = [choropleth(scene, n, "rate").shown[0].value for n in numbers]
    assert [float(rows[0][year]) for year in YEARS] == pytest.approx(shown)
    maps.nth(2).click()
    assert "2017" in page.locator("#controls").inner_text()


def test_why_there_are_no_small_maps_is_said(watched) -> None:
    watched.click("#open-table")
    watched.click("#tab-multiples")
    assert "deben durar lo mismo" in watched.locator("#table").inner_text()
    assert watched.locator(".multiples").count() == 0
