"""Paint on pixels that hold the number of their colour, as long as these are few: a quarter of the bytes to touch."""

from __future__ import annotations

from typing import Any

from PIL import Image, ImageColor

#: So many colours have a number.
MOST = 256
#: So few are all mixed with another one, wherever they are.
FEW = 32
Colour = tuple[int, ...]


class Canvas:
    """A picture in pixels; once it holds shades, or more colours than have a number, each pixel is its colour."""

    def __init__(self, size: tuple[int, int], paper: str) -> None:
        self.image = Image.new("L", size, 0)
        self._numbers: dict[Colour, int] | None = {_colour(paper): 0}

    def inks(self, *colours: str | None) -> list[Any]:
        """Return what pixels of some colours hold; ask before drawing, as the picture may become another one."""
        found = [None if one is None else _colour(one) for one in colours]
        if self._numbers is not None and len({*self._numbers, *found} - {None}) > MOST:
            self.shades()
        numbers = self._numbers
        return [one if one is None or numbers is None else numbers.setdefault(one, len(numbers)) for one in found]

    def paint(self, colour: str, mask: Image.Image, at: tuple[int, int], opacity: float = 1.0) -> None:
        """Paint where a mask is whose corner stands somewhere."""
        box = (*at, at[0] + mask.width, at[1] + mask.height)
        if opacity == 1:
            (ink,) = self.inks(colour)
            self.image.paste(ink, box, mask)
            return
        over, share = _colour(colour), int(255 * opacity)
        part = self.image.crop(box)
        table = self._laid(over, share, part, mask)
        if table is None:
            part = self.shades().crop(box)
            table = [_mixed(under, one, share) for one in over for under in range(256)]
        self.image.paste(part.point(table), box, mask)

    def shades(self) -> Image.Image:
        """Return the picture with pixels that are their colours, on which anything can be drawn."""
        if self._numbers is not None:
            self.image.putpalette([part for colour in self._numbers for part in colour])
            self.image, self._numbers = self.image.convert("RGB"), None
        return self.image

    def _laid(self, over: Colour, share: int, part: Image.Image, mask: Image.Image) -> list[int] | None:
        """Return for each number that of its colour below another one; None where there are too many for numbers."""
        numbers = self._numbers
        if numbers is None:
            return None
        table = list(range(256))
        # Only of what lies there, else the colours would double each time; but of few it takes longer to look.
        found = part.histogram(mask) if len(numbers) > FEW else [1] * MOST
        for under, number in [(colour, number) for colour, number in numbers.items() if found[number]]:
            mixed = tuple(_mixed(*both, share) for both in zip(under, over, strict=True))
            if mixed not in numbers and len(numbers) == MOST:
                return None
            table[number] = numbers.setdefault(mixed, len(numbers))
        return table


def _colour(words: str) -> Colour:
    found = ImageColor.getcolor(words, "RGB")
    return found if isinstance(found, tuple) else (found,) * 3


def _mixed(under: int, over: int, share: int) -> int:
    """Return a part of a colour below another one that covers so many of 255, rounded as all pixels are."""
    whole = under * (255 - share) + over * share + 128
    return ((whole >> 8) + whole) >> 8
