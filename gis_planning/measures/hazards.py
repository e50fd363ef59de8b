"""Measure hazards: how many are treated, how many are left, and what stands where they threaten."""

from __future__ import annotations

from typing import Any, Literal

import geopandas as gpd
import numpy as np
import shapely

from gis_planning import overlay
from gis_planning.analysis.facilities import is_of, refuse_unknown
from gis_planning.analysis.hazards import Buffer, Hazards, hazards_of, threatened
from gis_planning.conventions.facilities import NONE
from gis_planning.errors import NotAssessed
from gis_planning.geo import Flags, Floats, Geometries
from gis_planning.homes import floor_area, numbers_of, uses_of
from gis_planning.measures import Count, Share
from gis_planning.results.verdicts import Measured, Reference
from gis_planning.texts import Text, text

#: Which hazards count: those that are not treated, or all.
Counts = Literal["untreated", "all"]


def treated(hazards: gpd.GeoDataFrame, *, kinds: tuple[str, ...], until: int | None = None) -> Share:
    """Measure how many hazards of some kinds are treated, by number.

    A hazard that does not say whether it is treated may be, and one that states no kind may be of these: the share is
    open by them.

    Parameters
    ----------
    hazards
        With `kind` and `treated`, which holds yes, no, or the year in which it was treated.
    kinds
        The kinds that count.
    until
        The last year that counts: what is to be treated, or was, in a later one is not treated.

    Returns
    -------
    Measured
        A share by number. Offenders are those that are not treated, or do not say so.

    Raises
    ------
    NotAssessed
        The register holds none of these kinds, or none of them says whether it is treated.
    RuleError
        There is no such kind.

    Notes
    -----
    Source: hazards treated over hazards known, which the plan for county seats asks for.

    Examples
    --------
    >>> from shapely import Point
    >>> from gis_planning.analysis.work import frame
    >>> register = frame(Point(0, 0), Point(9, 0), kind=["滑坡", "泥石流"], treated=["2021", "未治理"])
    >>> treated(register, kinds=("landslide", "debris_flow")).value
    0.5
    """
    found = hazards_of(hazards, kinds, until)
    sure = ~found.perhaps
    if not sure.any():
        raise NotAssessed("hazards.none_of", kinds=_called(kinds), count=len(hazards))
    if not (sure & ~found.silent).any():
        raise NotAssessed("hazards.nothing_said", count=int(sure.sum()))
    some, whole = float((sure & found.treated).sum()), float(sure.sum())
    worse, better = float((found.perhaps & ~found.treated).sum()), float((found.perhaps & ~found.untreated).sum())
    low, high = some / (whole + worse), (some + float((sure & found.silent).sum()) + better) / (whole + better)
    return Measured.share(
        some,
        whole,
        "parts",
        value_range=(low, high) if low < high else None,
        offenders=_listed(found.take(sure & ~found.treated)),
        notes=_notes(found.perhaps, sure & found.silent),
    )


def left(hazards: gpd.GeoDataFrame, *, kinds: tuple[str, ...], until: int | None = None) -> Count:
    """Count the hazards of some kinds that are not treated.

    One that does not say whether it is treated, or states no kind, may be one more: the count is open upwards by them.

    Parameters
    ----------
    hazards
        With `kind` and `treated`.
    kinds
        The kinds that count.
    until
        The last year that counts: what is to be treated, or was, in a later one is not treated.

    Returns
    -------
    Measured
        A count. Offenders are these.

    Raises
    ------
    NotAssessed
        The register holds none of these kinds, treated or not, and the county does not state that it has no hazard.
    RuleError
        There is no such kind.

    Notes
    -----
    Source: spots that still flood, which the plan for county seats asks for.

    Examples
    --------
    >>> from shapely import Point
    >>> from gis_planning.analysis.work import frame
    >>> spots = frame(Point(0, 0), Point(9, 0), kind=["易涝点", "易涝点"], treated=["已消除", "未消除"])
    >>> left(spots, kinds=("flood_spot",)).value
    1.0
    """
    found = _held(hazards, kinds, until)
    surely = ~found.perhaps & found.untreated
    open_ = ~found.treated & ~surely
    count = float(surely.sum())
    return Measured(
        value=count,
        unit="count",
        value_range=(count, count + float(open_.sum())) if open_.any() else None,
        offenders=_listed(found.take(surely)),
        notes=(*_none_note(hazards), *_notes(found.perhaps & ~found.treated, ~found.perhaps & found.silent)),
    )


