"""A map inside other pages: it works, asks for nothing, and reaches nothing of the page around."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from corredor.maps import render_embed
from watch import READY

pytestmark = pytest.mark.browser

STRICT = (
    "default-src 'none'; frame-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'"
)
PLAIN = '<!doctype html><html lang="es"><meta charset="utf-8"><title>ONG</title><h1>Informe</h1>{}'
REACH = """() => {
    const tries = {
        parent: () => window.parent.document.title,
        secret: () => window.parent.secret,
        top: () => window.top.location.href,
        cookie: () => document.cookie,
        storage: () => window.localStorage.length,
        frame: () => window.frameElement.id,
    };
    return Object.fromEntries(Object.entries(tries).map(([name, attempt]) => {
        try { return [name, String(attempt())]; } catch (error) { return [name, error.name]; }
    }));
}"""


class Quiet(SimpleHTTPRequestHandler):
    """A web server that says nothing and gives pages the policy their name asks for."""

    def log_message(self, *_: object) -> None:
        pass

    def end_headers(self) -> None:
        if self.path.startswith("/strict"):
            self.send_header("Content-Security-Policy", STRICT)
        super().end_headers()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder and the address under which a web server shows it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    (tmp_path / "favicon.ico").touch()
    yield tmp_path, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def visit(browser, address: str):
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    page.evaluate("window.secret = 'of the host'")
    element = page.wait_for_selector("iframe")
    frame = element.content_frame()
    frame.wait_for_selector(READY, state="attached")
    return page, frame, asked, said


@pytest.mark.parametrize(
    ("host", "options"),
    [
        ("plain.html", {}),
        ("plain.html", {"inline": True}),
        ("plain.html", {"ratio": (4, 3)}),
        ("strict.html", {"style": False}),
    ],
    ids=["plain", "inline", "ratio", "strict policy"],
)
def test_map_works_in_a_page_and_reaches_nothing(browser, site, page_file, host, options) -> None:
    folder, address = site
    (folder / "mapa.html").write_bytes(page_file.read_bytes())
    snippet = render_embed(folder / "mapa.html", **options)
    (folder / host).write_text(PLAIN.format(snippet), encoding="utf-8")
    page, frame, asked, said = visit(browser, f"{address}/{host}")
    ours = [] if options.get("inline") else [f"{address}/mapa.html"]
    assert [url for url in asked if "favicon" not in url] == [f"{address}/{host}", *ours]
    assert said == []

    assert frame.locator("[data-region]").count() == 25
    frame.locator("[data-region='17']").press("Enter")
    assert frame.locator("#panel-title").inner_text() == "Madre de Dios"

    reached = frame.evaluate(REACH)
    assert set(reached.values()) <= {"SecurityError", "TypeError"}, reached
    assert frame.evaluate("window.origin") == "null"
    assert page.title() == "ONG"
    box = page.locator("iframe").bounding_box()
    assert box["width"] > 950 or not options.get("style", True)
    if "ratio" in options:
        assert box["width"] / box["height"] == pytest.approx(4 / 3, rel=0.01)
    else:
        assert box["height"] == pytest.approx(720, abs=5)
    page.close()


def test_the_frame_speaks_the_language_asked_for(browser, site, page_file) -> None:
    folder, address = site
    (folder / "mapa.html").write_bytes(page_file.read_bytes())
    (folder / "plain.html").write_text(
        PLAIN.format(render_embed(folder / "mapa.html", lang="en")), encoding="utf-8"
    )
    page, frame, _, _ = visit(browser, f"{address}/plain.html")
    assert frame.locator("html").get_attribute("lang") == "en"
    assert "Human trafficking in Peru" in frame.locator("h1").inner_text()
    page.close()


def test_a_notebook_shows_the_map(browser, peru_publication, tmp_path) -> None:
    from corredor.maps import atlas

    cell = atlas(peru_publication, lang="en")._repr_html_()
    file = tmp_path / "notebook.html"
    file.write_text(PLAIN.format(cell), encoding="utf-8")
    page, frame, asked, said = visit(browser, file.as_uri())
    assert (len(asked), said) == (1, [])
    assert frame.locator("[data-region]").count() == 25
    assert set(frame.evaluate(REACH).values()) <= {"SecurityError", "TypeError"}
    page.close()
