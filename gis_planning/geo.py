"""Choose the working CRS, buffer, and measure areas; no other module knows units or projections.

Axis order inside the program is always x (east), y (north).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from gis_planning.errors import CrsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

SQUARE_METRES_PER_HECTARE = 10_000

#: Segments a quarter circle. With 256 a 500 m arc lies at most 2.4 mm inside the true one and a circle's area is short
#: by 6e-6 of itself, so no coverage moves by 1e-5. With 128 a parcel served by nothing but an arc could.
QUARTER_SEGMENTS = 256

#: A straight edge in one CRS is bent in another, by 0.18 m on 3 km and as the square of its length; on 200 m, by less
#: than 1 mm.
LONGEST_EDGE_M = 200.0

#: The CGCS2000 ellipsoid (GB 22021).
ELLIPSOID = pyproj.Geod(a=6_378_137.0, rf=298.257222101)

Geometries = Any  # a numpy object array of shapely geometries; numpy cannot say so


def default_crs(lon: float, lat: float) -> pyproj.CRS:
    """Return the working CRS for a place: its 3-degree CGCS2000 zone, or its UTM zone outside 73.5-136.5 E.

    The zone number is in the easting (EPSG:4513 and following).

    Examples
    --------
    >>> default_crs(113.2, 41.4).to_epsg()
    4526
    >>> default_crs(9.5, 47.1).to_epsg()
    32632
    """
    if 73.5 <= lon < 136.5 and lat > 0:
        return pyproj.CRS.from_epsg(4513 + int(lon / 3 + 0.5) - 25)
    zone = min(int((lon + 180) // 6) + 1, 60)
    return pyproj.CRS.from_epsg((32600 if lat >= 0 else 32700) + zone)


def working_crs(given: str, *, source: str) -> pyproj.CRS:
    """Return the stated working CRS, or refuse one in which metres are not metres.

    Parameters
    ----------
    given
        Anything PROJ understands, for example `"EPSG:4526"`.
    source
        The file that states it, for the message.

    Raises
    ------
    CrsError
        The CRS is unknown, geographic, web Mercator (areas 1.8 times too big at 42 N) or not in metres.
    """
    crs = parse_crs(given, source=source)
    if crs.is_geographic or crs.is_geocentric:
        raise CrsError("geo.working_geographic", source=source, crs=given)
    if is_web_mercator(crs):
        raise CrsError("geo.working_mercator", source=source, crs=given)
    if not crs.is_projected or any(axis.unit_name != "metre" for axis in crs.axis_info[:2]):
        raise CrsError("geo.working_not_metric", source=source, crs=given)
    return crs


def parse_crs(given: str, *, source: str) -> pyproj.CRS:
    """Return a CRS from its name, or refuse a name PROJ does not know."""
    try:
        return pyproj.CRS.from_user_input(given)
    except pyproj.exceptions.CRSError:
        raise CrsError("geo.unknown_crs", source=source, crs=given) from None


def crs_name(crs: pyproj.CRS) -> str:
    """Return the EPSG code where there is one, else the name in the definition.

    Examples
    --------
    >>> crs_name(pyproj.CRS.from_epsg(4526))
    'EPSG:4526'
    """
    authority = crs.to_authority(min_confidence=70)
    return ":".join(authority) if authority else crs.name


def is_web_mercator(crs: pyproj.CRS) -> bool:
    """Say whether a CRS is the web maps' Mercator, in which no area or distance is true."""
    operation = crs.coordinate_operation
    return crs.to_epsg() in {3857, 900913, 3785} or (
        operation is not None and "Popular Visualisation" in operation.method_name
    )


def same_crs(one: pyproj.CRS, other: pyproj.CRS) -> bool:
    """Say whether two CRS are the same on the ground, whatever they are called and whatever order their axes have.

    A shapefile from another program often spells out an EPSG code's projection under a name of its own.

    Examples
    --------
    >>> same_crs(pyproj.CRS("EPSG:4526"), pyproj.CRS("EPSG:4527"))
    False
    """
    if one.equals(other, ignore_axis_order=True):
        return True
    codes = [crs.to_authority(min_confidence=70) for crs in (one, other)]
    return codes[0] is not None and codes[0] == codes[1]


