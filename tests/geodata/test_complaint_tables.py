"""Complaint tables in every layout they come in. All numbers are invented."""

import csv
import io
import os
import random
import tempfile
from pathlib import Path

import openpyxl
import pytest
from corredor.geodata.errors import DataFileError, TableError
from corredor.geodata.intake.complaints import read_complaints
from corredor.geodata.intake.complaints.cells import read_place
from corredor.geodata.places.build import embedded_resolver
from corredor.geodata.places.gazetteer import region_names
from hypothesis import given, settings
from hypothesis import strategies as st

SHARED = Path(os.environ.get("CORREDOR_SHARED", Path(__file__).parents[3] / "shared"))
DISTRICTS = SHARED / "data" / "facts" / "complaints.csv"


def read(folder: Path, text: str, encoding: str = "utf-8", **options):
    path = folder / "denuncias.csv"
    path.write_bytes(text.encode(encoding))
    options = {"register": "MP", "measure": "complaints", "source_id": "prueba", **options}
    return read_complaints(path, **options)


def values(reading) -> dict[tuple[str, str, str], float]:
    table = reading.table
    keys = zip(table["ubigeo"], table["period_start"], table["period_end"], strict=True)
    return dict(zip(keys, table["value"], strict=True))


def check_sums(reading) -> None:
    """Nothing is lost: rows and totals of the account add up."""
    account = reading.account
    left = sum(part.rows for part in account.left_out)
    assert account.rows_in == account.rows_out + account.merged + left
    lost = sum(part.total or 0 for part in account.left_out)
    assert account.total_in == account.total_out + lost
    assert account.total_out == reading.table["value"].sum()


WIDE = (
    "Cuadro 1. Denuncias inventadas;;;\nDepartamento;2016;2017 P/;Total\nÁncash;1 433;12*;1 445\n"
    "PROV. CONST. DEL CALLAO;3;n.d.;3\nLima Metropolitana 1/;10;20;30\nLima Provincias;1;<5;1\n"
    "No especificado;2;2;4\nTOTAL NACIONAL;1 449;34;1 484\nFuente: Oficina; inventada\n"
)


def test_a_wide_table_with_everything(tmp_path):
    reading = read(tmp_path, WIDE)
    assert values(reading) == {
        ("02", "2016-01", "2016-12"): 1433, ("02", "2017-01", "2017-12"): 12,
        ("07", "2016-01", "2016-12"): 3, ("15", "2016-01", "2016-12"): 11,
        ("15", "2017-01", "2017-12"): 20,
    }  # fmt: skip
    check_sums(reading)
    text = reading.account.render()
    assert "'TOTAL NACIONAL' says 1,484, its parts add up to 1,483" in text
    assert "2 row(s) with 4 in all, the source gives no place for them (No especificado)" in text
    assert "only a bound such as '<5' is given (Lima Provincias)" in text
    assert "no figure is given (which is not zero) (PROV. CONST. DEL CALLAO)" in text
    assert "below the table: Fuente: Oficina; inventada" in text
    assert "preliminary" in reading.table.iloc[1]["note_en"]
    assert reading.table.iloc[3]["basis"] == "derived"


def test_a_long_table_with_months_and_their_totals(tmp_path):
    text = (
        "ANIO,MES,DPTO.,Denuncias\n2017,Ene,Cuzco,5\n2017,Feb,CUSCO,0\n2017,Total,Cusco,5\n"
        "2017,1,Madre De Dios,7\n2017,Febrero,MADRE DE DIOS,-\n2017,Total,Madre de Dios,8\n"
    )
    reading = read(tmp_path, text)
    assert values(reading) == {
        ("08", "2017-01", "2017-01"): 5, ("08", "2017-02", "2017-02"): 0,
        ("17", "2017-01", "2017-01"): 7,
    }  # fmt: skip
    check_sums(reading)
    assert "'Madre de Dios' says 8, its parts add up to 7" in reading.account.render()


