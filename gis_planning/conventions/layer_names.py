"""Tell the layer kind that the name of a file, table or sheet stands for; where two fit, neither is taken."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import product

from gis_planning.conventions import Kind, kinds
from gis_planning.conventions.structures import FILLERS

_HAN = "\u4e00-\u9fff"
#: A place before a title (示例县居住用地), and the numbers and years around one (150999_, _2023, 2023年, v2).
_PLACE = re.compile(rf"^[{_HAN}]{{1,12}}?[省市盟州县旗区镇乡]")
_NUMBERS = re.compile(r"^[\W_\d]+|(?<![a-z])v[\d.]+$|[\W_\d]+$|^\d*年度?|\d*年度?$")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
#: Words after a title that say what the file is, not what lies in it.
_AFTER = (*FILLERS, "图", "点表", "表", "点", "线", "layer", "polygons", "polygon", "points", "lines", "data", "shp")


def meant(name: str) -> tuple[str, ...]:
    """Return the layer kinds that a name stands for: none, one, or several that share it.

    It is a title or a usual name of the kind, or its key; capitals, full-width letters, signs, a county's code or name
    before it, a year or a version after it make no difference.

    Examples
    --------
    >>> meant("居住用地"), meant("ＰＯＩ"), meant("150999示例县公园绿地_2023"), meant("Road_Network-v2")
    (('residential',), ('facilities',), ('parks',), ('streets',))
    >>> meant("出入口"), meant("河流")
    (('park_entrances', 'compound_gates'), ())
    """
    known = _names()
    return next((known[said] for said in _readings(name) if said in known), ())


def near(name: str, geometry: str | None) -> tuple[str, ...]:
    """Return the kinds of a geometry whose names lie within a name, or it in theirs; the longest likeness first.

    Examples
    --------
    >>> near("北部新区规划道路草图", "line"), near("出入口", "point")
    (('streets',), ('park_entrances', 'compound_gates'))
    """
    likeness: dict[str, int] = {}
    for said, (known, found) in product(set(_readings(name)), _names().items()):
        shorter, longer = sorted((known, said), key=len)
        if len(shorter) > 1 and shorter in longer:
            for kind in found:
                likeness[kind] = max(likeness.get(kind, 0), len(shorter))
    fitting = [kind for kind in likeness if geometry is None or fits(kinds()[kind], geometry)]
    return tuple(sorted(fitting, key=lambda kind: -likeness[kind]))


def fits(kind: Kind, geometry: str) -> bool:
    """Say whether a layer of a kind may have a geometry; `any` is what may hold several.

    Examples
    --------
    >>> [fits(kinds()[kind], "polygon") for kind in ("parks", "streets", "population", "park_entrances")]
    [True, True, True, False]
    """
    if geometry == "any":
        return kind.geometry not in {"raster", "network", "table"}
    if kind.geometry == "any":
        return geometry not in {"raster", "table"}
    return geometry in kind.geometry.split("_or_")


def _readings(name: str) -> Iterator[str]:
    """Yield a name with ever less around it: numbers, what it says of the file, the places that stand before it."""
    said = unicodedata.normalize("NFKC", name).casefold().strip()
    yield _squash(said)
    said = _BRACKETS.sub("", said)
    before = None
    while said != before:
        before = said
        for _ in range(3):
            said = _NUMBERS.sub("", said)
        short = _squash(said)
        yield short
        while end := next((word for word in _AFTER if short.endswith(word) and short != word), None):
            short = short.removesuffix(end)
            yield short
        said = _PLACE.sub("", said, count=1)


def _squash(said: str) -> str:
    return re.sub(r"[\W_]+", "", said)


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """Return the kinds by every name they go by, but for those that are not delivered or that county.toml says."""
    found: dict[str, list[str]] = {}
    for kind in kinds().values():
        if not kind.is_delivered or kind.name == "control_line":
            continue
        names = (kind.name, *kind.titles.values(), *kind.names)
        for name in {_squash(unicodedata.normalize("NFKC", one).casefold()) for one in names}:
            found.setdefault(name, []).append(kind.name)
    return {name: tuple(own) for name, own in found.items()}
