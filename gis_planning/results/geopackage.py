"""Write tables and surfaces into a GeoPackage: what stands in a layer again and again is written once."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from gis_planning.outputs.book import quoted
from gis_planning.outputs.moment import stamped
from gis_planning.results.rasters import write_surfaces
from gis_planning.results.surface import Surface

#: Ends of the names of the tables of which a layer is a view: its rows, and the shapes and words they name by number.
ROWS, SHAPES, WORDS = "_rows", "_shapes", "_words"
#: The column by which a row names its shape, and the one that holds a word.
_SHAPE, _WORD = "shape_number", "word"
#: A text that is named takes about so many bytes in its row.
_NAMED_BYTES = 3


@dataclass(frozen=True)
class _Parts:
    """A layer taken apart.

    Attributes
    ----------
    shapes
        Every shape once, with what is always said of it.
    rows
        What is said of a shape for one clause and another.
    words
        Texts that stand in many rows, which name them by number.
    named
        The columns that do.
    """

    shapes: gpd.GeoDataFrame
    rows: pd.DataFrame
    words: pd.DataFrame
    named: tuple[str, ...]

    def column(self, name: str) -> str:
        """Return a column of the layer in SQL."""
        if name in self.named:
            return f"w{self.named.index(name)}.{_WORD} AS {quoted(name)}"
        return f"{'s' if name in self.shapes.columns else 'r'}.{quoted(name)}"


def write_tables(path: Path, tables: Mapping[str, pd.DataFrame], rasters: Mapping[str, Surface] | None = None) -> None:
    """Write tables, with and without geometry, and surfaces into one GeoPackage.

    Where shapes of a layer stand in it again and again, for one clause and another, each is written once, and the layer
    is a view of rows and shapes, which GDAL and QGIS read as they read a table. A table of no rows that nobody gave
    columns is left out.
    """
    with _at_once(path):
        for name, frame in tables.items():
            if len(frame.columns):
                _layer(path, name, frame)
        write_surfaces(path, rasters or {})


@contextmanager
def _at_once(path: Path) -> Iterator[None]:
    """Have a new file put on the disk when it is whole, not after each of its tables; all of them state one moment."""
    option = "OGR_SQLITE_SYNCHRONOUS"
    before = pyogrio.get_gdal_config_option(option)
    pyogrio.set_gdal_config_options({option: "OFF"})
    try:
        with stamped():
            yield
    finally:
        pyogrio.set_gdal_config_options({option: before})
    if path.exists():
        with path.open("rb+") as written:
            os.fsync(written.fileno())


def _layer(path: Path, name: str, frame: pd.DataFrame) -> None:
    """Write a table, in parts where its shapes stand in it again and again."""
    parts = _parts(frame) if isinstance(frame, gpd.GeoDataFrame) else None
    if parts is None:
        _write(path, name, frame)
        return
    for end, table in ((SHAPES, parts.shapes), (ROWS, parts.rows), (WORDS, parts.words)):
        if end != WORDS or len(table):
            _write(path, name + end, table, **({"SPATIAL_INDEX": "NO"} if end == SHAPES else {}))
    _view(path, name, parts, list(frame.columns.drop(frame.geometry.name)))


def _write(path: Path, name: str, table: pd.DataFrame, **options: Any) -> None:
    if not isinstance(table, gpd.GeoDataFrame):
        # Said aloud, for beside tables that are not listed GDAL would not list these either.
        options = {"ASPATIAL_VARIANT": "GPKG_ATTRIBUTES"}
    pyogrio.write_dataframe(table, path, layer=name, driver="GPKG", append=path.exists(), **options)


def _parts(frame: gpd.GeoDataFrame) -> _Parts | None:
    """Take a layer apart; None where too few rows share a shape."""
    geometry = frame.geometry.to_numpy()
    number, kinds = pd.factorize(pd.Series(shapely.to_wkb(geometry), dtype=object))
    if len(kinds) * 3 > len(frame) * 2:
        return None
    first = np.flatnonzero((number >= 0) & ~pd.Series(number).duplicated().to_numpy())
    rows = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    plain = [column for column in rows.columns if not _holds_lists(rows[column])]
    same = [column for column in plain if (number >= 0).all() and _same(number, rows[column], len(kinds))]
    shapes = gpd.GeoDataFrame(rows[same].iloc[first].reset_index(drop=True), geometry=geometry[first], crs=frame.crs)
    rows = rows.drop(columns=same)
    named = tuple(column for column in plain if column not in same and _repeats(rows[column]))
    words = pd.unique(pd.concat([rows[column].dropna() for column in named])) if named else []
    place = pd.Series(np.arange(1, len(words) + 1), index=words, dtype="Int64")
    rows = rows.assign(**{column: rows[column].map(place).astype("Int64") for column in named}, **{_SHAPE: number + 1})
    return _Parts(shapes, rows, pd.DataFrame({_WORD: np.array(words, dtype=object)}), named)


def _holds_lists(values: pd.Series) -> bool:
    # By kinds, of which there are few, not by cells.
    return values.dtype == object and any(
        issubclass(kind, list | tuple | dict | np.ndarray) for kind in set(map(type, values))
    )


def _same(number: Any, values: pd.Series, kinds: int) -> bool:
    """Say whether the same is said of a shape wherever it stands."""
    plain = values.dtype.kind in "iuf" and isinstance(values.dtype, np.dtype) and not values.hasnans
    said = values.to_numpy() if plain else pd.factorize(values)[0]
    first = np.zeros(kinds, dtype=said.dtype)
    first[number[::-1]] = said[::-1]
    return bool((said == first[number]).all())


def _repeats(values: pd.Series) -> bool:
    """Say whether texts would take less room by number than as they are."""
    there = values.dropna()
    if not len(there) or pd.api.types.is_numeric_dtype(values) or not _all_texts(there):
        return False
    return int(there.str.len().sum()) > 2 * (int(there.drop_duplicates().str.len().sum()) + _NAMED_BYTES * len(there))


def _all_texts(values: pd.Series) -> bool:
    return isinstance(values.dtype, pd.StringDtype) or all(issubclass(kind, str) for kind in set(map(type, values)))


def _view(path: Path, name: str, parts: _Parts, columns: list[str]) -> None:
    """Make a layer of its parts, and let it alone be listed."""
    shapes, rows, words = (quoted(name + end) for end in (SHAPES, ROWS, WORDS))
    chosen = "".join(f", {parts.column(one)}" for one in columns)
    joined = "".join(f" LEFT JOIN {words} w{at} ON w{at}.fid = r.{quoted(one)}" for at, one in enumerate(parts.named))
    made = (name + SHAPES, name + ROWS, name + WORDS)
    with closing(sqlite3.connect(path)) as book, book:
        run = book.execute
        run("PRAGMA synchronous = OFF")
        run(
            f"CREATE VIEW {quoted(name)} AS SELECT r.fid AS OGC_FID, s.geom AS geom{chosen} "  # noqa: S608 - quoted
            f"FROM {rows} r LEFT JOIN {shapes} s ON s.fid = r.{_SHAPE}{joined}"
        )
        for table in ("gpkg_geometry_columns", "gpkg_contents"):
            (told,) = run(f"SELECT * FROM {table} WHERE table_name = ?", (name + SHAPES,)).fetchall()  # noqa: S608
            run(f"DELETE FROM {table} WHERE table_name IN (?, ?, ?)", made)  # noqa: S608
            heads = [row[1] for row in run(f"PRAGMA table_info({table})")]
            told = [
                name if head in {"table_name", "identifier"} else value for head, value in zip(heads, told, strict=True)
            ]
            run(f"INSERT INTO {table} VALUES ({', '.join('?' * len(told))})", told)  # noqa: S608
        run("DELETE FROM gpkg_ogr_contents WHERE table_name IN (?, ?, ?)", made)