def test_months_in_the_header_take_the_year_from_a_column(tmp_path):
    reading = read(tmp_path, "Departamento;Año;Ene;Feb;Total\nPuno;2018;1;2;3\nPuno;2019;4;5;9\n")
    assert values(reading)["21", "2019-02", "2019-02"] == 5
    assert reading.account.total_out == 12
    check_sums(reading)


def test_a_year_beside_its_months_is_not_counted_twice(tmp_path):
    reading = read(tmp_path, "Departamento;2018;Ene 2018;Feb 2018\nPuno;3;1;2\n")
    assert reading.account.total_out == 3
    assert len(reading.table) == 2


def test_a_row_of_all_periods_is_not_counted(tmp_path):
    reading = read(tmp_path, "Periodo;Región;Casos\n2017;Ica;1\n2018;Ica;2\nTotal;Ica;3\n")
    assert reading.account.total_out == 3
    check_sums(reading)


def test_of_two_measures_the_one_asked_for_is_read(tmp_path):
    text = "Departamento;2017;;2018;\n;Denuncias;Víctimas;Denuncias;Víctimas\nIca;1;20;3;40\n"
    assert read(tmp_path, text).account.total_out == 4
    assert read(tmp_path, text, measure="victims").account.total_out == 60


def test_shares_and_rates_are_not_counts(tmp_path):
    reading = read(tmp_path, "Departamento,Año,Casos,% del total,Tasa\nIca,2017,5,1.2,0.3\n")
    assert reading.account.total_out == 5
    assert "% del total, Tasa" in reading.account.render()


def test_provinces_are_added_up_and_their_sum_is_not_counted(tmp_path):
    text = (
        "departamento,provincia,año,casos\nPuno,Puno,2017,5\nPuno,San Román,2017,6\n"
        "Puno,Total,2017,11\nIca,Ica,2017,1\n"
    )
    reading = read(tmp_path, text)
    assert values(reading) == {
        ("21", "2017-01", "2017-12"): 11, ("11", "2017-01", "2017-12"): 1,
    }  # fmt: skip
    check_sums(reading)
    with pytest.raises(TableError, match=r"row 4.*This row gives 12; the other rows.*add up to 11"):
        read(tmp_path, text.replace("2017,11", "2017,12"))


def test_ubigeos_of_provinces_give_the_region(tmp_path):
    reading = read(tmp_path, "UBIGEO,Provincia,2017\n10101,Chachapoyas,5\n010200,Bagua,6\n")
    assert values(reading) == {("01", "2017-01", "2017-12"): 11}


def test_code_and_name_must_agree(tmp_path):
    text = "ubigeo,departamento,2017\n07,Cusco,5\n08,Huancavelica,6\n11,Ica,3\n"
    with pytest.raises(TableError, match=r"(?s)row 2.*Callao.*Cusco.*row 3"):
        read(tmp_path, text)


def test_codes_of_reniec_are_told_by_the_names_beside_them(tmp_path):
    text = "ubigeo,departamento,2017\n07,Cusco,5\n080000,Huancavelica,6\n01,Amazonas,3\n"
    reading = read(tmp_path, text)
    assert reading.table["ubigeo"].tolist() == ["08", "09", "01"]
    assert "codes are RENIEC's, as the names beside them show" in reading.account.render()


def test_codes_of_reniec_are_told_by_the_header(tmp_path):
    reading = read(tmp_path, "ubigeo_reniec,2017\n07,5\n24,6\n140101,3\n")
    assert reading.table["ubigeo"].tolist() == ["08", "07", "15"]
    assert "RENIEC's, as the header" in reading.account.render()


def test_two_columns_of_codes_are_asked_about(tmp_path):
    text = "ubigeo_reniec,ubigeo_inei,denuncias_2022\n07,08,40\n24,07,22\n"
    with pytest.raises(DataFileError, match=r"all hold codes of places.*'code': 'ubigeo_inei'"):
        read(tmp_path, text)
    for column in ("ubigeo_reniec", "ubigeo_inei"):
        assert read(tmp_path, text, columns={"code": column}).table["ubigeo"].tolist() == [
            "08",
            "07",
        ]


