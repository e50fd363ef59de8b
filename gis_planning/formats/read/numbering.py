"""Tell rings apart by the numbers of their points, where nobody closed them."""

from __future__ import annotations

from collections.abc import Sequence

from gis_planning.formats.read.nesting import Point, near

#: So many names that come again with other coordinates are no slip of the pen.
SLIPS = 2


def starts(names: Sequence[str], points: Sequence[Point]) -> list[int] | int:
    """Return where in a run of points its rings begin: at its start, and where the numbers start anew.

    A run that is closed as a whole is not cut, since its last point would close the wrong ring. Where numbers come
    again in a way that tells no beginning, the place of the first of them is returned instead.

    Examples
    --------
    >>> one, two = [(0, 0), (9, 0), (9, 9), (0, 9)], [(20, 0), (29, 0), (29, 9), (20, 9)]
    >>> starts(["J1", "J2", "J3", "J4"] * 2, one + two)
    [0, 4]
    >>> starts(["J1", "J2", "J3", "J4", "J1", "J4", "J3", "J2"], one + two)
    4
    >>> starts(["", ""] * 4, one + two)
    [0]
    """
    closed = len(points) > 1 and near(points[0], points[-1])
    size = len(points) - closed
    again = _again(names[:size], points)
    if not again:
        return [0]
    first = (names[0], names[1])
    cuts = [at for at in again if at + 1 < size and (names[at], names[at + 1]) == first]
    if closed or not cuts:
        pairs = {(names[at], names[at + 1]) for at in range(again[0]) if at + 1 < size}
        anew = any((names[at], names[at + 1]) in pairs for at in again if at + 1 < size)
        return again[0] if anew or len({names[at] for at in again}) > SLIPS else [0]
    ends = [*cuts[1:], size]
    whole = all(
        not _again(names[begin:end], points[begin:end]) for begin, end in zip([0, *cuts], [cuts[0], *ends], strict=True)
    )
    return [0, *cuts] if whole else again[0]


def _again(names: Sequence[str], points: Sequence[Point]) -> list[int]:
    """Return the places of numbered points whose names stand before, at other coordinates."""
    seen: dict[str, Point] = {}
    found = []
    for at, name in enumerate(names):
        if not any(sign.isdigit() for sign in name):
            continue
        if not near(seen.setdefault(name, points[at]), points[at]):
            found.append(at)
    return found
