"""What closures change: by hand, and nothing where nothing is closed."""

import pytest
from corredor.geodata import NetworkError
from corredor.routes import Scenario, compare_scenarios, find_closed, find_corridors
from corredor.routes.links import TRANSFER_HOURS, to_links
from corredor.routes.spread import spread_links
from walkers import network, pairs


@pytest.fixture(scope="module")
def corridors(peru_corridors):
    return peru_corridors


def test_nothing_closed_changes_nothing(peru_publication, corridors):
    found = compare_scenarios(peru_publication, {"as it is": Scenario()}, corridors=corridors)
    assert found.legs.empty
    assert (found.pairs["what"] == "same").all()


def test_nobody_passes_a_closed_place_but_its_own_flows_stay():
    G = network(("a", "m", 1.0), ("m", "z", 1.0), ("a", "z", 5.0), ("m", "x", 1.0))
    links = to_links(G, TRANSFER_HOURS)
    ends = pairs(("a", "z"), ("a", "m"), ("m", "z"), ("x", "a"))
    closed = spread_links(G, links, ends, "some", ["m"])
    assert closed.pairs["hours"].tolist()[:3] == [5.0, 1.0, 1.0]
    assert closed.pairs["status"].tolist() == ["routed", "routed", "routed", "unreachable"]


def test_a_closed_leg_moves_its_flow_elsewhere(peru_publication, corridors):
    leg = corridors.legs.iloc[0]
    closed = find_closed(corridors, peru_publication, [leg["name"]])
    assert closed.links == leg["link_ids"]
    found = compare_scenarios(peru_publication, {"closed": closed}, corridors=corridors)
    legs = found.legs.set_index("leg_id")
    assert legs.at[leg["leg_id"], "after"] == 0.0
    assert legs.at[leg["leg_id"], "before"] == pytest.approx(leg["load"])
    gained = found.legs[found.legs["change"] > 0]
    assert len(gained)
    assert found.legs["change"].abs().is_monotonic_decreasing
    lost = found.pairs[found.pairs["what"] == "lost"]
    assert set(lost["destination"]) & {"la_pampa", "puerto_maldonado", "mazuko"} or lost.empty
    longer = found.pairs[found.pairs["what"] == "longer"]
    assert (longer["hours_after"] > longer["hours_before"]).all()


def test_the_rains_close_what_is_closed_then(peru_publication, corridors):
    scenarios = {"rains": Scenario(season="wet"), "fast boats": Scenario(boats="rapido")}
    found = compare_scenarios(peru_publication, scenarios, corridors=corridors)
    by_name = found.pairs.groupby("scenario")["what"]
    assert set(by_name.get_group("rains")) == {"same", "longer"}
    assert "shorter" in set(by_name.get_group("fast boats"))
    wet = find_corridors(peru_publication, season="wet")
    rains = found.pairs[found.pairs["scenario"] == "rains"].set_index(["origin", "destination"])
    hours = wet.pairs.set_index(["origin", "destination"])["hours"]
    assert rains["hours_after"].to_dict() == pytest.approx(hours[rains.index].to_dict())


def test_what_cannot_be_closed_is_refused(peru_publication, corridors):
    with pytest.raises(NetworkError, match=r"no leg, link or place.*Did you mean 'mazuko'"):
        find_closed(corridors, peru_publication, ["mazukko"])
    with pytest.raises(NetworkError, match="no link 'L9999'"):
        compare_scenarios(peru_publication, {"x": Scenario(links=("L9999",))}, corridors=corridors)
