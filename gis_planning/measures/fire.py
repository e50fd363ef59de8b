"""Measure whom the fire service reaches in time, and how much land each station answers for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from typing_extensions import TypedDict  # that of typing cannot be validated before Python 3.12

from gis_planning import overlay
from gis_planning.analysis.access import Access
from gis_planning.analysis.distances import Distances, per_minute
from gis_planning.analysis.facilities import called, is_of, refuse_unknown
from gis_planning.analysis.land import united
from gis_planning.analysis.sides import apart, parting
from gis_planning.analysis.ways import TOLERANCE_M, reach, straight_to
from gis_planning.analysis.zones import Told
from gis_planning.errors import NotAssessed, RuleError
from gis_planning.geo import Flags, Floats
from gis_planning.homes import numbers_of, words_of
from gis_planning.measures import Count, Share, circles
from gis_planning.results.verdicts import Measured
from gis_planning.streets import Streets
from gis_planning.streets.closing import Closed, closed, one_behind_the_other
from gis_planning.texts import text

M2_PER_KM2 = 1_000_000.0
STATION = "fire_station"


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
    drive_min = _drive_min(respond_min, turnout_min)
    return circles.kind_coverage(approach, nearest, told, kind=kind, limit_min=drive_min)


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
    own, found, served = _duties(approach, nearest, kind)
    cells, many = approach.demand.cells.area_m2, len(approach.facilities)
    land = np.bincount(found.facility[served], weights=cells[served], minlength=many)[own["row"]] / M2_PER_KM2
    least, most = _allowed(own, sizes)
    keeps, fails = land <= least + 1e-9, land > most + 1e-9
    unsure = ~keeps & ~fails
    if unsure.all():
        raise NotAssessed("fire.undecided", count=len(own))
    columns = {"name": own["name"], "duty_m2": land * M2_PER_KM2, "unsure": unsure}
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
        offenders=offenders.sort_values("duty_m2", ascending=False, kind="stable", ignore_index=True),
        notes=tuple(notes),
        layers={"sites": sites},
    )


def parted(
    approach: Access,
    nearest: Callable[..., Distances],
    study_area: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame | None = None,
    *,
    barrier_kinds: tuple[str, ...] = (),
    classes: tuple[str, ...] = (),
    least_km2: float,
) -> Count:
    """Count the fire stations whose land lies on both sides of a railway, a river or a motorway.

    A station answers for the land that it reaches sooner than any other does. What parts land are barriers of some
    kinds and streets of some classes, as far as they close it off: a line with a gap, or one that ends, parts nothing.
    A station outside of the study area is on no side.

    Parameters
    ----------
    approach, nearest
        As in `duty_areas`.
    study_area
        The land that is parted; a line parts it that reaches from edge to edge.
    streets
        Lines with `class`.
    barriers
        Lines or polygons with `kind`.
    barrier_kinds, classes
        Words for barriers, and classes of streets, that part land, as the layers state them.
    least_km2
        A station counts from so much land on the other side.

    Returns
    -------
    Measured
        A count. Offenders are these stations, with what lies on the other side, the most first. Layer `sites`: all of
        them.

    Raises
    ------
    NotAssessed
        The table has no row of the kind, no station reaches any land, or neither a barrier nor a street of these was
        delivered.

    Notes
    -----
    Source: GB 51080-2015, 4.1: duty areas should not reach across rivers, railways and motorways.

    Examples
    --------
    >>> from shapely import LineString, Point, box
    >>> from gis_planning import streets as networks
    >>> from gis_planning.analysis.work import applied, frame
    >>> roads = frame(LineString([(0, 0), (8000, 0)]), **{"class": ["primary"]})
    >>> applied(
    ...     parted, residential=frame(box(0, -400, 8000, 400)), study_area=frame(box(0, -400, 8000, 400)),
    ...     facilities=frame(Point(9, 0), kind=["fire_station"]), streets=roads, max_access_m=500, cell_m=100,
    ...     network=networks.build(roads, mode="drive"), barrier_kinds=("railway",), least_km2=1,
    ...     barriers=frame(LineString([(5000, -900), (5000, 900)]), kind=["railway"]),
    ... ).offenders["across_m2"].tolist()
    [2400000.0]
    """
    lines = parting(streets, barriers, barrier_kinds, classes)
    if not len(lines):
        raise NotAssessed("fire.nothing_parts")
    own, found, served = _duties(approach, nearest, STATION)
    cells, facility = approach.demand.cells, found.facility[served]
    stations = shapely.point_on_surface(own.geometry.to_numpy())
    # By facility: its place among the stations.
    station = np.searchsorted(own["row"], facility)
    spots = np.concatenate([shapely.points(cells.middle_xy[served]), stations])
    across = apart(lines, united(study_area), spots, len(facility) + station)
    area = cells.area_m2[served]
    land = {
        "duty_m2": np.bincount(station, area, len(own)),
        "across_m2": np.bincount(station[across], area[across], len(own)),
    }
    sites = gpd.GeoDataFrame({"name": own["name"], **land}, geometry=own.geometry.to_numpy(), crs=own.crs)
    counts = sites["across_m2"] >= least_km2 * M2_PER_KM2 - 1e-6
    return Measured(
        value=float(counts.sum()),
        unit="count",
        offenders=sites[counts].sort_values("across_m2", ascending=False, kind="stable", ignore_index=True),
        layers={"sites": sites},
    )


def closings(
    approach: Access,
    streets: gpd.GeoDataFrame,
    *,
    respond_min: float,
    turnout_min: float,
    at_least_homes: float,
) -> Count:
    """Count the streets whose closing puts many homes beyond the time in which the fire service is to arrive.

    Each street is closed by itself, between two junctions: nobody passes through it, and who lives on it is still
    reached from both its ends. Pieces of a street one behind the other are one.

    Parameters
    ----------
    approach, respond_min, turnout_min
        As in `in_time`; engines start at the station.
    streets
        The layer the network is from, for the names.
    at_least_homes
        So many homes reached in time while all is open, and no longer then, make a street count.

    Returns
    -------
    Measured
        A count. Offenders are these streets, with the `homes` and `people` that closing the worst piece of each costs.

    Raises
    ------
    NotAssessed
        There is no home, no streets were delivered, or no station is in the table.
    RuleError
        The turnout takes as long as there is time.

    Notes
    -----
    Source: ours. The plan for county seats asks for fire cover to be completed; it sets no number of ways.

    Examples
    --------
    A station, a road of two pieces, and a home at its end:

    >>> from shapely import LineString, Point, box
    >>> from gis_planning import streets as networks
    >>> from gis_planning.analysis.work import applied, frame
    >>> roads = frame(LineString([(0, 0), (900, 0)]), LineString([(900, 0), (1500, 0)]), LineString([(-90, 0), (0, 0)]))
    >>> found = applied(
    ...     closings, facilities=frame(Point(-50, 0), kind=["fire_station"]), residential=frame(box(1400, 0, 1410, 10)),
    ...     study_area=frame(box(-99, -50, 1600, 50)), streets=roads, network=networks.build(roads, mode="drive"),
    ...     respond_min=5, turnout_min=1, at_least_homes=1,
    ... )
    >>> found.value, found.offenders["length_m"].tolist()
    (1.0, [900.0])
    """
    drive_min = _drive_min(respond_min, turnout_min)
    facilities, demand, network = approach.facilities, approach.demand, approach.network
    refuse_unknown(facilities, (STATION,))
    chosen = is_of(facilities, (STATION,))
    if not chosen.any():
        raise NotAssessed("services.none")
    if network is None or approach.ways is None or approach.doors is None:
        raise NotAssessed("circles.no_streets")
    if not len(demand.homes):
        raise NotAssessed("exits.no_homes")
    limit = drive_min * per_minute(network) + TOLERANCE_M
    found = closed(
        network,
        approach.doors.ways.take(chosen).attached,
        approach.ways[2].attached,
        approach.ways[2].owner,
        np.ones(len(demand.homes)),
        limit_m=limit,
        least=max(at_least_homes, 1.0),
        trip="from_source",
    )
    table = _pieces(network, found, demand.homes["people"].to_numpy(dtype=float), streets)
    return Measured(value=float(len(table)), unit="count", offenders=table)


def tall_in_time(
    approach: Access,
    study_area: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    *,
    grades: tuple[str, ...],
    floors: float,
    respond_min: float,
    turnout_min: float,
    max_access_m: float = 200.0,
) -> Share:
    """Measure the share of tall buildings that a station with the means for them reaches in time.

    A building that does not say how many floors it has may be tall, and a station that states no grade may have the
    means: the share is open by both.

    Parameters
    ----------
    approach
        As in `in_time`.
    study_area, buildings
        Polygons with `floors`; those inside count.
    grades
        Grades of stations, as the facilities state them, that have ladders for tall buildings.
    floors
        A building of so many floors is tall.
    respond_min, turnout_min, max_access_m
        As in `in_time`; and the longest straight way between a building and a street.

    Returns
    -------
    Measured
        A share of the buildings, by number. Offenders are those that are not reached, with their `floors`.

    Raises
    ------
    NotAssessed
        No building states its floors, none is tall, no streets were delivered, or the table has no row of the kind.
    RuleError
        The turnout takes as long as there is time, or no grade is given.

    Notes
    -----
    Source: construction standard 152-2017: the means of a station by its grade. Which of them suit tall buildings is
    the county's to say.

    Examples
    --------
    >>> from shapely import LineString, Point, box
    >>> from gis_planning import streets as networks
    >>> from gis_planning.analysis.work import applied, frame
    >>> roads = frame(LineString([(0, 0), (9000, 0)]), **{"class": ["primary"]})
    >>> applied(
    ...     tall_in_time, facilities=frame(Point(0, 0), kind=["fire_station"], grade=["特勤"]), grades=("特勤",),
    ...     buildings=frame(box(900, 5, 910, 15), box(8000, 5, 8010, 15), floors=[18.0, 18.0]), floors=10,
    ...     residential=frame(box(0, 0, 9000, 50)), study_area=frame(box(0, -50, 9000, 50)),
    ...     network=networks.build(roads, mode="drive"), respond_min=5, turnout_min=1,
    ... ).value
    0.5
    """
    drive_min = _drive_min(respond_min, turnout_min)
    if not grades:
        raise RuleError("fire.no_grades")
    facilities, network = approach.facilities, approach.network
    refuse_unknown(facilities, (STATION,))
    of_kind = is_of(facilities, (STATION,))
    if not of_kind.any():
        raise NotAssessed("services.none")
    if network is None or approach.doors is None:
        raise NotAssessed("circles.no_streets")
    spots = shapely.point_on_surface(buildings.geometry.to_numpy())
    own = buildings[overlay.hit(spots, united(study_area))]
    high = numbers_of(own, "floors")
    tall, silent = high >= floors, ~(high > 0)
    if not (high > 0).any():
        raise NotAssessed("fire.no_floors")
    if not tall.any():
        raise NotAssessed("fire.none_tall", floors=floors)
    said = words_of(facilities, "grade")
    able = of_kind & np.isin(said, [grade.strip() for grade in grades])
    perhaps = of_kind & (said == "")
    limit = drive_min * per_minute(network) + TOLERANCE_M
    ways = straight_to(network, shapely.point_on_surface(own.geometry.to_numpy()), max_access_m)
    in_reach = [
        reach(network, approach.doors.ways.take(some), ways, trip="from_source").distance_m <= limit
        for some in (able, able | perhaps)
    ]
    surely, at_best = in_reach
    some, whole = float((tall & surely).sum()), float(tall.sum())
    low = some / (whole + float((silent & ~surely).sum()))
    may = float((silent & at_best).sum())
    high_share = (float((tall & at_best).sum()) + may) / (whole + may)
    missed = own[tall & ~surely]
    columns = {"name": np.array(called(missed), dtype=object), "floors": high[tall & ~surely]}
    offenders = gpd.GeoDataFrame(columns, geometry=missed.geometry.to_numpy(), crs=buildings.crs)
    told = (("note_no_floors", int(silent.sum())), ("note_no_grade", int(perhaps.sum())))
    return Measured.share(
        some,
        whole,
        "parts",
        value_range=(low, high_share) if low < high_share else None,
        offenders=offenders.sort_values("floors", ascending=False, kind="stable", ignore_index=True),
        notes=tuple(text(f"fire.{key}", count=count) for key, count in told if count),
    )


def _drive_min(respond_min: float, turnout_min: float) -> float:
    """Return the minutes that are left for the way."""
    if not turnout_min < respond_min:
        raise RuleError("fire.turnout", turnout_min=turnout_min, respond_min=respond_min)
    return respond_min - turnout_min


def _duties(
    approach: Access, nearest: Callable[..., Distances], kind: str
) -> tuple[gpd.GeoDataFrame, Distances, Flags]:
    """Return the stations, each with its `row` among the facilities, how far land is from them, and what is reached."""
    facilities = approach.facilities
    refuse_unknown(facilities, (kind,))
    chosen = np.flatnonzero(is_of(facilities, (kind,)))
    if not len(chosen):
        raise NotAssessed("services.none")
    found = nearest(kinds=(kind,))
    served = np.isfinite(found.cells) & (found.facility >= 0)
    if not served.any():
        raise NotAssessed("fire.no_land", count=len(chosen))
    own = facilities.iloc[chosen].reset_index(drop=True)
    return own.assign(row=chosen, name=own.get("name", pd.Series([None] * len(own), dtype=object))), found, served


def _pieces(network: Streets, found: Closed, people: Floats, streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the streets that were closed, pieces one behind the other together."""
    # Groups stand in the order of their worst pieces, which come first.
    _, first, at = np.unique(one_behind_the_other(network, found.edge), return_index=True, return_inverse=True)
    feature, lines = network.feature[found.edge[first]], network.geometry[found.edge]
    order = np.argsort(at, kind="stable")
    columns: dict[str, Any] = {
        "name": streets["name"].to_numpy(dtype=object)[feature] if "name" in streets.columns else [None] * len(first),
        "length_m": np.bincount(at, shapely.length(lines), len(first)),
        "homes": found.loss[first],
        "people": [float(np.nan_to_num(people[found.lost[one]]).sum()) for one in first],
    }
    shapes = shapely.multilinestrings(lines[order], indices=at[order]) if len(lines) else lines
    table = gpd.GeoDataFrame(columns, geometry=shapes, crs=network.crs)
    return table.sort_values(["homes", "people"], ascending=False, kind="stable", ignore_index=True)


def _allowed(stations: gpd.GeoDataFrame, sizes: tuple[Size, ...]) -> tuple[Floats, Floats]:
    """Return the least and the most land that each station may answer for: the same where it states its grade."""
    by_grade = {grade.strip(): size["km2"] for size in sizes for grade in size["grades"]}
    own = np.array([by_grade.get(one, np.nan) for one in words_of(stations, "grade")], dtype=float)
    unknown = np.isnan(own)
    return np.where(unknown, min(by_grade.values()), own), np.where(unknown, max(by_grade.values()), own)
