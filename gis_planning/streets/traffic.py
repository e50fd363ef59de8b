"""Say who may use a street, how fast, which way, and on which level it lies, by what the streets layer states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis_planning.conventions import facts
from gis_planning.geo import Flags, Floats

if TYPE_CHECKING:
    import geopandas as gpd

Mode = Literal["walk", "drive"]
#: The columns that name the nodes a street joins.
NODES = ("graph_from", "graph_to")
#: Nobody may drive faster; a stated speed above is a mistake.
FASTEST_KMH = 130.0


def rules_of(mode: Mode, speeds_kmh: Mapping[str, float] | None) -> dict[str, Any]:
    """Return who may use what, and how fast; a county's own speeds go before ours."""
    rules: dict[str, Any] = facts("streets")[mode]
    if mode != "drive" or not speeds_kmh:
        return rules
    own = {class_.strip().casefold(): speed for class_, speed in speeds_kmh.items()}
    return rules | {"speeds_kmh": rules["speeds_kmh"] | own}


def closed_to(streets: gpd.GeoDataFrame, rules: dict[str, Any]) -> Flags:
    """Say which streets are closed: by class, on foot by word, and ferries that state no speed."""
    closed = np.isin(_words(streets, "class"), rules["closed_classes"])
    closed |= is_ferry(streets, rules) & np.isnan(_most_kmh(streets))
    return np.asarray(closed | np.isin(_words(streets, "foot"), rules.get("closed_words", ())))


def is_ferry(streets: gpd.GeoDataFrame, rules: dict[str, Any]) -> Flags:
    """Say which streets are ferries."""
    return np.isin(_words(streets, "class"), rules.get("ferries", ()))


def _most_kmh(streets: gpd.GeoDataFrame) -> Floats:
    """Return the speed that each street states and that can be one, NaN elsewhere."""
    stated = _stated_kmh(streets)
    return np.where((stated > 0) & (stated <= FASTEST_KMH), stated, np.nan)


def _stated_kmh(streets: gpd.GeoDataFrame) -> Floats:
    if "maxspeed_kmh" not in streets:
        return np.full(len(streets), np.nan)
    return np.asarray(pd.to_numeric(streets["maxspeed_kmh"], errors="coerce"), dtype=float)


def _words(streets: gpd.GeoDataFrame, column: str) -> NDArray[Any]:
    """Return a column as lower-case words, "" where there is nothing."""
    return np.array([value.casefold() for value in texts(streets, column)], dtype=object)


def texts(streets: gpd.GeoDataFrame, column: str) -> NDArray[Any]:
    """Return a column as texts, "" where there is nothing; a number that became a float is again a whole one."""
    if column not in streets:
        return np.full(len(streets), "", dtype=object)
    values = [
        "" if value is None or value is pd.NA or value != value else str(value)  # noqa: PLR0124 - NaN
        for value in streets[column].tolist()
    ]
    return np.array([value.strip().removesuffix(".0") for value in values], dtype=object)


def attributes_of(streets: gpd.GeoDataFrame, rules: dict[str, Any]) -> pd.DataFrame:
    """Return by feature: level, structure, the cost of a metre along the line and against it, and the nodes it joins.

    Nodes are named in the order of their names, "" where the feature does not name both.
    """
    true = facts("flags")["true"]
    level = pd.to_numeric(pd.Series(_words(streets, "level")), errors="coerce").to_numpy(dtype=float)
    # OSM's 0.5 and the like are levels of their own, rounded away from the ground.
    level = np.nan_to_num(level, nan=0.0, posinf=0.0, neginf=0.0)
    level = np.where(level < 0, np.floor(level), np.ceil(level)).astype(np.int64)
    structure = np.isin(_words(streets, "bridge"), true) | np.isin(_words(streets, "tunnel"), true)
    forth, back = np.ones(len(streets)), np.ones(len(streets))
    if "speeds_kmh" in rules:
        most, ferry = _most_kmh(streets), is_ferry(streets, rules)
        speeds = pd.Series(_words(streets, "class")).map(rules["speeds_kmh"]).fillna(rules["default_kmh"])
        speed = np.where(ferry, most, np.fmin(speeds.to_numpy(dtype=float), most))
        oneway = _words(streets, "oneway")
        forth = rules["reference_kmh"] / speed
        back = np.where(np.isin(oneway, rules["oneway"]["along"]), np.inf, forth)
        forth = np.where(np.isin(oneway, rules["oneway"]["against"]), np.inf, forth)
    ends = np.array([texts(streets, column) for column in NODES], dtype=str)
    ends[:, (ends == "").any(axis=0)] = ""
    low, high = np.where(ends[0] < ends[1], ends, ends[::-1])
    odd = np.isfinite(_stated_kmh(streets)) & np.isnan(_most_kmh(streets))
    table = {"level": level, "structure": structure, "forth": forth, "back": back, "low": low, "high": high}
    return pd.DataFrame(table | {"odd_speed": odd, "toll": np.isin(_words(streets, "toll"), true)})
