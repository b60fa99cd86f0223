"""A watch over a page, and the screens it is opened on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

READY = "html[data-ready]"
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
STANDARD = {"viewport": WIDE, "locale": "en-US", "reduced_motion": "reduce"}


class Watch:
    """What a page did that a map must never do: requests, errors, breaches of its policy."""

    def __init__(self, page: Page) -> None:
        self.problems: list[str] = []
        self.address, self.held = "", False
        page.on("request", lambda request: self.note_request(request.url))
        page.on("websocket", lambda socket: self.note_request(socket.url))
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on("console", lambda message: self.note_message(message.type, message.text))
        page.on("dialog", lambda dialog: self.note_dialog(dialog))
        page.on("popup", lambda other: self.problems.append(f"window: {other.url}"))
        page.on("frameattached", lambda frame: self.problems.append(f"frame: {frame.url}"))
        page.on("framedetached", lambda frame: self.forgive_frame())
        page.on("domcontentloaded", lambda loaded: self.expect_frame())

    def start(self, address: str) -> None:
        self.problems, self.address, self.held = [], address, False

    def expect_frame(self) -> None:
        """Each document that is opened may hold back its load event once."""
        self.held = False

    def forgive_frame(self) -> None:
        """Forgive one empty frame that is gone: it held back the load event till all was drawn."""
        if not self.held and "frame: " in self.problems:
            self.problems.remove("frame: ")
            self.held = True

    def note_request(self, address: str) -> None:
        if address.split("#")[0] != self.address:
            self.problems.append(f"request: {address}")

    def note_message(self, kind: str, text: str) -> None:
        if kind in ("error", "warning", "assert"):
            self.problems.append(f"console {kind}: {text}")

    def note_dialog(self, dialog: Any) -> None:
        self.problems.append(f"dialog: {dialog.message}")
        dialog.dismiss()
