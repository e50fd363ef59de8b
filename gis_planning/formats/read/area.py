"""Read only the part of a large layer that touches an area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gis_planning import geo

if TYPE_CHECKING:
    import geopandas as gpd
    import pyproj

#: Bounds are widened by this share of themselves, so that no rounding on the way to another CRS loses a neighbour.
_WIDER = 1e-9


@dataclass(frozen=True)
class Area:
    """Land by which features are chosen: those that touch it, each whole.

    Attributes
    ----------
    shape
        A polygon in `crs`.
    """

    shape: Any
    crs: pyproj.CRS

    def within(self, crs: pyproj.CRS) -> Any:
        """Return the area in a layer's CRS, prepared for many questions.

        Raises
        ------
        ValueError
            It has no place there.
        """
        moved = geo.reproject(np.array([self.shape]), self.crs, crs)[0]
        shapely.prepare(moved)
        return moved

    def bounds(self, crs: pyproj.CRS) -> tuple[float, float, float, float]:
        """Return the area's west, south, east and north in a layer's CRS."""
        x0, y0, x1, y1 = self.within(crs).bounds
        wider = _WIDER * max(abs(x0), abs(y0), abs(x1), abs(y1))
        return x0 - wider, y0 - wider, x1 + wider, y1 + wider

    def touched(self, frame: gpd.GeoDataFrame, crs: pyproj.CRS) -> gpd.GeoDataFrame:
        """Return the features that touch the area; what has no geometry touches nothing."""
        return frame[shapely.intersects(self.within(crs), frame.geometry.to_numpy())]
