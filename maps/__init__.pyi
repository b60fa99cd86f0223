"""Pictures out: the interactive atlas of a publication.

What `__all__` lists is promised; the rest is for the house, and may change without notice.
"""

from .embed import render_embed
from .export.archive import Rerun as Rerun, rerun_archive, write_archive
from .export.write import write_export
from .figure.picture import Figure, draw_figure
from .interactive import atlas, write_page
from .layers import CorridorLayer, FlowLayer, ItineraryLayer, Legend, RegionLayer, SymbolLayer
from .report.write import write_report
from .scene.build import build_scene as build_scene
from .scene.classes import find_breaks as find_breaks, find_class as find_class

__all__ = [
    "CorridorLayer",
    "Figure",
    "FlowLayer",
    "ItineraryLayer",
    "Legend",
    "RegionLayer",
    "SymbolLayer",
    "atlas",
    "draw_figure",
    "render_embed",
    "rerun_archive",
    "write_archive",
    "write_export",
    "write_page",
    "write_report",
]
