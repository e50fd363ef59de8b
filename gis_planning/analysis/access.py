"""Put together what is needed to know how far land and homes are from facilities."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gis_planning import overlay
from gis_planning.analysis.demand import Demand
from gis_planning.analysis.derived import derived
from gis_planning.analysis.facilities import Entered
from gis_planning.analysis.land import united
from gis_planning.analysis.ways import Ways
from gis_planning.streets import Streets

Distance = Literal["network", "straight"]


@dataclass(frozen=True, eq=False)
class Access:
    """Who wants to get to facilities, and by which ways.

    Attributes
    ----------
    facilities, outside
        All facilities, and whether each lies outside the study area.
    demand, ways
        Who has to be reached, and the ways of cells, fine cells and homes onto the streets.
    network, doors
        The streets, and the ways into all facilities; None where no streets were delivered.
    straight
        Whether distances are straight, whatever streets there are.
    """

    facilities: gpd.GeoDataFrame
    outside: NDArray[np.bool_]
    demand: Demand
    ways: tuple[Ways, Ways, Ways] | None
    network: Streets | None
    doors: Entered | None
    straight: bool = False


@derived(kept=False)
def access(
    facilities: gpd.GeoDataFrame,
    study_area: gpd.GeoDataFrame,
    demand: Demand,
    network: Streets | None = None,
    demand_ways: tuple[Ways, Ways, Ways] | None = None,
    facility_doors: Entered | None = None,
) -> Access:
    """Return the land, the homes and the facilities with their ways along the streets."""
    outside = ~overlay.hit(shapely.point_on_surface(facilities.geometry.to_numpy()), united(study_area))
    return Access(facilities, outside, demand, demand_ways, network, facility_doors)


@derived(kept=False)
def approach(access: Access, *, distance: Distance = "network") -> Access:
    """Return the access that a clause means.

    Parameters
    ----------
    distance
        `"network"`, or `"straight"` for a radius from the facility's edge.
    """
    return replace(access, straight=distance == "straight")
