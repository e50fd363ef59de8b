"""Measure whom the fire service reaches in time, and how much land each station answers for."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import numpy as np
from typing_extensions import TypedDict  # that of typing cannot be validated before Python 3.12

from gis_planning.analysis.access import Access
from gis_planning.analysis.distances import Distances
from gis_planning.analysis.facilities import is_of, refuse_unknown
from gis_planning.analysis.zones import Told
from gis_planning.errors import NotAssessed, RuleError
from gis_planning.geo import Floats
from gis_planning.measures import Share, circles
from gis_planning.results.verdicts import Measured
from gis_planning.texts import text

M2_PER_KM2 = 1_000_000.0


class Size(TypedDict):
    """The most land that a station of some grades answers for."""

    grades: tuple[str, ...]
    km2: float


def in_time(
    approach: Access,
    nearest: Callable[..., Distances],
    told: Told,
    *,
    kind: str = "fire_station",
    respond_min: float,
    turnout_min: float,
) -> Share:
    """Measure the share of residential land that a fire engine reaches in time, the turnout included.

    An engine drives for what is left of `respond_min` after `turnout_min`; all else is as in `circles.kind_coverage`.

    Parameters
    ----------
    approach, nearest, told
        As in `circles.kind_coverage`; a clause hands over the driving network, and has engines start at the station.
    kind
        The kind of facility that engines start from.
    respond_min
        Minutes from the call to the arrival.
    turnout_min
        Minutes of these until the engine leaves.

    Returns
    -------
    Measured
        A share from 0 to 1, with the same in homes and in people. Offenders are the gaps, those with the most people
        first. Layers: as in `circles.kind_coverage`.

    Raises
    ------
    NotAssessed
        No streets were delivered, or the table has no row of the kind and the county does not state that there is none.
    RuleError
        The turnout takes as long as there is time.

    Notes
    -----
    Source: GB 51080-2015, 4.1.3: the edge of a duty area is reached within five minutes of the order.

    Examples
    --------
    >>> from shapely import LineString, Point, box
    >>> from gis_planning import streets
    >>> from gis_planning.analysis.work import applied, frame
    >>> roads = frame(LineString([(0, 5), (8000, 5)]), **{"class": ["primary"]})
    >>> applied(
    ...     in_time, residential=frame(box(0, 0, 8000, 10)), facilities=frame(Point(0, 5), kind=["fire_station"]),
    ...     study_area=frame(box(0, -50, 8000, 50)), network=streets.build(roads, mode="drive"),
    ...     respond_min=5, turnout_min=1, trip="from_source",
    ... ).value
    0.5
    """
    if not turnout_min < respond_min:
        raise RuleError("fire.turnout", turnout_min=turnout_min, respond_min=respond_min)
    return circles.kind_coverage(approach, nearest, told, kind=kind, limit_min=respond_min - turnout_min)


def duty_areas(
    approach: Access,
    nearest: Callable[..., Distances],
    *,
    kind: str = "fire_station",
    sizes: tuple[Size, ...],
) -> Share:
    """Measure how many fire stations answer for no more land than a station of their grade may.

    A station answers for the land that it reaches sooner than any other does, however long that takes; land that none
    reaches is nobody's. Of a station that states no grade, or one that is not listed, nobody knows whether it answers
    for too much between the least and the most that any grade may.

    Parameters
    ----------
    approach, nearest
        As in `circles.kind_coverage`; the clause says which land is shared out, and hands over the driving network.
    kind
        The kind of facility.
    sizes
        By grade, as the facilities state it: the most km2.

    Returns
    -------
    Measured
        A share of the stations, by number, open upwards by those of which nobody knows. Offenders are those that answer
        for too much, the most first. Layer `sites`: all of them with their land.

    Raises
    ------
    NotAssessed
        The table has no row of the kind, no station reaches any land, or nobody knows of any station.
    RuleError
        No size is given.

    Notes
    -----
    Source: GB 51080-2015, 4.1.3, and construction standard 152-2017, article 14: duty areas by kind of station.

    Examples
    --------
    >>> from shapely import LineString, Point, box
    >>> from gis_planning import streets
    >>> from gis_planning.analysis.work import applied, frame
    >>> roads = frame(LineString([(0, 0), (8000, 0)]), **{"class": ["primary"]})
    >>> stations = frame(Point(0, 0), Point(8000, 0), kind=["fire_station"] * 2, grade=["一级", "小型"])
    >>> applied(
    ...     duty_areas, residential=frame(box(0, -400, 8000, 400)), facilities=stations,
    ...     study_area=frame(box(0, -400, 8000, 400)), network=streets.build(roads, mode="drive"), max_access_m=500,
    ...     cell_m=100, sizes=({"grades": ["一级"], "km2": 7}, {"grades": ["小型"], "km2": 2}),
    ... ).value
    0.5
    """
    if not sizes:
        raise RuleError("fire.no_sizes")
    facilities = approach.facilities
    refuse_unknown(facilities, (kind,))
    chosen = np.flatnonzero(is_of(facilities, (kind,)))
    if not len(chosen):
        raise NotAssessed("services.none")
    found = nearest(kinds=(kind,))
    served = np.isfinite(found.cells) & (found.facility >= 0)
    if not served.any():
        raise NotAssessed("fire.no_land", count=len(chosen))
    cells = approach.demand.cells.area_m2
    land = np.bincount(found.facility[served], weights=cells[served], minlength=len(facilities))[chosen] / M2_PER_KM2
    own = facilities.iloc[chosen].reset_index(drop=True)
    least, most = _allowed(own, sizes)
    keeps, fails = land <= least + 1e-9, land > most + 1e-9
    unsure = ~keeps & ~fails
    if unsure.all():
        raise NotAssessed("fire.undecided", count=len(own))
    names = own["name"].to_numpy(dtype=object) if "name" in own.columns else [None] * len(own)
    columns = {"name": names, "land_m2": land * M2_PER_KM2, "unsure": unsure}
    sites = gpd.GeoDataFrame(columns, geometry=own.geometry.to_numpy(), crs=own.crs)
    some, whole = float(keeps.sum()), float(len(own))
    notes = [text("fire.note_unsure", count=int(unsure.sum()))] if unsure.any() else []
    if not served.all():
        notes.append(text("fire.note_nobody", km2=round(float(cells[~served].sum()) / M2_PER_KM2, 2)))
    offenders = sites[fails].drop(columns="unsure")
    return Measured.share(
        some,
        whole,
        "facilities",
        value_range=(some / whole, (some + float(unsure.sum())) / whole) if unsure.any() else None,
        offenders=offenders.sort_values("land_m2", ascending=False, kind="stable", ignore_index=True),
        notes=tuple(notes),
        layers={"sites": sites},
    )


def _allowed(stations: gpd.GeoDataFrame, sizes: tuple[Size, ...]) -> tuple[Floats, Floats]:
    """Return the least and the most land that each station may answer for: the same where it states its grade."""
    by_grade = {grade.strip(): size["km2"] for size in sizes for grade in size["grades"]}
    said = stations["grade"].tolist() if "grade" in stations.columns else [None] * len(stations)
    own = np.array([by_grade.get(str(one).strip(), np.nan) for one in said], dtype=float)
    unknown = np.isnan(own)
    return np.where(unknown, min(by_grade.values()), own), np.where(unknown, max(by_grade.values()), own)
