"""Hand on the streets, and how facilities are entered from them, so that a page can look for ways by itself."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from gis_planning.analysis.derived import derived
from gis_planning.analysis.facilities import Entered
from gis_planning.geo import Floats
from gis_planning.streets import Streets


@dataclass(frozen=True, eq=False)
class Paths:
    """The layers `network` and `approaches` of a result; clauses of one network share both.

    Attributes
    ----------
    network
        Every street that is on no island: `u` and `v` (numbers of the nodes at its start and end), `length_m`,
        `forward_m` and `backward_m` (cost from u to v and back, as `Streets` has it; NaN where one may not go), `mode`.
    approaches
        Every way of a facility onto the streets: `facility` (its id in the source), `edge` (the row of its street),
        `offset_m` (how far along it from u), `access_m` (the straight way), `max_access_m` (the longest one allowed),
        and the spot on the street.
    """

    network: gpd.GeoDataFrame
    approaches: gpd.GeoDataFrame


@derived()
def street_edges(network: Streets) -> gpd.GeoDataFrame:
    """Return the streets that are walked, as `Paths.network`."""
    return _edges(network)


@derived()
def drive_edges(drive_network: Streets) -> gpd.GeoDataFrame:
    """Return the streets that are driven, as `Paths.network`."""
    return _edges(drive_network)


@derived()
def facility_approaches(network: Streets, facilities: gpd.GeoDataFrame, facility_doors: Entered) -> gpd.GeoDataFrame:
    """Return the ways on foot into facilities, as `Paths.approaches`."""
    return _approaches(network, facilities, facility_doors)


@derived()
def drive_approaches(drive_network: Streets, facilities: gpd.GeoDataFrame, drive_doors: Entered) -> gpd.GeoDataFrame:
    """Return the ways by car into facilities, as `Paths.approaches`."""
    return _approaches(drive_network, facilities, drive_doors)


@derived(kept=False)
def street_paths(street_edges: gpd.GeoDataFrame, facility_approaches: gpd.GeoDataFrame) -> Paths:
    """Return the streets that are walked, and the ways into facilities."""
    return Paths(street_edges, facility_approaches)


@derived(kept=False)
def drive_paths(drive_edges: gpd.GeoDataFrame, drive_approaches: gpd.GeoDataFrame) -> Paths:
    """Return the streets that are driven, and the ways into facilities."""
    return Paths(drive_edges, drive_approaches)


def _edges(streets: Streets) -> gpd.GeoDataFrame:
    joined = streets.joined
    columns = {
        "u": streets.u[joined],
        "v": streets.v[joined],
        "length_m": streets.length_m[joined],
        "forward_m": _open(streets.forward[joined]),
        "backward_m": _open(streets.backward[joined]),
        "mode": np.full(len(joined), streets.mode, dtype=object),
    }
    return gpd.GeoDataFrame(columns, geometry=streets.geometry[joined], crs=streets.crs)


def _open(cost: Floats) -> Floats:
    return np.where(np.isfinite(cost), cost, np.nan)


def _approaches(streets: Streets, facilities: gpd.GeoDataFrame, doors: Entered) -> gpd.GeoDataFrame:
    there = doors.ways.attached.edge >= 0
    ways, owner = doors.ways.attached.take(there), doors.ways.owner[there]
    columns = {
        "facility": facilities.index.to_numpy()[owner],
        "edge": np.searchsorted(streets.joined, ways.edge),
        "offset_m": ways.offset_m,
        "access_m": ways.access_m,
        "max_access_m": np.full(len(ways), ways.max_access_m),
    }
    spots = shapely.line_interpolate_point(streets.geometry[ways.edge], ways.offset_m)
    return gpd.GeoDataFrame(columns, geometry=spots, crs=streets.crs)
