"""Complaints: every row goes somewhere, and figures keep their sources."""

import csv
import io
from collections import Counter

import pandas as pd
import pytest
from corredor.geodata import build_figures, check_table, empty_table, match_complaints
from corredor.geodata.errors import casefolded
from corredor.geodata.figures import unit_of
from hypothesis import given
from hypothesis import strategies as st
from toy import COMPLAINTS

UBIGEOS = {"01", "02", "03", "04"}
SERIES = ["register", "measure", "purpose", "period_start", "period_end"]


@pytest.fixture(scope="module")
def account(toy_study):
    tables = toy_study.tables
    return match_complaints(tables.complaints, tables.districts, ubigeos=UBIGEOS)


@pytest.fixture(scope="module")
def figures(account, toy_study):
    return build_figures(account, toy_study.tables.districts)


def pick(figures: pd.DataFrame, **wanted: object) -> pd.DataFrame:
    for column, value in wanted.items():
        figures = figures[figures[column] == value]
    return figures


DISTRICTS = check_table(
    {
        "district": ["Ámbar", "Brisa Norte", "Brisa Sur", "Brisa del Sur", "Madre de Dios"],
        "canonical": ["Ámbar", "Brisa Norte", "Brisa Sur", "Brisa Sur", "Madre de Dios"],
        "ubigeo": ["01", "02", "02", "02", "03"],
        "source_id": ["base"] * 5,
    },
    "districts",
)


def complaints(*rows: dict[str, object]) -> pd.DataFrame:
    """Return a checked table; what a row leaves out is filled in."""
    filled = [
        {
            "unit": "fiscal_district",
            "place": "",
            "ubigeo": "",
            "period_start": "2017-01",
            "period_end": "2017-12",
            "measure": "complaints",
            "register": "MP",
            "purpose": "all",
            "value": 1,
            "basis": "published",
            "source_id": "report",
            "note_es": "",
            "note_en": "",
            **row,
        }
        for row in rows
    ]
    if not filled:
        return empty_table("complaints")
    return check_table({name: [str(r[name]) for r in filled] for name in filled[0]}, "complaints")


def figures_of(*rows: dict[str, object]) -> pd.DataFrame:
    account = match_complaints(complaints(*rows), DISTRICTS, ubigeos=UBIGEOS)
    return build_figures(account, DISTRICTS)


def test_every_row_is_in_exactly_one_table(account, toy_study):
    parts = list(vars(account).values())
    indices = sorted(index for part in parts for index in part.index)
    assert indices == list(range(len(toy_study.tables.complaints)))
    assert [(len(part), part["value"].sum()) for part in parts] == [
        (3, 230),
        (8, 60),
        (6, 106),
        (0, 0),
        (1, 4),
    ]


def test_the_tables_add_up_to_the_file(account):
    printed = sum(float(row["value"]) for row in csv.DictReader(io.StringIO(COMPLAINTS)))
    assert sum(part["value"].sum() for part in vars(account).values()) == printed == 400


def test_districts_match_in_capitals_without_accents_and_by_other_spellings(account):
    assert account.by_district[["place", "canonical", "ubigeo"]].to_numpy().tolist() == [
        ["AMBAR", "Ámbar", "01"],
        ["BRISA NORTE", "Brisa Norte", "02"],
        ["Brisa del Sur", "Brisa Sur", "02"],
        ["Cobre", "Cobre", "03"],
        ["Duna", "Duna", "04"],
        ["Brisa Norte", "Brisa Norte", "02"],
    ]


def test_what_matches_nothing_is_kept_by_name(account):
    assert account.unmatched[["place", "ubigeo", "value"]].to_numpy().tolist() == [
        ["Brisa Oeste", "", 4]
    ]


def test_rows_of_a_region_that_is_not_on_the_map_are_unmatched():
    rows = complaints({"unit": "region", "ubigeo": "09"}, {"unit": "", "ubigeo": "01"})
    account = match_complaints(rows, DISTRICTS, ubigeos=UBIGEOS)
    assert account.unmatched["ubigeo"].tolist() == ["09"]
    assert account.direct[["unit", "ubigeo"]].to_numpy().tolist() == [["region", "01"]]


