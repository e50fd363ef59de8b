"""Draw towns of projects: parcels on one belt of land that runs east, told by metres along it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from gis_planning.measures.towns import Town
from gis_planning.measures.towns.redlines import Stretch, box, frame
from gis_planning.measures.towns.statistics import Row
from gis_planning.measures.towns.statistics import draw as drawn_rows

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


class Parcel(Stretch):
    """A parcel of a project, 10 m wide unless more is said: 10 m of the belt are 100 m2."""

    id: str


class Given(Town):
    """Parcels, and the rows of the table."""

    projects: list[Parcel] = Field(default_factory=list)
    rows: list[Row] = Field(default_factory=list)


def draw(town: Given) -> dict[str, gpd.GeoDataFrame | pd.DataFrame]:
    """Return the layers of a town."""
    shapes = [box(one.from_m, 0, one.to_m, one.wide_m) for one in town.projects]
    layers: dict[str, gpd.GeoDataFrame | pd.DataFrame] = {
        "projects": frame(shapes, id=[one.id for one in town.projects])
    }
    if town.rows:
        layers |= drawn_rows(town)  # type: ignore[arg-type]
    return layers
