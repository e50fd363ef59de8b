"""Measure how much residential land lies near green."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from typing_extensions import TypedDict  # the one of typing cannot be validated before Python 3.12

from gis_planning import geo, overlay
from gis_planning.errors import LayerError, NotAssessed, RuleError
from gis_planning.measures import Share
from gis_planning.measures.parks import Parks, qualifying
from gis_planning.results import Measured, Part, Reference
from gis_planning.texts import Text, text

#: An area counts as reaching a threshold when it falls short by no more than this; coordinates are rounded somewhere.
AREA_TOLERANCE_M2 = 0.001


class Tier(TypedDict):
    """Parks of one class (its CJJ/T 85 code, or the beginning of it) from one size on serve one radius."""

    park_class: str
    min_area_m2: float
    radius_m: float


def radius_coverage(
    residential: gpd.GeoDataFrame,
    parks: gpd.GeoDataFrame,
    study_area: gpd.GeoDataFrame,
    districts: gpd.GeoDataFrame | None = None,
    historic_districts: gpd.GeoDataFrame | None = None,
    population: gpd.GeoDataFrame | None = None,
    buildings: gpd.GeoDataFrame | None = None,
    *,
    min_area_m2: float,
    small_radius_m: float,
    large_area_m2: float,
    large_radius_m: float,
    historic_min_area_m2: float | None = None,
    counts: tuple[Literal["park", "square"], ...] = ("park",),
    merge_gap_m: float = 0.0,
) -> Share:
    """Measure the share of residential land within the straight-line radius of a park.

    A park of `large_area_m2` or more serves the land within `large_radius_m` of its edge; one of `min_area_m2` or more,
    the land within `small_radius_m`. The value is the residential land of the study area that some park serves, over
    all residential land of the study area, both as plane area in the working CRS (m2), doubly drawn land counted once.

    What counts: parks by class, merged before their size is tested. Parts with an equal `park_id` are one park,
    wherever they lie; parts without one are one park where they share an edge, whatever their names, or lie within
    `merge_gap_m`. Parks outside the study area serve the land inside it. What does not: shelter green, green attached
    to buildings, verges, green that is not open. The survey's class 0810 holds parks and verges alike: there, features
    with a name, a park id or an access flag count and the others do not; where none has any, all count and the value is
    an upper bound.

    The distance is a straight line from the park's edge, so it crosses rivers, railways and walls; what residents walk
    is another measure.

    Parameters
    ----------
    residential, parks, study_area
        Polygons in one metric CRS.
    districts
        Polygons with `name`, for the same quantity by district.
    historic_districts
        Where parks from `historic_min_area_m2` on serve `small_radius_m`; a park is in one with half its area.
    population
        Polygons or raster cells with `population`, spread evenly over each, for a reference number.
    buildings
        Polygons with `dwellings`, for a reference number.
    counts
        Kinds of green that count, `("park",)` or `("park", "square")`.

    Returns
    -------
    Measured
        A share from 0 to 1. Offenders are the unserved patches, largest first, each with its nearest park. Layers:
        `parks` (with what each park serves, and what only it serves), `served`, `unserved`, `service_areas`,
        `residential`.

    Raises
    ------
    LayerError
        No residential land lies in the study area.

    Notes
    -----
    Source: service-radius coverage of park green space as in the national urban check-up indicators of 2021 and later
    and the national garden-city standards; sizes and radii differ by edition, see the clause.

    Examples
    --------
    A block of 100 m by 100 m whose near half lies within 300 m of a park of one hectare:

    >>> import geopandas as gpd
    >>> from shapely import box
    >>> def land(*boxes):
    ...     return gpd.GeoDataFrame(geometry=list(boxes), crs="EPSG:4526")
    >>> measured = radius_coverage(
    ...     land(box(350, 0, 450, 100)), land(box(0, 0, 100, 100)), land(box(-1000, -1000, 1000, 1000)),
    ...     min_area_m2=400, small_radius_m=200, large_area_m2=5000, large_radius_m=300,
    ... )
    >>> round(measured.value, 9), round(measured.numerator, 6)
    (0.5, 5000.0)
    """
    if not (min_area_m2 <= large_area_m2 and small_radius_m <= large_radius_m):
        raise RuleError(
            "green.tiers_crossed", min=min_area_m2, large=large_area_m2, near=small_radius_m, far=large_radius_m
        )
    chosen = qualifying(parks, counts=counts, merge_gap_m=merge_gap_m)
    area = chosen.frame["area_m2"].to_numpy() + AREA_TOLERANCE_M2
    radius = np.where(area >= large_area_m2, large_radius_m, np.where(area >= min_area_m2, small_radius_m, np.nan))
    missing: tuple[Text, ...] = ()
    doubtful = np.zeros(len(area), dtype=bool)
    if historic_min_area_m2 is not None and historic_districts is None:
        doubtful = np.isnan(radius) & (area >= historic_min_area_m2)
        sizes = {"min": historic_min_area_m2, "max": min_area_m2, "radius": small_radius_m}
        missing = (text("green.no_historic_districts", **sizes, count=int(doubtful.sum())),)
    elif historic_min_area_m2 is not None and historic_districts is not None:
        inside = _share_inside(chosen.frame, historic_districts) >= 0.5
        radius = np.where(np.isnan(radius) & inside & (area >= historic_min_area_m2), small_radius_m, radius)
    measured = _coverage(chosen, radius, residential, study_area, districts, population, buildings)
    if doubtful.any():
        more = _coverage(chosen, np.where(doubtful, small_radius_m, radius), residential, study_area)
        measured = replace(measured, value_range=(0.0 if chosen.mixed else measured.value, more.value))
    return replace(measured, missing=missing)


def tiered_coverage(
    residential: gpd.GeoDataFrame,
    parks: gpd.GeoDataFrame,
    study_area: gpd.GeoDataFrame,
    districts: gpd.GeoDataFrame | None = None,
    population: gpd.GeoDataFrame | None = None,
    buildings: gpd.GeoDataFrame | None = None,
    *,
    tiers: tuple[Tier, ...],
    merge_gap_m: float = 0.0,
) -> Share:
    """Measure the share of residential land within the radius that a park's class and size give it.

    As `radius_coverage`, but every class of park (CJJ/T 85-2017: G11 comprehensive, G12 community, G13 specialised, G14
    small) has its own sizes and radii. A park takes the widest radius of the tiers it reaches; parks of classes that no
    tier names do not count.

    Parameters
    ----------
    residential, parks, study_area
        Polygons in one metric CRS; `parks` with a `class` that tells the classes apart.
    tiers
        Each with `park_class`, `min_area_m2` and `radius_m`.

    Returns
    -------
    Measured
        As `radius_coverage`.

    Raises
    ------
    NotAssessed
        The parks carry no CJJ/T 85 class.
    LayerError
        No residential land lies in the study area.

    Notes
    -----
    Source: service radii by class in GB/T 51346-2019 and in the draft of the urban green-space planning standard.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> def land(*boxes, **columns):
    ...     return gpd.GeoDataFrame(columns, geometry=list(boxes), crs="EPSG:4526")
    >>> measured = tiered_coverage(
    ...     land(box(350, 0, 450, 100)), land(box(0, 0, 100, 100), **{"class": ["G12"]}),
    ...     land(box(-1000, -1000, 1000, 1000)),
    ...     tiers=({"park_class": "G12", "min_area_m2": 10_000, "radius_m": 500},),
    ... )
    >>> measured.value
    1.0
    """
    codes = parks["class"].dropna() if "class" in parks.columns else []
    if not any(str(code).upper().startswith("G1") for code in codes):
        raise NotAssessed("green.no_park_classes")
    chosen = qualifying(parks, counts=("park",), merge_gap_m=merge_gap_m)
    area = chosen.frame["area_m2"].to_numpy() + AREA_TOLERANCE_M2
    code = chosen.frame["class"].fillna("").str.upper()
    radius = np.full(len(area), np.nan)
    for tier in tiers:
        reached = code.str.startswith(tier["park_class"]).to_numpy(dtype=bool) & (area >= tier["min_area_m2"])
        radius[reached] = np.fmax(radius[reached], tier["radius_m"])
    return _coverage(chosen, radius, residential, study_area, districts, population, buildings)


def _coverage(
    parks: Parks,
    radius_m: Any,
    residential: gpd.GeoDataFrame,
    study_area: gpd.GeoDataFrame,
    districts: gpd.GeoDataFrame | None = None,
    population: gpd.GeoDataFrame | None = None,
    buildings: gpd.GeoDataFrame | None = None,
) -> Measured:
    """Measure coverage once it is settled which parks serve which radius (NaN: none)."""
    area = overlay.dissolve(study_area.geometry.to_numpy())
    land = _land(residential, area)
    serving = parks.frame[~np.isnan(radius_m)].assign(radius_m=radius_m[~np.isnan(radius_m)]).reset_index(drop=True)
    circles = geo.buffer(serving.geometry.to_numpy(), serving["radius_m"].to_numpy())
    zone = overlay.dissolve(circles)
    cut = overlay.split(land.geometry.to_numpy(), zone)
    served, total = float(shapely.area(cut.inside).sum()), float(shapely.area(land.geometry.to_numpy()).sum())
    patches = _patches(land, cut.outside, serving, districts)
    return Measured(
        value=served / total,
        unit="share",
        numerator=served,
        denominator=total,
        offenders=patches,
        value_range=(0.0, served / total) if parks.mixed else None,
        parts=_parts(land, cut, districts),
        references=(
            *_people(population, area, zone),
            *_residents(land, residential, cut),
            *_dwellings(buildings, area, zone),
        ),
        notes=_notes(parks, serving),
        layers={
            "parks": _park_layer(parks, serving, land, circles, radius_m),
            "served": _pieces(land, cut.inside),
            "unserved": _pieces(land, cut.outside),
            "service_areas": _frame(zone, study_area.crs),
        },
    )


def _land(residential: gpd.GeoDataFrame, area: Any) -> gpd.GeoDataFrame:
    """Return the residential land of the study area, every spot once; rows keep the parcel's attributes."""
    inside = overlay.split(residential.geometry.to_numpy(), area).inside
    land = residential.set_geometry(overlay.without_overlap(inside), crs=residential.crs)
    land = land[shapely.area(land.geometry.to_numpy()) > 0]
    if not len(land):
        raise LayerError("green.no_residential_land")
    return land


