"""Registers with one row a case: counted, and no person goes on. All cases are invented."""

import csv
import gc
import json
import traceback
from importlib import resources

import openpyxl
import pandas as pd
import pytest
from corredor.geodata import CorredorError, TableError
from corredor.geodata.intake.cases import read_cases
from corredor.geodata.sheets.periods import CaseDate, find_order, read_case_date
from corredor.geodata.study.contracts import MEASURES
from corredor.geodata.words import read_age_group, read_purpose, read_sex
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

MARK = "ZZPERSONA123"
HEADER = [
    "N°", "Apellidos y nombres", "DNI", "Sexo", "Edad", "Departamento de captación",
    "Lugar de explotación", "Fecha de denuncia", "Finalidad", "Comisaría", "Observación",
]  # fmt: skip
NAMES = {"Puno": "21", "Cuzco": "08", "Mazuco": "mazuko", "Pto. Maldonado": "puerto_maldonado"}


def case(origin, destination, date, purpose="Explotación sexual", sex="F", age="15"):
    return [
        "1", f"{MARK}, Ana", "00000001", sex, age, origin, destination, date, purpose, MARK, MARK,
    ]  # fmt: skip


@pytest.fixture
def read(tmp_path, resolver):
    def read_(rows, header=HEADER, **options):
        path = tmp_path / "casos.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
        return read_cases(path, source_id="s", register="PNP", resolver=resolver, **options)

    return read_


ROWS = [
    case("Puno", "Mazuco", "05/03/2017"),
    case("Puno", "Mazuco", "25/04/2017", sex="M", age="30"),
    case("Puno", "Mazuco", "25/04/2018"),
    case("Cuzco", "Pto. Maldonado", "2017-01-31", purpose="laboral"),
    case("Marte", "Pto. Maldonado", "2017-01-31"),
    case("", "Pto. Maldonado", "2017-01-31"),
    case("Puno", "n.d.", "2017-01-31"),
]


def test_cases_become_counts_of_flows_and_complaints(read):
    tables, account = read(ROWS)
    flows = tables.flows
    shown = flows[["origin", "destination", "period_start", "purpose", "value"]]
    assert shown.to_numpy().tolist() == [
        ["08", "puerto_maldonado", "2017-01", "labour", 1],
        ["21", "mazuko", "2017-01", "sexual", 2],
        ["21", "mazuko", "2018-01", "sexual", 1],
    ]  # fmt: skip
    assert set(flows["value_kind"]) == {"count"}
    complaints = tables.complaints
    assert complaints[["ubigeo", "period_start", "period_end", "value"]].to_numpy().tolist() == [
        ["17", "2017-01", "2017-12", 5],
        ["17", "2018-01", "2018-12", 1],
    ]
    assert set(complaints["measure"]) == {"complaints"}
    assert (account.rows_in, account.rows_out, account.merged) == (7, 3, 1)
    assert {str(part.reason): (part.rows, part.total) for part in account.left_out} == {
        "the origin is not a known place": (1, 1.0),
        "the origin is not given": (1, 1.0),
        "the destination is not given": (1, 1.0),
    }
    assert (account.total_in, account.total_out) == (7, 4)
    assert account.to_dict()["complaints"] == {
        "total": 6.0,
        "left_out": [
            {"reason": "the place lies in no region, or is not known", "rows": 1, "total": 1.0}
        ],
    }


def test_the_account_names_what_was_dropped_and_that_nothing_is_published(read):
    tables, account = read(ROWS)
    assert account.extra["dropped_columns"] == [
        "Apellidos y nombres", "DNI", "Comisaría", "Observación",
    ]  # fmt: skip
    assert account.extra["published"] is False
    assert tables.published is False
    assert "own: before anything is shown, small ones are withheld" in account.render()
    assert "row 6" in account.render()
    assert "Marte" not in account.render() + json.dumps(account.to_dict())


