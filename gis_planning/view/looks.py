"""Know how layers and outcomes look: one table for pages, pictures, prints and QGIS."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def styles() -> dict[str, Any]:
    """Return how layers and outcomes look."""
    return tomllib.loads((files(__package__) / "style.toml").read_text(encoding="utf-8"))