def _share_inside(frame: gpd.GeoDataFrame, zone: gpd.GeoDataFrame) -> Any:
    geometry = frame.geometry.to_numpy()
    inside = overlay.split(geometry, overlay.dissolve(zone.geometry.to_numpy())).inside
    return shapely.area(inside) / shapely.area(geometry)


def _parts(land: gpd.GeoDataFrame, cut: overlay.Split, districts: gpd.GeoDataFrame | None) -> tuple[Part, ...]:
    """Return numerator and denominator by district, and for land in none; they add up to the whole."""
    if districts is None:
        return ()
    zones = overlay.without_overlap(districts.geometry.to_numpy())
    total, served = np.zeros(len(zones)), np.zeros(len(zones))
    whole = overlay.intersect(land.geometry.to_numpy(), zones)
    np.add.at(total, whole.right, shapely.area(whole.geometry))
    within = overlay.intersect(cut.inside, zones)
    np.add.at(served, within.right, shapely.area(within.geometry))
    rows: dict[str | None, tuple[float, float]] = {}
    for name, one, all_ in zip(districts["name"], served, total, strict=True):
        before = rows.get(name, (0.0, 0.0))
        rows[name] = (before[0] + float(one), before[1] + float(all_))
    rest = float(shapely.area(land.geometry.to_numpy()).sum() - total.sum())
    if rest > 1.0:
        rows[None] = (float(shapely.area(cut.inside).sum() - served.sum()), rest)
    return tuple(Part(*sums, name) for name, sums in rows.items() if sums[1] > 0)


