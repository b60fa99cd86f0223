"""Column contracts: what is refused, where, why, and how to mend it."""

import math

import numpy as np
import pandas as pd
import pytest
from corredor.geodata import CONTRACTS, TableError, check_table, empty_table
from corredor.geodata.study.tables import as_records, as_rows

SOURCES = pd.DataFrame({"source_id": ["report", "ngo"]})
REGISTERS = pd.DataFrame({"register": ["MP"]})
PLACES = pd.DataFrame({"place_id": ["lima", "cusco"]})
KNOWN = {"sources": SOURCES, "registers": REGISTERS, "places": PLACES}

# One sound row of each table that the tests break.
SOUND = {
    "sources": {
        "source_id": "report",
        "publisher": "Oficina",
        "title": "Informe",
        "date": "2018-03-09",
        "url": "https://example.org/a",
    },
    "population": {
        "ubigeo": "01",
        "name": "Ámbar",
        "population": "1000",
        "year": "2017",
        "lat": "-9.5",
        "lon": "-75",
        "source_id": "report",
    },
    "complaints": {
        "unit": "region",
        "place": "Ámbar",
        "ubigeo": "01",
        "period_start": "2017-01",
        "period_end": "2017-12",
        "measure": "complaints",
        "register": "MP",
        "purpose": "all",
        "value": "1433",
        "basis": "published",
        "source_id": "report",
    },
    "flows": {
        "flow_id": "F1",
        "origin": "lima",
        "destination": "cusco",
        "value": "12.5",
        "value_kind": "share_of_origin",
        "period_start": "",
        "period_end": "",
        "purpose": "",
        "source_id": "ngo",
    },
}


def cells(table: str, **changed: str) -> dict[str, list[str]]:
    return {name: [value] for name, value in {**SOUND[table], **changed}.items()}


def faults_of(table: str, columns: dict[str, list[str]]) -> list:
    with pytest.raises(TableError) as caught:
        check_table(columns, table, file="file.csv", known=KNOWN)
    return caught.value.faults


EMPTY = "This cell is empty.", "Every row needs a value here."
FORM = "This is not in the form used."
MONTH = FORM, "Write months as YYYY-MM, for example 2017-01."
DATE = FORM, "Write dates as YYYY, YYYY-MM or YYYY-MM-DD."
UBIGEO = FORM, "Write INEI codes as text with 2, 4 or 6 digits, for example 01."
URL = FORM, "Give a full http:// or https:// address, or leave it empty."
NUMBER = "This is not a number.", "Write digits only, with a point for decimals: 1433 or 12.5."
COUNT = "This is not a count.", "Write a whole number, 0 or more."
WORD = "This is not one of the words allowed here."
STRANGER = "This is not in the table '{}'."
RANGE = "This number is out of range."
ALONE = "Add a line for it to the table 'registers': xyz,<name_es>,<name_en>,,"


@pytest.mark.parametrize(
    ("table", "column", "value", "reason", "fix"),
    [
        ("complaints", "value", "", *EMPTY),
        ("complaints", "source_id", "", *EMPTY),
        ("complaints", "period_start", "2017", *MONTH),
        ("complaints", "period_start", "2017-00", *MONTH),
        ("complaints", "period_end", "2017-12-31", *MONTH),
        ("complaints", "ubigeo", "1", *UBIGEO),
        ("complaints", "ubigeo", "010", *UBIGEO),
        ("complaints", "value", "1,433", *NUMBER),
        ("complaints", "value", "nan", *NUMBER),
        ("complaints", "value", "inf", *NUMBER),
        ("complaints", "value", "1e3", *NUMBER),
        ("complaints", "value", "1" * 19, *NUMBER),
        ("complaints", "value", "-1", *COUNT),
        ("complaints", "value", "12.5", *COUNT),
        (
            "complaints", "measure", "crimes", WORD,
            "Use one of: complaints, records, victims, rescued.",
        ),
        ("complaints", "basis", "guess", WORD, "Use one of: published, partial, rounded, derived."),
        ("complaints", "source_id", "repor", STRANGER.format("sources"), "Did you mean 'report'?"),
        ("complaints", "register", "xyz", STRANGER.format("registers"), ALONE),
        ("flows", "origin", "Límma", STRANGER.format("places"), "Did you mean 'lima'?"),
        ("flows", "value", "-3", RANGE, "It must lie between 0 and inf."),
        ("population", "population", "0", RANGE, "It must lie between 1 and inf."),
        ("population", "lat", "-91", RANGE, "It must lie between -90 and 90."),
        ("population", "lon", "181", RANGE, "It must lie between -180 and 180."),
        ("population", "year", "17", *DATE),
        ("sources", "date", "09/03/2018", *DATE),
        ("sources", "url", "www.example.org", *URL),
        ("sources", "url", "javascript:alert(1)", *URL),
        ("sources", "url", "https://example.org/\"onclick='x'", *URL),
    ],
)  # fmt: skip
def test_each_fault_says_where_what_why_and_how_to_mend_it(table, column, value, reason, fix):
    (fault,) = faults_of(table, cells(table, **{column: value}))
    assert (fault.row, fault.column, fault.value) == (2, column, value or None)
    assert fault.reason.render() == reason
    assert fault.fix.render() == fix


