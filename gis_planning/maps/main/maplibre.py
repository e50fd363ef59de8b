"""Put MapLibre GL itself into the page, out of the package that ships it."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_PACKAGE = "maplibre"
_NOTICE = "/* MapLibre GL JS, https://maplibre.org, BSD 3-Clause: its licence is named in the script itself. */\n"


@cache
def script() -> str:
    """Return MapLibre's program without the link to its map for debuggers."""
    code = _asset("maplibre-gl.js")
    return _NOTICE + re.sub(r"//# sourceMappingURL=\S*", "", code).strip()


@cache
def style() -> str:
    """Return MapLibre's style sheet; its images are in it."""
    return _asset("maplibre-gl.css").strip()


def _asset(name: str) -> str:
    return (files(_PACKAGE) / "srcjs" / name).read_text(encoding="utf-8")
