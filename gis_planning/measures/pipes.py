"""Measure pipes: how long they are, how old, along which streets they lie, how they join and which way they fall."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_planning import geo
from gis_planning.analysis import pipes as known
from gis_planning.analysis.lines import laid
from gis_planning.conventions import facts
from gis_planning.county.areas import divided_by
from gis_planning.errors import NotAssessed
from gis_planning.geo import Flags, Geometries, Index
from gis_planning.homes import numbers_of
from gis_planning.measures import Count, Kilometres, Share
from gis_planning.results.verdicts import Measured

M_PER_KM = 1000.0


def length(pipes: gpd.GeoDataFrame, area: gpd.GeoDataFrame, *, kinds: tuple[str, ...]) -> Kilometres:
    """Measure the length of pipes of some kinds in an area.

    A pipe is split where it leaves the area; a stretch drawn twice counts once. Lengths are those on the plane of the
    working CRS. A pipe that states no kind may be of any: the length is open upwards by it.

    Parameters
    ----------
    pipes
        Lines with `kind`; `material` and `year` are told where known.
    area
        The land whose pipes are measured.
    kinds
        The kinds that count (conventions/pipes.toml).

    Returns
    -------
    Measured
        Kilometres. Layer `pipes`: each pipe that counts, with its kind, material, year and length in the area. Layer
        `materials`: the same by material and decade of laying.

    Raises
    ------
    NotAssessed
        No pipe of the kinds lies in the area.
    RuleError
        There is no such kind.

    Notes
    -----
    Source: surveys of underground lines as in CJJ 61; the plan for county seats sets no length.

    Examples
    --------
    >>> from shapely import LineString, box
    >>> from gis_planning.analysis.work import frame
    >>> pipes = frame(LineString([(0, 5), (800, 5)]), kind=["污水"])
    >>> length(pipes, frame(box(0, 0, 500, 500)), kinds=("sewage",)).value
    0.5
    """
    own, silent = known.chosen(pipes, kinds)
    shown, beside = _in(pipes, own, area), _in(pipes, silent, area)
    km, more = _km(shown), _km(beside)
    if not km:
        raise NotAssessed("pipes.none", kinds=known.Named(kinds))
    area_kind, note = divided_by(area)
    return Measured(
        value=km,
        unit="km",
        offenders=shown[:0][["geometry"]],
        value_range=(km, km + more) if more else None,
        notes=(*note, *known.notes(pipes, silent)),
        layers={"pipes": shown, "materials": known.by_material(shown)},
        area=area_kind,
    )


def old(
    pipes: gpd.GeoDataFrame, area: gpd.GeoDataFrame, *, kinds: tuple[str, ...], by_year: int, old_years: int
) -> Kilometres:
    """Measure the length of pipes that are so old in a year, and not renewed since.

    The age counts from the year of laying, or from that of a renewal that came not after `by_year`. A pipe that states
    neither may be old, and one that states no kind may be of the kinds: the length is open upwards by them.

    Parameters
    ----------
    pipes
        Lines with `kind`, `year` and `renewed`.
    area
        The land whose pipes are measured.
    kinds
        The kinds that count.
    by_year
        The year in which the age is told, such as that of a target.
    old_years
        So many years and more are old.

    Returns
    -------
    Measured
        Kilometres. Offenders are the old pipes, the oldest first, with year, age and length in the area. Layer `pipes`:
        all of the kinds.

    Raises
    ------
    NotAssessed
        No pipe of the kinds lies in the area, or none of them states its year.
    RuleError
        There is no such kind.

    Notes
    -----
    Source: the plan for county seats: heating pipes of 15 years and more are renewed.

    Examples
    --------
    Of 2010, of 2011, and of 1998 but renewed; in 2025:

    >>> from shapely import LineString, box
    >>> from gis_planning.analysis.work import frame
    >>> lines = [LineString([(0, y), (100, y)]) for y in (5, 15, 25)]
    >>> pipes = frame(*lines, kind=["热力"] * 3, year=["2010", "2011", "1998"], renewed=[None, None, "2020"])
    >>> old(pipes, frame(box(0, 0, 500, 500)), kinds=("heating",), by_year=2025, old_years=15).value
    0.1
    """
    own, silent = known.chosen(pipes, kinds)
    since = known.laid_by(pipes, by_year)
    shown = _in(pipes, own, area)
    if not len(shown):
        raise NotAssessed("pipes.none", kinds=known.Named(kinds))
    age = by_year - since
    undated = np.isnan(age)
    told = age[shown.index]
    if np.isnan(told).all():
        raise NotAssessed("pipes.no_year", kinds=known.Named(kinds))
    aged = shown.assign(age_years=told)
    km = _km(aged[told >= old_years])
    perhaps = _km(aged[np.isnan(told)]) + _km(_in(pipes, silent & ~(age < old_years), area))
    area_kind, note = divided_by(area)
    offenders = aged[told >= old_years].sort_values(["age_years", "length_m"], ascending=False, kind="stable")
    return Measured(
        value=km,
        unit="km",
        offenders=offenders.reset_index(drop=True),
        value_range=(km, km + perhaps) if perhaps else None,
        notes=(*note, *known.notes(pipes, silent, undated & own)),
        layers={"pipes": aged},
        area=area_kind,
    )


def recorded(pipes: gpd.GeoDataFrame, area: gpd.GeoDataFrame, *, fields: tuple[str, ...]) -> Share:
    """Measure the share of the length of pipes of which a survey says all that is wanted.

    A kind or a year that cannot be read says nothing, nor does a number that is not above 0. A stretch drawn twice
    counts once.

    Parameters
    ----------
    pipes
        Lines.
    area
        The land whose pipes are measured.
    fields
        The fields of the layer that are wanted.

    Returns
    -------
    Measured
        A share by length. Offenders are the pipes that lack something, the longest first.

    Raises
    ------
    NotAssessed
        No pipe lies in the area.

    Notes
    -----
    Source: drains and old pipes are surveyed and put into a database, as the plan for county seats asks.

    Examples
    --------
    >>> from shapely import LineString, box
    >>> from gis_planning.analysis.work import frame
    >>> lines = LineString([(0, 5), (30, 5)]), LineString([(0, 9), (10, 9)])
    >>> pipes = frame(*lines, kind=["污水", None], year=["2010", "2010"])
    >>> recorded(pipes, frame(box(0, 0, 500, 500)), fields=("kind", "year")).value
    0.75
    """
    shown = _in(pipes, np.ones(len(pipes), dtype=bool), area)
    if not len(shown):
        raise NotAssessed("pipes.none_at_all")
    full = np.all([known.says(pipes, field) for field in fields], axis=0)[shown.index]
    some, total = float(shown["length_m"][full].sum()), float(shown["length_m"].sum())
    lacking = shown[~full].sort_values("length_m", ascending=False, kind="stable", ignore_index=True)
    area_kind, note = divided_by(area)
    return Measured.share(some, total, "m", offenders=lacking, notes=note, area=area_kind)


def streets_with(
    streets: gpd.GeoDataFrame,
    pipes: gpd.GeoDataFrame,
    area: gpd.GeoDataFrame,
    *,
    kinds: tuple[str, ...],
    within_m: float,
    of: tuple[str, ...] = (),
    without: tuple[str, ...] = (),
) -> Share:
    """Measure the share of the length of streets along which a pipe of some kinds lies within a distance.

    A pipe lies along a street from foot to foot of what of it is within the distance; one that only crosses has no
    length there. Streets closed to cars by rule, bridges, what lies above the ground or under it, and the classes of
    `without` do not count. With `of` only streets with a pipe of these kinds are looked at: separate sewers among all
    drains. Pipes that state no kind may be of any: the share is open by them.

    Parameters
    ----------
    streets
        Centre lines, with `class`, `bridge`, `tunnel` and `level` where known.
    pipes
        Lines with `kind`.
    area
        The land whose streets are measured.
    kinds
        The kinds that are wanted.
    within_m
        How far from the centre line a pipe of the street may lie.
    of
        The kinds of which a street has one to be looked at at all.
    without
        Classes of streets that do not count.

    Returns
    -------
    Measured
        A share by length. Offenders are the stretches without, the longest first, with name, class and length.

    Raises
    ------
    NotAssessed
        No street counts, no pipe of the kinds is known, or no street has one of those of `of`.
    RuleError
        There is no such kind.

    Notes
    -----
    Source: drains along streets and separate sewers among the indicators of a check-up: length of roads with a drain
    over that of roads, without elevated roads, bridges and motorways. The distance is a setting of ours.

    Examples
    --------
    >>> from shapely import LineString, box
    >>> from gis_planning.analysis.work import frame
    >>> streets = frame(LineString([(0, 50), (100, 50)]))
    >>> pipes = frame(LineString([(0, 55), (60, 55)]), kind=["雨水"])
    >>> streets_with(streets, pipes, frame(box(0, 0, 100, 100)), kinds=("rain",), within_m=15).value
    0.6
    """
    own, silent = known.chosen(pipes, kinds)
    asked = known.chosen(pipes, of)[0] if of else np.zeros(len(pipes), dtype=bool)
    if not (own | asked).any():
        raise NotAssessed("pipes.none", kinds=known.Named(kinds))
    rows = np.flatnonzero(_counted(streets, without))
    lines, owner = laid(streets.geometry.to_numpy()[rows], area.geometry.to_numpy())
    owner = rows[owner]
    if not len(lines):
        raise NotAssessed("pipes.no_streets")
    shapes = pipes.geometry.to_numpy()
    if of:
        lines, owner, more = _only(lines, owner, shapes, (asked, silent), within_m)
    else:
        more = 0.0
    total = float(shapely.length(lines).sum())
    if not total:
        raise NotAssessed("pipes.none", kinds=known.Named(of))
    runs = known.runs_along(lines, shapes[own], within_m)
    line, low, high = known.gaps(lines, *runs)
    lacking = known.between(lines, line, low, high)
    some = total - float((high - low).sum())
    upper = some
    if silent.any():
        _, first, last = known.gaps(lines, *known.runs_along(lines, shapes[own | silent], within_m))
        upper = total - float((last - first).sum())
    area_kind, note = divided_by(area)
    doubt = upper > some or more > 0
    return Measured.share(
        some,
        total,
        "m",
        # Streets that only a pipe of no kind leads to may come with what is wanted, or without.
        value_range=(some / (total + more), (upper + more) / (total + more)) if doubt else None,
        offenders=_streets(streets, owner[line], lacking),
        notes=(*note, *known.notes(pipes, silent)),
        area=area_kind,
    )


def loose_ends(pipes: gpd.GeoDataFrame, *, kinds: tuple[str, ...], tolerance_m: float, looked_m: float = 50.0) -> Count:
    """Count the ends of pipes at which no other pipe of their system begins, ends or passes.

    Drains of rain, sewage and both are one system. Every network ends somewhere: an end is a fault of drawing where the
    next pipe is not far, which is told. A pipe that states no kind is no pipe's end, and joins any.

    Parameters
    ----------
    pipes
        Lines with `kind`.
    kinds
        The kinds whose ends are looked at.
    tolerance_m
        What is this near is joined.
    looked_m
        How far from an end the next pipe is looked for.

    Returns
    -------
    Measured
        A count. Offenders are the ends, those nearest to another pipe first, with `nearest_m`, the distance to it;
        nothing stands there where none is near.

    Raises
    ------
    NotAssessed
        No pipe of the kinds is known.
    RuleError
        There is no such kind.

    Notes
    -----
    Source: joined lines in surveys of underground lines (CJJ 61); the tolerance is a setting of ours.

    Examples
    --------
    Three ends are loose, one of them 2 m from the next pipe:

    >>> from shapely import LineString
    >>> from gis_planning.analysis.work import frame
    >>> lines = LineString([(0, 0), (50, 0)]), LineString([(50, 0), (90, 0)]), LineString([(20, 2), (20, 40)])
    >>> loose_ends(frame(*lines, kind=["燃气"] * 3), kinds=("gas",), tolerance_m=0.5).offenders["nearest_m"].tolist()[0]
    2.0
    """
    own, silent = known.chosen(pipes, kinds)
    if not own.any():
        raise NotAssessed("pipes.none", kinds=known.Named(kinds))
    parts, row = geo.singles(pipes.geometry.to_numpy())
    system = known.systems_of(pipes)[row]
    at = np.flatnonzero(own[row] & ~shapely.is_closed(parts))
    ends = np.concatenate([shapely.get_point(parts[at], 0), shapely.get_point(parts[at], -1)])
    part = np.concatenate([at, at])
    end, other = shapely.STRtree(parts).query(ends, predicate="dwithin", distance=max(looked_m, tolerance_m))
    same = (part[end] != other) & ((system[part[end]] == system[other]) | (system[other] == ""))
    end, other = end[same], other[same]
    near = np.full(len(ends), np.inf)
    np.minimum.at(near, end, shapely.distance(ends[end], parts[other]))
    loose = near > tolerance_m
    told = np.where(np.isfinite(near), near, np.nan)[loose]
    found = _told(pipes, row[part[loose]], ends[loose]).assign(nearest_m=told)
    found = found.sort_values("nearest_m", kind="stable", na_position="last", ignore_index=True)
    return Measured(value=float(len(found)), unit="count", offenders=found, notes=known.notes(pipes, silent))


def against_slope(pipes: gpd.GeoDataFrame, *, kinds: tuple[str, ...], tolerance_m: float = 0.0) -> Share:
    """Measure how many of the pipes that run by gravity do not rise in the direction in which their water runs.

    The levels are those of the inner bottom at the beginning and the end of the line; `flow` says where water runs from
    the end to the beginning. A pipe that lacks a level may rise, and one that states no kind may be of the kinds: the
    share is open by them. A flat pipe does not rise.

    Parameters
    ----------
    pipes
        Lines with `kind`, `level_in`, `level_out`, and `flow` where known.
    kinds
        The kinds that run by gravity.
    tolerance_m
        A rise that is no more than this is surveying.

    Returns
    -------
    Measured
        A share by number. Offenders are the pipes that rise, the highest rise first, with both levels and `rise_m`.

    Raises
    ------
    NotAssessed
        No pipe of the kinds is known, or none of them has both levels.
    RuleError
        There is no such kind.

    Notes
    -----
    Source: drains that run by gravity fall in the direction of their water; surveys of underground lines (CJJ 61).

    Examples
    --------
    >>> from shapely import LineString
    >>> from gis_planning.analysis.work import frame
    >>> lines = LineString([(0, 0), (50, 0)]), LineString([(50, 0), (90, 0)])
    >>> pipes = frame(*lines, kind=["污水"] * 2, level_in=[9.0, 8.5], level_out=[8.5, 8.7])
    >>> against_slope(pipes, kinds=("sewage",)).value
    0.5
    """
    own, silent = known.chosen(pipes, kinds)
    if not own.any():
        raise NotAssessed("pipes.none", kinds=known.Named(kinds))
    begin, end = numbers_of(pipes, "level_in"), numbers_of(pipes, "level_out")
    turned = known.backward(pipes)
    rise = np.where(turned, begin - end, end - begin)
    unleveled = ~np.isfinite(rise)
    if unleveled[own].all():
        raise NotAssessed("pipes.no_levels", kinds=known.Named(kinds))
    rises = rise > tolerance_m
    bad, whole = float((own & rises).sum()), float(own.sum())
    unsure, more_bad = float((own & unleveled).sum()), float((silent & ~(rise <= tolerance_m)).sum())
    more_good = float((silent & ~rises).sum())
    good = whole - bad - unsure
    at = np.flatnonzero(own & rises)
    found = _told(pipes, at, pipes.geometry.to_numpy()[at])
    found = found.assign(level_in=begin[at], level_out=end[at], rise_m=rise[at])
    return Measured.share(
        good,
        whole,
        "parts",
        value_range=(good / (whole + more_bad), (good + unsure + more_good) / (whole + more_good))
        if unsure or silent.any()
        else None,
        offenders=found.sort_values("rise_m", ascending=False, kind="stable", ignore_index=True),
        notes=(*known.notes(pipes, silent), *known.counted("pipes.note_no_levels", own & unleveled)),
    )


def _in(pipes: gpd.GeoDataFrame, chosen: Flags, area: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return what of some pipes lies in an area, by the row of the pipe, with its length; every stretch once."""
    pieces, row = known.clipped(pipes, chosen, area.geometry.to_numpy())
    rows, shapes, metres = known.together(pieces, row)
    return _told(pipes, rows, shapes).assign(length_m=metres).set_index(rows)


