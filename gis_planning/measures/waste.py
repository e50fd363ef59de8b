"""Measure how far what handles household waste keeps from buildings, who lives near it, and streets with toilets."""

from __future__ import annotations

from typing import Any, NotRequired

import geopandas as gpd
import numpy as np
import shapely
from typing_extensions import TypedDict  # the one of typing cannot be validated before Python 3.12

from gis_planning import geo, overlay
from gis_planning.analysis.facilities import Kinds, called, is_of, refuse_unknown
from gis_planning.analysis.lines import classes_of, laid
from gis_planning.county.areas import divided_by
from gis_planning.errors import NotAssessed, RuleError
from gis_planning.geo import Flags, Floats, Geometries, Index
from gis_planning.homes import numbers_of, uses_of
from gis_planning.measures import Count, Share
from gis_planning.results.verdicts import Measured
from gis_planning.texts import Text, text

#: Land that a site and a building share below this is drawing: the building is beside the site and not on it.
DRAWN_M2 = 1.0
#: A stretch of a street shorter than this is rounding.
DRAWN_M = 0.01


class Step(TypedDict):
    """Sites of a size below so many t a day keep so far away; the last step has no such end."""

    below_t: NotRequired[float]
    apart_m: float


def apart(
    facilities: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    buildings_coverage: gpd.GeoDataFrame,
    *,
    kind: str,
    steps: tuple[Step, ...],
) -> Share:
    """Measure how many sites of a kind keep the distance from buildings that their size asks for.

    The distance is straight, from the point or the polygon that is drawn to the outline of the nearest building. All
    buildings count but sheds, garages and the like (conventions/homes.toml) and the site's own: one that holds its
    point, or that shares land with its polygon. A site that states no size, or 0, keeps no distance if it is nearer
    than the least that any size asks for, and keeps it if it is as far as the most; between them nobody knows. Nor does
    anybody where the distance leaves the land on which buildings were surveyed.

    Parameters
    ----------
    facilities
        With `kind` and `tonnes_per_day`.
    buildings
        With `use`, where known.
    buildings_coverage
        The land on which all buildings were surveyed.
    kind
        The kind of site.
    steps
        By size, the smallest first: what distance is asked for.

    Returns
    -------
    Measured
        A share of the sites, by number, open upwards by those of which nobody knows. Offenders are those that are too
        near, the nearest first, with size, distance, the distance asked for and the nearest building. Layer `sites`:
        all of them; what is farther than any size asks for is not told.

    Raises
    ------
    NotAssessed
        The table has no row of the kind, there is no site or no building, or nobody knows of any site.
    RuleError
        The steps are not in order, or the last has an end.

    Notes
    -----
    Source: CJJ/T 47-2016, distance of transfer stations from neighbouring buildings.

    Examples
    --------
    Two stations of 80 t a day, one 12 m and one 6 m from a house:

    >>> from shapely import Point, box
    >>> from gis_planning.analysis.work import frame
    >>> stations = frame(Point(0, 5), Point(28, 5), kind=["transfer_station"] * 2, tonnes_per_day=[80.0, 80.0])
    >>> houses, land = frame(box(12, 0, 22, 10)), frame(box(-90, -90, 90, 90))
    >>> apart(stations, houses, land, kind="transfer_station", steps=({"apart_m": 10},)).value
    0.5
    """
    own = _own(facilities, kind)
    if not len(own):
        raise NotAssessed("services.none")
    size = numbers_of(own, "tonnes_per_day")
    size = np.where((size > 0) & np.isfinite(size), size, np.nan)
    least, most = _asked(size, steps)
    _refuse_none(buildings)
    houses = buildings[~uses_of(buildings).outbuilding]
    shapes = own.geometry.to_numpy()
    house, straight = _nearest(shapes, houses.geometry.to_numpy(), float(most.max()))
    near = straight < least
    keeps = np.minimum(straight, _known_m(shapes, buildings_coverage)) >= most
    unsure = ~near & ~keeps
    if unsure.all():
        raise NotAssessed("waste.undecided", count=len(own))
    named = np.array([*called(houses), None], dtype=object)[house]
    told = {"size_t": size, "straight_m": np.where(house < 0, np.nan, straight), "building": named}
    sites = _shown(own, **told, limit_m=np.where(np.isnan(size), np.nan, least), unsure=unsure)
    # What fails without a size fails the least that is asked of any.
    offenders = sites[near].drop(columns="unsure").assign(limit_m=least[near])
    some, whole = float(keeps.sum()), float(len(own))
    return Measured.share(
        some,
        whole,
        "facilities",
        value_range=(some / whole, (some + float(unsure.sum())) / whole) if unsure.any() else None,
        offenders=offenders.sort_values("straight_m", kind="stable", ignore_index=True),
        notes=(text("waste.note_unsure", count=int(unsure.sum())),) if unsure.any() else (),
        layers={"sites": sites},
    )


