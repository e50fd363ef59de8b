"""Say which points lie in land."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from gis_planning.geo import Flags
from gis_planning.overlay.cuts import subdivide


def hit(points: Any, zone: Any) -> Flags:
    """Say which points lie in a zone."""
    pieces, _ = subdivide(zone)
    found = np.zeros(len(points), dtype=bool)
    found[shapely.STRtree(pieces).query(points, predicate="intersects")[0]] = True
    return found
