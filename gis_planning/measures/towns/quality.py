"""Draw delivered tables: features with the outlines and the values that a case states, and nothing else."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from pydantic import AfterValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from gis_planning import geo
from gis_planning.conventions import kinds
from gis_planning.conventions.structures import structures
from gis_planning.county.raw import Raw
from gis_planning.errors import CrsError
from gis_planning.formats.read.declared import Declared, Type
from gis_planning.measures.towns import CRS, EAST, NORTH, Facts, Town

#: A column of deductions, which all structures with a net area call so.
DEDUCTED = "KCMJ"


def _known(name: str) -> str:
    if name not in structures():
        raise ValueError(", ".join(_near(name, structures())))
    return name


def _crs(name: str) -> str:
    try:
        geo.parse_crs(name, source="given")
    except CrsError as fault:
        raise ValueError(str(fault)) from None
    return name


def _near(name: str, known: Iterable[str]) -> list[str]:
    known = list(known)
    return difflib.get_close_matches(name, known, cutoff=0.4) or known


Spot = Annotated[list[float], Field(min_length=2, max_length=2)]
Box = Annotated[list[float], Field(min_length=4, max_length=4)]
Corners = Annotated[list[Spot], Field(min_length=2)]


class Feature(Facts):
    """A feature; coordinates are metres east and north of a corner of the town.

    It is drawn as `boxes` (west, south, east, north; several are one feature of several parts), as `rings` (the outline
    and then the holes; the first corner is not repeated) or as a `line`; else it has no geometry. `fields` are its
    values; `states_m2`, `net_m2` and `deducted_m2` stand in the columns in which its table states them. A `curved` one
    was drawn with arcs.
    """

    boxes: list[Box] = Field(default_factory=list)
    rings: list[Corners] = Field(default_factory=list)
    line: Corners | None = None
    curved: bool = False
    fields: dict[str, str | int | float] = Field(default_factory=dict)
    states_m2: float | None = None
    net_m2: float | None = None
    deducted_m2: float | None = None


class Table(Facts):
    """A delivered table: the layer it is, the standard's name of it, its CRS and its features.

    With `standard` it has every column of its structure, as that declares them; `without` names those it lacks, and
    `widths` and `types` say what it declares otherwise.
    """

    layer: str
    name: Annotated[str, AfterValidator(_known)] = "DLTB"
    crs: Annotated[str, AfterValidator(_crs)] = CRS
    features: list[Feature] = Field(default_factory=list)
    standard: bool = False
    without: list[str] = Field(default_factory=list)
    widths: dict[str, int] = Field(default_factory=dict)
    types: dict[str, Type] = Field(default_factory=dict)

    @field_validator("layer")
    @classmethod
    def _layer(cls, name: str) -> str:
        if name not in kinds():
            raise ValueError(", ".join(_near(name, kinds())))
        return name

    @model_validator(mode="after")
    def _columns(self) -> Table:
        known = [column.name for column in structures()[self.name].columns]
        for name in (*self.without, *self.widths, *self.types):
            if name not in known or not self.standard:
                raise PydanticCustomError("column", "{name} != {near}", {"name": name, "near": ", ".join(known)})
        return self


class Given(Town):
    """Delivered tables, and the `county_code` that county.toml states."""

    tables: list[Table] = Field(default_factory=list)
    county_code: str | None = None

    @field_validator("tables")
    @classmethod
    def _once(cls, tables: list[Table]) -> list[Table]:
        layers = [table.layer for table in tables]
        if twice := [layer for layer in layers if layers.count(layer) > 1]:
            raise PydanticCustomError("twice", "{layer}, {layer}", {"layer": twice[0]})
        return tables


def draw(town: Given) -> dict[str, Raw]:
    """Return the tables of a town, by their layer."""
    return {table.layer: _delivered(table, town.county_code) for table in town.tables}


def _delivered(table: Table, county_code: str | None) -> Raw:
    own = structures()[table.name]
    rows = [_row(feature, own.area, own.net) for feature in table.features]
    declared = {
        column.name: Declared(table.types.get(column.name, column.type), table.widths.get(column.name, column.length))
        for column in own.columns
        if table.standard and column.name not in table.without
    }
    names = dict.fromkeys([*declared, *(name for row in rows for name in row)])
    columns = {name: np.array([*(row.get(name) for row in rows), None], dtype=object)[:-1] for name in names}
    frame = gpd.GeoDataFrame(columns, geometry=[_shape(feature) for feature in table.features], crs=CRS).to_crs(
        table.crs
    )
    curved = {at: one.area for at, one in enumerate(frame.geometry) if table.features[at].curved}
    working, crs = pyproj.CRS(CRS), pyproj.CRS(table.crs)
    return Raw(table.layer, frame, crs, working, Path(table.name), table.name, county_code, curved, declared)


def _row(feature: Feature, area: str | None, net: str | None) -> dict[str, Any]:
    stated = {area: feature.states_m2, net: feature.net_m2, DEDUCTED: feature.deducted_m2}
    return {**feature.fields, **{name: value for name, value in stated.items() if name and value is not None}}


def _shape(feature: Feature) -> Any:
    if feature.rings:
        shell, *holes = ([_spot(one) for one in ring] for ring in feature.rings)
        return shapely.Polygon(shell, holes)
    if feature.line:
        return shapely.LineString([_spot(one) for one in feature.line])
    boxes = [shapely.box(*_spot(box[:2]), *_spot(box[2:])) for box in feature.boxes]
    return shapely.MultiPolygon(boxes) if len(boxes) > 1 else boxes[0] if boxes else None


def _spot(place: list[float]) -> tuple[float, float]:
    return EAST + place[0], NORTH + place[1]
