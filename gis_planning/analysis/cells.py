"""Cut land into the cells of a grid, so that every piece of it has one distance to walk."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_planning import overlay
from gis_planning.geo import Floats, Geometries, Index
from gis_planning.results.surface import Surface

#: Squares looked at together; bounds memory.
CHUNK = 1_000_000


@dataclass(frozen=True, eq=False)
class Cells:
    """Pieces of land, each within one square of a grid; arrays by cell.

    Attributes
    ----------
    size_m
        The side of a square; grid lines stand at whole multiples of it in the working CRS.
    land
        The parcels that were cut.
    geometry
        The land of the cell: the whole square, or what the edge of the land leaves of it.
    middle
        Its centroid, from where people start.
    area_m2
        Its area; the areas of all cells add up to the land.
    parcel
        Position of its parcel in the land.
    column, row
        The square.
    whole
        Whether the land fills the square.
    """

    size_m: float
    land: Geometries
    geometry: Geometries
    middle: Geometries
    area_m2: Floats
    parcel: Index
    column: NDArray[np.int64]
    row: NDArray[np.int64]
    whole: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.geometry)

    @cached_property
    def middle_xy(self) -> Floats:
        """Return where the middles are."""
        return np.asarray(shapely.get_coordinates(self.middle))

    def surface(self, value: NDArray[Any], crs: Any) -> Surface:
        """Return the squares with the values of their cells, 1 and above; in a square that of the largest cell."""
        order = self._smallest_first
        return Surface.of(self.size_m, self.column[order], self.row[order], np.asarray(value)[order], crs)

    @cached_property
    def _smallest_first(self) -> Index:
        return np.argsort(self.area_m2, kind="stable")


@dataclass(frozen=True, eq=False)
class Quarters:
    """The cells of a grid half as wide, as far as distances ask for them; arrays by cell, as in `Cells`."""

    middle_xy: Floats
    area_m2: Floats
    parcel: Index

    def __len__(self) -> int:
        return len(self.parcel)

    @property
    def middle(self) -> Geometries:
        """Return the middles as points, which take ten times the memory of their numbers and are not held."""
        return np.asarray(shapely.points(self.middle_xy))


def quarters_of(cells: Cells) -> Quarters:
    """Return the quarters of cells: of a whole square four squares, of others what their land leaves of these."""
    half = cells.size_m / 2
    # South west, south east, north west, north east.
    column = 2 * cells.column + np.array([0, 1, 0, 1])[:, None]
    row = 2 * cells.row + np.array([0, 0, 1, 1])[:, None]
    whole = np.flatnonzero(cells.whole)
    squares = np.column_stack([(one[:, whole].ravel() + 0.5) * half for one in (column, row)])
    cut = np.flatnonzero(~cells.whole)
    x, y = column[:, cut].ravel() * half, row[:, cut].ravel() * half
    shapes = shapely.intersection(np.tile(cells.geometry[cut], 4), shapely.box(x, y, x + half, y + half))
    area = shapely.area(shapes)
    kept = area > 0
    return Quarters(
        np.concatenate([squares, shapely.get_coordinates(shapely.centroid(shapes[kept]))]),
        np.concatenate([np.full(len(squares), half * half), area[kept]]),
        np.concatenate([np.tile(cells.parcel[whole], 4), np.tile(cells.parcel[cut], 4)[kept]]),
    )


def cells_of(land: Geometries, size_m: float) -> Cells:
    """Cut polygons that do not overlap into cells.

    Parameters
    ----------
    land
        Polygons in a metric CRS.
    size_m
        The side of a cell in metres.

    Raises
    ------
    ArithmeticError
        The cells do not add up to the land: a person has to look at it.
    """
    pieces, owner = overlay.subdivide(land)
    found = [_cut(pieces, owner, some, size_m) for some in _chunks(pieces, size_m)]
    geometry, parcel, column, row, whole = (np.concatenate(parts) for parts in zip(*found, strict=True))
    area = shapely.area(geometry)
    total = float(shapely.area(land).sum())
    if abs(float(area.sum()) - total) > 1e-6 * max(total, 1.0):
        message = f"{area.sum()} m2 in cells, {total} m2 of land"
        raise ArithmeticError(message)
    return Cells(
        size_m, np.asarray(land, dtype=object), geometry, shapely.centroid(geometry), area, parcel, column, row, whole
    )


def _chunks(pieces: Geometries, size_m: float) -> list[Index]:
    x0, y0, x1, y1 = shapely.bounds(pieces).T
    count = (np.ceil((x1 - x0) / size_m) + 1) * (np.ceil((y1 - y0) / size_m) + 1)
    batch = (np.cumsum(count) // CHUNK).astype(np.int64)
    return [np.flatnonzero(batch == one) for one in np.unique(batch)]


def _cut(pieces: Geometries, owner: Index, some: Index, size: float) -> tuple[Any, ...]:
    x0, y0, x1, y1 = shapely.bounds(pieces[some]).T
    left, low = np.floor(x0 / size).astype(np.int64), np.floor(y0 / size).astype(np.int64)
    wide, high = np.ceil(x1 / size).astype(np.int64) - left, np.ceil(y1 / size).astype(np.int64) - low
    wide, high = np.maximum(wide, 1), np.maximum(high, 1)
    which = np.repeat(np.arange(len(some)), wide * high)
    step = np.arange(len(which)) - np.repeat(np.cumsum(wide * high) - wide * high, wide * high)
    column, row = left[which] + step % wide[which], low[which] + step // wide[which]
    square = shapely.box(column * size, row * size, (column + 1) * size, (row + 1) * size)
    piece = pieces[some[which]]
    shapely.prepare(pieces[some])
    whole = shapely.covers(piece, square)
    touched = whole | shapely.intersects(piece, square)
    which, column, row, square, piece, whole = (one[touched] for one in (which, column, row, square, piece, whole))
    square[~whole] = shapely.intersection(piece[~whole], square[~whole])
    kept = shapely.area(square) > 0
    return square[kept], owner[some[which[kept]]], column[kept], row[kept], whole[kept]
