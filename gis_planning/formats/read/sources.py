"""Read a layer from whatever it is delivered in: a file, a folder, a zip or a database."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from gis_planning.errors import ManyTablesError, NoTableError, SourceError
from gis_planning.formats import condition
from gis_planning.formats.address import Address, Source
from gis_planning.formats.read import (
    archive,
    boundary_points,
    dxf,
    kml,
    parcel_txt,
    points,
    postgis,
    raster_file,
    vector,
)
from gis_planning.formats.read.deliveries import Notes
from gis_planning.formats.read.vector import WHOLE, Delivered, Part

#: What is looked for inside a zip; tables and texts beside a layer describe it.
LAYERS = {".shp", ".gpkg", ".gdb", ".geojson", ".json", ".fgb", ".parquet", ".geoparquet", ".dxf", ".kml", ".ovkml"}
TABLES = {".txt", *boundary_points.SUFFIXES}


def read_source(
    source: Source,
    *,
    crs: str | None = None,
    table: str | None = None,
    where: str | None = None,
    datum: str | None = None,
    part: Part = WHOLE,
) -> Delivered:
    """Read one layer of any source.

    Parameters
    ----------
    source
        A vector file or folder, a zip of one, KML, DXF, a coordinate TXT, a table of boundary points, or the address of
        a database.
    crs
        Its CRS, for sources that may not tell it themselves; checked only where the format's own reader does.
    table
        The table, sheet, drawing layer or file inside it, where there are several.
    where
        An SQL condition on the source's own fields.
    datum
        For KML and tables of points: the datum of their degrees.
    part
        Which columns and which land, if not the whole of it.

    Raises
    ------
    InputError
        The source cannot be read; the message says why, and what to do.
    """
    where = condition.stated(where, source)
    if isinstance(source, Address):
        _refuse_datum(source, datum)
        return postgis.read_postgis(source, table=table, where=where, part=part)
    suffix = source.suffix.lower()
    if suffix == ".zip":
        return _read_zip(source, crs, table, where, datum, part)
    if suffix in kml.SUFFIXES:
        vector.look_before_reading(source)
        return kml.read_kml(source, crs, table, where, datum, part)
    if datum is not None and suffix in boundary_points.SUFFIXES:
        return _part_of(points.read_points(source, datum=datum, table=table, where=where), source, None, part)
    _refuse_datum(source, datum)
    if suffix not in {".txt", ".dxf", *boundary_points.SUFFIXES}:
        return vector.read(source, table=table, where=where, part=part)
    if suffix == ".dxf":
        delivered = dxf.read_dxf(source, crs=crs, layer=table)
    elif suffix != ".txt":
        delivered = boundary_points.read_boundary_points(source, crs=crs, table=table)
    elif table in {None, source.stem}:
        delivered = parcel_txt.read_parcel_txt(source, crs=crs)
    else:
        raise NoTableError("parcels.missing_table", source=source, table=table, tables=[source.stem])
    return _part_of(delivered, source, where, part)


def fingerprint(source: Source, *, table: str | None = None, where: str | None = None) -> str:
    """Return the SHA-256 of a source: of a file or folder as it is, of a database's table by its rows."""
    if isinstance(source, Address):
        return postgis.fingerprint(source, table=table, where=condition.stated(where, source))
    if source.suffix.lower() in raster_file.SUFFIXES and len(parts := raster_file.parts(source)) > 1:
        # What a mosaic holds is what its files hold, and what numbers mean may stand beside them.
        digests = (vector.fingerprint(part) for part in parts)
        return hashlib.sha256("".join(digests).encode()).hexdigest()
    return vector.fingerprint(source)


def look_before_reading(source: Source) -> None:
    """Refuse a file or folder that is missing, of a format we do not read, or not what its name says."""
    if not isinstance(source, Address):
        vector.look_before_reading(source)


def _refuse_datum(source: Source, datum: str | None) -> None:
    if datum is not None:
        raise SourceError("parcels.datum_not_here", source=source)


def _part_of(delivered: Delivered, source: Path, where: str | None, part: Part) -> Delivered:
    """Return the part of a small source that is meant, after it was read whole."""
    frame = delivered.frame
    if where is not None:
        frame = vector.rows_where(frame, source, where)
    if part.area is not None and delivered.crs is not None:
        frame = part.area.touched(frame, delivered.crs)
    return replace(delivered, frame=frame)


def _read_zip(
    source: Path, crs: str | None, table: str | None, where: str | None, datum: str | None, part: Part
) -> Delivered:
    with archive.unpacked(source) as folder:
        files = [file for file in sorted(folder.rglob("*")) if not _in_database(file, folder)]
        found = [file for file in files if file.suffix.lower() in LAYERS]
        found = found or [file for file in files if file.suffix.lower() in TABLES]
        if not found:
            members = [file.relative_to(folder).as_posix() for file in files if file.is_file()]
            raise SourceError("archive.nothing", source=source, members=members[:10])
        names = {one: one.relative_to(folder).as_posix() for one in found}
        chosen = [one for one, name in names.items() if table in {name, one.name, one.stem}]
        if len(found) > 1 and table is not None and len(chosen) != 1:
            raise NoTableError("parcels.missing_table", source=source, table=table, tables=list(names.values()))
        if len(found) > 1 and table is None:
            raise ManyTablesError("parcels.which_table", source=source, tables=list(names.values()))
        one = chosen[0] if chosen else found[0]
        inner = None if chosen else table
        read = read_source(one, crs=crs, table=inner, where=where, datum=datum, part=part)
        delivered = archive.told_outside(read, folder, source)
        notes = Notes(source)
        for other in files:
            if other != one and other.suffix.lower() in LAYERS | TABLES:
                notes.add("archive.left", other.relative_to(folder).as_posix())
        return replace(delivered, warnings=(*delivered.warnings, *notes.texts()))


def _in_database(file: Path, folder: Path) -> bool:
    """Say whether a file is part of a file geodatabase, which is a folder."""
    return any(part.suffix.lower() == ".gdb" for part in file.relative_to(folder).parents)
