"""Draw fire stations, each at the start of a street of its own with a band of land along it."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any

import geopandas as gpd
import numpy as np
import shapely
from pydantic import Field

from gis_planning.conventions.facilities import NONE
from gis_planning.measures.towns import CRS, EAST, NORTH, Facts, Town

#: Streets lie this far apart, so that no station serves the land of another street.
APART_M = 5_000.0
#: How far from the edge of the land stations stand.
OFF_M = 2.0


class Line(Facts):
    """A barrier or a street across the band, from edge to edge or, where it is short, from one edge to the middle."""

    at_m: Annotated[float, Field(ge=0)]
    kind: str | None = None
    class_: str | None = Field(default=None, alias="class")
    short: bool = False


class Homes(Facts):
    """Homes of 1 m2 beside the street, all at one place."""

    at_m: Annotated[float, Field(ge=0)]
    many: Annotated[int, Field(ge=1)] = 1
    floors: float | None = None


class Station(Facts):
    """A facility, and a band of land along its street: from it so far, and so wide. Cars drive 60 km/h.

    The street is drawn in pieces that meet at `joints_m`. Lines cross the band above the street.
    """

    kind: str = "fire_station"
    grade: str | None = None
    long_m: Annotated[float, Field(gt=0, le=60_000)] = 1_000.0
    wide_m: Annotated[float, Field(gt=0, le=4_000)] = 10.0
    joints_m: list[float] = Field(default_factory=list)
    homes: list[Homes] = Field(default_factory=list)
    lines: list[Line] = Field(default_factory=list)


class Given(Town):
    """Stations; `none_of` are kinds of which the county says that it has none."""

    stations: list[Station] = Field(default_factory=list)
    none_of: list[str] = Field(default_factory=list)


def draw(town: Given) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of a town; the land is homes, town and study area at once."""
    rows = [(at * APART_M, one) for at, one in enumerate(town.stations)]
    bands = [shapely.box(EAST, NORTH + y, EAST + one.long_m, NORTH + y + one.wide_m) for y, one in rows]
    # A station stands a little way off the edge of the land, so that it lies in it.
    starts = [shapely.Point(EAST + OFF_M, NORTH + y + one.wide_m / 2) for y, one in rows]
    pieces = [
        shapely.LineString([(EAST + low, start.y), (EAST + high, start.y)])
        for start, (_, one) in zip(starts, rows, strict=True)
        for low, high in pairwise([0.0, *one.joints_m, one.long_m])
    ]
    across = [(_across(y, one, line), line) for y, one in rows for line in one.lines]
    walls = [(shape, line.kind) for shape, line in across if line.kind is not None]
    roads = [(shape, line.class_) for shape, line in across if line.class_ is not None]
    houses = [
        (_house(y, one, home, at), home.floors) for y, one in rows for home in one.homes for at in range(home.many)
    ]
    grades = [one.grade for one in town.stations]
    said = {"grade": grades} if any(one is not None for one in grades) else {}
    facilities = _frame(starts, kind=[one.kind for one in town.stations], **said)
    facilities.attrs[NONE] = tuple(town.none_of)
    layers = {
        "study_area": _frame(bands),
        "urban_area": _frame(bands),
        "residential": _frame(bands),
        "streets": _frame(
            [*pieces, *(shape for shape, _ in roads)],
            **{"class": [*["primary"] * len(pieces), *(class_ for _, class_ in roads)]},
            # Barriers are crossed on bridges.
            bridge=[bool(walls)] * len(pieces) + [False] * len(roads),
        ),
        "facilities": facilities,
    }
    if houses:
        shapes, floors = zip(*houses, strict=True)
        layers["buildings"] = _frame(list(shapes), use=["居住"] * len(shapes), floors=np.array(floors, dtype=float))
    if walls:
        shapes, kinds = zip(*walls, strict=True)
        layers["barriers"] = _frame(list(shapes), kind=list(kinds))
    return layers


def _across(y: float, station: Station, line: Line) -> shapely.Geometry:
    low, high = NORTH + y, NORTH + y + station.wide_m / (2 if line.short else 1)
    return shapely.LineString([(EAST + line.at_m, low), (EAST + line.at_m, high)])


def _house(y: float, station: Station, homes: Homes, at: int) -> shapely.Geometry:
    """Return a home; those of one place stand side by side across the street."""
    low = NORTH + y + station.wide_m / 2 - 4 + 0.15 * at
    return shapely.box(EAST + homes.at_m, low, EAST + homes.at_m + 1, low + 0.1)


def _frame(shapes: list[shapely.Geometry], **columns: Any) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)
