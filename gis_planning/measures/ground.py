"""Measure the ground of a town: how much of it lets water through, and where water cannot run off."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from gis_planning import overlay
from gis_planning.analysis.hollows import hollows_of
from gis_planning.analysis.pixels import cut
from gis_planning.county.areas import divided_by
from gis_planning.errors import NotAssessed, RuleError
from gis_planning.geo import Floats, Geometries
from gis_planning.homes import numbers_of, uses_of
from gis_planning.measures import Count, Share
from gis_planning.results.verdicts import Measured, Reference
from gis_planning.streets.slope import Elevation
from gis_planning.texts import Text, text

#: Land below this is what rounding leaves over.
NOTHING_M2 = 1.0


def permeable(
    land_cover: gpd.GeoDataFrame | Elevation,
    area: gpd.GeoDataFrame,
    *,
    permeable_classes: tuple[float, ...],
    other_classes: tuple[float, ...],
    least_known_share: float = 0.9,
) -> Share:
    """Measure how much of an area is ground that lets water through, by a survey of land cover.

    Every pixel counts by as much of it as lies in the area, cut along the outline; so do polygons, every spot once. The
    land of the classes that let water through is divided by the whole area. What is of no class, or of one that neither
    list names, may let water through, and so may a spot of both kinds: the share is open upwards by them. Areas are
    those on the plane.

    Parameters
    ----------
    land_cover
        A raster of class codes, or polygons with their code as `class`.
    area
        The land that is measured.
    permeable_classes
        The codes of ground that lets water through.
    other_classes
        The codes of what does not count: sealed ground, and water where it is named here.
    least_known_share
        So much of the area is of a class that either list names, from 0 to 1; with less there is no figure.

    Returns
    -------
    Measured
        A share by area, in m2.

    Raises
    ------
    NotAssessed
        Polygons state no class, or too little of the area has one.
    RuleError
        A class stands in both lists.
    CrsError
        The raster has no CRS.

    Notes
    -----
    Source: the check-up of cities, ground that lets water through (water aside) over the built-up area; TD/T 1063 asks
    for such ground in the urban area. Both from memory. A pixel of 10 m holds roofs, paving and trees together and is
    of the class that prevails: paving that lets water through is not seen.

    Examples
    --------
    >>> from shapely import box
    >>> from gis_planning.analysis.work import frame
    >>> cover = frame(box(0, 0, 30, 10), box(30, 0, 100, 10), **{"class": [30, 50]})
    >>> town = frame(box(0, 0, 100, 10))
    >>> permeable(cover, town, permeable_classes=(10, 30), other_classes=(50, 80)).value
    0.3
    """
    if both := sorted(set(permeable_classes) & set(other_classes)):
        raise RuleError("ground.class_twice", code=both[0])
    by_class = _by_polygon if isinstance(land_cover, gpd.GeoDataFrame) else _by_pixel
    some, both_m2, other, whole, unlisted = by_class(land_cover, area, permeable_classes, other_classes)
    known = some + both_m2 + other
    if not whole or known < least_known_share * whole:
        share = known / whole if whole else 0.0
        raise NotAssessed("ground.little_known", share=share, least=least_known_share, codes=unlisted)
    kind, note = divided_by(area)
    open_m2 = whole - some - other
    notes: list[Text] = [*note]
    if whole - known > NOTHING_M2:
        notes.append(text("ground.note_unknown", area_m2=whole - known, share=(whole - known) / whole, codes=unlisted))
    if both_m2 > NOTHING_M2:
        notes.append(text("ground.note_both", area_m2=both_m2))
    return Measured.share(
        some,
        whole,
        "m2",
        value_range=(some / whole, (some + open_m2) / whole) if open_m2 > NOTHING_M2 else None,
        offenders=area.iloc[:0][["geometry"]].reset_index(drop=True),
        notes=tuple(notes),
        area=kind,
    )


def hollows(
    elevation: Elevation,
    area: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame | None = None,
    *,
    deeper_than_m: float,
    least_m2: float,
    around_m: float,
    least_known_share: float = 0.9,
) -> Count:
    """Count the closed hollows in an area: land that water leaves only once it stands so high that it spills over.

    Water runs from pixel to pixel, to all eight around, and out where the heights end or one is missing. What would
    stand under more than `deeper_than_m` of water is a hollow, together with all such pixels beside it, if it takes up
    `least_m2` of the area. Ground up to `around_m` outside of the area is looked at too, so that a bank there holds
    water. Pixels finer than 5 m are averaged first. Ponds and pits are hollows as well, and drains are not known: a
    hollow is where to look, not where it floods.

    Where heights are missing, what is there may be a hollow, or hold one back or join two: the count is open by it.

    Parameters
    ----------
    elevation
        Heights in metres.
    area
        The land whose hollows count.
    buildings
        With `use`, and `dwellings` where known.
    deeper_than_m
        How deep water must stand at least, in metres.
    least_m2
        How large a hollow must be in the area, in m2.
    around_m
        How far from the area's box the ground is looked at, in metres.
    least_known_share
        How much of the area must have heights, from 0 to 1.

    Returns
    -------
    Measured
        A count. Offenders are the hollows, the deepest first, with depth, area and, where buildings were delivered, how
        many with homes stand in it. Beside the count all such buildings.

    Raises
    ------
    NotAssessed
        Too little of the area has heights.
    CrsError
        The heights have no CRS.

    Notes
    -----
    Source: depressions filled by priority flood (Barnes, Lehman and Mulla 2014). Depth and size are ours; an error of
    the heights as large as the depth makes hollows of its own.

    Examples
    --------
    A pit of one pixel, 1 m below its banks:

    >>> from types import SimpleNamespace
    >>> import pyproj
    >>> from shapely import box
    >>> from gis_planning.analysis.work import frame
    >>> heights = np.array([[9.0, 9, 9], [9, 8, 9], [9, 9, 9]])
    >>> grid = SimpleNamespace(band=heights, transform=(10, 0, 0, 0, -10, 30), crs=pyproj.CRS("EPSG:4526"))
    >>> found = hollows(grid, frame(box(0, 0, 30, 30)), deeper_than_m=0.5, least_m2=100, around_m=0)
    >>> found.value, found.offenders["depth_m"].tolist(), found.offenders["area_m2"].tolist()
    (1.0, [1.0], [100.0])
    """
    found = hollows_of(
        elevation,
        area.geometry.to_numpy(),
        area.crs,
        deeper_than_m=deeper_than_m,
        least_m2=least_m2,
        around_m=around_m,
        least_known_share=least_known_share,
    )
    kind, note = divided_by(area)
    notes: list[Text] = [*note]
    if found.missing_m2 > NOTHING_M2:
        notes.append(text("ground.note_no_heights", area_m2=found.missing_m2))
    if found.cut_off:
        notes.append(text("ground.note_cut_off", around_m=around_m))
    columns = {"depth_m": found.depth_m, "area_m2": found.area_m2}
    references: tuple[Reference, ...] = ()
    if buildings is not None and len(buildings):
        columns["homes"], references, more = _homes(found.shape, buildings)
        notes += more
    order = np.lexsort((-found.area_m2, -found.depth_m))
    count = float(len(found.shape))
    return Measured(
        value=count,
        unit="count",
        value_range=(found.least, found.most) if found.least < found.most else None,
        offenders=gpd.GeoDataFrame(
            {name: values[order] for name, values in columns.items()}, geometry=found.shape[order], crs=area.crs
        ),
        references=references,
        notes=tuple(notes),
        area=kind,
    )


def _homes(hollows: Geometries, buildings: gpd.GeoDataFrame) -> tuple[Floats, tuple[Reference, ...], tuple[Text, ...]]:
    """Return how many buildings with homes stand in each hollow, all of them, and which may be more."""
    use = uses_of(buildings)
    homes = np.asarray(use.lived_in | (use.dwellings > 0))
    hollow, building = shapely.STRtree(buildings.geometry.to_numpy()).query(hollows, predicate="intersects")
    inside = np.zeros(len(buildings), dtype=bool)
    inside[building] = True
    silent = int((inside & use.unknown & ~homes).sum())
    told = (Reference(float((inside & homes).sum()), float(homes.sum()), "homes_in_hollows", {}, "count"),)
    notes = (text("ground.note_no_use", count=silent),) if silent else ()
    return np.bincount(hollow[homes[building]], minlength=len(hollows)).astype(float), told, notes


#: Land that lets water through, that of both kinds, other land and all of it, in m2; and the codes nobody named.
_Sums = tuple[float, float, float, float, list[str]]


def _by_pixel(
    raster: Elevation, area: gpd.GeoDataFrame, permeable_classes: tuple[float, ...], other_classes: tuple[float, ...]
) -> _Sums:
    found = cut(raster, area.geometry.to_numpy(), area.crs, "land_cover")
    some, other = (np.isin(found.value, codes) for codes in (permeable_classes, other_classes))
    sums = (float(found.inside_m2[held].sum()) for held in (some, other))
    unlisted = np.unique(found.value[~(some | other) & np.isfinite(found.value)])
    through, sealed = sums
    return through, 0.0, sealed, found.land_m2, _told(unlisted)


def _by_polygon(
    cover: gpd.GeoDataFrame,
    area: gpd.GeoDataFrame,
    permeable_classes: tuple[float, ...],
    other_classes: tuple[float, ...],
) -> _Sums:
    codes = numbers_of(cover, "class")
    if np.isnan(codes).all():
        raise NotAssessed("ground.no_class", count=len(cover))
    shapes, land = cover.geometry.to_numpy(), overlay.dissolve(area.geometry.to_numpy())
    some, other = (np.isin(codes, listed) for listed in (permeable_classes, other_classes))
    through, sealed, either = (_inside(shapes[held], land) for held in (some, other, some | other))
    # Land is in both as far as the two together are more than what either covers.
    both = max(through + sealed - either, 0.0)
    beside = shapely.intersects(shapes, shapely.union_all(land)) & ~(some | other) & ~np.isnan(codes)
    return through - both, both, sealed - both, float(shapely.area(land).sum()), _told(np.unique(codes[beside]))


def _inside(shapes: Geometries, land: Geometries) -> float:
    """Return how much of some land polygons cover, every spot once."""
    return float(shapely.area(overlay.intersect(overlay.dissolve(shapes), land).geometry).sum())


def _told(codes: np.ndarray) -> list[str]:
    """Return the first few codes as they are written; a dash where there is none."""
    return [f"{code:g}" for code in codes[:10]] or ["-"]
