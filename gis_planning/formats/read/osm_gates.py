"""Close streets to walkers at the gates of OpenStreetMap that shut them out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gis_planning.conventions import facts
from gis_planning.formats.read.osm_tags import fits_any

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

#: How much of a street on either side belongs to its gate: more than rounding moves a vertex, less than anyone sees.
GATE_M = 0.1
#: Metres of a degree of latitude.
DEGREE_M = 111_320.0


def with_gates(streets: gpd.GeoDataFrame, features: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return streets with a short piece of its own, closed to walkers, at each gate that shuts them out.

    A street is cut where one of its vertices is such a gate: what lies 10 cm before and behind it becomes a row of its
    own with `foot` "no". Walkers come up to the gate from both sides and not through; what cars may do does not change,
    and no metre is lost. `attrs["gates"]` counts the gates on streets.

    Parameters
    ----------
    streets
        A layer of streets, in degrees.
    features
        What was read of the map, gates among it.
    """
    import geopandas as gpd  # noqa: PLC0415 - slow to import
    import pandas as pd  # noqa: PLC0415 - slow to import

    points = features[(features.geometry.geom_type == "Point").to_numpy() & fits_any(features, facts("osm")["gates"])]
    gates = _numbers(shapely.get_coordinates(points.geometry.to_numpy()))
    lines = streets.geometry.to_numpy()
    xy, row = shapely.get_coordinates(lines, return_index=True)
    at_gate = np.isin(_numbers(xy), gates) & (shapely.get_dimensions(lines)[row] == 1)
    streets.attrs["gates"] = len(np.unique(_numbers(xy)[at_gate]))
    if not at_gate.any():
        return streets
    open_parts, pieces = {}, []
    for one in np.unique(row[at_gate]).tolist():
        kept, shut = _cut(lines[one], gates)
        open_parts[one] = kept
        closed = streets.iloc[[one] * len(shut)].assign(foot="no")
        pieces.append(closed.set_geometry(np.array([*shut, None], dtype=object)[:-1], crs=streets.crs))
    geometry = lines.copy()
    for one, kept in open_parts.items():
        geometry[one] = kept
    rest = streets.set_geometry(geometry, crs=streets.crs)
    rest = rest[~shapely.is_empty(geometry)]
    together = gpd.GeoDataFrame(pd.concat([rest, *pieces]).sort_index(kind="stable"), crs=streets.crs)
    together.attrs = dict(streets.attrs)
    return together.reset_index(drop=True)


def _numbers(xy: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Return places as one number each."""
    return np.asarray(xy[:, 0] + 1j * xy[:, 1])


def _cut(line: Any, gates: NDArray[np.complex128]) -> tuple[Any, list[Any]]:
    """Return what of a line stays open, and its pieces at gates."""
    kept: list[Any] = []
    shut: list[Any] = []
    for part in shapely.get_parts(line):
        xy = shapely.get_coordinates(part)
        at = np.isin(_numbers(xy), gates)
        begin = [xy[0]]
        for k in range(len(xy)):
            before = _towards(xy[k], xy[k - 1]) if at[k] and k else None
            behind = _towards(xy[k], xy[k + 1]) if at[k] and k + 1 < len(xy) else None
            if at[k]:
                if before is not None:
                    kept.append([*begin, before])
                shut.append(np.array([one for one in (before, xy[k], behind) if one is not None]))
                begin = [behind] if behind is not None else []
            elif k:
                begin.append(xy[k])
        if len(begin) > 1:
            kept.append(begin)
    lines = [shapely.LineString(one) for one in kept]
    lines = [line for line in lines if line.length > 0]
    return (lines[0] if len(lines) == 1 else shapely.multilinestrings(lines)), [shapely.LineString(one) for one in shut]


def _towards(gate: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the place a little beyond the gate on the way to the next vertex, a third of the way at most."""
    step = other - gate
    metres = float(np.hypot(step[0] * np.cos(np.radians(gate[1])), step[1])) * DEGREE_M
    return np.asarray(gate + step * min(GATE_M / metres if metres else 0.0, 1 / 3))
