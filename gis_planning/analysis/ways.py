"""Know by which ways people leave where they live and enter where they go: straight to a street, or by gates."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis_planning import overlay
from gis_planning.analysis.demand import Demand
from gis_planning.analysis.derived import derived
from gis_planning.analysis.serving import Serving
from gis_planning.geo import Geometries, Index
from gis_planning.streets import Attached, Nearest, Streets, Trip, attach, nearest

Rung = Literal["given", "osm", "crossings", "perimeter", "virtual", "unreachable"]

#: A gate belongs to the land whose edge is this near.
GATE_M = 10.0
#: Spots along an open edge from which people step in, and how near a street has to be.
OPEN_STEP_M = 20.0
OPEN_STREET_M = 30.0
#: Gates supposed where nothing is known.
VIRTUAL_STEP_M = 100.0
#: Coordinates are rounded somewhere: a distance this little beyond a limit is not beyond it.
TOLERANCE_M = 1e-6


@dataclass(frozen=True, eq=False)
class Ways:
    """Ways of places onto the streets: arrays by way, each with the position of its place among `size` places."""

    attached: Attached
    owner: Index
    size: int

    @cached_property
    def unattached(self) -> Index:
        """Return the positions of the places without any way."""
        found = np.ones(self.size, dtype=bool)
        found[self.owner[self.attached.edge >= 0]] = False
        return np.flatnonzero(found)

    def take(self, chosen: Any) -> Ways:
        """Return the ways of some places, chosen by a mask; places keep their positions."""
        some = np.asarray(chosen)[self.owner]
        return Ways(self.attached.take(some), self.owner[some], self.size)


@dataclass(frozen=True, eq=False)
class Gates:
    """The gates of areas.

    Attributes
    ----------
    points
        By gate: where it is.
    ways
        By gate: its way onto the streets, and its area.
    rung
        By area: how its gates were found.
    """

    points: Geometries
    ways: Ways
    rung: NDArray[np.str_]


def reach(network: Streets, sources: Ways, targets: Ways, *, trip: Trip = "to_source") -> Nearest:
    """Return for every target place the cost to the nearest source place, over all ways of both."""
    found = nearest(network, sources.attached, targets.attached, trip=trip)
    distance, source = np.full(targets.size, np.inf), np.full(targets.size, -1, dtype=np.intp)
    np.minimum.at(distance, targets.owner, found.distance_m)
    best = (found.source >= 0) & (found.distance_m == distance[targets.owner])
    source[targets.owner[best][::-1]] = sources.owner[found.source[best]][::-1]
    return Nearest(distance, source)


def straight_to(network: Streets, points: Any, max_access_m: float) -> Ways:
    """Return the straight ways of points onto the streets."""
    return Ways(attach(network, points, max_access_m=max_access_m), np.arange(len(points)), len(points))


def joined(*some: Ways) -> Ways:
    """Return the ways of several lists of places as those of one list."""
    start = np.cumsum([0, *(one.size for one in some)])
    attached = Attached.joined(*(one.attached for one in some))
    owner = np.concatenate([one.owner + first for one, first in zip(some, start[:-1], strict=True)])
    return Ways(attached, owner, int(start[-1]))


@derived()
def demand_ways(
    network: Streets, demand: Demand, compound_gates: gpd.GeoDataFrame | None = None, *, max_access_m: float = 200.0
) -> tuple[Ways, Ways, Ways]:
    """Return the ways of the cells, the fine cells and the homes.

    Who lives in a compound that is gated, and has a gate on its edge, leaves by its gates: straight to a gate, and from
    there to the street. Everybody else goes straight to the street.
    """
    gates = _compound_gates(network, demand.land, compound_gates, max_access_m)
    found = []
    for xy, parcel in (
        (demand.cells.middle_xy, demand.cells.parcel),
        (demand.fine.middle_xy, demand.fine.parcel),
        (shapely.get_coordinates(demand.homes.geometry.to_numpy()), demand.homes["parcel"].to_numpy()),
    ):
        some = [_leaving(network, points, parcel[at], gates, max_access_m) for at, points in overlay.blocks(xy)]
        found.append(joined(*some))
    return found[0], found[1], found[2]


@derived()
def park_gates(
    network: Streets,
    walked_parks: Serving,
    park_entrances: gpd.GeoDataFrame | None = None,
    *,
    max_access_m: float = 200.0,
) -> Gates:
    """Return the gates of the parks that serve; squares may be stepped in anywhere.

    Parameters
    ----------
    park_entrances
        Points with `park_id`; those without one belong to the park within 10 m.
    """
    parks = walked_parks.frame
    codes = [str(code or "").upper() for code in parks["class"]] if "class" in parks.columns else []
    squares = np.array([code.startswith(("1403", "G3", "0810A")) for code in codes] or [False] * len(parks), dtype=bool)
    return gates_of_areas(
        network,
        parks.geometry.to_numpy(),
        park_entrances,
        max_access_m=max_access_m,
        ids=parks["park_id"].to_numpy(dtype=object),
        open_edge=squares,
    )


def gates_of_areas(
    network: Streets,
    areas: Geometries,
    entrances: gpd.GeoDataFrame | None,
    *,
    max_access_m: float,
    ids: NDArray[Any] | None = None,
    open_edge: NDArray[np.bool_] | None = None,
) -> Gates:
    """Find the gates of parks and other areas, each by the first rung of a ladder that gives any.

    1. `given`: surveyed entrances, by park id or within 10 m of the edge.
    2. `osm`: entrances from OpenStreetMap within 10 m of the edge.
    3. `crossings`: where streets of the ground cross the edge; bridges and tunnels do not lead in.
    4. `perimeter`: spots every 20 m of an open edge (a lawn, a square) within 30 m of a street. Squares take these
       beside their crossings.
    5. `virtual`: a supposed gate every 100 m of the edge.
    6. `unreachable`: none of these has a way to a street. Surveyed entrances without one are not replaced by guesses.

    Parameters
    ----------
    areas
        Polygons.
    entrances
        Points with the optional fields `park_id` and `osm_id`.
    ids
        By area: its park id, None where it has none.
    open_edge
        By area: whether one may step in anywhere (a square).
    """
    ladder, edges = _Ladder(network, len(areas)), shapely.boundary(areas)
    given, from_osm = _entrances(edges, entrances, ids)
    ladder.add("given", given, max_access_m, final=True)
    ladder.add("osm", from_osm, max_access_m)
    ladder.add("crossings", _crossings(network, edges), 2 * GATE_M / 10)
    squares = open_edge if open_edge is not None else np.zeros(len(areas), dtype=bool)
    squares = squares & ~np.isin(ladder.rung, ["given", "osm"])
    squares &= ~((ladder.rung == "unreachable") & ladder.settled)
    ladder.add("perimeter", _spots(edges, OPEN_STEP_M), OPEN_STREET_M, also=squares)
    ladder.add("virtual", _spots(edges, VIRTUAL_STEP_M), max_access_m)
    return ladder.gates(max_access_m)


class _Ladder:
    """Gates found rung by rung: what a rung has settled, those below it pass over."""

    def __init__(self, network: Streets, size: int) -> None:
        self.network = network
        self.rung = np.full(size, "unreachable", dtype="<U11")
        self.settled = np.zeros(size, dtype=bool)
        self.points: list[Any] = []
        self.ways: list[Ways] = []

    def add(
        self, name: Rung, found: tuple[Any, Index], reach_m: float, *, also: Any = None, final: bool = False
    ) -> None:
        """Add the spots of a rung that have a way to a street; a final one settles its areas even without.

        Parameters
        ----------
        found
            Spots, and the area each belongs to.
        also
            By area: whether it takes these beside what settled it.
        """
        spots, owner = found
        wanted = ~self.settled[owner] if also is None else ~self.settled[owner] | also[owner]
        spots, owner = spots[wanted], owner[wanted]
        if not len(spots):
            return
        attached = attach(self.network, spots, max_access_m=reach_m)
        keep = np.ones(len(spots), dtype=bool) if final else attached.edge >= 0
        self.points.append(spots[keep])
        self.ways.append(Ways(attached.take(keep), owner[keep], 0))
        served = np.unique(owner[attached.edge >= 0])
        self.rung[served[~self.settled[served]]] = name
        self.settled[served] = True
        if final:
            self.settled[owner] = True

    def gates(self, max_access_m: float) -> Gates:
        """Return all that was found."""
        size = len(self.rung)
        if not self.ways:
            none = attach(self.network, np.empty(0, dtype=object), max_access_m=max_access_m)
            return Gates(np.empty(0, dtype=object), Ways(none, np.empty(0, dtype=np.intp), size), self.rung)
        together = joined(*self.ways)
        return Gates(np.concatenate(self.points), Ways(together.attached, together.owner, size), self.rung)


def edges_of_areas(
    network: Streets, areas: Geometries, gates: Any, *, max_access_m: float
) -> tuple[Ways, NDArray[np.str_]]:
    """Return the ways into polygons that serve from their gates, else from their whole edge; and which of the two.

    Parameters
    ----------
    gates
        Points; those within 10 m of an area's edge are its gates.
    """
    size = len(areas)
    edges = shapely.boundary(areas)
    access = np.full(size, "edge", dtype="<U5")
    which, area = np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)
    if gates is not None and len(gates) and size:
        which, area = shapely.STRtree(edges).query(gates, predicate="dwithin", distance=GATE_M)
        access[area] = "gates"
    spots, owner = _spots(edges, OPEN_STEP_M)
    crossing, crossed = _crossings(network, edges)
    spots, owner = np.concatenate([spots, crossing]), np.concatenate([owner, crossed])
    free = access[owner] == "edge"
    spots, owner = spots[free], owner[free]
    if len(which):
        spots, owner = np.concatenate([np.asarray(gates, dtype=object)[which], spots]), np.concatenate([area, owner])
    return Ways(attach(network, spots, max_access_m=max_access_m), owner, size), access


def _entrances(edges: Geometries, entrances: gpd.GeoDataFrame | None, ids: Any) -> tuple[Any, Any]:
    """Return surveyed entrances and those of OpenStreetMap: points and the area of each."""
    nothing = np.empty(0, dtype=object), np.empty(0, dtype=np.intp)
    if entrances is None or not len(entrances):
        return nothing, nothing
    points = entrances.geometry.to_numpy()
    which, area = shapely.STRtree(edges).query(points, predicate="dwithin", distance=GATE_M)
    if ids is not None and "park_id" in entrances.columns:
        at = {one: k for k, one in enumerate(_ids(ids)) if one}
        named = np.array([at.get(one, -1) for one in _ids(entrances["park_id"])], dtype=np.intp)
        # An entrance that names its park is that park's, however near another one is.
        near = named[which] < 0
        which, area = np.r_[which[near], np.flatnonzero(named >= 0)], np.r_[area[near], named[named >= 0]]
    osm = entrances["osm_id"].notna().to_numpy() if "osm_id" in entrances.columns else np.zeros(len(points), dtype=bool)
    osm = osm[which]
    return (points[which[~osm]], area[~osm]), (points[which[osm]], area[osm])


def _ids(column: Any) -> list[str]:
    """Return ids as text, empty where none is stated, whichever sign a library has for nothing."""
    return ["" if none else str(one) for one, none in zip(column, pd.isna(column), strict=True)]


def _crossings(network: Streets, edges: Geometries) -> tuple[Geometries, Index]:
    """Return where streets on the ground meet the edges of areas, and whose edge it is."""
    ground = network.joined[~network.structure[network.joined] & (network.level[network.joined] == 0)]
    area, at = shapely.STRtree(network.geometry[ground]).query(edges, predicate="intersects")
    shared = shapely.intersection(edges[area], network.geometry[ground[at]])
    parts, pair = shapely.get_parts(shared, return_index=True)
    lines = shapely.get_dimensions(parts) == 1
    # A street along the edge lets people in from end to end of the stretch they share.
    spots, line = _spots(parts[lines], OPEN_STEP_M)
    ends = np.concatenate([shapely.get_point(parts[lines], -1), parts[~lines]])
    owner = np.concatenate([area[pair[lines]][line], area[pair[lines]], area[pair[~lines]]])
    return np.concatenate([spots, ends]), owner


def _spots(lines: Geometries, step_m: float) -> tuple[Geometries, Index]:
    """Return spots along lines, no farther apart than a step, from their start on; and whose they are."""
    parts, owner = shapely.get_parts(lines, return_index=True)
    length = shapely.length(parts)
    count = np.maximum(np.ceil(length / step_m), 1).astype(np.intp)
    part = np.repeat(np.arange(len(parts)), count)
    turn = np.arange(len(part)) - np.repeat(np.cumsum(count) - count, count)
    return shapely.line_interpolate_point(parts[part], turn * (length / count)[part]), owner[part]


def _compound_gates(
    network: Streets, land: gpd.GeoDataFrame, gates: gpd.GeoDataFrame | None, max_access_m: float
) -> tuple[Index, Geometries, Attached] | None:
    """Return parcel, place and way of every gate of a gated parcel."""
    if gates is None or not len(gates) or "gated" not in land.columns:
        return None
    gated = np.flatnonzero([value is True or value is np.True_ for value in land["gated"]])
    if not len(gated):
        return None
    points = gates.geometry.to_numpy()
    edges = shapely.boundary(land.geometry.to_numpy()[gated])
    which, at = shapely.STRtree(edges).query(points, predicate="dwithin", distance=GATE_M)
    attached = attach(network, points[which], max_access_m=max_access_m)
    usable = attached.edge >= 0
    return gated[at[usable]], points[which[usable]], attached.take(usable)


def _leaving(network: Streets, points: Any, parcel: Index, gates: Any, max_access_m: float) -> Ways:
    own = np.zeros(len(points), dtype=bool) if gates is None else np.isin(parcel, gates[0])
    free = np.flatnonzero(~own)
    straight = attach(network, points[free], max_access_m=max_access_m)
    if not own.any():
        return Ways(straight, free, len(points))
    gate_parcel, places, attached = gates
    order = np.argsort(gate_parcel, kind="stable")
    who = np.flatnonzero(own)
    low = np.searchsorted(gate_parcel[order], parcel[who])
    count = np.searchsorted(gate_parcel[order], parcel[who], side="right") - low
    step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    gate, who = order[np.repeat(low, count) + step], np.repeat(who, count)
    leg = shapely.distance(points[who], places[gate])
    by_gate = attached.take(gate)
    by_gate = Attached(by_gate.edge, by_gate.offset_m, by_gate.access_m + leg, by_gate.state, max_access_m)
    together = joined(Ways(straight, free, 0), Ways(by_gate, who, 0))
    return Ways(together.attached, together.owner, len(points))
