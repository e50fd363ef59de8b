"""Tell the values of a layer of results as readers know them, by what its schema says of each column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis_planning.conventions import kind_title
from gis_planning.conventions.activities import activity_of, activity_title
from gis_planning.conventions.facilities import need_title
from gis_planning.conventions.landcolours import land_title, told_as_use
from gis_planning.results.schema import Column
from gis_planning.texts import Lang, catalogue, say

#: What stands between the words of a cell that holds several.
BETWEEN = ";"


def told(column: Column, values: pd.Series, lang: Lang) -> list[str | None]:
    """Return the words of a column as readers know them, None where there are none; numbers are not told here."""
    words = words_of(values)
    say_one = _sayer(column, words, lang)
    known = {one: say_one(one) for one in dict.fromkeys(words) if one}
    return [known[one] if one else None for one in words]


def numbers_of(values: pd.Series) -> list[float | None]:
    """Return the numbers of a column, None where there is none or it has no end."""
    found = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float)
    known = np.isfinite(found)
    told: NDArray[Any] = found if known.all() else np.asarray(np.where(known, found.astype(object), None))
    return list(told.tolist())


def category(column: Column, value: str, lang: Lang) -> str:
    """Return what a word of a category means; a word nobody explains stands for itself."""
    if not isinstance(column.says, tuple):
        return column.says[value].to(lang) if value in column.says else value
    key = next((one + value for one in column.says if one + value in catalogue()), None)
    return say(key, lang) if key else value


def words_of(values: pd.Series) -> list[str | None]:
    """Return the cells of a column as text; a text that stands in many of them is looked at once."""
    cells = values.to_numpy(dtype=object).tolist()
    known = {one: word(one) for one in {one for one in cells if type(one) is str}}
    return [known[one] if type(one) is str else word(one) for one in cells]


def word(value: Any) -> str | None:
    """Return a cell as text, None where it is empty."""
    if type(value) is str:
        return value.strip() or None
    if isinstance(value, list | tuple | np.ndarray):
        return "; ".join(str(one) for one in value) or None
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    return str(value).strip() or None


def _sayer(column: Column, words: Sequence[str | None], lang: Lang) -> Callable[[str], str | None]:
    """Return the function that tells one word of a column."""
    if column.kind == "landclass":
        use = told_as_use(words)
        return lambda one: f"{one} {land_title(one, lang, use=use) or ''}".strip()
    sayers: dict[str, Callable[[str], str | None]] = {
        "flag": lambda one: say("mainmap.yes" if one.lower() in {"true", "1", "1.0"} else "mainmap.no", lang),
        "kinds": lambda one: _listed(one, lang),
        "layer": lambda one: kind_title(one, lang),
        "category": lambda one: category(column, one, lang),
        # Of a word that stands for none the county says more than we do.
        "activity": lambda one: activity_title(known, lang) if (known := activity_of(one)) else one,
    }
    return sayers.get(column.kind, lambda one: one)


def _listed(words: str, lang: Lang) -> str:
    return say("circlemap.and", lang).join(need_title(one.strip(), lang) for one in words.split(BETWEEN))
