"""Where posts would meet most of the reported flow of a study, and how sure that is."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from corredor.geodata import Publication, Tables, region_of_places
from corredor.geodata.errors import NetworkError, suggestion
from corredor.geodata.flows import weight_of_flows
from corredor.geodata.messages import Message
from corredor.geodata.places.build import find_region as read_region
from corredor.geodata.places.keys import key_of
from corredor.geodata.study.publication import narrow

from .corridors import Corridors, Demand, find_demand
from .cover import LEAST_GAIN
from .demand import list_left_out
from .ends import is_alias, locate_places
from .links import TRANSFER_HOURS, Bools, Floats, to_links
from .network import DEFAULT_BOATS, DEFAULT_SEASON, SURFACE
from .passing import NEAR_KM, NO_TOWN, meet, own_ends, way_hits
from .posts import Posts, choose_posts, passing_flows, rank_posts
from .ranges import Ranges, find_ranges
from .spread import Spread, pair_probability, spread_links
from .theta import DEFAULT_LEVEL, read_theta

# Places passed with a smaller probability by every pair are not looked at.
LEAST = 1e-9
# The set for the worst case is looked for among so many places with the largest shares.
ROBUST_AMONG = 80


@dataclass(frozen=True)
class Question:
    """What posts are looked for.

    Parameters
    ----------
    publication : Publication
        The study.
    kind : str
        What the weights of pairs are.
    demand : Demand
        The network, and the pairs asked for.
    spread : Spread
        These pairs, spread over the network.
    ranges : Ranges
        The same in every case that shares are uncertain by.
    near_km : float
        How near a way comes to a place, in km, to count as passing it.
    count_ends : bool
        Whether a flow passes the places where it begins and ends.
    left_out : dict of str to list of str
        Flows that are not counted, by reason (a key of `REASONS`).
    settings : dict
        What was chosen.
    """

    publication: Publication
    kind: str
    demand: Demand
    spread: Spread
    ranges: Ranges
    near_km: float
    count_ends: bool
    left_out: dict[str, list[str]]
    settings: dict[str, Any]

    @cached_property
    def visits(self) -> pd.DataFrame:
        """Places that pairs pass, as `rank_posts` takes them.

        ``origin``, ``destination``, ``via``, ``place_id``, ``probability``. A pair's own ends have
        1; places near to them are left out where ends do not count.
        """
        return _visits(self, self.near_km)


def _visits(question: Question, near_km: float) -> pd.DataFrame:
    spread = question.spread
    places = spread.graph.links.places
    chance = pair_probability(spread, _hits(spread, near_km, question.count_ends, question.near_km))
    chance[own_ends(spread) & (spread.pairs["status"] == "routed").to_numpy()[:, None]] = 1.0
    rows, columns = np.nonzero(chance >= LEAST)
    pairs = spread.pairs
    return pd.DataFrame(
        {
            **{name: pairs[name].to_numpy()[rows] for name in ("origin", "destination", "via")},
            "place_id": np.array(places, dtype=object)[columns],
            "probability": chance[rows, columns],
        }
    )


def ask_posts(
    publication: Publication,
    *,
    origin: str | None = None,
    destination: str | None = None,
    theta: float | str = DEFAULT_LEVEL,
    modes: Collection[str] = SURFACE,
    kind: str | None = None,
    boats: str = DEFAULT_BOATS,
    season: str = DEFAULT_SEASON,
    near_km: float = NEAR_KM,
    count_ends: bool = False,
) -> Question:
    """Spread the reported flows that posts are to meet.

    Parameters
    ----------
    publication : Publication
        A protected study with a network.
    origin, destination : str, optional
        Only flows from here, or to here: a region (name or code) or a place (name or place_id).
    theta, modes, kind, boats, season : str, optional
        As for `find_corridors`.
    near_km : float
        A way that comes so near to a place, in km, counts as passing it; 0 for none.
    count_ends : bool
        Whether a flow passes the places where it begins and ends, and those near to them. If so,
        the best post for the flows from one place is that place.

    Returns
    -------
    Question
        For `place_posts` and `list_places`.

    Raises
    ------
    NetworkError
        If a place, mode, kind or theta is not known, or no flow is left; the text says why.

    Examples
    --------
    >>> from corredor.geodata import embedded_study, protect, read_study
    >>> question = ask_posts(protect(read_study(embedded_study())), origin="Loreto")
    >>> place_posts(question, 1).table["place_id"].tolist()
    ['nauta']
    """
    choice = read_theta(theta)
    tables = publication.tables
    kind = kind or weight_of_flows(tables.flows)
    whole = find_demand(publication, modes=modes, kind=kind, boats=boats, season=season)
    flows = _flows_between(tables, whole, origin, destination)
    asked = narrow(publication, tables=dataclasses.replace(tables, flows=flows))
    demand = find_demand(asked, modes=modes, kind=kind, boats=boats, season=season)
    pairs, left = demand.pairs, demand.left
    spread = spread_links(demand.network, to_links(demand.network, TRANSFER_HOURS), pairs, choice)
    left_out = list_left_out(left, pairs.assign(status=spread.pairs["status"]), flows)
    if not (spread.pairs["status"] == "routed").any():
        raise NetworkError(why_nothing(left_out, kind, regions=bool(origin or destination)))
    others = {
        name: spread_links(other, to_links(other, TRANSFER_HOURS), pairs, choice)
        for name, other in demand.others.items()
    }
    return Question(
        publication, kind, demand, spread, find_ranges(spread, pairs, kind, choice, others),
        near_km, count_ends,
        {str(reason): rows["flow_id"].tolist()
         for reason, rows in left_out.groupby("reason", sort=False)},
        {"theta": theta, "modes": demand.modes, "boats": boats, "season": season,
         "near_km": near_km, "count_ends": count_ends},
    )  # fmt: skip


def why_nothing(left: pd.DataFrame, kind: str, *, regions: bool = False) -> Message:
    """Say why no flow is routed."""
    reasons = set(left["reason"])
    if reasons == {"other_kind"}:
        return Message("No reported flow carries a number of the kind '{kind}'. Use evidence.",
                       kind=kind)  # fmt: skip
    if regions and not reasons - {"other_kind"}:
        return Message("No reported flow joins these places on the network.")
    if reasons - {"other_kind"} == {"no_place"}:
        return Message(
            "None of the {n} reported flow(s) is on the network: their ends are not among its"
            " places, nor at most 25 km from one. Bring a network of the area with 'corredor import"
            " network FILE', or give the places their points.",
            n=len(left),
        )
    if left.empty:
        return Message("The study has no reported flows.")
    return Message(
        "No reported flow is routed: {n} begin and end in one place, {lost} have no way of the"
        " chosen modes, {off} are not on the network.",
        n=int((left["reason"] == "internal").sum()),
        lost=int((left["reason"] == "unreachable").sum()),
        off=int((left["reason"] == "no_place").sum()),
    )


def find_place(tables: Tables, found: Demand | Corridors, wanted: str) -> str:
    """Return the place of the network that a place_id, a name or a region means."""
    nodes = found.network.nodes
    if wanted in nodes:
        return wanted
    key = key_of(wanted)
    at = found.ends.drop_duplicates("place_id").set_index("place_id")["network_place"]
    # Of places of one name, that where reported flows begin or end.
    ends = [*found.pairs["origin"], *found.pairs["destination"]]
    for place in (*ends, *nodes):
        if key_of(str(nodes[place].get("name", ""))) == key and not is_alias(found.network, place):
            return str(place)
    names = dict(zip(tables.places["name"].map(key_of), tables.places["place_id"], strict=True))
    for known in (wanted, str(names.get(key, ""))):
        if known in at.index:
            return str(at.loc[known])
    code = find_region(tables, wanted)
    if code is not None:
        if code in at.index:
            return str(at.loc[code])
        capital = locate_places(
            dataclasses.replace(
                tables,
                places=pd.DataFrame(
                    [{"place_id": code, "name": wanted, "kind": "region", "ubigeo": code,
                      "members": "", "lat": np.nan, "lon": np.nan}]
                ),
            ),
            found.network,
        )  # fmt: skip
        if len(capital):
            return str(capital["network_place"].iloc[0])
    named = [str(data.get("name", place)) for place, data in nodes(data=True)]
    raise NetworkError(
        Message("The network has no place '{place}'. {fix}", place=wanted,
                fix=suggestion(wanted, [*nodes, *named, *tables.regions["name"]]))
    )  # fmt: skip


def find_region(tables: Tables, wanted: str) -> str | None:
    """Return the code of a region of the study by its name or code, None if it is none."""
    regions = tables.regions
    by_name = dict(zip(regions["name"].map(key_of), regions["ubigeo"], strict=True))
    code = by_name.get(key_of(wanted)) or read_region(wanted)
    return code if code in set(regions["ubigeo"]) else None


def _flows_between(
    tables: Tables, demand: Demand, origin: str | None, destination: str | None
) -> pd.DataFrame:
    """Return the flows from one region or place, or to one."""
    flows, region = tables.flows, region_of_places(tables.places)
    for end, wanted in (("origin", origin), ("destination", destination)):
        if wanted is None:
            continue
        code = find_region(tables, wanted)
        if code is not None:
            flows = flows[flows[end].map(region) == code]
            continue
        place = find_place(tables, demand, wanted)
        ids = demand.ends.loc[demand.ends["network_place"] == place, "place_id"]
        flows = flows[flows[end].isin(ids)]
    return flows


def _hits(spread: Spread, near_km: float, count_ends: bool, ends_km: float) -> Any:
    """Return which places each way passes, sparse."""
    import scipy.sparse as sp

    every = list(range(len(spread.graph.links.places)))
    hits = way_hits(spread, every, near_km=near_km, count_ends=count_ends, ends_km=ends_km)
    return sp.csr_array(hits.astype(float))


def place_posts(
    question: Question,
    p: int,
    *,
    min_km: float = 0.0,
    candidates: Collection[str] = (),
    fixed: Collection[str] = (),
) -> Posts:
    """Choose the places where ``p`` posts meet most of the flow, with the range of every number.

    Parameters
    ----------
    question : Question
        Result of `ask_posts`.
    p : int
        How many posts to add to those that are ``fixed``.
    min_km : float
        Least distance between two posts.
    candidates, fixed : collection of str
        The only places to choose from (all towns if left out), and those that have a post: names,
        place_ids or regions.

    Returns
    -------
    Posts
        ``table`` has besides the columns of `choose_posts` ``exact`` (share that passes the place
        itself), ``alone_low``, ``alone_high``, ``rank_low`` and ``rank_high`` (what share and rank
        could be, see `Ranges`); ``low`` and ``high`` are those of ``reach``, and ``robust`` is the
        set whose worst case is best, with that worst case.

    Raises
    ------
    NetworkError
        As for `choose_posts`.
    """
    spread = question.spread
    tables, nodes = question.publication.tables, spread.network.nodes(data=True)
    candidates, fixed = (
        [find_place(tables, question.demand, name) for name in names]
        for names in (candidates, fixed)
    )
    shares = list_places(question)
    towns = [place for place, data in nodes if data["kind"] not in NO_TOWN]
    # Of places that meet as much, the one that lies on the way itself comes first.
    exact = shares.set_index("place_id")["exact"]
    allowed = sorted(
        candidates or towns or spread.graph.links.places,
        key=lambda place: (-round(float(exact.get(place, 0.0)), 9), place),
    )
    points = pd.DataFrame(
        [(place, data["y"], data["x"]) for place, data in nodes], columns=["place_id", "lat", "lon"]
    )
    number = {place: at for at, place in enumerate(spread.graph.links.places)}
    hits = way_hits(
        spread, list(number.values()), near_km=question.near_km, count_ends=question.count_ends
    )

    def meeting(places: Collection[str]) -> pd.Series[float]:
        hit: Bools = np.asarray(hits[:, [number[place] for place in places]].any(axis=1))
        return pd.Series(meet(spread, hit), spread.pairs.index)

    posts = choose_posts(
        question.visits, spread.pairs, p, points=points, min_km=min_km,
        candidates=allowed, fixed=fixed, count_ends=question.count_ends, meeting=meeting,
    )  # fmt: skip
    spans = shares.set_index("place_id")
    if posts.table.empty:
        return posts
    columns = ["exact", "share_low", "share_high", "rank_low", "rank_high"]
    table = posts.table.join(spans[columns], on="place_id")
    table = table.rename(columns={"share_low": "alone_low", "share_high": "alone_high"})
    chosen = posts.table["place_id"].tolist()
    every = _AllCases(question, list(dict.fromkeys([*chosen, *_best(shares, allowed), *fixed])))
    reach = every.reach(chosen)
    robust, worst = (
        every.robust(len(chosen), fixed, chosen) if min_km == 0 else (chosen, reach.min())
    )
    return dataclasses.replace(
        posts, table=table, low=float(reach.min(initial=1.0)), high=float(reach.max(initial=0.0)),
        robust=tuple(robust), worst=worst,
    )  # fmt: skip


def describe_places(question: Question, rows: pd.DataFrame) -> pd.DataFrame:
    """Add names, regions and points to places, and the flows and sources that pass them."""
    nodes = question.spread.network.nodes
    regions = question.publication.tables.regions.set_index("ubigeo")["name"]
    at = [nodes[place] for place in rows["place_id"]]
    passing = passing_flows(question.visits, question.demand.pairs).reindex(rows["place_id"])
    lists = {
        name: pd.Series(
            [cell if isinstance(cell, tuple) else () for cell in passing[name]],
            index=rows.index, dtype=object,
        )
        for name in ("flow_ids", "source_ids")
    }  # fmt: skip
    return rows.assign(
        place=[data["name"] for data in at],
        region=[regions.get(data["ubigeo"][:2], "") for data in at],
        lat=[data["y"] for data in at],
        lon=[data["x"] for data in at],
        **lists,
    )


def _best(shares: pd.DataFrame, allowed: Sequence[str]) -> list[str]:
    """Return the places to look among for the worst case: those whose share may be largest."""
    among = shares[shares["place_id"].isin(set(allowed))]
    return among.nlargest(ROBUST_AMONG, "share_high")["place_id"].tolist()


def list_places(question: Question) -> pd.DataFrame:
    """List the share of the flow that passes each place.

    Parameters
    ----------
    question : Question
        Result of `ask_posts`.

    Returns
    -------
    DataFrame
        As from `rank_posts`, with ``exact`` (share that passes the place itself, not only near to
        it), ``share_low``, ``share_high``, ``rank_low`` and ``rank_high`` (in all cases).
    """
    pairs, count_ends = question.spread.pairs, question.count_ends
    ranked = rank_posts(question.visits, pairs, count_ends=count_ends)
    exact = rank_posts(_visits(question, 0.0), pairs, count_ends=count_ends)
    places = ranked["place_id"].tolist()
    shares = _AllCases(question, places).shares()
    # Rank 1 is the largest share; equal shares have the same rank.
    ranks = np.array([np.searchsorted(np.sort(-row), -row) + 1 for row in shares.round(9)])
    empty = not len(places)
    return ranked.assign(
        exact=ranked["place_id"].map(exact.set_index("place_id")["share"]).fillna(0.0),
        share_low=[] if empty else shares.min(axis=0),
        share_high=[] if empty else shares.max(axis=0),
        rank_low=[] if empty else ranks.min(axis=0),
        rank_high=[] if empty else ranks.max(axis=0),
    )


class _AllCases:
    """What some places meet in every case, level and view of the publications."""

    def __init__(self, question: Question, places: list[str]) -> None:
        self.places, self.weights = places, question.ranges.weights
        self.number = {place: at for at, place in enumerate(places)}
        self.cases: list[tuple[Bools, list[Spread]]] = []
        for levels in question.ranges.cases.values():
            names = {place: at for at, place in enumerate(levels[0].graph.links.places)}
            hits = way_hits(
                levels[0], [names[place] for place in places],
                near_km=question.near_km, count_ends=question.count_ends,
            )  # fmt: skip
            self.cases.append((hits, levels))

    def _weigh(self, chance: Floats) -> Floats:
        """Return shares in each view from the probabilities of pairs (rows)."""
        total = self.weights.sum(axis=1)
        known = total > 0
        shares = self.weights[known] @ np.nan_to_num(chance)
        result: Floats = (shares.T / total[known]).T
        return result

    def shares(self) -> Floats:
        """Return the share that passes each place (columns), one row per combination."""
        import scipy.sparse as sp

        return np.concatenate(
            [
                self._weigh(pair_probability(spread, sp.csr_array(hits.astype(float))))
                for hits, levels in self.cases
                for spread in levels
            ]
        )

    def reach(self, chosen: Sequence[str]) -> Floats:
        """Return the share that passes at least one of some places, in each combination."""
        at = [self.number[place] for place in chosen]
        return np.concatenate(
            [
                self._weigh(meet(spread, hit))
                for hits, levels in self.cases
                for hit in [np.asarray(hits[:, at].any(axis=1))]
                for spread in levels
            ]
        )

    def robust(
        self, count: int, fixed: Collection[str], start: Sequence[str]
    ) -> tuple[list[str], float]:
        """Return the places whose worst case is best: by adding, then exchanging one at a time."""

        def worst(places: Sequence[str]) -> float:
            return float(self.reach(places).min(initial=1.0))

        free = [place for place in self.places if place not in fixed]
        grown = list(fixed)
        while len(grown) < count:
            rest = [place for place in free if place not in grown]
            if not rest:
                break
            grown.append(max(rest, key=lambda place: worst([*grown, place])))
        best = max((grown, list(start)), key=worst)
        value, changed = worst(best), True
        while changed:
            changed = False
            for at in range(len(fixed), len(best)):
                for place in free:
                    if place in best:
                        continue
                    other = [*best[:at], place, *best[at + 1 :]]
                    if (found := worst(other)) > value + LEAST_GAIN:
                        best, value, changed = other, found, True
        return best, value
