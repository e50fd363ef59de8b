"""Measure what is protected of old towns: its land, what of it is surveyed, and which buildings are gone."""

from __future__ import annotations

from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_planning import geo, overlay
from gis_planning.analysis.facilities import called
from gis_planning.analysis.footprints import FATES, Matched, matched
from gis_planning.conventions import facts
from gis_planning.errors import NotAssessed
from gis_planning.geo import Flags
from gis_planning.measures import Count, Share, SquareKm
from gis_planning.results.verdicts import Measured
from gis_planning.texts import Text, text

#: Where more than this share of so many buildings at least is gone, the two years do not lie on one another.
MOST_LOST, OF_BUILDINGS = 0.5, 20
#: In these years something may have been surveyed; any other number is no year.
YEARS = (1900, 2100)
LINES = ("heritage_line", "purple_line")
#: Fates by which the years differ: those of a footprint that has a partner, beside what is lost or new.
DRAWN = ("redrawn", "split", "merged", "regrouped")

Where = Literal["inside", "everywhere"]


def protected(heritage_line: gpd.GeoDataFrame | None = None, purple_line: gpd.GeoDataFrame | None = None) -> SquareKm:
    """Measure the land inside the lines that protect heritage, every spot once.

    Areas are those of the CGCS2000 ellipsoid. Where one of the two lines was not delivered, and the county does not
    state that there is none, the land is a lower bound.

    Parameters
    ----------
    heritage_line, purple_line
        Polygons of the lines.

    Returns
    -------
    Measured
        Square kilometres. Layer `land`: the polygons of both lines, with `line` and `area_m2`; what both hold stands
        in both.

    Raises
    ------
    NotAssessed
        Neither line was delivered.

    Notes
    -----
    Source: land inside the heritage line, an indicator of TD/T 1063; purple lines of Order 119 of the ministry.

    Examples
    --------
    >>> from shapely import box
    >>> from gis_planning.analysis.work import frame
    >>> east, north = 38_500_000, 4_600_000
    >>> old = frame(box(east, north, east + 1000, north + 1000))
    >>> round(protected(old, frame(box(east, north, east + 1000, north + 500))).value, 4)
    1.0
    """
    lines = _delivered(heritage_line, purple_line)
    shapes = [one.geometry.to_numpy() for one in lines.values()]
    crs = next(iter(lines.values())).crs
    whole = overlay.dissolve(np.concatenate(shapes))
    km2 = float(geo.ellipsoid_area(whole, crs).sum()) / 1e6 if len(whole) else 0.0
    names = [name for one in lines.values() for name in (one["name"] if "name" in one else [None] * len(one))]
    columns = {
        "name": np.array(names, dtype=object),
        "line": np.repeat(np.array(list(lines), dtype=object), [len(one) for one in shapes]),
        "area_m2": geo.ellipsoid_area(np.concatenate(shapes), crs) if names else np.zeros(0),
    }
    land = gpd.GeoDataFrame(columns, geometry=np.concatenate(shapes), crs=crs)
    return Measured(
        value=km2,
        unit="km2",
        offenders=land[:0],
        value_range=(km2, np.inf) if len(lines) < len(LINES) else None,
        notes=_line_notes(lines),
        layers={"land": land},
    )