@pytest.mark.parametrize("header", ["iso_3166_2", "código", "adm1"])
def test_iso_codes_and_the_two_parts_of_lima(tmp_path, header):
    text = f"{header},casos,anio\nPE-AMA,12,2022\nPE-LMA,80,2022\nPE-LIM,7,2022\n"
    reading = read(tmp_path, text)
    assert dict(zip(reading.table["ubigeo"], reading.table["value"], strict=True)) == {
        "01": 12, "15": 87,
    }  # fmt: skip
    assert "brought to Lima (15): PE-LMA, PE-LIM" in reading.account.render()
    assert "INEI" not in reading.account.render()
    alone = read(tmp_path, text.replace("PE-LMA,80,2022\n", ""))
    assert alone.table["value"].tolist() == [12, 7]


def test_p_codes_of_ocha(tmp_path):
    text = "ADM1_PCODE,casos_2022\nPE15,3\nPE08,4\n"
    assert read(tmp_path, text).table["ubigeo"].tolist() == ["15", "08"]
    text = "ADM2_PCODE,casos_2022\nPE1501,3\nPE0801,4\n"
    assert read(tmp_path, text, level="province").table["ubigeo"].tolist() == ["1501", "0801"]


PROVINCES = (
    "Departamento,Provincia,Distrito,Ubigeo,2022\n"
    "Ica,Pisco,Pisco,110501,3\nIca,Pisco,Paracas,110505,4\nIca,Nasca,Nazca,110301,5\n"
    "Puno,Melgar,Santa Rosa,210808,6\n"
)


@pytest.mark.parametrize("dropped", [(), (3,), (0, 1, 2), (2,)])
@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("region", {"11": 12, "21": 6}),
        ("province", {"1105": 7, "1103": 5, "2108": 6}),
        ("district", {"110501": 3, "110505": 4, "110301": 5, "210808": 6}),
    ],
)
def test_levels_of_territory(tmp_path, level, expected, dropped):
    rows = [row.split(",") for row in PROVINCES.splitlines()]
    text = "\n".join(",".join(c for i, c in enumerate(row) if i not in dropped) for row in rows)
    reading = read(tmp_path, text, level=level)
    assert dict(zip(reading.table["ubigeo"], reading.table["value"], strict=True)) == expected
    assert reading.account.total_out == 18
    check_sums(reading)


def test_sums_of_regions_beside_their_provinces_are_left_out(tmp_path):
    text = (
        "Departamento,Provincia,2022\nTotal,,18\nIca,,12\nIca,Pisco,7\nIca,Nasca,5\n"
        "Puno,Total,6\nPuno,Melgar,6\n"
    )
    reading = read(tmp_path, text, level="province")
    assert reading.table["ubigeo"].tolist() == ["1105", "1103", "2108"]
    assert reading.account.total_out == 18
    assert not [note for note in reading.account.notes if "says" in str(note)]
    wrong = read(tmp_path, text.replace("Ica,,12", "Ica,,13"), level="province")
    assert "its parts add up to 12" in wrong.account.render()


@pytest.mark.parametrize("header", ["PROVINCIA", "distrito", "Provincia del hecho", "DISTRITOS"])
def test_the_level_in_the_header_counts(tmp_path, header):
    text = f"{header},2022\nLIMA,50\nHUANCAVELICA,7\n"
    with pytest.raises(DataFileError, match=f"column '{header}' names .*not regions"):
        read(tmp_path, text)
    with pytest.raises(DataFileError, match=f"column '{header}' names .*not regions"):
        read(tmp_path, text, columns={"place": header})
    level = "province" if "rov" in header.casefold() else "district"
    wanted = ["1501", "0901"] if level == "province" else ["150101", "090101"]
    assert read(tmp_path, text, level=level).table["ubigeo"].tolist() == wanted


