"""Flows as people have them. All numbers are invented."""

import csv
import io
import math

import openpyxl
import pytest
from corredor.geodata import TableError, read_flows, read_itineraries
from hypothesis import given
from hypothesis import strategies as st

REGIONS = {"Puno": "21", "Loreto": "16", "San Martin": "22", "CUZCO": "08", "Áncash": "02"}


@pytest.fixture
def read(tmp_path, resolver):
    def read_(text, reader=read_flows, **options):
        path = tmp_path / "flujos.csv"
        path.write_text(text, encoding="utf-8")
        return reader(path, source_id="fuente", resolver=resolver, **options)

    return read_


def triples(table):
    return list(zip(table["origin"], table["destination"], table["value"], strict=True))


def balanced(account):
    return account.rows_in == account.rows_out + account.merged + sum(
        part.rows for part in account.left_out
    )


def test_a_long_table_with_spanish_headers(read):
    table, account = read(
        "Lugar de captación;Lugar de explotación;Víctimas;Periodo;Finalidad\n"
        "Cuzco;Pto. Maldonado;1 433;2017;Explotación sexual\n"
        "Puno;Mazuco;2;ene-2017;trabajo forzoso\n"
        "Iquitos;Lima;;2016-2018;\n"
        "Total;;1 435;;\n"
    )
    assert table["flow_id"].tolist() == ["F001", "F002", "F003"]
    assert triples(table)[:2] == [("08", "puerto_maldonado", 1433), ("21", "mazuko", 2)]
    assert math.isnan(table["value"][2])
    assert table["value_kind"].tolist() == ["count", "count", "none"]
    assert table["period_start"].tolist() == ["2017-01", "2017-01", "2016-01"]
    assert table["period_end"].tolist() == ["2017-12", "2017-01", "2018-12"]
    assert table["purpose"].tolist() == ["sexual", "labour", "unknown"]
    assert set(table["source_id"]) == {"fuente"}
    assert (account.total_in, account.total_out) == (1435, 1435)
    assert balanced(account)
    assert "shares with a smaller place were taken for the region" in account.render()


def test_english_headers_and_codes(read):
    table, _ = read("origin,destination,count\n21,17,3\n8,150000,4\n")
    assert triples(table) == [("21", "17", 3), ("08", "15", 4)]


def test_names_are_checked_against_codes(read):
    with pytest.raises(TableError, match=r"code says 'Cajamarca' but the name says 'Cusco'"):
        read("ubigeo_origen,origen,destino,casos\n06,Cusco,Lima,3\n")
    table, _ = read("ubigeo_origen,origen,destino,casos\n08,Cusco,Lima,3\n")
    assert triples(table) == [("08", "15", 3)]


def test_region_beside_a_name_decides_homonyms(read):
    table, _ = read("región de origen,origen,destino,casos\nPuno,Santa Rosa,Lima,3\n")
    assert triples(table) == [("santa_rosa_melgar", "15", 3)]


def test_level_in_the_header_or_as_an_option(read):
    assert read("ciudad de origen,región de destino\nPuno,Cusco\n").table["origin"][0] == "puno"
    assert read("origen,destino\nPuno,Cusco\n", kind="city").table["destination"][0] == "cusco"


def test_a_province_without_a_layer_falls_back_on_its_region_and_says_so(read):
    table, account = read(
        "departamento de captación,provincia de captación,destino,casos\nPuno,San Román,Lima,3\n"
    )
    assert triples(table) == [("21", "15", 3)]
    assert "provinces and districts were counted in the larger unit" in account.render()


def test_unknown_places_are_refused_all_at_once_or_counted(read):
    text = "origen,destino,casos\nCuzcoo,Lima,5\nPuno,Santa Rosa,7\nPuno,,3\nPuno,Lima,4\n"
    with pytest.raises(TableError) as caught:
        read(text)
    assert [fault.value for fault in caught.value.faults] == ["Cuzcoo", "Santa Rosa"]
    assert [fault.row for fault in caught.value.faults] == [2, 3]
    assert "Nearest: Cusco" in caught.value.render()
    table, account = read(text, allow_unmatched=True)
    assert triples(table) == [("21", "15", 4)]
    assert [(part.rows, part.total) for part in account.left_out] == [(2, 12.0), (1, 3.0)]
    assert (account.total_in, account.total_out) == (19, 4)
    assert balanced(account)


