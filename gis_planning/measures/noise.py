"""Measure which homes stand so near busy roads and railways that their noise is to be reckoned with."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from typing_extensions import TypedDict  # those of typing cannot be validated before Python 3.12

from gis_planning import geo
from gis_planning.analysis.facilities import called
from gis_planning.analysis.residents import Residents
from gis_planning.errors import NotAssessed
from gis_planning.geo import Flags, Geometries
from gis_planning.homes import numbers_of, uses_of, words_of
from gis_planning.measures import Share
from gis_planning.results.verdicts import Measured
from gis_planning.texts import text

#: Distances between far-off coordinates are known no better than this.
ROUNDING_M = 1e-6


class Source(TypedDict):
    """Roads and railways of some classes are heard so far away."""

    of: tuple[str, ...]
    within_m: float


def homes_near(
    buildings: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame | None = None,
    residents: Residents | None = None,
    *,
    sources: tuple[Source, ...],
) -> Share:
    """Measure the share of homes that stand near roads and railways of some classes, by number.

    The distance is straight, from the line that is drawn to the building's outline. What runs in a tunnel is not heard.
    Homes are buildings that say so or that have dwellings; one that says nothing of its use may be one, and a street
    without a class may be of any: the share is open by them. No noise is measured, and walls, heights, traffic and
    windows are not looked at.

    Parameters
    ----------
    buildings
        With `use`, and `dwellings` where known.
    streets
        Lines with `class`, and `tunnel` where known.
    barriers
        Lines with `kind`, of which railways count.
    residents
        Who can be counted in the study area; told beside the share.
    sources
        By class: how far from it a home is near, in metres.

    Returns
    -------
    Measured
        A share of the buildings with homes. Offenders are these, the nearest first, with distance and dwellings. Layer
        `roads`: what is heard, with its class.

    Raises
    ------
    NotAssessed
        No building is a home, or no road or railway says its class.

    Notes
    -----
    Source: strips beside main roads and railways in which GB 3096 allows more noise, by GB/T 15190.

    Examples
    --------
    >>> from shapely import LineString, box
    >>> from gis_planning.analysis.work import frame
    >>> road = frame(LineString([(0, 0), (100, 0)]), **{"class": ["trunk"]})
    >>> houses = frame(box(0, 50, 10, 60), box(0, 51, 10, 60), use=["住宅", "住宅"])
    >>> homes_near(houses, road, sources=({"of": ("trunk",), "within_m": 50},)).value
    0.5
    """
    use = uses_of(buildings)
    lived_in = use.lived_in | (use.dwellings > 0)
    perhaps = use.unknown & ~lived_in
    if not lived_in.any():
        raise NotAssessed("noise.no_homes")
    lines, kinds = _lines(streets, barriers)
    if not (kinds != "").any():
        raise NotAssessed("noise.no_classes")
    shapes = buildings.geometry.to_numpy()
    straight, heard, reach = np.full(len(shapes), np.inf), np.zeros(len(lines), dtype=bool), np.zeros(len(lines))
    for source in sources:
        own = np.isin(kinds, source["of"])
        heard |= own
        reach[own] = source["within_m"]
        straight = np.minimum(straight, _straight(shapes, lines[own], source["within_m"]))
    near: Flags = np.isfinite(straight)
    silent = lines[kinds == ""]
    may = ~near & np.isfinite(_straight(shapes, silent, max(one["within_m"] for one in sources)))
    some, whole = float((near & lived_in).sum()), float(lived_in.sum())
    low = some / (whole + float((perhaps & ~near).sum()))
    more = float((may & lived_in).sum()) + float((perhaps & (near | may)).sum())
    high = (some + more) / (whole + float((perhaps & (near | may)).sum()))
    open_ = bool(perhaps.any() or (may & lived_in).any())
    found = buildings[near & lived_in]
    columns = {
        "name": np.array(called(found), dtype=object),
        "dwellings": numbers_of(found, "dwellings"),
        "straight_m": straight[near & lived_in],
    }
    offenders = gpd.GeoDataFrame(columns, geometry=found.geometry.to_numpy(), crs=buildings.crs)
    roads = gpd.GeoDataFrame({"class": kinds[heard]}, geometry=lines[heard], crs=streets.crs)
    said = (("note_no_use", int(perhaps.sum())), ("note_no_class", int((kinds == "").sum())))
    strip = geo.buffer(lines[heard], reach[heard])
    return Measured.share(
        some,
        whole,
        "parts",
        offenders=offenders.sort_values("straight_m", kind="stable", ignore_index=True),
        value_range=(low, high) if open_ else None,
        references=residents.people_within(strip) if residents is not None and len(strip) else (),
        notes=tuple(text(f"noise.{key}", count=count) for key, count in said if count),
        layers={"roads": roads},
    )


def _lines(streets: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame | None) -> tuple[Geometries, Any]:
    """Return streets in the open and barriers, with the class of each; `""` where a street says none."""
    tunnel = np.array([one is True for one in streets["tunnel"]]) if "tunnel" in streets.columns else None
    open_air = streets if tunnel is None else streets[~tunnel]
    lines, kinds = [open_air.geometry.to_numpy()], [words_of(open_air, "class")]
    if barriers is not None:
        kind = words_of(barriers, "kind")
        lines.append(barriers.geometry.to_numpy()[kind != ""])
        kinds.append(kind[kind != ""])
    return np.concatenate(lines), np.concatenate(kinds)


def _straight(shapes: Geometries, lines: Geometries, within_m: float) -> Any:
    """Return how far each shape is from the nearest line; inf where none is so near."""
    line, shape = shapely.STRtree(shapes).query(lines, predicate="dwithin", distance=within_m + ROUNDING_M)
    straight = np.full(len(shapes), np.inf)
    np.minimum.at(straight, shape, shapely.distance(lines[line], shapes[shape]))
    return straight
