"""A street town with homes and facilities whose circles are counted by hand.

Main Street runs from (0, 0) to (1000, 0); the origin is that of `town.py`. Block, 1000 x 200 m, lies along its north
side. One facility stands on the street at x = 500. Land within a walk of d is the half diamond |x - 500| + y <= d.
"""

from __future__ import annotations

import geopandas as gpd
import shapely
import town

from gis_planning import streets
from gis_planning.conventions.facilities import NONE, facility_kinds


def at(x: float, y: float) -> shapely.Point:
    return shapely.Point(town.EAST + x, town.NORTH + y)


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(town.EAST + x, town.NORTH + y) for x, y in points])


def layers(*, kinds: str | None = None) -> dict[str, gpd.GeoDataFrame]:
    """Return the town's layers; its facility is of every kind unless told otherwise, and there is no other kind."""
    kinds = ";".join(facility_kinds()) if kinds is None else kinds
    facilities = town.frame(at(500, 0), name=["综合点"], kind=[kinds], capacity=[50.0])
    facilities.attrs[NONE] = tuple(set(facility_kinds()) - set(kinds.split(";")))
    return {
        "study_area": town.frame(town.box(0, -100, 1000, 300), name=["建成区"]),
        "residential": town.frame(town.box(0, 0, 1000, 200), name=["街区"], population=[1000]),
        "streets": town.frame(line((0, 0), (1000, 0)), name=["主街"]),
        "facilities": facilities,
    }


def network(table: gpd.GeoDataFrame | None = None, **options: object) -> streets.Streets:
    return streets.build(layers()["streets"] if table is None else table, **options)
