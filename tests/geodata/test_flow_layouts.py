"""Layouts of tables of flows and routes: the right numbers, or one sentence. All invented."""

import openpyxl
import pytest
from corredor.geodata import TableError, read_flows, read_itineraries


@pytest.fixture
def read(tmp_path, resolver):
    def read_(table, reader=read_flows, **options):
        path = tmp_path / "flujos.csv"
        if isinstance(table, str):
            path.write_text(table, encoding="utf-8")
        else:
            path = path.with_suffix(".xlsx")
            book = openpyxl.Workbook()
            rows, *merged = table
            for row in rows:
                book.active.append(row)
            for cells in merged:
                book.active.merge_cells(cells)
            book.save(path)
        return reader(path, source_id="fuente", resolver=resolver, **options)

    return read_


def triples(table):
    return list(zip(table["origin"], table["destination"], table["value"], strict=True))


def stops(table):
    return {
        route: list(zip(rows["place_id"], rows["mode_to_next"], strict=True))
        for route, rows in table.groupby("route_id", sort=False)
    }


HEAD = "origen;destino;casos\n"
TWO = [("21", "15", 3), ("21", "08", 4), ("11", "15", 1)]
MATRIX = [["Origen", "Lima", "Cusco"], ["Puno", 3, 4], ["Ica", 1, None]]