@pytest.mark.parametrize("table", SOUND)
def test_the_sound_rows_pass(table):
    assert len(check_table(cells(table), table, known=KNOWN)) == 1


@pytest.mark.parametrize(
    ("value", "number"), [("0", 0), ("-0", 0), ("1433", 1433), ("1433.0", 1433), ("", math.nan)]
)
def test_numbers_become_floats_and_empty_cells_nan(value, number):
    table = check_table(cells("flows", value=value), "flows", known=KNOWN)
    assert table["value"].dtype == "float64"
    assert table["value"].tolist() == pytest.approx([number], nan_ok=True)


@pytest.mark.parametrize("url", ["", "http://a.org", "HTTPS://example.org/x?y=1&z=%20#top"])
def test_addresses_that_may_stand_in_a_page(url):
    assert check_table(cells("sources", url=url), "sources")["url"].tolist() == [url]


@pytest.mark.parametrize("code", ["01", "0101", "010101"])
def test_codes_stay_text(code):
    assert check_table(cells("complaints", ubigeo=code), "complaints")["ubigeo"].tolist() == [code]


@pytest.mark.parametrize(("column", "value"), [("ubigeo", "٠١"), ("period_end", "２０１７-12")])
def test_only_ascii_digits_are_digits(column, value):
    (fault,) = faults_of("complaints", cells("complaints", **{column: value}))
    assert fault.column == column


def test_a_period_must_not_end_before_it_starts():
    (fault,) = faults_of(
        "complaints", cells("complaints", period_start="2018-02", period_end="2018-01")
    )
    assert (fault.row, fault.column, fault.value) == (2, "period_end", "2018-01")
    assert fault.reason.render() == "The period ends before it starts (2018-02)."
    assert fault.fix.render() == "Swap the two months."


def test_a_period_of_one_month_is_a_period():
    columns = cells("complaints", period_start="2018-02", period_end="2018-02")
    assert check_table(columns, "complaints")["period_end"].tolist() == ["2018-02"]


def test_repeated_keys_name_the_later_row():
    columns = {name: value * 3 for name, value in cells("sources").items()}
    columns["source_id"] = ["a", "b", "a"]
    (fault,) = faults_of("sources", columns)
    assert (fault.row, fault.column, fault.value) == (4, "source_id", "a")
    assert fault.reason.render() == "This value stands in an earlier row too."
    assert fault.fix.render() == "Give each row its own."


def test_all_faults_come_at_once_in_the_order_of_the_file():
    columns = {name: value * 3 for name, value in cells("complaints").items()}
    columns["value"] = ["5", "five", "-5"]
    columns["source_id"] = ["nog", "report", ""]
    columns["period_start"] = ["2017-01", "2017-01", "2019-01"]
    assert [(fault.row, fault.column) for fault in faults_of("complaints", columns)] == [
        (2, "source_id"),
        (3, "value"),
        (4, "value"),
        (4, "source_id"),
        (4, "period_end"),
    ]


def test_the_error_is_one_text_with_a_line_a_fault():
    columns = cells("complaints", value="five", source_id="nog")
    with pytest.raises(TableError) as caught:
        check_table(columns, "complaints", file="mine.csv", known=KNOWN)
    assert str(caught.value).split("\n") == [
        "mine.csv (table complaints): 2 fault(s).",
        "  row 2, column value, 'five': This is not a number. Write digits only, with a point for"
        " decimals: 1433 or 12.5.",
        "  row 2, column source_id, 'nog': This is not in the table 'sources'. Did you mean 'ngo'?",
    ]
    assert caught.value.render("es").startswith("mine.csv (tabla denuncias): 2 ")


def test_only_the_first_faults_are_printed_but_all_are_kept():
    columns = {name: value * 23 for name, value in cells("complaints").items()}
    columns["value"] = ["x"] * 23
    with pytest.raises(TableError, match=r"\n  \.\.\. and 3 more\.$") as caught:
        check_table(columns, "complaints", known=KNOWN)
    assert len(caught.value.faults) == 23
    assert str(caught.value).count("\n") == 21


