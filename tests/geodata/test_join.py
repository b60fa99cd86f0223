"""Rates per 100,000 and the list of series."""

import pandas as pd
import pytest
from corredor.geodata import (
    StudyError,
    add_population,
    add_rates,
    build_figures,
    find_series,
    list_series,
    mark_shown,
    match_complaints,
)
from corredor.geodata.figures import months_between


@pytest.fixture(scope="module")
def figures(toy_study):
    tables = toy_study.tables
    ubigeos = set(tables.regions["ubigeo"])
    account = match_complaints(tables.complaints, tables.districts, ubigeos=ubigeos)
    return build_figures(account, tables.districts)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [("2017-01", "2017-01", 1), ("2017-01", "2017-12", 12), ("2016-11", "2017-02", 4)],
)
def test_months_count_both_ends(start, end, months):
    assert months_between(start, end) == months


def test_rates_by_hand(figures, toy_study):
    rated = add_rates(figures, toy_study.tables.regions)
    keys = zip(rated["register"], rated["period_start"], rated["ubigeo"], strict=True)
    rates = {key: rate for key, rate in zip(keys, rated["rate"], strict=True) if rate == rate}
    assert rates == pytest.approx(
        {
            ("MP", "2017-01", "01"): 40.0,  # 40 of 100,000 people in a year
            ("MP", "2017-01", "02"): 15.0,  # 30 of 200,000
            ("MP", "2017-01", "03"): 20.0,  # 10 of 50,000
            ("MP", "2017-01", "04"): 5.0,  # 20 of 400,000
            ("MP", "2018-01", "01"): 15.0,
            ("MP", "2018-01", "03"): 0.0,
            ("PNP", "2017-01", "01"): 4.0,  # 8 of 100,000 in two years
            ("PNP", "2017-01", "02"): 1.0,
            ("PNP", "2017-01", "03"): 2.0,
            ("PNP", "2017-01", "04"): 2.0,
        }
    )


def test_parts_nations_and_cities_have_no_rate(figures, toy_study):
    rated = add_rates(figures, toy_study.tables.regions)
    without = rated[rated["rate"].isna()]
    assert sorted(zip(without["level"], without["value"], strict=True)) == [
        ("city", 3),
        ("national", 30),
        ("national", 100),
        ("region", 6),
    ]


def test_rates_keep_the_index_and_change_no_input(figures, toy_study):
    shifted = figures.set_axis(figures.index + 100)
    before = shifted.copy(), toy_study.tables.regions.copy()
    rated = add_rates(shifted, toy_study.tables.regions)
    assert rated.index.equals(before[0].index)
    assert rated["months"].tolist() == [
        24 if register == "PNP" else 12 for register in figures["register"]
    ]
    pd.testing.assert_frame_equal(shifted, before[0])
    assert toy_study.tables.regions.equals(before[1])


def test_a_region_without_population_has_no_rate(figures, change):
    study = change("population.csv", "03,Cobre,50000,2017,,,,base\n", "")
    regions = study.tables.regions
    assert regions["population"].isna().tolist() == [False, False, True, False]
    assert regions["population_year"].tolist() == ["2017", "2017", "", "2017"]
    assert regions["population_source"].tolist() == ["base", "base", "", "base"]
    rated = add_rates(figures, regions)
    assert rated[rated["ubigeo"] == "03"]["rate"].isna().all()
    assert rated[rated["ubigeo"] == "04"]["rate"].notna().any()


def test_adding_population_changes_no_input(toy_study):
    bare = toy_study.tables.regions.drop(columns=["population", "population_year"])
    before = bare.copy(), toy_study.tables.population.copy()
    add_population(bare, toy_study.tables.population)
    assert bare.equals(before[0])
    pd.testing.assert_frame_equal(toy_study.tables.population, before[1])


def test_series_by_hand(figures):
    series = list_series(mark_shown(figures), regions=4)
    shown = series[
        ["register", "measure", "period_start", "covered", "complete", "total", "national"]
    ]
    assert shown.to_numpy().tolist() == [
        ["MP", "complaints", "2017-01", 4, True, 100.0, (100.0,)],
        ["MP", "complaints", "2018-01", 2, False, 6.0, ()],
        ["PNP", "victims", "2017-01", 4, True, 30.0, (30.0,)],
    ]


def test_a_series_is_complete_only_with_every_region_of_the_layer(figures):
    assert list_series(mark_shown(figures), regions=5)["complete"].tolist() == [False, False, False]


def test_one_undisputed_figure_stands_for_a_region_in_a_series(figures):
    marked = mark_shown(figures)
    region = marked[marked["level"] == "region"]
    hidden = region[~region["shown"]]
    assert hidden[["ubigeo", "period_start", "value"]].to_numpy().tolist() == [
        ["01", "2018-01", 12],
        ["01", "2018-01", 15],
    ]
    assert not marked[marked["level"] != "region"]["shown"].any()


def test_the_whole_region_is_shown_rather_than_a_part_of_it(change):
    line = "region,Cobre,03,2018-01,2018-12,complaints,MP,all,0,published,ngo,,\n"
    whole = "region,Brisa,02,2018-01,2018-12,complaints,MP,all,9,published,report,,\n"
    tables = change("complaints.csv", line, line + whole).tables
    ubigeos = set(tables.regions["ubigeo"])
    account = match_complaints(tables.complaints, tables.districts, ubigeos=ubigeos)
    marked = mark_shown(build_figures(account, tables.districts))
    brisa = marked[(marked["ubigeo"] == "02") & (marked["period_start"] == "2018-01")]
    assert sorted(brisa[["value", "shown"]].to_numpy().tolist()) == [[6, False], [9, True]]


def test_the_opening_view_is_found_or_those_there_are_named(figures, toy_study):
    series = list_series(mark_shown(figures), regions=4)
    opening = toy_study.meta.opening.series
    assert series["register"].tolist()[find_series(series, opening)] == "PNP"
    elsewhere = {**opening, "register": "RETA"}
    with pytest.raises(StudyError, match=r"no region has.* of RETA.*PNP victims all 2017-01"):
        find_series(series, elsewhere)


def test_no_figures_no_series(figures):
    assert len(list_series(mark_shown(figures.head(0)), regions=4)) == 0


def test_a_region_told_twice_counts_once(change):
    line = "region,Ámbar,01,2018-01,2018-12,complaints,MP,all,12,published,ngo,,\n"
    twice = (
        "region,Brisa,02,2017-01,2017-12,complaints,MP,all,30,published,ngo,,\n"  # 10 + 20
        "region,Duna,04,2017-01,2017-12,complaints,MP,all,20,published,ngo,,\n"
    )
    tables = change("complaints.csv", line, line + twice).tables
    account = match_complaints(
        tables.complaints, tables.districts, ubigeos={"01", "02", "03", "04"}
    )
    series = list_series(mark_shown(build_figures(account, tables.districts)), regions=4)
    assert series["total"].tolist()[0] == 100
