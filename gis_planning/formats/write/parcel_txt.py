"""Write parcels as the coordinate TXT in which they are reported."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from gis_planning.errors import OutputError
from gis_planning.formats.gauss_kruger import ZONE_STEP, Zone, zone_of
from gis_planning.formats.read.deliveries import agreed_crs
from gis_planning.geo import SQUARE_METRES_PER_HECTARE, crs_name, parse_crs
from gis_planning.outputs.moment import today

if TYPE_CHECKING:
    import geopandas as gpd

#: What receivers call the datums.
DATUMS = {"CGCS2000": "2000国家大地坐标系", "Xian80": "1980西安坐标系", "Beijing54": "1954北京坐标系"}
#: The columns that a parcel's line tells.
TEXTS = ("id", "name", "sheet", "use", "land_class")


def write_parcel_txt(
    frame: gpd.GeoDataFrame,
    out: Path,
    *,
    crs: str | pyproj.CRS | None = None,
    producer: str = "",
    date: dt.date | None = None,
    encoding: str = "GBK",
    called: Path | None = None,
) -> None:
    """Write parcels as a coordinate TXT: lines end in CRLF, coordinates in millimetres, eastings carry their zone.

    The area of each parcel is the plane area of the coordinates written. Rings are numbered through, and so are points;
    a ring ends with its first point.

    Parameters
    ----------
    frame
        Polygons, with any of the columns id, name, use, land_class and sheet. A parcel without an id gets its number.
    crs
        The CRS of the coordinates where the frame has none: a Gauss-Krueger zone of CGCS2000, Xian80 or Beijing54.
    producer, date
        Who made the file and when, for its header; today if left out.
    encoding
        GBK, which all receivers read, or UTF-8, written with a byte order mark.
    called
        How messages call the file; `out` where left out.

    Raises
    ------
    OutputError
        The CRS is no such zone, a feature is no polygon, or a text cannot be written.
    """
    called = called or out
    zone = _zone_to_write(frame, crs, called)
    codec = {"GBK": "gbk", "UTF-8": "utf-8-sig"}.get(encoding.upper())
    if codec is None:
        raise OutputError("parcel_txt.unknown_encoding", out=called, encoding=encoding)
    lines = _header_lines(zone, producer, date or today())
    shift = 0 if zone.prefixed else zone.number * ZONE_STEP
    columns = {name: frame[name].tolist() if name in frame else [None] * len(frame) for name in TEXTS}
    for at, (index, shape) in enumerate(zip(frame.index, frame.geometry.to_numpy(), strict=True)):
        told = {name: _told(column[at], name, index, called) for name, column in columns.items()}
        told["id"] = told["id"] or str(at + 1)
        lines += _parcel_lines(told, shape, index, shift, called)
    try:
        content = "".join(f"{line}\r\n" for line in lines).encode(codec)
    except UnicodeEncodeError as fault:
        sign = fault.object[fault.start]
        line = fault.object.count("\n", 0, fault.start) + 1
        raise OutputError("parcel_txt.not_in_gbk", out=called, sign=sign, line=lines[line - 1][:60]) from None
    try:
        out.write_bytes(content)
    except OSError as fault:
        raise OutputError("parcel_txt.cannot_write", out=called, reason=fault.strerror) from None


def _header_lines(zone: Zone, producer: str, day: dt.date) -> list[str]:
    """Return the lines above the parcels."""
    header = {
        "格式版本号": "1.01版本",
        "数据产生单位": producer,
        "数据产生日期": day.isoformat(),
        "坐标系": DATUMS[zone.datum],
        "几度分带": zone.width,
        "投影类型": "高斯克吕格",
        "计量单位": "米",
        "带号": zone.number,
        "精度": "0.001",
        "转换参数": "," * 6,
    }
    return ["[属性描述]", *(f"{key}={value}" for key, value in header.items()), "[地块坐标]"]


def _zone_to_write(frame: gpd.GeoDataFrame, given: str | pyproj.CRS | None, out: Path) -> Zone:
    stated = parse_crs(given, source=str(out)) if isinstance(given, str) else given
    found = agreed_crs(frame.crs, stated, source=out)
    zone = zone_of(found)
    if zone is None:
        raise OutputError("parcel_txt.no_zone_to_write", out=out, crs=crs_name(found))
    return zone


def _parcel_lines(told: dict[str, str], shape: Any, index: object, shift: int, out: Path) -> list[str]:
    if shape is None or shape.is_empty or shape.geom_type not in {"Polygon", "MultiPolygon"}:
        raise OutputError("parcel_txt.not_a_polygon", out=out, parcel=index)
    rounded = shapely.transform(shapely.force_2d(shape), lambda points: np.round(points, 3))
    rings = shapely.get_rings(shapely.get_parts(rounded))
    area = f"{rounded.area / SQUARE_METRES_PER_HECTARE:.4f}"
    count = len(shapely.get_coordinates(rings))
    items = [
        str(count),
        area,
        told["id"],
        told["name"],
        "面",
        told["sheet"],
        told["use"],
        told["land_class"],
    ]
    lines, number = [",".join([*items, "@"])], 0
    for ring_number, ring in enumerate(rings, 1):
        points = shapely.get_coordinates(ring)
        for position, (east, north) in enumerate(points.tolist()):
            name = number + 1 + position % (len(points) - 1)
            lines.append(f"J{name},{ring_number},{north:.3f},{east + shift:.3f}")
        number += len(points) - 1
    return lines


def _told(value: Any, name: str, index: object, out: Path) -> str:
    if value is None or value != value:  # noqa: PLR0124 - NaN is what is not itself
        return ""
    told = str(value).strip()
    if bad := re.search(r"[,@＠\r\n]", told):
        raise OutputError(
            "parcel_txt.sign_not_allowed", out=out, parcel=index, column=name, value=told[:60], sign=bad[0]
        )
    return told