def homes_in(
    hazards: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    population: gpd.GeoDataFrame | None = None,
    buildings_coverage: gpd.GeoDataFrame | None = None,
    *,
    buffers: tuple[Buffer, ...],
    counts: Counts = "untreated",
    until: int | None = None,
) -> Count:
    """Count the buildings with homes that stand where hazards threaten.

    A hazard threatens its own land and what lies within the distance that the register states (`buffer_m`), else that
    of its kind. A building is threatened where its outline is no farther. One that does not say what it is used for may
    be a home; a hazard that does not say whether it is treated may threaten, and one without a kind may be of any of
    them: the count is open upwards. So it is, without end, where what a hazard threatens leaves the land on which
    buildings were surveyed.

    People are those that `population` counts: of each polygon or cell, spread over the floor of the homes in it. Those
    of one without a home are in no hazard.

    Parameters
    ----------
    hazards
        With `kind`, `treated`, and `buffer_m` where the register states it.
    buildings
        With `use`, and `dwellings` and `floors` where known.
    population
        Polygons or cells with `population`.
    buildings_coverage
        The land on which all buildings were surveyed.
    buffers
        The kinds that count, each with its distance in metres.
    counts
        `"untreated"`, or `"all"` for treated hazards too.
    until
        The last year that counts: what is to be treated, or was, in a later one is not treated.

    Returns
    -------
    Measured
        A count of buildings. Beside it the people, and how many homes only hazards that are treated threaten. Offenders
        are the homes, those nearest to the hazard first. Layer `hazards`: the hazards.

    Raises
    ------
    NotAssessed
        No building is drawn, or the register holds none of these kinds and the county does not state that it has none.
    RuleError
        A kind of `buffers` is none of ours or stands twice.

    Notes
    -----
    Source: the opinion of fifteen ministries on county seats (2021): building keeps off landslides, debris flows,
    faults, floods and mined-out land. It states no distance.

    Examples
    --------
    >>> from shapely import Point, box
    >>> from gis_planning.analysis.work import frame
    >>> register = frame(Point(0, 0), kind=["滑坡"], treated=["否"])
    >>> houses = frame(box(50, 0, 60, 9), box(51, 0, 61, 9), use=["住宅", "住宅"])
    >>> homes_in(register, houses, buffers=({"kind": "landslide", "buffer_m": 50},)).value
    1.0
    """
    found = _held(hazards, tuple(one["kind"] for one in buffers), until)
    if not len(buildings):
        raise NotAssessed("hazards.no_buildings")
    use = uses_of(buildings)
    shapes = buildings.geometry.to_numpy()
    homes: Flags = use.lived_in | (use.dwellings > 0)
    reached = _reached(found, shapes, buffers, counts)
    inside = homes & reached.surely
    perhaps = (homes & reached.perhaps & ~inside) | (use.unknown & ~homes & (reached.surely | reached.perhaps))
    beyond = _beyond(found, buffers, counts, buildings_coverage)
    count = float(inside.sum())
    most = np.inf if beyond else float((inside | perhaps).sum())
    either = float((homes & (reached.surely | reached.treated)).sum())
    only = Reference(float((homes & reached.treated & ~reached.surely).sum()), either, "hazards_treated", {}, "count")
    references = (only,) if counts == "untreated" and either else ()
    offenders = _told(buildings, reached, inside, found, dwellings=numbers_of(buildings, "dwellings")[inside])
    return Measured(
        value=count,
        unit="count",
        value_range=(count, most) if most > count else None,
        offenders=offenders,
        references=(*references, *_people(buildings, homes, inside, population)),
        notes=(
            *_none_note(hazards),
            *_notes(*_open(found, counts)),
            *_unused(use.unknown & perhaps),
            *((text("hazards.note_beyond", count=beyond),) if beyond else ()),
        ),
        layers={"hazards": _listed(found)},
    )


