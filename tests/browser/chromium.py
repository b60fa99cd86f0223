"""Where Chromium is and how it is started: for these tests and for docs/screenshots.py."""

from __future__ import annotations

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
HOW_TO_GET_IT = (
    "no Chromium found: install it (Debian, Ubuntu: apt-get install chromium) or give its path in"
    " CORREDOR_CHROMIUM"
)


def find_chromium() -> str | None:
    """Return the path of a Chromium: the one that CORREDOR_CHROMIUM names, else one on the path."""
    named = os.environ.get("CORREDOR_CHROMIUM")
    if named:
        return shutil.which(named)
    return next((path for path in map(shutil.which, NAMES) if path), None)
