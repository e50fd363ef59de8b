"""Measure which residential land reaches the gate of a park on foot, and what lies within the radius and does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gis_planning import overlay
from gis_planning.analysis.demand import Demand
from gis_planning.analysis.distances import Covered
from gis_planning.analysis.serving import Serving
from gis_planning.analysis.ways import TOLERANCE_M, Gates, Ways, joined, reach
from gis_planning.analysis.zones import Zones
from gis_planning.measures import tally
from gis_planning.results.verdicts import Measured, Reference
from gis_planning.streets import Streets
from gis_planning.texts import text


def walked(
    serving: Serving,
    radius: Measured,
    demand: Demand,
    ways: tuple[Ways, Ways, Ways],
    gates: Gates,
    network: Streets,
    districts: Zones | None,
) -> Measured:
    """Measure walking coverage, beside the radius coverage of the same parks."""
    frame = serving.frame
    limit = frame["radius_m"].to_numpy()
    first, second = ways[0].size, ways[0].size + ways[1].size
    reached = np.zeros(sum(way.size for way in ways), dtype=bool)
    for most in np.unique(limit):
        # A farther limit holds for the parks that have it; every other one is out of that search.
        found = reach(network, gates.ways.take(limit == most), joined(*ways))
        reached |= found.distance_m <= most + TOLERANCE_M
    nearest = reach(network, gates.ways, joined(*ways))
    covered = Covered(reached[:first], reached[first:second], reached[second:])
    names = frame["name"].to_numpy(dtype=object)
    walk_m, park = nearest.distance_m[:first], nearest.source[:first]
    zone = radius.layers["service_areas"].geometry.to_numpy()
    patches = _patches(demand, ~covered.cells, ~covered.homes, districts, walk_m, park, names)
    patches = _beside(patches, frame)
    inside = overlay.hit_at(demand.cells.middle_xy, zone) if len(zone) else np.zeros(first, dtype=bool)
    home_inside = (
        overlay.hit(demand.homes.geometry.to_numpy(), zone) if len(zone) else np.zeros(len(demand.homes), dtype=bool)
    )
    detour = _patches(demand, inside & ~covered.cells, home_inside & ~covered.homes, districts, walk_m, park, names)
    detour = _beside(detour, frame).rename(columns={"nearest_m": "straight_m"})
    gap_m2 = float(detour["area_m2"].sum()) if len(detour) else 0.0
    layers = {
        "parks": _park_layer(radius.layers["parks"], frame, gates),
        "gates": _gate_layer(gates, frame),
        "service_areas": radius.layers["service_areas"],
        "detour_gap": detour,
        **_served(demand, covered),
    }
    rungs = {rung: int((gates.rung == rung).sum()) for rung in _RUNGS}
    notes = [*radius.notes, text("circles.rungs", **rungs)]
    if radius.numerator:
        hectares = {"radius": f"{radius.numerator / 10_000:,.2f}", "gap": f"{gap_m2 / 10_000:,.2f}"}
        notes.append(text("circles.detour", **hectares))
    statutory = Reference(float(radius.numerator or 0), float(radius.denominator or 0), "radius_coverage")
    measured = tally.measured_share(
        demand,
        covered,
        districts,
        ways,
        offenders=patches,
        layers=layers,
        bands=tally.bands(demand.cells, walk_m, _steps(limit), demand.land.crs),
        notes=notes,
        schema=radius.schema,
    )
    value_range = (0.0, measured.value or 0.0) if serving.parks.mixed else None
    return replace(measured, value_range=value_range, references=(statutory, *measured.references))


#: The last walking distance told apart on the map: a quarter of an hour.
FAR_M = 1000.0
_RUNGS = ("given", "osm", "crossings", "perimeter", "virtual", "unreachable")


def _patches(
    demand: Demand, cells: Any, homes: Any, districts: Zones | None, walk_m: Any, park: Any, names: Any
) -> gpd.GeoDataFrame:
    """Return patches of some cells, largest first, each with its shortest walk to a park."""
    found = tally.gaps(demand, np.where(cells, "x", ""), districts, homes=np.where(homes, "x", ""))
    patch = found.attrs.pop("patch_of_cell")
    walk, nearest = np.full(len(found), np.inf), np.full(len(found), None, dtype=object)
    of_patch = patch >= 0
    np.minimum.at(walk, patch[of_patch], walk_m[of_patch])
    best = of_patch & np.isfinite(walk_m)
    best[best] = walk_m[best] == walk[patch[best]]
    nearest[patch[best]] = names[park[best]]
    found = found.drop(columns="missing").assign(walk_m=np.where(np.isfinite(walk), walk, np.nan), nearest_park=nearest)
    found = found.sort_values("area_m2", ascending=False, kind="stable", ignore_index=True)
    return found.assign(rank=np.arange(1, len(found) + 1))


def _beside(patches: gpd.GeoDataFrame, parks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Add how far the nearest park is in a straight line."""
    near = np.full(len(patches), np.nan)
    if len(parks) and len(patches):
        tree = shapely.STRtree(parks.geometry.to_numpy())
        (at, _), gap = tree.query_nearest(patches.geometry.to_numpy(), return_distance=True, all_matches=False)
        near[at] = gap
    return patches.assign(nearest_m=near)


def _steps(limit_m: Any) -> tuple[float, ...]:
    """Return the walking distances told apart on the map: the limits, half of them, and the last."""
    if not len(limit_m):
        return (300.0,)
    limits = np.unique(limit_m)
    return tuple(sorted({*limits.tolist(), *(limits / 2).tolist(), FAR_M}))


def _park_layer(shown: gpd.GeoDataFrame, parks: gpd.GeoDataFrame, gates: Gates) -> gpd.GeoDataFrame:
    """Return parks with how their gates were found and how many there are; unknown of parks that do not serve."""
    key = shapely.to_wkb(parks.geometry.to_numpy())
    count = np.bincount(gates.ways.owner, minlength=len(parks))
    rung_of, count_of = (dict(zip(key, of.tolist(), strict=True)) for of in (gates.rung, count))
    key = shapely.to_wkb(shown.geometry.to_numpy())
    return shown.assign(rung=[rung_of.get(one) for one in key], gates=[count_of.get(one, np.nan) for one in key])


def _gate_layer(gates: Gates, parks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    owner = gates.ways.owner
    columns = {
        "park": parks["name"].to_numpy(dtype=object)[owner],
        "rung": gates.rung[owner].astype(object),
        "status": np.where(gates.ways.attached.edge >= 0, "attached", "unattached").astype(object),
    }
    return gpd.GeoDataFrame(columns, geometry=gates.points, crs=parks.crs)


def _served(demand: Demand, covered: Covered) -> dict[str, gpd.GeoDataFrame]:
    """Return served and unserved land, parcel by parcel."""
    found = {}
    kept = [name for name in ("name", "class") if name in demand.land.columns]
    for name, chosen in (("served", covered.cells), ("unserved", ~covered.cells)):
        patches = demand.mosaic.patches(demand.cells, np.where(chosen, demand.cells.parcel, -1))
        parts, patch = shapely.get_parts(patches.shapes, return_index=True)
        order = np.argsort(patches.group[patch], kind="stable")
        rows, at = np.unique(patches.group[patch][order], return_inverse=True)
        geometry = np.asarray(shapely.multipolygons(parts[order], indices=at))
        frame = (
            demand.land.iloc[rows][[*kept, "geometry"]]
            .reset_index(drop=True)
            .set_geometry(geometry, crs=demand.land.crs)
        )
        found[name] = frame.assign(area_m2=shapely.area(geometry))
    return found
