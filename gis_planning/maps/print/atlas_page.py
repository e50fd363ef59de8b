"""Lay out the pages of an atlas: map, title, legend, where in the county, true north, scale, grid and page index."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from gis_planning import geo
from gis_planning.conventions import kind_title
from gis_planning.maps.print.atlas_marks import FAINT, INK, RED, corners, grid, names, numbers, words
from gis_planning.maps.print.furniture import bar_length
from gis_planning.maps.print.graticule import MapSheet
from gis_planning.maps.print.pdf import Paper
from gis_planning.maps.print.pen import Pen, Window
from gis_planning.texts import Lang, Text, say, text

#: Land-use colours are drawn so strong, on the map and in the legend, so that lines over them are seen.
LAND_OPACITY = 0.6
#: Scales end in one of these.
ROUND = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
DISTRICTS = Pen(stroke="#6c5f80", width=0.3, dash=(1.8, 0.8, 0.4, 0.8))
OUTSIDE = Pen(fill="#ffffff", opacity=0.55)
MARGIN = 8.0


@dataclass(frozen=True)
class Layer:
    """What is drawn in one way: its name in the legend, a pen, the shapes, and a tree to find those of a page.

    `smallest` is the smallest scale at which it is drawn.
    """

    title: str
    pen: Pen
    shapes: Any
    tree: shapely.STRtree
    smallest: float = math.inf

    def near(self, ground: Any) -> Any:
        """Return the shapes that touch some ground."""
        return self.shapes[np.sort(self.tree.query(ground, predicate="intersects"))]


@dataclass(frozen=True)
class Over:
    """What lies over the land of a page: its name in the legend, a pen, the shapes, and the word written on them."""

    title: str
    pen: Pen
    shapes: Any
    word: str


@dataclass(frozen=True)
class Subject:
    """What one page is about: its title, a line below it, its land, how its outline is drawn, and what it is called.

    `over` is what is found on its land; `paled` says that the ground around it is.
    """

    title: str
    below: str
    land: shapely.Geometry
    around_m: float
    outline: Pen
    legend: str
    sheet: MapSheet | None = None
    over: Sequence[Over] = ()
    paled: bool = True


@dataclass(frozen=True)
class Atlas:
    """What all pages share."""

    county: str
    lang: Lang
    crs: pyproj.CRS
    data_date: str | None
    layers: Sequence[Layer]
    districts: gpd.GeoDataFrame | None
    whole: shapely.Geometry
    title: str


@dataclass(frozen=True)
class _Layout:
    """Where things are on a page, in millimetres; `k` is how much larger type is than on A4."""

    width: float
    height: float
    k: float

    @property
    def head(self) -> float:
        return 14.0 * self.k

    @property
    def foot(self) -> float:
        return 5.5 * self.k

    @property
    def panel(self) -> float:
        return 62.0 * self.k

    @property
    def bottom(self) -> float:
        return MARGIN + self.foot

    @property
    def map_width(self) -> float:
        return self.width - 2 * MARGIN - self.panel - 3.0

    @property
    def map_height(self) -> float:
        return self.height - 2 * MARGIN - self.head - self.foot

    @property
    def side(self) -> float:
        return MARGIN + self.map_width + 3.0


def draw(paper: Paper, atlas: Atlas, subjects: Sequence[Subject], progress: Callable[[Text], None]) -> None:
    """Draw the index, then a page for each subject."""
    layout = _Layout(paper.width, paper.height, 1.0 if paper.width < 400 else 1.3)
    windows = [_window(layout, subject.land.bounds, subject.around_m) for subject in subjects]
    rows_first, rows_more = _room(layout)
    more = max(0, math.ceil((len(subjects) - rows_first) / rows_more))
    before, pages = 1 + more, 1 + more + len(subjects)
    rows = [
        (number, one.title, _scale_words(window))
        for number, (one, window) in enumerate(zip(subjects, windows, strict=True), before + 1)
    ]
    _index(paper, atlas, layout, subjects, rows[:rows_first], pages)
    for part in range(more):
        start = rows_first + part * rows_more
        _index_goes_on(paper, atlas, layout, rows[start : start + rows_more], (part + 2, pages))
    for number, (subject, window) in enumerate(zip(subjects, windows, strict=True), before + 1):
        progress(text("cli.drawing", page=f"{number}/{pages} {subject.title}"))
        _sheet(paper, atlas, layout, subject, window, (number, pages))


def round_scale(needed: float) -> float:
    """Return the next smaller round scale, as its denominator.

    Examples
    --------
    >>> round_scale(13_200), round_scale(10_000), round_scale(8_001)
    (15000.0, 10000.0, 10000.0)
    """
    power = 10.0 ** math.floor(math.log10(needed) + 1e-12)
    return next((one * power for one in ROUND if one * power >= needed * (1 - 1e-9)), 10 * power)


def convergence(crs: pyproj.CRS, x: float, y: float) -> float:
    """Return by how many degrees grid north lies east of true north at a place.

    Examples
    --------
    On the central meridian they are one; east of it grid north lies east of true north:

    >>> gauss = pyproj.CRS("EPSG:4526")
    >>> abs(round(convergence(gauss, 38_500_000, 4_600_000), 6)), convergence(gauss, 38_560_000, 4_600_000) > 0
    (0.0, True)
    """
    to_degrees = pyproj.Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
    lon, lat = to_degrees.transform(x, y)
    east, north = to_degrees.transform([lon] * 2, [lat - 0.005, lat + 0.005], direction="INVERSE")
    return -math.degrees(math.atan2(east[1] - east[0], north[1] - north[0]))


def _window(layout: _Layout, bounds: Sequence[float], around_m: float) -> Window:
    """Return the ground of a page: the subject in the middle, at a round scale."""
    x0, y0, x1, y1 = bounds
    wide, high = max(x1 - x0, 1.0) + 2 * around_m, max(y1 - y0, 1.0) + 2 * around_m
    metres = round_scale(max(wide / layout.map_width, high / layout.map_height) * 1000) / 1000
    west = (x0 + x1 - layout.map_width * metres) / 2
    south = (y0 + y1 - layout.map_height * metres) / 2
    return Window(west, south, metres, MARGIN, layout.bottom, layout.map_width, layout.map_height)


def _sheet(
    paper: Paper, atlas: Atlas, layout: _Layout, subject: Subject, window: Window, number: tuple[int, int]
) -> None:
    paper.page(subject.title)
    scale = window.metres * 1000
    legend = [
        (layer.title, layer.pen)
        for layer in atlas.layers
        if scale <= layer.smallest and paper.land(window, layer.near(window.ground), layer.pen)
    ]
    legend += [(layer.title, layer.pen) for layer in atlas.layers if not len(layer.shapes)]
    outside = shapely.difference(window.ground, subject.land)
    if subject.paled:
        paper.land(window, [outside], OUTSIDE)
    if atlas.districts is not None and paper.land(window, atlas.districts.geometry.to_numpy(), DISTRICTS):
        legend.append((kind_title("districts", atlas.lang), DISTRICTS))
    for over in subject.over:
        paper.land(window, over.shapes, over.pen)
    paper.land(window, [subject.land], subject.outline)
    legend = [one for one in legend if one[0] != subject.legend]
    legend = [(subject.legend, subject.outline), *((one.title, one.pen) for one in subject.over), *legend]
    grid(paper, window, layout.k)
    if not subject.over:
        _named(paper, atlas, window, layout.k)
    words(paper, window, [(one.word, one.pen.stroke or INK, one.shapes) for one in subject.over], layout.k)
    if subject.sheet is not None:
        corners(paper, subject.sheet, atlas.crs, window, layout.k)
    _frame(paper, window)
    _head(paper, atlas, layout, subject.title, subject.below)
    _foot(paper, atlas, layout, *number)
    top = _inset(paper, atlas, layout, subject, window)
    low = _north_and_scale(paper, atlas, layout, window)
    _legend(paper, atlas, layout, legend, top, low)


def _index(
    paper: Paper,
    atlas: Atlas,
    layout: _Layout,
    subjects: Sequence[Subject],
    rows: Sequence[tuple[int, str, str]],
    pages: int,
) -> None:
    """Draw the county with every page's land and number, and the list of pages."""
    paper.page(say("atlas.index", atlas.lang))
    lands = [subject.land for subject in subjects]
    bounds = shapely.total_bounds(np.array([atlas.whole, *lands], dtype=object))
    window = _window(layout, bounds, 0.04 * max(bounds[2] - bounds[0], bounds[3] - bounds[1]))
    paper.land(window, [atlas.whole], Pen("#f3efe4", 1.0, "#2f2a24", 0.4))
    if atlas.districts is not None:
        paper.land(window, atlas.districts.geometry.to_numpy(), DISTRICTS)
    paper.land(window, lands, Pen("#d9481c", 0.18, "#9b2705", 0.35))
    _named(paper, atlas, window, layout.k)
    numbers(paper, window, lands, pages - len(subjects) + 1, layout.k)
    grid(paper, window, layout.k)
    _frame(paper, window)
    _head(paper, atlas, layout, atlas.title, say("atlas.index", atlas.lang))
    _foot(paper, atlas, layout, 1, pages)
    _north_and_scale(paper, atlas, layout, window)
    top = layout.bottom + layout.map_height
    _table(paper, atlas, layout, rows, layout.side, top, layout.panel)