def test_a_long_or_hostile_value_is_shown_short_and_on_one_line():
    (fault,) = faults_of("complaints", cells("complaints", value="9\n\x1b[31m" + "x" * 500))
    shown = "9\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}[31m" + "x" * 52 + "…"
    assert fault.render().startswith(f"row 2, column value, '{shown}': ")


def test_missing_columns_are_all_named_with_the_nearest_spare_one():
    columns = cells("complaints")
    columns["perod_start"] = columns.pop("period_start")
    columns["valor"] = columns.pop("value")
    first, second = faults_of("complaints", columns)
    assert (first.row, first.column, first.value) == (None, "period_start", None)
    assert first.render() == (
        "column period_start: This column is missing. Did you mean 'perod_start'?"
    )
    assert second.render() == "column value: This column is missing. Did you mean 'valor'?"


def test_without_a_spare_column_those_found_are_listed():
    columns = {"district": ["a"], "canonical": ["a"], "ubigeo": ["01"]}
    (fault,) = faults_of("districts", columns)
    assert fault.render() == (
        "column source_id: This column is missing. Columns found: district, canonical, ubigeo."
    )


def test_optional_columns_are_added_empty_and_others_dropped():
    columns = {**cells("flows"), "scratch": ["not ours"]}
    table = check_table(columns, "flows", known=KNOWN)
    assert list(table.columns) == [column.name for column in CONTRACTS["flows"]]
    assert table[["note_es", "note_en"]].to_numpy().tolist() == [["", ""]]


def test_references_are_compared_only_with_tables_that_are_given():
    table = check_table(cells("complaints", source_id="unheard"), "complaints")
    assert table["source_id"].tolist() == ["unheard"]


def test_the_input_is_not_changed():
    columns = cells("flows")
    before = {name: list(value) for name, value in columns.items()}
    known = {name: table.copy() for name, table in KNOWN.items()}
    check_table(columns, "flows", known=KNOWN)
    assert columns == before
    for name, table in KNOWN.items():
        pd.testing.assert_frame_equal(table, known[name])


def test_a_frame_of_text_is_as_good_as_columns():
    frame = pd.DataFrame(cells("flows"), index=[7])
    pd.testing.assert_frame_equal(
        check_table(frame, "flows", known=KNOWN), check_table(cells("flows"), "flows", known=KNOWN)
    )


@pytest.mark.parametrize("table", CONTRACTS)
def test_an_empty_table_has_the_columns_and_types_of_a_full_one(table):
    empty = empty_table(table)
    assert len(empty) == 0
    assert list(empty.columns) == [column.name for column in CONTRACTS[table]]
    for column in CONTRACTS[table]:
        if column.kind in ("number", "count"):
            assert empty[column.name].dtype == "float64"
        else:
            assert pd.api.types.is_string_dtype(empty[column.name])


def test_rows_hold_values_of_python_and_keep_what_is_missing():
    table = pd.DataFrame(
        {
            "text": pd.Series(["a", None], dtype="str"),
            "whole": pd.Series([1, None], dtype="Int64"),
            "number": [1.5, math.nan],
            "mixed": pd.Series([np.int64(3), ("x",)], dtype=object),
        }
    )
    first, second = as_records(table)
    assert first == {"text": "a", "whole": 1, "number": 1.5, "mixed": 3}
    assert [type(value) for value in first.values()] == [str, int, float, int]
    assert math.isnan(second["text"])
    assert second["whole"] is pd.NA
    assert math.isnan(second["number"])
    assert second["mixed"] == ("x",)
    assert next(tuple(row) for row in as_rows(table)) == tuple(first.values())
    assert [row.mixed for row in as_rows(table)] == [3, ("x",)]
    assert as_records(table.iloc[:0]) == list(as_rows(table.iloc[:0])) == []


def test_a_register_of_ones_own_needs_one_line():
    columns = {name: value * 124 for name, value in cells("complaints", register="CAMINOS").items()}
    (fault,) = faults_of("complaints", columns)
    assert fault.row == 2
    assert fault.value == "CAMINOS"
    assert fault.reason.render() == "This is not in the table 'registers', and stands in 124 rows."
    line = fault.fix.render().removeprefix("Add a line for it to the table 'registers': ")
    assert line == "CAMINOS,<name_es>,<name_en>,,"
    own = check_table(
        dict(
            zip(
                [column.name for column in CONTRACTS["registers"]],
                ([cell] for cell in line.split(",")),
                strict=True,
            )
        ),
        "registers",
    )
    known = {**KNOWN, "registers": own}
    assert len(check_table(columns, "complaints", known=known)) == 124
