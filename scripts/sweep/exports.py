"""Export layers of the county in every format that is read, and say how county.toml names them."""

from __future__ import annotations

import csv
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np
import plain
import pyproj
import shapely

Frames = dict[str, Any]
GREEN = ["check", "county", "--only", "green-checkup2022plus"]
CIRCLES = ["check", "county", "--only", "circle-tdt1063"]
REVIEW = ["review", "county"]


@dataclass(frozen=True)
class Format:
    """A format: which layers are exported in it, into which file, how, and what is judged with them.

    Attributes
    ----------
    name
        As the table calls it.
    file
        The source, in the folder of the county.
    layers
        The layers it holds.
    commands
        What is run.
    write
        Writes layers into a file.
    lines
        More lines of the layer's table in county.toml.
    tables
        Whether the layer has to be named inside the file.
    pack
        What is done to the files of the source before they are read.
    """

    name: str
    file: str
    layers: tuple[str, ...]
    commands: tuple[tuple[str, ...], ...]
    write: Callable[[Path, Frames], None]
    lines: tuple[str, ...] = ()
    tables: bool = False
    pack: Callable[[Path], None] | None = None

    def toml(self, others: list[str]) -> str:
        """Return the county.toml; the other layers are in rest.gpkg."""
        rows = ["[county]", 'name = "示例"', f'crs = "{plain.CRS}"', 'lang = "en"']
        for layer in others:
            rows += [f"[layers.{layer}]", 'source = "rest.gpkg"', f'layer = "{layer}"']
        for layer in self.layers:
            rows += [f"[layers.{layer}]", f'source = "{self.file}"', *self.lines]
            rows += [f'layer = "{layer}"'] if self.tables else []
        return "\n".join(rows) + "\n"


def formats() -> list[Format]:
    """Return the formats that are tried."""
    green, review, circles = (tuple(GREEN),), (tuple(REVIEW),), (tuple(CIRCLES),)
    polygons = ("parks", "permanent_farmland", "projects", "districts", "residential", "development_boundary")
    several = {"commands": (*green, *review), "layers": polygons, "tables": True}
    return [
        Format("GeoPackage", "county.gpkg", write=_drive("GPKG"), **several),
        Format("FileGDB", "county.gdb", write=_drive("OpenFileGDB"), **several),
        Format("shapefile UTF-8", "parks.shp", ("parks",), green, _shapefile("UTF-8")),
        Format("shapefile GBK", "farmland.shp", ("permanent_farmland",), review, _shapefile("GBK")),
        Format("shapefile projects", "projects.shp", ("projects",), review, _shapefile("UTF-8")),
        Format("zip", "parks.zip", ("parks",), green, _zipped),
        Format("zip, inside", "farmland.zip", ("permanent_farmland",), review, _shapefile("UTF-8"), pack=_pack),
        Format("GeoJSON", "parks.geojson", ("parks",), green, _geojson),
        Format("GeoJSON lines", "parks.geojsonl", ("parks",), green, _drive("GeoJSONSeq")),
        Format("FlatGeobuf", "farmland.fgb", ("permanent_farmland",), review, _drive("FlatGeobuf")),
        Format("FlatGeobuf parks", "parks.fgb", ("parks",), green, _drive("FlatGeobuf")),
        Format("GeoParquet", "parks.parquet", ("parks",), green, _parquet),
        Format("KML", "farmland.kml", ("permanent_farmland",), review, _converted, ('datum = "CGCS2000"',)),
        Format("KMZ", "farmland.kmz", ("permanent_farmland",), review, _kmz, ('datum = "CGCS2000"',)),
        Format("DXF", "farmland.dxf", ("permanent_farmland",), review, _converted, (f'crs = "{plain.CRS}"',)),
        Format("coordinate TXT", "projects.txt", ("projects",), review, _converted),
        Format("boundary points xlsx", "projects.xlsx", ("projects",), review, _boundary_xlsx),
        Format("boundary points csv", "projects.csv", ("projects",), review, _boundary_csv),
        Format("points xlsx", "schools.xlsx", ("facilities",), circles, _points_xlsx, ('datum = "CGCS2000"',)),
        Format("points csv", "schools.csv", ("facilities",), circles, _points_csv, ('datum = "CGCS2000"',)),
        Format("GraphML", "streets.graphml", ("streets",), circles, _graphml),
        Format("OSM XML", "streets.osm", ("streets",), circles, _osm),
        Format("OSM PBF", "streets.osm.pbf", ("streets",), circles, _pbf),
        Format("GeoTIFF", "elevation.tif", ("elevation",), circles, _raster("GTiff", 0)),
        Format("GeoTIFF population", "people.tif", ("population",), green, _raster("GTiff", 1)),
        Format("ASCII grid", "people.asc", ("population",), green, _raster("AAIGrid", 1), (f'crs = "{plain.CRS}"',)),
    ]


