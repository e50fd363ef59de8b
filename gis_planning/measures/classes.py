"""Say which classes of land projects take: the land-class table of a review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis_planning import geo, overlay
from gis_planning.conventions import facts
from gis_planning.conventions.landclasses import great_class, is_arable
from gis_planning.measures.remainders import DECIMALS, rounded

#: Decimals of hectares and of mu in registers.
HECTARES, MU = 4, 2
KEYS = ("project_id", "class", "great_class", "ownership", "village")


def class_table(
    projects: gpd.GeoDataFrame, land_use: gpd.GeoDataFrame, *, great: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return how much land of each class every project takes, by ownership and village.

    Areas are m2 on the CGCS2000 ellipsoid. What is deducted from a patch (KCXS, field ridges) stands in a row of its
    own class; areas of arable rows are net. Land that no patch covers stands in a row without a class. The rows of a
    project sum to its rounded area in each unit: what rounding leaves goes to the largest remainders.

    Parameters
    ----------
    projects
        Polygons with `id`.
    land_use
        Patches with `class`; `kcxs`, `deducted_class`, `ownership` and `village` where there are any. Where patches
        overlap, the first counts.
    great
        The great class of disputed classes (`{"0404": "unused"}`).

    Returns
    -------
    pandas.DataFrame
        `project_id`, `class`, `great_class`, `ownership`, `village`, `arable`, `area_m2` (two decimals), `area_ha`
        (four) and `area_mu` (two), sorted by project.
    """
    patches = land_use.set_geometry(overlay.without_overlap(land_use.geometry.to_numpy()), crs=land_use.crs)
    parcels = projects.geometry.to_numpy()
    pairs = overlay.intersect(parcels, patches.geometry.to_numpy())
    area = geo.ellipsoid_area(pairs.geometry, projects.crs) if len(pairs.left) else np.zeros(0)
    taken = patches.iloc[pairs.right].reset_index(drop=True)
    own = _column(taken, "class", None)
    share = np.nan_to_num(_column(taken, "kcxs", np.nan).astype(float))
    share = np.where([is_arable(one) for one in own], np.clip(share, 0, 1), 0.0)
    ids = projects["id"].to_numpy(dtype=object)
    common = {"ownership": _column(taken, "ownership", None), "village": _column(taken, "village", None)}
    whole = geo.ellipsoid_area(parcels, projects.crs)
    left = np.maximum(whole - np.bincount(pairs.left, weights=area, minlength=len(parcels)), 0)
    deducted = _column(taken, "deducted_class", None)
    deducted = np.where(pd.isna(deducted), facts("landclasses")["deducted"], deducted)
    rows = pd.concat(
        [
            pd.DataFrame({"at": pairs.left, "class": own, "area_m2": area * (1 - share)} | common),
            pd.DataFrame({"at": pairs.left, "class": deducted, "area_m2": area * share} | common),
            pd.DataFrame({"at": np.arange(len(parcels)), "class": None, "area_m2": left}),
        ],
        ignore_index=True,
    )
    # An empty text stands for nothing, which grouping would turn into a number that is none.
    rows["great_class"] = [great_class(one, great or {}) if isinstance(one, str) else None for one in rows["class"]]
    rows[list(KEYS[1:])] = rows[list(KEYS[1:])].astype(object).fillna("")
    grouped = rows.groupby(["at", *KEYS[1:]], sort=True)["area_m2"].sum().reset_index()
    grouped = grouped[grouped["area_m2"] >= 0.5 * 10**-DECIMALS].reset_index(drop=True)
    area, at = grouped["area_m2"].to_numpy(), grouped["at"].to_numpy()
    grouped["area_m2"] = rounded(area, at, whole)
    grouped["area_ha"] = rounded(geo.to_hectares(area), at, geo.to_hectares(whole), HECTARES)
    grouped["area_mu"] = rounded(geo.to_mu(area), at, geo.to_mu(whole), MU)
    grouped["arable"] = [is_arable(one) for one in grouped["class"]]
    grouped.insert(0, "project_id", ids[grouped.pop("at").to_numpy()])
    return grouped.replace({name: {"": None} for name in KEYS})


def _column(frame: pd.DataFrame, name: str, instead: Any) -> NDArray[Any]:
    return frame[name].to_numpy() if name in frame.columns else np.full(len(frame), instead)
