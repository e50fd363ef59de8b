"""Match the footprints of two years: which building stands still, was split, merged or redrawn, is gone or new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from gis_planning import overlay
from gis_planning.geo import Flags, Floats, Geometries, Index

#: What became of a footprint. Those of the earlier year are never `new`, those of now never `lost`.
FATES = ("kept", "redrawn", "split", "merged", "regrouped", "lost", "new")
#: Outlines that share this much of the larger one are the same.
SAME = 0.99
#: A share that sums of areas miss by less is met.
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Matched:
    """What became of the footprints of two years, in their order, and which hang together.

    Attributes
    ----------
    then, now
        A fate for every footprint of the earlier year and of now, by its place in `FATES`.
    group_then, group_now
        A number for each; footprints with the same number stand for the same building or buildings.
    """

    then: Index
    now: Index
    group_then: Index
    group_now: Index


def matched(then: Any, now: Any, share: float) -> Matched:
    """Match footprints of an earlier year with those of now.

    Two footprints are linked where they share at least `share` of the smaller one. A building that links reach must
    share at least as much of its own footprint with all it is linked to; else its links are dropped, until all that are
    left do. What hangs together then is: one and one, kept (or redrawn, where the outline is another); one and several,
    split; several and one, merged; several and several, regrouped. What has no link is lost or new.

    Parameters
    ----------
    then, now
        Polygons of the same CRS in metres.
    share
        From 0 to 1.

    Examples
    --------
    >>> from shapely import box
    >>> found = matched([box(0, 0, 20, 10), box(40, 0, 50, 10)], [box(0, 0, 10, 10), box(10, 0, 20, 10)], 0.5)
    >>> [FATES[one] for one in found.then], [FATES[one] for one in found.now]
    (['split', 'lost'], ['split', 'split'])
    """
    before, after = np.asarray(then, dtype=object), np.asarray(now, dtype=object)
    first, second, shared = _links(before, after, share)
    m2_then, m2_now = shapely.area(before), shapely.area(after)
    group = overlay.groups_of(len(before) + len(after), first, len(before) + second)
    group_then, group_now = group[: len(before)], group[len(before) :]
    size = int(group.max(initial=-1)) + 1
    many_then, many_now = np.bincount(group_then, minlength=size), np.bincount(group_now, minlength=size)
    fate = np.select(
        [many_now == 0, many_then == 0, (many_then == 1) & (many_now == 1), many_then == 1, many_now == 1],
        [FATES.index(one) for one in ("lost", "new", "kept", "split", "merged")],
        FATES.index("regrouped"),
    )
    one_to_one = fate[group_then[first]] == FATES.index("kept")
    other = one_to_one & (shared < SAME * np.maximum(m2_then[first], m2_now[second]))
    fate[group_then[first[other]]] = FATES.index("redrawn")
    return Matched(fate[group_then], fate[group_now], group_then, group_now)


def _links(before: Geometries, after: Geometries, share: float) -> tuple[Index, Index, Floats]:
    """Return the pairs that are linked, by their places, with the m2 that each shares."""
    first, second = shapely.STRtree(after).query(before, predicate="intersects")
    shared = shapely.area(shapely.intersection(before[first], after[second]))
    m2_then, m2_now = shapely.area(before), shapely.area(after)
    least = share * (1 - ROUNDING)
    held: Flags = (shared > 0) & (shared >= least * np.minimum(m2_then[first], m2_now[second]))
    while True:
        first, second, shared = first[held], second[held], shared[held]
        own = np.bincount(first, shared, len(before))[first] >= least * m2_then[first]
        held = own & (np.bincount(second, shared, len(after))[second] >= least * m2_now[second])
        if held.all():
            return first, second, shared
