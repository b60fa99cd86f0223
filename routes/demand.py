"""What travels: reported flows as weighted pairs of network places, one kind of weight at a time.

Evidence, counts and shares are three things and are never added to each other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from corredor.geodata import Tables, origin_of_sources
from corredor.geodata.errors import NetworkError, suggestion
from corredor.geodata.messages import Message
from corredor.geodata.study.tables import as_records

from .links import Floats

Kind = Literal["evidence", "count", "share_of_origin", "share_of_destination"]
KINDS: tuple[Kind, ...] = ("evidence", "count", "share_of_origin", "share_of_destination")

REASONS: dict[str, Message] = {
    "no_place": Message("an end is not on the network"),
    "other_kind": Message("it carries no number of the kind that was chosen"),
    "internal": Message("it begins and ends in one place of the network"),
    "unreachable": Message("no way of the chosen modes joins its ends"),
    "part": Message(
        "only a part of it is carried: places of an area are cut off or its other end, or a place"
        " named between is not on the network"
    ),
}
WHOLE = 1 - 1e-9
PAIR_COLUMNS = [
    "origin", "destination", "via", "weight", "flow_ids", "source_ids", "first_year", "last_year",
    "publications",
]  # fmt: skip
LEFT_COLUMNS = ["flow_id", "origin", "destination", "reason", "source_id"]


@dataclass
class _Pair:
    """What is gathered about one pair while rows are read."""

    by_publication: dict[str, float]
    flow_ids: dict[str, None]
    source_ids: dict[str, None]
    years: set[int]


def gather_pairs(
    tables: Tables, ends: pd.DataFrame, kind: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Turn reported flows into weighted pairs of network places.

    Parameters
    ----------
    tables : Tables
        Tables of a `Publication`.
    ends : DataFrame
        Result of `locate_places`.
    kind : {"evidence", "count", "share_of_origin", "share_of_destination"}
        What the weight is. Evidence: the number of independent publications that name the pair.
        Each counts once for two ends, in part if it names an area, and in
        equal parts for each way that it tells between them. Counts and shares: the numbers of
        one publication are added, of several publications the largest stands (never their sum).

    Returns
    -------
    tuple of two DataFrame
        Pairs in order of first mention: ``origin``, ``destination`` (network places), ``via``
        (tuple of network places named between them), ``weight`` (float64), ``flow_ids``,
        ``source_ids`` (tuples), ``first_year``, ``last_year`` (Int64, empty where no period is
        given), ``publications`` (tuple of what each gives to the weight). And the flows left
        out: ``flow_id``, ``origin``, ``destination`` (as reported), ``reason`` (a key of
        `REASONS`), ``source_id``.

    Raises
    ------
    NetworkError
        If the kind is not known, or if shares of different totals would be added.
    """
    if kind not in KINDS:
        raise NetworkError(
            Message(
                "There is no weight '{kind}'. {fix} Weights: {kinds}.",
                kind=kind,
                fix=suggestion(kind, KINDS),
                kinds=", ".join(KINDS),
            )
        )
    flows = as_records(tables.flows)
    used = [flow for flow in flows if kind in ("evidence", flow["value_kind"])]
    _check_totals(used, kind)
    at: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for end in as_records(ends):
        at[end["place_id"]].append(end)
    publication = origin_of_sources(tables.sources)
    pairs: dict[tuple[str, tuple[str, ...], str], _Pair] = {}
    left = [
        _left(flow, "other_kind") for flow in flows if kind not in ("evidence", flow["value_kind"])
    ]
    for flow in used:
        starts, goals = at[flow["origin"]], at[flow["destination"]]
        if not starts or not goals:
            left.append(_left(flow, "no_place"))
            continue
        # An area is no place to go by, nor is one that lies off the network.
        stops = [at[place] for place in flow["via"].split()]
        via = tuple(stop[0]["network_place"] for stop in stops if len(stop) == 1)
        whole = sum(end["share"] for end in starts) * sum(end["share"] for end in goals) >= WHOLE
        if not whole or len(via) < len(stops):
            left.append(_left(flow, "part"))
        for start in starts:
            for goal in goals:
                part = start["share"] * goal["share"]
                key = (start["network_place"], via, goal["network_place"])
                pair = pairs.setdefault(key, _Pair({}, {}, {}, set()))
                _add(pair, flow, publication[flow["source_id"]], part, kind)
    if kind == "evidence":
        _count_once(pairs)
    return pd.DataFrame(
        [
            {
                "origin": origin,
                "destination": destination,
                "via": via,
                "weight": weigh(pair.by_publication.values(), kind),
                "flow_ids": tuple(pair.flow_ids),
                "source_ids": tuple(pair.source_ids),
                "first_year": min(pair.years, default=pd.NA),
                "last_year": max(pair.years, default=pd.NA),
                "publications": tuple(pair.by_publication.items()),
            }
            for (origin, via, destination), pair in pairs.items()
        ],
        columns=PAIR_COLUMNS,
    ).astype({"weight": float, "first_year": "Int64", "last_year": "Int64"}), pd.DataFrame(
        left, columns=LEFT_COLUMNS
    )


