"""Draw towns of facilities, each at the start of a street of its own with the homes and villages along it."""

from __future__ import annotations

import difflib
from typing import Annotated, Any

import geopandas as gpd
import shapely
from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from gis_planning.conventions.facilities import NONE, facility_kinds
from gis_planning.measures.towns import CRS, EAST, NORTH, Facts, Span, Town

#: Streets lie this far apart, so that no facility serves the homes of another street.
APART_M = 5_000.0
#: No home is farther from its facility, no village as many minutes, no street longer.
FARTHEST_M, FARTHEST_MIN, LONGEST_M = 4_000.0, 60.0, 60_000.0
#: Homes are a strip of this width along the middle of the street, as wide as the cells in which land is measured.
HOMES_WIDE_M = 10.0
#: The study area is a band of this width along every street, as wide as the cells in which drives are measured.
BAND_WIDE_M = 50.0
#: A street is at least this long; the study area is as long as the street.
SHORTEST_M = 100.0
#: Cars drive 60 km/h on a street of this class: a minute is 1 000 m.
STREET, MINUTE_M = "primary", 1_000.0

Metres = Annotated[float, Field(ge=0, le=FARTHEST_M)]
People = Annotated[float, Field(ge=0, le=1_000_000)]


def _known(kinds: list[str]) -> list[str]:
    if unknown := [kind for kind in kinds if kind not in facility_kinds()]:
        known = ", ".join(difflib.get_close_matches(unknown[0], facility_kinds(), cutoff=0.4) or facility_kinds())
        raise PydanticCustomError("kind", "{kind} != {known}", {"kind": unknown[0], "known": known})
    return kinds


class Homes(Span):
    """A strip of homes, 10 m wide, from one distance from the facility to another: 100 to 300 m are 2 000 m2."""

    from_m: Metres = 0.0
    to_m: Metres
    people: People | None = None


class Village(Facts):
    """A village on the street, some minutes by car from the facility: a minute is 1 000 m."""

    minutes: Annotated[float, Field(ge=0, le=FARTHEST_MIN)]
    people: People | None = None


class Facility(Facts):
    """A facility at the start of a street, far from all others, with the homes and villages along it.

    `kind` is one of the closed list, or several separated by `;`. `street_m` says how long the street is where no home
    and no village is as far away.
    """

    kind: str
    tier: Annotated[float, Field(gt=0, le=60)] | None = None
    capacity: Annotated[float, Field(ge=0, le=1_000_000)] | None = None
    homes: list[Homes] = Field(default_factory=list)
    villages: list[Village] = Field(default_factory=list)
    street_m: Annotated[float, Field(ge=SHORTEST_M, le=LONGEST_M)] = SHORTEST_M

    @field_validator("kind")
    @classmethod
    def _kinds(cls, value: str) -> str:
        return ";".join(_known(value.split(";")))

    @property
    def length_m(self) -> float:
        """Return how long the street is."""
        ends = [*(home.to_m for home in self.homes), *(village.minutes * MINUTE_M for village in self.villages)]
        return max([self.street_m, *ends])


class Given(Town):
    """Facilities with their streets, `everywhere` what stands amid all homes, `none_of` what the county says it lacks.

    Of what stands everywhere, the homes of a facility have nothing of its kind: that is where the facility is. The
    study area is a band along every street, 50 m wide.
    """

    facilities: list[Facility] = Field(default_factory=list)
    everywhere: list[str] = Field(default_factory=list)
    none_of: list[str] = Field(default_factory=list)

    @field_validator("everywhere", "none_of")
    @classmethod
    def _kinds(cls, value: list[str]) -> list[str]:
        return _known(value)


def draw(town: Given) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of a town: facilities at x = 0, one above the other, their streets leading east."""
    rows = [at * APART_M for at in range(len(town.facilities))]
    streets = list(zip(rows, town.facilities, strict=True))
    homes = [(y, home) for y, facility in streets for home in facility.homes]
    villages = [(y, village) for y, facility in streets for village in facility.villages]
    ends = [facility.length_m for facility in town.facilities]
    land = _frame([_band(one.from_m, one.to_m, y, HOMES_WIDE_M) for y, one in homes], **_people(homes))
    fields = {"class": STREET, "level": None, "bridge": False, "tunnel": False, "foot": None}
    return {
        "study_area": _frame([_band(0.0, end, y, BAND_WIDE_M) for y, end in zip(rows, ends, strict=True)]),
        "residential": land,
        # Clauses that ask for reach of built land and not of homes find the same land.
        "urban_area": land,
        "villages": _frame([_spot(one.minutes * MINUTE_M, y) for y, one in villages], **_people(villages)),
        "facilities": _facilities(town, streets),
        "streets": _frame(
            [shapely.LineString([_spot(0.0, y), _spot(end, y)]) for y, end in zip(rows, ends, strict=True)],
            **{name: [value] * len(rows) for name, value in fields.items()},
        ),
    }


def _facilities(town: Given, streets: list[tuple[float, Facility]]) -> gpd.GeoDataFrame:
    spots = [(_spot(0.0, y), facility.kind, facility.tier, facility.capacity) for y, facility in streets]
    for y, facility in streets:
        around = ";".join(one for one in town.everywhere if one not in facility.kind.split(";"))
        spots += [(_spot((home.from_m + home.to_m) / 2, y), around, None, None) for home in facility.homes if around]
    columns: dict[str, list[Any]] = {
        "kind": [kind for _, kind, _, _ in spots],
        "tier": [tier for _, _, tier, _ in spots],
        "capacity": [capacity for _, _, _, capacity in spots],
    }
    found = _frame([spot for spot, _, _, _ in spots], **columns)
    found = found.astype({"tier": float, "capacity": float})
    found.attrs[NONE] = tuple(town.none_of)
    return found


def _people(places: list[tuple[float, Any]]) -> dict[str, list[float | None]]:
    # A county that counted nobody delivers no such field.
    counts = [one.people for _, one in places]
    return {"population": counts} if any(count is not None for count in counts) else {}


def _spot(x: float, y: float) -> Any:
    return shapely.Point(EAST + x, NORTH + y + BAND_WIDE_M / 2)


def _band(from_m: float, to_m: float, y: float, wide_m: float) -> Any:
    middle = NORTH + y + BAND_WIDE_M / 2
    return shapely.box(EAST + from_m, middle - wide_m / 2, EAST + to_m, middle + wide_m / 2)


def _frame(shapes: list[Any], **columns: list[Any]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)
