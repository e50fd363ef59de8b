"""Write shapes as a drawing: closed polylines for areas, with what they are called as text inside."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from gis_planning.errors import OutputError
from gis_planning.outputs.moment import stated

#: Signs that a drawing does not take in a layer's name.
_NO_NAME = re.compile(r'[<>/\\":;?*|=,`\x00-\x1f]')
#: A label is so many times smaller than the square root of its parcel's area.
_LABEL_SHARE = 12
#: From one line of text to the next, in heights of the text.
_LINE = 1.6
#: Where the writer of drawings puts the clock, in days of the Julian calendar and in words, and ids drawn by lot.
_DAYS = re.compile(rb"(\$TDU?(?:CREATE|UPDATE)\r?\n *40\r?\n)[0-9.]+")
_WORDS = re.compile(rb"(?m)^([0-9.]+ @ )[0-9-]+T[0-9:.]+\+00:00(?=\r?$)")
_IDS = re.compile(rb"(\$(?:FINGERPRINT|VERSION)GUID\r?\n *2\r?\n)\{[0-9A-Fa-f-]+\}")
_NO_ID = b"00000000-0000-0000-0000-000000000000"


def write_dxf(shapes: Any, labels: list[list[str]], file: Path, *, layer: str, out: Path) -> None:
    """Write a drawing whose units are those of the coordinates; every coordinate as it is, without height.

    Parameters
    ----------
    shapes
        Points become points, lines polylines, areas closed polylines, holes too.
    labels
        The lines of text inside each shape, from the top.
    layer
        The drawing's layer.

    Raises
    ------
    OutputError
        A shape cannot be drawn, or the file cannot be written.
    """
    import ezdxf  # noqa: PLC0415 - slow to import
    from ezdxf.sections.classes import REQ_R2004  # noqa: PLC0415

    document = ezdxf.new("R2010", units=6)
    # The writer itself would add them in the order of a set, which is another each time.
    for name in sorted(REQ_R2004):
        document.classes.add_class(name)
    called = _NO_NAME.sub("_", layer).strip() or "0"
    if called not in document.layers:
        document.layers.add(called)
    # Chinese is shown where the font has it.
    document.styles.add("chinese", font="simsun.ttc")
    space = document.modelspace()
    for row, (shape, words) in enumerate(zip(shapes, labels, strict=True), 1):
        if shape is None or shape.is_empty:
            continue
        for part in shapely.get_parts(shapely.force_2d(shape)):
            if not _draw(space, part, called):
                raise OutputError("convert.not_drawn", out=out, row=row, found=part.geom_type)
        place = shapely.point_on_surface(shape)
        size = max(float(np.sqrt(shape.area)) / _LABEL_SHARE, 1e-6) if shape.area else 1.0
        for line, word in enumerate(words):
            # A line of text belongs to the shape in which it begins.
            below = place.y - line * size * _LINE
            height = below if shapely.contains_xy(shape, place.x, below) else place.y
            look = {"layer": called, "style": "chinese", "height": size}
            written = space.add_text(" ".join(word.split()), dxfattribs=look)
            written.set_placement((place.x, height))
    try:
        document.saveas(file)
        if at := stated():
            _state(file, at)
    except OSError as fault:
        raise OutputError("convert.cannot_write", out=out, reason=fault.strerror) from None


def _state(file: Path, at: datetime) -> None:
    """Have a drawing state a moment in place of that of the clock, and no ids that were drawn by lot."""
    from ezdxf.tools.juliandate import juliandate  # noqa: PLC0415 - slow to import

    drawn = _DAYS.sub(rb"\g<1>" + f"{juliandate(at)}".encode(), file.read_bytes())
    drawn = _WORDS.sub(rb"\g<1>" + at.isoformat().encode(), _IDS.sub(rb"\g<1>{%s}" % _NO_ID, drawn))
    file.write_bytes(drawn)


def _draw(space: Any, shape: Any, layer: str) -> bool:
    look = {"layer": layer}
    if shape.geom_type == "Point":
        space.add_point((shape.x, shape.y), dxfattribs=look)
    elif shape.geom_type in {"LineString", "LinearRing"}:
        space.add_lwpolyline(shapely.get_coordinates(shape).tolist(), dxfattribs=look)
    elif shape.geom_type == "Polygon":
        for ring in shapely.get_rings(shape):
            space.add_lwpolyline(shapely.get_coordinates(ring)[:-1].tolist(), close=True, dxfattribs=look)
    else:
        return False
    return True
