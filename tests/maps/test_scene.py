"""The scene: what the page receives, against the tables it was made from."""

import csv
import json
from collections import Counter, defaultdict

import pandas as pd
import pytest
from corredor.geodata import (
    CorredorWarning,
    StudyError,
    embedded_study,
    protect,
    read_study,
)
from corredor.geodata.figures import months_between
from corredor.maps import build_scene, find_breaks, find_class
from corredor.maps.scene.flows import width_scales
from corredor.maps.scene.pack import unpack_ids, unpack_numbers, unpack_values

from corredor import __version__

SERIES = ("register", "measure", "purpose", "period_start", "period_end")


@pytest.fixture(scope="module")
def scene(toy_publication):
    return build_scene(toy_publication)


def rows_of(table: str) -> list[dict[str, str]]:
    with (embedded_study() / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def flows_of(scene: dict) -> list[dict]:
    """Return the flows of a scene as rows."""
    packed = scene["flows"]
    columns = {
        "id": unpack_ids(packed["id"]),
        **{name: unpack_numbers(packed[name]).tolist() for name in ("from", "to", "source")},
        **{
            name: unpack_values(packed[name])
            for name in ("value", "kind", "start", "end", "purpose", "note")
        },
    }
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def ends_of(scene: dict, level: str) -> list[tuple[str, str]]:
    """Return the places at which the flows of a scene end at a level."""
    ids = [place["id"] for place in scene["places"]]
    node = list(range(len(ids)))
    if level != "place":
        node = unpack_numbers(scene["nodes"][level]).tolist()
    return [(ids[node[flow["from"]]], ids[node[flow["to"]]]) for flow in flows_of(scene)]


def series_of(row: dict) -> tuple[str, ...]:
    return tuple(row[column] for column in SERIES)


def text(scene: dict, number: int | None) -> list[str] | None:
    return None if number is None else scene["texts"][number]


def test_the_scene_is_plain_json(scene):
    assert json.loads(json.dumps(scene, allow_nan=False)) == scene


def test_what_the_study_says_of_itself(scene, toy_study):
    assert scene["study"] == {
        "title": ["País de prueba", "Toy country"],
        "subtitle": ["Cifras inventadas", "Invented figures"],
        "part": None,
        "boundaries": ["Cuatro cuadrados", "Four squares"],
        "opening": {"series": 2, "show": "rate"},
        "threshold": 10,
        "protection": None,
        "classes": {"rate": [], "count": []},
        "fingerprint": toy_study.meta.fingerprint,
        "version": __version__,
    }
    assert series_of(scene["series"][2]) == ("PNP", "victims", "all", "2017-01", "2018-12")


def test_facts_of_the_founding_article_stand_beside_lima_with_their_source(peru_scene):
    facts = peru_scene["context"]
    assert {peru_scene["regions"][fact["region"]]["name"] for fact in facts} == {"Lima"}
    assert {peru_scene["sources"][fact["source"]]["id"] for fact in facts} == {
        "seed_livinginperu2018"
    }
    spanish = [peru_scene["texts"][fact["text"]][0] for fact in facts]
    assert any("25 %" in text for text in spanish)
    assert any("13 %" in text for text in spanish)


def test_regions_and_their_denominator(scene):
    assert [(r["id"], r["name"], r["people"], r["year"]) for r in scene["regions"]] == [
        ("01", "Ámbar", 100_000, "2017"),
        ("02", "Brisa", 200_000, "2017"),
        ("03", "Cobre", 50_000, "2017"),
        ("04", "Duna", 400_000, "2017"),
    ]
    assert {scene["sources"][r["source"]]["id"] for r in scene["regions"]} == {"base"}
    assert scene["regions"][0]["at"] == pytest.approx([-8.5, -75.5], abs=0.03)


def test_a_region_without_population_says_so(change):
    study = change("population.csv", "03,Cobre,50000,2017,,,,base\n", "")
    scene = build_scene(protect(study))
    assert [region["people"] for region in scene["regions"]] == [100_000, 200_000, None, 400_000]
    rates = [f["rate"] for f in scene["figures"] if f["region"] == 2]
    assert rates == [None, None, None]


def test_series_with_their_breaks_by_hand(scene):
    shown = [
        (s["register"], s["period_start"], s["covered"], s["complete"], s["total"], s["national"])
        for s in scene["series"]
    ]
    assert shown == [
        ("MP", "2017-01", 4, True, 100, [100]),
        ("MP", "2018-01", 2, False, 6, []),
        ("PNP", "2017-01", 4, True, 30, [30]),
    ]
    # Four values or fewer: each is a class of its own. The contradicted 12 and 15 are left out.
    for scheme in ("jenks", "quantiles", "equal"):
        assert [s["breaks"]["count"][scheme] for s in scene["series"]] == [
            [10, 20, 30, 40],
            [0, 6],
            [2, 4, 8, 16],
        ]
        assert [s["breaks"]["rate"][scheme] for s in scene["series"]] == [
            pytest.approx([5, 15, 20, 40]),
            [0],
            pytest.approx([1, 2, 4]),
        ]


def test_figures_by_hand(scene):
    figures = {
        (f["level"], f["region"], f["series"], f["value"]): (
            f["rate"] and round(f["rate"], 9),
            f["whole"],
            f["disputed"],
        )
        for f in scene["figures"]
    }
    assert figures == {
        ("national", -1, 0, 100): (None, True, False),
        ("region", 0, 0, 40): (40, True, False),
        ("region", 1, 0, 30): (15, True, False),
        ("region", 2, 0, 10): (20, True, False),
        ("region", 3, 0, 20): (5, True, False),
        ("region", 0, 1, 12): (12, True, True),
        ("region", 0, 1, 15): (15, True, True),
        ("region", 1, 1, 6): (None, False, False),
        ("region", 2, 1, 0): (0, True, False),
        ("national", -1, 2, 30): (None, True, False),
        ("region", 0, 2, 8): (4, True, False),
        ("region", 1, 2, 4): (1, True, False),
        ("region", 2, 2, 2): (2, True, False),
        ("region", 3, 2, 16): (2, True, False),
        ("city", 3, 2, 3): (None, False, False),
    }


def test_every_figure_carries_all_its_sources_and_notes(scene):
    national = next(f for f in scene["figures"] if f["value"] == 100)
    assert [scene["sources"][s]["id"] for s in national["sources"]] == ["report", "press"]
    ((source, note),) = national["notes"]
    assert scene["sources"][source]["id"] == "report"
    assert text(scene, note) == ["del informe", "of the report"]
    assert all(figure["sources"] for figure in scene["figures"])


def test_parts_are_named_as_printed(scene):
    brisa = next(f for f in scene["figures"] if f["value"] == 30 and f["region"] == 1)
    assert brisa["parts"] == [["BRISA NORTE", 10], ["Brisa del Sur", 20]]


def test_what_was_not_matched_is_in_the_account(scene):
    assert scene["account"]["unmatched"] == [{"place": "Brisa Oeste", "value": 4}]
    assert scene["account"]["complaints"] == {
        "national": 3,
        "direct": 8,
        "by_district": 6,
        "by_part": 0,
        "unmatched": 1,
    }
    assert scene["account"]["flows"] == 6


def test_rankings_stand_in_the_order_of_their_rank(scene):
    (ranking,) = scene["rankings"]
    assert [scene["regions"][r]["id"] for r in ranking["regions"]] == ["01", "02"]
    assert scene["sources"][ranking["source"]]["id"] == "report"


def test_districts_with_a_note_tell_it(scene):
    (district,) = scene["districts"]
    assert (district["name"], district["region"]) == ("Brisa Norte", 1)
    assert text(scene, district["note"]) == ["con un valle de Duna", "with a valley of Duna"]


def test_places_have_a_point_or_none(scene):
    at = {place["id"]: place["at"] for place in scene["places"]}
    assert at["pozo"] == [-8.25, -74.25]
    assert at["puerto"] == [-9.75, -74.75]
    assert at["costa"] is None
    assert at["02"] == pytest.approx([-8.5, -74.5], abs=0.03)
    names = {place["id"]: place["name"] for place in scene["places"]}
    assert names["costa"] == ["la costa", "the coast"]
    assert names["pozo"] == ["Pozo", "Pozo"]
    regions = {place["id"]: place["region"] for place in scene["places"]}
    assert regions == {
        "01": 0, "02": 1, "04": 3, "pozo": 1, "puerto": 3, "costa": -1, "0201": 1, "0401": 3,
    }  # fmt: skip


def test_flows_keep_their_number_and_its_kind(scene):
    flows = {flow["id"]: flow for flow in flows_of(scene)}
    assert [flow["value"] for flow in flows.values()] == [None, None, None, None, None, 25]
    assert flows["F6"]["kind"] == "share_of_destination"
    assert text(scene, flows["F2"]["note"]) == ["hacia la ciudad", "towards the city"]
    assert (flows["F1"]["start"], flows["F1"]["end"]) == ("2017-01", "2017-12")
    assert scene["sources"][flows["F3"]["source"]]["id"] == "ngo"


@pytest.mark.parametrize(
    ("level", "ends"),
    [
        ("place", [("01", "02"), ("01", "pozo"), ("01", "02"), ("04", "04"), ("02", "costa"),
                   ("puerto", "01")]),
        ("region", [("01", "02"), ("01", "02"), ("01", "02"), ("04", "04"), ("02", "costa"),
                    ("04", "01")]),
        ("province", [("01", "02"), ("01", "0201"), ("01", "02"), ("04", "04"), ("02", "costa"),
                      ("0401", "01")]),
    ],
)  # fmt: skip
def test_ends_of_all_levels_by_hand(scene, level, ends):
    assert ends_of(scene, level) == ends
    assert list(scene["nodes"]) == ["region", "province"]


def test_an_area_with_a_label_point_is_drawn_there(change):
    scene = build_scene(protect(change("places.csv", "area,,,,,base", "area,,,-9,-77,base")))
    assert scene["places"][5]["at"] is None
    assert scene["places"][5]["label"] == [-9, -77]


def test_flows_to_a_region_without_a_place_of_its_own_get_one(toy_folder):
    places, flows = toy_folder / "places.csv", toy_folder / "flows.csv"
    named = places.read_text(encoding="utf-8").replace("02,Brisa,,02,", "brisa,Brisa,,02,")
    places.write_text(named, encoding="utf-8")
    moved = flows.read_text(encoding="utf-8").replace(",01,02,", ",01,brisa,")
    flows.write_text(moved.replace("F5,02,", "F5,brisa,"), encoding="utf-8")
    scene = build_scene(protect(read_study(toy_folder)))
    assert ends_of(scene, "region")[:3] == [("01", "02")] * 3
    (unit,) = [place for place in scene["places"] if place["id"] == "02"]
    assert (unit["id"], unit["name"], unit["kind"]) == ("02", ["Brisa", "Brisa"], "region")
    assert unit["at"] == scene["regions"][1]["at"]


def test_places_with_longer_codes_bring_provinces_and_districts(toy_folder):
    places = toy_folder / "places.csv"
    text = places.read_text(encoding="utf-8")
    text = text.replace(",0201,city", ",020101,city")
    places.write_text(text, encoding="utf-8")
    scene = build_scene(protect(read_study(toy_folder)))
    assert list(scene["nodes"]) == ["region", "province", "district"]
    assert ends_of(scene, "region")[1] == ("01", "02")
    assert [ends_of(scene, level)[1] for level in ("province", "district", "place")] == [
        ("01", "0201"),
        ("01", "020101"),
        ("01", "pozo"),
    ]
    assert [ends_of(scene, level)[5][0] for level in ("province", "district", "place")] == [
        "0401",
        "puerto",  # its district is not known
        "puerto",
    ]
    units = {place["id"]: place for place in scene["places"][6:]}
    assert units["0201"]["at"] == [-8.25, -74.25]
    assert units["0201"]["name"] == ["Huaraz", "Huaraz"]  # the official name of the code
    assert (units["0401"]["kind"], units["020101"]["kind"]) == ("province", "district")


def test_roles_of_regions(scene):
    roles = [role and role["role"] for role in scene["roles"]]
    assert roles == ["mainly_origin", "mainly_destination", None, "mainly_origin"]


def test_widths_grow_with_the_evidence(scene):
    assert scene["widths"] == {
        "evidence": {"px": 1.1, "legend": [1, 2]},
        "share_of_destination": {"px": 0.44, "legend": [5, 10, 25]},
    }


def test_itineraries_are_in_order_of_their_stops(scene):
    (route,) = scene["itineraries"]
    assert [scene["places"][stop]["id"] for stop in route["stops"]] == ["01", "pozo", "puerto"]
    assert route["modes"] == ["road", "river"]
    assert scene["sources"][route["source"]]["id"] == "ngo"


def test_retold_sources_name_their_origin(scene):
    assert {source["id"]: source["origin"] for source in scene["sources"]} == {
        "report": "report",
        "press": "report",
        "ngo": "ngo",
        "police": "police",
        "base": "base",
    }
    assert text(scene, scene["sources"][1]["note"]) == ["lo recoge", "retells the report"]
    assert scene["sources"][0]["note"] is None


def test_neighbours_are_drawn_and_those_near_named(scene):
    named, nameless = scene["land"]
    assert named["name"] == ["Vecino", "Neighbour"]
    # Only what lies within 4 degrees of the regions counts for the label.
    assert named["at"] == pytest.approx([-9, -73], abs=0.05)
    assert nameless["at"] is None
    assert nameless["rings"] == [[-8000, -900, 100, 0, 0, 100, -100, 0]]


def test_building_changes_no_table(toy_publication):
    before = {name: table.copy() for name, table in vars(toy_publication.tables).items()}
    build_scene(toy_publication)
    for name, table in vars(toy_publication.tables).items():
        assert table.equals(before[name]), name


def test_a_study_without_figures_and_flows_is_a_scene(change):
    for table in ("complaints", "flows", "rankings", "itineraries"):
        line = f'{table} = {{ file = "{table}.csv" }}'
        study = change("study.toml", line, "")
    scene = build_scene(protect(study))
    assert len(scene["regions"]) == 4
    assert scene["figures"] == scene["series"] == scene["itineraries"] == []
    assert flows_of(scene) == []


def test_an_opening_view_that_does_not_exist_is_refused(change):
    with pytest.raises((StudyError, CorredorWarning), match="opening"):
        build_scene(protect(change("study.toml", 'register = "PNP"', 'register = "RETA"')))


# The embedded study against its files.


def test_sums_on_the_scene_are_those_of_the_files(peru_scene):
    """For every source, register, measure, purpose and period."""
    printed, shown = Counter(), Counter()
    for row in rows_of("complaints"):
        level = "national" if row["unit"] == "national" else "below"
        printed[level, row["source_id"], *series_of(row)] += int(row["value"])
    for figure in peru_scene["figures"]:
        level = "national" if figure["level"] == "national" else "below"
        for source in figure["sources"]:
            key = level, peru_scene["sources"][source]["id"], *series_of(figure)
            shown[key] += figure["value"]
    assert shown == printed


def test_totals_of_series_are_the_sums_of_their_regions(peru_scene):
    for number, series in enumerate(peru_scene["series"]):
        members = [
            figure
            for figure in peru_scene["figures"]
            if figure["series"] == number and figure["level"] == "region" and not figure["disputed"]
        ]
        assert sum(figure["value"] for figure in members) == series["total"]
        assert len({figure["region"] for figure in members}) == series["covered"] == len(members)


def test_every_flow_is_on_the_scene_with_its_ends_and_source(peru_scene):
    ids = [place["id"] for place in peru_scene["places"]]
    sources = [source["id"] for source in peru_scene["sources"]]
    shown = [
        (flow["id"], ids[flow["from"]], ids[flow["to"]], sources[flow["source"]])
        for flow in flows_of(peru_scene)
    ]
    columns = ("flow_id", "origin", "destination", "source_id")
    assert shown == [tuple(row[column] for column in columns) for row in rows_of("flows")]
    assert len(shown) == 155


def test_the_map_opens_with_the_police_records(peru_scene):
    opening = peru_scene["series"][peru_scene["study"]["opening"]["series"]]
    assert (opening["register"], opening["covered"], opening["total"]) == ("MININTER", 25, 3822)


def test_the_widest_line_fits(peru_scene):
    origin = {source["id"]: source["origin"] for source in peru_scene["sources"]}
    behind = defaultdict(set)
    for ends, row in zip(ends_of(peru_scene, "region"), rows_of("flows"), strict=True):
        behind[ends].add(origin[row["source_id"]])
    most = max(map(len, behind.values()))
    scale = peru_scene["widths"]["evidence"]
    assert most * scale["px"] <= 12.01
    assert scale["legend"][-1] == most
    assert scale["legend"] == sorted(set(scale["legend"]))


def test_documented_stops_are_those_of_the_file(peru_scene):
    printed = defaultdict(list)
    for row in sorted(rows_of("itineraries"), key=lambda row: int(row["seq"])):
        printed[row["route_id"], row["source_id"]].append(row["place_id"])
    shown = {
        (route["id"], peru_scene["sources"][route["source"]]["id"]): [
            peru_scene["places"][stop]["id"] for stop in route["stops"]
        ]
        for route in peru_scene["itineraries"]
    }
    assert shown == printed
    for route in peru_scene["itineraries"]:
        assert len(route["modes"]) == len(route["stops"]) - 1


def test_shown_rates_are_in_the_class_of_the_exact_ones(peru_scene):
    """Bounds of natural breaks are rates of regions, so rounding up moves these a class up."""
    strays = []
    for number, series in enumerate(peru_scene["series"]):
        rates, exact = {}, {}
        for figure in peru_scene["figures"]:
            wanted = figure["series"] == number and figure["level"] == "region"
            if wanted and figure["rate"] is not None and not figure["disputed"]:
                people = peru_scene["regions"][figure["region"]]["people"]
                months = months_between(figure["period_start"], figure["period_end"])
                rates[figure["id"]] = figure["rate"]
                exact[figure["id"]] = figure["value"] / people / (months / 12) * 100_000
        for scheme, breaks in series["breaks"]["rate"].items():
            exact_breaks = find_breaks(list(exact.values()), scheme=scheme)
            for key, rate in rates.items():
                shown = find_class(rate - 1e-9, breaks)  # the rule of the page
                if shown != find_class(exact[key], exact_breaks):
                    strays.append((key, scheme))
    assert strays == []


def test_the_legend_of_counts_begins_with_the_least():
    flows = pd.DataFrame(
        {"origin": ["08", "21", "25"], "destination": ["17", "17", "15"], "source_id": "x",
         "value": [42.0, 12.0, 14.0], "value_kind": "count", "period_start": "", "period_end": "",
         "purpose": "all"}
    )  # fmt: skip
    sources = pd.DataFrame({"source_id": ["x"], "origin_id": ["x"]})
    assert width_scales(flows, sources)["count"]["legend"] == [12, 20, 42]
