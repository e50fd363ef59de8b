"""Write a table that fits its format, into a file that is not there yet."""

from __future__ import annotations

import csv
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyproj
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FieldError, GeometryError
from pyogrio.errors import FeatureError as OgrFeatureError

from gis_planning.errors import OutputError
from gis_planning.formats.read.shapefile import distinct
from gis_planning.formats.write.writable import Fitted, Format, fields_file
from gis_planning.outputs.moment import stamped, today
from gis_planning.texts import reason_of

#: Rows whose bounds are told together in GeoParquet: an area reads at least so many.
ROWS_TOGETHER = 5_000


def write_table(
    fitted: Fitted, crs: pyproj.CRS | None, file: Path, *, name: str, format_: Format, codec: str, out: Path
) -> None:
    """Write a table; messages call the file `out`, which it is going to be.

    Parameters
    ----------
    name
        The table's name, where the format has one.
    codec
        How a shapefile's text is written.

    Raises
    ------
    OutputError
        The writer refuses it.
    """
    if format_.driver is None:
        _write_parquet(fitted, crs, file, out)
        return
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    taken = {name.casefold() for name in fitted.table.column_names}
    column = distinct("geometry", taken, "utf-8", 60)
    shapes = pa.array(shapely.to_wkb(fitted.shapes, flavor="iso"), pa.binary())
    # A table without fields has no rows to add a column to.
    table = pa.Table.from_arrays([*fitted.table.columns, shapes], names=[*fitted.table.column_names, column])
    options = _options(format_, taken)
    if format_.name == "shapefile":
        options["encoding"] = "GBK" if codec == "gbk" else "UTF-8"
    options |= {"crs": crs.to_wkt() if crs is not None else None, "geometry_type": fitted.geometry_type}
    options |= {"geometry_name": column, "append": file.exists()}
    try:
        with stamped(), warnings.catch_warnings():
            # What the writer changes is found, and said, when it is read back.
            warnings.simplefilter("ignore", RuntimeWarning)
            warnings.filterwarnings("ignore", "'crs' was not provided")
            pyogrio.write_arrow(table, file, driver=format_.driver, layer=name, **options)
    except (DataSourceError, DataLayerError, FieldError, GeometryError, OgrFeatureError, ValueError, OSError) as fault:
        raise OutputError(
            "convert.cannot_write", out=out, reason=reason_of(fault).replace(str(file), str(out))[:300]
        ) from None
    changed = [(new, old) for old, new in zip(fitted.names, fitted.table.column_names, strict=True) if old != new]
    if format_.name == "shapefile" and changed:
        with fields_file(file).open("w", encoding="utf-8-sig", newline="") as side:
            csv.writer(side).writerows([("field", "name"), *changed])


def _options(format_: Format, taken: set[str]) -> dict[str, Any]:
    """Return what the writer has to be told: names of its own that no field has, and to round nothing."""
    if format_.name == "GeoPackage":
        names = {"FID": distinct("fid", taken, "utf-8", 60), "GEOMETRY_NAME": distinct("geom", taken, "utf-8", 60)}
        return {"layer_options": names}
    if format_.name == "shapefile":
        return {"layer_options": {"SPATIAL_INDEX": "YES", "DBF_DATE_LAST_UPDATE": f"{today():%Y-%m-%d}"}}
    if format_.name == "GeoJSON":
        return {"layer_options": {"COORDINATE_PRECISION": "15"}}
    if format_.name == "FlatGeobuf":
        # Its index would put the features into another order, and takes none without a shape.
        return {"layer_options": {"SPATIAL_INDEX": "NO"}}
    return {}


def _write_parquet(fitted: Fitted, crs: pyproj.CRS | None, file: Path, out: Path) -> None:
    """Write GeoParquet with the bounds of each shape beside it, so that an area can be read alone."""
    import geopandas as gpd  # noqa: PLC0415 - slow to import
    import pandas as pd  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415

    plain = fitted.table.to_pandas(types_mapper=pd.ArrowDtype).reindex(range(len(fitted.shapes)))
    taken = {column.casefold() for column in plain.columns}
    frame = gpd.GeoDataFrame(plain, geometry=np.array(fitted.shapes, dtype=object), crs=crs)
    if "geometry" in taken:
        frame = frame.rename_geometry(distinct("geometry", taken, "utf-8", 60))
    try:
        with_bounds = "bbox" not in taken
        frame.to_parquet(
            file, index=False, write_covering_bbox=with_bounds, row_group_size=ROWS_TOGETHER, schema_version="1.1.0"
        )
    except (OSError, ValueError, pa.ArrowException) as fault:
        raise OutputError("convert.cannot_write", out=out, reason=fault) from None
