"""Measure which land of projects, or of one control line, lies in a control line or outside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis_planning import geo, overlay
from gis_planning.analysis.control import Control
from gis_planning.measures import SquareMetres
from gis_planning.results.schema import OFFENDERS, PATCHES
from gis_planning.results.verdicts import Cut, Measured
from gis_planning.texts import Text, text

#: How a piece is called, by its width first and its area second.
LABELS = ("substantial", "boundary", "unclear")


def overlap(
    judged_land: gpd.GeoDataFrame,
    control: Control,
    *,
    wanted: Literal["outside", "inside"] = "outside",
    net: bool = False,
    sliver_width_m: float = 0.2,
    sliver_area_m2: float = 1.0,
    grid_m: float = overlay.GRID_M,
) -> SquareMetres:
    """Measure how much land of projects lies where a control line does not want it.

    The value is the land of all projects inside the line, or outside it where the line `wanted` them inside, in m2 on
    the CGCS2000 ellipsoid (edges straight on the plane of the working CRS). Land where polygons of the line overlap
    counts once; land of projects that overlap one another counts for each.

    Cuts are made on a grid of `grid_m` and checked for conservation of area. Pieces cut apart only by the computation
    are joined again before they are counted. A piece narrower than two steps of the grid is rounding, not land, and is
    left out; nothing else is. Pieces keep a label: *boundary* where they are narrower than `sliver_width_m` (width is
    twice the area over the perimeter) and smaller than `sliver_area_m2`; *unclear* where only one of both holds;
    *substantial* otherwise. The label changes no number.

    Parameters
    ----------
    judged_land
        The projects that are measured: polygons; `id` and `name` where there are any. Any other layer of polygons can
        stand there.
    control
        The control line: its features that count, those that may, and where the delivered line is complete. Land of
        projects beyond is neither inside nor outside; land on features that may count is given separately.
    wanted
        Where projects should be.
    net
        Also give areas without the share that is not farmed (`kcxs` of the line).

    Returns
    -------
    Measured
        Square metres. Offenders are the pieces, largest first. Layer `parcels`: a row for each project, in their
        order, with `area_m2`, `plane_area_m2`, `overlap_m2`, `outside_m2`, `net_m2`, `uncovered_m2`, `unknown_m2`,
        `touched_m2` (the land counted), `pieces`, `slivers`, `touches` and `unsure` (the cut does not add up: a person
        has to look).

    Notes
    -----
    Source: three control lines of the national territorial plans; labels of slivers follow common practice in overlay
    checks and are settings, no legal tolerance.

    Examples
    --------
    A parcel of 100 m by 100 m, a quarter of it in the line:

    >>> from shapely import box
    >>> from gis_planning.analysis.work import applied, frame
    >>> east, north = 38_500_000, 4_600_000
    >>> parcel = frame(box(east, north, east + 100, north + 100))
    >>> redline = frame(box(east + 75, north - 50, east + 300, north + 300))
    >>> measured = applied(overlap, projects=parcel, line=redline)
    >>> round(measured.value), len(measured.offenders), measured.layers["parcels"]["pieces"].tolist()
    (2500, 1, [1])
    """
    projects = judged_land
    parcels = projects.geometry.to_numpy()
    cuts = _cuts(parcels, control.line, control.coverage, grid_m, wanted=wanted, net=net)
    inside, pieces, unsure = cuts.inside, cuts.pieces, cuts.unsure
    areas, size = _areas(parcels, projects.crs), len(parcels)
    patches = _patches(projects, pieces, inside.touches if wanted == "outside" else None)
    patches["label"] = label = _labels(pieces, sliver_width_m, sliver_area_m2)
    piece_m2 = patches["area_m2"].to_numpy()
    inside_m2 = piece_m2 if pieces is inside.pieces else _areas(inside.pieces.geometry, projects.crs)
    overlap_m2 = np.minimum(_sums(inside_m2, inside.pieces.owner, size), areas)
    uncovered_m2 = _sums(_areas(cuts.uncovered.geometry, projects.crs), cuts.uncovered.owner, size)
    table = {
        "area_m2": areas,
        "plane_area_m2": shapely.area(parcels),
        "overlap_m2": overlap_m2,
        "outside_m2": np.maximum(areas - overlap_m2 - uncovered_m2, 0),
        "net_m2": inside.net_m2,
        "uncovered_m2": uncovered_m2,
        "unknown_m2": _inside_m2(parcels, control.unknown, grid_m),
        "touched_m2": np.minimum(_sums(piece_m2, pieces.owner, size), areas),
        "pieces": np.bincount(pieces.owner, minlength=size),
        "slivers": np.bincount(pieces.owner[pieces.width < sliver_width_m], minlength=size),
        **{f"{one}_m2": _sums(piece_m2 * (label == one), pieces.owner, size) for one in LABELS},
        "touches": inside.touches,
        "unsure": unsure,
    }
    frame = projects[[name for name in ("id", "name", "activity") if name in projects.columns]].assign(**table)
    frame = gpd.GeoDataFrame(frame, geometry=parcels, crs=projects.crs)
    found = np.where(frame["touched_m2"] > 0, "touched", "clear")
    frame["finding"] = np.where(unsure, "unsure", found).astype(object)
    touched = float(table["touched_m2"][~unsure].sum())
    doubtful = float(areas[unsure].sum()) + float(np.asarray(table["unknown_m2"]).sum())
    return Measured(
        value=touched,
        unit="m2",
        offenders=patches.sort_values("area_m2", ascending=False, kind="stable", ignore_index=True),
        numerator=touched,
        denominator=float(areas.sum()),
        counted="m2",
        value_range=(touched, touched + doubtful) if doubtful else None,
        notes=(*cuts.how.notes, *_doubts(unsure)),
        cut=cuts.how,
        layers={"parcels": frame},
        schema={OFFENDERS: PATCHES},
    )


def names(projects: gpd.GeoDataFrame) -> NDArray[Any]:
    """Return what each project is called: its name, else its id, else its number."""
    called: NDArray[Any] = projects.index.astype(str).to_numpy(dtype=object)
    for field in ("id", "name"):
        if field in projects.columns:
            said = projects[field].to_numpy(dtype=object)
            called = np.where(pd.isna(said), called, said)
    return called


@dataclass(frozen=True)
class _Pieces:
    """Polygons, whose they are, and how wide; and what was too narrow to be land."""

    geometry: Any
    owner: NDArray[np.intp]
    width: NDArray[np.float64]
    rounding: int


@dataclass(frozen=True)
class _Inside:
    """The land of parcels inside a line: its pieces, which features it touches, and its net area."""

    pieces: _Pieces
    touches: NDArray[Any]
    net_m2: NDArray[np.float64]
    unsure: NDArray[np.bool_]
    moved_m: float


@dataclass(frozen=True)
class _Cuts:
    """Parcels cut by a line: their land inside it, the pieces that count, and where its delivery is not complete."""

    inside: _Inside
    pieces: _Pieces
    uncovered: _Pieces
    unsure: NDArray[np.bool_]
    how: Cut


def _cuts(
    parcels: Any,
    line: gpd.GeoDataFrame,
    coverage: gpd.GeoDataFrame | None,
    grid_m: float,
    *,
    wanted: Literal["outside", "inside"],
    net: bool,
) -> _Cuts:
    covered, uncovered, blurred = _covered(parcels, coverage, grid_m)
    inside = _inside(parcels, line, grid_m, net=net)
    unsure = inside.unsure | blurred
    if wanted == "outside":
        how = Cut(grid_m, inside.moved_m, inside.pieces.rounding)
        return _Cuts(inside, inside.pieces, uncovered, unsure, how)
    cut = overlay.split(covered, line.geometry.to_numpy(), grid_m=grid_m, leave_unsure=True)
    pieces = _pieces(cut.outside, grid_m)
    how = Cut(grid_m, max(inside.moved_m, cut.moved_m), inside.pieces.rounding + pieces.rounding)
    return _Cuts(inside, pieces, uncovered, unsure | cut.unsure, how)


def _covered(parcels: Any, coverage: gpd.GeoDataFrame | None, grid_m: float) -> tuple[Any, _Pieces, NDArray[np.bool_]]:
    """Return the land of parcels where the line is complete, the pieces beyond, and where the two do not add up."""
    if coverage is None:
        nothing = _pieces(np.full(len(parcels), overlay.EMPTY, dtype=object), grid_m)
        return parcels, nothing, np.zeros(len(parcels), dtype=bool)
    land = overlay.dissolve(coverage.geometry.to_numpy())
    cut = overlay.split(parcels, land, grid_m=grid_m, leave_unsure=True)
    return cut.inside, _pieces(cut.outside, grid_m), cut.unsure


def _inside(parcels: Any, line: gpd.GeoDataFrame, grid_m: float, *, net: bool) -> _Inside:
    shapes = line.geometry.to_numpy()
    # Where polygons of the line overlap, the first of them gives the share that is not farmed.
    cut_apart, doubtful = overlay.apart(shapes) if net else (shapes, np.zeros(len(shapes), dtype=bool))
    pairs = overlay.intersect(parcels, cut_apart, grid_m=grid_m, leave_unsure=True)
    real = shapely.area(pairs.geometry) > shapely.length(pairs.geometry) * grid_m
    unsure = np.zeros(len(parcels), dtype=bool)
    unsure[pairs.left[pairs.unsure]] = True
    if doubtful.any():
        # Nobody knows which land is the own of a polygon that could not be cut apart: who comes near it is in doubt.
        unsure[shapely.STRtree(parcels).query(shapes[doubtful])[1]] = True
    touches = np.full(len(parcels), None, dtype=object)
    called = names(line)
    for parcel, feature in zip(pairs.left[real], pairs.right[real], strict=True):
        touches[parcel] = [*(touches[parcel] or ()), str(called[feature])]
    net_m2 = np.full(len(parcels), np.nan)
    if net and "kcxs" in line.columns:
        farmed = 1 - line["kcxs"].to_numpy(dtype=float)[pairs.right[real]]
        net_m2 = _sums(_areas(pairs.geometry[real], line.crs) * farmed, pairs.left[real], len(parcels))
    # A parcel that lies wholly in one feature is that very parcel, whatever other features overlap it.
    whole = np.zeros(len(parcels), dtype=bool)
    whole[pairs.left[shapely.area(pairs.geometry) >= shapely.area(parcels)[pairs.left]]] = True
    cut = ~whole[pairs.left]
    land = overlay.joined(pairs.geometry[cut], pairs.left[cut], len(parcels), grid_m)
    land[whole] = parcels[whole]
    pieces = _pieces(land, grid_m)
    return _Inside(pieces, touches, net_m2, unsure, pairs.moved_m)


def _inside_m2(parcels: Any, line: gpd.GeoDataFrame, grid_m: float) -> NDArray[np.float64]:
    if not len(line):
        return np.zeros(len(parcels))
    pieces = _inside(parcels, line, grid_m, net=False).pieces
    return _sums(_areas(pieces.geometry, line.crs), pieces.owner, len(parcels))


def _pieces(land: Any, grid_m: float) -> _Pieces:
    """Take land apart into its pieces; what is narrower than two steps of the grid is rounding."""
    geometry, owner = overlay.polygons_of(land)
    width = 2 * shapely.area(geometry) / np.maximum(shapely.length(geometry), 1e-12)
    real = width > 2 * grid_m
    return _Pieces(geometry[real], owner[real], width[real], int((~real).sum()))


def _patches(projects: gpd.GeoDataFrame, pieces: _Pieces, touches: NDArray[Any] | None) -> gpd.GeoDataFrame:
    """Return a row for each piece, in their order; `touches` are the features that each project touches."""
    return gpd.GeoDataFrame(
        {
            "parcel": projects.index.to_numpy()[pieces.owner],
            "project": names(projects)[pieces.owner],
            "area_m2": _areas(pieces.geometry, projects.crs),
            "plane_area_m2": shapely.area(pieces.geometry),
            "width_m": pieces.width,
            "label": None,
            "touches": touches[pieces.owner] if touches is not None else np.full(len(pieces.owner), None),
        },
        geometry=pieces.geometry,
        crs=projects.crs,
    )


def _labels(pieces: _Pieces, width_m: float, area_m2: float) -> NDArray[Any]:
    narrow, small = pieces.width < width_m, shapely.area(pieces.geometry) < area_m2
    return np.where(narrow & small, "boundary", np.where(narrow | small, "unclear", "substantial")).astype(object)


def _areas(geometries: Any, crs: Any) -> NDArray[np.float64]:
    return geo.ellipsoid_area(geometries, crs) if len(geometries) else np.zeros(0)


def _sums(values: NDArray[np.float64], owner: NDArray[np.intp], size: int) -> NDArray[np.float64]:
    return np.bincount(owner, weights=values, minlength=size).astype(float)


def _doubts(unsure: NDArray[np.bool_]) -> tuple[Text, ...]:
    return (text("redlines.note_unsure", count=int(unsure.sum())),) if unsure.any() else ()
