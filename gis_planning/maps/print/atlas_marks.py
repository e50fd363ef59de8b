"""Write on a map of an atlas: its grid, the names of districts, page numbers, the corners of a national map sheet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from gis_planning.maps.print.furniture import bar_length
from gis_planning.maps.print.graticule import MapSheet
from gis_planning.maps.print.pdf import Paper
from gis_planning.maps.print.pen import Pen, Window

INK, FAINT, RED = "#1c1a17", "#77716a", "#b3301a"


def degrees(value: float) -> str:
    """Return degrees, minutes and seconds.

    Examples
    --------
    >>> degrees(113.1875), degrees(41.40625)
    ('113°11′15″', '41°24′22.5″')
    """
    tenths = round(abs(value) * 36_000)
    seconds = f"{tenths % 600 / 10:04.1f}".removesuffix(".0")
    return f"{'-' if value < 0 else ''}{tenths // 36_000}°{tenths // 600 % 60:02d}′{seconds}″"


def grid(paper: Paper, window: Window, k: float) -> None:
    """Draw crosses at round coordinates of the plane, and their kilometres at the frame."""
    step = bar_length(62.0 * k * window.metres)
    east, north = window.west + window.width * window.metres, window.south + window.height * window.metres
    xs = np.arange(math.ceil(window.west / step), math.floor(east / step) + 1) * step
    ys = np.arange(math.ceil(window.south / step), math.floor(north / step) + 1) * step
    pen, arm = Pen(stroke=FAINT, width=0.12), 1.3 * k
    for x, y in window.place([(x, y) for x in xs for y in ys] or np.empty((0, 2))):
        paper.shape([np.array([(x - arm, y), (x + arm, y)]), np.array([(x, y - arm), (x, y + arm)])], pen, window)
    size = 1.9 * k
    for metres in xs:
        x = float(window.place((metres, window.south))[0])
        paper.line([(x, window.bottom), (x, window.bottom + 1.6)], Pen(stroke=INK, width=0.2))
        if window.left + 8 < x < window.left + window.width - 8:
            _boxed(paper, x, window.bottom + 2.2, f"{metres / 1000:g}", size, FAINT)
    for metres in ys:
        y = float(window.place((window.west, metres))[1])
        paper.line([(window.left, y), (window.left + 1.6, y)], Pen(stroke=INK, width=0.2))
        if window.bottom + 6 < y < window.bottom + window.height - 6:
            words = f"{metres / 1000:g}"
            shift = paper.width_of(words, size) / 2
            _boxed(paper, window.left + 2.4 + shift, y - size / 3, words, size, FAINT)


def names(paper: Paper, districts: gpd.GeoDataFrame, window: Window, k: float) -> None:
    """Write the names of districts where each has room in the window; none over another."""
    seen = shapely.intersection(districts.geometry.to_numpy(), shapely.buffer(window.ground, -8 * window.metres))
    taken: list[Any] = []
    size = 2.7 * k
    for at in np.argsort(-shapely.area(seen), kind="stable"):
        name = districts["name"].iloc[at]
        if not isinstance(name, str) or not name.strip() or shapely.area(seen[at]) <= 0:
            continue
        x, y = window.place(shapely.get_coordinates(shapely.point_on_surface(seen[at])))[0]
        half = paper.width_of(name, size) / 2
        box = shapely.box(x - half - 1, y - 1.2, x + half + 1, y + size + 0.6)
        frame = shapely.box(window.left, window.bottom, window.left + window.width, window.bottom + window.height)
        if not frame.contains(box) or any(box.intersects(other) for other in taken):
            continue
        taken.append(box)
        _boxed(paper, x, y, name, size, "#4a3f5c")


def words(paper: Paper, window: Window, marks: Sequence[tuple[str, str, Any]], k: float) -> None:
    """Write words in their colours on the largest of their shapes, or below where others stand there."""
    taken: list[Any] = []
    size = 2.4 * k
    for word, colour, shapes in marks:
        largest = shapes[int(np.argmax(shapely.area(shapes)))]
        x, y = window.place(shapely.get_coordinates(shapely.point_on_surface(largest)))[0]
        half = paper.width_of(word, size) / 2

        def room(x: float, y: float, half: float = half) -> Any:
            return shapely.box(x - half - 1, y - 0.3 * size, x + half + 1, y + 1.1 * size)

        while any(room(x, y).intersects(other) for other in taken):
            y -= 0.5 * size
        taken.append(room(x, y))
        _boxed(paper, x, y, word, size, colour)


def numbers(paper: Paper, window: Window, lands: Sequence[shapely.Geometry], first: int, k: float) -> None:
    """Write the page number of each land beside its middle, where no other stands."""
    size, taken = 3.0 * k, shapely.Point()
    for number, land in enumerate(lands, first):
        x, y = window.place(shapely.get_coordinates(shapely.point_on_surface(land)))[0]
        half = paper.width_of(str(number), size, "heading") / 2
        places = [(0, 3.6 * k), (0, -5.8 * k), (half + 2 * k, -size / 3), (-half - 2 * k, -size / 3)]
        boxes = [shapely.box(x + dx - half, y + dy, x + dx + half, y + dy + size) for dx, dy in places]
        free = next((at for at, box in enumerate(boxes) if not taken.intersects(box)), 0)
        taken = taken.union(boxes[free])
        dx, dy = places[free]
        paper.words(x + dx, y + dy, str(number), size, anchor="middle", colour=RED, weight="heading")


def corners(paper: Paper, sheet: MapSheet, crs: pyproj.CRS, window: Window, k: float) -> None:
    """Write the longitude and latitude of a sheet's corners beside them."""
    lon = np.array([sheet.west, sheet.east, sheet.east, sheet.west])
    lat = np.array([sheet.south, sheet.south, sheet.north, sheet.north])
    at = pyproj.Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True).transform(lon, lat)
    size = 2.0 * k
    for x, y, east, north in zip(*window.place(np.column_stack(at)).T, lon, lat, strict=True):
        words = f"{degrees(east)} E  {degrees(north)} N"
        half = paper.width_of(words, size) / 2 + 1.0
        inner = min(max(x, window.left + half), window.left + window.width - half)
        beside = y - 1.7 * size if north == sheet.south else y + 0.9 * size
        inner_y = min(max(beside, window.bottom + 5.5), window.bottom + window.height - 4)
        _boxed(paper, inner, inner_y, words, size, INK)


def _boxed(paper: Paper, x: float, y: float, words: str, size: float, colour: str) -> None:
    """Write words in the middle of a pale box, so that they are read over anything."""
    wide = paper.width_of(words, size) + 0.5 * size
    paper.box(x - wide / 2, y - 0.3 * size, wide, 1.35 * size, Pen(fill="#ffffff", opacity=0.72))
    paper.words(x, y, words, size, anchor="middle", colour=colour)
