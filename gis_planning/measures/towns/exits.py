"""Draw a town along one main road: the seat in its middle, side streets with homes, and the edge of the town."""

from __future__ import annotations

from typing import Annotated, Any

import geopandas as gpd
import shapely
from pydantic import Field

from gis_planning.measures.towns import CRS, EAST, NORTH, Facts, Town
from gis_planning.measures.towns.redlines import box

Along = Annotated[float, Field(ge=-20_000, le=20_000)]
#: How wide and deep a home is; side streets have them at their end, one beside the other.
HOME_M = 10.0


class Lane(Facts):
    """A side street north from a spot of the main road; it ends, or comes back to the main road at `back_m`."""

    at_m: Along
    back_m: Along | None = None
    long_m: Annotated[float, Field(gt=0, le=20_000)] = 300.0
    homes: Annotated[int, Field(ge=0, le=200)] = 0


class Given(Town):
    """A main road from west to east, the seat at 0 and `off_m` to its side, the town from -`town_m` to `town_m`.

    `villages` stand on the main road.
    """

    west_m: Along = -5_000.0
    east_m: Along = 5_000.0
    town_m: Annotated[float, Field(gt=0, le=10_000)] = 1_000.0
    off_m: Annotated[float, Field(ge=0, le=5_000)] = 0.0
    lanes: list[Lane] = Field(default_factory=list)
    villages: list[Along] = Field(default_factory=list)


def draw(town: Given) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of a town; cars drive 60 km/h everywhere."""
    lines = [shapely.LineString([_spot(town.west_m, 0), _spot(town.east_m, 0)])]
    homes = []
    for lane in town.lanes:
        spots = [_spot(lane.at_m, 0), _spot(lane.at_m, lane.long_m)]
        if lane.back_m is not None:
            spots += [_spot(lane.back_m, lane.long_m), _spot(lane.back_m, 0)]
        lines.append(shapely.LineString(spots))
        # In two rows beside the end of the lane, within reach of nothing else.
        for at in range(lane.homes):
            west = lane.at_m + (10.0 if at % 2 else -10.0 - HOME_M)
            south = lane.long_m - (at // 2 + 1) * lane.long_m / (2 * lane.homes)
            homes.append(box(west, south, west + HOME_M, south + min(HOME_M, lane.long_m / (4 * lane.homes))))
    far = max(abs(town.west_m), abs(town.east_m), 3 * town.town_m) + 500.0
    return {
        "study_area": _frame([box(-far, -far, far, far)]),
        "urban_area": _frame([box(-town.town_m, -town.town_m, town.town_m, town.town_m)]),
        "seat": _frame([_spot(0, -town.off_m)]),
        "streets": _frame(lines, **{"class": ["primary"] * len(lines)}),
        "residential": _frame(homes),
        "villages": _frame([_spot(at, 0) for at in town.villages]),
    }


def _spot(x: float, y: float) -> shapely.Point:
    return shapely.Point(EAST + x, NORTH + y)


def _frame(shapes: list[shapely.Geometry], **columns: Any) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)