def test_matching_and_building_change_no_input(toy_study):
    tables = toy_study.tables
    before = tables.complaints.copy(), tables.districts.copy()
    account = match_complaints(tables.complaints, tables.districts, ubigeos=UBIGEOS)
    parts = {name: part.copy() for name, part in vars(account).items()}
    build_figures(account, tables.districts)
    pd.testing.assert_frame_equal(tables.complaints, before[0])
    pd.testing.assert_frame_equal(tables.districts, before[1])
    for name, part in vars(account).items():
        pd.testing.assert_frame_equal(part, parts[name])


def test_two_spellings_that_differ_by_accents_only_are_one_district():
    twice = pd.concat([DISTRICTS, DISTRICTS.head(1).assign(district="AMBAR")], ignore_index=True)
    rows = complaints({"place": "Ámbar", "value": 3})
    account = match_complaints(rows, twice, ubigeos=UBIGEOS)
    assert account.by_district[["ubigeo", "value"]].to_numpy().tolist() == [["01", 3]]


def test_the_toy_figures(figures):
    shown = figures[["level", "ubigeo", "register", "period_start", "value", "whole", "disputed"]]
    assert sorted(map(tuple, shown.to_numpy().tolist())) == [
        ("city", "04", "PNP", "2017-01", 3, False, False),
        ("national", "", "MP", "2017-01", 100, True, False),
        ("national", "", "PNP", "2017-01", 30, True, False),
        ("region", "01", "MP", "2017-01", 40, True, False),
        ("region", "01", "MP", "2018-01", 12, True, True),
        ("region", "01", "MP", "2018-01", 15, True, True),
        ("region", "01", "PNP", "2017-01", 8, True, False),
        ("region", "02", "MP", "2017-01", 30, True, False),
        ("region", "02", "MP", "2018-01", 6, False, False),
        ("region", "02", "PNP", "2017-01", 4, True, False),
        ("region", "03", "MP", "2017-01", 10, True, False),
        ("region", "03", "MP", "2018-01", 0, True, False),
        ("region", "03", "PNP", "2017-01", 2, True, False),
        ("region", "04", "MP", "2017-01", 20, True, False),
        ("region", "04", "PNP", "2017-01", 16, True, False),
    ]
    assert figures["figure_id"].tolist() == [f"C{n:03d}" for n in range(1, 16)]


def test_one_figure_in_two_sources_is_one_figure(figures):
    (national,) = pick(figures, level="national", register="MP").to_dict("records")
    assert national["source_ids"] == ("report", "press")
    assert national["notes"] == (("report", "del informe", "of the report"),)
    assert national["disputed"] is False


def test_sources_that_contradict_stand_side_by_side(figures):
    pair = pick(figures, ubigeo="01", period_start="2018-01")
    assert pair[["value", "source_ids"]].to_numpy().tolist() == [[12, ("ngo",)], [15, ("press",)]]
    assert pair["disputed"].all()


def test_districts_of_one_region_are_added_and_named(figures):
    (sum_,) = pick(figures, ubigeo="02", period_start="2017-01", register="MP").to_dict("records")
    assert sum_["value"] == 30
    assert sum_["parts"] == (("BRISA NORTE", 10), ("Brisa del Sur", 20))
    assert sum_["source_ids"] == ("report",)


def test_registers_measures_purposes_and_periods_are_never_added():
    values = figures_of(
        {"place": "Ámbar", "value": 1},
        {"place": "Ámbar", "value": 2, "register": "PNP"},
        {"place": "Ámbar", "value": 4, "measure": "victims"},
        {"place": "Ámbar", "value": 8, "purpose": "labour"},
        {"place": "Ámbar", "value": 16, "period_end": "2018-12"},
        {"place": "Ámbar", "value": 32, "source_id": "ngo", "period_start": "2016-01"},
    )
    assert sorted(values["value"]) == [1, 2, 4, 8, 16, 32]
    assert not values["disputed"].any()


@pytest.mark.parametrize(
    ("places", "national", "whole"),
    [
        (["Brisa Norte"], None, False),
        (["Brisa Norte", "Brisa Sur"], None, True),
        (["Brisa Norte", "Brisa del Sur"], None, True),
        (["Brisa Norte"], 5, True),  # the source lists all there is: it adds up to the nation
        (["Brisa Norte"], 6, False),
    ],
)
def test_a_sum_is_whole_when_all_districts_or_the_whole_nation_are_in_it(places, national, whole):
    rows = [{"place": place, "value": 5} for place in places]
    if national:
        rows.append({"unit": "national", "place": "País", "value": national})
    (region,) = pick(figures_of(*rows), level="region").to_dict("records")
    assert region["value"] == 5 * len(places)
    assert region["whole"] is whole


