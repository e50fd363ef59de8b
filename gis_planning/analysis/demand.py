"""Know who has to be reached: residential land, homes, and the people in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis_planning import overlay
from gis_planning.analysis.cells import Cells, Quarters, cells_of, quarters_of
from gis_planning.analysis.derived import derived
from gis_planning.analysis.land import united
from gis_planning.analysis.mosaic import Mosaic, mosaic_of
from gis_planning.geo import Floats, Geometries, Index
from gis_planning.homes import floor_area, numbers_of, uses_of
from gis_planning.texts import Text, text

Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Demand:
    """The residential land of the study area, its homes, and its people.

    Attributes
    ----------
    land
        Residential land in the study area, one row a parcel.
    cells, fine
        The land in cells of the asked size, and in their quarters.
    mosaic
        The edges of the cells, to outline any group of them.
    homes
        One row a home, as points: `name`, `dwellings`, `people` (whole numbers; NaN where nobody was counted), and the
        `parcel` it stands on (-1: none).
    cell_people
        By cell: people who live there and in no known home; None where nobody was counted.
    from_parcels
        Whether parcels stand for homes, because no buildings were delivered.
    notes
        What a reader must know of how people were placed.
    """

    land: gpd.GeoDataFrame
    cells: Cells
    fine: Quarters
    mosaic: Mosaic
    homes: gpd.GeoDataFrame
    cell_people: Counts | None
    from_parcels: bool
    notes: tuple[Text, ...]

    @property
    def counted(self) -> bool:
        """Say whether people were counted."""
        return self.cell_people is not None


@derived()
def demand(
    residential_land: gpd.GeoDataFrame,
    residential: gpd.GeoDataFrame,
    study_area: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame | None = None,
    population: gpd.GeoDataFrame | None = None,
    *,
    cell_m: float = 10.0,
) -> Demand:
    """Return who has to be reached.

    Homes are buildings somebody lives in: with dwellings, of a residential use (conventions/homes.toml), or of unknown
    use on residential land. Without buildings every residential parcel stands for one home.

    People come from `population`, else from what residential parcels state. The count of each zone is spread over the
    floor area (footprint times floors) of the homes in it; in a zone without a home, over its residential land. Counts
    are whole numbers and add up to the zone's, by largest remainder; of equal ones that farthest west, then south, is
    rounded up first.

    Parameters
    ----------
    residential_land
        What of `residential` lies in the study area.
    cell_m
        Width of a cell in metres.
    """
    area, land = united(study_area), residential_land
    cells = cells_of(land.geometry.to_numpy(), cell_m)
    fine = quarters_of(cells)
    mosaic = mosaic_of(cells)
    everywhere = _homes(buildings, residential)
    inside = overlay.hit(everywhere.geometry.to_numpy(), area)
    zones = population if population is not None else residential
    if "population" not in zones.columns or not zones["population"].notna().any():
        homes = everywhere[inside].assign(people=np.nan)
        found = homes.reset_index(drop=True)
        return Demand(land, cells, fine, mosaic, _on_parcels(found, land), None, buildings is None, ())
    people, cell_people, unplaced = _people(everywhere, cells, zones, residential, area)
    homes = everywhere.assign(people=people.astype(float))[inside].reset_index(drop=True)
    notes = (text("circles.people_without_home", count=unplaced),) if unplaced else ()
    return Demand(land, cells, fine, mosaic, _on_parcels(homes, land), cell_people, buildings is None, notes)


def whole_numbers(amount: Floats, group: Index, total: Counts) -> Counts:
    """Return whole numbers nearest to amounts that add up to the total of each group, by largest remainder.

    Of equal remainders the earlier one is rounded up.

    Examples
    --------
    >>> whole_numbers(np.array([0.5, 0.3, 1.2, 2.5, 2.5]), np.array([0, 0, 0, 1, 1]), np.array([2, 5])).tolist()
    [1, 0, 1, 3, 2]
    """
    base = np.floor(amount + 1e-9).astype(np.int64)
    lacking = total - np.bincount(group, weights=base, minlength=len(total)).astype(np.int64)
    # Sums made in another order differ in their last digits; that makes no remainder the larger one.
    order = np.lexsort((np.arange(len(amount)), -np.round(amount - base, 9), group))
    first = np.searchsorted(group[order], group[order])
    turn = np.arange(len(order)) - first
    base[order[turn < lacking[group[order]]]] += 1
    return base


def _homes(buildings: gpd.GeoDataFrame | None, residential: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return all homes, in and out of the study area: `name`, `dwellings`, `floor_m2`, a point each."""
    if buildings is None:
        geometry = residential.geometry.to_numpy()
        dwellings = numbers_of(residential, "households")
        return _frame(residential, shapely.point_on_surface(geometry), dwellings, shapely.area(geometry))
    use = uses_of(buildings)
    points = shapely.point_on_surface(buildings.geometry.to_numpy())
    dwellings = numbers_of(buildings, "dwellings")
    unknown = use.unknown.copy()
    unknown[unknown] = overlay.hit(points[unknown], residential.geometry.to_numpy())
    chosen = np.flatnonzero((use.dwellings > 0) | use.lived_in | unknown)
    floor_m2 = floor_area(buildings)
    return _frame(buildings.iloc[chosen], points[chosen], dwellings[chosen], floor_m2[chosen])


