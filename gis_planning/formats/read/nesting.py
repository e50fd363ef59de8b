"""Make polygons of rings by where they lie: a ring inside another is a hole, a ring inside a hole is land again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import shapely

Point = tuple[float, float]

#: Surveys write millimetres: nearer points are the same, and rings touch within a strip of this width.
TOUCH = 0.001


@dataclass(frozen=True)
class Nesting:
    """How rings lie in each other: for each outer ring, its position and those of its holes.

    Rings of a `crossing` pair overlap with neither inside the other, the larger first; both are outer rings or both
    holes. Those of a `repeated` pair are the same, and the second is taken for nothing.
    """

    polygons: list[tuple[int, list[int]]]
    crossing: list[tuple[int, int]] = field(default_factory=list)
    repeated: list[tuple[int, int]] = field(default_factory=list)


def close(ring: Sequence[Point]) -> list[Point]:
    """Return a ring whose last point is its first."""
    return list(ring) if ring[0] == ring[-1] else [*ring, ring[0]]


def near(one: Point, two: Point) -> bool:
    """Say whether two points are the same to the millimetre."""
    return max(abs(one[0] - two[0]), abs(one[1] - two[1])) <= TOUCH


def end_of_ring(points: Sequence[Point]) -> int:
    """Return how many of a run of points are its first ring: up to where it is back at its start.

    A run that ends at its start is one ring, even if it touches it in between; unless it sets out from there anew.

    Examples
    --------
    >>> end_of_ring([(0, 0), (1, 0), (1, 1), (0, 0), (5, 5), (6, 5), (6, 6), (5, 5)])
    4
    """
    back = next((at for at in range(3, len(points)) if points[at] == points[0]), None)
    if back is None or back == len(points) - 1:
        return len(points)
    touches = points[-1] == points[0] and points[back + 1] != points[0]
    return len(points) if touches else back + 1


def nest(rings: Sequence[Sequence[Point]], touch: float = TOUCH) -> Nesting:
    """Return how closed rings lie in each other; self-crossing ones count as the land they enclose.

    Examples
    --------
    >>> square = [(0, 0), (9, 0), (9, 9), (0, 9), (0, 0)]
    >>> inner = [(x / 3 + 3, y / 3 + 3) for x, y in square]
    >>> nest([inner, square]).polygons
    [(1, [0])]
    """
    if not rings:
        return Nesting([])
    land = [_land(ring) for ring in rings]
    areas = shapely.area(land)
    order = sorted(range(len(rings)), key=lambda at: (-areas[at], at))
    rank = {at: position for position, at in enumerate(order)}
    inside: dict[int, list[int]] = {at: [] for at in order}
    crossing, repeated, gone = [], [], set()
    outer, inner = shapely.STRtree(land).query(land, predicate="intersects")
    pairs = [(int(one), int(two)) for one, two in zip(outer, inner, strict=True) if rank[int(one)] < rank[int(two)]]
    for large, small in sorted(pairs, key=lambda pair: (rank[pair[0]], rank[pair[1]])):
        if large in gone or small in gone:
            continue
        strip = touch * shapely.length(land[small]) + 1e-9
        shared = shapely.area(shapely.intersection(land[large], land[small]))
        if areas[small] - shared > strip:
            crossing += [(large, small)] if shared > strip else []
        elif areas[large] - shared <= touch * shapely.length(land[large]) + 1e-9:
            repeated.append((large, small))
            gone.add(small)
        else:
            inside[small].append(large)
    kept = [at for at in order if at not in gone]
    holes: dict[int, list[int]] = {at: [] for at in sorted(kept) if len(inside[at]) % 2 == 0}
    for at in sorted(kept):
        if len(inside[at]) % 2:
            # The smallest outer ring around it; those that merely cross each other do not nest.
            around = [one for one in inside[at] if one in holes]
            if around:
                holes[max(around, key=lambda one: rank[one])].append(at)
            else:
                # Inside a hole but, by less than a millimetre, not inside what the hole is cut from.
                holes[at] = []
    return Nesting(list(holes.items()), crossing, repeated)


def assemble(rings: Sequence[Sequence[Point]], nesting: Nesting) -> list[shapely.Polygon]:
    """Return the polygons of a nesting, with their rings as they were given."""
    return [shapely.Polygon(rings[shell], [rings[hole] for hole in holes]) for shell, holes in nesting.polygons]


def one_geometry(polygons: Sequence[shapely.Polygon]) -> Any:
    """Return one polygon as it is, several as a multipolygon."""
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(list(polygons))


def _land(ring: Sequence[Point]) -> Any:
    polygon = shapely.Polygon(ring)
    return polygon if polygon.is_valid else shapely.make_valid(polygon)
