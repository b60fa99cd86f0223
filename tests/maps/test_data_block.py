"""The data block: whatever the tables hold, it is data and nothing else."""

import re

import pytest
from blocks import inflate, read_block
from corredor.maps.page import data_block
from hypothesis import given
from hypothesis import strategies as st

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!-- <script>",
    "{{ 7 * 7 }}",
    "{% include 'x' %}",
    "{# comment #}",
    'a "quoted" \\ backslash',
    "\\",
    '\\"',
    '"}{"',
    "\\u003c",
    "line\u2028separator\u2029paragraph",
    "&lt;b&gt;&amp;",
    "\x00\x1f\x7f\n\r\t",
    "]]>",
    "ñandú 漢字 🗺",
]

# Random text made of what could break out, and of anything else.
TEXT = st.one_of(
    st.text(),
    st.text(st.sampled_from("<>&{}%#\"'\\/u0\u2028\u2029\n")),
    st.sampled_from(HOSTILE),
)
NUMBERS = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False))
DATA = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=15,
)


@given(st.dictionaries(TEXT, DATA, max_size=4))
def test_any_data_come_back_and_hold_no_markup(data):
    block = data_block(data)
    assert read_block(block) == data
    assert re.fullmatch(r'<script [a-z"/=\- ]*>[A-Za-z0-9+/]*=*</script>', block)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_as_values_and_as_keys(text):
    data = {"a": [text, {text: text}], text: [{text: {text: [text]}}]}
    block = data_block(data)
    assert read_block(block) == data
    assert not set(block.removeprefix("<script").removesuffix("</script>")) & set("{}&'\\")


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_what_json_cannot_say_is_refused(number):
    with pytest.raises(ValueError, match="Out of range"):
        data_block({"number": number})


def test_the_block_is_one_element_that_no_browser_runs():
    block = data_block({"title": HOSTILE[0]})
    assert block.startswith('<script type="text/plain" id="corredor-data">')
    assert block.count("<") == 2
    assert HOSTILE[0] in inflate(block).replace("\\", "")


def test_the_same_data_give_the_same_bytes():
    assert data_block({"a": ["b"] * 900}) == data_block({"a": ["b"] * 900})
