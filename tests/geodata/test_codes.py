"""Codes in any dress, INEI against RENIEC, and names of regions; codes are real, rows invented."""

import pytest
from corredor.geodata.places.build import find_region
from corredor.geodata.places.codes import digits_of, pad_codes, to_inei, weigh_codes
from corredor.geodata.places.gazetteer import (
    find_unit,
    inei_by_reniec,
    official_name,
    region_codes,
    spanish_title,
    unit_keys,
    unit_names,
)
from corredor.geodata.places.keys import key_of
from hypothesis import given
from hypothesis import strategies as st

REGIONS = {code: one for code, one in region_codes().items() if len(code) == 2}


def test_the_crosswalk_has_25_regions_each_once():
    assert list(REGIONS) == [f"{number:02}" for number in range(1, 26)]
    for column in ("name", "reniec", "iso", "hasc", "gadm"):
        assert len({getattr(one, column) for one in REGIONS.values()}) == 25


def test_the_lists_differ_where_they_are_known_to():
    assert {one.name: one.reniec for one in REGIONS.values() if one.inei != one.reniec} == {
        "Callao": "24", "Cusco": "07", "Huancavelica": "08", "Huánuco": "09", "Ica": "10",
        "Junín": "11", "La Libertad": "12", "Lambayeque": "13", "Lima": "14", "Loreto": "15",
        "Madre de Dios": "16", "Moquegua": "17", "Pasco": "18", "Piura": "19", "Puno": "20",
        "San Martín": "21", "Tacna": "22", "Tumbes": "23",
    }  # fmt: skip


def test_every_province_and_district_lies_in_a_known_region():
    assert {len(code) for code in unit_names()} == {4, 6}
    assert {code[:2] for code in unit_names()} == set(REGIONS)
    assert sum(len(code) == 4 for code in unit_names()) == 196
    assert {code[:4] for code in unit_names() if len(code) == 6} == {
        code for code in unit_names() if len(code) == 4
    }
    assert len(set(inei_by_reniec().values())) == len(inei_by_reniec())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("CUZCO", "08"), ("Dpto. de Cusco", "08"), ("Region de Loreto", "16"),
        ("SanMartín", "22"), ("MadredeDios", "17"), ("PE-CUS", "08"), ("pe.cs", "08"),
        ("PER.16_1", "15"), ("PER.15_1", "1501"), ("PE-LMA", "1501"), ("El Callao", "07"),
        ("Prov. Const. del Callao", "07"), ("LimaProvince", "1501"), ("Lima Provincias", "1599"),
        ("Municipalidad Metropolitana de Lima", "1501"), ("Cono Norte", None), ("", None),
    ],
)  # fmt: skip
def test_regions_are_found_by_name_and_foreign_code(text, code):
    assert find_region(text) == code


@pytest.mark.parametrize(
    ("value", "digits"),
    [(1, "1"), (17.0, "17"), ("01", "01"), ("PE010203", "010203"), ("1703.0", "1703"),
     ("'08", "08"), (float("nan"), None), (1.5, None), ("PER.16_1", None), ("", None),
     (float("inf"), None), ("uno", None)],
)  # fmt: skip
def test_digits_are_found_in_any_dress(value, digits):
    assert digits_of(value) == digits


@pytest.mark.parametrize(
    ("digits", "level", "codes"),
    [
        (["1", "25"], "region", ["01", "25"]),
        (["010000", "250000"], "region", ["01", "25"]),
        (["150100", "159900", "010000"], "region", ["1501", "1599", "01"]),
        (["101", "2504"], "province", ["0101", "2504"]),
        (["010100", "250400"], "province", ["0101", "2504"]),
        (["10101", "250407"], "district", ["010101", "250407"]),
        (["10101", None], None, ["010101", None]),
        (["01", "0102"], None, [None, "0102"]),
        (["1501010001"], None, [None]),
        (["00"], "region", [None]),
    ],
)
def test_codes_get_back_what_they_lost(digits, level, codes):
    assert pad_codes(digits, level) == codes


@given(st.lists(st.sampled_from(sorted(unit_names())).filter(lambda code: len(code) == 6),
                min_size=1))  # fmt: skip
def test_codes_survive_being_numbers(codes):
    assert pad_codes([digits_of(int(code)) for code in codes], "district") == codes
    assert pad_codes([digits_of(float(code)) for code in codes], "district") == codes
    assert pad_codes([digits_of(f"PE{code}") for code in codes], "district") == codes


@given(st.sampled_from(sorted(inei_by_reniec())))
def test_every_reniec_code_has_an_inei_code_of_its_length(code):
    assert len(to_inei(code, "reniec") or "") == len(code)
    assert to_inei(code, "inei") == code


def test_names_tell_whose_codes_they_are():
    names = ["07", "08"]
    assert weigh_codes(["07", "08"], "inei", regions=names).hits == 2
    assert weigh_codes(["07", "08"], "reniec", regions=names).misses == (0, 1)
    assert weigh_codes(["24", "07"], "reniec", regions=names).misses == ()


def test_homonyms_are_told_apart_by_what_they_lie_in_or_not_at_all():
    assert find_unit("SANTA ROSA", "district") is None
    assert find_unit("SANTA ROSA", "district", within="2108") == "210808"
    assert find_unit("Nasca", "province") == "1103"
    assert official_name("210808") == "Santa Rosa"


@pytest.mark.parametrize(
    ("name", "title"),
    [("MADRE DE DIOS", "Madre de Dios"), ("LA LIBERTAD", "La Libertad"),
     ("SAN JUAN DE LA VIRGEN", "San Juan de la Virgen"), ("QUISQUI (KICHKI)", "Quisqui (Kichki)"),
     ("HUAC-HUAS", "Huac-Huas"), ("CAÑETE", "Cañete")],
)  # fmt: skip
def test_capitals_become_spanish_names(name, title):
    assert spanish_title(name) == title


def test_keys_made_in_one_go_are_those_made_one_by_one():
    assert unit_keys() == {code: key_of(name) for code, name in unit_names().items()}
