"""Find the edges of a graph that are the only way to what lies behind them, and add up what does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from gis_planning.geo import Flags, Floats, Index


@dataclass(frozen=True, eq=False)
class Hanging:
    """A graph as it hangs on one node; arrays by node, or in the order of a search.

    Attributes
    ----------
    order
        The nodes that can be reached from the root, which is the first; each after the one it is reached from.
    parent, above
        By node: the node it is reached from and the edge that leads there; -1 for the root and what is not reached.
    bridge
        By node: whether that edge is the only way there, so that closing it parts the node from the root.
    number, size
        By node: its number in an order in which all that hangs on a node follows it, -1 where not reached; and how many
        nodes these are, itself included.
    """

    order: Index
    parent: Index
    above: Index
    bridge: Flags
    number: Index
    size: Index

    def beneath(self, values: Floats) -> Floats:
        """Return by node the sum of the values of all that hangs on it, itself included; 0 where it is not reached."""
        return beneath(self.order, self.number, self.size, values)

    def common(self, one: int, other: int) -> int:
        """Return the last node on which both of two nodes hang."""
        while not self.number[one] <= self.number[other] < self.number[one] + self.size[one]:
            one = int(self.parent[one])
        return one


def hanging(size: int, u: Index, v: Index, root: int) -> Hanging:
    """Return how a graph hangs on one of its nodes.

    An edge is the only way to a node where no other edge joins what hangs on the node with the rest: that is known from
    the lowest and the highest number any neighbour of it has (Tarjan 1974). Time is linear in nodes and edges, but for
    sorting them.

    Parameters
    ----------
    size
        How many nodes there are.
    u, v
        By edge: the nodes it joins, either way. Edges may be parallel, or begin and end at one node.
    root
        The node.

    Examples
    --------
    A triangle 0, 1, 2 from which 3 and 4 hang one behind the other:

    >>> found = hanging(5, np.array([0, 1, 2, 2, 3]), np.array([1, 2, 0, 3, 4]), 0)
    >>> found.bridge.tolist()
    [False, False, False, True, True]
    >>> found.beneath(np.ones(5)).tolist()
    [5.0, 1.0, 3.0, 2.0, 1.0]
    """
    plain = np.flatnonzero(u != v)
    low_end, high_end = np.minimum(u[plain], v[plain]).astype(np.int64), np.maximum(u[plain], v[plain])
    keys, first, count = np.unique(low_end * size + high_end, return_index=True, return_counts=True)
    a, b = np.divmod(keys, size)
    graph = csr_array((np.ones(len(keys), dtype=np.int8), (a, b)), shape=(size, size))
    order, before = breadth_first_order(graph, root, directed=False)
    order = order.astype(np.intp)
    parent = np.where(before < 0, -1, before).astype(np.intp)
    children = order[1:]
    pair = np.full(size, -1, dtype=np.intp)
    ends = np.minimum(children, parent[children]) * size + np.maximum(children, parent[children])
    pair[children] = np.searchsorted(keys, ends)
    above = np.where(pair >= 0, plain[first[pair]] if len(first) else -1, -1)
    sizes, number = numbered(order, parent, size)
    # The lowest and the highest number among a node and its neighbours, but for the one edge it is reached by.
    other = np.ones(len(keys), dtype=bool)
    other[pair[children]] = False
    other &= number[a] >= 0
    low, high = number.copy(), number.copy()
    for one, end in ((a[other], b[other]), (b[other], a[other])):
        np.minimum.at(low, one, number[end])
        np.maximum.at(high, one, number[end])
    _up(order, parent, low, high)
    bridge = np.zeros(size, dtype=bool)
    alone = (low[children] >= number[children]) & (high[children] < number[children] + sizes[children])
    bridge[children] = alone & (count[pair[children]] == 1)
    return Hanging(order, parent, above, bridge, number, sizes)


def beneath(order: Index, number: Index, size: Index, values: Floats) -> Floats:
    """Return by node the sum of the values of the `size` nodes numbered from it on; 0 where a node has no number.

    `order` are the nodes that have one.
    """
    first, found = number[order], np.zeros(len(values))
    own = np.zeros(len(order) + 1)
    own[first + 1] = values[order]
    sums = np.cumsum(own)
    found[order] = sums[first + size[order]] - sums[first]
    return found


# Each node follows from the one before it: lists are several times faster here than arrays, element by element.
def numbered(order: Index, parent: Index, size: int) -> tuple[Index, Index]:
    """Return by node how many hang on it, and its number in an order in which these follow it."""
    nodes, before = order.tolist(), parent.tolist()
    sizes, number, following = [0] * size, [-1] * size, [0] * size
    for node in reversed(nodes):
        sizes[node] += 1
        if before[node] >= 0:
            sizes[before[node]] += sizes[node]
    for node in nodes:
        at = 0 if before[node] < 0 else following[before[node]]
        number[node], following[node] = at, at + 1
        if before[node] >= 0:
            following[before[node]] = at + sizes[node]
    return np.array(sizes, dtype=np.intp), np.array(number, dtype=np.intp)


def _up(order: Index, parent: Index, low: Index, high: Index) -> None:
    """Hand the lowest and the highest number of each node on to the one it hangs on."""
    lows, highs, before = low.tolist(), high.tolist(), parent.tolist()
    for node in reversed(order[1:].tolist()):
        at = before[node]
        lows[at], highs[at] = min(lows[at], lows[node]), max(highs[at], highs[node])
    low[:], high[:] = lows, highs
