"""Graphs: reported flows as a network, the transport network, and the corridors behind flows."""

from .alternatives import list_alternatives
from .compare import compare_itineraries
from .corridors import Corridors, find_corridors
from .demand import KINDS, REASONS, gather_pairs
from .ends import RULES, locate_places, name_places
from .export import to_graph, to_layer, write_corridors
from .graph import build_flow_graph, count_evidence, count_flow_evidence, name_role, to_flow_table
from .gravity import Expected, expected_flows
from .links import TRANSFER_HOURS
from .measures import articulation_places, close_links, flow_betweenness
from .network import BOATS, SEASONS, SURFACE, build_network
from .passing import find_visits, meet_probability, pass_probabilities
from .paths import least_cost_paths, overline
from .posts import Posts, choose_posts, passing_flows, rank_posts
from .sentences import (
    describe_articulation,
    describe_betweenness,
    describe_closure,
    describe_evidence,
    describe_expected,
    describe_posts,
)
from .spread import Spread, spread_flows
from .theta import LEVELS

__all__ = [
    "BOATS",
    "KINDS",
    "LEVELS",
    "REASONS",
    "RULES",
    "SEASONS",
    "SURFACE",
    "TRANSFER_HOURS",
    "Corridors",
    "Expected",
    "Posts",
    "Spread",
    "articulation_places",
    "build_flow_graph",
    "build_network",
    "choose_posts",
    "close_links",
    "compare_itineraries",
    "count_evidence",
    "count_flow_evidence",
    "describe_articulation",
    "describe_betweenness",
    "describe_closure",
    "describe_evidence",
    "describe_expected",
    "describe_posts",
    "expected_flows",
    "find_corridors",
    "find_visits",
    "flow_betweenness",
    "gather_pairs",
    "least_cost_paths",
    "list_alternatives",
    "locate_places",
    "meet_probability",
    "name_places",
    "name_role",
    "overline",
    "pass_probabilities",
    "passing_flows",
    "rank_posts",
    "spread_flows",
    "to_flow_table",
    "to_graph",
    "to_layer",
    "write_corridors",
]