@pytest.mark.parametrize(
    ("bases", "basis"),
    [(("published", "published"), "published"), (("published", "rounded"), "derived")],
)
def test_a_sum_of_unlike_bases_is_derived(bases, basis):
    places = ("Brisa Norte", "Brisa Sur")
    rows = ({"place": p, "basis": b} for p, b in zip(places, bases, strict=True))
    (region,) = figures_of(*rows).to_dict("records")
    assert region["basis"] == basis


def test_of_equal_figures_the_best_basis_counts():
    row = {"unit": "region", "ubigeo": "01", "value": 7}
    (figure,) = figures_of(
        {**row, "basis": "rounded"}, {**row, "basis": "published", "source_id": "ngo"}
    ).to_dict("records")
    assert figure["basis"] == "published"
    assert figure["source_ids"] == ("report", "ngo")


def test_notes_of_all_sources_are_kept():
    row = {"unit": "region", "ubigeo": "01", "value": 7}
    (figure,) = figures_of(
        {**row, "note_es": "uno", "note_en": "one"},
        {**row, "note_es": "dos", "note_en": "two", "source_id": "ngo"},
    ).to_dict("records")
    assert figure["notes"] == (("report", "uno", "one"), ("ngo", "dos", "two"))


def test_cities_are_parts_and_never_contradict_their_region():
    listed = figures_of(
        {"unit": "region", "ubigeo": "02", "place": "Brisa", "value": 9},
        {"unit": "city", "ubigeo": "02", "place": "Pozo", "value": 4},
        {"unit": "city", "ubigeo": "02", "place": "Puerto", "value": 5},
    )
    assert listed[["level", "value", "parts", "whole"]].to_numpy().tolist() == [
        ["city", 4, (("Pozo", 4),), False],
        ["city", 5, (("Puerto", 5),), False],
        ["region", 9, (), True],
    ]
    assert not listed["disputed"].any()


def test_sources_that_contradict_on_a_city_are_marked():
    row = {"unit": "city", "ubigeo": "02", "place": "Pozo"}
    listed = figures_of({**row, "value": 4}, {**row, "value": 5, "source_id": "ngo"})
    assert listed["disputed"].tolist() == [True, True]


def test_part_of_a_region_does_not_contradict_the_whole():
    listed = figures_of(
        {"unit": "region", "ubigeo": "02", "place": "Brisa", "value": 12},
        {"place": "Brisa Norte", "value": 5, "source_id": "ngo"},
    )
    shown = listed[["value", "whole", "disputed"]].to_numpy().tolist()
    assert sorted(shown) == [[5, False, False], [12, True, False]]


def test_no_complaints_give_no_figures_of_the_same_types():
    none, some = figures_of(), figures_of({"place": "Ámbar"})
    assert len(none) == 0
    assert none.dtypes.to_dict() == some.dtypes.to_dict()


@pytest.mark.parametrize(
    "second",
    [
        [("BRISA NORTE", 5), ("Brisa Sur", 7)],
        [("Brisa Sur", 7), ("Brisa Norte", 5)],
        [("Brisa Norte", 5), ("Brisa del Sur", 7)],
    ],
)
def test_the_same_districts_in_two_sources_are_one_figure(second):
    first = [("Brisa Norte", 5), ("Brisa Sur", 7)]
    rows = [{"place": place, "value": value} for place, value in first]
    rows += [{"place": place, "value": value, "source_id": "ngo"} for place, value in second]
    (figure,) = figures_of(*rows).to_dict("records")
    assert figure["value"] == 12
    assert figure["source_ids"] == ("report", "ngo")


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "unit": st.sampled_from(["national", "region", "fiscal_district", "city", ""]),
            "place": st.sampled_from([*DISTRICTS["district"], "MADRE DE DIOS", "Nowhere", ""]),
            "ubigeo": st.sampled_from(["", "01", "02", "09", "0201"]),
            "register": st.sampled_from(["MP", "PNP"]),
            "period_end": st.sampled_from(["2017-06", "2017-12"]),
            "source_id": st.sampled_from(["report", "ngo"]),
            "value": st.integers(0, 999),
        }
    ),
    min_size=1,
    max_size=12,
)


