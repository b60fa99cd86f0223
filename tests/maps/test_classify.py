"""Class breaks against mapclassify, and what every scheme must keep."""

import mapclassify
import numpy as np
import pytest
from corredor.maps import find_breaks, find_class
from hypothesis import assume, given
from hypothesis import strategies as st

SCHEMES = ("jenks", "quantiles", "equal")
VALUES = st.lists(
    st.one_of(st.integers(0, 5000).map(float), st.floats(0, 1000, allow_subnormal=False)),
    max_size=40,
)
CLASSES = st.integers(1, 7)


def distinct(values: list[float]) -> int:
    return len(set(values))


def squared_deviation(values: list[float], breaks: list[float]) -> float:
    """Return the sum over classes of squared deviations from the class mean."""
    classes: dict[int, list[float]] = {}
    for value in values:
        classes.setdefault(find_class(value, breaks), []).append(value)
    return sum(float(np.var(members) * len(members)) for members in classes.values())


@pytest.mark.filterwarnings("ignore:Not enough unique values")
@pytest.mark.filterwarnings("ignore:Not enough unique values")
@given(VALUES, CLASSES)
def test_quantiles_are_those_of_mapclassify(values, classes):
    assume(distinct(values) > classes > 1)
    peer = mapclassify.Quantiles(np.array(values), k=classes).bins
    assert find_breaks(values, scheme="quantiles", classes=classes) == pytest.approx(peer.tolist())


@given(VALUES, CLASSES)
def test_equal_intervals_are_those_of_mapclassify(values, classes):
    assume(distinct(values) > classes > 1)
    peer = mapclassify.EqualInterval(np.array(values), k=classes).bins
    assert find_breaks(values, scheme="equal", classes=classes) == pytest.approx(peer.tolist())


@pytest.mark.filterwarnings("ignore:Numba not installed")
@given(VALUES, CLASSES)
def test_natural_breaks_are_not_worse_than_those_of_mapclassify(values, classes):
    assume(distinct(values) > classes > 1)
    peer = mapclassify.FisherJenks(np.array(values), k=classes).bins.tolist()
    breaks = find_breaks(values, scheme="jenks", classes=classes)
    ours, theirs = squared_deviation(values, breaks), squared_deviation(values, peer)
    assert ours <= theirs + 1e-6 * (1 + squared_deviation(values, [max(values)]))


@pytest.mark.filterwarnings("ignore:Numba not installed")
def test_natural_breaks_of_the_embedded_counts(peru_scene):
    for number, series in enumerate(peru_scene["series"]):
        values = [
            figure["value"]
            for figure in peru_scene["figures"]
            if figure["series"] == number and figure["level"] == "region" and not figure["disputed"]
        ]
        if distinct(values) > 5:
            peer = mapclassify.FisherJenks(np.array(values), k=5).bins.tolist()
            breaks = series["breaks"]["count"]["jenks"]
            assert squared_deviation(values, breaks) <= squared_deviation(values, peer) + 1e-6


@pytest.mark.parametrize(
    ("scheme", "breaks"),
    [
        ("jenks", [3, 12, 102]),  # the three groups
        ("quantiles", [3 + 7 * 2 / 3, 12 + 88 * 1 / 3, 102]),  # at 8/3 and 16/3 of nine values
        ("equal", [1 + 101 / 3, 1 + 202 / 3, 102]),
    ],
)
def test_breaks_by_hand(scheme, breaks):
    values = [1, 2, 3, 10, 11, 12, 100, 101, 102]
    assert find_breaks(values, scheme=scheme, classes=3) == pytest.approx(breaks)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("values", "breaks"),
    [
        ([], []),
        ([7], [7]),
        ([3, 1, 3, 2], [1, 2, 3]),
        ([0] * 9, [0]),
        ([1, 1, 1, 2, 3, 4, 100], [1, 2, 3, 4, 100]),  # as many as classes
    ],
)
def test_few_values_are_classes_of_their_own(scheme, values, breaks):
    assert find_breaks(values, scheme=scheme) == breaks


@pytest.mark.parametrize("scheme", SCHEMES)
@given(values=VALUES, classes=CLASSES)
def test_breaks_are_sorted_distinct_and_cover_all_values(scheme, values, classes):
    assume(values)
    breaks = find_breaks(values, scheme=scheme, classes=classes)
    assert breaks == sorted(set(breaks))
    assert 1 <= len(breaks) <= classes
    assert breaks[-1] == max(values)
    for value in values:
        number = find_class(value, breaks)
        assert value <= breaks[number]
        assert number == 0 or value > breaks[number - 1]


@pytest.mark.parametrize("scheme", SCHEMES)
@given(values=VALUES, classes=CLASSES)
def test_the_order_of_the_values_does_not_matter(scheme, values, classes):
    before = list(values)
    breaks = find_breaks(values, scheme=scheme, classes=classes)
    assert find_breaks(values[::-1], scheme=scheme, classes=classes) == breaks
    assert values == before


@pytest.mark.parametrize(
    ("value", "number"), [(-5, 0), (0, 0), (10, 0), (10.01, 1), (20, 1), (25, 2), (30, 2), (99, 2)]
)
def test_a_value_is_in_the_first_class_it_does_not_exceed(value, number):
    assert find_class(value, [10.0, 20.0, 30.0]) == number
