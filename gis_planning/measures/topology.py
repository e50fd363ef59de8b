"""Find what is wrong between the features of layers: overlaps, gaps, land not covered, loose ends."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_planning import overlay
from gis_planning.geo import Geometries, Index
from gis_planning.measures.held import Faults

#: By how much two sums of the same areas may differ, as a share.
ROUNDING = 1e-9
#: What is narrower than this is rounding, a hundredth of the resolution of delivered databases (0.0001 m); a vertex as
#: near to a neighbour's edge lies on it. Coordinates in metres hold some 1e-8 m.
NARROWEST_M = 1e-6


def land(geometries: Geometries) -> tuple[Geometries, Index, int]:
    """Return the polygons of a layer that can be laid over others, their positions, and how many were mended for it."""
    at = np.flatnonzero(shapely.get_dimensions(geometries) == 2)
    at = at[~shapely.is_empty(geometries[at])]
    found = np.array(geometries[at], dtype=object)
    wrong = np.flatnonzero(~shapely.is_valid(found))
    found[wrong] = shapely.make_valid(found[wrong], method="structure", keep_collapsed=False)
    kept = (shapely.get_dimensions(found) == 2) & ~shapely.is_empty(found)
    return found[kept], at[kept], len(wrong)


def overlaps(polygons: Geometries, above_m2: float, grid_m: float) -> tuple[Faults, int]:
    """Find the pairs of polygons that share more than an area, and what they share; and how many pairs do not add up.

    Of two polygons that overlap, one has an edge that does not match its neighbour's; those alone are cut, with
    whatever lies around them.
    """
    some = np.flatnonzero(~_fitting(polygons)[0])
    cut = overlay.intersect(polygons[some], polygons, grid_m=grid_m, leave_unsure=True)
    one, other = some[cut.left], cut.right
    # A pair of two that do not match is found from both sides.
    doubtful = np.zeros(len(polygons), dtype=bool)
    doubtful[some] = True
    pair = (one < other) | ((one > other) & ~doubtful[other])
    left, right = np.minimum(one, other)[pair], np.maximum(one, other)[pair]
    shape, unsure = cut.geometry[pair], cut.unsure[pair]
    area = shapely.area(shape)
    # What is narrower than the grid is rounding.
    real = ~unsure & (area > np.maximum(above_m2, shapely.length(shape) * grid_m))
    return Faults(left[real], shape[real], area[real], right[real]), int(unsure.sum())


def gaps(polygons: Geometries) -> tuple[Faults, int]:
    """Find the holes of the land of all polygons together, each named by two of its neighbours.

    Those narrower than rounding (`NARROWEST_M`, twice the area over the perimeter) are only counted.
    """
    whole = united(polygons)
    rings, of = shapely.get_rings(whole, return_index=True)
    inner = np.r_[False, np.diff(of) == 0][: len(of)]
    found = shapely.polygons(rings[inner])
    # Land that stands alone within a hole is none of it.
    hole, part = shapely.STRtree(whole).query(found, predicate="contains_properly")
    for at in np.unique(hole).tolist():
        found[at] = shapely.difference(found[at], shapely.union_all(whole[part[hole == at]]))
    wide = 2 * shapely.area(found) > NARROWEST_M * shapely.length(found)
    narrow, found = int((~wide).sum()), found[wide]
    hole, near = shapely.STRtree(polygons).query(found, predicate="intersects")
    first, other = np.full(len(found), -1, dtype=np.intp), np.full(len(found), -1, dtype=np.intp)
    start = np.flatnonzero(np.r_[True, np.diff(hole) != 0][: len(hole)])
    first[hole[start]] = near[start]
    again = start[np.diff(np.r_[start, len(hole)]) > 1] + 1
    other[hole[again]] = near[again]
    return Faults(first, found, shapely.area(found), other), narrow


def not_covered(polygons: Geometries, cover: Geometries, above_m2: float, grid_m: float) -> tuple[Faults, int]:
    """Find the land of polygons beyond all of a cover, in pieces; and how many pieces do not add up."""
    own = united(polygons)
    cut = overlay.split(own, united(cover), grid_m=grid_m, leave_unsure=True)
    rest = cut.outside[~cut.unsure]
    pieces, _ = overlay.polygons_of(overlay.dissolve(rest) if len(rest) else rest)
    area = shapely.area(pieces)
    pieces = pieces[area > np.maximum(above_m2, shapely.length(pieces) * grid_m)]
    piece, whose = shapely.STRtree(polygons).query(shapely.point_on_surface(pieces), predicate="intersects")
    at = np.full(len(pieces), -1, dtype=np.intp)
    at[piece[::-1]] = whose[::-1]
    return Faults(at, pieces, shapely.area(pieces)), int(cut.unsure.sum())


def loose_ends(lines: Geometries, nearer_m: float) -> Faults:
    """Find ends of lines that meet no other line; closed lines have none."""
    parts, owner = shapely.get_parts(lines, return_index=True)
    keep = (shapely.get_type_id(parts) == 1) & ~shapely.is_empty(parts)
    parts, owner = parts[keep], owner[keep]
    keep = ~shapely.is_closed(parts)
    ends = np.r_[shapely.get_point(parts[keep], 0), shapely.get_point(parts[keep], -1)]
    own = np.r_[np.flatnonzero(keep), np.flatnonzero(keep)]
    end, near = shapely.STRtree(parts).query(ends, predicate="dwithin", distance=nearer_m)
    met = np.zeros(len(ends), dtype=bool)
    met[end[near != own[end]]] = True
    at = np.flatnonzero(~met)
    return Faults(owner[own[at]], ends[at])


def off_edges(lines: Geometries, polygons: Geometries, nearer_m: float) -> Faults:
    """Find the parts of lines that do not run along an edge of polygons; the size is their length."""
    at = np.flatnonzero((shapely.get_dimensions(lines) == 1) & ~shapely.is_empty(lines))
    edges = shapely.boundary(polygons)
    line, near = shapely.STRtree(edges).query(lines[at], predicate="dwithin", distance=nearer_m)
    strip = np.full(len(at), None, dtype=object)
    for one in np.unique(line).tolist():
        box = shapely.bounds(shapely.buffer(lines[at[one]], 2 * nearer_m)).tolist()
        beside = shapely.clip_by_rect(edges[near[line == one]], *box)
        strip[one] = shapely.buffer(shapely.union_all(beside), nearer_m)
    there = ~shapely.is_missing(strip)
    rest: Any = np.array(lines[at], dtype=object)
    rest[there] = shapely.difference(rest[there], strip[there])
    parts, whose = shapely.get_parts(rest, return_index=True)
    long = shapely.length(parts) > 2 * nearer_m
    return Faults(at[whose[long]], parts[long], shapely.length(parts[long]))


def united(polygons: Geometries) -> Geometries:
    """Return the land of polygons as single polygons; those that match their neighbours are joined without cutting."""
    fitting, joined = _fitting(polygons)
    rest = polygons[~fitting]
    if not len(rest):
        return shapely.get_parts(joined)
    return shapely.get_parts(shapely.union_all([*rest, *([] if joined is None else [joined])]))


def _fitting(polygons: Geometries) -> tuple[NDArray[np.bool_], Any]:
    """Say which polygons share their edges with their neighbours vertex by vertex; and return the land of these.

    Two layers that fit in themselves may lie one over the other: their land is then not valid, less than the sum, or
    cannot be told, and none of them counts as fitting.
    """
    if not len(polygons):
        return np.zeros(0, dtype=bool), None
    found: NDArray[np.bool_] = shapely.is_empty(shapely.coverage_invalid_edges(polygons))
    if not found.any():
        return found, None
    try:
        joined = shapely.coverage_union_all(polygons[found])
    except shapely.errors.GEOSException:
        return np.zeros(len(polygons), dtype=bool), None
    total = float(shapely.area(polygons[found]).sum())
    if not shapely.is_valid(joined) or abs(float(shapely.area(joined)) - total) > ROUNDING * total:
        return np.zeros(len(polygons), dtype=bool), None
    return found, joined
