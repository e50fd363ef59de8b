"""Read vector tables as they were delivered, and refuse what is not what its name says."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import stat
import warnings
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FieldError
from pyogrio.errors import FeatureError as OgrFeatureError

from gis_planning.errors import CrsError, FeatureError, LayerError, ManyTablesError, NoTableError, SourceError
from gis_planning.formats import condition
from gis_planning.formats.read import (
    counts,
    gdb_tables,
    integers,
    json_lines,
    opening,
    osm_tables,
    parquet,
    shape_records,
    shapefile,
    windings,
)
from gis_planning.formats.read.area import Area
from gis_planning.geo import parse_crs
from gis_planning.texts import Text, text

if TYPE_CHECKING:
    import geopandas as gpd
    import pyproj

    from gis_planning.formats.address import Source

#: What we do not read, and the sentence that says how to get there.
UNREAD = {
    ".mdb": "mdb",
    ".accdb": "mdb",
    ".dwg": "dwg",
    ".rar": "rar",
    ".7z": "rar",
    ".wl": "mapgis",
    ".wp": "mapgis",
    ".wt": "mapgis",
    ".xls": "xls",
    ".udb": "supermap",
    ".udbx": "supermap",
}
#: The first bytes of formats that are easily taken for another.
BEGINNINGS = {
    ".gpkg": b"SQLite format 3\x00",
    ".shp": b"\x00\x00\x27\x0a",
    ".parquet": b"PAR1",
    ".geoparquet": b"PAR1",
    ".fgb": b"fgb",
    ".zip": b"PK",
    ".kmz": b"PK",
}
PARQUET = {".parquet", ".geoparquet"}
CURVES = "'CIRCULARSTRING','COMPOUNDCURVE','CURVEPOLYGON','MULTICURVE','MULTISURFACE'"
SIMPLE = {"Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"}


@dataclass(frozen=True)
class Lost:
    """Features that a source holds and its reader could not give: how many, and the first of them.

    They go by the source's own number, row or name. The reason is a sentence for a person that names source and table.
    """

    count: int
    features: tuple[str, ...]
    reason: Text


@dataclass(frozen=True)
class Delivered:
    """One table as it was delivered: every field and geometry untouched, in the source's CRS.

    The frame's index holds the source's own feature ids. `curved` gives the true area (source units, squared) of each
    feature whose curves the reader has straightened. `warnings` are what the reader has to say about the delivery.
    `names` are all fields of the table where not all were read. `sha256` is the fingerprint of a source that is no
    file. `lost` are features that could not be read; those without a shape are in the frame, and no part of it.
    `old_datum_told` says that the warnings speak of a datum before CGCS2000 already; `counted` that the ids only count
    the features of this file.
    """

    frame: gpd.GeoDataFrame
    crs: pyproj.CRS | None
    table: str | None
    encoding: str | None
    curved: dict[int, float]
    warnings: tuple[Text, ...] = ()
    names: tuple[str, ...] | None = None
    sha256: str | None = None
    lost: tuple[Lost, ...] = ()
    old_datum_told: bool = False
    counted: bool = False

    def called(self, source: Source) -> str:
        """Return what messages call the table: its name, or that of a file that holds nothing but one table."""
        return self.table or source.stem


@dataclass(frozen=True)
class Part:
    """Which part of a table is read, and how.

    Attributes
    ----------
    columns
        The fields to read, without regard to case; all, if left out.
    area
        The land whose features are read.
    crs
        The CRS of a source that states none; needed where there is an area.
    exact
        Keep the source's own types of values (whole numbers that may be missing, dates), rather than those of numpy.
    """

    columns: Collection[str] | None = None
    area: Area | None = None
    crs: pyproj.CRS | None = None
    exact: bool = False

    def chosen(self, names: Collection[str]) -> list[str] | None:
        """Return which of a table's fields to read, None for all."""
        if self.columns is None:
            return None
        wanted = {name.casefold() for name in self.columns}
        return [name for name in names if name.casefold() in wanted]


WHOLE = Part()