def test_a_district_of_several_provinces_is_refused_with_them(tmp_path):
    with pytest.raises(TableError, match=r"'Santa Rosa'.*places bear this name: Santa Rosa \(Am"):
        read(tmp_path, "Distrito,2022\nSanta Rosa,5\nIquitos,7\n", level="district")


@pytest.mark.parametrize(
    ("name", "said"),
    [("PISCO", "a province of Ica"), ("HUANCAYO", "a province of Junín"), ("MAYNAS", "of Loreto"),
     ("ABANCAY", "of Apurímac"), ("CAYLLOMA", "of Arequipa"), ("SAN ROMAN", "of Puno"),
     ("PARACAS", "a district of Ica"), ("Santa Rosa", "Amazonas; Áncash"),
     ("Piscoo", r"Pisco \(Ica, 1105\)"), ("Cuscoo", "Did you mean 'Cusco'")],
)  # fmt: skip
def test_smaller_units_are_named_as_what_they_are(tmp_path, name, said):
    with pytest.raises(TableError, match=said):
        read(tmp_path, f"departamento,2022\n{name},10\nLima,3\n")


@pytest.mark.parametrize("second", ["5", "6", "n.d."])
def test_a_place_twice_is_refused_with_both_rows(tmp_path, second):
    with pytest.raises(TableError, match=r"row 3, column 2017.*stand in row 2 \(5\) and here"):
        read(tmp_path, f"Departamento,2017\nCusco,5\nCuzco,{second}\n")


def test_a_column_that_tells_rows_apart_is_named_and_can_be_added_up(tmp_path):
    text = "Departamento,Sexo,Año,Casos\nIca,Mujer,2017,5\nIca,Hombre,2017,1\nIca,Total,2017,6\n"
    with pytest.raises(TableError, match=r"add_up=\['Sexo'\]"):
        read(tmp_path, text)
    reading = read(tmp_path, text, add_up=["Sexo"])
    assert reading.account.total_out == 6
    check_sums(reading)


def test_unknown_places_are_an_error_if_they_carry_a_count(tmp_path):
    text = "Departamento,2017\nIca,5\nLimma,34\nVRAEM,0\n"
    with pytest.raises(TableError, match=r"row 3, 'Limma'.*it carries 34\. Did you mean 'Lima'\?"):
        read(tmp_path, text)
    reading = read(tmp_path, text, allow_unmatched=True)
    assert reading.account.left_out[-1].total == 34
    assert reading.account.left_out[-1].examples == ("Limma 34", "VRAEM 0")
    check_sums(reading)


def test_lima_beside_its_two_parts(tmp_path):
    text = "Departamento,2017\nLima,30\nLima Metropolitana,20\nRegión Lima,10\nIca,1\nTotal,31\n"
    reading = read(tmp_path, text)
    assert values(reading)["15", "2017-01", "2017-12"] == 30
    check_sums(reading)
    with pytest.raises(TableError, match=r"'Lima' stands beside 'Lima Metropolitana'"):
        read(tmp_path, text.replace("Lima,30", "Lima,31"))


def test_a_count_without_a_place_is_refused_unless_it_is_the_total(tmp_path):
    text = "Departamento,2017,2018\nIca,1,2\nPuno,3,4\n,4,6\n"
    assert read(tmp_path, text).account.total_out == 10
    with pytest.raises(TableError, match=r"row 4.*has no place beside it"):
        read(tmp_path, text.replace(",4,6", ",4,7"))


def test_a_table_of_the_whole_country(tmp_path):
    reading = read(tmp_path, "Ámbito,2016,2017\nTotal nacional,5,6\n")
    assert reading.table["unit"].tolist() == ["national", "national"]
    assert reading.account.total_out == 11