def test_a_register_of_complaints_alone_has_no_flows(read):
    header = ["Departamento", "Nombres", "Fecha", "Sexo"]
    rows = [["Puno", MARK, "2022", "F"], ["PUNO", MARK, "2022", "M"], ["Ica", MARK, "2021", "F"]]
    tables, account = read(rows, header=header)
    assert len(tables.flows) == 0
    counted = tables.complaints[["ubigeo", "period_start", "value"]]
    assert counted.to_numpy().tolist() == [["11", "2021-01", 1], ["21", "2022-01", 2]]
    assert "so there are no flows" in account.render()
    assert (account.rows_in, account.rows_out, account.merged) == (3, 2, 1)
    assert (account.total_in, account.total_out, account.left_out) == (3, 3, ())
    account = read([*rows, ["Marte", MARK, "2022", "F"]], header=header).account
    assert (account.total_in, account.total_out) == (4, 3)
    assert [(part.rows, part.total) for part in account.left_out] == [(1, 1)]


def test_reasons_of_an_account_are_plain_in_either_language(read):
    account = read([*ROWS, case("Puno", "Bolivia", "2017-01-31")]).account
    for language, word in (("es", "no"), ("en", "the")):
        parts = account.to_dict(language)["complaints"]["left_out"]
        assert all(isinstance(part["reason"], str) and word in part["reason"] for part in parts)
        json.dumps(account.to_dict(language))


def test_sex_age_and_month_only_where_asked_for(read):
    assert "sex" not in read(ROWS).table.flows
    flows = read(ROWS[:2], by=("origin", "destination", "month", "sex", "age_group")).table.flows
    assert flows[["period_start", "sex", "age_group", "value"]].to_numpy().tolist() == [
        ["2017-03", "female", "0-17", 1],
        ["2017-04", "male", "18+", 1],
    ]
    with pytest.raises(ValueError, match="by must hold origin and destination"):
        read(ROWS, by=("origin",))


def test_victims_are_added_up_from_their_column(read):
    header = ["origen", "destino", "año", "víctimas"]
    rows = [
        ["Puno", "Lima", "2017", "3"],
        ["Puno", "Lima", "2017", ""],
        ["Puno", "Lima", "2017", "2"],
    ]
    assert read(rows, header, measure="victims").table.flows["value"].tolist() == [6]
    assert read(rows, header).table.flows["value"].tolist() == [3]


def test_row_numbers_are_no_victims(read):
    header = ["N°", "origen", "destino", "año"]
    rows = [["1", "Puno", "Lima", "2017"], ["2", "Puno", "Lima", "2017"]]
    assert read(rows, header, measure="victims").table.flows["value"].tolist() == [2]


def test_a_place_of_the_complaint_is_where_it_counts(read):
    header = ["departamento", "origen", "destino", "año"]
    tables, account = read([["Tacna", "Puno", "Lima", "2017"]], header)
    assert tables.complaints["ubigeo"].tolist() == ["23"]
    assert "region of the complaint" in account.render()


def test_totals_are_no_cases(read):
    header = ["origen", "destino", "año"]
    tables, account = read([["Puno", "Lima", "2017"], ["Total", "1", ""]], header)
    assert tables.flows["value"].sum() == account.total_in == 1
    assert [part.rows for part in account.left_out] == [1]


def everything_said(error):
    """Return all text that hangs on an error: its chain, its traceback, its faults."""
    said = ["".join(traceback.format_exception(error)), repr(error), error.render("es")]
    chained = error
    while chained is not None:
        said.append(repr(vars(chained)))
        chained = chained.__cause__ or chained.__context__
    return "".join(said)


@pytest.mark.parametrize(
    ("header", "rows", "options", "said"),
    [
        (HEADER, [case("Puno", "Lima", MARK)], {}, "row 2, column Fecha de denuncia: This is not"),
        (HEADER, [case("Puno", "Lima", "05/03/2017")], {"by": ("origin", "destination", "month")},
         "not clear which number is the month"),
        (["origen", "destino"], [["Puno", "Lima"]], {}, "Say the period of the register"),
        (["origen", "año"], [["Puno", "2017"]], {}, "people of the cases were taken"),
        ([f"{MARK}, Ana", "00000001", "Puno"], [[MARK, "00000002", "Cusco"]], {},
         "first row looks"),
        (["origen", "destino", "año"], [["Puno", "Lima", "2017", MARK]], {}, "has 4 cells"),
        (["origen", "destino", "año", "víctimas"], [["Puno", "Lima", "2017", MARK]],
         {"measure": "victims"}, "row 2, column víctimas: This is not a number"),
        (["lugar", "destino", "año"], [["00000001", "Lima", "2017"]],
         {"columns": {"origin": "lugar"}},
         "is not read, because it holds numbers of eight digits"),
    ],
)  # fmt: skip
def test_errors_name_row_and_column_but_no_cell(read, header, rows, options, said):
    with pytest.raises(CorredorError, match=said) as caught:
        read(rows, header, **options)
    text = everything_said(caught.value)
    assert MARK not in text
    assert "0000000" not in text


