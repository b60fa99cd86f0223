"""The layer of a closure on the page: marked as inferred, told in words, drawn unlike all else."""

from __future__ import annotations

import pytest
from corredor.maps import atlas, write_page
from steps import choose_language, picture, squeeze
from watch import PHONE

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def closed_file(everything, tmp_path_factory):
    target = tmp_path_factory.mktemp("closed") / "closed.html"
    return write_page(atlas(everything, closed=["mazuko"]), target)


@pytest.mark.parametrize("options", [{}, {"viewport": PHONE}])
def test_a_closure_is_drawn_and_told_in_both_languages(open_page, closed_file, options):
    page = open_page(closed_file, **options)
    assert page.is_checked("#layer-closure")
    assert not page.is_checked("#layer-flows")
    layer = page.locator(".layer", has=page.locator("#layer-closure"))
    told = squeeze(layer.inner_text())
    assert "Cambio si se cerrara Mazuko" in told
    assert "inferido" in told
    assert "Nadie sabe cómo" in told
    choose_language(page, "en")
    told = squeeze(layer.inner_text())
    assert "Change if Mazuko were closed inferred" in told
    assert "More would be expected here" in told
    assert "Less would be expected here" in told
    layer.locator("summary").click()
    assert layer.locator("li", has_text="→").count() > 5
    drawn = picture(page)
    page.uncheck("#layer-closure")
    assert picture(page) != drawn