def surveyed(listed_buildings: gpd.GeoDataFrame, *, kinds: tuple[str, ...]) -> Share:
    """Measure how many of the listed buildings of some kinds were measured and drawn, by number.

    One that does not say it may be, and one that does not say its kind may be of these: the share is open by them. A
    year says that it was done in that year. Every row of the list counts.

    Parameters
    ----------
    listed_buildings
        With `kind` and `surveyed`: yes, no, or a year.
    kinds
        Kinds that count: `historic`, `protected_site`, `relic`.

    Returns
    -------
    Measured
        A share. Offenders are those that are not surveyed.

    Raises
    ------
    NotAssessed
        The list has none of the kinds, or none of these says whether it is surveyed.

    Notes
    -----
    Source: the survey of old buildings that the plan for county seats asks for.

    Examples
    --------
    >>> from shapely import Point
    >>> from gis_planning.analysis.work import frame
    >>> old = frame(Point(0, 0), Point(9, 0), kind=["历史建筑"] * 2, surveyed=["2021", "否"])
    >>> surveyed(old, kinds=("historic",)).value
    0.5
    """
    chosen, perhaps = _chosen(listed_buildings, kinds)
    yes, no = _surveyed(listed_buildings)
    if not (chosen & (yes | no)).any():
        raise NotAssessed("heritage.nothing_surveyed" if chosen.any() else "heritage.none_listed")
    open_ = chosen & ~yes & ~no
    some, whole = float((chosen & yes).sum()), float(chosen.sum())
    low = some / (whole + float((perhaps & ~yes).sum()))
    most = float((perhaps & ~no).sum())
    high = (some + float(open_.sum()) + most) / (whole + most)
    said = (("note_open", open_), ("note_no_kind", perhaps))
    return Measured.share(
        some,
        whole,
        "parts",
        offenders=_listed(listed_buildings, chosen & no),
        value_range=(low, high) if open_.any() or perhaps.any() else None,
        notes=tuple(text(f"heritage.{key}", count=int(one.sum())) for key, one in said if one.any()),
        layers={"listed": _listed(listed_buildings, chosen)},
    )


def lost(
    buildings: gpd.GeoDataFrame,
    buildings_earlier: gpd.GeoDataFrame,
    buildings_coverage: gpd.GeoDataFrame,
    buildings_earlier_coverage: gpd.GeoDataFrame,
    heritage_line: gpd.GeoDataFrame | None = None,
    purple_line: gpd.GeoDataFrame | None = None,
    *,
    where: Where,
    share: float,
) -> Count:
    """Count the buildings of an earlier year that are gone, inside the lines that protect heritage or everywhere.

    A building stands still where footprints of now cover at least `share` of its own and are covered by the earlier
    ones as much: one that was redrawn or shifted by less is kept, one drawn as several is split, several drawn as one
    are merged, several redrawn as several others are regrouped. One that was pulled down and built anew on the same
    footprint cannot be told from a kept one; one that grew to more than `1 / share` of its size is one lost and one
    new. Compared is the land on which both years were surveyed: what has no partner off that land is left out. Where a
    footprint lies is said by a point on it.

    Parameters
    ----------
    buildings, buildings_earlier
        Footprints now and in an earlier year.
    buildings_coverage, buildings_earlier_coverage
        The land on which all buildings of that year were surveyed.
    heritage_line, purple_line
        The lines that protect heritage.
    where
        Which buildings count: those `inside` the lines, or all (`everywhere`).
    share
        The share of a footprint that makes it the same building.

    Returns
    -------
    Measured
        Buildings. It is open upwards where only one of the lines was delivered and buildings outside it are gone.
        Offenders are the footprints that are gone, the largest first. Layer `fates`: how many footprints of both years
        are kept, redrawn, split, merged, regrouped, lost, new or beyond the land compared, inside the lines and
        outside; each year's add up to its buildings. Layers `buildings_then` and `buildings_now`: the footprints of
        each year by which the two differ, lost or new, redrawn, split, merged or regrouped, where only those `inside`
        count those inside; `buildings_kept`: footprints of now inside the lines that are the same.

    Raises
    ------
    NotAssessed
        No building is drawn in one of the years; more than half are gone, so that the years do not lie on one another;
        or buildings inside the lines are asked for and neither was delivered.

    Notes
    -----
    Source: the plan for county seats asks that old quarters and buildings are not torn down; the share is ours.

    Examples
    --------
    >>> from shapely import box
    >>> from gis_planning.analysis.work import frame
    >>> x, y = 38_500_000, 4_600_000
    >>> then = frame(box(x, y, x + 10, y + 10), box(x + 50, y, x + 60, y + 10))
    >>> now, land = frame(box(x + 2, y, x + 12, y + 10)), frame(box(x - 99, y - 99, x + 99, y + 99))
    >>> lost(now, then, land, land, where="everywhere", share=0.5).value
    1.0
    """
    lines = {key: one for key, one in zip(LINES, (heritage_line, purple_line), strict=True) if one is not None}
    if where == "inside":
        lines = _delivered(heritage_line, purple_line)
    both = _compared(buildings, buildings_earlier, buildings_coverage, buildings_earlier_coverage, share)
    held = np.concatenate([one.geometry.to_numpy() for one in lines.values()]) if lines else np.zeros(0, dtype=object)
    inside = {year: overlay.hit(spots, held) for year, spots in both.spots.items()}
    gone = both.is_now("then", "lost")
    counted = gone & inside["then"] if where == "inside" else gone
    found, all_gone = float(counted.sum()), float(gone.sum())
    # Of a line that was not delivered nobody knows which of the others lie inside it.
    doubt = where == "inside" and len(lines) < len(LINES) and all_gone > found
    offenders = _footprints(buildings_earlier, both, "then", counted)
    return Measured(
        value=found,
        unit="count",
        offenders=offenders.sort_values("area_m2", ascending=False, kind="stable", ignore_index=True),
        value_range=(found, all_gone) if doubt else None,
        notes=(*both.notes, *(_line_notes(lines) if doubt else ())),
        layers={"fates": _table(both, inside), **_two_years(buildings_earlier, buildings, both, inside, where)},
    )


