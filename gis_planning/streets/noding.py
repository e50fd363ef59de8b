"""Cut lines where they meet: at shared vertices, where one touches another, and where they cross on the same level.

Everything is done on segments with numpy; a tree finds the pairs of segments whose boxes touch. Where lines meet, each
gets a vertex (`_meetings`); then all vertices within 1 mm of one another are one spot, and `_nodes` says which of the
lines there are joined.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from gis_planning.geo import Flags, Floats, Geometries, Index

#: Points this close are one: the grid on which surveys and reprojected coordinates agree.
SNAP_M = 1e-3
#: Segments looked up at once; bounds memory.
CHUNK = 500_000
#: Segments of a piece in a tree: a long line has a box that is near everything, and its segments are all tried.
PIECE = 4


@dataclass(frozen=True)
class Noded:
    """Lines cut at their nodes: node coordinates; end nodes, geometry and source line of each edge."""

    xy: Floats
    u: Index
    v: Index
    geometry: Geometries
    line: Index


@dataclass(frozen=True)
class _Visits:
    """Vertices in the order lines pass them: whose they are, where, and whether the line ends there."""

    line: Index
    xy: Floats
    end: Flags


def pieces_of(lines: Geometries) -> tuple[Geometries, Index]:
    """Return lines in pieces of a few segments, for a tree, and the line each piece is of."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    place = np.arange(len(xy)) - np.searchsorted(line, line)
    start = np.flatnonzero((place % PIECE == 0) & np.r_[np.diff(line) == 0, False][: len(line)])
    count = np.minimum(np.searchsorted(line, line[start], side="right") - start, PIECE + 1)
    point = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count - start, count)
    return shapely.linestrings(xy[point], indices=np.repeat(np.arange(len(start)), count)), line[start]


