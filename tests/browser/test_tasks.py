"""What a planner comes for, each in at most three actions, on a wide screen and on a phone."""

from __future__ import annotations

import re

import pytest
from steps import squeeze
from watch import PHONE, WIDE

pytestmark = pytest.mark.browser

MOST = 3
SCREENS = {
    "wide": {"viewport": WIDE, "locale": "es-PE"},
    "phone": {"viewport": PHONE, "locale": "es-PE", "is_mobile": True, "has_touch": True},
}


class Reader:
    """A reader whose actions are counted: a tap, a choice in a list, a word typed, a key."""

    def __init__(self, page) -> None:
        self.page, self.actions = page, 0
        # The page as it opens: what is folded stays folded.
        page.evaluate(
            "for (const d of document.querySelectorAll('#series-fold, #filters')) d.open = false"
        )

    def tap(self, what) -> None:
        """Tap what a reader can see and reach by scrolling."""
        self.actions += 1
        (self.page.locator(what).first if isinstance(what, str) else what).click()

    def choose(self, field: str, label: str) -> None:
        """Choose from a list that can be seen."""
        self.actions += 1
        field = self.page.locator(field)
        assert field.is_visible()
        text = field.locator("option", has_text=label).first.text_content()
        field.select_option(label=text)

    def type(self, text: str) -> None:
        self.actions += 1
        self.page.locator("#find").fill(text)

    def enter(self) -> None:
        self.actions += 1
        self.page.keyboard.press("Enter")

    def panel(self) -> str:
        return squeeze(self.page.locator("#panel").inner_text())


def seen(page, selector: str) -> str:
    """Return the text of something that is on the page now and not hidden."""
    element = page.locator(selector).first
    element.scroll_into_view_if_needed()
    assert element.is_visible()
    return squeeze(element.inner_text())


def source_of_a_figure(reader) -> None:
    reader.type("Loreto")
    reader.enter()
    assert "126 registros de víctimas" in reader.panel()
    assert seen(reader.page, "#panel .now .marks").startswith("Ministerio del Interior / PNP")


def flows_into_a_region(reader) -> None:
    reader.type("Madre de Dios")
    reader.enter()
    assert re.search(r"Flujos reportados que llegan ?55", reader.panel())


def compare_two_years(reader) -> None:
    reader.tap("#series-fold summary")
    reader.choose("#choose-pair", "2017 → 2018")
    legend = seen(reader.page, "#controls .legend-block")
    assert "2017" in legend
    assert "2018" in legend


def busiest_corridor(reader) -> None:
    reader.tap("#layer-corridors")
    section = reader.page.locator("#panel .corridor-list button").first
    if not section.is_visible():
        reader.tap(".sheet-handle")
    assert "Cusco – Urcos" in squeeze(section.inner_text())


def numbers_to_excel(reader) -> None:
    reader.tap("#open-table")
    with reader.page.expect_download() as waiting:
        reader.tap("#table-xlsx")
    assert waiting.value.suggested_filename.endswith(".xlsx")


def share_a_view(reader) -> None:
    reader.tap("#save")
    reader.tap("#copy-link")
    reader.page.locator("#said", has_text=re.compile(".")).wait_for(state="attached")


def picture_for_a_report(reader) -> None:
    reader.tap("#save")
    with reader.page.expect_download() as waiting:
        reader.tap("#save-png")
    assert waiting.value.suggested_filename.endswith(".png")


def sheet_of_a_region(reader) -> None:
    reader.page.evaluate("window.print = () => { window.printed = true; }")
    reader.type("puno")
    reader.enter()
    reader.tap("#print-sheet")
    assert reader.page.evaluate("window.printed")
    reader.page.emulate_media(media="print")
    paper = reader.page.locator("#paper .paper-sheet h2")
    paper.wait_for()
    assert paper.inner_text() == "Puno"


def find_a_place(reader) -> None:
    reader.type("mazuco")
    reader.enter()
    assert reader.panel().startswith("Mazuko")


def what_is_uncertain(reader) -> None:
    assert re.search(r"\d+ de ellas con menos de 20 registros: tasa inestable",
                     seen(reader.page, "#controls .legend-block"))  # fmt: skip


def switch_register(reader) -> None:
    reader.tap("#series-fold summary")
    reader.choose("#choose-register", "Ministerio Público")
    assert "Ahora se muestra" in seen(reader.page, "#series-fold [role=status]")


def what_a_complaint_is(reader) -> None:
    reader.tap(reader.page.locator("#controls summary", has_text="Qué cuenta este registro"))
    assert len(seen(reader.page, "#controls details[open] p")) > 40


TASKS = (
    source_of_a_figure, flows_into_a_region, compare_two_years, busiest_corridor, numbers_to_excel,
    share_a_view, picture_for_a_report, sheet_of_a_region, find_a_place, what_is_uncertain,
    switch_register, what_a_complaint_is,
)  # fmt: skip


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("task", TASKS, ids=[task.__name__ for task in TASKS])
def test_a_task_takes_three_actions(open_page, shipped_file, task, screen) -> None:
    reader = Reader(open_page(shipped_file, **SCREENS[screen]))
    task(reader)
    assert reader.actions <= MOST
