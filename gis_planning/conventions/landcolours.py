"""Know the colours that land use has on plan maps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from gis_planning.conventions import facts
from gis_planning.texts import Lang


@dataclass(frozen=True)
class LandColour:
    """A colour, what it stands for in both languages, and its place in the legend."""

    order: int
    rgb: str
    titles: tuple[str, str]

    def title(self, lang: Lang) -> str:
        """Return what the colour stands for."""
        return self.titles[0 if lang == "zh" else 1]


@cache
def land_colour(code: str | None) -> LandColour | None:
    """Return the colour of a class of the land survey, None for a code that is none of it.

    Examples
    --------
    >>> land_colour("0103").rgb, land_colour("0402").title("zh"), land_colour("0810A").title("en")
    ('#f5f8dc', '湿地', 'squares')
    >>> land_colour("x") is None
    True
    """
    plain = (code or "").strip().upper()
    known = _by_code()
    return next((known[plain[:size]] for size in range(len(plain), 1, -1) if plain[:size] in known), None)


@cache
def _by_code() -> dict[str, LandColour]:
    rows = facts("landcolours")["colour"]
    return {
        code: LandColour(order, row["rgb"], (row["zh"], row["en"]))
        for order, row in enumerate(rows)
        for code in row["codes"]
    }
