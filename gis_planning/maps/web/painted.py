"""Paint land by classes as an image that lies under a map; the numbers are never read off it."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import rasterio.features
import rasterio.transform
import shapely

#: The plane web maps are drawn on; an image laid on it needs no turning.
PLANE = 3857
#: A pixel is at least this wide, and an image no larger than so many of them.
PIXEL_M, LARGEST = 6.0, 1600


def painted(classes: gpd.GeoSeries, colours: Sequence[str], bounds: tuple[float, float, float, float]) -> str:
    """Return an image of land as a data address; no colour is blended, so that the page knows each class by its own.

    Parameters
    ----------
    classes
        One geometry for each class.
    colours
        The colour of each class, `#rrggbb`.
    bounds
        West, south, east and north of the image on `PLANE`, in metres.
    """
    from PIL import Image  # noqa: PLC0415 - slow to import

    west, south, east, north = bounds
    pixel = max(PIXEL_M, (east - west) / LARGEST, (north - south) / LARGEST)
    size = (max(1, round((north - south) / pixel)), max(1, round((east - west) / pixel)))
    shapes = [
        (shape, at)
        for at, shape in enumerate(classes.to_crs(PLANE), 1)
        if not (shapely.is_missing(shape) or shapely.is_empty(shape))
    ]
    place = rasterio.transform.from_bounds(west, south, east, north, size[1], size[0])
    filled: Any = np.zeros(size, dtype=np.uint8)
    if shapes:
        filled = rasterio.features.rasterize(shapes, out_shape=size, transform=place, dtype="uint8")
    palette = np.array([(0, 0, 0, 0), *((*_rgb(colour), 255) for colour in colours)], dtype=np.uint8)
    written = io.BytesIO()
    # A third smaller than PNG.
    Image.fromarray(palette[filled]).save(written, format="WEBP", lossless=True, quality=100)
    return "data:image/webp;base64," + base64.b64encode(written.getvalue()).decode("ascii")


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
