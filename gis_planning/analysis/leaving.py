"""Know by which streets a town is left by car, and how long it takes from its seat to each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from gis_planning import overlay
from gis_planning.analysis.distances import per_minute
from gis_planning.analysis.ways import Ways, straight_to
from gis_planning.errors import NotAssessed
from gis_planning.geo import Floats, Index
from gis_planning.streets import Attached, Streets
from gis_planning.streets.noding import SNAP_M

#: What is part of a town lies no farther from the rest of it, and two ways out nearer to one another are one.
JOINED_M, SAME_M = 100.0, 50.0
#: Streets along the edge of a town belong to it.
EDGE_M = 30.0


def on_street(network: Streets, seat: gpd.GeoDataFrame, max_access_m: float) -> Ways:
    """Return the seat's way onto the streets."""
    found = straight_to(network, seat.geometry.to_numpy(), max_access_m)
    if len(found.unattached):
        raise NotAssessed("outward.seat_off_street", max_access_m=max_access_m)
    return found


def exits_of(
    seat: gpd.GeoDataFrame,
    net: Streets,
    area: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame,
    outside_m: float,
    max_access_m: float,
) -> tuple[gpd.GeoDataFrame, float]:
    """Return the ways out of the town with the minutes to each, the nearest first, and the least of them."""
    root = on_street(net, seat, max_access_m).attached
    edge, cut, cost = _costs(net, root, _crossed(net, _town(area, seat.geometry.to_numpy()[0]), outside_m))
    there = np.isfinite(cost)
    edge, cut, cost = edge[there], cut[there], cost[there]
    spots = shapely.line_interpolate_point(net.geometry[edge], cut)
    feature = net.feature[edge]
    names = streets["name"].to_numpy(dtype=object)[feature] if "name" in streets.columns else [None] * len(edge)
    table = gpd.GeoDataFrame({"name": names, "minutes": cost / per_minute(net)}, geometry=spots, crs=net.crs)
    left, right = shapely.STRtree(spots).query(spots, predicate="dwithin", distance=SAME_M)
    table["group"] = overlay.groups_of(len(spots), left, right)
    table = table.iloc[np.lexsort((*shapely.get_coordinates(spots).T, table["minutes"].to_numpy()))]
    table = table.drop_duplicates("group").drop(columns="group").reset_index(drop=True)
    return table, float(table["minutes"].iloc[0]) if len(table) else float("inf")


def _town(area: gpd.GeoDataFrame, seat: Any) -> Any:
    """Return the part of an area that holds the seat or is nearest to it, with its edge, its parts joined, no holes."""
    land = shapely.union_all(area.geometry.to_numpy())
    wide = shapely.buffer(land, JOINED_M / 2, join_style="mitre")
    parts = shapely.get_parts(shapely.buffer(wide, EDGE_M - JOINED_M / 2, join_style="mitre"))
    if not len(parts):
        raise NotAssessed("exits.no_area")
    town = shapely.polygons(shapely.get_exterior_ring(parts[int(np.argmin(shapely.distance(parts, seat)))]))
    shapely.prepare(town)
    return town


@dataclass(frozen=True)
class _Crossed:
    """A street that crosses the edge of town: how far along it its pieces begin and end, and which lead out of town."""

    edge: int
    marks: list[float]
    leads: list[bool]

    def ahead(self, piece: int) -> float | None:
        """Return where one gets out of town along the street from a piece of it; None: not along this street."""
        if self.leads[piece]:
            return None
        return next((self.marks[at] for at in range(piece, len(self.leads)) if self.leads[at]), None)

    def back(self, piece: int) -> float | None:
        """Return the same against its direction."""
        if self.leads[piece]:
            return None
        return next((self.marks[at + 1] for at in range(piece, -1, -1) if self.leads[at]), None)


