"""Measure the services of a county by what registers say of them: places, sizes, uses, and who has one at all."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_planning import overlay
from gis_planning.analysis.facilities import is_of, refuse_unknown, wanted
from gis_planning.analysis.stated import newest, told
from gis_planning.county.areas import divided_by
from gis_planning.errors import NotAssessed, RuleError
from gis_planning.geo import Floats
from gis_planning.homes import numbers_of
from gis_planning.measures import Count, Ratio, Share, SquareKm
from gis_planning.results.verdicts import Measured, Part
from gis_planning.texts import Text, text

M2_PER_KM2 = 1_000_000.0
#: What a village may state of itself.
SAID = ("tap_water", "gas", "mobile_5g", "bus")


def places(
    facilities: gpd.GeoDataFrame,
    districts: gpd.GeoDataFrame | None = None,
    population: gpd.GeoDataFrame | None = None,
    statistics: pd.DataFrame | None = None,
    *,
    kind: str,
    per_class: float,
    children: str,
) -> Ratio:
    """Measure the places of schools of a kind for each child who is due one.

    A school's places are what it states as capacity; else its classes times the size of a class; a 0 states nothing.
    Children are those that the polygons of `population` state, all of a polygon's in the district where a point on it
    lies; where no polygon states any, the number of the county's table. What a district lacks is not sure where a
    school in it states no size.

    Parameters
    ----------
    facilities
        With `kind`, `capacity` or `classes`.
    districts
        For the same quantity in each, where children are known by polygon.
    population
        Polygons with `children`.
    statistics
        The county's table of stated numbers.
    kind
        The kind of school.
    per_class
        Children in a class.
    children
        The input of the table that counts the children.

    Returns
    -------
    Measured
        Places for each child. Offenders are the districts with fewer places than children, the most lacking first, with
        `children`, `places`, `lacking` and `unsure`.

    Raises
    ------
    NotAssessed
        No school states places or classes, or nobody counted the children.

    Notes
    -----
    Source: class sizes of 45 in primary and 50 in middle schools, to be set by the county.

    Examples
    --------
    A school of ten classes, and 500 children around it:

    >>> from shapely import Point, box
    >>> from gis_planning.analysis.work import frame
    >>> schools = frame(Point(5, 5), kind=["primary_school"], classes=[10.0])
    >>> people = frame(box(0, 0, 9, 9), children=[500.0])
    >>> places(schools, population=people, kind="primary_school", per_class=45, children="children_primary").value
    0.9
    """
    refuse_unknown(facilities, (kind,))
    own = facilities[is_of(facilities, (kind,))]
    room = _room(own, per_class)
    unsized = np.isnan(room)
    if len(own) and unsized.all():
        raise NotAssessed("services.no_places")
    total = float(np.nansum(room))
    # A raster of people does not say how old they are.
    people = population if isinstance(population, gpd.GeoDataFrame) else own[:0]
    counted = numbers_of(people, "children")
    counted = np.where(counted >= 0, counted, np.nan)
    uncounted = np.isnan(counted)
    notes: list[Text] = [text("services.note_no_places", count=int(unsized.sum()))] if unsized.any() else []
    parts: tuple[Part, ...] = ()
    offenders = facilities[:0][["geometry"]]
    if not uncounted.all():
        need = float(np.nansum(counted))
        notes.append(text("services.note_children"))
        notes += [text("services.note_uncounted", count=int(uncounted.sum()))] if uncounted.any() else []
        if districts is not None:
            parts, offenders = _by_district(own, room, people, counted, districts)
    else:
        row = newest(statistics, children)
        need, uncounted = row.value, uncounted[:0]
        notes.append(told(row))
    if not need:
        raise NotAssessed("services.no_children")
    low, high = 0.0 if uncounted.any() else total / need, float("inf") if unsized.any() else total / need
    return Measured(
        value=total / need,
        unit="number",
        offenders=offenders,
        numerator=total,
        denominator=need,
        value_range=(low, high) if low < high else None,
        parts=parts,
        notes=tuple(notes),
        layers={"sites": _sites(own, capacity=room)},
    )


def site_sizes(facilities: gpd.GeoDataFrame, *, kind: str, floor_m2: float = 0.0, land_m2: float = 0.0) -> Share:
    """Measure how many facilities of a kind are as large as a standard asks, in floor and in land.

    A facility drawn as a polygon has the land it is drawn on where it states none. One that does not state what is
    asked, or states 0, may be large enough: the share is then open upwards.

    Parameters
    ----------
    facilities
        With `kind`, `floor_m2`, `land_m2`.
    kind
        The kind.
    floor_m2, land_m2
        The least floor and land, in m2; 0 asks for none.

    Returns
    -------
    Measured
        A share of the facilities, by number. Offenders are those that are too small, the smallest first, with what
        they have and how much they lack. Layer `sites`: all of them.

    Raises
    ------
    NotAssessed
        The table has no row of the kind, or none states its size.

    Notes
    -----
    Source: the standard of complete communities; see the clause.

    Examples
    --------
    >>> from shapely import Point
    >>> from gis_planning.analysis.work import frame
    >>> shops = frame(Point(0, 0), Point(9, 0), kind=["childcare"] * 2, floor_m2=[260.0, 90.0])
    >>> site_sizes(shops, kind="childcare", floor_m2=200).value
    0.5
    """
    refuse_unknown(facilities, (kind,))
    own = facilities[is_of(facilities, (kind,))].reset_index(drop=True)
    floor, land = (_positive(numbers_of(own, name)) for name in ("floor_m2", "land_m2"))
    drawn = shapely.area(own.geometry.to_numpy())
    land = np.where(np.isnan(land) & (drawn > 0), drawn, land)
    small = (floor < floor_m2) | (land < land_m2)
    unknown = ~small & ((np.isnan(floor) & (floor_m2 > 0)) | (np.isnan(land) & (land_m2 > 0)))
    if len(own) and unknown.all():
        raise NotAssessed("services.no_sizes")
    large = float((~small & ~unknown).sum())
    has = {"floor_m2": floor, "site_m2": land}
    lacks = {"floor_lacking_m2": _short_of(floor, floor_m2), "site_lacking_m2": _short_of(land, land_m2)}
    too_small = _sites(own[small], **{name: values[small] for name, values in (has | lacks).items()})
    return _share_of(
        large,
        float(len(own)),
        "facilities",
        float(unknown.sum()),
        offenders=too_small.sort_values([*has], kind="stable", ignore_index=True),
        layers={"sites": _sites(own, **has)},
    )


def multi_use(facilities: gpd.GeoDataFrame, *, at_least_kinds: int = 3, within_m: float = 1.0) -> Count:
    """Count the sites that serve several uses: facilities of several kinds at one place.

    Rows whose kind is not known add none, and a note says how many there are. A name joins nothing: platforms of one
    stop would make one site of the shops beside them.

    Parameters
    ----------
    facilities
        With `kind`; one row may be of several kinds.
    at_least_kinds
        So many kinds make a site one of many uses.
    within_m
        Facilities no farther apart than this are one site.

    Returns
    -------
    Measured
        A count. Layer `sites`: those sites, with their kinds.

    Raises
    ------
    NotAssessed
        The table tells no kind, or nothing of several uses anywhere: no facility is of two kinds, and no two are at one
        place.

    Notes
    -----
    Source: one site for several uses, as the plan for county seats asks.

    Examples
    --------
    >>> from shapely import Point
    >>> from gis_planning.analysis.work import frame
    >>> here = frame(Point(0, 0), Point(0, 0), Point(90, 0), kind=["canteen;childcare", "elderly_care", "clinic"])
    >>> multi_use(here).value
    1.0
    """
    sorted_ = facilities.reindex(columns=["kind"])["kind"].notna()
    if not sorted_.any():
        raise NotAssessed("services.no_kinds", count=len(facilities))
    known = facilities[sorted_].reset_index(drop=True)
    spots = shapely.point_on_surface(known.geometry.to_numpy())
    left, right = shapely.STRtree(spots).query(spots, predicate="dwithin", distance=within_m)
    group = overlay.groups_of(len(spots), left, right)
    said: dict[int, set[str]] = {}
    for number, kinds in zip(group, known["kind"], strict=True):
        said.setdefault(int(number), set()).update(str(kinds).split(";"))
    if not any(len(kinds) > 1 for kinds in said.values()):
        raise NotAssessed("services.no_several", count=len(known))
    sites = [number for number, kinds in said.items() if len(kinds) >= at_least_kinds]
    first = [int(np.flatnonzero(group == number)[0]) for number in sites]
    kinds = [";".join(sorted(said[number])) for number in sites]
    found = _sites(known.iloc[first]).assign(kind=kinds)
    return Measured(
        value=float(len(found)),
        unit="count",
        offenders=found[:0][["geometry"]],
        notes=() if sorted_.all() else (text("services.note_no_kind", count=int((~sorted_).sum())),),
        layers={"sites": found},
    )


def areas_with(
    facilities: gpd.GeoDataFrame,
    districts: gpd.GeoDataFrame,
    *,
    kind: str | None = None,
    kinds: tuple[str, ...] = (),
    within_m: float = 0.0,
) -> Share:
    """Measure how many towns, or villages, have a facility of a kind in them.

    Parameters
    ----------
    facilities
        With `kind`.
    districts
        Towns, communities or villages: polygons, or points with what is within `within_m` of them.
    kind, kinds
        One kind, or several of which any will do.
    within_m
        How far from a town's edge, or a village's point, a facility may be.

    Returns
    -------
    Measured
        A share by number. Offenders are those without one.

    Notes
    -----
    Source: services that reach all towns and villages, as the plan for county seats asks.

    Raises
    ------
    NotAssessed
        There is no town; villages are points, and the clause does not say how far from them counts; or the table has
        no row of the kind and the county does not state that there is none.

    Examples
    --------
    >>> from shapely import Point, box
    >>> from gis_planning.analysis.work import frame
    >>> towns = frame(box(0, 0, 9, 9), box(20, 0, 29, 9), name=["East", "West"])
    >>> found = areas_with(frame(Point(1, 1), kind=["clinic"]), towns, kind="clinic")
    >>> found.value, found.offenders["name"].tolist()
    (0.5, ['West'])
    """
    chosen = wanted(kind, kinds)
    if not len(districts):
        raise NotAssessed("services.no_areas")
    # On the very point of a village there is nothing.
    if not within_m and not (shapely.get_dimensions(districts.geometry.to_numpy()) == 2).all():
        raise NotAssessed("services.points_without_reach")
    refuse_unknown(facilities, chosen)
    spots = facilities.geometry.to_numpy()[is_of(facilities, chosen)]
    has = np.zeros(len(districts), dtype=bool)
    if len(spots):
        near = {"predicate": "dwithin", "distance": within_m} if within_m else {"predicate": "intersects"}
        has[np.unique(shapely.STRtree(spots).query(districts.geometry.to_numpy(), **near)[0])] = True
    return Measured.share(float(has.sum()), float(len(has)), "parts", offenders=_sites(districts[~has]))


def villages_with(villages: gpd.GeoDataFrame, *, field: str) -> Share:
    """Measure how many villages state that something reaches them: tap water, gas, 5G, a bus.

    A village that does not say it may have it: the share is then open upwards.

    Parameters
    ----------
    villages
        Points or polygons.
    field
        `tap_water`, `gas`, `mobile_5g` or `bus`.

    Returns
    -------
    Measured
        A share by number. Offenders are the villages that state that it does not.

    Raises
    ------
    NotAssessed
        There is no village, or none says it.
    RuleError
        There is no such field.

    Notes
    -----
    Source: networks that reach the villages, as the plan for county seats and TD/T 1063-2021 have them.

    Examples
    --------
    >>> from shapely import Point
    >>> from gis_planning.analysis.work import frame
    >>> towns = frame(Point(0, 0), Point(9, 0), name=["A", "B"], gas=[True, False])
    >>> villages_with(towns, field="gas").value
    0.5
    """
    if field not in SAID:
        raise RuleError("services.unknown_field", field=field, known=list(SAID))
    said = villages[field].tolist() if field in villages.columns else [None] * len(villages)
    yes, no = (np.array([one is answer for one in said], dtype=bool) for answer in (True, False))
    if not len(villages) or not (yes | no).any():
        raise NotAssessed("services.nothing_said", count=len(villages))
    return _share_of(
        float(yes.sum()),
        float(len(villages)),
        "villages",
        float((~yes & ~no).sum()),
        offenders=_sites(villages[no]),
    )


def land_each(facilities: gpd.GeoDataFrame, area: gpd.GeoDataFrame, *, kind: str) -> SquareKm:
    """Measure how much land there is for each facility of a kind in an area: km2 for every fire station.

    Parameters
    ----------
    facilities
        With `kind`; those in the area count.
    area
        The land that is shared out, on the plane of the working CRS.
    kind
        The kind.

    Returns
    -------
    Measured
        km2. Layer `sites`: the facilities.

    Raises
    ------
    NotAssessed
        The table has no row of the kind, or none lies in the area.

    Notes
    -----
    Source: GB 51080-2015, duty areas of fire stations.

    Examples
    --------
    >>> from shapely import Point, box
    >>> from gis_planning.analysis.work import frame
    >>> stations = frame(Point(1, 1), Point(9, 9), kind=["fire_station"] * 2)
    >>> land_each(stations, frame(box(0, 0, 2000, 3000)), kind="fire_station").value
    3.0
    """
    refuse_unknown(facilities, (kind,))
    own = facilities[is_of(facilities, (kind,))]
    land = shapely.union_all(area.geometry.to_numpy())
    inner = overlay.hit(shapely.point_on_surface(own.geometry.to_numpy()), land)
    if not inner.any():
        raise NotAssessed("services.none_in_area")
    km2, area_kind = float(shapely.area(land)) / M2_PER_KM2, divided_by(area)
    shown = _sites(own[inner])
    return Measured(
        value=km2 / int(inner.sum()),
        unit="km2",
        offenders=shown[:0][["geometry"]],
        numerator=km2,
        denominator=float(inner.sum()),
        notes=area_kind[1],
        layers={"sites": shown},
        area=area_kind[0],
    )


def _room(schools: gpd.GeoDataFrame, per_class: float) -> Floats:
    """Return the places of each school; NaN where it states nothing."""
    room, classes = (_positive(numbers_of(schools, name)) for name in ("capacity", "classes"))
    return np.where(np.isnan(room), classes * per_class, room)


def _positive(values: Floats) -> Floats:
    """Return numbers above 0, others as NaN: many tables write 0 for what nobody knows."""
    return np.where((values > 0) & np.isfinite(values), values, np.nan)


def _short_of(has: Floats, least: float) -> Floats:
    """Return how much less there is than asked, 0 where there is enough; NaN where it is not known or not asked."""
    return np.maximum(least - has, 0.0) if least else np.full(len(has), np.nan)


def _by_district(
    schools: gpd.GeoDataFrame, room: Floats, people: gpd.GeoDataFrame, children: Floats, districts: gpd.GeoDataFrame
) -> tuple[tuple[Part, ...], gpd.GeoDataFrame]:
    """Return places and children by district, and the districts that lack places, with whether that is sure."""
    shapes = districts.geometry.to_numpy()
    of_school, of_people = (
        overlay.zone_of(shapely.point_on_surface(one.geometry.to_numpy()), shapes) for one in (schools, people)
    )
    size = len(districts)
    offered, due = (
        np.bincount(zone[zone >= 0], weights=np.nan_to_num(numbers)[zone >= 0], minlength=size)
        for zone, numbers in ((of_school, room), (of_people, children))
    )
    unsure = np.isin(np.arange(size), of_school[np.isnan(room)])
    names = districts["name"].tolist() if "name" in districts.columns else [None] * size
    parts = tuple(Part(float(offered[at]), float(due[at]), names[at]) for at in np.flatnonzero(due))
    lacking = due - offered
    table = {"name": names, "children": due, "places": offered, "lacking": lacking, "unsure": unsure}
    found = gpd.GeoDataFrame(table, geometry=shapes, crs=districts.crs)
    short = found[lacking > 0].sort_values("lacking", ascending=False, kind="stable", ignore_index=True)
    return parts, short


def _sites(facilities: gpd.GeoDataFrame, **columns: Any) -> gpd.GeoDataFrame:
    """Return facilities as a layer of results."""
    names = facilities["name"].to_numpy(dtype=object) if "name" in facilities.columns else [None] * len(facilities)
    return gpd.GeoDataFrame({"name": names, **columns}, geometry=facilities.geometry.to_numpy(), crs=facilities.crs)


def _share_of(some: float, whole: float, counted: str, unknown: float, **more: Any) -> Measured:
    """Return a share that may be higher by those of which nothing is known; 0 of nothing is not assessed."""
    if not whole:
        raise NotAssessed("services.none")
    note = (text("services.note_unknown", count=int(unknown)),) if unknown else ()
    range_ = (some / whole, (some + unknown) / whole) if unknown else None
    return Measured.share(some, whole, counted, value_range=range_, notes=note, **more)
