"""The map of a figure: land, regions, corridors, itineraries, arrows, symbols and names in a frame.

Peru is drawn in a cylindrical equal-area projection with its standard parallel through the middle
of the country: areas are true everywhere, and shapes differ by less than 4 per cent.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from xml.etree import ElementTree as ET

import shapely

from ..scene.positions import Scene
from ..scene.shapes import SCALE
from . import palette
from .curves import Arrow, Box, Crowd, Link, Point, choose_turns, make_arrow, point_on
from .labels import Name, place_labels
from .svg import (
    element,
    path_of_curve,
    path_of_line,
    path_of_rings,
    path_of_smooth,
    text_width,
)
from .views import Choropleth, FlowsShown, Shown

_MIDDLE = math.radians(-9.2)
_LAND_SCALE, _LINE_SCALE = 100, 10_000
# Kilometres a degree of longitude along the standard parallel.
_KM_PER_DEGREE = 111.32 * math.cos(_MIDDLE)
_RADIUS = {
    "region": 4.2, "province": 3.8, "district": 3.4,
    "mining_zone": 5.2, "border": 4.6, "river_port": 4.0,
}  # fmt: skip
_UNITS = ("region", "province", "district")
# Where a name stands for the sea, as far as it is in sight.
_SEA = (-14.6, -79.2)
# Further than any sheet reaches.
_FAR = 3000
# Bands narrower than this have a finer middle.
_FINE = 5


@dataclass(frozen=True)
class Projection:
    """From degrees to the pixels of a frame: equal areas, north up."""

    scale: float
    left: float
    top: float

    def __call__(self, lat: float, lon: float) -> Point:
        """Return the point of a place."""
        x, y = to_plane(lat, lon)
        return x * self.scale + self.left, y * self.scale + self.top


@lru_cache(maxsize=1 << 16)  # the same points stand in each map of a report
def to_plane(lat: float, lon: float) -> Point:
    """Return degrees of longitude along the standard parallel, and equal-area northing, y down."""
    y = math.sin(math.radians(lat)) / math.cos(_MIDDLE) ** 2
    return lon, -math.degrees(y)


def fit(box: Box, frame: Box, *, margin: float = 6) -> Projection:
    """Return the projection that shows a box of degrees (west, south, east, north) in a frame."""
    west, bottom = to_plane(box[1], box[0])
    east, top = to_plane(box[3], box[2])
    width, height = frame[2] - frame[0] - 2 * margin, frame[3] - frame[1] - 2 * margin
    scale = min(width / (east - west or 1), height / (bottom - top or 1))
    left = (frame[0] + frame[2]) / 2 - (west + east) / 2 * scale
    return Projection(scale, left, (frame[1] + frame[3]) / 2 - (top + bottom) / 2 * scale)


def unpack_rings(rings: list[list[int]], scale: int = SCALE) -> list[list[tuple[float, float]]]:
    """Return rings or lines packed as differences as (lat, lon)."""
    return [_unpack(ring, scale) for ring in rings]


def _unpack(packed: list[int], scale: int) -> list[tuple[float, float]]:
    points, lon, lat = [], 0, 0
    for i in range(0, len(packed), 2):
        lon, lat = lon + packed[i], lat + packed[i + 1]
        points.append((lat / scale, lon / scale))
    return points


def region_rings(scene: Scene, numbers: Iterable[int]) -> list[list[list[tuple[float, float]]]]:
    """Return the rings of some regions as (lat, lon), joined from the borders they have in common.

    A border that is turned round is numbered ~n.
    """
    scale, lines = scene["borders"]["scale"], scene["borders"]["lines"]
    known: dict[int, list[tuple[float, float]]] = {}

    def line(n: int) -> list[tuple[float, float]]:
        if n not in known:
            known[n] = _unpack(lines[n], scale) if n >= 0 else line(~n)[::-1]
        return known[n]

    return [
        [[point for n in ring for point in line(n)[:-1]] for ring in scene["regions"][at]["rings"]]
        for at in numbers
    ]


def bounds(scene: Scene, regions: list[int] | None = None) -> Box:
    """Return west, south, east, north of some regions, or of all."""
    chosen = range(len(scene["regions"])) if regions is None else regions
    points = [p for rings in region_rings(scene, chosen) for ring in rings for p in ring]
    lats, lons = zip(*points, strict=True)
    return min(lons), min(lats), max(lons), max(lats)


class MapFrame:
    """Draws one map into a frame of a figure; ``language`` is 0 for Spanish and 1 for English."""

    def __init__(
        self,
        scene: Scene,
        frame: Box,
        box: Box,
        *,
        language: int,
        key: str = "m",
        cut: bool = False,
    ) -> None:
        self.scene, self.frame, self.language, self.key = scene, frame, language, key
        self.project = fit(box, frame)
        self.cut = cut
        self.group = element("g")
        self.crowd = Crowd(6)
        self.symbols: dict[int, Point] = {}
        # Areas that drawn flows end in, which have a name and no symbol.
        self.areas: set[int] = set()
        # Legs with their lines, strongest first, and where their numbers stand.
        self.legs: list[tuple[Scene, list[Point]]] = []
        self.numbers: list[Box] = []
        self.drawn: dict[str, list[str]] = {"regions": [], "pairs": []}

    def land(self) -> None:
        """Draw the sea, the countries around, and lakes."""
        left, top, right, bottom = self.frame
        self.group.append(
            element(
                "rect", x=left, y=top, width=right - left, height=bottom - top, fill=palette.SEA
            )
        )
        land = element("g", fill=palette.LAND, stroke=palette.COAST, stroke_width=0.6)
        for country in self.scene["land"]:
            rings = self._rings(country["rings"], _LAND_SCALE)
            if self._in_sight(rings):
                land.append(element("path", d=path_of_rings(rings)))
        self.group.append(land)

    def regions(self, areas: Choropleth | None, *, lines: float = 0.8) -> None:
        """Draw the regions, coloured by what they show; plain without a series."""
        group = element("g", stroke_linejoin="round", stroke_width=lines, fill_rule="evenodd")
        colours = palette.class_colours(len(areas.breaks)) if areas else []
        outlines = self._outlines(range(len(self.scene["regions"])))
        for number, region in enumerate(self.scene["regions"]):
            rings = outlines[number]
            fill, stroke = palette.EMPTY, palette.QUIET
            if areas:
                shown = areas.shown[number]
                fill = fill_of(shown, colours)
                stroke = palette.QUIET if shown.state in ("nodata", "zero") else palette.BORDER
                if self._in_sight(rings):
                    self.drawn["regions"].append(region["id"])
            group.append(
                element(
                    "path",
                    d=path_of_rings(rings),
                    fill=fill,
                    stroke=stroke,
                    id=f"{self.key}-r{region['id']}",
                )
            )
        self.group.append(group)

    def waters(self) -> None:
        """Draw lakes and the larger rivers over the regions."""
        group = element(
            "g", fill="none", stroke=palette.WATER, stroke_width=0.6, stroke_opacity=0.7
        )
        for lake in self.scene["basemap"]["lakes"]:
            rings = self._rings(lake["rings"], SCALE)
            group.append(element("path", d=path_of_rings(rings), fill=palette.LAKE))
        for river in self.scene["basemap"]["rivers"]:
            for line in unpack_rings(river["lines"]):
                group.append(element("path", d=path_of_line([self.project(*p) for p in line])))
        self.group.append(group)

    def circles(self, areas: Choropleth, *, widest: float) -> None:
        """Draw counts as circles with areas true to them, the largest first."""
        most = self.scene["families"][areas.series["family"]]["most"] or 1
        values = [
            (shown.value, number)
            for number, shown in enumerate(areas.shown)
            if shown.state == "value" and shown.value
        ]
        for value, number in sorted(values, key=lambda pair: (-pair[0], pair[1])):
            x, y = self.project(*self.scene["regions"][number]["at"])
            radius = widest * math.sqrt(value / most)
            self.group.append(
                element(
                    "circle",
                    cx=x,
                    cy=y,
                    r=radius,
                    fill="none",
                    stroke=palette.CASING,
                    stroke_width=3,
                )
            )
            self.group.append(
                element(
                    "circle",
                    cx=x,
                    cy=y,
                    r=radius,
                    fill=palette.CIRCLE,
                    fill_opacity=0.3,
                    stroke=palette.CIRCLE,
                    stroke_width=1.4,
                )
            )

    def corridors(self, corridors: Scene) -> None:
        """Draw the legs as bands without heads, the strongest on top."""
        for leg in corridors["legs"]:
            line = [self.project(*p) for p in _unpack(leg["line"], _LINE_SCALE)]
            if len(line) > 1:
                self.legs.append((leg, line))
        bands = [
            (path_of_smooth(line), band_width(leg["load"], corridors)) for leg, line in self.legs
        ]
        self.group.extend(draw_bands(bands[::-1]))

    def number_legs(self, most: int) -> list[tuple[str, Scene]]:
        """Write numbers on the strongest legs, clear of symbols; return those numbered."""
        ranked: list[tuple[str, Scene]] = []
        kept: list[Point] = []
        for leg, line in self.legs:
            spots = [
                spot
                for spot in _along(line)
                if self._inside(spot) and all(math.dist(spot, other) >= 13 for other in kept)
            ]
            if len(ranked) == most or not spots:
                continue
            # The first spot, from the middle outwards, that is clear; else the clearest.
            room = [
                min((math.dist(s, t) for t in self.symbols.values()), default=13) for s in spots
            ]
            best = max(range(len(spots)), key=lambda n: (min(room[n], 13), -n))
            kept.append(spots[best])
            ranked.append((str(len(ranked) + 1), leg))
            self._number(ranked[-1][0], spots[best])
        return ranked

    def _number(self, label: str, spot: Point) -> None:
        x, y = spot
        ring = {"fill": palette.CASING, "stroke": palette.CORRIDOR_EDGE, "stroke_width": 1.1}
        self.group.append(element("circle", cx=x, cy=y, r=6.5, **ring))
        look = {"font_size": 8.5, "font_weight": 700, "text_anchor": "middle"}
        self.group.append(element("text", label, x=x, y=y + 3, fill=palette.INK, **look))
        self.numbers.append((x - 7, y - 7, x + 7, y + 7))

    def itineraries(self, routes: list[Scene]) -> set[str]:
        """Draw documented itineraries stop by stop, dashed by means of travel; return the means."""
        modes = set()
        for route in routes:
            spots = [(n, self._spot(n)) for n in route["stops"]]
            for (_, start), (_, end), mode in zip(
                spots[:-1], spots[1:], route["modes"], strict=True
            ):
                if start is None or end is None:
                    continue
                modes.add(mode or "unknown")
                d = path_of_line([start, end])
                self.group.append(
                    element("path", d=d, stroke=palette.CASING, stroke_width=4, fill="none")
                )
                self.group.append(
                    element(
                        "path",
                        d=d,
                        stroke=palette.ITINERARY,
                        stroke_width=1.8,
                        fill="none",
                        stroke_dasharray=palette.MODE_DASHES.get(mode or "unknown"),
                    )
                )
            for number, spot in spots:
                if spot:
                    self.symbols.setdefault(number, spot)
        return modes

    def flows(self, flows: FlowsShown) -> None:
        """Draw the arrows, the strongest on top."""
        links, pairs = [], []
        for pair in flows.pairs:
            start, end = self._spot(pair.start), self._spot(pair.end)
            if start and end and (self._inside(start) or self._inside(end)):
                links.append(Link(pair.start, pair.end, start, end, pair.width))
                pairs.append(pair)
        ends = sorted({n for link in links for n in (link.start, link.end)})
        self.areas |= {n for n in ends if not self.scene["places"][n]["at"]}
        obstacles: list[tuple[int, Point, float, Box | None]] = [
            (n, self._at(n), self._radius(n) + 2, None)
            for n in ends
            if self.scene["places"][n]["at"]
        ]
        obstacles += [
            (-1, spot, 0, (spot[0] + 6, spot[1] - 6, spot[0] + 10 + 6.4 * len(name), spot[1] + 6))
            for spot, name in ((self._at(n), self._name(n)) for n in ends)
        ]
        turns = choose_turns(links, obstacles)
        arrows = [
            make_arrow(
                link,
                turn,
                start_gap=self._gap(link.start, 1.5, 0),
                end_gap=self._gap(link.end, 2.5, 22),
            )
            for link, turn in zip(links, turns, strict=True)
        ]
        for link, pair, arrow in reversed(list(zip(links, pairs, arrows, strict=True))):
            self.group.append(self._arrow(link, arrow, pair.evidence))
            # A name is moved rather than struck through.
            pieces = math.ceil(math.dist(link.start_at, link.end_at) / self.crowd.cell) + 8
            for step in range(pieces + 1):
                self.crowd.add(*point_on(arrow.shaft, step / pieces), 3 + link.width / 2)
            self.drawn["pairs"].append(
                f"{self.scene['places'][link.start]['id']}>{self.scene['places'][link.end]['id']}"
            )
        for n in ends:
            if self.scene["places"][n]["at"]:
                self.symbols.setdefault(n, self._at(n))

    def _arrow(self, link: Link, arrow: Arrow, evidence: int) -> ET.Element:
        dash = palette.DASHES[self.looks(link.start, link.end)]
        ids = [self.scene["places"][n]["id"] for n in (link.start, link.end)]
        group = element(
            "g", id=f"{self.key}-f{ids[0]}-{ids[1]}", data_width=link.width, data_evidence=evidence
        )
        head = path_of_rings([list(arrow.head)])
        shaft = path_of_curve(arrow.shaft)
        group.append(
            element(
                "path",
                d=shaft,
                fill="none",
                stroke=palette.CASING,
                stroke_width=link.width + (1.6 if link.width < 1.5 else 2.2),
            )
        )
        group.append(
            element(
                "path",
                d=head,
                fill=palette.CASING,
                stroke=palette.CASING,
                stroke_width=2,
                stroke_linejoin="round",
            )
        )
        look = element("g", opacity=palette.flow_alpha(link.width))
        look.append(
            element(
                "path",
                d=shaft,
                fill="none",
                stroke=palette.FLOW,
                stroke_width=link.width,
                stroke_dasharray=dash,
            )
        )
        look.append(element("path", d=head, fill=palette.FLOW))
        group.append(look)
        return group

    def looks(self, start: int, end: int) -> str:
        """Tell what kind of ends a flow has: towards an area, over the border, or neither."""
        a, b = self.scene["places"][start], self.scene["places"][end]
        if not a["at"] or not b["at"]:
            return "area"
        return "border" if (a["region"] < 0) != (b["region"] < 0) else "plain"

    def draw_symbols(self) -> None:
        """Draw the places that something begins, ends or stops at."""
        for number, (x, y) in self.symbols.items():
            self.group.append(symbol(self.scene["places"][number]["kind"], x, y))

    def names(self, *, size: float, dark: Iterable[int] = (), taken: Iterable[Box] = ()) -> None:
        """Write names where there is room: regions, then other places, countries and the sea.

        ``dark`` are regions whose fill asks for white letters; ``taken`` boxes to keep clear of.
        """
        wanted = [*self._region_names(size), *self._place_names(size), *self._far_names(size)]
        inside = [name for name in wanted if self._inside(name.at)]
        full = [(x - 5, y - 5, x + 5, y + 5) for x, y in self.symbols.values()]
        full += [*self.numbers, *taken]
        placed = place_labels(inside, full, self.frame, self.crowd)
        group = element("g", text_anchor="middle", fill=palette.INK, stroke_linejoin="round")
        white = set(dark)
        for number, (x, y) in placed:
            name = inside[number]
            at: dict[str, object] = {"x": x, "y": y + name.size * 0.35, "font_size": name.size}
            if number in white and name.at == (x, y) and self._on_own_ground(number, name):
                group.append(element("text", name.text, **at, **{**name.style, "fill": "#ffffff"}))
                continue
            halo = {**name.style, "fill": "none", "stroke": "#ffffff", "stroke_opacity": 0.85}
            group.append(
                element("text", name.text, **at, **halo, stroke_width=2.6, aria_hidden="true")
            )
            group.append(element("text", name.text, **at, **name.style))
        self.group.append(group)

    def _region_names(self, size: float) -> Iterator[Name]:
        ringed = {self.scene["places"][n]["id"] for n in self.symbols}
        for region in self.scene["regions"]:
            centred = region["id"] not in ringed
            at = self.project(*region["at"])
            yield Name(region["name"], at, size, 6, centred, {"font_weight": 600})

    def _place_names(self, size: float) -> Iterator[Name]:
        for number, spot in self.symbols.items():
            kind = self.scene["places"][number]["kind"]
            if kind != "region":
                style = {"font_style": "italic"} if kind == "mining_zone" else {}
                yield Name(self._name(number), spot, size - 0.5, 5, False, style)
        for number in sorted(self.areas):
            at = self.project(*self.scene["places"][number]["label"])
            look = {"font_style": "italic", "font_weight": 600, "fill": palette.FLOW}
            yield Name(self._name(number).split(" (")[0], at, size + 1, 4, True, look)

    def _far_names(self, size: float) -> Iterator[Name]:
        for country in self.scene["land"]:
            if country["at"]:
                style = {"fill": palette.COUNTRY, "letter_spacing": 0.8}
                at = self.project(*country["at"])
                yield Name(country["name"][self.language], at, size, 4, True, style)
        sea = ("Océano Pacífico", "Pacific Ocean")[self.language]
        style = {"fill": palette.SEA_NAME, "font_style": "italic"}
        yield Name(sea, self.project(*_SEA), size + 1, 4, True, style)

    def _on_own_ground(self, number: int, name: Name) -> bool:
        """Tell whether a name lies wholly on the fill of its region."""
        (rings,) = self._outlines([number])
        half, (x, y) = text_width(name.text, name.size, bold=True) / 2, name.at
        corners = [
            (x + dx, y + dy) for dx in (-half, 0, half) for dy in (-name.size / 2, name.size / 2)
        ]
        return all(_inside_rings(corner, rings) for corner in corners)

    def scale_bar(self, at: Point, *, size: float) -> None:
        """Draw a bar of a round number of kilometres, true along the middle of the country."""
        px_per_km = self.project.scale / _KM_PER_DEGREE
        km = max((n for n in (10, 20, 50, 100, 200, 500) if n * px_per_km <= 90), default=10)
        (x, y), width = at, km * px_per_km
        self.group.append(
            element(
                "path",
                d=f"M{x:.1f},{y - 4:.1f}v4h{width:.1f}v-4",
                fill="none",
                stroke=palette.MUTED,
                stroke_width=1,
            )
        )
        self.group.append(
            element(
                "text",
                f"{km} km",
                x=x + width / 2,
                y=y - 6,
                font_size=size - 1,
                text_anchor="middle",
                fill=palette.MUTED,
            )
        )

    def outline(self) -> ET.Element:
        """Return the edge of the frame; where shapes are not cut it also covers what lies outside.

        A clip path would cost whoever draws the picture four times as much as all the rest.
        """
        left, top, right, bottom = self.frame
        edge = element("g")
        if not self.cut:
            outside = f"M{-_FAR},{-_FAR}H{_FAR}V{_FAR}H{-_FAR}Z"
            hole = path_of_rings([[(left, top), (right, top), (right, bottom), (left, bottom)]])
            edge.append(element("path", d=outside + hole, fill="#ffffff", fill_rule="evenodd"))
        look = {"fill": "none", "stroke": palette.COAST, "stroke_width": 0.8}
        size = {"width": right - left, "height": bottom - top}
        edge.append(element("rect", x=left, y=top, **size, **look))
        return edge

    def _rings(self, rings: list[list[int]], scale: int) -> list[list[Point]]:
        return self._placed(unpack_rings(rings, scale))

    def _outlines(self, numbers: Iterable[int]) -> list[list[list[Point]]]:
        return [self._placed(rings) for rings in region_rings(self.scene, numbers)]

    def _placed(self, rings: list[list[tuple[float, float]]]) -> list[list[Point]]:
        """Return rings of (lat, lon) in pixels, cut at the frame where shapes are cut."""
        points = [[self.project(*point) for point in ring] for ring in rings]
        if not self.cut:
            return points
        # By the even-odd rule a hole stays one when each ring is cut for itself.
        cut = shapely.clip_by_rect(
            [shapely.Polygon(ring).buffer(0) for ring in points], *self.frame
        )
        parts = shapely.get_parts(cut)
        return [list(p.exterior.coords) for p in parts if p.geom_type == "Polygon" and p.area]

    def _in_sight(self, rings: list[list[Point]]) -> bool:
        left, top, right, bottom = self.frame
        xs = [x for ring in rings for x, _ in ring]
        ys = [y for ring in rings for _, y in ring]
        return (
            bool(xs) and min(xs) < right and max(xs) > left and min(ys) < bottom and max(ys) > top
        )

    def _inside(self, point: Point) -> bool:
        left, top, right, bottom = self.frame
        return left < point[0] < right and top < point[1] < bottom

    def _spot(self, place: int) -> Point | None:
        at = self.scene["places"][place]["at"] or self.scene["places"][place]["label"]
        return self.project(*at) if at else None

    def _at(self, place: int) -> Point:
        spot = self._spot(place)
        assert spot is not None  # pairs without a spot are left out before
        return spot

    def _name(self, place: int) -> str:
        name: str = self.scene["places"][place]["name"][self.language]
        return name

    def _radius(self, place: int) -> float:
        return _RADIUS.get(self.scene["places"][place]["kind"], 3.4)

    def _gap(self, place: int, rest: float, area: float) -> float:
        return self._radius(place) + rest if self.scene["places"][place]["at"] else area


def fill_of(shown: Shown, colours: list[str]) -> str:
    """Return the colour of a region, or the pattern that says why it has none."""
    if shown.state == "value" and shown.class_ is not None:
        return f"url(#unstable-{shown.class_})" if shown.unstable else colours[shown.class_]
    if shown.state == "zero":
        return palette.ZERO
    return f"url(#{'partial' if shown.state == 'nopeople' else shown.state})"


def symbol(kind: str, x: float, y: float) -> ET.Element:
    """Return a ring for a region, a dot for a town, a diamond for a mining zone, and so on."""
    r = _RADIUS.get(kind, 3.4)
    hollow = kind in _UNITS
    look: dict[str, object] = {
        "fill": palette.CASING if hollow else palette.INK,
        "stroke": palette.FLOW if hollow else palette.CASING,
        "stroke_width": 1.8 if hollow else 1.3,
    }
    if kind == "mining_zone":
        return element(
            "path", d=path_of_rings([[(x, y - r), (x + r, y), (x, y + r), (x - r, y)]]), **look
        )
    if kind == "river_port":
        return element("rect", x=x - r * 0.8, y=y - r * 0.8, width=r * 1.6, height=r * 1.6, **look)
    if kind == "border":
        return element(
            "path",
            d=path_of_rings([[(x, y - r), (x + r, y + r * 0.8), (x - r, y + r * 0.8)]]),
            **look,
        )
    return element("circle", cx=x, cy=y, r=r, **look)


def patterns(colours: list[str]) -> list[ET.Element]:
    """Return the fills that are no plain class, as on the page, and those of unstable rates."""

    def line(d: str) -> ET.Element:
        return element("path", d=d, stroke=palette.HATCH, stroke_width=1, fill="none")

    def dot(at: float) -> ET.Element:
        return element("circle", cx=at, cy=at, r=1, fill=palette.DOTS)

    looks = {
        "nodata": [line("M-1,8 L8,-1")],
        "withheld": [line("M2,0 L2,7"), line("M5.5,0 L5.5,7")],
        "partial": [dot(2), dot(5.5)],
        "disputed": [line("M-1,8 L8,-1"), line("M-1,-1 L8,8")],
    }
    found = [_pattern(name, 7, palette.NODATA, marks) for name, marks in looks.items()]
    stripes = "M-1,1 L1,-1 M0,6 L6,0 M5,7 L7,5"
    for number, colour in enumerate(colours):
        mark = element("path", d=stripes, stroke="#ffffff", stroke_width=1.2, fill="none")
        found.append(_pattern(f"unstable-{number}", 6, colour, [mark]))
    return found


def _pattern(name: str, size: int, ground: str, marks: list[ET.Element]) -> ET.Element:
    pattern = element("pattern", id=name, width=size, height=size, patternUnits="userSpaceOnUse")
    pattern.append(element("rect", width=size, height=size, fill=ground))
    pattern.extend(marks)
    return pattern


def _inside_rings(point: Point, rings: list[list[Point]]) -> bool:
    """Tell whether a point lies inside rings, by the even-odd rule."""
    x, y = point
    crossings = 0
    for ring in rings:
        for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
                crossings += 1
    return crossings % 2 == 1


def band_width(load: float, corridors: Scene) -> float:
    """Return how wide the band of a load is."""
    return float(max(1.6, load * corridors["scale"]["px"] * 0.7))


def draw_bands(bands: list[tuple[str, float]]) -> Iterator[ET.Element]:
    """Draw paths of some width as bands: all casings, all fills, then their broken middles.

    The broken middle makes a band inferred, in grey too, as in ``maps/js/draw/bands.js``.
    """
    passes = (
        (palette.CASING, None, lambda width: width + 2.4),
        (palette.CORRIDOR, None, lambda width: width),
        (palette.CORRIDOR_EDGE, "6 4", lambda width: 1 if width < _FINE else 1.4),
    )
    for colour, dash, size in passes:
        group = element("g", fill="none", stroke=colour, stroke_linejoin="round")
        for path, width in bands:
            stroke: dict[str, object] = {"stroke_width": size(width), "stroke_dasharray": dash}
            group.append(element("path", d=path, **stroke))
        yield group


def _along(line: list[Point]) -> list[Point]:
    """Return points along a line, the middle first, then to both sides of it."""
    steps = [math.dist(a, b) for a, b in pairwise(line)]
    length = sum(steps)
    return [
        _point_at(line, steps, length * share)
        for share in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9)
    ]


def _point_at(line: list[Point], steps: list[float], left: float) -> Point:
    for (a, b), step in zip(pairwise(line), steps, strict=True):
        if step >= left:
            share = left / step if step else 0
            return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share
        left -= step
    return line[-1]
