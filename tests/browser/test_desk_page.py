"""The desk in a browser: few clicks, by keyboard too, nothing wrong for anybody who reads it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from axe import RUN, TAGS, find_axe

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

sys.path.append(str(Path(__file__).parents[1] / "desk"))
from at_desk import write_register

pytestmark = pytest.mark.browser
WIDE = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "color_scheme": "dark"}
STEPS = ("files", "questions", "sources", "protection", "map", "take")
SLOW_MS = 40_000


class Visitor:
    """A page at a desk of its own, that counts what is done with it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.clicks, self.typed = 0, 0
        self.problems: list[str] = []
        page.on("console", lambda said: self._note(said.text, said.type in ("error", "warning")))
        page.on("pageerror", lambda error: self._note(str(error), True))
        home = (address.split("/?")[0], "about:", "blob:")
        page.on("request", lambda asked: self._note(asked.url, not asked.url.startswith(home)))
        page.set_default_timeout(SLOW_MS)
        page.goto(address)
        page.wait_for_url("**/files")

    def _note(self, what: str, is_wrong: bool) -> None:
        if is_wrong:
            self.problems.append(what)

    def at(self, step: str) -> None:
        self.page.wait_for_url(re.compile(rf"/{step}(\?.*)?$"))

    def click(self, selector: str) -> None:
        self.clicks += 1
        self.page.click(selector)

    def give(self, *files: Path) -> None:
        """Choose files, which is one click."""
        self.clicks += 1
        self.page.set_input_files("input[type=file]", [str(file) for file in files])

    def type(self, selector: str, text: str) -> None:
        self.typed += 1
        self.page.fill(selector, text)

    def take(self, what: str, folder: Path) -> Path:
        """Make an output, and return it as the browser saved it."""
        self.clicks += 1
        with self.page.expect_download() as saved:
            self.page.click(f"button[value={what}]")
        path = folder / saved.value.suggested_filename
        saved.value.save_as(path)
        self.at("take")
        return path


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Visitor]]:
    """Return a function that starts a desk and opens it."""
    started, contexts = [], []

    def visit_(**options: object) -> Visitor:
        folder = tmp_path / f"estudio {len(started)}"
        process = subprocess.Popen(
            [sys.executable, "-m", "corredor", "desk", str(folder), "--no-open"],
            stdout=subprocess.PIPE, text=True,
            env={**os.environ, "XDG_STATE_HOME": str(tmp_path / "state"), "CORREDOR_LANG": "es"},
        )  # fmt: skip
        started.append(process)
        assert process.stdout is not None
        found = re.search(r"http\S+", process.stdout.readline())
        assert found is not None
        contexts.append(browser.new_context(accept_downloads=True, **options))
        return Visitor(contexts[-1].new_page(), found[0])

    yield visit_
    for context in contexts:
        context.close()
    for process in started:
        process.terminate()
        process.wait(timeout=30)
        assert process.stdout is not None
        process.stdout.close()
    assert not list((tmp_path / "state").rglob("*.xlsx")), "a file of cases was left"


def wrong(page: Page, axe: str) -> list[str]:
    """Return what axe finds wrong on a page of the desk; the map in its frame has its own test."""
    page.evaluate(axe)
    options = {"runOnly": list(TAGS), "iframes": False, "resultTypes": ["violations"]}
    found: list[str] = page.evaluate(RUN, options)["violations"]
    return [f"{page.url} {one}" for one in found]


def check_steps(visitor: Visitor, steps: tuple[str, ...] = STEPS) -> None:
    axe = find_axe()
    found = []
    for step in steps:
        visitor.page.goto(f"{visitor.address.split('/?')[0]}/{step}")
        found += wrong(visitor.page, axe)
        overflow = visitor.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, f"{step} is wider than the screen"
    assert found == []


def test_a_register_to_a_map_a_report_and_a_picture(visit, tmp_path):
    visitor = visit(**WIDE)
    check_steps(visitor)
    visitor.page.goto(visitor.address.split("/?")[0] + "/files")
    visitor.give(write_register(tmp_path / "Registro de casos.xlsx"))
    visitor.at("files")
    visitor.click("main a.go")
    visitor.at("sources")
    visitor.click("main .primary")
    visitor.at("protection")
    assert "entrega 1" in visitor.page.inner_text("main")
    visitor.click("main a.go")
    visitor.at("map")
    frame = visitor.page.frame_locator("iframe.map")
    frame.locator("html[data-ready]").wait_for(state="attached")
    assert "Madre de Dios" in frame.locator("#panel").inner_text()
    visitor.click(".bar a.go")
    saved = [visitor.take(what, tmp_path) for what in ("map", "word", "picture")]
    assert [path.suffix for path in saved] == [".html", ".docx", ".png"]
    assert all(path.stat().st_size > 10_000 for path in saved)
    assert visitor.clicks <= 10
    assert visitor.typed == 0
    check_steps(visitor)
    tell_a_story(visitor)
    assert visitor.problems == []


