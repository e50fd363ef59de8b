"""Tell areas that can be read in two ways, by how their rings lie in each other and which way round they run.

A hole that runs the way its shell does is a second area in a shapefile, and a part inside a part in all formats it is
saved in afterwards. Whether it was meant as a hole cannot be told; filling it makes land of a lawful enclave.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_planning.texts import Text, text

#: Readings that differ by less in every ring are one reading.
DOUBT_M2 = 1.0
#: A part that sticks out of another by less (of its area, or in m2) lies inside it, but for rounding.
_OUTSIDE_SHARE = 0.01
#: The type of a collection; its members may lie in each other while it is valid.
COLLECTION = 7

#: No place has such a coordinate, in whatever unit.
BEYOND = 1e15


def doubts(areas: Any) -> dict[int, Text]:
    """Return what can be read in two ways in some geometries, by position; coordinates are in metres.

    Looked at are those that are not valid, and collections, whose members may lie in each other while they are valid.
    Parts that overlap in part are one area, as are parts given twice: no other reading of them makes sense.
    """
    flat = np.asarray(areas, dtype=object)
    asked = np.flatnonzero(
        (shapely.get_dimensions(flat) == 2) & (~shapely.is_valid(flat) | (shapely.get_type_id(flat) == COLLECTION))
    )
    found = {int(at): _doubt(list(_polygons(flat[at]))) for at in np.setdiff1d(asked, _boundless(flat))}
    return {at: one for at, one in found.items() if one is not None}


def _doubt(parts: list[Any]) -> Text | None:
    """Return what is open about an area of some polygons, None where nothing is."""
    for at, part in enumerate(parts, 1):
        if not part.is_valid and (said := _of_rings(part, at)) is not None:
            return said
    if len(parts) < 2:
        return None
    mended = shapely.make_valid(np.array(parts, dtype=object), method="structure", keep_collapsed=False)
    inside = _covered(mended)
    return text("windings.part_in_part", inner=inside[0] + 1, outer=inside[1] + 1) if inside is not None else None


def _of_rings(part: Any, at: int) -> Text | None:
    """Return what is open about the rings of one polygon: loops, a hole in a hole, a hole as large as its shell."""
    rings = np.array([shapely.Polygon(interior) for interior in (part.exterior, *part.interiors)], dtype=object)
    for ring in np.flatnonzero(~shapely.is_valid(rings)).tolist():
        filled = _made_valid(rings[ring], "structure")
        if _largest(shapely.symmetric_difference(filled, _made_valid(rings[ring], "linework"))) > DOUBT_M2:
            return text("windings.loop", part=at, ring=ring + 1)
    mended = shapely.make_valid(rings, method="structure", keep_collapsed=False)
    shell, holes = mended[0], mended[1:]
    swallows = shapely.area(shapely.difference(shell, holes)) <= _slack(shapely.area(shell))
    if shapely.area(shell) > DOUBT_M2 and swallows.any():
        return text("windings.hole_over_shell", part=at, ring=int(np.argmax(swallows)) + 2)
    inside = _covered(holes) if len(holes) > 1 else None
    return text("windings.hole_in_hole", part=at, inner=inside[0] + 2, outer=inside[1] + 2) if inside else None


def _covered(areas: NDArray[np.object_]) -> tuple[int, int] | None:
    """Return the positions of an area and of another that covers it, the same twice aside; None where there is none."""
    inner, outer = shapely.STRtree(areas).query(areas, predicate="intersects")
    apart = inner != outer
    inner, outer = inner[apart], outer[apart]
    shared = shapely.area(shapely.intersection(areas[inner], areas[outer]))
    size = shapely.area(areas)
    within = (shared > DOUBT_M2) & (size[inner] - shared <= _slack(size[inner]))
    twice = size[outer] - shared <= _slack(size[outer])
    at = np.flatnonzero(within & ~twice)
    return (int(inner[at[0]]), int(outer[at[0]])) if len(at) else None


def _slack(size: Any) -> Any:
    return np.minimum(DOUBT_M2, _OUTSIDE_SHARE * size)


def _largest(area: Any) -> float:
    return max((polygon.area for polygon in _polygons(area)), default=0.0)


def _made_valid(area: Any, method: Any) -> Any:
    """Return an area made valid; lines and points that are left of it have no part in it."""
    return shapely.union_all(list(_polygons(shapely.make_valid(area, method=method))))


def _polygons(area: Any) -> Iterator[Any]:
    """Yield the polygons of a geometry at any depth."""
    if area.geom_type == "Polygon":
        if not area.is_empty:
            yield area
    elif hasattr(area, "geoms"):
        for geom in area.geoms:
            yield from _polygons(geom)


# -- shapefiles


def as_wound(areas: Any) -> NDArray[np.intp]:
    """Put areas of a shapefile as their rings are wound, in place, and return the positions of those that were not.

    A shapefile tells shells from holes by nothing but their direction. Where all rings run one way GDAL guesses; holes
    it has guessed become parts again, inside others, so that nobody takes them for what is written.
    """
    changed = np.flatnonzero(_alike(areas))
    for at in changed:
        parts: list[Any] = []
        for part in _polygons(areas[at]):
            alike = [interior for interior in part.interiors if interior.is_ccw == part.exterior.is_ccw]
            parts.append(
                shapely.Polygon(part.exterior, [interior for interior in part.interiors if interior not in alike])
            )
            parts += [shapely.Polygon(one) for one in alike]
        areas[at] = shapely.MultiPolygon(parts)
    return changed


def _alike(areas: Any) -> NDArray[np.bool_]:
    """Say which areas have a hole that runs the way its shell does."""
    parts, owner = shapely.get_parts(areas, return_index=True)
    found = np.zeros(len(areas), dtype=bool)
    holed = (shapely.get_num_interior_rings(parts) > 0) & ~np.isin(owner, _boundless(areas))
    parts, owner = parts[holed], owner[holed]
    rings, part = shapely.get_rings(parts, return_index=True)
    first = np.concatenate([[True], part[1:] != part[:-1]]) if len(part) else np.zeros(0, dtype=bool)
    ccw = shapely.is_ccw(rings)
    shell = ccw[first][part]
    found[owner[part[~first & (ccw == shell)]]] = True
    return found


def _boundless(areas: Any) -> NDArray[np.intp]:
    """Return the positions of what runs to infinity, or nearly so: nobody can say what it encloses, or how it is wound.

    It is refused as what it is, elsewhere.
    """
    points, owner = shapely.get_coordinates(areas, return_index=True)
    return np.unique(owner[~(np.abs(points) < BEYOND).all(axis=1)])
