"""Draw towns of services: districts side by side, each with its facilities, its children and what its village says."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

import geopandas as gpd
import pandas as pd
import shapely
from pydantic import Field

from gis_planning.conventions.facilities import NONE
from gis_planning.measures.towns import CRS, EAST, NORTH, Facts, Town
from gis_planning.measures.towns.redlines import box
from gis_planning.measures.towns.statistics import Row
from gis_planning.measures.towns.statistics import draw as drawn_rows

#: Every district is a square of 1 km.
SIDE_M = 1000.0
Said = Literal["tap_water", "gas", "mobile_5g", "bus"]


class Site(Facts):
    """A facility in the middle of its district; `at_m` moves it east, so that two may stand at one place or not."""

    kind: str
    at_m: Annotated[float, Field(ge=0, le=400)] = 0.0
    capacity: float | None = None
    classes: float | None = None
    floor_m2: float | None = None
    land_m2: float | None = None


class District(Facts):
    """A square of 1 km2 with facilities, children, and a village that says what it has and what it lacks."""

    sites: list[Site] = Field(default_factory=list)
    children: float | None = None
    has: list[Said] = Field(default_factory=list)
    lacks: list[Said] = Field(default_factory=list)


class Given(Town):
    """Districts side by side, all of them the study area; `rows` are the table's, `none_of` is what there is not."""

    districts: list[District] = Field(default_factory=list)
    rows: list[Row] = Field(default_factory=list)
    none_of: list[str] = Field(default_factory=list)


def draw(town: Given) -> dict[str, gpd.GeoDataFrame | pd.DataFrame]:
    """Return the layers of a town."""
    squares = [box(at * SIDE_M, 0, (at + 1) * SIDE_M, SIDE_M) for at in range(len(town.districts))]
    names = [f"D{at}" for at in range(1, len(squares) + 1)]
    sites = [(at, site) for at, district in enumerate(town.districts) for site in district.sites]
    columns: dict[str, list[Any]] = {"kind": [site.kind for _, site in sites]}
    for key in ("capacity", "classes", "floor_m2", "land_m2"):
        values = [getattr(site, key) for _, site in sites]
        columns |= {key: values} if any(value is not None for value in values) else {}
    spots = [_spot((at + 0.5) * SIDE_M + site.at_m) for at, site in sites]
    facilities = gpd.GeoDataFrame(columns, geometry=spots, crs=CRS)
    facilities = facilities.astype({key: float for key in columns if key != "kind"})
    facilities.attrs[NONE] = tuple(town.none_of)
    said = {
        key: [True if key in one.has else False if key in one.lacks else None for one in town.districts]
        for key in get_args(Said)
        if any(key in (*one.has, *one.lacks) for one in town.districts)
    }
    layers: dict[str, gpd.GeoDataFrame | pd.DataFrame] = {
        "study_area": gpd.GeoDataFrame(geometry=squares, crs=CRS),
        "urban_area": gpd.GeoDataFrame(geometry=squares, crs=CRS),
        "districts": gpd.GeoDataFrame({"name": names}, geometry=squares, crs=CRS),
        "communities": gpd.GeoDataFrame({"name": names}, geometry=squares, crs=CRS),
        "villages": gpd.GeoDataFrame(
            {"name": names, **{key: pd.Series(values, dtype=object) for key, values in said.items()}},
            geometry=[_spot((at + 0.5) * SIDE_M) for at in range(len(squares))],
            crs=CRS,
        ),
        "facilities": facilities,
    }
    children = [one.children for one in town.districts]
    if any(one is not None for one in children):
        layers["population"] = gpd.GeoDataFrame({"children": children}, geometry=squares, crs=CRS)
    if town.rows:
        layers |= drawn_rows(town)  # type: ignore[arg-type]
    return layers


def _spot(x: float) -> Any:
    return shapely.Point(EAST + x, NORTH + SIDE_M / 2)