def weigh(parts: Iterable[float], kind: str) -> float:
    """Return the weight of a pair from what each publication gives to it."""
    return float(sum(parts) if kind == "evidence" else max(parts, default=0.0))


def leave_out(pairs: pd.DataFrame, kind: str) -> dict[str, Floats]:
    """Return the weights of pairs without each publication, by its name."""
    names = sorted({name for parts in pairs["publications"] for name, _ in parts})
    return {
        left: np.array(
            [
                weigh([part for name, part in parts if name != left], kind)
                for parts in pairs["publications"]
            ]
        )
        for left in names
    }


def _count_once(pairs: dict[tuple[str, tuple[str, ...], str], _Pair]) -> None:
    """Divide what a publication gives to two ends by the ways it tells between them."""
    told = Counter(
        (start, goal, name) for (start, _, goal), pair in pairs.items()
        for name in pair.by_publication
    )  # fmt: skip
    for (start, _, goal), pair in pairs.items():
        for name, part in pair.by_publication.items():
            pair.by_publication[name] = part / told[start, goal, name]


def _add(pair: _Pair, flow: dict[str, Any], publication: str, part: float, kind: str) -> None:
    before = pair.by_publication.get(publication, 0.0)
    if kind == "evidence":
        pair.by_publication[publication] = max(before, part)
    else:
        pair.by_publication[publication] = before + part * flow["value"]
    pair.flow_ids[flow["flow_id"]] = None
    pair.source_ids[flow["source_id"]] = None
    pair.years |= {int(flow[end][:4]) for end in ("period_start", "period_end") if flow[end]}


def _left(flow: dict[str, Any], reason: str) -> dict[str, Any]:
    keys = ("flow_id", "origin", "destination", "source_id")
    return {**{key: flow[key] for key in keys}, "reason": reason}


def _check_totals(flows: list[dict[str, Any]], kind: str) -> None:
    """Refuse to add shares of different totals."""
    if not kind.startswith("share_of_"):
        return
    side = kind.removeprefix("share_of_")
    wholes = sorted({(flow[side], flow["source_id"]) for flow in flows})
    if len(wholes) > 1:
        raise NetworkError(
            Message(
                "Shares are parts of different totals here ({wholes}) and cannot be added on a"
                " link. Keep the flows of one total, or use evidence.",
                wholes="; ".join(f"{place}, {source}" for place, source in wholes[:4]),
            )
        )


def list_left_out(left: pd.DataFrame, pairs: pd.DataFrame, flows: pd.DataFrame) -> pd.DataFrame:
    """List the flows that are not carried by links, or only in part."""
    unrouted = pairs["status"] != "routed"
    carried = {flow for ids in pairs.loc[~unrouted, "flow_ids"] for flow in ids}
    known = dict(zip(left["flow_id"], left["reason"], strict=True))
    for ids, status in zip(pairs.loc[unrouted, "flow_ids"], pairs.loc[unrouted, "status"],
                           strict=True):  # fmt: skip
        for flow in ids:
            if flow in carried:
                known.setdefault(flow, "part")
            elif known.get(flow, "part") == "part":
                known[flow] = status
    more = flows[flows["flow_id"].isin(list(known))]
    more = more.assign(reason=more["flow_id"].map(known))
    order = {reason: number for number, reason in enumerate(REASONS)}
    rank = more["reason"].map(order).to_numpy(dtype=float)
    return more.iloc[rank.argsort(kind="stable")][LEFT_COLUMNS].reset_index(drop=True)
