"""Give a layer's shapes to the page: as they are while few, in vector tiles when many."""

from __future__ import annotations

import base64
import gzip
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gis_planning.maps.web.degrees import DRAWN_CRS
from gis_planning.maps.web.layers import MapLayer
from gis_planning.maps.web.tiles import cut, seen_from
from gis_planning.maps.web.varints import varints

#: A layer with more features or more vertices is cut into tiles.
MOST_FEATURES, MOST_VERTICES = 5_000, 150_000
#: Steps of a metre in one degree.
METRES = 100_000
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
    if layer.reached is not None:
        return Shapes(dict(layer.reached.facts), base64.b64encode(layer.reached.body).decode("ascii"))
    if layer.picture or any(form.picture for form in layer.forms):
        return Shapes({"kind": "picture", "bounds": layer.shapes.to_crs(DRAWN_CRS).total_bounds.tolist()}, "")
    if layer.variants or layer.companion:
        # Tiles hold the same rows whatever is chosen.
        tiled = False
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
    """Return shapes as steps from point to point, whole parts of a degree.

    The numbers are, for each feature: the zoom from which it is seen, how many parts it has; for each part: its
    dimension, how many lines it has, a polygon's outer ring first; for each line: how many points it has, and of each
    point the steps east and north from the one before, across lines and features.
    """
    shapes, scale = layer.shapes, round(METRES / layer.drawn_m)
    if shapes.crs is not None and shapes.crs.is_projected:
        # Outlines of what was found on cells are full of points on straight lines.
        straight = shapely.simplify(shapes.to_numpy(), max(STRAIGHT_M, layer.drawn_m))
        shapes = gpd.GeoSeries(straight, crs=shapes.crs)
    degrees = shapes.to_crs(DRAWN_CRS).to_numpy()
    numbers: list[int] = []
    before = np.zeros(2, dtype=np.int64)
    for shape, zoom in zip(degrees, seen_from(degrees), strict=True):
        parts = _parts(shape)
        numbers += [int(zoom), len(parts)]
        for dimension, lines in parts:
            numbers += [dimension, len(lines)]
            for line in lines:
                points = np.rint(shapely.get_coordinates(line) * scale).astype(np.int64)
                numbers += [len(points), *np.diff(points, axis=0, prepend=before[None]).ravel().tolist()]
                before = points[-1]
    body = gzip.compress(varints(numbers), mtime=0)
    return Shapes({"kind": "steps", "scale": scale}, base64.b64encode(body).decode("ascii"))


def _parts(shape: Any) -> list[tuple[int, list[Any]]]:
    """Return the parts of a geometry that hold a point: each its dimension and its lines."""
    if shapely.is_missing(shape) or shapely.is_empty(shape):
        return []
    parts = shapely.get_parts(shape)
    while (shapely.get_type_id(parts) > 3).any():
        parts = shapely.get_parts(parts)
    dimensions = shapely.get_dimensions(parts).tolist()
    lines = [list(shapely.get_rings(part)) if at == 2 else [part] for part, at in zip(parts, dimensions, strict=True)]
    empty = shapely.is_empty(parts)
    return [pair for pair, none in zip(zip(dimensions, lines, strict=True), empty, strict=True) if not none]