def reproject(geometries: Geometries, source: pyproj.CRS, target: pyproj.CRS) -> Geometries:
    """Return geometries in another CRS; edges are straight in the source and stay so to within 1 mm.

    Long edges get extra vertices first (`LONGEST_EDGE_M`).

    Raises
    ------
    ValueError
        Some coordinate has no place in the target CRS.
    """
    if same_crs(source, target):
        return geometries
    degrees = source.is_geographic
    longest = LONGEST_EDGE_M / 111_320 if degrees else LONGEST_EDGE_M / _metres_per_unit(source)
    dense = densify(shapely.force_2d(geometries), longest)
    move = _transformer(source, target).transform

    def moved(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(move(points[:, 0], points[:, 1]))

    result = shapely.transform(dense, moved)
    if not np.isfinite(shapely.bounds(result[~(shapely.is_missing(result) | shapely.is_empty(result))])).all():
        raise ValueError("coordinates outside the CRS")
    return result


def densify(geometries: Geometries, longest: float) -> Geometries:
    """Return geometries whose edges are nowhere longer than `longest` (in the units of their CRS).

    Rings are densified one by one: GEOS, given a whole polygon, would mend it without a word if it is invalid, and
    could lose part of it.
    """
    dense = np.array(geometries, dtype=object)
    points, owner = shapely.get_coordinates(dense, return_index=True)
    edges = np.hypot(*np.diff(points, axis=0).T) > longest
    # The step from one ring to the next is no edge; a geometry chosen for it comes back as it was.
    for at in np.unique(owner[1:][edges & (np.diff(owner) == 0)]):
        dense[at] = _dense(dense[at], longest)
    return dense


def _dense(geometry: shapely.Geometry, longest: float) -> shapely.Geometry:
    if geometry.geom_type == "Polygon":
        shell, *holes = [shapely.segmentize(ring, longest) for ring in (geometry.exterior, *geometry.interiors)]
        return shapely.Polygon(shell, holes)
    if hasattr(geometry, "geoms"):
        return type(geometry)([_dense(part, longest) for part in geometry.geoms])
    return shapely.segmentize(geometry, longest)


def buffer(geometries: Geometries, radius_m: float | NDArray[np.float64]) -> Geometries:
    """Return the land within a straight-line radius of each geometry, measured from its edge.

    The only buffer of the program; see `QUARTER_SEGMENTS` for its precision.

    Examples
    --------
    >>> import math
    >>> point = shapely.Point(0, 0)
    >>> round(float(buffer(point, 300.0).area / (math.pi * 300**2)), 5)
    0.99999
    """
    return shapely.buffer(geometries, radius_m, quad_segs=QUARTER_SEGMENTS)


def ellipsoid_area(geometries: Geometries, crs: pyproj.CRS) -> NDArray[np.float64]:
    """Return the area of each polygon on the CGCS2000 ellipsoid, in square metres.

    Edges are straight on the plane of `crs` and are densified there (`LONGEST_EDGE_M`); rings are oriented first, since
    a hole wound like its shell would be added. Registers (the Third National Land Survey and after) state this area;
    project surveys state the plane area, which differs by up to 430 ppm at a zone's edge.
    """
    geographic = crs.geodetic_crs
    if geographic is None:
        raise ValueError("a CRS without a datum")
    units = 1.0 if crs.is_geographic else _metres_per_unit(crs)
    longest = LONGEST_EDGE_M / 111_320 if crs.is_geographic else LONGEST_EDGE_M / units
    dense = densify(shapely.orient_polygons(geometries), longest)
    to_degrees = _transformer(crs, geographic).transform
    areas = np.zeros(len(geometries))
    parts, owner = shapely.get_parts(dense, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    points, ring_of_point = shapely.get_coordinates(rings, return_index=True)
    lon, lat = to_degrees(points[:, 0], points[:, 1])
    starts = np.searchsorted(ring_of_point, np.arange(len(rings) + 1))
    for ring in range(len(rings)):
        cut = slice(starts[ring], starts[ring + 1])
        area, _ = ELLIPSOID.polygon_area_perimeter(lon[cut], lat[cut])
        areas[owner[ring_part[ring]]] += area
    return np.abs(areas)


def to_mu(square_metres: float) -> float:
    """Return an area in mu (1 mu = 10000/15 m2), unrounded.

    Examples
    --------
    >>> to_mu(11_600.0)
    17.4
    """
    return square_metres * 15 / 10_000


def to_hectares(square_metres: float) -> float:
    """Return an area in hectares, unrounded."""
    return square_metres / SQUARE_METRES_PER_HECTARE


@cache
def _transformer(source: pyproj.CRS, target: pyproj.CRS) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def _metres_per_unit(crs: pyproj.CRS) -> float:
    return float(crs.axis_info[0].unit_conversion_factor) or 1.0
