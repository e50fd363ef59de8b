"""Answer for one place of a county what is around it, and draw the areas within 5, 10 and 15 minutes."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import pyproj
import shapely

from gis_planning import geo
from gis_planning.analysis.facilities import called, facility_doors
from gis_planning.analysis.rings import rings_around
from gis_planning.analysis.ways import straight_to
from gis_planning.county.inputs import files_apart_from
from gis_planning.county.opened import County, open_county
from gis_planning.errors import FeatureError, OutputError
from gis_planning.measures.around import Around, around
from gis_planning.outputs import Wish, replacing
from gis_planning.texts import Text, text

#: A place farther from the streets than this is a mistake in its coordinates.
FAR_KM = 50
#: The longest straight way to a street.
ACCESS_M = 200.0
#: Places without an area that are named.
MOST_NAMES = 10
#: Areas written at once.
AT_ONCE = 1_000
FORMATS = {".gpkg": "GPKG", ".geojson": "GeoJSON"}


def answer(
    folder: Path,
    at: str,
    *,
    mode: str,
    out: Path | None = None,
    progress: Callable[[Text], None] = lambda _: None,
) -> tuple[County, tuple[float, float], Around]:
    """Return what is around a place given as "longitude,latitude" in degrees.

    Only facilities and gates are read; the street network comes from the cache where it was built before. With `out`
    the areas around the place are written there, see `draw`.

    Raises
    ------
    FeatureError
        The words are no place, or the place lies far from the county or has no way to a street.
    NotAssessed
        The county delivers no streets or no facilities.
    OutputError
        `out` cannot be written.
    """
    lon, lat = _degrees(at)
    if out is not None:
        _refuse_other_formats(out)
    county = open_county(folder)
    read = files_apart_from(out, county)
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
    found = around(place, network, facilities, gates)
    if out is not None:
        here = straight_to(network, np.array([place], dtype=object), ACCESS_M)
        _write(rings_around(network, here).drop(columns="place"), out, read)
    return county, (lon, lat), found


def draw(
    folder: Path, of: str, out: Path, *, mode: str, progress: Callable[[Text], None] = lambda _: None
) -> tuple[Text, ...]:
    """Write the areas from which each facility, community or village is within 5, 10 and 15 minutes.

    A facility is entered as `circles.kind_coverage` says; a community or village is a point in the middle of its land.

    Parameters
    ----------
    of
        `facilities`, `communities` or `villages`.
    out
        A .gpkg in the county's CRS, or a .geojson in degrees.
    mode
        `walk` or `drive`.

    Returns
    -------
    tuple of Text
        What was written, and which places have no area.

    Raises
    ------
    NotAssessed
        The county delivers no streets, or not the layer.
    OutputError
        `out` has another ending or cannot be written.
    """
    _refuse_other_formats(out)
    county = open_county(folder)
    read = files_apart_from(out, county)
    county.progress = progress
    network = county.network("network" if mode == "walk" else "drive_network")
    places: Any = county.layer(of)
    if of == "facilities":
        gates: Any = county.layer("compound_gates") if county.has("compound_gates") else None
        ways = facility_doors(network, places, gates, max_access_m=ACCESS_M).ways
    else:
        ways = straight_to(network, shapely.point_on_surface(places.geometry.to_numpy()), ACCESS_M)
    progress(text("cli.measuring_rings"))
    found = rings_around(network, ways, progress)
    place = found.pop("place").to_numpy()
    names = called(places)
    found.insert(0, "name", np.array(names, dtype=object)[place])
    if of == "facilities":
        found.insert(1, "kind", places["kind"].to_numpy()[place])
    _write(found, out, read, progress)
    notes = [text("circles.rings_written", count=len(found), places=len(np.unique(place)), file=out)]
    nowhere = [names[at] for at in ways.unattached]
    if nowhere:
        more = ["..."] if len(nowhere) > MOST_NAMES else []
        notes.append(text("circles.rings_none", count=len(nowhere), features=[*nowhere[:MOST_NAMES], *more]))
    return (*county.warnings, *notes)


def _refuse_other_formats(out: Path) -> None:
    if out.suffix.lower() not in FORMATS:
        raise OutputError("circles.out_format", file=out)


def _write(
    areas: gpd.GeoDataFrame, out: Path, inputs: Collection[Path], progress: Callable[[Text], None] = lambda _: None
) -> None:
    """Write areas, whole or not at all."""
    frame = areas.to_crs(4326) if out.suffix.lower() == ".geojson" else areas
    with replacing(out.parent, Wish(inputs), single=out) as stage:
        file = stage / out.name
        # Some at a time: while the driver writes nobody can be told anything, nor stop it.
        for first in range(0, max(len(frame), 1), AT_ONCE):
            some, mode = frame.iloc[first : first + AT_ONCE], "a" if first else "w"
            some.to_file(file, driver=FORMATS[out.suffix.lower()], layer="rings", engine="pyogrio", mode=mode)
            progress(text("circles.rings_writing", done=first + len(some), count=len(frame)))
        if pyogrio.read_info(file, layer="rings", force_feature_count=True)["features"] != len(frame):
            raise OutputError("results.cannot_write", file=out, reason="-")


def _degrees(at: str) -> tuple[float, float]:
    """Return longitude and latitude."""
    try:
        lon, lat = (float(part) for part in at.replace("，", ",").split(","))
    except ValueError:
        raise FeatureError("circles.bad_place", said=at) from None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise FeatureError("circles.bad_place", said=at)
    return lon, lat