def _patches(
    land: gpd.GeoDataFrame, outside: Any, serving: gpd.GeoDataFrame, districts: gpd.GeoDataFrame | None
) -> gpd.GeoDataFrame:
    """Return the unserved patches, largest first: what touches is one patch."""
    patches = overlay.dissolve(outside)
    frame = _frame(patches, land.crs)
    frame["area_m2"] = shapely.area(patches)
    frame["parcels"] = _names_under(patches, land, outside)
    frame["district"] = _district_of(patches, districts)
    if len(serving) and len(patches):
        geometry = serving.geometry.to_numpy()
        tree = shapely.STRtree(geometry)
        (at, park), distance = tree.query_nearest(patches, return_distance=True, all_matches=False)
        frame.loc[at, "nearest_park"] = serving["name"].to_numpy()[park]
        frame.loc[at, "nearest_m"] = distance
        frame["farthest_m"] = _farthest(patches, tree)
    frame = frame.sort_values("area_m2", ascending=False, kind="stable", ignore_index=True)
    frame.insert(0, "rank", np.arange(1, len(frame) + 1))
    return frame


def _farthest(patches: Any, tree: shapely.STRtree) -> Any:
    """Return how far the corner of each patch that has it worst is from its nearest park."""
    corners, owner = shapely.get_coordinates(patches, return_index=True)
    (at, _), distance = tree.query_nearest(shapely.points(corners), return_distance=True, all_matches=False)
    farthest = np.zeros(len(patches))
    np.maximum.at(farthest, owner[at], distance)
    return farthest


