"""Messages: English in the code, Spanish from the catalogue, gaps filled in both."""

import string

import pytest
from corredor.geodata import DataFileError, Fault, TableError, UnknownPlaceError
from corredor.geodata.errors import casefolded, clip, nearest, suggestion
from corredor.geodata.messages import Message, catalogue

GONE = Message("{file}: there is no such file.", file="a.csv")


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def entries() -> dict[str, str]:
    return {
        english: spanish
        for english, spanish in catalogue("es")._catalog.items()
        if isinstance(english, str) and english
    }


def test_a_message_is_rendered_in_both_languages():
    assert GONE.render() == str(GONE) == "a.csv: there is no such file."
    assert GONE.render("en") == "a.csv: there is no such file."
    assert GONE.render("es") == "a.csv: ese archivo no existe."


def test_messages_inside_a_message_are_translated_too():
    outer = Message(
        "{file}, [{key}]: {fix}", file="f", key="k", fix=Message("Swap the two months.")
    )
    assert outer.render("en") == "f, [k]: Swap the two months."
    assert outer.render("es") == f"f, [k]: {Message('Swap the two months.').render('es')}"
    assert outer.render("es") != outer.render("en")


def test_text_without_a_translation_stays_english():
    assert Message("No such text {n}", n=1).render("es") == "No such text 1"


def test_values_are_never_taken_for_gaps():
    assert Message("{a}: {b}", a="{b}", b="{0.__class__}").render() == "{b}: {0.__class__}"


def test_messages_with_equal_text_and_values_are_equal():
    assert Message("{n}", n=1) == Message("{n}", n=1)
    assert Message("{n}", n=1) != Message("{n}", n=2)


def test_the_catalogue_is_not_empty():
    assert len(entries()) > 100


def test_translations_have_the_gaps_of_their_originals():
    pairs = entries().items()
    assert [english for english, spanish in pairs if gaps(spanish) != gaps(english)] == []


def test_no_translation_is_blank():
    assert [english for english, spanish in entries().items() if not spanish.strip()] == []


def test_errors_keep_both_languages_and_the_builtin_kind():
    with pytest.raises(OSError, match=r"^a\.csv: there is no such file\.$") as caught:
        raise DataFileError(GONE)
    assert caught.value.render("es") == "a.csv: ese archivo no existe."
    assert issubclass(UnknownPlaceError, LookupError)
    assert issubclass(TableError, ValueError)


@pytest.mark.parametrize(
    ("row", "column", "value", "start"),
    [
        (3, "value", "x", "row 3, column value, 'x': "),
        (None, "value", None, "column value: "),
        (None, None, None, "Swap"),
    ],
)
def test_a_fault_says_only_what_is_known(row, column, value, start):
    fault = Fault(row, column, value, Message("Swap the two months."), Message("Do."))
    assert fault.render().startswith(start)
    assert fault.render().endswith("Swap the two months. Do.")


@pytest.mark.parametrize(
    ("name", "folded"),
    [("ÁNCASH", "ancash"), ("  Madre   de Dios ", "madre de dios"), ("Ñuñoa", "nunoa"), ("", "")],
)
def test_names_are_compared_without_accents_and_case(name, folded):
    assert casefolded(name) == folded


@pytest.mark.parametrize(
    ("name", "found"), [("Limma", "Lima"), ("CUZCO", "Cusco"), ("ancash", "Áncash"), ("Xyz", None)]
)
def test_nearest_offers_the_known_name_as_it_is_written(name, found):
    assert nearest(name, ["Lima", "Cusco", "Áncash"]) == found


def test_a_suggestion_says_when_there_is_none():
    assert suggestion("Limma", ["Lima"]).render() == "Did you mean 'Lima'?"
    assert suggestion("Limma", []).render() == "Nothing known looks like it."


@pytest.mark.parametrize(
    ("text", "shown"),
    [("short", "short"), ("x" * 60, "x" * 60), ("x" * 61, "x" * 59 + "…"), ("a\tb", "a\ufffdb")],
)
def test_long_values_are_clipped(text, shown):
    assert clip(text) == shown
