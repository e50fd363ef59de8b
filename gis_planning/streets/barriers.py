"""Cut streets at barriers, and say which straight ways cross one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.ops import substring

from gis_planning.geo import Flags, Floats, Geometries, Index
from gis_planning.streets.noding import SNAP_M, Noded, pieces_of

if TYPE_CHECKING:
    import geopandas as gpd

#: How far from a junction the sides of a barrier are told apart.
LOOK_M = 0.05


@dataclass(frozen=True, eq=False)
class Walls:
    """Barrier lines first, then barrier polygons."""

    parts: Geometries
    lines: int

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The tree of all parts."""
        return shapely.STRtree(self.parts)

    @cached_property
    def outlines(self) -> shapely.STRtree:
        """The tree of the lines and the boundaries of polygons, in pieces."""
        rings = shapely.boundary(self.parts[self.lines :])
        return shapely.STRtree(pieces_of(shapely.get_parts(np.r_[self.parts[: self.lines], rings]))[0])

    def near(self, points: Geometries, distance: Floats) -> Flags:
        """Say which points lie as near to a barrier as said, or inside one."""
        found = np.zeros(len(points), dtype=bool)
        found[self.outlines.query(points, predicate="dwithin", distance=distance)[0]] = True
        rest = np.flatnonzero(~found)
        polygons = self.parts[self.lines :]
        found[rest[shapely.STRtree(points[rest]).query(polygons, predicate="intersects")[1]]] = True
        return found

    def pairs(self, geometries: Geometries) -> tuple[Index, Index]:
        """Return which geometries share a point with which parts."""
        which, part = self.tree.query(geometries, predicate="intersects")
        return which, part


@dataclass
class _Edges:
    """Edges while they are being cut."""

    geometry: list[Any]
    u: list[int]
    v: list[int]
    parent: list[int]


def walls_of(barriers: gpd.GeoDataFrame | None) -> Walls | None:
    """Return the lines and polygons of a barrier layer, without points (see posts.py); None if there are none."""
    if barriers is None:
        return None
    parts = shapely.get_parts(shapely.force_2d(barriers.geometry.to_numpy()))
    parts = parts[~(shapely.is_missing(parts) | shapely.is_empty(parts))]
    kind = shapely.get_type_id(parts)
    lines, polygons = parts[(kind == 1) | (kind == 2)], parts[kind == 3]
    return Walls(np.concatenate([lines, polygons]), len(lines)) if len(lines) + len(polygons) else None


def crossed(legs: Geometries, walls: Walls) -> Flags:
    """Say which straight ways cross a barrier; starting on one, or ending on one, is no crossing."""
    blocked = np.zeros(len(legs), dtype=bool)
    which, part = walls.pairs(legs)
    leg, wall = legs[which], walls.parts[part]
    hit = shapely.relate_pattern(leg, wall, "T********")
    on_its_edge = ~hit & (part < walls.lines)
    hit[on_its_edge] = shapely.relate_pattern(leg[on_its_edge], wall[on_its_edge], "*T*******")
    blocked[which[hit]] = True
    return blocked


def cut_at_walls(noded: Noded, exposed: Flags, walls: Walls) -> tuple[Noded, int]:
    """Cut edges where they cross a barrier (the rule stands in `build`); return how many were.

    Parameters
    ----------
    noded
        Edges cut at their nodes.
    exposed
        Whether an edge can be barred: neither a bridge nor a tunnel, and on the ground.
    walls
        The barriers.
    """
    at = np.flatnonzero(exposed)
    edge, part = walls.pairs(noded.geometry[at])
    edge = at[edge]
    is_line = part < walls.lines
    spots = _crossings(noded.geometry, walls, edge[is_line], part[is_line])
    length = shapely.length(noded.geometry)
    inside = ~is_line
    inside[inside] = shapely.relate_pattern(noded.geometry[edge[inside]], walls.parts[part[inside]], "T********")
    u, v, split = _split_junctions(noded, exposed, walls, spots)
    hard: dict[int, list[float]] = {}
    for one, along, _ in spots:
        if SNAP_M < along < length[one] - SNAP_M:
            hard.setdefault(one, []).append(along)
    land: dict[int, list[Any]] = {}
    for one, polygon in zip(edge[inside].tolist(), walls.parts[part[inside]], strict=True):
        land.setdefault(one, []).append(polygon)
    touched = sorted(hard.keys() | land.keys())
    made = _Edges([], [], [], [])
    spare = len(noded.xy) + split[1]
    for one in touched:
        ends = int(u[one]), int(v[one])
        spare = _cut_one(made, noded.geometry[one], ends, one, hard.get(one, []), land.get(one, []), spare)
    whole = np.setdiff1d(np.arange(len(noded.u)), np.array(touched, dtype=np.intp))
    new = np.empty(len(made.geometry), dtype=object)
    new[:] = made.geometry
    geometry = np.concatenate([noded.geometry[whole], new])
    u = np.r_[u[whole], np.array(made.u, dtype=np.intp)]
    v = np.r_[v[whole], np.array(made.v, dtype=np.intp)]
    parent = np.r_[whole, np.array(made.parent, dtype=np.intp)]
    order = np.argsort(parent, kind="stable")
    geometry, u, v, parent = geometry[order], u[order], v[order], parent[order]
    xy = np.zeros((spare, 2))
    xy[u] = shapely.get_coordinates(shapely.get_point(geometry, 0))
    xy[v] = shapely.get_coordinates(shapely.get_point(geometry, -1))
    return Noded(xy, u, v, geometry, noded.line[parent]), len(set(touched) | split[0])


