"""Say whether coordinates can be what their CRS says, and where a layer lies.

A layer in the wrong place is the most dangerous of all: nothing touches it, so that everything seems allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from gis_planning import geo
from gis_planning.conventions import KindTitle, facts
from gis_planning.errors import CrsError
from gis_planning.formats.address import Source
from gis_planning.formats.gauss_kruger import check_fit, tell_axes, zone_of

#: Layers whose boxes are farther apart than this are not of one county.
NEAR_KM = 20.0
#: What serves a county may lie in another: ramps, stations, airports, cities, and the roads that lead there.
REACHED_FROM_AFAR_KM = 300.0
#: A feature that is farther than this from all the others is a slip, not part of a large layer: parts of one county are
#: nearer, and a zone off is 200 km even at its north.
GAP_KM = 180.0
#: Layers that are named of those that lie where most do.
NAMED = 4

Box = tuple[float, float, float, float]
Boxes = NDArray[np.float64]  # a row each: west, south, east, north


def boxes_of(geometries: Any) -> Boxes:
    """Return the box of each geometry; a row of NaN where there is nothing."""
    return np.asarray(shapely.bounds(geometries), dtype=float).reshape(-1, 4)


def joint(boxes: Boxes) -> Box | None:
    """Return the box around boxes, None where none is known."""
    known = boxes[np.isfinite(boxes).all(axis=1)]
    if not len(known):
        return None
    (west, south), (east, north) = known[:, :2].min(axis=0), known[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)


def apart_m(boxes: Boxes, box: Box) -> NDArray[np.float64]:
    """Return how far boxes are from a box, 0 where they touch.

    Examples
    --------
    >>> apart_m(np.array([[0.0, 0, 10, 10], [13, 14, 20, 20]]), (0, 0, 10, 10)).tolist()
    [0.0, 5.0]
    """
    west, south, east, north = box
    across = np.maximum(np.maximum(boxes[:, 0] - east, west - boxes[:, 2]), 0)
    along = np.maximum(np.maximum(boxes[:, 1] - north, south - boxes[:, 3]), 0)
    return np.hypot(across, along)


def far_from(boxes: Boxes, gap_m: float, start: Box | None = None) -> NDArray[np.bool_]:
    """Say which boxes lie farther than a gap from all the others, by way of any of them.

    Parameters
    ----------
    start
        Where the others are known to be; where left out, the box in the middle of them all.

    Examples
    --------
    >>> row = np.array([[0.0, 0, 1, 1], [5, 0, 6, 1], [9, 0, 10, 1], [30, 0, 31, 1]])
    >>> far_from(row, 5.0).tolist()
    [False, False, False, True]
    """
    known = np.asarray(np.isfinite(boxes).all(axis=1), dtype=bool)
    far = known.copy()
    if start is None:
        if not known.any():
            return far
        middles = (boxes[known, :2] + boxes[known, 2:]) / 2
        first = np.flatnonzero(known)[np.argmin(np.hypot(*(middles - np.median(middles, axis=0)).T))]
        west, south, east, north = boxes[first].tolist()
        start = west, south, east, north
    while True:
        near = far & (apart_m(boxes, start) <= gap_m)
        if not near.any():
            return far
        far &= ~near
        start = joint(np.vstack([boxes[near], np.array([start])])) or start


def main_box(boxes: Boxes, crs: pyproj.CRS) -> Box | None:
    """Return the box around boxes without the strays among them (`GAP_KM`), None where none is known."""
    return joint(boxes[~far_from(boxes, _units_of(GAP_KM, crs))])


def refuse_impossible(geometries: Any, crs: pyproj.CRS, *, source: Source, table: str) -> None:
    """Refuse coordinates that cannot be what their CRS says: degrees for metres, axes swapped, another zone's number.

    Raises
    ------
    CrsError
        With the first coordinates, and the cure.
    """
    boxes = boxes_of(geometries)
    boxes = boxes[np.isfinite(boxes).all(axis=1)]
    # A single slip makes no layer of another CRS out of one that is sound; it is told by itself.
    boxes = boxes[~far_from(boxes, _units_of(GAP_KM, crs))]
    around = joint(boxes)
    if around is None:
        return
    seen = {"source": source, "table": table, "crs": geo.crs_name(crs), "x": around[0], "y": around[1]}
    if crs.is_geographic:
        if np.abs(around).max() > 360:
            raise CrsError("crs.not_degrees", **seen)
        if max(abs(around[1]), abs(around[3])) > 90 and max(abs(around[0]), abs(around[2])) <= 90:
            raise CrsError("crs.swapped_degrees", **seen)
    elif crs.is_projected and _like_degrees(around):
        raise CrsError("crs.degrees", **seen)
    if zone_of(crs) is not None:
        axes = tell_axes(boxes[:, 1], boxes[:, 0])
        if not isinstance(axes, int) and axes.swapped:
            raise CrsError("parcels.swapped_axes", **seen)
        # A large layer may reach beyond its zone; one of another zone lies there as a whole.
        check_fit(crs, np.array([np.median(boxes[:, 0])]), source=source)


def _units_of(kilometres: float, crs: pyproj.CRS) -> float:
    """Return a distance in the units of a CRS."""
    return (
        kilometres / 111.0 if crs.is_geographic else kilometres * 1000 / (crs.axis_info[0].unit_conversion_factor or 1)
    )


def _like_degrees(box: Box) -> bool:
    """Say whether projected coordinates are a county in degrees: small numbers with an extent below 10 units."""
    x0, y0, x1, y1 = box
    extent = max(x1 - x0, y1 - y0)
    return bool(
        max(abs(x0), abs(x1)) <= 180 and max(abs(y0), abs(y1)) <= 90 and extent < 10 and max(abs(x0), abs(y0)) > extent
    )


@dataclass(frozen=True)
class Near:
    """Where a layer has to lie.

    Attributes
    ----------
    there
        Boxes of other layers, by their names: a layer is near if it is to any of them, or lies between them.
    layer
        Its name.
    others
        Finds where all other layers lie, to tell which one lies apart.
    near_km
        How far is near.
    served
        Which of its features may lie `REACHED_FROM_AFAR_KM` away.
    """

    layer: str
    there: Mapping[str, Box]
    near_km: float
    served: NDArray[np.bool_]
    others: Callable[[], Mapping[str, Lying]]


class Lying(NamedTuple):
    """Where another layer of the county lies, and what it is read from."""

    box: Box
    source: Source
    table: Any


def far_away(boxes: Boxes, near: Near, *, source: Source, table: str) -> NDArray[np.bool_]:
    """Say which features of a layer lie far from where the county is and from all the others (`GAP_KM`).

    Raises
    ------
    CrsError
        The whole layer lies elsewhere.
    """
    whole, around = joint(boxes), joint(np.array(list(near.there.values())).reshape(-1, 4))
    far = far_from(boxes, GAP_KM * 1000, around)
    if whole is None or around is None:
        return far
    apart_km = apart_m(boxes, around) / 1000
    within = np.where(near.served, REACHED_FROM_AFAR_KM, near.near_km)
    if apart_m(np.array([whole]), around)[0] > near.near_km * 1000 and not (apart_km <= within).any():
        raise _elsewhere(whole, around, near, float(np.nanmin(apart_km)), source=source, table=table)
    return far & ~(near.served & (apart_km <= REACHED_FROM_AFAR_KM))


def _elsewhere(whole: Box, around: Box, near: Near, distance_km: float, *, source: Source, table: str) -> CrsError:
    """Return the refusal of a layer that lies elsewhere; it names the one that lies apart from most of the others."""
    others = near.others()

    def beside(box: Box) -> set[str]:
        return {name for name, one in others.items() if apart_m(np.array([one.box]), box)[0] <= near.near_km * 1000}

    with_it, there = [near.layer, *sorted(beside(whole))], sorted(beside(around).union(near.there))
    facts = {"distance_km": distance_km, "near_km": near.near_km}
    odd = next((others[one] for one in near.there if one in others), None)
    if odd is None or len(with_it) < len(there):
        return CrsError("crs.elsewhere", source=source, table=table, here=_titles(near.there), **facts)
    if len(with_it) > len(there):
        return CrsError("crs.elsewhere", source=odd.source, table=odd.table, here=_titles(with_it[:NAMED]), **facts)
    sides = {"here": _titles(near.there), "one": _titles(with_it), "other": _titles(there)}
    return CrsError("crs.two_places", source=source, table=table, **sides, **facts)


def _titles(layers: Iterable[str]) -> list[KindTitle]:
    return [KindTitle(one) for one in layers]


def misplaced_code(code: str, box: Box, crs: pyproj.CRS) -> str | None:
    """Return the name of the place a county's code stands for, if the county does not lie there.

    The longest beginning of the code that is known is what counts: a banner's own, its league's, its province's.

    Examples
    --------
    >>> crs = pyproj.CRS("EPSG:4490")
    >>> misplaced_code("150999", (113.6, 41.3, 113.7, 41.4), crs)
    >>> misplaced_code("370999", (113.6, 41.3, 113.7, 41.4), crs)
    '山东省'
    """
    known = facts("places")["boxes"]
    found = next((known[code[:digits]] for digits in (6, 4, 2) if len(code) >= digits and code[:digits] in known), None)
    if found is None:
        return None
    try:
        west, south, east, north = pyproj.Transformer.from_crs(crs, 4490, always_xy=True).transform_bounds(*box)
    except pyproj.exceptions.ProjError:
        return None
    here = shapely.box(*found["box"])
    return None if here.intersects(shapely.box(west, south, east, north)) else str(found["name"])