def _names_under(patches: Any, land: gpd.GeoDataFrame, outside: Any) -> list[str | None]:
    names = land["name"].to_numpy() if "name" in land.columns else np.full(len(land), None)
    points = shapely.point_on_surface(outside)
    filled = np.flatnonzero(~shapely.is_empty(points))
    patch, piece = shapely.STRtree(points[filled]).query(patches, predicate="intersects")
    found: list[dict[str, None]] = [{} for _ in patches]
    for one, at in zip(patch, filled[piece], strict=True):
        if names[at]:
            found[one][str(names[at])] = None
    return ["、".join(one) or None for one in found]


def _district_of(patches: Any, districts: gpd.GeoDataFrame | None) -> Any:
    names = np.full(len(patches), None, dtype=object)
    if districts is not None and len(patches):
        points = shapely.point_on_surface(patches)
        at, zone = shapely.STRtree(districts.geometry.to_numpy()).query(points, predicate="intersects")
        names[at[::-1]] = districts["name"].to_numpy()[zone[::-1]]
    return names


def _park_layer(
    parks: Parks, serving: gpd.GeoDataFrame, land: gpd.GeoDataFrame, circles: Any, radius_m: Any
) -> gpd.GeoDataFrame:
    """Return all green with what became of it: its radius or why it does not count, and the land it serves alone."""
    serves, only = _alone(land.geometry.to_numpy(), circles)
    counted = serving.assign(status="serves", serves_m2=serves, only_m2=only)
    small = parks.frame[np.isnan(radius_m)].assign(status="too_small")
    rest = parks.left_out.assign(status=parks.left_out["reason"], area_m2=parks.left_out.geometry.area)
    keep = [
        "name",
        "class",
        "park_id",
        "parts",
        "merged",
        "area_m2",
        "radius_m",
        "status",
        "serves_m2",
        "only_m2",
        "geometry",
    ]
    frames = [one.reindex(columns=keep) for one in (counted, small, rest) if len(one)]
    if not frames:
        return counted.reindex(columns=keep)
    frames = [one.astype({"parts": float, "radius_m": float, "serves_m2": float, "only_m2": float}) for one in frames]
    frames = [one.astype(dict.fromkeys(("name", "class", "park_id", "merged", "status"), object)) for one in frames]
    return pd.concat(frames, ignore_index=True)


