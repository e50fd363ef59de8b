"""Measure how far places are from one another along the streets, exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra

from gis_planning.geo import Floats, Index
from gis_planning.streets.attach import Attached
from gis_planning.streets.graph import Arcs, Streets

Trip = Literal["to_source", "from_source"]

#: Distances held at once while many searches run; bounds memory.
CELLS = 20_000_000
#: Pairs on the same edge looked at together.
PAIRS = 5_000_000


@dataclass(frozen=True, eq=False)
class Nearest:
    """By target: cost to the nearest source (infinite beyond the limit), and its position (-1 beyond)."""

    distance_m: Floats
    source: Index


@dataclass(frozen=True, eq=False)
class Way:
    """The network in the direction in which the search runs, from sources to targets.

    By edge, `first` are the nodes at its start and end to which the search comes from a place on it, `last` those from
    which it comes to one.
    """

    streets: Streets
    arcs: Arcs
    along: Floats
    against: Floats
    first: tuple[Index, Index]
    last: tuple[Index, Index]

    @classmethod
    def of(cls, streets: Streets, trip: Trip) -> Way:
        """Return the network as it is, or turned round, for who goes to a source is found from the source."""
        reached, left = streets.reached, streets.left
        if trip == "from_source":
            return cls(streets, streets.arcs_forward, streets.forward, streets.backward, reached, left)
        return cls(streets, streets.arcs_backward, streets.backward, streets.forward, left, reached)

    def share(self, places: Attached) -> Floats:
        """Return how far along its edge each place is, from 0 to 1."""
        return places.offset_m / self.streets.length_m[places.edge]

    def out(self, places: Attached) -> tuple[Floats, Floats]:
        """Return the costs from each place to the start and to the end of its edge, access included."""
        part, access = self.share(places), places.access_m * self.streets.access_factor
        return access + _times(self.against[places.edge], part), access + _times(self.along[places.edge], 1 - part)

    def into(self, places: Attached) -> tuple[Floats, Floats]:
        """Return the costs from the start and from the end of its edge to each place, access included."""
        part, access = self.share(places), places.access_m * self.streets.access_factor
        return access + _times(self.along[places.edge], part), access + _times(self.against[places.edge], 1 - part)

    def straight(self, sources: Attached, targets: Attached) -> Floats:
        """Return the costs from sources to targets on the same edge, pair by pair, without leaving it."""
        step = self.share(targets) - self.share(sources)
        along, against = self.along[sources.edge], self.against[sources.edge]
        ride = np.where(step >= 0, _times(along, np.abs(step)), _times(against, np.abs(step)))
        return np.asarray(ride + (sources.access_m + targets.access_m) * self.streets.access_factor)

    def beside(self, sources: Attached, targets: Attached) -> Floats:
        """Return by target the least cost from a source on the same edge without leaving it; infinite where none is."""
        best = np.full(len(targets), np.inf)
        for target, one in _same_edge(sources, targets):
            np.minimum.at(best, target, self.straight(sources.take(one), targets.take(target)))
        return best


def nearest(
    streets: Streets, sources: Attached, targets: Attached, *, limit_m: float = np.inf, trip: Trip = "to_source"
) -> Nearest:
    """Return for every target the network distance to the nearest source.

    Exact: straight way, along the edge to either of its ends, through the network, along the last edge, straight way;
    or along the edge alone where both are on the same one. One search from all sources at once. For the nearest of a
    kind, give the sources of that kind (`Attached.take`).

    Parameters
    ----------
    streets
        The network.
    sources, targets
        For example facilities and homes, attached to it.
    limit_m
        Distances beyond are infinite; a distance that equals it counts. For driving in metres at
        `streets.reference_kmh`.
    trip
        Which way people go, where costs differ: targets to source or the other way round.

    Returns
    -------
    Nearest
        Unattached targets have no source, unattached sources serve nobody.
    """
    way = Way.of(streets, trip)
    usable = np.flatnonzero(sources.edge >= 0)
    best, source = np.full(len(targets), np.inf), np.full(len(targets), -1, dtype=np.intp)
    if not len(usable):
        return Nearest(best, source)
    starting, size = sources.take(usable), len(streets.spots_xy)
    cost, _, origin = _searched(way, starting, limit_m)
    # Most targets lie beyond a short limit; sums are made only for those on an edge whose end is within it.
    there = cost < np.inf
    edges = there[way.last[0]] | there[way.last[1]]
    some = np.flatnonzero(edges[targets.edge] & (targets.edge >= 0))
    arriving = targets if len(some) == len(targets) else targets.take(some)
    u, v = (end[arriving.edge] for end in way.last)
    from_u, from_v = way.into(arriving)
    by_u, by_v = cost[u] + from_u, cost[v] + from_v
    total = np.minimum(by_u, by_v)
    chosen = origin[np.where(by_u <= by_v, u, v)] - size
    kept = (total <= limit_m) & (total < np.inf)
    best[some[kept]], source[some[kept]] = total[kept], usable[chosen[kept]]
    for target, one in _same_edge(starting, targets):
        direct = way.straight(starting.take(one), targets.take(target))
        better = (direct < best[target]) & (direct <= limit_m)
        target, one, direct = target[better], one[better], direct[better]  # noqa: PLW2901 - the rest is farther
        order = np.lexsort((one, direct, target))
        first = order[np.r_[True, np.diff(target[order]) != 0][: len(order)]]
        best[target[first]], source[target[first]] = direct[first], usable[one[first]]
    return Nearest(best, source)


def searched(way: Way, sources: Attached, limit_m: float) -> tuple[Floats, Index]:
    """Return by node what the shortest way from any source costs, and the node before it there, negative if none.

    The sources are nodes behind those of the network; all of them are attached.
    """
    cost, before, _ = _searched(way, sources, limit_m)
    return cost, before


def _searched(way: Way, sources: Attached, limit_m: float) -> tuple[Floats, Index, Index]:
    """Return what `searched` does, and by node which source it is."""
    u, v = (nodes[sources.edge] for nodes in way.first)
    graph = _with_places(way.arcs, u, v, way.out(sources))
    places = len(way.streets.spots_xy) + np.arange(len(sources))
    cost, before, origin = dijkstra(graph, indices=places, min_only=True, limit=limit_m, return_predecessors=True)
    return cost, before, origin


def within(
    streets: Streets, sources: Attached, targets: Attached, *, limit_m: float, trip: Trip = "to_source"
) -> csr_array:
    """Return the network distances of all pairs within a limit, as exact as `nearest`.

    Sources are searched tile by tile, each on the part of the network that can lie within the limit, so that neither
    time nor memory grows with the whole network.

    Parameters
    ----------
    streets, sources, targets, trip
        As in `nearest`.
    limit_m
        Pairs farther apart are left out; a distance that equals it counts.

    Returns
    -------
    csr_array
        A row for each target, a column for each source. A stored 0 is a distance of 0.
    """
    target, source, cost = pairs(streets, sources, targets, limit_m=limit_m, trip=trip)
    return csr_array(coo_array((cost, (target, source)), shape=(len(targets), len(sources))))


def pairs(
    streets: Streets, sources: Attached, targets: Attached, *, limit_m: float, trip: Trip
) -> tuple[Index, Index, Floats]:
    """Return target, source and network distance of the pairs of `within`, in no order."""
    usable, asking = np.flatnonzero(sources.edge >= 0), np.flatnonzero(targets.edge >= 0)
    row, column, cost = [np.zeros(0, dtype=np.intp)], [np.zeros(0, dtype=np.intp)], [np.zeros(0)]
    most = min(limit_m, np.finfo(np.float64).max)
    for some, near, total in _blocks(Way.of(streets, trip), sources.take(usable), targets.take(asking), limit_m):
        at = np.flatnonzero(total <= most)
        which, target = np.divmod(at, total.shape[1])
        row.append(near[target])
        column.append(some[which])
        cost.append(total.ravel()[at])
    return asking[np.concatenate(row)], usable[np.concatenate(column)], np.concatenate(cost)


def counts(
    streets: Streets, sources: Attached, targets: Attached, *, limit_m: float, trip: Trip = "to_source"
) -> Index:
    """Return for every target how many sources are within a limit: the pairs of `within`, counted but not kept.

    Searches from the targets where they are fewer.

    Parameters
    ----------
    streets, sources, targets, limit_m, trip
        As in `within`.
    """
    usable, asking = np.flatnonzero(sources.edge >= 0), np.flatnonzero(targets.edge >= 0)
    starting, arriving = sources.take(usable), targets.take(asking)
    number, back = np.zeros(len(asking), dtype=np.intp), len(asking) < len(usable)
    if back:
        starting, arriving = arriving, starting
        trip = "from_source" if trip == "to_source" else "to_source"
    for some, near, total in _blocks(Way.of(streets, trip), starting, arriving, limit_m):
        there = (total <= limit_m) & (total < np.inf)
        number[some if back else near] += there.sum(axis=1 if back else 0)
    found = np.zeros(len(targets), dtype=np.intp)
    found[asking] = number
    return found


def metres_within(streets: Streets, limit_m: float) -> float:
    """Return how far a way within a limit leads at the most, as the crow flies, in metres."""
    with np.errstate(invalid="ignore", divide="ignore"):
        cheapest = np.minimum(streets.forward, streets.backward) / streets.length_m
    # No way costs less per metre than the cheapest edge or the straight way.
    return limit_m / min(float(cheapest.min()), streets.access_factor) + 1e-3


def _times(cost: Floats, part: Floats) -> Floats:
    """Return the cost of a part of an edge; none of a closed edge costs nothing."""
    with np.errstate(invalid="ignore"):
        product = cost * part
    if np.isnan(product.sum()):  # costs are not negative, so no infinite ones cancel out
        product[np.isnan(product)] = 0.0
    return product


def _with_places(arcs: Arcs, u: Index, v: Index, out: tuple[Floats, Floats]) -> csr_array:
    """Return the graph with a node more for each place, from which arcs lead to both ends of its edge."""
    pointer, column, cost = arcs
    size = len(pointer) - 1
    one_way_loop = u == v
    first = np.where(one_way_loop, np.minimum(*out), out[0])
    ends, costs = np.column_stack([u, v]).ravel(), np.column_stack([first, out[1]]).ravel()
    keep = np.isfinite(costs) & ~np.column_stack([np.zeros(len(u), dtype=bool), one_way_loop]).ravel()
    degree = keep.reshape(-1, 2).sum(axis=1)
    pointer = np.r_[pointer, pointer[-1] + np.cumsum(degree)].astype(np.int32)
    column = np.r_[column, ends[keep].astype(np.int32)]
    return csr_array((np.r_[cost, costs[keep]], column, pointer), shape=(size + len(u),) * 2)


def _same_edge(sources: Attached, targets: Attached) -> list[tuple[Index, Index]]:
    """Return the pairs of a target and a source on the same edge, in batches of whole targets."""
    if not len(sources) or not len(targets):
        return []
    order = np.argsort(sources.edge, kind="stable")
    edges = sources.edge[order]
    taken = np.zeros(max(int(edges[-1]), int(targets.edge.max())) + 1, dtype=bool)
    taken[edges] = True
    asking = np.flatnonzero(taken[targets.edge] & (targets.edge >= 0))
    low = np.searchsorted(edges, targets.edge[asking])
    count = np.searchsorted(edges, targets.edge[asking], side="right") - low
    batch = np.cumsum(count) // PAIRS
    found = []
    for one in np.unique(batch):
        some, many, start = asking[batch == one], count[batch == one], low[batch == one]
        step = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        found.append((np.repeat(some, many), order[np.repeat(start, many) + step]))
    return found


def _tiles(way: Way, sources: Attached, limit_m: float) -> list[tuple[Index, Index]]:
    """Group sources by tiles as wide as the limit reaches; return each group and the nodes it could reach."""
    if not len(sources):
        return []
    streets = way.streets
    reach = metres_within(streets, limit_m)
    where = streets.xy[streets.u[sources.edge]]
    where = (where + streets.xy[streets.v[sources.edge]]) / 2
    # A node of the source's edge may lie half the edge farther from that middle.
    longest = float(streets.length_m[sources.edge].max())
    if not np.isfinite(reach):
        return [(np.arange(len(sources)), np.arange(len(streets.spots_xy)))]
    side = max(reach, 1000.0)
    low = where.min(axis=0)
    cell = np.floor((where - low) / side).astype(np.int64)
    key = cell[:, 0] * (cell[:, 1].max() + 1) + cell[:, 1]
    order = np.argsort(key, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(key[order])) + 1)
    spots = streets.spots_xy
    by_x = np.argsort(spots[:, 0], kind="stable")
    sorted_x = spots[by_x, 0]
    found = []
    for group in groups:
        (x0, y0), (x1, y1) = where[group].min(axis=0) - reach - longest, where[group].max(axis=0) + reach + longest
        band = by_x[np.searchsorted(sorted_x, x0) : np.searchsorted(sorted_x, x1, side="right")]
        y = spots[band, 1]
        found.append((group, np.sort(band[(y >= y0) & (y <= y1)])))
    return found


def _blocks(way: Way, sources: Attached, targets: Attached, limit_m: float) -> Iterator[tuple[Index, Index, Floats]]:
    """Yield some sources, the targets near them, and the costs between, a row for each source; each pair once at most.

    A cost beyond the limit may be too high.
    """
    streets = way.streets
    if not len(sources) or not len(targets):
        return
    size = len(streets.spots_xy)
    by_end = [Members.of(end[targets.edge], size) for end in way.last]
    direct = [(one, target) for target, one in _same_edge(sources, targets)]
    same_source, same_target = (np.concatenate([np.zeros(0, dtype=np.intp), *parts]) for parts in _columns(direct))
    by_source = Members.of(same_source, len(sources))
    number = np.full(size, -1, dtype=np.intp)
    for tile, nodes in _tiles(way, sources, limit_m):
        number[nodes] = np.arange(len(nodes))
        arcs = _cut(way.arcs, nodes, number)
        # Each target once: by the start of its edge, or by the end where the start is not there.
        by_u, by_v = (members.within(nodes) for members in by_end)
        near = np.sort(np.r_[by_u, by_v[number[way.last[0][targets.edge[by_v]]] < 0]])
        arriving = targets.take(near)
        u, v = (number[end[arriving.edge]] for end in way.last)
        from_u, from_v = way.into(arriving)
        # An end outside the tile is beyond the limit; its place is taken by node 0, at no finite cost.
        from_u, from_v = np.where(u < 0, np.inf, from_u), np.where(v < 0, np.inf, from_v)
        u, v = np.maximum(u, 0), np.maximum(v, 0)
        step = max(1, CELLS // (len(nodes) + len(near) + 1))
        for first in range(0, len(tile), step):
            group = tile[first : first + step]
            some = sources.take(group)
            u_first, v_first = (number[end[some.edge]] for end in way.first)
            graph = _with_places(arcs, u_first, v_first, way.out(some))
            costs = dijkstra(graph, indices=len(nodes) + np.arange(len(some)), limit=limit_m)
            pair = by_source.within(group)
            one, target = same_source[pair], same_target[pair]
            row = np.repeat(np.arange(len(group)), by_source.sizes(group))
            ride = way.straight(sources.take(one), targets.take(target))
            # Many targets of a tile are beyond the limit of all.
            there = (costs <= limit_m).any(axis=0)
            found = there[u] | there[v]
            found[np.searchsorted(near, target)] = True
            found = np.flatnonzero(found)
            total = np.minimum(costs[:, u[found]] + from_u[found], costs[:, v[found]] + from_v[found])
            np.minimum.at(total, (row, np.searchsorted(near[found], target)), ride)
            yield group, near[found], total
        number[nodes] = -1


@dataclass(frozen=True, eq=False)
class Members:
    """Positions grouped by a number they have."""

    order: Index
    start: Index

    @classmethod
    def of(cls, numbers: Index, count: int) -> Members:
        """Group the positions of some numbers from 0 to `count`."""
        start = np.r_[0, np.cumsum(np.bincount(numbers, minlength=count))]
        return cls(np.argsort(numbers, kind="stable"), start)

    def sizes(self, numbers: Index) -> Index:
        """Return how many positions have each of some numbers."""
        return self.start[numbers + 1] - self.start[numbers]

    def within(self, numbers: Index) -> Index:
        """Return the positions that have one of some numbers, number by number."""
        return self.order[ranges(self.start[numbers], self.sizes(numbers))]


def ranges(start: Index, count: Index) -> Index:
    """Return start, start + 1, ..., as many as counted, one after the other."""
    return np.arange(count.sum()) - np.repeat(np.cumsum(count) - count - start, count)


def _columns(pairs: list[tuple[Index, Index]]) -> tuple[list[Index], list[Index]]:
    return [one for one, _ in pairs], [other for _, other in pairs]


def _cut(arcs: Arcs, nodes: Index, number: Index) -> Arcs:
    """Return the graph of some nodes, renumbered."""
    pointer, column, cost = arcs
    count = pointer[nodes + 1] - pointer[nodes]
    arc = ranges(pointer[nodes].astype(np.intp), count.astype(np.intp))
    to = number[column[arc]]
    row = np.repeat(np.arange(len(nodes)), count)[to >= 0]
    starts = np.searchsorted(row, np.arange(len(nodes) + 1)).astype(np.int32)
    return starts, to[to >= 0].astype(np.int32), cost[arc[to >= 0]]
