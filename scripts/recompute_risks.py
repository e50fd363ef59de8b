"""Recompute hazards and shelters for `scripts/recompute`, without the package: row by row, in the plainest way."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
import recompute_reach as reach
import shapely

GEOLOGICAL = ("滑坡", "崩塌", "泥石流", "采空区")
AROUND_M = {"滑坡": 50, "崩塌": 50, "泥石流": 100, "采空区": 50, "活动断裂": 100}
DONE, OPEN = ("已治理",), ("未治理", "监测预警", "否", "未消除")
LEAST_M2, STEEPEST, STEEP_SHARE, NEAR_M, WALK_STEP_M = 600, 15, 0.6, 500, 5


def state(row: Any) -> str:
    """Return whether a hazard is treated, is not, or says nothing."""
    said = row.treated if isinstance(row.treated, str) else ""
    return "yes" if said in DONE or said.isdigit() else "no" if said in OPEN else "?"


def treated(hazards: gpd.GeoDataFrame) -> float:
    own = [row for row in hazards.itertuples() if row.kind in GEOLOGICAL]
    return sum(state(row) == "yes" for row in own) / len(own)


def left(hazards: gpd.GeoDataFrame) -> float:
    return float(sum(row.kind == "易涝积水点" and state(row) == "no" for row in hazards.itertuples()))


def threatened(hazards: gpd.GeoDataFrame, shapes: Any, around_m: dict[str, int]) -> float:
    """Return how many shapes are near a hazard that is not treated: by its own distance, else that of its kind."""
    rows = [row for row in hazards.itertuples() if row.kind in around_m and state(row) == "no"]
    most = [around_m[row.kind] if np.isnan(row.buffer_m) else row.buffer_m for row in rows]
    pairs = list(zip(rows, most, strict=True))
    return float(sum(any(shape.distance(row.geometry) <= far for row, far in pairs) for shape in shapes))


def steep(shape: Any, heights: Any) -> bool:
    """Say whether more than three fifths of the cells in a shape are too steep."""
    with rasterio.open(heights) as file:
        band, place = file.read(1), file.transform
    rise = np.hypot(*np.gradient(band, place.a))
    rows, columns = np.indices(band.shape)
    inside = shapely.contains_xy(shape, place.c + (columns + 0.5) * place.a, place.f + (rows + 0.5) * place.e)
    return bool((rise[inside] > STEEPEST / 100).mean() > STEEP_SHARE)


def usable(
    shelters: gpd.GeoDataFrame, hazards: gpd.GeoDataFrame, flood_line: gpd.GeoDataFrame, heights: Any
) -> list[float]:
    """Return what of each shelter people can use."""
    taken = list(flood_line.geometry)
    for row in hazards.itertuples():
        if state(row) != "yes":
            ground = row.geometry if np.isnan(row.buffer_m) else row.geometry.buffer(row.buffer_m)
            taken += [ground] if ground.area else []
    water, found = shapely.union_all(taken), []
    for row in shelters.itertuples():
        stated = np.inf if np.isnan(row.usable_m2) else row.usable_m2
        parts = shapely.get_parts(row.geometry.difference(water))
        size = sum(part.area for part in parts if part.area >= LEAST_M2)
        if row.geometry.geom_type == "Point":
            size = 0.0 if row.geometry.intersects(water) or stated < LEAST_M2 else stated
        by_ground = np.isnan(row.slope) and row.geometry.area > 0 and steep(row.geometry, heights)
        found.append(0.0 if row.slope > STEEPEST or by_ground else min(size, stated))
    return found


def homes(buildings: gpd.GeoDataFrame, raster: Any, area: Any) -> pd.DataFrame:
    """Return the homes of an area with the people of their cells, spread over the floor of the homes there."""
    own = buildings[buildings["use"].eq("居住") | (buildings["dwellings"] > 0)]
    spots = own.geometry.representative_point()
    with rasterio.open(raster) as source:
        band, back = source.read(1).astype(float), ~source.transform
    column, row = (np.floor(one).astype(int) for one in back * (spots.x.to_numpy(), spots.y.to_numpy()))
    table = pd.DataFrame(
        {"x": spots.x, "y": spots.y, "cell": row * band.shape[1] + column, "people": band[row, column]}
    )
    floor = own.area * own["floors"].fillna(1).clip(lower=1)
    table["people"] *= floor / floor.groupby(table["cell"]).transform("sum")
    return table[shapely.contains_xy(area, table["x"], table["y"])]


def near(people: pd.DataFrame, shelters: gpd.GeoDataFrame, size: list[float]) -> float:
    whole = shelters.geometry[np.array(size) > 0].union_all()
    close = shapely.distance(shapely.points(people[["x", "y"]].to_numpy()), whole) <= NEAR_M
    return float(people["people"][close].sum() / people["people"].sum())


def walked(people: pd.DataFrame, land: reach.Land, shelters: gpd.GeoDataFrame, size: list[float], gates: Any) -> float:
    """Return the share of people within a walk of a shelter; who lives somewhere walks as the nearest sample of land.

    A shelter is entered from a point, or every few metres of its edge, unless it has gates: then by these.
    """
    doors = []
    for shape in shelters.geometry[np.array(size) > 0]:
        own = [gate for gate in gates if shape.boundary.distance(gate) <= reach.GATE_M]
        edge = [shape.representative_point()] if shape.geom_type == "Point" else own or None
        spots = shapely.get_coordinates(shape.boundary.segmentize(WALK_STEP_M) if edge is None else edge)
        doors.append(spots)
    cost = land.costs(reach.place(land.net, np.concatenate(doors), 200))
    at = shapely.STRtree(shapely.points(land.xy)).nearest(shapely.points(people[["x", "y"]].to_numpy()))
    return float(people["people"][cost[at] <= NEAR_M].sum() / people["people"].sum())


def held(shelters: gpd.GeoDataFrame, size: list[float], per_person_m2: float) -> list[float]:
    places = shelters["capacity"].fillna(np.inf)
    return [min(one / per_person_m2, most) for one, most in zip(size, places, strict=True)]


def room(people: pd.DataFrame, shelters: gpd.GeoDataFrame, size: list[float]) -> float:
    """Return who finds room of those who come to the nearest shelter."""
    rows = [at for at, one in enumerate(size) if one > 0]
    come = dict.fromkeys(rows, 0.0)
    shapes = shelters.geometry.tolist()
    for home in people.itertuples():
        spot = shapely.Point(home.x, home.y)
        far, at = min((spot.distance(shapes[at]), at) for at in rows)
        come[at] += home.people * (far <= NEAR_M)
    most = held(shelters, size, 0.5)
    return sum(min(come[at], most[at]) for at in rows) / sum(come.values())
