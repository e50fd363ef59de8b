"""Know what each format can hold, and make a table fit it; whatever does not fit exactly is said, or refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gis_planning.errors import OutputError
from gis_planning.formats.address import Address, Source
from gis_planning.formats.read.shapefile import NAME_BYTES, TEXT_BYTES, distinct
from gis_planning.texts import Text, text

if TYPE_CHECKING:
    import geopandas as gpd
    import pyarrow as pa

Shapes = Any  # a numpy object array of shapely geometries


@dataclass(frozen=True)
class Format:
    """What a format can hold.

    Attributes
    ----------
    driver
        The writer's name for it; None where the writer is ours.
    types
        The types of fields it has; values of others become text.
    one_family
        A table holds points, lines or areas, but not some of each.
    several
        A file holds several tables.
    name_bytes
        The longest name of a field.
    moves_m, moves_degrees
        How far it may move a coordinate, in metres and in degrees.
    moments
        The unit to which it tells times.
    reserved
        Names of fields, in small letters, that mean something else to it.
    as_text
        Names of fields that hold text whatever their type.
    """

    name: str
    driver: str | None
    types: frozenset[str]
    one_family: bool = False
    several: bool = False
    name_bytes: int = 255
    moves_m: float = 1e-9
    moves_degrees: float = 1e-13
    moments: tuple[str, str] = ("ms", "millisecond")
    reserved: frozenset[str] = frozenset()
    as_text: frozenset[str] = frozenset()


_ALL = frozenset({"int32", "int64", "float", "text", "bool", "date", "datetime", "utc", "binary"})
_FINE = ("us", "microsecond")
#: Formats by the ending of their files.
FORMATS = {
    ".gpkg": Format("GeoPackage", "GPKG", _ALL - {"datetime"}, several=True),
    ".shp": Format(
        "shapefile", "ESRI Shapefile", frozenset({"int32", "int64", "float", "text", "bool", "date"}),
        one_family=True, name_bytes=NAME_BYTES,
    ),
    # ArcMap, which most offices have, knows neither long whole numbers nor bare dates.
    ".gdb": Format(
        "FileGDB", "OpenFileGDB", frozenset({"int32", "float", "text", "datetime", "binary"}),
        one_family=True, several=True, name_bytes=64, moves_m=1e-4, moves_degrees=1e-9, moments=("s", "second"),
        reserved=frozenset({"objectid", "shape", "shape_length", "shape_area", "fid"}),
    ),
    ".geojson": Format("GeoJSON", "GeoJSON", _ALL - {"binary"}, moves_m=1e-8),
    ".fgb": Format("FlatGeobuf", "FlatGeobuf", _ALL - {"date"}),
    ".kml": Format(
        "KML", None, frozenset({"int32", "float", "text", "bool"}), moves_degrees=1e-11,
        as_text=frozenset({"name", "description"}),
        reserved=frozenset({"timestamp", "begin", "end", "altitudemode", "tessellate", "extrude", "visibility",
                            "draworder", "icon", "snippet", "model", "heading", "tilt", "roll", "image", "camera",
                            "scale", "headscale", "hotspotx", "hotspoty", "phonenumber", "address"}),
    ),
    ".parquet": Format("GeoParquet", None, _ALL, moments=_FINE),
    ".geoparquet": Format("GeoParquet", None, _ALL, moments=_FINE),
    ".dxf": Format("DXF", None, frozenset({"text"}), moves_m=1e-8),
    ".txt": Format("TXT", None, frozenset({"text"}), one_family=True, moves_m=0.00051, moves_degrees=0.0),
}  # fmt: skip
DATABASE = Format("PostGIS", None, _ALL, several=True, name_bytes=63, moments=_FINE,
                  reserved=frozenset({"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"}))  # fmt: skip
_FAMILIES = {"Point": "point", "MultiPoint": "point", "LineString": "line", "LinearRing": "line",
             "MultiLineString": "line", "Polygon": "polygon", "MultiPolygon": "polygon"}  # fmt: skip
_SINGLE = {"point": "Point", "line": "LineString", "polygon": "Polygon"}


@dataclass(frozen=True)
class Fitted:
    """A table made to fit a format.

    Attributes
    ----------
    table
        The fields, under the names they are written with.
    shapes, geometry_type
        The shapes, and what the format is told they are.
    names
        The fields' names before.
    notes
        What was changed to make it fit.
    """

    table: pa.Table
    shapes: Shapes
    geometry_type: str
    names: tuple[str, ...]
    notes: tuple[Text, ...]


def format_of(out: Source) -> Format:
    """Return the format of a place to write to.

    Raises
    ------
    OutputError
        None that is written.
    """
    if isinstance(out, Address):
        return DATABASE
    found = FORMATS.get(out.suffix.lower())
    if found is None:
        raise OutputError("convert.unknown_format", out=out, formats=[*FORMATS, "postgresql://..."])
    return found


def fit(frame: gpd.GeoDataFrame, format_: Format, out: Source, *, codec: str) -> Fitted:
    """Return a frame as a table that fits a format.

    Parameters
    ----------
    codec
        How the format writes text; names are measured in it.

    Raises
    ------
    OutputError
        Something would be lost: a text too long, a number too big, shapes of several kinds.
    """
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    notes: list[Text] = []
    shapes, geometry_type = _fit_shapes(frame.geometry.to_numpy(), format_, out, notes)
    arrays, names, taken = [], [], set(format_.reserved)
    for name in (str(column) for column in frame.columns if column != frame.geometry.name):
        arrays.append(_fit_column(_arrow(frame[name]), name, format_, out, notes))
        written = name
        if name.casefold() in taken or len(name.encode(codec, "replace")) > format_.name_bytes:
            written = distinct(name, taken, codec, format_.name_bytes)
        taken.add(written.casefold())
        names.append((name, written))
    if changed := [f"{name} → {written}" for name, written in names if name != written]:
        notes.append(text("convert.renamed", out=out, names=changed))
    table = pa.Table.from_arrays(arrays, names=[written for _, written in names])
    _refuse_long_texts(table, [name for name, _ in names], frame.index, format_, out, codec)
    return Fitted(table, shapes, geometry_type, tuple(name for name, _ in names), tuple(notes))


# -- shapes


def _fit_shapes(shapes: Shapes, format_: Format, out: Source, notes: list[Text]) -> tuple[Shapes, str]:
    """Return shapes of one type, if they are of one family, and that type."""
    shapes = np.array(shapes, dtype=object)
    there = ~shapely.is_missing(shapes)
    if (measured := shapely.has_m(shapes)).any():
        notes.append(text("convert.measures", out=out, count=int(measured.sum())))
        shapes[measured] = [_unmeasured(shape) for shape in shapes[measured]]
    deep = shapely.has_z(shapes)
    solid = " Z" if deep.any() else ""
    types = sorted({shape.geom_type for shape in shapes[there]})
    families = {_FAMILIES.get(kind, kind) for kind in types}
    if len(families) == 1 and next(iter(families)) in _SINGLE:
        single = _SINGLE[next(iter(families))]
        if types == [single]:
            return shapes, single + solid
        lone = there & (shapely.get_type_id(shapes) < 4)
        shapes[lone] = [_multi(shape) for shape in shapes[lone]]
        return shapes, f"Multi{single}{solid}"
    if families and format_.one_family:
        counts = [f"{kind} {sum(shape.geom_type == kind for shape in shapes[there])}" for kind in types]
        raise OutputError("convert.mixed", out=out, format=format_.name, found=counts)
    return shapes, "Unknown"


def _unmeasured(shape: Any) -> Any:
    return shapely.transform(shape, lambda points: points, include_z=True) if shape.has_z else shapely.force_2d(shape)


def _multi(shape: Any) -> Any:
    return {"Point": shapely.MultiPoint, "Polygon": shapely.MultiPolygon}.get(shape.geom_type, shapely.MultiLineString)(
        [shape]
    )


# -- fields


def _arrow(column: Any) -> pa.Array:
    """Return a column as an Arrow array of a plain type."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    try:
        array = pa.array(column, from_pandas=True)
    except (pa.ArrowException, TypeError):
        array = pa.array([None if one is None or one != one else str(one) for one in column.tolist()])  # noqa: PLR0124
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array


