"""Know who can be counted on any part of the study area: people by zone or cell, and dwellings by building."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gis_planning import overlay
from gis_planning.analysis.derived import derived
from gis_planning.analysis.land import united
from gis_planning.geo import Floats
from gis_planning.results.verdicts import Reference


@dataclass(frozen=True, eq=False)
class Residents:
    """Who can be counted in the study area.

    Attributes
    ----------
    zones, density
        Land of the study area, and people per m2 of it; each count is spread evenly over its polygon or cell.
    doors, dwellings
        Points in the middle of buildings in the study area, and their dwellings.
    """

    zones: NDArray[np.object_]
    density: Floats
    doors: NDArray[np.object_]
    dwellings: Floats

    @property
    def people(self) -> float:
        """Return the people in the study area; 0 where nobody was counted."""
        return float((shapely.area(self.zones) * self.density).sum())

    def people_within(self, zone: Any) -> tuple[Reference, ...]:
        """Return the people in a zone, of those in the study area; nothing where nobody was counted."""
        if not (people := self.people):
            return ()
        inside = shapely.area(overlay.split(self.zones, zone).inside) * self.density
        return (Reference(float(inside.sum()), people, "population"),)

    def people_in(self, shapes: NDArray[Any]) -> Floats | None:
        """Return the people in each of some shapes; None where nobody was counted.

        People of a zone are spread evenly over it, as everywhere here, so that what is counted in parts adds up.
        """
        if not self.people:
            return None
        pairs = overlay.intersect(shapes, self.zones)
        people = shapely.area(pairs.geometry) * self.density[pairs.right]
        return np.bincount(pairs.left, weights=people, minlength=len(shapes)).astype(float)

    def dwellings_within(self, zone: Any) -> tuple[Reference, ...]:
        """Return the dwellings in a zone, of those in the study area; nothing where none were counted."""
        dwellings = float(self.dwellings.sum())
        if not dwellings:
            return ()
        return (Reference(float(self.dwellings[overlay.hit(self.doors, zone)].sum()), dwellings, "dwellings"),)


@derived()
def residents(
    study_area: gpd.GeoDataFrame,
    population: gpd.GeoDataFrame | None = None,
    buildings: gpd.GeoDataFrame | None = None,
) -> Residents:
    """Return who can be counted in the study area.

    Parameters
    ----------
    population
        Polygons or raster cells with `population`.
    buildings
        Polygons with `dwellings`; a building is where the middle of its footprint is.
    """
    area = united(study_area)
    zones, density = np.empty(0, dtype=object), np.zeros(0)
    if population is not None and "population" in population.columns:
        geometry = population.geometry.to_numpy()
        zones = overlay.split(geometry, area).inside
        density = population["population"].fillna(0).to_numpy(dtype=float) / shapely.area(geometry)
    doors, dwellings = np.empty(0, dtype=object), np.zeros(0)
    if buildings is not None and "dwellings" in buildings.columns:
        doors = shapely.point_on_surface(buildings.geometry.to_numpy())
        dwellings = buildings["dwellings"].fillna(0).to_numpy(dtype=float)
        inside = overlay.hit(doors, area) & (dwellings > 0)
        doors, dwellings = doors[inside], dwellings[inside]
    return Residents(zones, density, doors, dwellings)
