"""Round areas so that they still add up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: Areas are given to the hundredth of a square metre.
DECIMALS = 2


def rounded(
    values: NDArray[np.float64], group: NDArray[np.intp], totals: NDArray[np.float64], decimals: int = DECIMALS
) -> NDArray[np.float64]:
    """Round values so that those of a group sum to its rounded total: the largest remainders are rounded up.

    Examples
    --------
    >>> rounded(np.array([1.004, 1.004, 1.004]), np.zeros(3, dtype=int), np.array([3.012])).tolist()
    [1.01, 1.0, 1.0]
    """
    unit = 10.0**-decimals
    steps = np.floor(values / unit)
    wanted = np.round(totals / unit)
    missing = wanted - np.bincount(group, weights=steps, minlength=len(totals))
    order = np.lexsort((-(values / unit - steps), group))
    rank = np.empty(len(values), dtype=int)
    rank[order] = np.arange(len(values)) - np.searchsorted(group[order], group[order])
    size = np.bincount(group, minlength=len(totals))
    # More than one step a row is missing only where crumbs were left out; then it is spread evenly.
    extra = np.floor_divide(missing[group] - rank - 1, np.maximum(size[group], 1)) + 1
    rounded: NDArray[np.float64] = np.round((steps + extra) * unit, decimals)
    return rounded
