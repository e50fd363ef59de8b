"""Read the shapes of an earlier run, so that a map can lay them beside this one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from gis_planning.errors import SourceError
from gis_planning.results.opened import tables_of

if TYPE_CHECKING:
    import geopandas as gpd


def earlier_layers(file: Path, names: Iterable[str]) -> dict[str, gpd.GeoDataFrame]:
    """Return those layers of an earlier run's GeoPackage that are there; none where it is gone or cannot be read.

    What changed is told by the figures of both runs; the shapes are only for looking.
    """
    import geopandas as gpd  # noqa: PLC0415 - light modules import this one

    wanted, found = set(names), {}
    try:
        for name, frame in tables_of(file, wanted.__contains__):
            if isinstance(frame, gpd.GeoDataFrame):
                found[name] = frame[~(frame.geometry.isna() | frame.geometry.is_empty)].reset_index(drop=True)
    except SourceError:
        return {}
    return {name: frame for name, frame in found.items() if len(frame) and frame.crs is not None}
