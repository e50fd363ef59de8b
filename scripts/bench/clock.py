"""Take times, and say on what machine."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from statistics import median
from typing import Any


def timed(function: Callable[[], Any], runs: int) -> tuple[float, Any]:
    """Return the median seconds of some runs, and the last result."""
    seconds, result = [], None
    for _ in range(runs):
        start = time.perf_counter()
        result = function()
        seconds.append(time.perf_counter() - start)
    return median(seconds), result


def machine(*packages: str) -> str:
    """Return date, processor, Python and the versions of packages."""
    parts = [f"{datetime.now(UTC):%Y-%m-%d}", platform.machine(), f"{os.cpu_count() or 1} cores"]
    return ", ".join([*parts, f"Python {platform.python_version()}", *(f"{one} {version(one)}" for one in packages)])
