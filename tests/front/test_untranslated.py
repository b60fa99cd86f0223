"""No text for people stands in the code of the page, its templates or the command line as it is."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "maps" / "js").rglob("*.js"))
# Names, keys, fonts, attributes; and what is written in its own language on purpose.
NEUTRAL = {
    "Segoe UI", "Noto Sans", "noopener noreferrer", "DecompressionStream", "Escape", "Enter",
    "Español", "English", "Perú",
}  # fmt: skip
CLASSES = re.compile(r'\bclass: "[^"]*"|\bclass: [^,{}]*\? "[^"]*" : "[^"]*"')
CALLS = re.compile(r'\btn?\(\s*"(?:[^"\\]|\\.)*"(?:,\s*"(?:[^"\\]|\\.)*")?')
WORDS = re.compile(r"[A-Za-zÁ-ú]{3,} [a-zá-ú]{2,}|^[A-ZÁ-Ú][a-zá-ú]{2,}")


def texts_of(code: str) -> list[str]:
    """Return the strings of a script that look like words and are not handed to t or tn."""
    code = re.sub(r"(?m)^\s*//.*$|^import [^;]*;", "", code)
    code = CALLS.sub("t(", CLASSES.sub("", code))
    found = re.findall(r'"((?:[^"\\\n]|\\.)*)"', code)
    return [text for text in found if WORDS.search(text) and text not in NEUTRAL]


def test_the_search_finds_what_it_should():
    code = 'h("p", { class: "a b" }, "Not translated", t("Translated text"), tn("{n} a", "{n} b"))'
    assert texts_of(code) == ["Not translated"]


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_every_text_of_a_script_is_translated(file):
    assert texts_of(file.read_text(encoding="utf-8")) == []


def test_templates_hold_no_text_but_the_two_that_speak_both_languages():
    for file in sorted((ROOT / "maps" / "templates").glob("*.html")):
        source = file.read_text(encoding="utf-8")
        source = re.sub(r"(?s){% macro script.*?{% endmacro %}", "", source)
        plain = re.sub(r"(?s){[%{].*?[%}]}|<[^>]*>", " ", source)
        for line in plain.splitlines():
            if re.search(r"[a-z]{3,} [a-z]{3,}", line):
                assert " · " in line, (file.name, line)


@pytest.mark.parametrize(
    "file", sorted((ROOT / "src" / "corredor").rglob("*.py")), ids=lambda file: file.name
)
def test_help_of_the_command_line_is_translated(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.keyword) and node.arg == "help":
            assert not isinstance(node.value, ast.Constant), (file.name, node.value.lineno)
