"""Posts against all subsets, on journeys that are listed one by one. All flows are invented."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from corredor.geodata import CorredorError
from corredor.routes.cover import Problem, greedy
from corredor.routes.posts import choose_posts, rank_posts
from hypothesis import given
from hypothesis import strategies as st

PLACES = "abcdefg"
# Pair -> (weight, journeys with their probabilities).
FORK = {
    ("a", "c"): (6.0, {"abc": 0.5, "adc": 0.5}),
    ("a", "e"): (3.0, {"abe": 1.0}),
    ("f", "c"): (1.0, {"fdc": 1.0}),
}


def visits_of(journeys):
    rows = []
    for (origin, destination), (_, paths) in journeys.items():
        passed = sorted(set().union(*paths))
        rows += [
            (origin, destination, place, sum(p for path, p in paths.items() if place in path))
            for place in passed
        ]
    return pd.DataFrame(rows, columns=["origin", "destination", "place_id", "probability"])


def pairs_of(journeys):
    rows = [(*ends, weight) for ends, (weight, _) in journeys.items()]
    return pd.DataFrame(rows, columns=["origin", "destination", "weight"])


def meeting_of(journeys):
    def meeting(places):
        return pd.Series(
            [
                sum(p for path, p in paths.items() if set(path) & set(places))
                for _, paths in journeys.values()
            ]
        )

    return meeting


def reach_of(journeys, places, count_ends=True):
    """Return the share of the flow that passes at least one of the places."""
    total = met = 0.0
    for ends, (weight, paths) in journeys.items():
        posts = set(places) - (set() if count_ends else set(ends))
        total += weight
        met += weight * sum(p for path, p in paths.items() if set(path) & posts)
    return met / total


def choose(journeys, p, **options):
    options.setdefault("meeting", meeting_of(journeys))
    return choose_posts(visits_of(journeys), pairs_of(journeys), p, **options)


def test_places_are_ranked_by_the_share_that_passes():
    ranked = rank_posts(visits_of(FORK), pairs_of(FORK)).set_index("place_id")
    assert ranked["share"].to_dict() == pytest.approx(
        {"a": 0.9, "c": 0.7, "b": 0.6, "d": 0.4, "e": 0.3, "f": 0.1}
    )
    assert ranked.index.tolist() == ["a", "c", "b", "d", "e", "f"]
    assert ranked.loc["c", ["starts", "ends", "through"]].tolist() == pytest.approx([0, 7, 0])
    assert ranked.loc["b", ["starts", "ends", "through"]].tolist() == pytest.approx([0, 0, 6])
    assert ranked.loc["b", "pairs"] == 2
    on_the_way = rank_posts(visits_of(FORK), pairs_of(FORK), count_ends=False)
    assert on_the_way["place_id"].tolist() == ["b", "d"]
    assert on_the_way["share"].tolist() == pytest.approx([0.6, 0.4])


def test_pairs_that_go_nowhere_do_not_count():
    """A pair without a visit could not be routed; one stands in two rows."""
    pairs = pd.concat([pairs_of(FORK), pd.DataFrame(
        {"origin": ["z", "a"], "destination": ["y", "c"], "weight": [50.0, 6.0]}
    )])  # fmt: skip
    ranked = rank_posts(visits_of(FORK), pairs).set_index("place_id")
    assert ranked.loc["a", "share"] == pytest.approx(15 / 16)


def test_the_first_post_is_the_best_place_and_gains_are_what_is_added():
    posts = choose(FORK, 2)
    assert posts.table["place_id"].tolist() == ["a", "c"]
    assert posts.table["alone"].tolist() == pytest.approx([0.9, 0.7])
    assert posts.table["gain"].tolist() == pytest.approx([0.9, 0.1])
    assert posts.table["reach"].tolist() == pytest.approx([0.9, 1.0])
    assert (posts.reach, posts.bound, posts.exact) == (pytest.approx(1), pytest.approx(1), True)
    assert posts.pairs.set_index(["origin", "destination"])["reach"].to_dict() == pytest.approx(
        dict.fromkeys(FORK, 1.0)
    )


def test_on_the_way_an_end_of_a_pair_reaches_nothing_of_it():
    posts = choose(FORK, 1, count_ends=False)
    assert posts.table["place_id"].tolist() == ["b"]
    assert posts.reach == pytest.approx(0.6)
    assert choose(FORK, 2, count_ends=False).reach == pytest.approx(1.0)


def test_fixed_sites_come_first_and_only_candidates_are_added():
    posts = choose(FORK, 1, fixed=["f"], candidates=["d", "e"])
    assert posts.table["place_id"].tolist() == ["f", "d"]
    assert posts.table["fixed"].tolist() == [True, False]
    # d adds half of six tenths: f has the flow from f already; e would add all of three tenths.
    assert posts.table["gain"].tolist() == pytest.approx([0.1, 0.3])
    assert choose(FORK, 5, candidates=["f"]).table["place_id"].tolist() == ["f"]


POINTS = pd.DataFrame(
    {"place_id": list(PLACES), "lat": 0.0, "lon": [0.0, 1.0, 2.0, 1.0, 1.1, 0.1, 9.0]}
)


def test_a_site_named_twice_is_one_site():
    once, twice = (choose(FORK, p=1, fixed=fixed) for fixed in (["b"], ["b", "b"]))
    assert twice.table["place_id"].tolist() == once.table["place_id"].tolist()
    assert twice.bound == once.bound


def test_how_many_posts_are_missing_is_told():
    posts = choose(FORK, p=40)
    assert len(posts.table) + posts.missing == 40
    assert posts.reach == pytest.approx(1.0)
    assert choose(FORK, p=1).missing == 0


def test_a_pair_in_several_rows_counts_with_the_sum_of_its_weights():
    visits, pairs = visits_of(FORK), pairs_of(FORK)
    split = pd.concat([pairs.assign(weight=pairs["weight"] / 2)] * 2, ignore_index=True)
    pd.testing.assert_frame_equal(
        rank_posts(pd.concat([visits, visits]), split), rank_posts(visits, pairs)
    )


def test_posts_keep_their_distance():
    """One degree on the equator is 111.2 km; a and b are one apart, a and c two."""
    for km, second in ((111, "c"), (222, "c"), (223, None)):
        chosen = choose(FORK, 2, points=POINTS, min_km=km).table["place_id"].tolist()
        assert chosen == ["a", second] if second else chosen == ["a"]
    with pytest.raises(CorredorError, match="needs the points"):
        choose(FORK, 2, min_km=5)


def test_without_an_exact_function_reach_is_never_too_high():
    posts = choose(FORK, 2, candidates=["b", "d"], meeting=None)
    assert not posts.exact
    assert posts.reach == pytest.approx(0.7)  # the better half of six tenths, three, and one
    assert posts.bound == pytest.approx(1.0)
    assert reach_of(FORK, "bd") == 1.0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"p": 0}, "At least one post"),
        ({"p": 1, "candidates": ["bb"]}, "no place 'bb'"),
        ({"p": 1, "fixed": ["Z"]}, "no place 'Z'"),
        ({"p": 1, "min_km": -5.0}, "distance between posts is -5"),
        ({"p": 1, "min_km": math.nan}, "distance between posts is nan"),
    ],
)
def test_what_cannot_be_asked_is_refused(options, words):
    with pytest.raises(CorredorError, match=words):
        choose(FORK, **options)


def test_no_flow_is_an_error_not_a_zero():
    nothing = pairs_of(FORK).assign(weight=0.0)
    with pytest.raises(CorredorError, match="No pair of the flows was routed"):
        rank_posts(visits_of(FORK), nothing)


# One way each: a passes four of six flows, b and c three each, and together all six.
GREEDY_TRAP = {
    ("s1", "t1"): (1.0, {("s1", "a", "b", "t1"): 1.0}),
    ("s2", "t2"): (1.0, {("s2", "a", "b", "t2"): 1.0}),
    ("s3", "t3"): (1.0, {("s3", "a", "c", "t3"): 1.0}),
    ("s4", "t4"): (1.0, {("s4", "a", "c", "t4"): 1.0}),
    ("s5", "t5"): (1.0, {("s5", "b", "t5"): 1.0}),
    ("s6", "t6"): (1.0, {("s6", "c", "t6"): 1.0}),
}


def test_the_best_set_is_found_where_greedy_falls_short():
    chance = np.array([[1, 1, 0], [1, 1, 0], [1, 0, 1], [1, 0, 1], [0, 1, 0], [0, 0, 1]], float)
    problem = Problem(chance, np.full(6, 1 / 6), np.ones(3, dtype=bool), (), None, 2)
    chosen, bound = greedy(problem, None)
    assert 0 in chosen
    assert float(problem.value(None)(chosen).sum()) == pytest.approx(5 / 6)
    assert bound >= 1 - 1e-9
    posts = choose(GREEDY_TRAP, 2, count_ends=False)
    assert sorted(posts.table["place_id"]) == ["b", "c"]
    assert (posts.reach, posts.bound) == (pytest.approx(1), pytest.approx(1))


@st.composite
def journeys(draw):
    pairs = draw(
        st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("efg")), min_size=1, max_size=5,
                 unique=True)
    )  # fmt: skip
    made = {}
    for ends in pairs:
        middles = draw(
            st.lists(st.sets(st.sampled_from("abcdefg")), min_size=1, max_size=3, unique_by=tuple)
        )
        paths = {"".join(sorted({*middle, *ends})): 0.0 for middle in middles}
        shares = [draw(st.integers(1, 4)) for _ in paths]
        made[ends] = (
            float(draw(st.integers(1, 5))),
            dict(zip(paths, (share / sum(shares) for share in shares), strict=True)),
        )
    return made


@given(journeys(), st.integers(1, 4), st.booleans(), st.booleans())
def test_the_set_is_close_to_the_best_and_the_bound_holds(flows, p, count_ends, exact):
    posts = choose(flows, p, count_ends=count_ends, **({} if exact else {"meeting": None}))
    best = max(reach_of(flows, some, count_ends) for some in itertools.combinations(PLACES, p))
    chosen = posts.table["place_id"].tolist()
    truth = reach_of(flows, chosen, count_ends)
    assert len(chosen) <= p
    assert posts.reach <= truth + 1e-9
    assert best <= posts.bound + 1e-6
    if exact:
        assert posts.reach == pytest.approx(truth)
        assert truth >= (1 - 1 / math.e) * best - 1e-9
        gains = posts.table["gain"].tolist()
        assert all(one >= other - 1e-9 for one, other in itertools.pairwise(gains))


@given(journeys(), st.integers(1, 3))
def test_where_each_pair_has_one_way_the_set_is_the_best(flows, p):
    """Then the covering problem is the classic one, and integer programming solves it."""
    sure = {ends: (weight, {next(iter(paths)): 1.0}) for ends, (weight, paths) in flows.items()}
    best = max(reach_of(sure, some) for some in itertools.combinations(PLACES, p))
    for meeting in (meeting_of(sure), None):
        posts = choose(sure, p, meeting=meeting)
        assert posts.reach == pytest.approx(best)
        assert posts.bound == pytest.approx(best, abs=1e-6)