def write_rest(folder: Path, frames: Frames, without: tuple[str, ...]) -> list[str]:
    """Write the layers that are not tried; return their names."""
    names = [name for name in frames if name not in without]
    _drive("GPKG")(folder / "rest.gpkg", {name: frames[name] for name in names})
    return names


def _drive(driver: str) -> Callable[[Path, Frames], None]:
    def write(file: Path, frames: Frames) -> None:
        options = {"TARGET_ARCGIS_VERSION": "ALL"} if driver == "OpenFileGDB" else {}
        for name, frame in frames.items():
            placed = frame.to_crs("EPSG:4326") if driver == "GeoJSONSeq" else frame
            placed.to_file(file, layer=name, driver=driver, **options)

    return write


def _shapefile(encoding: str) -> Callable[[Path, Frames], None]:
    def write(file: Path, frames: Frames) -> None:
        (frame,) = frames.values()
        frame.to_file(file.with_suffix(".shp"), encoding=encoding)

    return write


def _zipped(file: Path, frames: Frames) -> None:
    _shapefile("UTF-8")(file, frames)
    _pack(file.parent)


def _pack(folder: Path) -> None:
    """Put a shapefile into a zip of its name, as an office sends it."""
    parts = sorted(
        one for one in folder.iterdir() if one.is_file() and one.suffix in {".shp", ".shx", ".dbf", ".prj", ".cpg"}
    )
    with zipfile.ZipFile(parts[0].with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as packed:
        for one in parts:
            packed.write(one, one.name)
            one.unlink()


def _geojson(file: Path, frames: Frames) -> None:
    (frame,) = frames.values()
    frame.to_crs("EPSG:4490").to_file(file, driver="GeoJSON", RFC7946="NO")


def _parquet(file: Path, frames: Frames) -> None:
    (frame,) = frames.values()
    frame.to_parquet(file)


def _converted(file: Path, frames: Frames) -> None:
    """Write what only our own writers write."""
    from gis_planning.formats.convert import convert  # noqa: PLC0415

    ((name, frame),) = frames.items()
    between = file.with_suffix(".between.gpkg")
    frame.to_file(between, layer=name, driver="GPKG")
    convert(between, file, layer=name)
    between.unlink()


def _kmz(file: Path, frames: Frames) -> None:
    text = file.with_suffix(".kml")
    _converted(text, frames)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(text, "doc.kml")
    text.unlink()


# -- tables


def _boundary_rows(frames: Frames) -> list[list[object]]:
    rows: list[list[object]] = [["地块编号", "点号", "X", "Y", "圈号"]]
    (frame,) = frames.values()
    for number, shape in zip(frame["id"], frame.geometry, strict=True):
        corners = shape.exterior.coords[:]
        for at, (east, north) in enumerate(corners):
            rows.append([number, f"J{at % (len(corners) - 1) + 1}", round(north, 3), round(east, 3), 1])
    return rows


def _point_rows(frames: Frames) -> list[list[object]]:
    (frame,) = frames.values()
    places = frame.to_crs("EPSG:4490").geometry
    rows = zip(frame["name"], frame["kind"], places.x.round(8), places.y.round(8), strict=True)
    return [["名称", "类型", "经度", "纬度"], *(list(row) for row in rows)]


def _book(rows: Callable[[Frames], list[list[object]]]) -> Callable[[Path, Frames], None]:
    def write(file: Path, frames: Frames) -> None:
        import openpyxl  # noqa: PLC0415

        book = openpyxl.Workbook()
        for row in rows(frames):
            book.active.append(row)
        book.save(file)

    return write


def _text(rows: Callable[[Frames], list[list[object]]]) -> Callable[[Path, Frames], None]:
    def write(file: Path, frames: Frames) -> None:
        with file.open("w", encoding="utf-8", newline="") as opened:
            csv.writer(opened).writerows(rows(frames))

    return write


_boundary_xlsx, _boundary_csv = _book(_boundary_rows), _text(_boundary_rows)
_points_xlsx, _points_csv = _book(_point_rows), _text(_point_rows)


# -- networks


def _network(frames: Frames) -> tuple[list[tuple[float, float]], list[tuple[int, int, str]]]:
    """Return the crossings of the streets in degrees, and the pieces between them with their names."""
    frame = frames["streets"]
    to_degrees = pyproj.Transformer.from_crs(plain.CRS, "EPSG:4326", always_xy=True)
    nodes: dict[tuple[float, float], int] = {}
    pieces = []
    for name, line in zip(frame["name"], frame.geometry, strict=True):
        on = {*line.coords} | {
            point.coords[0] for other in frame.geometry for point in shapely.get_parts(line.intersection(other))
            if point.geom_type == "Point"
        }  # fmt: skip
        numbers = [nodes.setdefault(place, len(nodes) + 1) for place in sorted(on)]
        pieces += [(one, other, name) for one, other in pairwise(numbers)]
    return [to_degrees.transform(*place) for place in nodes], pieces


def _graphml(file: Path, frames: Frames) -> None:
    nodes, pieces = _network(frames)
    keys = "".join(
        f'<key id="{key}" for="all" attr.name="{key}" attr.type="string"/>'
        for key in ("x", "y", "crs", "osmid", "name", "highway", "oneway")
    )
    rows = [
        f'<node id="{at}"><data key="x">{x:.8f}</data><data key="y">{y:.8f}</data></node>'
        for at, (x, y) in enumerate(nodes, 1)
    ]
    rows += [
        f'<edge source="{one}" target="{other}"><data key="osmid">{at}</data><data key="name">{name}</data>'
        '<data key="highway">residential</data><data key="oneway">False</data></edge>'
        for at, (start, end, name) in enumerate(pieces, 1)
        for one, other in ((start, end), (end, start))
    ]
    file.write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
        f'{keys}<graph edgedefault="directed"><data key="crs">epsg:4326</data>\n'
        + "\n".join(rows)
        + "</graph></graphml>\n",
        encoding="utf-8",
    )


