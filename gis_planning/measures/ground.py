"""Measure the ground of a town: how much of it lets water through, and where water cannot run off."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from gis_planning import overlay
from gis_planning.analysis.pixels import cut
from gis_planning.county.areas import divided_by
from gis_planning.errors import NotAssessed, RuleError
from gis_planning.geo import Geometries
from gis_planning.homes import numbers_of
from gis_planning.measures import Share
from gis_planning.results.verdicts import Measured
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
    cover: gpd.GeoDataFrame, area: gpd.GeoDataFrame, permeable_classes: tuple[float, ...], other_classes: tuple[float, ...]
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
