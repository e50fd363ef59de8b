"""Streets, and what is reached along them, from scratch: what `scripts/recompute` needs beside plain layers.

Nothing here is of the package. Lines are noded by GEOS on a grid of 1 mm, shortest ways are found by networkx, and land
is looked at on sample points. Left out, for the demo has none of it: one-way streets, squares to cross, bridges that
meet in the air or end between the vertices of a street, barriers that are land, facilities that are areas, and parks
without surveyed entrances.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import rasterio
import shapely
from scipy.ndimage import map_coordinates

SNAP_M = 1e-3
#: A street that crosses a barrier ends so far to either side of it.
CUT_M = 5e-3
#: Heights are taken so far apart, and no street is steeper.
STEP_M, STEEPEST = 15.0, 0.5
#: What is joined to less of the network than both is an island, to which nobody goes.
ISLAND_M, ISLAND_SHARE = 1000.0, 0.01
GATE_M = 10.0
CLOSED_ON_FOOT = {"motorway", "motorway_link", "高速公路", "高速"}
#: The classes of the demo that are open to cars, by km/h; a metre is as long as at 60 km/h, and a straight one at 20.
SPEEDS = {"trunk": 70, "primary": 60, "secondary": 50, "tertiary": 40, "residential": 30, "service": 15}
REFERENCE, STRAIGHT = 60, 20


@dataclass(frozen=True, eq=False)
class Net:
    """Streets cut at their nodes.

    By edge its line, its two nodes, what it costs forth and back, whether it is on the ground and on no island; where
    nodes are; the barriers; what a metre of a straight way costs; and the graph of costs with its arrows turned round.
    """

    lines: Any
    ends: Any
    forth: Any
    back: Any
    xy: Any
    ground: Any
    usable: Any
    walls: Any
    factor: float
    turned: nx.DiGraph


@dataclass(frozen=True, eq=False)
class Placed:
    """Places on the streets: the edge (-1: none), how far along it from 0 to 1, and the straight way there."""

    edge: Any
    share: Any
    gap: Any


def tobler(slope: Any) -> Any:
    """Return the metres of level walking that a metre up a slope costs: Tobler's hiking function."""
    return np.exp(3.5 * (np.abs(slope + 0.05) - 0.05))


def lines_of(barriers: gpd.GeoDataFrame) -> Any:
    """Return the lines of barriers."""
    return shapely.get_parts(barriers.geometry.to_numpy())


def noded(lines: Any) -> Any:
    """Return lines cut wherever they meet, each stretch once."""
    return shapely.get_parts(shapely.union_all(np.asarray(lines, dtype=object), grid_size=SNAP_M))


def is_vertex(line: Any, spot: Any) -> bool:
    """Say whether a spot is a vertex of a line."""
    return bool(np.hypot(*(shapely.get_coordinates(line) - [spot.x, spot.y]).T).min() <= 2 * SNAP_M)


def opened(edges: Any, walls: Any) -> Any:
    """Return edges that end on either side of the barriers they cross.

    The end of a barrier bars nothing, nor does one where it shares a vertex with the street: a gate, a ford.
    """
    cuts: dict[int, list[Any]] = {}
    for at, wall in zip(*shapely.STRtree(walls).query(edges, predicate="intersects"), strict=True):
        for spot in shapely.get_parts(edges[at].intersection(walls[wall])):
            end = spot.geom_type == "Point" and spot.distance(walls[wall].boundary) <= SNAP_M
            if spot.geom_type != "Point" or end or (is_vertex(edges[at], spot) and is_vertex(walls[wall], spot)):
                continue
            cuts.setdefault(int(at), []).append(spot.buffer(CUT_M))
    parts = [shapely.get_parts(edges[at].difference(shapely.union_all(spots))) for at, spots in cuts.items()]
    return np.concatenate([np.delete(edges, list(cuts)), *parts])


