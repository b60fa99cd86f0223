"""Provinces and districts end to end: flows, itineraries and cases at their level."""

import pytest
from corredor.geodata import (
    CorredorError,
    DataFileError,
    add_places,
    check_table,
    read_cases,
    read_complaints,
    read_flows,
    read_itineraries,
)
from corredor.geodata.figures import build_figures, match_complaints, unit_of
from corredor.geodata.intake.read import check_file
from corredor.geodata.places.build import build_resolver
from corredor.geodata.places.gazetteer import unit_names
from corredor.geodata.places.vintages import listed_units, new_units, older_code, to_vintage
from hypothesis import given
from hypothesis import strategies as st

FLOWS = (
    "Departamento origen,Provincia origen,Distrito origen,Destino,Casos\n"
    "Ica,Pisco,Paracas,Lima,3\nPuno,Melgar,Santa Rosa,Cusco,4\n"
)


@pytest.fixture(scope="module")
def resolver(peru_study):
    return build_resolver(places=peru_study.tables.places, population=peru_study.tables.population)


@pytest.fixture
def save(tmp_path):
    def write(text):
        path = tmp_path / "t.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    ("kind", "origins", "destinations"),
    [
        (None, ["11", "21"], ["15", "08"]),
        ("region", ["11", "21"], ["15", "08"]),
        ("province", ["1105", "2108"], ["1501", "0801"]),
        ("district", ["110505", "210808"], ["150101", "080101"]),
    ],
)
def test_flows_at_each_level(save, resolver, peru_study, kind, origins, destinations):
    reading = read_flows(save(FLOWS), source_id="s", resolver=resolver, kind=kind)
    assert reading.table["origin"].tolist() == origins
    assert reading.table["destination"].tolist() == destinations
    assert reading.account.total_out == 7
    places = add_places(peru_study.tables.places, resolver, [*origins, *destinations])
    codes = places.set_index("place_id")["ubigeo"]
    assert [codes[one] for one in origins] == origins


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [("Melgar", "province", "2108"), ("2108", "province", "2108"), ("PE2108", "province", "2108"),
     ("210808", "province", "2108"), ("Prov. Melgar", "province", "2108"),
     ("Paracas", "district", "110505"),
     ("Santa Rosa (Melgar, Puno)", "district", "210808"), ("110505", "district", "110505"),
     ("PUNO / MELGAR / SANTA ROSA", "district", "210808")],
)  # fmt: skip
def test_a_unit_by_name_and_code(save, resolver, name, kind, code):
    text = f'Origen,Destino\n"{name}",Tacna\n'
    reading = read_flows(save(text), source_id="s", resolver=resolver, kind=kind)
    assert reading.table["origin"].tolist() == [code]


def test_a_matrix_of_provinces(save, resolver):
    text = "Origen / Destino,Pisco,Melgar\nPisco,1,2\nMelgar,3,4\n"
    reading = read_flows(save(text), source_id="s", resolver=resolver, kind="province")
    assert set(reading.table["origin"]) == set(reading.table["destination"]) == {"1105", "2108"}


def test_stops_at_the_level_of_districts(save, resolver):
    text = "ruta,orden,lugar\nA,1,Paracas\nA,2,Miraflores (Lima / Lima)\n"
    reading = read_itineraries(save(text), source_id="s", resolver=resolver, kind="district")
    assert reading.table["place_id"].tolist() == ["110505", "150122"]


def test_cases_at_the_level_of_provinces(save, resolver):
    text = (
        "Provincia de captación,Departamento de captación,Provincia de explotación,"
        "Departamento de explotación,Año,Sexo\n"
        "Pisco,Ica,Melgar,Puno,2022,F\nPisco,Ica,Melgar,Puno,2022,M\nNasca,Ica,Tambopata,"
        "Madre de Dios,2022,F\n"
    )
    reading = read_cases(
        save(text), source_id="s", register="OWN", resolver=resolver, kind="province",
        by=("origin", "destination", "year"),
    )  # fmt: skip
    flows = reading.table.flows
    found = {(o, d): n for o, d, n in zip(flows["origin"], flows["destination"], flows["value"],
                                          strict=True)}  # fmt: skip
    assert found == {("1105", "2108"): 2, ("1103", "1701"): 1}
    complaints = reading.table.complaints
    assert dict(zip(complaints["ubigeo"], complaints["value"], strict=True)) == {
        "2108": 2, "1701": 1,
    }  # fmt: skip


def test_lists_of_other_years_hold_every_district():
    assert len(listed_units("2007")) == 1834
    assert len(listed_units("2017")) == 1874
    assert {"160801", "160803"} <= listed_units("current")
    assert not {"160109", "160114"} & (listed_units("2017") | listed_units("current"))
    for unit in new_units().values():
        assert unit.parent[:4] in unit_names()
        assert unit.parent in listed_units("2007") | new_units().keys() | {"1601"}
        assert older_code(unit.code) == unit.parent


