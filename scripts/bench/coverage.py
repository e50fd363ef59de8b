"""Coverage of parcels by parks: ours against the plain way, which must agree."""

from __future__ import annotations

import argparse
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from clock import machine, timed

from gis_planning import geo, overlay
from gis_planning.analysis.work import applied
from gis_planning.measures.green import radius_coverage

CRS = "EPSG:4526"
ARGS = {"min_area_m2": 400, "small_radius_m": 300, "large_area_m2": 5000, "large_radius_m": 500}


def options(words: argparse.ArgumentParser) -> None:
    """Name the options."""
    words.add_argument("--parcels", type=int, default=100_000)
    words.add_argument("--parks", type=int, default=10_000)
    words.add_argument("--runs", type=int, default=3, help="runs of our side; the median counts")
    words.add_argument("--plain-runs", type=int, default=1, help="runs of the plain way, which is slow")


def run(chosen: argparse.Namespace) -> None:
    """Run the benchmark at one size."""
    homes, parks = region(chosen.parcels, chosen.parks)
    radius = np.where(shapely.area(parks) >= ARGS["large_area_m2"], 500.0, 300.0)

    ours, (value, total) = timed(lambda: fast(homes, parks, radius), chosen.runs)
    bound, _ = timed(lambda: shapely.union_all(geo.buffer(parks, radius)), chosen.runs)
    whole, measured = timed(lambda: measure(homes, parks), chosen.runs)
    plainly, (plain_value, plain_total) = timed(lambda: plain(homes, parks, radius), chosen.plain_runs)
    for one, other in ((value, plain_value), (total, plain_total), (measured.numerator, plain_value)):
        if abs(one - other) > 1e-6 * total:
            raise SystemExit(f"the results differ: {one!r} and {other!r}")

    print(f"{machine('geopandas', 'shapely')}, GEOS {shapely.geos_version_string}\n")
    print(f"| coverage of {chosen.parcels:,} parcels by {chosen.parks:,} parks | ratio to ours |")
    print("|---|---|")
    print(f"| plain geopandas: buffer, union_all, overlay | {plainly / ours:,.0f} |")
    print("| ours: value, served and unserved land | 1 |")
    print(f"| lower bound: buffer and one union_all, nothing cut | {bound / ours:.2f} |")
    print(f"| ours with patches, districts, what each park serves alone | {whole / ours:.1f} |")
    print(f"\nCoverage {value / total:.4%}; both sides agree to {abs(value - plain_value) / total:.1e} of the area.")


def region(parcels: int, parks: int) -> tuple[Any, Any]:
    """Return blocks of residential land and parks of all sizes over a region, about half of the land served."""
    random = np.random.default_rng(42)
    side = int(np.ceil(np.sqrt(parcels)))
    spacing = 160.0
    cell = np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1).reshape(-1, 2)[:parcels] * spacing
    size = random.uniform(50, 140, (parcels, 2))
    low = cell + [38_480_000.0, 4_560_000.0]
    homes = shapely.box(low[:, 0], low[:, 1], *(low + size).T)
    extent = side * spacing
    # Parks cluster in towns, as they do; half of the region has few.
    town = random.uniform(0, extent, (max(1, parks // 60), 2))
    centre = town[random.integers(0, len(town), parks)] + random.normal(0, 900, (parks, 2)) + low[0]
    reach = np.sqrt(10 ** random.uniform(2.7, 4.8, parks) / np.pi)
    angle = np.sort(random.uniform(0, 2 * np.pi, (parks, 14)), axis=1)
    ring = reach[:, None] * random.uniform(0.8, 1.2, (parks, 14))
    corners = np.dstack([centre[:, :1] + ring * np.cos(angle), centre[:, 1:] + ring * np.sin(angle)])
    shapes = shapely.make_valid(shapely.polygons(corners), method="structure")
    return homes, shapes[shapely.area(shapes) >= ARGS["min_area_m2"]]


def fast(homes: Any, parks: Any, radius: Any) -> tuple[float, float]:
    """Compute the coverage our way."""
    cut = overlay.split(overlay.without_overlap(homes), overlay.dissolve(geo.buffer(parks, radius)))
    return float(shapely.area(cut.inside).sum()), float(shapely.area(homes).sum())


def plain(homes: Any, parks: Any, radius: Any) -> tuple[float, float]:
    """Compute the coverage the plain geopandas way."""
    land = gpd.GeoDataFrame(geometry=homes, crs=CRS)
    zone = gpd.GeoSeries(parks, crs=CRS).buffer(radius, quad_segs=geo.QUARTER_SEGMENTS).union_all()
    served = gpd.overlay(land, gpd.GeoDataFrame(geometry=[zone], crs=CRS), how="intersection")
    return float(served.area.sum()), float(land.area.sum())


def measure(homes: Any, parks: Any) -> Any:
    """Run the whole measure; every park has its own id, so that none merge."""
    land = gpd.GeoDataFrame(geometry=homes, crs=CRS)
    green = gpd.GeoDataFrame({"park_id": [str(n) for n in range(len(parks))]}, geometry=parks, crs=CRS)
    area = gpd.GeoDataFrame(geometry=[shapely.box(*land.total_bounds)], crs=CRS)
    return applied(radius_coverage, residential=land, parks=green, study_area=area, **ARGS)
