"""How likely journeys pass links and places, alone, together, and nearby."""

import numpy as np
import pytest
from corredor.geodata import NetworkError
from corredor.routes import find_visits, meet_probability, pass_probabilities, spread_flows
from hypothesis import given
from hypothesis import strategies as st
from test_spread import KITE
from walkers import listed_ways, network, networks, odds_of, pairs

# A kite whose tail leads on, with places on the way that only join two links.
LONG = [*KITE, ("d", "e", 1.0), ("e", "f", 1.0), ("d", "f", 2.5), ("f", "g", 1.0)]


@given(
    G=networks(modes=("road", "river")),
    places=st.sets(st.integers(0, 3), min_size=1, max_size=3),
)
def test_passing_any_of_some_places_is_the_plain_sum_over_ways(G, places):
    chosen = {f"p{place}" for place in places}
    ends = [("p0", "p3"), ("p3", "p1")]
    spread = spread_flows(G, pairs(*ends), theta=0.7)
    met = meet_probability(spread, chosen)
    by_link, by_place = pass_probabilities(spread)
    for row, (origin, destination) in enumerate(ends):
        ways = listed_ways(G, origin, destination)
        passed = [{destination, *(tail for tail, _ in own)} for _, own in ways]
        odds = odds_of(ways, 0.7)
        expected = sum(p for p, places in zip(odds, passed, strict=True) if places & chosen)
        assert met[row] == pytest.approx(expected)
        for place in G:
            alone = sum(p for p, places in zip(odds, passed, strict=True) if place in places)
            assert by_place.at[row, place] == pytest.approx(alone)
        for link in by_link:
            used = sum(p for p, (_, own) in zip(odds, ways, strict=True)
                       if link in {key for _, key in own})  # fmt: skip
            assert by_link.at[row, link] == pytest.approx(used)


def test_pairs_that_are_not_routed_have_no_probability():
    G = network(("a", "b", 1.0), ("c", "d", 1.0))
    spread = spread_flows(G, pairs(("a", "a"), ("a", "b"), ("a", "c")))
    by_link, by_place = pass_probabilities(spread)
    assert by_link["L0"].tolist()[1] == 1.0
    assert by_place.isna().all(axis=1).tolist() == [True, False, True]
    assert by_link.isna().all(axis=1).tolist() == [True, False, True]
    assert meet_probability(spread, ["b"]).isna().tolist() == [True, False, True]
    assert set(find_visits(spread)["place_id"]) == {"a", "b"}


def test_the_fastest_level_passes_its_path_and_nothing_else():
    spread = spread_flows(network(*LONG), pairs(("b", "g"), ("g", "b")), theta="fastest")
    by_link, by_place = pass_probabilities(spread)
    assert by_place.loc[0, by_place.loc[0] == 1].index.tolist() == ["b", "d", "c", "e", "f", "g"]
    assert set(np.unique(by_link)) == {0.0, 1.0}
    assert meet_probability(spread, ["c", "a"]).tolist() == [1.0, 0.0]  # d - c is slow
    assert meet_probability(spread, ["a"]).tolist() == [0.0, 0.0]


def test_visits_leave_out_what_is_hardly_passed():
    spread = spread_flows(network(*LONG), pairs(("a", "d")), theta=1.0)
    _, by_place = pass_probabilities(spread)
    least = by_place["b"].item()
    visits = find_visits(spread, at_least=least + 1e-9).set_index("place_id")
    assert "b" not in visits.index
    assert visits["probability"]["a"] == visits["probability"]["d"] == 1.0
    assert (find_visits(spread, at_least=least - 1e-9)["place_id"] == "b").any()


def straight():
    """Return a - b - c along a parallel, with places 20 and 40 km beside the middle of it."""
    G = network(("a", "b", 1.0), ("b", "c", 1.0), places=["by20", "by40"])
    points = {"a": (-75, -10), "b": (-74, -10), "c": (-73, -10),
              "by20": (-74.5, -10 + 20 / 111.195), "by40": (-73.5, -10 - 40 / 111.195)}  # fmt: skip
    for place, (lon, lat) in points.items():
        G.nodes[place].update(x=lon, y=lat)
    return G


def test_a_place_at_most_25_km_from_the_way_is_near_it():
    spread = spread_flows(straight(), pairs(("a", "c")))
    visits = find_visits(spread, near_km=25).set_index("place_id")
    assert visits["near"].to_dict() == {"a": 1, "b": 1, "c": 1, "by20": 1}
    assert visits["probability"].to_dict() == {"a": 1, "b": 1, "c": 1, "by20": 0}
    assert "by40" in find_visits(spread, near_km=45)["place_id"].tolist()
    assert meet_probability(spread, ["by20"]).tolist() == [0.0]
    assert meet_probability(spread, ["by20"], near_km=25).tolist() == [1.0]


def test_nobody_comes_near_a_place_by_air():
    G = straight()
    for *_, link in G.edges(data=True):
        link["mode"] = "air"
    assert "by20" not in set(
        find_visits(spread_flows(G, pairs(("a", "c"))), near_km=25)["place_id"]
    )


def test_what_begins_and_ends_at_a_place_or_near_it_may_be_left_out():
    spread = spread_flows(straight(), pairs(("a", "c"), ("b", "c")))
    assert meet_probability(spread, ["b"], count_ends=False).tolist() == [1.0, 0.0]
    assert meet_probability(spread, ["a", "c"], count_ends=False).tolist() == [0.0, 0.0]
    near = meet_probability(spread, ["by20"], near_km=60, count_ends=False)
    assert near.tolist() == [0.0, 0.0]  # 58 km from a and from b: the own ends


def test_an_unknown_post_is_refused():
    spread = spread_flows(network(*LONG), pairs(("a", "d")))
    with pytest.raises(NetworkError, match="no place 'q'"):
        meet_probability(spread, ["q"])