def listed_lost(
    listed_buildings: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    buildings_earlier: gpd.GeoDataFrame,
    buildings_coverage: gpd.GeoDataFrame,
    buildings_earlier_coverage: gpd.GeoDataFrame,
    *,
    kinds: tuple[str, ...],
    near_m: float,
    share: float,
) -> Count:
    """Count the listed buildings whose footprints of an earlier year are gone.

    A point stands on the footprints that hold it, else on the nearest no farther than `near_m`; a polygon on those with
    which it shares at least `share` of the smaller of the two. One all of whose footprints are gone is lost; one that
    lost some, or that stood on none or on land that was not surveyed in both years, may be. What is gone is not always
    unlawful: a building may have been moved with an approval.

    Parameters
    ----------
    listed_buildings
        With `kind`; points, lines or polygons.
    buildings, buildings_earlier
        Footprints now and in an earlier year.
    buildings_coverage, buildings_earlier_coverage
        The land on which all buildings of that year were surveyed.
    kinds
        Kinds that count: `historic`, `protected_site`, `relic`.
    near_m
        How far from its footprint a point may be drawn.
    share
        The share of a footprint that makes it the same building.

    Returns
    -------
    Measured
        A count, open upwards by those of which nobody knows. Offenders are those that are lost. Layer `listed`: all of
        them, with `standing`.

    Raises
    ------
    NotAssessed
        As for `lost`; the list has none of the kinds; or of none of them it is known.

    Notes
    -----
    Source: the plan for county seats asks that old buildings are not torn down at will; Order 119 of the ministry and
    the Law on Cultural Relics keep them by law.

    Examples
    --------
    >>> from shapely import Point, box
    >>> from gis_planning.analysis.work import frame
    >>> then, now = frame(box(0, 0, 10, 10), box(50, 0, 60, 10)), frame(box(0, 0, 10, 10))
    >>> land = frame(box(-99, -99, 99, 99))
    >>> old = frame(Point(5, 5), Point(55, 5), kind=["历史建筑", "历史建筑"])
    >>> listed_lost(old, now, then, land, land, kinds=("historic",), near_m=5, share=0.5).value
    1.0
    """
    chosen, perhaps = _chosen(listed_buildings, kinds)
    if not chosen.any():
        raise NotAssessed("heritage.none_listed")
    both = _compared(buildings, buildings_earlier, buildings_coverage, buildings_earlier_coverage, share)
    size = len(listed_buildings)
    own, on = _footprints_of(listed_buildings.geometry.to_numpy(), buildings_earlier.geometry.to_numpy(), near_m, share)
    gone, beyond = both.is_now("then", "lost"), both.is_now("then", "beyond")
    stood, left = np.bincount(own, minlength=size), np.bincount(own, ~(gone | beyond)[on], size)
    unknown = np.bincount(own, beyond[on], size) > 0
    is_lost = (stood > 0) & (left == 0) & ~unknown
    stands = (stood > 0) & (left == stood)
    open_ = ~is_lost & ~stands
    if not (chosen & ~open_).any():
        raise NotAssessed("heritage.undecided", count=int(chosen.sum()))
    found = float((chosen & is_lost).sum())
    more = float((chosen & open_).sum() + (perhaps & ~stands).sum())
    state = np.select([is_lost, stands], ["lost", "stands"], "unknown")
    shown = _listed(listed_buildings, chosen | perhaps).assign(standing=state[chosen | perhaps])
    said = (("note_no_footprint", chosen & open_), ("note_no_kind", perhaps & ~stands))
    return Measured(
        value=found,
        unit="count",
        offenders=_listed(listed_buildings, chosen & is_lost),
        value_range=(found, found + more) if more else None,
        notes=(*both.notes, *(text(f"heritage.{key}", count=int(one.sum())) for key, one in said if one.any())),
        layers={"listed": shown},
    )