def facilities_in(
    hazards: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame,
    *,
    kinds: tuple[str, ...],
    buffers: tuple[Buffer, ...],
    counts: Counts = "untreated",
    until: int | None = None,
) -> Count:
    """Count the facilities of some kinds, such as schools and hospitals, that stand where hazards threaten.

    What threatens is as in `homes_in`; a facility is its point or its polygon.

    Parameters
    ----------
    hazards
        With `kind`, `treated`, and `buffer_m` where the register states it.
    facilities
        With `kind`.
    kinds
        The kinds of facilities that count.
    buffers
        The kinds of hazards that count, each with its distance in metres.
    counts
        `"untreated"`, or `"all"` for treated hazards too.
    until
        The last year that counts: what is to be treated, or was, in a later one is not treated.

    Returns
    -------
    Measured
        A count, open upwards by hazards that do not say whether they are treated or of which kind they are. Offenders
        are the facilities, those nearest to the hazard first. Layer `hazards`: the hazards.

    Raises
    ------
    NotAssessed
        The table has no row of the kinds, or the register none of these hazards, and the county does not state that
        there is none.
    RuleError
        A kind of `buffers` is none of ours or stands twice.

    Notes
    -----
    Source: GB 50099-2011: schools keep off land where hazards threaten; the distances are ours.

    Examples
    --------
    >>> from shapely import Point
    >>> from gis_planning.analysis.work import frame
    >>> register = frame(Point(0, 0), kind=["滑坡"], treated=["否"])
    >>> schools = frame(Point(50, 0), Point(51, 0), kind=["primary_school", "primary_school"])
    >>> buffers = ({"kind": "landslide", "buffer_m": 50},)
    >>> facilities_in(register, schools, kinds=("primary_school",), buffers=buffers).value
    1.0
    """
    for kind in kinds:
        refuse_unknown(facilities, (kind,))
    found = _held(hazards, tuple(one["kind"] for one in buffers), until)
    own = facilities[is_of(facilities, kinds)].reset_index(drop=True)
    reached = _reached(found, own.geometry.to_numpy(), buffers, counts)
    count, open_ = float(reached.surely.sum()), float((reached.perhaps & ~reached.surely).sum())
    either = float((reached.surely | reached.treated).sum())
    only = Reference(float((reached.treated & ~reached.surely).sum()), either, "hazards_treated", {}, "count")
    return Measured(
        value=count,
        unit="count",
        value_range=(count, count + open_) if open_ else None,
        offenders=_told(own, reached, reached.surely, found, kind=own["kind"].to_numpy()[reached.surely]),
        references=(only,) if counts == "untreated" and either else (),
        notes=(*_none_note(hazards), *_notes(*_open(found, counts))),
        layers={"hazards": _listed(found)},
    )


class _Reached:
    """Which places hazards threaten: for sure, perhaps, or treated ones alone; the nearest that does so for sure."""

    def __init__(self, size: int) -> None:
        self.surely, self.perhaps, self.treated = (np.zeros(size, dtype=bool) for _ in range(3))
        self.straight_m: Floats = np.full(size, np.inf)
        self.hazard = np.full(size, -1, dtype=np.intp)


def _reached(found: Hazards, places: Geometries, buffers: tuple[Buffer, ...], counts: Counts) -> _Reached:
    """Return which places hazards threaten."""
    least, most = threatened(found, buffers)
    spots, reached = found.frame.geometry.to_numpy(), _Reached(len(places))
    at, place = shapely.STRtree(places).query(spots, predicate="dwithin", distance=most)
    straight = shapely.distance(spots[at], places[place])
    counted = np.ones(len(spots), dtype=bool) if counts == "all" else found.untreated
    sure = (counted & ~found.perhaps)[at]
    may = ~counted & found.treated if counts == "untreated" else np.zeros(len(spots), dtype=bool)
    reached.surely[place[sure]] = True
    reached.perhaps[place[~sure & ~may[at]]] = True
    # One that is treated and has no kind tells nothing: it is left out.
    reached.treated[place[(may & ~found.perhaps)[at] & (straight <= least[at])]] = True
    at, place, straight = at[sure], place[sure], straight[sure]
    order = np.lexsort((at, straight, place))
    first = order[np.flatnonzero(np.diff(place[order], prepend=-1))]
    reached.straight_m[place[first]], reached.hazard[place[first]] = straight[first], at[first]
    return reached


