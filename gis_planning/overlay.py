"""Find who overlaps whom and by how much, exactly, at county scale.

Three facts make it fast: big polygons are subdivided, a tree finds the candidates in bulk, and only pairs that cross a
boundary are cut; what lies wholly inside is settled without an overlay. One makes it safe: every cut is checked for
conservation of area, and cut again on a coarser grid where the check fails (GEOS can return a wildly wrong overlay for
edges that coincide but for rounding: libgeos/geos#1344).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Geometries = Any  # a numpy object array of shapely geometries; numpy cannot say so
Index = NDArray[np.intp]

#: Coordinates are snapped to this grid wherever a plain cut fails the conservation check, then to the next ones.
GRIDS_M = (1e-4, 1e-3, 1e-2)
#: Lost or gained area allowed per metre of perimeter, the width of the finest grid.
AREA_SLACK_M = 1e-4
#: Polygons with more vertices are cut in two until they have fewer.
PIECE_VERTICES = 256

EMPTY = shapely.Polygon()


@dataclass(frozen=True)
class Pieces:
    """What the pairs of two sets of polygons share: the pair's positions and the shared land."""

    left: Index
    right: Index
    geometry: Geometries


@dataclass(frozen=True)
class Split:
    """Each parcel's land inside a zone and outside it, aligned with the parcels; empty polygons where there is none."""

    inside: Geometries
    outside: Geometries


def split(parcels: Geometries, zone: Geometries) -> Split:
    """Cut every parcel into its land inside a zone and its land outside it.

    Parameters
    ----------
    parcels
        Polygons; they may overlap one another, each is cut on its own.
    zone
        Polygons that together are the zone; they must not overlap (see `dissolve`).

    Raises
    ------
    ArithmeticError
        A parcel whose two sides do not add up to it on any grid: a person has to look at it.
    """
    parcels, zone = np.asarray(parcels, dtype=object), np.asarray(zone, dtype=object)
    inside = np.full(len(parcels), EMPTY, dtype=object)
    outside = parcels.copy()
    pieces, owner = subdivide(zone)
    which, piece = _touching(parcels, pieces)
    if not len(which):
        return Split(inside, outside)
    whole = _within(parcels[which], zone[owner[piece]])
    settled = np.unique(which[whole])
    inside[settled], outside[settled] = parcels[settled], EMPTY
    cut = ~np.isin(which, settled)
    which, piece = which[cut], piece[cut]
    crossing, position = np.unique(which, return_inverse=True)
    inside[crossing], outside[crossing] = _cut(parcels[crossing], pieces, position, piece)
    return Split(inside, outside)


def intersect(left: Geometries, right: Geometries) -> Pieces:
    """Return what every overlapping pair of a left and a right polygon shares, sorted by left, then right.

    Polygons of the same side may overlap; each pair is cut on its own. Pairs that only touch are left out.
    """
    left, right = np.asarray(left, dtype=object), np.asarray(right, dtype=object)
    pieces, owner = subdivide(right)
    which, piece = _touching(left, pieces)
    pair, position = np.unique(np.column_stack([which, owner[piece]]), axis=0, return_inverse=True)
    i, j = pair[:, 0], pair[:, 1]
    geometry = left[i].copy()
    cut = ~_within(left[i], right[j])
    if cut.any():
        row = np.cumsum(cut) - 1
        chosen = cut[position.ravel()]
        geometry[cut], _ = _cut(left[i[cut]], pieces, row[position.ravel()[chosen]], piece[chosen])
    keep = shapely.area(geometry) > 0
    return Pieces(i[keep], j[keep], geometry[keep])


