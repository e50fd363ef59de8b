"""Read the coordinate TXT in which land parcels are reported, in all the shapes it comes in."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj

from gis_planning.errors import CrsError, FeatureError, LayerError, SourceError
from gis_planning.formats.gauss_kruger import Axes, Zone, check_fit, datum_of, survey_axes, width_of, zone_of
from gis_planning.formats.read.cells import half_width
from gis_planning.formats.read.deliveries import Notes, agreed_crs, check_file, note_area, note_old_datum
from gis_planning.formats.read.nesting import Point, assemble, close, end_of_ring, near, nest, one_geometry
from gis_planning.formats.read.numbering import starts
from gis_planning.formats.read.tables import decode, note_open_end
from gis_planning.formats.read.vector import Delivered
from gis_planning.formats.write.parcel_txt import write_parcel_txt
from gis_planning.geo import SQUARE_METRES_PER_HECTARE, crs_name, parse_crs

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["read_parcel_txt", "write_parcel_txt"]

#: The items of a parcel line in our words. The first eight always have this order; writers add up to five more.
ITEMS = (
    *("points", "stated_area_ha", "id", "name", "kind", "sheet", "use", "land_class"),
    *("patch_type", "land_type", "quality_before", "quality_after", "remarks"),
)
#: Always columns of the frame; the other items are where some parcel has them.
COLUMNS = ("id", "name", "use", "land_class", "stated_area_ha", "sheet")
METRES = {"米", "m", "meter", "metre", "meters", "metres", "公尺"}
#: A coordinate in scientific notation whose last digit is worth more than this has lost its decimals.
COARSE_M = 0.01

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_DIGITS = {"三": "3", "六": "6"}


@dataclass(frozen=True)
class _Vertex:
    """One line of a point."""

    line: int
    name: str
    ring: str
    x: float
    y: float


@dataclass
class _Parcel:
    """The line of a parcel and the points under it."""

    line: int
    items: list[str]
    points: list[_Vertex] = field(default_factory=list)

    def item(self, name: str) -> str:
        at = ITEMS.index(name)
        return self.items[at] if at < len(self.items) else ""

    @property
    def called(self) -> str:
        """How messages call it."""
        return " ".join(part for part in (self.item("id"), self.item("name")) if part) or str(self.line)


@dataclass
class _Text:
    """What stands in the file: the keys of its header with their lines, and its parcels."""

    header: dict[str, tuple[int, str]] = field(default_factory=dict)
    parcels: list[_Parcel] = field(default_factory=list)

    def key(self, name: str) -> str:
        return self.header.get(name, (0, ""))[1]


def read_parcel_txt(source: Path, *, crs: str | None = None) -> Delivered:
    """Read the parcels of a coordinate TXT, each with its rings, in the CRS that its header and eastings tell.

    The frame's index holds the line of each parcel. Which ring is a hole is decided by where it lies, not by its
    number. What was mended on reading (full-width signs, rings that were not closed, columns swapped) stands in the
    warnings, as does a count of points or a stated area that does not fit.

    Parameters
    ----------
    source
        A text file in UTF-8, UTF-16 with a byte order mark, or GB18030.
    crs
        The CRS, where the file does not tell it. It may not contradict what the file tells.

    Raises
    ------
    SourceError
        The file is missing, or no such text.
    LayerError
        There is no parcel in it.
    FeatureError
        A line is none of those the format has, a parcel is not an area, or its rings cross.
    CrsError
        The zone of the header is not that of the eastings, the CRS cannot be told, or the stated one is another.
    """
    check_file(source)
    stated = parse_crs(crs, source=str(source)) if crs is not None else None
    content, encoding = decode(source)
    notes = Notes(source)
    found = _parse(content, source, notes)
    if not found.parcels:
        raise LayerError("parcel_txt.no_parcels", source=source)
    vertices = [vertex for parcel in found.parcels for vertex in parcel.points]
    axes = _axes(vertices, stated, source)
    if axes.swapped:
        notes.add("parcel_txt.swapped", vertices[0].line)
    own = _header_crs(found, axes, stated, source, notes)
    found_crs = agreed_crs(own, stated, source=source)
    check_fit(found_crs, axes.east, source=source)
    old = note_old_datum(found_crs, notes)
    places = dict(zip(vertices, zip(axes.east.tolist(), axes.north.tolist(), strict=True), strict=True))
    frame = _frame(found.parcels, places, found_crs, source, notes)
    counted = [parcel.item("id").lstrip("0") for parcel in found.parcels] == [
        str(at + 1) for at in range(len(found.parcels))
    ]
    return Delivered(frame, found_crs, None, encoding, {}, notes.texts(), old_datum_told=old, counted=counted)


# -- lines


def _parse(content: str, source: Path, notes: Notes) -> _Text:
    found, block = _Text(), ""
    lines = re.split(r"\r\n|\r|\n", content)
    last: list[str | None] = [*lines[-1].strip("\x1a \t\u3000").split(",")]
    note_open_end(content, [(len(lines), last)], notes)
    for line, given in enumerate(lines, 1):
        # Files glued together keep their byte order marks, and old editors end a file with Ctrl-Z.
        raw = given.strip("\ufeff\x1a \t\u3000")
        plain = unicodedata.normalize("NFKC", raw).strip()
        if not plain:
            continue
        if (plain[0], plain[-1]) in {("[", "]"), ("【", "】")}:
            block = plain[1:-1].strip()
        elif plain.endswith("@"):
            block = "地块坐标"
            found.parcels.append(_Parcel(line, _items(raw, line, source, notes)))
        elif block == "地块坐标":
            if not found.parcels:
                raise FeatureError("parcel_txt.no_parcel_line", source=source, line=line, content=plain[:60])
            found.parcels[-1].points.append(_vertex(raw, line, source, notes))
        elif "=" in plain:
            _header_line(found, plain, line, source)
        elif block in {"", "属性描述"}:
            raise SourceError("parcel_txt.not_parcel_txt", source=source, line=line, content=plain[:60])
    return found


def _header_line(found: _Text, plain: str, line: int, source: Path) -> None:
    key, _, value = plain.partition("=")
    key, value = key.strip(), value.strip()
    if key in {"坐标系", "几度分带", "带号", "投影类型", "计量单位"} and found.key(key) not in {"", value}:
        raise CrsError("parcel_txt.two_headers", source=source, line=line, key=key, value=value, before=found.key(key))
    found.header[key] = (line, value)


def _items(raw: str, line: int, source: Path, notes: Notes) -> list[str]:
    """Return the items of a parcel line; a full-width comma is a separator only where ASCII ones do not make sense."""
    body = raw[:-1]
    if raw[-1] != "@":
        notes.add("parcel_txt.full_width", line)
    for separator in (",", "[,，]", "[,，\t]"):
        items = [item.strip() for item in re.split(separator, body)]
        kind = items[4] if len(items) > 4 else "-"
        if kind[:1] in {"", "面", "线", "点"}:
            break
    else:
        raise FeatureError("parcel_txt.bad_parcel_line", source=source, line=line, content=raw[:60])
    if separator != ",":
        notes.add("parcel_txt.full_width", line)
    if kind[:1] in {"线", "点"}:
        raise FeatureError("parcel_txt.not_an_area", source=source, line=line, kind=kind, parcel=" ".join(items[2:4]))
    while len(items) > 8 and not items[-1]:
        items.pop()
    for at in (0, 1):
        items[at] = half_width(items[at])
        if items[at] and not _finite(items[at]):
            raise FeatureError("parcel_txt.bad_parcel_line", source=source, line=line, content=raw[:60])
    return items


def _vertex(raw: str, line: int, source: Path, notes: Notes) -> _Vertex:
    plain = half_width(raw).strip()
    if any(unicodedata.east_asian_width(sign) == "F" for sign in raw):
        notes.add("parcel_txt.full_width", line)
    parts = [word for part in plain.rstrip(", \t").split(",") for word in part.split() or [""]]
    if len(parts) != 4 or not all(parts) or not all(map(_finite, parts[1:])):
        raise FeatureError("parcel_txt.bad_point_line", source=source, line=line, content=plain[:60])
    for part in parts[2:]:
        if "e" in part.lower() and float(part) and (worth := 10.0 ** int(Decimal(part).as_tuple().exponent)) > COARSE_M:
            notes.add("parcel_txt.coarse", line, value=part, worth=worth)
    return _Vertex(line, parts[0], parts[1], float(parts[2]), float(parts[3]))


def _finite(word: str) -> bool:
    return _NUMBER.fullmatch(word) is not None and math.isfinite(float(word))


# -- where on Earth


def _axes(vertices: Sequence[_Vertex], stated: pyproj.CRS | None, source: Path) -> Axes:
    x = np.array([vertex.x for vertex in vertices])
    y = np.array([vertex.y for vertex in vertices])
    axes = survey_axes(x, y, stated)
    if isinstance(axes, int):
        at = vertices[axes]
        raise FeatureError("parcel_txt.no_axes", source=source, line=at.line, x=f"{at.x:.3f}", y=f"{at.y:.3f}")
    if len(axes.prefixes) > 1:
        raise CrsError("parcel_txt.two_zones", source=source, zones=list(axes.prefixes))
    return axes


def _header_crs(found: _Text, axes: Axes, stated: pyproj.CRS | None, source: Path, notes: Notes) -> pyproj.CRS | None:
    """Return the CRS the header and the eastings tell; None where they do not and one is stated that agrees so far."""
    _check_header(found, source, notes, has_crs=stated is not None)
    datum = datum_of(found.key("坐标系"))
    width, number = (_whole(found, key, source) for key in ("几度分带", "带号"))
    if axes.prefixes and number not in {None, axes.prefixes[0]}:
        line, value = found.header["带号"]
        raise CrsError("parcel_txt.zone_conflict", source=source, line=line, header=value, prefix=axes.prefixes[0])
    number = axes.prefixes[0] if axes.prefixes else number
    own_width = width_of(number) if number is not None else None
    if number is not None and (own_width is None or width not in {None, own_width}):
        raise CrsError("parcel_txt.width_conflict", source=source, zone=number, width=found.key("几度分带") or "-")
    if datum is not None and number is not None and own_width is not None:
        return Zone(datum, own_width, number, prefixed=bool(axes.prefixes)).crs
    if stated is None:
        key = "parcel_txt.no_zone" if number is None else "parcel_txt.no_datum"
        raise CrsError(key, source=source, value=found.key("坐标系") or "-")
    zone = zone_of(stated)
    if zone is not None:
        for key, told, theirs in (("坐标系", datum, zone.datum), ("几度分带", width, zone.width)):
            if told not in {None, theirs}:
                raise CrsError("parcels.crs_conflict", source=source, own=f"{key}={told}", stated=crs_name(stated))
    return None


def _check_header(found: _Text, source: Path, notes: Notes, *, has_crs: bool) -> None:
    """Refuse units and projections that are not those of the format; note parameters that are not applied."""
    unit, projection = found.key("计量单位"), found.key("投影类型")
    if unit and unit.lower() not in METRES:
        raise CrsError(
            "parcel_txt.header_value", source=source, line=found.header["计量单位"][0], key="计量单位", value=unit
        )
    if projection and not has_crs and "高斯" not in projection and "gauss" not in projection.lower():
        line = found.header["投影类型"][0]
        raise CrsError("parcel_txt.header_value", source=source, line=line, key="投影类型", value=projection)
    line, parameters = found.header.get("转换参数", (0, ""))
    if any(_finite(part.strip()) and float(part) for part in parameters.split(",")):
        notes.add("parcel_txt.parameters", line, value=parameters)


def _whole(found: _Text, key: str, source: Path) -> int | None:
    """Return the whole number of a header's key ("38", "38带", "三度"), None where it is empty."""
    line, value = found.header.get(key, (0, ""))
    if not value:
        return None
    value = _DIGITS.get(value[0], value[0]) + value[1:]
    match = re.fullmatch(r"第?\s*(\d{1,3})(?:\.0*)?\s*[度°]?\s*分?带?", value, re.ASCII)
    if match is None:
        raise CrsError("parcel_txt.header_value", source=source, line=line, key=key, value=value)
    return int(match[1])