def test_the_period_is_asked_for_with_the_title(tmp_path):
    text = "Denuncias 2017 inventadas,\nDepartamento,Denuncias\nIca,5\nPuno,6\n"
    with pytest.raises(DataFileError, match=r"period=\(.*Its title: 'Denuncias 2017 inventadas'"):
        read(tmp_path, text)
    reading = read(tmp_path, text, period=("2017-01", "2017-12"))
    assert reading.account.total_out == 11


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("Departamento,2017\nIca,12.5\n", r"row 2, column 2017, '12\.5'.*decimals"),
        ("Departamento,2017\nIca,-3\n", "negative"),
        ("Departamento,2017\nIca,12%\n", "percentage"),
        ("Departamento;2017\nIca;1.433\nPuno;1.5\n", "in two ways"),
        ("Departamento,Año,Casos\nIca,dos mil,3\n", r"row 2, column Año, 'dos mil'"),
    ],
)
def test_cells_that_can_not_be_counted_are_named(tmp_path, text, match):
    with pytest.raises(TableError, match=match):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("Departamento,Año,Casos A,Casos B\nIca,2017,1,2\n", r"several columns could hold"),
        ("uno,2017\nxx,1\nyy,2\n", r"no column of places"),
        ("Departamento,2017,Hombres 2017\nIca,1,2\n", r"^$"),
    ],
)
def test_columns_that_can_not_be_told_apart_are_asked_for(tmp_path, text, match):
    if match == "^$":
        assert read(tmp_path, text).account.total_out == 1
        return
    with pytest.raises(DataFileError, match=match):
        read(tmp_path, text)


def test_personal_columns_are_named_and_not_read(tmp_path):
    text = "Departamento,Año,Correo,Director,Casos\nIca,2017,a@example.org,Inventada,12\n"
    reading = read(tmp_path, text)
    said = reading.account.render() + reading.table.to_string()
    assert "not read: Correo" in said
    assert "Inventada" not in said
    assert "example" not in said


def test_excel_gives_the_same(tmp_path):
    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(WIDE), delimiter=";"):
        book.active.append([int(cell) if cell.isdigit() else cell for cell in row])
    book.save(tmp_path / "denuncias.xlsx")
    options = {"register": "MP", "measure": "complaints", "source_id": "prueba"}
    reading = read_complaints(tmp_path / "denuncias.xlsx", **options)
    assert values(reading) == values(read(tmp_path, WIDE))


@pytest.mark.parametrize(
    ("name", "ubigeo", "part"),
    [
        ("CALLAO", "07", ""), ("Provincia Constitucional del Callao", "07", ""),
        ("Dpto. de Áncash", "02", ""), ("madrededios", "17", ""), ("LIBERTAD, LA", "13", ""),
        ("Departamento de Lima", "15", ""), ("Región Lima 2/", "15", "rest"),
        ("Provincia de Lima", "15", "city"), ("SAN MARTIN*", "22", ""), ("HUÁNUCO (p)", "10", ""),
    ],
)  # fmt: skip
def test_regions_by_many_names(name, ubigeo, part):
    match = read_place(name, embedded_resolver(), "region")
    assert (match.kind, match.ubigeo, match.part) == ("place", ubigeo, part)


@pytest.mark.shared
@pytest.mark.skipif(not DISTRICTS.exists(), reason="the facts beside the checkout are absent")
def test_the_1976_complaints_of_32_judicial_districts_arrive(tmp_path):
    with DISTRICTS.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["source_id"] == "andina2014_districts"]
    rows = [(row["place"], row["value"]) for row in rows if row["unit"] == "judicial_district"]
    assert len(rows) == 32
    for title, style in (("Distrito judicial", str.upper), ("Lugar", str)):
        lines = [f"{style(place)};{value}" for place, value in rows]
        text = "\n".join([f"{title};Denuncias", *lines, "TOTAL;1,976"])
        reading = read(tmp_path, text, "cp1252", period=("2007-01", "2014-04"))
        assert reading.account.total_out == 1976
        assert len(reading.table) == 32
        assert set(reading.table["ubigeo"]) <= set(region_names())
        assert not [note for note in reading.account.notes if "parts" in str(note)]


