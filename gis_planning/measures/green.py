"""Measure how much residential land lies near green."""

from __future__ import annotations

import geopandas as gpd

from gis_planning.analysis.demand import Demand
from gis_planning.analysis.residents import Residents
from gis_planning.analysis.serving import Serving
from gis_planning.analysis.ways import Gates, Ways
from gis_planning.analysis.zones import Zones
from gis_planning.measures import Share
from gis_planning.measures.radius import coverage
from gis_planning.measures.walk import walked
from gis_planning.streets import Streets


def radius_coverage(
    radius_parks: Serving,
    residential_land: gpd.GeoDataFrame,
    districts: gpd.GeoDataFrame | None = None,
    residents: Residents | None = None,
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
    radius_parks
        The parks, and how far each serves.
    residential_land
        The residential land of the study area.
    districts
        Polygons with `name`, for the same quantity by district.
    residents
        People and dwellings, for reference numbers.

    Returns
    -------
    Measured
        A share from 0 to 1. Offenders are the unserved patches, largest first, each with its nearest park and, where
        people were counted, those on its land. Layers: `parks` (with what each park serves, and what only it serves),
        `served`, `unserved`, `service_areas`, `residential`.

    Raises
    ------
    LayerError
        No residential land lies in the study area.
    RuleError
        The larger parks would serve less far.

    Notes
    -----
    Source: service-radius coverage of park green space as in the national urban check-up indicators of 2021 and later
    and the national garden-city standards; sizes and radii differ by edition, see the clause.

    Examples
    --------
    A block of 100 m by 100 m whose near half lies within 300 m of a park of one hectare:

    >>> from shapely import box
    >>> from gis_planning.analysis.work import applied, frame
    >>> measured = applied(
    ...     radius_coverage, residential=frame(box(350, 0, 450, 100)), parks=frame(box(0, 0, 100, 100)),
    ...     study_area=frame(box(-1000, -1000, 1000, 1000)),
    ...     min_area_m2=400, small_radius_m=200, large_area_m2=5000, large_radius_m=300,
    ... )
    >>> round(measured.value, 9), round(measured.numerator, 6)
    (0.5, 5000.0)
    """
    return coverage(radius_parks, residential_land, districts, residents)


def tiered_coverage(
    tiered_parks: Serving,
    residential_land: gpd.GeoDataFrame,
    districts: gpd.GeoDataFrame | None = None,
    residents: Residents | None = None,
) -> Share:
    """Measure the share of residential land within the radius that a park's class and size give it.

    As `radius_coverage`, but every class of park (CJJ/T 85-2017: G11 comprehensive, G12 community, G13 specialised, G14
    small) has its own sizes and radii. A park takes the widest radius of the tiers it reaches; parks of classes that no
    tier names do not count.

    Parameters
    ----------
    tiered_parks
        The parks, and how far each serves by its class and size.
    residential_land, districts, residents
        As in `radius_coverage`.

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
    >>> from shapely import box
    >>> from gis_planning.analysis.work import applied, frame
    >>> measured = applied(
    ...     tiered_coverage, residential=frame(box(350, 0, 450, 100)),
    ...     parks=frame(box(0, 0, 100, 100), **{"class": ["G12"]}), study_area=frame(box(-1000, -1000, 1000, 1000)),
    ...     tiers=({"park_class": "G12", "min_area_m2": 10_000, "radius_m": 500},),
    ... )
    >>> measured.value
    1.0
    """
    return coverage(tiered_parks, residential_land, districts, residents)


def walk_coverage(
    walked_parks: Serving,
    residential_land: gpd.GeoDataFrame,
    demand: Demand,
    demand_ways: tuple[Ways, Ways, Ways],
    park_gates: Gates,
    network: Streets,
    district_zones: Zones | None = None,
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
    walked_parks
        The parks, and how far people may walk to each.
    residential_land, demand, demand_ways
        The residential land of the study area, its cells and homes, and how people leave them.
    park_gates
        The gates of the parks.
    network
        The walking network.
    district_zones
        For the same quantity by district.

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

    >>> from shapely import LineString, box
    >>> from gis_planning import streets
    >>> from gis_planning.analysis.work import applied, frame
    >>> measured = applied(
    ...     walk_coverage, residential=frame(box(200, 0, 300, 10)), parks=frame(box(500, 0, 600, 100)),
    ...     study_area=frame(box(0, 0, 1000, 1000)), network=streets.build(frame(LineString([(0, 0), (500, 0)]))),
    ...     min_area_m2=400, small_limit_m=300, large_area_m2=5000, large_limit_m=255,
    ... )
    >>> measured.value, measured.references[0].value
    (0.5, 0.55)
    """
    straight = coverage(walked_parks, residential_land)
    return walked(walked_parks, straight, demand, demand_ways, park_gates, network, district_zones)
