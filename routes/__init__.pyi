"""Graphs: reported flows as a network, the transport network, and the corridors behind flows."""

from .arcs import TRANSFER_HOURS
from .corridors import Corridors, find_corridors
from .demand import KINDS, REASONS, gather_pairs
from .ends import RULES, locate_places
from .graph import build_flow_graph, count_evidence, count_flow_evidence, name_role, to_flow_table
from .network import SURFACE, build_network
from .overline import overline
from .passing import find_visits, meet_probability, pass_probabilities
from .paths import least_cost_paths
from .spread import Spread, spread_flows
from .theta import LEVELS

__all__ = [
    "KINDS",
    "LEVELS",
    "REASONS",
    "RULES",
    "SURFACE",
    "TRANSFER_HOURS",
    "Corridors",
    "Spread",
    "build_flow_graph",
    "build_network",
    "count_evidence",
    "count_flow_evidence",
    "find_corridors",
    "find_visits",
    "gather_pairs",
    "least_cost_paths",
    "locate_places",
    "meet_probability",
    "name_role",
    "overline",
    "pass_probabilities",
    "spread_flows",
    "to_flow_table",
]