GROUPED = [",", ".", " ", "'", "\u00a0", ""]


@settings(max_examples=60)
@given(
    counts=st.lists(
        st.lists(st.one_of(st.none(), st.integers(0, 99_999)), min_size=3, max_size=3),
        min_size=1, max_size=25,
    ),
    mark=st.sampled_from(GROUPED),
    separator=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    missing=st.sampled_from(["", "-", "n.d.", "s/i", "..."]),
    total=st.booleans(),
    seed=st.integers(0, 1000),
)  # fmt: skip
def test_a_table_in_any_dress_keeps_its_sums(
    counts, mark, separator, encoding, missing, total, seed
):
    names = list(region_names().values())[: len(counts)]
    shown = [[missing if n is None else f"{n:,}".replace(",", mark) for n in row] for row in counts]
    header = ["Departamento", *(f"Denuncias {year}" for year in (2016, 2017, 2018))]
    rows = [[name.upper(), *row] for name, row in zip(names, shown, strict=True)]
    if total:
        sums = [sum(row[i] or 0 for row in counts) for i in range(3)]
        rows.append(["TOTAL", *(f"{n:,}".replace(",", mark) for n in sums)])
    order = random.Random(seed).sample(range(4), 4)
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator)
    writer.writerows([[row[i] for i in order] for row in [header, *rows]])
    with tempfile.TemporaryDirectory() as folder:
        if not any(n is not None for row in counts for n in row):
            return
        reading = read(Path(folder), buffer.getvalue(), encoding)
    expected = {
        (f"{i:02}", f"{year}-01", f"{year}-12"): float(n)
        for i, row in enumerate(counts, start=1)
        for year, n in zip((2016, 2017, 2018), row, strict=True)
        if n is not None
    }
    assert values(reading) == expected
    check_sums(reading)


def test_lima_beside_both_its_parts_is_counted_once(tmp_path):
    text = (
        "Departamento,2022\nLima,15\nLima Metropolitana,10\nLima Provincias,5\nPuno,4\nTotal,19\n"
    )
    reading = read(tmp_path, text)
    assert reading.table["value"].tolist() == [15, 4]
    assert not [note for note in reading.account.notes if "says" in str(note)]
    assert "Lima as the sum of its two parts" in reading.account.render()


def test_regions_that_are_absent_are_named(tmp_path):
    from corredor.geodata.places.gazetteer import region_names

    rows = "".join(f"{name},3\n" for name in region_names().values() if name not in ("Ica", "Puno"))
    assert (
        "not in the table: Ica, Puno"
        in read(tmp_path, f"Departamento,2022\n{rows}").account.render()
    )
    assert (
        "23 region(s) are not in the table"
        in read(tmp_path, "Departamento,2022\nIca,3\nPuno,4\n").account.render()
    )


def test_a_level_that_no_column_holds_is_refused(tmp_path):
    with pytest.raises(DataFileError, match="no column of districts, nor one with their ubigeo"):
        read(tmp_path, "Departamento,Provincia,2022\nIca,Pisco,3\n", level="district")


def test_districts_that_bear_the_names_of_courts_are_districts(tmp_path):
    names = ["Sullana", "Santa", "Ventanilla", "Huaura", "Paracas", "Tambopata", "Iquitos",
             "Juliaca", "Wanchaq", "Characato"]  # fmt: skip
    rows = "".join(f"{name},3\n" for name in names)
    with pytest.raises(DataFileError, match="names districts, not regions"):
        read(tmp_path, f"Distrito,2022\n{rows}")
    reading = read(tmp_path, f"Distrito,2022\n{rows}", level="district")
    assert all(len(code) == 6 for code in reading.table["ubigeo"])
    text = "Departamento,Provincia,Distrito,2022\nIca,Ica,Santiago,3\nCusco,Cusco,Santiago,4\n" + (
        "Piura,Sullana,Sullana,5\nLima,Huaura,Huaura,6\n"
    )
    assert len(read(tmp_path, text, level="district").table) == 4
