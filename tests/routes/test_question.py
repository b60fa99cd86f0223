"""Posts on the ways of a study: against exhaustive search, with ranges, near and exact."""

import itertools

import numpy as np
import pytest
from corredor.geodata import NetworkError
from corredor.routes import (
    ask_posts,
    describe_posts,
    find_place,
    list_places,
    meet_probability,
    place_posts,
)
from corredor.routes.question import _AllCases

TOWNS = ("urcos", "juliaca", "mazuko", "nauta", "lima", "abancay", "huanuco")


@pytest.fixture(scope="module")
def question(peru_publication):
    return ask_posts(peru_publication)


def reach_of(question, places):
    """Return the share that comes near to at least one of the places, own ends left out."""
    spread = question.spread
    met = meet_probability(spread, places, near_km=question.near_km, count_ends=False)
    weight = spread.pairs["weight"].where(met.notna(), 0.0)
    return float((met.fillna(0.0) * weight).sum() / weight.sum())


@pytest.mark.parametrize("p", [1, 2, 3])
def test_posts_are_the_best_of_all_sets(question, p):
    found = place_posts(question, p, candidates=TOWNS)
    best = max(reach_of(question, places) for places in itertools.combinations(TOWNS, p))
    assert found.reach == pytest.approx(best)
    assert found.reach == pytest.approx(reach_of(question, found.table["place_id"]))
    assert found.reach <= found.bound + 1e-9


@pytest.mark.parametrize("p", [1, 2, 3])
def test_the_robust_set_is_the_best_worst_case_of_all_sets(question, p):
    found = place_posts(question, p, candidates=TOWNS)
    every = _AllCases(question, list(TOWNS))
    worst = {places: every.reach(places).min() for places in itertools.combinations(TOWNS, p)}
    assert found.worst == pytest.approx(max(worst.values()))
    assert worst[tuple(place for place in TOWNS if place in found.robust)] == found.worst


def test_ranges_hold_every_case(question, peru_publication):
    listed = list_places(question).set_index("place_id")
    assert (listed["share_low"] <= listed["share"] + 1e-9).all()
    assert (listed["share"] <= listed["share_high"] + 1e-9).all()
    assert (listed["exact"] <= listed["share"] + 1e-9).all()
    for options in ({"boats": "rapido"}, {"season": "wet"}, {"theta": "few"}):
        other = list_places(ask_posts(peru_publication, **options)).set_index("place_id")
        for place in TOWNS:
            share = other["share"].get(place, 0.0)
            low, high = listed.loc[place, ["share_low", "share_high"]]
            assert low - 1e-9 <= share <= high + 1e-9, (options, place)


def test_a_rank_is_that_among_all_places(question):
    listed = list_places(question)
    base = (-listed["share"].round(9)).rank(method="min").to_numpy()
    assert (listed["rank_low"] <= base).all()
    assert (base <= listed["rank_high"]).all()


def test_of_equal_places_the_one_on_the_way_is_named(question):
    """Who passes within 25 km of Ccatcca passes Urcos itself."""
    listed = list_places(question).set_index("place_id")
    assert listed.at["ccatcca", "share"] == pytest.approx(listed.at["urcos", "share"])
    assert listed.at["ccatcca", "exact"] < listed.at["urcos", "exact"]
    assert place_posts(question, 1).table["place_id"].tolist() == ["urcos"]


def test_without_nearness_a_place_itself_is_passed(peru_publication):
    listed = list_places(ask_posts(peru_publication, near_km=0))
    assert np.allclose(listed["share"], listed["exact"])


def test_what_is_said_speaks_of_the_model(question):
    posts = place_posts(question, 2)
    english = [line.render("en") for line in describe_posts(posts, {}, kind="evidence",
                                                            near_km=25).lines]  # fmt: skip
    assert any("In this model no set of this size" in line for line in english)
    assert any("at most 25 km near" in line for line in english)
    assert "could rank" in english[0]


def test_regions_are_taken_for_places(peru_publication, peru_corridors):
    corridors = peru_corridors
    wanted = {"Loreto": "iquitos", "17": "puerto_maldonado", "Áncash": "huaraz", "Mazuko": "mazuko",
              "madre de dios": "puerto_maldonado", "Libertad, La": "trujillo"}  # fmt: skip
    for name, place in wanted.items():
        assert find_place(peru_publication.tables, corridors, name) == place
    with pytest.raises(NetworkError, match="Did you mean 'Mazuko'"):
        find_place(peru_publication.tables, corridors, "Mazuco")


def test_flows_that_do_not_exist_are_said(peru_publication):
    with pytest.raises(NetworkError, match="No reported flow joins these places"):
        ask_posts(peru_publication, origin="Tumbes", destination="Tumbes")
    with pytest.raises(NetworkError, match="No reported flow carries a number"):
        ask_posts(peru_publication, kind="count")
