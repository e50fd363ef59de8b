"""Draw one coverage measurement as a small still picture (SVG) for the head of a report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gis_planning.results.verdicts import Measured, Scorecard
from gis_planning.texts import Lang, say
from gis_planning.view.legend import base_look
from gis_planning.view.roles import by_role, offenders, pictured, told_as_one

WIDTH = 640
MARGIN = 8
#: How far beyond the study area the picture may reach to show what serves it, as a share of its size.
BEYOND = 0.14
#: Shapes smaller than this many pixels squared are not seen.
SMALLEST = 0.4
#: What it shows by its role, bottom first, and which of it its legend tells in words of its own.
HEIGHT = ("area", "served", "supply", "offender")
SAID = {"served": "report.sketch_served", "offender": "report.sketch_unserved"}
#: The order of the legend.
ORDER = ("served", "offender", "supply")


@dataclass(frozen=True)
class Sketch:
    """A picture: its size, its frame, for each look the SVG path that is drawn, and for each word of its legend one."""

    width: int
    height: int
    frame: str
    paths: tuple[tuple[Mapping[str, Any], str], ...]
    legend: tuple[tuple[str, Mapping[str, Any]], ...]


def sketch(scorecard: Scorecard, measured: Measured, lang: Lang) -> Sketch | None:
    """Return the picture of a coverage, None without a study area to draw it in."""
    area = scorecard.context.get("study_area")
    if area is None or not len(area):
        return None
    shown = [one.counting for one in (*by_role(measured, *HEIGHT), offenders(measured)) if one.layer.pictured]
    reach = [one.frame.total_bounds for one in shown if one.layer.role == "area"]
    west, south, east, north = _window(area.total_bounds, reach[0] if reach else area.total_bounds)
    scale = (WIDTH - 2 * MARGIN) / max(east - west, north - south)
    width, height = (round((high - low) * scale) + 2 * MARGIN for low, high in ((west, east), (south, north)))

    def drawn(frame: gpd.GeoDataFrame) -> str:
        offset = np.array([west - MARGIN / scale, north + MARGIN / scale])
        flipped = np.array([scale, -scale])
        pixels = shapely.transform(frame.geometry.to_numpy(), lambda points: (points - offset) * flipped)
        return _path(pixels, (width, height))

    paths: list[tuple[Mapping[str, Any], str]] = []
    said: list[tuple[str, str, Mapping[str, Any]]] = []
    for one in shown:
        found = pictured(one, lang)
        paths += [(kind.look, drawn(one.frame[found.of == at])) for at, kind in enumerate(found.classes)]
        role = one.layer.role
        look = found.classes[0].look if found.classes else base_look(one.layer)
        if role in SAID:
            said.append((role, say(SAID[role], lang), look))
        elif role != "area":
            said += [(role, kind.title, kind.look) for kind in told_as_one(one, found, lang)]
    ordered = sorted(said, key=lambda one: ORDER.index(one[0]))
    return Sketch(width, height, drawn(area), tuple(paths), tuple((words, look) for _, words, look in ordered))


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
