"""Measure who has what daily life needs within reach: the 15-minute circle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from gis_planning.analysis.access import Access
from gis_planning.analysis.demand import Demand
from gis_planning.analysis.distances import Covered, Distances, limit_of, thirds, with_nearest
from gis_planning.analysis.facilities import (
    Entered,
    called,
    is_of,
    listed,
    notes_on,
    of_tier,
    refuse_unknown,
    wanted,
)
from gis_planning.analysis.paths import Paths
from gis_planning.analysis.villages import Drives
from gis_planning.analysis.zones import Told, Zones
from gis_planning.errors import NotAssessed, RuleError
from gis_planning.geo import Flags
from gis_planning.measures import Share, tally
from gis_planning.measures.needs import Need
from gis_planning.measures.present import Present, known_needs, needs_met, not_held, without_unknown
from gis_planning.results.schema import GAPS, OFFENDERS, known_layers
from gis_planning.results.verdicts import Measured, Reference
from gis_planning.texts import text


def kind_coverage(
    approach: Access,
    nearest: Callable[..., Distances],
    told: Told,
    *,
    kind: str | None = None,
    kinds: tuple[str, ...] = (),
    limit_m: float | None = None,
    limit_min: float | None = None,
    tier: float | None = None,
) -> Share:
    """Measure the share of residential land from which a facility of a kind is within reach.

    Land is measured on cells: each has one distance, from its middle; what the share changes when cells are half as
    wide is reported. Homes have their own exact distance. A distance is the straight way to the street, the way along
    the streets, and the straight way to the facility; land, homes and facilities farther than `max_access_m` from any
    street, or cut off by a barrier, are listed and count as not covered. Facilities outside the study area serve those
    inside. A kind of which the table has no row is not assessed; where the county states that there is none of it, it
    covers nothing, and is listed.

    Parameters
    ----------
    approach
        Residential land in cells, homes and facilities, with their ways along the streets; by car where a clause takes
        `drive_network`.
    nearest
        How far all of them are from facilities of a kind.
    told
        Districts and communities, for the same quantity in each.
    kind, kinds
        One kind of facility, or several of which any will do.
    limit_m, limit_min
        The farthest that counts: metres on foot, or minutes by car.
    tier
        Only facilities built for this tier (15, 10 or 5 minutes). Those that state none may count: the value is then
        an upper bound.

    Returns
    -------
    Measured
        A share from 0 to 1. Offenders are the gaps, those with the most people first. Layers: `facilities`, `bands`,
        `communities`, `unattached`.

    Raises
    ------
    NotAssessed
        No streets were delivered, or the table has no row of the kind and the county does not state that there is none.
    RuleError
        The settings do not fit one another.

    Notes
    -----
    Source: coverage rates of TD/T 1063-2021 and service radii of GB 50180-2018; see the clause.

    Examples
    --------
    A street of 400 m with a pharmacy at its west end, and a block of 100 m by 10 m along its last quarter:

    >>> from shapely import LineString, Point, box
    >>> from gis_planning import streets
    >>> from gis_planning.analysis.work import applied, frame
    >>> network = streets.build(frame(LineString([(0, 0), (400, 0)])))
    >>> measured = applied(
    ...     kind_coverage, residential=frame(box(300, 0, 400, 10)), facilities=frame(Point(0, 0), kind=["pharmacy"]),
    ...     study_area=frame(box(-50, -50, 500, 50)), network=network, kind="pharmacy", limit_m=350,
    ... )
    >>> round(measured.value, 3), measured.denominator
    (0.5, 1000.0)
    """
    access, facilities = approach, approach.facilities
    chosen_kinds = wanted(kind, kinds)
    refuse_unknown(facilities, chosen_kinds)
    limit = limit_of(access, limit_m, limit_min)
    demand = access.demand
    of_kind = is_of(facilities, chosen_kinds)
    certain, perhaps = (one & of_kind for one in of_tier(facilities, tier))
    distances = nearest(kinds=chosen_kinds)
    covered = distances.within(limit)
    lacking = np.where(covered.cells, "", "x")
    patches = tally.gaps(demand, lacking, told.districts, homes=np.where(covered.homes, "", "x"))
    patch = patches.attrs.pop("patch_of_cell")
    patches = with_nearest(patches.drop(columns="missing"), patch, distances, facilities)
    counted = certain | perhaps
    shown = listed(facilities, counted, access.doors, other_tier=of_kind & ~counted, outside=access.outside)
    layers = {
        "facilities": shown,
        **tally.communities_of(demand, covered, told.communities),
    }
    notes = notes_on(facilities, counted, chosen_kinds, None if access.straight else access.doors)
    measured = tally.measured_share(
        demand,
        covered,
        told.districts,
        None if access.straight else access.ways,
        offenders=patches,
        layers=layers,
        bands=tally.bands(demand.cells, distances.cells, thirds(limit), demand.land.crs),
        notes=notes,
        schema={OFFENDERS: GAPS},
    )
    if (access.outside & counted).any():
        inner = nearest(kinds=chosen_kinds, only="inside").within(limit)
        dependent = covered.homes & ~inner.homes
        relying = Reference(float(dependent.sum()), float(len(dependent)), "outside_homes")
        measured = replace(measured, references=(*measured.references, relying))
    if perhaps.any():
        least = nearest(kinds=chosen_kinds, only="certain").within(limit)
        note = text("circles.tier_unknown", count=int(perhaps.sum()), tier=tier)
        measured = replace(
            measured, value_range=_bounds(demand, least.cells, covered.cells), notes=(*measured.notes, note)
        )
    return measured


def completeness(
    approach: Access,
    nearest: Callable[..., Distances],
    told: Told,
    street_paths: Paths | None = None,
    *,
    needs: tuple[Need, ...],
    at_least_kinds: int | None = None,
    tier: float | None = None,
) -> Share:
    """Measure the share of residential land from which everything on a list is within reach.

    Every need is measured as in `kind_coverage`; land counts where all of them, or `at_least_kinds` of them, are met.
    Where the table has no row for a need and the county does not state that there is none, the list is not assessed,
    and the share for the other needs is a reference number; with `at_least_kinds` the value is then a range.
    Layers and settings not named here are those of `kind_coverage`.

    Parameters
    ----------
    needs
        Each with `kinds`, of which any will do, and `limit_m`.
    at_least_kinds
        How many needs are enough; left out: all.

    Returns
    -------
    Measured
        A share from 0 to 1. Offenders are patches that lack the same things. Layers: `homes` (each with its distance
        for every need, and what it lacks), `kinds` (the coverage of every need), `bands` (land by how many needs are
    XX

    Raises
    ------
    NotAssessed, RuleError
        As `kind_coverage`.

    Notes
    -----
    Source: the community life circle of TD/T 1063-2021 (all present), the lists of the 15-minute convenience circle
    and of GB 50180-2018; see the clause.

    Examples
    --------
    >>> from shapely import LineString, Point, box
    >>> from gis_planning import streets
    >>> from gis_planning.analysis.work import applied, frame
    >>> network = streets.build(frame(LineString([(0, 0), (400, 0)])))
    >>> shops = frame(Point(0, 0), Point(400, 0), kind=["pharmacy", "market"])
    >>> measured = applied(
    ...     completeness, residential=frame(box(100, 0, 300, 10)), facilities=shops,
    ...     study_area=frame(box(-50, -50, 500, 50)), network=network,
    ...     needs=({"kinds": ("pharmacy",), "limit_m": 250}, {"kinds": ("market",), "limit_m": 250}),
    ... )
    >>> measured.value
    0.5
    """
    _refuse_needs(needs, at_least_kinds)
    access, facilities = approach, approach.facilities
    if access.network is None and not access.straight:
        raise NotAssessed("circles.no_streets")
    known, unknown = known_needs(needs, facilities)
    reason = not_held(unknown, len(needs), facilities)
    if reason is not None and not known:
        raise NotAssessed.for_reason(reason)
    demand = access.demand
    found = needs_met(known, access, nearest, tier=tier)
    present, enough = found.counted(), at_least_kinds or len(known)
    homes = found.homes_lacking(present)
    covered = Covered(present.cells >= enough, present.fine >= enough, present.homes >= enough)
    patches = _lacking_patches(demand, covered, told.districts, found, homes["missing"])
    every = tuple(kind for need in needs for kind in need["kinds"])
    layers = {
        "homes": homes,
        "kinds": pd.DataFrame(found.rows),
        "facilities": listed(facilities, is_of(facilities, every), access.doors, outside=access.outside),
        **_paths(street_paths),
        **tally.communities_of(demand, covered, told.communities, found.met),
    }
    schema = {
        OFFENDERS: GAPS,
        "homes": replace(known_layers()["homes"].having(*found.columns), page=False),
        "bands": replace(known_layers()["bands"], by="present", of="wanted", until=None),
    }
    measured = tally.measured_share(
        demand,
        covered,
        told.districts,
        None if access.straight else access.ways,
        bands=tally.by_count(demand, present.cells, len(known)),
        offenders=patches,
        layers=layers,
        notes=found.notes,
        schema=schema,
    )
    # What nobody knows of may be met anywhere or nowhere.
    hoped = present.cells >= enough - (len(unknown) if at_least_kinds else 0)
    lowest, highest = _bounds(demand, np.sum(found.certain, axis=0) >= enough, hoped)
    if lowest != highest:
        measured = replace(measured, value_range=(lowest, highest))
    if reason is None:
        return measured
    measured = replace(measured, missing=(reason,))
    return measured if at_least_kinds is not None else without_unknown(measured, unknown, len(needs))


def _paths(paths: Paths | None) -> dict[str, gpd.GeoDataFrame]:
    """Return the streets and the ways onto them as result layers; clauses share them, so they are not changed here."""
    return {} if paths is None else {"network": paths.network, "approaches": paths.approaches}


def _lacking_patches(
    demand: Demand, covered: Covered, districts: Zones | None, found: Present, homes: Any
) -> gpd.GeoDataFrame:
    """Return the land that is not covered by what it lacks, and how many needs that are."""
    cells = tally.lacking(list(found.met), [one.cells for one in found.met.values()])
    patches = tally.gaps(
        demand, np.where(covered.cells, "", cells), districts, homes=np.where(covered.homes, "", homes)
    )
    patches.attrs.clear()
    return patches.assign(missing_count=[len(words.split(";")) for words in patches["missing"]])


def _bounds(demand: Demand, surely: Flags, perhaps: Flags) -> tuple[float, float]:
    """Return the share of land that is covered for sure, and that which may be."""
    area = demand.cells.area_m2
    return float(area[surely].sum() / area.sum()), float(area[perhaps].sum() / area.sum())


def _refuse_needs(needs: tuple[Need, ...], at_least_kinds: int | None) -> None:
    if not needs or (at_least_kinds is not None and not 1 <= at_least_kinds <= len(needs)):
        raise RuleError("circles.needs", count=len(needs), least=at_least_kinds)
    for need in needs:
        wanted(None, need["kinds"])


def village_coverage(
    villages: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame,
    drives: Callable[..., Drives],
    drive_doors: Entered,
    drive_paths: Paths,
    *,
    kind: str | None = None,
    kinds: tuple[str, ...] = (),
    limit_min: float,
) -> Share:
    """Measure the share of villages from which a facility of a kind is reached by car in time.

    Villages are counted, not their land; a village is where the middle of its outline is. One farther than
    `max_access_m` from any street is not reached, and listed.

    Parameters
    ----------
    villages
        Points or polygons, with `population` if known.
    facilities
        Points, or polygons that are entered anywhere along their edge; with `kind`.
    drives, drive_doors, drive_paths
        How far villages are from facilities of a kind, how these are entered, and the streets that lead there.
    kind, kinds, limit_min
        As in `kind_coverage`.

    Returns
    -------
    Measured
        A share from 0 to 1. Offenders are the villages that are not reached. Layers: `villages`, `facilities`,
        `network` and `approaches` (as in `completeness`, by car).

    Raises
    ------
    NotAssessed
        There is no village, or the table has no row of the kind and the county does not state that there is none.
    RuleError
        A kind is not in the closed list.

    Notes
    -----
    Source: villages within 30 minutes of a graded hospital in TD/T 1063-2021; the rural lists of TD/T 1062-2021.

    Examples
    --------
    A road of class county (40 km/h), a hospital at its start, villages after 10 and 20 km:

    >>> from shapely import LineString, Point
    >>> from gis_planning import streets
    >>> from gis_planning.analysis.work import applied, frame
    >>> roads = frame(LineString([(0, 0), (20000, 0)]), **{"class": ["县道"]})
    >>> measured = applied(
    ...     village_coverage, villages=frame(Point(10000, 0), Point(20000, 0)),
    ...     facilities=frame(Point(0, 0), kind=["hospital"]), drive_network=streets.build(roads, mode="drive"),
    ...     kind="hospital", limit_min=20,
    ... )
    >>> measured.value, measured.layers["villages"]["minutes"].round(6).tolist()
    (0.5, [15.0, 30.0])
    """
    chosen_kinds = wanted(kind, kinds)
    if not len(villages):
        raise NotAssessed("circles.no_villages")
    refuse_unknown(facilities, chosen_kinds)
    chosen = is_of(facilities, chosen_kinds)
    found = drives(kinds=chosen_kinds)
    minutes = found.minutes
    reached = minutes <= limit_min + 1e-9
    names = called(facilities)
    kept = [name for name in ("name", "population") if name in villages.columns]
    frame = villages[[*kept, "geometry"]].reset_index(drop=True)
    frame["minutes"] = np.where(np.isfinite(minutes), minutes, np.nan)
    frame["covered"] = reached
    frame["nearest_facility"] = [names[at] if at >= 0 else None for at in found.facility]
    people = frame["population"].fillna(0).to_numpy(dtype=float) if "population" in frame else np.zeros(len(frame))
    references = (Reference(float(people[reached].sum()), float(people.sum()), "population"),) if people.sum() else ()
    notes = [*notes_on(facilities, chosen, chosen_kinds, drive_doors), *found.notes]
    return Measured.share(
        float(reached.sum()),
        float(len(frame)),
        "villages",
        offenders=frame[~reached].sort_values("minutes", ascending=False, na_position="first", ignore_index=True),
        references=references,
        notes=tuple(notes),
        layers={
            "villages": frame,
            "facilities": listed(facilities, chosen, drive_doors),
            **_paths(drive_paths),
        },
    )
