"""Write tables into PostGIS: all of them in one transaction, or none; names never taken apart, the SRID stated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyproj
import shapely

from gis_planning.errors import OutputError
from gis_planning.formats.condition import quoted
from gis_planning.formats.read.postgis import KEYS, Database, Table
from gis_planning.formats.write.writable import Fitted, kind_of
from gis_planning.geo import crs_name

if TYPE_CHECKING:
    import pyarrow as pa

_TYPES = {
    "int32": "integer", "int64": "bigint", "float": "double precision", "text": "text", "bool": "boolean",
    "date": "date", "datetime": "timestamp", "utc": "timestamptz", "binary": "bytea",
}  # fmt: skip
#: A name is cut by the server after so many bytes.
_NAME_BYTES = 63


def target(database: Database, wanted: str, *, overwrite: bool) -> Table:
    """Return the table to write: `schema.table`, or a name alone, which goes into the schema that comes first.

    Raises
    ------
    OutputError
        There is no such schema, the name is too long, or the table is there and may not be replaced.
    """
    schema, dot, name = wanted.partition(".")
    if dot and not database.one("SELECT 1 FROM pg_namespace WHERE nspname = $1", [schema]):
        raise OutputError("postgis.no_schema", out=database.address, schema=schema, table=wanted)
    if not dot:
        schema, name = str(database.one("SELECT current_schema()::text") or "public"), wanted
    if not name or len(name.encode()) > _NAME_BYTES:
        raise OutputError("postgis.long_name", out=database.address, table=wanted, most=_NAME_BYTES)
    found = Table(schema, name, 0)
    there = database.one(
        "SELECT c.relkind::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = $1 AND c.relname = $2",
        [schema, name],
    )
    if there and there not in {"r", "p"}:
        raise OutputError("postgis.no_table", out=database.address, table=found)
    if there and not overwrite:
        raise OutputError("postgis.table_there", out=database.address, table=found)
    return found


def write_table(database: Database, table: Table, fitted: Fitted, crs: pyproj.CRS | None) -> None:
    """Write a table over an open connection; nobody else sees it before the connection commits.

    Raises
    ------
    OutputError
        The CRS is not known to the database, or it refuses.
    """
    srid = srid_of(database, crs)
    names = fitted.table.column_names
    kinds = [kind_of(column.type) or "text" for column in fitted.table.columns]
    taken = {name.casefold() for name in names}
    key = next((key for key in KEYS if key not in taken), None)
    shape = next(one for one in ("geom", "geometry", *(f"geom_{n}" for n in range(1, 99))) if one not in taken)
    word = fitted.geometry_type.replace("Unknown", "Geometry").replace(" ", "")
    if word == "Geometry" and shapely.has_z(fitted.shapes).any():
        # The server holds flat shapes and others in one column only if it is told nothing of their kind.
        word = ""
    columns = [f"{quoted(key)} bigint PRIMARY KEY"] if key else []
    columns += [f"{quoted(name)} {_TYPES[kind]}" for name, kind in zip(names, kinds, strict=True)]
    columns.append(f"{quoted(shape)} {database.spatial('geometry')}" + (f"({word}, {srid})" if word else ""))
    database.run(f"DROP TABLE IF EXISTS {table.sql}")
    database.run(f"CREATE TABLE {table.sql} ({', '.join(columns)})")
    _fill_staging(database, fitted)
    values = ["number"] if key else []
    values += [f"c{at}" for at in range(len(names))]
    values.append(f"{database.spatial('ST_GeomFromWKB')}(shape, {srid})")
    database.run(
        f"INSERT INTO {table.sql} SELECT {', '.join(values)} FROM pg_temp.gis_planning_staging ORDER BY number"  # noqa: S608
    )
    database.run("DROP TABLE pg_temp.gis_planning_staging")
    database.run(f"CREATE INDEX ON {table.sql} USING gist ({quoted(shape)})")
    # Without it the server does not know that the index is worth asking.
    database.run(f"ANALYZE {table.sql}")


def commit(database: Database) -> None:
    """Make what was written there for everybody.

    Raises
    ------
    OutputError
        The server refuses.
    """
    with database.asking("convert.cannot_write", out=database.address):
        database.connection.commit()


def srid_of(database: Database, crs: pyproj.CRS | None) -> int:
    """Return the database's number of a CRS, 0 for none.

    Raises
    ------
    OutputError
        It does not know it.
    """
    if crs is None:
        return 0
    authority, code = crs.to_authority(min_confidence=70) or ("", "")
    if (authority, code) == ("OGC", "CRS84"):
        authority, code = "EPSG", "4326"
    known = database.spatial("spatial_ref_sys")
    found = None
    if code.isdigit():
        sql = f"SELECT srid FROM {known} WHERE auth_name = $1 AND auth_srid = $2::int8"  # noqa: S608 - our own words
        found = database.one(sql, [authority, int(code)])
    if found is None:
        raise OutputError("postgis.no_srid", out=database.address, crs=crs_name(crs))
    return int(found)


def _fill_staging(database: Database, fitted: Fitted) -> None:
    """Put the rows into a table that only this connection sees; shapes go as bytes."""
    import pyarrow as pa  # noqa: PLC0415

    count = len(fitted.shapes)
    arrays: list[Any] = [pa.array(range(1, count + 1), pa.int64()), *fitted.table.columns]
    arrays.append(pa.array(shapely.to_wkb(fitted.shapes, flavor="iso"), pa.binary()))
    names = ["number", *(f"c{at}" for at in range(fitted.table.num_columns)), "shape"]
    rows: pa.Table = pa.Table.from_arrays(arrays, names=names)
    with database.asking("convert.cannot_write", out=database.address), database.connection.cursor() as cursor:
        cursor.adbc_ingest("gis_planning_staging", rows, mode="create", temporary=True)
