"""CPU time and memory of routing all pairs at once, beside networkx, igraph and scipy.

    python benchmarks/routing.py [PLACES] [PAIRS]

On an invented network of 34,000 places and about 102,000 links (a Delaunay triangulation of random
points in a strip of 1,200 x 4,000 km, at 45 km/h), PAIRS (10,000) pairs among PLACES (196) are

* put on their fastest paths, and the loads of links added up (least-cost overline), and
* spread over the few distinct ways between their ends, with odds and the loads of links.

Each side runs in a process of its own, in turn, and must find the same total of load x hours (the
ways: more, as not all take the fastest). A side whose library is not installed is left out, and
that is said. Counted is the work alone: imports and the making of the graph are not, turning the
graph into arrays is. networkx, one Dijkstra a pair, is measured on a sample of pairs and scaled up;
that is said where it is printed. With PAIRS = all, every pair of different places is taken.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from typing import Any

import numpy as np

NODES = 34_000
WIDTH_KM, LENGTH_KM, SPEED = 1_200.0, 4_000.0, 45.0
SAMPLE = 20
SIDES = (
    "corredor least cost", "scipy trees", "igraph", "networkx by source", "networkx by pair",
    "corredor ways",
)  # fmt: skip


def make_links() -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of all links and their hours."""
    from scipy.spatial import Delaunay

    points = np.random.default_rng(1).random((NODES, 2)) * [WIDTH_KM, LENGTH_KM]
    corners = Delaunay(points).simplices
    sides = np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]))
    ends = np.unique(sides, axis=0)
    km = np.hypot(*(points[ends[:, 0]] - points[ends[:, 1]]).T)
    return ends, np.maximum(km / SPEED, 1e-3)


