"""Draw towns of streets: one above the other, each along the middle of a band of land, told by metres along it."""

from __future__ import annotations

from typing import Annotated, Any

import geopandas as gpd
import pandas as pd
import shapely
from pydantic import Field

from gis_planning.conventions.facilities import NONE
from gis_planning.measures.towns import CRS, EAST, NORTH, Facts, Span, Town
from gis_planning.measures.towns.redlines import box
from gis_planning.measures.towns.statistics import Row
from gis_planning.measures.towns.statistics import draw as drawn_rows

#: Streets lie this far apart; none of them meets another.
APART_M = 500.0
Metres = Annotated[float, Field(ge=0, le=20_000)]


class Street(Span):
    """A street from one metre to another along its row; `ends` are side streets of 100 m that lead nowhere."""

    from_m: Metres = 0.0
    to_m: Metres
    class_: str | None = Field(default=None, alias="class")
    red_line_m: float | None = None
    ends: int = Field(default=0, ge=0, le=20)


class Site(Facts):
    """A facility with its places."""

    kind: str
    capacity: float | None = None


class Given(Town):
    """Streets, each in a row of its own, and the square from 0 to `square_m` that is the area and the study area.

    `sites` are facilities, `rows` those of the table of statistics.
    """

    streets: list[Street] = Field(default_factory=list)
    square_m: Annotated[float, Field(gt=0, le=20_000)] = 1000.0
    sites: list[Site] = Field(default_factory=list)
    rows: list[Row] = Field(default_factory=list)


def draw(town: Given) -> dict[str, gpd.GeoDataFrame | pd.DataFrame]:
    """Return the layers of a town; every row of streets lies inside the square."""
    lines, rows = [], []
    for at, street in enumerate(town.streets):
        y = (at + 0.5) * min(APART_M, town.square_m / len(town.streets))
        lines.append(shapely.LineString([_spot(street.from_m, y), _spot(street.to_m, y)]))
        rows.append(street)
        for end in range(street.ends):
            x = street.from_m + (end + 1) * (street.to_m - street.from_m) / (street.ends + 1)
            lines.append(shapely.LineString([_spot(x, y), _spot(x, y + 100.0)]))
            rows.append(street)
    area = gpd.GeoDataFrame(geometry=[box(0, 0, town.square_m, town.square_m)], crs=CRS)
    columns: dict[str, list[Any]] = {
        "class": [row.class_ for row in rows],
        "red_line_m": [row.red_line_m for row in rows],
    }
    said = {key: values for key, values in columns.items() if any(value is not None for value in values)}
    layers: dict[str, gpd.GeoDataFrame | pd.DataFrame] = {
        "study_area": area,
        "urban_area": area,
        "streets": gpd.GeoDataFrame(said, geometry=lines, crs=CRS),
    }
    if town.sites:
        spots = [_spot(10.0 * at, 10.0) for at, _ in enumerate(town.sites)]
        columns = {"kind": [one.kind for one in town.sites], "capacity": [one.capacity for one in town.sites]}
        layers["facilities"] = gpd.GeoDataFrame(columns, geometry=spots, crs=CRS).astype({"capacity": float})
        layers["facilities"].attrs[NONE] = ()
    if town.rows:
        layers |= drawn_rows(town)  # type: ignore[arg-type]
    return layers


def _spot(x: float, y: float) -> Any:
    return shapely.Point(EAST + x, NORTH + y)
