"""Areas of reach: how well they hold homes and streets within a limit; ours, a circle and the osmnx recipe."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
import osmnx
import pandas as pd
import shapely
import towns
from clock import machine
from scipy.sparse import csr_array

from gis_planning import streets

LIMITS = (300.0, 1200.0)
#: Where a town has fewer buildings than this, homes are made up beside its streets.
BUILDINGS = 1000


def options(words: argparse.ArgumentParser) -> None:
    """Name the options."""
    towns.options(words)
    words.add_argument("--origins", type=int, default=150)
    words.add_argument("--places", type=int, default=2000, help="places whose areas are drawn all at once")


def run(chosen: argparse.Namespace) -> None:
    """Measure on one town."""
    layers, town = towns.read(chosen)
    random = np.random.default_rng(7)
    homes, made_up = points_of_homes(layers, town, random)
    at_home = streets.attach(town, homes)
    origin = random.choice(np.flatnonzero(at_home.edge >= 0), chosen.origins, replace=False)
    sources = at_home.take(origin)
    spots, on_street = along_streets(town)
    trees = shapely.STRtree(spots), shapely.STRtree(homes)
    recipe = Recipe(town)
    each = [sources.take([n]) for n in range(len(origin))]
    streets.rings(town, each[0], [100.0])
    # By name: the areas of all origins within a limit.
    ways: dict[str, Callable[[float], list[Any]]] = {
        "ours, one by one": lambda limit: [streets.rings(town, one, [limit]).geometry[0] for one in each],
        "ours, all at once": lambda limit: list(streets.rings_of_each(town, sources, [limit]).geometry),
        "circle": lambda limit: list(shapely.buffer(homes[origin], limit)),
        "osmnx recipe": lambda limit: [recipe.area(point, limit) for point in homes[origin]],
    }
    print(machine("shapely", "osmnx", "networkx") + "\n")
    kind = "made-up homes" if made_up else "homes"
    print(f"{chosen.extract}: {len(town.xy):,} nodes, {len(homes):,} {kind}, {len(origin)} origins\n")
    print("| construction | limit, m | F1 of streets | bias | F1 of homes | bias | ms |\n|---|---|---|---|---|---|---|")
    for limit in LIMITS:
        truths = [streets.within(town, sources, targets, limit_m=limit) for targets in (on_street, at_home)]
        for name, way in ways.items():
            start = time.perf_counter()
            areas = way(limit)
            spent = (time.perf_counter() - start) / len(origin) * 1000
            scores = [score(areas, truth, tree) for truth, tree in zip(truths, trees, strict=True)]
            cells = " | ".join(f"{f1:.3f} | {bias:+.1%}" for f1, bias in scores)
            print(f"| {name} | {limit:,.0f} | {cells} | {spent:,.1f} |", flush=True)
    of_many(town, at_home.take(random.choice(np.flatnonzero(at_home.edge >= 0), chosen.places)), on_street)


def of_many(town: streets.Streets, places: streets.Attached, on_street: streets.Attached) -> None:
    """Measure the areas of many places against the bare searches: what of the streets is within the largest limit."""
    limits = [300.0, 500.0, 1000.0]
    told: list[float] = []
    town.lattices.clear()
    print("\n| many places | seconds | ratio |\n|---|---|---|")
    start = time.perf_counter()
    streets.within(town, places, on_street, limit_m=limits[-1])
    bare = time.perf_counter() - start
    print(f"| {len(places):,} searches, no area drawn | {bare:,.2f} | 1.0 |", flush=True)
    for name in ("first", "again, points of the grid known"):
        told.append(start := time.perf_counter())
        areas = streets.rings_of_each(town, places, limits, told=lambda _: told.append(time.perf_counter()))
        spent = time.perf_counter() - start
        print(f"| {len(areas):,} areas, {name} | {spent:,.2f} | {spent / bare:,.1f} |", flush=True)
        told.append(start + spent)
    print(f"\nlongest silence {max(np.diff(told)):.2f} s")


def points_of_homes(layers: dict[str, Any], town: streets.Streets, random: np.random.Generator) -> tuple[Any, bool]:
    """Return the middles of buildings; or points 5 to 60 m from random spots of the streets."""
    buildings = layers.get("buildings")
    if buildings is not None and len(buildings) >= BUILDINGS:
        return buildings.geometry.centroid.to_numpy(), False
    length = town.length_m[town.joined]
    edge = random.choice(town.joined, 20_000, p=length / length.sum())
    spot = shapely.line_interpolate_point(town.geometry[edge], random.random(len(edge)), normalized=True)
    turn, far = random.uniform(0, 2 * np.pi, len(edge)), random.uniform(5, 60, len(edge))
    return shapely.points(shapely.get_coordinates(spot) + (far * [np.cos(turn), np.sin(turn)]).T), True


def along_streets(town: streets.Streets) -> tuple[Any, streets.Attached]:
    """Return spots of the streets every 10 m, and the same as places."""
    count = np.ceil(town.length_m[town.joined] / 10).astype(np.intp)
    edge = np.repeat(town.joined, count)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    offset = (step + 0.5) / np.repeat(count, count) * town.length_m[edge]
    state = np.full(len(edge), streets.ATTACHED, dtype=np.int8)
    places = streets.Attached(edge, offset, np.zeros(len(edge)), state, 0.0)
    return shapely.line_interpolate_point(town.geometry[edge], offset), places


class Recipe:
    """The isochrone of the osmnx examples: the graph around the nearest node, its edges and nodes buffered."""

    def __init__(self, town: streets.Streets) -> None:
        nodes = pd.DataFrame({"x": town.xy[:, 0], "y": town.xy[:, 1]})
        self.graph = nx.MultiGraph(crs=town.crs)
        self.graph.add_nodes_from((n, {"x": x, "y": y}) for n, x, y in nodes.itertuples())
        edges = zip(town.u.tolist(), town.v.tolist(), town.length_m.tolist(), town.geometry, strict=True)
        self.graph.add_edges_from((u, v, {"length": length, "geometry": line}) for u, v, length, line in edges)

    def area(self, point: Any, limit: float) -> Any:
        """Return what lies within 25 m of edges or 50 m of nodes within the limit."""
        centre = osmnx.distance.nearest_nodes(self.graph, point.x, point.y)
        near = nx.ego_graph(self.graph, centre, radius=limit, distance="length")
        corners = shapely.points([(data["x"], data["y"]) for _, data in near.nodes(data=True)])
        lines = np.array([data["geometry"] for _, _, data in near.edges(data=True)], dtype=object)
        return shapely.union_all(np.r_[shapely.buffer(corners, 50.0), shapely.buffer(lines, 25.0)])


def score(areas: list[Any], truth: csr_array, tree: shapely.STRtree) -> tuple[float, float]:
    """Return F1 over all origins, and by how much too many points are claimed."""
    area, point = tree.query(np.array(areas, dtype=object), predicate="intersects")
    claimed = csr_array((np.ones(len(area)), (point, area)), shape=truth.shape)
    there = csr_array((np.ones(truth.nnz), truth.indices, truth.indptr), shape=truth.shape)
    both = float(claimed.multiply(there).sum())
    return 2 * both / float(claimed.sum() + there.sum()), float(claimed.sum() / there.sum()) - 1