def _alone(land: Any, circles: Any) -> tuple[Any, Any]:
    """Return the land each park would serve by itself, and the land that would lose its only park with it, in m2."""
    pairs = overlay.intersect(land, circles)
    serves, only = np.zeros(len(circles)), np.zeros(len(circles))
    area = shapely.area(pairs.geometry)
    np.add.at(serves, pairs.right, area)
    whole = area >= shapely.area(land)[pairs.left] * (1 - 1e-12)
    wholes = np.bincount(pairs.left, weights=whole, minlength=len(land))
    # A park matters alone only where no other one serves the whole parcel.
    open_ = wholes[pairs.left] - whole == 0
    left, right, rest = pairs.left[open_], pairs.right[open_], pairs.geometry[open_].copy()
    start, stop = np.searchsorted(pairs.left, left), np.searchsorted(pairs.left, left, side="right")
    for turn in range(int((stop - start).max(initial=0))):
        other = start + turn
        now = np.flatnonzero((other < stop) & ~shapely.is_empty(rest))
        now = now[pairs.right[other[now]] != right[now]]
        rest[now] = shapely.difference(rest[now], pairs.geometry[other[now]])
    np.add.at(only, right, shapely.area(rest))
    return serves, only


def _people(population: gpd.GeoDataFrame | None, area: Any, zone: Any) -> tuple[Reference, ...]:
    """Return the people served, each count spread evenly over its polygon or cell."""
    if population is None or "population" not in population.columns:
        return ()
    people, geometry = population["population"].fillna(0).to_numpy(), population.geometry.to_numpy()
    return _reference("population", people / shapely.area(geometry), overlay.split(geometry, area).inside, zone)


def _residents(land: gpd.GeoDataFrame, residential: gpd.GeoDataFrame, cut: overlay.Split) -> tuple[Reference, ...]:
    """Return the households and residents that residential parcels state, spread evenly over each parcel."""
    found = []
    for key in ("population", "households"):
        if key in land.columns and land[key].notna().any():
            density = land[key].fillna(0).to_numpy() / shapely.area(residential.geometry.loc[land.index].to_numpy())
            served, total = shapely.area(cut.inside) * density, shapely.area(land.geometry.to_numpy()) * density
            found.append(Reference(float(served.sum()), float(total.sum()), f"residential_{key}"))
    return tuple(found)


def _dwellings(buildings: gpd.GeoDataFrame | None, area: Any, zone: Any) -> tuple[Reference, ...]:
    """Return the dwellings served; a building is where the middle of its footprint is."""
    if buildings is None or "dwellings" not in buildings.columns:
        return ()
    points = shapely.point_on_surface(buildings.geometry.to_numpy())
    inside = _hit(points, area)
    dwellings = buildings["dwellings"].fillna(0).to_numpy() * inside
    if not dwellings.sum():
        return ()
    return (Reference(float((dwellings * _hit(points, zone)).sum()), float(dwellings.sum()), "dwellings"),)


def _hit(points: Any, zone: Any) -> Any:
    pieces, _ = overlay.subdivide(zone)
    hit = np.zeros(len(points), dtype=bool)
    hit[shapely.STRtree(pieces).query(points, predicate="intersects")[0]] = True
    return hit


def _reference(key: str, density: Any, geometry: Any, zone: Any) -> tuple[Reference, ...]:
    total = float((shapely.area(geometry) * density).sum())
    served = float((shapely.area(overlay.split(geometry, zone).inside) * density).sum())
    return (Reference(served, total, key),) if total else ()


def _notes(parks: Parks, serving: gpd.GeoDataFrame) -> tuple[Text, ...]:
    found = []
    if parks.mixed:
        found.append(text("green.upper_bound"))
    if not len(serving):
        found.append(text("green.no_park_qualifies", parks=len(parks.frame), left_out=len(parks.left_out)))
    merged = serving["merged"].dropna()
    if len(merged):
        found.append(text("green.merged", count=len(merged), parks=list(merged)))
    unknown = int((parks.left_out["reason"] == "unknown").sum()) if len(parks.left_out) else 0
    if unknown:
        found.append(text("green.unknown_class", count=unknown))
    return tuple(found)


def _pieces(land: gpd.GeoDataFrame, geometry: Any) -> gpd.GeoDataFrame:
    kept = [name for name in ("name", "class") if name in land.columns]
    frame = land[[*kept, "geometry"]].set_geometry(geometry, crs=land.crs)
    frame = frame[~shapely.is_empty(geometry)].reset_index(drop=True)
    return frame.assign(area_m2=frame.geometry.area)


def _frame(geometry: Any, crs: Any) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=geometry, crs=crs)
