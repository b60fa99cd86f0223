"""Fixed views of the embedded study, photographed the same way everywhere.

``python tests/browser/views.py`` writes the pictures that the tests compare with, in
``tests/browser/baselines``. Look at each before you commit it.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chromium import FLAGS, find_chromium
from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

BASELINES = Path(__file__).parent / "baselines"
COLOURS = 128
# One family of fonts whatever else is installed (Debian: fonts-dejavu-core).
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>/usr/share/fonts/truetype/dejavu</dir><cachedir>{cache}</cachedir>
<match><edit name="family" mode="prepend" binding="strong">
<string>DejaVu Sans</string></edit></match>
</fontconfig>"""
WIDE = {"viewport": {"width": 1280, "height": 800}}
SMALL = {"viewport": {"width": 390, "height": 780}}


def plain(page: Page) -> None:
    """Leave the page as it opens."""


def chosen(page: Page) -> None:
    """Choose a region by keyboard, in English."""
    page.click("#languages [lang=en]")
    page.locator("[data-region='17']").press("Enter")
    page.locator("#panel-title").wait_for()


def near(page: Page) -> None:
    """Go near, to where roads, rivers and towns are drawn."""
    page.evaluate("void corredorMap.setView([-13, -71.5], 7, { animate: false })")


def paper(page: Page) -> None:
    """Show what is printed."""
    page.emulate_media(media="print")
    page.locator("#paper p").first.wait_for()


VIEWS: dict[str, tuple[dict[str, Any], Callable[[Page], None]]] = {
    "opening": (WIDE, plain),
    "dark": ({**WIDE, "color_scheme": "dark"}, plain),
    "region": (WIDE, chosen),
    "near": (WIDE, near),
    "phone": (SMALL, plain),
    "paper": ({"viewport": {"width": 800, "height": 1130}}, paper),
}


@contextmanager
def browser_with_fonts(driver: Playwright, folder: Path) -> Iterator[Browser]:
    """Start a Chromium that knows one family of fonts."""
    config = folder / "fonts.conf"
    config.write_text(FONTS.format(cache=folder / "cache"), encoding="utf-8")
    same = ("--font-render-hinting=none", "--disable-lcd-text", "--force-color-profile=srgb")
    browser = driver.chromium.launch(
        executable_path=find_chromium(),
        args=[*FLAGS, *same],
        env={**os.environ, "FONTCONFIG_FILE": str(config)},
    )
    yield browser
    browser.close()


def photograph(browser: Browser, file: Path, view: str) -> Image.Image:
    """Return a view at half its size."""
    options, prepare = VIEWS[view]
    context = browser.new_context(**{"reduced_motion": "reduce", "locale": "es-PE", **options})
    page = context.new_page()
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-ready]", state="attached")
    prepare(page)
    page.mouse.move(2, 2)
    page.wait_for_timeout(700)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    context.close()
    return picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.BOX)


def main() -> None:
    """Write all baselines."""
    from corredor.geodata import embedded_study, protect, read_study
    from corredor.maps import atlas, write_page
    from playwright.sync_api import sync_playwright

    BASELINES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as name,
        sync_playwright() as driver,
        browser_with_fonts(driver, Path(name)) as browser,
    ):
        file = write_page(atlas(protect(read_study(embedded_study()))), Path(name) / "map.html")
        for view in VIEWS:
            target = BASELINES / f"{view}.png"
            small = photograph(browser, file, view).quantize(COLOURS, dither=Image.Dither.NONE)
            small.save(target, optimize=True)
            print(f"{target.name}: {target.stat().st_size / 1000:.0f} kB", file=sys.stderr)


if __name__ == "__main__":
    main()
