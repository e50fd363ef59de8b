"""Call vectorised functions of shapely in threads; GEOS works without Python's lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import pairwise
from typing import Any

import numpy as np

from gis_planning.cores import threads

#: Fewer are done sooner by one thread than handed to several.
WORTHWHILE = 1_000
#: More than this in one call would take too much memory.
HEAVIEST = 1_000_000


def in_threads(
    function: Callable[..., Any], *arrays: Any, weight: Any = None, begin: Any = None, **options: Any
) -> Any:
    """Call a function over arrays of one length in threads, and put the results, or tuples of them, together.

    With the `weight` of each row no call gets more than `HEAVIEST` together, if it has several; with `begin`, arrays
    are cut only at these positions, 0 among them.
    """
    size = len(arrays[0])
    weight = np.ones(size, dtype=np.int64) if weight is None else np.asarray(weight, dtype=np.int64)
    total = weight.sum()
    if size < WORTHWHILE and total <= HEAVIEST:
        return function(*arrays, **options)
    calls = max(threads() * 4, int(total // HEAVIEST) + 1)
    inner = np.searchsorted(np.cumsum(weight), np.linspace(0, total, calls + 1)[1:-1])
    cuts = np.unique(np.r_[0, inner, size])
    if begin is not None:
        cuts = np.unique(np.r_[begin[np.searchsorted(begin, cuts[:-1], "right") - 1], size])
    with ThreadPoolExecutor(threads()) as pool:
        tasks = [pool.submit(function, *(array[a:b] for array in arrays), **options) for a, b in pairwise(cuts)]
    results = [task.result() for task in tasks]
    if isinstance(results[0], tuple):
        return tuple(np.concatenate(column) for column in zip(*results, strict=True))
    return np.concatenate(results)


def as_done(function: Callable[[Any], Any], jobs: Sequence[Any]) -> Iterator[tuple[int, Any]]:
    """Call a function with each of some jobs in threads; yield the place of each and its result, as they are done.

    Who stops asking, or is stopped, waits only for those that have begun.
    """
    if len(jobs) == 1:  # a thread of its own takes longer than most jobs that are alone
        yield 0, function(jobs[0])
        return
    pool = ThreadPoolExecutor(threads())
    try:
        tasks = {pool.submit(function, job): at for at, job in enumerate(jobs)}
        for task in as_completed(list(tasks)):
            yield tasks.pop(task), task.result()
            del task
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
