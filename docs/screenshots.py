"""Make the pictures of the documentation: the embedded study on a wide screen, a phone and paper.

``python docs/screenshots.py`` writes ``docs/images/wide.png``, ``phone.png`` and ``print.png``, and
``desk-*.png``, the steps of the desk with the files of the tutorial, and the figures of the gallery
in the README. It needs Chromium, the extras ``browser``, ``desk`` and ``pictures``, and for the
third picture ``pdftoppm`` (poppler-utils). With Pillow installed the pictures get a palette, which
makes them about a third as large.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from corredor.geodata import Publication, embedded_study, protect, read_study
from corredor.maps import atlas, draw_figure, write_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
LARGEST_KB = 400
ALL_KB = 900
PRINT_DPI = 110
# The gallery of the README: file -> (what `corredor figure --view` takes, size of paper).
GALLERY = {
    "figure-flows": ("flows", "column"),
    "figure-corridors": ("corridors", "column"),
    "figure-complaints": ("complaints", "column"),
    "figure-matrix": ("matrix", "column"),
}
GALLERY_DPI = 120
SCREENS = {
    "wide": {"viewport": {"width": 1440, "height": 900}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    },
}


def main() -> int:
    """Make all pictures.

    Returns
    -------
    int
        Exit code: 0 if all were made and none is too large.
    """
    sys.path.insert(0, str(ROOT / "tests" / "browser"))
    from chromium import FLAGS, HOW_TO_GET_IT, find_chromium

    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("Playwright is missing: pip install -e '.[browser]'", file=sys.stderr)
        return 1
    program = find_chromium()
    if program is None:
        print(HOW_TO_GET_IT, file=sys.stderr)
        return 1
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        publication = protect(read_study(embedded_study()))
        page = write_page(atlas(publication), Path(folder) / "map.html")
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        pictures = [take_screen(browser, page, name) for name in SCREENS]
        printed = take_print(browser, page, Path(folder))
        pictures += take_desk(browser, Path(folder))
        browser.close()
    pictures += [draw(publication, name) for name in GALLERY]
    fine = printed is not None
    for picture in [*pictures, *([printed] if printed else [])]:
        shrink(picture)
        size = picture.stat().st_size / 1000
        print(f"{picture.relative_to(ROOT)}: {size:.0f} kB")
        if size > LARGEST_KB:
            print(f"  more than {LARGEST_KB} kB: install Pillow and run again", file=sys.stderr)
            fine = False
    total = sum(picture.stat().st_size for picture in IMAGES.glob("*.png")) / 1000
    print(f"all: {total:.0f} kB of {ALL_KB}")
    return 0 if fine and total <= ALL_KB else 1


def draw(publication: Publication, name: str) -> Path:
    """Draw a figure of the gallery, as ``corredor figure`` does.

    Parameters
    ----------
    publication : Publication
        What is drawn.
    name : str
        A key of ``GALLERY``.

    Returns
    -------
    Path
        The picture.
    """
    view, size = GALLERY[name]
    picture = IMAGES / f"{name}.png"
    figure = draw_figure(publication, view=view, size=size, lang="en")
    picture.write_bytes(figure.to_png(dpi=GALLERY_DPI))
    return picture


def take_screen(browser: Browser, page: Path, name: str) -> Path:
    """Take a picture of the page as it opens on a screen.

    Parameters
    ----------
    browser : Browser
        A running Chromium.
    page : Path
        The map.
    name : str
        A key of ``SCREENS``.

    Returns
    -------
    Path
        The picture.
    """
    context = browser.new_context(**SCREENS[name])
    tab = context.new_page()
    tab.goto(page.as_uri())
    tab.wait_for_selector("html[data-ready]")
    picture = IMAGES / f"{name}.png"
    tab.screenshot(path=picture)
    context.close()
    return picture


def take_desk(browser: Browser, folder: Path) -> list[Path]:
    """Take pictures of the desk, on the way from the files of the tutorial to their map.

    Parameters
    ----------
    browser : Browser
        A running Chromium.
    folder : Path
        Where the study may stand meanwhile.

    Returns
    -------
    list of Path
        The pictures, in Spanish.
    """
    environment = {**os.environ, "XDG_STATE_HOME": str(folder), "CORREDOR_LANG": "es"}
    program = [sys.executable, "-m", "corredor", "desk", str(folder / "atenciones"), "--no-open"]
    desk = subprocess.Popen(program, stdout=subprocess.PIPE, text=True, env=environment)
    assert desk.stdout is not None
    found = re.search(r"http\S+", desk.stdout.readline())
    assert found is not None
    tab = browser.new_page(viewport={"width": 1100, "height": 760})
    pictures = []

    def take(name: str) -> None:
        pictures.append(IMAGES / f"desk-{name}.png")
        tab.screenshot(path=pictures[-1])

    try:
        tab.goto(found[0])
        tab.wait_for_url("**/files")
        take("files")
        files = [ROOT / "docs" / "tutorial" / name
                 for name in ("atenciones.xlsx", "origen_destino.csv")]  # fmt: skip
        tab.set_input_files("input[type=file]", files)
        tab.wait_for_url("**/questions")
        tab.fill("input[list]", "Caminos")
        tab.check("input[value=victims]")
        take("questions")
        tab.click("main .primary")
        tab.wait_for_selector(".account")
        tab.click("main a.go")
        tab.click("main .primary")
        tab.wait_for_url("**/protection")
        take("protection")
        tab.click("main a.go")
        tab.wait_for_url("**/map")
        tab.frame_locator("iframe.map").locator("html[data-ready]").wait_for(state="attached")
        tab.wait_for_timeout(500)
        take("map")
    finally:
        tab.close()
        desk.terminate()
        desk.wait()
        desk.stdout.close()
    return pictures


def take_print(browser: Browser, page: Path, folder: Path) -> Path | None:
    """Print the page on A4 and take a picture of the paper.

    Parameters
    ----------
    browser : Browser
        A running Chromium.
    page : Path
        The map.
    folder : Path
        Where the PDF may stand meanwhile.

    Returns
    -------
    Path or None
        The picture; None, after a message, where there is no ``pdftoppm``.
    """
    if shutil.which("pdftoppm") is None:
        print(
            "print.png was not made: pdftoppm is missing (Debian, Ubuntu: apt-get install"
            " poppler-utils).",
            file=sys.stderr,
        )
        return None
    tab = browser.new_page(viewport=SCREENS["wide"]["viewport"])
    tab.goto(page.as_uri())
    tab.wait_for_selector("html[data-ready]")
    pdf = folder / "map.pdf"
    tab.emulate_media(media="print")
    tab.pdf(path=pdf, prefer_css_page_size=True, print_background=True)
    tab.close()
    picture = IMAGES / "print.png"
    command = ["pdftoppm", "-png", "-singlefile", "-r", str(PRINT_DPI)]
    subprocess.run([*command, str(pdf), str(picture.with_suffix(""))], check=True)
    return picture


def shrink(picture: Path) -> None:
    """Give a picture a palette of 256 colours, if Pillow is there.

    Parameters
    ----------
    picture : Path
        A PNG file, replaced.
    """
    try:
        from PIL import Image
    except ImportError:
        return
    with Image.open(picture) as image:
        small = image.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(picture, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
