"""Named legs: links that carry the same flows, one after another, as a planner would call them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
from corredor.geodata.messages import LANGUAGES, Language, Message
from corredor.geodata.study.tables import as_records
from numpy.typing import NDArray

from .links import MEANS, Floats

# At least this part of the mean load of a leg runs along the whole of it.
THROUGH = 0.5
# In a network of lines, whose junctions are many, a leg is at least so long where it can be.
LEAST_LEG_KM = 20.0
LEAST_LEG_SHARE = 0.005
LEAST_KM = 0.001  # a link without length still counts
# Kinds of places from the one most likely to be known to the least.
KNOWN = {"airport_city": 3, "city": 3, "river_port": 3, "region": 3, "mining_zone": 2, "border": 2,
         "border_crossing": 2, "town": 1, "junction": 0}  # fmt: skip
END_BONUS = 3.0  # a place where reported flows begin or end
FORK_BONUS = 0.5  # a place where loads part or join
OWN_BONUS = 2.0  # a place that only this one of several ways passes, or where the means changes
NAMED_INSIDE = 2  # places named between the two ends
REFS_NAMED = 3
DIGITS = 9  # further digits differ from machine to machine, and would rank equal loads
REF_PART = 0.15  # share of the length from which a route code is named
LEG_COLUMNS = [
    "leg_id", "rank", "name", "way_es", "way_en", "refs", "modes", "place_ids", "near_ids",
    "link_ids", "km", "hours", "load", "load_low", "load_high", "share", "flow_ids",
    "source_ids", "first_year", "last_year",
]  # fmt: skip


@dataclass(frozen=True)
class Chain:
    """Links one after another."""

    rows: list[int]
    places: list[str]


def build_legs(
    G: nx.MultiGraph[str],
    links: pd.DataFrame,
    by_pair: Floats,
    ends: set[str],
    pairs: pd.DataFrame,
    loads: Floats,
) -> pd.DataFrame:
    """Merge links into named legs and rank them.

    Two links that meet at a place go on in each other if at least half of what the leg carries on
    the mean of its length runs along the whole of it; what is most alike is joined first, each link
    once at each end, never across a change of means, and no leg meets itself. So a leg ends where
    most of its flow leaves or joins. Its load is the mean over its length.
    """
    rows, users = as_records(links), as_records(pairs)
    records = []
    lines = any("unnamed" in data for _, data in G.nodes(data=True))
    for chain in _chains(rows, by_pair, LEAST_LEG_KM if lines else 0.0):
        chain = _turn(chain, rows)
        records.append(_leg(G, chain, rows, by_pair, ends, users, loads))
    table = pd.DataFrame(records)
    if not len(table):
        return pd.DataFrame(columns=LEG_COLUMNS)
    table = table.sort_values(
        ["load", "km", "name"], ascending=[False, False, True], ignore_index=True
    )
    if lines:  # what hardly anybody uses is in the table of links, but is no answer
        table = table[table["share"] >= LEAST_LEG_SHARE].reset_index(drop=True)
    table["rank"] = np.arange(1, len(table) + 1)
    table["leg_id"] = [f"C{number:03d}" for number in table["rank"]]
    return table[LEG_COLUMNS].astype({"first_year": "Int64", "last_year": "Int64"})


@dataclass
class _Part:
    """A leg while it grows.

    ``through`` holds what each pair puts on all of it, from ``start`` to ``end`` and back; the pair
    that takes one of its links in and another out at a place goes through, one that comes in by
    both does not.
    """

    rows: list[int]
    places: set[str]
    start: str
    end: str
    through: Floats
    carried: float  # load x km
    km: float

    def joined(self, other: _Part, place: str) -> _Part:
        """Return this part and another that goes on from one of its ends."""
        first, start = (self.through, self.start) if self.end == place else (
            self.through[::-1], self.end)  # fmt: skip
        second, end = (other.through, other.end) if other.start == place else (
            other.through[::-1], other.start)  # fmt: skip
        return _Part(
            self.rows + other.rows, self.places | other.places, start, end,
            np.minimum(first, second), self.carried + other.carried, self.km + other.km,
        )  # fmt: skip

    def common(self) -> float:
        """Return the part of its mean load that runs along the whole of it."""
        return float(self.through.sum()) * self.km / self.carried if self.carried else 0.0


def _chains(rows: list[dict[str, Any]], by_pair: Floats, least_km: float) -> list[Chain]:
    """Join links with their best continuation at both ends, the most alike first.

    Legs shorter than ``least_km`` are then joined on even if less goes through.
    """
    at: dict[str, list[int]] = defaultdict(list)
    parts: list[_Part] = []
    both_ways = by_pair.transpose(2, 0, 1)
    for number, row in enumerate(rows):
        km, start, end = max(row["km"], LEAST_KM), row["from"], row["to"]
        parts.append(
            _Part([number], {start, end}, start, end, both_ways[number], row["load"] * km, km)
        )
        for place in (start, end) if start != end else ():
            at[place].append(number)
    joints = [joint for place in at for joint in _joints(place, at[place], rows, parts)]
    next_: dict[tuple[int, str], int] = {}
    joints.sort()
    for (_, place, one, other), short in [
        *((j, False) for j in joints),
        *((j, True) for j in joints),
    ]:
        if (one, place) in next_ or (other, place) in next_:
            continue
        if short and min(parts[one].km, parts[other].km) >= least_km:
            continue
        if len(parts[one].places & parts[other].places) == 1:
            whole = parts[one].joined(parts[other], place)
            if short or whole.common() >= THROUGH:
                next_[one, place], next_[other, place] = other, one
                for number in whole.rows:
                    parts[number] = whole
    seen: set[int] = set()
    chains = []
    for number in range(len(rows)):
        if number not in seen:
            chain = _follow(number, rows, next_)
            seen.update(chain.rows)
            chains.append(chain)
    return chains


def _joints(
    place: str, touching: list[int], rows: list[dict[str, Any]], parts: list[_Part]
) -> list[tuple[float, str, int, int]]:
    """Return the links of a place that may go on in each other, and how far apart they are."""
    joints = []
    for first, one in enumerate(touching):
        for other in touching[first + 1 :]:
            means = {MEANS.get(rows[link]["mode"], rows[link]["mode"]) for link in (one, other)}
            if len(means) > 1 or means == {"air"}:
                continue
            through = float(parts[one].joined(parts[other], place).through.sum())
            most = max(rows[one]["load"], rows[other]["load"])
            if through >= THROUGH * min(rows[one]["load"], rows[other]["load"]) > 0:
                joints.append((round(1 - through / most, 9), place, one, other))
    return joints


def _follow(start: int, rows: list[dict[str, Any]], next_: dict[tuple[int, str], int]) -> Chain:
    """Return the whole chain that a link is part of."""
    links, places = [start], [rows[start]["from"], rows[start]["to"]]
    while (link := next_.get((links[-1], places[-1]))) is not None:
        links.append(link)
        places.append(_other_end(rows[link], places[-1]))
    while (link := next_.get((links[0], places[0]))) is not None:
        links.insert(0, link)
        places.insert(0, _other_end(rows[link], places[0]))
    return Chain(links, places)


def _other_end(row: dict[str, Any], place: str) -> str:
    return str(row["to"] if row["from"] == place else row["from"])


def _turn(chain: Chain, rows: list[dict[str, Any]]) -> Chain:
    """Let a chain run the way that most of its load takes."""
    ahead = 0.0
    for link, place in zip(chain.rows, chain.places, strict=False):
        sign = 1 if rows[link]["from"] == place else -1
        ahead += sign * (rows[link]["load_forward"] - rows[link]["load_back"]) * rows[link]["km"]
    return chain if ahead >= 0 else Chain(chain.rows[::-1], chain.places[::-1])


def _leg(
    G: nx.MultiGraph[str],
    chain: Chain,
    rows: list[dict[str, Any]],
    by_pair: Floats,
    ends: set[str],
    pairs: list[dict[str, Any]],
    loads: Floats,
) -> dict[str, Any]:
    links = [rows[number] for number in chain.rows]
    km = np.array([link["km"] for link in links])
    part = km / km.sum() if km.sum() > 0 else np.full(len(km), 1 / len(km))
    hours = sum(
        link["hours"] if link["from"] == place else link["hours_back"]
        for link, place in zip(links, chain.places, strict=False)
    )
    mean = by_pair.sum(axis=0)[:, chain.rows] @ part
    weight = np.array([pair["weight"] for pair in pairs], dtype=float)
    part_of = np.divide(mean, weight, out=np.zeros(len(mean)), where=weight > 0)
    used = [pair for pair, uses in zip(pairs, users_of(part_of), strict=True) if uses]
    years = [
        pair[end] for pair in used for end in ("first_year", "last_year") if not pd.isna(pair[end])
    ]
    refs = _refs(links)
    range_ = loads[:, chain.rows] @ part
    return {
        "name": name_chain(G, chain, rows, ends),
        **{f"way_{language}": _way(links, refs, language) for language in LANGUAGES},
        "refs": refs,
        "modes": tuple(dict.fromkeys(link["mode"] for link in links)),
        "place_ids": tuple(chain.places),
        "near_ids": (),
        "link_ids": tuple(link["link_id"] for link in links),
        "km": float(km.sum()),
        "hours": float(hours),
        **{
            key: round(float(np.array([link[key] for link in links]) @ part), DIGITS)
            for key in ("load", "share")
        },
        "load_low": round(float(range_.min()), DIGITS),
        "load_high": round(float(range_.max()), DIGITS),
        "flow_ids": merge(pair["flow_ids"] for pair in used),
        "source_ids": merge(pair["source_ids"] for pair in used),
        "first_year": min(years, default=pd.NA),
        "last_year": max(years, default=pd.NA),
    }


# A pair uses a link if it passes it with at least this probability.
USES = 0.05


def users_of(passes: Floats) -> NDArray[np.bool_]:
    """Tell which pairs use something that they pass with these probabilities.

    Where none is likely to, those likeliest do: nothing stands there without its sources.
    """
    return np.asarray((passes > 0) & (passes >= min(USES, passes.max(initial=0.0))))


def merge(tuples: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return what stands in several tuples, each once, in order."""
    return tuple(dict.fromkeys(item for one in tuples for item in one))


