"""Take lines apart into the dashes that are drawn of them, all lines at once, as they are many and short."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely


class Lines(NamedTuple):
    """Lines one after another: their points, and for each line its first point and the one that follows its last."""

    points: Any
    first: Any
    end: Any


def joined(lines: Sequence[Any]) -> Lines:
    """Return lines that are given each by its points."""
    ends = np.cumsum([0, *map(len, lines)])
    return Lines(np.concatenate([np.empty((0, 2)), *lines]), ends[:-1], ends[1:])


def courses(shapes: Any) -> Lines:
    """Return the lines of shapes."""
    points, of = shapely.get_coordinates(shapes, return_index=True)
    turns = np.flatnonzero(np.diff(of, prepend=-1, append=-1))
    return Lines(points, turns[:-1], turns[1:])


def dashed(lines: Lines, dash: Sequence[float]) -> Lines:
    """Return the dashes of lines; `dash` are the lengths of dashes and gaps, in turn."""
    if not dash or not sum(dash) or not len(lines.points):
        return lines
    ends = np.cumsum(dash if len(dash) % 2 == 0 else [*dash, *dash])
    stops, of, points = _stops(lines, ends)
    middle = (stops[1:] + stops[:-1]) / 2 % ends[-1]
    drawn = (np.searchsorted(ends, middle, side="right") % 2 == 0) & (of[1:] == of[:-1])
    edges = np.flatnonzero(np.diff(np.concatenate([[False], drawn, [False]]).astype(int)))
    return Lines(points, edges[::2], edges[1::2] + 1)


def _stops(lines: Lines, ends: Any) -> tuple[Any, Any, Any]:
    """Return where lines turn or a dash or a gap ends: how far along which line, and at which point."""
    points, own = lines.points, np.repeat(np.arange(len(lines.first)), lines.end - lines.first)
    steps = np.hypot(*np.diff(points, axis=0, prepend=points[:1]).T)
    along = np.zeros(len(points))
    for first, end in zip(lines.first.tolist(), lines.end.tolist(), strict=True):
        np.cumsum(steps[first + 1 : end], out=along[first + 1 : end])
    whole = along[lines.end - 1]
    rounds = (whole // ends[-1] + 1).astype(int)
    of = np.repeat(np.arange(len(rounds)), rounds)
    at = np.arange(len(of)) - np.repeat(np.cumsum(rounds) - rounds, rounds)
    turns, of = (at[:, None] * ends[-1] + ends).ravel(), np.repeat(of, len(ends))
    within = turns < whole[of]
    stops, of = np.concatenate([along, turns[within]]), np.concatenate([own, of[within]])
    # Where both are at one place the point of the line comes first.
    order = np.lexsort((np.arange(len(stops)) >= len(along), stops, of))
    before = np.cumsum(order < len(along)) - 1
    stops, of = stops[order], of[order]
    last = np.append((stops[1:] != stops[:-1]) | (of[1:] != of[:-1]), True)
    stops, of, before = stops[last], of[last], before[last]
    found = points[before]
    on = np.flatnonzero(stops != along[before])
    back = before[on]
    slope = (points[back + 1] - points[back]) / (along[back + 1] - along[back])[:, None]
    found[on] += slope * (stops[on] - along[back])[:, None]
    return stops, of, found
