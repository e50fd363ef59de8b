"""Measure land by its classes: how much of an area it covers, what lies inside a line, what became of it."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_planning import geo, overlay
from gis_planning.analysis.stated import newest
from gis_planning.conventions.landclasses import GREAT, base, great_class
from gis_planning.county.areas import divided_by
from gis_planning.errors import NotAssessed, RuleError
from gis_planning.geo import Flags, Floats, Index
from gis_planning.homes import numbers_of
from gis_planning.measures import M2PerPerson, Ratio, Share
from gis_planning.results.verdicts import Measured
from gis_planning.texts import Text, text

#: Where a county puts classes of which sources say different great classes: class, and great class.
Disputed = tuple[tuple[str, str], ...]
#: A shore no farther than this from the edge of an area lies on it.
EDGE_M = 0.01


def share_of(
    land_use: gpd.GeoDataFrame,
    area: gpd.GeoDataFrame,
    *,
    classes: tuple[str, ...] = (),
    great: str = "",
    great_classes: Disputed = (),
) -> Share:
    """Measure the share of an area that land of some classes covers: forest, water, built land.

    Areas are those of the CGCS2000 ellipsoid, every spot once.

    Parameters
    ----------
    land_use
        Polygons with `class`, a code of the land survey.
    area
        The land that it is divided by.
    classes
        Codes; a finer code belongs to the one it begins like (0301 to 03).
    great
        A great class instead: `agri`, `built` or `unused`.
    great_classes
        The great class of disputed classes, as the county states it.

    Returns
    -------
    Measured
        A share from 0 to 1, open by land whose class is not known. Layer `classed`: the land that counts, with
        `area_m2`.

    Raises
    ------
    NotAssessed
        No polygon states its class, or the area is empty.
    RuleError
        Neither classes nor a great class are given, or both.

    Notes
    -----
    Source: indicators of TD/T 1063-2021 on forest, water and built land; classes of the Third National Land Survey.

    Examples
    --------
    >>> from shapely import box
    >>> from gis_planning.analysis.work import frame
    >>> east, north = 38_500_000, 4_600_000
    >>> wood = frame(box(east, north, east + 30, north + 100), **{"class": ["0301"]})
    >>> round(share_of(wood, frame(box(east, north, east + 100, north + 100)), classes=("03",)).value, 6)
    0.3
    """
    own = land_use.geometry.to_numpy()[_chosen(land_use, classes, great, great_classes)]
    whole = overlay.dissolve(area.geometry.to_numpy())
    total = float(geo.ellipsoid_area(whole, land_use.crs).sum())
    if not total:
        raise NotAssessed("roads.no_area")
    shown = _within(own, whole, land_use.crs)
    kind, note = divided_by(area)
    some, silent = float(shown["area_m2"].sum()), _silent(land_use)
    return Measured.share(
        some,
        total,
        "m2",
        offenders=shown[:0][["geometry"]],
        value_range=(some / total, min(_with(own, land_use, silent, whole) / total, 1.0)) if silent.any() else None,
        notes=(*note, *_silent_notes(silent)),
        layers={"classed": shown},
        area=kind,
    )


def inside(
    land_use: gpd.GeoDataFrame,
    line: gpd.GeoDataFrame,
    *,
    classes: tuple[str, ...] = (),
    great: str = "",
    great_classes: Disputed = (),
) -> Share:
    """Measure the share of land of some classes that lies inside a line.

    Areas are those of the CGCS2000 ellipsoid, every spot once.

    Parameters
    ----------
    land_use
        Polygons with `class`.
    line
        Polygons of a control line.
    classes, great, great_classes
        As in `share_of`.

    Returns
    -------
    Measured
        A share from 0 to 1, open by land whose class is not known. Layer `classed`: what lies inside, with `area_m2`.

    Raises
    ------
    NotAssessed
        No polygon states its class, or there is no land of these.
    RuleError
        Neither classes nor a great class are given, or both.

    Notes
    -----
    Source: built land inside the development boundary and in the ecological redline, TD/T 1063-2021.

    Examples
    --------
    >>> from shapely import box
    >>> from gis_planning.analysis.work import frame
    >>> east, north = 38_500_000, 4_600_000
    >>> town = frame(box(east, north, east + 100, north + 100), **{"class": ["0701"]})
    >>> round(inside(town, frame(box(east, north, east + 80, north + 900)), great="built").value, 6)
    0.8
    """
    own = overlay.dissolve(land_use.geometry.to_numpy()[_chosen(land_use, classes, great, great_classes)])
    total = float(geo.ellipsoid_area(own, land_use.crs).sum())
    if not total:
        raise NotAssessed("land.no_land")
    within = overlay.dissolve(line.geometry.to_numpy())
    shown = _within(own, within, land_use.crs)
    some, silent = float(shown["area_m2"].sum()), _silent(land_use)
    # Land of no known class: what of it lies inside can raise the share, what lies outside can lower it.
    more = _with(own, land_use, silent, within) - some if silent.any() else 0.0
    beside = _with(own, land_use, silent, None) - total - more if silent.any() else 0.0
    return Measured.share(
        some,
        total,
        "m2",
        offenders=shown[:0][["geometry"]],
        value_range=(some / (total + beside), (some + more) / (total + more)) if silent.any() else None,
        notes=_silent_notes(silent),
        layers={"classed": shown},
    )


def per_person(
    land_use: gpd.GeoDataFrame,
    area: gpd.GeoDataFrame,
    population: gpd.GeoDataFrame | None = None,
    statistics: pd.DataFrame | None = None,
    *,
    great: str = "built",
    great_classes: Disputed = (),
) -> M2PerPerson:
    """Measure the land of a great class in an area for each person there.

    People are those of `population`, spread evenly over their polygon or cell; else the residents of the county's
    table, which must then be those of the same area. Land is measured on the CGCS2000 ellipsoid, every spot once.

    Parameters
    ----------
    land_use
        Polygons with `class`.
    area
        The land that counts.
    population
        Polygons or raster cells with `population`.
    statistics
        The county's table of stated numbers.
    great, great_classes
        As in `share_of`.

    Returns
    -------
    Measured
        m2 per person, open by land whose class is not known. Layer `classed`: the land, with `area_m2`.

    Raises
    ------
    NotAssessed
        No polygon states its class, or nobody counted the people.

    Notes
    -----
    Source: urban construction land per head, TD/T 1063-2021; what is allowed by type of county was not found.

    Examples
    --------
    >>> from shapely import box
    >>> from gis_planning.analysis.work import frame
    >>> east, north = 38_500_000, 4_600_000
    >>> town = frame(box(east, north, east + 100, north + 100), **{"class": ["0701"]})
    >>> round(per_person(town, town, frame(town.geometry[0], population=[100.0])).value, 6)
    100.0
    """
    own = land_use.geometry.to_numpy()[_chosen(land_use, (), great, great_classes)]
    whole = overlay.dissolve(area.geometry.to_numpy())
    people, notes = people_in(whole, population, statistics)
    shown = _within(own, whole, land_use.crs)
    kind, note = divided_by(area)
    m2, silent = float(shown["area_m2"].sum()), _silent(land_use)
    return Measured(
        value=m2 / people,
        unit="m2_per_person",
        offenders=shown[:0][["geometry"]],
        numerator=m2,
        denominator=people,
        value_range=(m2 / people, _with(own, land_use, silent, whole) / people) if silent.any() else None,
        notes=(*note, *notes, *_silent_notes(silent)),
        layers={"classed": shown},
        area=kind,
    )


def change(
    land_use: gpd.GeoDataFrame,
    land_use_earlier: gpd.GeoDataFrame,
    *,
    classes: tuple[str, ...] = (),
    great: str = "",
    great_classes: Disputed = (),
) -> Ratio:
    """Measure how much land of some classes there is now for each m2 that there was: 1 where none was lost.

    Both states are laid over one another; polygons that are drawn alike in both are taken as they are. What became of
    every class is told as a table, class to class, whose sums are the land that both states have; land that only one of
    them has is told, and so is land that polygons of one state share, which the table counts more than once. Areas are
    those of the CGCS2000 ellipsoid.

    Parameters
    ----------
    land_use, land_use_earlier
        Polygons with `class`, now and in an earlier year.
    classes, great, great_classes
        As in `share_of`.

    Returns
    -------
    Measured
        Land now over land then, open by land whose class is not known. Offenders are the patches that are of these
        classes no more, the largest first, with what they are now. Layer `changes`: a row for every pair of classes.

    Raises
    ------
    NotAssessed
        A state says no classes, or there was no such land.
    RuleError
        Neither classes nor a great class are given, or both.

    Notes
    -----
    Source: arable land kept, TD/T 1063-2021; classes of the Third National Land Survey.

    Examples
    --------
    >>> from shapely import box
    >>> from gis_planning.analysis.work import frame
    >>> east, north = 38_500_000, 4_600_000
    >>> then = frame(box(east, north, east + 100, north + 100), **{"class": ["0103"]})
    >>> now = frame(
    ...     box(east, north, east + 90, north + 100), box(east + 90, north, east + 100, north + 100),
    ...     **{"class": ["0103", "0701"]},
    ... )
    >>> found = change(now, then, classes=("0101", "0102", "0103"))
    >>> round(found.value, 6), found.offenders["class"].tolist()
    (0.9, ['0701'])
    """
    crs = land_use.crs
    is_now, was = (
        _chosen(land_use, classes, great, great_classes),
        _chosen(land_use_earlier, classes, great, great_classes),
    )
    now, then = land_use.geometry.to_numpy(), land_use_earlier.geometry.to_numpy()
    left, before = _once(now[is_now], crs), _once(then[was], crs)
    if not before:
        raise NotAssessed("land.no_land")
    first, second, shared = _shared(then, now)
    area = geo.ellipsoid_area(shared, crs)
    codes_then, codes_now = _codes(land_use_earlier)[first], _codes(land_use)[second]
    lost = was[first] & ~is_now[second]
    patches = {"class_before": codes_then[lost], "class": codes_now[lost], "area_m2": area[lost]}
    offenders = gpd.GeoDataFrame(patches, geometry=shared[lost], crs=crs)
    matrix = pd.DataFrame({"class_before": codes_then, "class": codes_now, "area_m2": area})
    table = matrix.groupby(["class_before", "class"], as_index=False, dropna=False)["area_m2"].sum()
    told = _told(now, then, shared, crs)
    may_now, may_then = _silent(land_use), _silent(land_use_earlier)
    silent = np.concatenate([may_now, may_then])
    least = left / _once(then[was | may_then], crs) if may_then.any() else left / before
    most = _once(now[is_now | may_now], crs) / before if may_now.any() else left / before
    return Measured(
        value=left / before,
        unit="number",
        offenders=offenders.sort_values("area_m2", ascending=False, kind="stable", ignore_index=True),
        numerator=left,
        denominator=before,
        counted="m2",
        value_range=(least, most) if silent.any() else None,
        notes=(*told, *_silent_notes(silent)),
        layers={"changes": table},
    )


def along_water(
    land_use: gpd.GeoDataFrame,
    area: gpd.GeoDataFrame,
    *,
    water: tuple[str, ...],
    green: tuple[str, ...],
    near_m: float,
) -> Share:
    """Measure the share of the shores of an area that have green land beside them.

    Shores are the edges of water inside the area; where water reaches the area's edge there is none. Lengths are those
    on the plane of the working CRS.

    Parameters
    ----------
    land_use
        Polygons with `class`.
    area
        The land whose shores count.
    water, green
        Classes of water and of green land; a finer code belongs to the one it begins like.
    near_m
        How far from the shore green land may be.

    Returns
    -------
    Measured
        A share of length. Offenders are the stretches without, the longest first, with `length_m`.

    Raises
    ------
    NotAssessed
        No polygon states its class, or the area has no shore.

    Notes
    -----
    Source: green corridors along rivers and lakes, as the plan for county seats asks; it sets no number.

    Examples
    --------
    A pond 100 m by 100 m with a wood along one of its four sides:

    >>> from shapely import box
    >>> from gis_planning.analysis.work import frame
    >>> around = frame(box(100, 100, 200, 200), box(0, 100, 90, 200), **{"class": ["1104", "0301"]})
    >>> found = along_water(
    ...     around, frame(box(0, 0, 999, 999)), water=("1104",), green=("03",), near_m=10
    ... )
    >>> round(found.value, 2), found.numerator
    (0.25, 100.0)
    """
    shapes = land_use.geometry.to_numpy()
    whole = shapely.union_all(area.geometry.to_numpy())
    ponds = overlay.dissolve(shapes[_chosen(land_use, water)])
    edge = shapely.buffer(shapely.boundary(whole), EDGE_M)
    shore = shapely.difference(shapely.intersection(shapely.union_all(shapely.boundary(ponds)), whole), edge)
    if not len(ponds) or not shapely.length(shore):
        raise NotAssessed("land.no_shore")
    beside = geo.buffer(overlay.dissolve(shapes[_chosen(land_use, green)]), near_m)
    bare = shapely.difference(shore, shapely.union_all(beside))
    parts, _ = geo.singles(np.array([shapely.line_merge(bare)], dtype=object))
    length = shapely.length(parts)
    stretches = gpd.GeoDataFrame({"length_m": length[length > 0]}, geometry=parts[length > 0], crs=land_use.crs)
    kind, note = divided_by(area)
    whole_m, bare_m = float(shapely.length(shore)), float(shapely.length(bare))
    return Measured.share(
        whole_m - bare_m,
        whole_m,
        "m",
        offenders=stretches.sort_values("length_m", ascending=False, kind="stable", ignore_index=True),
        notes=note,
        area=kind,
    )


def people_in(
    land: Any, population: gpd.GeoDataFrame | None, statistics: pd.DataFrame | None
) -> tuple[float, tuple[Text, ...]]:
    """Return the people on some land: counted by a layer, else stated by the county's table.

    Polygons without a number, or with one below 0, count nobody, and a note says how many they are.

    Raises
    ------
    NotAssessed
        Nobody counted them.
    """
    counts = numbers_of(population, "population") if population is not None else np.zeros(0)
    if population is not None and np.isfinite(counts).any():
        shapes = population.geometry.to_numpy()
        part = shapely.area(overlay.split(shapes, land).inside) / np.maximum(shapely.area(shapes), 1e-9)
        unknown = int(((part > 0) & ~(counts >= 0)).sum())
        people = float((np.where(counts >= 0, counts, 0.0) * part).sum())
        if people:
            return people, (text("land.note_uncounted", count=unknown),) if unknown else ()
    if statistics is None:
        raise NotAssessed("land.no_people")
    last = newest(statistics, "residents")
    return last.value, (text("land.note_residents", file=last.file, row=last.row, year=last.year),)


def _chosen(land_use: gpd.GeoDataFrame, classes: tuple[str, ...], great: str = "", disputed: Disputed = ()) -> Flags:
    """Say which polygons are of some classes, or of a great one."""
    if bool(classes) == bool(great) or (great and great not in GREAT):
        raise RuleError("land.classes_or_great", known=list(GREAT))
    codes = _codes(land_use)
    if not any(codes):
        raise NotAssessed("land.no_classes")
    every, which = np.unique(codes.astype(str), return_inverse=True)
    known = [(base(one) or "") if one else "" for one in every]
    wanted = [
        bool(code) and (great_class(code, dict(disputed)) == great if great else code.startswith(tuple(classes)))
        for code in known
    ]
    return np.array(wanted, dtype=bool)[which]


def _codes(land_use: gpd.GeoDataFrame) -> np.ndarray:
    if "class" not in land_use.columns:
        return np.full(len(land_use), "", dtype=object)
    return np.array(["" if pd.isna(one) else str(one).strip() for one in land_use["class"]], dtype=object)


def _within(own: Any, whole: Any, crs: Any) -> gpd.GeoDataFrame:
    """Return what of some land lies within other land, every spot once, in pieces that hang together."""
    pairs = overlay.intersect(overlay.dissolve(own), whole)
    columns: dict[str, Floats] = {"area_m2": geo.ellipsoid_area(pairs.geometry, crs)}
    return gpd.GeoDataFrame(columns, geometry=pairs.geometry, crs=crs)


def _shared(then: Any, now: Any) -> tuple[Index, Index, Any]:
    """Return what polygons of two states share, by pairs: those drawn alike in both as they are, the others cut."""
    before, after = (shapely.to_wkb(shapely.normalize(one)) for one in (then, now))
    where = {shape: at for at, shape in enumerate(after.tolist())}
    alike = np.array([where.get(shape, -1) for shape in before.tolist()], dtype=np.intp)
    same = np.flatnonzero(alike >= 0)
    rest, other = np.flatnonzero(alike < 0), np.setdiff1d(np.arange(len(now)), alike)
    pairs = overlay.intersect(then[rest], now[other])
    first = np.concatenate([same, rest[pairs.left]])
    second = np.concatenate([alike[same], other[pairs.right]])
    return first, second, np.concatenate([then[same], pairs.geometry])


def _once(shapes: Any, crs: Any) -> float:
    """Return the land of shapes, every spot once."""
    return float(geo.ellipsoid_area(overlay.dissolve(shapes), crs).sum()) if len(shapes) else 0.0


def _silent(land_use: gpd.GeoDataFrame) -> Flags:
    """Say which polygons state no class, or one that no list knows: their land may be of any class."""
    every, which = np.unique(_codes(land_use).astype(str), return_inverse=True)
    return np.array([not (one and base(one)) for one in every], dtype=bool)[which]


def _with(own: Any, land_use: gpd.GeoDataFrame, silent: Flags, whole: Any) -> float:
    """Return the m2 that some land and all land of no known class cover, of other land or (None) at all."""
    both = np.concatenate([own, land_use.geometry.to_numpy()[silent]])
    if whole is None:
        return _once(both, land_use.crs)
    return float(_within(both, whole, land_use.crs)["area_m2"].sum())


def _silent_notes(silent: Flags) -> tuple[Text, ...]:
    return (text("land.note_silent", count=int(silent.sum())),) if silent.any() else ()


def _told(now: Any, then: Any, shared: Any, crs: Any) -> list[Text]:
    """Tell land that is in one state only, or twice in what both share; what cutting leaves over is none."""
    # Uniting a county takes seconds; polygons that nowhere overlap need none of it.
    apart = bool(shapely.coverage_is_valid(now) and shapely.coverage_is_valid(then))
    drawn = float(geo.ellipsoid_area(shared, crs).sum())
    both = drawn if apart else _once(shared, crs)
    states = {"only_now": now, "only_then": then}
    m2 = {key: float(geo.ellipsoid_area(one, crs).sum()) if apart else _once(one, crs) for key, one in states.items()}
    told = {key: whole - both for key, whole in m2.items()} | {"note_twice": drawn - both}
    return [text(f"land.{key}", ha=f"{more / 10_000:,.2f}") for key, more in told.items() if more > 1.0]
