"""Tell Gauss-Krueger coordinates apart: which is northing, which zone an easting names, which CRS that is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj

from gis_planning.errors import CrsError
from gis_planning.geo import crs_name

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Metres = NDArray[np.float64]

#: The first EPSG code of each family, by datum, width of zone in degrees, and whether eastings carry the zone's number.
FIRST_CODES = {
    (datum, width, prefixed): first
    for datum, codes in {
        "CGCS2000": (4513, 4534, 4491, 4502),
        "Xian80": (2349, 2370, 2327, 2338),
        "Beijing54": (2401, 2422, 21413, 21453),
    }.items()
    for (width, prefixed), first in zip(((3, True), (3, False), (6, True), (6, False)), codes, strict=True)
}
#: China's zones. A number belongs to one width only, so it tells the width.
ZONES = {3: range(25, 46), 6: range(13, 24)}
#: China's northings, and its eastings without the zone's number: no number can be both.
NORTHING = (1_500_000.0, 6_000_000.0)
EASTING = (100_000.0, 1_000_000.0)
ZONE_STEP = 1_000_000
#: No coordinate of any CRS is further from its origin.
FARTHEST_M = 1e8
#: Words that tell the datum, in the order in which they are looked for: a title like 2000 (from 80) is of 2000.
DATUM_WORDS = (("2000", "CGCS2000"), ("80", "Xian80"), ("54", "Beijing54"))


@dataclass(frozen=True)
class Zone:
    """A Gauss-Krueger zone: its datum, width in degrees, number, and whether eastings carry the number."""

    datum: str
    width: int
    number: int
    prefixed: bool

    @property
    def crs(self) -> pyproj.CRS:
        """The zone's CRS."""
        first = FIRST_CODES[self.datum, self.width, self.prefixed]
        return pyproj.CRS.from_epsg(first + self.number - ZONES[self.width].start)


def width_of(zone: int) -> int | None:
    """Return the width in degrees of the zones among which a number occurs in China, None if it does not.

    Examples
    --------
    >>> width_of(38), width_of(19), width_of(50)
    (3, 6, None)
    """
    return next((width for width, numbers in ZONES.items() if zone in numbers), None)


def zone_of(crs: pyproj.CRS) -> Zone | None:
    """Return the zone a CRS is, None if it is something else.

    Examples
    --------
    >>> zone_of(pyproj.CRS.from_epsg(4526))
    Zone(datum='CGCS2000', width=3, number=38, prefixed=True)
    """
    code = crs.to_epsg()
    return _by_code().get(code) if code is not None else None


@cache
def _by_code() -> dict[int, Zone]:
    return {
        first + number - ZONES[width].start: Zone(datum, width, number, prefixed)
        for (datum, width, prefixed), first in FIRST_CODES.items()
        for number in ZONES[width]
    }


@dataclass(frozen=True)
class Axes:
    """What two columns of coordinates turned out to be: eastings and northings, and the zones the eastings name.

    `prefixes` is empty where no easting carries a zone.
    """

    east: Metres
    north: Metres
    swapped: bool
    prefixes: tuple[int, ...]


def tell_axes(x: Metres, y: Metres) -> Axes | int:
    """Return which of two columns is northing (X in Chinese surveys) by their ranges, or the first row that is unclear.

    All rows must agree; a northing and an easting cannot be mistaken for each other anywhere in China.

    Examples
    --------
    >>> tell_axes(np.array([4588700.0]), np.array([38432300.0])).prefixes
    (38,)
    >>> tell_axes(np.array([432300.0]), np.array([4588700.0])).swapped
    True
    """
    straight, crossed = _northing(x) & _easting(y), _northing(y) & _easting(x)
    if straight.all():
        east, north, swapped = y, x, False
    elif crossed.all():
        east, north, swapped = x, y, True
    else:
        return int(np.argmin(straight if straight.sum() >= crossed.sum() else crossed))
    prefix = np.floor(east / ZONE_STEP).astype(int)
    if (prefix > 0).all():
        return Axes(east, north, swapped, tuple(int(one) for one in np.unique(prefix)))
    if (prefix > 0).any():
        return int(np.argmin((prefix > 0) == (prefix[0] > 0)))
    return Axes(east, north, swapped, ())


def survey_axes(x: Metres, y: Metres, stated: pyproj.CRS | None) -> Axes | int:
    """Return which column is northing, or the first row that is unclear; in a stated CRS of another kind X is.

    Nothing is known of the ranges of such a CRS, so there the columns are what they are called.
    """
    if stated is None or zone_of(stated) is not None:
        return tell_axes(x, y)
    far = np.maximum(np.abs(x), np.abs(y)) > FARTHEST_M
    return int(np.argmax(far)) if far.any() else Axes(y, x, swapped=False, prefixes=())


def datum_of(words: str) -> str | None:
    """Return the datum that words tell, None if they tell none.

    Examples
    --------
    >>> datum_of("1980西安坐标系")
    'Xian80'
    """
    return next((datum for word, datum in DATUM_WORDS if word in words), None)


def _northing(values: Metres) -> Any:
    return (values >= NORTHING[0]) & (values <= NORTHING[1])


def _easting(values: Metres) -> Any:
    zone = np.floor(values / ZONE_STEP)
    rest = values - zone * ZONE_STEP
    known = np.isin(zone, [0, *ZONES[3], *ZONES[6]])
    return known & (rest >= EASTING[0]) & (rest < EASTING[1])


def check_fit(crs: pyproj.CRS, east: Metres, *, source: object) -> None:
    """Refuse a stated CRS whose zone is not that of the eastings; other CRS than zones are let through.

    Raises
    ------
    CrsError
        The eastings carry another zone's number, one where the CRS has none, or none where the CRS has one.
    """
    zone = zone_of(crs)
    if zone is None or not len(east):
        return
    expected = zone.number if zone.prefixed else 0
    found = np.floor(east / ZONE_STEP).astype(int)
    wrong = np.flatnonzero(found != expected)
    if len(wrong):
        at = wrong[0]
        prefix = int(found[at])
        width = width_of(prefix) if prefix else None
        fits = Zone(zone.datum, zone.width, zone.number, not zone.prefixed)
        if prefix and width is not None:
            fits = Zone(zone.datum, width, prefix, prefixed=True)
        key = "parcels.crs_other_zone" if prefix else "parcels.crs_no_prefix"
        raise CrsError(
            key, source=source, crs=crs_name(crs), easting=f"{east[at]:.3f}", zone=prefix, fits=crs_name(fits.crs)
        )
