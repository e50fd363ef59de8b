"""Draw what a page shows at first as a still picture, for machines that cannot draw its map."""

from __future__ import annotations

import base64
import gzip
import math
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gis_planning.maps.layers import label
from gis_planning.maps.print.furniture import scale_bar
from gis_planning.maps.print.pen import Pen, Picture, clipped, framed, pen_of
from gis_planning.maps.print.png import png
from gis_planning.maps.print.svg import svg
from gis_planning.maps.web.degrees import DRAWN_CRS, moved
from gis_planning.maps.web.layers import MapLayer
from gis_planning.maps.web.views import View

#: The plane of web maps, so that the picture is what the map would be.
PLANE = 3857
#: Pixels of the longer side, the shorter side as a share of it, and what is left around the land.
LONGEST, LEAST_SHARE, AROUND = 960, 0.6, 20
#: The page opens on no less than so many metres.
LEAST_M = 50.0
#: The picture is in every page and has to be light: steps in a pixel, what is simplified, and what is left out.
STEPS, FINEST, SMALLEST = 2, 0.4, 0.4
#: What is only for the eye and has more points, such as all buildings, is left out: it would be dust.
MOST_AROUND = 15_000
#: Land of more points is painted, so large and in so many colours, on the page's own ground.
MOST_VERTICES, SHARE, COLOURS, PAPER = 30_000, 0.5, 32, "#f3efe6"
#: What is judged is a dot where it takes up fewer pixels.
DOT = 2.5
#: Hatches are as white as those of the map; they are thinner, as nothing of the ground shines through them.
STRIPE, THIN = "#ffffff", 0.75
#: A number in its disc, a name, and of how many features names are written.
BADGE = Pen(fill="#ffffff", radius=11.0, ring=2.0, letters=14.0)
NAME, MOST_NAMES = Pen(letters=13.0), 40


def still(
    layers: Sequence[MapLayer],
    bounds: tuple[float, float, float, float],
    views: Sequence[View] = (),
    first: str | None = None,
) -> str:
    """Return the layers that are shown at first, topmost first, as an SVG, packed.

    Parameters
    ----------
    bounds
        Those on which the page opens, in degrees.
    views, first
        The views of the page, and the one that is chosen at first.
    """
    land = _framed(bounds)
    shown = _shown(layers, views, first)
    painted = None
    for layer in shown:
        if layer.picture is not None:
            # An image covers the ground; all that was drawn so far lies below it.
            painted, land = _painted(land, layer), Picture(land.window, land.finest, land.smallest)
        elif layer.tabled or shapely.get_num_coordinates(layer.shapes.to_numpy()).sum() <= MOST_AROUND:
            _draw(land, layer)
    over = Picture(land.window)
    taken: list[Any] = []
    for layer in reversed(shown):
        if layer.labelled and len(layer) <= MOST_NAMES:
            _name(over, layer, taken)
    for layer in shown:
        _number(over, layer)
    scale_bar(over, letters=15.0, stretched=1 / math.cos(math.radians((bounds[1] + bounds[3]) / 2)))
    if painted is None and land.vertices > MOST_VERTICES:
        painted = png(land, paper=PAPER, colours=COLOURS, share=SHARE)
    else:
        over = replace(over, marks=land.marks + over.marks)
    drawn = svg(over, steps=STEPS, land=painted)
    return base64.b64encode(gzip.compress(drawn.encode(), 6, mtime=0)).decode("ascii")


def _shown(layers: Sequence[MapLayer], views: Sequence[View], first: str | None) -> list[MapLayer]:
    """Return the layers that are seen from afar at first, the lowest first, as they are then."""
    of_others = {name for view in views if view.id != first for name in view.layers}
    of_first = {name for view in views if view.id == first for name in view.layers}
    seen = [layer for layer in layers if not (layer.companion or layer.least_zoom)]
    own = [layer for layer in seen if layer.id in of_first or (layer.shown and layer.id not in of_others)]
    return [_in_view(layer, first) for layer in reversed(own)]


def _in_view(layer: MapLayer, view: str | None) -> MapLayer:
    form = layer.variants.get(view or "")
    if form is None:
        return layer
    return replace(
        layer, categories=form.categories, category=form.category, columns=form.columns, picture=form.picture
    )