# -- parcels


def _frame(
    parcels: Sequence[_Parcel], places: dict[_Vertex, Point], crs: pyproj.CRS, source: Path, notes: Notes
) -> gpd.GeoDataFrame:
    import geopandas as gpd  # noqa: PLC0415 - slow to import
    import pandas as pd  # noqa: PLC0415

    geometry = np.empty(len(parcels), dtype=object)
    for at, parcel in enumerate(parcels):
        geometry[at] = _geometry(parcel, places, source, notes)
        if stated := parcel.item("stated_area_ha"):
            note_area(parcel.called, float(stated) * SQUARE_METRES_PER_HECTARE, geometry[at].area, notes)
    index = pd.Index([parcel.line for parcel in parcels], name="line")
    longest = max(len(parcel.items) for parcel in parcels)
    names = [*COLUMNS, *ITEMS[8:longest], *(f"item_{at + 1}" for at in range(len(ITEMS), longest))]
    columns: dict[str, Any] = {}
    for name in names:
        at = ITEMS.index(name) if name in ITEMS else int(name.removeprefix("item_")) - 1
        told = [parcel.items[at] if at < len(parcel.items) else "" for parcel in parcels]
        if name == "stated_area_ha":
            columns[name] = pd.Series([float(one or "nan") for one in told], index=index)
        else:
            columns[name] = pd.Series([one or None for one in told], index=index, dtype=object)
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=crs, index=index)