def _km(shown: gpd.GeoDataFrame) -> float:
    return float(shown["length_m"].sum()) / M_PER_KM


def _told(pipes: gpd.GeoDataFrame, rows: Index, shapes: Geometries) -> gpd.GeoDataFrame:
    """Return shapes with the facts of the pipes they are of."""
    columns: dict[str, Any] = {"pipe": known.kinds_of(pipes)[rows], "year": known.years_of(pipes)[rows]}
    for name in ("name", "material"):
        said = pipes[name].to_numpy(dtype=object) if name in pipes.columns else np.full(len(pipes), None, dtype=object)
        columns[name] = said[rows]
    return gpd.GeoDataFrame(columns, geometry=np.asarray(shapes, dtype=object), crs=pipes.crs)


def _counted(streets: gpd.GeoDataFrame, without: tuple[str, ...]) -> Flags:
    """Say which streets have a drain under them at all: those for cars that lie on the ground."""
    shut = {word.casefold() for word in (*facts("streets")["drive"]["closed_classes"], *without)}
    said = streets["class"] if "class" in streets.columns else pd.Series("", index=streets.index)
    found = ~said.fillna("").astype(str).str.strip().str.casefold().isin(shut).to_numpy(dtype=bool)
    for flag in ("bridge", "tunnel"):
        if flag in streets.columns:
            found &= ~np.array([one is True or one is np.True_ for one in streets[flag]], dtype=bool)
    return np.asarray(found & (np.nan_to_num(numbers_of(streets, "level")) == 0))


def _only(
    lines: Geometries, owner: Index, pipes: Geometries, chosen: tuple[Flags, Flags], within_m: float
) -> tuple[Geometries, Index, float]:
    """Return the stretches along which one of some pipes lies, and the length along which only a silent one does."""
    asked, silent = chosen
    line, low, high = known.runs_along(lines, pipes[asked], within_m)
    more = 0.0
    if silent.any():
        _, first, last = known.runs_along(lines, pipes[asked | silent], within_m)
        more = max(float((last - first).sum() - (high - low).sum()), 0.0)
    return known.between(lines, line, low, high), owner[line], more


def _streets(streets: gpd.GeoDataFrame, row: Index, shapes: Geometries) -> gpd.GeoDataFrame:
    """Return stretches of streets, the longest first."""
    found = gpd.GeoDataFrame({"length_m": shapely.length(shapes)}, geometry=shapes, crs=streets.crs)
    for name, column in (("name", "name"), ("class", "road_class")):
        said = streets[name].to_numpy(dtype=object)[row] if name in streets.columns else None
        found[column] = pd.Series(said, dtype=object) if said is not None else None
    return found.sort_values("length_m", ascending=False, kind="stable", ignore_index=True)
