"""Draw a county along one road: the seat at its start, facilities and villages told by minutes along it."""

from __future__ import annotations

from typing import Annotated, Any

import geopandas as gpd
import shapely
from pydantic import Field

from gis_planning.conventions.facilities import NONE
from gis_planning.measures.towns import CRS, EAST, NORTH, Facts, Town

#: Cars drive 60 km/h on a road of class primary: a minute is 1 000 m.
MINUTE_M = 1_000.0
Minutes = Annotated[float, Field(ge=0, le=200)]
Off = Annotated[float, Field(ge=0, le=5_000)]


class Place(Facts):
    """A place so many minutes along the road, and so many metres to its side."""

    minutes: Minutes
    off_m: Off = 0.0


class Site(Place):
    """A facility."""

    kind: str


class Village(Place):
    """A village, with its people where they are counted."""

    people: Annotated[float, Field(ge=0, le=1_000_000)] | None = None


class Given(Town):
    """A road of a class, `road_min` long, and what lies along it; `seat_off_m` is how far the seat is from its start.

    `none_of` are kinds of which the county says that it has none.
    """

    road: str = "primary"
    road_min: Annotated[float, Field(gt=0, le=200)] = 100.0
    seat_off_m: Off = 0.0
    sites: list[Site] = Field(default_factory=list)
    villages: list[Village] = Field(default_factory=list)
    none_of: list[str] = Field(default_factory=list)


def draw(town: Given) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of a county."""
    road = shapely.LineString([_spot(0, 0), _spot(town.road_min, 0)])
    facilities = _frame([_spot(one.minutes, one.off_m) for one in town.sites], kind=[one.kind for one in town.sites])
    facilities.attrs[NONE] = tuple(town.none_of)
    people = [one.people for one in town.villages]
    counted = {"population": people} if any(one is not None for one in people) else {}
    return {
        "study_area": _frame([road.buffer(6_000)]),
        "seat": _frame([_spot(0, town.seat_off_m)]),
        "streets": _frame([road], **{"class": [town.road or None]}),
        "facilities": facilities,
        "villages": _frame([_spot(one.minutes, one.off_m) for one in town.villages], **counted),
    }


def _spot(minutes: float, off_m: float) -> shapely.Point:
    return shapely.Point(EAST + minutes * MINUTE_M, NORTH + off_m)


def _frame(shapes: list[shapely.Geometry], **columns: Any) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)
