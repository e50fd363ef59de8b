"""Read tables of points (CSV, Excel) as they were delivered, and place them in WGS84."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from gis_planning.conventions import facts, kinds
from gis_planning.conventions.facilities import without_brackets
from gis_planning.errors import FeatureError, LayerError, ManyTablesError, NoTableError, SourceError
from gis_planning.formats.datum import DATUMS, to_wgs84
from gis_planning.formats.read.cells import Unread, half_width, number, refuse_unread
from gis_planning.formats.read.deliveries import Notes
from gis_planning.formats.read.tables import SEPARATORS, SUFFIXES, decode, note_hidden, note_open_end, split
from gis_planning.formats.read.vector import Delivered, look_before_reading, rows_where
from gis_planning.formats.read.workbook import EXCEL, Book, Row, open_book
from gis_planning.outputs.names import apart

if TYPE_CHECKING:
    import geopandas as gpd

#: Our names of the columns that place a row; every other field of county.toml is an attribute.
COORDINATES = frozenset({"lon", "lat", "location"})
#: The heading is one of the first rows that hold anything; titles may stand above it.
HEADING_WITHIN = 10
#: So many rows tell what the columns are.
TOLD_WITHIN = 50


@dataclass(frozen=True)
class _Table:
    """The text of a table: its heading, its rows with their numbers, and which columns hold the coordinates."""

    names: list[str]
    rows: list[Row]
    lon: int
    lat: int


def _known_datum(datum: str | None, source: Path) -> str:
    if datum is None:
        raise SourceError("points.no_datum", source=source, datums=list(DATUMS))
    if datum not in DATUMS:
        raise SourceError("points.unknown_datum", source=source, datum=datum, datums=list(DATUMS))
    return datum


def read_points(
    source: Path,
    *,
    datum: str | None,
    table: str | None = None,
    where: str | None = None,
    fields: Mapping[str, str] | None = None,
) -> Delivered:
    """Read a table of points, every column as the text that was delivered, with points in WGS84.

    The frame's index holds the row numbers a person sees in the sheet; rows that are blank do not count as features.
    A row with no coordinates, or with 0, 0, has no geometry.

    Parameters
    ----------
    source
        A .csv or .tsv file (UTF-8, UTF-16 with a byte order mark, or GB18030) or an .xlsx file.
    datum
        One of `datum.DATUMS`, as county.toml states it.
    table
        The sheet; may be left out when there is only one.
    where
        An SQL condition on the source's own columns, which are all text.
    fields
        The columns of the coordinates where their names say nothing: `lon` and `lat`, or `location` for "lon,lat" in
        one. Other keys are left alone.

    Raises
    ------
    SourceError
        The datum is not stated or not known, or the file is no table of points.
    LayerError
        The sheet or the coordinate columns cannot be found, or there are no rows.
    FeatureError
        A row has a coordinate that is none.
    """
    datum = _known_datum(datum, source)
    look_before_reading(source)
    if source.suffix.lower() not in SUFFIXES or not source.is_file():
        raise SourceError("points.not_a_table", source=source)
    encoding, notes = None, Notes(source)
    if source.suffix.lower() in EXCEL:
        rows, table = _read_sheet(source, table, notes)
        found = _tabulate(rows, source, datum, fields or {})
    else:
        if table not in {None, source.stem}:
            raise NoTableError("source.missing_table", source=source, table=table, tables=[source.stem])
        text, encoding = decode(source)
        found = _read_text(text, source, datum, fields or {})
        note_open_end(text, found.rows, notes)
        table = None
    if not found.rows:
        raise LayerError("points.empty", source=source)
    _settle(found, source, {*(fields or {}).values()}, where or "", notes)
    frame = _frame(found, source, datum)
    if where is not None:
        frame = _filtered(frame, source, where)
    for row in frame.index[shapely.is_missing(frame.geometry.to_numpy())]:
        notes.add("points.without_place", row)
    return Delivered(frame, pyproj.CRS.from_epsg(4326), table, encoding, {}, notes.texts())


def told_datums(source: Path, *, table: str | None = None) -> tuple[str, ...]:
    """Return the datums that the columns of coordinates of a table of points name: one, several, or none.

    Raises
    ------
    InputError
        It is no table of points.
    """
    if source.suffix.lower() in EXCEL:
        rows, _ = _read_sheet(source, table, Notes(source))
        found = partial(_tabulate, rows[:TOLD_WITHIN])
    else:
        text, _ = decode(source)
        # A quoted cell may go over lines, which are not parted then.
        found = partial(_read_text, text if '"' in text else "\n".join(text.splitlines()[:TOLD_WITHIN]))
    fitting, told = [], []
    for datum in DATUMS:
        try:
            heading = found(source, datum, {}).names
        except LayerError as fault:
            if fault.text.key != "points.other_datum":
                raise
            continue
        fitting.append(datum)
        named = {own for name in heading for _, own in _role(name)}
        told += [datum] if datum in named else []
    return tuple(told or (() if len(fitting) == len(DATUMS) else fitting))


# -- from the file to rows of text


def _read_text(text: str, source: Path, datum: str, fields: Mapping[str, str]) -> _Table:
    """Read separated text with the separator under which a heading is found; the most frequent one is tried first."""
    top = text[:10_000]
    candidates = sorted(SEPARATORS, key=lambda one: -top.count(one))
    for separator in candidates:
        try:
            heading = next(_headings(split(text, separator, source), datum, fields, source), None)
        except FeatureError:
            continue
        except LayerError:
            break
        if heading is not None:
            break
    else:
        separator = candidates[0]
    rows = list(split(text, separator, source))
    found = _tabulate(rows, source, datum, fields)
    width, other = len(found.names), {",": "，", "，": ","}.get(separator)
    for at, (row, cells) in enumerate(found.rows):
        again = other.join(str(cell or "") for cell in cells).split(other) if other else []
        if other and len(cells) < width == len(again):
            found.rows[at] = row, [cell or None for cell in again]
        elif any(cell and cell.strip() for cell in cells[width:]):
            raise FeatureError(
                "points.too_many_cells", source=source, row=row, cells=len(cells), columns=width, separator=separator
            )
    return found


def _read_sheet(source: Path, table: str | None, notes: Notes) -> tuple[list[Row], str]:
    with open_book(source) as book:
        read = book.rows(_choose_sheet(book, source, table))
        note_hidden(book, [read], notes)
        return read.rows, read.title


def _choose_sheet(book: Book, source: Path, table: str | None) -> str:
    """Return the sheet that is named, else the only one that a person sees."""
    if table is not None and table not in book.sheets:
        raise NoTableError("source.missing_table", source=source, table=table, tables=list(book.sheets))
    if table is None and not book.visible:
        raise SourceError("source.no_table", source=source)
    if table is None and len(book.visible) > 1:
        raise ManyTablesError("source.which_table", source=source, tables=book.visible)
    return table if table is not None else book.visible[0]


# -- from rows to a table


def _tabulate(rows: Sequence[Row], source: Path, datum: str, fields: Mapping[str, str]) -> _Table:
    filled = [(row, cells) for row, cells in rows if any(cell is not None and cell.strip() for cell in cells)]
    heading = next(_headings(iter(filled), datum, fields, source), None)
    if heading is None:
        if not filled:
            raise LayerError("points.empty", source=source)
        columns = [_short(cell) for cell in filled[0][1] if cell]
        if named := [name for key, name in fields.items() if key in COORDINATES]:
            lost = next((name for name in named if name not in columns), named[0])
            raise LayerError("points.missing_column", source=source, column=lost, columns=columns)
        raise LayerError("points.no_columns", source=source, columns=columns)
    head_row, (lon, lat) = heading
    names = next(cells for row, cells in filled if row == head_row)
    body = [(row, cells) for row, cells in filled if row > head_row]
    while names and names[-1] is None:
        names = names[:-1]
    if source.suffix.lower() in EXCEL:
        names = names + [None] * (max((len(cells) for _, cells in body), default=0) - len(names))
    return _Table(_distinct(names), body, lon, lat)


def _headings(
    rows: Iterator[Row], datum: str, fields: Mapping[str, str], source: Path
) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield the number of each early row that is a heading, with the positions of its coordinate columns."""
    filled = ((row, cells) for row, cells in rows if any(cells))
    for row, cells in islice(filled, HEADING_WITHIN):
        found = _coordinate_columns([cell or "" for cell in cells], datum, fields, source)
        if found is not None:
            yield row, found


