"""The transport network: places and links of a study as a NetworkX multigraph."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
from corredor.geodata.errors import NetworkError, nearest, suggestion
from corredor.geodata.messages import Message
from corredor.geodata.study.contracts import MODES
from corredor.geodata.study.tables import as_records

# What people travel by unless flights are asked for: with them the shortest hours of nearly every
# long pair lead through the airport of Lima.
SURFACE = ("road", "river", "border")
# Slow boats are the default: they alone call at all ports of the long rivers, so that every way by
# river can be compared with every other; fast boats run on some reaches only.
BOATS, DEFAULT_BOATS = ("lancha", "rapido"), "lancha"
SEASONS, DEFAULT_SEASON = ("dry", "wet"), "dry"


def build_network(
    places: pd.DataFrame,
    links: pd.DataFrame,
    *,
    modes: Collection[str] = MODES,
    boats: str = DEFAULT_BOATS,
    season: str = DEFAULT_SEASON,
    dangerous: bool = False,
) -> nx.MultiGraph[str]:
    """Build the transport network.

    Parameters
    ----------
    places, links : DataFrame
        The tables ``network_places`` and ``network_links`` of a `Publication`, or those of
        `read_network`.
    modes : collection of {"road", "river", "air", "border"}
        Links of other modes are left out; all places stay.
    boats : {"lancha", "rapido"}
        The class of boat all hours are of: the slow boats that call at every port, or the fast
        ones (``fast_hours``) where such a boat runs. One class at a time, as a way by the slow boat
        would else lose against one whose hours are those of the fast boat.
    season : {"dry", "wet"}
        In the rains ``wet_hours`` count and links that are then closed are left out.
    dangerous : bool
        Whether links called dangerous are kept.

    Returns
    -------
    MultiGraph
        One node per place with ``name``, ``kind``, ``ubigeo``, ``x`` and ``y`` (degrees); one edge
        per link, its key the ``link_id``, with ``mode``, ``ref``, ``surface``, ``km``, ``hours``
        (away from ``tail``), ``hours_back`` (towards ``tail``; equal to ``hours`` where the table
        leaves it empty), ``tail``, ``basis`` and, where the table has it, ``departures`` (a week)
        and ``geometry`` (from ``tail``). ``G.graph["crs"]`` is ``"EPSG:4326"``.

    Raises
    ------
    NetworkError
        If a mode, class of boat or season is not known.

    Examples
    --------
    >>> from corredor.geodata import embedded_study, protect, read_study
    >>> tables = protect(read_study(embedded_study())).tables
    >>> G = build_network(tables.network_places, tables.network_links, modes=("road",))
    >>> G["cusco"]["urcos"]["L312"]["ref"]
    'PE-3S'
    """
    for mode in modes:
        check_choice(mode, MODES, Message("mode"))
    check_choice(boats, BOATS, Message("class of boat"))
    check_choice(season, SEASONS, Message("season"))
    kept = ["mode", "ref", "surface", "km", "basis"]
    kept += [name for name in ("departures", "geometry") if name in links]
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
        caution = link.get("caution")
        if link["mode"] not in modes or (caution == "dangerous" and not dangerous):
            continue
        if season == "wet" and caution == "closed_in_rains":
            continue
        there, back = _hours(link, boats, season)
        G.add_edge(
            link["from"],
            link["to"],
            key=link["link_id"],
            tail=link["from"],
            **{key: link[key] for key in kept},
            hours=there,
            hours_back=back,
        )
    return G


def _hours(link: dict[str, Any], boats: str, season: str) -> tuple[float, float]:
    """Return the hours of a link there and back, for a class of boat and a season."""
    there, back = link["hours"], link["hours_back"]
    for name, asked in (("fast", boats == "rapido"), ("wet", season == "wet")):
        if asked and not pd.isna(link.get(f"{name}_hours", np.nan)):
            there, back = link[f"{name}_hours"], link[f"{name}_hours_back"]
    return there, there if pd.isna(back) else back


def check_choice(value: str, choices: Collection[str], what: Message) -> None:
    """Refuse a value that is none of the choices."""
    if value not in choices:
        raise NetworkError(
            Message(
                "There is no {what} '{value}'. {fix} There are: {choices}.",
                what=what,
                value=value,
                fix=suggestion(value, choices),
                choices=", ".join(choices),
            )
        )


def check_place(G: nx.MultiGraph[str], place_id: str) -> None:
    """Refuse a place that is not in the network."""
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
