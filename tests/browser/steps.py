"""What a reader does on the page, and what the tables of the study say, read without Corredor."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corredor.geodata import copy_embedded, embedded_study
from corredor.maps.scene.pack import unpack_numbers

if TYPE_CHECKING:
    from playwright.sync_api import Page

Row = dict[str, str]
Series = tuple[str, ...]

CRAWL = (Path(__file__).parent / "crawl.js").read_text(encoding="utf-8")
SERIES = ("register", "measure", "purpose", "period_start", "period_end")
MP_2007_2014 = ("MP", "complaints", "all", "2007-01", "2014-04")
OPENING = ("MININTER", "records", "all", "2017-01", "2023-12")

FLOW_COLOUR = (60, 31, 82)
ITINERARY_COLOUR = (179, 86, 11)


def read_rows(name: str) -> list[Row]:
    with (embedded_study() / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def own_study(folder: Path) -> Path:
    """Copy the embedded study with sources of its own, public like those, as its tables change."""
    study = copy_embedded(folder)
    for table in study.glob("*.csv"):
        text = table.read_text(encoding="utf-8")
        for row in read_rows("sources"):
            text = re.sub(rf"\b{row['source_id']}\b", f"{row['source_id']}_x", text)
        table.write_text(text, encoding="utf-8")
    file = study / "study.toml"
    config = file.read_text(encoding="utf-8")
    # Stories speak of the embedded figures.
    file.write_text(config.partition("# Prepared views")[0], encoding="utf-8")
    return study


def region_values(series: Series) -> dict[str, set[float]]:
    """Return the values printed for each region: districts are added, cities left out."""
    districts = {
        casefolded(row["district"]): row["ubigeo"] for row in read_rows("fiscal_districts")
    }
    by_source: dict[tuple[str, str], float] = defaultdict(float)
    for row in read_rows("complaints"):
        if tuple(row[column] for column in SERIES) != series:
            continue
        if row["unit"].endswith("district"):
            by_source[districts[casefolded(row["place"])], row["source_id"]] += float(row["value"])
        elif row["unit"] == "region":
            by_source[row["ubigeo"], row["source_id"]] += float(row["value"])
    values: dict[str, set[float]] = defaultdict(set)
    for (ubigeo, _), value in by_source.items():
        values[ubigeo].add(value)
    return values


def rate_of(value: float, ubigeo: str, *, years: float) -> float:
    people = {row["ubigeo"]: float(row["population"]) for row in read_rows("population")}
    return value / people[ubigeo] / years * 100_000


def casefolded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()


def region(page: Page, code: str) -> Any:
    return page.locator(f'[data-region="{code}"]')


def fill_of(page: Page, code: str) -> str | None:
    """Return the colour of a region; of a hatched class, the colour under the lines."""
    fill = str(region(page, code).get_attribute("fill"))
    if fill.startswith("url(#unstable"):
        return page.locator(f"{fill[4:-1]} rect").get_attribute("fill")
    return fill


def ends_of(data: dict[str, Any], level: str) -> list[tuple[int, int]]:
    """Return the positions of the places at which each flow ends at a level."""
    flows = data["flows"]
    ends = [unpack_numbers(flows[end]).tolist() for end in ("from", "to")]
    node = list(range(len(data["places"])))
    if level != "place":
        node = unpack_numbers(data["nodes"][level]).tolist()
    return [(node[a], node[b]) for a, b in zip(*ends, strict=True)]


def has_spot(data: dict[str, Any], place: int) -> bool:
    return bool(data["places"][place]["at"] or data["places"][place]["label"])


def choose_region(page: Page, code: str) -> str:
    """Choose a region by the keyboard and return what the panel says."""
    region(page, code).focus()
    page.keyboard.press("Enter")
    return panel_text(page)


def choose_series(page: Page, data: dict[str, Any], series: Series) -> None:
    rows = [tuple(row[column] for column in SERIES) for row in data["series"]]
    page.select_option("#choose-register", series[0])
    page.select_option("#choose-measure", series[1])
    page.select_option("#choose-period", str(rows.index(series)))


def mark_of(source: Row) -> str:
    """Return what the small button of a source says: a short publisher and the year."""
    publisher = re.sub(r" \(.*\)$", "", source["publisher"])
    short = publisher if len(publisher) <= 34 else f"{publisher[:33]}…"
    return f"{short}, {source['date'][:4]}" if source["date"] else short


def panel_text(page: Page) -> str:
    return squeeze(page.locator("#panel").inner_text())


def squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def spot(page: Page, at: list[float]) -> tuple[int, int]:
    """Return where in the window a point of the map lies, in whole pixels as a mouse has them."""
    x, y = page.evaluate(
        """(at) => {
            const { x, y } = window.corredorMap.latLngToContainerPoint(at);
            const box = window.corredorMap.getContainer().getBoundingClientRect();
            return [x + box.x, y + box.y];
        }""",
        at,
    )
    return round(x), round(y)


def point_at(page: Page, at: tuple[int, int]) -> str:
    """Move the pointer and return the first line of the hint there; nothing if there is none."""
    page.mouse.move(*at)
    return str(
        page.evaluate(
            """async () => {
                await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
                const hint = document.getElementById("hint");
                const visible = getComputedStyle(hint).visibility === "visible";
                return visible ? hint.querySelector("strong").textContent : "";
            }"""
        )
    )


def choose_language(page: Page, language: str) -> None:
    page.locator(f"#languages [lang={language}]").click()


def count_pixels(page: Page, colour: tuple[int, int, int]) -> int:
    """Return how many pixels of the canvas have a colour, or that colour half faded to white."""
    return int(
        page.evaluate(
            """([r, g, b]) => {
                const canvas = document.querySelector(".leaflet-flows-pane canvas");
                const copy = new OffscreenCanvas(canvas.width, canvas.height);
                const ctx = copy.getContext("2d", { willReadFrequently: true });
                ctx.drawImage(canvas, 0, 0);
                const { data } = ctx.getImageData(0, 0, canvas.width, canvas.height);
                let n = 0;
                for (let i = 0; i < data.length; i += 4) {
                    if (data[i + 3] < 150) continue;
                    const share = (255 - data[i + 1]) / (255 - g);
                    const near = (seen, full) => Math.abs(255 - seen - share * (255 - full)) < 14;
                    if (share > 0.5 && near(data[i], r) && near(data[i + 2], b)) n += 1;
                }
                return n;
            }""",
            list(colour),
        )
    )


def picture(page: Page) -> str:
    """Return the canvas over the map as text, to see whether it changed."""
    return str(page.evaluate("document.querySelector('.leaflet-flows-pane canvas').toDataURL()"))
