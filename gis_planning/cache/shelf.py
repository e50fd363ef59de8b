"""Keep values in the user's cache folder, each under a key that tells all it was computed from.

The folder is bounded in size, and whatever is wrong with it is no fault of a run: what cannot be read is computed anew,
what cannot be written is not kept. It can be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
import pyproj
import shapely

from gis_planning.cache.packing import UnpackableError, packed, unpacked

#: Bytes that are kept in all, and of one value. What was used longest ago makes room.
MOST_BYTES = 2_000_000_000
LARGEST_BYTES = MOST_BYTES // 4
#: A folder that is full is emptied to so much of that, lest every file that is kept has all others looked at.
SWEPT = 0.95
#: By folder: how many bytes lay there when it was last looked at, and were written by us since.
_held: dict[Path, int] = {}
ENDING = ".npz"
#: Endings of the files that make the program.
PROGRAM = {".py", ".toml", ".j2", ".js", ".css"}
TREE = "tree"
#: Libraries whose version can change a number.
LIBRARIES = ("geopandas", "numpy", "pandas", "pyproj", "scipy", "shapely")


def folder() -> Path:
    """Return the cache folder; the environment variable GIS_PLANNING_CACHE moves it."""
    stated = os.environ.get("GIS_PLANNING_CACHE")
    return Path(stated or platformdirs.user_cache_dir("gis-planning", appauthor=False)) / "kept"


def key_of(facts: Mapping[str, Any]) -> str:
    """Return the key of a value: the facts it follows from, and the program that computes it."""
    told = json.dumps({**facts, "program": program()}, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(told.encode()).hexdigest()


def load(key: str, default: Any = None, held: Callable[[str], Any] | None = None) -> Any:
    """Return the value kept under a key; the default where there is none, or none that can be read.

    `held` returns what the value refers to by a key of its own, see `save`; it fails where that is not there.
    """
    file = folder() / f"{key}{ENDING}"
    try:
        # Opened here, so that it is closed whatever numpy makes of it.
        with file.open("rb") as content, np.load(content, allow_pickle=False) as kept:
            arrays = [kept[f"a{at}"] for at in range(len(kept.files) - 1)]
            found = unpacked(kept[TREE].tobytes(), arrays, held)
        os.utime(file)
    except Exception:
        # Whatever is wrong with a cache, the value is computed anew.
        return default
    return found


def save(key: str, value: Any, elsewhere: Mapping[int, str] | None = None) -> bool:
    """Keep a value, unless it has no plain form, is too large, or the folder cannot be written; say whether it is kept.

    `elsewhere` names by identity what is kept under a key of its own: that is not written again.
    """
    try:
        tree, arrays = packed(value, elsewhere)
    except UnpackableError:
        return False
    if len(tree) + sum(array.nbytes for array in arrays) > LARGEST_BYTES:
        return False
    writing = None
    try:
        folder().mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder(), suffix=".writing")
        writing = Path(name)
        with os.fdopen(handle, "wb") as file:
            named = {f"a{at}": array for at, array in enumerate(arrays)}
            named[TREE] = np.frombuffer(tree, dtype=np.uint8)
            np.savez(file, **named)  # type: ignore[arg-type]  # its keywords are the arrays
        size = writing.stat().st_size
        writing.replace(folder() / f"{key}{ENDING}")
        _make_room(size)
    except OSError:
        # A full disk, a folder of somebody else: nothing is kept, and nothing is left half-written.
        if writing is not None:
            with suppress(OSError):
                writing.unlink(missing_ok=True)
        return False
    return True


def _make_room(size: int) -> None:
    """Take note of a new file, and delete what is too much where the folder may be full, or nobody has looked yet."""
    place = folder()
    _held[place] = _held.get(place, MOST_BYTES) + size
    if _held[place] > MOST_BYTES:
        _held[place] = _swept(place)


def _swept(place: Path) -> int:
    """Delete what was used longest ago, and what a stopped run left half-written; return how many bytes are left."""
    kept = []
    for file in place.iterdir():
        # Another run may have deleted it.
        try:
            facts = file.stat()
        except OSError:
            continue
        kept.append((facts.st_mtime, facts.st_size, file))
    kept.sort(reverse=True, key=lambda one: one[0])
    most = MOST_BYTES if sum(size for _, size, _ in kept) <= MOST_BYTES else SWEPT * MOST_BYTES
    left = total = 0
    for _, size, file in kept:
        total += size
        if total > most:
            file.unlink(missing_ok=True)
        else:
            left = total
    return left


@cache
def program() -> str:
    """Return the digest of what computes: our code and tables, and the versions of the libraries."""
    digest = hashlib.sha256(f"{platform.python_version()} {platform.machine()}".encode())
    for name in LIBRARIES:
        digest.update(f"{name} {version(name)} ".encode())
    digest.update(f"{shapely.geos_version_string} {pyproj.proj_version_str}".encode())
    root = Path(str(files("gis_planning")))
    for file in sorted(root.rglob("*")):
        if file.suffix in PROGRAM:
            digest.update(file.relative_to(root).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()
