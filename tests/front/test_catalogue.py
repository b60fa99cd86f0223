"""The Spanish catalogue holds every text of the code, and nothing that is gone."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.mofile import read_mo

FOLDER = Path(__file__).parents[2] / "src" / "corredor" / "locale"


@pytest.fixture(scope="module")
def update() -> ModuleType:
    spec = importlib.util.spec_from_file_location("locale_update", FOLDER / "update.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def collected(update) -> dict[str, list[tuple[str, int]]]:
    return update.collect()


def test_texts_are_collected_from_python_javascript_and_templates(collected):
    kinds = {Path(file).suffix for places in collected.values() for file, _ in places}
    assert kinds == {".py", ".js", ".html"}
    assert ("src/corredor/cli.py", 0) in collected["Show the version."]


def test_nothing_is_said_while_texts_are_collected(update, capfd):
    # Babel complains of texts that it cannot translate as they are written.
    update.collect()
    assert capfd.readouterr() == ("", "")


def test_every_text_has_a_translation(update, collected):
    assert sorted(set(collected) - set(update.read())) == []


def test_no_translation_is_left_over(update, collected):
    assert sorted(set(update.read()) - set(collected)) == []


def test_the_compiled_catalogue_is_that_of_the_source(update):
    # By message: the header tells the version of Babel that compiled it.
    with (FOLDER / "es" / "LC_MESSAGES" / "corredor.mo").open("rb") as source:
        compiled = {str(message.id): message.string for message in read_mo(source) if message.id}
    assert compiled == update.read()


def test_translations_keep_blanks_and_line_ends(update):
    for english, spanish in update.read().items():
        assert spanish.startswith(" ") == english.startswith(" "), english
        assert spanish.endswith(" ") == english.endswith(" "), english
        assert spanish.count("\n") == english.count("\n"), english
