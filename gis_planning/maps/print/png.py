"""Draw pictures as PNG, in pixels; no font is needed, as words are figures and plain letters."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import rasterio.features
import rasterio.transform
import shapely
from PIL import Image, ImageChops, ImageDraw, ImageFont

from gis_planning.maps.print.canvas import Canvas
from gis_planning.maps.print.dashes import Lines, courses, dashed, joined
from gis_planning.maps.print.pen import Mark, Pen, Picture, hatching

#: How many times finer a picture is drawn before it is scaled down to smooth edges.
FINER = 2
PAPER = "#fbf9f3"


def png(
    picture: Picture,
    *,
    paper: str = PAPER,
    colours: int = 256,
    share: float = 1.0,
    over: tuple[bytes, tuple[float, float, float, float]] | None = None,
) -> bytes:
    """Return a picture as PNG of no more than some colours, scaled down to a share of its size.

    `over` is an image that is laid on top, and the box of the ground that it fills.
    """
    wide, high = round(picture.window.width), round(picture.window.height)
    canvas = Canvas((wide * FINER, high * FINER), paper)
    for mark in picture.marks:
        _draw(canvas, mark)
    image = canvas.shades()
    if over is not None:
        _lay(image, picture, *over)
    size = (round(wide * share), round(high * share))
    # Whole steps need no resampling, which is five times as slow; no tone differs by more than rounding.
    small = image.reduce(FINER) if size == (wide, high) else image.resize(size, Image.Resampling.BOX)
    # Sixteen times as fast as the default way, and as good for few flat colours.
    few = small.quantize(colours, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    written = io.BytesIO()
    few.save(written, format="PNG")
    return written.getvalue()


def _lay(image: Image.Image, picture: Picture, content: bytes, box: tuple[float, float, float, float]) -> None:
    corners = _pixels(image, picture.window.place([(box[0], box[3]), (box[2], box[1])])).tolist()
    (left, top), (right, bottom) = ((round(x), round(y)) for x, y in corners)
    laid = Image.open(io.BytesIO(content)).convert("RGBA").resize((max(1, right - left), max(1, bottom - top)))
    image.paste(laid, (left, top), laid)


def _draw(canvas: Canvas, mark: Mark) -> None:
    seen, pen = mark.seen, mark.pen
    if len(seen.areas) and (pen.fill is not None or pen.hatch):
        _fill(canvas, seen.areas, pen)
    if pen.stroke is not None and pen.width:
        (ink,) = canvas.inks(pen.stroke)
        for shapes in (seen.rings(), seen.lines):
            _lines(canvas.image, dashed(courses(shapes), pen.dash), ink, pen.width)
    if len(seen.points):
        _points(canvas, shapely.get_coordinates(seen.points), pen, mark.words)


def _fill(canvas: Canvas, areas: Any, pen: Pen) -> None:
    """Fill and hatch land; only the part of the picture that it reaches is touched."""
    box = _reached(canvas.image, areas)
    if box is None:
        return
    mask = _mask(canvas.image, areas, box)
    if pen.fill is not None:
        canvas.paint(pen.fill, mask, box[:2], pen.opacity)
    if pen.hatch:
        stripes = Image.new("1", canvas.image.size, 0)
        _lines(stripes, joined(hatching(areas, pen)), 1, pen.thick)
        hatched = ImageChops.logical_and(stripes.crop(box), mask)
        canvas.paint(pen.stripe or pen.stroke or "#ffffff", hatched, box[:2])


def _points(canvas: Canvas, points: Any, pen: Pen, words: Sequence[str]) -> None:
    if words:
        # Letters are drawn in shades.
        canvas.shades()
    fill, outline = canvas.inks(pen.fill or pen.stroke, pen.stroke)
    draw, half = ImageDraw.Draw(canvas.image), pen.radius * FINER
    at = _pixels(canvas.image, points).tolist()
    width = max(1, round(pen.ring * FINER)) if pen.ring else 0
    for x, y in at if half else ():
        draw.ellipse([x - half, y - half, x + half, y + half], fill=fill, outline=outline, width=width)
    if words:
        font = ImageFont.load_default(pen.letters * FINER)
        for (x, y), word in zip(at, words, strict=True):
            draw.text((x, y), word, fill=pen.ink, font=font, anchor="mm")


def _lines(image: Image.Image, lines: Lines, ink: Any, width: float) -> None:
    draw, thick = ImageDraw.Draw(image), max(1, round(width * FINER))
    joint = "curve" if thick > FINER else None
    flat = _pixels(image, lines.points).ravel().tolist()
    for first, end in zip((2 * lines.first).tolist(), (2 * lines.end).tolist(), strict=True):
        draw.line(flat[first:end], fill=ink, width=thick, joint=joint)


def _pixels(image: Image.Image, points: Any) -> Any:
    return np.column_stack([points[:, 0] * FINER, image.size[1] - points[:, 1] * FINER])


def _reached(image: Image.Image, areas: Any) -> tuple[int, int, int, int] | None:
    """Return the pixels between which polygons lie, None where none of them is in the picture."""
    wide, high = image.size
    west, south, east, north = shapely.total_bounds(areas) * FINER
    if math.isnan(west):
        return None
    left, top = max(0, math.floor(west)), max(0, math.floor(high - north))
    right, bottom = min(wide, math.ceil(east)), min(high, math.ceil(high - south))
    return (left, top, right, bottom) if left < right and top < bottom else None


def _mask(image: Image.Image, areas: Any, box: tuple[int, int, int, int]) -> Image.Image:
    """Return where polygons are in a part of a picture."""
    left, top, right, bottom = box
    size = (right - left, bottom - top)
    place = rasterio.transform.from_origin(left / FINER, (image.size[1] - top) / FINER, 1 / FINER, 1 / FINER)
    filled = rasterio.features.rasterize(
        _polygons(areas), out_shape=size[::-1], transform=place, default_value=255, dtype="uint8"
    )
    return Image.frombuffer("1", size, filled, "raw", "1;8", 0, 1)


def _polygons(areas: Any) -> Iterator[dict[str, Any]]:
    """Yield polygons as GeoJSON, whose points are listed at once."""
    _, points, (rings, shells) = shapely.to_ragged_array(areas)
    every, at = points.tolist(), rings.tolist()
    outlines = [every[first:last] for first, last in pairwise(at)]
    for first, last in pairwise(shells.tolist()):
        yield {"type": "Polygon", "coordinates": outlines[first:last]}
