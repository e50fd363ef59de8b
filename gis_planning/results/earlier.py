"""Read the shapes of an earlier run, so that a map can lay them beside this one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd


def earlier_layers(file: Path, names: Iterable[str]) -> dict[str, gpd.GeoDataFrame]:
    """Return those layers of an earlier run's GeoPackage that are there; none where it is gone or cannot be read.

    What changed is told by the figures of both runs; the shapes are only for looking.
    """
    import geopandas as gpd  # noqa: PLC0415 - light modules import this one
    import pyogrio  # noqa: PLC0415

    found: dict[str, gpd.GeoDataFrame] = {}
    if not file.is_file():
        return found
    try:
        with file.open("rb") as stream:
            # The reader would follow a file that only describes others.
            if stream.read(16) != b"SQLite format 3\0":
                return found
        there = {str(name) for name, _ in pyogrio.list_layers(file)}
        for name in names:
            if name in there and isinstance(frame := pyogrio.read_dataframe(file, layer=name), gpd.GeoDataFrame):
                found[name] = frame[~(frame.geometry.isna() | frame.geometry.is_empty)].reset_index(drop=True)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, OSError):
        return {}
    return {name: frame for name, frame in found.items() if len(frame) and frame.crs is not None}
