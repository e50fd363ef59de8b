"""A small town of streets whose answers are counted by hand.

Lengths in metres; one character is 50 m wide, one line 100 m high, except around the island. The origin is that of
`town.py`::

    y= 400        +-----+            back lane from (300, 400) by (600, 400) to (600, 300)
                  |     |
    y= 300        |     +
                  |     |
    y= 200        |     |
                  |     |
    y= 100        |     +---#        north lane (600..800, 100); # footbridge at x = 800, level 1, y -100..100
             i    |     |   #        i  factory road (50, 50..70): not joined to anything
    y=   0  -+----+-----+---#---+    main street (0..1000, 0), drawn without vertices between its ends
                        |   #
    y=-100              +---#        south lane (600..800, -100)
                        |
    y=-200              +            cross street (600, -200..300), drawn without vertices between its ends
           x=0   300   600 800 1000

    edges   main street   0..300, 300..600, 600..1000 (the footbridge is above it)                    3
            north street  (300, 0..400)                                                               1
            cross street  -200..-100, -100..0, 0..100, 100..300                                       4
            back lane, north lane, south lane, footbridge, factory road                               5    -> 13
    nodes   main street 4, north end of north street 1, cross street 4 more, footbridge 2, factory road 2    -> 13
    metres  1000 + 400 + 500 + 400 + 200 + 200 + 200 + 20 = 2920; factory road 20, under 1 % of it
"""

from __future__ import annotations

import geopandas as gpd
import shapely

CRS = "EPSG:4526"
EAST, NORTH = 38_500_000.0, 4_580_000.0

ROWS = {
    "main street": ([(0, 0), (1000, 0)], {}),
    "north street": ([(300, 0), (300, 400)], {}),
    "cross street": ([(600, -200), (600, 300)], {}),
    "back lane": ([(300, 400), (600, 400), (600, 300)], {}),
    "north lane": ([(600, 100), (800, 100)], {}),
    "south lane": ([(800, -100), (600, -100)], {}),
    "footbridge": ([(800, -100), (800, 100)], {"level": 1, "bridge": True}),
    "factory road": ([(50, 50), (50, 70)], {}),
}


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(EAST + x, NORTH + y) for x, y in points])


def table(rows: dict[str, tuple[list, dict]]) -> gpd.GeoDataFrame:
    """Return a streets layer from names, points and fields."""
    empty = {"class": "residential", "level": None, "bridge": False, "tunnel": False, "foot": None}
    fields = [empty | {"name": name} | more for name, (_, more) in rows.items()]
    columns = {name: [one[name] for one in fields] for name in fields[0]}
    return gpd.GeoDataFrame(columns, geometry=[line(*points) for points, _ in rows.values()], crs=CRS)


def streets(**more: tuple[list, dict]) -> gpd.GeoDataFrame:
    """Return the town's streets, with more or other ones under their names."""
    return table(ROWS | {name.replace("_", " "): row for name, row in more.items()})


def places(*points: tuple[float, float]) -> gpd.GeoSeries:
    return gpd.GeoSeries([shapely.Point(EAST + x, NORTH + y) for x, y in points], crs=CRS)


def barriers(*geometries: shapely.Geometry) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"kind": ["wall"] * len(geometries)}, geometry=list(geometries), crs=CRS)
