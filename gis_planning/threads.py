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


def in_threads(function: Callable[..., Any], *arrays: Any, **options: Any) -> Any:
    """Call a function over arrays of one length in threads, and put the results together."""
    size = len(arrays[0])
    if size < WORTHWHILE:
        return function(*arrays, **options)
    cuts = np.linspace(0, size, threads() * 4 + 1).astype(int)
    with ThreadPoolExecutor(threads()) as pool:
        tasks = [pool.submit(function, *(one[a:b] for one in arrays), **options) for a, b in pairwise(cuts)]
    return np.concatenate([task.result() for task in tasks])


def threads() -> int:
    """Return how many threads to use."""
    return os.cpu_count() or 1
