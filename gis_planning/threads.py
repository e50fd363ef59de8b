"""Call vectorised functions of shapely in threads; GEOS works without Python's lock."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np

#: Fewer are done sooner by one thread than handed to several.
WORTHWHILE = 1_000


def in_threads(
    function: Callable[..., Any], *arrays: Any, most: int | None = None, begin: Any = None, **options: Any
) -> Any:
    """Call a function over arrays of one length in threads, and put the results, or tuples of them, together.

    No call gets more than `most` of each array; with `begin`, arrays are cut only at these positions, 0 among them.
    """
    size = len(arrays[0])
    if size < WORTHWHILE:
        return function(*arrays, **options)
    calls = max(threads() * 4, -(-size // (most or size)))
    cuts = np.linspace(0, size, calls + 1).astype(int)
    if begin is not None:
        cuts = np.unique(np.r_[begin[np.searchsorted(begin, cuts[:-1], "right") - 1], size])
    with ThreadPoolExecutor(threads()) as pool:
        tasks = [pool.submit(function, *(one[a:b] for one in arrays), **options) for a, b in pairwise(cuts)]
    results = [task.result() for task in tasks]
    if isinstance(results[0], tuple):
        return tuple(np.concatenate(column) for column in zip(*results, strict=True))
    return np.concatenate(results)


def threads() -> int:
    """Return how many threads to use."""
    return os.cpu_count() or 1