def _coordinate_columns(
    names: list[str], datum: str, fields: Mapping[str, str], source: Path
) -> tuple[int, int] | None:
    """Return the positions of longitude and latitude in a heading, twice the same for one combined column."""
    if stated := {key: name for key, name in fields.items() if key in COORDINATES}:
        return _stated_columns(names, stated, source)
    roles: dict[str, list[tuple[int, str | None]]] = {}
    for position, name in enumerate(names):
        for role, named_datum in _role(name):
            roles.setdefault(role, []).append((position, named_datum))
    others: list[str] = []
    for pair in (("lon0", "lat0"), ("location", "location"), ("lon1", "lat1")):
        if not all(role in roles for role in pair):
            continue
        fitting = [_fitting(roles[role], datum) for role in pair]
        if all(len(one) == 1 for one in fitting):
            return fitting[0][0], fitting[1][0]
        if all(fitting):
            columns = [names[at] for at in sorted({at for one in fitting for at in one})]
            raise LayerError("points.two_columns", source=source, columns=columns)
        others += [names[at] for role in dict.fromkeys(pair) for at, _ in roles[role]]
    if others:
        raise LayerError("points.other_datum", source=source, datum=datum, columns=others)
    return None


def _stated_columns(names: list[str], stated: Mapping[str, str], source: Path) -> tuple[int, int] | None:
    """Return the positions of the columns that county.toml names."""
    plain = [name.strip().lower() for name in names]
    at = {key: plain.index(name.strip().lower()) for key, name in stated.items() if name.strip().lower() in plain}
    if twice := [names[one] for one in at.values() if plain.count(plain[one]) > 1]:
        raise LayerError("points.twice_named", source=source, columns=list(dict.fromkeys(twice)))
    if "location" in at:
        return at["location"], at["location"]
    return (at["lon"], at["lat"]) if {"lon", "lat"} <= at.keys() else None


