"""Tests of `corredor.geodata.text`."""

import pytest
from corredor.geodata.text import mend_text


@pytest.mark.parametrize(
    ("text", "mended", "repairs"),
    [
        ("Apur&iacute;mac", "Apurímac", ("entity",)),
        ("Ca&#241;ete", "Cañete", ("entity",)),
        ("La&nbsp;Libertad", "La Libertad", ("entity", "blank")),
        ("ApurÃ­mac", "Apurímac", ("encoding",)),
        ("A\u0301ncash", "Áncash", ("form",)),
        (" Madre  de Dios ", "Madre de Dios", ()),
    ],
)
def test_broken_letters_are_mended_and_named(text, mended, repairs):
    assert mend_text(text) == (mended, repairs)


@pytest.mark.parametrize("text", ["&lt;b&gt;&amp;&#60;script&#62;", "A & B", "&quot;Costa&quot;"])
def test_signs_of_markup_stay_as_they_were_written(text):
    assert mend_text(text) == (text, ())
