"""The flow graph: reported flows as a NetworkX multigraph, and what each place is in it."""

from __future__ import annotations

from typing import Literal

import networkx as nx
import numpy as np
import pandas as pd
from corredor.geodata import origin_of_sources
from corredor.geodata.study.tables import as_records

Role = Literal["mainly_origin", "mainly_destination", "both", "within", "none"]

# From two thirds of the evidence on, a place is called mainly origin or mainly destination.
MAINLY = 2 / 3


def build_flow_graph(
    flows: pd.DataFrame, places: pd.DataFrame, sources: pd.DataFrame
) -> nx.MultiDiGraph[str]:
    """Build the flow graph.

    Parameters
    ----------
    flows, places, sources : DataFrame
        Checked tables of a `Publication`. ``flows`` may have been rolled up to regions.

    Returns
    -------
    MultiDiGraph
        One node per place named by a flow, with ``name``, ``kind``, ``ubigeo`` and, where the place
        has a point, ``x`` and ``y`` (degrees); one edge per row of ``flows``, its key the
        ``flow_id``, with all other columns of the row as attributes and ``publication`` (the
        ``origin_id`` of its source). ``G.graph["crs"]`` is ``"EPSG:4326"``.
    """
    G: nx.MultiDiGraph[str] = nx.MultiDiGraph(crs="EPSG:4326", columns=list(flows.columns))
    named = set(flows["origin"]) | set(flows["destination"])
    for place in as_records(places[places["place_id"].isin(named)]):
        attributes = {key: place[key] for key in ("name", "kind", "ubigeo")}
        if pd.notna(place["lat"]):
            attributes |= {"x": place["lon"], "y": place["lat"]}
        G.add_node(place["place_id"], **attributes)
    publication = origin_of_sources(sources)
    for flow in as_records(flows):
        origin, destination = flow.pop("origin"), flow.pop("destination")
        key = flow.pop("flow_id")
        G.add_edge(origin, destination, key=key, **flow, publication=publication[flow["source_id"]])
    return G


def to_flow_table(G: nx.MultiDiGraph[str]) -> pd.DataFrame:
    """Return the flows table that a flow graph was built from."""
    records = [
        {"flow_id": key, "origin": origin, "destination": destination, **attributes}
        for origin, destination, key, attributes in G.edges(keys=True, data=True)
    ]
    table = pd.DataFrame(records, columns=G.graph["columns"])
    return table.sort_values("flow_id", ignore_index=True)


def count_evidence(G: nx.MultiDiGraph[str]) -> pd.DataFrame:
    """Count the independent publications behind what leaves, reaches and stays in each place.

    A publication that names several pairs of a place counts once for that place.
    """
    reports = pd.DataFrame(
        [(start, end, edge["publication"]) for start, end, edge in G.edges(data=True)],
        columns=["origin", "destination", "publication"],
    )
    return _count_publications(reports, list(G))


def count_flow_evidence(flows: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Count the same as `count_evidence` without a graph, for tables of any length."""
    publication = flows["source_id"].map(origin_of_sources(sources))
    reports = flows[["origin", "destination"]].assign(publication=publication)
    return _count_publications(reports, [*flows["origin"].unique(), *flows["destination"].unique()])


def _count_publications(reports: pd.DataFrame, nodes: list[str]) -> pd.DataFrame:
    places, words = pd.factorize(pd.concat([reports["origin"], reports["destination"]]))
    start, end = np.split(places, 2)
    publication, named = pd.factorize(reports["publication"])
    index = pd.Index(dict.fromkeys(nodes), name="place_id", dtype=object)
    at = pd.Index(words, dtype=object).get_indexer(index)
    counted = {}
    for name, side, rows in (
        ("outflow", start, start != end),
        ("inflow", end, start != end),
        ("internal", start, start == end),
    ):
        distinct = np.unique(side[rows] * len(named) + publication[rows])
        count = np.bincount(distinct // max(len(named), 1), minlength=len(words) + 1)
        counted[name] = count[at]  # -1, the last: a place that no flow names
    table = pd.DataFrame(counted, index=index, dtype="int64")
    roles = [
        name_role(*row) for row in zip(*(table[name].tolist() for name in counted), strict=True)
    ]
    return table.assign(net=table["inflow"] - table["outflow"], role=roles)


def name_role(outflow: int, inflow: int, internal: int) -> Role:
    """Name the role of a place in plain words."""
    crossing = outflow + inflow
    if not crossing:
        return "within" if internal else "none"
    if outflow >= MAINLY * crossing:
        return "mainly_origin"
    if inflow >= MAINLY * crossing:
        return "mainly_destination"
    return "both"
