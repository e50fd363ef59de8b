"""Do once for each shape what many layers ask of the same shapes: clause after clause finds the same gaps."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_planning.maps.web.made_once import made_once

#: Shapes that are held for one CRS; with more of them all are forgotten.
MOST_SHAPES = 100_000


def each_once(
    function: Callable[[NDArray[Any], Any, float], NDArray[Any]],
) -> Callable[[NDArray[Any], Any, float], NDArray[Any]]:
    """Make a function of shapes, their CRS and a number return for a shape what it returned for an equal one before.

    It has to return a row for each shape, which hangs on that shape alone.
    """
    held: dict[Any, tuple[dict[bytes, int], NDArray[Any]]] = {}

    @wraps(function)
    def kept(shapes: NDArray[Any], crs: Any, number: float) -> NDArray[Any]:
        keys, plane = _keys(shapes), (_name(crs), number)
        place, rows = held.get(plane, ({}, None))
        if len(place) + len(keys) > MOST_SHAPES:
            place, rows = {}, None
        new = {key: at for at, key in enumerate(keys) if key not in place}
        if new or rows is None:
            found = function(shapes[np.fromiter(new.values(), dtype=np.intp, count=len(new))], crs, number)
            place |= {key: len(place) + at for at, key in enumerate(new)}
            rows = found if rows is None else np.concatenate([rows, found])
            held[plane] = (place, rows)
        return np.asarray(rows[np.fromiter(map(place.__getitem__, keys), dtype=np.intp, count=len(keys))])

    return kept


def _wkb(shapes: NDArray[Any]) -> list[bytes]:
    return list(shapely.to_wkb(shapes).tolist())


#: Two functions ask for the same shapes, one after the other.
_keys = made_once(_wkb, 1)


def _wkt(crs: Any) -> str | None:
    return None if crs is None else str(crs.to_wkt())


_name = made_once(_wkt, 1000)
