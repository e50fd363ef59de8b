"""Know how many cores a run may use."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager

#: What runs are held to, the innermost last.
_held: list[int] = []


def threads() -> int:
    """Return how many threads to use: as many as there are cores, or as a run is held to."""
    return min(_held[-1], cores()) if _held else cores()


def cores() -> int:
    """Return how many cores this program may use; the environment variable GIS_PLANNING_CORES holds it to fewer."""
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    stated = os.environ.get("GIS_PLANNING_CORES", "")
    return min(there, int(stated)) if stated.isdecimal() and int(stated) else there


@contextmanager
def held_to(most: int | None) -> Iterator[None]:
    """Hold what runs within to some cores; None is no limit."""
    if most is None:
        yield
        return
    _held.append(most)
    try:
        yield
    finally:
        _held.pop()


def collect_rarely() -> None:
    """Have Python look for what nobody needs less often: nearly all that a run makes is needed to its end."""
    gc.set_threshold(100_000, 50, 100)