def test_a_wrong_total_is_refused(read):
    with pytest.raises(TableError, match=r"row 4, column casos, '9': .* which is 8"):
        read("origen,destino,casos\nPuno,Lima,5\nPuno,Cusco,3\nTotal,,9\n")


MATRIX = (
    "Origen / Destino,Lima,Madre de Dios,Cusco,Total\n"
    "Puno,5,0,-,5\nLoreto,,12,n.d.,12\nSan Martin,1,1,<5,2\nTotal,6,13,,19\n"
)


def test_a_matrix_keeps_zero_empty_and_dash_apart(read):
    table, account = read(MATRIX)
    assert triples(table)[:4] == [
        ("21", "15", 5), ("16", "17", 12), ("22", "15", 1), ("22", "17", 1),
    ]  # fmt: skip
    assert table["value_kind"].tolist() == ["count"] * 4 + ["none"]
    assert {" ".join(str(part.reason).split()[:2]): part.rows for part in account.left_out} == {
        "totals, which": 7, "a dash": 1, "an empty": 1, "the cell": 1, "a zero": 1,
    }  # fmt: skip
    assert (account.total_in, account.total_out) == (19, 19)
    assert balanced(account)


def test_a_matrix_with_destinations_down_the_side(read):
    table, account = read("Destino,Lima,Puno\nMadre de Dios,5,6\nCusco,7,8\n")
    assert triples(table)[0] == ("15", "17", 5)
    assert "rows are destinations" in account.render()


def test_a_matrix_from_excel(tmp_path, resolver):
    book = openpyxl.Workbook()
    for row in (
        ["Flujos reportados"],
        ["Origen", "Lima", "Cusco"],
        ["Puno", 3, None],
        ["Ica", 0, 4],
    ):
        book.active.append(row)
    book.save(tmp_path / "m.xlsx")
    table, _ = read_flows(tmp_path / "m.xlsx", source_id="s", resolver=resolver)
    assert triples(table) == [("21", "15", 3), ("11", "08", 4)]


def test_a_table_that_is_neither_is_refused(read):
    with pytest.raises(TableError, match="header does not name places"):
        read("Lugar,2017,2018\nPuno,1,2\n")


@pytest.mark.parametrize(
    ("header", "cells", "options", "values"),
    [
        ("Porcentaje del origen", ("33.5", "66.5"), {}, [33.5, 66.5]),
        ("% destino", ("33,5 %", "7%"), {}, [33.5, 7]),
        ("Porcentaje", ("40", "7"), {"value_kind": "share_of_origin"}, [40, 7]),
        (
            "Porcentaje",
            ("0.4", "1"),
            {"value_kind": "share_of_origin", "shares": "percent"},
            [0.4, 1],
        ),
        (
            "Valor",
            ("0.4", "0.07"),
            {"value_kind": "share_of_origin", "shares": "fraction"},
            [40, 7],
        ),
        ("Proporción", ("0.29", "0.07"), {"value_kind": "share_of_origin"}, [29, 7]),
    ],
)
def test_shares(read, header, cells, options, values):
    rows = f"Puno;Lima;{cells[0]}\nPuno;Cusco;{cells[1]}\n"
    table, account = read(f"Origen;Destino;{header}\n{rows}", **options)
    assert table["value"].tolist() == values
    assert account.total_in is None


@pytest.mark.parametrize(
    ("header", "cells", "options", "said"),
    [
        ("Porcentaje", ("40", "7"), {}, "nothing says of what"),
        ("Porcentaje", ("0.4", "0.6"), {"value_kind": "share_of_origin"}, "go to 1 or to 100"),
        ("Valor", ("0.4", "0.6"), {"value_kind": "share_of_origin"}, "go to 1 or to 100"),
        ("Valor", ("40", "7"), {"value_kind": "share_of_origin"}, "go to 1 or to 100"),
        ("Porcentaje", ("140", "7"), {"value_kind": "share_of_origin"}, "between 0 and 100"),
        ("Casos", ("1.5", "7"), {"value_kind": "count"}, "decimals"),
    ],
)
def test_shares_are_never_guessed(read, header, cells, options, said):
    with pytest.raises(TableError, match=said):
        read(f"Origen;Destino;{header}\nPuno;Lima;{cells[0]}\nPuno;Cusco;{cells[1]}\n", **options)


