"""Measure the renewal of old housing estates: how many are done, for how many homes, and what they lack."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from gis_planning.analysis.facilities import is_of, refuse_unknown
from gis_planning.errors import NotAssessed
from gis_planning.geo import Flags
from gis_planning.homes import numbers_of
from gis_planning.measures import Households, Share
from gis_planning.results.verdicts import Measured, Reference
from gis_planning.texts import Text, text


def done(estates: gpd.GeoDataFrame, *, before_year: int) -> Share:
    """Measure how many of the estates built before a year are renewed, by number.

    An estate that does not state its year may be an old one, and one that does not state whether it is done may be: the
    share is open by them.

    Parameters
    ----------
    estates
        With `year`, `done`, and `households` where known.
    before_year
        Estates built before this year count.

    Returns
    -------
    Measured
        A share by number; beside it that of the households. Offenders are the estates that are not done.

    Raises
    ------
    NotAssessed
        No estate of before the year says whether it is done.

    Notes
    -----
    Source: estates of before 2005 in the plan for county seats; the ministry's own rate takes those of before 2001.

    Examples
    --------
    >>> from shapely import Point
    >>> from gis_planning.analysis.work import frame
    >>> register = frame(Point(0, 0), Point(9, 0), year=[1990.0, 2004.0], done=[True, False])
    >>> done(register, before_year=2005).value
    0.5
    """
    old, perhaps, yes, no = _sorted(estates, before_year)
    if not (old & (yes | no)).any():
        raise NotAssessed("renewal.nothing_said", year=before_year)
    some, whole = float((old & yes).sum()), float(old.sum())
    open_ = old & ~yes & ~no
    low = some / (whole + float((perhaps & ~yes).sum()))
    high = (some + float(open_.sum()) + float((perhaps & ~no).sum())) / (whole + float((perhaps & ~no).sum()))
    doubt = bool(open_.any() or perhaps.any())
    stated = numbers_of(estates, "households")
    homes = np.nan_to_num(stated)
    count = float(homes[old].sum())
    return Measured.share(
        some,
        whole,
        "parts",
        offenders=_shown(estates, old & no),
        value_range=(low, high) if doubt else None,
        references=(Reference(float(homes[old & yes].sum()), count, "households_done", {}, "households"),)
        if count
        else (),
        notes=_notes(open_, perhaps, old & np.isnan(stated) & (count > 0)),
    )


def households(estates: gpd.GeoDataFrame, *, before_year: int) -> Households:
    """Measure the households of estates built before a year that are renewed.

    An estate that is done and does not state its households adds none, so the number is a lower bound; those that do
    not state their year, or whether they are done, may add theirs.

    Parameters
    ----------
    estates
        With `year`, `done` and `households`.
    before_year
        Estates built before this year count.

    Returns
    -------
    Measured
        Households, from those that are sure to as many as there can be.

    Raises
    ------
    NotAssessed
        No estate that is done states its households.

    Notes
    -----
    Source: 770,000 households of the region in the plan for county seats.

    Examples
    --------
    >>> from shapely import Point
    >>> from gis_planning.analysis.work import frame
    >>> register = frame(Point(0, 0), year=[1990.0], done=[True], households=[120.0])
    >>> households(register, before_year=2005).value
    120.0
    """
    old, perhaps, yes, no = _sorted(estates, before_year)
    homes = numbers_of(estates, "households")
    counted = old & yes & np.isfinite(homes)
    if not counted.any() and (old & yes).any():
        raise NotAssessed("renewal.no_households")
    if not (old & (yes | no)).any():
        raise NotAssessed("renewal.nothing_said", year=before_year)
    total, open_ = float(homes[counted].sum()), old & ~yes & ~no
    silent, may = old & yes & np.isnan(homes), open_ | (perhaps & ~no)
    # Homes that nobody counted have no upper bound.
    most = total + float(np.where(np.isnan(homes), np.inf, homes)[silent | may].sum())
    return Measured(
        value=total,
        unit="households",
        offenders=_shown(estates, old & no)[:0],
        value_range=(total, most) if (silent | may).any() else None,
        notes=_notes(open_, perhaps, silent),
    )


def services(
    estates: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame,
    *,
    before_year: int,
    kinds: tuple[str, ...],
    within_m: float,
) -> Share:
    """Measure how many of the estates built before a year have all of some services near them.

    An estate that does not state its year may be an old one: the share is open by them.

    Parameters
    ----------
    estates
        With `year`.
    facilities
        With `kind`.
    before_year
        Estates built before this year count.
    kinds
        The services that each is to have.
    within_m
        How far from an estate, in a straight line from its edge, a service may be.

    Returns
    -------
    Measured
        A share by number. Offenders are the estates that lack some, with the kinds they lack.

    Raises
    ------
    NotAssessed
        No estate is that old, or the table has no row of a kind and the county does not state that there is none.

    Notes
    -----
    Source: services for communities come with the renewal of estates, as the plan for county seats asks; no distance.

    Examples
    --------
    >>> from shapely import Point
    >>> from gis_planning.analysis.work import frame
    >>> old = frame(Point(0, 0), Point(9000, 0), year=[1990.0, 1991.0])
    >>> found = services(old, frame(Point(9, 0), kind=["canteen"]), before_year=2005, kinds=("canteen",), within_m=500)
    >>> found.value, found.offenders["missing"].tolist()
    (0.5, ['canteen'])
    """
    old, perhaps, _, _ = _sorted(estates, before_year)
    if not old.any():
        raise NotAssessed("renewal.none_old", year=before_year)
    shapes = estates.geometry.to_numpy()
    missing = np.full(len(estates), "", dtype=object)
    for kind in kinds:
        refuse_unknown(facilities, (kind,))
        spots = facilities.geometry.to_numpy()[is_of(facilities, (kind,))]
        near = shapely.STRtree(spots).query(shapes, predicate="dwithin", distance=within_m)[0]
        lacks = ~np.isin(np.arange(len(shapes)), near)
        missing[lacks] = [f"{said};{kind}".strip(";") for said in missing[lacks]]
    lacking = old & (missing != "")
    some, whole = float((old & ~lacking).sum()), float(old.sum())
    worse, better = float((perhaps & (missing != "")).sum()), float((perhaps & (missing == "")).sum())
    return Measured.share(
        some,
        whole,
        "parts",
        value_range=(some / (whole + worse), (some + better) / (whole + better)) if perhaps.any() else None,
        offenders=_spots(estates, lacking).assign(missing=missing[lacking]),
        notes=_notes(None, perhaps),
    )


def _sorted(estates: gpd.GeoDataFrame, before_year: int) -> tuple[Flags, Flags, Flags, Flags]:
    """Say which estates are old, which may be, and which say that they are done or that they are not."""
    year = numbers_of(estates, "year")
    said = estates["done"].tolist() if "done" in estates.columns else [None] * len(estates)
    yes, no = (np.array([one is answer for one in said], dtype=bool) for answer in (True, False))
    return year < before_year, np.isnan(year), yes, no


def _shown(estates: gpd.GeoDataFrame, chosen: Flags) -> gpd.GeoDataFrame:
    kept = [name for name in ("name", "year", "households", "done") if name in estates.columns]
    return estates[chosen][[*kept, "geometry"]].reset_index(drop=True)


def _spots(estates: gpd.GeoDataFrame, chosen: Flags) -> gpd.GeoDataFrame:
    """Return estates as points, for a list of what each lacks."""
    found = _shown(estates, chosen)
    return found.set_geometry(shapely.point_on_surface(found.geometry.to_numpy()), crs=estates.crs)


def _notes(open_: Flags | None, perhaps: Flags, uncounted: Flags | None = None) -> tuple[Text, ...]:
    """Tell how many estates leave something open: whether they are done, their year, their households."""
    said = (("note_open", open_), ("note_no_year", perhaps), ("note_no_households", uncounted))
    return tuple(text(f"renewal.{key}", count=int(it.sum())) for key, it in said if it is not None and it.any())
