"""Refuse a shapefile whose files do not belong together: the shapes, their index and their table tell of each other.

GDAL believes the index (.shx): an older one gives fewer shapes, and rows of another table give other names, without a
word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis_planning.errors import SourceError
from gis_planning.formats.read import shapefile
from gis_planning.formats.read.mapped import bytes_of, floats_at, numbers_at

_CODE = 9994
_HEADING = 100
#: Before the content of a record stand its number and its length.
_BEFORE = 8
#: Types of shapes by their number: what may be empty, and those that have parts.
_NO_SHAPE = 0
_WITH_PARTS = (3, 5, 13, 15, 23, 25)
#: Of a shape with parts: type, bounds, how many parts, how many points.
_PARTS_FROM = 44
_DELETED = ord("*")
#: What a number is below of which the highest byte became zero.
_NOTHING = 1e-300


@dataclass(frozen=True)
class Records:
    """The records of the shapes as the index lists them: where each one's content begins, and its bytes."""

    file: Path
    start: NDArray[np.int64]
    size: NDArray[np.int64]

    def numbers(self, at: NDArray[np.intp], offset: int) -> NDArray[np.int64]:
        """Return the numbers of four bytes that stand at an offset in the content of some records."""
        return numbers_at(bytes_of(self.file), self.start[at] + offset, "<i4")

    @property
    def drawn(self) -> NDArray[np.bool_]:
        """Say of each record whether there is a shape in it: its type is one, and it has parts if that type has."""
        type_ = self.numbers(np.arange(len(self.start)), 0)
        found: NDArray[np.bool_] = type_ != _NO_SHAPE
        at = np.flatnonzero(np.isin(type_, _WITH_PARTS) & (self.size >= _PARTS_FROM))
        found[at] = self.numbers(at, _PARTS_FROM - 4) > 0
        return found


def refuse_disagreeing(source: Path) -> None:
    """Refuse a shapefile of files of several exports, or one that was cut.

    Read and compared are headers and lengths, no shape and no value. Sound are bytes after the stated length, a .dbf
    with or without its mark of the end, rows marked as deleted, and shapes that were moved to the end of the file when
    they were edited, as long as the place they left is not listed.

    Raises
    ------
    SourceError
        With the file that does not fit.
    """
    dbf = shapefile.part(source, ".dbf")
    if dbf is None:
        return
    found = listed(source)
    heading = shapefile.read_heading(dbf)
    if heading.rows != len(found.start):
        raise SourceError("source.rows_disagree", source=source, shapes=len(found.start), rows=heading.rows)
    stated, size = heading.heading + heading.rows * heading.record, dbf.stat().st_size
    if size < stated:
        raise SourceError("source.file_cut", source=source, file=dbf.name, stated=stated, size=size)
    if (row := _zeroed_from(dbf, heading.heading, heading.rows, heading.record)) is not None:
        raise SourceError("source.rows_zeroed", source=source, file=dbf.name, row=row + 1, rows=heading.rows)


def _zeroed_from(dbf: Path, begin: int, rows: int, record: int) -> int | None:
    """Return the row from which on a table is filled up with zeros, None where it is not.

    A row begins with a blank or a star. Fields may end in zeros, so the last row alone is doubted only where the mark
    of the end after it is a zero too, and the first row ends in none.
    """
    if not rows or not record:
        return None
    raw = bytes_of(dbf)
    table = raw[begin : begin + rows * record].reshape(rows, record)
    hollow = np.flatnonzero(table[:, 0] == 0)
    hollow = hollow[~table[hollow].any(axis=1)]
    if len(hollow):
        return max(int(hollow[0]) - 1, 0)
    after = raw[begin + rows * record : begin + rows * record + 1]
    ends_in_zeros = len(after) and not after[0] and not table[-1, -1] and table[0, -1]
    return rows - 1 if ends_in_zeros else None


def deleted_rows(dbf: Path) -> NDArray[np.intp]:
    """Return the numbers, from 0, of the rows of a table that are marked as deleted."""
    heading = shapefile.read_heading(dbf)
    if not heading.rows:
        return np.arange(0)
    raw = bytes_of(dbf)[heading.heading :][: heading.rows * heading.record : heading.record]
    return np.flatnonzero(raw == _DELETED)


