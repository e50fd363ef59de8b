"""Say how wide the columns of a worksheet are to be, and how high a row is whose words are broken."""

from __future__ import annotations

import math
import re
import unicodedata

#: Of words that are broken over lines, a line holds so many digits; of others a column shows as many at most.
BROKEN = 46
#: A sign that may not begin a line takes the one before it along: so much of a line may stay empty.
CARRIED = 4
#: The narrowest column, in digits, and what is left free beside its longest cell.
NARROW, FREE = 7, 2.5
#: A heading has so many lines at most, for which its filter leaves so much less room.
HEAD_LINES, FILTER = 3, 2
#: The height of a line in points, and the highest row that Excel knows.
LINE, HIGHEST = 15, 409
#: Chinese signs are square, so a little wider than two digits.
_WIDE = 2.1


class _Widths(dict[str, float]):
    """How wide signs are, in digits."""

    def __missing__(self, sign: str) -> float:
        found = self[sign] = _WIDE if unicodedata.east_asian_width(sign) in "WF" else 1.0
        return found


_widths = _Widths()


class Extent:
    """How far the cells of one column reach: the longest words and the outermost numbers."""

    def __init__(self) -> None:
        self.signs = 0.0
        self.low = self.high = self.sum = 0.0

    def word(self, words: str) -> bool:
        """Take in words, and say whether they stand on one line."""
        wide = signs(words)
        self.signs = max(self.signs, wide)
        return wide <= BROKEN and "\n" not in words

    def number(self, number: float) -> None:
        """Take in a number; one without end is not written."""
        if math.isfinite(number):
            if number < self.low:
                self.low = number
            elif number > self.high:
                self.high = number
            self.sum += number

    def width(self, title: str, shape: str, *, summed: bool = False) -> float:
        """Return the width of the column in digits; `shape` is the format of its numbers, `summed` has them added."""
        numbers = [self.low, self.high, *([self.sum] if summed else [])]
        widest = max(len(formatted(one, shape)) for one in numbers) if any(numbers) else 0
        longest = max((signs(word) for word in title.split()), default=0.0) if title.isascii() else 0.0
        head = max(longest, signs(title) / HEAD_LINES) + FILTER
        return max(NARROW, min(BROKEN, max(self.signs, widest, head)) + FREE)


def signs(words: str) -> float:
    r"""Return how wide the longest line of some words is, in digits.

    Examples
    --------
    >>> signs("abc"), signs("公园"), signs("a\nabcd")
    (3.0, 4.2, 4.0)
    """
    if words.isascii() and "\n" not in words:
        return float(len(words))
    return max(sum(map(_widths.__getitem__, line)) for line in words.split("\n"))


def formatted(number: float, shape: str) -> str:
    """Return a number as a format of Excel shows it.

    Examples
    --------
    >>> formatted(1234.5, "#,##0.00")
    '1,234.50'
    >>> formatted(0.5, "0.0%"), formatted(3, "General")
    ('50.0%', '3')
    """
    if shape == "General":
        return str(number)
    decimals = len(re.sub(r"[^0#]", "", shape.partition(".")[2]))
    return f"{number:{',' if ',' in shape else ''}.{decimals}{'%' if shape.endswith('%') else 'f'}}"


def lines(words: str, width: float) -> int:
    r"""Return on how many lines words stand in a column of so many digits.

    Examples
    --------
    >>> lines("公园绿地", 20), lines("公园绿地", 5), lines("a\nb", 20)
    (1, 2, 2)
    """
    return sum(max(1, math.ceil(signs(line) / width)) for line in words.split("\n"))


def height(count: int) -> int | None:
    """Return the height of a row of so many lines in points; None where the program's own will do."""
    return None if count <= 1 else min(HIGHEST, LINE * count)
