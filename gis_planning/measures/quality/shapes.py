"""Measure what is wrong with single geometries of delivered layers; part of the family `quality`.

Every fault is located: offenders have the place of the fault, the feature, its size and what would be right.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyproj
import shapely

from gis_planning import geo
from gis_planning.conventions import KindTitle
from gis_planning.county.raw import Raw
from gis_planning.measures import Count, shapes
from gis_planning.measures.held import Faults, located
from gis_planning.texts import Text, text


def valid(layer: Raw) -> Count:
    """Count the features whose geometry is none, empty or not valid, each with the place and the reason.

    Valid as OGC Simple Features has it: rings closed and not crossing, holes inside their shell and not nested, parts
    not overlapping. Nothing is mended.

    Notes
    -----
    Source: OGC 06-103r4; topology checks of the land survey's rules (self-intersection: error).

    Examples
    --------
    >>> from shapely import Polygon, box
    >>> bow = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    >>> measured = valid(Raw.sample("DLTB", geometry=[box(0, 0, 1, 1), bow]))
    >>> measured.value, measured.offenders.geometry[0].wkt
    (1.0, 'POINT (5 5)')
    """
    faults = shapes.invalid(layer.plane)
    # What has coordinates that are no numbers, or none in the plane, was left out of it.
    lost = shapely.is_missing(layer.plane) & ~shapely.is_missing(layer.geometry)
    reason: Any = faults.reason
    reason[lost[faults.at]] = "valid_coordinates"
    faults = Faults(faults.at, faults.place, reason=reason)
    return located(layer, faults, "valid", "")


def multipart(layer: Raw) -> Count:
    """Count the features that consist of several parts.

    The size is the number of parts.

    Notes
    -----
    Source: topology checks of the land survey's rules (multipart: error).
    """
    return located(layer, shapes.several_parts(layer.plane), "multipart", "1")


def holes(layer: Raw) -> Count:
    """Count the holes of polygons.

    Each is located by its land, the size is its area in m2.

    Notes
    -----
    Source: rule 5101 of public check software: settlement land has no holes.
    """
    return located(layer, shapes.holes(layer.plane), "holes", "0")


def self_touch(layer: Raw) -> Count:
    """Count the places where the outline of a valid polygon touches itself.

    A hole that meets the edge, or two parts that meet in a corner: other programs read such outlines otherwise.

    Notes
    -----
    Source: topology checks of the land survey's rules (self-touch: error).
    """
    return located(layer, shapes.self_touches(layer.plane), "self_touch", "")


def repeated_points(layer: Raw, *, nearer_m: float = 1e-4) -> Count:
    """Count the vertices that repeat the one before: those as near as `nearer_m` are one.

    Notes
    -----
    Source: coordinates of delivered databases have a resolution of 0.0001 m.
    """
    return located(layer, shapes.repeated_points(layer.plane, nearer_m), "repeated_points", f"> {nearer_m:g} m")


def short_edges(layer: Raw, *, shorter_m: float = 0.01, nearer_m: float = 1e-4) -> Count:
    """Count the edges that are shorter than a length (`shorter_m`) and no repeated vertex.

    Edges shorter than `nearer_m` are repeated vertices, which `quality.repeated_points` counts. The size is the length
    in m.

    Notes
    -----
    Source: checks of boundary points; the length is a setting.
    """
    faults = shapes.short_edges(layer.plane, shorter_m, nearer_m)
    return located(layer, faults, "short_edges", f">= {shorter_m:g} m")


def short_lines(layer: Raw, *, shorter_m: float = 2.0) -> Count:
    """Count the lines that are shorter than a length (`shorter_m`) as a whole; the size is their length in m.

    Notes
    -----
    Source: rule 4701 of public check software: 2 m.
    """
    return located(layer, shapes.short_lines(layer.plane, shorter_m), "short_lines", f">= {shorter_m:g} m")


def spikes(layer: Raw, *, below_degrees: float = 1.0) -> Count:
    """Count the vertices at which an outline turns back on itself: both edges meet below an angle (`below_degrees`).

    The size is the angle in degrees.

    Notes
    -----
    Source: topology checks of the land survey's rules (reversals); the angle is a setting.
    """
    faults = shapes.angles(layer.plane, 0.0, below_degrees)
    return located(layer, faults, "spikes", f">= {below_degrees:g}°")


def acute_angles(layer: Raw, *, at_least_degrees: float = 1.0, below_degrees: float = 10.0) -> Count:
    """Count the vertices with an acute angle that is no spike: from `at_least_degrees` to below `below_degrees`.

    The size is the angle between both edges in degrees.

    Notes
    -----
    Source: acute angles below 10 degrees, a common default of check tools.
    """
    faults = shapes.angles(layer.plane, at_least_degrees, below_degrees)
    return located(layer, faults, "acute_angles", f">= {below_degrees:g}°")


def fragments(layer: Raw, *, below_m2: float = 10.0) -> Count:
    """Count the polygons, part by part, that are smaller than an area on the plane (`below_m2`).

    The size is their area in m2.

    Notes
    -----
    Source: rule 4601 of public check software: 10 m2.
    """
    return located(layer, shapes.small(layer.plane, below_m2), "fragments", f">= {below_m2:g} m2")


def narrow(layer: Raw, *, below_m: float = 0.2) -> Count:
    """Count the polygons, part by part, that are narrower than a width (`below_m`): twice the area over the perimeter.

    The size is the width in m.

    Notes
    -----
    Source: common practice in overlay checks; the width is a setting, no legal tolerance.
    """
    return located(layer, shapes.narrow(layer.plane, below_m), "narrow", f">= {below_m:g} m")


def slivers(
    layer: Raw,
    *,
    area_m2: float = 1000.0,
    width_m: float = 5.0,
    elongation: float = 5.0,
    roundness: float = 0.25,
    compactness: float = 2.0,
    spread: float = 40.0,
) -> Count:
    """Count the polygons, part by part, that are slivers by two tests: one of size and one of shape.

    By size a part is small (`area_m2`) or narrow (`width_m`, twice the area over the perimeter). By shape at least two
    of four hold: the box around it is `elongation` times as long as wide; 4 pi A / P2 is at most `roundness`;
    P / (2 sqrt(pi A)) is at least `compactness`; P2 / A is at least `spread`. Both tests must hold.

    The size is their area in m2.

    Parameters
    ----------
    area_m2, width_m, elongation, roundness, compactness, spread
        As above.

    Notes
    -----
    Source: a published rule for slivers in land databases, its figures as settings.
    """
    faults = shapes.slivers(layer.plane, area_m2, width_m, elongation, roundness, compactness, spread)
    return located(layer, faults, "slivers", "")


def duplicates(layer: Raw) -> Count:
    """Count the features whose geometry another feature before them has just so.

    `other` is the first with that geometry.

    Notes
    -----
    Source: topology checks of the land survey's rules.
    """
    return located(layer, shapes.repeated(layer.plane), "duplicates", "")


def curves(layer: Raw) -> Count:
    """Count the features drawn with arcs or other curves, which have to be straight edges.

    The size is the true area of the curved outline, in the square units of the source.

    Notes
    -----
    Source: topology checks of the land survey's rules: arcs, Bezier curves and ellipses are not allowed.
    """
    ids = layer.frame.index.to_numpy()
    at = np.flatnonzero(np.isin(ids, list(layer.curved)))
    size = np.array([layer.curved[one] for one in ids[at].tolist()], dtype=float)
    return located(layer, Faults(at, layer.plane[at], size), "curves", "")


def crs(layer: Raw, *, geographic: tuple[int, ...] = (4490,)) -> Count:
    """Count what is wrong with the CRS of a layer: its datum, and its projection.

    Right are CGCS2000 in degrees, and Gauss-Krueger zones of CGCS2000.

    Offenders have no geometry.

    Parameters
    ----------
    geographic
        EPSG codes of CRS in degrees that are right.

    Notes
    -----
    Source: rules 2201 to 2203 of public check software (fatal).
    """
    wrong: list[str] = []
    if not _is_cgcs2000(layer.crs):
        wrong.append("crs_datum")
    operation = layer.crs.coordinate_operation
    projected = layer.crs.is_projected and operation is not None and "Mercator" in operation.method_name
    projected &= operation is not None and "Transverse" in operation.method_name
    if not projected and layer.crs.to_epsg() not in geographic:
        wrong.append("crs_projection")
    none = np.full(len(wrong), None, dtype=object)
    nobody = np.full(len(wrong), -1, dtype=np.intp)
    reasons = np.array([*wrong, None], dtype=object)[:-1]
    notes: list[Text] = [text("quality.note_crs", layer=KindTitle(layer.layer), crs=geo.crs_name(layer.crs))]
    return located(layer, Faults(nobody, none, reason=reasons), "crs", "CGCS2000", notes=notes)


def precision(layer: Raw, *, step_m: float = 1e-4, step_degrees: float = 1e-9) -> Count:
    """Count the features with coordinates finer than the resolution of a delivered database, which will move there.

    Each stands at the vertex that is farthest off; the size is how far, in steps.

    Parameters
    ----------
    step_m, step_degrees
        The resolution of coordinates in metres and in degrees.

    Notes
    -----
    Source: XY resolution of 0.0001 m in geodatabases; 1e-9 degrees are about as much.
    """
    step = step_degrees if layer.crs.is_geographic else step_m
    finite: Any = np.array(shapely.force_2d(layer.geometry), dtype=object)
    finite[shapely.is_missing(layer.plane)] = None
    faults = shapes.off_grid(finite, step)
    place = geo.reproject(faults.place, layer.crs, layer.plane_crs)
    return located(layer, Faults(faults.at, place, faults.size), "precision", f"{step:g}")


def _is_cgcs2000(crs_: pyproj.CRS) -> bool:
    names = (crs_.datum.name if crs_.datum else "", crs_.geodetic_crs.name if crs_.geodetic_crs else "")
    return any("2000" in name and ("China" in name or "CGCS" in name.upper()) for name in names)