def make_pairs(places: int, pairs: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of the pairs."""
    rng = np.random.default_rng(2)
    chosen = rng.choice(NODES, places, replace=False)
    every = np.array([(a, b) for a in range(places) for b in range(places) if a != b])
    if pairs != "all":
        every = every[rng.permutation(len(every))[: int(pairs)]]
    return chosen[every[:, 0]], chosen[every[:, 1]]


def make_graph(ends: np.ndarray, hours: np.ndarray) -> Any:
    """Return the network as `corredor.routes` takes it."""
    import networkx as nx

    G: Any = nx.MultiGraph(crs="EPSG:4326")
    G.add_nodes_from(range(NODES))
    for number, ((a, b), time_) in enumerate(zip(ends.tolist(), hours.tolist(), strict=True)):
        link = {"tail": a, "mode": "road", "ref": "", "km": time_ * SPEED, "basis": "estimated"}
        G.add_edge(a, b, key=number, hours=time_, hours_back=time_, **link)
    return G


def corredor_least_cost(ends: Any, hours: Any, start: Any, end: Any) -> tuple[float, float]:
    import pandas as pd
    import scipy.sparse.csgraph  # noqa: F401
    from corredor.routes import overline

    G, pairs = make_graph(ends, hours), pd.DataFrame({"origin": start, "destination": end})
    begun = time.process_time()
    load = overline(G, pairs)["load"].to_numpy()
    spent = time.process_time() - begun
    return spent, float(load @ hours)


def corredor_ways(ends: Any, hours: Any, start: Any, end: Any) -> tuple[float, float]:
    import pandas as pd
    import scipy.sparse.csgraph  # noqa: F401
    from corredor.routes import spread_flows

    G, pairs = make_graph(ends, hours), pd.DataFrame({"origin": start, "destination": end})
    begun = time.process_time()
    links = spread_flows(G, pairs, theta="some").links
    spent = time.process_time() - begun
    assert np.isfinite(links["load"]).all()
    return spent, float(links["load"].to_numpy() @ hours)


def scipy_trees(ends: Any, hours: Any, start: Any, end: Any) -> tuple[float, float]:
    """Grow the trees alone: nothing is added up on links."""
    import scipy.sparse as sp
    from scipy.sparse.csgraph import dijkstra

    graph = sp.csr_array((hours, (ends[:, 0], ends[:, 1])), shape=(NODES, NODES))
    graph = (graph + graph.T).tocsr()
    begun = time.process_time()
    roots, at = np.unique(start, return_inverse=True)
    total = 0.0
    for first in range(0, len(roots), 64):
        found, _ = dijkstra(graph, indices=roots[first : first + 64], return_predecessors=True)
        here = (at >= first) & (at < first + 64)
        total += float(found[at[here] - first, end[here]].sum())
    return time.process_time() - begun, total


def igraph_(ends: Any, hours: Any, start: Any, end: Any) -> tuple[float, float]:
    import igraph

    graph = igraph.Graph(n=NODES, edges=ends.tolist())
    begun = time.process_time()
    load = np.zeros(len(hours))
    for root in np.unique(start):
        paths = graph.get_shortest_paths(
            int(root), to=end[start == root].tolist(), weights=hours, output="epath"
        )
        passed = np.concatenate([np.array(path, dtype=np.int64) for path in paths])
        load += np.bincount(passed, minlength=len(hours))
    return time.process_time() - begun, float(load @ hours)


def networkx_by_source(ends: Any, hours: Any, start: Any, end: Any) -> tuple[float, float]:
    import networkx as nx

    graph = nx.Graph()
    graph.add_weighted_edges_from(
        (a, b, h) for (a, b), h in zip(ends.tolist(), hours.tolist(), strict=True)
    )
    begun = time.process_time()
    load: dict[tuple[int, int], float] = {}
    for root in np.unique(start).tolist():
        paths = nx.single_source_dijkstra_path(graph, root)
        for goal in end[start == root].tolist():
            for a, b in zip(paths[goal][:-1], paths[goal][1:], strict=True):
                key = (a, b) if a < b else (b, a)
                load[key] = load.get(key, 0.0) + 1.0
    spent = time.process_time() - begun
    return spent, sum(load[a, b] * graph[a][b]["weight"] for a, b in load)


def networkx_by_pair(ends: Any, hours: Any, start: Any, end: Any) -> tuple[float, float]:
    import networkx as nx

    graph = nx.Graph()
    graph.add_weighted_edges_from(
        (a, b, h) for (a, b), h in zip(ends.tolist(), hours.tolist(), strict=True)
    )
    begun = time.process_time()
    for a, b in list(zip(start.tolist(), end.tolist(), strict=True))[:SAMPLE]:
        nx.dijkstra_path(graph, a, b)
    return (time.process_time() - begun) * len(start) / SAMPLE, float("nan")


def run(side: str, places: int, pairs: str) -> None:
    """Run one side and print what it took."""
    work = {
        "corredor least cost": corredor_least_cost, "corredor ways": corredor_ways,
        "scipy trees": scipy_trees, "igraph": igraph_, "networkx by source": networkx_by_source,
        "networkx by pair": networkx_by_pair,
    }[side]  # fmt: skip
    ends, hours = make_links()
    start, end = make_pairs(places, pairs)
    seconds, total = work(ends, hours, start, end)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "total": total, "mb": peak, "pairs": len(start)}))


def main(places: int, pairs: str, sides: tuple[str, ...]) -> None:
    """Run all sides, each in a process of its own, and print a table."""
    print(f"{places} places, {pairs} pairs, {NODES} nodes, {os.cpu_count()} processors")
    for side in sides:
        command = [sys.executable, __file__, "--side", side, str(places), pairs]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode and "ModuleNotFoundError" in done.stderr:
            print(f"{side:20} left out: {done.stderr.strip().splitlines()[-1]}", flush=True)
            continue
        if done.returncode:
            sys.exit(done.stderr)
        row = json.loads(done.stdout)
        note = f"  (from {SAMPLE} pairs, scaled)" if side == "networkx by pair" else ""
        print(
            f"{side:20} {row['seconds']:8.2f} CPU s  {row['mb']:6.0f} MB  load x hours"
            f" {row['total']:.6e}{note}",
            flush=True,
        )


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments and arguments[0] == "--side":
        run(arguments[1], int(arguments[2]), arguments[3])
    else:
        count = int(arguments[0]) if arguments else 196
        many = arguments[1] if len(arguments) > 1 else "10000"
        chosen = SIDES if len(arguments) < 3 else tuple(arguments[2].split(","))
        main(count, many, chosen)
