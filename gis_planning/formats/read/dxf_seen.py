"""Say what of a drawing can be seen, and keep count of what is not read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from gis_planning.formats.read.nesting import near

#: What encloses land without being a polyline; outside blocks, where circles are signs.
AREAS = {"CIRCLE", "ELLIPSE", "SPLINE", "REGION", "MPOLYGON", "BODY", "SURFACE", "ACAD_PROXY_ENTITY"}
#: The code pages of signs written by two bytes.
_PAGES = {"1": "cp932", "2": "cp950", "3": "cp949", "4": "johab", "5": "gb18030"}


@dataclass
class Left:
    """What of a drawing is not read.

    Attributes
    ----------
    others
        By type: what is no closed polyline, of what can be seen.
    hidden
        By layer and type: what is invisible, or lies on a layer that is off or frozen.
    paper
        By type: what lies on sheets of paper rather than in the model.
    absent
        The blocks that are put in and not there: drawings referred to, and such as have no definition.
    areas
        Layer, type and handle of what may enclose land.
    """

    others: Counter[str] = field(default_factory=Counter)
    hidden: Counter[tuple[str, str]] = field(default_factory=Counter)
    paper: Counter[str] = field(default_factory=Counter)
    absent: list[str] = field(default_factory=list)
    areas: list[tuple[str, str, str]] = field(default_factory=list)

    def note(self, entity: Any, layer: str, handle: str, *, in_block: bool) -> None:
        """Count an entity that is no closed polyline."""
        kind = entity.dxftype()
        self.others[kind] += 1
        if kind in AREAS and not in_block and _encloses(entity, kind):
            self.areas.append((layer, kind, handle))


class Layers:
    """The layers of a drawing: which are off, and which frozen. The one that is named is looked at anyway."""

    def __init__(self, document: Any, named: str | None) -> None:
        shown = [(plain(str(layer.dxf.name)), layer) for layer in document.layers]
        self._frozen = {name.casefold() for name, one in shown if one.is_frozen() and name != named}
        self._off = {name.casefold() for name, one in shown if one.is_off() and name != named}

    def hides(self, entity: Any, layer: str) -> bool:
        """Say whether an entity on a layer cannot be seen; of a block on a layer that is off the content can."""
        name = plain(layer).casefold()
        off = name in self._off and entity.dxftype() != "INSERT"
        return bool(entity.dxf.get("invisible", 0)) or name in self._frozen or off


def clipped(insertion: Any) -> bool:
    """Say whether only a part of a block is shown."""
    from ezdxf.xclip import XClip  # noqa: PLC0415 - slow to import

    clip = XClip(insertion)
    return bool(clip.has_clipping_path and clip.is_clipping_enabled)


def absent(insertion: Any) -> bool:
    """Say whether what an insertion shows is not in the drawing."""
    block = insertion.block()
    return block is None or bool(block.block.is_xref or block.block.is_xref_overlay)


def on_paper(document: Any) -> Iterator[Any]:
    """Yield what lies on sheets of paper; the windows on them show the model."""
    for layout in document.layouts:
        if layout.name.casefold() != "model":
            yield from (one for one in layout if one.dxftype() != "VIEWPORT")


def words_of(entity: Any) -> str:
    """Return the words of a text, as one line."""
    kind = entity.dxftype()
    if kind == "ATTRIB" and entity.has_embedded_mtext_entity:
        entity, kind = entity.virtual_mtext_entity(), "MTEXT"
    if kind == "MTEXT":
        # Signs written by number would be taken for orders, and swallow what stands behind them.
        entity.text = _signs(entity.text)
    return " ".join(plain(entity.plain_text()).split())


def plain(word: str) -> str:
    """Return text as it was meant: signs written by number, and bytes the code page does not explain, which are GBK."""
    word = _signs(word)
    if not any("\udc80" <= sign <= "\udcff" for sign in word):
        return word
    return word.encode("utf-8", "surrogateescape").decode("gb18030", "replace")


def _signs(word: str) -> str:
    word = re.sub(r"\\U\+([0-9A-Fa-f]{4})", lambda found: chr(int(found[1], 16)), word)
    return re.sub(
        r"\\M\+([1-5])([0-9A-Fa-f]{4})",
        lambda found: bytes.fromhex(found[2]).decode(_PAGES[found[1]], "replace"),
        word,
    )


def _encloses(entity: Any, kind: str) -> bool:
    if kind == "SPLINE":
        points = [*(entity.control_points or entity.fit_points)]
        return bool(entity.closed) or (len(points) > 2 and near(tuple(points[0])[:2], tuple(points[-1])[:2]))
    if kind == "ELLIPSE":
        return bool(abs(entity.dxf.end_param - entity.dxf.start_param) > 6.283)
    return True