def _crossed(net: Streets, town: Any, outside_m: float) -> list[_Crossed]:
    """Return the streets that lead out of town."""
    ring = shapely.get_exterior_ring(town)
    edges = np.unique(shapely.STRtree(net.geometry).query(ring, predicate="intersects"))
    xy, owner = shapely.get_coordinates(shapely.intersection(net.geometry[edges], ring), return_index=True)
    along = shapely.line_locate_point(net.geometry[edges[owner]], shapely.points(xy))
    pieces = []
    # Only as many streets as cross the edge of one town.
    for at, edge in enumerate(edges.tolist()):
        length = float(net.length_m[edge])
        marks = [0.0, *(float(one) for one in np.unique(along[owner == at]) if SNAP_M < one < length - SNAP_M), length]
        spots = shapely.line_interpolate_point(net.geometry[edge], [(a + b) / 2 for a, b in pairwise(marks)])
        pieces.append((edge, marks, (~shapely.covers(town, spots)).tolist()))
    middle = shapely.get_coordinates(shapely.line_interpolate_point(net.geometry, 0.5, normalized=True))
    beyond = ~shapely.contains_xy(town, middle[:, 0], middle[:, 1])
    beyond[edges] = [all(outside) for _, _, outside in pieces]
    group = overlay.groups_of(len(net.xy), net.u[beyond], net.v[beyond])
    joins = np.bincount(group[net.u[beyond]], weights=net.length_m[beyond], minlength=len(net.xy))
    for edge, marks, outside in pieces:
        if not all(outside):
            joins[group[net.u[edge]]] += outside[0] * (marks[1] - marks[0])
            joins[group[net.v[edge]]] += outside[-1] * (marks[-1] - marks[-2])
    if joins.sum() < outside_m:
        raise NotAssessed("exits.nothing_outside")
    found = []
    for edge, marks, outside in pieces:
        ends = [group[net.u[edge]], *[-1] * (len(outside) - 2), group[net.v[edge]]][: len(outside)]
        size = [b - a if end < 0 else float(joins[end]) for (a, b), end in zip(pairwise(marks), ends, strict=True)]
        leads = [one and metres >= outside_m for one, metres in zip(outside, size, strict=True)]
        if any(leads):
            found.append(_Crossed(edge, marks, leads))
    return found


def _costs(net: Streets, root: Attached, crossed: list[_Crossed]) -> tuple[Index, Floats, Floats]:
    """Return where streets lead out of town, by edge and metres along it, and what it costs from the seat to there."""
    at, offset = int(root.edge[0]), float(root.offset_m[0])
    forward, backward = net.forward.copy(), net.backward.copy()
    own = [one.edge for one in crossed]
    forward[own], backward[own] = np.inf, np.inf
    indptr, indices, data = replace(net, forward=forward, backward=backward).arcs_forward
    size = len(net.spots_xy)
    ends = [int(net.reached[0][at]), int(net.reached[1][at])]
    from_seat = dijkstra(csr_array((data, indices, indptr), shape=(size, size)), indices=ends)
    ahead, back = net.forward / net.length_m, net.backward / net.length_m
    length, access = net.length_m, float(root.access_m[0]) * net.access_factor
    start = np.array([_ride(back[at], offset), _ride(ahead[at], length[at] - offset)])
    found: list[tuple[int, float, float]] = []
    for one in crossed:
        if one.edge != at:
            continue
        # Beyond where its own street leads out, the seat is outside.
        piece = min(int(np.searchsorted(one.marks, offset, side="right")) - 1, len(one.leads) - 1)
        for mark, rate, end in ((one.back(piece), back[at], 0), (one.ahead(piece), ahead[at], 1)):
            if mark is not None:
                found.append((at, mark, access + _ride(rate, abs(mark - offset))))
            if mark is not None or one.leads[piece]:
                start[end] = np.inf
    node = access + (start[:, None] + from_seat).min(axis=0)
    for one in crossed:
        first, last = one.ahead(0), one.back(len(one.leads) - 1)
        if first is not None:
            found.append((one.edge, first, float(node[net.left[0][one.edge]]) + _ride(ahead[one.edge], first)))
        if last is not None:
            ride = _ride(back[one.edge], length[one.edge] - last)
            found.append((one.edge, last, float(node[net.left[1][one.edge]]) + ride))
    edge, cut, cost = (np.array([one[k] for one in found], dtype=float) for k in range(3))
    return edge.astype(np.intp), cut, cost


def _ride(rate: float, metres: float) -> float:
    """Return what a stretch costs; none costs nothing, also where nobody may drive."""
    return float(rate * metres) if metres > 0 else 0.0