def dissolve(polygons: Geometries) -> Geometries:
    """Return the land covered by any of the polygons as polygons that do not overlap.

    Neighbourhoods are united first, each in its own thread, then the results with one another.
    """
    polygons = np.asarray(polygons, dtype=object)
    polygons = polygons[~(shapely.is_missing(polygons) | shapely.is_empty(polygons))]
    if not len(polygons):
        return polygons
    centre = shapely.get_coordinates(shapely.centroid(polygons))
    low, high = centre.min(axis=0), centre.max(axis=0)
    tiles = max(1, int(np.sqrt(len(polygons) / 200)))
    cell = np.minimum(((centre - low) / np.maximum(high - low, 1e-9) * tiles).astype(int), tiles - 1)
    order = np.argsort(cell[:, 0] * tiles + cell[:, 1], kind="stable")
    key = (cell[:, 0] * tiles + cell[:, 1])[order]
    groups = np.split(polygons[order], np.flatnonzero(np.diff(key)) + 1)
    with ThreadPoolExecutor(_threads()) as pool:
        united = list(pool.map(shapely.union_all, groups))
    return polygons_of(np.array([shapely.union_all(united)], dtype=object))[0]


def without_overlap(polygons: Geometries) -> Geometries:
    """Return the polygons with every doubly covered spot left to the first of them only; same length and order.

    Land is then counted once however often it was drawn.
    """
    polygons = np.array(polygons, dtype=object)
    if len(polygons) < 2:
        return polygons
    suspect = np.flatnonzero(~_empty(shapely.coverage_invalid_edges(polygons)))
    if not len(suspect):
        return polygons
    tree = shapely.STRtree(polygons)
    later, earlier = tree.query(polygons[suspect], predicate="intersects")
    later = suspect[later]
    later, earlier = np.maximum(later, earlier), np.minimum(later, earlier)
    pair = np.unique(np.column_stack([later, earlier])[later != earlier], axis=0)
    if not len(pair):
        return polygons
    shared = shapely.relate_pattern(polygons[pair[:, 0]], polygons[pair[:, 1]], "T********")
    pair = pair[shared]
    for later_one in np.unique(pair[:, 0]):
        others = polygons[pair[pair[:, 0] == later_one, 1]]
        result = split(polygons[[later_one]], dissolve(others)).outside[0]
        polygons[later_one] = result
    return polygons


def polygons_of(geometries: Geometries) -> tuple[Geometries, Index]:
    """Return the polygons that make up geometries of any type, and which geometry each is from."""
    parts, owner = shapely.get_parts(geometries, return_index=True)
    while (shapely.get_type_id(parts) > 3).any():
        parts, inner = shapely.get_parts(parts, return_index=True)
        owner = owner[inner]
    keep = (shapely.get_type_id(parts) == 3) & ~shapely.is_empty(parts)
    return parts[keep], owner[keep]


def groups_of(size: int, left: Index, right: Index) -> Index:
    """Return a group number for each of `size` things; things that are linked, even through others, share one."""
    links = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(size, size))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.intp)


def subdivide(polygons: Geometries, vertices: int = PIECE_VERTICES) -> tuple[Geometries, Index]:
    """Cut polygons in halves until each has at most `vertices` vertices; return the pieces and whose they are."""
    pieces, owner = polygons_of(np.asarray(polygons, dtype=object))
    done: list[Geometries] = []
    owners: list[Index] = []
    while len(pieces):
        small = shapely.get_num_coordinates(pieces) <= vertices
        done.append(pieces[small])
        owners.append(owner[small])
        big, big_owner = pieces[~small], owner[~small]
        if not len(big):
            break
        x0, y0, x1, y1 = shapely.bounds(big).T
        wide = (x1 - x0) >= (y1 - y0)
        xm, ym = np.where(wide, (x0 + x1) / 2, x1), np.where(wide, y1, (y0 + y1) / 2)
        first = _in_threads(shapely.intersection, big, shapely.box(x0, y0, xm, ym))
        x2, y2 = np.where(wide, xm, x0), np.where(wide, y0, ym)
        second = _in_threads(shapely.intersection, big, shapely.box(x2, y2, x1, y1))
        pieces, half = polygons_of(np.concatenate([first, second]))
        owner = np.concatenate([big_owner, big_owner])[half]
    return np.concatenate(done) if done else pieces, np.concatenate(owners) if owners else owner


def _touching(polygons: Geometries, pieces: Geometries) -> tuple[Index, Index]:
    """Return the pairs of a polygon and a piece that share at least a point."""
    which, piece = shapely.STRtree(pieces).query(polygons)
    shapely.prepare(pieces)
    keep = shapely.intersects(pieces[piece], polygons[which])
    return which[keep], piece[keep]


