"""Reported flows: evidence counts independent sources, and rolling up loses nothing."""

import pandas as pd
import pytest
from corredor.geodata import (
    add_up_counts,
    build_pairs,
    origin_of_sources,
    region_of_places,
    roll_up,
    unit_of_places,
)
from hypothesis import given
from hypothesis import strategies as st


def test_a_source_goes_back_to_its_origin_or_to_itself(toy_study):
    assert origin_of_sources(toy_study.tables.sources) == {
        "report": "report",
        "press": "report",
        "ngo": "ngo",
        "police": "police",
        "base": "base",
    }


def test_places_stand_for_their_region(toy_study):
    assert region_of_places(toy_study.tables.places) == {
        "01": "01",
        "02": "02",
        "04": "04",
        "pozo": "02",
        "puerto": "04",
        "costa": "costa",
    }


def test_rolling_up_by_hand(toy_study):
    rolled = roll_up(toy_study.tables.flows, toy_study.tables.places)
    assert rolled[["flow_id", "origin", "destination"]].to_numpy().tolist() == [
        ["F1", "01", "02"],
        ["F2", "01", "02"],
        ["F3", "01", "02"],
        ["F4", "04", "04"],
        ["F5", "02", "costa"],
        ["F6", "04", "01"],
    ]


def test_rolling_up_changes_the_ends_alone_and_no_input(toy_study):
    flows, places = toy_study.tables.flows, toy_study.tables.places
    before = flows.copy(), places.copy()
    rolled = roll_up(flows, places)
    rest = [column for column in flows.columns if column not in ("origin", "destination")]
    pd.testing.assert_frame_equal(rolled[rest], flows[rest])
    pd.testing.assert_frame_equal(flows, before[0])
    pd.testing.assert_frame_equal(places, before[1])


def test_pairs_of_places_by_hand(toy_study):
    pairs = build_pairs(toy_study.tables.flows, toy_study.tables.sources)
    assert pairs.to_numpy().tolist() == [
        ["01", "02", 2, ("F1", "F3"), ("report", "ngo")],
        ["01", "pozo", 1, ("F2",), ("press",)],
        ["04", "04", 1, ("F4",), ("police",)],
        ["02", "costa", 1, ("F5",), ("ngo",)],
        ["puerto", "01", 1, ("F6",), ("police",)],
    ]


def test_a_retelling_adds_no_evidence(toy_study):
    tables = toy_study.tables
    pairs = build_pairs(roll_up(tables.flows, tables.places), tables.sources)
    assert pairs.to_numpy().tolist()[0] == [
        "01",
        "02",
        2,  # the report and the NGO; the newspaper retells the report
        ("F1", "F2", "F3"),
        ("report", "press", "ngo"),
    ]
    assert pairs["evidence"].tolist() == [2, 1, 1, 1]


def test_no_flows_no_pairs(toy_study):
    pairs = build_pairs(toy_study.tables.flows.head(0), toy_study.tables.sources)
    assert list(pairs.columns) == ["origin", "destination", "evidence", "flow_ids", "source_ids"]
    assert len(pairs) == 0


PLACE = st.sampled_from(["01", "02", "pozo", "puerto", "costa"])
SOURCE = st.sampled_from(["report", "press", "ngo"])
PLACES = pd.DataFrame(
    {
        "place_id": ["01", "02", "pozo", "puerto", "costa"],
        "ubigeo": ["01", "02", "0201", "010101", ""],
    }
)
SOURCES = pd.DataFrame(
    {"source_id": ["report", "press", "ngo"], "origin_id": ["", "report", "ngo"]}
)