def parts_of(lines: Geometries, low: Floats, high: Floats) -> Geometries:
    """Return the parts of lines from one share of their length to a greater one."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    step = np.r_[0.0, np.hypot(*np.diff(xy, axis=0).T)] if len(xy) else np.zeros(0)
    step[np.r_[True, np.diff(line) != 0][: len(line)]] = 0.0
    along = np.cumsum(step)
    first = np.searchsorted(line, np.arange(len(lines)))
    along -= along[first][line]
    length = np.maximum.reduceat(along, first) if len(lines) else along
    start, stop = low * length, high * length
    between = (along > start[line]) & (along < stop[line])
    ends = shapely.get_coordinates(shapely.line_interpolate_point(np.r_[lines, lines], np.r_[start, stop]))
    owner = np.r_[np.arange(len(lines)), line[between], np.arange(len(lines))]
    where = np.r_[start, along[between], stop]
    points = np.concatenate([ends[: len(lines)], xy[between], ends[len(lines) :]])
    order = np.lexsort((where, owner))
    return shapely.linestrings(points[order], indices=owner[order])


def cut_at_nodes(lines: Geometries, level: NDArray[np.int64], structure: Flags) -> Noded:
    """Cut lines where they meet (the rule stands in `build`).

    Parameters
    ----------
    lines
        LineStrings with a length, coordinates in metres.
    level
        The level of each line.
    structure
        Whether the line is a bridge or a tunnel.
    """
    points, line = shapely.get_coordinates(lines, return_index=True)
    repeated = np.r_[False, (np.diff(line) == 0) & (np.diff(points, axis=0) == 0).all(axis=1)]
    points, line = points[~repeated], line[~repeated]
    origin = np.floor(points.min(axis=0))  # near the origin no digit is lost in products
    points = points - origin
    change = np.diff(line) != 0
    end = np.r_[True, change] | np.r_[change, True]
    at, along, xy = _meetings(_Visits(line, points, end), level, structure)
    order = np.lexsort((np.r_[np.zeros(len(points)), along], np.r_[np.arange(len(points)), at]))
    visits = _Visits(
        np.r_[line, line[at]][order],
        np.concatenate([points, xy])[order],
        np.r_[end, np.zeros(len(at), dtype=bool)][order],
    )
    return _edges(visits, level, origin)


def edges_of_graph(lines: Geometries, start: NDArray[np.object_], stop: NDArray[np.object_]) -> Noded:
    """Return lines as the edges of a graph that says itself which nodes they join, wherever else they meet or cross.

    Parameters
    ----------
    lines
        LineStrings, coordinates in metres.
    start, stop
        By line: the names of the nodes at its first and its last vertex.
    """
    names, number = np.unique(np.r_[start, stop].astype(str), return_inverse=True)
    ends = shapely.get_coordinates(np.r_[shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    # Numbered by place, as nodes are that lines meet in; of a node drawn at several places the westernmost.
    placed = np.lexsort((ends[:, 1], ends[:, 0], number))
    xy = ends[placed[np.searchsorted(number[placed], np.arange(len(names)))]]
    order = np.lexsort((np.arange(len(names)), xy[:, 1], xy[:, 0]))
    rank = np.empty(len(names), dtype=np.intp)
    rank[order] = np.arange(len(names))
    u, v = np.split(rank[number], 2)
    return Noded(xy[order], u, v, lines, np.arange(len(lines)))


def _meetings(visits: _Visits, level: NDArray[np.int64], structure: Flags) -> tuple[Index, Floats, Floats]:
    """Return vertices to add: after which vertex, how far to the next (0 to 1), and where."""
    start = np.flatnonzero(np.diff(visits.line) == 0)
    a, b = visits.xy[start], visits.xy[start + 1]
    corners = np.stack([np.minimum(a, b) - SNAP_M / 2, np.maximum(a, b) + SNAP_M / 2], axis=1)
    boxes = shapely.linestrings(corners)
    tree = shapely.STRtree(boxes)
    found: list[tuple[Index, Floats, Floats]] = []
    for first in range(0, len(boxes), CHUNK):
        left, right = tree.query(boxes[first : first + CHUNK])
        left = left + first
        keep = left < right
        found.extend(_meetings_of(visits, level, structure, start[left[keep]], start[right[keep]]))
    if not found:
        return np.empty(0, dtype=np.intp), np.empty(0), np.empty((0, 2))
    at, along, xy = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return at, along, xy


def _meetings_of(
    visits: _Visits, level: NDArray[np.int64], structure: Flags, s: Index, t: Index
) -> Iterator[tuple[Index, Floats, Floats]]:
    """Find where pairs of segments (named by their first vertex) touch or cross, and the lines are to be joined."""
    same = level[visits.line[s]] == level[visits.line[t]]
    plain = same & ~structure[visits.line[s]] & ~structure[visits.line[t]]
    apart = np.ones(len(s), dtype=bool)
    for vertex, segment in ((s, t), (s + 1, t), (t, s), (t + 1, s)):
        near, inside, along = _touch(visits.xy[vertex], visits.xy[segment], visits.xy[segment + 1])
        apart &= ~near
        own_end = structure[visits.line[vertex]] & visits.end[vertex]
        chosen = inside & (plain | own_end)
        yield segment[chosen], along[chosen], visits.xy[vertex[chosen]]
    cross = apart & plain
    s, t = s[cross], t[cross]
    a, c = visits.xy[s], visits.xy[t]
    ab, cd = visits.xy[s + 1] - a, visits.xy[t + 1] - c
    turn = _cross(ab, cd)
    with np.errstate(divide="ignore", invalid="ignore"):
        on_s, on_t = _cross(c - a, cd) / turn, _cross(c - a, ab) / turn
    chosen = (on_s > 0) & (on_s < 1) & (on_t > 0) & (on_t < 1)
    xy = a[chosen] + on_s[chosen, None] * ab[chosen]
    yield s[chosen], on_s[chosen], xy
    yield t[chosen], on_t[chosen], xy


def _touch(p: Floats, a: Floats, b: Floats) -> tuple[Flags, Flags, Floats]:
    """Say whether p lies on the segment ab, whether it does so away from its ends, and how far along (0 to 1)."""
    ab, ap, bp = b - a, p - a, p - b
    along = np.clip(_dot(ap, ab) / _dot(ab, ab), 0, 1)
    off = ap - along[:, None] * ab
    near = _dot(off, off) <= SNAP_M**2
    inside = near & (_dot(ap, ap) > SNAP_M**2) & (_dot(bp, bp) > SNAP_M**2)
    return near, inside, along


def _edges(visits: _Visits, level: NDArray[np.int64], origin: Floats) -> Noded:
    spot, where = _spots(visits.xy)
    # A line that stays on one spot for several vertices passes it once.
    new = np.r_[True, (np.diff(spot) != 0) | (np.diff(visits.line) != 0)]
    first = np.flatnonzero(new)
    end = np.logical_or.reduceat(visits.end, first)
    spot, line, xy = spot[first], visits.line[first], visits.xy[first]
    cut, node, node_spot = _nodes(spot, level[line], end)
    xy = np.where(cut[:, None], where[spot], xy) + origin
    stops = np.flatnonzero(cut)
    going = line[stops[:-1]] == line[stops[1:]]
    start, stop = stops[:-1][going], stops[1:][going]
    count = stop - start + 1
    edge = np.repeat(np.arange(len(start)), count)
    vertex = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(start, count)
    geometry: Any = shapely.linestrings(xy[vertex], indices=edge) if len(edge) else np.empty(0, dtype=object)
    return Noded(where[node_spot] + origin, node[start], node[stop], geometry, line[start])


def _nodes(spot: Index, level: NDArray[np.int64], end: Flags) -> tuple[Flags, Index, Index]:
    """Say at which vertices lines are cut, the node of each, and the spot of each node.

    Lines of one level are joined. All levels are joined where a level stops: where it has a single line and that ends.
    A street of two parts that meet under a bridge does not stop there, nor does the bridge.
    """
    levels, rank = np.unique(level, return_inverse=True)
    key = spot * (len(levels) + 1) + rank + 1
    _, group, count = np.unique(key, return_inverse=True, return_counts=True)
    stopped = np.zeros(int(spot.max(initial=-1)) + 1, dtype=bool)
    stopped[spot[end & (count[group] == 1)]] = True
    _, group, count = np.unique(np.where(stopped[spot], key - rank - 1, key), return_inverse=True, return_counts=True)
    cut = end | (count[group] > 1)
    kept, number = np.unique(group[cut], return_inverse=True)
    node = np.full(len(spot), -1, dtype=np.intp)
    node[cut] = number
    node_spot = np.zeros(len(kept), dtype=np.intp)
    node_spot[number] = spot[cut]
    return cut, node, node_spot


def _spots(xy: Floats) -> tuple[Index, Floats]:
    """Return each point's spot and where the spots are; points within `SNAP_M` share one, at the westernmost."""
    order = np.lexsort((xy[:, 1], xy[:, 0]))
    placed = xy[order]
    new = np.r_[True, (np.diff(placed, axis=0) != 0).any(axis=1)]
    unique = placed[new]
    number = np.empty(len(xy), dtype=np.intp)
    number[order] = np.cumsum(new) - 1
    pairs = cKDTree(unique).query_pairs(SNAP_M, output_type="ndarray")
    if not len(pairs):
        return number, unique
    links = coo_array((np.ones(len(pairs), dtype=np.int8), (pairs[:, 0], pairs[:, 1])), shape=(len(unique),) * 2)
    group = connected_components(links, directed=False)[1]
    _, first, spot = np.unique(group, return_index=True, return_inverse=True)
    return spot[number], unique[first]


def _dot(a: Floats, b: Floats) -> Floats:
    return np.asarray(a[:, 0] * b[:, 0] + a[:, 1] * b[:, 1])


def _cross(a: Floats, b: Floats) -> Floats:
    return np.asarray(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])