class _Compared:
    """Footprints of two years with what became of each; `beyond`: no partner, and off the land of both years."""

    def __init__(self, found: Matched, spots: dict[str, Any], on: dict[str, Flags]) -> None:
        self.spots = spots
        self.groups = {"then": found.group_then, "now": found.group_now}
        self.fates: dict[str, Any] = {}
        for year, fate in (("then", found.then), ("now", found.now)):
            words = np.array(FATES, dtype=object)[fate]
            self.fates[year] = np.where(np.isin(words, ["lost", "new"]) & ~on[year], "beyond", words)

    def is_now(self, year: str, fate: str) -> Flags:
        return np.asarray(self.fates[year] == fate, dtype=bool)

    @property
    def notes(self) -> tuple[Text, ...]:
        """Tell what was left out, and what is the same building drawn otherwise."""
        beyond = sum(int(self.is_now(year, "beyond").sum()) for year in self.fates)
        drawn = {key: int(self.is_now("then", key).sum()) for key in DRAWN}
        told = [text("heritage.note_drawn", **drawn)] if any(drawn.values()) else []
        return (*told, *([text("heritage.note_beyond", count=beyond)] if beyond else []))


def _compared(
    now: gpd.GeoDataFrame, then: gpd.GeoDataFrame, land_now: gpd.GeoDataFrame, land_then: gpd.GeoDataFrame, share: float
) -> _Compared:
    """Return what became of the footprints of two years, and refuse years that do not lie on one another."""
    if not len(now) or not len(then):
        raise NotAssessed("heritage.no_buildings")
    shapes = {"then": then.geometry.to_numpy(), "now": now.geometry.to_numpy()}
    spots = {year: shapely.point_on_surface(one) for year, one in shapes.items()}
    lands = [one.geometry.to_numpy() for one in (land_now, land_then)]
    on = {year: overlay.hit(one, lands[0]) & overlay.hit(one, lands[1]) for year, one in spots.items()}
    both = _Compared(matched(shapes["then"], shapes["now"], share), spots, on)
    gone, whole = int(both.is_now("then", "lost").sum()), int((~both.is_now("then", "beyond")).sum())
    if not whole:
        raise NotAssessed("heritage.no_common_land")
    if whole >= OF_BUILDINGS and gone > MOST_LOST * whole:
        raise NotAssessed("heritage.years_apart", gone=gone, whole=whole)
    return both


def _table(both: _Compared, inside: dict[str, Flags]) -> pd.DataFrame:
    """Return how many footprints of each year have each fate, inside the lines and outside."""
    rows = []
    for place, wanted in (("inside", True), ("outside", False)):
        for fate in (*FATES, "beyond"):
            counts = [int((both.is_now(year, fate) & (inside[year] == wanted)).sum()) for year in ("then", "now")]
            if any(counts):
                rows.append((place, fate, *counts))
    return pd.DataFrame(rows, columns=["place", "fate", "count_before", "count_now"])


def _two_years(
    then: gpd.GeoDataFrame, now: gpd.GeoDataFrame, both: _Compared, inside: dict[str, Flags], where: Where
) -> dict[str, gpd.GeoDataFrame]:
    """Return the footprints by which two years differ, each by itself, and those inside the lines that are kept."""

    def shown(buildings: gpd.GeoDataFrame, year: str, *fates: str) -> gpd.GeoDataFrame:
        chosen = np.isin(both.fates[year], fates) & (inside[year] | (where == "everywhere"))
        return _footprints(buildings, both, year, chosen).assign(
            place=np.where(inside[year][chosen], "inside", "outside")
        )

    kept = both.is_now("now", "kept") & inside["now"]
    return {
        "buildings_then": shown(then, "then", "lost", *DRAWN),
        "buildings_now": shown(now, "now", "new", *DRAWN),
        "buildings_kept": now[kept][["geometry"]].reset_index(drop=True),
    }


