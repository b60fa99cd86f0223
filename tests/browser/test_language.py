"""Two languages in one file: whatever the reader opens, nothing of the other language is left."""

from __future__ import annotations

import re

import pytest
from steps import CRAWL, choose_language, mark_of, read_rows, squeeze

pytestmark = pytest.mark.browser

# What may be the same in both languages beside names and titles: numbers, dates, signs, months
# that have one short name in both languages.
NEUTRAL = re.compile(
    r"[\d\s.,:;\[\]–—·≈%+/()×→=−‹›▶❚-]*|\d+ km|"
    r"((Ene |Abr )?(Feb|Mar|May|Jun|Jul|Oct|Nov)? ?\d{4}[ –]*)+"
)


@pytest.fixture(scope="module")
def crawled(open_unwatched, page_file) -> dict[str, dict[str, list[str]]]:
    """Everything that stands on the page in each language, over all kinds of panel."""
    found = {}
    for language in ("es", "en"):
        page, watch = open_unwatched(page_file)
        choose_language(page, language)
        found[language] = page.evaluate(CRAWL, {"perRegion": 2})
        found[language]["page"] = [page.title(), page.locator("html").get_attribute("lang")]
        assert found[language]["opened"] > 40
        assert not watch.problems
    return found


@pytest.fixture(scope="module")
def names(data) -> set[str]:
    """Proper names, titles and what has one wording only."""
    known = {"Español", "English", "Perú", "Wikipedia"}
    for row in read_rows("sources"):
        known |= {row["publisher"], row["title"], row["url"], mark_of(row)}
        known.add(f"{row['publisher']}, {row['date']}.".replace(", .", "."))
        known.add(f"{row['publisher']} ({row['date']}).".replace(" ().", "."))
        known.add(f". {row['url']}")
    for table, column in (("fiscal_districts", "district"), ("complaints", "place")):
        known |= {row[column] for row in read_rows(table)}
    known |= {row["name"] for row in data["regions"]}
    for leg in data["corridors"]["legs"]:
        known |= {leg["name"], " – ".join(leg["places"]), *leg["places"]}
    pairs = [leg["way"] for leg in data["corridors"]["legs"]]
    pairs += [place["name"] for place in data["places"]]
    pairs += [text for row in data["registers"].values() for text in row.values()] + data["texts"]
    known |= {es for es, en in pairs if es == en}
    return known | {es for es, en in data["messages"].items() if es == en}


CODES = {row["source_id"] for row in read_rows("sources")}


def is_name(text: str, names: set[str]) -> bool:
    """Whether a text is made of names, numbers and signs only, as in ``Puno → Madre de Dios``.

    The table lists sources by their codes.
    """
    if CODES.issuperset(text.split()):
        return True
    for item in re.sub(r" \(\d+\)$", "", text).split("; "):
        parts = re.split(r" → | – | · |, |\(|\)|: ", item)
        if item not in names and not all(p in names or NEUTRAL.fullmatch(p) for p in parts):
            return False
    return True


def pattern_of(message: str) -> re.Pattern[str]:
    """Return what finds a message in a text, its gaps filled with anything."""
    words = [re.escape(part) for part in re.split(r"\{\w+\}", message)]
    body = r".+?".join(words)
    return re.compile(rf"(?<!\w){body}(?!\w)" if len("".join(words)) > 11 else rf"^{body}$")


def test_every_text_changes_with_the_language(crawled, names) -> None:
    same = set(crawled["es"]["texts"]) & set(crawled["en"]["texts"])
    assert sorted(text for text in same if not is_name(text, names)) == []
    assert len(crawled["es"]["texts"]) > 500


def test_every_label_for_screen_readers_changes_with_the_language(crawled, names) -> None:
    same = set(crawled["es"]["labels"]) & set(crawled["en"]["labels"]) - {"Zoom in", "Zoom out"}
    assert sorted(label for label in same if not is_name(label, names)) == []
    assert len(crawled["es"]["labels"]) > 100


def test_zoom_buttons_speak_the_language_of_the_page(crawled) -> None:
    assert not {"Zoom in", "Zoom out"} & set(crawled["es"]["labels"])


@pytest.mark.parametrize("language", ["es", "en"])
def test_no_message_of_the_other_language_is_left(crawled, data, language) -> None:
    pairs = [(en, es) for en, es in data["messages"].items() if en != es]
    other = [pattern_of(pair[0 if language == "es" else 1]) for pair in pairs]
    texts = crawled[language]["texts"] + crawled[language]["labels"]
    ours = {squeeze(text) for pair in data["texts"] for text in pair}
    ours |= {row["title"] for row in read_rows("sources")}
    left = {
        text
        for text in texts
        if text not in ours and any(pattern.search(text) for pattern in other)
    }
    assert left == set()


def test_every_message_is_translated(data) -> None:
    assert len(data["messages"]) > 100
    same = {en for en, es in data["messages"].items() if en == es}
    assert same <= {"Jenks"}
    for en, es in data["messages"].items():
        assert set(re.findall(r"\{\w+\}", en)) == set(re.findall(r"\{\w+\}", es))


def test_notes_of_the_tables_stand_in_the_language_of_the_page(crawled, data) -> None:
    for n, language in enumerate(("es", "en")):
        other = {pair[1 - n] for pair in data["texts"] if pair[0] != pair[1]}
        assert set(crawled[language]["texts"]) & other == set()


def test_titles_in_another_language_say_which(watched) -> None:
    """So that a screen reader does not read English as if it were Spanish."""
    watched.click("#open-sources")
    row = watched.locator("#sources li", has_text="Living in Peru, 2018").first
    assert row.locator("cite").get_attribute("lang") == "en"
    languages = {row["title"]: row["language"] for row in read_rows("sources")}
    for cite in watched.locator("#sources cite").all():
        assert (cite.get_attribute("lang") or "") == languages[cite.inner_text()]
    watched.keyboard.press("Escape")
    watched.locator("[data-region='15']").press("Enter")
    watched.emulate_media(media="print")
    watched.locator(".paper-refs [lang=es]").first.wait_for(state="attached")


def test_page_names_its_language(crawled) -> None:
    assert crawled["es"]["page"] == [
        "Trata de personas en el Perú: lo denunciado y lo reportado",
        "es",
    ]
    assert crawled["en"]["page"] == ["Human trafficking in Peru: what has been reported", "en"]


def test_language_buttons_say_which_is_on_and_keep_the_focus(watched) -> None:
    choose_language(watched, "en")
    pressed = watched.locator("#languages [aria-pressed=true]")
    assert pressed.inner_text() == "English"
    assert watched.evaluate("document.activeElement.lang") == "en"


def test_choice_and_layers_survive_the_language(watched) -> None:
    watched.uncheck("#layer-places")
    watched.locator("[data-region='17']").press("Enter")
    choose_language(watched, "en")
    assert watched.locator("#panel-title").inner_text() == "Madre de Dios"
    assert "92 records of victims" in squeeze(watched.locator("#panel").inner_text())
    assert not watched.locator("#layer-places").is_checked()


def test_page_made_in_english_opens_in_english(open_page, english_file) -> None:
    page = open_page(english_file)
    assert page.locator("html").get_attribute("lang") == "en"
    assert "155 of 155 reported flows drawn, 100 % of" in page.locator("#status").inner_text()
    choose_language(page, "es")
    assert "155 de 155 flujos reportados" in page.locator("#status").inner_text()
