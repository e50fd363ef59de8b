"""What the fire service reaches, from scratch: shortest ways by networkx, each street closed by taking it out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import networkx as nx
import numpy as np
import recompute_reach as reach
import shapely

#: A way onto the streets: the edge, how far along it from 0 to 1, and what it costs to get there.
Way = tuple[int, float, float]
PARTING = {"railway", "铁路", "river", "canal", "河流", "河道", "干渠", "water", "水面"}


def graph_of(net: reach.Net, stations: Sequence[Way]) -> nx.MultiGraph:
    """Return the streets, which cost the same either way by car, with one node from which all stations are left."""
    graph = nx.MultiGraph()
    for edge, (u, v) in enumerate(net.ends.tolist()):
        graph.add_edge(u, v, key=edge, weight=net.forth[edge])
    for edge, share, gap in stations:
        for end, part in zip(net.ends[edge].tolist(), (share, 1 - share), strict=True):
            graph.add_edge("stations", end, key=("station", edge, end), weight=gap + part * net.forth[edge])
    return graph


def cost_of(net: reach.Net, cost: dict[Any, float], stations: Sequence[Way], ways: Sequence[Way]) -> float:
    """Return what it costs from the stations to a home, by the best of its ways."""
    found = [np.inf]
    for edge, share, gap in ways:
        u, v = net.ends[edge].tolist()
        long = net.forth[edge]
        found += [cost.get(u, np.inf) + share * long + gap, cost.get(v, np.inf) + (1 - share) * long + gap]
        found += [abs(share - there) * long + gap + off for one, there, off in stations if one == edge]
    return min(found)


def closings(net: reach.Net, stations: Sequence[Way], homes: Sequence[Sequence[Way]], most: float, least: int) -> int:
    """Return how many streets cost so many homes their cover when closed, one behind the other as one."""
    graph = graph_of(net, stations)
    before, cost = nx.dijkstra_predecessor_and_distance(graph, "stations")
    served = [at for at, ways in enumerate(homes) if cost_of(net, cost, stations, ways) <= most]
    used: dict[int, int] = {}
    for at in served:
        # Whom a closed street costs the cover, all his shortest ways led along it, and so does any one of them.
        ends = [
            (cost.get(end, np.inf) + part * net.forth[edge] + gap, end)
            for edge, share, gap in homes[at]
            for end, part in zip(net.ends[edge].tolist(), (share, 1 - share), strict=True)
        ]
        node = min(ends, key=lambda one: one[0])[1]
        while before[node]:
            last = before[node][0]
            key = min(graph[last][node], key=lambda one: graph[last][node][one]["weight"])
            if isinstance(key, int):
                used[key] = used.get(key, 0) + 1
            node = last
    worst = []
    for edge in (one for one, count in used.items() if count >= least):
        u, v = net.ends[edge].tolist()
        graph.remove_edge(u, v, key=edge)
        then = nx.single_source_dijkstra_path_length(graph, "stations", cutoff=most)
        graph.add_edge(u, v, key=edge, weight=net.forth[edge])
        if sum(cost_of(net, then, stations, homes[at]) > most for at in served) >= least:
            worst.append(edge)
    arms, chains = reach.arms(net), nx.Graph()
    chains.add_nodes_from(worst)
    by_node: dict[int, int] = {}
    for edge in worst:
        for node in net.ends[edge].tolist():
            if arms[node] == 2 and node in by_node:
                chains.add_edge(edge, by_node[node])
            by_node[node] = edge
    return nx.number_connected_components(chains)


def beyond(area: Any, lines: Any, spots: Any, station: Any) -> Any:
    """Return which points lie on another piece of an area than a station does, lines apart."""
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all([*lines, area.buffer(-1).boundary])]))
    own = [face for face in faces if face.contains(station)]
    return ~np.any([shapely.contains_xy(face, *spots.T) for face in own], axis=0)
