"""Measure the shape of a county seat: people and floor on its land, low houses, large squares, roofs."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_planning import overlay
from gis_planning.analysis.parks import Parks
from gis_planning.county.areas import divided_by
from gis_planning.errors import NotAssessed
from gis_planning.geo import Flags, Floats
from gis_planning.homes import floor_area, numbers_of, uses_of
from gis_planning.measures import Count, M2PerPerson, PerKm2, Ratio, Share, SquareMetres
from gis_planning.measures.land import people_in
from gis_planning.results.verdicts import Measured
from gis_planning.texts import Text, text

M2_PER_KM2 = 1_000_000.0


def population_density(
    area: gpd.GeoDataFrame, population: gpd.GeoDataFrame | None = None, statistics: pd.DataFrame | None = None
) -> PerKm2:
    """Measure the people for each km2 of an area.

    Parameters
    ----------
    area
        The land that it is divided by, on the plane of the working CRS.
    population
        Polygons or raster cells with `population`, each spread evenly.
    statistics
        The county's table, whose residents count where no layer does.

    Returns
    -------
    Measured
        People per km2.

    Raises
    ------
    NotAssessed
        Nobody counted the people, or the area is empty.

    Notes
    -----
    Source: the opinion of fifteen ministries on county seats (2021): 6,000 to 10,000 people per km2 of built-up area.

    Examples
    --------
    >>> from shapely import box
    >>> from gis_planning.analysis.work import frame
    >>> town = frame(box(0, 0, 1000, 1000))
    >>> population_density(town, frame(box(0, 0, 2000, 1000), population=[16000.0])).value
    8000.0
    """
    land = overlay.dissolve(area.geometry.to_numpy())
    km2 = _km2(land)
    people, notes = people_in(land, population, statistics)
    kind, note = divided_by(area)
    return Measured(
        value=people / km2,
        unit="per_km2",
        offenders=_nothing(area),
        numerator=people,
        denominator=km2,
        notes=(*note, *notes),
        area=kind,
    )


def floor_ratio(buildings: gpd.GeoDataFrame, area: gpd.GeoDataFrame, *, least_known: float = 0.9) -> Ratio:
    """Measure the floor area of buildings for each m2 of an area.

    A building is where the middle of its footprint is; its floor is the footprint times its floors. Where floors are
    stated for less than `least_known` of the footprints nothing is said; else a building without counts with one floor,
    and the value is a lower bound.

    Parameters
    ----------
    buildings
        Footprints with `floors`.
    area
        The land that it is divided by, on the plane of the working CRS.
    least_known
        The least share of footprints, by area, whose floors are known.

    Returns
    -------
    Measured
        m2 of floor per m2 of land. Layer `floors`: the buildings, with `floors` and `floor_m2`.

    Raises
    ------
    NotAssessed
        No building stands in the area, or too few state their floors.

    Notes
    -----
    Source: the opinion of fifteen ministries on county seats (2021): floor over construction land of 0.6 to 0.8.

    Examples
    --------
    >>> from shapely import box
    >>> from gis_planning.analysis.work import frame
    >>> floor_ratio(frame(box(0, 0, 10, 10), floors=[6.0]), frame(box(0, 0, 10, 100))).value
    0.6
    """
    land = overlay.dissolve(area.geometry.to_numpy())
    own, floors, notes = _floors(_standing_in(buildings, land), least_known)
    floor = floor_area(own)
    shown = gpd.GeoDataFrame({"floors": floors, "floor_m2": floor}, geometry=own.geometry.to_numpy(), crs=own.crs)
    m2 = _km2(land) * M2_PER_KM2
    value = float(floor.sum()) / m2
    kind, note = divided_by(area)
    return Measured(
        value=value,
        unit="number",
        offenders=shown[:0][["geometry"]],
        numerator=float(floor.sum()),
        denominator=m2,
        value_range=(value, float("inf")) if notes else None,
        notes=(*note, *notes),
        layers={"floors": shown},
        area=kind,
        counted="m2",
    )


def low_dwellings(
    buildings: gpd.GeoDataFrame, area: gpd.GeoDataFrame, *, most_floors: int, least_known: float = 0.9
) -> Share:
    """Measure the share of the floor of homes that stands in low houses.

    Homes are buildings with dwellings or of a residential use (conventions/homes.toml). Of homes whose floors nobody
    states it is not known: they may be low houses of `most_floors` or towers of any height, and the share is open by
    that.

    Parameters
    ----------
    buildings
        Footprints with `floors`, `use` or `dwellings`.
    area
        Where homes count.
    most_floors
        A house of at most so many floors is low.
    least_known
        The least share of the footprints of homes whose floors are known.

    Returns
    -------
    Measured
        A share of floor area. Offenders are the homes that are higher, the highest first.

    Raises
    ------
    NotAssessed
        There are no homes, or too few state their floors.

    Notes
    -----
    Source: the opinion of fifteen ministries on county seats (2021): 70 % of the floor of homes in houses of at most
    six floors.

    Examples
    --------
    >>> from shapely import box
    >>> from gis_planning.analysis.work import frame
    >>> homes = frame(box(0, 0, 10, 10), box(20, 0, 30, 10), use=["住宅", "住宅"], floors=[6.0, 18.0])
    >>> low_dwellings(homes, frame(box(0, 0, 99, 99)), most_floors=6).value
    0.25
    """
    inside = _standing_in(buildings, overlay.dissolve(area.geometry.to_numpy()))
    use = uses_of(inside)
    own, floors, notes = _floors(inside[use.lived_in | (use.dwellings > 0)], least_known)
    floor = floor_area(own)
    low, unknown = floors <= most_floors, np.isnan(floors)
    whole = float(floor.sum())
    shown = gpd.GeoDataFrame({"floors": floors, "floor_m2": floor}, geometry=own.geometry.to_numpy(), crs=own.crs)
    # What is not known counts with one floor: as low houses it is most_floors high at most, as towers without end.
    some, open_ = float(floor[low].sum()), float(floor[unknown].sum())
    most = (some + most_floors * open_) / (whole + (most_floors - 1) * open_)
    high = shown[~low & ~unknown].sort_values("floors", ascending=False, kind="stable", ignore_index=True)
    kind, note = divided_by(area)
    return Measured.share(
        some,
        whole,
        "m2",
        offenders=high,
        value_range=(0.0, most) if open_ else None,
        notes=(*note, *notes),
        layers={"floors": shown},
        area=kind,
    )


def large_squares(qualifying_parks: Parks, *, largest_m2: float) -> Count:
    """Count the squares that are larger than a limit.

    Parameters
    ----------
    qualifying_parks
        Squares among the green and open land (conventions/greens.toml), the parts of one merged.
    largest_m2
        The largest that is allowed, in m2.

    Returns
    -------
    Measured
        A count. Offenders are the squares, the largest first, with `area_m2`.

    Notes
    -----
    Source: the opinion of fifteen ministries on county seats (2021): paved squares of at most 2 ha.

    Examples
    --------
    >>> from shapely import box
    >>> from gis_planning.analysis.work import applied, frame
    >>> squares = frame(box(0, 0, 200, 150), box(300, 0, 310, 10), **{"class": ["G3", "G3"]})
    >>> applied(large_squares, parks=squares, counts=("square",), largest_m2=20000.0).value
    1.0
    """
    frame = qualifying_parks.frame
    large = frame[frame["area_m2"] > largest_m2].sort_values("area_m2", ascending=False, kind="stable")
    found = large[["name", "area_m2", "geometry"]].reset_index(drop=True)
    return Measured(value=float(len(found)), unit="count", offenders=found)


def park_land(
    qualifying_parks: Parks,
    area: gpd.GeoDataFrame,
    population: gpd.GeoDataFrame | None = None,
    statistics: pd.DataFrame | None = None,
) -> M2PerPerson:
    """Measure the parks of an area for each person there.

    Parameters
    ----------
    qualifying_parks
        Green that counts as park, the parts of one merged.
    area
        The land whose parks and people count, on the plane of the working CRS.
    population
        Polygons or raster cells with `population`.
    statistics
        The county's table, whose residents count where no layer does.

    Returns
    -------
    Measured
        m2 per person; an upper bound where parks could not be told from verges.

    Raises
    ------
    NotAssessed
        Nobody counted the people.

    Notes
    -----
    Source: park area per head, TD/T 1063-2021.

    Examples
    --------
    >>> from shapely import box
    >>> from gis_planning.analysis.work import applied, frame
    >>> town = frame(box(0, 0, 100, 100), population=[50.0])
    >>> applied(park_land, parks=frame(box(0, 0, 20, 50)), area=town, population=town).value
    20.0
    """
    land = overlay.dissolve(area.geometry.to_numpy())
    people, notes = people_in(land, population, statistics)
    parks = overlay.without_overlap(qualifying_parks.frame.geometry.to_numpy())
    pairs = overlay.intersect(parks, land)
    m2 = float(shapely.area(pairs.geometry).sum())
    shown = gpd.GeoDataFrame({"area_m2": shapely.area(pairs.geometry)}, geometry=pairs.geometry, crs=area.crs)
    kind, note = divided_by(area)
    return Measured(
        value=m2 / people,
        unit="m2_per_person",
        offenders=shown[:0][["geometry"]],
        numerator=m2,
        denominator=people,
        value_range=(0.0, m2 / people) if qualifying_parks.mixed else None,
        notes=(*note, *notes),
        layers={"classed": shown},
        area=kind,
    )


def roofs(buildings: gpd.GeoDataFrame, area: gpd.GeoDataFrame) -> SquareMetres:
    """Measure the footprints of buildings in an area, the most that roofs could hold of photovoltaics.

    Parameters
    ----------
    buildings
        Footprints; one is where its middle is, and those that overlap count once.
    area
        The land whose buildings count, on the plane of the working CRS.

    Returns
    -------
    Measured
        m2, an upper bound: what stands on roofs, and how they slope, is not known.

    Raises
    ------
    NotAssessed
        No building stands in the area.

    Notes
    -----
    Source: roofs for photovoltaics, as the plan for county seats asks; it sets no number.

    Examples
    --------
    >>> from shapely import box
    >>> from gis_planning.analysis.work import frame
    >>> roofs(frame(box(0, 0, 10, 10)), frame(box(0, 0, 99, 99))).value
    100.0
    """
    own = _standing_in(buildings, overlay.dissolve(area.geometry.to_numpy()))
    m2 = float(shapely.area(overlay.dissolve(own.geometry.to_numpy())).sum())
    kind, note = divided_by(area)
    return Measured(
        value=m2,
        unit="m2",
        offenders=_nothing(area),
        value_range=(0.0, m2),
        notes=(*note, text("form.note_roofs")),
        area=kind,
    )


def _standing_in(buildings: gpd.GeoDataFrame, land: object) -> gpd.GeoDataFrame:
    own = buildings[overlay.hit(shapely.point_on_surface(buildings.geometry.to_numpy()), land)]
    if not len(own):
        raise NotAssessed("form.no_buildings")
    return own.reset_index(drop=True)


def _floors(buildings: gpd.GeoDataFrame, least_known: float) -> tuple[gpd.GeoDataFrame, Floats, tuple[Text, ...]]:
    """Return buildings with their floors, NaN where not known, and a note of these; refuse too many of them."""
    if not len(buildings):
        raise NotAssessed("form.no_homes")
    floors = numbers_of(buildings, "floors")
    unknown: Flags = ~(floors >= 1)
    footprint = shapely.area(buildings.geometry.to_numpy())
    known = float(footprint[~unknown].sum()) / float(footprint.sum())
    if known < least_known:
        raise NotAssessed("form.few_floors", share=f"{100 * known:.1f}%", least=f"{100 * least_known:.10g}%")
    note = (text("form.note_floors", count=int(unknown.sum())),) if unknown.any() else ()
    return buildings, np.where(unknown, np.nan, floors), note


def _km2(land: object) -> float:
    m2 = float(np.sum(shapely.area(land)))
    if not m2:
        raise NotAssessed("roads.no_area")
    return m2 / M2_PER_KM2


def _nothing(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=[], crs=frame.crs)
