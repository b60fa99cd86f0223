"""Registers on dataframe engines: the same tables and account as row by row. All are invented."""

import csv
import re

import duckdb
import pandas as pd
import polars as pl
import pytest
from corredor.geodata import DataFileError, TableError, new_study, read_cases
from corredor.geodata.intake.read import options_of
from corredor.geodata.places.build import build_resolver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ENGINES = ("duckdb", "polars", "pandas")
MARK = "ZZPERSONA123"
HEADER = [
    "N°", "Apellidos y nombres", "DNI", "Sexo", "Edad", "Departamento de captación",
    "Provincia de captación", "Lugar de explotación", "Fecha de denuncia", "Finalidad", "Estado",
]  # fmt: skip


def case(origin, destination, date, *, province="", purpose="sexual", sex="F", age="15",
         number="1", status="Reportado"):  # fmt: skip
    person = (f"{MARK}, Ana María", "00000001")
    return [number, *person, sex, age, origin, province, destination, date, purpose, status]


ROWS = [
    case("Puno", "Mazuco", "05/03/2017"),
    case("Puno", "Mazuco", "25/04/2017", sex="M", age="30"),
    case(" puno ", "Mazuko", "25/04/2018", province="Azángaro"),
    case("Cuzco", "Pto. Maldonado", "2017-01-31", purpose="laboral"),
    case("Marte", "Pto. Maldonado", "2017-01-31"),
    case("Bolivia", "Pto. Maldonado", "2017-01-31"),
    case("", "Pto. Maldonado", "2017-01-31"),
    case("Puno", "n.d.", "2017-01-31"),
    case("Puno", "Lima, Perú", ""),
    case("Puno", "Lima", "2017-02", status="Estimado"),
    case("Total", "", ""),
    case("Puno", "Cusco", "2019-02", number="Total 2019"),
]


@pytest.fixture(scope="module")
def resolver(peru_study):
    tables = peru_study.tables
    return build_resolver(
        places=tables.places, population=tables.population, layer=tables.regions,
        network_places=tables.network_places,
    )  # fmt: skip


@pytest.fixture
def read(tmp_path, resolver):
    def read_(rows, *, engine=None, header=HEADER, **options):
        path = tmp_path / "casos.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
        given = {"source_id": "s", "register": "PNP", "resolver": resolver, **options}
        return read_cases(path, engine=engine, **given)

    return read_


def said(account):
    """Return what an account says of rows and sums, and its notes, in no order.

    How places were understood is counted by ends there and by rows here.
    """
    parts = {(p.reason.render("en"), p.rows, p.total) for p in account.left_out}
    sums = (account.rows_in, account.rows_out, account.merged, account.total_in, account.total_out)
    return (
        parts,
        sums,
        sorted(re.sub(r" \(\d+ row\(s\).*", "", note.render("en")) for note in account.notes),
        account.extra,
    )


def agree(one, other):
    pd.testing.assert_frame_equal(one.table.flows, other.table.flows)
    pd.testing.assert_frame_equal(one.table.complaints, other.table.complaints)
    assert said(one.account) == said(other.account)


BY = (
    ("origin", "destination", "purpose", "year"),
    ("origin", "destination"),
    ("origin", "destination", "purpose", "month", "sex", "age_group"),
)


@pytest.mark.parametrize("by", BY, ids=len)
@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_counts_as_row_by_row(read, engine, by):
    rows = [row for row in ROWS if "month" not in by or row[8]]
    plain = read(rows, by=by, date_order="dmy")
    counted = read(rows, by=by, date_order="dmy", engine=engine)
    agree(plain, counted)
    assert counted.table.flows["value"].sum() == (4 if "month" in by else 5)
    assert MARK not in repr(counted.account) + counted.table.flows.to_csv()


@pytest.mark.parametrize("engine", ENGINES)
def test_columns_of_people_are_added_up_and_places_of_complaints_kept(read, engine):
    header = ["Departamento de origen", "Destino", "Región de la denuncia", "Año", "N° de víctimas"]
    rows = [
        ["Puno", "Cusco", "Lima", "2019", "3"],
        ["Puno", "Cusco", "Tacna", "2019", ""],
        ["Puno", "Cusco", "Lima", "2020", "12"],
        ["Ica", "??", "Nowhere", "2020", "2"],
    ]
    agree(read(rows, header=header, measure="victims"),
          read(rows, header=header, measure="victims", engine=engine))  # fmt: skip


CELLS = {
    "origin": ["Puno", "Cuzco", "Madre de Dios", "n.d.", "Marte", "", "Total", "Bolivia"],
    "destination": ["Mazuco", "Lima", "Ica", "", "Zzz", "todos"],
    "date": ["2017-01-31", "2018", "15/04/2019", "", "s/f"],
    "purpose": ["sexual", "Explotación laboral", "??", ""],
}


@given(rows=st.lists(st.tuples(*map(st.sampled_from, CELLS.values())), min_size=1, max_size=30))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_registers_are_counted_alike(read, rows):
    header = ["Origen", "Destino", "Fecha", "Finalidad"]
    listed = [list(row) for row in rows]
    try:
        plain = read(listed, header=header, date_order="dmy")
    except TableError:
        for engine in ENGINES:
            with pytest.raises(TableError):
                read(listed, header=header, date_order="dmy", engine=engine)
        return
    for engine in ENGINES:
        agree(plain, read(listed, header=header, date_order="dmy", engine=engine))


