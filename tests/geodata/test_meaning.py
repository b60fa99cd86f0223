"""A table is only read as what it says it is. All figures are invented."""

from pathlib import Path

import pytest
from corredor.geodata import CorredorError, read_complaints
from corredor.geodata.intake.read import check_file, read_any

FILES = Path(__file__).parent / "files" / "cases"
OPTIONS = {"register": "X", "source_id": "s"}


@pytest.fixture
def read(tmp_path):
    def read_(text, measure="complaints", **options):
        path = tmp_path / "t.csv"
        path.write_text(text, encoding="utf-8")
        return read_complaints(path, measure=measure, **OPTIONS, **options)

    return read_


@pytest.mark.parametrize(("file", "total"), [("target_beside.csv", 253), ("other_crime.csv", 40)])
def test_what_is_no_count_of_complaints_is_left_out_by_name(file, total):
    account = check_file(FILES / file, {})
    assert account.total_out == total
    assert "columns not used: " in account.render()


@pytest.mark.parametrize(
    "word",
    ["meta", "proyección", "estimado", "sentencias", "detenidos", "robos", "feminicidios",
     "operativos", "personas", "xyz", "homicidios", "matriculados"],
)  # fmt: skip
def test_only_words_that_say_complaints_make_a_count(read, word):
    reading = read(f"departamento,denuncias 2021,{word} 2022\nCusco,40,31\nPuno,3,4\n")
    assert reading.account.total_out == 43
    assert f"columns not used: {word} 2022" in reading.account.render()
    for text in (
        f"departamento,{word} 2022\nCusco,31\n",
        f"departamento,año,{word}\nCusco,2022,3\n",
    ):
        with pytest.raises(CorredorError, match=r"counts something else|no column says"):
            read(text)


@pytest.mark.parametrize(
    "header",
    ["2022", "Denuncias 2022 (p)", "N° de casos 2022", "Total 2022", "Casos registrados 2022",
     "denuncias_2022", "Denuncias por trata de personas 2022", "Trata de personas 2022",
     "Personas rescatadas 2022", "Abs. 2022"],
)  # fmt: skip
def test_headers_that_say_what_is_counted(read, header):
    measure = "rescued" if "rescat" in header else "complaints"
    assert read(f"departamento,{header}\nCusco,31\nPuno,2\n", measure).account.total_out == 33


@pytest.mark.parametrize(
    "text",
    ["Homicidios por departamento 2022\ndepartamento,2022\nCusco,31\nPuno,3\n",
     "Alumnos matriculados\ndepartamento,cantidad,año\nCusco,31,2022\nPuno,3,2022\n",
     "departamento,año,modalidad,cantidad\nCusco,2022,Robo agravado,4\nPuno,2022,Hurto,3\n",
     "departamento,poblacion 2017\nCusco,31\nPuno,2\n",
     "departamento,denuncias de robo 2022\nCusco,31\nPuno,2\n"],
)  # fmt: skip
def test_another_subject_is_named_and_refused(read, text):
    with pytest.raises(CorredorError, match=r"something else|another subject"):
        read(text)


def test_numbers_far_beyond_any_register_are_questioned(read):
    text = "DPTO_HECHO,AÑO,CANTIDAD\nCUSCO,2025,110000\n"
    with pytest.raises(CorredorError, match="110,000 in 2025, but the most that any register"):
        read(text)
    reading = read(text.replace("CANTIDAD", "DENUNCIAS"))
    assert "the most that any register has published" in reading.account.render()
    assert "published" not in read("dpto,denuncias 2022\nCUSCO,900\n").account.render()


@pytest.mark.parametrize("word", ["inferido", "estimado", "sospecha", "proyectado", "modelado"])
def test_inferred_rows_never_become_complaints(read, word):
    text = f"departamento,año,casos,tipo\nCusco,2022,31,reportado\nPuno,2022,400,{word}\n"
    account = read(text).account
    assert (account.total_in, account.total_out) == (431, 31)
    assert [(part.rows, part.total) for part in account.left_out] == [(1, 400)]


def test_provinces_are_no_regions_although_the_names_fit():
    with pytest.raises(CorredorError, match=r"'PROVINCIA'.*no column with the region"):
        check_file(FILES / "prov_only2.csv", {})
    with pytest.raises(CorredorError) as caught:
        check_file(FILES / "province_as_region.csv", {})
    said = caught.value.render()
    for region in ("Ica", "Junín", "Loreto", "Apurímac", "Arequipa"):
        assert f"It is a province of {region}" in said


def test_two_columns_of_codes_are_asked_for():
    path = FILES / "both_codes.csv"
    with pytest.raises(CorredorError, match=r"ubigeo_reniec, ubigeo_inei.*'code'"):
        check_file(path, {})
    options = {**OPTIONS, "measure": "complaints", "columns": {"code": "ubigeo_inei"}}
    table = read_any("complaints", path, options).table
    assert dict(zip(table["ubigeo"], table["value"], strict=True)) == {
        "08": 40, "07": 22, "06": 19, "14": 12, "15": 80, "21": 33,
    }  # fmt: skip


def test_both_codes_of_iso_for_lima_are_one_region_and_said():
    options = {**OPTIONS, "measure": "complaints"}
    table, account = read_any("complaints", FILES / "iso.csv", options)
    assert dict(zip(table["ubigeo"], table["value"], strict=True)) == {
        "01": 12, "10": 22, "15": 87, "17": 33,
    }  # fmt: skip
    assert "brought to Lima (15): PE-LMA, PE-LIM" in account.render()


@pytest.mark.parametrize(
    ("file", "total"), [("total_inmig_words.csv", 2118), ("total_region.csv", 100)]
)
def test_totals_of_all_are_checked_and_left_out(file, total):
    account = check_file(FILES / file, {})
    assert (account.total_in, account.total_out) == (total, total)
