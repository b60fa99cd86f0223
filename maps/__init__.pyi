"""Pictures out: the interactive atlas of a publication."""

from .embed import render_embed
from .interactive import atlas, write_page
from .layers import CorridorLayer, FlowLayer, ItineraryLayer, Legend, RegionLayer, SymbolLayer
from .scene.build import build_scene
from .scene.classes import find_breaks, find_class

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
