"""Write geometries small: degrees as whole millionths (0.1 m), each point as its step from the one before."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely

#: Steps in one degree.
SCALE = 1_000_000
#: What the page is drawn in. CGCS2000 and WGS 84 differ by centimetres at most, far below what a page shows.
DRAWN_CRS = 4326

_POLYGON, _LINE, _POINT = "p", "l", "o"
_KINDS = {0: _POINT, 1: _LINE, 2: _LINE, 3: _POLYGON, 4: _POINT, 5: _LINE, 6: _POLYGON}


def to_degrees(frame: gpd.GeoDataFrame) -> Any:
    """Return the geometries of a frame in degrees."""
    return frame.geometry.to_crs(DRAWN_CRS).to_numpy()


def origin(degrees: Any) -> tuple[int, int]:
    """Return the point from which a page counts its steps."""
    west, south, _, _ = shapely.total_bounds(degrees)
    return round(west * SCALE), round(south * SCALE)


def encoded(geometry: Any, start: tuple[int, int]) -> tuple[str, list[Any]] | None:
    """Return what a geometry is and its steps; None for one there is nothing to draw of.

    A polygon is a list of polygons, each a list of rings; a line a list of lines; points are a list of points.

    Examples
    --------
    >>> encoded(shapely.box(0.000002, 0, 0.000004, 0.000001), (0, 0))
    ('p', [[[4, 0, 0, 1, -2, 0, 0, -1]]])
    """
    if shapely.is_missing(geometry) or shapely.is_empty(geometry):
        return None
    parts = _same_kind(shapely.get_parts(geometry))
    kind = _KINDS[int(shapely.get_type_id(parts[0]))]
    if kind == _POLYGON:
        return kind, [[_steps(ring, start)[:-2] for ring in _rings(part)] for part in parts]
    return kind, [_steps(part, start) for part in parts]


def _same_kind(parts: Any) -> Any:
    """Return the parts of the highest dimension; a collection of mixed ones is rare and drawn by what fills most."""
    parts = np.concatenate([shapely.get_parts(part) for part in parts])
    dimension = shapely.get_dimensions(parts)
    return parts[dimension == dimension.max()]


def _rings(polygon: Any) -> list[Any]:
    """Return the outer ring and those holes of which anything is left when they are rounded."""
    outer, *holes = shapely.get_rings(polygon)
    return [outer, *(hole for hole in holes if shapely.length(hole) * SCALE > 2)]


def _steps(line: Any, start: tuple[int, int]) -> list[int]:
    points = np.rint(shapely.get_coordinates(line) * SCALE).astype(np.int64)
    steps = np.diff(points, axis=0, prepend=np.array([start]))
    moved = steps.any(axis=1)
    # The first point stays, and so does the last one of a ring, which the caller drops.
    moved[0] = moved[-1] = True
    return [int(step) for step in steps[moved].ravel()]
