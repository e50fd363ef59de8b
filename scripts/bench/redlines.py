"""Edge-matched parcels against one redline of many vertices: ours against geopandas.overlay, to equal totals."""

from __future__ import annotations

import argparse
from typing import Any

import clock
import geopandas as gpd
import numpy as np
import shapely

from gis_planning import overlay
from gis_planning.measures.redlines import overlap

CRS = "EPSG:4526"
EAST, NORTH, SIDE_M = 38_440_000.0, 4_700_000.0, 40.0
#: Both sides must agree to so much of the total; ours cuts on a grid of 0.1 mm.
AGREE = 1e-7


def options(words: argparse.ArgumentParser) -> None:
    """Say what can be chosen."""
    words.add_argument("--parcels", type=int, default=100_000)
    words.add_argument("--vertices", type=int, default=180_000)
    words.add_argument("--runs", type=int, default=3, help="runs of our side; the median counts")
    words.add_argument("--no-peer", action="store_true", help="leave out geopandas, which may take ten minutes")


def run(chosen: argparse.Namespace) -> None:
    """Print the table."""
    parcels, line = parcels_of(chosen.parcels), redline(chosen.parcels, chosen.vertices)
    shapes = parcels.geometry.to_numpy()
    ours, cut = clock.timed(lambda: overlay.split(shapes, line.geometry.to_numpy()), chosen.runs)
    total = float(shapely.area(cut.inside).sum())
    whole, measured = clock.timed(lambda: overlap(parcels, line), chosen.runs)
    print(f"{len(parcels):,} parcels, redline of {shapely.get_num_coordinates(line.geometry.iloc[0]):,} vertices")
    print(f"ours, cut and checked: {ours:.2f} s, {total:,.3f} m2")
    print(f"ours, measured (ellipsoid areas, pieces, labels): {whole:.2f} s, {measured.value:,.3f} m2")
    if chosen.no_peer:
        return
    peer, found = clock.timed(lambda: gpd.overlay(parcels, line, how="intersection"), 1)
    theirs = float(found.area.sum())
    if abs(theirs - total) > AGREE * total:
        message = f"totals differ: {theirs:,.3f} and {total:,.3f}"
        raise SystemExit(message)
    print(clock.machine("geopandas", "shapely"))
    print("| overlay | seconds | ratio to ours |\n|---|---|---|")
    print(f"| geopandas.overlay | {peer:.1f} | {peer / ours:.0f} |")
    print(f"| ours, cut and checked | {ours:.2f} | 1 |")
    print(f"| ours, measured | {whole:.2f} | {whole / ours:.1f} |")
    print(f"totals agree to {abs(theirs - total) / total:.1e}")


def parcels_of(count: int, seed: int = 1) -> gpd.GeoDataFrame:
    """Return a sheet of parcels that share their wavy edges exactly, 17 vertices each."""
    random = np.random.default_rng(seed)
    n = round(count**0.5)
    x, y = np.meshgrid(np.arange(n + 1) * SIDE_M, np.arange(n + 1) * SIDE_M)
    corner = np.stack([EAST + x + random.uniform(-8, 8, x.shape), NORTH + y + random.uniform(-8, 8, x.shape)], axis=-1)

    def edges(start: Any, end: Any) -> Any:
        along = np.linspace(0, 1, 5)[:, None]
        points = start[:, :, None] * (1 - along) + end[:, :, None] * along
        points[:, :, 1:-1] += random.uniform(-1, 1, (*start.shape[:2], 3, 2))
        return points

    across, up = edges(corner[:, :-1], corner[:, 1:]), edges(corner[:-1], corner[1:])
    sides = [across[:-1], up[:, 1:, 1:], across[1:, :, ::-1][:, :, 1:], up[:, :-1, ::-1][:, :, 1:]]
    rings = np.concatenate(sides, axis=2).reshape(n * n, -1, 2)
    return gpd.GeoDataFrame(geometry=shapely.polygons(rings), crs=CRS)


def redline(count: int, vertices: int, seed: int = 2) -> gpd.GeoDataFrame:
    """Return one multipolygon of ragged patches over a fifth of the sheet."""
    random = np.random.default_rng(seed)
    extent, across = round(count**0.5) * SIDE_M, 6
    angle = np.linspace(0, 2 * np.pi, vertices // across**2, endpoint=False)
    patches = []
    for column in range(across):
        for row in range(across):
            middle = (EAST + (column + 0.5) * extent / across, NORTH + (row + 0.5) * extent / across)
            waves = sum(random.uniform(0.01, 0.1) / k * np.sin(k * angle + random.uniform(0, 6)) for k in range(2, 60))
            reach = extent / across * (0.25 + waves) + random.uniform(-0.3, 0.3, len(angle))
            ring = np.column_stack([middle[0] + reach * np.cos(angle), middle[1] + reach * np.sin(angle)])
            patches.append(shapely.make_valid(shapely.Polygon(ring)))
    return gpd.GeoDataFrame(geometry=[shapely.union_all(patches)], crs=CRS)
