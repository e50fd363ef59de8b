"""Choose the working CRS, buffer, and measure areas; no other module knows units or projections.

Axis order inside the program is always x (east), y (north).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import numpy as np
import pyproj
import shapely
from numpy.polynomial import chebyshev, legendre
from numpy.typing import NDArray

from gis_planning.errors import CrsError

SQUARE_METRES_PER_HECTARE = 10_000

#: Segments a quarter circle. With 256 a 500 m arc lies at most 2.4 mm inside the true one and a circle's area is short
#: by 6e-6 of itself, so no coverage moves by 1e-5. With 128 a parcel served by nothing but an arc could.
QUARTER_SEGMENTS = 256

#: A straight edge in one CRS is bent in another, by 0.18 m on 3 km and as the square of its length; on 200 m, by less
#: than 1 mm.
LONGEST_EDGE_M = 200.0

#: Over a tile of this side the scale of areas is a polynomial of low degree; over a polygon of twice `SMALL_M`, of
#: degree 2.
TILE_M = 64_000.0
SMALL_M = 1_000.0
#: As many polygons are measured at once as the processor's own memory holds.
MEASURED_AT_ONCE = 2_000

UNEVEN = "the scale of areas is not smooth over {0} of {1}"

#: The CGCS2000 ellipsoid (GB 22021).
ELLIPSOID = pyproj.Geod(a=6_378_137.0, rf=298.257222101)

Geometries = Any  # a numpy object array of shapely geometries; numpy cannot say so
Floats = NDArray[np.float64]
Index = NDArray[np.intp]
Flags = NDArray[np.bool_]
Area = TypeVar("Area", float, Floats)


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


def meridian(crs: pyproj.CRS) -> float | None:
    """Return the central meridian of a zone of a transverse Mercator projection; None of any other CRS.

    Examples
    --------
    >>> [meridian(pyproj.CRS.from_epsg(code)) for code in (4527, 32632, 4490)]
    [117.0, 9.0, None]
    """
    way = crs.coordinate_operation
    if way is None or "Transverse Mercator" not in way.method_name:
        return None
    return next((float(one.value) for one in way.params if one.name == "Longitude of natural origin"), None)


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


def singles(geometries: Geometries) -> tuple[Geometries, Index]:
    """Return the points, lines and polygons that make up geometries, however nested, and which each is from.

    What is missing or empty has none. A geometry that is single stands for itself: it is not copied.

    Examples
    --------
    >>> import shapely
    >>> two = shapely.MultiPoint([(0, 0), (1, 1)])
    >>> singles(np.array([shapely.Point(), two, shapely.Point(2, 2)]))[1].tolist()
    [1, 1, 2]
    """
    geometries = np.asarray(geometries, dtype=object)
    there = np.flatnonzero(~(shapely.is_missing(geometries) | shapely.is_empty(geometries)))
    nested = shapely.get_type_id(geometries[there]) > 3
    if not nested.any():
        return geometries[there], there
    parts, inner = shapely.get_parts(geometries[there[nested]], return_index=True)
    deeper, which = singles(parts)
    owner = np.r_[there[~nested], there[nested][inner[which]]]
    order = np.argsort(owner, kind="stable")
    return np.r_[geometries[there[~nested]], deeper][order], owner[order]


def ellipsoid_area(geometries: Geometries, crs: pyproj.CRS, *, where_known: bool = False) -> Floats:
    """Return the area of each polygon on the CGCS2000 ellipsoid, in square metres.

    Edges are straight on the plane of `crs`, whatever their length. Registers (the Third National Land Survey and
    after) state this area; project surveys state the plane area, which differs by up to 430 ppm at a zone's edge.

    The area on the ellipsoid is the plane area weighted with the scale of areas, a smooth function that a polynomial
    holds to 1e-12 over `TILE_M` and more; the polynomial is integrated exactly along the edges, from an origin within
    each polygon, so that a sliver loses no digits. Rings may be wound either way.

    Parameters
    ----------
    where_known
        Give NaN for polygons so far from the middle of the projection that nobody knows their area.

    Raises
    ------
    ValueError
        The CRS has no datum, or the scale of areas at a polygon is no smooth function (a pole of the projection).

    Examples
    --------
    A square kilometre at the edge of its zone is smaller than the survey's plane says:

    >>> import shapely
    >>> square = shapely.box(38_620_000, 4_600_000, 38_621_000, 4_601_000)
    >>> ellipsoid_area(np.array([square]), pyproj.CRS("EPSG:4526")).round(1)
    array([999642.9])
    """
    geometries = np.asarray(geometries, dtype=object)
    parts, owner = singles(geometries)
    solid = shapely.get_type_id(parts) == 3
    parts, owner = parts[solid], owner[solid]
    west, south, east, north = shapely.bounds(parts).T
    middle = np.column_stack([west + east, south + north]) / 2
    half = np.maximum(east - west, north - south) / 2
    unit = _metres_per_unit(crs) * (ELLIPSOID.a if crs.is_geographic else 1)
    # Size 0 is for parcels, over which the scale is a parabola; from 1 on, a polygon is no larger than its tile.
    size = np.where(half * unit <= SMALL_M, 0, 1 + np.ceil(np.log2(np.maximum(half * unit * 2 / TILE_M, 1))))
    side = TILE_M / unit * 2.0 ** np.maximum(size - 1, 0)
    column, row = np.round(middle / side[:, None]).T
    # Tiles are numbered, so that a polygon's area does not depend on what else is measured with it.
    _, first, group = np.unique((size * 1e6 + column) * 1e6 + row, return_index=True, return_inverse=True)
    areas = np.zeros(len(parts))
    for number, one in enumerate(first):
        members = np.flatnonzero(group == number)
        tile = _Tile(column[one] * side[one], row[one] * side[one], side[one])
        try:
            scale = _scale(tile, crs)
        except ValueError:
            if not where_known or crs.geodetic_crs is None:
                raise
            areas[members] = np.nan
            continue
        nodes = 2 if size[one] == 0 else len(scale) // 2 + 1
        for some in np.array_split(members, len(members) // MEASURED_AT_ONCE + 1):
            areas[some] = _weighted(parts[some], middle[some], tile, scale, nodes)
    return np.bincount(owner, weights=areas, minlength=len(geometries)).astype(float)


@dataclass(frozen=True)
class _Tile:
    """A square of twice `reach` about a point of the plane, in the units of the CRS."""

    x: float
    y: float
    reach: float


def _scale(tile: _Tile, crs: pyproj.CRS) -> Floats:
    """Return the square metres of ellipsoid to a square unit of the plane, over a tile.

    The result holds the coefficients of powers of x (rows) and y (columns), both from -1 to 1 across the tile.
    """
    for nodes in (8, 16, 32):
        at = chebyshev.chebpts1(nodes)
        fit = np.asarray(np.linalg.inv(chebyshev.chebvander(at, nodes - 1)), dtype=float)
        coefficients = fit @ _scale_at(tile, at, fit, crs) @ fit.T
        degree = np.add.outer(np.arange(nodes), np.arange(nodes))
        whole = abs(coefficients[0, 0])
        if np.abs(coefficients[degree >= nodes - 2]).max() <= 1e-11 * whole:
            break
    else:
        raise ValueError(UNEVEN.format(tile, crs_name(crs)))
    needed = degree[np.abs(coefficients) > 1e-12 * whole].max() + 1
    coefficients = np.where(degree < needed, coefficients, 0)[:needed, :needed]
    powers = np.zeros((needed, needed))
    for n in range(needed):
        powers[: n + 1, n] = chebyshev.cheb2poly(np.eye(needed)[n])[: n + 1]
    return np.asarray(powers @ coefficients @ powers.T)


def _scale_at(tile: _Tile, at: Floats, fit: Floats, crs: pyproj.CRS) -> Floats:
    """Return the scale of areas at a tile's nodes: how fast the normal turns there, times the radii of curvature."""
    geographic = crs.geodetic_crs
    if geographic is None:
        raise ValueError("a CRS without a datum")
    x, y = np.meshgrid(tile.x + tile.reach * at, tile.y + tile.reach * at, indexing="ij")
    degrees = _transformer(crs, geographic).transform(x, y)
    if not np.isfinite(degrees).all():
        raise ValueError(UNEVEN.format(tile, crs_name(crs)))
    lon, lat = (np.asarray(degree) * geographic.axis_info[0].unit_conversion_factor for degree in degrees)
    normal = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    slope = chebyshev.chebvander(at, len(at) - 2) @ chebyshev.chebder(fit) / tile.reach
    swept = np.cross(slope @ normal, normal @ slope.T, axis=0)
    # M and N, the radii of curvature, multiply to a2 (1 - e2) / (1 - e2 sin2 B)2.
    radii = ELLIPSOID.a**2 * (1 - ELLIPSOID.es) / (1 - ELLIPSOID.es * np.sin(lat) ** 2) ** 2
    return np.asarray(radii * np.abs((normal * swept).sum(axis=0)))


