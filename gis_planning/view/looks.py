"""Know how layers and outcomes look: one table for pages, pictures, prints and QGIS."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

#: Outcomes are told apart by their hatch as well.
HATCHES = {"fail": "stripes", "conditional": "counter", "not-assessed": "level", "error": "grid"}
#: How strong an outcome is filled.
OPACITY = 0.45


@cache
def styles() -> dict[str, Any]:
    """Return how layers and outcomes look."""
    return tomllib.loads((files(__package__) / "style.toml").read_text(encoding="utf-8"))


def outcome_look(outcome: str) -> dict[str, Any]:
    """Return how land of an outcome looks: its colour, and its hatch for those who do not see that."""
    colour = styles()["outcome"][outcome]["colour"]
    look = {"fill": colour, "fill_opacity": OPACITY, "stroke": colour, "weight": 1.6}
    return look | ({"hatch": HATCHES[outcome]} if outcome in HATCHES else {})
