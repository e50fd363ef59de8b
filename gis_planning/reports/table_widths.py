"""Say how wide the columns of a table on paper are to be, so that no number and no code stands on two lines."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

#: What Word leaves beside the words of a cell, and what we leave for fonts that are wider than ours, in cm.
INSET, SPARE = 0.38, 0.08
#: Words may be broken, but a column of them has at least so many cm.
NARROW = 1.6
#: A heading of so many signs stands on one line; a longer one is broken.
HEAD = 7.0
_POINT = 2.54 / 72


def ems(words: str) -> float:
    """Return how wide words in a serif font are, in heights of its letters.

    An office's template may have a font that is wider than ours, in digits and in the widest letters above all.

    Examples
    --------
    >>> ems("公园"), round(ems("1.5"), 2), ems("GM")
    (2.0, 1.6, 1.75)
    """
    return sum(map(_em, words))


def _em(sign: str) -> float:
    if sign in "MW" or unicodedata.east_asian_width(sign) in "WF":
        return 1.0
    if sign.isupper() or sign == "%":
        return 0.75
    return 0.55 if sign.isdigit() else 0.5


def needed(head: str, cells: Iterable[str], size: float) -> float:
    """Return how wide a column is, in cm, whose cells are not broken; its heading may be, where it is long."""
    own = ems(head)
    # Chinese may be broken anywhere, so a long heading has two lines.
    longest = own if own <= HEAD else max(map(ems, head.split())) if " " in head else own / 2
    widest = max((ems(line) for cell in cells for line in cell.split("\n")), default=0.0)
    return max(widest, min(longest, HEAD)) * size * _POINT + INSET + SPARE


def shared(widths: Sequence[float], needs: Sequence[float | None], gives: Sequence[bool]) -> list[float]:
    """Return widths of the same sum in which columns have what they need; those that give divide what is left.

    These have at least `NARROW` each; a column that neither needs nor gives stays as it is.

    Examples
    --------
    >>> shared([2.0, 4.0, 2.0], [3.0, None, 1.0], [False, True, False])
    [3.0, 4.0, 1.0]
    >>> shared([2.0, 2.0], [9.0, None], [False, True])
    [2.4, 1.6]
    """
    words = sum(width for width, give in zip(widths, gives, strict=True) if give)
    needed_ = sum(need or 0.0 for need in needs)
    if not words or not needed_:
        return list(widths)
    room = sum(width for width, need in zip(widths, needs, strict=True) if need is not None) + words
    least = min(words, NARROW * sum(gives))
    scale = min(1.0, (room - least) / needed_)
    rest = room - scale * needed_
    return [
        scale * need if need is not None else rest * width / words if give else width
        for width, need, give in zip(widths, needs, gives, strict=True)
    ]