def _osm(file: Path, frames: Frames) -> None:
    nodes, pieces = _network(frames)
    rows = [f'<node id="{at}" version="1" lon="{x:.7f}" lat="{y:.7f}"/>' for at, (x, y) in enumerate(nodes, 1)]
    rows += [
        f'<way id="{at}" version="1"><nd ref="{one}"/><nd ref="{other}"/><tag k="highway" v="residential"/>'
        f'<tag k="name" v={quoteattr(name)}/></way>'
        for at, (one, other, name) in enumerate(pieces, 1)
    ]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6" generator="sweep">\n'
    file.write_text(head + "\n".join(rows) + "\n</osm>\n", encoding="utf-8")


def _pbf(file: Path, frames: Frames) -> None:
    import osmium  # noqa: PLC0415

    text = file.with_name("between.osm")
    _osm(text, frames)
    writer = osmium.SimpleWriter(str(file))
    for one in osmium.FileProcessor(str(text)):
        writer.add(one)
    writer.close()
    text.unlink()


# -- rasters


def _raster(driver: str, which: int) -> Callable[[Path, Frames], None]:
    def write(file: Path, _: Frames) -> None:
        """Heights that rise by a metre a cell, or ten people in every cell of a block and one elsewhere."""
        import rasterio  # noqa: PLC0415
        from rasterio.transform import from_origin  # noqa: PLC0415

        width, height = plain.COLUMNS * 12, plain.ROWS * 12
        band = np.add.outer(np.arange(height), np.arange(width)).astype("float32") + 1000
        if which:
            band = np.ones((height, width), "float32")
            band[-2::-12, 1::12] = 10
        options = {"compress": "deflate"} if driver == "GTiff" else {}
        origin = from_origin(plain.EAST, plain.NORTH + 100 * height, 100, 100)
        made = file.with_suffix(".made.tif")
        with rasterio.open(
            made, "w", driver="GTiff", width=width, height=height, count=1, dtype="float32", crs=plain.CRS,
            transform=origin, nodata=-9999, **options,
        ) as raster:  # fmt: skip
            raster.write(band, 1)
        if driver == "GTiff":
            shutil.move(made, file)
            return
        from rasterio.shutil import copy  # noqa: PLC0415

        copy(made, file, driver=driver)
        made.unlink()

    return write
