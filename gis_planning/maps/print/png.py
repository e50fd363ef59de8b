"""Draw pictures as PNG, in pixels; no font is needed, as words are figures and plain letters."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import rasterio.features
import rasterio.transform
import shapely
from PIL import Image, ImageChops, ImageDraw, ImageFont

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
    image = Image.new("RGB", (wide * FINER, high * FINER), paper)
    for mark in picture.marks:
        _draw(image, mark)
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
    corners = _pixels(image, picture.window.place([(box[0], box[3]), (box[2], box[1])]))
    (left, top), (right, bottom) = ((round(x), round(y)) for x, y in corners)
    laid = Image.open(io.BytesIO(content)).convert("RGBA").resize((max(1, right - left), max(1, bottom - top)))
    image.paste(laid, (left, top), laid)


def _draw(image: Image.Image, mark: Mark) -> None:
    seen, pen = mark.seen, mark.pen
    if len(seen.areas) and (pen.fill is not None or pen.hatch):
        mask = _mask(image, seen.areas)
        if pen.fill is not None:
            _paint(image, pen.fill, mask, pen.opacity)
        if pen.hatch:
            stripes = Image.new("L", image.size, 0)
            _lines(stripes, hatching(seen.areas, pen), 255, pen.thick)
            _paint(image, pen.stripe or pen.stroke or "#ffffff", ImageChops.multiply(stripes, mask), 1.0)
    if pen.stroke is not None and pen.width:
        lines = [shapely.get_coordinates(ring) for ring in (*seen.rings(), *seen.lines)]
        _lines(image, _dashed(lines, pen.dash), pen.stroke, pen.width)
    if len(seen.points):
        _points(image, shapely.get_coordinates(seen.points), pen, mark.words)


def _points(image: Image.Image, points: Any, pen: Pen, words: Sequence[str]) -> None:
    draw, half = ImageDraw.Draw(image), pen.radius * FINER
    at = _pixels(image, points)
    for x, y in at if half else ():
        width = max(1, round(pen.ring * FINER)) if pen.ring else 0
        draw.ellipse(
            [x - half, y - half, x + half, y + half], fill=pen.fill or pen.stroke, outline=pen.stroke, width=width
        )
    if words:
        font = ImageFont.load_default(pen.letters * FINER)
        for (x, y), word in zip(at, words, strict=True):
            draw.text((x, y), word, fill=pen.ink, font=font, anchor="mm")


def _lines(image: Image.Image, lines: Sequence[Any], colour: str | int, width: float) -> None:
    draw, thick = ImageDraw.Draw(image), max(1, round(width * FINER))
    for line in lines:
        draw.line(_pixels(image, line), fill=colour, width=thick, joint="curve" if thick > FINER else None)


def _dashed(lines: Sequence[Any], dash: Sequence[float]) -> list[Any]:
    """Return the dashes of lines."""
    if not dash or not sum(dash):
        return list(lines)
    ends = np.cumsum(dash if len(dash) % 2 == 0 else [*dash, *dash])
    found = []
    for line in lines:
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
        turns = (np.arange(along[-1] // ends[-1] + 1)[:, None] * ends[-1] + ends).ravel()
        stops = np.union1d(along, turns[turns < along[-1]])
        points = np.column_stack([np.interp(stops, along, line[:, at]) for at in (0, 1)])
        middle = (stops[1:] + stops[:-1]) / 2 % ends[-1]
        drawn = np.searchsorted(ends, middle, side="right") % 2 == 0
        starts = np.flatnonzero(np.diff(np.concatenate([[False], drawn, [False]]).astype(int)))
        found += [points[first : last + 1] for first, last in starts.reshape(-1, 2)]
    return found


def _paint(image: Image.Image, colour: str, mask: Image.Image, opacity: float) -> None:
    """Paint where a mask is; only the part of the picture that it reaches is touched."""
    box = mask.getbbox()
    if box is not None:
        part = mask.crop(box)
        image.paste(colour, box, part if opacity == 1 else part.point(lambda value: int(value * opacity)))


def _pixels(image: Image.Image, points: Any) -> list[tuple[float, float]]:
    x, y = points[:, 0] * FINER, image.size[1] - points[:, 1] * FINER
    return list(zip(x.tolist(), y.tolist(), strict=True))


def _mask(image: Image.Image, areas: Any) -> Image.Image:
    """Return where polygons are."""
    width, height = image.size
    place = rasterio.transform.from_origin(0.0, height / FINER, 1 / FINER, 1 / FINER)
    filled = rasterio.features.rasterize(
        ((area, 255) for area in areas), out_shape=(height, width), transform=place, dtype="uint8"
    )
    return Image.fromarray(filled)