def listed(source: Path) -> Records:
    """Return the records that the index lists, each of them found where it says.

    Raises
    ------
    SourceError
        One is not there, or the shapes hold more.
    """
    shx = shapefile.part(source, ".shx") or source
    shapes, index = bytes_of(source), bytes_of(shx)
    end = _stated_end(source, source, shapes)
    entries = np.frombuffer(index[_HEADING : _stated_end(source, shx, index)].tobytes(), ">u4").astype(np.int64) * 2
    start, size = entries[: len(entries) // 2 * 2].reshape(-1, 2).T
    wrong = (start < _HEADING) | (size < 4) | (start + _BEFORE + size > end)
    at = np.where(wrong, _HEADING, start)
    number = np.zeros_like(at) if end < _HEADING + _BEFORE else numbers_at(shapes, at, ">u4")
    if len(at):
        wrong[~wrong] = numbers_at(shapes, at[~wrong] + 4, ">u4") * 2 != size[~wrong]
    # One after the other they need no numbers; otherwise each must have its own.
    after = np.concatenate([[_HEADING], start + _BEFORE + size])
    in_order = bool((start == after[:-1]).all())
    if not in_order:
        wrong |= number != np.arange(1, len(start) + 1)
    if wrong.any():
        raise SourceError("source.index_disagrees", source=source, shx=shx.name, shape=int(np.argmax(wrong)) + 1)
    if (more := _unlisted(shapes, np.column_stack([start, start + _BEFORE + size]), end)) is not None:
        raise SourceError("source.index_lacks", source=source, shx=shx.name, listed=len(start), offset=more)
    found = Records(source, start + _BEFORE, size)
    _refuse_short(source, found)
    return found


def _stated_end(source: Path, file: Path, raw: Any) -> int:
    """Return where a file ends by its own heading."""
    heading = raw[:_HEADING].tobytes()
    stated = int.from_bytes(heading[24:28], "big") * 2
    if len(heading) < _HEADING or len(raw) < stated:
        raise SourceError("source.file_cut", source=source, file=file.name, stated=max(stated, _HEADING), size=len(raw))
    if int.from_bytes(heading[:4], "big") != _CODE or stated < _HEADING:
        raise SourceError("source.not_what_it_says", source=file, format=file.suffix.lower().lstrip("."))
    return stated


def _unlisted(shapes: Any, taken: NDArray[np.int64], end: int) -> int | None:
    """Return where a record lies between or after those that are listed, None where there is none.

    What was left there when a shape was moved has the number of one that is listed.
    """
    taken = taken[np.argsort(taken[:, 0])]
    begin = np.concatenate([[_HEADING], taken[:, 1]])
    until = np.concatenate([taken[:, 0], [end]])
    own_type = int.from_bytes(shapes[32:36].tobytes(), "little")
    wide = until - begin >= _BEFORE + 4
    for at, stop in zip(begin[wide].tolist(), until[wide].tolist(), strict=True):
        for number, place in _chain(shapes, at, stop, own_type):
            if not 1 <= number <= len(taken):
                return place
    return None


def _chain(shapes: Any, at: int, stop: int, own_type: int) -> Iterator[tuple[int, int]]:
    """Yield number and place of the records that follow each other from one place to another."""
    while at + _BEFORE + 4 <= stop:
        number, words = np.frombuffer(shapes[at : at + _BEFORE].tobytes(), ">u4").tolist()
        type_ = int.from_bytes(shapes[at + _BEFORE : at + _BEFORE + 4].tobytes(), "little")
        if words < 2 or at + _BEFORE + 2 * words > stop or type_ not in {_NO_SHAPE, own_type}:
            return
        yield number, at
        at += _BEFORE + 2 * words


def _refuse_short(source: Path, found: Records) -> None:
    """Refuse shapes that state more points than their records hold."""
    long = np.flatnonzero(found.size >= _PARTS_FROM)
    long = long[np.isin(found.numbers(long, 0), _WITH_PARTS)]
    parts, points = found.numbers(long, _PARTS_FROM - 8), found.numbers(long, _PARTS_FROM - 4)
    short = (parts < 0) | (points < 0) | (_PARTS_FROM + 4 * parts + 16 * points > found.size[long])
    if short.any():
        shape = int(long[np.argmax(short)]) + 1
        raise SourceError("source.shape_cut", source=source, shape=shape, count=int(short.sum()))
    held = points > 0
    _refuse_zeroed(source, found, long[held], _PARTS_FROM + 4 * parts[held] + 16 * points[held])


def _refuse_zeroed(source: Path, found: Records, at: NDArray[np.intp], end: NDArray[np.int64]) -> None:
    """Refuse shapes whose last point ends in zeros far from the bounds that they state themselves.

    Blocks that were never written are zeros; a number of which they took the end is next to nothing.
    """
    raw = bytes_of(found.file)
    last = floats_at(raw, found.start[at] + end - 8)
    low = floats_at(raw, found.start[at] + 12)
    zeroed = (np.abs(last) < _NOTHING) & (low > 1.0)
    if zeroed.any():
        shape = int(at[np.argmax(zeroed)]) + 1
        raise SourceError("source.shape_zeroed", source=source, shape=shape, count=int(zeroed.sum()))
