"""The description of a study: what it holds, what matched, what was left out."""

import pytest
from corredor.geodata import describe_study, read_study, render_sections

TOY = """\
Regions: 4
  750,000 people (2017); 48,644 km² as drawn.

Complaints: 18 rows
  All of public sources: they pass unchanged.
  3 rows of the whole country.
  8 rows of a region or city.
  6 rows of 5 judicial or fiscal districts, brought to 4 regions by the crosswalk.
  15 distinct figures; 1 of them printed by several sources.
  MP, complaints, 2017-01 to 2017-12: 4 of 4 regions, sum 100 (published total: 100).
  PNP, victims, 2017-01 to 2018-12: 4 of 4 regions, sum 30 (published total: 30).
! Not matched, and not on the map: Brisa Oeste (4). Did you mean 'Brisa Norte'?
! Sources differ: MP, complaints, 2018-01 to 2018-12, 01: 12 (ngo), 15 (press).

Flows: 6 rows
  All of public sources: they pass unchanged.
  5 pairs of places, 4 pairs of regions; 1 flows within one region.
  1 with a number, 5 reported without one.
  5 of 6 reported flows drawn.
! F5: 02 -> costa is not drawn, because a place has no point.

Places: 6
  regions 3, cities 1, river ports 1, areas 1.
  0 outside the regions of the study; 1 area(s) without a point.

Itineraries: 1 routes
  3 stops.

Transport network: 3 places, 2 links
  by road 1, by river 1.

Sources: 5
  4 publications once retellings are counted once.
  0 not used by any table.
! 7 counts under 10, from: police (4), ngo (3). They pass because the study says that these sources\
 are public."""


def test_the_toy_study_in_words(toy_study):
    assert render_sections(describe_study(toy_study)) == TOY


def test_the_same_numbers_in_spanish(toy_study):
    spanish = render_sections(describe_study(toy_study), "es").split("\n")
    english = TOY.split("\n")
    assert len(spanish) == len(english)
    for there, here in zip(spanish, english, strict=True):
        assert digits(there) == digits(here)
    assert spanish[0] == "Regiones: 4"
    assert not set(spanish) & {line for line in english if line.startswith("! ")}


def digits(line: str) -> list[str]:
    return sorted(character for character in line if character.isdigit())


def test_counts_that_are_not_public_are_announced(change):
    text = render_sections(
        describe_study(change("sources.csv", "registro,2026-01-02,public", ",,"))
    )
    assert "Flows: 6 rows\n  2 of 6 rows of own sources: they are protected before" in text
    assert "Complaints: 18 rows\n  6 of 18 rows of own sources" in text


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("03,Cobre,50000,2017,,,,base\n", "",
         "! 1 region(s) without population, so without rates: Cobre."),
        ("03,Cobre,", "09,Lejos,", "! 1 row(s) of population match no region: Lejos."),
    ],
)  # fmt: skip
def test_regions_and_population_that_do_not_meet_are_named(change, old, new, line):
    assert line in render_sections(describe_study(change("population.csv", old, new)))


def test_idle_sources_are_counted(change):
    study = change("sources.csv", "base,,", "idle,,Nadie,Nada,,,,,,\nbase,,")
    assert "  1 not used by any table." in render_sections(describe_study(study))


def test_describing_changes_nothing(toy_study):
    before = {name: table.copy() for name, table in vars(toy_study.tables).items()}
    describe_study(toy_study)
    for name, table in vars(toy_study.tables).items():
        assert table.equals(before[name]), name


def test_a_study_without_complaints_is_described(change, toy_folder):
    line = 'complaints = { file = "complaints.csv" }'
    text = render_sections(describe_study(change("study.toml", line, "")))
    assert "Complaints: 0 rows" in text


def test_a_study_without_population_is_read(change, toy_folder):
    line = 'population = { file = "population.csv" }'
    study = change("study.toml", line, "")
    assert study.tables.regions["population"].isna().all()
    assert study.tables.regions["population_year"].tolist() == ["", "", "", ""]
    assert "4 region(s) without population" in render_sections(
        describe_study(read_study(toy_folder))
    )