def test_numbers_that_add_up_to_100_are_asked_about(read):
    text = "Origen,Destino,Valor\nPuno,Lima,33\nPuno,Cusco,67\nLoreto,Lima,100\n"
    with pytest.raises(TableError, match="may be percentages"):
        read(text)
    assert read(text, value_kind="count").account.total_out == 200


def test_columns_can_be_named(read):
    text = "A,B,n1,n2\nPuno,Lima,1,5\n"
    options = {"columns": {"origin": "A", "destination": "B", "value": "n2"}}
    assert triples(read(text, **options, value_kind="count").table) == [("21", "15", 5)]
    with pytest.raises(TableError, match="Did you mean 'casos'"):
        read("origen,destino,casos\nPuno,Lima,1\n", columns={"value": "cassos"})
    with pytest.raises(TableError, match="These columns all look like 'value'"):
        read("origen,destino,casos,víctimas\nPuno,Lima,1,5\n")


def test_personal_columns_are_dropped_and_named_only(read):
    table, account = read("origen,destino,casos,Correo\nPuno,Lima,12,a@example.org\n")
    assert "example" not in account.render() + table.to_csv()
    assert "look personal: Correo" in account.render()
    with pytest.raises(TableError) as caught:
        read("origen,destino,casos\n12345678,Lima,1\nPuno,Lima,1\nPuno,Lima,1\nPuno,Lima,1\n"
             "Puno,Lima,1\nPuno,Lima,1\n")  # fmt: skip
    assert "12345678" not in caught.value.render()


def test_repeated_pairs_are_refused_like_repeated_complaints(read):
    text = "origen,destino,casos\nPuno,Lima,1\nPuno,Lima,1\nPuno,Lima,2\n"
    with pytest.raises(TableError, match=r"row 3.*stand in row 2 too.*source_id") as caught:
        read(text)
    assert "row 4" in caught.value.render()
    apart = "origen,destino,casos,sexo\nPuno,Lima,1,F\nPuno,Lima,4,M\nIca,Ica,2,F\n"
    with pytest.raises(TableError, match=r"'sexo' tells them apart.*add_up="):
        read(apart)
    table, account = read(apart, add_up=["sexo"])
    assert triples(table) == [("21", "15", 5), ("11", "11", 2)]
    assert (account.merged, account.total_in, account.total_out) == (1, 7, 7)
    assert "1 flow(s) stay within one place" in account.render()
    sourced = "origen,destino,casos,source_id\nPuno,Lima,1,a\nPuno,Lima,1,b\n"
    assert len(read(sourced).table) == 2
    assert len(read("origen,destino\nPuno,Lima\nIca,Lima\n").table) == 2
    with pytest.raises(TableError, match="stand in row 2 too"):
        read("origen,destino\nPuno,Lima\nPuno,Lima\n")


@pytest.mark.parametrize(
    ("header", "words"),
    [("tipo", ("reportado", "inferido")), ("estado", ("confirmado", "sospecha")),
     ("fuente", ("reportado", "estimado")), ("confianza", ("reportado", "modelado")),
     ("x", ("reportado", "inferido"))],
)  # fmt: skip
def test_inferred_rows_never_become_reported_flows(read, header, words):
    yes, no = words
    table, account = read(
        f"origen,destino,casos,{header}\nPuno,Lima,3,{yes}\nIca,Lima,40,{no}\nTacna,Lima,2,{yes}\n"
    )
    assert triples(table) == [("21", "15", 3), ("23", "15", 2)]
    assert [(part.rows, part.examples) for part in account.left_out] == [(1, (header,))]
    assert account.rows_in == 3


