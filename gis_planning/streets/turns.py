"""Tell turns apart where some are forbidden: there a street is reached at one node and left from another.

Elsewhere who is at a junction may go on along any street, whichever he came by, so one node is enough. At a junction
with a forbidden turn every end of a street has two, one where it is reached and one where it is left, and a turn is a
way between them. Nobody turns round where only two streets meet; that matters only where a turn was missed, so these
places are told apart on the way from a forbidden turn to the next junction or dead end, where one may turn round.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.spatial import cKDTree

from gis_planning.conventions import facts
from gis_planning.geo import Floats, Index

if TYPE_CHECKING:
    import geopandas as gpd

#: A restriction lies on the junction it is of.
AT_M = 1.0
#: Kinds that begin so allow nothing else.
ONLY = "only_"
TURN_ROUND = "no_u_turn"


@dataclass(frozen=True, eq=False)
class Turns:
    """Junctions at which turns are told apart.

    Attributes
    ----------
    reached_u, reached_v, left_u, left_v
        By edge: the node at which its start or end is reached along it, and the node from which it is left along it.
    turn_from, turn_to
        By turn that may be made: the node at which a street is reached, and that from which another is left.
    xy
        By node that is not one of the edges': where it is. Their numbers follow those of the edges' nodes.
    unmatched
        Positions of the restrictions that fit no junction of two such streets.
    """

    reached_u: Index
    reached_v: Index
    left_u: Index
    left_v: Index
    turn_from: Index
    turn_to: Index
    xy: Floats
    unmatched: tuple[int, ...]


class _Ends:
    """The ends of edges, by the node where they lie: that of edge e at its start is e, at its end e + edges."""

    def __init__(self, u: Index, v: Index, nodes: int) -> None:
        self.edges, self.node = len(u), np.r_[u, v]
        self._order = np.argsort(self.node, kind="stable")
        self._start = np.r_[0, np.cumsum(np.bincount(self.node, minlength=nodes))]

    def at(self, node: int) -> list[int]:
        """Return the ends at a node."""
        return [int(end) for end in self._order[self._start[node] : self._start[node + 1]]]

    def other(self, end: int) -> int:
        """Return the other end of the same edge."""
        return end - self.edges if end >= self.edges else end + self.edges


def turns_of(u: Index, v: Index, xy: Floats, ids: list[str], restrictions: gpd.GeoDataFrame) -> Turns:
    """Return the turns of a network with some restrictions.

    Parameters
    ----------
    u, v, xy
        The nodes of edges, and where nodes are.
    ids
        By edge: the id of its street, "" where it states none.
    restrictions
        Points with `from_id`, `to_id` and `kind`: `no_...` forbids to go from the one street into the other at the
        point, `only_...` all other ways on; `no_u_turn` from a street into itself forbids to turn round there.
    """
    kinds = {word.casefold(): kind for kind, words in facts("streets")["turns"].items() for word in words}
    ends = _Ends(u, v, len(xy))
    forbidden: dict[int, set[tuple[int, int]]] = {}
    unmatched = []
    table = restrictions[["from_id", "to_id", "kind"]].astype(object).where(restrictions.notna(), "")
    near = cKDTree(xy).query_ball_point(shapely.get_coordinates(shapely.centroid(restrictions.geometry)), AT_M)
    rows = zip(near, table.astype(str).itertuples(index=False), strict=True)
    for number, (nodes, row) in enumerate(rows):
        node = next((node for node in nodes if _joins(ends, ids, node, row.from_id, row.to_id)), None)
        kind = kinds.get(row.kind.strip().casefold())
        if node is None or kind is None:
            unmatched.append(number)
            continue
        forbidden.setdefault(node, set()).update(_forbidden(ends, ids, node, row.from_id, row.to_id, kind))
    apart = {node: ends.at(node) for node in forbidden}
    for node in list(apart):
        apart |= {between: ends.at(between) for between in _between(ends, node)}
    return _turns(xy, ends, apart, forbidden, tuple(unmatched))


def _joins(ends: _Ends, ids: list[str], node: int, one: str, other: str) -> bool:
    there = {ids[end % ends.edges] for end in ends.at(node)}
    return bool(one and other) and {one, other} <= there


def _forbidden(
    ends: _Ends, ids: list[str], node: int, from_id: str, to_id: str, kind: str
) -> Iterator[tuple[int, int]]:
    """Yield the turns that a restriction forbids, each by the end that is reached and the end that is left."""
    arms = ends.at(node)
    into = [end for end in arms if ids[end % ends.edges] == from_id]
    out = [end for end in arms if ids[end % ends.edges] == to_id]
    for one in into:
        if kind.startswith(ONLY):
            allowed = [end for end in out if end != one] or out
            yield from ((one, other) for other in arms if other not in allowed)
        elif kind == TURN_ROUND and from_id == to_id:
            yield one, one
        else:
            yield from ((one, other) for other in out if other != one)


def _between(ends: _Ends, node: int) -> Iterator[int]:
    """Yield the places where only two streets meet, from a junction to the next ones along each of its streets."""
    for end in ends.at(node):
        there, seen = end, {node}
        while True:
            there = ends.other(there)
            place = int(ends.node[there])
            arms = ends.at(place)
            if place in seen or len(arms) != 2:
                break
            yield place
            seen.add(place)
            there = next(one for one in arms if one != there)


def _turns(
    xy: Floats,
    ends: _Ends,
    apart: dict[int, list[int]],
    forbidden: dict[int, set[tuple[int, int]]],
    unmatched: tuple[int, ...],
) -> Turns:
    """Return the turns at places that are told apart: of every end one node where it is reached and one where left."""
    chosen = np.array([end for arms in apart.values() for end in arms], dtype=np.intp)
    reached, left = ends.node.copy(), ends.node.copy()
    reached[chosen] = len(xy) + np.arange(len(chosen))
    left[chosen] = len(xy) + len(chosen) + np.arange(len(chosen))
    made = [
        (int(reached[one]), int(left[other]))
        for node, arms in apart.items()
        for one in arms
        for other in arms
        # Nobody turns round where two streets meet.
        if not (one == other and len(arms) == 2) and (one, other) not in forbidden.get(node, ())
    ]
    turn_from, turn_to = np.array(made, dtype=np.intp).reshape(-1, 2).T
    where = np.asarray(xy)[ends.node[chosen]]
    (reached_u, reached_v), (left_u, left_v) = np.split(reached, 2), np.split(left, 2)
    return Turns(reached_u, reached_v, left_u, left_v, turn_from, turn_to, np.concatenate([where, where]), unmatched)
