"""Look through a KML before it is read: what it holds, what would be read wrong, and what is not read at all.

The reader (LIBKML in GDAL 3.12) takes the last of several geometries or rings where it expects one, drops coordinates
that it cannot read, gives the picture of an overlay as a polygon, and never says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np

from gis_planning.errors import FeatureError, SourceError
from gis_planning.formats.read.deliveries import NAMED

SHAPES = {"Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Model", "Track", "MultiTrack"}
OVERLAYS = {"GroundOverlay", "PhotoOverlay", "ScreenOverlay"}
GX = "http://www.google.com/kml/ext/2.2"
#: What a shape is counted as: lines by their kinds, rings of their own and tracks among them.
_LINES = {"LineString", "Track"}
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_TUPLE = re.compile(rf"{_NUMBER},{_NUMBER}(?:,{_NUMBER})?")
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*encoding=["']([\w-]+)["'][^>]*\?>""")
_CHINESE = {"gbk", "gb2312", "gb18030", "cp936"}


@dataclass
class Held:
    """What a KML holds.

    Attributes
    ----------
    content
        The file as the reader understands it rightly; the same, where it does so anyway.
    counts
        How many placemarks, polygons, rings, lines and points there are.
    links
        The names and addresses of what it links to.
    overlays, models, hidden
        How many pictures and models there are, and features that are switched off.
    """

    content: bytes
    counts: Counter[str] = field(default_factory=Counter)
    links: list[str] = field(default_factory=list)
    overlays: Counter[str] = field(default_factory=Counter)
    models: list[str] = field(default_factory=list)
    hidden: int = 0


def look(file: Path) -> Held:
    """Look through a KML.

    Raises
    ------
    SourceError
        It is no plain XML.
    FeatureError
        The coordinates or the rings of a placemark are not to be read without a guess.
    """
    content = _in_utf8(file.read_bytes())
    if b"<!DOCTYPE" in content[:4096].upper() or b"<!ENTITY" in content.upper():
        raise SourceError("kml.doctype", source=file)
    held = Held(content)
    faults: dict[str, list[str]] = {}
    mend = False
    try:
        for _, element in ET.iterparse(BytesIO(content)):  # noqa: S314 - without a document type there are no entities
            kind = local(element.tag)
            if kind.casefold() == "placemark":
                mend |= _look_at(element, held, faults)
                element.clear()
            elif kind in OVERLAYS:
                held.overlays[kind] += 1
                mend = True
            elif kind == "NetworkLink":
                name = _said(element, "name") or "-"
                held.links.append(f"{name} ({_said(element, 'href') or '-'})")
    except (ET.ParseError, ValueError, LookupError) as fault:
        raise SourceError("source.unreadable", source=file, reason=fault) from None
    for key, names in faults.items():
        more = ["..."] if len(names) > NAMED else []
        raise FeatureError(key, source=file, count=len(names), features=[*names[:NAMED], *more])
    if mend or _undeclared(content):
        held.content = _mended(content)
    return held


def local(tag: object) -> str:
    """Return the name of an element without its namespace."""
    return str(tag).rpartition("}")[2]


def _in_utf8(content: bytes) -> bytes:
    """Return a file in UTF-8; the XML parser knows no encodings of several bytes else."""
    declared = _DECLARED.match(content)
    if declared is None or declared[1].decode("ascii").casefold() not in _CHINESE:
        return content
    return content[declared.end() :].decode("gb18030").encode()


def _said(element: ET.Element, name: str) -> str:
    found = next((one.text for one in element.iter() if local(one.tag) == name and one.text), "")
    return " ".join(str(found).split())[:80]


# -- one placemark


def _look_at(placemark: ET.Element, held: Held, faults: dict[str, list[str]]) -> bool:
    """Count what a placemark holds and note its faults; say whether it has to be written otherwise to be read."""
    held.counts["Placemark"] += 1
    name = _said(placemark, "name") or f"Placemark {held.counts['Placemark']}"
    held.hidden += _said(placemark, "visibility") == "0"
    shapes = [one for one in placemark if local(one.tag) in SHAPES]
    mend = len(shapes) > 1 or any(local(shape.tag) == "LinearRing" for shape in shapes)
    for one in placemark.iter():
        kind = local(one.tag)
        if kind == "Model":
            held.models.append(name)
        elif kind == "Polygon":
            outer, inner = (_rings(one, side) for side in ("outerBoundaryIs", "innerBoundaryIs"))
            held.counts["Polygon"] += 1
            held.counts["LinearRing"] += sum(outer) + sum(inner)
            mend |= any(count > 1 for count in inner)
            if sum(outer) > 1:
                faults.setdefault("kml.outer_rings", []).append(name)
        elif kind in {"Point", *_LINES}:
            held.counts["Point" if kind == "Point" else "LineString"] += 1
        elif kind == "MultiGeometry":
            mend |= any(local(inner.tag) in {"MultiGeometry", "LinearRing"} for inner in one)
            held.counts["LineString"] += sum(local(inner.tag) == "LinearRing" for inner in one)
        elif kind in {"coordinates", "coord"}:
            said = tuples(one.text or "", between=" " if kind == "coord" else ",")
            if said is None:
                faults.setdefault("kml.coordinates", []).append(name)
            mend |= kind == "coordinates" and said is not None and said != (one.text or "").split()
    held.counts["LineString"] += sum(local(shape.tag) == "LinearRing" for shape in shapes)
    return mend


def _rings(polygon: ET.Element, side: str) -> list[int]:
    return [
        sum(local(ring.tag) == "LinearRing" for ring in boundary) for boundary in polygon if local(boundary.tag) == side
    ]


