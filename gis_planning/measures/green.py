"""Measure how much residential land lies near green."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import shapely
from typing_extensions import TypedDict  # the one of typing cannot be validated before Python 3.12

from gis_planning import overlay
from gis_planning.errors import NotAssessed, RuleError
from gis_planning.measures import Share
from gis_planning.measures.demand import demand_of
from gis_planning.measures.parks import AREA_TOLERANCE_M2, qualifying
from gis_planning.measures.radius import coverage
from gis_planning.measures.walk import walked
from gis_planning.streets import Streets
from gis_planning.texts import Text, text


class Tier(TypedDict):
    """Parks of one class (its CJJ/T 85 code, or the beginning of it) from one size on serve one radius."""

    park_class: str
    min_area_m2: float
    radius_m: float


def radius_coverage(
    residential: gpd.GeoDataFrame,
    parks: gpd.GeoDataFrame,
    study_area: gpd.GeoDataFrame,
    districts: gpd.GeoDataFrame | None = None,
    historic_districts: gpd.GeoDataFrame | None = None,
    population: gpd.GeoDataFrame | None = None,
    buildings: gpd.GeoDataFrame | None = None,
    *,
    min_area_m2: float,
    small_radius_m: float,
    large_area_m2: float,
    large_radius_m: float,
    historic_min_area_m2: float | None = None,
    counts: tuple[Literal["park", "square"], ...] = ("park",),
    merge_gap_m: float = 0.0,
) -> Share:
    """Measure the share of residential land within the straight-line radius of a park.

    A park of `large_area_m2` or more serves the land within `large_radius_m` of its edge; one of `min_area_m2` or more,
    the land within `small_radius_m`. The value is the residential land of the study area that some park serves, over
    all residential land of the study area, both as plane area in the working CRS (m2), doubly drawn land counted once.

    What counts: parks by class, merged before their size is tested. Parts with an equal `park_id` are one park,
    wherever they lie; parts without one are one park where they share an edge, whatever their names, or lie within
    `merge_gap_m`. Parks outside the study area serve the land inside it. What does not: shelter green, green attached
    to buildings, verges, green that is not open. The survey's class 0810 holds parks and verges alike: there, features
    with a name, a park id or an access flag count and the others do not; where none has any, all count and the value is
    an upper bound.

    The distance is a straight line from the park's edge, so it crosses rivers, railways and walls; what residents walk
    is another measure.

    Parameters
    ----------
    residential, parks, study_area
        Polygons in one metric CRS.
    districts
        Polygons with `name`, for the same quantity by district.
    historic_districts
        Where parks from `historic_min_area_m2` on serve `small_radius_m`; a park is in one with half its area.
    population
        Polygons or raster cells with `population`, spread evenly over each, for a reference number.
    buildings
        Polygons with `dwellings`, for a reference number.
    counts
        Kinds of green that count, `("park",)` or `("park", "square")`.

    Returns
    -------
    Measured
        A share from 0 to 1. Offenders are the unserved patches, largest first, each with its nearest park. Layers:
        `parks` (with what each park serves, and what only it serves), `served`, `unserved`, `service_areas`,
        `residential`.

    Raises
    ------
    LayerError
        No residential land lies in the study area.

    Notes
    -----
    Source: service-radius coverage of park green space as in the national urban check-up indicators of 2021 and later
    and the national garden-city standards; sizes and radii differ by edition, see the clause.

    Examples
    --------
    A block of 100 m by 100 m whose near half lies within 300 m of a park of one hectare:

    >>> import geopandas as gpd
    >>> from shapely import box
    >>> def land(*boxes):
    ...     return gpd.GeoDataFrame(geometry=list(boxes), crs="EPSG:4526")
    >>> measured = radius_coverage(
    ...     land(box(350, 0, 450, 100)), land(box(0, 0, 100, 100)), land(box(-1000, -1000, 1000, 1000)),
    ...     min_area_m2=400, small_radius_m=200, large_area_m2=5000, large_radius_m=300,
    ... )
    >>> round(measured.value, 9), round(measured.numerator, 6)
    (0.5, 5000.0)
    """
    if not (min_area_m2 <= large_area_m2 and small_radius_m <= large_radius_m):
        raise RuleError(
            "green.tiers_crossed", min=min_area_m2, large=large_area_m2, near=small_radius_m, far=large_radius_m
        )
    chosen = qualifying(parks, counts=counts, merge_gap_m=merge_gap_m)
    area = chosen.frame["area_m2"].to_numpy() + AREA_TOLERANCE_M2
    radius = np.where(area >= large_area_m2, large_radius_m, np.where(area >= min_area_m2, small_radius_m, np.nan))
    missing: tuple[Text, ...] = ()
    doubtful = np.zeros(len(area), dtype=bool)
    if historic_min_area_m2 is not None and historic_districts is None:
        doubtful = np.isnan(radius) & (area >= historic_min_area_m2)
        sizes = {"min": historic_min_area_m2, "max": min_area_m2, "radius": small_radius_m}
        missing = (text("green.no_historic_districts", **sizes, count=int(doubtful.sum())),)
    elif historic_min_area_m2 is not None and historic_districts is not None:
        inside = _share_inside(chosen.frame, historic_districts) >= 0.5
        radius = np.where(np.isnan(radius) & inside & (area >= historic_min_area_m2), small_radius_m, radius)
    chosen = chosen.tiered(area >= large_area_m2, min_area_m2)
    measured = coverage(chosen, radius, residential, study_area, districts, population, buildings)
    if doubtful.any():
        more = coverage(chosen, np.where(doubtful, small_radius_m, radius), residential, study_area)
        measured = replace(measured, value_range=(0.0 if chosen.mixed else measured.value or 0.0, more.value or 0.0))
    return replace(measured, missing=missing)


def tiered_coverage(
    residential: gpd.GeoDataFrame,
    parks: gpd.GeoDataFrame,
    study_area: gpd.GeoDataFrame,
    districts: gpd.GeoDataFrame | None = None,
    population: gpd.GeoDataFrame | None = None,
    buildings: gpd.GeoDataFrame | None = None,
    *,
    tiers: tuple[Tier, ...],
    merge_gap_m: float = 0.0,
) -> Share:
    """Measure the share of residential land within the radius that a park's class and size give it.

    As `radius_coverage`, but every class of park (CJJ/T 85-2017: G11 comprehensive, G12 community, G13 specialised, G14
    small) has its own sizes and radii. A park takes the widest radius of the tiers it reaches; parks of classes that no
    tier names do not count.

    Parameters
    ----------
    residential, parks, study_area
        Polygons in one metric CRS; `parks` with a `class` that tells the classes apart.
    tiers
        Each with `park_class`, `min_area_m2` and `radius_m`.

    Returns
    -------
    Measured
        As `radius_coverage`.

    Raises
    ------
    NotAssessed
        The parks carry no CJJ/T 85 class.
    LayerError
        No residential land lies in the study area.

    Notes
    -----
    Source: service radii by class in GB/T 51346-2019 and in the draft of the urban green-space planning standard.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> def land(*boxes, **columns):
    ...     return gpd.GeoDataFrame(columns, geometry=list(boxes), crs="EPSG:4526")
    >>> measured = tiered_coverage(
    ...     land(box(350, 0, 450, 100)), land(box(0, 0, 100, 100), **{"class": ["G12"]}),
    ...     land(box(-1000, -1000, 1000, 1000)),
    ...     tiers=({"park_class": "G12", "min_area_m2": 10_000, "radius_m": 500},),
    ... )
    >>> measured.value
    1.0
    """
    codes = parks["class"].dropna() if "class" in parks.columns else []
    if not any(str(code).upper().startswith("G1") for code in codes):
        raise NotAssessed("green.no_park_classes")
    chosen = qualifying(parks, counts=("park",), merge_gap_m=merge_gap_m)
    area = chosen.frame["area_m2"].to_numpy() + AREA_TOLERANCE_M2
    code = chosen.frame["class"].fillna("").str.upper()
    radius = np.full(len(area), np.nan)
    for tier in tiers:
        reached = code.str.startswith(tier["park_class"]).to_numpy(dtype=bool) & (area >= tier["min_area_m2"])
        radius[reached] = np.fmax(radius[reached], tier["radius_m"])
    chosen = chosen.tiered(radius >= np.fmax.reduce(radius, initial=np.nan))
    return coverage(chosen, radius, residential, study_area, districts, population, buildings)


def walk_coverage(
    residential: gpd.GeoDataFrame,
    parks: gpd.GeoDataFrame,
    study_area: gpd.GeoDataFrame,
    network: Streets,
    park_entrances: gpd.GeoDataFrame | None = None,
    compound_gates: gpd.GeoDataFrame | None = None,
    districts: gpd.GeoDataFrame | None = None,
    population: gpd.GeoDataFrame | None = None,
    buildings: gpd.GeoDataFrame | None = None,
    *,
    min_area_m2: float,
    small_limit_m: float,
    large_area_m2: float,
    large_limit_m: float,
    counts: tuple[Literal["park", "square"], ...] = ("park",),
    merge_gap_m: float = 0.0,
    cell_m: float = 10.0,
    max_access_m: float = 200.0,
) -> Share:
    """Measure the share of residential land that reaches the gate of a park on foot, beside the straight-line figure.

    Parks count as in `radius_coverage`; the two distances are walked: the straight way to the street, the way along the
    streets, and the way to a gate. Nobody walks across a barrier. Land is measured on cells, each with the distance of
    its middle; what the share changes when cells are half as wide is reported.

    The gates of each park come from the first rung that gives any: surveyed entrances; entrances of OpenStreetMap;
    crossings of its edge and streets on the ground; spots every 20 m of an open edge within 30 m of a street; supposed
    gates every 100 m. A park none of whose gates has a way to a street is unreachable. Which rung each park used stands
    in the result.

    The detour gap is the land within the straight-line radius of a park that does not reach one on foot.

    Parameters
    ----------
    residential, parks, study_area, districts
        As in `radius_coverage`.
    network
        The walking network.
    park_entrances
        Points with `park_id`; those without one belong to the park within 10 m.
    compound_gates
        Gates by which people leave gated compounds.
    population, buildings
        For the same coverage counted in homes and people.

    Returns
    -------
    Measured
        A share from 0 to 1. Offenders are the patches that reach no park, largest first. The first reference is the
        straight-line figure. Layers: `detour_gap`, `gates`, `bands` (land by walking distance), and those of
        `radius_coverage`.

    Raises
    ------
    LayerError
        No residential land lies in the study area.

    Notes
    -----
    Source: five minutes on foot to parks and squares in TD/T 1063-2021 (300 m); the walking check of the service radii
    of green land.

    Examples
    --------
    A street of 500 m leads to a park of one hectare; a block of 100 m by 10 m lies along it. Of the block 55 m are
    within a radius of 255 m; on foot, 5 m to the street and along it, the 50 m that are nearer:

    >>> import geopandas as gpd
    >>> from shapely import LineString, box
    >>> from gis_planning import streets
    >>> def frame(*shapes):
    ...     return gpd.GeoDataFrame(geometry=list(shapes), crs="EPSG:4526")
    >>> measured = walk_coverage(
    ...     frame(box(200, 0, 300, 10)), frame(box(500, 0, 600, 100)), frame(box(0, 0, 1000, 1000)),
    ...     streets.build(frame(LineString([(0, 0), (500, 0)]))),
    ...     min_area_m2=400, small_limit_m=300, large_area_m2=5000, large_limit_m=255,
    ... )
    >>> measured.value, measured.references[0].value
    (0.5, 0.55)
    """
    if min_area_m2 > large_area_m2:
        raise RuleError(
            "green.tiers_crossed", min=min_area_m2, large=large_area_m2, near=small_limit_m, far=large_limit_m
        )
    chosen = qualifying(parks, counts=counts, merge_gap_m=merge_gap_m)
    area = chosen.frame["area_m2"].to_numpy() + AREA_TOLERANCE_M2
    limit = np.where(area >= large_area_m2, large_limit_m, np.where(area >= min_area_m2, small_limit_m, np.nan))
    chosen = chosen.tiered(area >= large_area_m2, min_area_m2)
    radius = coverage(chosen, limit, residential, study_area)
    demand = demand_of(residential, study_area, buildings, population, cell_m=cell_m)
    return walked(
        chosen, limit, radius, demand, network, park_entrances, compound_gates, districts, max_access_m=max_access_m
    )


def _share_inside(frame: gpd.GeoDataFrame, zone: gpd.GeoDataFrame) -> Any:
    geometry = frame.geometry.to_numpy()
    inside = overlay.split(geometry, overlay.dissolve(zone.geometry.to_numpy())).inside
    return shapely.area(inside) / shapely.area(geometry)
