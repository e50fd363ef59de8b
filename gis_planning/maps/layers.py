"""Tell what features of a map are called, and which barriers are railways."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from gis_planning.texts import Lang, say
from gis_planning.view.numbers import shortened

RAILWAY_WORDS = ("rail", "铁路", "铁道")
LABEL_LENGTH = 24
#: So many of the largest gaps are listed, and have their number on the map.
NUMBERED = 10


def railways(barriers: gpd.GeoDataFrame) -> Any:
    """Say which barriers are railways."""
    given = "kind" in barriers.columns
    kind = barriers["kind"].fillna("").astype(str).str.lower() if given else pd.Series("", barriers.index)
    return kind.map(lambda words: any(word in words for word in RAILWAY_WORDS)).to_numpy(dtype=bool)


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
