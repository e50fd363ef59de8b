"""Find layers that lie shifted as a whole against those they were drawn along.

Coordinates of web maps (GCJ-02, BD-09) or of an old datum (Beijing 54, Xian 80) under a CGCS2000 label lie 50 to 700 m
off, and nothing in the file tells. But control lines, parks and parcels follow one another's edges: where half of a
layer's corners meet the edges of others only after one and the same move, that move is the fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import fft, spatial, special

#: How far a layer may be shifted to be found.
LEAST_M, MOST_M = 50.0, 700.0
#: A corner this near to an edge lies on it.
ON_EDGE_M = 2.0
#: At least this share of the corners lie on edges after the move, and less than that before it.
AFTER, BEFORE = 0.5, 0.1
#: GCJ-02 is not one constant: a move is looked for in windows of this side.
WINDOW_M = 5_000.0
#: The windows with most corners that are looked at, and how many corners of each.
WINDOWS, CORNERS = 6, 400
#: With fewer corners than this a match may be chance; and chance may bring one about in so many tries.
FEWEST = 10
CHANCE = 1e-4
#: A move counts only if no other one brings nearly as many corners onto edges, as on a fishnet or along one road.
RIVAL = 0.7
APART_M = 12.0
#: Edges in one direction leave a layer free to slide along them: of the two directions of the edges that corners lie
#: on, the rarer has at least this share.
TWO_WAYS = 0.15
#: A vertex where an outline turns by less than this (in degrees) is no corner.
TURN = 5.0
#: Windows of a layer do not differ by more than this from one another.
SPREAD_M = 60.0

_PIXEL_M = 4.0
_CANDIDATES = 8
_NEAR_M = 12.0
#: Within which a corner is drawn to edges and corners, step by step.
_DRAWN_M = (12.0, 8.0, 4.0, 4.0)

Box = tuple[float, float, float, float]
Points = NDArray[np.float64]
Segments = NDArray[np.float64]  # a row each: x, y of both ends


@dataclass(frozen=True)
class Shift:
    """By how much a layer lies off, east and north, against others, and which share of its corners then fits."""

    east_m: float
    north_m: float
    share: float
    windows: int

    @property
    def distance_m(self) -> float:
        """Return how far the layer lies off."""
        return float(np.hypot(self.east_m, self.north_m))


def shifts(layers: Mapping[str, Any]) -> dict[str, Shift]:
    """Return the layers that lie shifted against the rest, each with its shift.

    Parameters
    ----------
    layers
        Polygons by the name of their layer, all in one metric CRS.

    Examples
    --------
    Two parts of one irregular net, one of them moved:

    >>> from shapely import affinity, box
    >>> wide = [0, 310, 480, 920, 1180, 1710, 1900, 2250, 2660, 2890, 3170]
    >>> cells = [box(x0, y0, x1, y1) for x0, x1 in zip(wide, wide[1:]) for y0, y1 in zip(wide, wide[1:])]
    >>> west, east = np.array(cells[:50], dtype=object), np.array(cells[50:], dtype=object)
    >>> moved = np.array([affinity.translate(one, 300, 150) for one in cells[20:80]], dtype=object)
    >>> shifts({"west": west, "east": east})
    {}
    >>> found = shifts({"net": np.concatenate([west, east]), "moved": moved})["moved"]
    >>> round(found.east_m), round(found.north_m)
    (300, 150)
    """
    edges = {name: _segments(shapes) for name, shapes in layers.items()}
    corners = {name: _corners(shapes) for name, shapes in layers.items()}
    found = {}
    for name, own in corners.items():
        others = [other for other in layers if other != name and len(edges[other])]
        if not others or len(own) < FEWEST:
            continue
        shift = _shift_of(
            own, np.vstack([edges[other] for other in others]), np.vstack([corners[other] for other in others])
        )
        if shift is not None:
            found[name] = shift
    return found


def _segments(shapes: Any) -> Segments:
    """Return the edges of polygons."""
    rings = shapely.get_rings(shapes[~shapely.is_missing(shapes)])
    points, ring = shapely.get_coordinates(rings, return_index=True)
    within = ring[1:] == ring[:-1]
    found: Segments = np.hstack([points[:-1], points[1:]])[within]
    return found


def _corners(shapes: Any) -> Points:
    """Return the places where outlines turn, each once."""
    rings = shapely.get_rings(shapes[~shapely.is_missing(shapes)])
    points, ring = shapely.get_coordinates(rings, return_index=True)
    if not len(points):
        return np.zeros((0, 2))
    step = np.diff(points, axis=0)
    step[ring[1:] != ring[:-1]] = np.nan
    heading = np.degrees(np.arctan2(step[:, 1], step[:, 0]))
    turn = np.abs((np.diff(heading) + 180) % 360 - 180)
    inner = np.flatnonzero(turn > TURN) + 1
    # A ring begins and ends at one point, which the steps above pass by.
    first = np.flatnonzero(np.append(True, ring[1:] != ring[:-1]))
    found: Points = np.unique(np.round(points[np.concatenate([inner, first])], 3), axis=0)
    return found


def _shift_of(corners: Points, edges: Segments, others: Points) -> Shift | None:
    """Return the move that at least half of the windows agree on, as the middle of theirs."""
    tried, moves = 0, []
    for some, window in _windows(corners):
        if _meet(some, others):
            tried += 1
            continue
        near = _touching(edges, window)
        if len(near) < 4:
            continue
        tree = _Edges(near, _inside(others, window))
        if np.mean(tree.distance(some) <= ON_EDGE_M) >= BEFORE:
            tried += 1
            continue
        if (move := _move_in(some, tree, window)) is not None:
            moves.append(move)
        tried += 1
    if not moves or 2 * len(moves) < tried:
        return None
    each = np.array([move[:2] for move in moves])
    middle = np.median(each, axis=0)
    agreed = np.hypot(*(each - middle).T) <= SPREAD_M
    if 2 * agreed.sum() < tried:
        return None
    share = float(np.mean([move[2] for move in moves]))
    # What brings the layer back is the opposite of how it was shifted.
    return Shift(-float(middle[0]), -float(middle[1]), share, int(agreed.sum()))


def _meet(corners: Points, others: Points) -> bool:
    """Say whether enough corners lie on corners of others as they are; that is told far sooner than by edges."""
    (west, south), (east, north) = corners.min(axis=0) - ON_EDGE_M, corners.max(axis=0) + ON_EDGE_M
    there = _inside(others, (west, south, east, north))
    if not len(there):
        return False
    distance, _ = spatial.KDTree(there).query(corners, distance_upper_bound=ON_EDGE_M)
    return bool(np.mean(np.isfinite(distance)) >= BEFORE)


def _windows(corners: Points) -> Iterator[tuple[Points, Box]]:
    """Yield the corners of the fullest windows, each with the box within which others may meet them."""
    if not len(corners):
        return
    # A layer of few corners is looked at in larger windows, rather than not at all.
    for side in (WINDOW_M, 2 * WINDOW_M, 4 * WINDOW_M):
        cell = np.floor((corners - corners.min(axis=0)) / side).astype(np.int64)
        _, group, size = np.unique(cell, axis=0, return_inverse=True, return_counts=True)
        if size.max() >= FEWEST:
            break
    group = group.reshape(-1)
    for one in np.argsort(-size, kind="stable")[:WINDOWS]:
        if size[one] < FEWEST:
            return
        some = corners[group == one]
        if len(some) > CORNERS:
            some = some[np.linspace(0, len(some) - 1, CORNERS).astype(int)]
        west, south = some.min(axis=0) - MOST_M - _NEAR_M
        east, north = some.max(axis=0) + MOST_M + _NEAR_M
        yield some, (float(west), float(south), float(east), float(north))


def _inside(points: Points, window: Box) -> Points:
    west, south, east, north = window
    x, y = points.T
    found: Points = points[(x >= west) & (x <= east) & (y >= south) & (y <= north)]
    return found


def _touching(edges: Segments, window: Box) -> Segments:
    west, south, east, north = window
    low, high = np.minimum(edges[:, :2], edges[:, 2:]), np.maximum(edges[:, :2], edges[:, 2:])
    found: Segments = edges[(high[:, 0] >= west) & (low[:, 0] <= east) & (high[:, 1] >= south) & (low[:, 1] <= north)]
    return found


class _Edges:
    """Edges and corners to which points are drawn."""

    def __init__(self, segments: Segments, corners: Points) -> None:
        self.segments = segments
        self.corners = corners
        self.nodes = spatial.KDTree(corners) if len(corners) else None
        self.tree = shapely.STRtree(shapely.linestrings(segments.reshape(-1, 2, 2)))
        along = segments[:, 2:] - segments[:, :2]
        self.across = np.column_stack([-along[:, 1], along[:, 0]]) / np.maximum(np.hypot(*along.T), 1e-9)[:, None]

    def distance(self, points: Points) -> NDArray[np.float64]:
        """Return how far points are from the nearest edge, infinity beyond `_NEAR_M`."""
        found = np.full(len(points), np.inf)
        at, _, step = self.towards(points)
        found[at] = np.hypot(*step.T)
        return found

    def towards(self, points: Points) -> tuple[NDArray[np.intp], NDArray[np.intp], Points]:
        """Return which points have an edge near, which edge is nearest, and the step to it."""
        at, edge = self.tree.query_nearest(shapely.points(points), max_distance=_NEAR_M, all_matches=False)
        a, b = self.segments[edge, :2], self.segments[edge, 2:]
        along = b - a
        square = np.maximum((along**2).sum(axis=1), 1e-12)
        part = np.clip(((points[at] - a) * along).sum(axis=1) / square, 0, 1)
        return at, edge, a + part[:, None] * along - points[at]

    def towards_corners(self, points: Points, within_m: float) -> tuple[NDArray[np.intp], Points]:
        """Return which points have a corner near, and the step to it."""
        if self.nodes is None:
            return np.zeros(0, dtype=np.intp), np.zeros((0, 2))
        distance, node = self.nodes.query(points, distance_upper_bound=within_m)
        at = np.flatnonzero(np.isfinite(distance))
        return at, self.corners[node[at]] - points[at]

    def two_ways(self, points: Points) -> bool:
        """Say whether the edges that points lie on hold them in two directions."""
        at, edge = self.tree.query(shapely.points(points), predicate="dwithin", distance=ON_EDGE_M)
        if not len(at):
            return False
        # Each point counts once, however many edges meet there.
        weight = 1 / np.bincount(at, minlength=len(points))[at]
        across = self.across[edge]
        spread = np.linalg.eigvalsh((across * weight[:, None]).T @ across)
        return bool(spread[0] >= TWO_WAYS * spread.sum())


def _move_in(corners: Points, edges: _Edges, window: Box) -> tuple[float, float, float] | None:
    """Return the one move (east, north) that brings half of some corners onto edges, and the share it brings."""
    refined = [_refined(corners, edges, move) for move in _candidates(corners, edges, window)]
    found = [one for one in refined if one is not None and LEAST_M <= np.hypot(one[0], one[1]) <= MOST_M]
    if not found:
        return None
    best = max(found, key=lambda one: one[2])
    rivals = [one for one in found if np.hypot(one[0] - best[0], one[1] - best[1]) > APART_M]
    if best[2] < AFTER or any(rival[2] >= RIVAL * best[2] for rival in rivals):
        return None
    west, south, east, north = window
    length = float(np.hypot(*(edges.segments[:, 2:] - edges.segments[:, :2]).T).sum())
    beside = min(2 * ON_EDGE_M * length / ((east - west) * (north - south)), 1.0)
    tries = np.pi * MOST_M**2 / ON_EDGE_M**2
    hits = round(best[2] * len(corners))
    return best if special.bdtrc(hits - 1, len(corners), beside) * tries < CHANCE else None


def _candidates(corners: Points, edges: _Edges, window: Box) -> list[Points]:
    """Return the moves that bring most corners near edges, and near corners, of others.

    They are found for all moves at once, by the correlation of two images.
    """
    west, south, east, north = window
    # One pixel more on each side, for lines are drawn three pixels wide.
    size = int((north - south) / _PIXEL_M) + 3, int((east - west) / _PIXEL_M) + 3
    image = _drawn(_along(edges.segments), window, size) + _drawn(edges.corners, window, size)
    spots = np.zeros(size, dtype=np.float32)
    np.add.at(spots, _pixels(corners, window), 1)
    padded = [fft.next_fast_len(n, real=True) for n in size]
    scores = fft.irfft2(fft.rfft2(image, padded) * np.conj(fft.rfft2(spots, padded)), padded)
    reach = int(MOST_M / _PIXEL_M)
    around = np.roll(scores, (reach, reach), axis=(0, 1))[: 2 * reach + 1, : 2 * reach + 1]
    moves = (np.indices(around.shape) - reach) * _PIXEL_M
    distance = np.hypot(*moves)
    around = np.where((distance < LEAST_M - _NEAR_M) | (distance > MOST_M + _PIXEL_M), -1, around)
    found = []
    apart = int(APART_M / _PIXEL_M) + 1
    for _ in range(_CANDIDATES):
        row, column = np.unravel_index(np.argmax(around), around.shape)
        found.append(np.array([moves[1, row, column], moves[0, row, column]]))
        around[max(row - apart, 0) : row + apart + 1, max(column - apart, 0) : column + apart + 1] = -1
    return found


def _along(edges: Segments) -> Points:
    """Return points along edges, no farther apart than a pixel."""
    length = np.hypot(*(edges[:, 2:] - edges[:, :2]).T)
    many = np.maximum(np.ceil(length / _PIXEL_M).astype(int), 1) + 1
    own = np.repeat(np.arange(len(edges)), many)
    part = (np.arange(len(own)) - np.repeat(np.cumsum(many) - many, many)) / np.repeat(many - 1, many)
    found: Points = edges[own, :2] + part[:, None] * (edges[own, 2:] - edges[own, :2])
    return found


def _pixels(points: Points, window: Box) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return row and column of points."""
    return (
        ((points[:, 1] - window[1]) / _PIXEL_M).astype(int) + 1,
        ((points[:, 0] - window[0]) / _PIXEL_M).astype(int) + 1,
    )