def metres(lines: Any, ground: Any, raster: Any) -> tuple[Any, Any]:
    """Return what walking along lines costs forth and back; bridges and tunnels rise evenly."""
    with rasterio.open(raster) as source:
        band, turn = source.read(1).astype(float), ~source.transform
    fine = np.where(ground, shapely.segmentize(lines, STEP_M), lines)
    fine[~ground] = [shapely.LineString([one.coords[0], one.coords[-1]]) for one in lines[~ground]]
    xy, owner = shapely.get_coordinates(fine, return_index=True)
    column, row = turn * (xy[:, 0], xy[:, 1])
    height = map_coordinates(band, [row - 0.5, column - 0.5], order=1, mode="nearest")
    # Beyond the grid streets are level.
    height[(row < 0) | (column < 0) | (row > band.shape[0]) | (column > band.shape[1])] = np.nan
    same = np.diff(owner) == 0
    run, of_line = np.hypot(*np.diff(xy, axis=0).T)[same], owner[1:][same]
    # A straight line between its ends is shorter than the bridge.
    run = run * np.where(ground, 1.0, shapely.length(lines) / shapely.length(fine))[of_line]
    slope = np.clip(np.nan_to_num(np.diff(height)[same] / run), -STEEPEST, STEEPEST)
    forth, back = (np.bincount(of_line, run * tobler(one), len(lines)) for one in (slope, -slope))
    return forth, back


def minutes(lines: Any, streets: gpd.GeoDataFrame) -> Any:
    """Return what driving along lines costs, in metres at 60 km/h; where streets lie on one another the fastest."""
    middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    at, of = shapely.STRtree(streets.geometry.to_numpy()).query(middle, predicate="dwithin", distance=2 * SNAP_M)
    speed = np.zeros(len(lines))
    np.maximum.at(speed, at, streets["class"].map(SPEEDS).to_numpy(dtype=float)[of])
    return shapely.length(lines) * REFERENCE / speed


def network(streets: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame, heights: Any = None) -> Net:
    """Return the streets that are walked, where heights are given, else those that are driven."""
    own = streets["class"]
    shut = own.isin(CLOSED_ON_FOOT) | streets["foot"].eq("no") if heights is not None else ~own.isin(SPEEDS)
    streets = streets[~shut]
    plain = (streets["level"].eq(0) & ~streets["bridge"] & ~streets["tunnel"]).to_numpy()
    walls, shapes = lines_of(barriers), streets.geometry.to_numpy()
    below, above = opened(noded(shapes[plain]), walls), shapely.set_precision(shapes[~plain], SNAP_M)
    lines = np.concatenate([below, above])
    ground = np.arange(len(lines)) < len(below)
    # Bridges and tunnels are joined at their ends, to whatever ends there.
    spots = np.concatenate([shapely.get_coordinates(shapely.get_point(lines, end)) for end in (0, -1)])
    xy, number = np.unique(np.round(spots / SNAP_M).astype(np.int64), axis=0, return_inverse=True)
    ends = number.reshape(2, -1).T
    if heights is None:
        forth = back = minutes(lines, streets)
    else:
        forth, back = metres(lines, ground, heights)
    turned = nx.DiGraph()
    for (u, v), there, home in zip(ends.tolist(), forth, back, strict=True):
        for one, other, cost in ((v, u, there), (u, v, home)):
            if cost < turned.get_edge_data(one, other, {"weight": np.inf})["weight"]:
                turned.add_edge(one, other, weight=cost)
    factor = 1.0 if heights is not None else REFERENCE / STRAIGHT
    usable = on_no_island(ends, shapely.length(lines))
    return Net(lines, ends, forth, back, xy * SNAP_M, ground, usable, walls, factor, turned)


def on_no_island(ends: Any, length: Any) -> Any:
    """Say which edges are on no island."""
    graph = nx.Graph(ends.tolist())
    usable = np.zeros(len(ends), dtype=bool)
    for nodes in nx.connected_components(graph):
        own = np.isin(ends[:, 0], list(nodes))
        usable |= own & (length[own].sum() >= min(ISLAND_M, ISLAND_SHARE * length.sum()))
    return usable


def arms(net: Net) -> Any:
    """Return by node how many ends of streets meet there."""
    return np.bincount(net.ends.ravel(), minlength=len(net.xy))


