"""Refuse a table of a file geodatabase whose files do not belong together, or were cut or filled up with zeros.

GDAL gives the rows it can find, and none where a file was damaged, without a word.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyogrio
from numpy.typing import NDArray

from gis_planning.errors import SourceError
from gis_planning.formats.read.mapped import bytes_of, numbers_at

#: The table that lists all others; the number of a row is that of the files of a table.
_CATALOG = "GDB_SystemCatalog"
_BY_INDEX = "OPENFILEGDB_USE_SPATIAL_INDEX"
_HEADING, _INDEX_HEADING, _ROWS_A_BLOCK = 40, 16, 1024
#: Version of the format of ArcGIS 10 and later; those before and after number their rows otherwise.
_KNOWN = 3


def refuse_damaged(source: Path, table: str) -> None:
    """Refuse a table whose rows are not where its index says, or not as many as it says.

    Read are headings, the index and the length before each row, no values.

    Raises
    ------
    SourceError
        With the file that does not fit.
    """
    files = _files_of(source, table)
    if files is None:
        return
    rows, index = files
    heading = bytes_of(rows)[:_HEADING].tobytes()
    if len(heading) < _HEADING:
        raise SourceError("source.gdb_cut", source=source, table=table, file=rows.name, size=len(heading))
    size, stated = rows.stat().st_size, int.from_bytes(heading[24:32], "little")
    if size < stated:
        raise SourceError("source.gdb_cut", source=source, table=table, file=rows.name, size=size)
    if int.from_bytes(heading[:4], "little") != _KNOWN:
        return
    starts = _starts(source, table, index)
    lengths = _lengths(rows, starts)
    count = int.from_bytes(heading[4:8], "little")
    if (lengths <= 0).any() or (starts + 4 + lengths > size).any():
        raise SourceError("source.gdb_cut", source=source, table=table, file=rows.name, size=size)
    if count != len(starts):
        raise SourceError(
            "source.gdb_disagrees", source=source, table=table, index=index.name, listed=len(starts), rows=count
        )
    given = int(pyogrio.read_info(source, layer=table, force_feature_count=True)["features"])
    if given != count:
        # At the end of the index stands which parts of it there are; GDAL passes over the others.
        raise SourceError("source.features_missing", source=source, table=table, features=count, read=given)
    order = np.argsort(starts)
    if (starts[order][1:] < (starts + 4 + lengths)[order][:-1]).any():
        raise SourceError(
            "source.gdb_disagrees", source=source, table=table, index=index.name, listed=len(starts), rows=count
        )


@contextmanager
def every_row_asked(file: Path) -> Iterator[None]:
    """Have GDAL find what lies on some land by asking every row, not the spatial index beside a table (.spx).

    An index of another export finds other rows or none, and nothing in it tells whose it is. It takes half a second
    for 120 000 rows.
    """
    if file.suffix.lower() != ".gdb":
        yield
        return
    pyogrio.set_gdal_config_options({_BY_INDEX: False})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({_BY_INDEX: None})


def _files_of(source: Path, table: str) -> tuple[Path, Path] | None:
    """Return the files of a table's rows and of their index; None where the catalog does not tell."""
    try:
        listed = pyogrio.read_dataframe(source, layer=_CATALOG, fid_as_index=True, read_geometry=False)
        number = int(listed.index[listed["Name"] == table][0])
    except (RuntimeError, ValueError, OSError, KeyError, IndexError):
        return None
    found = {file.name.lower(): file for file in source.iterdir()}
    rows, index = (found.get(f"a{number:08x}.{ending}") for ending in ("gdbtable", "gdbtablx"))
    for one, ending in ((rows, "gdbtable"), (index, "gdbtablx")):
        if one is None:
            raise SourceError("source.gdb_lacks", source=source, table=table, file=f"a{number:08x}.{ending}")
    return (rows, index) if rows is not None and index is not None else None


def _starts(source: Path, table: str, index: Path) -> NDArray[np.int64]:
    """Return where the rows of a table begin by its index; a row that was deleted is nowhere."""
    raw = bytes_of(index)
    heading = raw[:_INDEX_HEADING].tobytes()
    blocks, width = (int.from_bytes(heading[at : at + 4], "little") for at in (4, 12))
    end = _INDEX_HEADING + blocks * _ROWS_A_BLOCK * width
    if len(heading) < _INDEX_HEADING or not 4 <= width <= 8 or len(raw) < end:
        raise SourceError("source.gdb_cut", source=source, table=table, file=index.name, size=len(raw))
    wide = np.zeros((blocks * _ROWS_A_BLOCK, 8), dtype=np.uint8)
    wide[:, :width] = raw[_INDEX_HEADING:end].reshape(-1, width)
    starts = wide.view("<i8").reshape(-1)
    found: NDArray[np.int64] = starts[starts != 0].astype(np.int64)
    return found


def _lengths(rows: Path, starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the length before each row; 0 where there is none."""
    raw = bytes_of(rows)
    there = (starts >= _HEADING) & (starts + 4 <= len(raw))
    lengths = np.zeros(len(starts), dtype=np.int64)
    lengths[there] = numbers_at(raw, starts[there], "<i4")
    return lengths
