"""Build the network of streets once: noded, cut by barriers, plazas crossed, slopes felt, its islands known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from gis_planning.conventions import facts
from gis_planning.errors import CrsError, LayerError
from gis_planning.geo import Flags, Floats, Geometries, Index, crs_name
from gis_planning.streets.barriers import Walls, cut_at_walls, walls_of
from gis_planning.streets.noding import SNAP_M, Noded, cut_at_nodes, edges_of_graph, pieces_of
from gis_planning.streets.plazas import Plazas, cross_plazas, outlines_of
from gis_planning.streets.posts import close_at, posts_of
from gis_planning.streets.report import Island, Report
from gis_planning.streets.slope import Elevation, Slopes, slopes_of
from gis_planning.streets.traffic import NODES, Mode, attributes_of, closed_to, is_ferry, rules_of, texts
from gis_planning.streets.turns import Turns, turns_of

if TYPE_CHECKING:
    import geopandas as gpd

#: A graph as CSR arrays: indptr, indices, data. The numbers are 32 bits wide, as scipy wants them.
Arcs = tuple[NDArray[np.int32], NDArray[np.int32], Floats]

#: A component shorter than both is an island.
ISLAND_M = 1000.0
ISLAND_SHARE = 0.01
#: Spots along streets, by which the nearest street is found, are as near to one another as this.
SPOTS_M = 10.0


@dataclass(frozen=True, eq=False)
class Streets:
    """A street network; arrays are by node or by edge.

    Attributes
    ----------
    crs
        The working CRS of all coordinates, in metres.
    mode
        Who moves on it.
    xy
        By node: coordinates.
    component
        By node: number of its connected component.
    u, v
        By edge: the nodes at its start and end.
    length_m
        By edge: plane length in metres.
    geometry
        By edge: LineString from u to v.
    feature
        By edge: position of its source feature in the streets layer.
    level
        By edge: level of its source feature.
    structure
        By edge: whether its source feature is a bridge or tunnel.
    walkway
        By edge: whether it is a straight way across a plaza, which nobody drew.
    forward, backward
        By edge: cost from u to v and from v to u; infinite where one may not go. For walking metres of level walking:
        where there is an elevation, 100 m uphill cost more than 100, and downhill not 100 either. They count as spread
        evenly along the edge. For driving metres at `reference_kmh`, so that 1000 are one minute at 60 km/h.
    access_factor
        Cost of a metre of straight way between a place and its street.
    island
        By component: whether it is an island.
    walls
        The barriers it was built with, which straight ways to a street may not cross either; None if there are none.
    report
        What was dropped and cut.
    turns
        The junctions at which turns are told apart; None where no turn is forbidden.
    """

    crs: pyproj.CRS
    mode: Mode
    xy: Floats
    component: Index
    u: Index
    v: Index
    length_m: Floats
    geometry: Geometries
    feature: Index
    level: NDArray[np.int64]
    structure: Flags
    walkway: Flags
    forward: Floats
    backward: Floats
    access_factor: float
    reference_kmh: float | None
    island: Flags
    walls: Walls | None
    report: Report
    turns: Turns | None = None

    @cached_property
    def spots_xy(self) -> Floats:
        """By node of `arcs_forward`: coordinates; where turns are told apart there are more than the edges have."""
        return self.xy if self.turns is None else np.concatenate([self.xy, self.turns.xy])

    @cached_property
    def reached(self) -> tuple[Index, Index]:
        """By edge: the nodes at which its start and its end are reached along it."""
        return (self.u, self.v) if self.turns is None else (self.turns.reached_u, self.turns.reached_v)

    @cached_property
    def left(self) -> tuple[Index, Index]:
        """By edge: the nodes from which its start and its end are left along it."""
        return (self.u, self.v) if self.turns is None else (self.turns.left_u, self.turns.left_v)

    @cached_property
    def joined(self) -> Index:
        """Edges that are on no island."""
        return np.flatnonzero(~self.island[self.component[self.u]])

    @cached_property
    def lattices(self) -> dict[tuple[float, float], Any]:
        """Points of grids that were attached before, by their distance and the longest straight way; see `rings`."""
        return {}

    @cached_property
    def tree(self) -> tuple[shapely.STRtree, Index]:
        """The tree of the edges of `joined` in pieces, and the edge each piece is of."""
        pieces, line = pieces_of(self.geometry[self.joined])
        return shapely.STRtree(pieces), self.joined[line]

    @cached_property
    def spots(self) -> cKDTree:
        """The tree of spots of the edges of `joined`, nowhere farther than `SPOTS_M` from one another."""
        return cKDTree(shapely.get_coordinates(shapely.segmentize(self.geometry[self.joined], SPOTS_M)))

    @cached_property
    def arcs_forward(self) -> Arcs:
        """The graph of costs: row u to column v costs `forward`."""
        return arcs_of(len(self.spots_xy), *self.ways)

    @cached_property
    def arcs_backward(self) -> Arcs:
        """The transposed graph: row u to column v costs what going from v to u does."""
        if self.turns is None and np.array_equal(self.forward, self.backward):
            return self.arcs_forward
        start, end, cost = self.ways
        return arcs_of(len(self.spots_xy), end, start, cost)

    @property
    def ways(self) -> tuple[Index, Index, Floats]:
        """The ways from node to node: along every edge and against it, and the turns, which cost nothing."""
        start, end = np.concatenate(self.left), np.concatenate(self.reached[::-1])
        cost = np.r_[self.forward, self.backward]
        if self.turns is None:
            return start, end, cost
        none = np.zeros(len(self.turns.turn_from))
        return np.r_[start, self.turns.turn_from], np.r_[end, self.turns.turn_to], np.r_[cost, none]


def build(
    streets: gpd.GeoDataFrame,
    *,
    barriers: gpd.GeoDataFrame | None = None,
    elevation: Elevation | None = None,
    turn_restrictions: gpd.GeoDataFrame | None = None,
    mode: Mode = "walk",
    speeds_kmh: Mapping[str, float] | None = None,
) -> Streets:
    """Build the street network of one mode of travel.

    Where streets are joined:

    1. At a vertex of both (within 1 mm), if they have the same `level`, or if one of the levels there stops: it has a
       single street there, and that ends. So a bridge of level 1 is joined to the streets of level 0 at its ends and to
       nothing beneath it, not even where streets are drawn in parts that meet beneath it.
    2. Where one touches the other between its vertices, or they cross in the plane, if they have the same `level` and
       neither is a bridge or tunnel.
    3. Where the end of a bridge or tunnel lies on another street between its vertices, whatever the levels, as in 1.

    Streets of a network that names its nodes (`graph_from` and `graph_to`, as GraphML gives them) are joined in these
    and nowhere else, whatever they cross and whatever `level`, `bridge` and `tunnel` say, if all features name them.

    Pieces that lie on one another are kept once.

    Where barriers cut:

    1. Streets of level 0 that are neither bridge nor tunnel end on either side of a barrier line they cross, and have
       no part inside a barrier polygon. Streets that meet in a junction on a barrier line are parted by side.
    2. A barrier line that ends beside a street, runs along it, or has a vertex on a vertex of the street (OpenStreetMap
       draws gates, fords and level crossings so) does not cut it.
    3. A barrier point within 1 m of a street closes it there by its kind (conventions/streets.toml): a bollard to cars,
       a locked gate to everybody. In a junction it closes all its streets.

    How plazas (polygons) are crossed on foot:

    1. Their outlines are streets of their level. So are straight ways inside, between any two nodes of streets of the
       same level on the outline or within, and ends of bridges and tunnels there. These ways bend at corners that stick
       into the plaza, round its holes and round barriers. Plazas of one level that touch are one.
    2. On the ground no way crosses a barrier; where a barrier line shares a vertex with a node of streets is a gate.
    3. With more than 40 such nodes and corners not all ways are made, but enough that none is longer by 1 %.

    How cars drive: at the speed of the class (`speeds_kmh`, else conventions/streets.toml), never above the stated
    `maxspeed_kmh`, of which 0 and what is above 130 count as not stated. A ferry is a street only where it states its
    speed. Where turns are forbidden see `turns_of`; one may turn round where streets end and where three meet, unless
    that is forbidden too, and nowhere else.

    A component whose length is under 1 km and under 1 % of the network is an island (`attach` avoids it).

    Parameters
    ----------
    streets
        Lines, and polygons of plazas, in a projected CRS in metres; polygons count for walking only. Columns used if
        there: `class`, `level` (missing is 0), `bridge`, `tunnel`, `foot` (walking), `oneway` (driving; without the
        column all are both ways), `maxspeed_kmh`, `toll` and `id` (driving), `graph_from` and `graph_to` (names of the
        nodes at the ends).
    barriers
        Lines and polygons nobody can cross, and points that close streets by their `kind`, in the same CRS.
    elevation
        Heights in metres: walkers pay for slopes by Tobler's hiking function, up and down differently, and nothing
        changes on level ground (see `slopes_of`). Driving does not look at it.
    turn_restrictions
        For driving: points with `from_id`, `to_id` and `kind`, which name streets by their `id`.
    mode
        `"walk"`: costs are metres of level walking. `"drive"`: by class and speed.
    speeds_kmh
        For driving: speeds by class that go before our own.

    Returns
    -------
    Streets
        The network. Its node and edge numbers do not depend on the order of features, its feature positions do.

    Raises
    ------
    CrsError
        A CRS that is missing, not in metres, or not the same for both layers.
    LayerError
        No usable line, or an unknown mode.

    Notes
    -----
    Speeds: JTG B01-2014 and CJJ 37-2012, low end of the design speeds. Slopes: Tobler's hiking function, 6 exp(-3.5
    |slope + 0.05|) km/h, divided by what it says of level ground.
    """
    if mode not in get_args(Mode):
        raise LayerError("streets.unknown_mode", mode=mode, modes=list(get_args(Mode)))
    crs = _metric(streets, "streets")
    if barriers is not None and len(barriers):
        require_crs(barriers, crs, "barriers")
    rules = rules_of(mode, speeds_kmh)
    closed = closed_to(streets, rules)
    features = np.flatnonzero(~closed)
    parts, owner = shapely.get_parts(shapely.force_2d(streets.geometry.to_numpy()[features]), return_index=True)
    parts, owner, outline, polygons, plaza_owner = outlines_of(parts, owner)
    if mode != "walk":  # cars neither cross plazas nor go round them
        parts, owner, outline, plaza_owner = parts[~outline], owner[~outline], outline[~outline], plaza_owner[:0]
    usable = _usable(parts)
    if not usable.any():
        raise LayerError("streets.none_usable", count=len(streets))
    table = attributes_of(streets.iloc[features], rules)
    named = (table["low"] != "").to_numpy()
    # One line with one name at either end; what was drawn in parts or is land has ends that no name tells.
    graph = bool(named.all()) and len(np.unique(owner)) == len(owner) and not outline.any()
    short = usable & (shapely.length(parts) <= (0.0 if graph else SNAP_M))
    again = _repeated(parts, owner, table, usable & ~short)
    kept = usable & ~short & ~again
    if not kept.any():
        raise LayerError("streets.too_short", count=int(usable.sum()))
    drawn = int(kept.sum())
    # Ways across plazas have line numbers behind those of the streets.
    owner = np.r_[owner[kept], plaza_owner]
    level, structure = table["level"].to_numpy()[owner], table["structure"].to_numpy()[owner]
    if graph:
        start, stop = (texts(streets, column)[features][owner[:drawn]] for column in NODES)
        noded = edges_of_graph(parts[kept], start, stop)
    else:
        noded = cut_at_nodes(parts[kept], level[:drawn], structure[:drawn])
    walls = walls_of(barriers)
    if len(plaza_owner):
        plazas = Plazas(polygons, level[drawn:], structure[drawn:], np.arange(drawn, len(owner)))
        noded = cross_plazas(noded, plazas, outline[kept][noded.line], level[noded.line], structure[noded.line], walls)
    ground = (level == 0) & ~structure
    noded, cut = cut_at_walls(noded, ground[noded.line], walls) if walls is not None else (noded, 0)
    posts, odd_posts = posts_of(barriers, mode) if barriers is not None else (np.array([]), 0)
    noded, closing = close_at(noded, posts)
    counts = {
        "features": len(streets),
        "closed": int(closed.sum()),
        "unusable_parts": int((~usable).sum()),
        "zero_length_parts": int(short.sum()),
        "duplicate_parts": int(again.sum()),
        "cut_by_barriers": cut,
        "posts": closing,
        "odd_posts": odd_posts,
        "plazas": len(plaza_owner),
        "without_nodes": int((~named).sum()) if named.any() else 0,
    }
    slopes = None
    if elevation is not None and mode == "walk":
        slopes = slopes_of(noded, ground[noded.line], elevation, crs)
    if mode == "drive":
        counts["odd_speeds"] = int(table["odd_speed"].sum())
        counts["tolled"] = int(table["toll"].sum())
        counts["ferries_without_speed"] = int((closed & is_ferry(streets, rules)).sum())
    found = _network(noded, owner, drawn, features, table, crs, mode, walls, slopes, counts)
    return found if turn_restrictions is None else _turning(found, streets, turn_restrictions)


def require_crs(layer: gpd.GeoDataFrame | gpd.GeoSeries, crs: pyproj.CRS, name: str) -> None:
    """Refuse a layer that is not in the streets' CRS."""
    own = _metric(layer, name)
    if not own.equals(crs, ignore_axis_order=True):
        raise CrsError("streets.other_crs", layer=name, crs=crs_name(own), streets_crs=crs_name(crs))


