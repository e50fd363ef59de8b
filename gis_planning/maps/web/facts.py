"""Write the facts of a layer small: repeated texts once, places as steps, everything in one compressed table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_planning.maps.web.degrees import moved
from gis_planning.maps.web.each_once import each_once
from gis_planning.maps.web.layers import Column, MapLayer
from gis_planning.maps.web.made_once import made_once
from gis_planning.maps.web.tiles import EQUATOR_M, TILE_PIXELS

#: What stands between the texts of a column; no text of ours holds it.
BETWEEN = "\x1f"
#: Places are counted in steps of so many to a degree: 1 m.
PLACES = 100_000
#: Numbers below it have no steps that a machine could not count.
EXACT = 2**53
#: A feature that is flown to takes up about so many pixels, and zooms are counted in steps of a quarter.
FLOWN_PIXELS, QUARTERS = 150.0, 4


def table(layer: MapLayer) -> dict[str, Any]:
    """Return the facts of a layer: its columns, the rule and the town of each feature, and where it is.

    What several views say alike is written once: a view names its columns by their places.
    """
    columns = list(layer.columns)
    found: dict[str, Any] = {"category": layer.category.tolist()}
    if layer.ranks is not None:
        found["ranks"] = list(layer.ranks)
    if layer.forms:
        found["forms"] = [
            {"told": _kept(form.columns, columns), "category": form.category.tolist()} for form in layer.forms
        ]
    found["columns"] = [_column(column) for column in columns]
    if layer.rule is not None:
        found["rule"] = _listed(list(layer.rule))
    if layer.topics is not None:
        found["topics"] = _listed_each(layer.topics)
    if layer.anchors is not None:
        found["anchors"] = list(layer.anchors)
    if layer.towns is not None:
        found["town"] = _listed(list(layer.towns))
    # Nobody flies to what cannot be clicked; only names have to stand somewhere.
    return found | (_places(layer) if layer.tabled or layer.labelled else {"at": [], "zoom": []})


def _kept(wanted: Sequence[Column], columns: list[Column]) -> list[int]:
    """Return the places of some columns among all; those that are not there yet are added."""
    columns += [one for one in wanted if one not in columns]
    return [columns.index(one) for one in wanted]


def _column(column: Column) -> dict[str, Any]:
    """Return a column: numbers, texts that repeat as numbers of a list, several to a cell, others as one long text."""
    head = {"title": column.title} | ({"absent": column.absent} if column.absent else {})
    if any(issubclass(kind, tuple) for kind in set(map(type, column.values))):
        return head | {"several": True} | _listed_each([value or () for value in column.values])
    if column.digits == 0:
        return head | {"digits": 0, "steps": _steps(column.values)}
    if column.digits is not None:
        return head | {"digits": column.digits, "numbers": [_number(value, column.digits) for value in column.values]}
    words = _words(column.values)
    if len(set(words)) * 2 <= len(words) or None in words:
        return head | _listed(words)
    return head | {"text": BETWEEN.join(word or "" for word in words)}


def _words(values: Sequence[Any]) -> list[str | None]:
    """Return values as texts without what stands between texts."""
    words = [value if value is None or type(value) is str else str(value) for value in values]
    marked = {word: word.replace(BETWEEN, " ") for word in set(words) if word is not None and BETWEEN in word}
    return [marked.get(word, word) if word is not None else None for word in words] if marked else words


def _listed(words: Sequence[str | None]) -> dict[str, Any]:
    """Return texts as numbers of a list without repetitions; -1 is none."""
    there = [word for word in dict.fromkeys(words) if word is not None]
    position: dict[str | None, int] = {None: -1} | {word: at for at, word in enumerate(there)}
    return {"list": there, "numbers": [position[word] for word in words]}


def _listed_each(topics: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Return some texts of each feature as numbers of a list without repetitions."""
    position: dict[str, int] = {}
    numbers = [[position.setdefault(one, len(position)) for one in own] for own in topics]
    return {"list": list(position), "numbers": numbers}


def _number(value: Any, digits: int) -> float | None:
    if value is None or not math.isfinite(number := float(value)):
        return None
    return round(number, digits)


def _steps(values: Sequence[Any]) -> list[int | None]:
    """Return whole numbers as steps from the one before: those of neighbours are much alike."""
    numbers = np.array(values, dtype=float)
    there = np.isfinite(numbers)
    whole = np.rint(numbers[there])
    exact = whole.astype(np.int64) if (np.abs(whole) < EXACT).all() else np.array([*map(int, whole)], dtype=object)
    steps = np.diff(exact, prepend=0)
    if there.all():
        return list(steps.tolist())
    found = np.full(len(numbers), None, dtype=object)
    found[there] = steps
    return list(found.tolist())


def _places(layer: MapLayer) -> dict[str, Any]:
    return _placed(layer.shapes.to_numpy(), layer.shapes.crs, layer.closest, again=layer.measured)


@made_once
def _placed(shapes: NDArray[Any], crs: Any, closest: float, *, again: bool) -> dict[str, Any]:
    """Return where features are (steps from the one before) and the zoom to look at each, in quarters.

    `again` says that shapes may stand in other layers too.
    """
    east, north, zoom = (_known_spots if again else _spots)(shapes, crs, closest).T
    steps = np.column_stack([east, north]).astype(np.int64)
    return {
        "at": np.diff(steps, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).ravel().tolist(),
        "zoom": zoom.astype(int).tolist(),
    }


def _spots(shapes: NDArray[Any], crs: Any, closest: float) -> NDArray[np.float64]:
    """Return where each feature is, in steps east and north, and the zoom to look at it, in quarters."""
    degrees = moved(shapes, crs)
    bounds = np.nan_to_num(shapely.bounds(degrees))
    points = shapely.point_on_surface(degrees)
    x = np.where(shapely.is_empty(points), (bounds[:, 0] + bounds[:, 2]) / 2, shapely.get_x(points))
    y = np.where(shapely.is_empty(points), (bounds[:, 1] + bounds[:, 3]) / 2, shapely.get_y(points))
    steps = np.rint(np.column_stack([np.nan_to_num(x), np.nan_to_num(y)]) * PLACES)
    narrow = np.cos(np.radians(bounds[:, 1]))
    size = np.maximum((bounds[:, 2] - bounds[:, 0]) * narrow, bounds[:, 3] - bounds[:, 1]) / 360 * EQUATOR_M
    zoom = np.log2(EQUATOR_M * narrow / TILE_PIXELS / np.maximum(size, 1e-3) * FLOWN_PIXELS)
    return np.column_stack([steps, np.rint(np.clip(zoom, 0, closest) * QUARTERS)])


_known_spots = each_once(_spots)
