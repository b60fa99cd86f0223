"""Expected flows against iterative proportional fitting. All counts are invented."""

import sys

import numpy as np
import pandas as pd
import pytest
from corredor.geodata import MissingExtraError, NetworkError
from corredor.routes.gravity import expected_flows
from scipy.optimize import brentq

pytest.importorskip("spint", reason="the extra 'gravity' is not installed")


@pytest.fixture
def flows():
    """Six places on a line; every pair but one follows the model roughly."""
    random = np.random.default_rng(7)
    at = np.array([0.0, 1.0, 2.5, 4.0, 7.0, 8.0])
    size = np.array([50, 20, 80, 40, 60, 30])
    rows = [
        (f"o{i}", f"d{j}", abs(at[i] - at[j]) + 0.5, size[i] * size[j])
        for i in range(6)
        for j in range(6)
        if i != j
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["origin", "destination", "hours", "mean"])
    mean = table["mean"] / 10 * np.exp(-0.4 * table["hours"])
    table["value"] = random.poisson(mean).astype(float)
    return table.drop(columns="mean").assign(value_kind="count")


def ipf(flows, beta, decay):
    """Balance exp(beta c) or c^beta to the totals of origins and destinations."""
    cost, value = flows["hours"].to_numpy(), flows["value"].to_numpy()
    ends = [pd.factorize(flows[end])[0] for end in ("origin", "destination")]
    expected = np.exp(beta * cost) if decay == "exponential" else cost**beta
    for _ in range(200):
        for end in ends:
            expected = expected * (np.bincount(end, value) / np.bincount(end, expected))[end]
    return expected


@pytest.mark.parametrize("decay", ["exponential", "power"])
def test_expected_flows_are_those_of_a_balanced_model_with_the_right_beta(flows, decay):
    """The best beta makes the mean cost (or log cost) of the model that of the report."""
    result = expected_flows(flows, decay=decay)
    cost = flows["hours"] if decay == "exponential" else np.log(flows["hours"])

    def surplus(beta):
        return float(((ipf(flows, beta, decay) - flows["value"]) * cost).sum())

    beta = brentq(surplus, -3, 1, xtol=1e-9)
    assert result.beta == pytest.approx(beta, abs=1e-5)
    assert result.table["expected"].to_numpy() == pytest.approx(ipf(flows, beta, decay), rel=1e-4)
    assert result.beta_error > 0


def test_totals_are_kept_and_an_odd_pair_stands_out(flows):
    flows.loc[3, "value"] += 400
    result = expected_flows(flows)
    for end in ("origin", "destination"):
        sums = result.table.groupby(end)[["value", "expected"]].sum()
        assert sums["expected"].to_numpy() == pytest.approx(sums["value"].to_numpy(), rel=1e-6)
    assert result.table["residual"].idxmax() == 3
    assert result.table["ratio"][3] == pytest.approx(
        flows["value"][3] / ipf(flows, result.beta, "exponential")[3], rel=1e-4
    )
    assert 0 < result.fit < 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"value_kind": "none"}, "from counts only, and 30 of 30 flows carry none"),
        ({"value": np.nan}, "from counts only"),
        ({"value": -1.0}, "from counts only"),
        ({"hours": 0.0}, "Every flow needs a number above 0 in 'hours'; 30 have none"),
        ({"origin": "o1", "destination": "d1"}, "A pair stands twice"),
    ],
)
def test_what_is_no_table_of_counts_is_refused(flows, change, words):
    with pytest.raises(NetworkError, match=words):
        expected_flows(flows.assign(**change))


def test_too_few_pairs_and_missing_columns_are_refused(flows):
    with pytest.raises(NetworkError, match="6 pairs are too few"):
        expected_flows(flows.head(6))
    with pytest.raises(NetworkError, match="no column 'km'"):
        expected_flows(flows, cost="km")
    with pytest.raises(NetworkError, match="no decay 'slow'"):
        expected_flows(flows, decay="slow")


def test_the_reported_flows_of_the_study_are_refused(peru_publication):
    """Most of them carry no count, so nothing is expected of them."""
    flows = peru_publication.tables.flows.assign(hours=1.0)
    with pytest.raises(NetworkError, match="Evidence and shares are no counts"):
        expected_flows(flows)


def test_a_missing_extra_is_named(flows, monkeypatch):
    monkeypatch.setitem(sys.modules, "spint.gravity", None)
    with pytest.raises(MissingExtraError, match=r"corredor\[gravity\]"):
        expected_flows(flows)
