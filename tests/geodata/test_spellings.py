"""One answer for each spelling of a place, a total or nothing, whichever reader meets it."""

import csv
from pathlib import Path

import pytest
from corredor.geodata import read_cases, read_complaints, read_flows, read_itineraries
from corredor.geodata.places.resolver import embedded_resolver, find_region
from corredor.geodata.words import is_total

FILE = Path(__file__).with_name("spellings.csv")
ROWS = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))
SPELLINGS = [pytest.param(row["spelling"], row["kind"], row["ubigeo"]) for row in ROWS]
every_spelling = pytest.mark.parametrize(("spelling", "kind", "ubigeo"), SPELLINGS)

# What each reader makes of a kind of label: it has no place for what lies abroad or is an area.
COMPLAINTS = {"country": "total", "abroad": "unstated", "area": "unknown", "smaller": "unknown"}
FLOWS = {"country": "total", "abroad": "unknown", "area": "unknown", "smaller": "place"}
REASONS = {
    "totals of all places": "total",
    "totals, which were checked against their parts": "total",
    "sums of several regions": "unknown",
    "the source gives no place for them": "unstated",
    "the origin or the destination is not given": "unstated",
    "their place is not known": "unknown",
    "the origin or the destination is not a known place": "unknown",
}


@pytest.fixture(scope="module")
def resolver(peru_study):
    return embedded_resolver()


def other(ubigeo):
    """Return a region beside the one that is asked for."""
    return ("Tacna", "23") if ubigeo != "23" else ("Moquegua", "18")


def outcome(reading, regions):
    """Return the kind and region of the one label that was read beside a known region."""
    if regions:
        return "place", regions[0][:2]
    (left,) = reading.account.left_out
    kinds = [kind for text, kind in REASONS.items() if text in str(left.reason)]
    return kinds[0] if kinds else str(left.reason), ""


def write(tmp_path, rows):
    path = tmp_path / "t.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def options(measure="complaints"):
    return {"register": "PNP", "measure": measure, "source_id": "s", "allow_unmatched": True}


def test_the_list_has_each_spelling_once_and_all_regions():
    assert len({row["spelling"] for row in ROWS}) == len(ROWS) > 180
    assert {row["ubigeo"] for row in ROWS} >= {f"{n:02}" for n in range(1, 26)}


@every_spelling
def test_the_resolver(resolver, spelling, kind, ubigeo):
    whole = embedded_resolver().find(spelling, kind="region", whole=True)
    found = resolver.find(spelling)
    if kind == "smaller":
        assert (whole.kind, found.kind, found.ubigeo) == ("unknown", "place", ubigeo)
    else:
        assert (whole.kind, whole.ubigeo) == (found.kind, found.ubigeo) == (kind, ubigeo)


@every_spelling
def test_complaints_down_the_side(tmp_path, spelling, kind, ubigeo):
    name, _ = other(ubigeo)
    # An area that is the sum of its regions is one of them less to explain.
    count = 3 if kind in ("total", "country", "area") else 4
    path = write(tmp_path, [("Departamento", "2022"), (name, 3), (spelling, count)])
    reading = read_complaints(path, **options())
    assert len(reading.table) == (2 if kind == "place" else 1)
    found = outcome(reading, reading.table["ubigeo"].tolist()[1:])
    assert found == (COMPLAINTS.get(kind, kind), ubigeo if kind == "place" else "")


@every_spelling
def test_complaints_across_the_top(tmp_path, spelling, kind, ubigeo):
    if spelling.strip("'").replace(".0", "").isdigit():
        pytest.skip("a number above a column of counts is not taken for a place")
    names = [name for name in ("Tacna", "Moquegua", "Piura") if name != spelling][:2]
    names = [name for name in names if embedded_resolver().find(name).ubigeo != ubigeo][:2]
    rows = [("Año", *names, spelling), (2021, 3, 4, 7), (2022, 5, 6, 11)]
    reading = read_complaints(write(tmp_path, rows), **options())
    regions = reading.table["ubigeo"].tolist()
    assert (ubigeo in regions) == (kind == "place")
    if kind != "place":
        # Also a column of totals or of the rest is never a region.
        assert len(regions) == 2 * len(names)


@every_spelling
@pytest.mark.parametrize("end", ["origin", "destination"])
def test_flows_in_rows(tmp_path, resolver, spelling, kind, ubigeo, end):
    name, code = other(ubigeo)
    rows = [("Piura", name, 3), (spelling, name, 3)]
    if end == "destination":
        rows = [(second, first, n) for first, second, n in rows]
    path = write(tmp_path, [("Origen", "Destino", "Casos"), *rows])
    reading = read_flows(path, source_id="s", resolver=resolver, unknown_places="leave_out")
    found = outcome(reading, reading.table[end].tolist()[1:])
    wanted = FLOWS.get(kind, kind)
    assert found == (wanted, ubigeo if wanted == "place" else "")
    assert code in reading.table["origin" if end == "destination" else "destination"].tolist()


@every_spelling
def test_flows_in_a_matrix(tmp_path, resolver, spelling, kind, ubigeo):
    names = [name for name in ("Tacna", "Moquegua", "Piura")
             if resolver.find(name).ubigeo != ubigeo][:2]  # fmt: skip
    rows = [("Origen / Destino", *names), (names[0], 1, 2), (names[1], 3, 4), (spelling, 4, 6)]
    reading = read_flows(
        write(tmp_path, rows), source_id="s", resolver=resolver, unknown_places="leave_out"
    )
    codes = {resolver.find(name).ubigeo for name in names}
    found = outcome(reading, [code for code in reading.table["origin"] if code not in codes])
    wanted = FLOWS.get(kind, kind)
    assert found == (wanted, ubigeo if wanted == "place" else "")


@every_spelling
def test_stops_of_itineraries(tmp_path, resolver, spelling, kind, ubigeo):
    name, _ = other(ubigeo)
    rows = [("ruta", "orden", "lugar"), ("A", 1, name), ("A", 2, "Piura" if kind == "place" and
            ubigeo != "20" else "Loreto"), ("A", 3, spelling)]  # fmt: skip
    reading = read_itineraries(
        write(tmp_path, rows), source_id="s", resolver=resolver, unknown_places="leave_out"
    )
    stops = reading.table["place_id"].tolist()
    assert (len(stops) == 3 and stops[2] == ubigeo) == (kind in ("place", "smaller"))


@every_spelling
def test_cases(tmp_path, resolver, spelling, kind, ubigeo):
    name, _ = other(ubigeo)
    rows = [("Origen", "Destino", "Año", "Sexo"), ("Piura", name, 2022, "F"),
            (spelling, name, 2022, "M")]  # fmt: skip
    reading = read_cases(
        write(tmp_path, rows), source_id="s", register="OWN", resolver=resolver, by=("origin",
        "destination")
    )  # fmt: skip
    origins = set(reading.table.flows["origin"]) - {"20"}
    if kind in ("place", "smaller") and ubigeo != "20":
        assert origins == {ubigeo}
    else:
        assert not origins


@every_spelling
def test_names_in_layers(spelling, kind, ubigeo):
    found = find_region(spelling)
    assert (found or "")[:2] == (ubigeo if kind == "place" else "")


@every_spelling
def test_labels_of_totals(spelling, kind, ubigeo):
    assert is_total(spelling) == (kind in ("total", "country"))