def read(source: Path, *, table: str | None = None, where: str | None = None, part: Part = WHOLE) -> Delivered:
    """Read one table of a vector source.

    Parameters
    ----------
    source
        A file or folder pyogrio reads (GeoPackage, shapefile, FileGDB, GeoJSON, FlatGeobuf ...) or a GeoParquet file.
    table
        The table inside it; may be left out when there is only one.
    where
        An SQL condition on the source's own fields.
    part
        Which columns and which land, if not the whole table.

    Raises
    ------
    SourceError
        The source is missing, of a format we do not read, or not what its name says.
    LayerError
        The table is not there or not named though there are several, or the condition does not fit it.
    FeatureError
        A feature's shape is none.
    """
    look_before_reading(source)
    suffix = source.suffix.lower()
    if suffix in PARQUET:
        return _read_parquet(source, where, part)
    if source.is_dir() and suffix != ".gdb":
        return read(_in_folder(source, table), where=where, part=part)
    opening.refuse_foreign(source)
    table = _choose_table(source, table)
    if suffix == ".gdb":
        gdb_tables.refuse_damaged(source, table)
    if suffix != ".shp":
        return _read_table(source, source, table, where, None, part)
    encoding, notes = shapefile.encoding_of(source)
    with shapefile.readable(source, encoding) as (copy, more):
        delivered = _as_written(_read_table(copy, source, table, where, encoding, part), source, part)
    return replace(delivered, warnings=(*notes, *more, *delivered.warnings))


def _as_written(delivered: Delivered, source: Path, part: Part) -> Delivered:
    """Return a shapefile without what its driver has made of it: shorter numbers, holes it has guessed."""
    frame, notes = delivered.frame, list(delivered.warnings)
    dbf = shapefile.part(source, ".dbf")
    assert dbf is not None  # noqa: S101 - looked for before reading
    frame = frame.assign(**integers.of_dbf(dbf, frame, delivered.names or (), exact=part.exact))
    if len(gone := shape_records.deleted_rows(dbf)):
        rows = [*(str(one + 1) for one in gone[:5]), *(["..."] if len(gone) > 5 else [])]
        notes.append(text("source.deleted_rows", source=source, count=len(gone), rows=rows))
    shapes = np.array(frame.geometry.to_numpy(), dtype=object)
    if len(guessed := windings.as_wound(shapes)):
        frame = frame.set_geometry(shapes, crs=frame.crs)
        features = [*(str(one) for one in frame.index[guessed[:5]]), *(["..."] if len(guessed) > 5 else [])]
        notes.append(text("source.wound_alike", source=source, count=len(guessed), features=features))
    return replace(delivered, frame=frame, warnings=tuple(notes))


