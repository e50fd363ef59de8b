"""Measure shelters: how much there is for each person, who reaches one, and whether they hold those who come."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gis_planning import overlay
from gis_planning.analysis.access import Access, Distance
from gis_planning.analysis.demand import Demand
from gis_planning.analysis.distances import Covered, distances_to
from gis_planning.analysis.facilities import called
from gis_planning.analysis.land import united
from gis_planning.analysis.residents import Residents
from gis_planning.analysis.shelters import Refuges, straight
from gis_planning.analysis.zones import Told
from gis_planning.errors import NotAssessed
from gis_planning.geo import Flags, Floats, Index
from gis_planning.measures import M2PerPerson, Share, tally
from gis_planning.results.schema import GAPS, OFFENDERS
from gis_planning.results.verdicts import Measured, Reference
from gis_planning.texts import Text, text


def per_person(
    refuges: Refuges, study_area: gpd.GeoDataFrame, residents: Residents, *, kinds: tuple[str, ...] = ()
) -> M2PerPerson:
    """Measure the usable area of shelters in the study area for each person who lives there.

    Areas are those of the plane. What is usable is told by the derived layer: outside of floods and hazards, in open
    parts that are large enough, not steep where the slope is stated, and no more than a shelter states. A shelter
    counts where a point on it lies in the study area.

    Parameters
    ----------
    refuges
        Shelters and what of each is usable.
    residents
        People of the study area.
    kinds
        The kinds that count (`emergency`, `fixed`, `central`); none: any.

    Returns
    -------
    Measured
        m2 of shelter per person: open upwards by shelters whose area or kind nobody knows, and downwards where floods
        or hazards were not delivered. Offenders are the shelters of which nothing is usable. Layer `shelters`: all.

    Raises
    ------
    NotAssessed
        No shelter is of these kinds and the county does not state that it has none, or nobody counted the people.
    RuleError
        There is no such kind.

    Notes
    -----
    Source: area of shelters over residents; least areas per person of GB 51143-2015. What does not count follows the
    city check-up: below the flood line, open parts of less than 600 m2, slopes above 15 %.

    Examples
    --------
    >>> from shapely import box
    >>> from gis_planning.analysis.work import applied, frame
    >>> town = frame(box(0, 0, 1000, 1000), population=[1000.0])
    >>> measured = applied(per_person, shelters=frame(box(0, 0, 50, 40)), study_area=town, population=town)
    >>> measured.value, measured.value_range
    (2.0, (0.0, 2.0))
    """
    own, perhaps = _chosen(refuges, kinds, united(study_area))
    people = _counted(residents.people)
    some = float(refuges.usable_m2[own].sum())
    most = float(refuges.most_m2[own | perhaps].sum())
    low = some if refuges.looked else 0.0
    return Measured(
        value=some / people,
        unit="m2_per_person",
        numerator=some,
        denominator=people,
        value_range=(low / people, most / people) if low < most else None,
        offenders=_listed(refuges, own & (refuges.most_m2 == 0)),
        notes=_notes(refuges, own | perhaps, perhaps),
        layers={"shelters": _listed(refuges, own | perhaps)},
    )


def holds(
    refuges: Refuges,
    study_area: gpd.GeoDataFrame,
    residents: Residents,
    *,
    per_person_m2: float,
    kinds: tuple[str, ...] = (),
) -> Share:
    """Measure the share of the people of the study area that the shelters there hold.

    A shelter holds as many as it states, and no more than its usable part has room for. One whose usable part nobody
    knows holds what it states; without that too it holds none for certain.

    Parameters
    ----------
    refuges, residents, kinds
        As in `per_person`.
    per_person_m2
        How much a person needs, in m2.

    Returns
    -------
    Measured
        A share from 0 to 1, open as in `per_person`. Offenders are the shelters of which nothing is usable. Layer
        `shelters`: all, with the people each holds.

    Raises
    ------
    NotAssessed, RuleError
        As `per_person`.

    Notes
    -----
    Source: GB 51143-2015: fixed shelters hold at least 15 % of the planned residents.

    Examples
    --------
    >>> from shapely import box
    >>> from gis_planning.analysis.work import applied, frame
    >>> town = frame(box(0, 0, 1000, 1000), population=[1000.0])
    >>> there = {"shelters": frame(box(0, 0, 50, 40), kind=["固定"]), "study_area": town, "population": town}
    >>> applied(holds, **there, kinds=("fixed",), per_person_m2=2.0).value
    1.0
    """
    own, perhaps = _chosen(refuges, kinds, united(study_area))
    people = _counted(residents.people)
    certain, most = refuges.held(per_person_m2)
    some, high = min(float(certain[own].sum()), people), min(float(most[own | perhaps].sum()), people)
    low = some if refuges.looked else 0.0
    shown = own | perhaps
    return Measured.share(
        some,
        people,
        "people",
        value_range=(low / people, high / people) if low < high else None,
        offenders=_listed(refuges, own & (refuges.most_m2 == 0)),
        notes=_notes(refuges, shown, perhaps),
        layers={"shelters": _listed(refuges, shown).assign(places=certain[shown])},
    )


def near(
    refuges: Refuges,
    shelter_access: Access,
    told: Told,
    *,
    within_m: float,
    kinds: tuple[str, ...] = (),
    distance: Distance = "network",
) -> Share:
    """Measure the share of people who have a shelter within reach.

    People are placed as everywhere: in homes, and on residential land without one. On foot a distance is the way along
    the streets with the straight ways onto them; `"straight"` is the radius from the shelter's edge. Shelters outside
    the study area serve those inside. One that is usable counts, whether it has room or not.

    Parameters
    ----------
    refuges
        Shelters and what of each is usable.
    shelter_access
        People and shelters with their ways along the streets.
    told
        Districts, for the gaps.
    within_m
        The farthest that counts, in metres.
    kinds
        The kinds that count; none: any.
    distance
        `"network"` or `"straight"`.

    Returns
    -------
    Measured
        A share from 0 to 1, open upwards by shelters whose area or kind nobody knows, and downwards where floods or
        hazards were not delivered. Offenders are the gaps, those with the most people first.

    Raises
    ------
    NotAssessed
        No streets were delivered, nobody counted the people, or no shelter is of these kinds and the county does not
        state that it has none.
    RuleError
        There is no such kind.

    Notes
    -----
    Source: GB 51143-2015, emergency shelters within 500 m.

    Examples
    --------
    >>> from shapely import box
    >>> from gis_planning.analysis.work import applied, frame
    >>> town = frame(box(0, 0, 1000, 1000))
    >>> homes = frame(box(0, 0, 10, 10), box(900, 0, 910, 10), population=[30.0, 10.0])
    >>> there = {"shelters": frame(box(100, 0, 150, 40)), "residential": homes, "study_area": town}
    >>> applied(near, **there, within_m=500, distance="straight").value
    0.75
    """
    if distance == "network" and shelter_access.network is None:
        raise NotAssessed("circles.no_streets")
    own, perhaps = _chosen(refuges, kinds)
    demand = shelter_access.demand
    everybody = _people(demand, Covered(*(np.ones(len(one), dtype=bool) for one in _sizes(demand))))
    whole = _counted(everybody)
    access = straight(shelter_access) if distance == "straight" else shelter_access
    usable, hoped = own & (refuges.usable_m2 > 0), (own | perhaps) & (refuges.most_m2 > 0)
    covered = distances_to(access, usable).within(within_m)
    some = _people(demand, covered)
    high = _people(demand, distances_to(access, hoped).within(within_m)) if (hoped & ~usable).any() else some
    low = some if refuges.looked else 0.0
    patches = tally.gaps(
        demand, np.where(covered.cells, "", "x"), told.districts, homes=np.where(covered.homes, "", "x")
    )
    patches.attrs.clear()
    homes = Reference(float(covered.homes.sum()), float(len(demand.homes)), "homes")
    return Measured.share(
        some,
        whole,
        "people",
        value_range=(low / whole, high / whole) if low < high else None,
        offenders=patches.drop(columns="missing"),
        references=(homes,) if len(demand.homes) else (),
        notes=(*demand.notes, *_notes(refuges, own | perhaps, perhaps)),
        layers={"shelters": _listed(refuges, own | perhaps)},
        schema={OFFENDERS: GAPS},
    )


def room(
    refuges: Refuges,
    shelter_access: Access,
    *,
    within_m: float,
    per_person_m2: float,
    kinds: tuple[str, ...] = (),
) -> Share:
    """Measure the share of those who come to a shelter that find room in it.

    Everybody within the distance comes to the nearest usable shelter, in a straight line from the home, or from
    residential land without one; each once. Nobody goes on from a full one. A shelter holds what `holds` says.

    Parameters
    ----------
    refuges, kinds
        As in `per_person`.
    shelter_access
        People and shelters.
    within_m
        The farthest from which people come, in metres.
    per_person_m2
        How much a person needs, in m2.

    Returns
    -------
    Measured
        A share from 0 to 1 of those who come. Nothing is known of it where a shelter whose area or kind nobody knows
        may draw people to it. Offenders are the shelters that are too full, with who comes, who finds room, and how
        many do not, the fullest first.

    Raises
    ------
    NotAssessed
        Nobody counted the people, nobody lives so near, or no shelter is of these kinds.
    RuleError
        There is no such kind.

    Notes
    -----
    Source: GB 51143-2015, 5.2.4: a shelter holds the people of its area.

    Examples
    --------
    >>> from shapely import box
    >>> from gis_planning.analysis.work import applied, frame
    >>> town = frame(box(0, 0, 1000, 1000))
    >>> homes = frame(box(0, 0, 10, 10), population=[4000.0])
    >>> there = {"shelters": frame(box(100, 0, 150, 20)), "residential": homes, "study_area": town}
    >>> applied(room, **there, within_m=500, per_person_m2=0.5).value
    0.5
    """
    own, perhaps = _chosen(refuges, kinds)
    demand = shelter_access.demand
    if not demand.counted:
        raise NotAssessed("shelters.no_people")
    points, people = _places(demand)
    usable, hoped = own & (refuges.most_m2 > 0), perhaps & (refuges.most_m2 > 0)
    certain, most = refuges.held(per_person_m2)
    # Of what nobody measured and what states no places nobody knows who goes there.
    unsure = hoped | (usable & ((refuges.usable_m2 == 0) & (certain == 0)))
    usable &= ~unsure
    who = _nearest(refuges, usable, points, within_m)
    come = np.bincount(who[who >= 0], weights=people[who >= 0], minlength=len(own))
    whole = float(come.sum())
    if not whole:
        raise NotAssessed("shelters.nobody_near", within_m=within_m)
    some, high = float(np.minimum(come, certain).sum()), float(np.minimum(come, most).sum())
    low = some if refuges.looked else 0.0
    if (_nearest(refuges, unsure, points, within_m) >= 0).any():
        low, high = 0.0, whole
    full = usable & (come > certain)
    columns = {"people": come[full], "places": certain[full], "lacking": (come - certain)[full]}
    offenders = _listed(refuges, full).assign(**columns)
    return Measured.share(
        some,
        whole,
        "people",
        value_range=(low / whole, high / whole) if low < high else None,
        offenders=offenders.sort_values("lacking", ascending=False, kind="stable", ignore_index=True),
        notes=(*demand.notes, *_notes(refuges, own | perhaps, perhaps)),
        layers={"shelters": _listed(refuges, own | perhaps)},
    )


def _chosen(refuges: Refuges, kinds: tuple[str, ...], area: Any = None) -> tuple[Flags, Flags]:
    """Return the shelters that count, and those that may, in an area where one is given.

    Raises
    ------
    NotAssessed
        There is none of these kinds, and the county does not state that it has no shelter.
    """
    own, perhaps = refuges.of(kinds)
    if not own.any() and not perhaps.any() and not refuges.none:
        raise NotAssessed("shelters.none", count=len(refuges.frame))
    if area is not None:
        inside = overlay.hit(shapely.point_on_surface(refuges.frame.geometry.to_numpy()), area)
        own, perhaps = own & inside, perhaps & inside
    return own, perhaps


def _counted(people: float) -> float:
    if not people:
        raise NotAssessed("shelters.no_people")
    return people


def _sizes(demand: Demand) -> tuple[Any, Any, Any]:
    return demand.cells.middle_xy, demand.fine.middle_xy, demand.homes


def _people(demand: Demand, covered: Covered) -> float:
    """Return the people in the homes and on the land that are covered; 0 where nobody was counted."""
    if demand.cell_people is None:
        return 0.0
    homes = demand.homes["people"].to_numpy(dtype=float)
    return float(homes[covered.homes].sum() + demand.cell_people[covered.cells].sum())


def _places(demand: Demand) -> tuple[Any, Floats]:
    """Return where people live, as points: homes, and the middles of cells of land without one; and how many."""
    cells = np.asarray(demand.cell_people, dtype=float)
    lived_in = cells > 0
    points = np.concatenate([demand.homes.geometry.to_numpy(), shapely.points(demand.cells.middle_xy[lived_in])])
    return points, np.concatenate([demand.homes["people"].to_numpy(dtype=float), cells[lived_in]])


def _nearest(refuges: Refuges, chosen: Flags, points: Any, within_m: float) -> Index:
    """Return the nearest of some shelters for each point; -1: none is so near. Of equals that farthest west, south."""
    rows = np.flatnonzero(chosen)
    shapes = refuges.frame.geometry.to_numpy()[rows]
    point, shelter = shapely.STRtree(shapes).query_nearest(points, max_distance=within_m + 1.0)
    near = shapely.distance(points[point], shapes[shelter]) <= within_m
    point, shelter = point[near], shelter[near]
    xy = shapely.get_coordinates(shapely.point_on_surface(shapes))[shelter]
    order = np.lexsort((xy[:, 1], xy[:, 0], point))
    first = order[np.flatnonzero(np.diff(point[order], prepend=-1))]
    found = np.full(len(points), -1, dtype=np.intp)
    found[point[first]] = rows[shelter[first]]
    return found


def _notes(refuges: Refuges, chosen: Flags, perhaps: Flags) -> tuple[Text, ...]:
    """Return what a reader must know of some shelters."""
    notes = list(refuges.notes)
    drowned = chosen & refuges.drowned
    if drowned.any():
        names = np.array(called(refuges.frame), dtype=object)[drowned]
        some = [*names[:5], "..."] if len(names) > 5 else [*names]
        notes.append(text("shelters.note_drowned", count=len(names), features=some))
    if perhaps.any():
        notes.append(text("shelters.note_no_kind", count=int(perhaps.sum())))
    return (*notes, *((text("shelters.note_none"),) if refuges.none else ()))


def _listed(refuges: Refuges, chosen: Flags) -> gpd.GeoDataFrame:
    """Return shelters as a layer of results."""
    frame = refuges.frame
    columns = {
        "name": np.array([*called(frame), None], dtype=object)[:-1][chosen],
        "shelter": np.where(refuges.kinds == "", "unknown", refuges.kinds)[chosen],
        "area_m2": refuges.area_m2[chosen],
        "usable_m2": refuges.usable_m2[chosen],
        "drowned": refuges.drowned[chosen].astype(object),
    }
    return gpd.GeoDataFrame(columns, geometry=frame.geometry.to_numpy()[chosen], crs=frame.crs)
