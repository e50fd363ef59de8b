"""Keep count of features that a delivered layer had and an analysis has not, so that no number hides them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_planning.formats.address import Source
from gis_planning.formats.read.vector import Delivered, Lost
from gis_planning.texts import Text, text

if TYPE_CHECKING:
    import geopandas as gpd

#: Above this share of lost features a layer is no measure of the county.
LOST_SHARE = 0.01
#: Features that a sentence names.
NAMED = 5


@dataclass(frozen=True)
class Loss:
    """The features a layer lost, each group with its reason: `unread` ones, and `left_out` ones that cannot be used.

    `total` is how many the layer was delivered with, `largest_m2` the largest of those that are left: a lost one may be
    as large.
    """

    unread: tuple[Lost, ...]
    left_out: tuple[Lost, ...]
    total: int
    largest_m2: float

    @property
    def count(self) -> int:
        """Return how many were lost."""
        return sum(one.count for one in (*self.unread, *self.left_out))

    @property
    def share(self) -> float:
        """Return which share of the delivered features that is."""
        return self.count / self.total if self.total else 0.0

    @property
    def reasons(self) -> tuple[Text, ...]:
        """Return what is said of them."""
        return tuple(one.reason for one in (*self.unread, *self.left_out))


def loss_of(
    delivered: Delivered,
    frame: gpd.GeoDataFrame,
    far: NDArray[np.bool_],
    names: Sequence[str],
    *,
    source: Source,
    table: str,
) -> Loss | None:
    """Return what a layer lost between its source and the frame an analysis works on; None if nothing.

    Parameters
    ----------
    delivered
        The table as its reader gave it.
    frame
        The layer in the working CRS.
    far
        Which features of the frame lie too far away to be the county's.
    names
        What the features of the frame are called.
    """
    geometry = delivered.frame.geometry.to_numpy()
    without = np.flatnonzero(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    total = len(geometry) + sum(one.count for one in delivered.lost)
    place = {"source": source, "table": table, "total": total}
    left_out = []
    if len(without):
        called = _some([str(delivered.frame.index[at]) for at in without[: NAMED + 1]], len(without))
        reason = text("losses.no_shape", **place, count=len(without), features=called)
        left_out.append(Lost(len(without), called, reason))
    if far.any():
        called = _some([names[at] for at in np.flatnonzero(far)[: NAMED + 1]], int(far.sum()))
        reason = text("losses.far", **place, count=int(far.sum()), features=called)
        left_out.append(Lost(int(far.sum()), called, reason))
    if not left_out and not delivered.lost:
        return None
    left = frame.geometry.to_numpy()[~far]
    return Loss(delivered.lost, tuple(left_out), total, float(shapely.area(left).max()) if len(left) else 0.0)


def _some(names: Sequence[str], count: int) -> tuple[str, ...]:
    return (*names[:NAMED], *(("...",) if count > NAMED else ()))
