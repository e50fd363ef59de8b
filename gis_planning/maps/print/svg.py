"""Write pictures as SVG: sharp at every size, and with words in the reader's own fonts."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from gis_planning.maps.print.pen import Mark, Pen, Picture

NAMESPACE = "http://www.w3.org/2000/svg"
FONT = "system-ui,sans-serif"
RIM = "#fffefa"


def svg(picture: Picture, *, steps: int = 4, land: bytes | None = None, own: str = "pen", label: str = "") -> str:
    """Return a picture as an element; coordinates are whole numbers, so many `steps` to a pixel.

    Parameters
    ----------
    land
        A PNG of the same window, below everything.
    own
        What the names of hatches begin with, which have to differ on a page; it is the picture's class, too.
    label
        What the picture tells those who do not see it.
    """
    width, height = (round(one * steps) for one in (picture.window.width, picture.window.height))
    drawn = [
        _mark(_enlarged(mark.pen, steps), mark, f"{own}{at}", steps, height) for at, mark in enumerate(picture.marks)
    ]
    if land is not None:
        data = base64.b64encode(land).decode("ascii")
        drawn.insert(0, f'<image width="{width}" height="{height}" href="data:image/png;base64,{data}"/>')
    told = f'role="img" aria-label="{html.escape(label)}"' if label else 'aria-hidden="true"'
    head = f'<svg xmlns="{NAMESPACE}" class="{own}" viewBox="0 0 {width} {height}" {told}>'
    return f"{head}{''.join(drawn)}</svg>"


def _mark(pen: Pen, mark: Mark, own: str, steps: int, height: int) -> str:
    seen = mark.seen

    def steps_of(shape: Any) -> Any:
        return np.rint(shapely.get_coordinates(shape) * (steps, -steps) + (0, height)).astype(int)

    parts = []
    areas = "".join(_path(steps_of(ring), closed=True) for ring in seen.rings())
    lines = "".join(_path(steps_of(line)) for line in seen.lines)
    if areas:
        parts.append(_pattern(pen, own) + _element(areas, _fill(pen, own), _stroke(pen)))
    if lines and pen.stroke:
        parts.append(_element(lines, 'fill="none"', _stroke(pen)))
    if len(seen.points):
        parts.append(_points(steps_of(seen.points), pen, mark.words))
    return "".join(parts)


def _points(points: Any, pen: Pen, words: Iterable[str]) -> str:
    """Return points as dots, which are lines of no length with round ends."""
    dots = "".join(f"M{x} {y}h0" for x, y in points.tolist())
    round_ = 'fill="none" stroke-linecap="round"'
    style = f'font-family="{FONT}" font-size="{_number(pen.letters)}" fill="{pen.ink}" font-weight="600" '
    style += 'text-anchor="middle" dominant-baseline="central"'
    found = []
    if pen.radius and pen.ring:
        found.append(
            _element(dots, round_, f'stroke="{pen.stroke}" stroke-width="{_number(2 * pen.radius + pen.ring)}"')
        )
    if pen.radius:
        inner = 2 * pen.radius - pen.ring
        found.append(_element(dots, round_, f'stroke="{pen.fill or pen.stroke}" stroke-width="{_number(inner)}"'))
    if not pen.radius:
        # Words without a disc have a rim of paper.
        style += (
            f' paint-order="stroke" stroke="{RIM}" stroke-width="{_number(pen.letters / 4)}" stroke-linejoin="round"'
        )
    found += [
        f'<text x="{x}" y="{y}" {style}>{_written(word)}</text>'
        for (x, y), word in zip(points.tolist(), words, strict=False)
    ]
    return "".join(found)


def _written(word: str) -> str:
    """Return a word as markup; signs that are not printed would break the picture, or turn it around."""
    return html.escape("".join(one for one in word if one.isprintable()))


def _fill(pen: Pen, own: str) -> str:
    if pen.hatch:
        return f'fill="url(#{own})"'
    return f'fill="{pen.fill or "none"}"' + (f' fill-opacity="{pen.opacity:g}"' if pen.fill and pen.opacity < 1 else "")


def _stroke(pen: Pen) -> str:
    if pen.stroke is None or not pen.width:
        return ""
    dash = f' stroke-dasharray="{" ".join(map(_number, pen.dash))}"' if pen.dash else ""
    return f'stroke="{pen.stroke}" stroke-width="{_number(pen.width)}" stroke-linejoin="round"{dash}'


def _pattern(pen: Pen, own: str) -> str:
    """Return the colour and hatching of land as a tile; a second hatching crosses the first."""
    if not pen.hatch:
        return ""
    gap, middle = _number(pen.gap), _number(pen.gap / 2)
    across = f"M0 {middle}H{gap}" + (f"M{middle} 0V{gap}" if len(pen.hatch) > 1 else "")
    ground = f'<path d="M0 0H{gap}V{gap}H0z" fill="{pen.fill}" fill-opacity="{pen.opacity:g}"/>' if pen.fill else ""
    return (
        f'<pattern id="{own}" width="{gap}" height="{gap}" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate({-pen.hatch[0]:g})">{ground}<path d="{across}" '
        f'stroke="{pen.stripe or pen.stroke}" stroke-width="{_number(pen.thick)}"/></pattern>'
    )


def _element(path: str, *attributes: str) -> str:
    return f'<path d="{path}" {" ".join(attribute for attribute in attributes if attribute)}/>'


def _path(points: Any, *, closed: bool = False) -> str:
    """Return a line as the steps from each of its points to the next."""
    steps = np.diff(points, axis=0)
    steps = steps[(steps != 0).any(axis=1)].tolist()
    if closed:
        steps = steps[:-1]
    if not steps:
        return ""
    x, y = points[0].tolist()
    # A minus sign parts numbers as well as a space does.
    moved = " ".join(f"{one} {other}" for one, other in steps).replace(" -", "-")
    return f"M{x} {y}l{moved}" + ("z" if closed else "")


def _enlarged(pen: Pen, steps: int) -> Pen:
    """Return a pen whose lengths are in steps."""
    names = ("width", "gap", "thick", "radius", "ring", "letters")
    longer = {name: getattr(pen, name) * steps for name in names}
    return replace(pen, dash=tuple(one * steps for one in pen.dash), **longer)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
