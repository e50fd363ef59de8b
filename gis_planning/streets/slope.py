"""Say what climbing costs walkers: Tobler's hiking function along every edge, going and coming."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import spsolve

from gis_planning.errors import CrsError
from gis_planning.geo import Flags, Floats, Index
from gis_planning.streets.noding import Noded

#: Heights are taken this far apart along a street: a cell of the grid, but no less and no more than these.
SHORTEST_STEP_M, LONGEST_STEP_M = 10.0, 15.0
#: Steeper is no street but a fault of the grid (a quay wall, a quarry, a wood): stairs are about 0.5.
STEEPEST = 0.5
#: Tobler: people walk 6 exp(-3.5 |slope + 0.05|) km/h, fastest gently downhill.
DECAY, FASTEST_AT = 3.5, -0.05
#: Edges sampled at once; bounds memory.
CHUNK = 50_000


class Elevation(Protocol):
    """Heights in metres: `band[row, column]`, NaN where there is no data; `transform` maps pixels to `crs`."""

    @property
    def band(self) -> NDArray[np.float64]:
        """The heights."""

    @property
    def transform(self) -> Any:
        """The six numbers a, b, c, d, e, f: x = a column + b row + c, y = d column + e row + f."""

    @property
    def crs(self) -> pyproj.CRS | None:
        """The CRS of x and y."""


@dataclass(frozen=True, eq=False)
class Slopes:
    """Slopes by edge.

    Attributes
    ----------
    forward, backward
        Metres of level walking that a metre along the edge costs, and a metre against it.
    climb_m
        Sum of all rises and falls along the edge, in metres.
    without_m
        Metres of the edge without a height, which count as level.
    """

    forward: Floats
    backward: Floats
    climb_m: Floats
    without_m: Floats


@dataclass(frozen=True, eq=False)
class _Grid:
    """Heights with the way from the streets' coordinates to pixels."""

    heights: Floats
    transform: tuple[float, ...]
    transformer: pyproj.Transformer

    def pixels(self, xy: Floats) -> tuple[Floats, Floats]:
        """Return column and row of points, as fractions; not finite where the grid's CRS has no place for a point."""
        a, b, c, d, e, f = self.transform
        x, y = self.transformer.transform(xy[:, 0], xy[:, 1])
        x, y = np.asarray(x) - c, np.asarray(y) - f
        det = a * e - b * d
        with np.errstate(invalid="ignore"):
            return (e * x - b * y) / det, (a * y - d * x) / det

    def at(self, xy: Floats) -> Floats:
        """Return the height of points, bilinear between the middles of cells; NaN where most of that has no data."""
        rows, columns = self.heights.shape
        column, row = self.pixels(xy)
        with np.errstate(invalid="ignore"):
            inside = (column >= 0) & (column <= columns) & (row >= 0) & (row <= rows)
        column, row = np.where(inside, column, 0.5), np.where(inside, row, 0.5)
        column, row = np.clip(column - 0.5, 0, columns - 1), np.clip(row - 0.5, 0, rows - 1)
        left, top = np.floor(column).astype(np.intp), np.floor(row).astype(np.intp)
        right, bottom = np.minimum(left + 1, columns - 1), np.minimum(top + 1, rows - 1)
        x, y = column - left, row - top
        total, weight = np.zeros(len(xy)), np.zeros(len(xy))
        for i, j, share in (
            (top, left, (1 - y) * (1 - x)),
            (top, right, (1 - y) * x),
            (bottom, left, y * (1 - x)),
            (bottom, right, y * x),
        ):
            height = self.heights[i, j]
            there = np.isfinite(height)
            total += np.where(there, height, 0.0) * share
            weight += there * share
        known = inside & (weight >= 0.5)
        return np.where(known, total / np.where(known, weight, 1.0), np.nan)


def tobler(slope: Floats) -> Floats:
    """Return how many metres of level walking a metre up a slope costs (a fall is negative).

    Examples
    --------
    >>> tobler(np.array([0.0, -0.05, 0.1])).round(3).tolist()
    [1.0, 0.839, 1.419]
    """
    return np.asarray(np.exp(DECAY * (np.abs(slope - FASTEST_AT) + FASTEST_AT)))


