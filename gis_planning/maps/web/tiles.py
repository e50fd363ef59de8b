"""Cut a layer into vector tiles with GDAL, so that a page can hold any number of features and none is dropped.

Tiles carry a feature's number and its category, nothing else. A feature too small to be seen as land at a zoom is drawn
there as a dot: so it stays visible, and what GDAL leaves out of a tile because no land of it would remain is there all
the same. Every tile holds up to two layers: `a` (areas and lines) and `o` (dots).
"""

from __future__ import annotations

import gzip
import math
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray

from gis_planning.maps.web.degrees import DRAWN_CRS

#: A tile is drawn on so many pixels and counts so many steps: 0.11 m in the middle of China on the deepest zoom.
TILE_PIXELS, STEPS = 512, 8192
DEEPEST = 15
#: Land is drawn as land where it is at least so many pixels wide, else as a dot.
SEEN_PIXELS = 3.0
#: A window on which the whole county is seen at first, in pixels.
WINDOW_PIXELS = 700
#: On zooms where most features are dots, outlines of the others are simplified by so many steps (a quarter pixel).
SIMPLER = 4
#: Tiles repeat so many steps of what lies around them, so that outlines do not show their edges.
BUFFER = 128
EQUATOR_M = 40_075_016.685578488
_NEVER = 99


@dataclass(frozen=True)
class Tiles:
    """A layer in tiles: which there are (zoom, column, row, from north), and the bytes of each, compressed."""

    least: int
    deepest: int
    places: tuple[tuple[int, int, int], ...]
    bodies: tuple[bytes, ...]


def least_zoom(bounds: tuple[float, float, float, float]) -> int:
    """Return the zoom on which bounds in degrees are seen as a whole in a small window.

    Examples
    --------
    >>> least_zoom((113.0, 41.0, 113.5, 41.3)), least_zoom((-180, -80, 180, 80))
    (9, 0)
    """
    west, south, east, north = bounds
    width = max((east - west) / 360, abs(_row(north) - _row(south)), 1e-9)
    return max(0, min(DEEPEST - 1, math.floor(math.log2(WINDOW_PIXELS / TILE_PIXELS / width))))


def seen_from(degrees: Any) -> NDArray[np.intp]:
    """Return for each geometry in degrees the zoom from which it is seen as land; lines are seen on all.

    Points are never seen as anything but dots.
    """
    bounds = shapely.bounds(degrees)
    middle = np.radians(np.nan_to_num((bounds[:, 1] + bounds[:, 3]) / 2))
    metre = 360 / EQUATOR_M
    dimension = shapely.get_dimensions(degrees)
    area = shapely.area(degrees) / metre**2 * np.cos(middle)
    width = 2 * area / np.maximum(_outline(degrees, middle) / metre, 1e-9)
    # A long thin piece is as hard to see as it is wide; a compact one is about its side.
    size = np.maximum(np.minimum(np.sqrt(area), 2 * width), 1e-3)
    zoom = np.ceil(np.log2(SEEN_PIXELS * EQUATOR_M * np.cos(middle) / TILE_PIXELS / size))
    return np.where(dimension == 2, np.clip(zoom, 0, _NEVER - 1), np.where(dimension == 1, 0, _NEVER)).astype(np.intp)


def cut(shapes: gpd.GeoSeries, category: NDArray[np.intp], least: int) -> Tiles:
    """Cut a layer into tiles from the zoom `least` on; feature n is the one at position n.

    Raises
    ------
    OSError
        The temporary folder cannot be written.
    """
    degrees = shapes.to_crs(DRAWN_CRS).to_numpy()
    number = np.flatnonzero(~(shapely.is_missing(degrees) | shapely.is_empty(degrees)))
    seen = seen_from(degrees[number])
    turn = _turn(seen, least)
    facts = {"i": number, "v": category[number], "z": seen}
    points = shapely.point_on_surface(degrees[number])
    large, tiny, land = seen < turn, seen > turn, seen < _NEVER
    archives = [
        ("a", degrees[number], land, turn, DEEPEST, 0),
        ("a", degrees[number], land & large, least, turn - 1, SIMPLER),
        ("o", points, ~large, least, turn - 1, 0),
        ("o", points, tiny, turn, DEEPEST, 0),
    ]
    found: dict[tuple[int, int, int], list[bytes]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="gis-planning-") as folder:
        for at, (layer, geometry, chosen, low, high, simpler) in enumerate(archives):
            if low > high or not chosen.any():
                continue
            kept = {name: values[chosen] for name, values in facts.items() if name != "z" or layer == "o"}
            frame = gpd.GeoDataFrame(
                {name: values.astype(np.int32) for name, values in kept.items()},
                geometry=geometry[chosen],
                crs=DRAWN_CRS,
            )
            for place, body in _written(frame, layer, (low, high), simpler, Path(folder) / f"{at}.mbtiles"):
                found[place].append(body)
    places = tuple(sorted(found))
    return Tiles(least, DEEPEST, places, tuple(_joined(found[place]) for place in places))


def _turn(seen: NDArray[np.intp], least: int) -> int:
    """Return the zoom from which on all land is drawn as land: where half of it is seen."""
    if not len(seen):
        return least
    return int(np.clip(np.median(np.minimum(seen, DEEPEST)), least, DEEPEST - 1))


def _written(
    frame: gpd.GeoDataFrame, layer: str, zooms: tuple[int, int], simpler: int, file: Path
) -> Iterable[tuple[tuple[int, int, int], bytes]]:
    """Let GDAL cut a frame and give back its tiles, rows counted from north."""
    options = {
        "MINZOOM": str(zooms[0]),
        "MAXZOOM": str(zooms[1]),
        "EXTENT": str(STEPS),
        "BUFFER": str(BUFFER),
        # No tile is ever too large: GDAL would leave features out.
        "MAX_SIZE": str(2**31 - 1),
        "MAX_FEATURES": str(2**31 - 1),
    }
    if simpler:
        options["SIMPLIFICATION"] = str(simpler)
    pyogrio.write_dataframe(
        frame, file, driver="MBTiles", layer=layer, geometry_type="Unknown", dataset_options=options
    )
    tiles = sqlite3.connect(file)
    try:
        for zoom, column, row, body in tiles.execute("SELECT zoom_level, tile_column, tile_row, tile_data FROM tiles"):
            yield (zoom, column, 2**zoom - 1 - row), body
    finally:
        tiles.close()


def _joined(bodies: list[bytes]) -> bytes:
    """Return tiles with different layers as one: in this format the one after the other is both."""
    if len(bodies) == 1:
        return bodies[0]
    return gzip.compress(b"".join(gzip.decompress(body) for body in bodies), 6, mtime=0)


def _outline(degrees: Any, latitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the length of outlines in degrees of latitude, roughly: degrees of longitude are shorter."""
    return np.asarray(shapely.length(degrees) * (1 + np.cos(latitude)) / 2, dtype=float)


def _row(latitude: float) -> float:
    """Return how far north a latitude is on the square of the world, from 0 to 1."""
    sine = math.sin(math.radians(max(-85.0511, min(85.0511, latitude))))
    return 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)
