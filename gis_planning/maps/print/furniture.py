"""Furnish a picture: a bar that shows its scale, and an arrow to the north."""

from __future__ import annotations

import math

import numpy as np
import shapely

from gis_planning.maps.print.pen import Mark, Pen, Picture, Seen

NICE = (1, 2, 5)
INK = "#000000"
BOX = Pen(fill="#fffdf8")
#: How wide one letter is, as a share of its height.
LETTER = 0.56


def bar_length(longest: float) -> float:
    """Return the longest round length that fits, in metres.

    Examples
    --------
    >>> bar_length(1234), bar_length(60.0)
    (1000.0, 50.0)
    """
    power = 10.0 ** math.floor(math.log10(longest))
    return max(one * power for one in NICE if one * power <= longest)


def scale_bar(picture: Picture, *, letters: float = 26.0, stretched: float = 1.0) -> None:
    """Draw a scale bar in the lower left corner; `stretched` is by how much the plane is larger than the ground."""
    window, k = picture.window, letters / 26.0
    true = window.metres / stretched
    metres = bar_length(window.width / 5 * true)
    words = f"{metres / 1000:,g} km" if metres >= 1000 else f"{metres:,g} m"
    length, wide = metres / true, len(words) * letters * LETTER
    x, y, high = 40.0 * k, 34.0 * k, 10.0 * k
    right = x + max(length, wide) + 14 * k
    picture.marks += [
        _land(shapely.box(x - 14 * k, y - 16 * k, right, y + 64 * k), BOX),
        _land(shapely.box(x, y, x + length, y + high), Pen(stroke=INK, width=1.5 * k)),
        _land(shapely.box(x, y, x + length / 2, y + high), Pen(fill=INK)),
        _word(x + wide / 2, y + 34.0 * k, words, letters),
    ]


def north(picture: Picture) -> None:
    """Draw an arrow to the north of the plane in the upper right corner."""
    x, y = picture.window.width - 70.0, picture.window.height - 34.0
    arrow = shapely.Polygon([(x, y), (x + 18, y - 58), (x, y - 46), (x - 18, y - 58)])
    picture.marks += [_land(arrow, Pen(fill=INK)), _word(x, y - 76.0, "N", 26.0)]


def _land(area: shapely.Polygon, pen: Pen) -> Mark:
    return Mark(Seen(np.array([area]), np.array([]), np.array([])), pen)


def _word(x: float, y: float, words: str, letters: float) -> Mark:
    return Mark(Seen(np.array([]), np.array([]), np.array([shapely.Point(x, y)])), Pen(letters=letters), (words,))