def test_an_excel_register_and_its_remarks(tmp_path, resolver):
    book = openpyxl.Workbook()
    for row in ([f"Registro de {MARK}"], HEADER, *ROWS[:2], [f"Fuente: {MARK}"]):
        book.active.append(row)
    book.save(tmp_path / "casos.xlsx")
    tables, account = read_cases(
        tmp_path / "casos.xlsx", source_id="s", register="PNP", resolver=resolver
    )
    assert tables.flows["value"].tolist() == [2]
    assert MARK not in account.render() + json.dumps(account.to_dict())
    assert "2 line(s) above or below the table" in account.render()


def test_no_cell_stays_in_memory(read):
    reading = read([[cell.replace(MARK, MARK * 3) for cell in row] for row in ROWS])
    gc.collect()
    held = [o for o in gc.get_objects() if isinstance(o, tuple) and any(
        isinstance(x, str) and MARK * 3 in x for x in o)]  # fmt: skip
    assert held == []
    assert len(reading.table.flows) == 3


texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=8)
marked = st.builds(lambda a, b: f"{a}{MARK}{b}", texts, texts)
places = st.one_of(st.sampled_from(sorted(NAMES)), st.just(""), marked)
dates = st.sampled_from(["2017", "2017-05-01", "31/12/2018", ""])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(marked, marked, places, places, dates, marked, marked), min_size=1, max_size=8
    ),
)
def test_nothing_personal_gets_out_and_sums_are_kept(read, rows):
    header = ["Nombres", "cosa", "origen", "destino", "fecha", "finalidad", "sexo"]
    refused = ""
    try:
        tables, account = read(rows, header)
    except CorredorError as error:
        refused = everything_said(error)
    assert MARK not in refused
    if refused:
        return
    said = repr(tables) + tables.flows.to_csv() + tables.complaints.to_csv() + repr(account)
    said += account.render() + account.render("es") + json.dumps(account.to_dict("es"))
    assert MARK not in said
    known = [row for row in rows if row[2] in NAMES and row[3] in NAMES]
    assert tables.flows["value"].sum() == len(known)
    pairs = {(NAMES[row[2]], NAMES[row[3]]) for row in known}
    assert set(zip(tables.flows["origin"], tables.flows["destination"], strict=True)) == pairs
    assert account.rows_in == account.rows_out + account.merged + sum(
        part.rows for part in account.left_out
    )
    assert account.total_in == account.total_out + sum(part.total or 0 for part in account.left_out)
    out = account.extra["complaints"]
    assert out["total"] + sum(part["total"] for part in out["left_out"]) == account.total_in


@pytest.mark.parametrize(
    ("text", "order", "by_month", "date"),
    [
        ("2017-03-05", None, True, CaseDate(2017, 3)),
        ("2017-03-05 10:30:00", None, True, CaseDate(2017, 3)),
        ("20170305", None, True, CaseDate(2017, 3)),
        ("05/03/2017", "dmy", True, CaseDate(2017, 3)),
        ("05/03/2017", "mdy", True, CaseDate(2017, 5)),
        ("05/03/2017", None, False, CaseDate(2017, 3)),
        ("03/25/2017", None, False, CaseDate(2017, 3)),
        ("mar-17", None, True, CaseDate(2017, 3)),
        ("2017", None, False, CaseDate(2017, 0)),
    ],
)
def test_dates(text, order, by_month, date):
    assert read_case_date(text, order=order, by_month=by_month) == date


@pytest.mark.parametrize("text", ["05/03/17", "32/03/2017", "2016-2018", "ayer", "2017-13-01"])
def test_dates_that_cannot_be_read(text):
    assert "not a date" in str(read_case_date(text, order=None, by_month=False))