def _fitting(columns: list[tuple[int, str | None]], datum: str) -> list[int]:
    """Return the columns that name the stated datum, else those that name none."""
    family = {"CGCS2000": "WGS84"}
    stated = family.get(datum, datum)
    same = [at for at, named in columns if named is not None and family.get(named, named) == stated]
    return same or [at for at, named in columns if named is None]


def _role(name: str) -> list[tuple[str, str | None]]:
    """Return which coordinate a column's name says it holds, and in which datum if it says so."""
    aliases, words = _aliases()
    plain = unicodedata.normalize("NFKC", name)
    for key in (_squash(plain), _squash(without_brackets(plain))):
        for word, datum in ((None, None), *words):
            for rest in (key,) if word is None else (key.removesuffix(word), key.removeprefix(word)):
                if rest in aliases and (word is None or rest != key):
                    return [(aliases[rest], datum)]
    return []


@cache
def _aliases() -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    table = facts("facilities")["points"]
    aliases = {_squash(alias): "location" for alias in table["locations"]}
    for group, columns in enumerate(table["columns"]):
        aliases |= {_squash(alias): f"{role}{group}" for role in ("lon", "lat") for alias in columns[role]}
    return aliases, tuple((_squash(word), datum) for datum, words in table["datum_words"].items() for word in words)


def _squash(name: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())


def _distinct(names: Sequence[str | None]) -> list[str]:
    """Return column names that differ even without regard to case, and are not those a frame has of its own."""
    taken = {"geometry", "row_"}
    distinct = []
    for position, name in enumerate(names, 1):
        distinct.append(apart((name or "").strip() or f"column_{position}", taken, "_"))
    return distinct


def _settle(table: _Table, source: Path, named: set[str], where: str, notes: Notes) -> None:
    """Refuse cells whose value cannot be known in columns that are used; empty them elsewhere, with a word."""
    heads = {name.casefold() for name in named} | {
        alias.casefold() for kind in kinds().values() for field in kind.fields for alias in field.aliases
    }
    for _, cells in table.rows:
        for at, cell in enumerate(cells):
            if isinstance(cell, Unread):
                name = table.names[at] if at < len(table.names) else ""
                if at in {table.lon, table.lat} or name.casefold() in heads or (name and name in where):
                    refuse_unread(cell, source)
                notes.add("tables.not_used", cell.place)
                cells[at] = None


