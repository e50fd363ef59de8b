"""Read GeoParquet by columns and by area: only the groups of rows whose bounds touch it."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from gis_planning.errors import LayerError, SourceError
from gis_planning.formats.read import integers

if TYPE_CHECKING:
    import geopandas as gpd

Bounds = tuple[float, float, float, float]
#: Names pandas gives an index that has none.
_INDEX = "__index_level_"


def names_in(source: Path) -> tuple[list[str], pyproj.CRS | None]:
    """Return the fields of a GeoParquet file and its CRS.

    Raises
    ------
    SourceError
        It is no Parquet file.
    LayerError
        It has no geometry.
    """
    import pyarrow as pa  # noqa: PLC0415 - slow to import
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        with pq.ParquetFile(source) as file:
            return _fields(file, source), _crs(_geometry(file, source)[1], source)
    except (pa.ArrowException, OSError) as fault:
        raise SourceError("source.unreadable", source=source, reason=fault) from None


def read_parquet(
    source: Path, *, columns: Collection[str] | None = None, bounds: Bounds | None = None, exact: bool = False
) -> gpd.GeoDataFrame:
    """Read a GeoParquet file, its features numbered by row from 0.

    Parameters
    ----------
    columns
        The fields to read; all, if left out.
    bounds
        West, south, east and north in the file's CRS: features whose bounds touch them are read.
    exact
        Keep the file's own types of values, rather than those of numpy.

    Raises
    ------
    SourceError
        The file is broken, or stores shapes in a way that is not read.
    LayerError
        It has no geometry.
    """
    import geopandas as gpd  # noqa: PLC0415 - slow to import, and pyarrow with it
    import pandas as pd  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        with pq.ParquetFile(source) as file:
            name, about = _geometry(file, source)
            fields = [field for field in _fields(file, source) if columns is None or field in columns]
            groups, rows = _groups(file, about, bounds)
            table = file.read_row_groups(groups, columns=[*fields, name]) if groups else file.schema_arrow.empty_table()
        shapes = shapely.from_wkb(table[name].to_numpy(zero_copy_only=False))
    except (pa.ArrowException, OSError, TypeError, shapely.errors.ShapelyError) as fault:
        raise SourceError("source.unreadable", source=source, reason=fault) from None
    plain = integers.to_pandas(table.select(fields).replace_schema_metadata(None), exact=exact)
    plain = plain.set_axis(rows, axis=0) if fields else pd.DataFrame(index=rows)
    frame = gpd.GeoDataFrame(plain, geometry=shapes, crs=_crs(about, source))
    frame.index.name = "fid"
    if bounds is None:
        return frame
    found = shapely.bounds(shapes)
    west, south, east, north = bounds
    return frame[(found[:, 0] <= east) & (found[:, 2] >= west) & (found[:, 1] <= north) & (found[:, 3] >= south)]


def _geometry(file: Any, source: Path) -> tuple[str, dict[str, Any]]:
    """Return the name of the main geometry column and what the file says about it."""
    told = (file.schema_arrow.metadata or {}).get(b"geo")
    if told is None:
        raise LayerError("source.no_geometry", source=source, table=source.stem)
    try:
        geo = json.loads(told)
        name = geo["primary_column"]
        about = geo["columns"][name]
    except (ValueError, KeyError, TypeError) as fault:
        raise SourceError("source.unreadable", source=source, reason=f"geo: {fault!r}") from None
    if about.get("encoding") != "WKB":
        raise SourceError("source.parquet_encoding", source=source, encoding=about.get("encoding"))
    return name, about


def _crs(about: dict[str, Any], source: Path) -> pyproj.CRS | None:
    """Return the CRS of a geometry column: by the format's rule longitude and latitude if nothing is said of it."""
    told = about.get("crs", "OGC:CRS84")
    try:
        return None if told is None else pyproj.CRS.from_user_input(told)
    except pyproj.exceptions.CRSError as fault:
        raise SourceError("source.unreadable", source=source, reason=fault) from None


def _fields(file: Any, source: Path) -> list[str]:
    name, about = _geometry(file, source)
    covering = {path[0] for path in about.get("covering", {}).get("bbox", {}).values()}
    return [one for one in file.schema_arrow.names if one != name and one not in covering and _INDEX not in one]


def _groups(file: Any, about: dict[str, Any], bounds: Bounds | None) -> tuple[list[int], Any]:
    """Return the groups of rows that may hold what touches the bounds, and the numbers of their rows."""
    sizes = [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    groups = [
        at for at in range(len(sizes)) if bounds is None or _may_touch(file.metadata.row_group(at), about, bounds)
    ]
    rows = [np.arange(starts[at], starts[at + 1]) for at in groups]
    return groups, np.concatenate(rows) if rows else np.arange(0)


def _may_touch(group: Any, about: dict[str, Any], bounds: Bounds) -> bool:
    """Say whether a group of rows may touch the bounds; one that says nothing of its own may."""
    paths = {side: ".".join(path) for side, path in about.get("covering", {}).get("bbox", {}).items()}
    found = {}
    for at in range(group.num_columns):
        column = group.column(at)
        if column.path_in_schema in paths.values() and column.statistics is not None and column.statistics.has_min_max:
            found[column.path_in_schema] = column.statistics.min, column.statistics.max
    if not paths or set(paths.values()) - found.keys():
        return True
    low = [found[paths[side]][0] for side in ("xmin", "ymin")]
    high = [found[paths[side]][1] for side in ("xmax", "ymax")]
    west, south, east, north = bounds
    return bool(low[0] <= east and high[0] >= west and low[1] <= north and high[1] >= south)