def _geometry(parcel: _Parcel, places: dict[_Vertex, Point], source: Path, notes: Notes) -> Any:
    if not parcel.points:
        raise FeatureError("parcel_txt.no_points", source=source, line=parcel.line, parcel=parcel.called)
    rings = list(_rings(parcel, places, source, notes))
    drawn = [_closed(parcel, ring, [places[vertex] for vertex in ring], source, notes) for ring in rings]
    distinct = len(parcel.points) - sum(len(ring) == len(points) for ring, points in zip(rings, drawn, strict=True))
    if (count := parcel.item("points")) and float(count) not in {len(parcel.points), distinct}:
        notes.add("parcel_txt.count", parcel.line, stated=count, found=len(parcel.points))
    nesting = nest(drawn)
    for key, pairs in (("parcel_txt.crossing", nesting.crossing), ("parcel_txt.same_ring", nesting.repeated)):
        if pairs:
            lines = sorted(rings[at][0].line for at in pairs[0])
            raise FeatureError(key, source=source, parcel=parcel.called, line=lines[0], other=lines[1])
    return one_geometry(assemble(drawn, nesting))


def _closed(parcel: _Parcel, ring: list[_Vertex], points: list[Point], source: Path, notes: Notes) -> list[Point]:
    """Return the points of a ring, the first again at its end; a ring that was open gets one more than it had."""
    if len(set(points)) < 3:
        raise FeatureError("parcel_txt.few_points", source=source, line=ring[0].line, parcel=parcel.called)
    if near(points[0], points[-1]):
        points[-1] = points[0]
    elif ring[0].name == ring[-1].name:
        raise FeatureError("parcel_txt.closing_moved", source=source, line=ring[-1].line, name=ring[0].name)
    else:
        notes.add("parcel_txt.unclosed", ring[-1].line)
    for one, two, vertex in zip(points, points[1:], ring[1:], strict=False):
        if one == two:
            notes.add("parcel_txt.twice", vertex.line)
    return close(points)


def _rings(parcel: _Parcel, places: dict[_Vertex, Point], source: Path, notes: Notes) -> Iterator[list[_Vertex]]:
    """Yield the rings of a parcel.

    A new one begins with another number, where the one before has closed, or where the points are numbered anew.
    """
    left_open: set[str] = set()
    for ring, run in groupby(parcel.points, key=lambda vertex: vertex.ring):
        rest = list(run)
        if ring in left_open:
            raise FeatureError("parcel_txt.ring_again", source=source, line=rest[0].line, ring=ring)
        while rest:
            end = end_of_ring([places[vertex] for vertex in rest])
            last, rest = rest[:end], rest[end:]
            begins = starts([vertex.name for vertex in last], [places[vertex] for vertex in last])
            if isinstance(begins, int):
                facts = {"place": last[begins].line, "name": last[begins].name, "parcel": parcel.called}
                raise FeatureError("parcels.numbers_again", source=source, **facts)
            for begin, stop in zip(begins, [*begins[1:], len(last)], strict=True):
                if begin:
                    notes.add("parcels.numbers_anew", last[begin].line)
                yield last[begin:stop]
        if not near(places[last[0]], places[last[-1]]):
            left_open.add(ring)
