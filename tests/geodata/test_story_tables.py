"""Stories and bounds of classes in study.toml."""

import pytest
from corredor.geodata import StudyError

ANCHOR = "[publication]\n"
STORY = """\
[[stories]]
title = { es = "De Ámbar a Duna", en = "From Ámbar to Duna" }
text = { es = "Cifras inventadas.", en = "Invented figures." }
"""


@pytest.fixture
def add(change):
    """Add lines to the toy study's study.toml and read it."""

    def add_(lines: str):
        return change("study.toml", ANCHOR, f"{lines}\n{ANCHOR}").meta

    return add_


def test_a_study_needs_neither_stories_nor_bounds(toy_study):
    assert toy_study.meta.stories == ()
    assert toy_study.meta.classes.rate == toy_study.meta.classes.count == ()


def test_bounds_are_read_as_numbers(add):
    classes = add("[classes]\nrate = [1, 2.5, 5]").classes
    assert classes.rate == (1.0, 2.5, 5.0)
    assert classes.count == ()


@pytest.mark.parametrize("bounds", ["[]", "[1, 1]", "[5, 2]", "[0, 1]", "[1, 2, 3, 4, 5]", '["1"]'])
def test_bounds_that_make_no_classes_are_refused(add, bounds):
    with pytest.raises(StudyError, match=r"\[classes.rate\]: Write one to 4 ascending numbers"):
        add(f"[classes]\nrate = {bounds}")


def test_bounds_of_something_else_are_refused_with_the_nearest_name(add):
    with pytest.raises(StudyError, match=r"\[classes.rates\]: Did you mean 'rate'"):
        add("[classes]\nrates = [1]")


def test_a_story_with_all_its_choices(add):
    (story,) = add(
        STORY + 'show = "count"\nlevel = "place"\nlayers = ["regions", "flows"]\nfocus = "Ambar"\n'
        'direction = "out"\ngrade = 2\ntop = 5\nselect = "01"\nzoom_to = ["DUNA", "01"]\n'
        'series = { register = "MP", measure = "complaints", period_start = "2017-01",'
        ' period_end = "2017-12" }'
    ).stories
    assert (story.title.es, story.text.en) == ("De Ámbar a Duna", "Invented figures.")
    assert (story.focus, story.select, story.zoom_to) == (("01",), "01", ("04", "01"))
    assert story.state == {
        "show": "count",
        "level": "place",
        "direction": "out",
        "grade": 2,
        "top": 5,
        "layers": ["regions", "flows"],
    }
    assert story.series["register"] == "MP"
    assert "purpose" not in story.series


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('layers = ["flow"]', r"\[stories 1.layers\]: 'flow' is not known. Did you mean 'flows'"),
        ('focus = "Ambra"', r"\[stories 1.focus\]: .*'Ambra'. Did you mean 'ambar'"),
        ('zoom_to = ["99"]', r"\[stories 1.zoom_to\]: No region and no place is called '99'"),
        ("zoom_to = [1, 2]", r"\[stories 1.zoom_to\]: Write a list of names"),
        ('direction = "north"', r"\[stories 1.direction\]: 'north' is not known"),
        ("grade = 0", r"\[stories 1.grade\]: Write a whole number"),
        ('show = "volume"', r"\[stories 1.show\]: .*Use one of: rate, count, change"),
        ('focos = "01"', r"\[stories 1.focos\]: Did you mean 'focus'"),
        ("series = 3", r"\[stories 1.series\]: This section is missing"),
        (
            'series = { registers = "MP" }',
            r"\[stories 1.series.registers\]: Did you mean 'register'",
        ),
        ("series = { register = 3 }", r"\[stories 1.series.register\]: This text is missing"),
        (
            'series = { measure = "victim" }',
            r"stories 1.series.measure\]: Did you mean 'victims'",
        ),
    ],
)
def test_what_a_story_may_not_say(add, line, words):
    with pytest.raises(StudyError, match=words):
        add(STORY + line)


def test_a_story_says_what_it_is_in_both_languages(add):
    with pytest.raises(StudyError, match=r"\[stories 1.title.en\]: This text is missing"):
        add(STORY.replace(', en = "From Ámbar to Duna"', ""))


def test_stories_are_a_list(add):
    with pytest.raises(StudyError, match=r"Write each story as a section"):
        add('[stories]\ntitle = "x"')
