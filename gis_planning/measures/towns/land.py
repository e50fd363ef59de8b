"""Draw towns of land by its classes: one belt 10 m wide that runs east, now and in an earlier year."""

from __future__ import annotations

from typing import Annotated

import geopandas as gpd
import pandas as pd
from pydantic import Field

from gis_planning.measures.towns.redlines import MARGIN_M, Land, Lines, Metres, box, frame, lines_of
from gis_planning.measures.towns.statistics import Row
from gis_planning.measures.towns.statistics import draw as drawn_rows

WIDE_M = 10.0


class Given(Lines):
    """Land today and earlier, control lines, people, rows of the table; the town is the belt up to `town_to_m`."""

    land_use: list[Land] = Field(default_factory=list)
    earlier: list[Land] = Field(default_factory=list)
    town_to_m: Annotated[Metres, Field(gt=0)] = 1000.0
    people: Annotated[float, Field(ge=0, le=1_000_000)] | None = None
    rows: list[Row] = Field(default_factory=list)


def draw(town: Given) -> dict[str, gpd.GeoDataFrame | pd.DataFrame]:
    """Return the layers of a town; people live evenly on the belt of the town."""
    belt = box(0, 0, town.town_to_m, WIDE_M)
    around = box(-MARGIN_M, -MARGIN_M, town.town_to_m + MARGIN_M, WIDE_M + MARGIN_M)
    layers: dict[str, gpd.GeoDataFrame | pd.DataFrame] = {
        "study_area": frame([around]),
        "urban_area": frame([belt]),
        "districts": frame([belt], name=["town"]),
        **lines_of(town),
    }
    for name, land in (("land_use", town.land_use), ("land_use.earlier", town.earlier)):
        if land:
            shapes = [box(one.from_m, 0, one.to_m, one.wide_m) for one in land]
            layers[name] = frame(shapes, **{"class": [one.class_ for one in land]})
    if town.people is not None:
        layers["population"] = frame([belt], population=[town.people])
    if town.rows:
        layers |= drawn_rows(town)  # type: ignore[arg-type]
    return layers
