"""Find what is wrong with single geometries: rings, vertices, angles, widths; all of a layer at once."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_planning import geo
from gis_planning.geo import Floats, Geometries, Index
from gis_planning.measures.held import Faults

#: Vertices as near as this are one, when angles are measured.
SAME_M = 1e-6
_PLACE = re.compile(r"^(.*?)\[(\S+) (\S+)\]$")


@dataclass(frozen=True)
class Outlines:
    """The rings of polygons and the lines of a layer, vertex by vertex.

    Attributes
    ----------
    xy
        The vertices; a ring ends with its first one.
    line
        By vertex: its ring or line.
    owner
        By ring or line: the position of its feature.
    closed
        By ring or line: whether it is a ring.
    """

    xy: Floats
    line: Index
    owner: Index
    closed: NDArray[np.bool_]


def outlines(geometries: Geometries) -> Outlines:
    """Return the outlines of polygons and lines; points have none."""
    parts, owner = geo.singles(geometries)
    kind = shapely.get_type_id(parts)
    area = kind == 3
    rings, of = shapely.get_rings(parts[area], return_index=True)
    lines = np.isin(kind, (1, 2))
    xy, line = shapely.get_coordinates(np.r_[rings, parts[lines]], return_index=True)
    owners = np.r_[owner[area][of], owner[lines]]
    return Outlines(xy, line, owners, np.arange(len(owners)) < len(rings))


def invalid(geometries: Geometries) -> Faults:
    """Find geometries that are none, empty, not finite, or not valid; where and why."""
    missing = shapely.is_missing(geometries)
    empty = ~missing & shapely.is_empty(geometries)
    wrong = np.flatnonzero(~missing & ~empty & ~shapely.is_valid(geometries))
    reasons, places = [], []
    for at, said in zip(wrong.tolist(), shapely.is_valid_reason(geometries[wrong]), strict=True):
        match = _PLACE.match(said)
        reasons.append("valid_" + re.sub(r"\W+", "_", (match[1] if match else said).strip().lower()))
        point = (float(match[2]), float(match[3])) if match else (np.nan, np.nan)
        places.append(shapely.Point(point) if np.isfinite(point).all() else geometries[at])
    none = np.flatnonzero(missing | empty)
    at = np.r_[none, wrong]
    reason = np.array([*np.where(missing[none], "valid_null", "valid_empty"), *reasons, None], dtype=object)[:-1]
    place = np.array([*[None] * len(none), *places, None], dtype=object)[:-1]
    return Faults(at, place, reason=reason)


def several_parts(geometries: Geometries) -> Faults:
    """Find geometries of several parts; the size is how many."""
    count = shapely.get_num_geometries(geometries)
    at = np.flatnonzero(count > 1)
    return Faults(at, geometries[at], count[at].astype(float))


def holes(geometries: Geometries) -> Faults:
    """Find the holes of polygons; the size is their area."""
    parts, owner = geo.singles(geometries)
    rings, of = shapely.get_rings(parts, return_index=True)
    inner = np.r_[False, np.diff(of) == 0][: len(of)]
    place = shapely.polygons(rings[inner])
    return Faults(owner[of[inner]], place, shapely.area(place))


def repeated_points(geometries: Geometries, nearer_m: float) -> Faults:
    """Find vertices as near to the one before as this; the size is how near."""
    found = outlines(geometries)
    with np.errstate(invalid="ignore"):
        # Between two corners at infinity lies nothing that is known.
        gap = np.hypot(*np.diff(found.xy, axis=0).T)
    at = np.flatnonzero((np.diff(found.line) == 0) & (gap <= nearer_m))
    return Faults(found.owner[found.line[at]], shapely.points(found.xy[at]), gap[at])


def short_edges(geometries: Geometries, shorter_m: float, nearer_m: float) -> Faults:
    """Find edges shorter than a length that are more than a repeated point; the size is their length."""
    found = outlines(geometries)
    length = np.hypot(*np.diff(found.xy, axis=0).T)
    at = np.flatnonzero((np.diff(found.line) == 0) & (length > nearer_m) & (length < shorter_m))
    place = shapely.linestrings(np.stack([found.xy[at], found.xy[at + 1]], axis=1))
    return Faults(found.owner[found.line[at]], place, length[at])


def short_lines(geometries: Geometries, shorter_m: float) -> Faults:
    """Find lines shorter than a length; the size is their length."""
    length = shapely.length(geometries)
    is_line = np.isin(shapely.get_dimensions(geometries), (1,))
    at = np.flatnonzero(is_line & (length < shorter_m))
    return Faults(at, geometries[at], length[at])


def angles(geometries: Geometries, at_least: float, below: float) -> Faults:
    """Find vertices with an angle between two limits in degrees; the size is the angle.

    Vertices that repeat the one before are skipped. A ring is open nowhere; a line has no angle at its ends.
    """
    found = outlines(geometries)
    step = np.r_[np.inf, np.hypot(*np.diff(found.xy, axis=0).T)][: len(found.xy)]
    first = np.r_[True, np.diff(found.line) != 0][: len(found.line)]
    # The last vertex of a ring is its first one.
    last = np.r_[np.diff(found.line) != 0, True][: len(found.line)]
    kept = (first | (step > SAME_M)) & ~(last & found.closed[found.line])
    xy, line = found.xy[kept], found.line[kept]
    begin, end = _ends(line)
    # The vertex before the last of a ring may repeat the first as well.
    again = found.closed[line[begin]] & (np.hypot(*(xy[end] - xy[begin]).T) <= SAME_M) & (end > begin)
    xy, line = np.delete(xy, end[again], axis=0), np.delete(line, end[again])
    begin, end = _ends(line)
    before, after = np.arange(len(line)) - 1, np.arange(len(line)) + 1
    ring = found.closed[line[begin]]
    before[begin], after[end] = np.where(ring, end, begin), np.where(ring, begin, end)
    inward, outward = xy[before] - xy, xy[after] - xy
    sizes = np.hypot(*inward.T) * np.hypot(*outward.T)
    cross = inward[:, 0] * outward[:, 1] - inward[:, 1] * outward[:, 0]
    with np.errstate(invalid="ignore"):
        angle = np.degrees(np.arctan2(np.abs(cross), (inward * outward).sum(axis=1)))
    at = np.flatnonzero((sizes > 0) & (angle >= at_least) & (angle < below))
    return Faults(found.owner[line[at]], shapely.points(xy[at]), angle[at])


def self_touches(geometries: Geometries) -> Faults:
    """Find valid polygons whose outline touches itself, and where: a hole at the edge, two parts at a corner."""
    areas = np.flatnonzero((shapely.get_dimensions(geometries) == 2) & shapely.is_valid(geometries))
    outline = shapely.boundary(geometries[areas])
    doubtful = np.flatnonzero(~shapely.is_simple(outline))
    at, place = [], []
    for one in doubtful.tolist():
        parts = shapely.get_parts(shapely.unary_union(outline[one]))
        ends = np.round(shapely.get_coordinates(np.r_[shapely.get_point(parts, 0), shapely.get_point(parts, -1)]), 6)
        node, count = np.unique(ends, axis=0, return_counts=True)
        # Every ring passes its own start once; where more than two edges end, it touches.
        touched = node[count > 2]
        at += [areas[one]] * len(touched)
        place += list(shapely.points(touched))
    return Faults(np.array(at, dtype=np.intp), np.array([*place, None], dtype=object)[:-1])


def small(geometries: Geometries, below_m2: float) -> Faults:
    """Find polygons smaller than an area, part by part; the size is the area."""
    parts, owner = geo.singles(geometries)
    area = shapely.area(parts)
    at = np.flatnonzero((shapely.get_dimensions(parts) == 2) & (area < below_m2))
    return Faults(owner[at], parts[at], area[at])


def narrow(geometries: Geometries, below_m: float) -> Faults:
    """Find polygons narrower than a width, 2A/P, part by part; the size is the width."""
    parts, owner = geo.singles(geometries)
    width = _widths(parts)
    at = np.flatnonzero((shapely.get_dimensions(parts) == 2) & (width < below_m))
    return Faults(owner[at], parts[at], width[at])


def slivers(
    geometries: Geometries,
    area_m2: float,
    width_m: float,
    elongation: float,
    roundness: float,
    compactness: float,
    spread: float,
) -> Faults:
    """Find polygons that are small or narrow, and long or ragged in two ways at least; the size is the area.

    See `quality.slivers` for the two tests. The narrower side of the box around a polygon is at least 2A/P, so the test
    by that box adds nothing to the one by 2A/P.
    """
    parts, owner = geo.singles(geometries)
    area, length, width = shapely.area(parts), shapely.length(parts), _widths(parts)
    at = np.flatnonzero((shapely.get_dimensions(parts) == 2) & (area > 0) & ((area <= area_m2) | (width <= width_m)))
    parts, owner, area, length = parts[at], owner[at], area[at], length[at]
    box = shapely.oriented_envelope(parts)
    # The box of what is hardly land may be a line.
    land = shapely.get_type_id(box) == 3
    longer, shorter = np.ones(len(box)), np.zeros(len(box))
    sides = shapely.get_coordinates(box[land]).reshape(-1, 5, 2)
    one, other = (np.hypot(*(sides[:, k + 1] - sides[:, k]).T) for k in (0, 1))
    longer[land], shorter[land] = np.maximum(one, other), np.minimum(one, other)
    tests = [
        longer >= elongation * shorter,
        4 * np.pi * area <= roundness * length**2,
        length >= compactness * 2 * np.sqrt(np.pi * area),
        length**2 >= spread * area,
    ]
    found = np.flatnonzero(np.sum(tests, axis=0) >= 2)
    return Faults(owner[found], parts[found], area[found])


def repeated(geometries: Geometries) -> Faults:
    """Find geometries that another feature before has just so, wherever its outline starts and however it turns."""
    some = np.flatnonzero(~(shapely.is_missing(geometries) | shapely.is_empty(geometries)))
    bounds = np.round(shapely.bounds(geometries[some]), 6)
    _, alike, count = np.unique(bounds, axis=0, return_inverse=True, return_counts=True)
    doubtful = some[count[alike.ravel()] > 1]
    shape = shapely.to_wkb(shapely.normalize(geometries[doubtful]))
    first: dict[bytes, int] = {}
    pairs = [(at, first.setdefault(one, at)) for at, one in zip(doubtful.tolist(), shape, strict=True)]
    at, other = np.array([pair for pair in pairs if pair[0] != pair[1]] or np.zeros((0, 2)), dtype=np.intp).T
    return Faults(at, geometries[at], shapely.area(geometries[at]), other)


def off_grid(xy: Geometries, step: float) -> Faults:
    """Find geometries with a vertex off a grid, and the one farthest off; the size is how far in steps."""
    points, owner = shapely.get_coordinates(xy, return_index=True)
    # Doubles hold seven decimals of metres in a zone with its prefix; a thousandth of a step is no decimal of the data.
    off = np.abs(points / step - np.round(points / step)).max(axis=1, initial=0.0)
    slack = np.maximum(1e-3, 4 * np.spacing(np.abs(points).max(axis=1, initial=0.0)) / step)
    bad = np.flatnonzero(off > slack)
    order = bad[np.lexsort((-off[bad], owner[bad]))]
    first = order[np.r_[True, np.diff(owner[order]) != 0][: len(order)]]
    return Faults(owner[first], shapely.points(points[first]), off[first])


def _ends(line: Index) -> tuple[Index, Index]:
    """Return the first and the last vertex of every line."""
    begin = np.flatnonzero(np.r_[True, np.diff(line) != 0][: len(line)])
    return begin, np.r_[begin[1:], len(line)][: len(begin)] - 1


def _widths(parts: Geometries) -> Floats:
    widths: Floats = 2 * shapely.area(parts) / np.maximum(shapely.length(parts), 1e-12)
    return widths