def slopes_of(noded: Noded, ground: Flags, elevation: Elevation, crs: pyproj.CRS) -> Slopes:
    """Measure the slopes along edges.

    Heights are taken at every vertex of an edge and between them every 10 to 15 m (a cell of the grid, within these),
    and are bilinear between the middles of cells, so that even on a short piece a slope is measured over a cell. Grids
    finer than 10 m are first averaged to about 10 m, since kerbs and parked cars are no slopes. A slope beyond 0.5
    counts as 0.5. A stretch with no height at one of its ends is level and counted in `without_m`; a height is there
    where at least half of what it is made of is. Lengths are plane lengths.

    Off the ground the grid knows nothing: an edge that is not on the ground rises evenly between its ends, and so does
    a chain of them, whose inner joints hang in the air.

    Parameters
    ----------
    noded
        The edges.
    ground
        By edge: whether it lies on the ground; bridges, tunnels and other levels do not.
    elevation
        Heights in metres.
    crs
        The CRS of the edges.

    Raises
    ------
    CrsError
        The elevation has no CRS.
    """
    grid = _grid(elevation, noded.xy, crs)
    length = np.maximum(shapely.length(noded.geometry), 1e-9)
    ends = _ends(grid, noded, ground, length)
    forward, backward, climb, without = (np.zeros(len(length)) for _ in range(4))
    step = float(np.clip(_cell_m(grid, noded.xy), SHORTEST_STEP_M, LONGEST_STEP_M))
    for first in range(0, len(length), CHUNK):
        edges = np.arange(first, min(first + CHUNK, len(length)))
        edge, rise, run = _stretches(grid, noded, ground, ends, edges, step)
        known = np.isfinite(rise)
        slope = np.clip(np.where(known, rise, 0.0) / run, -STEEPEST, STEEPEST)
        forward += np.bincount(edge, run * tobler(slope), len(length))
        backward += np.bincount(edge, run * tobler(-slope), len(length))
        climb += np.bincount(edge, run * np.abs(slope), len(length))
        without += np.bincount(edge, run * ~known, len(length))
    return Slopes(forward / length, backward / length, climb, without)


def ground_slopes(xy: Floats, elevation: Elevation, crs: pyproj.CRS) -> Floats:
    """Return how steep the ground is at points, rise over run along its steepest line; NaN where no height is known.

    It is measured over 10 to 15 m (a cell of the grid, within these), as along streets.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> plane = SimpleNamespace(band=np.arange(50.0).repeat(50).reshape(50, 50), transform=(10, 0, 0, 0, -10, 500),
    ...                         crs=pyproj.CRS(4526))
    >>> ground_slopes(np.array([[250.0, 250.0], [900.0, 0.0]]), plane, pyproj.CRS(4526)).round(3).tolist()
    [0.1, nan]
    """
    grid = _grid(elevation, xy, crs)
    half = float(np.clip(_cell_m(grid, xy), SHORTEST_STEP_M, LONGEST_STEP_M)) / 2
    east, north = np.array([half, 0.0]), np.array([0.0, half])
    return np.asarray(np.hypot(*((grid.at(xy + way) - grid.at(xy - way)) / (2 * half) for way in (east, north))))


def _stretches(
    grid: _Grid, noded: Noded, ground: Flags, ends: Floats, edges: Index, step: float
) -> tuple[Index, Floats, Floats]:
    """Return the stretches of some edges: whose they are, how far they rise along the edge, and how long they are."""
    points, owner = shapely.get_coordinates(noded.geometry[edges], return_index=True)
    start = np.flatnonzero((np.diff(owner) == 0) & (np.diff(points, axis=0) != 0).any(axis=1))
    way, edge = points[start + 1] - points[start], edges[owner[start]]
    length = np.hypot(*way.T)
    passed = np.cumsum(length) - length
    passed -= passed[np.searchsorted(edge, edge)]
    whole = np.bincount(edge, length, len(noded.geometry))
    count = np.maximum(np.ceil(length / step), 1).astype(np.intp)
    side = np.repeat(np.arange(len(start)), count + 1)
    part = (np.arange(len(side)) - np.repeat(np.cumsum(count + 1) - count - 1, count + 1)) / count[side]
    along = (passed[side] + part * length[side]) / whole[edge[side]]
    height = ends[edge[side], 0] + along * (ends[edge[side], 1] - ends[edge[side], 0])
    low = ground[edge[side]]
    height[low] = grid.at(points[start[side[low]]] + part[low, None] * way[side[low]])
    inner = np.flatnonzero(np.diff(side) == 0)
    return edge[side[inner]], height[inner + 1] - height[inner], (length / count)[side[inner]]


