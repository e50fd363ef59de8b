"""Draw towns of housing estates, far from one another, each with the services beside it."""

from __future__ import annotations

from typing import Annotated, Any

import geopandas as gpd
import pandas as pd
import shapely
from pydantic import Field

from gis_planning.conventions.facilities import NONE
from gis_planning.measures.towns import CRS, EAST, NORTH, Facts, Town

APART_M = 5_000.0


class Service(Facts):
    """A service some metres from its estate."""

    kind: str
    at_m: Annotated[float, Field(ge=0, le=2_000)] = 0.0


class Estate(Facts):
    """An estate: its year, its households, whether it is done, and the services near it."""

    year: float | None = None
    households: float | None = None
    done: bool | None = None
    services: list[Service] = Field(default_factory=list)


class Given(Town):
    """Estates; `none_of` are services of which the county says that it has none."""

    estates: list[Estate] = Field(default_factory=list)
    none_of: list[str] = Field(default_factory=list)


def draw(town: Given) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of a town."""
    columns: dict[str, Any] = {
        "name": [f"E{at}" for at in range(1, len(town.estates) + 1)],
        "year": pd.Series([one.year for one in town.estates], dtype=float),
        "households": pd.Series([one.households for one in town.estates], dtype=float),
        "done": pd.Series([one.done for one in town.estates], dtype=object),
    }
    rows = list(enumerate(town.estates))
    services = [(at, service) for at, estate in rows for service in estate.services]
    found = gpd.GeoDataFrame(
        {"kind": [service.kind for _, service in services]},
        geometry=[_spot(service.at_m, at) for at, service in services],
        crs=CRS,
    )
    found.attrs[NONE] = tuple(town.none_of)
    estates = gpd.GeoDataFrame(columns, geometry=[_spot(0.0, at) for at, _ in rows], crs=CRS)
    return {"estates": estates, "facilities": found}


def _spot(x: float, at: int) -> Any:
    return shapely.Point(EAST + x, NORTH + at * APART_M)
