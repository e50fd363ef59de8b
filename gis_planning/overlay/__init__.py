"""Find who overlaps whom and by how much, exactly, at county scale."""

from gis_planning.overlay.cuts import (
    EMPTY,
    GRID_M,
    PIECE_VERTICES,
    Pieces,
    Split,
    apart,
    dissolve,
    groups_of,
    intersect,
    joined,
    polygons_of,
    split,
    subdivide,
    without_overlap,
)
from gis_planning.overlay.points import blocks, hit, hit_at, zone_at, zone_of

__all__ = [
    "EMPTY",
    "GRID_M",
    "PIECE_VERTICES",
    "Pieces",
    "Split",
    "apart",
    "blocks",
    "dissolve",
    "groups_of",
    "hit",
    "hit_at",
    "intersect",
    "joined",
    "polygons_of",
    "split",
    "subdivide",
    "without_overlap",
    "zone_at",
    "zone_of",
]
