"""Read layers from PostGIS: one connection that can only read, names never taken apart, the content's fingerprint."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from gis_planning.errors import (
    CrsError,
    FeatureError,
    LayerError,
    ManyTablesError,
    NoTableError,
    OutputError,
    SourceError,
)
from gis_planning.formats.address import Address
from gis_planning.formats.condition import quoted
from gis_planning.formats.read import integers
from gis_planning.formats.read.postgis_access import access
from gis_planning.formats.read.postgis_login import login, reason_of
from gis_planning.formats.read.vector import SIMPLE, WHOLE, Delivered, Part
from gis_planning.geo import parse_crs
from gis_planning.texts import Text, text

if TYPE_CHECKING:
    import geopandas as gpd
    import pyarrow as pa

#: The number of a statement that was stopped.
_STOPPED = "57014"
#: Types that arrive as they are; others are read as text.
_PLAIN = {"int2", "int4", "int8", "float4", "float8", "bool", "text", "varchar", "bytea"}
_PLAIN |= {"date", "timestamp", "timestamptz"}
_SHAPES = {"geometry", "geography"}
#: Names of the key that programs give a table so that features have numbers; it is no field.
KEYS = ("fid", "ogc_fid")
#: Tables named in one message.
_NAMED = 12


@dataclass(frozen=True)
class Column:
    """A column of a table: its name, its type, what the type was told, and whether it is the table's only key."""

    name: str
    type: str
    told: int
    key: bool


@dataclass(frozen=True)
class Table:
    """A table, view or materialised view that we may read."""

    schema: str
    name: str
    oid: int

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"

    @property
    def sql(self) -> str:
        """The table as SQL names it."""
        return f"{quoted(self.schema)}.{quoted(self.name)}"


def read_postgis(
    address: Address, *, table: str | None = None, where: str | None = None, part: Part = WHOLE
) -> Delivered:
    """Read one table of a database, in one transaction that can only read.

    Parameters
    ----------
    table
        The table as `schema.table`, or alone where its name is there once; `schema.table.column` where it has several
        columns of shapes. May be left out when there is only one.
    where, part
        As in `vector.read`.

    Raises
    ------
    SourceError
        The server is away or does not let us in, or the database has no PostGIS.
    LayerError
        The table is not there, not named though there are several, has no shapes, or the condition does not fit it.
    FeatureError
        A shape is none.
    """
    with connected(address) as database:
        return read_table(database, table, where, part)


def read_table(database: Database, table: str | None, where: str | None, part: Part) -> Delivered:
    """Read one table over a connection that is open already."""
    address = database.address
    found, column, columns = _choose(database, address, table)
    srid = _srid(database, address, found, column, where)
    crs = crs_of(database, srid)
    conditions = [f"(\n{where}\n)"] if where is not None else []
    if part.area is not None:
        known = crs or part.crs
        if known is None:
            raise CrsError("crs.missing", source=address, table=found)
        box = ", ".join(repr(float(side)) for side in part.area.bounds(known))
        envelope = f"{database.spatial('ST_MakeEnvelope')}({box}, {srid})"
        conditions.append(f"{_shape(database, column)} OPERATOR({database.schema}.&&) {envelope}")
    condition = " AND ".join(conditions) or "true"
    try:
        digest = database.one(_digest(found, condition))
        read = _select(database, found, column, columns, condition, part)
    except OutputError as fault:
        raise _refused(fault, address, found, where) from None
    frame, curved = _frame(read, address, found, crs, exact=part.exact)
    notes = list(database.notes)
    others = [one.name for one in columns if one.type in _SHAPES and one is not column]
    if others:
        notes.append(text("postgis.other_shapes", source=address, table=found, columns=others))
    if longer := _too_long(database, found, columns, condition):
        notes.append(text("postgis.digits", source=address, table=found, columns=longer))
    if part.area is not None and (known := crs or part.crs) is not None:
        frame = part.area.touched(frame, known)
    curved = {fid: area for fid, area in curved.items() if fid in frame.index}
    names = tuple(column.name for column in columns if column.type not in _SHAPES and not _is_number(column))
    return Delivered(frame, crs, str(found), None, curved, tuple(notes), names, digest)


def tables_in(address: Address) -> list[str]:
    """Return the tables with shapes that we may read, as `schema.table`."""
    with connected(address) as database:
        return [str(table) for table in _tables(database, shapes=True)]


def fingerprint(address: Address, *, table: str | None = None, where: str | None = None) -> str:
    """Return the SHA-256 of a table's rows, whatever order they are in; with a condition, of those it leaves."""
    with connected(address) as database:
        found, _, _ = _choose(database, address, table)
        try:
            return str(database.one(_digest(found, f"(\n{where}\n)" if where is not None else "true")))
        except OutputError as fault:
            raise _refused(fault, address, found, where) from None


