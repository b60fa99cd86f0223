"""What the measures mean, in a sentence for planners, in Spanish and English."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
from corredor.geodata import Section
from corredor.geodata.messages import Message
from corredor.geodata.study.tables import as_rows

from .gravity import Expected
from .posts import Posts

Names = Mapping[str, str]
REPORTED_ONLY = Message(
    "This is about reported flows only: where less is reported, less is seen. It is no measure of"
    " how much trafficking there is."
)


def describe_evidence(evidence: pd.DataFrame, names: Names, *, most: int = 5) -> Section:
    """Say which places reports name as origin and as destination."""
    named = evidence.assign(all_=evidence["outflow"] + evidence["inflow"]).reset_index()
    top = named.sort_values(["all_", "place_id"], ascending=[False, True]).head(most)
    return Section(
        Message("Who names a place, and as what"),
        tuple(
            Message(
                "{place}: {out} publication(s) name it as origin and {into} as destination of flows"
                " with other places.",
                place=names.get(row.place_id, row.place_id),
                out=row.outflow,
                into=row.inflow,
            )
            for row in as_rows(top[top["all_"] > 0])
        ),
        (REPORTED_ONLY,),
    )


def describe_betweenness(table: pd.DataFrame, names: Names, *, most: int = 5) -> Section:
    """Say which places are hubs and which join others."""
    brokers = table[table["role"] == "broker"].head(most)
    hubs = table[table["role"] == "hub"].sort_values("share", ascending=False).head(most)
    lines = [
        Message(
            "{place} joins others: {share:.0%} of the reported flow between other places is"
            " expected to pass it.",
            place=names.get(row.place_id, row.place_id),
            share=row.betweenness,
        )
        for row in as_rows(brokers)
    ]
    lines += [
        Message(
            "{place} is a hub: {share:.0%} of the reported flow is expected to touch it, and most"
            " of that starts or ends there.",
            place=names.get(row.place_id, row.place_id),
            share=row.share,
        )
        for row in as_rows(hubs)
    ]
    return Section(Message("Hubs and brokers"), tuple(lines), (REPORTED_ONLY,))


def describe_articulation(
    table: pd.DataFrame, names: Names, *, total: float, most: int = 5
) -> Section:
    """Say which places have no way round."""
    top = table[table["bound_weight"] > 0].head(most)
    return Section(
        Message("Places that have no way round"),
        tuple(
            Message(
                "{place} has no way round: {share:.0%} of the reported flow ({n} pair(s)) has to"
                " pass it; without it {cut} place(s) of the network would be cut off.",
                place=names.get(row.place_id, row.place_id),
                share=row.bound_weight / total,
                n=row.bound_pairs,
                cut=row.cut_off,
            )
            for row in as_rows(top)
        ),
        (Message("Ways that are not in the network, such as trails, are not known here."),),
    )


def describe_closure(table: pd.DataFrame, what: str) -> Section:
    """Say what changes when something is closed."""
    weight = table["weight"]
    lost, longer = table["change"] == "lost", table["change"] == "longer"
    lines = [
        Message(
            "If {what} is closed, {n} reported pair(s) lose every way, {share:.0%} of the flow.",
            what=what,
            n=int(lost.sum()),
            share=weight[lost].sum() / weight.sum(),
        )
        if lost.any()
        else Message("If {what} is closed, no reported pair loses every way.", what=what)
    ]
    if longer.any():
        lines.append(
            Message(
                "{n} pair(s), {share:.0%} of the flow, take {hours:.1f} hours longer on average.",
                n=int(longer.sum()),
                share=weight[longer].sum() / weight.sum(),
                hours=(weight * table["detour_hours"])[longer].sum() / weight[longer].sum(),
            )
        )
    return Section(
        Message("What a closure changes"),
        tuple(lines),
        (Message("Hours are those of the fastest way; nobody knows which way people would take."),),
    )


def describe_expected(expected: Expected, names: Names, *, most: int = 5) -> Section:
    """Say which counted flows stand out from size and distance."""
    top = expected.table.sort_values("residual", ascending=False).head(most)
    return Section(
        Message("Flows that are larger than size and distance explain"),
        tuple(
            Message(
                "{origin} - {destination}: {value:,.0f} reported, {expected:,.0f} expected,"
                " {ratio:.1f} times as many.",
                origin=names.get(row.origin, row.origin),
                destination=names.get(row.destination, row.destination),
                value=row.value,
                expected=row.expected,
                ratio=row.ratio,
            )
            for row in as_rows(top[top["residual"] > 0])
        ),
        (
            Message("The model and the reports have {fit:.0%} of the flow in common.",
                    fit=expected.fit),
        ),
    )  # fmt: skip


def _range(row: Any) -> Message:
    """Return what the share and rank of a place could be."""
    return Message(
        ", {low:.0%}-{high:.0%}; alone it could rank {first}",
        low=row.alone_low,
        high=row.alone_high,
        first="-".join(dict.fromkeys(map(str, (row.rank_low, row.rank_high)))),
    )


def describe_posts(posts: Posts, names: Names, *, kind: str, near_km: float = 0.0) -> Section:
    """Say what a set of posts reaches, and what that does not mean."""
    shares = Message("each pair as heavy as its published share")
    weights = {
        "evidence": Message("each pair as heavy as the number of publications that name it"),
        "count": Message("each pair as heavy as the people reported"),
    }
    ranged = "rank_low" in posts.table
    lines = [
        Message(
            "{rank}. {place}: {gain:+.1%}, {reach:.1%} so far ({alone:.1%} pass here{range})"
            "{there}",
            rank=row.rank,
            place=names.get(row.place_id, row.place_id),
            gain=row.gain,
            reach=row.reach,
            alone=row.alone,
            range=_range(row) if ranged else "",
            there=Message(", there already") if row.fixed else "",
        )
        for row in as_rows(posts.table)
    ]
    if posts.table.empty:
        lines.append(Message("None of the places to choose from is passed by the reported flow."))
    elif posts.missing:
        lines.append(
            Message(
                "{n} fewer than asked for: no other place that can be chosen adds anything.",
                n=posts.missing,
            )
        )
    lines.append(
        Message(
            "{reach:.1%} of the reported flow is expected to pass at least one of them ({weights})."
            " In this model no set of this size could reach more than {bound:.1%}.",
            reach=posts.reach,
            bound=posts.bound,
            weights=weights.get(kind, shares),
        )
    )
    if not math.isnan(posts.low):
        lines.append(
            Message(
                "It could be {low:.0%} to {high:.0%}: with few or many alternatives, roads or boats"
                " a quarter slower or faster, the other class of boat, the other season, or without"
                " any one of the publications.",
                low=posts.low,
                high=posts.high,
            )
        )
        if set(posts.robust) != set(posts.table["place_id"]):
            lines.append(
                Message(
                    "Safest for the worst of these cases: {places} (at least {worst:.0%}).",
                    places=", ".join(names.get(place, place) for place in posts.robust),
                    worst=posts.worst,
                )
            )
    if near_km > 0:
        lines.append(
            Message("A way that comes at most {km:.0f} km near to a place passes it here.",
                    km=near_km)
        )  # fmt: skip
    return Section(
        Message("Where {n} posts would meet most of the reported flow", n=len(posts.table))
        if len(posts.table) > 1
        else Message("Where one post would meet most of the reported flow"),
        tuple(lines),
        (
            REPORTED_ONLY,
            Message(
                "The ways are inferred from ends and travel times; nobody has observed them."
                " Passing a town does not mean being reached: that depends on who is there, when,"
                " and in which language."
            ),
            Message(
                "A place here is a town or a terminal, never a venue. Decide the exact spot with"
                " local organisations and survivors, so that nobody is put at risk."
            ),
        ),
    )


def closure_account(pairs: pd.DataFrame) -> Message:
    """Say what becomes of the pairs of one scenario (``pairs`` of a `Comparison`)."""
    weight = pairs["weight"].sum()
    lost, longer = (pairs[pairs["what"] == what] for what in ("lost", "longer"))
    hours = (longer["weight"] * (longer["hours_after"] - longer["hours_before"])).sum()
    return Message(
        "Without {what}: {lost} of {n} pairs lose every way, {longer} take longer ({share:.0%}"
        " of the weight, {hours:.1f} hours on average).",
        what=", ".join(pairs["scenario"].unique()),
        lost=len(lost),
        n=len(pairs),
        longer=len(longer),
        share=longer["weight"].sum() / weight if weight else 0.0,
        hours=hours / longer["weight"].sum() if len(longer) else 0.0,
    )


def closure_note() -> Message:
    """Say how little is known of what a closure changes."""
    return Message(
        "People and routes move when something is closed. Nobody knows how: this is inferred"
        " from hours of travel alone, twice over."
    )
