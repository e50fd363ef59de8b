"""Cut the pixels of a raster by the outline of some land, each exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyproj
import shapely

from gis_planning import overlay
from gis_planning.errors import CrsError
from gis_planning.geo import Floats, Geometries, Index, same_crs
from gis_planning.streets.slope import Elevation

#: Pixels looked at once; bounds memory.
BLOCK = 200_000
#: A pixel nearer to an outline than half of its diagonal is cut; a little more, since coordinates are rounded.
SURE = 1.001
#: Pixels that a window has to spare on each side, and what of a pixel is but rounding.
SPARE, ROUNDED = 1, 1e-6


@dataclass(frozen=True, eq=False)
class Pixels:
    """Pixels of a raster that hold some of the land.

    Attributes
    ----------
    row, column
        Where each stands in the band.
    value
        What the band holds there; NaN where there is no data.
    inside_m2
        How much of the land it holds, on the plane of the land.
    land_m2
        All of the land, whether the raster reaches it or not.
    """

    row: Index
    column: Index
    value: Floats
    inside_m2: Floats
    land_m2: float

    @property
    def known_m2(self) -> float:
        """Return how much of the land lies in pixels with data."""
        return float(self.inside_m2[np.isfinite(self.value)].sum())


@dataclass(frozen=True, eq=False)
class Grid:
    """The corners of a raster's pixels in the CRS of the land."""

    raster: Elevation
    crs: pyproj.CRS
    layer: str

    @cached_property
    def _move(self) -> Any:
        if self.raster.crs is None:
            raise CrsError("streets.no_crs", layer=self.layer)
        if same_crs(self.raster.crs, self.crs):
            return None
        return pyproj.Transformer.from_crs(self.raster.crs, self.crs, always_xy=True)

    def corners(self, row: Index, column: Index) -> Floats:
        """Return the four corners of pixels, by pixel and corner, as x and y."""
        a, b, c, d, e, f, *_ = (float(one) for one in self.raster.transform)
        down, along = (np.add.outer(at, step) for at, step in ((row, (0, 0, 1, 1)), (column, (0, 1, 1, 0))))
        x, y = a * along + b * down + c, d * along + e * down + f
        if self._move is not None:
            x, y = self._move.transform(x, y)
        return np.stack([x, y], axis=-1)

    def window(self, bounds: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
        """Return the first and the last row and column, the latter not included, that some land can touch.

        They may lie outside of the raster.

        Raises
        ------
        CrsError
            The raster's CRS has no place for the land.
        """
        x0, y0, x1, y1 = bounds
        # Between its corners a side of the land's box can bulge in the other CRS.
        along = np.linspace(0, 1, 21)
        x = np.concatenate([x0 + along * (x1 - x0)] * 2 + [np.full(21, x0), np.full(21, x1)])
        y = np.concatenate([np.full(21, y0), np.full(21, y1)] + [y0 + along * (y1 - y0)] * 2)
        if self._move is not None:
            x, y = self._move.transform(x, y, direction="INVERSE")
        a, b, c, d, e, f, *_ = (float(one) for one in self.raster.transform)
        column, row = (e * (x - c) - b * (y - f)) / (a * e - b * d), (a * (y - f) - d * (x - c)) / (a * e - b * d)
        if not (np.isfinite(row).all() and np.isfinite(column).all()):
            raise CrsError("ground.beyond_crs", layer=self.layer)
        first = (int(np.floor(one.min() + ROUNDED)) - SPARE for one in (row, column))
        last = (int(np.ceil(one.max() - ROUNDED)) + SPARE for one in (row, column))
        return (*first, *last)  # type: ignore[return-value]


def within(bounds: tuple[int, int, int, int], shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Return a window without what lies outside of a raster of a shape."""
    top, left, bottom, right = bounds
    top, left = min(max(top, 0), shape[0]), min(max(left, 0), shape[1])
    return top, left, max(min(bottom, shape[0]), top), max(min(right, shape[1]), left)


def outlines(grid: Grid, row: Index, column: Index) -> Geometries:
    """Return pixels as quadrangles."""
    return np.asarray(shapely.polygons(grid.corners(row, column)))


def cut(raster: Elevation, land: Geometries, crs: pyproj.CRS, layer: str) -> Pixels:
    """Cut the pixels of a raster by the outline of some land.

    A pixel that no outline touches lies inside by its middle; every other is cut along the outline. A raster in
    another CRS is moved by the corners of its pixels, whose sides stay straight.

    Parameters
    ----------
    raster
        One band.
    land
        Polygons; where they overlap the land counts once.
    crs
        The CRS of the land, in metres.
    layer
        What the raster is called in messages.

    Raises
    ------
    CrsError
        The raster has no CRS, or its CRS no place for the land.

    Examples
    --------
    A pixel of 10 m, of which the land has a half:

    >>> from types import SimpleNamespace
    >>> crs = pyproj.CRS("EPSG:4526")
    >>> one = SimpleNamespace(band=np.array([[7.0]]), transform=(10, 0, 0, 0, -10, 10), crs=crs)
    >>> found = cut(one, np.array([shapely.box(5, 0, 15, 10)]), crs, "land_cover")
    >>> found.value.tolist(), found.inside_m2.tolist(), found.land_m2
    ([7.0], [50.0], 100.0)
    """
    whole = shapely.union_all(overlay.dissolve(land))
    grid, band = Grid(raster, crs, layer), np.asarray(raster.band, dtype=np.float64)
    found = [(np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp), np.zeros(0))]
    if not whole.is_empty:
        found += _blocks(grid, band.shape, whole)
    row, column, inside = (np.concatenate(one) for one in zip(*found, strict=True))
    return Pixels(row, column, band[row, column], inside, float(whole.area))


def _blocks(grid: Grid, shape: tuple[int, ...], land: Any) -> Iterator[tuple[Index, Index, Floats]]:
    """Yield the pixels with some of the land, with how much of it, some rows at a time."""
    top, left, bottom, right = within(grid.window(land.bounds), shape)
    points, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(land)), return_index=True)
    same = np.flatnonzero(np.diff(ring) == 0)
    sides = shapely.STRtree(shapely.linestrings(np.stack([points[same], points[same + 1]], axis=1)))
    shapely.prepare(land)
    step = max(1, BLOCK // max(right - left, 1))
    for start in range(top, bottom, step):
        rows = np.arange(start, min(start + step, bottom))
        row, column = (one.ravel() for one in np.meshgrid(rows, np.arange(left, right), indexing="ij"))
        if not len(row):
            continue
        corners = grid.corners(row, column)
        middle = corners.mean(axis=1)
        reach = float(np.hypot(*(corners - middle[:, None]).T).max()) * SURE
        touched = np.zeros(len(row), dtype=bool)
        touched[sides.query(shapely.points(middle), predicate="dwithin", distance=reach)[0]] = True
        inside = np.where(shapely.contains_xy(land, *middle.T), _areas(corners), 0.0)
        cuts = np.flatnonzero(touched)
        inside[cuts] = shapely.area(shapely.intersection(shapely.polygons(corners[cuts]), land))
        held = inside > 0
        yield row[held], column[held], inside[held]


def _areas(corners: Floats) -> Floats:
    """Return the areas of quadrangles; their corners are taken from the first, so that no digits are lost."""
    x, y = np.moveaxis(corners - corners[:, :1], -1, 0)
    return np.asarray(np.abs((x * np.roll(y, -1, axis=1) - np.roll(x, -1, axis=1) * y).sum(axis=1)) / 2)
