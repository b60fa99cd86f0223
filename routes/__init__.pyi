"""Graphs: reported flows as a network, the transport network, and the corridors behind flows.

What `__all__ = [
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
    "rank_posts",
    "to_layer",
    "write_corridors",
]
