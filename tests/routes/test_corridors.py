"""Corridors of the embedded study: known ways, nothing lost, nothing mixed."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from corredor.geodata import NetworkError, origin_of_sources, protect
from corredor.geodata.lines.tables import name_point
from corredor.geodata.study.publication import narrow
from corredor.routes import (
    REASONS,
    RULES,
    find_corridors,
    gather_pairs,
    least_cost_paths,
    list_alternatives,
    locate_places,
    meet_probability,
    name_places,
    pass_probabilities,
)
from walkers import network, pairs


@pytest.fixture(scope="module")
def corridors(peru_corridors):
    return peru_corridors


@pytest.fixture(scope="module")
def passed(corridors):
    """Probabilities by (origin, destination, place) of pairs that name no place between."""
    visits = corridors.visits[corridors.visits["via"].map(len) == 0]
    visits = visits.set_index(["origin", "destination", "place_id"])["probability"]
    return visits.sort_index()


def in_order(path, *places):
    """Tell whether a path runs by these places in this order."""
    at = [path.index(place) for place in places]
    return at == sorted(at)


def test_the_fastest_ways_are_those_that_people_know(corridors):
    demand = pairs(("cusco", "puerto_maldonado"), ("puno", "puerto_maldonado"))
    south, lake = least_cost_paths(corridors.network, demand)["place_ids"]
    assert in_order(south, "cusco", "urcos", "ocongate", "quincemil", "mazuko")
    assert in_order(lake, "puno", "juliaca", "macusani", "san_gaban", "mazuko", "puerto_maldonado")


def test_iquitos_to_lima_has_two_alternatives_without_flights(passed):
    way = passed["iquitos", "lima"]
    assert way["yurimaguas"] > 0.6
    assert way["tarapoto"] > 0.6
    # Up the Ucayali the boat alone takes 4 days longer.
    assert 0.01 < way["pucallpa"] < 0.1
    assert "cusco" not in way


def test_no_flow_is_lost(corridors, peru_publication):
    routed = corridors.pairs[corridors.pairs["status"] == "routed"]
    carried = {flow for flows in routed["flow_ids"] for flow in flows}
    left = corridors.left_out["flow_id"].tolist()
    assert len(left) == len(set(left))
    assert carried.isdisjoint(left)
    assert carried | set(left) == set(peru_publication.tables.flows["flow_id"])
    assert corridors.left_out["reason"].tolist() == ["internal"]
    assert set(corridors.left_out["reason"]) <= set(REASONS)


def test_evidence_is_counted_once_for_each_publication(corridors, peru_publication):
    tables = peru_publication.tables
    origin = dict(zip(tables.sources["source_id"], tables.sources["origin_id"], strict=True))
    # A region and its capital are one place of the network.
    ends = {"08": "cusco", "cusco": "cusco", "17": "pem", "puerto_maldonado": "pem"}
    flows = tables.flows[
        (tables.flows["origin"].map(ends) == "cusco")
        & (tables.flows["destination"].map(ends) == "pem")
    ]
    publications = {origin[source] or source for source in flows["source_id"]}
    pair = corridors.pairs.set_index(["origin", "destination"]).loc[("cusco", "puerto_maldonado")]
    assert pair["weight"] == len(publications)
    assert set(pair["flow_ids"]) == set(flows["flow_id"])
    assert len(flows) > len(publications)


def test_the_coast_is_spread_evenly_and_marked(corridors):
    coast = corridors.ends[corridors.ends["place_id"] == "costa"]
    assert set(coast["network_place"]) == {
        "tumbes", "piura", "chiclayo", "trujillo", "lima", "callao", "ica", "tacna",
    }  # fmt: skip
    assert (coast["share"] == 1 / 8).all()
    assert (coast["rule"] == "area").all()
    only = corridors.pairs[corridors.pairs["flow_ids"] == ("F001",)]
    assert (only["weight"] == 1 / 8).all()


def test_every_place_of_the_study_is_on_the_network_by_a_stated_rule(corridors, peru_publication):
    places = set(peru_publication.tables.places["place_id"])
    assert set(corridors.ends["place_id"]) == places
    assert set(corridors.ends["rule"]) <= set(RULES)
    region = corridors.ends.set_index("place_id").loc["12"]
    assert (region["network_place"], region["rule"]) == ("huancayo", "region_capital")


def test_loads_are_weights_times_probabilities(corridors):
    links = corridors.links.set_index("link_id")
    total = corridors.pairs.loc[corridors.pairs["status"] == "routed", "weight"].sum()
    assert (links["load"] <= total).all()
    assert np.allclose(links["share"], links["load"] / total)
    assert (links["load_low"] <= links["load"] + 1e-12).all()
    assert (links["load"] <= links["load_high"] + 1e-12).all()
    assert np.allclose(links["load_forward"] + links["load_back"], links["load"])
    # Urcos - Ccatcca ends nothing: who passes the link passes both of its places.
    link = links[(links["from"] == "urcos") & (links["to"] == "ccatcca")].iloc[0]
    met = meet_probability(corridors.spread, ["ccatcca"])
    assert link["load"] == pytest.approx((met * corridors.pairs["weight"]).sum())


def test_every_used_link_is_in_one_leg(corridors):
    listed = [link for links in corridors.legs["link_ids"] for link in links]
    assert sorted(listed) == sorted(corridors.links["link_id"])
    assert corridors.legs["rank"].tolist() == list(range(1, len(corridors.legs) + 1))
    assert corridors.legs["load"].is_monotonic_decreasing


def test_equal_loads_are_ranked_by_length_not_by_rounding(corridors):
    by_load = corridors.legs.groupby("load", sort=False)["km"]
    assert (by_load.size() > 1).any()
    assert all(lengths.is_monotonic_decreasing for _, lengths in by_load)
    assert corridors.legs["load"].equals(corridors.legs["load"].round(9))


def test_what_is_carried_flows_in_and_out(corridors):
    out = pd.Series(0.0, index=list(corridors.network))
    # The table of links counts a flow once that passes a link on its way to a place and from it.
    assert corridors.links["load"].sum() <= corridors.spread.links["load"].sum()
    for row in corridors.spread.links.to_dict("records"):
        out[row["from"]] += row["load_forward"] - row["load_back"]
        out[row["to"]] += row["load_back"] - row["load_forward"]
    for pair in corridors.pairs[corridors.pairs["status"] == "routed"].to_dict("records"):
        out[pair["origin"]] -= pair["weight"]
        out[pair["destination"]] += pair["weight"]
    assert np.abs(out).max() < 1e-9


def test_nobody_takes_a_boat_round_iquitos_to_go_south(passed):
    assert passed["iquitos", "lima"].get("mazan", 0.0) < 0.001


def test_legs_keep_flow_times_length(corridors):
    of_legs = (corridors.legs["load"] * corridors.legs["km"]).sum()
    of_links = (corridors.links["load"] * corridors.links["km"]).sum()
    assert of_legs == pytest.approx(of_links)
    assert (corridors.legs["load_low"] <= corridors.legs["load"]).all()
    assert (corridors.legs["load"] <= corridors.legs["load_high"]).all()


def test_legs_are_walks_and_half_of_their_load_runs_along_all_of_them(corridors):
    links = corridors.links.set_index("link_id")
    by_link = pass_probabilities(corridors.spread)[0].fillna(0.0)
    by_link = by_link.mul(corridors.pairs["weight"], axis=0)
    for leg in corridors.legs.to_dict("records"):
        assert len(leg["place_ids"]) == len(leg["link_ids"]) + 1
        assert len(set(leg["place_ids"])) == len(leg["place_ids"])
        for start, end, key in zip(
            leg["place_ids"], leg["place_ids"][1:], leg["link_ids"], strict=False
        ):
            assert {start, end} == {links.at[key, "from"], links.at[key, "to"]}
        assert len({link == "river" for link in leg["modes"]}) == 1
        if len(leg["link_ids"]) > 1:
            common = by_link[list(leg["link_ids"])].min(axis=1)
            assert common.sum() >= 0.5 * leg["load"] - 1e-9
            # Pairs that end inside the leg do not run along all of it.
            ends = corridors.pairs[["origin", "destination"]].isin(leg["place_ids"][1:-1])
            assert common[~ends.any(axis=1)].sum() >= 0.5 * leg["load"] - 1e-9


@pytest.mark.parametrize("theta", [1.0, "fastest"])
def test_two_ways_that_meet_are_not_one_leg(toy_publication, theta):
    """Both ways carry half of the same flow, but nobody takes one after the other."""
    G = network(("a", "b", 1.0), ("b", "m", 1.0), ("a", "c", 1.0), ("m", "c", 1.0), ("m", "z", 1.0))
    G.nodes["a"]["name"], G.nodes["z"]["name"] = "Alto", "Bajo"
    legs = find_corridors(toy_publication, network=G, theta=theta).legs
    assert not any({"L1", "L3"} <= set(keys) for keys in legs["link_ids"])
    assert len(legs) == 2  # equally fast, so both are taken
    assert all(places[-1] in ("m", "z") for places in legs["place_ids"])


def test_a_leg_has_the_name_a_planner_uses(corridors):
    leg = corridors.legs.iloc[0]
    assert leg["name"] == "Cusco - Urcos - La Pampa - Puerto Maldonado"
    assert (leg["way_es"], leg["km"], leg["modes"]) == ("PE-30C", 473.0, ("road",))
    assert leg["hours"] == pytest.approx(10.5)
    assert {"F006", "F008"} <= set(leg["flow_ids"])
    assert leg["first_year"] <= 2014
    river = corridors.legs[corridors.legs["refs"] == ("Ucayali",)].iloc[0]
    assert (river["way_es"], river["way_en"]) == ("río Ucayali", "Ucayali river")


def test_flights_are_taken_only_if_they_are_allowed(peru_publication, corridors):
    assert "air" not in set(corridors.links["mode"])
    flying = find_corridors(peru_publication, modes=("road", "river", "border", "air"))
    assert "air" in set(flying.links["mode"])
    hours = flying.pairs["hours"], corridors.pairs["hours"]
    assert (hours[0] <= hours[1] + 1e-9).all()


def test_what_cannot_be_reached_is_named(peru_publication):
    roads = find_corridors(peru_publication, modes=("road",))
    unreachable = roads.pairs[roads.pairs["status"] == "unreachable"]
    assert set(unreachable["origin"]) | set(unreachable["destination"]) >= {"iquitos"}
    assert unreachable["hours"].isna().all()
    assert (roads.left_out["reason"] == "unreachable").sum() > 5


def with_flows(publication, flows):
    tables = dataclasses.replace(publication.tables, flows=flows)
    return narrow(publication, tables=tables)


def test_counts_evidence_and_shares_are_never_mixed(peru_publication):
    flows = peru_publication.tables.flows.copy()
    for row, (value, source) in enumerate([(12.0, "a"), (30.0, "a"), (20.0, "b")]):
        flows.loc[row, ["origin", "destination", "value", "value_kind", "source_id"]] = [
            "08", "17", value, "count", ["andina2018_ofaec", "chs_cusco2015"][source == "b"],
        ]  # fmt: skip
    tables = dataclasses.replace(peru_publication.tables, flows=flows)
    corridors = find_corridors(with_flows(peru_publication, flows), kind="count")
    # 12 and 30 stand in one publication and are added; 20 stands in another and is not.
    assert corridors.pairs["weight"].tolist() == [42.0]
    assert corridors.links["kind"].unique().tolist() == ["count"]
    assert corridors.links["load"].max() == pytest.approx(42.0, rel=1e-3)
    assert (corridors.left_out["reason"] == "other_kind").sum() == len(flows) - 3
    ends = locate_places(tables, corridors.network)
    evidence, _ = gather_pairs(tables, ends, "evidence")
    pair = evidence.set_index(["origin", "destination"]).loc[("cusco", "puerto_maldonado")]
    assert pair["weight"] < 12


def test_shares_of_different_totals_are_not_added(peru_publication):
    with pytest.raises(NetworkError, match="parts of different totals"):
        find_corridors(peru_publication, kind="share_of_destination")
    flows = peru_publication.tables.flows
    one = flows[flows["flow_id"] == "F006"]
    corridors = find_corridors(with_flows(peru_publication, one), kind="share_of_destination")
    assert corridors.links["load"].max() == pytest.approx(33.0, rel=1e-3)


def test_an_unknown_kind_is_refused_with_the_nearest(peru_publication):
    with pytest.raises(NetworkError, match="Did you mean 'evidence'"):
        find_corridors(peru_publication, kind="evidencia")


def test_a_study_without_flows_has_no_corridors(peru_publication):
    flows = peru_publication.tables.flows.iloc[:0]
    corridors = find_corridors(with_flows(peru_publication, flows))
    for name in ("links", "legs", "visits", "pairs", "left_out"):
        assert len(getattr(corridors, name)) == 0
    full = find_corridors(peru_publication)
    for name in ("links", "legs", "visits", "pairs", "left_out"):
        assert list(getattr(corridors, name)) == list(getattr(full, name))


def test_a_study_with_a_network_of_its_own(toy_publication):
    corridors = find_corridors(toy_publication)
    # Alto is the capital of Ámbar, Bajo that of Brisa. Duna and the coast are not on the network,
    # and Pozo is 39 km from Bajo.
    assert corridors.links["link_id"].tolist() == ["L1"]
    assert corridors.links["flow_ids"].tolist() == [("F1", "F3")]
    assert corridors.links["load"].tolist() == [2.0]
    assert corridors.legs["name"].tolist() == ["Alto - Bajo"]
    left = corridors.left_out.set_index("flow_id")["reason"]
    assert left.to_dict() == dict.fromkeys(("F2", "F4", "F5", "F6"), "no_place")


def test_a_place_near_the_network_is_put_on_it(toy_study, change):
    study = change("places.csv", "-8.25,-74.25", "-8.45,-74.45")
    ends = find_corridors(protect(study)).ends.set_index("place_id")
    assert (ends.at["pozo", "network_place"], ends.at["pozo", "rule"]) == ("b", "nearest")
    assert ends.at["pozo", "distance_km"] == pytest.approx(7.8, abs=0.1)


def test_the_fastest_level_spreads_nothing(peru_publication):
    corridors = find_corridors(peru_publication, theta="fastest")
    routed = corridors.pairs["status"] == "routed"
    assert np.isinf(corridors.pairs.loc[routed, "theta"]).all()
    # Nearby, passed, or one of two ways of the same hours.
    assert set(corridors.visits["probability"].round(9)) == {0.0, 0.5, 1.0}
    assert (corridors.links["load_low"] <= corridors.links["load"]).all()


def test_a_flow_that_names_places_between_is_spread_stage_by_stage(peru_publication):
    flows = peru_publication.tables.flows
    one = flows[(flows["origin"] == "iquitos") & (flows["destination"] == "puerto_maldonado")]
    plain = find_corridors(with_flows(peru_publication, one.head(1)))
    named = find_corridors(with_flows(peru_publication, one.head(1).assign(via="lima cusco")))
    assert named.pairs["via"].tolist() == [("lima", "cusco")]
    passed = named.visits.set_index("place_id")["probability"]
    assert passed["lima"] == passed["cusco"] == 1.0
    assert plain.visits.set_index("place_id")["probability"]["lima"] < 1.0
    assert named.pairs["hours"].item() >= plain.pairs["hours"].item()
    lost = find_corridors(with_flows(peru_publication, one.head(1).assign(via="nowhere")))
    assert lost.left_out["reason"].tolist() == ["part"]
    assert lost.pairs["via"].tolist() == [()]
    assert lost.pairs["status"].tolist() == ["routed"]


def test_a_publication_that_tells_two_ways_counts_once(peru_publication):
    flows = peru_publication.tables.flows
    one = flows[(flows["origin"] == "iquitos") & (flows["destination"] == "puerto_maldonado")]
    two = pd.concat([one.head(1)] * 2, ignore_index=True).assign(
        flow_id=["A", "B"], via=["lima cusco", "pucallpa"]
    )
    pairs = find_corridors(with_flows(peru_publication, two)).pairs
    assert pairs["weight"].tolist() == [0.5, 0.5]
    assert pairs["via"].tolist() == [("lima", "cusco"), ("pucallpa",)]


def test_finding_changes_no_input(peru_publication):
    before = {
        name: table.copy()
        for name, table in vars(peru_publication.tables).items()
        if isinstance(table, pd.DataFrame)
    }
    find_corridors(peru_publication)
    for name, table in before.items():
        assert table.equals(getattr(peru_publication.tables, name)), name


def test_a_network_from_elsewhere_is_named_by_the_study(toy_publication):
    G = network(("x", "y", 1.0), ("y", "z", 1.0))
    for place, lat, lon in (("x", -8.51, -75.5), ("y", -8.0, -75.0), ("z", -8.5, -74.51)):
        G.nodes[place].update(name=name_point(lon, lat), x=lon, y=lat)
    corridors = find_corridors(toy_publication, network=G)
    assert corridors.legs["name"].tolist() == ["Alto - Bajo"]
    ends = corridors.ends.set_index("place_id")
    assert (ends.at["01", "network_place"], ends.at["01", "rule"]) == ("x", "region_capital")
    assert G.nodes["x"]["name"] == name_point(-75.5, -8.51)  # the network given stays as it is


def test_places_without_a_name_get_that_of_what_is_near(peru_publication):
    """Names, kinds and regions, but none twice and none from far away."""
    links = [("x", "y", 1.0), ("y", "z", 1.0), ("z", "v", 1.0), ("v", "w", 1.0)]
    points = {
        "x": (-13.53, -71.96),  # at Cusco
        "y": (-13.11, -70.37),  # 1 km from Mazuko
        "z": (-13.10, -70.39),  # 2 km from it
        "v": (-12.0, -69.9),  # 90 km from anything
        "w": (-12.60, -69.20),  # at Puerto Maldonado
    }
    G = network(*links)
    for place, (lat, lon) in points.items():
        G.nodes[place].update(name=name_point(lon, lat), x=lon, y=lat, kind="junction")
    named = name_places(G, peru_publication.tables).nodes
    assert [named[place]["name"] for place in "xyw"] == ["Cusco", "Mazuko", "Puerto Maldonado"]
    assert (named["y"]["kind"], named["y"]["ubigeo"][:2]) == ("mining_zone", "17")
    assert named["z"]["name"] == "Mazuko (~2 km)"
    assert named["v"]["name"] == name_point(-69.9, -12.0)
    assert "name" in G.nodes["x"]
    assert G.nodes["x"]["kind"] == "junction"
    assert name_places(named_graph := find_corridors(peru_publication).network,
                       peru_publication.tables) is named_graph  # fmt: skip


def test_the_alternatives_of_a_pair_are_distinct_and_likely(corridors):
    ways = list_alternatives(corridors, "iquitos", "lima")
    first = ways.iloc[0]
    assert {"yurimaguas", "tarapoto"} <= set(first["place_ids"])
    assert any("pucallpa" in places for places in ways["place_ids"])
    assert ways["probability"].sum() == pytest.approx(1)
    links = corridors.links.set_index("link_id")
    for way in ways.to_dict("records"):
        for start, end, key in zip(
            way["place_ids"], way["place_ids"][1:], way["link_ids"], strict=False
        ):
            assert {start, end} == {links.at[key, "from"], links.at[key, "to"]}
        assert way["km"] == pytest.approx(links.loc[list(way["link_ids"]), "km"].sum())
    assert ways["name"].is_unique
    # 79.3 hours by boat and bus, and 6 for leaving the boat and boarding another.
    hours = sum(
        links.at[key, "hours" if links.at[key, "from"] == start else "hours_back"]
        for start, key in zip(first["place_ids"], first["link_ids"], strict=False)
    )
    assert first["hours"] == pytest.approx(hours + 12)


@pytest.mark.parametrize(
    ("ends", "places"),
    [
        (("cusco", "puerto_maldonado"), ("urcos", "ocongate", "quincemil", "mazuko")),
        (("puno", "puerto_maldonado"), ("juliaca", "macusani", "san_gaban", "mazuko")),
        (("iquitos", "piura"), ("yurimaguas", "tarapoto")),
    ],
)
def test_the_likeliest_way_is_the_fastest_and_the_one_that_people_know(corridors, ends, places):
    way = list_alternatives(corridors, *ends).iloc[0]
    assert in_order(way["place_ids"], ends[0], *places, ends[1])
    plain = corridors.pairs[corridors.pairs["via"].map(len) == 0]
    pair = plain.set_index(["origin", "destination"]).loc[ends]
    assert way["hours"] == pytest.approx(pair["hours"])


@pytest.mark.parametrize("origin", ["pucallpa", "iquitos"])
def test_on_long_journeys_too_the_fastest_way_is_the_likeliest(corridors, origin):
    ways = list_alternatives(corridors, origin, "puerto_maldonado")
    assert ways["hours"].idxmin() == 0


def test_ranges_cover_theta_hours_boats_season_and_publications(corridors, peru_publication):
    ranges = corridors.ranges
    assert set(ranges.cases) == {
        "base", "land_longer", "land_shorter", "river_longer", "river_shorter", "boats", "season",
    }  # fmt: skip
    origins = origin_of_sources(peru_publication.tables.sources)
    assert set(ranges.views) == {"", *peru_publication.tables.flows["source_id"].map(origins)}
    assert len(ranges.loads) == 7 * 3 * len(ranges.views)
    # Each corner, done again alone, lies within the range of every link and leg.
    for options in ({"boats": "rapido"}, {"season": "wet"}, {"theta": "many"}, {"theta": "few"}):
        other = find_corridors(peru_publication, **options).links.set_index("link_id")["load"]
        own = corridors.links.set_index("link_id")
        both = own.index.intersection(other.index)
        assert (other[both] >= own.loc[both, "load_low"] - 1e-9).all(), options
        assert (other[both] <= own.loc[both, "load_high"] + 1e-9).all(), options
    urcos = corridors.links.set_index("link_id").loc["L312"]
    assert urcos["share_low"] + 0.02 < urcos["share"] < urcos["share_high"] - 0.005


def test_leaving_out_a_publication_takes_its_evidence_away(corridors):
    ranges = corridors.ranges
    total = ranges.weights.sum(axis=1)
    assert (total[1:] < total[0]).all()
    assert ranges.weights[0].sum() == pytest.approx(
        corridors.pairs.loc[corridors.pairs["status"] == "routed", "weight"].sum()
    )


def test_a_pair_that_nobody_reported_has_no_alternatives(corridors):
    with pytest.raises(NetworkError, match="no alternatives from 'lima' to 'iquitos'"):
        list_alternatives(corridors, "lima", "iquitos")
