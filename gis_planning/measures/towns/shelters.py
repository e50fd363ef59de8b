"""Draw towns of shelters, each at the start of a street of its own with the people along it."""

from __future__ import annotations

from typing import Annotated, Any

import geopandas as gpd
import pandas as pd
import shapely
from pydantic import Field

from gis_planning.analysis.hazards import hazard_kinds
from gis_planning.conventions import facts
from gis_planning.conventions.facilities import NONE
from gis_planning.measures.towns import CRS, EAST, NORTH, Facts, Town
from gis_planning.measures.towns.redlines import box

APART_M = 10_000.0
#: A parcel of homes is a square of this side.
HOMES_M = 10.0
#: Streets are at least so long.
STREET_M = 100.0

Metres = Annotated[float, Field(ge=0, le=5_000)]


class Homes(Facts):
    """People whose home lies so many metres along the street from the shelter."""

    at_m: Metres
    people: float


class Shelter(Facts):
    """A shelter: land `long_m` by `deep_m` west of the street, or a point where no length is given.

    A flood covers it as far as `flooded_m` from its west, a hazard as far as `hazard_m`, of which `treated` says
    whether that is done.
    """

    long_m: Metres = 0.0
    deep_m: Metres = 10.0
    kind: str | None = None
    capacity: float | None = None
    usable_m2: float | None = None
    area_m2: float | None = None
    slope: float | None = None
    flooded_m: Metres = 0.0
    hazard_m: Metres = 0.0
    treated: str | None = None
    homes: list[Homes] = Field(default_factory=list)


class Given(Town):
    """Shelters with the people along their streets; `none_exist` says that the county has no shelter."""

    shelters: list[Shelter] = Field(default_factory=list)
    none_exist: bool = False
    people_elsewhere: float = 0.0


def draw(town: Given) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of a town; people elsewhere live at the end of a street without a shelter."""
    rows = [(at * APART_M, one) for at, one in enumerate(town.shelters)]
    fields = ("kind", "capacity", "usable_m2", "area_m2", "slope")
    columns = {
        key: pd.Series([getattr(one, key) for _, one in rows], dtype=object if key == "kind" else float)
        for key in fields
    }
    shelters = gpd.GeoDataFrame(columns, geometry=[_land(y, one, one.long_m) for y, one in rows], crs=CRS)
    shelters.attrs[NONE] = tuple(facts("hazards")["shelters"]) if town.none_exist else ()
    struck = [(y, one) for y, one in rows if one.hazard_m]
    hazards = _frame([_land(y, one, one.hazard_m) for y, one in struck])
    hazards["kind"], hazards["treated"] = "landslide", pd.Series([one.treated for _, one in struck], dtype=object)
    hazards.attrs[NONE] = hazard_kinds()
    far = (len(rows) * APART_M, Homes(at_m=50.0, people=town.people_elsewhere))
    homes = [(y, home) for y, one in rows for home in one.homes] + ([far] if town.people_elsewhere else [])
    half = HOMES_M / 2
    parcels = _frame([box(home.at_m - half, y - half, home.at_m + half, y + half) for y, home in homes])
    parcels["population"] = pd.Series([home.people for _, home in homes], dtype=float)
    ends = [max([STREET_M, *(home.at_m + half for home in one.homes)]) for _, one in rows] + [STREET_M]
    starts = [y for y, _ in rows] + [far[0]]
    streets = _frame([_street(y, end) for y, end in zip(starts, ends, strict=True)])
    fixed = {"class": "residential", "level": None, "bridge": False, "tunnel": False, "foot": None}
    return {
        "study_area": _frame([box(-6_000, y - 4_000, 6_000, y + 4_000) for y in starts]),
        "shelters": shelters,
        "hazards": hazards,
        "flood_line": _frame([_land(y, one, one.flooded_m) for y, one in rows if one.flooded_m]),
        "residential": parcels,
        "population": parcels,
        "streets": streets.assign(**fixed),
    }


def _land(y: float, one: Shelter, long_m: float) -> Any:
    """Return the western part of a shelter, so long; a point where that is nothing."""
    if not long_m:
        return shapely.Point(EAST, NORTH + y)
    return box(-one.long_m, y - one.deep_m / 2, -one.long_m + long_m, y + one.deep_m / 2)


def _street(y: float, end: float) -> Any:
    return shapely.LineString([(EAST, NORTH + y), (EAST + end, NORTH + y)])


def _frame(shapes: list[Any]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=shapes, crs=CRS)
