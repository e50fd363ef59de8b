"""Write whole numbers small: seven bits to a byte, the eighth says that more follow; small negative ones stay small."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def varints(numbers: Sequence[int] | NDArray[np.int64]) -> bytes:
    """Return numbers as bytes, least bits first; the lowest bit is the sign.

    Examples
    --------
    >>> varints([0, -1, 1, 64, -65]).hex(" ")
    '00 01 02 80 01 81 01'
    """
    signed = np.asarray(numbers, dtype=np.int64)
    left = ((signed << 1) ^ (signed >> 63)).view(np.uint64)
    bits = left.copy()
    size = np.ones(len(left), dtype=np.intp)
    while (bits := bits >> np.uint64(7)).any():
        size += bits > 0
    start = np.cumsum(size) - size
    found = np.zeros(int(size.sum()), dtype=np.uint8)
    for at in range(int(size.max(initial=0))):
        here = size > at
        more = (size[here] > at + 1).astype(np.uint8) << 7
        found[start[here] + at] = (left[here] & np.uint64(127)).astype(np.uint8) | more
        left = left >> np.uint64(7)
    return found.tobytes()
