"""Measure a boundary that is drawn in zones: whether its zones add up, and how large it is."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_planning import geo, overlay
from gis_planning.errors import NotAssessed
from gis_planning.measures import SquareMetres
from gis_planning.results.verdicts import Cut, Measured

#: What is wrong with a patch, in the order in which a patch is given.
FAULTS = ("double", "no_zone", "beyond")


def zones(
    line: gpd.GeoDataFrame,
    *,
    zones: tuple[str, ...] = ("410", "420", "430"),
    whole: tuple[str, ...] = ("400",),
    grid_m: float = overlay.GRID_M,
) -> SquareMetres:
    """Measure how much land of a boundary is not in exactly one of its zones.

    Counted are: land that two features with a zone share; land of the boundary in no zone; land in a zone outside the
    boundary. The boundary is drawn by features whose code stands for the whole of it, where there are any; else by all
    features. A finer code belongs to the zone it begins like (414 to 410). Areas are those of the CGCS2000 ellipsoid;
    patches narrower than two steps of the grid are rounding.

    Parameters
    ----------
    line
        Polygons of the boundary, with `zone`.
    zones
        The codes of the zones.
    whole
        Codes of features that draw the whole boundary.
    grid_m
        The grid on which features are cut.

    Returns
    -------
    Measured
        Square metres. Offenders are the patches, largest first, with `fault` (`double`, `no_zone`, `beyond`). Layer
        `zones`: the land of every zone, with `area_m2`; the areas add up to the boundary where nothing is wrong.

    Raises
    ------
    NotAssessed
        No feature says which zone it is.

    Notes
    -----
    Source: structure of the development boundary in county plan databases: zones 410, 420 and 430.

    Examples
    --------
    Two zones beside one another, and 100 m by 100 m of the boundary in neither:

    >>> import geopandas as gpd
    >>> from shapely import box
    >>> east, north = 38_500_000, 4_600_000
    >>> def land(*strips):
    ...     return [box(east + low, north, east + high, north + 100) for low, high in strips]
    >>> boundary = gpd.GeoDataFrame(
    ...     {"zone": ["400", "410", "430"]}, geometry=land((0, 300), (0, 100), (100, 200)), crs="EPSG:4526"
    ... )
    >>> measured = zones(boundary)
    >>> round(measured.value), measured.offenders["fault"].tolist()
    (10000, ['no_zone'])
    """
    said = line["zone"].to_numpy(dtype=object) if "zone" in line.columns else np.full(len(line), None, dtype=object)
    code = np.array(["" if pd.isna(one) else str(one).strip() for one in said], dtype=object)
    if not (code != "").any():
        raise NotAssessed("boundary.no_zones")
    zone = np.array([next((z for z in zones if one[:2] == z[:2] and len(one) >= len(z)), "") for one in code])
    shapes = line.geometry.to_numpy()
    placed, drawn = zone != "", np.isin(code, whole)
    rest = ~placed & ~drawn
    united = overlay.dissolve(shapes[placed])
    pairs = overlay.intersect(shapes[placed], shapes[placed], grid_m=grid_m, leave_unsure=True)
    later = pairs.left > pairs.right
    found = {"double": overlay.dissolve(pairs.geometry[later])}
    bare = overlay.split(overlay.dissolve(shapes[drawn | rest]), united, grid_m=grid_m, leave_unsure=True)
    found["no_zone"] = bare.outside
    moved_m = max(pairs.moved_m, bare.moved_m)
    unsure = [shapes[placed][pairs.left[later & pairs.unsure]], bare.outside[bare.unsure]]
    if drawn.any():
        out = overlay.split(united, overlay.dissolve(shapes[drawn]), grid_m=grid_m, leave_unsure=True)
        found["beyond"] = out.outside
        unsure.append(united[out.unsure])
        moved_m = max(moved_m, out.moved_m)
    patches = pd.concat([_patches(fault, found[fault], line.crs, grid_m) for fault in FAULTS if fault in found])
    patches = patches.sort_values("area_m2", ascending=False, kind="stable", ignore_index=True)
    land = overlay.joined(overlay.without_overlap(shapes[placed]), np.searchsorted(zones, zone[placed]), len(zones))
    table = gpd.GeoDataFrame({"zone": list(zones)}, geometry=land, crs=line.crs)
    table["area_m2"] = geo.ellipsoid_area(land, line.crs)
    value, doubtful = float(patches["area_m2"].sum()), float(shapely.area(np.concatenate(unsure)).sum())
    cut = Cut(grid_m, moved_m)
    return Measured(
        value=value,
        unit="m2",
        numerator=value,
        denominator=float(table["area_m2"].sum()),
        counted="m2",
        value_range=(value, value + doubtful) if doubtful else None,
        offenders=patches,
        notes=cut.notes,
        cut=cut,
        layers={"zones": table[table["area_m2"] > 0].reset_index(drop=True)},
    )


def area(line: gpd.GeoDataFrame, *, of: tuple[str, ...] = ()) -> SquareMetres:
    """Measure the land of a boundary, every spot once.

    On the CGCS2000 ellipsoid, edges straight on the plane of the working CRS. Holes are not land of it. What a county
    may have is a limit of its own (`at_most` in a document of the county), for no national figure fits all.

    Parameters
    ----------
    line
        Polygons, with `zone` where zones are chosen.
    of
        Only features of these zones, a finer code with the zone it begins like (414 with 410); all if none is given.

    Returns
    -------
    Measured
        Square metres. Layer `land`: the features that count, with `area_m2` of what each adds.

    Raises
    ------
    NotAssessed
        Zones are chosen and a feature does not say which it is.

    Notes
    -----
    Source: the area of the development boundary a county was given with its approved plan.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> east, north = 38_500_000, 4_600_000
    >>> twice = [box(east, north, east + 100, north + 100), box(east + 50, north, east + 150, north + 100)]
    >>> round(area(gpd.GeoDataFrame(geometry=twice, crs="EPSG:4526")).value)
    15000
    """
    chosen = line
    if of:
        if "zone" not in line.columns or line["zone"].isna().any():
            raise NotAssessed("boundary.no_zones")
        chosen = line[[str(one)[:2] in {zone[:2] for zone in of} for one in line["zone"]]]
    shapes: Any = overlay.without_overlap(chosen.geometry.to_numpy())
    kept = [name for name in ("name", "zone") if name in chosen.columns]
    land = gpd.GeoDataFrame(chosen[kept].reset_index(drop=True), geometry=shapes, crs=line.crs)
    land["area_m2"] = geo.ellipsoid_area(shapes, line.crs)
    return Measured(
        value=float(land["area_m2"].sum()), unit="m2", offenders=land[:0], layers={"land": land[land["area_m2"] > 0]}
    )


def _patches(fault: str, land: Any, crs: Any, grid_m: float) -> gpd.GeoDataFrame:
    pieces, _ = overlay.polygons_of(overlay.dissolve(land))
    width = 2 * shapely.area(pieces) / np.maximum(shapely.length(pieces), 1e-12)
    real = width > 2 * grid_m
    columns = {"fault": fault, "area_m2": geo.ellipsoid_area(pieces[real], crs), "width_m": width[real]}
    return gpd.GeoDataFrame(columns, geometry=pieces[real], crs=crs)
