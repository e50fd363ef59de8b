"""Lay out what a map of faults stands on: the layers that were judged, as they were delivered."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gis_planning.county.opened import County
from gis_planning.county.raw import Raw
from gis_planning.errors import InputError, NotAssessed

#: Of layers with more features so many are drawn: faults are what their map has to show.
MOST = 60_000
#: What classes of land are called in deliveries and in counties of our own making.
CLASS = ("dlbm", "class")


def beneath(county: County, layers: Iterable[str]) -> dict[str, gpd.GeoDataFrame]:
    """Return layers as they were delivered, in the working CRS and mended in nothing, for looking only.

    Left out are those that are not there or cannot be read. Of a layer with more than `MOST` features so many are
    taken: the largest, or points evenly from first to last.
    """
    found = {}
    for layer in layers:
        with suppress(NotAssessed, InputError):
            delivered = county.as_delivered(layer)
            if len(delivered.frame):
                found[layer] = _laid(delivered)
    return {layer: frame for layer, frame in found.items() if len(frame)}


def _laid(layer: Raw) -> gpd.GeoDataFrame:
    rows = _thinned(layer.geometry)
    shapes = layer.drawn(rows)
    by_name = {str(one).casefold(): one for one in layer.frame.columns}
    own = next((by_name[one] for one in CLASS if one in by_name), None)
    columns = {} if own is None else {"class": layer.frame[own].to_numpy()[rows]}
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=layer.working)
    return frame[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))].reset_index(drop=True)


def _thinned(shapes: NDArray[np.object_]) -> NDArray[np.intp]:
    """Return which features are drawn, in the order they were delivered."""
    if len(shapes) <= MOST:
        return np.arange(len(shapes))
    size = shapely.area(shapes) if (shapely.get_dimensions(shapes) == 2).any() else shapely.length(shapes)
    if not np.nanmax(size, initial=0.0):
        return np.linspace(0, len(shapes) - 1, MOST).astype(np.intp)
    return np.sort(np.argsort(-size, kind="stable")[:MOST])
