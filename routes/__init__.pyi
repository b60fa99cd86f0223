"""Graphs: reported flows as a network, and the role of each place in it."""

from .graph import build_flow_graph, count_evidence, count_flow_evidence, name_role, to_flow_table

__all__ = [
    "build_flow_graph",
    "count_evidence",
    "count_flow_evidence",
    "name_role",
    "to_flow_table",
]
