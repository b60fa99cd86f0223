"""What a closure would change, on the scene: apart from reports, in two languages, if asked for."""

import pytest
from blocks import read_block
from corredor.geodata import NetworkError
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
