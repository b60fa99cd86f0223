"""A Chromium for the tests of this folder, the page they open, and a watch over what it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from blocks import read_block
from chromium import FLAGS, HOW_TO_GET_IT, find_chromium
from corredor.geodata import Publication, embedded_study, protect, read_study
from corredor.geodata.study.publication import narrow
from corredor.maps import atlas, write_page
from watch import READY, STANDARD, Watch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

    OpenPage = Callable[..., Page]


UNFOLD = "for (const d of document.querySelectorAll('#series-fold, #filters')) d.open = true"


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="Playwright is missing: pip install -e '.[browser]'"
    )
    if find_chromium() is None:
        pytest.skip(HOW_TO_GET_IT)
    with playwright.sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(driver: Playwright) -> Iterator[Browser]:
    browser = driver.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def everything() -> Publication:
    """The embedded study, whose map opens with all flows and itineraries, not the main ones."""
    publication = protect(read_study(embedded_study()))
    view = publication.meta.opening
    state = {key: value for key, value in view.state.items() if key == "show"}
    opening = replace(view, state=state)
    return narrow(publication, meta=replace(publication.meta, opening=opening))


@pytest.fixture(scope="session")
def page_file(tmp_path_factory: pytest.TempPathFactory, everything: Publication) -> Path:
    """The map of the embedded study with all that it can show."""
    return write_page(atlas(everything), tmp_path_factory.mktemp("page") / "map.html")


@pytest.fixture(scope="session")
def shipped_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The map of the embedded study, as anybody makes it."""
    file = tmp_path_factory.mktemp("shipped") / "map.html"
    return write_page(atlas(protect(read_study(embedded_study()))), file)


@pytest.fixture(scope="session")
def english_file(tmp_path_factory: pytest.TempPathFactory, everything: Publication) -> Path:
    """The same map, made to open in English."""
    return write_page(atlas(everything, lang="en"), tmp_path_factory.mktemp("page") / "en.html")


@pytest.fixture(scope="session")
def data(page_file: Path) -> dict[str, Any]:
    return read_block(page_file.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def open_unwatched(browser: Browser) -> Callable[..., tuple[Page, Watch]]:
    """Return a function that opens a file and gives the page and what it did wrong.

    Pages with the same options share a tab, which is twice as fast as opening another.
    """
    tabs: dict[str, tuple[Page, Watch]] = {}

    def open_page(file: Path, **options: Any) -> tuple[Page, Watch]:
        options = {**STANDARD, **options}
        if str(options) not in tabs:
            page = browser.new_context(**options).new_page()
            page.set_default_timeout(5000)
            tabs[str(options)] = page, Watch(page)
        page, watch = tabs[str(options)]
        page.emulate_media(media="null")
        page.set_viewport_size(options["viewport"])
        page.mouse.move(1, 1)
        watch.start(file.as_uri())
        page.goto(file.as_uri())
        if 'id="corredor-data"' in file.read_text(encoding="utf-8") and options.get(
            "java_script_enabled", True
        ):
            with suppress(Exception):  # what stopped it is in the watch
                page.locator(READY).wait_for(state="attached")
                # The fields that tests use are folded away from readers.
                page.evaluate(UNFOLD)
        return page, watch

    return open_page


@pytest.fixture
def open_page(
    open_unwatched: Callable[..., tuple[Page, Watch]], page_file: Path
) -> Iterator[OpenPage]:
    """Return a function that opens a map; the test fails if that map does anything forbidden."""
    watches: list[Watch] = []

    def open_watched(file: Path = page_file, **options: Any) -> Page:
        page, watch = open_unwatched(file, **options)
        if not page.locator(READY).count():
            pytest.fail("the map did not start:\n" + "\n".join(watch.problems))
        watches.append(watch)
        return page

    yield open_watched
    problems = [problem for watch in watches for problem in watch.problems]
    assert not problems, "\n".join(problems)


@pytest.fixture
def watched(open_page: OpenPage) -> Page:
    """The embedded study on a wide screen, in Spanish."""
    return open_page()
