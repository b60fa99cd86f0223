"""How likely journeys pass links and places, against journeys enumerated one by one."""

import networkx as nx
import numpy as np
import pytest
from corredor.geodata import NetworkError
from corredor.routes import find_visits, meet_probability, pass_probabilities, spread_flows
from hypothesis import given, settings
from hypothesis import strategies as st
from test_spread import ENDS, KITE
from walkers import brute_probability, network, networks, pairs

# A kite whose tail leads on, with places on the way that only join two links.
LONG = [*KITE, ("d", "e", 1.0), ("e", "f", 1.0), ("d", "f", 2.5), ("f", "g", 1.0)]


def assert_same(G, ends, theta, tolerance=1e-8):
    by_link, by_place = pass_probabilities(
        spread_flows(G, pairs(ends), theta=theta), circles="counted"
    )
    for link in by_link:
        expected = brute_probability(G, *ends, theta, links=[link])
        assert by_link[link].item() == pytest.approx(expected, abs=tolerance), link
    for place in by_place:
        expected = brute_probability(G, *ends, theta, places=[place])
        assert by_place[place].item() == pytest.approx(expected, abs=tolerance), place


@pytest.mark.parametrize("ends", [("a", "g"), ("g", "a"), ("x", "e"), ("b", "f"), ("c", "d")])
def test_probabilities_are_those_of_all_journeys_one_by_one(ends):
    assert_same(network(*LONG), ends, 1.5)


@given(G=networks(least=1.0), ends=ENDS, theta=st.sampled_from([1.5, 2.5]))
@settings(max_examples=25)
def test_probabilities_are_those_of_all_journeys_on_any_network(G, ends, theta):
    assert_same(G, tuple(f"p{end}" for end in ends), theta)


@given(G=networks(least=1.0), places=st.sets(st.integers(0, 3), min_size=1, max_size=3))
@settings(max_examples=25)
def test_at_least_one_of_several_places(G, places):
    chosen = {f"p{place}" for place in places}
    spread = spread_flows(G, pairs(("p0", "p3"), ("p3", "p1")), theta=1.5)
    met = meet_probability(spread, chosen, circles="counted")
    for row, ends in enumerate((("p0", "p3"), ("p3", "p1"))):
        expected = brute_probability(G, *ends, 1.5, places=chosen)
        assert met[row] == pytest.approx(expected, abs=1e-8)


def test_places_inside_a_chain_and_at_its_end_are_met_once():
    spread = spread_flows(network(*LONG), pairs(("a", "g")), theta=1.5)
    for circles in ("counted", "left_out"):
        _, by_place = pass_probabilities(spread, circles=circles)
        met = meet_probability(spread, ["e"], circles=circles)
        assert met[0] == pytest.approx(by_place["e"].item())
        met = meet_probability(spread, ["d", "e"], circles=circles)
        assert met[0] == pytest.approx(1.0)  # d is a bridge


def test_links_are_summed_over_no_journey_twice():
    spread = spread_flows(network(*LONG), pairs(("a", "g")), theta=0.05)
    assert spread.links["load"].max() > 1  # some journeys go round in circles
    for circles in ("counted", "left_out"):
        by_link, _ = pass_probabilities(spread, circles=circles)
        assert (by_link.iloc[0] <= 1).all()


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
    visits = find_visits(spread, at_least=least + 1e-9).set_index("place_id")["probability"]
    assert "b" not in visits
    assert visits["a"] == visits["d"] == 1.0
    assert (find_visits(spread, at_least=least - 1e-9)["place_id"] == "b").any()


def test_pairs_that_are_not_routed_visit_nothing():
    G = network(("a", "b", 1.0), ("c", "d", 1.0))
    visits = find_visits(spread_flows(G, pairs(("a", "b"), ("a", "c"), ("d", "d"))), at_least=0.0)
    assert set(visits["origin"] + visits["destination"]) == {"ab"}
    assert visits["probability"].notna().all()


def test_many_sets_are_solved_lot_by_lot(monkeypatch):
    G = nx.convert_node_labels_to_integers(nx.grid_2d_graph(4, 4))
    H = network(*((f"g{a}", f"g{b}", 1 + (a * b) % 5) for a, b in G.edges))
    spread = spread_flows(H, pairs(("g0", "g15"), ("g3", "g12")), theta=0.5)
    whole = pass_probabilities(spread, circles="counted")
    monkeypatch.setattr("corredor.routes.passing.VALUES_AT_ONCE", 100)
    for one, other in zip(whole, pass_probabilities(spread, circles="counted"), strict=True):
        assert np.allclose(one, other, rtol=0, atol=1e-12)


def test_an_unknown_post_is_refused():
    spread = spread_flows(network(*LONG), pairs(("a", "d")))
    with pytest.raises(NetworkError, match="no place 'q'"):
        meet_probability(spread, ["q"])
