"""Maps of reported human trafficking in Peru."""

from .geodata.account import Account, Reading
from .geodata.errors import (
    ArgumentError,
    CorredorError,
    CorredorWarning,
    DataFileError,
    MissingExtraError,
    NetworkError,
    StudyError,
    SuppressionError,
    TableError,
    UnknownPlaceError,
)
from .geodata.figures import figures
from .geodata.flows import build_pairs, roll_up
from .geodata.intake.cases import read_cases
from .geodata.intake.complaints.read import read_complaints
from .geodata.intake.flows.read import read_flows
from .geodata.intake.itineraries import read_itineraries
from .geodata.intake.official import read_mininter, read_mpfn
from .geodata.layers.regions import read_regions
from .geodata.lines.network import read_network
from .geodata.remote.database import read_database
from .geodata.remote.fetch import fetch, list_remote
from .geodata.study.model import Study
from .geodata.study.publication import Publication, protect
from .geodata.study.read import read_study
from .geodata.study.report import describe_study, render_sections
from .maps.embed import render_embed
from .maps.interactive import atlas, write_page
from .maps.layers import (
    CorridorLayer,
    FlowLayer,
    ItineraryLayer,
    Legend,
    RegionLayer,
    SymbolLayer,
)
from .routes.alternatives import list_alternatives
from .routes.compare import compare_itineraries
from .routes.corridors import Corridors, find_corridors
from .routes.export import to_graph, to_layer, write_corridors
from .routes.graph import build_flow_graph
from .routes.gravity import expected_flows
from .routes.measures import articulation_places, close_links, flow_betweenness
from .routes.posts import Posts, choose_posts, rank_posts

__version__: str

__all__ = [
    "Account",
    "ArgumentError",
    "CorredorError",
    "CorredorWarning",
    "CorridorLayer",
    "Corridors",
    "DataFileError",
    "FlowLayer",
    "ItineraryLayer",
    "Legend",
    "MissingExtraError",
    "NetworkError",
    "Posts",
    "Publication",
    "Reading",
    "RegionLayer",
    "Study",
    "StudyError",
    "SuppressionError",
    "SymbolLayer",
    "TableError",
    "UnknownPlaceError",
    "articulation_places",
    "atlas",
    "build_flow_graph",
    "build_pairs",
    "choose_posts",
    "close_links",
    "compare_itineraries",
    "describe_study",
    "expected_flows",
    "fetch",
    "figures",
    "find_corridors",
    "flow_betweenness",
    "list_alternatives",
    "list_remote",
    "protect",
    "rank_posts",
    "read_cases",
    "read_complaints",
    "read_database",
    "read_flows",
    "read_itineraries",
    "read_mininter",
    "read_mpfn",
    "read_network",
    "read_regions",
    "read_study",
    "render_embed",
    "render_sections",
    "roll_up",
    "to_graph",
    "to_layer",
    "write_corridors",
    "write_page",
]
