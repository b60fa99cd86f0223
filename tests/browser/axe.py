"""What axe-core, from npm, finds wrong on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from npm import find_npm_file

if TYPE_CHECKING:
    from playwright.sync_api import Page

VERSION = "4.14.1"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")


def find_axe() -> str:
    """Return axe-core as text."""
    file = find_npm_file("axe-core", VERSION, "axe.min.js")
    if file is None:
        pytest.skip("npm is missing (Debian, Ubuntu: apt-get install npm)")
    return file.read_text(encoding="utf-8")


# Where cards lie over a map and scroll, axe cannot tell what is behind a text, so contrast is
# measured once more with the cards below each other and the map away.
LAY_FLAT = """() => {
    const set = (selector, style) => document.querySelectorAll(selector)
        .forEach((element) => Object.assign(element.style, style));
    for (const dialog of document.querySelectorAll("dialog[open]")) {
        dialog.close();
        dialog.show();
    }
    set("html, body", { height: "auto", display: "block" });
    set(".stage", { display: "none" });
    set(".card", { position: "static", maxHeight: "none", width: "auto", overflow: "visible" });
    const whole = { position: "static", maxHeight: "none", height: "auto", overflow: "visible" };
    set("dialog[open], .dialog-body", whole);
}"""


def violations(page: Page, axe: str) -> list[str]:
    """Return what axe finds wrong, one line for each element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    later = {"color-contrast": {"enabled": False}}
    found = run(page, {"runOnly": list(TAGS), "rules": later})["violations"]
    page.evaluate(LAY_FLAT)
    contrast = run(page, {"runOnly": ["color-contrast"]})
    measured = sum(len(rule["nodes"]) for rule in contrast["passes"])
    assert measured > 50, "contrast could hardly be measured anywhere"
    found += contrast["violations"]
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


def run(page: Page, options: dict[str, Any]) -> dict[str, Any]:
    """Return the result of axe as it gives it."""
    result: dict[str, Any] = page.evaluate(
        "(options) => axe.run(document, options)"
        ".then(({ violations, passes }) => ({ violations, passes }))",
        options,
    )
    return result
