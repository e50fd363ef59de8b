"""Draw the areas from which facilities and other places are within 5, 10 and 15 minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_planning.analysis.derived import derived
from gis_planning.analysis.distances import per_minute
from gis_planning.analysis.facilities import Entered, called, is_of
from gis_planning.analysis.ways import Ways
from gis_planning.conventions import facts
from gis_planning.streets import Streets, rings_of_each

#: By car areas are kilometres wide, and streets are in them exactly whatever the cell.
DRIVING_CELL_M = 100.0


def rings_around(network: Streets, ways: Ways) -> gpd.GeoDataFrame:
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

    Returns
    -------
    geopandas.GeoDataFrame
        A row for each place and time, smallest first: `place` (its position), `minutes`, `limit_m` (NaN by car),
        `area_m2` and the area.
    """
    table = facts("rings")
    minutes = np.array(table["minutes"], dtype=float)
    walking = network.mode == "walk"
    limits = np.array(table["walk_m"], dtype=float) if walking else minutes * per_minute(network)
    cell_m = None if walking else DRIVING_CELL_M
    longest = ways.attached.max_access_m
    found = rings_of_each(network, ways.attached, limits, place=ways.owner, cell_m=cell_m, max_access_m=longest)
    found.insert(1, "minutes", minutes[np.searchsorted(limits, found["limit_m"].to_numpy())])
    if not walking:
        found["limit_m"] = np.nan
    return found[~shapely.is_empty(found.geometry.to_numpy())].reset_index(drop=True)


@derived(by=("kind",))
def rings(network: Streets, facilities: gpd.GeoDataFrame, facility_doors: Entered, *, kind: str) -> gpd.GeoDataFrame:
    """Return the areas around the facilities of a kind: `place` (position), then as `rings_around`."""
    return rings_around(network, facility_doors.ways.take(is_of(facilities, (kind,))))


@derived(by=("kind",))
def drive_rings(
    drive_network: Streets, facilities: gpd.GeoDataFrame, drive_doors: Entered, *, kind: str
) -> gpd.GeoDataFrame:
    """Return the areas by car around the facilities of a kind, as `rings`."""
    return rings_around(drive_network, drive_doors.ways.take(is_of(facilities, (kind,))))


def facility_rings(
    rings: Callable[..., gpd.GeoDataFrame], facilities: gpd.GeoDataFrame, kinds: Iterable[str]
) -> gpd.GeoDataFrame:
    """Return the areas around facilities of some kinds: `facility` (its id in the source), `name`, `kind`, the areas.

    A facility of several kinds stands there once.
    """
    found = pd.concat([rings(kind=kind) for kind in dict.fromkeys(kinds)])
    found = found.drop_duplicates(["place", "minutes"]).sort_values(["place", "minutes"], ignore_index=True)
    place = found.pop("place").to_numpy()
    found.insert(0, "facility", facilities.index.to_numpy()[place])
    found.insert(1, "name", np.array(called(facilities), dtype=object)[place])
    found.insert(2, "kind", facilities["kind"].to_numpy()[place])
    return found
