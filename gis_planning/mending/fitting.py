"""Fit polygons together where they overlap or gape, and leave all others as they are.

Not by the cleaner of the geometry library: where a neighbour lacks a vertex on a shared edge, it gives land that nobody
contests to the wrong one (GEOS 3.14).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis_planning.geo import Flags, Index
from gis_planning.measures import topology
from gis_planning.measures.topology import NARROWEST_M


def fitted(own: Any, others: Any, gaps_below_m: float) -> tuple[Any, Flags]:
    """Return polygons without overlaps and narrow gaps, and which of them had to be changed for it.

    An overlap goes to the one of its owners, a gap to the one of its neighbours, with the longest border to it. Only
    polygons that overlap, or lie at a gap, are looked at together; of these, those that neither give nor get stay too.

    Parameters
    ----------
    own
        Valid polygons on the plane.
    others
        Polygons that hold land but are not changed.
    gaps_below_m
        Holes between polygons no wider than this are filled.

    Examples
    --------
    >>> own = np.array([shapely.box(0, 0, 2, 1), shapely.box(1.9, 0, 4, 1), shapely.box(4, 0, 5, 1)])
    >>> done, changed = fitted(own, own[:0], 0.0)
    >>> shapely.area(done).round(6).tolist(), changed.tolist()
    ([2.0, 2.0, 1.0], [False, True, False])
    """
    overlaps, _ = topology.overlaps(own, 0.0, NARROWEST_M)
    left, right = np.asarray(overlaps.at), np.asarray(overlaps.other)
    holes = _narrow_holes(np.r_[own, others], gaps_below_m) if gaps_below_m > 0 else own[:0]
    hole, beside = shapely.STRtree(own).query(holes, predicate="dwithin", distance=NARROWEST_M)
    # Holes are nodes of their own, after the polygons.
    size = len(own) + len(holes)
    one, other = np.r_[left, beside], np.r_[right, hole + len(own)]
    links = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(size, size))
    group = connected_components(links, directed=False)[1]
    done, changed = own.copy(), np.zeros(len(own), dtype=bool)
    for members in _members(group, np.unique(np.r_[left, right, beside])):
        around = holes[group[len(own) :] == group[members[0]]]
        for at, shape in _settled(own[members], around).items():
            done[members[at]], changed[members[at]] = shape, True
    return done, changed


def matched(shapes: Any, before: Any, changed: Flags) -> tuple[Any, Flags]:
    """Return polygons of which those beside changed ones have their new vertices too, and which got some.

    A vertex that rounding puts a hair beside a neighbour's edge would leave a gap there that was none. Changed ones
    may lie beside one another, each with new vertices of its own.
    """
    done, got = shapes.copy(), np.zeros(len(shapes), dtype=bool)
    at = np.flatnonzero(changed)
    if not len(at):
        return done, got
    fresh = np.array(sorted(_vertices(shapes[at]) - _vertices(before[at])))
    points = shapely.points(fresh) if len(fresh) else np.array([], dtype=object)
    _, near = shapely.STRtree(shapes).query(points, predicate="dwithin", distance=NARROWEST_M)
    for one in np.unique(near).tolist():
        done[one] = _with_vertices(shapes[one], points)
        got[one] = done[one] is not shapes[one]
    return done, got


def _vertices(shapes: Any) -> set[tuple[float, float]]:
    return {(x, y) for x, y in shapely.get_coordinates(shapes).tolist()}


def _members(group: Index, concerned: Index) -> list[Index]:
    """Return the polygons of each group."""
    ordered = concerned[np.argsort(group[concerned], kind="stable")]
    return [one for one in np.split(ordered, np.flatnonzero(np.diff(group[ordered])) + 1) if len(one)]


def _narrow_holes(polygons: Any, narrower_m: float) -> Any:
    holes = np.asarray(topology.gaps(polygons)[0].place, dtype=object)
    return holes[shapely.is_empty(shapely.buffer(holes, -narrower_m / 2))]


# -- one group


def _settled(own: Any, holes: Any) -> dict[int, Any]:
    """Return the new shapes of the polygons of a group that give or get land."""
    corners = shapely.points(np.array(sorted(_vertices(own))))
    edges = shapely.boundary(np.array([_with_vertices(one, corners) for one in own]))
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(edges)]))
    middle = shapely.point_on_surface(faces)
    face, owner = shapely.STRtree(own).query(middle, predicate="intersects")
    owners: list[list[int]] = [[] for _ in faces]
    for at, one in sorted(zip(owner.tolist(), face.tolist(), strict=True)):
        owners[one].append(at)
    gaping = np.unique(shapely.STRtree(holes).query(middle, predicate="intersects")[0]).tolist() if len(holes) else []
    gaps = {one for one in gaping if not owners[one]}
    given = _given(faces, owners, gaps)
    found = {}
    for at in range(len(own)):
        had = [one for one, whose in enumerate(owners) if at in whose]
        has = [one for one, whose in enumerate(given) if whose == at]
        if had != has:
            found[at] = _joined(faces[has], own[at])
    return found


def _given(faces: Any, owners: list[list[int]], gaps: set[int]) -> list[int]:
    """Return whose each face is in the end, -1 for nobody's."""
    given = [whose[0] if len(whose) == 1 else -1 for whose in owners]
    open_ = [one for one, whose in enumerate(owners) if len(whose) > 1 or one in gaps]
    rings = shapely.boundary(faces)
    one, other = shapely.STRtree(faces).query(faces[open_], predicate="intersects")
    border = shapely.length(shapely.intersection(rings[np.array(open_, dtype=np.intp)[one]], rings[other]))
    beside: dict[int, list[tuple[int, float]]] = {face: [] for face in open_}
    for at, near, length in zip(one.tolist(), other.tolist(), border.tolist(), strict=True):
        if near != open_[at] and length > 0:
            beside[open_[at]].append((near, length))
    while open_:
        chosen = {face: _longest(beside[face], given, owners[face]) for face in open_}
        settled = {face: whose for face, whose in chosen.items() if whose >= 0}
        if not settled:
            # Faces that only border on one another: the first of their owners keeps them, a gap stays one.
            settled = {face: owners[face][0] for face in open_ if owners[face]}
            open_ = [face for face in open_ if owners[face]]
        for face, whose in settled.items():
            given[face] = whose
        open_ = [face for face in open_ if face not in settled]
    return given