def as_objects(tuples: list[tuple[str, ...]]) -> pd.Series[Any]:
    """Return tuples as a column."""
    return pd.Series(tuples, dtype=object)


def name_chain(
    G: nx.MultiGraph[str],
    chain: Chain,
    rows: list[dict[str, Any]],
    ends: set[str],
    *,
    own: Collection[str] = (),
    most: int = NAMED_INSIDE,
) -> str:
    """Name a chain by its ends and the most telling places between them."""
    inside = range(1, len(chain.places) - 1)
    means = [MEANS.get(rows[link]["mode"], rows[link]["mode"]) for link in chain.rows]
    forks = {rows[link][end] for link in chain.rows for end in ("from", "to")}

    def telling(at: int) -> tuple[float, float]:
        place = chain.places[at]
        known = KNOWN.get(G.nodes[place].get("kind", ""), 0)
        score = known + (END_BONUS if place in ends else 0.0)
        if place in forks and G.degree(place) > 2:
            score += FORK_BONUS
        if place in own or means[at - 1] != means[at]:
            score += OWN_BONUS
        middle = abs(at - (len(chain.places) - 1) / 2)
        return score, -middle

    # A place without a name of its own is called after the town that it lies near.
    names = [
        str(G.nodes[place].get("about") or G.nodes[place].get("name") or place)
        for place in chain.places
    ]
    told = {names[0], names[-1]}
    best: list[int] = []
    along = np.cumsum([0.0, *(rows[link]["km"] for link in chain.rows)])
    apart = along[-1] / (3 * most + 3)  # neighbours tell the same
    for at in sorted(inside, key=telling, reverse=True):
        near = any(abs(along[at] - along[other]) < apart for other in best)
        # Coordinates, or a name with a distance, are no name.
        unnamed = names[at][:1].isdigit() or "about" in G.nodes[chain.places[at]]
        if len(best) < most and not (near or unnamed or names[at] in told):
            told.add(names[at])
            best.append(at)
    shown = [names[0], *(names[at] for at in sorted(best)), names[-1]]
    return " - ".join(dict.fromkeys(shown))


def _refs(links: list[dict[str, Any]]) -> tuple[str, ...]:
    """Return the route codes of a leg, the longest first."""
    length: dict[str, float] = defaultdict(float)
    for link in links:
        if link["ref"]:
            length[link["ref"]] += link["km"]
    least = REF_PART * sum(link["km"] for link in links)
    named = sorted((ref for ref in length if length[ref] >= least), key=lambda ref: -length[ref])
    return tuple(named[:REFS_NAMED])


def _way(links: list[dict[str, Any]], refs: tuple[str, ...], language: Language) -> str:
    """Return what a leg runs along in words: route codes, a river, a flight."""
    mode = links[0]["mode"]
    names = ", ".join(refs)
    if mode == "river":
        text = Message("{name} river", name=names) if names else Message("by river")
    elif mode == "air":
        text = Message("flight {name}", name=names) if names else Message("by air")
    else:
        return names or Message("road without a code").render(language)
    return text.render(language)
