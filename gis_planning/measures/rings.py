"""Draw the areas from which facilities and other places are within 5, 10 and 15 minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis_planning.conventions import facts
from gis_planning.measures.distances import per_minute
from gis_planning.measures.facilities import Entered, called
from gis_planning.measures.once import once
from gis_planning.measures.ways import Ways
from gis_planning.streets import Streets, rings_of_each

#: By car areas are kilometres wide, and streets are in them exactly whatever the cell.
DRIVING_CELL_M = 100.0


@dataclass(eq=False)
class _Drawn:
    """Areas that some clause asked for: whose are there, and the tables they came in."""

    there: NDArray[np.bool_]
    tables: list[gpd.GeoDataFrame]


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


def facility_rings(network: Streets, facilities: gpd.GeoDataFrame, doors: Entered, chosen: Any) -> gpd.GeoDataFrame:
    """Return the areas around some facilities: `facility` (its id in the source), `name`, `kind` and `rings_around`."""
    drawn, asked = _drawn(network, doors), np.asarray(chosen)
    if (asked & ~drawn.there).any():
        drawn.tables.append(rings_around(network, doors.ways.take(asked & ~drawn.there)))
        drawn.there |= asked
    found = pd.concat(drawn.tables) if drawn.tables else rings_around(network, doors.ways.take(asked))
    found = found[asked[found["place"].to_numpy()]].sort_values(["place", "minutes"], ignore_index=True)
    place = found.pop("place").to_numpy()
    found.insert(0, "facility", facilities.index.to_numpy()[place])
    found.insert(1, "name", np.array(called(facilities), dtype=object)[place])
    found.insert(2, "kind", facilities["kind"].to_numpy()[place])
    return found


@once
def _drawn(network: Streets, doors: Entered) -> _Drawn:  # noqa: ARG001 - the key it is kept by
    """Return where areas are kept, so that each is drawn once however many clauses ask for it."""
    return _Drawn(np.zeros(doors.ways.size, dtype=bool), [])
