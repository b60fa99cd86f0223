"""The watch over the page sees what it is there to see."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("markup", "seen"),
    [
        ("<img src='https://beacon.invalid/a.png'>", "request: https://beacon.invalid/a.png"),
        ("<img src='other.png'>", "request: file:"),
        ("<link rel=stylesheet href='https://beacon.invalid/a.css'>", "request: https://beacon"),
        ("<script>console.error('lost')</script>", "console error: lost"),
        ("<script>console.warn('odd')</script>", "console warning: odd"),
        ("<script>throw new Error('broken')</script>", "error: broken"),
        ("<script>alert(1)</script>", "dialog: 1"),
        ("<iframe srcdoc='x'></iframe>", "frame: "),
        (
            '<meta http-equiv="Content-Security-Policy" content="script-src \'none\'">'
            "<script>1</script>",
            "Content Security Policy",
        ),
    ],
)
def test_watch_sees(open_unwatched, tmp_path: Path, markup: str, seen: str) -> None:
    file = tmp_path / "page.html"
    file.write_text(f"<!doctype html><title>t</title>{markup}", encoding="utf-8")
    page, watch = open_unwatched(file)
    page.wait_for_timeout(100)
    assert any(seen in problem for problem in watch.problems), watch.problems


def test_watch_is_content_with_a_quiet_page(open_unwatched, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text("<!doctype html><title>t</title><p>quiet", encoding="utf-8")
    page, watch = open_unwatched(file)
    page.wait_for_timeout(100)
    assert watch.problems == []
