"""Intervals of counts, against scipy and against what they promise."""

import pytest
from corredor.geodata.figures import poisson_interval
from hypothesis import given
from hypothesis import strategies as st

stats = pytest.importorskip("scipy.stats")


def garwood(count: float, level: float) -> tuple[float, float]:
    tail = (1 - level) / 2
    low = stats.chi2.ppf(tail, 2 * count) / 2 if count else 0.0
    return float(low), float(stats.chi2.ppf(1 - tail, 2 * count + 2) / 2)


@pytest.mark.parametrize("count", [0, 1, 2, 5, 10, 19, 20, 99, 1_433, 6_698, 250_000])
@pytest.mark.parametrize("level", [0.8, 0.95, 0.999])
def test_intervals_are_those_of_scipy(count, level):
    assert poisson_interval(count, level=level) == pytest.approx(garwood(count, level), rel=1e-9)


@given(st.floats(min_value=0.5, max_value=5_000), st.floats(min_value=0.5, max_value=0.999))
def test_counts_derived_from_published_ones_need_not_be_whole(count, level):
    assert poisson_interval(count, level=level) == pytest.approx(garwood(count, level), rel=1e-8)


@given(st.integers(min_value=0, max_value=3_000))
def test_the_interval_leaves_two_and_a_half_per_cent_on_each_side(count):
    low, high = poisson_interval(count)
    assert low <= count <= high
    assert stats.poisson.cdf(count, high) == pytest.approx(0.025)
    if count:
        assert stats.poisson.sf(count - 1, low) == pytest.approx(0.025)


@pytest.mark.parametrize(("count", "level"), [(-1, 0.95), (3, 0), (3, 1)])
def test_what_is_no_count_and_no_level_is_refused(count, level):
    with pytest.raises(ValueError, match="count"):
        poisson_interval(count, level=level)
