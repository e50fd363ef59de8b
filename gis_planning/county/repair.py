"""Make a delivered layer fit for analysis, and write down every change.

Null and empty geometry is left out, Z and M values are dropped, invalid polygons are mended; each is counted and listed
with the area it changed. What cannot be trusted afterwards is refused: coordinates that are no numbers, the wrong type
of geometry, a repair that changes a feature's area by more than the tolerance, and what can be read in two ways.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_planning.conventions import Geometry
from gis_planning.errors import FeatureError, LayerError, RepairError
from gis_planning.formats.read import windings
from gis_planning.formats.read.vector import bad_coordinates
from gis_planning.formats.read.windings import DOUBT_M2
from gis_planning.results.ledger import Repair

#: A repair may change a feature by this share of its area, or by `TOLERANCE_M2`, whichever is more.
TOLERANCE_SHARE = 0.01
TOLERANCE_M2 = 1.0

DIMENSIONS = {"point": (0,), "line": (1,), "polygon": (2,), "line_or_polygon": (1, 2), "raster_or_polygon": (2,)}


@dataclass(frozen=True)
class Mended:
    """The geometries fit for analysis, which of the delivered ones they are, and what was done."""

    geometry: Any
    kept: NDArray[np.intp]
    repairs: tuple[Repair, ...]


def mend(
    geometries: Any,
    names: NDArray[np.str_],
    *,
    layer: str,
    source: str,
    wanted: Geometry,
    curved: dict[int, float],
    to_working: Callable[[Any], Any],
    tolerance_share: float = TOLERANCE_SHARE,
) -> Mended:
    """Mend the geometries of one layer, in its working CRS.

    Parameters
    ----------
    geometries
        Geometries as delivered.
    names
        How each feature is called in messages, aligned with the geometries.
    wanted
        The geometry type of the layer's kind.
    curved
        Positions of geometries whose curves were straightened on reading, with their true area in source units.
    to_working
        Brings geometries into the working CRS.

    Raises
    ------
    FeatureError
        A coordinate is not a finite number, a repair changes more than the tolerance, or a geometry has two readings.
    LayerError
        Geometry of the wrong type.
    """
    place = {"source": source, "layer": layer}
    _refuse_broken(geometries, names, place)
    repairs = []

    def note(fault: str, at: NDArray[np.intp], before: float = 0.0, after: float = 0.0) -> None:
        if len(at):
            repairs.append(Repair(layer, fault, tuple(names[at].tolist()), before, after))

    note("null", np.flatnonzero(shapely.is_missing(geometries)))
    note("empty", np.flatnonzero(shapely.is_empty(geometries)))
    kept = np.flatnonzero(~(shapely.is_missing(geometries) | shapely.is_empty(geometries)))
    geometry = np.asarray(geometries, dtype=object)[kept]
    note("z", kept[shapely.has_z(geometry)])
    note("m", kept[shapely.has_m(geometry)])
    geometry = shapely.force_2d(geometry)
    _refuse_other_types(geometry, names[kept], wanted, place)
    bent = np.flatnonzero(np.isin(kept, list(curved)))
    drawn, flat = np.array([curved[at] for at in kept[bent]]), shapely.area(geometry[bent])
    geometry = to_working(geometry)
    straight = shapely.area(geometry[bent])
    note("curve", kept[bent], float((straight * drawn / np.where(flat > 0, flat, 1)).sum()), float(straight.sum()))
    invalid, before, after = _make_valid(geometry, names[kept], place, tolerance_share)
    note("invalid", kept[invalid], before, after)
    geometry = _of_dimension(geometry, wanted)
    gone = shapely.is_empty(geometry)
    note("collapsed", kept[gone])
    return Mended(geometry[~gone], kept[~gone], tuple(repairs))


def _make_valid(
    geometry: Any, names: NDArray[np.str_], place: dict[str, str], tolerance_share: float
) -> tuple[NDArray[np.intp], float, float]:
    """Make geometries valid in place; return which were not, and their area before and after."""
    valid = shapely.is_valid(geometry)
    invalid = np.flatnonzero(~valid)
    open_ = np.flatnonzero(~valid | (shapely.get_type_id(geometry) == windings.COLLECTION))
    _refuse_two_readings(geometry[open_], names[open_], place)
    before = shapely.area(geometry[invalid])
    geometry[invalid] = [_made_valid(one) for one in geometry[invalid]]
    after = shapely.area(geometry[invalid])
    _refuse_too_much(before, after, names[invalid], place, tolerance_share)
    return invalid, float(before.sum()), float(after.sum())


def _refuse_broken(geometries: Any, names: NDArray[np.str_], place: dict[str, str]) -> None:
    """Refuse coordinates that are no finite numbers."""
    broken = bad_coordinates(geometries)
    if len(broken):
        raise FeatureError("repair.not_finite", **place, features=_some(names[broken]), count=len(broken))


def _refuse_other_types(geometry: Any, names: NDArray[np.str_], wanted: Geometry, place: dict[str, str]) -> None:
    if wanted not in DIMENSIONS:
        return
    wrong = ~np.isin(shapely.get_dimensions(geometry), DIMENSIONS[wanted])
    if wrong.any():
        found = sorted({one.geom_type for one in geometry[wrong]})
        raise LayerError(
            "repair.wrong_type",
            **place,
            found=found,
            count=int(wrong.sum()),
            features=_some(names[wrong]),
            wanted=wanted,
        )


def _refuse_too_much(
    before: NDArray[np.float64],
    after: NDArray[np.float64],
    names: NDArray[np.str_],
    place: dict[str, str],
    tolerance_share: float,
) -> None:
    """Refuse a repair that changes more of an area than the tolerance."""
    change = np.abs(after - before)
    worse = np.flatnonzero(change > np.maximum(TOLERANCE_M2, tolerance_share * np.maximum(before, after)))
    if len(worse):
        first = worse[np.argmax(change[worse])]
        facts = {"before": before[first], "after": after[first], "share": tolerance_share}
        raise RepairError("repair.too_much", **place, features=_some(names[worse]), count=len(worse), **facts)


def _refuse_two_readings(geometry: Any, names: NDArray[np.str_], place: dict[str, str]) -> None:
    """Refuse what a repair would decide, whatever share of its area that is."""
    if found := windings.doubts(geometry):
        features = _some(names[list(found)])
        facts = {"count": len(found), "features": features, "what": next(iter(found.values())), "most": DOUBT_M2}
        raise FeatureError("repair.two_readings", **place, **facts)


def _made_valid(geometry: shapely.Geometry) -> shapely.Geometry:
    return shapely.make_valid(geometry, method="structure", keep_collapsed=False)


def _of_dimension(geometry: Any, wanted: Geometry) -> Any:
    """Keep the parts of collections that have a dimension of the layer; mending a polygon can leave stray lines."""
    if wanted not in DIMENSIONS:
        return geometry
    for at in np.flatnonzero(shapely.get_type_id(geometry) == 7):
        parts = shapely.get_parts(geometry[at])
        geometry[at] = shapely.union_all(parts[np.isin(shapely.get_dimensions(parts), DIMENSIONS[wanted])])
    return geometry


def _some(names: NDArray[np.str_], most: int = 5) -> list[str]:
    shown = names[:most].tolist()
    return [*shown, "..."] if len(names) > most else shown
