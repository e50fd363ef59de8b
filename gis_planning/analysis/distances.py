"""Measure how far land and homes are from the nearest facility, and who shares its places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from gis_planning.analysis.access import Access
from gis_planning.analysis.derived import derived
from gis_planning.analysis.facilities import called, is_of, of_tier
from gis_planning.analysis.ways import TOLERANCE_M, Ways, joined, reach
from gis_planning.cores import threads
from gis_planning.errors import NotAssessed, RuleError
from gis_planning.geo import Flags, Floats
from gis_planning.streets import Streets, Trip, within


@dataclass(frozen=True, eq=False)
class Covered:
    """Which cells, fine cells and homes are covered."""

    cells: Flags
    fine: Flags
    homes: Flags


@dataclass(frozen=True, eq=False)
class Distances:
    """How far cells, fine cells and homes are from the nearest facility of some kind, and which one that is."""

    cells: Floats
    fine: Floats
    homes: Floats
    facility: NDArray[np.intp]

    def within(self, limit: float) -> Covered:
        """Return what is no farther than a limit."""
        most = limit + TOLERANCE_M
        return Covered(self.cells <= most, self.fine <= most, self.homes <= most)


@derived(by=("kinds", "only"))
def nearest(
    approach: Access,
    *,
    kinds: tuple[str, ...],
    only: str = "counted",
    tier: float | None = None,
    trip: Trip = "to_source",
) -> Distances:
    """Return how far everything is from the nearest facility of some kinds.

    Parameters
    ----------
    kinds
        Of which any will do.
    only
        `"counted"` for those that count; of these only the `"certain"` ones, which state the tier, or those `"inside"`
        the study area.
    tier
        Facilities built for this tier count, and those that state none may.
    trip
        Whether residents go to the facility, or it comes to them.
    """
    certain, perhaps = of_tier(approach.facilities, tier)
    chosen = is_of(approach.facilities, kinds) & (certain if only == "certain" else certain | perhaps)
    if only == "inside":
        chosen &= ~approach.outside
    return distances_to(approach, chosen, trip)


def limit_of(access: Access, limit_m: float | None, limit_min: float | None) -> float:
    """Return the limit as a cost of the network; metres where distances are straight.

    Raises
    ------
    NotAssessed
        No streets were delivered.
    RuleError
        Not one limit is given, or not that of the mode.
    """
    if (limit_m is None) == (limit_min is None):
        raise RuleError("circles.one_limit")
    if access.straight:
        if limit_m is None:
            raise RuleError("circles.one_limit")
        return limit_m
    if access.network is None:
        raise NotAssessed("circles.no_streets")
    if (limit_min is not None) != (access.network.mode == "drive"):
        raise RuleError("circles.limit_of_mode", mode=access.network.mode)
    return limit_min * per_minute(access.network) if limit_min is not None else float(limit_m or 0.0)


def per_minute(network: Streets) -> float:
    """Return the cost of one minute by car."""
    return (network.reference_kmh or 60.0) * 1000 / 60


def thirds(limit: float) -> tuple[float, ...]:
    """Return a limit in three steps."""
    return tuple(limit * third / 3 for third in (1, 2, 3))


def distances_to(access: Access, chosen: Flags, trip: Trip = "to_source") -> Distances:
    """Return how far everything is from the nearest of the chosen facilities."""
    demand, ways = access.demand, access.ways
    if access.straight or access.network is None or ways is None or access.doors is None:
        homes = shapely.get_coordinates(demand.homes.geometry.to_numpy())
        shapes = access.facilities.geometry.to_numpy()
        found = [_straight(xy, shapes, chosen) for xy in (demand.cells.middle_xy, demand.fine.middle_xy, homes)]
        return Distances(found[0][0], found[1][0], found[2][0], found[0][1])
    nearest = reach(access.network, access.doors.ways.take(chosen), joined(*ways), trip=trip)
    first, second = ways[0].size, ways[0].size + ways[1].size
    cost = nearest.distance_m
    return Distances(cost[:first], cost[first:second], cost[second:], nearest.source[:first])


def _straight(xy: Floats, shapes: Any, chosen: Any) -> tuple[Floats, NDArray[np.intp]]:
    """Return how far points are from the nearest of the chosen shapes in a straight line, and from which."""
    distance, which = np.full(len(xy), np.inf), np.full(len(xy), -1, dtype=np.intp)
    dots = (shapely.get_type_id(shapes) == 0) & ~shapely.is_empty(shapes)
    for some in (np.flatnonzero(chosen & dots), np.flatnonzero(chosen & ~dots)):
        if not (len(some) and len(xy)):
            continue
        if dots[some[0]]:
            gap, near = cKDTree(shapely.get_coordinates(shapes[some])).query(xy, workers=threads())
            at = np.arange(len(xy))
        else:
            tree = shapely.STRtree(shapes[some])
            (at, near), gap = tree.query_nearest(shapely.points(xy), return_distance=True, all_matches=False)
        nearer = gap < distance[at]
        distance[at[nearer]], which[at[nearer]] = gap[nearer], some[near[nearer]]
    return distance, which


def with_nearest(
    patches: gpd.GeoDataFrame, patch: Any, distances: Distances, facilities: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Add the nearest facility of each patch, by the cell of it that is nearest to one."""
    order = np.flatnonzero(patch >= 0)
    order = order[np.lexsort((distances.cells[order], patch[order]))]
    first = order[np.r_[True, np.diff(patch[order]) != 0][: len(order)]]
    names = called(facilities)
    near = np.full(len(patches), np.nan)
    nearest = np.full(len(patches), None, dtype=object)
    near[patch[first]] = np.where(np.isfinite(distances.cells[first]), distances.cells[first], np.nan)
    nearest[patch[first]] = [names[at] if at >= 0 else None for at in distances.facility[first]]
    return patches.assign(nearest_facility=nearest, nearest_m=near)


def pairs_within(network: Streets, sources: Ways, targets: Ways, limit_m: float) -> csr_array:
    """Return the network distances of all pairs of places within a limit: a row a target place, a column a facility."""
    found = within(network, sources.attached, targets.attached, limit_m=limit_m + TOLERANCE_M).tocoo()
    row, column = targets.owner[found.coords[0]], sources.owner[found.coords[1]]
    order = np.lexsort((found.data, column, row))
    row, column, cost = row[order], column[order], found.data[order]
    first = np.r_[True, (np.diff(row) != 0) | (np.diff(column) != 0)][: len(row)]
    shape = (targets.size, sources.size)
    return csr_array((cost[first], (row[first], column[first])), shape=shape)


def floating(pairs: csr_array, places: Floats, people: Floats, limit_m: float, weights: tuple[float, ...]) -> Floats:
    """Return places per 1,000 people that every place of demand can count on."""
    found = pairs.tocoo()
    row, column = found.coords
    third = np.clip(np.ceil(found.data / (limit_m / 3) - 1e-9).astype(int) - 1, 0, 2)
    weight = np.array(weights)[third]
    crowd = np.bincount(column, weights=weight * people[row], minlength=len(places))
    ratio = np.divide(places, crowd, out=np.zeros(len(places)), where=crowd > 0)
    access = np.bincount(row, weights=weight * ratio[column], minlength=len(people))
    return np.asarray(access * 1000.0, dtype=float)
