"""Know which part of each shelter people can use: open, not steep, and out of reach of floods and other hazards."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gis_planning import overlay
from gis_planning.analysis.access import Access
from gis_planning.analysis.demand import Demand
from gis_planning.analysis.derived import derived
from gis_planning.analysis.facilities import Entered, doors_of
from gis_planning.analysis.hazards import grounds, hazards_of, meant
from gis_planning.analysis.land import united
from gis_planning.analysis.ways import Ways
from gis_planning.conventions import facts
from gis_planning.conventions.facilities import NONE
from gis_planning.errors import RuleError
from gis_planning.geo import Flags, Floats, Geometries
from gis_planning.homes import numbers_of
from gis_planning.streets import Streets
from gis_planning.streets.slope import Elevation, ground_slopes
from gis_planning.texts import Text, text

#: What is left of a shelter below this is drawing: nothing is.
NOTHING_M2 = 1.0
#: Hazards that are water.
WATER = ("flood", "flood_spot")


@dataclass(frozen=True, eq=False)
class Refuges:
    """Shelters, and what of each people can use.

    Attributes
    ----------
    frame
        The shelters as they were delivered.
    kinds
        The kind of each; "" where it states none that is known.
    area_m2
        How large each is: drawn, or stated for one that is no polygon; NaN where nobody knows.
    usable_m2, most_m2
        What of it is usable for certain, as far as was looked, and at most.
    places
        How many people each says that it holds; NaN where it does not.
    drowned
        Whether nothing is left of it outside of floods and hazards.
    looked
        Whether floods and hazards both were delivered: else any of them may lie in one.
    none
        Whether the county states that it has no shelter.
    notes
        What a reader must know.
    """

    frame: gpd.GeoDataFrame
    kinds: NDArray[np.object_]
    area_m2: Floats
    usable_m2: Floats
    most_m2: Floats
    places: Floats
    drowned: Flags
    looked: bool
    none: bool
    notes: tuple[Text, ...]

    def of(self, kinds: tuple[str, ...]) -> tuple[Flags, Flags]:
        """Say which are of some kinds, or of any, and which may be, as they state none.

        Raises
        ------
        RuleError
            There is no such kind.
        """
        known = list(facts("hazards")["shelters"])
        if unknown := sorted(set(kinds) - set(known)):
            raise RuleError("shelters.unknown_kind", kind=unknown[0], known=known)
        if not kinds:
            return np.ones(len(self.frame), dtype=bool), np.zeros(len(self.frame), dtype=bool)
        return np.isin(self.kinds, kinds), np.asarray(self.kinds == "")

    def held(self, per_person_m2: float) -> tuple[Floats, Floats]:
        """Return how many people each holds: for certain, and at most."""
        certain, most = self.usable_m2 / per_person_m2, self.most_m2 / per_person_m2
        stated = np.where(np.isnan(self.places), np.inf, self.places)
        # What states its places and not its usable part holds these; nobody knows better.
        silent = np.isfinite(self.places) & self.unmeasured & ~self.drowned
        certain = np.where(silent, most, certain)
        return np.minimum(certain, stated), np.minimum(most, stated)

    @property
    def unmeasured(self) -> Flags:
        """Say which are no polygon and do not state their usable part."""
        flat = shapely.get_dimensions(self.frame.geometry.to_numpy()) == 2
        return np.asarray(~flat & np.isnan(numbers_of(self.frame, "usable_m2")))


@derived()
def refuges(
    shelters: gpd.GeoDataFrame,
    hazards: gpd.GeoDataFrame | None = None,
    flood_line: gpd.GeoDataFrame | None = None,
    elevation: Elevation | None = None,
    *,
    least_part_m2: float = 600.0,
    steepest_percent: float = 15.0,
    steep_share: float = 0.6,
) -> Refuges:
    """Return what of each shelter people can use.

    Of a polygon that is what lies outside of the flood line and of hazards that are not treated (their polygons, or
    what lies within their own `buffer_m`), in parts of at least `least_part_m2`, and never more than it states. One
    that is no polygon has what it states, unless it lies in one of these. A shelter that states a slope above
    `steepest_percent` has nothing, nor a polygon that states none and of which more than `steep_share` is steeper by
    the heights of the ground. Where a hazard does not say whether it is treated, it is taken off, and may be not.

    Parameters
    ----------
    least_part_m2
        The least open part that counts, in m2.
    steepest_percent
        The steepest slope, in percent.
    steep_share
        How much of a polygon may be steeper.
    """
    shapes = shelters.geometry.to_numpy()
    flat = shapely.get_dimensions(shapes) == 2
    sure, perhaps = _avoided(hazards, flood_line)
    stated, area, slope = (numbers_of(shelters, key) for key in ("usable_m2", "area_m2", "slope"))
    certain, rest = _outside(shapes, np.concatenate([sure, perhaps]), least_part_m2)
    most, _ = _outside(shapes, sure, least_part_m2)
    in_sure, in_any = _within(shapes, sure), _within(shapes, np.concatenate([sure, perhaps]))
    known = np.isfinite(stated) & (stated >= 0)
    spot = np.where(known, stated, np.where(np.isfinite(area) & (area >= 0), area, np.inf))
    spot = np.where(spot >= least_part_m2, spot, 0.0)
    limit = np.where(known, stated, np.inf)
    usable = np.where(flat, np.minimum(certain, limit), np.where(known & ~in_any, spot, 0.0))
    most = np.where(flat, np.minimum(most, limit), np.where(in_sure, 0.0, spot))
    looked_at = flat & np.isnan(slope)
    share = _steeper(shapes, looked_at, elevation, shelters.crs, steepest_percent)
    steep = (slope > steepest_percent) | (share > steep_share)
    usable[steep], most[steep] = 0.0, 0.0
    drawn = np.where(flat, shapely.area(shapes), np.where(np.isfinite(area), area, stated))
    water = flood_line is not None or (hazards is not None and np.isin(hazards_of(hazards).kinds, WATER).any())
    looked = bool(water and hazards is not None)
    capacity = numbers_of(shelters, "capacity")
    return Refuges(
        shelters,
        meant(shelters, "kind", "shelters"),
        drawn,
        usable,
        most,
        np.where(capacity >= 0, capacity, np.nan),
        np.where(flat, rest < NOTHING_M2, in_any),
        looked,
        set(facts("hazards")["shelters"]) <= set(shelters.attrs.get(NONE, ())),
        tuple(
            _notes(
                water,
                hazards is not None,
                np.isnan(slope) & np.isnan(share),
                steep,
                ~flat & ~known,
                flat & ~known,
                len(perhaps),
            )
        ),
    )


@derived()
def shelter_doors(
    network: Streets,
    shelters: gpd.GeoDataFrame,
    compound_gates: gpd.GeoDataFrame | None = None,
    *,
    max_access_m: float = 200.0,
) -> Entered:
    """Return the ways into shelters, as those into facilities."""
    return doors_of(network, shelters, compound_gates, max_access_m)


@derived(kept=False)
def shelter_access(
    shelters: gpd.GeoDataFrame,
    study_area: gpd.GeoDataFrame,
    demand: Demand,
    network: Streets | None = None,
    demand_ways: tuple[Ways, Ways, Ways] | None = None,
    shelter_doors: Entered | None = None,
) -> Access:
    """Return the land, the homes and the shelters with their ways along the streets."""
    outside = ~overlay.hit(shapely.point_on_surface(shelters.geometry.to_numpy()), united(study_area))
    return Access(shelters, outside, demand, demand_ways, network, shelter_doors)


def straight(access: Access) -> Access:
    """Return the same in a straight line."""
    return replace(access, straight=True)


def _avoided(hazards: gpd.GeoDataFrame | None, flood_line: gpd.GeoDataFrame | None) -> tuple[Geometries, Geometries]:
    """Return the land that nobody can shelter on, and that on which nobody may."""
    lines: Any = np.empty(0, dtype=object) if flood_line is None else flood_line.geometry.to_numpy()
    if hazards is None:
        return lines, np.empty(0, dtype=object)
    found = hazards_of(hazards)
    land = grounds(found)
    real = ~shapely.is_empty(land)
    return np.concatenate([lines, land[found.untreated & real]]), land[found.silent & real]


def _outside(shapes: Geometries, avoided: Geometries, least_part_m2: float) -> tuple[Floats, Floats]:
    """Return what of each polygon lies outside of some land, in parts that are large enough; and in all parts."""
    flat = np.flatnonzero(shapely.get_dimensions(shapes) == 2)
    large, whole = np.zeros(len(shapes)), np.zeros(len(shapes))
    rest = shapes[flat].copy()
    tree = shapely.STRtree(avoided)
    meets = np.unique(tree.query(rest, predicate="intersects")[0])
    rest[meets] = overlay.split(rest[meets], overlay.dissolve(avoided)).outside
    parts, owner = shapely.get_parts(rest, return_index=True)
    size = shapely.area(parts)
    np.add.at(whole, flat[owner], size)
    enough = size >= least_part_m2
    np.add.at(large, flat[owner[enough]], size[enough])
    return large, whole


def _steeper(
    shapes: Geometries, chosen: Flags, elevation: Elevation | None, crs: Any, steepest_percent: float
) -> Floats:
    """Return which share of each chosen polygon is steeper than so many percent; NaN where heights say too little."""
    found = np.full(len(shapes), np.nan)
    if elevation is None or not chosen.any():
        return found
    inside = [_lattice(shape) for shape in shapes[chosen]]
    owner = np.repeat(np.flatnonzero(chosen), [len(one) for one in inside])
    slopes = ground_slopes(np.concatenate(inside), elevation, crs)
    known = np.isfinite(slopes)
    points, told, steep = (
        np.bincount(owner, weight, len(shapes)) for weight in (None, known, known & (slopes > steepest_percent / 100))
    )
    enough = chosen & (told >= points / 2)
    found[enough] = steep[enough] / told[enough]
    return found


def _lattice(shape: Any) -> Floats:
    """Return points of a polygon 10 m apart; one where it is smaller."""
    west, south, east, north = shape.bounds
    x, y = np.meshgrid(np.arange(west + 5, east, 10.0), np.arange(south + 5, north, 10.0))
    xy = np.column_stack([x.ravel(), y.ravel()])
    xy = xy[shapely.contains_xy(shape, xy)]
    return xy if len(xy) else np.asarray(shapely.get_coordinates(shapely.point_on_surface(shape)))


def _within(shapes: Geometries, avoided: Geometries) -> Flags:
    """Say which shapes meet some land."""
    meets = np.zeros(len(shapes), dtype=bool)
    meets[shapely.STRtree(avoided).query(shapes, predicate="intersects")[0]] = True
    return meets


def _notes(
    water: Any, hazards: Any, no_slope: Flags, steep: Flags, no_area: Flags, gross: Flags, silent: int
) -> list[Text]:
    """Return what a reader must know of what was looked at."""
    notes = [] if water else [text("shelters.note_no_flood")]
    notes += [] if hazards else [text("shelters.note_no_hazards")]
    said = (("no_slope", no_slope), ("steep", steep), ("no_area", no_area), ("gross", gross))
    notes += [text(f"shelters.note_{key}", count=int(it.sum())) for key, it in said if it.any()]
    return [*notes, text("shelters.note_silent", count=silent)] if silent else notes
