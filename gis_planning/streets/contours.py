"""Draw the area where a grid of values is not positive, by marching squares, stopping at barriers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis_planning.geo import Floats, Geometries, Index

#: A contour keeps this share of a cell away from the points of the grid, so that it never touches itself there.
APART = 1e-4
#: A barrier as near as this (a share of a cell) to a point of the grid passes through it.
THROUGH = 1e-6

# By the corners inside (1 lower left, 2 lower right, 4 upper right, 8 upper left): the sides (0 below, 1 right, 2
# above, 3 left) from which and to which the contour runs, the inside on its left. 5 and 10 have two corners inside
# that are no neighbours, kept apart; in 16 and 17 they are joined through the middle.
_NONE = (-1, -1)
_TURNS: NDArray[np.intp] = np.array(
    [
        (_NONE, _NONE),
        ((0, 3), _NONE),
        ((1, 0), _NONE),
        ((1, 3), _NONE),
        ((2, 1), _NONE),
        ((0, 3), (2, 1)),
        ((2, 0), _NONE),
        ((2, 3), _NONE),
        ((3, 2), _NONE),
        ((0, 2), _NONE),
        ((1, 0), (3, 2)),
        ((1, 2), _NONE),
        ((3, 1), _NONE),
        ((0, 1), _NONE),
        ((3, 0), _NONE),
        (_NONE, _NONE),
        ((0, 1), (2, 3)),
        ((3, 0), (1, 2)),
    ],
    dtype=np.intp,
)


@dataclass(frozen=True, eq=False)
class Bars:
    """Where barriers cross the lines between neighbouring points of a grid.

    Attributes
    ----------
    key
        The crossed lines, by number, ascending.
    low, high
        How far along the line, from 0 to 1, the first and the last barrier is.
    corner, width
        First row and column of the grid the numbers are made with, and its number of columns.
    """

    key: Index
    low: Floats
    high: Floats
    corner: tuple[int, int]
    width: int

    def number(self, row: Any, column: Any, upright: Any) -> Any:
        """Return the numbers of lines that start at a point and lead to the next column, or upright to the next row."""
        return ((row - self.corner[0]) * self.width + (column - self.corner[1])) * 2 + upright

    def at(self, row: Index, column: Index, upright: Any) -> tuple[Floats, Floats]:
        """Return where the first and the last barrier cross lines; NaN where none does."""
        key = self.number(row, column, upright)
        if not len(self.key):
            return np.full(len(key), np.nan), np.full(len(key), np.nan)
        found = np.minimum(np.searchsorted(self.key, key), len(self.key) - 1)
        there = self.key[found] == key
        return np.where(there, self.low[found], np.nan), np.where(there, self.high[found], np.nan)


def bars_of(lines: Geometries, cell_m: float, corner: tuple[int, int], shape: tuple[int, int]) -> Bars:
    """Return where lines (barrier lines and the boundaries of barrier polygons) cross the lines of a grid.

    Parameters
    ----------
    lines
        LineStrings and MultiLineStrings in metres.
    cell_m
        Distance of neighbouring points; the point of row j and column i lies at (i, j) times this.
    corner, shape
        First row and column, and how many rows and columns.
    """
    # One row and column more all round, for contours close on the outside of the grid.
    corner, (height, width) = (corner[0] - 1, corner[1] - 1), (shape[0] + 2, shape[1] + 2)
    xy, line = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    xy = xy / cell_m
    inner = np.flatnonzero(np.diff(line) == 0)
    a, b = xy[inner], xy[inner + 1]
    first, last = np.array([corner[1], corner[0]]), np.array([corner[1] + width - 1, corner[0] + height - 1])
    near = (np.maximum(a, b) >= first - 1).all(axis=1) & (np.minimum(a, b) <= last + 1).all(axis=1)
    a, b = a[near], b[near]
    keys, shares = [], []
    # Upright lines of the grid are crossed where x is whole, level ones where y is.
    for axis, upright in ((0, 1), (1, 0)):
        low = np.maximum(np.ceil(np.minimum(a[:, axis], b[:, axis]) - THROUGH), first[axis]).astype(np.intp)
        high = np.minimum(np.floor(np.maximum(a[:, axis], b[:, axis]) + THROUGH), last[axis]).astype(np.intp)
        # A barrier that runs along a line of the grid crosses those that meet it, not the line itself.
        count = np.where(np.abs(a[:, axis] - b[:, axis]) > THROUGH, np.maximum(high - low + 1, 0), 0)
        part = np.repeat(np.arange(len(a)), count)
        whole = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(low, count)
        along = (whole - a[part, axis]) / (b[part, axis] - a[part, axis])
        where = a[part, 1 - axis] + np.clip(along, 0, 1) * (b[part, 1 - axis] - a[part, 1 - axis])
        point = np.floor(where + THROUGH)
        share = np.maximum(where - point, 0.0)
        # What passes through a point is at the end of one line and at the start of the next.
        again = share <= THROUGH
        point, share = np.r_[point, point[again] - 1], np.r_[share, np.ones(int(again.sum()))]
        whole = np.r_[whole, whole[again]]
        row, column = (point, whole) if upright else (whole, point)
        row, column = row.astype(np.intp) - corner[0], column.astype(np.intp) - corner[1]
        kept = (row >= 0) & (row < height) & (column >= 0) & (column < width)
        keys.append(((row[kept] * width + column[kept]) * 2 + upright).astype(np.intp))
        shares.append(share[kept])
    key, share = np.concatenate(keys), np.concatenate(shares)
    order = np.lexsort((share, key))
    key, share = key[order], share[order]
    key, start = np.unique(key, return_index=True)
    end = np.r_[start[1:], len(share)] - 1
    return Bars(key, share[start], share[end[: len(start)]], corner, width)


@dataclass(frozen=True, eq=False)
class Field:
    """Values at the points of a grid for many things, one under the other on one sheet, so that one pass draws all.

    Attributes
    ----------
    value
        The sheet. Those of each thing lie apart, with a frame of the cap around them.
    cap
        The most by which neighbours differ where nothing leaps; no value is beyond it.
    start
        By thing, and one more: its first row on the sheet.
    corner
        By thing: row and column of the grid that lie in its first row and the first column of the sheet.
    """

    value: Floats
    cap: float
    start: Index
    corner: Index

    @classmethod
    def of(cls, thing: Index, row: Index, column: Index, excess: Floats, cap: float, count: int) -> Field:
        """Return the field of some things; where a point of one is named again the lowest value counts."""
        some = np.flatnonzero(excess < cap)
        thing, row, column = thing[some], row[some], column[some]
        low, high = np.zeros((2, count), dtype=np.intp), np.full((2, count), -1, dtype=np.intp)
        for values, least, most in ((row, low[0], high[0]), (column, low[1], high[1])):
            if len(some):
                least[thing], most[thing] = values.max(), values.min()
            np.minimum.at(least, thing, values)
            np.maximum.at(most, thing, values)
        height = np.where(high[0] >= low[0], high[0] - low[0] + 3, 0)
        width = int((high[1] - low[1]).max(initial=0)) + 3
        start = np.r_[0, np.cumsum(height)]
        value = np.full((int(start[-1]), width), cap)
        at = (start[thing] + row - low[0][thing] + 1) * width + column - low[1][thing] + 1
        np.minimum.at(value.ravel(), at, np.maximum(excess[some], -cap))
        corner = low.T - 1
        return cls(value, cap, start, corner)

    @cached_property
    def inside(self) -> NDArray[np.bool_]:
        """Say where on the sheet the value is not positive."""
        return np.asarray(self.value <= 0)

    @cached_property
    def _outside(self) -> NDArray[np.int32]:
        """Count on the sheet the points outside above and left of each corner."""
        counted = np.zeros((self.value.shape[0] + 1, self.value.shape[1] + 1), dtype=np.int32)
        np.cumsum(~self.inside, axis=0, out=counted[1:, 1:])
        np.cumsum(counted, axis=1, out=counted)
        return counted

    def full(self, thing: Index, around: Index) -> NDArray[np.bool_]:
        """Say whether all points around are inside; then so is all land between.

        Parameters
        ----------
        thing
            Of which.
        around
            First row and column, last row and column, each an array.
        """
        height, width = np.diff(self.start), self.value.shape[1]
        row, column = self.corner.T
        above, left, below, right = around
        row, column = row[thing], column[thing]
        above, left, below, right = above - row, left - column, below - row, right - column
        there: NDArray[np.bool_] = (above >= 0) & (left >= 0) & (below < height[thing]) & (right < width)
        some = np.flatnonzero(there)
        # As positions in the table of counts, which has a row and a column more.
        width += 1
        top = self.start[thing[some]]
        above, below, left, right = (
            (top + above[some]) * width,
            (top + below[some] + 1) * width,
            left[some],
            right[some] + 1,
        )
        count = self._outside.ravel()
        there[some] = count[below + right] - count[above + right] == count[below + left] - count[above + left]
        return there


def below(excess: Floats, cap: float, cell_m: float, corner: tuple[int, int], bars: Bars | None = None) -> Any:
    """Return the area where the excess is at most 0, as one valid MultiPolygon.

    Parameters
    ----------
    excess
        By row (of increasing y) and column.
    cap, cell_m, bars
        As in `areas_below`.
    corner
        Row and column of the first point; the point of row j and column i lies at (i, j) times the cell.
    """
    row, column = (at.ravel() + first for at, first in zip(np.indices(excess.shape), corner, strict=True))
    field = Field.of(np.zeros(excess.size, dtype=np.intp), row, column, excess.ravel(), cap, 1)
    return areas_below(field, cell_m, bars)[0]


def areas_below(field: Field, cell_m: float, bars: Bars | None = None) -> Geometries:
    """Return for each thing the area where its excess is at most 0, as one valid MultiPolygon.

    Between neighbours, one inside and one outside, the contour runs where the excess, taken to be straight, is 0. An
    excess beyond the cap counts as the cap: where it leaps, the contour runs through the middle; an infinite one does
    no harm. Where a barrier lies between, the contour runs before it. Lower excesses never give a smaller area.

    Parameters
    ----------
    field
        The excesses.
    cell_m
        Distance of neighbouring points in metres.
    bars
        Where barriers cross.
    """
    inside = field.inside
    if not inside.any():
        return np.full(len(field.corner), shapely.MultiPolygon(), dtype=object)
    start, stop, joined = _segments(field.value, inside)
    order = np.argsort(start)
    line, after = start[order], np.searchsorted(start[order], stop[order])
    xy, within, thing = _crossings(line, field, bars)
    piece = _pieces(inside, joined)[within]
    ring, turn = cycles(after)
    order = np.lexsort((turn, ring))
    xy, ring, piece, thing = xy[order], ring[order], piece[order], thing[order]
    first = np.flatnonzero(np.r_[True, np.diff(ring) != 0])
    size = np.diff(np.r_[first, len(ring)])
    following = np.arange(len(ring)) + 1
    following[first + size - 1] = first
    doubled = np.add.reduceat(xy[:, 0] * xy[following, 1] - xy[following, 0] * xy[:, 1], first)
    # Each piece has one outer ring, which comes first; its holes turn the other way.
    rings = np.lexsort((doubled < 0, piece[first], thing[first]))
    owner, whose = piece[first][rings], thing[first][rings]
    count = size[rings] + 1
    ends = np.cumsum(count)
    step = np.arange(ends[-1]) - np.repeat(ends - count, count)
    step[ends - 1] = 0
    closed = (xy[np.repeat(first[rings], count) + step] + field.corner[np.repeat(whose, count)][:, ::-1]) * cell_m
    polygons = np.flatnonzero(np.r_[True, np.diff(owner) != 0, True])
    whole = np.searchsorted(whose[polygons[:-1]], np.arange(len(field.corner) + 1))
    offsets = np.r_[0, ends], polygons, whole
    return np.asarray(shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, closed, offsets), dtype=object)


def _segments(value: Floats, inside: NDArray[np.bool_]) -> tuple[Index, Index, tuple[Index, Index]]:
    """Return the lines of the grid between which the contour runs, and the corners joined through a cell's middle."""
    width = inside.shape[1]
    flag = inside.astype(np.int8)
    code = flag[:-1, :-1] + 2 * flag[:-1, 1:] + 4 * flag[1:, 1:] + 8 * flag[1:, :-1]
    row, column = np.nonzero((code > 0) & (code < 15))
    kind = code[row, column].astype(np.intp)
    at = row * width + column
    flat = value.ravel()
    middle = flat[at] + flat[at + 1] + flat[at + width] + flat[at + width + 1]
    bound = middle <= 0
    one, other = at[(kind == 5) & bound], at[(kind == 10) & bound]
    joined = np.r_[one, other + 1], np.r_[one + width + 1, other + width]
    kind = np.where((kind == 5) & bound, 16, np.where((kind == 10) & bound, 17, kind))
    sides = np.stack([at * 2, (at + 1) * 2 + 1, (at + width) * 2, at * 2 + 1])
    cell, turn = np.nonzero(_TURNS[kind, :, 0] >= 0)
    begin, end = _TURNS[kind[cell], turn].T
    return sides[begin, cell], sides[end, cell], joined


