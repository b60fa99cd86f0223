"""Counts and periods as they are printed. All numbers are invented."""

import pytest
from corredor.geodata.sheets.counts import Count, Problem, read_count, read_counts
from corredor.geodata.sheets.periods import Period, read_period


@pytest.mark.parametrize(
    "text",
    ["1433", "1 433", "1,433", "1.433", "1'433", "1’433", "1\u00a0433", "1\u2009433", "1\u202f433",
     "1433.0", "1433,00", "1.433,0", "1,433.00", "1433 casos", " 1433 "],
)  # fmt: skip
def test_one_number_in_many_dresses(text):
    count = read_count(text)
    assert isinstance(count, Count)
    assert (count.value, count.mark) == (1433, "")


@pytest.mark.parametrize(
    ("text", "value", "mark"),
    [("1433 (p)", 1433, "preliminary"), ("1 433 P/", 1433, "preliminary"), ("12*", 12, "noted"),
     ("12 1/", 12, "noted"), ("≈100", 100, "rounded"), ("<5", None, "bound"),
     ("> 10", None, "bound"),
     ("0", 0, "")],
)  # fmt: skip
def test_marks_stay_beside_the_number(text, value, mark):
    count = read_count(text)
    assert isinstance(count, Count)
    assert (count.value, count.mark) == (value, mark)


@pytest.mark.parametrize(
    "text", ["", " ", "n.d.", "N/D", "s/i", "S/I", "-", "–", "—", "...", "…", "P/", "n.a.", "NULL"]
)
def test_no_figure_is_not_zero(text):
    count = read_count(text)
    assert isinstance(count, Count)
    assert count.value is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [("12%", "percentage"), ("-5", "negative"), ("(5)", "negative"), ("12.5", "decimals"),
     ("0.123", "decimals"), ("1.4330", "decimals"), ("1e5", "not a number"), ("1 2", "not a"),
     ("12,34,567", "not a number"), ("١٢", "not a number"), ("Lima", "not a number"),
     ("9" * 40, "not a number")],
)  # fmt: skip
def test_what_is_no_count_says_why(text, reason):
    problem = read_count(text)
    assert isinstance(problem, Problem)
    assert reason in str(problem.reason)


def test_a_point_is_thousands_where_nothing_speaks_against_it():
    assert [count.value for count in read_counts(["1.433", "12", "7"])] == [1433, 12, 7]


@pytest.mark.parametrize("other", ["1.5", "7.0", "1,433"])
def test_two_meanings_of_one_sign_are_refused(other):
    first = read_counts(["1.433", other])[0]
    assert isinstance(first, Problem)
    assert "in two ways" in str(first.reason)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2017", "2017-01", "2017-12"), ("2017.0", "2017-01", "2017-12"),
        ("Ene-17", "2017-01", "2017-01"), ("enero 2017", "2017-01", "2017-01"),
        ("Setiembre de 2019", "2019-09", "2019-09"), ("2017-01", "2017-01", "2017-01"),
        ("2017/1", "2017-01", "2017-01"), ("01/2017", "2017-01", "2017-01"),
        ("201702", "2017-02", "2017-02"), ("2017-02-01", "2017-02", "2017-02"),
        ("Ene. - Jun. 2018", "2018-01", "2018-06"), ("enero a julio de 2019", "2019-01", "2019-07"),
        ("ENERO - DICIEMBRE 2019", "2019-01", "2019-12"), ("2018 (ene-jun)", "2018-01", "2018-06"),
        ("2016-2018", "2016-01", "2018-12"), ("2007-01 a 2014-04", "2007-01", "2014-04"),
        ("I semestre 2018", "2018-01", "2018-06"), ("2018 T4", "2018-10", "2018-12"),
    ],
)  # fmt: skip
def test_periods(text, start, end):
    assert read_period(text) == Period(start, end)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("2017*", "noted"),
        ("2020 1/", "noted"),
        ("2017 (p)", "preliminary"),
        ("2020 P/", "preliminary"),
    ],
)
def test_marks_of_periods(text, mark):
    period = read_period(text)
    assert period is not None
    assert (period.start[5:], period.end[5:], period.mark) == ("01", "12", mark)


@pytest.mark.parametrize(
    "text", ["01/02/2017", "2018-I", "201713", "1433", "Lima", "", "2018-2016", "jun-ene 2018"]
)
def test_what_could_be_read_in_two_ways_is_no_period(text):
    assert read_period(text) is None


def test_what_is_too_long_for_a_count_or_a_period_is_not_searched():
    """Sixty thousand brackets took twenty seconds before."""
    assert read_period("(" * 300_000) is None
    assert isinstance(read_count("(" * 300_000), Problem)