def kind_of(type_: Any) -> str | None:  # noqa: PLR0911 - one line a type
    """Return which of our types of fields an Arrow type is, None if it is none."""
    from pyarrow import types  # noqa: PLC0415 - slow to import

    if types.is_boolean(type_):
        return "bool"
    if types.is_integer(type_):
        return "int32" if type_.bit_width < 32 or type_ == "int32" else "int64"
    if types.is_floating(type_):
        return "float"
    if types.is_null(type_) or types.is_string(type_) or types.is_large_string(type_) or types.is_string_view(type_):
        return "text"
    if types.is_date(type_):
        return "date"
    if types.is_timestamp(type_):
        return "datetime" if type_.tz is None else "utc"
    return "binary" if types.is_binary(type_) or types.is_large_binary(type_) else None


def _fit_column(array: pa.Array, name: str, format_: Format, out: Source, notes: list[Text]) -> pa.Array:
    """Return a column as a type the format has; what becomes of others is said."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    kind = kind_of(array.type)
    targets = {"bool": pa.bool_(), "int32": pa.int32(), "int64": pa.int64(), "float": pa.float64(),
               "text": pa.string(), "date": pa.date32(), "binary": pa.binary()}  # fmt: skip
    types = format_.types if name.casefold() not in format_.as_text else {"text"}
    if kind is not None and kind in types:
        if kind in {"utc", "datetime"}:
            return _moments(array, name, format_, out, notes)
        return _cast(array, targets[kind], name, out)
    became, made = _nearest(array, kind, types)
    notes.append(text("convert.type_changed", out=out, field=name, before=str(array.type), after=became))
    return made


def _cast(array: pa.Array, target: Any, name: str, out: Source) -> pa.Array:
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    try:
        return array.cast(target)
    except pa.ArrowException as fault:
        raise OutputError("convert.value", out=out, field=name, reason=fault) from None


def _moments(array: pa.Array, name: str, format_: Format, out: Source, notes: list[Text]) -> pa.Array:
    """Return times as finely as the format tells them."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import
    import pyarrow.compute as pc  # noqa: PLC0415

    unit, name_of_unit = format_.moments
    whole = pc.floor_temporal(array, unit=name_of_unit)
    if pc.any(pc.not_equal(whole, array)).as_py():
        notes.append(text("convert.moments", out=out, field=name, unit=unit))
    return whole.cast(pa.timestamp("ms" if unit == "s" else unit, array.type.tz and "UTC"))