def _read_table(file: Path, source: Path, table: str, where: str | None, encoding: str | None, part: Part) -> Delivered:
    """Read a table of a file; messages call it by the source of which it may be a copy."""
    options: dict[str, Any] = {"layer": table, "where": where, "encoding": encoding}
    try:
        with warnings.catch_warnings(record=True) as said:
            # Broken coordinates are found and refused feature by feature, with better words than the reader has.
            warnings.simplefilter("always")
            info = pyogrio.read_info(file, layer=table, encoding=encoding)
            opening.refuse_driver(source, info["driver"])
            if info["driver"] == "GeoJSONSeq":
                json_lines.refuse_broken(source)
            options["where"] = where = _fitted(where, info, source, table)
            crs = parse_crs(info["crs"], source=str(source)) if info["crs"] else None
            columns = _with_asked(part.chosen(info["fields"]), info["fields"], where)
            box = _box(part, crs, source, table)
            options |= {"columns": columns, "bbox": box if box and counts.index_is_whole(file, table) else None}
            with gdb_tables.every_row_asked(file):
                frame = _without_asked(_read_frame(file, options, part, info), part)
                curved = _curved(file, table, info, options["bbox"])
    except (
        OgrFeatureError,
        DataSourceError,
        DataLayerError,
        FieldError,
        ValueError,
        OSError,
        UnboundLocalError,
    ) as fault:
        if isinstance(fault, UnicodeDecodeError) or isinstance(fault.__cause__, UnicodeDecodeError):
            raise opening.undecoded(source, encoding) from None
        if where is not None and (reason := _why_not_fit(file, table, where, encoding)):
            raise LayerError("source.bad_where", source=source, table=table, where=where, reason=reason) from None
        raise _unreadable(source, fault) from None
    except shapely.errors.ShapelyError as fault:
        features = _not_geometries(file, table, where)
        raise FeatureError(
            "source.broken_geometry",
            source=source,
            table=table,
            count=len(features),
            features=features[:5],
            reason=fault,
        ) from None
    if "geometry" not in frame.columns:
        raise LayerError("source.no_geometry", source=source, table=table)
    if part.area is not None:
        frame = _touching(part, frame, crs)
    elif where is None:
        counts.refuse_fewer(file, source, table, frame, int(info["features"]))
    curved = {fid: area for fid, area in curved.items() if fid in frame.index}
    measured = any("Measured (M)" in str(one.message) for one in said)
    notes = [text("source.measures", source=source, table=table)] if measured else []
    lost = _lost_in_osm(file, source, table, where) if info["driver"] == "OSM" else ()
    notes += [one.reason for one in lost]
    if info["driver"] == "OSM" and table in osm_tables.LINES:
        notes.append(text("source.osm_cut", source=source, table=table))
    names = tuple(str(field) for field in info["fields"])
    return Delivered(frame, crs, table, encoding, curved, tuple(notes), names, lost=lost)


def _lost_in_osm(file: Path, source: Path, table: str, where: str | None) -> tuple[Lost, ...]:
    """Return the land of an OpenStreetMap extract that its driver leaves out."""
    ids = osm_tables.lost_relations(file, where) if table == osm_tables.LAND else []
    if not ids:
        return ()
    first, more = ids[:5], " ..." if len(ids) > 5 else ""
    return (
        Lost(
            len(ids),
            tuple(first),
            text("source.osm_lost", source=source, table=table, count=len(ids), some=first, more=more),
        ),
    )


def _fitted(where: str | None, info: dict[str, Any], source: Path, table: str) -> str | None:
    """Return a condition as the library understands it, its names known to the table."""
    if where is None:
        return None
    own = [str(field) for field in (*info["fields"], info.get("fid_column"), info.get("geometry_name")) if field]
    return condition.fitted(condition.checked(where, source), own, source, table)


def _why_not_fit(file: Path, table: str, where: str, encoding: str | None) -> str | None:
    """Return why a table cannot be read with a condition that it can be read without; None where that is not so."""
    options: dict[str, Any] = {"layer": table, "encoding": encoding, "read_geometry": False}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        try:
            pyogrio.raw.read(file, **options)
        except (RuntimeError, ValueError, OSError):
            return None
        try:
            pyogrio.raw.read(file, **options, where=where)
        except (RuntimeError, ValueError, OSError) as fault:
            return str(fault)
    return None


def _in_folder(source: Path, table: str | None) -> Path:
    """Return the shapefile that is meant by a folder of them."""
    found = {file.stem: file for file in sorted(source.iterdir()) if file.suffix.lower() == ".shp"}
    if not found:
        raise _unreadable(source, OSError())
    if table is None and len(found) > 1:
        raise ManyTablesError("source.which_table", source=source, tables=list(found))
    if table is not None and table not in found:
        raise NoTableError("source.missing_table", source=source, table=table, tables=list(found))
    return found[table] if table is not None else next(iter(found.values()))


def _with_asked(columns: list[str] | None, fields: Collection[str], where: str | None) -> list[str] | None:
    """Return columns to read and those that a condition names.

    A field that is not read is empty for the condition too, and then it finds nothing without a word (GDAL 3.12, all
    formats but databases).
    """
    if columns is None or where is None:
        return columns
    said = where.casefold()
    return [*columns, *(field for field in fields if field not in columns and field.casefold() in said)]


