"""Lay out the first features of a layer of results in few columns, by what its schema says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd

from gis_planning.results.schema import Column, Layer, known_columns
from gis_planning.texts import Lang
from gis_planning.units import UNKNOWN, bare
from gis_planning.view.roles import Shown
from gis_planning.view.told import numbers_of, told
from gis_planning.view.whereabouts import called

#: What stands between columns of which one is told.
OR = "|"
#: So many columns have room where a layer does not say which to tell.
WIDEST = 6


@dataclass(frozen=True)
class Told:
    """One column of a table: what heads it, its cells, and the share of each where it is a part of something."""

    column: Column
    title: str
    cells: list[str]
    shares: list[float | None] | None = None

    @property
    def number(self) -> bool:
        """Say whether it holds numbers."""
        return self.column.kind == "number"


def brief(
    one: Shown, lang: Lang, most: int | None, context: Mapping[str, gpd.GeoDataFrame] = MappingProxyType({})
) -> list[Told]:
    """Return the columns of a table of the first features; `most`: so many at most.

    Ranked features without a name are called by where they lie among the layers of the county, `context`.
    """
    frame = one.frame.iloc[:most]
    told_ = [_told(columns, frame, lang) for columns in _chosen(one.layer, frame)]
    if one.layer.rank is None or not context:
        return told_
    return [_called(each, frame, context, lang) if each.column.key == one.layer.name else each for each in told_]


def _called(told_: Told, frame: gpd.GeoDataFrame, context: Mapping[str, gpd.GeoDataFrame], lang: Lang) -> Told:
    blank = _blank(told_.column, lang)
    names = [None if cell == blank else cell for cell in told_.cells]
    return replace(told_, cells=[place or blank for place in called(names, frame.geometry, context, lang)])


def _blank(column: Column, lang: Lang) -> str:
    """Return what stands in an empty cell."""
    return UNKNOWN if column.blank is None else column.blank.to(lang)


def part_of(column: Column, frame: pd.DataFrame) -> list[float | None] | None:
    """Return for each feature the share that a column is of the one that it is a part of, None where it is of none."""
    if column.of is None or column.of not in frame.columns:
        return None
    part, whole = (frame[one].to_numpy(dtype=float) for one in (column.key, column.of))
    with np.errstate(divide="ignore", invalid="ignore"):
        return numbers_of(pd.Series(part / whole))


def _chosen(layer: Layer, frame: pd.DataFrame) -> list[list[Column]]:
    """Return which columns stand in a table, each with those that stand in for it."""
    if not layer.brief:
        shown = [column for column in layer.columns if not column.inner and not frame[column.key].isna().all()]
        order = {"rank": 0, "name": 1}
        return [[one] for one in sorted(shown, key=lambda one: order.get(one.kind, 2))[:WIDEST]]
    stated = {column.key: column for column in layer.columns}
    found = []
    for words in layer.brief:
        keys = words.split(OR)
        there = [stated[key] for key in keys if key in stated]
        found.append(there or [known_columns()[keys[-1]]])
    return found


def _told(columns: Sequence[Column], frame: pd.DataFrame, lang: Lang) -> Told:
    first = columns[0]
    title = first.brief_head(lang)
    if first.key not in frame.columns:
        return Told(first, title, [UNKNOWN] * len(frame))
    if first.kind in {"number", "rank"}:
        unit = first.unit or ("number" if first.kind == "number" else "count")
        return Told(first, title, [bare(one, unit) for one in numbers_of(frame[first.key])], part_of(first, frame))
    blank = _blank(first, lang)
    words = zip(*(told(column, frame[column.key], lang) for column in columns), strict=True)
    return Told(first, title, [next((one for one in row if one), blank) for row in words])
