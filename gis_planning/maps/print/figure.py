"""Draw pictures for Word reports: a project on its control lines, and a clause on its county."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from gis_planning.maps.layers import BARRIERS, NUMBERED, barrier_kinds
from gis_planning.maps.print.backdrop import Backdrop
from gis_planning.maps.print.furniture import north, scale_bar
from gis_planning.maps.print.pen import Pen, Picture, framed, pen_of
from gis_planning.maps.print.png import png
from gis_planning.results.verdicts import Measured, Verdict
from gis_planning.texts import Lang, say
from gis_planning.view.looks import styles
from gis_planning.view.roles import Shown, by_role, has_roles, offenders, pictured, told_as_one

#: Land shown around a project, as a share of its size, and at least so much of it; around a county, as a share.
MARGIN, LEAST_M, AROUND = 0.45, 120.0, 0.04
#: Pixels of a clause's picture, and of a project's, so low that an opinion mostly is one page.
SIZE, PROJECT_SIZE = (1500, 960), (1500, 540)
#: Homes that reach over less than this share of a county are what its figures look at.
LITTLE = 0.7
#: What a picture of a clause shows by its role, bottom first; the land among it that is looked at; what has an edge.
HEIGHT = ("area", "band", "served", "group", "unserved", "gap", "doubt", "context", "supply", "gate", "subject")
LOOKED_AT = ("band", "served", "group")
EDGED = ("supply", "group", "subject")
#: The radius of points, and of those that are judged, in pixels; and how wide edges and hatches are.
POINT, PLACE = 5.5, 8.5
EDGE, HATCH_GAP, HATCH = 0.8, 9.2, 3.0
#: How much of what lies below barriers that are land cover.
BARRIER = 0.35
NUMBER = Pen(fill="#ffffff", radius=15.0, ring=2.0, letters=19.0)
CONFLICT = Pen(fill="#d9481c", opacity=0.55, stripe="#7d1d04", hatch=(45.0,), gap=HATCH_GAP, thick=HATCH)


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
    picture = Picture(framed(parcel.bounds, max(MARGIN * max(x1 - x0, y1 - y0), LEAST_M), PROJECT_SIZE))
    seen = []
    looks = styles()["line"]
    for name, layer in lines.items():
        look = looks.get(name, looks["other"])
        if picture.add(layer.geometry, Pen(look["fill"], look["opacity"], look["stroke"], 2)):
            seen.append(name)
    _outline(picture, ground, "#b0aa9e", 1)
    picture.add(patches, CONFLICT)
    picture.add([parcel], Pen(stroke="#000000", width=4))
    picture.add([parcel], Pen(stroke="#ffffff", width=1))
    return _furnished(picture), tuple(seen)


def clause_figure(backdrop: Backdrop, verdict: Verdict, lang: Lang) -> Figure | None:
    """Return a picture of one clause on its county: its layers by their roles, each as its legend tells it.

    None where the clause was not measured, or where there is no land to draw it on.
    """
    if verdict.measured is None:
        return None
    drawn = drawn_layers(verdict.measured)
    places = next((one for one in drawn if one.points and one.layer.role == "subject"), None)
    context, looks = backdrop.context, styles()["layer"]
    around = _around(context, places)
    if not any(one.drawable for one in drawn):
        return None
    x0, y0, x1, y1 = tuple(places.frame.total_bounds.tolist()) if places is not None else _framed(around, drawn)
    picture = Picture(framed((x0, y0, x1, y1), max(AROUND * max(x1 - x0, y1 - y0), LEAST_M), SIZE))
    study = context.get("study_area")
    if around is study and study is not None:
        pen = Pen(fill=looks["study_area"]["fill"])
        backdrop.lay(picture, "study_area", lambda own: own.add(study.geometry, pen))
    said: dict[str, list[str]] = {}
    for one in drawn:
        if not one.points:
            _draw(picture, one, said, lang)
    backdrop.lay(picture, "county", partial(_county, context))
    if places is None:
        backdrop.lay(picture, "around", lambda own: _outline(own, around, looks["outline"]["stroke"], 2.2))
    for one in drawn:
        if one.points:
            _draw(picture, one, said, lang)
    worst = offenders(verdict.measured)
    if worst.layer.rank is not None:
        at = shapely.point_on_surface(worst.frame.head(NUMBERED).geometry.to_numpy())
        numbers = [str(number) for number in range(1, len(at) + 1)]
        picture.write(at, numbers, replace(NUMBER, stroke=looks["numbers"]["stroke"]))
    joined = say("circlemap.and", lang)
    return Figure(_furnished(picture), tuple((colour, joined.join(words)) for colour, words in said.items()))


def _county(context: Mapping[str, gpd.GeoDataFrame], picture: Picture) -> None:
    """Draw what finds its way on every picture of a county, over the land that is judged."""
    looks = styles()["layer"]
    _outline(picture, context.get("streets"), looks["streets"]["stroke"], 0.6)
    _barriers(picture, context.get("barriers"))
    _outline(picture, context.get("districts"), looks["districts"]["stroke"], 1.6)


def _outline(picture: Picture, layer: gpd.GeoDataFrame | None, colour: str, width: float) -> None:
    """Draw the edges of a layer, where there is one."""
    if layer is not None:
        picture.add(layer.geometry, Pen(stroke=colour, width=width))


def _barriers(picture: Picture, barriers: gpd.GeoDataFrame | None) -> None:
    """Draw water, railways, walls and other barriers, each as it looks on every map."""
    if barriers is None:
        return
    kinds = np.array(barrier_kinds(barriers))
    for kind in BARRIERS:
        own = barriers.geometry[kinds == kind]
        if len(own):
            picture.add(own, replace(pen_of(styles()["layer"][kind]), opacity=BARRIER))


def _furnished(picture: Picture) -> bytes:
    scale_bar(picture)
    north(picture)
    return png(picture)


def _around(context: Mapping[str, gpd.GeoDataFrame], places: Shown | None) -> gpd.GeoDataFrame | None:
    """Return the land that a picture is of: the places that are judged, else the study area, else the districts.

    None in a county that has none of these, where the picture shows the layers alone.
    """
    found = (None if places is None else places.frame, *map(context.get, ("study_area", "districts")))
    return next((one for one in found if one is not None and len(one)), None)


def drawn_layers(measured: Measured) -> list[Shown]:
    """Return what a picture of a clause shows, bottom first.

    Offenders are among it where neither bands nor subjects tell the same land, or nothing else is drawn. Of land that
    is served or not the legend also tells what there is none of.
    """
    found = [one.counting for one in by_role(measured, *HEIGHT) if one.layer.pictured]
    served = has_roles(measured, "served")
    if served:
        found = [one for one in found if one.layer.role != "band"]
    told = any(one.drawable for one in found) and (has_roles(measured, "band") or has_roles(measured, "subject"))
    if served or not told:
        found.append(offenders(measured))
    return [one for one in found if one.drawable or (served and one.layer.printed is not None)]


def _framed(around: gpd.GeoDataFrame | None, drawn: Sequence[Shown]) -> tuple[float, float, float, float]:
    """Return the bounds of a figure: the area looked at, or the land in it where that takes up little of it."""
    if around is None:
        every = np.array([one.frame.total_bounds for one in drawn if one.drawable])
        return (*np.nanmin(every[:, :2], axis=0).tolist(), *np.nanmax(every[:, 2:], axis=0).tolist())
    whole = around.total_bounds
    land = [one.frame.total_bounds for one in drawn if one.drawable and one.layer.role in LOOKED_AT]
    if land:
        land += [one.frame.total_bounds for one in drawn if one.drawable and one.layer.role == "offender"]
    if not land:
        return tuple(whole.tolist())
    found = np.array(land)
    low = np.maximum(whole[:2], np.nanmin(found[:, :2], axis=0))
    high = np.minimum(whole[2:], np.nanmax(found[:, 2:], axis=0))
    little = (high - low).max() < LITTLE * (whole[2:] - whole[:2]).max() and (high > low).all()
    return (*low.tolist(), *high.tolist()) if little else tuple(whole.tolist())


def _draw(picture: Picture, one: Shown, said: dict[str, list[str]], lang: Lang) -> None:
    """Draw a layer class by class, and add to what the legend says of each colour."""
    found = pictured(one, lang)
    for at, kind in enumerate(found.classes):
        shapes = one.frame.geometry.to_numpy()[found.of == at]
        picture.add(shapely.point_on_surface(shapes) if one.layer.dotted else shapes, _pen(kind.look, one))
    for kind in told_as_one(one, found, lang):
        words = said.setdefault(_colour(kind.look), [])
        words.append(kind.title)


def _pen(look: Mapping[str, Any], one: Shown) -> Pen:
    """Return how a class is drawn on paper: of land only what is looked at has an edge, and all hatches are bold."""
    pen = pen_of(look)
    edged = one.layer.role in EDGED or pen.fill is None
    radius = PLACE if one.layer.role == "subject" else POINT
    width = EDGE if edged else 0.0
    return replace(pen, width=width, dash=(), gap=HATCH_GAP, thick=HATCH, radius=radius, ring=max(1.0, radius / 2.5))


def _colour(look: Mapping[str, Any]) -> str:
    """Return the colour that tells a class in words: that of its edge where it is filled with nothing or with white."""
    return str(look["stroke"] if look["fill"] in {"none", "#ffffff"} else look["fill"])
