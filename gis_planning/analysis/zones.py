"""Know in which district or community land and homes lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gis_planning import overlay
from gis_planning.analysis.demand import Demand
from gis_planning.analysis.derived import derived
from gis_planning.geo import Index


@dataclass(frozen=True, eq=False)
class Zones:
    """Districts or communities, and the position of the one in which each cell and each home lies.

    What lies in none has the number of zones.
    """

    frame: gpd.GeoDataFrame
    cell: Index
    home: Index


@dataclass(frozen=True, eq=False)
class Told:
    """The parts of a county that a result is told for."""

    districts: Zones | None
    communities: Zones | None


@derived()
def district_zones(demand: Demand, districts: gpd.GeoDataFrame) -> Zones:
    """Return the districts with the cells and homes in each."""
    return _zones(demand, districts)


@derived()
def community_zones(demand: Demand, communities: gpd.GeoDataFrame) -> Zones:
    """Return the communities with the cells and homes in each."""
    return _zones(demand, communities)


@derived(kept=False)
def told(district_zones: Zones | None = None, community_zones: Zones | None = None) -> Told:
    """Return the districts and communities that a result is told for, where they were delivered."""
    return Told(district_zones, community_zones)


def zone_of(points: Any, zones: Any) -> Index:
    """Return the first zone each point lies in; the number of zones where it lies in none."""
    found = np.full(len(points), len(zones), dtype=np.intp)
    zone, which = shapely.STRtree(points).query(zones, predicate="intersects")
    np.minimum.at(found, which, zone)
    return found


def _zones(demand: Demand, frame: gpd.GeoDataFrame) -> Zones:
    shapes = frame.geometry.to_numpy()
    cell = np.concatenate([zone_of(points, shapes) for _, points in overlay.blocks(demand.cells.middle_xy)])
    return Zones(frame, cell, zone_of(demand.homes.geometry.to_numpy(), shapes))