def _refused(fault: OutputError, address: Address, table: Table, where: str | None) -> LayerError:
    """Return what to say of a query that the server refused: if there is a condition, it is the user's."""
    reason = fault.text.facts["reason"]
    if where is None:
        return LayerError("postgis.failed", source=address, table=table, reason=reason)
    return LayerError("source.bad_where", source=address, table=table, where=where, reason=reason)


# -- the connection


class Database:
    """An open connection; what the server refuses is raised as `OutputError` with its reason."""

    def __init__(self, connection: Any, address: Address, notes: tuple[Text, ...] = ()) -> None:
        self.connection = connection
        self.address = address
        #: What there is to say of the connection itself.
        self.notes = notes
        schema = self.one("SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace "
                          "WHERE extname = 'postgis'")  # fmt: skip
        if schema is None:
            raise SourceError("postgis.no_postgis", source=address)
        #: PostGIS need not be where names are looked for.
        self.schema = quoted(schema)

    def spatial(self, function: str) -> str:
        """Return a function of PostGIS as SQL names it."""
        return f"{self.schema}.{function}"

    def table(self, sql: str, values: Sequence[Any] | None = None) -> pa.Table:
        """Return the rows of a query."""
        with self.asking(), self.connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetch_arrow_table()

    def rows(self, sql: str, values: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of a query as tuples."""
        found = self.table(sql, values)
        columns = [column.to_pylist() for column in found.columns]
        return list(zip(*columns, strict=True))

    def one(self, sql: str, values: Sequence[Any] | None = None) -> Any:
        """Return the first value of a query's first row, None if it has none."""
        rows = self.rows(sql, values)
        return rows[0][0] if rows else None

    def run(self, sql: str) -> None:
        """Run a statement that returns nothing."""
        with self.asking(), self.connection.cursor() as cursor:
            cursor.execute(sql)

    @contextmanager
    def asking(self, key: str = "postgis.failed", **facts: Any) -> Iterator[None]:
        """Say in words what the server refuses, or that it took too long, while something is asked of it."""
        import adbc_driver_manager as adbc  # noqa: PLC0415 - an extra

        began = time.monotonic()
        try:
            yield
        except adbc.Error as fault:
            # The number stands for every reason to stop a statement; a person may have stopped it.
            limit = access().statement_s
            if str(getattr(fault, "sqlstate", "")) == _STOPPED and time.monotonic() - began >= 0.9 * limit:
                raise SourceError("postgis.slow", source=self.address, seconds=limit) from None
            facts = facts or {"source": self.address, "table": "-"}
            raise OutputError(key, reason=reason_of(fault, self.address), **facts) from None


@contextmanager
def connected(address: Address, *, writing: bool = False) -> Iterator[Database]:
    """Give a connection in one transaction, which is undone unless somebody commits it; it can only read by default.

    Raises
    ------
    SourceError
        See `login`; or there is no PostGIS.
    """
    connection, notes = login(address)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ" + ("" if writing else ", READ ONLY"))
            for setting in ("datestyle = 'ISO'", "timezone = 'UTC'", "extra_float_digits = 1", "bytea_output = 'hex'"):
                cursor.execute(f"SET LOCAL {setting}")
            cursor.execute(f"SET LOCAL statement_timeout = {max(1, round(access().statement_s * 1000))}")
        yield Database(connection, address, notes)
    finally:
        connection.rollback()
        connection.close()


# -- which table


def _tables(database: Database, *, shapes: bool) -> list[Table]:
    having = "" if not shapes else (
        "AND EXISTS (SELECT 1 FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = c.oid "
        "AND a.attnum > 0 AND NOT a.attisdropped AND t.typname IN ('geometry', 'geography'))"
    )  # fmt: skip
    rows = database.rows(
        "SELECT n.nspname::text, c.relname::text, c.oid::int8 FROM pg_class c JOIN pg_namespace n "  # noqa: S608 - our own words
        "ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') "
        "AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'topology', 'tiger') "
        "AND has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT') "
        f"AND c.relname NOT IN ('geometry_columns', 'geography_columns', 'spatial_ref_sys') {having} ORDER BY 1, 2"
    )
    return [Table(schema, name, oid) for schema, name, oid in rows]


def _choose(database: Database, address: Address, wanted: str | None) -> tuple[Table, Column, list[Column]]:
    """Return a table, its column of shapes and all its columns."""
    spatial = _tables(database, shapes=True)
    found: list[tuple[Table, str | None]] = []
    if wanted is None:
        if len(spatial) > 1:
            raise ManyTablesError("postgis.which_table", source=address, tables=_some(spatial))
        found = [(one, None) for one in spatial]
    else:
        everything = _tables(database, shapes=False)
        # Names may hold dots, so they are compared whole, never taken apart.
        found = [(one, None) for one in everything if wanted in {str(one), one.sql}]
        found = found or [(one, None) for one in everything if wanted in {one.name, quoted(one.name)}]
        found = found or [(one, wanted[len(str(one)) + 1 :]) for one in spatial if wanted.startswith(f"{one}.")]
        if len(found) > 1:
            raise ManyTablesError("postgis.which_table", source=address, tables=_some([one for one, _ in found]))
    if not found:
        raise NoTableError("postgis.missing_table", source=address, table=wanted or "-", tables=_some(spatial) or ["-"])
    table, named = found[0]
    columns = _columns(database, table)
    shapes = [column for column in columns if column.type in _SHAPES]
    if not shapes:
        raise LayerError("source.no_geometry", source=address, table=table)
    if named is None and len(shapes) > 1:
        raise LayerError("postgis.which_column", source=address, table=table, columns=[shape.name for shape in shapes])
    column = next((shape for shape in shapes if named in {None, shape.name}), None)
    if column is None:
        raise NoTableError("postgis.missing_table", source=address, table=wanted or "-", tables=_some(spatial))
    return table, column, columns


def _some(tables: Sequence[Table]) -> list[str]:
    return [str(table) for table in tables[:_NAMED]] + (["..."] if len(tables) > _NAMED else [])


def _columns(database: Database, table: Table) -> list[Column]:
    rows = database.rows(
        "SELECT a.attname::text, t.typname::text, a.atttypmod, coalesce(i.indnkeyatts = 1, false) FROM pg_attribute a "  # noqa: S608 - a number
        "JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary "
        f"AND a.attnum = ANY (i.indkey) WHERE a.attrelid = {table.oid} AND a.attnum > 0 AND NOT a.attisdropped "
        "AND has_column_privilege(a.attrelid, a.attnum, 'SELECT') ORDER BY a.attnum"
    )
    return [Column(*row) for row in rows]


def _is_number(column: Column) -> bool:
    """Say whether a column only numbers the features."""
    return column.key and column.name.lower() in KEYS and column.type in {"int2", "int4", "int8"}


def _srid(database: Database, address: Address, table: Table, column: Column, where: str | None) -> int:
    """Return the SRID of a column of shapes, 0 where none is stated."""
    if column.type == "geography":
        return 4326
    told = int(database.one(f"SELECT {database.spatial('postgis_typmod_srid')}({column.told})"))
    if told:
        return told
    condition = f"AND (\n{where}\n)" if where is not None else ""
    try:
        rows = database.rows(
            f"SELECT DISTINCT {database.spatial('ST_SRID')}({quoted(column.name)}) FROM {table.sql} "  # noqa: S608 - quoted
            f"WHERE {quoted(column.name)} IS NOT NULL {condition} ORDER BY 1 LIMIT 9"
        )
    except OutputError as fault:
        raise _refused(fault, address, table, where) from None
    srids = [srid for (srid,) in rows]
    if len(srids) > 1:
        facts = {"srids": srids, "column": column.name, "first": srids[0]}
        raise LayerError("postgis.several_crs", source=address, table=table, **facts)
    return int(srids[0]) if srids else 0


def crs_of(database: Database, srid: int) -> pyproj.CRS | None:
    """Return the CRS of an SRID of this database, None for 0."""
    if not srid:
        return None
    rows = database.rows(
        f"SELECT auth_name, auth_srid, srtext FROM {database.spatial('spatial_ref_sys')} WHERE srid = {int(srid)}"  # noqa: S608
    )
    if not rows:
        raise CrsError("geo.unknown_crs", source=database.address, crs=f"SRID {srid}")
    authority, code, words = rows[0]
    known = authority in {"EPSG", "ESRI"} and code
    return parse_crs(f"{authority}:{code}" if known else words or "", source=str(database.address))


# -- from rows to features


def _digest(table: Table, condition: str) -> str:
    """Return the query for the SHA-256 of some rows, each with all its columns, in whatever order they lie."""
    return (
        "SELECT encode(sha256(coalesce(string_agg(d, ''::bytea ORDER BY d), ''::bytea)), 'hex') FROM (SELECT "  # noqa: S608
        f"sha256(convert_to(t::text, 'UTF8')) AS d FROM {table.sql} AS t WHERE {condition}) AS s"
    )


def _shape(database: Database, column: Column) -> str:
    return quoted(column.name) + (f"::{database.schema}.geometry" if column.type == "geography" else "")


def _select(
    database: Database, table: Table, column: Column, columns: Sequence[Column], condition: str, part: Part
) -> pa.Table:
    """Return the chosen fields under their names, the shapes as `geometry`, and the features' numbers as the last."""
    fields = [column for column in columns if column.type not in _SHAPES and not _is_number(column)]
    chosen = part.chosen([field.name for field in fields])
    fields = [field for field in fields if chosen is None or field.name in chosen]
    shape, arc = _shape(database, column), database.spatial("ST_HasArc")
    straight, curved = shape, "NULL::float8"
    if _may_bend(database, column):
        straight = f"CASE WHEN {arc}({shape}) THEN {database.spatial('ST_CurveToLine')}({shape}, 128) ELSE {shape} END"
        curved = f"CASE WHEN {arc}({shape}) THEN {database.spatial('ST_Area')}({straight}) END"
    key = next((column for column in columns if column.key and column.type in {"int2", "int4", "int8"}), None)
    selected = [f"{_value(one)} AS c{at}" for at, one in enumerate(fields)]
    selected += [
        f"{database.spatial('ST_AsBinary')}({straight}) AS shape",
        f"{curved} AS curved",
        f"{quoted(key.name)}::int8 AS number" if key else "row_number() OVER () AS number",
    ]
    order = "ORDER BY number" if key else ""
    found = database.table(f"SELECT {', '.join(selected)} FROM {table.sql} WHERE {condition} {order}")  # noqa: S608
    # The shapes' column has one name in all frames, so a field may not have it.
    names = ["geometry_1" if field.name == "geometry" else field.name for field in fields]
    return found.rename_columns([*names, "geometry", " curved", " number"])


def _may_bend(database: Database, column: Column) -> bool:
    """Say whether a column of shapes may hold curves; asking every shape would take longer than reading it."""
    if column.type == "geography":
        return False
    told = str(database.one(f"SELECT {database.spatial('postgis_typmod_type')}({column.told})"))
    return told.removesuffix("M").removesuffix("Z") not in SIMPLE


def _value(column: Column) -> str:
    """Return what is read of a column: whole numbers and measures as numbers, what we have no type for as text."""
    name = quoted(column.name)
    if column.type in _PLAIN:
        return name
    if column.type == "oid":
        return f"{name}::int8"
    if column.type != "numeric":
        return f"{name}::text"
    digits, decimals = ((column.told - 4) >> 16) & 0xFFFF, (column.told - 4) & 0x7FF
    return f"{name}::int8" if column.told > 0 and not decimals and digits <= 18 else f"{name}::float8"


def _too_long(database: Database, table: Table, columns: Sequence[Column], condition: str) -> list[str]:
    """Return the columns of numbers that a double cannot hold."""
    numbers = [column for column in columns if column.type == "numeric" and _value(column).endswith("float8")]
    if not numbers:
        return []
    tests = [
        f"coalesce(bool_or({quoted(number.name)} <> {quoted(number.name)}::float8::numeric), false)"
        for number in numbers
    ]
    longer = database.rows(f"SELECT {', '.join(tests)} FROM {table.sql} WHERE {condition}")[0]  # noqa: S608
    return [one.name for one, is_longer in zip(numbers, longer, strict=True) if is_longer]


def _frame(
    read: pa.Table, address: Address, table: Table, crs: pyproj.CRS | None, *, exact: bool
) -> tuple[gpd.GeoDataFrame, dict[int, float]]:
    import geopandas as gpd  # noqa: PLC0415 - slow to import
    import pandas as pd  # noqa: PLC0415

    numbers = read[" number"].to_numpy()
    raw = read["geometry"].to_numpy(zero_copy_only=False)
    shapes = shapely.from_wkb(raw, on_invalid="ignore")
    broken = np.flatnonzero(shapely.is_missing(shapes) & np.array([one is not None for one in raw], dtype=bool))
    if len(broken):
        found = [str(numbers[at]) for at in broken[:5]]
        reason = "no shape of points, lines or areas"
        facts = {"count": len(broken), "features": found, "reason": reason}
        raise FeatureError("source.broken_geometry", source=address, table=table, **facts)
    arcs = read[" curved"].to_numpy(zero_copy_only=False)
    curved = {int(numbers[at]): float(arcs[at]) for at in np.flatnonzero(~pd.isna(arcs))}
    plain = integers.to_pandas(read.drop_columns(["geometry", " curved", " number"]), exact=exact)
    index = pd.Index(numbers, name="fid")
    plain = plain.set_axis(index, axis=0) if len(plain.columns) else pd.DataFrame(index=index)
    frame = gpd.GeoDataFrame(plain, geometry=shapes, crs=crs)
    return frame, curved