def _drawn(points: Points, window: Box, size: tuple[int, int]) -> NDArray[np.float32]:
    """Return an image of points, each three pixels wide."""
    image = np.zeros(size, dtype=np.float32)
    row, column = _pixels(_inside(points, window), window)
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            image[row + down, column + right] = 1
    return image


def _refined(corners: Points, edges: _Edges, move: Points) -> tuple[float, float, float] | None:
    """Return a move made exact, and the share of corners that lie on edges after it.

    Within a window the move may change evenly from place to place, as that of GCJ-02 does. None where the edges leave
    it open which move it is.
    """
    columns = np.column_stack([np.ones(len(corners)), (corners - corners.mean(axis=0)) / WINDOW_M])
    change = np.zeros((3, 2))
    change[0] = move
    for within_m in _DRAWN_M:
        moved = corners + columns @ change
        at, edge, step = edges.towards(moved)
        near = np.hypot(*step.T) <= within_m
        at, across, step = at[near], edges.across[edge[near]], step[near]
        if len(at) < FEWEST // 2:
            return None
        # An edge holds a corner across only; another corner holds it both ways.
        met, way = edges.towards_corners(moved, within_m)
        system = [np.hstack([across[:, :1] * columns[at], across[:, 1:] * columns[at]])]
        system += [np.hstack([columns[met], 0 * columns[met]]), np.hstack([0 * columns[met], columns[met]])]
        # A weak pull to no change keeps what the corners do not decide.
        system.append(np.diag([1e-3, 0.3, 0.3] * 2))
        wanted = np.concatenate([(across * step).sum(axis=1), way[:, 0], way[:, 1], np.zeros(6)])
        solved, *_ = np.linalg.lstsq(np.vstack(system), wanted, rcond=None)
        change += solved.reshape(2, 3).T
    moved = corners + columns @ change
    if not edges.two_ways(moved):
        return None
    return float(change[0, 0]), float(change[0, 1]), float(np.mean(edges.distance(moved) <= ON_EDGE_M))