def barred(net: Net, xy: Any, foot: Any) -> Any:
    """Say which straight ways cross a barrier; starting or ending on one is no crossing."""
    length = np.maximum(np.hypot(*(foot - xy).T), 1e-9)[:, None]
    inset = np.minimum(SNAP_M / length, 0.5) * (foot - xy)
    legs = shapely.linestrings(np.stack([xy + inset, foot - inset], axis=1))
    found = np.zeros(len(xy), dtype=bool)
    found[shapely.STRtree(net.walls).query(legs, predicate="intersects")[0]] = True
    return found


def foot_of(net: Net, points: Any, edge: Any) -> Any:
    """Return the coordinates of the spots of edges that are nearest to points."""
    along = shapely.line_locate_point(net.lines[edge], points)
    return shapely.get_coordinates(shapely.line_interpolate_point(net.lines[edge], along))


def place(net: Net, xy: Any, most: float) -> Placed:
    """Return how places get onto the streets: straight to the nearest edge that no barrier keeps them from."""
    points, usable = shapely.points(xy), np.flatnonzero(net.usable)
    tree, edge = shapely.STRtree(net.lines[usable]), np.full(len(xy), -1)
    if len(xy):
        who, near = tree.query_nearest(points, max_distance=most, all_matches=False)
        edge[who] = usable[near]
    there = np.flatnonzero(edge >= 0)
    again = there[barred(net, xy[there], foot_of(net, points[there], edge[there]))]
    edge[again] = -1
    for some in np.array_split(again, len(again) // 500 + 1):
        who, near = tree.query(points[some], predicate="dwithin", distance=most)
        who, near = some[who], usable[near]
        free = ~barred(net, xy[who], foot_of(net, points[who], near))
        pairs = pd.DataFrame({"who": who[free], "edge": near[free]})
        pairs["gap"] = shapely.distance(points[pairs["who"]], net.lines[pairs["edge"]])
        best = pairs.sort_values("gap").drop_duplicates("who")
        edge[best["who"]] = best["edge"]
    on = np.flatnonzero(edge >= 0)
    share, gap = np.zeros(len(xy)), np.full(len(xy), np.inf)
    share[on] = shapely.line_locate_point(net.lines[edge[on]], points[on], normalized=True)
    gap[on] = shapely.distance(points[on], net.lines[edge[on]]) * net.factor
    return Placed(edge, share, gap)


def costs(net: Net, goals: Placed, places: Placed) -> Any:
    """Return what it costs from places to the nearest of some goals; infinite where no way leads."""
    there = np.flatnonzero(goals.edge >= 0)
    graph, node = net.turned, np.full(len(net.xy), np.inf)
    for at in there:
        u, v = net.ends[goals.edge[at]].tolist()
        part, forth, back = goals.share[at], net.forth[goals.edge[at]], net.back[goals.edge[at]]
        for end, cost in ((u, part * forth), (v, (1 - part) * back)):
            node[end] = min(node[end], goals.gap[at] + cost)
    seeds = np.flatnonzero(np.isfinite(node))
    graph.add_weighted_edges_from(("goals", int(end), node[end]) for end in seeds)
    if len(seeds):
        found = nx.single_source_dijkstra_path_length(graph, "goals")
        graph.remove_node("goals")
        found.pop("goals")
        node[list(found)] = list(found.values())
    own = np.flatnonzero(places.edge >= 0)
    edge, share, total = places.edge[own], places.share[own], np.full(len(places.edge), np.inf)
    by_u = node[net.ends[edge, 0]] + share * net.back[edge]
    by_v = node[net.ends[edge, 1]] + (1 - share) * net.forth[edge]
    total[own] = places.gap[own] + np.minimum(by_u, by_v)
    # Along one edge alone, where a goal lies on it.
    left = pd.DataFrame({"edge": edge, "place": own})
    both = left.merge(pd.DataFrame({"edge": goals.edge[there], "goal": there}), on="edge")
    step = goals.share[both["goal"]] - places.share[both["place"]]
    ride = np.abs(step) * np.where(step > 0, net.forth[both["edge"]], net.back[both["edge"]])
    np.minimum.at(total, both["place"].to_numpy(), ride + goals.gap[both["goal"]] + places.gap[both["place"]])
    return total


@dataclass(frozen=True, eq=False)
class Land:
    """Sample points of land: where, of which parcel, how they get onto the streets, and gates that some leave by."""

    net: Net
    xy: Any
    parcel: Any
    placed: Placed
    gate_xy: Any
    gate_parcel: Any
    gate_placed: Placed

    def costs(self, goals: Placed) -> Any:
        """Return what it costs from every sample to the nearest of some goals; by its gates out of a gated parcel."""
        total, by_gate = (costs(self.net, goals, one) for one in (self.placed, self.gate_placed))
        for parcel in np.unique(self.gate_parcel):
            own, gates = np.flatnonzero(self.parcel == parcel), np.flatnonzero(self.gate_parcel == parcel)
            way = np.hypot(*(self.xy[own][:, None] - self.gate_xy[gates]).transpose(2, 0, 1))
            total[own] = (way * self.net.factor + by_gate[gates]).min(axis=1, initial=np.inf)
        return total


def sampled(parcels: Any, step: float) -> tuple[Any, Any]:
    """Return the points of a regular grid that lie in parcels, and whose they are."""
    found = []
    for at, shape in enumerate(parcels):
        low, high = np.floor(np.array(shape.bounds).reshape(2, 2) / step)
        x, y = np.meshgrid(*(np.arange(a, b + 1) * step + step / 2 for a, b in zip(low, high, strict=True)))
        inside = shapely.contains_xy(shape, x.ravel(), y.ravel())
        found.append(np.column_stack([x.ravel(), y.ravel(), np.full(x.size, at)])[inside])
    rows = np.concatenate(found)
    return rows[:, :2], rows[:, 2].astype(int)


def near_edges(shapes: Any, points: Any) -> tuple[Any, Any]:
    """Return which points lie within 10 m of the edges of which shapes."""
    point, shape = shapely.STRtree(shapely.boundary(shapes)).query(points, predicate="dwithin", distance=GATE_M)
    return point, shape


def land(net: Net, parcels: Any, step: float, most: float, gated: Any = None, gates: Any = None) -> Land:
    """Return land as samples; who lives in a gated parcel that has gates on its edge leaves by these."""
    xy, parcel = sampled(parcels, step)
    gate_xy, owner = np.zeros((0, 2)), np.zeros(0, dtype=int)
    if gates is not None:
        shut = np.flatnonzero(gated)
        point, at = near_edges(parcels[shut], gates)
        gate_xy, owner = shapely.get_coordinates(gates[point]), shut[at]
    gate_placed = place(net, gate_xy, most)
    open_ = gate_placed.edge >= 0
    gate_xy, owner = gate_xy[open_], owner[open_]
    gate_placed = Placed(gate_placed.edge[open_], gate_placed.share[open_], gate_placed.gap[open_])
    inner = np.isin(parcel, owner)
    placed = Placed(np.full(len(xy), -1), np.zeros(len(xy)), np.full(len(xy), np.inf))
    free = place(net, xy[~inner], most)
    placed.edge[~inner], placed.share[~inner], placed.gap[~inner] = free.edge, free.share, free.gap
    return Land(net, xy, parcel, placed, gate_xy, owner, gate_placed)


def surveyed(parks: gpd.GeoDataFrame, entrances: gpd.GeoDataFrame) -> dict[int, list[int]]:
    """Return the entrances of each park that has any: those of its id, and of those without one the nearby ones."""
    found: dict[int, list[int]] = {}
    point, park = near_edges(parks.geometry.to_numpy(), entrances.geometry.to_numpy())
    for at, own in zip(point.tolist(), park.tolist(), strict=True):
        if pd.isna(entrances["park_id"].iloc[at]):
            found.setdefault(own, []).append(at)
    for own, ids in enumerate(parks["ids"]):
        named = np.flatnonzero(entrances["park_id"].isin(ids))
        if len(named):
            found.setdefault(own, []).extend(named.tolist())
    return found


def park_gates(net: Net, parks: gpd.GeoDataFrame, entrances: gpd.GeoDataFrame, most: float) -> Placed:
    """Return the surveyed gates of parks, which have their `ids`, a set each; a park without any is not foreseen."""
    found = surveyed(parks, entrances)
    if len(found) < len(parks):
        message = f"{len(parks) - len(found)} parks have no surveyed entrance, and no other gates are looked for here"
        raise ValueError(message)
    return place(net, entrances.get_coordinates().to_numpy()[np.concatenate(list(found.values()))], most)
