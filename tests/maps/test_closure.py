"""What a closure would change, on the scene: apart from reports, in two languages, if asked for."""

from dataclasses import replace

import pytest
from blocks import read_block
from corredor.geodata import NetworkError, StudyError
from corredor.geodata.study.publication import narrow
from corredor.geodata.study.views import closed_in
from corredor.maps import atlas, build_scene
from corredor.routes import compare_scenarios, find_closed, find_corridors


@pytest.fixture(scope="module")
def corridors(peru_publication):
    return find_corridors(peru_publication)


@pytest.fixture(scope="module")
def found(peru_publication, corridors):
    scenario = find_closed(corridors, peru_publication, ["mazuko"])
    return compare_scenarios(peru_publication, {"Mazuko": scenario}, corridors=corridors)


def test_legs_are_those_that_change_and_start_where_their_first_place_lies(
    peru_publication, corridors, found
):
    before = dict(peru_publication.meta.opening.state)
    scene = build_scene(peru_publication, corridors=corridors, closure=found)
    closure = scene["closure"]
    assert [leg["load"] for leg in closure["legs"]] == pytest.approx(
        found.legs["change"].abs(), abs=0.006
    )
    nodes = corridors.network.nodes
    for leg, places, links in zip(
        closure["legs"], found.legs["place_ids"], found.legs["link_ids"], strict=True
    ):
        assert len(places) == len(links) + 1
        start = nodes[places[0]]
        assert leg["line"][:2] == [round(start["x"] * 10_000), round(start["y"] * 10_000)]
    assert any(leg["after"] > leg["before"] for leg in closure["legs"])
    assert any(leg["after"] < leg["before"] for leg in closure["legs"])
    assert closure["title"] == ["Cambio si se cerrara Mazuko", "Change if Mazuko were closed"]
    for text in ("account", "note", "more", "less", "all"):
        spanish, english = closure[text]
        assert spanish != english
    # Opened with what it was drawn for, under no arrow, and the study itself unchanged.
    assert scene["study"]["opening"]["layers"] == ["regions", "closure"]
    assert dict(peru_publication.meta.opening.state) == before


def test_without_a_closure_there_is_no_such_layer(peru_scene):
    assert "closure" not in peru_scene
    assert "closure" not in peru_scene["study"]["opening"]["layers"]


def test_what_is_closed_is_named_whole_and_what_is_not_known_is_refused(
    peru_publication, corridors
):
    leg = corridors.legs.iloc[0]
    page = atlas(peru_publication, corridors=corridors, closed=[leg["leg_id"]])
    closure = read_block(page.get_root().render())["closure"]
    assert closure["title"][1] == f"Change if {leg['name'].replace(' - ', ' – ')} were closed"
    with pytest.raises(NetworkError, match="'mazukko' is no leg, link or place"):
        atlas(peru_publication, corridors=corridors, closed=["mazukko"])
    with pytest.raises(NetworkError, match="no corridors to close"):
        atlas(peru_publication, corridors=False, closed=["mazuko"])


def closing(publication, *, opening=(), story=()):
    """Return the study with an opening view and a first story that close something."""
    meta = publication.meta
    first, *others = meta.stories
    meta = replace(
        meta,
        opening=replace(meta.opening, without=opening),
        stories=(replace(first, without=story), *others),
    )
    return narrow(publication, meta=meta)


def test_a_story_of_a_closure_shows_it_and_the_map_opens_as_before(peru_publication, corridors):
    told = closing(peru_publication, story=("mazuko",))
    scene = read_block(atlas(told, corridors=corridors).get_root().render())
    assert scene["closure"]["title"][1] == "Change if Mazuko were closed"
    assert scene["stories"][0]["state"]["layers"][-1] == "closure"
    assert all("closure" not in s["state"]["layers"] for s in scene["stories"][1:])
    before = read_block(atlas(peru_publication, corridors=corridors).get_root().render())
    assert scene["study"]["opening"] == before["study"]["opening"]


def test_an_opening_view_of_a_closure_shows_it_over_its_own_layers(peru_publication, corridors):
    told = closing(peru_publication, opening=("mazuko",))
    scene = read_block(atlas(told, corridors=corridors).get_root().render())
    own = peru_publication.meta.opening.state["layers"]
    assert scene["study"]["opening"]["layers"] == [*own, "closure"]


def test_a_map_without_corridors_tells_no_story_of_a_closure(peru_publication):
    told = closing(peru_publication, story=("mazuko",))
    scene = read_block(atlas(told, corridors=False).get_root().render())
    assert "closure" not in scene
    assert len(scene["stories"]) == len(peru_publication.meta.stories) - 1


def test_one_map_shows_one_closure(peru_publication, corridors):
    two = closing(peru_publication, opening=("mazuko",), story=("lima",))
    with pytest.raises(StudyError, match=r"\[stories 1\]\.without.*\[opening\] closes other"):
        closed_in(two.meta)
    one = closing(peru_publication, opening=("mazuko",))
    with pytest.raises(NetworkError, match="The study closes mazuko itself"):
        atlas(one, corridors=corridors, closed=["lima"])
    unknown = closing(peru_publication, opening=("mazukko",))
    with pytest.raises(NetworkError, match="'mazukko' is no leg, link or place"):
        atlas(unknown, corridors=corridors)