def test_the_order_of_day_and_month_is_told_by_the_column():
    assert find_order(["05/03/2017", "25/03/2017"]) == "dmy"
    assert find_order(["05/03/2017", "03/25/2017"]) == "mdy"
    assert find_order(["05/03/2017"]) is None
    assert find_order(["25/03/2017", "03/25/2017"]) is None


def test_code_words():
    assert [read_sex(t) for t in ("F", "mujer", "Masculino", "H", "1", "X")] == [
        "female", "female", "male", "male", "unknown", "unknown",
    ]  # fmt: skip
    ages = ("15", "18", "12 a 17 años", "18-29", "15-20", "Adolescente")
    assert [read_age_group(t) for t in ages] == [
        "0-17", "18+", "0-17", "18+", "unknown", "0-17",
    ]  # fmt: skip
    assert [read_purpose(t) for t in ("Explotación sexual", "Trabajo forzoso", "n.d.", "zz")] == [
        "sexual", "labour", "unknown", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "purpose"),
    [
        ("ForcedMarriage", "other"), ("Forced marriage", "other"), ("Matrimonio servil", "other"),
        ("ForcedAdoption", "other"), ("Venta de niñas y niños", "other"), ("Surrogacy", "other"),
        ("ForcedMilitaryByNonStateActors", "other"), ("Forced criminality", "other"),
        ("ForcedLabour", "labour"), ("ForcedBegging", "labour"), ("Servitude", "labour"),
        ("Slavery or practices similar to slavery", "labour"), ("ChildLabour", "labour"),
        ("OrganRemoval", "organs"), ("SexualExploitation", "sexual"), ("Other", "other"),
        ("Exploitation of the prostitution of others or other forms of sexual exploitation",
         "sexual"),
        ("SexualExploitation;ForcedLabour", "mixed"), ("ForcedMarriage;OrganRemoval", "mixed"),
        ("ForcedLabour;ForcedBegging", "labour"), ("Forced marriage of minors", "other"),
    ],
)  # fmt: skip
def test_terms_of_the_classifications_of_trafficking(text, purpose):
    assert read_purpose(text) == purpose


def test_the_table_of_terms_says_its_words_sources_and_measures():
    table = pd.read_csv(resources.files("corredor.geodata.peru") / "ic_tip.csv", dtype=str)
    purposes = table[table["kind"] == "purpose"]
    assert set(purposes["word"]) == {
        "sexual", "labour", "organs", "other", "mixed", "unknown", "all",
    }  # fmt: skip
    assert set(table[table["kind"] == "measure"]["word"]) == set(MEASURES)
    # Every category of HTCDS 2.0 (Field Standards, vic_TypeOfExploitation) is there.
    assert set(purposes["htcds"].dropna()) == {
        "ForcedLabour", "SexualExploitation", "ChildLabour", "ForcedMarriage", "Servitude",
        "ForcedMilitaryByNonStateActors", "OrganRemoval", "ForcedBegging", "ForcedAdoption",
        "Surrogacy", "Other",
    }  # fmt: skip
    assert purposes[purposes["htcds"].notna()]["source"].notna().all()


def test_an_unreadable_column_is_refused_as_a_whole(read):
    with pytest.raises(TableError, match="2 fault"):
        read([["Puno", "Lima", "ayer"], ["Puno", "Lima", "hoy"]], ["origen", "destino", "fecha"])


@pytest.mark.parametrize(
    ("header", "measure"),
    [
        ("Fecha de ingreso", "records"),
        ("Fecha de la denuncia", "complaints"),
        ("Fecha", "records"),
    ],
)
def test_a_register_counts_complaints_only_where_it_speaks_of_them(
    tmp_path, resolver, header, measure
):
    path = tmp_path / "casos.csv"
    rows = [f"{n},PERSONA INVENTADA {n},Cusco,Lima,2022-03-0{n}" for n in range(1, 9)]
    path.write_text("\n".join([f"N,Nombre,Origen,Destino,{header}", *rows]), encoding="utf-8")
    read = read_cases(path, source_id="s", register="X", resolver=resolver)
    assert set(read.table.complaints["measure"]) == {measure}