def _index_goes_on(
    paper: Paper, atlas: Atlas, layout: _Layout, rows: Sequence[tuple[int, str, str]], number: tuple[int, int]
) -> None:
    title = say("atlas.index_goes_on", atlas.lang)
    paper.page(title)
    _head(paper, atlas, layout, atlas.title, title)
    _foot(paper, atlas, layout, *number)
    each = _rows_high(layout, layout.map_height)
    wide = (layout.width - 2 * MARGIN - 12.0) / 3
    for column in range(3):
        part = rows[column * each : (column + 1) * each]
        if part:
            left = MARGIN + column * (wide + 6.0)
            _table(paper, atlas, layout, part, left, layout.bottom + layout.map_height, wide)


def _room(layout: _Layout) -> tuple[int, int]:
    """Return how many rows of the index fit on its first page and on each that follows."""
    return _rows_high(layout, layout.map_height - 34.0 * layout.k), 3 * _rows_high(layout, layout.map_height)


def _rows_high(layout: _Layout, height: float) -> int:
    return int(height / (4.6 * layout.k)) - 1


def _table(
    paper: Paper,
    atlas: Atlas,
    layout: _Layout,
    rows: Sequence[tuple[int, str, str]],
    left: float,
    top: float,
    width: float,
) -> None:
    step, size = 4.6 * layout.k, 2.5 * layout.k
    heads = [say(f"atlas.column_{key}", atlas.lang) for key in ("page", "name", "scale")]
    at = (left + 7.0 * layout.k, left + 9.5 * layout.k, left + width)
    for row, (number, title, scale) in enumerate([("", "", ""), *rows]):
        y = top - (row + 0.72) * step
        if row == 0:
            number, title, scale = heads  # noqa: PLW2901 - the first row is the heads
            paper.line([(left, y - 0.3 * step), (left + width, y - 0.3 * step)], Pen(stroke=INK, width=0.25))
        weight, colour = ("heading", INK) if row == 0 else ("text", INK)
        end = paper.words(at[2], y, scale, size, anchor="right", colour=colour, weight=weight)  # type: ignore[arg-type]
        paper.words(at[0], y, str(number), size, anchor="right", colour=colour, weight=weight)  # type: ignore[arg-type]
        room = at[2] - at[1] - end - 2.0
        paper.words(at[1], y, title, size, colour=colour, weight=weight, most=room)  # type: ignore[arg-type]


