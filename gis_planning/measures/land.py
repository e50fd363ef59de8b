"""Know the residential land that is measured: inside the study area, every spot once."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gis_planning import overlay
from gis_planning.errors import LayerError


def residential_land(residential: gpd.GeoDataFrame, area: Any) -> gpd.GeoDataFrame:
    """Return the residential land of the study area, every spot once; rows keep the parcel's attributes.

    Raises
    ------
    LayerError
        There is none.
    """
    inside = overlay.split(residential.geometry.to_numpy(), area).inside
    land = residential.set_geometry(overlay.without_overlap(inside), crs=residential.crs)
    land = land[shapely.area(land.geometry.to_numpy()) > 0]
    if not len(land):
        raise LayerError("green.no_residential_land")
    return land


def hit(points: Any, zone: Any) -> Any:
    """Say which points lie in a zone."""
    pieces, _ = overlay.subdivide(zone)
    hit = np.zeros(len(points), dtype=bool)
    hit[shapely.STRtree(pieces).query(points, predicate="intersects")[0]] = True
    return hit


def united(study_area: gpd.GeoDataFrame) -> Any:
    """Return the study area as polygons that do not overlap."""
    return overlay.dissolve(study_area.geometry.to_numpy())
