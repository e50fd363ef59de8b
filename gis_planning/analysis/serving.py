"""Settle which parks serve how far: by their size, by their class, or in a historic district."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from typing_extensions import TypedDict  # the one of typing cannot be validated before Python 3.12

from gis_planning import overlay
from gis_planning.analysis.derived import derived
from gis_planning.analysis.parks import AREA_TOLERANCE_M2, Parks
from gis_planning.errors import NotAssessed, RuleError
from gis_planning.geo import Floats
from gis_planning.texts import Text, text


class Tier(TypedDict):
    """Parks of one class (its CJJ/T 85 code, or the beginning of it) from one size on serve one radius."""

    park_class: str
    min_area_m2: float
    radius_m: float


@dataclass(frozen=True, eq=False)
class Serving:
    """Parks, and how far each serves.

    Attributes
    ----------
    parks
        Parks, merged and told apart by tier.
    limit_m
        By park: how far it serves; NaN where it does not.
    perhaps_m
        The same with parks that would serve if they lay in a historic district, where no such district was delivered;
        None where nothing is in doubt.
    missing
        What could not be assessed, each with the reason.
    """

    parks: Parks
    limit_m: Floats
    perhaps_m: Floats | None = None
    missing: tuple[Text, ...] = ()

    @property
    def frame(self) -> gpd.GeoDataFrame:
        """Return the parks that serve, each with its `radius_m`."""
        serves = ~np.isnan(self.limit_m)
        return self.parks.frame[serves].assign(radius_m=self.limit_m[serves]).reset_index(drop=True)


@derived()
def radius_parks(
    qualifying_parks: Parks,
    historic_districts: gpd.GeoDataFrame | None = None,
    *,
    min_area_m2: float,
    small_radius_m: float,
    large_area_m2: float,
    large_radius_m: float,
    historic_min_area_m2: float | None = None,
) -> Serving:
    """Return the parks of two sizes with their two radii.

    Parameters
    ----------
    historic_districts
        Where parks from `historic_min_area_m2` on serve `small_radius_m`; a park is in one with half its area.
    min_area_m2, small_radius_m
        Parks from this size on serve land within this distance of their edge.
    large_area_m2, large_radius_m
        And from this one on within this one.

    Raises
    ------
    RuleError
        The larger parks would serve less far.
    """
    if not (min_area_m2 <= large_area_m2 and small_radius_m <= large_radius_m):
        raise _crossed(min_area_m2, large_area_m2, small_radius_m, large_radius_m)
    parks = qualifying_parks
    area, radius = _by_size(parks, min_area_m2, small_radius_m, large_area_m2, large_radius_m)
    tiered = parks.tiered(area >= large_area_m2, min_area_m2)
    if historic_min_area_m2 is None:
        return Serving(tiered, radius)
    little = np.isnan(radius) & (area >= historic_min_area_m2)
    if historic_districts is not None:
        inside = _share_inside(parks.frame, historic_districts) >= 0.5
        return Serving(tiered, np.where(little & inside, small_radius_m, radius))
    sizes = {"min": historic_min_area_m2, "max": min_area_m2, "radius": small_radius_m}
    missing = (text("green.no_historic_districts", **sizes, count=int(little.sum())),)
    return Serving(tiered, radius, np.where(little, small_radius_m, radius) if little.any() else None, missing)


@derived()
def tiered_parks(parks: gpd.GeoDataFrame, qualifying_parks: Parks, *, tiers: tuple[Tier, ...]) -> Serving:
    """Return the parks with the radius that their class and size give them: the widest of the tiers each reaches.

    Parameters
    ----------
    parks
        With a `class` that tells the classes of CJJ/T 85 apart.
    tiers
        Each with `park_class`, `min_area_m2` and `radius_m`.

    Raises
    ------
    NotAssessed
        The parks carry no CJJ/T 85 class.
    """
    codes = parks["class"].dropna() if "class" in parks.columns else []
    if not any(str(code).upper().startswith("G1") for code in codes):
        raise NotAssessed("green.no_park_classes")
    frame = qualifying_parks.frame
    area = frame["area_m2"].to_numpy() + AREA_TOLERANCE_M2
    code = frame["class"].fillna("").str.upper()
    radius = np.full(len(area), np.nan)
    for tier in tiers:
        reached = code.str.startswith(tier["park_class"]).to_numpy(dtype=bool) & (area >= tier["min_area_m2"])
        radius[reached] = np.fmax(radius[reached], tier["radius_m"])
    return Serving(qualifying_parks.tiered(radius >= np.fmax.reduce(radius, initial=np.nan)), radius)


@derived()
def walked_parks(
    qualifying_parks: Parks, *, min_area_m2: float, small_limit_m: float, large_area_m2: float, large_limit_m: float
) -> Serving:
    """Return the parks of two sizes with how far people may walk to them.

    Parameters
    ----------
    min_area_m2, small_limit_m
        People may walk this far to parks from this size on.
    large_area_m2, large_limit_m
        And this far to those from this one on.

    Raises
    ------
    RuleError
        The sizes are crossed.
    """
    if min_area_m2 > large_area_m2:
        raise _crossed(min_area_m2, large_area_m2, small_limit_m, large_limit_m)
    area, limit = _by_size(qualifying_parks, min_area_m2, small_limit_m, large_area_m2, large_limit_m)
    return Serving(qualifying_parks.tiered(area >= large_area_m2, min_area_m2), limit)


def _by_size(parks: Parks, least_m2: float, near_m: float, large_m2: float, far_m: float) -> tuple[Floats, Floats]:
    """Return the area of each park, and how far it serves; NaN where it is too small."""
    area = parks.frame["area_m2"].to_numpy() + AREA_TOLERANCE_M2
    return area, np.where(area >= large_m2, far_m, np.where(area >= least_m2, near_m, np.nan))


def _crossed(least_m2: float, large_m2: float, near_m: float, far_m: float) -> RuleError:
    return RuleError("green.tiers_crossed", min=least_m2, large=large_m2, near=near_m, far=far_m)


def _share_inside(frame: gpd.GeoDataFrame, zone: gpd.GeoDataFrame) -> Any:
    geometry = frame.geometry.to_numpy()
    inside = overlay.split(geometry, overlay.dissolve(zone.geometry.to_numpy())).inside
    return shapely.area(inside) / shapely.area(geometry)
