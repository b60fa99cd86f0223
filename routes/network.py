"""The transport network: places and links of a study as a NetworkX multigraph."""

from __future__ import annotations

from collections.abc import Collection

import networkx as nx
import pandas as pd
from corredor.geodata.errors import NetworkError, nearest, suggestion
from corredor.geodata.messages import Message
from corredor.geodata.study.contracts import MODES
from corredor.geodata.study.tables import as_records

# What people travel by unless flights are asked for: with them the shortest hours of nearly every
# long pair lead through the airport of Lima.
SURFACE = ("road", "river", "border")


def build_network(
    places: pd.DataFrame, links: pd.DataFrame, *, modes: Collection[str] = MODES
) -> nx.MultiGraph[str]:
    """Build the transport network.

    Parameters
    ----------
    places, links : DataFrame
        The tables ``network_places`` and ``network_links`` of a `Publication`, or those of
        `read_network`.
    modes : collection of {"road", "river", "air", "border"}
        Links of other modes are left out; all places stay.

    Returns
    -------
    MultiGraph
        One node per place with ``name``, ``kind``, ``ubigeo``, ``x`` and ``y`` (degrees); one edge
        per link, its key the ``link_id``, with ``mode``, ``ref``, ``surface``, ``km``, ``hours``
        (away from ``tail``), ``hours_back`` (towards ``tail``; equal to ``hours`` where the table
        leaves it empty), ``tail``, ``basis`` and, where the table has it, ``geometry`` (from
        ``tail``). ``G.graph["crs"]`` is ``"EPSG:4326"``.

    Raises
    ------
    NetworkError
        If a mode is not known.

    Examples
    --------
    >>> from corredor.geodata import embedded_study, protect, read_study
    >>> tables = protect(read_study(embedded_study())).tables
    >>> G = build_network(tables.network_places, tables.network_links, modes=("road",))
    >>> G["cusco"]["urcos"]["L312"]["ref"]
    'PE-3S'
    """
    for mode in modes:
        if mode not in MODES:
            raise NetworkError(
                Message(
                    "There is no mode '{mode}'. {fix} Modes: {modes}.",
                    mode=mode,
                    fix=suggestion(mode, MODES),
                    modes=", ".join(MODES),
                )
            )
    kept = ["mode", "ref", "surface", "km", "hours", "basis"]
    kept += ["geometry"] if "geometry" in links else []
    G: nx.MultiGraph[str] = nx.MultiGraph(crs="EPSG:4326")
    for place in as_records(places):
        G.add_node(
            place["place_id"],
            name=place["place"],
            kind=place["kind"],
            ubigeo=place["ubigeo"],
            x=place["lon"],
            y=place["lat"],
        )
    for link in as_records(links):
        if link["mode"] in modes:
            back = link["hours"] if pd.isna(link["hours_back"]) else link["hours_back"]
            G.add_edge(
                link["from"],
                link["to"],
                key=link["link_id"],
                tail=link["from"],
                **{key: link[key] for key in kept},
                hours_back=back,
            )
    return G


def check_place(G: nx.MultiGraph[str], place_id: str) -> None:
    """Refuse a place that is not in the network.

    Parameters
    ----------
    G : MultiGraph
        A network.
    place_id : str
        The place.

    Raises
    ------
    NetworkError
        If it is not a node of ``G``; the text offers the nearest name.
    """
    if place_id not in G:
        like = nearest(place_id, map(str, G))
        raise NetworkError(
            Message(
                "The network has no place '{place}'. {fix}",
                place=place_id,
                fix=suggestion(place_id, map(str, G))
                if like
                else Message("Places are named by their place_id."),
            )
        )