def _metric(layer: gpd.GeoDataFrame | gpd.GeoSeries, name: str) -> pyproj.CRS:
    if layer.crs is None:
        raise CrsError("streets.no_crs", layer=name)
    crs = pyproj.CRS.from_user_input(layer.crs)
    if not crs.is_projected or any(axis.unit_name != "metre" for axis in crs.axis_info[:2]):
        raise CrsError("streets.not_metric", layer=name, crs=crs_name(crs))
    return crs


def _turning(network: Streets, streets: gpd.GeoDataFrame, restrictions: gpd.GeoDataFrame) -> Streets:
    """Return a network with its forbidden turns, where cars drive on it."""
    if network.mode != "drive" or not len(restrictions):
        return network
    require_crs(restrictions, network.crs, "turn_restrictions")
    ids = texts(streets, "id")[network.feature].tolist()
    turns = turns_of(network.u, network.v, network.xy, ids, restrictions)
    held = len(restrictions) - len(turns.unmatched)
    return replace(network, turns=turns, report=replace(network.report, turns=held, turns_unmatched=turns.unmatched))


def _usable(parts: Geometries) -> Flags:
    """Say which parts are lines with coordinates that are numbers."""
    usable: Flags = np.isin(shapely.get_type_id(parts), (1, 2)) & np.isfinite(shapely.bounds(parts)).all(axis=1)
    usable[usable] = np.isfinite(shapely.length(parts[usable]))
    return usable


