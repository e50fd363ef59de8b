"""Turn shapes into the degrees that maps of the web are written in, and into other planes of the web."""

from __future__ import annotations

from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from gis_planning.maps.web.made_once import made_once

#: What the page is drawn in. CGCS2000 and WGS 84 differ by centimetres at most, far below what a page shows.
DRAWN_CRS = 4326
#: So many CRS are known again.
MOST_CRS = 1000


def moved(shapes: NDArray[Any], crs: Any, target: Any = DRAWN_CRS) -> NDArray[Any]:
    """Return geometries in another CRS, in degrees where no other is named; each point is moved for itself."""
    if shapely.has_z(shapes).any():
        there: NDArray[Any] = gpd.GeoSeries(shapes, crs=crs).to_crs(target).to_numpy()
        return there
    mover = _mover(crs, target)
    if mover is None:
        return shapes
    points = mover.transform(*shapely.get_coordinates(shapes).T)
    return np.asarray(shapely.set_coordinates(shapes.copy(), np.column_stack(points)))


def boxed(bounds: NDArray[np.float64], crs: Any, target: Any = DRAWN_CRS) -> NDArray[np.float64]:
    """Return boxes (west, south, east, north, one to a row) in another CRS: the bounds of their moved corners."""
    mover = _mover(crs, target)
    if mover is None:
        return bounds
    x, y = mover.transform(bounds[:, [2, 2, 0, 0]].ravel(), bounds[:, [1, 3, 3, 1]].ravel())
    x, y = np.reshape(x, (-1, 4)), np.reshape(y, (-1, 4))
    return np.column_stack([x.min(axis=1), y.min(axis=1), x.max(axis=1), y.max(axis=1)])


def _found(crs: Any, target: Any) -> pyproj.Transformer | None:
    """Return what moves points from one CRS into another, None where they are the same."""
    return _transformer(pyproj.CRS.from_user_input(crs), pyproj.CRS.from_user_input(target))


#: Every layer has a CRS of its own, and to compare two takes as long as to move a thousand points.
_mover = made_once(_found, MOST_CRS)


@cache
def _transformer(source: pyproj.CRS, target: pyproj.CRS) -> pyproj.Transformer | None:
    return None if source.is_exact_same(target) else pyproj.Transformer.from_crs(source, target, always_xy=True)
