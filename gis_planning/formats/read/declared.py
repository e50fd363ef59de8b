"""Read how a table declares its fields: type and width, as the file itself states them."""

from __future__ import annotations

import contextlib
import re
import sqlite3
import warnings
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from gis_planning.formats.read import opening
from gis_planning.formats.read.shapefile import encoding_of
from gis_planning.formats.read.vector import PARQUET

Type = Literal["text", "number", "integer", "date", "other"]

#: What geodatabases, GeoPackages and GDAL call the types.
ESRI = {
    "String": "text",
    "Double": "number",
    "Single": "number",
    "Integer": "integer",
    "SmallInteger": "integer",
    "BigInteger": "integer",
    "Date": "date",
    "DateOnly": "date",
    "TimestampOffset": "date",
}
SQLITE = {
    "TEXT": "text",
    "REAL": "number",
    "DOUBLE": "number",
    "FLOAT": "number",
    "INTEGER": "integer",
    "INT": "integer",
    "MEDIUMINT": "integer",
    "SMALLINT": "integer",
    "TINYINT": "integer",
    "DATE": "date",
    "DATETIME": "date",
}
OGR = {
    "OFTString": "text",
    "OFTReal": "number",
    "OFTInteger": "integer",
    "OFTInteger64": "integer",
    "OFTDate": "date",
    "OFTDateTime": "date",
}
#: A geodatabase without a width of its own says this, or more.
UNBOUNDED = 65_535


@dataclass(frozen=True)
class Declared:
    """How one field is declared; `width` is the number of signs of a text field, None where none is stated."""

    type: Type
    width: int | None = None


def declared_fields(source: Path, table: str | None = None) -> dict[str, Declared]:
    """Return the fields of a table as it declares them, by name, in their order.

    Widths are known of geodatabases, GeoPackages and shapefiles; elsewhere, and where a writer stated none, they are
    None. A shapefile counts bytes, of which a Chinese sign takes two in GBK and three in UTF-8.
    """
    if source.suffix.lower() in PARQUET:
        return _of_parquet(source)
    try:
        return _of_vector(source, table)
    except (
        DataSourceError,
        DataLayerError,
        ValueError,
        OSError,
        IndexError,
        UnboundLocalError,
        ET.ParseError,
    ) as fault:
        raise opening.refusal(source, fault) from None


def _of_vector(source: Path, table: str | None) -> dict[str, Declared]:
    info = pyogrio.read_info(source, layer=table, encoding=encoding_of(source)[0])
    found = {
        str(name): Declared(_type(OGR, type_)) for name, type_ in zip(info["fields"], info["ogr_types"], strict=True)
    }
    driver = info["driver"]
    if driver == "OpenFileGDB":
        stated = _of_geodatabase(source, str(info["layer_name"]))
    elif driver == "GPKG":
        stated = _of_geopackage(source, str(info["layer_name"]))
    elif driver == "ESRI Shapefile" and source.suffix.lower() == ".shp":
        stated = _of_dbase(source, list(found))
    else:
        stated = {}
    return {name: stated.get(name, own) for name, own in found.items()}


def _of_geodatabase(source: Path, table: str) -> dict[str, Declared]:
    """Return what the definition of a geodatabase's table states; the driver gives it as XML."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        frame = pyogrio.read_dataframe(source, sql=f"GetLayerDefinition {table}", read_geometry=False)
    if not len(frame):
        return {}
    found = {}
    for field in ET.fromstring(frame.iloc[0, 0]).iter():  # noqa: S314 - GDAL has parsed and written it
        name, type_ = field.findtext("Name"), (field.findtext("FieldType") or field.findtext("Type") or "")
        if name is None or not type_.startswith("esriFieldType"):
            continue
        length = int(field.findtext("Length") or 0)
        type_ = _type(ESRI, type_.removeprefix("esriFieldType"))
        found[name] = Declared(type_, length if type_ == "text" and 0 < length < UNBOUNDED else None)
    return found


def _of_geopackage(source: Path, table: str) -> dict[str, Declared]:
    with contextlib.closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as opened:
        rows = opened.execute("SELECT name, type FROM pragma_table_info(?)", (table,)).fetchall()
    found = {}
    for name, stated in rows:
        match = re.fullmatch(r"\s*([A-Za-z]+)\s*(?:\(\s*(\d+)\s*\))?.*", stated or "")
        if match:
            width = int(match[2]) if match[2] and match[1].upper() == "TEXT" else None
            found[str(name)] = Declared(_type(SQLITE, match[1].upper()), width)
    return found


def _of_dbase(source: Path, names: list[str]) -> dict[str, Declared]:
    """Return the fields of a shapefile by their order: its header has 32 bytes for each."""
    file = next((one for one in (source.with_suffix(".dbf"), source.with_suffix(".DBF")) if one.exists()), None)
    if file is None:
        return {}
    with file.open("rb") as stream:
        header = stream.read(32)
        size = int.from_bytes(header[8:10], "little")
        fields = stream.read(max(size - 32, 0))
    found = {}
    for at, name in enumerate(names):
        one = fields[32 * at : 32 * at + 32]
        if len(one) < 32 or one[0] == 0x0D:
            break
        kind, width, decimals = chr(one[11]), one[16], one[17]
        type_: Type = {"C": "text", "D": "date", "F": "number"}.get(kind, "other")  # type: ignore[assignment]
        if kind == "N":
            type_ = "number" if decimals else "integer"
        found[name] = Declared(type_, width if type_ == "text" else None)
    return found


def _of_parquet(source: Path) -> dict[str, Declared]:
    import pyarrow as pa  # noqa: PLC0415 - slow to import
    import pyarrow.parquet as pq  # noqa: PLC0415

    found: dict[str, Declared] = {}
    try:
        schema = pq.read_schema(source)
    except (pa.ArrowException, OSError) as fault:
        raise opening.refusal(source, fault) from None
    for field in schema:
        kind: Type = "other"
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            kind = "text"
        elif pa.types.is_floating(field.type) or pa.types.is_decimal(field.type):
            kind = "number"
        elif pa.types.is_integer(field.type):
            kind = "integer"
        elif pa.types.is_temporal(field.type):
            kind = "date"
        found[field.name] = Declared(kind)
    return found


def _type(known: dict[str, str], name: str) -> Type:
    return known.get(name, "other")  # type: ignore[return-value]
