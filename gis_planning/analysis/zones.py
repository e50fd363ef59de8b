"""Know in which district or community land and homes lie."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np

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


def _zones(demand: Demand, frame: gpd.GeoDataFrame) -> Zones:
    shapes = frame.geometry.to_numpy()
    cell = overlay.zone_at(demand.cells.middle_xy, shapes)
    home = overlay.zone_of(demand.homes.geometry.to_numpy(), shapes)
    return Zones(frame, *(np.where(zone < 0, len(shapes), zone) for zone in (cell, home)))