READ = {
    "codes for both ends": ("ubigeo_origen;ubigeo_destino;casos\n21;15;3\n", [("21", "15", 3)]),
    "codes of districts": (
        "ubigeo_origen;ubigeo_destino;casos\n210101;150101;5\n080801;170101;1\n",
        [("21", "15", 5), ("08", "17", 1)],
    ),
    "RENIEC codes beside names": (
        "ubigeo origen;departamento origen;ubigeo destino;departamento destino;casos\n"
        "07;Cusco;14;Lima;5\n20;Puno;24;Callao;1\n",
        [("08", "15", 5), ("21", "07", 1)],
    ),
    "a district without a layer": (
        HEAD + "Bellavista, Callao;S.J. de Lurigancho;2\n",
        [("07", "15", 2)],
    ),
    "damaged names": (
        HEAD + "Ca?ete;LORET0;3\nAnca$h;MADRE DE DI0S;1\n",
        [("canete", "16", 3), ("02", "17", 1)],
    ),
    "numbers with a mark of thousands": (
        HEAD + "Puno;Lima;1.433\nPuno;Cusco;12\nIca;Lima;1 002\n",
        [("21", "15", 1433), ("21", "08", 12), ("11", "15", 1002)],
    ),
    "an area as destination": (HEAD + "Puno;la costa;2\n", [("21", "costa", 2)]),
    "both directions": (HEAD + "Puno;Lima;5\nLima;Puno;2\n", [("21", "15", 5), ("15", "21", 2)]),
    "a flow within one region": (HEAD + "Puno;Puno;5\n", [("21", "21", 5)]),
    "subtotals by origin": (
        HEAD + "Puno;Lima;3\nPuno;Cusco;4\nTotal Puno;;7\nIca;Lima;1\nSubtotal;;1\nTotal;;8\n",
        TWO,
    ),
    "years as columns with their total": (
        "origen;destino;2017;2018;Total\nPuno;Lima;1;2;3\nIca;Lima;0;;0\n",
        [("21", "15", 1), ("21", "15", 2)],
    ),
    "a matrix": (
        "Origen;Lima;Cusco;TOTAL GENERAL\nPuno;3;4;7\nIca;1;;1\nTotal general;4;4;8\n", TWO,
    ),
    "a matrix by code": (";15;08\n21;3;4\n11;1;\n", TWO),
    "a matrix with codes beside names": ("ubigeo;Dpto;Lima;Cusco\n21;Puno;3;4\n11;Ica;1;\n", TWO),
    "a matrix with a column of no place": (
        "Origen;Lima;Cusco;No especifica;Total\nPuno;3;4;2;9\nIca;1;;;1\nTotal;4;4;2;10\n", TWO,
    ),
    "destinations down the side": (
        "Destino \\ Origen;Puno;Ica\nLima;3;1\nCusco;4;\n",
        [("21", "15", 3), ("11", "15", 1), ("21", "08", 4)],
    ),
    "Excel: a merged cell above the destinations": (
        ([["Origen", "Destino", None], [None, "Lima", "Cusco"], ["Puno", 3, 4], ["Ica", 1, None]],
         "B1:C1", "A1:A2"),
        TWO,
    ),
    "Excel: a title and a merged cell above the origins": (
        ([["Flujos 2019"], ["Destino", "Origen", None], [None, "Puno", "Ica"], ["Lima", 3, 1],
          ["Cusco", 4, None]], "A1:C1", "B2:C2", "A2:A3"),
        [("21", "15", 3), ("11", "15", 1), ("21", "08", 4)],
    ),
    "Excel: origins merged downwards": (
        ([["origen", "destino", "casos"], ["Puno", "Lima", 3], [None, "Cusco", 4],
          ["Ica", "Lima", 1]], "A2:A3"),
        TWO,
    ),
    "places on the way": (
        "origen;vía;destino;casos\nCusco;Mazuko;Puerto Maldonado;5\n",
        [("08", "puerto_maldonado", 5)],
    ),
    "routes with commas": ("ruta;casos\nCusco, Mazuko, Puerto Maldonado;5\n",
                           [("08", "puerto_maldonado", 5)]),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_read_with_the_right_numbers(read, name):
    table, expected = READ[name]
    found, account = read(table)
    assert triples(found) == expected
    assert account.total_out == sum(value for *_, value in expected)
    assert account.rows_in == account.rows_out + sum(part.rows for part in account.left_out)


WAYS = {
    "a column of the way": ("origen;vía;destino;casos\nCusco;Mazuko;Puerto Maldonado;5\n",
                            ["mazuko"]),
    "several in one cell": ("origen;tránsito;destino\nPuno;Juliaca - Mazuko;Puerto Maldonado\n"
                            "Cusco;;Puerto Maldonado\n", ["juliaca mazuko", ""]),
    "columns in their order": ("origen;escala 1;escala 2;destino\nPuno;Juliaca;Mazuko;Lima\n",
                               ["juliaca mazuko"]),
    "a route in one cell": ("ruta;casos\nPuno - Juliaca - Mazuko;5\n", ["juliaca"]),
    "two ways of two ends": ("ruta\nCusco -> Juliaca -> Lima\nCusco -> Nazca -> Lima\n"
                             "Cusco -> Nazca -> Lima\n", ["juliaca", "nazca"]),
    "ids of the contract": ("flow_id;origin;destination;via;value;value_kind\n"
                            "F1;08;puerto_maldonado;juliaca mazuko;;none\n", ["juliaca mazuko"]),
}  # fmt: skip


@pytest.mark.parametrize("name", WAYS)
def test_places_named_on_the_way_are_kept_in_their_order(read, name):
    table, expected = WAYS[name]
    found, account = read(table)
    assert found["via"].tolist() == expected
    said = " ".join(note.render("en") for note in account.notes)
    assert "places on the way are kept, and corridors go by them" in said
    assert account.rows_in == len(found) + account.merged


def test_an_unknown_place_on_the_way_is_refused_or_passed_over_and_said(read):
    table = "origen;vía;destino\nPuno;Juliacaa;Lima\n"
    with pytest.raises(TableError, match=r"row 2, column vía, 'Juliacaa'"):
        read(table)
    found, account = read(table, allow_unmatched=True)
    assert found[["origin", "via", "destination"]].to_numpy().tolist() == [["21", "", "15"]]
    said = " ".join(note.render("en") for note in account.notes)
    assert "on the way that are no known place are passed over" in said


REFUSED = {
    "a share above 100": (
        "origen;destino;porcentaje del origen\nPuno;Lima;160\n",
        "row 2, column porcentaje del origen, '160': A share lies between 0 and 100",
    ),
    "counts and shares in one column": (
        "origen;destino;valor\nPuno;Lima;60%\nPuno;Cusco;55\n", "1 of 2 numbers have the sign %",
    ),
    "shares of nobody knows what": ("origen;destino;%\nPuno;Lima;33.5\n", "nothing says of what"),
    "shares without a word": (
        "Origen;Lima;Cusco\nPuno;60;40\nIca;30;70\n", "add up to 100 each time",
    ),
    "a wrong subtotal": (
        HEAD + "Puno;Lima;3\nTotal Puno;;5\n", "row 3, column casos, '5'.*which is 3",
    ),
    "a wrong total of years": (
        "origen;destino;2017;2018;Total\nPuno;Lima;1;2;4\n", "column Total, '4'.*which is 3",
    ),
    "origins that go on downwards": (
        HEAD + "Puno;Lima;5\n;Cusco;3\n;Ica;2\nIca;Lima;2\n;Cusco;1\n",
        "row 3, column origen: Here and in 2 other",
    ),
    "one place twice across the top": (
        "Origen;Cusco;Cuzco\nPuno;1;2\nIca;4;5\n", "column Cuzco: 'Cusco' is the same place",
    ),
    "one place twice down the side": (
        "Origen;Cusco;Lima\nPuno;1;2\nPUNO;4;5\n", "row 3, column Origen, 'PUNO': 'Puno' is the",
    ),
    "a misspelt name": (
        HEAD + "Ayacuhco;Lima;1\n", "row 2, column origen, 'Ayacuhco'.*Nearest: Ayacucho",
    ),
    "a misspelt district": (HEAD + "Villa el Salvadro;Lima;1\n", "Villa el Salvador .Lima, 150142"),
    "a homonym": (HEAD + "Comas;Lima;1\n", r"2 places.*Comas \(Junín, 120206\)"),
    "a country": (HEAD + "Puno;Chile;1\n", "column destino, 'Chile': This lies abroad"),
    "the whole country": (HEAD + "Perú;Lima;1\n", "'Perú' is the whole country"),
    "an unknown area": (HEAD + "Sierra;Lima;1\n", "'Sierra': This is an area"),
    "abroad across the top is said once": (
        "Origen;Lima;Extranjero\nPuno;1;2\nIca;4;5\n", r"1 fault.*\n.*column Extranjero: This lies",
    ),
    "two columns of numbers": (
        "origen;destino;casos;víctimas\nPuno;Lima;1;2\n", "casos / víctimas: These columns all",
    ),
    "a column of numbers without a word": (
        "origen;destino;x\nPuno;Lima;1\n", "column x: This column holds numbers",
    ),
    "a net flow": (HEAD + "Lima;Puno;-3\n", "'-3': A count can't be negative"),
    "decimals": (HEAD + "Lima;Puno;3.7\n", "'3.7': This is not a count"),
    "a period in two ways": (
        "origen;destino;casos;periodo\nPuno;Lima;1;2019-I\n", "column periodo, '2019-I'",
    ),
    "a period that ends before it begins": (
        "origen;destino;casos;periodo\nPuno;Lima;1;2019-2017\n", "'2019-2017'",
    ),
    "a month that is none": (
        "origen;destino;casos;año;mes\nPuno;Lima;2;2017;13\n", "column mes, '13'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_one_sentence(read, name):
    table, said = REFUSED[name]
    with pytest.raises(TableError, match=f"(?s){said}"):
        read(table)


@pytest.mark.parametrize(
    ("printed", "start", "end"),
    [
        ("2017-2019", "2017-01", "2019-12"),
        ("2017 al 2019", "2017-01", "2019-12"),
        ("entre 2010 y 2014", "2010-01", "2014-12"),
        ("desde 2010 hasta marzo de 2014", "2010-01", "2014-03"),
        ("2017-01/2017-06", "2017-01", "2017-06"),
        ("ene-jun 2018", "2018-01", "2018-06"),
        ("I semestre 2018", "2018-01", "2018-06"),
        ("Primer trimestre de 2018", "2018-01", "2018-03"),
        ("T4 2018", "2018-10", "2018-12"),
        ("Set. 2019", "2019-09", "2019-09"),
        ("01/2019", "2019-01", "2019-01"),
        ("2009 - set. 2012", "2009-01", "2012-09"),
        ("n.d.", "", ""),
    ],
)
def test_periods_in_many_spellings(read, printed, start, end):
    table, _ = read(f"origen;destino;casos;periodo\nPuno;Lima;1;{printed}\n")
    assert (table["period_start"][0], table["period_end"][0]) == (start, end)


def test_what_must_be_known_of_a_reading_is_said_once(read):
    _, account = read(HEAD + "Puno;Lima;1\nIca;Cusco;2\nPuno;Mazuco;3\n")
    said = account.render().splitlines()
    region = [line for line in said if "shares with a smaller place" in line]
    assert len(region) == 1
    assert region[0].endswith("(3 row(s): Puno; Lima; Ica; Cusco)")
    assert "Mazuco = Mazuko (Madre de Dios)" in account.render()


@pytest.mark.parametrize(
    ("dates", "months"),
    [(["15/03/2019", "04/05/2019"], ["2019-03", "2019-05"]), (["2019-03-15"], ["2019-03"])],
)
def test_dates_are_brought_to_their_month(read, dates, months):
    lines = [f"Puno;Lima;1;{date}" for date in dates]
    table, _ = read("\n".join(["origen;destino;casos;fecha", *lines]) + "\n")
    assert table["period_start"].tolist() == table["period_end"].tolist() == months


def test_a_date_in_two_ways_is_refused(read):
    with pytest.raises(TableError, match="column fecha, '04/05/2019'"):
        read("origen;destino;casos;fecha\nPuno;Lima;1;04/05/2019\n")


def test_a_year_in_the_title_is_asked_for(read):
    rows = ([["Flujos de 2019"], ["Origen", "Lima", "Cusco"], ["Puno", 1, 2], ["Ica", 3, 4]],)
    assert "say period=('2019-01', '2019-12')" in read(rows).account.render()
    table, account = read(rows, period=("2019-01", "2019-12"))
    assert set(table["period_start"]) == {"2019-01"}
    assert "no period is given" not in account.render()


def test_shares_of_more_than_100_percent_in_all_are_flagged(read):
    text = "origen;destino;% del origen\nPuno;Lima;60\nPuno;Cusco;55\nIca;Lima;100\n"
    assert "more than 100 %: Puno 115 %" in read(text).account.render()
    rounded = "origen;destino;% del origen\nPuno;Lima;33.5\nPuno;Cusco;66.9\n"
    assert "more than 100" not in read(rounded).account.render()


def test_sources_are_kept_apart_by_their_ids_only(read):
    table, account = read("origen;destino;fuente\nPuno;Lima;chs\nPuno;Lima;defensoria\n")
    assert table["source_id"].tolist() == ["chs", "defensoria"]
    assert "repeat pair" not in account.render()
    table, account = read("origen;destino;fuente\nPuno;Lima;Informe CHS\nIca;Lima;Otro informe\n")
    assert set(table["source_id"]) == {"fuente"}
    assert "names 2 source(s) by title" in account.render()


ROUTES = {
    "hyphens without blanks": (
        "ruta\nCusco-Mazuko-Puerto Maldonado\n",
        {"R001": [("08", "unknown"), ("mazuko", "unknown"), ("puerto_maldonado", "")]},
    ),
    "slashes": ("ruta\nCusco / Mazuko\n", {"R001": [("08", "unknown"), ("mazuko", "")]}),
    "words": ("ruta\nDe Lima a Nazca hasta Puno\n",
              {"R001": [("15", "unknown"), ("nazca", "unknown"), ("21", "")]}),
    "arrows of all kinds": ("ruta\nCusco ⟶ Mazuko\nPuno ▶ Juliaca\n",
                            {"R001": [("08", "unknown"), ("mazuko", "")],
                             "R002": [("21", "unknown"), ("juliaca", "")]}),
    "a comma that belongs to the name": (
        "ruta;modo\nSanta Rosa, Loreto -> Iquitos;lancha\n",
        {"R001": [("santa_rosa", "river"), ("iquitos", "")]},
    ),
    "one mode for each leg": (
        "ruta;modo\nIquitos -> Nauta -> Lima;fluvial, aéreo\n",
        {"R001": [("iquitos", "river"), ("nauta", "air"), ("15", "")]},
    ),
    "more modes than legs": (
        "ruta;modo\nIquitos -> Lima;fluvial y aéreo\n",
        {"R001": [("iquitos", "unknown"), ("15", "")]},
    ),
    "several places in one way": (
        "origen;vía;destino\nPuno;Juliaca, Arequipa;Lima\n",
        {"R001": [("21", "unknown"), ("juliaca", "unknown"), ("04", "unknown"), ("15", "")]},
    ),
    "stops in any order": (
        "ruta;orden;lugar;transporte\nA;2;Mazuko;\nA;1;Cusco;bus\n",
        {"A": [("08", "road"), ("mazuko", "")]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ROUTES)
def test_routes_as_people_write_them(read, name):
    text, expected = ROUTES[name]
    assert stops(read(text, read_itineraries).table) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ruta\nCusco -> Pto Maldonadoo\n", "column ruta, 'Pto Maldonadoo'.*Nearest: Puerto Mal"),
        ("ruta;modo\nCusco -> Lima;a pie\n", "column modo, 'a pie'.*Use one of: road, river"),
        ("ruta;orden;lugar\nA;1;Cusco\nA;1;Lima\n", "row 3, column orden, '1': Row 2 has this"),
        ("ruta;orden;lugar\nA;x;Cusco\n", "row 2, column orden, 'x': This is not the number"),
        ("x\ny\n", "no column of routes"),
    ],
)
def test_routes_refused_in_one_sentence(read, text, said):
    with pytest.raises(TableError, match=said):
        read(text, read_itineraries)


def test_routes_of_several_sources_are_several_routes(read):
    table, _ = read("n ruta;ruta;fuente\n1;Cusco -> Lima;a\n2;Puno -> Lima;b\n", read_itineraries)
    assert table.groupby("route_id")["source_id"].first().to_dict() == {"1": "a", "2": "b"}
