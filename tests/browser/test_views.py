"""Fixed views look as they did when somebody last looked (`views.py` makes the pictures)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from views import BASELINES, VIEWS, browser_with_fonts, photograph

pytestmark = pytest.mark.browser

# Another version of Chromium draws edges and letters a little differently: a pixel counts as
# changed from this difference on, and so large a share of a picture may be.
DIFFERENCE = 48
SHARE = 0.015


def changed(one: Image.Image, other: Image.Image) -> float:
    """Return the share of pixels that differ plainly."""
    a, b = (np.asarray(picture.convert("RGB"), dtype=int) for picture in (one, other))
    assert a.shape == b.shape
    return float((np.abs(a - b).max(axis=2) > DIFFERENCE).mean())


@pytest.fixture(scope="module")
def pictures(driver, shipped_file: Path, tmp_path_factory) -> dict[str, Image.Image]:
    with browser_with_fonts(driver, tmp_path_factory.mktemp("fonts")) as browser:
        return {view: photograph(browser, shipped_file, view) for view in VIEWS}


@pytest.mark.parametrize("view", VIEWS)
def test_view_looks_as_it_did(pictures, tmp_path, view) -> None:
    baseline = BASELINES / f"{view}.png"
    assert baseline.stat().st_size < 100_000
    share = changed(pictures[view], Image.open(baseline))
    if share > SHARE:
        pictures[view].save(tmp_path / f"{view}.png")
    assert share <= SHARE, (
        f"{share:.1%} of {view} changed: look at {tmp_path / view}.png, and if it is right, run"
        " python tests/browser/views.py"
    )


def test_views_differ_from_each_other(pictures) -> None:
    """The comparison sees what it should see."""
    assert changed(pictures["opening"], pictures["dark"]) > 0.5
    assert changed(pictures["opening"], pictures["region"]) > SHARE
    assert changed(pictures["opening"], pictures["near"]) > SHARE