def _footprints(buildings: gpd.GeoDataFrame, both: _Compared, year: str, chosen: Flags) -> gpd.GeoDataFrame:
    shapes = buildings.geometry.to_numpy()[chosen]
    columns = {
        "name": np.array(called(buildings[chosen]), dtype=object),
        "fate": both.fates[year][chosen],
        "area_m2": geo.ellipsoid_area(shapes, buildings.crs) if len(shapes) else np.zeros(0),
    }
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=buildings.crs)


def _footprints_of(places: Any, then: Any, near_m: float, share: float) -> tuple[Any, Any]:
    """Return pairs of a listed place and a footprint of the earlier year that it stands on."""
    own, on = shapely.STRtree(then).query(places, predicate="dwithin", distance=near_m)
    far = shapely.distance(places[own], then[on])
    nearest = np.full(len(places), np.inf)
    np.minimum.at(nearest, own, far)
    flat = shapely.get_dimensions(places)[own] == 2
    shared = np.zeros(len(own))
    shared[flat] = shapely.area(shapely.intersection(places[own[flat]], then[on[flat]]))
    smaller = np.minimum(shapely.area(places)[own], shapely.area(then)[on])
    stands = np.where(flat, (shared > 0) & (shared >= share * smaller), far <= nearest[own])
    return own[stands], on[stands]


def _delivered(
    heritage_line: gpd.GeoDataFrame | None, purple_line: gpd.GeoDataFrame | None
) -> dict[str, gpd.GeoDataFrame]:
    lines = {key: one for key, one in zip(LINES, (heritage_line, purple_line), strict=True) if one is not None}
    if not lines:
        raise NotAssessed("heritage.no_lines")
    return lines


def _line_notes(lines: dict[str, gpd.GeoDataFrame]) -> tuple[Text, ...]:
    return tuple(text(f"heritage.note_no_{key}") for key in LINES if key not in lines)


def _chosen(listed: gpd.GeoDataFrame, kinds: tuple[str, ...]) -> tuple[Flags, Flags]:
    """Say which listed buildings are of some kinds, and which say no kind that is known."""
    said = listed["kind"] if "kind" in listed.columns else pd.Series([None] * len(listed), dtype=object)
    words = pd.Series(["" if pd.isna(one) else str(one).strip() for one in said], dtype=object)
    known = facts("heritage")["kinds"]
    exact = {word: kind for kind, every in known.items() for word in every}
    # A relic that is no protected site says so in words that hold those for one.
    order = ("relic", "historic", "protected_site")
    of = {one: exact.get(one) or next((k for k in order if known[k][0] in one), "") for one in words.unique()}
    kind = np.array([of[one] for one in words], dtype=object)
    return np.isin(kind, kinds), np.asarray(kind == "", dtype=bool)


def _surveyed(listed: gpd.GeoDataFrame) -> tuple[Flags, Flags]:
    """Say which listed buildings are surveyed and which are not; what says neither, or no word we know, is neither."""
    said = listed["surveyed"] if "surveyed" in listed.columns else pd.Series([None] * len(listed), dtype=object)
    words = pd.Series(["" if pd.isna(one) else str(one).strip().lower() for one in said], dtype=object)
    year = pd.to_numeric(words.str.replace("年", "").str[:4], errors="coerce").between(*YEARS)
    flags, own = facts("flags"), facts("heritage")["surveyed"]
    yes = words.isin([*flags["true"], *own["yes"]]) | year
    return yes.to_numpy(dtype=bool), words.isin([*flags["false"], *own["no"]]).to_numpy(dtype=bool)


def _listed(listed: gpd.GeoDataFrame, chosen: Flags) -> gpd.GeoDataFrame:
    kept = [name for name in ("name", "id", "grade", "year") if name in listed.columns]
    return listed[chosen][[*kept, "geometry"]].reset_index(drop=True)
