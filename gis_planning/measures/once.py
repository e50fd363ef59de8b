"""Derive a thing from layers once, however many clauses ask for it."""

from __future__ import annotations

import functools
import weakref
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

#: Results kept for each function; the one asked for longest ago makes room.
MOST = 8


def once(function: Callable[P, T]) -> Callable[P, T]:
    """Keep what a function derived from some layers while these very objects live.

    Layers are told apart by identity, so nobody may change a layer after it was handed over (no measure does); all
    other arguments by value.
    """
    kept: OrderedDict[Any, tuple[list[weakref.ref[Any]], T]] = OrderedDict()

    @functools.wraps(function)
    def derived(*args: P.args, **settings: P.kwargs) -> T:
        layers = [one for one in (*args, *settings.values()) if _is_layer(one)]
        key = (
            tuple(id(one) if _is_layer(one) else one for one in args),
            tuple((name, id(one) if _is_layer(one) else one) for name, one in sorted(settings.items())),
        )
        if key in kept:
            alive, found = kept[key]
            if all(ref() is layer for ref, layer in zip(alive, layers, strict=True)):
                kept.move_to_end(key)
                return found
        found = function(*args, **settings)
        kept[key] = ([weakref.ref(layer) for layer in layers], found)
        kept.move_to_end(key)
        while len(kept) > MOST:
            kept.popitem(last=False)
        return found

    return derived


def _is_layer(value: Any) -> bool:
    """Say whether a value is kept apart by identity: tables, networks and what was derived from them."""
    return value.__class__.__hash__ is None or hasattr(value, "__dataclass_fields__")
