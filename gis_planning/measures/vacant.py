"""Measure approved but unsupplied land and idle land: how much is left, how old it is, how much was disposed of."""

from __future__ import annotations

import re
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis_planning import overlay
from gis_planning.errors import NotAssessed, RuleError
from gis_planning.measures import Share, SquareMetres
from gis_planning.results.verdicts import Measured
from gis_planning.texts import Text, text

#: Words for a state that is none of ours, listed in a note.
LISTED = 5
NO_AGE = -1
#: 2018, 201806, 20180630, 2018-06-30, 2018/6/30 or 2018年6月30日, with a time of day after it or not.
DATE = re.compile(r"\s*((?:19|20)\d\d)(?:\D{0,2}(\d\d?)(?:\D{0,2}(\d\d?))?)?")


def disposal(vacant_parcels: gpd.GeoDataFrame, *, until: str, ages: tuple[int, ...] = (1, 2, 5, 10)) -> Share:
    """Measure how much of the stock of vacant land has been disposed of.

    The share is land disposed of over all land of the register, in m2 on the CGCS2000 ellipsoid, every spot once. The
    register is to hold the stock at the start of the period, each parcel with its state. Where a state is not given or
    not known, both answers are counted, and the share is judged only if either way gives the same verdict.

    Parameters
    ----------
    vacant_parcels
        The parcels of a register with `status` (words of conventions/vacant.toml) and, for ages, `since`: the date or
        year of approval, or of the agreed start of building.
    until
        The day up to which ages are counted, as YYYY-MM-DD.
    ages
        Where one age class ends and the next begins, in whole years.

    Returns
    -------
    Measured
        A share from 0 to 1. Offenders are parcels not disposed of, oldest first, then largest. Layers: `parcels` (with
        `age_years`, `state` and `area_m2`), `ages` (a row for each age class: `from_years`, `to_years`, `parcels`,
        `area_m2`, `disposed_m2`, `left_m2`).

    Raises
    ------
    NotAssessed
        No parcel states whether it was disposed of, or there is none.

    Notes
    -----
    Source: clause 34 of the Inner Mongolia county-town plan 2023-2025; rates of disposal as in yearly reports: land
    disposed of over the stock at the start.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from gis_planning.analysis.work import applied
    >>> land = shapely.box([38_500_000, 38_500_100], 4_600_000, [38_500_100, 38_500_400], 4_600_100)
    >>> stock = gpd.GeoDataFrame({"status": ["已供", "未供"], "since": ["2018", "2021-06-30"]}, geometry=land, crs=4526)
    >>> measured = applied(disposal, land=stock, until="2025-12-31")
    >>> round(measured.value, 6), measured.offenders["age_years"].tolist()
    (0.25, [4.0])
    """
    parcels = _aged(vacant_parcels, until)
    if not len(parcels):
        raise NotAssessed("vacant.none")
    gone, known = _stated(parcels, "disposed")
    areas = parcels["area_m2"].to_numpy()
    low, high, whole = float(areas[gone].sum()), float(areas[gone | ~known].sum()), float(areas.sum())
    return Measured.share(
        low,
        whole,
        "m2",
        value_range=(low / whole, high / whole) if high > low else None,
        offenders=_oldest_first(parcels[~gone]),
        notes=_notes(parcels, known, until),
        layers={"parcels": parcels, "ages": _by_age(parcels, gone, ages)},
    )