def _repeated(parts: Geometries, owner: Index, table: pd.DataFrame, chosen: Flags) -> Flags:
    """Say which parts run along the vertices of an earlier one, with the same attributes."""
    both_ways = (table["forth"] == table["back"]).to_numpy()[owner[chosen]]
    lines = np.where(both_ways, shapely.normalize(parts[chosen]), parts[chosen])
    keys = table.drop(columns=["odd_speed", "toll"]).iloc[owner[chosen]].assign(line=shapely.to_wkb(lines))
    again: Flags = np.zeros(len(parts), dtype=bool)
    again[chosen] = keys.duplicated().to_numpy()
    return again


def _once(noded: Noded, forward: Floats, backward: Floats) -> Flags:
    """Say which edges to keep: of those that lie on one another the cheapest; none that is a point."""
    length = shapely.length(noded.geometry)
    low, high = np.minimum(noded.u, noded.v), np.maximum(noded.u, noded.v)
    keep: Flags = (low != high) | (length > 2 * SNAP_M)
    # Only edges between the same two nodes can be the same; their middles tell.
    pair = low * (int(high.max(initial=0)) + 1) + high
    _, group, count = np.unique(pair, return_inverse=True, return_counts=True)
    some = np.flatnonzero(keep & (count[group] > 1))
    middle = shapely.get_coordinates(shapely.line_interpolate_point(noded.geometry[some], 0.5, normalized=True))
    rounded = np.round(middle, 2)
    cost = np.minimum(forward, backward)[some]
    order = np.lexsort((np.isinf(forward + backward)[some], cost, rounded[:, 1], rounded[:, 0], group[some]))
    some, middle = some[order], middle[order]
    same = (np.diff(group[some]) == 0) & (np.abs(np.diff(length[some])) <= 2 * SNAP_M)
    same &= (np.abs(np.diff(middle, axis=0)) <= 2 * SNAP_M).all(axis=1)
    # A one-way street does not stand for its opposite.
    same &= np.isfinite(forward[some[:-1]] + backward[some[:-1]])
    keep[some[1:][same]] = False
    return keep