def _grid(elevation: Elevation, xy: Floats, crs: pyproj.CRS) -> _Grid:
    if elevation.crs is None:
        raise CrsError("streets.no_crs", layer="elevation")
    a, b, c, d, e, f, *_ = (float(one) for one in elevation.transform)
    transformer = pyproj.Transformer.from_crs(crs, elevation.crs, always_xy=True)
    grid = _Grid(np.asarray(elevation.band, dtype=np.float64), (a, b, c, d, e, f), transformer)
    # A little under 2 is still 2: a cell of 5 m measures 4.998 or 5.002 in another projection.
    merged = int(SHORTEST_STEP_M / _cell_m(grid, xy) + 0.05)
    if merged < 2:
        return grid
    return _Grid(averaged(grid.heights, merged), (a * merged, b * merged, c, d * merged, e * merged, f), transformer)


def _cell_m(grid: _Grid, xy: Floats) -> float:
    """Return how wide a cell of the grid is on the ground: what a kilometre square amid the streets holds tells."""
    x, y = (xy.min(axis=0) + xy.max(axis=0)) / 2
    column, row = grid.pixels(np.array([[x, y], [x + 1000.0, y], [x, y + 1000.0]]))
    held = abs((column[1] - column[0]) * (row[2] - row[0]) - (column[2] - column[0]) * (row[1] - row[0]))
    return float(1000.0 / np.sqrt(held)) if np.isfinite(held) and held > 0 else LONGEST_STEP_M


def averaged(heights: Floats, size: int) -> Floats:
    """Return the means of blocks of `size` by `size` cells; none where less than half of a block has data."""
    rows, columns = (-(-length // size) for length in heights.shape)
    whole = np.full((rows * size, columns * size), np.nan)
    whole[: heights.shape[0], : heights.shape[1]] = heights
    blocks = whole.reshape(rows, size, columns, size)
    there = np.isfinite(blocks)
    count = there.sum(axis=(1, 3))
    total = np.where(there, blocks, 0.0).sum(axis=(1, 3))
    return np.where(2 * count >= size**2, total / np.maximum(count, 1), np.nan)


def _ends(grid: _Grid, noded: Noded, ground: Flags, length: Floats) -> Floats:
    """Return by edge the heights of its two ends; joints in the air hang between the nearest ones on the ground."""
    height = grid.at(noded.xy)
    size = len(noded.xy)
    off = ~ground & (noded.u != noded.v)
    u, v, pull = noded.u[off], noded.v[off], 1 / length[off]
    grounded = np.bincount(np.r_[noded.u[ground], noded.v[ground]], minlength=size) > 0
    # A bridge that simply ends comes down there; where several go on, they meet in the air.
    hanging = ~grounded & (np.bincount(np.r_[u, v], minlength=size) > 1)
    # Joints that hang on nothing keep the height of the ground, for want of a better one.
    both = hanging[u] & hanging[v]
    links = coo_array((np.ones(int(both.sum()), dtype=np.int8), (u[both], v[both])), shape=(size, size))
    group = connected_components(links, directed=False)[1]
    held = np.zeros(size, dtype=bool)
    held[group[u[hanging[u] & ~hanging[v] & np.isfinite(height[v])]]] = True
    held[group[v[hanging[v] & ~hanging[u] & np.isfinite(height[u])]]] = True
    hanging &= held[group]
    nodes = np.flatnonzero(hanging)
    if len(nodes):
        height[nodes] = _hung(height, hanging, np.r_[u, v], np.r_[v, u], np.r_[pull, pull])
    return np.column_stack([height[noded.u], height[noded.v]])


def _hung(height: Floats, hanging: Flags, one: Index, other: Index, pull: Floats) -> Floats:
    """Return the heights of the hanging nodes: each the mean of its neighbours, the nearer the heavier."""
    nodes = np.flatnonzero(hanging)
    number = np.cumsum(hanging) - 1
    use = hanging[one] & (hanging[other] | np.isfinite(height[other]))
    one, other, pull = number[one[use]], other[use], pull[use]
    inner = hanging[other]
    total = np.bincount(one, pull, len(nodes))
    known = np.bincount(one[~inner], pull[~inner] * height[other[~inner]], len(nodes))
    diagonal = np.arange(len(nodes))
    values = np.r_[total, -pull[inner]]
    rows, columns = np.r_[diagonal, one[inner]], np.r_[diagonal, number[other[inner]]]
    return np.asarray(spsolve(coo_array((values, (rows, columns)), shape=(len(nodes),) * 2).tocsc(), known))
