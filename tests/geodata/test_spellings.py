"""One answer for each spelling of a place, a total or nothing, whichever reader meets it."""

import csv
from pathlib import Path

import pytest
from corredor.geodata import (
    TableError,
    read_cases,
    read_complaints,
    read_flows,
    read_itineraries,
)
from corredor.geodata.intake.context import read_population
from corredor.geodata.places.build import embedded_resolver, find_region
from corredor.geodata.words import is_total

FILE = Path(__file__).with_name("spellings.csv")
SPELLINGS = [tuple(row) for row in csv.reader(FILE.read_text(encoding="utf-8").splitlines())][1:]
PLACES = [(spelling, ubigeo) for spelling, kind, ubigeo in SPELLINGS if kind == "place"]
OTHERS = [(spelling, kind) for spelling, kind, _ in SPELLINGS if kind not in ("place", "smaller")]

# What each reader makes of a kind of label: it has no place for what lies abroad or is an area.
IN_COMPLAINTS = {"country": "total", "abroad": "unstated", "area": "unknown", "smaller": "unknown"}
IN_FLOWS = {"country": "total", "abroad": "unknown", "area": "unknown", "smaller": "place"}
REASONS = {
    "totals of all places": "total",
    "totals, which were checked against their parts": "total",
    "the source gives no place for them": "unstated",
    "the origin or the destination is not given": "unstated",
    "their place is not known": "unknown",
    "the origin or the destination is not a known place": "unknown",
}


@pytest.fixture
def write(tmp_path):
    def save(*rows):
        path = tmp_path / "t.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        return path

    return save


def other(ubigeo):
    """Return the name of a region that is not the one asked for."""
    return "Tacna" if ubigeo != "23" else "Moquegua"


def left(reading):
    """Return the kind of the one label that was left out."""
    (part,) = reading.account.left_out
    return next((kind for text, kind in REASONS.items() if text in str(part.reason)), part.reason)


def differences(found):
    """Return (spelling, what came, what should have come) where they differ."""
    return [entry for entry in found if entry[1] != entry[2]]


def complaints(path):
    return read_complaints(
        path, register="PNP", measure="complaints", source_id="s", allow_unmatched=True
    )


def flows(path):
    return read_flows(path, source_id="s", resolver=embedded_resolver(), allow_unmatched=True)


def months():
    return (f"{year}-{month:02}" for year in range(1985, 2020) for month in range(1, 13))


def test_the_list_has_each_spelling_once_and_all_regions():
    assert len({spelling for spelling, _, _ in SPELLINGS}) == len(SPELLINGS) > 180
    assert {ubigeo for _, ubigeo in PLACES} == {f"{n:02}" for n in range(1, 26)}


def test_the_resolver_with_and_without_a_level():
    resolver = embedded_resolver()
    found = []
    for spelling, kind, ubigeo in SPELLINGS:
        whole, bare = resolver.find(spelling, kind="region", whole=True), resolver.find(spelling)
        wanted = (kind, ubigeo)
        if kind == "smaller":
            assert (whole.kind, bare.kind) == ("unknown", "place"), spelling
            wanted = ("place", ubigeo)
            whole = bare
        found += [(spelling, (one.kind, one.ubigeo), wanted) for one in (whole, bare)]
    assert not differences(found)


def test_places_in_complaints_down_the_side(write):
    rows = [(spelling, month, 4) for (spelling, _), month in zip(PLACES, months(), strict=False)]
    table = complaints(write(("Departamento", "Periodo", "Casos"), *rows)).table
    assert not differences(zip(rows, table["ubigeo"], (code for _, code in PLACES), strict=True))


def test_other_labels_in_complaints_down_the_side(write):
    found = []
    for spelling, kind in OTHERS:
        wanted = IN_COMPLAINTS.get(kind, kind)
        rows = [("Tacna", 3), (spelling, 3 if wanted == "total" or kind == "area" else 4)]
        reading = complaints(write(("Departamento", "2022"), *rows))
        assert reading.table["ubigeo"].tolist() == ["23"], spelling
        if kind != "area":  # which is the sum of the regions above it
            found.append((spelling, left(reading), wanted))
    assert not differences(found)


def test_places_in_complaints_across_the_top(write):
    named = [(name, code) for name, code in PLACES if not name.strip("'").split(".")[0].isdigit()]
    found = []
    for spelling, ubigeo in named:
        if "?" in spelling or "\ufffd" in spelling:
            continue  # a header with a lost letter is asked about
        rows = [("Año", other(ubigeo), "Piura", spelling), (2021, 3, 4, 7), (2022, 5, 6, 11)]
        if ubigeo == "20":
            rows = [("Año", "Ica", "Tacna", spelling), *rows[1:]]
        regions = complaints(write(*rows)).table["ubigeo"].tolist()
        found.append((spelling, regions[2], ubigeo))
    assert not differences(found)


@pytest.mark.parametrize("end", ["origin", "destination"])
def test_places_in_flows(write, end):
    resolver = embedded_resolver()
    known = [entry for entry in SPELLINGS if entry[1] in ("place", "smaller")]
    # Each in a month of its own: several spellings of one pair would be told to be one flow twice.
    rows = [
        (spelling, other(code), 3, month)
        for (spelling, _, code), month in zip(known, months(), strict=False)
    ]
    if end == "destination":
        rows = [(second, first, *rest) for first, second, *rest in rows]
    reading = read_flows(
        write(("Origen", "Destino", "Casos", "Periodo"), *rows), source_id="s", resolver=resolver
    )
    wanted = [code for _, _, code in known]
    assert not differences(zip(rows, reading.table[end], wanted, strict=True))


