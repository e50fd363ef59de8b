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
CHUNK = 50_000
#: As many cells are quartered at most. Covered or not, a cell and its quarters differ in few cells, so that the change
#: of a share is known from these to some hundredths of a percentage point.
QUARTERED = 25_000


@dataclass(frozen=True, eq=False)
class Cells:
    """Pieces of land, each within one square of a grid; arrays by cell.

    Most are whole squares, which are known by their numbers: as polygons they would take ten times the memory.

    Attributes
    ----------
    size_m
        The side of a square; grid lines stand at whole multiples of it in the working CRS.
    land
        The parcels that were cut.
    middle_xy
        The centroid, from where people start.
    area_m2
        Its area; the areas of all cells add up to the land.
    parcel
        Position of its parcel in the land.
    column, row
        The square.
    whole
        Whether the land fills the square.
    cut
        By cell that is no whole square: what the edge of the land leaves of it.
    """

    size_m: float
    land: Geometries
    middle_xy: Floats
    area_m2: Floats
    parcel: Index
    column: NDArray[np.int32]
    row: NDArray[np.int32]
    whole: NDArray[np.bool_]
    cut: Geometries

    def __len__(self) -> int:
        return len(self.area_m2)

    def geometry(self, chosen: Index | None = None) -> Geometries:
        """Return the land of cells as polygons, of all or of some by position."""
        at = np.arange(len(self)) if chosen is None else chosen
        found = np.empty(len(at), dtype=object)
        whole = self.whole[at]
        x, y = self.column[at[whole]], self.row[at[whole]]
        size = self.size_m
        found[whole] = shapely.box(x * size, y * size, (x + 1) * size, (y + 1) * size)
        found[~whole] = self.cut[self._nr_of_cut[at[~whole]]]
        return found

    @cached_property
    def _nr_of_cut(self) -> Index:
        return np.cumsum(~self.whole) - 1

    def surface(self, value: NDArray[Any], crs: Any) -> Surface:
        """Return the squares with the values of their cells, 1 and above; in a square that of the largest cell."""
        order = self._smallest_first
        return Surface.of(self.size_m, self.column[order], self.row[order], np.asarray(value)[order], crs)

    @cached_property
    def _smallest_first(self) -> Index:
        return np.argsort(self.area_m2, kind="stable")


@dataclass(frozen=True, eq=False)
class Quarters:
    """Cells of a grid half as wide, to tell how far a figure hangs on the width of cells; arrays by quarter.

    Attributes
    ----------
    middle_xy, area_m2, parcel
        As in `Cells`.
    cells
        The cells that were quartered, by position: all, or every so manieth where there are many.
    """

    middle_xy: Floats
    area_m2: Floats
    parcel: Index
    cells: Index

    def __len__(self) -> int:
        return len(self.parcel)


def quarters_of(cells: Cells) -> Quarters:
    """Return the quarters of cells: of a whole square four squares, of others what their land leaves of these.

    Of many cells only every so manieth is looked at, see `QUARTERED`.
    """
    half = cells.size_m / 2
    some = np.arange(0, len(cells), max(1, -(-len(cells) // QUARTERED)))
    # South west, south east, north west, north east.
    column = 2 * cells.column[some] + np.array([0, 1, 0, 1])[:, None]
    row = 2 * cells.row[some] + np.array([0, 0, 1, 1])[:, None]
    whole, cut = np.flatnonzero(cells.whole[some]), np.flatnonzero(~cells.whole[some])
    squares = np.column_stack([(one[:, whole].ravel() + 0.5) * half for one in (column, row)])
    x, y = column[:, cut].ravel() * half, row[:, cut].ravel() * half
    shapes = shapely.intersection(np.tile(cells.geometry(some[cut]), 4), shapely.box(x, y, x + half, y + half))
    area = shapely.area(shapes)
    kept = area > 0
    parcel = cells.parcel[some]
    return Quarters(
        np.concatenate([squares, shapely.get_coordinates(shapely.centroid(shapes[kept]))]),
        np.concatenate([np.full(len(squares), half * half), area[kept]]),
        np.concatenate([np.tile(parcel[whole], 4), np.tile(parcel[cut], 4)[kept]]),
        some,
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
    cut, parcel, column, row, whole = (np.concatenate(parts) for parts in zip(*found, strict=True))
    area = np.full(len(whole), size_m * size_m)
    area[~whole] = shapely.area(cut)
    total = float(shapely.area(land).sum())
    if abs(float(area.sum()) - total) > 1e-6 * max(total, 1.0):
        message = f"{area.sum()} m2 in cells, {total} m2 of land"
        raise ArithmeticError(message)
    middle = np.column_stack([(column + 0.5) * size_m, (row + 0.5) * size_m])
    middle[~whole] = shapely.get_coordinates(shapely.centroid(cut))
    return Cells(size_m, np.asarray(land, dtype=object), middle, area, parcel, column, row, whole, cut)


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
    cut = shapely.intersection(piece[~whole], square[~whole])
    kept = whole.copy()
    kept[~whole] = land = shapely.area(cut) > 0
    column, row = column[kept].astype(np.int32), row[kept].astype(np.int32)
    return cut[land], owner[some[which[kept]]], column, row, whole[kept]
