"""Count what a source holds by its own account, for what a driver leaves out it leaves out without a word."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import shapely

from gis_planning.errors import FeatureError, SourceError
from gis_planning.formats.condition import quoted
from gis_planning.formats.read import shape_records, shapefile
from gis_planning.texts import text

if TYPE_CHECKING:
    import geopandas as gpd

#: Sources whose driver states a number that it did not get by reading.
_STATED = {".fgb", ".gdb"}
_JSON = {".geojson", ".json"}


_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class Counted:
    """How many features a table has, and how many of them have a shape (None where that is not told)."""

    features: int
    shapes: int | None = None


def counted(source: Path, table: str, stated: int) -> Counted | None:
    """Return what a table holds, counted beside its driver; None where nothing tells.

    Parameters
    ----------
    stated
        The number of features by the driver, below 0 if it does not know.
    """
    suffix = source.suffix.lower()
    if suffix == ".shp":
        return _of_shapefile(source)
    if suffix == ".gpkg":
        return _of_geopackage(source, table)
    if suffix in _JSON:
        return _of_geojson(source)
    return Counted(stated) if suffix in _STATED and stated >= 0 else None


def refuse_fewer(file: Path, source: Path, table: str, frame: gpd.GeoDataFrame, stated: int) -> None:
    """Refuse a whole table of which not every feature, or not every shape, was read from a file.

    Messages call the file by the source of which it may be a copy.

    Raises
    ------
    SourceError
        Features are missing.
    FeatureError
        Shapes are.
    """
    there = counted(file, table, stated)
    if there is None:
        return
    if there.features != len(frame):
        raise SourceError(
            "source.features_missing", source=source, table=table, features=there.features, read=len(frame)
        )
    none = shapely.is_missing(frame.geometry.to_numpy()) if "geometry" in frame.columns else None
    if none is None or there.shapes is None or len(frame) - int(none.sum()) >= there.shapes:
        return
    lost = there.shapes - len(frame) + int(none.sum())
    features = [str(one) for one in frame.index[none][:5]]
    facts = {"count": lost, "features": features, "reason": text("source.shape_unread")}
    raise FeatureError("source.broken_geometry", source=source, table=table, **facts)


def index_is_whole(source: Path, table: str) -> bool:
    """Say whether a spatial index beside the features may be believed; an old one finds fewer."""
    if source.suffix.lower() == ".shp":
        return all(shapefile.part(source, suffix) is None for suffix in (".qix", ".sbn"))
    if source.suffix.lower() != ".gpkg":
        return True
    return _ask(source, lambda file: _whole_index(file, table)) is not False


def _whole_index(file: sqlite3.Connection, table: str) -> bool:
    """Say whether as many shapes are in the index of a GeoPackage as in its table; one without an index has a whole."""
    column = _column(file, table)
    index = f"rtree_{table}_{column}"
    if column is None or not _rows(file, "SELECT 1 FROM sqlite_master WHERE name = ?", index):
        return True
    # A shape without points is in no index; bit 4 of its flags is set.
    hollow = f"hex(substr({quoted(column)}, 4, 1)) GLOB '[13579BDF]?'"
    there = f"SELECT count(*) FROM {quoted(table)} WHERE {quoted(column)} IS NOT NULL AND NOT {hollow}"  # noqa: S608
    return bool(_rows(file, f"SELECT count(*) FROM {quoted(index)}") == _rows(file, there))  # noqa: S608 - quoted


def _of_shapefile(source: Path) -> Counted | None:
    dbf = shapefile.part(source, ".dbf")
    if dbf is None:
        return None
    gone = shape_records.deleted_rows(dbf)
    drawn = shape_records.listed(source).drawn
    drawn[gone] = False
    return Counted(len(drawn) - len(gone), int(drawn.sum()))


def _of_geopackage(source: Path, table: str) -> Counted | None:
    def ask(file: sqlite3.Connection) -> Counted:
        column = _column(file, table)
        shapes = f"count({quoted(column)})" if column is not None else "NULL"
        return Counted(*_rows(file, f"SELECT count(*), {shapes} FROM {quoted(table)}")[0])  # noqa: S608 - quoted

    return _ask(source, ask)


def _ask(source: Path, question: Callable[[sqlite3.Connection], _Answer]) -> _Answer | None:
    """Return what a GeoPackage answers as the database it is; None where SQLite alone cannot tell."""
    try:
        with contextlib.closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as file:
            return question(file)
    except sqlite3.Error:
        return None


def _rows(file: sqlite3.Connection, sql: str, *values: str) -> list[Any]:
    return file.execute(sql, values).fetchall()


def _column(file: sqlite3.Connection, table: str) -> str | None:
    rows = _rows(file, "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", table)
    return str(rows[0][0]) if rows else None


def _of_geojson(source: Path) -> Counted | None:
    try:
        told = json.loads(source.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except ValueError:
        return None
    features = told.get("features") if isinstance(told, dict) and told.get("type") == "FeatureCollection" else None
    if not isinstance(features, list):
        return None
    return Counted(
        len(features), sum(isinstance(feature, dict) and feature.get("geometry") is not None for feature in features)
    )
