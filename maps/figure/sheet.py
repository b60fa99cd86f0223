"""The sheet of a figure: title, map, legend, notes and sources, laid out for a page or a slide."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from xml.etree import ElementTree as ET

from corredor.geodata.messages import Message

from ..scene.pack import unpack_numbers
from ..scene.positions import Scene
from . import palette
from .curves import Box, Link, make_arrow
from .mapframe import MapFrame, band_width, bounds, draw_bands, fill_of, patterns, symbol
from .svg import (
    FONT,
    NAMESPACE,
    element,
    path_of_curve,
    path_of_line,
    path_of_rings,
    text_width,
    wrap,
)
from .views import Choropleth, FlowsShown, Shown, View
from .words import Words

Size = Literal["column", "page", "slide", "social"]


@dataclass(frozen=True)
class Paper:
    """A size of paper in CSS pixels, its type, and whether the text stands beside the map.

    Without a height it is as high as what stands on it, but no higher than ``most`` if the map can
    be made smaller.
    """

    width: float
    height: float
    type: float
    beside: bool
    zoom: float = 1.0
    most: float = 926


# An A4 column is 85 mm wide and a page 170 by 245 mm; a slide is 16:9; for networks a square.
PAPERS: dict[str, Paper] = {
    "column": Paper(321.3, 0, 9.3, beside=False),
    "page": Paper(642.5, 0, 11.5, beside=False),
    # A page of a report also has headings and a caption.
    "report": Paper(642.5, 0, 11.5, beside=False, most=690),
    "slide": Paper(960, 540, 12.5, beside=True),
    "social": Paper(600, 600, 11.5, beside=True, zoom=1.8),
}
_LEADING = 1.32
# What lines of itineraries and symbols of places stand for.
_MODES = (
    ("road", "by road"),
    ("river", "by river"),
    ("air", "by air"),
    ("border", "across the border"),
    ("unknown", "means not stated"),
)
_SYMBOLS = (
    ("region", "region"),
    ("province", "province"),
    ("district", "district"),
    ("city", "town"),
    ("river_port", "river port"),
    ("mining_zone", "mining zone"),
    ("border", "border crossing"),
)
# What the load of a corridor is, and how much of it.
_LOADS = {
    "evidence": ("Expected load: evidence, times the chance of passing", "{n} sources"),
    "count": ("Expected load: people counted, times the chance of passing", "{n} people"),
    "share": ("Expected load: shares, times the chance of passing", "{n} %"),
}
# Lima and Callao are too small beside Loreto to be seen: they are drawn again, larger.
_CAPITAL = ("07", "15")


class Column:
    """A column of text and keys that grows downwards."""

    def __init__(self, left: float, top: float, width: float) -> None:
        self.left, self.y, self.width = left, top, width
        self.group = element("g", fill=palette.INK)

    def text(
        self,
        text: str,
        size: float,
        *,
        bold: bool = False,
        colour: str | None = None,
        gap: float = 0,
        most: int = 99,
    ) -> None:
        """Write a paragraph; of more than ``most`` lines the last ends with an ellipsis."""
        lines = wrap(text, size, self.width, bold=bold)
        if len(lines) > most:
            lines = [*lines[: most - 1], lines[most - 1].rstrip(" .,;") + " …"]
        for line in lines:
            self.y += size * _LEADING
            self.group.append(
                element(
                    "text",
                    line,
                    x=self.left,
                    y=self.y,
                    font_size=size,
                    font_weight=700 if bold else None,
                    fill=colour,
                )
            )
        self.y += gap

    def key(
        self, mark: ET.Element, height: float, label: str, size: float, *, indent: float
    ) -> None:
        """Write a row of a legend: a mark drawn at (0, 0), and what it stands for."""
        lines = wrap(label, size, self.width - indent)
        tall = max(height, size * 1.25 * len(lines)) + 3
        holder = element(
            "g", transform=f"translate({self.left:.2f} {self.y + (tall - height) / 2:.2f})"
        )
        holder.append(mark)
        self.group.append(holder)
        top = self.y + (tall - size * 1.25 * len(lines)) / 2
        for n, line in enumerate(lines):
            self.group.append(
                element(
                    "text",
                    line,
                    x=self.left + indent,
                    y=top + size * (0.95 + 1.25 * n),
                    font_size=size,
                )
            )
        self.y += tall

    def row(self, keys: list[tuple[ET.Element, str]], size: float) -> None:
        """Write small keys (12 by 12) one beside the other, in as many lines as they take."""
        left, tall = 0.0, max(12, size * 1.25) + 3
        for mark, label in keys:
            wide = 17 + text_width(label, size) + size
            if left and left + wide > self.width:
                left, self.y = 0.0, self.y + tall
            x = self.left + left
            holder = element("g", transform=f"translate({x:.2f} {self.y + tall / 2 - 6:.2f})")
            holder.append(mark)
            self.group.append(holder)
            middle = self.y + tall / 2 + size * 0.35
            self.group.append(element("text", label, x=x + 17, y=middle, font_size=size))
            left += wide
        self.y += tall


def compose(
    scene: Scene, view: View, paper: Paper, words: Words, *, regions: list[int] | None
) -> tuple[ET.Element, dict[str, list[str]]]:
    """Return the picture of a view, and the ids of what is drawn in it."""
    pad, size = paper.type * 1.1, paper.type
    title = view.title if isinstance(view.title, str) else view.title.render(words.language)
    box = _box(scene, view, regions)
    if paper.beside:
        text_width_ = (paper.width - 3 * pad) * (0.4 if paper.width < 700 else 0.36)
        frame = (2 * pad + text_width_, pad, paper.width - pad, paper.height - pad)
        # Where the words of a view do not fit beside its map, fewer corridors are named, and at
        # last the type gets smaller.
        for named, smaller in ((10, 1.0), (6, 1.0), (4, 0.9), (2, 0.85), (0, 0.75)):
            column = Column(pad, pad * 0.6, text_width_)
            drawing = _map(scene, view, frame, box, words, size, regions, named=named)
            write_head(column, scene, view, title, words, size * smaller)
            _legend(column, scene, view, drawing, words, size * smaller)
            small = size * 0.8 * smaller
            write_notes(column, scene, view, drawing, words, small, bottom=paper.height - pad)
            if column.y <= paper.height - pad * 0.5:
                break
        height, columns = paper.height, [column]
    else:
        head = Column(pad, pad * 0.4, paper.width - 2 * pad)
        write_head(head, scene, view, title, words, size)
        width = paper.width - 2 * pad
        tall = min(width * 1.28, 760)
        for _ in range(2):
            frame = (pad, head.y + 6, paper.width - pad, head.y + 6 + tall)
            drawing = _map(scene, view, frame, box, words, size, regions)
            body = Column(pad, frame[3] + size * 0.4, width)
            _legend(body, scene, view, drawing, words, size)
            write_notes(body, scene, view, drawing, words, size * 0.86, bottom=None)
            height, columns = body.y + pad, [head, body]
            if height <= paper.most:
                break
            tall = max(tall - (height - paper.most), width * 0.6)
    groups = [*drawing.groups, *(column.group for column in columns)]
    description = describe(scene, view, drawing, words)
    root = finish(scene, view, drawing, (paper.width, height), (title, description), groups, words)
    return root, drawing.drawn


@dataclass
class Drawing:
    """The map as drawn: its groups, ids, sources, numbered legs, counts."""

    groups: list[ET.Element]
    drawn: dict[str, list[str]]
    sources: list[int]
    legs: list[tuple[str, Scene]]
    looks: set[str]
    # Kinds of places with a symbol, and the means of travel of itineraries that were drawn.
    kinds: set[str] = field(default_factory=set)
    modes: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


def finish(
    scene: Scene,
    view: View,
    drawing: Drawing,
    extent: tuple[float, float],
    said: tuple[str, str],
    groups: list[ET.Element],
    words: Words,
) -> ET.Element:
    """Return the picture: title, description, patterns, all sources in full, what is drawn."""
    width, height = extent
    root = element(
        "svg", xmlns=NAMESPACE, width=width, height=height, viewBox=f"0 0 {width:g} {height:g}",
        role="img", aria_labelledby="title desc", font_family=FONT, lang=words.language,
    )  # fmt: skip
    root.append(element("title", said[0], id="title"))
    root.append(element("desc", said[1], id="desc"))
    definitions = element("defs")
    colours = palette.class_colours(len(view.choropleth.breaks)) if view.choropleth else []
    definitions.extend(patterns(colours))
    root.append(definitions)
    root.append(_metadata(scene, drawing.sources))
    root.append(element("rect", width=width, height=height, fill="#ffffff"))
    root.extend(groups)
    if (scene["study"]["protection"] or {}).get("mode") == "internal":
        root.append(_mark(words.t("Internal: not to be handed on"), width, height))
    return root


def _mark(text: str, width: float, height: float) -> ET.Element:
    """Return the mark across a picture of own counts as they are."""
    size = width / (0.62 * len(text))
    return element(
        "text", text, x=width / 2, y=height / 2, text_anchor="middle", font_size=size,
        font_weight="bold", fill=palette.INK, fill_opacity=0.16,
        transform=f"rotate(-24 {width / 2:g} {height / 2:g})",
    )  # fmt: skip


def _box(scene: Scene, view: View, regions: list[int] | None) -> Box:
    if regions:
        return bounds(scene, regions)
    if view.frame:
        (south, west), (north, east) = view.frame
        return west - 0.6, south - 0.6, east + 0.6, north + 0.6
    return bounds(scene)


def _map(
    scene: Scene,
    view: View,
    frame: Box,
    box: Box,
    words: Words,
    size: float,
    regions: list[int] | None,
    *,
    named: int = 10,
) -> Drawing:
    drawing = MapFrame(scene, frame, box, language=words.at)
    drawing.land()
    drawing.regions(view.choropleth, lines=0.5 if size < 10 else 0.8)
    drawing.waters()
    circled = view.choropleth is not None and view.choropleth.show == "count"
    if view.choropleth and circled:
        drawing.circles(view.choropleth, widest=size * 2.6)
    if view.corridors:
        drawing.corridors(view.corridors)
    modes = drawing.itineraries(view.itineraries)
    if view.flows:
        drawing.flows(view.flows)
    drawing.draw_symbols()
    legs = drawing.number_legs(named) if view.corridors else []
    inset: list[ET.Element] = []
    taken: list[Box] = [(frame[0] + 4, frame[3] - size * 3, frame[0] + 110, frame[3])]
    if view.choropleth and not regions and not view.frame:
        corner = _inset_frame(frame, size)
        inset = _inset(scene, view.choropleth, corner, words, size)
        taken.append((corner[0], corner[1] - size * 1.4, corner[2], corner[3]))
    drawing.names(size=size * 0.86, dark=_dark(view.choropleth), taken=taken)
    drawing.scale_bar((frame[0] + 10, frame[3] - 10), size=size * 0.86)
    groups = [drawing.group, drawing.outline(), *inset]
    sources = view.choropleth.sources if view.choropleth else []
    known = {row["id"]: n for n, row in enumerate(scene["sources"])}
    if view.flows:
        sources = [*sources, *(known[s] for pair in view.flows.pairs for s in pair.source_ids)]
    if view.corridors:
        sources = [*sources, *unpack_numbers(scene["flows"]["source"]).tolist()]
    sources = [*sources, *(route["source"] for route in view.itineraries)]
    looks = {drawing.looks(p.start, p.end) for p in view.flows.pairs} if view.flows else set()
    kinds = {scene["places"][n]["kind"] for n in drawing.symbols}
    notes = words.notes(scene, view.choropleth.series) if view.choropleth else []
    told = list(dict.fromkeys(sources))
    return Drawing(groups, drawing.drawn, told, legs, looks, kinds, modes, notes)


def _dark(areas: Choropleth | None) -> set[int]:
    """Return the regions whose fill is so dark that names on it are white."""
    if areas is None:
        return set()
    colours = palette.class_colours(len(areas.breaks))
    return {
        n
        for n, s in enumerate(areas.shown)
        if s.class_ is not None and not s.unstable and colours[s.class_] in palette.CLASSES[3:]
    }


def _inset_frame(frame: Box, size: float) -> Box:
    """Return where the inset stands: in the sea at the lower left, above the scale bar."""
    side = min(frame[2] - frame[0], frame[3] - frame[1]) * 0.2
    left, bottom = frame[0] + 8, frame[3] - size * 4.2
    return left, bottom - side, left + side, bottom


def _inset(
    scene: Scene, areas: Choropleth, corner: Box, words: Words, size: float
) -> list[ET.Element]:
    """Return Lima and Callao once more, larger."""
    known = [region["id"] for region in scene["regions"]]
    if not set(_CAPITAL) <= set(known):
        return []
    west, south, east, north = bounds(scene, [known.index("07")])
    wide = max(east - west, north - south)
    box = (west - wide * 0.6, south - wide * 0.6, east + wide * 1.2, north + wide * 0.6)
    inset = MapFrame(scene, corner, box, language=words.at, key="inset", cut=True)
    inset.land()
    inset.regions(areas)
    inset.names(size=size * 0.8, dark=_dark(areas))
    label = element(
        "text",
        words.t("Lima and Callao"),
        x=corner[0],
        y=corner[1] - 4,
        font_size=size * 0.8,
        fill=palette.MUTED,
    )
    return [inset.group, inset.outline(), label]


def write_head(
    column: Column, scene: Scene, view: View, title: str, words: Words, size: float
) -> None:
    """Write the title, and what the view says of itself: register, period, how much is drawn."""
    column.text(title, size * 1.42, bold=True, gap=2)
    if view.text:
        column.text(view.text, size, colour=palette.MUTED, gap=3)
    if view.choropleth:
        series = view.choropleth.series
        register = scene["registers"][series["register"]]["name"][words.at]
        period = words.series_period(series)
        column.text(f"{register} · {period}", size, colour=palette.MUTED, gap=2)
    if view.flows and not view.text:
        flows = view.flows
        said = words.tn(
            "{n} pair drawn of {total}",
            "{n} pairs drawn of {total}",
            len(flows.pairs),
            total=flows.total,
        )
        if flows.grade > 1:
            said += words.t(" · those that at least {n} independent sources name", n=flows.grade)
        column.text(said, size, colour=palette.MUTED, gap=2)
    column.y += size * 0.4


def _legend(
    column: Column, scene: Scene, view: View, drawing: Drawing, words: Words, size: float
) -> None:
    small = size * 0.92
    if view.choropleth:
        region_keys(column, scene, view.choropleth, words, small)
    if view.flows:
        _flow_keys(column, scene, view.flows, drawing, words, small)
    if view.corridors:
        _corridor_keys(column, view.corridors, drawing, words, small)
    if view.itineraries:
        column.text(words.t("Documented itineraries, as published:"), small, gap=1)
        for mode, text in _MODES:
            if mode in drawing.modes:
                dash = palette.MODE_DASHES[mode]
                line = element("path", d="M0,3H34", stroke=palette.ITINERARY, stroke_width=1.8)
                line.set("stroke-dasharray", dash)
                column.key(line, 6, words.t(text), small, indent=42)
    symbols = [(kind, text) for kind, text in _SYMBOLS if kind in drawing.kinds]
    if symbols and drawing.kinds - {"region"}:
        column.row([(symbol(kind, 6, 6), words.t(text)) for kind, text in symbols], small)


def region_keys(
    column: Column,
    scene: Scene,
    areas: Choropleth,
    words: Words,
    size: float,
    *,
    counted: bool = True,
) -> None:
    """Write the legend of the regions; ``counted`` says of how many regions each class is."""
    colours = palette.class_colours(len(areas.breaks))
    for number in reversed(range(len(areas.breaks))):
        values = [s.value for s in areas.shown if s.class_ == number and s.value is not None]
        if not values:
            continue
        digits = 2 if areas.show == "rate" else 0
        low, high = f"{min(values):,.{digits}f}", f"{max(values):,.{digits}f}"
        label = low if low == high else f"{low} – {high}"
        many = _many(words, len(values)) if counted else ""
        column.key(
            _swatch(colours[number], size), size * 1.1, label + many, size, indent=size * 2.6
        )
    for state, text in (
        ("zero", "zero reported"),
        ("nodata", "no figure in this series"),
        ("withheld", "withheld: fewer than {k}, or protects others"),
        ("partial", "covers only part of the region: no rate"),
        ("nopeople", "no population in the study: no rate"),
        ("disputed", "sources differ"),
    ):
        n = sum(shown.state == state for shown in areas.shown)
        if n:
            fill = fill_of(Shown(state), colours)
            many = _many(words, n) if counted else ""
            label = words.t(text, k=scene["study"]["threshold"]) + many
            column.key(_swatch(fill, size), size * 1.1, label, size, indent=size * 2.6)
    unstable = [shown for shown in areas.shown if shown.unstable]
    if unstable:
        label = words.tn(
            "{n} of them with fewer than 20 reports: the rate is unstable",
            "{n} of them with fewer than 20 reports: the rate is unstable",
            len(unstable),
        )
        fill = f"url(#unstable-{min(2, len(colours) - 1)})"
        column.key(_swatch(fill, size), size * 1.1, label, size, indent=size * 2.6)
    scheme = (
        words.t("natural breaks (Jenks)")
        if not scene["study"]["classes"][areas.show]
        else words.t("bounds chosen by hand")
    )
    column.text(
        words.t("{scheme}; lowest and highest value of each class", scheme=scheme),
        size * 0.9,
        colour=palette.MUTED,
        gap=4,
    )


def _many(words: Words, n: int) -> str:
    said = words.tn("{n} region", "{n} regions", n)
    return f"   ({said})"


def _swatch(fill: str, size: float) -> ET.Element:
    return element(
        "rect",
        width=size * 2,
        height=size * 1.1,
        fill=fill,
        stroke=palette.SWATCH,
        stroke_width=0.7,
    )


# What the widths of arrows speak by: the sentence, and one and many of it.
WIDTHS = {
    "evidence": (
        Message("Width: how many independent sources name the pair. It is evidence, not volume."),
        "{n} independent source",
        "{n} independent sources",
    ),
    "count": (
        Message(
            "Width: people counted by one source for the pair; where sources differ, the largest"
            " number. Sources are never added up."
        ),
        "{n} person",
        "{n} people",
    ),
}


def _flow_keys(
    column: Column, scene: Scene, flows: FlowsShown, drawing: Drawing, words: Words, size: float
) -> None:
    scale = scene["widths"][flows.by]
    most = max((pair.amount for pair in flows.pairs), default=0)
    least_above = min((n for n in scale["legend"] if n >= most), default=most)
    explained, one, many = WIDTHS[flows.by]
    column.text(explained.render(words.language), size, gap=2)
    for n in scale["legend"]:
        if (flows.by == "count" or flows.grade <= n) and n <= least_above:
            width = max(1.0, n * scale["px"])
            label = words.tn(one, many, int(n))
            column.key(_arrow_key(width, "plain"), width * 1.6 + 8, label, size, indent=64)
    for look, text in (
        ("area", "towards an area, no place named"),
        ("border", "across the border"),
    ):
        if look in drawing.looks:
            column.key(_arrow_key(1.6, look), 11, words.t(text), size, indent=64)
    column.y += 3


def _arrow_key(width: float, look: str) -> ET.Element:
    y = width * 0.8 + 4
    link = Link(0, 1, (0, y), (54, y), width)
    arrow = make_arrow(link, 0, start_gap=0, end_gap=1)
    group = element("g", opacity=palette.flow_alpha(width))
    group.append(
        element(
            "path",
            d=path_of_curve(arrow.shaft),
            fill="none",
            stroke=palette.FLOW,
            stroke_width=width,
            stroke_dasharray=palette.DASHES[look],
        )
    )
    group.append(element("path", d=path_of_rings([list(arrow.head)]), fill=palette.FLOW))
    return group


def _corridor_keys(
    column: Column, corridors: Scene, drawing: Drawing, words: Words, size: float
) -> None:
    column.text(
        words.t(
            "Inferred, not reported: the roads and rivers that the reported flows would most likely"
            " follow, by travel time. Width: expected load."
        ),
        size,
        colour=palette.MUTED,
        gap=2,
    )
    kind, unit = _LOADS.get(corridors["kind"], _LOADS["share"])
    column.text(words.t(kind), size, gap=2)
    for n in corridors["scale"]["legend"]:
        width = band_width(n, corridors)
        y = width / 2 + 2
        mark = element("g")
        mark.extend(draw_bands([(path_of_line([(2, y), (52, y)]), width)]))
        label = f"{n:,g}\u00a0%" if unit == "{n} %" else words.t(unit, n=format(n, ",g"))
        column.key(mark, width + 4, label, size, indent=64)
    for label, leg in drawing.legs:
        share = f"{leg['share'] * 100:.0f}\u00a0%"
        mark = element("g")
        mark.append(
            element(
                "circle",
                cx=6.5,
                cy=6.5,
                r=6.2,
                fill="none",
                stroke=palette.CORRIDOR_EDGE,
                stroke_width=1.1,
            )
        )
        mark.append(
            element(
                "text", label, x=6.5, y=9.4, font_size=8.5, font_weight=700, text_anchor="middle"
            )
        )
        said = words.t(
            "{name} ({km} km, {share} of the flows' weight)",
            name=leg["name"],
            km=format(leg["km"], ","),
            share=share,
        )
        column.key(mark, 13, said, size, indent=20)


def write_notes(
    column: Column,
    scene: Scene,
    view: View,
    drawing: Drawing,
    words: Words,
    size: float,
    *,
    bottom: float | None,
) -> None:
    """Write the caveat and the sources, as many as there is room for; the rest is counted."""
    column.y += 2
    caveat = words.t(
        "Reported complaints and flows show what was reported and published, not how much"
        " trafficking there is."
    )
    column.text(caveat, size, bold=True, gap=1)
    protection = scene["study"]["protection"]
    mark = [scene["texts"][protection["mark"]][words.at]] if protection else []
    for note in (*mark, *drawing.notes):
        column.text(note, size, gap=1)
    column.text(scene["study"]["boundaries"][words.at], size, colour=palette.MUTED, gap=2, most=3)
    names = [_cite(scene["sources"][n]) for n in drawing.sources]
    lines_left = 6 if bottom is None else max(1, int((bottom - column.y) / (size * _LEADING)))
    shown = len(names)
    while shown:
        text = _sources_text(names[:shown], len(names) - shown, words)
        if len(wrap(text, size, column.width)) <= lines_left:
            column.text(text, size, colour=palette.MUTED)
            return
        shown -= 1


def _cite(source: Scene) -> str:
    year = source["date"][:4]
    return f"{source['publisher']} ({year})" if year else str(source["publisher"])


def _sources_text(names: list[str], rest: int, words: Words) -> str:
    listed = "; ".join(dict.fromkeys(names))
    text = words.t("Sources: {listed}", listed=listed)
    if rest:
        text += words.tn(
            " and {n} more, all of them in the file of this figure",
            " and {n} more, all of them in the file of this figure",
            rest,
        )
    return text + "."


def describe(scene: Scene, view: View, drawing: Drawing, words: Words) -> str:
    """Return the alternative text: what the picture says, in sentences."""
    parts = [view.text] if view.text else []
    if view.choropleth:
        areas = view.choropleth
        valued = [
            (s.value, scene["regions"][n]["name"])
            for n, s in enumerate(areas.shown)
            if s.state == "value" and s.value is not None
        ]
        digits = 2 if areas.show == "rate" else 0
        top = "; ".join(
            f"{name} {value:,.{digits}f}" for value, name in sorted(valued, reverse=True)[:5]
        )
        parts.append(words.t("Highest: {top}. Regions with a figure: {n}.", top=top, n=len(valued)))
    if view.flows:
        names = [place["name"][words.at] for place in scene["places"]]
        top = "; ".join(
            f"{names[p.start]} → {names[p.end]} ({p.amount})" for p in view.flows.pairs[:5]
        )
        parts.append(words.t("Pairs that most sources name: {top}.", top=top))
    if view.corridors:
        top = "; ".join(leg["name"] for _, leg in drawing.legs[:5])
        parts.append(words.t("Inferred corridors with the largest expected load: {top}.", top=top))
    return " ".join(parts)


def _metadata(scene: Scene, sources: list[int]) -> ET.Element:
    """Return all sources in full, for whoever opens the file."""
    block = element("metadata")
    block.append(element("generator", f"Corredor {scene['study']['version']}"))
    for number in sources:
        source = scene["sources"][number]
        said = ". ".join(
            source[key] for key in ("publisher", "title", "date", "url") if source[key]
        )
        block.append(element("source", f"{source['id']}: {said}", xmlns="urn:corredor:sources"))
    return block