def test_routes_as_flows_and_as_itineraries(read):
    text = (
        "ruta,modo\nCusco -> Mazuco → Puerto Maldonado,terrestre\nIquitos - Nauta; Yurimaguas,río\n"
    )
    table, _ = read(text)
    assert list(zip(table["origin"], table["destination"], strict=True)) == [
        ("08", "puerto_maldonado"), ("iquitos", "yurimaguas"),
    ]  # fmt: skip
    stops, account = read(text, read_itineraries, kind="city")
    assert stops["place_id"].tolist() == [
        "cusco", "mazuko", "puerto_maldonado", "iquitos", "nauta", "yurimaguas",
    ]  # fmt: skip
    assert stops["seq"].tolist() == [1, 2, 3, 1, 2, 3]
    assert stops["mode_to_next"].tolist() == ["road", "road", "", "river", "river", ""]
    assert (account.rows_in, account.rows_out) == (2, 2)


def test_places_on_the_way_in_columns_and_in_rows(read):
    columns = "origen,vía 1,vía 2,destino\nCusco,Urcos,,Mazuko\nIquitos,Nauta;Requena,,Lima\n"
    stops, _ = read(columns, read_itineraries)
    assert stops["place_id"].tolist() == [
        "08",
        "urcos",
        "mazuko",
        "iquitos",
        "nauta",
        "requena",
        "15",
    ]
    rows = "route_id,seq,place\nA,2,Mazuko\nA,1,Urcos\nB,1,Lima\n"
    stops, account = read(rows, read_itineraries)
    assert stops["place_id"].tolist() == ["urcos", "mazuko"]
    assert [part.rows for part in account.left_out] == [1]
    with pytest.raises(TableError, match="Number the stops"):
        read("route_id,seq,place\nA,1,Mazuko\nA,1,Urcos\n", read_itineraries)
    with pytest.raises(TableError, match="Nearest: Mazuko"):
        read("ruta\nUrcos -> Mazukko\n", read_itineraries)


counts = st.one_of(st.integers(1, 99999), st.none())


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(REGIONS)), st.sampled_from(sorted(REGIONS)), counts),
        min_size=1,
        max_size=12,
        unique_by=lambda row: row[:2],
    ).filter(lambda rows: any(value is not None for *_, value in rows))
)
def test_a_long_table_keeps_its_sum(tmp_path_factory, resolver, rows):
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerows([("origen", "destino", "casos"), *rows])
    path = tmp_path_factory.mktemp("f") / "f.csv"
    path.write_text(buffer.getvalue(), encoding="utf-8")
    table, account = read_flows(path, source_id="s", resolver=resolver)
    parsed = list(csv.DictReader(io.StringIO(buffer.getvalue())))
    assert table["value"].sum() == sum(int(row["casos"] or 0) for row in parsed)
    assert len(table) == len(parsed)
    assert table["origin"].tolist() == [REGIONS[row["origen"]] for row in parsed]
    assert account.total_in == account.total_out == table["value"].sum()
    assert balanced(account)