def _network(
    noded: Noded,
    owner: Index,
    drawn: int,
    features: Index,
    table: pd.DataFrame,
    crs: pyproj.CRS,
    mode: Mode,
    walls: Walls | None,
    slopes: Slopes | None,
    counts: dict[str, int],
) -> Streets:
    forth, back = table["forth"].to_numpy()[owner[noded.line]], table["back"].to_numpy()[owner[noded.line]]
    length = shapely.length(noded.geometry)
    if slopes is not None:
        forth, back = forth * slopes.forward, back * slopes.backward
    kept = _once(noded, length * forth, length * back)
    length, line, geometry = length[kept], noded.line[kept], noded.geometry[kept]
    walkway = line >= drawn
    street_m = np.where(walkway, 0.0, length)
    nodes, ends = np.unique(np.r_[noded.u[kept], noded.v[kept]], return_inverse=True)
    u, v = np.split(ends, 2)
    links = coo_array((np.ones(len(u), dtype=np.int8), (u, v)), shape=(len(nodes),) * 2)
    component = connected_components(links, directed=False)[1].astype(np.intp)
    feature = features[owner[line]]
    island, islands = _islands(component, component[u], street_m, feature)
    report = Report(
        **counts,
        turns_unmatched=(),
        overlapping_edges=int((~kept).sum()),
        nodes=len(nodes),
        edges=len(u),
        length_m=float(street_m.sum()),
        islands=islands,
        climb_m=None if slopes is None else float(slopes.climb_m[kept][~walkway].sum()),
        without_elevation_m=0.0 if slopes is None else float(slopes.without_m[kept][~walkway].sum()),
    )
    rules = facts("streets")[mode]
    reference = rules.get("reference_kmh")
    return Streets(
        crs=crs,
        mode=mode,
        xy=noded.xy[nodes],
        component=component,
        u=u,
        v=v,
        length_m=length,
        geometry=geometry,
        feature=feature,
        level=table["level"].to_numpy()[owner[line]],
        structure=table["structure"].to_numpy()[owner[line]],
        walkway=walkway,
        forward=length * forth[kept],
        backward=length * back[kept],
        access_factor=reference / rules["access_kmh"] if reference else 1.0,
        reference_kmh=reference,
        island=island,
        walls=walls,
        report=report,
    )