def test_frames_are_counted_by_their_own_engine(read, resolver):
    plain = read(ROWS, date_order="dmy")
    frame = pd.DataFrame(ROWS, columns=HEADER)
    relation = duckdb.from_df(frame)
    for table in (frame, pl.from_pandas(frame), pl.from_pandas(frame).lazy(), relation):
        found = read_cases(table, source_id="s", register="PNP", resolver=resolver,
                           date_order="dmy")  # fmt: skip
        agree(plain, found)
    with pytest.raises(DataFileError, match="counted by polars: leave engine out"):
        read_cases(pl.from_pandas(frame), source_id="s", register="PNP", resolver=resolver,
                   engine="duckdb")  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
def test_parquet_with_dates_and_numbers_is_read_by_pattern(tmp_path, resolver, engine):
    frame = pd.DataFrame(
        {
            "Origen": ["Puno", None, "Cusco", "Puno"],
            "Destino": ["Lima", "Lima", "Ica", "Lima"],
            "Fecha": pd.to_datetime(["2017-03-05", "2017-03-06", None, "2018-01-01"]),
            "Edad": [15.0, 16.0, None, 40.0],
        }
    )
    (tmp_path / "lake").mkdir()
    frame.iloc[:2].to_parquet(tmp_path / "lake" / "a.parquet")
    frame.iloc[2:].to_parquet(tmp_path / "lake" / "b.parquet")
    found = read_cases(
        str(tmp_path / "lake" / "*.parquet"), source_id="s", register="PNP", resolver=resolver,
        by=("origin", "destination", "year", "age_group"), engine=engine,
    )  # fmt: skip
    flows = found.table.flows
    columns = ["origin", "destination", "period_start", "age_group", "value"]
    assert flows[columns].to_numpy().tolist() == [
        ["08", "11", "", "unknown", 1],
        ["21", "15", "2017-01", "0-17", 1],
        ["21", "15", "2018-01", "18+", 1],
    ]
    assert found.account.rows_in == 4


@pytest.mark.parametrize("engine", ENGINES)
def test_all_values_are_judged_and_no_cell_is_repeated(read, engine):
    # In the sample the column holds places; further down, people.
    rows = [["Puno", "Lima", "2019"]] * 1_200
    rows += [["Quispe Mamani, Juana María", f"{MARK} Pérez, Ana", "2019"]] * 3
    rows += [[f"{name} Huamán Torres, Rosa", "Lima", "2019"] for name in ("Flores", "Rojas")] * 9
    with pytest.raises(TableError, match="is not read, because") as caught:
        read(rows, header=["Origen", "Destino", "Año"], engine=engine)
    assert MARK not in str(caught.value)
    assert "Quispe" not in str(caught.value)
    with pytest.raises(TableError, match="column Año") as caught:
        read([["Puno", "Lima", MARK]], header=["Origen", "Destino", "Año"], engine=engine)
    assert MARK not in str(caught.value)


@pytest.mark.parametrize("engine", ENGINES)
def test_what_an_engine_cannot_read_is_said_without_its_words(tmp_path, resolver, engine):
    given = {"source_id": "s", "register": "PNP", "resolver": resolver, "engine": engine}
    bad = tmp_path / "casos.csv"
    bad.write_bytes("Origen,Destino,Año\nÁncash,Lima,2019\n".encode("latin-1"))
    with pytest.raises(DataFileError, match=r"casos\.csv: engines read text in UTF-8 only"):
        read_cases(bad, **given)
    broken = tmp_path / "roto.csv"
    broken.write_text(f'Origen,Destino,Año\nPuno,Lima,2019\nIca,"{MARK},1,2\n3,4,5,6,7,8\n')
    with pytest.raises((DataFileError, TableError)) as caught:
        read_cases(broken, **given)
    assert MARK not in str(caught.value)
    with pytest.raises(DataFileError, match="no such file"):
        read_cases(tmp_path / "nothing-*.csv", **given)
    (tmp_path / "a.csv").write_text("Origen,Destino,Año\nPuno,Lima,2019\n")
    (tmp_path / "b.csv").write_text("Destino,Origen,Año\nPuno,Lima,2019\n")
    with pytest.raises(DataFileError, match="different first lines"):
        read_cases(tmp_path / "[ab].csv", **given)
    with pytest.raises(DataFileError, match="mean nothing for an engine"):
        read_cases(tmp_path / "a.csv", header_row=1, **given)


def test_an_engine_takes_plain_registers_alone():
    assert "engine" in options_of("cases")
    assert not any("engine" in options_of(kind) for kind in ("htcds", "kobo", "hxl", "flows"))


def test_a_study_is_made_of_a_pattern_of_files(tmp_path):
    frame = pd.DataFrame({"Origen": ["Puno"] * 40, "Destino": ["Lima"] * 40, "Año": ["2019"] * 40})
    (tmp_path / "lake").mkdir()
    for name in ("a", "b"):
        frame.to_csv(tmp_path / "lake" / f"{name}.csv", index=False)
    new_study(tmp_path / "study", [tmp_path / "lake" / "*.csv"],
                     options={"": {"engine": "auto", "register": "ONG"}})  # fmt: skip
    flows = pd.read_csv(tmp_path / "study" / "flows.csv", dtype=str)
    assert flows[["origin", "destination", "value"]].to_numpy().tolist() == [["21", "15", "80"]]
