"""Draw the areas from which places can be reached along the streets within given limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from gis_planning.geo import Floats, Geometries, Index
from gis_planning.overlay.threads import as_done
from gis_planning.streets.attach import ATTACHED, Attached, attach
from gis_planning.streets.contours import Bars, Field, areas_below, bars_of
from gis_planning.streets.graph import Streets
from gis_planning.streets.reach import Trip, metres_within, nearest, pairs
from gis_planning.streets.strips import Edges, streets_within, with_strips
from gis_planning.texts import Text, text

#: Cells are as wide as this, or narrower where the smallest limit is short.
CELL_M = 25.0
#: Cells from the middle to the edge of the smallest ring, at least.
CELLS = 24
#: Into how many steps distances to spots are sorted when points are chosen.
STEPS = 4
#: Places drawn together, and points of the grid attached together: what one thread does at a time, and in less than two
#: seconds.
TOGETHER = 32
BATCH = 10_000

#: Is told what is being done.
Told = Callable[[Text], None]


@dataclass(frozen=True, eq=False)
class _Grid:
    """Points of a grid near streets that can be reached, attached to their streets.

    Attributes
    ----------
    cell_m
        Distance of neighbours; the point of row j and column i lies at (i, j) times the cell, so that all grids of one
        cell are parts of the same.
    row, column
        By point.
    points
        The points on their streets.
    beyond
        By point: cost of the straight way beyond the longest one allowed, negative below it.
    cap
        The most by which the costs of neighbours differ on one street.
    bars
        Where barriers cross the lines between neighbours.
    edges
        Those that may be within the limit.
    """

    cell_m: float
    row: Index
    column: Index
    points: Attached
    beyond: Floats
    cap: float
    bars: Bars | None
    edges: Edges

    def near(self, low: Floats, high: Floats) -> Index:
        """Return the points between two corners."""
        first, last = low / self.cell_m, high / self.cell_m
        begin, end = np.searchsorted(self.row, [first[1], last[1]])
        column = self.column[begin:end]
        found: Index = begin + np.flatnonzero((column >= first[0]) & (column <= last[0]))
        return found

    def fields(self, place: Index, some: Index, cost: Floats, count: int, limits_m: Floats) -> list[Field]:
        """Return for each limit how far points of places lie beyond it; of several costs of one the lowest counts."""
        row, column, beyond = self.row[some], self.column[some], self.beyond[some]
        return [
            Field.of(place, row, column, np.maximum(cost - limit, beyond), self.cap, count)
            for limit in limits_m.tolist()
        ]


class _Lattice:
    """Points of one grid that were attached before; areas asked for one after another are often beside one another."""

    def __init__(self) -> None:
        self.key = np.zeros(0, dtype=np.int64)
        self.known: Attached | None = None

    def attached(
        self, streets: Streets, row: Index, column: Index, cell_m: float, longest: float, told: Told
    ) -> Attached:
        """Return some points attached, those that are new being looked up."""
        key = row.astype(np.int64) * (1 << 32) + column
        new = np.flatnonzero(~np.isin(key, self.key))
        if len(new) or self.known is None:

            def look_up(some: Index) -> Attached:
                return attach(streets, shapely.points(column[some] * cell_m, row[some] * cell_m), max_access_m=longest)

            batches = np.array_split(new, len(new) // BATCH + 1)
            found: dict[int, Attached] = {-1: self.known} if self.known is not None else {}
            for at, some in as_done(look_up, batches):
                found[at] = some
                done = sum(len(one) for one in found.values())
                told(text("circles.rings_attaching", done=done, count=len(self.key) + len(new)))
            both = Attached.joined(*(found[at] for at in sorted(found)))
            order = np.argsort(keys := np.r_[self.key, key[new]], kind="stable")
            self.key, self.known = keys[order], both.take(order)
        return self.known.take(np.searchsorted(self.key, key))


def rings(
    streets: Streets,
    sources: Attached,
    limits_m: Iterable[float],
    *,
    trip: Trip = "to_source",
    cell_m: float | None = None,
    max_access_m: float = 200.0,
) -> gpd.GeoDataFrame:
    """Return the area from which the nearest of some places can be reached within each limit.

    What counts for a spot is what counts for a home there: the straight way to the nearest street, crossing no barrier,
    then the way along the streets as `nearest` measures it. So land whose own street leads elsewhere is left out though
    a street within the limit passes behind it, and so are the insides of barrier polygons. Costs are measured at the
    points of a grid and drawn by contours between them; an outline is right to a fraction of a cell, at the edge of
    land whose street leads elsewhere to half a cell, and does not reach beyond a barrier. The streets within the limit
    are added two metres wide, for a contour cuts the tips of the ways.

    The outline of a limit depends on the cell alone, not on the other limits; a smaller area lies wholly within a
    larger one. A way made shorter never makes an area smaller. (A new street beside homes may: it becomes the nearest
    street of theirs, and may lead round about.)

    Parameters
    ----------
    streets
        The network.
    sources
        One place, or several that do the same service, attached to it.
    limits_m
        Limits as `nearest` takes them: metres of walking, or driving metres at `streets.reference_kmh`.
    trip
        Which way people go, where costs differ: to the places or from them.
    cell_m
        Distance of the points of the grid; 25 m if not given, or a 24th of the smallest limit if that is less.
    max_access_m
        The longest straight way between a spot and its street.

    Returns
    -------
    geopandas.GeoDataFrame
        A row for each limit, ascending: `limit_m`, `area_m2` and the area, a valid MultiPolygon, empty where none of
        the places is attached.

    Raises
    ------
    ValueError
        Limits or a cell that are not positive and finite.
    """
    limits, cell = _checked(limits_m, cell_m)
    grid = _grid(streets, sources, float(limits[-1]), trip, cell, max_access_m, lambda _: None)
    cost = nearest(streets, sources, grid.points, limit_m=float(limits[-1]) + grid.cap, trip=trip).distance_m
    some = np.flatnonzero(cost < np.inf)
    end = nearest(streets, sources, grid.edges.ends, limit_m=float(limits[-1]), trip=trip).distance_m
    there = np.flatnonzero(end < np.inf)
    usable = sources.take(sources.edge >= 0)
    own = usable, np.zeros(len(usable), dtype=np.intp)
    points, ends = (np.zeros_like(some), some, cost[some]), (np.zeros_like(there), there, end[there])
    return _table({"limit_m": limits}, _drawn(streets, grid, points, ends, own, 1, limits, trip)[0], streets)


def rings_of_each(
    streets: Streets,
    sources: Attached,
    limits_m: Iterable[float],
    *,
    place: Sequence[int] | NDArray[np.integer[Any]] | None = None,
    trip: Trip = "to_source",
    cell_m: float | None = None,
    max_access_m: float = 200.0,
    told: Told = lambda _: None,
) -> gpd.GeoDataFrame:
    """Return the `rings` of each of many places, as they are for each alone.

    Parameters
    ----------
    streets, sources, limits_m, trip, cell_m, max_access_m
        As in `rings`.
    place
        By source: the number of the place it belongs to (the gates of a park belong to the park). Each source is a
        place, numbered as it stands, if not given.
    told
        Is told how far it is, from time to time.

    Returns
    -------
    geopandas.GeoDataFrame
        A row for each place and limit, ascending: `place`, `limit_m`, `area_m2` and the area.

    Raises
    ------
    ValueError
        Limits or a cell that are not positive and finite, or not one place for each source.
    """
    limits, cell = _checked(limits_m, cell_m)
    owner = np.arange(len(sources)) if place is None else np.asarray(place, dtype=np.intp)
    if owner.shape != (len(sources),):
        raise ValueError("place: not one number for each source")
    names, owner = np.unique(owner, return_inverse=True)
    grid = _grid(streets, sources, float(limits[-1]), trip, cell, max_access_m, told)

    def drawn(group: Index) -> tuple[Index, Geometries]:
        places, number = np.unique(owner[group], return_inverse=True)
        return places, _drawn_together(streets, grid, sources.take(group), number, len(places), limits, trip)

    shapes = np.full((len(names), len(limits)), shapely.MultiPolygon(), dtype=object)
    groups, done = _groups(streets, sources, owner), 0
    for _, (places, areas) in as_done(drawn, groups):
        shapes[places] = areas
        done += len(places)
        told(text("circles.rings_drawing", done=done, count=len(names)))
    columns = {"place": np.repeat(names, len(limits)), "limit_m": np.tile(limits, len(names))}
    return _table(columns, shapes.ravel(), streets)


def _drawn(
    streets: Streets,
    grid: _Grid,
    points: tuple[Index, Index, Floats],
    ends: tuple[Index, Index, Floats],
    sources: tuple[Attached, Index],
    count: int,
    limits: Floats,
    trip: Trip,
) -> Geometries:
    """Return the areas of places, a row for each and a column for each limit.

    Parameters
    ----------
    points, ends
        Places, points of the grid (ends of its edges) and the costs between.
    sources, trip
        As in `streets_within`.
    count
        How many places there are.
    """
    drawn = np.empty((count, len(limits)), dtype=object)
    for n, field in enumerate(grid.fields(*points, count, limits)):
        land = areas_below(field, grid.cell_m, grid.bars)
        lines = streets_within(streets, grid.edges, ends, sources, field, float(limits[n]), trip)
        drawn[:, n] = _dry(with_strips(land, lines), streets)
    return drawn


def _drawn_together(
    streets: Streets, grid: _Grid, sources: Attached, number: Index, count: int, limits: Floats, trip: Trip
) -> Geometries:
    """Return the areas of places beside one another, whose sources are all attached and have their numbers."""
    limit = float(limits[-1])
    reach = metres_within(streets, limit + grid.cap)
    foot = shapely.get_coordinates(shapely.line_interpolate_point(streets.geometry[sources.edge], sources.offset_m))
    low, high = foot.min(axis=0) - reach, foot.max(axis=0) + reach
    point, end = grid.near(low, high), grid.edges.near(low, high)
    # One search for both; of the ends those within the limit alone are wanted.
    targets = Attached.joined(grid.points.take(point), grid.edges.ends.take(end))
    target, source, cost = pairs(streets, sources, targets, limit_m=limit + grid.cap, trip=trip)
    place = number[source]
    one = target < len(point)
    other = ~one & (cost <= limit)
    points, ends = (
        (place[some], which[target[some] - first], cost[some])
        for some, which, first in ((one, point, 0), (other, end, len(point)))
    )
    return _drawn(streets, grid, points, ends, (sources, number), count, limits, trip)


def _checked(limits_m: Iterable[float], cell_m: float | None) -> tuple[Floats, float]:
    limits = np.unique(np.array(list(limits_m), dtype=np.float64))
    if not len(limits) or not (np.isfinite(limits) & (limits > 0)).all():
        raise ValueError("limits_m: not positive and finite")
    cell = min(CELL_M, float(limits[0]) / CELLS) if cell_m is None else float(cell_m)
    if not (np.isfinite(cell) and cell > 0):
        raise ValueError("cell_m: not positive and finite")
    return limits, cell


def _table(columns: dict[str, Any], shapes: Geometries, streets: Streets) -> gpd.GeoDataFrame:
    columns = columns | {"area_m2": shapely.area(shapes)}
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=streets.crs)


def _grid(
    streets: Streets,
    sources: Attached,
    limit_m: float,
    trip: Trip,
    cell_m: float,
    max_access_m: float,
    told: Told,
) -> _Grid:
    """Attach the points of the grid that may lie within the limit of any source, and their neighbours."""
    # On one street, neighbours differ by the way along it and the straight way to it, together sqrt(2) at the most.
    cap = float(cell_m * np.sqrt(2) * streets.access_factor)
    longest = max_access_m + 2 * cell_m
    # Costs beyond the limit and the cap are all one to the contour.
    edge, spots, left = _spots(streets, sources, limit_m + cap, trip, cell_m)
    told(text("circles.rings_points"))
    row, column = _near(spots, np.minimum(left / streets.access_factor, longest), cell_m)
    points = shapely.points(column * cell_m, row * cell_m)
    wet = np.zeros(len(points), dtype=bool)
    bars = None
    if streets.walls is not None and len(points):
        # No way leads out of a barrier polygon; to say so at once spares trying all streets around.
        polygons = streets.walls.parts[streets.walls.lines :]
        wet[shapely.STRtree(points).query(polygons, predicate="contains_properly")[1]] = True
        corner = int(row.min()), int(column.min())
        shape = int(row.max()) - corner[0] + 1, int(column.max()) - corner[1] + 1
        lines = np.concatenate([streets.walls.parts[: streets.walls.lines], shapely.boundary(polygons)])
        bars = bars_of(lines, cell_m, corner, shape)
    row, column = row[~wet], column[~wet]
    lattice = streets.lattices.setdefault((cell_m, longest), _Lattice())
    attached = lattice.attached(streets, row, column, cell_m, longest, told)
    beyond = (attached.access_m - max_access_m) * streets.access_factor
    told(text("circles.rings_pieces"))
    return _Grid(cell_m, row, column, attached, beyond, cap, bars, Edges.of(streets, edge, cell_m))


def _spots(
    streets: Streets, sources: Attached, limit_m: float, trip: Trip, cell_m: float
) -> tuple[Index, Floats, Floats]:
    """Return edges within the limit of any source, spots of them a cell apart, and what is left of the limit there."""
    usable = sources.take(sources.edge >= 0)
    if not len(usable):
        return np.zeros(0, dtype=np.intp), np.zeros((0, 2)), np.zeros(0)
    foot = shapely.line_interpolate_point(streets.geometry[usable.edge], usable.offset_m)
    x, y = np.unique(shapely.get_coordinates(foot), axis=0).T
    reach = metres_within(streets, limit_m)
    boxes = shapely.box(x - reach, y - reach, x + reach, y + reach)
    tree, edge_of = streets.tree
    edge = np.unique(edge_of[tree.query(boxes)[1]])
    count = np.ceil(streets.length_m[edge] / cell_m).astype(np.intp) + 1
    edge, step = np.repeat(edge, count), np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    along = step / (np.repeat(count, count) - 1) * streets.length_m[edge]
    none = np.zeros(len(edge))
    there = Attached(edge, along, none, np.full(len(edge), ATTACHED, dtype=np.int8), 0.0)
    cost = nearest(streets, usable, there, limit_m=limit_m, trip=trip).distance_m
    reached = cost < np.inf
    # The source's own street may be within the limit only between two spots.
    ends = shapely.line_interpolate_point(streets.geometry[edge[reached]], along[reached])
    xy = np.concatenate([shapely.get_coordinates(ends), np.column_stack([x, y])])
    near = np.unique(np.r_[edge[reached], usable.edge])
    return near, xy, np.r_[limit_m - cost[reached], np.full(len(x), limit_m)]


def _near(spots: Floats, distance_m: Floats, cell_m: float) -> tuple[Index, Index]:
    """Return rows and columns of the points of the grid as near to spots as each says, and a few more."""
    if not len(spots):
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
    # The way to a point's street comes by a spot at most a cell from there, which counts as the point next to it.
    reach = distance_m / cell_m + 1.8
    margin = int(np.ceil(reach.max())) + 1
    at = np.round(spots / cell_m).astype(np.intp)
    corner = at.min(axis=0) - margin
    shape = tuple((at.max(axis=0) + margin - corner + 1)[::-1])
    row, column = at[:, 1] - corner[1], at[:, 0] - corner[0]
    near = np.zeros(shape, dtype=bool)
    # In a few steps, each with those that reach farther than the step before.
    steps = np.linspace(0.0, reach.max(), STEPS + 1)
    for low, high in pairwise(steps.tolist()):
        far = np.ones(shape, dtype=bool)
        far[row[reach > low], column[reach > low]] = False
        near |= ndimage.distance_transform_edt(far) <= high
    row, column = np.nonzero(near)
    return row + corner[1], column + corner[0]


def _groups(streets: Streets, sources: Attached, owner: Index) -> list[Index]:
    """Return the sources of places that lie together, some places at once."""
    usable = np.flatnonzero(sources.edge >= 0)
    if not len(usable):
        return []
    middle = streets.xy[streets.u[sources.edge[usable]]]
    # A place lies where its first source does.
    _, first, place = np.unique(owner[usable], return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.intp)
    rank[np.argsort(_along_blocks(middle[first]), kind="stable")] = np.arange(len(first))
    order = np.argsort(rank[place], kind="stable")
    return [usable[one] for one in np.split(order, np.flatnonzero(np.diff(rank[place][order] // TOGETHER)) + 1)]


def _along_blocks(xy: Floats) -> Index:
    """Return numbers by which points come block by block of 200 m, those in four, and so on."""
    step = np.floor((xy - xy.min(axis=0)) / 200.0).astype(np.int64)
    number = np.zeros(len(xy), dtype=np.int64)
    for bit in range(int(step.max(initial=0)).bit_length()):
        number |= ((step[:, 0] >> bit & 1) | (step[:, 1] >> bit & 1) << 1) << 2 * bit
    return number


def _dry(areas: Geometries, streets: Streets) -> Geometries:
    """Return areas without what lies inside barrier polygons, which a grid misses where they are narrow."""
    walls = streets.walls
    if walls is None:
        return areas
    area, part = walls.tree.query(areas)
    wet = part >= walls.lines
    area, part = area[wet], part[wet]
    shapely.prepare(areas[area])
    meets = shapely.intersects(areas[area], walls.parts[part])
    area, part = area[meets], part[meets]
    for one in np.unique(area).tolist():
        box = shapely.bounds(areas[one])
        water = shapely.union_all(shapely.clip_by_rect(walls.parts[part[area == one]], *box))
        pieces = shapely.get_parts(shapely.difference(areas[one], water))
        areas[one] = shapely.multipolygons(pieces[shapely.get_type_id(pieces) == 3])
    return areas
