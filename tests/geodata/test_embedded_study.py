"""The embedded study against its own files and against what was published."""

import csv
from collections import defaultdict

import pandas as pd
import pytest
from corredor.geodata import (
    add_rates,
    build_figures,
    build_pairs,
    embedded_study,
    list_series,
    mark_shown,
    match_complaints,
    roll_up,
)

MP_2007_2014 = {"register": "MP", "period_start": "2007-01", "period_end": "2014-04"}
MININTER_2017_2023 = {"register": "MININTER", "period_start": "2017-01", "period_end": "2023-12"}


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with (embedded_study() / "complaints.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def account(peru_study):
    tables = peru_study.tables
    ubigeos = set(tables.regions["ubigeo"])
    return match_complaints(tables.complaints, tables.districts, ubigeos=ubigeos)


@pytest.fixture(scope="module")
def figures(account, peru_study) -> pd.DataFrame:
    return build_figures(account, peru_study.tables.districts)


def pick(figures: pd.DataFrame, **wanted: object) -> pd.DataFrame:
    for column, value in {"measure": "complaints", "purpose": "all", **wanted}.items():
        figures = figures[figures[column] == value]
    return figures


def test_the_file_prints_1976_over_32_districts(rows):
    printed = [r for r in rows if r["source_id"] == "andina2014_districts" and r["place"] != "Perú"]
    assert len(printed) == 32
    assert {row["unit"] for row in printed} <= {"judicial_district", "fiscal_district"}
    assert sum(int(row["value"]) for row in printed) == 1976


def test_1976_complaints_reach_25_regions_and_none_is_lost(account, figures):
    assert len(account.unmatched) == 0
    regional = pick(figures, level="region", **MP_2007_2014)
    assert sorted(regional["ubigeo"]) == [f"{n:02d}" for n in range(1, 26)]
    assert regional["value"].sum() == 1976
    assert sum(len(parts) for parts in regional["parts"]) == 32
    assert regional["whole"].all()
    assert pick(figures, level="national", **MP_2007_2014)["value"].tolist() == [1976]


def test_lima_has_455_of_its_districts(figures):
    (lima,) = pick(figures, level="region", ubigeo="15", **MP_2007_2014).to_dict("records")
    assert lima["value"] == 455
    assert len(lima["parts"]) > 1
    assert sum(value for _, value in lima["parts"]) == 455


def test_3822_police_records_over_25_regions(rows, figures, peru_study):
    printed = [r for r in rows if r["source_id"] == "mininter_opendata" and r["unit"] == "region"]
    regional = pick(figures, level="region", measure="records", **MININTER_2017_2023)
    assert len(printed) == len(regional) == 25
    assert sum(int(row["value"]) for row in printed) == regional["value"].sum() == 3822
    by_file = {row["ubigeo"]: float(row["value"]) for row in printed}
    assert dict(zip(regional["ubigeo"], regional["value"], strict=True)) == by_file
    assert peru_study.meta.opening.series == {
        "register": "MININTER",
        "measure": "records",
        "period_start": "2017-01",
        "period_end": "2023-12",
    }


def test_the_1433_of_2017_stand_once_with_both_sources(figures):
    (national,) = pick(
        figures, level="national", register="MP", period_start="2017-01", period_end="2017-12"
    ).to_dict("records")
    assert national["value"] == 1433
    assert national["source_ids"] == ("seed_livinginperu2018", "elcomercio2018_07")
    assert national["disputed"] is False


def test_the_two_complete_series_meet_their_published_totals(figures):
    series = list_series(mark_shown(figures), regions=25)
    complete = series[series["complete"]]
    assert complete[["register", "covered", "total", "national"]].to_numpy().tolist() == [
        ["MININTER", 25, 3822.0, (3822.0,)],
        ["MP", 25, 1976.0, (1976.0,)],
    ]


@pytest.mark.parametrize("period", [("2020-01", "2020-12"), ("2021-01", "2021-12")])
def test_national_figures_that_sources_print_differently_are_all_kept(rows, figures, period):
    start, end = period
    nation = figures[(figures["level"] == "national") & (figures["purpose"] == "all")]
    nation = nation[(nation["period_start"] == start) & (nation["period_end"] == end)]
    printed = defaultdict(set)
    for row in rows:
        if row["unit"] == "national" and (row["period_start"], row["period_end"]) == period:
            printed[row["register"], row["measure"]].add(float(row["value"]))
    assert any(len(values) > 1 for values in printed.values())
    for (register, measure), values in printed.items():
        listed = nation[(nation["register"] == register) & (nation["measure"] == measure)]
        assert set(listed["value"]) == values
        assert set(listed["disputed"]) == {len(values) > 1}


def test_every_row_of_the_file_is_behind_a_figure_of_its_source(rows, figures):
    """Each printed count is a figure, or a part of one, of the same series and source."""
    shown = set()
    for figure in figures.to_dict("records"):
        series = figure["register"], figure["measure"], figure["period_start"], figure["period_end"]
        values = {figure["value"], *(value for _, value in figure["parts"])}
        for source in figure["source_ids"]:
            shown |= {(source, *series, value) for value in values}
    keys = ("source_id", "register", "measure", "period_start", "period_end")
    assert {(*(row[key] for key in keys), float(row["value"])) for row in rows} <= shown


def test_every_figure_and_flow_leads_to_a_source(figures, peru_study):
    known = set(peru_study.tables.sources["source_id"])
    assert all(sources and set(sources) <= known for sources in figures["source_ids"])
    assert set(peru_study.tables.flows["source_id"]) <= known
    assert (peru_study.tables.sources["publisher"] != "").all()


def test_rates_by_arithmetic(figures, peru_study):
    rated = pick(
        add_rates(figures, peru_study.tables.regions), level="region", **MININTER_2017_2023
    )
    with (embedded_study() / "population.csv").open(encoding="utf-8", newline="") as file:
        people = {row["ubigeo"]: int(row["population"]) for row in csv.DictReader(file)}
    for row in rated.itertuples():
        assert row.rate == pytest.approx(row.value * 100_000 / (people[row.ubigeo] * 7))


def test_155_flows_of_which_none_is_lost_in_pairs(peru_study):
    tables = peru_study.tables
    with (embedded_study() / "flows.csv").open(encoding="utf-8", newline="") as file:
        printed = list(csv.DictReader(file))
    assert len(printed) == len(tables.flows) == 155
    rolled = roll_up(tables.flows, tables.places)
    for flows in (tables.flows, rolled):
        listed = [f for ids in build_pairs(flows, tables.sources)["flow_ids"] for f in ids]
        assert sorted(listed) == sorted(row["flow_id"] for row in printed)


def test_evidence_counted_from_the_files(peru_study):
    """Count the publications behind each pair of places again, with nothing but csv and sets."""
    with (embedded_study() / "sources.csv").open(encoding="utf-8", newline="") as file:
        origin = {r["source_id"]: r["origin_id"] or r["source_id"] for r in csv.DictReader(file)}
    behind = defaultdict(set)
    with (embedded_study() / "flows.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            behind[row["origin"], row["destination"]].add(origin[row["source_id"]])
    pairs = build_pairs(peru_study.tables.flows, peru_study.tables.sources)
    counted = {(p.origin, p.destination): p.evidence for p in pairs.itertuples()}
    assert counted == {pair: len(publications) for pair, publications in behind.items()}