def tell_a_story(visitor: Visitor) -> None:
    """The view of the map as it is becomes a story, though the frame keeps the map apart."""
    page = visitor.page
    page.goto(visitor.address.split("/?")[0] + "/map")
    frame = page.frame_locator("iframe.map")
    frame.locator("html[data-ready]").wait_for(state="attached")
    frame.locator("#controls .layer-switch input").first.uncheck()
    page.click(".stories summary")
    page.fill(".stories [name=title]", "Hacia Madre de Dios")
    page.fill(".stories [name=text]", "Los flujos sin las cifras.")
    page.click(".stories .primary")
    page.wait_for_selector(".story")
    assert page.input_value("[name=view]") == ""
    text = next(visitor_folder(page)).read_text(encoding="utf-8")
    assert "Hacia Madre de Dios" in text
    assert 'layers = ["flows"' in text


def visitor_folder(page: Page) -> Iterator[Path]:
    said = page.inner_text(".foot p")
    yield Path("/" + said.partition("/")[2]) / "study.toml"


def test_complaints_and_a_matrix_on_a_phone(visit, tmp_path):
    book = openpyxl.Workbook()
    for row in (["Casos atendidos por la organización"], [], ["Región", 2022, 2023],
                ["Cusco", 42, 35], ["Puno", 21, 28], ["Loreto", 30, 31]):  # fmt: skip
        book.active.append(row)
    book.save(tmp_path / "casos.xlsx")
    (tmp_path / "matriz.csv").write_text(
        "Origen \\ Destino;Lima;Madre de Dios\nCusco;15;39\nPuno;12;27\n",
        encoding="utf-8",
    )
    visitor = visit(**PHONE)
    visitor.give(tmp_path / "casos.xlsx", tmp_path / "matriz.csv")
    visitor.at("questions")
    check_steps(visitor, ("files", "questions"))
    visitor.type("input[list]", "Caminos")
    visitor.click("input[value=victims]")
    visitor.click("main .primary")
    visitor.page.wait_for_selector(".account")
    visitor.click("main a.go")
    visitor.click("main .primary")
    visitor.at("protection")
    visitor.click("main a.go")
    visitor.at("map")
    visitor.click(".bar a.go")
    saved = [visitor.take(what, tmp_path) for what in ("map", "word", "picture")]
    assert all(path.stat().st_size > 10_000 for path in saved)
    assert visitor.clicks <= 10
    assert visitor.typed <= 3
    check_steps(visitor)
    assert visitor.problems == []


FOREIGN = """<!DOCTYPE html><iframe src="HOME/files"></iframe>
<form method="post" action="HOME/language"><input name="language" value="en"></form>
<img src="HOME/map/frame"><script src="HOME/static/desk.js"></script>
<script>
window.read = [];
for (const path of ["/files", "/map/frame", "/out/map", "/alive"])
  for (const mode of ["cors", "no-cors"])
    fetch("HOME" + path, { mode, credentials: "include" })
      .then((answer) => answer.text())
      .then((text) => text && window.read.push(path), () => {});
</script>"""


def test_a_hostile_page_in_the_same_browser_reads_and_changes_nothing(visit, browser):
    """On another port of this machine, which is the same site to a browser, and on another host."""
    visitor = visit(**WIDE)
    home = visitor.address.split("/?")[0]
    context = visitor.page.context
    for origin in ("http://127.0.0.1:9", "http://evil.example"):
        page = context.new_page()
        page.route(f"{origin}/**", lambda route: route.fulfill(
            content_type="text/html", body=FOREIGN.replace("HOME", home)))  # fmt: skip
        page.goto(f"{origin}/")
        page.wait_for_timeout(400)
        assert page.evaluate("window.read") == []
        assert "Sus archivos" not in page.frames[1].content()
        with page.expect_navigation():
            page.evaluate("document.forms[0].submit()")
        assert "Sus archivos" not in page.content()
        page.close()
    visitor.page.reload()
    assert visitor.page.get_attribute("html", "lang") == "es"


def test_by_keyboard_alone(visit, tmp_path):
    """From the first page to Word, with Tab, Enter, space and letters."""
    table = tmp_path / "casos.csv"
    table.write_text("Región;2022\nCusco;42\nPuno;21\nLoreto;30\n", encoding="utf-8")
    visitor = visit(**WIDE)
    page = visitor.page

    def go_to(selector: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("(s) => document.activeElement.matches(s)", selector):
                return
        raise AssertionError(f"{selector} can't be reached")

    go_to("input[type=file]")
    with page.expect_file_chooser() as chosen:
        page.keyboard.press("Space")
    chosen.value.set_files(str(table))
    visitor.at("questions")
    go_to("input[list]")
    page.keyboard.type("Caminos")
    go_to("input[type=radio]")
    page.keyboard.press("ArrowDown")
    go_to("main .primary")
    page.keyboard.press("Enter")
    page.wait_for_selector(".account")
    go_to("main a.go")
    page.keyboard.press("Enter")
    visitor.at("sources")
    go_to("input[type=radio]")
    page.keyboard.press("ArrowDown")
    go_to("input[inputmode=url]")
    page.keyboard.type("https://example.org/memoria")
    go_to("main .primary")
    page.keyboard.press("Enter")
    visitor.at("protection")
    go_to("main a.go")
    page.keyboard.press("Enter")
    visitor.at("map")
    go_to(".bar a.go")
    page.keyboard.press("Enter")
    visitor.at("take")
    go_to("button[value=word]")
    with page.expect_download() as saved:
        page.keyboard.press("Enter")
    assert saved.value.suggested_filename.endswith(".docx")
    assert visitor.problems == []
