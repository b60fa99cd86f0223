"""Regions: what they show is what the tables say, and every figure leads to its source."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
from steps import (
    MP_2007_2014,
    OPENING,
    SERIES,
    choose_language,
    choose_region,
    choose_series,
    ends_of,
    fill_of,
    mark_of,
    panel_text,
    point_at,
    rate_of,
    read_rows,
    region,
    region_values,
    spot,
    squeeze,
)

pytestmark = pytest.mark.browser


def test_enter_on_a_region_opens_its_figures(watched, data) -> None:
    values = region_values(OPENING)
    assert values["17"] == {92}
    assert f"{rate_of(92, '17', years=7):.2f}" == "9.32"
    for code, name in (("17", "Madre de Dios"), ("15", "Lima"), ("07", "Callao")):
        (value,) = values[code]
        text = choose_region(watched, code)
        assert watched.locator("#panel-title").inner_text() == name
        assert f"{value:,.0f} registros de víctimas" in text
        assert f"{rate_of(value, code, years=7):.2f} por 100,000 habitantes y año" in text
        assert "Mininter / Policía Nacional (PNP) · 2017–2023" in text


def test_every_region_says_its_figure_to_a_screen_reader(watched, data) -> None:
    values = region_values(OPENING)
    assert len(values) == 25
    for row in data["regions"]:
        (value,) = values[row["id"]]
        label = region(watched, row["id"]).get_attribute("aria-label")
        count = f"{value:,.0f} registro{'s' if value != 1 else ''} de víctima"
        assert label.startswith(f"{row['name']}: ")
        assert f"({count}" in label
        assert f"{rate_of(value, row['id'], years=7):.2f} por 100,000" in label


def test_every_region_has_the_colour_of_the_class_that_its_rate_is_in(watched, data) -> None:
    values = region_values(OPENING)
    (series,) = [s for s in data["series"] if tuple(s[column] for column in SERIES) == OPENING]
    for scheme in ("jenks", "quantiles", "equal"):
        watched.select_option("#choose-scheme", scheme)
        breaks = series["breaks"]["rate"][scheme]
        colours: dict[int, set[str]] = defaultdict(set)
        for code, (value,) in values.items():
            rate = rate_of(value, code, years=7)
            number = next(n for n, bound in enumerate(breaks) if rate <= bound + 1e-9)
            colours[number].add(fill_of(watched, code))
        assert [len(fills) for fills in colours.values()] == [1] * len(colours), scheme
        assert len({fill for fills in colours.values() for fill in fills}) == len(colours)


def test_other_register_and_period_give_the_figures_of_that_series(watched, data) -> None:
    choose_series(watched, data, MP_2007_2014)
    (value,) = region_values(MP_2007_2014)["15"]
    assert value == 455
    years = (7 * 12 + 4) / 12
    text = choose_region(watched, "15")
    assert "455 denuncias registradas" in text
    assert f"{rate_of(value, '15', years=years):.2f} por 100,000" in text
    assert "Ministerio Público (Fiscalía) · Ene 2007 – Abr 2014" in text


def test_what_the_hint_names_is_what_a_click_opens(watched, data) -> None:
    other = {}
    for row in data["regions"][::2]:
        at = spot(watched, row["at"])
        hint = point_at(watched, at)
        watched.mouse.click(*at)
        title = watched.locator("#panel-title").inner_text()
        if hint not in (title, "Ruta documentada"):
            other[hint] = title
        watched.keyboard.press("Escape")
    assert other == {}


def test_click_on_the_label_point_opens_the_region_without_other_layers(watched, data) -> None:
    for layer in ("flows", "itineraries"):
        watched.uncheck(f"#layer-{layer}")
    opened = {}
    for row in data["regions"]:
        watched.mouse.click(*spot(watched, row["at"]))
        opened[row["name"]] = watched.locator("#panel-title").inner_text()
    assert {name: title for name, title in opened.items() if name != title} == {}


def test_click_on_the_symbol_of_a_region_opens_the_region(watched, data) -> None:
    """A region that no flow names has no symbol."""
    opened = {}
    ends = {end for ends in ends_of(data, "region") for end in ends}
    named = {data["places"][end]["id"] for end in ends}
    for row in [row for row in data["regions"] if row["id"] in named][::2]:
        watched.mouse.click(*spot(watched, row["at"]))
        opened[row["name"]] = watched.locator("#panel-title").inner_text()
        watched.keyboard.press("Escape")
    assert {name: title for name, title in opened.items() if name != title} == {}


def test_two_clicks_lead_from_a_region_to_its_source(watched) -> None:
    box = region(watched, "17").bounding_box()
    grid = [(x / 20, y / 20) for y in range(1, 20) for x in range(1, 20)]
    spots = ((box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in grid)
    free = next(at for at in spots if point_at(watched, at) == "Madre de Dios")
    watched.mouse.click(*free)
    assert watched.locator("#panel-title").inner_text() == "Madre de Dios"
    watched.locator("#panel button[aria-label^='Fuente: Ministerio del Inter']").first.click()
    card = watched.locator("#sources li:focus")
    assert watched.locator("#sources").is_visible()
    (source,) = [row for row in read_rows("sources") if row["title"] in card.inner_text()]
    assert source["publisher"] in card.inner_text()
    assert card.locator("a").get_attribute("href") == source["url"]
    assert card.locator("cite").inner_text() == source["title"]


def test_each_source_mark_opens_the_card_it_names(watched) -> None:
    choose_region(watched, "17")
    marks = watched.locator("#panel button[aria-label^='Fuente: ']")
    for n in range(0, marks.count(), 7):
        name = marks.nth(n).get_attribute("aria-label").removeprefix("Fuente: ")
        publisher = re.sub(r"…?(, \d{4})?$", "", name)
        marks.nth(n).click()
        assert watched.locator("#sources li:focus").inner_text().startswith(publisher)
        watched.keyboard.press("Escape")
        assert watched.locator("#sources").is_hidden()


def test_all_sources_stand_in_the_dialog_with_their_address(watched) -> None:
    watched.click("#open-sources")
    cards = watched.locator("#sources ol > li")
    sources = read_rows("sources")
    assert cards.locator("cite").all_inner_texts() == [row["title"] for row in sources]
    addresses = [link.get_attribute("href") for link in cards.locator("a").all()]
    assert len(addresses) == len([row for row in sources if row["url"]])
    links = cards.locator("a")
    assert links.count() == watched.locator("#sources a[target=_blank][rel~=noopener]").count()


def test_figures_and_ranking_of_the_seed_article_stand_in_the_panel(watched) -> None:
    rows = [squeeze(row.inner_text()) for row in watched.locator("#panel tr").all()]
    of_2017 = [row for row in rows if row.startswith("2017 1,433 ")]
    assert any("Living in Peru, 2018" in row for row in of_2017)
    assert any("El Comercio, 2018" in row for row in of_2017)
    since_2014 = [row for row in rows if row.startswith("2014–2017 ≈ 4,000 ")]
    assert any("Living in Peru, 2018" in row for row in since_2014)
    ranking = "2017 Lima, Madre de Dios, Loreto, Puno, Tacna "
    assert ranking + "Living in Peru, 2018" in panel_text(watched)


def test_flows_of_the_seed_article_open_with_all_their_sources(watched) -> None:
    sources = {row["source_id"]: row for row in read_rows("sources")}
    places = {row["place_id"]: row["ubigeo"][:2] or row["place_id"] for row in read_rows("places")}
    for code, ends, title in (
        ("16", ("16", "costa"), "Loreto → Costa (ciudades sin precisar)"),
        ("21", ("21", "17"), "Puno → Madre de Dios"),
        ("17", ("08", "17"), "Cusco → Madre de Dios"),
    ):
        flows = [
            row
            for row in read_rows("flows")
            if (places[row["origin"]], places[row["destination"]]) == ends
        ]
        named = [sources[row["source_id"]] for row in flows]
        assert "seed_livinginperu2018" in {row["source_id"] for row in named}
        independent = len({row["origin_id"] or row["source_id"] for row in named})

        choose_region(watched, code)
        button = watched.locator("#panel button", has_text=title).first
        assert re.fullmatch(
            rf"{re.escape(title)} {independent} fuentes?", squeeze(button.inner_text())
        )
        button.click()
        assert watched.locator("#panel-title").inner_text() == title
        text = panel_text(watched)
        assert "Living in Peru, 2018" in text
        assert "La flecha no es una ruta" in text
        shown = watched.locator("#panel button[aria-label^='Fuente: ']").all_inner_texts()
        assert sorted(shown) == sorted(map(mark_of, named))


def test_every_series_on_the_page_has_the_values_and_the_sum_of_the_tables(watched, data) -> None:
    choose_language(watched, "en")
    shown = watched.evaluate(
        """(series) => {
            const pick = (id, value) => {
                const select = document.getElementById(id);
                if (select.value === String(value)) return;
                select.value = String(value);
                select.dispatchEvent(new Event("change"));
            };
            return series.map(([register, measure], n) => {
                pick("choose-register", register);
                pick("choose-measure", measure);
                pick("choose-period", n);
                const labels = [...document.querySelectorAll("[data-region]")].map(
                    (e) => [e.dataset.region, e.getAttribute("aria-label")],
                );
                return [labels, document.getElementById("status").textContent];
            });
        }""",
        [[row["register"], row["measure"]] for row in data["series"]],
    )
    names = {row["id"]: row["name"] for row in data["regions"]}
    assert len(shown) == len(data["series"]) > 60
    for row, (labels, status) in zip(data["series"], shown, strict=True):
        series = tuple(row[column] for column in SERIES)
        wanted = region_values(series)
        found = {}
        for code, label in labels:
            text = label.removeprefix(f"{names[code]}: ")
            if text == "no figure in this series":
                continue
            if text.startswith("sources differ: "):
                found[code] = {float(v) for v in text.split(": ")[1].split(" / ")}
                continue
            count = re.search(
                r"([\d,]+) (?:reported complaint|records? of|(?:person|people) reported)", text
            )
            assert count, label
            found[code] = {float(count[1].replace(",", ""))}
        assert found == wanted, series
        total = sum(next(iter(values)) for values in wanted.values() if len(values) == 1)
        assert f"Sum of the regions: {total:,.0f}." in status, series


def test_all_series_of_the_tables_are_on_the_page(data) -> None:
    wanted = {
        tuple(row[column] for column in SERIES)
        for row in read_rows("complaints")
        if row["unit"] != "national" and row["unit"] != "city"
    }
    assert {tuple(row[column] for column in SERIES) for row in data["series"]} == wanted