def _crossings(edges: Geometries, walls: Walls, edge: Index, part: Index) -> list[tuple[int, float, int]]:
    """Return edge, metres along it, and barrier line, where the two cross."""
    shared = shapely.intersection(edges[edge], walls.parts[part])
    points, pair = shapely.get_parts(shared, return_index=True)
    points, pair = points[shapely.get_type_id(points) == 0], pair[shapely.get_type_id(points) == 0]
    edge, part = edge[pair], part[pair]
    # The end of a barrier line beside a street bars nothing; a vertex of both is a gate, a ford or a level crossing.
    ends = shapely.distance(points, shapely.boundary(walls.parts[part]))
    meant = shapely.distance(points, shapely.extract_unique_points(edges[edge])) <= SNAP_M
    meant &= shapely.distance(points, shapely.extract_unique_points(walls.parts[part])) <= SNAP_M
    keep = ~(ends <= SNAP_M) & ~meant
    along = shapely.line_locate_point(edges[edge[keep]], points[keep])
    return list(zip(edge[keep].tolist(), along.tolist(), part[keep].tolist(), strict=True))


def _split_junctions(
    noded: Noded, exposed: Flags, walls: Walls, spots: list[tuple[int, float, int]]
) -> tuple[Index, Index, tuple[set[int], int]]:
    """Part the edges that meet on barrier lines by the side on which they leave; a street along one keeps it open."""
    u, v = noded.u.copy(), noded.v.copy()
    length = shapely.length(noded.geometry)
    here: dict[int, set[int]] = {}
    for one, along, part in spots:
        if along <= SNAP_M:
            here.setdefault(int(noded.u[one]), set()).add(part)
        if along >= length[one] - SNAP_M:
            here.setdefault(int(noded.v[one]), set()).add(part)
    parted: set[int] = set()
    extra = 0
    nodes = np.array(sorted(here), dtype=np.intp)
    arms: dict[int, list[tuple[int, bool]]] = {}
    for one in np.flatnonzero(exposed & (np.isin(noded.u, nodes) | np.isin(noded.v, nodes))).tolist():
        arms.setdefault(int(noded.u[one]), []).append((one, False))
        arms.setdefault(int(noded.v[one]), []).append((one, True))
    for node in nodes.tolist():
        by_wall = [
            [_side(noded.geometry[one], backwards, walls.parts[part]) for one, backwards in arms[node]]
            for part in sorted(here[node])
        ]
        sectors = list(zip(*(sides for sides in by_wall if 0 not in sides), strict=True))
        # Streets that no wall can bar stay at the junction, with the first sector.
        numbers = {sector: k for k, sector in enumerate(sorted(set(sectors), reverse=True))}
        for (one, backwards), sector in zip(arms[node], sectors, strict=False):
            if numbers[sector]:
                (v if backwards else u)[one] = len(noded.xy) + extra + numbers[sector] - 1
                parted.add(one)
        extra += max(len(numbers) - 1, 0)
    return u, v, (parted, extra)


def _side(edge: Any, backwards: bool, wall: Any) -> int:  # noqa: FBT001 - private
    """Say on which side of a barrier line an edge leaves: 1 left, -1 right, 0 along it."""
    start = shapely.get_point(edge, -1 if backwards else 0)
    away = shapely.line_interpolate_point(edge, -LOOK_M if backwards else LOOK_M)
    where = shapely.line_locate_point(wall, start)
    ahead = shapely.line_interpolate_point(wall, min(where + LOOK_M, wall.length))
    behind = shapely.line_interpolate_point(wall, max(where - LOOK_M, 0.0))
    angle, forth, back = (float(np.arctan2(p.y - start.y, p.x - start.x)) for p in (away, ahead, behind))
    turn, opening = (angle - forth) % (2 * np.pi), (back - forth) % (2 * np.pi)
    if min(turn, 2 * np.pi - turn, abs(turn - opening)) < 1e-3:
        return 0
    return 1 if turn < opening else -1


def _cut_one(
    made: _Edges, edge: Any, ends: tuple[int, int], parent: int, hard: list[float], land: list[Any], spare: int
) -> int:
    """Add what is left of one edge; return the next free node number."""
    shores = shapely.get_parts(shapely.intersection(edge, shapely.boundary(np.array(land, dtype=object))))
    soft = shapely.line_locate_point(edge, shapely.get_point(shores[shapely.get_type_id(shores) == 1], 0)).tolist()
    soft += shapely.line_locate_point(edge, shapely.get_point(shores[shapely.get_type_id(shores) == 1], -1)).tolist()
    soft += shapely.line_locate_point(edge, shores[shapely.get_type_id(shores) == 0]).tolist()
    marks: Floats = np.unique(np.r_[0.0, hard, soft, edge.length])
    marks = marks[np.r_[True, np.diff(marks) > SNAP_M]]
    marks[-1] = edge.length
    middles = shapely.line_interpolate_point(edge, (marks[:-1] + marks[1:]) / 2)
    wet = np.zeros(len(middles), dtype=bool)
    for polygon in land:
        wet |= shapely.contains_properly(polygon, middles)
    begin = None
    for k in range(len(wet)):
        if wet[k]:
            continue
        begin = k if begin is None else begin
        barred = k + 1 < len(wet) and (wet[k + 1] or bool(np.any(np.abs(np.array(hard) - marks[k + 1]) <= SNAP_M)))
        if not (barred or k + 1 == len(wet)):
            continue
        made.geometry.append(substring(edge, float(marks[begin]), float(marks[k + 1])))
        made.u.append(ends[0] if begin == 0 else spare)
        spare += begin != 0
        made.v.append(ends[1] if k + 1 == len(wet) else spare)
        spare += k + 1 != len(wet)
        made.parent.append(parent)
        begin = None
    return spare
