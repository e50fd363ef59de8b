"""Know the colours that land use has on plan maps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from gis_planning.conventions import facts
from gis_planning.conventions.codes import code_list
from gis_planning.conventions.landclasses import class_title
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


def told_as_use(codes: Iterable[Any]) -> bool:
    """Say whether a layer is coded by land and sea use (YDYHFLDM) rather than by the land survey (DLBM).

    Some codes are in both lists and mean different land (0601: industry, or farm tracks). The list that knows more of
    the layer's codes is meant; where both know as many, the survey's.

    Examples
    --------
    >>> told_as_use(["0101", "0601", "1401", "070102"]), told_as_use(["0101", "0601", "0810A"]), told_as_use(["0601"])
    (True, False, False)
    """
    there = {_plain(code) for code in codes} - {""}
    use, survey = code_list("YDYHFLDM").codes, code_list("DLBM").codes
    return sum(code in use for code in there) > sum(
        (code in survey or (code[:4] in survey and code[4:].isalpha())) for code in there
    )


def land_title(code: str | None, lang: Lang, *, use: bool) -> str | None:
    """Return what readers call a class; `use` says that codes are those of land and sea use.

    Examples
    --------
    >>> land_title("0601", "zh", use=True), land_title("0601", "zh", use=False), land_title("x", "zh", use=True)
    ('农村道路', '工业用地', None)
    """
    if not use:
        return class_title(code, lang)
    known, plain = code_list("YDYHFLDM").codes, _plain(code)
    return next((known[plain[:size]].title(lang) for size in (len(plain), 4, 2) if plain[:size] in known), None)


@cache
def land_colour(code: str | None, *, use: bool = False) -> LandColour | None:
    """Return the colour of a class, None for a code that has none; `use` says that codes are of land and sea use.

    Examples
    --------
    >>> land_colour("0103").rgb, land_colour("0402").title("zh"), land_colour("0810A").title("en")
    ('#f5f8dc', '湿地', 'squares')
    >>> land_colour("0601").title("zh"), land_colour("0601", use=True).title("zh"), land_colour("140102", use=True).rgb
    ('工业用地', '农业设施建设用地', '#00ff00')
    >>> land_colour("x") is None, land_colour("1402", use=True) is None
    (True, True)
    """
    plain, known = _plain(code), _by_code("uses" if use else "codes")
    return next((known[plain[:size]] for size in range(len(plain), 1, -1) if plain[:size] in known), None)


def _plain(code: Any) -> str:
    return code.strip().upper() if isinstance(code, str) else ""


@cache
def _by_code(key: str) -> dict[str, LandColour]:
    rows = facts("landcolours")["colour"]
    return {
        code: LandColour(order, row["rgb"], (row["zh"], row["en"]))
        for order, row in enumerate(rows)
        for code in row.get(key, ())
    }
