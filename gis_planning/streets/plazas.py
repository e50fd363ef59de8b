"""Let walkers cross plazas: polygons of the streets layer get straight ways between the streets that reach them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse.csgraph import shortest_path
from scipy.spatial import cKDTree

from gis_planning.geo import Flags, Floats, Geometries, Index
from gis_planning.overlay import polygons_of
from gis_planning.streets.barriers import Walls
from gis_planning.streets.noding import SNAP_M, Noded

#: Half the width a barrier line takes from a plaza, so that ways bend round its ends.
HALF_WALL_M = 0.005
#: Where barrier and street share a vertex there is a gate, this far to each side.
HALF_GATE_M = 0.02
#: A plaza with more points than this gets only as many ways as keep every distance within `DETOUR` of the true one.
MANY = 40
DETOUR = 0.01
#: Straight ways looked at together; bounds memory.
CHUNK = 200_000


@dataclass(frozen=True, eq=False)
class Plazas:
    """Polygons to be crossed: their shapes, their levels, whether they are bridges or tunnels, and a line of each."""

    polygons: Geometries
    level: NDArray[np.int64]
    structure: Flags
    line: Index


@dataclass(frozen=True, eq=False)
class _Points:
    """What ways across one plaza join.

    Node number and place; whether streets come in there, so that a way may end at any angle; and the neighbours of
    corners on their ring (NaN for what is none): a way that only bends there hugs the corner.
    """

    node: Index
    xy: Floats
    entry: Flags
    before: Floats
    after: Floats


@dataclass(frozen=True, eq=False)
class _Drawn:
    """The shortest of the edges between two nodes that were there before, found by a key of both."""

    key: Index
    length_m: Floats
    size: int

    @classmethod
    def of(cls, noded: Noded) -> _Drawn:
        """Return the edges of a network by the nodes they join."""
        size = len(noded.xy)
        length = shapely.length(noded.geometry)
        key = np.minimum(noded.u, noded.v) * size + np.maximum(noded.u, noded.v)
        order = np.lexsort((length, key))
        key, length = key[order], length[order]
        first = np.r_[True, np.diff(key) != 0][: len(key)]
        return cls(key[first], length[first], size)

    def between(self, one: Index, other: Index) -> Floats:
        """Return the length of the edge from one node to the other, infinite where there is none."""
        key = np.minimum(one, other) * self.size + np.maximum(one, other)
        at = np.minimum(np.searchsorted(self.key, key), len(self.key) - 1)
        there = (self.key[at] == key) & (np.maximum(one, other) < self.size)
        return np.where(there, self.length_m[at], np.inf)


def outlines_of(parts: Geometries, owner: Index) -> tuple[Geometries, Index, Flags, Geometries, Index]:
    """Take the polygons out of the parts of a layer.

    Returns
    -------
    tuple
        The parts with polygons replaced by their outlines (cut where ways across bend, so that streets and ways meet
        there), whose they are, which of them are outlines, the polygons, and whose those are. Polygons with broken
        coordinates stay parts.
    """
    land = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(parts)
    land[land] = np.isfinite(shapely.bounds(parts[land])).all(axis=1) & np.isfinite(shapely.area(parts[land]))
    polygons, whole = polygons_of(shapely.make_valid(parts[land]))
    polygon_owner = owner[land][whole]
    found = [(piece, one) for one, polygon in enumerate(polygons) for piece in _outline(polygon)]
    rings = np.empty(len(found), dtype=object)
    rings[:] = [piece for piece, _ in found]
    ring_owner = polygon_owner[np.array([one for _, one in found], dtype=np.intp)]
    outline = np.arange(int((~land).sum()) + len(rings)) >= int((~land).sum())
    return np.r_[parts[~land], rings], np.r_[owner[~land], ring_owner], outline, polygons, polygon_owner


def cross_plazas(
    noded: Noded, plazas: Plazas, outline: Flags, level: NDArray[np.int64], structure: Flags, walls: Walls | None
) -> Noded:
    """Add straight ways across plazas (the rule stands in `build`).

    Parameters
    ----------
    noded
        Streets and outlines cut at their nodes, barriers not yet regarded.
    plazas
        The polygons.
    outline, level, structure
        By edge: whether it is part of a plaza's outline, its level, and whether it is a bridge or tunnel.
    walls
        The barriers; they hold for plazas on the ground.

    Returns
    -------
    Noded
        The edges as they were, then the ways; their line is that of a plaza.
    """
    drawn = _Drawn.of(noded)
    places, size = [noded.xy], len(noded.xy)
    found: list[tuple[Index, Index, Index]] = []
    for height, aloft in sorted(set(zip(plazas.level.tolist(), plazas.structure.tolist(), strict=True))):
        these = np.flatnonzero((plazas.level == height) & (plazas.structure == aloft))
        entry, ring = _entries(noded, outline, (level == height) & (structure == aloft), structure)
        reached = np.flatnonzero(entry | ring)
        tree, parts = shapely.STRtree(shapely.points(noded.xy[reached])), shapely.STRtree(plazas.polygons[these])
        # Plazas that touch are one, however they are divided into features.
        shared, _ = polygons_of(np.array([shapely.union_all(plazas.polygons[these])], dtype=object))
        for plaza in sorted(shared, key=lambda one: one.bounds):
            nodes = np.sort(reached[tree.query(plaza, predicate="dwithin", distance=2 * SNAP_M)])
            if entry[nodes].sum() < 2:
                continue
            land = _free(plaza, noded.xy[nodes[entry[nodes]]], walls if height == 0 and not aloft else None)
            if land.is_empty:
                continue
            points = _points(noded.xy, nodes, entry, land, size)
            one, other = _ways(points, land, drawn)
            middles = shapely.points((points.xy[one] + points.xy[other]) / 2)
            way, part = parts.query_nearest(middles, all_matches=True)
            line = np.full(len(one), plazas.line.max(initial=0), dtype=np.intp)
            np.minimum.at(line, way, plazas.line[these[part]])
            places.append(points.xy[points.node >= size])
            size += len(places[-1])
            found.append((points.node[one], points.node[other], line))
    if not found:
        return noded
    u, v, line = (np.concatenate(values) for values in zip(*found, strict=True))
    xy = np.concatenate(places)
    ways = shapely.linestrings(np.stack([xy[u], xy[v]], axis=1)) if len(u) else np.empty(0, dtype=object)
    return Noded(
        xy,
        np.r_[noded.u, u],
        np.r_[noded.v, v],
        np.concatenate([noded.geometry, ways]),
        np.r_[noded.line, line],
    )


def _outline(polygon: Any) -> list[Any]:
    """Return the rings of a polygon as lines, cut at the corners that ways across bend round."""
    pieces = []
    for points, bends in _rings(polygon):
        # From corner to corner; a ring without one stays whole.
        corners = np.flatnonzero(bends) if bends.any() else np.zeros(1, dtype=np.intp)
        twice = np.concatenate([points, points])
        pieces += [shapely.LineString(twice[a : b + 1]) for a, b in pairwise([*corners, corners[0] + len(points)])]
    return pieces


def _rings(polygon: Any) -> list[tuple[Floats, Flags]]:
    """Return the vertices of each ring, the land on their left, and which of them are corners that stick into it."""
    found = []
    for ring in shapely.get_rings(shapely.orient_polygons(polygon)):
        points = shapely.get_coordinates(shapely.remove_repeated_points(ring, SNAP_M))[:-1]
        if len(points) < 3:
            continue
        before, after = points - np.roll(points, 1, axis=0), np.roll(points, -1, axis=0) - points
        turn = _cross(before, after) / (np.hypot(*before.T) * np.hypot(*after.T))
        found.append((points, turn < -1e-6))
    return found


def _entries(noded: Noded, outline: Flags, alike: Flags, structure: Flags) -> tuple[Flags, Flags]:
    """Say which nodes may let streets into plazas of one level, and which are on the outlines of those."""
    ring = outline & alike
    ends = np.bincount(np.r_[noded.u, noded.v], minlength=len(noded.xy))
    # The end of a bridge or tunnel inside a plaza comes out there, whatever its level.
    stops = _touched(noded, structure & ~outline) & (ends == 1)
    on_ring = _touched(noded, ring)
    return (on_ring & _touched(noded, ~ring)) | _touched(noded, alike & ~ring) | stops, on_ring


def _touched(noded: Noded, edges: Flags) -> Flags:
    """Say which nodes are ends of some edges."""
    return np.asarray(np.bincount(np.r_[noded.u[edges], noded.v[edges]], minlength=len(noded.xy)) > 0)


def _free(plaza: Any, entries: Floats, walls: Walls | None) -> Any:
    """Return the land of a plaza without what barriers take of it."""
    if walls is None:
        return plaza
    which = walls.tree.query(plaza, predicate="intersects")
    if not len(which):
        return plaza
    lines = walls.parts[which[which < walls.lines]]
    strips = shapely.buffer(lines, HALF_WALL_M, cap_style="flat", join_style="mitre")
    corners = shapely.STRtree(shapely.points(shapely.get_coordinates(lines)))
    at, _ = corners.query(shapely.points(entries), predicate="dwithin", distance=SNAP_M)
    gates = shapely.buffer(shapely.multipoints(entries[np.unique(at)]), HALF_GATE_M)
    barred = np.r_[walls.parts[which[which >= walls.lines]], shapely.difference(strips, gates)]
    return shapely.difference(plaza, shapely.union_all(barred))


def _points(xy: Floats, nodes: Index, entry: Flags, land: Any, size: int) -> _Points:
    """Return entries and corners of a plaza; a corner that is no node yet gets a number from `size` on."""
    rings = [ring for polygon in polygons_of(np.array([land], dtype=object))[0] for ring in _rings(polygon)]
    corner = np.concatenate([points[bends] for points, bends in rings])
    before = np.concatenate([np.roll(points, 1, axis=0)[bends] for points, bends in rings])
    after = np.concatenate([np.roll(points, -1, axis=0)[bends] for points, bends in rings])
    gap, near = cKDTree(xy[nodes]).query(corner, distance_upper_bound=2 * SNAP_M)
    known = np.isfinite(gap)
    # Two corners at one node (plazas that touch in a point) hug nothing: any way may bend there.
    twice = np.bincount(near[known], minlength=len(nodes)) > 1
    neighbours = np.full((2, len(nodes), 2), np.nan)
    neighbours[0, near[known]], neighbours[1, near[known]] = before[known], after[known]
    used = entry[nodes] | np.isfinite(neighbours[0, :, 0])
    new = ~known
    return _Points(
        np.r_[nodes[used], size + np.arange(int(new.sum()))],
        np.concatenate([xy[nodes[used]], corner[new]]),
        np.r_[(entry[nodes] | twice)[used], np.zeros(int(new.sum()), dtype=bool)],
        np.concatenate([neighbours[0, used], before[new]]),
        np.concatenate([neighbours[1, used], after[new]]),
    )


def _ways(points: _Points, land: Any, drawn: _Drawn) -> tuple[Index, Index]:
    """Return the pairs of points to be joined: they see each other, and no shorter hops or streets do it already."""
    free = shapely.buffer(land, 2 * SNAP_M, join_style="mitre")
    shapely.prepare(free)
    beads = shapely.STRtree(shapely.points(points.xy))
    all_pairs = np.column_stack(np.triu_indices(len(points.node), 1))
    found = [np.empty((0, 2), dtype=np.intp)]
    for first in range(0, len(all_pairs), CHUNK):
        one, other = all_pairs[first : first + CHUNK].T
        hugging = _hugs(points, one, other) & _hugs(points, other, one)
        one, other = one[hugging], other[hugging]
        lines = shapely.linestrings(np.stack([points.xy[one], points.xy[other]], axis=1))
        seen = shapely.covers(free, lines)
        one, other, lines = one[seen], other[seen], lines[seen]
        # A way through another point is made of two shorter ones.
        way, bead = beads.query(lines, predicate="dwithin", distance=SNAP_M)
        through = np.zeros(len(one), dtype=bool)
        through[way[(bead != one[way]) & (bead != other[way])]] = True
        found.append(np.column_stack([one[~through], other[~through]]))
    one, other = np.concatenate(found).T
    length = np.hypot(*(points.xy[one] - points.xy[other]).T)
    there = drawn.between(points.node[one], points.node[other]) <= length + 2 * SNAP_M
    one, other, length = one[~there], other[~there], length[~there]
    if len(points.node) <= MANY:
        return one, other
    needed = _needed(one, other, length, drawn.between(points.node[all_pairs[:, 0]], points.node[all_pairs[:, 1]]))
    return one[needed], other[needed]


def _hugs(points: _Points, corner: Index, other: Index) -> Flags:
    """Say whether a way from a corner leaves both sides of the plaza's edge on one side, as shortest ways do."""
    away = points.xy[other] - points.xy[corner]
    sides = []
    for neighbour in (points.before, points.after):
        edge = neighbour[corner] - points.xy[corner]
        sides.append(_cross(away, edge) / (np.hypot(*away.T) * np.hypot(*edge.T)))
    hugs = (np.minimum(*sides) >= -1e-6) | (np.maximum(*sides) <= 1e-6)
    return np.asarray(points.entry[corner] | hugs)


def _needed(one: Index, other: Index, length: Floats, drawn: Floats) -> Index:
    """Choose ways, shortest first, that are no more than `DETOUR` longer by the ways chosen before and the streets."""
    size = int((1 + np.sqrt(1 + 8 * len(drawn))) / 2)
    apart = np.full((size, size), np.inf)
    apart[np.triu_indices(size, 1)] = drawn
    apart = np.minimum(apart, apart.T)
    np.fill_diagonal(apart, 0)
    apart = np.asarray(shortest_path(np.where(np.isinf(apart), 0, apart), directed=False))
    chosen = []
    for k in np.lexsort((other, one, length)):
        i, j = one[k], other[k]
        if apart[i, j] <= (1 + DETOUR) * length[k]:
            continue
        chosen.append(k)
        through = np.minimum(apart[:, i, None] + apart[j], apart[:, j, None] + apart[i])
        np.minimum(apart, through + length[k], out=apart)
    return np.array(sorted(chosen), dtype=np.intp)


def _cross(a: Floats, b: Floats) -> Floats:
    return np.asarray(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])
