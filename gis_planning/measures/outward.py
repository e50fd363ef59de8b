"""Measure how far the county seat is by car from what lies outside it, and villages from the seat and from roads."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gis_planning.analysis.distances import per_minute
from gis_planning.analysis.facilities import Entered, Kinds, is_of, refuse_unknown, wanted
from gis_planning.analysis.leaving import on_street
from gis_planning.analysis.ways import reach, straight_to
from gis_planning.conventions import KindTitle, facts
from gis_planning.county.areas import MADE_FROM
from gis_planning.errors import NotAssessed
from gis_planning.geo import Flags, Floats
from gis_planning.measures import Minutes, Share
from gis_planning.results.verdicts import Measured, Reference
from gis_planning.streets import Streets
from gis_planning.streets.traffic import FASTEST_KMH
from gis_planning.texts import Text, text

#: Minutes are sums of many streets: one this little beyond a limit is not beyond it.
TOLERANCE_MIN = 1e-9


def minutes(
    seat: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame,
    drive_network: Streets,
    drive_doors: Entered,
    *,
    kind: str | None = None,
    kinds: tuple[str, ...] = (),
    max_access_m: float = 500.0,
) -> Minutes:
    """Measure how many minutes by car it is from the county seat to the nearest facility of a kind.

    Facilities count wherever they lie: what is outside the county has to be delivered with the streets that lead there.
    One to which no delivered street leads might be nearer than those that are reached: the value is then open
    downwards, to the minutes of the straight way at 130 km/h.

    Parameters
    ----------
    seat
        A point: where the county's government sits.
    facilities
        With `kind`.
    drive_network
        The streets cars may use, joined.
    drive_doors
        How facilities are entered by car.
    kind, kinds
        One kind, or several of which any will do.
    max_access_m
        The longest straight way between the seat, or a facility, and a street.

    Returns
    -------
    Measured
        Minutes. Layer `sites`: the facilities of the kind, each with its minutes.

    Raises
    ------
    NotAssessed
        The table has no row of the kind; the seat is on no street; or no street leads to any facility of the kind.

    Notes
    -----
    Source: fast links to motorways, stations, airports and cities, as the plan for county seats asks; it sets no time.

    Examples
    --------
    A road of class primary (60 km/h) from the seat to a ramp 18 km away:

    >>> from shapely import LineString, Point
    >>> from gis_planning import streets
    >>> from gis_planning.analysis.work import applied, frame
    >>> roads = frame(LineString([(0, 0), (18000, 0)]), **{"class": ["primary"]})
    >>> applied(
    ...     minutes, seat=frame(Point(0, 0)), facilities=frame(Point(18000, 0), kind=["motorway_ramp"]),
    ...     drive_network=streets.build(roads, mode="drive"), kind="motorway_ramp",
    ... ).value
    18.0
    """
    chosen_kinds = wanted(kind, kinds)
    refuse_unknown(facilities, chosen_kinds)
    chosen = np.flatnonzero(is_of(facilities, chosen_kinds))
    if not len(chosen):
        raise NotAssessed("outward.none_anywhere", kinds=Kinds(chosen_kinds))
    start, per = on_street(drive_network, seat, max_access_m), per_minute(drive_network)
    # How long each takes is found from the seat, which is where everybody sets out.
    found = reach(drive_network, start, drive_doors.ways, trip="from_source")
    each = found.distance_m[chosen] / per
    reached = np.isfinite(each)
    if not reached.any():
        raise NotAssessed("outward.no_way", kinds=Kinds(chosen_kinds), count=len(chosen))
    least = float(each[reached].min())
    own = facilities.iloc[chosen].reset_index(drop=True)
    straight = shapely.distance(own.geometry.to_numpy()[~reached], seat.geometry.to_numpy()[0])
    soonest = float((straight / (FASTEST_KMH * 1000 / 60)).min(initial=np.inf))
    notes = [*_on_seat(seat)]
    if not reached.all():
        notes.append(text("outward.note_no_way", kinds=Kinds(chosen_kinds), count=int((~reached).sum())))
    columns = {"kind": own["kind"].to_numpy(dtype=object), "minutes": np.where(reached, each, np.nan)}
    sites = _shown(own, **columns).sort_values("minutes", kind="stable", ignore_index=True)
    return Measured(
        value=least,
        unit="min",
        offenders=sites[:0][["geometry"]],
        value_range=(soonest, least) if soonest < least else None,
        notes=tuple(notes),
        layers={"sites": sites},
    )


def villages_to_seat(
    villages: gpd.GeoDataFrame,
    seat: gpd.GeoDataFrame,
    drive_network: Streets,
    *,
    limit_min: float,
    max_access_m: float = 500.0,
) -> Share:
    """Measure the share of villages from which the county seat is reached by car in time.

    Villages are counted, not their land; a village is where the middle of its outline is. One farther than
    `max_access_m` from any street is not reached, and listed.

    Parameters
    ----------
    villages
        Points or polygons, with `population` if known.
    seat
        A point: where the county's government sits.
    drive_network
        The streets cars may use, joined.
    limit_min
        The most minutes that count.
    max_access_m
        The longest straight way between the seat, or a village, and a street.

    Returns
    -------
    Measured
        A share by number. Offenders are the villages that are not in time, those without any way first. Layer
        `villages`: all of them with their minutes.

    Raises
    ------
    NotAssessed
        There is no village, or the seat is on no street.

    Notes
    -----
    Source: services of the seat that reach the villages, as the plan for county seats asks; it sets no time.

    Examples
    --------
    >>> from shapely import LineString, Point
    >>> from gis_planning import streets
    >>> from gis_planning.analysis.work import applied, frame
    >>> roads = frame(LineString([(0, 0), (40000, 0)]), **{"class": ["primary"]})
    >>> applied(
    ...     villages_to_seat, villages=frame(Point(20000, 0), Point(40000, 0)), seat=frame(Point(0, 0)),
    ...     drive_network=streets.build(roads, mode="drive"), limit_min=30,
    ... ).value
    0.5
    """
    each, notes = _from_villages(villages, seat, drive_network, max_access_m)
    covered: Flags = each <= limit_min + TOLERANCE_MIN
    table = _villages(villages, each, covered=covered)
    people = table["population"].fillna(0).to_numpy(dtype=float) if "population" in table else np.zeros(len(table))
    told = (Reference(float(people[covered].sum()), float(people.sum()), "population"),) if people.sum() else ()
    return Measured.share(
        float(covered.sum()),
        float(len(table)),
        "villages",
        offenders=_farthest_first(table[~covered]),
        references=told,
        notes=notes,
        layers={"villages": table},
    )


def farthest_village(
    villages: gpd.GeoDataFrame, seat: gpd.GeoDataFrame, drive_network: Streets, *, max_access_m: float = 500.0
) -> Minutes:
    """Measure how many minutes by car it is to the county seat from the village that is farthest.

    Of a village to which no delivered street leads nobody knows: the value is then open upwards. Layers and settings
    are those of `villages_to_seat`.

    Parameters
    ----------
    villages
        Points or polygons.
    max_access_m
        The longest straight way between the seat, or a village, and a street.

    Returns
    -------
    Measured
        Minutes. Offenders are the villages without any way. Layer `villages`: all of them with their minutes.

    Raises
    ------
    NotAssessed
        There is no village, the seat is on no street, or no village has a way to it.

    Notes
    -----
    Source: services of the seat that reach the villages, as the plan for county seats asks; it sets no time.

    Examples
    --------
    >>> from shapely import LineString, Point
    >>> from gis_planning import streets
    >>> from gis_planning.analysis.work import applied, frame
    >>> roads = frame(LineString([(0, 0), (40000, 0)]), **{"class": ["primary"]})
    >>> applied(
    ...     farthest_village, villages=frame(Point(20000, 0), Point(40000, 0)), seat=frame(Point(0, 0)),
    ...     drive_network=streets.build(roads, mode="drive"),
    ... ).value
    40.0
    """
    each, notes = _from_villages(villages, seat, drive_network, max_access_m)
    reached: Flags = np.isfinite(each)
    if not reached.any():
        raise NotAssessed("outward.no_village_joined", count=len(each))
    table = _villages(villages, each)
    value = float(each[reached].max())
    return Measured(
        value=value,
        unit="min",
        offenders=_farthest_first(table[~reached]),
        value_range=None if reached.all() else (value, float("inf")),
        notes=notes,
        layers={"villages": table},
    )


def villages_on_roads(
    villages: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame,
    *,
    classes: tuple[str, ...],
    unsure: tuple[str, ...] = (),
    within_m: float,
) -> Share:
    """Measure the share of villages that a road of some classes comes near to.

    The distance is straight, from the village's point or outline to the line of the road. Where only roads are
    near that state no class, or one of which nobody knows whether it is of these, the village may be joined: the share
    is then open upwards.

    Parameters
    ----------
    villages
        Points or polygons.
    streets
        Lines with `class`.
    classes
        Classes of roads that join a village.
    unsure
        Classes that may or may not.
    within_m
        How far from a road a village may be.

    Returns
    -------
    Measured
        A share by number. Offenders are the villages near to which there is neither.

    Raises
    ------
    NotAssessed
        There is no village, or no street states its class.

    Notes
    -----
    Source: roads to every village, as the plan for county seats asks; JTG B01-2014, grades of roads.

    Examples
    --------
    >>> from shapely import LineString, Point
    >>> from gis_planning.analysis.work import frame
    >>> roads = frame(LineString([(0, 0), (900, 0)]), **{"class": ["县道"]})
    >>> places = frame(Point(100, 200), Point(800, 201))
    >>> villages_on_roads(places, roads, classes=("县道",), within_m=200).value
    0.5
    """
    if not len(villages):
        raise NotAssessed("circles.no_villages")
    said = streets["class"].tolist() if "class" in streets.columns else []
    words = np.array([str(one).strip().casefold() if isinstance(one, str) else "" for one in said], dtype=object)
    if not (words != "").any():
        raise NotAssessed("outward.no_class")
    open_to_cars = ~np.isin(words, [one.casefold() for one in facts("streets")["drive"]["closed_classes"]])
    sure = np.isin(words, [one.casefold() for one in classes]) & open_to_cars
    perhaps = np.isin(words, ["", *(one.casefold() for one in unsure)])
    joined, hoped = (_near(villages, streets, some, within_m) for some in (sure, perhaps))
    hoped &= ~joined
    some, whole = float(joined.sum()), float(len(villages))
    return Measured.share(
        some,
        whole,
        "villages",
        offenders=_shown(villages[~joined & ~hoped]),
        value_range=(some / whole, (some + float(hoped.sum())) / whole) if hoped.any() else None,
        notes=(text("outward.note_class", count=int(hoped.sum())),) if hoped.any() else (),
    )


def _near(villages: gpd.GeoDataFrame, streets: gpd.GeoDataFrame, chosen: Flags, within_m: float) -> Flags:
    """Say which villages have one of the chosen streets within a distance."""
    near = np.zeros(len(villages), dtype=bool)
    lines = streets.geometry.to_numpy()[chosen]
    if len(lines):
        tree = shapely.STRtree(lines)
        near[tree.query(villages.geometry.to_numpy(), predicate="dwithin", distance=within_m + 1e-6)[0]] = True
    return near


def _from_villages(
    villages: gpd.GeoDataFrame, seat: gpd.GeoDataFrame, network: Streets, max_access_m: float
) -> tuple[Floats, tuple[Text, ...]]:
    """Return the minutes from each village to the seat, infinite where no way leads, and what a reader must know."""
    if not len(villages):
        raise NotAssessed("circles.no_villages")
    goal = on_street(network, seat, max_access_m)
    middle = shapely.point_on_surface(villages.geometry.to_numpy())
    homes = straight_to(network, middle, max_access_m)
    found = reach(network, goal, homes)
    return found.distance_m / per_minute(network), (*_on_seat(seat), *homes.attached.notes())


def _on_seat(seat: gpd.GeoDataFrame) -> tuple[Text, ...]:
    """Return where the seat was taken from, if it is not stated."""
    made_from = seat.attrs.get(MADE_FROM)
    return () if made_from is None else (text("outward.note_seat", layer=KindTitle(str(made_from))),)


def _villages(villages: gpd.GeoDataFrame, each: Floats, **columns: Any) -> gpd.GeoDataFrame:
    people = {"population": villages["population"].to_numpy()} if "population" in villages.columns else {}
    return _shown(villages, **people, minutes=np.where(np.isfinite(each), each, np.nan), **columns)


def _farthest_first(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return table.sort_values("minutes", ascending=False, na_position="first", kind="stable", ignore_index=True)


def _shown(features: gpd.GeoDataFrame, **columns: Any) -> gpd.GeoDataFrame:
    """Return features as a layer of results."""
    names = features["name"].to_numpy(dtype=object) if "name" in features.columns else [None] * len(features)
    return gpd.GeoDataFrame({"name": names, **columns}, geometry=features.geometry.to_numpy(), crs=features.crs)
