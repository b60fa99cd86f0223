"""Pictures out: the interactive atlas of a publication."""

from .classify import find_breaks, find_class
from .embed import render_embed
from .interactive import atlas, write_page
from .layers import CorridorLayer, FlowLayer, ItineraryLayer, Legend, RegionLayer, SymbolLayer
from .scene import build_scene

__all__ = [
    "CorridorLayer",
    "FlowLayer",
    "ItineraryLayer",
    "Legend",
    "RegionLayer",
    "SymbolLayer",
    "atlas",
    "build_scene",
    "find_breaks",
    "find_class",
    "render_embed",
    "write_page",
]
