"""Tell a page the plane of the working CRS, on which measure.js draws its edges straight."""

from __future__ import annotations

import pyproj

from gis_planning.geo import ELLIPSOID

_METHOD = "Transverse Mercator"
#: How frames call the parameters of the projection in EPSG's data set.
_PARAMETERS = {
    "Longitude of natural origin": "lon0",
    "Latitude of natural origin": "lat0",
    "Scale factor at natural origin": "k0",
    "False easting": "east0",
    "False northing": "north0",
}
#: WGS 84 and CGCS2000 differ by 1.5e-6 here; Beijing 1954 and Xian 1980, whose degrees are not those of the page, by
#: far more.
_SAME_RF = 1e-5


def plane_of(crs: pyproj.CRS) -> dict[str, float] | None:
    """Return the plane of a transverse Mercator (Gauss-Krueger, UTM): origin in degrees and metres, scale, ellipsoid.

    None for a CRS of any other kind, and for one on a datum whose degrees are not those a page is drawn in. A page
    then measures with edges straight in degrees.

    Examples
    --------
    >>> plane = plane_of(pyproj.CRS("EPSG:4526"))
    >>> plane["lon0"], plane["k0"], plane["east0"], plane["rf"]
    (114.0, 1.0, 38500000.0, 298.257222101)
    >>> plane_of(pyproj.CRS("EPSG:2154")) is None
    True
    """
    operation, ellipsoid, meridian = crs.coordinate_operation, crs.ellipsoid, crs.prime_meridian
    if operation is None or operation.method_name != _METHOD or ellipsoid is None:
        return None
    if ellipsoid.semi_major_metre != ELLIPSOID.a or abs(ellipsoid.inverse_flattening - _rf()) > _SAME_RF:
        return None
    if (meridian is not None and meridian.longitude) or crs.axis_info[0].unit_name != "metre":
        return None
    found = {_PARAMETERS[param.name]: float(param.value) for param in operation.params if param.name in _PARAMETERS}
    return found | {"a": float(ellipsoid.semi_major_metre), "rf": float(ellipsoid.inverse_flattening)}


def _rf() -> float:
    return 1 / float(ELLIPSOID.f)
