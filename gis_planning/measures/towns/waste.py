"""Draw towns of sites that handle waste, far from one another, each with the buildings beside it."""

from __future__ import annotations

from typing import Annotated

import geopandas as gpd
import pandas as pd
import shapely
from pydantic import Field

from gis_planning.conventions.facilities import NONE
from gis_planning.measures.towns import CRS, EAST, NORTH, Facts, Town
from gis_planning.measures.towns.redlines import box

APART_M = 10_000.0
#: How wide and deep a building is.
HOUSE_M = 10.0


class House(Facts):
    """A building of 100 m2, so many metres east of its site; one that says no distance stands on it."""

    at_m: Annotated[float, Field(ge=0, le=2_000)] | None = None
    use: str = "居住"
    dwellings: float | None = None


class Road(Facts):
    """A street that runs east from its site."""

    class_: str = Field(alias="class")
    long_m: Annotated[float, Field(gt=0, le=1_500)]


class Site(Facts):
    """A site: a point, or a square of `side_m`; its size in t a day, the land surveyed around it, its surroundings."""

    kind: str
    tonnes: float | None = None
    side_m: Annotated[float, Field(ge=0, le=500)] = 0.0
    surveyed_m: Annotated[float, Field(gt=0, le=2_000)] = 2_000.0
    houses: list[House] = Field(default_factory=list)
    road: Road | None = None


class Given(Town):
    """Sites; `none_of` are kinds of which the county says that it has none."""

    sites: list[Site] = Field(default_factory=list)
    none_of: list[str] = Field(default_factory=list)


def draw(town: Given) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of a town."""
    rows = [(at * APART_M, site) for at, site in enumerate(town.sites)]
    columns = {
        "kind": pd.Series([site.kind for _, site in rows], dtype=object),
        "tonnes_per_day": pd.Series([site.tonnes for _, site in rows], dtype=float),
    }
    facilities = gpd.GeoDataFrame(columns, geometry=[_site(x, site.side_m) for x, site in rows], crs=CRS)
    facilities.attrs[NONE] = tuple(town.none_of)
    houses = [(x, house) for x, site in rows for house in site.houses]
    told = {
        "use": pd.Series([house.use for _, house in houses], dtype=object),
        "dwellings": pd.Series([house.dwellings for _, house in houses], dtype=float),
    }
    roads = [(x, site.road) for x, site in rows if site.road is not None]
    lines = [shapely.LineString([(EAST + x, NORTH), (EAST + x + road.long_m, NORTH)]) for x, road in roads]
    land = gpd.GeoDataFrame(geometry=[_surveyed(x, site) for x, site in rows], crs=CRS)
    return {
        "built_up_area": land,
        "streets": gpd.GeoDataFrame({"class": [road.class_ for _, road in roads]}, geometry=lines, crs=CRS),
        "study_area": land,
        "facilities": facilities,
        "buildings": gpd.GeoDataFrame(told, geometry=[_house(x, house) for x, house in houses], crs=CRS),
    }


def _site(x: float, side_m: float) -> shapely.Geometry:
    """Return a site whose eastern edge is at x."""
    square = box(x - side_m, -side_m / 2, x, side_m / 2)
    return square if side_m else shapely.Point(*shapely.get_coordinates(square)[0])


def _surveyed(x: float, site: Site) -> shapely.Geometry:
    reach, half = site.surveyed_m, site.side_m / 2
    return box(x - site.side_m - reach, -half - reach, x + reach, half + reach)


def _house(x: float, house: House) -> shapely.Geometry:
    west = x - HOUSE_M / 2 if house.at_m is None else x + house.at_m
    return box(west, -HOUSE_M / 2, west + HOUSE_M, HOUSE_M / 2)
