"""Know how much of a layer of lines lies on some land, every stretch once."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gis_planning import geo, overlay
from gis_planning.geo import Geometries, Index
from gis_planning.homes import words_of


def singled(geometries: Geometries) -> tuple[Geometries, Index]:
    """Return the lines that make up geometries, every stretch once, and which geometry each is from.

    A line drawn twice counts once; of lines that share a stretch the first has it.

    Examples
    --------
    >>> west, both = shapely.LineString([(0, 0), (2, 0)]), shapely.LineString([(1, 0), (3, 0)])
    >>> parts, owner = singled(np.array([west, west, both], dtype=object))
    >>> shapely.length(parts).tolist(), owner.tolist()
    ([2.0, 1.0], [0, 2])
    """
    parts, owner = geo.singles(np.atleast_1d(geometries))
    kept = np.isin(shapely.get_type_id(parts), (1, 2)) & (shapely.length(parts) > 0)
    parts, owner = parts[kept], owner[kept]
    _, first = np.unique(shapely.to_wkb(shapely.normalize(parts)), return_index=True)
    first.sort()
    parts, owner = parts[first].copy(), owner[first]
    left, right = shapely.STRtree(parts).query(parts, predicate="intersects")
    later = left > right
    left, right = left[later], right[later]
    # Lines that cross or meet share points only.
    shared = shapely.relate_pattern(parts[left], parts[right], "1********") if len(left) else np.zeros(0, dtype=bool)
    for one in np.unique(left[shared]):
        before = right[shared & (left == one)]
        parts[one] = shapely.difference(parts[one], shapely.union_all(parts[before]))
    some = shapely.length(parts) > 0
    return parts[some], owner[some]


def within(lines: Geometries, land: Geometries) -> tuple[Geometries, Index]:
    """Return what of lines lies on land, split at its edge, and which line each piece is of.

    Examples
    --------
    >>> street = np.array([shapely.LineString([(-5, 1), (5, 1)])], dtype=object)
    >>> pieces, line = within(street, np.array([shapely.box(0, 0, 9, 9), shapely.box(0, 0, 3, 3)], dtype=object))
    >>> shapely.length(pieces).tolist(), line.tolist()
    ([5.0], [0])
    """
    polygons, _ = overlay.polygons_of(overlay.dissolve(land))
    shapely.prepare(polygons)
    tree = shapely.STRtree(lines)
    polygon, line = tree.query(polygons, predicate="intersects")
    _, whole = tree.query(polygons, predicate="contains_properly")
    cut = ~np.isin(line, whole)
    pieces = np.concatenate([lines[whole], shapely.intersection(lines[line[cut]], polygons[polygon[cut]])])
    owner = np.concatenate([whole, line[cut]])
    some = shapely.length(pieces) > 0
    return pieces[some], owner[some]


def laid(geometries: Geometries, land: Geometries) -> tuple[Geometries, Index]:
    """Return the lines that lie on land, every stretch once, and which geometry each is from."""
    lines, owner = singled(geometries)
    pieces, line = within(lines, land)
    parts, piece = geo.singles(pieces)
    return parts, owner[line][piece]


def classes_of(streets: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Return the class of each street in small letters; "" where it states none."""
    return np.array([one.casefold() for one in words_of(streets, "class")], dtype=object)
