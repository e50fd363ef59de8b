"""Draw the areas from which facilities and other places are within 5, 10 and 15 minutes."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import shapely

from gis_planning.analysis.ways import Ways
from gis_planning.conventions import facts
from gis_planning.geo import Floats
from gis_planning.streets import Mode, Streets, rings_of_each
from gis_planning.texts import Text

#: By car areas are kilometres wide, and streets are in them exactly whatever the cell.
DRIVING_CELL_M = 100.0


def limits_of(mode: Mode) -> tuple[Floats, Floats]:
    """Return the minutes of the areas, and what they may cost: metres on foot, metres at the reference speed by car."""
    table = facts("rings")
    minutes = np.array(table["minutes"], dtype=float)
    if mode == "walk":
        return minutes, np.array(table["walk_m"], dtype=float)
    return minutes, minutes * facts("streets")["drive"]["reference_kmh"] * 1000 / 60


def rings_around(network: Streets, ways: Ways, told: Callable[[Text], None] = lambda _: None) -> gpd.GeoDataFrame:
    """Return the areas from which each of many places is within 5, 10 and 15 minutes.

    On foot these are the distances of conventions/rings.toml along the network, by car its minutes. A larger area holds
    the smaller ones; land that no way leads from within the limit is cut out. They are for the eye: who is within
    reach is counted by distances.

    Parameters
    ----------
    network
        Walking or driving.
    ways
        The ways of the places onto it; places without any have no area and no row.
    told
        Is told how far it is, from time to time.

    Returns
    -------
    geopandas.GeoDataFrame
        A row for each place and time, smallest first: `place` (its position), `minutes`, `limit_m` (NaN by car),
        `area_m2` and the area.
    """
    walking = network.mode == "walk"
    minutes, limits = limits_of(network.mode)
    cell_m = None if walking else DRIVING_CELL_M
    longest = ways.attached.max_access_m
    found = rings_of_each(
        network, ways.attached, limits, place=ways.owner, cell_m=cell_m, max_access_m=longest, told=told
    )
    found.insert(1, "minutes", minutes[np.searchsorted(limits, found["limit_m"].to_numpy())])
    if not walking:
        found["limit_m"] = np.nan
    return found[~shapely.is_empty(found.geometry.to_numpy())].reset_index(drop=True)
