"""Hold the shapes of a county that is counted by hand, as tables that an office would export.

A grid of 8 columns and 5 rows, 1200 m apart, its origin at easting 38 500 000, northing 4 580 000 of zone 38
(EPSG:4526), numbered column by column. At (i, j), in metres from the grid point::

    residential   a block of 100 x 100 from (100, 100), in all 40 places
    parks         80 x 80 from (260, 100), in the columns 0 to 6: 35 of them, 60 m from their own block
    farmland      100 x 100 from (500, 500), in the columns 0 and 1: 10
    redline       100 x 100 from (500, 500), in column 2: 5
    boundary      200 x 200 from (450, 450), in the columns 3 to 7: 25
    projects      40 x 40 from (520, 520), in the columns 0 to 3: 20
    streets       along every row and every column, at 90 from the grid point: 13
    facilities    a primary school at (150, 95), in the columns 0 to 6: 35

A park of 6400 m2 serves 500 m, so it serves its own block and no other: 35 of 40 blocks, 0.875 of the land, and every
park that is lost costs 1/40. A project lies in one farmland, one redline or one piece of the boundary.
"""

from __future__ import annotations

from itertools import product

import geopandas as gpd
import pandas as pd
import shapely

CRS = "EPSG:4526"
EAST, NORTH = 38_500_000.0, 4_580_000.0
COLUMNS, ROWS, STEP = 8, 5, 1200
SERVED = 35 / 40
#: What becomes of the 20 projects: in farmland or redline 15; the rest are not judged by lines that are not delivered.
PROJECTS = {"fail": 15, "not-assessed": 5}
#: The tables an office exports again: with rows taken away, rows put in, or all the other way round.
EXPORTS = ("whole", "fewer", "more", "other")


def box(x0: float, y0: float, x1: float, y1: float) -> shapely.Polygon:
    """Return a rectangle, in metres from the origin."""
    return shapely.box(EAST + x0, NORTH + y0, EAST + x1, NORTH + y1)


def grid(columns: range, at: float, size: float, at_y: float | None = None) -> list[shapely.Polygon]:
    """Return a square in every place of some columns."""
    up = at if at_y is None else at_y
    return [
        box(STEP * i + at, STEP * j + up, STEP * i + at + size, STEP * j + up + size)
        for i, j in product(columns, range(ROWS))
    ]


def table(shapes: list[shapely.Geometry], **columns: list[object]) -> gpd.GeoDataFrame:
    """Return a table of shapes in the county's CRS."""
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def named(word: str, shapes: list[shapely.Geometry], **columns: list[object]) -> gpd.GeoDataFrame:
    """Return a table whose rows have names of different lengths, as names have."""
    names = [f"{word}{'东西南北中'[at % 5] * (1 + at % 3)}{at + 1}" for at in range(len(shapes))]
    return table(shapes, name=names, **columns)


def lines() -> list[shapely.LineString]:
    """Return the streets, drawn without vertices between their ends."""
    ends = [((0, STEP * j + 90), (STEP * COLUMNS, STEP * j + 90)) for j in range(ROWS)]
    ends += [((STEP * i + 90, 0), (STEP * i + 90, STEP * ROWS)) for i in range(COLUMNS)]
    return [shapely.LineString([(EAST + x, NORTH + y) for x, y in pair]) for pair in ends]


def whole() -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of the county by kind."""
    parks = grid(range(7), 260, 80, 100)
    projects = grid(range(4), 520, 40)
    schools = [shapely.Point(EAST + STEP * i + 150, NORTH + STEP * j + 95) for i, j in product(range(7), range(ROWS))]
    width, height = STEP * COLUMNS, STEP * ROWS
    return {
        "study_area": named("城区", [box(0, 0, width, height)]),
        "districts": named("街道", [box(0, 0, width / 2, height), box(width / 2, 0, width, height)]),
        "residential": named("小区", grid(range(COLUMNS), 100, 100)),
        "parks": named("公园", parks, **{"class": ["G11"] * len(parks), "open": ["是"] * len(parks)}),
        "permanent_farmland": named("基本农田", grid(range(2), 500, 100)),
        "ecological_redline": named("红线", grid(range(2, 3), 500, 100)),
        "development_boundary": named("开发边界", grid(range(3, COLUMNS), 450, 200)),
        "projects": named(
            "项目", projects, id=[f"P{at + 1:03}" for at in range(len(projects))], activity=["城镇建设"] * len(projects)
        ),
        "streets": named("路", lines(), **{"class": ["residential"] * 13}),
        "facilities": named("小学", schools, kind=["小学"] * len(schools)),
    }


def exported(frame: gpd.GeoDataFrame, export: str) -> gpd.GeoDataFrame:
    """Return a table as another export has it."""
    if export == "fewer":
        return frame.iloc[: max(len(frame) - 3, 1)]
    if export == "other":
        return frame.iloc[::-1].reset_index(drop=True)
    if export == "more":
        moved = frame.iloc[:2].copy()
        moved["geometry"] = moved.geometry.translate(50, 300)
        moved["name"] += "（新）"
        if "id" in moved:
            moved["id"] += "B"
        return pd.concat([frame, moved], ignore_index=True)
    return frame
