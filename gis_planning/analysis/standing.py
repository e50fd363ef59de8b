"""Know how much of a town stands on the residential land that was drawn for it."""

from __future__ import annotations

import geopandas as gpd

from gis_planning.analysis.derived import derived
from gis_planning.homes import HomesOnLand, homes_on_land, land_from_buildings, which_are_homes


@derived()
def standing(
    residential: gpd.GeoDataFrame,
    study_area: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    land_use: gpd.GeoDataFrame | None = None,
) -> HomesOnLand:
    """Return how many of the homes stand on residential land, and with how much floor."""
    return homes_on_land(residential, study_area, buildings, land_use)


@derived()
def made_land(
    buildings: gpd.GeoDataFrame,
    study_area: gpd.GeoDataFrame,
    land_use: gpd.GeoDataFrame | None = None,
    streets: gpd.GeoDataFrame | None = None,
    *,
    grown_m: float,
) -> gpd.GeoDataFrame:
    """Return residential land made from the homes among buildings, each grown by some metres."""
    homes, _ = which_are_homes(buildings, study_area, land_use)
    return land_from_buildings(buildings, streets, homes, grown_m=grown_m)
