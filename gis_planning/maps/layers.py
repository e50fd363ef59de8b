"""Tell what features of a map are called, and what barriers are."""

from __future__ import annotations

from typing import Any

import geopandas as gpd

from gis_planning.texts import Lang, say
from gis_planning.view.numbers import shortened

#: What a barrier is, by the first word found in its kind.
BARRIER_WORDS = {
    "railway": ("rail", "铁路", "铁道"),
    "wall": ("wall", "fence", "hedge", "围墙", "围栏", "栅栏"),
    "water": ("river", "canal", "stream", "water", "lake", "ditch", "reservoir", "河", "湖", "渠", "水", "江", "沟"),
}
#: What barriers are, in the order of legends; each has a look of its own in style.toml.
BARRIERS = ("water", "railway", "wall", "barrier")
LABEL_LENGTH = 24
#: So many of the largest gaps are listed, and have their number on the map.
NUMBERED = 10


def barrier_kinds(barriers: gpd.GeoDataFrame) -> list[str]:
    """Return what each barrier is: railway, wall, water, or barrier where its kind says none of these.

    Examples
    --------
    >>> import pandas as pd
    >>> barrier_kinds(pd.DataFrame({"kind": ["Railway", "小区围墙", "river", None]}))
    ['railway', 'wall', 'water', 'barrier']
    """
    if "kind" not in barriers.columns:
        return ["barrier"] * len(barriers)
    known: dict[str, str] = {}
    for words in barriers["kind"].fillna("").astype(str).str.lower():
        if words not in known:
            found = (one for one, signs in BARRIER_WORDS.items() if any(sign in words for sign in signs))
            known[words] = next(found, "barrier")
    return [known[words] for words in barriers["kind"].fillna("").astype(str).str.lower()]


def park_name(row: Any, lang: Lang) -> str:
    """Return what a park is called, by its id where it has no name."""
    park_id = _words(row, "park_id")
    unnamed = say("map.unnamed_park_id", lang, park_id=park_id) if park_id else say("map.unnamed_park", lang)
    return _words(row, "name") or unnamed


def _words(row: Any, column: str) -> str | None:
    value = row.get(column)
    return str(value) if isinstance(value, str) and value.strip() else None


def label(words: Any) -> str | None:
    """Return a name as it is written on the map, None where there is none."""
    return shortened(words, LABEL_LENGTH) if isinstance(words, str) and words.strip() else None
