"""``corredor posts``: where posts would meet most of the reported flow."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corredor.geodata.errors import NetworkError, fold, suggestion
from corredor.geodata.messages import Language, Message

from . import options
from .options import DECIMAL, OVERWRITE, STUDY, WHOLE, option, output, say
from .routing import (
    THETA,
    WEIGHT,
    WITH,
    WITHOUT,
    read_modes,
    read_publication,
)
from .speech import Command
from .terminal import show_progress, write_text

if TYPE_CHECKING:
    import pandas as pd

    from corredor.geodata import Publication
    from corredor.routes import Posts, Spread

HELP = Message(
    "Say at which places posts (information, help) would meet most of the reported flow, by ways"
    " inferred from ends and travel times."
)
# Places that are no towns are not offered unless they are asked for by name, or there is no other.
NO_TOWN = ("junction", "end")
PLACE_COLUMNS = (
    "place_id", "place", "region", "lat", "lon", "share", "load", "starts", "ends", "through",
    "pairs", "flow_ids", "source_ids",
)  # fmt: skip
# Places that a smaller share passes are not listed; and how many the terminal shows.
LEAST_SHARE, SHOWN = 0.0005, 20
COLUMNS = (
    "rank", "place_id", "place", "region", "lat", "lon", "fixed", "alone", "gain", "reach",
    "flow_ids", "source_ids",
)  # fmt: skip


def posts(
    study: Path | None,
    p: int,
    origin: str | None,
    destination: str | None,
    min_km: float,
    candidates: str | None,
    fixed: str | None,
    on_the_way: bool,
    every: bool,
    theta: str,
    with_: tuple[str, ...],
    without: tuple[str, ...],
    weight: str,
    format_: str,
    output: Path | None,
    overwrite: bool,
) -> None:
    """Say where posts would meet most of the reported flow."""
    modes = read_modes(with_, without)
    with show_progress(Message("Looking for places ...")):
        publication = read_publication(study)
        question = ask(publication, theta=theta, modes=modes, weight=weight,
                       origin=origin, destination=destination)  # fmt: skip
        if every:
            text = render_places(question, not on_the_way, format_, options.SPOKEN)
            write_text(text, output, overwrite=overwrite)
            return
        chosen = _choose(question, p, min_km=min_km, count_ends=not on_the_way,
                         candidates=_split(candidates), fixed=_split(fixed))  # fmt: skip
        text = render_posts(chosen, question, format_, options.SPOKEN)
    write_text(text, output, overwrite=overwrite)


def _split(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]


@dataclass(frozen=True)
class Question:
    """What posts are looked for.

    Parameters
    ----------
    publication : Publication
        The study.
    weight : str
        What the weights of pairs are.
    pairs : DataFrame
        The pairs asked for (see `gather_pairs`).
    spread : Spread
        These pairs, spread over the network.
    visits : DataFrame
        The places they pass.
    left_out : dict of str to list of str
        Flows that are not counted, by reason (a key of `REASONS`).
    settings : dict
        Theta and modes as they were chosen.
    """

    publication: Publication
    weight: str
    pairs: pd.DataFrame
    spread: Spread
    visits: pd.DataFrame
    left_out: dict[str, list[str]]
    settings: dict[str, Any]


def ask(
    publication: Publication,
    *,
    theta: str,
    modes: tuple[str, ...],
    weight: str,
    origin: str | None,
    destination: str | None,
) -> Question:
    """Spread the pairs that start and end in the regions asked for.

    Raises
    ------
    NetworkError
        If a region, mode, weight or theta is not known, or no pair is left.
    """
    import dataclasses

    from corredor.geodata import region_of_places
    from corredor.routes import (
        build_network,
        find_visits,
        gather_pairs,
        locate_places,
        name_places,
        spread_flows,
    )
    from corredor.routes.demand import list_left_out

    tables = publication.tables
    flows, region = tables.flows, region_of_places(tables.places)
    for end, wanted in (("origin", origin), ("destination", destination)):
        if wanted is not None:
            flows = flows[flows[end].map(region) == _region_code(publication, wanted)]
    tables = dataclasses.replace(tables, flows=flows)
    network = build_network(tables.network_places, tables.network_links, modes=modes)
    network = name_places(network, tables)
    pairs, left = gather_pairs(tables, locate_places(tables, network), weight)
    spread = spread_flows(network, pairs, theta=theta) if len(pairs) else None
    if spread is None or not (spread.pairs["status"] == "routed").any():
        raise NetworkError(_nothing(left, regions=bool(origin or destination), weight=weight))
    left_out = list_left_out(left, pairs.assign(status=spread.pairs["status"]), flows)
    return Question(publication, weight, pairs, spread, find_visits(spread, at_least=1e-9),
                    {str(reason): rows["flow_id"].tolist()
                     for reason, rows in left_out.groupby("reason", sort=False)},
                    {"theta": theta, "modes": modes})  # fmt: skip


def _nothing(left: pd.DataFrame, *, regions: bool, weight: str) -> Message:
    """Say why there is no pair to choose posts for."""
    if regions:
        return Message("No reported flow joins these regions on the network.")
    if len(left) and (left["reason"] == "other_kind").all():
        return Message("No reported flow carries a number of the kind '{kind}'. Use evidence.",
                       kind=weight)  # fmt: skip
    return Message("No pair of the flows was routed over the network, so nothing passes a place.")


def _region_code(publication: Publication, wanted: str) -> str:
    regions = publication.tables.regions
    by_name = dict(zip(regions["name"].map(fold), regions["ubigeo"], strict=True))
    if wanted in set(regions["ubigeo"]):
        return wanted
    if fold(wanted) in by_name:
        return str(by_name[fold(wanted)])
    raise NetworkError(
        Message("There is no region '{region}'. {fix}", region=wanted,
                fix=suggestion(wanted, regions["name"]))
    )  # fmt: skip


def _choose(
    question: Question,
    p: int,
    *,
    min_km: float,
    count_ends: bool,
    candidates: list[str],
    fixed: list[str],
) -> Posts:
    """Choose posts with exact probabilities; among towns, unless places are named."""
    import pandas as pd

    from corredor.routes import choose_posts, meet_probability

    spread = question.spread
    nodes = spread.network.nodes(data=True)
    towns = [place for place, data in nodes if data["kind"] not in NO_TOWN]
    points = pd.DataFrame(
        [(place, data["y"], data["x"]) for place, data in nodes],
        columns=["place_id", "lat", "lon"],
    )
    return choose_posts(
        question.visits,
        spread.pairs,
        p,
        points=points,
        min_km=min_km,
        candidates=candidates or towns or None,
        fixed=fixed,
        count_ends=count_ends,
        meeting=lambda places: meet_probability(spread, places),
    )


def render_posts(posts: Posts, question: Question, format_: str, language: Language) -> str:
    """Return posts as text, CSV or JSON; shares are fractions in the latter two."""
    from corredor.geodata import render_sections
    from corredor.routes import REASONS, describe_posts

    table = _table(posts.table, question)[list(COLUMNS)]
    if format_ == "csv":
        return _csv(table)
    names = {
        post["place_id"]: f"{post['place']}, {post['region']}".removesuffix(", ")
        for post in table.to_dict("records")
    }
    section = describe_posts(posts, names, kind=question.weight)
    if format_ == "text":
        sources = {source for ids in table["source_ids"] for source in ids}
        said = Message(
            "Behind it: {flows} reported flows of {sources} publications. 'corredor posts --format"
            " json' names them.",
            flows=len({flow for ids in table["flow_ids"] for flow in ids}),
            sources=len(sources),
        )
        lost = [
            Message("Not counted: {n} reported flow(s), because {reason}.", n=len(ids),
                    reason=REASONS[reason])
            for reason, ids in question.left_out.items()
        ]  # fmt: skip
        lines = [f"  {message.render(language)}" for message in (said, *lost)]
        return "\n".join([render_sections([section], language), *lines])
    import json

    content: dict[str, Any] = {
        "reach": posts.reach,
        "bound": posts.bound,
        "exact": posts.exact,
        "weight": question.weight,
        **question.settings,
        "pairs": len(posts.pairs),
        "posts": table.to_dict("records"),
        "left_out": question.left_out,
        "notes": [message.render(language) for message in section.attention],
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def render_places(question: Question, count_ends: bool, format_: str, language: Language) -> str:
    """Return the share of the flow that passes each place as text, CSV or JSON."""
    from corredor.routes import rank_posts

    ranked = rank_posts(question.visits, question.spread.pairs, count_ends=count_ends)
    ranked = ranked[ranked["share"] >= LEAST_SHARE].reset_index(drop=True)
    table = _table(ranked, question)[list(PLACE_COLUMNS)]
    if format_ == "csv":
        return _csv(table)
    note = Message(
        "Share of the reported flow expected to pass each place, by inferred ways. Neighbours on"
        " one road are passed by the same journeys: their shares do not add up."
    )
    if format_ == "text":
        rows = table.head(SHOWN).to_dict("records")
        lines = [f"{row['share']:7.1%}  {row['place']}, {row['region']}" for row in rows]
        return "\n".join([note.render(language), *lines])
    import json

    content = {"weight": question.weight, **question.settings, "notes": [note.render(language)],
               "places": table.to_dict("records"), "left_out": question.left_out}  # fmt: skip
    return json.dumps(content, ensure_ascii=False, indent=2)


def _csv(table: pd.DataFrame) -> str:
    from corredor.geodata.files import safe_cells

    lists = {name: table[name].map(";".join) for name in ("flow_ids", "source_ids")}
    return safe_cells(table.assign(**lists)).to_csv(index=False, lineterminator="\n").rstrip("\n")


def _table(rows: pd.DataFrame, question: Question) -> pd.DataFrame:
    """Return places with their names, points, and the flows and sources that pass them."""
    import pandas as pd

    from corredor.routes import passing_flows

    nodes = question.spread.network.nodes
    regions = question.publication.tables.regions.set_index("ubigeo")["name"]
    at = [nodes[place] for place in rows["place_id"]]
    passing = passing_flows(question.visits, question.pairs).reindex(rows["place_id"])
    lists = {
        name: pd.Series(
            [cell if isinstance(cell, tuple) else () for cell in passing[name]], dtype=object
        )
        for name in ("flow_ids", "source_ids")
    }
    return rows.assign(
        place=[data["name"] for data in at],
        region=[regions.get(data["ubigeo"][:2], "") for data in at],
        lat=[data["y"] for data in at],
        lon=[data["x"] for data in at],
        **lists,
    )


COMMAND = Command(
    "posts",
    callback=posts,
    help=say(HELP),
    params=[
        STUDY,
        option("-p", type=WHOLE, default=5, show_default=True, metavar="N",
               help=Message("How many posts to add.")),
        option("origin", "--from", metavar=Message("REGION"),
               help=Message("Only flows from this region (name or code).")),
        option("destination", "--to", metavar=Message("REGION"),
               help=Message("Only flows to this region (name or code).")),
        option("--min-km", type=DECIMAL, default=0.0, metavar="KM",
               help=Message("Least distance between two posts, km.")),
        option("--candidates", metavar="ID,ID,...",
               help=Message("Choose only among these places: id,id,... (place_id).")),
        option("--fixed", metavar="ID,ID,...",
               help=Message("Posts that are there already: id,id,...")),
        option("--on-the-way", is_flag=True,
               help=Message("Do not count flows at their own start and end.")),
        option("every", "--all", is_flag=True,
               help=Message("List the share of every place instead.")),
        THETA,
        WITH,
        WITHOUT,
        WEIGHT,
        option("format_", "--format", type=click.Choice(["text", "csv", "json"]), default="text",
               show_default=True, help=Message("How posts are written.")),
        output(Message("File to write; else the terminal.")),
        OVERWRITE,
    ],
)  # fmt: skip
