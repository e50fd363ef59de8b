"""Draw towns of control lines and projects: all of it on one belt of land that runs east, told by metres along it."""

from __future__ import annotations

from typing import Annotated, Any

import geopandas as gpd
import shapely
from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from gis_planning.conventions import kinds
from gis_planning.measures.towns import CRS, EAST, NORTH, Span, Town, among

#: On the central meridian land is as large on the ellipsoid as on the plane; so far from it, by 2e-7.
FARTHEST_M = 5_000.0
#: How wide land is where nothing is said: a metre of the belt is 10 m2.
WIDE_M = 10.0
#: Around everything the study area leaves this much.
MARGIN_M = 100.0

Metres = Annotated[float, Field(ge=0, le=FARTHEST_M)]


class Stretch(Span):
    """Land from one metre of the belt to another, `wide_m` from its southern edge: 100 to 300 m are 2,000 m2."""

    from_m: Metres = 0.0
    to_m: Metres
    wide_m: Annotated[float, Field(gt=0, le=1_000)] = WIDE_M


class Line(Stretch):
    """A polygon of a control line; `layer` says of which: one everybody has, or the county's own that is measured."""

    layer: str
    name: str | None = None
    zone: str | None = None
    core: bool | None = None

    @field_validator("layer")
    @classmethod
    def _line(cls, name: str, about: ValidationInfo) -> str:
        return among([name], control_lines(), about)[0]


class Land(Stretch):
    """Land of one class today."""

    class_: str | None = Field(default=None, alias="class")


class Project(Stretch):
    """The parcel of a project, and what it does there: a word of conventions/activities.toml, or any other."""

    activity: str | None = None


class Lines(Town):
    """Control lines; `none_exist` names those of which the county says that it has none."""

    lines: list[Line] = Field(default_factory=list)
    none_exist: list[str] = Field(default_factory=list)

    @field_validator("none_exist")
    @classmethod
    def _none(cls, names: list[str], about: ValidationInfo) -> list[str]:
        return among(names, control_lines(), about)

    @model_validator(mode="after")
    def _none_is_none(self) -> Lines:
        if both := sorted({line.layer for line in self.lines} & set(self.none_exist)):
            raise PydanticCustomError("none_exist", "none_exist: {name}", {"name": both[0]})
        return self


class Given(Lines):
    """Control lines, projects, and the land use of today.

    The study area, for which all lines are complete, ends at `county_to_m`; where nothing is said it holds everything.
    """

    projects: list[Project] = Field(default_factory=list)
    land_use: list[Land] = Field(default_factory=list)
    county_to_m: Annotated[float, Field(gt=0, le=FARTHEST_M)] | None = None


def draw(town: Given) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of a town; a layer of which nothing is said is not delivered."""
    drawn: list[Stretch] = [*town.lines, *town.projects, *town.land_use]
    end = max((one.to_m for one in drawn), default=0.0) + MARGIN_M if town.county_to_m is None else town.county_to_m
    whole = box(-MARGIN_M, -MARGIN_M, end, max((one.wide_m for one in drawn), default=0.0) + MARGIN_M)
    layers = {"study_area": frame([whole], name=["town"]), **lines_of(town)}
    if town.land_use:
        layers["land_use"] = frame(_shapes(town.land_use), **{"class": [one.class_ for one in town.land_use]})
    if town.projects:
        layers["projects"] = frame(
            _shapes(town.projects),
            id=[f"P{at}" for at in range(1, len(town.projects) + 1)],
            activity=[project.activity for project in town.projects],
        )
    return layers


def control_lines() -> list[str]:
    """Return the control lines everybody has, by their kind."""
    return [name for name, kind in kinds().items() if kind.control and name != "control_line"]


def lines_of(town: Lines) -> dict[str, gpd.GeoDataFrame]:
    """Return the control lines of a town; fields that no polygon of a line says are not delivered."""
    layers = {name: frame([], name=[]) for name in town.none_exist}
    for layer in dict.fromkeys(line.layer for line in town.lines):
        own = [line for line in town.lines if line.layer == layer]
        columns: dict[str, list[Any]] = {key: [getattr(one, key) for one in own] for key in ("name", "zone", "core")}
        said = {key: values for key, values in columns.items() if any(value is not None for value in values)}
        layers[layer] = frame(_shapes(own), **said)
    return layers


def box(west: float, south: float, east: float, north: float) -> Any:
    """Return a rectangle, in metres from the corner of the town."""
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def frame(shapes: list[Any], **columns: list[Any]) -> gpd.GeoDataFrame:
    """Return a layer."""
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def _shapes(stretches: list[Any]) -> list[Any]:
    return [box(stretch.from_m, 0.0, stretch.to_m, stretch.wide_m) for stretch in stretches]
