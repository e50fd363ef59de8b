"""Tell on which side of railways, rivers and roads land lies."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gis_planning import geo
from gis_planning.geo import Flags, Geometries, Index
from gis_planning.homes import words_of

#: So near to the edge of land a line that ends there may be drawn.
EDGE_M = 1.0


def parting(
    streets: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame | None, kinds: tuple[str, ...], classes: tuple[str, ...]
) -> Geometries:
    """Return the lines that part land: barriers of some kinds, polygons by their edge, and streets of some classes."""
    found = [streets.geometry.to_numpy()[np.isin(words_of(streets, "class"), classes)]]
    if barriers is not None:
        walls = barriers.geometry.to_numpy()[np.isin(words_of(barriers, "kind"), kinds)]
        found.append(np.where(shapely.get_dimensions(walls) == 2, shapely.boundary(walls), walls))
    lines = np.concatenate(found)
    return np.asarray(lines[shapely.get_dimensions(lines) == 1])


def apart(lines: Geometries, land: Any, spots: Geometries, other: Index) -> Flags:
    """Say of the first spots, as many as `other` has numbers, which lie on another side of some lines than their other.

    Parameters
    ----------
    lines
        What parts land, as far as it reaches from edge to edge or closes.
    land
        The land that is parted. Its own parts are no sides of anything.
    spots
        Points.
    other
        By spot: the number of another spot.
    """
    # Lines that end on the edge of the land are to cross it.
    inner = geo.buffer(np.array([land], dtype=object), -EDGE_M)[0]
    pieces = np.append(lines, shapely.boundary(inner))
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(pieces)]))
    side, part = (_in_which(spots, areas) for areas in (faces, shapely.get_parts(inner)))
    one, its = np.arange(len(other)), np.asarray(other)
    # What lies on a line lies on neither side of it.
    told = (side[one] >= 0) & (side[its] >= 0) & (part[one] == part[its])
    return np.asarray(told & (side[one] != side[its]))


def _in_which(spots: Geometries, areas: Geometries) -> Index:
    found = np.full(len(spots), -1, dtype=np.intp)
    spot, area = shapely.STRtree(areas).query(spots, predicate="within")
    found[spot] = area
    return found
