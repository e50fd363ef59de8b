"""Write the tables of a result for other programs as well: GeoParquet, and CSV that is safe in a spreadsheet."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from gis_planning.maps.plain import plain

#: What tables can also be written as.
FORMATS = ("parquet", "csv")
#: A text that begins with one of these is read as a formula by spreadsheets; the wide ones too, in Chinese ones.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_also(folder: Path, stem: str, tables: Mapping[str, pd.DataFrame], formats: Collection[str]) -> None:
    """Write each table as `STEM-TABLE.parquet` and `STEM-TABLE.csv`, as asked for.

    Numbers are whole. GeoParquet holds the geometry in the working CRS; CSV holds `x` and `y` of a point on each
    feature instead, in the same CRS. CSV is UTF-8 with a byte order mark, and a text that a spreadsheet would take for
    a formula begins with an apostrophe.
    """
    for name, frame in tables.items():
        if "parquet" in formats:
            _flat(frame).to_parquet(folder / f"{stem}-{name}.parquet", index=False)
        if "csv" in formats:
            rows = _flat(_placed(frame)).map(harmless)
            file = folder / f"{stem}-{name}.csv"
            rows.to_csv(file, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose lists are JSON and whose texts hold nothing that cannot be written."""
    geometry = frame.geometry.name if isinstance(frame, gpd.GeoDataFrame) else None
    texts = [name for name in frame.columns if name != geometry and not pd.api.types.is_numeric_dtype(frame[name])]
    return frame.assign(**{name: frame[name].map(_written) for name in texts})


def _written(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list | tuple | dict):
        return plain(json.dumps(value, ensure_ascii=False))
    return value


def _placed(frame: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(frame, gpd.GeoDataFrame):
        return frame
    points = shapely.point_on_surface(frame.geometry.to_numpy())
    plain_rows = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    return plain_rows.assign(x=shapely.get_x(points), y=shapely.get_y(points))


def harmless(value: Any) -> Any:
    """Return a value for CSV: a text that a spreadsheet would take for a formula begins with an apostrophe."""
    if isinstance(value, str) and value.lstrip(" \u3000\ufeff").startswith(_FORMULA):
        return f"'{value}"
    return value
