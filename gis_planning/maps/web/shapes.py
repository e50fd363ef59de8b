"""Give a layer's shapes to the page: as they are while few, in vector tiles when many."""

from __future__ import annotations

import base64
import gzip
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_planning import geo
from gis_planning.maps.web.degrees import DRAWN_CRS, moved
from gis_planning.maps.web.each_once import each_once
from gis_planning.maps.web.layers import MapLayer
from gis_planning.maps.web.made_once import made_once
from gis_planning.maps.web.tiles import cut, seen_from
from gis_planning.maps.web.varints import varints

#: A layer with more features or more vertices is cut into tiles.
MOST_FEATURES, MOST_VERTICES = 60_000, 600_000
#: Steps of a metre in one degree.
METRES = 100_000
#: Points that lie so close to the line between their neighbours are left out: nobody sees them on any zoom.
STRAIGHT_M = 0.02

#: Shapes of so few points are drawn as they are.
PLAIN = 5


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
    scale = round(METRES / layer.drawn_m)
    body = _packed(layer.shapes.to_numpy(), layer.shapes.crs, layer.drawn_m, again=layer.measured)
    return Shapes({"kind": "steps", "scale": scale}, body)


@made_once
def _packed(geometry: NDArray[Any], crs: Any, drawn_m: float, *, again: bool) -> str:
    """Return shapes as packed numbers; `again` says that they may stand in other layers too."""
    degrees = (_known_outlines if again else _outlines)(geometry, crs, drawn_m)
    body = gzip.compress(varints(_numbers(degrees, round(METRES / drawn_m))), 9, mtime=0)
    return base64.b64encode(body).decode("ascii")


def _outlines(geometry: NDArray[Any], crs: Any, drawn_m: float) -> NDArray[Any]:
    """Return shapes as they are drawn, in degrees."""
    if crs is not None and crs.is_projected:
        # Outlines of what was found on cells are full of points on straight lines.
        bent = np.flatnonzero(shapely.get_num_coordinates(geometry) > PLAIN)
        # At a step or less outlines hardly meet themselves: to look whether they do takes ten times as long.
        simple = shapely.simplify(geometry[bent], max(STRAIGHT_M, drawn_m), preserve_topology=False)
        geometry, kept = geometry.copy(), ~shapely.is_empty(simple)
        geometry[bent[kept]] = simple[kept]
    return moved(geometry, crs)


_known_outlines = each_once(_outlines)


def _numbers(degrees: NDArray[Any], scale: int) -> NDArray[np.int64]:
    """Return the numbers of some geometries, all at once; see `_in_steps`."""
    parts, feature = geo.singles(degrees)
    dimension = shapely.get_dimensions(parts)
    land = np.flatnonzero(dimension == 2)
    rings, ring = shapely.get_rings(parts[land], return_index=True)
    other = np.flatnonzero(dimension < 2)
    part = np.r_[land[ring], other]
    order = np.argsort(part, kind="stable")
    lines, part = np.concatenate([rings, parts[other]])[order], part[order]
    coords, line = shapely.get_coordinates(lines, return_index=True)
    steps = np.diff(np.rint(coords * scale).astype(np.int64), axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    points = np.bincount(line, minlength=len(lines))
    of_part, of_feature = np.bincount(part, minlength=len(parts)), np.bincount(feature, minlength=len(degrees))
    # Where each head stands: behind all heads and points of what comes before it.
    before_line = np.cumsum(1 + 2 * points) - (1 + 2 * points)
    at_line = before_line + 2 * (part + 1) + 2 * (feature[part] + 1)
    size = np.bincount(part, weights=1 + 2 * points, minlength=len(parts)).astype(np.int64)
    at_part = np.cumsum(size) - size + 2 * np.arange(len(parts)) + 2 * (feature + 1)
    whole = np.bincount(feature, weights=size + 2, minlength=len(degrees)).astype(np.int64) + 2
    at_feature = np.cumsum(whole) - whole
    found = np.empty(int(whole.sum()), dtype=np.int64)
    found[at_feature], found[at_feature + 1] = seen_from(degrees), of_feature
    found[at_part], found[at_part + 1] = dimension, of_part
    found[at_line] = points
    first = np.cumsum(points) - points
    at_point = at_line[line] + 1 + 2 * (np.arange(len(line)) - first[line])
    found[at_point], found[at_point + 1] = steps[:, 0], steps[:, 1]
    return found
