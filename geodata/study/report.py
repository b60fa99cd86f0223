"""What a study holds, what was matched, and what was left out and why, in words."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ..account import Account
from ..errors import clip, suggestion
from ..figures import Figures, counts_larger_units, join_figures
from ..flows import build_pairs, origin_of_sources, roll_up
from ..layers.units import LEVEL_WORDS
from ..messages import Language, Message
from ..places.gazetteer import unit_points
from .model import Study, StudyMeta, Tables
from .publication import describe_small, own_sources
from .tables import as_rows
from .views import check_views, stale_stories

_MEASURES = {
    "complaints": Message("complaints"),
    "records": Message("victim records"),
    "victims": Message("victims"),
    "rescued": Message("rescued people"),
}
_KINDS = {
    "region": Message("regions"),
    "city": Message("cities"),
    "river_port": Message("river ports"),
    "mining_zone": Message("mining zones"),
    "border": Message("border places"),
    "area": Message("areas"),
}
_MODES = {
    "road": Message("by road"),
    "river": Message("by river"),
    "air": Message("by air"),
    "border": Message("across a border"),
}


def _count_by(words: dict[str, Message], counted: pd.Series[int]) -> Message:
    """Return ``regions 25, cities 3`` as one message."""
    said = None
    for name, n in counted.items():
        part = Message("{word} {n}", word=words.get(str(name), str(name)), n=n)
        said = part if said is None else Message("{first}, {second}", first=said, second=part)
    return Message("{kinds}.", kinds=said or "-")


@dataclass(frozen=True)
class Section:
    """One table of a study in a few sentences.

    Parameters
    ----------
    title : Message
        Name of the table, with its number of rows.
    lines : tuple of Message
        What it holds.
    attention : tuple of Message, optional
        What a reader must look at.
    """

    title: Message
    lines: tuple[Message, ...]
    attention: tuple[Message, ...] = ()


def describe_study(study: Study) -> list[Section]:
    """Describe a study whose tables were read and checked.

    Parameters
    ----------
    study : Study
        A study.

    Returns
    -------
    list of Section
        Regions, complaints, flows, places, itineraries, network, sources and stories, in this
        order.
    """
    tables = study.tables
    found = join_figures(tables)
    check_views(study.meta, tables, found)
    return [
        _regions(tables, study.boundaries),
        _complaints(tables, found),
        _flows(tables),
        _places(tables),
        _itineraries(tables),
        _network(tables),
        _sources(tables, study.meta.threshold),
        *_stories(study.meta),
    ]


def render_sections(sections: list[Section], language: Language = "en") -> str:
    """Return the description as plain text.

    Parameters
    ----------
    sections : list of Section
        What `describe_study` returns.
    language : {"en", "es"}, optional
        Language of the text.

    Returns
    -------
    str
        A paragraph for each section.
    """
    parts = []
    for section in sections:
        lines = [section.title.render(language)]
        lines += [f"  {line.render(language)}" for line in section.lines]
        lines += [f"! {line.render(language)}" for line in section.attention]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


_TITLES = {
    "region": Message("Regions: {n}"),
    "province": Message("Provinces: {n}"),
    "district": Message("Districts: {n}"),
}


def _regions(tables: Tables, boundaries: Account | None) -> Section:
    regions = tables.regions
    without = regions[regions["population"].isna()]
    strangers = tables.population[~tables.population["ubigeo"].isin(regions["ubigeo"])]
    attention = []
    if len(without):
        names = clip(", ".join(without["name"]), 600)
        attention.append(
            Message(
                "{n} region(s) without population, so without rates: {names}.",
                n=len(without),
                names=names,
            )
        )
    if len(strangers):
        names = ", ".join(strangers["name"])
        attention.append(
            Message(
                "{n} row(s) of population match no region: {names}.", n=len(strangers), names=names
            )
        )
    years = ", ".join(sorted(set(regions["population_year"]) - {""}))
    people = int(regions["population"].sum())
    lines = [
        Message(
            "{people:,} people ({years}); {area:,.0f} km² as drawn.",
            people=people,
            years=years or "-",
            area=regions["area_km2"].sum(),
        )
    ]
    if boundaries is not None:
        if division := boundaries.extra.get("boundaries_of"):
            lines.append(Message("Boundaries of {division}, population of {years}.",
                                 division=division, years=years or "-"))  # fmt: skip
        lines += [Message("mended: {what}", what=what) for what in boundaries.mended]
        attention += boundaries.extra.get("overlaps", [])
        attention += [
            Message("{n} row(s) of the layer left out, {why}.", n=part.rows, why=part.reason)
            for part in boundaries.left_out
        ]
    level = str(regions["level"].iloc[0]) if len(regions) else "region"
    return Section(Message(_TITLES[level].text, n=len(regions)), tuple(lines), tuple(attention))


def _complaints(tables: Tables, found: Figures) -> Section:
    rows, account, figures, series = tables.complaints, found.account, found.table, found.series
    retold = figures["source_ids"].map(len) > 1
    lines = [
        *_provenance(rows, tables),
        Message("{n} rows of the whole country.", n=len(account.national)),
        Message("{n} rows of a region or city.", n=len(account.direct)),
        Message(
            "{n} rows of {districts} judicial or fiscal districts, brought to {regions}"
            " regions by the crosswalk.",
            n=len(account.by_district),
            districts=account.by_district["canonical"].nunique(),
            regions=account.by_district["ubigeo"].nunique(),
        ),
        *(
            [
                Message(
                    "{n} rows of finer units, brought to {regions} units of the layer by ubigeo.",
                    n=len(account.by_part),
                    regions=account.by_part["ubigeo"].nunique(),
                )
            ]
            if len(account.by_part)
            else []
        ),
        Message(
            "{n} distinct figures; {retold} of them printed by several sources.",
            n=len(figures),
            retold=int(retold.sum()),
        ),
    ]
    lines += [
        Message(
            "{register}, {measure}, {start} to {end}: {covered} of {all} regions,"
            " sum {sum:,.0f} (published total: {total}).",
            register=row.register,
            measure=_MEASURES[row.measure],
            start=row.period_start,
            end=row.period_end,
            covered=row.covered,
            all=len(tables.regions),
            sum=row.total,
            total=" / ".join(f"{value:,.0f}" for value in row.national) or "-",
        )
        for row in as_rows(series[series["complete"]])
    ]
    larger = counts_larger_units(account.unmatched, tables.regions)
    attention = [
        Message(
            "{n} rows count larger units than the {units} of the layer, and are not on its map.",
            n=int(larger.sum()),
            units=LEVEL_WORDS[tables.regions["level"].iloc[0]],
        )
    ] * bool(larger.any())
    attention += [
        Message(
            "Not matched, and not on the map: {place} ({value:g}). {hint}",
            place=row.place or row.ubigeo,
            value=row.value,
            hint=suggestion(row.place, tables.districts["district"]),
        )
        for row in as_rows(account.unmatched[~larger])
    ]
    attention += [
        Message(
            "Sources differ: {register}, {measure}, {start} to {end}, {place}: {values}.",
            register=key[0],
            measure=_MEASURES[str(key[1])],
            start=key[3],
            end=key[4],
            place=key[5] or "Perú",
            values=", ".join(
                f"{row.value:g} ({', '.join(row.source_ids)})" for row in as_rows(group)
            ),
        )
        for key, group in figures[figures["disputed"]].groupby(
            ["register", "measure", "purpose", "period_start", "period_end", "ubigeo"]
        )
    ]
    return Section(Message("Complaints: {n} rows", n=len(rows)), tuple(lines), tuple(attention))


def _provenance(rows: pd.DataFrame, tables: Tables) -> list[Message]:
    """Say how many rows are of own sources, which are protected before anything is drawn."""
    own = int(rows["source_id"].isin(own_sources(tables.sources)).sum())
    if not own:
        return [Message("All of public sources: they pass unchanged.")]
    return [
        Message(
            "{own} of {n} rows of own sources: they are protected before anything is drawn.",
            own=own,
            n=len(rows),
        )
    ]


def _flows(tables: Tables) -> Section:
    flows, places = tables.flows, tables.places
    if flows.empty:
        return Section(Message("Flows: {n} rows", n=0), ())
    pairs = build_pairs(flows, tables.sources)
    rolled = roll_up(flows, places)
    spotless = places[places["lat"].isna() & places["label_lat"].isna()]
    # A place without coordinates stands in the middle of its unit.
    lost = spotless[~spotless["ubigeo"].isin(unit_points().keys())]["place_id"]
    undrawn = flows[flows["origin"].isin(lost) | flows["destination"].isin(lost)]
    attention = [
        Message(
            "{id}: {origin} -> {destination} is not drawn, because a place has no point.",
            id=row.flow_id,
            origin=row.origin,
            destination=row.destination,
        )
        for row in as_rows(undrawn)
    ]
    return Section(
        Message("Flows: {n} rows", n=len(flows)),
        (
            *_provenance(flows, tables),
            Message(
                "{pairs} pairs of places, {regional} pairs of regions; {within} flows within"
                " one region.",
                pairs=len(pairs),
                regional=len(build_pairs(rolled, tables.sources)),
                within=int((rolled["origin"] == rolled["destination"]).sum()),
            ),
            Message(
                "{n} with a number, {rest} reported without one.",
                n=int(flows["value"].notna().sum()),
                rest=int(flows["value"].isna().sum()),
            ),
            Message(
                "{drawn} of {all} reported flows drawn.",
                drawn=len(flows) - len(undrawn),
                all=len(flows),
            ),
        ),
        tuple(attention),
    )


def _places(tables: Tables) -> Section:
    places = tables.places
    kinds = places["kind"].value_counts(sort=False)
    abroad = places[(places["ubigeo"] == "") & (places["kind"] != "area")]
    return Section(
        Message("Places: {n}", n=len(places)),
        (
            _count_by(_KINDS, kinds),
            Message(
                "{n} outside the regions of the study; {areas} area(s) without a point.",
                n=len(abroad),
                areas=int((places["kind"] == "area").sum()),
            ),
        ),
    )


def _itineraries(tables: Tables) -> Section:
    stops = tables.itineraries
    return Section(
        Message("Itineraries: {n} routes", n=stops["route_id"].nunique()),
        (Message("{n} stops.", n=len(stops)),),
    )


def _network(tables: Tables) -> Section:
    links = tables.network_links
    return Section(
        Message(
            "Transport network: {n} places, {links} links",
            n=len(tables.network_places),
            links=len(links),
        ),
        (_count_by(_MODES, links["mode"].value_counts(sort=False)),),
    )


def _stories(meta: StudyMeta) -> list[Section]:
    stale = stale_stories(meta)
    if not meta.stories:
        return []
    told = sum(not story.stale for story in meta.stories)
    return [Section(Message("Stories: {n}", n=told), (), (stale,) if stale else ())]


def _sources(tables: Tables, threshold: int) -> Section:
    used = pd.concat(
        [
            table["source_id"]
            for table in vars(tables).values()
            if table is not None and "source_id" in table and table is not tables.sources
        ]
    )
    idle = tables.sources[~tables.sources["source_id"].isin(used)]
    return Section(
        Message("Sources: {n}", n=len(tables.sources)),
        (
            Message(
                "{n} publications once retellings are counted once.",
                n=len(set(origin_of_sources(tables.sources).values())),
            ),
            Message("{n} not used by any table.", n=len(idle)),
        ),
        (small,) if (small := describe_small(tables, threshold)) else (),
    )
