"""Answer for one place of a county: what is around it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely

from gis_planning import geo
from gis_planning.county import County, open_county
from gis_planning.errors import FeatureError
from gis_planning.measures.around import Around, around
from gis_planning.texts import Text

#: A place farther from the streets than this is a mistake in its coordinates.
FAR_KM = 50


def answer(
    folder: Path, at: str, *, mode: str, progress: Callable[[Text], None] = lambda _: None
) -> tuple[County, tuple[float, float], Around]:
    """Return what is around a place given as "longitude,latitude" in degrees.

    Only facilities and gates are read; the street network comes from the cache where it was built before.

    Raises
    ------
    FeatureError
        The words are no place, or the place lies far from the county or has no way to a street.
    NotAssessed
        The county delivers no streets or no facilities.
    """
    lon, lat = _degrees(at)
    county = open_county(folder)
    county.progress = progress
    network = county.network("network" if mode == "walk" else "drive_network")
    facilities: Any = county.layer("facilities")
    gates: Any = county.layer("compound_gates") if county.has("compound_gates") else None
    wgs84 = pyproj.CRS.from_epsg(4326)
    place = geo.reproject(np.array([shapely.Point(lon, lat)]), wgs84, county.crs)[0]
    middle = shapely.box(*network.xy.min(axis=0), *network.xy.max(axis=0))
    distance_km = float(shapely.distance(place, middle)) / 1000
    if distance_km > FAR_KM:
        raise FeatureError("circles.place_far", lon=lon, lat=lat, distance_km=distance_km)
    return county, (lon, lat), around(place, network, facilities, gates)


def _degrees(at: str) -> tuple[float, float]:
    """Return longitude and latitude."""
    try:
        lon, lat = (float(part) for part in at.replace("，", ",").split(","))
    except ValueError:
        raise FeatureError("circles.bad_place", said=at) from None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise FeatureError("circles.bad_place", said=at)
    return lon, lat
