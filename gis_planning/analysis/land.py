"""Know the residential land that is measured: inside the study area, every spot once."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import shapely

from gis_planning import overlay
from gis_planning.analysis.derived import derived
from gis_planning.errors import LayerError


@derived()
def residential_land(residential: gpd.GeoDataFrame, study_area: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the residential land of the study area, every spot once.

    Rows keep the parcel's attributes; `parcel_m2` is the area of the whole parcel, inside the study area and out of it.

    Raises
    ------
    LayerError
        There is none.
    """
    parcels = residential.geometry.to_numpy()
    inside = overlay.split(parcels, united(study_area)).inside
    land = residential.set_geometry(overlay.without_overlap(inside), crs=residential.crs)
    land = land.assign(parcel_m2=shapely.area(parcels))
    land = land[shapely.area(land.geometry.to_numpy()) > 0]
    if not len(land):
        raise LayerError("green.no_residential_land")
    return land


def united(study_area: gpd.GeoDataFrame) -> Any:
    """Return the study area as polygons that do not overlap."""
    return overlay.dissolve(study_area.geometry.to_numpy())