def _longest(beside: list[tuple[int, float]], given: list[int], owners: list[int]) -> int:
    """Return who has the longest border to a face, of its owners or, for a gap, of all; -1 where nobody has any."""
    border: dict[int, float] = {}
    for near, length in beside:
        whose = given[near]
        if whose >= 0 and (not owners or whose in owners):
            border[whose] = border.get(whose, 0.0) + length
    # Of equal ones the first, whatever the last digits say.
    return min(border, key=lambda whose: (-round(border[whose], 6), whose), default=-1)


def _joined(faces: Any, before: Any) -> Any:
    """Return faces as one shape, of several parts if it was of several."""
    if not len(faces):
        return shapely.Polygon()
    whole = shapely.coverage_union_all(faces)
    if not shapely.is_valid(whole):
        whole = shapely.union_all(faces)
    parts = shapely.get_parts(whole)
    many = before.geom_type == "MultiPolygon" or len(parts) > 1
    return shapely.MultiPolygon(parts.tolist()) if many else parts[0]


# -- vertices


def _with_vertices(shape: Any, points: Any) -> Any:
    """Return a polygon with those of the points as vertices that lie on its edges, itself where there are none."""
    near = points[shapely.STRtree(points).query(shape.boundary, predicate="dwithin", distance=NARROWEST_M)]
    if not len(near):
        return shape
    parts = [
        shapely.Polygon(
            _ring(part.exterior, near),
            [_ring(interior, near) for interior in part.interiors],
        )
        for part in shapely.get_parts(shape)
    ]
    done = shapely.MultiPolygon(parts) if shape.geom_type == "MultiPolygon" else parts[0]
    same = shapely.get_num_coordinates(done) == shapely.get_num_coordinates(shape)
    return shape if same or not shapely.is_valid(done) else done


def _ring(ring: Any, points: Any) -> Any:
    corners = shapely.get_coordinates(ring, include_z=shapely.has_z(ring))
    points = points[shapely.distance(ring, points) <= NARROWEST_M]
    along = shapely.line_locate_point(ring, points)
    order = np.argsort(along, kind="stable")
    points, along = points[order], along[order]
    passed = np.r_[0.0, np.cumsum(np.hypot(*np.diff(corners[:, :2], axis=0).T))]
    edge = np.clip(np.searchsorted(passed, along, side="right") - 1, 0, len(corners) - 2)
    after, before = along - passed[edge], passed[edge + 1] - along
    apart = np.r_[np.inf, np.diff(along)][: len(along)]
    free = (after > NARROWEST_M) & (before > NARROWEST_M) & (apart > NARROWEST_M)
    edge, share = edge[free], (after / (after + before))[free]
    fresh = corners[edge] + share[:, None] * (corners[edge + 1] - corners[edge])
    fresh[:, :2] = shapely.get_coordinates(points[free])
    return np.insert(corners, edge + 1, fresh, axis=0)