@given(st.dictionaries(st.sampled_from(sorted(listed_units("current"))), st.integers(0, 50)))
def test_counts_brought_to_another_list_keep_their_sum(counts):
    for vintage in ("2007", "2017", "current"):
        brought = to_vintage(counts, vintage)
        assert set(brought) <= listed_units(vintage)
        sums = {}
        for code, n in zip(brought, counts.values(), strict=True):
            sums[code] = sums.get(code, 0) + n
        assert sum(sums.values()) == sum(counts.values())


def test_districts_that_a_layer_does_not_have_are_counted_in_the_one_they_were_part_of():
    assert unit_of("050514", {"050501", "050502"}) == "050501"
    assert unit_of("050513", {"050501", "050502"}) == "050501"  # part of one that is new itself
    assert unit_of("160109", {"160801", "160802"}) == "160801"
    assert unit_of("070107", {"0701"}) == "0701"
    assert unit_of("050514", {"150101"}) == ""


def test_complaints_by_newer_districts_on_an_older_layer(peru_study):
    rows = [("050514", 3), ("050501", 4), ("150101", 5)]
    complaints = check_table(
        {
            "unit": ["region"] * 3, "ubigeo": [code for code, _ in rows],
            "place": [code for code, _ in rows], "period_start": ["2022-01"] * 3,
            "period_end": ["2022-12"] * 3, "measure": ["complaints"] * 3, "register": ["PNP"] * 3,
            "purpose": ["all"] * 3, "value": [str(n) for _, n in rows], "source_id": ["s"] * 3,
        },
        "complaints",
        file="c.csv",
    )  # fmt: skip
    districts = peru_study.tables.districts
    account = match_complaints(complaints, districts, ubigeos={"050501", "150101"})
    assert len(account.unmatched) == 0
    figures = build_figures(account, districts)
    assert dict(zip(figures["ubigeo"], figures["value"], strict=True)) == {
        "050501": 7, "150101": 5,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("header", "level", "name", "code"),
    [
        ("Municipalidad provincial", "province", "Canchis", "0806"),
        ("Municipalidad distrital", "district", "Wanchaq", "080108"),
        ("Municipalidades Provinciales", "province", "Canchis", "0806"),
        ("Ámbito distrital", "district", "Wanchaq", "080108"),
    ],
)
def test_a_header_tells_the_level_in_other_words(save, header, level, name, code):
    path = save(f"{header},Denuncias de trata 2022\nLima,3\nPuno,5\n{name},2\n")
    with pytest.raises(DataFileError, match=f"names {level}s, not regions.*level='{level}'"):
        check_file(path, {})
    with pytest.raises(DataFileError, match=f"names {level}s, not regions"):
        read_complaints(path, source_id="s", register="X", measure="complaints")
    known = {"source_id": "s", "register": "X", "measure": "complaints", "level": level}
    path = save(f"{header},Denuncias de trata 2022\n{name},2\n")
    assert read_complaints(path, **known).table["ubigeo"].tolist() == [code]


@pytest.mark.parametrize(
    "header",
    ["Región policial", "Región (policial)", "REGPOL", "Macro región policial", "DIRTEPOL", "UGEL",
     "DIRESA", "Red de salud", "Macrorregión", "Fiscalía provincial",
     "Arquidiócesis", "Región electoral", "Zona registral", "Sede"],
)  # fmt: skip
def test_units_of_offices_are_no_regions(tmp_path, header):
    path = tmp_path / "o.csv"
    path.write_text(f"{header},Denuncias 2022\nPuno,3\nLima,4\n", encoding="utf-8")
    with pytest.raises(CorredorError, match="their bounds are others"):
        check_file(path, {})
    told = {"columns": {"place": header}}
    assert check_file(path, told).total_out == 7  # whoever says that they are regions is believed
    path.write_text(
        f"{header} de origen,{header} de destino,Casos\nPuno,Lima,12\nCusco,Lima,13\n",
        encoding="utf-8",
    )
    with pytest.raises(CorredorError, match=r"columns=\{'origin': .*, 'destination': "):
        check_file(path, {})
    ends = {"origin": f"{header} de origen", "destination": f"{header} de destino"}
    assert check_file(path, {"columns": ends}).total_out == 25


@pytest.mark.parametrize("header", ["Distrito fiscal", "Distrito judicial", "Corte Superior"])
def test_courts_go_to_regions_by_their_crosswalk_which_is_said(tmp_path, header):
    path = tmp_path / "o.csv"
    path.write_text(f"{header},Denuncias 2022\nPuno,3\nLoreto,4\n", encoding="utf-8")
    assert (
        "Loreto was brought to Loreto, which is an approximation" in check_file(path, {}).render()
    )
