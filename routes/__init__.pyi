"""Graphs: reported flows as a network, the transport network, and the corridors behind flows.

What `__all__` lists is promised; the rest is for the house, and may change without notice.
"""

from .alternatives import list_alternatives
from .compare import compare_itineraries
from .corridors import Corridors, find_corridors
from .demand import KINDS as KINDS, REASONS as REASONS, gather_pairs as gather_pairs
from .ends import RULES as RULES, locate_places as locate_places, name_places as name_places
from .export import (
    to_graph as to_graph,
    to_layer,
    write_comparison as write_comparison,
    write_corridors,
)
from .graph import (
    build_flow_graph as build_flow_graph,
    count_evidence as count_evidence,
    count_flow_evidence as count_flow_evidence,
    name_role as name_role,
    to_flow_table as to_flow_table,
)
from .gravity import Expected as Expected, expected_flows
from .links import TRANSFER_HOURS as TRANSFER_HOURS
from .measures import (
    articulation_places as articulation_places,
    close_links,
    flow_betweenness as flow_betweenness,
)
from .network import (
    BOATS as BOATS,
    SEASONS as SEASONS,
    SURFACE as SURFACE,
    build_network as build_network,
)
from .passing import (
    find_visits as find_visits,
    meet_probability as meet_probability,
    pass_probabilities as pass_probabilities,
)
from .paths import least_cost_paths as least_cost_paths, overline as overline
from .plausible import check_links as check_links
from .posts import Posts, choose_posts, passing_flows as passing_flows, rank_posts as rank_posts
from .question import (
    Question as Question,
    ask_posts,
    describe_places as describe_places,
    find_place as find_place,
    list_places as list_places,
    place_posts,
    why_nothing as why_nothing,
)
from .scenarios import (
    Comparison as Comparison,
    Scenario,
    compare_scenarios,
    find_closed as find_closed,
    name_closed as name_closed,
)
from .sentences import (
    closure_account as closure_account,
    closure_note as closure_note,
    describe_articulation as describe_articulation,
    describe_betweenness as describe_betweenness,
    describe_closure as describe_closure,
    describe_evidence as describe_evidence,
    describe_expected as describe_expected,
    describe_posts as describe_posts,
)
from .spread import Spread as Spread, spread_flows as spread_flows
from .theta import LEVELS as LEVELS

__all__ = [
    "Corridors",
    "Posts",
    "Scenario",
    "ask_posts",
    "choose_posts",
    "close_links",
    "compare_itineraries",
    "compare_scenarios",
    "expected_flows",
    "find_corridors",
    "list_alternatives",
    "place_posts",
    "to_layer",
    "write_corridors",
]