def _painted(land: Picture, layer: MapLayer) -> bytes:
    """Return what is drawn so far with the image of a layer on top."""
    content = base64.b64decode((layer.picture or "").partition(",")[2])
    west, south, east, north = layer.shapes.to_crs(PLANE).total_bounds.tolist()
    return png(land, paper=PAPER, colours=COLOURS, share=SHARE, over=(content, (west, south, east, north)))


def _framed(bounds: tuple[float, float, float, float]) -> Picture:
    """Return an empty picture of the ground on which the page opens."""
    corners = gpd.GeoSeries(shapely.points([bounds[:2], bounds[2:]]), crs=DRAWN_CRS).to_crs(PLANE)
    west, south, east, north = corners.total_bounds.tolist()
    wide, high = max(east - west, LEAST_M), max(north - south, LEAST_M)
    share = min(max(high / wide, LEAST_SHARE), 1 / LEAST_SHARE)
    size = (LONGEST / max(1.0, share), LONGEST * min(1.0, share))
    margin = AROUND * max(wide / size[0], high / size[1])
    return Picture(framed((west, south, east, north), margin, size), FINEST, SMALLEST)


def _draw(picture: Picture, layer: MapLayer) -> None:
    """Draw the categories of a layer, the first on top."""
    shapes = moved(layer.shapes.to_numpy(), layer.shapes.crs, PLANE)
    for at, category in reversed(list(enumerate(layer.categories))):
        own, look = shapes[layer.category == at], category.look
        pen = pen_of(look, stripe=STRIPE)
        picture.add(
            _dotted(own, picture.window.metres) if "size" in look else own, replace(pen, thick=pen.thick * THIN)
        )


def _dotted(shapes: Any, metres: float) -> Any:
    """Return shapes with a point instead of land that is too small to be seen."""
    low, high = np.split(shapely.bounds(shapes), 2, axis=1)
    small = (shapely.get_dimensions(shapes) == 2) & ((high - low).max(axis=1) < DOT * metres)
    return np.where(small, shapely.centroid(shapes), shapes)


def _name(picture: Picture, layer: MapLayer, taken: list[Any]) -> None:
    """Write the names of features where there is room for all of each, and add that room to what is taken."""
    window = picture.window
    whole = shapely.box(0, 0, window.width, window.height)
    seen = clipped(moved(layer.shapes.to_numpy(), layer.shapes.crs, PLANE), window.ground)
    places = shapely.point_on_surface(seen)
    if any(category.outcome for category in layer.categories):
        # What is judged stays in sight: its name stands below it.
        places = shapely.transform(places, lambda points: points - (0.0, NAME.letters * window.metres))
    for at, place in enumerate(places):
        category, word = layer.categories[layer.category[at]], label(layer.columns[0].values[at])
        if word is None or not category.named or shapely.is_missing(place) or shapely.is_empty(place):
            continue
        half = NAME.letters / 2 * sum(1.0 if unicodedata.east_asian_width(one) in "WF" else 0.6 for one in word)
        x, y = window.place(shapely.get_coordinates(place))[0]
        room = shapely.box(x - half, y - NAME.letters / 2, x + half, y + NAME.letters / 2)
        if whole.contains(room) and not any(room.intersects(other) for other in taken):
            taken.append(room)
            picture.write([place], [word], replace(NAME, ink=category.look.get("stroke") or NAME.ink))


def _number(picture: Picture, layer: MapLayer) -> None:
    """Write the numbers that features bear; of those that would cover each other the first is seen."""
    if layer.ranks is None:
        return
    ranks = np.where(layer.category >= 0, layer.ranks, 0)
    order = np.flatnonzero(ranks)[np.argsort(ranks[ranks > 0], kind="stable")]
    places = shapely.point_on_surface(moved(layer.shapes.to_numpy()[order], layer.shapes.crs, PLANE))
    apart = 2 * BADGE.radius * picture.window.metres
    for turn, (at, place) in reversed(list(enumerate(zip(order.tolist(), places, strict=True)))):
        if not (shapely.distance(places[:turn], place) < apart).any():
            stroke = layer.categories[layer.category[at]].look.get("stroke")
            picture.write([place], [str(ranks[at])], replace(BADGE, stroke=stroke or "#9b2705"))
