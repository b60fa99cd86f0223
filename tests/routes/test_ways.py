"""The listed ways and their odds: against every simple path, and what they promise."""

import itertools
import math

import numpy as np
import pytest
from corredor.routes import LEVELS, spread_flows
from hypothesis import given, settings
from hypothesis import strategies as st
from walkers import listed_ways, network, networks, odds_of, pairs

THREE = ("road", "river", "air")


def ways_of(spread, pair=0):
    """Return the ways of a pair as {links: probability}, and their hours."""
    links, ways = spread.graph.links, spread.ways
    found, hours = {}, []
    for number in np.flatnonzero(ways.pair == pair).tolist():
        arcs = ways.arcs[ways.first[number] : ways.first[number + 1]]
        found[tuple(links.link_ids[arc // 2] for arc in arcs)] = float(spread.odds[number])
        hours.append(float(ways.hours[number]))
    return found, hours


def odds(*links, theta="some", ends=("a", "z")):
    """Return the odds of the ways between two places by the links they pass."""
    return ways_of(spread_flows(network(*links), pairs(ends), theta=theta))[0]


@given(G=networks(modes=THREE), theta=st.sampled_from([0.05, 0.5, 4.0, 60.0]))
@settings(max_examples=60)
def test_ways_and_odds_are_those_of_the_rule_applied_to_all_simple_paths(G, theta):
    ends = [("p0", "p3"), ("p3", "p1"), ("p2", "p0")]
    spread = spread_flows(G, pairs(*ends), theta=theta)
    for pair, (origin, destination) in enumerate(ends):
        expected = listed_ways(G, origin, destination)
        found, hours = ways_of(spread, pair)
        assert hours == pytest.approx([time for time, _ in expected])
        assert [set(links) for links in found] == [{key for _, key in own} for _, own in expected]
        assert list(found.values()) == pytest.approx(odds_of(expected, theta), abs=1e-12)


def test_two_hundred_random_networks():
    for seed in range(200):
        rng = np.random.default_rng(seed)
        count = int(rng.integers(3, 7))
        ends = [(int(rng.integers(0, n)), n) for n in range(1, count)]
        ends += [tuple(rng.integers(0, count, 2).tolist()) for _ in range(int(rng.integers(1, 6)))]
        modes = THREE[: seed % 3 + 1]
        links = [
            (f"p{a}", f"p{b}", *(there := rng.uniform(0.2, 9), there * rng.uniform(0.6, 1.6)),
             modes[int(rng.integers(len(modes)))])
            for a, b in ends if a != b
        ]  # fmt: skip
        G = network(*links)
        spread = spread_flows(G, pairs(("p0", f"p{count - 1}")), theta=0.7)
        expected = listed_ways(G, "p0", f"p{count - 1}")
        found, hours = ways_of(spread)
        assert hours == pytest.approx([time for time, _ in expected]), seed
        assert list(found.values()) == pytest.approx(odds_of(expected, 0.7), abs=1e-12), seed


@pytest.mark.parametrize(("level", "tenth"), [("few", 0.37), ("some", 0.61), ("many", 0.78)])
def test_disjoint_ways_have_the_odds_of_the_printed_table(level, tenth):
    found = odds(("a", "z", 10.0), ("a", "m", 5.0), ("m", "z", 6.0), theta=level)
    assert found["L1", "L2"] / found["L0",] == pytest.approx(tenth, abs=0.005)
    assert found["L1", "L2"] / found["L0",] == pytest.approx(math.exp(-LEVELS[level] / 10))
    twice = odds(("a", "z", 10.0), ("a", "z", 20.0), theta=level)
    assert twice["L1",] / twice["L0",] == pytest.approx(math.exp(-LEVELS[level]))


def road_in_pieces(side_roads):
    """Return a road of 10 hours in 20 pieces with slow roads beside them, and one of 20 hours."""
    places = ["a", *(f"m{n}" for n in range(1, 20)), "z"]
    pieces = list(itertools.pairwise(places))
    slow = [(one, other, 1.5) for one, other in pieces] if side_roads else []
    return [("a", "z", 20.0), *((one, other, 0.5) for one, other in pieces), *slow]


def test_side_roads_and_cuts_change_no_odds():
    whole = odds(("a", "z", 20.0), ("a", "z", 10.0))
    for side_roads in (False, True):
        found = odds(*road_in_pieces(side_roads))
        assert found["L0",] == pytest.approx(whole["L0",], abs=1e-12)
        assert len(found) == 2
    assert whole["L0",] == pytest.approx(1 / (1 + math.exp(5)))


def test_loops_and_dead_ends_change_no_odds():
    """Two equal ways; on one of them 0 to 8 loops of 400 hours, and a dead end at each place."""
    for loops in (0, 1, 2, 4, 8):
        places = ["a", *(f"m{n}" for n in range(loops)), "z"]
        pieces = list(itertools.pairwise(places))
        links = [(one, other, 10 / len(pieces)) for one, other in pieces]
        links += [(one, other, 400.0) for one, other in pieces[1:]]
        links += [(place, f"end of {place}", 1.0) for place in places]
        found = odds(("a", "z", 10.0), *links)
        assert found["L0",] == pytest.approx(0.5)


@given(G=networks(modes=("road", "river")), at=st.floats(0.1, 0.9), link=st.integers(0, 2))
@settings(max_examples=40)
def test_cutting_any_link_changes_nothing(G, at, link):
    ends = pairs(("p0", "p3"), ("p2", "p1"))
    before = spread_flows(G, ends).links.set_index("link_id")["load"]
    u, v, key = next(edge for edge in G.edges(keys=True) if edge[2] == f"L{link}")
    data = G.edges[u, v, key]
    tail, head = data["tail"], v if data["tail"] == u else u
    H = G.copy()
    H.remove_edge(u, v, key)
    H.add_node("cut", **{**G.nodes[u], "name": "cut"})
    for one, other, name, part in ((tail, "cut", key, at), ("cut", head, "rest", 1 - at)):
        H.add_edge(one, other, key=name, **{**data, "tail": one, "hours": part * data["hours"],
                                            "hours_back": part * data["hours_back"]})  # fmt: skip
    after = spread_flows(H, ends).links.set_index("link_id")["load"]
    assert after["rest"] == pytest.approx(after[key], abs=1e-9)
    assert after.drop("rest").to_dict() == pytest.approx(before.to_dict(), abs=1e-9)


@given(G=networks(), theta=st.sampled_from(["few", "some", "many"]), slow=st.floats(60.0, 400.0))
@settings(max_examples=40)
def test_what_no_listed_way_uses_changes_nothing(G, theta, slow):
    ends = pairs(("p0", "p3"), ("p2", "p1"))
    before = spread_flows(G, ends, theta=theta)
    H = G.copy()
    link = {"mode": "road", "ref": "", "km": 1.0, "tail": "p0", "hours": slow, "hours_back": slow}
    H.add_edge("p0", "p1", key="parallel", **link)
    H.add_node("x", **G.nodes["p0"])
    H.add_edge("p0", "x", key="dead end", **{**link, "hours": 0.1, "hours_back": 0.1})
    after = spread_flows(H, ends, theta=theta)
    if after.links.set_index("link_id").at["parallel", "load"] == 0:
        found = after.links.set_index("link_id")["load"].drop(["parallel", "dead end"])
        assert found.to_dict() == pytest.approx(before.links.set_index("link_id")["load"].to_dict())


def test_ways_that_share_most_of_their_length_share_their_weight():
    """Two ways part for the last third; a third way of the same hours shares nothing with them."""
    shared = odds(("a", "m", 6.0), ("m", "z", 4.0), ("m", "z", 4.0), ("a", "z", 10.0))
    alone = shared["L3",]
    assert shared["L0", "L1"] == pytest.approx(shared["L0", "L2"])
    # Each counts in full for its own 4 hours; for the 6 that both use both weigh 1.41 instead of 2.
    assert shared["L0", "L1"] / alone == pytest.approx(0.4 + 0.6 * math.sqrt(2) / 2)
    # The closer the ways, the nearer both together come to one.
    rest = 1 - odds(("a", "m", 7.0), ("m", "z", 3.0), ("m", "z", 3.0), ("a", "z", 10.0))["L3",]
    assert 1 / 2 < rest < 1 - alone
    # What is nearly the same way is listed once.
    assert len(odds(("a", "m", 9.0), ("m", "z", 1.0), ("m", "z", 1.0), ("a", "z", 10.0))) == 2


@pytest.mark.parametrize("shared", [0.0, 3.0, 6.0, 7.5])
def test_odds_of_ways_that_share_lie_near_those_of_simulated_hours(shared):
    """Normal errors of hours with a variance as large as the hours: the odds have a formula."""
    apart = 10.0 - shared
    links = [("a", "z", 10.0), ("m", "z", apart), ("m", "z", apart)]
    links += [("a", "m", shared)] if shared else [("a", "n", 0.0), ("n", "m", 0.0)]
    found = odds(*links)
    alike = shared / 10
    expected = 1 / 4 + math.asin((1 + alike) / 2) / (2 * math.pi)
    assert len(found) == 3
    assert found["L0",] == pytest.approx(expected, abs=0.03)


@given(G=networks(modes=THREE), theta=st.sampled_from(["few", "some", "many"]))
@settings(max_examples=60)
def test_a_slower_way_is_only_likelier_than_one_that_shares_some_of_its_hours(G, theta):
    spread = spread_flows(G, pairs(("p0", "p3"), ("p3", "p1"), ("p2", "p0")), theta=theta)
    ways = spread.ways
    own = np.bincount(ways.shared_way, ways.shared_hours, minlength=len(ways.pair))
    alone = ways.shared_set == 1 << ways.rank[ways.shared_way]
    apart = np.bincount(ways.shared_way[alone], ways.shared_hours[alone], minlength=len(own)) / own
    for slow, fast in itertools.permutations(range(len(ways.pair)), 2):
        slower = ways.pair[slow] == ways.pair[fast] and ways.hours[slow] >= ways.hours[fast] + 1e-9
        if slower and spread.odds[slow] > spread.odds[fast] + 1e-12:
            assert apart[fast] < 1 - 1e-9


def test_a_slow_way_that_shares_a_road_takes_hardly_anything_from_a_fast_one():
    plain = odds(("a", "m", 6.0), ("m", "z", 4.0), ("a", "z", 10.0))
    more = odds(("a", "m", 6.0), ("m", "z", 4.0), ("a", "z", 10.0), ("m", "z", 14.0))
    assert len(more) == 3
    assert more["L0", "L1"] == pytest.approx(plain["L0", "L1"], abs=0.01)


@given(G=networks(modes=THREE, most=9))
def test_no_way_passes_a_place_twice(G):
    spread = spread_flows(G, pairs(("p0", "p3"), ("p3", "p2")), theta="many")
    graph, ways = spread.graph, spread.ways
    for number in range(len(ways.pair)):
        arcs = ways.arcs[ways.first[number] : ways.first[number + 1]]
        places = [int(graph.place[graph.tail[arcs[0]]]), *graph.place[graph.head[arcs]].tolist()]
        assert len(set(places)) == len(places)


@given(G=networks(modes=THREE))
def test_the_larger_theta_the_nearer_to_the_fastest_way(G):
    ends = pairs(("p0", "p3"))
    spreads = [spread_flows(G, ends, theta=theta) for theta in (0.1, 1.0, 30.0, 1e6, "fastest")]
    hours = [float(one.odds @ one.ways.hours) for one in spreads]
    assert hours == sorted(hours, reverse=True) or np.allclose(np.diff(hours), 0, atol=1e-9)
    assert hours[-1] == pytest.approx(spreads[0].pairs["hours"].item())
    assert spreads[-1].odds.max() == 1.0


def test_flying_there_and_back_saves_no_change_of_means():
    """By boat to m, on by road: nobody flies m - n - m to avoid the hours of the landing stage."""
    links = [("a", "m", 9.0, 9.0, "river"), ("m", "z", 3.0), ("m", "n", 0.3, 0.3, "air")]
    spread = spread_flows(network(*links), pairs(("a", "z")))
    assert spread.pairs["hours"].item() == 18.0
    assert ways_of(spread)[0] == {("L0", "L1"): 1.0}
