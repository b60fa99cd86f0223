"""The frame for other pages: what it allows, and that nothing of a study breaks out of it."""

import re
from html.parser import HTMLParser

import pytest
from corredor.geodata import DataFileError, protect
from corredor.maps import atlas, render_embed, write_page


class Frame(HTMLParser):
    """The elements of a snippet."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    @property
    def frame(self) -> dict[str, str]:
        (attrs,) = [attrs for tag, attrs in self.tags if tag == "iframe"]
        return attrs


@pytest.fixture
def page(toy_publication, tmp_path):
    return write_page(atlas(toy_publication), tmp_path / "mi mapa.html")


def test_the_frame_is_a_titled_sandbox(page):
    frame = Frame(render_embed(page)).frame
    assert frame["src"] == "mi%20mapa.html"
    assert frame["title"] == "País de prueba"
    assert frame["lang"] == "es"
    # Every figure leads to its source, also here.
    assert frame["sandbox"] == "allow-scripts allow-popups allow-popups-to-escape-sandbox"
    assert "allowfullscreen" in frame
    assert frame["referrerpolicy"] == "no-referrer"
    assert frame["loading"] == "lazy"
    assert (frame["width"], frame["height"]) == ("100%", "720")
    assert "height: 720px" in frame["style"]


def test_a_link_stands_below_for_readers_without_frames(page):
    ((_, link),) = [tag for tag in Frame(render_embed(page)).tags if tag[0] == "a"]
    assert link["href"] == "mi%20mapa.html"
    assert link["rel"] == "noopener noreferrer"


def test_a_ratio_takes_the_place_of_the_height(page):
    frame = Frame(render_embed(page, ratio=(4, 3))).frame
    assert "aspect-ratio: 4 / 3" in frame["style"]
    assert "height" not in frame
    bare = Frame(render_embed(page, ratio=(4, 3), style=False)).frame
    assert "style" not in bare
    assert bare["height"] == "720"


def test_address_language_and_view_are_put_together(page):
    text = render_embed(page, src="https://example.org/m.html", lang="en", view="#a=1&b=2")
    frame = Frame(text).frame
    assert frame["src"] == "https://example.org/m.html#a=1&b=2&lang=en"
    assert frame["title"] == "Toy country"
    assert frame["lang"] == "en"


def test_more_is_allowed_only_by_name(page):
    assert Frame(render_embed(page, links=False)).frame["sandbox"] == "allow-scripts"
    assert Frame(render_embed(page, downloads=True)).frame["sandbox"].split() == [
        "allow-scripts",
        "allow-popups",
        "allow-popups-to-escape-sandbox",
        "allow-downloads",
    ]


def test_the_whole_page_can_stand_in_the_frame(page):
    frame = Frame(render_embed(page, inline=True)).frame
    assert frame["srcdoc"] == page.read_text(encoding="utf-8")
    assert "src" not in frame


@pytest.mark.parametrize("inline", [False, True])
def test_a_title_stays_a_title(change, tmp_path, inline):
    hostile = '\\"><script>alert(1)</script>SRCDOC{{ 7*7 }}'
    study = change("study.toml", 'es = "País de prueba"', f"es = '{hostile}'")
    page = write_page(atlas(protect(study)), tmp_path / "m.html")
    parsed = Frame(render_embed(page, inline=inline))
    assert [tag for tag, _ in parsed.tags] == (["iframe"] if inline else ["iframe", "p", "a"])
    assert parsed.frame["title"] == hostile
    if inline:
        assert parsed.frame["srcdoc"] == page.read_text(encoding="utf-8")


@pytest.mark.parametrize("src", ["javascript:alert(1)", 'x"y', "a b", "data:text/html,x", ""])
def test_what_is_no_address_is_refused(page, src):
    with pytest.raises(ValueError, match="not an address"):
        render_embed(page, src=src)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"inline": True, "src": "a.html"}, "has no address"),
        ({"inline": True, "view": "a=1"}, "has no address"),
        ({"inline": True, "lang": "en"}, "--lang en"),
    ],
)
def test_choices_that_exclude_each_other(page, options, words):
    with pytest.raises(ValueError, match=words):
        render_embed(page, **options)


def test_other_files_are_refused(tmp_path):
    other = tmp_path / "other.html"
    with pytest.raises(DataFileError, match=r"other\.html: there is no such file"):
        render_embed(other)
    other.write_text("<!doctype html><title>x</title>", encoding="utf-8")
    with pytest.raises(DataFileError, match="no map of Corredor"):
        render_embed(other)
    other.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataFileError, match="cannot be read"):
        render_embed(other)


def test_a_notebook_gets_a_sandbox_with_the_whole_page(toy_publication):
    map_ = atlas(toy_publication, lang="en")
    frame = Frame(map_._repr_html_()).frame
    assert frame["sandbox"] == "allow-scripts"
    assert frame["srcdoc"] == map_.get_root().render()
    assert (frame["title"], frame["lang"]) == ("Toy country", "en")
    assert re.search(r"height: \d{3}px", frame["style"])


def test_the_command_prints_the_frame(command, page):
    run = command("embed", page, "--ratio", "16:9", "--src", "/mapas/m.html")
    assert (run.code, run.err) == (0, "")
    assert run.out.rstrip("\n") == render_embed(page, ratio=(16, 9), src="/mapas/m.html").rstrip(
        "\n"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--ratio", "wide"], "two numbers, such as 4:3"),
        (["--src", "javascript:1"], "not an address"),
        (["--inline", "--view", "a"], "has no address"),
        (["--height", "10"], "height"),
    ],
)
def test_the_command_says_what_is_wrong(command, page, arguments, words):
    run = command("embed", page, *arguments)
    assert (run.code, run.out) == (2, "")
    assert words in run.err