@given(
    st.lists(st.sampled_from(sorted(REGIONS)), min_size=2, max_size=4, unique=True),
    st.data(),
    st.booleans(),
)
def test_a_matrix_and_its_long_table_are_the_same(tmp_path_factory, resolver, names, data, totals):
    grid = [[data.draw(counts) for _ in names] for _ in names]
    if not any(value for row in grid for value in row):
        grid[0][0] = 1
    shown = [
        [name, *("" if v is None else v for v in row)]
        for name, row in zip(names, grid, strict=True)
    ]
    header = ["Origen (víctimas)", *names]
    if totals:
        header.append("Total")
        shown = [
            [*row, sum(v or 0 for v in values)] for row, values in zip(shown, grid, strict=True)
        ]
        columns = [sum(row[i] or 0 for row in grid) for i in range(len(names))]
        shown.append(["Total", *columns, sum(columns)])
    folder = tmp_path_factory.mktemp("m")
    with (folder / "m.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *shown])
    long = [
        (a, b, v)
        for a, row in zip(names, grid, strict=True)
        for b, v in zip(names, row, strict=True)
        if v is not None
    ]
    with (folder / "l.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("origen", "destino", "casos"), *long])
    options = {"source_id": "s", "resolver": resolver, "value_kind": "count"}
    matrix = read_flows(folder / "m.csv", **options)
    assert triples(matrix.table) == triples(read_flows(folder / "l.csv", **options).table)
    assert triples(matrix.table) == [(REGIONS[a], REGIONS[b], v) for a, b, v in long]
    assert balanced(matrix.account)


def test_a_column_for_each_year(read):
    table, account = read("origen,destino,2017,2018\nPuno,Lima,3,4\nIca,Lima,,2\n")
    assert triples(table) == [("21", "15", 3), ("21", "15", 4), ("11", "15", 2)]
    assert table["period_start"].tolist() == ["2017-01", "2018-01", "2018-01"]
    assert account.total_in == account.total_out == 9
    assert balanced(account)


def test_numbers_are_never_lost_because_their_header_says_nothing(read):
    text = "n,origen,destino,xyz\n1,Puno,Lima,3\n2,Ica,Lima,5\n"
    with pytest.raises(TableError, match="column xyz: This column holds numbers"):
        read(text)
    assert read(text, columns={"value": "xyz"}).account.total_out == 8
    assert read(text, value_kind="none").table["value"].isna().all()


def test_counts_with_a_thousands_point_are_no_coordinates(read):
    assert read("origen,destino,casos\nPuno,Lima,1.433\n").account.total_out == 1433
    assert read("Origen,Lima,Cusco\nPuno,1.433,2.000\n").account.total_out == 3433


def test_others_and_abroad_in_a_matrix_are_counted(read):
    text = ",Lima,Cusco,Otros,Total\nPuno,3,4,1,8\nNo especifica,1,1,1,3\nTotal,4,5,2,11\n"
    table, account = read(text)
    assert triples(table) == [("21", "15", 3), ("21", "08", 4)]
    assert {part.total for part in account.left_out} == {None, 4.0}
    assert (account.total_in, account.total_out) == (11, 7)
    assert balanced(account)


def test_a_code_below_the_levels_known_is_taken_to_its_region_and_said(read):
    table, account = read("ubigeo origen,destino,casos\n080101,Lima,3\n")
    assert triples(table) == [("08", "15", 3)]
    assert "provinces and districts were counted in the larger unit" in account.render()


def test_the_embedded_tables_read_back_as_they_are(peru_study, tmp_path, resolver):
    flows, itineraries = peru_study.tables.flows, peru_study.tables.itineraries
    flows.to_csv(tmp_path / "f.csv", index=False)
    again, account = read_flows(tmp_path / "f.csv", source_id="x", resolver=resolver)
    for column in ("origin", "destination", "value", "value_kind", "period_start", "source_id"):
        assert again[column].equals(flows[column]), column
    assert account.rows_in == account.rows_out == len(flows)
    itineraries.assign(seq=itineraries["seq"].astype(int)).to_csv(tmp_path / "i.csv", index=False)
    stops = read_itineraries(tmp_path / "i.csv", source_id="x", resolver=resolver).table
    wanted = itineraries.sort_values(["route_id", "seq"], ignore_index=True)
    stops = stops.sort_values(["route_id", "seq"], ignore_index=True)
    assert stops[["route_id", "seq", "place_id"]].equals(wanted[["route_id", "seq", "place_id"]])


def test_lima_beside_both_of_its_parts_is_their_sum(read):
    header = "Origen,Lima,Lima Metropolitana,Lima Provincias,Cusco,Total\n"
    text = f"{header}Puno,9,5,4,1,10\nIca,3,2,1,2,5\n"
    table, account = read(text)
    assert table["value"].sum() == account.total_in == account.total_out == 15
    assert account.left_out[0].rows == 2
    assert "Lima as the sum of its two parts" in account.render()
    assert balanced(account)
    down = "Origen,Cusco,Puno\nLima,9,3\nLima Metropolitana,5,2\nLima Provincias,4,1\nIca,1,1\n"
    assert read(down).account.total_out == 14
