"""A study at the level asked for, and one region out of it."""

import pytest
from corredor.geodata import ArgumentError, StudyError, describe_study, protect, read_study
from corredor.geodata.study.part import part_of
from corredor.maps.scene.build import build_scene


@pytest.fixture(scope="module")
def provinces():
    return read_study(level="province")


@pytest.fixture(scope="module")
def cusco():
    return part_of(protect(read_study(level="district")), "cusco")


def test_the_level_is_that_asked_for(provinces):
    assert set(provinces.tables.regions["level"]) == {"province"}
    with pytest.raises(ArgumentError, match="level is 'distrito', which is none of"):
        read_study(level="distrito")  # type: ignore[arg-type]


def test_flows_between_regions_are_drawn_over_provinces(provinces):
    """Both ends stand in the middle of their region, and neither lies abroad."""
    scene = build_scene(protect(provinces))
    assert len(scene["regions"]) == 196
    assert scene["level"] == "province"
    by_id = {place["id"]: place for place in scene["places"]}
    assert by_id["08"]["at"]
    assert by_id["08"]["region"] == -2
    # Bolivia, and areas such as the coast, lie in no unit at all.
    outside = [place for place in scene["places"] if place["region"] == -1]
    assert 0 < len(outside) < 15
    assert all(p["at"] or p["kind"] == "area" for p in scene["places"])


def test_figures_of_regions_are_no_mistake_in_a_study_of_provinces(provinces):
    said = [m.render("en") for section in describe_study(provinces) for m in section.attention]
    assert sum("count larger units than the provinces" in text for text in said) == 1
    assert not any("Not matched" in text or "is not drawn" in text for text in said)
    account = build_scene(protect(provinces))["account"]
    assert account["larger"] > 200
    assert account["unmatched"] == []


def test_stories_of_regions_are_read_over_provinces(provinces):
    stories = build_scene(protect(provinces))["stories"]
    assert stories[1]["state"]["focus"][0]["kind"] == "place"
    assert stories[1]["state"]["frame"]


def test_a_part_has_the_districts_and_flows_of_its_region(cusco):
    tables = cusco.tables
    assert len(tables.regions) == 112
    assert set(tables.regions["ubigeo"].str[:2]) == {"08"}
    region = dict(zip(tables.places["place_id"], tables.places["ubigeo"].str[:2], strict=True))
    ends = zip(tables.flows["origin"], tables.flows["destination"], strict=True)
    assert all("08" in (region[a], region[b]) for a, b in ends)
    assert 20 < len(tables.flows) < 155
    assert set(tables.complaints["ubigeo"].str[:2]) <= {"", "08"}
    scene = build_scene(cusco)
    assert scene["study"]["title"][0].endswith("Cusco")
    (south, west), (north, east) = scene["study"]["opening"]["frame"]
    assert (round(west), round(east)) == (-74, -70)
    assert (round(south), round(north)) == (-15, -11)


@pytest.mark.parametrize("name", ["08", "Cuzco", "PE-CUS", "CUSCO", "Región Cusco"])
def test_a_region_may_be_named_in_any_usual_way(name):
    assert part_of(protect(read_study()), name).tables.regions["ubigeo"].tolist() == ["08"]


def test_a_region_that_is_none_is_refused():
    with pytest.raises(StudyError, match="no region 'Cuzkito'"):
        part_of(protect(read_study()), "Cuzkito")
    with pytest.raises(StudyError, match="no region '0801'"):  # a province
        part_of(protect(read_study()), "0801")
    with pytest.raises(StudyError, match=r"Did you mean 'Piura'"):
        part_of(protect(read_study()), "Piuraa")


def test_a_place_without_coordinates_stands_in_the_middle_of_its_unit(peru_study):
    from dataclasses import replace

    places = peru_study.tables.places
    bare = places.assign(lat=float("nan"), lon=float("nan"))
    bare["ubigeo"] = bare["ubigeo"].mask(bare["place_id"] == "abancay", "030101")
    study = replace(peru_study, tables=replace(peru_study.tables, places=bare))
    scene = build_scene(protect(study))
    (abancay,) = [place for place in scene["places"] if place["id"] == "abancay"]
    assert abancay["at"] == pytest.approx([-13.6, -72.9], abs=0.2)
    (coast,) = [place for place in scene["places"] if place["id"] == "costa"]
    assert coast["at"] is None