def _head(paper: Paper, atlas: Atlas, layout: _Layout, title: str, below: str) -> None:
    top, k = layout.height - MARGIN, layout.k
    stamp = say("atlas.internal", atlas.lang)
    size = 3.4 * k
    wide = paper.width_of(stamp, size, "heading") + 5.0 * k
    right = layout.width - MARGIN
    paper.box(right - wide, top - 7.2 * k, wide, 6.6 * k, Pen(stroke=RED, width=0.4))
    paper.words(right - wide / 2, top - 5.1 * k, stamp, size, anchor="middle", colour=RED, weight="heading")
    most = right - wide - MARGIN - 6.0
    paper.words(MARGIN, top - 6.0 * k, title, 5.6 * k, weight="heading", most=most)
    under = below if title.startswith(atlas.title) else f"{atlas.title}    {below}"
    paper.words(MARGIN, top - 11.3 * k, under, 2.7 * k, colour=FAINT, most=most)


def _foot(paper: Paper, atlas: Atlas, layout: _Layout, page: int, pages: int) -> None:
    y, size = MARGIN + 0.6, 2.4 * layout.k
    crs = f"{geo.crs_name(atlas.crs)} {atlas.crs.name}" if ":" in geo.crs_name(atlas.crs) else atlas.crs.name
    date = atlas.data_date or say("atlas.no_date", atlas.lang)
    facts = [say("atlas.crs", atlas.lang, crs=crs), say("atlas.data_date", atlas.lang, date=date)]
    facts.append(say("atlas.made", atlas.lang, version=version("gis-planning")))
    room = layout.width - 2 * MARGIN - 50.0
    paper.words(MARGIN, y, "    ".join(facts), size, colour=FAINT, most=room)
    words = say("atlas.page_of", atlas.lang, page=page, pages=pages)
    paper.words(layout.width - MARGIN, y, words, size, anchor="right", colour=INK)


