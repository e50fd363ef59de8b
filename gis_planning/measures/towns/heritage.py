"""Draw old towns on a belt 10 m wide that runs east: buildings now and in an earlier year, and what is listed."""

from __future__ import annotations

from typing import Annotated

import geopandas as gpd
import pandas as pd
import shapely
from pydantic import Field

from gis_planning.measures.towns import EAST, NORTH, Facts
from gis_planning.measures.towns.redlines import MARGIN_M, Lines, Metres, Stretch, box, frame, lines_of

WIDE_M = 10.0


class Listed(Facts):
    """A listed building: a point so many metres east; its list, and what it says of its survey."""

    at_m: Metres = 0.0
    kind: str | None = "历史建筑"
    surveyed: str | None = None


class Given(Lines):
    """Buildings now and earlier, control lines, listed buildings; buildings of each year are surveyed up to a metre."""

    buildings: list[Stretch] = Field(default_factory=list)
    earlier: list[Stretch] = Field(default_factory=list)
    listed: list[Listed] = Field(default_factory=list)
    town_to_m: Annotated[Metres, Field(gt=0)] = 1000.0
    earlier_to_m: Annotated[Metres, Field(gt=0)] = 1000.0


def draw(town: Given) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of a town; a year of which nothing is said is not delivered."""
    layers = {"study_area": _land(town.town_to_m), **lines_of(town)}
    for name, houses, to_m in (
        ("buildings", town.buildings, town.town_to_m),
        ("buildings.earlier", town.earlier, town.earlier_to_m),
    ):
        if houses:
            layers[name] = frame([box(one.from_m, 0, one.to_m, one.wide_m) for one in houses])
            layers[f"{name}.coverage"] = _land(to_m)
    if town.listed:
        columns = {key: pd.Series([getattr(one, key) for one in town.listed], dtype=object) for key in _SAID}
        spots = [shapely.Point(EAST + one.at_m, NORTH + WIDE_M / 2) for one in town.listed]
        layers["listed_buildings"] = frame(spots, **columns)
    return layers


_SAID = ("kind", "surveyed")


def _land(to_m: float) -> gpd.GeoDataFrame:
    return frame([box(-MARGIN_M, -MARGIN_M, to_m, WIDE_M + MARGIN_M)])
