"""Find hollows: land from which water cannot run off until it stands so high that it spills over."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
import pyproj
import shapely
from scipy import ndimage

from gis_planning.analysis.pixels import SPARE, Grid, Pixels, cut, outlines, within
from gis_planning.errors import NotAssessed
from gis_planning.geo import Flags, Floats, Geometries, Index
from gis_planning.streets.slope import Elevation, averaged

#: Finer pixels are first averaged to about this: kerbs and parked cars are no banks, and the work stays bounded.
FINEST_M = 5.0
#: Water runs to all eight pixels around.
AROUND = np.ones((3, 3), dtype=bool)


@dataclass(frozen=True, eq=False)
class Hollows:
    """The hollows of some land.

    Attributes
    ----------
    shape, area_m2, depth_m
        Of each hollow that is large enough: its part in the land, how large that is, and how deep it is at most.
    least, most
        How few and how many there can be, whatever the heights that are missing.
    missing_m2
        Land without heights.
    cut_off
        Whether the heights end nearer to the land than was asked for.
    """

    shape: Geometries
    area_m2: Floats
    depth_m: Floats
    least: int
    most: int
    missing_m2: float
    cut_off: bool


def filled(heights: Floats, *, missing_hold: bool = False) -> Floats:
    """Return how high water stands on every pixel once all hollows are full, in metres: the height where none stands.

    Pixels are flooded from the edge of the raster inward, the lowest first (priority flood), so that each has the
    lowest level from which there is a way out that never rises above it. Water leaves at the edge.

    Parameters
    ----------
    heights
        In metres; NaN where there is none.
    missing_hold
        Whether a pixel without a height holds water like a wall that nothing spills over; else water leaves there.

    Returns
    -------
    Floats
        NaN where there is no height; infinite where walls leave no way out.

    Notes
    -----
    Source: Barnes, Lehman and Mulla (2014), Priority-Flood.

    Examples
    --------
    >>> ring = np.array([[9.0, 9, 9, 9], [9, 1, 2, 9], [9, 9, 5, 9]])
    >>> filled(ring).tolist()
    [[9.0, 9.0, 9.0, 9.0], [9.0, 5.0, 5.0, 9.0], [9.0, 9.0, 5.0, 9.0]]
    """
    padded = np.pad(np.asarray(heights, dtype=np.float64), 1, constant_values=np.nan)
    known = np.isfinite(padded)
    way_out = ~known
    if missing_hold:
        way_out[1:-1, 1:-1] = False
    begins = known & ndimage.binary_dilation(way_out, AROUND)
    across = padded.shape[1]
    steps = (-across - 1, -across, -across + 1, -1, 1, across - 1, across, across + 1)
    # Plain lists are what Python walks through fastest.
    height = padded.ravel().tolist()
    done = (~known | begins).ravel().tolist()
    level = np.where(begins, padded, np.where(known, np.inf, np.nan)).ravel().tolist()
    rising = [(height[at], at) for at in np.flatnonzero(begins).tolist()]
    heapq.heapify(rising)
    flooding: list[int] = []
    while rising or flooding:
        at = flooding.pop() if flooding else heapq.heappop(rising)[1]
        stands = level[at]
        for step in steps:
            beside = at + step
            if done[beside]:
                continue
            done[beside] = True
            if height[beside] <= stands:
                # It stands as high as here, and no pixel that waits is lower: it need not wait.
                level[beside] = stands
                flooding.append(beside)
            else:
                level[beside] = height[beside]
                heapq.heappush(rising, (height[beside], beside))
    return np.asarray(level).reshape(padded.shape)[1:-1, 1:-1]


def hollows_of(
    elevation: Elevation,
    land: Geometries,
    crs: pyproj.CRS,
    *,
    deeper_than_m: float,
    least_m2: float,
    around_m: float,
    least_known_share: float,
) -> Hollows:
    """Return the hollows of some land: patches of pixels that would be flooded deeper than `deeper_than_m`.

    Pixels join by sides and corners. A pixel counts by as much of it as lies in the land. The ground around the land
    is flooded with it, up to `around_m` from its box; farther out water runs off, and so it does where the raster ends,
    or misses a height. Pixels finer than 5 m are averaged first.

    Where heights are missing in the land or around it, what is there may hold water or not: `least` and `most` are what
    any heights would give there.

    Parameters
    ----------
    elevation
        Heights in metres.
    land
        Polygons.
    crs
        The CRS of the land, in metres.
    deeper_than_m
        How deep water must stand at a pixel, in metres.
    least_m2
        The least hollow that counts, in m2 of the land.
    around_m
        How much ground around the land is looked at, in metres.
    least_known_share
        How much of the land must have heights, from 0 to 1.

    Raises
    ------
    NotAssessed
        Less of the land has heights.
    CrsError
        The raster has no CRS, or its CRS no place for the land.
    """
    raster = _coarse(elevation, land, crs)
    part, cut_off = _around(raster, land, crs, around_m)
    pixels = cut(part, land, crs, "elevation")
    share = pixels.known_m2 / pixels.land_m2 if pixels.land_m2 else 0.0
    if share < least_known_share or not share:
        raise NotAssessed("ground.few_heights", share=share, least=least_known_share)
    depth = (filled(part.band) - part.band)[pixels.row, pixels.column]
    sure = np.asarray(depth > deeper_than_m)
    perhaps = sure
    if not np.isfinite(part.band).all():
        held = (filled(part.band, missing_hold=True) - part.band)[pixels.row, pixels.column]
        perhaps = (held > deeper_than_m) | ~np.isfinite(pixels.value)
    group, area = _patches(sure, pixels, part.band.shape)
    is_large = area >= least_m2
    large = np.flatnonzero(is_large)
    counted = np.zeros(len(sure), dtype=bool)
    counted[group >= 0] = is_large[group[group >= 0]]
    least, most = _span(_patches(perhaps, pixels, part.band.shape), sure, counted, group, least_m2)
    return Hollows(
        _outlined(Grid(part, crs, "elevation"), pixels, land, [np.flatnonzero(group == one) for one in large]),
        area[large],
        np.array([depth[group == one].max() for one in large], dtype=np.float64),
        least,
        most,
        pixels.land_m2 - pixels.known_m2,
        cut_off,
    )


@dataclass(frozen=True, eq=False)
class _Heights:
    """A raster of heights that was cut out of another one, or averaged."""

    band: Floats
    transform: tuple[float, ...]
    crs: pyproj.CRS | None


def _coarse(elevation: Elevation, land: Geometries, crs: pyproj.CRS) -> _Heights:
    """Return heights whose pixels are not much finer than `FINEST_M`."""
    a, b, c, d, e, f, *_ = (float(one) for one in elevation.transform)
    band = np.asarray(elevation.band, dtype=np.float64)
    grid = Grid(elevation, crs, "elevation")
    top, left, bottom, right = grid.window(tuple(shapely.total_bounds(land)))
    middle = np.array([(top + bottom) // 2]), np.array([(left + right) // 2])
    wide = float(np.sqrt(shapely.area(outlines(grid, *middle))[0]))
    # A little under 2 is still 2: a pixel of 2.5 m measures 2.499 or 2.501 in another projection.
    merged = int(FINEST_M / wide + 0.05)
    if merged < 2:
        return _Heights(band, (a, b, c, d, e, f), elevation.crs)
    transform = (a * merged, b * merged, c, d * merged, e * merged, f)
    return _Heights(averaged(band, merged), transform, elevation.crs)


def _around(raster: _Heights, land: Geometries, crs: pyproj.CRS, around_m: float) -> tuple[_Heights, bool]:
    """Return the heights of some land and around it, and whether they end too near.

    Where the raster does not reach the land itself, heights are missing.
    """
    grid = Grid(raster, crs, "elevation")
    x0, y0, x1, y1 = shapely.total_bounds(land)
    wanted = grid.window((x0 - around_m, y0 - around_m, x1 + around_m, y1 + around_m))
    top, left, bottom, right = got = within(wanted, raster.band.shape)
    own = grid.window((x0, y0, x1, y1))
    band = raster.band[top:bottom, left:right]
    before = max(top - own[0] - SPARE, 0), max(left - own[1] - SPARE, 0)
    after = max(own[2] - SPARE - bottom, 0), max(own[3] - SPARE - right, 0)
    if any((*before, *after)) and band.size:
        band = np.pad(band, tuple(zip(before, after, strict=True)), constant_values=np.nan)
        top, left = top - before[0], left - before[1]
    a, b, c, d, e, f = raster.transform
    transform = (a, b, a * left + b * top + c, d, e, d * left + e * top + f)
    return _Heights(band, transform, raster.crs), got != wanted


def _patches(wet: Flags, pixels: Pixels, shape: tuple[int, ...]) -> tuple[Index, Floats]:
    """Return by pixel the number of the patch it is part of, -1 where none, and by patch how much of the land it is."""
    flags = np.zeros(shape, dtype=bool)
    flags[pixels.row[wet], pixels.column[wet]] = True
    number, count = ndimage.label(flags, AROUND)
    group = np.asarray(number[pixels.row, pixels.column] - 1, dtype=np.intp)
    return group, np.asarray(np.bincount(group[group >= 0], pixels.inside_m2[group >= 0], count), dtype=np.float64)


def _span(perhaps: tuple[Index, Floats], sure: Flags, counted: Flags, group: Index, least_m2: float) -> tuple[int, int]:
    """Return how few and how many hollows there can be, out of patches that may be wet.

    A patch that is wet for sure has the hollows it has. In any other those that are sure may run together, and as many
    may lie as it has room for.
    """
    least = most = 0
    may, area = perhaps
    for patch in range(len(area)):
        own = may == patch
        there = len(np.unique(group[own & counted]))
        if sure[own].all():
            least, most = least + there, most + there
            continue
        room = int(own.sum()) if least_m2 <= 0 else min(int(own.sum()), int(area[patch] / least_m2 + 1e-9))
        least, most = least + min(there, 1), most + max(room, there)
    return least, most


def _outlined(grid: Grid, pixels: Pixels, land: Geometries, hollows: list[Index]) -> Geometries:
    """Return the outlines of hollows, each by its pixels, as far as they lie in the land."""
    found = np.empty(len(hollows), dtype=object)
    for at, own in enumerate(hollows):
        found[at] = shapely.union_all(outlines(grid, pixels.row[own], pixels.column[own]))
    return np.asarray(shapely.intersection(found, shapely.union_all(land))) if len(found) else found
