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


# What is handed over is what is judged: the nodes that pass are thousands, so they are counted.
RUN = """async (options) => {
    const { violations, passes } = await axe.run(document, options);
    return {
        passed: passes.reduce((n, rule) => n + rule.nodes.length, 0),
        violations: violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
            `${id}: ${target} ${failureSummary}`)),
    };
}"""


def violations(page: Page, axe: str) -> list[str]:
    """Return what axe finds wrong, one line for each element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    later = {"color-contrast": {"enabled": False}}
    # axe describes every node that passes unless told that nobody asks for them.
    options = {"runOnly": list(TAGS), "rules": later, "resultTypes": ["violations"]}
    found: list[str] = page.evaluate(RUN, options)["violations"]
    page.evaluate(LAY_FLAT)
    contrast: dict[str, Any] = page.evaluate(RUN, {"runOnly": ["color-contrast"]})
    assert contrast["passed"] > 50, "contrast could hardly be measured anywhere"
    return [*found, *contrast["violations"]]
