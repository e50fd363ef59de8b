"""Draw pictures for Word reports: a project on its control lines, and a clause on its county."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from gis_planning.maps.circle_views import ramp_of
from gis_planning.maps.layers import NUMBERED, park_tiers
from gis_planning.maps.print.canvas import Canvas
from gis_planning.results.verdicts import Scorecard, Verdict
from gis_planning.texts import Lang, say
from gis_planning.view.looks import styles

#: Land shown around a project, as a share of its size, and at least so much of it; around a county, as a share.
MARGIN, LEAST_M, AROUND = 0.45, 120.0, 0.04
#: Pixels of a project's picture, so low that an opinion mostly is one page.
PROJECT_SIZE = (1500, 540)
#: Homes that reach over less than this share of a county are what its figures look at.
LITTLE = 0.7


class Figure(NamedTuple):
    """A picture as PNG, and its legend: a colour and a word for each thing drawn."""

    png: bytes
    legend: tuple[tuple[str, str], ...]


def project_figure(
    parcel: shapely.Geometry, lines: Mapping[str, gpd.GeoDataFrame], patches: Any, *, ground: gpd.GeoDataFrame | None
) -> tuple[bytes, tuple[str, ...]]:
    """Return a PNG of a project, and the lines seen on it.

    Parameters
    ----------
    parcel
        The project, in metres.
    lines
        The control lines by name, in the same CRS.
    patches
        The land in conflict, hatched.
    ground
        Streets under it all, thin.
    """
    x0, y0, x1, y1 = parcel.bounds
    canvas = Canvas(parcel.bounds, max(MARGIN * max(x1 - x0, y1 - y0), LEAST_M), PROJECT_SIZE)
    seen = []
    looks = styles()["line"]
    for name, layer in lines.items():
        near = canvas.near(layer)
        if not len(near):
            continue
        seen.append(name)
        look = looks.get(name, looks["other"])
        canvas.fill(near, look["fill"], look["opacity"])
        canvas.outline(near, look["stroke"], 2)
    canvas.outline(canvas.near(ground), "#b0aa9e", 1)
    canvas.hatch(patches, "#d9481c", "#7d1d04")
    canvas.outline([parcel], "#000000", 4)
    canvas.outline([parcel], "#ffffff", 1)
    canvas.furnish()
    return canvas.png(), tuple(seen)


def clause_figure(scorecard: Scorecard, verdict: Verdict, lang: Lang) -> Figure | None:
    """Return a picture of one clause on its county: land that is served and land that is not, with what serves it.

    None where the clause was not measured, or where there is no land to draw it on.
    """
    if verdict.measured is None:
        return None
    layers = verdict.measured.layers
    around = scorecard.context.get("study_area")
    if around is None or not len(around) or "villages" in layers:
        around = layers.get("villages", scorecard.context.get("districts"))
    if around is None or not len(around):
        return None
    x0, y0, x1, y1 = _framed(around, layers, verdict.measured.offenders)
    canvas = Canvas((x0, y0, x1, y1), max(AROUND * max(x1 - x0, y1 - y0), LEAST_M))
    context, looks = scorecard.context, styles()["layer"]
    if around is context.get("study_area"):
        canvas.fill(canvas.near(around), looks["study_area"]["fill"])
    legend: list[tuple[str, str]] = []
    if "parks" in layers and "served" in layers:
        legend += _coverage(canvas, verdict, lang)
    elif "bands" in layers:
        legend += _bands(canvas, verdict, lang)
    canvas.outline(canvas.near(context.get("streets")), looks["streets"]["stroke"], 0.6)
    canvas.outline(canvas.near(context.get("barriers")), looks["barriers"]["stroke"], 0.8)
    canvas.outline(canvas.near(context.get("districts")), looks["districts"]["stroke"], 1.6)
    if "villages" not in layers:
        canvas.outline(canvas.near(around), looks["outline"]["stroke"], 2.2)
    legend += _places(canvas, verdict, lang)
    if "rank" in verdict.measured.offenders.columns:
        worst = verdict.measured.offenders.head(NUMBERED)
        canvas.numbers(shapely.point_on_surface(worst.geometry.to_numpy()), looks["numbers"]["stroke"])
    canvas.furnish()
    return Figure(canvas.png(), tuple(legend))


def _framed(
    around: gpd.GeoDataFrame, layers: Mapping[str, gpd.GeoDataFrame], offenders: gpd.GeoDataFrame
) -> tuple[float, float, float, float]:
    """Return the bounds of a figure: the area looked at, or the homes in it where these take up little of it."""
    whole = around.total_bounds
    frames = [layers[name] for name in ("bands", "served") if name in layers] + [offenders]
    homes = [frame.total_bounds for frame in frames if len(frame)]
    if "villages" in layers or not homes:
        return tuple(whole.tolist())
    found = np.array(homes)
    low = np.maximum(whole[:2], np.nanmin(found[:, :2], axis=0))
    high = np.minimum(whole[2:], np.nanmax(found[:, 2:], axis=0))
    little = (high - low).max() < LITTLE * (whole[2:] - whole[:2]).max()
    return (*low.tolist(), *high.tolist()) if little else tuple(whole.tolist())


def _coverage(canvas: Canvas, verdict: Verdict, lang: Lang) -> list[tuple[str, str]]:
    """Draw land within reach of parks, and the parks."""
    measured, looks = verdict.measured, styles()["layer"]
    assert measured is not None  # noqa: S101 - the caller's promise, for the type checker
    layers, legend = measured.layers, []
    for name in ("service_areas", "served"):
        look = looks[name]
        canvas.fill(canvas.near(layers.get(name)), look["fill"], look["fill_opacity"])
        legend.append((look["fill"], say(f"map.{name}", lang)))
    parks = layers["parks"]
    serving = park_tiers(parks, verdict.settings)
    for tier, look in (("small", "parks_small"), ("historic", "parks_historic"), ("large", "parks_large")):
        own = parks[serving == tier]
        if len(own):
            canvas.fill(canvas.near(own), looks[look]["fill"])
            canvas.outline(canvas.near(own), looks[look]["stroke"], 0.8)
    legend.append((looks["parks_large"]["fill"], say("report.sketch_parks", lang)))
    look = looks["unserved"]
    canvas.hatch(canvas.near(measured.offenders), look["fill"], look["stroke"], 0.8)
    return [*legend, (look["fill"], say("map.unserved", lang))]


def _bands(canvas: Canvas, verdict: Verdict, lang: Lang) -> list[tuple[str, str]]:
    """Draw land by the distance to walk, or by how much of a list is near."""
    assert verdict.measured is not None  # noqa: S101 - the caller's promise, for the type checker
    bands, ramp = verdict.measured.layers["bands"], styles()["ramp"]
    labels, colours = ramp_of(bands, lang)
    for shape, colour in zip(bands.geometry, colours, strict=True):
        if colour == ramp["beyond"]:
            canvas.hatch([shape], colour, ramp["stripe"], 0.9)
        else:
            canvas.fill([shape], colour, 0.9)
    words: dict[str, list[str]] = {}
    for colour, label in zip(colours, labels, strict=True):
        words.setdefault(colour, []).append(label)
    return [(colour, say("circlemap.and", lang).join(said)) for colour, said in words.items()]


def _places(canvas: Canvas, verdict: Verdict, lang: Lang) -> list[tuple[str, str]]:
    """Draw facilities and villages."""
    assert verdict.measured is not None  # noqa: S101 - the caller's promise, for the type checker
    layers, looks, legend = verdict.measured.layers, styles()["layer"], []
    facilities, villages = layers.get("facilities"), layers.get("villages")
    if facilities is not None and len(facilities):
        look = looks["facility"]
        counting = facilities[facilities["status"] == "counts"]
        canvas.points(canvas.near(counting), look["fill"], look["stroke"], 11)
        legend.append((look["stroke"], say("paper.facilities", lang)))
    for words, near, colour in _reached(villages, lang):
        points = shapely.point_on_surface(near.geometry.to_numpy())
        canvas.points(points, colour, looks["village"]["stroke"], 17)
        legend.append((colour, words))
    return legend


def _reached(villages: gpd.GeoDataFrame | None, lang: Lang) -> Sequence[tuple[str, gpd.GeoDataFrame, str]]:
    if villages is None:
        return ()
    reached = villages["covered"].to_numpy(dtype=bool)
    groups = (
        (say("gis.in_time", lang), villages[reached], styles()["layer"]["village"]["fill"]),
        (say("gis.not_in_time", lang), villages[~reached], styles()["outcome"]["fail"]["colour"]),
    )
    return [group for group in groups if len(group[1])]
