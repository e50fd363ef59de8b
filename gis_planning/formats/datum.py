"""Move longitudes and latitudes between WGS84, CGCS2000 and the two datums of Chinese web maps.

GCJ-02 (Amap, Tencent) shifts places in China by 400 m on average and by up to 700 m, BD-09 (Baidu) by 900 m more.
Both shifts are formulas that have long been public; here the way back is found by iteration and is exact.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from gis_planning import geo
from gis_planning.texts import Text, text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Degrees = NDArray[np.float64]
    Pair = tuple[Degrees, Degrees]

#: The datums a point table may state.
DATUMS = ("WGS84", "CGCS2000", "GCJ-02", "BD-09")

#: West, south, east, north of the box in which the published formulas shift anything. It is larger than China: in a
#: neighbouring country web maps show true places, so a table from there must be stated as WGS84.
BOX = (72.004, 0.8293, 137.8347, 55.8271)

#: The ellipsoid of the GCJ-02 formula (Krassovsky 1940): half the longer axis, and the eccentricity squared.
_AXIS_M = 6_378_245.0
_ECCENTRICITY = 0.00669342162296594323

#: The iteration gains at least one digit a step, so this many end below the resolution of a double.
_STEPS = 20

#: `plausible` warns when another datum brings the median distance below this share of what the stated one gives ...
CLEARLY_BETTER = 0.5
#: ... and that was more than this. On OpenStreetMap's facilities and streets of Krems, Liechtenstein and Andorra, moved
#: by 300 to 1500 m, 20 m finds 64, 96 and 100 of 100 wrong datums (100 m: 19, 7 and 82) with no false alarm in 1,200.
FAR_M = 20.0
#: With fewer points than this a median may be chance (up to 1 false alarm in 80 with five), and more is asked for.
FEW = 20
FAR_IF_FEW_M = 100.0
#: Points looked at by `plausible`; more do not move a median.
_SAMPLE = 2_000


def to_wgs84(lon: Any, lat: Any, datum: str) -> Pair:
    """Return WGS84 longitudes and latitudes of places given in another datum.

    CGCS2000 is taken as WGS84: the two differ by centimetres to decimetres, which matters for a boundary and not for
    where a shop stands. Outside `BOX` nothing is shifted. The result is exact: shifted forward again it gives the
    input, to 1e-12 degrees.

    Examples
    --------
    >>> lon, lat = to_wgs84(116.404, 39.915, "GCJ-02")
    >>> round(float(lon), 5), round(float(lat), 5)
    (116.39776, 39.9136)
    """
    given_lon, given_lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    shift = _SHIFTS[datum]
    true_lon, true_lat = given_lon.copy(), given_lat.copy()
    near = _in_box(given_lon, given_lat, margin=0.1)
    if shift is None or not near.any():
        return true_lon, true_lat
    goal_lon, goal_lat = given_lon[near], given_lat[near]
    at_lon, at_lat = goal_lon, goal_lat
    for _ in range(_STEPS):
        there_lon, there_lat = shift(at_lon, at_lat)
        step_lon, step_lat = goal_lon - there_lon, goal_lat - there_lat
        at_lon, at_lat = at_lon + step_lon, at_lat + step_lat
        if max(np.abs(step_lon).max(), np.abs(step_lat).max()) < 1e-13:
            break
    inside = _in_box(at_lon, at_lat)
    true_lon[near], true_lat[near] = np.where(inside, at_lon, goal_lon), np.where(inside, at_lat, goal_lat)
    return true_lon, true_lat


def from_wgs84(lon: Any, lat: Any, datum: str) -> Pair:
    """Return the longitudes and latitudes by which a datum knows places given in WGS84.

    Examples
    --------
    >>> lon, lat = from_wgs84(116.404, 39.915, "GCJ-02")
    >>> round(float(lon), 9), round(float(lat), 9)
    (116.410244499, 39.916404282)
    """
    shifted_lon, shifted_lat = np.array(lon, dtype=float), np.array(lat, dtype=float)
    shift = _SHIFTS[datum]
    inside = _in_box(shifted_lon, shifted_lat)
    if shift is not None and inside.any():
        shifted_lon[inside], shifted_lat[inside] = shift(shifted_lon[inside], shifted_lat[inside])
    return shifted_lon, shifted_lat


@dataclass(frozen=True)
class Fit:
    """How well points lie on other layers, in the stated datum and in each other one.

    Attributes
    ----------
    datum
        The datum stated for the points.
    medians_m
        The median distance from the points to the nearest street or parcel, by datum; CGCS2000 counts as WGS84. Empty
        when there is nothing to compare.
    warning
        What to tell the user when another datum fits clearly better.
    """

    datum: str
    medians_m: dict[str, float]
    warning: Text | None


def plausible(points: Any, datum: str, nearby: Any, crs: pyproj.CRS, *, source: object) -> Fit:
    """Test whether points are in the datum stated for them, by their distance to streets or parcels.

    A wrong datum moves all points the same way, by 100 to 1500 m: away from the streets they stand at. Where streets
    are so dense that every place is near one, the test cannot see it and stays silent; parcels or buildings see more.

    Parameters
    ----------
    points
        Points in WGS84, as `read_points` gives them; missing ones do not count.
    datum
        The datum stated when they were read.
    nearby
        Streets, parcels or buildings in `crs`, which is metric.
    source
        The point table, for the warning.
    """
    points, nearby = (_present(geometries) for geometries in (points, nearby))
    if not len(points) or not len(nearby):
        return Fit(datum, {}, None)
    points = points[:: -(-len(points) // _SAMPLE)]
    stated = "WGS84" if datum == "CGCS2000" else datum
    delivered = from_wgs84(shapely.get_x(points), shapely.get_y(points), stated)
    tree = shapely.STRtree(nearby)
    wgs84 = pyproj.CRS.from_epsg(4326)
    medians = {}
    for other in (stated, *(one for one in ("WGS84", "GCJ-02", "BD-09") if one != stated)):
        moved = geo.reproject(shapely.points(*to_wgs84(*delivered, other)), wgs84, crs)
        _, distances = tree.query_nearest(moved, return_distance=True, all_matches=False)
        medians[other] = float(np.median(distances))
    best = min(medians, key=lambda one: medians[one])
    warning = None
    far = FAR_M if len(points) >= FEW else FAR_IF_FEW_M
    if medians[stated] > far and medians[best] < CLEARLY_BETTER * medians[stated]:
        facts = {"far_m": medians[stated], "better": best, "near_m": medians[best]}
        warning = text("points.datum_looks_wrong", source=source, datum=datum, **facts)
    return Fit(datum, medians, warning)


def _present(geometries: Any) -> Any:
    found = np.asarray(geometries, dtype=object)
    return found[~(shapely.is_missing(found) | shapely.is_empty(found))]


def _in_box(lon: Degrees, lat: Degrees, margin: float = 0.0) -> Any:
    west, south, east, north = BOX
    in_lon = (lon >= west - margin) & (lon <= east + margin)
    return in_lon & (lat >= south - margin) & (lat <= north + margin)


def _to_gcj(lon: Degrees, lat: Degrees) -> Pair:
    """Shift WGS84 to GCJ-02: polynomials and sine waves in degrees from 105 E, 35 N give metres on the ellipsoid."""
    x, y = lon - 105.0, lat - 35.0
    root, pi = np.sqrt(np.abs(x)), np.pi
    ripple = 20 * np.sin(6 * pi * x) + 20 * np.sin(2 * pi * x)
    east_waves = ripple + 20 * np.sin(pi * x) + 40 * np.sin(pi * x / 3)
    east_waves = east_waves + 150 * np.sin(pi * x / 12) + 300 * np.sin(pi * x / 30)
    north_waves = ripple + 20 * np.sin(pi * y) + 40 * np.sin(pi * y / 3)
    north_waves = north_waves + 160 * np.sin(pi * y / 12) + 320 * np.sin(pi * y / 30)
    east_m = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + east_waves * 2 / 3
    north_m = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + north_waves * 2 / 3
    bend = 1 - _ECCENTRICITY * np.sin(np.radians(lat)) ** 2
    parallel_m = _AXIS_M / np.sqrt(bend) * np.cos(np.radians(lat))
    meridian_m = _AXIS_M * (1 - _ECCENTRICITY) / bend**1.5
    return lon + np.degrees(east_m / parallel_m), lat + np.degrees(north_m / meridian_m)


def _to_bd(lon: Degrees, lat: Degrees) -> Pair:
    """Shift WGS84 to BD-09: GCJ-02, turned and stretched a little about the origin of degrees, and moved."""
    lon, lat = _to_gcj(lon, lat)
    wave = np.pi * 3000 / 180
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * wave)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * wave)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


_SHIFTS: dict[str, Callable[[Degrees, Degrees], Pair] | None] = {
    "WGS84": None,
    "CGCS2000": None,
    "GCJ-02": _to_gcj,
    "BD-09": _to_bd,
}