def _within(parcels: Geometries, zones: Geometries) -> NDArray[np.bool_]:
    """Say for each pair whether the parcel lies in the zone.

    The zones are prepared, so big ones stay cheap; prepared geometries must not be shared between threads.
    """
    shapely.prepare(zones)
    return np.asarray(shapely.covers(zones, parcels))


def _cut(parcels: Geometries, pieces: Geometries, row: Index, piece: Index) -> tuple[Geometries, Geometries]:
    """Cut parcels with the pieces that touch them: pair k is parcel `row[k]` with piece `piece[k]`."""
    inside, outside = _cut_on(parcels, pieces, row, piece, None)
    wrong = ~_conserved(parcels, inside, outside)
    for grid in GRIDS_M:
        if not wrong.any():
            break
        again = np.flatnonzero(wrong)
        chosen = np.isin(row, again)
        retry = _cut_on(parcels[again], pieces, np.searchsorted(again, row[chosen]), piece[chosen], grid)
        inside[again], outside[again] = retry
        wrong[again] = ~_conserved(parcels[again], *retry, slack_m=grid * 2)
    if wrong.any():
        message = f"{int(wrong.sum())} overlays do not conserve area, the first near {parcels[wrong][0].centroid.wkt}"
        raise ArithmeticError(message)
    return inside, outside


def _cut_on(
    parcels: Geometries, pieces: Geometries, row: Index, piece: Index, grid_m: float | None
) -> tuple[Geometries, Geometries]:
    inside = np.full(len(parcels), EMPTY, dtype=object)
    outside = parcels.copy()
    order = np.argsort(row, kind="stable")
    row, piece = row[order], piece[order]
    turn = np.arange(len(row)) - np.searchsorted(row, row)
    # One round per "k-th piece of its parcel": every round is one vectorised call over all parcels that have as many.
    for k in range(int(turn.max(initial=-1)) + 1):
        now = turn == k
        at, with_ = row[now], pieces[piece[now]]
        shared = _in_threads(shapely.intersection, parcels[at], with_, grid_size=grid_m)
        inside[at] = shared if k == 0 else _in_threads(shapely.union, inside[at], shared, grid_size=grid_m)
        outside[at] = _in_threads(shapely.difference, outside[at], with_, grid_size=grid_m)
    return _polygonal(inside), _polygonal(outside)


def _conserved(
    parcels: Geometries, inside: Geometries, outside: Geometries, slack_m: float = AREA_SLACK_M
) -> NDArray[np.bool_]:
    gap = np.abs(shapely.area(inside) + shapely.area(outside) - shapely.area(parcels))
    return np.asarray(gap <= shapely.length(parcels) * slack_m)


def _polygonal(geometries: Geometries) -> Geometries:
    """Keep the polygons of overlay results; points and lines are where outlines touch and cover no land."""
    mixed = np.flatnonzero(~np.isin(shapely.get_type_id(geometries), [3, 6]))
    for at in mixed:
        parts, _ = polygons_of(geometries[[at]])
        geometries[at] = shapely.multipolygons(parts) if len(parts) else EMPTY
    return geometries


def _empty(geometries: Geometries) -> NDArray[np.bool_]:
    return np.asarray(shapely.is_missing(geometries) | shapely.is_empty(geometries))


def _in_threads(function: Callable[..., Any], left: Geometries, right: Geometries, **options: Any) -> Any:
    """Call a vectorised shapely function over two arrays in threads; GEOS works without Python's lock."""
    if len(left) < 2_000:
        return function(left, right, **options)
    cuts = np.linspace(0, len(left), _threads() * 4 + 1).astype(int)
    with ThreadPoolExecutor(_threads()) as pool:
        tasks = [pool.submit(function, left[a:b], right[a:b], **options) for a, b in pairwise(cuts)]
    return np.concatenate([task.result() for task in tasks])


def _threads() -> int:
    return os.cpu_count() or 1
