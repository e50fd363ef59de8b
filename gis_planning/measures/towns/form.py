"""Draw towns by their shape: a square of built-up land with people, houses, squares and parks in a row."""

from __future__ import annotations

import math
from typing import Annotated, Any

import geopandas as gpd
import pandas as pd
from pydantic import Field

from gis_planning.measures.towns import Facts, Town
from gis_planning.measures.towns.redlines import box, frame
from gis_planning.measures.towns.statistics import Row
from gis_planning.measures.towns.statistics import draw as drawn_rows

#: Houses and squares stand this far apart.
GAP_M = 5.0


class House(Facts):
    """A house: its footprint, its floors, and what it is used for."""

    footprint_m2: Annotated[float, Field(gt=0, le=10_000)]
    floors: float | None = None
    use: str = "住宅"


class Green(Facts):
    """A park or a square of a class of CJJ/T 85."""

    area_m2: Annotated[float, Field(gt=0, le=1_000_000)]
    class_: str = Field(alias="class")


class Given(Town):
    """A square of built-up land of `side_m` with people; houses and greens stand in it, one after another."""

    side_m: Annotated[float, Field(gt=0, le=10_000)] = 1000.0
    people: Annotated[float, Field(ge=0, le=10_000_000)] | None = None
    houses: list[House] = Field(default_factory=list)
    greens: list[Green] = Field(default_factory=list)
    rows: list[Row] = Field(default_factory=list)


def draw(town: Given) -> dict[str, gpd.GeoDataFrame | pd.DataFrame]:
    """Return the layers of a town; greens stand north of the houses."""
    square = box(0, 0, town.side_m, town.side_m)
    layers: dict[str, gpd.GeoDataFrame | pd.DataFrame] = {
        name: frame([square]) for name in ("study_area", "urban_area", "built_up_area")
    }
    if town.houses:
        shapes = _in_a_row([house.footprint_m2 for house in town.houses], 0.0)
        floors = pd.Series([house.floors for house in town.houses], dtype=float)
        layers["buildings"] = frame(shapes, floors=floors.tolist(), use=[house.use for house in town.houses])
    if town.greens:
        shapes = _in_a_row([green.area_m2 for green in town.greens], 150.0)
        names = [f"G{at}" for at in range(1, len(shapes) + 1)]
        layers["parks"] = frame(shapes, name=names, **{"class": [green.class_ for green in town.greens]})
    if town.people is not None:
        layers["population"] = frame([square], population=[town.people])
    if town.rows:
        layers |= drawn_rows(town)  # type: ignore[arg-type]
    return layers


def _in_a_row(areas: list[float], north: float) -> list[Any]:
    shapes, west = [], 0.0
    for area in areas:
        side = math.sqrt(area)
        shapes.append(box(west, north, west + side, north + side))
        west += side + GAP_M
    return shapes
