"""Find the streets whose closing puts most beyond a limit: each is closed, and all that hangs on it is asked anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, dijkstra

from gis_planning.geo import Flags, Floats, Index
from gis_planning.overlay import groups_of
from gis_planning.streets.attach import Attached
from gis_planning.streets.bridges import beneath, numbered
from gis_planning.streets.graph import Streets, arcs_of
from gis_planning.streets.reach import Members, Trip, Way, ranges, searched


class Closed(NamedTuple):
    """Edges by what their closing costs, the most first; `lost` are the targets beyond the limit then, edge by edge."""

    edge: Index
    loss: Floats
    lost: tuple[Index, ...]


def closed(
    streets: Streets,
    sources: Attached,
    targets: Attached,
    owner: Index,
    weight: Floats,
    *,
    limit_m: float,
    least: float,
    trip: Trip = "to_source",
) -> Closed:
    """Return the edges whose closing puts targets of some weight beyond a limit, each edge closed by itself.

    A closed edge is not passed through, in neither direction; what stands on it keeps the ways to both its ends. What
    is lost has a source within the limit while all is open, and none then. No edge is worth closing but those on the
    shortest ways from the sources, and no more can be lost than what hangs on it there: only where that is enough is
    the search repeated, and only for what hangs on it.

    Parameters
    ----------
    streets, sources, trip, limit_m
        As in `reach.nearest`.
    targets, owner
        Ways onto the streets, and by way the place it is of; a place has the best of its ways.
    weight
        By place.
    least
        The least loss, above 0, for which an edge is returned.
    """
    search = _Search.of(streets, sources, targets, owner, len(weight), limit_m, trip)
    served = search.best <= limit_m
    worth = np.where(served, weight, 0.0)
    hangs = _beneath(search, worth)
    arcs = np.flatnonzero(search.edge_above >= 0)
    at_most = np.bincount(search.edge_above[arcs], hangs[arcs], minlength=len(streets.u))
    found = []
    for edge in np.flatnonzero(at_most >= least - 1e-9).tolist():
        lost = search.lost(edge, served, limit_m)
        loss = float(weight[lost].sum())
        if loss >= least - 1e-9:
            found.append((edge, loss, lost))
    found.sort(key=lambda one: (-one[1], one[0]))
    edges, losses, lists = zip(*found, strict=True) if found else ((), (), ())
    return Closed(np.array(edges, dtype=np.intp), np.array(losses, dtype=float), tuple(lists))


def one_behind_the_other(streets: Streets, edges: Index) -> Index:
    """Return a number for each of some edges; those that meet where no other street does share one."""
    driven = np.isfinite(streets.forward) | np.isfinite(streets.backward)
    arms = np.bincount(np.r_[streets.u[driven], streets.v[driven]], minlength=len(streets.xy))
    ends = np.r_[streets.u[edges], streets.v[edges]]
    order = np.argsort(ends, kind="stable")
    near = np.flatnonzero((np.diff(ends[order]) == 0) & (arms[ends[order][1:]] == 2))
    owner = order % max(len(edges), 1)
    return groups_of(len(edges), owner[near], owner[near + 1])


def _beneath(search: _Search, worth: Floats) -> Floats:
    """Return by node the weight of the places whose best way leads through it."""
    ways = np.flatnonzero(search.through >= 0)
    # Of several ways that are as good any will do: what no edge takes away is found when it is closed.
    ways = ways[search.total[ways] <= search.best[search.owner[ways]]]
    _, first = np.unique(search.owner[ways], return_index=True)
    ways = ways[first]
    own = np.bincount(search.through[ways], worth[search.owner[ways]], minlength=len(search.cost))
    return beneath(search.order, search.number, search.size, np.asarray(own, dtype=float))


@dataclass(frozen=True, eq=False)
class _Search:
    """The shortest ways from all sources, and what is needed to search a part of them again.

    `order` are the nodes that are reached, so that all that hangs on one follows it: `number` is the place there, and
    `size` how many they are. `edge_above` is the edge by which a node is reached, -1 where that is a turn or a source.
    `tail`, `price` and `edge` are all arcs, parallel ones too, by the node they lead to: those of a node begin at
    `starts`. `first` is by node what the way straight from a source costs. By way of a target: the nodes at the `ends`
    of its edge, what it costs from these `into` it, the cost of the way that does not leave the edge (`direct`), the
    least of all three (`total`), and `through` which node that is, -1 where the edge is not left.
    """

    way: Way
    cost: Floats
    order: Index
    number: Index
    size: Index
    edge_above: Index
    starts: Index
    tail: Index
    price: Floats
    edge: Index
    first: Floats
    ends: tuple[Index, Index]
    into: tuple[Floats, Floats]
    direct: Floats
    owner: Index
    total: Floats
    through: Index
    best: Floats
    ways_by_node: Members
    ways_by_owner: Members

    @classmethod
    def of(
        cls,
        streets: Streets,
        sources: Attached,
        targets: Attached,
        owner: Index,
        places: int,
        limit_m: float,
        trip: Trip,
    ) -> _Search:
        there = np.flatnonzero(targets.edge >= 0)
        targets, owner = targets.take(there), owner[there]
        starting = sources.take(np.flatnonzero(sources.edge >= 0))
        way = Way.of(streets, trip)
        size = len(streets.spots_xy)
        cost, before = searched(way, starting, limit_m)
        order, number, sizes = _ordered(cost[:size], before, size, len(starting))
        starts, tail, price, edge = _arcs_by_head(streets, trip, size)
        first = np.full(size, np.inf)
        for nodes, out in zip(way.first, way.out(starting), strict=True):
            np.minimum.at(first, nodes[starting.edge], out)
        ends = tuple(node[targets.edge] for node in way.last)
        into, direct = way.into(targets), way.beside(starting, targets)
        by_u, by_v = (cost[node] + rest for node, rest in zip(ends, into, strict=True))
        total = np.minimum(np.minimum(by_u, by_v), direct)
        best = np.full(places, np.inf)
        np.minimum.at(best, owner, total)
        through = np.where(direct <= np.minimum(by_u, by_v), -1, np.where(by_u <= by_v, *ends))
        above = _edges_above(cost[:size], before[:size], starts, tail, price, edge)
        by_node = Members.of(np.r_[ends[0], ends[1]], size)
        return cls(
            way, cost[:size].copy(), order, number, sizes, above, starts, tail, price, edge, first,
            (ends[0], ends[1]), into, direct, owner, total, through, best, by_node, Members.of(owner, places),
        )  # fmt: skip

    def lost(self, edge: int, served: Flags, limit_m: float) -> Index:
        """Return the places within the limit while all is open, and beyond it where an edge is closed."""
        hung = self._hanging(edge)
        ways = np.unique(self.ways_by_node.within(hung) % len(self.owner)) if len(self.owner) else self.owner
        asking = np.unique(self.owner[ways])
        asking = asking[served[asking]]
        if not len(asking):
            return asking
        kept = self.cost[hung]
        self.cost[hung] = self._anew(edge, hung, limit_m)
        ways = self.ways_by_owner.within(asking)
        by_u, by_v = (self.cost[node[ways]] + rest[ways] for node, rest in zip(self.ends, self.into, strict=True))
        self.cost[hung] = kept
        best = np.full(len(asking), np.inf)
        total = np.minimum(np.minimum(by_u, by_v), self.direct[ways])
        np.minimum.at(best, np.searchsorted(asking, self.owner[ways]), total)
        return asking[best > limit_m]

    def _hanging(self, edge: int) -> Index:
        """Return the nodes whose shortest way leads along an edge."""
        ends = np.unique(np.r_[[nodes[edge] for nodes in self.way.first]])
        tops = ends[self.edge_above[ends] == edge]
        if not len(tops):
            return np.zeros(0, dtype=np.intp)
        runs = [self.order[self.number[top] : self.number[top] + self.size[top]] for top in tops]
        return np.unique(np.concatenate(runs))

    def _anew(self, edge: int, hung: Index, limit_m: float) -> Floats:
        """Return the costs of nodes that hang on an edge when it is closed: from the nodes that do not, and sources."""
        many = self.starts[hung + 1] - self.starts[hung]
        arc = ranges(self.starts[hung], many)
        to = np.repeat(np.arange(len(hung)), many)
        open_ = self.edge[arc] != edge
        arc, to = arc[open_], to[open_]
        at = np.searchsorted(hung, self.tail[arc])
        inside = hung[np.minimum(at, len(hung) - 1)] == self.tail[arc]
        best = self.first[hung].copy()
        np.minimum.at(best, to[~inside], self.cost[self.tail[arc[~inside]]] + self.price[arc[~inside]])
        root, seeds = len(hung), np.flatnonzero(np.isfinite(best))
        tail = np.r_[at[inside], np.full(len(seeds), root)]
        head = np.r_[to[inside], seeds]
        price = np.r_[self.price[arc[inside]], best[seeds]]
        pointer, column, cheapest = arcs_of(root + 1, tail, head, price)
        graph = csr_array((cheapest, column, pointer), shape=(root + 1, root + 1))
        return np.asarray(dijkstra(graph, indices=root, limit=limit_m)[:root])


def _ordered(cost: Floats, before: Index, size: int, sources: int) -> tuple[Index, Index, Index]:
    """Return nodes so that all that hangs on one follows it, and by node its place there and how many these are."""
    root = size + sources
    there = np.flatnonzero(np.isfinite(cost) & (before[:size] >= 0))
    tail = np.r_[before[there], np.full(sources, root)]
    head = np.r_[there, size + np.arange(sources)]
    tree = csr_array((np.ones(len(head), dtype=np.int8), (tail, head)), shape=(root + 1, root + 1))
    order, parent = breadth_first_order(tree, root)
    parent = np.where(parent < 0, -1, parent).astype(np.intp)
    sizes, number = numbered(order.astype(np.intp), parent, root + 1)
    by_number = np.argsort(number, kind="stable")
    by_number = by_number[number[by_number] >= 0]
    nodes = by_number[by_number < size]
    # The root and the sources are left out: what is numbered after them moves up.
    place = np.full(size, -1, dtype=np.intp)
    place[nodes] = np.arange(len(nodes))
    return nodes, place, np.where(place >= 0, sizes[:size], 0)


def _arcs_by_head(streets: Streets, trip: Trip, size: int) -> tuple[Index, Index, Floats, Index]:
    """Return all arcs by the node they lead to: where those of a node start, their tails, costs and edges."""
    tail, head, price = streets.ways
    if trip == "to_source":
        tail, head = head, tail
    edges = np.arange(len(streets.u))
    edge = np.r_[edges, edges, np.full(len(price) - 2 * len(edges), -1)]
    usable = np.isfinite(price) & (tail != head)
    tail, head, price, edge = tail[usable], head[usable], price[usable], edge[usable]
    order = np.argsort(head, kind="stable")
    starts = np.r_[0, np.cumsum(np.bincount(head, minlength=size))]
    return starts, tail[order], price[order], edge[order]


def _edges_above(cost: Floats, before: Index, starts: Index, tail: Index, price: Floats, edge: Index) -> Index:
    """Return by node the edge by which it is reached; -1 where that is a turn, a source, or nothing."""
    size = len(cost)
    head = np.repeat(np.arange(size), np.diff(starts))
    used = np.flatnonzero(tail == before[head])
    # Of parallel edges the cheapest is the one.
    used = used[np.lexsort((edge[used], price[used], head[used]))]
    used = used[np.r_[True, np.diff(head[used]) != 0][: len(used)]]
    above = np.full(size, -1, dtype=np.intp)
    above[head[used]] = edge[used]
    return above
