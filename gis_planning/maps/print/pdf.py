"""Draw on the pages of a PDF in millimetres: land, lines, hatching and words, as vectors with the fonts embedded.

Operations are gathered page by page and written at the end, when it is known which signs the fonts have to hold.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal

import numpy as np
import shapely

from gis_planning.maps.print.pen import Pen, Window, hatching
from gis_planning.maps.print.typefaces import Typeface

POINTS = 72 / 25.4
#: Outlines are simplified by less than a printer shows.
FINEST_MM = 0.02
#: Words are made so much smaller before they are cut.
SMALLEST = 0.7
Anchor = Literal["left", "middle", "right"]
Weight = Literal["text", "heading"]


@dataclass(frozen=True)
class _Words:
    x: float
    y: float
    words: str
    size: float
    colour: str
    weight: Weight


@dataclass
class Page:
    """What is drawn on one page."""

    title: str
    operations: list[str | float | _Words] = field(default_factory=list)


class Paper:
    """A document of pages of one size, in millimetres, the origin in the lower left corner."""

    def __init__(self, size: tuple[float, float], faces: tuple[Typeface, Typeface], title: str) -> None:
        self.width, self.height = size
        self.title = title
        self.pages: list[Page] = []
        self._faces: dict[Weight, Typeface] = {"text": faces[0], "heading": faces[1]}

    def page(self, title: str) -> None:
        """Begin a page; its title stands in the outline of the document."""
        self.pages.append(Page(title))

    def land(self, window: Window, shapes: Any, pen: Pen) -> bool:
        """Draw the polygons and lines of some ground in a window; say whether any were there."""
        seen = window.seen(shapes, FINEST_MM)
        paths = [shapely.get_coordinates(ring) for ring in (*seen.rings(), *seen.lines)]
        if paths:
            self.shape(paths, pen, window)
        return bool(paths)

    def shape(self, paths: Iterable[Any], pen: Pen, window: Window | None = None) -> None:
        """Fill and outline closed and open paths, given in millimetres, within a window."""
        paths = [np.asarray(path, dtype=float) for path in paths]
        rings = [path for path in paths if _is_closed(path)]
        self._raw("q")
        if window is not None:
            self._raw(_box(window.left, window.bottom, window.width, window.height) + " W n")
        closed = "\n".join(map(_path, rings))
        if pen.fill is not None and closed:
            self._opacity(pen.opacity)
            self._raw(f"{_colour(pen.fill)} rg\n{closed}\nf")
            self._opacity(1.0)
        stripe = pen.stripe or pen.stroke
        if pen.hatch and stripe is not None and closed:
            self._raw(f"q\n{closed}\nW n\n{_colour(stripe)} RG {pen.thick * POINTS:.2f} w")
            self._raw(" ".join(map(_path, hatching([shapely.linestrings(ring) for ring in rings], pen))) + " S\nQ")
        if pen.stroke is not None and pen.width:
            dash = " ".join(f"{part * POINTS:.2f}" for part in pen.dash)
            path = "\n".join(map(_path, paths))
            self._raw(f"{_colour(pen.stroke)} RG {pen.width * POINTS:.2f} w 1 j 1 J [{dash}] 0 d\n{path}\nS")
        self._raw("Q")

    def box(self, left: float, bottom: float, width: float, height: float, pen: Pen) -> None:
        """Draw a rectangle."""
        right, top = left + width, bottom + height
        ring = [(left, bottom), (right, bottom), (right, top), (left, top), (left, bottom)]
        self.shape([np.array(ring)], pen)

    def line(self, points: Any, pen: Pen) -> None:
        """Draw a line through points in millimetres."""
        self.shape([np.asarray(points, dtype=float)], pen)

    def words(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        *,
        anchor: Anchor = "left",
        colour: str = "#1c1a17",
        weight: Weight = "text",
        most: float | None = None,
    ) -> float:
        """Write one line; `size` and `most`, the room there is, are millimetres. Return its width.

        Words that are too long are written smaller, and then cut.
        """
        face = self._faces[weight]
        shown = face.shown(words)
        width = face.width(shown, size)
        if most is not None and width > most:
            size = max(size * most / width, size * SMALLEST)
            # What was just made to fit is not cut for the last digit of its width.
            shown = face.cut(shown, size, most * (1 + 1e-9))
            width = face.width(shown, size)
        start = x - {"left": 0.0, "middle": width / 2, "right": width}[anchor]
        self.pages[-1].operations.append(_Words(start, y, shown, size, colour, weight))
        return width

    def width_of(self, words: str, size: float, weight: Weight = "text") -> float:
        """Return how long words would be."""
        return self._faces[weight].width(self._faces[weight].shown(words), size)

    def save(self, file: Path | BinaryIO) -> None:
        """Write the document to a file or a stream."""
        from reportlab.pdfbase.pdfmetrics import registerFont  # noqa: PLC0415 - slow to import
        from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415
        from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415

        drawn = [operation for page in self.pages for operation in page.operations if isinstance(operation, _Words)]
        names: dict[Weight, str] = {}
        for weight, face in self._faces.items():
            signs = {one.words for one in drawn if one.weight == weight}
            # The writer keeps every font it ever registered by its name, so each set of signs has a name of its own.
            digest = hashlib.sha256("".join(sorted(set("".join(signs)))).encode()).hexdigest()[:8]
            names[weight] = f"Atlas-{weight}-{digest}"
            registerFont(TTFont(names[weight], face.subset(names[weight], signs)))
        # The same input gives the same file, byte for byte.
        size = (self.width * POINTS, self.height * POINTS)
        canvas = Canvas(
            str(file) if isinstance(file, Path) else file,
            pagesize=size,
            invariant=1,
            pageCompression=1,
            initialFontName=names["text"],
        )
        canvas.setTitle(self.title)
        canvas.setCreator("gis-planning")
        for number, page in enumerate(self.pages):
            canvas.bookmarkPage(f"page{number}")
            canvas.addOutlineEntry(self._faces["text"].shown(page.title), f"page{number}", 0)
            for operation in page.operations:
                if isinstance(operation, str):
                    canvas.addLiteral(operation)
                elif isinstance(operation, float):
                    canvas.setFillAlpha(operation)
                else:
                    canvas.setFont(names[operation.weight], operation.size * POINTS)
                    canvas.setFillColor(operation.colour)
                    canvas.drawString(operation.x * POINTS, operation.y * POINTS, operation.words)
            canvas.showPage()
        canvas.save()

    def _raw(self, operation: str) -> None:
        self.pages[-1].operations.append(operation)

    def _opacity(self, opacity: float) -> None:
        self.pages[-1].operations.append(float(opacity))


def _path(points: Any) -> str:
    rows = (points * POINTS).tolist()
    closed = _is_closed(points)
    steps = [f"{x:.2f} {y:.2f} l" for x, y in (rows[1:-1] if closed else rows[1:])]
    return f"{rows[0][0]:.2f} {rows[0][1]:.2f} m " + " ".join(steps) + (" h" if closed else "")


def _is_closed(points: Any) -> bool:
    return len(points) > 3 and bool((points[0] == points[-1]).all())


def _box(left: float, bottom: float, width: float, height: float) -> str:
    return f"{left * POINTS:.2f} {bottom * POINTS:.2f} {width * POINTS:.2f} {height * POINTS:.2f} re"


def _colour(colour: str) -> str:
    return " ".join(f"{int(colour[at : at + 2], 16) / 255:.3f}" for at in (1, 3, 5))
