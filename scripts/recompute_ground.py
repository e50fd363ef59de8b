"""Recompute the ground for `scripts/recompute`, without the package: pixel by pixel, in the plainest way."""

from __future__ import annotations

from itertools import product
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import rasterio
import shapely

THROUGH = (10, 20, 30, 40, 60, 90, 95, 100)
DEEPER_M, LEAST_M2, AROUND_M = 0.5, 1000, 2000
NEIGHBOURS = [way for way in product((-1, 0, 1), repeat=2) if way != (0, 0)]


def pixels(file: Any, rows: Any, columns: Any, crs: Any) -> gpd.GeoSeries:
    """Return pixels as polygons in another CRS, rows from the north."""
    at = file.transform
    boxes = [shapely.box(*(at * (x, y + 1)), *(at * (x + 1, y))) for y, x in zip(rows, columns, strict=True)]
    return gpd.GeoSeries(boxes, crs=file.crs).to_crs(crs)


def permeable(area: gpd.GeoDataFrame, raster: Any) -> float:
    """Return how much of an area lets water through."""
    whole = area.union_all()
    with rasterio.open(raster) as file:
        west, south, east, north = area.to_crs(file.crs).total_bounds
        top, left = file.index(west, north)
        bottom, right = file.index(east, south)
        rows, columns = (one.ravel() for one in np.mgrid[top - 1 : bottom + 2, left - 1 : right + 2])
        there = (rows >= 0) & (rows < file.height) & (columns >= 0) & (columns < file.width)
        rows, columns = rows[there], columns[there]
        held = np.isin(file.read(1)[rows, columns], THROUGH)
        own = pixels(file, rows[held], columns[held], area.crs)
    return float(own.intersection(whole).area.sum() / whole.area)


def filled(ground: Any) -> Any:
    """Return how high water stands: full everywhere, then let down by every neighbour until nothing moves."""
    water = np.full(np.array(ground.shape) + 2, -np.inf)
    water[1:-1, 1:-1] = np.where(np.isfinite(ground), np.inf, -np.inf)
    floor = np.full(water.shape, -np.inf)
    floor[1:-1, 1:-1] = np.where(np.isfinite(ground), ground, -np.inf)
    while True:
        lowest = np.min([np.roll(water, way, (0, 1)) for way in NEIGHBOURS], axis=0)
        lower = np.maximum(floor, np.minimum(water, lowest))
        if np.array_equal(lower, water):
            return water[1:-1, 1:-1]
        water = lower


def hollows(area: gpd.GeoDataFrame, raster: Any) -> float:
    """Count the hollows of an area; the heights are in its CRS, and lie with the north up."""
    whole = area.union_all()
    with rasterio.open(raster) as file:
        west, south, east, north = shapely.box(*whole.bounds).buffer(AROUND_M, join_style="mitre").bounds
        top, left = (max(one, 0) for one in file.index(west, north))
        bottom, right = (one + 1 for one in file.index(east, south))
        ground = np.where(file.read(1) == file.nodata, np.nan, file.read(1).astype(float))[top:bottom, left:right]
        rows, columns = np.nonzero(filled(ground) - ground > DEEPER_M)
        inside = pixels(file, rows + top, columns + left, area.crs).intersection(whole).area
    wet = {(row, column): size for row, column, size in zip(rows, columns, inside, strict=True) if size > 0}
    graph = nx.Graph()
    graph.add_nodes_from(wet)
    graph.add_edges_from(
        (one, (one[0] + y, one[1] + x)) for one in wet for y, x in NEIGHBOURS if (one[0] + y, one[1] + x) in wet
    )
    return float(sum(sum(wet[one] for one in patch) >= LEAST_M2 for patch in nx.connected_components(graph)))
