"""Draw one project on the control lines around it as a picture for a Word report; no fonts are needed but digits."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from PIL import Image, ImageDraw, ImageFont

from gis_planning.maps.layers import styles

#: Pixels of the picture, and how many times finer it is drawn before it is scaled down to smooth edges.
SIZE = (1500, 960)
FINER = 2
#: Land shown around a project, as a share of its size, and at least so much of it.
MARGIN, LEAST_M = 0.45, 120.0
NICE = (1, 2, 5)


@dataclass(frozen=True)
class _Frame:
    """Where the picture lies: its south-west corner and pixels to a metre."""

    west: float
    north: float
    scale: float

    def points(self, ring: Any) -> list[tuple[float, float]]:
        at = shapely.get_coordinates(ring)
        x, y = (at[:, 0] - self.west) * self.scale, (self.north - at[:, 1]) * self.scale
        return list(zip(x.tolist(), y.tolist(), strict=True))


def project_figure(
    parcel: shapely.Geometry, lines: Mapping[str, gpd.GeoDataFrame], patches: Any, *, ground: gpd.GeoDataFrame | None
) -> tuple[bytes, tuple[str, ...]]:
    """Return a PNG of a project, and the lines seen on it.

    Parameters
    ----------
    parcel
        The project, in metres.
    lines
        The control lines by name, in the same CRS.
    patches
        The land in conflict, hatched.
    ground
        Streets under it all, thin.
    """
    frame, view = _framed(parcel)
    image = Image.new("RGB", (SIZE[0] * FINER, SIZE[1] * FINER), "#fbf9f3")
    seen = []
    looks = styles()["line"]
    for name, layer in lines.items():
        near = _clipped(layer, view)
        if not len(near):
            continue
        seen.append(name)
        look = looks.get(name, looks["other"])
        _fill(image, near, frame, look["fill"], look["opacity"])
        _outline(image, near, frame, look["stroke"], 2)
    if ground is not None:
        _outline(image, _clipped(ground, view), frame, "#b0aa9e", 1)
    _hatch(image, patches, frame)
    _outline(image, [parcel], frame, "#000000", 4)
    _outline(image, [parcel], frame, "#ffffff", 1)
    _furnish(image, frame)
    written = io.BytesIO()
    image.resize(SIZE, Image.Resampling.LANCZOS).save(written, format="PNG", optimize=True)
    return written.getvalue(), tuple(seen)


def _framed(parcel: shapely.Geometry) -> tuple[_Frame, Any]:
    x0, y0, x1, y1 = parcel.bounds
    margin = max(MARGIN * max(x1 - x0, y1 - y0), LEAST_M)
    width, height = x1 - x0 + 2 * margin, y1 - y0 + 2 * margin
    scale = min(SIZE[0] / width, SIZE[1] / height)
    width, height = SIZE[0] / scale, SIZE[1] / scale
    west, south = (x0 + x1 - width) / 2, (y0 + y1 - height) / 2
    # What is cut is cut outside the picture, so that the cut itself is not drawn.
    view = shapely.box(west - margin, south - margin, west + width + margin, south + height + margin)
    return _Frame(west, south + height, scale * FINER), view


def _clipped(layer: gpd.GeoDataFrame, view: Any) -> Any:
    geometry = layer.geometry.to_numpy()
    near = geometry[shapely.STRtree(geometry).query(view, predicate="intersects")]
    return shapely.intersection(near, view)


def _fill(image: Image.Image, shapes: Any, frame: _Frame, colour: str, opacity: float) -> None:
    mask = _mask(image, shapes, frame)
    image.paste(colour, mask=mask.point(lambda value: int(value * opacity)))


def _hatch(image: Image.Image, shapes: Any, frame: _Frame) -> None:
    """Draw conflicts in red with stripes, so that they are seen without colour as well."""
    mask = _mask(image, shapes, frame)
    image.paste("#d9481c", mask=mask.point(lambda value: int(value * 0.55)))
    stripes = Image.new("L", image.size, 0)
    pen = ImageDraw.Draw(stripes)
    for start in range(-image.size[1], image.size[0], 26):
        pen.line([(start, image.size[1]), (start + image.size[1], 0)], fill=255, width=6)
    both = Image.composite(stripes, Image.new("L", image.size, 0), mask)
    image.paste("#7d1d04", mask=both)


def _mask(image: Image.Image, shapes: Any, frame: _Frame) -> Image.Image:
    """Return where polygons are: holes are drawn over their shells, polygon by polygon."""
    mask = Image.new("L", image.size, 0)
    for polygon in _parts(shapes, 2):
        own = Image.new("L", image.size, 0) if len(polygon.interiors) else mask
        pen = ImageDraw.Draw(own)
        pen.polygon(frame.points(polygon.exterior), fill=255)
        for hole in polygon.interiors:
            pen.polygon(frame.points(hole), fill=0)
        if own is not mask:
            mask.paste(255, mask=own)
    return mask


def _outline(image: Image.Image, shapes: Any, frame: _Frame, colour: str, width: int) -> None:
    pen = ImageDraw.Draw(image)
    for polygon in _parts(shapes, 2):
        for ring in (polygon.exterior, *polygon.interiors):
            pen.line(frame.points(ring), fill=colour, width=width * FINER, joint="curve")
    for line in _parts(shapes, 1):
        pen.line(frame.points(line), fill=colour, width=width * FINER)


def _parts(shapes: Any, dimension: int) -> Any:
    parts = shapely.get_parts(np.asarray(list(shapes), dtype=object))
    while len(parts) and (shapely.get_type_id(parts) > 3).any():
        parts = shapely.get_parts(parts)
    return parts[(shapely.get_dimensions(parts) == dimension) & ~shapely.is_empty(parts)] if len(parts) else []


def _furnish(image: Image.Image, frame: _Frame) -> None:
    """Add a scale bar and an arrow to grid north."""
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(26 * FINER)
    wanted = image.size[0] / 5 / frame.scale
    power = 10 ** int(np.floor(np.log10(wanted)))
    metres = max(one * power for one in NICE if one * power <= wanted)
    x, y = 40 * FINER, image.size[1] - 44 * FINER
    length = metres * frame.scale
    pen.rectangle([x - 14, y - 54 * FINER, x + length + 130 * FINER, y + 26 * FINER], fill="#fffdf8")
    pen.rectangle([x, y, x + length, y + 10 * FINER], outline="#000000", width=3)
    pen.rectangle([x, y, x + length / 2, y + 10 * FINER], fill="#000000")
    pen.text((x, y - 40 * FINER), f"{metres:,.0f} m", fill="#000000", font=font)
    east, top = image.size[0] - 70 * FINER, 34 * FINER
    wing, foot = 18 * FINER, top + 58 * FINER
    pen.polygon([(east, top), (east + wing, foot), (east, foot - 12 * FINER), (east - wing, foot)], fill="#000000")
    pen.text((east - 10 * FINER, top + 62 * FINER), "N", fill="#000000", font=font)
