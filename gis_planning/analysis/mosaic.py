"""Know which cells share an edge, so that any grouping of them is outlined by looking at edges alone.

To unite polygons anew for every question costs as much each time as to find out where they touch. Here that is found
once: cells are taken apart into edges between two nodes, each with the cell on its left and the one on its right. The
outline of a group is then those edges that have the group on one side only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from gis_planning import overlay
from gis_planning.analysis.cells import Cells
from gis_planning.geo import Floats, Geometries, Index

#: Points that lie so near one another are one, and so near an edge are on it: cutting leaves no more than this.
SAME_M = 1e-5
#: A node that lies so near the line between its neighbours is on it.
STRAIGHT_M = 1e-7
#: Cells that are taken apart together, where land lies in parts that do not touch; bounds memory.
TOGETHER = 50_000
#: An outline whose land differs from its cells by more than this is not trusted.
SURE_M2 = 1e-3


@dataclass(frozen=True, eq=False)
class Mosaic:
    """The edges of cells; arrays by edge.

    Attributes
    ----------
    xy
        By node: where it is.
    straight
        By node: whether it only stands there because a grid line crosses, and may be left out of a straight outline.
    start, end
        The nodes of an edge.
    left, right
        The part on either side as one looks from start to end, -1 where there is none. What the edge of the land leaves
        of a square may be in several parts.
    cell, area_m2
        By part: its cell, and its area.
    """

    xy: Floats
    straight: NDArray[np.bool_]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    cell: NDArray[np.int32]
    area_m2: Floats

    def patches(self, cells: Cells, group: NDArray[np.intp]) -> Patches:
        """Return the land of cells that have the same number and touch along edges; those of -1 are in none.

        Nor are cells that are no wider than a rounding, which have no edges.
        """
        count = len(self.cell)
        edged = np.zeros(count + 1, dtype=bool)
        edged[self.left] = edged[self.right] = True
        number = np.where(edged[:-1], group[self.cell], -1)
        of = np.r_[number, -1]
        left, right = of[self.left], of[self.right]
        inner = (left == right) & (left >= 0)
        links = coo_array(
            (np.ones(int(inner.sum()), dtype=np.int8), (self.left[inner], self.right[inner])), shape=(count, count)
        )
        component = connected_components(links, directed=False)[1]
        chosen = number >= 0
        # Numbered by their first part, so that the order does not hang on how components are found.
        names, first, label = np.unique(component[chosen], return_index=True, return_inverse=True)
        rank = np.empty(len(names), dtype=np.intp)
        rank[np.argsort(first, kind="stable")] = np.arange(len(names))
        patch = np.full(count, -1, dtype=np.intp)
        patch[chosen] = rank[label]
        shapes = self._outlines(cells, np.r_[patch, -1], len(names))
        of_patch = np.empty(len(names), dtype=np.intp)
        of_patch[patch[chosen]] = number[chosen]
        # A cell in several parts counts where its largest is.
        of_cell = np.full(len(cells), -1, dtype=np.intp)
        of_cell[self.cell[self._smallest_first]] = patch[self._smallest_first]
        return Patches(shapes, of_patch, of_cell)

    @cached_property
    def _smallest_first(self) -> Index:
        return np.argsort(self.area_m2, kind="stable")

    def _outlines(self, cells: Cells, patch: Index, size: int) -> Geometries:
        left, right = patch[self.left], patch[self.right]
        outer = left != right
        # Every edge once for each side that is in a patch, with that patch on its left.
        a, b = np.flatnonzero(outer & (left >= 0)), np.flatnonzero(outer & (right >= 0))
        start, end = np.r_[self.start[a], self.end[b]], np.r_[self.end[a], self.start[b]]
        owner = np.r_[left[a], right[b]]
        shapes = _polygons(self.xy, self.straight, start, end, owner, size)
        own, of = np.flatnonzero(patch[:-1] >= 0), patch[:-1][patch[:-1] >= 0]
        area = np.bincount(of, weights=self.area_m2[own], minlength=size)
        # Where nodes that are one have moved, an outline may cross itself by less than a rounding.
        wrong = np.flatnonzero(
            (np.abs(shapely.area(shapes) - area) > SURE_M2 + 1e-9 * area) | ~shapely.is_valid(shapes)
        )
        for one in wrong.tolist():
            shapes[one] = _united(cells.geometry(np.unique(self.cell[own[of == one]])))
        return shapes


@dataclass(frozen=True, eq=False)
class Patches:
    """Land in patches that do not touch others of their group along an edge.

    Attributes
    ----------
    shapes
        By patch: its land, in the order of the first cell.
    group
        By patch: its number.
    of_cell
        By cell: its patch, -1 where it is in none.
    """

    shapes: Geometries
    group: Index
    of_cell: Index


def mosaic_of(cells: Cells) -> Mosaic:
    """Take cells apart into the edges they share."""
    found, nodes, parts = [], 0, 0
    for some in _apart(cells):
        one = _mosaic_of(cells, some)
        ends = (end + np.int32(nodes) for end in (one.start, one.end))
        sides = (np.where(side < 0, side, side + np.int32(parts)) for side in (one.left, one.right))
        found.append((one.xy, one.straight, *ends, *sides, one.cell, one.area_m2))
        nodes, parts = nodes + len(one.xy), parts + len(one.cell)
    return Mosaic(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _apart(cells: Cells) -> list[Index]:
    """Return the cells in lots that share no edge with one another, each of about as many as are looked at together."""
    if len(cells) <= TOGETHER:
        return [np.arange(len(cells))]
    first, second = shapely.STRtree(cells.land).query(cells.land, predicate="dwithin", distance=2 * SAME_M)
    group = overlay.groups_of(len(cells.land), first, second)
    count = np.bincount(group[cells.parcel], minlength=len(cells.land))
    lot = (np.cumsum(count) // TOGETHER)[group[cells.parcel]]
    order = np.argsort(lot, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(lot[order])) + 1)


def _mosaic_of(cells: Cells, some: Index) -> Mosaic:
    parts, part_cell = overlay.polygons_of(cells.geometry(some))
    rings, ring_part = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    coords, ring_of = shapely.get_coordinates(rings, return_index=True)
    xy, node = _nodes(coords)
    same = ring_of[:-1] == ring_of[1:]
    start, end, cell = node[:-1][same], node[1:][same], ring_part[ring_of[:-1][same]]
    start, end, cell = (one[start != end] for one in (start, end, cell))
    start, end, cell = _noded(xy, start, end, cell)
    low, high = np.minimum(start, end), np.maximum(start, end)
    # A cell that goes back where it came has no land there.
    _, at, times = np.unique(np.column_stack([cell, low, high]), axis=0, return_index=True, return_counts=True)
    start, end, cell, low, high = (one[at[times == 1]] for one in (start, end, cell, low, high))
    forward = start < end
    key = low.astype(np.int64) * len(xy) + high
    unique, edge = np.unique(key, return_inverse=True)
    left, right = (np.full(len(unique), -1, dtype=np.int32) for _ in range(2))
    left[edge[forward]], right[edge[~forward]] = cell[forward], cell[~forward]
    aside = np.abs(xy - np.rint(xy / cells.size_m) * cells.size_m)
    on_grid = np.asarray((aside < SAME_M).any(axis=1))
    start, end = ((unique // len(xy)).astype(np.int32), (unique % len(xy)).astype(np.int32))
    return Mosaic(xy, on_grid, start, end, left, right, some[part_cell].astype(np.int32), shapely.area(parts))


def _nodes(coords: Floats) -> tuple[Floats, Index]:
    """Return places that are told apart, and the place of each point."""
    exact, at = np.unique(coords, axis=0, return_inverse=True)
    pairs = cKDTree(exact).query_pairs(SAME_M, output_type="ndarray")
    if not len(pairs):
        return exact, at.ravel()
    place = overlay.groups_of(len(exact), pairs[:, 0], pairs[:, 1])
    _, first, place = np.unique(place, return_index=True, return_inverse=True)
    return exact[first], place[at.ravel()]


def _noded(xy: Floats, start: Index, end: Index, cell: Index) -> tuple[Index, Index, Index]:
    """Divide edges at nodes of neighbours that lie on them."""
    size = np.int64(len(xy))
    key, twin = start * size + end, end * size + start
    alone = np.flatnonzero(~np.isin(key, twin))
    nodes = np.unique(np.r_[start[alone], end[alone]])
    lines = shapely.linestrings(np.stack([xy[start[alone]], xy[end[alone]]], axis=1))
    line, point = shapely.STRtree(shapely.points(xy[nodes])).query(lines, predicate="dwithin", distance=SAME_M)
    edge, node = alone[line], nodes[point]
    between = (node != start[edge]) & (node != end[edge])
    edge, node = edge[between], node[between]
    way = xy[end[edge]] - xy[start[edge]]
    along = ((xy[node] - xy[start[edge]]) * way).sum(axis=1) / (way**2).sum(axis=1)
    # All nodes of an edge in the order in which they are passed.
    every = np.r_[np.arange(len(start)), edge, np.arange(len(start))]
    passed = np.r_[start, node, end]
    order = np.lexsort((np.r_[np.full(len(start), -np.inf), along, np.full(len(start), np.inf)], every))
    every, passed = every[order], passed[order]
    follows = every[:-1] == every[1:]
    return passed[:-1][follows], passed[1:][follows], cell[every[:-1][follows]]


def _polygons(xy: Floats, straight: NDArray[np.bool_], start: Index, end: Index, owner: Index, size: int) -> Geometries:
    """Return the polygon of each owner from its directed edges, which have it on their left."""
    if not len(start):
        return np.full(size, shapely.Polygon(), dtype=object)
    follower = _followers(xy, start, end, owner)
    ring, turn = _in_turn(follower)
    order = np.lexsort((turn, ring, owner[_first_of(ring)[ring]]))
    ring, node, owner = ring[order], start[order], owner[order]
    # A node that only a grid line made is left out where the outline goes straight on.
    first = np.flatnonzero(np.r_[True, ring[1:] != ring[:-1]])
    last = np.r_[first[1:], len(ring)] - 1
    before, after = np.arange(len(ring)) - 1, np.arange(len(ring)) + 1
    before[first], after[last] = last, first
    here, back, ahead = xy[node], xy[node[before]], xy[node[after]]
    came, goes = here - back, ahead - here
    aside = np.abs(came[:, 0] * goes[:, 1] - came[:, 1] * goes[:, 0]) / np.hypot(*(ahead - back).T).clip(SAME_M)
    on = (came * goes).sum(axis=1) > 0
    kept = ~(straight[node] & on & (aside < STRAIGHT_M))
    kept |= (np.add.reduceat(kept, first) < 3)[np.searchsorted(first, np.arange(len(ring)), side="right") - 1]
    ring, here, owner = ring[kept], here[kept], owner[kept]
    first = np.flatnonzero(np.r_[True, ring[1:] != ring[:-1]])
    length = np.diff(np.r_[first, len(ring)])
    own = owner[first]
    signed = _signed(here, first, length)
    # The shell of a patch runs with its land on the left, the other way round than its holes.
    sorted_ = np.lexsort((-signed, own))
    first, length, own = first[sorted_], length[sorted_], own[sorted_]
    closed = np.repeat(first, length + 1) + _steps(length + 1, length)
    rings = np.r_[0, np.cumsum(length + 1)]
    polygons = np.searchsorted(own, np.arange(size + 1))
    return np.asarray(shapely.from_ragged_array(shapely.GeometryType.POLYGON, here[closed], (rings, polygons)))


def _steps(length: Index, wrap: Index) -> Index:
    """Return 0, 1, 2 ... for each of some lengths, back at 0 where it comes round."""
    step = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length)
    return step % np.repeat(wrap, length)


def _signed(xy: Floats, first: Index, length: Index) -> Floats:
    """Return twice the area of rings, positive where their inside is on the left."""
    if not len(first):
        return np.zeros(0)
    origin = np.repeat(xy[first], length, axis=0)
    here = xy - origin
    after = np.arange(len(xy)) + 1
    after[first + length - 1] = first
    there = xy[after] - origin
    return np.add.reduceat(here[:, 0] * there[:, 1] - here[:, 1] * there[:, 0], first)


def _followers(xy: Floats, start: Index, end: Index, owner: Index) -> Index:
    """Return by edge the edge that follows it round its owner.

    Where an owner touches itself in a point, the one farthest to the right: it goes on round the same emptiness, so
    that no outline touches itself.
    """
    size = np.int64(max(len(xy), 1))
    leaves = owner.astype(np.int64) * size + start
    order = np.argsort(leaves, kind="stable")
    arrives = owner.astype(np.int64) * size + end
    low, high = (np.searchsorted(leaves[order], arrives, side=side) for side in ("left", "right"))
    follower = order[np.minimum(low, max(len(order) - 1, 0))]
    several = np.flatnonzero(high - low > 1)
    if not len(several):
        return follower
    count = (high - low)[several]
    edge = np.repeat(several, count)
    choice = order[np.repeat(low[several], count) + _steps(count, count)]
    back = xy[start[edge]] - xy[end[edge]]
    goes = xy[end[choice]] - xy[start[choice]]
    # Counter-clockwise from the way back: the first one is the farthest to the right.
    angle = np.arctan2(goes[:, 1], goes[:, 0]) - np.arctan2(back[:, 1], back[:, 0])
    angle = np.where(angle <= 1e-12, angle + 2 * np.pi, angle)
    best = np.lexsort((angle, edge))
    edge, choice = edge[best], choice[best]
    chosen = np.r_[True, edge[1:] != edge[:-1]]
    follower[edge[chosen]] = choice[chosen]
    return follower


def _in_turn(follower: Index) -> tuple[Index, Index]:
    """Return the ring of each edge, and its turn in it: each step doubles how far one looks back."""
    count = len(follower)
    links = coo_array((np.ones(count, dtype=np.int8), (np.arange(count), follower)), shape=(count, count))
    ring = connected_components(links, directed=False)[1]
    head = np.zeros(count, dtype=bool)
    head[_first_of(ring)] = True
    before = np.empty(count, dtype=np.intp)
    before[follower] = np.arange(count)
    turn = np.where(head, 0, 1)
    before = np.where(head, np.arange(count), before)
    for _ in range(int(np.ceil(np.log2(max(count, 2))))):
        turn = turn + turn[before]
        before = before[before]
    return ring, turn


def _first_of(ring: Index) -> Index:
    """Return the first edge of each ring."""
    first = np.full(int(ring.max()) + 1 if len(ring) else 0, len(ring), dtype=np.intp)
    np.minimum.at(first, ring, np.arange(len(ring)))
    return first


def _united(polygons: Geometries) -> Any:
    """Return polygons that touch as one geometry: what no edges tell is left to the exact overlay."""
    found = overlay.dissolve(polygons)
    return found[0] if len(found) == 1 else shapely.multipolygons(found)
