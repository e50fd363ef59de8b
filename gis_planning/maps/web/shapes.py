"""Give a layer's shapes to the page: as they are while few, in vector tiles when many."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gis_planning.maps.encode import DRAWN_CRS
from gis_planning.maps.templates import packed
from gis_planning.maps.web.layers import MapLayer
from gis_planning.maps.web.tiles import cut, seen_from

#: A layer with more features or more vertices is cut into tiles.
MOST_FEATURES, MOST_VERTICES = 5_000, 150_000
#: Steps in one degree: 1 cm.
SCALE = 10_000_000
#: Points that lie so close to the line between their neighbours are left out: nobody sees them on any zoom.
STRAIGHT_M = 0.02


@dataclass(frozen=True)
class Shapes:
    """What the page is told of the shapes of a layer, and what it unpacks when the layer is first looked at."""

    facts: dict[str, Any]
    body: str


def shapes_of(layer: MapLayer, least: int, *, tiled: bool | None = None) -> Shapes:
    """Return the shapes of a layer; `least` is the lowest zoom of the page.

    `tiled` says which way, rather than the numbers of features and vertices.
    """
    geometry = layer.shapes.to_numpy()
    vertices = int(shapely.get_num_coordinates(geometry).sum())
    if tiled if tiled is not None else (len(layer) > MOST_FEATURES or vertices > MOST_VERTICES):
        return _in_tiles(layer, least)
    return _in_steps(layer)


def _in_tiles(layer: MapLayer, least: int) -> Shapes:
    tiles = cut(layer.shapes, layer.category, least)
    index: list[int] = []
    for (zoom, column, row), body in zip(tiles.places, tiles.bodies, strict=True):
        index += [zoom, column, row, len(body)]
    facts = {"kind": "tiles", "least": tiles.least, "deepest": tiles.deepest, "index": index}
    return Shapes(facts, base64.b64encode(b"".join(tiles.bodies)).decode("ascii"))


def _in_steps(layer: MapLayer) -> Shapes:
    """Return shapes as steps of whole hundred-millionths of a degree from point to point."""
    shapes = layer.shapes
    if shapes.crs is not None and shapes.crs.is_projected:
        # Outlines of what was found on cells are full of points on straight lines.
        shapes = gpd.GeoSeries(shapely.simplify(shapes.to_numpy(), STRAIGHT_M), crs=shapes.crs)
    degrees = shapes.to_crs(DRAWN_CRS).to_numpy()
    seen = seen_from(degrees)
    features: list[list[Any]] = []
    for shape, zoom in zip(degrees, seen, strict=True):
        if shapely.is_missing(shape) or shapely.is_empty(shape):
            features.append([])
        else:
            features.append([int(zoom), *_parts(shape)])
    return Shapes({"kind": "steps", "scale": SCALE}, packed(features))


def _parts(shape: Any) -> list[Any]:
    """Return the parts of a geometry: each its dimension and its lines, a polygon's outer ring first."""
    found: list[Any] = []
    parts = shapely.get_parts(shape)
    while (shapely.get_type_id(parts) > 3).any():
        parts = shapely.get_parts(parts)
    for part in parts:
        dimension = int(shapely.get_dimensions(part))
        lines = shapely.get_rings(part) if dimension == 2 else [part]
        found.append([dimension, *(_steps(line) for line in lines)])
    return found


def _steps(line: Any) -> list[int]:
    points = np.rint(shapely.get_coordinates(line) * SCALE).astype(np.int64)
    steps = np.diff(points, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    return [int(step) for step in steps.ravel()]