def _inset(paper: Paper, atlas: Atlas, layout: _Layout, subject: Subject, window: Window) -> float:
    """Draw where the page lies in the county; return the height below it."""
    k, wide = layout.k, layout.panel
    high = 0.62 * wide
    top = layout.bottom + layout.map_height
    x0, y0, x1, y1 = shapely.union(atlas.whole, subject.land.envelope).bounds
    room = high - 5.0 * k
    metres = max((x1 - x0) / (wide - 4.0), (y1 - y0) / (room - 3.0))
    west, south = (x0 + x1 - wide * metres) / 2, (y0 + y1 - room * metres) / 2
    small = Window(west, south, metres, layout.side, top - high, wide, room)
    paper.land(small, [atlas.whole], Pen("#f3efe4", 1.0, "#77716a", 0.25))
    if atlas.districts is not None:
        paper.land(small, atlas.districts.geometry.to_numpy(), Pen(stroke="#b4aebf", width=0.15))
    paper.land(small, [subject.land], Pen("#d9481c", 0.5, "#9b2705", 0.25))
    east, north = window.west + window.width * window.metres, window.south + window.height * window.metres
    paper.land(small, [shapely.box(window.west, window.south, east, north).exterior], Pen(stroke=RED, width=0.4))
    paper.box(layout.side, top - high, wide, high, Pen(stroke=FAINT, width=0.2))
    paper.words(layout.side + 1.5, top - 3.6 * k, say("atlas.inset", atlas.lang), 2.4 * k, colour=FAINT)
    return top - high