def _nearest(array: pa.Array, kind: str | None, types: Collection[str]) -> tuple[str, pa.Array]:
    """Return the type nearest to one that the format lacks, and the values in it, each exactly."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import
    import pyarrow.compute as pc  # noqa: PLC0415

    targets = {
        "int64": ["int32", "float"], "bool": ["int32"], "date": ["datetime"], "utc": ["datetime"], "datetime": ["utc"]
    }  # fmt: skip
    for step in targets.get(kind or "", []):
        if step not in types:
            continue
        try:
            if step == "int32":
                return step, array.cast(pa.int32())
            if step == "float":
                return "float64", array.cast(pa.float64())
            plain = pc.floor_temporal(_plain_moments(array), unit="second" if step == "datetime" else "millisecond")
            return "timestamp", plain if step == "datetime" else plain.cast(pa.timestamp("ms", "UTC"))
        except pa.ArrowException:
            continue
    if kind is None and pa.types.is_decimal(array.type) and "float" in types:
        made = array.cast(pa.float64())
        if made.cast(array.type, safe=False).equals(array):
            return "float64", made
    return "text", pa.array([None if one is None else _words(one) for one in array.to_pylist()], pa.string())


def _plain_moments(array: pa.Array) -> pa.Array:
    """Return dates and times as times without a zone, those with one as in UTC."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    zone = getattr(array.type, "tz", None)
    return (array.cast(pa.timestamp("us", "UTC"), safe=False) if zone else array).cast(pa.timestamp("ms"), safe=False)


def _words(value: Any) -> str:
    if isinstance(value, bytes):
        return value.hex().upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | dict) else str(value)


def _refuse_long_texts(table: pa.Table, names: list[str], index: Any, format_: Format, out: Source, codec: str) -> None:
    """Refuse texts that a shapefile would cut, and signs its encoding does not have."""
    measure: Callable[[str], int] = lambda value: len(value.encode(codec))  # noqa: E731 - a name for the message below
    if format_.name != "shapefile":
        return
    for name, column in zip(names, table.columns, strict=True):
        if kind_of(column.type) != "text":
            continue
        for at, value in enumerate(column.to_pylist()):
            try:
                size = 0 if value is None else measure(value)
            except UnicodeEncodeError as fault:
                sign = value[fault.start]
                facts = {"field": name, "feature": index[at], "sign": sign, "encoding": codec}
                raise OutputError("convert.sign", out=out, **facts) from None
            if size > TEXT_BYTES:
                facts = {"field": name, "feature": index[at], "bytes": size, "most": TEXT_BYTES}
                raise OutputError("convert.long_text", out=out, **facts)


def shapefile_codec(frame: gpd.GeoDataFrame, asked: str | None) -> str:
    """Return the encoding for a shapefile: the one asked for, else GBK, else UTF-8 where GBK lacks a sign.

    Raises
    ------
    OutputError
        Another one is asked for.
    """
    if asked is not None:
        found = {"gbk": "gbk", "gb18030": "gbk", "cp936": "gbk", "utf8": "utf-8", "utf-8": "utf-8"}.get(asked.lower())
        if found is None:
            raise OutputError("convert.encoding", encoding=asked)
        return found
    for name in frame.columns:
        if name == frame.geometry.name:
            continue
        words = [str(name), *(one for one in frame[name].tolist() if isinstance(one, str))]
        try:
            "".join(words).encode("gbk")
        except UnicodeEncodeError:
            return "utf-8"
    return "gbk"


def fields_file(out: Path) -> Path:
    """Return the side file that tells a shapefile's full names of fields."""
    return out.with_suffix(".fields.csv")
