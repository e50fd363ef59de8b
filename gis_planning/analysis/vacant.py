"""Know the parcels of a register of vacant land, every spot once."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from gis_planning import geo, overlay
from gis_planning.analysis.derived import derived
from gis_planning.conventions import facts


@derived()
def vacant_parcels(land: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the parcels of a register, every spot once, with what each says of itself.

    `state` is `disposed` or `pending` (words of conventions/vacant.toml), None where that is not known.
    """
    shapes: Any = overlay.without_overlap(land.geometry.to_numpy())
    kept = [name for name in ("id", "name") if name in land.columns]
    found = gpd.GeoDataFrame(land[kept].reset_index(drop=True), geometry=shapes, crs=land.crs)
    for field in ("since", "status"):
        values = land[field].to_numpy(dtype=object) if field in land.columns else np.full(len(land), None, dtype=object)
        found[field] = values
    words = facts("vacant")
    states = {word: state for state in ("disposed", "pending") for word in words[state]}
    said = [None if pd.isna(word) else states.get(str(word).strip().casefold()) for word in found["status"]]
    found["state"] = np.array([*said, None], dtype=object)[:-1]
    found["area_m2"] = geo.ellipsoid_area(shapes, land.crs)
    return found
