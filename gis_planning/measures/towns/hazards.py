"""Draw towns of hazards, far from one another, each with the homes, schools and hospitals beside it."""

from __future__ import annotations

from typing import Annotated, Any

import geopandas as gpd
import pandas as pd
import shapely
from pydantic import Field

from gis_planning.analysis.hazards import hazard_kinds
from gis_planning.conventions.facilities import NONE
from gis_planning.measures.towns import CRS, Facts, Town
from gis_planning.measures.towns.redlines import box

APART_M = 10_000.0
#: How wide and deep a building is.
HOUSE_M = 10.0

Metres = Annotated[float, Field(ge=0, le=2_000)]


class House(Facts):
    """A building of 100 m2, so many metres east of its hazard."""

    at_m: Metres
    use: str = "居住"
    dwellings: float | None = None
    people: float | None = None


class Site(Facts):
    """A facility, a point so many metres east of its hazard."""

    kind: str
    at_m: Metres


class Hazard(Facts):
    """A hazard: a point, with what the register says of it, and what stands beside it."""

    kind: str | None = None
    treated: str | None = None
    buffer_m: Metres | None = None
    houses: list[House] = Field(default_factory=list)
    sites: list[Site] = Field(default_factory=list)


class Given(Town):
    """Hazards; `none_exist` says that the county has none, `none_of` which kinds of facilities it lacks."""

    hazards: list[Hazard] = Field(default_factory=list)
    none_exist: bool = False
    none_of: list[str] = Field(default_factory=list)


def draw(town: Given) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of a town."""
    rows = [(at * APART_M, hazard) for at, hazard in enumerate(town.hazards)]
    columns: dict[str, Any] = {
        "kind": pd.Series([one.kind for _, one in rows], dtype=object),
        "treated": pd.Series([one.treated for _, one in rows], dtype=object),
        "buffer_m": pd.Series([one.buffer_m for _, one in rows], dtype=float),
    }
    hazards = gpd.GeoDataFrame(columns, geometry=[_spot(x) for x, _ in rows], crs=CRS)
    hazards.attrs[NONE] = hazard_kinds() if town.none_exist else ()
    sites = [(x, site) for x, hazard in rows for site in hazard.sites]
    facilities = gpd.GeoDataFrame(
        {"kind": pd.Series([site.kind for _, site in sites], dtype=object)},
        geometry=[_spot(x + site.at_m) for x, site in sites],
        crs=CRS,
    )
    facilities.attrs[NONE] = tuple(town.none_of)
    houses = [(x, house) for x, hazard in rows for house in hazard.houses]
    shapes = [box(x + house.at_m, -HOUSE_M / 2, x + house.at_m + HOUSE_M, HOUSE_M / 2) for x, house in houses]
    told = {
        "use": pd.Series([house.use for _, house in houses], dtype=object),
        "dwellings": pd.Series([house.dwellings for _, house in houses], dtype=float),
    }
    people = pd.Series([house.people for _, house in houses], dtype=float)
    return {
        "study_area": gpd.GeoDataFrame(geometry=[box(x - 2_000, -2_000, x + 2_100, 2_000) for x, _ in rows], crs=CRS),
        "hazards": hazards,
        "facilities": facilities,
        "buildings": gpd.GeoDataFrame(told, geometry=shapes, crs=CRS),
        "population": gpd.GeoDataFrame({"population": people}, geometry=shapes, crs=CRS),
    }


def _spot(x: float) -> shapely.Geometry:
    return shapely.Point(*shapely.get_coordinates(box(x, 0, x + 1, 1)).min(axis=0))
