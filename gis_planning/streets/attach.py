"""Attach places to the street edge they are reached from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_planning.errors import FeatureError
from gis_planning.geo import Flags, Floats, Geometries, Index
from gis_planning.streets.barriers import Walls, crossed
from gis_planning.streets.graph import SPOTS_M, Streets, require_crs
from gis_planning.streets.noding import SNAP_M
from gis_planning.texts import Text, text

if TYPE_CHECKING:
    import geopandas as gpd

#: Edges tried for a place whose straight way crosses a barrier, nearest first.
TRIES = 64
#: Places looked at together while trying; bounds memory.
BATCH = 2_000
#: Edges as near as this are equally near; the choice between them goes by place, not by the order of features.
TIE_M = 1e-6

ATTACHED, TOO_FAR, BEHIND_BARRIER, NO_PLACE = range(4)


@dataclass(frozen=True, eq=False)
class Attached:
    """Places attached to streets; arrays by place, in the order given.

    Attributes
    ----------
    edge
        The edge, -1 where the place is not attached.
    offset_m
        How far along the edge from its start u, in metres; NaN where not attached.
    access_m
        Length of the straight way from the place to there, in metres; infinite where not attached.
    state
        `ATTACHED`, or why not: `TOO_FAR`, `BEHIND_BARRIER`, `NO_PLACE` (no coordinates).
    max_access_m
        The longest straight way allowed.
    """

    edge: Index
    offset_m: Floats
    access_m: Floats
    state: NDArray[np.int8]
    max_access_m: float

    def __len__(self) -> int:
        return len(self.edge)

    @property
    def unattached(self) -> Index:
        """Return the positions of the places that are not attached."""
        return np.flatnonzero(self.edge < 0)

    def take(self, index: Any) -> Attached:
        """Return some of the places, chosen by positions or by a mask."""
        return Attached(
            self.edge[index], self.offset_m[index], self.access_m[index], self.state[index], self.max_access_m
        )

    @classmethod
    def joined(cls, *some: Attached) -> Attached:
        """Return the places of several lists as one."""
        return cls(
            edge=np.concatenate([one.edge for one in some]),
            offset_m=np.concatenate([one.offset_m for one in some]),
            access_m=np.concatenate([one.access_m for one in some]),
            state=np.concatenate([one.state for one in some]),
            max_access_m=max(one.max_access_m for one in some),
        )

    def notes(self) -> tuple[Text, ...]:
        """Return how many places are not attached, by reason."""
        keys = {TOO_FAR: "too_far", BEHIND_BARRIER: "behind_barrier", NO_PLACE: "no_place"}
        counts = {key: int((self.state == state).sum()) for state, key in keys.items()}
        return tuple(
            text(f"streets.note_{key}", count=count, max_access_m=self.max_access_m)
            for key, count in counts.items()
            if count
        )


def attach(
    streets: Streets,
    points: gpd.GeoSeries | gpd.GeoDataFrame | Geometries,
    *,
    max_access_m: float = 200.0,
) -> Attached:
    """Attach every place to the nearest street edge, at the nearest spot of it.

    Islands (see `build`) are never attached to: the nearest edge of the rest counts. Where the straight way crosses one
    of the barriers the network was built with, the next nearest edges are tried, up to `TRIES`; a way may start on a
    barrier (a gate) and may run to a street that lies on one. Of edges that are equally near (within 1 um) the one
    nearest to the ground counts, then the one whose spot lies farthest west, then south.

    Parameters
    ----------
    streets
        The network.
    points
        Points in the CRS of the streets; an array without a CRS is taken to be.
    max_access_m
        The longest straight way in metres; a place farther from any street is not attached.

    Raises
    ------
    CrsError
        Points in another CRS.
    FeatureError
        Places that are not points.
    """
    places = _places(streets, points)
    edge = np.full(len(places), -1, dtype=np.intp)
    offset, access = np.full(len(places), np.nan), np.full(len(places), np.inf)
    there = ~(shapely.is_missing(places) | shapely.is_empty(places))
    there[there] = np.isfinite(shapely.bounds(places[there])).all(axis=1)
    state = np.where(there, TOO_FAR, NO_PLACE).astype(np.int8)
    with_place = np.flatnonzero(there)
    who, near, gap = _nearest(streets, places[with_place], max_access_m)
    who = with_place[who]
    if streets.walls is not None:
        blocked = _blocked(streets, places[who], near, gap, streets.walls)
        again = who[blocked]
        state[again] = BEHIND_BARRIER
        who, near, gap = who[~blocked], near[~blocked], gap[~blocked]
        tried = [
            _beyond(streets, places, again[first : first + BATCH], max_access_m, streets.walls)
            for first in range(0, len(again), BATCH)
        ]
        who, near, gap = (np.concatenate(parts) for parts in zip((who, near, gap), *tried, strict=True))
    edge[who], access[who], state[who] = near, gap, ATTACHED
    offset[who] = np.clip(shapely.line_locate_point(streets.geometry[near], places[who]), 0, streets.length_m[near])
    return Attached(edge, offset, access, state, max_access_m)


def _places(streets: Streets, points: Any) -> Geometries:
    if hasattr(points, "crs"):
        if points.crs is not None or len(points):
            require_crs(points, streets.crs, "points")
        points = points.geometry.to_numpy()
    places = shapely.force_2d(np.asarray(points, dtype=object))
    wrong = ~np.isin(shapely.get_type_id(places), (-1, 0))
    if wrong.any():
        raise FeatureError("streets.not_points", count=int(wrong.sum()))
    return places


def _nearest(streets: Streets, places: Geometries, max_access_m: float) -> tuple[Index, Index, Floats]:
    """Return place, nearest edge and distance, for places that have one near enough."""
    tree, edge_of = streets.tree
    if not len(places) or not len(edge_of):
        none = np.zeros(0, dtype=np.intp)
        return none, none, np.zeros(0)
    # No edge is farther than the nearest of its spots, which is found sooner, and so are the few as near.
    bound = max_access_m + SPOTS_M
    spot, _ = streets.spots.query(shapely.get_coordinates(places), distance_upper_bound=bound)
    who = np.flatnonzero(spot <= bound)
    row, piece = tree.query(places[who], predicate="dwithin", distance=spot[who] + TIE_M)
    gap = shapely.distance(places[who[row]], tree.geometries[piece])
    least = np.full(len(who), np.inf)
    np.minimum.at(least, row, gap)
    near = (gap <= least[row] + TIE_M) & (least[row] <= max_access_m)
    row, piece = row[near], piece[near]
    row, found = _edges(row, piece, edge_of)
    same = np.r_[False, np.diff(row) == 0][: len(row)]
    tied = np.flatnonzero(same | np.r_[same[1:], False][: len(row)])
    found[tied] = found[tied][_by_place(streets, places[who[row[tied]]], row[tied], found[tied])]
    first = np.flatnonzero(~same)
    return who[row[first]], found[first], shapely.distance(places[who[row[first]]], streets.geometry[found[first]])


def _edges(row: Index, piece: Index, edge_of: Index) -> tuple[Index, Index]:
    """Return pairs of a row and an edge, by row, each once though several pieces of the edge are named."""
    edge = edge_of[piece]
    order = np.lexsort((edge, row))
    row, edge = row[order], edge[order]
    once = np.r_[True, (np.diff(row) != 0) | (np.diff(edge) != 0)][: len(row)]
    return row[once], edge[once]


def _by_place(streets: Streets, places: Geometries, row: Index, edge: Index) -> Index:
    """Return the order by row, then height above the ground, then place of the foot, in millimetres."""
    foot = shapely.line_interpolate_point(
        streets.geometry[edge], shapely.line_locate_point(streets.geometry[edge], places)
    )
    grid = np.round(shapely.get_coordinates(foot) / SNAP_M)
    return np.lexsort((edge, grid[:, 1], grid[:, 0], np.abs(streets.level[edge]), row))


def _beyond(
    streets: Streets, places: Geometries, who: Index, max_access_m: float, walls: Walls
) -> tuple[Index, Index, Floats]:
    """Return place, edge and distance of the nearest edge reached without crossing a barrier."""
    tree, edge_of = streets.tree
    row, piece = tree.query(places[who], predicate="dwithin", distance=max_access_m)
    row, edge = _edges(row, piece, edge_of)
    gap = shapely.distance(places[who[row]], streets.geometry[edge])
    order = np.lexsort((edge, np.abs(streets.level[edge]), np.round(gap / TIE_M), row))
    row, edge, gap = row[order], edge[order], gap[order]
    turn = np.arange(len(row)) - np.searchsorted(row, row)
    row, edge, gap = row[turn < TRIES], edge[turn < TRIES], gap[turn < TRIES]
    free: Flags = ~crossed(_legs(streets, places[who[row]], edge), walls)
    row, edge, gap = row[free], edge[free], gap[free]
    first = np.r_[True, np.diff(row) != 0][: len(row)]
    return who[row[first]], edge[first], gap[first]


def _blocked(streets: Streets, places: Geometries, edge: Index, gap: Floats, walls: Walls) -> Flags:
    """Say which straight ways cross a barrier; only those with one as near as their street are drawn."""
    blocked: Flags = np.zeros(len(places), dtype=bool)
    close = walls.near(places, gap + SNAP_M)
    blocked[close] = crossed(_legs(streets, places[close], edge[close]), walls)
    return blocked


def _legs(streets: Streets, places: Geometries, edge: Index) -> Geometries:
    """Return the straight ways; one that ends where its edge does ends 1 mm inside it, on its side of a barrier."""
    length = streets.length_m[edge]
    inset = np.minimum(SNAP_M, length / 2)
    along = np.clip(shapely.line_locate_point(streets.geometry[edge], places), inset, length - inset)
    foot = shapely.get_coordinates(shapely.line_interpolate_point(streets.geometry[edge], along))
    return shapely.linestrings(np.stack([shapely.get_coordinates(places), foot], axis=1))