def _without_asked(frame: Any, part: Part) -> Any:
    """Return a frame without the columns that only a condition was after."""
    kept = part.chosen([str(column) for column in frame.columns])
    return (
        frame
        if kept is None
        else frame.drop(columns=[column for column in frame.columns if column not in {*kept, "geometry"}])
    )


def _read_frame(file: Path, options: dict[str, Any], part: Part, info: dict[str, Any]) -> Any:
    if not part.exact:
        frame = pyogrio.read_dataframe(file, **options, fid_as_index=True)
        if not (gaps := integers.gaps(frame, info)):
            return frame
        asked = _with_asked(gaps, info["fields"], options["where"])
        # Without shapes some drivers find nothing by an area, so all rows are asked.
        again = {**options, **integers.exactly(), "columns": asked, "bbox": None}
        whole = pyogrio.read_dataframe(file, **again, read_geometry=False, fid_as_index=True)
        return frame.assign(**{name: whole[name].reindex(frame.index).astype("Int64") for name in gaps})
    if file.suffix.lower() != ".fgb":
        return pyogrio.read_dataframe(file, **options, **integers.exactly(), fid_as_index=True)
    # Columns and shapes apart: together GDAL 3.12 gives broken ones where a feature has no shape.
    plain = pyogrio.read_dataframe(file, **options, **integers.exactly(), read_geometry=False, fid_as_index=True)
    shapes = pyogrio.read_dataframe(file, **{**options, "columns": []}, fid_as_index=True)
    return shapes[["geometry"]].join(plain)[[*plain.columns, "geometry"]]


def _box(part: Part, crs: pyproj.CRS | None, source: Path, table: str) -> parquet.Bounds | None:
    """Return the bounds of the area to read, in the source's CRS."""
    if part.area is None:
        return None
    crs = crs or part.crs
    if crs is None:
        raise CrsError("crs.missing", source=source, table=table)
    return part.area.bounds(crs)


def _touching(part: Part, frame: gpd.GeoDataFrame, crs: pyproj.CRS | None) -> gpd.GeoDataFrame:
    crs = crs or part.crs
    return frame if part.area is None or crs is None else part.area.touched(frame, crs)