@given(st.lists(st.tuples(PLACE, PLACE, SOURCE), max_size=15))
def test_every_flow_is_in_exactly_one_pair_at_both_levels(rows):
    flows = pd.DataFrame(rows, columns=["origin", "destination", "source_id"], dtype=str)
    flows["flow_id"] = [f"F{n}" for n in range(len(flows))]
    for level in (flows, roll_up(flows, PLACES)):
        pairs = build_pairs(level, SOURCES)
        listed = [flow for flow_ids in pairs["flow_ids"] for flow in flow_ids]
        assert sorted(listed) == sorted(flows["flow_id"])
        assert not pairs.duplicated(["origin", "destination"]).any()
        for pair in pairs.itertuples():
            assert 1 <= pair.evidence <= len(pair.source_ids) <= len(pair.flow_ids)


@given(st.lists(st.tuples(PLACE, PLACE, SOURCE), min_size=1, max_size=15))
def test_evidence_does_not_grow_with_retellings(rows):
    flows = pd.DataFrame(rows, columns=["origin", "destination", "source_id"])
    flows["flow_id"] = [f"F{n}" for n in range(len(flows))]
    retold = flows[flows["source_id"] == "report"].assign(source_id="press")
    more = pd.concat([flows, retold.assign(flow_id=retold["flow_id"] + "b")], ignore_index=True)
    evidence = [build_pairs(table, SOURCES)["evidence"].tolist() for table in (flows, more)]
    assert evidence[0] == evidence[1]


@pytest.mark.parametrize("level", ["place", "region"])
def test_evidence_is_never_a_sum_of_shares(toy_study, level):
    tables = toy_study.tables
    flows = tables.flows if level == "place" else roll_up(tables.flows, tables.places)
    pairs = build_pairs(flows.assign(value=1000.0), tables.sources)
    pd.testing.assert_frame_equal(pairs, build_pairs(flows, tables.sources))


def counted(*rows: tuple) -> pd.DataFrame:
    columns = ["origin", "destination", "source_id", "value", "period_start", "period_end"]
    return pd.DataFrame(rows, columns=columns).assign(value_kind="count")


@pytest.mark.parametrize(
    ("rows", "low", "high"),
    [
        ([("01", "02", "ngo", 5, "", "")], 5, 5),
        ([("01", "02", "ngo", 5, "", ""), ("01", "02", "ngo", 7, "", "")], 12, 12),
        ([("01", "02", "ngo", 5, "", ""), ("01", "02", "report", 7, "", "")], 5, 7),
        # Two years of one source are added; a year and a span that holds it are not.
        ([("01", "02", "ngo", 5, "2017-01", "2017-12"),
          ("01", "02", "ngo", 7, "2018-01", "2018-12")], 12, 12),
        ([("01", "02", "ngo", 7, "2017-01", "2018-12"),
          ("01", "02", "ngo", 5, "2018-01", "2018-12")], 7, 7),
        ([("01", "02", "ngo", 7, "2018-01", "2018-12"), ("01", "02", "ngo", 5, "", "2010-12"),
          ("01", "02", "ngo", 2, "2009-01", "2009-12")], 7, 7),
    ],
)  # fmt: skip
def test_counts_of_a_pair_by_hand(rows, low, high):
    (pair,) = add_up_counts(counted(*rows)).itertuples(index=False)
    assert (pair.origin, pair.destination, pair.low, pair.high) == ("01", "02", low, high)


def test_only_counts_are_added_up(toy_study):
    flows = toy_study.tables.flows
    assert len(add_up_counts(flows)) == 0
    some = flows.assign(
        value=[3.0, None, 4.0, None, 9.0, 25.0],
        value_kind=["count", "none", "count", "none", "share_of_origin", "share_of_destination"],
    )
    assert add_up_counts(some).to_numpy().tolist() == [["01", "02", 3.0, 4.0]]


def test_a_unit_is_the_start_of_the_code_where_that_is_long_enough(toy_study):
    places = toy_study.tables.places
    units = unit_of_places(places, "province")
    assert (units["01"], units["pozo"], units["costa"]) == ("01", "0201", "costa")
    assert unit_of_places(places, "district")["pozo"] == "pozo"
