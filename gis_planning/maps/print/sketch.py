"""Draw one coverage measurement as a small still picture (SVG) for the head of a report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import shapely

from gis_planning.maps.print.pen import Pen, Picture, Window, pen_of
from gis_planning.maps.print.svg import svg
from gis_planning.results.verdicts import Measured, Scorecard
from gis_planning.texts import Lang, say
from gis_planning.view.legend import base_look
from gis_planning.view.roles import by_role, offenders, pictured, told_as_one

WIDTH, MARGIN = 640, 8
#: How far beyond the study area the picture may reach to show what serves it, as a share of its size.
BEYOND = 0.14
#: What is left out of outlines, in pixels, and land of how many pixels squared.
FINEST, SMALLEST = 0.35, 0.4
#: The study area below and above all, the stripes of hatches, and how wide the edges of hatched land are.
GROUND, FRAME = Pen(fill="#fbf8f0"), Pen(stroke="#2f2a24", width=1.6)
STRIPE, GAP, STRIPED, EDGE = "#f0b6a4", 4.0, 1.0, 0.6
#: Pixels of a colour of the legend.
SWATCH = Window(0.0, 0.0, 1.0, 0.0, 0.0, 20.0, 12.0)
#: What it shows by its role, bottom first, and which of it its legend tells in words of its own.
HEIGHT = ("area", "served", "supply", "offender")
SAID = {"served": "report.sketch_served", "offender": "report.sketch_unserved"}
#: The order of the legend.
ORDER = ("served", "offender", "supply")


class Sketch(NamedTuple):
    """A picture as SVG, and its legend: for each word the colour before it."""

    svg: str
    legend: tuple[tuple[str, str], ...]


def sketch(scorecard: Scorecard, measured: Measured, lang: Lang) -> Sketch | None:
    """Return the picture of a coverage, None without a study area to draw it in."""
    area = scorecard.context.get("study_area")
    if area is None or not len(area):
        return None
    shown = [one.counting for one in (*by_role(measured, *HEIGHT), offenders(measured)) if one.layer.pictured]
    reach = [one.frame.total_bounds for one in shown if one.layer.role == "area"]
    picture = Picture(_window(area.total_bounds, reach[0] if reach else area.total_bounds), FINEST, SMALLEST)
    picture.add(area.geometry, GROUND)
    said: list[tuple[str, str, Mapping[str, Any]]] = []
    for one in shown:
        found = pictured(one, lang)
        for at, kind in enumerate(found.classes):
            picture.add(one.frame.geometry.to_numpy()[found.of == at], _pen(kind.look))
        role = one.layer.role
        look = found.classes[0].look if found.classes else base_look(one.layer)
        if role in SAID:
            said.append((role, say(SAID[role], lang), look))
        elif role != "area":
            said += [(role, kind.title, kind.look) for kind in told_as_one(one, found, lang)]
    picture.add(area.geometry, FRAME)
    drawn = svg(picture, own="sketch", label=say("report.sketch", lang))
    ordered = sorted(said, key=lambda one: ORDER.index(one[0]))
    legend = ((words, _swatch(look, f"swatch{at}")) for at, (_, words, look) in enumerate(ordered))
    return Sketch(drawn, tuple(legend))


def _pen(look: Mapping[str, Any]) -> Pen:
    """Return how land is drawn: only what is hatched has an edge."""
    pen = pen_of(look)
    return replace(pen, width=EDGE if pen.hatch else 0.0, dash=(), stripe=STRIPE, gap=GAP, thick=STRIPED)


def _swatch(look: Mapping[str, Any], own: str) -> str:
    picture = Picture(SWATCH)
    picture.add([shapely.box(0, 0, SWATCH.width, SWATCH.height)], replace(_pen(look), width=0.0))
    return svg(picture, own=own)


def _window(area: Any, reach: Any) -> Window:
    """Return the window of the picture: the study area and what serves it, but not too much of that."""
    slack = BEYOND * max(area[2] - area[0], area[3] - area[1])
    west, south = np.clip(np.fmin(area[:2], reach[:2]), area[:2] - slack, None).tolist()
    east, north = np.clip(np.fmax(area[2:], reach[2:]), None, area[2:] + slack).tolist()
    metres = max(east - west, north - south) / (WIDTH - 2 * MARGIN)
    width, height = (round(one / metres) + 2 * MARGIN for one in (east - west, north - south))
    return Window(west - MARGIN * metres, south - MARGIN * metres, metres, 0.0, 0.0, width, height)
