"""Know how many minutes by car villages are from facilities."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gis_planning.analysis.derived import derived
from gis_planning.analysis.distances import per_minute
from gis_planning.analysis.facilities import Entered, is_of
from gis_planning.analysis.ways import reach, straight_to
from gis_planning.streets import Streets
from gis_planning.texts import Text


@dataclass(frozen=True, eq=False)
class Drives:
    """By village: the minutes by car to the nearest facility (infinite where no way leads there), and which one it is.

    `notes` tell which villages have no way to a street.
    """

    minutes: NDArray[np.float64]
    facility: NDArray[np.intp]
    notes: tuple[Text, ...]


@derived(by=("kinds",))
def drives(
    villages: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame,
    drive_network: Streets,
    drive_doors: Entered,
    *,
    kinds: tuple[str, ...],
    max_access_m: float = 500.0,
) -> Drives:
    """Return how far villages are from facilities of some kinds; a village is where the middle of its outline is."""
    middle = shapely.point_on_surface(villages.geometry.to_numpy())
    homes = straight_to(drive_network, middle, max_access_m)
    found = reach(drive_network, drive_doors.ways.take(is_of(facilities, kinds)), homes)
    return Drives(found.distance_m / per_minute(drive_network), found.source, tuple(homes.attached.notes()))
