"""Read a TOML file of a user's: a regular file, of a size and depth that people write."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from gis_planning.errors import SourceError
from gis_planning.formats.read.opening import content_of

#: The largest that ships has 60 kB.
LARGEST_BYTES = 1 << 20
DEEPEST = 32
#: Names with more parts than this take the parser minutes.
_MOST_DOTS = 1000


def read(file: Path) -> dict[str, Any]:
    """Return what a TOML file holds.

    Raises
    ------
    SourceError
        It is no regular file, too large, or nested too deep.
    tomllib.TOMLDecodeError, UnicodeDecodeError
        It is no TOML, or not in UTF-8.
    """
    return parse(content_of(file, LARGEST_BYTES + 1), str(file))


def parse(content: bytes, file: str) -> dict[str, Any]:
    """Return what TOML bytes hold; raises like `read`."""
    if len(content) > LARGEST_BYTES:
        raise SourceError("source.toml_too_large", source=file, most_kb=LARGEST_BYTES // 1024)
    if max(part.count(b".") for part in re.split(rb"[=,\n{]", content)) > _MOST_DOTS:
        raise SourceError("source.toml_too_deep", source=file, most=DEEPEST)
    try:
        found = tomllib.loads(content.decode("utf-8-sig"))
    except RecursionError:
        raise SourceError("source.toml_too_deep", source=file, most=DEEPEST) from None
    except tomllib.TOMLDecodeError:
        raise
    except ValueError as fault:
        if isinstance(fault, UnicodeDecodeError):
            raise
        # A number of many thousand digits, a day that is none.
        raise tomllib.TOMLDecodeError(str(fault)) from None
    if _depth(found) > DEEPEST:
        raise SourceError("source.toml_too_deep", source=file, most=DEEPEST)
    return found


def _depth(found: object) -> int:
    """Return how deep tables and lists stand in each other, without going deep itself."""
    level: list[object] = [found]
    for depth in range(DEEPEST + 2):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return depth
    return DEEPEST + 1
