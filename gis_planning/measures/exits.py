"""Measure what hangs on one street: who is cut off from the county seat, and by how many streets a town is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely.ops import substring

from gis_planning.analysis.demand import Demand
from gis_planning.analysis.leaving import exits_of, on_street
from gis_planning.analysis.ways import Ways, straight_to
from gis_planning.county.areas import divided_by
from gis_planning.errors import NotAssessed
from gis_planning.geo import Flags, Floats, Index
from gis_planning.measures import Count, Minutes
from gis_planning.results.verdicts import Measured
from gis_planning.streets import Attached, Streets
from gis_planning.streets.bridges import Hanging, hanging
from gis_planning.texts import text


def cut_off(
    seat: gpd.GeoDataFrame,
    network: Streets,
    demand: Demand,
    demand_ways: tuple[Ways, Ways, Ways],
    streets: gpd.GeoDataFrame,
    villages: gpd.GeoDataFrame | None = None,
    *,
    at_least_homes: float,
    max_access_m: float = 200.0,
) -> Count:
    """Count the streets whose closing cuts homes off from the county seat.

    A street counts where no other way leads from the seat to what lies behind it, in whichever direction it is driven,
    and `at_least_homes` homes or more lie behind or along it, or a village does. Streets one behind the other with the
    same homes and villages behind them are one. Who has several ways onto the streets is cut off only where all are.

    Parameters
    ----------
    seat
        A point: where the county's government sits.
    network
        The streets, joined; a clause hands over those that cars may use.
    demand, demand_ways
        Homes, and their ways onto the streets.
    streets
        The layer the network is from, for the names.
    villages
        Points or polygons, counted as they are; a village is where the middle of its outline is.
    at_least_homes
        How many homes behind a street make it count.
    max_access_m
        The longest straight way between the seat, a home or a village, and a street.

    Returns
    -------
    Measured
        A count. Offenders are these streets, the most homes first, each with `homes`, `people` and `villages` behind.

    Raises
    ------
    NotAssessed
        There is no home, or the seat is on no street.

    Notes
    -----
    Source: town streets are to be joined to the roads outside, as the plan for county seats asks; it sets no number.

    Examples
    --------
    A side street at whose end two homes stand:

    >>> from shapely import LineString, Point, box
    >>> from gis_planning import streets as networks
    >>> from gis_planning.analysis.work import applied, frame
    >>> roads = frame(LineString([(0, 0), (900, 0)]), LineString([(400, 0), (400, 300)]))
    >>> found = applied(
    ...     cut_off, seat=frame(Point(200, 0)), streets=roads, network=networks.build(roads, mode="drive"),
    ...     residential=frame(box(395, 280, 405, 290), box(395, 290, 405, 300), box(95, 0, 105, 10)),
    ...     study_area=frame(box(-50, -50, 950, 350)), at_least_homes=2,
    ... )
    >>> found.value, found.offenders["length_m"].tolist()
    (1.0, [500.0])
    """
    if not len(demand.homes):
        raise NotAssessed("exits.no_homes")
    root = on_street(network, seat, max_access_m).attached
    tree = _Town.of(network, root)
    people = demand.homes["people"].to_numpy(dtype=float)
    homes = tree.nodes_of(demand_ways[2])
    size = len(tree.found.parent)
    joined = homes >= 0
    behind = {"homes": tree.found.beneath(np.bincount(homes[joined], minlength=size).astype(float))}
    counted = np.bincount(homes[joined], weights=np.nan_to_num(people[joined]), minlength=size)
    behind["people"] = tree.found.beneath(np.asarray(counted, dtype=float)) if demand.counted else np.full(size, np.nan)
    middle = shapely.point_on_surface(villages.geometry.to_numpy()) if villages is not None else np.empty(0, object)
    at = tree.nodes_of(straight_to(network, middle, max_access_m))
    behind["villages"] = tree.found.beneath(np.bincount(at[at >= 0], minlength=size).astype(float))
    counts = tree.found.bridge & ((behind["homes"] >= at_least_homes) | (behind["villages"] > 0))
    table = tree.streets_of(counts, behind, streets)
    ends = tree.found.bridge & ~_any_above(tree.found, tree.found.bridge)
    hanging_homes = float(behind["homes"][ends].sum())
    notes = [text("exits.note_one_way", count=int(hanging_homes), of=len(homes))]
    if not joined.all():
        notes.append(text("exits.note_not_joined", count=int((~joined).sum())))
    return Measured(value=float(len(table)), unit="count", offenders=table, notes=tuple(notes))


def ways_out(
    seat: gpd.GeoDataFrame,
    drive_network: Streets,
    area: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame,
    *,
    outside_m: float,
    max_access_m: float = 500.0,
) -> Count:
    """Count the streets by which the town of the county seat is left by car.

    The town is the part of the area that holds the seat, or is nearest to it: parts less than 100 m apart are one, it
    has no holes, and a strip of 30 m along its edge belongs to it. A street leads out where it crosses the edge, may be
    driven outwards, and joins at least `outside_m` of streets outside. Those that cross within 50 m of one
    another, as the two sides of one road do, are one.

    Parameters
    ----------
    seat
        A point: where the county's government sits.
    drive_network
        The streets cars may use, joined.
    area
        The land that is left.
    streets
        The layer the network is from, for the names.
    outside_m
        How many metres of streets there are outside that one street leads to; what is less is a yard or a lane.
    max_access_m
        The longest straight way between the seat and a street.

    Returns
    -------
    Measured
        A count. Layer `exits`: where the streets cross, with the minutes from the seat.

    Raises
    ------
    NotAssessed
        The seat is on no street, or no streets outside the area were delivered.

    Notes
    -----
    Source: town streets are to be joined to the roads outside, as the plan for county seats asks; it sets no number.

    Examples
    --------
    >>> from shapely import LineString, Point, box
    >>> from gis_planning import streets as networks
    >>> from gis_planning.analysis.work import applied, frame
    >>> roads = frame(LineString([(-3000, 0), (3000, 0)]), **{"class": ["primary"]})
    >>> given = dict(
    ...     seat=frame(Point(200, 0)), streets=roads, drive_network=networks.build(roads, mode="drive"),
    ...     area=frame(box(-1000, -500, 1000, 500)), outside_m=1000,
    ... )
    >>> applied(ways_out, **given).layers["exits"]["minutes"].round(6).tolist()
    [0.83, 1.23]
    """
    found, _ = exits_of(seat, drive_network, area, streets, outside_m, max_access_m)
    area_kind, notes = divided_by(area)
    return Measured(
        value=float(len(found)),
        unit="count",
        offenders=found[:0][["geometry"]],
        notes=notes,
        layers={"exits": found},
        area=area_kind,
    )


def one_closed(
    seat: gpd.GeoDataFrame,
    drive_network: Streets,
    area: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame,
    *,
    outside_m: float,
    max_access_m: float = 500.0,
) -> Minutes:
    """Measure how many minutes by car it is from the county seat out of town where the nearest way out is closed.

    The ways out are those of `ways_out`, and so are layers and settings.

    Parameters
    ----------
    outside_m
        How many metres of streets there are outside that one street leads to.
    max_access_m
        The longest straight way between the seat and a street.

    Returns
    -------
    Measured
        Minutes to the second nearest way out. Layer `exits`: all of them.

    Raises
    ------
    NotAssessed
        The town has no second way out; and as in `ways_out`.

    Notes
    -----
    Source: town streets are to be joined to the roads outside, as the plan for county seats asks; it sets no time.

    Examples
    --------
    >>> from shapely import LineString, Point, box
    >>> from gis_planning import streets as networks
    >>> from gis_planning.analysis.work import applied, frame
    >>> roads = frame(LineString([(-3000, 0), (3000, 0)]), **{"class": ["primary"]})
    >>> given = dict(
    ...     seat=frame(Point(200, 0)), streets=roads, drive_network=networks.build(roads, mode="drive"),
    ...     area=frame(box(-1000, -500, 1000, 500)), outside_m=1000,
    ... )
    >>> round(applied(one_closed, **given).value, 6)
    1.23
    """
    found, least = exits_of(seat, drive_network, area, streets, outside_m, max_access_m)
    if len(found) < 2:
        raise NotAssessed("exits.no_second", count=len(found))
    second = float(found["minutes"].iloc[1])
    area_kind, notes = divided_by(area)
    return Measured(
        value=second,
        unit="min",
        offenders=found[:0][["geometry"]],
        notes=(*notes, text("exits.note_nearest", minutes=round(least, 1), more=round(second - least, 1))),
        layers={"exits": found},
        area=area_kind,
    )


@dataclass(frozen=True, eq=False)
class _Town:
    """The streets as they hang on the seat.

    The street of the seat is cut there: what was its second part is the edge behind all others, and the seat is the
    node behind all others. `below` is by edge the node behind it, where it is the only way there, else -1.
    """

    network: Streets
    root: Attached
    found: Hanging
    edges: Index
    below: Index

    @classmethod
    def of(cls, network: Streets, root: Attached) -> _Town:
        at, new = int(root.edge[0]), len(network.xy)
        driven = np.isfinite(network.forward) | np.isfinite(network.backward)
        u, v = np.r_[network.u, new], np.r_[network.v, network.v[at]]
        v[at] = new
        edges = np.flatnonzero(np.r_[driven, True])
        found = hanging(new + 1, u[edges], v[edges], new)
        below = np.full(len(u), -1, dtype=np.intp)
        bridges = np.flatnonzero(found.bridge)
        below[edges[found.above[bridges]]] = bridges
        return cls(network, root, found, edges, below)

    def nodes_of(self, ways: Ways) -> Index:
        """Return by place the node it hangs on; -1 where no way leads from the seat.

        What lies along the only street to somewhere is behind it.
        """
        there = np.flatnonzero(ways.attached.edge >= 0)
        edge, owner = ways.attached.edge[there].copy(), ways.owner[there]
        at = int(self.root.edge[0])
        # The start of an edge is in the same part of the network as its end where it is not the only way.
        start = np.r_[self.network.u, len(self.network.xy)]
        edge[(edge == at) & (ways.attached.offset_m[there] > self.root.offset_m[0])] = len(self.network.u)
        node = np.where(self.below[edge] >= 0, self.below[edge], start[edge])
        reached = self.found.number[node] >= 0
        node, owner = node[reached], owner[reached]
        found = np.full(ways.size, -1, dtype=np.intp)
        several = np.flatnonzero(np.bincount(owner, minlength=ways.size) > 1)
        found[owner] = node
        known: dict[tuple[int, ...], int] = {}
        order = np.argsort(owner, kind="stable")
        first = np.searchsorted(owner[order], several)
        last = np.searchsorted(owner[order], several, side="right")
        for place, low, high in zip(several.tolist(), first.tolist(), last.tolist(), strict=True):
            nodes = tuple(sorted(set(node[order[low:high]].tolist())))
            if nodes not in known:
                one = nodes[0]
                for other in nodes[1:]:
                    one = self.found.common(one, other)
                known[nodes] = one
            found[place] = known[nodes]
        return found

    def streets_of(self, counts: Flags, behind: dict[str, Floats], streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Return the streets that are the only way to some nodes, those with the same behind them together."""
        group = _chains(self.found, counts, np.stack([behind["homes"], behind["villages"]]))
        nodes = np.flatnonzero(counts)
        nodes = nodes[np.lexsort((nodes, group[nodes]))]
        edge = self.edges[self.found.above[nodes]]
        lines, owner = self._lines(edge)
        every, at = np.unique(group[nodes], return_inverse=True)
        feature = self.network.feature[owner]
        names = streets["name"].to_numpy(dtype=object)[feature] if "name" in streets.columns else [None] * len(edge)
        length = np.bincount(at, weights=shapely.length(lines), minlength=len(every))
        table: dict[str, Any] = {"name": _named(names, at, len(every)), "length_m": length}
        table |= {name: values[every] for name, values in behind.items()}
        shapes = shapely.multilinestrings(lines, indices=at) if len(lines) else lines
        found = gpd.GeoDataFrame(table, geometry=shapes, crs=self.network.crs)
        by = ["homes", "villages", "length_m"]
        return found.sort_values(by, ascending=False, kind="stable", ignore_index=True)

    def _lines(self, edge: Index) -> tuple[Any, Index]:
        """Return the lines of edges, and the edge of the network each is of."""
        at, share = int(self.root.edge[0]), self.root.offset_m[0]
        owner = np.where(edge == len(self.network.u), at, edge)
        lines = self.network.geometry[owner].copy()
        for part, (low, high) in {at: (0.0, share), len(self.network.u): (share, self.network.length_m[at])}.items():
            own = np.flatnonzero(edge == part)
            if len(own):
                lines[own] = substring(self.network.geometry[at], low, high)
        return lines, owner