def _weighted(polygons: Geometries, origins: Floats, tile: _Tile, scale: Floats, nodes: int) -> Floats:
    """Return the plane area of polygons without parts, weighted with a scale; exact by Green's theorem.

    Between an edge and the upright line through its polygon's origin lies a strip; the strips of a ring add up to it.
    Gauss's points along and across each strip integrate the scale, a polynomial of less than twice their number.
    """
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    own = polygon[ring]
    x, y = (points - origins[own]).T
    edge = ring[1:] == ring[:-1]  # the step from one ring to the next is none
    along_x, along_y = np.diff(x), np.where(edge, np.diff(y), 0.0)
    x, y = x[:-1], y[:-1]
    from_x, from_y = ((origins - (tile.x, tile.y)) / tile.reach)[own[:-1]].T
    spots, weights = legendre.leggauss(nodes)
    spots, weights = (spots + 1) / 2, weights / 2
    strips = np.zeros(len(edge))
    for on_edge, weight in zip(spots, weights, strict=True):
        reach, height = x + on_edge * along_x, from_y + (y + on_edge * along_y) / tile.reach
        scaled = reach / tile.reach
        mean = sum(w * _polynomial(scale, from_x + s * scaled, height) for s, w in zip(spots, weights, strict=True))
        strips += weight * reach * mean
    areas = np.abs(np.bincount(ring[:-1], weights=strips * along_y, minlength=len(rings)))
    shell = np.append(True, polygon[1:] != polygon[:-1])
    return np.asarray(np.bincount(polygon, weights=np.where(shell, areas, -areas), minlength=len(polygons)))


def _polynomial(coefficients: Floats, x: Floats, y: Floats) -> Floats:
    """Return a polynomial's values; its degree counts x and y together and is less than its number of rows."""
    size = len(coefficients)
    value = np.zeros_like(x)
    for row in range(size - 1, -1, -1):
        inner = np.full_like(x, coefficients[row, size - 1 - row])
        for column in range(size - 2 - row, -1, -1):
            inner *= y
            inner += coefficients[row, column]
        value *= x
        value += inner
    return value


def to_mu(square_metres: Area) -> Area:
    """Return an area in mu (1 mu = 10000/15 m2), unrounded.

    Examples
    --------
    >>> to_mu(11_600.0)
    17.4
    """
    return square_metres * 15 / 10_000


def to_hectares(square_metres: Area) -> Area:
    """Return an area in hectares, unrounded."""
    return square_metres / SQUARE_METRES_PER_HECTARE


@cache
def _transformer(source: pyproj.CRS, target: pyproj.CRS) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def _metres_per_unit(crs: pyproj.CRS) -> float:
    return float(crs.axis_info[0].unit_conversion_factor) or 1.0
