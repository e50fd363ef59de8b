"""Measure the streets of a county seat: how dense, how wide between red lines, how well joined, for whom else."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_planning import overlay
from gis_planning.analysis.facilities import Kinds, is_of, refuse_unknown
from gis_planning.analysis.lines import classes_of, laid, within
from gis_planning.analysis.stated import newest, told
from gis_planning.conventions import facts
from gis_planning.county.areas import divided_by
from gis_planning.errors import NotAssessed
from gis_planning.geo import Flags, Index
from gis_planning.homes import numbers_of
from gis_planning.measures import Count, Kilometres, KmPerKm2, PerKm2, Ratio
from gis_planning.results.verdicts import Measured, Part
from gis_planning.streets import Streets
from gis_planning.texts import Text, text

M_PER_KM, M2_PER_KM2 = 1000.0, 1_000_000.0
#: A place at which so many streets meet is an intersection.
ARMS = 3


def density(
    streets: gpd.GeoDataFrame,
    area: gpd.GeoDataFrame,
    districts: gpd.GeoDataFrame | None = None,
    *,
    without: tuple[str, ...] = ("service", "track"),
) -> KmPerKm2:
    """Measure the length of streets per land: centre lines in the area over the area.

    A street is split where it leaves the area; a stretch drawn twice counts once. Streets closed to cars by rule
    (conventions/streets.toml), squares, and the classes of `without` do not count. Those that state no class do: they
    may be any street. Lengths and areas are those on the plane of the working CRS.

    Parameters
    ----------
    streets
        Centre lines, with `class` where known; a road drawn as two carriageways counts as both.
    area
        The land that it is divided by.
    districts
        For the same quantity in each.
    without
        Classes that are no streets of the town.

    Returns
    -------
    Measured
        km per km2. Layer `roads`: what of each street counts, with `length_m`, where the area is not the study area.

    Raises
    ------
    NotAssessed
        The area is empty.

    Notes
    -----
    Source: GB/T 51328-2018, density of the network of streets; `area` is what the clause says.

    Examples
    --------
    A street of 1,500 m, of which 1,000 m lie in a square of 1 km2, and a drive way:

    >>> from shapely import LineString, box
    >>> from gis_planning.analysis.work import frame
    >>> streets = frame(
    ...     LineString([(0, 500), (1500, 500)]), LineString([(0, 9), (9, 9)]), **{"class": ["secondary", "service"]}
    ... )
    >>> density(streets, frame(box(0, 0, 1000, 1000))).value
    1.0
    """
    chosen = streets[_driven(streets, without)]
    shown = _shown(chosen, area)
    km2 = _km2(area)
    km = float(shown["length_m"].sum()) / M_PER_KM
    area_kind, note = divided_by(area)
    return Measured(
        value=km / km2,
        unit="km_per_km2",
        offenders=shown[:0][["geometry"]],
        numerator=km,
        denominator=km2,
        parts=() if districts is None else tuple(_parts(shown, area, districts)),
        notes=(*note, *_unclassed(chosen)),
        # In the study area these are the streets that every map has.
        layers={} if area_kind is None else {"roads": shown},
        area=area_kind,
    )


def ways(streets: gpd.GeoDataFrame, area: gpd.GeoDataFrame, *, classes: tuple[str, ...]) -> Kilometres:
    """Measure the length of ways of some classes in an area: those for bicycles, those for walking.

    Every stretch counts once; lengths are those on the plane of the working CRS. A way that is part of a street and not
    drawn by itself is not known.

    Parameters
    ----------
    streets
        Lines with `class`.
    area
        The land whose ways are measured.
    classes
        The classes that count, as conventions/streets.toml has them.

    Returns
    -------
    Measured
        Kilometres. Layer `roads`: the ways, with `length_m`.

    Raises
    ------
    NotAssessed
        No street states a class.

    Notes
    -----
    Source: ways to walk and cycle, as the plan for county seats asks; it sets no number.

    Examples
    --------
    >>> from shapely import LineString, box
    >>> from gis_planning.analysis.work import frame
    >>> streets = frame(LineString([(0, 5), (800, 5)]), **{"class": ["cycleway"]})
    >>> ways(streets, frame(box(0, 0, 500, 500)), classes=("cycleway",)).value
    0.5
    """
    words = classes_of(streets)
    if not (words != "").any():
        raise NotAssessed("roads.no_class")
    shown = _shown(streets[np.isin(words, [one.casefold() for one in classes])], area)
    area_kind, note = divided_by(area)
    return Measured(
        value=float(shown["length_m"].sum()) / M_PER_KM,
        unit="km",
        offenders=shown[:0][["geometry"]],
        notes=note,
        layers={"roads": shown},
        area=area_kind,
    )


def wide_red_lines(
    streets: gpd.GeoDataFrame | None = None,
    road_red_lines: gpd.GeoDataFrame | None = None,
    *,
    widest_m: float,
) -> Count:
    """Count the streets that are planned wider between their red lines than a limit.

    The width is the one stated as `red_line_m`, of streets or of the layer of red lines; never that of a surface, and
    none is measured off a drawing. Streets that state none are told, and count neither way. A street that the layer of
    red lines names counts there; where no street states a width, that layer alone tells which there are.

    Parameters
    ----------
    streets
        Centre lines with `red_line_m`.
    road_red_lines
        Lines or polygons with `red_line_m`.
    widest_m
        The widest that is allowed.

    Returns
    -------
    Measured
        A count, exact only where every street states its width: else it may be higher. Offenders are the streets, the
        widest first, with `red_line_m`.

    Raises
    ------
    NotAssessed
        Neither layer states a width.

    Notes
    -----
    Source: the opinion of fifteen ministries on county seats (2021): red lines of at most 40 m.

    Examples
    --------
    >>> from shapely import LineString
    >>> from gis_planning.analysis.work import frame
    >>> streets = frame(LineString([(0, 0), (9, 0)]), LineString([(0, 5), (9, 5)]), red_line_m=[60.0, 24.0])
    >>> wide_red_lines(streets, widest_m=40).value
    1.0
    """
    stated = None if road_red_lines is None else _widths(road_red_lines)
    frames = [one for one in (streets, road_red_lines) if one is not None and len(one)]
    rows = [one for one in (_left_by(streets, stated), stated) if one is not None and len(one)]
    known = [one[one["red_line_m"].notna()] for one in rows]
    if not sum(map(len, known)):
        raise NotAssessed("roads.no_red_line")
    table = pd.concat([one for one in known if len(one)], ignore_index=True)
    wide = table[table["red_line_m"] > widest_m].sort_values(
        "red_line_m", ascending=False, kind="stable", ignore_index=True
    )
    unknown = sum(map(len, rows)) - len(table)
    note = (text("roads.note_no_red_line", count=unknown, of=unknown + len(table)),) if unknown else ()
    count = float(len(wide))
    return Measured(
        value=count,
        unit="count",
        offenders=gpd.GeoDataFrame(wide, geometry="geometry", crs=frames[0].crs),
        value_range=(count, count + unknown) if unknown else None,
        notes=note,
    )


def dead_ends(
    drive_network: Streets,
    streets: gpd.GeoDataFrame,
    study_area: gpd.GeoDataFrame,
    *,
    edge_m: float = 30.0,
) -> Count:
    """Count the ends of the driving network at which no other street begins.

    An end is no dead end where the street leaves the study area: within `edge_m` of its edge, or beyond it.

    Parameters
    ----------
    drive_network
        The streets cars may use, joined.
    streets
        The layer they are from, for their names.
    study_area
        The land whose dead ends count.
    edge_m
        How near to the edge of the study area an end leads out of it.

    Returns
    -------
    Measured
        A count. Offenders are the ends, those of the longest stretches first, with `name` and the `length_m` from the
        last junction.

    Notes
    -----
    Source: streets that end are to be joined, as the plan for county seats asks; it sets no number.

    Examples
    --------
    A street across the study area, and a side street of 80 m that ends:

    >>> from shapely import LineString, box
    >>> from gis_planning import streets as networks
    >>> from gis_planning.analysis.work import frame
    >>> roads = frame(LineString([(0, 200), (400, 200)]), LineString([(200, 200), (200, 280)]))
    >>> found = dead_ends(networks.build(roads, mode="drive"), roads, frame(box(0, 0, 400, 400)))
    >>> found.value, found.offenders["length_m"].tolist()
    (1.0, [80.0])
    """
    net = drive_network
    ends = np.flatnonzero(_degree(net) == 1)
    land = shapely.union_all(study_area.geometry.to_numpy())
    points = shapely.points(net.xy[ends])
    shapely.prepare(land)
    inner = shapely.contains(land, points) & (shapely.distance(shapely.boundary(land), points) > edge_m)
    ends, points = ends[inner], points[inner]
    length, feature = _stretches(net, ends)
    names = streets["name"].to_numpy(dtype=object)[feature] if "name" in streets.columns else [None] * len(ends)
    table = gpd.GeoDataFrame({"name": names, "length_m": length}, geometry=points, crs=net.crs)
    table = table.sort_values("length_m", ascending=False, kind="stable", ignore_index=True)
    return Measured(value=float(len(table)), unit="count", offenders=table)


def intersections(drive_network: Streets, area: gpd.GeoDataFrame) -> PerKm2:
    """Measure how many intersections of the driving network there are per km2 of an area.

    Parameters
    ----------
    drive_network
        The streets cars may use, joined; three streets or more that meet are one intersection.
    area
        The land that it is divided by, on the plane of the working CRS.

    Returns
    -------
    Measured
        Intersections per km2. Layer `junctions`: the places, with the number of `arms`.

    Notes
    -----
    Source: narrow streets in a dense network, as the plan for county seats asks; it sets no number.

    Examples
    --------
    >>> from shapely import LineString, box
    >>> from gis_planning import streets as networks
    >>> from gis_planning.analysis.work import frame
    >>> roads = frame(LineString([(0, 200), (400, 200)]), LineString([(200, 200), (200, 280)]))
    >>> intersections(networks.build(roads, mode="drive"), frame(box(0, 0, 400, 400))).value
    6.25
    """
    net, km2 = drive_network, _km2(area)
    arms = _degree(net)
    nodes = np.flatnonzero(arms >= ARMS)
    points = shapely.points(net.xy[nodes])
    inner = overlay.hit(points, shapely.union_all(area.geometry.to_numpy()))
    found = gpd.GeoDataFrame({"arms": arms[nodes][inner]}, geometry=points[inner], crs=net.crs)
    area_kind, note = divided_by(area)
    return Measured(
        value=len(found) / km2,
        unit="per_km2",
        offenders=found[:0][["geometry"]],
        numerator=float(len(found)),
        denominator=km2,
        notes=note,
        layers={"junctions": found},
        area=area_kind,
    )


def places(facilities: gpd.GeoDataFrame, statistics: pd.DataFrame, *, kind: str, over: str) -> Ratio:
    """Measure how many places of a kind of facility there are for each of what needs one: parking for cars.

    Parameters
    ----------
    facilities
        With `kind` and `capacity`; one that states no capacity adds nothing, and is told.
    statistics
        The county's table of stated numbers.
    kind
        `parking` or `charging_station`.
    over
        The input of the table that it is divided by.

    Returns
    -------
    Measured
        Places over the number of the newest year. Layer `facilities`: those of the kind.

    Raises
    ------
    NotAssessed
        No facility of the kind states its capacity, or the number is not stated.
    RuleError
        There is no such kind or input.

    Examples
    --------
    >>> import pandas as pd
    >>> from shapely import Point
    >>> from gis_planning.analysis.work import frame
    >>> rows = pd.DataFrame(
    ...     [["cars", "2024", "400", "辆", "", "", 2]],
    ...     columns=["indicator", "year", "value", "unit", "area", "source", "row"],
    ... )
    >>> parks = frame(Point(0, 0), kind=["parking"], capacity=[460.0])
    >>> places(parks, rows, kind="parking", over="cars").value
    1.15
    """
    refuse_unknown(facilities, (kind,))
    own = facilities[is_of(facilities, (kind,))].reset_index(drop=True)
    capacity = numbers_of(own, "capacity")
    # A register that has no number for a site often says 0.
    known = capacity > 0
    if not known.any():
        raise NotAssessed("roads.no_capacity", kind=Kinds((kind,)))
    total, need = float(capacity[known].sum()), newest(statistics, over)
    note = (text("roads.note_no_capacity", count=int((~known).sum())),) if (~known).any() else ()
    columns = [name for name in ("name", "capacity") if name in own.columns]
    shown = own[[*columns, "geometry"]]
    return Measured(
        value=total / need.value,
        unit="number",
        offenders=shown[:0][["geometry"]],
        numerator=total,
        denominator=need.value,
        value_range=(total / need.value, float("inf")) if note else None,
        notes=(*note, told(need)),
        layers={"sites": shown},
    )


def _driven(streets: gpd.GeoDataFrame, without: tuple[str, ...]) -> Flags:
    """Say which streets count: those cars may use that are none of some classes."""
    shut = {word.casefold() for word in (*facts("streets")["drive"]["closed_classes"], *without)}
    return ~np.isin(classes_of(streets), sorted(shut))


def _shown(streets: gpd.GeoDataFrame, area: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return what of some streets lies in an area, every stretch once, by name and class, with its length."""
    parts, row = laid(streets.geometry.to_numpy(), area.geometry.to_numpy())
    named = [name for name in ("name", "class") if name in streets.columns]
    said = [["" if pd.isna(one) else str(one) for one in streets[name].to_numpy(dtype=object)[row]] for name in named]
    group, every = pd.MultiIndex.from_arrays([*said, [""] * len(parts)]).factorize()
    order = np.argsort(group, kind="stable")
    together = shapely.multilinestrings(parts[order], indices=group[order])
    sums = np.bincount(group, weights=shapely.length(parts), minlength=len(every))
    rows = {name: every.get_level_values(at).to_numpy(dtype=object) for at, name in enumerate(named)}
    return gpd.GeoDataFrame({**rows, "length_m": sums}, geometry=together, crs=streets.crs)


