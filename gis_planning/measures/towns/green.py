"""Draw towns of parks and homes: every park by itself, with a strip of homes and a street leading straight away."""

from __future__ import annotations

import math
from typing import Annotated, Any

import geopandas as gpd
import shapely
from pydantic import Field

from gis_planning.measures.towns import CRS, EAST, NORTH, Facts, Span, Town

#: Parks lie this far apart, so that none serves the homes of another.
APART_M = 20_000.0
#: Farther than this from its park, homes would come near the next one.
FARTHEST_M = 8_000.0
#: Homes are a strip of this width, as wide as the cells in which walks are measured; the street runs along its middle.
HOMES_WIDE_M = 10.0
#: A park shows the homes an edge at least this long, so that all of a strip is as far away as its middle.
SHORTEST_EDGE_M = 20.0
#: Around everything the study area leaves this much.
MARGIN_M = 100.0

Metres = Annotated[float, Field(ge=0, le=FARTHEST_M)]
SquareMetres = Annotated[float, Field(gt=0, le=10_000_000)]


class Homes(Span):
    """A strip of homes, 10 m wide, from one distance from the park's edge to another: 100 to 300 m are 2 000 m2."""

    from_m: Metres = 0.0
    to_m: Metres


class Park(Facts):
    """A park, far from all others, with its homes.

    `historic` says whether it lies in a historic district; where no park says it, no historic districts are delivered.
    `gate_m` says how much farther than its edge its only gate is, on the street that leads away from it.
    """

    area_m2: SquareMetres
    class_: str | None = Field(default=None, alias="class")
    name: str | None = None
    open: bool | None = None
    historic: bool | None = None
    gate_m: Metres = 0.0
    homes: list[Homes] = Field(default_factory=list)


class Given(Town):
    """Parks with their homes, and `far_homes_m2` of homes far from every park."""

    parks: list[Park] = Field(default_factory=list)
    far_homes_m2: Annotated[float, Field(ge=0, le=FARTHEST_M * HOMES_WIDE_M)] = 0.0


def draw(town: Given) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of a town: parks west of x = 0, one above the other, and their homes east of it."""
    rows = [at * APART_M for at in range(len(town.parks))]
    length = town.far_homes_m2 / HOMES_WIDE_M
    far = [_strip(0.0, length, -APART_M)] if length else []
    homes = [_strip(home.from_m, home.to_m, y) for y, park in zip(rows, town.parks, strict=True) for home in park.homes]
    east = max([length, *(home.to_m for park in town.parks for home in park.homes)]) + MARGIN_M
    ways = [_way(-park.gate_m, east, y) for y, park in zip(rows, town.parks, strict=True)]
    layers = {
        "study_area": _frame([_box(-MARGIN_M, -APART_M - MARGIN_M, east, APART_M * len(rows))], name=["town"]),
        "residential": _frame([*homes, *far]),
        "parks": _parks(town.parks, rows),
        # Somebody walks everywhere; only a gate is missing there.
        "streets": _streets([*ways, _way(0.0, east, -APART_M)]),
        "park_entrances": _frame(
            [shapely.Point(shapely.get_coordinates(way)[0]) for way in ways],
            park_id=[_id(at) if park.gate_m else None for at, park in enumerate(town.parks)],
        ),
    }
    if any(park.historic is not None for park in town.parks):
        inside = [at for at, park in enumerate(town.parks) if park.historic]
        layers["historic_districts"] = _frame(
            [shapely.envelope(layers["parks"].geometry.iloc[at]) for at in inside], name=[_id(at) for at in inside]
        )
    return layers


def _parks(parks: list[Park], rows: list[float]) -> gpd.GeoDataFrame:
    shapes = []
    for park, y in zip(parks, rows, strict=True):
        edge = max(SHORTEST_EDGE_M, math.sqrt(park.area_m2))
        middle = y + HOMES_WIDE_M / 2
        shapes.append(_box(-park.area_m2 / edge, middle - edge / 2, 0.0, middle + edge / 2))
    columns: dict[str, list[Any]] = {
        "name": [park.name for park in parks],
        "class": [park.class_ for park in parks],
        "open": [park.open for park in parks],
        # A gate away from the edge says by its id whose it is.
        "park_id": [_id(at) if park.gate_m else None for at, park in enumerate(parks)],
    }
    # A county that tells no classes delivers no such field.
    return _frame(
        shapes, **{name: values for name, values in columns.items() if any(value is not None for value in values)}
    )


def _streets(lines: list[Any]) -> gpd.GeoDataFrame:
    size = len(lines)
    fields = {"class": "residential", "level": None, "bridge": False, "tunnel": False, "foot": None}
    return _frame(lines, **{name: [value] * size for name, value in fields.items()})


def _id(at: int) -> str:
    return f"P{at + 1}"


def _strip(from_m: float, to_m: float, y: float) -> Any:
    return _box(from_m, y, to_m, y + HOMES_WIDE_M)


def _way(from_m: float, to_m: float, y: float) -> Any:
    middle = NORTH + y + HOMES_WIDE_M / 2
    return shapely.LineString([(EAST + from_m, middle), (EAST + to_m, middle)])


def _box(west: float, south: float, east: float, north: float) -> Any:
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def _frame(shapes: list[Any], **columns: list[Any]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)