def _islands(component: Index, of_edge: Index, street_m: Floats, feature: Index) -> tuple[Flags, tuple[Island, ...]]:
    """Say which components of the nodes are islands, and describe these; edges have a component, length and feature."""
    total = np.bincount(of_edge, weights=street_m)
    island: Flags = (total < ISLAND_M) & (total < ISLAND_SHARE * total.sum())
    size = np.bincount(component)
    return island, tuple(
        Island(int(one), int(size[one]), float(total[one]), tuple(np.unique(feature[of_edge == one]).tolist()))
        for one in sorted(np.flatnonzero(island), key=lambda one: -total[one])
    )


def arcs_of(size: int, start: Index, end: Index, cost: Floats) -> Arcs:
    """Return CSR arrays; of parallel edges the cheapest, for a sparse matrix would add them up."""
    # One number for row and column sorts several times faster than the two.
    arc = start * size + end
    usable = (start != end) & np.isfinite(cost)
    arc, cost = arc[usable], cost[usable]
    order = np.argsort(arc)
    arc = arc[order]
    first = np.flatnonzero(np.r_[True, np.diff(arc) != 0][: len(arc)])
    row, column = np.divmod(arc[first], size)
    pointer = np.r_[0, np.cumsum(np.bincount(row, minlength=size))]
    cheapest = np.minimum.reduceat(cost[order], first) if len(first) else cost
    return pointer.astype(np.int32), column.astype(np.int32), cheapest
