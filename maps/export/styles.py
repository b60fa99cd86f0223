"""Styles for QGIS: the colours, classes and widths of the map as QML, stored beside the layers.

QGIS takes a style from the table ``layer_styles`` of a GeoPackage by itself. The elements are those
that QGIS 3 writes; what is not said keeps its default.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pandas as pd
from corredor.geodata.messages import Language, Message
from corredor.geodata.text import clean

from ..figure import palette
from ..scene.positions import Scene
from .tables import Part

_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
# CSS pixels of the map in millimetres, the unit of QGIS.
_MM = 25.4 / 96
_COLUMNS = (
    "f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column", "styleName",
    "styleQML", "styleSLD", "useAsDefault", "description", "owner", "ui", "update_time",
)  # fmt: skip
# From the middle of a line as far to the right as arrows of the map bend; two directions part.
_CURVE = (
    "make_line(start_point($geometry), make_point("
    "(x(start_point($geometry)) + x(end_point($geometry))) / 2"
    " + 0.14 * (y(end_point($geometry)) - y(start_point($geometry))), "
    "(y(start_point($geometry)) + y(end_point($geometry))) / 2"
    " - 0.14 * (x(end_point($geometry)) - x(start_point($geometry)))), end_point($geometry))"
)
_STATES = (
    ("zero", Message("zero reported"), (palette.ZERO, "")),
    ("nodata", Message("no figure"), (palette.NODATA, palette.HATCH)),
    ("withheld", Message("withheld: too few to be shown"), (palette.EMPTY, palette.SWATCH)),
    ("disputed", Message("sources differ"), (palette.EMPTY, palette.QUIET)),
    ("partial", Message("only part of the region"), (palette.EMPTY, palette.HATCH)),
    ("nopeople", Message("no population, so no rate"), (palette.EMPTY, "")),
)  # fmt: skip
_SHAPES = {
    "region": "circle", "city": "circle", "river_port": "square", "mining_zone": "diamond",
    "border": "triangle", "area": "cross",
}  # fmt: skip


class Rule:
    """One line of the legend: a filter, its label, the layers of its symbol, whether it is on."""

    def __init__(
        self, where: str, label: str, layers: list[ET.Element], *, shown: bool = True
    ) -> None:
        self.where, self.label, self.layers, self.shown = where, label, layers, shown


def layer_styles(parts: list[tuple[str, Part]], scene: Scene, lang: Language) -> pd.DataFrame:
    """Return the table ``layer_styles``, one row for each layer that has a look.

    ``parts`` are the layers by the names under which they are stored.
    """
    rows = []
    for name, part in parts:
        kind, rules = _rules(name, part, scene, lang)
        if rules:
            about = part.what.render(lang)
            row = ("", "", name, "geom", name, _qml(kind, rules), "", True, about, "", "", _TIME)
            rows.append(dict(zip(_COLUMNS, row, strict=True)))
    return pd.DataFrame(rows, columns=_COLUMNS)


_TIME = "2000-01-01T00:00:00.000Z"


def _rules(name: str, part: Part, scene: Scene, lang: Language) -> tuple[str, list[Rule]]:
    """Return the kind of symbols and the rules of a layer."""
    if part.breaks:
        return "fill", _class_rules(part, lang)
    if name.endswith("_within"):
        return "marker", _within_rules(scene, lang)
    if name in ("flow_pairs", "flows"):
        return "line", _flow_rules(name, scene, lang)
    made = {
        "itineraries": ("line", _itinerary_rules),
        "corridor_legs": ("line", _corridor_rules),
        "places": ("marker", _place_rules),
        "regions": ("fill", lambda *_: [_plain(palette.LAND, palette.BORDER)]),
        "waters": ("line", lambda *_: [Rule("", "", [_stroke(palette.WATER, 0.3)])]),
        "waters_areas": ("fill", lambda *_: [_plain(palette.LAKE, palette.WATER)]),
        "neighbours": ("fill", lambda *_: [_plain(palette.LAND, palette.COAST)]),
    }
    if name not in made:
        return "", []
    kind, rules = made[name]
    return kind, rules(scene, lang)


def _plain(fill: str, line: str) -> Rule:
    return Rule("", "", [_fill(fill, line)])


def _class_rules(part: Part, lang: Language) -> list[Rule]:
    """Return a rule for each class with its bounds, and for each state without one."""
    low = min((v for v in part.rows[_shown_column(part)].dropna() if v > 0), default=0.0)
    colours = palette.class_colours(len(part.breaks))
    rules = []
    for n, (high, colour) in enumerate(zip(part.breaks, colours, strict=True), start=1):
        label = f"{low:,.2f} – {high:,.2f}" if high % 1 or low % 1 else f"{low:,.0f} – {high:,.0f}"
        rules.append(Rule(f'"class" = {n}', label, [_fill(colour, palette.BORDER)]))
        low = high
    present = set(part.rows["state"])
    for state, message, (fill, hatch) in _STATES:
        if state in present:
            layers = [_fill(fill, palette.COAST)] + ([_hatch(hatch)] if hatch else [])
            rules.append(Rule(f"\"state\" = '{state}'", message.render(lang), layers))
    return rules


def _shown_column(part: Part) -> str:
    return "rate" if part.rows["rate"].notna().any() else "value"


def _width(column: str, px: float, most: float) -> str:
    return f'max(1, min({most:g}, {px:g} * "{column}")) * {_MM:.4f}'


def _flow_rules(name: str, scene: Scene, lang: Language) -> list[Rule]:
    """Return arrows whose width is the evidence, as wide as on the map; weak ones are off."""
    if name == "flows":
        arrow = _arrow("0.4")
        return [Rule("", Message("reported flow").render(lang), [arrow], shown=False)]
    scale = scene["widths"]["evidence"]
    arrow = _arrow(_width("evidence", scale["px"], 11.0))
    grade = scene["study"]["opening"].get("grade") or 1
    strong = Message("named by {n} or more independent publications", n=grade).render(lang)
    rules = [Rule(f'"evidence" >= {grade}', strong, [arrow])]
    if grade > 1:
        weak = Message("named by fewer").render(lang)
        rules.append(Rule(f'"evidence" < {grade}', weak, [_arrow("0.3")], shown=False))
    return rules


def _within_rules(scene: Scene, lang: Language) -> list[Rule]:
    ring = _marker("circle", palette.FLOW, 3.2, fill=False)
    return [Rule("", Message("reported within one place").render(lang), [ring])]


def _itinerary_rules(_: Scene, lang: Language) -> list[Rule]:
    rules = []
    for mode, message in (
        ("road", Message("documented itinerary, by road")),
        ("river", Message("documented itinerary, by river")),
        ("air", Message("documented itinerary, by air")),
        ("border", Message("documented itinerary, across a border")),
        ("unknown", Message("documented itinerary, means not published")),
    ):
        line = _stroke(palette.ITINERARY, 0.66, dash=palette.MODE_DASHES[mode])
        rules.append(Rule(f"\"mode_to_next\" = '{mode}'", message.render(lang), [line]))
    return rules


def _corridor_rules(scene: Scene, lang: Language) -> list[Rule]:
    """Return a band with a broken line in it, as wide as the expected load."""
    px = scene["corridors"]["scale"]["px"] if scene["corridors"] else 1.0
    band = _stroke(palette.CORRIDOR, 1.0, width_by=_width("load", px, 18.0), alpha=190)
    middle = _stroke(palette.CORRIDOR_EDGE, 0.26, dash="5 4")
    label = Message("inferred corridor, not reported: expected load").render(lang)
    weak = Message("inferred corridor with less than 1 % of the load").render(lang)
    return [
        Rule('"share" >= 0.01', label, [band, middle]),
        Rule('"share" < 0.01', weak, [_stroke(palette.CORRIDOR, 0.3)], shown=False),
    ]


def _place_rules(_: Scene, lang: Language) -> list[Rule]:
    labels = {
        "region": Message("region"), "city": Message("city"), "river_port": Message("river port"),
        "mining_zone": Message("mining zone"), "border": Message("border crossing"),
        "area": Message("area without a point"),
    }  # fmt: skip
    return [
        Rule(f"\"kind\" = '{kind}'", labels[kind].render(lang),
             [_marker(shape, palette.CIRCLE, 1.0 if kind == "region" else 2.0)])
        for kind, shape in _SHAPES.items()
    ]  # fmt: skip


def _qml(kind: str, rules: list[Rule]) -> str:
    """Return rules and symbols as the XML of a style file."""
    root = ET.Element("qgis", {"version": "3.22.0", "styleCategories": "Symbology"})
    renderer = ET.SubElement(
        root, "renderer-v2", {"type": "RuleRenderer", "symbollevels": "0", "forceraster": "0"}
    )
    listed = ET.SubElement(renderer, "rules", {"key": "{root}"})
    symbols = ET.SubElement(renderer, "symbols")
    for n, rule in enumerate(rules):
        told = {"key": f"{{rule-{n}}}", "symbol": str(n), "label": clean(rule.label)}
        if rule.where:
            told["filter"] = rule.where
        if not rule.shown:
            told["checkstate"] = "0"
        ET.SubElement(listed, "rule", told)
        symbols.append(_symbol(kind, str(n), rule.layers))
    return _HEAD + ET.tostring(root, encoding="unicode")


def _symbol(kind: str, name: str, layers: list[ET.Element]) -> ET.Element:
    symbol = ET.Element(
        "symbol",
        {"type": kind, "name": name, "alpha": "1", "clip_to_extent": "1", "force_rhr": "0"},
    )
    symbol.extend(layers)
    return symbol


def _symbol_layer(
    class_: str, options: dict[str, str], *, by: dict[str, str] | None = None
) -> ET.Element:
    """Return a layer of a symbol; ``by`` are properties that an expression gives."""
    layer = ET.Element("layer", {"class": class_, "enabled": "1", "locked": "0", "pass": "0"})
    said = ET.SubElement(layer, "Option", {"type": "Map"})
    for key, value in options.items():
        ET.SubElement(said, "Option", {"name": key, "type": "QString", "value": value})
    if by:
        defined = ET.SubElement(layer, "data_defined_properties")
        top = ET.SubElement(defined, "Option", {"type": "Map"})
        ET.SubElement(top, "Option", {"name": "name", "type": "QString", "value": ""})
        listed = ET.SubElement(top, "Option", {"name": "properties", "type": "Map"})
        for key, expression in by.items():
            one = ET.SubElement(listed, "Option", {"name": key, "type": "Map"})
            for name, type_, value in (
                ("active", "bool", "true"), ("expression", "QString", expression),
                ("type", "int", "3"),
            ):  # fmt: skip
                ET.SubElement(one, "Option", {"name": name, "type": type_, "value": value})
        ET.SubElement(top, "Option", {"name": "type", "type": "QString", "value": "collection"})
    return layer


def _rgba(colour: str, alpha: int = 255) -> str:
    red, green, blue = (int(pair, 16) for pair in re.findall("..", colour[1:]))
    return f"{red},{green},{blue},{alpha}"


def _fill(fill: str, line: str) -> ET.Element:
    return _symbol_layer(
        "SimpleFill",
        {"color": _rgba(fill), "style": "solid", "outline_color": _rgba(line),
         "outline_style": "solid", "outline_width": "0.2", "outline_width_unit": "MM"},
    )  # fmt: skip


def _hatch(colour: str) -> ET.Element:
    layer = _symbol_layer(
        "LinePatternFill",
        {"angle": "45", "distance": "1.6", "distance_unit": "MM", "line_width": "0.3"},
    )
    layer.append(_symbol("line", "@hatch", [_stroke(colour, 0.3)]))
    return layer


def _stroke(
    colour: str, width: float, *, dash: str = "", width_by: str = "", alpha: int = 255
) -> ET.Element:
    options = {
        "line_color": _rgba(colour, alpha), "line_style": "solid", "capstyle": "round",
        "joinstyle": "round", "line_width": f"{width:g}", "line_width_unit": "MM",
    }  # fmt: skip
    if dash:
        lengths = [float(part) * _MM for part in dash.split()]
        options |= {"use_custom_dash": "1", "customdash": ";".join(f"{n:.2f}" for n in lengths),
                    "customdash_unit": "MM", "capstyle": "flat"}  # fmt: skip
    return _symbol_layer("SimpleLine", options, by={"outlineWidth": width_by} if width_by else None)


def _arrow(width: str) -> ET.Element:
    """Return a curved arrow along the line, its width given by an expression in millimetres."""
    arrow = _symbol_layer(
        "ArrowLine",
        {"is_curved": "1", "is_repeated": "0", "arrow_type": "0", "head_type": "0",
         "arrow_width": "0.5", "arrow_start_width": "0.5", "head_length": "1.2",
         "head_thickness": "0.8", "arrow_width_unit": "MM", "arrow_start_width_unit": "MM",
         "head_length_unit": "MM", "head_thickness_unit": "MM"},
        by={"arrowWidth": width, "arrowStartWidth": width,
            "arrowHeadLength": f"1.2 + 0.9 * ({width})",
            "arrowHeadThickness": f"0.6 + 0.6 * ({width})"},
    )  # fmt: skip
    body = _fill(palette.FLOW, palette.CASING)
    arrow.append(_symbol("fill", "@arrow", [body]))
    made = _symbol_layer(
        "GeometryGenerator", {"SymbolType": "Line", "geometryModifier": _CURVE, "units": "MapUnit"}
    )
    made.append(_symbol("line", "@curve", [arrow]))
    return made


def _marker(shape: str, colour: str, size: float, *, fill: bool = True) -> ET.Element:
    return _symbol_layer(
        "SimpleMarker",
        {"name": shape, "color": _rgba(colour, 255 if fill else 0), "size": f"{size:g}",
         "size_unit": "MM", "outline_color": _rgba(palette.CASING if fill else colour),
         "outline_style": "solid", "outline_width": "0.2" if fill else "0.5",
         "outline_width_unit": "MM"},
    )  # fmt: skip
