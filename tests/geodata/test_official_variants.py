"""Variants and traps of the official open data. All counts are invented."""

import pytest
from corredor.geodata import CorredorError, read_mininter, read_mpfn
from corredor.geodata.intake.read import recognise_table
from corredor.geodata.sheets.sheet import open_sheet

MININTER = (
    "ANIO;MES;CCDD;DEPARTAMENTO;PROVINCIA;DISTRITO;COMISARIA;categoria;Denuncias por comision;Valor"
)
MPFN = (
    "periodo_denuncia;anio_denuncia;fecha_descarga;distrito_fiscal;articulo;des_articulo;cantidad;"
    "ubigeo"
)
FISCAL_DISTRICTS = {
    "AMAZONAS": "01", "ANCASH": "02", "DEL SANTA": "02", "APURIMAC": "03", "AREQUIPA": "04",
    "AYACUCHO": "05", "CAJAMARCA": "06", "CALLAO": "07", "CUSCO": "08", "HUANCAVELICA": "09",
    "HUANUCO": "10", "ICA": "11", "JUNIN": "12", "SELVA CENTRAL": "12", "LA LIBERTAD": "13",
    "LAMBAYEQUE": "14", "CAÑETE": "15", "HUAURA": "15", "LIMA CENTRO": "15", "LIMA ESTE": "15",
    "LIMA NORTE": "15", "LIMA NOROESTE": "07", "LIMA SUR": "15", "LORETO": "16",
    "MADRE DE DIOS": "17", "MOQUEGUA": "18", "PASCO": "19", "PIURA": "20", "SULLANA": "20",
    "PUNO": "21", "SAN MARTIN": "22", "TACNA": "23", "TUMBES": "24", "UCAYALI": "25",
}  # fmt: skip


def mininter(code, name, value, *, month=1, year=2019, item="A1_SEXUAL", category="A", place="X"):
    return f"{year};{month};{code};{name};{place};X;C1;{category};{item};{value}"


def mpfn(year, district, article, count, months="ENERO - DICIEMBRE", said="TRATA DE PERSONAS"):
    return f"{months};{year};20240101;{district};{article};{said};{count};150101"


@pytest.fixture
def read(tmp_path):
    def read_(lines, reader=None, *, encoding="utf-8", **options):
        path = tmp_path / "datos.csv"
        path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
        reader = reader or (read_mpfn if "distrito_fiscal" in lines[0].lower() else read_mininter)
        return reader(path, source_id="s", **options)

    return read_


def values(table):
    keys = zip(table["ubigeo"], table["period_start"], table["period_end"], strict=True)
    found = {}
    for key, value in zip(keys, table["value"], strict=True):
        found[key] = found.get(key, 0) + value
    return found


def reasons(account):
    return {str(part.reason): (part.rows, part.total) for part in account.left_out}


def test_totals_over_places_and_months_are_left_out(read):
    lines = [
        MININTER, mininter("21", "PUNO", 5), mininter("21", "PUNO", 5, place="TOTAL"),
        mininter("", "TOTAL NACIONAL", 5), mininter("21", "PUNO", 60, month="TOTAL"),
    ]  # fmt: skip
    table, account = read(lines)
    assert values(table) == {("21", "2019-01", "2019-01"): 5}
    assert reasons(account) == {"totals over places or months": (3, None)}
    assert account.rows_in == 4


def test_a_cell_without_a_number_is_not_a_zero(read):
    lines = [MININTER, *(mininter("21", "PUNO", v, month=m) for m, v in ((1, ""), (2, "n.d."),
             (3, "-"), (4, "2")))]  # fmt: skip
    table, account = read(lines)
    assert table["value"].tolist() == [2]
    assert reasons(account) == {"no number is given, which is not the same as none": (3, None)}
    assert "no figures for month(s) 1, 2, 3, 5" in account.render()


