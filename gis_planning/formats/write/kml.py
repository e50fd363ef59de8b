"""Write KML: every field as typed data, every coordinate to the last digit, whatever is in a text as text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import shapely

from gis_planning.errors import OutputError
from gis_planning.formats.write.writable import Fitted, kind_of

#: Fields that are elements of a placemark.
_ELEMENTS = ("name", "description")
_TYPES = {"int32": "int", "float": "double", "bool": "bool", "text": "string"}
#: Signs that no XML can hold, not even by their number.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def write_kml(fitted: Fitted, labels: Sequence[str | None], file: Path, *, name: str, out: Path) -> None:
    """Write a table whose shapes are longitudes and latitudes of WGS84.

    The writer of the vector library refuses shapes that are not valid, which are the user's to judge.

    Parameters
    ----------
    labels
        What each feature is called on a map.
    name
        The folder's name.

    Raises
    ------
    OutputError
        A text holds a sign that XML cannot, a shape is of no kind KML has, or the file cannot be written.
    """
    try:
        with file.open("w", encoding="utf-8", newline="\n") as stream:
            for line in _lines(fitted, labels, name, out):
                stream.write(line + "\n")
    except OSError as fault:
        raise OutputError("convert.cannot_write", out=out, reason=fault.strerror) from None


def _lines(fitted: Fitted, labels: Sequence[str | None], name: str, out: Path) -> Iterator[str]:
    names = fitted.table.column_names
    plain = [at for at, one in enumerate(names) if one.casefold() not in _ELEMENTS]
    elements = {names[at].casefold(): at for at in range(len(names)) if at not in plain}
    types = [_TYPES.get(kind_of(column.type) or "", "string") for column in fitted.table.columns]
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<kml xmlns="http://www.opengis.net/kml/2.2"><Document id="root_doc">'
    yield '<Schema name="fields" id="fields">'
    for at in plain:
        yield f"<SimpleField name={quoteattr(_text(names[at], names[at], 0, out))} type={quoteattr(types[at])}/>"
    yield f"</Schema><Folder><name>{escape(_text(name, 'name', 0, out))}</name>"
    columns = [column.to_pylist() for column in fitted.table.columns]
    for row, shape in enumerate(fitted.shapes):
        yield "<Placemark>"
        for element in _ELEMENTS:
            value = (
                columns[elements[element]][row] if element in elements else labels[row] if element == "name" else None
            )
            if value is not None:
                yield f"<{element}>{escape(_text(str(value), element, row, out))}</{element}>"
        yield '<ExtendedData><SchemaData schemaUrl="#fields">'
        for at in plain:
            value = columns[at][row]
            if value is not None:
                called = quoteattr(names[at])
                yield f"<SimpleData name={called}>{escape(_value(value, names[at], row, out))}</SimpleData>"
        yield "</SchemaData></ExtendedData>"
        if shape is not None and not shape.is_empty:
            yield _shape(shape, row, out)
        yield "</Placemark>"
    yield "</Folder></Document></kml>"


def _value(value: Any, field: str, row: int, out: Path) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else _text(str(value), field, row, out)


def _text(word: str, field: str, row: int, out: Path) -> str:
    if bad := _NO_XML.search(word):
        facts = {"field": field, "feature": row + 1, "sign": ascii(bad[0]).strip("'"), "encoding": "XML"}
        raise OutputError("convert.sign", out=out, **facts)
    return word


def _shape(shape: Any, row: int, out: Path) -> str:
    if shape.geom_type == "Point":
        return f"<Point>{_coordinates(shape)}</Point>"
    if shape.geom_type in {"LineString", "LinearRing"}:
        return f"<LineString>{_coordinates(shape)}</LineString>"
    if shape.geom_type == "Polygon":
        sides = [("outer", shape.exterior), *(("inner", hole) for hole in shape.interiors)]
        rings = (
            f"<{side}BoundaryIs><LinearRing>{_coordinates(ring)}</LinearRing></{side}BoundaryIs>"
            for side, ring in sides
        )
        return f"<Polygon>{''.join(rings)}</Polygon>"
    if hasattr(shape, "geoms"):
        return f"<MultiGeometry>{''.join(_shape(geom, row, out) for geom in shape.geoms)}</MultiGeometry>"
    raise OutputError("convert.not_drawn", out=out, row=row + 1, found=shape.geom_type)


def _coordinates(shape: Any) -> str:
    points = shapely.get_coordinates(shape, include_z=shape.has_z).tolist()
    return f"<coordinates>{' '.join(','.join(map(repr, point)) for point in points)}</coordinates>"