@given(ROWS)
def test_matching_loses_no_row_and_no_count(rows):
    table = complaints(*rows)
    account = match_complaints(table, DISTRICTS, ubigeos=UBIGEOS)
    parts = list(vars(account).values())
    assert sorted(i for part in parts for i in part.index) == list(range(len(rows)))
    assert sum(part["value"].sum() for part in parts) == sum(row["value"] for row in rows)


@given(ROWS)
def test_sums_of_a_source_and_series_are_the_sums_of_its_rows(rows):
    rows = [{**row, "unit": "fiscal_district"} for row in rows]
    region = {casefolded(row["district"]): row["ubigeo"] for row in DISTRICTS.to_dict("records")}
    wanted: Counter[tuple[str, ...]] = Counter()
    for row in rows:
        if found := region.get(casefolded(row["place"])):
            wanted[row["source_id"], row["register"], row["period_end"], found] += row["value"]
    listed: Counter[tuple[str, ...]] = Counter()
    for figure in figures_of(*rows).to_dict("records"):
        series = figure["register"], figure["period_end"], figure["ubigeo"]
        for source in figure["source_ids"]:
            listed[source, *series] += figure["value"]
    assert listed == wanted


@given(ROWS)
def test_whole_figures_of_one_place_and_series_differ_only_if_marked(rows):
    listed = figures_of(*rows)
    for _, group in listed[listed["level"] != "city"].groupby([*SERIES, "level", "ubigeo"]):
        if group["value"].nunique() == 1:
            assert set(group["disputed"]) == {False}
        elif (whole := group[group["whole"].astype(bool)])["value"].nunique() > 1:
            assert set(whole["disputed"]) == {True}


# Finer units ------------------------------------------------------------------------------------


def test_counts_of_districts_go_to_the_unit_their_ubigeo_begins_with():
    rows = [{"ubigeo": code, "value": value} for code, value in
            (("150101", 5), ("150132", 3), ("1502", 4), ("15", 20), ("0701", 2))]  # fmt: skip
    account = match_complaints(complaints(*by_code(rows)), DISTRICTS, ubigeos={"1501", "1502"})
    assert account.by_part[["canonical", "ubigeo", "value"]].to_numpy().tolist() == [
        ["150101", "1501", 5],
        ["150132", "1501", 3],
    ]
    assert account.direct["ubigeo"].tolist() == ["1502"]
    assert account.unmatched["ubigeo"].tolist() == ["15", "0701"]
    figures = build_figures(account, DISTRICTS).set_index("ubigeo")
    assert figures["value"].to_dict() == {"1501": 8, "1502": 4}
    assert figures["whole"].to_dict() == {"1501": False, "1502": True}


def test_all_districts_of_a_province_are_the_whole_province():
    codes = [f"0701{number:02}" for number in range(1, 8)]  # the seven districts of Callao
    figures = figures_in({"0701"}, *({"ubigeo": code, "value": 2} for code in codes))
    assert figures[["value", "whole"]].to_numpy().tolist() == [[14, True]]


def test_a_sum_of_districts_that_is_the_national_total_is_whole():
    rows = [{"unit": "national", "value": 7}, {"ubigeo": "010101", "value": 7}]
    figures = figures_in({"01"}, *rows)
    assert figures.set_index("level")["whole"].to_dict() == {"national": True, "region": True}


@pytest.mark.parametrize(
    ("code", "unit"),
    [("15", ""), ("150101", "1501"), ("1502", "1599"), ("150203", "1599"), ("07", "07"), ("", "")],
)
def test_lima_in_two_parts_takes_its_districts(code, unit):
    assert unit_of(code, {"07", "1501", "1599"}) == unit


def figures_in(ubigeos: set[str], *rows: dict[str, object]) -> pd.DataFrame:
    account = match_complaints(complaints(*by_code(rows)), DISTRICTS, ubigeos=ubigeos)
    return build_figures(account, DISTRICTS)


def by_code(rows) -> list[dict[str, object]]:
    return [{"unit": "region", **row} for row in rows]
