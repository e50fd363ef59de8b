"""Draw towns of pipes, streets and hydrants, in metres east and north of the south-western corner of a square."""

from __future__ import annotations

from typing import Annotated, Any

import geopandas as gpd
import pandas as pd
import shapely
from pydantic import Field

from gis_planning.measures.towns import CRS, EAST, NORTH, Facts, Town
from gis_planning.measures.towns.redlines import box

Metres = Annotated[float, Field(ge=-20_000, le=20_000)]
Spot = Annotated[list[Metres], Field(min_length=2, max_length=2)]
Line = Annotated[list[Spot], Field(min_length=2, max_length=20)]
#: The fields of pipes that are numbers.
NUMBERS = ("level_in", "level_out", "diameter_mm")
#: How wide and deep a house is; it stands north and east of its spot.
HOUSE_M = 10.0


class Pipe(Facts):
    """A pipe by its corners, and what a survey says of it."""

    line: Line
    kind: str | None = None
    year: str | None = None
    renewed: str | None = None
    material: str | None = None
    diameter_mm: float | None = None
    level_in: float | None = None
    level_out: float | None = None
    flow: str | None = None


class Street(Facts):
    """A street by its corners."""

    line: Line
    class_: str | None = Field(default=None, alias="class")
    bridge: bool | None = None


class House(Facts):
    """A building of 100 m2 whose south-western corner is at a spot."""

    at: Spot
    use: str = "居住"
    dwellings: float | None = None


class Hydrant(Facts):
    """A hydrant, and whether it works."""

    at: Spot
    works: bool | None = None


class Land(Facts):
    """A rectangle of land of a class, by two corners."""

    line: Line
    class_: str = Field(alias="class")


class Given(Town):
    """Pipes and what lies beside them; the square from 0 to `square_m` is the area, surveyed `beyond_m` beyond it.

    `villages` are points.
    """

    pipes: list[Pipe] = Field(default_factory=list)
    streets: list[Street] = Field(default_factory=list)
    houses: list[House] = Field(default_factory=list)
    hydrants: list[Hydrant] = Field(default_factory=list)
    villages: list[Spot] = Field(default_factory=list)
    land: list[Land] = Field(default_factory=list)
    square_m: Annotated[float, Field(gt=0, le=20_000)] = 1000.0
    beyond_m: Annotated[float, Field(ge=0, le=20_000)] = 2000.0


def draw(town: Given) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of a town."""
    size, more = town.square_m, town.beyond_m
    area = gpd.GeoDataFrame(geometry=[box(0, 0, size, size)], crs=CRS)
    surveyed = gpd.GeoDataFrame(geometry=[box(-more, -more, size + more, size + more)], crs=CRS)
    numbers = {name: [getattr(pipe, name) for pipe in town.pipes] for name in NUMBERS}
    texts = ("kind", "year", "renewed", "material", "flow")
    return {
        "study_area": surveyed,
        "urban_area": area,
        "built_up_area": area,
        "pipes": _frame(
            [_line(pipe.line) for pipe in town.pipes],
            {name: pd.Series(values, dtype=float) for name, values in numbers.items()},
            **{name: [getattr(pipe, name) for pipe in town.pipes] for name in texts},
        ),
        "streets": _frame(
            [_line(street.line) for street in town.streets],
            {},
            bridge=[one.bridge for one in town.streets],
            **{"class": [one.class_ for one in town.streets]},
        ),
        "buildings": _frame(
            [_house(*house.at) for house in town.houses],
            {"dwellings": pd.Series([house.dwellings for house in town.houses], dtype=float)},
            use=[house.use for house in town.houses],
        ),
        "hydrants": _frame([_point(one.at) for one in town.hydrants], {}, works=[one.works for one in town.hydrants]),
        "villages": _frame([_point(spot) for spot in town.villages], {}),
        "land_use": _frame(
            [box(*one.line[0], *one.line[1]) for one in town.land], {}, **{"class": [one.class_ for one in town.land]}
        ),
    }


def _frame(shapes: list[Any], numbers: dict[str, pd.Series], **words: list[Any]) -> gpd.GeoDataFrame:
    columns = {name: pd.Series(values, dtype=object) for name, values in words.items()}
    return gpd.GeoDataFrame(columns | numbers, geometry=shapes, crs=CRS)


def _house(x: float, y: float) -> shapely.Geometry:
    return box(x, y, x + HOUSE_M, y + HOUSE_M)


def _line(line: list[list[float]]) -> shapely.LineString:
    return shapely.LineString([_point(spot) for spot in line])


def _point(spot: list[float]) -> shapely.Point:
    return shapely.Point(EAST + spot[0], NORTH + spot[1])
