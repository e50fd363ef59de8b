"""Draw towns of ground: a raster of land cover, one of heights, and a rectangle that is the built-up area."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import pyproj
from pydantic import Field
from rasterio import Affine

from gis_planning.formats.read.raster import Raster
from gis_planning.measures.towns import CRS, EAST, NORTH, Facts, Town
from gis_planning.measures.towns.redlines import box, frame

Metres = Annotated[float, Field(ge=-20_000, le=20_000)]
Corner = Annotated[list[Metres], Field(min_length=2, max_length=2)]
Rows = list[Annotated[list[float], Field(min_length=1, max_length=200)]]
#: What stands for a pixel without data.
NOTHING = -1.0


class Patch(Facts):
    """A rectangle of land cover by two corners, with the code of its class."""

    line: Annotated[list[Corner], Field(min_length=2, max_length=2)]
    class_: float | None = Field(default=None, alias="class")


class House(Facts):
    """A house of 10 m by 10 m whose south-western corner is at a spot."""

    at: Corner
    use: str = "居住"


class Given(Town):
    """A built-up area by two corners, in metres, and rasters whose south-western corner is at 0, 0.

    `cover` holds codes of classes and `heights` metres, both by row, the northernmost first; -1 is no data. `cell_m` is
    the side of their pixels. `patches` stand in place of `cover`.
    """

    area: Annotated[list[Corner], Field(min_length=2, max_length=2)]
    cell_m: Annotated[float, Field(gt=0, le=1_000)] = 10.0
    cover: Rows = Field(default_factory=list)
    patches: list[Patch] = Field(default_factory=list)
    heights: Rows = Field(default_factory=list)
    houses: list[House] = Field(default_factory=list)


def draw(town: Given) -> dict[str, Any]:
    """Return the layers of a town."""
    (west, south), (east, north) = town.area
    land = frame([box(west, south, east, north)])
    layers: dict[str, Any] = dict.fromkeys(("study_area", "urban_area", "built_up_area"), land)
    if town.patches:
        shapes = [box(*one.line[0], *one.line[1]) for one in town.patches]
        layers["land_cover"] = frame(shapes, **{"class": [one.class_ for one in town.patches]})
    elif town.cover:
        layers["land_cover"] = _raster(town.cover, town.cell_m)
    if town.heights:
        layers["elevation"] = _raster(town.heights, town.cell_m)
    if town.houses:
        shapes = [box(x, y, x + 10, y + 10) for x, y in (one.at for one in town.houses)]
        layers["buildings"] = frame(shapes, use=[one.use for one in town.houses])
    return layers


def _raster(rows: list[list[float]], cell_m: float) -> Raster:
    """Return a raster; shorter rows have no data at their eastern end."""
    band = np.full((len(rows), max(map(len, rows))), np.nan)
    for row, values in zip(band, rows, strict=True):
        row[: len(values)] = [np.nan if value == NOTHING else value for value in values]
    transform = Affine(cell_m, 0.0, EAST, 0.0, -cell_m, NORTH + len(rows) * cell_m)
    return Raster(band, transform, pyproj.CRS(CRS))
