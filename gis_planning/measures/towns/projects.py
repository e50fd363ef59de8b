"""Draw towns of projects: parcels on one belt of land that runs east, told by metres along it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from gis_planning.measures.towns import Town, circles
from gis_planning.measures.towns.redlines import Stretch, box, frame
from gis_planning.measures.towns.statistics import Row
from gis_planning.measures.towns.statistics import draw as drawn_rows

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


class Parcel(Stretch):
    """A parcel of a project, 10 m wide unless more is said: 10 m of the belt are 100 m2.

    `brings` are the kinds of facilities it will be, several with `;`.
    """

    id: str
    brings: str | None = None


class Given(Town):
    """Parcels, the rows of the table, and facilities as in a town of them: the belt is the street of the first one.

    A parcel 50 m wide lies on both sides of that street.
    """

    projects: list[Parcel] = Field(default_factory=list)
    rows: list[Row] = Field(default_factory=list)
    facilities: list[circles.Facility] = Field(default_factory=list)


def draw(town: Given) -> dict[str, gpd.GeoDataFrame | pd.DataFrame]:
    """Return the layers of a town."""
    shapes = [box(one.from_m, 0, one.to_m, one.wide_m) for one in town.projects]
    layers: dict[str, gpd.GeoDataFrame | pd.DataFrame] = {
        "projects": frame(shapes, id=[one.id for one in town.projects], brings=[one.brings for one in town.projects])
    }
    if town.facilities:
        layers |= circles.draw(circles.Given(facilities=town.facilities))
    if town.rows:
        layers |= drawn_rows(town)  # type: ignore[arg-type]
    return layers