def _km2(area: gpd.GeoDataFrame) -> float:
    """Return how large an area is, every spot once."""
    m2 = float(shapely.area(overlay.dissolve(area.geometry.to_numpy())).sum())
    if not m2:
        raise NotAssessed("roads.no_area")
    return m2 / M2_PER_KM2


def _unclassed(streets: gpd.GeoDataFrame) -> tuple[Text, ...]:
    bare = int((classes_of(streets) == "").sum())
    return (text("roads.note_no_class", count=bare),) if bare else ()


def _parts(shown: gpd.GeoDataFrame, area: gpd.GeoDataFrame, districts: gpd.GeoDataFrame) -> list[Part]:
    """Return length and land by district; what lies in none is left out of the parts."""
    land = shapely.union_all(area.geometry.to_numpy())
    lines, found = shown.geometry.to_numpy(), []
    for name, shape in zip(districts["name"], districts.geometry, strict=True):
        own = shapely.intersection(shape, land)
        if own.area > 0:
            pieces, _ = within(lines, np.array([own], dtype=object))
            found.append(Part(float(shapely.length(pieces).sum()) / M_PER_KM, own.area / M2_PER_KM2, name))
    return found


def _widths(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    width = numbers_of(frame, "red_line_m")
    names = frame["name"].to_numpy(dtype=object) if "name" in frame.columns else np.full(len(frame), None, dtype=object)
    table = {"name": names, "red_line_m": np.where(width > 0, width, np.nan)}
    return gpd.GeoDataFrame(table, geometry=frame.geometry.to_numpy(), crs=frame.crs)


def _left_by(streets: gpd.GeoDataFrame | None, stated: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """Return the widths of the streets that a layer of red lines does not already tell of.

    It tells of a street of the same name, unless that states a wider width of its own.
    """
    if streets is None:
        return None
    own = _widths(streets)
    if stated is None or not len(stated):
        return own
    if own["red_line_m"].isna().all():
        # A template's empty field says no more than a missing one.
        return own[:0]
    widest = stated.groupby(_names(stated))["red_line_m"].max().drop("", errors="ignore")
    there = _names(own).map(widest)
    return own[~(there.notna() & ~(own["red_line_m"] > there))]


def _names(rows: gpd.GeoDataFrame) -> pd.Series:
    """Return the name of each row without what differs only in writing, empty where it states none."""
    return rows["name"].map(lambda name: "" if pd.isna(name) else str(name).strip().casefold()).astype(object)


def _degree(net: Streets) -> Index:
    """Return by node how many ends of streets meet there."""
    return np.bincount(np.concatenate([net.u, net.v]), minlength=len(net.xy))


def _stretches(net: Streets, ends: Index) -> tuple[list[float], list[int]]:
    """Return how far it is from each end to the next junction, and the street at the end."""
    order = np.argsort(np.concatenate([net.u, net.v]), kind="stable")
    nodes = np.concatenate([net.u, net.v])[order]
    edges = order % max(len(net.u), 1)
    first = np.searchsorted(nodes, np.arange(len(net.xy) + 1))
    lengths, features = [], []
    for end in ends:
        edge = int(edges[first[end]])
        at, total = int(end), 0.0
        features.append(int(net.feature[edge]))
        for _ in range(len(net.u)):
            total += float(net.length_m[edge])
            at = int(net.v[edge] if net.u[edge] == at else net.u[edge])
            around = edges[first[at] : first[at + 1]]
            if len(around) != 2:
                break
            edge = int(around[0] if around[1] == edge else around[1])
        lengths.append(total)
    return lengths, features
