"""Say what is within 5, 10 and 15 minutes of one place, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from gis_planning.analysis.distances import per_minute
from gis_planning.analysis.facilities import called, facility_doors, is_of, unknown_of
from gis_planning.analysis.ways import TOLERANCE_M, reach, straight_to
from gis_planning.conventions import facts
from gis_planning.conventions.facilities import facility_kinds
from gis_planning.errors import FeatureError
from gis_planning.streets import Streets


@dataclass(frozen=True)
class Found:
    """The nearest facility of a kind: its name, the cost of the way, and within how many minutes it is.

    `ring_min` is 5, 10 or 15; None where it is farther, or where there is none at all. `cost` is metres on foot or
    minutes by car; None where no way leads there. Not `held`: the table has no row of it, and the county does not
    state that there is none.
    """

    kind: str
    name: str | None
    cost: float | None
    ring_min: int | None
    in_reach: int
    held: bool = True


@dataclass(frozen=True)
class Around:
    """What is around one place; `access_m` is the straight way to the street."""

    access_m: float
    mode: str
    found: tuple[Found, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the kinds that are not within the last ring."""
        return tuple(one.kind for one in self.found if one.ring_min is None)

    @property
    def not_held(self) -> tuple[str, ...]:
        """Return those of the missing kinds of which nobody knows whether there is one."""
        return tuple(one.kind for one in self.found if not one.held)


def around(
    place: shapely.Point,
    network: Streets,
    facilities: gpd.GeoDataFrame,
    compound_gates: gpd.GeoDataFrame | None = None,
    *,
    max_access_m: float = 200.0,
) -> Around:
    """Return the nearest facility of every kind, and how many are within 15 minutes.

    Parameters
    ----------
    place
        A point in the CRS of the network.
    network
        Walking or driving.
    facilities, compound_gates
        As in `circles.kind_coverage`.

    Raises
    ------
    FeatureError
        The place has no way to any street.
    """
    here = straight_to(network, np.array([place], dtype=object), max_access_m)
    if len(here.unattached):
        raise FeatureError("circles.place_unattached", most=max_access_m)
    doors = facility_doors(network, facilities, compound_gates, max_access_m=max_access_m)
    table = facts("rings")
    unit = per_minute(network) if network.mode == "drive" else 1.0
    limits = [float(minute) for minute in (table["minutes"] if network.mode == "drive" else table["walk_m"])]
    # Every facility is a place that asks how far it is to here: one search answers for all of them.
    costs = reach(network, here, doors.ways, trip="from_source").distance_m / unit
    names = called(facilities)
    found, beyond = [], facts("facilities")["beyond_circles"]
    for kind in facility_kinds():
        rows = np.flatnonzero(is_of(facilities, (kind,)))
        if kind == "other":
            continue
        near = rows[np.argmin(costs[rows])] if len(rows) else -1
        cost = float(costs[near]) if len(rows) else np.inf
        ring = next((m for m, most in zip(table["minutes"], limits, strict=True) if cost <= most + TOLERANCE_M), None)
        if ring is None and kind in beyond:
            continue
        count = int((costs[rows] <= limits[-1] + TOLERANCE_M).sum())
        known = np.isfinite(cost)
        found.append(
            Found(
                kind,
                names[near] if known else None,
                cost if known else None,
                ring,
                count,
                not unknown_of(facilities, (kind,)),
            )
        )
    return Around(float(here.attached.access_m[0]), network.mode, tuple(found))
