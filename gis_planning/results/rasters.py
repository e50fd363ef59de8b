"""Write surfaces into a GeoPackage as rasters that GDAL and QGIS read."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from gis_planning.outputs.book import quoted
from gis_planning.outputs.moment import stamp
from gis_planning.results.surface import BLOCK, NOTHING, Surface

#: Where a GeoPackage tells of a raster, and by which column.
_TOLD = {
    "gpkg_contents": "table_name",
    "gpkg_tile_matrix_set": "table_name",
    "gpkg_tile_matrix": "table_name",
    "gpkg_2d_gridded_coverage_ancillary": "tile_matrix_set_name",
    "gpkg_extensions": "table_name",
}


def write_surfaces(file: Path, surfaces: Mapping[str, Surface]) -> None:
    """Add surfaces to a GeoPackage by name.

    The first of those that lie alike is written by GDAL; what it says of that one holds for the others, of which only
    the tiles differ. To open the file anew for each would take longer than all else.
    """
    firsts: dict[Any, str] = {}
    alike: dict[str, str] = {}
    for name, surface in surfaces.items():
        place = (surface.size_m, surface.left, surface.top, surface.rows, surface.columns, surface.crs)
        if place in firsts:
            alike[name] = firsts[place]
        else:
            firsts[place] = name
            _by_gdal(file, name, surface)
    if surfaces:
        with closing(sqlite3.connect(file)) as book, book:
            book.execute("PRAGMA synchronous = OFF")
            for name, first in alike.items():
                _as_another(book, name, first, surfaces[name])
            book.execute("UPDATE gpkg_2d_gridded_coverage_ancillary SET data_null = ?", (NOTHING,))


def _by_gdal(file: Path, name: str, surface: Surface) -> None:
    import rasterio  # noqa: PLC0415 - slow to import
    from rasterio.windows import Window  # noqa: PLC0415

    place: dict[str, Any] = {"width": surface.columns, "height": surface.rows, "transform": surface.transform()}
    # Of bytes a GeoPackage makes colours; of two bytes it keeps the numbers.
    form = {"count": 1, "dtype": "uint16", "TILE_FORMAT": "PNG", "BLOCKSIZE": BLOCK}
    table = {"RASTER_TABLE": name, "APPEND_SUBDATASET": "YES" if file.exists() else "NO"}
    with (
        rasterio.Env(OGR_SQLITE_SYNCHRONOUS="OFF", OGR_CURRENT_DATE=stamp()),
        rasterio.open(file, "w", driver="GPKG", crs=surface.crs, **place, **form, **table) as target,
    ):
        for row, column, picture in surface.pictures():
            top, left = row * BLOCK, column * BLOCK
            own = picture[: surface.rows - top, : surface.columns - left].astype(np.uint16)
            target.write(own, 1, window=Window(left, top, own.shape[1], own.shape[0]))


def _as_another(book: sqlite3.Connection, name: str, first: str, surface: Surface) -> None:
    """Add a surface that lies as another one does."""
    (made,) = book.execute("SELECT sql FROM sqlite_master WHERE name = ?", (first,)).fetchone()
    head, _, columns = str(made).partition("(")
    book.execute(head.replace(quoted(first), quoted(name)) + "(" + columns)
    for table, key in _TOLD.items():
        heads = [row[1] for row in book.execute(f"PRAGMA table_info({table})")]
        for row in book.execute(f"SELECT * FROM {table} WHERE {key} = ?", (first,)).fetchall():  # noqa: S608 - ours
            told = {
                head: name if head in {key, "identifier"} else value for head, value in zip(heads, row, strict=True)
            }
            told.pop("id", None)
            columns, marks = ", ".join(map(quoted, told)), ", ".join("?" * len(told))
            book.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", [*told.values()])  # noqa: S608 - quoted
    (zoom,) = book.execute("SELECT max(zoom_level) FROM gpkg_tile_matrix WHERE table_name = ?", (first,)).fetchone()
    for number, (column, row, image) in enumerate(_tiles(surface), 1):
        tile = (number, zoom, column, row, image)
        book.execute(f"INSERT INTO {quoted(name)} VALUES (?, ?, ?, ?, ?)", tile)  # noqa: S608 - quoted
        book.execute("INSERT INTO gpkg_2d_gridded_tile_ancillary (tpudt_name, tpudt_id) VALUES (?, ?)", (name, number))


def _tiles(surface: Surface) -> Iterator[tuple[int, int, bytes]]:
    """Yield the tiles of a surface that hold land: column, row, a PNG of two bytes a square."""
    from PIL import Image  # noqa: PLC0415 - slow to import

    for row, column, picture in surface.pictures():
        written = io.BytesIO()
        Image.fromarray(picture.astype(np.uint16)).save(written, format="PNG")
        yield column, row, written.getvalue()