def test_a_year_without_its_total_still_adds_up(read):
    lines = [MININTER, mininter("21", "PUNO", 2), mininter("21", "PUNO", 2, item="A_TOTAL"),
             mininter("21", "PUNO", 7, year=2020)]  # fmt: skip
    assert read(lines).table["value"].tolist() == [2, 7]


def test_parts_of_lima_are_counted_in_lima_and_said(read):
    table, account = read(
        [MININTER, mininter("15", "LIMA METROPOLITANA", 5), mininter("15", "LIMA PROVINCIAS", 2)]
    )
    assert values(table) == {("15", "2019-01", "2019-01"): 7}
    assert "region of Lima: LIMA METROPOLITANA, LIMA PROVINCIAS" in account.render()


def test_codes_of_reniec_are_told_by_the_names(read):
    lines = [MININTER, mininter("07", "CUSCO", 3), mininter("24", "CALLAO", 2),
             mininter("20", "PUNO", 1)]  # fmt: skip
    table, account = read(lines)
    assert {key[0]: value for key, value in values(table).items()} == {"08": 3, "07": 2, "21": 1}
    assert "CCDD holds RENIEC codes" in account.render()
    with pytest.raises(CorredorError, match="row 3, column CCDD, '24': The code means Tumbes"):
        read([MININTER, mininter("08", "CUSCO", 3), mininter("24", "CALLAO", 2)])


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("anio,mes,departamento ,categoria,denuncias por  comision,valor", "2019,1, Puno ,a,b,5"),
        (
            '"AÑO";"MES";"FECHA_CORTE";"DEPARTAMENTO";"LATITUD";"CATEGORIA";'
            '"DENUNCIAS POR COMISIÓN";"VALOR"',
            '"2019";"ENERO";"20200101";"Puno";"-15.5";"SEXO";"FEMENINO";"5"',
        ),
        ("MES\tANIO\tDEPARTAMENTO\tcategoria\tDenuncias_por_comision\tValor\tNUEVA",
         "1\t2019\tPUNO\ta\tb\t5\tx"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8-sig", "latin-1"])
def test_header_variants_of_mininter(read, tmp_path, header, row, encoding):
    table, _ = read([header, row], read_mininter, encoding=encoding)
    assert values(table) == {("21", "2019-01", "2019-01"): 5}
    assert recognise_table(open_sheet(tmp_path / "datos.csv"))[0] == "mininter"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([mininter("99", "PUNO", 1)], "CCDD, '99': No region has this code; the name says PUNO"),
        ([mininter("21", "PUNOO", 1)], "DEPARTAMENTO, 'PUNOO'.*Did you mean 'Puno'"),
        ([mininter("21", "PUNO", "x")], "Valor, 'x': This is not a number"),
        ([mininter("21", "PUNO", 1, month=13)], "MES, '13': This is not a year or month"),
        ([mininter("21", "PUNO", 3, item="A_TOTAL")], "all rows are totals"),
        ([mininter("21", "PUNO", 1), mininter("21", "PUNO", 2)], "row 3, column Valor, '2': Row 2"),
        ([mininter("21", "PUNO", 1), mininter("21", "PUNO", 2, category="B")],
         "different totals.*category='...'"),
    ],
)  # fmt: skip
def test_mininter_refused_in_one_sentence(read, lines, said):
    with pytest.raises(CorredorError, match=said):
        read([MININTER, *lines])


def test_all_fiscal_districts_come_to_their_regions(read):
    lines = [MPFN, *(mpfn(2021, district, "153", 1) for district in FISCAL_DISTRICTS)]
    table, account = read(lines)
    assert table["value"].sum() == len(FISCAL_DISTRICTS) == 34
    expected = {}
    for region in FISCAL_DISTRICTS.values():
        expected[region] = expected.get(region, 0) + 1
    assert {key[0]: value for key, value in values(table).items()} == expected
    assert "Selva Central was counted in the region Junín; this is an approximation" in str(
        account.render()
    )


