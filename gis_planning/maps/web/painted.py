"""Paint land by classes as an image that lies under a map; the numbers are never read off it."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyproj
from numpy.typing import NDArray
from scipy.interpolate import RegularGridInterpolator

from gis_planning.results.surface import NOTHING, Surface, placed

#: The plane web maps are drawn on; an image laid on it needs no turning.
PLANE = 3857
#: A pixel is at least this wide, and an image no larger than so many of them.
PIXEL_M, LARGEST = 6.0, 1600
#: Between so many places a side the plane is taken for as straight as the working CRS.
KNOTS = 33

Bounds = tuple[float, float, float, float]


def painted(surface: Surface, colours: Mapping[int, str], bounds: Bounds) -> str:
    """Return an image of land as a data address; no colour is blended, so that the page knows each class by its own.

    Parameters
    ----------
    colours
        The colour of each value of the surface, `#rrggbb`.
    bounds
        West, south, east and north of the image on `PLANE`, in metres.
    """
    from PIL import Image  # noqa: PLC0415 - slow to import

    # Clauses of one county have their land on the same squares, and pages show it in the same box.
    squares = _squares(Layout.of(surface), bounds)
    kinds = sorted(colours)
    place = np.zeros(256, dtype=np.uint8)
    place[kinds] = np.arange(1, len(kinds) + 1)
    # There are fewer squares than pixels.
    value = place[np.append(surface.squares.ravel(), np.uint8(NOTHING))]
    image = Image.fromarray(value[squares], mode="P")
    image.putpalette([0, 0, 0, *(part for kind in kinds for part in _rgb(colours[kind]))])
    written = io.BytesIO()
    image.save(written, format="PNG", transparency=0, bits=max(1, len(kinds).bit_length()))
    return "data:image/png;base64," + base64.b64encode(written.getvalue()).decode("ascii")


@dataclass(frozen=True)
class Layout:
    """Where the squares of a surface are, whatever their numbers."""

    size_m: float
    corner: tuple[int, int]
    shape: tuple[int, int]
    blocks: tuple[tuple[int, int], bytes]
    crs: str

    @classmethod
    def of(cls, surface: Surface) -> Layout:
        """Return the layout of a surface."""
        blocks = (surface.block.shape[0], surface.block.shape[1]), surface.block.tobytes()
        corner, shape = (surface.left, surface.top), (surface.rows, surface.columns)
        return cls(surface.size_m, corner, shape, blocks, surface.crs.to_wkt())


@lru_cache(maxsize=8)
def _squares(layout: Layout, bounds: Bounds) -> NDArray[np.intp]:
    """Return by pixel its place among the squares of the blocks, -1 where it is on none."""
    left, top = layout.corner
    column, row = _ground(layout.crs, layout.size_m, bounds)
    numbers = np.frombuffer(layout.blocks[1], dtype=np.int32).reshape(layout.blocks[0])
    return placed(numbers, layout.shape, top - 1 - row, column - left)


@lru_cache(maxsize=1)
def _ground(crs: str, size_m: float, bounds: Bounds) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return by pixel the square it is on, counted east and north from the origin of a CRS."""
    west, south, east, north = bounds
    pixel = max(PIXEL_M, (east - west) / LARGEST, (north - south) / LARGEST)
    high, wide = max(1, round((north - south) / pixel)), max(1, round((east - west) / pixel))
    across, down = np.linspace(west, east, KNOTS), np.linspace(north, south, KNOTS)
    turn = pyproj.Transformer.from_crs(PLANE, crs, always_xy=True)
    x, y = turn.transform(*np.meshgrid(across, down))
    middle_x = west + (np.arange(wide) + 0.5) * (east - west) / wide
    middle_y = north - (np.arange(high) + 0.5) * (north - south) / high
    spots = np.stack(np.meshgrid(middle_y, middle_x, indexing="ij"), axis=-1)
    found: Any = RegularGridInterpolator((down[::-1], across), np.stack([x, y], axis=-1)[::-1])(spots)
    column, row = (np.floor(found[..., at] / size_m).astype(np.intp) for at in (0, 1))
    return column, row


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
