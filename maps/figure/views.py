"""What a figure shows, taken from the scene: regions with their classes, pairs, legs, itineraries.

The rules are those of the page (``maps/js/core``): the same state for a region without a class, the
same breaks, the same widths. Nothing here draws.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from corredor.geodata import Publication, StudyError, add_up_counts, build_pairs, roll_up
from corredor.geodata.errors import suggestion
from corredor.geodata.messages import Message
from corredor.geodata.study.tables import as_rows

from ..scene.classes import find_class
from ..scene.positions import Scene
from .words import MEASURES

VIEWS = ("complaints", "flows", "corridors", "matrix", "multiples")
# Series with figures of fewer regions than this get no map of their own.
_MAPPED_FROM = 12
# With more arrows than this a printed map is read no more; the weakest are left out, and counted.
READABLE_ARROWS = 40
# A rate of fewer reports than this is unstable, as the page says too.
_STABLE_FROM = 20


@dataclass(frozen=True)
class Shown:
    """What a region shows: its state, and the value and class where it has one."""

    state: str
    value: float | None = None
    class_: int | None = None
    figures: tuple[Scene, ...] = ()
    unstable: bool = False


@dataclass(frozen=True)
class Choropleth:
    """The regions of one series, each with what it shows, and the breaks of the classes."""

    series: Scene
    show: str
    breaks: list[float]
    shown: list[Shown]

    @property
    def sources(self) -> list[int]:
        """Positions of the sources of everything shown, in order of first mention."""
        found = (s for shown in self.shown for f in shown.figures for s in f["sources"])
        return list(dict.fromkeys(found))


@dataclass(frozen=True)
class PairShown:
    """One pair of places with its evidence and the width of its arrow, in CSS pixels.

    ``amount`` is what the width speaks by: evidence, or people where all flows are counted.
    """

    start: int
    end: int
    evidence: int
    amount: int
    width: float
    flow_ids: tuple[str, ...]
    source_ids: tuple[str, ...]


@dataclass(frozen=True)
class FlowsShown:
    """The pairs drawn, how many there are in all, and from how many sources on they are drawn.

    ``by`` is what widths speak by, as the page opens with: "evidence" or "count".
    """

    pairs: list[PairShown]
    total: int
    grade: int
    level: str
    by: str


@dataclass(frozen=True)
class View:
    """Everything one figure shows."""

    name: str
    title: Message | str
    choropleth: Choropleth | None = None
    flows: FlowsShown | None = None
    corridors: Scene | None = None
    itineraries: list[Scene] = field(default_factory=list)
    text: str = ""
    frame: list[list[float]] | None = None


def choose_view(
    publication: Publication,
    scene: Scene,
    name: str,
    *,
    lang: str,
    series: int | None = None,
    show: str | None = None,
    level: str = "region",
    grade: int | None = None,
) -> View:
    """Return what a named view, or the story of that number or title, shows."""
    study = scene["study"]
    series = study["opening"]["series"] if series is None else series
    show = show or study["opening"]["show"]
    if name in ("complaints", "multiples"):
        areas = choropleth(scene, _needed(scene, series), show)
        return View(name, _complaints_title(areas), areas)
    if name in ("flows", "matrix"):
        # A matrix has room for all pairs: an empty cell must mean that nobody said so.
        least = grade or (1 if name == "matrix" else study["opening"].get("grade"))
        flows = flows_shown(publication, scene, level=level, grade=least)
        return View(name, _FLOW_TITLES[flows.by], flows=flows)
    if name == "corridors":
        if not scene["corridors"]:
            raise StudyError(
                Message("The study has no corridors to draw: no flow could be routed.")
            )
        return View(
            name,
            Message("Inferred corridors: the ways that reported flows would most likely take"),
            corridors=scene["corridors"],
        )
    return _story(publication, scene, name, lang=lang, series=series, show=show)


_FLOW_TITLES = {
    "evidence": Message("Reported flows: how many independent sources name each"),
    "count": Message("Reported flows: how many people are counted for each"),
}


def _story(
    publication: Publication, scene: Scene, name: str, *, lang: str, series: int, show: str
) -> View:
    stories = scene["stories"]
    language = 0 if lang == "es" else 1
    known = {str(n): story for n, story in enumerate(stories, start=1)}
    known |= {title: story for story in stories for title in story["title"]}
    if name not in known:
        offered = [*VIEWS, *known]
        raise StudyError(
            Message(
                "There is no view and no story '{name}'. There are: {known}. {near}",
                name=name,
                known=", ".join(offered),
                near=suggestion(name, offered),
            )
        )
    story = known[name]
    state = story["state"]
    layers = state.get("layers", {"regions": True, "flows": True})
    on = {key for key in layers if not isinstance(layers, dict) or layers[key]}
    shown_series = state.get("series", series)
    return View(
        name="story",
        title=story["title"][language],
        text=story["text"][language],
        choropleth=choropleth(scene, shown_series, state.get("show", show))
        if "regions" in on and shown_series is not None and shown_series >= 0
        else None,
        flows=flows_shown(
            publication,
            scene,
            level=state.get("level", "region"),
            grade=state.get("grade"),
            focus=state.get("focus"),
            direction=state.get("direction", "both"),
        )
        if "flows" in on
        else None,
        corridors=scene["corridors"] if "corridors" in on else None,
        itineraries=scene["itineraries"] if "itineraries" in on else [],
        frame=state.get("frame"),
    )


def _needed(scene: Scene, series: int | None) -> int:
    if series is None or series < 0 or not scene["series"]:
        raise StudyError(Message("The study has no figures by region, so there is no such map."))
    return series


def mapped_series(scene: Scene) -> list[int]:
    """Return the series of each register and measure that covers most regions, if many.

    In a study that has none with many, those with few are all there is to map.
    """
    return _widest(scene, min(_MAPPED_FROM, len(scene["regions"]) / 2)) or _widest(scene, 1)


def _widest(scene: Scene, least: float) -> list[int]:
    best: dict[tuple[str, str], int] = {}
    for number, series in enumerate(scene["series"]):
        key = series["register"], series["measure"]
        # Where figures are withheld, those of the other regions are the map, however few.
        enough = 1 if series.get("withheld") else least
        if series["purpose"] != "all" or series["covered"] < enough:
            continue
        held = best.get(key)
        if held is None or series["covered"] >= scene["series"][held]["covered"]:
            best[key] = number
    return sorted(best.values())


def choropleth(
    scene: Scene, series: int, show: str, *, breaks: list[float] | None = None
) -> Choropleth:
    """Return what every region shows in a series, with the class of each value."""
    found = scene["series"][series]["breaks"][show]["jenks"]
    breaks = scene["study"]["classes"][show] or breaks or found
    told: dict[int, list[Scene]] = {}
    for figure in scene["figures"]:
        if figure["level"] == "region" and figure["series"] == series:
            told.setdefault(figure["region"], []).append(figure)
    empty = Shown("withheld" if scene["series"][series].get("withheld") else "nodata")
    shown = [
        _shown(told[n], show, breaks) if n in told else empty for n in range(len(scene["regions"]))
    ]
    return Choropleth(scene["series"][series], show, breaks, shown)


def _shown(told: list[Scene], show: str, breaks: list[float]) -> Shown:
    figure = next((figure for figure in told if figure["shown"]), None)
    if figure is None:
        return Shown("disputed", figures=tuple(told))
    value = figure["rate"] if show == "rate" else figure["value"]
    if value is None:
        return Shown("nopeople" if figure["whole"] else "partial", figures=(figure,))
    if value == 0:
        return Shown("zero", 0.0, figures=(figure,))
    unstable = show == "rate" and figure["value"] < _STABLE_FROM
    return Shown("value", value, find_class(value - 1e-9, breaks), (figure,), unstable)


def flows_shown(
    publication: Publication,
    scene: Scene,
    *,
    level: str,
    grade: int | None = None,
    focus: list[dict[str, Any]] | None = None,
    direction: str = "both",
) -> FlowsShown:
    """Return the pairs of a level, strongest first; without a grade, as many as can be read."""
    tables = publication.tables
    at = {place["id"]: n for n, place in enumerate(scene["places"])}
    flows = tables.flows
    if level != "place":
        flows = roll_up(flows, tables.places, level=level)  # type: ignore[arg-type]
    pairs = build_pairs(flows, tables.sources)
    by = scene["study"]["opening"].get("widthBy", "evidence")
    if by == "count":  # of one source, so both bounds are its count
        counted = add_up_counts(flows)
        ends = zip(counted["origin"], counted["destination"], strict=True)
        people = dict(zip(ends, counted["high"].astype(int), strict=True))
        pairs = pairs.assign(
            amount=[people[e] for e in zip(pairs["origin"], pairs["destination"], strict=True)]
        )
    else:
        pairs = pairs.assign(amount=pairs["evidence"])
    px = scene["widths"][by]["px"]
    all_shown = [
        PairShown(
            at[row.origin],
            at[row.destination],
            int(row.evidence),
            int(row.amount),
            max(1.0, row.amount * px),
            row.flow_ids,
            row.source_ids,
        )
        for row in as_rows(pairs)
        if _spot(scene, at[row.origin]) and _spot(scene, at[row.destination])
    ]
    if focus:
        inside = _places_of(scene, focus)
        all_shown = [pair for pair in all_shown if _in_focus(pair, inside, direction)]
    if grade is None:
        grade = _readable(all_shown)
    kept = [pair for pair in all_shown if pair.evidence >= grade]
    return FlowsShown(sorted(kept, key=lambda p: -p.amount), len(all_shown), grade, level, by)


def _spot(scene: Scene, place: int) -> list[float] | None:
    found: list[float] | None = scene["places"][place]["at"] or scene["places"][place]["label"]
    return found


def _places_of(scene: Scene, focus: list[dict[str, Any]]) -> set[int]:
    inside = set()
    for target in focus:
        if target["kind"] == "place":
            inside.add(target["id"])
        else:
            inside |= {n for n, p in enumerate(scene["places"]) if p["region"] == target["id"]}
    return inside


def _in_focus(pair: PairShown, inside: set[int], direction: str) -> bool:
    out, into = pair.start in inside, pair.end in inside
    return {"out": out, "in": into}.get(direction, out or into)


def _readable(pairs: list[PairShown]) -> int:
    """Return from how many sources on no more than `READABLE_ARROWS` pairs are left."""
    grade = 1
    while sum(pair.evidence >= grade for pair in pairs) > READABLE_ARROWS:
        grade += 1
    return grade


def _complaints_title(areas: Choropleth) -> Message:
    measure = MEASURES[areas.series["measure"]]
    unit = Message("per 100,000 people and year") if areas.show == "rate" else Message("count")
    return Message("{measure}, {unit}", measure=measure, unit=unit)
