"""Add the streets that are within a limit to the areas of reach, as narrow strips.

An area of reach narrows to nothing towards the end of each way, and a contour drawn between the points of a grid cuts
those tips, and narrow tongues with them. The streets themselves are known exactly, so they are added.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gis_planning.geo import Floats, Geometries, Index
from gis_planning.overlay import groups_of, polygons_of
from gis_planning.streets.attach import ATTACHED, Attached
from gis_planning.streets.barriers import Walls
from gis_planning.streets.contours import Field
from gis_planning.streets.graph import Streets
from gis_planning.streets.joining import joined
from gis_planning.streets.noding import parts_of
from gis_planning.streets.reach import Trip

#: Half the width of a strip.
HALF_M = 1.0
#: Deeper than this inside an area, a strip does not leave it; more than half a strip, for arcs are drawn by chords.
DEEP_M = 1.01 * HALF_M
#: Pieces of edges are as long as this share of a cell at the most.
PIECE = 0.5


@dataclass(frozen=True, eq=False)
class Edges:
    """Edges that may be within a limit.

    Attributes
    ----------
    edge
        Which, ascending.
    ends
        Their starts, then their ends, as places.
    barred
        By edge: the land so near to a barrier that a strip could cross it; None far from all.
    boxes
        By edge: its bounds.
    first
        By edge, and one more: where its pieces begin. They are equally long, and no longer than a share of a cell.
    around, piece
        By edge and by piece: the points of the grid around it and its strip, as `full` takes them.
    """

    edge: Index
    ends: Attached
    barred: Geometries
    boxes: Floats
    first: Index
    around: Index
    piece: Index

    @classmethod
    def of(cls, streets: Streets, edge: Index, cell_m: float) -> Edges:
        """Return some edges, given ascending, with their ends, and with their pieces on the grid of a cell."""
        none, offset = np.zeros(2 * len(edge)), np.r_[np.zeros(len(edge)), streets.length_m[edge]]
        ends = Attached(np.r_[edge, edge], offset, none, np.full(2 * len(edge), ATTACHED, dtype=np.int8), 0.0)
        lines = streets.geometry[edge]
        count = np.ceil(streets.length_m[edge] / (PIECE * cell_m)).astype(np.intp)
        first = np.r_[0, np.cumsum(count)]
        owner = np.repeat(np.arange(len(edge)), count)
        turn = np.arange(len(owner)) - first[owner]
        pieces = lines[owner]
        some = np.flatnonzero(count[owner] > 1)
        low, high = turn[some] / count[owner[some]], (turn[some] + 1) / count[owner[some]]
        pieces[some] = parts_of(pieces[some], low, high)
        boxes = shapely.bounds(lines)
        around, piece = _around(boxes, cell_m), _around(shapely.bounds(pieces), cell_m)
        return cls(edge, ends, _barred(lines, streets.walls), boxes, first, around, piece)

    def near(self, low: Floats, high: Floats) -> Index:
        """Return the ends of edges whose boxes meet that between two corners."""
        some = np.flatnonzero(((self.boxes[:, :2] <= high) & (self.boxes[:, 2:] >= low)).all(axis=1))
        return np.concatenate([some, len(self.edge) + some])

    def left(
        self, field: Field, place: Index, edge: Index, low: Floats, high: Floats
    ) -> tuple[Index, Index, Floats, Floats]:
        """Return of parts of edges, by place, what may lie so near the edge of the place's land that a strip leaves it.

        A piece between points of the grid that are all inside lies deep inside, and so does its strip.
        """
        at = np.searchsorted(self.edge, edge)
        size = self.first[at + 1] - self.first[at]
        begin = np.minimum(np.floor(low * size).astype(np.intp), size - 1)
        count = np.clip(np.ceil(high * size).astype(np.intp), begin + 1, size) - begin
        part = np.repeat(np.arange(len(at)), count)
        turn = np.arange(len(part)) - np.repeat(np.cumsum(count) - count - begin, count)
        piece = self.first[at[part]] + turn
        kept = np.flatnonzero(~field.full(place[part], self.piece[:, piece]))
        part, turn = part[kept], turn[kept]
        start = np.flatnonzero(np.r_[True, (np.diff(part) != 0) | (np.diff(turn) != 1)][: len(part)])
        end = np.r_[start[1:], len(part)][: len(start)] - 1
        whose = part[start]
        low = np.maximum(low[whose], turn[start] / size[whose])
        return place[whose], edge[whose], low, np.minimum(high[whose], (turn[end] + 1) / size[whose])


def _around(boxes: Floats, cell_m: float) -> Index:
    """Return the first row and column of the points of a grid around boxes and strips in them, then the last."""
    low, high = (boxes[:, 1::-1] - DEEP_M) / cell_m, (boxes[:, :1:-1] + DEEP_M) / cell_m
    return np.concatenate([np.floor(low).T, np.ceil(high).T]).astype(np.intp)


def streets_within(
    streets: Streets,
    edges: Edges,
    costs: tuple[Index, Index, Floats],
    sources: tuple[Attached, Index],
    field: Field,
    limit_m: float,
    trip: Trip,
) -> Geometries:
    """Return for each of some places the parts of edges within a limit whose strips may leave the land within it.

    Parameters
    ----------
    streets
        The network.
    edges
        Those that may be within the limit.
    costs
        Places, positions in `edges.ends`, and the costs between, for those within the limit.
    sources
        What is searched from, all attached, and the place each belongs to.
    field
        By place: the land within the limit.
    limit_m, trip
        As in `rings`.

    Returns
    -------
    NDArray
        A MultiLineString for each place, empty where nothing is within the limit.
    """
    along, against = streets.forward, streets.backward
    if trip == "to_source":
        along, against = against, along
    place, end, cost = costs
    size = len(edges.edge)
    # Most edges are in the middle of the land, whole.
    inside = np.flatnonzero(cost <= limit_m)
    inside = inside[~field.full(place[inside], edges.around[:, end[inside] % size])]
    place, end, left = place[inside], end[inside], limit_m - cost[inside]
    # From its start, from its end, and both ways from a source on it.
    onward, edge = end < size, edges.ends.edge[end]
    share = _share(left, np.where(onward, along[edge], against[edge]))
    low, high = np.where(onward, 0.0, 1.0 - share), np.where(onward, share, 1.0)
    source, owner = sources
    spare = limit_m - source.access_m * streets.access_factor
    at = source.offset_m / streets.length_m[source.edge]
    backward, forward = _share(spare, against[source.edge]), _share(spare, along[source.edge])
    own = spare >= 0
    place, edge = np.r_[place, owner[own]], np.r_[edge, source.edge[own]]
    low = np.r_[low, np.maximum(at - backward, 0.0)[own]]
    high = np.r_[high, np.minimum(at + forward, 1.0)[own]]
    place, edge, low, high = edges.left(field, *_merged(place, edge, low, high))
    lines, whole = shapely.get_parts(_open_parts(streets, edges, edge, low, high), return_index=True)
    found = np.full(len(field.corner), shapely.MultiLineString(), dtype=object)
    held, first = np.unique(place[whole], return_inverse=True)
    found[held] = shapely.multilinestrings(lines, indices=first)
    return found


def _open_parts(streets: Streets, edges: Edges, edge: Index, low: Floats, high: Floats) -> Geometries:
    """Return the parts of some edges between two shares of their length, without what barriers take of them."""
    lines, part = streets.geometry[edge], np.flatnonzero((low > 0) | (high < 1))
    lines[part] = parts_of(lines[part], low[part], high[part])
    barred = edges.barred[np.searchsorted(edges.edge, edge)]
    near = np.flatnonzero(~shapely.is_missing(barred))
    lines[near] = shapely.difference(lines[near], barred[near])
    return lines


def with_strips(areas: Geometries, lines: Geometries) -> Geometries:
    """Return areas with strips along lines; a larger area with more lines holds a smaller one with fewer."""
    found = np.array(areas, dtype=object)
    strips, some = _leaving(found, lines)
    # Where an outline begins would go by the order of streets.
    found[some] = shapely.normalize(joined(found[some], strips))
    return found


def _leaving(areas: Geometries, lines: Geometries) -> tuple[Geometries, Index]:
    """Return the strips along lines that leave the areas, those of an area as one, and which areas they leave."""
    line, owner = shapely.get_parts(lines, return_index=True)
    strip = _strips(line)
    shapely.prepare(areas)
    leaves = ~(shapely.is_empty(strip) | shapely.contains_properly(areas[owner], strip))
    line, owner, strip = line[leaves], owner[leaves], strip[leaves]
    # Most meet no other; to draw those together that do takes longest.
    meeting = groups_of(len(strip), *_meetings(strip, owner))
    alone = np.bincount(meeting)[meeting] == 1
    together = np.flatnonzero(~alone)[np.argsort(meeting[~alone], kind="stable")]
    _, first, number = np.unique(meeting[together], return_index=True, return_inverse=True)
    drawn, which = polygons_of(_strips(shapely.multilinestrings(line[together], indices=number)))
    strip, owner = np.r_[strip[alone], drawn], np.r_[owner[alone], owner[together[first]][which]]
    order = np.argsort(owner, kind="stable")
    some, number = np.unique(owner[order], return_inverse=True)
    return np.asarray(shapely.multipolygons(strip[order], indices=number), dtype=object), some


def _meetings(strip: Geometries, owner: Index) -> Index:
    """Return the pairs of strips of one owner that meet, as two rows."""
    if not len(strip):
        return np.zeros((2, 0), dtype=np.intp)
    boxes = shapely.bounds(strip)
    # Owners lie side by side, farther from one another than they are wide.
    boxes[:, ::2] += (owner * (2 * np.ptp(boxes[:, ::2]) + 1))[:, None]
    tree = shapely.STRtree(shapely.box(*boxes.T))
    pairs = tree.query(tree.geometries)
    one, other = pairs[:, pairs[0] < pairs[1]]
    meet = shapely.intersects(strip[one], strip[other])
    return np.stack([one[meet], other[meet]])


def _strips(lines: Geometries) -> Geometries:
    """Return the strips along lines, of one straight line a rectangle."""
    found = np.empty(len(lines), dtype=object)
    straight = (shapely.get_num_coordinates(lines) == 2) & (shapely.length(lines) > HALF_M / 10)
    found[~straight] = shapely.buffer(lines[~straight], HALF_M, cap_style="flat", quad_segs=4)
    start, end = shapely.get_coordinates(lines[straight]).reshape(-1, 2, 2).swapaxes(0, 1)
    way = end - start
    aside = HALF_M * np.column_stack([-way[:, 1], way[:, 0]]) / np.hypot(*way.T)[:, None]
    found[straight] = shapely.polygons(np.stack([start - aside, end - aside, end + aside, start + aside], axis=1))
    return found


def _share(cost: Floats, whole: Floats) -> Floats:
    """Return the share of an edge that a cost pays for, at most 1; a closed edge gives 0, a free one 1."""
    share: Floats = np.ones(len(cost))
    np.divide(cost, whole, out=share, where=whole > 0)
    return np.clip(share, 0.0, 1.0)


def _merged(place: Index, edge: Index, low: Floats, high: Floats) -> tuple[Index, Index, Floats, Floats]:
    """Return parts of edges by place, those that overlap made one and those of no length left out."""
    kept = high > low
    place, edge, low, high = place[kept], edge[kept], low[kept], high[kept]
    order = np.lexsort((low, edge, place))
    place, edge, low, high = place[order], edge[order], low[order], high[order]
    pair = np.cumsum(np.r_[0, (np.diff(place) != 0) | (np.diff(edge) != 0)])[: len(place)]
    # Shares are at most 1: 2 a pair keeps the running maximum of one pair from the next.
    farthest = np.maximum.accumulate(high + 2.0 * pair) - 2.0 * pair
    start = np.r_[True, (np.diff(pair) != 0) | (low[1:] > farthest[:-1])][: len(place)]
    first = np.flatnonzero(start)
    last = np.r_[first[1:], len(place)][: len(first)] - 1
    return place[first], edge[first], low[first], farthest[last]


def _barred(lines: Geometries, walls: Walls | None) -> Geometries:
    """Return by line the land around it so near to a barrier that a strip could cross it, None where there is none."""
    found = np.full(len(lines), None, dtype=object)
    if walls is None:
        return found
    which, part = walls.tree.query(lines, predicate="dwithin", distance=HALF_M)
    near = shapely.bounds(lines[which]) + 2 * HALF_M * np.array([-1, -1, 1, 1])
    # Of a long barrier only what lies beside the line.
    pieces = shapely.intersection(walls.parts[part], shapely.box(*near.T))
    held, first = np.unique(which, return_inverse=True)
    for at, one in zip(held.tolist(), np.split(pieces, np.flatnonzero(np.diff(first)) + 1), strict=bool(len(held))):
        found[at] = shapely.union_all(shapely.buffer(one, DEEP_M))
    return found