def _north_and_scale(paper: Paper, atlas: Atlas, layout: _Layout, window: Window) -> float:
    """Draw the arrow to true north and the scale bar; return the height above them."""
    k, left, bottom = layout.k, layout.side, layout.bottom
    x, y = window.west + window.width * window.metres / 2, window.south + window.height * window.metres / 2
    turn = convergence(atlas.crs, x, y)
    sin, cos = math.sin(math.radians(turn)), math.cos(math.radians(turn))
    shape = np.array([(0, 6.2), (2.6, -4.4), (0, -2.4), (-2.6, -4.4), (0, 6.2)]) * k
    centre = np.array([left + 5.0 * k, bottom + 21.0 * k])
    turned = shape @ np.array([[cos, sin], [-sin, cos]])
    paper.shape([turned + centre], Pen(stroke=INK, width=0.25))
    paper.shape([turned[[0, 1, 2, 0]] + centre], Pen(fill=INK))
    tip = np.array([0, 8.0 * k]) @ np.array([[cos, sin], [-sin, cos]])
    at = centre + tip - (0, 0.6)
    paper.words(float(at[0]), float(at[1]), "N", 3.2 * k, anchor="middle", weight="heading")
    sign = "-" if turn < 0 else "+"
    minutes = round(abs(turn) * 60)
    angle = f"{sign}{minutes // 60}°{minutes % 60:02d}′"
    words = say("atlas.convergence", atlas.lang, angle=angle)
    paper.words(left + 11.0 * k, bottom + 18.0 * k, words, 2.2 * k, colour=FAINT, most=layout.panel - 11.0 * k)
    paper.words(left + 11.0 * k, bottom + 22.6 * k, _scale_words(window), 4.4 * k, weight="heading")
    metres = bar_length(layout.panel * 0.72 * window.metres)
    length, thick, base = metres / window.metres, 1.3 * k, bottom + 5.2 * k
    start = left + 2.0
    for part in range(4):
        fill = INK if part % 2 == 0 else "#ffffff"
        paper.box(start + part * length / 4, base, length / 4, thick, Pen(fill=fill, stroke=INK, width=0.2))
    unit, each = ("km", 1000) if metres >= 1000 else ("m", 1)
    for at in (0, 0.5, 1):
        last = f" {say(f'atlas.unit_{unit}', atlas.lang)}" if at == 1 else ""
        figure = f"{metres * at / each:g}"
        shift = paper.width_of(figure, 2.4 * k) / 2
        paper.words(start + at * length - shift, base + thick + 1.2 * k, figure + last, 2.4 * k)
    return bottom + 31.0 * k


def _legend(
    paper: Paper, atlas: Atlas, layout: _Layout, entries: Sequence[tuple[str, Pen]], top: float, low: float
) -> None:
    k, left = layout.k, layout.side
    paper.words(left, top - 5.6 * k, say("atlas.legend", atlas.lang), 3.2 * k, weight="heading")
    room, step = top - 8.4 * k - low, 4.7 * k
    columns = 1 if len(entries) * step <= room else 2
    rows = math.ceil(len(entries) / columns)
    step = min(step, room / rows)
    size, wide = min(2.6 * k, 0.6 * step), layout.panel / columns
    for number, (title, pen) in enumerate(entries):
        x = left + number // rows * wide
        y = top - 8.4 * k - (number % rows + 1) * step + 0.28 * step
        swatch = np.array([(x, y - 0.12 * step), (x + 6.4 * k, y - 0.12 * step), (x + 6.4 * k, y + 0.56 * step)])
        ring = np.array([*swatch, (x, y + 0.56 * step), swatch[0]])
        if pen.fill is None and not pen.hatch:
            paper.line([(x, y + 0.22 * step), (x + 6.4 * k, y + 0.22 * step)], pen)
        else:
            paper.shape([ring], pen)
        paper.words(x + 8.0 * k, y, title, size, most=wide - 9.5 * k)


def _frame(paper: Paper, window: Window) -> None:
    paper.box(window.left, window.bottom, window.width, window.height, Pen(stroke=INK, width=0.5))


def _scale_words(window: Window) -> str:
    return f"1:{window.metres * 1000:,.0f}"


def _named(paper: Paper, atlas: Atlas, window: Window, k: float) -> None:
    if atlas.districts is not None:
        names(paper, atlas.districts, window, k)