def _frame(source: gpd.GeoDataFrame, points: Any, dwellings: Floats, floor_m2: Floats) -> gpd.GeoDataFrame:
    names = source["name"].to_numpy() if "name" in source.columns else np.full(len(source), None, dtype=object)
    columns = {"name": names, "feature": source.index.to_numpy(), "dwellings": dwellings, "floor_m2": floor_m2}
    return gpd.GeoDataFrame(columns, geometry=points, crs=source.crs)


def _on_parcels(homes: gpd.GeoDataFrame, land: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Add the parcel each home stands on, and its name where the home has none of its own."""
    parcel = overlay.zone_of(homes.geometry.to_numpy(), land.geometry.to_numpy())
    if "name" in land.columns:
        names = np.where(parcel >= 0, land["name"].to_numpy(dtype=object)[parcel], None)
        homes = homes.assign(name=homes["name"].where(homes["name"].notna(), pd.Series(names, index=homes.index)))
    return homes.assign(parcel=parcel)


def _people(
    homes: gpd.GeoDataFrame,
    cells: Cells,
    zones: gpd.GeoDataFrame,
    residential: gpd.GeoDataFrame,
    area: Any,
) -> tuple[Counts, Counts, int]:
    """Return people by home and by cell, and how many of the study area found no place."""
    # Whoever is first, of equals or on a border, is so by place and not by the order of rows.
    zones = zones.iloc[_by_place(_inside(zones.geometry.to_numpy()))]
    population = np.maximum(np.nan_to_num(numbers_of(zones, "population")), 0.0)
    shapes = zones.geometry.to_numpy()
    home_xy = shapely.get_coordinates(homes.geometry.to_numpy())
    home_zone, cell_zone = (overlay.zone_at(xy, shapes) for xy in (home_xy, cells.middle_xy))
    floor = np.where(home_zone >= 0, homes["floor_m2"].to_numpy(dtype=float), 0.0)
    lived_in = np.bincount(home_zone[home_zone >= 0], weights=floor[home_zone >= 0], minlength=len(zones)) > 0
    # Where no home is known, residential land stands for homes, that outside the study area too.
    plain = np.where((cell_zone >= 0) & ~lived_in[cell_zone], cells.area_m2, 0.0)
    empty = np.flatnonzero(~lived_in & (population > 0))
    rest = np.zeros(len(zones))
    pairs = overlay.intersect(shapes[empty], overlay.without_overlap(residential.geometry.to_numpy()))
    np.add.at(rest, empty[pairs.left], shapely.area(pairs.geometry))
    rest = np.maximum(
        rest - np.bincount(cell_zone[cell_zone >= 0], weights=plain[cell_zone >= 0], minlength=len(zones)), 0
    )
    # Nobody's land at all: those people are told apart by where the zone lies, and counted, never placed.
    unplaced = np.zeros(len(zones))
    unplaced[empty] = np.where(rest[empty] > 0, 0.0, 1.0)
    unplaced[np.unique(cell_zone[plain > 0])] = 0.0
    beyond = unplaced.copy()
    share = shapely.area(overlay.split(shapes[empty], area).inside) / np.maximum(shapely.area(shapes[empty]), 1e-9)
    unplaced[empty], beyond[empty] = unplaced[empty] * share, beyond[empty] * (1 - share)
    every = np.arange(len(zones))
    group = np.concatenate([np.maximum(home_zone, 0), np.maximum(cell_zone, 0), every, every, every])
    weight = np.concatenate([floor, plain, rest, unplaced, beyond])
    whole = np.bincount(group, weights=weight, minlength=len(zones))
    total = whole_numbers(population, np.zeros(len(zones), dtype=np.intp), np.array([round(float(population.sum()))]))
    amount = weight / np.where(whole > 0, whole, 1.0)[group] * total[group]
    order = _by_place(np.concatenate([home_xy, cells.middle_xy, *[_inside(shapes)] * 3]))
    counts = np.empty(len(order), dtype=np.int64)
    counts[order] = whole_numbers(amount[order], group[order], np.where(whole > 0, total, 0))
    first, second, third = len(homes), len(homes) + len(cells), len(homes) + len(cells) + len(zones)
    return counts[:first], counts[first:second], int(counts[third : third + len(zones)].sum())


def _inside(shapes: Geometries) -> Floats:
    """Return a place in each shape."""
    return np.asarray(shapely.get_coordinates(shapely.point_on_surface(shapes)))


def _by_place(xy: Floats) -> Index:
    """Return the order from west to east, then from south to north, to the millimetre."""
    return np.lexsort((np.round(xy[:, 1], 3), np.round(xy[:, 0], 3)))
