"""Pictures out: the interactive atlas of a publication."""

from .embed import render_embed
from .figure.picture import Figure, draw_figure
from .interactive import atlas, write_page
from .layers import CorridorLayer, FlowLayer, ItineraryLayer, Legend, RegionLayer, SymbolLayer
from .report.write import write_report
from .scene.build import build_scene
from .scene.classes import find_breaks, find_class

__all__ = [
    "CorridorLayer",
    "Figure",
    "FlowLayer",
    "ItineraryLayer",
    "Legend",
    "RegionLayer",
    "SymbolLayer",
    "atlas",
    "build_scene",
    "draw_figure",
    "find_breaks",
    "find_class",
    "render_embed",
    "write_page",
    "write_report",
]
