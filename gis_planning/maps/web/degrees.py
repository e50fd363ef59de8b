"""Turn shapes into the degrees that maps of the web are written in."""

from __future__ import annotations

from typing import Any

import geopandas as gpd

#: What the page is drawn in. CGCS2000 and WGS 84 differ by centimetres at most, far below what a page shows.
DRAWN_CRS = 4326


def to_degrees(frame: gpd.GeoDataFrame) -> Any:
    """Return the geometries of a frame in degrees."""
    return frame.geometry.to_crs(DRAWN_CRS).to_numpy()
