"""Say which points lie in land."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from gis_planning.geo import Flags, Floats, Geometries, Index
from gis_planning.overlay.cuts import subdivide

#: Places that are points at the same time: as such they take ten times the memory of their numbers.
BLOCK = 200_000


def hit(points: Any, zone: Any) -> Flags:
    """Say which points lie in a zone."""
    pieces, _ = subdivide(zone)
    found = np.zeros(len(points), dtype=bool)
    found[shapely.STRtree(pieces).query(points, predicate="intersects")[0]] = True
    return found


def hit_at(xy: Floats, zone: Any) -> Flags:
    """Say which places, given by their coordinates, lie in a zone."""
    found = np.zeros(len(xy), dtype=bool)
    for some, points in blocks(xy):
        found[some] = hit(points, zone)
    return found


def zone_of(points: Any, zones: Any) -> Index:
    """Return the first zone in which each point lies, -1 where it lies in none."""
    found = np.full(len(points), len(zones), dtype=np.intp)
    # Asked by zones: what asks is prepared, and zones have many corners where points have none.
    zone, which = shapely.STRtree(points).query(zones, predicate="intersects")
    np.minimum.at(found, which, zone)
    return np.where(found < len(zones), found, -1)


def zone_at(xy: Floats, zones: Any) -> Index:
    """Return the first zone in which each place lies, given by its coordinates; -1 where it lies in none."""
    return np.concatenate([zone_of(points, zones) for _, points in blocks(xy)])


def blocks(xy: Floats) -> Iterator[tuple[slice, Geometries]]:
    """Yield places as points, some at a time, and which those are; an empty block where there are none."""
    for first in range(0, max(len(xy), 1), BLOCK):
        some = slice(first, min(first + BLOCK, len(xy)))
        yield some, np.asarray(shapely.points(xy[some]))
