"""Lay out what a map of faults stands on: the layers that were judged, as they were delivered."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

import geopandas as gpd
import numpy as np
import shapely

from gis_planning.county.opened import County
from gis_planning.county.raw import Raw
from gis_planning.errors import InputError, NotAssessed

#: Layers with more features are left off the map: its faults are what it has to show.
MOST = 60_000
#: What classes of land are called in deliveries and in counties of our own making.
CLASS = ("dlbm", "class")


def beneath(county: County, layers: Iterable[str]) -> dict[str, gpd.GeoDataFrame]:
    """Return layers as they were delivered, in the working CRS and mended in nothing, for looking only.

    Left out are those that are not there or cannot be read, and those with more than `MOST` features.
    """
    found = {}
    for layer in layers:
        with suppress(NotAssessed, InputError):
            delivered = county.as_delivered(layer)
            if 0 < len(delivered.frame) <= MOST:
                found[layer] = _laid(delivered)
    return {layer: frame for layer, frame in found.items() if len(frame)}


def _laid(layer: Raw) -> gpd.GeoDataFrame:
    shapes = layer.drawn(np.arange(len(layer.frame)))
    by_name = {str(one).casefold(): one for one in layer.frame.columns}
    own = next((by_name[one] for one in CLASS if one in by_name), None)
    columns = {} if own is None else {"class": layer.frame[own].to_numpy()}
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=layer.working)
    return frame[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))].reset_index(drop=True)