def _beyond(found: Hazards, buffers: tuple[Buffer, ...], counts: Counts, surveyed: gpd.GeoDataFrame | None) -> int:
    """Return how many hazards may threaten land on which buildings were not surveyed; 0 where nobody says which."""
    if surveyed is None:
        return 0
    land, spots = shapely.union_all(surveyed.geometry.to_numpy()), found.frame.geometry.to_numpy()
    _, most = threatened(found, buffers)
    inside = shapely.covers(land, spots) & (shapely.distance(spots, land.boundary) >= most)
    counted = np.ones(len(spots), dtype=bool) if counts == "all" else ~found.treated
    return int((counted & ~inside).sum())


def _held(hazards: gpd.GeoDataFrame, kinds: tuple[str, ...], until: int | None) -> Hazards:
    """Return the hazards of some kinds; refuse where nobody knows of any."""
    found = hazards_of(hazards, kinds, until)
    if found.perhaps.all() and not set(kinds) <= set(hazards.attrs.get(NONE, ())):
        raise NotAssessed("hazards.none_of", kinds=_called(kinds), count=len(hazards))
    return found


def _people(
    buildings: gpd.GeoDataFrame, homes: Flags, inside: Flags, population: gpd.GeoDataFrame | None
) -> tuple[Reference, ...]:
    """Return the people in some of the homes, of all that were counted; nothing where nobody was."""
    if population is None or "population" not in population.columns:
        return ()
    count = np.maximum(np.nan_to_num(numbers_of(population, "population")), 0.0)
    if not count.sum():
        return ()
    points = shapely.point_on_surface(buildings.geometry.to_numpy()[homes])
    zone = overlay.zone_of(points, population.geometry.to_numpy())
    floor = np.where(zone >= 0, floor_area(buildings)[homes], 0.0)
    whole = np.bincount(zone[zone >= 0], weights=floor[zone >= 0], minlength=len(count))
    people = np.where(zone >= 0, count[zone] * floor / np.where(whole > 0, whole, 1.0)[zone], 0.0)
    return (Reference(float(people[inside[homes]].sum()), float(count.sum()), "people_threatened", {}, "people"),)


def _open(found: Hazards, counts: Counts) -> tuple[Flags, Flags]:
    """Return the hazards whose kind, and those whose treatment, leave a count open."""
    silent = ~found.perhaps & found.silent & (counts == "untreated")
    return found.perhaps & ~(found.treated & (counts == "untreated")), silent


def _notes(perhaps: Flags, silent: Flags) -> tuple[Text, ...]:
    said = (("note_no_kind", perhaps), ("note_silent", silent))
    return tuple(text(f"hazards.{key}", count=int(it.sum())) for key, it in said if it.any())


def _unused(perhaps: Flags) -> tuple[Text, ...]:
    return (text("hazards.note_no_use", count=int(perhaps.sum())),) if perhaps.any() else ()


def _none_note(hazards: gpd.GeoDataFrame) -> tuple[Text, ...]:
    return () if len(hazards) else (text("hazards.note_none"),)


def _called(kinds: tuple[str, ...]) -> list[Text]:
    return [text(f"guide.value_hazards_{kind}") for kind in kinds]


def _words(found: Hazards) -> dict[str, Any]:
    state = np.where(found.treated, "treated", np.where(found.untreated, "untreated", "silent")).astype(object)
    return {"hazard": np.where(found.perhaps, "unknown", found.kinds), "treatment": state}


def _names(frame: gpd.GeoDataFrame) -> Any:
    return frame["name"].to_numpy(dtype=object) if "name" in frame.columns else [None] * len(frame)


def _listed(found: Hazards) -> gpd.GeoDataFrame:
    """Return hazards as a layer of results."""
    columns = {"name": _names(found.frame), **_words(found)}
    return gpd.GeoDataFrame(columns, geometry=found.frame.geometry.to_numpy(), crs=found.frame.crs)


def _told(
    places: gpd.GeoDataFrame, reached: _Reached, chosen: Flags, found: Hazards, **columns: Any
) -> gpd.GeoDataFrame:
    """Return places that hazards threaten, each with the nearest one, the nearest first."""
    by = {key: values[reached.hazard[chosen]] for key, values in _words(found).items()}
    told = {"name": np.asarray(_names(places), dtype=object)[chosen], **columns, **by}
    told["straight_m"] = reached.straight_m[chosen]
    shown = gpd.GeoDataFrame(told, geometry=places.geometry.to_numpy()[chosen], crs=places.crs)
    return shown.sort_values("straight_m", kind="stable", ignore_index=True)
