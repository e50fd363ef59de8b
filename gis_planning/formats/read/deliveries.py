"""What the readers of parcels share: a look at the file, remarks by kind, the CRS and the area that are stated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely

from gis_planning.errors import CrsError, SourceError
from gis_planning.formats.address import Source
from gis_planning.formats.gauss_kruger import check_fit, tell_axes, zone_of
from gis_planning.formats.read.vector import look_before_reading
from gis_planning.geo import SQUARE_METRES_PER_HECTARE, crs_name, same_crs
from gis_planning.texts import Text, text

#: Places named in one remark; the count tells how many there are.
NAMED = 5
#: A stated area has four decimals of a hectare; a plane area further from it than this was not computed from the ring.
AREA_TOLERANCE_M2 = 1.0


class Notes:
    """Remarks on one source: those of one kind become one sentence, which counts them and names the first."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._found: dict[str, list[tuple[Any, dict[str, Any]]]] = {}

    def add(self, key: str, place: object = "", **facts: Any) -> None:
        """Note something at a place (a line, a parcel); the facts of the first are the ones told."""
        self._found.setdefault(key, []).append((place, facts))

    def texts(self) -> tuple[Text, ...]:
        """Return the remarks, in the order in which their kinds came up."""
        return tuple(
            text(
                key,
                source=self.source,
                count=len(found),
                places=[*(place for place, _ in found[:NAMED]), *(["..."] if len(found) > NAMED else [])],
                **found[0][1],
            )
            for key, found in self._found.items()
        )


def check_file(source: Path) -> None:
    """Refuse a source that is not there, is empty, or is of a kind we do not read.

    Raises
    ------
    SourceError
        With the cure.
    """
    if not source.exists():
        raise SourceError("parcels.missing", source=source)
    look_before_reading(source)


def agreed_crs(own: pyproj.CRS | None, stated: pyproj.CRS | None, *, source: Source) -> pyproj.CRS:
    """Return the CRS of a source: its own, or the one stated for it where it has none.

    Raises
    ------
    CrsError
        There is neither, or they differ.
    """
    if own is None and stated is None:
        raise CrsError("parcels.no_crs", source=source)
    if own is not None and stated is not None and not same_crs(own, stated):
        raise CrsError("parcels.crs_conflict", source=source, own=crs_name(own), stated=crs_name(stated))
    found = own if own is not None else stated
    if found is None:  # pragma: no cover - one of the two is there
        raise AssertionError
    return found


def refuse_misplaced(geometries: Any, crs: pyproj.CRS, source: Source) -> None:
    """Refuse metres in a CRS of degrees and degrees in one of metres, swapped axes, and eastings of another zone.

    Raises
    ------
    CrsError
        With the first coordinates.
    """
    bounds = shapely.bounds(geometries)
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(bounds):
        return
    x, y = float(bounds[0, 0]), float(bounds[0, 1])
    like_degrees = bool((np.abs(bounds[:, ::2]) <= 360).all() and (np.abs(bounds[:, 1::2]) <= 90).all())
    if crs.is_geographic != like_degrees:
        key = "parcels.not_degrees" if crs.is_geographic else "parcels.degrees"
        raise CrsError(key, source=source, crs=crs_name(crs), x=x, y=y)
    if zone_of(crs) is not None:
        axes = tell_axes(bounds[:, 1], bounds[:, 0])
        if not isinstance(axes, int) and axes.swapped:
            raise CrsError("parcels.swapped_axes", source=source, crs=crs_name(crs), x=x, y=y)
    check_fit(crs, bounds[:, 0], source=source)


def note_old_datum(crs: pyproj.CRS, notes: Notes) -> bool:
    """Warn of coordinates in Xian 1980 or Beijing 1954, whose exact way to CGCS2000 is not public.

    Returns whether there was anything to warn of.
    """
    zone = zone_of(crs)
    if zone is None or zone.datum == "CGCS2000":
        return False
    notes.add("parcels.old_datum", datum=zone.datum, crs=crs_name(crs))
    return True


def note_area(parcel: str, stated_m2: float, plane_m2: float, notes: Notes, tolerance_m2: float = 0.0) -> None:
    """Warn of a stated area that is not the plane area of the parcel."""
    # The last digit of four decimals is worth exactly the tolerance, and floats are not exact.
    if abs(stated_m2 - plane_m2) > max(tolerance_m2, AREA_TOLERANCE_M2) + 1e-6:
        notes.add(
            "parcels.area_differs",
            parcel,
            stated_ha=stated_m2 / SQUARE_METRES_PER_HECTARE,
            plane_ha=plane_m2 / SQUARE_METRES_PER_HECTARE,
        )
