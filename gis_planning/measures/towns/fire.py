"""Draw fire stations, each at the start of a street of its own with a band of land along it."""

from __future__ import annotations

from typing import Annotated, Any

import geopandas as gpd
import shapely
from pydantic import Field

from gis_planning.conventions.facilities import NONE
from gis_planning.measures.towns import CRS, EAST, NORTH, Facts, Town

#: Streets lie this far apart, so that no station serves the land of another street.
APART_M = 5_000.0


class Station(Facts):
    """A facility, and a band of land along its street: from it so far, and so wide. Cars drive 60 km/h."""

    kind: str = "fire_station"
    grade: str | None = None
    long_m: Annotated[float, Field(gt=0, le=60_000)] = 1_000.0
    wide_m: Annotated[float, Field(gt=0, le=4_000)] = 10.0


class Given(Town):
    """Stations; `none_of` are kinds of which the county says that it has none."""

    stations: list[Station] = Field(default_factory=list)
    none_of: list[str] = Field(default_factory=list)


def draw(town: Given) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of a town; the land is homes, town and study area at once."""
    rows = [(at * APART_M, one) for at, one in enumerate(town.stations)]
    bands = [shapely.box(EAST, NORTH + y, EAST + one.long_m, NORTH + y + one.wide_m) for y, one in rows]
    starts = [shapely.Point(EAST, NORTH + y + one.wide_m / 2) for y, one in rows]
    lines = [
        shapely.LineString([start, (start.x + one.long_m, start.y)])
        for start, (_, one) in zip(starts, rows, strict=True)
    ]
    grades = [one.grade for one in town.stations]
    said = {"grade": grades} if any(one is not None for one in grades) else {}
    facilities = _frame(starts, kind=[one.kind for one in town.stations], **said)
    facilities.attrs[NONE] = tuple(town.none_of)
    return {
        "study_area": _frame(bands),
        "urban_area": _frame(bands),
        "residential": _frame(bands),
        "streets": _frame(lines, **{"class": ["primary"] * len(lines)}),
        "facilities": facilities,
    }


def _frame(shapes: list[shapely.Geometry], **columns: Any) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)
