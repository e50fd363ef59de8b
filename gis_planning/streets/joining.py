"""Join land and strips that stick out of it, many at once.

Where outlines cross clearly, the outline of the union is walked: at each crossing from the outline that goes in to the
one that comes out. Where that is not clear, as where one touches the other, GEOS unites them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gis_planning.geo import Flags, Floats, Geometries, Index
from gis_planning.overlay import polygons_of
from gis_planning.streets.contours import cycles

#: Segments cross clearly where the ends of each lie farther than this from the other's line; so do crossings lie apart.
CLEAR_M = 1e-6


@dataclass(frozen=True, eq=False)
class _Outlines:
    """The rings of areas, the inside on their left.

    Attributes
    ----------
    xy
        A row of x and one of y, by vertex; the first of a ring is not repeated.
    ring, after
        By vertex: its ring, and the vertex that follows there.
    first, size, owner
        By ring: its first vertex, how many it has, and the area it is of.
    """

    xy: Floats
    ring: Index
    after: Index
    first: Index
    size: Index
    owner: Index

    @classmethod
    def of(cls, areas: Geometries, origin: Floats) -> _Outlines:
        """Return the rings of polygons and multipolygons, seen from an origin."""
        parts, owner = shapely.get_parts(shapely.orient_polygons(areas), return_index=True)
        _, xy, (ends, whole) = shapely.to_ragged_array(parts)
        size = np.diff(ends) - 1
        first = np.cumsum(size) - size
        after = np.arange(size.sum()) + 1
        after[first + size - 1] = first
        ring = np.repeat(np.arange(len(size)), size)
        inner = np.ones(len(xy), dtype=bool)
        inner[ends[1:] - 1] = False
        xy = np.ascontiguousarray((xy[inner] - origin).T)
        return cls(xy, ring, after, first, size, owner[_turns(np.diff(whole))[0]])

    def runs(self, vertex: Index, share: Floats) -> tuple[Index, Index, Floats]:
        """Return for each of some stops on rings the next, how many vertices lie between, and the way if none does.

        A stop lies on the segment that begins at a vertex, at a share of its length.
        """
        order = np.lexsort((share, vertex))
        stop, along, ring = vertex[order], share[order], self.ring[vertex[order]]
        start = np.flatnonzero(np.r_[True, np.diff(ring) != 0][: len(ring)])
        last = np.r_[start[1:], len(ring)][: len(start)] - 1
        after = np.arange(len(ring)) + 1
        after[last] = start
        between = stop[after] - stop
        between[last] += self.size[ring[last]]
        length = np.hypot(*(self.xy[:, self.after[stop]] - self.xy[:, stop]))
        way = np.where(between > 0, np.inf, (along[after] - along) * length)
        back = np.argsort(order)
        return order[after[back]], between[back], way[back]

    def vertices(self, begin: Index, count: Index) -> Index:
        """Return runs of vertices, each so many from one on, round its ring."""
        run, step = _turns(count)
        ring = self.ring[begin[run]]
        found: Index = self.first[ring] + (begin[run] - self.first[ring] + step) % self.size[ring]
        return found


def joined(land: Geometries, strips: Geometries) -> Geometries:
    """Return the union of each land with the strips of the same place in the list, as a valid MultiPolygon.

    Parameters
    ----------
    land, strips
        Valid polygons and multipolygons, equally many, whose outlines do not touch themselves; none of the strips is
        empty.
    """
    if not len(land):
        return np.zeros(0, dtype=object)
    origin = np.floor(shapely.bounds(strips)[:, :2].min(axis=0))
    outlines = _Outlines.of(np.r_[land, strips], origin)
    one, other, doubtful = _meetings(outlines, len(land))
    ab, cd = (outlines.xy[:, outlines.after[at]] - outlines.xy[:, at] for at in (one, other))
    gap, turn = outlines.xy[:, other] - outlines.xy[:, one], _cross(ab, cd)
    along, across = _cross(gap, cd) / turn, _cross(gap, ab) / turn
    # Where a strip turns to the left of the land's outline it goes in, and the land's outline comes out of the strip.
    out = np.r_[turn > 0, turn < 0]
    stops = np.r_[one, other]
    after, between, way = outlines.runs(stops, np.r_[along, across])
    area = outlines.owner[outlines.ring[stops]] % len(land)
    # Coming out and going in take turns on every outline.
    doubtful[area[(out == out[after]) | (way < CLEAR_M)]] = True
    coming = np.where(turn > 0, np.arange(len(one)), np.arange(len(one)) + len(one))
    crossing = np.flatnonzero(~doubtful[area[: len(one)]])
    number = np.zeros(len(one), dtype=np.intp)
    number[crossing] = np.arange(len(crossing))
    cycle, turns = cycles(number[after[coming[crossing]] % max(len(one), 1)])
    order = np.lexsort((turns, cycle))
    crossing, cycle = crossing[order], cycle[order]
    came = coming[crossing]
    # Of what no outline crosses counts what lies apart.
    alone = ~doubtful[outlines.owner % len(land)]
    alone[outlines.ring[stops]] = False
    ring = np.flatnonzero(alone)
    others = np.r_[strips, land][outlines.owner[ring]]
    ring = ring[~shapely.contains_xy(others, outlines.xy[:, outlines.first[ring]].T + origin)]
    run, step = _turns(between[came] + 1)
    walked = np.full(len(run), -1, dtype=np.intp)
    walked[step > 0] = outlines.vertices(outlines.after[stops[came]], between[came])
    place = outlines.xy[:, one] + along * ab
    points = np.where(step == 0, place[:, crossing[run]], outlines.xy[:, walked])
    begin = np.flatnonzero(np.r_[True, np.diff(cycle) != 0][: len(cycle)])
    rest = outlines.xy[:, outlines.vertices(outlines.first[ring], outlines.size[ring])]
    size = np.r_[np.add.reduceat(between[came] + 1, begin) if len(begin) else begin, outlines.size[ring]]
    owner = np.r_[area[crossing[begin]], outlines.owner[ring] % len(land)]
    found = _assembled(np.hstack([points, rest]), size, owner, len(land), origin)
    left = np.flatnonzero(shapely.is_missing(found))
    for at, united in zip(left.tolist(), shapely.union(land[left], strips[left]), strict=True):
        # The union of land and a strip may leave beside it a line as long as rounding.
        found[at] = shapely.multipolygons(polygons_of(united)[0])
    return found


def _meetings(outlines: _Outlines, count: int) -> tuple[Index, Index, Flags]:
    """Return the segments of lands and of strips that cross, and by area whether that is in doubt for some."""
    start, end = outlines.xy, outlines.xy[:, outlines.after]
    owner = outlines.owner[outlines.ring]
    low, high = np.minimum(start, end) - CLEAR_M, np.maximum(start, end) + CLEAR_M
    land = int(np.searchsorted(owner, count))
    side = 2 * float(np.hypot(*(end - start)).mean())
    corner = np.floor(low.min(axis=1, keepdims=True) / side)
    # Not below zero, where to cut off is to round down.
    first, last = ((at / side - corner).astype(np.intp) for at in (low, high))
    width, height = last.max(axis=1) + 1
    # Squares of the plane, by area; each segment is in all that its box meets.
    columns, rows = last - first + 1
    segment, step = _turns(columns * rows)
    up, along = np.divmod(step, columns[segment])
    column, row = first[0, segment] + along, first[1, segment] + up
    square = ((owner[segment] % count) * height + row) * width + column
    ours = int(np.searchsorted(segment, land))
    # Most squares are of one of the two alone.
    with_strip = np.zeros(count * height * width, dtype=bool)
    with_strip[square[ours:]] = True
    here = np.flatnonzero(with_strip[square[:ours]])
    here = here[np.argsort(square[here], kind="stable")]
    begin = np.searchsorted(square[here], square[ours:])
    theirs, step = _turns(np.searchsorted(square[here], square[ours:], side="right") - begin)
    here = here[begin[theirs] + step]
    one, other = segment[here], segment[ours + theirs]
    # Each pair once: in the first square that both are in.
    kept = np.ones(len(one), dtype=bool)
    for axis, at in enumerate((column, row)):
        kept &= at[here] == np.maximum(first[axis, one], first[axis, other])
        kept &= (low[axis, one] <= high[axis, other]) & (low[axis, other] <= high[axis, one])
    one, other = one[kept], other[kept]
    outline, strip = (start[:, one], end[:, one]), (start[:, other], end[:, other])
    sides = np.stack([*_sides(*outline, *strip), *_sides(*strip, *outline)])
    far, left = np.abs(sides) > CLEAR_M, sides > 0
    apart = (far[0] & far[1] & (left[0] == left[1])) | (far[2] & far[3] & (left[2] == left[3]))
    cross = far.all(axis=0) & ~apart
    doubtful: Flags = np.zeros(count, dtype=bool)
    doubtful[owner[one[~apart & ~cross]]] = True
    return one[cross], other[cross], doubtful


def _sides(start: Floats, end: Floats, *points: Floats) -> list[Floats]:
    """Return how far points lie to the left of lines."""
    way = end - start
    length = np.hypot(*way)
    return [_cross(way, point - start) / length for point in points]


def _cross(one: Floats, other: Floats) -> Floats:
    product: Floats = one[0] * other[1] - one[1] * other[0]
    return product


def _turns(count: Index) -> tuple[Index, Index]:
    """Return 0, 0, ..., 1, 1, ..., each as often as counted, and how many of the same came before."""
    which = np.repeat(np.arange(len(count)), count)
    return which, np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)


def _assembled(xy: Floats, size: Index, owner: Index, count: int, origin: Floats) -> Geometries:
    """Return the areas that rings bound, None for those without any and where several could have a hole."""
    first = np.cumsum(size) - size
    after = np.arange(xy.shape[1]) + 1
    after[first + size - 1] = first
    hole = np.add.reduceat(_cross(xy, xy[:, after]), first) < 0 if len(first) else np.zeros(0, dtype=bool)
    shells, holes = (np.bincount(owner[some], minlength=count) for some in (~hole, hole))
    whole = (shells == 1) | ((shells > 1) & (holes == 0))
    order = np.lexsort((hole, owner))
    order = order[whole[owner[order]]]
    found = np.full(count, None, dtype=object)
    if len(order):
        ring, step = _turns(size[order] + 1)
        closed = np.ascontiguousarray(xy[:, first[order][ring] + step % size[order][ring]].T) + origin
        polygons = np.r_[np.flatnonzero(~hole[order]), len(order)]
        parts = np.r_[0, np.cumsum(shells[whole])]
        offsets = np.r_[0, np.cumsum(size[order] + 1)], polygons, parts
        found[whole] = shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, closed, offsets)
    return found