def _crossings(line: Index, field: Field, bars: Bars | None) -> tuple[Floats, Index, Index]:
    """Return where the contour crosses lines of the sheet, in cells from a corner, the point inside, the thing."""
    value, width = field.value, field.value.shape[1]
    at, upright = line // 2, line % 2
    other = at + np.where(upright, width, 1)
    one, two = value.ravel()[at], value.ravel()[other]
    forward = one <= 0
    share = one / (one - two)
    row, column = at // width, at % width
    thing = np.searchsorted(field.start, row, side="right") - 1
    row = row - field.start[thing]
    if bars is not None:
        corner = field.corner[thing]
        low, high = bars.at(row + corner[:, 0], column + corner[:, 1], upright)
        barred = np.where(forward, low * (-one / field.cap), 1 - (1 - high) * (-two / field.cap))
        share = np.where(np.isnan(barred), share, barred)
    share = np.clip(share, APART, 1 - APART)
    xy = np.column_stack([column + share * (1 - upright), row + share * upright])
    return xy, np.where(forward, at, other), thing


def _pieces(inside: NDArray[np.bool_], joined: tuple[Index, Index]) -> Index:
    """Return by point the connected piece it belongs to."""
    label, count = ndimage.label(inside)
    label = label.ravel()
    if not len(joined[0]):
        return np.asarray(label)
    ends = label[joined[0]], label[joined[1]]
    links = coo_array((np.ones(len(ends[0]), dtype=np.int8), ends), shape=(count + 1,) * 2)
    return np.asarray(connected_components(links, directed=False)[1][label])


def cycles(after: Index) -> tuple[Index, Index]:
    """Return for each link of closed chains the first link of its chain, and how many links it comes after that."""
    size = len(after)
    first, jump = np.arange(size), after
    while True:
        lower = np.minimum(first, first[jump])
        # Links as far apart as looked at so far go round the chain: once none learns more, all know the first.
        if (lower == first).all():
            break
        first, jump = lower, jump[jump]
    is_first = first == np.arange(size)
    left, jump = (~is_first).astype(np.intp), np.where(is_first, np.arange(size), after)
    while not (jump == first).all():
        left, jump = left + left[jump], jump[jump]
    length = np.bincount(first, minlength=size)[first]
    return first, np.where(is_first, 0, length - left)
