"""Say what a still picture shows: shapes of the ground in a window, bottom first, each with the pen that draws it.

Whatever it is drawn on - a PDF, a PNG, an SVG - shapes are clipped, simplified and placed here, and nowhere else.
Lengths on the picture are in its own units, millimetres or pixels; its y axis points up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import shapely

from gis_planning import geo

#: The angles of a look's hatch, from the east, and how thick its lines are.
HATCHES = {"stripes": ((45.0,), 2.5), "counter": ((135.0,), 2.5), "level": ((0.0,), 2.5), "grid": ((45.0, 135.0), 1.0)}
GAP = 5.7
#: The outline of a rectangle has so many points.
SHORTEST = 5


@dataclass(frozen=True)
class Pen:
    """How land, lines, points and words are drawn.

    Attributes
    ----------
    fill, opacity
        The colour of land and points, and how much of it covers what lies below.
    stroke, width, dash
        The colour of edges and lines, how wide they are, and the lengths of dashes and gaps.
    hatch, stripe, gap, thick
        The angles of hatchings over land, their colour - that of the stroke where none is said -, how far apart their
        lines are and how thick.
    radius, ring
        Of points, and how wide the edge around them is.
    letters, ink
        How high the words are that stand on points, and their colour.
    """

    fill: str | None = None
    opacity: float = 1.0
    stroke: str | None = None
    width: float = 0.2
    dash: tuple[float, ...] = ()
    hatch: tuple[float, ...] = ()
    stripe: str | None = None
    gap: float = 1.4
    thick: float = 0.12
    radius: float = 0.0
    ring: float = 0.0
    letters: float = 0.0
    ink: str = "#000000"


def pen_of(look: Mapping[str, Any], unit: float = 1.0, *, stripe: str | None = None) -> Pen:
    """Return the pen for an entry of style.toml; `unit` is how long one of its pixels is on the picture.

    `stripe` is the colour of hatches whose look says none.

    Examples
    --------
    >>> pen_of({"fill": "none", "stroke": "#000000", "weight": 2, "dash": "4 2"}, 0.5)
    ... # doctest: +NORMALIZE_WHITESPACE, +ELLIPSIS
    Pen(fill=None, opacity=1.0, stroke='#000000', width=1.0, dash=(2.0, 1.0), hatch=(), ...)
    """
    fill, stroke = look.get("fill", "none"), look.get("stroke")
    angles, thick = HATCHES[look["hatch"]] if look.get("hatch") else ((), 0.0)
    return Pen(
        fill=None if fill == "none" else fill,
        opacity=float(look.get("fill_opacity", 1.0)),
        stroke=stroke,
        width=unit * float(look.get("weight", 0.0)),
        dash=tuple(unit * float(part) for part in str(look.get("dash", "")).split()),
        hatch=angles,
        stripe=look.get("stripe", stripe),
        gap=unit * GAP,
        thick=unit * thick,
        radius=unit * float(look.get("size", 2.0)),
        ring=unit * float(look.get("ring", 0.0)),
    )


class Seen(NamedTuple):
    """What is seen of some shapes, on the picture: polygons, lines and points."""

    areas: Any
    lines: Any
    points: Any

    def __bool__(self) -> bool:
        return any(len(one) for one in self)

    def rings(self) -> Any:
        """Return the rings of the polygons; shells run one way and holes the other, so that holes stay empty."""
        return shapely.get_rings(shapely.orient_polygons(self.areas)) if len(self.areas) else self.areas


@dataclass(frozen=True)
class Window:
    """A part of the ground on a part of a picture: metres to a unit, and where its south-west corner is.

    Shapes are cut so many units outside it as `edge` says, so that no cut is seen.
    """

    west: float
    south: float
    metres: float
    left: float
    bottom: float
    width: float
    height: float
    edge: float = 3.0

    @property
    def ground(self) -> Any:
        """Return the ground shown, a little larger than the window."""
        edge = self.edge * self.metres
        east, north = self.west + self.width * self.metres, self.south + self.height * self.metres
        return shapely.box(self.west - edge, self.south - edge, east + edge, north + edge)

    def place(self, points: Any) -> Any:
        """Return where points of the ground are on the picture."""
        at = np.asarray(points, dtype=float)
        return (at - (self.west, self.south)) / self.metres + (self.left, self.bottom)

    def seen(self, shapes: Any, finest: float, smallest: float = 0.0) -> Seen:
        """Return what is seen of shapes of the ground.

        Parameters
        ----------
        finest
            Outlines are simplified by less than this, in units of the picture.
        smallest
            Land and holes of no more than this are left out, in square units.
        """
        every = np.asarray(shapes, dtype=object)
        if not len(every):
            return Seen(every, every, every)
        ground, bounds = self.ground, shapely.bounds(every)
        west, south, east, north = ground.bounds
        # Of what is missing or empty nothing is near, as it has no bounds.
        near = (bounds[:, 0] <= east) & (bounds[:, 2] >= west) & (bounds[:, 1] <= north) & (bounds[:, 3] >= south)
        found, bounds = every[near], bounds[near]
        beyond = ((bounds[:, :2] < (west, south)) | (bounds[:, 2:] > (east, north))).any(axis=1)
        found[beyond] = clipped(found[beyond], ground)
        parts, _ = geo.singles(found)
        # Of the shortest outlines, which are most of them, nothing can be left out.
        long = shapely.get_num_coordinates(parts) > SHORTEST
        parts[long] = shapely.simplify(parts[long], finest * self.metres)
        placed = shapely.transform(parts, self.place)
        kind = shapely.get_type_id(placed)
        return Seen(_large(placed[kind == 3], smallest), placed[(kind == 1) | (kind == 2)], placed[kind == 0])


def clipped(shapes: Any, ground: Any) -> Any:
    """Return what of shapes lies on some ground; land that crosses itself is put right first, so that it can be cut."""
    found = np.array(shapes, dtype=object)
    crossed = ~(shapely.is_valid(found) | shapely.is_missing(found))
    found[crossed] = shapely.make_valid(found[crossed])
    return shapely.intersection(found, ground)


def framed(bounds: Sequence[float], margin: float, size: tuple[float, float]) -> Window:
    """Return a window of a size with some ground in its middle and at least `margin` metres around that."""
    x0, y0, x1, y1 = bounds
    width, height = size
    metres = max((x1 - x0 + 2 * margin) / width, (y1 - y0 + 2 * margin) / height)
    west, south = (x0 + x1 - width * metres) / 2, (y0 + y1 - height * metres) / 2
    # Points and wide lines beyond the edge reach into the picture.
    return Window(west, south, metres, 0.0, 0.0, width, height, edge=12.0)


class Mark(NamedTuple):
    """What is drawn with one pen, and the word that stands on each of its points."""

    seen: Seen
    pen: Pen
    words: tuple[str, ...] = ()


@dataclass
class Picture:
    """What is drawn in a window, bottom first; see `Window.seen`."""

    window: Window
    finest: float = 0.25
    smallest: float = 0.0
    marks: list[Mark] = field(default_factory=list)

    def add(self, shapes: Any, pen: Pen) -> bool:
        """Draw shapes of the ground on top; say whether any of them is seen."""
        seen = self.window.seen(shapes, self.finest, self.smallest)
        if seen:
            self.marks.append(Mark(seen, pen))
        return bool(seen)

    @property
    def vertices(self) -> int:
        """Return how many points its shapes have."""
        return sum(int(shapely.get_num_coordinates(one).sum()) for mark in self.marks for one in mark.seen)

    def write(self, places: Any, words: Sequence[str], pen: Pen) -> None:
        """Write words on points of the ground, the first on top."""
        for place, word in reversed(list(zip(places, words, strict=True))):
            seen = self.window.seen([place], self.finest)
            if len(seen.points):
                self.marks.append(Mark(seen, pen, (word,)))


def hatching(areas: Any, pen: Pen) -> list[Any]:
    """Return the lines that hatch land, to be clipped to it; they start from one place, so that neighbours' meet."""
    low, high = np.split(shapely.total_bounds(areas), 2)
    corners = np.array([low, (high[0], low[1]), high, (low[0], high[1])])
    found = []
    for angle in np.radians(pen.hatch):
        along, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
        start, end = (corners @ along).min(), (corners @ along).max()
        first, last = (corners @ across).min(), (corners @ across).max()
        steps = np.arange(np.ceil(first / pen.gap), np.floor(last / pen.gap) + 1) * pen.gap
        found += [np.array([along * start + across * step, along * end + across * step]) for step in steps]
    return found


def _large(areas: Any, smallest: float) -> Any:
    """Return polygons without those, and without holes, that are too small to be seen."""
    if not smallest:
        return areas
    kept = []
    for area in areas[shapely.area(areas) > smallest]:
        shell, *holes = shapely.get_rings(area)
        kept.append(shapely.Polygon(shell, [hole for hole in holes if shapely.area(shapely.polygons(hole)) > smallest]))
    return np.array(kept, dtype=object)