def tuples(words: str, *, between: str = ",") -> list[str] | None:
    """Return coordinates as they are to be written, None for what is no list of degrees.

    Blanks after commas, and commas after points, are not by the book and leave no doubt.

    Examples
    --------
    >>> tuples("113.2, 41.4, 0 113.3, 41.4, 0")
    ['113.2,41.4,0', '113.3,41.4,0']
    >>> tuples("113.2,41.4, 113.3,41.4,")
    ['113.2,41.4', '113.3,41.4']
    >>> tuples("113.2,41.4 113;3,41.4") is None
    True
    """
    if between == " ":
        ways = [[",".join(words.split())] if words.strip() else []]
    else:
        ways = [words.split()]
        ways.append([way.removesuffix(",") for way in ways[0]])
        ways.append(re.sub(r"\s*,\s*", ",", words).split())
    said = next((way for way in ways if all(_TUPLE.fullmatch(one) for one in way)), None)
    if said:
        degrees = np.abs(np.array([one.split(",")[:2] for one in said], dtype=np.float64))
        if (degrees > [180, 90]).any():
            return None
    return said


# -- written so that it is read rightly


def _undeclared(content: bytes) -> bool:
    """Say whether values stand under names that no schema declares; the reader leaves them out."""
    declared = set(re.findall(rb'<(?:\w+:)?SimpleField[^>]*\bname="([^"]*)"', content))
    return bool(set(re.findall(rb'<(?:\w+:)?SimpleData[^>]*\bname="([^"]*)"', content)) - declared) or bool(
        re.search(rb"<(?:\w+:)?Schema\b", content) and re.search(rb"<(?:\w+:)?Data\b", content)
    )


def _mended(content: bytes) -> bytes:
    """Return a KML in which each place holds one thing, and nothing that is no feature."""
    root = ET.fromstring(content)  # noqa: S314 - looked through before
    _declare(root)
    for element in root.iter():
        kind = local(element.tag)
        element[:] = [one for one in element if local(one.tag) not in OVERLAYS]
        if kind == "Placemark":
            _put_together(element)
        elif kind == "MultiGeometry":
            element[:] = list(_flat(element))
        elif kind == "Polygon":
            element[:] = list(_one_ring_each(element))
        elif kind == "coordinates":
            element.text = " ".join(tuples(element.text or "") or [])
        if kind in {"Placemark", "MultiGeometry"}:
            for one in element:
                if local(one.tag) == "LinearRing":
                    one.tag = "LineString"
    return _written(root)


def _put_together(placemark: ET.Element) -> None:
    """Put several geometries of a placemark into one that holds several."""
    shapes = [one for one in placemark if local(one.tag) in SHAPES]
    if len(shapes) > 1:
        placemark[:] = [one for one in placemark if one not in shapes]
        ET.SubElement(placemark, "MultiGeometry")[:] = shapes


def _flat(several: ET.Element) -> Iterator[ET.Element]:
    """Yield the geometries of one that holds several, which may hold several again."""
    for one in several:
        if local(one.tag) == "MultiGeometry":
            yield from _flat(one)
        else:
            yield one


def _one_ring_each(polygon: ET.Element) -> Iterator[ET.Element]:
    for one in polygon:
        rings = [ring for ring in one if local(ring.tag) == "LinearRing"]
        if local(one.tag) != "innerBoundaryIs" or len(rings) < 2:
            yield one
            continue
        for ring in rings:
            boundary = ET.Element("innerBoundaryIs")
            boundary.append(ring)
            yield boundary


def _declare(root: ET.Element) -> None:
    """Let all values stand as the reader finds them: under a schema that has their fields if there is one, else plain.

    Of a file with a schema it reads no plain values, and of one without none that ask for a schema.
    """
    schemas = [one for one in root.iter() if local(one.tag) == "Schema"]
    known = {f"#{schema.get('id')}" for schema in schemas}
    declared = {str(one.get("name")) for one in root.iter() if local(one.tag) == "SimpleField"}
    for extended in [one for one in root.iter() if local(one.tag) == "ExtendedData"]:
        values = [
            (str(one.get("name")), one.text if local(one.tag) == "SimpleData" else _value(one))
            for one in extended.iter()
            if local(one.tag) in {"SimpleData", "Data"}
        ]
        asked = next((one.get("schemaUrl") for one in extended if local(one.tag) == "SchemaData"), None)
        if not schemas:
            extended[:] = []
            for name, value in values:
                ET.SubElement(ET.SubElement(extended, "Data", {"name": name}), "value").text = value
            continue
        url = asked if asked in known else f"#{schemas[0].get('id')}"
        extended[:] = [ET.Element("SchemaData", {"schemaUrl": str(url)})]
        for name, value in values:
            ET.SubElement(extended[0], "SimpleData", {"name": name}).text = value
            if name not in declared:
                declared.add(name)
                for schema in schemas:
                    ET.SubElement(schema, "SimpleField", {"type": "string", "name": name})


def _value(data: ET.Element) -> str | None:
    return next((one.text for one in data if local(one.tag) == "value"), None)


def _written(root: ET.Element) -> bytes:
    """Return a tree with the prefixes that the reader goes by."""
    for element in root.iter():
        space, _, name = str(element.tag).removeprefix("{").rpartition("}")
        element.tag = f"gx:{name}" if space == GX else name
    root.attrib.clear()
    root.attrib.update({"xmlns": "http://www.opengis.net/kml/2.2", "xmlns:gx": GX})
    return b"<?xml version='1.0' encoding='utf-8'?>\n" + ET.tostring(root, encoding="unicode").encode()
