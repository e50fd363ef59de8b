"""Measure which residential land lies within the radius that each park serves."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_planning import geo, overlay
from gis_planning.analysis.parks import Parks
from gis_planning.analysis.residents import Residents
from gis_planning.analysis.serving import Serving
from gis_planning.results.schema import GAPS, OFFENDERS, Column, Layer, known_layers
from gis_planning.results.verdicts import Measured, Part, Reference
from gis_planning.texts import Text, text

#: Tiers of parks that serve.
TIERS = ("large", "small", "historic")


def coverage(
    serving: Serving,
    land: gpd.GeoDataFrame,
    districts: gpd.GeoDataFrame | None = None,
    residents: Residents | None = None,
) -> Measured:
    """Measure coverage once it is settled which parks serve how far.

    Parameters
    ----------
    land
        The residential land of the study area.
    districts, residents
        For the same quantity by district, and counted in people and dwellings.
    """
    frame = serving.frame
    circles = geo.buffer(frame.geometry.to_numpy(), frame["radius_m"].to_numpy())
    zone = overlay.dissolve(circles)
    cut = overlay.split(land.geometry.to_numpy(), zone)
    served, total = float(shapely.area(cut.inside).sum()), float(shapely.area(land.geometry.to_numpy()).sum())
    return Measured.share(
        served,
        total,
        "m2",
        offenders=_patches(land, cut.outside, frame, districts, residents),
        value_range=_range(serving, land, served, total),
        parts=_parts(land, cut, districts),
        references=(
            *(residents.people_within(zone) if residents is not None else ()),
            *_stated(land, cut),
            *(residents.dwellings_within(zone) if residents is not None else ()),
        ),
        notes=_notes(serving.parks, frame),
        missing=serving.missing,
        layers={
            "parks": _park_layer(serving, frame, land, circles),
            "served": _pieces(land, cut.inside),
            "unserved": _pieces(land, cut.outside),
            "service_areas": _frame(zone, land.crs),
        },
        schema=_schema(frame),
    )


def _range(serving: Serving, land: gpd.GeoDataFrame, served: float, total: float) -> tuple[float, float] | None:
    """Return between which shares the truth lies: green may not be park, and parks in doubt may serve."""
    mixed = serving.parks.mixed
    if serving.perhaps_m is None:
        return (0.0, served / total) if mixed else None
    more = Serving(serving.parks, serving.perhaps_m).frame
    zone = overlay.dissolve(geo.buffer(more.geometry.to_numpy(), more["radius_m"].to_numpy()))
    most = float(shapely.area(overlay.split(land.geometry.to_numpy(), zone).inside).sum())
    return 0.0 if mixed else served / total, most / total


def _schema(serving: gpd.GeoDataFrame) -> dict[str, Layer]:
    """Return what is this measure's own of its layers: patches by size, and how far each tier of parks serves."""
    says = {}
    for tier in TIERS:
        radii = sorted(serving.loc[serving["tier"] == tier, "radius_m"].unique())
        says[tier] = text(f"map.tier_{tier}", radius="/".join(f"{one:,.0f}" for one in radii))
    says |= {tier: text(f"map.tier_{tier}") for tier in ("too_small", "excluded")}
    tiers = Column("tier", text("column.tier"), "category", says=says)
    return {OFFENDERS: GAPS, "parks": known_layers()["parks"].having(tiers)}


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
    land: gpd.GeoDataFrame,
    outside: Any,
    serving: gpd.GeoDataFrame,
    districts: gpd.GeoDataFrame | None,
    residents: Residents | None,
) -> gpd.GeoDataFrame:
    """Return the unserved patches, largest first: what touches is one patch."""
    patches = overlay.dissolve(outside)
    frame = _frame(patches, land.crs)
    frame["area_m2"] = shapely.area(patches)
    frame["parcels"] = _names_under(patches, land, outside)
    frame["district"] = _district_of(patches, districts)
    if residents is not None and (people := residents.people_in(patches)) is not None:
        frame["people"] = people
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
        if isinstance(names[at], str) and names[at]:  # a missing name of a table may be NaN, which is true
            found[one][names[at]] = None
    return ["、".join(one) or None for one in found]


def _district_of(patches: Any, districts: gpd.GeoDataFrame | None) -> Any:
    names = np.full(len(patches), None, dtype=object)
    if districts is not None and len(patches):
        points = shapely.point_on_surface(patches)
        at, zone = shapely.STRtree(districts.geometry.to_numpy()).query(points, predicate="intersects")
        names[at[::-1]] = districts["name"].to_numpy()[zone[::-1]]
    return names


def _park_layer(serving: Serving, frame: gpd.GeoDataFrame, land: gpd.GeoDataFrame, circles: Any) -> gpd.GeoDataFrame:
    """Return all green with what became of it: its radius or why it does not count, and the land it serves alone."""
    serves, only = _alone(land.geometry.to_numpy(), circles)
    parks = serving.parks
    counted = frame.assign(status="serves", serves_m2=serves, only_m2=only)
    small = parks.frame[np.isnan(serving.limit_m)].assign(status="too_small", tier="too_small")
    rest = parks.left_out.assign(status=parks.left_out["reason"], tier="excluded", area_m2=parks.left_out.geometry.area)
    keep = [
        "name",
        "class",
        "park_id",
        "parts",
        "merged",
        "area_m2",
        "radius_m",
        "status",
        "tier",
        "serves_m2",
        "only_m2",
        "geometry",
    ]
    frames = [one.reindex(columns=keep) for one in (counted, small, rest) if len(one)]
    if not frames:
        return counted.reindex(columns=keep)
    frames = [
        frame.astype({"parts": float, "radius_m": float, "serves_m2": float, "only_m2": float}) for frame in frames
    ]
    frames = [
        frame.astype(dict.fromkeys(("name", "class", "park_id", "merged", "status", "tier"), object))
        for frame in frames
    ]
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


def _stated(land: gpd.GeoDataFrame, cut: overlay.Split) -> tuple[Reference, ...]:
    """Return the households and residents that residential parcels state, spread evenly over each parcel."""
    found = []
    for key in ("population", "households"):
        if key in land.columns and land[key].notna().any():
            density = land[key].fillna(0).to_numpy() / land["parcel_m2"].to_numpy()
            served, total = shapely.area(cut.inside) * density, shapely.area(land.geometry.to_numpy()) * density
            found.append(Reference(float(served.sum()), float(total.sum()), f"residential_{key}"))
    return tuple(found)


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