def homes_near(
    facilities: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    buildings_coverage: gpd.GeoDataFrame,
    *,
    kind: str,
    within_m: float,
) -> Count:
    """Count the buildings with homes nearer to sites of a kind than a distance.

    The distance is straight, from the point or the polygon that is drawn to the building's outline. Homes are buildings
    that say so or that have dwellings; one that says nothing of its use may be one: the count is then open upwards. So
    it is, without end, where the distance leaves the land on which buildings were surveyed.

    Parameters
    ----------
    facilities
        With `kind`.
    buildings
        With `use`, and `dwellings` where known.
    buildings_coverage
        The land on which all buildings were surveyed.
    kind
        The kind of site.
    within_m
        The distance in metres; a home just as far is not near.

    Returns
    -------
    Measured
        A count of buildings. Offenders are these, the nearest first, with dwellings and distance. Layer `sites`: the
        sites.

    Raises
    ------
    NotAssessed
        The table has no row of the kind and the county does not state that there is none; or there is no building.

    Notes
    -----
    Source: Huanfa [2008] No. 82, at least 300 m around an incinerator.

    Examples
    --------
    >>> from shapely import Point, box
    >>> from gis_planning.analysis.work import frame
    >>> plant = frame(Point(0, 0), kind=["incinerator"])
    >>> houses = frame(box(299, 0, 309, 10), box(300, 0, 310, 10), use=["住宅", "住宅"])
    >>> land = frame(box(-900, -900, 900, 900))
    >>> homes_near(plant, houses, land, kind="incinerator", within_m=300).value
    1.0
    """
    own = _own(facilities, kind)
    _refuse_none(buildings)
    sites, houses, use = own.geometry.to_numpy(), buildings.geometry.to_numpy(), uses_of(buildings)
    site, house = shapely.STRtree(houses).query(sites, predicate="dwithin", distance=within_m)
    straight = np.full(len(houses), np.inf)
    np.minimum.at(straight, house, shapely.distance(sites[site], houses[house]))
    near: Flags = straight < within_m
    lived_in = near & (use.lived_in | (use.dwellings > 0))
    perhaps = near & use.unknown & ~lived_in
    beyond = _known_m(sites, buildings_coverage) < within_m
    found = buildings[lived_in]
    columns = {"dwellings": numbers_of(found, "dwellings"), "straight_m": straight[lived_in]}
    count = float(lived_in.sum())
    high = np.inf if beyond.any() else count + float(perhaps.sum())
    return Measured(
        value=count,
        unit="count",
        offenders=_shown(found, **columns).sort_values("straight_m", kind="stable", ignore_index=True),
        value_range=(count, high) if high > count else None,
        notes=_notes(own, kind, perhaps, beyond),
        layers={"sites": _shown(own)},
    )


def streets_near(
    streets: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame,
    area: gpd.GeoDataFrame,
    *,
    kind: str,
    classes: tuple[str, ...],
    within_m: float,
) -> Share:
    """Measure the share of the length of streets of some classes within a straight distance of a facility.

    A stretch counts once, whatever is drawn over it. Streets that state no class do not count: their length is told.

    Parameters
    ----------
    streets
        Centre lines with `class`.
    facilities
        Points or polygons with `kind`.
    area
        The land whose streets are measured; facilities beside it serve them too.
    kind
        The kind of facility.
    classes
        The classes of streets that count.
    within_m
        The farthest that counts: half the distance at which such facilities are to follow one another.

    Returns
    -------
    Measured
        A share by length. Offenders are the stretches farther away, the longest first, with name, class and length.

    Raises
    ------
    NotAssessed
        No street of the classes lies in the area, or the table has no row of the kind and the county does not state
        that there is none.

    Notes
    -----
    Source: CJJ 27-2012, 4.2: public toilets follow one another along streets at distances by the kind of street.

    Examples
    --------
    >>> from shapely import LineString, Point, box
    >>> from gis_planning.analysis.work import frame
    >>> roads = frame(LineString([(0, 0), (1000, 0)]), **{"class": ["primary"]})
    >>> streets_near(
    ...     roads, frame(Point(0, 0), kind=["toilet"]), frame(box(0, -50, 1000, 50)),
    ...     kind="toilet", classes=("primary",), within_m=400,
    ... ).value
    0.4
    """
    refuse_unknown(facilities, (kind,))
    said, shapes, land = classes_of(streets), streets.geometry.to_numpy(), area.geometry.to_numpy()
    rows = np.flatnonzero(np.isin(said, [one.casefold() for one in classes]))
    lines, owner = laid(shapes[rows], land)
    owner = rows[owner]
    total = float(shapely.length(lines).sum())
    if not total:
        raise NotAssessed("waste.no_streets")
    own = facilities.geometry.to_numpy()[is_of(facilities, (kind,))]
    near = overlay.dissolve(geo.buffer(own, within_m)) if len(own) else own
    rest = shapely.difference(lines, shapely.union_all(near)) if len(near) else lines
    far = shapely.length(rest)
    some = np.flatnonzero(far > DRAWN_M)
    columns = {"name": called(streets.iloc[owner[some]]), "road_class": said[owner[some]], "length_m": far[some]}
    offenders = gpd.GeoDataFrame(columns, geometry=rest[some], crs=streets.crs)
    silent = float(shapely.length(laid(shapes[said == ""], land)[0]).sum())
    kind_, note = divided_by(area)
    return Measured.share(
        total - float(far.sum()),
        total,
        "m",
        offenders=offenders.sort_values("length_m", ascending=False, kind="stable", ignore_index=True),
        notes=(*note, *((text("waste.note_no_class", length_m=silent),) if silent else ())),
        area=kind_,
    )


