"""Small multiples: one small map for each comparable period, all in the same classes."""

from __future__ import annotations

import math
from xml.etree import ElementTree as ET

from corredor.geodata import StudyError
from corredor.geodata.figures import months_between
from corredor.geodata.messages import Message

from ..scene.positions import Scene
from . import palette
from .mapframe import MapFrame, bounds
from .sheet import (
    Column,
    Drawing,
    Paper,
    describe,
    finish,
    region_keys,
    write_head,
    write_notes,
)
from .svg import element
from .views import Choropleth, View, choropleth
from .words import Words

_MOST = 12


def compose_multiples(
    scene: Scene, view: View, paper: Paper, words: Words
) -> tuple[ET.Element, dict[str, list[str]]]:
    """Return the comparable periods of a view's register side by side.

    Raises
    ------
    StudyError
        If the register has no two comparable periods: as long as each other, not overlapping, and
        each with figures of at least half of the regions.
    """
    assert view.choropleth is not None  # the view of that name always has one
    numbers = comparable(scene, view.choropleth)
    if len(numbers) < 2:
        raise StudyError(
            Message(
                "No two periods of this register can be compared side by side: they must be"
                " equally long, must not overlap, and must each have figures of at least half of"
                " the regions."
            )
        )
    breaks = scene["families"][view.choropleth.series["family"]]["breaks"][view.choropleth.show][
        "jenks"
    ]
    maps = [choropleth(scene, n, view.choropleth.show, breaks=breaks) for n in numbers[-_MOST:]]
    pad, size = paper.type * 1.1, paper.type
    title = view.title if isinstance(view.title, str) else view.title.render(words.language)
    register = scene["registers"][maps[0].series["register"]]["name"][words.at]
    head = Column(pad, pad * 0.4, paper.width - 2 * pad)
    write_head(head, scene, View(view.name, title, text=register), title, words, size)
    across = min(len(maps), 2 if paper.width < 400 else 3 if paper.width < 800 else 6)
    side = (paper.width - 2 * pad - (across - 1) * 6) / across
    tall, top = side * 1.25, head.y + 8
    groups, drawn = [], []
    for number, areas in enumerate(maps):
        left = pad + (number % across) * (side + 6)
        up = top + (number // across) * (tall + size * 1.8)
        label = words.series_period(areas.series)
        groups.append(
            element(
                "text",
                label,
                x=left,
                y=up + size,
                font_size=size,
                font_weight=700,
                fill=palette.INK,
            )
        )
        frame = (left, up + size * 1.4, left + side, up + size * 1.4 + tall)
        panel = MapFrame(scene, frame, bounds(scene), language=words.at, key=f"m{number}", cut=True)
        panel.land()
        panel.regions(areas, lines=0.4)
        groups += [panel.group, panel.outline()]
        drawn += panel.drawn["regions"]
    rows = math.ceil(len(maps) / across)
    foot = Column(pad, top + rows * (tall + size * 1.8) + size, paper.width - 2 * pad)
    together = Choropleth(
        maps[-1].series, maps[-1].show, breaks, [s for areas in maps for s in areas.shown]
    )
    region_keys(foot, scene, together, words, size * 0.92, counted=False)
    sources = list(dict.fromkeys(s for areas in maps for s in areas.sources))
    notes = words.notes(scene, *(areas.series for areas in maps))
    drawing = Drawing([], {"regions": drawn, "pairs": []}, sources, [], set(), notes=notes)
    write_notes(foot, scene, view, drawing, words, size * 0.86, bottom=None)
    said = (title, describe(scene, View(view.name, title, choropleth=maps[-1]), drawing, words))
    shown = View(view.name, title, choropleth=together)
    extent = (paper.width, max(paper.height, foot.y + pad))
    root = finish(scene, shown, drawing, extent, said, [*groups, head.group, foot.group], words)
    return root, drawing.drawn


def comparable(scene: Scene, areas: Choropleth) -> list[int]:
    """Return the series of the same register that can stand beside this one, in order of time."""
    wanted = areas.series
    months = months_between(wanted["period_start"], wanted["period_end"])
    half = len(scene["regions"]) / 2
    found: list[int] = []
    candidates = [
        (series["period_start"], number)
        for number, series in enumerate(scene["series"])
        if series["family"] == wanted["family"]
        and series["covered"] >= half
        and series["partial"] == wanted["partial"]
        and months_between(series["period_start"], series["period_end"]) == months
    ]
    for start, number in sorted(candidates):
        if not found or scene["series"][found[-1]]["period_end"] < start:
            found.append(number)
    return found
