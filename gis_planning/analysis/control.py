"""Choose the land that is judged, and the features of a control line that count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from gis_planning.analysis.derived import derived

#: No condition: every feature counts.
ALL: Mapping[str, tuple[str, ...]] = {}


@dataclass(frozen=True, eq=False)
class Control:
    """A control line.

    Attributes
    ----------
    line
        Its features that count.
    unknown
        Those that may or may not, for want of a value.
    coverage
        Where the delivered line is complete; None: everywhere.
    """

    line: gpd.GeoDataFrame
    unknown: gpd.GeoDataFrame
    coverage: gpd.GeoDataFrame | None


@derived(kept=False)
def judged_land(projects: gpd.GeoDataFrame, *, of: Mapping[str, tuple[str, ...]] = ALL) -> gpd.GeoDataFrame:
    """Return the projects that are measured.

    Parameters
    ----------
    of
        A field, and the values it may have; projects without a value are left out.
    """
    return _chosen(projects, of)[0]


@derived(kept=False)
def control(
    line: gpd.GeoDataFrame,
    line_coverage: gpd.GeoDataFrame | None = None,
    *,
    where: Mapping[str, tuple[str, ...]] = ALL,
) -> Control:
    """Return a control line by what of it counts.

    Parameters
    ----------
    line_coverage
        Where the delivered line is complete.
    where
        A field, and the values it may have. Features without a value may or may not count.
    """
    return Control(*_chosen(line, where), line_coverage)


def _chosen(line: gpd.GeoDataFrame, where: Mapping[str, tuple[str, ...]]) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return the features of a line that count, and those that may."""
    counts, maybe = np.ones(len(line), dtype=bool), np.zeros(len(line), dtype=bool)
    for field, values in where.items():
        said = line[field].to_numpy(dtype=object) if field in line.columns else np.full(len(line), None, dtype=object)
        empty = pd.isna(said)
        fits = np.isin(np.array([str(value).casefold() for value in said]), [value.casefold() for value in values])
        maybe |= empty & counts
        counts &= fits & ~empty
    return line[counts], line[maybe & ~counts]
