"""Measure who and what is near enough to pipes and hydrants: homes, villages, built land, buildings."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_planning import geo, overlay
from gis_planning.analysis import pipes as known
from gis_planning.conventions.landclasses import base, great_class
from gis_planning.county.areas import divided_by
from gis_planning.errors import NotAssessed
from gis_planning.geo import Flags, Geometries
from gis_planning.homes import numbers_of, uses_of
from gis_planning.measures import Share
from gis_planning.results.verdicts import Measured
from gis_planning.texts import Text


def homes(
    pipes: gpd.GeoDataFrame,
    pipes_coverage: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    area: gpd.GeoDataFrame,
    *,
    kinds: tuple[str, ...],
    within_m: float,
) -> Share:
    """Measure how many of the homes of an area lie within a distance of a pipe of some kinds.

    The distance is straight, from the outline of the building. Homes are buildings that say so or that have dwellings;
    one that says nothing of its use may be one. A home that only a pipe of no known kind is near, or from which the
    distance leaves the land on which pipes were surveyed, may be near one. The share is open by these.

    Parameters
    ----------
    pipes
        Lines with `kind`.
    pipes_coverage
        The land on which all pipes were surveyed.
    buildings
        With `use`, and `dwellings` where known.
    area
        The land whose homes count: those whose middle lies on it.
    kinds
        The kinds of pipes of which any will do.
    within_m
        The distance in metres.

    Returns
    -------
    Measured
        A share by number. Offenders are the homes that are farther, the farthest first, with dwellings and the distance
        to the next pipe.

    Raises
    ------
    NotAssessed
        No pipe of the kinds, or no home, is known; or nobody knows of any home how far it is.
    RuleError
        There is no such kind.

    Notes
    -----
    Source: land without sewers, gas and central heating is to become less, as the plan for county seats asks; the
    distance is a setting of ours.

    Examples
    --------
    >>> from shapely import LineString, box
    >>> from gis_planning.analysis.work import frame
    >>> pipes, land = frame(LineString([(0, 0), (100, 0)]), kind=["污水"]), frame(box(-500, -500, 500, 500))
    >>> houses = frame(box(0, 50, 10, 60), box(0, 51, 10, 60), use=["住宅", "住宅"])
    >>> homes(pipes, land, houses, land, kinds=("sewage",), within_m=50).value
    0.5
    """
    own, silent = _pipes(pipes, kinds)
    use = uses_of(buildings)
    here = overlay.hit(shapely.point_on_surface(buildings.geometry.to_numpy()), area.geometry.to_numpy())
    lived_in = here & (use.lived_in | (use.dwellings > 0))
    if not lived_in.any():
        raise NotAssessed("mains.no_buildings")
    perhaps = here & use.unknown & ~lived_in
    lines = pipes.geometry.to_numpy()
    near, unsure = _near(buildings.geometry.to_numpy(), lines[own], lines[silent], pipes_coverage, within_m)
    area_kind, note = divided_by(area)
    return _share(
        buildings,
        (lived_in, perhaps),
        (near, unsure),
        lines[own],
        notes=(
            *note,
            *known.notes(pipes, silent),
            *known.counted("mains.note_unsure", unsure & lived_in),
            *known.counted("mains.note_no_use", perhaps),
        ),
        area=area_kind,
    )


def villages(
    pipes: gpd.GeoDataFrame,
    pipes_coverage: gpd.GeoDataFrame,
    villages: gpd.GeoDataFrame,
    *,
    kinds: tuple[str, ...],
    within_m: float,
) -> Share:
    """Measure how many villages lie within a distance of a pipe of some kinds.

    The distance is straight, from the point or the outline of the village; a pipe that passes need not serve it. A
    village that only a pipe of no known kind is near, or from which the distance leaves the land on which pipes were
    surveyed, may be near one: the share is open by it.

    Parameters
    ----------
    pipes
        Lines with `kind`.
    pipes_coverage
        The land on which all pipes were surveyed.
    villages
        Points or polygons.
    kinds
        The kinds of pipes of which any will do.
    within_m
        The distance in metres.

    Returns
    -------
    Measured
        A share by number. Offenders are the villages that are farther, the farthest first, with the distance.

    Raises
    ------
    NotAssessed
        No pipe of the kinds, or no village, is known; or nobody knows of any village how far it is.
    RuleError
        There is no such kind.

    Notes
    -----
    Source: water, gas and heat reach the villages, as the plan for county seats asks; the distance is ours.

    Examples
    --------
    >>> from shapely import LineString, Point, box
    >>> from gis_planning.analysis.work import frame
    >>> pipes, land = frame(LineString([(0, 0), (100, 0)]), kind=["给水"]), frame(box(-999, -999, 999, 999))
    >>> villages(pipes, land, frame(Point(0, 300), Point(0, 301)), kinds=("water",), within_m=300).value
    0.5
    """
    own, silent = _pipes(pipes, kinds)
    if not len(villages):
        raise NotAssessed("mains.no_villages")
    lines = pipes.geometry.to_numpy()
    near, unsure = _near(villages.geometry.to_numpy(), lines[own], lines[silent], pipes_coverage, within_m)
    every = np.ones(len(villages), dtype=bool)
    notes = (*known.notes(pipes, silent), *known.counted("mains.note_unsure", unsure))
    return _share(villages, (every, ~every), (near, unsure), lines[own], notes=notes, counted_in="villages")


def land(
    pipes: gpd.GeoDataFrame,
    pipes_coverage: gpd.GeoDataFrame,
    land_use: gpd.GeoDataFrame,
    area: gpd.GeoDataFrame,
    *,
    kinds: tuple[str, ...],
    within_m: float,
) -> Share:
    """Measure how much of the built land of an area lies within a distance of a pipe of some kinds.

    Built land is that of a built class. Land that only a pipe of no known kind is near, or that lies nearer than the
    distance to the edge of the land on which pipes were surveyed, may be near one: the share is open upwards by it.
    Areas are those on the ellipsoid.

    Parameters
    ----------
    pipes
        Lines with `kind`.
    pipes_coverage
        The land on which all pipes were surveyed.
    land_use
        With `class`.
    area
        The land whose built land counts.
    kinds
        The kinds of pipes of which any will do.
    within_m
        The distance in metres.

    Returns
    -------
    Measured
        A share by area. Offenders are the patches of built land that are farther, the largest first.

    Raises
    ------
    NotAssessed
        No pipe of the kinds is known, or no built land lies in the area.
    RuleError
        There is no such kind.

    Notes
    -----
    Source: land without sewers is to become less, as the plan for county seats asks; the distance is a setting of ours.

    Examples
    --------
    >>> from shapely import LineString, box
    >>> from gis_planning.analysis.work import frame
    >>> east, north = 38_500_000, 4_580_000
    >>> town = box(east, north, east + 100, north + 100)
    >>> pipes = frame(LineString([(east - 99, north), (east + 199, north)]), kind=["污水"])
    >>> round(land(pipes, frame(town.buffer(900)), frame(town, **{"class": ["0701"]}), frame(town),
    ...     kinds=("sewage",), within_m=25).value, 6)
    0.25
    """
    own, silent = _pipes(pipes, kinds)
    built = overlay.intersect(
        overlay.dissolve(land_use.geometry.to_numpy()[_built(land_use)]), overlay.dissolve(area.geometry.to_numpy())
    ).geometry
    total = float(geo.ellipsoid_area(built, land_use.crs).sum())
    if not total:
        raise NotAssessed("mains.no_land")
    lines = pipes.geometry.to_numpy()
    far = _without(built, _around(lines[own], within_m))
    some = total - float(geo.ellipsoid_area(far, land_use.crs).sum())
    sure = _without(far, _around(lines[silent], within_m)) if silent.any() else far
    surveyed = geo.buffer(shapely.union_all(pipes_coverage.geometry.to_numpy()), -within_m)
    sure = overlay.intersect(sure, geo.singles(np.array([surveyed], dtype=object))[0]).geometry
    most = total - float(geo.ellipsoid_area(sure, land_use.crs).sum())
    parts, _ = geo.singles(far)
    shown = gpd.GeoDataFrame({"area_m2": geo.ellipsoid_area(parts, land_use.crs)}, geometry=parts, crs=land_use.crs)
    area_kind, note = divided_by(area)
    return Measured.share(
        some,
        total,
        "m2",
        # Cuts lie on a grid: a difference of less than a square centimetre for each hectare is none.
        value_range=(some / total, most / total) if most - some > total * 1e-8 else None,
        offenders=shown.sort_values("area_m2", ascending=False, kind="stable", ignore_index=True),
        notes=(*note, *known.notes(pipes, silent)),
        area=area_kind,
    )


def hydrants(
    hydrants: gpd.GeoDataFrame,
    hydrants_coverage: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    area: gpd.GeoDataFrame,
    *,
    within_m: float,
) -> Share:
    """Measure how many of the buildings of an area lie within a distance of a fire hydrant.

    The distance is straight, from the outline of the building. All buildings count but sheds, garages and the like. A
    hydrant that does not work does not count; one that says nothing of it does. A building from which the distance
    leaves the land on which hydrants were surveyed may be near one: the share is open upwards by it.

    Parameters
    ----------
    hydrants
        Points, with `works` where known.
    hydrants_coverage
        The land on which all hydrants were surveyed.
    buildings
        With `use`, where known.
    area
        The land whose buildings count: those whose middle lies on it.
    within_m
        The distance in metres.

    Returns
    -------
    Measured
        A share by number. Offenders are the buildings that are farther, the farthest first, with the distance.

    Raises
    ------
    NotAssessed
        No hydrant that works, or no building, is known; or nobody knows of any building how far it is.

    Notes
    -----
    Source: GB 50974-2014, 7.2.5, the radius that a municipal hydrant protects.

    Examples
    --------
    >>> from shapely import Point, box
    >>> from gis_planning.analysis.work import frame
    >>> land, houses = frame(box(-900, -900, 900, 900)), frame(box(150, 0, 160, 9), box(151, 0, 160, 9))
    >>> hydrants(frame(Point(0, 5)), land, houses, land, within_m=150).value
    0.5
    """
    works = _working(hydrants)
    here = overlay.hit(shapely.point_on_surface(buildings.geometry.to_numpy()), area.geometry.to_numpy())
    counts = here & ~uses_of(buildings).outbuilding
    if not counts.any():
        raise NotAssessed("mains.no_buildings")
    spots, none = hydrants.geometry.to_numpy()[works], np.empty(0, dtype=object)
    near, unsure = _near(buildings.geometry.to_numpy(), spots, none, hydrants_coverage, within_m)
    area_kind, note = divided_by(area)
    said = (*note, *known.counted("mains.note_broken", ~works), *known.counted("mains.note_unsure", unsure & counts))
    return _share(buildings, (counts, ~counts & False), (near, unsure), spots, notes=said, area=area_kind)


def spacing(hydrants: gpd.GeoDataFrame, *, within_m: float) -> Share:
    """Measure how many fire hydrants have another one within a distance.

    The distance is straight, so that a hydrant of the next street counts as well: what is farther apart than the
    distance is so along the street too, and the share is an upper one. Hydrants that do not work do not count.

    Parameters
    ----------
    hydrants
        Points, with `works` where known.
    within_m
        The distance in metres.

    Returns
    -------
    Measured
        A share by number. Offenders are the hydrants without another one so near, the loneliest first, with the
        distance to the next.

    Raises
    ------
    NotAssessed
        No hydrant that works is known, or but one.

    Notes
    -----
    Source: GB 50974-2014, 7.2.5, the distance between municipal hydrants.

    Examples
    --------
    >>> from shapely import Point
    >>> from gis_planning.analysis.work import frame
    >>> spacing(frame(Point(0, 0), Point(120, 0), Point(241, 0)), within_m=120).numerator
    2.0
    """
    works = _working(hydrants)
    own = hydrants[works].reset_index(drop=True)
    if len(own) == 1:
        raise NotAssessed("mains.one_hydrant")
    # Two rows at one place are one hydrant.
    own = own[~own.geometry.duplicated()].reset_index(drop=True)
    spots = own.geometry.to_numpy()
    if len(spots) == 1:
        raise NotAssessed("mains.one_hydrant")
    (at, _), apart = shapely.STRtree(spots).query_nearest(
        spots, exclusive=True, all_matches=False, return_distance=True
    )
    far = apart > within_m
    columns = {"name": _names(own)[at[far]], "nearest_m": apart[far]}
    found = gpd.GeoDataFrame(columns, geometry=spots[at[far]], crs=hydrants.crs)
    return Measured.share(
        float((~far).sum()),
        float(len(own)),
        "facilities",
        offenders=found.sort_values("nearest_m", ascending=False, kind="stable", ignore_index=True),
        notes=known.counted("mains.note_broken", ~works),
    )


def _pipes(pipes: gpd.GeoDataFrame, kinds: tuple[str, ...]) -> tuple[Flags, Flags]:
    """Say which pipes are of some kinds, and which may be; refuse where none is."""
    own, silent = known.chosen(pipes, kinds)
    if not own.any():
        raise NotAssessed("pipes.none", kinds=known.Named(kinds))
    return own, silent


def _working(hydrants: gpd.GeoDataFrame) -> Flags:
    """Say which hydrants work; refuse where none does."""
    said = hydrants["works"].tolist() if "works" in hydrants.columns else [None] * len(hydrants)
    works = np.array([one is None or pd.isna(one) or bool(one) for one in said], dtype=bool)
    if not works.any():
        raise NotAssessed("mains.no_hydrants")
    return works


def _near(
    places: Geometries, sure: Geometries, perhaps: Geometries, coverage: gpd.GeoDataFrame, within_m: float
) -> tuple[Flags, Flags]:
    """Say which places are near what is sure, and of which nobody knows: it may be near what is not."""
    near, maybe = (_dwithin(places, lines, within_m) for lines in (sure, perhaps))
    surveyed = shapely.union_all(coverage.geometry.to_numpy())
    edge = shapely.boundary(surveyed)
    shapely.prepare(surveyed)
    shapely.prepare(edge)
    inside = shapely.covers(surveyed, places) & ~shapely.dwithin(edge, places, within_m)
    return near, ~near & (maybe | ~inside)


def _dwithin(places: Geometries, others: Geometries, within_m: float) -> Flags:
    found = np.zeros(len(places), dtype=bool)
    found[shapely.STRtree(others).query(places, predicate="dwithin", distance=within_m)[0]] = True
    return found


def _share(
    features: gpd.GeoDataFrame,
    counted: tuple[Flags, Flags],
    found: tuple[Flags, Flags],
    others: Geometries,
    *,
    notes: tuple[Text, ...],
    counted_in: str = "parts",
    area: str | None = None,
) -> Measured:
    """Return the share of what counts that is near; what may count, and what may be near, opens it."""
    (sure, perhaps), (near, unsure) = counted, found
    whole, some, open_ = (float(one.sum()) for one in (sure, sure & near, sure & unsure))
    if open_ == whole:
        raise NotAssessed("mains.undecided", count=int(whole))
    worse, better = float((perhaps & ~near).sum()), float((perhaps & (near | unsure)).sum())
    low, high = some / (whole + worse), (some + open_ + better) / (whole + better)
    far = features[sure & ~near & ~unsure]
    shapes = far.geometry.to_numpy()
    _, apart = shapely.STRtree(others).query_nearest(shapes, all_matches=False, return_distance=True)
    columns: dict[str, Any] = {"name": _names(far)}
    if "dwellings" in features.columns:
        columns["dwellings"] = numbers_of(far, "dwellings")
    # As points: a town has tens of thousands, and where they are is what a reader looks for.
    dots = shapely.point_on_surface(shapes)
    shown = gpd.GeoDataFrame({**columns, "nearest_m": apart}, geometry=dots, crs=features.crs)
    return Measured.share(
        some,
        whole,
        counted_in,
        value_range=(low, high) if low < high else None,
        offenders=shown.sort_values("nearest_m", ascending=False, kind="stable", ignore_index=True),
        notes=notes,
        area=area,
    )


def _names(features: gpd.GeoDataFrame) -> np.ndarray:
    return features["name"].to_numpy(dtype=object) if "name" in features.columns else np.full(len(features), None)


def _built(land_use: gpd.GeoDataFrame) -> Flags:
    """Say which polygons are of a built class."""
    said = land_use["class"] if "class" in land_use.columns else pd.Series(None, index=land_use.index, dtype=object)
    number, every = pd.factorize(said.astype(object))
    built = [great_class(base(str(code).strip()) or "", {}) == "built" for code in every]
    return np.asarray(np.array([*built, False], dtype=bool)[number])


def _around(lines: Geometries, within_m: float) -> Geometries:
    """Return the land within a distance of lines; lines that follow one another are joined first, for speed."""
    merged, _ = geo.singles(np.array([shapely.line_merge(shapely.union_all(lines))], dtype=object))
    return overlay.dissolve(geo.buffer(merged, within_m))


def _without(land: Geometries, other: Geometries) -> Geometries:
    """Return what of some land is not of other land."""
    left = overlay.split(land, other).outside
    return left[~shapely.is_empty(left)]
