"""Find the parcels that no outline of a zone comes near, without asking GEOS about each of them.

Outlines are drawn on a raster. A parcel all of whose cells are free of them lies on one side of every outline, and so
does every other parcel that can be reached from it over free cells: one point decides for all of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from gis_planning.geo import Floats, Index

Geometries = Any  # a numpy object array of shapely geometries; numpy cannot say so

#: Cells along a side of the raster: twice as many as there would be parcels in a square sheet, up to a limit.
CELLS, MOST_CELLS = 2, 2048
#: With a polygon for so many parcels, next to all of them meet an outline, and drawing does not pay.
MANY = 4
#: With more strokes to draw the raster would be full of them, and dear.
MOST_STROKES = 5_000_000
#: What the computing of a stroke may round, in cells; where it might be more, the raster tells nothing.
SLACK = 0.1


def regions(bounds: Floats, polygons: Geometries) -> Index:
    """Return a number for each parcel: those of one lie on one side of every polygon; those of 0 may meet an outline.

    Parameters
    ----------
    bounds
        The bounds of the parcels, a row each.
    polygons
        Polygons without collections.
    """
    if not len(bounds) or not len(polygons):
        return np.ones(len(bounds), dtype=np.intp)
    if MANY * len(polygons) > len(bounds):
        return np.zeros(len(bounds), dtype=np.intp)
    low, high = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
    cells = int(np.clip(CELLS * np.sqrt(len(bounds)), 1, MOST_CELLS))
    size = np.maximum((high - low) / cells, 1e-9)
    drawn = _drawn(polygons, low, size, cells)
    count = np.zeros((cells + 1, cells + 1), dtype=np.int32)
    count[1:, 1:] = drawn.cumsum(axis=0, dtype=np.int32).cumsum(axis=1)
    # Cells are a monotone function of coordinates, rounding included: what shares a point shares a cell.
    x0, y0 = (_cell((bounds[:, axis] - low[axis]) / size[axis], cells) for axis in (0, 1))
    x1, y1 = (_cell((bounds[:, axis + 2] - low[axis]) / size[axis], cells) + 1 for axis in (0, 1))
    strokes = count[x1, y1] - count[x0, y1] - count[x1, y0] + count[x0, y0]
    free, _ = ndimage.label(~drawn)
    return np.where(strokes == 0, free[x0, y0], 0).astype(np.intp)


def _drawn(polygons: Geometries, low: Floats, size: Floats, cells: int) -> NDArray[np.bool_]:
    """Say of every cell whether an outline may pass through it.

    Edges are cut into strokes of at most half a cell, so the cells of a stroke's four corners are all it can touch.
    """
    drawn = np.zeros((cells, cells), dtype=bool)
    points, ring = shapely.get_coordinates(shapely.get_rings(polygons), return_index=True)
    slack = 1e-6 + 8 * np.spacing(np.abs(points).max()) / size.min()
    if slack > SLACK:
        return ~drawn
    x, y = (points[:, 0] - low[0]) / size[0], (points[:, 1] - low[1]) / size[1]
    edge = np.flatnonzero(ring[1:] == ring[:-1])
    start, along = (x[edge], y[edge]), (x[edge + 1] - x[edge], y[edge + 1] - y[edge])
    first, last = _on_raster(start, along, cells)
    seen = np.flatnonzero(first < last)
    first, last = first[seen], last[seen]
    start, along = (start[0][seen], start[1][seen]), (along[0][seen], along[1][seen])
    strokes = np.ceil(2 * np.maximum(abs(along[0]), abs(along[1])) * (last - first)).astype(np.int64).clip(1)
    if strokes.sum() > MOST_STROKES:
        return ~drawn
    of = np.repeat(np.arange(len(seen)), strokes)
    step = ((last - first) / strokes)[of]
    begin = first[of] + (np.arange(len(of)) - np.repeat(strokes.cumsum() - strokes, strokes)) * step
    corners = []
    for axis in (0, 1):
        one, other = start[axis][of] + begin * along[axis][of], start[axis][of] + (begin + step) * along[axis][of]
        corners.append([_cell(np.minimum(one, other) - slack, cells), _cell(np.maximum(one, other) + slack, cells)])
    for column in corners[0]:
        for row in corners[1]:
            drawn[column, row] = True
    return drawn


def _on_raster(start: tuple[Floats, Floats], along: tuple[Floats, Floats], cells: int) -> tuple[Floats, Floats]:
    """Return from where to where, from 0 to 1, each edge runs over the raster and a cell around it."""
    first, last = np.zeros(len(start[0])), np.ones(len(start[0]))
    for axis in (0, 1):
        with np.errstate(divide="ignore", invalid="ignore"):
            one, other = (-1 - start[axis]) / along[axis], (cells + 1 - start[axis]) / along[axis]
        # An edge across this axis is all in or all out; infinities say which, and 0 / 0 lies on the rim.
        first, last = np.fmax(first, np.fmin(one, other)), np.fmin(last, np.fmax(one, other))
    return first, last


def _cell(at: Floats, cells: int) -> Index:
    return np.clip(np.floor(at), 0, cells - 1).astype(np.intp)
