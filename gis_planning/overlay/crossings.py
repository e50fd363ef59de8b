"""Cut polygons whose corners are whole numbers, many at once: outlines are followed from crossing to crossing.

Which edges cross is decided in whole numbers, without rounding. A pair that is not plain - outlines that touch, run
along each other or do not cross at all, holes in the left polygon, islands in it - is left to others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis_planning.geo import Floats, Index

Geometries = Any  # a numpy object array of shapely geometries; numpy cannot say so
Mask = NDArray[np.bool_]

#: Coordinates from a pair's own corner below this can be subtracted and multiplied in 64 bits.
LARGEST = 2.0**29
#: Two crossings nearer than this share of an edge might have changed places by rounding.
NEAREST = 1e-9
#: So many pairs of edges are looked at together, which bounds the memory.
MOST_FOUND = 5_000_000


@dataclass(frozen=True)
class _Rings:
    """Rings, shells to the left and holes to the right: ring r has corners from `start[r]`, after `size[r]` the first.

    `box` holds west, south, east, north of each; `owner` says whose it is.
    """

    x: Floats
    y: Floats
    start: Index
    size: Index
    owner: Index
    box: Floats


@dataclass(frozen=True)
class _Crossings:
    """Where outlines of pairs cross, and whether the right one enters the left there.

    Of the two values of the rest, the first is of the left ring and the second of the right: the number of the round,
    the ring, the edge by its first corner, and how far along the edge.
    """

    pair: Index
    enters: Mask
    at: Floats
    round: tuple[Index, Index]
    ring: tuple[Index, Index]
    edge: tuple[Index, Index]
    along: tuple[Floats, Floats]

    def of(self, keep: Mask) -> _Crossings:
        """Return some of them."""
        floats = (self.along[0][keep], self.along[1][keep])
        rounds, rings, edges = ((one[keep], other[keep]) for one, other in (self.round, self.ring, self.edge))
        return _Crossings(self.pair[keep], self.enters[keep], self.at[keep], rounds, rings, edges, floats)


@dataclass(frozen=True)
class _Rounds:
    """Closed rings: their corners, which ring each corner is of, whose each ring is, and its area."""

    at: Floats
    ring: Index
    pair: Index
    area: Floats


@dataclass(frozen=True)
class Traced:
    """What pairs share and what is left of their left polygon, where `plain`; elsewhere nothing is said.

    `rest_area` is taken from the corners of the rest, whose polygons are made only where asked for.
    """

    shared: Geometries
    rest: Geometries
    rest_area: Floats
    plain: Mask


def traced(left: Geometries, right: Geometries, which: Index, piece: Index, *, both: bool) -> Traced:
    """Cut left polygons with right ones, pair by pair.

    Where a right polygon touches itself in a point, so may a ring that comes out: callers have to look at validity.

    Parameters
    ----------
    left, right
        Valid polygons whose coordinates are whole numbers.
    which, piece
        The pairs: positions of a left and of a right polygon.
    both
        Make the polygons of the rest too.
    """
    lefts, first = np.unique(which, return_inverse=True)
    rights, second = np.unique(piece, return_inverse=True)
    one, other = _rings(left[lefts]), _rings(right[rights])
    plain = (np.bincount(one.owner, minlength=len(lefts)) == 1)[first]
    found = _crossings(one, other, np.searchsorted(one.owner, first), second, plain)
    after, behind = (_next(found, side, plain) for side in (0, 1))
    shared, rest = np.full(len(which), None, dtype=object), np.full(len(which), None, dtype=object)
    rest_area = np.zeros(len(which))
    keep = plain[found.pair]
    if not keep.any():
        return Traced(shared, rest, rest_area, np.zeros(len(which), dtype=bool))
    number = np.cumsum(keep) - 1
    after, behind, found = number[after[keep]], number[behind[keep]], found.of(keep)
    before = np.empty_like(behind)
    before[behind] = np.arange(len(behind))
    inner = _followed(found, one, other, np.where(found.enters, behind, after), forward=True)
    outer = _followed(found, one, other, np.where(found.enters, after, before), forward=False)
    for rounds in (inner, outer):
        # A plain pair leaves no holes.
        plain[rounds.pair[rounds.area <= 0]] = False
    _give(shared, inner)
    if both:
        _give(rest, outer)
    rest_area += np.bincount(outer.pair, weights=outer.area, minlength=len(which))
    return Traced(shared, rest, rest_area, plain)


def _rings(polygons: Geometries) -> _Rings:
    parts, owner = shapely.get_parts(polygons, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    points = shapely.get_coordinates(rings)
    corners = shapely.get_num_coordinates(rings).astype(np.intp)
    start = np.cumsum(corners) - corners
    shell = np.r_[True, part[1:] != part[:-1]][: len(part)]
    turned = shapely.is_ccw(rings) != shell
    if turned.any():
        place = np.arange(len(points))
        back = np.repeat(turned, corners)
        place[back] = np.repeat(2 * start + corners - 1, corners)[back] - place[back]
        points = points[place]
    x, y = points.T.copy()
    return _Rings(x, y, start, corners - 1, owner[part], shapely.bounds(rings))


def _crossings(one: _Rings, other: _Rings, ring: Index, owner: Index, plain: Mask) -> _Crossings:
    """Find the crossings of pairs of a ring and an owner of rings; pairs that are not plain are marked."""
    first, last = np.searchsorted(other.owner, owner, "left"), np.searchsorted(other.owner, owner, "right")
    pairs = np.flatnonzero(plain)
    pair, theirs = _ranges(pairs, first[pairs], last[pairs] - first[pairs])
    box, around = one.box[ring[pair]], other.box[theirs]
    near = (around[:, :2] <= box[:, 2:]).all(axis=1) & (around[:, 2:] >= box[:, :2]).all(axis=1)
    pair, theirs, box, around = pair[near], theirs[near], box[near], around[near]
    within = (around[:, :2] >= box[:, :2]).all(axis=1) & (around[:, 2:] <= box[:, 2:]).all(axis=1)
    turn, edge = _edges_in(other, theirs, box)
    far = np.zeros(len(turn), dtype=bool)
    for corner in (edge, edge + 1):
        far |= abs(other.x[corner] - box[turn, 0]) > LARGEST
        far |= abs(other.y[corner] - box[turn, 1]) > LARGEST
    plain[pair[turn[far]]] = False
    plain[(one.box[ring, 2:] - one.box[ring, :2] > LARGEST).any(axis=1)] = False
    mine, at = _candidates(one, other, ring, pair[turn], edge, plain)
    keep, enters, places, along = _decided(one, other, mine, edge[at], pair[turn[at]], plain)
    turn, edge, mine = turn[at[keep]], edge[at[keep]], mine[keep]
    crossed = np.zeros(len(pair), dtype=bool)
    crossed[turn] = True
    plain[pair[within & ~crossed]] = False
    plain &= np.bincount(pair[turn], minlength=len(plain)) > 0
    own = pair[turn]
    return _Crossings(own, enters, places, (own, turn), (ring[own], theirs[turn]), (mine, edge), along)


def _edges_in(rings: _Rings, ring: Index, box: Floats) -> tuple[Index, Index]:
    """Return the edges of rings whose boxes meet the box of each, and which of the rings and boxes it was."""
    turn, edge = _ranges(np.arange(len(ring)), rings.start[ring], rings.size[ring])
    for axis, at in enumerate((rings.x, rings.y)):
        low, high = np.minimum(at[:-1], at[1:]), np.maximum(at[:-1], at[1:])
        least, most = box[:, axis].copy(), box[:, axis + 2].copy()
        meets = np.flatnonzero((low[edge] <= most[turn]) & (high[edge] >= least[turn]))
        turn, edge = turn[meets], edge[meets]
    return turn, edge


def _candidates(one: _Rings, other: _Rings, ring: Index, pair: Index, edge: Index, plain: Mask) -> tuple[Index, Index]:
    """Return edges of left rings and positions in `edge` whose boxes meet; edges of a pair are swept from the west.

    Where long edges make the sweep find too many, the pairs with most of them are marked as not plain.
    """
    if not len(pair):
        return pair, pair
    own, mine = _ranges(np.unique(pair), *(values[ring[np.unique(pair)]] for values in (one.start, one.size)))
    west = one.box[ring, 0]
    span = (one.box[ring, 2] - west).max() + 1
    start = np.maximum(np.minimum(other.x[edge], other.x[edge + 1]) - west[pair], 0)
    width = np.zeros(len(ring))
    np.maximum.at(width, pair, np.maximum(other.x[edge], other.x[edge + 1]) - west[pair] - start)
    key = pair * span + start
    order = np.argsort(key)
    key = key[order]
    low = np.minimum(one.x[mine], one.x[mine + 1]) - west[own]
    high = np.maximum(one.x[mine], one.x[mine + 1]) - west[own]
    begin = np.searchsorted(key, own * span + np.maximum(low - width[own], 0), "left")
    end = np.searchsorted(key, own * span + high, "right")
    found = np.bincount(own, weights=end - begin, minlength=len(plain))
    least = np.argsort(found, kind="stable")
    plain[least[np.cumsum(found[least]) > MOST_FOUND]] = False
    mine, place = _ranges(mine, begin, np.where(plain[own], end - begin, 0))
    place = order[place]
    theirs = edge[place]
    for mine_at, their_at in ((one.y, other.y), (one.x, other.x)):
        a, b, c, d = mine_at[mine], mine_at[mine + 1], their_at[theirs], their_at[theirs + 1]
        meets = (np.minimum(a, b) <= np.maximum(c, d)) & (np.maximum(a, b) >= np.minimum(c, d))
        mine, place, theirs = mine[meets], place[meets], theirs[meets]
    return mine, place


def _decided(
    one: _Rings, other: _Rings, mine: Index, theirs: Index, pair: Index, plain: Mask
) -> tuple[Index, Mask, Floats, tuple[Floats, Floats]]:
    """Say which pairs of edges cross, whether the right one enters, where, and how far along both; exactly.

    Pairs with edges that only touch are marked as not plain.
    """
    keep = np.flatnonzero(plain[pair])
    mine, theirs = mine[keep], theirs[keep]
    x, y = one.x[mine], one.y[mine]
    mx, my = (one.x[mine + 1] - x).astype(np.int64), (one.y[mine + 1] - y).astype(np.int64)
    bx, by = (other.x[theirs] - x).astype(np.int64), (other.y[theirs] - y).astype(np.int64)
    tx, ty = (other.x[theirs + 1] - x).astype(np.int64), (other.y[theirs + 1] - y).astype(np.int64)
    begin, end = mx * by - my * bx, mx * ty - my * tx
    apart = bx * ty - by * tx
    # The left edge's ends, seen from the right edge: twice the areas of triangles that add up.
    first, last = apart, apart - end + begin
    across = (np.sign(begin) * np.sign(end) <= 0) & (np.sign(first) * np.sign(last) <= 0)
    crosses = across & (begin != 0) & (end != 0) & (first != 0) & (last != 0)
    plain[pair[keep[across & ~crosses]]] = False
    at = np.flatnonzero(crosses)
    share = first[at] / (first[at].astype(float) - last[at])
    other_share = begin[at] / (begin[at].astype(float) - end[at])
    places = np.column_stack([x[at] + share * mx[at], y[at] + share * my[at]])
    return keep[at], end[at] > 0, places, (share, other_share)


def _next(found: _Crossings, side: int, plain: Mask) -> Index:
    """Return for each crossing the one after it around its ring.

    Pairs where entering and leaving do not take turns, or crossings are too close to be put in order, are marked.
    """
    turn, edge, along = found.round[side], found.edge[side], found.along[side]
    order = np.lexsort((along, edge, turn))
    same = turn[order][1:] == turn[order][:-1]
    close = same & (edge[order][1:] == edge[order][:-1]) & (np.diff(along[order]) < NEAREST)
    begin = np.flatnonzero(np.r_[True, ~same])[: len(order)]
    following = np.arange(1, len(order) + 1)
    following[np.r_[begin[1:], len(order)][: len(begin)] - 1] = begin
    after = np.empty(len(order), dtype=np.intp)
    after[order] = order[following]
    plain[found.pair[order[1:][close]]] = False
    plain[found.pair[found.enters == found.enters[after]]] = False
    return after


def _followed(found: _Crossings, one: _Rings, other: _Rings, follows: Index, *, forward: bool) -> _Rounds:
    """Return the rounds in which crossings follow one another."""
    ring, order = _in_order(follows)
    corner, size = _legs(found, one, other, order, follows[order], forward=forward)
    ends = np.r_[np.diff(ring) != 0, True]
    points = 1 + size + ends
    place = np.cumsum(points) - points
    at = np.empty((points.sum(), 2))
    between = np.ones(len(at), dtype=bool)
    between[place] = False
    at[place] = found.at[order]
    close = (place + points - 1)[ends]
    between[close] = False
    at[close] = at[place[np.r_[True, ends[:-1]]]]
    x, y = np.concatenate([one.x, other.x]), np.concatenate([one.y, other.y])
    at[between] = np.column_stack([x[corner], y[corner]])
    return _Rounds(at, np.repeat(ring, points), found.pair[order[ends]], _areas(at, ring, points))


def _areas(at: Floats, ring: Index, points: Index) -> Floats:
    """Return the areas of rings, positive where they turn left; `points` are counted leg by leg."""
    begin = np.flatnonzero(np.r_[True, np.diff(ring) != 0])
    count = np.add.reduceat(points, begin)
    place = np.cumsum(count) - count
    x, y = (at - np.repeat(at[place], count, axis=0)).T
    # Rings start at their own corner 0, so what leads from one to the next adds nothing.
    twice = np.r_[x[:-1] * y[1:] - x[1:] * y[:-1], 0.0]
    return np.asarray(np.add.reduceat(twice, place) / 2, dtype=float)


def _in_order(follows: Index) -> tuple[Index, Index]:
    """Return round by round the number of the round and its crossings as they follow one another."""
    size = len(follows)
    links = coo_array((np.ones(size, dtype=np.int8), (np.arange(size), follows)), shape=(size, size))
    label = connected_components(links, directed=False)[1]
    _, first = np.unique(label, return_index=True)
    step, count, now = np.zeros(size, dtype=np.intp), 0, first
    while len(now):
        step[now] = count
        count += 1
        moved = follows[now]
        going = moved != first
        now, first = moved[going], first[going]
    order = np.lexsort((step, label))
    return label[order].astype(np.intp), order


def _legs(
    found: _Crossings, one: _Rings, other: _Rings, here: Index, there: Index, *, forward: bool
) -> tuple[Index, Index]:
    """Return the corners between crossings, and how many each leg has.

    Left rings are followed as they run; right ones too, or `forward` being false against it.
    """
    right = found.enters[here] == forward
    edge, goal = (np.where(right, found.edge[1][at], found.edge[0][at]) for at in (here, there))
    along, goal_along = (np.where(right, found.along[1][at], found.along[0][at]) for at in (here, there))
    rings = (found.ring[0][here], found.ring[1][here])
    start = np.where(right, other.start[rings[1]], one.start[rings[0]])
    size = np.where(right, other.size[rings[1]], one.size[rings[0]])
    way = np.where(right & (not forward), -1, 1)
    count = (way * (goal - edge)) % size
    # Back on the edge it left, but behind: once around.
    count[(count == 0) & (way * (goal_along - along) <= 0)] = size[(count == 0) & (way * (goal_along - along) <= 0)]
    first = edge - start + (way > 0)
    leg = np.repeat(np.arange(len(here)), count)
    step = np.arange(len(leg)) - np.repeat(np.cumsum(count) - count, count)
    corner = start[leg] + (first[leg] + way[leg] * step) % size[leg]
    return corner + np.where(right, len(one.x), 0)[leg], count


def _give(sides: Geometries, rounds: _Rounds) -> None:
    """Put polygons where their pairs are, several of one pair as one geometry."""
    polygons, pair = shapely.polygons(shapely.linearrings(rounds.at, indices=rounds.ring)), rounds.pair
    order = np.argsort(pair, kind="stable")
    owner, count = np.unique(pair, return_counts=True)
    several = np.repeat(count > 1, count)
    sides[pair[order[~several]]] = polygons[order[~several]]
    if several.any():
        number = np.repeat(np.arange((count > 1).sum()), count[count > 1])
        sides[owner[count > 1]] = shapely.multipolygons(polygons[order[several]], indices=number)


def _ranges(of: Index, start: Index, count: Index) -> tuple[Index, Index]:
    """Return the numbers from each start on, as many as counted, and whose they are."""
    place = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count - start, count)
    return np.repeat(of, count), place
