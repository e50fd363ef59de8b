"""Cut windows out of big polygons: each parcel is then cut with the little of them that is near it, in one piece.

Windows overlap, so that every parcel lies wholly in one: nothing that we cut apart has to grow together again.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from gis_planning.geo import Floats, Index

Geometries = Any  # a numpy object array of shapely geometries; numpy cannot say so

#: Polygons with more vertices are divided for as long as several parcels share them.
VERTICES = 256
#: Two halves may have so many times the vertices of the whole; parcels that lie over one another share a window.
GROWTH = 1.25


def windows(polygons: Geometries, of: Index, bounds: Floats, margin: float) -> tuple[Geometries, Index]:
    """Return windows of polygons, and for each parcel the one that holds all of its polygon within its bounds.

    Parameters
    ----------
    polygons
        Valid polygons. A window of a valid polygon may be invalid.
    of
        The polygon of each parcel.
    bounds
        The bounds of each parcel, a row each.
    margin
        How far a window reaches beyond its parcels, at least.
    """
    used, group = np.unique(of, return_inverse=True)
    shapes, member = polygons[used], np.arange(len(of))
    boxes = shapely.bounds(shapes) + margin * np.array([-1, -1, 1, 1])
    window, done, size = np.zeros(len(of), dtype=np.intp), [shapes[:0]], 0
    while len(member):
        vertices, count = shapely.get_num_coordinates(shapes), np.bincount(group, minlength=len(shapes))
        big = np.flatnonzero((vertices > VERTICES) & (count > 1))
        sharing = np.isin(group, big)
        inner = np.searchsorted(big, group[sharing])
        halves, half_boxes, half = _halves(shapes[big], boxes[big], inner, bounds[member[sharing]], margin)
        worth = shapely.get_num_coordinates(halves).reshape(-1, 2).sum(axis=1) <= GROWTH * vertices[big]
        final = np.ones(len(shapes), dtype=bool)
        final[big[worth]] = False
        settled = final[group]
        window[member[settled]] = (size + np.cumsum(final) - 1)[group[settled]]
        done.append(shapes[final])
        size += len(done[-1])
        going = np.repeat(worth, 2)
        member, group = member[~settled], (np.cumsum(going) - 1)[half[going[half]]]
        shapes, boxes = halves[going], half_boxes[going]
    return np.concatenate(done), window


def _halves(
    shapes: Geometries, boxes: Floats, group: Index, bounds: Floats, margin: float
) -> tuple[Geometries, Floats, Index]:
    """Divide each shape in two that overlap, with half of its parcels in each."""
    middle = (bounds[:, :2] + bounds[:, 2:]) / 2
    low, high = _extremes(middle, group, len(shapes))
    axis = np.argmax(high - low, axis=1)
    place = middle[np.arange(len(group)), axis[group]]
    order = np.lexsort((place, group))
    count = np.bincount(group, minlength=len(shapes))
    rank = np.empty(len(group), dtype=np.intp)
    rank[order] = np.arange(len(group)) - np.repeat(np.cumsum(count) - count, count)
    half = 2 * group + (2 * rank >= count[group])
    low, high = _extremes(bounds.reshape(-1, 2, 2), half, 2 * len(shapes))
    every = np.arange(len(shapes))
    # The halves have to meet, or their areas could not be checked.
    upper = high[0::2, 1][every, axis] + margin
    lower = np.minimum(low[1::2, 0][every, axis] - margin, upper - margin)
    first, second = boxes.copy(), boxes.copy()
    first[every, axis + 2] = np.minimum(upper, boxes[every, axis + 2])
    second[every, axis] = np.maximum(lower, boxes[every, axis])
    halves, both = np.empty(2 * len(shapes), dtype=object), np.empty((2 * len(shapes), 4))
    both[0::2], both[1::2] = first, second
    halves[0::2], halves[1::2] = _clipped(shapes, first, second)
    return halves, both, half


def _extremes(values: Floats, group: Index, size: int) -> tuple[Floats, Floats]:
    """Return the lowest and the highest values of each group; every group has some."""
    order = np.argsort(group, kind="stable")
    start = np.searchsorted(group[order], np.arange(size))
    return np.minimum.reduceat(values[order], start), np.maximum.reduceat(values[order], start)


def _clipped(shapes: Geometries, first: Floats, second: Floats) -> tuple[Geometries, Geometries]:
    """Cut two boxes that overlap out of each shape.

    Clipping is ten times as fast as an overlay, but no overlay: where the halves without their strip in common are not
    as large as the shape, overlays take its place.
    """
    strip = np.column_stack([np.maximum(first[:, :2], second[:, :2]), np.minimum(first[:, 2:], second[:, 2:])])
    try:
        one, other, both = (_clip(shapes, boxes) for boxes in (first, second, strip))
    except shapely.GEOSException:
        one, other, both = (np.full(len(shapes), None) for _ in range(3))
    gap = np.abs(shapely.area(one) + shapely.area(other) - shapely.area(both) - shapely.area(shapes))
    wrong = np.flatnonzero(~(gap <= 1e-6 * shapely.length(shapes)))
    if len(wrong):
        one[wrong] = shapely.intersection(shapes[wrong], shapely.box(*first[wrong].T))
        other[wrong] = shapely.intersection(shapes[wrong], shapely.box(*second[wrong].T))
    return one, other


def _clip(shapes: Geometries, boxes: Floats) -> Geometries:
    clipped = np.empty(len(shapes), dtype=object)
    clipped[:] = [shapely.clip_by_rect(shape, *box) for shape, box in zip(shapes, boxes.tolist(), strict=True)]
    return clipped
