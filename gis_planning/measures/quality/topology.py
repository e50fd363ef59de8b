"""Measure what is wrong between the features of delivered layers; part of the family `quality`."""

from __future__ import annotations

import numpy as np

from gis_planning import overlay
from gis_planning.county.raw import Raw
from gis_planning.geo import Index
from gis_planning.measures import Count, topology
from gis_planning.measures.held import Faults, located
from gis_planning.texts import Text, text


def overlap(layer: Raw, *, above_m2: float = 0.0, grid_m: float = overlay.GRID_M) -> Count:
    """Count the pairs of polygons of a layer that share land.

    Cuts are made on a grid; what is narrower than the grid is rounding. Invalid polygons take part mended, which is
    noted. Areas are those on the plane.

    Each is located by the land they share, the size is its area in m2.

    Parameters
    ----------
    above_m2
        Pairs that share no more than this are not counted.
    grid_m
        The grid.

    Notes
    -----
    Source: topology checks of the land survey's rules (4201 and following: error).

    Examples
    --------
    >>> from shapely import box
    >>> patches = [box(0, 0, 10, 10), box(9, 0, 20, 10), box(20, 0, 30, 10)]
    >>> measured = overlap(Raw.sample("DLTB", geometry=patches))
    >>> measured.value, measured.offenders[["feature", "other", "size"]].values.tolist()
    (1.0, [['0', '1', 10.0]])
    """
    polygons, at, mended = topology.land(layer.plane)
    faults, unsure = topology.overlaps(polygons, above_m2, grid_m)
    found = Faults(at[faults.at], faults.place, faults.size, at[faults.other])
    expected = f"<= {above_m2:g} m2" if above_m2 else "0"
    return located(layer, found, "overlap", expected, notes=_notes(mended, unsure))


def gap(layer: Raw) -> Count:
    """Count the holes of the land of all polygons of a layer together, of any width that coordinates can hold.

    Each is located by its land; `feature` and `other` are two of its neighbours, the size is its area in m2 on the
    plane. Holes narrower than 0.000001 m (twice the area over the perimeter) are rounding: a hundredth of the
    resolution of delivered databases. They are noted, not counted.

    Notes
    -----
    Source: topology checks of the land survey's rules: patches leave no gap (error).
    """
    polygons, at, mended = topology.land(layer.plane)
    faults, narrow = topology.gaps(polygons)
    at = _with_none(at)
    found = Faults(at[faults.at], faults.place, faults.size, at[faults.other])
    notes = _notes(mended, 0)
    if narrow:
        notes.append(text("quality.note_rounding", count=narrow))
    return located(layer, found, "gap", "0", notes=notes)


def cover(layer: Raw, cover: Raw, *, above_m2: float = 0.0, grid_m: float = overlay.GRID_M) -> Count:
    """Count the pieces of land of a layer that lie in no polygon of another.

    Each is located by its land; the size is its area in m2 on the plane. Cuts are made on a grid (`grid_m`); what is
    narrower is rounding. Pieces no larger than `above_m2` are not counted.

    Notes
    -----
    Source: checks of the hierarchy: patches, villages and towns cover the same land (error).
    """
    polygons, at, mended = topology.land(layer.plane)
    others, _, mended_too = topology.land(layer.same_plane(cover))
    faults, unsure = topology.not_covered(polygons, others, above_m2, grid_m)
    found = Faults(_with_none(at)[faults.at], faults.place, faults.size)
    return located(layer, found, "cover", "0", notes=_notes(mended + mended_too, unsure))


def dangles(layer: Raw, *, nearer_m: float = 1e-3) -> Count:
    """Count the ends of lines that meet no other line.

    Parameters
    ----------
    layer
        The layer of lines as it was delivered.
    nearer_m
        Ends as near to another line as this meet it.

    Notes
    -----
    Source: topology checks of the land survey's rules (dangles: error); topology tolerance 0.001 m.
    """
    return located(layer, topology.loose_ends(layer.plane, nearer_m), "dangles", "")


def on_edges(layer: Raw, polygons: Raw, *, nearer_m: float = 1e-3) -> Count:
    """Count the parts of boundary lines that do not run along an edge of the polygons they bound.

    The size is their length in m.

    Parameters
    ----------
    layer
        The layer of lines as it was delivered.
    polygons
        The polygons.
    nearer_m
        Lines as near to an edge as this run along it.

    Notes
    -----
    Source: checks of the hierarchy: boundary lines lie on the edges of their polygons (error).
    """
    others, _, mended = topology.land(layer.same_plane(polygons))
    return located(layer, topology.off_edges(layer.plane, others, nearer_m), "on_edges", "0", notes=_notes(mended, 0))


def _with_none(at: Index) -> Index:
    """Return positions that -1 leaves as -1."""
    found: Index = np.r_[at, -1]
    return found


def _notes(mended: int, unsure: int) -> list[Text]:
    notes: list[Text] = []
    if mended:
        notes.append(text("quality.note_mended", count=mended))
    if unsure:
        notes.append(text("quality.note_unsure", count=unsure))
    return notes
