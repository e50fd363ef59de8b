"""Look at the bytes of large files without reading them whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def bytes_of(file: Path) -> Any:
    """Return the bytes of a file as an array, of which only what is asked for is read."""
    return np.memmap(file, dtype=np.uint8, mode="r") if file.stat().st_size else np.zeros(0, dtype=np.uint8)


def numbers_at(raw: Any, at: NDArray[np.int64], type_: str) -> NDArray[np.int64]:
    """Return the numbers of four bytes that stand at some places.

    Examples
    --------
    >>> numbers_at(np.array([9, 1, 0, 0, 0, 2, 0, 0, 0], dtype=np.uint8), np.array([1, 5]), "<i4").tolist()
    [1, 2]
    """
    found: NDArray[np.int64] = raw[at[:, None] + np.arange(4)].reshape(-1).view(type_).astype(np.int64)
    return found


def floats_at(raw: Any, at: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the little-endian numbers of eight bytes that stand at some places.

    Examples
    --------
    >>> floats_at(np.frombuffer(np.array([1.5, 2.5]).tobytes(), np.uint8), np.array([8, 0])).tolist()
    [2.5, 1.5]
    """
    found: NDArray[np.float64] = raw[at[:, None] + np.arange(8)].reshape(-1).view("<f8").astype(np.float64)
    return found
