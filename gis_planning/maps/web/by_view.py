"""Make one layer of what several clauses say of the same things: each thing stands once, what is said of it by view."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis_planning.maps.web.layers import Category, Column, Variant


@dataclass(frozen=True)
class Part:
    """What one view has of a layer: its features, and what each of them is called by across views."""

    view: str
    frame: gpd.GeoDataFrame
    keys: Sequence[Hashable]


@dataclass(frozen=True)
class Said:
    """What is said of the features of a frame."""

    categories: tuple[Category, ...]
    category: NDArray[np.intp]
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Gathered:
    """All features of some parts, each once: the frame of their first appearances, and their keys in its order."""

    frame: gpd.GeoDataFrame
    keys: tuple[Hashable, ...]


def gathered(parts: Sequence[Part]) -> Gathered:
    """Return the features of all parts, each as it first appears."""
    whole = pd.concat([part.frame for part in parts], ignore_index=True)
    keys = [key for part in parts for key in part.keys]
    first = list({key: at for at, key in reversed(list(enumerate(keys)))}.values())[::-1]
    return Gathered(whole.iloc[first].reset_index(drop=True), tuple(keys[at] for at in first))


def variants(whole: Gathered, parts: Sequence[Part], say: Said | Callable[[pd.DataFrame], Said]) -> dict[str, Variant]:
    """Return by view what is said of all features; those that a view does not have are not there then.

    `say` tells it of the facts of features, or is what all views say. Of features that are not its own a view says what
    is said of their first appearance.
    """
    place = {key: at for at, key in enumerate(whole.keys)}
    facts = _facts(whole.frame)
    found = {}
    for part in parts:
        own = np.array([place[key] for key in part.keys], dtype=np.intp)
        said = say if isinstance(say, Said) else say(_replaced(facts, _facts(part.frame), own))
        there = np.zeros(len(whole.keys), dtype=bool)
        there[own] = True
        found[part.view] = Variant(said.categories, np.where(there, said.category, -1), said.columns)
    return found


def elsewhere(views: Sequence[str], known: Mapping[str, Variant], said: Variant) -> dict[str, Variant]:
    """Return the variants of all views: in those that have none of their own a layer is what is said here."""
    return {view: known.get(view, said) for view in views}


def gone(size: int) -> Variant:
    """Return what a layer is where none of its features is there."""
    return Variant((), np.full(size, -1, dtype=np.intp), ())


def _facts(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    return pd.DataFrame(frame).drop(columns=frame.geometry.name)


def _replaced(whole: pd.DataFrame, own: pd.DataFrame, places: NDArray[Any]) -> pd.DataFrame:
    """Return all features with what a view says of its own, in the columns of the view."""
    mine = own.set_axis(places)
    if len(own) == len(whole):
        return mine.sort_index()
    others = whole.drop(index=places).reindex(columns=own.columns)
    return pd.concat([mine, others]).sort_index()
