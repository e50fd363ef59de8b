"""Measure how many places facilities offer for the people around them."""

from __future__ import annotations

import numpy as np

from gis_planning.analysis.access import Access
from gis_planning.analysis.distances import floating, pairs_within
from gis_planning.analysis.facilities import Entered, is_of, listed, notes_on, refuse_unknown, wanted
from gis_planning.analysis.ways import Ways, joined
from gis_planning.errors import NotAssessed
from gis_planning.measures import Per1000
from gis_planning.results.verdicts import Measured
from gis_planning.streets import Streets
from gis_planning.texts import text

FAMILY = "circles"
#: Weights of the nearer, middle and farther third of a catchment in E2SFCA (Luo and Qi 2009, slow decay).
THIRDS = (1.0, 0.68, 0.22)


def capacity(
    access: Access,
    network: Streets,
    demand_ways: tuple[Ways, Ways, Ways],
    facility_doors: Entered,
    *,
    kind: str | None = None,
    kinds: tuple[str, ...] = (),
    limit_m: float = 1000.0,
) -> Per1000:
    """Measure the places facilities offer for every 1,000 people, and how many of them each home can count on.

    The value is the capacity of the facilities in the study area over its people, times 1,000. Beside it stands what
    each home can count on by two-step floating catchments: every facility shares its places among the people within
    `limit_m`, every home adds up the shares it gets (2SFCA); and the same where the nearer third of the catchment
    counts whole, the middle one 0.68 and the farther one 0.22 (E2SFCA).

    Parameters
    ----------
    access
        Residential land, homes and their people, and facilities with `capacity`.
    network, demand_ways, facility_doors
        The streets, and the ways onto them.
    kind, kinds
        One kind of facility, or several of which any will do.
    limit_m
        The catchment in metres along the streets.

    Returns
    -------
    Measured
        Places per 1,000 people. Offenders are facilities that state no capacity. Layers: `homes` (with `access_2sfca`
        and `access_e2sfca`, in places per 1,000 people), `facilities`.

    Raises
    ------
    NotAssessed
        The table has no row of the kind and the county does not state that there is none; no facility states a
        capacity; or people were not counted.

    Notes
    -----
    Source: places in childcare per 1,000 people and beds in nursing homes; Luo and Wang 2003, Luo and Qi 2009.

    Examples
    --------
    >>> from shapely import LineString, Point, box
    >>> from gis_planning.analysis.work import applied, frame
    >>> from gis_planning.streets import build
    >>> measured = applied(
    ...     capacity, residential=frame(box(300, 0, 400, 10), population=[500]),
    ...     network=build(frame(LineString([(0, 0), (400, 0)]))),
    ...     facilities=frame(Point(0, 0), kind=["childcare"], capacity=[20]), study_area=frame(box(-50, -50, 500, 50)),
    ...     kind="childcare",
    ... )
    >>> measured.value, measured.layers["homes"]["access_2sfca"].tolist()
    (40.0, [40.0])
    """
    facilities, demand, inside = access.facilities, access.demand, ~access.outside
    chosen_kinds = wanted(kind, kinds)
    refuse_unknown(facilities, chosen_kinds)
    of_kind = is_of(facilities, chosen_kinds)
    size = len(facilities)
    stated = facilities["capacity"].to_numpy(dtype=float) if "capacity" in facilities.columns else np.full(size, np.nan)
    # A facility with no places would be none; many tables write 0 for what nobody knows.
    stated = np.where(stated > 0, stated, np.nan)
    if of_kind.any() and np.isnan(stated[of_kind]).all():
        raise NotAssessed("circles.no_capacity")
    if demand.cell_people is None:
        raise NotAssessed("circles.no_people")
    people = np.concatenate([demand.homes["people"].to_numpy(dtype=float), demand.cell_people.astype(float)])
    if not people.sum():
        raise NotAssessed("circles.no_people")
    places = np.where(of_kind, np.nan_to_num(stated), 0.0)
    cells, _, homes = demand_ways
    pairs = pairs_within(network, facility_doors.ways.take(of_kind), joined(homes, cells), limit_m)
    plain, enhanced = (floating(pairs, places, people, limit_m, weights) for weights in ((1.0, 1.0, 1.0), THIRDS))
    counted = {"access_2sfca": plain[: homes.size], "access_e2sfca": enhanced[: homes.size]}
    shown = demand.homes[["name", "people", "geometry"]].assign(**counted)
    unstated = of_kind & np.isnan(stated)
    notes = [*demand.notes, *notes_on(facilities, of_kind, chosen_kinds, facility_doors)]
    value = float(places[inside].sum() / people.sum() * 1000)
    listed_ = listed(facilities, of_kind, facility_doors, outside=~inside)
    if unstated.any():
        notes.append(text("circles.capacity_unstated", count=int(unstated.sum())))
    return Measured(
        value=value,
        unit="per_1000",
        numerator=float(places[inside].sum()),
        denominator=float(people.sum()),
        offenders=listed_[~(listed_["capacity"] > 0) & (listed_["status"] != "unknown")].reset_index(drop=True),
        value_range=(value, float("inf")) if unstated.any() else None,
        notes=tuple(notes),
        layers={"homes": shown, "facilities": listed_},
    )
