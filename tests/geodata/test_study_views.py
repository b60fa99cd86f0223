"""The opening view and stories of a study: what they may set, and what they may not speak of."""

import re
from dataclasses import replace

import pytest
from corredor.geodata import (
    CorredorWarning,
    StudyError,
    copy_embedded,
    describe_study,
    embedded_study,
    find_series,
    list_series,
    protect,
    read_study,
    render_sections,
)
from corredor.geodata.figures import join_figures
from corredor.geodata.study.views import view_of_address
from corredor.maps import build_scene
from toy import STUDY

OPENING = STUDY[STUDY.index("[opening]") : STUDY.index("[publication]")]
STORY = """\
[[stories]]
title = { es = "De Ámbar a Duna", en = "From Ámbar to Duna" }
text = { es = "Cifras inventadas.", en = "Invented figures." }
"""


def opening_of(study) -> dict:
    return build_scene(protect(study))["study"]["opening"]


def test_without_an_opening_view_the_series_of_most_regions_is_shown(change):
    study = change("study.toml", OPENING, "")
    series = join_figures(study.tables).series
    opening = opening_of(study)
    assert series["covered"].iloc[opening["series"]] == series["covered"].max()
    assert opening["show"] == "rate"


def test_without_population_counts_are_shown(change, toy_folder):
    change("study.toml", OPENING, "")
    study = change("study.toml", 'population = { file = "population.csv" }', "")
    assert opening_of(study)["show"] == "count"


def test_one_word_is_enough_to_say_which_series(change):
    study = change("study.toml", OPENING, '[opening]\nregister = "MP"\n\n')
    scene = build_scene(protect(study))
    assert scene["series"][scene["study"]["opening"]["series"]]["register"] == "MP"


def test_a_closure_is_read_and_needs_flows_on_a_network(change):
    study = change("study.toml", OPENING, '[opening]\nwithout = ["a", "P1 - P2"]\n\n')
    assert study.meta.opening.without == ("a", "P1 - P2")
    with pytest.raises(StudyError, match=r"opening\.without"):
        change("study.toml", 'without = ["a", "P1 - P2"]', "without = [1]")


def test_an_opening_view_takes_what_stories_take(change):
    study = change(
        "study.toml",
        OPENING,
        '[opening]\nseries = { register = "MP", period_start = "2018-01" }\nshow = "count"\n'
        'layers = ["flows"]\nfocus = ["Duna"]\ndirection = "in"\ngrade = 2\ntop = 5\n'
        'level = "place"\nselect = "01"\nzoom_to = ["01", "02"]\n\n',
    )
    scene = build_scene(protect(study))
    opening = scene["study"]["opening"]
    assert scene["series"][opening.pop("series")]["period_start"] == "2018-01"
    (south, west), (north, east) = opening.pop("frame")
    assert (north - south, east - west) == pytest.approx((1, 2))
    assert opening == {
        "show": "count",
        "layers": ["flows"],
        "focus": [{"kind": "region", "id": 3}],
        "direction": "in",
        "grade": 2,
        "top": 5,
        "level": "place",
        "selected": {"kind": "region", "id": 0},
    }


def test_of_series_that_fit_equally_all_purposes_come_first(toy_study):
    table = join_figures(toy_study.tables).table
    other = table.assign(purpose="labour", period_end="2030-12")
    both = list_series(type(table)(__import__("pandas").concat([table, other])), regions=4)
    assert both["purpose"].tolist()[find_series(both, {})] == "all"


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ("flows", 'layers = ["flows"]'),
        ("flows", 'direction = "out"'),
        ("flows", "grade = 2"),
        ("flows", 'layers = ["corridors"]'),
        ("network_links", 'layers = ["corridors"]'),
        ("itineraries", 'layers = ["itineraries"]'),
        ("complaints", 'show = "count"'),
        ("complaints", 'series = { register = "MP" }'),
    ],
)
def test_stories_of_figures_that_the_study_lacks_are_refused(change, table, line):
    change("study.toml", "[publication]\n", f"{STORY}{line}\n[publication]\n")
    entry = next(row for row in STUDY.splitlines() if row.startswith(f"{table} ="))
    study = change("study.toml", entry, "")
    words = rf"\[stories 1\]: it speaks of the table '{table}', which is empty"
    with pytest.raises(StudyError, match=words):
        describe_study(study)
    with pytest.raises(StudyError, match=words):
        build_scene(protect(study))


@pytest.mark.parametrize("table", ["complaints", "flows", "itineraries"])
def test_copied_stories_hold_while_the_figures_are_those_they_speak_of(tmp_path, table, peru_study):
    copy_embedded(tmp_path / "mine")
    assert describe_study(read_study(tmp_path / "mine"))
    file = tmp_path / "mine" / f"{table}.csv"
    header, *rows = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([header, *rows[:-1]]), encoding="utf-8")
    study = read_study(tmp_path / "mine")
    words = r"Stories 1, 2, 3, 4 are left out: they were written for other figures"
    assert re.search(words, render_sections(describe_study(study)))
    with pytest.warns(CorredorWarning, match=words):
        assert build_scene(protect(study))["stories"] == []
    toml = tmp_path / "mine" / "study.toml"
    lines = [line for line in toml.read_text().splitlines() if not line.startswith("written_for")]
    toml.write_text("\n".join(lines), encoding="utf-8")
    assert "left out: they" not in render_sections(describe_study(read_study(tmp_path / "mine")))


def test_the_stories_of_the_embedded_study_hold():
    study = read_study(embedded_study())
    assert len(study.meta.stories) == 4
    assert describe_study(study)


def test_a_view_of_an_address_holds_what_the_study_has(peru_study):
    """A page names all its layers; a story of a study without itineraries can't."""
    address = "#layers=flows itineraries regions&level=province&grade=3&selected=region~17"
    tables = peru_study.tables
    view = {"layers": ["flows", "itineraries", "regions"], "level": "province", "grade": 3}
    assert view_of_address(address, tables) == {**view, "select": "17"}
    fewer = replace(tables, itineraries=tables.itineraries[:0], flows=tables.flows[:0])
    assert view_of_address(address, fewer) == {
        "layers": ["regions"], "level": "province", "select": "17"
    }  # fmt: skip