def left(vacant_parcels: gpd.GeoDataFrame, *, until: str, at_least_years: int = 0) -> SquareMetres:
    """Measure vacant land that has not been disposed of, at least some years old.

    Parameters
    ----------
    vacant_parcels, until
        As in `disposal`.
    at_least_years
        Younger land is left out. Where a date is not given, land may be that old or not.

    Returns
    -------
    Measured
        Square metres on the CGCS2000 ellipsoid, every spot once; a range where a state or a date is not given.
        Offenders are the parcels, oldest first, then largest.

    Raises
    ------
    NotAssessed
        No parcel states whether it was disposed of; or ages are asked for and no parcel has a date.

    Notes
    -----
    Source: order 53 of the Ministry of Land and Resources, 2012: idle for one year a fee is due, for two years land
    may be taken back.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from gis_planning.analysis.work import applied
    >>> land = shapely.box([38_500_000, 38_500_100], 4_600_000, [38_500_100, 38_500_400], 4_600_100)
    >>> stated = {"status": ["未处置", "未处置"], "since": ["2024-07-01", "2021-06-30"]}
    >>> idle = gpd.GeoDataFrame(stated, geometry=land, crs="EPSG:4526")
    >>> round(applied(left, land=idle, until="2025-12-31", at_least_years=2).value)
    30000
    """
    parcels = _aged(vacant_parcels, until)
    years, any_age = parcels["age_years"].to_numpy(), at_least_years <= 0
    old, dated = (years >= at_least_years) | any_age, ~np.isnan(years) | any_age
    waiting, known = _stated(parcels, "pending")
    if len(parcels) and not dated.any():
        raise NotAssessed("vacant.no_dates")
    sure, maybe = waiting & old, (waiting | ~known) & (old | ~dated)
    areas = parcels["area_m2"].to_numpy()
    low, high = float(areas[sure].sum()), float(areas[maybe].sum())
    return Measured(
        value=low,
        unit="m2",
        value_range=(low, high) if high > low else None,
        offenders=_oldest_first(parcels[sure]),
        notes=(text("vacant.note_until", day=until),),
        layers={"parcels": parcels},
    )


def _aged(vacant_parcels: gpd.GeoDataFrame, until: str) -> gpd.GeoDataFrame:
    """Return a register with the age of each parcel on a day."""
    try:
        day = date.fromisoformat(until)
    except ValueError:
        raise RuleError("vacant.bad_day", day=until) from None
    return vacant_parcels.assign(age_years=_ages(vacant_parcels["since"], day))


def _stated(parcels: gpd.GeoDataFrame, state: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which parcels are in a state, and of which the state is known."""
    own, known = (parcels["state"] == state).to_numpy(), parcels["state"].notna().to_numpy()
    if len(parcels) and not known.any():
        raise NotAssessed("vacant.no_status")
    return own, known


def _oldest_first(parcels: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return parcels.sort_values(["age_years", "area_m2"], ascending=False, na_position="last", ignore_index=True)


def _notes(parcels: gpd.GeoDataFrame, known: NDArray[np.bool_], until: str) -> tuple[Text, ...]:
    """Return the day that ages are counted to, and what the register does not say."""
    notes = [text("vacant.note_until", day=until)]
    if words := sorted({str(word) for word in parcels.loc[~known, "status"].dropna()}):
        notes.append(text("vacant.note_words", words=words[:LISTED], count=int((~known).sum())))
    if silent := int(parcels["status"].isna().sum()):
        notes.append(text("vacant.note_silent", count=silent))
    if undated := int(parcels["age_years"].isna().sum()):
        notes.append(text("vacant.note_undated", count=undated))
    return tuple(notes)


def _ages(since: pd.Series, until: date) -> NDArray[np.float64]:
    """Return whole years from each date to a day; a year alone begins on its last day, for no land is made older."""
    found: NDArray[np.float64] = np.full(len(since), np.nan)
    for row, said in enumerate(since):
        match = DATE.match("" if pd.isna(said) else str(said))
        if match is None:
            continue
        year, month, day = int(match[1]), int(match[2] or 12), int(match[3] or 31)
        found[row] = max(0, until.year - year - ((until.month, until.day) < (month, day)))
    return found


def _by_age(parcels: gpd.GeoDataFrame, gone: NDArray[np.bool_], ages: tuple[int, ...]) -> gpd.GeoDataFrame:
    """Return the land of each age class, the youngest first, those without a date last."""
    years, areas = parcels["age_years"].to_numpy(), parcels["area_m2"].to_numpy()
    place = np.where(np.isnan(years), NO_AGE, np.searchsorted(ages, years, side="right"))
    edges = [0, *ages, None]
    rows, shapes = [], []
    for one in [*range(len(ages) + 1), NO_AGE]:
        own = place == one
        if own.any():
            low, high = (None, None) if one == NO_AGE else (edges[one], edges[one + 1])
            whole, gone_m2 = float(areas[own].sum()), float(areas[own & gone].sum())
            rows.append((low, high, int(own.sum()), whole, gone_m2, whole - gone_m2))
            shapes.append(shapely.multipolygons(overlay.polygons_of(parcels.geometry.to_numpy()[own])[0]))
    columns = ["from_years", "to_years", "parcels", "area_m2", "disposed_m2", "left_m2"]
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry=shapes, crs=parcels.crs)
