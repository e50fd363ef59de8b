"""Make once what several pages of a run show alike: the same layers of a county lie around on all of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

#: Values of one function that are held; the one asked for longest ago makes room.
MOST = 64


def made_once(function: Callable[P, T], most: int = MOST) -> Callable[P, T]:
    """Make a function return what it returned before for the very same things.

    Tables and arrays are known by their identity, and held as long as what was made of them; other things by their
    value. What is returned must not be changed.
    """
    values: OrderedDict[Any, tuple[Any, T]] = OrderedDict()

    @wraps(function)
    def kept(*args: P.args, **kwargs: P.kwargs) -> T:
        given = (*args, *kwargs.values())
        key = tuple(one if isinstance(one, str | int | float | bool | None) else id(one) for one in given)
        if key not in values:
            values[key] = (given, function(*args, **kwargs))
            while len(values) > most:
                values.popitem(last=False)
        values.move_to_end(key)
        return values[key][1]

    return kept
