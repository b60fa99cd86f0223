"""``corredor corridors``: the roads, rivers and flights that reported flows may run along."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from corredor.geodata.messages import Language, Message
from corredor.geodata.text import clean

from .. import options
from ..options import LANG, OVERWRITE, STUDY, option, output, say
from ..speech import Command
from ..terminal import may_write, open_study, protect_aloud, show_progress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corredor.geodata import Publication
    from corredor.routes import Comparison, Corridors

KIND_WORDS: dict[str, Message] = {
    "evidence": Message("independent publications"),
    "count": Message("reported counts"),
    "share_of_origin": Message("share of the origin, in per cent"),
    "share_of_destination": Message("share of the destination, in per cent"),
}
MODE_WORDS: dict[str, Message] = {
    "road": Message("road"),
    "river": Message("river"),
    "air": Message("air"),
    "border": Message("border crossing"),
}
LEVEL_WORDS: dict[str, Message] = {
    "fastest": Message("none, only the fastest way"),
    "few": Message("few"),
    "some": Message("some"),
    "many": Message("many"),
}
TOP = 15
LISTED = 12  # more flows or places are only counted
LEAST_REST = 0.005  # ways that are less likely are not told one by one, only all together

THETA = option(
    "--theta", default="some", show_default=True, metavar=Message("TEXT"),
    help=Message("How many alternatives: fastest, few, some or many; or a number, theta per hour."),
)  # fmt: skip
WITH = option(
    "with_", "--with", multiple=True, metavar=Message("MODE"),
    help=Message("Mode of travel to add: air. May be repeated."),
)  # fmt: skip
WITHOUT = option(
    "--without", multiple=True, metavar=Message("MODE"),
    help=Message("Mode of travel to leave out: road, river, air, border. May be repeated."),
)  # fmt: skip
CLOSED = option(
    "--without", multiple=True, metavar=Message("WHAT"),
    help=Message(
        "Mode of travel to leave out (road, river, air, border); or a leg, link or place to close,"
        " to see what moves where. May be repeated."
    ),
)  # fmt: skip
BOATS = option(
    "--boats", default="lancha", show_default=True, type=click.Choice(["lancha", "rapido"]),
    help=Message("Class of boat that the hours on rivers are of."),
)  # fmt: skip
SEASON = option(
    "--season", default="dry", show_default=True, type=click.Choice(["dry", "wet"]),
    help=Message("Season; in the rains unpaved roads are slower and some are closed."),
)  # fmt: skip
WEIGHT = option(
    "--weight",
    type=click.Choice(["evidence", "count", "share_of_origin", "share_of_destination"]),
    help=Message("What the weight of a flow is; without it people where one source counts every"
                 " flow, else evidence."),
)  # fmt: skip


def read_modes(added: Sequence[str], left_out: Sequence[str]) -> tuple[str, ...]:
    """Return the modes of travel that are chosen."""
    from corredor.geodata.study.contracts import MODES
    from corredor.routes import SURFACE

    for mode in (*added, *left_out):
        if mode not in MODES:
            raise click.BadParameter(
                say(Message("'{mode}' is none of: {modes}", mode=mode, modes=", ".join(MODES)))
            )
    chosen = {*SURFACE, *added} - set(left_out)
    if not chosen:
        raise click.BadParameter(say(Message("No mode of travel is left.")))
    return tuple(mode for mode in MODES if mode in chosen)


def read_publication(study: Path | None) -> Publication:
    """Read a study that has a transport network.

    Raises
    ------
    NetworkError
        If it has none.
    """
    from corredor.geodata import NetworkError

    publication = protect_aloud(open_study(study))
    if publication.tables.network_links.empty:
        raise NetworkError(
            Message(
                "The study has no transport network (tables network_places and network_links)."
                " 'corredor import network FILE -o DIR' makes both from a layer of roads."
            )
        )
    return publication


def list_corridors(
    study: Path | None,
    output: Path | None,
    theta: str,
    with_: tuple[str, ...],
    without: tuple[str, ...],
    weight: str | None,
    boats: str,
    season: str,
    table: str,
    top: int,
    origin: str | None,
    destination: str | None,
    lang: Language | None,
    overwrite: bool,
) -> None:
    """List the corridors of a study."""
    from corredor.geodata.study.contracts import MODES

    closed = [what for what in without if what not in MODES]
    modes = read_modes(with_, [what for what in without if what in MODES])
    if (origin is None) != (destination is None):
        raise click.BadParameter(say(Message("--from and --to are given together.")))
    if output is None and table != "legs":
        raise click.BadParameter(say(Message("--table says what goes into a file: add -o FILE.")))
    if output is not None:
        may_write(output, overwrite=overwrite)
    with show_progress(Message("Looking for corridors ...")):
        from corredor.geodata import NetworkError
        from corredor.routes import (
            compare_scenarios,
            find_closed,
            find_corridors,
            why_nothing,
            write_comparison,
            write_corridors,
        )

        publication = read_publication(study)
        corridors = find_corridors(
            publication, theta=theta, modes=modes, kind=weight, boats=boats, season=season
        )
        if corridors.legs.empty:
            raise NetworkError(why_nothing(corridors.left_out, corridors.kind))
        lines = describe(corridors, top, options.SPOKEN, _names(publication))
        language = lang or options.SPOKEN
        if origin is not None and destination is not None:
            lines = [lines[0], *describe_alternatives(corridors, publication, origin, destination)]
        if closed:
            scenario = find_closed(corridors, publication, closed)
            found = compare_scenarios(
                publication, {", ".join(closed): scenario}, corridors=corridors
            )
            lines = [lines[0], *describe_comparison(found, top, options.SPOKEN)]
            if output is not None:
                write_comparison(found, output, language=language)
        elif output is not None:
            write_corridors(corridors, output, table=table, language=language)
    click.echo(clean("\n".join(lines)))
    if output is not None:
        click.echo(str(output))


def _names(publication: Publication) -> Mapping[str, str]:
    places = publication.tables.places
    return dict(zip(places["place_id"], places["name"], strict=True))


def describe_comparison(found: Comparison, top: int, language: Language) -> list[str]:
    """Return what a closure changes as lines of text."""
    from corredor.routes import closure_account, closure_note

    text = [closure_account(found.pairs).render(language), ""]
    heads = [Message("before").render(language), Message("after").render(language),
             Message("change").render(language), Message("corridor").render(language)]  # fmt: skip
    rows = [heads] + [
        [f"{leg['before']:.1f}", f"{leg['after']:.1f}", f"{leg['change']:+.1f}", leg["name"]]
        for leg in found.legs.head(top).to_dict("records")
    ]
    text += _aligned(rows)
    text.append(closure_note().render(language))
    return text


def _aligned(rows: list[list[str]]) -> list[str]:
    """Return rows as lines, all columns but the last to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            [*(cell.rjust(width) for cell, width in zip(row[:-1], widths, strict=False)), row[-1]]
        )
        for row in rows
    ]