@pytest.mark.parametrize("end", ["origin", "destination"])
def test_other_labels_in_flows(write, end):
    found = []
    for spelling, kind in OTHERS:
        rows = [("Piura", "Tacna", 3), (spelling, "Tacna", 3)]
        if end == "destination":
            rows = [(second, first, n) for first, second, n in rows]
        reading = flows(write(("Origen", "Destino", "Casos"), *rows))
        assert reading.table[end].tolist() == ["20"], spelling
        found.append((spelling, left(reading), IN_FLOWS.get(kind, kind)))
    assert not differences(found)


def test_labels_in_a_matrix(write):
    found = []
    for spelling, kind, ubigeo in SPELLINGS:
        names = [name for name in ("Tacna", "Moquegua", "Piura")
                 if embedded_resolver().find(name).ubigeo != ubigeo][:2]  # fmt: skip
        rows = [("Origen / Destino", *names), (names[0], 1, 2), (names[1], 3, 4), (spelling, 4, 6)]
        reading = flows(write(*rows))
        wanted = IN_FLOWS.get(kind, kind)
        came = reading.table["origin"].tolist()[4:]
        found.append((spelling, came[0] if came else left(reading), ubigeo or wanted))
    assert not differences(found)


def test_stops_of_itineraries(write):
    rows, wanted = [("ruta", "orden", "lugar")], []
    for n, (spelling, kind, ubigeo) in enumerate(SPELLINGS):
        rows += [(n, 1, other(ubigeo)), (n, 2, "Ica" if ubigeo != "11" else "Puno"),
                 (n, 3, spelling)]  # fmt: skip
        wanted += [(str(n), 3, ubigeo)] if kind in ("place", "smaller") else []
    reading = read_itineraries(
        write(*rows), source_id="s", resolver=embedded_resolver(), allow_unmatched=True
    )
    last = reading.table[reading.table["seq"] == 3]
    came = list(zip(last["route_id"].astype(str), last["seq"], last["place_id"], strict=True))
    assert came == wanted


def test_cases(write):
    known = [entry for entry in SPELLINGS if entry[1] in ("place", "smaller")]
    for chosen, wanted in ((known, [code for _, _, code in known]), (OTHERS, [])):
        rows = [(entry[0], other(entry[2] if wanted else ""), 2022, "F") for entry in chosen]
        reading = read_cases(
            write(("Origen", "Destino", "Año", "Sexo"), *rows),
            source_id="s", register="OWN", resolver=embedded_resolver(),
            by=("origin", "destination"),
        )  # fmt: skip
        origins = reading.table.flows.groupby("origin")["value"].sum().to_dict()
        assert origins == {code: wanted.count(code) for code in set(wanted)}


def test_names_in_layers():
    found = [
        (spelling, (find_region(spelling) or "")[:2], ubigeo if kind == "place" else "")
        for spelling, kind, ubigeo in SPELLINGS
    ]
    assert not differences(found)


def test_labels_of_totals():
    assert not differences(
        (spelling, is_total(spelling), kind in ("total", "country"))
        for spelling, kind, _ in SPELLINGS
    )


def population(path):
    return read_population(path, source_id="s", resolver=embedded_resolver()).table


def test_places_in_population(write):
    found = []
    for spelling, ubigeo in PLACES:
        rows = [("Departamento", "Población 2017"), (other(ubigeo), 1000), (spelling, 3000)]
        found.append((spelling, population(write(*rows))["ubigeo"].tolist()[1], ubigeo))
    assert not differences(found)


def test_totals_in_population(write):
    for spelling, kind in OTHERS:
        rows = [("Departamento", "Población 2017"), ("Tacna", 1000), (spelling, 1000)]
        if kind in ("total", "country"):
            assert population(write(*rows))["ubigeo"].tolist() == ["23"]
        else:
            with pytest.raises(TableError, match="not a known unit"):
                population(write(*rows))


@pytest.mark.parametrize(
    ("rows", "people"),
    [
        ([("iso", "poblacion 2017"), ("PE-LMA", 8), ("PE-LIM", 1), ("PE-TAC", 3)],
         {"15": 9, "23": 3}),
        ([("Departamento", "2017"), ("Lima Metropolitana 1/", 8), ("Lima Provincias 2/", 1)],
         {"15": 9}),
        ([("Departamento", "2017"), ("Lima", 9), ("Lima Metropolitana", 8),
          ("Lima Provincias", 1)], {"15": 9}),
        ([("ADM2_PCODE", "poblacion 2017"), ("PE1501", 8), ("PE2301", 3)],
         {"1501": 8, "2301": 3}),
        ([("ubigeo_reniec", "Departamento", "poblacion 2017"), ("07", "Cusco", 8),
          ("08", "Huancavelica", 3)], {"08": 8, "09": 3}),
        ([("Departamento", "Provincia", "Distrito", "2017"), ("Ica", "", "", 9),
          ("Ica", "Pisco", "Paracas", 5), ("Ica", "Pisco", "Pisco", 4)],
         {"110505": 5, "110501": 4}),
    ],
)  # fmt: skip
def test_codes_and_parts_of_lima_in_population(write, rows, people):
    table = population(write(*rows))
    assert dict(zip(table["ubigeo"], table["population"], strict=True)) == people


def test_a_unit_twice_in_population_is_refused(write):
    with pytest.raises(TableError, match="row 3, 'Lima': The same unit stands in row 2 too"):
        population(write(("Departamento", "2017"), ("Lima", 9), ("LIMA", 8)))
    with pytest.raises(TableError, match=r"row 2.*The code says"):
        population(write(("ubigeo", "Departamento", "poblacion 2017"), ("12", "Cusco", 9),
                         ("11", "Ica", 8)))  # fmt: skip