# -- from a table to points


def _frame(table: _Table, source: Path, datum: str) -> gpd.GeoDataFrame:
    import geopandas as gpd  # noqa: PLC0415 - slow to import
    import pandas as pd  # noqa: PLC0415

    width = len(table.names)
    numbers = [row for row, _ in table.rows]
    cells = np.full((len(table.rows), width), None, dtype=object)
    for at, (_, row) in enumerate(table.rows):
        cells[at, : len(row)] = row[:width]
    lon, lat = _degrees(table, cells, source)
    geometry = np.full(len(numbers), None, dtype=object)
    there = ~np.isnan(lon)
    geometry[there] = shapely.points(*to_wgs84(lon[there], lat[there], datum))
    index = pd.Index(numbers, name="row")
    columns = {name: pd.Series(cells[:, at], index=index, dtype=object) for at, name in enumerate(table.names)}
    return gpd.GeoDataFrame(columns, geometry=geometry, crs="EPSG:4326", index=index)


def _filtered(frame: gpd.GeoDataFrame, source: Path, where: str) -> gpd.GeoDataFrame:
    import pandas as pd  # noqa: PLC0415 - slow to import

    try:
        return rows_where(frame, source, where)
    except (sqlite3.Error, pd.errors.DatabaseError) as fault:
        raise LayerError("source.bad_where", source=source, table="-", where=where, reason=fault) from None


def _degrees(table: _Table, cells: Any, source: Path) -> tuple[Any, Any]:
    """Return longitudes and latitudes as numbers, NaN in rows that have neither; refuse what is no place."""
    names = {"lon": table.names[table.lon], "lat": table.names[table.lat]}
    if table.lon == table.lat:
        texts = [_halves(cell) for cell in cells[:, table.lon]]
    else:
        texts = list(zip(cells[:, table.lon], cells[:, table.lat], strict=True))
    values = np.array([[_number(one) for one in pair] for pair in texts], dtype=object).reshape(-1, 2)
    rows = [row for row, _ in table.rows]

    def refuse(key: str, bad: Any, **facts: Any) -> None:
        if len(at := np.flatnonzero(bad)):
            lon, lat = (_short(text) for text in texts[at[0]])
            raise FeatureError(key, source=source, row=rows[at[0]], lon=lon, lat=lat, count=len(at), **facts)

    for side, (_, column) in enumerate(names.items()):
        wrong = np.array([isinstance(value, str) for value in values[:, side]])
        if wrong.any():
            refuse("points.not_a_number", wrong, column=column, value=_short(values[np.argmax(wrong), side]))
    lon, lat = values.astype(float).T
    nowhere = (lon == 0) & (lat == 0)
    lon[nowhere], lat[nowhere] = np.nan, np.nan
    refuse("points.half", np.isnan(lon) != np.isnan(lat))
    size = np.maximum(np.abs(lon), np.abs(lat))
    if (size > 360).sum() * 2 > (~np.isnan(size)).sum():
        refuse("points.not_degrees", size > 360, columns=list(dict.fromkeys(names.values())))
    refuse("points.swapped", (np.abs(lat) > 90) & (np.abs(lat) <= 180) & (np.abs(lon) <= 90))
    refuse("points.out_of_range", (np.abs(lon) > 180) | (np.abs(lat) > 90))
    return lon, lat


def _number(cell: str | None) -> float | str:
    """Return a coordinate as a number, NaN where there is none, or the text that is neither."""
    found, plain = number(cell), half_width(cell or "").strip()
    if found is not None:
        return found
    return float("nan") if plain.casefold() in facts("facilities")["points"]["no_value"] else plain or (cell or "")


def _halves(cell: str | None) -> tuple[str, str]:
    """Return the two numbers of a combined cell ("113.2,41.4"); what is no two numbers comes back as it is."""
    plain = half_width(cell or "").strip().strip("()[]")
    parts = [part for part in re.split(r"[\s,;、]+", plain) if part]
    return (parts[0], parts[1]) if len(parts) == 2 else (plain, plain if len(parts) != 1 else "")


def _short(cell: str | None) -> str:
    return (cell or "")[:40]