def describe(
    corridors: Corridors, top: int, language: Language, names: Mapping[str, str] | None = None
) -> list[str]:
    """Return what the corridors are, as lines of text, with names of places of the study."""
    status = corridors.pairs["status"].value_counts()
    legs = corridors.legs.head(top)
    level = "fastest" if corridors.theta == float("inf") else str(corridors.theta)
    lines = [
        Message(
            "Inferred corridors, not reported ones: ways that fit the reported origins and"
            " destinations and the hours of travel."
        ),
        Message(
            "{routed} of {n} pairs of places are routed (by {modes}; alternatives: {theta});"
            " weight: {kind}.",
            routed=status.get("routed", 0),
            n=len(corridors.pairs),
            modes=", ".join(MODE_WORDS[mode].render(language) for mode in corridors.modes),
            theta=LEVEL_WORDS.get(level, Message("theta {level} per hour", level=level)),
            kind=KIND_WORDS[corridors.kind],
        ),
        *_left_out(corridors, names or {}),
    ]
    text = [line.render(language) for line in lines]
    heads = ["#", Message("share").render(language), Message("load").render(language),
             Message("from - to").render(language), "km", "h",
             Message("flows").render(language), Message("years").render(language),
             Message("corridor").render(language)]  # fmt: skip
    rows = [heads]
    for leg in legs.to_dict("records"):
        years = [leg[end] for end in ("first_year", "last_year")]
        known = not any(year != year or year is None for year in years)
        rows.append(
            [
                str(leg["rank"]),
                f"{leg['share']:.0%}",
                f"{leg['load']:.1f}",
                f"{leg['load_low']:.1f} - {leg['load_high']:.1f}",
                f"{leg['km']:.0f}",
                f"{leg['hours']:.1f}",
                str(len(leg["flow_ids"])),
                "-".join(dict.fromkeys(str(year) for year in years)) if known else "",
                f"{leg['name']}, {leg[f'way_{language}']}",
            ]
        )
    text += ["", *_aligned(rows)]
    if len(corridors.legs) > len(legs):
        more = Message("... and {n} more.", n=len(corridors.legs) - len(legs))
        text.append(more.render(language))
    return text