def _own(facilities: gpd.GeoDataFrame, kind: str) -> gpd.GeoDataFrame:
    """Return the sites of a kind, as a table of their own."""
    refuse_unknown(facilities, (kind,))
    return facilities[is_of(facilities, (kind,))].reset_index(drop=True)


def _refuse_none(buildings: gpd.GeoDataFrame) -> None:
    """Refuse to measure without buildings: where none is drawn, none was surveyed."""
    if not len(buildings):
        raise NotAssessed("waste.no_buildings")


def _asked(size: Floats, steps: tuple[Step, ...]) -> tuple[Floats, Floats]:
    """Return the least and the most that may be asked of each site: the same where it states its size."""
    ends = np.array([step.get("below_t", np.inf) for step in steps], dtype=float)
    asked = np.array([step["apart_m"] for step in steps], dtype=float)
    if not len(steps) or (ends[1:] <= ends[:-1]).any() or np.isfinite(ends[-1]):
        raise RuleError("waste.steps")
    # A size at the end of a step is of the next one.
    own = asked[np.searchsorted(ends, np.nan_to_num(size), side="right")]
    unknown = np.isnan(size)
    return np.where(unknown, asked.min(), own), np.where(unknown, asked.max(), own)


def _nearest(sites: Geometries, houses: Geometries, within_m: float) -> tuple[Index, Floats]:
    """Return the nearest building of each site that is not its own, and how far it is; -1 and inf: none is so near."""
    site, house = shapely.STRtree(houses).query(sites, predicate="dwithin", distance=within_m)
    straight = shapely.distance(sites[site], houses[house])
    others = (straight > 0) | ~_is_own(sites[site], houses[house])
    site, house, straight = site[others], house[others], straight[others]
    order = np.lexsort((house, straight, site))
    first = order[np.flatnonzero(np.diff(site[order], prepend=-1))]
    nearest, far = np.full(len(sites), -1, dtype=np.intp), np.full(len(sites), np.inf)
    nearest[site[first]], far[site[first]] = house[first], straight[first]
    return nearest, far


def _is_own(sites: Geometries, houses: Geometries) -> Flags:
    """Say of sites and buildings that meet whether the building is the site's own."""
    flat = shapely.get_dimensions(sites) == 2
    shared = np.zeros(len(sites))
    shared[flat] = shapely.area(shapely.intersection(sites[flat], houses[flat]))
    return np.asarray(~flat | (shared >= DRAWN_M2))


def _known_m(sites: Geometries, land: gpd.GeoDataFrame) -> Floats:
    """Return how far around each site buildings were surveyed; 0 for one that is not on that land."""
    surveyed = shapely.union_all(land.geometry.to_numpy())
    return np.where(shapely.covers(surveyed, sites), shapely.distance(sites, surveyed.boundary), 0.0)


def _notes(own: gpd.GeoDataFrame, kind: str, perhaps: Flags, beyond: Flags) -> tuple[Text, ...]:
    """Return what a reader must know of a count of homes."""
    notes = [] if len(own) else [text("waste.note_none", kinds=Kinds((kind,)))]
    said = (("waste.note_no_use", perhaps), ("waste.note_beyond", beyond))
    return (*notes, *(text(key, count=int(some.sum())) for key, some in said if some.any()))


def _shown(features: gpd.GeoDataFrame, **columns: Any) -> gpd.GeoDataFrame:
    """Return features as a layer of results."""
    names = features["name"].to_numpy(dtype=object) if "name" in features.columns else [None] * len(features)
    return gpd.GeoDataFrame({"name": names, **columns}, geometry=features.geometry.to_numpy(), crs=features.crs)
