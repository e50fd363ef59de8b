"""Draw one coverage measurement as a small still picture (SVG) for the head of a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gis_planning.results.verdicts import Measured, Scorecard
from gis_planning.view.looks import styles

WIDTH = 640
MARGIN = 8
#: How far beyond the study area the picture may reach to show what serves it, as a share of its size.
BEYOND = 0.14
#: Shapes smaller than this many pixels squared are not seen.
SMALLEST = 0.4
#: The look of each layer, bottom first.
LOOKS = ("service_areas", "served", "parks_large", "unserved")


@dataclass(frozen=True)
class Sketch:
    """A picture: its size, its frame, and for each look the SVG path that is drawn."""

    width: int
    height: int
    frame: str
    paths: tuple[tuple[dict[str, Any], str], ...]


def sketch(scorecard: Scorecard, measured: Measured) -> Sketch | None:
    """Return the picture of a coverage, None without a study area to draw it in."""
    area = scorecard.context.get("study_area")
    if area is None or not len(area):
        return None
    west, south, east, north = _window(area.total_bounds, measured.layers["service_areas"].total_bounds)
    scale = (WIDTH - 2 * MARGIN) / max(east - west, north - south)
    width, height = (round((high - low) * scale) + 2 * MARGIN for low, high in ((west, east), (south, north)))
    parks = measured.layers["parks"]
    frames = (
        measured.layers["service_areas"],
        measured.layers["served"],
        parks[parks["status"] == "serves"],
        measured.offenders,
    )

    def drawn(frame: gpd.GeoDataFrame) -> str:
        offset = np.array([west - MARGIN / scale, north + MARGIN / scale])
        flipped = np.array([scale, -scale])
        pixels = shapely.transform(frame.geometry.to_numpy(), lambda points: (points - offset) * flipped)
        return _path(pixels, (width, height))

    paths = tuple((styles()["layer"][look], drawn(frame)) for look, frame in zip(LOOKS, frames, strict=True))
    return Sketch(width, height, drawn(area), paths)


def _window(area: Any, reach: Any) -> tuple[float, float, float, float]:
    """Return the bounds of the picture: the study area and what serves it, but not too much of that."""
    slack = BEYOND * max(area[2] - area[0], area[3] - area[1])
    low = np.clip(np.fmin(area[:2], reach[:2]), area[:2] - slack, None)
    high = np.clip(np.fmax(area[2:], reach[2:]), None, area[2:] + slack)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _path(pixels: Any, size: tuple[int, int]) -> str:
    """Return one SVG path of everything that is in the picture and large enough to be seen."""
    window = shapely.box(0, 0, *size)
    near = pixels[shapely.intersects(pixels, window)]
    polygons = shapely.get_parts(shapely.simplify(near, 0.35))
    rings = shapely.get_rings(polygons[shapely.area(polygons) > SMALLEST])
    return "".join(_ring(ring) for ring in rings if shapely.area(shapely.polygons(ring)) > SMALLEST)


def _ring(ring: Any) -> str:
    tenths = np.rint(shapely.get_coordinates(ring)[:-1] * 10).astype(int)
    steps = np.diff(tenths, axis=0)
    start = f"M{tenths[0, 0] / 10:g} {tenths[0, 1] / 10:g}"
    return start + "l" + " ".join(f"{x / 10:g} {y / 10:g}" for x, y in steps) + "z"