def describe_alternatives(
    corridors: Corridors, publication: Publication, origin: str, destination: str
) -> list[str]:
    """Return the ways of one pair of places or regions as lines of text."""
    from corredor.routes import find_place, list_alternatives

    language, tables = options.SPOKEN, publication.tables
    ways = list_alternatives(
        corridors, *(find_place(tables, corridors, name) for name in (origin, destination))
    )
    ways = ways[(ways["probability"] >= LEAST_REST) | (ways["rank"] == 1)]
    lines = [
        f"{way['probability']:4.0%}  {way['hours']:6.1f} h  {way['km']:5.0f} km  {way['name']}"
        f" ({', '.join(MODE_WORDS[mode].render(language) for mode in way['modes'])})"
        for way in ways.to_dict("records")
    ]
    rest = 1 - ways["probability"].sum()
    if rest >= LEAST_REST:
        other = Message("other ways").render(language)
        lines.append(f"{rest:4.0%}  {other}")
    return lines


def _left_out(corridors: Corridors, names: Mapping[str, str]) -> list[Message]:
    """Return a line for each reason why flows are carried by no link, and the places not found."""
    from corredor.routes import REASONS

    lines = [
        Message(
            "Left out, because {reason}: {flows}.",
            reason=REASONS[str(reason)],
            flows=", ".join(rows["flow_id"]) if len(rows) <= LISTED else len(rows),
        )
        for reason, rows in corridors.left_out.groupby("reason", sort=False)
    ]
    lost = corridors.left_out[corridors.left_out["reason"] == "no_place"]
    found = set(corridors.ends["place_id"])
    away = dict.fromkeys(
        place for ends in zip(lost["origin"], lost["destination"], strict=True) for place in ends
        if place not in found
    )  # fmt: skip
    if away:
        lines.append(
            Message(
                "Not on the network: {places}.",
                places=", ".join(names.get(place, place) for place in away)
                if len(away) <= LISTED
                else len(away),
            )
        )
    return lines


COMMAND = Command(
    "corridors",
    callback=list_corridors,
    help=say(Message("List the roads, rivers and flights that reported flows may run along.")),
    params=[
        STUDY,
        output(Message("File to write: .gpkg, .geojson, .csv or .graphml.")),
        THETA,
        WITH,
        CLOSED,
        WEIGHT,
        BOATS,
        SEASON,
        option(
            "--table", default="legs", show_default=True,
            type=click.Choice(["legs", "links", "places", "pairs", "visits", "ends", "left_out"]),
            help=Message("What goes into a file that holds one table."),
        ),
        option("--top", type=click.IntRange(min=0), default=TOP, show_default=True, metavar="N",
               help=Message("Corridors to list here.")),
        option("origin", "--from", metavar=Message("PLACE"),
               help=Message("With --to: list the alternatives of one pair (place or region).")),
        option("destination", "--to", metavar=Message("PLACE"), help=Message("See --from.")),
        LANG,
        OVERWRITE,
    ],
)  # fmt: skip