def _chains(found: Hanging, counts: Flags, behind: Floats) -> Index:
    """Return by node the first of the nodes one behind the other that have the same behind them."""
    group, top = np.arange(len(counts)), np.full(len(counts), -1)
    nodes, before, counted = found.order.tolist(), found.parent.tolist(), counts.tolist()
    last, first = top.tolist(), group.tolist()
    homes, villages = behind.tolist()
    for node in nodes[1:]:
        above = last[before[node]]
        last[node] = above
        if counted[node]:
            if above >= 0 and homes[above] == homes[node] and villages[above] == villages[node]:
                first[node] = first[above]
            last[node] = node
    return np.array(first, dtype=np.intp)


def _any_above(found: Hanging, some: Flags) -> Flags:
    """Say by node whether one of some nodes lies between it and the root."""
    said, before, given = np.zeros(len(some), dtype=bool).tolist(), found.parent.tolist(), some.tolist()
    for node in found.order[1:].tolist():
        said[node] = said[before[node]] or given[before[node]]
    return np.array(said, dtype=bool)


def _named(names: Any, group: Index, size: int) -> list[str | None]:
    """Return the first name of each group in the order of writing, None where none has one."""
    found: list[str | None] = [None] * size
    for name, at in sorted((str(name), at) for name, at in zip(names, group.tolist(), strict=True) if _said(name)):
        found[at] = found[at] or name
    return found


def _said(name: Any) -> bool:
    return isinstance(name, str) and bool(name)
