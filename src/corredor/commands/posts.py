"""``corredor posts``: where posts would meet most of the reported flow."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corredor.geodata.messages import Language, Message

from .. import options
from ..options import DECIMAL, OVERWRITE, STUDY, WHOLE, option, output, say
from ..speech import Command
from ..terminal import show_progress, write_text
from .corridors import (
    BOATS,
    SEASON,
    THETA,
    WEIGHT,
    WITH,
    WITHOUT,
    read_modes,
    read_publication,
)

if TYPE_CHECKING:
    import pandas as pd

    from corredor.routes import Posts, Question

HELP = Message(
    "Say at which places posts (information, help) would meet most of the reported flow, by ways"
    " inferred from ends and travel times."
)
PLACE_COLUMNS = (
    "place_id", "place", "region", "lat", "lon", "share", "share_low", "share_high", "exact",
    "rank_low", "rank_high", "load", "starts", "ends", "through", "pairs", "flow_ids",
    "source_ids",
)  # fmt: skip
# Places that a smaller share passes are not listed; and how many the terminal shows.
LEAST_SHARE, SHOWN = 0.0005, 20
COLUMNS = (
    "rank", "place_id", "place", "region", "lat", "lon", "fixed", "alone", "alone_low",
    "alone_high", "exact", "rank_low", "rank_high", "gain", "reach", "flow_ids", "source_ids",
)  # fmt: skip


def posts(
    study: Path | None,
    p: int,
    candidates: str | None,
    fixed: str | None,
    min_km: float,
    every: bool,
    with_: tuple[str, ...],
    without: tuple[str, ...],
    weight: str | None,
    format_: str,
    output: Path | None,
    overwrite: bool,
    **asked: Any,
) -> None:
    """Say where posts would meet most of the reported flow."""
    modes = read_modes(with_, without)
    with show_progress(Message("Looking for places ...")):
        from corredor.geodata import NetworkError
        from corredor.routes import ask_posts, place_posts

        question = ask_posts(read_publication(study), modes=modes, kind=weight, **asked)
        if every:
            text = render_places(question, format_, options.SPOKEN)
            _write(text, question, output, overwrite)
            return
        chosen = place_posts(
            question, p, min_km=min_km, candidates=_split(candidates), fixed=_split(fixed)
        )
        if chosen.table.empty:
            raise NetworkError(
                Message(
                    "None of the places to choose from is passed by the reported flow on its way."
                    " With --count-ends the places where it begins and ends count too."
                )
            )
        text = render_posts(chosen, question, format_, options.SPOKEN)
    _write(text, question, output, overwrite)


def _write(text: str, question: Question, output: Path | None, overwrite: bool) -> None:
    """Write an answer; one that goes into a file is published."""
    from corredor.geodata.study.publication import publishing

    if output is None:
        write_text(text, output)
    else:
        with publishing(question.publication, output):
            write_text(text, output, overwrite=overwrite)


def _split(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def render_posts(posts: Posts, question: Question, format_: str, language: Language) -> str:
    """Return posts as text, CSV or JSON; shares are fractions in the latter two."""
    from corredor.geodata import render_sections
    from corredor.routes import REASONS, describe_places, describe_posts

    from ..reports import render

    table = describe_places(question, posts.table)[list(COLUMNS)]
    if format_ == "csv":
        return _csv(table)
    names = {
        post["place_id"]: f"{post['place']}, {post['region']}".removesuffix(", ")
        for post in table.to_dict("records")
    }
    every = {place: data["name"] for place, data in question.spread.network.nodes(data=True)}
    section = describe_posts(posts, {**every, **names}, kind=question.kind,
                             near_km=question.near_km)  # fmt: skip

    def text() -> str:
        sources = {source for ids in table["source_ids"] for source in ids}
        behind = Message(
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
        lines = [f"  {message.render(language)}" for message in (behind, *lost)]
        return "\n".join([render_sections([section], language), *lines])

    def data() -> dict[str, Any]:
        return {
            "reach": posts.reach,
            "bound": posts.bound,
            "low": posts.low,
            "high": posts.high,
            "robust": {"place_ids": posts.robust, "worst": posts.worst},
            "exact": posts.exact,
            "weight": question.kind,
            **question.settings,
            "pairs": len(posts.pairs),
            "posts": table.to_dict("records"),
            "left_out": question.left_out,
            "notes": [message.render(language) for message in section.attention],
        }

    return render(format_, language, text=text, data=data)


def render_places(question: Question, format_: str, language: Language) -> str:
    """Return the share of the flow that passes each place as text, CSV or JSON."""
    from corredor.routes import describe_places, list_places

    from ..reports import render

    ranked = list_places(question)
    ranked = ranked[ranked["share"] >= LEAST_SHARE].reset_index(drop=True)
    table = describe_places(question, ranked)[list(PLACE_COLUMNS)]
    if format_ == "csv":
        return _csv(table)
    note = Message(
        "Share of the reported flow expected to pass each place, by inferred ways. Neighbours on"
        " one road are passed by the same journeys: their shares do not add up."
    )

    def text() -> str:
        lines = [
            f"{row['share']:7.1%}  {row['share_low']:.0%}-{row['share_high']:.0%}  {row['place']},"
            f" {row['region']}"
            for row in table.head(SHOWN).to_dict("records")
        ]
        return "\n".join([note.render(language), *lines])

    def data() -> dict[str, Any]:
        return {"weight": question.kind, **question.settings, "notes": [note.render(language)],
                "places": table.to_dict("records"), "left_out": question.left_out}  # fmt: skip

    return render(format_, language, text=text, data=data)


def _csv(table: pd.DataFrame) -> str:
    from corredor.geodata.files import safe_cells

    lists = {name: table[name].map(";".join) for name in ("flow_ids", "source_ids")}
    return safe_cells(table.assign(**lists)).to_csv(index=False, lineterminator="\n").rstrip("\n")


COMMAND = Command(
    "posts",
    callback=posts,
    help=say(HELP),
    params=[
        STUDY,
        option("-p", type=WHOLE, default=5, show_default=True, metavar="N",
               help=Message("How many posts to add.")),
        option("origin", "--from", metavar=Message("PLACE"),
               help=Message("Only flows from this region or place.")),
        option("destination", "--to", metavar=Message("PLACE"),
               help=Message("Only flows to this region or place.")),
        option("--min-km", type=DECIMAL, default=0.0, metavar="KM",
               help=Message("Least distance between two posts, km.")),
        option("--candidates", metavar="ID,ID,...",
               help=Message("Choose only among these places: ids, names or regions, with commas.")),
        option("--fixed", metavar="ID,ID,...",
               help=Message("Posts that are there already, with commas.")),
        option("--count-ends/--on-the-way", default=False,
               help=Message("Count flows at their own start and end too; else only on the way.")),
        option("--near-km", type=DECIMAL, default=25.0, show_default=True, metavar="KM",
               help=Message("A way that comes so near to a place passes it, km.")),
        option("every", "--all", is_flag=True,
               help=Message("List the share of every place instead.")),
        THETA,
        WITH,
        WITHOUT,
        WEIGHT,
        BOATS,
        SEASON,
        option("format_", "--format", type=click.Choice(["text", "csv", "json"]), default="text",
               show_default=True, help=Message("How posts are written.")),
        output(Message("File to write; else the terminal.")),
        OVERWRITE,
    ],
)  # fmt: skip
