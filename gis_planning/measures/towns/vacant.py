"""Draw towns of vacant land: the registers of approved but unsupplied and of idle land, parcel by parcel."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from gis_planning.measures.towns import Facts, Town
from gis_planning.measures.towns.redlines import box, frame

if TYPE_CHECKING:
    import geopandas as gpd

#: Between parcels this much is left.
GAP_M = 10.0


class Parcel(Facts):
    """A parcel of a register, apart from all others: its area, since when, and what became of it, as registers write.

    `again` says that it stands in the register once more, drawn on the same land.
    """

    area_m2: Annotated[float, Field(gt=0, le=10_000_000)]
    since: str | None = None
    status: str | None = None
    again: bool = False


class Given(Town):
    """The registers; one without a parcel says that there is no such land, one left out is not delivered."""

    approved_unsupplied: list[Parcel] | None = None
    idle_land: list[Parcel] | None = None


def draw(town: Given) -> dict[str, gpd.GeoDataFrame]:
    """Return the registers of a town: squares on the central meridian, where areas are the same on the ellipsoid."""
    registers = {"approved_unsupplied": town.approved_unsupplied, "idle_land": town.idle_land}
    return {name: _register(parcels) for name, parcels in registers.items() if parcels is not None}


def _register(parcels: list[Parcel]) -> gpd.GeoDataFrame:
    rows: list[Parcel] = []
    shapes: list[Any] = []
    south = 0.0
    for parcel in parcels:
        side = math.sqrt(parcel.area_m2)
        times = 1 + parcel.again
        rows += [parcel] * times
        shapes += [box(-side / 2, south, side / 2, south + side)] * times
        south += side + GAP_M
    columns = {key: [getattr(row, key) for row in rows] for key in ("since", "status")}
    # A register that tells no dates has no such field.
    said = {key: values for key, values in columns.items() if any(value is not None for value in values)}
    return frame(shapes, **said)
