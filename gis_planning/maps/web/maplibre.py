"""Put MapLibre GL itself into the page, out of the package that ships it."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

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
    # The package is only looked up: importing it starts more than a script needs.
    found = find_spec(_PACKAGE)
    assert found is not None  # noqa: S101 - it is one of our requirements
    assert found.submodule_search_locations  # noqa: S101
    return (Path(found.submodule_search_locations[0]) / "srcjs" / name).read_text(encoding="utf-8")
