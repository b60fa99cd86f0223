"""What moves where when a road, a port or a place is closed, in the rains, or by other boats.

Inferred twice over: people and routes move, and nobody knows how. The same reported flows are
spread again over the changed network.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
import pandas as pd
from corredor.geodata import Publication
from corredor.geodata.errors import NetworkError, suggestion
from corredor.geodata.messages import Message
from corredor.geodata.places.keys import key_of
from corredor.geodata.study.contracts import MODES

from .corridors import AT_LEAST, Corridors, find_corridors, find_demand
from .legs import as_objects, build_legs
from .links import TRANSFER_HOURS, Floats, to_links
from .paths import link_table
from .question import find_place
from .spread import Spread, on_links, pair_probability, passages, spread_links

# Differences of load and of hours below these are none.
LEAST_CHANGE, LEAST_HOURS = 0.005, 1e-6
LEG_COLUMNS = [
    "scenario", "leg_id", "name", "km", "before", "after", "change", "place_ids", "link_ids",
]  # fmt: skip
PAIR_COLUMNS = [
    "scenario", "origin", "destination", "via", "weight", "hours_before", "hours_after", "what",
]  # fmt: skip


@dataclass(frozen=True)
class Scenario:
    """A changed network.

    Parameters
    ----------
    links : tuple of str
        Links (link_id) that are closed.
    places : tuple of str
        Places that nobody passes; journeys still begin and end there.
    boats, season : str, optional
        Class of boat and season, where they are other than in the study.
    """

    links: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    boats: str | None = None
    season: str | None = None


@dataclass(frozen=True)
class Comparison:
    """What scenarios change, all of it inferred.

    Parameters
    ----------
    legs : DataFrame
        One row per scenario and leg whose load changes, the largest change first: ``scenario``,
        ``leg_id`` (of the corridors without any closure; empty for legs that are used only now),
        ``name``, ``km``, ``before``, ``after``, ``change`` (mean load over the length, in the unit
        of the weights), ``place_ids``, ``link_ids``.
    pairs : DataFrame
        One row per scenario and routed pair: ``scenario``, ``origin``, ``destination``, ``via``,
        ``weight``, ``hours_before``, ``hours_after`` (NaN where no way is left), ``what`` ("same",
        "longer", "shorter", "lost").
    corridors : Corridors
        What they are compared with.
    """

    legs: pd.DataFrame
    pairs: pd.DataFrame
    corridors: Corridors


def find_closed(corridors: Corridors, publication: Publication, what: Sequence[str]) -> Scenario:
    """Find what is to be closed."""
    legs = corridors.legs
    by_name = {
        **dict(zip(legs["name"].map(key_of), legs["link_ids"], strict=True)),
        **dict(zip(legs["leg_id"].map(key_of), legs["link_ids"], strict=True)),
        **{key_of(link): (link,) for link in corridors.spread.graph.links.link_ids},
    }
    links: list[str] = []
    places: list[str] = []
    for one in what:
        if key_of(one) in by_name:
            links += by_name[key_of(one)]
            continue
        try:
            places.append(find_place(publication.tables, corridors, one))
        except NetworkError as error:
            raise NetworkError(
                Message(
                    "'{what}' is no leg, link or place that could be closed. {fix}", what=one,
                    fix=suggestion(
                        one, [*MODES, *legs["name"], *legs["leg_id"], *corridors.network]
                    ),
                )
            ) from error  # fmt: skip
    return Scenario(tuple(dict.fromkeys(links)), tuple(dict.fromkeys(places)))


def name_closed(corridors: Corridors, closed: Scenario) -> str:
    """Return what is closed by its names, a leg as a whole where all of it is."""
    nodes, gone = corridors.network.nodes, set(closed.links)
    names = [str(nodes[place]["name"]) for place in closed.places]
    for name, links in zip(corridors.legs["name"], corridors.legs["link_ids"], strict=True):
        if gone >= set(links):
            names.append(name)
            gone -= set(links)
    names += [
        f"{nodes[u]['name']} - {nodes[v]['name']}"
        for u, v, key in corridors.network.edges(keys=True)
        if key in gone
    ]
    return ", ".join(names)


def compare_scenarios(
    publication: Publication,
    scenarios: Mapping[str, Scenario],
    *,
    corridors: Corridors | None = None,
) -> Comparison:
    """Spread the flows of a study again over changed networks.

    Parameters
    ----------
    publication : Publication
        A protected study with a network.
    scenarios : mapping of str to Scenario
        By name.
    corridors : Corridors, optional
        What they are compared with, from `find_corridors`; as it finds them if left out.

    Returns
    -------
    Comparison
        Legs and pairs that change.

    Raises
    ------
    NetworkError
        If a link or place is not in the network.

    Examples
    --------
    >>> from corredor.geodata import embedded_study, protect, read_study
    >>> publication = protect(read_study(embedded_study()))
    >>> found = compare_scenarios(publication, {"no Mazuko": Scenario(places=("mazuko",))})
    >>> bool((found.pairs["what"] == "longer").any())
    True
    """
    base = corridors or find_corridors(publication)
    tables: list[pd.DataFrame] = []
    pairs: list[pd.DataFrame] = []
    for name, scenario in scenarios.items():
        spread = _spread(publication, base, scenario)
        tables.append(_legs(base, spread).assign(scenario=name))
        pairs.append(_pairs(base.spread, spread).assign(scenario=name))
    legs = pd.concat([pd.DataFrame(columns=LEG_COLUMNS), *tables], ignore_index=True)
    return Comparison(
        legs[LEG_COLUMNS],
        pd.concat([pd.DataFrame(columns=PAIR_COLUMNS), *pairs], ignore_index=True)[PAIR_COLUMNS],
        base,
    )


def _spread(publication: Publication, base: Corridors, scenario: Scenario) -> Spread:
    """Spread the pairs of corridors over the changed network."""
    G = base.network
    boats, season = scenario.boats or base.boats, scenario.season or base.season
    if (boats, season) != (base.boats, base.season):
        G = find_demand(
            publication, modes=base.modes, kind=base.kind, boats=boats, season=season
        ).network
    _check(G, scenario.links)
    kept: nx.MultiGraph[str] = nx.MultiGraph(G)
    gone = set(scenario.links)
    for u, v, key in G.edges(keys=True):
        if key in gone:
            kept.remove_edge(u, v, key=key)
    links = to_links(kept, TRANSFER_HOURS)
    return spread_links(kept, links, base.pairs, base.theta, scenario.places)


def _check(G: nx.MultiGraph[str], wanted: Collection[str]) -> None:
    known = {key for *_, key in G.edges(keys=True)}
    for link in wanted:
        if link not in known:
            raise NetworkError(
                Message("The network has no link '{link}'. {fix}", link=link,
                        fix=suggestion(link, known))
            )  # fmt: skip


def _legs(base: Corridors, spread: Spread) -> pd.DataFrame:
    """Return the legs whose load changes."""
    weight = base.pairs["weight"].to_numpy(dtype=float)
    after = _loads(spread, weight)
    length = {key: float(link["km"]) for *_, key, link in base.network.edges(keys=True, data=True)}
    records = []
    for leg in base.legs.to_dict("records"):
        km = np.maximum([length[link] for link in leg["link_ids"]], 1e-9)
        now = np.array([after.get(link, 0.0) for link in leg["link_ids"]]) @ km / km.sum()
        records.append({**leg, "before": leg["load"], "after": now})
    known = {link for links in base.legs["link_ids"] for link in links}
    fresh = _fresh_legs(base, spread, weight, known)
    records += [
        {**leg, "leg_id": "", "before": 0.0, "after": leg["load"]}
        for leg in fresh.to_dict("records")
    ]
    table = pd.DataFrame(records, columns=LEG_COLUMNS)
    table["change"] = table["after"].astype(float) - table["before"].astype(float)
    total = weight[(base.pairs["status"] == "routed").to_numpy()].sum()
    table = table[table["change"].abs() >= LEAST_CHANGE * max(total, 1e-12)]
    order = table["change"].abs().round(9)
    found: pd.DataFrame = table.iloc[np.argsort(-order.to_numpy(), kind="stable")]
    return found


def _loads(spread: Spread, weight: Floats) -> dict[str, float]:
    loads = weight @ np.nan_to_num(pair_probability(spread, on_links(spread)))
    return dict(zip(spread.graph.links.link_ids, loads.tolist(), strict=True))


def _fresh_legs(
    base: Corridors, spread: Spread, weight: Floats, known: Collection[str]
) -> pd.DataFrame:
    """Return legs of links that nothing was expected to use before."""
    links = spread.graph.links
    both = passages(spread)
    new = np.array([link not in known for link in links.link_ids], dtype=bool)
    used = np.flatnonzero(new & (both.sum(axis=0) >= AT_LEAST).any(axis=0))
    by_pair = weight[:, None] * both[:, :, used]
    there, back = by_pair.sum(axis=1)
    table = link_table(links, np.zeros(len(new)), np.zeros(len(new))).iloc[used].copy()
    load = there + back
    for name in ("ref", "km", "hours", "hours_back"):
        table[name] = [links.data[at].get(name) for at in used]
    table = table.assign(
        load_forward=there, load_back=back, load=load, load_low=load, load_high=load, share=load,
        flow_ids=as_objects([()] * len(used)), source_ids=as_objects([()] * len(used)),
    ).reset_index(drop=True)  # fmt: skip
    ends = set(base.pairs["origin"]) | set(base.pairs["destination"])
    return build_legs(spread.network, table, by_pair, ends, base.pairs, load[None, :])


def _pairs(before: Spread, after: Spread) -> pd.DataFrame:
    """Return what becomes of every pair that was routed."""
    one, other = before.pairs, after.pairs
    routed = (one["status"] == "routed").to_numpy()
    hours = other["hours"].to_numpy(dtype=float)
    longer = hours - one["hours"].to_numpy(dtype=float)
    what = np.select(
        [np.isnan(hours), longer > LEAST_HOURS, longer < -LEAST_HOURS],
        ["lost", "longer", "shorter"], "same",
    )  # fmt: skip
    table = one[["origin", "destination", "via", "weight"]].assign(
        hours_before=one["hours"], hours_after=hours, what=what
    )
    return table[routed].reset_index(drop=True)