def test_articles_of_the_other_years_are_flagged_with_their_count(read):
    lines = [
        MPFN, mpfn(2021, "PUNO", "129-A", 5), mpfn(2023, "PUNO", "153", 2),
        mpfn(2023, "PUNO", "129-A", 4), mpfn(2022, "PUNO", "129-B", 9),
        mpfn(2023, "PUNO", "153-B", 7, said="EXPLOTACION SEXUAL"),
    ]  # fmt: skip
    table, account = read(lines)
    assert values(table) == {("21", "2023-01", "2023-12"): 4}
    assert reasons(account) == {
        "article 129-A is not the one of trafficking in 2021": (1, 5),
        "article 153 is not the one of trafficking in 2023": (1, 2),
        "article 129-B is not the one of trafficking in 2022": (1, 9),
        "other articles of the penal code": (1, 7),
    }
    assert (account.total_in, account.total_out) == (27, 4)


@pytest.mark.parametrize(
    "article", ["153", "153-A", "153 A", "153A", "Art. 153", "ARTICULO 153-A", "153.0", "153°"]
)
def test_spellings_of_articles(read, article):
    assert read([MPFN, mpfn(2021, "PUNO", article, 3)]).table["value"].tolist() == [3]


def test_a_half_and_a_whole_year_are_not_added_up(read):
    lines = [MPFN, mpfn(2023, "PUNO", "129-A", 5, "ENERO - JUNIO"),
             mpfn(2023, "PUNO", "129-A", 9), mpfn(2024, "PUNO", "129-A", 1, "ANUAL")]  # fmt: skip
    table, account = read(lines)
    assert values(table) == {
        ("21", "2023-01", "2023-06"): 5,
        ("21", "2023-01", "2023-12"): 9,
        ("21", "2024-01", "2024-12"): 1,
    }
    assert "overlapping periods" in account.render()
    assert "2024" not in account.render().split("overlapping")[1].splitlines()[0]


def test_rows_of_all_districts_are_totals(read):
    table, account = read([MPFN, mpfn(2021, "PUNO", "153", 5), mpfn(2021, "TOTAL", "153", 5)])
    assert table["value"].tolist() == [5]
    assert reasons(account) == {"totals over all districts": (1, None)}


@pytest.mark.parametrize(
    "header",
    [
        "PERIODO_DENUNCIA,ANIO_DENUNCIA,DISTRITO_FISCAL,ARTICULO,CANTIDAD",
        "Periodo_Denuncia\taño_denuncia\t dist_fiscal \tarticulo\tcantidad",
        "periodo_denuncia|anio_denuncia|distrito_fiscal|articulo|cantidad",
    ],
)
def test_header_variants_of_mpfn(read, tmp_path, header):
    mark = next(mark for mark in ",\t|" if mark in header)
    row = mark.join(["ENERO-JUNIO", "2022", " Lima norte ", "153 - a", "2"])
    table, _ = read([header, row], read_mpfn)
    assert values(table) == {("15", "2022-01", "2022-06"): 2}
    assert recognise_table(open_sheet(tmp_path / "datos.csv"))[0] == "mpfn"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (mpfn(2021, "LIMA NORTEE", "153", 1), "'LIMA NORTEE'.*Did you mean 'Lima Norte'"),
        (mpfn(2021, "PUNO", "", 5), "about trafficking, but its article is missing"),
        (mpfn(2021, "PUNO", "189", 5, said="ROBO"), "no row is about trafficking.*found: 189"),
        (mpfn(2021, "PUNO", "153", -5), "'-5': A count can't be negative"),
        (mpfn("20-21", "PUNO", "153", 5), "no months of one year"),
    ],
)
def test_mpfn_refused_in_one_sentence(read, line, said):
    with pytest.raises(CorredorError, match=said):
        read([MPFN, line])
