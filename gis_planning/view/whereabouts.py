"""Say where a place without a name lies: by which village or street, and in which part of the county's study area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gis_planning.texts import Lang, say

#: A place is called by what has a name and is this near.
NEAR_M = {"villages": 300.0, "streets": 100.0}
#: Nearer to the middle than this share of the half width, a place is in the middle.
MIDDLE = 0.25
#: From east, against the clock.
_WINDS = ("east", "north_east", "north", "north_west", "west", "south_west", "south", "south_east")


def whereabouts(shapes: gpd.GeoSeries, context: Mapping[str, gpd.GeoDataFrame], lang: Lang) -> list[str]:
    """Return for each shape the nearest village or street with a name, and the direction from the middle of the county.

    Parameters
    ----------
    shapes
        In the working CRS, as the layers are.
    context
        The layers of the county: `villages`, `streets` and `study_area` are looked at, as far as there are any.
    """
    named = {layer: found for layer in NEAR_M if (found := _named(context.get(layer))) is not None}
    area = context.get("study_area")
    bounds = None if area is None or not len(area) else area.total_bounds
    return [_one(shape, named, bounds, lang) for shape in shapes]


def called(
    names: Sequence[str | None], shapes: gpd.GeoSeries, context: Mapping[str, gpd.GeoDataFrame], lang: Lang
) -> list[str]:
    """Return what places are called: by their name, and those that have none by where they lie; see `whereabouts`."""
    unnamed = [at for at, name in enumerate(names) if not name]
    lies = dict(zip(unnamed, whereabouts(shapes.iloc[unnamed], context, lang), strict=True))
    return [name or lies[at] for at, name in enumerate(names)]


def _named(layer: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    if layer is None or "name" not in layer.columns:
        return None
    told = layer["name"].map(lambda name: isinstance(name, str) and bool(name.strip()))
    return layer[told] if told.any() else None


def _one(shape: Any, named: Mapping[str, gpd.GeoDataFrame], bounds: Any, lang: Lang) -> str:
    side = "" if bounds is None else say(f"whereabouts.{_wind(shape, bounds)}", lang)
    for layer, found in named.items():
        gap = shapely.distance(found.geometry.to_numpy(), shape)
        at = int(np.nanargmin(gap)) if np.isfinite(gap).any() else -1
        if at >= 0 and gap[at] <= NEAR_M[layer]:
            name = str(found["name"].iloc[at]).strip()
            return say(f"whereabouts.{layer}", lang, name=name, side=side) if side else name
    return side


def _wind(shape: Any, bounds: Any) -> str:
    west, south, east, north = bounds
    middle = shapely.get_coordinates(shapely.centroid(shape))[0]
    half = max(east - west, north - south, 1e-9) / 2
    x, y = (middle - ((west + east) / 2, (south + north) / 2)) / half
    if np.hypot(x, y) < MIDDLE:
        return "middle"
    return _WINDS[int(np.rint(np.degrees(np.arctan2(y, x)) / 45)) % 8]
