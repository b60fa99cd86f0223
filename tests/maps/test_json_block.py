"""The JSON block: whatever the tables hold, it is data and nothing else."""

import json
import re

import pytest
from corredor.maps.page import data_block, escape_json
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


def check(text: str, data: object) -> None:
    assert json.loads(text) == data
    assert not re.search("[<>&\u2028\u2029\u007f]", text)
    assert "{{" not in text
    assert "{%" not in text
    assert "{#" not in text


@given(DATA)
def test_any_data_come_back_and_hold_no_markup(data):
    check(escape_json(data), data)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_as_values_and_as_keys(text):
    data = [text, {text: text}, [{"a": text}, {text: {text: [text]}}]]
    check(escape_json(data), data)


@pytest.mark.parametrize("text", HOSTILE)
def test_braces_of_strings_are_escaped_and_those_of_objects_are_not(text):
    inside = re.findall(r'"((?:[^"\\]|\\.)*)"', escape_json({"key": text}))
    assert len(inside) == 2
    assert not set("{}") & set("".join(inside))
    assert escape_json({"key": {}}) == '{"key":{}}'


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_what_json_cannot_say_is_refused(number):
    with pytest.raises(ValueError, match="Out of range"):
        escape_json([number])


def test_the_block_is_one_element_that_no_browser_runs():
    block = data_block({"title": HOSTILE[0]})
    assert block.startswith('<script type="application/json" id="corredor-data">{')
    assert block.endswith("}</script>")
    assert block.count("<") == 2
