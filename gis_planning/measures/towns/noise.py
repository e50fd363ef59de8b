"""Draw towns of one road or railway that runs east, with the buildings north of it."""

from __future__ import annotations

from typing import Annotated

import geopandas as gpd
import pandas as pd
import shapely
from pydantic import Field

from gis_planning.measures.towns import EAST, NORTH, Facts, Town
from gis_planning.measures.towns.redlines import box, frame

APART_M = 2_000.0


class House(Facts):
    """A building of 100 m2, so many metres north of its road."""

    at_m: Annotated[float, Field(ge=0, le=900)] = 0.0
    use: str = "居住"


class Road(Facts):
    """A road by its class, or a railway, and the buildings beside it."""

    class_: str | None = Field(default=None, alias="class")
    railway: bool = False
    tunnel: bool = False
    houses: list[House] = Field(default_factory=list)


class Given(Town):
    """Roads, far from one another."""

    roads: list[Road] = Field(default_factory=list)


def draw(town: Given) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of a town."""
    rows = [(at * APART_M, road) for at, road in enumerate(town.roads)]
    streets, rails = ([row for row in rows if row[1].railway == wanted] for wanted in (False, True))
    houses = [(y + house.at_m, house.use) for y, road in rows for house in road.houses]
    classes = pd.Series([road.class_ for _, road in streets], dtype=object)
    layers = {
        "study_area": frame([box(-100, -100, 1100, len(rows) * APART_M + 100)]),
        "streets": frame(_shapes(streets), **{"class": classes, "tunnel": [road.tunnel for _, road in streets]}),
        "buildings": frame([box(0, y, 10, y + 10) for y, _ in houses], use=[use for _, use in houses]),
    }
    if rails:
        layers["barriers"] = frame(_shapes(rails), kind=["railway"] * len(rails))
    return layers


def _shapes(rows: list[tuple[float, Road]]) -> list[shapely.Geometry]:
    return [shapely.LineString([(EAST - 50, NORTH + y), (EAST + 50, NORTH + y)]) for y, _ in rows]