def _not_geometries(source: Path, table: str, where: str | None) -> list[str]:
    """Return the ids of features whose shape is none, such as a ring that is not closed in a KML."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        asked = _with_asked([], pyogrio.read_info(source, layer=table)["fields"], where)
        _, fids, shapes, _ = pyogrio.raw.read(source, layer=table, where=where, columns=asked, return_fids=True)
    lost = shapely.is_missing(shapely.from_wkb(shapes, on_invalid="ignore"))
    return [str(fid) for fid, shape, none in zip(fids, shapes, lost, strict=True) if none and shape is not None]


def look_before_reading(source: Path) -> None:
    """Refuse a source that is missing, of a format we do not read, or not what its name says."""
    suffix = source.suffix.lower()
    if suffix in UNREAD:
        raise SourceError("source.unread_" + UNREAD[suffix], source=source)
    if stat.S_ISREG(opening.regular(source, folder=True)):
        if not source.stat().st_size:
            raise SourceError("source.empty_file", source=source)
        beginning = opening.content_of(source, 16)
        if suffix in BEGINNINGS and not beginning.startswith(BEGINNINGS[suffix]):
            raise SourceError("source.not_what_it_says", source=source, format=suffix.lstrip("."))
    if suffix == ".shp":
        lost = [part for part in (".shx", ".dbf") if shapefile.part(source, part) is None]
        if lost:
            raise SourceError("source.shapefile_parts", source=source, parts=lost)
    opening.look(source)
    if suffix == ".shp":
        shape_records.refuse_disagreeing(source)


def _unreadable(source: Path, fault: Exception) -> SourceError:
    if source.is_dir() and source.suffix.lower() != ".gdb":
        inside = sorted(file.name for file in source.iterdir())
        listed = [*inside[:8], *(["..."] if len(inside) > 8 else [])] or ["-"]
        return SourceError("source.folder", source=source, inside=listed)
    return opening.refusal(source, fault)


def fingerprint(source: Path) -> str:
    """Return the SHA-256 of a source: of the file, of a shapefile with its parts, or of all files of a folder."""
    if source.is_dir():
        files = sorted(file for file in source.rglob("*") if file.is_file() and file.suffix != ".lock")
    elif source.suffix.lower() == ".shp":
        parts = (shapefile.part(source, suffix) for suffix in shapefile.PARTS)
        files = [part for part in parts if part]
    else:
        files = [source]
    digest = hashlib.sha256()
    try:
        for file in files:
            opening.regular(file)
            with file.open("rb") as stream:
                while block := stream.read(1 << 20):
                    digest.update(block)
    except OSError as fault:
        raise SourceError("source.no_access", source=source, reason=fault.strerror or fault) from None
    return digest.hexdigest()


def tables_in(source: Path) -> list[str]:
    """Return the tables with shapes of a file or folder."""
    return [str(name) for name, shape in _listed(source) if shape is not None]


def _listed(source: Path) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            return pyogrio.list_layers(source)
    except (DataSourceError, ValueError, OSError) as fault:
        raise _unreadable(source, fault) from None


def _choose_table(source: Path, table: str | None) -> str:
    tables = [str(name) for name, _ in _listed(source)]
    if table is None and len(tables) == 1:
        return tables[0]
    if table is None and not tables:
        raise SourceError("source.no_table", source=source)
    if table is None:
        raise ManyTablesError("source.which_table", source=source, tables=tables)
    if table not in tables:
        raise NoTableError("source.missing_table", source=source, table=table, tables=tables)
    return table


def _curved(source: Path, table: str, info: dict[str, Any], bbox: parquet.Bounds | None) -> dict[int, float]:
    """Return feature id and true area of the features that hold curves; the reader straightens them without a word."""
    if str(info["geometry_type"]).removesuffix(" Z").removesuffix(" M").removesuffix(" ZM") in SIMPLE:
        return {}
    named = condition.quoted(table)
    sql = f"SELECT OGR_GEOM_AREA AS area FROM {named} WHERE OGR_GEOMETRY IN ({CURVES})"  # noqa: S608 - our own file
    options = {"sql_dialect": "OGRSQL", "fid_as_index": True, "read_geometry": False, "bbox": bbox}
    frame = pyogrio.read_dataframe(source, sql=sql, **options)
    return {int(fid): float(area) for fid, area in frame["area"].items()}


def _read_parquet(source: Path, where: str | None, part: Part) -> Delivered:
    names, crs = parquet.names_in(source)
    box = _box(part, crs, source, source.stem)
    columns = part.chosen(names) if where is None else None
    frame = parquet.read_parquet(source, columns=columns, bounds=box, exact=part.exact)
    if where is not None:
        frame = rows_where(frame, source, where)
        frame = frame[[*(part.chosen(names) or names), "geometry"]] if part.columns is not None else frame
    return Delivered(_touching(part, frame, crs), crs, None, None, {}, names=tuple(names))


def rows_where(frame: gpd.GeoDataFrame, source: Path, where: str) -> gpd.GeoDataFrame:
    """Filter rows by an SQL condition; GeoParquet has no SQL of its own here, so SQLite lends its."""
    where = condition.fitted(
        condition.checked(where, source), [str(column) for column in frame.columns], source, source.stem
    )
    with contextlib.closing(sqlite3.connect(":memory:")) as memory:
        frame.drop(columns="geometry").reset_index(drop=True).to_sql("t", memory, index_label="row_")
        try:
            rows = memory.execute(f"SELECT row_ FROM t WHERE {where}").fetchall()  # noqa: S608 - the user's own file
        except sqlite3.Error as fault:
            raise LayerError("source.bad_where", source=source, table="-", where=where, reason=fault) from None
    return frame.iloc[[row for (row,) in rows]]


def bad_coordinates(geometries: Any) -> Any:
    """Return the positions of geometries with a coordinate that is not a finite number."""
    points, owner = shapely.get_coordinates(geometries, return_index=True)
    return np.unique(owner[~np.isfinite(points).all(axis=1)])
