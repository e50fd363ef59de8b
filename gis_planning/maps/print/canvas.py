"""Draw shapes as a picture for a Word report: fills, hatches, outlines, points; it needs no font but for digits."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import rasterio.features
import rasterio.transform
import shapely
from PIL import Image, ImageChops, ImageDraw, ImageFont

#: Pixels of the picture, and how many times finer it is drawn before it is scaled down to smooth edges.
SIZE = (1500, 960)
FINER = 2
PAPER = "#fbf9f3"
NICE = (1, 2, 5)
#: A hatch: how far apart its lines are and how thick, in pixels of the finer picture.
APART, THICK = 26, 6


class Canvas:
    """A picture of some land, in metres; what is drawn later lies on top."""

    def __init__(self, bounds: Sequence[float], margin: float, size: tuple[int, int] = SIZE) -> None:
        """Frame land with its bounds in the middle and at least `margin` metres around it."""
        x0, y0, x1, y1 = bounds
        self.size = size
        scale = min(size[0] / (x1 - x0 + 2 * margin), size[1] / (y1 - y0 + 2 * margin))
        width, height = size[0] / scale, size[1] / scale
        self.west, self.north = (x0 + x1 - width) / 2, (y0 + y1 + height) / 2
        self.scale = scale * FINER
        self.image = Image.new("RGB", (size[0] * FINER, size[1] * FINER), PAPER)
        # What is cut is cut outside the picture, so that the cut itself is not drawn.
        south, east = self.north - height, self.west + width
        self.view = shapely.box(self.west - margin, south - margin, east + margin, self.north + margin)

    def near(self, layer: gpd.GeoDataFrame | None) -> Any:
        """Return the shapes of a layer that are in view, cut to it."""
        if layer is None or not len(layer):
            return []
        geometry = layer.geometry.to_numpy()
        near = geometry[np.sort(shapely.STRtree(geometry).query(self.view, predicate="intersects"))]
        return shapely.intersection(near, self.view)

    def fill(self, shapes: Any, colour: str, opacity: float = 1.0) -> None:
        """Fill polygons."""
        mask = self._mask(shapes)
        if mask is not None:
            self._paint(colour, mask, opacity)

    def hatch(self, shapes: Any, colour: str, stripe: str, opacity: float = 0.55) -> None:
        """Fill polygons and stripe them, so that they are told apart without colour as well."""
        mask = self._mask(shapes)
        if mask is None:
            return
        self._paint(colour, mask, opacity)
        stripes = Image.new("L", self.image.size, 0)
        pen = ImageDraw.Draw(stripes)
        high = self.image.size[1]
        for start in range(-high, self.image.size[0], APART):
            pen.line([(start, high), (start + high, 0)], fill=255, width=THICK)
        self._paint(stripe, ImageChops.multiply(stripes, mask), 1.0)

    def outline(self, shapes: Any, colour: str, width: float) -> None:
        """Draw the edges of polygons, and lines; `width` is in pixels of the picture."""
        pen = ImageDraw.Draw(self.image)
        thick = max(1, round(width * FINER))
        for polygon in _parts(shapes, 2):
            for ring in (polygon.exterior, *polygon.interiors):
                pen.line(self._pixels(ring), fill=colour, width=thick, joint="curve")
        for line in _parts(shapes, 1):
            pen.line(self._pixels(line), fill=colour, width=thick)

    def points(self, shapes: Any, fill: str, stroke: str, size: float) -> None:
        """Draw points as discs; `size` is their width in pixels of the picture."""
        pen = ImageDraw.Draw(self.image)
        half = size * FINER / 2
        for (x, y), *_ in (self._pixels(one) for one in _parts(shapes, 0)):
            pen.ellipse(
                [x - half, y - half, x + half, y + half], fill=fill, outline=stroke, width=max(2, int(half / 2.5))
            )

    def numbers(self, places: Iterable[Any], stroke: str) -> None:
        """Write 1, 2, 3 ... in discs at some points."""
        pen, font = ImageDraw.Draw(self.image), ImageFont.load_default(19 * FINER)
        half = 15 * FINER
        for number, place in enumerate(places, 1):
            ((x, y),) = self._pixels(place)
            pen.ellipse([x - half, y - half, x + half, y + half], fill="#ffffff", outline=stroke, width=2 * FINER)
            pen.text((x, y), str(number), fill="#000000", font=font, anchor="mm")

    def furnish(self) -> None:
        """Add a scale bar and an arrow to grid north."""
        pen, font = ImageDraw.Draw(self.image), ImageFont.load_default(26 * FINER)
        wanted = self.image.size[0] / 5 / self.scale
        power = 10 ** int(np.floor(np.log10(wanted)))
        metres = max(one * power for one in NICE if one * power <= wanted)
        x, y = 40 * FINER, self.image.size[1] - 44 * FINER
        length = metres * self.scale
        words = f"{metres:,.0f} m"
        wide = max(length, pen.textlength(words, font=font))
        pen.rectangle([x - 28, y - 54 * FINER, x + wide + 28, y + 26 * FINER], fill="#fffdf8")
        pen.rectangle([x, y, x + length, y + 10 * FINER], outline="#000000", width=3)
        pen.rectangle([x, y, x + length / 2, y + 10 * FINER], fill="#000000")
        pen.text((x, y - 40 * FINER), words, fill="#000000", font=font)
        east, top = self.image.size[0] - 70 * FINER, 34 * FINER
        wing, foot = 18 * FINER, top + 58 * FINER
        pen.polygon([(east, top), (east + wing, foot), (east, foot - 12 * FINER), (east - wing, foot)], fill="#000000")
        pen.text((east - 10 * FINER, top + 62 * FINER), "N", fill="#000000", font=font)

    def png(self) -> bytes:
        """Return the picture as a PNG."""
        written = io.BytesIO()
        small = self.image.resize(self.size, Image.Resampling.BOX)
        # Sixteen times as fast as the default way, and as good for few flat colours.
        few = small.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.save(written, format="PNG")
        return written.getvalue()

    def _paint(self, colour: str, mask: Image.Image, opacity: float) -> None:
        """Paint where a mask is; only the part of the picture that it reaches is touched."""
        box = mask.getbbox()
        if box is not None:
            self.image.paste(colour, box, mask.crop(box).point(lambda value: int(value * opacity)))

    def _pixels(self, shape: Any) -> list[tuple[float, float]]:
        at = shapely.get_coordinates(shape)
        x, y = (at[:, 0] - self.west) * self.scale, (self.north - at[:, 1]) * self.scale
        return list(zip(x.tolist(), y.tolist(), strict=True))

    def _mask(self, shapes: Any) -> Image.Image | None:
        """Return where polygons are, None where there is none."""
        polygons = _parts(shapes, 2)
        if not len(polygons):
            return None
        place = rasterio.transform.from_origin(self.west, self.north, 1 / self.scale, 1 / self.scale)
        size = self.image.size
        filled = rasterio.features.rasterize(
            ((one, 255) for one in polygons), out_shape=(size[1], size[0]), transform=place, dtype="uint8"
        )
        return Image.fromarray(filled)


def _parts(shapes: Any, dimension: int) -> Any:
    parts = shapely.get_parts(np.asarray(list(shapes), dtype=object))
    while len(parts) and (shapely.get_type_id(parts) > 3).any():
        parts = shapely.get_parts(parts)
    return parts[(shapely.get_dimensions(parts) == dimension) & ~shapely.is_empty(parts)] if len(parts) else []
